import { asFailure } from '../../src/failure.ts';
import { FINGERPRINT_KEY } from '../../src/image/fingerprint.ts';
import { findCommitImage, mergeDigests } from '../../src/image/merge.ts';
import type { World } from '../../src/ports.ts';

const [AMD, ARM, INDEX, OTHER] = ['a', 'b', 'c', 'd'].map((letter) => `sha256:${letter.repeat(64)}`);
const platform = (architecture: string) => ({ os: 'linux', architecture });
const single = (digest = '', architecture = 'amd64') => ({ manifest: { digest }, image: platform(architecture) });
const index = (digest = '', ...members: (string | undefined)[]) => ({
  manifest: {
    digest,
    manifests: members.map((one) => ({ digest: one, platform: platform('amd64') })),
    annotations: { k: 'v' },
  },
});
const PARTS = { [`@${AMD}`]: single(AMD), [`@${ARM}`]: single(ARM, 'arm64') };

/** A registry with these images (`:tag` or `@digest`); `created` is what a merge makes of the tag 1. */
function registry(
  images: Readonly<Record<string, object>>,
  answer: { stderr?: string; shows?: boolean; inspected?: string } = {},
) {
  const held = new Map(Object.entries(images));
  const log: string[] = [];
  const merges: string[] = [];
  const world = {
    console: { line: (text: string) => void log.push(text) },
    signal: new AbortController().signal,
    shell: {
      run: async (program: string, args: readonly string[]) => {
        expect(program).toBe('docker');
        if (args[2] === 'inspect') {
          const image = held.get((args.at(-1) ?? '').replace('h.example/app', ''));
          const [exitCode, stderr] = image ? [0, ''] : [1, answer.inspected ?? 'ERROR: not found'];
          return { exitCode, stdout: JSON.stringify(image ?? null), stderr };
        }
        merges.push(args.join(' '));
        if (answer.stderr) return { exitCode: 1, stdout: '', stderr: answer.stderr };
        if (answer.shows !== false) held.set(':1', index(INDEX, AMD, ARM));
        return { exitCode: 0, stdout: '', stderr: '' };
      },
    },
  } as unknown as World;
  return { world, log, merges };
}
const GIVEN = {
  repository: 'h.example/app',
  digests: [AMD ?? '', ARM ?? ''],
  tags: ['1', '2'],
  origin: [],
  annotations: ['k=v'],
};
const TERMS = { region: '', permitted: async () => {} };
const CREATE = `buildx imagetools create --tag h.example/app:1 --tag h.example/app:2 --annotation index:k=v h.example/app@${AMD} h.example/app@${ARM}`;
const IMAGE = { reference: `h.example/app@${INDEX}`, repository: 'h.example/app', digest: INDEX, tags: ['1', '2'] };

const TAG_TWO = `buildx imagetools create --tag h.example/app:2 h.example/app@${INDEX}`;
const ALREADY = `${IMAGE.reference} (1, 2) is the image of these digests already`;
test.each<[string, Readonly<Record<string, object>>, string[], string]>([
  ['no tag is there', {}, [CREATE], `Merged 2 digests into ${IMAGE.reference} (1, 2).`],
  ['both have these images', { ':1': index(INDEX, ARM, AMD), ':2': index(INDEX, AMD, ARM) }, [], `${ALREADY}.`],
  ['one lacks', { ':1': index(INDEX, AMD, ARM) }, [TAG_TWO], `${ALREADY}; tagged it 2.`],
  [
    'one has another image',
    { ':1': index(INDEX, AMD, ARM), ':2': index(OTHER, AMD, OTHER) },
    [TAG_TWO],
    `${ALREADY}; tagged it 2.`,
  ],
  [
    'one has one image more',
    { ':1': index(INDEX, AMD, ARM), ':2': index(OTHER, AMD, ARM, OTHER) },
    [TAG_TWO],
    `${ALREADY}; tagged it 2.`,
  ],
  ['one is a single image', { ':1': index(INDEX, AMD, ARM), ':2': single(AMD) }, [TAG_TWO], `${ALREADY}; tagged it 2.`],
  [
    'no tag has them all',
    { ':1': index(OTHER, AMD, OTHER), ':2': single(AMD) },
    [CREATE],
    `Merged 2 digests into ${IMAGE.reference} (1, 2).`,
  ],
])('digests are merged where they are not merged already: %s', async (_, tags, writes, line) => {
  const { world, log, merges } = registry({ ...PARTS, ...tags });
  expect(await mergeDigests(GIVEN, TERMS, world)).toMatchObject({
    ...IMAGE,
    platforms: ['linux/amd64', 'linux/arm64'],
  });
  expect(merges).toEqual(writes);
  expect(log).toEqual([line]);
});

test.each<[string, readonly string[], 'merged' | 'already']>([
  ['the same', ['k=v'], 'already'],
  ['none', [], 'already'],
  ['another value', ['k=w'], 'merged'],
  ['one more', ['k=v', 'x=y=z'], 'merged'],
  ['the same at last', ['k=w', 'k=v'], 'already'],
  ['another commit', ['org.opencontainers.image.revision=abc', 'k=v'], 'already'],
])('an index with other annotations is another one: %s', async (_, annotations, expected) => {
  const held = { ...PARTS, ':1': index(OTHER, AMD, ARM) };
  const { world, merges } = registry(held);
  const { digest } = await mergeDigests({ ...GIVEN, tags: ['1'], annotations }, TERMS, world);
  expect(digest).toBe(expected === 'merged' ? INDEX : OTHER);
  expect(merges).toHaveLength(expected === 'merged' ? 1 : 0);
});

const REVISION = 'org.opencontainers.image.revision';
const annotated = (digest: string | undefined, architecture: string, annotations: object) => ({
  manifest: { digest, manifests: [{ digest, platform: platform(architecture) }], annotations },
});
test.each<[string, object, object, readonly string[], readonly string[]]>([
  ['what all of them have', { t: 'Shop', u: 'a' }, { t: 'Shop', u: 'b' }, [], ['index:t=Shop']],
  ['not the fingerprint of a platform', { [FINGERPRINT_KEY]: 'x' }, { [FINGERPRINT_KEY]: 'x' }, [], []],
  [
    'the commit of the images, not of this run',
    { [REVISION]: 'abc' },
    { [REVISION]: 'abc' },
    [],
    [`index:${REVISION}=abc`],
  ],
  [
    "the user's own comes last",
    { t: 'Shop' },
    { t: 'Shop' },
    ['t=Window', 'index:u=v'],
    ['index:t=Window', 'index:u=v'],
  ],
  [
    'levels',
    {},
    {},
    ['index,manifest:a=b', 'manifest:c=d', 'manifest-descriptor[linux/amd64]:e=f'],
    ['index:a=b', 'manifest-descriptor[linux/amd64]:e=f'],
  ],
])('the merged index says what its images say: %s', async (_, one, other, annotations, expected) => {
  const held = { [`@${AMD}`]: annotated(AMD, 'amd64', one), [`@${ARM}`]: annotated(ARM, 'arm64', other) };
  const { world, merges } = registry(held);
  const origin = [`${REVISION}=c0ffee`, 'org.opencontainers.image.source=https://h/r'];
  await mergeDigests({ ...GIVEN, origin, annotations }, TERMS, world);
  const [merge = ''] = merges;
  const written = [...merge.matchAll(/--annotation (\S+)/g)].map(([, text = '']) => text);
  expect(written).toContain('index:org.opencontainers.image.source=https://h/r');
  const others = written.filter((text) => !text.includes('image.source='));
  expect(others).toEqual(
    expected.some((text) => text.includes(REVISION)) ? expected : [`index:${REVISION}=c0ffee`, ...expected],
  );
});

test.each<[string, object, object]>([
  ['annotations', annotated(AMD, 'amd64', { [REVISION]: 'aaaa' }), annotated(ARM, 'arm64', { [REVISION]: 'bbbb' })],
  [
    'labels',
    { ...single(AMD), image: { ...platform('amd64'), config: { Labels: { [REVISION]: 'aaaa' } } } },
    { ...single(ARM), image: { ...platform('arm64'), config: { Labels: { [REVISION]: 'bbbb' } } } },
  ],
])('images of two commits, by their %s, are not one image', async (_, one, other) => {
  const { world, merges } = registry({ [`@${AMD}`]: one, [`@${ARM}`]: other });
  await expect(mergeDigests(GIVEN, TERMS, world)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: `\`digests\`: in h.example/app, ${AMD} of commit aaaa and ${ARM} of commit bbbb cannot be one image.`,
  });
  expect(merges).toEqual([]);
});

test('nothing is written for tasks that cannot run the image, and its platforms are those of its parts', async () => {
  for (const tags of [{}, { ':1': index(INDEX, AMD, ARM) }]) {
    const { world, merges } = registry({ ...PARTS, ...tags });
    const asked: unknown[] = [];
    const permitted = async (platforms: unknown): Promise<never> => {
      asked.push(platforms);
      throw new Error('does not fit');
    };
    await expect(mergeDigests(GIVEN, { region: '', permitted }, world)).rejects.toThrow('does not fit');
    expect(asked).toEqual([['linux/amd64', 'linux/arm64']]);
    expect(merges).toEqual([]);
  }
});

test('a digest of an index, as a build with provenance makes it, counts by its images', async () => {
  const held = { [`@${AMD}`]: index(AMD, OTHER), [`@${ARM}`]: index(ARM), ':1': index(INDEX, OTHER, ARM) };
  const { world, merges } = registry(held);
  expect(await mergeDigests({ ...GIVEN, tags: ['1'] }, TERMS, world)).toMatchObject({ digest: INDEX });
  expect(merges).toEqual([]);
});

test('one digest is the image itself', async () => {
  const { world } = registry({ ...PARTS, ':1': single(AMD) });
  const given = { ...GIVEN, digests: [AMD ?? ''], tags: ['1'] };
  expect(await mergeDigests(given, TERMS, world)).toMatchObject({ digest: AMD, platforms: ['linux/amd64'] });
});

test.each<[string, Readonly<Record<string, object>>, string]>([
  [
    'two digests are for one platform',
    { [`@${AMD}`]: single(AMD), [`@${ARM}`]: single(ARM) },
    `${AMD} and ${ARM} are both for linux/amd64.`,
  ],
  [
    'one is an attestation',
    {
      [`@${AMD}`]: single(AMD),
      [`@${ARM}`]: { manifest: { digest: ARM }, image: { os: 'unknown', architecture: 'unknown' } },
    },
    `h.example/app@${ARM} is an attestation, not an image.`,
  ],
])('nothing is merged where %s', async (_, held, message) => {
  const { world, merges } = registry(held);
  await expect(mergeDigests(GIVEN, TERMS, world)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining(message),
  });
  expect(merges).toEqual([]);
});

const IMMUTABLE = 'tag cannot be overwritten because the tag is immutable';
test.each<[string, Parameters<typeof registry>, string]>([
  ['digests are not there', [{}], `NOT_FOUND: h.example/app does not have ${AMD}, ${ARM}. Push the digests`],
  ['the merge fails', [PARTS, { stderr: 'ERROR: no' }], 'PUSH_FAILED: no '],
  ['a tag is immutable', [PARTS, { stderr: IMMUTABLE }], 'PUSH_FAILED: h.example/app: a tag of 1, 2 is immutable and'],
  ['nothing is shown', [PARTS, { shows: false }], 'PUSH_FAILED: h.example/app:1 was pushed, but the registry'],
])('the run fails where %s', async (_, given, expected) => {
  const { world } = registry(...given);
  const { code, message, remedy } = await mergeDigests(GIVEN, TERMS, world).catch(asFailure).then(asFailure);
  expect(`${code}: ${message} ${remedy}`).toContain(expected);
});

// Of real registries, through docker buildx imagetools.
const NO_BASIC =
  'ERROR: pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials';
test.each([
  ['no login', NO_BASIC],
  [
    'a wrong login',
    'ERROR: failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://h.example/token?scope=a: 401 Unauthorized',
  ],
  [
    'a wrong password',
    'ERROR: unexpected status from HEAD request to https://h.example/v2/app/manifests/x: 401 Unauthorized',
  ],
])('a registry that answers %s is one without a login, not one without the image', async (_, inspected) => {
  const { world, merges } = registry({}, { inspected });
  for (const run of [
    () => mergeDigests(GIVEN, TERMS, world),
    () => findCommitImage({ repository: 'h.example/app', tag: 'x' }, '', world),
  ])
    await expect(run()).rejects.toMatchObject({
      message: `Docker is not logged in to h.example, the registry of \`repository\`, or the login may not read there: ${inspected.slice(7)}`,
      remedy: expect.stringContaining('Log in to h.example in a step before this one'),
    });
  expect(merges).toEqual([]);
});

test('a login that may not write is named, for the merge and for a tag', async () => {
  const message = /^Docker is not logged in to h\.example.*or the login may not push there: failed/;
  for (const held of [PARTS, { ...PARTS, ':1': index(INDEX, AMD, ARM) }]) {
    const { world } = registry(held, { stderr: 'ERROR: failed to push h.example/app:1: 401 Unauthorized' });
    await expect(mergeDigests(GIVEN, TERMS, world)).rejects.toMatchObject({
      code: 'PUSH_FAILED',
      message: expect.stringMatching(message),
      remedy: expect.stringContaining('docker/login-action'),
    });
  }
});

test.each(['h.example/app:401: not found', 'h.example/app@sha256:401: not found'])(
  'an image whose name has the number of a status is not there: %s',
  async (inspected) => {
    const { world } = registry({}, { inspected: `ERROR: ${inspected}` });
    await expect(findCommitImage({ repository: 'h.example/app', tag: '401' }, '', world)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  },
);

test('the image of a commit is found by its tag', async () => {
  const { world } = registry({ ':abc': single(AMD) });
  expect(await findCommitImage({ repository: 'h.example/app', tag: 'abc' }, '', world)).toEqual({
    ...IMAGE,
    reference: `h.example/app@${AMD}`,
    digest: AMD,
    tags: ['abc'],
    platforms: ['linux/amd64'],
  });
  await expect(findCommitImage({ repository: 'h.example/app', tag: 'x' }, '', world)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'h.example/app has no image of this commit (tag x).',
    remedy: expect.stringContaining('mode: build'),
  });
});

describe('in ECR', () => {
  const URI = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app';
  const of = (architecture: string) => ({ config: { digest: architecture }, layers: [] });
  const PARTS_IN_ECR = { [AMD ?? '']: of('amd64'), [ARM ?? '']: of('arm64') };

  /** ECR with these manifests by digest or tag; the config of `secret` cannot be read. */
  function ecr(held: Readonly<Record<string, object>>, mutability = { immutable: false, exclusions: [] as string[] }) {
    const done: string[] = [];
    const images = new Map(Object.entries(held));
    const world = {
      console: { line: () => {} },
      signal: new AbortController().signal,
      runner: { mask() {} },
      shell: {
        run: async (_: string, args: readonly string[], options?: { env?: object; signal?: AbortSignal }) => {
          if (args[1] === 'version') return { exitCode: 0, stdout: 'buildx v0.36.1', stderr: '' };
          done.push(`${args[2]} ${Object.keys(options?.env ?? {})} ${options?.signal === world.signal}`);
          images.set('1', { manifests: [{ digest: AMD, platform: platform('amd64') }] });
          return { exitCode: 0, stdout: '', stderr: '' };
        },
      },
      ecr: {
        login: async () => ({ registry: URI.split('/')[0], username: 'AWS', password: 'x' }),
        describeRepository: async () => ({ uri: URI, tags: mutability }),
        getImages: async (_: object, ids: readonly string[]) =>
          new Map(
            ids.flatMap((id) => {
              const manifest = images.get(id);
              return manifest ? [[id, { digest: id.startsWith('sha256:') ? id : INDEX, manifest }] as const] : [];
            }),
          ),
        getBlob: async (_: object, digest: string) => {
          if (digest === 'secret') throw new Error('denied');
          return platform(digest);
        },
        tagImage: async (_: object, { digest, tag }: { digest: string; tag: string }) =>
          void done.push(`tag ${digest} ${tag}`),
      },
    } as unknown as World;
    return { world, done };
  }
  const given = { repository: URI, digests: [AMD ?? '', ARM ?? ''], tags: ['1', '2'], origin: [], annotations: [] };
  const merged = { manifests: [AMD, ARM].map((digest) => ({ digest, platform: platform('amd64') })) };

  test("platforms are those of the parts' configs, and docker gets the login and the signal of the run", async () => {
    const { world, done } = ecr(PARTS_IN_ECR);
    expect(await mergeDigests(given, TERMS, world)).toMatchObject({
      digest: INDEX,
      platforms: ['linux/amd64', 'linux/arm64'],
      ecr: { name: 'app', region: 'eu-west-1', registryId: '123456789012' },
    });
    expect(done).toEqual(['create DOCKER_AUTH_CONFIG true']);
  });

  test('of parts that do not show their platform nothing is claimed', async () => {
    const asked: unknown[] = [];
    const { world } = ecr({ ...PARTS_IN_ECR, [ARM ?? '']: of('secret') });
    await mergeDigests(given, { region: '', permitted: async (platforms) => void asked.push(platforms) }, world);
    expect(asked).toEqual([undefined]);
  });

  test('an immutable tag keeps its image, and the others are put on it', async () => {
    const { world, done } = ecr({ ...PARTS_IN_ECR, 1: merged }, { immutable: true, exclusions: ['2'] });
    expect(await mergeDigests(given, TERMS, world)).toMatchObject({ digest: INDEX });
    expect(done).toEqual([`tag ${INDEX} 2`]);
  });

  test.each([
    [['1'], 'the tag 1 is immutable'],
    [['1', '2'], 'a tag of 1, 2 is immutable'],
  ])('immutable tags %s on another image end the run before anything is written', async (tags, message) => {
    const other = { manifests: [{ digest: OTHER, platform: platform('amd64') }] };
    const held = { ...PARTS_IN_ECR, ...Object.fromEntries(tags.map((tag) => [tag, other])) };
    const { world, done } = ecr(held, { immutable: true, exclusions: [] });
    await expect(mergeDigests(given, TERMS, world)).rejects.toMatchObject({
      code: 'PUSH_FAILED',
      message: `${URI}: ${message} and holds another image.`,
      remedy: expect.stringContaining('Raise the version in `tags`'),
    });
    expect(done).toEqual([]);
  });

  test('what is wrong with parts has the way out', async () => {
    const attestation = { layers: [{ mediaType: 'application/vnd.in-toto+json' }] };
    for (const held of [
      { ...PARTS_IN_ECR, [ARM ?? '']: of('amd64') },
      { ...PARTS_IN_ECR, [ARM ?? '']: attestation },
    ]) {
      await expect(mergeDigests(given, TERMS, ecr(held).world)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        remedy: expect.stringContaining('image-digest'),
      });
    }
  });

  test('a repository that another account does not have is reported with that account', async () => {
    const { world } = ecr({});
    const absent = {
      ...world,
      ecr: { ...world.ecr, describeRepository: async () => undefined, repositoryNames: async () => [] },
    } as World;
    for (const run of [
      () => mergeDigests(given, TERMS, absent),
      () => findCommitImage({ repository: URI, tag: 'abc' }, '', absent),
    ])
      await expect(run()).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message:
          'ECR has no repository app in account 123456789012, region eu-west-1, which the input `repository` names.',
        remedy: expect.stringMatching(
          /Correct the name, account or region in `repository`, .* of account 123456789012/,
        ),
      });
  });

  test('the image of a commit has the platform of its config', async () => {
    const { world } = ecr({ abc: of('arm64') });
    expect(await findCommitImage({ repository: URI, tag: 'abc' }, '', world)).toMatchObject({
      platforms: ['linux/arm64'],
    });
  });
});
