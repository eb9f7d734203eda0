import { hideSecrets, shownArguments, unhideable, withSafeProvenance } from '../../src/image/secret-arguments.ts';
import { readImage } from '../../src/inputs/image.ts';
import { secretsOfStep } from '../../src/inputs/secrets.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import { Masker } from '../../src/masker.ts';
import { FACTS, read } from '../inputs/made.ts';
import { BUILD } from './made.ts';

const TOKEN = 'ghp_0123456789abcdefABCDEF0123456789abcd';
const S3 = 'type=s3,region=eu-west-1,bucket=b,access_key_id=AKIDAKID,secret_access_key=abc/def+ghi==';

const FROM_ENV = { FROM_ENV: TOKEN };

function hide(
  build: Partial<BuildInputs>,
  cache: { from?: string[]; to?: string[] } = {},
  { secrets = [], env = FROM_ENV }: { secrets?: string[]; env?: Readonly<Record<string, string>> } = {},
) {
  const masker = new Masker();
  for (const secret of secrets) masker.add(secret);
  const { build: hidden, ...rest } = hideSecrets(
    { ...BUILD, ...build },
    { from: cache.from ?? [], to: cache.to ?? [] },
    { variable: (name) => env[name], mask: (text) => masker.text(text) },
  );
  return { args: hidden.buildArgs, ...rest };
}

test.each<[string, string[], string[], Record<string, string>, string[]]>([
  ['a plain one stays', ['A=b=c', 'B'], ['A=b=c', 'B'], {}, []],
  ['one by its name', ['NPM_TOKEN=x=y'], ['NPM_TOKEN'], { NPM_TOKEN: 'x=y' }, []],
  ['one by its value', [`X=${TOKEN}`], ['X'], { X: TOKEN }, []],
  ['one that repeats a secret of the run', ['X=before hunter22 after'], ['X'], { X: 'before hunter22 after' }, []],
  ['a bare one has its value in the environment already', ['FROM_ENV'], ['FROM_ENV'], {}, []],
  [
    'of two of one name docker takes the last',
    ['A_KEY=1', 'API_KEY=2', 'API_KEY=2'],
    ['A_KEY=1', 'API_KEY', 'API_KEY'],
    { API_KEY: '2' },
    [],
  ],
  [
    'two values for one name cannot both be hidden',
    ['API_KEY=1', 'API_KEY=2'],
    ['API_KEY', 'API_KEY=2'],
    { API_KEY: '1' },
    ['API_KEY'],
  ],
  [
    'docker reads the variable itself',
    ['http_proxy=http://u:hunter22@proxy:1'],
    ['http_proxy=http://u:hunter22@proxy:1'],
    {},
    ['http_proxy'],
  ],
  [
    'docker reads all of its own',
    [`DOCKER_AUTH_CONFIG=${TOKEN}`, `BUILDKIT_X=${TOKEN}`, `HOME=${TOKEN}`],
    [`DOCKER_AUTH_CONFIG=${TOKEN}`, `BUILDKIT_X=${TOKEN}`, `HOME=${TOKEN}`],
    {},
    ['DOCKER_AUTH_CONFIG', 'BUILDKIT_X', 'HOME'],
  ],
  [
    'what is no name of a variable',
    [`a.b=${TOKEN}`, `1TOKEN=${TOKEN}`],
    [`a.b=${TOKEN}`, `1TOKEN=${TOKEN}`],
    {},
    ['a.b', '1TOKEN'],
  ],
  [
    'the clusters of a builder',
    [`KUBECONFIG=${TOKEN}`, `EXPERIMENTAL_BUILDKIT_SOURCE_POLICY=${TOKEN}`],
    [`KUBECONFIG=${TOKEN}`, `EXPERIMENTAL_BUILDKIT_SOURCE_POLICY=${TOKEN}`],
    {},
    ['KUBECONFIG', 'EXPERIMENTAL_BUILDKIT_SOURCE_POLICY'],
  ],
  ['one of a name that only begins like one of docker', [`HOMEPAGE=${TOKEN}`], ['HOMEPAGE'], { HOMEPAGE: TOKEN }, []],
])('build arguments: %s', (_, given, args, env, shown) => {
  expect(hide({ buildArgs: given }, {}, { secrets: ['hunter22'] })).toMatchObject({ args, env, shown });
});

test('a bare argument and a secret one of the same name: the bare one keeps the value of the environment', () => {
  expect(hide({ buildArgs: ['FROM_ENV', `FROM_ENV=${TOKEN}`] })).toMatchObject({ env: {}, shown: ['FROM_ENV'] });
});

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDAKID', AWS_SECRET_ACCESS_KEY: 'abc/def+ghi==' };
const ALONE = { AWS_SESSION_TOKEN: '', AWS_PROFILE: '' };
test.each<[string, string, string, Record<string, string>]>([
  ['s3: keys', S3, 'type=s3,region=eu-west-1,bucket=b', { ...KEYS, ...ALONE }],
  [
    's3: keys of a session',
    `${S3},session_token=t`,
    'type=s3,region=eu-west-1,bucket=b',
    { ...KEYS, ...ALONE, AWS_SESSION_TOKEN: 't' },
  ],
  ['s3: an id alone', 'type=s3,bucket=b,access_key_id=AKID', 'type=s3,bucket=b,access_key_id=AKID', {}],
  ['s3: none', 'type=s3,bucket=b', 'type=s3,bucket=b', {}],
  [
    'gha: a token',
    'type=gha,token=t,url_v2=http://h/,mode=max',
    'type=gha,url_v2=http://h/,mode=max',
    { ACTIONS_RUNTIME_TOKEN: 't' },
  ],
  ['another type', 'type=local,token=t', 'type=local,token=t', {}],
  ['a reference', 'h/app:c', 'h/app:c', {}],
])('caches: %s', (_, given, left, env) => {
  expect(hide({}, { from: [given], to: [given] })).toMatchObject({ cache: { from: [left], to: [left] }, env });
});

test.each<[string, Partial<BuildInputs>, string[]]>([
  ['two caches of other credentials', {}, [S3, S3.replace('AKIDAKID', 'OTHER')]],
  ['a secret of the environment', { secretEnvs: [['aws', 'AWS_SECRET_ACCESS_KEY']] }, [S3]],
  ['a bare argument', { buildArgs: ['AWS_SESSION_TOKEN'] }, [S3]],
])('credentials of a cache and %s cannot both be in the environment', (_, build, to) => {
  expect(() => hide(build, { to })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
});

test.each<Partial<BuildInputs>>([
  { secretEnvs: [['aws', 'AWS_SECRET_ACCESS_KEY']] },
  { buildArgs: ['AWS_ACCESS_KEY_ID'] },
])('credentials of a cache that are those of the job are in the environment for all: %j', (build) =>
  expect(hide(build, { to: [S3] }, { env: KEYS })).toMatchObject({ env: KEYS, shown: [] }),
);

const GHA = 'type=gha,url=http://h/,token=t';
test.each<[string, string[], Record<string, string>, string | undefined]>([
  ['keys of the job', [S3, 'type=s3,bucket=b'], { AWS_ACCESS_KEY_ID: 'OF_THE_JOB' }, 'AWS_ACCESS_KEY_ID'],
  ['a profile of the job', [S3, 'type=s3,bucket=b'], { AWS_PROFILE: 'shop' }, 'AWS_PROFILE'],
  ['the same keys', [S3, 'type=s3,bucket=b'], KEYS, undefined],
  ['none: it takes what is there', [S3, 'type=s3,bucket=b'], {}, undefined],
  ["GitHub's own", [GHA, 'type=gha'], { ACTIONS_RUNTIME_TOKEN: 'of the job' }, 'ACTIONS_RUNTIME_TOKEN'],
  ['of another type', [GHA, 'type=s3,bucket=b'], { ACTIONS_RUNTIME_TOKEN: 'x', AWS_PROFILE: 'shop' }, undefined],
])('a cache without credentials does not get those of another one: %s', (_, to, env, variable) => {
  const hidden = () => hide({}, { to }, { env });
  if (variable === undefined) expect(hidden).not.toThrow();
  else expect(hidden).toThrow(`${variable} of its environment, and another cache of that type has none`);
});

test('an argument does not take the place of credentials that a cache has of the job', () => {
  const { args, env, shown } = hide({ buildArgs: [`AWS_SECRET_ACCESS_KEY=${TOKEN}`] }, { to: ['type=s3,bucket=b'] });
  expect([args, env, shown]).toEqual([[`AWS_SECRET_ACCESS_KEY=${TOKEN}`], {}, ['AWS_SECRET_ACCESS_KEY']]);
});

test('nor of a role or a file', () =>
  expect(hide({ buildArgs: ['AWS_WEB_IDENTITY_TOKEN_FILE=/tmp/t'] }, { to: ['type=s3,bucket=b'] })).toMatchObject({
    env: {},
    shown: ['AWS_WEB_IDENTITY_TOKEN_FILE'],
  }));

test('an argument of the name of a key of the cache stays, and is reported', () => {
  const { args, shown } = hide({ buildArgs: [`AWS_SECRET_ACCESS_KEY=${TOKEN}`] }, { to: [S3] });
  expect([args, shown]).toEqual([[`AWS_SECRET_ACCESS_KEY=${TOKEN}`], ['AWS_SECRET_ACCESS_KEY']]);
  expect(shownArguments(shown)).not.toContain(TOKEN);
});

test.each<[string, string | undefined]>([
  [S3, undefined],
  ['type=gha,token=t', undefined],
  ['type=gha,ghtoken=t', 'ghtoken'],
  ['type=azblob,account_url=http://h,secret_access_key=k', 'secret_access_key'],
  ['type=s3,bucket=b,"secret_access_key=a,b"', '"secret_access_key'],
  ['type=azblob,secret_access_key=', undefined],
  ['type=s3,bucket=b, secret_access_key=k', 'secret_access_key'],
  ['type=registry,ref=h/secret:token', undefined],
  ['h/app:c', undefined],
])('%s: docker has another way for all but %s', (value, attribute) => expect(unhideable(value)).toBe(attribute));

describe('provenance', () => {
  const of = (given: Record<string, string>, isPublic = false, env: Record<string, string> = {}) => {
    const { value } = read({ repository: 'app', ...given }, (reader) => readImage(reader, { ...FACTS, env }));
    if (value.kind !== 'build') throw new Error(value.kind);
    const masker = new Masker();
    for (const secret of secretsOfStep(new Map(Object.entries(given)), env)) masker.add(secret);
    const { build, note } = withSafeProvenance(value.build, isPublic, {
      variable: (name) => env[name],
      mask: (text) => masker.text(text),
    });
    return [build.provenance ?? build.tuning.attests.join(), note !== undefined];
  };
  test.each<[string, Record<string, string>, boolean, string, boolean]>([
    ['private: as buildx does, which is min', {}, false, '', false],
    ['public: max', {}, true, 'mode=max,inline-only=true', false],
    ['public with a secret argument: min', { 'build-args': 'NPM_TOKEN=abc' }, true, '', false],
    ['asked for', { provenance: 'mode=max', 'build-args': 'A=1' }, false, 'mode=max', false],
    ['max with a secret name', { provenance: 'mode=max', 'build-args': 'NPM_TOKEN=abc' }, false, 'mode=min', true],
    [
      'max with the value of a build secret',
      { provenance: 'mode=max', 'build-args': 'NPM=plainword', 'build-secrets': 'npm=plainword' },
      false,
      'mode=min',
      true,
    ],
    [
      'max with the value of a build secret inside',
      { provenance: 'mode=max', 'build-args': 'URL=host/npm_abc', 'build-secret-envs': 'npm=NPM_TOKEN' },
      false,
      'mode=min',
      true,
    ],
    [
      'public with the value of a build secret: min',
      { 'build-args': 'A=plainword', 'build-secrets': 'npm=plainword' },
      true,
      '',
      false,
    ],
    [
      'max with a value that is no secret beside one',
      { provenance: 'mode=max', 'build-args': 'A=other', 'build-secrets': 'npm=plainword' },
      false,
      'mode=max',
      false,
    ],
    ['true is max', { provenance: 'true', 'build-args': 'X=AKIAIOSFODNN7EXAMPLE' }, false, 'mode=min', true],
    [
      'its other fields stay',
      { provenance: 'mode=max,version=v1', 'build-args': 'DB_PASSWORD=x' },
      false,
      'version=v1,mode=min',
      true,
    ],
    ['from the environment', { provenance: 'mode=max', 'build-args': 'NPM_TOKEN' }, false, 'mode=min', true],
    [
      'attests',
      { attests: 'type=provenance,mode=max', 'build-args': 'NPM_TOKEN=abc' },
      false,
      'type=provenance,mode=min',
      true,
    ],
    ['min and false are left alone', { provenance: 'false', 'build-args': 'NPM_TOKEN=abc' }, false, 'false', false],
    [
      'an empty argument holds nothing',
      { provenance: 'mode=max', 'build-args': 'NPM_TOKEN=' },
      false,
      'mode=max',
      false,
    ],
  ])('%s', (_, given, isPublic, expected, note) => {
    expect(of(given, isPublic, { NPM_TOKEN: 'npm_abc' })).toEqual([expected, note]);
  });
});
