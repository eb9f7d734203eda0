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
let server: { endpoint: string; close(): Promise<void> };
let relay: { url: string; close(): Promise<void> };

type Fault = (request: IncomingMessage) => number | 'reset' | undefined;
/** What stands in the way of each repository: each build has one of its own, so that builds run side by side. */
const ways = new Map<
  string,
  { readonly fault: Fault /** Requests that the relay answered by itself. */; faults: number }
>();
const wayOf = (url = '') => ways.get(/^\/v2\/([^/]+)\//.exec(url)?.[1] ?? '');

const CODES: Readonly<Record<number, string>> = { 401: 'UNAUTHORIZED', 429: 'TOOMANYREQUESTS', 503: 'UNAVAILABLE' };

beforeAll(async () => {
  server = await simulator.listen();
  relay = await startRelay(server.endpoint, (request) => {
    const way = wayOf(request.url);
    const status = way?.fault(request);
    if (!way || status === undefined) return undefined;
    way.faults++;
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
  writeFileSync(
    join(aside, 'bin', 'docker'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >> "${aside}/$GITHUB_JOB.log"\nexec "${real}" "$@"\n`,
  );
  chmodSync(join(aside, 'bin', 'docker'), 0o755);
});
afterAll(async () => {
  await relay.close();
  await server.close();
  for (const one of [folder, aside]) rmSync(one, { recursive: true, force: true });
});

let number = 0;
interface Attempt {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly program?: string;
  /** @param builds that `docker` was asked for until now */
  readonly fault?: (request: IncomingMessage, builds: number) => ReturnType<Fault>;
}
/** A build of its own content to a repository of its own, whose program prints `ran` once for each time it runs. */
async function build({ inputs = {}, program = 'echo "pushing: 503, ran"', fault = () => undefined }: Attempt) {
  const name = `web-${++number}`;
  const spied = join(aside, `${name}.log`);
  writeFileSync(spied, '');
  const builds = (): string[] =>
    readFileSync(spied, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('buildx build'));
  const way = { fault: (request: IncomingMessage) => fault(request, builds().length), faults: 0 };
  ways.set(name, way);
  simulator.registry.create(name, false);
  const content = `${name} ${Date.now()}`;
  writeFileSync(
    join(aside, `${name}.Dockerfile`),
    `FROM scratch\nCOPY amd64/ /\nENV PATH=/bin\nRUN ${program} "${content}"\nRUN echo "${content}" > /file\n`,
  );
  const run = await runAction({
    inputs: {
      mode: 'build',
      repository: name,
      file: join(aside, `${name}.Dockerfile`),
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
      GITHUB_JOB: name,
      ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
    },
    cwd: folder,
  });
  const ran = run.log.match(/^#\d+ \d+\.\d+ .*\bran\b/gm) ?? [];
  return { ...run, name, commands: builds(), builds: builds().length, ran: ran.length, faults: way.faults };
}

/** While the first build runs. */
const first =
  (method: string, path: RegExp, status: number | 'reset'): NonNullable<Attempt['fault']> =>
  (request, builds) =>
    builds < 2 && request.method === method && path.test(request.url ?? '') ? status : undefined;

whenEngine('a registry that is in the way of a push', () => {
  const BLOB = /\/blobs\/sha256:/;
  const UPLOAD = /\/blobs\/uploads\//;
  const MANIFEST = /\/manifests\//;

  const WAYS: readonly (readonly [string, string, RegExp, number | 'reset'])[] = [
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
  ];
  // Side by side: buildx waits up to 10 s before it gives up.
  test('the push is tried again, and the program of the build is not', async () => {
    const seen = await Promise.all(
      WAYS.map(async ([way, method, path, status]) => {
        const run = await build({ fault: first(method, path, status) });
        return {
          way,
          ...{ wasInTheWay: run.faults > 0, exitCode: run.exitCode, builds: run.builds, ran: run.ran },
          warned: /::warning.*The build and push was interrupted/.test(run.log),
          isPushed: simulator.registry.find(run.name, 'pushed')?.digest === run.outputs['image-digest'],
        };
      }),
    );
    expect(seen).toEqual(
      WAYS.map(([way]) => ({
        way,
        ...{ wasInTheWay: true, exitCode: 0, builds: 2, ran: 1, warned: true, isPushed: true },
      })),
    );
  }, 180_000);

  test('with no-cache the program runs once, too', async () => {
    const run = await build({ inputs: { 'no-cache': 'true' }, fault: first('PUT', MANIFEST, 429) });
    expect(run.exitCode).toBe(0);
    expect(run).toMatchObject({ builds: 2, ran: 1 });
    expect(run.commands[0]).toContain('--no-cache');
    expect(run.commands[1]).not.toContain('--no-cache');
  });

  test('a 401 that stays is asked once more with another token, and then reported', async () => {
    const run = await build({
      fault: ({ method, url }) => (method === 'HEAD' && BLOB.test(url ?? '') ? 401 : undefined),
    });
    expect(run.exitCode).toBe(1);
    expect(run).toMatchObject({ builds: 2, ran: 1 });
    expect(run.log).toMatch(/::error.*401/);
  });

  test.each([403, 404])(
    'HTTP %d is an answer, and not tried again',
    async (status) => {
      const run = await build({
        inputs: { tags: 'release-503' },
        fault: ({ method, url }) => (method === 'PUT' && MANIFEST.test(url ?? '') ? status : undefined),
      });
      expect(run.exitCode).toBe(1);
      expect(run).toMatchObject({ builds: 1, ran: 1 });
    },
    180_000,
  );

  test('with a cache in the registry that is not there yet, a program that fails runs once', async () => {
    const run = await build({ inputs: { cache: 'registry' }, program: 'echo "denied, ran"; exit 7;' });
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
      const run = await build({
        inputs: { cache: 'registry' },
        fault: ({ method, url }) => (method === 'HEAD' && BLOB.test(url ?? '') ? status : undefined),
      });
      expect(run.exitCode).toBe(1);
      expect(run).toMatchObject({ builds: tries, ran: 1 });
      expect(run.log).toMatch(new RegExp(`::error.*failed to push [^ ]+/${run.name}:pushed: .*${status}`));
      expect(run.log).not.toMatch(/::(?:warning|error).*[Cc]ache/);
    },
    180_000,
  );

  test('a program that speaks of a push and fails runs once', async () => {
    const program = 'echo "#8 exporting to image"; echo "#8 ERROR: failed to push: 503, ran"; exit 1;';
    const run = await build({ program });
    expect(run.exitCode).toBe(1);
    expect(run).toMatchObject({ builds: 1, ran: 1 });
  });

  test('a token that ends during the push is renewed, and what is pushed is not pushed again', async () => {
    const { now } = simulator.wire;
    const uploaded: string[] = [];
    const tokens = new Set<string>();
    let ended = false;
    const fault: Fault = ({ method, url = '', headers }) => {
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
      const run = await build({ fault });
      expect(run.log).toMatch(/::warning.*authorization token has expired.*tried once more/);
      expect(run.exitCode).toBe(0);
      expect(run).toMatchObject({ builds: 2, ran: 1 });
      expect(tokens.size).toBe(2);
      expect(uploaded.length).toBeGreaterThan(0);
      expect(new Set(uploaded).size).toBe(uploaded.length);
      expect(simulator.registry.find(run.name, 'pushed')?.digest).toBe(run.outputs['image-digest']);
      // Neither of the two is in the log.
      const told = run.log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
      for (const token of tokens) expect(told.join('\n')).not.toContain(token.replace('Basic ', ''));
    } finally {
      simulator.wire.now = now;
    }
  });
});
