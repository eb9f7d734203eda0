import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createFiles } from '../../src/adapters/files.ts';
import { createRegistries } from '../../src/adapters/registries.ts';
import { shell } from '../../src/adapters/shell.ts';
import { Failure } from '../../src/failure.ts';

/** A registry on loopback that wants what each test says, and the Docker configuration of a job. */
const folder = mkdtempSync(join(tmpdir(), 'docker-config-'));
const MANIFEST = JSON.stringify({ schemaVersion: 2, manifests: [{ digest: `sha256:${'a'.repeat(64)}` }] });
const DIGEST = `sha256:${createHash('sha256').update(MANIFEST).digest('hex')}`;
type Answer = (req: IncomingMessage, res: ServerResponse) => void;
let answer: Answer = () => {};
const asked: { method: string; url: string; authorization?: string; body: string }[] = [];
const server = createServer(async (req, res) => {
  let body = '';
  for await (const chunk of req.setEncoding('utf8')) body += chunk;
  const { authorization } = req.headers;
  asked.push({ method: req.method ?? '', url: req.url ?? '', body, ...(authorization ? { authorization } : {}) });
  answer(req, res);
});
let host = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve).closeAllConnections());
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked.length = 0;
});

const serve: Answer = (req, res) => {
  res.writeHead(200, { 'docker-content-digest': DIGEST });
  res.end(req.method === 'HEAD' ? undefined : MANIFEST);
};
const refuse =
  (challenge: string): Answer =>
  (_, res) =>
    res.writeHead(401, { 'www-authenticate': challenge }).end();
/** The token endpoint, and the manifest for whoever has its token. */
const withTokens: Answer = (req, res) => {
  if (req.url?.startsWith('/token')) res.end(JSON.stringify({ token: 'the-token' }));
  else if (req.headers.authorization === 'Bearer the-token') serve(req, res);
  else refuse(`Bearer realm="http://${host}/token",service="registry",scope="repository:team/web:pull"`)(req, res);
};
const withPassword: Answer = (req, res) =>
  req.headers.authorization === `Basic ${encoded('user:pass:word')}`
    ? serve(req, res)
    : refuse('Basic realm="x"')(req, res);
const encoded = (text: string): string => Buffer.from(text).toString('base64');

function registries(config: object | string = {}, signal = new AbortController().signal) {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  writeFileSync(join(folder, 'config.json'), text);
  const masked: string[] = [];
  const runner = { dockerConfig: folder, mask: (secret: string) => void masked.push(secret) };
  const port = createRegistries({ config: {}, files: createFiles({}), runner, shell, signal });
  return { port, masked };
}
const image = () => ({ host, path: 'team/web', reference: 'v1' });

test('an open registry is asked once, by HEAD, and for an index first', async () => {
  answer = (req, res) => {
    expect(req.headers.accept).toMatch(/^application\/vnd\.oci\.image\.index/);
    serve(req, res);
  };
  expect(await registries().port.digestOf(image())).toBe(DIGEST);
  expect(asked).toEqual([{ method: 'HEAD', url: '/v2/team/web/manifests/v1', body: '' }]);
});

test('a registry that does not report the digest: it is computed from the manifest', async () => {
  answer = (req, res) => res.end(req.method === 'HEAD' ? undefined : MANIFEST);
  expect(await registries().port.digestOf(image())).toBe(DIGEST);
});

test('the manifest of a digest, parsed', async () => {
  answer = serve;
  expect(await registries().port.getManifest({ ...image(), reference: DIGEST })).toEqual(JSON.parse(MANIFEST));
});

test('an anonymous token', async () => {
  answer = withTokens;
  const { port, masked } = registries();
  expect(await port.digestOf(image())).toBe(DIGEST);
  expect(asked.map(({ method, url, authorization }) => [method, url, authorization])).toEqual([
    ['HEAD', '/v2/team/web/manifests/v1', undefined],
    ['GET', '/token?service=registry&scope=repository%3Ateam%2Fweb%3Apull', undefined],
    ['HEAD', '/v2/team/web/manifests/v1', 'Bearer the-token'],
  ]);
  expect(masked).toEqual(['the-token']);
});

describe('logins of the Docker configuration', () => {
  const auth = () => ({ auths: { [host]: { auth: encoded('user:pass:word') } } });

  test('name and password, Basic; masked before they are used', async () => {
    answer = withPassword;
    const { port, masked } = registries(auth());
    expect(await port.digestOf(image())).toBe(DIGEST);
    expect(masked).toEqual([encoded('user:pass:word'), 'pass:word']);
  });

  test('name and password for a token', async () => {
    answer = withTokens;
    await registries(auth()).port.digestOf(image());
    expect(asked[1]).toMatchObject({ authorization: `Basic ${encoded('user:pass:word')}` });
  });

  test.each(['https://HOST', 'https://HOST/v1/', 'http://HOST'])('under the key %s', async (key) => {
    answer = withPassword;
    const named = { auths: { [key.replace('HOST', host)]: { username: 'user', password: 'pass:word' } } };
    expect(await registries(named).port.digestOf(image())).toBe(DIGEST);
  });

  test('an identity token is exchanged', async () => {
    answer = withTokens;
    await registries({ auths: { [host]: { auth: encoded('x:'), identitytoken: 'refresh' } } }).port.digestOf(image());
    expect(asked[1]).toMatchObject({ method: 'POST', url: '/token' });
    expect(Object.fromEntries(new URLSearchParams(asked[1]?.body))).toEqual({
      service: 'registry',
      scope: 'repository:team/web:pull',
      grant_type: 'refresh_token',
      client_id: 'ecs-rollout',
      refresh_token: 'refresh',
    });
  });

  const helper = (name: string, script: string): void => {
    const path = join(folder, `docker-credential-${name}`);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  };
  const path = process.env.PATH ?? '';
  beforeAll(() => {
    process.env.PATH = `${folder}${delimiter}${path}`;
    helper('good', `read key; echo '{"ServerURL":"'$key'","Username":"user","Secret":"pass:word"}'`);
    helper('none', 'echo "credentials not found in native keychain"; exit 1');
    helper('hangs', 'exec sleep 600');
  });
  afterAll(() => {
    process.env.PATH = path;
  });

  test.each([
    ['its own helper', () => ({ credHelpers: { [host]: 'good' } })],
    ['the store of all', () => ({ credsStore: 'good', auths: { [host]: {} } })],
    ['its own helper before the store', () => ({ credHelpers: { [host]: 'good' }, credsStore: 'none' })],
    ['the file, where the store has none', () => ({ credsStore: 'none', ...auth() })],
    ['the file, where the helper is not installed', () => ({ credsStore: 'gone', ...auth() })],
  ])('from %s', async (_, config) => {
    answer = withPassword;
    expect(await registries(config()).port.digestOf(image())).toBe(DIGEST);
  });

  test('a helper that hangs ends with the time limit', async () => {
    answer = withPassword;
    await expect(registries({ credsStore: 'hangs' }).port.digestOf(image())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: `${host} did not answer within 5 s.`,
    });
  });

  test('a login that names a program with a path is not run', async () => {
    answer = withPassword;
    await expect(registries({ credsStore: '../../evil' }).port.digestOf(image())).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
  });
});

test.each([
  ['401 without a login', refuse('Basic realm="x"'), 'ACCESS_DENIED', 'does not let this job read team/web (HTTP 401)'],
  ['403', (_: IncomingMessage, res: ServerResponse) => res.writeHead(403).end(), 'ACCESS_DENIED', '(HTTP 403)'],
  ['404', (_: IncomingMessage, res: ServerResponse) => res.writeHead(404).end(), 'NOT_FOUND', 'no image team/web:v1'],
  ['429', (_: IncomingMessage, res: ServerResponse) => res.writeHead(429).end(), 'THROTTLED', 'HTTP 429'],
  ['500', (_: IncomingMessage, res: ServerResponse) => res.writeHead(500).end(), 'UNAVAILABLE', 'HTTP 500'],
  ['a broken line', (_: IncomingMessage, res: ServerResponse) => res.destroy(), 'UNAVAILABLE', 'cannot be reached'],
  [
    'a redirect without end',
    (req: IncomingMessage, res: ServerResponse) => res.writeHead(302, { location: req.url }).end(),
    'UNAVAILABLE',
    'HTTP 302',
  ],
  ['a realm that is not a URL', refuse('Bearer realm="nonsense"'), 'ACCESS_DENIED', 'HTTP 401'],
  ['a realm in plain HTTP elsewhere', refuse('Bearer realm="http://example.com/token"'), 'ACCESS_DENIED', 'HTTP 401'],
])('%s is a failure that says so', async (_, answers, code, says) => {
  answer = answers as Answer;
  await expect(registries('not json').port.digestOf(image())).rejects.toMatchObject({
    code,
    message: expect.stringContaining(says),
  });
});

test('a redirect to another host gets no login', async () => {
  const others: (string | undefined)[] = [];
  const other = createServer((req, res) => {
    others.push(req.headers.authorization);
    serve(req, res);
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/blob`;
  answer = (req, res) =>
    req.headers.authorization ? res.writeHead(307, { location: elsewhere }).end() : refuse('Basic realm="x"')(req, res);
  expect(await registries({ auths: { [host]: { auth: encoded('user:pass:word') } } }).port.digestOf(image())).toBe(
    DIGEST,
  );
  expect(others).toEqual([undefined]);
  await new Promise((resolve) => other.close(resolve).closeAllConnections());
});

test('a registry that never answers, and one that never ends, end with the time limit', async () => {
  answer = (req, res) => {
    if (req.method === 'HEAD') res.end();
    else res.writeHead(200).write('{');
  };
  const endless = registries().port.digestOf(image());
  await expect(endless).rejects.toMatchObject({ code: 'UNAVAILABLE', message: `${host} did not answer within 5 s.` });
  answer = () => {};
  await expect(registries().port.digestOf(image())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('a cancel ends the question at once, as a cancel', async () => {
  answer = () => {};
  const cancel = new AbortController();
  const question = registries({}, cancel.signal).port.digestOf(image());
  const reason = new Failure('CANCELLED', 'The run was cancelled.');
  setTimeout(() => cancel.abort(reason), 50);
  await expect(question).rejects.toBe(reason);
});

test('a body without end is cut off', async () => {
  answer = (_, res) => {
    res.writeHead(200);
    const more = (): void => {
      while (!res.destroyed && res.write('x'.repeat(1 << 20)));
      res.once('drain', more);
    };
    more();
  };
  await expect(registries().port.getManifest(image())).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('more than 4194304 bytes'),
  });
});
