/** From UpdateDaemon to the verdict on its deployment, and back where ECS does not roll back. */
import { lastPart, regionOf } from '../arn.ts';
import { beatsIn, left } from '../duration.ts';
import { asFailure, Failure } from '../failure.ts';
import type { DaemonInputs } from '../inputs/types.ts';
import { type DaemonDeployment, type DaemonState, defined, type JsonObject, type TaskDefinition } from '../model.ts';
import type { DaemonRun, Progress } from '../outcome.ts';
import type { Daemons, World } from '../ports.ts';
import { daemonLine, judgeDaemon, removeUnused } from '../service/daemon.ts';
import { type DaemonTasks, daemonTaskReader } from '../watch/daemon-tasks.ts';
import { persist } from '../watch/persist.ts';
import { POLICY } from '../watch/policy.ts';
import { saveDaemon } from './handover.ts';

const POLL_SECONDS = 10;
/** After a lost answer of UpdateDaemon, until the daemon shows the result. */
const LOOK_AFTER_SECONDS = [3, 6, 12];
/** ECS's clock and ours may differ by so much. */
const SKEW_SECONDS = 60;

export interface DaemonWorld {
  readonly inputs: DaemonInputs;
  readonly world: World;
  readonly progress: Progress;
  readonly daemons: Daemons;
}

/** What the daemon runs before anything is changed. */
export interface CurrentDaemon {
  readonly state: DaemonState;
  /** The newest deployment; absent where ECS shows none. */
  readonly deployment?: DaemonDeployment;
  /** ARN of the definition that the newest deployment brings, or brought. */
  readonly brought: string;
  /** ARN of the definition that is known to run; absent where none is. */
  readonly proven?: string;
  readonly settings: JsonObject;
  readonly capacityProviders: readonly string[];
}

interface Beginning {
  /** ARN of the definition. */
  readonly to: string;
  readonly current: CurrentDaemon;
  /** ARN of the newest deployment that is known. */
  readonly after: string | undefined;
}

/** The same with a definition of this run: it is deleted where the deployment does not begin. A cancelled run leaves that to post. */
export async function beginOrDelete(beginning: Beginning, within: DaemonWorld): Promise<string> {
  const { world } = within;
  const { to, current } = beginning;
  try {
    const deployment = await begin(beginning, within);
    saveDaemon(undefined, world);
    return deployment;
  } catch (thrown) {
    if (!world.signal.aborted && (await discard(to, current.state.arn, within))) saveDaemon(undefined, world);
    throw thrown;
  }
}

/**
 * UpdateDaemon, so that it happens once. It takes members that are not sent for their defaults ("If you don't specify a value, the tags
 * aren't propagated"), so what the daemon has is sent again: what a deployment changed since it was read would be undone by that.
 * @returns ARN of the deployment
 * @throws Failure CONFLICT where another deployment has started
 */
export async function begin(beginning: Beginning, { inputs, world, daemons }: DaemonWorld): Promise<string> {
  const { to, current, after } = beginning;
  const { state, settings, capacityProviders, deployment } = current;
  const configuration = { ...deployment?.configuration, ...inputs.deployment };
  const update = {
    daemonArn: state.arn,
    daemonTaskDefinitionArn: to,
    capacityProviderArns: capacityProviders,
    settings: {
      ...settings,
      ...(Object.keys(configuration).length > 0 ? { deploymentConfiguration: configuration } : {}),
    },
  };
  const { deploymentArn: newest, status } = await daemons.describe(state.arn);
  if (status !== 'ACTIVE') throw new Failure('CONFLICT', `The daemon ${state.name} is ${status} meanwhile.`);
  if (newest !== undefined && newest !== after) throw faster(state.name, newest, 'since this run has read it');
  for (const pause of [...LOOK_AFTER_SECONDS, 0]) {
    try {
      return await daemons.update(update);
    } catch (thrown) {
      if (asFailure(thrown).code !== 'UNAVAILABLE' || pause === 0 || world.signal.aborted) throw thrown;
      // A cancel must not read as if nothing had been done.
      await world.clock.sleep(pause, world.signal).catch(() => {});
      const begun = await begunMeanwhile(beginning, daemons);
      if (begun !== undefined) return begun;
      if (world.signal.aborted) throw thrown;
    }
  }
  throw new Failure('INTERNAL', 'UpdateDaemon was not sent.');
}

async function begunMeanwhile(
  { to, current: { state }, after }: Beginning,
  daemons: Daemons,
): Promise<string | undefined> {
  const { deploymentArn } = await daemons.describe(state.arn);
  if (deploymentArn === undefined || deploymentArn === after) return undefined;
  const { target } = await daemons.deployment(deploymentArn);
  const brings = target && (await daemons.revision(target.arn)).taskDefinitionArn;
  if (brings === to) return deploymentArn;
  throw faster(state.name, deploymentArn, 'while UpdateDaemon was under way');
}

const faster = (name: string, deployment: string, when: string): Failure =>
  new Failure('CONFLICT', `Another deployment of ${name} started ${when}: ${lastPart(deployment)}.`, {
    remedy: 'Let one deploy of a daemon run at a time (`concurrency`), and deploy again.',
  });

/** @returns whether the definition is gone; that it stays although it is not used is a warning */
async function discard(
  definition: string,
  daemon: string,
  { world: { console }, daemons }: Pick<DaemonWorld, 'world' | 'daemons'>,
): Promise<boolean> {
  try {
    if ((await removeUnused(definition, daemon, daemons)) === 'in-use') return false;
    console.line(`       ${lastPart(definition)} was deleted: it was made for this deployment and is not used`);
    return true;
  } catch (thrown) {
    console.warning(
      `${lastPart(definition)} was registered and is not used; it could not be deleted: ${asFailure(thrown).message}`,
    );
    return false;
  }
}

/** Waits for the end of a deployment that is not ours. @throws Failure CONFLICT with `tooLong` at the time limit */
export async function endOfOther(
  deployment: string,
  tooLong: string,
  { inputs, world, daemons }: DaemonWorld,
): Promise<void> {
  const until = world.clock.now() + inputs.watch.timeoutSeconds;
  for (;;) {
    const now = await persist(
      () => daemons.deployment(deployment),
      { until, noProgressSeconds: inputs.watch.noProgressSeconds },
      world,
    );
    if (!['going', 'rolling-back'].includes(judgeDaemon(now).kind)) return;
    if (world.clock.now() >= until) throw new Failure('CONFLICT', tooLong);
    await world.clock.sleep(POLL_SECONDS, world.signal);
  }
}

type Facts = Omit<DaemonRun, 'kind' | 'headline'>;

interface Rollout {
  readonly facts: Facts;
  /** ARN. */
  readonly deployment: string;
  readonly current: CurrentDaemon;
  /** This run registered the definition. */
  readonly registered: boolean;
  readonly definition: TaskDefinition;
}

/** Follows the deployment to its end, and rolls back where ECS does not; of a failure also what runs then. */
export async function settle(rollout: Rollout, within: DaemonWorld): Promise<DaemonRun> {
  const run = await ended(rollout, within);
  if (run.kind !== 'failed' && run.kind !== 'rolled-back') return run;
  const serving = await servingNow(run.daemon, within.daemons).catch(() => undefined);
  return { ...run, ...defined({ serving }) };
}

/** `agent:1 runs on 4 instances`, of each revision that has tasks. */
async function servingNow(daemon: string, daemons: Daemons): Promise<string> {
  const { revisions } = await daemons.describe(daemon);
  const running = await Promise.all(
    revisions
      .filter((one) => one.running > 0)
      .map(async ({ arn, running: count }) => ({
        name: lastPart((await daemons.revision(arn)).taskDefinitionArn),
        count,
      })),
  );
  const texts = running.map(({ name, count }) => `${name} runs on ${count} instance${count === 1 ? '' : 's'}`);
  return texts.length === 0 ? 'no instance runs it' : texts.join(', ');
}

async function ended(rollout: Rollout, within: DaemonWorld): Promise<DaemonRun> {
  const { inputs, progress } = within;
  const { facts, deployment, current, registered, definition } = rollout;
  const { diagnoses, ...end } = await follow({ deployment, current, revision: facts.revision, definition }, within);
  const name = lastPart(facts.revision);
  const reason = end.reason === undefined ? undefined : [end.reason, diagnoses[0]?.cause].filter(Boolean).join(' ');
  const failed = `${name} failed: ${reason}`;
  const known = { ...facts, diagnoses, definition, ...defined({ reason }) };
  const discardFailed = async (): Promise<void> => {
    if (registered && inputs.deregisterFailed) await discard(facts.revision, facts.daemon, within);
  };
  if (end.kind === 'rolled-back') {
    await discardFailed();
    const back = current.proven === undefined ? 'the revision before' : lastPart(current.proven);
    const done = `ECS rolled back to ${back}.`;
    return { ...known, kind: 'rolled-back', headline: `${failed} ${done}`, done };
  }
  const newest = await newestOf(facts.daemon, within);
  if (newest !== deployment) {
    const headline = `A newer deployment took over: ${lastPart(newest)}.`;
    return end.kind === 'failed'
      ? { ...known, kind: 'failed', headline: `${failed} ${headline}`, done: headline }
      : { ...known, kind: 'failed', headline };
  }
  if (end.kind === 'succeeded') {
    const headline =
      end.running === 0
        ? `${name} is deployed, and none of its capacity providers has an instance: no task runs, so nothing was verified.`
        : `${name} runs on ${end.running} instance${end.running === 1 ? '' : 's'}.`;
    const unseen = [
      ...(end.running === 0 ? [`No instance runs ${name}: nothing was verified.`] : []),
      ...(end.without > 0
        ? [
            `${end.without} of the instances run without ${name}: it is not critical, and its tasks did not start there.`,
          ]
        : []),
    ];
    return { ...known, kind: 'deployed', headline, warnings: [...facts.warnings, ...unseen] };
  }
  const { proven } = current;
  if (!inputs.rollbackOnFailure || proven === undefined || proven === facts.revision) {
    const done = 'Nothing was rolled back.';
    return { ...known, kind: 'failed', headline: `${failed} ${done}`, done };
  }
  progress.step(`rolling back to ${lastPart(proven)} (UpdateDaemon)`);
  const restored = await rollBack({ to: proven, current, after: deployment }, failed, within);
  if (restored.kind !== 'succeeded') {
    const done = `The rollback to ${lastPart(proven)} failed as well: ${restored.reason}`;
    return { ...known, kind: 'failed', headline: `${failed} ${done}`, done };
  }
  await discardFailed();
  const done = `Rolled back to ${lastPart(proven)}.`;
  return { ...known, kind: 'rolled-back', headline: `${failed} ${done}`, done };
}

/** @throws Failure with what failed in front, where the rollback could not begin or be followed */
async function rollBack(beginning: Beginning, failed: string, within: DaemonWorld): Promise<End> {
  try {
    const { current, to } = beginning;
    const deployment = await begin(beginning, within);
    return await follow({ deployment, current, revision: to }, within);
  } catch (thrown) {
    const { code, message, state, remedy, api } = asFailure(thrown);
    throw new Failure(code, `${failed} The rollback failed as well: ${message}`, {
      cause: thrown,
      ...defined({ state, remedy, api }),
    });
  }
}

/** ARN of the newest deployment; empty where ECS shows none. */
async function newestOf(daemon: string, { inputs, world, daemons }: DaemonWorld): Promise<string> {
  const { noProgressSeconds } = inputs.watch;
  const patience = { until: world.clock.now() + noProgressSeconds, noProgressSeconds };
  return (await persist(() => daemons.describe(daemon), patience, world)).deploymentArn ?? '';
}

type End = (
  | { readonly kind: 'succeeded'; readonly running: number; readonly without: number; readonly reason?: never }
  | { readonly kind: 'rolled-back' | 'failed'; readonly reason: string }
) &
  Pick<DaemonTasks, 'diagnoses'>;

interface Following {
  /** ARNs. */
  readonly deployment: string;
  readonly revision: string;
  readonly current: CurrentDaemon;
  /** Of a rollback it is not known, and its tasks are not read. */
  readonly definition?: TaskDefinition;
}

/**
 * Polls the deployment: a line whenever something has changed, and why tasks ended whenever ECS counts another that failed.
 * @throws Failure CANCELLED, or of a call that was not answered for the no-progress limit
 */
async function follow(
  { deployment, revision, current, definition }: Following,
  { inputs, world, progress, daemons }: DaemonWorld,
): Promise<End> {
  const { clock } = world;
  const { timeoutSeconds, noProgressSeconds, logLines } = inputs.watch;
  const name = lastPart(revision);
  let until = clock.now() + timeoutSeconds;
  let limit = `It was not complete after ${Math.round(timeoutSeconds / 60)} min (\`wait-for-minutes\`).`;
  let shown = '';
  let since = clock.now();
  let beats = 0;
  let failures = 0;
  let read: (() => Promise<DaemonTasks>) | undefined;
  let tasks: DaemonTasks = { diagnoses: [] };
  const explain = async (now: DaemonDeployment): Promise<void> => {
    if (!definition) return;
    const { clusterArn: cluster, name: daemon, arn } = current.state;
    const start = (now.createdAt ?? clock.now()) - SKEW_SECONDS;
    const region = regionOf(arn) ?? '';
    read ??= daemonTaskReader({ cluster, daemon, revision, definition, since: start, region, logLines }, world);
    const before = tasks.diagnoses[0]?.cause;
    tasks = await read();
    const cause = tasks.diagnoses[0]?.cause;
    if (cause !== undefined && cause !== before) progress.step(`${name}: ${cause}`, 'failure');
  };
  const over = async (now: DaemonDeployment, { kind, reason }: Failed): Promise<End> => {
    await explain(now);
    const { tail, diagnoses } = tasks;
    if (tail && tail.lines.length > 0)
      progress.tail(`last log lines of ${name}, container ${tail.container}`, tail.lines, tail.taskId);
    return { kind, reason, diagnoses };
  };
  try {
    for (;;) {
      const now = await persist(() => daemons.deployment(deployment), { until, noProgressSeconds }, world);
      const line = daemonLine(name, now);
      if (line !== shown) {
        progress.step(line);
        [shown, since, beats] = [line, clock.now(), 0];
      } else if (beatsIn(clock.now() - since) > beats) {
        beats = beatsIn(clock.now() - since);
        progress.heartbeat(`${line}; gives up in ${left(until - clock.now())}`);
      }
      const verdict = judgeDaemon(now);
      if (verdict.kind === 'succeeded') return { ...verdict, diagnoses: [] };
      if (verdict.kind === 'rolled-back' || verdict.kind === 'failed') return await over(now, verdict);
      const { failures: counted = 0 } = now.breaker ?? {};
      if (counted > failures) await explain(now);
      failures = counted;
      if (verdict.kind === 'rolling-back' && limit !== RESTORING) {
        // ECS ends what it has started; a second rollback would only be in its way.
        until = Math.max(until, clock.now() + POLICY.restoreSeconds);
        limit = RESTORING;
      }
      if (clock.now() >= until) return await over(now, { kind: 'failed', reason: limit });
      await clock.sleep(POLL_SECONDS, world.signal);
    }
  } catch (thrown) {
    throw unwatched(thrown, name);
  }
}

type Failed = Pick<Extract<End, { readonly reason: string }>, 'kind' | 'reason'>;
const RESTORING = `ECS did not complete its rollback within ${POLICY.restoreSeconds / 60} min.`;

/** ECS continues: the error must not read as the end of the deployment. */
function unwatched(thrown: unknown, name: string): Failure {
  const failure = asFailure(thrown);
  const state =
    failure.code === 'NOT_FOUND'
      ? `ECS does not show the deployment of ${name} any more: the daemon was deleted meanwhile.`
      : `ECS continues to roll out ${name}; the result is not watched.`;
  return new Failure(failure.code, failure.message, {
    state,
    cause: failure.cause ?? failure,
    ...defined({ remedy: failure.remedy, api: failure.api }),
  });
}
