/** The ports: all that stories and modules may ask of the outside; src/adapters fills them. Ports throw `Failure` and nothing else. */
import type { RunContext } from './inputs/types.ts';
import type {
  Alarm,
  CapacityProvider,
  ClusterState,
  CodeDeployCreation,
  CodeDeployment,
  CodeDeployTarget,
  ContainerInstance,
  DaemonDefinition,
  DaemonDeployment,
  DaemonRevision,
  DaemonState,
  DaemonUpdate,
  DeploymentGroup,
  EcrRepository,
  ExpiringImage,
  ExpressCreation,
  ExpressService,
  ExpressUpdate,
  ImageManifest,
  ImageReplication,
  ImageScan,
  ImageSigning,
  Instant,
  JsonObject,
  PullThroughRule,
  Refusal,
  RegistryImage,
  RepositoryDescription,
  Revision,
  Role,
  ScalableTarget,
  ScalingActivity,
  ScheduleId,
  ScheduleMove,
  ScheduleState,
  Secret,
  SecretKeys,
  SecretVersion,
  ServiceCreation,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceDeploymentStatus,
  ServiceRevision,
  ServiceState,
  ServiceUpdate,
  SuspendedScaling,
  Tags,
  TargetGroup,
  TaskDefinition,
  TaskLaunch,
  TaskRequest,
  TaskState,
  TrafficRouting,
} from './model.ts';

export interface Clock {
  now(): Instant;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
  /** 0 <= r < 1, for jitter. */
  random(): number;
}

export interface Ecs {
  /** In the order asked for; a missing one is a NOT_FOUND Failure that names it. */
  describeServices(cluster: string, services: readonly string[]): Promise<ServiceState[]>;
  /** `family`, `family:revision` or ARN, with tags. */
  describeTaskDefinition(reference: string): Promise<Revision>;
  registerTaskDefinition(definition: TaskDefinition, tags: Tags): Promise<Revision>;
  /** @returns `in-use` where another service of this run has it, so that it stays */
  deregisterTaskDefinition(arn: string): Promise<'in-use' | undefined>;
  /** Adds tags, or overwrites those of the same key. */
  tagResource(arn: string, tags: Tags): Promise<void>;
  /** ACTIVE revisions' ARNs of a family, newest first. */
  listTaskDefinitions(family: string, limit: number): Promise<string[]>;
  updateService(update: ServiceUpdate): Promise<ServiceState>;
  /** Repeated with the same token after a lost answer, it creates no second service. */
  createService(creation: ServiceCreation): Promise<ServiceState>;
  /** Stops all tasks of the service and deletes it: DRAINING until they have stopped, then INACTIVE. */
  deleteService(cluster: string, service: string): Promise<ServiceState>;
  /** A service of that name must not exist; there is no client token. */
  createExpressService(creation: ExpressCreation): Promise<ExpressService>;
  /** @returns the configuration that it is being brought to */
  updateExpressService(update: ExpressUpdate): Promise<ExpressService>;
  describeExpressService(arn: string): Promise<ExpressService>;
  /** Deletes it with all that Express Mode made for it. */
  deleteExpressService(arn: string): Promise<void>;
  /** Keys that the resource does not have are no error. */
  untagResource(arn: string, keys: readonly string[]): Promise<void>;
  /** All families of task definitions that have an ACTIVE revision. */
  listFamilies(): Promise<string[]>;
  /** ARNs of all clusters of the account in the region. */
  listClusters(): Promise<string[]>;
  /** ARNs of all services of a cluster. */
  listServices(cluster: string): Promise<string[]>;
  /** Those services that exist, with their tags. */
  servicesWithTags(
    cluster: string,
    services: readonly string[],
  ): Promise<readonly { readonly service: ServiceState; readonly tags: Tags }[]>;
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
  /** ARNs of the tasks of a service or of a daemon (its name), or of those that RunTask started with that `startedBy`. */
  listTasks(
    query: {
      readonly cluster: string;
      readonly desiredStatus: 'RUNNING' | 'STOPPED';
    } & ({ readonly service: string } | { readonly daemon: string } | { readonly startedBy: string }),
  ): Promise<string[]>;
  /** Those that still exist; any number of ARNs. */
  describeTasks(cluster: string, arns: readonly string[]): Promise<TaskState[]>;
  /** Starts one task. Repeated with the same token after a lost answer, it starts no second one. */
  runTask(request: TaskRequest): Promise<TaskLaunch>;
  /** Asks ECS to stop a task: SIGTERM, and SIGKILL after its stopTimeout. @param reason its stoppedReason */
  stopTask(cluster: string, arn: string, reason: string): Promise<void>;
}

/** Managed daemons of ECS. */
export interface Daemons {
  /** ARNs of all daemons of a cluster. @param cluster ARN */
  list(cluster: string): Promise<readonly string[]>;
  describe(arn: string): Promise<DaemonState>;
  revision(arn: string): Promise<DaemonRevision>;
  deployment(arn: string): Promise<DaemonDeployment>;
  /** `family` (the newest that is ACTIVE), `family:revision` or ARN. */
  definition(reference: string): Promise<DaemonDefinition>;
  /** The newest of a family; undefined where the family is new. */
  newest(family: string): Promise<DaemonDefinition | undefined>;
  /** @returns ARN */
  register(definition: JsonObject, tags: Tags): Promise<string>;
  remove(definitionArn: string): Promise<void>;
  /** @returns ARN of the deployment that it begins */
  update(update: DaemonUpdate): Promise<string>;
}

export interface RegistryLogin {
  /** Host to log in to, as ECR gives it (proxyEndpoint without the scheme). */
  readonly registry: string;
  readonly username: string;
  /** Masked before it was returned. */
  readonly password: string;
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
  /** Names of all repositories beside it. */
  repositoryNames(registry: Omit<EcrRepository, 'name'>): Promise<readonly string[]>;
  /** @param members of CreateRepository beside the name */
  createRepository(repository: EcrRepository, members?: JsonObject): Promise<RepositoryDescription>;
  /** Who may use the repository, as a policy in JSON. */
  setRepositoryPolicy(repository: EcrRepository, policy: string): Promise<void>;
  /** Which images ECR removes, as a policy in JSON. */
  putLifecyclePolicy(repository: EcrRepository, policy: string): Promise<void>;
  /** By tag or digest; undefined when no such image exists. */
  getImage(
    repository: EcrRepository,
    id: { readonly tag: string } | { readonly digest: string },
  ): Promise<ImageManifest | undefined>;
  /** The images of those tags and digests that exist, by tag or digest as asked; at most 100 in one call. */
  getImages(repository: EcrRepository, ids: readonly string[]): Promise<ReadonlyMap<string, ImageManifest>>;
  /** Puts a tag on an image of the repository. CONFLICT when the tag is immutable and on another image. */
  tagImage(repository: EcrRepository, image: { readonly digest: string; readonly tag: string }): Promise<void>;
  /** Undefined where the repository has none. */
  lifecyclePolicy(repository: EcrRepository): Promise<string | undefined>;
  /** @returns false where another preview is under way */
  startLifecyclePreview(repository: EcrRepository, policy: string): Promise<boolean>;
  lifecyclePreview(
    repository: EcrRepository,
  ): Promise<{ readonly status: string; readonly images: readonly ExpiringImage[] }>;
  /** The scan of one image, which is no index; undefined when there is none. */
  scanOf(repository: EcrRepository, digest: string): Promise<ImageScan | undefined>;
  /** Of a registry. https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
  pullThroughRules(registry: Pick<EcrRepository, 'registryId' | 'region'>): Promise<readonly PullThroughRule[]>;
  replicationOf(repository: EcrRepository, digest: string): Promise<readonly ImageReplication[]>;
  signingOf(repository: EcrRepository, digest: string): Promise<readonly ImageSigning[]>;
  /** A blob (an image's config), parsed. */
  getBlob(repository: EcrRepository, digest: string): Promise<JsonObject>;
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

/** A line of a container's log. */
export interface LogLine {
  readonly at: Instant;
  readonly message: string;
}

export interface Logs {
  /** The last lines of a stream, oldest first; undefined when the stream does not exist (yet). */
  tail(query: {
    readonly region: string;
    readonly group: string;
    readonly stream: string;
    readonly limit: number;
    readonly since?: Instant;
  }): Promise<LogLine[] | undefined>;
  /**
   * Lines from the beginning of a stream, oldest first, a page at a time; undefined when the stream does not exist (yet).
   * @param query.from what the page before gave as `next`; at the end of the stream `next` stays the same
   */
  read(query: {
    readonly region: string;
    readonly group: string;
    readonly stream: string;
    readonly from?: string;
  }): Promise<{ readonly lines: readonly LogLine[]; readonly next: string } | undefined>;
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

/** Pages that the user names. */
export interface Web {
  /**
   * The answer to a GET, after up to three redirects, or the redirect itself; of the body the first 1 MiB. UNAVAILABLE where there is none.
   */
  get(
    url: string,
    options: {
      readonly limitSeconds: number;
      readonly signal: AbortSignal;
      readonly redirects: 'follow' | 'answer';
    },
  ): Promise<{ readonly status: number; readonly body: string }>;
}

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
  /** The same for a file that need not be text. */
  readBytes(path: string): Promise<Uint8Array>;
  writeText(path: string, text: string, mode?: number): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** Names in a folder, at most 1,000; undefined where there is no such folder. */
  list(path: string): Promise<readonly string[] | undefined>;
  /** A private (0700) folder below the runner's temporary folder. */
  makeTemporaryFolder(prefix: string): Promise<string>;
  remove(path: string): Promise<void>;
  /** A symbolic link at `path`; nothing where `target` is not there. */
  link(target: string, path: string): Promise<void>;
}

/** What a build reads from this machine, as hashes. */
/** Whether BuildKit can use GitHub's cache in this job. */
export type ActionsCache =
  | { readonly kind: 'ready' }
  /** No address or no token: outside GitHub, or a command instead of an action. */
  | { readonly kind: 'absent' }
  /** `why` is a sentence without its full stop. */
  | { readonly kind: 'refused'; readonly why: string };

export interface BuildSources {
  /**
   * SHA-256 (hexadecimal) of a folder as BuildKit would send it: names, kinds, permissions, contents, links.
   * @param ignore the text of its .dockerignore
   * @throws Failure that names what cannot be read, or the pattern whose meaning is not clear
   */
  folder(path: string, ignore: string, signal: AbortSignal): Promise<string>;
  /** GitHub's cache, for this job. Ends within a few seconds. */
  actionsCache(signal: AbortSignal): Promise<ActionsCache>;
  /** An environment variable of the job. */
  variable(name: string): string | undefined;
  /** A hash of the values of secrets that may be published: each guess takes about 0.1 s and 32 MiB. */
  secrets(values: string, salt: string): Promise<string>;
}

/** Lines of a file, whose path is from the workspace. */
export interface AnnotationPlace {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}

export interface Console {
  line(text: string): void;
  /** Opens a foldable group; groups do not nest. */
  startGroup(title: string): void;
  endGroup(): void;
  debug(text: string): void;
  notice(text: string, title?: string): void;
  warning(text: string, title?: string): void;
  /** With a place GitHub shows it at that line of the file, too. */
  error(text: string, title?: string, place?: AnnotationPlace): void;
  readonly colour: boolean;
}

/** What main leaves for post (STATE_*). */
export type StateName =
  /** What post needs of main's inputs. */
  | 'handover'
  /** What main is about to do to the service. */
  | 'rollout'
  /** The same for the services after the first. */
  | `rollout-${number}`
  /** The service needs no more looking after. */
  | 'settled'
  | `settled-${number}`
  /** How one of several services ended, for the page of all of them. */
  | 'ended'
  | `ended-${number}`
  /** The one-off task that main started and that has not ended; empty once it has. */
  | 'task'
  | `task-${number}`
  /** The scaling that main has suspended; empty once it is resumed. */
  | 'autoscaling'
  | `autoscaling-${number}`
  /** The schedules that main is moving to another revision; empty once all are moved, or moved back. */
  | 'schedules'
  | `schedules-${number}`
  /** The daemon task definition that main registers and has not yet deployed; empty once it has. */
  | 'daemon'
  /** Main's report is written. */
  | 'reported'
  /** The GitHub deployment that main started; empty once it ended. */
  | 'github-deployment'
  /** The private folder of the Docker login, where the environment does not hold it. */
  | 'docker-config'
  /** The folder of a build's secrets, or of the login for a signature; empty once it is removed. */
  | 'secret-files'
  /** The builder that this run created. */
  | 'builder';

export interface Runner {
  readonly context: RunContext;
  /** Folder of the user's docker configuration: DOCKER_CONFIG, else ~/.docker. */
  readonly dockerConfig: string;
  /** Logins of the job in the environment: DOCKER_AUTH_CONFIG. Docker takes them before those of its configuration. */
  readonly dockerAuthConfig?: string;
  /** Folder of the user's builders: BUILDX_CONFIG, else `buildx` below dockerConfig. */
  readonly buildxConfig: string;
  /** From here on the secret is in nothing that leaves the run; the runner masks it, too. */
  mask(secret: string): void;
  setOutput(name: string, value: string): void;
  /** Kept for post (STATE_*). */
  saveState(name: StateName, value: string): void;
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
  /**
   * On the pull request of this run, else on its commit: rewrites the comment that begins with `marker`, or adds one. Other jobs may
   * write to it at the same time; GitHub has no conditional update, so it is read again, and written again where `holds` says no.
   */
  putComment(comment: {
    readonly marker: string;
    /** The new text. @param before the text now; undefined where there is no comment */
    readonly write: (before: string | undefined) => string;
    /** Whether the comment still has what was written. */
    readonly holds: (body: string) => boolean;
  }): Promise<void>;
}

/**
 * Application Auto Scaling of services. Whatever `register` sets, it also moves the desired count into the target's minimum and maximum:
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
export interface Autoscaling {
  /** DescribeScalableTargets; undefined where the service is not registered. @param resource `service/CLUSTER/SERVICE` */
  target(resource: string): Promise<ScalableTarget | undefined>;
  /** RegisterScalableTarget of one that exists; what is absent stays. @returns its ARN */
  register(
    resource: string,
    change: { readonly minCapacity?: number; readonly maxCapacity?: number; readonly suspended?: SuspendedScaling },
  ): Promise<string>;
  /** Changes of the desired count since then, newest first, 50 at most. */
  activities(resource: string, since: Instant): Promise<readonly ScalingActivity[]>;
  tags(arn: string): Promise<Tags>;
  tag(arn: string, tags: Tags): Promise<void>;
  untag(arn: string, keys: readonly string[]): Promise<void>;
}

/** CodeDeploy, for services that it deploys. */
export interface CodeDeploy {
  /** NOT_FOUND: no such application, or no such group in it. */
  group(application: string, name: string): Promise<DeploymentGroup>;
  /** Names of all applications of the platform ECS. */
  applications(): Promise<readonly string[]>;
  /** All groups of an application. */
  groups(application: string): Promise<readonly DeploymentGroup[]>;
  routing(configName: string): Promise<TrafficRouting>;
  /** CreateDeployment. CodeDeploy runs one deployment of a group at a time: CONFLICT. @returns its id */
  create(deployment: CodeDeployCreation): Promise<string>;
  deployment(id: string): Promise<CodeDeployment>;
  /** The newest, 100 at most, newest first. */
  deployments(query: {
    readonly application: string;
    readonly group: string;
    readonly statuses: readonly string[];
    readonly limit: number;
  }): Promise<readonly CodeDeployment[]>;
  /** Undefined until the deployment has one. */
  target(
    id: string,
    service: { readonly cluster: string; readonly service: string },
  ): Promise<CodeDeployTarget | undefined>;
  /** @param rollback by a further deployment, which CodeDeploy begins */
  stop(id: string, rollback: boolean): Promise<void>;
  continue(id: string, wait: 'READY_WAIT' | 'TERMINATION_WAIT'): Promise<void>;
}

/**
 * Schedules of EventBridge Scheduler and rules of EventBridge: what starts tasks at a time or on an event. Only `move` changes
 * anything, and of that only the revision.
 */
export interface Schedules {
  /** GetSchedule, or ListTargetsByRule; undefined where there is none of the name. */
  read(id: ScheduleId): Promise<ScheduleState | undefined>;
  /** UpdateSchedule, or PutTargets: the state as it was read, with the revisions of these moves. @param moves all of this id */
  move(state: ScheduleState, moves: readonly ScheduleMove[]): Promise<void>;
  /**
   * All that have the cluster as target: ListSchedules of all groups, ListRuleNamesByTarget of the event buses.
   * @param cluster ARN
   */
  ofCluster(cluster: string, buses: readonly string[]): Promise<readonly ScheduleState[]>;
  /** Names of all event buses, `default` among them. */
  buses(): Promise<readonly string[]>;
  /** All schedules, and the rules of the default event bus. */
  list(): Promise<readonly ScheduleId[]>;
  /** Tags of rules, and of the groups of schedules: a schedule has no tags. */
  tags(
    id: ScheduleId,
    account: Pick<ServiceState, 'account' | 'region'> & { readonly partition: string },
  ): Promise<Tags>;
}

/** Texts without the secrets of this run (src/masker.ts). Mask before a text is cut: half a secret is not recognised. */
interface Masking {
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
  /** Absent where load balancers are not queried. */
  readonly targets?: Targets;
  /** What only the preflight asks; loaded when it does. */
  readonly resources: () => Promise<Resources>;
  /** Loaded where CodeDeploy deploys the service. */
  readonly codeDeploy: () => Promise<CodeDeploy>;
  /** Loaded where an input is about autoscaling. */
  readonly autoscaling: () => Promise<Autoscaling>;
  /** Loaded where `schedules` names any. */
  readonly schedules: () => Promise<Schedules>;
  /** Loaded by `mode: daemon` alone. */
  readonly daemons: () => Promise<Daemons>;
  readonly identity: Identity;
  readonly shell: Shell;
  readonly web: Web;
  readonly files: Files;
  readonly sources: BuildSources;
  readonly console: Console;
  readonly runner: Runner;
  readonly masker: Masking;
  /** Hears of denials that a port continues without, and of each call that AWS answered. */
  readonly denials?: { note: (thrown: unknown) => void; answered?: (action: string) => void };
  /** Absent without a token. */
  readonly github?: Github;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}

/**
 * What a task definition and a service refer to beyond the calls of a deploy; asked by the preflight alone. Nothing is
 * changed by any verb, and no value of a secret or parameter comes out. `undefined`, or lacking from an answer: there is none.
 * Verbs throw Failure, ACCESS_DENIED where IAM says no.
 */
export interface Resources {
  /** DescribeClusters, by name or ARN. */
  cluster(cluster: string): Promise<ClusterState | undefined>;
  /** All instances of the cluster: ListContainerInstances, then DescribeContainerInstances. */
  containerInstances(cluster: string): Promise<readonly ContainerInstance[]>;
  /** DescribeCapacityProviders, by name. */
  capacityProviders(names: readonly string[]): Promise<readonly CapacityProvider[]>;
  /** iam:GetRole: in the account of the credentials. */
  role(name: string): Promise<Role | undefined>;
  /** iam:SimulatePrincipalPolicy: what a role may not do, by its own policies and boundary. */
  refusals(query: {
    readonly roleArn: string;
    readonly action: string;
    readonly resources: readonly string[];
  }): Promise<readonly Refusal[]>;
  /** secretsmanager:DescribeSecret: no value. */
  secret(region: string, arn: string): Promise<Secret | undefined>;
  /** secretsmanager:GetSecretValue: the names in a JSON secret, its value masked and forgotten. `none`: no such version. */
  secretKeys(region: string, version: SecretVersion): Promise<SecretKeys>;
  /** ssm:DescribeParameters: those of the names that exist; no value. */
  parameters(region: string, names: readonly string[]): Promise<readonly string[]>;
  /** logs:DescribeLogGroups. */
  hasLogGroup(region: string, name: string): Promise<boolean>;
  /** The first names of log groups that begin so, `LOG_GROUPS_LISTED` at most. logs:DescribeLogGroups */
  logGroupNames(region: string, prefix: string): Promise<readonly string[]>;
  /** s3:HeadObject, in whatever region the bucket is. */
  hasObject(bucket: string, key: string): Promise<boolean>;
  /** elasticloadbalancing:DescribeTargetGroups; by ARN or by name. */
  targetGroups(region: string, references: readonly string[]): Promise<readonly TargetGroup[]>;
  /** cloudwatch:DescribeAlarms, metric and composite ones. */
  alarms(region: string, names: readonly string[]): Promise<readonly Alarm[]>;
  /** The first names of alarms of the Region, `ALARMS_LISTED` at most: for what was meant by one that does not exist. */
  alarmNames(region: string): Promise<readonly string[]>;
}
