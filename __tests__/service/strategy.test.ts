import fc from 'fast-check';
import type { ServiceInputs, StrategyInputs, WatchInputs } from '../../src/inputs/types.ts';
import type { ServiceState } from '../../src/model.ts';
import {
  definedHookMistakes,
  describeStep,
  describeTraffic,
  limitsFor,
  plannedMinutes,
  presentConfiguration,
  stageMinutes,
  strategyConfiguration,
  strategyMistakes,
  strategyOf,
  withTraffic,
} from '../../src/service/strategy.ts';
import { WATCH } from '../support/watch-inputs.ts';

const BALANCER = { targetGroupArn: 'blue', containerName: 'app', containerPort: 80 };
const TRAFFIC = { alternateTargetGroupArn: 'green', productionListenerRule: 'rule', roleArn: 'role' };
const state = (change: Partial<ServiceState> = {}): ServiceState =>
  ({
    name: 'web',
    strategy: 'ROLLING',
    schedulingStrategy: 'REPLICA',
    minimumHealthyPercent: 100,
    loadBalancers: [BALANCER],
    ...change,
  }) as ServiceState;

describe('how the traffic moves', () => {
  test.each<[string, Partial<ServiceState>, StrategyInputs, number, string]>([
    ['ROLLING', {}, {}, 0, ''],
    ['ROLLING with a bake time', { bakeTimeMinutes: 5 }, {}, 5, ' Bake time 5 min.'],
    [
      'BLUE_GREEN',
      { strategy: 'BLUE_GREEN', bakeTimeMinutes: 10 },
      {},
      10,
      ' Traffic moves at once; bake time 10 min.',
    ],
    ['LINEAR by its defaults', { strategy: 'LINEAR' }, {}, 54, ' Traffic moves in 10 steps of 10 %, 6 min apart.'],
    [
      'LINEAR with its last step short',
      { strategy: 'LINEAR', linear: { stepPercent: 30, stepBakeTimeInMinutes: 2 } },
      {},
      6,
      ' Traffic moves in 4 steps of 30 %, 2 min apart.',
    ],
    [
      'CANARY by its defaults',
      { strategy: 'CANARY' },
      {},
      10,
      ' 5 % of the traffic moves first, the rest 10 min later.',
    ],
    [
      'the inputs before the service',
      { strategy: 'LINEAR', linear: { stepPercent: 50, stepBakeTimeInMinutes: 1 } },
      { linear: { stepBakeTimeInMinutes: 9 }, bakeTimeInMinutes: 0 },
      9,
      ' Traffic moves in 2 steps of 50 %, 9 min apart.',
    ],
    [
      'another strategy than the service has',
      { strategy: 'LINEAR' },
      { kind: 'CANARY', canary: { canaryPercent: 2.5, canaryBakeTimeInMinutes: 0 } },
      0,
      ' 2.5 % of the traffic moves first, the rest 0 min later.',
    ],
  ])('%s', (_, change, inputs, minutes, sentence) => {
    const strategy = strategyOf(state(change), inputs);
    expect([plannedMinutes(strategy), describeTraffic(strategy)]).toEqual([minutes, sentence]);
  });

  test('every linear deployment ends with all of the traffic, and its shares grow', () => {
    const tenths = fc.integer({ min: 30, max: 1000 }).map((n) => n / 10);
    fc.assert(
      fc.property(tenths, fc.integer({ min: 0, max: 1440 }), (stepPercent, stepBakeTimeInMinutes) => {
        const { shifts } = strategyOf(state({ strategy: 'LINEAR', linear: { stepPercent, stepBakeTimeInMinutes } }));
        const shares = shifts.map(({ percent }) => percent);
        expect(shares.at(-1)).toBe(100);
        expect(shares).toEqual([...new Set(shares)].sort((a, b) => a - b));
        expect(plannedMinutes({ kind: 'LINEAR', bakeMinutes: 0, shifts })).toBe(
          (shifts.length - 1) * stepBakeTimeInMinutes,
        );
      }),
    );
  });

  test('a step is named where there are steps', () => {
    const linear = strategyOf(state({ strategy: 'LINEAR', linear: { stepPercent: 50, stepBakeTimeInMinutes: 3 } }));
    expect([describeStep(linear, 50), describeStep(linear, 100), describeStep(linear, 7)]).toEqual([
      'step 1 of 2, the next in 3 min',
      'step 2 of 2',
      '',
    ]);
    expect(describeStep(strategyOf(state({ strategy: 'BLUE_GREEN' })), 100)).toBe('');
  });

  test.each<[string | undefined, number | undefined, number]>([
    ['BAKE_TIME', 100, 7],
    ['PRODUCTION_TRAFFIC_SHIFT', 50, 3],
    ['PRODUCTION_TRAFFIC_SHIFT', 100, 0],
    ['PRODUCTION_TRAFFIC_SHIFT', undefined, 0],
    ['SCALE_UP', 50, 0],
    [undefined, 50, 0],
  ])('the length of stage %s with %s %% of the traffic: %i min', (lifecycleStage, trafficPercent, minutes) => {
    const strategy = strategyOf(
      state({ strategy: 'LINEAR', bakeTimeMinutes: 7, linear: { stepPercent: 50, stepBakeTimeInMinutes: 3 } }),
    );
    const target = {
      arn: 'a',
      requested: 1,
      running: 1,
      pending: 0,
      ...(trafficPercent === undefined ? {} : { trafficPercent }),
    };
    expect(stageMinutes(strategy, { target, ...(lifecycleStage === undefined ? {} : { lifecycleStage }) })).toBe(
      minutes,
    );
  });
});

test('the time of the strategy is added to the default, and not to what the user set', () => {
  const linear = strategyOf(state({ strategy: 'LINEAR', bakeTimeMinutes: 6 }));
  expect(limitsFor(WATCH, linear).timeoutSeconds).toBe((30 + 60) * 60);
  expect(limitsFor({ ...WATCH, timeoutGiven: true }, linear)).toEqual({ ...WATCH, timeoutGiven: true });
});

describe('what does not fit the service', () => {
  const mistakes = (
    strategy: StrategyInputs,
    change: Partial<ServiceState> = {},
    watch: Partial<WatchInputs> = {},
    more: Partial<ServiceInputs> = {},
  ) =>
    strategyMistakes(
      { service: { cluster: 'default', service: 'web', strategy, ...more }, watch: { ...WATCH, ...watch } },
      state(change),
    ).map(({ subject, problem }) => `${subject}: ${problem}`);

  test.each<[string, StrategyInputs, Partial<ServiceState>, string | undefined]>([
    ['nothing given', {}, {}, undefined],
    ['nothing given, on a service that divides traffic already', {}, { strategy: 'LINEAR' }, undefined],
    ['linear steps on LINEAR', { linear: { stepPercent: 10 } }, { strategy: 'LINEAR' }, undefined],
    [
      'linear steps on CANARY',
      { linear: { stepBakeTimeInMinutes: 1 } },
      { strategy: 'CANARY' },
      'linear-step-bake-minutes: is a setting of LINEAR, but the strategy of web is CANARY.',
    ],
    [
      'a canary on ROLLING',
      { canary: { canaryPercent: 1 } },
      {},
      'canary-percent: is a setting of CANARY, but the strategy of web is ROLLING.',
    ],
    [
      'early success on BLUE_GREEN',
      { earlySuccessPercent: 100 },
      { strategy: 'BLUE_GREEN' },
      'early-success-percent: is a setting of ROLLING, but the strategy of web is BLUE_GREEN.',
    ],
    ['no early success on BLUE_GREEN', { earlySuccessPercent: 'off' }, { strategy: 'BLUE_GREEN' }, undefined],
    ['early success at the minimum', { earlySuccessPercent: 100 }, {}, undefined],
    [
      'early success below the minimum',
      { earlySuccessPercent: 99 },
      {},
      'early-success-percent: 99 is less than the minimum healthy percent, 100.',
    ],
    [
      'BLUE_GREEN without a bake time',
      { kind: 'BLUE_GREEN', traffic: TRAFFIC },
      {},
      'bake-time-minutes: is missing: ECS needs it for BLUE_GREEN.',
    ],
    [
      'BLUE_GREEN with no bake time on purpose',
      { kind: 'BLUE_GREEN', traffic: TRAFFIC, bakeTimeInMinutes: 0 },
      {},
      undefined,
    ],
    [
      'BLUE_GREEN with the bake time that the service has',
      { kind: 'BLUE_GREEN', traffic: TRAFFIC },
      { bakeTimeMinutes: 5 },
      undefined,
    ],
    [
      'LINEAR that lacks one member',
      { kind: 'LINEAR', traffic: { ...TRAFFIC, roleArn: undefined as never } },
      {},
      'strategy: LINEAR moves traffic between two target groups, and the load balancer of web has no `load-balancer-role`.',
    ],
    [
      'LINEAR whose members the service has',
      { kind: 'LINEAR' },
      { loadBalancers: [{ ...BALANCER, advanced: TRAFFIC }] },
      undefined,
    ],
    [
      'LINEAR without a load balancer',
      { kind: 'LINEAR' },
      { loadBalancers: [] },
      'strategy: LINEAR divides traffic, but web has no load balancer.',
    ],
    [
      'LINEAR over Service Connect',
      { kind: 'LINEAR' },
      { loadBalancers: [], serviceConnectPorts: ['http'] },
      undefined,
    ],
    [
      'BLUE_GREEN without a load balancer',
      { kind: 'BLUE_GREEN', bakeTimeInMinutes: 1 },
      { loadBalancers: [] },
      undefined,
    ],
    [
      'traffic without a load balancer',
      { traffic: TRAFFIC },
      { loadBalancers: [] },
      'alternate-target-group: web has no load balancer; the inputs for its traffic are for one.',
    ],
    [
      'traffic of two load balancers',
      { traffic: TRAFFIC },
      { loadBalancers: [BALANCER, BALANCER] },
      'alternate-target-group: web has 2 load balancers; the inputs for its traffic are for one.',
    ],
    [
      'a pause that a rolling update never reaches',
      { hooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }] },
      {},
      'lifecycle-hooks: hook 1 would never run: the strategy of web is ROLLING, whose deployments have no POST_TEST_TRAFFIC_SHIFT.',
    ],
    [
      'the same beside a hook that runs, with the strategy of the step',
      {
        kind: 'ROLLING',
        hooks: [
          { targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT'] },
          { hookTargetArn: 'arn', lifecycleStages: ['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'] },
        ],
      },
      {},
      'lifecycle-hooks: hook 2 would never run: `strategy` is ROLLING, whose deployments have no TEST_TRAFFIC_SHIFT, PRODUCTION_TRAFFIC_SHIFT.',
    ],
    [
      'a service with such a hook that becomes ROLLING',
      { kind: 'ROLLING' },
      { strategy: 'LINEAR', lifecycleHooks: [{ lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'] }] },
      'strategy: hook 1 of web would never run: `strategy` is ROLLING, whose deployments have no PRE_PRODUCTION_TRAFFIC_SHIFT.',
    ],
    [
      'such a hook where traffic moves',
      { hooks: [{ lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }] },
      { strategy: 'CANARY' },
      undefined,
    ],
    [
      'a hook that nothing of the step is about',
      {},
      { lifecycleHooks: [{ lifecycleStages: ['TEST_TRAFFIC_SHIFT'] }] },
      undefined,
    ],
    [
      'a DAEMON service',
      { kind: 'BLUE_GREEN', bakeTimeInMinutes: 1 },
      { loadBalancers: [], schedulingStrategy: 'DAEMON' },
      'strategy: BLUE_GREEN is not for a DAEMON service.',
    ],
  ])('%s', (_, strategy, change, expected) => {
    expect(mistakes(strategy, change)).toEqual(expected === undefined ? [] : [expected]);
  });

  test.each<[string, Partial<WatchInputs>, boolean]>([
    ['a wait of the same length', { timeoutGiven: true, timeoutSeconds: 54 * 60 }, true],
    ['a longer one', { timeoutGiven: true, timeoutSeconds: 55 * 60 }, false],
    ['the default', { timeoutSeconds: 1800 }, false],
    ['no wait at all', { timeoutGiven: true, timeoutSeconds: 60, wait: false }, false],
  ])('%s', (_, watch, refused) => {
    const found = mistakes({}, { strategy: 'LINEAR' }, watch);
    expect(found).toEqual(
      refused
        ? ['wait-for-minutes: 54 is not enough: LINEAR of web takes 54 min alone, so the run would end before it.']
        : [],
    );
  });
});

test('one object is sent with what the service has for its other members', () => {
  const service = state({
    strategy: 'LINEAR',
    linear: { stepPercent: 20, stepBakeTimeInMinutes: 4 },
    lifecycleHooks: [{ targetType: 'PAUSE' }],
    earlySuccessPercent: 80,
  });
  expect(strategyConfiguration({ linear: { stepPercent: 25 } }, service)).toEqual({
    linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 4 },
  });
  expect(strategyConfiguration({ earlySuccessPercent: 'off', hooks: [] }, service)).toEqual({
    earlySuccessCriteria: { enable: false },
    lifecycleHooks: [],
  });
  expect(presentConfiguration(service)).toEqual({
    strategy: 'LINEAR',
    linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 4 },
    earlySuccessCriteria: { enable: true, healthyPercent: 80, sourceServiceRevisionCleanup: 'DEFERRED' },
    lifecycleHooks: [{ targetType: 'PAUSE' }],
  });
  expect(presentConfiguration(state())).toEqual({
    strategy: 'ROLLING',
    earlySuccessCriteria: { enable: false },
    lifecycleHooks: [],
  });
});

test('the traffic of the load balancer keeps what the inputs do not set', () => {
  const service = state({ loadBalancers: [{ ...BALANCER, advanced: { testListenerRule: 'test', roleArn: 'old' } }] });
  expect(withTraffic({ traffic: { roleArn: 'new' } }, service)).toEqual([
    { ...BALANCER, advanced: { testListenerRule: 'test', roleArn: 'new' } },
  ]);
  expect(withTraffic({}, service)).toBeUndefined();
});

describe('hooks of a service definition', () => {
  const found = (strategy: StrategyInputs | undefined, change: Partial<ServiceState>, stages: readonly string[]) =>
    definedHookMistakes(
      {
        deploymentConfiguration: {
          lifecycleHooks: [{ lifecycleStages: ['POST_SCALE_UP'] }, { lifecycleStages: stages }],
        },
      },
      { strategy } as ServiceInputs,
      state(change),
    ).map(({ subject, problem }) => `${subject} ${problem}`);

  test('one that a rolling deployment never reaches is refused', () => {
    expect(found(undefined, {}, ['TEST_TRAFFIC_SHIFT'])).toEqual([
      'deploymentConfiguration.lifecycleHooks[1] would never run: the strategy of web is ROLLING, whose deployments have no TEST_TRAFFIC_SHIFT.',
    ]);
    expect(found({ kind: 'ROLLING' }, { strategy: 'LINEAR' }, ['TEST_TRAFFIC_SHIFT'])).toEqual([
      expect.stringContaining('`strategy` is ROLLING'),
    ]);
  });

  test.each<[string, StrategyInputs | undefined, Partial<ServiceState>, readonly string[]]>([
    ['one that is reached at another stage', undefined, {}, ['TEST_TRAFFIC_SHIFT', 'PRE_SCALE_UP']],
    ['a strategy that moves traffic', undefined, { strategy: 'CANARY' }, ['TEST_TRAFFIC_SHIFT']],
    ['the same by the input', { kind: 'BLUE_GREEN' }, {}, ['TEST_TRAFFIC_SHIFT']],
    ['hooks of the input, which have precedence', { hooks: [] }, {}, ['TEST_TRAFFIC_SHIFT']],
    ['one without stages', undefined, {}, []],
  ])('%s is not', (_, strategy, change, stages) => expect(found(strategy, change, stages)).toEqual([]));

  test('a definition without hooks', () => expect(definedHookMistakes({}, {} as ServiceInputs, state())).toEqual([]));
});
