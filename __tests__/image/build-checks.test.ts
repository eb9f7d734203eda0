import { Failure } from '../../src/failure.ts';
import { checkBuild, checkBuildSources, lifecyclePolicyIn } from '../../src/image/build-checks.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import type { Shell } from '../../src/ports.ts';
import { BUILD } from './made.ts';

const DOCKERFILE =
  'FROM node:24 AS build\nRUN --mount=type=secret,id=npm true\nFROM --platform=$X scratch as runtime\n';

async function mistakes(
  build: Partial<BuildInputs>,
  files: Readonly<Record<string, string>> = { Dockerfile: DOCKERFILE },
) {
  const all: Readonly<Record<string, string>> = { '.': '', ...files };
  const disk = {
    exists: async (path: string) => path in all || Object.keys(all).some((file) => file.startsWith(`${path}/`)),
    list: async (path: string) => {
      const below = path === '.' ? '' : `${path}/`;
      const names = Object.keys(all).flatMap((file) =>
        file !== '.' && file.startsWith(below) ? [file.slice(below.length).split('/')[0] ?? ''] : [],
      );
      return names.length > 0 ? [...new Set(names)] : undefined;
    },
    readText: async (path: string) => {
      const text = all[path];
      if (text === undefined)
        throw new Failure('NOT_FOUND', `File ${path} does not exist.`, { remedy: 'Did you mean?' });
      return text;
    },
  };
  try {
    await checkBuildSources({ kind: 'build', build: { ...BUILD, ...build } }, disk);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'INVALID_INPUT' || thrown.mistakes.length === 0) throw thrown;
    return thrown.mistakes.map(({ subject, problem, remedy }) => `${subject}: ${problem} ${remedy}`);
  }
}

test.each<[string, Partial<BuildInputs>, Record<string, string>]>([
  ['a Dockerfile in the context', {}, { Dockerfile: DOCKERFILE }],
  ['in lower case', {}, { dockerfile: DOCKERFILE }],
  ['by name', { file: 'a/Prod.Dockerfile' }, { 'a/Prod.Dockerfile': DOCKERFILE }],
  ['a stage in another case', { target: 'Runtime' }, { Dockerfile: DOCKERFILE }],
  [
    'a stage before others, with a continued line',
    { target: 'base' },
    { Dockerfile: 'FROM scratch \\ \t\r\n  AS base\nCOPY a /\nFROM base AS unwanted\nFROM base AS wanted\n' },
  ],
  ['the workspace itself, without a question', {}, { '.': '', Dockerfile: DOCKERFILE }],
  ['a remote Dockerfile', { file: 'https://h/Dockerfile', target: 'y' }, {}],
  ['one from standard input', { file: '-', target: 'y' }, {}],
  ['the syntax of Docker itself', { target: 'x' }, { Dockerfile: '#  syntax = docker/dockerfile:1\nFROM a as  x\n' }],
  ['names of stages with dots and dashes', { target: 'a.b-c' }, { Dockerfile: '\tFROM\t--platform=x y\tas\t a.b-c\n' }],
  ['a secret for Git', { uncertainSecrets: ['GIT_AUTH_TOKEN'] }, { Dockerfile: DOCKERFILE }],
  ['a context that is there', { buildContexts: ['a=./b=c'] }, { Dockerfile: DOCKERFILE, './b=c': '' }],
  ['a secret file that is there', { secretFiles: [['a', 'b']] }, { Dockerfile: DOCKERFILE, b: '' }],
  ['a folder with a Dockerfile', { context: 'app' }, { 'app/dockerfile': DOCKERFILE }],
  ['a stage by number', { target: '0' }, { Dockerfile: DOCKERFILE }],
  ['a Git context', { context: 'https://github.com/a/b.git#main', file: 'x', target: 'y' }, {}],
  ['a Git context by ssh', { context: 'git@github.com:a/b.git' }, {}],
  ['a Dockerfile in another language', { target: 'any' }, { Dockerfile: '# syntax=acme/build:1\n' }],
  [
    'contexts that are no paths',
    { buildContexts: ['a=docker-image://alpine', 'b=target:x'] },
    { Dockerfile: DOCKERFILE },
  ],
  [
    'secrets that the Dockerfile uses',
    {
      secrets: [
        ['a', '1'],
        ['npm', '2'],
      ],
      uncertainSecrets: ['npm'],
    },
    { Dockerfile: DOCKERFILE },
  ],
])('taken: %s', async (_, build, files) => {
  expect(await mistakes(build, files)).toEqual([]);
});

test('everything that is missing is reported at once', async () => {
  expect(
    await mistakes({
      target: 'runtim',
      buildContexts: ['settings=./settings'],
      secretFiles: [['key', 'key.pem']],
    }),
  ).toEqual([
    'target: Dockerfile has no build stage `runtim`. Did you mean `runtime`?',
    expect.stringMatching(/^build-contexts: `settings` names `\.\/settings`, which does not exist\./),
    expect.stringMatching(/^build-secret-files: `key` names a file that does not exist\. .*`build-secrets`\.$/),
  ]);
  expect(await mistakes({ context: 'app' })).toEqual([expect.stringMatching(/^context: folder `app` does not exist/)]);
  expect(await mistakes({ file: 'Dockerfil' })).toEqual(['file: File Dockerfil does not exist. Did you mean?']);
});

test.each<[string, Partial<BuildInputs>, Record<string, string>, string]>([
  ['a folder', { context: 'ap' }, { 'app/Dockerfile': '' }, 'context: folder `ap` does not exist. Did you mean `app`?'],
  [
    'a file as context',
    { context: 'app/Dockerfile' },
    { 'app/Dockerfile': '' },
    'context: `app/Dockerfile` is a file, not a folder. Name the folder whose files the build gets, such as `context: app`; the Dockerfile is named by `file`.',
  ],
  [
    'another name of the Dockerfile',
    { context: 'app' },
    { 'app/Dockerfile.prod': '', 'app/x': '' },
    'file: File app/Dockerfile does not exist. The folder has another one: write `file: app/Dockerfile.prod`.',
  ],
  [
    'a Dockerfile below the context',
    { context: 'app', file: 'Prod.Dockerfile' },
    { 'app/Prod.Dockerfile': '' },
    'file: File Prod.Dockerfile does not exist. `file` is a path from the workspace, not from `context`: write `file: app/Prod.Dockerfile`.',
  ],
  [
    'many other names, of which three are named',
    {},
    { 'a.Dockerfile': '', 'Dockerfile.b': '', Containerfile: '', 'd.dockerfile': '', 'my-Dockerfile-notes': '' },
    'file: File Dockerfile does not exist. The folder has another one: write `file: a.Dockerfile` or `file: Dockerfile.b` or `file: Containerfile`.',
  ],
  [
    'nothing of that name below the context either',
    { context: 'app', file: 'Prod.Dockerfile' },
    { 'app/x': '' },
    'file: File Prod.Dockerfile does not exist. Did you mean?',
  ],
  [
    'another context',
    { buildContexts: ['a=./setings'] },
    { Dockerfile: '', 'settings/x': '' },
    'build-contexts: `a` names `./setings`, which does not exist. Did you mean `settings`?',
  ],
])('what is on the disk instead: %s', async (_, build, files, expected) => {
  expect(await mistakes(build, files)).toEqual([expected]);
});

test.each<[string, Partial<BuildInputs>, Record<string, string> | undefined, string]>([
  [
    'no stage',
    { target: 'nowhere' },
    undefined,
    'target: Dockerfile has no build stage `nowhere`. It has `build`, `runtime`.',
  ],
  [
    'no named stage',
    { target: 'x' },
    { Dockerfile: 'FROM a\nRUN echo FROM b AS x\n' },
    'target: Dockerfile has no build stage `x`. It has no stage with a name.',
  ],
  [
    'digits in a name',
    { target: 'a1' },
    { Dockerfile: 'FROM a AS other\n' },
    'target: Dockerfile has no build stage `a1`. It has `other`.',
  ],
  [
    'no Dockerfile',
    {},
    {},
    'file: File Dockerfile does not exist. Name it with `file`, or the folder that holds it with `context`.',
  ],
  [
    'none in a folder',
    { context: 'app' },
    { 'app/x': '' },
    'file: File app/Dockerfile does not exist. Name it with `file`',
  ],
  [
    'a syntax in a later comment',
    { target: 'x' },
    { Dockerfile: 'FROM a AS b\nRUN # syntax=acme/x\n' },
    'target: Dockerfile has no build stage `x`',
  ],
  [
    'a path that only has an address in it',
    { context: 'a/git@x' },
    undefined,
    'context: folder `a/git@x` does not exist. Paths start at the workspace.',
  ],
])('refused: %s', async (_, build, files, expected) => {
  expect(await mistakes(build, files)).toEqual([expect.stringContaining(expected)]);
});

test('an image that is not built has no sources; several mistakes are counted', async () => {
  const disk = { exists: async () => false, list: async () => undefined, readText: async () => '' };
  const given = { kind: 'given', reference: 'x' } as unknown as Parameters<typeof checkBuildSources>[0];
  await expect(checkBuildSources(given, disk)).resolves.toBeUndefined();
  const build = { ...BUILD, secretFiles: [['a', 'x'] as const] };
  await expect(checkBuildSources({ kind: 'build', build }, disk)).rejects.toThrow('have one mistake; nothing was');
  const two = { ...build, context: 'app' };
  await expect(checkBuildSources({ kind: 'build', build: two }, disk)).rejects.toThrow('have 2 mistakes; nothing was');
});

test('why a Dockerfile that is there cannot be read is said', async () => {
  const disk = {
    exists: async () => true,
    list: async () => ['Dockerfile'],
    readText: async (path: string) => Promise.reject(new Failure('INVALID_INPUT', `File ${path} cannot be read.`)),
  };
  await expect(
    checkBuildSources({ kind: 'build', build: { ...BUILD, file: 'Dockerfile' } }, disk),
  ).rejects.toMatchObject({
    mistakes: [{ subject: 'file', problem: 'File Dockerfile cannot be read.' }],
  });
});

test('a lifecycle policy is found wherever the image comes from', () => {
  const of = (image: object) => lifecyclePolicyIn(image as Parameters<typeof lifecyclePolicyIn>[0]);
  expect(of({ kind: 'build', build: { ...BUILD, lifecyclePolicy: 'keep: 10' } })).toBe('keep: 10');
  expect(of({ kind: 'build', build: BUILD, lifecyclePolicy: 'not this one' })).toBeUndefined();
  expect(of({ kind: 'given', lifecyclePolicy: 'keep: 20' })).toBe('keep: 20');
  expect(of({ kind: 'given' })).toBeUndefined();
});

describe("BuildKit's own checks", () => {
  const signal = new AbortController().signal;
  async function check(answer: { exitCode?: number; stdout?: string; stderr?: string } | Error, build = {}) {
    const asked: string[] = [];
    const shell: Shell = {
      run: async (program, args, options) => {
        expect(options?.signal).toBe(signal);
        asked.push([program, ...args].join(' '));
        if (answer instanceof Error) throw answer;
        return { exitCode: 0, stdout: '', stderr: '', ...answer };
      },
    };
    const files = {
      exists: async () => false,
      list: async () => [],
      readText: async () => '',
      makeTemporaryFolder: async () => '/t',
      remove: async () => {},
      writeText: async () => {},
    };
    const masker = { text: (text: string) => text };
    const runner = { dockerConfig: '/home/.docker' };
    const world = { shell, signal, files, masker, runner, sources: { variable: () => undefined } };
    return {
      said: await checkBuild({ ...BUILD, ...build }, world),
      asked,
    };
  }
  const RULE = 'https://docs.docker.com/go/dockerfile/rule/from-as-casing/';
  test.each<[string, Parameters<typeof check>[0], string[]]>([
    ['nothing found', {}, ['ok build: the Dockerfile is in order']],
    [
      'warnings, with their places',
      {
        exitCode: 1,
        stdout: `WARNING: FromAsCasing - ${RULE}\n'as' and 'FROM' do not match\nDockerfile:12\n---\n\nWARNING: Other - ${RULE}\nno place\n---\n`,
      },
      [
        `warn build: Dockerfile:12: 'as' and 'FROM' do not match (FromAsCasing, ${RULE})`,
        `warn build: no place (Other, ${RULE})`,
      ],
    ],
    [
      'a warning that another line quotes',
      { stdout: `#5 echo WARNING: FromAsCasing - ${RULE}\ntext\n` },
      ['ok build: the Dockerfile is in order'],
    ],
    ['an error', { exitCode: 1, stdout: 'x', stderr: 'ERROR: failed to solve: no stage' }, ['bad build: no stage']],
    [
      'no daemon',
      { exitCode: 1, stderr: 'ERROR: Cannot connect to the Docker daemon at x' },
      ['skip build: not checked. The Docker daemon of this runner is down: Cannot connect to the Docker daemon at x'],
    ],
    [
      'a builder that does not exist',
      { exitCode: 1, stderr: 'ERROR: no builder "ghost" found' },
      [
        "bad build: The context `ghost`, which docker's own configuration (`docker context use`) names, does not exist on this runner. Choose another one (docker context use default), or create it in a step before (docker context create).",
      ],
    ],
    [
      'an old buildx',
      { exitCode: 1, stderr: 'unknown flag: --call' },
      ['skip build: not checked. unknown flag: --call'],
    ],
    ['no docker', new Failure('TOOL_MISSING', 'No docker.'), ['skip build: not checked. No docker.']],
    ['no answer', new Failure('UNAVAILABLE', 'No answer.'), ['skip build: not checked. No answer.']],
  ])('%s', async (_, answer, expected) =>
    expect((await check(answer)).said.map(({ status, text }) => `${status} ${text}`)).toEqual(expected),
  );
  test.each<[string, Parameters<typeof check>[0], true | undefined]>([
    ['no docker', new Failure('TOOL_MISSING', 'No docker.'), true],
    ['no daemon', { exitCode: 1, stderr: 'ERROR: Cannot connect to the Docker daemon at x' }, true],
    ['no answer', new Failure('UNAVAILABLE', 'No answer.'), undefined],
    ['an old buildx', { exitCode: 1, stderr: 'unknown flag: --call' }, undefined],
    ['nothing found', {}, undefined],
  ])('%s: whether anything can be built on this runner', async (_, answer, noEngine) =>
    expect((await check(answer)).said.map((one) => one.noEngine)).toEqual([noEngine]),
  );
  test('a cancelled run ends', () =>
    expect(check(new Failure('CANCELLED', 'Cancelled.'))).rejects.toThrow('Cancelled.'));
  test('a secret among the build arguments is not in those of docker', async () => {
    const { said, asked } = await check({}, { buildArgs: ['NPM_TOKEN=correct-horse-9'] });
    expect(said).toEqual([{ status: 'ok', text: 'build: the Dockerfile is in order' }]);
    expect(asked).toEqual(['docker buildx build --call=check --progress=plain --build-arg NPM_TOKEN .']);
  });
  test('look at what would be built', async () => {
    const build = { builder: 'b', file: 'f', target: 't', buildArgs: ['A=1'], buildContexts: ['c=d'], context: 'app' };
    expect((await check({}, build)).asked).toEqual([
      'docker buildx build --call=check --progress=plain --builder=b --file=f --target=t --build-arg A=1 --build-context c=d app',
    ]);
    expect((await check({})).asked).toEqual(['docker buildx build --call=check --progress=plain .']);
  });
});

test('an id that the Dockerfile does not use may be a piece of a secret: refused, and not shown', async () => {
  const told = await mistakes({
    secrets: [
      ['npm', 'x'],
      ['hunter2', 'y'],
    ],
    uncertainSecrets: ['hunter2'],
  });
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^build-secrets: Dockerfile does not use secret 2/);
  expect(told.join()).not.toContain('hunter2');
});
