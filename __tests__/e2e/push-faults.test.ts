import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runAction } from '../../scripts/run-action.ts';
import { SAMPLE_TASK_DEFINITION, writeSampleApp } from '../../scripts/sample-app.ts';
import { RealClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { startRelay } from '../support/proxy.ts';

/**
 * Pushes by real buildx through a relay that answers in the registry's place for as long as the first build runs. buildx makes
 * several requests by itself before it gives up; what is tested is what this action does then.
 */
const whenEngine = process.env.ENGINE_BUSYBOX_AMD64 === undefined ? describe.skip : describe;
const simulator = new Simulator(new RealClock(20));
const folder = mkdtempSync(join(tmpdir(), 'push-'));
const aside = mkdtempSync(join(tmpdir(), 'push-aside-'));
const spied = join(aside, 'docker.log');
let server: { endpoint: string; close(): Promise<void> };
let relay: { url: string; close(): Promise<void> };

type Fault = (request: IncomingMessage) => number | 'reset' | undefined;
let fault: Fault = () => undefined;
/** Requests that the relay answered by itself. */
let faults = 0;
const builds = (): string[] =>
  readFileSync(spied, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('buildx build'));

const CODES: Readonly<Record<number, string>> = { 401: 'UNAUTHORIZED', 429: 'TOOMANYREQUESTS', 503: 'UNAVAILABLE' };

beforeAll(async () => {
  server = await simulator.listen();
  simulator.registry.create('web', false);
  relay = await startRelay(server.endpoint, (request) => {
    const status = request.url?.startsWith('/v2/') ? fault(request) : undefined;
    if (status === undefined) return undefined;
    faults++;
    if (status !== 'reset')
      return { status, body: JSON.stringify({ errors: [{ code: CODES[status], message: 'in the way' }] }) };
    request.socket.resetAndDestroy();
    return new Promise(() => {});
  });
  simulator.ecr.host = relay.url.replace('http://', '');
  if (process.env.ENGINE_BUSYBOX_AMD64 === undefined) return;
  writeSampleApp(folder, process.env, SAMPLE_TASK_DEFINITION);
  const real = execFileSync('which', ['docker'], { encoding: 'utf8' }).trim();
  mkdirSync(join(aside, 'bin'));
  writeFileSync(join(aside, 'bin', 'docker'), `#!/bin/sh\nprintf '%s\\n' "$*" >> "${spied}"\nexec "${real}" "$@"\n`);
  chmodSync(join(aside, 'bin', 'docker'), 0o755);
});
afterAll(async () => {
  await relay.close();
  await server.close();
  for (const one of [folder, aside]) rmSync(one, { recursive: true, force: true });
});

let number = 0;
/** A build of its own content, whose program prints `ran` once for each time it runs. */
async function build(inputs: Readonly<Record<string, string>> = {}, program = 'echo "pushing: 503, ran"') {
  writeFileSync(spied, '');
  faults = 0;
  const content = `${++number} ${Date.now()}`;
  writeFileSync(
    join(folder, 'Push.Dockerfile'),
    `FROM scratch\nCOPY amd64/ /\nENV PATH=/bin\nRUN ${program} "${content}"\nRUN echo "${content}" > /file\n`,
  );
  const run = await runAction({
    inputs: {
      mode: 'build',
      repository: 'web',
      file: 'Push.Dockerfile',
      platforms: 'linux/amd64',
      tags: 'pushed',
      cache: 'none',
      ...inputs,
    },
    env: {
      PATH: `${join(aside, 'bin')}${delimiter}${process.env.PATH ?? ''}`,
      AWS_ENDPOINT_URL: relay.url,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      GITHUB_SHA: 'c0ffee',
      GITHUB_REF: 'refs/heads/main',
      ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
    },
    cwd: folder,
  });
  const ran = run.log.match(/^#\d+ \d+\.\d+ .*\bran\b/gm) ?? [];
  return { ...run, builds: builds().length, ran: ran.length };
}

/** While the first build runs. */
const first =
  (method: string, path: RegExp, status: number | 'reset'): Fault =>
  (request) =>
    builds().length < 2 && request.method === method && path.test(request.url ?? '') ? status : undefined;

whenEngine('a registry that is in the way of a push', () => {
  const BLOB = /\/blobs\/sha256:/;
  const UPLOAD = /\/blobs\/uploads\//;
  const MANIFEST = /\/manifests\//;

  test.each<[string, string, RegExp, number | 'reset']>([
    ['HEAD of a blob: 401', 'HEAD', BLOB, 401],
    ['HEAD of a blob: 429', 'HEAD', BLOB, 429],
    ['HEAD of a blob: 503', 'HEAD', BLOB, 503],
    ['HEAD of a blob: reset', 'HEAD', BLOB, 'reset'],
    ['PUT of a blob: 429', 'PUT', UPLOAD, 429],
    ['PUT of a blob: 503', 'PUT', UPLOAD, 503],
    ['PUT of a blob: reset', 'PUT', UPLOAD, 'reset'],
    ['PUT of a manifest: 429', 'PUT', MANIFEST, 429],
    ['PUT of a manifest: 503', 'PUT', MANIFEST, 503],
    ['PUT of a manifest: reset', 'PUT', MANIFEST, 'reset'],
  ])(
    '%s: the push is tried again, and the program of the build is not',
    async (_, method, path, status) => {
      fault = first(method, path, status);
      const run = await build();
      expect(faults).toBeGreaterThan(0);
      expect(run.log).toMatch(/::warning.*The build and push was interrupted/);
      expect(run.exitCode).toBe(0);
      expect(run).toMatchObject({ builds: 2, ran: 1 });
      expect(simulator.registry.find('web', 'pushed')?.digest).toBe(run.outputs['image-digest']);
    },
    180_000,
  );

  test('with no-cache the program runs once, too', async () => {
    fault = first('PUT', MANIFEST, 429);
    const run = await build({ 'no-cache': 'true' });
    expect(run.exitCode).toBe(0);
    expect(run).toMatchObject({ builds: 2, ran: 1 });
    expect(builds()[0]).toContain('--no-cache');
    expect(builds()[1]).not.toContain('--no-cache');
  });

  test('a 401 that stays is asked once more with another token, and then reported', async () => {
    fault = ({ method, url }) => (method === 'HEAD' && BLOB.test(url ?? '') ? 401 : undefined);
    const run = await build();
    expect(run.exitCode).toBe(1);
    expect(run).toMatchObject({ builds: 2, ran: 1 });
    expect(run.log).toMatch(/::error.*401/);
  });

  test.each([403, 404])(
    'HTTP %d is an answer, and not tried again',
    async (status) => {
      fault = ({ method, url }) => (method === 'PUT' && MANIFEST.test(url ?? '') ? status : undefined);
      const run = await build({ tags: 'release-503' });
      expect(run.exitCode).toBe(1);
      expect(run).toMatchObject({ builds: 1, ran: 1 });
    },
    180_000,
  );

  test('with a cache in the registry that is not there yet, a program that fails runs once', async () => {
    fault = () => undefined;
    const run = await build({ cache: 'registry' }, 'echo "denied, ran"; exit 7;');
    expect(run.exitCode).toBe(1);
    expect(run).toMatchObject({ builds: 1, ran: 1 });
    expect(run.log).toMatch(/::error.*exit code 7/);
    expect(run.log).not.toMatch(/::(?:warning|error).*[Cc]ache/);
  });

  // The repository has no cache yet when its first push is refused.
  test.each([
    [403, 1],
    [401, 2],
  ])(
    'with a cache in the registry, HTTP %d for its blobs is reported as a refused push after %d builds',
    async (status, tries) => {
      fault = ({ method, url }) => (method === 'HEAD' && BLOB.test(url ?? '') ? status : undefined);
      const run = await build({ cache: 'registry' });
      expect(run.exitCode).toBe(1);
      expect(run).toMatchObject({ builds: tries, ran: 1 });
      expect(run.log).toMatch(new RegExp(`::error.*failed to push [^ ]+/web:pushed: .*${status}`));
      expect(run.log).not.toMatch(/::(?:warning|error).*[Cc]ache/);
    },
    180_000,
  );

  test('a program that speaks of a push and fails runs once', async () => {
    fault = () => undefined;
    const run = await build({}, 'echo "#8 exporting to image"; echo "#8 ERROR: failed to push: 503, ran"; exit 1;');
    expect(run.exitCode).toBe(1);
    expect(run).toMatchObject({ builds: 1, ran: 1 });
  });

  test('a token that ends during the push is renewed, and what is pushed is not pushed again', async () => {
    const { now } = simulator.wire;
    const uploaded: string[] = [];
    const tokens = new Set<string>();
    let ended = false;
    fault = ({ method, url = '', headers }) => {
      if (headers.authorization) tokens.add(headers.authorization);
      if (method === 'PUT' && UPLOAD.test(url)) uploaded.push(url.replace(/.*digest=/, ''));
      // Twelve hours pass after all layers are there, and before the first manifest.
      if (method === 'PUT' && MANIFEST.test(url) && !ended) {
        ended = true;
        simulator.wire.now = () => now() + 12 * 3600 + 1;
      }
      return undefined;
    };
    try {
      const run = await build();
      expect(run.log).toMatch(/::warning.*authorization token has expired.*tried once more/);
      expect(run.exitCode).toBe(0);
      expect(run).toMatchObject({ builds: 2, ran: 1 });
      expect(tokens.size).toBe(2);
      expect(uploaded.length).toBeGreaterThan(0);
      expect(new Set(uploaded).size).toBe(uploaded.length);
      expect(simulator.registry.find('web', 'pushed')?.digest).toBe(run.outputs['image-digest']);
      // Neither of the two is in the log.
      const told = run.log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
      for (const token of tokens) expect(told.join('\n')).not.toContain(token.replace('Basic ', ''));
    } finally {
      simulator.wire.now = now;
    }
  });
});
