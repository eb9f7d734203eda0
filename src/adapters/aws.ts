import type { IncomingMessage } from 'node:http';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import type { AwsCredentialIdentityProvider, Logger } from '@smithy/types';
import { clip } from '../clip.ts';
import { type ApiError, type ApiErrorDetail, Failure, type FailureCode, sentence } from '../failure.ts';
import { defined } from '../model.ts';
import type { Clock } from '../ports.ts';
import { type Agents, bytesOf, REQUEST_SECONDS } from './http.ts';
import type { ServerTime, TimeLimits } from './time.ts';

/** What every SDK client of ours is made with. Endpoints are the SDK's own business (AWS_ENDPOINT_URL[_SERVICE]). */
export interface AwsConfig {
  readonly region: string;
  /** Absent: the SDK's default chain, so that an earlier configure-aws-credentials step just works. */
  readonly credentials?: AwsCredentialIdentityProvider;
  // biome-ignore lint/suspicious/noExplicitAny: each client has its own type for its handler; a test hands in an in-process one
  readonly requestHandler: any;
  /** Attempts of the SDK for one call, the first included; adapters with patience of their own make one. */
  readonly maxAttempts: number;
  readonly customUserAgent: string;
  readonly logger?: Logger;
  /** For requests without a client: the proxy, and when they have to end. */
  readonly agents?: Agents;
  readonly limits?: TimeLimits;
  /** By AWS's clock; absent: both clocks are the same. */
  readonly time?: ServerTime;
  /** Hears of every call that AWS answered. */
  readonly answered?: Answered;
}
type Answered = (action: ApiAction) => void;

/**
 * The SDK copies each answer for `logger.info`, without what is sensitive, even where its own logger drops it. One without `info` saves
 * that: a tenth of the CPU time of a call.
 */
export const QUIET = { debug() {}, warn() {}, error() {} } as Partial<Logger> as Logger;

const CONNECTION_TIMEOUT_MS = 5_000;

type Handler = Pick<
  NodeHttpHandler,
  'metadata' | 'handle' | 'destroy' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>;

/**
 * The SDK's own request handler under a time limit for the whole answer and the cancel of the run: AWS answers what we ask
 * within 5 s at its slowest, and the SDK itself waits for ever (its `requestTimeout` only logs, unless
 * `throwOnRequestTimeout` is set, and then ends with the headers). It sets the clock by AWS's. Bodies are read here: the
 * answers that we ask for are small, and a body that stops in the middle must count as no answer.
 */
export function timeLimited(
  options: Pick<NodeHttpHandlerOptions, 'httpAgent' | 'httpsAgent'>,
  { limits, time }: { readonly limits: TimeLimits; readonly time: ServerTime },
  seconds = REQUEST_SECONDS,
): Handler {
  const inner = new NodeHttpHandler({ ...options, connectionTimeout: CONNECTION_TIMEOUT_MS });
  const handle = tellingTime(async (request: Parameters<NodeHttpHandler['handle']>[0], abortSignal) => {
    const { response } = await inner.handle(request, { abortSignal });
    response.body = await bytesOf(response.body as IncomingMessage);
    return { response };
  }, time);
  return {
    metadata: inner.metadata,
    destroy: () => inner.destroy(),
    updateHttpClientConfig: (key, value) => inner.updateHttpClientConfig(key, value),
    httpHandlerConfigs: () => inner.httpHandlerConfigs(),
    handle: (request) => limits.run(seconds, (signal) => handle(request, signal)),
  };
}

type Handle<Request, Answer> = (request: Request, signal: AbortSignal) => Promise<Answer>;

/** The same handler, which sets the clock by the Date of every answer. */
export const tellingTime =
  <Request, Answer extends { readonly response: { readonly headers: Readonly<Record<string, string>> } }>(
    handle: Handle<Request, Answer>,
    time: ServerTime,
  ): Handle<Request, Answer> =>
  async (request, signal) => {
    const sentAt = time.clockNow();
    const answer = await handle(request, signal);
    time.observe(answer.response.headers.date, sentAt);
    return answer;
  };

/**
 * A library and its client for a region, both made when they are first asked for. What they ask is a help, not a need:
 * the SDK's few attempts have to do (AwsConfig), for an API that cannot be reached must not hold up the deployment.
 */
export function lazyClients<Sdk, Client>(
  config: AwsConfig,
  load: () => Promise<Sdk>,
  make: (sdk: Sdk, config: AwsConfig) => Client,
): (region: string) => Promise<{ readonly sdk: Sdk; readonly client: Client }> {
  const clients = new Map<string, Client>();
  return async (region) => {
    const sdk = await load();
    const client = clients.get(region) ?? make(sdk, { ...config, region });
    clients.set(region, client);
    return { sdk, client };
  };
}

/** `question`, or `undefined` where AWS answers that it does not exist. */
export async function unlessMissing<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'NOT_FOUND') return undefined;
    throw thrown;
  }
}

/** Any number of items through calls that take `size` at most, side by side. */
export function batched<Item, T>(
  items: readonly Item[],
  size: number,
  send: (batch: Item[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
  return Promise.all(batches.map(send)).then((answers) => answers.flat());
}

/** What waiting needs: time, the end of the run, and the log. */
export interface Retry {
  readonly clock: Pick<Clock, 'sleep' | 'random'>;
  /** Aborted when the run is cancelled: nothing is waited for any longer. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** Hears of every call that AWS answered. */
  readonly answered?: Answered;
}

/**
 * All attempts of a call: the SDK makes one (`ATTEMPTS`), so that this list alone says how long a call may take. A little
 * over a minute in all: RegisterTaskDefinition, the scarcest, comes back at one call per second.
 */
const PAUSES_SECONDS = [0.2, 0.5, 1, 2, 4, 8, 16, 16, 16];
/** Each of these takes up to its time limit of 15 s: four attempts are a minute as well. */
const PAUSES_WITHOUT_ANSWER = 3;
/** Pauses shorter than this are not logged. */
const LOGGED_FROM_SECONDS = 0.75;

/** For the SDK client of whoever calls with retries of its own. */
export const ATTEMPTS = { maxAttempts: 1 } as const;

/** A call that changes nothing twice is sent again after any failure that may pass; of others what AWS certainly did not do. */
type Repeatable = 'always' | 'not done';
const NOT_DONE: readonly Transience[] = ['refused', 'unreachable', 'clock'];

/**
 * One SDK call that may be repeated: waits out throttling, server errors, answers that are not AWS's and silence for
 * about a minute. Without `retry`, the call alone.
 * @throws Failure that names the call; the signal's reason when the run is cancelled meanwhile
 */
export const withRetry = <T>(retry: Retry | undefined, action: ApiAction, send: () => Promise<T>): Promise<T> =>
  attempts(retry, { action, repeatable: 'always' }, send);

/**
 * One SDK call that must not happen twice (RegisterTaskDefinition, UpdateService): sent again only when AWS did nothing.
 * @throws Failure UNAVAILABLE when it may have happened: the caller has to look
 */
export const callOnce = <T>(retry: Retry | undefined, action: ApiAction, send: () => Promise<T>): Promise<T> =>
  attempts(retry, { action, repeatable: 'not done' }, send);

async function attempts<T>(
  retry: Retry | undefined,
  { action, repeatable }: { readonly action: ApiAction; readonly repeatable: Repeatable },
  send: () => Promise<T>,
): Promise<T> {
  for (const [attempt, pause] of (retry ? PAUSES_SECONDS : []).entries()) {
    try {
      return await call(retry, action, send);
    } catch (thrown) {
      if (repeatable === 'not done' && retry && thrown === retry.signal.reason) throw cutOff(action, thrown);
      if (!retry || retry.signal.aborted || !(thrown instanceof Error)) throw thrown;
      if (!isRetryable(transienceOf(thrown, action), { repeatable, attempt })) throw thrown;
      const seconds = pause * (0.75 + retry.clock.random() / 2);
      if (seconds >= LOGGED_FROM_SECONDS)
        retry.log(`${thrown.message.replace(/\.$/, '')}. Trying again in ${Math.max(1, Math.round(seconds))} s.`);
      await retry.clock.sleep(seconds, retry.signal);
    }
  }
  return call(retry, action, send);
}

function isRetryable(
  transience: Transience | undefined,
  { repeatable, attempt }: { readonly repeatable: Repeatable; readonly attempt: number },
): boolean {
  if (transience === undefined) return false;
  if (repeatable === 'not done' && !NOT_DONE.includes(transience)) return false;
  const answered = transience === 'refused' || transience === 'odd';
  return answered || attempt < PAUSES_WITHOUT_ANSWER;
}

/** A write that was under way at the cancel may have been done; CANCELLED would say that it was not. */
const cutOff = (action: ApiAction, cause: unknown): Failure => {
  const message = 'the run was cancelled before AWS answered';
  const api = { ...partsOf(action), name: 'AbortError', message };
  return new Failure('UNAVAILABLE', sentence(`${action} failed: ${message}`), { api, cause });
};

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
const partsOf = (action: ApiAction): { readonly service: string; readonly operation: string } => {
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
  return new Failure(kind, sentence(`${action} failed: ${words}`), { api, cause: thrown, ...defined({ remedy }) });
}

/** Messages that distinguish errors of one exception name. */
const DETAILS: readonly (readonly [ApiErrorDetail, RegExp])[] = [
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html (ClientException)
  ['unknown-revision', /task ?definition (?:was )?not found|unable to describe task definition/i],
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html: a name can be used again once it is INACTIVE.
  ['service-exists', /Creation of service was not idempotent/i],
  ['service-draining', /service that is still Draining/i],
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
  throw new Failure('UNAVAILABLE', sentence(`${action} failed: ${message}`), { api, ...defined({ remedy }) });
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

/** Runs one SDK call, and reports its answer; what it throws becomes a Failure that names the call. */
export async function call<T>(
  to: { readonly answered?: Answered } | undefined,
  action: ApiAction,
  send: () => Promise<T>,
): Promise<T> {
  try {
    const answer = await send();
    to?.answered?.(action);
    return answer;
  } catch (thrown) {
    const failure = toFailure(action, thrown);
    // AWS says what does not exist only to those who may see it.
    const isMissing = failure.code === 'NOT_FOUND' || failure.api?.detail === 'unknown-revision';
    if (isMissing) to?.answered?.(action);
    throw failure;
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
type Transience = 'refused' | 'odd' | 'silent' | 'unreachable' | 'clock';

function transienceOf(thrown: unknown, action: ApiAction): Transience | undefined {
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

/** All pages of a list. */
export async function paged<T>(
  ask: (token: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let token: string | undefined; ; ) {
    const { items, next } = await ask(token);
    all.push(...items);
    if (!next) return all;
    token = next;
  }
}
