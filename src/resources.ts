import type { JsonObject } from './json.ts';

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
  /** s3:HeadObject, in whatever region the bucket is. */
  hasObject(bucket: string, key: string): Promise<boolean>;
  /** elasticloadbalancing:DescribeTargetGroups. */
  targetGroups(region: string, arns: readonly string[]): Promise<readonly TargetGroup[]>;
  /** cloudwatch:DescribeAlarms, metric and composite ones. */
  alarms(region: string, names: readonly string[]): Promise<readonly Alarm[]>;
}

export interface ClusterState {
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE' | 'PROVISIONING' | string;
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
}

export interface CapacityProvider {
  readonly name: string;
  readonly status: 'ACTIVE' | string;
  /** Adds instances by itself: managed scaling of an Auto Scaling group, or ECS Managed Instances. */
  readonly addsInstances: boolean;
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
  /** Plain text, binary, or JSON that is no object. */
  | { readonly kind: 'no-object' }
  | { readonly kind: 'none' };

export interface TargetGroup {
  readonly arn: string;
  readonly targetType: 'instance' | 'ip' | 'lambda' | 'alb' | string;
  readonly protocol: string;
  readonly port?: number;
  readonly vpcId?: string;
  /** `traffic-port` or a number. */
  readonly healthCheckPort: string;
  /** Attached to at least one load balancer. */
  readonly attached: boolean;
}

export interface Alarm {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | string;
}
