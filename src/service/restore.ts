import { asFailure } from '../failure.ts';
import type { Clock, DeploymentState, Ecs, ServiceDeployment } from '../world.ts';
import { type Deployment, isOf, primaryOf } from './deployment.ts';

/** How the old revision is being put back; `watch` then follows `deployment` to its end. */
export type Restore =
  | {
      readonly kind: 'restoring';
      readonly deployment: Deployment;
      readonly by: 'StopServiceDeployment' | 'ContinueServiceDeployment' | 'UpdateService' | 'ECS';
    }
  /** The first deployment of a service has nothing before it. */
  | { readonly kind: 'nothing-before' }
  /** Somebody has deployed meanwhile: theirs is not ours to undo. */
  | { readonly kind: 'superseded'; readonly by: DeploymentState };

/**
 * Puts back what ran before a deployment that went wrong. ECS does it itself where it can be asked to
 * (StopServiceDeployment ROLLBACK needs no circuit breaker), so that two rollbacks never meet; else the previous
 * revision is deployed. A deployment of somebody else is neither stopped nor replaced.
 * @param serviceDeployment of the failed deployment, where IAM lets us see it
 */
export async function restore(
  failed: Deployment,
  serviceDeployment: ServiceDeployment | undefined,
  { ecs, clock }: { readonly ecs: Ecs; readonly clock: Clock },
): Promise<Restore> {
  const previous = failed.previousTaskDefinitionArn;
  if (previous === undefined) return { kind: 'nothing-before' };
  if (serviceDeployment && isOf(serviceDeployment, failed)) {
    const by = isGoingBack(serviceDeployment) ? 'ECS' : await stopped(serviceDeployment, ecs);
    if (by) return { kind: 'restoring', deployment: failed, by };
  }
  const [service] = await ecs.describeServices(failed.cluster, [failed.service]);
  const primary = service && primaryOf(service);
  if (primary && primary.id !== failed.id) {
    return primary.taskDefinitionArn === previous
      ? { kind: 'restoring', deployment: failed, by: 'ECS' }
      : { kind: 'superseded', by: primary };
  }
  const startedAt = clock.now();
  const after = await ecs.updateService({ cluster: failed.cluster, service: failed.service, taskDefinition: previous });
  const { definition: _, ...rest } = failed;
  const begun = primaryOf(after);
  return {
    kind: 'restoring',
    by: 'UpdateService',
    deployment: {
      ...rest,
      id: begun?.id ?? failed.id,
      startedAt,
      createdAt: begun?.createdAt ?? startedAt,
      taskDefinitionArn: previous,
      previousTaskDefinitionArn: failed.taskDefinitionArn,
    },
  };
}

/** Told already, by us a moment ago or by its own breaker. */
const isGoingBack = ({ status }: ServiceDeployment): boolean =>
  /^(STOP_REQUESTED|ROLLBACK_REQUESTED|ROLLBACK_IN_PROGRESS)$/.test(status);

/**
 * Tells ECS to end an unfinished deployment and go back to what ran before it; one that is paused at a lifecycle hook is
 * answered there. Undefined when ECS does not take it: ended already, or denied.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
 * @throws Failure CREDENTIALS
 */
export async function stopped(
  { arn, status, hooks }: ServiceDeployment,
  ecs: Pick<Ecs, 'stopServiceDeployment' | 'continueServiceDeployment'>,
): Promise<'StopServiceDeployment' | 'ContinueServiceDeployment' | undefined> {
  if (!/^(PENDING|IN_PROGRESS)$/.test(status)) return undefined;
  const paused = hooks.find(({ id, status }) => id !== undefined && status === 'AWAITING_ACTION')?.id;
  try {
    if (paused !== undefined) {
      await ecs.continueServiceDeployment(arn, paused, 'ROLLBACK');
      return 'ContinueServiceDeployment';
    }
    await ecs.stopServiceDeployment(arn, 'ROLLBACK');
    return 'StopServiceDeployment';
  } catch (thrown) {
    // Denied, or ECS ended it in this very moment; deploying the old revision works in both cases.
    if (asFailure(thrown).code === 'CREDENTIALS') throw thrown;
    return undefined;
  }
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
