/**
 * Every input of the step, parsed and checked once. `undefined` always means "the user did not set it", which for
 * a service setting means "leave the service as it is". Durations are seconds unless the name says minutes.
 */
import type { JsonObject, RepositorySettings, ScheduleId } from '../model.ts';
import type { ParseYaml } from './yaml.ts';

export type Pairs = readonly (readonly [name: string, value: string])[];

export interface AwsInputs {
  /** `aws-region`, else AWS_REGION, else AWS_DEFAULT_REGION. */
  readonly region: string;
  /** Set: exchange GitHub's OIDC token for this role. Unset: the SDK's default credential chain. */
  readonly role?: RoleInputs;
  /** Empty: any account. */
  readonly allowedAccountIds: readonly string[];
}

export interface RoleInputs {
  readonly arn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly externalId?: string;
  readonly audience: string;
}

/** Where the image comes from: built here, given ready-made, or whatever the template (and `images`) names. */
export type ImageInputs =
  | { readonly kind: 'build'; readonly build: BuildInputs }
  | { readonly kind: 'given'; readonly reference: string; readonly lifecyclePolicy?: string }
  /** `image: commit`: what an earlier job built of this commit. */
  | ({ readonly kind: 'commit' } & CommitInputs)
  /** `digests`: images of single platforms that earlier jobs pushed, to be made one. */
  | ({ readonly kind: 'digests' } & DigestsInputs)
  | { readonly kind: 'template' };

export interface BuildInputs {
  /** ECR repository name (`team/app`) or full repository URI without a tag. */
  readonly repository: string;
  readonly context: string;
  readonly file?: string;
  readonly target?: string;
  /** `linux/amd64`, `linux/arm64/v8`, ...; empty: the task's own platform, else the builder's. */
  readonly platforms: readonly string[];
  /** Tag names only (`1.2.3`), never empty: the user's, or the commit and the semver tag of a tag push. */
  readonly tags: readonly string[];
  readonly buildArgs: readonly string[];
  readonly buildContexts: readonly string[];
  /** `id=value`; the value may span lines. */
  readonly secrets: Pairs;
  /**
   * Ids of `secrets` that stand on a line below another one: each may be the rest of the value above it, and is
   * passed on only where the Dockerfile asks for it.
   */
  readonly uncertainSecrets: readonly string[];
  /** `id=path`. */
  readonly secretFiles: Pairs;
  /** `id=ENVIRONMENT_VARIABLE`. */
  readonly secretEnvs: Pairs;
  readonly ssh: readonly string[];
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  /** Where no cache is named: `auto` takes GitHub's, else a tag of the repository. */
  readonly cache: 'auto' | 'gha' | 'registry' | 'none';
  /** `key=value`, OCI labels from the event first, the user's after them. */
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  readonly provenance?: string;
  readonly sbom?: string;
  /** Of the layers; undefined: as BuildKit does (gzip), and as the base images come. */
  readonly compression?: 'gzip' | 'zstd';
  /** Files in layers get the commit's time. */
  readonly reproducible?: true;
  readonly pull: boolean;
  readonly noCache: boolean;
  readonly builder?: string;
  /** Nodes of a builder that this run makes; absent where none are given. */
  readonly builderNodes?: readonly BuilderNodeInputs[];
  readonly createRepository: boolean;
  /** JSON, for the repository as it is. */
  readonly lifecyclePolicy?: string;
  /** Of the repository that is created. */
  readonly repositorySettings?: RepositorySettings;
  readonly reuse: ReusePolicy;
  readonly tuning: BuildTuning;
  /** Pushed without a tag (`push-by-digest`): one platform of an image that a later job merges. */
  readonly byDigest: boolean;
}

/** What has to be true of the image before it is registered. */
export interface ImageCheckInputs {
  /** Undefined: the scan is not waited for. */
  readonly scan?: { readonly severity: string; readonly allowed: readonly ScanAllowance[] };
  /** Regions in which the image has to be. */
  readonly regions: readonly string[];
  /** `ecr`: managed signing is waited for. */
  readonly sign: 'none' | 'cosign' | 'ecr';
  readonly timeoutSeconds: number;
}

/** A finding that is known and may be deployed. */
export interface ScanAllowance {
  readonly id: string;
  /** The last day, YYYY-MM-DD. */
  readonly until: string;
  readonly reason: string;
}

/** A machine that builds for some platforms. */
export interface BuilderNodeInputs {
  readonly platforms: readonly string[];
  readonly driver: 'remote' | 'docker-container' | 'kubernetes';
  /** `tcp://host:port`, `ssh://user@host`; absent: the Docker of this job, or the cluster of the current context. */
  readonly endpoint?: string;
  /** Values of --driver-opt. */
  readonly options: readonly string[];
  /** TLS files among the options. */
  readonly files: readonly string[];
}

export interface CommitInputs {
  readonly repository: string;
  /** JSON, for the repository. */
  readonly lifecyclePolicy?: string;
  /** The commit. */
  readonly tag: string;
}

export interface DigestsInputs {
  readonly repository: string;
  /** JSON, for the repository. */
  readonly lifecyclePolicy?: string;
  /** `sha256:...`, in the order given, none twice. */
  readonly digests: readonly string[];
  /** Tag names of the merged image, never empty. */
  readonly tags: readonly string[];
  /** Commit, source and version of this run, `key=value`, for the index. */
  readonly origin: readonly string[];
  /** The user's own, perhaps with a level. */
  readonly annotations: readonly string[];
}

/** Whether an image of the same content takes the place of a build (`reuse-image` and what else asks for a build). */
export type ReusePolicy =
  /** `byContent`: by the tag of its fingerprint too, and such a tag is pushed. */
  | { readonly kind: 'reuse'; readonly byContent: boolean }
  /** `reason` is the input that asks for it, such as `no-cache: true`. */
  | { readonly kind: 'build'; readonly byContent: boolean; readonly reason: string };

/** Flags of `docker buildx build` that are passed on as they are; each is absent or empty where the user set nothing. */
export interface BuildTuning {
  /** `host:ip` */
  readonly addHosts: readonly string[];
  /** Entitlements: `network.host`, `security.insecure`, `device`. */
  readonly allow: readonly string[];
  /** `type=sbom,...`; of a type that `provenance` or `sbom` sets there is none here. */
  readonly attests: readonly string[];
  readonly cgroupParent?: string;
  /** `default`, `none` or `host`, for RUN. */
  readonly network?: string;
  /** Names of stages. */
  readonly noCacheFilters: readonly string[];
  /** Exports beside the push, `type=local,dest=path`. */
  readonly outputs: readonly string[];
  /** `64m`, of /dev/shm in RUN. */
  readonly shmSize?: string;
  /** `nofile=1024:2048` */
  readonly ulimits: readonly string[];
}

/** What the task definition starts from. `service`: nothing was named, so what the service runs now. */
export type TemplateSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'family'; readonly family: string }
  | { readonly kind: 'arn'; readonly arn: string }
  | { readonly kind: 'service' };

export interface TemplateInputs {
  readonly source: TemplateSource;
  /** The container that gets the image and the edits; undefined: the only one, or the one that asks for the image. */
  readonly containerName?: string;
  /** container name -> image, for several containers. */
  readonly images: Pairs;
  /** `envsubst`: `$NAME` in the template is a placeholder, too. */
  readonly style?: 'envsubst';
  /** The user's own `${NAME}` values; built-in names are added when rendering. */
  readonly variables: Pairs;
  /** Those of `variables` that were written one by one: not a JSON object, such as toJSON(vars), which holds more than is needed. */
  readonly listedVariables?: readonly string[];
  readonly edits: ContainerEdits;
  /** Edits of containers that the inputs name line by line; absent where they name none. */
  readonly containers?: readonly NamedEdits[];
  readonly cpu?: string;
  readonly memory?: string;
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  /** Tags of the new revision, added to the template's. */
  readonly tags: Pairs;
}

/** What the inputs say of a container by its name. */
interface NamedEdits {
  readonly container: string;
  /** Which inputs name it. */
  readonly inputs: readonly string[];
  readonly edits: ContainerEdits;
}

/** Edits of the one container; each is an upsert in place that keeps the template's order. */
export interface ContainerEdits {
  readonly environmentVariables: Pairs;
  readonly secrets: Pairs;
  /** S3 ARNs; replaces the list when not empty. */
  readonly envFiles: readonly string[];
  readonly dockerLabels: Pairs;
  readonly logDriver?: string;
  readonly logOptions: Pairs;
  /** Already split into words, quotes honoured. */
  readonly command?: readonly string[];
  /** Of the container's only port mapping. */
  readonly containerPort?: string;
  /** ARN of a secret (credentialsParameter). */
  readonly repositoryCredentials?: string;
}

export interface ServiceInputs {
  readonly cluster: string;
  readonly service: string;
  /** Of the ARN that the user gave for service or cluster; undefined for bare names. */
  readonly accountId?: string;
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  readonly circuitBreaker?: CircuitBreakerInputs;
  /** CloudWatch alarm names; an empty list turns alarms off. */
  readonly alarms?: readonly string[];
  readonly healthCheckGracePeriodSeconds?: number;
  readonly desiredCount?: number;
  /** `false`: not even where a tag may name another image than the one that runs. */
  readonly forceNewDeployment?: boolean;
  readonly enableExecuteCommand?: boolean;
  readonly enableEcsManagedTags?: boolean;
  readonly propagateTags?: 'SERVICE' | 'TASK_DEFINITION' | 'NONE';
  readonly platformVersion?: string;
  readonly strategy?: StrategyInputs;
  readonly scaling?: ScalingInputs;
  readonly express?: ExpressInputs;
  /** Of a service that CodeDeploy deploys. */
  readonly codeDeploy?: CodeDeployInputs;
}

/** Of an Express Mode service; members are those of CreateExpressGatewayService. */
export interface ExpressInputs {
  /** The service is created where it does not exist. */
  readonly create: boolean;
  readonly infrastructureRoleArn?: string;
  readonly healthCheckPath?: string;
  readonly subnets?: readonly string[];
  readonly securityGroups?: readonly string[];
  readonly scaling?: ExpressScaling;
  /** Of the service: a new one gets them, of an existing one they are added or overwritten. */
  readonly tags: Pairs;
  /** Tags of the service that are not among them are removed. */
  readonly onlyTheseTags: boolean;
  /** Inputs of Express Mode that are set. */
  readonly names: readonly string[];
}

/** ExpressGatewayScalingTarget */
export interface ExpressScaling {
  readonly minTaskCount?: number;
  readonly maxTaskCount?: number;
  readonly autoScalingMetric?: 'AVERAGE_CPU' | 'AVERAGE_MEMORY' | 'REQUEST_COUNT_PER_TARGET';
  readonly autoScalingTargetValue?: number;
}

/** Of a service of the controller CODE_DEPLOY; what is absent has the usual names, and is the deployment group's. */
export interface CodeDeployInputs {
  /** Path of a file. */
  readonly appSpec?: string;
  readonly application?: string;
  readonly deploymentGroup?: string;
  readonly configName?: string;
  readonly description?: string;
  /** `termination`: the step ends when the original task set is gone; else once all traffic is shifted. */
  readonly waitFor?: 'traffic' | 'termination';
}

/** Of the service's scalable target; absent where Application Auto Scaling is not called. */
export interface ScalingInputs {
  /** `suspend`: no scale-in during the rollout. `keep`: nothing is suspended, and what an earlier run left suspended is resumed. */
  readonly autoscaling: 'keep' | 'suspend';
  readonly minCapacity?: number;
  readonly maxCapacity?: number;
}

/** Names and units are those of ECS's DeploymentConfiguration. */
export interface StrategyInputs {
  readonly kind?: 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY';
  readonly bakeTimeInMinutes?: number;
  readonly linear?: { readonly stepPercent?: number; readonly stepBakeTimeInMinutes?: number };
  readonly canary?: { readonly canaryPercent?: number; readonly canaryBakeTimeInMinutes?: number };
  readonly earlySuccessPercent?: number | 'off';
  /** advancedConfiguration of the service's load balancer. */
  readonly traffic?: {
    readonly alternateTargetGroupArn?: string;
    readonly productionListenerRule?: string;
    readonly testListenerRule?: string;
    readonly roleArn?: string;
  };
  /** lifecycleHooks, as UpdateService takes them; an empty list removes them. */
  readonly hooks?: readonly JsonObject[];
}

/** What is done with a service that has never run a task well and whose deployment fails. */
export type FirstFailure = 'scale-to-zero' | 'delete';

/** A one-off task (RunTask). What is absent comes from the service. */
export interface TaskInputs {
  /** Of letters, digits, `-` and `_`; unique among the tasks of an input. */
  readonly name: string;
  /** Runs the command; its exit code is the task's. */
  readonly container?: string;
  /** Split into words; absent: the container's own. */
  readonly command?: readonly string[];
  readonly environment: Pairs;
  /** Of the whole task, as the task definition has them. */
  readonly cpu?: string;
  readonly memory?: string;
  /** ARNs, in place of those of the task definition. */
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly network?: {
    readonly subnets: readonly string[];
    readonly securityGroups: readonly string[];
    readonly assignPublicIp?: boolean;
  };
  readonly launchType?: 'FARGATE' | 'EC2' | 'EXTERNAL';
  /** Items of capacityProviderStrategy. */
  readonly capacityProviders: readonly JsonObject[];
  readonly platformVersion?: string;
  /** From the start of a try to its end, placement included. */
  readonly timeoutSeconds: number;
  /** How often a task that failed is started again. */
  readonly retries: number;
  readonly startedBy?: string;
  readonly tags: Pairs;
  /** Items of containerOverrides, as RunTask takes them. */
  readonly containerOverrides: readonly JsonObject[];
  /** As RunTask takes them. */
  readonly volumeConfigurations?: readonly JsonObject[];
}

/** A check of a deployment from outside, repeated until it is proven or its time is up. */
export type VerifyInputs = {
  /** In a row. */
  readonly successes: number;
  /** For so long, every answer has to be right. */
  readonly forSeconds?: number;
  readonly everySeconds: number;
  readonly timeoutSeconds: number;
} & (
  | {
      readonly kind: 'url';
      readonly url: string;
      /** `200`, `2xx`. */
      readonly statuses: readonly string[];
      /** The page contains it. */
      readonly body?: string;
      readonly latencyMs?: number;
    }
  /** Run on this runner; its exit code has to be 0. */
  | { readonly kind: 'command'; readonly words: readonly string[] }
);

/** An entry of `schedules`: which schedules and rules move to the new revision. */
export type ScheduleSelector =
  /** `account`: of an ARN. */
  | { readonly kind: 'id'; readonly id: ScheduleId; readonly account?: string }
  /** A schedule of the default group, or a rule of the default event bus. */
  | { readonly kind: 'name'; readonly name: string }
  /** Those of the cluster that run the family and have the tag; without a value, any value of it. */
  | { readonly kind: 'tag'; readonly key: string; readonly value?: string }
  /** All of the cluster that run the family. */
  | { readonly kind: 'all' };

/** One-off tasks around a deployment, in their order. */
export interface DeployTasks {
  readonly before: readonly TaskInputs[];
  readonly after: readonly TaskInputs[];
}

export interface CircuitBreakerInputs {
  readonly enable: boolean;
  readonly rollback: boolean;
  readonly threshold?: { readonly type: 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT' | 'COUNT'; readonly value: number };
}

export interface WatchInputs {
  /** `wait-for-service-stability`. */
  readonly wait: boolean;
  readonly timeoutSeconds: number;
  /** `wait-for-minutes` is set; else the time that the strategy takes is added. */
  readonly timeoutGiven: boolean;
  /** What a lifecycle hook that waits for an answer means to the run: `stop` ends it as paused, with success. */
  readonly onPause: 'wait' | 'continue' | 'stop';
  /** No growth of our healthy count for this long is `stuck`. */
  readonly noProgressSeconds: number;
  /** Lines of a failed container's log that the report shows. */
  readonly logLines: number;
}

export interface RecoveryInputs {
  readonly rollbackOnFailure: boolean;
  readonly deregisterFailedRevision: boolean;
  readonly onCancel: 'leave' | 'rollback';
  readonly onActiveDeployment: 'warn' | 'wait' | 'fail';
}

export interface GithubInputs {
  readonly token?: string;
  /** Make a GitHub deployment with statuses; undefined: not asked for. */
  readonly deployment?: {
    readonly environment: string;
    readonly url?: string;
    readonly transient: boolean;
    readonly production: boolean;
  };
  /** One comment on the pull request (or commit), updated in place. */
  readonly comment: boolean;
}

interface CommonInputs {
  readonly aws: AwsInputs;
  readonly service: ServiceInputs;
  readonly watch: WatchInputs;
  readonly recovery: RecoveryInputs;
  readonly github: GithubInputs;
  readonly preflight: boolean;
  /** Empty: none is moved. */
  readonly schedules: readonly ScheduleSelector[];
}

export interface DeployInputs extends CommonInputs {
  readonly mode: 'deploy' | 'plan';
  /** Path of the service definition. */
  readonly serviceDefinition?: string;
  /** Undefined: the service is scaled to 0, a DAEMON service, which has no count, is deleted. */
  readonly onFirstFailure?: FirstFailure;
  readonly image: ImageInputs;
  readonly imageChecks?: ImageCheckInputs;
  readonly template: TemplateInputs;
  /** `pre-deploy` and `post-deploy`. */
  readonly tasks: DeployTasks;
  /** Checks once the deployment is complete, or in its bake time. */
  readonly verify: readonly VerifyInputs[];
  /** How long to watch on after that. */
  readonly holdSeconds: number;
  /** Whether the revision names ECR images by the digests that their tags have now. */
  readonly pinImages: boolean;
  /** A plan that finds a change ends with exit code 2. */
  readonly detailedExitcode: boolean;
}

export interface RollbackInputs extends CommonInputs {
  readonly mode: 'rollback';
  /** Undefined: the last successful deployment before the present one. */
  readonly target?: string;
}

/** `mode: continue`: answers the hook at which a deployment is paused. */
export interface ContinueInputs extends CommonInputs {
  readonly mode: 'continue';
  readonly action: 'continue' | 'rollback';
}

/** `mode: watch`: judges a deployment that another client started. */
export interface WatchOnlyInputs extends CommonInputs {
  readonly mode: 'watch';
}

interface ListInputs extends CommonInputs {
  readonly mode: 'list';
}

/** `mode: task`: a task without a deployment. `service.service` is empty where no service is named. */
export interface TaskOnlyInputs extends CommonInputs {
  readonly mode: 'task';
  /** Ready-made, or as the template names it. */
  readonly image: Exclude<ImageInputs, { kind: 'build' | 'digests' }>;
  /** Without what the task overrides. */
  readonly template: TemplateInputs;
  readonly task: TaskInputs;
  /** `wait-for-task-stopped`. */
  readonly wait: boolean;
}

/** A run about a service. */
export type Inputs = DeployInputs | RollbackInputs | ContinueInputs | WatchOnlyInputs | ListInputs;

/** `mode: build`: an image, and no service. */
export interface BuildOnlyInputs {
  readonly mode: 'build';
  readonly aws: AwsInputs;
  readonly github: GithubInputs;
  readonly image: Extract<ImageInputs, { kind: 'build' }>;
  readonly imageChecks?: ImageCheckInputs;
}

/** `mode: daemon`: a commit to a managed daemon of ECS. */
export interface DaemonInputs {
  readonly mode: 'daemon';
  readonly aws: AwsInputs;
  readonly github: GithubInputs;
  readonly cluster: string;
  /** Name or ARN. */
  readonly daemon: string;
  readonly image: ImageInputs;
  readonly template: TemplateInputs;
  readonly pinImages: boolean;
  readonly watch: WatchInputs;
  readonly rollbackOnFailure: boolean;
  readonly onActiveDeployment: RecoveryInputs['onActiveDeployment'];
  /** A daemon task definition of this run that was rolled back is deleted. */
  readonly deregisterFailed: boolean;
  /** Members of DaemonDeploymentConfiguration that the inputs set. */
  readonly deployment: JsonObject;
}

/** `mode: status`: one service, or those of a cluster. `service.service` is empty where none is named. */
export interface StatusInputs extends Pick<CommonInputs, 'aws' | 'service' | 'github'> {
  readonly mode: 'status';
  /** Only services that have all of these tags. */
  readonly serviceTags: Pairs;
  /** Those of the input `services`, in its order; absent without it. */
  readonly listed?: readonly CommonInputs['service'][];
}

/** `mode: register`: a revision, and nothing that runs it. */
export interface RegisterInputs
  extends Pick<DeployInputs, 'aws' | 'github' | 'image' | 'imageChecks' | 'template' | 'pinImages'> {
  readonly mode: 'register';
  readonly schedules: readonly ScheduleSelector[];
  /** Name or ARN: of `schedules` by tag, or all. */
  readonly cluster: string;
}

export type AnyInputs = Inputs | BuildOnlyInputs | TaskOnlyInputs | RegisterInputs | StatusInputs | DaemonInputs;

/** One service of a run. A run has a list of them; most have one. */
export interface Target<Given extends Inputs = Inputs> {
  /** How the run names it: `name` of its entry in `services`, else the name of the service. */
  readonly name: string;
  /** Names of those that must be deployed before it; never a circle. */
  readonly after: readonly string[];
  /** Those of one group are rolled back together. */
  readonly group: string;
  /** The step's inputs, with those of the entry in their place. */
  readonly inputs: Given;
}

/** In which order several services are deployed, and what the failure of one means for the others. */
export interface Order {
  /** So many at a time. */
  readonly maxParallel: number;
  /** Name of the service that has to be deployed before all others. */
  readonly canary?: string;
  readonly rollbackScope: 'service' | 'group' | 'all';
}

/** What a step is to do. */
export interface Step {
  /** What holds for the whole step (mode, AWS, GitHub, recovery, watch); for one service, all of it. */
  readonly inputs: AnyInputs;
  /** Empty for `mode: build`. */
  readonly targets: readonly Target[];
  readonly order: Order;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** Stands for the service of a `Place` where the step has several: no name of a service has this sign. */
export const SEVERAL = '*';

/** Which service a run is about, and how to report to GitHub: known even when other inputs are wrong. */
export type Place = Pick<Inputs, 'aws' | 'service' | 'github'>;

/** What the inputs are read with, besides their text. */
export interface StepFacts {
  readonly context: RunContext;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where an input needs it (`needsYaml`). */
  readonly yaml?: ParseYaml;
}

/** What GitHub says about this run: from the environment and the event file, read once at the border. */
export interface RunContext {
  readonly sha: string;
  /** refs/heads/main, refs/tags/v1.2.3, refs/pull/7/merge */
  readonly ref: string;
  readonly refName: string;
  readonly refType: 'branch' | 'tag' | '';
  /** owner/name */
  readonly repository: string;
  /** Number of the pull request that the event is about. */
  readonly pullRequest?: number;
  readonly runId: string;
  readonly runAttempt: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly eventName: string;
  readonly actor: string;
  readonly workflow: string;
  readonly job: string;
  /** The step's id, or what GitHub calls it; the same in every attempt of the run, and another one for each step of the job. */
  readonly step?: string;
  /** The repository and ref that `uses` names; absent for an action used from a path (`./`). */
  readonly action?: { readonly repository: string; readonly ref: string };
}
