import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import type { DeploymentState, ServiceState, TaskState } from '../../src/model.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import { isDone, settledByEcs, success } from '../../src/watch/settled.ts';
import type { Snapshot, Trouble } from '../../src/watch/snapshot.ts';
import {
  diagnosis,
  event,
  look,
  deployment as made,
  OLD,
  old,
  ours,
  revisionArn,
  START,
  service,
  serviceDeployment,
  TASK_A,
  task,
} from '../report/made.ts';
import { viewOf } from '../support/explained.ts';

interface Seen extends Partial<Snapshot> {
  readonly settings?: Partial<ServiceState>;
  readonly of?: Partial<Deployment>;
}
const viewed = (seconds: number, deployments: readonly DeploymentState[], { settings, of, ...rest }: Seen = {}) =>
  viewOf(
    look(seconds, deployments, { service: service(deployments, settings), ...rest }),
    { ...made, ...of },
    START + seconds,
  );
const settled = (...seen: Parameters<typeof viewed>) => settledByEcs(viewed(...seen));
const status = (status: string) => ({ serviceDeployment: serviceDeployment({ status }) });

test.each([
  ['ROLLBACK_SUCCESSFUL', 'rolled-back'],
  ['ROLLBACK_FAILED', 'failed'],
  ['ROLLBACK_REQUESTED', 'rolling-back'],
  ['ROLLBACK_IN_PROGRESS', 'rolling-back'],
  ['STOPPED', 'stopped'],
  ['IN_PROGRESS', undefined],
  ['SUCCESSFUL', undefined],
])('the service deployment is %s', (given, kind) => {
  expect(settled(60, [ours(), old(2)], status(given))?.kind).toBe(kind);
});

test('a rollback that failed names both revisions, where there was one to go back to', () => {
  expect(settled(60, [ours()], status('ROLLBACK_FAILED'))).toMatchObject({
    reason: 'ECS could not restore web:41 after web:42: ECS gave no reason.',
  });
  const { previousTaskDefinitionArn: _, ...first } = made;
  const snapshot = look(60, [ours()], status('ROLLBACK_FAILED'));
  expect(settledByEcs(viewOf(snapshot, first, START + 60))).toMatchObject({ reason: 'ECS gave no reason.' });
});

test.each(['INACTIVE', 'DRAINING'])('a service that is %s was deleted', (given) => {
  expect(settled(60, [ours()], { settings: { status: given } })).toMatchObject({ kind: 'stopped' });
});

describe('stopped by ECS', () => {
  const FAILED = ours({ rolloutState: 'FAILED' });
  test('is a failure where the rollout failed, and a stop where it did not', () => {
    expect(settled(60, [FAILED], status('STOPPED'))?.kind).toBe('failed');
    expect(settled(60, [ours()], status('STOPPED'))).toEqual({
      kind: 'stopped',
      reason: 'The service deployment was stopped.',
    });
  });
  const replaced = (finishedAt: number) => ({
    serviceDeployment: serviceDeployment({
      status: 'STOPPED',
      statusReason: 'Replaced by a new service deployment.',
      finishedAt: START + finishedAt,
    }),
  });
  test('in favour of a newer one, which DescribeServices shows within 30 s', () => {
    expect(settled(60, [ours()], replaced(31))?.kind).toBe('waiting');
    expect(settled(60, [ours()], replaced(30))?.kind).toBe('superseded');
  });
});

describe('another deployment is PRIMARY', () => {
  const back = (rest: Partial<DeploymentState> = {}) => old(2, { status: 'PRIMARY', ...rest });
  const active = ours({ status: 'ACTIVE' });
  const rows: readonly [string, Parameters<typeof viewed>, string][] = [
    ['an older one of the revision before, ours still there', [60, [back(), active]], 'rolled-back'],
    ['older by 2 s', [60, [back({ createdAt: START - 2 }), active]], 'rolled-back'],
    ['older by 1 s: too near to be told from ours', [60, [back({ createdAt: START - 1 }), active]], 'superseded'],
    [
      'a younger one of the revision before: a new deployment',
      [60, [back({ createdAt: START + 30 }), active]],
      'superseded',
    ],
    [
      'a younger one, and ECS says that it rolled back to it',
      [60, [back({ createdAt: START + 30, rolloutCauses: ['rollback'] }), active]],
      'rolled-back',
    ],
    [
      'a younger one, and an event says that ECS rolls back to it',
      [60, [back({ createdAt: START + 30 }), active], { events: [event(50, `rolling back to deployment ${OLD}.`)] }],
      'rolled-back',
    ],
    [
      'a younger one, and an event names another deployment',
      [60, [back({ createdAt: START + 30 }), active], { events: [event(50, 'rolling back to deployment ecs-svc/9.')] }],
      'superseded',
    ],
    [
      'a younger one of the revision before, and ours has failed',
      [60, [back({ createdAt: START + 30 }), ours({ status: 'ACTIVE', rolloutState: 'FAILED' })]],
      'rolled-back',
    ],
    [
      'an older one of another revision, and ours has failed',
      [60, [back({ taskDefinitionArn: revisionArn(40) }), ours({ status: 'ACTIVE', rolloutState: 'FAILED' })]],
      'rolled-back',
    ],
    [
      'a younger one of another revision, and ours has failed',
      [
        60,
        [
          back({ taskDefinitionArn: revisionArn(43), createdAt: START + 30 }),
          ours({ status: 'ACTIVE', rolloutState: 'FAILED' }),
        ],
      ],
      'superseded',
    ],
    ['an older one of another revision', [60, [back({ taskDefinitionArn: revisionArn(40) }), active]], 'superseded'],
    ['ours is not shown yet', [29, [back()]], 'waiting'],
    ['ours is not shown for 30 s, and what ran before runs', [30, [back()]], 'rolled-back'],
    ['a younger one, ours not shown', [10, [back({ createdAt: START + 5 })]], 'superseded'],
    ['nobody is', [60, [active]], 'waiting'],
  ];
  test.each(rows)('%s', (_, seen, kind) => expect(settled(...seen)?.kind).toBe(kind));
});

describe('a deployment that ECS calls FAILED', () => {
  const BREAKER = { circuitBreaker: { enable: true, rollback: true } };
  const failed = (updatedAt: number) => ours({ rolloutState: 'FAILED', updatedAt: START + updatedAt });
  const kindOf = (seconds: number, others: readonly DeploymentState[], settings: Partial<ServiceState>) =>
    settled(seconds, [failed(60), ...others], { settings })?.kind;

  test.each<[string, number, readonly DeploymentState[], Partial<ServiceState>, string]>([
    ['is rolled back by a breaker that has a completed one', 70, [old(2)], BREAKER, 'rolling-back'],
    ['is not, without any other', 70, [], BREAKER, 'failed'],
    ['is not, when the other never completed', 70, [old(2, { rolloutState: 'FAILED' })], BREAKER, 'failed'],
    ['is not, without a breaker', 70, [old(2)], {}, 'failed'],
    [
      'is not, by a breaker that rolls nothing back',
      70,
      [old(2)],
      { circuitBreaker: { enable: true, rollback: false } },
      'failed',
    ],
    ['is not, by a breaker that is off', 70, [old(2)], { circuitBreaker: { enable: false, rollback: true } }, 'failed'],
    [
      'is rolled back by alarms',
      70,
      [old(2)],
      { alarms: { names: ['a'], enable: true, rollback: true } },
      'rolling-back',
    ],
    [
      'is not, by alarms that are off',
      70,
      [old(2)],
      { alarms: { names: ['a'], enable: false, rollback: true } },
      'failed',
    ],
    ['is waited for less than 120 s', 179, [old(2)], BREAKER, 'rolling-back'],
    ['and not for 120 s', 180, [old(2)], BREAKER, 'failed'],
  ])('%s', (_, seconds, others, settings, kind) => {
    expect(kindOf(seconds, others, settings)).toBe(kind);
  });
});

describe('the old revision is PRIMARY again', () => {
  const restored = (runningCount: number, rolloutState: 'COMPLETED' | 'IN_PROGRESS') =>
    old(runningCount, {
      status: 'PRIMARY',
      rolloutState,
      rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${OLD}.`,
    });
  const gone = ours({ status: 'ACTIVE', rolloutState: 'FAILED' });
  test.each<[string, DeploymentState, string]>([
    ['completed, and all of its tasks run', restored(2, 'COMPLETED'), 'rolled-back'],
    ['completed, and one more runs', restored(3, 'COMPLETED'), 'rolled-back'],
    ['completed, but one of its tasks does not run', restored(1, 'COMPLETED'), 'rolling-back'],
    ['all of its tasks run, but it is not completed', restored(2, 'IN_PROGRESS'), 'rolling-back'],
  ])('%s', (_, primary, kind) => {
    expect(settled(90, [primary, gone])?.kind).toBe(kind);
  });
});

test.each<[string, Seen['serviceDeployment']]>([
  ['circuit breaker', serviceDeployment({ circuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 } })],
  ['alarms by their status', serviceDeployment({ alarms: { status: 'TRIGGERED', names: [], triggered: [] } })],
  ['alarms by their names', serviceDeployment({ alarms: { names: ['a'], triggered: ['a'] } })],
  [
    'alarms, beside a breaker that watches',
    serviceDeployment({
      circuitBreaker: { status: 'MONITORING', failureCount: 1, threshold: 3 },
      alarms: { names: ['a'], triggered: ['a'] },
    }),
  ],
])('%s: triggered, the deployment is over', (_, told) => {
  const more = told ? { serviceDeployment: told } : {};
  expect(settled(60, [ours(), old(2)], more)?.kind).toBe('failed');
  const settings = { circuitBreaker: { enable: true, rollback: true } };
  expect(settled(60, [ours(), old(2)], { ...more, settings })?.kind).toBe('rolling-back');
});

test('breakers and alarms that only watch decide nothing', () => {
  const circuitBreaker = { status: 'MONITORING', failureCount: 1, threshold: 3 } as const;
  const alarms = { status: 'MONITORING', names: ['a'], triggered: [] } as const;
  for (const watching of [{}, { circuitBreaker }, { alarms }, { circuitBreaker, alarms }])
    expect(settled(60, [ours(), old(2)], { serviceDeployment: serviceDeployment(watching) })).toBeUndefined();
  expect(settled(60, [ours(), old(2)])).toBeUndefined();
});

describe('done', () => {
  const complete = ours({ runningCount: 2, rolloutState: 'COMPLETED' });
  const done = (one: DeploymentState, seen: Seen = {}, others: readonly DeploymentState[] = []) =>
    isDone(viewed(60, [one, ...others], seen), one);
  const stage = (lifecycleStage?: string) => ({
    serviceDeployment: serviceDeployment(lifecycleStage === undefined ? {} : { lifecycleStage }),
  });
  test.each([
    [undefined, true],
    ['CLEAN_UP', true],
    ['SCALE_UP', true],
    ['RECONCILE_SERVICE', true],
    ['BAKE_TIME', false],
    ['POST_PRODUCTION_TRAFFIC_SHIFT', false],
  ])('COMPLETED in stage %s', (given, expected) => expect(done(complete, stage(given))).toBe(expected));

  test('as many run as are wanted now', () => {
    expect(done(complete, { settings: { desiredCount: 3 } })).toBe(false);
    expect(done(complete, { settings: { desiredCount: 3, schedulingStrategy: 'DAEMON' } })).toBe(true);
    expect(done(complete, { settings: { desiredCount: 4, earlySuccessPercent: 50 } })).toBe(true);
    expect(done(complete, { settings: { desiredCount: 5, earlySuccessPercent: 50 } })).toBe(false);
  });
  test('IN_PROGRESS is not, unless the service deployment is SUCCESSFUL', () => {
    expect(done(ours({ runningCount: 2 }))).toBe(false);
    expect(done(ours({ runningCount: 2 }), status('SUCCESSFUL'))).toBe(true);
  });

  describe('where ECS keeps no rollout state', () => {
    const { rolloutState: _, ...bare } = ours({ runningCount: 2 });
    const STEADY = { events: [event(50, 'has reached a steady state.')] };
    test('ours alone is left and the service is steady', () => expect(done(bare, STEADY)).toBe(true));
    test.each<[string, DeploymentState, Seen, readonly DeploymentState[]]>([
      ['not steady', bare, {}, []],
      ['another is left', bare, STEADY, [old(1)]],
      ['one is pending', { ...bare, pendingCount: 1 }, STEADY, []],
      ['none runs', { ...bare, runningCount: 0, desiredCount: 0 }, STEADY, []],
    ])('%s', (_, one, seen, others) => {
      expect(done(one, { ...seen, settings: { desiredCount: one.desiredCount || 1 } }, others)).toBe(false);
    });
  });

  describe('nothing is wanted', () => {
    const none = ours({ desiredCount: 0 });
    const zero = { desiredCount: 0 };
    test('and nothing is left', () => {
      expect(done(none, { settings: zero })).toBe(true);
      expect(done(none, { settings: zero }, [old(0, { desiredCount: 0 })])).toBe(true);
      expect(done(none, { settings: zero, serviceDeployment: serviceDeployment() })).toBe(true);
    });
    test.each<[string, Seen, readonly DeploymentState[]]>([
      ['a DAEMON service has no count', { settings: { ...zero, schedulingStrategy: 'DAEMON' } }, []],
      ['the service wants one', { settings: { desiredCount: 1 } }, []],
      ['an old task runs', { settings: zero }, [old(1, { desiredCount: 0 })]],
      ['an old task is pending', { settings: zero }, [old(0, { desiredCount: 0, pendingCount: 1 })]],
      ['an old task is wanted', { settings: zero }, [old(0, { desiredCount: 1 })]],
      ['an old task runs and is wanted', { settings: zero }, [old(1, { desiredCount: 1 })]],
      ['a stage holds it', { settings: zero, ...stage('PRE_SCALE_UP') }, []],
      ['a hook holds it', { settings: zero, serviceDeployment: serviceDeployment({ hooks: [{ id: 'h' }] }) }, []],
    ])('but %s', (_, seen, others) => expect(done(none, seen, others)).toBe(false));
  });
});

describe('a task that leaves is counted as running by ECS', () => {
  const leaving = task(TASK_A, 'RUNNING', { desiredStatus: 'STOPPED' });
  const done = (since: number | undefined, counts: Partial<DeploymentState>) => {
    const ourOwn = ours({ runningCount: 2, rolloutState: 'COMPLETED', ...counts });
    const leavingSince = new Map(since === undefined ? [] : [[leaving.arn, START + since]]);
    return isDone(viewed(100, [ourOwn], { tasks: [leaving], leavingSince }), ourOwn);
  };
  test.each<[string, number | undefined, Partial<DeploymentState>, boolean]>([
    ['seen just now', undefined, {}, false],
    ['for less than 30 s', 71, {}, false],
    ['for 30 s, and nothing is pending: ECS has replaced it', 70, {}, true],
    ['for long, and another is still pending', 10, { pendingCount: 1 }, false],
    ['beside as many as are wanted', undefined, { runningCount: 3 }, true],
  ])('%s', (_, since, counts, expected) => {
    expect(done(since, counts)).toBe(expected);
  });
});

describe('a success', () => {
  const RUNS = ours({ runningCount: 2, rolloutState: 'COMPLETED' });
  const succeeded = (known: Partial<Snapshot>, one = RUNS) => success(viewed(60, [one], known), one);
  const problem = (cause: string, rest: Partial<Diagnosis> = {}, from: Trouble['from'] = 'task'): Trouble => ({
    from,
    diagnosis: diagnosis({ nature: 'ambiguous', cause, ...rest }),
  });
  const warnings = (...troubles: readonly Trouble[]) => {
    const verdict = succeeded({ troubles });
    return verdict.kind === 'succeeded' ? verdict.warnings : [];
  };

  test('of no task verifies nothing, and warns of it', () => {
    const none = ours({ desiredCount: 0, rolloutState: 'COMPLETED' });
    const view = viewed(60, [none], { settings: { desiredCount: 0 }, troubles: [problem('It crashed.')] });
    expect(success(view, none)).toEqual({
      kind: 'succeeded',
      runningCount: 0,
      digests: {},
      warnings: [
        'The desired count of web is 0, so no task runs: nothing was verified. `desired-count: 1` starts one.',
        'On the way: It crashed.',
      ],
    });
    expect(succeeded({ troubles: [] })).toEqual({ kind: 'succeeded', runningCount: 2, digests: {}, warnings: [] });
  });

  test.each<[string, Trouble, boolean]>([
    ['what went wrong with a task', problem('x'), true],
    ['what an event said', problem('x', {}, 'event'), true],
    ['what ECS said of the deployment', problem('x', {}, 'deployment'), false],
    ['a symptom', problem('x', { nature: 'symptom' }), false],
    ['what is normal by nature', problem('x', { nature: 'normal' }), false],
    ['what is normal by weight', problem('x', { severity: 'normal' }), false],
    ['what heals by itself', problem('x', { nature: 'transient' }), true],
  ])('%s: warned of or not', (_, trouble, expected) => {
    expect(warnings(trouble)).toEqual(expected ? ['On the way: x'] : []);
  });
  test('warns of each cause once, and of five at most', () => {
    const causes = ['a', 'b', 'a', 'c', 'd', 'e', 'f'].map((cause) => problem(cause));
    expect(warnings(...causes)).toEqual(['a', 'b', 'c', 'd', 'e'].map((cause) => `On the way: ${cause}`));
  });

  const container = (name: string, imageDigest?: string): TaskState['containers'][number] => ({
    name,
    image: 'x',
    lastStatus: 'RUNNING',
    healthStatus: 'UNKNOWN',
    ...(imageDigest === undefined ? {} : { imageDigest }),
  });
  const image = (containerName: string, digest?: string) => ({
    containerName,
    image: 'x',
    ...(digest === undefined ? {} : { digest }),
  });
  const revision = (...images: readonly ReturnType<typeof image>[]) => ({
    revision: { arn: 'r', taskDefinitionArn: revisionArn(42), images },
  });
  const tasks = [
    task('a', 'RUNNING', { containers: [container('app', 'sha256:1'), container('proxy')] }),
    task('b', 'STOPPED', { containers: [container('app', 'sha256:0'), container('old', 'sha256:0')] }),
  ];
  test.each<[string, Partial<Snapshot>, Record<string, string>]>([
    [
      'which ECS resolved the images of the revision to',
      { tasks, ...revision(image('app', 'sha256:2'), image('proxy')) },
      { app: 'sha256:2' },
    ],
    ['which running tasks pulled, without the revision', { tasks }, { app: 'sha256:1' }],
    [
      'which running tasks pulled, where the revision names none',
      { tasks, ...revision(image('app')) },
      { app: 'sha256:1' },
    ],
    ['none, where neither is known', {}, {}],
  ])('names the digests %s', (_, known, digests) => {
    expect(succeeded({ troubles: [], ...known })).toHaveProperty('digests', digests);
  });
});
