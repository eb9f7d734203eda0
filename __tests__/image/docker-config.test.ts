import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFiles } from '../../src/adapters/files.ts';
import { parseDockerConfig, withOwnHelpers } from '../../src/image/docker-config.ts';
import { helperFailed } from '../../src/image/login.ts';

test('logins, helpers, the store, and whatever else there is', () => {
  const text =
    '{"auths":{"a":{"auth":"eA=="}},"credHelpers":{"b":"ecr-login"},"credsStore":"pass","currentContext":"x"}';
  expect(parseDockerConfig(text)).toEqual({
    auths: { a: { auth: 'eA==' } },
    credHelpers: { b: 'ecr-login' },
    credsStore: 'pass',
    all: JSON.parse(text),
  });
});

test.each([[undefined], [''], ['{'], ['null'], ['[]'], ['"text"'], ['1']])('%s is an empty one', (text) => {
  expect(parseDockerConfig(text)).toEqual({ auths: {}, credHelpers: {}, all: {} });
});

test.each([['null'], ['"text"'], ['[{"a":1}]'], ['1']])('members that are %s count as nothing', (value) => {
  const text = `{"auths":${value},"credHelpers":${value}}`;
  expect(parseDockerConfig(text)).toEqual({ auths: {}, credHelpers: {}, all: JSON.parse(text) });
});

describe('credential-helpers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'helpers-'));
  const [bin, config, scripts] = ['bin', 'config', 'scripts'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [bin, config, scripts]) mkdirSync(one);
  for (const program of ['docker-credential-ecr-login', 'docker-credential-pass', 'aws'])
    writeFileSync(join(bin, program), `#!/bin/sh\necho "${program} $1 $(cat)"; env\n`, {
      mode: 0o755,
    });
  afterAll(() => rmSync(folder, { recursive: true }));

  const PATH = `${bin}:/usr/bin:/bin`;
  async function environment(
    docker: object,
    hidden: Readonly<Record<string, string>>,
    job: Record<string, string> = {},
  ) {
    writeFileSync(join(config, 'config.json'), JSON.stringify(docker));
    const env: Record<string, string> = { PATH, ...job };
    const files = createFiles(env);
    const sources = { variable: (name: string) => env[name] };
    const added = await withOwnHelpers(hidden, scripts, { files, runner: { dockerConfig: config }, sources });
    return { added, env: { ...env, ...added } };
  }

  const HELPERS = {
    credHelpers: { '210987654321.dkr.ecr.eu-west-1.amazonaws.com': 'ecr-login', 'ghcr.io': '' },
    credsStore: 'pass',
  };
  const HIDDEN = { AWS_SECRET_ACCESS_KEY: 'of the build', AWS_PROFILE: '', NPM_TOKEN: 'x' };
  const JOB = { AWS_SECRET_ACCESS_KEY: `of the job '"$1` };

  test.each(['docker-credential-ecr-login', 'docker-credential-pass', 'aws'])(
    '%s sees the environment of the job, and docker that of the build',
    async (program) => {
      const { env } = await environment(HELPERS, HIDDEN, JOB);
      expect(env).toMatchObject(HIDDEN);
      const printed = execFileSync(program, ['get'], { env, input: 'registry', encoding: 'utf8' });
      const [said, ...lines] = printed.trim().split('\n');
      expect(said).toBe(`${program} get registry`);
      const seen = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
      for (const name of ['PWD', 'SHLVL', '_', 'OLDPWD']) delete seen[name];
      expect(seen).toEqual({ PATH, ...JOB });
    },
  );

  test('a helper that is not there is missing in the words of docker', async () => {
    const { env } = await environment({ credsStore: 'gone' }, HIDDEN);
    const { status, stdout } = spawnSync('docker-credential-gone', ['get'], {
      env,
      input: 'registry',
      encoding: 'utf8',
    });
    expect([
      status,
      helperFailed('h.example', `error getting credentials - err: exit status 1, out: \`${stdout.trim()}\``),
    ]).toEqual([
      1,
      expect.objectContaining({
        message: expect.stringContaining('docker-credential-gone is not on the PATH of this runner'),
      }),
    ]);
  });

  test('a build without hidden secrets has the environment as it is', async () =>
    expect((await environment(HELPERS, {}, JOB)).added).toEqual({}));

  test('a name that is no program is no script', async () => {
    rmSync(scripts, { recursive: true });
    mkdirSync(scripts);
    await environment({ credsStore: '../x; rm', credHelpers: { a: '' } }, HIDDEN);
    expect(readdirSync(scripts)).toEqual(['aws', 'aws-iam-authenticator', 'ssh']);
  });
});
