import type { Agent } from 'node:http';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import type { ServerTime } from './server-time.ts';
import type { TimeLimits } from './time-limits.ts';

/**
 * A whole request, from the connection to the last byte of the answer. AWS answers what we ask within 5 s at its
 * slowest; the SDK itself waits for ever (its `requestTimeout` only logs, unless `throwOnRequestTimeout` is set, and then
 * ends with the headers).
 */
const REQUEST_SECONDS = 15;
const CONNECTION_TIMEOUT_MS = 5_000;

type Handler = Pick<
  NodeHttpHandler,
  'metadata' | 'handle' | 'destroy' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>;

/**
 * The SDK's own request handler under a time limit for the whole answer and the cancel of the run; it tells the clock
 * what time it is at AWS. Bodies are read here: the answers that we ask for are small, and a body that stops in the
 * middle must count as no answer.
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

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk);
  } catch (cause) {
    throw brokenOff(cause);
  }
  return Buffer.concat(chunks);
}

const brokenOff = (cause: unknown): Error =>
  Object.assign(new Error('the connection broke off in the middle of the answer', { cause }), { code: 'ECONNRESET' });

export interface TextAnswer {
  readonly status: number;
  readonly body: string;
}

export interface TextRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Knows the proxy, where there is one; Node's fetch would go around it. */
  readonly agents?: { readonly httpAgent?: Agent; readonly httpsAgent?: Agent };
  readonly limits: TimeLimits;
  /** For the whole answer; 15 when absent. */
  readonly seconds?: number;
}

/** GET of a small text. Any status is an answer. */
export function getText(
  url: string,
  { headers = {}, agents = {}, limits, seconds = REQUEST_SECONDS }: TextRequest,
): Promise<TextAnswer> {
  const agent = url.startsWith('https:') ? agents.httpsAgent : agents.httpAgent;
  return limits.run(seconds, async (signal) => {
    if (agent) return getThrough(agent, url, { headers, signal });
    const answer = await fetch(url, { headers, signal });
    return { status: answer.status, body: await answer.text() };
  });
}

function getThrough(
  agent: Agent,
  url: string,
  options: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<TextAnswer> {
  const send = url.startsWith('https:') ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    const sent = send(url, { ...options, agent }, (answer) => {
      bytesOf(answer).then((bytes) => resolve({ status: answer.statusCode ?? 0, body: String(bytes) }), reject);
    });
    sent.on('error', reject).end();
  });
}
