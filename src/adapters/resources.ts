import type { Resource, ContainerInstance as SdkInstance, CapacityProvider as SdkProvider } from '@aws-sdk/client-ecs';
import type { TargetGroup as SdkTargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { EvaluationResult } from '@aws-sdk/client-iam';
import { Failure } from '../failure.ts';
import {
  ALARMS_LISTED,
  type CapacityProvider,
  type ContainerInstance,
  defined,
  type HostResources,
  type Json,
  type JsonObject,
  LOG_GROUPS_LISTED,
  type Refusal,
  type SecretKeys,
  type TargetGroup,
} from '../model.ts';
import type { Resources } from '../ports.ts';
import { type AwsConfig, batched, call, lazyClients, paged, required, toFailure, unlessMissing } from './aws.ts';
import { cloudWatchLogs, loadBalancing } from './logs-and-targets.ts';

/**
 * The port Resources over the SDK; each service's library is loaded with its first question.
 * @param mask gets a secret's value before anything else sees it
 */
export const createResources = (config: AwsConfig, mask: (secret: string) => void): Resources => ({
  ...createEcsCapacity(config),
  ...createIam(config),
  ...createSecrets(config, mask),
  ...createParameters(config),
  ...createLogGroups(config),
  ...createObjects(config),
  ...createLoadBalancing(config),
  ...createAlarms(config),
});

/** Secrets Manager. A value is read only for a JSON key's name, masked at once, and never given out. */
function createSecrets(config: AwsConfig, mask: (secret: string) => void): Pick<Resources, 'secret' | 'secretKeys'> {
  const manager = lazyClients(
    config,
    () => import('@aws-sdk/client-secrets-manager'),
    (sdk, own) => new sdk.SecretsManagerClient(own),
  );
  return {
    secret: (region, SecretId) =>
      unlessMissing(async () => {
        const { sdk, client } = await manager(region);
        const { ARN, VersionIdsToStages, DeletedDate } = await call(config, 'secretsmanager:DescribeSecret', () =>
          client.send(new sdk.DescribeSecretCommand({ SecretId })),
        );
        required(ARN, 'secretsmanager:DescribeSecret', 'ARN');
        // Absent from a secret that was never given a value.
        return { versions: VersionIdsToStages ?? {}, deleted: DeletedDate !== undefined };
      }),

    async secretKeys(region, { arn, stage, versionId }) {
      const keys = await unlessMissing(async () => {
        const { sdk, client } = await manager(region);
        const { SecretString, SecretBinary } = await call(config, 'secretsmanager:GetSecretValue', () =>
          client.send(
            new sdk.GetSecretValueCommand({
              SecretId: arn,
              ...defined({ VersionId: versionId || undefined, VersionStage: stage || undefined }),
            }),
          ),
        );
        if (SecretString !== undefined) mask(SecretString);
        required(SecretString ?? SecretBinary, 'secretsmanager:GetSecretValue', 'SecretString');
        return keysOf(SecretString);
      });
      return keys ?? { kind: 'none' };
    },
  };
}

function keysOf(text: string | undefined): SecretKeys {
  try {
    const value = JSON.parse(text ?? '') as Json;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { kind: 'keys', keys: Object.keys(value) };
  } catch {
    // The error would quote the value.
  }
  return { kind: 'no-object' };
}

/** Values of one filter, and parameters of one page. */
const NAMES_PER_CALL = 50;

/** Systems Manager's parameters, by DescribeParameters: GetParameters would give values. */
function createParameters(config: AwsConfig): Pick<Resources, 'parameters'> {
  const ssm = lazyClients(
    config,
    () => import('@aws-sdk/client-ssm'),
    (sdk, own) => new sdk.SSMClient(own),
  );
  return {
    parameters: (region, names) =>
      batched(names, NAMES_PER_CALL, async (Values) => {
        const { sdk, client } = await ssm(region);
        // "The number of items returned can be between zero and MaxResults": an empty page is not the end.
        return paged(async (NextToken) => {
          const answer = await call(config, 'ssm:DescribeParameters', () =>
            client.send(
              new sdk.DescribeParametersCommand({
                ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values }],
                MaxResults: NAMES_PER_CALL,
                ...defined({ NextToken }),
              }),
            ),
          );
          const parameters = required(answer.Parameters, 'ssm:DescribeParameters', 'Parameters');
          return { items: parameters.flatMap(({ Name }) => Name ?? []), next: answer.NextToken };
        });
      }),
  };
}

/** Objects of S3: that they are there, not what is in them. */
function createObjects(config: AwsConfig): Pick<Resources, 'hasObject'> {
  const s3 = lazyClients(
    config,
    () => import('@aws-sdk/client-s3'),
    // A bucket's region is known to S3 alone; names with dots only work in the path.
    (sdk, own) => new sdk.S3Client({ ...own, followRegionRedirects: true, forcePathStyle: true }),
  );
  const hears = (): void => {
    for (const action of ['s3:GetObject', 's3:ListBucket'] as const) config.answered?.(action);
  };
  return {
    async hasObject(Bucket, Key) {
      const found = await unlessMissing(async () => {
        const { sdk, client } = await s3(config.region);
        // The right is GetObject; without ListBucket S3 says 403 for what is not there, too.
        const { ETag } = await client.send(new sdk.HeadObjectCommand({ Bucket, Key })).catch((thrown: unknown) => {
          const failure = toFailure('s3:GetObject and s3:ListBucket', thrown);
          if (failure.code === 'NOT_FOUND') hears();
          throw failure;
        });
        // A proxy answers anything with 200; S3 names what it has.
        required(ETag, 's3:HeadObject', 'ETag');
        hears();
        return true;
      });
      return found ?? false;
    },
  };
}

/** Resources in one simulation, so that its answer is one page. */
const RESOURCES_PER_CALL = 50;

/** Roles of IAM, which is one a partition: the region only says which. */
function createIam(config: AwsConfig): Pick<Resources, 'role' | 'refusals'> {
  const iam = lazyClients(
    config,
    () => import('@aws-sdk/client-iam'),
    (sdk, own) => new sdk.IAMClient(own),
  );
  return {
    role: (RoleName) =>
      unlessMissing(async () => {
        const { sdk, client } = await iam(config.region);
        const answer = await call(config, 'iam:GetRole', () => client.send(new sdk.GetRoleCommand({ RoleName })));
        const { Arn, AssumeRolePolicyDocument } = answer.Role ?? {};
        const arn = required(Arn, 'iam:GetRole', 'Role.Arn');
        const trustPolicy = policyOf(AssumeRolePolicyDocument ?? '');
        return { arn, ...defined({ trustPolicy }) };
      }),

    refusals: ({ roleArn, action, resources }) =>
      batched(resources, RESOURCES_PER_CALL, async (ResourceArns) => {
        const { sdk, client } = await iam(config.region);
        return paged(async (Marker) => {
          const answer = await call(config, 'iam:SimulatePrincipalPolicy', () =>
            client.send(
              new sdk.SimulatePrincipalPolicyCommand({
                PolicySourceArn: roleArn,
                ActionNames: [action],
                ResourceArns,
                ...defined({ Marker }),
              }),
            ),
          );
          const results = required(answer.EvaluationResults, 'iam:SimulatePrincipalPolicy', 'EvaluationResults');
          return { items: results.flatMap(refusalsIn), next: answer.IsTruncated ? answer.Marker : undefined };
        });
      }),
  };
}

/**
 * The single results where IAM gives them; else the result is of one resource. What hangs on a value that only a real call has
 * (MissingContextValues: a source VPC, a tag) is not known, whatever the simulation decides without it.
 */
function refusalsIn(result: EvaluationResult): Refusal[] {
  const { ResourceSpecificResults: single = [] } = result;
  const decided =
    single.length > 0
      ? single.map((one) => ({ ...one, decision: one.EvalResourceDecision }))
      : [{ ...result, decision: result.EvalDecision }];
  return decided.flatMap(({ EvalResourceName: resource = '*', decision, MissingContextValues = [] }) =>
    decision === 'implicitDeny' || decision === 'explicitDeny'
      ? [{ resource, decision: MissingContextValues.length === 0 ? decision : ('unknown' as const) }]
      : [],
  );
}

/** IAM gives policies as URL-encoded JSON (RFC 3986). Undefined for what is none. */
function policyOf(encoded: string): JsonObject | undefined {
  try {
    const policy = JSON.parse(decodeURIComponent(encoded)) as Json;
    return typeof policy === 'object' && policy !== null && !Array.isArray(policy) ? (policy as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** Names in one DescribeAlarms. */
const ALARMS_PER_CALL = 100;

/** Alarms of CloudWatch. */
function createAlarms(config: AwsConfig): Pick<Resources, 'alarms' | 'alarmNames'> {
  const cloudwatch = lazyClients(
    config,
    () => import('@aws-sdk/client-cloudwatch'),
    (sdk, own) => new sdk.CloudWatchClient(own),
  );
  const AlarmTypes: ('MetricAlarm' | 'CompositeAlarm')[] = ['MetricAlarm', 'CompositeAlarm'];
  return {
    async alarmNames(region) {
      const { sdk, client } = await cloudwatch(region);
      const { MetricAlarms = [], CompositeAlarms = [] } = await call(config, 'cloudwatch:DescribeAlarms', () =>
        client.send(new sdk.DescribeAlarmsCommand({ AlarmTypes, MaxRecords: ALARMS_LISTED })),
      );
      return [...MetricAlarms, ...CompositeAlarms].flatMap(({ AlarmName }) => AlarmName ?? []);
    },
    alarms: (region, names) =>
      batched(names, ALARMS_PER_CALL, async (AlarmNames) => {
        const { sdk, client } = await cloudwatch(region);
        const answer = await call(config, 'cloudwatch:DescribeAlarms', () =>
          client.send(
            new sdk.DescribeAlarmsCommand({
              AlarmNames,
              AlarmTypes,
              MaxRecords: ALARMS_PER_CALL,
            }),
          ),
        );
        const { MetricAlarms, CompositeAlarms } = answer;
        required(MetricAlarms ?? CompositeAlarms, 'cloudwatch:DescribeAlarms', 'MetricAlarms');
        return [...(MetricAlarms ?? []), ...(CompositeAlarms ?? [])].map(({ AlarmName, StateValue }) => ({
          name: AlarmName ?? '',
          state: StateValue ?? 'INSUFFICIENT_DATA',
        }));
      }),
  };
}

/** Log groups of CloudWatch Logs. */
function createLogGroups(config: AwsConfig): Pick<Resources, 'hasLogGroup' | 'logGroupNames'> {
  const logs = cloudWatchLogs(config);
  return {
    async hasLogGroup(region, name) {
      const { sdk, client } = await logs(region);
      // "The results are ASCII-sorted by log group name": of all with the prefix, the name itself comes first.
      const answer = await call(config, 'logs:DescribeLogGroups', () =>
        client.send(new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 })),
      );
      const groups = required(answer.logGroups, 'logs:DescribeLogGroups', 'logGroups');
      return groups.some(({ logGroupName }) => logGroupName === name);
    },
    async logGroupNames(region, prefix) {
      const { sdk, client } = await logs(region);
      // An empty prefix is refused.
      const input = { limit: LOG_GROUPS_LISTED, ...(prefix === '' ? {} : { logGroupNamePrefix: prefix }) };
      const answer = await call(config, 'logs:DescribeLogGroups', () =>
        client.send(new sdk.DescribeLogGroupsCommand(input)),
      );
      const groups = required(answer.logGroups, 'logs:DescribeLogGroups', 'logGroups');
      return groups.flatMap(({ logGroupName }) => logGroupName ?? []);
    },
  };
}

const TARGET_GROUPS_PER_CALL = 20;

/** Target groups of Elastic Load Balancing. */
function createLoadBalancing(config: AwsConfig): Pick<Resources, 'targetGroups'> {
  const clients = loadBalancing(config);
  async function described(
    region: string,
    by: 'TargetGroupArns' | 'Names',
    references: string[],
  ): Promise<TargetGroup[]> {
    const { sdk, client } = await clients(region);
    try {
      const answer = await call(config, 'elasticloadbalancing:DescribeTargetGroups', () =>
        client.send(new sdk.DescribeTargetGroupsCommand({ [by]: references })),
      );
      return required(answer.TargetGroups, 'elasticloadbalancing:DescribeTargetGroups', 'TargetGroups').map(
        targetGroup,
      );
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.code !== 'NOT_FOUND') throw thrown;
      // One that is missing spoils the answer for all: then each is asked for alone.
      if (references.length < 2) return [];
      return (await Promise.all(references.map((one) => described(region, by, [one])))).flat();
    }
  }
  return {
    // One call takes either ARNs or names.
    targetGroups: async (region, references) => {
      const [arns, names] = [true, false].map((are) => references.filter((one) => one.startsWith('arn:') === are));
      const found = await Promise.all([
        batched(arns ?? [], TARGET_GROUPS_PER_CALL, (some) => described(region, 'TargetGroupArns', some)),
        batched(names ?? [], TARGET_GROUPS_PER_CALL, (some) => described(region, 'Names', some)),
      ]);
      return found.flat();
    },
  };
}

function targetGroup(group: SdkTargetGroup): TargetGroup {
  return {
    arn: group.TargetGroupArn ?? '',
    targetType: group.TargetType ?? 'instance',
    protocol: group.Protocol ?? '',
    healthCheckPort: group.HealthCheckPort ?? 'traffic-port',
    attached: (group.LoadBalancerArns ?? []).length > 0,
    ...defined({
      port: group.Port,
      vpcId: group.VpcId,
      healthCheckPath: group.HealthCheckPath,
      matcher: group.Matcher?.HttpCode ?? group.Matcher?.GrpcCode,
    }),
  };
}

const INSTANCES_PER_CALL = 100;
const PROVIDERS_PER_CALL = 100;

/** A cluster and its capacity in ECS; a deploy itself queries none of this. */
function createEcsCapacity(config: AwsConfig): Pick<Resources, 'cluster' | 'containerInstances' | 'capacityProviders'> {
  const ecs = lazyClients(
    config,
    () => import('@aws-sdk/client-ecs'),
    (sdk, own) => new sdk.ECSClient(own),
  );
  return {
    async cluster(cluster) {
      const { sdk, client } = await ecs(config.region);
      const answer = await call(config, 'ecs:DescribeClusters', () =>
        client.send(new sdk.DescribeClustersCommand({ clusters: [cluster] })),
      );
      const [found] = required(answer.clusters, 'ecs:DescribeClusters', 'clusters');
      return (
        found && {
          name: found.clusterName ?? '',
          status: found.status ?? '',
          registeredInstances: found.registeredContainerInstancesCount ?? 0,
        }
      );
    },

    async containerInstances(cluster) {
      const { sdk, client } = await ecs(config.region);
      const arns = await paged(async (nextToken) => {
        const answer = await call(config, 'ecs:ListContainerInstances', () =>
          client.send(new sdk.ListContainerInstancesCommand({ cluster, ...defined({ nextToken }) })),
        );
        const items = required(answer.containerInstanceArns, 'ecs:ListContainerInstances', 'containerInstanceArns');
        return { items, next: answer.nextToken };
      });
      return batched(arns, INSTANCES_PER_CALL, async (containerInstances) => {
        const answer = await call(config, 'ecs:DescribeContainerInstances', () =>
          client.send(new sdk.DescribeContainerInstancesCommand({ cluster, containerInstances })),
        );
        return required(answer.containerInstances, 'ecs:DescribeContainerInstances', 'containerInstances').map(
          containerInstance,
        );
      });
    },

    async capacityProviders(names) {
      const { sdk, client } = await ecs(config.region);
      return batched(names, PROVIDERS_PER_CALL, async (capacityProviders) => {
        const answer = await call(config, 'ecs:DescribeCapacityProviders', () =>
          client.send(new sdk.DescribeCapacityProvidersCommand({ capacityProviders })),
        );
        return required(answer.capacityProviders, 'ecs:DescribeCapacityProviders', 'capacityProviders').map(
          capacityProvider,
        );
      });
    },
  };
}

function capacityProvider(provider: SdkProvider): CapacityProvider {
  const { name = '', status = '', managedInstancesProvider: managed, autoScalingGroupProvider: group } = provider;
  if (managed === undefined && group === undefined) return { name, status, compute: 'FARGATE', addsInstances: false };
  if (managed === undefined)
    return { name, status, compute: 'EC2', addsInstances: group?.managedScaling?.status === 'ENABLED' };
  const wanted = managed.instanceLaunchTemplate?.instanceRequirements;
  const requirements = wanted && {
    ...defined({
      vCpuMax: wanted.vCpuCount?.max,
      memoryMibMax: wanted.memoryMiB?.max,
      acceleratorsMax: wanted.acceleratorCount?.max,
      acceleratorTypes: wanted.acceleratorTypes,
      cpuManufacturers: wanted.cpuManufacturers,
    }),
  };
  return { name, status, compute: 'MANAGED_INSTANCES', addsInstances: true, ...defined({ requirements }) };
}

function containerInstance(instance: SdkInstance): ContainerInstance {
  const attribute = (name: string): string | undefined => instance.attributes?.find((one) => one.name === name)?.value;
  const architecture = attribute('ecs.cpu-architecture');
  const os = attribute('ecs.os-type');
  const remaining = instance.remainingResources ?? [];
  return {
    id: instance.ec2InstanceId ?? instance.containerInstanceArn?.split('/').at(-1) ?? '',
    available: instance.status === 'ACTIVE' && instance.agentConnected !== false,
    total: hostResources(instance.registeredResources ?? []),
    free: hostResources(remaining),
    // What "remains" of the ports are those that are taken.
    usedPorts: [
      ...setOf(remaining, 'PORTS').map((port) => `${port}/tcp`),
      ...setOf(remaining, 'PORTS_UDP').map((port) => `${port}/udp`),
    ],
    ...defined({
      capacityProvider: instance.capacityProviderName || undefined,
      architecture: architecture || undefined,
      os: os || undefined,
      external: instance.attributes?.some(({ name }) => name === 'ecs.capability.external')
        ? (true as const)
        : undefined,
    }),
  };
}

const hostResources = (resources: readonly Resource[]): HostResources => ({
  cpu: resources.find(({ name }) => name === 'CPU')?.integerValue ?? 0,
  memory: resources.find(({ name }) => name === 'MEMORY')?.integerValue ?? 0,
  gpus: setOf(resources, 'GPU').length,
});

const setOf = (resources: readonly Resource[], wanted: string): readonly string[] =>
  resources.find(({ name }) => name === wanted)?.stringSetValue ?? [];
