import { createHash } from 'node:crypto';
import { asksActionsCache, defaultBranch, harmless, planCache } from '../../src/image/cache.ts';
import type { Destination } from '../../src/image/repository.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import type { ActionsCache } from '../../src/ports.ts';
import { BUILD as PLAIN } from './made.ts';

const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const URI = `${ECR}/team/web`;
const BUILD: BuildInputs = {
  ...PLAIN,
  repository: 'team/web',
  platforms: ['linux/amd64', 'linux/arm64'],
  cache: 'auto',
};
const REFUSED: ActionsCache = { kind: 'refused', why: "GitHub's cache service answers HTTP 401 to this job's token" };

interface Given {
  readonly service?: ActionsCache;
  readonly exports?: boolean | 'refused';
  readonly mutability?: Destination['mutability'];
  readonly ref?: string;
  readonly main?: string | undefined;
}
/** @returns the plan, and how often GitHub's service was asked */
async function plan(build: Partial<BuildInputs>, given: Given = {}) {
  let asked = 0;
  const { service = { kind: 'ready' }, exports = true, ref = 'refs/heads/main', mutability } = given;
  const { note, warning, ...caches } = await planCache(
    { ...BUILD, ...build },
    {
      exports,
      actionsCache: async () => {
        asked++;
        return service;
      },
      at: { uri: URI, ...(mutability ? { mutability } : {}) },
      scope: { ref, defaultBranch: 'main' in given ? given.main : 'main' },
    },
  );
  return { ...caches, said: warning ?? note ?? '', asked };
}
/** The hash in the name of a cache is of what `buildParts` names. */
const hashOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8);
const BOTH = ['linux/amd64', 'linux/arm64'];
const tagOf = (words: string, branch: string, { target = '', platforms = BOTH } = {}): string =>
  `buildcache-${words}-${hashOf(branch, target, '', '.', ...platforms)}`;
const MAIN = tagOf('main', 'main');
const FEATURE = tagOf('feature-x', 'Feature/X');
const registry = (tag: string): string => `type=registry,ref=${URI}:${tag}`;
const written = (tag: string): string =>
  `${registry(tag)},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`;
const SCOPE = `scope=ecs-rollout-team-web-${hashOf('team/web', '', '', '.', ...BOTH)}`;

describe('without caches of the user', () => {
  test.each<[string, Partial<BuildInputs>, Given, object]>([
    [
      "GitHub's cache, apart by image and platforms",
      {},
      {},
      {
        from: [`type=gha,${SCOPE}`],
        to: [`type=gha,mode=max,${SCOPE},ignore-error=true`],
        said: expect.stringContaining("GitHub's"),
        asked: 1,
      },
    ],
    [
      'and by target',
      { target: 'Runtime Image', platforms: [] },
      {},
      { from: [`type=gha,scope=ecs-rollout-team-web-runtime-image-${hashOf('team/web', 'Runtime Image', '', '.')}`] },
    ],
    ['none, when asked for none', { cache: 'none' }, {}, { from: [], to: [], said: '', asked: 0 }],
    ['none with no-cache', { noCache: true }, {}, { from: [], to: [], said: '', asked: 0 }],
    [
      'none where the log says already why the builder cannot export one',
      {},
      { exports: 'refused' },
      { from: [], to: [], said: '', asked: 0 },
    ],
    [
      'none where the builder cannot export one, and how to have one',
      {},
      { exports: false },
      { from: [], to: [], said: expect.stringMatching(/cannot export.*`cache: gha`/), asked: 0 },
    ],
    [
      'a tag of the repository where GitHub gives no token',
      {},
      { service: { kind: 'absent' } },
      {
        from: [registry(MAIN)],
        to: [written(MAIN)],
        said: expect.stringMatching(/no token.*Build cache: .*buildcache-main/),
      },
    ],
    [
      "a tag of the repository where GitHub's service refuses the token",
      {},
      { service: REFUSED },
      { from: [registry(MAIN)], said: expect.stringMatching(/HTTP 401/) },
    ],
    [
      "none where the user wants GitHub's, which refuses",
      { cache: 'gha' },
      { service: REFUSED },
      { from: [], to: [], said: expect.stringMatching(/cache: gha: .*HTTP 401/) },
    ],
    [
      'the repository without a question to GitHub',
      { cache: 'registry', target: 'app' },
      {},
      { from: [registry(tagOf('app-main', 'main', { target: 'app' }))], asked: 0 },
    ],
    [
      'a branch reads the default branch as well',
      { cache: 'registry' },
      { ref: 'refs/heads/Feature/X' },
      { from: [registry(FEATURE), registry(MAIN)], to: [written(FEATURE)] },
    ],
    [
      'so does a pull request',
      { cache: 'registry' },
      { ref: 'refs/pull/12/merge' },
      { from: [registry(tagOf('pr-12', 'pr:12')), registry(MAIN)], to: [written(tagOf('pr-12', 'pr:12'))] },
    ],
    [
      'a branch of the name of a pull request has its own',
      {},
      { service: { kind: 'absent' }, ref: 'refs/heads/pr-12' },
      { to: [written(tagOf('pr-12', 'pr-12'))] },
    ],
    [
      'a git tag reads it, and writes none',
      { cache: 'registry' },
      { ref: 'refs/tags/v1' },
      { from: [registry(MAIN)], to: [] },
    ],
    ['a branch whose default one is not known', { cache: 'registry' }, { main: undefined }, { from: [registry(MAIN)] }],
    [
      'what only ends like a branch is none',
      { cache: 'registry' },
      { ref: 'x/refs/heads/y', main: undefined },
      { from: [], to: [], said: expect.stringContaining('not a branch') },
    ],
    [
      'immutable tags are said beside why GitHub has none',
      {},
      { service: REFUSED, mutability: { immutable: true, exclusions: [] } },
      { from: [], said: expect.stringMatching(/^GitHub's cache service .*token\. No build cache in .*immutable/) },
    ],
    [
      'a long name is cut, and letters that a tag cannot have are one dash',
      { cache: 'registry' },
      { ref: `refs/heads/Ä ö/${'x'.repeat(150)}`, main: undefined },
      { from: [registry(tagOf(`-${'x'.repeat(150)}`.slice(0, 89), `Ä ö/${'x'.repeat(150)}`))] },
    ],
    [
      'no branch at all',
      { cache: 'registry' },
      { ref: '', main: undefined },
      { from: [], to: [], said: expect.stringContaining('not a branch') },
    ],
    [
      'immutable tags cannot hold one',
      { cache: 'registry' },
      { mutability: { immutable: true, exclusions: ['latest'] } },
      { from: [], to: [], said: expect.stringMatching(/immutable.*buildcache-\*/) },
    ],
    [
      'but those of an exclusion filter can',
      { cache: 'registry' },
      { mutability: { immutable: true, exclusions: ['buildcache-*'] } },
      { to: [written(MAIN)] },
    ],
  ])('%s', async (_, build, given, expected) => expect(await plan(build, given)).toMatchObject(expected));
});

/** The tag that a build writes in the repository, and the scope in GitHub's cache. */
async function nameOf(build: Partial<BuildInputs>, ref = 'refs/heads/main'): Promise<readonly string[]> {
  const [tag, scope] = await Promise.all([plan({ ...build, cache: 'registry' }, { ref }), plan(build)]);
  return [tag, scope].map(({ to }) => /(?:ref=[^,]*:|scope=)([^,]*)/.exec(to[0] ?? '')?.[1] ?? '');
}

const LONG = 'long-'.repeat(30);
test.each<[string, Partial<BuildInputs>, Partial<BuildInputs>]>([
  ['jobs of a matrix of platforms', { platforms: ['linux/amd64'] }, { platforms: ['linux/arm64'] }],
  ['stages', { target: 'a-b' }, { target: 'a', file: 'b' }],
  ['Dockerfiles of one repository', { file: 'api/Dockerfile' }, { file: 'web/Dockerfile' }],
  ['folders', { context: 'api' }, { context: 'web' }],
  ['folders of a Git context', { context: 'https://h/r.git#1:api' }, { context: 'https://h/r.git#1:web' }],
])('%s have caches of their own', async (_, one, other) => {
  const [first, second] = [await nameOf(one), await nameOf(other)];
  for (const [i, name] of first.entries()) expect(name).not.toBe(second[i]);
});

test.each([
  ['feature/x', 'feature-x'],
  ['feature-x', 'Feature-x'],
  [`${LONG}1`, `${LONG}2`],
])('so have the branches %s and %s', async (one, other) => {
  const tags = await Promise.all([one, other].map((branch) => nameOf({}, `refs/heads/${branch}`)));
  expect(new Set(tags.map(([tag]) => tag)).size).toBe(2);
  for (const [tag = ''] of tags) expect(tag).toMatch(/^buildcache-[\w.-]{1,117}$/);
});

test('repositories have scopes of their own', async () => {
  const scopes = await Promise.all(
    ['a/web', 'b/web', 'a-web'].map(async (repository) => (await nameOf({ repository }))[1]),
  );
  expect(new Set(scopes).size).toBe(3);
});

test.each<[string, Partial<BuildInputs>, Partial<BuildInputs>]>([
  ['commits of a Git context', { context: 'https://h/r.git#abc:api' }, { context: 'https://h/r.git#def:api' }],
  ['the order of platforms', { platforms: BOTH }, { platforms: [...BOTH].reverse() }],
  ['another name of a platform', { platforms: ['linux/arm64'] }, { platforms: ['linux/arm64/v8'] }],
])('%s make no difference', async (_, one, other) => expect(await nameOf(one)).toEqual(await nameOf(other)));

describe('caches of the user', () => {
  test.each<[string, Partial<BuildInputs>, Given, object]>([
    [
      'stay, and cannot fail the build',
      { cacheFrom: ['h/app:c'], cacheTo: ['type=local,dest=x'] },
      {},
      { from: ['h/app:c'], to: ['type=local,dest=x,ignore-error=true'], said: '', asked: 0 },
    ],
    [
      "GitHub's stays where its service answers",
      { cacheFrom: ['type=gha'] },
      {},
      { from: ['type=gha'], said: '', asked: 1 },
    ],
    [
      "GitHub's is left out, and that is said, where it would fail the build",
      { cacheFrom: ['type=gha', 'h/app:c'], cacheTo: ['type=gha,mode=max'] },
      { service: REFUSED },
      { from: ['h/app:c'], to: [], said: expect.stringMatching(/HTTP 401.*type=gha/) },
    ],
    [
      'and where there is no token',
      { cacheTo: ['type=gha'] },
      { service: { kind: 'absent' } },
      { to: [], said: expect.stringContaining('no token') },
    ],
    [
      'one with a token of its own is not checked',
      { cacheTo: ['type=gha,token=x'] },
      { service: REFUSED },
      { to: ['type=gha,token=x,ignore-error=true'], asked: 0 },
    ],
  ])('%s', async (_, build, given, expected) => expect(await plan(build, given)).toMatchObject(expected));
});

test.each([
  ['type=gha,mode=max', 'type=gha,mode=max,ignore-error=true'],
  ['type=s3,bucket=b', 'type=s3,bucket=b,ignore-error=true'],
  ['type=gha,ignore-error=false', 'type=gha,ignore-error=false'],
  ['type=inline', 'type=inline'],
  ['type=azblob,name=n', 'type=azblob,name=n,ignore-error=true'],
  ['type=local,dest=d', 'type=local,dest=d,ignore-error=true'],
  ['mode=max', 'mode=max'],
  ['mode=max,type=gha', 'mode=max,type=gha,ignore-error=true'],
  ['type=registry,mode=max', 'type=registry,mode=max,ignore-error=true'],
  ['ghcr.io/a/b:c', 'type=registry,ref=ghcr.io/a/b:c,ignore-error=true'],
  [`${URI}:c`, `type=registry,ref=${URI}:c,image-manifest=true,oci-mediatypes=true,ignore-error=true`],
  [
    `type=registry,ref=${URI}:c,image-manifest=false`,
    `type=registry,ref=${URI}:c,image-manifest=false,oci-mediatypes=true,ignore-error=true`,
  ],
])('%s is written as %s', (given, expected) => expect(harmless(given)).toBe(expected));

test.each<[Partial<BuildInputs>, boolean]>([
  [{}, true],
  [{ cache: 'gha' }, true],
  [{ cache: 'registry' }, false],
  [{ cache: 'none' }, false],
  [{ noCache: true }, false],
  [{ cacheFrom: ['type=gha'] }, true],
  [{ cacheTo: ['type=inline'] }, false],
  [{ cacheFrom: ['h/app:c'], cacheTo: ['type=gha'], noCache: true }, true],
])("GitHub's service is asked early: %j", (build, asked) =>
  expect(asksActionsCache({ ...BUILD, ...build })).toBe(asked),
);

test.each<[string, string | undefined, string | undefined]>([
  ['the event', '{"repository":{"default_branch":"trunk"}}', 'trunk'],
  ['an event without a repository', '{}', undefined],
  ['an event with another kind of branch', '{"repository":{"default_branch":7}}', undefined],
  ['an event that is not readable', '{', undefined],
  ['no event', undefined, undefined],
])('the default branch of %s', async (_, event, branch) => {
  const variable = (): string | undefined => (event === undefined ? undefined : '/event.json');
  expect(await defaultBranch({ variable }, { readText: async () => event ?? '' })).toBe(branch);
});
