import { Failure } from '../../src/failure.ts';
import type { Image } from '../../src/image/image.ts';
import {
  askingOnce,
  createResolver,
  inspectImage,
  keptImage,
  knownPlatforms,
  mayBeSameContent,
  platformsOf,
  sameContent,
} from '../../src/image/resolve.ts';
import type { JsonObject, TaskDefinition } from '../../src/model.ts';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const REPOSITORY = { registryId: '123456789012', region: 'eu-west-1', name: 'team/app' };
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const [A, B, C] = [digest('a'), digest('b'), digest('c')];
const INDEX: JsonObject = {
  manifests: [
    { digest: B, platform: { os: 'linux', architecture: 'amd64' } },
    { digest: C, platform: { os: 'linux', architecture: 'arm64' } },
    { digest: digest('e'), platform: { os: 'unknown', architecture: 'unknown' } },
  ],
};
const SINGLE: JsonObject = { config: { digest: C } };
const found = (manifest: JsonObject = INDEX) => ({ digest: A, mediaType: '', manifest });
const rejecting = (failure: Error) => async () => Promise.reject(failure);

/** Registries that answer so, and what they were asked. */
function asking({ ecr = found() as unknown, registry = A as unknown, manifest = INDEX as unknown } = {}) {
  const asked: string[] = [];
  const answer = async (what: string, value: unknown) => {
    asked.push(what);
    if (value instanceof Error) throw value;
    return value;
  };
  const ports = {
    ecr: {
      getImage: (repository: { name: string }, id: object) =>
        answer(`ecr ${repository.name} ${JSON.stringify(id)}`, ecr),
    },
    registries: {
      digestOf: (image: { path: string; reference: string }) =>
        answer(`digest ${image.path}:${image.reference}`, registry),
      getManifest: (image: { path: string; reference: string }) =>
        answer(`manifest ${image.path}@${image.reference}`, manifest),
    },
  };
  return { resolver: createResolver(ports.ecr as never, ports.registries as never), asked };
}

describe('the digest of a reference', () => {
  test.each<[string, string, object, Parameters<typeof asking>[0]?]>([
    ['a digest is its own', `${HOST}/team/app@${B}`, { kind: 'resolved', digest: B }],
    ['a tag of ECR', `${HOST}/team/app:1`, { kind: 'resolved', digest: A }],
    ['a tag of another registry', 'ghcr.io/acme/app:1', { kind: 'resolved', digest: A }],
    [
      'a tag that ECR does not have',
      `${HOST}/team/app:1`,
      { kind: 'missing', reason: 'ECR has no such image' },
      { ecr: null },
    ],
    [
      'no reference',
      'Not An Image',
      { kind: 'unresolved', reason: 'it is not an image reference that this action can read' },
    ],
    [
      'a registry that does not answer',
      'ghcr.io/acme/app:1',
      { kind: 'unresolved', reason: 'It is down.' },
      { registry: new Failure('UNAVAILABLE', 'It is down.') },
    ],
    [
      'ECR, which IAM hides',
      `${HOST}/team/app:1`,
      { kind: 'unresolved', reason: 'Denied.' },
      { ecr: new Failure('ACCESS_DENIED', 'Denied.') },
    ],
  ])('%s', async (_, reference, expected, given = {}) => {
    const answers = await asking(given).resolver.resolve([reference]);
    expect([...answers]).toEqual([[reference, expected]]);
  });

  test('each is asked for once in a run', async () => {
    const { resolver, asked } = asking();
    await resolver.resolve(['ghcr.io/acme/app:1', `${HOST}/team/app:1`, 'ghcr.io/acme/app:1']);
    await resolver.resolve(['ghcr.io/acme/app:1']);
    expect(asked.sort()).toEqual(['digest acme/app:1', 'ecr team/app {"tag":"1"}']);
  });

  test.each([`${HOST}/team/app:1`, 'ghcr.io/acme/app:1'])('a cancelled run ends it: %s', async (reference) => {
    const cancelled = new Failure('CANCELLED', 'x');
    await expect(asking({ ecr: cancelled, registry: cancelled }).resolver.resolve([reference])).rejects.toBe(cancelled);
  });
});

describe('the members of an index', () => {
  test.each<[string, string, readonly string[], Parameters<typeof asking>[0]?]>([
    ['of ECR', `${HOST}/team/app:1`, [B, C, digest('e')]],
    ['of another registry', 'ghcr.io/acme/app:1', [B, C, digest('e')]],
    ['a single manifest has none', `${HOST}/team/app:1`, [], { ecr: found(SINGLE) }],
    ['a digest is not looked up', `${HOST}/team/app@${B}`, []],
    ['what is missing has none', `${HOST}/team/app:1`, [], { ecr: null }],
    ['what cannot be read has none', 'ghcr.io/acme/app:1', [], { manifest: new Failure('UNAVAILABLE', 'x') }],
    [
      'what is not a digest is left out',
      'ghcr.io/acme/app:1',
      [B],
      { manifest: { manifests: ['x', null, {}, { digest: 1 }, { digest: B }] } },
    ],
  ])('%s', async (_, reference, expected, given = {}) => {
    expect(await asking(given).resolver.membersOf(reference)).toEqual(expected);
  });

  test('they are those of the digest, not of the tag', async () => {
    const { resolver, asked } = asking();
    await resolver.membersOf('ghcr.io/acme/app:1');
    await resolver.membersOf(`${HOST}/team/app:1`);
    expect(asked).toEqual([
      'digest acme/app:1',
      `manifest acme/app@${A}`,
      'ecr team/app {"tag":"1"}',
      `ecr team/app {"digest":"${A}"}`,
    ]);
  });

  test('a cancelled run ends it', async () => {
    const cancelled = new Failure('CANCELLED', 'x');
    await expect(asking({ manifest: cancelled }).resolver.membersOf('ghcr.io/acme/app:1')).rejects.toBe(cancelled);
  });
});

test('ECR is asked for each image once', async () => {
  const asked: string[] = [];
  const once = askingOnce({
    getImage: async ({ name }: { name: string }, id: object) => {
      asked.push(`${name} ${JSON.stringify(id)}`);
      return found();
    },
    other: 1,
  } as never) as unknown as { getImage(repository: object, id: object): Promise<unknown>; other: number };
  await Promise.all([once.getImage(REPOSITORY, { tag: '1' }), once.getImage({ ...REPOSITORY }, { tag: '1' })]);
  await once.getImage(REPOSITORY, { tag: '2' });
  await once.getImage({ ...REPOSITORY, name: 'b' }, { tag: '1' });
  await once.getImage({ ...REPOSITORY, region: 'us-east-1' }, { tag: '1' });
  await once.getImage({ ...REPOSITORY, registryId: '2' }, { tag: '1' });
  expect(asked).toEqual([
    'team/app {"tag":"1"}',
    'team/app {"tag":"2"}',
    'b {"tag":"1"}',
    'team/app {"tag":"1"}',
    'team/app {"tag":"1"}',
  ]);
  expect(once.other).toBe(1);
});

describe('the input `image`', () => {
  const inspected = (
    text: string,
    image: unknown = found(),
    blob: unknown = { os: 'linux', architecture: 'arm64' },
  ) => {
    const asked: object[] = [];
    const given = (value: unknown) => (value instanceof Error ? Promise.reject(value) : Promise.resolve(value));
    const getImage = (repository: object, id: object) => {
      asked.push({ ...repository, ...id });
      return given(image);
    };
    return {
      asked,
      image: inspectImage(text, { getImage, getBlob: () => given(blob), repositoryNames: async () => [] } as never),
    };
  };

  test('in ECR it is looked up, and named by its digest', async () => {
    const { image, asked } = inspected(`${HOST}/team/app:1`);
    expect(await image).toEqual({
      reference: `${HOST}/team/app@${A}`,
      repository: `${HOST}/team/app`,
      tags: ['1'],
      digest: A,
      ecr: REPOSITORY,
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    expect(asked).toEqual([{ ...REPOSITORY, tag: '1' }]);
  });

  test.each<[string, string, object]>([
    ['without a tag it is latest', `${HOST}/team/app`, { tag: 'latest' }],
    ['by its digest', `${HOST}/team/app@${B}`, { digest: B }],
    ['by its digest, with a tag beside it', `${HOST}/team/app:1@${B}`, { digest: B }],
  ])('%s', async (_, text, id) => {
    const { image, asked } = inspected(text);
    await image;
    expect(asked).toEqual([{ ...REPOSITORY, ...id }]);
  });

  test('of another registry it is taken as given', async () => {
    const { image, asked } = inspected('ghcr.io/acme/app:1');
    expect(await image).toEqual({ reference: 'ghcr.io/acme/app:1', repository: 'ghcr.io/acme/app', tags: ['1'] });
    expect(asked).toEqual([]);
    expect(await inspected(`ghcr.io/acme/app@${B}`).image).toEqual({
      ...{ reference: `ghcr.io/acme/app@${B}`, repository: 'ghcr.io/acme/app', tags: [], digest: B },
    });
  });

  test('without the right to read ECR it is taken as given', async () => {
    expect(await inspected(`${HOST}/team/app:1`, new Failure('ACCESS_DENIED', 'x')).image).toEqual({
      ...{ reference: `${HOST}/team/app:1`, repository: `${HOST}/team/app`, tags: ['1'] },
    });
  });

  test('a single manifest has the platform of its config', async () => {
    expect((await inspected(`${HOST}/team/app:1`, found(SINGLE)).image).platforms).toEqual(['linux/arm64']);
  });

  test.each<[string, unknown, object]>([
    ['an image that is not there', undefined, { code: 'NOT_FOUND', message: `ECR has no image ${HOST}/team/app:1.` }],
    [
      'an attestation',
      found({ layers: [{ mediaType: 'application/vnd.in-toto+json' }] }),
      { code: 'INVALID_INPUT', message: `\`image\`: ${HOST}/team/app:1 is an attestation, not an image.` },
    ],
    [
      'a repository that is not there',
      new Failure('NOT_FOUND', 'x'),
      {
        code: 'NOT_FOUND',
        message: expect.stringContaining('team/app'),
        remedy: expect.stringContaining('give `repository` instead of `image`'),
      },
    ],
    ['an ECR that is down', new Failure('UNAVAILABLE', 'It is down.'), { code: 'UNAVAILABLE', message: 'It is down.' }],
  ])('%s ends the run', async (_, image, failure) => {
    await expect(inspected(`${HOST}/team/app:1`, image ?? null).image).rejects.toMatchObject(failure);
  });
});

describe('platforms are a help, not a need', () => {
  const blob = (value: unknown) =>
    ({ getBlob: async () => (value instanceof Error ? Promise.reject(value) : value) }) as never;
  test.each<[string, JsonObject, unknown, object]>([
    ['of an index', INDEX, {}, { platforms: ['linux/amd64', 'linux/arm64'] }],
    ['of a config', SINGLE, { os: 'linux', architecture: 'arm64' }, { platforms: ['linux/arm64'] }],
    ['none that is known', SINGLE, {}, {}],
    ['no config', {}, new Error('not asked'), {}],
    ['a config that cannot be read', SINGLE, new Failure('ACCESS_DENIED', 'x'), {}],
    ['S3 that does not answer', SINGLE, new Failure('UNAVAILABLE', 'x'), {}],
  ])('%s', async (_, manifest, config, expected) => {
    expect(await knownPlatforms(manifest, REPOSITORY, blob(config))).toEqual(expected);
  });

  test.each(['CANCELLED', 'CREDENTIALS'] as const)('%s ends the run', async (code) => {
    await expect(knownPlatforms(SINGLE, REPOSITORY, blob(new Failure(code, 'x')))).rejects.toMatchObject({ code });
    await expect(platformsOf(SINGLE, REPOSITORY, blob(new Failure('UNAVAILABLE', 'x')))).rejects.toThrow('x');
  });
});

const at = (name: string, of: string): string => `${HOST}/${name}@${of}`;

test.each<[string, string, string, boolean]>([
  ['the same text', 'app:1', 'app:1', true],
  ['two ways of writing it', 'app', 'docker.io/library/app:latest', true],
  ['two digests of one repository', at('app', A), at('app', B), true],
  ['a tag beside one of them', `${HOST}/app:1@${A}`, at('app', B), true],
  ['two digests of two repositories', at('app', A), at('other', A), false],
  ['a digest and a tag', at('app', A), `${HOST}/app:1`, false],
  ['a tag and a digest', `${HOST}/app:1`, at('app', A), false],
  ['two tags', `${HOST}/app:1`, `${HOST}/app:2`, false],
  ['a registry with a port', `localhost:5000/app@${A}`, `localhost:5000/app@${B}`, true],
  ['two ports', `localhost:5000/app@${A}`, `localhost:5001/app@${B}`, false],
])('images that may be equal: %s', (_, one, other, expected) => {
  expect(mayBeSameContent(one, other)).toBe(expected);
});

describe('images that differ in attestations alone', () => {
  const definition = (...images: readonly string[]): TaskDefinition =>
    ({ family: 'web', containerDefinitions: images.map((image, n) => ({ name: `c${n}`, image })) }) as never;
  const index = (...members: readonly string[]): JsonObject => ({
    manifests: [
      ...members.map((member) => ({ digest: member, platform: { os: 'linux', architecture: 'amd64' } })),
      { digest: digest('9'), platform: { os: 'unknown', architecture: 'unknown' } },
    ],
  });
  const compared = async (
    now: TaskDefinition,
    before: TaskDefinition,
    {
      images = {},
      built,
    }: { readonly images?: Readonly<Record<string, JsonObject>> | Error; readonly built?: Image } = {},
  ) => {
    const asked: string[] = [];
    const getImages = async (
      { registryId, name }: { registryId: string; name: string },
      digests: readonly string[],
    ) => {
      asked.push(`${registryId}/${name} ${digests.map((one) => one.slice(7, 8)).join(' ')}`);
      if (images instanceof Error) throw images;
      return new Map(Object.entries(images).map(([key, manifest]) => [key, { digest: key, mediaType: '', manifest }]));
    };
    return { same: await sameContent(now, before, { ecr: { getImages } as never, built }), asked };
  };

  test.each<[string, Readonly<Record<string, JsonObject>> | Error, boolean]>([
    ['indexes over the same images', { [A]: index(C), [B]: index(C) }, true],
    ['in another order', { [A]: index(C, digest('d')), [B]: index(digest('d'), C) }, true],
    ['over other images', { [A]: index(C), [B]: index(digest('d')) }, false],
    ['over one image more', { [A]: index(C), [B]: index(C, digest('d')) }, false],
    ['an index over the other manifest', { [A]: SINGLE, [B]: index(A) }, true],
    ['two manifests', { [A]: SINGLE, [B]: SINGLE }, false],
    ['indexes without an image', { [A]: index(), [B]: index() }, false],
    ['one that ECR does not show', { [A]: index(C) }, false],
    ['none that ECR shows', {}, false],
    ['ECR, which IAM hides', new Failure('ACCESS_DENIED', 'x'), false],
  ])('%s', async (_, images, expected) => {
    const { same, asked } = await compared(definition(at('app', A)), definition(at('app', B)), { images });
    expect([same(at('app', A), at('app', B)), same(at('app', B), at('app', A))]).toEqual([expected, expected]);
    expect(same(at('app', A), at('app', A))).toBe(true);
    expect(asked).toEqual(['123456789012/app a b']);
  });

  test('only containers of the same name with two digests of one repository are asked for', async () => {
    const { asked } = await compared(
      definition(at('app', A), `${HOST}/tagged:1`, at('same', A), at('moved', A), at('new', A)),
      definition(at('app', B), `${HOST}/tagged:2`, at('same', A), at('elsewhere', B)),
    );
    expect(asked).toEqual(['123456789012/app a b']);
  });

  test("an image of another registry is not asked for, this run's own is, whatever its host", async () => {
    const now = definition(`mirror.example.com/app@${A}`);
    const before = definition(`mirror.example.com/app@${B}`);
    expect((await compared(now, before)).asked).toEqual([]);
    const built = {
      reference: '',
      repository: 'mirror.example.com/app',
      tags: [],
      ecr: { ...REPOSITORY, name: 'real' },
    };
    expect((await compared(now, before, { built })).asked).toEqual(['123456789012/real a b']);
    expect(
      (await compared(now, before, { built: { ...built, repository: 'mirror.example.com/other' } })).asked,
    ).toEqual([]);
  });

  test('a cancelled run ends it', async () => {
    const cancelled = new Failure('CANCELLED', 'x');
    await expect(compared(definition(at('app', A)), definition(at('app', B)), { images: cancelled })).rejects.toBe(
      cancelled,
    );
  });

  test('the image of this run is the one that the revision names already', () => {
    const image: Image = { reference: at('app', A), repository: `${HOST}/app`, tags: ['1'], digest: A };
    const kept = (written: TaskDefinition, registered: TaskDefinition) => keptImage(image, written, registered);
    expect(kept(definition('x', at('app', A)), definition('x', at('app', B)))).toEqual({
      ...image,
      reference: at('app', B),
      digest: B,
    });
    expect(kept(definition(at('app', A)), definition(at('app', A)))).toBeUndefined();
    expect(kept(definition('other'), definition('other'))).toBeUndefined();
    expect(kept(definition(at('app', A)), definition(`${HOST}/app:1`))).toBeUndefined();
    expect(kept(definition(at('app', A)), definition())).toBeUndefined();
  });
});

test('an error that is none of ours is a reason as well', async () => {
  expect(
    await createResolver({ getImage: rejecting(new Error('socket hang up')) } as never, {} as never).resolve([
      `${HOST}/a:1`,
    ]),
  ).toEqual(new Map([[`${HOST}/a:1`, { kind: 'unresolved', reason: expect.stringContaining('socket hang up') }]]));
});
