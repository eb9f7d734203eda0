import type { DeploymentState, ServiceState } from '../../src/model.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import { viewOf } from '../../src/watch/fold.ts';
import { isDone, settledByEcs } from '../../src/watch/settled.ts';
import type { Snapshot } from '../../src/watch/snapshot.ts';
import {
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
} from '../report/made.ts';

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

test.each<[string, Seen['serviceDeployment']]>([
  ['circuit breaker', serviceDeployment({ circuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 } })],
  ['alarms by their status', serviceDeployment({ alarms: { status: 'TRIGGERED', names: [], triggered: [] } })],
  ['alarms by their names', serviceDeployment({ alarms: { names: ['a'], triggered: ['a'] } })],
])('%s: triggered, the deployment is over', (_, told) => {
  const more = told ? { serviceDeployment: told } : {};
  expect(settled(60, [ours(), old(2)], more)?.kind).toBe('failed');
  const settings = { circuitBreaker: { enable: true, rollback: true } };
  expect(settled(60, [ours(), old(2)], { ...more, settings })?.kind).toBe('rolling-back');
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
    test('and nothing is left', () => expect(done(none, { settings: zero })).toBe(true));
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
