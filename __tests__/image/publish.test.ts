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
