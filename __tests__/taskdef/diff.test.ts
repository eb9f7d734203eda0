import type { JsonObject } from '../../src/model.ts';
import { diffDefinitions, sameDefinition } from '../../src/taskdef/diff.ts';

/** Values that can carry a password: of each a difference names that it changed, and shows neither what it was nor what it is. */
const SECRET = 'canary';
const container = (change: object): JsonObject => ({
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'app:1', ...change }],
});

test.each<[string, (value: string) => object, string]>([
  ['a command', (value) => container({ command: ['run', value] }), 'container app: command'],
  ['an entry point', (value) => container({ entryPoint: [value] }), 'container app: entryPoint'],
  [
    'repository credentials',
    (value) => container({ repositoryCredentials: { credentialsParameter: value } }),
    'container app: repositoryCredentials',
  ],
  ['a variable', (value) => container({ environment: [{ name: 'A', value }] }), 'container app: environment A'],
  ['a secret', (value) => container({ secrets: [{ name: 'A', valueFrom: value }] }), 'container app: secrets A'],
  ['a label', (value) => container({ dockerLabels: { A: value } }), 'container app: dockerLabels A'],
  [
    'a log option',
    (value) => container({ logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': value } } }),
    'container app: log option splunk-token',
  ],
  [
    'a secret log option',
    (value) =>
      container({ logConfiguration: { logDriver: 'splunk', secretOptions: [{ name: 'A', valueFrom: value }] } }),
    'container app: secret log option A',
  ],
])('%s', (_, definition, subject) => {
  const before = definition(`${SECRET}-1`) as never;
  const after = definition(`${SECRET}-2`) as never;
  const none = container({ logConfiguration: { logDriver: 'splunk' } }) as never;
  expect(diffDefinitions(before, after)).toEqual([{ subject, kind: 'changed' }]);
  for (const differences of [diffDefinitions(before, none), diffDefinitions(none, after)]) {
    expect(differences.map((one) => one.subject)).toContain(subject);
    expect(JSON.stringify(differences)).not.toContain(SECRET);
  }
});

test.each([
  [
    'options of a driver',
    (value: string) => ({
      ...container({}),
      volumes: [{ name: 'v', dockerVolumeConfiguration: { driverOpts: { o: value } } }],
    }),
  ],
  [
    'options of FireLens',
    (value: string) => container({ firelensConfiguration: { type: 'fluentbit', options: { x: value } } }),
  ],
])('%s within a field that is shown', (_, definition) => {
  const without = container({}) as never;
  expect(JSON.stringify(diffDefinitions(without, definition(SECRET) as never))).not.toContain(SECRET);
  expect(diffDefinitions(without, definition(SECRET) as never)).toHaveLength(1);
});

describe('the difference', () => {
  const differences = (before: JsonObject, after: JsonObject) =>
    diffDefinitions(
      { family: 'web', containerDefinitions: [{ name: 'app', image: 'a', ...before }] },
      { family: 'web', containerDefinitions: [{ name: 'app', image: 'a', ...after }] },
    );
  test.each<[string, JsonObject, JsonObject]>([
    ['command', { command: ['run', 'hunter2'] }, { command: ['run', 'hunter3'] }],
    ['entryPoint', { entryPoint: ['hunter2'] }, { entryPoint: ['hunter3'] }],
    [
      'healthCheck',
      { healthCheck: { command: ['CMD-SHELL', 'curl -u a:hunter2 localhost'] } },
      { healthCheck: { command: ['CMD-SHELL', 'curl -u a:hunter3 localhost'] } },
    ],
    [
      'repositoryCredentials',
      { repositoryCredentials: { credentialsParameter: 'hunter2' } },
      { repositoryCredentials: { credentialsParameter: 'hunter3' } },
    ],
  ])('%s changed, added and removed is reported without a value', (_, before, after) => {
    for (const found of [differences(before, after), differences({}, after), differences(before, {})]) {
      expect(found).toHaveLength(1);
      expect(Object.keys(found[0] ?? {}).sort()).toEqual(['kind', 'subject']);
      expect(JSON.stringify(found)).not.toMatch(/hunter/);
    }
  });
  test('what cannot hide a secret is shown', () => {
    const check = (interval: number, word: string) => ({ healthCheck: { command: ['CMD-SHELL', word], interval } });
    expect(differences(check(10, 'hunter2'), check(20, 'hunter3'))).toEqual([
      { subject: 'container app: healthCheck command', kind: 'changed' },
      { subject: 'container app: healthCheck interval', kind: 'changed', before: '10', after: '20' },
    ]);
    const log = (options: JsonObject) => ({ logConfiguration: { logDriver: 'awslogs', options } });
    expect(
      differences(log({ 'awslogs-region': 'eu-west-1', x: 'hunter2' }), log({ 'awslogs-region': 'eu-west-2' })),
    ).toEqual([
      { subject: 'container app: log option awslogs-region', kind: 'changed', before: 'eu-west-1', after: 'eu-west-2' },
      { subject: 'container app: log option x', kind: 'removed' },
    ]);
    expect(differences(log({}), log({ 'awslogs-group': '/ecs/web' }))[0]).toMatchObject({ after: '/ecs/web' });
    expect(differences({ cpu: 1 }, { cpu: 2 })).toEqual([expect.objectContaining({ before: '1', after: '2' })]);
  });
});

const ROLE = 'arn:aws:iam::123456789012:role';
const efs = (configuration: JsonObject, more: JsonObject = {}): JsonObject => ({
  volumes: [{ name: 'v', efsVolumeConfiguration: { fileSystemId: 'fs-1', ...configuration }, ...more }],
});
const mapped = (mode: string | undefined, mapping: JsonObject): JsonObject => ({
  ...(mode === undefined ? {} : { networkMode: mode }),
  ...container({ portMappings: [{ containerPort: 80, ...mapping }] }),
});

test.each<[string, JsonObject, JsonObject, boolean]>([
  ['a CPU size in two ways', { cpu: '.25 vCPU' }, { cpu: '256' }, true],
  ['another CPU size', { cpu: '512' }, { cpu: '256' }, false],
  ['a memory size in two ways', { memory: '1 GB' }, { memory: '1024' }, true],
  ['another memory size', { memory: '512' }, { memory: '1024' }, false],
  ['sizes that are none', { cpu: 'much', memory: 'much' }, { cpu: 'more', memory: 'much' }, false],
  [
    'a role by name and by ARN',
    { taskRoleArn: `${ROLE}/team/app`, executionRoleArn: 'exec' },
    { taskRoleArn: 'app', executionRoleArn: `${ROLE}/exec` },
    true,
  ],
  ['another task role', { taskRoleArn: 'a' }, { taskRoleArn: 'b' }, false],
  ['another execution role', { executionRoleArn: 'a' }, { executionRoleArn: 'b' }, false],
  [
    'launch types in another order',
    { requiresCompatibilities: ['FARGATE', 'EC2'] },
    { requiresCompatibilities: ['EC2', 'FARGATE'] },
    true,
  ],
  ['another launch type', { requiresCompatibilities: ['FARGATE'] }, { requiresCompatibilities: ['EC2'] }, false],
  [
    'volumes in another order',
    { volumes: [{ name: 'b' }, { name: 'a' }] },
    { volumes: [{ name: 'a' }, { name: 'b' }] },
    true,
  ],
  ['fields in another order', { runtimePlatform: { a: 1, b: 2 } }, { runtimePlatform: { b: 2, a: 1 } }, true],
  ['empty lists and objects', { volumes: [], placementConstraints: [], runtimePlatform: {} }, {}, true],
  ['a switch that is off', { enableFaultInjection: false }, {}, true],
  ['a switch that is on', { enableFaultInjection: true }, {}, false],
  [
    'defaults of a file system',
    efs({}),
    efs({ rootDirectory: '/', transitEncryption: 'DISABLED', authorizationConfig: { iam: 'DISABLED' } }),
    true,
  ],
  ['a folder of a file system', efs({ rootDirectory: '/x' }), efs({}), false],
  ['encryption of a file system', efs({ transitEncryption: 'ENABLED' }), efs({}), false],
  ['IAM of a file system', efs({ authorizationConfig: { iam: 'ENABLED' } }), efs({}), false],
  [
    'an access point',
    efs({ authorizationConfig: { accessPointId: 'a' } }),
    efs({ authorizationConfig: { accessPointId: 'b' } }),
    false,
  ],
  ['another file system', efs({ fileSystemId: 'fs-2' }), efs({}), false],
  ['another volume of it', efs({}, { host: { sourcePath: '/x' } }), efs({}), false],
  ['no CPU of a container', container({ cpu: 0 }), container({}), true],
  ['CPU of a container', container({ cpu: 1 }), container({}), false],
  ['an essential container', container({ essential: true }), container({}), true],
  ['one that is not', container({ essential: false }), container({}), false],
  [
    'defaults of a health check',
    container({ healthCheck: { command: ['x'] } }),
    container({ healthCheck: { command: ['x'], interval: 30, timeout: 5, retries: 3 } }),
    true,
  ],
  [
    'another interval',
    container({ healthCheck: { command: ['x'], interval: 31 } }),
    container({ healthCheck: { command: ['x'] } }),
    false,
  ],
  [
    'defaults of a restart policy',
    container({ restartPolicy: { enabled: true } }),
    container({ restartPolicy: { enabled: true, restartAttemptPeriod: 300 } }),
    true,
  ],
  [
    'another restart policy',
    container({ restartPolicy: { enabled: true, restartAttemptPeriod: 60 } }),
    container({ restartPolicy: { enabled: true } }),
    false,
  ],
  [
    'variables in another order',
    container({ environment: [{ name: 'B' }, { name: 'A' }] }),
    container({ environment: [{ name: 'A' }, { name: 'B' }] }),
    true,
  ],
  [
    'secrets in another order',
    container({ secrets: [{ name: 'B' }, { name: 'A' }] }),
    container({ secrets: [{ name: 'A' }, { name: 'B' }] }),
    true,
  ],
  [
    'words of a command in another order',
    container({ command: ['a', 'b'] }),
    container({ command: ['b', 'a'] }),
    false,
  ],
  [
    'ports in another order',
    container({ portMappings: [{ containerPort: 80 }, { containerPort: 53, protocol: 'udp' }, { containerPort: 53 }] }),
    container({ portMappings: [{ containerPort: 53 }, { containerPort: 53, protocol: 'udp' }, { containerPort: 80 }] }),
    true,
  ],
  ['another protocol', mapped(undefined, { protocol: 'udp' }), mapped(undefined, {}), false],
  ['the protocol that it is by default', mapped(undefined, { protocol: 'tcp' }), mapped(undefined, {}), true],
  ['any host port', mapped('bridge', { hostPort: 0 }), mapped('bridge', {}), true],
  ['the same host port on bridge', mapped('bridge', { hostPort: 80 }), mapped('bridge', {}), false],
  ['the same host port on awsvpc', mapped('awsvpc', { hostPort: 80 }), mapped('awsvpc', {}), true],
  ['the same host port on host', mapped('host', { hostPort: 80 }), mapped('host', {}), true],
  ['another host port', mapped('bridge', { hostPort: 81 }), mapped('bridge', { hostPort: 82 }), false],
  ['a name of a port', mapped(undefined, { name: 'http' }), mapped(undefined, {}), false],
])('whether ECS runs both in the same way: %s', (_, a, b, same) => {
  const [one, other] = [a, b].map((change) => ({ ...container({}), ...change }));
  expect([sameDefinition(one ?? {}, other ?? {}), sameDefinition(other ?? {}, one ?? {})]).toEqual([same, same]);
  expect(diffDefinitions(one ?? {}, other ?? {})).toHaveLength(same ? 0 : 1);
});

test('containers come, go and change, the image before the rest, and then the fields of the task', () => {
  const before = {
    family: 'web',
    memory: '512',
    containerDefinitions: [
      {
        name: 'app',
        image: 'app:1',
        cpu: 1,
        environment: [
          { name: 'A', value: '1' },
          { name: 'B', value: '1' },
        ],
        dockerLabels: { x: '1' },
      },
      { name: 'old', image: 'old:1' },
    ],
  };
  const after = {
    family: 'web',
    cpu: '256',
    containerDefinitions: [
      { name: 'new', image: 'new:1' },
      {
        name: 'app',
        image: 'app:2',
        user: 'node',
        environment: [
          { name: 'B', value: '2' },
          { name: 'C', value: '1' },
        ],
        dockerLabels: { x: '1', y: '1' },
      },
    ],
  };
  expect(diffDefinitions(before, after)).toEqual([
    { subject: 'container new', kind: 'added', after: 'new:1' },
    { subject: 'container app: image', kind: 'changed', before: 'app:1', after: 'app:2' },
    { subject: 'container app: environment A', kind: 'removed' },
    { subject: 'container app: environment B', kind: 'changed' },
    { subject: 'container app: environment C', kind: 'added' },
    { subject: 'container app: dockerLabels y', kind: 'added' },
    { subject: 'container app: cpu', kind: 'removed', before: '1' },
    { subject: 'container app: user', kind: 'added', after: 'node' },
    { subject: 'container old', kind: 'removed', before: 'old:1' },
    { subject: 'cpu', kind: 'added', after: '256' },
    { subject: 'memory', kind: 'removed', before: '512' },
  ]);
});

test('the driver of a log is shown, of its options that may hold a secret only the names', () => {
  const log = (logDriver: string, options: JsonObject): JsonObject =>
    container({ logConfiguration: { logDriver, options } });
  expect(diffDefinitions(log('awslogs', { a: '1', b: '1' }), log('splunk', { b: '2' }))).toEqual([
    { subject: 'container app: log configuration, logDriver', kind: 'changed', before: 'awslogs', after: 'splunk' },
    { subject: 'container app: log option a', kind: 'removed' },
    { subject: 'container app: log option b', kind: 'changed' },
  ]);
});

test('of what is shown, maps that may hold passwords give their keys', () => {
  const volume = (driverOpts: unknown): JsonObject => ({
    ...container({}),
    volumes: [{ name: 'v', dockerVolumeConfiguration: { driver: 'd', driverOpts } as JsonObject }],
  });
  const [change] = diffDefinitions(container({}), volume({ o: 'hunter2', type: 'cifs' }));
  expect(change?.after).toBe('[{"dockerVolumeConfiguration":{"driver":"d","driverOpts":["o","type"]},"name":"v"}]');
});
