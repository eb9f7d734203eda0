import fc from 'fast-check';
import { VirtualClock } from '../../../simulator/clock.ts';
import { Simulator } from '../../../simulator/simulator.ts';
import { ApiException } from '../../../simulator/wire/service.ts';
import { asFailure } from '../../../src/failure.ts';
import type { JsonObject } from '../../../src/model.ts';
import { checked } from '../../../src/taskdef/check.ts';

/**
 * The product's checks and the simulator's were written apart from each other, from AWS's documentation. Whatever the product
 * takes without complaint the simulator takes, and whatever it refuses the simulator refuses: a difference is a fault of one.
 */

const APP = { name: 'app', image: 'nginx:1', memory: 64 };
const SIDE = { name: 'side', image: 'busybox', memory: 64, essential: false };
const ROLE = 'arn:aws:iam::123456789012:role/execution';
const BASES: Readonly<Record<string, JsonObject>> = {
  bridge: { family: 'web', containerDefinitions: [APP, SIDE] },
  host: { family: 'web', networkMode: 'host', requiresCompatibilities: ['EC2'], containerDefinitions: [APP, SIDE] },
  'awsvpc on EC2': {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['EC2'],
    cpu: '512',
    memory: '256',
    executionRoleArn: ROLE,
    containerDefinitions: [APP, SIDE],
  },
  'no network': { family: 'web', networkMode: 'none', containerDefinitions: [APP, SIDE] },
  external: {
    family: 'web',
    networkMode: 'bridge',
    requiresCompatibilities: ['EXTERNAL'],
    executionRoleArn: ROLE,
    containerDefinitions: [APP, SIDE],
  },
  Fargate: {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '512',
    memory: '1024',
    executionRoleArn: ROLE,
    containerDefinitions: [APP, SIDE],
  },
  'Fargate without a role': {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '512',
    memory: '1024',
    containerDefinitions: [APP, SIDE],
  },
};

interface Edit {
  readonly name: string;
  readonly apply: (definition: JsonObject) => JsonObject;
}
const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 90 ? `${text.slice(0, 80)}... (${text.length})` : text;
};
type Value = JsonObject[string] | undefined;
const set = (object: JsonObject, field: string, value: Value): JsonObject => {
  const { [field]: _, ...others } = object;
  return value === undefined ? others : { ...others, [field]: value };
};
const task = (field: string, ...values: Value[]): Edit[] =>
  values.map((value) => ({ name: `${field}: ${show(value)}`, apply: (definition) => set(definition, field, value) }));
const onContainer =
  (at: number) =>
  (field: string, ...values: Value[]): Edit[] =>
    values.map((value) => ({
      name: `[${at}].${field}: ${show(value)}`,
      apply: (definition) => ({
        ...definition,
        containerDefinitions: (definition.containerDefinitions as JsonObject[]).map((one, i) =>
          i === at ? set(one, field, value) : one,
        ),
      }),
    }));
const first = onContainer(0);
const second = onContainer(1);
const both = (field: string, one: Value, other: Value): Edit => {
  const [left, right] = [first(field, one)[0], second(field, other)[0]];
  return {
    name: `${left?.name} and ${right?.name}`,
    apply: (definition) => right?.apply(left?.apply(definition) ?? {}) ?? {},
  };
};
const together = (name: string, fields: JsonObject): Edit => ({
  name: `${name} ${show(fields)}`,
  apply: (definition) => ({ ...definition, ...fields }),
});
/** A volume that the first container mounts, or not. */
const volume = (fields: JsonObject, mounted = true): Edit => ({
  name: `volume ${show(fields)} ${mounted ? '' : 'not '}mounted`,
  apply: (definition) => ({
    ...(mounted
      ? first('mountPoints', [{ sourceVolume: 'data', containerPath: '/data' }])[0]?.apply(definition)
      : definition),
    volumes: [{ name: 'data', ...fields }],
  }),
});

const efs = (fields: JsonObject): Edit =>
  volume({ efsVolumeConfiguration: { fileSystemId: 'fs-12345678', ...fields } });
const ports = (...mappings: JsonObject[]): Edit[] => first('portMappings', mappings);
const log = (logDriver: string, options?: JsonObject, more: JsonObject = {}): Edit[] =>
  first('logConfiguration', { logDriver, ...(options ? { options } : {}), ...more });
const AWSLOGS = { 'awslogs-group': 'g', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'p' };
const health = (fields: JsonObject): Edit[] => first('healthCheck', { command: ['CMD', 'true'], ...fields });
const linux = (fields: JsonObject): Edit[] => first('linuxParameters', fields);
const secret = (valueFrom: string): Edit[] => first('secrets', [{ name: 'KEY', valueFrom }]);
const many = (count: number, of: (i: number) => JsonObject): JsonObject[] =>
  Array.from({ length: count }, (_, i) => of(i));
const APPMESH = ['ProxyIngressPort', 'ProxyEgressPort', 'AppPorts', 'EgressIgnoredIPs', 'IgnoredUID'];
const proxy = (containerName: string, properties: readonly string[]): JsonObject => ({
  type: 'APPMESH',
  containerName,
  properties: properties.map((name) => ({ name, value: '1' })),
});

const EDITS: readonly Edit[] = [
  ...task('family', undefined, '', 'a', 'a b', 'a/b', 'a.b', 'ä', 'A_b-1', 'x'.repeat(255), 'x'.repeat(256)),
  ...task(
    'cpu',
    undefined,
    '',
    '0',
    '1',
    '127',
    '128',
    '256',
    '257',
    '512',
    '1024',
    '16384',
    '196608',
    '196609',
    '300000',
  ),
  ...task('cpu', '.25 vCPU', '0.5 vCPU', '1vcpu', '1 VCPU', '0.1 vCPU', 'x', '-1', '256.5', ' 256 '),
  ...task(
    'memory',
    undefined,
    '',
    '0',
    '1',
    '64',
    '512',
    '1000',
    '1024',
    '1GB',
    '0.5 GB',
    '1.5 gb',
    '4096',
    '5120',
    'x',
  ),
  ...task('taskRoleArn', 'role', 'team/role', ROLE, '', 'arn:aws:iam::1:role/x', 'arn:aws:iam::123456789012:user/x'),
  ...task('taskRoleArn', 'arn:aws-cn:iam::123456789012:role/a/b', '<role>', 'a b'),
  ...task('executionRoleArn', undefined, 'role', 'arn:aws:iam::account:role/x'),
  ...task('networkMode', undefined, 'bridge', 'host', 'awsvpc', 'none', 'awsvcp'),
  ...task(
    'requiresCompatibilities',
    undefined,
    [],
    ['EC2'],
    ['FARGATE'],
    ['EXTERNAL'],
    ['MANAGED_INSTANCES'],
    ['fargate'],
  ),
  ...task('requiresCompatibilities', ['EC2', 'FARGATE'], ['EC2', 'EXTERNAL']),
  ...task('ipcMode', 'host', 'task', 'none', 'private'),
  ...task('pidMode', 'host', 'task', 'none'),
  ...task(
    'placementConstraints',
    [],
    [{ type: 'memberOf', expression: 'attribute:x == y' }],
    [{ type: 'distinctInstance' }],
  ),
  ...task(
    'placementConstraints',
    many(10, () => ({ type: 'memberOf', expression: 'a' })),
    many(11, () => ({ type: 'memberOf', expression: 'a' })),
  ),
  ...task('ephemeralStorage', { sizeInGiB: 20 }, { sizeInGiB: 21 }, { sizeInGiB: 200 }, { sizeInGiB: 201 }, {}),
  ...task('inferenceAccelerators', [], [{ deviceName: 'd', deviceType: 'eia1.medium' }]),
  ...task('runtimePlatform', {}, { cpuArchitecture: 'ARM64' }, { cpuArchitecture: 'arm64' }),
  ...task(
    'runtimePlatform',
    { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
    { operatingSystemFamily: 'DARWIN' },
  ),
  ...task('runtimePlatform', { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', cpuArchitecture: 'ARM64' }),
  ...task('proxyConfiguration', proxy('app', APPMESH), proxy('other', APPMESH), proxy('app', []), {
    containerName: 'app',
  }),
  ...task('proxyConfiguration', proxy('app', APPMESH.slice(1)), proxy('app', APPMESH.slice(0, 4)), {
    type: 'ENVOY',
    ...proxy('app', APPMESH),
  }),
  ...task('enableFaultInjection', true, false),
  ...task('containerDefinitions', undefined, [], [SIDE], [APP], [APP, APP]),
  ...task(
    'containerDefinitions',
    many(10, (i) => ({ ...APP, memory: 8, name: `c${i}` })),
    many(11, (i) => ({ ...APP, memory: 8, name: `c${i}` })),
  ),
  together('larger than 64 KiB', {
    containerDefinitions: [{ ...APP, environment: many(40, (i) => ({ name: `A${i}`, value: 'x'.repeat(2000) })) }],
  }),
  ...task('tags', undefined),

  ...first('name', undefined, '', 'a b', 'a.b', 'side', 'x'.repeat(255), 'x'.repeat(256), 'A_b-1'),
  ...first(
    'image',
    undefined,
    '',
    ' nginx',
    'nginx 1',
    'Nginx:1',
    'host:5000/Web/app:1',
    'HOST.com/app:1',
    'app:v1',
    'a$b',
  ),
  ...first(
    'image',
    `app@sha256:${'a'.repeat(64)}`,
    'app@sha256:abc',
    `app:1@sha256:${'a'.repeat(64)}`,
    'x'.repeat(255),
    'x'.repeat(256),
  ),
  ...first(
    'image',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1',
    'public.ecr.aws/nginx/nginx:1',
    'a@b@c',
    'app:',
    ':1',
  ),
  ...first('memory', undefined, 0, 3, 4, 256, 257, 1024, 1025, -1),
  ...first('memoryReservation', 0, 3, 4, 64, 65, 300),
  both('memoryReservation', 60, 60),
  ...first('cpu', -1, 0, 1, 512, 513),
  both('cpu', 256, 256),
  both('cpu', 256, 257),
  both('memory', undefined, undefined),
  ...first('essential', true, false),
  both('essential', false, false),
  ...first('privileged', true, false),
  ...first('readonlyRootFilesystem', true),
  ...first('links', [], ['side'], ['side:db'], ['other']),
  ...first('hostname', 'h'),
  ...first('extraHosts', [], [{ hostname: 'h', ipAddress: '10.0.0.1' }]),
  ...first('dnsServers', [], ['10.0.0.2']),
  ...first('dnsSearchDomains', [], ['example.com']),
  ...first('disableNetworking', true, false),
  ...first('dockerSecurityOptions', [], ['no-new-privileges']),
  ...first('startTimeout', 1, 2, 120, 121),
  ...first('stopTimeout', 1, 2, 120, 121),
  ...first('versionConsistency', 'enabled', 'disabled', 'on'),
  ...first('user', 'root'),
  ...first(
    'restartPolicy',
    { enabled: true },
    { enabled: true, restartAttemptPeriod: 59 },
    { enabled: true, restartAttemptPeriod: 60 },
  ),
  ...first('restartPolicy', { enabled: true, restartAttemptPeriod: 1801 }, {}),
  ...first('restartPolicy', { enabled: true, ignoredExitCodes: Array.from({ length: 50 }, (_, i) => i) }),
  ...first('restartPolicy', { enabled: true, ignoredExitCodes: Array.from({ length: 51 }, (_, i) => i) }),

  ...ports({ containerPort: 80 }),
  ...ports({ containerPort: 80, hostPort: 80 }),
  ...ports({ containerPort: 80, hostPort: 8080 }),
  ...ports({ containerPort: 80, hostPort: 0 }),
  ...ports({ containerPort: 0 }),
  ...ports({ containerPort: 65535 }),
  ...ports({ containerPort: 65536 }),
  ...ports({ containerPort: 80, hostPort: 65536 }),
  ...ports({ containerPort: 80, hostPort: -1 }),
  ...ports({ hostPort: 80 }),
  ...ports({}),
  ...ports({ containerPort: 80, protocol: 'udp' }),
  ...ports({ containerPort: 80, protocol: 'http' }),
  ...ports({ containerPort: 80, appProtocol: 'http2', name: 'web' }),
  ...ports({ containerPort: 80, appProtocol: 'HTTP' }),
  ...ports({ containerPort: 80 }, { containerPort: 80 }),
  ...ports({ containerPort: 80, protocol: 'tcp' }, { containerPort: 80, protocol: 'udp' }),
  ...ports({ containerPort: 80, hostPort: 80 }, { containerPort: 81, hostPort: 80 }),
  ...ports({ containerPort: 80, name: 'web' }, { containerPort: 81, name: 'web' }),
  ...ports({ containerPort: 80, name: 'Web' }),
  ...ports({ containerPort: 80, name: '-web' }),
  ...ports({ containerPort: 80, name: 'x'.repeat(65) }),
  ...ports({ containerPortRange: '80-90' }),
  ...ports({ containerPortRange: '90-80' }),
  ...ports({ containerPortRange: '80' }),
  ...ports({ containerPortRange: '80-65536' }),
  ...ports({ containerPortRange: '80-90', containerPort: 80 }),
  ...ports({ containerPortRange: '80-90', hostPort: 80 }),
  ...ports({ containerPortRange: '80-90' }, { containerPortRange: '85-95' }),
  ...ports({ containerPortRange: '80-90' }, { containerPortRange: '91-95' }),
  both('portMappings', [{ containerPort: 80 }], [{ containerPort: 80 }]),
  both('portMappings', [{ containerPort: 80, name: 'web' }], [{ containerPort: 81, name: 'web' }]),

  ...first('healthCheck', {}, { command: [] }, { command: ['CMD-SHELL', 'true'] }, { command: ['true'] }),
  ...[4, 5, 300, 301].flatMap((interval) => health({ interval })),
  ...[1, 2, 60, 61].flatMap((timeout) => health({ timeout })),
  ...[0, 1, 10, 11].flatMap((retries) => health({ retries })),
  ...[-1, 0, 300, 301].flatMap((startPeriod) => health({ startPeriod })),
  ...['START', 'HEALTHY', 'SUCCESS', 'COMPLETE', 'healthy'].flatMap((condition) =>
    first('dependsOn', [{ containerName: 'side', condition }]),
  ),
  ...second(
    'dependsOn',
    [{ containerName: 'app', condition: 'SUCCESS' }],
    [{ containerName: 'side', condition: 'START' }],
  ),
  ...first(
    'dependsOn',
    [{ containerName: 'other', condition: 'START' }],
    [{ containerName: 'app', condition: 'START' }],
  ),
  both('dependsOn', [{ containerName: 'side', condition: 'START' }], [{ containerName: 'app', condition: 'START' }]),

  ...first(
    'environment',
    [],
    [{ name: 'A', value: 'b' }],
    [{ name: '', value: 'b' }],
    [{ name: 'A', value: '' }],
    [{ name: 'A' }],
  ),
  ...first(
    'environment',
    [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ],
    [{ value: 'x' }],
  ),
  together('a secret and a variable', {
    containerDefinitions: [
      { ...APP, environment: [{ name: 'KEY', value: '1' }], secrets: [{ name: 'KEY', valueFrom: 'a' }] },
    ],
  }),
  ...first(
    'secrets',
    [],
    [{ name: '', valueFrom: 'a' }],
    [
      { name: 'A', valueFrom: 'a' },
      { name: 'A', valueFrom: 'b' },
    ],
  ),
  ...secret(''),
  ...secret('/a/b'),
  ...secret('a b'),
  ...secret('a:3'),
  ...secret('arn:aws:ssm:eu-west-1:123456789012:parameter/a'),
  ...secret('arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf:key::'),
  ...secret('arn:aws:s3:::a'),
  ...secret('arn:aws:secretsmanager:eu-west-1:123456789012:secret:a b'),
  ...secret('x'.repeat(2049)),
  ...first(
    'environmentFiles',
    [],
    [{ type: 's3', value: 'arn:aws:s3:::b/a.env' }],
    [{ type: 's3', value: 's3://b/a.env' }],
  ),
  ...first(
    'environmentFiles',
    [{ type: 's3', value: 'arn:aws:s3:::b/a.txt' }],
    [{ type: 'file', value: 'arn:aws:s3:::b/a.env' }],
  ),
  ...first(
    'environmentFiles',
    many(10, () => ({ type: 's3', value: 'arn:aws:s3:::b/a.env' })),
    many(11, () => ({ type: 's3', value: 'arn:aws:s3:::b/a.env' })),
  ),

  volume({}),
  volume({}, false),
  volume({ configuredAtLaunch: true }),
  volume({ configuredAtLaunch: true }, false),
  volume({ host: {} }),
  volume({ host: { sourcePath: '/a' } }),
  volume({ host: { sourcePath: '' } }),
  volume({ dockerVolumeConfiguration: { scope: 'shared' } }),
  volume({ dockerVolumeConfiguration: { scope: 'all' } }),
  volume({ efsVolumeConfiguration: { fileSystemId: 'fs-1' }, dockerVolumeConfiguration: { scope: 'task' } }),
  volume({
    fsxWindowsFileServerVolumeConfiguration: {
      fileSystemId: 'fs-1',
      rootDirectory: 'share',
      authorizationConfig: { credentialsParameter: 'arn:aws:ssm:x', domain: 'd' },
    },
  }),
  volume({ efsVolumeConfiguration: {} }),
  efs({}),
  efs({ transitEncryption: 'ENABLED' }),
  efs({ transitEncryption: 'enabled' }),
  efs({ transitEncryptionPort: 2999 }),
  efs({ transitEncryption: 'ENABLED', transitEncryptionPort: 2999 }),
  efs({ authorizationConfig: { iam: 'ENABLED' } }),
  efs({ authorizationConfig: { iam: 'DISABLED' } }),
  efs({ transitEncryption: 'ENABLED', authorizationConfig: { iam: 'ENABLED' } }),
  efs({ authorizationConfig: { accessPointId: 'fsap-1' } }),
  efs({ transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: 'fsap-1' } }),
  efs({ transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: 'fsap-1' }, rootDirectory: '/' }),
  efs({ transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: 'fsap-1' }, rootDirectory: '/a' }),
  ...task(
    'volumes',
    [{ name: '' }],
    [{}],
    [{ name: 'a b' }],
    [{ name: 'a' }, { name: 'a' }],
    [{ name: 'x'.repeat(256) }],
  ),
  ...task('volumes', [
    { name: 'a', configuredAtLaunch: true },
    { name: 'b', configuredAtLaunch: true },
  ]),
  ...first('mountPoints', [], [{ sourceVolume: 'other', containerPath: '/a' }], [{ containerPath: '/a' }]),
  ...first('volumesFrom', [], [{ sourceContainer: 'side' }], [{ sourceContainer: 'other' }], [{}]),

  ...['awslogs', 'splunk', 'awsfirelens', 'json-file', 'fluentd', 'gelf', 'journald', 'syslog', 'none'].flatMap(
    (driver) => log(driver),
  ),
  ...log('awslogs', AWSLOGS),
  ...log('awslogs', { ...AWSLOGS, 'awslogs-stream-prefix': '' }),
  ...log('awslogs', { 'awslogs-group': 'g', 'awslogs-region': 'r' }),
  ...log('awslogs', { 'awslogs-region': 'r', 'awslogs-stream-prefix': 'p' }),
  ...log('awslogs', { ...AWSLOGS, 'awslogs-create-group': 'true', mode: 'non-blocking', 'max-buffer-size': '25m' }),
  ...log('awslogs', { ...AWSLOGS, log_key: 'log' }),
  ...log('awslogs', { ...AWSLOGS, 'awslogs-datetime-format': '%Y' }),
  ...log('awslogs', { ...AWSLOGS, 'awslogs-datetime-format': '%Y', 'awslogs-multiline-pattern': 'x' }),
  ...log('splunk', { 'splunk-url': 'u', 'splunk-token': 't' }),
  ...log('splunk', { 'splunk-url': 'u' }, { secretOptions: [{ name: 'splunk-token', valueFrom: '/token' }] }),
  ...log('splunk', { 'splunk-url': 'u' }, { secretOptions: [{ name: 'splunk-token', valueFrom: 'a b' }] }),
  ...second('firelensConfiguration', { type: 'fluentbit' }, { type: 'logstash' }),
  ...[
    {},
    { 'config-file-type': 'file', 'config-file-value': '/x.conf' },
    { 'config-file-type': 's3', 'config-file-value': 's3://b/x' },
    { 'config-file-type': 's3', 'config-file-value': 'arn:aws:s3:::b/x.conf' },
  ].map(
    (options): Edit => ({
      name: `FireLens ${show(options)}`,
      apply: (definition) => {
        const [router] = second('firelensConfiguration', { type: 'fluentbit', options });
        return log('awsfirelens', { Name: 'cloudwatch' })[0]?.apply(router?.apply(definition) ?? {}) ?? {};
      },
    }),
  ),
  both('firelensConfiguration', { type: 'fluentbit' }, { type: 'fluentd' }),

  ...first(
    'ulimits',
    [],
    [{ name: 'nofile', softLimit: 1, hardLimit: 2 }],
    [{ name: 'nofile', softLimit: 3, hardLimit: 2 }],
  ),
  ...first(
    'ulimits',
    [{ name: 'nofile', softLimit: 3, hardLimit: -1 }],
    [{ name: 'files', softLimit: 1, hardLimit: 2 }],
  ),
  ...first(
    'ulimits',
    [{ name: 'nofile', softLimit: -1, hardLimit: -1 }],
    [{ name: 'nofile', softLimit: -1, hardLimit: 2 }],
  ),
  ...first(
    'resourceRequirements',
    [],
    [{ type: 'GPU', value: '1' }],
    [{ type: 'GPU', value: '0' }],
    [{ type: 'GPU', value: 'all' }],
  ),
  ...first(
    'resourceRequirements',
    [{ type: 'GPU', value: '1.5' }],
    [{ type: 'InferenceAccelerator', value: 'd' }],
    [{ type: 'CPU', value: '1' }],
  ),
  ...linux({}),
  ...linux({ devices: [{ hostPath: '/dev/x' }] }),
  ...linux({ devices: [{ hostPath: '/dev/x', permissions: ['read', 'execute'] }] }),
  ...linux({ devices: [] }),
  ...linux({ capabilities: { add: ['SYS_PTRACE'] } }),
  ...linux({ capabilities: { add: ['NET_ADMIN'] } }),
  ...linux({ capabilities: { drop: ['ALL'] } }),
  ...linux({ initProcessEnabled: true }),
  ...linux({ sharedMemorySize: 64 }),
  ...linux({ maxSwap: 0 }),
  ...linux({ maxSwap: -1 }),
  ...linux({ swappiness: 0 }),
  ...linux({ swappiness: 100 }),
  ...linux({ swappiness: 101 }),
  ...linux({ swappiness: -1 }),
  ...linux({ tmpfs: [{ containerPath: '/t', size: 64 }] }),
];

/** Complaints of the product; none when it takes the definition. */
function complaints(definition: JsonObject): string[] {
  try {
    checked({ definition, tags: [], mistakes: [] }, 'td.json', false);
    return [];
  } catch (thrown) {
    return asFailure(thrown).mistakes.map(({ subject, problem }) => `${subject} ${problem}`);
  }
}

const account = new Simulator(new VirtualClock());
/** What RegisterTaskDefinition answers; undefined when it takes the definition. */
function refusal(definition: JsonObject): string | undefined {
  try {
    account.call('RegisterTaskDefinition', definition);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ApiException) return `${thrown.name}: ${thrown.message}`;
    throw thrown;
  }
}

/** The difference, in words; '' when both agree. */
function difference(definition: JsonObject): string {
  const [product, aws] = [complaints(definition), refusal(definition)];
  if (product.length > 0 && aws === undefined) return `only the product refuses it: ${product.join('; ')}`;
  return product.length === 0 && aws !== undefined ? `only AWS refuses it: ${aws}` : '';
}

test.each(Object.entries(BASES))('%s: both take it, and agree on every single change', (name, base) => {
  expect(`${name} ${difference(base)}${complaints(base).join('; ')}`).toBe(`${name} `);
  const differences = EDITS.map((edit) => ({ edit: edit.name, found: difference(edit.apply(base)) }));
  expect(differences.filter(({ found }) => found !== '')).toEqual([]);
  const refused = EDITS.filter((edit) => complaints(edit.apply(base)).length > 0).length;
  expect(refused).toBeGreaterThan(80);
  expect(EDITS.length - refused).toBeGreaterThan(80);
});

test('they agree on any few changes at once', () => {
  const edits = fc.uniqueArray(fc.constantFrom(...EDITS), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(BASES)), edits, (base, chosen) => {
      let definition = base;
      for (const { apply } of chosen)
        if (Array.isArray(definition.containerDefinitions)) definition = apply(definition);
      expect(difference(definition)).toBe('');
    }),
    { numRuns: 2000 },
  );
});
