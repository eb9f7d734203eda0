import { isOrdinaryState } from '../diagnosis/words.ts';
import type { DeploymentState, Instant, ServiceDeployment, ServiceEvent } from '../model.ts';
import { defined } from '../model.ts';
import { planRolling } from '../service/change.ts';
import { computeOf } from '../service/compute.ts';
import { beganAt, type Deployment, primaryOf } from '../service/deployment.ts';
import { endedBadly } from '../service/tally.ts';
import { POLICY } from './policy.ts';
import { isEnding, isStopping, type Observed, oursIn, type Snapshot, type Unexplained, type View } from './snapshot.ts';

const STOPPED = { lastStatus: 'STOPPED', desiredStatus: 'STOPPED' } as const;

/** Folds one poll into the snapshot, whose messages `explain` (troubles.ts) then explains, where there are some (`isUntroubled`). */
export function nextSnapshot(previous: Snapshot | undefined, observed: Observed, deployment: Deployment): Unexplained {
  const tasks = new Map((previous?.tasks ?? []).map((task) => [task.arn, task]));
  for (const task of observed.tasks ?? []) if (task.startedBy === deployment.id) tasks.set(task.arn, task);
  for (const arn of observed.gone ?? []) {
    const task = tasks.get(arn);
    tasks.delete(arn);
    // Why it was stopped stays known.
    if (task && (task.stoppedReason ?? task.stopCode) !== undefined) tasks.set(arn, { ...task, ...STOPPED });
  }
  const events = new Map((previous?.events ?? []).map((event) => [event.id, event]));
  // ECS gives the newest first; of several in one second the last one must come last.
  for (const event of observed.service.events.toReversed())
    if (event.at >= beganAt(deployment) - 1) events.set(event.id, event);
  const serviceDeployment = remembering(previous?.serviceDeployment, observed.serviceDeployment);
  const revision = observed.revision ?? previous?.revision;
  const { providers } = observed;
  const addsCapacity = providers?.some(({ addsInstances }) => addsInstances) ?? previous?.addsCapacity;
  const compute =
    computeOf(observed.service, { tasks: observed.tasks ?? [], ...defined({ providers }) }) ?? previous?.compute;
  const known = {
    at: observed.at,
    service: observed.service,
    tasks: [...tasks.values()].sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0)),
    events: [...events.values()].sort((a, b) => a.at - b.at),
    targetHealth: observed.targetHealth ?? previous?.targetHealth ?? new Map(),
    logs: new Map([...(previous?.logs ?? []), ...(observed.logs ?? [])]),
    logsRead: new Map([...(previous?.logsRead ?? []), ...(observed.logsRead ?? [])]),
    logHints: new Map([...(previous?.logHints ?? []), ...(observed.logHints ?? [])]),
    denied: [...new Set([...(previous?.denied ?? []), ...observed.denied])],
    ...defined({ serviceDeployment, revision, addsCapacity, compute }),
  };
  const othersMovedAt = othersMoved(previous, known, deployment);
  const begunBeforehand = previous?.begunBeforehand ?? begun(observed, deployment);
  return {
    ...known,
    ...defined({ begunBeforehand }),
    ...progress(previous, known, deployment),
    ...defined({ othersMovedAt }),
    ...othersLeft(previous, { seen: known, draining: othersDraining(previous, observed, deployment) }, deployment),
    leavingSince: leavingSince(previous, known),
    ...defined({ othersFailed: othersFailed(previous, observed, deployment) }),
    othersRan: (previous?.othersRan ?? beganUnseen(known, deployment)) || othersRun(known, deployment),
  };
}

/** Events of every deployment; without a reason, none of them is a trouble. */
const ORDINARY: ReadonlySet<ServiceEvent['kind']> = new Set([
  'tasks-started',
  'tasks-stopped',
  'draining',
  'targets-registered',
  'targets-deregistered',
  'steady',
  'deployment-completed',
  'desired-count-set',
] as const);

/** Whether nothing in it has to be explained: `explain` would find no trouble. So it is with most deployments that succeed. */
export function isUntroubled(
  { tasks, events, service, serviceDeployment }: Unexplained,
  deployment: Deployment,
): boolean {
  const reasons = [
    serviceDeployment?.rollback?.reason,
    serviceDeployment?.statusReason,
    oursIn(service, deployment)?.rolloutStateReason,
  ];
  return (
    !tasks.some(isEnding) &&
    events.every((event) => ORDINARY.has(event.kind) && !('reason' in event)) &&
    reasons.every((reason) => !reason || isOrdinaryState(reason)) &&
    !serviceDeployment?.alarms?.triggered.length &&
    !planRolling(service).stuck
  );
}

/** What tripped stays the reason, even where a later answer says no more of it. */
function remembering(
  before: ServiceDeployment | undefined,
  now: ServiceDeployment | undefined,
): ServiceDeployment | undefined {
  if (!before || !now || before.arn !== now.arn) return now ?? before;
  const { circuitBreaker, alarms } = before;
  return { ...defined({ circuitBreaker, alarms }), ...now };
}

/** When tasks of other deployments last came or went: what they leave may be what ours wait for. */
function othersMoved(previous: Snapshot | undefined, now: Seen, deployment: Deployment): Instant | undefined {
  const picture = ({ service }: Seen): string =>
    service.deployments
      .filter(({ id }) => id !== deployment.id)
      .map(({ id, runningCount, pendingCount }) => `${id} ${runningCount} ${pendingCount}`)
      .join();
  return previous && picture(previous) !== picture(now) ? now.at : previous?.othersMovedAt;
}

/**
 * When tasks of other deployments last left for good. Only the fewest so far count: an old revision that crashes and
 * comes again makes no room.
 */
function othersLeft(
  previous: Snapshot | undefined,
  { seen: { service, at }, draining }: { readonly seen: Seen; readonly draining: number },
  deployment: Deployment,
): Pick<Snapshot, 'othersFewest' | 'othersLeftAt' | 'othersDraining'> {
  const others = service.deployments.filter(({ id }) => id !== deployment.id);
  const count = others.reduce((sum, { runningCount, pendingCount }) => sum + runningCount + pendingCount, 0);
  const before = previous?.othersFewest;
  const fewer = (before !== undefined && count < before) || draining < (previous?.othersDraining ?? 0);
  const leftAt = fewer ? at : previous?.othersLeftAt;
  return {
    othersFewest: Math.min(before ?? count, count),
    othersDraining: draining,
    ...defined({ othersLeftAt: leftAt }),
  };
}

/** What a deployment that was found under way had started by then; undefined until tasks have been seen. */
const begun = ({ tasks }: Observed, { foundUnderWay, id: ours }: Deployment): ReadonlySet<string> | undefined =>
  foundUnderWay && tasks ? new Set(tasks.flatMap(({ id, startedBy }) => (startedBy === ours ? [id] : []))) : undefined;

const othersDraining = (previous: Snapshot | undefined, { tasks }: Observed, deployment: Deployment): number =>
  tasks?.filter(
    ({ startedBy, desiredStatus, lastStatus }) =>
      startedBy !== deployment.id && desiredStatus === 'STOPPED' && lastStatus !== 'STOPPED',
  ).length ??
  previous?.othersDraining ??
  0;

/** A task is observed once after its end; what ended before our deployment started says nothing of it. */
function othersFailed(
  previous: Snapshot | undefined,
  { tasks = [], at }: Observed,
  deployment: Deployment,
): Snapshot['othersFailed'] {
  const failed = tasks.filter(
    (task) =>
      task.startedBy !== deployment.id &&
      task.startedBy !== undefined &&
      (task.stoppedAt ?? at) >= beganAt(deployment) &&
      endedBadly(task),
  );
  if (failed.length === 0) return previous?.othersFailed;
  const known = new Map(previous?.othersFailed);
  for (const { startedBy = '', arn } of failed) known.set(startedBy, new Set([...(known.get(startedBy) ?? []), arn]));
  return known;
}

function leavingSince(previous: Snapshot | undefined, { tasks, at }: Seen): ReadonlyMap<string, Instant> {
  const leaving = tasks.filter(isStopping).map(({ arn }) => arn);
  return new Map(leaving.map((arn) => [arn, previous?.leavingSince?.get(arn) ?? at]));
}

const othersRun = ({ service }: Seen, deployment: Deployment): boolean =>
  service.deployments.some(
    ({ id, rolloutState, runningCount }) => id !== deployment.id && (rolloutState === 'COMPLETED' || runningCount > 0),
  );

/** Who comes late to a deployment cannot know whether what it replaced ever ran; mostly it did. */
const beganUnseen = ({ at }: Seen, { startedAt, previousTaskDefinitionArn }: Deployment): boolean =>
  previousTaskDefinitionArn !== undefined && at - startedAt > POLICY.lateSeconds;

type Progress = Pick<Snapshot, 'bestHealthy' | 'lastProgressAt' | 'stageSince'>;
type Seen = Pick<Snapshot, 'at' | 'service' | 'tasks' | 'serviceDeployment'>;

/**
 * Progress is growth of our healthy count beyond what it ever was: a crash loop that comes and goes makes none. Tasks
 * lost to Spot, maintenance or a smaller desired count are not held against those that replace them.
 */
function progress(previous: Snapshot | undefined, now: Seen, deployment: Deployment): Progress {
  const ours = oursIn(now.service, deployment);
  const healthy = healthyOf(now, ours);
  // That tasks were started at all was progress; nothing that ECS reported since is older than it.
  if (!previous)
    return { bestHealthy: healthy, lastProgressAt: Math.min(now.at, beganAt(deployment)), stageSince: now.at };
  const before = oursIn(previous.service, deployment);
  const excused = lostToOthers(now) > lostToOthers(previous) || (ours?.desiredCount ?? 0) < (before?.desiredCount ?? 0);
  const best = excused ? Math.min(previous.bestHealthy, healthy) : previous.bestHealthy;
  const staged = stageOf(now) !== stageOf(previous);
  return {
    bestHealthy: Math.max(best, healthy),
    stageSince: trafficOf(now) === trafficOf(previous) ? (previous.stageSince ?? now.at) : now.at,
    lastProgressAt: excused || staged || healthy > best ? now.at : previous.lastProgressAt,
  };
}

function healthyOf({ tasks }: Seen, ours: DeploymentState | undefined): number {
  const unhealthy = tasks.filter(
    ({ lastStatus, healthStatus }) => lastStatus === 'RUNNING' && healthStatus === 'UNHEALTHY',
  );
  return Math.max(0, (ours?.runningCount ?? 0) - unhealthy.length);
}

const LOST = new Set(['SpotInterruption', 'TerminationNotice', 'InfrastructureHealth', 'UserInitiated']);
const lostToOthers = ({ tasks }: Seen): number => tasks.filter(({ stopCode }) => LOST.has(stopCode ?? '')).length;

const trafficOf = ({ serviceDeployment }: Pick<Snapshot, 'serviceDeployment'>): string =>
  `${serviceDeployment?.lifecycleStage} ${serviceDeployment?.target?.trafficPercent}`;

const stageOf = ({ serviceDeployment }: Pick<Snapshot, 'serviceDeployment'>): string =>
  serviceDeployment
    ? [
        serviceDeployment.status,
        serviceDeployment.lifecycleStage,
        ...serviceDeployment.hooks.map(({ id, status }) => `${id} ${status}`),
      ].join()
    : '';

/** Looks up all that a judgement of this snapshot rests on. */
export const viewOf = (snapshot: Snapshot, deployment: Deployment, now: Instant): View => ({
  snapshot,
  deployment,
  now,
  ours: oursIn(snapshot.service, deployment),
  primary: primaryOf(snapshot.service),
  troubles: snapshot.troubles ?? [],
});
