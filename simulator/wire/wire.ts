import { Buffer } from 'node:buffer';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { escapeXml, xml } from './query.ts';
import { ApiException, type CallContext, type Caller, type RestRequest, type Service } from './service.ts';

export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The error with which a call is refused, or undefined. Tests and the demo switch faults on. */
export type Fault = (call: Call) => ApiException | undefined;

interface WireRequest {
  readonly method?: string;
  /** Without the query. */
  readonly path?: string;
  readonly query?: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}
interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The connection breaks off after the body. */
  readonly cut?: true;
}

export interface Listening {
  readonly endpoint: string;
  close(): Promise<void>;
  /** When no connection is open: what a client that was killed had sent has been carried out. */
  quiet(): Promise<void>;
}

/** Another answer than AWS's own, or none at all (`hang`); `acts` says that the call is carried out all the same. */
export type Disturbance = (
  call: Call,
) => { readonly instead: Pick<WireResponse, 'status' | 'body' | 'cut'> | 'hang'; readonly acts?: true } | undefined;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
const SIGNATURE_GOOD_SECONDS = 300;

/** A token is the proof of these. */
const UNSIGNED = new Set(['AssumeRoleWithWebIdentity', 'AssumeRoleWithSAML']);

/** The single endpoint of all services: JSON 1.x (X-Amz-Target), Query (Action=...) and S3's REST, in process or over HTTP. */
export class Wire {
  readonly calls: Call[] = [];
  readonly faults: Fault[] = [];
  /** What happens to answers on their way; the first that decides counts. */
  readonly disturbances: Disturbance[] = [];
  /** What a call takes on its way there, and again on its way back; absent: no time. */
  delay: (() => Promise<void>) | undefined;
  /** AWS's clock, in seconds since the epoch: written in the Date of each answer. */
  now: () => number = () => Date.now() / 1000;
  /** Requests that were signed more than five minutes off AWS's clock are refused, as AWS does. */
  checksSigningTime = false;
  /** Temporary credentials by access key id; keys of other kinds are all good. */
  sessions: ReadonlyMap<string, Caller & { readonly token: string; readonly expiresAt: number }> = new Map();
  readonly #services: readonly Service[];
  readonly #accountId: string;
  #requests = 0;

  constructor(services: readonly Service[], accountId: string) {
    this.#services = services;
    this.#accountId = accountId;
  }

  count(operation: string): number {
    return this.calls.filter((call) => call.operation === operation).length;
  }

  async answer(request: WireRequest): Promise<WireResponse> {
    await this.delay?.();
    const date = new Date(Math.floor(this.now()) * 1000).toUTCString();
    const answered = await this.#answer(request);
    await this.delay?.();
    return { ...answered, headers: { date, ...answered.headers } };
  }

  async #answer({
    headers,
    body,
    method = 'POST',
    path = '/',
    query = new URLSearchParams(),
  }: WireRequest): Promise<WireResponse> {
    const requestId = `00000000-0000-4000-8000-${String(++this.#requests).padStart(12, '0')}`;
    const target = headers['x-amz-target'];
    // Only a JSON request names its service; of others the signature's scope does, and STS takes unsigned ones.
    const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'sts';
    const speaks = (wanted: Service['protocol']): boolean =>
      target === undefined && this.#services.some(({ name, protocol }) => name === scope && protocol === wanted);
    const rest = speaks('rest');
    const routed = speaks('rest-json');
    const json = target !== undefined || routed;
    try {
      const { service, operation, input } = routed
        ? this.#routedCall(scope, { method, path, query }, body)
        : target !== undefined
          ? this.#jsonCall(target, body)
          : rest
            ? this.#restCall(scope, method, path)
            : this.#queryCall(scope, body);
      const call = { service: service.name, operation, input };
      this.calls.push(call);
      this.#authenticate(call, headers, { json, rest });
      const disturbed = this.disturbances.map((one) => one(call)).find((one) => one !== undefined);
      if (disturbed?.acts) await service.handle(operation, input, this.#context(headers.authorization));
      if (disturbed?.instead === 'hang') return await new Promise<never>(() => {});
      if (disturbed) return { headers: {}, ...disturbed.instead };
      for (const fault of this.faults) {
        const refused = fault(call);
        if (refused) throw refused;
      }
      const output = await service.handle(operation, input, this.#context(headers.authorization));
      if (json) return { status: 200, headers: jsonHeaders(requestId, headers), body: JSON.stringify(output) };
      if (rest) return { status: 200, headers: { ...output, 'x-amz-request-id': requestId }, body: '' };
      return {
        status: 200,
        headers: { 'content-type': 'text/xml' },
        body: queryAnswer(service, { operation, output, requestId }),
      };
    } catch (thrown) {
      const error = thrown instanceof ApiException ? thrown : new ApiException('ServerException', String(thrown), 500);
      if (!(thrown instanceof ApiException)) console.error(thrown);
      // What is not JSON 1.x says AccessDenied, with 403.
      const status = (!json || routed) && error.name.startsWith('AccessDenied') ? 403 : error.statusCode;
      if (rest)
        return {
          status,
          headers: { ...(error.fields as Record<string, string>), 'x-amz-request-id': requestId },
          body: '',
        };
      if (!json) return { status, headers: { 'content-type': 'text/xml' }, body: queryError(error, requestId) };
      return {
        status,
        headers: { ...jsonHeaders(requestId, headers), 'x-amzn-errortype': error.name },
        body: JSON.stringify({ __type: error.name, message: error.message, ...error.fields }),
      };
    }
  }

  /**
   * Who calls must have signed, now, and with credentials that are good. JSON services name the refusals otherwise than those
   * of the Query protocol. https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
   * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
   */
  #authenticate(
    { service, operation }: Call,
    headers: WireRequest['headers'],
    { json, rest }: { readonly json: boolean; readonly rest: boolean },
  ): void {
    if (service === 'sts' && UNSIGNED.has(operation)) return;
    const refuse = (inJson: string, inQuery: string, message: string): ApiException =>
      json ? new ApiException(inJson, message) : new ApiException(rest ? 'AccessDenied' : inQuery, message, 403);
    const { authorization, 'x-amz-security-token': token } = headers;
    if (authorization === undefined) {
      throw refuse(
        'MissingAuthenticationTokenException',
        'MissingAuthenticationToken',
        json ? 'Missing Authentication Token' : 'Request is missing Authentication Token',
      );
    }
    const [, key = '', signature] =
      /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/\d{8}\/[^/]+\/[^/]+\/aws4_request,\s*SignedHeaders=\S+,\s*Signature=([0-9a-f]{64})$/.exec(
        authorization,
      ) ?? [];
    if (signature === undefined) {
      throw refuse(
        'IncompleteSignatureException',
        'IncompleteSignature',
        `Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters. Authorization=${authorization.split(' ')[0]}`,
      );
    }
    this.#checkSigningTime(headers['x-amz-date']);
    const session = this.sessions.get(key);
    if ((session === undefined && key.startsWith('ASIA')) || (session && session.token !== token)) {
      throw refuse(
        'UnrecognizedClientException',
        'InvalidClientTokenId',
        'The security token included in the request is invalid.',
      );
    }
    if (session && session.expiresAt <= this.now()) {
      throw refuse('ExpiredTokenException', 'ExpiredToken', 'The security token included in the request is expired');
    }
  }

  #checkSigningTime(signed: string | undefined): void {
    const [, year, month, day, hour, minute, second] =
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(signed ?? '') ?? [];
    if (!this.checksSigningTime || year === undefined) return;
    const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
    if (Math.abs(at - this.now()) <= SIGNATURE_GOOD_SECONDS) return;
    const early = at < this.now();
    throw new ApiException(
      'InvalidSignatureException',
      `Signature ${early ? 'expired' : 'not yet current'}: ${signed} is ${early ? 'now earlier' : 'still later'} than AWS's clock allows (5 min.)`,
    );
  }

  #jsonCall(target: string, body: string) {
    const [prefix = '', operation = ''] = target.split('.');
    const service = this.#services.find(({ targetPrefix, protocol }) => protocol === 'json' && targetPrefix === prefix);
    if (!service) throw new ApiException('UnknownOperationException', `Unknown operation ${target}`);
    return { service, operation, input: jsonIn(body) };
  }

  #queryCall(scope: string, body: string) {
    const { Action: operation = '', Version: _, ...input } = Object.fromEntries(new URLSearchParams(body));
    const service = this.#services.find(({ name, protocol }) => protocol === 'query' && name === scope);
    if (!service || operation === '') throw new ApiException('InvalidAction', `Could not find operation ${operation}`);
    return { service, operation, input };
  }

  #restCall(scope: string, operation: string, path: string) {
    const service = this.#services.find(({ name }) => name === scope);
    if (!service) throw new ApiException('InvalidRequest', `There is no service ${scope}`);
    return { service, operation, input: { path } };
  }

  #routedCall(scope: string, request: RestRequest, body: string) {
    const service = this.#services.find(({ name }) => name === scope);
    const found = service?.route?.(request);
    if (!service || !found)
      throw new ApiException('UnknownOperationException', `There is no ${request.method} ${request.path}`, 404);
    return { service, operation: found.operation, input: { ...jsonIn(body), ...found.input } };
  }

  #context(authorization = ''): CallContext {
    const [, accessKeyId = '', region = 'us-east-1'] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(authorization) ?? [];
    const session = this.sessions.get(accessKeyId);
    const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
    return { region, accountId: this.#accountId, partition, accessKeyId, ...(session ? { session } : {}) };
  }

  /** For an SDK client's `requestHandler`: the same bytes, no sockets. */
  requestHandler() {
    // Asked for once: resolving a module takes longer than most answers.
    let protocols: Promise<typeof import('@smithy/core/protocols')> | undefined;
    return {
      metadata: { handlerProtocol: 'http/1.1' },
      handle: async (request: {
        method: string;
        path: string;
        query?: Record<string, unknown>;
        headers: Record<string, string>;
        body?: unknown;
      }) => {
        const { method, path } = request;
        const query = new URLSearchParams(
          Object.entries(request.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
        );
        const headers = Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k.toLowerCase(), v]));
        const body =
          request.body instanceof Uint8Array ? new TextDecoder().decode(request.body) : String(request.body ?? '');
        const {
          status,
          headers: answered,
          body: text,
          cut,
        } = await this.answer({ headers, body, method, path, query });
        if (cut) throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
        protocols ??= import('@smithy/core/protocols');
        const { HttpResponse } = await protocols;
        return {
          response: new HttpResponse({ statusCode: status, headers: { ...answered }, body: Buffer.from(text) }),
        };
      },
      destroy() {},
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    };
  }

  /** Over HTTP on a loopback address; `/v2/` and `/token` go to the registry. Answers with the endpoint. */
  async listen(port: number, registry?: (req: IncomingMessage, res: ServerResponse) => void): Promise<Listening> {
    const server: Server = createServer((req, res) => {
      if (/^\/(?:v2|token)\b/.test(req.url ?? '') && registry) return registry(req, res);
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', async () => {
        const headers = Object.fromEntries(
          Object.entries(req.headers).map(([k, v]) => [k, Array.isArray(v) ? v[0] : v]),
        );
        const {
          status,
          headers: answered,
          body,
          cut,
        } = await this.answer({
          headers,
          body: Buffer.concat(chunks).toString('utf8'),
          ...(req.method ? { method: req.method } : {}),
          path: req.url?.split('?')[0] ?? '/',
          query: new URLSearchParams(req.url?.split('?')[1] ?? ''),
        });
        if (!cut) return void res.writeHead(status, answered).end(body);
        res.writeHead(status, { ...answered, 'content-length': String(body.length + 1000) });
        res.write(body, () => res.socket?.destroy());
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const { port: bound } = server.address() as AddressInfo;
    return {
      endpoint: `http://127.0.0.1:${bound}`,
      close: () =>
        new Promise((resolve) => {
          server.closeAllConnections();
          server.close(() => resolve());
        }),
      quiet: async () => {
        const connections = promisify(server.getConnections.bind(server));
        while ((await connections()) > 0) await setTimeout(5, undefined, { ref: false });
      },
    };
  }
}

/**
 * The input of a JSON call; no body is an empty one.
 * @throws SerializationException, as for every body that is no JSON object. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
function jsonIn(body: string): Record<string, unknown> {
  let input: unknown;
  try {
    input = JSON.parse(body || '{}');
  } catch {}
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Record<string, unknown>;
  throw new ApiException('SerializationException', 'The request body is not a JSON object.');
}

/** In the version of JSON that was asked in: 1.0 or 1.1. */
const jsonHeaders = (requestId: string, asked: WireRequest['headers']) => ({
  'content-type': asked['content-type'] ?? 'application/x-amz-json-1.1',
  'x-amzn-requestid': requestId,
});

function queryAnswer(
  { namespace = '' }: Service,
  { operation, output, requestId }: { readonly operation: string; readonly output: object; readonly requestId: string },
): string {
  return `<${operation}Response xmlns="${namespace}"><${operation}Result>${xml(output)}</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
}
const queryError = (error: ApiException, requestId: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${error.name.replace(/^AccessDeniedException$/, 'AccessDenied')}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
