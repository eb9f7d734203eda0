import { dependenciesOf, diagnoseTask } from '../../src/diagnosis/diagnose.ts';
import type { ContainerState, TaskState } from '../../src/model.ts';

type Ended = Partial<ContainerState> & { readonly name: string };
const stopped = (task: Partial<TaskState>, ...containers: readonly Ended[]): TaskState => ({
  arn: 'arn:aws:ecs:eu-west-1:123456789012:task/prod/0a1b',
  id: '0a1b',
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:2',
  lastStatus: 'STOPPED',
  desiredStatus: 'STOPPED',
  healthStatus: 'UNKNOWN',
  ...task,
  containers: containers.map((container) => ({
    image: 'app',
    lastStatus: 'STOPPED',
    healthStatus: 'UNKNOWN' as const,
    ...container,
  })),
});
const EXITED = { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' };

interface Case {
  readonly situation: string;
  readonly task: TaskState;
  readonly essential?: readonly string[];
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
  readonly expected: { readonly rule: string; readonly container?: string; readonly cause?: RegExp };
}

const CASES: readonly Case[] = [
  {
    situation: 'the application crashed and its sidecar was ended with it (143)',
    task: stopped(EXITED, { name: 'proxy', exitCode: 143 }, { name: 'app', exitCode: 1 }),
    expected: { rule: 'app-crash', container: 'app', cause: /exit code 1/ },
  },
  {
    situation: 'the application crashed and its sidecar had to be killed (137)',
    task: stopped(EXITED, { name: 'proxy', exitCode: 137 }, { name: 'app', exitCode: 2 }),
    expected: { rule: 'app-crash', container: 'app' },
  },
  {
    situation: 'the log router crashed and the application was ended with it',
    task: stopped(EXITED, { name: 'app', exitCode: 143 }, { name: 'log_router', exitCode: 139 }),
    expected: { rule: 'segfault', container: 'log_router' },
  },
  {
    situation: 'one container ended well and another with an error: the error is to blame',
    task: stopped(EXITED, { name: 'migrate', exitCode: 0 }, { name: 'app', exitCode: 3 }),
    expected: { rule: 'app-crash', container: 'app' },
  },
  {
    situation: 'a helper that may fail did, and the essential container ended by itself',
    task: stopped(EXITED, { name: 'helper', exitCode: 1 }, { name: 'app', exitCode: 0 }),
    essential: ['app'],
    expected: { rule: 'essential-container-exited-zero', container: 'app' },
  },
  {
    situation: 'killed, without a reason and without another that failed',
    task: stopped(EXITED, { name: 'app', exitCode: 137 }),
    expected: { rule: 'sigkill-stop-timeout', container: 'app' },
  },
  {
    situation: 'out of memory, whatever the exit code says',
    task: stopped(
      EXITED,
      { name: 'proxy', exitCode: 1 },
      { name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ),
    essential: ['app'],
    expected: { rule: 'oom', container: 'app' },
  },
  {
    situation: 'an init container failed and the application waited for its success',
    task: stopped(
      { stopCode: 'TaskFailedToStart', stoppedReason: 'Task failed to start' },
      {
        name: 'app',
        reason:
          'dependency graph: failed to resolve container ordering dependency [init] for target [app] as dependency did not exit successfully.',
      },
      { name: 'init', exitCode: 7 },
    ),
    essential: ['app'],
    expected: { rule: 'app-crash', container: 'init', cause: /exit code 7/ },
  },
  {
    situation: 'two containers failed alike: the one that the other depends on was first',
    task: stopped(EXITED, { name: 'app', exitCode: 1 }, { name: 'database', exitCode: 1 }),
    dependsOn: { app: ['database'] },
    expected: { rule: 'app-crash', container: 'database' },
  },
  {
    situation: 'the image of one container is missing, and the task only says that it failed to start',
    task: stopped(
      { stopCode: 'TaskFailedToStart', stoppedReason: 'Task failed to start' },
      { name: 'proxy' },
      {
        name: 'app',
        reason:
          'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref example.com/app:nope: not found',
      },
    ),
    expected: { rule: 'image-not-found', container: 'app', cause: /example\.com\/app:nope/ },
  },
  {
    situation: 'the container says less than the task: the task is believed',
    task: stopped(
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason:
          "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'",
      },
      { name: 'app', reason: 'CannotPullContainerError: inspect image has been retried 1 time(s)' },
    ),
    expected: { rule: 'image-platform-mismatch', cause: /linux\/arm64/ },
  },
  {
    situation: 'Spot took the task: the exit codes are the consequence',
    task: stopped(
      { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' },
      { name: 'app', exitCode: 1 },
    ),
    expected: { rule: 'spot-interruption' },
  },
  {
    situation: 'scaled in: nothing is wrong, whatever the code',
    task: stopped(
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
      },
      { name: 'app', exitCode: 137 },
    ),
    expected: { rule: 'normal-operation' },
  },
  {
    situation: 'the load balancer found it unhealthy and it was killed',
    task: stopped(
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:x)',
      },
      { name: 'app', exitCode: 137 },
    ),
    expected: { rule: 'elb-health-check' },
  },
  {
    situation: 'the container health check failed: the sick container is named',
    task: stopped(
      { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed container health checks' },
      { name: 'proxy', healthStatus: 'HEALTHY' },
      { name: 'app', healthStatus: 'UNHEALTHY', exitCode: 143 },
    ),
    expected: { rule: 'container-health-check', container: 'app' },
  },
  {
    situation: 'somebody stopped it',
    task: stopped({ stopCode: 'UserInitiated', stoppedReason: 'just because' }, { name: 'app', exitCode: 143 }),
    expected: { rule: 'user-stopped', cause: /just because/ },
  },
  {
    situation: 'only that a container ended, and not how',
    task: stopped(EXITED, { name: 'app' }),
    expected: { rule: 'essential-container-exited' },
  },
];

test.each(CASES.map((entry) => [entry.situation, entry] as const))(
  '%s',
  (_, { task, essential, dependsOn, expected }) => {
    const found = diagnoseTask(task, essential && new Set(essential), dependsOn && new Map(Object.entries(dependsOn)));
    expect(found?.taskId).toBe('0a1b');
    expect(found?.rule).toBe(expected.rule);
    expect(found?.container).toBe(expected.container);
    if (expected.cause) expect(found?.cause).toMatch(expected.cause);
  },
);

test('a task that runs, or says nothing, needs no explanation', () => {
  expect(diagnoseTask({ ...stopped({}), lastStatus: 'RUNNING' }, undefined)).toBeUndefined();
  expect(diagnoseTask(stopped({}), undefined)).toBeUndefined();
});

test('dependencies are read from the task definition', () => {
  const read = dependenciesOf({
    family: 'web',
    containerDefinitions: [
      { name: 'app', image: 'a', dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] },
      { name: 'init', image: 'b' },
    ],
  });
  expect(read).toEqual(
    new Map([
      ['app', ['init']],
      ['init', []],
    ]),
  );
});

const HEALTH = 'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:x)';
const OOM = 'OutOfMemoryError: Container killed due to memory usage';
const rows: readonly (readonly [string, TaskState, string, string?, (readonly string[])?])[] = [
  ...[
    'UserInitiated',
    'ServiceSchedulerInitiated',
    'SpotInterruption',
    'TerminationNotice',
    'InfrastructureHealth',
  ].map(
    (stopCode) =>
      [
        `ended from outside (${stopCode}): exit codes are the consequence`,
        stopped({ stopCode, stoppedReason: 'Something odd.' }, { name: 'app', exitCode: 1 }),
        stopCode === 'UserInitiated' ? 'user-stopped' : 'unknown',
      ] as const,
  ),
  [
    'ended by itself for an odd reason',
    stopped({ stopCode: 'Other', stoppedReason: 'Something odd.' }, { name: 'app', exitCode: 1 }),
    'app-crash',
    'app',
  ],
  [
    'no answer to a health check',
    stopped({ stoppedReason: `${HEALTH} due to (reason Request timed out)` }, { name: 'app', exitCode: 1 }),
    'elb-unreachable',
  ],
  [
    'unhealthy, because it ran out of memory',
    stopped({ stoppedReason: HEALTH }, { name: 'proxy', exitCode: 1 }, { name: 'app', exitCode: 137, reason: OOM }),
    'oom',
    'app',
  ],
  [
    'unhealthy, beside an exit code',
    stopped({ stoppedReason: HEALTH }, { name: 'app', exitCode: 1, healthStatus: 'UNHEALTHY' }),
    'elb-health-check',
  ],
  [
    'unhealthy, and no container is',
    stopped({ stoppedReason: 'Task failed container health checks' }, { name: 'app' }),
    'container-health-check',
  ],
  [
    'an odd reason beside an exit code',
    stopped(EXITED, { name: 'app', exitCode: 1, reason: 'Something odd.' }),
    'app-crash',
    'app',
  ],
  ['an odd reason alone', stopped({}, { name: 'app', reason: 'Something odd.' }), 'unknown', 'app'],
  ['an exit code alone', stopped({}, { name: 'app', exitCode: 3 }), 'app-crash', 'app'],
  ['an empty reason', stopped({}, { name: 'app', reason: '' }), '-'],
  [
    'killed beside one that obeyed',
    stopped(EXITED, { name: 'proxy', exitCode: 143 }, { name: 'app', exitCode: 137 }),
    'sigkill-stop-timeout',
    'app',
  ],
  ['one that obeyed, alone', stopped({}, { name: 'app', exitCode: 143 }), 'sigterm-exit', 'app'],
  [
    'two killed',
    stopped(EXITED, { name: 'a', exitCode: 137 }, { name: 'b', exitCode: 137 }),
    'sigkill-stop-timeout',
    'a',
  ],
  [
    'an end without error beside one that obeyed',
    stopped(EXITED, { name: 'proxy', exitCode: 143 }, { name: 'app', exitCode: 0 }),
    'essential-container-exited-zero',
    'app',
  ],
  [
    'a helper that failed, beside one that obeyed',
    stopped(EXITED, { name: 'helper', exitCode: 1 }, { name: 'app', exitCode: 143 }),
    'sigterm-exit',
    'app',
    ['app'],
  ],
  [
    'a helper alone, beside the reason of the task',
    stopped(EXITED, { name: 'helper', exitCode: 1 }),
    'essential-container-exited',
    '',
    ['app'],
  ],
  ['nothing but a reason', stopped({ stoppedReason: OOM }), 'oom'],
  ['an empty reason of the task', stopped({ stoppedReason: '' }, { name: 'app', exitCode: 1 }), 'app-crash', 'app'],
  [
    'a task that runs, and has a reason already',
    { ...stopped(EXITED, { name: 'app', exitCode: 1 }), lastStatus: 'DEPROVISIONING' },
    'app-crash',
    'app',
  ],
];
test.each(
  rows.map(
    ([situation, task, rule, container = '', essential]) => [situation, task, rule, container, essential] as const,
  ),
)('%s', (_, task, rule, container, essential = undefined) => {
  const found = diagnoseTask(task, essential && new Set(essential));
  expect([found?.rule ?? '-', found?.container ?? '']).toEqual([rule, container]);
});

test('what others wait for is the cause, directly or not, and a cycle ends', () => {
  const all = ['a', 'b', 'c'].map((name) => ({ name, exitCode: 1 }));
  const blamed = (dependsOn: Readonly<Record<string, readonly string[]>>) =>
    diagnoseTask(stopped(EXITED, ...all), undefined, new Map(Object.entries(dependsOn)))?.container;
  expect(blamed({})).toBe('a');
  expect(blamed({ a: ['b'], b: ['c'] })).toBe('c');
  expect(blamed({ a: ['b'], c: ['b'] })).toBe('b');
  expect(blamed({ a: ['b'], b: ['a'] })).toBe('a');
  expect(blamed({ a: ['x'] })).toBe('a');
});

test('a helper that others wait for is their cause', () => {
  const reason =
    'dependency graph: failed to resolve container ordering dependency [init] for target [app] as dependency did not exit successfully.';
  const task = stopped(
    { stoppedReason: 'Task failed to start' },
    { name: 'app', reason },
    { name: 'init', exitCode: 7 },
    { name: 'other', exitCode: 8 },
  );
  expect(diagnoseTask(task, new Set(['app']))).toMatchObject({
    rule: 'app-crash',
    nature: 'ambiguous',
    severity: 'failure',
    container: 'init',
    cause: 'The container init, for which others wait (dependsOn), failed: exit code 7.',
    remedy: 'Read its last log lines (CloudWatch Logs): the error is there.',
  });
});

test('launch type, strategy and stop code stand beside the message', () => {
  const task = { ...stopped({ ...EXITED, launchType: 'FARGATE' }, { name: 'app', exitCode: 1 }), strategy: 'CANARY' };
  expect(diagnoseTask(task, new Set(['app']))?.evidence.context).toEqual({
    stopCode: 'EssentialContainerExited',
    launchType: 'FARGATE',
    strategy: 'CANARY',
    container: 'app',
    exitCode: 1,
    essential: true,
  });
  expect(diagnoseTask(stopped({ stoppedReason: OOM }), undefined)?.evidence.context).toEqual({});
  const byCodeDeploy = { ...stopped({ stoppedReason: OOM }), startedBy: 'd-A1B2C3D4E', strategy: 'CODE_DEPLOY' };
  expect(diagnoseTask(byCodeDeploy, undefined)?.evidence.context).toEqual({ strategy: 'CODE_DEPLOY' });
  const alone = { ...stopped({ stoppedReason: OOM }), startedBy: 'pre-deploy' };
  expect(diagnoseTask(alone, undefined)?.evidence.context).toEqual({ oneOff: true });
});

test('dependencies of another form are left out', () => {
  const read = dependenciesOf({
    family: 'web',
    containerDefinitions: [
      { name: 'a', image: 'x', dependsOn: 'b' },
      { name: 'b', image: 'x', dependsOn: ['c', { condition: 'START' }, { containerName: 1 }, { containerName: 'd' }] },
    ],
  });
  expect(read).toEqual(
    new Map([
      ['a', []],
      ['b', ['d']],
    ]),
  );
});
