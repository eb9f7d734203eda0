/**
 * The ports: all that the stories may ask of the outside. Adapters give strict values of ours, so the
 * SDK's endless optional fields stop at the border. Every instant is in seconds since the epoch (fractions allowed),
 * every duration in seconds. Ports throw `Failure` and nothing else.
 */
import type { RunContext } from './inputs/types.ts';
import type { Json, JsonObject } from './json.ts';
import type { Resources } from './resources.ts';

export type Instant = number;

export interface Clock {
  now(): Instant;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
  /** 0 <= r < 1, for jitter. */
  random(): number;
}

export type { Json, JsonObject };

// ---------------------------------------------------------------- ECS

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

/** `web:42` */
/** A revision that IAM does not let us read (no ecs:DescribeTaskDefinition): its name is all that is known of it. */
export type UnseenRevision = Pick<Revision, 'arn' | 'family' | 'revision'> & { readonly unseen: true };
/** What a service runs. */
export type LiveRevision = Revision | UnseenRevision;
export const isSeen = (revision: LiveRevision): revision is Revision => !('unseen' in revision);

export const nameOf = ({ family, revision }: Pick<Revision, 'family' | 'revision'>): string => `${family}:${revision}`;

export interface DeploymentState {
  /** ecs-svc/N */
  readonly id: string;
  readonly status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE' | string;
  readonly taskDefinitionArn: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly failedTasks: number;
  /** Absent for controllers other than ECS. */
  readonly rolloutState?: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly rolloutStateReason?: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface ServiceEvent {
  readonly id: string;
  readonly at: Instant;
  readonly message: string;
}

export interface LoadBalancer {
  readonly targetGroupArn?: string;
  readonly containerName?: string;
  readonly containerPort?: number;
}

export interface ServiceState {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE' | string;
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  readonly deploymentController: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL' | string;
  readonly launchType?: 'EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES' | string;
  readonly capacityProviders: readonly string[];
  readonly platformVersion?: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly taskDefinitionArn: string;
  readonly deployments: readonly DeploymentState[];
  /** Newest first, as ECS gives them; at most 100. */
  readonly events: readonly ServiceEvent[];
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly strategy: 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY' | string;
  readonly circuitBreaker?: {
    readonly enable: boolean;
    readonly rollback: boolean;
    readonly threshold?: { readonly type: string; readonly value: number };
    /** Whether a task that becomes healthy sets the count of failures to 0. */
    readonly resetOnHealthyTask?: boolean;
  };
  readonly alarms?: { readonly names: readonly string[]; readonly enable: boolean; readonly rollback: boolean };
  readonly bakeTimeMinutes?: number;
  /** earlySuccessCriteria, when enabled: percent of the desired tasks that must be healthy. */
  readonly earlySuccessPercent?: number;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** Absent where the tasks have no network of their own. */
  readonly assignPublicIp?: boolean;
  /** Names of port mappings that Service Connect of the newest deployment wants. */
  readonly serviceConnectPorts?: readonly string[];
  /** Names of the EBS volumes that the newest deployment configures (volumeConfigurations). */
  readonly volumes?: readonly string[];
  readonly healthCheckGracePeriodSeconds?: number;
  readonly enableExecuteCommand: boolean;
  readonly enableEcsManagedTags: boolean;
  readonly propagateTags: 'SERVICE' | 'TASK_DEFINITION' | 'NONE';
  readonly createdAt?: Instant;
}

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
  readonly stopCode?: string;
  readonly stoppedReason?: string;
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

/** What ListServiceDeployments tells of one deployment. */
export interface ServiceDeploymentBrief {
  readonly arn: string;
  readonly status: ServiceDeploymentStatus | string;
  readonly statusReason?: string;
  readonly targetServiceRevisionArn?: string;
  readonly createdAt: Instant;
  readonly finishedAt?: Instant;
}

export interface RevisionCount {
  readonly arn: string;
  readonly requested: number;
  readonly running: number;
  readonly pending: number;
  /** Percent of the production traffic; absent for rolling updates and where ECS does not tell. */
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
  readonly rollback?: { readonly reason?: string; readonly serviceRevisionArn?: string };
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
  /** earlySuccessCriteria, when enabled: percent of the desired tasks that must be healthy. */
  readonly earlySuccessPercent?: number;
}

export interface ServiceRevision {
  readonly arn: string;
  readonly taskDefinitionArn: string;
  readonly createdAt?: Instant;
  readonly images: readonly { readonly containerName: string; readonly image: string; readonly digest?: string }[];
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
}

export interface Ecs {
  /** In the order asked for; a missing one is a NOT_FOUND Failure that names it. */
  describeServices(cluster: string, services: readonly string[]): Promise<ServiceState[]>;
  /** `family`, `family:revision` or ARN, with tags. */
  describeTaskDefinition(reference: string): Promise<Revision>;
  registerTaskDefinition(definition: TaskDefinition, tags: Tags): Promise<Revision>;
  deregisterTaskDefinition(arn: string): Promise<void>;
  /** Adds tags, or overwrites those of the same key. */
  tagResource(arn: string, tags: Tags): Promise<void>;
  /** ACTIVE revisions' ARNs of a family, newest first. */
  listTaskDefinitions(family: string, limit: number): Promise<string[]>;
  updateService(update: ServiceUpdate): Promise<ServiceState>;
  /** Newest first. */
  listServiceDeployments(query: {
    readonly cluster: string;
    readonly service: string;
    readonly createdAfter?: Instant;
    readonly statuses?: readonly ServiceDeploymentStatus[];
    readonly limit?: number;
  }): Promise<ServiceDeploymentBrief[]>;
  describeServiceDeployments(arns: readonly string[]): Promise<ServiceDeployment[]>;
  describeServiceRevisions(arns: readonly string[]): Promise<ServiceRevision[]>;
  stopServiceDeployment(arn: string, stopType: 'ROLLBACK' | 'ABORT'): Promise<void>;
  continueServiceDeployment(arn: string, hookId: string, action: 'CONTINUE' | 'ROLLBACK'): Promise<void>;
  listTasks(query: {
    readonly cluster: string;
    readonly service: string;
    readonly desiredStatus: 'RUNNING' | 'STOPPED';
  }): Promise<string[]>;
  /** Those that still exist; any number of ARNs. */
  describeTasks(cluster: string, arns: readonly string[]): Promise<TaskState[]>;
}

// ---------------------------------------------------------------- ECR, Logs, STS

export interface RegistryLogin {
  /** Host to log in to, as ECR gives it (proxyEndpoint without the scheme). */
  readonly registry: string;
  readonly username: string;
  /** Masked before it was returned. */
  readonly password: string;
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

export interface Ecr {
  /** A password for the registry of that account and region; public: public.ecr.aws. */
  login(registry: {
    readonly registryId?: string;
    readonly region: string;
    readonly public: boolean;
  }): Promise<RegistryLogin>;
  /** Undefined when it does not exist. */
  describeRepository(repository: EcrRepository): Promise<RepositoryDescription | undefined>;
  createRepository(repository: EcrRepository): Promise<RepositoryDescription>;
  /** By tag or digest; undefined when no such image exists. */
  getImage(
    repository: EcrRepository,
    id: { readonly tag: string } | { readonly digest: string },
  ): Promise<ImageManifest | undefined>;
  /** The images of those tags and digests that exist, by tag or digest as asked; at most 100 in one call. */
  getImages(repository: EcrRepository, ids: readonly string[]): Promise<ReadonlyMap<string, ImageManifest>>;
  /** Puts a tag on an image of the repository. CONFLICT when the tag is immutable and on another image. */
  tagImage(repository: EcrRepository, image: { readonly digest: string; readonly tag: string }): Promise<void>;
  /** A blob (an image's config), parsed. */
  getBlob(repository: EcrRepository, digest: string): Promise<JsonObject>;
}

/** An image of a registry that is not a private ECR. */
export interface RegistryImage {
  /** `ghcr.io`, `127.0.0.1:5000`; absent: Docker Hub. */
  readonly host?: string;
  readonly path: string;
  /** A tag, or a digest (`sha256:...`). */
  readonly reference: string;
}

/**
 * Registries by the OCI distribution API, with the logins that are in the Docker configuration. Each call ends within a few
 * seconds; NOT_FOUND, ACCESS_DENIED, UNAVAILABLE or REFUSED says why there is no answer.
 */
export interface Registries {
  /** The digest that a tag names now (of the index, for several platforms). */
  digestOf(image: RegistryImage): Promise<string>;
  /** The manifest or index, parsed. */
  getManifest(image: RegistryImage): Promise<JsonObject>;
}

export interface Logs {
  /** The last lines of a stream, oldest first; undefined when the stream does not exist (yet). */
  tail(query: {
    readonly region: string;
    readonly group: string;
    readonly stream: string;
    readonly limit: number;
    readonly since?: Instant;
  }): Promise<{ readonly at: Instant; readonly message: string }[] | undefined>;
}

/** How a load balancer sees its targets (elasticloadbalancing:DescribeTargetHealth). */
export interface Targets {
  health(targetGroupArn: string): Promise<
    readonly {
      /** IP address of an awsvpc task, or instance id. */
      readonly id: string;
      readonly port?: number;
      /** healthy, initial, unhealthy, draining, unused, unavailable */
      readonly state: string;
      /** Target.ResponseCodeMismatch, ... */
      readonly reason?: string;
      readonly description?: string;
    }[]
  >;
}

export interface Identity {
  /** Who we are; one call, remembered. */
  caller(): Promise<{ readonly accountId: string; readonly arn: string; readonly partition: string }>;
}

// ---------------------------------------------------------------- the machine and the runner

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
export interface CommandOptions {
  readonly stdin?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Each line of both streams as it comes. */
  readonly onLine?: (line: string) => void;
  /**
   * Ends the command (SIGINT, then SIGKILL) and makes the call reject with the signal's reason. The cancel of the run does
   * so in any case; this is for what is to be stopped earlier.
   */
  readonly signal?: AbortSignal;
  /** After this long it is stopped and the call rejects (UNAVAILABLE); 300 when absent, `Infinity` for a build. */
  readonly limitSeconds?: number;
}
export interface Shell {
  /** Runs a program without a shell in between. Any exit code is a result; a missing program throws TOOL_MISSING, one that does not end UNAVAILABLE. */
  run(program: string, args: readonly string[], options?: CommandOptions): Promise<CommandResult>;
}

export interface Files {
  /**
   * A regular file in UTF-8 of at most `maxBytes` (16 MiB without it): NOT_FOUND Failure when there is none,
   * INVALID_INPUT for a device, a pipe, more bytes or another encoding.
   */
  readText(path: string, maxBytes?: number): Promise<string>;
  writeText(path: string, text: string, mode?: number): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** A private (0700) folder below the runner's temporary folder. */
  makeTemporaryFolder(prefix: string): Promise<string>;
  remove(path: string): Promise<void>;
  /** A symbolic link at `path`; nothing where `target` is not there. */
  link(target: string, path: string): Promise<void>;
}

/** What a build reads from this machine, as hashes. */
export interface BuildSources {
  /**
   * SHA-256 (hexadecimal) of a folder as BuildKit would send it: names, kinds, permissions, contents, links.
   * @param ignore the text of its .dockerignore
   * @throws Failure that names what cannot be read, or the pattern whose meaning is not clear
   */
  folder(path: string, ignore: string, signal: AbortSignal): Promise<string>;
  /** An environment variable of the job. */
  variable(name: string): string | undefined;
  /** A hash of the values of secrets that may be published: each guess takes about 0.1 s and 32 MiB. */
  secrets(values: string, salt: string): Promise<string>;
}

export interface Console {
  line(text: string): void;
  /** Opens a foldable group; groups do not nest. */
  startGroup(title: string): void;
  endGroup(): void;
  debug(text: string): void;
  notice(text: string, title?: string): void;
  warning(text: string, title?: string): void;
  error(text: string, title?: string): void;
  readonly colour: boolean;
}

export interface Runner {
  readonly context: RunContext;
  /** Folder of the user's docker configuration: DOCKER_CONFIG, else ~/.docker. */
  readonly dockerConfig: string;
  /** Folder of the user's builders: BUILDX_CONFIG, else `buildx` below dockerConfig. */
  readonly buildxConfig: string;
  /** From here on the secret is in nothing that leaves the run; the runner masks it, too. */
  mask(secret: string): void;
  setOutput(name: string, value: string): void;
  /** Kept for post (STATE_*). */
  saveState(name: string, value: string): void;
  /** Appends Markdown to the job summary. */
  writeSummary(markdown: string): Promise<void>;
}

export type GithubDeploymentState = 'in_progress' | 'success' | 'failure' | 'error' | 'inactive' | 'pending';

/** GitHub's API, for this run's repository and commit. There is none without a token. */
export interface Github {
  /** A deployment; its id. */
  createDeployment(deployment: {
    /** What is deployed; this run's commit where absent. REFUSED when the repository does not have it. */
    readonly ref?: string;
    readonly environment: string;
    readonly transient: boolean;
    readonly production: boolean;
    readonly description: string;
  }): Promise<number>;
  /** Earlier deployments to the environment become inactive when this one succeeds. */
  setDeploymentStatus(status: {
    readonly deployment: number;
    readonly state: GithubDeploymentState;
    /** Cut at 140 characters. */
    readonly description: string;
    readonly environment: string;
    readonly environmentUrl?: string;
    readonly logUrl: string;
  }): Promise<void>;
  /** On the pull request of this run, else on its commit: replaces the comment that begins with `marker`, or adds one. */
  putComment(comment: { readonly marker: string; readonly body: string }): Promise<void>;
}

/** Texts without the secrets of this run (src/masker.ts). Mask before a text is cut: half a secret is not recognised. */
export interface Masking {
  text(text: string): string;
  /** A copy of plain data with every string masked. */
  data<T>(value: T): T;
}

export interface World {
  readonly clock: Clock;
  readonly ecs: Ecs;
  readonly ecr: Ecr;
  readonly registries: Registries;
  readonly logs: Logs;
  /** Absent where nobody asks load balancers. */
  readonly targets?: Targets;
  /** What only the preflight asks; loaded when it does. */
  readonly resources: () => Promise<Resources>;
  readonly identity: Identity;
  readonly shell: Shell;
  readonly files: Files;
  readonly sources: BuildSources;
  readonly console: Console;
  readonly runner: Runner;
  readonly masker: Masking;
  /** Absent without a token. */
  readonly github?: Github;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}
