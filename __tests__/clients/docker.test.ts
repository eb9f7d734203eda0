import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSampleApp } from '../../scripts/sample-app.ts';
import { Simulator } from '../../simulator/simulator.ts';

/** Docker's own programs against the simulator's registry: clients that we did not write hold it honest. */
const whenEngine = process.env.ENGINE_BUSYBOX_AMD64 !== undefined ? test : test.skip;
const simulator = new Simulator();
const folder = mkdtempSync(join(tmpdir(), 'docker-clients-'));
const env = { ...process.env, DOCKER_CONFIG: join(folder, 'config') };
let server: { endpoint: string; close(): Promise<void> };
let host = '';

beforeAll(async () => {
  server = await simulator.listen();
  host = server.endpoint.replace('http://', '');
  simulator.registry.create('team/app', false);
  simulator.registry.create('fixed', true);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Said {
  readonly code: number;
  readonly text: string;
}
/** Never the synchronous kind: the registry answers from this very process. */
function docker(args: readonly string[], stdin = ''): Promise<Said> {
  return new Promise((resolve) => {
    const child: ChildProcess = execFile(
      'docker',
      [...args],
      { cwd: folder, env, timeout: 60_000 },
      (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, text: `${out}${err}` }),
    );
    // A command that needs no input may end before it is given: what it answers is looked at, not the pipe.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin);
  });
}
const digestIn = ({ text }: Said): string => /^Digest:\s+(sha256:[0-9a-f]{64})$/m.exec(text)?.[1] ?? text;

whenEngine('login takes the password of GetAuthorizationToken by stdin, and no other', async () => {
  const login = ['login', '--username', 'AWS', '--password-stdin', host];
  expect(await docker(login, 'wrong')).toMatchObject({ code: 1, text: expect.stringMatching(/401|authori[sz]ation/i) });
  expect(await docker(login, simulator.registry.password)).toMatchObject({
    code: 0,
    text: expect.stringContaining('Login Succeeded'),
  });
});

whenEngine(
  'buildx pushes two platforms, imagetools inspects and retags them, docker pulls them',
  async () => {
    writeSampleApp(folder, process.env, {});
    const tag = `${host}/team/app:1`;
    const built = await docker(['buildx', 'build', '--push', '--platform=linux/amd64,linux/arm64', '--tag', tag, '.']);
    expect(built).toMatchObject({ code: 0 });
    const inspected = await docker(['buildx', 'imagetools', 'inspect', tag]);
    expect(inspected.text).toMatch(/linux\/amd64[\s\S]*linux\/arm64/);
    expect(digestIn(inspected)).toBe(simulator.registry.find('team/app', '1')?.digest);

    const copy = await docker(['buildx', 'imagetools', 'create', '--tag', `${host}/team/app:stable`, tag]);
    expect(copy).toMatchObject({ code: 0 });
    expect(simulator.registry.find('team/app', 'stable')?.digest).toBe(digestIn(inspected));
    // To another repository: manifests and layers must be copied, by mounts where the registry offers them.
    expect(await docker(['buildx', 'imagetools', 'create', '--tag', `${host}/fixed:1`, tag])).toMatchObject({
      code: 0,
    });

    expect(await docker(['pull', '--quiet', '--platform=linux/arm64', tag])).toMatchObject({ code: 0 });
    const ran = await docker(['run', '--rm', '--network=none', '--platform=linux/arm64', tag, 'cat', '/built-on']);
    expect(ran.text).toContain('aarch64');
    expect(await docker(['image', 'rm', '--force', tag])).toMatchObject({ code: 0 });
  },
  180_000,
);

whenEngine(
  'docker push, and what it says of an immutable tag and of a repository that is not there',
  async () => {
    const [plain, fixed, nowhere] = [`${host}/team/app:pushed`, `${host}/fixed:1`, `${host}/nowhere:1`];
    const built = await docker([
      'build',
      '--quiet',
      '--provenance=false',
      '--tag',
      plain,
      '--tag',
      nowhere,
      '--tag',
      fixed,
      '.',
    ]);
    expect(built).toMatchObject({ code: 0 });
    const pushed = await docker(['push', plain]);
    expect(pushed).toMatchObject({ code: 0 });
    expect(pushed.text).toContain(simulator.registry.find('team/app', 'pushed')?.digest);
    expect((await docker(['push', fixed])).text).toContain('the tag is immutable');
    expect((await docker(['push', nowhere])).text).toContain('does not exist');
    await docker(['image', 'rm', '--force', plain, fixed, nowhere]);
  },
  180_000,
);

whenEngine('logout forgets the password', async () => {
  expect(await docker(['logout', host])).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, 'config', 'config.json'), 'utf8')).not.toContain(host);
  expect((await docker(['buildx', 'imagetools', 'inspect', `${host}/team/app:1`])).code).not.toBe(0);
});
