import type { Agent, IncomingHttpHeaders } from 'node:http';
import { Agent as HttpAgent, request as plainRequest } from 'node:http';
import { Agent as HttpsAgent, request as secureRequest } from 'node:https';
import { Failure } from '../failure.ts';
import type { Web } from '../ports.ts';
import type { TimeLimits } from './time.ts';

/** Seconds for one request, from the connection to the last byte of the answer. */
export const REQUEST_SECONDS = 15;
const REDIRECTS = 3;
/** A page of 100 comments of GitHub's, each of 64 KiB; all else that we ask for is smaller. */
const MAX_BYTES = 16 * 1024 * 1024;

export interface Agents {
  readonly httpAgent?: HttpAgent;
  readonly httpsAgent?: HttpsAgent;
}

/**
 * Agents that go through HTTP_PROXY and HTTPS_PROXY and around NO_PROXY, by Node's own rules (http.Agent's proxyEnv,
 * Node 24.5). Empty without a proxy variable: Node's and the SDK's own agents load faster.
 */
export function proxyAgents(env: Readonly<Record<string, string | undefined>>): Agents {
  const proxied = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some((name) => env[name]);
  if (!proxied) return {};
  const options = { keepAlive: true, maxSockets: 50, proxyEnv: env };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

interface Sending {
  /** Know the job's proxy, where there is one. */
  readonly agents: Agents | undefined;
  readonly signal: AbortSignal;
  /** Of the answer; 16 MiB when absent. */
  readonly maxBytes?: number;
  /** Of a longer answer: it counts as none when absent, or its beginning is enough. */
  readonly longer?: 'cut';
  /** 3 when absent. */
  readonly redirects?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * One request through the job's proxy, and the redirects of its answer by fetch's rules: a redirect to another origin gets no
 * `authorization`, and none leads from https to http.
 * @returns any status, a redirect that is not followed included
 * @throws the network's error, or the signal's reason
 */
export async function sendRequest(request: HttpRequest, sending: Sending): Promise<HttpAnswer> {
  let current = request;
  for (let hop = 0; ; hop++) {
    const answer = await exchange(current, sending);
    const next = hop < (sending.redirects ?? REDIRECTS) ? redirected(current, answer) : undefined;
    if (next === undefined) return answer;
    current = next;
  }
}

/** The request that the answer redirects to; undefined where it is not a redirect, or one that must not be followed. */
function redirected(request: HttpRequest, { status, headers }: HttpAnswer): HttpRequest | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const url = URL.parse(location, request.url.href);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  if (request.url.protocol === 'https:' && url.protocol !== 'https:') return undefined;
  const { authorization: _, ...anonymous } = request.headers;
  const next = { ...request, url, headers: url.origin === request.url.origin ? request.headers : anonymous };
  // https://fetch.spec.whatwg.org/#http-redirect-fetch
  const becomesGet =
    status === 303 ? !/^(?:GET|HEAD)$/.test(request.method) : status < 303 && request.method === 'POST';
  return becomesGet ? { ...next, method: 'GET', body: undefined } : next;
}

function exchange(
  { method, url, headers, body }: HttpRequest,
  { agents = {}, signal, maxBytes = MAX_BYTES, longer }: Sending,
): Promise<HttpAnswer> {
  const [send, agent]: [typeof plainRequest, Agent | undefined] =
    url.protocol === 'https:' ? [secureRequest, agents.httpsAgent] : [plainRequest, agents.httpAgent];
  return new Promise((resolve, reject) => {
    const sent = send(
      url,
      { method, headers: { 'user-agent': 'ecs-rollout', ...headers }, agent, signal },
      (response) => {
        const done = (bytes: Buffer): void =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes });
        (longer === 'cut' ? beginningOf(response, maxBytes) : bytesOf(response, maxBytes)).then(done, reject);
      },
    );
    sent.on('error', (thrown) => reject(signal.aborted ? signal.reason : firstOf(thrown)));
    sent.end(body);
  });
}

/** All addresses of a host were tried, and each error is one member. */
const firstOf = (thrown: unknown): unknown => (thrown instanceof AggregateError ? thrown.errors[0] : thrown);

/**
 * The whole body of an answer.
 * @throws an error with the code ECONNRESET for one that ends in the middle or is too long: it counts as no answer
 */
export async function bytesOf(stream: AsyncIterable<Uint8Array>, maxBytes = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) break;
    }
  } catch (cause) {
    throw noAnswer('the connection broke off in the middle of the answer', cause);
  }
  if (length > maxBytes) throw noAnswer(`the answer has more than ${maxBytes} bytes`);
  return Buffer.concat(chunks, length);
}

/** So many bytes of an answer, and no more of it is waited for. */
async function beginningOf(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  let length = 0;
  async function* cut(): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream) {
      yield chunk.subarray(0, maxBytes - length);
      length += chunk.length;
      if (length >= maxBytes) return;
    }
  }
  return bytesOf(cut());
}

// Not a Failure: the SDK's client decides by the code whether it asks again.
const noAnswer = (message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code: 'ECONNRESET' });

/** As much of `fetch` as octokit and we need, through the job's proxy; Node's own goes around it. */
export const fetchThrough =
  (agents: Agents) =>
  async (
    url: string,
    init: {
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly signal?: AbortSignal;
    },
  ): Promise<Response> => {
    const { method = 'GET', headers = {}, body, signal = new AbortController().signal } = init;
    const answer = await sendRequest({ method, url: new URL(url), headers, body }, { agents, signal });
    const known = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
    // "null body status": a Response with one must have none.
    const content = [204, 205, 304].includes(answer.status) ? null : new Uint8Array(answer.body);
    return new Response(content, { status: answer.status, headers: known });
  };

/** What is read of a page. */
const PAGE_BYTES = 1024 * 1024;

/** OpenSSL's words without its thread, code and source file: `write EPROTO 40...:error:0A00010B:SSL routines:f:wrong version number:../x.c:77:` */
const tlsWords = (message: string | undefined): string | undefined =>
  message
    ?.replace(/^.*:error:[0-9A-F]+:SSL routines:[^:]*:([^:]+):[\s\S]*$/, 'TLS: $1')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** The port Web, through the job's proxy. */
export const createWeb = (env: NodeJS.ProcessEnv, limits: TimeLimits): Web => ({
  async get(url, { limitSeconds, signal, redirects }) {
    try {
      const request = { method: 'GET', url: new URL(url), headers: {} };
      const { status, body } = await limits.run(limitSeconds, (ends) =>
        sendRequest(request, {
          agents: proxyAgents(env),
          signal: AbortSignal.any([signal, ends]),
          maxBytes: PAGE_BYTES,
          longer: 'cut',
          ...(redirects === 'answer' ? { redirects: 0 } : {}),
        }),
      );
      return { status, body: body.toString('utf8') };
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      const { code, message } = thrown as { code?: string; message?: string };
      throw new Failure('UNAVAILABLE', `no answer (${[code, tlsWords(message)].filter(Boolean).join(': ')})`, {
        cause: thrown,
      });
    }
  },
});
