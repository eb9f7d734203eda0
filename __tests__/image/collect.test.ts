import { createHash } from 'node:crypto';
import { buildSources } from '../../src/adapters/build-sources.ts';
import { Failure } from '../../src/failure.ts';
import { type CollectWorld, fingerprint } from '../../src/image/collect.ts';
import { fingerprintOf, partHashes, withoutOrigin } from '../../src/image/fingerprint.ts';
import { eventLabels } from '../../src/inputs/image-names.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import { costOf, costOfAsync } from '../support/cost.ts';
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

  test('a guess costs as much as a thousand hashes, and another repository needs other guesses', async () => {
    const hashes = costOf(() => {
      for (let i = 0; i < 1000; i++) createHash('sha256').update(`app 1234 ${i}`).digest();
    });
    expect(await costOfAsync(() => buildSources.secrets('1234', 'app'))).toBeGreaterThan(hashes);
    const one = await buildSources.secrets('1234', 'app');
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
});

describe('what counts, part by part', () => {
  const ONE = '1'.repeat(40);
  const NONE = {
    dockerfile: { path: '', text: 'FROM scratch' },
    context: 'hash of ., ',
    buildContexts: [],
    target: '',
    buildArgs: [],
    platforms: ['linux/amd64'],
    labels: withoutOrigin(eventLabels(CONTEXT)),
    annotations: [],
    secrets: { ids: [], values: '' },
    ssh: [],
    provenance: '',
    sbom: '',
    exports: [],
    network: [''],
    sourceDateEpoch: '',
  };
  const git = (commit: string, path: string) => ({ dockerfile: { path, text: '' }, context: `git ${commit} ` });
  const secrets = (ids: string[], ...values: (readonly [string, string])[]) => ({
    secrets: { ids, values: `slow ${JSON.stringify(values)} fingerprint app` },
  });
  const opaque = (...ids: string[]) => ({ secrets: { ids, values: '' } });
  test.each<[string, Readonly<Record<string, string>>, object]>([
    ['nothing but the Dockerfile', {}, {}],
    [
      'settings of the build',
      {
        target: 't',
        'build-args': 'A=1\nVERSION',
        labels: 'l=1',
        annotations: 'a=1',
        ssh: 'default=/agent',
        provenance: 'mode=max',
        attests: 'type=sbom,generator=x',
        outputs: 'type=local,dest=o',
        network: 'none',
        'add-hosts': 'h:1.2.3.4',
      },
      {
        target: 't',
        buildArgs: ['A=1', 'VERSION=v'],
        labels: [...NONE.labels, 'l=1'],
        annotations: ['a=1'],
        ssh: ['default'],
        provenance: 'mode=max',
        exports: ['type=sbom,generator=x', 'type=local,dest=o'],
        network: ['none', 'h:1.2.3.4'],
      },
    ],
    [
      'contexts: a folder with what it ignores',
      { 'build-contexts': 'a=lib' },
      { buildContexts: [['a', 'hash of lib, i']] },
    ],
    ['a folder that ignores nothing', { 'build-contexts': 'a=src' }, { buildContexts: [['a', 'hash of src, ']] }],
    [
      'images, and Git by its commit',
      { 'build-contexts': `a=docker-image://x\nb=https://h/r.git#${ONE}:sub` },
      {
        buildContexts: [
          ['a', 'docker-image://x'],
          ['b', `git ${ONE} sub`],
        ],
      },
    ],
    ['a Dockerfile inside a repository', { context: `https://h/r.git#${ONE}`, file: 'D' }, git(ONE, 'D')],
    ['none is named there', { context: `https://h/r.git#${ONE}` }, git(ONE, '')],
    [
      'a Dockerfile with an address in its path',
      { file: 'x/https://D' },
      { dockerfile: { path: 'x/https://D', text: 'F' } },
    ],
    ['secrets, by id', { 'build-secrets': 'b=1\na=2' }, secrets(['b', 'a'], ['a', '2'], ['b', '1'])],
    ['a byte order mark', { 'build-secret-files': 'a=bom' }, secrets(['a'], ['a', '\uFEFFx'])],
    [
      'tokens for Git',
      { 'build-secrets': 'GIT_AUTH_TOKEN=1\nGIT_AUTH_HEADER.h=2' },
      opaque('GIT_AUTH_TOKEN', 'GIT_AUTH_HEADER.h'),
    ],
    [
      'not what only looks so',
      { 'build-secrets': 'MY_GIT_AUTH_TOKEN=1' },
      secrets(['MY_GIT_AUTH_TOKEN'], ['MY_GIT_AUTH_TOKEN', '1']),
    ],
    ['keys of a session', { 'build-secret-envs': 'a=AWS_SESSION_TOKEN' }, opaque('a')],
    ['not what only begins so', { 'build-secret-envs': 'a=AWS_SESSION_TOKENS' }, secrets(['a'], ['a', 'long'])],
    ['nor what only ends so', { 'build-secret-envs': 'a=MY_AWS_SESSION_TOKEN' }, secrets(['a'], ['a', 'my'])],
    [
      'a token beside a value',
      { 'build-secrets': 'GIT_AUTH_TOKEN=1\nz=2' },
      secrets(['GIT_AUTH_TOKEN', 'z'], ['GIT_AUTH_TOKEN', '<token>'], ['z', '2']),
    ],
  ])('%s', async (_, given, parts) => {
    files.set('lib/.dockerignore', 'i').set('bom', '\uFEFFx').set('x/https://D', 'F');
    variables.set('VERSION', 'v').set('AWS_SESSION_TOKEN', 's');
    variables.set('AWS_SESSION_TOKENS', 'long').set('MY_AWS_SESSION_TOKEN', 'my');
    const all = { ...NONE, ...parts };
    const value = fingerprintOf(all);
    const found = await of(given);
    expect(debug).toEqual([`fingerprint ${value}: ${partHashes(all)}`]);
    expect(found).toEqual({ kind: 'known', value });
  });
  test('what the environment does not have', async () => {
    const given: BuildInputs = { ...build(), sbom: 'true', buildArgs: ['NONE'], secretEnvs: [['a', 'NONE']] };
    const all = { ...NONE, sbom: 'true', buildArgs: ['NONE'], ...opaque('a') };
    expect(await fingerprint(given, async () => undefined, world)).toMatchObject({ value: fingerprintOf(all) });
  });
  test('the time that the environment gives the image', async () => {
    variables.set('SOURCE_DATE_EPOCH', '7');
    expect(await of()).toMatchObject({ value: fingerprintOf({ ...NONE, sourceDateEpoch: '7' }) });
  });

  test.each<[Readonly<Record<string, string>>, string]>([
    [{ file: '-' }, 'the Dockerfile is read from standard input'],
    [{ file: 'http://h/D' }, 'the Dockerfile `http://h/D` is remote'],
    [{ file: 'a.b/D' }, 'File a.b/D does not exist'],
    [{ context: 'https://h/r.git' }, 'the commit of `HEAD` in https://h/r.git cannot be read'],
    [{ context: `https://h/r.git#${ONE}0` }, `the commit of \`${ONE}0\` in https://h/r.git cannot be read`],
    [{ context: `https://h/r.git#x${ONE}` }, `the commit of \`x${ONE}\` in https://h/r.git cannot be read`],
  ])('not known: %j', async (given, why) => {
    gitAnswer = { exitCode: 1, stdout: `${ONE}\tHEAD\n` };
    expect(await of(given)).toEqual({ kind: 'unknown', why });
  });
  test('git is asked without a question to a user; one that is missing is no failure', async () => {
    gitAnswer = { exitCode: 0, stdout: `${ONE}\tHEAD\n` };
    const secret = { 'build-secrets': 'GIT_AUTH_TOKEN.h=t' };
    await of({ context: 'https://h/r.git', ...secret });
    await of({ context: 'https://other/r.git', ...secret });
    const args = (url: string) => ['ls-remote', '--', url, 'HEAD'];
    expect(asked).toEqual([
      {
        args: args('https://h/r.git'),
        env: {
          GIT_TERMINAL_PROMPT: '0',
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: 'http.https://h/.extraheader',
          GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${Buffer.from('x-access-token:t').toString('base64')}`,
        },
      },
      { args: args('https://other/r.git'), env: { GIT_TERMINAL_PROMPT: '0' } },
    ]);
    gitAnswer = new Failure('TOOL_MISSING', 'git');
    expect(await of({ context: 'https://h/r.git' })).toMatchObject({ why: expect.stringContaining('cannot be read') });
  });
  test('of two Dockerfiles the one with the capital counts; where none is there it is the one that is missing', async () => {
    files.set('dockerfile', 'other');
    expect(await of()).toMatchObject({ value: fingerprintOf(NONE) });
    files.clear();
    expect(await of()).toEqual({ kind: 'unknown', why: 'File Dockerfile does not exist' });
  });
});
