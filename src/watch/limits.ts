/** How long a rollout may go without progress. */
import type { DeploymentState, Instant } from '../model.ts';
import { timeOf } from './certain.ts';
import type { Trouble } from './snapshot.ts';
import type { View } from './view.ts';

/**
 * Tasks that are on their way (a huge image, a machine that boots) get longer than a deployment in which nothing moves,
 * and longer still while none has failed: a Windows image of 10 GiB is pulled and unpacked for 25 minutes.
 */
const ON_THE_WAY_FACTOR = 2;
const UNTROUBLED_FACTOR = 3;

export interface Limit {
  /** Since when nothing of ours, nor of what makes room for ours, has moved. */
  readonly since: Instant;
  /** When that is too long. */
  readonly deadline: Instant;
}

/** What `no-progress-minutes` comes to for this rollout now; undefined while ECS has no task of ours to start. */
export function noProgressLimit(view: View): Limit | undefined {
  const { snapshot, deployment, ours } = view;
  if (!ours || !mustMove(view, ours)) return undefined;
  const since = Math.max(snapshot.lastProgressAt, snapshot.othersLeftAt ?? 0);
  const untroubled = !view.troubles.some((trouble) => isNewTrouble(trouble, view));
  const factor =
    ours.pendingCount > 0 && untroubled
      ? UNTROUBLED_FACTOR
      : ours.pendingCount > 0 || lacksCapacity(view) || mayDrainUnseen(view)
        ? ON_THE_WAY_FACTOR
        : 1;
  const warmUp = ours.runningCount > 0 && untroubled ? warmUpSeconds(view) : 0;
  return { since, deadline: since + deployment.noProgressSeconds * factor + warmUp };
}

/** Whether ECS ought to be starting tasks now: not once all run, nor while old tasks, a stage, a hook or a queue hold it. */
function mustMove(view: View, ours: DeploymentState): boolean {
  const { serviceDeployment: told, service } = view.snapshot;
  if (ours.runningCount >= ours.desiredCount || waitsForOthers(view)) return false;
  if (told) return told.status !== 'PENDING' && (told.lifecycleStage ?? 'SCALE_UP') === 'SCALE_UP';
  // Without sight of the stages, a blue/green deployment that has not begun may be held by a hook.
  const held = service.strategy !== 'ROLLING' && ours.runningCount + ours.pendingCount + ours.failedTasks === 0;
  return !held;
}

/**
 * Old tasks that ECS has told to stop may drain for as long as the target group's deregistration delay (up to an hour)
 * and their stopTimeout; those under task protection, for up to 48 hours. With a maximum of 100 %, a full quota or a
 * full machine, none of ours starts before.
 */
export function waitsForOthers({ snapshot: { service, events, othersDraining = 0 }, deployment }: View): boolean {
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

/** ECS may leave tasks that drain out of its counts, and IAM may deny to look at them. */
const mayDrainUnseen = ({ snapshot: { denied, othersLeftAt } }: View): boolean =>
  othersLeftAt !== undefined && denied.some((action) => /^ecs:(?:List|Describe)Tasks$/.test(action));

const isNewTrouble = (trouble: Trouble, { snapshot }: View): boolean =>
  trouble.diagnosis.nature !== 'self-heals' && (timeOf(trouble) ?? 0) >= snapshot.lastProgressAt;

/** AWS has no machines for us now: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html */
function lacksCapacity({ troubles }: View): boolean {
  const timed = troubles.filter((trouble) => timeOf(trouble) !== undefined);
  const newest = timed.sort((a, b) => (timeOf(a) ?? 0) - (timeOf(b) ?? 0)).at(-1)?.diagnosis;
  return newest?.transient === true && newest.rule.includes('capacity');
}

/**
 * ECS begins the next wave when the tasks of this one are healthy, which those behind a load balancer may take their
 * grace period for, and others the startPeriod of their health check.
 */
function warmUpSeconds({ snapshot, deployment }: View): number {
  const { loadBalancers, healthCheckGracePeriodSeconds = 0 } = snapshot.service;
  const checks = (deployment.definition?.containerDefinitions ?? []).map(({ healthCheck }) =>
    startPeriodOf(healthCheck),
  );
  return Math.max(loadBalancers.length > 0 ? healthCheckGracePeriodSeconds : 0, ...checks);
}

const startPeriodOf = (check: unknown): number =>
  typeof check === 'object' && check !== null && 'startPeriod' in check && typeof check.startPeriod === 'number'
    ? check.startPeriod
    : 0;
