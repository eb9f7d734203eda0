import { lastPart } from '../arn.ts';
import type { Moment, ServiceDeployment } from '../model.ts';
import { type Deployment, primaryOf } from '../service/deployment.ts';
import { oursIn, type Snapshot } from '../watch/snapshot.ts';
import { capitalised, duration, listed, oneLine } from './words.ts';

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
    ...(serviceDeployment ? fromServiceDeployment(serviceDeployment, snapshot) : []),
    ...rolloutOf(snapshot, deployment),
  ];
}

function fromServiceDeployment(told: ServiceDeployment, snapshot: Snapshot): Told[] {
  const stage = told.lifecycleStage;
  const { circuitBreaker: breaker, alarms } = told;
  return [
    ...(/^STOP/.test(told.status)
      ? [warning(`the service deployment is being stopped${because(told.statusReason)}`)]
      : []),
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
export const clockTime = (at: number): string => new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ');

/** Who has the service now. ECS says that ours has failed in three places; it is told once, with the fullest reason. */
function rolloutOf(snapshot: Snapshot, deployment: Deployment): Told[] {
  const { service } = snapshot;
  const ours = oursIn(service, deployment);
  const primary = primaryOf(service);
  const reason = reasonOf(snapshot, deployment);
  const told: Told[] = [];
  if (isRollingBack(snapshot)) {
    const displaced = primary && primary.id !== deployment.id ? primary.taskDefinitionArn : undefined;
    const to = displaced ?? deployment.previousTaskDefinitionArn;
    told.push(failure(`ECS rolls back to ${to ? lastPart(to) : 'the revision before'}${because(reason)}`));
  } else if (ours?.rolloutState === 'FAILED') {
    told.push(failure(capitalised(reason ?? 'the rollout has failed')));
  } else if (primary && ours && primary.id !== deployment.id) {
    // Before ours appears, PRIMARY is still the old one.
    told.push(warning(`${lastPart(primary.taskDefinitionArn)} (${primary.id}) is PRIMARY now, no longer ours`));
  }
  if (service.status !== 'ACTIVE') told.push(failure(`the service is ${service.status}`));
  return told;
}

/** Without the service deployment, which IAM may deny, the event says it. */
const isRollingBack = ({ serviceDeployment, events }: Snapshot): boolean =>
  /^ROLLBACK_/.test(serviceDeployment?.status ?? '') || events.some(({ kind }) => kind === 'rolling-back');

function reasonOf({ serviceDeployment: told, service }: Snapshot, deployment: Deployment): string | undefined {
  const ours = oursIn(service, deployment);
  const rollout = ours?.rolloutState === 'FAILED' ? ours.rolloutStateReason : undefined;
  return (told?.rollback?.reason ?? told?.statusReason ?? rollout)?.replace(/\.$/, '');
}

/** ECS calls everybody who asks "the user", this run as well as a person at the console. */
const ON_REQUEST = /\b(?:stopped|requested|initiated|rolled back) by (?:an? |the )?user\b/i;

const because = (reason: string | undefined): string =>
  reason === undefined || reason === '' ? '' : ON_REQUEST.test(reason) ? ', as it was asked to' : `: ${reason}`;

/** Whether a stage line tells already that the deployment was given up, and why. */
export const failureIsShown = (snapshot: Snapshot, deployment: Deployment): boolean =>
  isRollingBack(snapshot) || oursIn(snapshot.service, deployment)?.rolloutState === 'FAILED';

const normal = (text: string): Told => ({ severity: 'normal', text });
const warning = (text: string): Told => ({ severity: 'warning', text });
const failure = (text: string): Told => ({ severity: 'failure', text });
