import type { RunnableContainer, StopCode } from '../runtime/runtime.ts';

/** What a task set has beside its revision and tasks: of services whose controller is CODE_DEPLOY or EXTERNAL. */
export interface TaskSet {
  /** Percent of the service's desired count. */
  scale: number;
  /** Those of its own: each task set has one target group. */
  readonly loadBalancers: readonly Readonly<Record<string, unknown>>[];
  /** `CODE_DEPLOY` for those of CodeDeploy. */
  readonly startedBy?: string;
  /** The id of the deployment in CodeDeploy, or what CreateTaskSet was given. */
  readonly externalId?: string;
  stability: 'STABILIZING' | 'STEADY_STATE';
  stableAt: number;
}

/** A service revision and its tasks: what DescribeServices lists as a deployment, or as a task set. A rollback makes an older one PRIMARY again. */
export interface Deployment {
  /** ecs-svc/N */
  readonly id: string;
  readonly number: string;
  /** DRAINING: of task sets alone. */
  status: 'PRIMARY' | 'ACTIVE' | 'DRAINING';
  readonly taskSet?: TaskSet;
  /** Its tasks are registered with the alternate target group of the service's load balancers. */
  readonly alternate?: boolean;
  readonly taskDefinition: string;
  /** What the service revision keeps of the service: launch type, network, load balancers... */
  readonly revision: Readonly<Record<string, unknown>>;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  readonly createdAt: number;
  updatedAt: number;
  /** Tasks that did not reach RUNNING or failed a health check, since the last one that became healthy. */
  failedTasks: number;
  /** Tasks in a row that never reached RUNNING; ECS backs off from these. */
  failedStarts: number;
  lastFailureAt: number;
  /** Starts no more tasks: it failed without a rollback, or it was stopped. */
  halted: boolean;
  /** When the next attempt is due, so that one timer waits for it. */
  retryAt: number;
  /** By image: the digest that the first task resolved, used by all its tasks (versionConsistency). */
  readonly digests: Map<string, string>;
}

/** A deployment, or a task set, that begins now. */
export const newDeployment = (
  number: string,
  now: number,
  given: Pick<Deployment, 'status' | 'taskDefinition' | 'revision' | 'rolloutStateReason' | 'taskSet' | 'alternate'>,
): Deployment => ({
  id: `ecs-svc/${number}`,
  number,
  ...given,
  rolloutState: 'IN_PROGRESS',
  createdAt: now,
  updatedAt: now,
  failedTasks: 0,
  failedStarts: 0,
  lastFailureAt: 0,
  halted: false,
  retryAt: 0,
  digests: new Map(),
});

export type ServiceDeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'SUCCESSFUL'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

/** As ServiceDeployment.lifecycleStage; hooks know PRE_PRODUCTION_TRAFFIC_SHIFT besides. */
export type Stage =
  | 'RECONCILE_SERVICE'
  | 'PRE_SCALE_UP'
  | 'SCALE_UP'
  | 'POST_SCALE_UP'
  | 'TEST_TRAFFIC_SHIFT'
  | 'POST_TEST_TRAFFIC_SHIFT'
  | 'PRODUCTION_TRAFFIC_SHIFT'
  | 'POST_PRODUCTION_TRAFFIC_SHIFT'
  | 'BAKE_TIME'
  | 'CLEAN_UP';

export interface HookRun {
  readonly hookId: string;
  readonly targetType: 'AWS_LAMBDA' | 'PAUSE';
  readonly targetArn?: string;
  readonly stage: string;
  status: 'AWAITING_ACTION' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly expiresAt: number;
  readonly timeoutAction: 'CONTINUE' | 'ROLLBACK';
}

type MonitorStatus = 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED';

/** A service deployment, as ListServiceDeployments lists it. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html */
export interface SimServiceDeployment {
  /** Last segment of its ARN; unlike the revision's number. */
  readonly id: string;
  readonly target: Deployment;
  readonly sources: readonly Deployment[];
  /** As it was when the deployment started. */
  readonly configuration: Configuration;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  readonly createdAt: number;
  startedAt?: number;
  updatedAt: number;
  finishedAt?: number;
  stoppedAt?: number;
  stage: Stage;
  /** Index of the current step, and how many were entered: a timer of an older entry is ignored. */
  step: number;
  entered: number;
  readonly hooks: HookRun[];
  /** Percent of production and test traffic that the target gets. */
  weight: number;
  testWeight: number;
  readonly breaker: { status: MonitorStatus; failureCount: number };
  readonly alarms: { status: MonitorStatus; readonly ignored: ReadonlySet<string>; triggered: string[] };
  rollback?: { readonly reason: string; readonly startedAt: number; readonly to: Deployment; failures: number };
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

const COUNTED_AS_PENDING: ReadonlySet<TaskStatus> = new Set(['PROVISIONING', 'PENDING', 'ACTIVATING']);
/** Draining tasks serve their last requests: they still count as running. */
const COUNTED_AS_RUNNING: ReadonlySet<TaskStatus> = new Set(['RUNNING', 'DEACTIVATING']);

/** How services, deployments, revisions, clusters and container instances count tasks. */
export const counts = (tasks: Iterable<SimTask>): { readonly running: number; readonly pending: number } => {
  let [running, pending] = [0, 0];
  for (const { lastStatus, executionStoppedAt } of tasks) {
    if (COUNTED_AS_RUNNING.has(lastStatus) && executionStoppedAt === undefined) running++;
    else if (COUNTED_AS_PENDING.has(lastStatus)) pending++;
  }
  return { running, pending };
};

export interface SimTask {
  readonly arn: string;
  readonly id: string;
  /** Absent for tasks of RunTask. */
  readonly service?: SimService;
  readonly cluster: SimCluster;
  /** ecs-svc/N, or startedBy of RunTask. */
  readonly deploymentId: string;
  readonly group: string;
  readonly taskDefinitionArn: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly containers: readonly RunnableContainer[];
  readonly launchType: string;
  readonly capacityProvider?: string;
  readonly privateIp: string;
  /** Members that are only passed through: overrides, tags, enableExecuteCommand. */
  readonly settings: Record<string, unknown>;
  readonly createdAt: number;
  /** By image: what it pulled. */
  readonly digests: Map<string, string>;
  instance?: SimInstance;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  /** By container, once its health check has reported. */
  readonly health: Map<string, 'HEALTHY' | 'UNHEALTHY'>;
  /** Target health, once the load balancer has checked. */
  target?: 'healthy' | 'unhealthy';
  targetReason?: string;
  /** As AWS Cloud Map has it, for a service with a registry that keeps health. */
  registered?: 'healthy' | 'unhealthy';
  /** Whether it has been healthy. */
  wasHealthy: boolean;
  protectedUntil: number;
  startedAt?: number;
  /** When images started to be pulled, and when that was done. */
  pullStartedAt?: number;
  pullStoppedAt?: number;
  stoppingAt?: number;
  /** When its containers had ended. */
  executionStoppedAt?: number;
  stoppedAt?: number;
  stopCode?: StopCode;
  stoppedReason?: string;
  ended: readonly { readonly name: string; readonly exitCode?: number; readonly reason?: string }[];
}

export interface SimEvent {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

/** deploymentConfiguration, with the defaults filled in. */
export interface Configuration {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly strategy: 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY';
  readonly deploymentCircuitBreaker: {
    readonly enable: boolean;
    readonly rollback: boolean;
    readonly resetOnHealthyTask?: boolean;
    readonly thresholdConfiguration?: { readonly type: string; readonly value: number };
  };
  readonly alarms?: { readonly alarmNames: readonly string[]; readonly enable: boolean; readonly rollback: boolean };
  readonly bakeTimeInMinutes?: number;
  readonly lifecycleHooks?: readonly {
    readonly targetType?: 'AWS_LAMBDA' | 'PAUSE';
    readonly hookTargetArn?: string;
    readonly lifecycleStages?: readonly string[];
    readonly timeoutConfiguration?: { readonly timeoutInMinutes?: number; readonly action?: 'CONTINUE' | 'ROLLBACK' };
  }[];
  readonly earlySuccessCriteria?: {
    readonly enable: boolean;
    readonly healthyPercent?: number;
    readonly sourceServiceRevisionCleanup?: 'BLOCKING' | 'DEFERRED';
  };
  readonly linearConfiguration?: { readonly stepPercent?: number; readonly stepBakeTimeInMinutes?: number };
  readonly canaryConfiguration?: { readonly canaryPercent?: number; readonly canaryBakeTimeInMinutes?: number };
}

/** What a container instance offers; cpu in units of 1/1024, memory in MiB. */
export interface InstanceSize {
  readonly cpu?: number;
  readonly memory?: number;
  readonly gpus?: number;
  /** Network interfaces for awsvpc tasks. */
  readonly enis?: number;
  readonly architecture?: 'x86_64' | 'arm64';
  readonly os?: 'linux' | 'windows';
  /** A machine of ECS Anywhere: it takes tasks of the launch type EXTERNAL, and no others. */
  readonly external?: boolean;
}

export interface SimInstance {
  readonly arn: string;
  readonly id: string;
  readonly ec2InstanceId: string;
  readonly size: Required<InstanceSize>;
  readonly capacityProvider?: string;
  readonly registeredAt: number;
  status: 'ACTIVE' | 'DRAINING';
  agentConnected: boolean;
  readonly tasks: Set<SimTask>;
}

export interface SimCluster {
  readonly arn: string;
  readonly name: string;
  readonly settings: Record<string, unknown>;
  status: 'ACTIVE' | 'INACTIVE';
  /** Undefined: unlimited EC2 capacity, for tests that do not need instances. */
  instances?: SimInstance[];
  capacityProviders: string[];
  /** Tasks of RunTask. */
  tasks: SimTask[];
  /** Requests of RunTask that started tasks, by their client token. */
  readonly clientTokens: Map<
    string,
    { readonly parameters: string; readonly tasks: readonly SimTask[]; readonly at: number }
  >;
}

/** Settings of a service that are part of its revisions, beside task definition and load balancers: a rollback brings them back. */
export const REVISION_SETTINGS = [
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'platformFamily',
  'networkConfiguration',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'gatewayConnectors',
  'monitoring',
  'express',
];

/** A service; members that are only passed through (network, tags) are in `settings`. */
export interface SimService {
  /** ECS keeps the health of its tasks in AWS Cloud Map. */
  keepsRegisteredHealth?: boolean;
  /** Client token and parameters of CreateService. */
  creation?: string;
  /** To which an empty capacity provider strategy goes back. */
  launchTypeBefore?: string;
  readonly arn: string;
  readonly name: string;
  readonly cluster: SimCluster;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  taskDefinition: string;
  desiredCount: number;
  configuration: Configuration;
  healthCheckGracePeriodSeconds?: number;
  loadBalancers: readonly Readonly<Record<string, unknown>>[];
  readonly settings: Record<string, unknown>;
  /** PRIMARY first; others while they have tasks. */
  deployments: Deployment[];
  /** All, oldest first. */
  readonly serviceDeployments: SimServiceDeployment[];
  /** The one in progress. */
  current?: SimServiceDeployment;
  /** The rollback target. */
  lastCompleted?: Deployment;
  /** Tasks that are not STOPPED, and those STOPPED within the last hour. */
  tasks: SimTask[];
  readonly events: SimEvent[];
  /** When each message was last added, to suppress duplicates. */
  readonly eventTimes: Map<string, number>;
  /** What reads return for some seconds after a write, when eventual consistency is simulated. */
  stale?: { readonly until: number; readonly service: object; readonly serviceDeployments: readonly object[] };
}

/** Whether its tasks belong to task sets, which another than ECS's own deployment controller creates. */
export const hasTaskSets = ({ settings }: SimService): boolean =>
  ((settings.deploymentController ?? {}) as { type?: string }).type !== 'ECS';

/** "multiplying the service's desiredCount by the task set's scale percentage. The result is always rounded up": API_TaskSet.html */
export const computedDesiredCount = (
  { desiredCount }: SimService,
  { status, taskSet }: Pick<Deployment, 'status' | 'taskSet'>,
): number => (status === 'DRAINING' ? 0 : Math.ceil((desiredCount * (taskSet?.scale ?? 100)) / 100));

/** The load balancers of a task: those of its task set, else of its service, with the target group of its deployment. */
export function balancersOf({
  service,
  deploymentId,
}: Pick<SimTask, 'service' | 'deploymentId'>): readonly Readonly<Record<string, unknown>>[] {
  const deployment = service?.deployments.find(({ id }) => id === deploymentId);
  const balancers = deployment?.taskSet?.loadBalancers ?? service?.loadBalancers ?? [];
  return deployment?.alternate ? balancers.map(alternated) : balancers;
}

/** The other target group of a load balancer that divides traffic. */
export const alternateOf = ({ advancedConfiguration: advanced }: Readonly<Record<string, unknown>>): unknown =>
  (advanced as { readonly alternateTargetGroupArn?: unknown } | undefined)?.alternateTargetGroupArn;

const alternated = (balancer: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  ...balancer,
  targetGroupArn: alternateOf(balancer) ?? balancer.targetGroupArn,
});

/** Tasks whose desired status is RUNNING. */
export const active = (service: SimService): SimTask[] =>
  service.tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
/** Tasks that are not STOPPED. */
export const running = (service: SimService): SimTask[] =>
  service.tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
export const primaryOf = (service: SimService): Deployment | undefined =>
  service.deployments.find(({ status }) => status === 'PRIMARY');

/** How a status reason names the end of a deployment that failed: AWS's words by the `rollback` setting. */
export const endWord = ({ rollback }: { readonly rollback: boolean }): string => (rollback ? 'rolled back' : 'failed');

/** Unique ids, the same in each run of a test. */
export class Ids {
  #sequence = 0;
  /** 32 hexadecimal digits, as task ids have. */
  hexadecimal(): string {
    return (BigInt(++this.#sequence) * 0x9e3779b97f4a7c15f39cc0605cedc835n).toString(16).padStart(32, '0').slice(-32);
  }
  /** 19 digits, as deployments and service revisions have. */
  digits(): string {
    return String(10n ** 18n + ((BigInt(++this.#sequence) * 7_777_777_777_777_777_777n) % (9n * 10n ** 18n)));
  }
  /** As the ARN of a service deployment ends. */
  word(): string {
    return Buffer.from(this.hexadecimal(), 'hex').toString('base64url').slice(0, 21);
  }
  count(): number {
    return ++this.#sequence;
  }
}

export type TagList = readonly { readonly key?: string; readonly value?: string }[];

/** Where a resource keeps its tags. */
export interface Tagged {
  read(): TagList;
  write(tags: TagList): void;
}
