import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Simulator } from '../../simulator/simulator.ts';
import { createFiles } from '../../src/adapters/files.ts';
import { createShell } from '../../src/adapters/shell.ts';
import { authConfiguration, configurationWith, loginTo, versionReadsEnvironment } from '../../src/image/login.ts';
import type { Files } from '../../src/ports.ts';

const LOGIN = { host: 'host:1', auth: 'QVdTOng=' };

test.each([
  ['github.com/docker/buildx v0.36.1 0000000', true],
  ['github.com/docker/buildx v0.26.0 1a2b3c', true],
  ['github.com/docker/buildx 0.29.1+ds1 0.29.1+ds1-4', true],
  ['github.com/docker/buildx v1.0.0 1a2b3c', true],
  ['github.com/docker/buildx v0.25.9 1a2b3c', false],
  ['github.com/docker/buildx v0.9.1 ed00243a0ce2a0aee75311b06e32d33b44729689', false],
  ["docker: 'buildx' is not a docker command.", false],
  ['', false],
  ['github.com/docker/buildx v0.26 1a2b3c', false],
  ['github.com/docker/buildx v10.0.0', true],
  ['github.com/docker/buildx v0.100.12', true],
  ['github.com/docker/buildxv0.36.1', false],
])('%s reads the login in the environment: %s', (text, reads) => expect(versionReadsEnvironment(text)).toBe(reads));

test.each<[string, string | undefined, object]>([
  ['none', undefined, {}],
  ['one of another host', '{"auths":{"other":{"auth":"eA=="}}}', { other: { auth: 'eA==' } }],
  ['one of this host, which is ours now', '{"auths":{"host:1":{"auth":"eA=="}}}', {}],
  [
    'what Docker would not take',
    '{"auths":{"a":{"username":"x"},"b":{"auth":""},"c":null,"d":{"auth":"eA=="}},"x":1}',
    { d: { auth: 'eA==' } },
  ],
  ['no JSON', '{', {}],
  ['no object', '[null]', {}],
  ['auths that are none', '{"auths":"ab"}', {}],
])('logins of the job in the environment: %s', (_, own, kept) =>
  expect(JSON.parse(authConfiguration(own, LOGIN))).toEqual({ auths: { ...kept, 'host:1': { auth: LOGIN.auth } } }),
);

test.each<[string, string, object]>([
  [
    'a keychain',
    '{"credsStore":"osxkeychain","currentContext":"x"}',
    { credsStore: 'osxkeychain', currentContext: 'x' },
  ],
  ['a helper of this host', '{"credHelpers":{"host:1":"ecr-login","other":"x"}}', { credHelpers: { other: 'x' } }],
  ['logins', '{"auths":{"other":{"auth":"eA=="}}}', { auths: { other: { auth: 'eA==' } } }],
  ['nothing', '', {}],
  ['no JSON', '{', {}],
  ['no object', 'null', {}],
  ['helpers that are none', '{"credHelpers":null}', {}],
  ['texts in place of both', '{"auths":"ab","credHelpers":"cd"}', {}],
])('a configuration with %s gets the login, which no helper hides', (_, own, kept) => {
  const { credHelpers = {}, auths = {} } = kept as { credHelpers?: object; auths?: object };
  expect(JSON.parse(configurationWith(own, LOGIN))).toEqual({
    ...kept,
    auths: { ...auths, 'host:1': { auth: LOGIN.auth } },
    credHelpers: { ...credHelpers, 'host:1': '' },
  });
});

/** A machine whose buildx is of this version; what is written and linked, and what is masked and saved. */
async function loggedIn(version: { exitCode: number; stdout: string }, own?: string) {
  const done: string[] = [];
  const note = (...words: readonly string[]): void => void done.push(words.join(' '));
  const { env } = await loginTo(
    { host: 'host:1', username: 'AWS', password: 'p:w' },
    {
      files: {
        makeTemporaryFolder: async (prefix: string) => `/tmp/${prefix}1`,
        readText: async (path: string) => own ?? Promise.reject(new Error(path)),
        writeText: async (path: string, text: string, mode: number) => note('write', path, text, mode.toString(8)),
        link: async (from: string, to: string) => note('link', from, to),
      } as unknown as Files,
      runner: {
        dockerConfig: '/home/.docker',
        dockerAuthConfig: '{"auths":{"other":{"auth":"eA=="}}}',
        buildxConfig: '/home/.docker/buildx',
        mask: (secret) => note('mask', secret),
        saveState: (name, value) => note('save', name, value),
      },
      shell: {
        run: async (program, args) => {
          note(program, ...args);
          return { ...version, stderr: '' };
        },
      },
    },
  );
  return { env, done };
}
const AUTH = Buffer.from('AWS:p:w').toString('base64');
/** The version is asked beside the token; the login is masked before it stands anywhere. */
const BEFORE = ['docker buildx version', `mask ${AUTH}`];

test('the login is in the environment of docker alone, beside those of the job, and is masked first', async () =>
  expect(await loggedIn({ exitCode: 0, stdout: 'github.com/docker/buildx v0.36.1' })).toEqual({
    env: { DOCKER_AUTH_CONFIG: `{"auths":{"other":{"auth":"eA=="},"host:1":{"auth":"${AUTH}"}}}` },
    done: BEFORE,
  }));

test.each([
  ['that does not read it there', 0, 'github.com/docker/buildx v0.12.0', '{"currentContext":"x"}'],
  ['whose version is not known', 1, 'github.com/docker/buildx v0.36.1', undefined],
])('for a buildx %s it is in a private configuration, which post removes', async (_, exitCode, stdout, own) => {
  const { env, done } = await loggedIn({ exitCode, stdout }, own);
  expect(env).toEqual({ DOCKER_CONFIG: '/tmp/docker-config-1', BUILDX_CONFIG: '/home/.docker/buildx' });
  const config = configurationWith(own ?? '', { host: 'host:1', auth: AUTH });
  expect(done).toEqual([
    ...BEFORE,
    'save docker-config /tmp/docker-config-1',
    `write /tmp/docker-config-1/config.json ${config} 600`,
    ...['contexts', 'tls', 'cli-plugins'].map((name) => `link /home/.docker/${name} /tmp/docker-config-1/${name}`),
  ]);
});

const whenEngine = process.env.ENGINE_BUSYBOX_AMD64 !== undefined ? describe : describe.skip;

/** With the installed docker and buildx, a keychain and a helper that note what they are asked, and a registry that wants a login. */
whenEngine('a push with the login', () => {
  const simulator = new Simulator();
  const folder = mkdtempSync(join(tmpdir(), 'login-'));
  const calls = join(folder, 'calls');
  const config = join(folder, 'config');
  const path = `${join(folder, 'bin')}:${process.env.PATH}`;
  let server: { endpoint: string; close(): Promise<void> };
  beforeAll(async () => {
    server = await simulator.listen();
    simulator.registry.create('app', false);
    for (const name of ['bin', 'config']) mkdirSync(join(folder, name));
    const helper = join(folder, 'bin', 'docker-credential-canary');
    writeFileSync(helper, `#!/bin/sh\necho "$1 $(cat)" >>'${calls}'\necho '{"Username":"AWS","Secret":"wrong"}'\n`);
    chmodSync(helper, 0o755);
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const docker = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      execFile(
        'docker',
        args,
        { env: { ...process.env, PATH: path, DOCKER_CONFIG: config, ...env } },
        (error, stdout, stderr) => resolve(error ? `${stdout}${stderr}` : 'pushed'),
      );
    });

  test.each<[string, 'environment' | 'file', (host: string) => object]>([
    ['a keychain', 'environment', () => ({ credsStore: 'canary' })],
    ['a helper of the host', 'environment', (host) => ({ credHelpers: { [host]: 'canary' } })],
    ['a wrong login', 'environment', (host) => ({ auths: { [host]: { auth: 'QVdTOng=' } } })],
    ['a keychain', 'file', () => ({ credsStore: 'canary' })],
    ['a helper of the host', 'file', (host) => ({ credHelpers: { [host]: 'canary' } })],
    ['a wrong login', 'file', (host) => ({ auths: { [host]: { auth: 'QVdTOng=' } } })],
  ])(
    'goes past %s, with the login in the %s',
    async (_, where, own) => {
      rmSync(calls, { force: true });
      const host = server.endpoint.replace('http://', '');
      writeFileSync(join(config, 'config.json'), JSON.stringify(own(host)));
      const masked: string[] = [];
      const states: string[] = [];
      const installed = createShell(new AbortController().signal);
      const { env } = await loginTo(
        { host, username: 'AWS', password: simulator.registry.password },
        {
          files: createFiles(process.env),
          runner: {
            dockerConfig: config,
            buildxConfig: join(config, 'buildx'),
            mask: (secret) => void masked.push(secret),
            saveState: (name, value) => void states.push(`${name} ${value}`),
          },
          shell: {
            run: async (program, args, options) =>
              where === 'file' && args[1] === 'version'
                ? { exitCode: 0, stdout: 'github.com/docker/buildx v0.12.0 0', stderr: '' }
                : installed.run(program, args, options),
          },
        },
      );
      const said = await docker(env, 'buildx', 'build', '--push', '--tag', `${host}/app:${where}`, folder);
      expect(said).toBe('pushed');
      expect(masked).toEqual([Buffer.from(`AWS:${simulator.registry.password}`).toString('base64')]);
      expect(states).toEqual(where === 'file' ? [expect.stringMatching(/^docker-config .*docker-config-/)] : []);
      // Neither store was asked for this host, nor given the password.
      const noted = existsSync(calls) ? readFileSync(calls, 'utf8') : '';
      expect(noted).not.toContain(host);
      if (env.DOCKER_CONFIG) rmSync(env.DOCKER_CONFIG, { recursive: true });
    },
    180_000,
  );
});
