import type { ContainerState, ServiceDeployment, TaskState } from '../../src/model.ts';
import {
  describeEvent,
  failureIsShown,
  healthyCount,
  logsBetween,
  stagesBetween,
  tasksBetween,
} from '../../src/report/ecs-lines.ts';
import { clockTime } from '../../src/report/text.ts';
import type { Snapshot, TargetHealth } from '../../src/watch/snapshot.ts';
import {
  deployment,
  event,
  look,
  OLD,
  old,
  ours,
  revisionArn,
  START,
  service,
  serviceDeployment,
  TASK_A,
  TASK_B,
  task,
} from './made.ts';

const GROUP = '(target-group arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/web/1)';
test.each([
  ['has started 1 tasks: (task 2c473733308424022880765916ed57a9).', 'normal', 'ECS started 1 task (2c473733)'],
  [
    'has started 2 tasks in eu-central-1a: (task aaaaaaaaa) (task bbbbbbbbb).',
    'normal',
    'ECS started 2 tasks (aaaaaaaa and bbbbbbbb) in eu-central-1a',
  ],
  [
    'has started 1 tasks in eu-central-1a to AZ Rebalance: (task a).',
    'normal',
    'ECS started 1 task (a) in eu-central-1a to balance the zones',
  ],
  ['has started 4 tasks: (task a) (task b) (task c) (task d).', 'normal', 'ECS started 4 tasks (a, b, c and d)'],
  [
    'has started 5 tasks: (task a) (task b) (task c) (task d) (task e).',
    'normal',
    'ECS started 5 tasks (a, b, c and 2 more)',
  ],
  ['has started 1 tasks', 'normal', 'ECS started 1 task'],
  ['has stopped 2 running tasks: (task a) (task b).', 'normal', 'ECS stopped 2 running tasks (a and b)'],
  ['has stopped 1 pending tasks: (task a).', 'normal', 'ECS stopped 1 pending task (a)'],
  ['has begun draining connections on 1 tasks.', 'normal', 'connections of 1 task are draining'],
  [`registered 2 targets in ${GROUP}`, 'normal', '2 targets joined target group web'],
  [`deregistered 1 targets in ${GROUP}`, 'normal', '1 target left target group web'],
  ['has reached a steady state.', 'normal', 'the service is in a steady state'],
  ['deployment completed.', 'good', 'ECS has completed the deployment'],
  ['deployment failed: alarm detected.', 'failure', 'the deployment has failed: alarm detected.'],
  [`rolling back to deployment ${OLD}.`, 'failure', `ECS rolls back to <${OLD}>`],
  ['was unable to place a task. Reason: no room.', 'warning', 'ECS could not place a task: no room'],
  [
    'was unable to place a task. Reason: CannotPullContainerError: not found.',
    'warning',
    'a task could not start: CannotPullContainerError: not found',
  ],
  [
    'was unable to place a task. Reason: ResourceInitializationError: no secret.',
    'warning',
    'a task could not start: ResourceInitializationError: no secret',
  ],
  [
    'is unable to consistently start tasks successfully.',
    'warning',
    'ECS: the service is unable to consistently start tasks successfully',
  ],
  ['was unable to place a task. Reason: Internal error.', 'warning', 'ECS could not place a task: Internal error'],
  ['failed to launch a task with (error no role).', 'warning', 'ECS could not launch a task: no role'],
  [
    `(task a) is unhealthy in ${GROUP} due to (reason timed out).`,
    'warning',
    'task a is unhealthy in target group web: timed out',
  ],
  [
    `is unhealthy in ${GROUP} due to (reason timed out).`,
    'warning',
    'a task is unhealthy in target group web: timed out',
  ],
  ['was unable to scale in due to (reason protected)', 'normal', 'ECS cannot stop old tasks yet: protected'],
  [
    'is not AZ balanced with 1 tasks in a. AZ Rebalancing in progress',
    'normal',
    'ECS balances the zones (1 tasks in a)',
  ],
  ['Successfully set desired count to 4', 'normal', 'auto scaling set the desired count to 4'],
  ['something new', 'normal', 'ECS: something new'],
  ['something failed', 'warning', 'ECS: something failed'],
  [`something ${'x'.repeat(600)}`, 'normal', `ECS: something ${'x'.repeat(482)}...`],
])('the event %j is a line', (message, severity, text) => {
  expect(describeEvent(event(5, message), (id) => `<${id}>`)).toEqual({ severity, text });
});

describe('stages of the deployment', () => {
  const lines = (current: Snapshot, previous?: Snapshot) =>
    stagesBetween({ previous, current }, deployment).map(({ severity, text }) => `${severity}: ${text}`);
  const stated = (rest: Partial<ServiceDeployment>, deployments = [ours(), old(2)], more: Partial<Snapshot> = {}) =>
    look(60, deployments, { serviceDeployment: serviceDeployment(rest), ...more });
  const failed = (rolloutStateReason?: string) =>
    ours({ rolloutState: 'FAILED', ...(rolloutStateReason === undefined ? {} : { rolloutStateReason }) });
  const hook = (rest: ServiceDeployment['hooks'][number]) => ({ hooks: [rest] });
  const back = old(2, { status: 'PRIMARY', taskDefinitionArn: revisionArn(40) });

  test.each<[string, Snapshot, readonly string[]]>([
    ['none', look(60, [ours(), old(2)]), []],
    ['no stage yet', stated({}), []],
    ['a stage', stated({ lifecycleStage: 'SCALE_UP' }), ['normal: stage SCALE_UP: new tasks start']],
    ['a stage that is new', stated({ lifecycleStage: 'toString' }), ['normal: stage toString']],
    [
      'the bake time, with its length',
      stated({ lifecycleStage: 'BAKE_TIME', bakeTimeMinutes: 10 }),
      ['normal: stage BAKE_TIME: bake time, alarms are watched (10 min)'],
    ],
    [
      'a bake time that comes later',
      stated({ lifecycleStage: 'SCALE_UP', bakeTimeMinutes: 10 }),
      ['normal: stage SCALE_UP: new tasks start'],
    ],
    [
      'a bake time of an unknown length',
      stated({ lifecycleStage: 'BAKE_TIME' }),
      ['normal: stage BAKE_TIME: bake time, alarms are watched'],
    ],
    ['a stop', stated({ status: 'STOPPED' }), ['warning: the service deployment is being stopped']],
    [
      'a stop for a reason',
      stated({ status: 'STOP_REQUESTED', statusReason: 'Odd.' }),
      ['warning: the service deployment is being stopped: Odd.'],
    ],
    [
      'an empty reason',
      stated({ status: 'STOPPED', statusReason: '' }),
      ['warning: the service deployment is being stopped'],
    ],
    [
      'a stop by a user, who may be this run',
      stated({ status: 'STOPPED', statusReason: 'Stopped by user.' }),
      ['warning: the service deployment is being stopped, as it was asked to'],
    ],
    [
      'failures that the breaker counted',
      stated({ circuitBreaker: { status: 'MONITORING', failureCount: 1, threshold: 3 } }),
      ['warning: circuit breaker: 1 of 3 failures'],
    ],
    [
      'failures that a breaker counted which is off',
      {
        ...stated({ circuitBreaker: { status: 'MONITORING', failureCount: 2, threshold: 3 } }),
        service: service([ours()], { circuitBreaker: { enable: false, rollback: false } }),
      },
      [],
    ],
    ['none counted', stated({ circuitBreaker: { status: 'MONITORING', failureCount: 0, threshold: 3 } }), []],
    [
      'a breaker that tripped',
      stated({ circuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 } }),
      ['warning: circuit breaker: 3 of 3 failures', 'failure: the circuit breaker has tripped'],
    ],
    ['an alarm', stated({ alarms: { names: ['a', 'b'], triggered: ['a'] } }), ['failure: alarm a went off']],
    [
      'two alarms',
      stated({ alarms: { names: ['a', 'b'], triggered: ['a', 'b'] } }),
      ['failure: alarms a and b went off'],
    ],
    ['no alarm', stated({ alarms: { names: ['a'], triggered: [] } }), []],

    ['a hook that runs', stated(hook({ id: 'h', status: 'IN_PROGRESS' })), ['normal: the lifecycle hook h runs']],
    [
      'a hook that failed',
      stated(hook({ targetType: 'PAUSE', status: 'FAILED' })),
      ['failure: the lifecycle hook PAUSE has failed'],
    ],
    [
      'a hook that timed out',
      stated(hook({ status: 'TIMED_OUT' })),
      ['failure: the lifecycle hook a lifecycle hook has timed out'],
    ],
    ['a hook that succeeded', stated(hook({ id: 'h', status: 'SUCCEEDED' })), []],
    [
      'a pause',
      stated(hook({ id: 'h', status: 'AWAITING_ACTION' })),
      ['warning: paused at h: continue or roll back the deployment in ECS'],
    ],
    [
      'a pause that ends',
      stated(hook({ id: 'h', status: 'AWAITING_ACTION', expiresAt: START + 60 })),
      ['warning: paused at h until 2027-01-15 08:01 UTC: continue or roll back the deployment in ECS'],
    ],
    [
      'a pause that has ended',
      stated(hook({ id: 'h', status: 'AWAITING_ACTION', expiresAt: START + 59 })),
      ['warning: paused at h until 2027-01-15 08:00 UTC (already past): continue or roll back the deployment in ECS'],
    ],

    ...(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'] as const).map(
      (status): [string, Snapshot, readonly string[]] => [
        status,
        stated({ status }),
        ['failure: ECS rolls back to web:41'],
      ],
    ),
    [
      'a rollback by an event alone',
      look(60, [ours(), old(2)], { events: [event(5, `rolling back to deployment ${OLD}.`)] }),
      ['failure: ECS rolls back to web:41'],
    ],
    [
      'no rollback by another event',
      look(60, [ours(), old(2)], { events: [event(5, 'has reached a steady state.')] }),
      [],
    ],
    [
      'a rollback to what is PRIMARY',
      stated({ status: 'ROLLBACK_IN_PROGRESS' }, [back, ours({ status: 'ACTIVE' })]),
      ['failure: ECS rolls back to web:40'],
    ],
    [
      'a rollback, with the reason of the rollback',
      stated(
        {
          status: 'ROLLBACK_IN_PROGRESS',
          statusReason: 'b.',
          rollback: { reason: 'a.' } as NonNullable<ServiceDeployment['rollback']>,
        },
        [failed('c.')],
      ),
      ['failure: ECS rolls back to web:41: a'],
    ],
    [
      'a rollback, with the reason of the status',
      stated({ status: 'ROLLBACK_IN_PROGRESS', statusReason: 'b.' }, [failed('c.')]),
      ['failure: ECS rolls back to web:41: b'],
    ],
    [
      'a rollback, with the reason of the rollout',
      stated({ status: 'ROLLBACK_IN_PROGRESS' }, [failed('c.d.')]),
      ['failure: ECS rolls back to web:41: c.d'],
    ],
    [
      'a rollback, without the reason of a rollout that did not fail',
      stated({ status: 'ROLLBACK_IN_PROGRESS' }, [ours({ rolloutStateReason: 'c' })]),
      ['failure: ECS rolls back to web:41'],
    ],

    ['a rollout that failed', look(60, [failed('it failed.')]), ['failure: It failed']],
    ['a rollout that failed without a reason', look(60, [failed()]), ['failure: The rollout has failed']],
    [
      'another that is PRIMARY',
      look(60, [back, ours({ status: 'ACTIVE' })]),
      [`warning: web:40 (${OLD}) is PRIMARY now, no longer ours`],
    ],
    ['another that is PRIMARY before ours is shown', look(60, [back]), []],
    ['none that is PRIMARY', look(60, [ours({ status: 'ACTIVE' })]), []],
    [
      'a service that is deleted',
      look(60, [ours()], { service: service([ours()], { status: 'DRAINING' }) }),
      ['failure: the service is DRAINING'],
    ],
  ])('%s', (_, current, expected) => {
    expect(lines(current)).toEqual(expected);
    expect(lines(current, current)).toEqual([]);
  });
  test('a rollback to an unknown revision', () => {
    const { previousTaskDefinitionArn: _, ...first } = deployment;
    expect(stagesBetween({ previous: undefined, current: stated({ status: 'ROLLBACK_IN_PROGRESS' }) }, first)).toEqual([
      { at: START + 60, kind: 'step', severity: 'failure', text: 'ECS rolls back to the revision before' },
    ]);
  });
  test('only what is new since the poll before', () => {
    const before = stated({ lifecycleStage: 'SCALE_UP' });
    expect(lines(stated({ lifecycleStage: 'SCALE_UP', status: 'STOPPED' }), before)).toEqual([
      'warning: the service deployment is being stopped',
    ]);
  });
  test.each<[string, Snapshot, boolean]>([
    ['nothing', look(60, [ours()]), false],
    ['a rollback', stated({ status: 'ROLLBACK_IN_PROGRESS' }), true],
    ['a rollout that failed', look(60, [failed()]), true],
    ['another that failed', look(60, [ours(), old(2, { rolloutState: 'FAILED' })]), false],
  ])('the failure is shown by %s: %#', (_, snapshot, expected) => {
    expect(failureIsShown(snapshot, deployment)).toBe(expected);
  });
  test('clock time is in minutes', () => expect(clockTime(START)).toBe('2027-01-15 08:00'));
});

const container = (name: string, rest: Partial<ContainerState> = {}): ContainerState => ({
  name,
  image: 'x',
  lastStatus: 'STOPPED',
  healthStatus: 'UNKNOWN',
  ...rest,
});

describe('tasks', () => {
  const shown = (one: TaskState, { seconds = 10, target }: { seconds?: number; target?: TargetHealth } = {}) => {
    const targetHealth = new Map(target ? [[one.id, target]] : []);
    const [moment] = tasksBetween(undefined, look(seconds, [ours()], { tasks: [one], targetHealth }), 'web:42');
    return moment && `${moment.severity} ${moment.state}: ${moment.text}`;
  };
  const { createdAt: _, ...undated } = task(TASK_A, 'PENDING');
  const runs = (rest: Partial<TaskState> = {}) => task(TASK_A, 'RUNNING', rest);
  const stopped = (rest: Partial<TaskState> = {}) => task(TASK_A, 'STOPPED', rest);
  test.each<[string | undefined, TaskState, { seconds?: number; target?: TargetHealth }?]>([
    ['normal PROVISIONING: web:42 PROVISIONING', task(TASK_A, 'PROVISIONING')],
    ['normal PENDING: web:42 PENDING', task(TASK_A, 'PENDING'), { seconds: 14 }],
    ['normal PENDING: web:42 PENDING (asked for 10 s ago)', task(TASK_A, 'PENDING'), { seconds: 15 }],
    ['normal PENDING: web:42 PENDING', undated, { seconds: 100 }],
    ['normal PENDING: web:42 PENDING (asked for 55 s ago)', task(TASK_A, 'ACTIVATING'), { seconds: 60 }],
    ['normal PROVISIONING: web:42 PROVISIONING (asked for 55 s ago)', task(TASK_A, 'PROVISIONING'), { seconds: 60 }],
    ['normal RUNNING: web:42 RUNNING', runs(), { seconds: 60 }],
    ['normal RUNNING: web:42 RUNNING (runs for 50 s)', runs({ startedAt: START + 10 }), { seconds: 60 }],
    ['good HEALTHY: web:42 RUNNING, container healthy', runs({ healthStatus: 'HEALTHY' })],
    ['warning UNHEALTHY: web:42 RUNNING, container unhealthy', runs({ healthStatus: 'UNHEALTHY' })],
    ['good HEALTHY: web:42 RUNNING, target healthy', runs(), { target: { state: 'healthy', reason: 'x' } }],
    ['normal RUNNING: web:42 RUNNING, target initial', runs(), { target: { state: 'initial' } }],
    [
      'normal RUNNING: web:42 RUNNING, container healthy, target initial (a)',
      runs({ healthStatus: 'HEALTHY' }),
      { target: { state: 'initial', reason: 'a' } },
    ],
    [
      'warning UNHEALTHY: web:42 RUNNING, target unhealthy (b)',
      runs(),
      { target: { state: 'unhealthy', reason: 'a', description: 'b' } },
    ],
    [
      'warning UNHEALTHY: web:42 RUNNING, container unhealthy, target healthy',
      runs({ healthStatus: 'UNHEALTHY' }),
      { target: { state: 'healthy' } },
    ],
    ['failure STOPPED: web:42 STOPPED', task(TASK_A, 'DEPROVISIONING'), { seconds: 60 }],
    ['failure STOPPED: web:42 STOPPED: Why.', stopped({ stoppedReason: 'Why.' })],
    ['failure STOPPED: web:42 STOPPED', stopped({ stoppedReason: '' })],
    ['failure STOPPED: web:42 STOPPED (ran 20 s)', stopped({ startedAt: START + 10, stoppedAt: START + 30 })],
    ['failure STOPPED: web:42 STOPPED', stopped({ stoppedAt: START + 30 }), { seconds: 60 }],
    ['normal STOPPED: web:42 STOPPED', stopped({ stopCode: 'UserInitiated' })],
    ['normal STOPPED: web:42 STOPPED', stopped({ stopCode: 'ServiceSchedulerInitiated' })],
    ['failure STOPPED: web:42 STOPPED', stopped({ stopCode: 'ServiceSchedulerInitiated', failedHealthCheck: true })],
    ['failure STOPPED: web:42 STOPPED', stopped({ stopCode: 'EssentialContainerExited' })],
    ['warning STOPPED: web:42 STOPPED', stopped({ stopCode: 'SpotInterruption' })],
    ['warning STOPPED: web:42 STOPPED', stopped({ stopCode: 'TerminationNotice' })],
    ['warning STOPPED: web:42 STOPPED', stopped({ stopCode: 'InfrastructureHealth' })],
    [
      'failure STOPPED: web:42 STOPPED: Why.; container app: exit code 1; container proxy: exit code 137, Killed.',
      stopped({
        stoppedReason: 'Why.',
        containers: [
          container('app', { exitCode: 1 }),
          container('zero', { exitCode: 0 }),
          container('term', { exitCode: 143 }),
          container('none'),
          container('proxy', { exitCode: 137, reason: 'Killed.' }),
        ],
      }),
    ],
    [
      'failure STOPPED: web:42 STOPPED: Task: Why.; container b: exit code 0, Else.',
      stopped({
        stoppedReason: 'Task: Why.',
        containers: [container('a', { reason: 'Why.' }), container('b', { exitCode: 0, reason: 'Else.' })],
      }),
    ],
  ])('%s', (expected, one, seen = {}) => {
    expect(shown(one, seen)).toBe(expected);
  });

  test('are shown when they are new or have moved', () => {
    const at = (tasks: readonly TaskState[], targets: Readonly<Record<string, string>> = {}, seconds = 100) =>
      look(seconds, [ours()], {
        tasks,
        targetHealth: new Map(Object.entries(targets).map(([id, state]) => [id, { state }])),
      });
    const between = (before: Snapshot, now: Snapshot) =>
      tasksBetween(before, now, 'web:42').map(({ taskId, state }) => `${taskId} ${state}`);
    const one = task('a', 'PENDING');
    expect(between(at([]), at([one, task('b', 'RUNNING')]))).toEqual(['a PENDING', 'b RUNNING']);
    expect(between(at([one]), at([one]))).toEqual([]);
    expect(between(at([one]), at([{ ...one }], {}, 200))).toEqual([]);
    expect(between(at([one]), at([{ ...one, lastStatus: 'ACTIVATING' }]))).toEqual([]);
    expect(between(at([one]), at([{ ...one, lastStatus: 'RUNNING' }]))).toEqual(['a RUNNING']);
    const runs = task('a', 'RUNNING');
    expect(between(at([runs]), at([runs], { a: 'healthy' }))).toEqual(['a HEALTHY']);
    expect(between(at([runs], { a: 'healthy' }), at([runs], { a: 'healthy' }))).toEqual([]);
    expect(tasksBetween(undefined, at([one]), 'web:42')).toMatchObject([
      { at: START + 100, kind: 'task', taskId: 'a' },
    ]);
  });

  test.each<[number | undefined, readonly TaskState[], Readonly<Record<string, string>>]>([
    [undefined, [], {}],
    [undefined, [task('a', 'RUNNING')], {}],
    [0, [task('a', 'RUNNING')], { a: 'initial' }],
    [1, [task('a', 'RUNNING'), task('b', 'RUNNING')], { a: 'healthy', b: 'initial' }],
    [1, [task('a', 'RUNNING', { healthStatus: 'HEALTHY' }), task('b', 'RUNNING')], {}],
    [0, [task('a', 'STOPPED', { healthStatus: 'UNHEALTHY' })], {}],
  ])('%s are healthy: %#', (expected, tasks, targets) => {
    const targetHealth = new Map(Object.entries(targets).map(([id, state]) => [id, { state }]));
    expect(healthyCount(look(60, [ours()], { tasks, targetHealth }))).toBe(expected);
  });
});

describe('logs', () => {
  const KEY = `${TASK_A}/app`;
  const at = (logs: Readonly<Record<string, readonly string[]>>, rest: Partial<Snapshot> = {}) =>
    look(60, [ours()], { logs: new Map(Object.entries(logs)), ...rest });
  const between = (before: Snapshot | undefined, now: Snapshot) => logsBetween(before, now).map(({ text }) => text);
  const TITLE = 'last log lines of task 2c473733, container app';
  test('have a title with task, container and exit code', () => {
    expect(logsBetween(undefined, at({ [KEY]: ['a', 'b'] }))).toEqual([
      { at: START + 60, kind: 'log', severity: 'normal', text: `${TITLE}\na\nb`, taskId: TASK_A },
    ]);
    const tasks = [
      task(TASK_B, 'STOPPED', { containers: [container('app', { exitCode: 9 })] }),
      task(TASK_A, 'STOPPED', { containers: [container('proxy', { exitCode: 2 }), container('app', { exitCode: 1 })] }),
    ];
    expect(between(undefined, at({ [KEY]: ['a'] }, { tasks }))).toEqual([`${TITLE} (exit code 1)\na`]);
    expect(between(undefined, at({ [`${TASK_A}/other`]: ['a'] }, { tasks }))).toEqual([
      'last log lines of task 2c473733, container other\na',
    ]);
  });
  test.each<[readonly string[], readonly string[], readonly string[]]>([
    [['a', 'b'], ['a', 'b'], []],
    [['a', 'b'], ['a', 'b', 'c'], ['c']],
    [['a', 'b'], ['b', 'c'], ['c']],
    [['a', 'b', 'b'], ['b', 'b', 'c'], ['c']],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'c'],
    ],
    [['x', 'a', 'b'], ['b'], []],
  ])('after %j, of %j is new: %j', (before, now, fresh) => {
    expect(between(at({ [KEY]: before }), at({ [KEY]: now }))).toEqual(
      fresh.length === 0 ? [] : [[TITLE, ...fresh].join('\n')],
    );
  });
  test('with the same lines are shown once, of this poll or an earlier one', () => {
    expect(between(undefined, at({ [KEY]: ['a'], [`${TASK_B}/app`]: ['a'] }))).toHaveLength(1);
    expect(between(at({ [KEY]: ['a'] }), at({ [KEY]: ['a'], [`${TASK_B}/app`]: ['a'] }))).toEqual([]);
    expect(between(undefined, at({ [KEY]: [] }))).toEqual([]);
  });
  test('that cannot be read are hinted at once', () => {
    const hints = (...names: readonly string[]) => ({ logHints: new Map(names.map((name) => [name, `see ${name}`])) });
    expect(logsBetween(undefined, at({}, hints('a')))).toEqual([
      { at: START + 60, kind: 'step', severity: 'normal', text: 'see a' },
    ]);
    expect(between(at({}), at({}, hints('a')))).toEqual(['see a']);
    expect(between(at({}, hints('a')), at({}, hints('a', 'b')))).toEqual(['see b']);
  });
});
