import { Failure } from '../../src/failure.ts';
import { publish } from '../../src/image/publish.ts';
import { inspectImage } from '../../src/image/resolve.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import { Masker } from '../../src/masker.ts';
import type { JsonObject } from '../../src/model.ts';
import type { Ecr, World } from '../../src/ports.ts';
import { checkArchitecture } from '../../src/taskdef/architecture.ts';
import { CONTEXT } from '../support/world.ts';
import { BUILD } from './made.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const CONFIG = `sha256:${'c'.repeat(64)}`;
const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const INDEX: JsonObject = { manifests: [{ platform: { os: 'linux', architecture: 'arm64' } }] };
const MANIFEST: JsonObject = { config: { digest: CONFIG } };

const denied = (operation: string) => async (): Promise<never> => {
  throw new Failure('ACCESS_DENIED', `ecr:${operation} failed`);
};

/** A runner whose docker builds on amd64, and an ECR that holds `manifest` of an arm64 image. */
function workshop({ manifest = INDEX, ecr = {}, build = ['#1 building'] as readonly string[] | Failure }) {
  const log: string[] = [];
  const asked: string[] = [];
  const world: Pick<
    World,
    'clock' | 'console' | 'ecr' | 'files' | 'masker' | 'runner' | 'shell' | 'signal' | 'sources'
  > = {
    clock: { now: () => 0, random: () => 0.5, sleep: async () => {} },
    console: {
      line: (text) => void log.push(text),
      startGroup: (title) => void log.push(`[${title}`),
      endGroup: () => void log.push(']'),
      debug() {},
      notice: (text) => void log.push(text),
      warning: (text) => void log.push(text),
      error: (text) => void log.push(text),
      colour: false,
    },
    ecr: {
      login: async () => ({ registry: HOST, username: 'AWS', password: 'token' }),
      repositoryNames: async () => [],
      describeRepository: async () => ({ uri: `${HOST}/app`, tags: { immutable: false, exclusions: [] } }),
      createRepository: async () => ({ uri: `${HOST}/app`, tags: { immutable: false, exclusions: [] } }),
      getImage: async () => {
        asked.push('getImage');
        return { digest: DIGEST, mediaType: '', manifest };
      },
      getImages: async () => new Map(),
      setRepositoryPolicy: async () => {},
      putLifecyclePolicy: async () => {},
      lifecyclePolicy: async () => undefined,
      startLifecyclePreview: async () => true,
      lifecyclePreview: async () => ({ status: 'COMPLETE', images: [] }),
      scanOf: async () => undefined,
      replicationOf: async () => [],
      pullThroughRules: async () => [],
      signingOf: async () => [],
      tagImage: async () => {},
      getBlob: async () => ({ os: 'linux', architecture: 'arm64' }),
      ...ecr,
    } satisfies Ecr,
    files: {
      readText: async (path) =>
        path.endsWith('metadata.json') ? JSON.stringify({ 'containerimage.digest': DIGEST }) : '{}',
      readBytes: async () => new Uint8Array(),
      writeText: async () => {},
      exists: async () => true,
      list: async () => [],
      makeTemporaryFolder: async (prefix) => `/t/${prefix}`,
      remove: async () => {},
      link: async () => {},
    },
    masker: new Masker(),
    runner: {
      context: CONTEXT,
      dockerConfig: '/home/.docker',
      buildxConfig: '/home/.docker/buildx',
      mask() {},
      setOutput() {},
      saveState() {},
      writeSummary: async () => {},
    },
    shell: {
      async run(_, [verb, command], options) {
        const stdout = command === 'inspect' ? 'Name: default\nDriver: docker\nPlatforms: linux/amd64, linux/386' : '';
        if (verb === 'buildx' && command === 'build') {
          if (build instanceof Failure) throw build;
          for (const line of build) options?.onLine?.(line);
        }
        return { exitCode: 0, stdout, stderr: '' };
      },
    },
    signal: new AbortController().signal,
    sources: {
      actionsCache: async () => ({ kind: 'absent' }),
      folder: async () => 'context',
      variable: () => undefined,
      secrets: async () => 'secrets',
    },
  };
  return { world, log, asked };
}

test.each<[string, Partial<BuildInputs>, Parameters<typeof workshop>[0], string[]]>([
  [
    'the platforms that were named',
    { platforms: ['linux/amd64', 'linux/arm64/v8'] },
    {},
    ['linux/amd64', 'linux/arm64'],
  ],
  ['what ECR holds, as an index', {}, { manifest: INDEX }, ['linux/arm64']],
  ['what ECR holds, as one manifest', {}, { manifest: MANIFEST }, ['linux/arm64']],
  ["the builder's own, where ECR may not be read", {}, { ecr: { getImage: denied('BatchGetImage') } }, ['linux/amd64']],
  [
    "the builder's own, where the image's config may not be read",
    {},
    { manifest: MANIFEST, ecr: { getBlob: denied('GetDownloadUrlForLayer') } },
    ['linux/amd64'],
  ],
  ["the builder's own, in another registry", { repository: 'ghcr.io/acme/app' }, {}, ['linux/amd64']],
])('a build knows its platforms: %s', async (_, build, given, platforms) => {
  const image = await publish({ ...BUILD, ...build }, { region: 'eu-west-1' }, workshop(given).world);
  expect(image.platforms).toEqual(platforms);
});

test('an image of the runner is held against a task of another architecture, without the input `platforms`', async () => {
  const { platforms } = await publish(BUILD, { region: 'eu-west-1' }, workshop({ manifest: MANIFEST }).world);
  expect(checkArchitecture({}, { container: 'app', platforms }, true)).toEqual([
    expect.objectContaining({
      problem: expect.stringContaining('built for linux/arm64, but the task runs on linux/amd64'),
    }),
  ]);
});

test('named platforms cost no call', async () => {
  const { world, asked } = workshop({});
  await publish({ ...BUILD, platforms: ['linux/amd64'] }, { region: 'eu-west-1' }, world);
  expect(asked).toEqual([]);
});

test('an image that is given needs no right to read its config', async () => {
  const { world } = workshop({ manifest: MANIFEST, ecr: { getBlob: denied('GetDownloadUrlForLayer') } });
  const image = await inspectImage(`${HOST}/app:1`, world.ecr);
  expect(image).toMatchObject({ reference: `${HOST}/app@${DIGEST}` });
  expect(image.platforms).toBeUndefined();
});

test('the log of a build is one group', async () => {
  const { world, log } = workshop({ build: ['#1 one', '#2 two'] });
  await publish(BUILD, { region: 'eu-west-1' }, world);
  expect(log).toEqual(['Building the image: 1 does not exist yet.', '[Build and push', '#1 one', '#2 two', ']']);
});

test('a build that is stopped before it says anything leaves no empty group', async () => {
  const { world, log } = workshop({ build: new Failure('CANCELLED', 'Stopped.') });
  await expect(publish(BUILD, { region: 'eu-west-1' }, world)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(log).toEqual(['Building the image: 1 does not exist yet.']);
});

describe('a build that fails', () => {
  const push = (words: string): string =>
    `#5 exporting to image\n#5 ERROR: failed to push ${HOST}/app:1: ${words}\n------\nERROR: failed to build: failed to solve: failed to push ${HOST}/app:1: ${words}`;
  const exportOf = (words: string): string =>
    `#5 exporting to image\n#5 DONE 1.0s\n#6 exporting cache to registry\n#6 ERROR: ${words}\n------\nERROR: failed to build: failed to solve: ${words}`;
  const COMMAND =
    '#5 [2/3] RUN npm ci\n#5 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1\nERROR: failed to build: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1';

  /** @param outputs of the builds in turn; an empty one ends well */
  const attempted = async (outputs: readonly string[], build: Partial<BuildInputs> = {}) => {
    const { world, log } = workshop({});
    const builds: (readonly string[])[] = [];
    const tokens: (string | undefined)[] = [];
    const pauses: number[] = [];
    let logins = 0;
    const login = async () => ({ registry: HOST, username: 'AWS', password: `token${++logins}` });
    const shell: typeof world.shell = {
      run: async (program, args, options) => {
        if (args[0] === 'buildx' && args[1] === 'version')
          return { exitCode: 0, stdout: 'github.com/docker/buildx v0.36.1 1a2b3c', stderr: '' };
        if (args[0] !== 'buildx' || args[1] !== 'build') return world.shell.run(program, args, options);
        const output = outputs[builds.length] ?? '';
        builds.push(args);
        const auths = JSON.parse(options?.env?.DOCKER_AUTH_CONFIG ?? '{}').auths ?? {};
        tokens.push(Buffer.from(auths[HOST]?.auth ?? '', 'base64').toString());
        return { exitCode: output === '' ? 0 : 1, stdout: '', stderr: output };
      },
    };
    const clock = { ...world.clock, sleep: async (seconds: number) => void pauses.push(seconds) };
    const ended = await publish(
      { ...BUILD, ...build },
      { region: 'eu-west-1' },
      { ...world, shell, clock, ecr: { ...world.ecr, login } },
    ).catch((thrown: unknown) => thrown);
    const flags = (name: string): number[] =>
      builds.map((args) => args.filter((arg) => arg.startsWith(`--${name}`)).length);
    return { ended, log, builds, tokens, pauses, flags };
  };

  test('at a registry that is busy is tried again after a pause, which grows', async () => {
    const busy = push('unexpected status from PUT request: 503 Service Unavailable');
    const { ended, pauses, log, builds } = await attempted([busy, busy]);
    expect(ended).toMatchObject({ digest: DIGEST });
    expect([builds.length, pauses]).toEqual([3, [2.5, 4.5]]);
    expect(log.filter((line) => line.includes('interrupted'))).toEqual([
      expect.stringMatching(/^The build and push was interrupted \(.*503.*\); next try in 3 s\.$/),
      expect.stringMatching(/next try in 5 s\.$/),
    ]);
    expect(log).toContain('Build and push again (attempt 2 of 4)');
  });

  test('four times ends the run with its words', async () => {
    const busy = push('unexpected status from PUT request: 503 Service Unavailable');
    const { ended, builds } = await attempted([busy, busy, busy, busy, '']);
    expect(ended).toMatchObject({ message: expect.stringContaining('503') });
    expect(builds).toHaveLength(4);
  });

  test('after it was built is not built without its cache a second time', async () => {
    const { flags } = await attempted([push('503 Service Unavailable')], { noCache: true });
    expect(flags('no-cache')).toEqual([1, 0]);
  });

  test('with a program of its own is not tried again, and the lines of the program are shown', async () => {
    const { ended, builds, pauses } = await attempted([COMMAND]);
    expect(ended).toBeInstanceOf(Failure);
    expect([builds.length, pauses]).toEqual([1, []]);
  });

  test('for a token that has expired is tried once more, with another one', async () => {
    const expired = push('denied: Your authorization token has expired. Reauthenticate and try again.');
    const { ended, tokens, pauses, log } = await attempted([expired]);
    expect(ended).toMatchObject({ digest: DIGEST });
    expect([tokens, pauses]).toEqual([['AWS:token1', 'AWS:token2'], []]);
    expect(log.join('\n')).toMatch(/interrupted .*; it is tried once more\./);
    expect((await attempted([expired, expired])).builds).toHaveLength(2);
  });

  const CACHES = { cacheFrom: ['type=registry,ref=x/cache'], cacheTo: ['type=registry,ref=x/cache'] };
  test('at its cache is tried without writing it, then without any', async () => {
    const { ended, flags, log } = await attempted(
      [exportOf('error writing layer blob: 400'), exportOf('cache: 400')],
      CACHES,
    );
    expect(ended).toMatchObject({ digest: DIGEST });
    expect([flags('cache-from'), flags('cache-to')]).toEqual([
      [1, 1, 0],
      [1, 0, 0],
    ]);
    expect(log.filter((line) => line.startsWith('The cache'))).toEqual([
      'The cache cannot be written (error writing layer blob: 400); the image is built without writing it.',
      'The cache cannot be used (cache: 400); the image is built without it.',
    ]);
  });

  test('at a cache that is only read or only written is tried without it', async () => {
    const { cacheFrom, cacheTo } = CACHES;
    expect((await attempted([exportOf('x: 400')], { cacheTo })).flags('cache-to')).toEqual([1, 0]);
    expect((await attempted([exportOf('importing cache: x')], { cacheFrom })).flags('cache-from')).toEqual([1, 0]);
    // Without a cache there is none to leave out.
    expect((await attempted([exportOf('x: 400')])).builds).toHaveLength(1);
  });
});
