import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkActionsCache } from '../../src/adapters/actions-cache.ts';

const signal = new AbortController().signal;
const asked: string[] = [];
async function served<T>(answer: RequestListener, work: (url: string) => Promise<T>): Promise<T> {
  asked.length = 0;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
const status =
  (code: number): RequestListener =>
  (_, response) =>
    void response.writeHead(code).end('{"ok":false}');

test.each([[{}], [{ ACTIONS_RUNTIME_TOKEN: 't' }], [{ ACTIONS_CACHE_URL: 'http://127.0.0.1:1' }]])(
  'outside a job of GitHub there is none: %j',
  async (env) => expect(await checkActionsCache(env, signal)).toEqual({ kind: 'absent' }),
);

test('the second version of the service is asked for a key that does not exist', async () => {
  const found = await served(status(200), (url) =>
    checkActionsCache(
      { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_SERVICE_V2: 'True', ACTIONS_RESULTS_URL: url },
      signal,
    ),
  );
  expect(found).toEqual({ kind: 'ready' });
  expect(asked).toEqual(['POST /twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL Bearer t']);
});

test('the first one as well', async () => {
  const found = await served(status(204), (url) =>
    checkActionsCache({ ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: `${url}/` }, signal),
  );
  expect(found).toEqual({ kind: 'ready' });
  expect(asked).toEqual([expect.stringMatching(/^GET \/_apis\/artifactcache\/cache\?keys=.+ Bearer t$/)]);
});

test.each([401, 403, 500])('HTTP %i: BuildKit would fail the build, so it is not used', async (code) => {
  const found = await served(status(code), (url) =>
    checkActionsCache({ ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: url }, signal),
  );
  expect(found).toEqual({ kind: 'refused', why: expect.stringContaining(`HTTP ${code}`) });
});

test('a service that cannot be reached', async () => {
  const env = { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: 'http://127.0.0.1:1' };
  expect(await checkActionsCache(env, signal)).toEqual({
    kind: 'refused',
    why: expect.stringContaining('ECONNREFUSED'),
  });
});

test('a cancelled run does not wait for it', async () => {
  const cancel = new AbortController();
  const checked = served(
    () => setTimeout(() => cancel.abort(new Error('cancelled')), 10),
    (url) => checkActionsCache({ ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: url }, cancel.signal),
  );
  await expect(checked).rejects.toThrow('cancelled');
});
