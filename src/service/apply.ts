import { Failure } from '../failure.ts';
import type { WatchInputs } from '../inputs/types.ts';
import type { Clock, DeploymentState, Ecs, ServiceState, ServiceUpdate } from '../world.ts';
import type { Deployment } from './deployment.ts';

export const primaryOf = (state: ServiceState) => state.deployments.find(({ status }) => status === 'PRIMARY');

/**
 * Calls UpdateService and pins the deployment that it began: the PRIMARY's id in its answer. An id that was there
 * before means that ECS began none (only settings changed); undefined then.
 */
export async function apply(
  update: ServiceUpdate,
  before: ServiceState,
  limits: WatchInputs,
  { ecs, clock }: { readonly ecs: Pick<Ecs, 'updateService'>; readonly clock: Clock },
): Promise<Deployment | undefined> {
  const startedAt = clock.now();
  const after = await ecs.updateService(update);
  const primary = primaryOf(after);
  if (!primary) throw new Failure('INTERNAL', `UpdateService of ${before.name} answered without a PRIMARY deployment.`);
  if (before.deployments.some(({ id }) => id === primary.id)) return undefined;
  return { ...pinned(after, limits, startedAt), previousTaskDefinitionArn: before.taskDefinitionArn };
}

/**
 * The deployment that is PRIMARY in this state, to be watched from now on. While it is under way, what ran before is the
 * completed deployment beside it.
 */
export function pinned(state: ServiceState, limits: WatchInputs, now: number): Deployment {
  const primary = primaryOf(state);
  if (!primary) throw new Failure('CONFLICT', `The service ${state.name} has no PRIMARY deployment.`);
  const done = primary.rolloutState === 'COMPLETED';
  const before = done ? undefined : replacedBy(primary, state);
  // Its own beginning, so that its events and its service deployment are found; the wait is ours alone.
  const startedAt = done ? now : Math.min(now, primary.createdAt);
  return {
    cluster: state.clusterArn,
    service: state.name,
    id: primary.id,
    taskDefinitionArn: primary.taskDefinitionArn,
    ...(before ? { previousTaskDefinitionArn: before.taskDefinitionArn } : {}),
    startedAt,
    timeoutSeconds: limits.timeoutSeconds + now - startedAt,
    noProgressSeconds: limits.noProgressSeconds,
    logLines: limits.logLines,
  };
}

/** The deployment that ran before this one and still has tasks; undefined when there is none. */
export const replacedBy = (deployment: DeploymentState, { deployments }: ServiceState): DeploymentState | undefined =>
  deployments
    .filter(({ id, taskDefinitionArn }) => id !== deployment.id && taskDefinitionArn !== deployment.taskDefinitionArn)
    .sort(
      (a, b) =>
        Number(b.rolloutState === 'COMPLETED') - Number(a.rolloutState === 'COMPLETED') || b.createdAt - a.createdAt,
    )[0];
