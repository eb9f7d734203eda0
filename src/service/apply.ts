import { Failure } from '../failure.ts';
import type { WatchInputs } from '../inputs/types.ts';
import type { Clock, Ecs, ServiceState, ServiceUpdate } from '../world.ts';
import type { Deployment } from './snapshot.ts';

const primaryOf = (state: ServiceState) => state.deployments.find(({ status }) => status === 'PRIMARY');

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

/** The deployment that is PRIMARY in this state, to be watched from now on. */
export function pinned(state: ServiceState, limits: WatchInputs, now: number): Deployment {
  const primary = primaryOf(state);
  if (!primary) throw new Failure('CONFLICT', `The service ${state.name} has no PRIMARY deployment.`);
  return {
    cluster: state.clusterArn,
    service: state.name,
    id: primary.id,
    taskDefinitionArn: primary.taskDefinitionArn,
    startedAt: now,
    timeoutSeconds: limits.timeoutSeconds,
    noProgressSeconds: limits.noProgressSeconds,
  };
}
