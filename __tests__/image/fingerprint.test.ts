import fc from 'fast-check';
import { buildSources } from '../../src/adapters/build-sources.ts';
import { Failure } from '../../src/failure.ts';
import { type CollectWorld, fingerprint } from '../../src/image/collect.ts';
import {
  commitOfRef,
  contentTag,
  contextSource,
  FINGERPRINT_KEY,
  type FingerprintParts,
  fingerprintOf,
  imagesOfIndex,
  originInConfig,
  originInManifest,
  partHashes,
  withoutOrigin,
  withoutShortLived,
} from '../../src/image/fingerprint.ts';
import { isImmutableTag } from '../../src/image/reuse.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import type { JsonObject } from '../../src/model.ts';
import { CONTEXT } from '../support/world.ts';

const files = new Map<string, string>();
const binary = new Map<string, Uint8Array>();
const variables = new Map<string, string>();
const debug: string[] = [];
let gitAnswer: { exitCode: number; stdout: string } | Failure = { exitCode: 128, stdout: '' };
const asked: { args: readonly string[]; env: Readonly<Record<string, string>> | undefined }[] = [];
const folders: string[] = [];

const world: CollectWorld = {
  console: { debug: (text) => void debug.push(text) },
  files: {
    readText: async (path) =>
      files.get(path) ?? Promise.reject(new Failure('NOT_FOUND', `File ${path} does not exist.`)),
    readBytes: async (path) =>
      binary.get(path) ??
      Buffer.from(files.get(path) ?? (await Promise.reject(new Failure('NOT_FOUND', `File ${path} does not exist.`)))),
    exists: async (path) => files.has(path),
  },
  shell: {
    run: async (_, args, options) => {
      asked.push({ args, env: options?.env });
      if (gitAnswer instanceof Failure) throw gitAnswer;
      return { ...gitAnswer, stderr: '' };
    },
  },
  signal: new AbortController().signal,
  sources: {
    actionsCache: async () => ({ kind: 'absent' }),
    folder: async (path, ignore) => {
      folders.push(`${path} ignoring ${ignore}`);
      return `hash of ${path}, ${ignore}`;
    },
    variable: (name) => variables.get(name),
    secrets: async (values, salt) => `slow ${values} ${salt}`,
  },
};

function build(given: Readonly<Record<string, string>> = {}): BuildInputs {
  const raw = { 'aws-region': 'eu-west-1', service: 'web', repository: 'app', platforms: 'linux/amd64', ...given };
  const { inputs } = parseInputs(new Map(Object.entries(raw)), {
    context: CONTEXT,
    env: Object.fromEntries(variables),
  });
  if (inputs.mode !== 'deploy' || inputs.image.kind !== 'build') throw new Error('not a build');
  return inputs.image.build;
}
const of = (given: Readonly<Record<string, string>> = {}, own?: string) =>
  fingerprint(build(given), async () => own, world);

beforeEach(() => {
  files.clear();
  variables.clear();
  for (const list of [debug, asked, folders]) list.length = 0;
  files.set('Dockerfile', 'FROM scratch');
  gitAnswer = { exitCode: 128, stdout: '' };
});

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
  ['the order of arguments', { 'build-args': 'A=1\nB=2' }, { 'build-args': 'B=2\nA=1' }],
  ['the order of platforms', { platforms: 'linux/amd64,linux/arm64' }, { platforms: 'linux/arm64,linux/amd64' }],
  ['two names of a platform', { platforms: 'linux/arm64' }, { platforms: 'linux/arm64/v8' }],
  ['tags', { tags: 'a' }, { tags: 'b' }],
  ['caches', {}, { 'cache-from': 'type=gha', 'cache-to': 'type=gha' }],
  [
    'when it was made',
    { labels: 'org.opencontainers.image.created=2020' },
    { labels: 'org.opencontainers.image.created=2021' },
  ],
  ['where the agent is', { ssh: 'default=/run/1/agent' }, { ssh: 'default=/run/2/agent' }],
  ['the policy itself', { 'reuse-image': 'content' }, { 'reuse-image': 'false' }],
  [
    'a token of the job',
    { 'build-secrets': `t=ghs_${'a'.repeat(36)}` },
    { 'build-secrets': `t=ghs_${'b'.repeat(36)}` },
  ],
])('does not depend on %s', async (_, one, other) => {
  expect(await of(one)).toEqual(await of(other));
});

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
  ['the value of an argument', { 'build-args': 'A=1' }, { 'build-args': 'A=2' }],
  ['an argument without a value', { 'build-args': 'A=' }, {}],
  ['a label', { labels: 'a=1' }, { labels: 'a=2' }],
  ['the place of a word', { labels: 'a=1' }, { annotations: 'a=1' }],
  ['sbom', {}, { sbom: 'true' }],
  ['the network of RUN', {}, { network: 'none' }],
  ['an id of a secret', { 'build-secrets': 'a=x' }, { 'build-secrets': 'b=x' }],
  ['the value of a secret', { 'build-secrets': 'a=x' }, { 'build-secrets': 'a=y' }],
  [
    'an image as a context',
    { 'build-contexts': 'base=docker-image://alpine:3.20' },
    { 'build-contexts': 'base=docker-image://alpine:3.21' },
  ],
])('depends on %s', async (_, one, other) => {
  expect(await of(one)).not.toEqual(await of(other));
});

test('a bare argument has its value from the environment', async () => {
  variables.set('VERSION', '1');
  const first = await of({ 'build-args': 'VERSION' });
  expect(await of({ 'build-args': 'VERSION=1' })).toEqual(first);
  variables.set('VERSION', '2');
  expect(await of({ 'build-args': 'VERSION' })).not.toEqual(first);
});

test("without platforms it depends on the builder's own, and is not known where that is not", async () => {
  const [amd, arm] = [await of({ platforms: '' }, 'linux/amd64'), await of({ platforms: '' }, 'linux/arm64')];
  expect(amd).toMatchObject({ kind: 'known' });
  expect(amd).not.toEqual(arm);
  expect(await of({ platforms: '' })).toMatchObject({ kind: 'unknown', why: expect.stringContaining('platform') });
});

test("an ignore file of the Dockerfile's own takes the place of the context's", async () => {
  files.set('.dockerignore', 'a');
  await of();
  files.set('docker/Dockerfile', 'FROM scratch');
  files.set('docker/Dockerfile.dockerignore', 'b');
  await of({ file: 'docker/Dockerfile' });
  expect(folders).toEqual(['. ignoring a', '. ignoring b']);
});

test('a Dockerfile in lower case is found', async () => {
  files.delete('Dockerfile');
  files.set('dockerfile', 'FROM scratch');
  expect(await of()).toMatchObject({ kind: 'known' });
});

test.each([
  [{ context: 'https://example.com/context.tar.gz' }, 'remote archive'],
  [{ file: 'https://example.com/Dockerfile' }, 'remote'],
  [{ context: 'https://github.com/a/b.git#main' }, 'cannot be read'],
  [{ 'build-contexts': 'base=oci-layout:///layout:tag' }, 'does not name its image by digest'],
  [{ 'build-secret-files': 'a=nothing' }, 'File nothing does not exist'],
])('what cannot be known before the build is said: %j', async (given, why) => {
  expect(await of(given)).toEqual({ kind: 'unknown', why: expect.stringContaining(why) });
});

test('a cancelled run is not an unknown fingerprint', async () => {
  const signal = AbortSignal.abort(new Failure('CANCELLED', 'stop'));
  const cancelled = { ...world, signal, sources: { ...world.sources, folder: () => Promise.reject(signal.reason) } };
  await expect(fingerprint(build(), async () => undefined, cancelled)).rejects.toMatchObject({ code: 'CANCELLED' });
});

describe('a Git context', () => {
  const [ONE, TWO] = ['1'.repeat(40), '2'.repeat(40)];

  test('counts by its commit, which is asked for where the reference is a name', async () => {
    gitAnswer = { exitCode: 0, stdout: `${ONE}\trefs/heads/main\n` };
    const byName = await of({ context: 'https://github.com/a/b.git#main:app' });
    expect(byName).toEqual(await of({ context: `https://github.com/a/b.git#${ONE}:app` }));
    expect(byName).not.toEqual(await of({ context: `https://github.com/a/b.git#${TWO}:app` }));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ args: ['ls-remote', '--', 'https://github.com/a/b.git', 'main'] });
  });

  test('is asked with the token of the build, which no command line shows', async () => {
    gitAnswer = { exitCode: 0, stdout: `${ONE}\tHEAD\n` };
    const secret = { 'build-secrets': 'GIT_AUTH_TOKEN.github.com=value-of-the-token' };
    const one = await of({ context: 'https://github.com/a/b.git', ...secret });
    expect(one).toMatchObject({ kind: 'known' });
    expect(JSON.stringify(asked[0]?.args)).not.toContain('value-of-the-token');
    const basic = Buffer.from('x-access-token:value-of-the-token').toString('base64');
    expect(asked[0]?.env).toMatchObject({ GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}` });
    const other = { 'build-secrets': 'GIT_AUTH_TOKEN.github.com=another-token' };
    expect(await of({ context: 'https://github.com/a/b.git', ...other })).toEqual(one);
  });

  test.each([
    ['main', `${ONE}\trefs/heads/main\n${TWO}\trefs/heads/x/main\n`, ONE],
    ['v1', `${ONE}\trefs/heads/v1\n${TWO}\trefs/tags/v1\n`, undefined],
    ['', `${ONE}\tHEAD\n`, ONE],
    ['pull/1/merge', `${ONE}\trefs/pull/1/merge\n`, ONE],
    ['gone', '', undefined],
    ['tags/v1', `${ONE}\trefs/tags/v1\n`, ONE],
    ['v1', `${ONE}\trefs/heads/v1\n${ONE}\trefs/tags/v1\n`, ONE],
    ['refs/heads/main', `${ONE}\trefs/heads/main\n`, ONE],
    ['main', `${'1'.repeat(64)}\trefs/heads/main\n`, '1'.repeat(64)],
    ['main', `${'1'.repeat(39)}\trefs/heads/main\n`, undefined],
    ['main', `${'1'.repeat(65)}\trefs/heads/main\n`, undefined],
    ['main', `x${ONE}\trefs/heads/main\n`, undefined],
    ['main', `${ONE}\trefs/heads/main x\n`, undefined],
    ['', `${ONE}\trefs/heads/main\n`, undefined],
  ])('the commit of %j', (ref, listing, commit) => {
    expect(commitOfRef(listing, ref)).toBe(commit);
  });
});

test.each([
  ['.', 'folder'],
  ['./app', 'folder'],
  ['https://github.com/a/b.git', 'git'],
  ['git@github.com:a/b.git#main', 'git'],
  ['github.com/a/b', 'git'],
  ['https://github.com/a/b.git?ref=main', 'unknown'],
  ['https://example.com/a.tar', 'unknown'],
  ['-', 'unknown'],
  ['docker-image://alpine', 'text'],
])('the context %s is a %s', (text, kind) => {
  expect(contextSource(text)).toMatchObject({ kind });
});

describe('secrets', () => {
  test('a file that is not text counts by its bytes', async () => {
    const given = { 'build-secret-files': 'key=store.p12' };
    const values: unknown[] = [];
    // The second and the third differ only in bytes that are both not UTF-8.
    for (const bytes of [[0x41], [0xff, 0xfe, 0x80], [0xff, 0xfe, 0x81], [0x41]]) {
      binary.set('store.p12', Uint8Array.from(bytes));
      values.push(await of(given));
    }
    expect(values).toEqual(Array.from({ length: 4 }, () => ({ kind: 'known', value: expect.any(String) })));
    expect(values[3]).toEqual(values[0]);
    expect(new Set(values.map((value) => JSON.stringify(value))).size).toBe(3);
  });

  test('their values are in no part that is published, and not in the debug log', async () => {
    variables.set('TOKEN', 'value of the environment');
    files.set('secret.txt', 'value of a file');
    const known = await of({
      'build-secrets': 'a=value of the input',
      'build-secret-envs': 'b=TOKEN',
      'build-secret-files': 'c=secret.txt',
    });
    expect(known).toMatchObject({ kind: 'known', value: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
    expect(debug.join()).not.toMatch(/value of/);
    expect(debug.join()).toContain('secrets ');
  });

  test('a guess takes long, and another repository needs other guesses', async () => {
    const began = performance.now();
    const one = await buildSources.secrets('1234', 'app');
    expect(performance.now() - began).toBeGreaterThan(20);
    expect(await buildSources.secrets('1234', 'app')).toBe(one);
    expect(await buildSources.secrets('1234', 'other')).not.toBe(one);
    expect(await buildSources.secrets('1235', 'app')).not.toBe(one);
  });

  test('keys of an AWS session count by their id alone, lasting keys by their value', async () => {
    const given = { 'build-secret-envs': 'k=AWS_SECRET_ACCESS_KEY' };
    variables.set('AWS_SECRET_ACCESS_KEY', 'one');
    const lasting = await of(given);
    variables.set('AWS_SESSION_TOKEN', 'session');
    const session = await of(given);
    expect(session).not.toEqual(lasting);
    variables.set('AWS_SECRET_ACCESS_KEY', 'two');
    expect(await of(given)).toEqual(session);
  });

  test.each([
    [
      `//npm.pkg.github.com/:_authToken=ghs_${'a'.repeat(36)}\nregistry=x`,
      '//npm.pkg.github.com/:_authToken=<token>\nregistry=x',
    ],
    [`eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.${'c'.repeat(20)}`, '<token>'],
    [
      '[default]\naws_access_key_id=ASIAABCDEFGHIJKLMNOP\naws_session_token=x\nregion=y',
      '[default]\n<key>\n<key>\nregion=y',
    ],
    ['[default]\naws_access_key_id=AKIAABCDEFGHIJKLMNOP', '[default]\naws_access_key_id=AKIAABCDEFGHIJKLMNOP'],
    ['ghp_0123456789012345678901234567890123456', 'ghp_0123456789012345678901234567890123456'],
  ])('what lives for one job is left out: %j', (text, rest) => {
    expect(withoutShortLived(text)).toBe(rest);
  });
});

test('labels of docker/metadata-action that say when and where are left out, at each level', () => {
  expect(
    withoutOrigin([
      'org.opencontainers.image.created=now',
      'org.opencontainers.image.title=web',
      'index,manifest:org.opencontainers.image.revision=abc',
      'manifest[linux/amd64]:org.opencontainers.image.version=1',
      'team=org.opencontainers.image.created=x',
    ]),
  ).toEqual(['org.opencontainers.image.title=web', 'team=org.opencontainers.image.created=x']);
});

test('MUTABLE_WITH_EXCLUSION is the mirror of IMMUTABLE_WITH_EXCLUSION', () => {
  const filter = fc.stringMatching(/^[a-z0-9.*-]{1,6}$/);
  const tag = fc.stringMatching(/^[a-z0-9.-]{1,6}$/);
  fc.assert(
    fc.property(fc.array(filter, { maxLength: 5 }), tag, (exclusions, name) => {
      const [one, other] = [true, false].map((immutable) => isImmutableTag(name, { immutable, exclusions }));
      expect(one).toBe(!other);
    }),
  );
  expect(isImmutableTag('latest', { immutable: true, exclusions: ['latest'] })).toBe(false);
  expect(isImmutableTag('latest-1', { immutable: true, exclusions: ['latest'] })).toBe(true);
  expect(isImmutableTag('dev-1', { immutable: true, exclusions: ['dev-*'] })).toBe(false);
  expect(isImmutableTag('1x2', { immutable: true, exclusions: ['1.2'] })).toBe(true);
  expect(isImmutableTag('v1', { immutable: false, exclusions: ['v*'] })).toBe(true);
  expect(isImmutableTag('v1', undefined)).toBe(false);
});

const PARTS: FingerprintParts = {
  dockerfile: { path: 'Dockerfile', text: 'FROM scratch' },
  context: 'hash',
  buildContexts: [
    ['a', '1'],
    ['b', '2'],
  ],
  target: 'final',
  buildArgs: ['A=1', 'B', 'C=x=y'],
  platforms: ['linux/amd64', 'linux/arm64'],
  labels: ['a=1', 'b=2'],
  annotations: ['a=1', 'b=2'],
  secrets: { ids: ['a', 'b'], values: 'v' },
  ssh: ['a', 'b'],
  provenance: 'mode=max',
  sbom: 'true',
  exports: ['a', 'b'],
  network: ['none', 'add'],
  sourceDateEpoch: '1',
};

describe('the parts of a fingerprint', () => {
  const { dockerfile: _, ...withoutDockerfile } = PARTS;
  test.each<[string, FingerprintParts]>([
    ['buildContexts', { ...PARTS, buildContexts: [...PARTS.buildContexts].reverse() }],
    ['buildArgs', { ...PARTS, buildArgs: [...PARTS.buildArgs].reverse() }],
    ['buildArgs, given twice', { ...PARTS, buildArgs: ['A=0', ...PARTS.buildArgs] }],
    ['platforms', { ...PARTS, platforms: [...PARTS.platforms].reverse() }],
    ['labels', { ...PARTS, labels: [...PARTS.labels].reverse() }],
    ['annotations', { ...PARTS, annotations: [...PARTS.annotations].reverse() }],
    ['secrets', { ...PARTS, secrets: { ...PARTS.secrets, ids: [...PARTS.secrets.ids].reverse() } }],
    ['ssh', { ...PARTS, ssh: [...PARTS.ssh].reverse() }],
    ['exports', { ...PARTS, exports: [...PARTS.exports].reverse() }],
  ])('the order does not count: %s', (_name, parts) => expect(fingerprintOf(parts)).toBe(fingerprintOf(PARTS)));

  test.each<[string, FingerprintParts]>([
    ['dockerfile', withoutDockerfile],
    ['context', { ...PARTS, context: 'other' }],
    ['buildContexts', { ...PARTS, buildContexts: [['a', '1']] }],
    ['target', { ...PARTS, target: '' }],
    ['buildArgs', { ...PARTS, buildArgs: ['A=1', 'B=', 'C=x=y'] }],
    ['buildArgs', { ...PARTS, buildArgs: ['A=1', 'B', 'C=x=z'] }],
    ['platforms', { ...PARTS, platforms: ['linux/amd64'] }],
    ['labels', { ...PARTS, labels: ['a=1'] }],
    ['annotations', { ...PARTS, annotations: ['a=1', 'b=3'] }],
    ['secrets', { ...PARTS, secrets: { ids: ['a'], values: 'v' } }],
    ['secrets', { ...PARTS, secrets: { ids: ['a', 'b'], values: 'w' } }],
    ['ssh', { ...PARTS, ssh: ['a'] }],
    ['provenance', { ...PARTS, provenance: '' }],
    ['sbom', { ...PARTS, sbom: '' }],
    ['exports', { ...PARTS, exports: ['a'] }],
    ['network', { ...PARTS, network: ['add', 'none'] }],
    ['sourceDateEpoch', { ...PARTS, sourceDateEpoch: '2' }],
  ])('each counts, and the debug log shows which: %s', (name, parts) => {
    expect(fingerprintOf(parts)).not.toBe(fingerprintOf(PARTS));
    const [before, after] = [PARTS, parts].map((one) => partHashes(one).split(', '));
    const changed = after?.filter((part, i) => part !== before?.[i]);
    expect(changed).toEqual([expect.stringMatching(new RegExp(`^${name} [0-9a-f]{12}$`))]);
  });

  test('the tag of a content', () => {
    expect(fingerprintOf(PARTS)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(contentTag('sha256:0a1b')).toBe('content-0a1b');
  });
});

const LAYOUT = `oci-layout:///layout@sha256:${'a'.repeat(64)}`;
test.each<[text: string, source: object]>([
  ['docker-image://alpine', { kind: 'text', text: 'docker-image://alpine' }],
  [LAYOUT, { kind: 'text', text: LAYOUT }],
  [`${LAYOUT}a`, { kind: 'unknown', why: `\`${LAYOUT}a\` does not name its image by digest` }],
  ['git://h/a#b:c:d', { kind: 'git', url: 'git://h/a', ref: 'b', folder: 'c:d' }],
  ['ssh://git@h/a', { kind: 'git', url: 'ssh://git@h/a', ref: '', folder: '' }],
  ['git@h:a.git#:f', { kind: 'git', url: 'git@h:a.git', ref: '', folder: 'f' }],
  ['github.com/a/b#v1', { kind: 'git', url: 'https://github.com/a/b', ref: 'v1', folder: '' }],
  ['http://h/a.git', { kind: 'git', url: 'http://h/a.git', ref: '', folder: '' }],
  ['https://h/a.git?ref=x', { kind: 'unknown', why: 'the Git context `https://h/a.git` has a query' }],
  ['https://h/github.com/a', { kind: 'unknown', why: 'the context `https://h/github.com/a` is a remote archive' }],
  ['https://h/a.gitx', { kind: 'unknown', why: 'the context `https://h/a.gitx` is a remote archive' }],
  ['http://h/a.tar', { kind: 'unknown', why: 'the context `http://h/a.tar` is a remote archive' }],
  ['./github.com/a', { kind: 'folder', path: './github.com/a' }],
  ['./git@h', { kind: 'folder', path: './git@h' }],
  ['a.git', { kind: 'folder', path: 'a.git' }],
  ['x/https://a', { kind: 'folder', path: 'x/https://a' }],
  ['-', { kind: 'unknown', why: 'the context is read from standard input' }],
])('what the context %s is', (text, source) => expect(contextSource(text)).toEqual(source));

describe('what an image says of its build', () => {
  const REVISION = 'org.opencontainers.image.revision';
  test.each<[values: JsonObject, origin: object]>([
    [
      { [FINGERPRINT_KEY]: 'sha256:1', [REVISION]: 'abc', other: 'x' },
      { fingerprint: 'sha256:1', revision: 'abc' },
    ],
    [{ [FINGERPRINT_KEY]: 'sha256:1' }, { fingerprint: 'sha256:1' }],
    [{ [REVISION]: 'abc' }, { revision: 'abc' }],
    [{ [FINGERPRINT_KEY]: '', [REVISION]: '' }, {}],
    [{ [FINGERPRINT_KEY]: 1, [REVISION]: null }, {}],
    [{}, {}],
  ])('%j', (values, origin) => {
    expect(originInManifest({ annotations: values })).toEqual(origin);
    expect(originInConfig({ config: { Labels: values } })).toEqual(origin);
  });

  test('nothing where there are no annotations or labels', () => {
    expect([originInManifest({}), originInManifest({ annotations: null })]).toEqual([{}, {}]);
    expect([originInConfig({}), originInConfig({ config: 'x' }), originInConfig({ config: {} })]).toEqual([{}, {}, {}]);
  });

  test('the images of an index, without attestations and what has no digest or platform', () => {
    const platform = { os: 'linux', architecture: 'amd64' };
    const attestation = { 'vnd.docker.reference.type': 'attestation-manifest' };
    const manifests = [
      { digest: 'sha256:1', platform },
      { digest: 'sha256:2', platform, annotations: attestation },
      { digest: 'sha256:3' },
      { digest: 4, platform },
      { platform },
      'odd',
      { digest: 'sha256:5', platform: { os: 'linux', architecture: 'arm64' } },
    ];
    expect(imagesOfIndex({ manifests })).toEqual(['sha256:1', 'sha256:5']);
    expect([imagesOfIndex({ manifests: [] }), imagesOfIndex({}), imagesOfIndex({ manifests: 'x' })]).toEqual([
      [],
      undefined,
      undefined,
    ]);
  });
});

test.each([
  [`ghu_${'a'.repeat(16)}`, '<token>'],
  [`ghs_${'a'.repeat(15)}`, `ghs_${'a'.repeat(15)}`],
  [`xghs_${'a'.repeat(16)}`, `xghs_${'a'.repeat(16)}`],
  [`eyJ${'a'.repeat(10)}`, '<token>'],
  [`eyJ${'a'.repeat(9)}`, `eyJ${'a'.repeat(9)}`],
  [`ya29.${'a'.repeat(16)} b`, '<token> b'],
  [`ya29.${'a'.repeat(15)}`, `ya29.${'a'.repeat(15)}`],
  [`a\nx ASIA${'A'.repeat(12)} y\nb`, 'a\n<key>\nb'],
  [`ASIA${'A'.repeat(11)}`, `ASIA${'A'.repeat(11)}`],
  ['AWS_SECRET_ACCESS_KEY=x\nAWS_SESSION_TOKEN=y', '<key>\n<key>'],
  ['AWS_SECRET_ACCESS_KEY=x', 'AWS_SECRET_ACCESS_KEY=x'],
])('%j without what lives for one job', (text, rest) => expect(withoutShortLived(text)).toBe(rest));
