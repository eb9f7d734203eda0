import { type Deployment, oursIn, type Snapshot } from '../service/snapshot.ts';
import type { ServiceDeployment } from '../world.ts';
import type { Moment } from './timeline.ts';
import { capitalised, duration, listed, oneLine, revisionName } from './words.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
const STAGES: Readonly<Record<string, string>> = {
  RECONCILE_SERVICE: 'ECS reconciles the service',
  PRE_SCALE_UP: 'before new tasks start',
  SCALE_UP: 'new tasks start',
  POST_SCALE_UP: 'new tasks have started',
  TEST_TRAFFIC_SHIFT: 'test traffic moves to the new tasks',
  POST_TEST_TRAFFIC_SHIFT: 'test traffic has moved',
  PRODUCTION_TRAFFIC_SHIFT: 'production traffic moves to the new tasks',
  POST_PRODUCTION_TRAFFIC_SHIFT: 'production traffic has moved',
  BAKE_TIME: 'bake time, both revisions run while alarms are watched',
  CLEAN_UP: 'the old tasks are removed',
};

interface Told {
  readonly severity: Moment['severity'];
  readonly text: string;
}

/** What the deployment as a whole went through: its status, stage, hooks, circuit breaker, alarms, who is PRIMARY. */
export function stagesBetween(previous: Snapshot | undefined, current: Snapshot, deployment: Deployment): Moment[] {
  const known = new Set(previous ? stagesOf(previous, deployment).map(({ text }) => text) : []);
  return stagesOf(current, deployment)
    .filter(({ text }) => !known.has(text))
    .map(({ severity, text }) => ({ at: current.at, kind: 'step', severity, text: oneLine(text, 500) }));
}

/** Everything that holds now and is worth a line when it begins to. */
function stagesOf(snapshot: Snapshot, deployment: Deployment): Told[] {
  const { serviceDeployment } = snapshot;
  return [
    ...(serviceDeployment ? fromServiceDeployment(serviceDeployment, snapshot, deployment) : []),
    ...rolloutOf(snapshot, deployment),
  ];
}

function fromServiceDeployment(told: ServiceDeployment, snapshot: Snapshot, deployment: Deployment): Told[] {
  const reason = told.rollback?.reason ?? told.statusReason;
  const why = reason ? `: ${reason}` : '';
  const before = deployment.previousTaskDefinitionArn;
  const stage = told.lifecycleStage;
  const { circuitBreaker: breaker, alarms } = told;
  return [
    ...(/^ROLLBACK_(REQUESTED|IN_PROGRESS)$/.test(told.status)
      ? [failure(`ECS rolls back to ${before ? revisionName(before) : 'the revision before'}${why}`)]
      : []),
    ...(/^STOP/.test(told.status) ? [warning(`the service deployment is being stopped${why}`)] : []),
    ...(stage
      ? [normal(`stage ${stage}${Object.hasOwn(STAGES, stage) ? `: ${STAGES[stage]}` : ''}${bake(told)}`)]
      : []),
    ...told.hooks.flatMap((hook) => hookText(hook, snapshot)),
    ...(breaker && breaker.failureCount > 0
      ? [warning(`circuit breaker: ${breaker.failureCount} of ${breaker.threshold} failures`)]
      : []),
    ...(breaker?.status === 'TRIGGERED' ? [failure('the circuit breaker has tripped')] : []),
    ...(alarms && alarms.triggered.length > 0
      ? [failure(`${alarms.triggered.length === 1 ? 'alarm' : 'alarms'} ${listed(alarms.triggered)} went off`)]
      : []),
  ];
}

const bake = ({ lifecycleStage, bakeTimeMinutes }: ServiceDeployment): string =>
  lifecycleStage === 'BAKE_TIME' && bakeTimeMinutes ? ` (${duration(bakeTimeMinutes * 60)})` : '';

function hookText(hook: ServiceDeployment['hooks'][number], { at }: Snapshot): Told[] {
  const name = hook.id ?? hook.targetType ?? 'a lifecycle hook';
  switch (hook.status) {
    case 'AWAITING_ACTION': {
      const until = hook.expiresAt === undefined ? '' : ` until ${clockTime(hook.expiresAt)} UTC`;
      const expired = hook.expiresAt !== undefined && hook.expiresAt < at ? ' (already past)' : '';
      return [warning(`paused at ${name}${until}${expired}: continue or roll back the deployment in ECS`)];
    }
    case 'FAILED':
    case 'TIMED_OUT':
      return [failure(`the lifecycle hook ${name} has ${hook.status === 'FAILED' ? 'failed' : 'timed out'}`)];
    case 'IN_PROGRESS':
      return [normal(`the lifecycle hook ${name} runs`)];
    default:
      return [];
  }
}

/** `2026-11-21 06:30`, from the instant alone. */
const clockTime = (at: number): string => new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ');

/** What DescribeServices alone tells. */
function rolloutOf({ service }: Snapshot, deployment: Deployment): Told[] {
  const ours = oursIn(service, deployment);
  const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
  const told: Told[] = [];
  if (ours?.rolloutState === 'FAILED')
    told.push(failure(reasonText(ours.rolloutStateReason, 'the rollout has failed')));
  // Before ours appears, PRIMARY is still the old one.
  if (primary && ours && primary.id !== deployment.id) {
    told.push(warning(`${revisionName(primary.taskDefinitionArn)} (${primary.id}) is PRIMARY now, no longer ours`));
  }
  if (service.status !== 'ACTIVE') told.push(failure(`the service is ${service.status}`));
  return told;
}

const reasonText = (reason: string | undefined, otherwise: string): string =>
  capitalised(reason?.replace(/\.$/, '') ?? otherwise);

const normal = (text: string): Told => ({ severity: 'normal', text });
const warning = (text: string): Told => ({ severity: 'warning', text });
const failure = (text: string): Told => ({ severity: 'failure', text });
