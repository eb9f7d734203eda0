import { defined } from './model.ts';

/** Why the run could not continue. Tests and callers branch on the code; the rest is for the reader of the log. */
export type FailureCode =
  | 'INVALID_INPUT' // an input of the step, seen before anything was changed
  | 'INVALID_TASK_DEFINITION' // the template or what it renders to
  | 'IMPOSSIBLE_ROLLOUT' // a rolling setting that can never move
  | 'PREFLIGHT_FAILED' // a preflight check failed, before anything was changed
  | 'TOOL_MISSING' // docker, buildx, emulation
  | 'BUILD_FAILED'
  | 'PUSH_FAILED'
  | 'IMAGE_REJECTED' // a scan, a replication or a signature that was asked for; nothing was deployed
  | 'CREDENTIALS' // none, expired, or the OIDC exchange was refused
  | 'ACCESS_DENIED' // authenticated, but not authorized
  | 'NOT_FOUND'
  | 'REFUSED' // any other 4xx of AWS
  | 'THROTTLED' // still, after the adapter's own retries
  | 'UNAVAILABLE' // 5xx or the network, still, after the adapter's own retries
  | 'CONFLICT' // another deployment is in the way
  | 'CANCELLED'
  | 'INTERNAL'; // our own bug

/** The AWS call behind a failure, as the service named it. */
export interface ApiError {
  /** Endpoint prefix: ecs, ecr, sts, logs, ... */
  readonly service: string;
  /** Operation: UpdateService, ... */
  readonly operation: string;
  /** Exception name: ClusterNotFoundException, ... */
  readonly name: string;
  readonly message: string;
  readonly requestId?: string;
  readonly detail?: ApiErrorDetail;
}

/** The action of a call, as IAM writes it: `ecs:UpdateService`. */
export const actionOf = ({ service, operation }: Pick<ApiError, 'service' | 'operation'>): string =>
  `${service}:${operation}`;

/** The action of the call that was denied; undefined for a failure that is not the denial of a call. */
export const deniedAction = ({ code, api }: Pick<Failure, 'code' | 'api'>): string | undefined =>
  code === 'ACCESS_DENIED' && api ? actionOf(api) : undefined;

/**
 * What the message adds to the exception's name, where a caller depends on it.
 * - `unknown-revision`: ECS does not find the task definition (ClientException)
 * - `service-exists`: CreateService finds a service of that name (InvalidParameterException)
 * - `service-draining`: it finds one that is being deleted
 * - `kms`: the denied access is to a KMS key, not to the resource itself
 */
export type ApiErrorDetail = 'unknown-revision' | 'service-exists' | 'service-draining' | 'kms';

/** One of several things wrong at once; `subject` is an input's name or a path such as containerDefinitions[0].cpu. */
export interface Mistake {
  readonly subject: string;
  readonly problem: string;
  readonly remedy?: string;
}

/** Lines of a file of the repository that a failure is about. */
export interface SourcePlace {
  /** Path from the workspace; absent where the file is not in it, such as the Dockerfile of a Git context. */
  readonly file?: string;
  /** From 1. */
  readonly line: number;
  readonly endLine: number;
  /** The lines with those around them, numbered, as BuildKit prints them. */
  readonly quote: readonly string[];
}

interface FailureParts {
  /** What to do about it, in concrete terms. */
  readonly remedy?: string;
  /** In what state things are now and how to undo it; true whatever the cause turns out to be. */
  readonly state?: string;
  /** Everything that is wrong, where more than one mistake can be reported at once. */
  readonly mistakes?: readonly Mistake[];
  readonly api?: ApiError;
  readonly place?: SourcePlace;
  /** Id of the row of the diagnosis that explains it: its entry in the troubleshooting guide. */
  readonly rule?: string;
  readonly cause?: unknown;
}

/**
 * Thrown where the run cannot continue. A rollout that went wrong is not a Failure but an Outcome.
 * `message` says symptom and cause in one line; `describe()` adds every mistake, the state and the remedy.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly remedy: string | undefined;
  readonly state: string | undefined;
  readonly mistakes: readonly Mistake[];
  readonly api: ApiError | undefined;
  readonly place: SourcePlace | undefined;
  readonly rule: string | undefined;

  constructor(code: FailureCode, message: string, parts: FailureParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.remedy = parts.remedy;
    this.state = parts.state;
    this.mistakes = parts.mistakes ?? [];
    this.api = parts.api;
    this.place = parts.place;
    this.rule = parts.rule;
  }

  /** The whole failure as text: message, one line per mistake, state, remedy. */
  describe(): string {
    const lines = [this.message];
    for (const { subject, problem, remedy } of this.mistakes) {
      lines.push(`  - ${subject}: ${problem}${remedy ? ` ${remedy}` : ''}`);
    }
    if (this.state) lines.push(this.state);
    if (this.remedy) lines.push(`What to do: ${this.remedy}`);
    return lines.join('\n');
  }
}

/** The same failure with the state that it left, where it does not name one. */
export function withState(failure: Failure, state: string): Failure {
  if (failure.state !== undefined) return failure;
  const { code, message, remedy, mistakes, api, place, rule } = failure;
  return new Failure(code, message, { ...defined({ remedy, api, place, rule }), mistakes, state, cause: failure });
}

/** The same failure with other remedies, its own and those of its mistakes: the texts that hold our own words alone. */
export function withRemedies(failure: Failure, change: (remedy: string) => string): Failure {
  const { code, message, remedy, state, mistakes, api, place, rule, cause } = failure;
  return new Failure(code, message, {
    mistakes: mistakes.map((one) => ({ ...one, ...(one.remedy === undefined ? {} : { remedy: change(one.remedy) }) })),
    ...defined({ remedy: remedy === undefined ? undefined : change(remedy), state, api, place, rule, cause }),
  });
}

const ENDS_A_SENTENCE: readonly (string | undefined)[] = ['.', '!', '?', ')', ':'];

/** A text with a full stop at its end: AWS ends some of its messages without one, and another sentence of ours often follows. A list or a quote of several lines stays as it is. */
export function sentence(text: string): string {
  const closed = text === '' || text.split('\n').length > 1 || ENDS_A_SENTENCE.includes(text.at(-1));
  return closed ? text : `${text}.`;
}

/** Any thrown value as a Failure; what we did not throw ourselves is our own bug. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure('INTERNAL', message, { cause: thrown });
}
