import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionOptions, type ActionRun, runAction } from '../../scripts/run-action.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { letTimePass, type SharedTime, shareTime } from '../support/shared-time.ts';

/** The bundle with one-off tasks: what the log, the outputs and the exit code say, and what becomes of a task whose run ends. */
const clock = new VirtualClock();
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'tasks-'));
const definition = (image: string) => ({
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [
    {
      name: 'app',
      image: `app@sha256:${image.repeat(64)}`,
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/web', 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' },
      },
    },
  ],
});
let server: { endpoint: string; close(): Promise<void> };
let time: SharedTime;
const tasks = (): { readonly id: string; readonly desiredStatus: string; readonly stoppedReason?: string }[] =>
  simulator.ecs.clusters.get('default').tasks as never;

beforeAll(async () => {
  server = await simulator.listen();
  time = await shareTime(clock);
  simulator.call('RegisterTaskDefinition', definition('1'));
  createDependencies(simulator, definition('1'));
  simulator.script
    .command('fine', { startSeconds: 10, exit: { afterSeconds: 40, code: 0 } })
    .command('faulty', { startSeconds: 10, exit: { afterSeconds: 30, code: 1 } })
    .command('slow', { startSeconds: 10, exit: { afterSeconds: 3600, code: 0 } });
  simulator.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web:1',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  clock.advance(120);
});
afterAll(async () => {
  await Promise.all([server.close(), time.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Whatever task comes to run prints these lines, until it is stopped. */
function printing(lines: readonly string[]): () => void {
  const { onChange } = simulator.tasks;
  simulator.tasks.onChange = (task, change) => {
    onChange(task, change);
    if (change.kind !== 'running') return;
    for (const message of lines)
      simulator.logs.append('/ecs/web', `ecs/app/${task.id}`, { message, atSeconds: clock.now() });
  };
  return () => {
    simulator.tasks.onChange = onChange;
  };
}

function run(
  inputs: Readonly<Record<string, string>>,
  image: string,
  more: Partial<ActionOptions> = {},
): Promise<ActionRun> {
  writeFileSync(join(folder, 'task-definition.json'), JSON.stringify(definition(image)));
  return runAction({
    inputs: { service: 'web', 'task-definition': 'task-definition.json', ...inputs },
    cwd: folder,
    env: {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_RUN_ID: `run-${image}`,
      GITHUB_SHA: 'c0ffee0000000000000000000000000000000000',
      // A signal is given in real time.
      ...(more.interrupt ? {} : time.env),
    },
    ...more,
  });
}

/** Of a main that is interrupted. */
async function interrupted(image: string, signal: NodeJS.Signals): Promise<ActionRun> {
  const stop = letTimePass(clock);
  const ended = await run({ 'pre-deploy': 'slow migrate' }, image, { interrupt: { when: /RUNNING/, signal } });
  stop();
  return ended;
}

test('migrations before, a smoke test after: the step passes, and its log has theirs, masked', async () => {
  const stop = printing(['applying 2 migrations', 'connected with postgres://app:hunter2hunter2@db/app']);
  const deployed = await run(
    { 'pre-deploy': '- {name: migrate, command: fine migrate}', 'post-deploy': 'fine smoke' },
    '2',
  );
  stop();
  expect(deployed.log).not.toContain('::error');
  expect([deployed.exitCode, deployed.outputs.outcome]).toEqual([0, 'deployed']);
  expect(deployed.log).toMatch(
    /^::group::Log of the pre-deploy task migrate \(task [0-9a-f]+\)\napplying 2 migrations\nconnected with postgres:\/\/app:\*\*\*@db\/app$/m,
  );
  expect(deployed.log).toMatch(/✓ pre-deploy task migrate succeeded: exit code 0[\s\S]*✓ post-deploy task succeeded/);
  expect(JSON.parse(deployed.outputs.summary ?? '').tasks).toMatchObject([
    { label: 'pre-deploy task migrate', succeeded: true, exitCodes: { app: 0 } },
    { label: 'post-deploy task', succeeded: true },
  ]);
  expect(deployed.summary).toContain('pre-deploy task migrate');
});

test('a failing migration is one error with the line of the application; the service is untouched', async () => {
  const stop = printing(['applying 2 migrations', 'Error: relation "users" does not exist']);
  const failed = await run({ 'pre-deploy': 'faulty migrate' }, '3');
  stop();
  expect([failed.exitCode, failed.outputs.outcome]).toEqual([1, 'failed']);
  expect(failed.log.match(/^::error.*/gm)).toEqual([expect.stringContaining('relation "users" does not exist')]);
  expect(JSON.parse(failed.outputs.summary ?? '').headline).toContain('was not changed');
  expect(simulator.script.truth('web').taskDefinition).toMatch(/web:2$/);
});

test('a cancelled step stops its task within its time, and post has nothing left to do', async () => {
  const cancelled = await interrupted('4', 'SIGINT');
  expect([cancelled.exitCode, cancelled.outputs.outcome]).toEqual([1, 'cancelled']);
  expect(cancelled.log).toMatch(/was asked to stop/);
  expect(tasks().at(-1)).toMatchObject({
    desiredStatus: 'STOPPED',
    stoppedReason: 'Stopped by ecs-rollout: the run was cancelled.',
  });
  expect(cancelled.post.log).not.toContain('was asked to stop');
  expect(cancelled.post.log).toContain('was deregistered');
});

test('post stops the task of a step that was killed', async () => {
  const killed = await interrupted('5', 'SIGKILL');
  expect(killed.post.log).toMatch(/The pre-deploy task \([0-9a-f]+\) was asked to stop\./);
  expect(tasks().at(-1)?.stoppedReason).toBe('Stopped by ecs-rollout: the run ended early.');
});

test('mode: task runs one task with the inputs of the official action', async () => {
  const ran = await run(
    { mode: 'task', 'run-task-container-overrides': '[{"name": "app", "command": ["fine", "job"]}]' },
    '2',
  );
  expect(ran.log).not.toContain('::error');
  expect(ran.exitCode).toBe(0);
  expect(ran.outputs).toMatchObject({
    outcome: 'ran',
    'exit-code': '0',
    'task-arn': expect.stringContaining(':task/default/'),
    'task-definition-arn': expect.stringMatching(/web:2$/),
  });
  expect(ran.summary).toContain('ran');
});

test('verify asks a real page until it is right', async () => {
  const { createServer } = await import('node:http');
  let asked = 0;
  const site = createServer((_, response) => response.writeHead(asked++ === 0 ? 503 : 200).end('version 6'));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as { port: number };
  const check = (more: string): string => `url: http://127.0.0.1:${port}/health?token=abcdefgh\n${more}`;
  const passed = await run({ verify: check('status: 200\nbody: version 6\nevery-seconds: 1') }, '6');
  expect([passed.exitCode, passed.outputs.outcome]).toEqual([0, 'deployed']);
  expect(passed.log).toContain('status 503, expected 200');
  expect(passed.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('abcdefgh');
  expect(passed.log).toMatch(/verify http:\/\/127\.0\.0\.1:\d+\/health: passed \(1 success\)/);
  await new Promise((resolve) => site.close(resolve).closeAllConnections());
});
