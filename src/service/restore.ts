import { asFailure } from '../failure.ts';
import type { Clock, Ecs } from '../world.ts';
import type { Deployment, Snapshot } from './snapshot.ts';

/** How the old revision is being put back; `watch` then follows `deployment` to its end. */
export type Restore =
  | {
      readonly kind: 'restoring';
      readonly deployment: Deployment;
      readonly by: 'StopServiceDeployment' | 'UpdateService' | 'ECS';
    }
  /** The first deployment of a service has nothing before it. */
  | { readonly kind: 'nothing-before' };

/**
 * Puts back what ran before a deployment that went wrong. ECS does it itself where it can be asked to
 * (StopServiceDeployment ROLLBACK needs no circuit breaker), so that two rollbacks never meet; else the previous
 * revision is deployed.
 */
export async function restore(
  failed: Deployment,
  { serviceDeployment, service }: Pick<Snapshot, 'service' | 'serviceDeployment'>,
  { ecs, clock }: { readonly ecs: Ecs; readonly clock: Clock },
): Promise<Restore> {
  const previous = failed.previousTaskDefinitionArn;
  if (previous === undefined) return { kind: 'nothing-before' };
  if (serviceDeployment && /^(PENDING|IN_PROGRESS|STOP_REQUESTED)$/.test(serviceDeployment.status)) {
    try {
      await ecs.stopServiceDeployment(serviceDeployment.arn, 'ROLLBACK');
      return { kind: 'restoring', deployment: failed, by: 'StopServiceDeployment' };
    } catch (thrown) {
      // Denied, or ECS ended it in this very moment; deploying the old revision works in both cases.
      const { code } = asFailure(thrown);
      if (code === 'CREDENTIALS') throw thrown;
    }
  }
  const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
  if (primary?.taskDefinitionArn === previous) return { kind: 'restoring', deployment: failed, by: 'ECS' };
  const startedAt = clock.now();
  const after = await ecs.updateService({ cluster: failed.cluster, service: failed.service, taskDefinition: previous });
  const id = after.deployments.find(({ status }) => status === 'PRIMARY')?.id ?? failed.id;
  const { definition: _, ...rest } = failed;
  return {
    kind: 'restoring',
    by: 'UpdateService',
    deployment: {
      ...rest,
      id,
      startedAt,
      taskDefinitionArn: previous,
      previousTaskDefinitionArn: failed.taskDefinitionArn,
    },
  };
}
