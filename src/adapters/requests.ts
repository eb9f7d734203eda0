import type { IncomingMessage } from 'node:http';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import { bytesOf, REQUEST_SECONDS } from './http.ts';
import type { ServerTime } from './server-time.ts';
import type { TimeLimits } from './time-limits.ts';

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
