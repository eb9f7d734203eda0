import type { DeploymentState, TaskState } from '../model.ts';
import type { Verdict } from './verdict.ts';
import type { View } from './view.ts';

/** So many of the things that went wrong on the way are worth a word afterwards. */
const WARNINGS = 5;

/**
 * Proof of success: ours is PRIMARY (judge has seen to that), ECS says COMPLETED or SUCCESSFUL, and it runs what is
 * wanted now, not at the start: autoscaling may have moved it.
 */
export function isDone(view: View, ours: DeploymentState): boolean {
  const { service, serviceDeployment: told } = view.snapshot;
  if (nothingIsWanted(view, ours)) return true;
  const early = told?.earlySuccessPercent ?? service.earlySuccessPercent;
  const wanted = Math.max(ours.desiredCount, service.schedulingStrategy === 'DAEMON' ? 0 : service.desiredCount);
  const enough = early === undefined ? wanted : Math.ceil((wanted * Math.min(early, 100)) / 100);
  return saysDone(view, ours) && ours.runningCount - onTheirWayOut(view, ours) >= enough;
}

/** Where a task that is leaving is still counted, ECS has asked for another one by then. */
const REPLACED_SECONDS = 30;

/** Counted as running still, but told to stop: one that failed right after ECS had looked. Health is ECS's to judge. */
const onTheirWayOut = ({ snapshot: { tasks, leavingSince }, now }: View, { pendingCount }: DeploymentState): number =>
  tasks.filter((task) => {
    const since = leavingSince?.get(task.arn) ?? now;
    return isOnItsWayOut(task) && (pendingCount > 0 || now - since < REPLACED_SECONDS);
  }).length;

export const isOnItsWayOut = ({ lastStatus, desiredStatus, stoppedReason = '' }: TaskState): boolean =>
  lastStatus === 'RUNNING'
    ? desiredStatus === 'STOPPED'
    : lastStatus === 'DEACTIVATING' && /health check/i.test(stoppedReason);

/** The service deployment knows best: a bake or a hook may follow when the rollout state is COMPLETED already. */
function saysDone({ snapshot }: View, ours: DeploymentState): boolean {
  const { serviceDeployment: told } = snapshot;
  if (told?.status === 'SUCCESSFUL') return true;
  const stage = told?.lifecycleStage;
  const held = stage !== undefined && stage !== 'CLEAN_UP' && stage !== 'SCALE_UP' && stage !== 'RECONCILE_SERVICE';
  if (ours.rolloutState === undefined) return isSteady(snapshot, ours);
  return ours.rolloutState === 'COMPLETED' && !held;
}

/** Where ECS keeps no rollout state: nothing but ours is left, and ECS calls the service steady since it began. */
const isSteady = ({ service, events }: View['snapshot'], { runningCount, pendingCount }: DeploymentState): boolean =>
  service.deployments.length === 1 &&
  runningCount > 0 &&
  pendingCount === 0 &&
  events.some(({ kind }) => kind === 'steady');

/** Desired count 0 and nothing left to stop: ECS has no task by which it could find anything wrong. */
function nothingIsWanted({ snapshot: { service, serviceDeployment: told } }: View, ours: DeploymentState): boolean {
  if (service.schedulingStrategy === 'DAEMON' || service.desiredCount > 0 || ours.desiredCount > 0) return false;
  const left = service.deployments.some(
    ({ runningCount, pendingCount, desiredCount }) => runningCount + pendingCount + desiredCount > 0,
  );
  // A hook may still refuse the revision.
  const held = told !== undefined && (told.hooks.length > 0 || told.lifecycleStage !== undefined);
  return !left && !held;
}

export function success({ snapshot, troubles }: View, ours: DeploymentState): Verdict {
  const { service } = snapshot;
  const onTheWay = troubles.flatMap(({ from, diagnosis: { severity, nature, cause } }) =>
    from === 'deployment' || severity === 'normal' || nature === 'symptom' || nature === 'normal'
      ? []
      : [`On the way: ${cause}`],
  );
  const nothing = `The desired count of ${service.name} is ${service.desiredCount}, so no task runs: nothing was verified.`;
  return {
    kind: 'succeeded',
    runningCount: ours.runningCount,
    digests: digestsOf(snapshot),
    warnings: [...(ours.runningCount === 0 ? [nothing] : []), ...[...new Set(onTheWay)].slice(0, WARNINGS)],
  };
}

/** What the service revision resolved each image to; else what the running tasks pulled. */
function digestsOf({ revision, tasks }: View['snapshot']): Readonly<Record<string, string>> {
  const resolved = (revision?.images ?? []).flatMap(({ containerName, digest }) =>
    digest ? [[containerName, digest] as const] : [],
  );
  const pulled = tasks
    .filter(({ lastStatus }) => lastStatus === 'RUNNING')
    .flatMap(({ containers }) => containers)
    .flatMap(({ name, imageDigest }) => (imageDigest ? [[name, imageDigest] as const] : []));
  return Object.fromEntries(resolved.length > 0 ? resolved : pulled);
}
