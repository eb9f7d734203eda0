/**
 * `npm run bench`: what one deploy costs. Whole processes, the bundle as the runner runs it, against the simulator on
 * loopback (`-- --services`: many services in one step, bench/services.ts); medians of several runs, all cases in turn, so that a machine that drifts drifts for all of them.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '../simulator/clock.ts';
import { REGION, Simulator } from '../simulator/simulator.ts';
import { createDependencies } from '../simulator/world/dependencies.ts';
import { buildSources } from '../src/adapters/build-sources.ts';
import { benchBuilds } from './builds.ts';
import { dockerStandIn, runChain } from './chain.ts';

const RUNS = 15;
const DIST = join(import.meta.dirname, '..', 'dist');
const [MAIN, POST] = [join(DIST, 'main.js'), join(DIST, 'post.js')];
/** Runs of the whole job of each side where the seven-action chain is at hand (CHAIN). */
const CHAIN_RUNS = 7;

if (process.argv.includes('--services')) {
  await import('./services.ts');
  process.exit();
}

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
createDependencies(simulator, definition);
simulator.call('CreateService', {
  serviceName: 'web',
  taskDefinition: 'web',
  desiredCount: 1,
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
});
await new Promise((resolve) => setTimeout(resolve, 500));

/** What a runner sets beside its files. */
const GITHUB = {
  GITHUB_ACTIONS: 'true',
  GITHUB_API_URL: 'http://127.0.0.1:9',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_REPOSITORY: 'acme/web',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '1',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_SHA: 'c0ffee0000000000000000000000000000000000',
  RUNNER_ARCH: 'X64',
  RUNNER_OS: 'Linux',
  DOCKER_BUILD_RECORD_UPLOAD: 'false',
  DOCKER_BUILD_SUMMARY: 'false',
};
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
  readonly log: string;
  readonly exit: number;
  readonly first: number | undefined;
  readonly peakMib: number;
}
function run(args: readonly string[], extra: Readonly<Record<string, string>>, cwd?: string): Promise<Timed> {
  writeFileSync(extra.GITHUB_OUTPUT ?? state, '');
  firstRequest = undefined;
  const start = performance.now();
  const child = spawn(process.execPath, args, { env: env(extra), cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (log += text.toString('utf8')));
  return new Promise((resolve) =>
    child.on('close', (code) =>
      resolve({
        code: code ?? 1,
        log,
        exit: performance.now() - start,
        first: firstRequest === undefined ? undefined : firstRequest - start,
        peakMib: Number(/maxrss=(\d+)/.exec(log)?.[1] ?? 0) / 1024,
      }),
    ),
  );
}

const DEPLOY = { INPUT_SERVICE: 'web', 'INPUT_FORCE-NEW-DEPLOYMENT': 'true' };
const cases = {
  'empty script': () => run(['-e', '0'], {}),
  'bad input': () => run([MAIN], { INPUT_CLUTSER: 'x' }),
  // Not waiting: only the way to the first request counts here, and a wait sleeps in real time.
  'deploy (main)': () => run([MAIN], { ...DEPLOY, 'INPUT_WAIT-FOR-SERVICE-STABILITY': 'false' }),
  post: () => run([POST], {}),
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
console.log(`Process start-up, medians of ${RUNS} runs`);
tell('  an empty script', `${empty.toFixed(0)} ms`);
tell('  exit on bad input', `${bad.toFixed(0)} ms`, {
  value: bad / empty,
  most: 2,
  text: `${ratio(bad)}, goal 2`,
});
tell('  first AWS request', `${first.toFixed(0)} ms`, {
  value: first / empty,
  most: 3.7,
  text: `${ratio(first)}, goal 3.7`,
});
tell('  main and post', `${startUp.toFixed(0)} ms`);
if (process.env.CHAIN) await compareWithChain(process.env.CHAIN);
else console.log('\nNot compared with the chain of seven actions: CHAIN names no folder (see CONTRIBUTING.md).');

simulator.wire.calls.length = 0;
const { exit } = await run([MAIN], DEPLOY);
const calls = Map.groupBy(simulator.wire.calls, ({ service, operation }) => `${service}:${operation}`);
const { peakMib } = await run([`--import=${PEAK}`, MAIN], DEPLOY);
console.log('\nOne deploy to the end, against the simulator at 200 times real time');
tell('  wall time', `${(exit / 1000).toFixed(1)} s`);
tell('  peak memory', `${peakMib.toFixed(0)} MiB`, { value: peakMib, most: 100, text: 'goal 100 MiB' });
tell('  API calls', String([...calls.values()].reduce((sum, group) => sum + group.length, 0)));
for (const [name, group] of [...calls].sort()) console.log(`    ${String(group.length).padStart(3)}  ${name}`);

await tellBuilds();

console.log('\nThe hash of a build context: 10,000 files, 500 MB');
const hashed = await hashContext();
tell('  wall time', `${(hashed / 1000).toFixed(1)} s`, { value: hashed, most: 2000, text: 'goal 2 s' });

const files = readdirSync(DIST).filter((name) => name.endsWith('.js'));
const bytes = files.reduce((sum, name) => sum + statSync(join(DIST, name)).size, 0);
console.log('\nThe bundle');
tell('  bytes', String(bytes));
tell('  files', String(files.length));
tell('  bytes of the entry', String(readFileSync(MAIN).length));
clock.close();
await server.close();
rmSync(folder, { recursive: true, force: true });

interface Compared {
  /** Milliseconds. */
  readonly plain: number;
  readonly ours: number;
  /** Seconds. */
  readonly around: number;
  readonly times: number;
}

async function tellBuilds(): Promise<void> {
  console.log('\nA build and its push beside plain `docker buildx build --push`, in turn');
  simulator.registry.create('web', false);
  let outputs = 0;
  const results = await benchBuilds({
    folder,
    registry: server.endpoint.replace('http://', ''),
    password: () => simulator.registry.password,
    async act(inputs, extra, cwd) {
      const given = Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      );
      // Runs may be side by side.
      const output = join(folder, `output-${++outputs}`);
      const job = { ...GITHUB, RUNNER_TEMP: folder, GITHUB_OUTPUT: output, ...extra, ...given };
      const { code, log, exit } = await run([MAIN], job, cwd);
      if (code !== 0) throw new Error(`The action ended with exit code ${code}:\n${log}`);
      return { milliseconds: exit, outputs: readFileSync(output, 'utf8') };
    },
  });
  if ('skipped' in results) return console.log(`  skipped: ${results.skipped}`);
  const [cold, warm, apart] = [results.cold, results.warm, results.distributed].map(({ plain, ours }) => ({
    plain: median(plain),
    ours: median(ours),
    around: (median(ours) - median(plain)) / 1000,
    times: median(ours) / median(plain),
  })) as [Compared, Compared, Compared];
  const comparison = ({ around, times }: Compared): string =>
    `${around.toFixed(2)} s around the build (${times.toFixed(2)} times)`;
  tell('  cold, plain buildx', `${cold.plain.toFixed(0)} ms`);
  tell('  cold, this action', `${cold.ours.toFixed(0)} ms`, {
    value: cold.times,
    most: 1.05,
    text: `${comparison(cold)}, goal 1.05 times`,
  });
  tell('  warm, plain buildx', `${warm.plain.toFixed(0)} ms`);
  tell('  warm, this action', `${warm.ours.toFixed(0)} ms`, {
    value: warm.around,
    most: 0.25,
    text: `${comparison(warm)}, goal 0.25 s`,
  });
  tell('  two builders, plain buildx', `${apart.plain.toFixed(0)} ms`);
  tell('  two builders, this action', `${apart.ours.toFixed(0)} ms`, {
    value: apart.around,
    most: 0.5,
    text: `${comparison(apart)}, goal 0.5 s: two jobs, the second with the deployment`,
  });
  const { given, existing } = results.redeploy;
  const more = (median(existing) - median(given)) / 1000;
  tell('  deploy of a given image', `${median(given).toFixed(0)} ms`);
  tell('  deploy of an existing one', `${median(existing).toFixed(0)} ms`, {
    value: more,
    most: 1,
    text: `${more.toFixed(2)} s more, goal 1 s`,
  });
}

/** Milliseconds, the least of three runs: the files are in the page cache then, as after a checkout. */
async function hashContext(): Promise<number> {
  const tree = join(folder, 'context');
  for (let i = 0; i < 10_000; i++) {
    const at = join(tree, `d${i % 100}`, `e${i % 7}`);
    if (i < 700) mkdirSync(at, { recursive: true });
    writeFileSync(join(at, `f${i}`), Buffer.alloc(i % 100 === 0 ? 2_500_000 : 25_000, i % 251));
  }
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await buildSources.folder(tree, '**/*.log\n!important.log\n**/node_modules', new AbortController().signal);
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

/**
 * The same job by both, in turn: log in, two platforms built and pushed (docker answers at once), a revision registered,
 * the service updated, not waited for. What is left is what the steps themselves cost.
 */
async function compareWithChain(actions: string): Promise<void> {
  const job = join(folder, 'job');
  mkdirSync(join(job, 'home'), { recursive: true });
  const path = `${dockerStandIn(job)}:${process.env.PATH}`;
  writeFileSync(join(job, 'Dockerfile'), 'FROM scratch\n');
  writeFileSync(join(job, 'task-definition.json'), JSON.stringify(definition));
  const runner = {
    ...GITHUB,
    PATH: path,
    HOME: join(job, 'home'),
    RUNNER_TEMP: job,
    RUNNER_TOOL_CACHE: job,
    GITHUB_WORKSPACE: job,
    GITHUB_STEP_SUMMARY: state,
    AWS_ENDPOINT_URL: server.endpoint,
  };
  const platforms = 'linux/amd64,linux/arm64';
  const with_ = {
    'aws-region': REGION,
    repository: 'web',
    'create-repository': 'true',
    platforms,
    tags: 'bench',
    'task-definition': 'task-definition.json',
    'container-name': 'app',
    service: 'web',
    'wait-for-service-stability': 'false',
  };
  const ours = async (preflight: boolean): Promise<number> => {
    const inputs = { ...with_, preflight: String(preflight), 'force-new-deployment': 'true' };
    const given = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    );
    const start = performance.now();
    const main = await run([MAIN], { ...runner, ...given }, job);
    if (main.code !== 0) throw new Error(`The action ended with exit code ${main.code}:\n${main.log}`);
    await run([POST], { ...runner, ...given }, job);
    return performance.now() - start;
  };
  const chain: number[] = [];
  const without: number[] = [];
  const withPreflight: number[] = [];
  let processes = 0;
  let steps: readonly (readonly [string, number])[] = [];
  for (let i = 0; i <= CHAIN_RUNS; i++) {
    const whole = await runChain({ actions, folder: job, env: runner, region: REGION, platforms });
    const times = [await ours(false), await ours(true)];
    if (i === 0) continue; // warms the caches
    chain.push(whole.milliseconds);
    without.push(times[0] ?? Number.NaN);
    withPreflight.push(times[1] ?? Number.NaN);
    ({ processes, steps } = whole);
  }
  const [theirs, plain, checked] = [median(chain), median(without), median(withPreflight)];
  console.log(`\nThe same job, medians of ${CHAIN_RUNS} runs in turn, docker a stand-in that answers at once`);
  tell('  chain of seven actions', `${theirs.toFixed(0)} ms`);
  for (const [name, milliseconds] of steps) tell(`    ${name}`, `${milliseconds.toFixed(0)} ms`);
  tell('    processes', String(processes));
  tell('  this action, no preflight', `${plain.toFixed(0)} ms`);
  console.log(`    ${(theirs / plain).toFixed(1)} times less`);
  tell('  this action, preflight', `${checked.toFixed(0)} ms`, {
    value: checked * 10,
    most: theirs,
    text: `${(theirs / checked).toFixed(1)} times less, goal 10`,
  });
}
