import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFiles } from '../../src/adapters/files.ts';
import { withOwnHelpers } from '../../src/image/credential-helpers.ts';

const folder = mkdtempSync(join(tmpdir(), 'helpers-'));
const [bin, config, scripts] = ['bin', 'config', 'scripts'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
for (const one of [bin, config, scripts]) mkdirSync(one);
for (const helper of ['ecr-login', 'pass'])
  writeFileSync(join(bin, `docker-credential-${helper}`), `#!/bin/sh\necho "${helper} $1 $(cat)"; env\n`, {
    mode: 0o755,
  });
afterAll(() => rmSync(folder, { recursive: true }));

const PATH = `${bin}:/usr/bin:/bin`;
async function environment(docker: object, hidden: Readonly<Record<string, string>>, job: Record<string, string> = {}) {
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

test.each(['ecr-login', 'pass'])(
  'the helper %s sees the environment of the job, and docker that of the build',
  async (helper) => {
    const { env } = await environment(HELPERS, HIDDEN, JOB);
    expect(env).toMatchObject(HIDDEN);
    const printed = execFileSync(`docker-credential-${helper}`, ['get'], { env, input: 'registry', encoding: 'utf8' });
    const [said, ...lines] = printed.trim().split('\n');
    expect(said).toBe(`${helper} get registry`);
    const seen = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    for (const name of ['PWD', 'SHLVL', '_', 'OLDPWD']) delete seen[name];
    expect(seen).toEqual({ PATH, ...JOB });
  },
);

test.each<[string, object, Readonly<Record<string, string>>]>([
  ['a build without hidden secrets', HELPERS, {}],
  ['a configuration without helpers', { auths: {} }, HIDDEN],
  ['a name that is no program', { credsStore: '../x; rm' }, HIDDEN],
])('%s has the environment as it is', async (_, docker, hidden) =>
  expect((await environment(docker, hidden, JOB)).added).toEqual(hidden),
);
