import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '../../scripts/run-action.ts';
import { RealClock } from '../../simulator/clock.ts';
import { deny, REGION, Simulator } from '../../simulator/simulator.ts';
import type { Fault } from '../../simulator/wire/wire.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { steady } from '../support/steady.ts';
import { TASK_DEFINITION } from '../support/task-definition.ts';

/** The bundle with a role made from the official actions' READMEs: all that they need, and nothing else. */
const ALLOWED = /^(sts:.*|ecs:(RegisterTaskDefinition|UpdateService|DescribeServices)|iam:PassRole)$/;

const clock = new RealClock(20);
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'roles-'));
let server: { endpoint: string; close(): Promise<void> };
let aws: Record<string, string>;

/** Every action but those, tags at creation as well. */
const official: Fault = (call) => {
  const action = `${call.service}:${call.operation}`;
  return (ALLOWED.test(action) ? undefined : deny(action)(call)) ?? deny('ecs:TagResource')(call);
};

beforeAll(async () => {
  server = await simulator.listen();
  aws = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: 'TEST',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    GITHUB_SHA: 'c0ffee',
  };
  createDependencies(simulator, TASK_DEFINITION);
  simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
  simulator.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  writeFileSync(join(folder, 'task-definition.json'), JSON.stringify(TASK_DEFINITION));
  await steady(simulator, 'web');
});
afterAll(async () => {
  clock.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  simulator.wire.faults.length = 0;
});

const INPUTS = { service: 'web', 'task-definition': 'task-definition.json', image: 'example.com/app:2' };

test('deploys, and lists at its end what was denied, with one policy to paste', async () => {
  simulator.wire.faults.push(official);
  const run = await runAction({ inputs: INPUTS, env: aws, cwd: folder });
  expect(run.log).not.toContain('::error');
  expect([run.exitCode, run.outputs.outcome]).toEqual([0, 'deployed']);
  expect(run.outputs['previous-task-definition-arn']).toMatch(/web:1$/);
  const { denied, serving } = JSON.parse(run.outputs.summary ?? '{}');
  expect(serving.text).toBe('web:2 serves: 2 of 2');
  expect(denied).toEqual(expect.arrayContaining([expect.objectContaining({ action: 'ecs:TagResource' })]));

  const lines = run.log.split('\n');
  const start = lines.findIndex((line) =>
    /^! \d+ missing permissions?: the run continued without (?:it|them)\.$/.test(line),
  );
  expect(start).toBeGreaterThan(0);
  for (const action of ['ecs:DescribeTaskDefinition', 'ecs:TagResource', 'ecs:ListServiceDeployments', 'ecs:ListTasks'])
    expect([action, lines.filter((line) => line.startsWith(`  ${action}: `))]).toEqual([action, [expect.any(String)]]);
  const json = lines.slice(lines.indexOf('{', start), lines.indexOf('}', start) + 1).join('\n');
  const actions = JSON.parse(json).Statement.flatMap(({ Action }: { Action: string[] }) => Action);
  for (const { action } of denied) expect(actions).toContain(action);
  // What is asked for only after them comes with them.
  for (const action of ['ecs:DescribeTasks', 'ecs:DescribeServiceDeployments']) expect(actions).toContain(action);
  expect(run.summary).toContain('missing permissions');
  expect(run.summary).toContain('"ecs:ListTasks"');
  expect(run.post).toEqual({ exitCode: 0, log: '' });
});

test('without a right that it needs it ends, and the policy holds what it would have needed next', async () => {
  simulator.wire.faults.push(official, deny('iam:PassRole'));
  const before = simulator.wire.count('UpdateService');
  const run = await runAction({ inputs: { ...INPUTS, image: 'example.com/app:3' }, env: aws, cwd: folder });
  expect(run.exitCode).toBe(1);
  expect(run.log).toMatch(/::error.*iam:PassRole/);
  expect(simulator.wire.count('UpdateService')).toBe(before);
  const lines = run.log.split('\n');
  expect(lines).toContain('  iam:PassRole: a deploy needs it.');
  expect(lines).toContain('  ecs:UpdateService: not asked for, as iam:PassRole is denied; a deploy needs it.');
  const json = lines.slice(lines.indexOf('{'), lines.lastIndexOf('}') + 1).join('\n');
  expect(JSON.parse(json).Statement).toEqual(
    expect.arrayContaining([
      {
        Effect: 'Allow',
        Action: ['iam:PassRole'],
        Resource: [TASK_DEFINITION.executionRoleArn],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
      expect.objectContaining({
        Action: ['ecs:UpdateService'],
        Resource: [expect.stringMatching(/:service\/default\/web$/)],
      }),
    ]),
  );
});
