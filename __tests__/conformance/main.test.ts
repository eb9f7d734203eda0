import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';

/** `npm run conformance` as a program, without npm. */
const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
const clock = new RealClock(20);
const simulator = new Simulator(clock);
let server: { endpoint: string; close(): Promise<void> };
beforeAll(async () => {
  server = await simulator.listen();
  simulator.call('CreateCluster', { clusterName: 'stack' });
});
afterAll(async () => {
  clock.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number | null;
  readonly printed: string;
}
function kit(options: readonly string[], interrupt?: { when: () => boolean; signal: NodeJS.Signals }): Promise<Ended> {
  const { AWS_ACCESS_KEY_ID: _, AWS_PROFILE: __, ...env } = process.env;
  const child = spawn(process.execPath, ['conformance/main.ts', ...options], {
    env: {
      ...env,
      CONFORMANCE_CLUSTER: 'stack',
      CONFORMANCE_SUBNETS: 'subnet-0a1b2c3d',
      CONFORMANCE_SECURITY_GROUP: 'sg-0a1b2c3d',
    },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  const timer = setInterval(() => {
    if (!interrupt?.when()) return;
    clearInterval(timer);
    child.kill(interrupt.signal);
  }, 50);
  return new Promise((resolve) =>
    child.on('close', (exitCode) => {
      clearInterval(timer);
      resolve({ exitCode, printed });
    }),
  );
}

const active = (): string[] =>
  [...simulator.ecs.services.values()].flatMap(({ name, status }) => (status === 'ACTIVE' ? [name] : []));
const families = (): unknown => simulator.call('ListTaskDefinitionFamilies', { status: 'ACTIVE' }).families;
const there = (): string[] => ['--endpoint', server.endpoint, '--region', REGION, '--speed', '20'];

test('a recording is written, and compared with itself and with another one', async () => {
  const [one, other] = [join(folder, 'one.json'), join(folder, 'other.json')];
  const { exitCode, printed } = await kit(['--only', '^logs', '--out', one]);
  expect([exitCode, printed]).toEqual([
    0,
    expect.stringMatching(
      /^\d+ rows at the simulator; all names begin with conformance-[0-9a-f]{6}\.[\s\S]*\n\d+ as documented, 0 different, \d+ skipped\.\n$/,
    ),
  ]);
  expect(await kit(['--compare', one, one])).toEqual({
    exitCode: 0,
    printed: expect.stringContaining(' 0 different.'),
  });
  writeFileSync(other, readFileSync(one, 'utf8').replace('"storedBytes": 0', '"storedBytes": 1'));
  const compared = await kit(['--compare', one, other]);
  expect(compared.exitCode).toBe(1);
  expect(compared.printed).toContain('- `ok.logGroups[0].storedBytes`: A `0`, B `1`');
});

test('Ctrl-C in a rollout: what it created is removed, and the exit code says so', async () => {
  const ended = await kit([...there(), '--only', '^rollout/crash-loop$'], {
    when: () => active().length > 0,
    signal: 'SIGINT',
  });
  expect(ended.printed).toContain('Cancelled after 0 of 1 rows; what they created was removed.');
  expect(ended.exitCode).toBe(130);
  expect([active(), families()]).toEqual([[], []]);
});

test('what a killed run has left is found by the beginning of its names', async () => {
  simulator.call('RegisterTaskDefinition', {
    family: 'other',
    containerDefinitions: [{ name: 'a', image: 'b', memory: 4 }],
  });
  const killed = { when: () => active().length > 0, signal: 'SIGKILL' as const };
  await kit([...there(), '--only', '^rollout/crash-loop$', '--prefix', 'conformance-killed'], killed);
  expect(active()).toHaveLength(1);
  const cleaned = await kit([...there(), '--clean', '--prefix', 'conformance-killed']);
  expect([cleaned.exitCode, cleaned.printed]).toEqual([
    0,
    expect.stringMatching(/^\d+ of \d+ removals done for conformance-killed\*\.\n$/),
  ]);
  expect([active(), families()]).toEqual([[], ['other']]);
});

test.each([
  [['--only', 'nothing-like-it'], '--only nothing-like-it: no row has such an id. See --list.'],
  [['--compare', 'a.json'], '--compare takes two recordings. See --help.'],
  [['--compare', 'package.json', 'package.json'], 'not a recording of npm run conformance'],
  [['--endpoint', 'aws', '--stack', 'nowhere.json'], '--stack nowhere.json: ENOENT'],
  [['--clean', '--prefix', 'a'], '--clean takes --endpoint and a --prefix of at least five characters.'],
  [['--nonsense'], "Unknown option '--nonsense'. See --help."],
  [['stray'], '"stray" belongs to nothing: only --compare takes files.'],
  [['--endpoint', 'nowhere'], '--endpoint is a URL or aws, not "nowhere".'],
  [['--speed', '2'], '--speed goes with --endpoint.'],
  [['--parallel', 'many'], '--parallel takes a number from 1 on, not "many".'],
])('%j is refused', async (options, words) => {
  const { exitCode, printed } = await kit(options);
  expect(printed).toContain(words);
  expect(printed).not.toContain('    at ');
  expect(exitCode).toBeGreaterThan(0);
});
