/**
 * The values that the layers hand to each other: what ECS, ECR and the services that tasks use hold, as strict types of ours, so
 * that the optional fields of the SDK stop at the adapters. Every instant is in seconds since the epoch (fractions allowed),
 * every duration in seconds.
 */

export type Instant = number;

/**
 * The values that AWS documents today, or one that it adds later (the SDK's enumerations lag behind: they lack the lifecycle
 * stage PRE_PRODUCTION_TRAFFIC_SHIFT). Unlike `T | string`, the known values stay visible to the compiler.
 */
export type Open<Known extends string> = Known | (string & Record<never, never>);

/** A task definition as RegisterTaskDefinition takes it: no read-only field, dates or undefined anywhere in it. */
export interface TaskDefinition {
  readonly family: string;
  readonly containerDefinitions: readonly ContainerDefinition[];
  readonly [field: string]: Json;
}

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly [field: string]: Json;
}

export type Tags = readonly { readonly key: string; readonly value: string }[];

/** A revision as ECS holds it. */
export interface Revision {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  readonly registeredAt?: Instant;
  readonly definition: TaskDefinition;
  readonly tags: Tags;
}

/** A revision that IAM does not let us read (no ecs:DescribeTaskDefinition): its name is all that is known of it. */
type UnseenRevision = Pick<Revision, 'arn' | 'family' | 'revision'> & { readonly unseen: true };

/** A revision that a service runs or ran. */
export type LiveRevision = Revision | UnseenRevision;

export const isSeen = (revision: LiveRevision): revision is Revision => !('unseen' in revision);

/** `web:42` */
export const nameOf = ({ family, revision }: Pick<Revision, 'family' | 'revision'>): string => `${family}:${revision}`;

/**
 * What a reason of ECS says about who or what changed a state, parsed once (src/adapters/ecs-shapes.ts): a user (this run, or
 * a user at the console), a newer deployment, or a rollback to this deployment. The words beside it are for the log.
 */
export type StatusCause = 'user' | 'newer-deployment' | 'rollback';

export interface DeploymentState {
  /** ecs-svc/N */
  readonly id: string;
  readonly status: Open<'PRIMARY' | 'ACTIVE' | 'INACTIVE'>;
  readonly taskDefinitionArn: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly failedTasks: number;
  /** Absent for controllers other than ECS. */
  readonly rolloutState?: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly rolloutStateReason?: string;
  readonly rolloutCauses?: readonly StatusCause[];
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** What every service event of ECS says, whatever its kind. */
interface EventHead {
  readonly id: string;
  readonly at: Instant;
  /** AWS's own words, for the log; decisions use `kind` and what was parsed. */
  readonly message: string;
  /** Ids of the tasks that it names. */
  readonly taskIds: readonly string[];
  /** ecs-svc/N: the deployment or task set that it speaks of, where it names one. */
  readonly deploymentId?: string;
}

/** A service event, parsed once (src/adapters/ecs-shapes.ts). Reasons are AWS's own words. */
export type ServiceEvent = EventHead &
  (
    | {
        readonly kind: 'tasks-started';
        readonly count: number;
        readonly zone?: string;
        /** To balance the Availability Zones, not for a deployment. */
        readonly rebalancing?: true;
      }
    | { readonly kind: 'tasks-stopped'; readonly count: number; readonly state: 'running' | 'pending' }
    | { readonly kind: 'draining'; readonly count: number }
    /** `group`: name of the target group. */
    | { readonly kind: 'targets-registered'; readonly count: number; readonly group: string }
    | {
        readonly kind: 'targets-deregistered';
        readonly count: number;
        readonly group: string;
        /** Such as failing health checks; absent where ECS replaces or scales. */
        readonly reason?: string;
      }
    | { readonly kind: 'steady' }
    | { readonly kind: 'deployment-completed' }
    | { readonly kind: 'deployment-failed'; readonly reason: string }
    /** `to`: ecs-svc/N. */
    | { readonly kind: 'rolling-back'; readonly to: string }
    | { readonly kind: 'unplaced'; readonly reason: string }
    | { readonly kind: 'launch-failed'; readonly reason: string }
    /** `group`: name of the target group or classic load balancer. */
    | { readonly kind: 'unhealthy-target'; readonly group: string; readonly reason: string }
    | {
        readonly kind: 'scale-in-blocked';
        readonly reason: string;
        /** By task scale-in protection. */
        readonly protected: boolean;
      }
    /** `zones`: AWS's words for how the tasks are spread. */
    | { readonly kind: 'zones-unbalanced'; readonly zones: string }
    | { readonly kind: 'desired-count-set'; readonly count: number }
    /** A wording that we do not know; `text` is it without the service's name. */
    | { readonly kind: 'other'; readonly text: string; readonly problem: boolean }
  );

export interface LoadBalancer {
  readonly targetGroupArn?: string;
  readonly containerName?: string;
  readonly containerPort?: number;
  readonly loadBalancerName?: string;
  /** advancedConfiguration: what a strategy that divides traffic works with. */
  readonly advanced?: {
    readonly alternateTargetGroupArn?: string;
    readonly productionListenerRule?: string;
    readonly testListenerRule?: string;
    readonly roleArn?: string;
  };
}

export interface LinearSettings {
  readonly stepPercent?: number;
  readonly stepBakeTimeInMinutes?: number;
}

export interface CanarySettings {
  readonly canaryPercent?: number;
  readonly canaryBakeTimeInMinutes?: number;
}

/** A task set of a service that ECS does not deploy itself. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html */
export interface TaskSetState {
  /** ecs-svc/N */
  readonly id: string;
  /** PRIMARY: it serves the production traffic. */
  readonly status: Open<'PRIMARY' | 'ACTIVE' | 'DRAINING'>;
  readonly taskDefinitionArn: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly loadBalancers: readonly LoadBalancer[];
  /** Of one that CodeDeploy created: the id of its deployment. */
  readonly externalId?: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A deployment group of CodeDeploy, as far as it is about deployments of an ECS service. */
export interface DeploymentGroup {
  readonly application: string;
  readonly name: string;
  readonly configName: string;
  readonly roleArn?: string;
  readonly services: readonly { readonly cluster: string; readonly service: string }[];
  /** Names of the pair. */
  readonly targetGroups: readonly string[];
  readonly alarms: readonly string[];
  /** Events of autoRollbackConfiguration; empty where it is off. */
  readonly rollbackOn: readonly string[];
  /** Minutes from the shift of the traffic to the end of the original task set; absent where that is kept. */
  readonly terminationMinutes?: number;
  /** Minutes that a deployment waits for an approval before it shifts traffic; absent where it does not wait. */
  readonly readyMinutes?: number;
  /** Id and status of the newest deployment, and of the newest that succeeded. */
  readonly newest?: { readonly id: string; readonly status: string };
  readonly succeeded?: string;
}

/** How traffic moves: a deployment configuration of CodeDeploy. */
export interface TrafficRouting {
  readonly kind: Open<'AllAtOnce' | 'TimeBasedCanary' | 'TimeBasedLinear'>;
  readonly percent?: number;
  readonly minutes?: number;
}

/** A deployment of CodeDeploy (GetDeployment). */
export interface CodeDeployment {
  /** d-XXXXXXXXX */
  readonly id: string;
  readonly status: Open<'Created' | 'Queued' | 'InProgress' | 'Baking' | 'Ready' | 'Succeeded' | 'Failed' | 'Stopped'>;
  readonly configName: string;
  readonly createdAt: Instant;
  readonly startedAt?: Instant;
  readonly finishedAt?: Instant;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    /** The alarms that stopped it, as far as the message names them. */
    readonly alarms?: readonly string[];
  };
  /** The AppSpec as it was given. */
  readonly appSpec?: string;
  /** Events of autoRollbackConfiguration; empty where it is off. */
  readonly rollbackOn: readonly string[];
  /** The deployment that rolls this one back. */
  readonly rolledBackBy?: string;
  /** The deployment that this one rolls back. */
  readonly rollsBack?: string;
  /** The original task set is kept for the termination wait, which has started. */
  readonly terminationStarted: boolean;
}

/** One lifecycle event of a deployment. */
export interface LifecycleEvent {
  /** BeforeInstall, Install, AfterInstall, AllowTestTraffic, ... */
  readonly name: string;
  readonly status: Open<'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped' | 'Unknown'>;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  /** Of a hook that failed: its function, what CodeDeploy says, and the end of its log. */
  readonly function?: string;
  readonly message?: string;
  readonly logTail?: string;
}

/** The service as the target of a deployment (GetDeploymentTarget). */
export interface CodeDeployTarget {
  readonly events: readonly LifecycleEvent[];
  readonly taskSets: readonly {
    /** ecs-svc/N */
    readonly id: string;
    /** Blue: the original one; Green: the replacement. Absent where AWS does not say. */
    readonly label?: string;
    readonly trafficPercent: number;
    readonly desired: number;
    readonly running: number;
    readonly pending: number;
  }[];
}

/** CreateDeployment. */
export interface CodeDeployCreation {
  readonly application: string;
  readonly group: string;
  /** JSON. */
  readonly appSpec: string;
  readonly description?: string;
  /** The group's where absent. */
  readonly configName?: string;
  /** Events of autoRollbackConfiguration; those of the group where absent. */
  readonly rollbackOn?: readonly string[];
}

/** Who deploys a service of the controller CODE_DEPLOY. */
export type CodeDeployed =
  | ({
      readonly kind: 'known';
      /** Actions that IAM denied and without which no deployment may be started. */
      readonly denied?: readonly string[];
    } & DeploymentGroup)
  /** The deployment group is not there or cannot be read. */
  | {
      readonly kind: 'unknown';
      readonly code: 'NOT_FOUND' | 'ACCESS_DENIED' | 'INVALID_INPUT' | 'REFUSED';
      readonly problem: string;
      readonly remedy?: string;
    };

export interface ServiceState {
  readonly arn: string;
  /** aws, aws-cn, aws-us-gov, ...; of the ARN, as are region and account. */
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
  readonly clusterArn: string;
  readonly status: Open<'ACTIVE' | 'DRAINING' | 'INACTIVE'>;
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  readonly deploymentController: Open<'ECS' | 'CODE_DEPLOY' | 'EXTERNAL'>;
  readonly launchType?: Open<'EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES'>;
  readonly capacityProviders: readonly string[];
  readonly platformVersion?: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly taskDefinitionArn: string;
  readonly deployments: readonly DeploymentState[];
  /** Of a service of another controller than ECS: its tasks are in these. */
  readonly taskSets?: readonly TaskSetState[];
  /** Of a service of the controller CODE_DEPLOY. */
  readonly codeDeploy?: CodeDeployed;
  /** Newest first, as ECS gives them; at most 100. */
  readonly events: readonly ServiceEvent[];
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly strategy: Open<'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY'>;
  readonly circuitBreaker?: {
    readonly enable: boolean;
    readonly rollback: boolean;
    readonly threshold?: { readonly type: string; readonly value: number };
    /** Whether a task that becomes healthy sets the count of failures to 0. */
    readonly resetOnHealthyTask?: boolean;
  };
  readonly alarms?: { readonly names: readonly string[]; readonly enable: boolean; readonly rollback: boolean };
  readonly bakeTimeMinutes?: number;
  readonly linear?: LinearSettings;
  readonly canary?: CanarySettings;
  /** As ECS gives them. */
  readonly lifecycleHooks?: readonly JsonObject[];
  /** earlySuccessCriteria, when enabled: percent of the desired tasks that must be healthy. */
  readonly earlySuccessPercent?: number;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** Absent where the tasks have no network of their own. */
  readonly assignPublicIp?: boolean;
  /** Names of port mappings that Service Connect of the newest deployment wants. */
  readonly serviceConnectPorts?: readonly string[];
  /** The same for VPC Lattice. */
  readonly latticePorts?: readonly string[];
  /** Names of the EBS volumes that the newest deployment configures (volumeConfigurations). */
  readonly volumes?: readonly string[];
  readonly healthCheckGracePeriodSeconds?: number;
  readonly enableExecuteCommand: boolean;
  readonly enableEcsManagedTags: boolean;
  readonly propagateTags: 'SERVICE' | 'TASK_DEFINITION' | 'NONE';
  readonly createdAt?: Instant;
  /** An Express Mode service (resourceManagementType: ECS). */
  readonly express?: true;
  /** Where its tasks run, in members that RunTask takes as well. */
  readonly placement?: TaskPlacement;
  /** In members of CreateService, as ECS describes them: what a service definition is compared with. */
  readonly settings?: JsonObject;
}

/** Members of CreateService and of RunTask alike; each is absent where the service has none. */
export interface TaskPlacement {
  readonly capacityProviderStrategy?: readonly JsonObject[];
  readonly placementConstraints?: readonly JsonObject[];
  readonly placementStrategy?: readonly JsonObject[];
  /** Of EBS volumes that are configured at launch. */
  readonly volumeConfigurations?: readonly JsonObject[];
}

/** RunTask, for one task. */
export interface TaskRequest extends TaskPlacement {
  readonly cluster: string;
  readonly taskDefinition: string;
  /** At most 64 characters; the same request with the same token gives the task that the first one started. */
  readonly clientToken: string;
  /** At most 128 letters, digits, `-`, `_` and `/`. */
  readonly startedBy: string;
  readonly launchType?: string;
  readonly platformVersion?: string;
  readonly networkConfiguration?: JsonObject;
  readonly overrides?: JsonObject;
  readonly enableECSManagedTags?: boolean;
  readonly propagateTags?: 'TASK_DEFINITION';
  readonly tags?: Tags;
}

/** What RunTask answered. */
export type TaskLaunch =
  /** Also where an earlier request with the same token had started it. */
  | { readonly kind: 'started'; readonly task: TaskState }
  /** `failures`: no task was started, for the reason that ECS gives (`RESOURCE:CPU`). */
  | { readonly kind: 'unplaced'; readonly reason: string }
  /** ConflictException: the token belongs to these tasks (ARNs), which were started with other parameters. */
  | { readonly kind: 'token-in-use'; readonly tasks: readonly string[] };

export interface ContainerState {
  readonly name: string;
  readonly image: string;
  readonly imageDigest?: string;
  readonly lastStatus: string;
  readonly healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  readonly exitCode?: number;
  readonly reason?: string;
}

export interface TaskState {
  readonly arn: string;
  /** Last segment of the ARN. */
  readonly id: string;
  readonly startedBy?: string;
  readonly taskDefinitionArn: string;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  readonly launchType?: string;
  readonly capacityProviderName?: string;
  readonly availabilityZone?: string;
  /** Private IPv4 of an awsvpc task, to find it in a target group. */
  readonly privateIp?: string;
  readonly createdAt?: Instant;
  readonly startedAt?: Instant;
  readonly stoppedAt?: Instant;
  /** Its containers ended; `stoppedAt` comes later, once ECS has detached the network interface. */
  readonly executionStoppedAt?: Instant;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  /** ECS stopped it because a health check of a container or of a load balancer failed. */
  readonly failedHealthCheck?: true;
  readonly containers: readonly ContainerState[];
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

/** What ListServiceDeployments returns for one deployment. */
export interface ServiceDeploymentBrief {
  readonly arn: string;
  readonly status: Open<ServiceDeploymentStatus>;
  readonly statusReason?: string;
  readonly statusCauses?: readonly StatusCause[];
  readonly targetServiceRevisionArn?: string;
  readonly createdAt: Instant;
  readonly finishedAt?: Instant;
}

export interface RevisionCount {
  readonly arn: string;
  readonly requested: number;
  readonly running: number;
  readonly pending: number;
  /** Percent of the production traffic; absent for rolling updates and where ECS does not report it. */
  readonly trafficPercent?: number;
}

/** What DescribeServiceDeployments adds. */
export interface ServiceDeployment extends ServiceDeploymentBrief {
  readonly clusterArn: string;
  readonly serviceArn: string;
  readonly startedAt?: Instant;
  readonly updatedAt?: Instant;
  readonly sources: readonly RevisionCount[];
  readonly target?: RevisionCount;
  readonly rollback?: {
    readonly reason?: string;
    readonly causes?: readonly StatusCause[];
    readonly serviceRevisionArn?: string;
  };
  readonly circuitBreaker?: { readonly status: string; readonly failureCount: number; readonly threshold: number };
  readonly alarms?: {
    readonly status?: string;
    readonly names: readonly string[];
    readonly triggered: readonly string[];
  };
  readonly lifecycleStage?: string;
  /** Hooks with an action awaited, or failed. */
  readonly hooks: readonly {
    readonly id?: string;
    readonly targetType?: string;
    readonly status?: string;
    readonly expiresAt?: Instant;
  }[];
  readonly strategy?: string;
  readonly bakeTimeMinutes?: number;
  readonly linear?: LinearSettings;
  readonly canary?: CanarySettings;
  /** earlySuccessCriteria, when enabled: percent of the desired tasks that must be healthy. */
  readonly earlySuccessPercent?: number;
  /** Of a deployment that CodeDeploy carries out. */
  readonly codeDeploy?: {
    readonly events: readonly LifecycleEvent[];
    readonly errorCode?: string;
    /** All traffic is shifted; the original task set is kept until then, so that CodeDeploy can roll back. */
    readonly keepsOriginalUntil?: Instant;
  };
}

export interface ServiceRevision {
  readonly arn: string;
  readonly taskDefinitionArn: string;
  readonly createdAt?: Instant;
  readonly images: readonly { readonly containerName: string; readonly image: string; readonly digest?: string }[];
  /** Members of CreateService that DescribeServices does not show: gatewayConnectors, monitoring. */
  readonly settings?: JsonObject;
}

/** UpdateService: only what is to be changed is present. */
export interface ServiceUpdate {
  readonly cluster: string;
  readonly service: string;
  readonly taskDefinition?: string;
  readonly desiredCount?: number;
  readonly deploymentConfiguration?: JsonObject;
  readonly healthCheckGracePeriodSeconds?: number;
  readonly forceNewDeployment?: true;
  readonly enableExecuteCommand?: boolean;
  readonly enableECSManagedTags?: boolean;
  readonly propagateTags?: 'SERVICE' | 'TASK_DEFINITION' | 'NONE';
  readonly platformVersion?: string;
  readonly loadBalancers?: readonly LoadBalancer[];
  /** Other members of UpdateService, and whole ones in the place of those above. */
  readonly settings?: JsonObject;
  /** Of a service that CodeDeploy deploys: how. */
  readonly codeDeploy?: CodeDeployPlan;
}

/** What a deployment of CodeDeploy is made of, beside the revision. */
export interface CodeDeployPlan {
  /** Without the revision; absent: as the newest deployment that succeeded had it, else made from the service. */
  readonly appSpec?: JsonObject;
  readonly description?: string;
  readonly configName?: string;
  /** CodeDeploy rolls back when the deployment fails, whatever its group says. */
  readonly rollbackOnFailure?: true;
}

/** CreateService: the members of a service definition, and what the step adds to them. */
export interface ServiceCreation {
  readonly cluster: string;
  readonly serviceName: string;
  readonly taskDefinition: string;
  /** At most 36 characters; the same request with the same token gives the service that the first one created. */
  readonly clientToken: string;
  readonly tags?: Tags;
  readonly settings: JsonObject;
}

/** A managed daemon: one task on each container instance of its capacity providers. */
export interface DaemonState {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  readonly status: Open<'ACTIVE' | 'DELETE_IN_PROGRESS'>;
  /** ARN of its newest deployment. */
  readonly deploymentArn?: string;
  /** Those that run, and the one that it is brought to. */
  readonly revisions: readonly {
    readonly arn: string;
    readonly running: number;
    /** ARNs. */
    readonly capacityProviders: readonly string[];
  }[];
}

export interface DaemonRevision {
  readonly arn: string;
  readonly taskDefinitionArn: string;
  /** Members of UpdateDaemon that it was made with. */
  readonly settings: JsonObject;
}

/** Instances of one revision during a deployment. */
export interface DaemonCount {
  readonly arn: string;
  readonly running: number;
  readonly without: number;
  readonly draining: number;
}

export interface DaemonDeployment {
  readonly arn: string;
  readonly createdAt?: Instant;
  readonly status: Open<
    | 'PENDING'
    | 'IN_PROGRESS'
    | 'SUCCESSFUL'
    | 'STOPPED'
    | 'STOP_REQUESTED'
    | 'ROLLBACK_IN_PROGRESS'
    | 'ROLLBACK_SUCCESSFUL'
    | 'ROLLBACK_FAILED'
  >;
  readonly reason?: string;
  readonly target?: DaemonCount;
  readonly sources: readonly DaemonCount[];
  readonly breaker?: { readonly failures: number; readonly threshold: number };
  readonly triggeredAlarms: readonly string[];
  readonly rollback?: { readonly reason?: string; readonly revisionArn?: string };
  readonly configuration: JsonObject;
}

/** A revision of a daemon task definition. */
export interface DaemonDefinition {
  readonly arn: string;
  readonly status: Open<'ACTIVE' | 'DELETE_IN_PROGRESS' | 'DELETED'>;
  readonly definition: JsonObject;
}

/** UpdateDaemon. */
export interface DaemonUpdate {
  readonly daemonArn: string;
  readonly daemonTaskDefinitionArn: string;
  readonly capacityProviderArns: readonly string[];
  readonly settings: JsonObject;
}

/** An Express Mode service, in members of CreateExpressGatewayService. */
export interface ExpressService {
  readonly arn: string;
  readonly infrastructureRoleArn?: string;
  /** Of the newest active configuration. */
  readonly taskDefinitionArn?: string;
  readonly serviceRevisionArn?: string;
  /** URL or host, as ECS gives it, of each ingress path. */
  readonly endpoints: readonly string[];
  /** healthCheckPath, networkConfiguration and scalingTarget, as far as ECS describes them. */
  readonly settings: JsonObject;
  readonly tags: Tags;
}

/** UpdateExpressGatewayService. */
export interface ExpressUpdate {
  readonly serviceArn: string;
  readonly taskDefinitionArn?: string;
  /** healthCheckPath, networkConfiguration, scalingTarget */
  readonly settings?: JsonObject;
}

/** CreateExpressGatewayService. */
export interface ExpressCreation {
  readonly cluster: string;
  readonly serviceName: string;
  readonly settings: JsonObject;
  readonly tags: Tags;
}

export interface ImageManifest {
  readonly digest: string;
  readonly mediaType: string;
  /** The manifest or index, parsed. */
  readonly manifest: JsonObject;
}

export interface EcrRepository {
  readonly registryId: string;
  readonly name: string;
  readonly region: string;
}

/** Which tags of a repository may be moved to another image. */
export interface TagMutability {
  readonly immutable: boolean;
  /** Tags, with `*` as a wildcard, for which it is the other way round (*_WITH_EXCLUSION). */
  readonly exclusions: readonly string[];
}

export interface RepositoryDescription {
  readonly uri: string;
  readonly tags: TagMutability;
}

/** What a lifecycle policy would remove or archive. */
export interface ExpiringImage {
  readonly digest: string;
  readonly tags: readonly string[];
}

/** A scan of an image, as ECR has it now. */
export interface ImageScan {
  /** PENDING, IN_PROGRESS, COMPLETE, ACTIVE, FAILED, ... */
  readonly status: string;
  readonly description?: string;
  readonly findings: readonly ScanFinding[];
}

/** Of basic scanning, or of Amazon Inspector (enhanced). */
export interface ScanFinding {
  /** CVE-2026-1234 */
  readonly id: string;
  /** CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED */
  readonly severity: string;
  readonly packageName?: string;
  readonly packageVersion?: string;
  readonly fixedIn?: string;
}

/** A rule by which ECR fetches images of another registry at their first pull. */
export interface PullThroughRule {
  /** First part of the repositories that it makes; `ROOT`: all for which there is no other rule. */
  readonly prefix: string;
  /** `registry-1.docker.io` */
  readonly upstream: string;
}

/** The copy of an image in another registry. */
export interface ImageReplication {
  readonly region: string;
  readonly registryId: string;
  /** IN_PROGRESS, COMPLETE, FAILED */
  readonly status: string;
  readonly failureCode?: string;
}

/** A signature that ECR makes automatically. */
export interface ImageSigning {
  /** ARN of the signing profile. */
  readonly profile: string;
  /** IN_PROGRESS, COMPLETE, FAILED */
  readonly status: string;
  readonly failureCode?: string;
  readonly failureReason?: string;
}

/** What a repository that a run creates gets, as ECR's API takes it. */
export interface RepositorySettings {
  /** Members of CreateRepository. */
  readonly creation?: JsonObject;
  /** JSON, of SetRepositoryPolicy and PutLifecyclePolicy. */
  readonly repositoryPolicy?: string;
  readonly lifecyclePolicy?: string;
}

/** An image of a registry that is not a private ECR. */
export interface RegistryImage {
  /** `ghcr.io`, `127.0.0.1:5000`; absent: Docker Hub. */
  readonly host?: string;
  readonly path: string;
  /** A tag, or a digest (`sha256:...`). */
  readonly reference: string;
}

export interface ClusterState {
  readonly name: string;
  readonly status: Open<'ACTIVE' | 'INACTIVE' | 'PROVISIONING'>;
  readonly registeredInstances: number;
}

/** CPU in units (1024 a vCPU), memory in MiB. */
export interface HostResources {
  readonly cpu: number;
  readonly memory: number;
  readonly gpus: number;
}

export interface ContainerInstance {
  readonly id: string;
  /** Takes new tasks: ACTIVE, and its agent is connected. */
  readonly available: boolean;
  readonly total: HostResources;
  readonly free: HostResources;
  /** Host ports already taken, as `8080/tcp`. */
  readonly usedPorts: readonly string[];
  readonly capacityProvider?: string;
  /** ecs.cpu-architecture: `x86_64`, `arm64`. */
  readonly architecture?: string;
  /** ecs.os-type: `linux`, `windows`. */
  readonly os?: string;
  /** A machine of ECS Anywhere: for tasks of the launch type EXTERNAL alone. */
  readonly external?: true;
}

export interface CapacityProvider {
  readonly name: string;
  readonly status: Open<'ACTIVE'>;
  readonly compute: 'FARGATE' | 'EC2' | 'MANAGED_INSTANCES';
  /** Adds instances automatically: managed scaling of an Auto Scaling group, or ECS Managed Instances. */
  readonly addsInstances: boolean;
  /** Of ECS Managed Instances: which instances may be launched, where that is restricted. */
  readonly requirements?: InstanceRequirements;
}

/** instanceRequirements of a capacity provider, as far as a task can be held against them; absent: any. */
export interface InstanceRequirements {
  readonly vCpuMax?: number;
  readonly memoryMibMax?: number;
  readonly acceleratorsMax?: number;
  /** `gpu`, `fpga`, `inference`. */
  readonly acceleratorTypes?: readonly string[];
  /** `intel`, `amd`, `amazon-web-services` (Graviton). */
  readonly cpuManufacturers?: readonly string[];
}

export interface Role {
  readonly arn: string;
  /** Decoded and parsed; undefined when it is no JSON object. */
  readonly trustPolicy?: JsonObject;
}

export interface Refusal {
  readonly resource: string;
  /** `unknown`: it hangs on a value that only a real call has (MissingContextValues: a source VPC, a tag). */
  readonly decision: 'implicitDeny' | 'explicitDeny' | 'unknown';
}

export interface Secret {
  /** version id -> its stages (AWSCURRENT, ...); versions without a stage may lack. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
  /** Scheduled for deletion: its value can no longer be read. */
  readonly deleted: boolean;
}

export interface SecretVersion {
  readonly arn: string;
  readonly stage?: string;
  readonly versionId?: string;
}

export type SecretKeys =
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  /** Plain text, binary, or JSON that is not an object. */
  | { readonly kind: 'no-object' }
  | { readonly kind: 'none' };

export interface TargetGroup {
  readonly arn: string;
  readonly targetType: Open<'instance' | 'ip' | 'lambda' | 'alb'>;
  readonly protocol: string;
  readonly port?: number;
  readonly vpcId?: string;
  /** `traffic-port` or a number. */
  readonly healthCheckPort: string;
  /** Of HTTP and HTTPS. */
  readonly healthCheckPath?: string;
  /** Status codes that it wants: `200`, `200-399`. */
  readonly matcher?: string;
  /** Attached to at least one load balancer. */
  readonly attached: boolean;
}

/** Names that are listed at most of what an account may have thousands of: one page of each. */
export const ALARMS_LISTED = 100;
export const LOG_GROUPS_LISTED = 50;

export interface Alarm {
  readonly name: string;
  readonly state: Open<'OK' | 'ALARM' | 'INSUFFICIENT_DATA'>;
}

/** What Application Auto Scaling does not do now; names are those of its SuspendedState. */
export interface SuspendedScaling {
  readonly dynamicIn: boolean;
  readonly dynamicOut: boolean;
  readonly scheduled: boolean;
}

/** A service as Application Auto Scaling knows it. */
export interface ScalableTarget {
  /** Empty for one that was registered before AWS gave them ARNs: the next RegisterScalableTarget gives it one. */
  readonly arn: string;
  /** `service/CLUSTER/SERVICE` */
  readonly resource: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly suspended: SuspendedScaling;
}

/** A change of the desired count by Application Auto Scaling, in its own words. */
export interface ScalingActivity {
  readonly at: Instant;
  /** `Setting desired count to 7.` */
  readonly description: string;
  /** `monitor alarm web-high in state ALARM triggered policy cpu` */
  readonly cause: string;
}

/** A schedule of EventBridge Scheduler, in its group, or a rule of EventBridge, on its event bus. */
export interface ScheduleId {
  readonly kind: 'schedule' | 'rule';
  /** Of a schedule its group, of a rule its event bus; `default` where the user names none. */
  readonly container: string;
  readonly name: string;
}

/** A schedule or rule as AWS has it, as far as it runs tasks of ECS. */
export interface ScheduleState {
  readonly id: ScheduleId;
  /** Its targets that run an ECS task: of a schedule one at most. */
  readonly targets: readonly ScheduledTask[];
  /** ARNs of its other targets. */
  readonly others: readonly string[];
  /** All that AWS answered, with members that this release does not know: it is sent back whole. */
  readonly content: JsonObject;
}

/** A target that runs an ECS task. */
export interface ScheduledTask {
  /** Id of a rule's target; the target of a schedule has none. */
  readonly target?: string;
  /** ARN, with or without a revision: without one, ECS runs the latest ACTIVE revision. */
  readonly taskDefinition: string;
  /** ARN of the role that starts the task. */
  readonly role?: string;
}

/** A target that gets another revision; ARNs as the target has them. */
export interface ScheduleMove {
  readonly id: ScheduleId;
  readonly target?: string;
  readonly from: string;
  readonly to: string;
}

/** Any JSON value, read-only. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };
/** An object, not an array and not null. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of JSON that may be wrong in every way: the object; empty where there is none. */
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** The objects of a list; empty where there is no list. */
export const asObjects = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** The texts of a list; empty where there is no list. */
export const asStrings = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** What may be undefined becomes an optional member that never is: the form that exactOptionalPropertyTypes asks for. */
type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same members without those that are undefined. */
export function defined<T extends object>(members: T): Defined<T> {
  // Of every event and task of each poll: lists of pairs take four times as long.
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(members)) {
    const value: unknown = members[name as keyof T];
    if (value !== undefined) kept[name] = value;
  }
  return kept as Defined<T>;
}

/**
 * Fields that DescribeTaskDefinition adds and RegisterTaskDefinition does not take: what a console or CLI export is
 * full of. (API reference of both; `tags` stand beside `taskDefinition` there.)
 */
export const READ_ONLY_FIELDS: readonly string[] = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
];

/** The variable of that name, which a user gave: `toString` is none, although every object has it. */
export const variableOf = (env: Readonly<Record<string, string | undefined>>, name: string): string | undefined =>
  Object.hasOwn(env, name) ? env[name] : undefined;
