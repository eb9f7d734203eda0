import type { EvaluationResult } from '@aws-sdk/client-iam';
import type { Json, JsonObject, Refusal, SecretKeys } from '../model.ts';
import type { Resources } from '../ports.ts';
import { type AwsConfig, batched, lazyClients, unlessMissing } from './aws.ts';
import { call, required, toFailure } from './aws-error.ts';
import { createEcsCapacity } from './ecs-capacity.ts';
import { createLoadBalancing } from './load-balancing.ts';
import { createLogGroups } from './logs.ts';

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
        const { ARN, VersionIdsToStages, DeletedDate } = await call('secretsmanager:DescribeSecret', () =>
          client.send(new sdk.DescribeSecretCommand({ SecretId })),
        );
        required(ARN, 'secretsmanager:DescribeSecret', 'ARN');
        // Absent from a secret that was never given a value.
        return { versions: VersionIdsToStages ?? {}, deleted: DeletedDate !== undefined };
      }),

    async secretKeys(region, { arn, stage, versionId }) {
      const keys = await unlessMissing(async () => {
        const { sdk, client } = await manager(region);
        const { SecretString, SecretBinary } = await call('secretsmanager:GetSecretValue', () =>
          client.send(
            new sdk.GetSecretValueCommand({
              SecretId: arn,
              ...(versionId ? { VersionId: versionId } : {}),
              ...(stage ? { VersionStage: stage } : {}),
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
        const found: string[] = [];
        let NextToken: string | undefined;
        // "The number of items returned can be between zero and MaxResults": an empty page is not the end.
        do {
          const page = NextToken === undefined ? {} : { NextToken };
          const answer = await call('ssm:DescribeParameters', () =>
            client.send(
              new sdk.DescribeParametersCommand({
                ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values }],
                MaxResults: NAMES_PER_CALL,
                ...page,
              }),
            ),
          );
          const parameters = required(answer.Parameters, 'ssm:DescribeParameters', 'Parameters');
          found.push(...parameters.flatMap(({ Name }) => Name ?? []));
          NextToken = answer.NextToken;
        } while (NextToken !== undefined);
        return found;
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
  return {
    async hasObject(Bucket, Key) {
      const found = await unlessMissing(async () => {
        const { sdk, client } = await s3(config.region);
        // The right is GetObject; without ListBucket S3 says 403 for what is not there, too.
        const { ETag } = await client.send(new sdk.HeadObjectCommand({ Bucket, Key })).catch((thrown: unknown) => {
          throw toFailure('s3:GetObject and s3:ListBucket', thrown);
        });
        // A proxy answers anything with 200; S3 names what it has.
        required(ETag, 's3:HeadObject', 'ETag');
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
        const answer = await call('iam:GetRole', () => client.send(new sdk.GetRoleCommand({ RoleName })));
        const { Arn, AssumeRolePolicyDocument } = answer.Role ?? {};
        const arn = required(Arn, 'iam:GetRole', 'Role.Arn');
        const trustPolicy = policyOf(AssumeRolePolicyDocument ?? '');
        return { arn, ...(trustPolicy ? { trustPolicy } : {}) };
      }),

    refusals: ({ roleArn, action, resources }) =>
      batched(resources, RESOURCES_PER_CALL, async (ResourceArns) => {
        const { sdk, client } = await iam(config.region);
        const found: Refusal[] = [];
        let Marker: string | undefined;
        do {
          const page = Marker === undefined ? {} : { Marker };
          const answer = await call('iam:SimulatePrincipalPolicy', () =>
            client.send(
              new sdk.SimulatePrincipalPolicyCommand({
                PolicySourceArn: roleArn,
                ActionNames: [action],
                ResourceArns,
                ...page,
              }),
            ),
          );
          const results = required(answer.EvaluationResults, 'iam:SimulatePrincipalPolicy', 'EvaluationResults');
          for (const result of results) found.push(...refusalsIn(result));
          Marker = answer.IsTruncated ? answer.Marker : undefined;
        } while (Marker !== undefined);
        return found;
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
function createAlarms(config: AwsConfig): Pick<Resources, 'alarms'> {
  const cloudwatch = lazyClients(
    config,
    () => import('@aws-sdk/client-cloudwatch'),
    (sdk, own) => new sdk.CloudWatchClient(own),
  );
  return {
    alarms: (region, names) =>
      batched(names, ALARMS_PER_CALL, async (AlarmNames) => {
        const { sdk, client } = await cloudwatch(region);
        const answer = await call('cloudwatch:DescribeAlarms', () =>
          client.send(
            new sdk.DescribeAlarmsCommand({
              AlarmNames,
              AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
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
