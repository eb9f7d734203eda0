/**
 * Failures that we are certain of before ECS is: a cause that no waiting heals, a deployment whose own settings forbid each
 * step, a task for which no room can come.
 */

import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { span } from '../duration.ts';
import type { DeploymentState, Instant, ServiceState, TaskState } from '../model.ts';
import { planRolling } from '../service/change.ts';
import { type Compute, isFargateProvider } from '../service/compute.ts';
import { POLICY } from './policy.ts';
import { cannotSeeTasks, type Trouble, timeOf, type View } from './snapshot.ts';
import { failed, stuck, type Verdict } from './verdict.ts';

/**
 * Failures that no waiting heals: a permanent cause on the first task of ours, unless a sibling of the same revision runs;
 * an ambiguous one on the second task that ended the same way, unless a sibling has lived through it. In a deployment that
 * was found under way, at least one of these tasks must have started since: who runs a failed step again has often fixed
 * the cause, and ECS replaces tasks that exit for as long as the deployment lasts. What failed before delays a success (`mayFailAgain`).
 */
export function certainFailure(view: View): Verdict | undefined {
  const { ours, troubles } = view;
  if (!ours) return undefined;
  const permanent = troubles.find((trouble) => isPermanent(trouble, view));
  if (permanent) return failed(view, permanent.diagnosis.cause, permanent.diagnosis);
  const [first, second] = matching(view);
  if (first && second) {
    const both = [first, second].flatMap(({ task }) => (task ? [task.id.slice(0, 8)] : []));
    const seen = both.length === 2 ? `Seen on two tasks: ${both.join(', ')}.` : 'Seen twice.';
    return failed(view, `${first.diagnosis.cause} (${seen})`, first.diagnosis);
  }
  return unseenFailures(view, ours);
}

function isPermanent(trouble: Trouble, view: View): boolean {
  const { diagnosis, from, task } = trouble;
  if (from === 'deployment' || isEarlier(trouble, view)) return false;
  const permanent = diagnosis.nature === 'permanent' || (neverRan(view) && isNetwork(diagnosis));
  if (!permanent) return false;
  if (diagnosis.propagates) return roleStaysRefused(view);
  if (diagnosis.afterStart) return true;
  // A container that did start says little by running for a moment; one that could not be started says all.
  const sibling = task?.startedAt === undefined ? siblingRuns(view) : siblingOutlived([trouble], view);
  return !sibling || endsAgain(view.troubles.filter(sameEnd(trouble)), view) >= 2;
}

const isEarlier = ({ task }: Trouble, { snapshot: { begunBeforehand } }: View): boolean =>
  task !== undefined && (begunBeforehand?.has(task.id) ?? false);

/**
 * What failed before this run came, would have been certain for a run that saw it, and may fail again: success is due once every running
 * task has clearly outlived those that failed. ECS calls a deployment complete at any moment at which all tasks run.
 */
export function mayFailAgain(view: View): Trouble | undefined {
  const { begunBeforehand, ...snapshot } = view.snapshot;
  if (!begunBeforehand?.size) return undefined;
  const asBeginner = { ...view, snapshot };
  const certain = [
    ...view.troubles.filter((trouble) => isPermanent(trouble, asBeginner)).map((trouble) => [trouble]),
    ...proofs(asBeginner),
  ];
  return certain.find((group) => group.every((one) => isEarlier(one, view)) && !allOutlived(group, view))?.[0];
}

const askedForAt = ({ id }: TaskState, { snapshot: { events } }: View): Instant | undefined =>
  events.find(({ kind, taskIds }) => kind === 'tasks-started' && taskIds.includes(id))?.at;

const sameEnd =
  ({ diagnosis: { rule } }: Trouble) =>
  ({ from, diagnosis }: Trouble): boolean =>
    from === 'task' && diagnosis.rule === rule;

/**
 * How many of them ended one after another, each started when the one before had ended: tasks that ECS started together
 * and that end together are one event, whose replacements may do better.
 */
function endsAgain(ends: readonly Trouble[], view: View): number {
  const lives = ends.flatMap(({ task }) => {
    if (task?.stoppedAt === undefined) return [];
    const { stoppedAt: ended, createdAt = ended, startedAt } = task;
    const start = startedAt ?? Math.min(createdAt, askedForAt(task, view) ?? ended);
    return [{ start: start < ended ? start : ended - POLICY.unrelatedEndsSeconds, ended }];
  });
  let last = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const { start, ended } of lives.sort((a, b) => a.ended - b.ended)) {
    if (start < last) continue;
    last = ended;
    count += 1;
  }
  return count;
}

/** Says that an address could not be reached. Temporary for a service that ran in the same subnets, else how it is set up. */
const isNetwork = ({ subject, failure, nature }: Diagnosis): boolean =>
  nature === 'ambiguous' && failure === 'unreachable' && subject !== 'health-check';

/** The service's first deployment: no earlier task has shown that image, secrets and logs can be reached. */
const neverRan = ({ snapshot: { service, othersRan = false }, deployment }: View): boolean =>
  !othersRan && service.deployments.every(({ id, runningCount }) => id === deployment.id || runningCount === 0);

/** Refused again a minute after the first time, or refused once and nothing was started for long. */
function roleStaysRefused({ troubles, snapshot, ours, now }: View): boolean {
  const times = troubles.flatMap(({ diagnosis, at }) => (diagnosis.propagates && at ? [at] : []));
  const first = Math.min(...times);
  const last = Math.max(...times);
  const startedSince = snapshot.events.some(({ at, kind }) => at >= last && kind === 'tasks-started');
  if (times.length === 0 || startedSince || (ours?.runningCount ?? 0) + (ours?.pendingCount ?? 0) > 0) return false;
  return last - first >= POLICY.iamPropagationSeconds || now - first >= POLICY.roleSilenceSeconds;
}

const runningOf = ({ snapshot: { tasks } }: View): TaskState[] =>
  tasks.filter(
    ({ lastStatus, desiredStatus, healthStatus }) =>
      lastStatus === 'RUNNING' && desiredStatus !== 'STOPPED' && healthStatus !== 'UNHEALTHY',
  );

/** Counted as running, without those that are on their way out: ECS counts a task until it has left its load balancer. */
function countedRunning({ ours, snapshot: { tasks } }: View): number {
  const leaving = tasks.filter(
    ({ lastStatus, desiredStatus, startedAt }) =>
      desiredStatus === 'STOPPED' && lastStatus !== 'STOPPED' && startedAt !== undefined,
  );
  return (ours?.runningCount ?? 0) - leaving.length;
}

const seesRunning = ({ snapshot: { tasks } }: View): boolean =>
  tasks.some(({ lastStatus }) => lastStatus === 'RUNNING');

const siblingRuns = (view: View): boolean =>
  countedRunning(view) > 0 && (runningOf(view).length > 0 || !seesRunning(view));

/** A healthy task of the same revision that has run for clearly longer than those that failed. */
function siblingOutlived(failures: readonly Trouble[], view: View): boolean {
  if (countedRunning(view) <= 0) return false;
  const siblings = runningOf(view);
  if (siblings.length === 0) return unseenOutlived(failures, view);
  return siblings.some((task) => {
    const target = view.snapshot.targetHealth.get(task.id);
    if (target && target.state !== 'healthy') return false;
    return outlived(task, failures, view);
  });
}

/**
 * All that run have: one of them says nothing about those that replaced the failed ones. For a deployment that ECS calls complete: load
 * balancers are not asked any more.
 */
function allOutlived(failures: readonly Trouble[], view: View): boolean {
  const siblings = runningOf(view);
  if (siblings.length === 0) return unseenOutlived(failures, view);
  return siblings.every((task) => outlived(task, failures, view));
}

const outlived = ({ startedAt }: TaskState, failures: readonly Trouble[], view: View): boolean =>
  startedAt !== undefined && view.now - startedAt >= outlivingSeconds(failures, view);

/** Counted, and not seen: its age is that of the last growth of the count. */
const unseenOutlived = (failures: readonly Trouble[], view: View): boolean =>
  !seesRunning(view) && view.now - view.snapshot.lastProgressAt >= outlivingSeconds(failures, view);

function outlivingSeconds(failures: readonly Trouble[], view: View): number {
  const lives = failures.map(({ task }) => lifetime(task, view));
  return Math.max(...lives) * POLICY.outlivedFactor + POLICY.outlivedSeconds;
}

/** How long it ran; where ECS has not reported when it started, but that it exited, since it was requested. */
function lifetime(task: TaskState | undefined, view: View): number {
  const ran = task?.stopCode === 'EssentialContainerExited' ? askedForAt(task, view) : undefined;
  const start = task?.startedAt ?? ran;
  return start === undefined ? 0 : Math.max(0, (task?.stoppedAt ?? view.now) - start);
}

/**
 * Two tasks of ours that ended of the same cause in the same container. An end without a known cause counts as well:
 * twice the same unknown text, twice "essential container exited".
 */
const matching = (view: View): readonly Trouble[] => proofs(view)[0] ?? [];

function proofs(view: View): readonly (readonly Trouble[])[] {
  const bad = view.troubles.filter(({ from, diagnosis: { nature }, task }) => {
    const vague = nature === 'unknown' || nature === 'symptom';
    return from === 'task' && (nature === 'ambiguous' || (vague && !wasAskedToStop(task)));
  });
  const groups = Object.values(Object.groupBy(bad, ({ diagnosis }) => keyOf(diagnosis)));
  return groups.flatMap((group) => (group && isProof(group, view) ? [group] : []));
}

/** The application brought it about itself: that a sibling got through it does not help those that do not. */
const isOwnDoing = ({ end }: Diagnosis): boolean => end !== undefined && end !== 'terminated' && end !== 'helper';

function isProof(group: readonly Trouble[], view: View): boolean {
  const [first] = group;
  if (!first || group.length < 2 || group.every((trouble) => isEarlier(trouble, view))) return false;
  if (first.diagnosis.failure === 'throttled' && endsAgain(group, view) < POLICY.throttledInARow) return false;
  if (!siblingOutlived(group, view)) return true;
  const needed = 2 + Math.floor(countedRunning(view) / POLICY.siblingsPerFurtherCrash);
  return isOwnDoing(first.diagnosis) && endsAgain(group, view) >= needed;
}

const wasAskedToStop = (task: TaskState | undefined): boolean =>
  task?.stopCode === 'UserInitiated' || (task?.stopCode === 'ServiceSchedulerInitiated' && !task.failedHealthCheck);

/** Answering wrongly and not answering are the same to a load balancer, which reports now one, now the other. */
const keyOf = ({ rule, subject, container = '', nature, cause }: Diagnosis): string => {
  if (nature === 'unknown') return cause;
  if (subject === 'health-check') return subject;
  return `${rule} ${container}`;
};

/** Where tasks may not be seen, or say nothing, ECS's counter and events are what is left. */
function unseenFailures(view: View, ours: DeploymentState): Verdict | undefined {
  const { snapshot, troubles } = view;
  if (ours.runningCount > 0 || troubles.some(({ from }) => from === 'task')) return undefined;
  const reported = troubles.find(({ from, diagnosis }) => from === 'event' && diagnosis.nature === 'ambiguous');
  if (reported && ours.failedTasks >= 2) {
    return failed(view, `${reported.diagnosis.cause} (${ours.failedTasks} tasks failed.)`, reported.diagnosis);
  }
  if (ours.failedTasks < POLICY.unseenFailures || snapshot.tasks.length > 0) return undefined;
  const advice = cannotSeeTasks(snapshot.denied) ? ' Allow ecs:ListTasks and ecs:DescribeTasks to see the reason.' : '';
  return failed(view, `${ours.failedTasks} tasks of the new revision failed one after another and none runs.${advice}`);
}

/** A limit on how long a rollout waits for something. */
export interface Deadline {
  readonly since: Instant;
  readonly deadline: Instant;
}

/**
 * Placement that waits for room that this deployment cannot make: nothing of ours runs or is on its way, no old task may be stopped (the
 * minimum needs all of them), none is leaving, and no capacity provider adds instances. Others may still give some back, so there is a limit.
 */
export function placementLimit(view: View): (Deadline & { readonly trouble: Trouble }) | undefined {
  const { ours, snapshot } = view;
  const unplaced = view.troubles.filter(
    ({ diagnosis: { nature, needs } }) => nature === 'unplaceable' || needs === 'quota',
  );
  const trouble = unplaced.at(-1);
  if (!trouble || !ours) return undefined;
  const last = timeOf(trouble);
  if (last === undefined || isOutdated(trouble, last, view) || !roomCannotCome(view, ours)) return undefined;
  const { needs, transient } = trouble.diagnosis;
  if (needs === undefined && transient) return undefined;
  const freed = snapshot.othersMovedAt ?? 0;
  // ECS repeats the event, which must not move the limit.
  const moved = Math.max(freed, snapshot.lastProgressAt, lastStartIn(trouble, view));
  const first = unplaced.map((one) => timeOf(one) ?? 0).find((at) => at >= moved) ?? last;
  // Placement is tried again some time after others have left.
  const patience = needs === 'room' && freed <= first ? POLICY.blockedProofSeconds : POLICY.sharedQuotaSeconds;
  const from = Math.max(first, freed);
  return { since: from, deadline: from + patience, trouble };
}

/** The limit of placement has passed. */
export function placementImpossible(view: View): Verdict | undefined {
  const limit = placementLimit(view);
  if (!limit || view.now < limit.deadline) return undefined;
  const { diagnosis } = limit.trouble;
  return stuck(view, `${diagnosis.cause} ${whyUnplaced(view, diagnosis, view.now - limit.since)}`, diagnosis);
}

/**
 * The arithmetic itself allows no step: no old task may stop and no new one start. Refused before our own change
 * (service/change.ts); another client may have changed the percents, or the service was found in this state.
 */
export function deadlocked(view: View): Verdict | undefined {
  const { ours, deployment, now, snapshot } = view;
  const { service, deadlock } = snapshot;
  if (
    !deadlock ||
    !ours ||
    ours.runningCount + ours.pendingCount > 0 ||
    now - deployment.startedAt < POLICY.blockedProofSeconds
  )
    return undefined;
  const others = service.deployments.filter(({ id }) => id !== deployment.id);
  const old = others.reduce((sum, { runningCount, pendingCount }) => sum + runningCount + pendingCount, 0);
  const wantsOld = others.reduce((sum, { desiredCount }) => sum + desiredCount, 0);
  if (old < service.desiredCount || wantsOld < service.desiredCount) return undefined;
  return stuck(view, deadlock.cause, deadlock);
}

const isOutdated = (trouble: Trouble, since: Instant, view: View): boolean =>
  view.snapshot.lastProgressAt > since || lastStartIn(trouble, view) > since;

/** When ECS last started a task, as far as that outdates such a trouble. */
const lastStartIn = ({ from }: Trouble, { snapshot }: View): Instant =>
  (from === 'event' ? snapshot.events.findLast(({ kind }) => kind === 'tasks-started')?.at : undefined) ?? 0;

function roomCannotCome({ snapshot, deployment }: View, ours: DeploymentState): boolean {
  const { service, tasks, addsCapacity, othersRan = false, othersDraining = 0 } = snapshot;
  if (ours.runningCount + ours.pendingCount > 0 || ours.desiredCount === 0) return false;
  if (service.schedulingStrategy === 'DAEMON') return false;
  const others = service.deployments.filter(({ id }) => id !== deployment.id);
  const leaving = others.some(
    ({ runningCount, pendingCount, desiredCount }) => runningCount + pendingCount > desiredCount,
  );
  // ECS keeps a task PROVISIONING only where managed scaling will make room for it.
  const scales =
    (addsCapacity ?? service.capacityProviders.some((name) => !isFargateProvider(name))) ||
    tasks.some(({ lastStatus }) => lastStatus === 'PROVISIONING');
  const old = others.reduce((sum, { runningCount }) => sum + runningCount, 0);
  // Old tasks that no longer count may drain for minutes yet, and hold what they have until they have stopped.
  const draining = othersDraining > 0 || (old === 0 && othersRan);
  // ECS stops an old task only while more than the minimum run, and has stopped already those that it may.
  const mayStopOld = old > 0 && isRolling(service) && planRolling(service).lo < old + ours.runningCount;
  return !leaving && !scales && !draining && !mayStopOld;
}

/** How long ECS had no room, and what of this service and cluster made none. */
function whyUnplaced(
  { snapshot: { service, compute }, deployment }: View,
  { failure, needs }: Diagnosis,
  seconds: number,
): string {
  const old = service.deployments.some(({ id, runningCount }) => id !== deployment.id && runningCount > 0);
  // An attribute that no instance has, no task holds.
  const isHeld = failure === 'exhausted' || failure === 'conflict';
  const reasons = [
    ...(old && isHeld ? [whatKeepsOld(service)] : []),
    ...(needs === 'room' ? whatAddsNone(compute) : []),
  ];
  const why = reasons.length > 0 ? `: ${reasons.join(', and ')}` : '';
  return `ECS placed no task for ${span(seconds)}${why}.`;
}

/**
 * Whether ECS stops old tasks before the new ones have taken over: the other strategies keep them until the end.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
const isRolling = ({ strategy }: ServiceState): boolean => strategy === 'ROLLING';

const whatKeepsOld = (service: ServiceState): string =>
  isRolling(service)
    ? `minimum-healthy-percent ${service.minimumHealthyPercent} keeps every old task until a new one runs`
    : `a ${service.strategy} deployment keeps every old task until the new ones have taken over`;

function whatAddsNone(compute: Compute | undefined): readonly string[] {
  if (compute === 'FARGATE') return [];
  return [
    compute === 'EXTERNAL' ? 'ECS adds no external instances itself' : 'no capacity provider adds container instances',
  ];
}
