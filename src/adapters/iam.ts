import type { EvaluationResult } from '@aws-sdk/client-iam';
import type { Json, JsonObject, Refusal } from '../model.ts';
import type { Resources } from '../ports.ts';
import type { AwsConfig } from './aws.ts';
import { call, required } from './aws-error.ts';
import { batched, lazyClients, unlessMissing } from './clients.ts';

/** Resources in one simulation, so that its answer is one page. */
const RESOURCES_A_CALL = 50;

/** Roles of IAM, which is one a partition: the region only says which. */
export function createIam(config: AwsConfig): Pick<Resources, 'role' | 'refusals'> {
  const iam = lazyClients(
    config,
    () => import('@aws-sdk/client-iam'),
    (sdk, own) => new sdk.IAMClient(own),
  );
  return {
    role: (RoleName) =>
      unlessMissing(async () => {
        const { sdk, client } = await iam(config.region);
        const answer = await call('iam', 'GetRole', () => client.send(new sdk.GetRoleCommand({ RoleName })));
        const { Arn, AssumeRolePolicyDocument } = answer.Role ?? {};
        const arn = required(Arn, 'iam', 'GetRole', 'Role.Arn');
        const trustPolicy = policyOf(AssumeRolePolicyDocument ?? '');
        return { arn, ...(trustPolicy ? { trustPolicy } : {}) };
      }),

    refusals: ({ roleArn, action, resources }) =>
      batched(resources, RESOURCES_A_CALL, async (ResourceArns) => {
        const { sdk, client } = await iam(config.region);
        const found: Refusal[] = [];
        let Marker: string | undefined;
        do {
          const page = Marker === undefined ? {} : { Marker };
          const answer = await call('iam', 'SimulatePrincipalPolicy', () =>
            client.send(
              new sdk.SimulatePrincipalPolicyCommand({
                PolicySourceArn: roleArn,
                ActionNames: [action],
                ResourceArns,
                ...page,
              }),
            ),
          );
          const results = required(answer.EvaluationResults, 'iam', 'SimulatePrincipalPolicy', 'EvaluationResults');
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
