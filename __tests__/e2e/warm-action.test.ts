import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionRun, runAction, WarmAction } from '../../scripts/run-action.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { type Mistake, make } from '../mistakes/made.ts';
import { type SharedTime, shareTime } from '../support/shared-time.ts';

/** Many cases run in one process, one after the other. None must see that: neither the runs before it, nor that it shares a process. */
const folder = mkdtempSync(join(tmpdir(), 'warm-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RUNS: Readonly<Record<string, Omit<Mistake, 'shows'>>> = {
  deploy: {},
  'another Region, with debug lines': { inputs: { 'aws-region': 'us-east-1' }, env: { RUNNER_DEBUG: '1' } },
  'refused inputs, with a secret': { inputs: { 'min-healthy-percent': '5', 'github-token': 'hunter22hunter22' } },
  plan: { inputs: { mode: 'plan', 'environment-variables': 'A=hunter22hunter22' } },
  list: { inputs: { mode: 'list', 'role-to-assume': '' }, env: { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'b' } },
};

test('runs of the bundle that share a process, in this order and once more, are what they are alone', async () => {
  const alone: unknown[] = [];
  for (const run of Object.values(RUNS)) alone.push(await make({ shows: [], ...run }));
  const warm = new WarmAction();
  const together: unknown[] = [];
  for (const run of [...Object.values(RUNS), ...Object.values(RUNS)])
    together.push(await make({ shows: [], ...run }, warm));
  await warm.close();
  expect(together).toEqual([...alone, ...alone]);
});

describe('entries that leave something behind', () => {
  let time: SharedTime;
  const warm = new WarmAction();
  beforeAll(async () => {
    time = await shareTime(new VirtualClock());
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'post.js'), '');
  });
  afterAll(async () => {
    await Promise.all([warm.close(), time.close()]);
  });
  const run = (entry: string, env: Readonly<Record<string, string>> = {}, timeoutSeconds = 60): Promise<ActionRun> => {
    writeFileSync(join(folder, 'main.js'), entry);
    return runAction({ inputs: {}, env: { ...time.env, ...env }, cwd: folder, entries: folder, warm, timeoutSeconds });
  };
  /** Each file is another module only by what stands behind its name, which is another one for each run. */
  const SHOW = `console.log(JSON.stringify([process.pid, process.env.LEFT, process.cwd(), process.exitCode,
    process.listenerCount('SIGTERM'), process.env.NODE_OPTIONS, globalThis.fired ?? 0]));`;
  const shown = async (): Promise<unknown[]> => JSON.parse((await run(SHOW)).log) as unknown[];

  test('environment, listeners, exit code and timers are those of one run', async () => {
    const before = await shown();
    const left = await run(
      `process.on('SIGTERM', () => {}); process.exitCode = 4; process.chdir('/');
       setTimeout(() => { globalThis.fired = 1; }, 60_000).unref(); console.log('out'); console.error('err');`,
      { LEFT: 'here' },
    );
    expect([left.exitCode, left.log.split('\n').sort(), left.post]).toEqual([
      4,
      ['', 'err', 'out'],
      { exitCode: 0, log: '' },
    ]);
    expect(before.slice(1)).toEqual([null, folder, null, 0, null, 0]);
    expect(await shown()).toEqual(before);
  });

  test('a run ends once nothing keeps its process alive', async () => {
    const { log } = await run(`setTimeout(() => console.log('late'), 3_600_000); console.log('soon');`);
    expect(log).toBe('soon\nlate\n');
  });

  test('what ends its process ends only that run', async () => {
    const [pid] = await shown();
    expect(await run(`console.log('x'.repeat(20_000)); process.exit(7);`)).toMatchObject({
      exitCode: 7,
      log: `${'x'.repeat(20_000)}\n`,
    });
    expect((await run(`throw new Error('thrown');`)).exitCode).toBe(1);
    expect((await shown())[0]).not.toBe(pid);
  });

  test('a run that hangs fails with its log', async () => {
    await expect(run(`console.log('begun'); await new Promise(() => {});`, {}, 2)).rejects.toThrow(
      /2 s\. Its log:\nbegun/,
    );
    expect((await shown()).slice(1, 2)).toEqual([null]);
  });

  test('what Node reads at its start needs a process of its own', async () => {
    const own = JSON.parse((await run(SHOW, { NODE_EXTRA_CA_CERTS: '/nowhere' })).log) as unknown[];
    expect(own[0]).not.toBe((await shown())[0]);
  });
});
