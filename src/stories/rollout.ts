import { createHash } from 'node:crypto';
import { lastPart } from '../arn.ts';
import { asFailure, Failure, withState } from '../failure.ts';
import {
  defined,
  nameOf,
  type Revision,
  type ServiceCreation,
  type ServiceState,
  type ServiceUpdate,
} from '../model.ts';
import { type Outcome, type Progress, withServing } from '../outcome.ts';
import type { World } from '../ports.ts';
import type { Chosen } from '../schedules/choose.ts';
import { apply, type Begun, createOnce, pinned, REJECTED_CODES } from '../service/apply.ts';
import { type Change, describeFirst, describeRolling } from '../service/change.ts';
import { carrierOf, type Deployment, primaryOf } from '../service/deployment.ts';
import { deregisterUnused } from '../service/revisions.ts';
import { servingIn, servingOf, servingText } from '../service/serving.ts';
import { limitsFor, strategyOf } from '../service/strategy.ts';
import { FIRST_FAILURE_TAG, hasRun, isOurs } from '../tags.ts';
import type { Snapshot } from '../watch/snapshot.ts';
import type { Watched, watch } from '../watch/watch.ts';
import type { CurrentService } from './current.ts';
import { codeDeployIn, markSettled, provenIn, saveIntent, undo } from './handover.ts';
import { type Run, thenOf } from './run.ts';
import type { Scaling } from './scaling.ts';
import type { Facts } from './settle.ts';

/** A revision that is there, and how the service is to be brought to it. */
interface Rollout {
  readonly current: CurrentService;
  readonly revision: Revision;
  /** This run registered it, so no other run uses it. */
  readonly registered: boolean;
  readonly change: Change;
  /** Where its service was created together with the revision. */
  readonly begun?: Begun | undefined;
  /** Of the service's scalable target; absent where no input is about it. */
  readonly scaling?: Scaling | undefined;
  /** What moves to the revision once it is deployed; absent where the input names none. */
  readonly schedules?: Chosen | undefined;
  readonly facts: Omit<Facts, 'deployment'>;
}

/** Begins the deployment, watches it to its verdict, and settles what the verdict asks for. What it suspends is resumed whatever happens. */
export async function rollOut(rollout: Rollout, run: Run): Promise<Outcome> {
  const { scaling, facts } = rollout;
  if (!scaling) return carryOut(rollout, run);
  const { endScaling, withCapacity } = await import('./scaling.ts');
  const since = run.world.clock.now();
  let problems: readonly string[] = [];
  let outcome: Outcome;
  try {
    const warnings = [...facts.warnings, ...scaling.warnings];
    outcome = await carryOut({ ...rollout, facts: { ...facts, warnings } }, run);
  } finally {
    problems = await endScaling(scaling, since, run);
    for (const problem of problems) run.world.console.warning(problem);
  }
  return withCapacity({ ...outcome, warnings: [...outcome.warnings, ...problems] }, scaling);
}

async function carryOut(rollout: Rollout, run: Run): Promise<Outcome> {
  const { inputs, world, progress } = run;
  const loading = inputs.watch.wait ? loadWatching() : undefined;
  const { deployment, how } = rollout.begun ?? (await begin(rollout, run));
  const created = how === 'created' ? { created: true as const } : {};
  const isSettings = how === 'settings' && (rollout.facts.settings ?? []).length > 0;
  const kept = isSettings ? { settingsOnly: true as const } : {};
  const facts: Facts = { ...rollout.facts, ...created, ...kept, deployment };
  progress.known(facts);
  // What has ended already costs one poll.
  if (!inputs.watch.wait && how !== 'untouched') {
    const { service } = rollout.current;
    const { desiredCount } = rollout.change;
    const headline = `${deployment.id} ${how === 'begun' || how === 'created' ? 'started' : 'is under way'}; not waiting (\`wait-for-service-stability: false\`).`;
    return withServing({ ...facts, kind: 'started', headline }, servingOf({ ...service, desiredCount }));
  }
  const { registered } = rollout;
  const { watch, settleWith, cancelled, rollBackUnwatched, isComplete } = await (loading ?? loadWatching());
  try {
    // Nothing was deployed, so nothing is to be proven; unless an earlier attempt of this run deployed it and ended before it had.
    const toProve = how !== 'untouched' || wasDeployedBefore(rollout.revision, run);
    const watched = await watchWith(watch, { deployment, toProve }, run);
    const verified = await verify(watched, { facts, revision: rollout.revision, toProve }, run);
    const origin = { untouched: how === 'untouched', registered };
    const ended = { ...verified, origin };
    const own = isFailed(ended.watched) ? unstopped(run) : run;
    const settling = (one: typeof ended): Promise<Outcome> => settleWith(rollout.schedules, one, own);
    const isAgain = how === 'untouched' && toProve && inputs.recovery.rollbackOnFailure;
    const outcome =
      isAgain && isFailed(ended.watched)
        ? await (await import('./retried.ts')).settleRetried({ ended, revision: rollout.revision, settling }, own)
        : await settling(ended);
    if (rollout.current.wanted?.again && outcome.kind === 'deployed') await unmark(rollout.current, world);
    return outcome;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED') {
      const outcome = await cancelled(facts, run);
      return rollout.schedules ? (await import('./schedules.ts')).withUnmoved(outcome, rollout.schedules) : outcome;
    }
    if (how === 'untouched') throw failure;
    run.together?.failing();
    const rollback = inputs.recovery.rollbackOnFailure && failure.code !== 'NOT_FOUND';
    const last = progress.lastSeen(deployment);
    const rolledBack = rollback ? await rollBackUnwatched(deployment, last, world) : undefined;
    throw unwatched(failure, { deployment, last, rolledBack, done: isComplete(deployment, last) });
  }
}

/** Of several services, what is rolled back with this one does not wait for its own rollback, which another one does not stop. */
function unstopped(run: Run): Run {
  const signal = run.together?.failing();
  return signal ? { ...run, world: { ...run.world, signal } } : run;
}

/** With `verify`, which may end the deployment in its bake time. */
async function watchWith(
  followed: typeof watch,
  { deployment, toProve }: { readonly deployment: Deployment; readonly toProve: boolean },
  run: Run,
): Promise<Watched> {
  const { inputs, world, progress, together } = run;
  const watching: typeof watch = (one, seen, listener) =>
    followed(one, seen, (snapshot, verdict) => {
      listener(snapshot, verdict);
      // ECS rolls it back, and that takes its time as well.
      if (verdict.kind === 'rolling-back') together?.failing();
    });
  if (inputs.mode !== 'deploy' || !toProve) return watching(deployment, world, progress.watching(deployment));
  if (inputs.verify.length === 0) return watching(deployment, world, progress.watching(deployment, thenOf(inputs)));
  const { watchVerified } = await import('./verify.ts');
  return watchVerified(deployment, watching, { ...run, inputs });
}

/** A success of ECS, and what the inputs want beside it: one of them that fails makes the verdict `failed`. */
async function verify(
  watched: Watched,
  given: { readonly facts: Facts; readonly revision: Revision; readonly toProve: boolean },
  run: Run,
): Promise<{ readonly watched: Watched; readonly facts: Facts }> {
  const { facts, revision, toProve } = given;
  const { inputs } = run;
  if (inputs.mode !== 'deploy' || watched.verdict.kind !== 'succeeded') return { watched, facts };
  if (inputs.tasks.after.length === 0 && inputs.holdSeconds === 0) return { watched, facts };
  if (!toProve) return { watched, facts };
  const { runAfter } = await import('./deploy-tasks.ts');
  const after = await runAfter(watched, { facts: { ...facts, revision } }, { ...run, inputs });
  const tasks = [...(facts.tasks ?? []), ...after.results];
  const known = tasks.length > 0 ? { ...facts, tasks } : facts;
  if (inputs.holdSeconds === 0 || after.watched.verdict.kind !== 'succeeded')
    return { watched: after.watched, facts: known };
  const { hold } = await import('./verify.ts');
  const held = await hold(after.watched, { deployment: facts.deployment, seconds: inputs.holdSeconds }, run);
  return { watched: held, facts: known };
}

/** What `rollback-on-failure` is about. */
const isFailed = ({ verdict: { kind } }: Watched): boolean =>
  kind === 'failed' || kind === 'stuck' || kind === 'timed-out';

/** By its tags; where IAM lets none be written, every attempt but the first may have an unproven one before it. */
const wasDeployedBefore = ({ tags }: Revision, { world: { runner } }: Run): boolean =>
  Number(runner.context.runAttempt) > 1 && (isOurs(tags, runner.context) || !hasRun(tags));

/** What watches and settles: loaded while the deployment begins, and not by a run that does not wait. */
async function loadWatching() {
  const [{ watch }, { settleWith, cancelled, rollBackUnwatched, isComplete }] = await Promise.all([
    import('../watch/watch.ts'),
    import('./settle.ts'),
  ]);
  return { watch, settleWith, cancelled, rollBackUnwatched, isComplete };
}

/**
 * Begins the deployment, or finds the one to judge: an equal revision that already runs or is being rolled out (a
 * re-run after a cancel) is watched, not deployed again.
 */
async function begin(rollout: Rollout, run: Run): Promise<Begun> {
  const { inputs, world, progress } = run;
  const { current, revision, registered, change, scaling } = rollout;
  const scales = async (): Promise<void> => {
    if (scaling) await (await import('./scaling.ts')).beginScaling(scaling, run);
  };
  const { service, live } = current;
  const { definition } = revision;
  const first = defined({ first: current.first });
  const now = world.clock.now();
  const limits = limitsFor(inputs.watch, strategyOf(service, inputs.service.strategy));
  const tagged = (change.tags || change.untag) && (await writeTags(service, change, world));
  if (!change.update && !change.create) {
    await scales();
    if (tagged) {
      progress.step(`tags of ${service.name} changed; ECS needs no new deployment for them`);
      return { deployment: { ...pinned(service, limits, now), definition }, how: 'settings' };
    }
    const done = primaryOf(service)?.rolloutState === 'COMPLETED';
    progress.step(
      done
        ? `${service.name} is already as requested; checking whether it is healthy`
        : `${nameOf(revision)} is being rolled out already; watching that deployment`,
    );
    return {
      deployment: { ...pinned(service, limits, now), ...(done ? {} : first), definition },
      how: done ? 'untouched' : 'found',
    };
  }
  const intent = {
    cluster: service.clusterArn,
    service: service.name,
    previous: service.taskDefinitionArn,
    ...provenIn(service),
    next: revision.arn,
    registered,
    ...first,
    ...defined({ settingsBefore: change.before }),
    ...codeDeployIn(service),
  };
  try {
    world.signal.throwIfAborted();
    saveIntent(intent, world);
    if (change.create) {
      const { create } = change;
      const created = current.express
        ? await (await import('./express.ts')).createExpress(create, { service, revision }, run)
        : await createOnce(creationOf(create, rollout, world), world);
      const { foundUnderWay: _, endedBefore: __, ...deployment } = pinned(created, limits, now);
      const createdAt = primaryOf(created)?.createdAt ?? now;
      saveIntent({ ...intent, deployment: deployment.id }, world);
      progress.step(`created ${service.name} in the cluster ${lastPart(service.clusterArn)}`);
      progress.started({ service: created, to: nameOf(revision), rollout: describeFirst(inputs.service, created) });
      return { deployment: { ...deployment, createdAt, ...first, definition }, how: 'created' };
    }
    if (!change.update) throw new Failure('INTERNAL', 'A change without a call.');
    await scales();
    const update = await withCodeDeploy(change.update, rollout, run);
    const deployment = await apply(update, { before: service, limits }, world);
    if (!deployment) {
      progress.step('settings changed; ECS needs no new deployment for them');
      return { deployment: { ...pinned(service, limits, now), definition }, how: 'settings' };
    }
    saveIntent({ ...intent, deployment: deployment.id }, world);
    const rolling = describeRolling(change.rolling);
    progress.started({
      service,
      to: nameOf(revision),
      rollout: rolling,
      isRollback: inputs.mode === 'rollback',
      ...defined({ from: live && nameOf(live) }),
    });
    const { settingsBefore } = intent;
    return { deployment: { ...deployment, ...first, ...defined({ settingsBefore }), definition }, how: 'begun' };
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (REJECTED_CODES.includes(failure.code)) {
      if (registered) await withdraw(revision, world, progress);
      markSettled(world);
      throw withState(failure, unstarted(change, service));
    } else if (world.signal.aborted) {
      const message = `The run was cancelled while ECS was asked to deploy ${nameOf(revision)}; the post step reports its result.`;
      throw new Failure('CANCELLED', message, { cause: failure });
    }
    throw thrown;
  }
}

/** What a refused call leaves. */
const unstarted = ({ create }: Change, { name, taskDefinitionArn }: ServiceState): string =>
  create
    ? `The service ${name} was not created.`
    : `No deployment was started: ${name} runs ${lastPart(taskDefinitionArn)} as before.`;

/** With what CreateDeployment takes, where CodeDeploy deploys the service. */
async function withCodeDeploy(update: ServiceUpdate, { current, revision }: Rollout, run: Run): Promise<ServiceUpdate> {
  if (current.service.deploymentController !== 'CODE_DEPLOY') return update;
  const { endTerminationWait, planDeployment } = await import('./code-deploy.ts');
  await endTerminationWait(current.service, run);
  return { ...update, codeDeploy: planDeployment(current.codeDeploy, revision.arn, run) };
}

/** CreateService for this revision. The token is of this attempt: ECS takes the same one only with the same request. */
function creationOf(
  { settings, tags }: NonNullable<Change['create']>,
  { current: { service }, revision }: Rollout,
  { runner: { context } }: World,
): ServiceCreation {
  const { clusterArn: cluster, name: serviceName } = service;
  const request = { cluster, serviceName, taskDefinition: revision.arn, settings, ...defined({ tags }) };
  const { repository, runId, runAttempt, job } = context;
  const mark = createHash('sha256').update(JSON.stringify([repository, runId, runAttempt, job, request]));
  return { ...request, clientToken: mark.digest('hex').slice(0, 36) };
}

/** @returns whether they were written: without the right to it the deployment continues */
async function writeTags(
  { name, arn }: ServiceState,
  { tags, untag }: Pick<Change, 'tags' | 'untag'>,
  { ecs, console }: World,
): Promise<boolean> {
  try {
    if (untag) await ecs.untagResource(arn, untag);
    if (tags) await ecs.tagResource(arn, tags);
    return true;
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    console.warning(`The tags of ${name} could not be changed: ${message}`);
    return false;
  }
}

/** The first deployment failed in an earlier run, and now the service runs. */
async function unmark({ service: { arn } }: CurrentService, { ecs }: World): Promise<void> {
  // TagResource removes nothing, and needs no further right.
  await ecs.tagResource(arn, [{ key: FIRST_FAILURE_TAG, value: '' }]).catch(() => {});
}

/** A revision that was made for a deployment which never started. */
async function withdraw(revision: Revision, { ecs, console }: World, progress: Progress): Promise<void> {
  const name = nameOf(revision);
  const end = await deregisterUnused(revision, ecs);
  if (end.kind === 'done') {
    progress.withdrawn();
    console.line(`       ${name} was deregistered: it was made for this deployment, which did not start`);
  } else if (end.kind === 'failed')
    console.warning(`${name} was registered and is not used; it could not be deregistered: ${end.why}`);
}

/** Polling failed, but ECS continues the deployment: the error must not read as the end of the deployment. */
function unwatched(
  failure: Failure,
  {
    deployment,
    last,
    rolledBack,
    done,
  }: {
    readonly deployment: Deployment;
    /** The last successful poll. */
    readonly last: Snapshot | undefined;
    readonly rolledBack: string | undefined;
    /** ECS had completed it by then. */
    readonly done: boolean;
  },
): Failure {
  const next = lastPart(deployment.taskDefinitionArn);
  const continues =
    rolledBack ??
    (done
      ? `${carrierOf(deployment)} has deployed ${next} (${deployment.id}), which is not verified to its end.${undo(deployment)}`
      : `${carrierOf(deployment)} continues to roll out ${next} (${deployment.id}); the result is not watched.${undo(deployment)}`);
  const serving = last ? ` At the last successful poll, ${servingText(servingIn(last, deployment))}.` : '';
  return new Failure(failure.code, failure.message, {
    state: `${continues}${serving}`,
    ...defined({ remedy: failure.remedy }),
    mistakes: failure.mistakes,
    cause: failure.cause ?? failure,
    ...defined({ api: failure.api }),
  });
}
