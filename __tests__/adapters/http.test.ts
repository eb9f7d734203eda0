import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGithub } from '../../src/adapters/github.ts';
import { bytesOf, fetchThrough, proxyAgents, sendRequest } from '../../src/adapters/http.ts';
import { Masker } from '../../src/masker.ts';
import { run } from '../report/made.ts';
import { startProxy } from '../support/proxy.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that redirects `/to/STATUS` to the rest of the path, and answers all else with what it was sent. */
async function startServer(target = ''): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server: Server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    seen.push({ method, path: url, authorization: headers.authorization, body });
    const [, status, rest] = /^\/to\/(\d+)(.*)$/.exec(url) ?? [];
    if (status !== undefined) response.writeHead(Number(status), { location: `${target}${rest}` }).end('moved');
    else if (url === '/empty') response.writeHead(204).end();
    else if (url === '/cut') {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 20);
    } else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ url }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}
const sending = { agents: undefined, signal: new AbortController().signal };
const headers = { authorization: 'Bearer x' };

test.each([
  ['GET', 301, 'GET', ''],
  ['HEAD', 302, 'HEAD', ''],
  ['HEAD', 303, 'HEAD', ''],
  ['POST', 301, 'GET', ''],
  ['POST', 302, 'GET', ''],
  ['PUT', 302, 'PUT', 'body'],
  ['PUT', 303, 'GET', ''],
  ['POST', 307, 'POST', 'body'],
  ['PATCH', 308, 'PATCH', 'body'],
] as const)('%s that is answered %s continues as %s', async (method, status, then, body) => {
  const { url, seen } = await startServer();
  const given = method === 'GET' || method === 'HEAD' ? undefined : 'body';
  const answer = await sendRequest({ method, url: new URL(`${url}/to/${status}/x`), headers, body: given }, sending);
  expect(answer.status).toBe(200);
  expect(seen.slice(1)).toEqual([{ method: then, path: '/x', authorization: 'Bearer x', body }]);
});

test('another origin gets no authorization', async () => {
  const other = await startServer();
  const { url } = await startServer(other.url);
  await sendRequest({ method: 'GET', url: new URL(`${url}/to/307/x`), headers }, sending);
  expect(other.seen).toEqual([{ method: 'GET', path: '/x', authorization: undefined, body: '' }]);
});

test('three redirects are followed; the fourth, and one to no address of HTTP, are the answer', async () => {
  const { url } = await startServer();
  const status = async (path: string): Promise<number> =>
    (await sendRequest({ method: 'GET', url: new URL(url + path), headers: {} }, sending)).status;
  expect(await status('/to/302/to/302/to/302/x')).toBe(200);
  expect(await status('/to/302/to/302/to/302/to/307/x')).toBe(307);
  const file = await startServer('file:///etc/passwd');
  expect(
    (await sendRequest({ method: 'GET', url: new URL(`${file.url}/to/302/x`), headers: {} }, sending)).status,
  ).toBe(302);
});

test('an answer that ends in the middle or is too long is no answer', async () => {
  const { url } = await startServer();
  const request = { method: 'GET', url: new URL(`${url}/cut`), headers: {} };
  await expect(sendRequest(request, sending)).rejects.toMatchObject({
    code: 'ECONNRESET',
    message: 'the connection broke off in the middle of the answer',
  });
  await expect(
    sendRequest({ ...request, url: new URL(`${url}/four`) }, { ...sending, maxBytes: 14 }),
  ).rejects.toMatchObject({ code: 'ECONNRESET', message: 'the answer has more than 14 bytes' });
  const chunks = async function* () {
    yield Buffer.from('1234');
  };
  expect(String(await bytesOf(chunks(), 4))).toBe('1234');
});

test('fetch: status, headers and body; a status without a body; the reason of an abort', async () => {
  const { url } = await startServer();
  const get = fetchThrough({});
  const answer = await get(`${url}/a`, {});
  expect([answer.status, answer.headers.get('content-type'), await answer.json()]).toEqual([
    200,
    'application/json',
    { url: '/a' },
  ]);
  const empty = await get(`${url}/empty`, {});
  expect([empty.status, empty.body]).toEqual([204, null]);
  const reason = new Error('cancelled');
  await expect(get(`${url}/a`, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test("GitHub's API is called through the proxy of the job, which alone knows the host", async () => {
  const github = await startServer();
  const proxy = await startProxy(github.url, ['unused.example']);
  closing.push(() => void proxy.close());
  const context = { ...run, apiUrl: 'http://github.inside.example/api/v3' };
  const env = { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' };
  await createGithub('t', context, { env, masker: new Masker() }).setDeploymentStatus({
    deployment: 7,
    state: 'success',
    description: 'd',
    environment: 'e',
    logUrl: 'https://log.example',
  });
  expect(proxy.hosts).toEqual(['github.inside.example']);
  expect(github.seen).toMatchObject([
    { method: 'POST', path: expect.stringMatching(/deployments\/7\/statuses$/), authorization: 'token t' },
  ]);
  expect(proxyAgents({})).toEqual({});
});
