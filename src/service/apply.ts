import { Failure } from '../failure.ts';
import type { WatchInputs } from '../inputs/types.ts';
import type { ServiceState, ServiceUpdate } from '../model.ts';
import type { Clock } from '../ports.ts';
import { type Deployment, primaryOf, provenRevision } from './deployment.ts';
import { type UpdateWorld, updateOnce } from './update-once.ts';

/**
 * Calls UpdateService and pins the deployment that it began: the PRIMARY's id in its answer. An id that was there
 * before means that ECS began none (only settings changed); undefined then.
 */
export async function apply(
  update: ServiceUpdate,
  before: ServiceState,
  limits: WatchInputs,
  world: UpdateWorld & { readonly clock: Clock },
): Promise<Deployment | undefined> {
  const startedAt = world.clock.now();
  const after = await updateOnce(update, before, world);
  const primary = primaryOf(after);
  if (!primary) throw new Failure('INTERNAL', `UpdateService of ${before.name} answered without a PRIMARY deployment.`);
  if (before.deployments.some(({ id }) => id === primary.id)) return undefined;
  const { previousTaskDefinitionArn: _, ...deployment } = pinned(after, limits, startedAt);
  const previous = provenRevision(before);
  return { ...deployment, ...(previous === undefined ? {} : { previousTaskDefinitionArn: previous }) };
}

/**
 * The deployment that is PRIMARY in this state, to be watched from now on. While it is under way, what ran before is the
 * completed deployment beside it.
 */
export function pinned(state: ServiceState, limits: WatchInputs, now: number): Deployment {
  const primary = primaryOf(state);
  if (!primary) throw new Failure('CONFLICT', `The service ${state.name} has no PRIMARY deployment.`);
  const done = primary.rolloutState === 'COMPLETED';
  const proven = done ? undefined : provenRevision(state);
  return {
    cluster: state.clusterArn,
    service: state.name,
    id: primary.id,
    taskDefinitionArn: primary.taskDefinitionArn,
    ...(proven === undefined || proven === primary.taskDefinitionArn ? {} : { previousTaskDefinitionArn: proven }),
    startedAt: now,
    // Of one that ran before we came, only what happens from now on is ours to tell.
    createdAt: done ? now : primary.createdAt,
    ...(done ? { endedBefore: true as const } : {}),
    timeoutSeconds: limits.timeoutSeconds,
    noProgressSeconds: limits.noProgressSeconds,
    logLines: limits.logLines,
  };
}
