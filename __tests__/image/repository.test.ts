import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Simulator } from '../../simulator/simulator.ts';
import { loginConfiguration } from '../../src/image/repository.ts';

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
])('of a configuration with %s only the helper of the host is another', (_, own, kept) => {
  const { credHelpers = {} } = kept as { credHelpers?: object };
  expect(JSON.parse(loginConfiguration(own, 'host:1'))).toEqual({
    ...kept,
    credHelpers: { ...credHelpers, 'host:1': '' },
  });
});

const whenEngine = process.env.ENGINE_BUSYBOX_AMD64 !== undefined ? test : test.skip;

whenEngine(
  'docker login keeps the password in the private file; the keychain of the machine never gets it',
  async () => {
    const simulator = new Simulator();
    const server = await simulator.listen();
    const folder = mkdtempSync(join(tmpdir(), 'login-'));
    try {
      const host = server.endpoint.replace('http://', '');
      const calls = join(folder, 'calls');
      mkdirSync(join(folder, 'bin'));
      const helper = join(folder, 'bin', 'docker-credential-canary');
      writeFileSync(helper, `#!/bin/sh\necho "$1" >>'${calls}'\ncat >>'${calls}'\necho '{}'\n`);
      chmodSync(helper, 0o755);
      const config = join(folder, 'config');
      mkdirSync(config);
      const login = (text: string): Promise<boolean> => {
        writeFileSync(join(config, 'config.json'), text);
        return new Promise((resolve) => {
          const child = execFile(
            'docker',
            ['login', '--username', 'AWS', '--password-stdin', host],
            { env: { ...process.env, DOCKER_CONFIG: config, PATH: `${join(folder, 'bin')}:${process.env.PATH}` } },
            (error) => resolve(error === null),
          );
          child.stdin?.end(simulator.registry.password);
        });
      };
      for (const own of ['{"credsStore":"canary"}', JSON.stringify({ credHelpers: { [host]: 'canary' } })]) {
        // The helper is a real one: as the user has it, it gets the password.
        expect(await login(own)).toBe(true);
        expect(readFileSync(calls, 'utf8')).toContain(simulator.registry.password);
        rmSync(calls);
        expect(await login(loginConfiguration(own, host))).toBe(true);
        expect(existsSync(calls) ? readFileSync(calls, 'utf8') : '').not.toContain(simulator.registry.password);
        const saved = JSON.parse(readFileSync(join(config, 'config.json'), 'utf8'));
        expect(saved.auths[host].auth).toBe(Buffer.from(`AWS:${simulator.registry.password}`).toString('base64'));
      }
    } finally {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  30_000,
);
