import { lastPart } from '../arn.ts';
import { asFailure } from '../failure.ts';
import type { FirstFailure } from '../inputs/types.ts';
import type { DeploymentState, ServiceDeployment, ServiceState, ServiceUpdate } from '../model.ts';
import { defined } from '../model.ts';
import type { Clock, Ecs } from '../ports.ts';
import { type UpdateWorld, updateOnce } from './apply.ts';
import { carrierOf, type Deployment, isCarriedOut, isOf, primaryOf, waitingHooks } from './deployment.ts';
import { describeFirstEnd, endFirst, type FirstFailureEnd } from './first-failure.ts';
import { provenBefore } from './history.ts';

/** A deployment that went wrong, or whose run was cancelled. */
export interface RollbackRequest {
  readonly failed: Deployment;
  /** Of the failed deployment, where IAM lets us see it. */
  readonly serviceDeployment?: ServiceDeployment;
  /** What the inputs want: `rollback-on-failure` or `on-cancel`; `leave` also for what this run did not begin. */
  readonly policy: 'roll-back' | 'leave';
}

/** What is to be done about it. */
export type RollbackDecision =
  | { readonly kind: 'leave' }
  /** No revision is known to have run before it. */
  | { readonly kind: 'nothing-before' }
  /** The service has never run a task well. */
  | { readonly kind: 'end-first'; readonly policy: FirstFailure }
  /** ECS has tried to roll back and failed: the same revision is not tried again. */
  | { readonly kind: 'rollback-failed' }
  /** A newer deployment is PRIMARY, which is not ours to undo. */
  | { readonly kind: 'superseded'; readonly by: DeploymentState }
  /** It came to its end without a rollback, and has nothing that would have to be undone: what ran before serves. */
  | { readonly kind: 'in-place' }
  /** ECS rolls back already. */
  | { readonly kind: 'follow' }
  /** StopServiceDeployment: ECS does the rollback, so that two rollbacks never meet. */
  | { readonly kind: 'stop'; readonly serviceDeployment: ServiceDeployment }
  /** The service has to be seen first. */
  | { readonly kind: 'fetch-service' }
  | { readonly kind: 'deploy'; readonly taskDefinition: string };

/**
 * The one decision on a rollback: after a failure, after a cancel, and in post.
 * @param service as it is now; undefined when it was not asked for yet, which a `stop` does not need
 * @param refused ECS did not take a stop: it is denied, or the deployment ended in that moment
 */
export function decideRollback(
  { failed, serviceDeployment, policy }: RollbackRequest,
  service: ServiceState | undefined,
  refused = false,
): RollbackDecision {
  const previous = failed.previousTaskDefinitionArn;
  const ours = serviceDeployment && isOf(serviceDeployment, failed) ? serviceDeployment : undefined;
  const inVain = ours?.status === 'ROLLBACK_FAILED' && previous !== undefined;
  // That ECS's own rollback failed is reported whatever the inputs want.
  if (policy === 'leave' && !inVain) return { kind: 'leave' };
  if (previous === undefined)
    return failed.first === undefined ? { kind: 'nothing-before' } : { kind: 'end-first', policy: failed.first };
  if (ours && isRollingBack(ours)) return { kind: 'follow' };
  if (ours && !refused && isCarriedOut(ours)) {
    return { kind: 'stop', serviceDeployment: ours };
  }
  if (!service) return { kind: 'fetch-service' };
  const primary = primaryOf(service);
  if (primary && primary.id !== failed.id && primary.taskDefinitionArn !== previous) {
    return { kind: 'superseded', by: primary };
  }
  if (inVain) return { kind: 'rollback-failed' };
  if (primary && primary.id !== failed.id && ours?.codeDeploy && ours.status === 'STOPPED') return { kind: 'in-place' };
  if (primary && primary.id !== failed.id) return { kind: 'follow' };
  return { kind: 'deploy', taskDefinition: previous };
}

/** The call that ended a deployment: of ECS, or of CodeDeploy. */
type StopCall = 'StopServiceDeployment' | 'ContinueServiceDeployment' | 'StopDeployment';

/** How the previous revision is being rolled back to; `watch` then follows `deployment` to its end. */
type Restore =
  | {
      readonly kind: 'restoring';
      readonly deployment: Deployment;
      /** ARN of the revision. */
      readonly to: string;
      readonly by: StopCall | 'UpdateService' | 'CreateDeployment' | 'ECS' | 'CodeDeploy';
    }
  | { readonly kind: 'first-ended'; readonly end: FirstFailureEnd }
  | Extract<RollbackDecision, { kind: 'leave' | 'nothing-before' | 'in-place' | 'rollback-failed' | 'superseded' }>;

/** The result of the request to roll back, in one sentence; undefined where nothing was wanted. */
export function describeRestore(restore: Restore, failed: Deployment): string | undefined {
  const to = lastPart(failed.previousTaskDefinitionArn);
  switch (restore.kind) {
    case 'restoring':
      return `${carrierOf(failed)} is rolling back to ${lastPart(restore.to)} (${restore.by}).`;
    case 'superseded':
      return `Nothing was rolled back: ${restore.by.id} with ${lastPart(restore.by.taskDefinitionArn)} has taken over.`;
    case 'first-ended':
      return describeFirstEnd(restore.end, failed.service);
    case 'nothing-before':
      return failed.endedBefore
        ? `Nothing was rolled back: only settings of ${failed.service} were changed, and they stay.`
        : 'Nothing was rolled back: no revision is known to have run before.';
    case 'in-place':
      return `Nothing had to be rolled back: ${to} was not replaced.`;
    case 'rollback-failed':
      return `${carrierOf(failed)} could not roll back to ${to}.`;
    case 'leave':
      return undefined;
  }
}

/**
 * Rolls back to what ran before a deployment that went wrong, as `decideRollback` says.
 * @throws Failure of DescribeServices, UpdateService or DeleteService
 */
export async function restore(
  request: RollbackRequest,
  world: { readonly ecs: Ecs; readonly clock: Clock; readonly signal?: AbortSignal },
): Promise<Restore> {
  const { ecs } = world;
  const failed = request.policy === 'leave' ? request.failed : await withRecorded(request.failed, ecs);
  const to = failed.previousTaskDefinitionArn ?? '';
  const serviceDeployment = request.serviceDeployment ?? (await endOf(request, ecs));
  const known = { ...request, failed, ...defined({ serviceDeployment }) };
  let decision = decideRollback(known, undefined);
  let refused = false;
  let service: ServiceState | undefined;
  if (decision.kind === 'stop') {
    const by = await requestStop(decision.serviceDeployment, ecs);
    if (by) return { kind: 'restoring', deployment: failed, to, by };
    refused = true;
    decision = { kind: 'fetch-service' };
  }
  if (decision.kind === 'fetch-service') {
    [service] = await ecs.describeServices(failed.cluster, [failed.service]);
    decision = decideRollback(known, service, refused);
  }
  switch (decision.kind) {
    case 'end-first':
      return { kind: 'first-ended', end: await endFirst(failed, decision.policy, ecs) };
    case 'follow':
      return { kind: 'restoring', deployment: failed, to, by: carrierOf(failed) };
    case 'deploy':
      return service
        ? deployPrevious(failed, { taskDefinition: decision.taskDefinition, before: service }, world)
        : { kind: 'leave' };
    case 'stop':
    case 'fetch-service':
      // Both were answered above; the service is gone.
      return { kind: 'leave' };
    default:
      return decision;
  }
}

/** How a deployment of CodeDeploy ended, where the caller saw none under way: a rollback and none show the same service. */
async function endOf({ failed, policy }: RollbackRequest, ecs: Ecs): Promise<ServiceDeployment | undefined> {
  if (policy === 'leave' || carrierOf(failed) !== 'CodeDeploy') return undefined;
  const found = await ecs.describeServiceDeployments([failed.id]).catch(() => []);
  return found[0];
}

/**
 * A deployment whose service does not show what ran before it (its old tasks are gone, or it had been replaced and was deployed again):
 * ECS's record of its successful deployments does.
 */
async function withRecorded(failed: Deployment, ecs: Ecs): Promise<Deployment> {
  const { cluster, service: name, previousTaskDefinitionArn: previous, first, endedBefore } = failed;
  if (previous !== undefined || first !== undefined || endedBefore) return failed;
  const [service] = await ecs.describeServices(cluster, [name]);
  if (!service || primaryOf(service)?.id !== failed.id) return failed;
  const before = await provenBefore(service, ecs);
  const recorded = 'arn' in before && before.arn !== failed.taskDefinitionArn ? before.arn : undefined;
  return { ...failed, ...defined({ previousTaskDefinitionArn: recorded }) };
}

/** The previous revision, deployed again; to be watched as a deployment of its own. */
async function deployPrevious(
  failed: Deployment,
  { taskDefinition, before }: { readonly taskDefinition: string; readonly before: ServiceState },
  world: UpdateWorld & { readonly clock: Clock },
): Promise<Restore> {
  const startedAt = world.clock.now();
  const { settingsBefore } = failed;
  const update = {
    cluster: failed.cluster,
    service: failed.service,
    taskDefinition,
    ...defined({ settings: settingsBefore }),
  };
  const after = await updateAtOnce(failed, { update, before }, world);
  const { definition: _, settingsBefore: __, ...rest } = failed;
  const begun = primaryOf(after);
  return {
    kind: 'restoring',
    to: taskDefinition,
    by: carrierOf({ id: begun?.id ?? failed.id }) === 'CodeDeploy' ? 'CreateDeployment' : 'UpdateService',
    deployment: {
      ...rest,
      id: begun?.id ?? failed.id,
      startedAt,
      createdAt: begun?.createdAt ?? startedAt,
      taskDefinitionArn: taskDefinition,
      previousTaskDefinitionArn: failed.taskDefinitionArn,
    },
  };
}

/** The configuration by which CodeDeploy rolls back itself: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations-create.html */
const ALL_AT_ONCE = 'CodeDeployDefault.ECSAllAtOnce';

/** A failed revision loses its traffic at once, whatever steps the group takes forth; where the role may not choose that, in those steps. */
async function updateAtOnce(
  failed: Deployment,
  { update, before }: { readonly update: ServiceUpdate; readonly before: ServiceState },
  world: UpdateWorld,
): Promise<ServiceState> {
  if (carrierOf(failed) !== 'CodeDeploy') return updateOnce(update, before, world);
  try {
    return await updateOnce({ ...update, codeDeploy: { configName: ALL_AT_ONCE } }, before, world);
  } catch (thrown) {
    if (asFailure(thrown).code !== 'ACCESS_DENIED') throw thrown;
    return updateOnce(update, before, world);
  }
}

/** On request, ours of a moment ago or a user's, or by its own circuit breaker. */
export const isRollingBack = ({ status }: Pick<ServiceDeployment, 'status'>): boolean =>
  status === 'STOP_REQUESTED' || status === 'ROLLBACK_REQUESTED' || status === 'ROLLBACK_IN_PROGRESS';

/**
 * Makes ECS end an unfinished deployment and roll back to what ran before it; one that is paused at a lifecycle hook is
 * answered there. Undefined when ECS does not take it: ended already, or denied.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
 * @throws Failure CREDENTIALS; of StopDeployment where CodeDeploy still carries out the deployment
 */
export async function requestStop(
  deployment: ServiceDeployment,
  ecs: Pick<Ecs, 'stopServiceDeployment' | 'continueServiceDeployment' | 'describeServiceDeployments'>,
): Promise<StopCall | undefined> {
  const { arn } = deployment;
  if (!isCarriedOut(deployment)) return undefined;
  const ofCodeDeploy = carrierOf({ id: arn }) === 'CodeDeploy';
  const paused = waitingHooks(deployment)[0]?.id;
  try {
    if (paused !== undefined) {
      await ecs.continueServiceDeployment(arn, paused, 'ROLLBACK');
      return ofCodeDeploy ? 'StopDeployment' : 'ContinueServiceDeployment';
    }
    await ecs.stopServiceDeployment(arn, 'ROLLBACK');
    return ofCodeDeploy ? 'StopDeployment' : 'StopServiceDeployment';
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'CREDENTIALS') throw thrown;
    // CodeDeploy takes no other deployment while this one is under way: that it could not be stopped is what the user must know.
    if (ofCodeDeploy && (await isUnderWay(arn, ecs))) throw thrown;
    // The answer got lost, and ECS may be rolling back already: two rollbacks must never meet.
    const [now] = code === 'UNAVAILABLE' ? await ecs.describeServiceDeployments([arn]).catch(() => []) : [];
    if (now && isRollingBack(now) && ofCodeDeploy) return 'StopDeployment';
    if (now && isRollingBack(now)) return paused === undefined ? 'StopServiceDeployment' : 'ContinueServiceDeployment';
    // Denied, or ECS ended it in this very moment; deploying the old revision works in both cases.
    return undefined;
  }
}

/** Also where that cannot be seen. */
async function isUnderWay(arn: string, ecs: Pick<Ecs, 'describeServiceDeployments'>): Promise<boolean> {
  const [now] = await ecs.describeServiceDeployments([arn]).catch(() => []);
  return now === undefined || (isCarriedOut(now) && !isRollingBack(now));
}

/** The service's deployment that is under way, forth or back; undefined when there is none, or where IAM does not let us see it. */
export async function unfinished(
  cluster: string,
  service: string,
  ecs: Pick<Ecs, 'listServiceDeployments' | 'describeServiceDeployments'>,
): Promise<ServiceDeployment | undefined> {
  try {
    const statuses = [
      'PENDING',
      'IN_PROGRESS',
      'STOP_REQUESTED',
      'ROLLBACK_REQUESTED',
      'ROLLBACK_IN_PROGRESS',
    ] as const;
    const [newest] = await ecs.listServiceDeployments({ cluster, service, statuses, limit: 1 });
    return newest && (await ecs.describeServiceDeployments([newest.arn]))[0];
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'ACCESS_DENIED' || code === 'REFUSED') return undefined;
    throw thrown;
  }
}
