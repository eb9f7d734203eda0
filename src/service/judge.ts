import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { DeploymentState, Instant } from '../world.ts';
import { type Deployment, oursIn, type Snapshot } from './snapshot.ts';
import type { Verdict } from './verdict.ts';

/** While things move, and while nothing does: a success must be told within 5 s of being true. */
const SOON_SECONDS = 3;
const QUIET_SECONDS = 5;
/** A new role may fail for a minute until IAM has told everybody. */
const IAM_PROPAGATION_SECONDS = 60;
/** A blocked placement may be the old task that is just going away. */
const PLACEMENT_GRACE_SECONDS = 120;
/** DescribeServices may still show what was before our UpdateService. */
const STALE_SECONDS = 30;

/**
 * What is true of our deployment at `now`. Pure: all memory is in the snapshot.
 * Success needs proof: ours is PRIMARY, ECS says COMPLETED or SUCCESSFUL, and it runs what is wanted now.
 */
export function judge(snapshot: Snapshot, deployment: Deployment, now: Instant): Verdict {
  const ours = oursIn(snapshot.service, deployment);
  const primary = snapshot.service.deployments.find(({ status }) => status === 'PRIMARY');
  const told = snapshot.serviceDeployment;
  switch (told?.status) {
    case 'ROLLBACK_SUCCESSFUL':
      return rolledBack(snapshot, deployment, primary, ours);
    case 'ROLLBACK_FAILED':
      return failed(
        `ECS could not restore ${shortOf(deployment.previousTaskDefinitionArn)} after ${shortOf(deployment.taskDefinitionArn)}: ${reasonOf(snapshot, ours)}`,
        snapshot,
        'nobody restores',
      );
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
      return rollingBack(snapshot, deployment, primary, ours);
    case 'STOPPED':
      if (primary && primary.id !== deployment.id) return superseded(primary);
      return { kind: 'stopped', reason: told.statusReason ?? 'The service deployment was stopped.' };
  }
  if (!primary || primary.id !== deployment.id) return displaced(snapshot, deployment, primary, ours);
  if (primary.rolloutState === 'FAILED') {
    // ECS puts the predecessor back in a moment; without a completed one its breaker stalls.
    const restorable = snapshot.service.deployments.some(({ rolloutState }) => rolloutState === 'COMPLETED');
    if (restorer(snapshot) === 'ECS restores' && restorable)
      return rollingBack(snapshot, deployment, undefined, primary);
    return failed(reasonOf(snapshot, primary), snapshot, 'nobody restores');
  }
  if (isProven(snapshot, primary)) return success(snapshot, primary);
  return underWay(snapshot, deployment, primary, now);
}

/** running = desired of now, not of the start: autoscaling may have moved it. */
function isProven({ service, serviceDeployment }: Snapshot, ours: DeploymentState): boolean {
  const early = serviceDeployment?.earlySuccessPercent;
  if (early !== undefined && serviceDeployment?.status === 'SUCCESSFUL') {
    return ours.runningCount >= Math.ceil((ours.desiredCount * early) / 100);
  }
  const complete = ours.rolloutState === 'COMPLETED' || serviceDeployment?.status === 'SUCCESSFUL';
  const whole = service.schedulingStrategy === 'DAEMON' || ours.desiredCount >= service.desiredCount;
  return complete && whole && ours.runningCount >= ours.desiredCount;
}

function success({ revision, service, denied }: Snapshot, ours: DeploymentState): Verdict {
  const images = revision?.images ?? [];
  const nothing = ours.runningCount === 0;
  return {
    kind: 'succeeded',
    runningCount: ours.runningCount,
    digests: Object.fromEntries(
      images.flatMap(({ containerName, digest }) => (digest ? [[containerName, digest]] : [])),
    ),
    warnings: [
      ...(nothing
        ? [`The desired count of ${service.name} is ${service.desiredCount}, so no task runs: nothing was verified.`]
        : []),
      ...denied.map((action) => `${action} is denied; allowing it would let this action prove and explain more.`),
    ],
  };
}

/** PRIMARY is another one: ECS restores the old revision, or somebody deployed a newer one. */
function displaced(
  snapshot: Snapshot,
  deployment: Deployment,
  primary: DeploymentState | undefined,
  ours: DeploymentState | undefined,
): Verdict {
  if (!primary) return wait('ECS to show the deployment', SOON_SECONDS, []);
  const reasons = `${primary.rolloutStateReason ?? ''} ${ours?.rolloutStateReason ?? ''}`;
  const older = primary.createdAt < deployment.startedAt - 1;
  const restoring =
    ours?.rolloutState === 'FAILED' ||
    /rolling back|rolled back/i.test(reasons) ||
    snapshot.events.some(({ message }) => message.includes(`rolling back to deployment ${primary.id}`));
  if (!restoring) {
    const stale = older && !ours && snapshot.at - deployment.startedAt < STALE_SECONDS;
    if (stale) return wait('ECS to show the deployment', SOON_SECONDS, []);
    // A rollback reuses the older deployment; whoever deploys anew gets a younger one.
    if (!older || primary.taskDefinitionArn !== deployment.previousTaskDefinitionArn) return superseded(primary);
  }
  const restored = primary.rolloutState === 'COMPLETED' && primary.runningCount >= primary.desiredCount;
  return (restored ? rolledBack : rollingBack)(snapshot, deployment, primary, ours);
}

function underWay(snapshot: Snapshot, deployment: Deployment, ours: DeploymentState, now: Instant): Verdict {
  const { diagnoses, tasks, serviceDeployment } = snapshot;
  const elapsed = now - deployment.startedAt;
  const siblingRuns = tasks.some(
    ({ lastStatus, healthStatus }) => lastStatus === 'RUNNING' && healthStatus !== 'UNHEALTHY',
  );
  const hopeless = diagnoses.find(({ nature }) => nature === 'hopeless');
  const tooYoung = hopeless?.rule === 'role-assume-failed' && elapsed < IAM_PROPAGATION_SECONDS;
  if (hopeless && !siblingRuns && !tooYoung) return failed(hopeless.cause, snapshot, restorer(snapshot));
  const repeated = endedTwice(snapshot);
  if (repeated) return failed(`${repeated.cause} (Seen on two tasks.)`, snapshot, restorer(snapshot));
  const awaited = serviceDeployment?.hooks.find(({ status }) => status === 'AWAITING_ACTION');
  if (awaited) {
    return {
      kind: 'awaiting-approval',
      hook: awaited.id ?? awaited.targetType ?? 'a lifecycle hook',
      lookAgainInSeconds: QUIET_SECONDS,
      ...(awaited.expiresAt === undefined ? {} : { until: awaited.expiresAt }),
    };
  }
  if (elapsed >= deployment.timeoutSeconds) {
    return {
      kind: 'timed-out',
      reason: `Not done after ${minutes(deployment.timeoutSeconds)}: ${progressOf(ours)}.`,
      causes: diagnoses,
    };
  }
  const allRun = ours.runningCount >= ours.desiredCount && ours.desiredCount > 0;
  const still = now - snapshot.lastProgressAt;
  const blocked = diagnoses.find(({ nature }) => nature === 'blocked');
  const mayScale = snapshot.service.capacityProviders.length > 0 || ours.pendingCount > 0;
  if (blocked && !mayScale && !allRun && still >= PLACEMENT_GRACE_SECONDS) {
    return { kind: 'stuck', reason: blocked.cause, causes: diagnoses };
  }
  if (!allRun && still >= deployment.noProgressSeconds) {
    return {
      kind: 'stuck',
      reason: `No further task became healthy for ${minutes(still)}: ${progressOf(ours)}.`,
      causes: diagnoses,
    };
  }
  const what = allRun ? 'ECS to finish the deployment (drain, bake time, alarms)' : `its tasks: ${progressOf(ours)}`;
  return wait(
    what,
    still < 60 ? SOON_SECONDS : QUIET_SECONDS,
    diagnoses.filter(({ nature }) => nature === 'ambiguous'),
  );
}

/** An ambiguous cause counts when two tasks of ours ended badly, and none that started since is healthy. */
function endedTwice({ diagnoses, tasks }: Snapshot): Diagnosis | undefined {
  const bad = tasks.filter(
    ({ lastStatus, stopCode, stoppedReason }) =>
      lastStatus === 'STOPPED' &&
      (stopCode === 'EssentialContainerExited' ||
        stopCode === 'TaskFailedToStart' ||
        /health checks/i.test(stoppedReason ?? '')),
  );
  const last = Math.max(...bad.map(({ stoppedAt }) => stoppedAt ?? 0));
  const recovered = tasks.some(
    ({ lastStatus, healthStatus, startedAt }) =>
      lastStatus === 'RUNNING' && healthStatus === 'HEALTHY' && (startedAt ?? 0) > last - 300,
  );
  const cause =
    diagnoses.find(({ nature }) => nature === 'ambiguous') ?? diagnoses.find(({ nature }) => nature === 'unknown');
  return bad.length >= 2 && !recovered ? cause : undefined;
}

const restorer = ({ service }: Snapshot): 'ECS restores' | 'nobody restores' => {
  const byBreaker = service.circuitBreaker?.enable && service.circuitBreaker.rollback;
  const byAlarm = service.alarms?.enable && service.alarms.rollback;
  return byBreaker || byAlarm ? 'ECS restores' : 'nobody restores';
};

const failed = (reason: string, { diagnoses }: Snapshot, restores: 'ECS restores' | 'nobody restores'): Verdict => ({
  kind: 'failed',
  reason,
  causes: diagnoses,
  ecsRestores: restores === 'ECS restores',
});

const superseded = (primary: DeploymentState): Verdict => ({
  kind: 'superseded',
  byDeployment: primary.id,
  byTaskDefinition: primary.taskDefinitionArn,
});

const wait = (waitingFor: string, lookAgainInSeconds: number, suspected: readonly Diagnosis[]): Verdict => ({
  kind: 'waiting',
  waitingFor,
  lookAgainInSeconds,
  suspected,
});

type Restoring = (
  snapshot: Snapshot,
  deployment: Deployment,
  primary: DeploymentState | undefined,
  ours: DeploymentState | undefined,
) => Verdict;

const rolledBack: Restoring = (snapshot, deployment, primary, ours) => ({
  kind: 'rolled-back',
  ...restoredTo(primary, deployment),
  reason: reasonOf(snapshot, ours),
  causes: snapshot.diagnoses,
});

const rollingBack: Restoring = (snapshot, deployment, primary, ours) => ({
  kind: 'rolling-back',
  ...restoredTo(primary, deployment),
  reason: reasonOf(snapshot, ours),
  causes: snapshot.diagnoses,
  lookAgainInSeconds: SOON_SECONDS,
});

function restoredTo(primary: DeploymentState | undefined, deployment: Deployment): { to?: string } {
  const to = primary && primary.id !== deployment.id ? primary.taskDefinitionArn : deployment.previousTaskDefinitionArn;
  return to === undefined ? {} : { to };
}

function reasonOf({ serviceDeployment, diagnoses }: Snapshot, ours: DeploymentState | undefined): string {
  const cause = diagnoses.find(({ nature }) => nature === 'hopeless' || nature === 'ambiguous')?.cause;
  return cause ?? serviceDeployment?.statusReason ?? ours?.rolloutStateReason ?? 'ECS gave no reason.';
}

const progressOf = ({ runningCount, desiredCount, pendingCount, failedTasks }: DeploymentState): string =>
  `${runningCount} of ${desiredCount} run, ${pendingCount} pending, ${failedTasks} failed`;
const minutes = (seconds: number): string => `${Math.round(seconds / 60)} min`;
const shortOf = (arn = 'the revision before'): string => arn.slice(arn.lastIndexOf('/') + 1);
