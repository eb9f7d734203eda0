import {
  asDeployed,
  type Current,
  hasEnded,
  idIn,
  idOf,
  isOpen,
  type Known,
  revisionArnOf,
  serviceDeploymentOf,
  statusOf,
} from '../../src/code-deploy/deployed.ts';
import type {
  CodeDeployment,
  CodeDeployTarget,
  DeploymentGroup,
  LifecycleEvent,
  LoadBalancer,
  ServiceState,
  TaskSetState,
} from '../../src/model.ts';
import { revisionArn, START, service } from '../report/made.ts';
import { GROUP as GROUP_OF_WEB, deployment as underWay } from './made.ts';

const NOW = START + 1_000;
const GROUP: DeploymentGroup = { ...GROUP_OF_WEB, alarms: ['5xx', 'latency'] };
const deployment = (rest: Partial<CodeDeployment> = {}): CodeDeployment => underWay('d-NEW', rest);
const ended = (status: CodeDeployment['status'], rest: Partial<CodeDeployment> = {}): CodeDeployment =>
  deployment({ status, finishedAt: NOW, ...rest });
const taskSet = (id: string, rest: Partial<TaskSetState> = {}): TaskSetState => ({
  id,
  status: 'ACTIVE',
  taskDefinitionArn: revisionArn(42),
  desiredCount: 2,
  runningCount: 1,
  pendingCount: 1,
  loadBalancers: [],
  createdAt: START + 10,
  updatedAt: START + 20,
  ...rest,
});
const BLUE = taskSet('ecs-svc/1', {
  status: 'PRIMARY',
  externalId: 'd-OLD',
  taskDefinitionArn: revisionArn(41),
  createdAt: START - 500,
});
const GREEN = taskSet('ecs-svc/2', { externalId: 'd-NEW' });
const balancer = (arn: string): LoadBalancer => ({ targetGroupArn: arn }) as LoadBalancer;
const web = (taskSets: readonly TaskSetState[] | undefined, rest: Partial<ServiceState> = {}): ServiceState =>
  service([], { deploymentController: 'CODE_DEPLOY', ...(taskSets ? { taskSets } : {}), ...rest });
const known = (current?: Current, rest: Partial<Known> = {}): Known => ({
  untilTermination: false,
  ...(current ? { current } : {}),
  ...rest,
});
/** `d-NEW 42 PRIMARY IN_PROGRESS`, in their order. */
const shown = (state: ServiceState, of: Known, now = NOW): string[] =>
  asDeployed(state, of, now).deployments.map(
    ({ id, taskDefinitionArn, status, rolloutState }) =>
      `${id} ${taskDefinitionArn.split(':').at(-1)} ${status} ${rolloutState}`,
  );

test.each([
  ['Created', true, false],
  ['Queued', true, false],
  ['InProgress', true, false],
  ['Baking', true, false],
  ['Ready', true, false],
  ['Succeeded', false, true],
  ['Failed', false, true],
  ['Stopped', false, true],
  ['Paused', false, false],
])('%s: open %s, ended %s', (status, open, over) => {
  expect([isOpen({ status }), hasEnded({ status })]).toEqual([open, over]);
});

test('ids of task sets and of revisions', () => {
  expect([idOf(GREEN), idOf({ id: 'ecs-svc/1' })]).toEqual(['d-NEW', 'ecs-svc/1']);
  expect(idIn(revisionArnOf('d-NEW'))).toBe('d-NEW');
  expect(idIn(revisionArn(42))).toBeUndefined();
});

describe('the status, as ECS would have it', () => {
  const failed = (rest: Partial<CodeDeployment>): CodeDeployment => ended('Failed', rest);
  const stopped = (rest: Partial<CodeDeployment> = {}): CodeDeployment =>
    ended('Stopped', { error: { code: 'MANUAL_STOP', message: 'x' }, ...rest });
  const alarm = { code: 'ALARM_ACTIVE', message: 'x' };
  test.each<[string, Current, string, number?]>([
    ['created', { deployment: deployment({ status: 'Created' }) }, 'PENDING'],
    ['queued', { deployment: deployment({ status: 'Queued' }) }, 'PENDING'],
    ['under way', { deployment: deployment() }, 'IN_PROGRESS'],
    ['waiting', { deployment: deployment({ status: 'Ready' }) }, 'IN_PROGRESS'],
    ['succeeded', { deployment: ended('Succeeded') }, 'SUCCESSFUL'],
    ['being rolled back', { deployment: failed({}), rollback: deployment() }, 'ROLLBACK_IN_PROGRESS'],
    ['rolled back', { deployment: failed({}), rollback: ended('Succeeded') }, 'ROLLBACK_SUCCESSFUL'],
    ['not rolled back', { deployment: stopped(), rollback: ended('Failed') }, 'ROLLBACK_FAILED'],
    ['with a rollback to come', { deployment: failed({ rolledBackBy: 'd-BACK' }) }, 'ROLLBACK_REQUESTED', 9_999],
    ['failed', { deployment: failed({}) }, 'STOPPED'],
    [
      'failed, with automatic rollbacks',
      { deployment: failed({ rollbackOn: ['DEPLOYMENT_FAILURE'] }) },
      'ROLLBACK_REQUESTED',
      59,
    ],
    ['a minute after', { deployment: failed({ rollbackOn: ['DEPLOYMENT_FAILURE'] }) }, 'STOPPED', 60],
    [
      'an alarm, with rollbacks of failures',
      { deployment: failed({ error: alarm, rollbackOn: ['DEPLOYMENT_FAILURE'] }) },
      'STOPPED',
    ],
    [
      'an alarm, with rollbacks of alarms',
      { deployment: failed({ error: alarm, rollbackOn: ['DEPLOYMENT_STOP_ON_ALARM'] }) },
      'ROLLBACK_REQUESTED',
    ],
    ['just stopped by someone', { deployment: stopped() }, 'STOP_REQUESTED', 14],
    ['stopped by someone', { deployment: stopped() }, 'STOPPED', 15],
    [
      'stopped, with rollbacks of stops',
      { deployment: stopped({ rollbackOn: ['DEPLOYMENT_STOP_ON_REQUEST'] }) },
      'ROLLBACK_REQUESTED',
    ],
    ['stopped with a rollback', { deployment: stopped(), rollbackRequested: true }, 'ROLLBACK_REQUESTED', 59],
    ['stopped with a rollback that never came', { deployment: stopped(), rollbackRequested: true }, 'STOPPED', 60],
    [
      'without a time of its end',
      { deployment: { ...deployment(), status: 'Failed', rollbackOn: ['DEPLOYMENT_FAILURE'] } },
      'ROLLBACK_REQUESTED',
      9_999,
    ],
  ])('%s', (_, current, status, after = 0) => expect(statusOf(current, NOW + after)).toBe(status));
});

describe('deployments of the service', () => {
  const under = { deployment: deployment() };
  const stopped = ended('Stopped', { error: { code: 'MANUAL_STOP', message: 'x' } });
  const APP_SPEC = JSON.stringify({ TaskDefinition: revisionArn(43) });
  const passed: CodeDeployTarget = {
    events: [
      { name: 'Install', status: 'Succeeded' },
      { name: 'AfterInstall', status: 'Skipped' },
    ],
    taskSets: [],
  };
  const served = [
    { ...BLUE, status: 'ACTIVE' as const },
    { ...GREEN, status: 'PRIMARY' as const },
  ];
  test.each<[string, readonly TaskSetState[] | undefined, Known, string[], number?]>([
    ['none', undefined, known(), []],
    ['the serving one', [BLUE], known(), ['d-OLD 41 PRIMARY COMPLETED']],
    [
      'a newer one of another client',
      [BLUE, GREEN],
      known(),
      ['d-NEW 42 PRIMARY IN_PROGRESS', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    [
      'an older one',
      [BLUE, { ...GREEN, createdAt: START - 900 }],
      known(),
      ['d-OLD 41 PRIMARY COMPLETED', 'd-NEW 42 ACTIVE COMPLETED'],
    ],
    [
      'one that drains',
      [BLUE, { ...GREEN, status: 'DRAINING' }],
      known(),
      ['d-OLD 41 PRIMARY COMPLETED', 'd-NEW 42 ACTIVE COMPLETED'],
    ],
    ['the first one', [GREEN], known(), ['d-NEW 42 PRIMARY IN_PROGRESS']],
    [
      'before its task set',
      [BLUE],
      known({ deployment: deployment({ appSpec: APP_SPEC }) }),
      ['d-NEW 43 PRIMARY IN_PROGRESS', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    ['the same without an AppSpec', [BLUE], known(under), ['d-NEW  PRIMARY IN_PROGRESS', 'd-OLD 41 ACTIVE COMPLETED']],
    ['under way', [BLUE, GREEN], known(under), ['d-NEW 42 PRIMARY IN_PROGRESS', 'd-OLD 41 ACTIVE COMPLETED']],
    [
      'all traffic at the new one',
      served,
      known({ deployment: deployment({ terminationStarted: true }) }),
      ['d-NEW 42 PRIMARY COMPLETED', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    [
      'the same by its events',
      served,
      known({ ...under, target: passed }),
      ['d-NEW 42 PRIMARY COMPLETED', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    [
      'events that have not all passed',
      served,
      known({ ...under, target: { ...passed, events: [...passed.events, { name: 'X', status: 'Pending' }] } }),
      ['d-NEW 42 PRIMARY IN_PROGRESS', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    [
      'no events yet',
      served,
      known({ ...under, target: { ...passed, events: [] } }),
      ['d-NEW 42 PRIMARY IN_PROGRESS', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    [
      'events passed, and the old one still serves',
      [BLUE, GREEN],
      known({ ...under, target: passed }),
      ['d-NEW 42 PRIMARY IN_PROGRESS', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    [
      'until the original has ended',
      served,
      known({ ...under, target: passed }, { untilTermination: true }),
      ['d-NEW 42 PRIMARY IN_PROGRESS', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    [
      'succeeded',
      served,
      known({ deployment: ended('Succeeded') }),
      ['d-NEW 42 PRIMARY COMPLETED', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    [
      'just stopped',
      [BLUE, GREEN],
      known({ deployment: stopped }),
      ['d-NEW 42 PRIMARY IN_PROGRESS', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    [
      'stopped and left',
      [BLUE, GREEN],
      known({ deployment: stopped }),
      ['d-NEW 42 PRIMARY FAILED', 'd-OLD 41 ACTIVE COMPLETED'],
      NOW + 99,
    ],
    [
      'failed and left',
      [BLUE, GREEN],
      known({ deployment: ended('Failed') }),
      ['d-NEW 42 PRIMARY FAILED', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    [
      'failed and removed',
      [BLUE, { ...GREEN, status: 'DRAINING' }],
      known({ deployment: ended('Failed') }),
      ['d-OLD 41 PRIMARY COMPLETED', 'd-NEW 42 ACTIVE FAILED'],
    ],
    ['failed without a task set', [BLUE], known({ deployment: ended('Failed') }), ['d-OLD 41 PRIMARY COMPLETED']],
    [
      'rolled back',
      [BLUE, GREEN],
      known({ deployment: ended('Failed'), rollback: ended('Succeeded') }),
      ['d-OLD 41 PRIMARY COMPLETED', 'd-NEW 42 ACTIVE FAILED'],
    ],
    [
      'being rolled back, traffic still at the new one',
      served,
      known({ deployment: ended('Failed'), rollback: deployment({ id: 'd-BACK' }) }),
      ['d-OLD 41 PRIMARY COMPLETED', 'd-NEW 42 ACTIVE FAILED'],
    ],
    [
      'a rollback to come',
      served,
      known({ deployment: ended('Failed', { rolledBackBy: 'd-BACK' }) }),
      ['d-OLD 41 PRIMARY COMPLETED', 'd-NEW 42 ACTIVE FAILED'],
    ],
    [
      'a rollback that failed',
      served,
      known({ deployment: ended('Failed'), rollback: ended('Failed') }),
      ['d-NEW 42 PRIMARY FAILED', 'd-OLD 41 ACTIVE COMPLETED'],
    ],
    [
      'a newer task set beside a known deployment',
      [BLUE, GREEN, taskSet('ecs-svc/3')],
      known({ deployment: ended('Succeeded') }),
      ['d-OLD 41 PRIMARY COMPLETED', 'ecs-svc/3 42 ACTIVE COMPLETED', 'd-NEW 42 ACTIVE COMPLETED'],
    ],
  ])('%s', (_, sets, of, expected, now = NOW) => {
    const found = shown(web(sets), of, now);
    expect(found.slice(0, 1)).toEqual(expected.slice(0, 1));
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  test('the newest behind the PRIMARY first', () => {
    const sets = [
      taskSet('ecs-svc/3', { createdAt: 1 }),
      taskSet('ecs-svc/4', { createdAt: 3 }),
      BLUE,
      taskSet('ecs-svc/5', { createdAt: 2 }),
    ];
    expect(shown(web(sets), known()).map((line) => line.split(' ')[0])).toEqual([
      'd-OLD',
      'ecs-svc/4',
      'ecs-svc/5',
      'ecs-svc/3',
    ]);
  });

  test('counts and times', () => {
    expect(asDeployed(web([GREEN]), known(under), NOW).deployments).toEqual([
      {
        id: 'd-NEW',
        status: 'PRIMARY',
        taskDefinitionArn: revisionArn(42),
        desiredCount: 2,
        runningCount: 1,
        pendingCount: 1,
        failedTasks: 0,
        rolloutState: 'IN_PROGRESS',
        createdAt: START,
        updatedAt: START + 20,
      },
    ]);
    expect(asDeployed(web([BLUE]), known(), NOW).deployments[0]?.createdAt).toBe(BLUE.createdAt);
    expect(asDeployed(web([], { desiredCount: 3 }), known(under), NOW).deployments).toEqual([
      expect.objectContaining({
        desiredCount: 3,
        runningCount: 0,
        pendingCount: 0,
        failedTasks: 0,
        createdAt: START,
        updatedAt: START,
      }),
    ]);
  });
});

describe('the service', () => {
  test('has the revision of what it is brought to', () => {
    const state = web([BLUE, GREEN], { taskDefinitionArn: revisionArn(1) });
    expect(asDeployed(state, known({ deployment: deployment() }), NOW).taskDefinitionArn).toBe(revisionArn(42));
    expect(asDeployed({ ...state, taskSets: [] }, known(), NOW).taskDefinitionArn).toBe(revisionArn(1));
  });
  test('has events of deployments, not of task sets', () => {
    const event = (deploymentId?: string) => ({
      id: 'x',
      at: 1,
      message: 'x',
      ...(deploymentId ? { deploymentId } : {}),
    });
    const events = [event('ecs-svc/2'), event('ecs-svc/9'), event()] as unknown as ServiceState['events'];
    const shownEvents = asDeployed(web([GREEN], { events }), known(), NOW).events;
    expect(shownEvents.map((one) => one.deploymentId)).toEqual(['d-NEW', 'ecs-svc/9', undefined]);
  });
  test('has each target group once, the serving one first', () => {
    const arns = (state: ServiceState): unknown[] =>
      asDeployed(state, known(), NOW).loadBalancers.map(({ targetGroupArn }) => targetGroupArn);
    const own = { loadBalancers: [balancer('own')] };
    const sets = [
      { ...GREEN, loadBalancers: [balancer('green'), balancer('blue')] },
      { ...BLUE, loadBalancers: [balancer('blue')] },
    ];
    expect(arns(web(sets, own))).toEqual(['blue', 'green']);
    expect(arns(web([], own))).toEqual(['own']);
    expect(arns(web(undefined, own))).toEqual(['own']);
  });
  test('has the strategy of the deployment configuration', () => {
    const strategy = (routing: Known['routing']) => {
      const { strategy, canary, linear } = asDeployed(web([]), known(undefined, routing ? { routing } : {}), NOW);
      return { strategy, canary, linear };
    };
    expect(strategy({ kind: 'TimeBasedCanary', percent: 10, minutes: 5 })).toEqual({
      strategy: 'CANARY',
      canary: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 },
    });
    expect(strategy({ kind: 'TimeBasedLinear', percent: 20, minutes: 3 })).toEqual({
      strategy: 'LINEAR',
      linear: { stepPercent: 20, stepBakeTimeInMinutes: 3 },
    });
    expect(strategy({ kind: 'AllAtOnce' })).toEqual({ strategy: 'BLUE_GREEN' });
    expect(strategy(undefined)).toEqual({ strategy: 'BLUE_GREEN' });
  });
  test('has its group, with the newest deployment that is known', () => {
    const group = { ...GROUP, terminationMinutes: 5, newest: { id: 'd-OLD', status: 'Succeeded' } };
    const of = (current?: Current, rest: Partial<Known> = {}) =>
      asDeployed(web([]), known(current, { group, ...rest }), NOW);
    expect(of().codeDeploy).toEqual({ kind: 'known', ...group });
    expect(of({ deployment: deployment() }).codeDeploy).toMatchObject({
      newest: { id: 'd-NEW', status: 'InProgress' },
    });
    expect(of().bakeTimeMinutes).toBeUndefined();
    expect(of(undefined, { untilTermination: true }).bakeTimeMinutes).toBe(5);
    expect(asDeployed(web([]), known(undefined, { untilTermination: true }), NOW)).not.toHaveProperty('codeDeploy');
  });
});

describe('the deployment as a service deployment', () => {
  const of = (current: Current, rest: Partial<Known> = {}, state = web([BLUE, GREEN])) =>
    serviceDeploymentOf(state, { untilTermination: false, current, ...rest }, NOW);
  const event = (
    name: string,
    status: LifecycleEvent['status'],
    rest: Partial<LifecycleEvent> = {},
  ): LifecycleEvent => ({ name, status, ...rest });
  const target = (events: readonly LifecycleEvent[], label = true): CodeDeployTarget => ({
    events,
    taskSets: [
      { id: 'ecs-svc/1', ...(label ? { label: 'Blue' } : {}), trafficPercent: 90, desired: 3, running: 2, pending: 1 },
      { id: 'ecs-svc/2', ...(label ? { label: 'Green' } : {}), trafficPercent: 10, desired: 6, running: 5, pending: 4 },
    ],
  });

  test('at its beginning', () => {
    expect(of({ deployment: deployment({ status: 'Created' }) })).toEqual({
      arn: 'd-NEW',
      clusterArn: expect.stringContaining('cluster/shop'),
      serviceArn: expect.stringContaining('service/shop/web'),
      status: 'PENDING',
      createdAt: START,
      targetServiceRevisionArn: 'code-deploy/d-NEW',
      sources: [],
      hooks: [],
      strategy: 'BLUE_GREEN',
      codeDeploy: { events: [] },
    });
  });
  test.each([true, false])('with its task sets, with labels: %s', (label) => {
    const found = of({ deployment: deployment({ startedAt: START + 1 }), target: target([], label) });
    const blue = { arn: 'code-deploy/d-OLD', requested: 3, running: 2, pending: 1, trafficPercent: 90 };
    const green = { arn: 'code-deploy/d-NEW', requested: 6, running: 5, pending: 4, trafficPercent: 10 };
    expect(found).toMatchObject({ sources: [blue], target: green, startedAt: START + 1 });
  });
  test('with task sets that the service no longer has', () => {
    const found = of({ deployment: deployment(), target: target([]) }, {}, web(undefined));
    expect(found.sources.map(({ arn }) => arn)).toEqual(['code-deploy/ecs-svc/1']);
  });
  test('with its strategy and the wait for the termination', () => {
    const routing = { kind: 'TimeBasedLinear', percent: 20, minutes: 3 } as const;
    const group = { ...GROUP, terminationMinutes: 7 };
    expect(of({ deployment: deployment() }, { routing, group })).toMatchObject({
      strategy: 'LINEAR',
      linear: { stepPercent: 20 },
    });
    expect(of({ deployment: deployment() }, { group })).not.toHaveProperty('bakeTimeMinutes');
    expect(of({ deployment: deployment() }, { group, untilTermination: true }).bakeTimeMinutes).toBe(7);
  });
  test.each<[string, LifecycleEvent[], Partial<CodeDeployment>, string | undefined]>([
    ['the event under way', [event('A', 'Pending'), event('B', 'InProgress')], {}, 'B'],
    ['the next one', [event('A', 'Succeeded'), event('B', 'Pending')], {}, 'B'],
    ['none left', [event('A', 'Succeeded')], {}, 'TERMINATION_WAIT'],
    ['one that failed', [event('A', 'Failed')], {}, undefined],
    ['none', [], {}, undefined],
    ['the termination', [], { terminationStarted: true }, 'TERMINATION_WAIT'],
    ['an approval', [event('B', 'InProgress')], { status: 'Ready' }, 'READY_WAIT'],
    ['after the end', [event('B', 'InProgress')], { status: 'Failed' }, undefined],
  ])('the stage is %s', (_, events, change, stage) => {
    expect(of({ deployment: deployment(change), target: target(events) }).lifecycleStage).toBe(stage);
  });
  test('the wait for an approval ends a number of minutes after the last event', () => {
    const ready = deployment({ status: 'Ready' });
    const events = [
      event('A', 'Succeeded', { endedAt: 100 }),
      event('B', 'Succeeded', { endedAt: 50 }),
      event('C', 'Pending'),
    ];
    const hook = { id: 'READY_WAIT', targetType: 'CodeDeploy', status: 'AWAITING_ACTION' };
    const group = { ...GROUP, readyMinutes: 10 };
    expect(of({ deployment: ready, target: target(events) }, { group }).hooks).toEqual([{ ...hook, expiresAt: 700 }]);
    expect(of({ deployment: ready, target: target(events) }, { group: GROUP }).hooks).toEqual([hook]);
    expect(of({ deployment: ready, target: target(events) }).hooks).toEqual([hook]);
    expect(of({ deployment: ready }, { group }).hooks).toEqual([hook]);
    expect(of({ deployment: deployment(), target: target(events) }, { group }).hooks).toEqual([]);
  });
  test('the original is kept a number of minutes after the shift', () => {
    const events = [
      event('A', 'Succeeded', { endedAt: 100 }),
      event('B', 'Skipped'),
      event('C', 'Succeeded', { endedAt: 50 }),
    ];
    const group = { ...GROUP, terminationMinutes: 10 };
    const until = (current: Current, of_: Partial<Known> = { group }) =>
      of(current, of_).codeDeploy?.keepsOriginalUntil;
    expect(until({ deployment: deployment(), target: target(events) })).toBe(700);
    expect(until({ deployment: deployment(), target: target(events) }, { group: GROUP })).toBeUndefined();
    expect(until({ deployment: deployment(), target: target(events) }, {})).toBeUndefined();
    expect(until({ deployment: ended('Succeeded'), target: target(events) })).toBeUndefined();
    expect(until({ deployment: deployment(), target: target([...events, event('D', 'InProgress')]) })).toBeUndefined();
    expect(until({ deployment: deployment({ terminationStarted: true }) })).toBeUndefined();
  });
  test('its end, and that of its rollback', () => {
    expect(of({ deployment: ended('Succeeded') })).toMatchObject({ status: 'SUCCESSFUL', finishedAt: NOW });
    const rollback = ended('Succeeded', { id: 'd-BACK', finishedAt: NOW + 5 });
    const error = { code: 'HEALTH_CONSTRAINTS', message: 'Too few.' };
    expect(of({ deployment: ended('Failed', { error }), rollback })).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      finishedAt: NOW + 5,
      statusReason: 'CodeDeploy HEALTH_CONSTRAINTS: Too few.',
      rollback: { reason: 'CodeDeploy HEALTH_CONSTRAINTS: Too few.' },
      codeDeploy: { errorCode: 'HEALTH_CONSTRAINTS' },
    });
    expect(of({ deployment: ended('Failed', { error, rolledBackBy: 'd-BACK' }) })).toHaveProperty('rollback');
    expect(of({ deployment: ended('Failed', { error }) })).not.toHaveProperty('rollback');
    expect(of({ deployment: ended('Failed', { error }) })).not.toHaveProperty('statusCauses');
    expect(of({ deployment: ended('Failed', { error }) })).not.toHaveProperty('alarms');
  });
  test('who or what ended it', () => {
    expect(of({ deployment: ended('Stopped', { error: { code: 'MANUAL_STOP', message: 'x' } }) }).statusCauses).toEqual(
      ['user'],
    );
    const deploymentOfAlarm = ended('Stopped', { error: { code: 'ALARM_ACTIVE', message: 'x', alarms: ['5xx'] } });
    expect(of({ deployment: deploymentOfAlarm }, { group: GROUP }).alarms).toEqual({
      names: ['5xx', 'latency'],
      triggered: ['5xx'],
      status: 'TRIGGERED',
    });
    expect(of({ deployment: deploymentOfAlarm }).alarms?.names).toEqual(['5xx']);
  });
  test.each<[Partial<LifecycleEvent>, string]>([
    [{}, ' (event AfterInstall)'],
    [{ function: 'check' }, ' (event AfterInstall, function check)'],
    [{ message: 'It said no.' }, ' (event AfterInstall: It said no.)'],
    [{ logTail: ' boom\n' }, ' (event AfterInstall: its log ends with: boom)'],
    [
      { function: 'check', message: 'No.', logTail: 'boom' },
      ' (event AfterInstall, function check: No.; its log ends with: boom)',
    ],
    [{ function: 'check', message: '', logTail: '' }, ' (event AfterInstall, function check)'],
  ])('the hook that failed: %j', (rest, words) => {
    const error = { code: 'HOOK_EXECUTION_FAILURE', message: 'A hook failed.' };
    const events = [event('Install', 'Succeeded'), event('AfterInstall', 'Failed', rest)];
    expect(of({ deployment: ended('Failed', { error }), target: target(events) }).statusReason).toBe(
      `CodeDeploy HOOK_EXECUTION_FAILURE: A hook failed.${words}`,
    );
  });
});
