import { accountOf, familyAndNumber, lastPart } from '../arn.ts';
import { asFailure, Failure, sentence } from '../failure.ts';
import type { RecoveryInputs } from '../inputs/types.ts';
import { type DeploymentState, defined, isSeen, type LiveRevision, nameOf, type ServiceState } from '../model.ts';
import { type Outcome, type Progress, type ServiceResult, withServing } from '../outcome.ts';
import type { World } from '../ports.ts';
import { moveBack, moveOn, undoneText } from '../schedules/move.ts';
import { movedText } from '../schedules/schedules.ts';
import { resume, type ScalingIntent } from '../service/autoscaling.ts';
import { removeUnused } from '../service/daemon.ts';
import { carrierOf, type Deployment, isOf, losesTasks, primaryOf } from '../service/deployment.ts';
import { describeRestore, isRollingBack, restore, unfinished } from '../service/restore.ts';
import { deregisterUnused, liveRevision } from '../service/revisions.ts';
import { servingOf } from '../service/serving.ts';
import { stopTask, type TaskIntent } from '../tasks/stop.ts';
import { watch } from '../watch/watch.ts';
import { type DaemonIntent, type Intent, type LeftMember, type ScheduleIntent, undoOf } from './handover.ts';

/** GitHub ends everything five minutes after a cancel. */
const TIME_SECONDS = 240;
/** ECS's clock and ours may differ a little. */
const SKEW_SECONDS = 30;

/** What main left unfinished, and what the inputs want done about it. */
interface Unsettled {
  readonly intent: Intent;
  /** Other services that were to get the same revision: while one of them runs it, it stays. */
  readonly alsoFor?: readonly Pick<Intent, 'cluster' | 'service'>[];
  readonly onCancel: RecoveryInputs['onCancel'];
}

/** Post does not have its own inputs. */
interface PostRun {
  readonly world: World;
  readonly progress: Progress;
}

/**
 * What post does for a main that was cancelled, killed or blinded after it had announced a deployment: determines the result,
 * undoes it where `on-cancel: rollback` asks for that, and says what state the service is in. Nothing is left half done unsaid.
 */
export async function post({ intent: announced, onCancel, alsoFor = [] }: Unsettled, run: PostRun): Promise<Outcome> {
  const { world, progress } = run;
  const { cluster, service: name } = announced;
  await refuseOtherCredentials({ cluster, what: `deployed to ${name}` }, world);
  const looking = lookUp(announced, world);
  // Of a new Express Mode service ECS makes the revision: only the service shows which.
  const intent = announced.next === '' ? { ...announced, next: createdSince(announced.at, await looking) } : announced;
  if (intent.next === '') return notCreated(name, progress);
  const [service, next] = await Promise.all([looking, liveRevision(intent.next, world.ecs)]);
  const facts = {
    differences: [],
    warnings: [],
    diagnoses: [],
    timeline: progress.timeline,
    ...defined({ service }),
    revision: next,
  };
  const cancelled: Cancelled = (headline, seen = service) => {
    const outcome = { ...facts, kind: 'cancelled', headline } as const;
    return seen ? withServing({ ...outcome, service: seen }, servingOf(seen)) : outcome;
  };
  if (!service) {
    if (intent.first === undefined) return cancelled(`The service ${intent.service} is gone.`);
    const left = await withdraw({ next, service, intent, alsoFor }, world);
    return cancelled(`The run ended early. The service ${intent.service} was not created.${left}`);
  }
  // Its deployments are shown while its last tasks stop, and nothing continues them.
  if (service.status === 'DRAINING' || service.status === 'INACTIVE') {
    const deleted = cancelled(`The run ended early. The service ${service.name} was deleted.`);
    return intent.first === undefined ? deleted : { ...deleted, firstFailure: 'deleted' };
  }
  const deployment = ourDeployment(service, intent);
  const primary = primaryOf(service);
  const runs = lastPart(service.taskDefinitionArn);
  if (intent.previous === intent.next && !deployment) {
    return cancelled(
      `The run ended early. Settings of ${service.name} may have been changed; it runs ${runs} as before.`,
    );
  }
  if (deployment && primary?.id === deployment.id) {
    const pinned = pin(deployment, intent);
    // A first deployment whose tasks fail is never left.
    const crashing = intent.first !== undefined && losesTasks(deployment, service);
    if (deployment.rolloutState !== 'COMPLETED' && (onCancel === 'rollback' || crashing))
      return rollBack(pinned, cancelled, run);
    // A rollback of a moment ago shows there first.
    if (await isTakenBack(pinned, deployment, world)) return follow(pinned, cancelled, run);
    const reason = goesOn(deployment, next);
    return { ...cancelled(`${reason}${undoOf(intent)}`), reason, deployment: pinned };
  }
  const begun = deployment !== undefined || intent.deployment !== undefined;
  if (begun && [intent.previous, intent.proven].includes(service.taskDefinitionArn)) {
    const ours = pin(deployment ?? { id: intent.deployment ?? '', createdAt: intent.at }, intent);
    // ECS rolls back by the older deployment's own id; what UpdateService rolled back to is a deployment of its own.
    const own = primary && primary.id !== ours.id && primary.createdAt > (ours.createdAt ?? 0) ? primary : undefined;
    return follow(own ? pinBack(own, ours) : ours, cancelled, run);
  }
  // What it is rolled back to is not always known before, such as where the old tasks were gone while it was paused.
  const ended = begun && pin(deployment ?? { id: intent.deployment ?? '', createdAt: intent.at }, intent);
  if (ended && (await isTakenBack(ended, {}, world))) return follow(ended, cancelled, run);
  if (begun) return cancelled(`The run ended early. ${nameOf(next)} was replaced by ${primary?.id} with ${runs}.`);
  const left = await withdraw({ next, service, intent, alsoFor }, world);
  return cancelled(`The run ended early. ${nameOf(next)} was not deployed; ${service.name} runs ${runs}.${left}`);
}

/** @returns ARN of its revision; empty where it was there before, or is not there */
const createdSince = (at: number, service: ServiceState | undefined): string =>
  service?.createdAt !== undefined && service.createdAt >= at - SKEW_SECONDS ? service.taskDefinitionArn : '';

const notCreated = (name: string, { timeline }: Progress): Outcome => ({
  kind: 'cancelled',
  headline: `The run ended early. The service ${name} was not created.`,
  differences: [],
  warnings: [],
  diagnoses: [],
  timeline,
});

/** Undefined where a service that main was about to create is not there. */
async function lookUp({ cluster, service, first }: Intent, { ecs }: World): Promise<ServiceState | undefined> {
  try {
    const [found] = await ecs.describeServices(cluster, [service]);
    return first !== undefined && found?.status === 'INACTIVE' ? undefined : found;
  } catch (thrown) {
    if (first !== undefined && asFailure(thrown).code === 'NOT_FOUND') return undefined;
    throw thrown;
  }
}

/**
 * Stops the one-off task that main left running.
 * @returns the result, in one sentence; undefined where nothing runs any more
 */
export async function stopLeft(task: TaskIntent, world: World): Promise<string | undefined> {
  const arn = [task.task, task.cluster].find((one) => accountOf(one) !== undefined);
  if (arn !== undefined) await refuseOtherCredentials({ cluster: arn, what: `ran the ${task.label}` }, world);
  return stopTask(task, 'Stopped by ecs-rollout: the run ended early.', world.ecs);
}

/** The outcome of that headline, with what serves in the newest state of the service. */
type Cancelled = (headline: string, service?: ServiceState) => Outcome;

/**
 * What is left of several services, each with what it has to know of the others.
 * @param settled services that came to their end, and may run the same revision
 */
export const unsettled = (
  intents: readonly Intent[],
  settled: readonly Intent[],
): readonly Omit<Unsettled, 'onCancel'>[] =>
  intents.map((intent, index) => {
    const same = [...intents, ...settled].filter((one) => one.next === intent.next);
    // One of them takes an unused revision away, for all.
    const registered = intents.findIndex(({ next, registered }) => registered && next === intent.next) === index;
    return { intent: { ...intent, registered }, alsoFor: same.filter((one) => one !== intent) };
  });

/** How one of several services ended that is not left to post: its line on the page of all of them. */
export function endedBefore({ name, announced, end }: LeftMember): ServiceResult {
  const { service = name, cluster = '', next = '' } = announced ?? {};
  const where = { name, service, cluster };
  if (end === undefined || end.kind === 'skipped')
    return { ...where, end: { kind: 'skipped', why: end?.headline ?? 'The run ended before its deployment started.' } };
  const revision: LiveRevision | undefined =
    next === '' ? undefined : { arn: next, ...familyAndNumber(next), unseen: true };
  const nothing = { differences: [], warnings: [], diagnoses: [], timeline: [] };
  return {
    ...where,
    end: { kind: 'ended', outcome: { ...end, kind: end.kind, ...nothing, ...defined({ revision }) } },
  };
}

/**
 * Post gets new credentials: a later step of the job may have logged in to another account, where a service of the same
 * name may exist.
 * @throws Failure CREDENTIALS before anything is asked about the service
 */
async function refuseOtherCredentials(
  { cluster, what }: { readonly cluster: string; readonly what: string },
  { identity }: World,
): Promise<void> {
  const expected = accountOf(cluster);
  const { accountId, arn } = await identity.caller();
  if (accountId === expected) return;
  throw new Failure(
    'CREDENTIALS',
    `The run ${what} in account ${expected}, but the credentials of its post step (${arn}) belong to account ${accountId}.`,
    {
      remedy:
        'A later step of the job has replaced the AWS credentials; nothing was changed with them. Give this step `role-to-assume`, so that its post step has the same role.',
    },
  );
}

/**
 * The one that main started, known by its id or, where the answer never came, by its revision and time. One that is PRIMARY
 * with that revision is what main wanted, whoever started it.
 */
function ourDeployment(service: ServiceState, { deployment, next, previous, at }: Intent): DeploymentState | undefined {
  if (deployment !== undefined) return service.deployments.find(({ id }) => id === deployment);
  const primary = primaryOf(service);
  if (primary?.taskDefinitionArn === next && previous !== next) return primary;
  return service.deployments.find(
    ({ taskDefinitionArn, createdAt }) => taskDefinitionArn === next && createdAt >= at - SKEW_SECONDS,
  );
}

/** Without the command that undoes it, which pages have as their next step. */
function goesOn({ id, rolloutState, runningCount, desiredCount }: DeploymentState, next: LiveRevision): string {
  const counts = `${runningCount} of ${desiredCount} tasks run`;
  if (rolloutState === 'FAILED')
    return `The run ended early. The deployment of ${nameOf(next)} failed and was not rolled back: ${counts}.`;
  return rolloutState === 'COMPLETED'
    ? `The run ended early, but ${carrierOf({ id })} continued: ${nameOf(next)} is deployed, ${counts}.`
    : `The run ended early; ${carrierOf({ id })} continues to roll out ${nameOf(next)}: ${counts} so far.`;
}

const pin = (
  { id, createdAt }: Pick<DeploymentState, 'id' | 'createdAt'>,
  { cluster, service, next, proven, first, settingsBefore }: Intent,
): Deployment => ({
  ...defined({ first, settingsBefore }),
  cluster,
  service,
  id,
  taskDefinitionArn: next,
  ...(proven === undefined || proven === next ? {} : { previousTaskDefinitionArn: proven }),
  startedAt: createdAt,
  createdAt,
  timeoutSeconds: Number.POSITIVE_INFINITY,
  noProgressSeconds: Number.POSITIVE_INFINITY,
});

/** The deployment that rolls back ours. */
const pinBack = ({ id, createdAt, taskDefinitionArn }: DeploymentState, ours: Deployment): Deployment => ({
  ...ours,
  id,
  createdAt,
  startedAt: createdAt,
  taskDefinitionArn,
  previousTaskDefinitionArn: ours.taskDefinitionArn,
});

/** Whether ECS ends the deployment and rolls back; not where that cannot be seen. */
async function isTakenBack(
  { cluster, service, id }: Deployment,
  { rolloutState }: Pick<DeploymentState, 'rolloutState'>,
  { ecs }: World,
): Promise<boolean> {
  if (rolloutState === 'COMPLETED') return false;
  const now = await unfinished(cluster, service, ecs).catch(() => undefined);
  return now !== undefined && isOf(now, { id }) && isRollingBack(now);
}

/** A revision of ours that nothing runs is taken away; the word of it, or nothing. */
async function withdraw(
  {
    next,
    service,
    intent,
    alsoFor,
  }: {
    readonly next: LiveRevision;
    /** Undefined where it does not exist. */
    readonly service: ServiceState | undefined;
    readonly intent: Intent;
    readonly alsoFor: NonNullable<Unsettled['alsoFor']>;
  },
  { ecs }: World,
): Promise<string> {
  // One that cannot be read was ACTIVE when it was deployed.
  if (!intent.registered || (isSeen(next) && next.status !== 'ACTIVE')) return '';
  // One that was not created does not use it.
  const absent = (thrown: unknown): ServiceState[] => {
    if (asFailure(thrown).code !== 'NOT_FOUND') throw thrown;
    return [];
  };
  const others = await Promise.all(
    alsoFor.map((one) => ecs.describeServices(one.cluster, [one.service]).catch(absent)),
  );
  const used = [service, ...others.flat()].some((one) =>
    one?.deployments.some(({ taskDefinitionArn }) => taskDefinitionArn === next.arn),
  );
  if (used) return '';
  const end = await deregisterUnused(next, ecs);
  switch (end.kind) {
    case 'done':
      return ` The unused ${nameOf(next)} was deregistered.`;
    case 'in-use':
      return '';
    case 'failed':
      return ` The unused ${nameOf(next)} could not be deregistered: ${end.why}`;
  }
}

/** Begins the rollback that main had no time for. */
async function rollBack(deployment: Deployment, cancelled: Cancelled, run: PostRun): Promise<Outcome> {
  const { world, progress } = run;
  const serviceDeployment = await unfinished(deployment.cluster, deployment.service, world.ecs);
  const restoring = await restore(
    { failed: deployment, policy: 'roll-back', ...defined({ serviceDeployment }) },
    world,
  );
  const becameOf = `The run ended early. ${describeRestore(restoring, deployment) ?? ''}`.trimEnd();
  if (restoring.kind === 'first-ended') {
    const { end } = restoring;
    if (end.kind === 'superseded') return cancelled(becameOf);
    if (end.kind === 'scaled-to-zero') return { ...cancelled(becameOf, end.service), firstFailure: end.kind };
    // Nothing is left that could serve.
    const { serving: _, ...outcome } = cancelled(becameOf);
    return { ...outcome, headline: becameOf, firstFailure: end.kind };
  }
  if (restoring.kind !== 'restoring') return cancelled(becameOf);
  progress.step(`rolling back to ${lastPart(restoring.to)} (${restoring.by})`);
  return follow(restoring.deployment, cancelled, run);
}

/** Follows a rollback, whoever started it, as far as the time goes. */
async function follow(deployment: Deployment, cancelled: Cancelled, { world, progress }: PostRun): Promise<Outcome> {
  try {
    const limited = { ...deployment, timeoutSeconds: world.clock.now() - deployment.startedAt + TIME_SECONDS };
    const { verdict, snapshot } = await watch(limited, world, progress.watching(limited));
    const { previousTaskDefinitionArn: before, ...rest } = deployment;
    // A rollback by UpdateService is a deployment of its own, which has taken the place of the one that failed.
    if (verdict.kind === 'superseded' && verdict.byTaskDefinition === before)
      return follow({ ...rest, id: verdict.byDeployment, taskDefinitionArn: before }, cancelled, { world, progress });
    const back = lastPart(snapshot.service.taskDefinitionArn);
    const done = verdict.kind === 'rolled-back' || verdict.kind === 'succeeded';
    if (verdict.kind === 'stopped' || verdict.kind === 'failed')
      return cancelled(
        `The run ended early. ${sentence(verdict.reason)} ${deployment.service} runs ${back}.`,
        snapshot.service,
      );
    return cancelled(
      done
        ? `The run ended early; ${deployment.service} was rolled back to ${back}.`
        : `The run ended early; ${carrierOf(deployment)} continues the rollback to ${back} (${verdict.kind}).`,
      snapshot.service,
    );
  } catch (thrown) {
    return cancelled(
      `The run ended early; ${carrierOf(deployment)} was asked to roll back, and the result could not be watched: ${asFailure(thrown).message}`,
    );
  }
}

/**
 * What post does with schedules whose move main has started: main started it because the deployment was good, so it is finished where the
 * service still runs that revision, and undone where it does not.
 * @returns what they run now, in a sentence; nothing is thrown
 */
export async function settleSchedules({ service, to, moves }: ScheduleIntent, world: World): Promise<string> {
  const early = 'The run ended early, while its schedules were moved.';
  try {
    await refuseOtherCredentials({ cluster: to, what: `moved schedules to ${lastPart(to)}` }, world);
    const port = await world.schedules();
    const serves = service === undefined || (await runs(service, to, world));
    const problems = serves ? await moveOn(moves, port) : await moveBack(moves, port);
    if (problems.length > 0) return `${early} ${problems.join(' ')}`;
    return serves
      ? `${early} It was finished: ${movedText(moves, to)}.`
      : `${early} ${service?.service} does not run ${lastPart(to)}. ${undoneText(moves)}`;
  } catch (thrown) {
    const names = `Some may run ${lastPart(to)} and some ${lastPart(moves[0]?.from)}`;
    return `${early} ${names}, which could not be determined: ${asFailure(thrown).message} Run the job again to move all of them.`;
  }
}

/** Whether the service has the revision, and nothing takes its place. */
async function runs(
  { cluster, service }: NonNullable<ScheduleIntent['service']>,
  revision: string,
  { ecs }: World,
): Promise<boolean> {
  const [found] = await ecs.describeServices(cluster, [service]);
  const primary = found && primaryOf(found);
  return primary?.taskDefinitionArn === revision && primary.rolloutState === 'COMPLETED';
}

/**
 * What post does with a scale-in that main has suspended and not resumed: it resumes it at once, because ECS itself turns scale-in off
 * while its deployment continues. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 * @returns the result, in a sentence; nothing is thrown
 */
export async function settleScaling(intent: ScalingIntent, world: World): Promise<string> {
  const { resource, target } = intent;
  try {
    await refuseOtherCredentials({ cluster: target, what: `suspended the scale-in of ${resource}` }, world);
    const kept = await resume(intent, { autoscaling: await world.autoscaling(), ecs: world.ecs });
    return `The run ended early; the scale-in of ${resource} is resumed${kept === undefined ? '' : `; ${kept}`}.`;
  } catch (thrown) {
    return `The run ended early, and the scale-in of ${resource} may still be suspended: ${asFailure(thrown).message} The next run with \`autoscaling\` resumes it; or: aws application-autoscaling register-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id ${resource} --suspended-state DynamicScalingInSuspended=${intent.before.dynamicIn},DynamicScalingOutSuspended=${intent.before.dynamicOut},ScheduledScalingSuspended=${intent.before.scheduled}`;
  }
}

/**
 * What post does with a daemon task definition that main registered: one that the daemon does not get is deleted. Where the answer of the
 * registration is missing, the definition is only named: another run may have made it.
 * @returns the result, in a sentence; nothing is thrown
 */
export async function settleDaemon(
  { daemon, family, newest, definition }: DaemonIntent,
  world: World,
): Promise<string> {
  const name = lastPart(daemon);
  try {
    await refuseOtherCredentials({ cluster: daemon, what: `deployed to ${name}` }, world);
    const daemons = await world.daemons();
    if (definition === undefined) {
      const found = await daemons.newest(family);
      return found === undefined || found.arn === newest
        ? `The run ended early; nothing was registered, and ${name} was not changed.`
        : `The run ended early, while ${lastPart(found.arn)} was registered; ${name} was not changed. A new run of the same commit uses it again.`;
    }
    return (await removeUnused(definition, daemon, daemons)) === 'in-use'
      ? `The run ended early; ECS continues to roll out ${lastPart(definition)} to ${name}.`
      : `The run ended early; ${name} was not changed. The unused ${lastPart(definition)} was deleted.`;
  } catch (thrown) {
    const left =
      definition === undefined
        ? `a daemon task definition of the family ${family} may be left`
        : `${lastPart(definition)} may be left without use`;
    return `The run ended early, and ${left}: ${asFailure(thrown).message} A new run of the same commit uses it again; or: aws ecs delete-daemon-task-definition --daemon-task-definition ${definition ?? `${family}:REVISION`}`;
  }
}
