import { lastPart } from '../arn.ts';
import { asFailure, type Failure } from '../failure.ts';
import type { FirstFailure } from '../inputs/types.ts';
import { defined, type ServiceState, type Tags } from '../model.ts';
import type { Ecs } from '../ports.ts';
import { FIRST_FAILURE_TAG } from '../tags.ts';
import { CREATED_TOGETHER_SECONDS, type Deployment, primaryOf } from './deployment.ts';

/**
 * Whether nothing has ever run well in the service: the deployment that it was created with is still there, and none is complete. So it
 * is when the run that created it was killed.
 */
export const isFirstDeployment = ({
  deployments,
  createdAt,
}: Pick<ServiceState, 'deployments' | 'createdAt'>): boolean =>
  createdAt !== undefined &&
  deployments.every(({ rolloutState }) => rolloutState !== 'COMPLETED') &&
  deployments.some((one) => one.createdAt - createdAt <= CREATED_TOGETHER_SECONDS);

/** Whether a run of this action scaled the service to 0 because its first deployment failed, and nothing was deployed since. */
export function hasFailedFirst(service: Pick<ServiceState, 'desiredCount' | 'taskDefinitionArn'>, tags: Tags): boolean {
  const failed = tags.find(({ key }) => key === FIRST_FAILURE_TAG)?.value;
  return service.desiredCount === 0 && failed !== undefined && failed === lastPart(service.taskDefinitionArn);
}

/** How a service whose first deployment failed was ended. */
export type FirstFailureEnd =
  | { readonly kind: 'scaled-to-zero'; readonly service: ServiceState; readonly untagged?: string }
  /** `of`: one that cannot be scaled to 0: a daemon has no count, and ECS manages that of an Express Mode service. */
  | { readonly kind: 'deleted'; readonly of?: 'daemon' | 'express'; readonly before?: true }
  /** Another deployment has started meanwhile, which is not ours to end. */
  | { readonly kind: 'superseded'; readonly by: string };

/**
 * Ends the first deployment of a service: there is nothing to roll back to, and ECS would start tasks that fail for ever.
 * Scaled to 0, the service is marked, so that the next run knows that nothing ran in it.
 * @throws Failure of UpdateService or DeleteService
 */
export async function endFirst(
  {
    cluster,
    service: name,
    id,
    taskDefinitionArn,
  }: Pick<Deployment, 'cluster' | 'service' | 'id' | 'taskDefinitionArn'>,
  policy: FirstFailure,
  ecs: Pick<Ecs, 'describeServices' | 'updateService' | 'deleteService' | 'deleteExpressService' | 'tagResource'>,
): Promise<FirstFailureEnd> {
  const [now] = await ecs.describeServices(cluster, [name]);
  const primary = now && primaryOf(now);
  if (primary && primary.id !== id)
    return { kind: 'superseded', by: `${primary.id} with ${lastPart(primary.taskDefinitionArn)}` };
  if (isGone(now)) return { kind: 'deleted', before: true };
  const of = now && notScalable(now);
  const remove = (): Promise<unknown> =>
    now?.express ? ecs.deleteExpressService(now.arn) : ecs.deleteService(cluster, name);
  const look = async (): Promise<boolean> => isGone((await ecs.describeServices(cluster, [name]).catch(() => []))[0]);
  const undeleted = policy === 'delete' ? await deleteOr(remove, look) : undefined;
  if (policy === 'delete' && undeleted === undefined) return { kind: 'deleted', ...defined({ of }) };
  if (undeleted !== undefined && of !== undefined) throw undeleted;
  const service = await ecs.updateService({ cluster, service: name, desiredCount: 0 });
  try {
    await ecs.tagResource(service.arn, [{ key: FIRST_FAILURE_TAG, value: lastPart(taskDefinitionArn) }]);
    return { kind: 'scaled-to-zero', service };
  } catch (thrown) {
    return { kind: 'scaled-to-zero', service, untagged: asFailure(thrown).message };
  }
}

/** Why it cannot be scaled to 0; undefined where it can. */
function notScalable({ express, schedulingStrategy }: ServiceState): 'daemon' | 'express' | undefined {
  if (express) return 'express';
  return schedulingStrategy === 'DAEMON' ? 'daemon' : undefined;
}

/** Deleted by another client, or by this run before its post step. */
const isGone = (service: Pick<ServiceState, 'status'> | undefined): boolean =>
  service?.status === 'DRAINING' || service?.status === 'INACTIVE';

/**
 * After a lost answer, ECS refuses the second call for a service that the first one has deleted: `gone` looks.
 * @returns the refusal of a role that may not delete it: scaled to 0 it does no harm either
 */
async function deleteOr(remove: () => Promise<unknown>, gone: () => Promise<boolean>): Promise<Failure | undefined> {
  try {
    await remove();
    return undefined;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'ACCESS_DENIED') return failure;
    if (await gone()) return undefined;
    throw thrown;
  }
}

/** The same in one sentence. */
export function describeFirstEnd(end: FirstFailureEnd, name: string): string {
  switch (end.kind) {
    case 'deleted':
      if (end.before) return `${name} has been deleted: ECS starts no more tasks of it.`;
      return `${
        end.of
          ? `${name} was deleted: no deployment of it has ever succeeded, and ${end.of === 'daemon' ? 'a DAEMON' : 'an Express Mode'} service cannot be scaled to 0.`
          : `${name} was deleted (\`on-first-failure: delete\`): no deployment of it has ever succeeded.`
      } The next deployment creates it again.`;
    case 'superseded':
      return `${name} was left as it is: ${end.by} has taken over.`;
    case 'scaled-to-zero':
      return `${name} was scaled to 0 tasks: no deployment of it has ever succeeded, so there is nothing to roll back to.${
        end.untagged === undefined
          ? ' The next deployment starts it with the desired count of its service definition.'
          : ` It could not be marked (${end.untagged.replace(/\.$/, '')}): set \`desired-count\` when you deploy again.`
      }`;
  }
}
