import type { RunnableContainer, StopCode } from '../runtime/runtime.ts';

/** A service revision and its tasks: what DescribeServices lists as a deployment. A rollback brings an older one back. */
export interface Deployment {
  /** ecs-svc/N */
  readonly id: string;
  readonly number: string;
  status: 'PRIMARY' | 'ACTIVE';
  readonly taskDefinition: string;
  /** What the service revision keeps of the service: launch type, network, load balancers... */
  readonly revision: Readonly<Record<string, unknown>>;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  readonly createdAt: number;
  updatedAt: number;
  /** Consecutive ones: a task that becomes healthy sets it back. */
  failedTasks: number;
  /** Tasks in a row that never ran; they are what ECS backs off from. */
  failedStarts: number;
  lastFailureAt: number;
  /** Starts no more tasks: it failed and nobody restores, or it was stopped. */
  halted: boolean;
  /** When the next attempt is due, so that one timer waits for it. */
  retryAt: number;
  /** By image: what its first task resolved each to, for all its tasks (versionConsistency). */
  readonly digests: Map<string, string>;
}

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

/** One attempt to bring a revision out: what ListServiceDeployments lists. */
export interface SimServiceDeployment {
  /** Last segment of its ARN; unlike the revision's number. */
  readonly id: string;
  readonly target: Deployment;
  readonly sources: readonly Deployment[];
  /** As it was when this began. */
  readonly configuration: Configuration;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  readonly createdAt: number;
  startedAt?: number;
  updatedAt: number;
  finishedAt?: number;
  stoppedAt?: number;
  stage: Stage;
  /** Where the walk through the steps stands, and how often one was entered: late timers know they are late. */
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
  /** What only travels: overrides, tags, enableExecuteCommand. */
  readonly settings: Record<string, unknown>;
  readonly createdAt: number;
  /** By image: what it pulled. */
  readonly digests: Map<string, string>;
  instance?: SimInstance;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  /** By container, where its health check spoke. */
  readonly health: Map<string, 'HEALTHY' | 'UNHEALTHY'>;
  /** As the load balancer sees it, once it has looked. */
  target?: 'healthy' | 'unhealthy';
  targetReason?: string;
  /** It was healthy once. */
  proven: boolean;
  protectedUntil: number;
  startedAt?: number;
  stoppingAt?: number;
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
  /** Undefined: EC2 capacity without end, for tests that do not care. */
  instances?: SimInstance[];
  capacityProviders: string[];
  /** Tasks of RunTask. */
  tasks: SimTask[];
}

/** A service as ECS keeps it; members that only travel through (network, tags) stay in `settings`. */
export interface SimService {
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
  /** PRIMARY first; others as long as they have tasks. */
  deployments: Deployment[];
  /** Every attempt, oldest first. */
  readonly serviceDeployments: SimServiceDeployment[];
  /** The attempt under way. */
  current?: SimServiceDeployment;
  /** The revision that a rollback brings back. */
  lastCompleted?: Deployment;
  /** Those not yet stopped, and the stopped ones of the last hour. */
  tasks: SimTask[];
  readonly events: SimEvent[];
  /** When a message was last told, to suppress its repetitions. */
  readonly told: Map<string, number>;
  /** What readers see for some seconds after a write, where eventual consistency is switched on. */
  stale?: { readonly until: number; readonly service: object; readonly serviceDeployments: readonly object[] };
}

/** Not yet told to stop. */
export const active = (service: SimService): SimTask[] =>
  service.tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
/** Not yet gone. */
export const running = (service: SimService): SimTask[] =>
  service.tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
export const primaryOf = (service: SimService): Deployment | undefined =>
  service.deployments.find(({ status }) => status === 'PRIMARY');

/** Names that are unlike any other, and the same in each run of a test. */
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
