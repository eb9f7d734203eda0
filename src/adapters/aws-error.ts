import { clip } from '../clip.ts';
import { type ApiError, type ApiErrorDetail, Failure, type FailureCode } from '../failure.ts';
import { defined } from '../model.ts';

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
    `Check whether ${service} can be reached from this runner (network, proxy, endpoint) and try again.`,
};

interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: {
    readonly requestId?: string;
    readonly httpStatusCode?: number;
    readonly clockSkewCorrected?: boolean;
  };
}

/** A call as IAM writes it: `ecs:UpdateService`, `logs:GetLogEvents`. */
export type ApiAction = `${string}:${string}`;

/** @returns service: endpoint prefix of IAM; operation: as the SDK calls it */
export const partsOf = (action: ApiAction): { readonly service: string; readonly operation: string } => {
  const colon = action.indexOf(':');
  return { service: action.slice(0, colon), operation: action.slice(colon + 1) };
};

/** Whatever an SDK call threw, as a Failure that names the call. */
export function toFailure(action: ApiAction, thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const { service, operation } = partsOf(action);
  const { name = 'Error', message = String(thrown), code = '', $metadata = {} } = thrown as Thrown;
  const odd = isOdd(thrown as Thrown, service);
  const given = name === 'Error' && code ? code : name;
  const words = clip(odd ? oddMessage(message, $metadata.httpStatusCode) : message || code || name);
  const detail = detailOf(words);
  const api: ApiError = {
    service,
    operation,
    name: odd ? ODD : given,
    message: words,
    ...defined({ requestId: $metadata.requestId || undefined, detail }),
  };
  const kind = odd ? oddCode($metadata.httpStatusCode) : codeOf(`${name} ${code}`, words, $metadata.httpStatusCode);
  const remedy = REMEDIES[kind]?.(api);
  return new Failure(kind, `${action} failed: ${words}`, { api, cause: thrown, ...defined({ remedy }) });
}

/** Messages that tell apart errors of one exception name. */
const DETAILS: readonly (readonly [ApiErrorDetail, RegExp])[] = [
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html (ClientException)
  ['unknown-revision', /task ?definition (?:was )?not found|unable to describe task definition/i],
  // Secrets Manager: "Access to KMS is not allowed"
  ['kms', /\bKMS\b/],
];

const detailOf = (message: string): ApiErrorDetail | undefined => DETAILS.find(([, text]) => text.test(message))?.[0];

/** The name of an answer that AWS did not write: of a proxy, a captive portal, a load balancer, or cut off. */
const ODD = 'UnexpectedAnswer';
/** What the SDK adds to the message of an answer that it could not read. */
const SDK_HINT = /\s{0,9}Deserialization error: to see the raw response[\s\S]*$/;

/**
 * Whether this was not AWS's own word: an error without an AWS name, or an answer that could not be read, whatever its
 * status. S3 answers HEAD without a body, so without a name.
 */
function isOdd({ name = '', message = '', $metadata }: Thrown, service: string): boolean {
  const status = $metadata?.httpStatusCode;
  if (status === undefined || service === 's3') return false;
  if (name === 'SyntaxError' || SDK_HINT.test(message) || (status >= 200 && status < 300)) return true;
  return /^(?:Unknown|UnknownError|Error)$/.test(name);
}

const oddCode = (status = 0): FailureCode => (status === 429 ? 'THROTTLED' : 'UNAVAILABLE');

function oddMessage(message: string, status = 0): string {
  const text = message.replace(SDK_HINT, '');
  const detail = /^(?:Unknown|UnknownError)?$/.test(text) ? 'without an AWS error' : text;
  return `unexpected answer (HTTP ${status}): ${detail}`;
}

/**
 * A member that every answer of the operation has. `{}` and an empty body are valid for the SDK, and must never be taken
 * for an empty list.
 * @throws Failure UNAVAILABLE that names the call and the member
 */
export function required<T>(value: T | undefined, action: ApiAction, member: string): T {
  if (value !== undefined && value !== null && value !== '') return value;
  const message = `unexpected answer: \`${member}\` is missing`;
  const api: ApiError = { ...partsOf(action), name: ODD, message };
  const remedy = REMEDIES.UNAVAILABLE?.(api);
  throw new Failure('UNAVAILABLE', `${action} failed: ${message}`, { api, ...defined({ remedy }) });
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
export async function call<T>(action: ApiAction, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (thrown) {
    throw toFailure(action, thrown);
  }
}

/** Names by which AWS refuses a signature for its time. */
const CLOCK_ERRORS = /InvalidSignature|SignatureDoesNotMatch|RequestTimeTooSkewed|RequestExpired|RequestInTheFuture/;

/**
 * How an answer that did not come may come after all.
 * - `refused`: AWS answered that it did nothing, and will later (throttling).
 * - `odd`: a server error, or an answer that is not AWS's. It may have done what was asked.
 * - `silent`: no answer (reset, timed out). It may have done what was asked.
 * - `unreachable`: the request never left (no such host, a closed port).
 * - `clock`: our clock was wrong; the SDK has set its own by the answer.
 * - undefined: AWS's own answer, which does not change, or an error of another service about the credentials, which was retried
 *   where it was asked.
 */
export type Transience = 'refused' | 'odd' | 'silent' | 'unreachable' | 'clock';

export function transienceOf(thrown: unknown, action: ApiAction): Transience | undefined {
  if (!(thrown instanceof Failure) || thrown.api?.service !== partsOf(action).service) return undefined;
  const { name = '', code = '', message = '', $metadata } = (thrown.cause ?? {}) as Thrown;
  // The SDK sets its clock by any error; only these are about it, and mean that nothing was done.
  if ($metadata?.clockSkewCorrected && CLOCK_ERRORS.test(name)) return 'clock';
  if (thrown.code === 'THROTTLED') return 'refused';
  if (thrown.code !== 'UNAVAILABLE') return undefined;
  if (
    thrown.api.name === ODD ||
    $metadata?.httpStatusCode !== undefined ||
    /Server|ServiceUnavailable|InternalFailure/.test(name)
  )
    return 'odd';
  const text = `${name} ${code} ${message}`;
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH/.test(text) ? 'unreachable' : 'silent';
}
