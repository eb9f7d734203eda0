import { createWeb } from '../../../src/adapters/http.ts';
import { TimeLimits } from '../../../src/adapters/time.ts';
import type { Web } from '../../../src/ports.ts';
import { type HostileServer, startHostile } from '../../support/misbehaving.ts';

/** The port Web, which `verify` asks, against a server on loopback. */
let server: HostileServer;
beforeAll(async () => {
  server = await startHostile(({ url }, res) => {
    if (url === '/login') res.writeHead(302, { location: '/page' }).end();
    else if (url === '/large') res.end('a'.repeat(3 * 1024 * 1024));
    else res.end('a page');
  });
});
afterAll(() => server.close());

const { signal } = new AbortController();
const get = (url: string, redirects: Parameters<Web['get']>[1]['redirects'] = 'follow') =>
  createWeb({}, new TimeLimits(signal)).get(url, { limitSeconds: 10, signal, redirects });

test('a redirect is followed, or is the answer', async () => {
  expect(await get(`${server.url}/login`)).toEqual({ status: 200, body: 'a page' });
  expect(await get(`${server.url}/login`, 'answer')).toEqual({ status: 302, body: '' });
});

test('of a large page the first MiB is the body', async () => {
  const { status, body } = await get(`${server.url}/large`);
  expect([status, body.length]).toEqual([200, 1024 * 1024]);
});

test('what TLS says is one line', async () => {
  await expect(get(server.url.replace('http:', 'https:'))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'no answer (EPROTO: TLS: wrong version number)',
  });
});
