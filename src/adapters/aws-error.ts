import { clip } from '../clip.ts';
import { type ApiError, Failure, type FailureCode } from '../failure.ts';

/** Names and messages by which AWS says the same thing in different services; the first row that matches decides. */
const KINDS: readonly (readonly [FailureCode, RegExp])[] = [
  [
    'CREDENTIALS',
    /ExpiredToken|TokenRefreshRequired|InvalidClientTokenId|UnrecognizedClient|CredentialsProvider|InvalidIdentityToken|IDPRejectedClaim|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature/,
  ],
  ['ACCESS_DENIED', /AccessDenied|Unauthorized|NotAuthorized|Forbidden/],
  ['THROTTLED', /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|Rate exceeded/],
  ['NOT_FOUND', /NotFound|DoesNotExist|NoSuch|ParameterNotFound/],
  [
    'UNAVAILABLE',
    /Server(Exception|Error)|ServiceUnavailable|InternalFailure|InternalServer|Timeout|ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|socket hang up|NetworkingError/,
  ],
];

/** What to do, for the kinds whose remedy does not depend on the operation. */
const REMEDIES: Partial<Record<FailureCode, (api: ApiError) => string>> = {
  CREDENTIALS: () =>
    'Give the step valid credentials: role-to-assume with `permissions: id-token: write`, or a configure-aws-credentials step before it. Credentials that end during a long wait are refreshed only with role-to-assume.',
  ACCESS_DENIED: ({ service, operation }) => `Allow ${service}:${operation} for the role that this job uses.`,
  THROTTLED: () => 'The account calls this API too often. Try again later, or ask for a higher rate.',
  UNAVAILABLE: ({ service }) =>
    `Look whether ${service} can be reached from this runner (network, proxy, endpoint) and try again.`,
};

interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number };
}

/**
 * Whatever an SDK call threw, as a Failure that names the call.
 * @param service endpoint prefix as IAM writes it: ecs, ecr, sts, logs, ...
 * @param operation as IAM writes it: UpdateService, ...
 */
export function toFailure(service: string, operation: string, thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const { name = 'Error', message = String(thrown), code = '', $metadata = {} } = thrown as Thrown;
  const said = clip(message || code || name);
  const api: ApiError = {
    service,
    operation,
    name: name === 'Error' && code ? code : name,
    message: said,
    ...($metadata.requestId ? { requestId: $metadata.requestId } : {}),
  };
  const kind = codeOf(`${name} ${code}`, said, $metadata.httpStatusCode);
  const remedy = REMEDIES[kind]?.(api);
  return new Failure(kind, `${service}:${operation} failed: ${said}`, {
    api,
    cause: thrown,
    ...(remedy ? { remedy } : {}),
  });
}

function codeOf(name: string, message: string, status: number | undefined): FailureCode {
  for (const [code, pattern] of KINDS) if (pattern.test(name)) return code;
  // Only some services name their errors well; ECS says "Rate exceeded" and "Too many concurrent attempts to create a
  // new revision of the specified family." in a ClientException.
  if (/Rate exceeded|Too many concurrent attempts/i.test(message)) return 'THROTTLED';
  if (/is not authorized to perform/i.test(message)) return 'ACCESS_DENIED';
  if (/ECONN|ENOTFOUND|EAI_AGAIN|socket hang up|timed out/i.test(message)) return 'UNAVAILABLE';
  if (status === 403) return 'ACCESS_DENIED'; // S3 answers HEAD without a body, so without a name
  if (status === 429) return 'THROTTLED';
  if (status !== undefined && status >= 500) return 'UNAVAILABLE';
  if (/Could not load credentials/i.test(message)) return 'CREDENTIALS';
  return 'REFUSED';
}

/** Runs one SDK call; what it throws becomes a Failure that names the call. */
export async function call<T>(service: string, operation: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (thrown) {
    throw toFailure(service, operation, thrown);
  }
}

/**
 * Whether the same call may well be answered in a moment: throttled, or an error of the service's own. What the
 * network refuses (no such host, a closed port) does not pass, and what another service said of the credentials was
 * waited for where it was asked.
 */
export function passes(thrown: unknown, service: string): thrown is Failure {
  if (!(thrown instanceof Failure) || thrown.api?.service !== service) return false;
  if (thrown.code === 'THROTTLED') return true;
  const { name, $metadata } = (thrown.cause ?? {}) as Thrown;
  const answered =
    ($metadata?.httpStatusCode ?? 0) >= 500 || /Server|ServiceUnavailable|InternalFailure/.test(name ?? '');
  return thrown.code === 'UNAVAILABLE' && answered;
}
