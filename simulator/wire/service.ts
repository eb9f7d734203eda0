/** How one AWS service plugs into the simulator: the wire (wire.ts) parses and checks requests, a Service answers them. */

export interface CallContext {
  /** From the request's signature scope, else us-east-1. */
  readonly region: string;
  readonly accountId: string;
  /** aws, aws-cn, aws-us-gov: follows from the region. */
  readonly partition: string;
  /** Access key id of the caller, for switched-on denials and expired credentials. */
  readonly accessKeyId: string;
  /** Whose credentials STS gave out; absent for keys of which the simulator knows nothing: they are good. */
  readonly session?: Caller;
}

/** An assumed role. */
export interface Caller {
  readonly arn: string;
  readonly roleArn: string;
}

/** An error as AWS models it; the wire serialises it in the service's protocol. */
export class ApiException extends Error {
  override readonly name: string;
  readonly statusCode: number;
  /** Further modelled members. */
  readonly fields: Readonly<Record<string, unknown>>;
  constructor(
    name: string,
    message: string,
    answer: number | { readonly statusCode: number; readonly fields: Readonly<Record<string, unknown>> } = 400,
  ) {
    super(message);
    const { statusCode, fields } = typeof answer === 'number' ? { statusCode: answer, fields: {} } : answer;
    this.name = name;
    this.statusCode = statusCode;
    this.fields = fields;
  }
}

/** `GET /schedules/nightly?groupName=reports` */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface Service {
  /** Signing name and endpoint prefix: ecs, ecr, sts, logs, ... */
  readonly name: string;
  /**
   * `json`: X-Amz-Target; `query`: form-encoded Action with an XML answer; `rest`: the method is the operation, `path` its input,
   * and the answer is headers; `rest-json`: method and path name the operation (`route`), bodies are JSON.
   */
  readonly protocol: 'json' | 'query' | 'rest' | 'rest-json';
  /** For `json`: what stands before the dot in X-Amz-Target. */
  readonly targetPrefix: string;
  /** For `query`: of the answer's XML. */
  readonly namespace?: string;
  /** For `rest-json`: the operation, and what path and query say of its input; undefined where there is none. */
  route?(request: RestRequest): { readonly operation: string; readonly input: Input } | undefined;
  /** Answers with the output shape (instants as epoch seconds, blobs base64) or throws ApiException. */
  handle(operation: string, input: Readonly<Record<string, unknown>>, context: CallContext): Promise<object> | object;
}

export type Input = Readonly<Record<string, unknown>>;
/** Operations by name. Requests have been held against the service model before. */
export type Operations = Readonly<Record<string, (input: Input, context: CallContext) => object>>;

export const lastSegment = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
export const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
export const pick = (input: Input, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])));
export const invalid = (message: string): ApiException => new ApiException('InvalidParameterException', message);
export const client = (message: string): ApiException => new ApiException('ClientException', message);

/** One page of a list, and the token of the next. `usual` is its default size. */
export function page<T>(
  items: readonly T[],
  { maxResults, nextToken }: Input,
  { usual, most = 100 }: { readonly usual: number; readonly most?: number },
): [T[], { nextToken?: string }] {
  const size = Number(maxResults ?? usual);
  if (!Number.isInteger(size) || size < 1 || size > most) throw invalid(`maxResults must be between 1 and ${most}.`);
  const from = nextToken === undefined ? 0 : Number(Buffer.from(String(nextToken), 'base64').toString('utf8'));
  if (!Number.isInteger(from) || from < 1 !== (nextToken === undefined) || from > items.length)
    throw invalid('Invalid token.');
  const until = from + size;
  const token = until < items.length ? { nextToken: Buffer.from(String(until)).toString('base64') } : {};
  return [items.slice(from, until), token];
}

/** At most so many names in one call. */
export function limited(names: unknown, most: number, what: string): string[] {
  const all = strings(names);
  if (all.length === 0) throw invalid(`${what} cannot be empty.`);
  if (all.length > most) throw invalid(`${what} cannot have more than ${most} elements.`);
  return all;
}

/** What was asked for, found or MISSING. */
export function lookUp<T>(
  names: readonly string[],
  find: (name: string) => T | undefined,
): { found: T[]; failures: { arn: string; reason: string }[] } {
  const answers = names.map((name) => ({ name, found: find(name) }));
  return {
    found: answers.flatMap(({ found }) => (found === undefined ? [] : [found])),
    failures: answers.flatMap(({ name, found }) => (found === undefined ? [{ arn: name, reason: 'MISSING' }] : [])),
  };
}
