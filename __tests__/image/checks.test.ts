import { Failure } from '../../src/failure.ts';
import { checkBuildSources } from '../../src/image/checks.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';

const BUILD: BuildInputs = {
  repository: 'app',
  context: '.',
  platforms: [],
  tags: ['1'],
  buildArgs: [],
  buildContexts: [],
  secrets: [],
  uncertainSecrets: [],
  secretFiles: [],
  secretEnvs: [],
  ssh: [],
  cacheFrom: [],
  cacheTo: [],
  cache: 'none',
  labels: [],
  annotations: [],
  pull: false,
  noCache: false,
  createRepository: false,
  byDigest: false,
  reuse: { kind: 'reuse', byContent: false },
  tuning: { addHosts: [], allow: [], attests: [], noCacheFilters: [], outputs: [], ulimits: [] },
};
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
    if (!(thrown instanceof Failure) || thrown.code !== 'INVALID_INPUT') throw thrown;
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
    { Dockerfile: 'FROM scratch \\\n  AS base\nCOPY a /\nFROM base AS unwanted\nFROM base AS wanted\n' },
  ],
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

test('everything that is missing is told at once', async () => {
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
    'another context',
    { buildContexts: ['a=./setings'] },
    { Dockerfile: '', 'settings/x': '' },
    'build-contexts: `a` names `./setings`, which does not exist. Did you mean `settings`?',
  ],
])('what is on the disk instead: %s', async (_, build, files, expected) => {
  expect(await mistakes(build, files)).toEqual([expected]);
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
