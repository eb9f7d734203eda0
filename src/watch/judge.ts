import { minutes } from '../duration.ts';
import { type DeploymentState, defined, type Instant, isObject, type Json, type ServiceDeployment } from '../model.ts';
import { carrierOf, type Deployment } from '../service/deployment.ts';
import { stageMinutes, strategyOf } from '../service/strategy.ts';
import {
  certainFailure,
  type Deadline,
  deadlocked,
  mayFailAgain,
  placementImpossible,
  placementLimit,
} from './failures.ts';
import { viewOf } from './fold.ts';
import { POLICY } from './policy.ts';
import { isDone, settledByEcs, success } from './settled.ts';
import { cannotSeeTasks, type Snapshot, type Trouble, timeOf, type View } from './snapshot.ts';
import { failed, progressOf, reasonOf, stuck, type Verdict, wait } from './verdict.ts';

/**
 * What is true of our deployment at `now`. Pure: all memory is in the snapshot. In this order: what ECS has decided, a
 * proven success, a failure that is certain already, a pause, and then the limits.
 */
export function judge(snapshot: Snapshot, deployment: Deployment, now: Instant): Verdict {
  const view = viewOf(snapshot, deployment, now);
  const settled = settledByEcs(view);
  if (settled) return inTime(settled, view);
  const { ours } = view;
  if (!ours) return inTime(wait(`${carrierOf(deployment)} to show the deployment`), view);
  if (isDone(view, ours)) {
    const doubt = mayFailAgain(view);
    if (!doubt) return success(view, ours);
    const rest = wait(`its tasks to run for longer than those that failed before (${doubt.diagnosis.cause})`);
    return certainFailure(view) ?? inTime(rest, view);
  }
  return certainFailure(view) ?? deadlocked(view) ?? placementImpossible(view) ?? inTime(underWay(view, ours), view);
}

function underWay(view: View, ours: DeploymentState): Verdict {
  const { snapshot, now, troubles } = view;
  const { serviceDeployment } = snapshot;
  const awaited = serviceDeployment?.hooks.find(({ status }) => status === 'AWAITING_ACTION');
  if (awaited && serviceDeployment) {
    const pause = {
      hook: hookName(awaited, serviceDeployment.lifecycleStage),
      ...defined({ until: awaited.expiresAt }),
    };
    const { onPause } = view.deployment;
    if (onPause === 'stop') return { kind: 'paused', ...pause };
    const hookId = onPause === 'continue' ? awaited.id : undefined;
    return {
      kind: 'awaiting-approval',
      ...pause,
      pollAgainInSeconds: POLICY.quietPollSeconds,
      ...defined({
        answer: hookId === undefined ? undefined : { serviceDeploymentArn: serviceDeployment.arn, hookId },
      }),
    };
  }
  const still = now - snapshot.lastProgressAt;
  const limit = noProgressLimit(view);
  if (limit && now >= limit.deadline) {
    const long = minutes(now - limit.since);
    return stuck(view, `No further task became healthy for ${long}: ${progressOf(ours)}.${because(view)}`);
  }
  const natures = new Set(['permanent', 'ambiguous', 'unknown']);
  const suspected = troubles.filter(({ from, diagnosis }) => from !== 'deployment' && natures.has(diagnosis.nature));
  return wait(awaitedBy(view, ours), {
    pollAgainInSeconds: still < POLICY.quietAfterSeconds ? POLICY.pollSeconds : POLICY.quietPollSeconds,
    suspected: snapshot.diagnoses.filter((one) => suspected.some(({ diagnosis: { rule } }) => rule === one.rule)),
    ...firstOf(limit?.deadline, placementLimit(view)?.deadline),
  });
}

/** The limit that comes first, and what must happen before it. */
function firstOf(
  healthy: Instant | undefined,
  placed: Instant | undefined,
): Partial<Pick<Extract<Verdict, { kind: 'waiting' }>, 'stuckAt' | 'stuckUnless'>> {
  if (placed !== undefined && placed < (healthy ?? Number.POSITIVE_INFINITY))
    return { stuckAt: placed, stuckUnless: 'placed' };
  return healthy === undefined ? {} : { stuckAt: healthy, stuckUnless: 'healthy' };
}

/** Users know a hook by its kind and stage; ECS takes its id. */
function hookName({ id, targetType }: ServiceDeployment['hooks'][number], stage: string | undefined): string {
  if (targetType === 'CodeDeploy') return `the wait for an approval, before traffic is shifted (\`${id}\`)`;
  const name = `the ${targetType === undefined ? '' : `${targetType} `}hook${stage === undefined ? '' : ` of stage ${stage}`}`;
  return id === undefined ? name : `${name} (\`${id}\`)`;
}

function awaitedBy(view: View, ours: DeploymentState): string {
  const { serviceDeployment } = view.snapshot;
  if (serviceDeployment?.status === 'PENDING')
    return `${carrierOf(view.deployment)} to begin the deployment, which it has accepted (PENDING)`;
  if (serviceDeployment?.status === 'STOP_REQUESTED') return 'ECS to stop the deployment, as requested';
  const stage = serviceDeployment?.lifecycleStage;
  if (ours.runningCount >= ours.desiredCount) {
    return `${carrierOf(view.deployment)} to finish the deployment (${stage ? `stage ${stage}${timeLeft(view)}` : 'drain, bake time, alarms'})`;
  }
  const during = stage && !STARTING.includes(stage) ? `, stage ${stage}` : '';
  const others = ours.pendingCount === 0 && waitsForOthers(view) ? ' (old tasks drain or are protected first)' : '';
  return `its tasks: ${progressOf(ours)}${during}${others}`;
}

/** `, about 7 min left`: where the stage has a length. */
function timeLeft({ snapshot: { serviceDeployment, service, stageSince }, now }: View): string {
  if (!serviceDeployment || stageSince === undefined) return '';
  const minutesOfStage = stageMinutes(
    strategyOf({ ...service, ...serviceDeployment, strategy: service.strategy }),
    serviceDeployment,
  );
  const left = minutesOfStage * 60 - (now - stageSince);
  return left > 0 ? `, about ${minutes(left)} left` : '';
}

/** The total time-out, which a restore or a pause has its own answer to. */
function inTime(verdict: Verdict, view: View): Verdict {
  const { deployment, now, ours, snapshot } = view;
  const late = now - deployment.startedAt - deployment.timeoutSeconds;
  if (late < 0) return verdict;
  switch (verdict.kind) {
    case 'waiting': {
      const where = ours ? progressOf(ours) : 'ECS does not show it';
      const reason = `Not done after ${minutes(deployment.timeoutSeconds)}: ${where}.${because(view)}`;
      return { kind: 'timed-out', reason, causes: snapshot.diagnoses };
    }
    case 'awaiting-approval': {
      const { pollAgainInSeconds: _, answer: _answer, ...paused } = verdict;
      return { ...paused, kind: 'paused' };
    }
    case 'rolling-back':
      return late < POLICY.restoreSeconds
        ? verdict
        : failed(
            view,
            `${carrierOf(deployment)} was still restoring the old revision when time was up. ${reasonOf(view)}`,
          );
    default:
      return verdict;
  }
}

function because({ snapshot: { diagnoses } }: View): string {
  const telling = diagnoses.find(({ nature }) => nature !== 'symptom' && nature !== 'normal');
  return telling ? ` ${telling.cause}` : '';
}

/**
 * What `no-progress-minutes` comes to for this rollout now, since when nothing of ours, nor of what makes room for ours, has moved;
 * undefined while ECS has no task of ours to start.
 */
function noProgressLimit(view: View): Deadline | undefined {
  const { snapshot, deployment, ours } = view;
  if (!ours || !mustMove(view, ours)) return undefined;
  // Who finds a deployment under way gives it the whole time again: what held it up may be fixed.
  const foundAt = deployment.foundUnderWay ? deployment.startedAt : 0;
  const since = Math.max(snapshot.lastProgressAt, snapshot.othersLeftAt ?? 0, foundAt);
  const untroubled = !view.troubles.some((trouble) => isNewTrouble(trouble, view));
  const factor = patience(view, ours, untroubled);
  const warmUp = ours.runningCount > 0 && untroubled ? warmUpSeconds(view) : 0;
  return { since, deadline: since + deployment.noProgressSeconds * factor + warmUp };
}

/** The factor on `no-progress-minutes`: tasks that are on their way get more time. */
function patience(view: View, ours: DeploymentState, untroubled: boolean): number {
  if (ours.pendingCount > 0 && untroubled) return POLICY.untroubledFactor;
  if (ours.pendingCount > 0 || lacksCapacity(view) || mayDrainUnseen(view)) return POLICY.onTheWayFactor;
  return 1;
}

/** Stages in which tasks are started: of ECS, and of CodeDeploy. */
const STARTING: readonly string[] = ['SCALE_UP', 'Install'];

/** Whether ECS ought to be starting tasks now: not once all run, nor while old tasks, a stage, a hook or a queue hold it. */
function mustMove(view: View, ours: DeploymentState): boolean {
  const { serviceDeployment, service } = view.snapshot;
  if (ours.runningCount >= ours.desiredCount || waitsForOthers(view)) return false;
  if (serviceDeployment)
    return serviceDeployment.status !== 'PENDING' && STARTING.includes(serviceDeployment.lifecycleStage ?? 'SCALE_UP');
  // Without sight of the stages, a blue/green deployment that has not started may be held by a hook.
  const held = service.strategy !== 'ROLLING' && ours.runningCount + ours.pendingCount + ours.failedTasks === 0;
  return !held;
}

/**
 * Old tasks that ECS is stopping may drain for as long as the target group's deregistration delay (up to an hour)
 * and their stopTimeout; those under task protection, for up to 48 hours. With a maximum of 100 %, a full quota or a
 * full machine, none of ours starts before.
 */
function waitsForOthers({ snapshot: { service, events, othersDraining = 0 }, deployment }: View): boolean {
  const others = service.deployments.filter(({ id }) => id !== deployment.id);
  const draining = others.some(
    ({ runningCount, pendingCount, desiredCount }) => runningCount + pendingCount > desiredCount,
  );
  const run = others.some(({ runningCount }) => runningCount > 0);
  return (
    draining ||
    othersDraining > 0 ||
    (run && events.some((event) => event.kind === 'scale-in-blocked' && event.protected))
  );
}

/** ECS may leave tasks that drain out of its counts, and IAM may deny access to them. */
const mayDrainUnseen = ({ snapshot: { denied, othersLeftAt } }: View): boolean =>
  othersLeftAt !== undefined && cannotSeeTasks(denied);

const isNewTrouble = (trouble: Trouble, { snapshot }: View): boolean =>
  trouble.diagnosis.nature !== 'transient' && (timeOf(trouble) ?? 0) >= snapshot.lastProgressAt;

/** AWS has no machines for us now: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html */
function lacksCapacity({ troubles }: View): boolean {
  const timed = troubles.flatMap((trouble) => {
    const at = timeOf(trouble);
    return at === undefined ? [] : [{ at, diagnosis: trouble.diagnosis }];
  });
  const newest = timed.sort((a, b) => a.at - b.at).at(-1)?.diagnosis;
  return newest?.transient === true && newest.subject === 'capacity' && newest.failure === 'exhausted';
}

/**
 * ECS starts the next tasks when those before are healthy, which those behind a load balancer may take their
 * grace period for, and others the startPeriod of their health check.
 */
function warmUpSeconds({ snapshot, deployment }: View): number {
  const { loadBalancers, healthCheckGracePeriodSeconds = 0 } = snapshot.service;
  const checks = (deployment.definition?.containerDefinitions ?? []).map(({ healthCheck }) =>
    startPeriodOf(healthCheck),
  );
  return Math.max(loadBalancers.length > 0 ? healthCheckGracePeriodSeconds : 0, ...checks);
}

const startPeriodOf = (check: Json | undefined): number =>
  isObject(check) && typeof check.startPeriod === 'number' ? check.startPeriod : 0;
