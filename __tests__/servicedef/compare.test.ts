import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model.ts';
import { compareSettings, EFFECTS } from '../../src/servicedef/compare.ts';
import { STRUCTURES } from '../../src/servicedef/schema.generated.ts';

const PLACE = { name: 'web', cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/production' };
const compare = (wanted: JsonObject, now: JsonObject, tags: readonly (readonly [string, string])[] = []) =>
  compareSettings(
    { settings: wanted, tags: tags.map(([key, value]) => ({ key, value })) },
    { settings: now, tags: [] },
    PLACE,
  );
/** `~ path: before -> after (effect)` */
const lines = (wanted: JsonObject, now: JsonObject): string[] =>
  compare(wanted, now).differences.map(
    ({ subject, before = '', after = '', effect }) => `${subject}: ${before} -> ${after} (${effect})`,
  );

const VPC = { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' };
const network = (vpc: JsonObject): JsonObject => ({ networkConfiguration: { awsvpcConfiguration: vpc } });
const group = (name: string): string =>
  `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${name}/0123456789abcdef`;
const balancer = (name: string, more: JsonObject = {}): JsonObject => ({
  targetGroupArn: group(name),
  containerName: 'app',
  containerPort: 80,
  ...more,
});

test.each<[string, JsonObject, JsonObject]>([
  ['nothing is named', {}, network(VPC)],
  ['the order of a set', network({ subnets: ['subnet-2', 'subnet-1'] }), network(VPC)],
  ['a default that ECS describes', network({ subnets: ['subnet-1', 'subnet-2'] }), network(VPC)],
  [
    'a default that ECS leaves out',
    network(VPC),
    network({ subnets: VPC.subnets, securityGroups: VPC.securityGroups }),
  ],
  ['empty lists', { loadBalancers: [], serviceRegistries: [], placementConstraints: [] }, {}],
  ['false and 0', { enableExecuteCommand: false, healthCheckGracePeriodSeconds: 0 }, {}],
  ['Service Connect that is off', { serviceConnectConfiguration: { enabled: false } }, {}],
  [
    'the defaults of enumerations',
    { propagateTags: 'NONE', platformVersion: 'LATEST', availabilityZoneRebalancing: 'DISABLED' },
    {},
  ],
  ['the launch type', { launchType: 'FARGATE' }, { launchType: 'FARGATE' }],
  ['the launch type of a service that has none', { launchType: 'EC2' }, {}],
  ['the scheduling strategy', { schedulingStrategy: 'REPLICA' }, {}],
  [
    'the weight of a provider that is not named',
    { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
    { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }] },
  ],
  [
    'what inputs have added to a load balancer',
    { loadBalancers: [balancer('web')] },
    { loadBalancers: [balancer('web', { advancedConfiguration: { alternateTargetGroupArn: group('green') } })] },
  ],
  [
    'names that ECS fills in for Service Connect, and its namespace by name',
    {
      serviceConnectConfiguration: {
        enabled: true,
        namespace: 'shop',
        services: [{ portName: 'http', clientAliases: [{ port: 80 }] }],
      },
    },
    {
      serviceConnectConfiguration: {
        enabled: true,
        namespace: 'arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1',
        services: [{ portName: 'http', discoveryName: 'http', clientAliases: [{ port: 80, dnsName: 'http.shop' }] }],
      },
    },
  ],
  ['a role that only the service has', {}, { role: 'arn:aws:iam::123456789012:role/ecsServiceRole' }],
  ['a role by its name', { role: 'ecsServiceRole' }, { role: 'arn:aws:iam::123456789012:role/ecsServiceRole' }],
  [
    'a breaker of which a part is named',
    { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
    {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true, resetOnHealthyTask: true } },
    },
  ],
])('no difference: %s', (_, wanted, now) => {
  expect(compare(wanted, now)).toEqual({ update: {}, before: {}, tags: [], differences: [], refused: [] });
});

test.each<[string, JsonObject, JsonObject, JsonObject, readonly string[]]>([
  [
    'a subnet more, with what else the network has',
    network({ subnets: ['subnet-1', 'subnet-2', 'subnet-3'] }),
    network(VPC),
    network({ ...VPC, subnets: ['subnet-1', 'subnet-2', 'subnet-3'] }),
    [
      'networkConfiguration.awsvpcConfiguration.subnets: subnet-1, subnet-2 -> subnet-1, subnet-2, subnet-3 (starts a deployment)',
    ],
  ],
  [
    'a load balancer in place of another',
    { loadBalancers: [balancer('new')] },
    { loadBalancers: [balancer('old')] },
    { loadBalancers: [balancer('new')] },
    [
      `loadBalancers[new]:  -> ${JSON.stringify(balancer('new'))} (starts a deployment)`,
      `loadBalancers[old]: ${JSON.stringify(balancer('old'))} ->  (starts a deployment)`,
    ],
  ],
  [
    'only the parts of the deployment configuration that differ',
    { deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 200, strategy: 'ROLLING' } },
    { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200, bakeTimeInMinutes: 5 } },
    { deploymentConfiguration: { minimumHealthyPercent: 50 } },
    ['deploymentConfiguration.minimumHealthyPercent: 100 -> 50 (in place)'],
  ],
  [
    'an order that counts',
    {
      placementStrategy: [
        { type: 'spread', field: 'az' },
        { type: 'binpack', field: 'cpu' },
      ],
    },
    {
      placementStrategy: [
        { type: 'binpack', field: 'cpu' },
        { type: 'spread', field: 'az' },
      ],
    },
    {
      placementStrategy: [
        { type: 'spread', field: 'az' },
        { type: 'binpack', field: 'cpu' },
      ],
    },
    [
      'placementStrategy: [{"type":"binpack","field":"cpu"},{"type":"spread","field":"az"}] -> [{"type":"spread","field":"az"},{"type":"binpack","field":"cpu"}] (in place)',
    ],
  ],
  [
    'what only new tasks have',
    { propagateTags: 'SERVICE', enableExecuteCommand: true },
    { propagateTags: 'NONE' },
    { propagateTags: 'SERVICE', enableExecuteCommand: true },
    [
      'propagateTags: NONE -> SERVICE (in place, for tasks that start from then on)',
      'enableExecuteCommand:  -> true (in place, for tasks that start from then on)',
    ],
  ],
  [
    'a capacity provider strategy, which ECS takes with a new deployment alone',
    { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
    { launchType: 'FARGATE' },
    { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }], forceNewDeployment: true },
    ['capacityProviderStrategy[FARGATE]:  -> {"capacityProvider":"FARGATE","weight":1} (starts a deployment)'],
  ],
  [
    'back to the launch type',
    { launchType: 'FARGATE' },
    { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
    { capacityProviderStrategy: [], forceNewDeployment: true },
    ['capacityProviderStrategy[FARGATE]: {"capacityProvider":"FARGATE","weight":1} ->  (starts a deployment)'],
  ],
  [
    'Service Connect off',
    { serviceConnectConfiguration: { enabled: false } },
    { serviceConnectConfiguration: { enabled: true, services: [{ portName: 'http' }] } },
    { serviceConnectConfiguration: { enabled: false } },
    [
      'serviceConnectConfiguration.enabled: true -> false (starts a deployment)',
      'serviceConnectConfiguration.services[http]: {"portName":"http"} ->  (starts a deployment)',
    ],
  ],
  [
    'monitoring off, which keeps what else it has',
    { monitoring: { enabled: false } },
    { monitoring: { enabled: true, interval: 60 } },
    { monitoring: { enabled: false, interval: 60 } },
    ['monitoring.enabled: true -> false (starts a deployment)'],
  ],
  [
    'options of a log driver by their names alone',
    {
      serviceConnectConfiguration: {
        enabled: true,
        logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': 'secret' } },
      },
    },
    { serviceConnectConfiguration: { enabled: true } },
    {
      serviceConnectConfiguration: {
        enabled: true,
        logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': 'secret' } },
      },
    },
    [
      'serviceConnectConfiguration.logConfiguration.logDriver:  -> splunk (starts a deployment)',
      'serviceConnectConfiguration.logConfiguration.options:  -> splunk-token (starts a deployment)',
    ],
  ],
])('a change: %s', (_, wanted, now, update, shown) => {
  expect(compare(wanted, now).update).toEqual(update);
  expect(lines(wanted, now)).toEqual(shown);
});

const STARTS = 'starts a deployment';
const IN_PLACE = 'in place';
const NEW_TASKS = 'in place, for tasks that start from then on';
test.each<[string, Json, string]>([
  ['networkConfiguration', { awsvpcConfiguration: { subnets: ['subnet-1'] } }, STARTS],
  ['platformVersion', '1.4.0', STARTS],
  ['loadBalancers', [balancer('web')], STARTS],
  ['serviceRegistries', [{ registryArn: 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1' }], STARTS],
  ['serviceConnectConfiguration', { enabled: true }, STARTS],
  ['volumeConfigurations', [{ name: 'data' }], STARTS],
  ['vpcLatticeConfigurations', [{ targetGroupArn: group('lattice') }], STARTS],
  ['capacityProviderStrategy', [{ capacityProvider: 'FARGATE' }], STARTS],
  ['gatewayConnectors', [{ portName: 'http' }], STARTS],
  ['monitoring', { enabled: true }, STARTS],
  ['deploymentConfiguration', { maximumPercent: 150 }, IN_PLACE],
  ['healthCheckGracePeriodSeconds', 30, IN_PLACE],
  ['availabilityZoneRebalancing', 'ENABLED', IN_PLACE],
  ['placementConstraints', [{ type: 'distinctInstance' }], IN_PLACE],
  ['placementStrategy', [{ type: 'random' }], IN_PLACE],
  ['enableExecuteCommand', true, NEW_TASKS],
  ['enableECSManagedTags', true, NEW_TASKS],
  ['propagateTags', 'SERVICE', NEW_TASKS],
])(
  '%s: the difference says what ECS does with it, and a rollback sends back only what starts a deployment',
  (member, value, effect) => {
    const { differences, before, update } = compare({ [member]: value }, {});
    expect(new Set(differences.map((one) => one.effect))).toEqual(new Set([effect]));
    expect(update[member]).toEqual(value);
    expect(Object.keys(before).includes(member)).toBe(effect === STARTS);
  },
);

test.each<[string, JsonObject | undefined, JsonObject, object]>([
  ['added', undefined, { token: 'a', url: 'b' }, { kind: 'added', after: 'token, url' }],
  ['other names', { token: 'a' }, { token: 'a', url: 'b' }, { kind: 'changed', before: 'token', after: 'token, url' }],
  ['other values alone', { token: 'a', url: 'b' }, { url: 'b', token: 'c' }, { kind: 'changed' }],
])('options of a log driver, %s: their names are shown, no value', (_, now, wanted, shown) => {
  const logs = (options: JsonObject | undefined): JsonObject => ({
    serviceConnectConfiguration: {
      enabled: true,
      logConfiguration: { logDriver: 'splunk', ...(options && { options }) },
    },
  });
  expect(compare(logs(wanted), logs(now)).differences).toEqual([
    { subject: 'serviceConnectConfiguration.logConfiguration.options', effect: STARTS, ...shown },
  ]);
});

test('a log configuration that is turned off is removed with the names of its options', () => {
  const now = {
    serviceConnectConfiguration: { enabled: true, logConfiguration: { logDriver: 'splunk', options: { token: 'a' } } },
  };
  expect(compare({ serviceConnectConfiguration: { enabled: false } }, now).differences).toContainEqual({
    subject: 'serviceConnectConfiguration.logConfiguration',
    kind: 'removed',
    before: '{"logDriver":"splunk","options":["token"]}',
    effect: STARTS,
  });
});

test('an item that the definition leaves out is removed, one that it adds is added', () => {
  const wanted = { loadBalancers: [balancer('new')] };
  expect(compare(wanted, { loadBalancers: [balancer('old')] }).differences).toEqual([
    { subject: 'loadBalancers[new]', kind: 'added', after: JSON.stringify(balancer('new')), effect: STARTS },
    { subject: 'loadBalancers[old]', kind: 'removed', before: JSON.stringify(balancer('old')), effect: STARTS },
  ]);
});

test('what is null or false within a member is as good as absent', () => {
  const breaker = (more: JsonObject): JsonObject => ({
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, ...more } },
  });
  expect(lines(breaker({ rollback: false }), breaker({}))).toEqual([]);
  expect(compare(breaker({ rollback: true }), breaker({ rollback: null })).differences).toEqual([
    {
      subject: 'deploymentConfiguration.deploymentCircuitBreaker.rollback',
      kind: 'added',
      after: 'true',
      effect: IN_PLACE,
    },
  ]);
});

test.each<[string, JsonObject, JsonObject]>([
  [
    'vpcLatticeConfigurations',
    { targetGroupArn: group('a'), portName: 'x' },
    { targetGroupArn: group('b'), portName: 'y' },
  ],
  ['gatewayConnectors', { portName: 'a', x: '1' }, { portName: 'b', x: '2' }],
  ['serviceRegistries', { registryArn: 'a', port: 1 }, { registryArn: 'b', port: 2 }],
  ['volumeConfigurations', { name: 'a', x: '1' }, { name: 'b', x: '2' }],
  ['capacityProviderStrategy', { capacityProvider: 'a', weight: 1 }, { capacityProvider: 'b', weight: 2 }],
])('%s: items keep what the definition does not name of them, in whatever order', (member, one, two) => {
  const bare = (item: JsonObject): JsonObject => Object.fromEntries(Object.entries(item).slice(0, 1));
  expect(compare({ [member]: [bare(two), bare(one)] }, { [member]: [one, two] })).toMatchObject({
    update: {},
    differences: [],
  });
});

test('what a hook is called with is shown by its names alone', () => {
  const hooks = (details: JsonObject): JsonObject => ({
    deploymentConfiguration: { lifecycleHooks: [{ hookTargetArn: 'arn', hookDetails: details }] },
  });
  const [difference] = compare(hooks({ token: 'hunter2' }), {}).differences;
  expect(difference).toMatchObject({ after: '[{"hookTargetArn":"arn","hookDetails":["token"]}]' });
});

test('back to the launch type refuses nothing, nor does a launch type that stays', () => {
  const strategy = { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] };
  expect(compare({ launchType: 'FARGATE' }, strategy).refused).toEqual([]);
  expect(compare({ launchType: 'FARGATE' }, { launchType: 'FARGATE' }).refused).toEqual([]);
  expect(compare({}, strategy).refused).toEqual([]);
});

test('an alias of Service Connect is known by its port', () => {
  const aliases = (...items: readonly JsonObject[]): JsonObject => ({
    serviceConnectConfiguration: { enabled: true, services: [{ portName: 'http', clientAliases: [...items] }] },
  });
  const now = aliases({ port: 80, dnsName: 'web' }, { port: 443, dnsName: 'secure' });
  expect(compare(aliases({ port: 443 }, { port: 80 }), now)).toMatchObject({ update: {}, differences: [] });
  expect(lines(aliases({ port: 443, dnsName: 'shop' }, { port: 80 }), now)).toEqual([
    expect.stringMatching(/clientAliases\[443\]\.dnsName: secure -> shop/),
  ]);
});

test('a set is the same in whatever order it is written', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e'], { minLength: 5 }), (subnets) => {
      expect(lines(network({ subnets }), network({ subnets: ['c', 'a', 'e', 'b', 'd'] }))).toEqual([]);
    }),
  );
});

test('what belongs to a deployment is sent back by a rollback, what ECS takes over in place is not', () => {
  const wanted = {
    ...network({ subnets: ['subnet-9'] }),
    volumeConfigurations: [{ name: 'data' }],
    serviceConnectConfiguration: { enabled: true },
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }],
    healthCheckGracePeriodSeconds: 30,
  };
  expect(compare(wanted, { ...network(VPC), launchType: 'FARGATE' }).before).toEqual({
    ...network(VPC),
    volumeConfigurations: [],
    serviceConnectConfiguration: { enabled: false },
    capacityProviderStrategy: [],
    forceNewDeployment: true,
  });
});

test('tags are added and overwritten, and never removed', () => {
  const wanted = [
    { key: 'team', value: 'web' },
    { key: 'stage', value: 'prod' },
    { key: 'owner', value: 'ada' },
  ];
  const now = [
    { key: 'team', value: 'web' },
    { key: 'stage', value: 'test' },
    { key: 'aws:x', value: 'y' },
  ];
  const { tags, differences } = compareSettings({ settings: {}, tags: wanted }, { settings: {}, tags: now }, PLACE);
  expect(tags).toEqual([
    { key: 'stage', value: 'prod' },
    { key: 'owner', value: 'ada' },
  ]);
  expect(differences).toEqual([
    { subject: 'tag stage', kind: 'changed', before: 'test', after: 'prod', effect: 'in place' },
    { subject: 'tag owner', kind: 'added', after: 'ada', effect: 'in place' },
  ]);
});

test.each<[JsonObject, JsonObject, string, RegExp]>([
  [
    { launchType: 'EC2' },
    { launchType: 'FARGATE' },
    'launchType',
    /capacityProviderStrategy.*delete-service --force --cluster production --service web/,
  ],
  [{ schedulingStrategy: 'DAEMON' }, {}, 'schedulingStrategy', /^Deploy under another name, or delete the service/],
  [{ role: 'other' }, { role: 'arn:aws:iam::123456789012:role/ecsServiceRole' }, 'role', /service-linked role/],
])('%j on %j is refused, with the way to get there', (wanted, now, subject, remedy) => {
  const { refused, update } = compare(wanted, now);
  expect(refused).toEqual([
    { subject, problem: expect.stringContaining('cannot change it'), remedy: expect.stringMatching(remedy) },
  ]);
  expect(update).toEqual({});
});

test('every member of CreateService has an effect, is refused, or is the business of the step', () => {
  const ours = [
    'serviceName',
    'cluster',
    'taskDefinition',
    'clientToken',
    'desiredCount',
    'tags',
    'deploymentController',
  ];
  const refused = ['launchType', 'schedulingStrategy', 'role'];
  const all = Object.keys(STRUCTURES.CreateServiceRequest?.members ?? {});
  expect([...Object.keys(EFFECTS), ...ours, ...refused].sort()).toEqual(all.toSorted());
});

test('a comparison is of values, not of their prototypes', () => {
  const odd = { placementConstraints: [{ type: 'memberOf', expression: 'attribute:toString == 1' }] } as JsonObject;
  expect(compare(odd, { placementConstraints: [] as readonly Json[] }).update).toEqual(odd);
});

test('a port mapping of Service Connect is known by its name, whatever its place in the list', () => {
  const services = (...items: readonly JsonObject[]): JsonObject => ({
    serviceConnectConfiguration: { enabled: true, services: [...items] },
  });
  const [http, grpc] = [
    { portName: 'http', discoveryName: 'web' },
    { portName: 'grpc', discoveryName: 'api' },
  ];
  expect(lines(services(grpc, http), services(http, grpc))).toEqual([]);
  expect(lines(services({ ...http, discoveryName: 'shop' }, grpc), services(grpc, http))).toEqual([
    expect.stringMatching(/\[http\]\.discoveryName: web -> shop/),
  ]);
});

test('null in a definition is what is not there; a member that is taken out of an object is removed', () => {
  expect(lines({ platformVersion: null }, {})).toEqual([]);
  expect(
    lines(
      { deploymentConfiguration: { alarms: { alarmNames: [], enable: false, rollback: false } } },
      {
        deploymentConfiguration: { alarms: { alarmNames: ['5xx'], enable: true, rollback: false } },
      },
    ),
  ).toEqual([expect.stringContaining('alarmNames: 5xx -> '), expect.stringContaining('enable')]);
});

test('load balancers of several containers are told apart by container and port', () => {
  const both = [balancer('web'), balancer('web', { containerName: 'proxy' }), balancer('web', { containerPort: 81 })];
  expect(lines({ loadBalancers: both.toReversed() }, { loadBalancers: both })).toEqual([]);
  expect(compare({ loadBalancers: both }, { loadBalancers: both.slice(0, 1) }).differences).toEqual([
    { subject: 'loadBalancers[web]', kind: 'added', after: JSON.stringify(both[1]), effect: STARTS },
    { subject: 'loadBalancers[web]', kind: 'added', after: JSON.stringify(both[2]), effect: STARTS },
  ]);
  const classic = { loadBalancerName: 'old', containerName: 'app', containerPort: 80 };
  expect(
    lines({ loadBalancers: [classic] }, { loadBalancers: [{ ...classic, loadBalancerName: 'new' }] }),
  ).toHaveLength(2);
});
