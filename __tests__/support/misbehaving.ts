import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What a network, a proxy or a service in trouble makes of an answer. */
export type Kind =
  | 'hang'
  | 'headers then nothing'
  | 'slow-loris'
  | 'reset'
  | 'truncated'
  | 'cut json'
  | 'html 200'
  | 'empty 200'
  | '{}'
  | 'null'
  | 'redirect'
  | '400 without a body'
  | '403 html'
  | '407'
  | '408'
  | '429'
  | '500'
  | '502 html'
  | '503';

export const ODD_KINDS: readonly Kind[] = [
  'reset',
  'truncated',
  'cut json',
  'html 200',
  'empty 200',
  '{}',
  'null',
  'redirect',
  '400 without a body',
  '403 html',
  '407',
  '408',
  '429',
  '500',
  '502 html',
  '503',
];
export const SILENT_KINDS: readonly Kind[] = ['hang', 'headers then nothing', 'slow-loris'];

/** Answers in that way; of the silent kinds only the end of the connection ends it. */
export function misbehave(kind: Kind, res: ServerResponse): void {
  const html = { 'content-type': 'text/html' };
  switch (kind) {
    case 'hang':
      return;
    case 'headers then nothing':
      res.writeHead(200, { 'content-length': '1000' }).flushHeaders();
      return;
    case 'slow-loris': {
      res.writeHead(200);
      const trickle = setInterval(() => res.write(' '), 100);
      res.on('close', () => clearInterval(trickle));
      return;
    }
    case 'reset':
      res.socket?.destroy();
      return;
    case 'truncated':
      res.writeHead(200, { 'content-length': '1000' });
      res.write('{"services": [');
      setTimeout(() => res.socket?.destroy(), 20);
      return;
    case 'cut json':
      res.writeHead(200).end('{"services": [{"serviceN');
      return;
    case 'html 200':
      res.writeHead(200, html).end('<html>Please log in to the guest network</html>');
      return;
    case 'empty 200':
      res.writeHead(200).end();
      return;
    case '{}':
    case 'null':
      res.writeHead(200).end(kind);
      return;
    case 'redirect':
      res.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
      return;
    case '403 html':
      res.writeHead(403, html).end('<html>blocked</html>');
      return;
    case '502 html':
      res.writeHead(502, html).end('<html>bad gateway</html>');
      return;
    default:
      res.writeHead(Number.parseInt(kind, 10)).end();
  }
}

export interface HostileServer {
  readonly url: string;
  readonly requests: IncomingMessage[];
  /** Connections that are open. */
  open(): number;
  close(): void;
}

/** An HTTP server on loopback. */
export async function startHostile(
  answer: (req: IncomingMessage, res: ServerResponse, body: string) => void,
): Promise<HostileServer> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    req.on('end', () => {
      requests.push(req);
      answer(req, res, body);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    open: () => sockets.size,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
