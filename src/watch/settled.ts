/** What ECS has decided about our deployment: done, rolled back, failed, stopped, replaced. */
import type { DeploymentState, ServiceDeployment } from '../model.ts';
import { beganAt, carrierOf } from '../service/deployment.ts';
import { POLICY } from './policy.ts';
import { isStopping, type View } from './snapshot.ts';
import { failed, reasonOf, rolledBack, rollingBack, shortOf, superseded, type Verdict, wait } from './verdict.ts';

/**
 * What ECS itself has decided about our deployment: restored, restoring, failed, stopped, replaced; undefined while it
 * has not. The service deployment says it best; without it (denied, not found yet) the service's deployments do.
 */
export function settledByEcs(view: View): Verdict | undefined {
  const { snapshot, deployment, primary, now } = view;
  const { serviceDeployment, service } = snapshot;
  if (service.status === 'INACTIVE' || service.status === 'DRAINING') {
    const when = deployment.endedBefore ? '' : ' while it was being deployed';
    return { kind: 'stopped', reason: `The service ${service.name} was deleted${when}.` };
  }
  switch (serviceDeployment?.status) {
    case 'ROLLBACK_SUCCESSFUL':
      return rolledBack(view);
    case 'ROLLBACK_FAILED':
      if (deployment.previousTaskDefinitionArn === undefined) return failed(view, reasonOf(view));
      return failed(
        view,
        `${carrierOf(deployment)} could not restore ${shortOf(deployment.previousTaskDefinitionArn)} after ${shortOf(deployment.taskDefinitionArn)}: ${reasonOf(view)}`,
      );
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
      return rollingBack(view);
    case 'STOPPED':
      return stopped(view, serviceDeployment);
    case 'STOP_REQUESTED':
      // Where it had no tasks yet, the service looks as after a rollback.
      if (serviceDeployment.codeDeploy) return wait('CodeDeploy to show whether it rolls back');
  }
  if (!primary || primary.id !== deployment.id) return displaced(view);
  if (primary.rolloutState === 'FAILED') {
    const due = now - primary.updatedAt < POLICY.displacementSeconds;
    return due && restores(view) ? rollingBack(view) : failed(view, reasonOf(view));
  }
  const alarmed =
    serviceDeployment?.alarms?.status === 'TRIGGERED' || (serviceDeployment?.alarms?.triggered.length ?? 0) > 0;
  if (serviceDeployment?.circuitBreaker?.status === 'TRIGGERED' || alarmed) {
    return restores(view) ? rollingBack(view) : failed(view, reasonOf(view));
  }
  return undefined;
}

/** ECS rolls back to the predecessor automatically; without a completed one its breaker stalls. */
function restores({ snapshot: { service } }: View): boolean {
  const asked =
    (service.circuitBreaker?.enable && service.circuitBreaker.rollback) ||
    (service.alarms?.enable && service.alarms.rollback);
  return Boolean(asked) && service.deployments.some(({ rolloutState }) => rolloutState === 'COMPLETED');
}

function stopped(view: View, { statusReason, statusCauses }: ServiceDeployment): Verdict {
  const { snapshot, deployment, primary, ours, now } = view;
  // A deployment of CodeDeploy that failed and is not rolled back: what served before serves, or both do.
  if (snapshot.serviceDeployment?.codeDeploy) {
    if (!statusCauses?.includes('user')) return failed(view, reasonOf(view));
    // Who stops it chooses between a rollback and none.
    return { kind: 'stopped', reason: statusReason ?? 'The deployment was stopped.' };
  }
  if (primary && primary.id !== deployment.id && !isRestored(view, primary)) return superseded(primary);
  // Its circuit breaker or an alarm ended it, and no rollback is configured.
  if (ours?.rolloutState === 'FAILED') return failed(view, reasonOf(view));
  if (!statusCauses?.includes('newer-deployment'))
    return { kind: 'stopped', reason: statusReason ?? 'The service deployment was stopped.' };
  // DescribeServices will show in a moment by whom.
  if (now - (snapshot.serviceDeployment?.finishedAt ?? now) < POLICY.staleSeconds) {
    return wait('ECS to show what replaced the deployment');
  }
  return { kind: 'superseded', byDeployment: 'a newer deployment', byTaskDefinition: 'another revision' };
}

/** PRIMARY is another deployment: ECS rolls back to the old revision, or a newer one was deployed. */
function displaced(view: View): Verdict {
  const { snapshot, deployment, primary, ours } = view;
  if (!primary) return wait('ECS to show the deployment');
  const older = primary.createdAt < beganAt(deployment) - 1;
  if (!isRestored(view, primary)) {
    const stale = older && !ours && snapshot.at - deployment.startedAt < POLICY.staleSeconds;
    if (stale) return wait('ECS to show the deployment');
    // A rollback reuses the older deployment; a new deploy creates a younger one.
    if (!older || primary.taskDefinitionArn !== deployment.previousTaskDefinitionArn) return superseded(primary);
  }
  const whole = primary.rolloutState === 'COMPLETED' && primary.runningCount >= primary.desiredCount;
  return whole ? rolledBack(view) : rollingBack(view);
}

/** Whether ECS says that it put this deployment back in place of ours. */
function isRestored({ snapshot, deployment, ours }: View, primary: DeploymentState): boolean {
  if (primary.rolloutCauses?.includes('rollback')) return true;
  if (snapshot.events.some((event) => event.kind === 'rolling-back' && event.to === primary.id)) return true;
  const before = primary.taskDefinitionArn === deployment.previousTaskDefinitionArn;
  const older = primary.createdAt < beganAt(deployment) - 1;
  return (before || older) && ours?.rolloutState === 'FAILED';
}

/**
 * Proof of success: ours is PRIMARY (judge has seen to that), ECS says COMPLETED or SUCCESSFUL, and it runs what is
 * wanted now, not at the start: autoscaling may have moved it.
 */
export function isDone(view: View, ours: DeploymentState): boolean {
  const { service, serviceDeployment } = view.snapshot;
  if (nothingIsWanted(view, ours)) return true;
  const early = serviceDeployment?.earlySuccessPercent ?? service.earlySuccessPercent;
  const wanted = Math.max(ours.desiredCount, service.schedulingStrategy === 'DAEMON' ? 0 : service.desiredCount);
  const enough = early === undefined ? wanted : Math.ceil((wanted * Math.min(early, 100)) / 100);
  return saysDone(view, ours) && ours.runningCount - stoppingCount(view, ours) >= enough;
}

/** Still counted as running, but stopping: a task that failed right after ECS updated its counts. Health is ECS's to judge. */
const stoppingCount = ({ snapshot: { tasks, leavingSince }, now }: View, { pendingCount }: DeploymentState): number =>
  tasks.filter((task) => {
    const since = leavingSince?.get(task.arn) ?? now;
    return isStopping(task) && (pendingCount > 0 || now - since < POLICY.replacedSeconds);
  }).length;

/** Stages in which a deployment that ECS calls completed is: the last, the first, and CodeDeploy's wait before the original task set goes. */
const FREE_STAGES: readonly string[] = ['CLEAN_UP', 'SCALE_UP', 'RECONCILE_SERVICE', 'TERMINATION_WAIT'];

/** The service deployment knows best: a bake or a hook may follow when the rollout state is COMPLETED already. */
function saysDone({ snapshot }: View, ours: DeploymentState): boolean {
  const { serviceDeployment } = snapshot;
  if (serviceDeployment?.status === 'SUCCESSFUL') return true;
  const stage = serviceDeployment?.lifecycleStage;
  const held = stage !== undefined && !FREE_STAGES.includes(stage);
  if (ours.rolloutState === undefined) return isSteady(snapshot, ours);
  return ours.rolloutState === 'COMPLETED' && !held;
}

/** Where ECS keeps no rollout state: nothing but ours is left, and ECS calls the service steady since it started. */
const isSteady = ({ service, events }: View['snapshot'], { runningCount, pendingCount }: DeploymentState): boolean =>
  service.deployments.length === 1 &&
  runningCount > 0 &&
  pendingCount === 0 &&
  events.some(({ kind }) => kind === 'steady');

/** Desired count 0 and nothing left to stop: ECS has no task by which it could find anything wrong. */
function nothingIsWanted({ snapshot: { service, serviceDeployment } }: View, ours: DeploymentState): boolean {
  if (service.schedulingStrategy === 'DAEMON' || service.desiredCount > 0 || ours.desiredCount > 0) return false;
  const left = service.deployments.some(
    ({ runningCount, pendingCount, desiredCount }) => runningCount + pendingCount + desiredCount > 0,
  );
  // A hook may still refuse the revision.
  const held =
    serviceDeployment !== undefined &&
    (serviceDeployment.hooks.length > 0 || serviceDeployment.lifecycleStage !== undefined);
  return !left && !held;
}

export function success({ snapshot, troubles }: View, ours: DeploymentState): Verdict {
  const { service } = snapshot;
  const onTheWay = troubles.flatMap(({ from, diagnosis: { severity, nature, cause } }) =>
    from === 'deployment' || severity === 'normal' || nature === 'symptom' || nature === 'normal'
      ? []
      : [`On the way: ${cause}`],
  );
  const nothing = `The desired count of ${service.name} is ${service.desiredCount}, so no task runs: nothing was verified. \`desired-count: 1\` starts one.`;
  return {
    kind: 'succeeded',
    runningCount: ours.runningCount,
    digests: digestsOf(snapshot),
    warnings: [...(ours.runningCount === 0 ? [nothing] : []), ...[...new Set(onTheWay)].slice(0, POLICY.warnings)],
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
