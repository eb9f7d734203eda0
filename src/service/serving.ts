import { lastPart } from '../arn.ts';
import type { DeploymentState, ServiceDeployment, ServiceState, TaskDefinition } from '../model.ts';
import { defined } from '../model.ts';
import type { Snapshot } from '../watch/snapshot.ts';
import { type Deployment, isOf, primaryOf } from './deployment.ts';

/** What answers the service's requests at one moment, by revision. */
export interface Serving {
  /** Tasks that run and take requests. */
  readonly running: number;
  /** Tasks that the service wants. */
  readonly desired: number;
  /** Those with tasks, most tasks first. */
  readonly revisions: readonly ServingRevision[];
}

interface ServingRevision {
  readonly taskDefinitionArn: string;
  readonly running: number;
  /** Of the production traffic, where a strategy divides it. */
  readonly trafficPercent?: number;
}

/** What a success says of the tasks that run: where nothing checks them, no more than that they do. */
export type Health = 'healthy' | 'no health check';

/** @returns undefined where the task definition cannot be read, and no load balancer checks */
export function healthOf(
  { loadBalancers }: Pick<ServiceState, 'loadBalancers'>,
  definition: TaskDefinition | undefined,
): Health | undefined {
  if (loadBalancers.length > 0) return 'healthy';
  if (!definition) return undefined;
  return definition.containerDefinitions.some(({ healthCheck }) => healthCheck !== undefined && healthCheck !== null)
    ? 'healthy'
    : 'no health check';
}

/** What is known beside the service's own counts. */
interface ServingDetails {
  /** With the traffic weights of a strategy that is not ROLLING. */
  readonly serviceDeployment?: ServiceDeployment;
  /** Tasks of one deployment that run and do not serve: unhealthy, or about to stop. */
  readonly notServing?: { readonly deployment: string; readonly tasks: number };
}

/**
 * Which revisions serve. A rolling update sends requests to every task that runs; the other strategies to the task set that has
 * production traffic, by the weights of the service deployment, or, where IAM hides those, to the deployment that ECS
 * completed last: traffic moves at the end.
 */
export function servingOf(service: ServiceState, details: ServingDetails = {}): Serving {
  const { notServing } = details;
  const counted = withTraffic(service, details.serviceDeployment).map(({ deployment, trafficPercent }) => {
    const idle = notServing?.deployment === deployment.id ? notServing.tasks : 0;
    return { deployment, running: Math.max(0, deployment.runningCount - idle), trafficPercent };
  });
  const byRevision = Map.groupBy(counted, ({ deployment }) => deployment.taskDefinitionArn);
  const revisions = [...byRevision]
    .map(([taskDefinitionArn, some]): ServingRevision => {
      const running = some.reduce((sum, one) => sum + one.running, 0);
      const [trafficPercent] = some.flatMap((one) => one.trafficPercent ?? []);
      return { taskDefinitionArn, running, ...defined({ trafficPercent }) };
    })
    .filter(({ running }) => running > 0)
    .sort((a, b) => b.running - a.running);
  const daemon = service.schedulingStrategy === 'DAEMON';
  return {
    running: revisions.reduce((sum, { running }) => sum + running, 0),
    desired: (daemon ? primaryOf(service)?.desiredCount : undefined) ?? service.desiredCount,
    revisions,
  };
}

interface Receiving {
  readonly deployment: DeploymentState;
  readonly trafficPercent?: number | undefined;
}

function withTraffic(service: ServiceState, serviceDeployment: ServiceDeployment | undefined): Receiving[] {
  const { deployments, strategy } = service;
  if (strategy === 'ROLLING') return deployments.map((deployment) => ({ deployment }));
  const weights = (serviceDeployment ? [serviceDeployment.target, ...serviceDeployment.sources] : []).flatMap((one) =>
    one?.trafficPercent === undefined ? [] : [{ ...one, trafficPercent: one.trafficPercent }],
  );
  const weighted = deployments.flatMap((deployment): Receiving[] => {
    const weight = weights.find(({ arn }) => isOf({ targetServiceRevisionArn: arn }, deployment));
    if (!weight || weight.trafficPercent === 0) return [];
    const { trafficPercent } = weight;
    return [{ deployment, ...(trafficPercent < 100 ? { trafficPercent } : {}) }];
  });
  if (weighted.length > 0) return weighted;
  const completed = deployments.filter(({ rolloutState }) => rolloutState === 'COMPLETED');
  const [last] = (completed.length > 0 ? completed : deployments).toSorted(
    (a, b) => Number(b.status === 'PRIMARY') - Number(a.status === 'PRIMARY') || b.createdAt - a.createdAt,
  );
  return last ? [{ deployment: last }] : [];
}

/** `web:1 serves: 4 of 4`, `nothing serves: 0 of 4`; with the shares where the traffic is divided. */
export const servingText = (serving: Serving): string => countedText(serving, ' serves');

/** The same below a heading that says what it is: `web:1: 4 of 4`, `none: 0 of 4`. */
export const servingCell = (serving: Serving): string => countedText(serving, '');

function countedText({ running, desired, revisions }: Serving, verb: '' | ' serves'): string {
  const [first, ...others] = revisions;
  if (!first) return `${verb === '' ? 'none' : `nothing${verb}`}: 0 of ${desired}`;
  const count = ({ taskDefinitionArn, running, trafficPercent }: ServingRevision, does: string): string =>
    `${lastPart(taskDefinitionArn)}${does}: ${running} of ${desired}${trafficPercent === undefined ? '' : ` with ${trafficPercent} % of the traffic`}`;
  const all = [count(first, verb), ...others.map((one) => count(one, ''))].join(', ');
  return others.length > 0 && running !== desired ? `${all} (${running} in all)` : all;
}

/** What serves in the last snapshot of a watch: tasks of the watched deployment that fail their health checks do not. */
export function servingIn(snapshot: Snapshot, { id }: Pick<Deployment, 'id'>): Serving {
  const { service, serviceDeployment, tasks, targetHealth } = snapshot;
  const ours = service.deployments.find((one) => one.id === id);
  // What ECS has completed it has seen healthy, later than the last look at single tasks.
  const idle =
    ours?.rolloutState === 'COMPLETED'
      ? []
      : tasks.filter(
          ({ id: task, lastStatus, desiredStatus, healthStatus }) =>
            lastStatus === 'RUNNING' &&
            (desiredStatus === 'STOPPED' ||
              healthStatus === 'UNHEALTHY' ||
              targetHealth.get(task)?.state === 'unhealthy'),
        );
  return servingOf(service, {
    notServing: { deployment: id, tasks: idle.length },
    ...defined({ serviceDeployment }),
  });
}

/**
 * - `steady`: the newest deployment is complete, and all tasks run
 * - `deploying`: it is under way
 * - `failed`: it failed, and nothing took its place
 * - `short`: complete, but fewer tasks run than are wanted
 * - `stopped`: no tasks are wanted
 * - `gone`: the service was deleted, or is being deleted
 */
export type ServiceCondition = 'steady' | 'deploying' | 'failed' | 'short' | 'stopped' | 'gone';

/** How a service is, by what ECS counts of it. */
export function conditionOf(service: ServiceState): ServiceCondition {
  const { status, desiredCount, runningCount, schedulingStrategy } = service;
  if (status !== 'ACTIVE') return 'gone';
  const primary = primaryOf(service);
  if (primary?.rolloutState === 'FAILED') return 'failed';
  if (primary?.rolloutState === 'IN_PROGRESS') return 'deploying';
  // Of a daemon ECS decides how many there are to be.
  if (desiredCount === 0 && schedulingStrategy !== 'DAEMON') return 'stopped';
  return runningCount < desiredCount ? 'short' : 'steady';
}
