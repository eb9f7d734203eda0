import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ActionRun, runAction } from '../../scripts/run-action.ts';
import { writeSampleApp } from '../../scripts/sample-app.ts';
import { RealClock } from '../../simulator/clock.ts';
import { ContainerRuntime } from '../../simulator/runtime/containers.ts';
import { Logs } from '../../simulator/services/logs.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { eventually } from '../support/patience.ts';
import { steady } from '../support/steady.ts';

/** Whole deploys of the bundle whose tasks are real containers: real exit codes, logs, limits and health checks. */
const engine = process.env.ENGINE_BUSYBOX_AMD64 !== undefined;
const whenEngine = engine ? test : test.skip;
const folder = mkdtempSync(join(tmpdir(), 'containers-'));
const dockerConfig = join(folder, 'docker');
const env = { ...process.env, DOCKER_CONFIG: dockerConfig };
const logs = new Logs();
const clock = new RealClock();
const runtime = new ContainerRuntime(env, logs, () => clock.now());
// How long a container may take to end, and docker to say so, without counting as healthy meanwhile.
const simulator = new Simulator(clock, { runtime, logs, timings: { settleSeconds: 8, completeSeconds: 1 } });
let server: { endpoint: string; close(): Promise<void> };
let host = '';

/** A program for a machine that this one is not, and that no emulator here knows: the header of a 32-bit SPARC binary. */
const FOREIGN = Buffer.from(
  '7f454c46010201000000000000000000000200020000000100010054000000340000000000000000003400200001',
  'hex',
);

beforeAll(async () => {
  if (!engine) return;
  server = await simulator.listen();
  host = server.endpoint.replace('http://', '');
  mkdirSync(dockerConfig);
  const auth = Buffer.from(`AWS:${simulator.registry.password}`).toString('base64');
  writeFileSync(join(dockerConfig, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }), { mode: 0o600 });
  simulator.registry.create('app', false);
  writeSampleApp(folder, process.env, {});
  writeFileSync(join(folder, 'foreign'), FOREIGN, { mode: 0o755 });
  writeFileSync(join(folder, 'Foreign.Dockerfile'), 'FROM scratch\nCOPY foreign /start\nCMD ["/start"]\n');
  await build('linux/amd64,linux/arm64', 'good', '--file=Dockerfile');
  await build('linux/arm64', 'arm', '--file=Dockerfile');
  await build('linux/amd64', 'foreign', '--file=Foreign.Dockerfile');
});
afterAll(async () => {
  if (!engine) return;
  await runtime.close();
  clock.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function build(platforms: string, tag: string, file: string): Promise<void> {
  const args = ['buildx', 'build', '--push', `--platform=${platforms}`, `--tag=${host}/app:${tag}`, file, '.'];
  await promisify(execFile)('docker', args, { cwd: folder, env, timeout: 60_000 });
}

interface Situation {
  /** Tag of the image; `good` without it. */
  readonly tag?: string;
  readonly app?: Readonly<Record<string, unknown>>;
  readonly others?: readonly Readonly<Record<string, unknown>>[];
  readonly task?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, string>>;
}

/** Deploys one situation as a service of its own, which runs one good task before. */
async function deploy(
  name: string,
  { tag = 'good', app = {}, others = [], task = {}, inputs = {} }: Situation,
): Promise<ActionRun> {
  const log = (group: string) => ({
    logDriver: 'awslogs',
    options: { 'awslogs-group': group, 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' },
  });
  const image = `${host}/app:${tag}`;
  if (name !== 'silent') logs.groups.set(`/${name}`, new Map());
  const definition = {
    family: name,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    ...task,
    containerDefinitions: [
      { name: 'app', essential: true, logConfiguration: log(`/${name}`), image, ...app },
      ...others.map((other) => ({ image, ...other })),
    ],
  };
  simulator.call('RegisterTaskDefinition', {
    family: name,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'app', image: `${host}/app:good`, memory: 64, ...sh(GRACEFUL) }],
  });
  simulator.call('CreateService', {
    serviceName: name,
    taskDefinition: name,
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  await steady(simulator, name);
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(definition));
  return runAction({
    inputs: {
      service: name,
      'task-definition': path,
      'desired-count': '1',
      'wait-for-minutes': '10',
      preflight: 'false',
      ...inputs,
    },
    env: {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
    },
    cwd: folder,
  });
}

/** The message of the failing step: one line, what the user reads first. */
const errorOf = (run: ActionRun): string => run.log.split('\n').find((line) => line.startsWith('::error')) ?? run.log;
/** Ends on SIGTERM, as a good service does. */
const GRACEFUL = "trap 'exit 143' TERM; while :; do sleep 0.1; done";
const sh = (script: string) => ({ command: ['/bin/sh', '-c', script] });

const FAILURES: readonly (readonly [situation: string, name: string, Situation, RegExp])[] = [
  ['an image of another architecture names both sides', 'arm', { tag: 'arm' }, /linux\/amd64/],
  [
    'a program of another architecture inside the right image',
    'format',
    { tag: 'foreign' },
    /exec format error|architecture/,
  ],
  [
    'a crash is told with its exit code',
    'crash',
    { app: sh('echo DATABASE_URL is not set; exit 3') },
    /exit(?:ed)?.*\b3\b/,
  ],
  ['out of memory is told with the limit', 'oom', { app: { memory: 16, ...sh('tail /dev/zero') } }, /memory/i],
  [
    'a health check that fails',
    'sick',
    {
      app: {
        ...sh(GRACEFUL),
        healthCheck: { command: ['CMD-SHELL', 'test -e /ready'], interval: 5, timeout: 2, retries: 1 },
      },
    },
    /health check/i,
  ],
  ['an image that is not there', 'lost', { tag: 'nowhere' }, /app:nowhere/],
  ['a command that is not in the image', 'typo', { app: { command: ['gunicron'] } }, /gunicron/],
  ['a log group that is not there', 'silent', {}, /log group/i],
  [
    'a migration that must succeed first',
    'init',
    {
      others: [{ name: 'migrate', essential: false, ...sh('echo no such table; exit 4') }],
      app: { dependsOn: [{ containerName: 'migrate', condition: 'SUCCESS' }] },
    },
    /migrate/,
  ],
];

/** A sidecar that must be healthy first and a migration that must have succeeded, on the other architecture. */
const WHOLE: Situation = {
  task: { runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' } },
  others: [
    {
      name: 'proxy',
      essential: false,
      stopTimeout: 60,
      ...sh(`touch /ready; ${GRACEFUL}`),
      // A check is a program that is emulated, on a machine that starts ten tasks at once.
      healthCheck: { command: ['CMD-SHELL', 'test -e /ready'], interval: 5, timeout: 60, retries: 5 },
    },
    { name: 'migrate', essential: false, ...sh('echo migrated') },
  ],
  app: {
    dependsOn: [
      { containerName: 'proxy', condition: 'HEALTHY' },
      { containerName: 'migrate', condition: 'SUCCESS' },
    ],
    stopTimeout: 60,
    ...sh(`uname -m; ${GRACEFUL}`),
  },
};

/** All at once, as they mostly wait. */
let runs: Record<string, Promise<ActionRun>>;
beforeAll(() => {
  if (!engine) return;
  runs = Object.fromEntries(
    [...FAILURES.map(([, name, situation]) => [name, situation] as const), ['whole', WHOLE] as const].map(
      ([name, situation]) => [name, deploy(name, situation)],
    ),
  );
  for (const run of Object.values(runs)) run.catch(() => {}); // told by its test
});
const ran = async (name: string): Promise<ActionRun> => {
  const run = await runs[name];
  if (!run) throw new Error(`${name} was not deployed`);
  return run;
};

describe.each(FAILURES)('%s', (_, name, __, cause) => {
  whenEngine(
    'fails the step with that root cause, and the revision before runs again',
    async () => {
      const run = await ran(name);
      expect(errorOf(run)).toMatch(cause);
      expect(run).toMatchObject({ exitCode: 1, outputs: { outcome: 'rolled-back' } });
      const { services } = simulator.call('DescribeServices', { services: [name] }) as unknown as {
        services: readonly { readonly taskDefinition: string; readonly runningCount: number }[];
      };
      expect(services[0]).toMatchObject({ taskDefinition: expect.stringMatching(/:1$/), runningCount: 1 });
    },
    180_000,
  );
});

whenEngine('what a container said last is shown', async () => {
  expect((await ran('crash')).log).toContain('DATABASE_URL is not set');
  expect((await ran('crash')).summary).toContain('DATABASE_URL is not set');
});

whenEngine('a container over its limit ends with 137 and the reason of ECS', async () => {
  await ran('oom');
  expect(endsOf('oom', 'app')).toContainEqual({
    exitCode: 137,
    reason: 'OutOfMemoryError: Container killed due to memory usage',
  });
});

whenEngine(
  'containers wait for those they depend on, run on the other architecture, and end on SIGTERM with 143',
  async () => {
    const run = await ran('whole');
    expect(run.log).not.toContain('::error');
    expect(run.outputs.outcome).toBe('deployed');
    const said = [...(logs.groups.get('/whole')?.values() ?? [])].flat().map(({ message }) => message);
    expect(said).toContain('aarch64');
    simulator.call('UpdateService', { service: 'whole', desiredCount: 0 });
    await eventually(() => endsOf('whole', 'proxy').length > 0);
    expect(endsOf('whole', 'app')).toContainEqual({ exitCode: 143 });
    expect(endsOf('whole', 'proxy')).toContainEqual({ exitCode: 143 });
    expect(endsOf('whole', 'migrate')).toContainEqual({ exitCode: 0 });
  },
  180_000,
);

/** How the container ended in the service's stopped tasks. */
function endsOf(service: string, container: string): object[] {
  const { taskArns } = simulator.call('ListTasks', { serviceName: service, desiredStatus: 'STOPPED' });
  const { tasks } = simulator.call('DescribeTasks', { tasks: taskArns }) as unknown as {
    tasks: readonly {
      readonly lastStatus: string;
      readonly containers: readonly { name: string; exitCode?: number; reason?: string }[];
    }[];
  };
  return tasks
    .filter(({ lastStatus }) => lastStatus === 'STOPPED')
    .flatMap(({ containers }) => containers.filter(({ name }) => name === container))
    .map(({ exitCode, reason }) => ({
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(reason ? { reason } : {}),
    }));
}
