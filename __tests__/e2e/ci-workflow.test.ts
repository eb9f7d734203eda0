import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type ActionRun, runAction } from '../../scripts/run-action.ts';
import { steadyAt } from '../support/steady.ts';

/** The steps of CI's job `action`, as they stand in the workflow: the simulator as a program, and three runs of the bundle. */
const whenEngine = process.env.ENGINE_BUSYBOX_AMD64 !== undefined ? test : test.skip;
interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}
const { jobs } = parse(readFileSync('.github/workflows/ci.yml', 'utf8')) as {
  jobs: Record<string, { readonly env?: Record<string, string>; readonly steps: readonly Step[] }>;
};
const steps = jobs.action?.steps ?? [];
let simulator: ChildProcess | undefined;
afterAll(() => simulator?.kill());

/** Started as the workflow does, but at a free port and quicker. */
async function startSimulator(): Promise<string> {
  const command = steps.find(({ run }) => run?.includes('npm run --silent simulator'))?.run ?? '';
  const args = / -- (.+?) >/.exec(command)?.[1]?.split(' ') ?? [];
  simulator = spawn(process.execPath, ['simulator/main.ts', ...args, '--port', '0', '--speed', '10']);
  let said = '';
  for await (const chunk of simulator.stdout ?? []) {
    said += String(chunk);
    const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(said)?.[1];
    if (endpoint) return endpoint;
  }
  throw new Error(`The simulator ended: ${said}`);
}

whenEngine(
  'they end as the workflow says they must',
  async () => {
    const endpoint = await startSimulator();
    await steadyAt(endpoint, { service: 'web' }); // as it is after the time that a runner takes between steps
    const runs = new Map<string, ActionRun>();
    const filled = (text: string): string =>
      text.replaceAll(/\$\{\{ steps\.(\w+)\.(outputs\.)?(\w+) \}\}/g, (_, id: string, output: string, name: string) => {
        const run = runs.get(id);
        return output ? (run?.outputs[name] ?? '') : run?.exitCode === 0 ? 'success' : 'failure';
      });
    for (const step of steps.filter(({ uses }) => uses === './')) {
      const inputs = Object.entries(step.with ?? {}).map(([name, value]) => [name, filled(value)] as const);
      const env = {
        ...jobs.action?.env,
        AWS_ENDPOINT_URL: endpoint,
        GITHUB_SHA: 'c0ffee',
        ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
      };
      runs.set(step.id ?? '', await runAction({ inputs: Object.fromEntries(inputs), env, cwd: process.cwd() }));
    }
    expect([...runs.keys()]).toEqual(['deploy', 'again', 'broken']);
    const check = steps.at(-1);
    const said = Object.entries(check?.env ?? {}).map(([name, value]) => [name, filled(value)] as const);
    const script = (check?.run ?? '').replace(
      '127\\.0\\.0\\.1:4566',
      endpoint.replace('http://', '').replaceAll('.', '\\.'),
    );
    const shell = spawn('bash', ['-e', '-c', script], {
      env: { ...process.env, ...Object.fromEntries(said) },
      stdio: 'pipe',
    });
    let told = '';
    shell.stdout.on('data', (data: Buffer) => {
      told += data.toString('utf8');
    });
    const status = await new Promise((resolve) => shell.on('close', resolve));
    const log = [...runs].map(([id, run]) => `== ${id}\n${run.log}`).join('\n');
    expect(status === 0 ? '' : `${told}${log}`).toBe('');
  },
  180_000,
);
