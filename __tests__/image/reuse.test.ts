import { Failure } from '../../src/failure.ts';
import { fingerprint } from '../../src/image/collect.ts';
import { contentTag, FINGERPRINT_KEY } from '../../src/image/fingerprint.ts';
import type { StoredImage } from '../../src/image/repository.ts';
import { decideFor, foreseeReuse, isImmutableTag, type ReuseDecision } from '../../src/image/reuse.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import type { TagMutability } from '../../src/model.ts';
import { BUILD } from './made.ts';

const mutable = (...exclusions: string[]): TagMutability => ({ immutable: false, exclusions });
const immutable = (...exclusions: string[]): TagMutability => ({ immutable: true, exclusions });

test.each<[string, string, TagMutability | undefined, boolean]>([
  ['a repository that is not known', 'v1', undefined, false],
  ['MUTABLE', 'v1', mutable(), false],
  ['IMMUTABLE', 'v1', immutable(), true],
  ['IMMUTABLE_WITH_EXCLUSION, excluded', 'latest', immutable('latest'), false],
  ['IMMUTABLE_WITH_EXCLUSION, another', 'latest-1', immutable('latest'), true],
  ['MUTABLE_WITH_EXCLUSION, excluded', 'v1', mutable('v*'), true],
  ['MUTABLE_WITH_EXCLUSION, another', 'dev', mutable('v*'), false],
  ['a wildcard in the middle', 'pr-1-dev', immutable('pr-*-dev'), false],
  ['a wildcard in the middle, another end', 'pr-1-prod', immutable('pr-*-dev'), true],
  ['one of several', 'dev', immutable('latest', 'dev'), false],
  ['a dot is a dot', 'v1x2', immutable('v1.2'), true],
  ['a dot of its own', 'v1.2', immutable('v1.2'), false],
])('whether a tag may be moved: %s', (_, tag, mutability, expected) => {
  expect(isImmutableTag(tag, mutability)).toBe(expected);
});

const FINGERPRINT = `sha256:${'f'.repeat(64)}`;
const CONTENT = contentTag(FINGERPRINT);
const image = (more: Partial<StoredImage> = {}): StoredImage => ({
  digest: `sha256:${'a'.repeat(64)}`,
  fingerprint: FINGERPRINT,
  platforms: ['linux/amd64'],
  ...more,
});
const OTHER = image({ digest: `sha256:${'b'.repeat(64)}`, fingerprint: `sha256:${'0'.repeat(64)}` });
const OF_COMMIT = { ...OTHER, revision: 'c0ffee00c0ffee00' };

interface Case {
  readonly tags?: readonly string[];
  readonly images?: Readonly<Record<string, StoredImage>> | Error;
  readonly mutability?: TagMutability;
  readonly reuse?: BuildInputs['reuse'];
  readonly platforms?: readonly string[];
  /** Why it is not known. */
  readonly unknown?: string;
  readonly registry?: 'ecr' | 'other';
}
async function decided({
  tags = ['v1'],
  images = {},
  mutability,
  reuse = { kind: 'reuse', byContent: false },
  platforms = [],
  unknown,
  registry = 'ecr',
}: Case) {
  const asked: (readonly string[])[] = [];
  const site = {
    destination: Promise.resolve({
      uri: 'host/app',
      ...(registry === 'ecr' ? { ecr: {} } : {}),
      ...(mutability ? { mutability } : {}),
    }),
    store: {
      find: async (wanted: readonly string[]) => {
        asked.push(wanted);
        if (images instanceof Error) throw images;
        return new Map(Object.entries(images).filter(([tag]) => wanted.includes(tag)));
      },
      addTag: async () => {},
    },
    ownPlatform: async () => undefined,
  };
  const found = unknown === undefined ? { kind: 'known', value: FINGERPRINT } : { kind: 'unknown', why: unknown };
  const build = { ...BUILD, tags, reuse, platforms };
  const { decision, mark } = await decideFor(build, found as never, { site: site as never });
  return { decision, mark, asked };
}
const ASKED_FOR = { kind: 'build', byContent: false, reason: 'no-cache: true' } as const;
const BY_CONTENT = { kind: 'reuse', byContent: true } as const;

describe('an image of the same content takes the place of a build', () => {
  test.each<[string, Case, Partial<Extract<ReuseDecision, { kind: 'reuse' }>>]>([
    ['under the tag of the run', { images: { v1: image() } }, { tag: 'v1', add: [], kept: [], tags: ['v1'] }],
    [
      'and gets the other tags of the run',
      { tags: ['v2', 'v1', 'latest', 'v1'], images: { v1: image(), latest: OTHER } },
      { tag: 'v1', add: ['v2', 'latest'], kept: [], tags: ['v2', 'v1', 'latest'] },
    ],
    [
      'under the tag of its content',
      { reuse: BY_CONTENT, images: { [CONTENT]: image() } },
      { tag: CONTENT, add: ['v1'], tags: ['v1', CONTENT] },
    ],
    [
      'under an immutable tag before any other, which stays where it is',
      {
        tags: ['latest', 'v1'],
        mutability: immutable('latest'),
        images: { latest: image({ digest: 'sha256:other' }), v1: image() },
      },
      { tag: 'v1', add: ['latest'], kept: [] },
    ],
    [
      'beside immutable tags on another image of the same content',
      { tags: ['v1', 'v2'], mutability: immutable(), images: { v1: image(), v2: image({ digest: 'sha256:other' }) } },
      { tag: 'v1', add: [], kept: ['v2'] },
    ],
    ['with every platform', { platforms: ['linux/amd64'], images: { v1: image() } }, { tag: 'v1' }],
    [
      'with more platforms than are asked for',
      { platforms: ['linux/amd64'], images: { v1: image({ platforms: ['linux/arm64', 'linux/amd64'] }) } },
      { tag: 'v1' },
    ],
    ['by another name of its platform', { platforms: ['linux/x86_64'], images: { v1: image() } }, { tag: 'v1' }],
    [
      'of one platform that was not read',
      { platforms: ['linux/amd64'], images: { v1: { digest: 'sha256:x', fingerprint: FINGERPRINT } } },
      { tag: 'v1' },
    ],
  ])('%s', async (_, given, expected) => {
    const { decision, mark } = await decided(given);
    expect(decision).toMatchObject({ kind: 'reuse', ...expected });
    expect(decision).not.toHaveProperty('instead');
    expect(mark).toBe(FINGERPRINT);
  });
});

describe('what is built, and why', () => {
  test.each<[string, Case, string, (readonly string[])?]>([
    ['no image', {}, 'v1 does not exist yet'],
    ['no image under two tags', { tags: ['v1', 'v2'] }, 'v1 and v2 do not exist yet'],
    ['no image under three tags', { tags: ['v1', 'v2', 'v3'] }, 'v1, v2 and v3 do not exist yet'],
    ['other content', { images: { v1: OTHER } }, 'v1 holds an image of other content'],
    [
      'other content of a commit',
      { images: { v1: OF_COMMIT } },
      'v1 holds an image of other content (commit c0ffee00c0ff)',
    ],
    ['no fingerprint', { images: { v1: { digest: 'sha256:x' } } }, 'v1 holds an image without a fingerprint'],
    [
      'a platform is missing',
      { platforms: ['linux/amd64', 'linux/arm64', 'linux/s390x'], images: { v1: image() } },
      'the image of v1 lacks linux/arm64, linux/s390x',
    ],
    [
      'two platforms of an image whose platforms were not read',
      { platforms: ['linux/amd64', 'linux/arm64'], images: { v1: { digest: 'sha256:x', fingerprint: FINGERPRINT } } },
      'the image of v1 lacks linux/amd64, linux/arm64',
    ],
    [
      'two tags with a reason each',
      { tags: ['v1', 'v2', 'v3'], images: { v1: OTHER, v3: { digest: 'sha256:x' } } },
      'v1 holds an image of other content; v3 holds an image without a fingerprint',
    ],
    [
      'a fingerprint that is not known',
      { unknown: 'a secret has no value.', images: { v1: image() } },
      'the fingerprint of this build is not known: a secret has no value.',
    ],
    ['asked for', { reuse: ASKED_FOR, images: { v1: image() } }, 'no-cache: true'],
    [
      'asked for, and content has a tag',
      { reuse: { ...ASKED_FOR, byContent: true }, images: {} },
      'no-cache: true',
      ['v1', CONTENT],
    ],
    [
      'images that cannot be read',
      { images: new Failure('ACCESS_DENIED', 'no') },
      'images that exist cannot be read (ecr:BatchGetImage is not allowed), so none is reused',
    ],
    [
      'a registry that does not answer',
      { images: new Failure('UNAVAILABLE', 'It did not answer.') },
      'images that exist cannot be read (It did not answer), so none is reused',
    ],
  ])('%s', async (_, given, why, push = given.tags ?? ['v1']) => {
    expect((await decided(given)).decision).toEqual({ kind: 'build', push, kept: [], why });
  });

  test('a build that is asked for leaves out immutable tags that hold its content already', async () => {
    const { decision, asked } = await decided({
      ...{ tags: ['v1', 'latest'], reuse: ASKED_FOR, mutability: immutable('latest') },
      images: { v1: image(), latest: image() },
    });
    expect(decision).toEqual({ kind: 'build', push: ['latest'], kept: ['v1'], why: 'no-cache: true' });
    // Nothing but the tags that it could not push.
    expect(asked).toEqual([['v1']]);
  });

  test('where none of its tags could be pushed, what is there is taken, with what asked for the build', async () => {
    const { decision } = await decided({ reuse: ASKED_FOR, mutability: immutable(), images: { v1: image() } });
    expect(decision).toMatchObject({ kind: 'reuse', tag: 'v1', instead: 'no-cache: true' });
  });

  test('a build of which every tag may be moved asks the registry for nothing', async () => {
    expect((await decided({ reuse: ASKED_FOR })).asked).toEqual([]);
  });

  test('but a registry to which only the job logs in is asked for one tag: a missing login ends the run before the build', async () => {
    const of = (tags: readonly string[]) => decided({ reuse: ASKED_FOR, tags: [...tags], registry: 'other' });
    expect((await of(['v1', 'v2'])).asked).toEqual([['v1']]);
    expect((await of([])).asked).toEqual([['latest']]);
    const { decision } = await decided({ reuse: ASKED_FOR, registry: 'other', images: { v1: image() } });
    expect(decision.kind).toBe('build');
  });

  test('without a fingerprint images are looked up by the tags of the run alone', async () => {
    expect((await decided({ reuse: BY_CONTENT, unknown: 'x' })).asked).toEqual([['v1']]);
    expect((await decided({ reuse: BY_CONTENT })).asked).toEqual([['v1', CONTENT]]);
  });

  test('without a fingerprint there is neither a mark nor a tag of the content', async () => {
    const { mark, decision } = await decided({ reuse: BY_CONTENT, unknown: 'x' });
    expect([mark, decision]).toEqual([undefined, expect.objectContaining({ push: ['v1'] })]);
  });
});

describe('an immutable tag is in the way', () => {
  test.each<[string, Case, string]>([
    [
      'of other content',
      { mutability: immutable(), images: { v1: OTHER } },
      "The tag v1 is immutable and holds the image, whose content differs from this build's.",
    ],
    [
      'of another commit',
      { mutability: immutable(), images: { v1: OF_COMMIT } },
      "The tag v1 is immutable and holds the image of commit c0ffee00c0ff, whose content differs from this build's.",
    ],
    [
      'without a fingerprint',
      { mutability: immutable(), images: { v1: { digest: 'sha256:x' } } },
      'The tag v1 is immutable and holds an image without a fingerprint, so that its content is not known.',
    ],
    [
      'without a platform of this build',
      { mutability: immutable(), platforms: ['linux/arm64'], images: { v1: image() } },
      'The tag v1 is immutable and holds an image that does not have every platform of this build.',
    ],
    [
      'and the content of this build is not known',
      { mutability: immutable(), unknown: 'no Dockerfile', images: { v1: image() } },
      'The tag v1 is immutable and holds an image; whether its content is that of this build cannot be known: no Dockerfile.',
    ],
    [
      'and two others',
      { tags: ['v1', 'v2', 'v3', 'new'], mutability: immutable(), images: { v1: OTHER, v2: OTHER, v3: OTHER } },
      "The tag v1 is immutable and holds the image, whose content differs from this build's. So are v2 and v3.",
    ],
    [
      'also for a build that is asked for',
      { reuse: ASKED_FOR, mutability: immutable(), images: { v1: OTHER } },
      "The tag v1 is immutable and holds the image, whose content differs from this build's.",
    ],
  ])('%s', async (_, given, problem) => {
    expect((await decided(given)).decision).toEqual({
      kind: 'refuse',
      problem,
      remedy: expect.stringMatching(/^Raise the version in `tags`/),
    });
  });
});

test.each(['CANCELLED', 'CREDENTIALS'] as const)('%s ends the run', async (code) => {
  await expect(decided({ images: new Failure(code, 'x') })).rejects.toMatchObject({ code });
});

describe('what a deploy would do for its image', () => {
  const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
  /** A build whose fingerprint cannot be known, of a repository that ECR shows or does not. */
  const foreseen = (
    more: Partial<BuildInputs>,
    { described, images }: { readonly described?: Error; readonly images?: Error } = {},
  ) => {
    const commands: string[] = [];
    const failing = (error: Error | undefined, value: unknown) => async () => (error ? Promise.reject(error) : value);
    const world = {
      ecr: {
        describeRepository: failing(described, { uri: `${HOST}/app`, tags: { immutable: false, exclusions: [] } }),
        repositoryNames: async () => [],
        getImage: failing(images, undefined),
        getImages: failing(images, new Map()),
        login: async () => ({ registry: HOST, username: 'AWS', password: 'token' }),
      },
      shell: {
        run: async (_: string, args: readonly string[]) => {
          if (args[0] === 'buildx') commands.push(args.join(' '));
          return { exitCode: 1, stdout: '', stderr: '' };
        },
      },
      files: { readText: async () => Promise.reject(new Failure('NOT_FOUND', 'No Dockerfile.')), list: async () => [] },
      sources: {},
      console: { debug() {} },
      signal: new AbortController().signal,
    };
    const build = { ...BUILD, context: 'https://github.com/acme/app.git', ...more };
    return { commands, foreseen: foreseeReuse(build, 'eu-west-1', world as never) };
  };
  const MISSING = new Failure('NOT_FOUND', 'ECR has no repository app.', { remedy: 'Create it.' });

  test('a repository that is not there is refused, or made', async () => {
    expect(await foreseen({}, { described: MISSING }).foreseen).toMatchObject({
      kind: 'refuse',
      text: expect.stringMatching(/^image: .*app/),
    });
    expect(await foreseen({ createRepository: true }, { described: MISSING }).foreseen).toEqual({
      kind: 'build',
      why: 'the repository does not exist yet',
    });
  });

  test('what cannot be read is built', async () => {
    expect(await foreseen({}).foreseen).toMatchObject({ kind: 'build', why: expect.stringContaining('fingerprint') });
    expect(await foreseen({}, { images: new Failure('ACCESS_DENIED', 'x') }).foreseen).toEqual({
      kind: 'build',
      why: 'images that exist cannot be read (ecr:BatchGetImage is not allowed), so none is reused',
    });
    expect(await foreseen({}, { described: new Failure('UNAVAILABLE', 'ECR is down.') }).foreseen).toEqual({
      kind: 'build',
      why: 'ECR is down',
    });
  });

  test('the builder is looked at, and not started', async () => {
    const own = foreseen({});
    await own.foreseen;
    expect(own.commands).toEqual(['buildx inspect']);
    const named = foreseen({ builder: 'mine' });
    await named.foreseen;
    expect(named.commands).toEqual(['buildx inspect mine']);
  });

  test.each(['CANCELLED', 'CREDENTIALS'] as const)('%s ends the run', async (code) => {
    await expect(foreseen({}, { described: new Failure(code, 'x') }).foreseen).rejects.toMatchObject({ code });
  });

  /** The builder and Git answer, so that the fingerprint is known; the tag v1 holds an image of it, or of other content. */
  const known = async (holds: 'the same' | 'other', immutable: boolean) => {
    const build = {
      ...BUILD,
      tags: ['v1', 'v2'],
      context: 'https://github.com/acme/app.git',
      platforms: ['linux/amd64'],
    };
    const digest = `sha256:${'a'.repeat(64)}`;
    const manifest = (mark: string) => ({
      annotations: { [FINGERPRINT_KEY]: mark },
      manifests: [{ digest: `sha256:${'b'.repeat(64)}`, platform: { os: 'linux', architecture: 'amd64' } }],
    });
    let mark = '';
    const world = {
      ecr: {
        describeRepository: async () => ({ uri: `${HOST}/app`, tags: { immutable, exclusions: [] } }),
        getImages: async () =>
          new Map([['v1', { digest, mediaType: '', manifest: manifest(holds === 'other' ? 'sha256:0' : mark) }]]),
        login: async () => ({ registry: HOST, username: 'AWS', password: 'token' }),
      },
      shell: { run: async () => ({ exitCode: 0, stdout: `${'c'.repeat(40)}\tHEAD\n`, stderr: '' }) },
      files: { readText: async () => Promise.reject(new Error('not read')), list: async () => [] },
      sources: { variable: () => undefined },
      console: { debug() {} },
      signal: new AbortController().signal,
    };
    const found = await fingerprint(build, async () => undefined, world as never);
    mark = found.kind === 'known' ? found.value : found.why;
    return foreseeReuse(build, 'eu-west-1', world as never);
  };

  test('an image that is there is reused, by its digest and with all tags of the run', async () => {
    expect(await known('the same', false)).toEqual({
      kind: 'reuse',
      image: {
        reference: `${HOST}/app@sha256:${'a'.repeat(64)}`,
        repository: `${HOST}/app`,
        digest: `sha256:${'a'.repeat(64)}`,
        tags: ['v1', 'v2'],
        reused: true,
        ecr: { registryId: '', name: 'app', region: 'eu-west-1' },
        platforms: ['linux/amd64'],
      },
    });
  });

  test('an immutable tag on other content is refused, with the repository', async () => {
    expect(await known('other', true)).toEqual({
      kind: 'refuse',
      text: expect.stringMatching(
        new RegExp(
          `^image ${HOST}/app: The tag v1 is immutable and holds the image, whose content differs.* Raise the version`,
        ),
      ),
    });
    expect(await known('other', false)).toEqual({ kind: 'build', why: 'v1 holds an image of other content' });
  });
});
