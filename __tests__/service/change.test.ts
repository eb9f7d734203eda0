import fc from 'fast-check';
import type { Failure } from '../../src/failure.ts';
import type { ServiceInputs } from '../../src/inputs/types.ts';
import type { ServiceState } from '../../src/model.ts';
import { isOfTheDeployment } from '../../src/report/way-back.ts';
import { checkService, describeRolling, planChange, planRolling } from '../../src/service/change.ts';
import { service as made, ours } from '../report/made.ts';
import { WATCH } from '../support/watch-inputs.ts';

const arn = (n: number): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${n}`;
const INPUTS: ServiceInputs = { cluster: 'shop', service: 'web', forceNewDeployment: false };
const BALANCER = { targetGroupArn: 'arn:tg', containerName: 'app', containerPort: 80 };
const state = (change: Partial<ServiceState> = {}): ServiceState => ({
  ...made([ours({ status: 'PRIMARY', taskDefinitionArn: arn(1), rolloutState: 'COMPLETED' })]),
  taskDefinitionArn: arn(1),
  schedulingStrategy: 'REPLICA',
  deploymentController: 'ECS',
  desiredCount: 4,
  minimumHealthyPercent: 50,
  maximumPercent: 150,
  enableExecuteCommand: false,
  enableEcsManagedTags: false,
  propagateTags: 'NONE',
  loadBalancers: [],
  ...change,
});
const refusal = (inputs: Partial<ServiceInputs>, change: Partial<ServiceState> = {}): Failure => {
  try {
    checkService({ service: { ...INPUTS, ...inputs }, watch: WATCH }, state(change));
  } catch (thrown) {
    return thrown as Failure;
  }
  throw new Error('was not refused');
};
const TARGET = { cluster: state().clusterArn, service: state().name };

describe('what a service does not take is refused before anything is registered', () => {
  test.each<[string, Partial<ServiceInputs>, Partial<ServiceState>, string, RegExp]>([
    [
      'a service that is being deleted',
      {},
      { status: 'DRAINING' },
      'CONFLICT',
      /is being deleted \(it is DRAINING\), so nothing can be deployed/,
    ],
    [
      'another controller',
      {},
      { deploymentController: 'EXTERNAL' },
      'INVALID_INPUT',
      /is deployed by EXTERNAL, not by ECS/,
    ],
    [
      'percents that never move',
      { minimumHealthyPercent: 100, maximumPercent: 100 },
      {},
      'IMPOSSIBLE_ROLLOUT',
      /With 4 tasks wanted/,
    ],
    [
      'percents of the input with the count of the service',
      { maximumPercent: 100 },
      { minimumHealthyPercent: 100 },
      'IMPOSSIBLE_ROLLOUT',
      /= 4 of them/,
    ],
    ['a count of the input', { desiredCount: 1 }, { maximumPercent: 100 }, 'IMPOSSIBLE_ROLLOUT', /With 1 task wanted/],
  ])('%s', (_, inputs, change, code, message) => {
    expect(refusal(inputs, change)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test.each<[string, Partial<ServiceInputs>, Partial<ServiceState>, readonly string[]]>([
    ['a count for DAEMON', { desiredCount: 3 }, { schedulingStrategy: 'DAEMON' }, ['desired-count']],
    [
      'more than one daemon task per instance',
      { maximumPercent: 101 },
      { schedulingStrategy: 'DAEMON' },
      ['maximum-percent'],
    ],
    [
      'both',
      { desiredCount: 3, maximumPercent: 200 },
      { schedulingStrategy: 'DAEMON' },
      ['desired-count', 'maximum-percent'],
    ],
    [
      'a grace period without a load balancer',
      { healthCheckGracePeriodSeconds: 30 },
      {},
      ['health-check-grace-period-seconds'],
    ],
  ])('%s', (_, inputs, change, subjects) => {
    const { code, mistakes, message } = refusal(inputs, change);
    expect([code, mistakes.map(({ subject }) => subject)]).toEqual(['INVALID_INPUT', subjects]);
    expect(message).toContain('nothing was changed');
    expect(mistakes.every(({ problem, remedy }) => problem !== '' && remedy)).toBe(true);
  });

  test.each<[string, Partial<ServiceInputs>, Partial<ServiceState>]>([
    ['a plain service', {}, {}],
    ['a DAEMON service without those inputs', {}, { schedulingStrategy: 'DAEMON' }],
    ['100 % for DAEMON', { maximumPercent: 100 }, { schedulingStrategy: 'DAEMON' }],
    ['a count and 200 % for REPLICA', { desiredCount: 3, maximumPercent: 200 }, {}],
    ['a grace period behind a load balancer', { healthCheckGracePeriodSeconds: 30 }, { loadBalancers: [BALANCER] }],
    ['a load balancer without a grace period', {}, { loadBalancers: [BALANCER] }],
  ])('%s is taken', (_, inputs, change) => {
    expect(checkService({ service: { ...INPUTS, ...inputs }, watch: WATCH }, state(change)).stuck).toBe(false);
  });

  test('the arithmetic is that of the service with the inputs', () => {
    expect(
      checkService({ service: { ...INPUTS, desiredCount: 8, minimumHealthyPercent: 25 }, watch: WATCH }, state()),
    ).toMatchObject({
      lo: 2,
      hi: 12,
      batch: 6,
    });
  });
});

describe('UpdateService gets only what differs', () => {
  const plan = (inputs: Partial<ServiceInputs>, change: Partial<ServiceState> = {}, revision = 1) =>
    planChange({ ...INPUTS, ...inputs }, arn(revision), state(change));

  test('nothing, where the service is what was asked for', () => {
    const same = {
      desiredCount: 4,
      minimumHealthyPercent: 50,
      maximumPercent: 150,
      enableExecuteCommand: false,
    } as const;
    expect(plan({ ...same, propagateTags: 'NONE' })).toEqual({
      settings: [],
      desiredCount: 4,
      rolling: expect.objectContaining({ batch: 2 }),
    });
  });

  test('a new revision, which is no setting', () => {
    expect(plan({}, {}, 2)).toMatchObject({ update: { ...TARGET, taskDefinition: arn(2) }, settings: [] });
  });

  test.each<[string, Partial<ServiceInputs>, object, string, string, string]>([
    ['desired-count', { desiredCount: 0 }, { desiredCount: 0 }, 'desired-count', '4', '0'],
    [
      'execute command',
      { enableExecuteCommand: true },
      { enableExecuteCommand: true },
      'enable-execute-command',
      'false',
      'true',
    ],
    [
      'managed tags',
      { enableEcsManagedTags: true },
      { enableECSManagedTags: true },
      'enable-ecs-managed-tags',
      'false',
      'true',
    ],
    ['propagate-tags', { propagateTags: 'SERVICE' }, { propagateTags: 'SERVICE' }, 'propagate-tags', 'NONE', 'SERVICE'],
    [
      'minimum',
      { minimumHealthyPercent: 0 },
      { deploymentConfiguration: { minimumHealthyPercent: 0 } },
      'minimum-healthy-percent',
      '50',
      '0',
    ],
    [
      'maximum',
      { maximumPercent: 200 },
      { deploymentConfiguration: { maximumPercent: 200 } },
      'maximum-percent',
      '150',
      '200',
    ],
  ])('%s', (_, inputs, update, subject, before, after) => {
    const planned = plan(inputs);
    expect(planned.update).toEqual({ ...TARGET, ...update });
    expect(planned.settings).toEqual([{ subject, kind: 'changed', before, after }]);
  });

  test.each<[string, Partial<ServiceInputs>, object, string, string]>([
    ['a platform version', { platformVersion: '1.4.0' }, { platformVersion: '1.4.0' }, 'platform-version', '1.4.0'],
    [
      'a grace period of 0',
      { healthCheckGracePeriodSeconds: 0 },
      { healthCheckGracePeriodSeconds: 0 },
      'health-check-grace-period-seconds',
      '0',
    ],
  ])('%s that the service does not have is added', (_, inputs, update, subject, after) => {
    const planned = plan(inputs);
    expect(planned.update).toEqual({ ...TARGET, ...update });
    expect(planned.settings).toEqual([{ subject, kind: 'added', after }]);
  });

  test('a deployment by force, also of the same revision', () => {
    expect(plan({ forceNewDeployment: true }).update).toEqual({
      ...TARGET,
      taskDefinition: arn(1),
      forceNewDeployment: true,
    });
  });

  test('a failed deployment of the same revision is forced; a new revision needs no force', () => {
    const deployments = [ours({ status: 'PRIMARY', taskDefinitionArn: arn(1), rolloutState: 'FAILED' })];
    expect(plan({}, { deployments }).update).toEqual({ ...TARGET, taskDefinition: arn(1), forceNewDeployment: true });
    expect(plan({}, { deployments }, 2).update).toEqual({ ...TARGET, taskDefinition: arn(2) });
  });

  test('nothing for the same revision while it is under way', () => {
    const deployments = [ours({ status: 'PRIMARY', taskDefinitionArn: arn(1), rolloutState: 'IN_PROGRESS' })];
    expect(plan({}, { deployments }).update).toBeUndefined();
  });

  test('without a PRIMARY deployment the revision of the service counts', () => {
    expect(plan({}, { deployments: [] }).update).toBeUndefined();
  });

  test.each<[string, Partial<ServiceInputs>, Partial<ServiceState>, object | undefined]>([
    [
      'a breaker where there was none',
      { circuitBreaker: { enable: true, rollback: false } },
      {},
      { deploymentCircuitBreaker: { enable: true, rollback: false } },
    ],
    ['no breaker where there is none', { circuitBreaker: { enable: false, rollback: false } }, {}, undefined],
    [
      'the threshold and the reset that the service has are kept',
      { circuitBreaker: { enable: true, rollback: true } },
      {
        circuitBreaker: {
          enable: false,
          rollback: false,
          threshold: { type: 'FIXED', value: 3 },
          resetOnHealthyTask: false,
        },
      },
      {
        deploymentCircuitBreaker: {
          enable: true,
          rollback: true,
          thresholdConfiguration: { type: 'FIXED', value: 3 },
          resetOnHealthyTask: false,
        },
      },
    ],
    ['alarms', { alarms: ['5xx'] }, {}, { alarms: { alarmNames: ['5xx'], enable: true, rollback: true } }],
    [
      'no alarms any more',
      { alarms: [] },
      { alarms: { names: ['5xx'], enable: true, rollback: true } },
      { alarms: { alarmNames: [], enable: false, rollback: false } },
    ],
    ['no alarms as before', { alarms: [] }, {}, undefined],
    ['the same alarms', { alarms: ['5xx'] }, { alarms: { names: ['5xx'], enable: true, rollback: true } }, undefined],
  ])('%s', (_, inputs, change, deploymentConfiguration) => {
    const planned = plan(inputs, change);
    expect(planned.update).toEqual(deploymentConfiguration && { ...TARGET, deploymentConfiguration });
    expect(planned.settings).toHaveLength(deploymentConfiguration ? 1 : 0);
  });
});

test.each([
  [2, 150, 50],
  [3, 134, 66],
  [4, 125, 75],
  [1, 200, 0],
])('with %i tasks stuck, %i %% or %i %% are the nearest percents that move', (desiredCount, raise, lower) => {
  const { sentence } = planRolling({
    desiredCount,
    minimumHealthyPercent: 100,
    maximumPercent: 100,
    schedulingStrategy: 'REPLICA',
  });
  expect(sentence).toContain(
    `Set maximum-percent to ${raise} or more, or minimum-healthy-percent to ${lower} or less.`,
  );
});

const REPLICA = 'REPLICA' as const;

test.each([
  [4, 100, 150, false, 'At most 6 running, at least 4 healthy, 2 at a time.'],
  [1, 100, 200, false, 'At most 2 running, at least 1 healthy, 1 at a time.'],
  [1, 0, 100, false, 'At most 1 running, at least 0 healthy, 1 at a time.'],
  [3, 50, 100, false, 'At most 3 running, at least 2 healthy, 1 at a time.'],
])('%i tasks between %i and %i percent', (desiredCount, minimumHealthyPercent, maximumPercent, stuck, sentence) => {
  expect(
    planRolling({ desiredCount, minimumHealthyPercent, maximumPercent, schedulingStrategy: REPLICA }),
  ).toMatchObject({ stuck, sentence });
});

test('one task that may neither stop nor get company: the sums and the settings that move', () => {
  const { stuck, sentence } = planRolling({
    desiredCount: 1,
    minimumHealthyPercent: 100,
    maximumPercent: 150,
    schedulingStrategy: REPLICA,
  });
  expect(stuck).toBe(true);
  expect(sentence).toContain('ceil(1 * 100 / 100) = 1');
  expect(sentence).toContain('floor(1 * 150 / 100) = 1');
  expect(sentence).toContain('maximum-percent to 200 or more, or minimum-healthy-percent to 0 or less');
});

test('the settings that a refusal names do move', () => {
  const settings = fc.record({
    desiredCount: fc.integer({ min: 1, max: 50 }),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 300 }),
  });
  fc.assert(
    fc.property(settings, (given) => {
      const rolling = planRolling({ ...given, schedulingStrategy: REPLICA });
      expect(rolling.stuck).toBe(rolling.batch === 0);
      const [, raise, lower] =
        /maximum-percent to (\d+) or more, or minimum-healthy-percent to (\d+)/.exec(rolling.sentence) ?? [];
      if (!raise) return;
      expect(planRolling({ ...given, maximumPercent: Number(raise), schedulingStrategy: REPLICA }).stuck).toBe(false);
      expect(planRolling({ ...given, minimumHealthyPercent: Number(lower), schedulingStrategy: REPLICA }).stuck).toBe(
        false,
      );
    }),
  );
});

test.each([
  ['a daemon at 100 and 100 percent', 3, 100, 100, true],
  ['without an instance', 0, 100, 100, false],
  ['that may stop', 3, 99, 100, false],
  ['that may have company', 3, 100, 101, false],
])('DAEMON: %s', (_, desiredCount, minimumHealthyPercent, maximumPercent, stuck) => {
  const rolling = planRolling({ desiredCount, minimumHealthyPercent, maximumPercent, schedulingStrategy: 'DAEMON' });
  expect([rolling.stuck, rolling.batch]).toEqual([stuck, stuck ? 0 : 1]);
});

test.each([
  ['BLUE_GREEN', 3, 3, 6, 'BLUE_GREEN deployment: 3 tasks of the new revision start beside the old ones, 6 in all.'],
  ['CANARY', 1, 1, 2, 'CANARY deployment: 1 task of the new revision starts beside the old ones, 2 in all.'],
  ['LINEAR', 0, 0, 0, 'LINEAR deployment: the desired count is 0, so nothing is replaced.'],
])('%s of %i: a second set of tasks, whatever the percents say', (strategy, desiredCount, lo, hi, sentence) => {
  const percents = { minimumHealthyPercent: 100, maximumPercent: 100 };
  const rolling = planRolling({ desiredCount, ...percents, schedulingStrategy: REPLICA, strategy });
  expect(rolling).toEqual({ strategy, lo, hi, stuck: false, batch: desiredCount, sentence });
  expect(describeRolling(rolling)).toBe(sentence);
});

test('a setting of the strategy has the name of its input, each part alone; the whole member is sent', () => {
  const strategy = { kind: 'CANARY' as const, bakeTimeInMinutes: 2, canary: { canaryPercent: 10 } };
  const now = state({ canary: { canaryPercent: 5, canaryBakeTimeInMinutes: 7 } });
  const { settings, update } = planChange({ ...INPUTS, strategy }, arn(1), now);
  expect(settings.map(({ subject, after }) => `${subject} ${after}`)).toEqual([
    'strategy CANARY',
    'bake-time-minutes 2',
    'canary-percent 10',
  ]);
  expect(update?.deploymentConfiguration).toMatchObject({
    bakeTimeInMinutes: 2,
    canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 7 },
  });
});

test('the strategy is named in front of the sums', () => {
  const settings = {
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    schedulingStrategy: REPLICA,
    strategy: 'ROLLING',
  };
  expect(describeRolling(planRolling({ ...settings, desiredCount: 0 }))).toBe(
    'Rolling update: the desired count is 0, so nothing is replaced.',
  );
});

test('each input of the traffic is a setting of its own name, and the load balancer is sent whole', () => {
  const service = state({
    strategy: 'BLUE_GREEN',
    loadBalancers: [{ ...BALANCER, advanced: { alternateTargetGroupArn: 'arn:green', roleArn: 'arn:old' } }],
  });
  const traffic = { alternateTargetGroupArn: 'arn:green', productionListenerRule: 'arn:rule', roleArn: 'arn:new' };
  const { settings, update } = planChange({ ...INPUTS, strategy: { traffic } }, arn(1), service);
  expect(settings).toEqual([
    { subject: 'production-listener-rule', kind: 'added', after: 'arn:rule' },
    { subject: 'load-balancer-role', kind: 'changed', before: 'arn:old', after: 'arn:new' },
  ]);
  expect(settings.every(isOfTheDeployment)).toBe(true);
  expect(update?.loadBalancers).toEqual([{ ...BALANCER, advanced: traffic }]);
  const [now] = update?.loadBalancers ?? [];
  const again = { ...service, loadBalancers: now ? [now] : [] };
  expect(planChange({ ...INPUTS, strategy: { traffic } }, arn(1), again)).toMatchObject({ settings: [] });
});
