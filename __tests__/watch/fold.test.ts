import { readFileSync } from 'node:fs';
import type { DeploymentState, ServiceDeployment, ServiceEvent, TaskState } from '../../src/model.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import { isUntroubled } from '../../src/watch/fold.ts';
import type { Observed, Snapshot } from '../../src/watch/snapshot.ts';
import {
  deployment,
  event,
  old,
  ours,
  START,
  service,
  serviceDeployment,
  TASK_A,
  TASK_B,
  task,
} from '../report/made.ts';
import { nextSnapshot } from '../support/explained.ts';

interface Look extends Partial<Omit<Observed, 'at' | 'service'>> {
  readonly deployments?: readonly DeploymentState[];
  /** As ECS gives them: newest first. */
  readonly events?: readonly ServiceEvent[];
}

const observed = (seconds: number, { deployments = [ours()], events = [], ...rest }: Look = {}): Observed => ({
  at: START + seconds,
  service: service(deployments, { events }),
  denied: [],
  ...rest,
});
/** Looks at 10 s, 20 s, ... in a row. */
function folded(looks: readonly Look[], of: Deployment = deployment): Snapshot {
  const [first = {}, ...rest] = looks;
  return rest.reduce<Snapshot>(
    (known, look, index) => nextSnapshot(known, observed(10 * (index + 2), look), of),
    nextSnapshot(undefined, observed(10, first), of),
  );
}
const ids = ({ tasks }: Snapshot) => tasks.map(({ id, lastStatus }) => `${id} ${lastStatus}`);
const runs = (runningCount: number, rest: Partial<DeploymentState> = {}) => ({
  deployments: [ours({ runningCount, ...rest })],
});

describe('tasks', () => {
  const [a, b] = [task('a', 'RUNNING', { createdAt: START + 2 }), task('b', 'RUNNING', { createdAt: START + 1 })];
  test('of ours are kept, in their newest state, oldest first', () => {
    expect(ids(folded([{ tasks: [a, b, task('c', 'RUNNING', { startedBy: 'other' })] }]))).toEqual([
      'b RUNNING',
      'a RUNNING',
    ]);
    expect(ids(folded([{ tasks: [a, b] }, { tasks: [{ ...a, lastStatus: 'STOPPED' }] }, {}]))).toEqual([
      'b RUNNING',
      'a STOPPED',
    ]);
    const { createdAt: _, ...undated } = task('u', 'PENDING');
    expect(ids(folded([{ tasks: [b, undated] }]))).toEqual(['u PENDING', 'b RUNNING']);
    expect(ids(folded([{ tasks: [undated, b] }]))).toEqual(['u PENDING', 'b RUNNING']);
  });
  test('of other deployments that ended badly since ours started are remembered by their ARN', () => {
    const other = (id: string, rest: Partial<TaskState> = {}): TaskState =>
      task(id, 'STOPPED', { startedBy: 'ecs-svc/old', stopCode: 'EssentialContainerExited', ...rest });
    const looks: Look[] = [
      { tasks: [other('before', { stoppedAt: START - 5 }), other('c', { stoppedAt: START + 3 }), a] },
      { tasks: [other('d'), other('scaled in', { stopCode: 'ServiceSchedulerInitiated' })] },
      { tasks: [other('e', { startedBy: 'ecs-svc/older' }), task('f', 'STOPPED', { stopCode: 'TaskFailedToStart' })] },
      {},
    ];
    const names = (snapshot: Snapshot) =>
      [...(snapshot.othersFailed ?? [])].map(([id, arns]) => [id, [...arns].map((arn) => arn.split('/').at(-1))]);
    expect(names(folded(looks.slice(0, 1)))).toEqual([['ecs-svc/old', ['c']]]);
    expect(names(folded(looks))).toEqual([
      ['ecs-svc/old', ['c', 'd']],
      ['ecs-svc/older', ['e']],
    ]);
    expect(folded([{ tasks: [a] }]).othersFailed).toBeUndefined();
  });
  test.each<[string, Partial<TaskState>, readonly string[]]>([
    ['without a reason are forgotten', {}, ['b RUNNING']],
    ['with a stop code are stopped', { stopCode: 'UserInitiated' }, ['b RUNNING', 'a STOPPED']],
    ['with a reason are stopped', { stoppedReason: 'why' }, ['b RUNNING', 'a STOPPED']],
  ])('that are gone %s', (_, rest, expected) => {
    const snapshot = folded([{ tasks: [{ ...a, ...rest }, b] }, { gone: [a.arn, 'unknown'] }]);
    expect(ids(snapshot)).toEqual(expected);
    expect(
      snapshot.tasks.filter(({ id }) => id === 'a').every(({ desiredStatus }) => desiredStatus === 'STOPPED'),
    ).toBe(true);
  });
});

describe('events', () => {
  const messages = (snapshot: Snapshot) => snapshot.events.map(({ message }) => message.replace('(service web) ', ''));
  test('of this deployment are kept once, oldest first, the last of a second last', () => {
    const [one, two, three] = [event(5, 'one'), event(5, 'two'), event(7, 'three')];
    expect(messages(folded([{ events: [three, two, one] }, { events: [three] }]))).toEqual(['one', 'two', 'three']);
    expect(messages(folded([{ events: [three] }, { events: [one] }]))).toEqual(['one', 'three']);
  });
  test('begin one second before it, by the clock of ECS', () => {
    const events = [event(-1, 'in time'), event(-2, 'before')];
    expect(messages(folded([{ events }]))).toEqual(['in time']);
    expect(messages(folded([{ events }], { ...deployment, createdAt: START - 1 }))).toEqual(['before', 'in time']);
  });
});

describe('what a later look does not show', () => {
  const revision = { arn: 'r', taskDefinitionArn: 't', images: [] };
  const all: Look = {
    revision,
    providers: [{ name: 'a', status: 'ACTIVE', compute: 'EC2', addsInstances: false }],
    targetHealth: new Map([['a', { state: 'healthy' }]]),
    logs: new Map([['a', ['1']]]),
    logsRead: new Map([['a', ['2']]]),
    logHints: new Map([['a', 'h']]),
    denied: ['x'],
    serviceDeployment: serviceDeployment(),
  };
  test('stays known', () => {
    const { providers: _, ...kept } = all;
    expect(folded([all, {}])).toMatchObject({ ...kept, addsCapacity: false, at: START + 20 });
  });
  test('is replaced or joined by what it does show', () => {
    const more: Look = {
      revision: { ...revision, arn: 's' },
      providers: [{ name: 'a', status: 'ACTIVE', compute: 'EC2', addsInstances: true }],
      targetHealth: new Map([['b', { state: 'initial' }]]),
      logs: new Map([['b', ['3']]]),
      logsRead: new Map([['b', ['4']]]),
      logHints: new Map([['b', 'i']]),
      denied: ['x', 'y'],
    };
    expect(folded([all, more])).toMatchObject({
      revision: { arn: 's' },
      addsCapacity: true,
      targetHealth: new Map([['b', { state: 'initial' }]]),
      logs: new Map(Object.entries({ a: ['1'], b: ['3'] })),
      logsRead: new Map(Object.entries({ a: ['2'], b: ['4'] })),
      logHints: new Map(Object.entries({ a: 'h', b: 'i' })),
      denied: ['x', 'y'],
    });
  });
  test('was never there', () => {
    const snapshot = folded([{}, {}]);
    for (const name of ['serviceDeployment', 'revision', 'addsCapacity', 'othersMovedAt', 'othersLeftAt'])
      expect(snapshot).not.toHaveProperty(name);
    expect(snapshot).toMatchObject({ tasks: [], events: [], denied: [], diagnoses: [], troubles: [] });
    expect([snapshot.targetHealth.size, snapshot.logs.size, snapshot.logsRead?.size, snapshot.logHints?.size]).toEqual([
      0, 0, 0, 0,
    ]);
  });
  const tripped = {
    circuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
    alarms: { status: 'TRIGGERED', names: ['a'], triggered: ['a'] },
  } as unknown as Partial<ServiceDeployment>;
  test('is what tripped: of the same service deployment alone', () => {
    const first = { serviceDeployment: serviceDeployment(tripped) };
    const later = serviceDeployment({ status: 'STOPPED' });
    expect(folded([first, { serviceDeployment: later }]).serviceDeployment).toEqual({ ...later, ...tripped });
    const another = serviceDeployment({ arn: 'another' });
    expect(folded([first, { serviceDeployment: another }]).serviceDeployment).toEqual(another);
    const quiet = { serviceDeployment: serviceDeployment() };
    expect(folded([quiet, { serviceDeployment: later }]).serviceDeployment).toStrictEqual(later);
    expect(folded([{}, quiet]).serviceDeployment).toEqual(quiet.serviceDeployment);
  });
});

describe('others', () => {
  const beside = (...others: readonly DeploymentState[]): Look => ({ deployments: [ours(), ...others] });
  test.each<[string, readonly Look[], number | undefined]>([
    ['first seen', [beside(old(2))], undefined],
    ['unchanged', [beside(old(2)), beside(old(2))], undefined],
    ['fewer run', [beside(old(2)), beside(old(1))], 20],
    ['more are pending', [beside(old(2)), beside(old(2, { pendingCount: 1 }))], 20],
    ['gone', [beside(old(2)), beside()], 20],
    ['another one', [beside(old(2)), beside(old(2, { id: 'x' }))], 20],
    ['unchanged since', [beside(old(2)), beside(old(1)), beside(old(1))], 20],
    ['ours alone', [runs(0), runs(1)], undefined],
  ])('moved: %s', (_, looks, at) => {
    expect(folded(looks).othersMovedAt).toBe(at === undefined ? undefined : START + at);
  });
  const leaving = (id: string, rest: Partial<TaskState> = {}) =>
    task(id, 'RUNNING', { desiredStatus: 'STOPPED', startedBy: 'old', ...rest });
  const drains = (...tasks: readonly TaskState[]): Look => ({ ...beside(old(0)), tasks });
  test.each<[string, readonly Look[], number, number, number | undefined]>([
    ['first seen', [beside(old(2, { pendingCount: 1 }))], 3, 0, undefined],
    ['fewer', [beside(old(2)), beside(old(1))], 1, 0, 20],
    ['as many', [beside(old(2)), beside(old(2))], 2, 0, undefined],
    ['come again', [beside(old(2)), beside(old(1)), beside(old(2)), beside(old(1))], 1, 0, 20],
    ['of two', [beside(old(2), old(1, { id: 'x', pendingCount: 1 })), beside(old(2))], 2, 0, 20],
    ['ours alone', [runs(2), runs(1)], 0, 0, undefined],
    ['draining', [drains(leaving('a'), leaving('b'))], 0, 2, undefined],
    ['ours that leave', [drains(leaving('a', { startedBy: ours().id }))], 0, 0, undefined],
    ['that stay', [drains(leaving('a', { desiredStatus: 'RUNNING' }))], 0, 0, undefined],
    ['that have stopped', [drains(leaving('a', { lastStatus: 'STOPPED' }))], 0, 0, undefined],
    ['draining, not looked at again', [drains(leaving('a')), beside(old(0))], 0, 1, undefined],
    ['drained', [drains(leaving('a'), leaving('b')), drains(leaving('a'))], 0, 1, 20],
    ['drain more', [drains(leaving('a')), drains(leaving('a'), leaving('b'))], 0, 2, undefined],
  ])('left: %s', (_, looks, othersFewest, othersDraining, at) => {
    const snapshot = folded(looks);
    expect(snapshot).toMatchObject({ othersFewest, othersDraining });
    expect(snapshot.othersLeftAt).toBe(at === undefined ? undefined : START + at);
  });
  test('leaving tasks of ours are known since they were first seen', () => {
    const mine = leaving('a', { startedBy: ours().id });
    const stays = task('b', 'RUNNING');
    expect(folded([{ tasks: [mine, stays] }, {}]).leavingSince).toEqual(new Map([[mine.arn, START + 10]]));
    expect(folded([{ tasks: [mine] }, { tasks: [{ ...mine, lastStatus: 'STOPPED' }] }]).leavingSince).toEqual(
      new Map(),
    );
  });
  const { previousTaskDefinitionArn: _, ...first } = deployment;
  test.each<[string, readonly Look[], Deployment, boolean]>([
    ['ours alone', [runs(2, { rolloutState: 'COMPLETED' })], deployment, false],
    ['one completed', [beside(old(0))], deployment, true],
    ['one runs', [beside(old(1, { rolloutState: 'FAILED' }))], deployment, true],
    ['one did neither', [beside(old(0, { rolloutState: 'FAILED' }))], deployment, false],
    ['one of two', [beside(old(0, { rolloutState: 'FAILED' }), old(1, { id: 'x' }))], deployment, true],
    ['earlier', [beside(old(1)), beside()], deployment, true],
    ['later', [beside(), beside(old(1))], deployment, true],
    ['seen first after 60 s', [{}], { ...deployment, startedAt: START - 50 }, false],
    ['seen first later', [{}], { ...deployment, startedAt: START - 51 }, true],
    ['seen first later, without a predecessor', [{}], { ...first, startedAt: START - 51 }, false],
    ['seen in time, and again late', [{}, {}], { ...deployment, startedAt: START - 45 }, false],
  ])('ran: %s', (_, looks, of, expected) => {
    expect(folded(looks, of).othersRan).toBe(expected);
  });
});

describe('progress', () => {
  const lost = (stopCode: string) => task(TASK_A, 'STOPPED', { stopCode });
  const sick = task(TASK_B, 'RUNNING', { healthStatus: 'UNHEALTHY' });
  const stage = (rest: Partial<ServiceDeployment>): Look => ({ serviceDeployment: serviceDeployment(rest) });
  const hook = (status: string, id = 'h') =>
    stage({ hooks: [{ id, status }] as unknown as ServiceDeployment['hooks'] });
  test.each<[string, readonly Look[], number, number]>([
    ['begins with the deployment', [{}], 0, 0],
    ['begins with what runs', [runs(1)], 1, 0],
    ['is one more', [runs(0), runs(1)], 1, 20],
    ['is not as many', [runs(1), runs(1)], 1, 0],
    ['is not fewer', [runs(2), runs(1)], 2, 0],
    ['is not a crash loop', [runs(0), runs(1), runs(0), runs(1)], 1, 20],
    ['is not an unhealthy one', [runs(0), { ...runs(1), tasks: [sick] }], 0, 0],
    ['is never below none', [{ ...runs(0), tasks: [sick] }], 0, 0],
    ['excuses what is not shown', [runs(1), { deployments: [] }], 0, 20],
    ['does not count a healthy one as ill', [{ ...runs(1), tasks: [task(TASK_B, 'RUNNING')] }], 1, 0],
    ['does not count a stopped one as ill', [{ ...runs(1), tasks: [{ ...sick, lastStatus: 'STOPPED' }] }], 1, 0],
    ['excuses Spot', [runs(2), { ...runs(1), tasks: [lost('SpotInterruption')] }], 1, 20],
    ['excuses a notice', [runs(2), { ...runs(1), tasks: [lost('TerminationNotice')] }], 1, 20],
    ['excuses machines', [runs(2), { ...runs(1), tasks: [lost('InfrastructureHealth')] }], 1, 20],
    ['excuses a user', [runs(2), { ...runs(1), tasks: [lost('UserInitiated')] }], 1, 20],
    ['excuses no crash', [runs(2), { ...runs(1), tasks: [lost('EssentialContainerExited')] }], 2, 0],
    ['excuses once', [runs(2), { ...runs(1), tasks: [lost('UserInitiated')] }, runs(1)], 1, 20],
    ['excuses, and keeps the best', [runs(1), { ...runs(2), tasks: [lost('UserInitiated')] }], 2, 20],
    ['excuses a smaller count', [runs(2), runs(1, { desiredCount: 1 })], 1, 20],
    ['does not excuse a larger one', [runs(2), runs(1, { desiredCount: 3 })], 2, 0],
    ['is another status', [stage({}), stage({ status: 'PENDING' })], 0, 20],
    ['is another stage', [stage({}), stage({ lifecycleStage: 'SCALE_UP' })], 0, 20],
    ['is another hook', [hook('A'), hook('B')], 0, 20],
    ['is the hook of another id', [hook('A'), hook('A', 'i')], 0, 20],
    ['is a first sight of the stages', [{}, stage({})], 0, 20],
    ['is not the same stage', [hook('A'), hook('A')], 0, 0],
  ])('%s', (_, looks, bestHealthy, at) => {
    expect(folded(looks)).toMatchObject({ bestHealthy, lastProgressAt: START + at });
  });
  test('begins by the clock of ECS, and never after the look', () => {
    expect(folded([{}], { ...deployment, createdAt: START + 3 }).lastProgressAt).toBe(START + 3);
    expect(folded([{}], { ...deployment, createdAt: START + 30 }).lastProgressAt).toBe(START + 10);
  });
});

describe('is untroubled', () => {
  const running = { ...runs(1, { runningCount: 1, rolloutStateReason: 'ECS deployment ecs-svc/123 in progress.' }) };
  const untroubled = (seen: Look): boolean => isUntroubled(folded([seen]), deployment);
  /** Messages of ECS, as tests of the diagnosis have them. */
  const messages: readonly { readonly surface?: string; readonly text: string }[] = [
    'examples',
    'failures',
    'wordings',
    'unseen-messages',
    'strict-messages',
  ].flatMap((name) => JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')));
  const of = (surface: string): string[] => messages.flatMap((one) => (one.surface === surface ? [one.text] : []));

  test('a deployment under way, and one that is complete', () => {
    expect(untroubled(running)).toBe(true);
    const completed = ours({ rolloutState: 'COMPLETED', rolloutStateReason: 'ECS deployment ecs-svc/123 completed.' });
    expect(untroubled({ deployments: [completed], tasks: [task(TASK_A, 'RUNNING')] })).toBe(true);
    const told = [
      'has started 1 tasks: (task a).',
      'has reached a steady state.',
      'registered 1 targets in (target-group a)',
    ];
    expect(untroubled({ ...running, events: told.map((text) => event(10, text)) })).toBe(true);
  });
  test.each<[string, Look]>([
    ['a task that has ended', { tasks: [task(TASK_A, 'STOPPED')] }],
    ['a task that is ending', { tasks: [task(TASK_A, 'RUNNING', { desiredStatus: 'STOPPED' })] }],
    ['an event about a failure', { events: [event(10, 'was unable to place a task. Reason: none.')] }],
    ['an event in unknown words', { events: [event(10, 'is something new.')] }],
    ['a reason', { deployments: [ours({ rolloutStateReason: 'tasks failed to start.' })] }],
    ['a rollback', { serviceDeployment: serviceDeployment({ rollback: { reason: 'x' } }) }],
    ['a status', { serviceDeployment: serviceDeployment({ statusReason: 'x' }) }],
    ['an alarm', { serviceDeployment: serviceDeployment({ alarms: { names: ['a'], triggered: ['a'] } }) }],
  ])('not with %s', (_, seen) => expect(untroubled({ ...running, ...seen })).toBe(false));
  test('not where the settings of the service allow no step', () => {
    const stuck = { ...service([ours()], { minimumHealthyPercent: 100, maximumPercent: 100 }), desiredCount: 1 };
    expect(isUntroubled(nextSnapshot(undefined, { ...observed(10), service: stuck }, deployment), deployment)).toBe(
      false,
    );
  });
  test('no message that is passed over is a trouble', () => {
    const events = of('service.event').map((text) => event(10, text));
    const quiet = events.filter((one) => untroubled({ ...running, events: [one] }));
    expect([quiet.length > 10, events.length - quiet.length > 50]).toEqual([true, true]);
    expect(quiet.flatMap((one) => folded([{ ...running, events: [one] }]).troubles)).toEqual([]);
    const states = of('deployment.rolloutStateReason').map((rolloutStateReason) => ({
      deployments: [ours({ rolloutStateReason })],
    }));
    const ordinary = states.filter(untroubled);
    expect([ordinary.length > 0, states.length - ordinary.length > 10]).toEqual([true, true]);
    expect(ordinary.flatMap((one) => folded([one]).troubles)).toEqual([]);
  });
});
