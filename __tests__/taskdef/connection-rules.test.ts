import type { JsonObject } from '../../src/model.ts';
import {
  checkLogging,
  checkMounts,
  checkNetwork,
  checkRouters,
  checkVolumes,
  portRange,
} from '../../src/taskdef/connection-rules.ts';
import { containersOf } from '../../src/taskdef/template.ts';
import { reported, task } from './made.ts';

/** What is reported about the first container, whose path is `c`, and about the task. */
function checked(definition: JsonObject): string[] {
  const containers = containersOf(definition);
  const [container = {}] = containers;
  return reported((report) => {
    checkNetwork(container, { path: 'c', definition }, report);
    checkLogging(container, { path: 'c', containers }, report);
    checkMounts(container, { path: 'c', definition }, report);
    checkRouters(containers, report);
    checkVolumes(definition, report);
  });
}
const MODES = [undefined, 'bridge', 'host', 'none', 'awsvpc'] as const;
const inMode = (mode: string | undefined, container: JsonObject): string[] =>
  checked(task([container, {}], mode === undefined ? {} : { networkMode: mode }));
/** The modes in which a container is refused, in ours words. */
const refusedIn = (container: JsonObject): (string | undefined)[] =>
  MODES.filter((mode) => inMode(mode, container).length > 0);
const port = (mapping: JsonObject) => ({ portMappings: [{ containerPort: 80 }, mapping] });

test.each<[string, JsonObject, (string | undefined)[], string]>([
  [
    'a port',
    { portMappings: [{ containerPort: 80 }] },
    ['none'],
    'c.portMappings: needs a network, but the network mode is none.',
  ],
  ['no ports', { portMappings: [] }, [], ''],
  [
    'a free host port',
    { portMappings: [{ containerPort: 80, hostPort: 0 }] },
    ['none'],
    'c.portMappings: needs a network',
  ],
  [
    'the same host port',
    { portMappings: [{ containerPort: 80, hostPort: 80 }] },
    ['none'],
    'c.portMappings: needs a network',
  ],
  [
    'another host port',
    { portMappings: [{ containerPort: 80, hostPort: 81 }] },
    ['host', 'none', 'awsvpc'],
    'c.portMappings[0].hostPort: with the network mode host it must equal containerPort 80 or be left out. Remove hostPort.',
  ],
  ['a link', { links: ['side'] }, ['host', 'none', 'awsvpc'], 'c.links: links work in bridge mode only, not in host.'],
  [
    'a link to nowhere',
    { links: ['side:x', 'sidee'] },
    [...MODES],
    'c.links[1]: container `sidee` does not exist. Did you mean `side`?',
  ],
  [
    'a link to what is not like any',
    { links: ['database'] },
    [...MODES],
    'c.links[0]: container `database` does not exist. Link containers of the task only, as `name` or `name:alias`.',
  ],
  ...['hostname', 'extraHosts', 'dnsServers', 'dnsSearchDomains', 'disableNetworking'].map(
    (field): [string, JsonObject, string[], string] => [
      field,
      { [field]: field === 'disableNetworking' ? true : ['x'] },
      ['awsvpc'],
      `c.${field}: is not available with the network mode awsvpc. Remove it.`,
    ],
  ),
  ['an empty list of hosts', { extraHosts: [] }, [], ''],
  ['networking that is not disabled', { disableNetworking: false }, [], ''],
])('%s is refused in the right network modes', (_, container, modes, words) => {
  expect(refusedIn(container)).toEqual(modes);
  if (words !== '')
    expect(modes.flatMap((mode) => inMode(mode, container))).toContainEqual(expect.stringContaining(words));
});

test.each<[string, JsonObject, string | undefined]>([
  ['port 0', { containerPort: 0 }, 'c.portMappings[1].containerPort: 0 is not a port. Ports are 1 to 65535.'],
  ['port 1', { containerPort: 1 }, undefined],
  ['port 65535', { containerPort: 65_535, hostPort: 65_535 }, undefined],
  ['port 65536', { containerPort: 65_536 }, 'c.portMappings[1].containerPort: 65536 is not a port.'],
  ['host port -1', { containerPort: 80, hostPort: -1 }, 'c.portMappings[1].hostPort: -1 is not a port.'],
  ['host port 65536', { containerPort: 80, hostPort: 65_536 }, 'c.portMappings[1].hostPort: 65536 is not a port.'],
  ['no port', { protocol: 'tcp' }, 'c.portMappings[1]: has no containerPort.'],
  ['a range', { containerPortRange: '8000-8010' }, undefined],
  [
    'a range beside a port',
    { containerPort: 80, containerPortRange: '8000-8010' },
    'c.portMappings[1]: has a containerPortRange beside single ports. Keep one of them.',
  ],
  [
    'a range beside a host port',
    { hostPort: 80, containerPortRange: '8000-8010' },
    'c.portMappings[1]: has a containerPortRange beside single ports.',
  ],
  [
    'what is not a range',
    { containerPortRange: '8000' },
    'c.portMappings[1].containerPortRange: `8000` is not a range of ports. Write it as `8000-8010`.',
  ],
  ['a name', { containerPort: 80, name: `h${'x'.repeat(63)}` }, undefined],
  ['a name with all that it may have', { containerPort: 80, name: '_a-9_' }, undefined],
  ['a long name', { containerPort: 80, name: `h${'x'.repeat(64)}` }, "cannot be a port's name."],
  [
    'a name in capitals',
    { containerPort: 80, name: 'Http' },
    "c.portMappings[1].name: `Http` cannot be a port's name. Use up to 64 lower-case letters",
  ],
  ['a name that begins with a hyphen', { containerPort: 80, name: '-http' }, "cannot be a port's name."],
  ['a name with a space', { containerPort: 80, name: 'a b' }, "cannot be a port's name."],
])('a port mapping with %s', (_, mapping, mistake) => {
  expect(checked(task([port(mapping)]))).toEqual(mistake === undefined ? [] : [expect.stringContaining(mistake)]);
});

test.each<[string, readonly [number, number] | undefined]>([
  ['8000-8010', [8000, 8010]],
  ['1-65535', [1, 65_535]],
  ['0-10', undefined],
  ['1-65536', undefined],
  ['10-10', undefined],
  ['11-10', undefined],
  ['10', undefined],
  ['x10-20', undefined],
  ['10-20x', undefined],
  ['100000-100001', undefined],
  ['', undefined],
])('the range %s', (text, range) => {
  expect(portRange(text)).toEqual(range && { first: range[0], last: range[1] });
});

const log = (logDriver: string, options: JsonObject = {}, more: JsonObject = {}) => ({
  logConfiguration: { logDriver, options, ...more },
});
const AWSLOGS = { 'awslogs-group': '/web', 'awslogs-region': 'x' };
test.each<[string, JsonObject, string[]]>([
  ['awslogs', log('awslogs', AWSLOGS), []],
  [
    'awslogs without options',
    { logConfiguration: { logDriver: 'awslogs' } },
    [
      'c.logConfiguration.options.awslogs-group: is missing, and the log driver awslogs requires it.',
      'c.logConfiguration.options.awslogs-region: is missing',
    ],
  ],
  [
    'splunk with a secret token',
    log('splunk', { 'splunk-url': 'x', other: 'y' }, { secretOptions: [{ name: 'splunk-token', valueFrom: '/a' }] }),
    [],
  ],
  [
    'splunk without a token',
    log('splunk', { 'splunk-url': 'x' }),
    ['options.splunk-token: is missing, and the log driver splunk requires it.'],
  ],
  ['splunk without a URL', log('splunk', { 'splunk-token': 'x' }), ['options.splunk-url: is missing']],
  ['syslog', log('syslog', { anything: 'x' }), []],
  [
    'an option misspelt',
    log('awslogs', { ...AWSLOGS, 'awslogs-steam-prefix': 'x' }),
    [
      'c.logConfiguration.options.awslogs-steam-prefix: is not an option of the log driver awslogs. Did you mean `awslogs-stream-prefix`?',
    ],
  ],
  [
    'an option of another driver',
    log('awslogs', { ...AWSLOGS, labels: 'x' }),
    ['options.labels: is not an option of the log driver awslogs. Remove it.'],
  ],
  [
    'every option of awslogs',
    log('awslogs', {
      ...AWSLOGS,
      ...Object.fromEntries(
        [
          'awslogs-create-group',
          'awslogs-create-stream',
          'awslogs-credentials-endpoint',
          'awslogs-datetime-format',
          'awslogs-endpoint',
          'awslogs-force-flush-interval-seconds',
          'awslogs-format',
          'awslogs-max-buffered-events',
          'awslogs-stream',
          'awslogs-stream-prefix',
          'max-buffer-size',
          'mode',
          'tag',
        ].map((name) => [name, 'x']),
      ),
    }),
    [],
  ],
  [
    'two ways to find the lines',
    log('awslogs', { ...AWSLOGS, 'awslogs-datetime-format': 'x', 'awslogs-multiline-pattern': 'y' }),
    ['options.awslogs-multiline-pattern: and awslogs-datetime-format exclude each other.'],
  ],
  ['one way to find them', log('awslogs', { ...AWSLOGS, 'awslogs-multiline-pattern': 'y' }), []],
  [
    'awsfirelens without a router',
    log('awsfirelens'),
    ['c.logConfiguration: awsfirelens needs a container with a `firelensConfiguration` in the task.'],
  ],
])('the log driver: %s', (_, container, mistakes) => {
  expect(checked(task([container, {}]))).toEqual(mistakes.map((one) => expect.stringContaining(one)));
});

const router = (options?: JsonObject) => ({
  firelensConfiguration: { type: 'fluentbit', ...(options ? { options } : {}) },
});
test.each<[string, JsonObject[], string[]]>([
  ['one that is used', [log('awsfirelens'), router()], []],
  [
    'one that nothing sends to',
    [{}, router()],
    ['containerDefinitions: `side` is a FireLens router, but no container has the log driver awsfirelens.'],
  ],
  [
    'two',
    [log('awsfirelens'), router(), router()],
    ['containerDefinitions: has more than one FireLens container. Keep one `firelensConfiguration`.'],
  ],
  [
    'a configuration in S3',
    [log('awsfirelens'), router({ 'config-file-type': 's3', 'config-file-value': 'arn:aws-cn:s3:::b/f.conf' })],
    [],
  ],
  [
    'a configuration elsewhere',
    [log('awsfirelens'), router({ 'config-file-type': 'file', 'config-file-value': '/f.conf' })],
    [],
  ],
  [
    'a configuration in S3 that is not an ARN',
    [log('awsfirelens'), router({ 'config-file-type': 's3', 'config-file-value': 's3://b/f.conf' })],
    ['containerDefinitions[1].firelensConfiguration.options.config-file-value: is not an S3 object.'],
  ],
  [
    'an ARN without an object',
    [log('awsfirelens'), router({ 'config-file-type': 's3', 'config-file-value': 'arn:aws:s3:::' })],
    ['is not an S3 object.'],
  ],
  [
    'an ARN behind more',
    [log('awsfirelens'), router({ 'config-file-type': 's3', 'config-file-value': 'x arn:aws:s3:::b/f' })],
    ['is not an S3 object.'],
  ],
])('a router: %s', (_, containers, mistakes) => {
  expect(checked(task(containers))).toEqual(mistakes.map((one) => expect.stringContaining(one)));
});

test.each<[string, JsonObject, string | undefined]>([
  ['a volume', { mountPoints: [{ sourceVolume: 'data' }] }, undefined],
  [
    'a volume misspelt',
    { mountPoints: [{ sourceVolume: 'data' }, { sourceVolume: 'dtaa' }] },
    'c.mountPoints[1].sourceVolume: volume `dtaa` does not exist. Did you mean `data`?',
  ],
  [
    'a volume that is not declared',
    { mountPoints: [{ sourceVolume: 'uploads' }] },
    'c.mountPoints[0].sourceVolume: volume `uploads` does not exist. Declare it under `volumes`.',
  ],
  ['the volumes of a container', { volumesFrom: [{ sourceContainer: 'side' }] }, undefined],
  [
    'the volumes of none',
    { volumesFrom: [{ sourceContainer: 'side' }, { sourceContainer: 'db' }] },
    'c.volumesFrom[1]: container `db` does not exist.',
  ],
  [
    'what the service model reports',
    { mountPoints: [{ sourceVolume: 7 }], volumesFrom: [{ sourceContainer: 7 }] },
    undefined,
  ],
])('mounting %s', (_, container, mistake) => {
  expect(checked(task([container, {}], { volumes: [{ name: 'data' }] }))).toEqual(
    mistake === undefined ? [] : [expect.stringContaining(mistake)],
  );
});

const efs = (configuration: JsonObject) => ({ name: 'data', efsVolumeConfiguration: configuration });
const ENCRYPTED = { transitEncryption: 'ENABLED' };
test.each<[string, JsonObject[], string[]]>([
  ['a plain one', [{ name: 'data_1-x' }], []],
  ['one without a name', [{ host: {} }], ['volumes[0].name: is missing. Containers mount a volume by its name.']],
  ['one with a space', [{ name: 'a b' }], ["volumes[0].name: `a b` cannot be a volume's name."]],
  [
    'one of two kinds',
    [{ name: 'data', efsVolumeConfiguration: ENCRYPTED, dockerVolumeConfiguration: {} }],
    ['volumes[0]: is of several kinds: dockerVolumeConfiguration, efsVolumeConfiguration. Keep one of them.'],
  ],
  [
    'one of two other kinds',
    [{ name: 'data', fsxWindowsFileServerVolumeConfiguration: {}, s3filesVolumeConfiguration: {} }],
    ['is of several kinds: fsxWindowsFileServerVolumeConfiguration, s3filesVolumeConfiguration.'],
  ],
  ['one that the service configures', [{ name: 'mounted', configuredAtLaunch: true }], []],
  [
    'one that nothing mounts',
    [{ name: 'data', configuredAtLaunch: true }],
    ['volumes[0]: `data` is configured at launch, but no container mounts it.'],
  ],
  ['one that nothing mounts, and nothing configures', [{ name: 'data', configuredAtLaunch: false }], []],
  [
    'two that the service configures',
    [
      { name: 'mounted', configuredAtLaunch: true },
      { name: 'mounted', configuredAtLaunch: true },
    ],
    ['volumes: several are configured at launch, but a task definition may have one such.'],
  ],
  ['a file system', [efs({ rootDirectory: '/x' })], []],
  ['an access point', [efs({ ...ENCRYPTED, authorizationConfig: { accessPointId: 'a' }, rootDirectory: '/' })], []],
  [
    'an access point without encryption',
    [efs({ authorizationConfig: { accessPointId: 'a' } })],
    ['volumes[0].efsVolumeConfiguration.transitEncryption: must be ENABLED to use an access point.'],
  ],
  [
    'IAM without encryption',
    [efs({ authorizationConfig: { iam: 'ENABLED' }, transitEncryption: 'DISABLED' })],
    ['transitEncryption: must be ENABLED to use IAM authorization.'],
  ],
  ['no IAM', [efs({ authorizationConfig: { iam: 'DISABLED' } })], []],
  ['a port', [efs({ ...ENCRYPTED, transitEncryptionPort: 2049 })], []],
  [
    'a port without encryption',
    [efs({ transitEncryptionPort: 2049 })],
    ['transitEncryptionPort: needs transit encryption.'],
  ],
  [
    'an access point with a folder',
    [efs({ ...ENCRYPTED, authorizationConfig: { accessPointId: 'a' }, rootDirectory: '/x' })],
    ['rootDirectory: is set by the access point. Remove it, or write "/".'],
  ],
])('a volume: %s', (_, volumes, mistakes) => {
  const definition = task([{}], { volumes });
  const mounts = { ...definition, containerDefinitions: [{ name: 'app', mountPoints: [{ sourceVolume: 'mounted' }] }] };
  expect(reported((report) => checkVolumes(mounts, report))).toEqual(
    mistakes.map((one) => expect.stringContaining(one)),
  );
});
