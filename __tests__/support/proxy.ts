/**
 * A proxy between the action and the simulator: it takes plain requests and CONNECT, counts the hosts, and answers for
 * every AWS host by the simulator, over TLS with a certificate of its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ForwardProxy {
  readonly url: string;
  /** Hosts asked for, in order; `CONNECT host` for tunnels. */
  readonly hosts: string[];
  /** For NODE_EXTRA_CA_CERTS. */
  readonly certificate: string;
  close(): Promise<void>;
}

/** What a test wants to say instead of the endpoint; undefined: let the endpoint answer. */
export type Interceptor = (req: IncomingMessage, body: string) => Answer | undefined | Promise<Answer | undefined>;
interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Passes requests on to `endpoint`. */
export function relay(endpoint: string, intercept: Interceptor = () => undefined) {
  return (req: IncomingMessage, res: ServerResponse): void => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', async () => {
      const body = Buffer.concat(chunks);
      const own = await intercept(req, body.toString('utf8'));
      if (own) return void res.writeHead(own.status, { 'content-type': 'text/xml' }).end(own.body);
      const { pathname, search } = new URL(req.url ?? '/', 'http://any');
      const { method, headers } = req;
      const out = request(endpoint + pathname + search, { method: method ?? 'GET', headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(res);
      });
      out.on('error', () => res.writeHead(502).end());
      out.end(body);
    });
  };
}

/** An HTTP server on loopback that passes on to `endpoint`. */
export async function startRelay(endpoint: string, intercept: Interceptor) {
  const server = createServer(relay(endpoint, intercept));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** @param names of the certificate, `*.eu-west-1.amazonaws.com` */
export async function startProxy(endpoint: string, names: readonly string[]): Promise<ForwardProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', '/CN=proxy', '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`],
    ...['-keyout', key, '-out', certificate],
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  const hosts: string[] = [];
  const tls = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, relay(endpoint));
  const pass = relay(endpoint);
  const server = createServer((req, res) => {
    hosts.push(new URL(req.url ?? '/', 'http://none').host);
    pass(req, res);
  });
  const tunnels = new Set<Socket>();
  server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
    hosts.push(`CONNECT ${url.split(':')[0]}`);
    tunnels.add(socket);
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    tls.emit('connection', socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hosts,
    certificate,
    async close() {
      for (const socket of tunnels) socket.destroy();
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
