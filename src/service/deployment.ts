import { lastPart } from '../arn.ts';
import type { FirstFailure, WatchInputs } from '../inputs/types.ts';
import type {
  DeploymentState,
  Instant,
  JsonObject,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceState,
  TaskDefinition,
} from '../model.ts';

/** The deployment that we created and judge, pinned right after UpdateService. */
export interface Deployment {
  readonly cluster: string;
  readonly service: string;
  /** ecs-svc/N */
  readonly id: string;
  readonly taskDefinitionArn: string;
  /** What ran well before (`provenRevision`); undefined for the first deployment of a service. */
  readonly previousTaskDefinitionArn?: string;
  /** The service has never run a task well: what to do with it when this deployment fails. */
  readonly first?: FirstFailure;
  /** Members of UpdateService that a rollback by it has to send: what the deployment before had where this one changed it. */
  readonly settingsBefore?: JsonObject;
  /** By our clock: for how long we wait. */
  readonly startedAt: Instant;
  /** By ECS's clock, which may differ from ours: what is compared with instants of ECS. */
  readonly createdAt?: Instant;
  /** It had come to its end before this run looked: what happened in it is not reported. */
  readonly endedBefore?: true;
  /** It was under way when this run looked, started by an earlier attempt or another client: the cause of its first failures may be fixed by now. */
  readonly foundUnderWay?: true;
  readonly timeoutSeconds: number;
  readonly noProgressSeconds: number;
  /** What a lifecycle hook that waits for an answer means: `wait` when absent. */
  readonly onPause?: WatchInputs['onPause'];
  /** Lines of a failed container's log that are read (none at 0); 20 when absent. */
  readonly logLines?: number;
  /** What runs in it, to know essential containers and where they log. */
  readonly definition?: TaskDefinition;
}

/** Who carries a deployment out, for messages: CodeDeploy's ids are `d-XXXXXXXXX`, ECS's `ecs-svc/N`. */
export const carrierOf = ({ id }: Pick<Deployment, 'id'>): 'ECS' | 'CodeDeploy' =>
  id.startsWith('d-') ? 'CodeDeploy' : 'ECS';

/** The hooks at which ECS or CodeDeploy waits for an answer, and which can be answered: their id is known. */
export const waitingHooks = ({
  hooks,
}: Pick<ServiceDeployment, 'hooks'>): readonly (ServiceDeployment['hooks'][number] & { readonly id: string })[] =>
  hooks.flatMap((hook) => {
    const { id, status } = hook;
    return id !== undefined && status === 'AWAITING_ACTION' ? [{ ...hook, id }] : [];
  });

/** When it started, by ECS's clock: for what is compared with ECS's own instants. */
export const beganAt = ({ createdAt, startedAt }: Pick<Deployment, 'createdAt' | 'startedAt'>): Instant =>
  createdAt ?? startedAt;

/** What the service is being brought to, or is. */
export const primaryOf = ({ deployments }: Pick<ServiceState, 'deployments'>): DeploymentState | undefined =>
  deployments.find(({ status }) => status === 'PRIMARY');

/** Whether ECS carries the service deployment out, and neither ends it nor takes it back. */
export const isCarriedOut = ({ status }: Pick<ServiceDeploymentBrief, 'status'>): boolean =>
  status === 'PENDING' || status === 'IN_PROGRESS';

/** The deployment that ran before this one and still has tasks; undefined when there is none. */
export const replacedBy = (deployment: DeploymentState, { deployments }: ServiceState): DeploymentState | undefined =>
  deployments
    .filter(({ id, taskDefinitionArn }) => id !== deployment.id && taskDefinitionArn !== deployment.taskDefinitionArn)
    .sort(
      (a, b) =>
        Number(b.rolloutState === 'COMPLETED') - Number(a.rolloutState === 'COMPLETED') || b.createdAt - a.createdAt,
    )[0];

/**
 * The revision that is known to have run well, so that a failed deployment may roll back to it: of the completed deployment
 * that runs tasks (PRIMARY before the newest), else of a completed one that was scaled to 0 or lost its tasks. One that ECS
 * rolls back to right now was completed before. Any other deployment that ECS has not completed proves nothing, and neither does the one that the service was
 * created with and that never started a task: a placeholder.
 * @returns ARN; undefined where nothing is known to have run
 */
export function provenRevision(
  service: Pick<ServiceState, 'deployments' | 'events' | 'createdAt'>,
): string | undefined {
  const proven = service.deployments
    .filter((one) => (one.rolloutState === 'COMPLETED' ? !isPlaceholder(one, service) : isRolledBackTo(one, service)))
    .sort(
      (a, b) =>
        Number(b.runningCount > 0) - Number(a.runningCount > 0) ||
        Number(b.status === 'PRIMARY') - Number(a.status === 'PRIMARY') ||
        b.createdAt - a.createdAt,
    );
  return proven[0]?.taskDefinitionArn;
}

/** ECS rolls back by the older deployment's own id, which is PRIMARY again beside the newer one that failed. */
const isRolledBackTo = (one: DeploymentState, service: Pick<ServiceState, 'deployments' | 'events'>): boolean =>
  one.status === 'PRIMARY' &&
  one.rolloutState === 'IN_PROGRESS' &&
  !losesTasks(one, service) &&
  service.deployments.some(({ createdAt }) => createdAt > one.createdAt);

/**
 * Whether tasks of this PRIMARY deployment fail. ECS counts those that do not start or fail a health check; one that runs
 * and exits it replaces and does not count, so that more tasks were started than are wanted.
 */
export function losesTasks(
  one: DeploymentState,
  { deployments, events }: Pick<ServiceState, 'deployments' | 'events'>,
): boolean {
  if (one.failedTasks > 0) return true;
  const restored = events.find((event) => event.kind === 'rolling-back' && event.to === one.id);
  const since = restored?.at ?? one.createdAt;
  // Without that event its beginning is unknown, and so is what was started for it.
  if (!restored && deployments.some(({ createdAt }) => createdAt > one.createdAt)) return false;
  const started = events.reduce(
    (sum, event) => sum + (event.kind === 'tasks-started' && !event.rebalancing && event.at > since ? event.count : 0),
    0,
  );
  return started > Math.max(one.desiredCount, one.runningCount + one.pendingCount);
}

/** CreateService makes the service and its first deployment in one moment. */
export const CREATED_TOGETHER_SECONDS = 5;

/** ECS completes a deployment of no tasks at once, whatever its revision names. */
const isPlaceholder = (
  { createdAt, runningCount }: DeploymentState,
  service: Pick<ServiceState, 'events' | 'createdAt'>,
): boolean =>
  runningCount === 0 &&
  service.createdAt !== undefined &&
  createdAt - service.createdAt <= CREATED_TOGETHER_SECONDS &&
  !service.events.some(({ kind }) => kind === 'tasks-started');

/** Whether a service deployment is of the deployment `ecs-svc/NUMBER`: the revision that it brings carries the number. */
export const isOf = (
  { targetServiceRevisionArn }: Pick<ServiceDeploymentBrief, 'targetServiceRevisionArn'>,
  { id }: Pick<Deployment, 'id'>,
): boolean => targetServiceRevisionArn?.endsWith(`/${lastPart(id)}`) ?? false;
