/**
 * `npm run bench`: what one deploy costs. Whole processes, the bundle as the runner runs it, against the simulator on
 * loopback; medians of several runs, all cases in turn, so that a machine that drifts drifts for all of them.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '../simulator/clock.ts';
import { furnish } from '../simulator/furnish.ts';
import { REGION, Simulator } from '../simulator/simulator.ts';

const RUNS = 15;
const BUNDLE = join(import.meta.dirname, '..', 'dist', 'index.js');
/** The seven-action chain's process start-up on the same kind of machine, seconds (measured Nov 2026). */
const CHAIN_SECONDS = 2.6;

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const state = join(folder, 'state');
const clock = new RealClock(200);
const simulator = new Simulator(clock);
const server = await simulator.listen();
let firstRequest: number | undefined;
simulator.wire.faults.push(() => {
  firstRequest ??= performance.now();
  return undefined;
});
const definition = {
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [
    {
      name: 'app',
      image: 'example.com/a:1',
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/web', 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' },
      },
    },
  ],
};
simulator.call('RegisterTaskDefinition', definition);
furnish(simulator, definition);
simulator.call('CreateService', {
  serviceName: 'web',
  taskDefinition: 'web',
  desiredCount: 1,
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
});
await new Promise((resolve) => setTimeout(resolve, 500));

/** Prints the peak resident set on exit; nothing of it is in the product. */
const PEAK = "data:text/javascript,process.on('exit',()=>console.error('maxrss='+process.resourceUsage().maxRSS))";
const env = (extra: Readonly<Record<string, string>>): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  AWS_ENDPOINT_URL: server.endpoint,
  AWS_ACCESS_KEY_ID: 'BENCH',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: REGION,
  GITHUB_STATE: state,
  GITHUB_OUTPUT: state,
  GITHUB_STEP_SUMMARY: state,
  ...extra,
});
interface Timed {
  readonly code: number;
  readonly exit: number;
  readonly first: number | undefined;
  readonly peakMib: number;
}
function run(args: readonly string[], extra: Readonly<Record<string, string>>): Promise<Timed> {
  writeFileSync(state, '');
  firstRequest = undefined;
  const began = performance.now();
  const child = spawn(process.execPath, args, { env: env(extra), stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString('utf8');
  });
  return new Promise((resolve) =>
    child.on('close', (code) =>
      resolve({
        code: code ?? 1,
        exit: performance.now() - began,
        first: firstRequest === undefined ? undefined : firstRequest - began,
        peakMib: Number(/maxrss=(\d+)/.exec(errors)?.[1] ?? 0) / 1024,
      }),
    ),
  );
}

const DEPLOY = { INPUT_SERVICE: 'web', 'INPUT_FORCE-NEW-DEPLOYMENT': 'true' };
const cases = {
  'empty script': () => run(['-e', '0'], {}),
  'bad input': () => run([BUNDLE], { INPUT_CLUTSER: 'x' }),
  // Not waiting: only the way to the first request counts here, and a wait sleeps in real time.
  'deploy (main)': () => run([BUNDLE], { ...DEPLOY, 'INPUT_WAIT-FOR-SERVICE-STABILITY': 'false' }),
  post: () => run([BUNDLE], { STATE_main: 'began' }),
};
const results = new Map<string, Timed[]>();
for (let i = 0; i <= RUNS; i++) {
  for (const [name, once] of Object.entries(cases)) {
    const timed = await once();
    if (i > 0) results.set(name, [...(results.get(name) ?? []), timed]); // the first round warms the caches
  }
}
const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
const exitOf = (name: string): number => median((results.get(name) ?? []).map(({ exit }) => exit));
const first = median((results.get('deploy (main)') ?? []).flatMap(({ first: at }) => at ?? []));
const empty = exitOf('empty script');
const startUp = first + exitOf('post');
/** One line: what, how much, and against its goal. */
function tell(
  what: string,
  measured: string,
  goal?: { readonly value: number; readonly most: number; text: string },
): void {
  const against = goal ? `${goal.value <= goal.most ? 'good' : 'OVER'}  ${goal.text}` : '';
  console.log(`${what.padEnd(28)}${measured.padStart(12)}  ${against}`.trimEnd());
}
const ratio = (ms: number): string => `${(ms / empty).toFixed(1)} times an empty script`;
const bad = exitOf('bad input');
const fewer = (CHAIN_SECONDS * 1000) / startUp;
console.log(`Process start-up, medians of ${RUNS} runs`);
tell('  an empty script', `${empty.toFixed(0)} ms`);
tell('  exit on bad input', `${bad.toFixed(0)} ms`, {
  value: bad / empty,
  most: 2.5,
  text: `${ratio(bad)}, goal 2.5`,
});
tell('  first AWS request', `${first.toFixed(0)} ms`, {
  value: first / empty,
  most: 4,
  text: `${ratio(first)}, goal 4`,
});
tell('  main and post', `${startUp.toFixed(0)} ms`, {
  value: 8 / fewer,
  most: 1,
  text: `${fewer.toFixed(0)} times less than the seven-action chain's ${CHAIN_SECONDS} s, goal 8`,
});

simulator.wire.calls.length = 0;
const { exit } = await run([BUNDLE], DEPLOY);
const calls = Map.groupBy(simulator.wire.calls, ({ service, operation }) => `${service}:${operation}`);
const { peakMib } = await run([`--import=${PEAK}`, BUNDLE], DEPLOY);
console.log('\nOne deploy to the end, against the simulator at 200 times real time');
tell('  wall time', `${(exit / 1000).toFixed(1)} s`);
tell('  peak memory', `${peakMib.toFixed(0)} MiB`, { value: peakMib, most: 100, text: 'goal 100 MiB' });
tell('  API calls', String([...calls.values()].reduce((sum, group) => sum + group.length, 0)));
for (const [name, group] of [...calls].sort()) console.log(`    ${String(group.length).padStart(3)}  ${name}`);

const files = readdirSync(join(BUNDLE, '..')).filter((name) => name.endsWith('.js'));
const bytes = files.reduce((sum, name) => sum + statSync(join(BUNDLE, '..', name)).size, 0);
console.log('\nThe bundle');
tell('  bytes', String(bytes));
tell('  files', String(files.length));
tell('  bytes of the first file', String(readFileSync(BUNDLE).length));
clock.close();
await server.close();
rmSync(folder, { recursive: true, force: true });
