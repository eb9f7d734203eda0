import fc from 'fast-check';
import { Failure } from '../../src/failure.ts';
import {
  formatImageTags,
  isPinnable,
  parseImageTags,
  pinned,
  type Resolution,
  reasonOf,
  referencesToAsk,
  ruleFor,
  sameImage,
  shortDigest,
  sourceOf,
  taggedImages,
  tagStates,
  withReferencesOf,
} from '../../src/image/pin.ts';
import { createResolver } from '../../src/image/resolve.ts';
import type { PullThroughRule, TaskDefinition } from '../../src/model.ts';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const digest = (n: number | string): string => `sha256:${`${n}`.repeat(64).slice(0, 64)}`;
const A = digest('a');
const B = digest('b');
const definition = (images: Readonly<Record<string, string>>): TaskDefinition => ({
  family: 'web',
  cpu: '256',
  containerDefinitions: Object.entries(images).map(([name, image]) => ({ name, image, memory: 64 })),
});
const imagesOf = ({ containerDefinitions }: TaskDefinition): Record<string, string> =>
  Object.fromEntries(containerDefinitions.map(({ name, image }) => [name, image]));

test.each<[string, string, boolean]>([
  [`${HOST}/web:1`, 'ecr', true],
  [`${HOST}/web`, 'ecr', true],
  ['123456789012.dkr-ecr.eu-west-1.on.aws/web:1', 'ecr', true],
  ['210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn/web:1', 'ecr', true],
  [`${HOST}/docker-hub/library/nginx:1`, 'ecr', true],
  [`${HOST}/web@${A}`, 'digest', false],
  [`${HOST}/web:1@${A}`, 'digest', false],
  [`nginx@${A}`, 'digest', false],
  ['nginx', 'registry', false],
  ['ghcr.io/acme/web:1', 'registry', false],
  ['public.ecr.aws/acme/web:1', 'registry', false],
  ['acme/Web', 'unreadable', false],
  ['', 'unreadable', false],
])('%s: %s, can be pinned: %s', (reference, kind, pins) => {
  expect([sourceOf(reference).kind, isPinnable(reference)]).toEqual([kind, pins]);
});

test.each([
  ['nginx', 'docker.io/library/nginx:latest', true],
  ['acme/web:1', 'index.docker.io/acme/web:1', true],
  ['acme/web:1', 'registry-1.docker.io/acme/web:1', true],
  ['web:1', 'docker.io/web:1', true],
  ['acme/web:1', 'docker.io/library/web:1', false],
  [`${HOST}/web:1@${A}`, `${HOST}/web@${A}`, true],
  [`${HOST}/web`, `${HOST}/web:latest`, true],
  [`${HOST}/web:1`, `${HOST}/web:2`, false],
  [`${HOST}/web@${A}`, `${HOST}/web@${B}`, false],
  [`${HOST}/web@${A}`, `${HOST}/api@${A}`, false],
  ['ghcr.io/nginx', 'nginx', false],
  ['acme/Web', 'acme/web', false],
])('%s and %s are the same image: %s', (a, b, same) => {
  expect([sameImage(a, b), sameImage(b, a)]).toEqual([same, same]);
});

test('two ways of writing an image are no difference, and only those', () => {
  const before = definition({ app: 'docker.io/library/nginx', proxy: `${HOST}/p:1`, gone: 'x:1' });
  const after = withReferencesOf(definition({ app: 'nginx:latest', proxy: `${HOST}/p:2`, fresh: 'y:1' }), before);
  expect(imagesOf(after)).toEqual({ app: 'docker.io/library/nginx', proxy: `${HOST}/p:2`, fresh: 'y:1' });
  const all = withReferencesOf(definition({ proxy: `${HOST}/p:2` }), before, () => true);
  expect(imagesOf(all)).toEqual({ proxy: `${HOST}/p:1` });
});

describe('pinning', () => {
  const resolutions = new Map<string, Resolution>([
    [`${HOST}/web:latest`, { kind: 'resolved', digest: B }],
    [`${HOST}/gone:1`, { kind: 'missing', reason: 'ECR has no such image' }],
  ]);
  const remembered = new Map([
    ['app', 'latest'],
    ['gone', '1'],
  ]);

  test('tags become digests; one image of several containers is one pin', () => {
    const given = definition({ app: `${HOST}/web:latest`, init: `${HOST}/web:latest`, log: 'fluent/fluent-bit:3' });
    const result = pinned(given, { remembered: new Map(), resolutions, mode: 'pin' });
    expect(imagesOf(result.definition)).toEqual({
      app: `${HOST}/web@${B}`,
      init: `${HOST}/web@${B}`,
      log: 'fluent/fluent-bit:3',
    });
    expect(result.pins).toEqual([{ reference: `${HOST}/web:latest`, digest: B, containers: ['app', 'init'] }]);
    expect(formatImageTags(result.tags)).toBe('app=latest init=latest');
    expect(result.definition.cpu).toBe('256');
  });

  test('a remembered tag is looked up again; one that is gone keeps its digest and is remembered still', () => {
    const given = definition({ app: `${HOST}/web@${A}`, gone: `${HOST}/gone@${A}` });
    expect(referencesToAsk(given, remembered)).toEqual([`${HOST}/web:latest`, `${HOST}/gone:1`]);
    const result = pinned(given, { remembered, resolutions, mode: 'pin' });
    expect(imagesOf(result.definition)).toEqual({ app: `${HOST}/web@${B}`, gone: `${HOST}/gone@${A}` });
    expect(result.stale).toEqual([
      { reference: `${HOST}/gone:1`, kept: `${HOST}/gone@${A}`, reason: 'ECR has no such image' },
    ]);
    expect(formatImageTags(result.tags)).toBe('app=latest gone=1');
  });

  test('keep puts remembered tags back', () => {
    const given = definition({ app: `${HOST}/web@${A}`, other: `${HOST}/other@${A}` });
    const result = pinned(given, { remembered, resolutions: new Map(), mode: 'keep' });
    expect(imagesOf(result.definition)).toEqual({ app: `${HOST}/web:latest`, other: `${HOST}/other@${A}` });
    expect([result.pins, result.tags.size]).toEqual([[], 0]);
  });
});

describe('properties', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,11}$/);
  const tag = fc.stringMatching(/^[a-z0-9_][a-zA-Z0-9_.-]{0,15}$/);
  const host = fc.constantFrom(`${HOST}/`, 'ghcr.io/acme/', '', 'public.ecr.aws/x/');
  const reference = fc
    .tuple(host, fc.constantFrom('web', 'api', 'team/log'), fc.option(tag), fc.option(fc.constantFrom(A, B)))
    .map(([at, path, t, d]) => `${at}${path}${t ? `:${t}` : ''}${d ? `@${d}` : ''}`);
  const definitions = fc
    .dictionary(name, reference, { minKeys: 1, maxKeys: 10 })
    .map((images) => definition({ ...images }));
  const resolve = (given: TaskDefinition, tags: ReadonlyMap<string, string>) =>
    new Map(referencesToAsk(given, tags).map((one) => [one, { kind: 'resolved', digest: B } as const]));

  test('with every answer no ECR tag is left, nothing else changes, and pinning twice changes nothing more', () => {
    fc.assert(
      fc.property(definitions, (given) => {
        const none = new Map<string, string>();
        const once = pinned(given, { remembered: none, resolutions: resolve(given, none), mode: 'pin' });
        for (const [i, { name, image, ...rest }] of once.definition.containerDefinitions.entries()) {
          const before = given.containerDefinitions[i];
          expect({ ...before, image: '' }).toEqual({ name, image: '', ...rest });
          expect(image).toBe(isPinnable(before?.image ?? '') ? `${image.split('@')[0]}@${B}` : before?.image);
          expect(isPinnable(image)).toBe(false);
        }
        // What the next deploy of this revision finds: the same tags, and with the same answers the same images.
        const tags = parseImageTags(formatImageTags(once.tags));
        expect(tags).toEqual(once.tags);
        const twice = pinned(once.definition, {
          remembered: tags,
          resolutions: resolve(once.definition, tags),
          mode: 'pin',
        });
        expect(imagesOf(twice.definition)).toEqual(imagesOf(once.definition));
        expect(twice.tags).toEqual(once.tags);
        // And without pinning, the tags as they were written (`latest` for none).
        const back = pinned(once.definition, { remembered: tags, resolutions: new Map(), mode: 'keep' });
        for (const [i, { image }] of back.definition.containerDefinitions.entries())
          expect(sameImage(image, given.containerDefinitions[i]?.image ?? '')).toBe(true);
      }),
    );
  });

  test('sameImage is an equivalence', () => {
    fc.assert(
      fc.property(reference, reference, reference, (a, b, c) => {
        expect(sameImage(a, a)).toBe(true);
        expect(sameImage(a, b)).toBe(sameImage(b, a));
        if (sameImage(a, b) && sameImage(b, c)) expect(sameImage(a, c)).toBe(true);
      }),
    );
  });

  test('a tag is current only when all that runs is what it names', () => {
    const running = fc.dictionary(fc.constantFrom('a', 'b'), fc.uniqueArray(fc.constantFrom(A, B), { maxLength: 2 }));
    fc.assert(
      fc.property(running, fc.boolean(), (digests, idle) => {
        const given = {
          resolutions: new Map([['nginx:1', { kind: 'resolved', digest: A } as const]]),
          running: new Map(Object.entries(digests).map(([key, some]) => [key, new Set(some)])),
          members: new Map(),
          idle,
        };
        const [state] = tagStates(definition({ a: 'nginx:1', b: 'nginx:1' }), given);
        const some = ['a', 'b'].map((key) => digests[key] ?? []);
        const moved = some.flat().includes(B);
        const known = some.every((one) => one.length > 0);
        expect(state?.kind).toBe(moved ? 'moved' : known || idle ? 'current' : 'unproven');
        expect(state && reasonOf(state) === undefined).toBe(state?.kind === 'current');
      }),
    );
  });
});

test('a manifest of the index that the tag names is what runs', () => {
  const given = {
    resolutions: new Map([['nginx:1', { kind: 'resolved', digest: A } as const]]),
    running: new Map([['app', new Set([B])]]),
    idle: false,
  };
  const states = (members: ReadonlyMap<string, readonly string[]>) =>
    tagStates(definition({ app: 'nginx:1' }), { ...given, members }).map(({ kind }) => kind);
  expect([states(new Map()), states(new Map([[A, [B]]]))]).toEqual([['moved'], ['current']]);
});

test('a tag that is gone is reported once for all its containers', () => {
  const reference = `${HOST}/gone:1`;
  const result = pinned(definition({ a: `${HOST}/gone@${A}`, b: `${HOST}/gone@${A}` }), {
    remembered: new Map([
      ['a', '1'],
      ['b', '1'],
    ]),
    resolutions: new Map([[reference, { kind: 'missing', reason: 'no such image' }]]),
    mode: 'pin',
  });
  expect(result.stale).toEqual([{ reference, kept: `${HOST}/gone@${A}`, reason: 'no such image' }]);
});

test('only images without a digest are named by a tag', () => {
  const given = definition({ a: 'nginx:1', b: 'nginx:1', c: `nginx@${A}`, d: 'acme/Odd' });
  const found = [...taggedImages(given)].map(([image, containers]) => [image, containers.map(({ name }) => name)]);
  expect(found).toEqual([
    ['nginx:1', ['a', 'b']],
    ['acme/Odd', ['d']],
  ]);
});

test.each<[answer: Resolution | undefined, runs: string[], reason: string | undefined]>([
  [undefined, [A], '`nginx:1` may name another image than the one that runs: it was not asked.'],
  [{ kind: 'unresolved', reason: 'no way.' }, [A], '`nginx:1` may name another image than the one that runs: no way.'],
  [{ kind: 'missing', reason: 'gone' }, [A], '`nginx:1` may name another image than the one that runs: gone.'],
  [
    { kind: 'resolved', digest: A },
    [],
    '`nginx:1` may name another image than the one that runs: ECS does not report which digest runs.',
  ],
  [{ kind: 'resolved', digest: A }, [B], `\`nginx:1\` names ${shortDigest(A)} now, but ${shortDigest(B)} runs.`],
  [{ kind: 'resolved', digest: A }, [A], undefined],
])('with the answer %j and %j running the reason is: %s', (answer, runs, reason) => {
  const [state] = tagStates(definition({ app: 'nginx:1' }), {
    resolutions: new Map(answer ? [['nginx:1', answer]] : []),
    running: new Map([['app', new Set(runs)]]),
    members: new Map(),
    idle: false,
  });
  expect(state && reasonOf(state)).toBe(reason);
});

test('each reference is asked once in a run, and what fails is an answer', async () => {
  const asked: string[] = [];
  const resolver = createResolver(
    {
      getImage: async ({ name }, id) => {
        asked.push(`${name} ${JSON.stringify(id)}`);
        return { digest: A, mediaType: '', manifest: { manifests: [{ digest: B }, 'odd', {}] } };
      },
      pullThroughRules: async () => [],
    },
    {
      digestOf: async ({ path }) => {
        asked.push(path);
        throw new Error('no way');
      },
      getManifest: async () => ({}),
    },
  );
  const wanted = [`${HOST}/web:1`, 'nginx:1', `x@${B}`, 'Odd'];
  const first = await resolver.resolve([...wanted, ...wanted]);
  await resolver.resolve(wanted);
  expect(Object.fromEntries(first)).toEqual({
    [`${HOST}/web:1`]: { kind: 'resolved', digest: A },
    'nginx:1': { kind: 'unresolved', reason: 'no way' },
    [`x@${B}`]: { kind: 'resolved', digest: B },
    Odd: { kind: 'unresolved', reason: expect.stringContaining('not an image reference') },
  });
  expect(asked).toEqual(['web {"tag":"1"}', 'nginx']);
  expect(await resolver.membersOf(`${HOST}/web:1`)).toEqual([B]);
  expect(await resolver.membersOf('nginx:1')).toEqual([]);
});

test.each<[string, string, string | undefined, string]>([
  ['a digest without its tag', `${HOST}/web@${A}`, 'latest', `${HOST}/web:latest`],
  ['a digest with a tag beside it', `${HOST}/web:2@${A}`, 'latest', `${HOST}/web:2@${A}`],
  ['a digest of which nothing is remembered', `${HOST}/web@${A}`, undefined, `${HOST}/web@${A}`],
  ['a tag', `${HOST}/web:2`, 'latest', `${HOST}/web:2`],
  ['what is not a reference', 'Not an image', 'latest', 'Not an image'],
])('the tag that an earlier deploy replaced comes back for %s', (_, image, tag, expected) => {
  const remembered = new Map(tag === undefined ? [] : [['app', tag]]);
  const result = pinned(definition({ app: image }), { remembered, resolutions: new Map(), mode: 'keep' });
  expect(imagesOf(result.definition)).toEqual({ app: expected });
});

test('a tag that its registry does not have stays, and is stale only where an earlier deploy had replaced it', () => {
  const reference = `${HOST}/web:1`;
  const resolutions = new Map<string, Resolution>([[reference, { kind: 'missing', reason: 'no such image' }]]);
  const given = (image: string) =>
    pinned(definition({ app: image, init: image }), {
      remembered: new Map([
        ['app', '1'],
        ['init', '1'],
      ]),
      resolutions,
      mode: 'pin',
    });
  expect(given(reference)).toMatchObject({
    definition: definition({ app: reference, init: reference }),
    pins: [],
    stale: [],
  });
  expect(given(`${HOST}/web@${A}`).stale).toEqual([{ reference, kept: `${HOST}/web@${A}`, reason: 'no such image' }]);
});

const RULES = [
  { prefix: 'mirror', upstream: 'registry-1.docker.io' },
  { prefix: 'mirror/github', upstream: 'ghcr.io' },
];
test.each<[string, readonly { prefix: string; upstream: string }[], string | undefined]>([
  ['mirror/library/nginx', RULES, 'mirror'],
  ['mirror/github/octo/app', RULES, 'mirror/github'],
  ['mirrors/library/nginx', RULES, undefined],
  ['mirror', RULES, undefined],
  ['team/web', [...RULES, { prefix: 'ROOT', upstream: 'quay.io' }], 'ROOT'],
  ['mirror/web', [...RULES, { prefix: 'ROOT', upstream: 'quay.io' }], 'mirror'],
])('%s is fetched by a rule', (name, rules, prefix) => expect(ruleFor(name, rules)?.prefix).toBe(prefix));

describe('an image of a pull-through cache keeps its tag', () => {
  const denied = async (): Promise<never> => {
    throw new Failure('ACCESS_DENIED', 'ecr:DescribePullThroughCacheRules');
  };
  const none = async () => [];
  test.each<[string, string, () => Promise<readonly PullThroughRule[]>, 'pinned' | 'kept']>([
    ['by a rule of any prefix', 'mirror/library/nginx', async () => RULES, 'kept'],
    ['but not without a rule, whatever its name', 'github/octo/app', none, 'pinned'],
    [
      'but not for a rule for all, which says nothing of what is there',
      'team/web',
      async () => [{ prefix: 'ROOT', upstream: 'quay.io' }],
      'pinned',
    ],
    ['by a prefix that ECR proposes, where the rules cannot be read', 'github/octo/app', denied, 'kept'],
    ['but not by another one, where they cannot be read', 'mirror/library/nginx', denied, 'pinned'],
  ])('%s: %s', async (_, name, pullThroughRules, expected) => {
    const reference = `${HOST}/${name}:1`;
    const wanted = definition({ app: reference });
    const resolver = createResolver(
      { getImage: async () => ({ digest: A, mediaType: '', manifest: {} }), pullThroughRules },
      { digestOf: async () => A, getManifest: async () => ({}) },
    );
    expect(referencesToAsk(wanted, new Map())).toEqual([reference]);
    const resolutions = await resolver.resolve([reference]);
    const { definition: written, tags } = pinned(wanted, { remembered: new Map(), resolutions, mode: 'pin' });
    const pins = expected === 'pinned';
    expect(imagesOf(written)).toEqual({ app: pins ? `${HOST}/${name}@${A}` : reference });
    expect(tags.size).toBe(pins ? 1 : 0);
  });
  test('and a name without a prefix is not asked for', async () => {
    const resolver = createResolver(
      {
        getImage: async () => ({ digest: A, mediaType: '', manifest: {} }),
        pullThroughRules: () => Promise.reject(new Error('asked')),
      },
      { digestOf: async () => A, getManifest: async () => ({}) },
    );
    expect([...(await resolver.resolve([`${HOST}/web:1`])).values()]).toEqual([{ kind: 'resolved', digest: A }]);
  });
});
