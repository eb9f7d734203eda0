import { lastPart } from '../arn.ts';
import type { DeploymentState, Instant, ServiceDeploymentBrief, ServiceState, TaskDefinition } from '../world.ts';

/** The deployment that we created and judge, pinned right after UpdateService. */
export interface Deployment {
  readonly cluster: string;
  readonly service: string;
  /** ecs-svc/N */
  readonly id: string;
  readonly taskDefinitionArn: string;
  /** What ran before; undefined for the first deployment of a service. */
  readonly previousTaskDefinitionArn?: string;
  /** By our clock: for how long we wait. */
  readonly startedAt: Instant;
  /** By ECS's clock, which may differ from ours: what is compared with instants that ECS tells. */
  readonly createdAt?: Instant;
  /** It had come to its end before this run looked: what happened in it is no news. */
  readonly endedBefore?: true;
  readonly timeoutSeconds: number;
  readonly noProgressSeconds: number;
  /** Lines of a failed container's log that are read (none at 0); 20 when absent. */
  readonly logLines?: number;
  /** What runs in it, to know essential containers and where they log. */
  readonly definition?: TaskDefinition;
}

/** When it began, by ECS's clock: for what is compared with ECS's own instants. */
export const beganAt = ({ createdAt, startedAt }: Pick<Deployment, 'createdAt' | 'startedAt'>): Instant =>
  createdAt ?? startedAt;

/** What the service is being brought to, or is. */
export const primaryOf = ({ deployments }: Pick<ServiceState, 'deployments'>): DeploymentState | undefined =>
  deployments.find(({ status }) => status === 'PRIMARY');

/** The deployment that ran before this one and still has tasks; undefined when there is none. */
export const replacedBy = (deployment: DeploymentState, { deployments }: ServiceState): DeploymentState | undefined =>
  deployments
    .filter(({ id, taskDefinitionArn }) => id !== deployment.id && taskDefinitionArn !== deployment.taskDefinitionArn)
    .sort(
      (a, b) =>
        Number(b.rolloutState === 'COMPLETED') - Number(a.rolloutState === 'COMPLETED') || b.createdAt - a.createdAt,
    )[0];

/** Whether a service deployment is of the deployment `ecs-svc/NUMBER`: the revision that it brings carries the number. */
export const isOf = (
  { targetServiceRevisionArn }: Pick<ServiceDeploymentBrief, 'targetServiceRevisionArn'>,
  { id }: Pick<Deployment, 'id'>,
): boolean => targetServiceRevisionArn?.endsWith(`/${lastPart(id)}`) ?? false;
