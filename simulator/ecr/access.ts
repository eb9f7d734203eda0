import { verdictOf } from '../services/trust.ts';
import { ApiException, type CallContext } from '../wire/service.ts';

type Input = Readonly<Record<string, unknown>>;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Who asks, and for which repository. */
interface Asked {
  /** `BatchGetImage`. */
  readonly operation: string;
  readonly context: Pick<CallContext, 'accountId' | 'region' | 'partition' | 'session'>;
  /** The account that the repository is in. */
  readonly owner: string;
  readonly name: string;
}

/**
 * Another account needs a statement of the repository's `policy`; the account itself needs none, and a statement may refuse it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 * @returns why it is refused, in AWS's words
 */
export function refusalOf(policy: string | undefined, asked: Asked): string | undefined {
  const { operation, context, owner, name } = asked;
  const { accountId, region, partition, session } = context;
  const caller = session?.arn ?? `arn:${partition}:sts::${accountId}:assumed-role/deploy/session`;
  const role = session?.roleArn ?? `arn:${partition}:iam::${accountId}:role/deploy`;
  const action = `ecr:${operation}`;
  const verdict = verdictOf(JSON.parse(policy ?? '{}') as object, {
    action,
    principal: { type: 'AWS', names: [accountId, `arn:${partition}:iam::${accountId}:root`, role, caller] },
    values: new Map([
      ['aws:principalarn', [role]],
      ['aws:principalaccount', [accountId]],
    ]),
  });
  if (verdict === 'allow' || (verdict === 'nothing' && owner === accountId)) return undefined;
  const because =
    verdict === 'deny'
      ? 'with an explicit deny in a resource-based policy'
      : `because no resource-based policy allows the ${action} action`;
  return `User: ${caller} is not authorized to perform: ${action} on resource: arn:${partition}:ecr:${region}:${owner}:repository/${name} ${because}`;
}

/** @throws AccessDeniedException */
export function authorize(policy: string | undefined, asked: Asked): void {
  const why = refusalOf(policy, asked);
  if (why !== undefined) throw new ApiException('AccessDeniedException', why);
}

/** Statements have an effect, principals and actions of ECR, and no resource: it is the repository. */
export function isRepositoryPolicy(text: string): boolean {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    return false;
  }
  const { Statement } = (policy ?? {}) as Input;
  if (Statement === undefined || Buffer.byteLength(text) > 10_240) return false;
  const statements = list(Statement) as readonly Input[];
  return (
    statements.length > 0 &&
    statements.every(
      ({ Effect, Principal, NotPrincipal, Action, NotAction, Resource }) =>
        (Effect === 'Allow' || Effect === 'Deny') &&
        (Principal ?? NotPrincipal) !== undefined &&
        (NotAction !== undefined || list(Action).every((one) => /^(?:\*|ecr:[\w*?]+)$/.test(String(one)))) &&
        Resource === undefined,
    )
  );
}

/** What a pull needs. https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html */
const PULL = ['BatchCheckLayerAvailability', 'BatchGetImage', 'GetDownloadUrlForLayer'];

/** A policy that lets another account pull, or do what is named. */
export const grants = (accountId: string, operations: readonly string[] = PULL): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: operations.map((operation) => `ecr:${operation}`),
      },
    ],
  });
