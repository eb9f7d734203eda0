import type { ExpressInputs, ServiceInputs } from '../../src/inputs/types.ts';
import type { JsonObject, ServiceState } from '../../src/model.ts';
import { compareExpress, compareTags, expressMistakes, settingsIn } from '../../src/service/express.ts';
import { service } from '../report/made.ts';

const inputs = (rest: Partial<ExpressInputs> = {}): ExpressInputs => ({
  create: false,
  tags: [],
  onlyTheseTags: false,
  names: [],
  ...rest,
});
const asked = (rest: object): ServiceInputs => ({ cluster: 'shop', service: 'web', ...rest }) as ServiceInputs;
const EXPRESS = service([], { express: { settings: {} } } as never) as ServiceState;

describe('inputs that an Express Mode service does not take', () => {
  test.each<[string, object, string]>([
    ['desired-count', { desiredCount: 0 }, 'Use `min-task-count` and `max-task-count`.'],
    ['minimum-healthy-percent', { minimumHealthyPercent: 0 }, 'Remove it.'],
    ['maximum-percent', { maximumPercent: 200 }, 'Remove it.'],
    ['circuit-breaker', { circuitBreaker: { enable: true } }, 'Remove it.'],
    ['alarms', { alarms: [] }, 'Remove it: ECS watches an alarm of its own.'],
    ['health-check-grace-period-seconds', { healthCheckGracePeriodSeconds: 0 }, 'Remove it.'],
    ['enable-execute-command', { enableExecuteCommand: false }, 'Remove it.'],
    ['enable-ecs-managed-tags', { enableEcsManagedTags: false }, 'Remove it.'],
    ['propagate-tags', { propagateTags: 'NONE' }, 'Remove it.'],
    ['platform-version', { platformVersion: 'LATEST' }, 'Remove it.'],
    ['strategy', { strategy: {} }, 'Remove it, and its settings: ECS deploys with its own canary.'],
    ['min-capacity', { scaling: { minCapacity: 0 } }, 'Use `min-task-count`.'],
    ['max-capacity', { scaling: { maxCapacity: 1 } }, 'Use `max-task-count`.'],
  ])('%s', (subject, given, remedy) => {
    expect(expressMistakes(asked(given), EXPRESS)).toEqual([
      { subject, problem: 'is not for an Express Mode service such as web, of which ECS manages it.', remedy },
    ]);
    expect(expressMistakes(asked(given), service([]))).toEqual([]);
  });

  test('none is set: no mistake', () => expect(expressMistakes(asked({ scaling: {} }), EXPRESS)).toEqual([]));
});

test('inputs of Express Mode for a service that is not one: it cannot become one', () => {
  const given = asked({ express: inputs({ names: ['express', 'infrastructure-role-arn', 'min-task-count'] }) });
  const become = 'Remove it; a service cannot become an Express Mode service. To have one, choose another name.';
  expect(expressMistakes(given, service([]))).toEqual(
    [
      ['express', become],
      ['infrastructure-role-arn', become],
      ['min-task-count', 'Remove it.'],
    ].map(([subject, remedy]) => ({
      subject,
      problem: 'is for an Express Mode service, and web is not one.',
      remedy,
    })),
  );
  expect(expressMistakes(given, EXPRESS)).toEqual([]);
});

test.each<[string, Partial<ExpressInputs>, JsonObject]>([
  ['nothing', {}, {}],
  ['a path', { healthCheckPath: '/up' }, { healthCheckPath: '/up' }],
  ['subnets alone', { subnets: ['a'] }, { networkConfiguration: { subnets: ['a'] } }],
  ['groups alone', { securityGroups: ['b'] }, { networkConfiguration: { securityGroups: ['b'] } }],
  ['scaling', { scaling: { minTaskCount: 1 } }, { scalingTarget: { minTaskCount: 1 } }],
])('members of the API: %s', (_, given, settings) => expect(settingsIn(inputs(given))).toEqual(settings));

test.each<[string, ExpressInputs | undefined, JsonObject, ReturnType<typeof compareExpress>]>([
  ['no inputs', undefined, { healthCheckPath: '/' }, { settings: {}, before: {}, differences: [] }],
  [
    'the same',
    inputs({ healthCheckPath: '/' }),
    { healthCheckPath: '/' },
    { settings: {}, before: {}, differences: [] },
  ],
  [
    'the order of subnets',
    inputs({ subnets: ['b', 'a'] }),
    { networkConfiguration: { subnets: ['a', 'b'], securityGroups: ['g'] } },
    { settings: {}, before: {}, differences: [] },
  ],
  [
    'a path more',
    inputs({ healthCheckPath: '/up' }),
    {},
    {
      settings: { healthCheckPath: '/up' },
      before: {},
      differences: [{ subject: 'healthCheckPath', kind: 'added', after: '/up' }],
    },
  ],
  [
    'a path in place of another, which a rollback sends',
    inputs({ healthCheckPath: '/up' }),
    { healthCheckPath: '/' },
    {
      settings: { healthCheckPath: '/up' },
      before: { healthCheckPath: '/' },
      differences: [{ subject: 'healthCheckPath', kind: 'changed', before: '/', after: '/up' }],
    },
  ],
  [
    'one part of the network: all of it is sent',
    inputs({ subnets: ['a', 'c'] }),
    { networkConfiguration: { subnets: ['a', 'b'], securityGroups: ['g'] } },
    {
      settings: { networkConfiguration: { subnets: ['a', 'c'], securityGroups: ['g'] } },
      before: { networkConfiguration: { subnets: ['a', 'b'], securityGroups: ['g'] } },
      differences: [{ subject: 'networkConfiguration.subnets', kind: 'changed', before: 'a, b', after: 'a, c' }],
    },
  ],
  [
    'scaling of which two parts differ and one is new',
    inputs({ scaling: { minTaskCount: 2, maxTaskCount: 4, autoScalingTargetValue: 50 } }),
    { scalingTarget: { minTaskCount: 1, maxTaskCount: 4 } },
    {
      settings: { scalingTarget: { minTaskCount: 2, maxTaskCount: 4, autoScalingTargetValue: 50 } },
      before: { scalingTarget: { minTaskCount: 1, maxTaskCount: 4 } },
      differences: [
        { subject: 'scalingTarget.minTaskCount', kind: 'changed', before: '1', after: '2' },
        { subject: 'scalingTarget.autoScalingTargetValue', kind: 'added', after: '50' },
      ],
    },
  ],
])('what differs: %s', (_, given, now, compared) => expect(compareExpress(given, now)).toEqual(compared));

const NOW = [
  { key: 'team', value: 'web' },
  { key: 'stage', value: 'test' },
  { key: 'old', value: 'x' },
  { key: 'aws:cloudformation:stack-name', value: 'x' },
  { key: 'AWS:x', value: 'x' },
  { key: 'ecs-rollout:commit', value: 'x' },
  { key: 'AmazonECSManaged', value: 'true' },
];
const TAGS = inputs({
  tags: [
    ['team', 'web'],
    ['stage', 'prod'],
    ['owner', 'ada'],
  ],
});
test.each<[string, ExpressInputs | undefined, ReturnType<typeof compareTags>]>([
  ['no inputs', undefined, { write: [], remove: [] }],
  [
    'added and overwritten',
    TAGS,
    {
      write: [
        { key: 'stage', value: 'prod' },
        { key: 'owner', value: 'ada' },
      ],
      remove: [],
    },
  ],
  [
    'only these: the rest is removed, but what AWS and this action know the service by',
    { ...TAGS, onlyTheseTags: true },
    {
      write: [
        { key: 'stage', value: 'prod' },
        { key: 'owner', value: 'ada' },
      ],
      remove: ['old'],
    },
  ],
])('tags: %s', (_, given, compared) => expect(compareTags(given, NOW)).toEqual(compared));
