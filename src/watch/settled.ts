import type { DeploymentState } from '../model.ts';
import { beganAt } from '../service/deployment.ts';
import { failed, reasonOf, rolledBack, rollingBack, shortOf, superseded, wait } from './say.ts';
import type { Verdict } from './verdict.ts';
import type { View } from './view.ts';

/** DescribeServices may still show what was before our UpdateService. */
const STALE_SECONDS = 30;
/** From FAILED to the predecessor being PRIMARY again; a breaker that has nothing to go back to never gets there. */
const DISPLACEMENT_SECONDS = 120;

/**
 * What ECS itself has decided about our deployment: restored, restoring, failed, stopped, replaced; undefined while it
 * has not. The service deployment says it best; without it (denied, not found yet) the service's deployments do.
 */
export function settledByEcs(view: View): Verdict | undefined {
  const { snapshot, deployment, primary, ours, now } = view;
  const { serviceDeployment: told, service } = snapshot;
  if (service.status === 'INACTIVE' || service.status === 'DRAINING') {
    return { kind: 'stopped', reason: `The service ${service.name} was deleted while it was being deployed.` };
  }
  switch (told?.status) {
    case 'ROLLBACK_SUCCESSFUL':
      return rolledBack(view);
    case 'ROLLBACK_FAILED':
      if (deployment.previousTaskDefinitionArn === undefined) return failed(view, reasonOf(view));
      return failed(
        view,
        `ECS could not restore ${shortOf(deployment.previousTaskDefinitionArn)} after ${shortOf(deployment.taskDefinitionArn)}: ${reasonOf(view)}`,
      );
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
      return rollingBack(view);
    case 'STOPPED':
      return stopped(view, told.statusReason ?? 'The service deployment was stopped.');
  }
  if (!primary || primary.id !== deployment.id) return displaced(view);
  if (primary.rolloutState === 'FAILED') {
    const due = now - primary.updatedAt < DISPLACEMENT_SECONDS;
    return due && restores(view) ? rollingBack(view) : failed(view, reasonOf(view));
  }
  const alarmed = told?.alarms?.status === 'TRIGGERED' || (told?.alarms?.triggered.length ?? 0) > 0;
  if (told?.circuitBreaker?.status === 'TRIGGERED' || alarmed) {
    return restores(view) ? rollingBack(view) : failed(view, reasonOf(view));
  }
  return ours ? undefined : displaced(view);
}

/** ECS puts the predecessor back by itself; without a completed one its breaker stalls. */
function restores({ snapshot: { service } }: View): boolean {
  const asked =
    (service.circuitBreaker?.enable && service.circuitBreaker.rollback) ||
    (service.alarms?.enable && service.alarms.rollback);
  return Boolean(asked) && service.deployments.some(({ rolloutState }) => rolloutState === 'COMPLETED');
}

function stopped(view: View, reason: string): Verdict {
  const { snapshot, deployment, primary, ours, now } = view;
  if (primary && primary.id !== deployment.id && !isRestored(view, primary)) return superseded(primary);
  // Its breaker or an alarm ended it, and nobody asked ECS to restore anything.
  if (ours?.rolloutState === 'FAILED') return failed(view, reasonOf(view));
  if (!/replaced|superseded|newer/i.test(reason)) return { kind: 'stopped', reason };
  // DescribeServices will show in a moment by whom.
  if (now - (snapshot.serviceDeployment?.finishedAt ?? now) < STALE_SECONDS) {
    return wait('ECS to show what replaced the deployment');
  }
  return { kind: 'superseded', byDeployment: 'a newer deployment', byTaskDefinition: 'another revision' };
}

/** PRIMARY is another one: ECS restores the old revision, or somebody deployed a newer one. */
function displaced(view: View): Verdict {
  const { snapshot, deployment, primary, ours } = view;
  if (!primary) return wait('ECS to show the deployment');
  const older = primary.createdAt < beganAt(deployment) - 1;
  if (!isRestored(view, primary)) {
    const stale = older && !ours && snapshot.at - deployment.startedAt < STALE_SECONDS;
    if (stale) return wait('ECS to show the deployment');
    // A rollback reuses the older deployment; whoever deploys anew gets a younger one.
    if (!older || primary.taskDefinitionArn !== deployment.previousTaskDefinitionArn) return superseded(primary);
  }
  const whole = primary.rolloutState === 'COMPLETED' && primary.runningCount >= primary.desiredCount;
  return whole ? rolledBack(view) : rollingBack(view);
}

/** Whether ECS says that it put this deployment back in place of ours. */
function isRestored({ snapshot, deployment, ours }: View, primary: DeploymentState): boolean {
  if (/rolling back|rolled back/i.test(primary.rolloutStateReason ?? '')) return true;
  if (snapshot.events.some((event) => event.kind === 'rolling-back' && event.to === primary.id)) return true;
  const before = primary.taskDefinitionArn === deployment.previousTaskDefinitionArn;
  const older = primary.createdAt < beganAt(deployment) - 1;
  return (before || older) && ours?.rolloutState === 'FAILED';
}
