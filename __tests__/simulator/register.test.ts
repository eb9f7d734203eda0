import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiException } from '../../simulator/wire/service.ts';
import { type Loose, Play } from './world.ts';

/** RegisterTaskDefinition: what ECS refuses, in its words, and what it takes. Rules: simulator/ecs/api/*-rules.ts. */

const ROLE = 'arn:aws:iam::123456789012:role/execution';
const APP: Loose = { name: 'app', image: 'nginx:1', memory: 64 };
const SIDE: Loose = { name: 'side', image: 'busybox', memory: 64 };
const task = (more: Loose): Loose => ({ family: 'web', containerDefinitions: [APP], ...more });
const app = (container: Loose, more: Loose = {}): Loose =>
  task({ containerDefinitions: [{ ...APP, ...container }], ...more });
const two = (first: Loose, second: Loose, more: Loose = {}): Loose =>
  task({
    containerDefinitions: [
      { ...APP, ...first },
      { ...SIDE, ...second },
    ],
    ...more,
  });
const fargate = (container: Loose, more: Loose = {}): Loose =>
  app(container, { networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512', ...more });
const many = (count: number, of: (i: number) => Loose): Loose[] => Array.from({ length: count }, (_, i) => of(i));
const log = (logDriver: string, options: Loose = {}): Loose => ({ logConfiguration: { logDriver, options } });
const AWSLOGS = { 'awslogs-group': 'g', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'p' };
const port = (mapping: Loose): Loose => ({ portMappings: [mapping] });
const health = (fields: Loose): Loose => ({ healthCheck: { command: ['CMD', 'true'], ...fields } });
const linux = (linuxParameters: Loose): Loose => ({ linuxParameters });
const efs = (fields: Loose): Loose =>
  task({ volumes: [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-12345678', ...fields } }] });
const tags = (...given: Loose[]): Loose => task({ tags: given });
const proxy = (containerName: string, ...properties: string[]): Loose => ({
  proxyConfiguration: { containerName, properties: properties.map((name) => ({ name, value: '1' })) },
});

const control = (namespace: string): Loose => ({ systemControls: [{ namespace, value: '1' }] });
const login = (credentialsParameter: string): Loose => ({ repositoryCredentials: { credentialsParameter } });
const ROLES: Loose = { executionRoleArn: ROLE };

const CPU = /^ClientException: Invalid 'cpu' setting for task\. For more information/;
const PAIR = /^ClientException: No Fargate configuration exists for given values: .* See the Amazon ECS documentation/;
const unsupported = (member: string) =>
  `ClientException: Fargate compatible task definitions do not support ${member}.`;
const CHARACTERS = 'ClientException: Container.name contains invalid characters.';
const IMAGE = 'ClientException: Container.image contains invalid characters.';
const ROLE_WORDS = 'ClientException: Role is not valid';
const ARN = 'ClientException: Invalid arn syntax.';
const dependsOn = (containerName: string, condition: string): Loose => ({ dependsOn: [{ containerName, condition }] });

const REFUSED: readonly (readonly [what: string, request: Loose, words: string | RegExp])[] = [
  // the task
  [
    'a network parameter in host mode',
    app(control('net.core.somaxconn'), { networkMode: 'host' }),
    /^ClientException: System control 'net.core.somaxconn' is not supported when networkMode=host/,
  ],
  [
    'an IPC parameter with the IPC of the host',
    app(control('kernel.msgmax'), { ipcMode: 'host' }),
    /^ClientException: System control 'kernel.msgmax' is not supported when ipcMode=host/,
  ],
  ['a parameter of the whole kernel', app(control('vm.swappiness')), /^ClientException: Invalid 'systemControls'/],
  [
    'a login without a role',
    app(login('arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub')),
    /'executionRoleArn'/,
  ],
  ['a login that is a parameter', app(login('arn:aws:ssm:eu-west-1:123456789012:parameter/a'), ROLES), ARN],
  ['a login of no name', app(login(''), ROLES), ARN],
  ['no family', { containerDefinitions: [APP] }, 'ClientException: Family can not be blank.'],
  ['an empty family', task({ family: '' }), 'ClientException: Family can not be blank.'],
  ['a family with a space', task({ family: 'my app' }), 'ClientException: Family contains invalid characters.'],
  ['a family with a colon', task({ family: 'web:1' }), 'ClientException: Family contains invalid characters.'],
  ['a long family', task({ family: 'x'.repeat(256) }), /^ClientException: Family .*255/],
  ['no list of containers', { family: 'web' }, 'ClientException: Container list cannot be empty.'],
  ['no container', task({ containerDefinitions: [] }), 'ClientException: Container list cannot be empty.'],
  [
    'eleven containers',
    task({ containerDefinitions: many(11, (i) => ({ ...APP, name: `c${i}` })) }),
    /^ClientException: Too many containers/,
  ],
  [
    'two containers of one name',
    two({}, { name: 'app' }),
    'ClientException: Container names must be unique within a Task Definition.',
  ],
  [
    'no essential container',
    app({ essential: false }),
    "ClientException: Task definition doesn't have any essential container.",
  ],
  [
    'more than 64 KiB',
    app({ environment: many(40, (i) => ({ name: `A${i}`, value: 'x'.repeat(2000) })) }),
    /^ClientException: Actual length: '\d+'\. Max allowed length is '65536' bytes\./,
  ],
  ['a role that is a user', task({ taskRoleArn: 'arn:aws:iam::123456789012:user/x' }), ROLE_WORDS],
  ['a role without an account', task({ executionRoleArn: 'arn:aws:iam:::role/x' }), ROLE_WORDS],
  ['an empty role', task({ taskRoleArn: '' }), ROLE_WORDS],
  [
    'a role of another account',
    task({ taskRoleArn: 'arn:aws:iam::999999999999:role/x' }),
    'AccessDeniedException: Cross-account pass role is not allowed.',
  ],
  ['a CPU that is a word', task({ cpu: 'much' }), CPU],
  ['a CPU of 64 units', task({ cpu: '64' }), CPU],
  ['a CPU of 200 vCPUs', task({ cpu: '200 vCPU' }), CPU],
  ['a memory in MB', task({ memory: '512MB' }), "ClientException: Invalid 'memory' setting for task."],
  ['a CPU that is a number', task({ cpu: 256 }), /^SerializationException: cpu is 256, not a string/],
  [
    'CPUs of containers above the task',
    two({ cpu: 200 }, { cpu: 100 }, { cpu: '256' }),
    "ClientException: The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
  ],
  [
    'reservations above the task',
    two({ memoryReservation: 40 }, { memoryReservation: 40 }, { memory: '64' }),
    /^ClientException: The sum of all container 'memoryReservation'/,
  ],
  [
    'a network mode that is none',
    task({ networkMode: 'vpc' }),
    /^InvalidParameterException: Invalid value 'vpc' for networkMode/,
  ],
  ['a launch type that is none', task({ requiresCompatibilities: ['fargate'] }), /Invalid value 'fargate'/],
  ['an IPC mode that is none', task({ ipcMode: 'private' }), /Invalid value 'private'/],
  [
    'awsvpc on external instances',
    task({ networkMode: 'awsvpc', requiresCompatibilities: ['EXTERNAL'] }),
    /^ClientException: .*External launch type/,
  ],
  [
    'eleven placement constraints',
    task({ placementConstraints: many(11, () => ({ type: 'memberOf', expression: 'a' })) }),
    /maximum number of placement constraints is 10/,
  ],
  [
    'a placement constraint of services',
    task({ placementConstraints: [{ type: 'distinctInstance' }] }),
    /Invalid placement constraint type 'distinctInstance'/,
  ],
  [
    '20 GiB of ephemeral storage',
    fargate({}, { ephemeralStorage: { sizeInGiB: 20 } }),
    'ClientException: EphemeralStorage size should be at least 21.',
  ],
  [
    '201 GiB of ephemeral storage',
    fargate({}, { ephemeralStorage: { sizeInGiB: 201 } }),
    'ClientException: EphemeralStorage size should be at most 200.',
  ],
  [
    'ephemeral storage on EC2',
    task({ requiresCompatibilities: ['EC2'], ephemeralStorage: { sizeInGiB: 21 } }),
    'ClientException: Tasks using the EC2 launch type do not support EphemeralStorage.',
  ],
  [
    'an inference accelerator',
    task({ inferenceAccelerators: [{ deviceName: 'd', deviceType: 'eia1.medium' }] }),
    "ClientException: Unsupported field 'inferenceAccelerators'.",
  ],
  [
    'Windows on ARM',
    task({ runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }),
    /^ClientException: cpuArchitecture ARM64 is not supported/,
  ],
  ['an architecture of Docker', task({ runtimePlatform: { cpuArchitecture: 'amd64' } }), /Invalid value 'amd64'/],
  ['a system that is none', task({ runtimePlatform: { operatingSystemFamily: 'MACOS' } }), /Invalid value 'MACOS'/],
  [
    'an App Mesh proxy in bridge mode',
    task(proxy('app')),
    'ClientException: APPMESH proxy configuration is only supported in networkMode=awsvpc.',
  ],
  [
    'a proxy that is no container',
    task({ networkMode: 'awsvpc', ...proxy('envoy') }),
    'ClientException: Proxy container [envoy] does not exist.',
  ],
  [
    'a proxy without ports',
    task({ networkMode: 'awsvpc', ...proxy('app') }),
    'ClientException: Ingress port not found.',
  ],
  ['a member that is none', task({ memroy: '512' }), /^SerializationException: memroy is unknown/],

  // tags
  ['an empty list of tags', task({ tags: [] }), 'ClientException: Tags can not be empty.'],
  [
    '51 tags',
    tags(...many(51, (i) => ({ key: `k${i}`, value: 'v' }))),
    /^InvalidParameterException: The maximum number of tags/,
  ],
  ['a tag without a key', tags({ value: 'v' }), /^InvalidParameterException: Tag keys must have 1 to 128/],
  [
    'a key of 129 characters',
    tags({ key: 'k'.repeat(129) }),
    /^InvalidParameterException: Tag keys must have 1 to 128/,
  ],
  [
    'a value of 257 characters',
    tags({ key: 'k', value: 'v'.repeat(257) }),
    /^InvalidParameterException: Tag values must have at most 256/,
  ],
  [
    'a key with a comma',
    tags({ key: 'a,b', value: 'v' }),
    /^InvalidParameterException: Tag keys and values may contain/,
  ],
  ['a key of AWS', tags({ key: 'aws:x', value: 'v' }), /^InvalidParameterException: .*aws:/],
  [
    'two tags of one key',
    tags({ key: 'k', value: '1' }, { key: 'k', value: '2' }),
    'InvalidParameterException: Multiple tags contain the same key.',
  ],

  // a container
  ['no name', app({ name: undefined }), 'ClientException: Container.name should not be null or empty.'],
  ['an empty name', app({ name: '' }), 'ClientException: Container.name should not be null or empty.'],
  ['a name with a dot', app({ name: 'my.app' }), CHARACTERS],
  ['a name of 256 characters', app({ name: 'x'.repeat(256) }), CHARACTERS],
  ['no image', app({ image: undefined }), 'ClientException: Container.image should not be null or empty.'],
  ['an image with a space', app({ image: 'nginx 1' }), IMAGE],
  ['an image of 256 characters', app({ image: 'x'.repeat(256) }), IMAGE],
  ['a placeholder for an image', app({ image: '<IMAGE1_NAME>' }), IMAGE],
  ['an image in capitals', app({ image: 'example.com/Web:1' }), IMAGE],
  ['half a digest', app({ image: 'web@sha256:abc' }), IMAGE],
  [
    'no memory at all',
    app({ memory: undefined }),
    "ClientException: Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
  ],
  ['3 MiB', app({ memory: 3 }), /at least 4 MiB/],
  [
    'a reservation above the limit',
    app({ memoryReservation: 65 }),
    "ClientException: Invalid setting for container 'app'. 'memory' must be greater than or equal to 'memoryReservation'.",
  ],
  [
    'a limit above the task',
    app({ memory: 1024 }, { memory: '512' }),
    "ClientException: The 'memory' setting for container 'app' is greater than for the task.",
  ],
  ['less than no CPU', app({ cpu: -1 }), "ClientException: Invalid 'cpu' setting for container 'app'."],
  [
    'an unknown ulimit',
    app({ ulimits: [{ name: 'files', softLimit: 1, hardLimit: 2 }] }),
    "ClientException: Unknown ulimit 'files'.",
  ],
  [
    'a soft limit above the hard one',
    app({ ulimits: [{ name: 'nofile', softLimit: 3, hardLimit: 2 }] }),
    'ClientException: Soft limit exceeds hard limit for ulimit nofile.',
  ],
  [
    'half a GPU',
    app({ resourceRequirements: [{ type: 'GPU', value: '0.5' }] }),
    /Invalid 'resourceRequirements' setting/,
  ],
  [
    'an accelerator that is not declared',
    app({ resourceRequirements: [{ type: 'InferenceAccelerator', value: 'd' }] }),
    /Invalid 'resourceRequirements' setting/,
  ],
  [
    'a swappiness of 101',
    app(linux({ swappiness: 101 })),
    "ClientException: Invalid 'swappiness' setting for container 'app'.",
  ],
  ['less than no swap', app(linux({ maxSwap: -1 })), "ClientException: Invalid 'maxSwap' setting for container 'app'."],
  [
    'a permission that is none',
    app(linux({ devices: [{ hostPath: '/dev/x', permissions: ['execute'] }] })),
    /Invalid 'devices' setting/,
  ],
  [
    'a health check without a command',
    app({ healthCheck: { command: [] } }),
    'ClientException: Health check command must not be empty.',
  ],
  [
    'an interval of 4 s',
    app(health({ interval: 4 })),
    /^ClientException: Health check interval must be greater than or equal to the minimum allowed value 5 for container 'app'/,
  ],
  [
    'an interval of 301 s',
    app(health({ interval: 301 })),
    "ClientException: Health check interval must be less than or equal to the maximum allowed value 300 for container 'app'.",
  ],
  [
    'a timeout of 61 s',
    app(health({ timeout: 61 })),
    /timeout must be less than or equal to the maximum allowed value 60/,
  ],
  ['11 retries', app(health({ retries: 11 })), /retries must be less than or equal to the maximum allowed value 10/],
  [
    'a start period of 301 s',
    app(health({ startPeriod: 301 })),
    /start period must be less than or equal to the maximum allowed value 300/,
  ],
  [
    'a restart period of 59 s',
    app({ restartPolicy: { enabled: true, restartAttemptPeriod: 59 } }),
    "ClientException: The 'restartAttemptPeriod' setting for container 'app' must be between 60 and 1800.",
  ],
  [
    '51 ignored exit codes',
    app({ restartPolicy: { enabled: true, ignoredExitCodes: Array.from({ length: 51 }, (_, i) => i) } }),
    /'ignoredExitCodes'/,
  ],

  // what belongs together
  [
    'waits for a stranger',
    app(dependsOn('db', 'START')),
    "ClientException: Cannot depend on container + 'db' because it does not exist",
  ],
  ['waits for itself', app(dependsOn('app', 'START')), "ClientException: Container 'app' cannot depend on itself."],
  [
    'waits for health that is not checked',
    two(dependsOn('side', 'HEALTHY'), {}),
    'ClientException: A dependency container with HEALTHY condition must have health check configured.',
  ],
  [
    'waits for the end of an essential container',
    two(dependsOn('side', 'SUCCESS'), {}),
    'ClientException: A dependency container with SUCCESS or COMPLETE condition cannot be an essential container.',
  ],
  [
    'waits in a circle',
    two(dependsOn('side', 'START'), dependsOn('app', 'START')),
    'ClientException: The container dependencies contain a cycle.',
  ],
  ['a condition that is none', two(dependsOn('side', 'RUNNING'), {}), /Invalid value 'RUNNING' for condition/],
  [
    'a link to a stranger',
    app({ links: ['db'] }),
    "ClientException: Invalid 'links' setting. Unknown container: 'db'.",
  ],
  [
    'links in awsvpc',
    two({ links: ['side'] }, {}, { networkMode: 'awsvpc' }),
    'ClientException: Links are not supported when networkMode=awsvpc.',
  ],
  [
    'a mount of a stranger',
    app({ mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] }),
    "ClientException: Unknown volume 'data'.",
  ],
  [
    'volumes of a stranger',
    app({ volumesFrom: [{ sourceContainer: 'db' }] }),
    "ClientException: Invalid 'volumesFrom' setting. Unknown container: 'db'.",
  ],

  // ports
  [
    'ports without a network',
    app(port({ containerPort: 80 }), { networkMode: 'none' }),
    /not supported when networkMode=none/,
  ],
  [
    'no container port',
    app(port({ hostPort: 80 })),
    "ClientException: Invalid 'containerPort' setting for container 'app'.",
  ],
  [
    'container port 65536',
    app(port({ containerPort: 65_536 })),
    "ClientException: Invalid 'containerPort' setting for container 'app'.",
  ],
  [
    'host port 65536',
    app(port({ containerPort: 80, hostPort: 65_536 })),
    "ClientException: Invalid 'hostPort' setting for container 'app'.",
  ],
  [
    'another host port in awsvpc',
    app(port({ containerPort: 80, hostPort: 8080 }), { networkMode: 'awsvpc' }),
    'ClientException: When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
  ],
  [
    'another host port in host mode',
    app(port({ containerPort: 80, hostPort: 8080 }), { networkMode: 'host' }),
    'ClientException: When networkMode=host, the host ports and container ports in port mappings must match.',
  ],
  [
    'a host port twice',
    two(port({ containerPort: 80, hostPort: 80 }), port({ containerPort: 81, hostPort: 80 })),
    "ClientException: TCP host port '80' is mapped multiple times in task.",
  ],
  [
    'a container port twice in awsvpc',
    two(port({ containerPort: 80 }), port({ containerPort: 80 }), { networkMode: 'awsvpc' }),
    "ClientException: TCP host port '80' is mapped multiple times in task.",
  ],
  ['a protocol that is none', app(port({ containerPort: 80, protocol: 'http' })), /Invalid value 'http' for protocol/],
  [
    'an application protocol that is none',
    app(port({ containerPort: 80, appProtocol: 'https' })),
    /Invalid value 'https' for appProtocol/,
  ],
  ['a name in capitals', app(port({ containerPort: 80, name: 'Web' })), /Invalid port mapping name 'Web'/],
  [
    'a name twice',
    two(port({ containerPort: 80, name: 'web' }), port({ containerPort: 81, name: 'web' })),
    "ClientException: The port mapping name 'web' is already used.",
  ],
  [
    'a range from high to low',
    app(port({ containerPortRange: '90-80' })),
    "ClientException: Invalid 'containerPortRange' setting for container 'app'.",
  ],
  [
    'a range and a port',
    app(port({ containerPortRange: '80-90', containerPort: 80 })),
    /cannot specify both single port and port range/,
  ],
  [
    'ranges that overlap',
    app({ portMappings: [{ containerPortRange: '80-90' }, { containerPortRange: '90-99' }] }),
    /container port is used multiple times in task/,
  ],
  [
    'a hostname in awsvpc',
    app({ hostname: 'h' }, { networkMode: 'awsvpc' }),
    'ClientException: hostname is not supported on container when networkMode=awsvpc.',
  ],
  [
    'extra hosts in awsvpc',
    app({ extraHosts: [{ hostname: 'h', ipAddress: '10.0.0.1' }] }, { networkMode: 'awsvpc' }),
    /^ClientException: Extra hosts are not supported/,
  ],
  [
    'DNS servers in awsvpc',
    app({ dnsServers: ['10.0.0.2'] }, { networkMode: 'awsvpc' }),
    /^ClientException: DNS servers are not supported/,
  ],
  [
    'a network switched off in awsvpc',
    app({ disableNetworking: true }, { networkMode: 'awsvpc' }),
    /^ClientException: Disable Networking is not supported/,
  ],

  // environment and secrets
  [
    'a variable without a name',
    app({ environment: [{ name: '', value: 'v' }] }),
    /name of an environment variable should not be empty/,
  ],
  [
    'secrets without an execution role',
    app({ secrets: [{ name: 'A', valueFrom: '/a' }] }),
    "ClientException: When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
  ],
  [
    'a secret that is a variable too',
    app(
      { environment: [{ name: 'A', value: '1' }], secrets: [{ name: 'A', valueFrom: '/a' }] },
      { executionRoleArn: ROLE },
    ),
    /^ClientException: The secret name must be unique and not shared .*, such as 'A'\./,
  ],
  [
    'a secret twice',
    app(
      {
        secrets: [
          { name: 'A', valueFrom: '/a' },
          { name: 'A', valueFrom: '/b' },
        ],
      },
      { executionRoleArn: ROLE },
    ),
    /^ClientException: The secret name must be unique/,
  ],
  ['a secret from S3', app({ secrets: [{ name: 'A', valueFrom: 'arn:aws:s3:::a' }] }, { executionRoleArn: ROLE }), ARN],
  [
    'a secret itself',
    app({ secrets: [{ name: 'A', valueFrom: 'hunter2!' }] }, { executionRoleArn: ROLE }),
    /^ClientException: The Systems Manager parameter name specified for secret A is invalid\./,
  ],
  [
    'a secret of the log driver without a role',
    app({
      logConfiguration: {
        logDriver: 'splunk',
        options: { 'splunk-url': 'u' },
        secretOptions: [{ name: 'splunk-token', valueFrom: '/t' }],
      },
    }),
    /secret options for a log driver/,
  ],
  [
    'eleven environment files',
    app({ environmentFiles: many(11, () => ({ type: 's3', value: 'arn:aws:s3:::b/a.env' })) }),
    'ClientException: The maximum number of environment files was exceeded. Specify ten or less and try again.',
  ],
  ['an environment file by URL', app({ environmentFiles: [{ type: 's3', value: 's3://b/a.env' }] }), ARN],
  [
    'an environment file that is text',
    app({ environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::b/a.txt' }] }),
    /extension \.env/,
  ],
  [
    'an environment file of another type',
    app({ environmentFiles: [{ type: 'file', value: 'arn:aws:s3:::b/a.env' }] }),
    /must be s3/,
  ],

  // logs
  [
    'awslogs without a group',
    app(log('awslogs', { 'awslogs-region': 'r' })),
    'ClientException: Log driver awslogs requires options: awslogs-group',
  ],
  [
    'awslogs without options',
    app(log('awslogs')),
    'ClientException: Log driver awslogs requires options: awslogs-group, awslogs-region',
  ],
  [
    'awslogs with an option of others',
    app(log('awslogs', { ...AWSLOGS, log_key: 'log' })),
    'ClientException: Log driver awslogs disallows options: log_key',
  ],
  [
    'awslogs with two patterns',
    app(log('awslogs', { ...AWSLOGS, 'awslogs-datetime-format': '%Y', 'awslogs-multiline-pattern': 'x' })),
    /not both/,
  ],
  [
    'splunk without a token',
    app(log('splunk', { 'splunk-url': 'u' })),
    'ClientException: Log driver splunk requires options: splunk-token',
  ],
  ['a driver that is none', app(log('cloudwatch')), /Invalid value 'cloudwatch' for logDriver/],
  [
    'FireLens without a router',
    app(log('awsfirelens')),
    /^ClientException: When awsfirelens log driver is specified in log configuration, a firelens configuration object/,
  ],
  [
    'a router that is none of FireLens',
    two(log('awsfirelens'), { firelensConfiguration: { type: 'logstash' } }),
    /^InvalidParameterException: .*logstash/,
  ],
  [
    'a router without FireLens',
    app({ firelensConfiguration: { type: 'fluentbit' } }),
    /^ClientException: When a firelensConfiguration object is specified, at least one container/,
  ],
  [
    'two routers',
    two(
      { ...log('awsfirelens'), firelensConfiguration: { type: 'fluentbit' } },
      { firelensConfiguration: { type: 'fluentd' } },
    ),
    /Only one container/,
  ],
  [
    'a router that reads a URL',
    two(log('awsfirelens'), {
      firelensConfiguration: {
        type: 'fluentbit',
        options: { 'config-file-type': 's3', 'config-file-value': 's3://b/x' },
      },
    }),
    ARN,
  ],

  // volumes
  ['a volume without a name', task({ volumes: [{}] }), 'ClientException: Volume.name should not be null or empty.'],
  [
    'a volume with a space',
    task({ volumes: [{ name: 'my data' }] }),
    'ClientException: Volume.name contains invalid characters.',
  ],
  ['a volume twice', task({ volumes: [{ name: 'a' }, { name: 'a' }] }), /Volume names must be unique/],
  [
    'a volume of two kinds',
    task({ volumes: [{ name: 'a', efsVolumeConfiguration: { fileSystemId: 'fs-1' }, dockerVolumeConfiguration: {} }] }),
    /Only one volume configuration/,
  ],
  [
    'two volumes configured at launch',
    task({
      volumes: [
        { name: 'a', configuredAtLaunch: true },
        { name: 'b', configuredAtLaunch: true },
      ],
    }),
    /only one volume that is configured at launch/,
  ],
  [
    'a volume configured at launch that is not mounted',
    task({ volumes: [{ name: 'a', configuredAtLaunch: true }] }),
    'ClientException: Volumes [a] are not referenced by any of the containers.',
  ],
  [
    'EFS by IAM without encryption',
    efs({ authorizationConfig: { iam: 'ENABLED' } }),
    'ClientException: EFS IAM authorization requires TransitEncryption to be enabled.',
  ],
  [
    'an access point without encryption',
    efs({ authorizationConfig: { accessPointId: 'fsap-1' } }),
    /^ClientException: EFS access points require/,
  ],
  [
    'a port for encryption without encryption',
    efs({ transitEncryptionPort: 2049 }),
    'ClientException: TransitEncryptionPort requires that TransitEncryption is enabled.',
  ],
  [
    'an access point and a folder',
    efs({ transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: 'fsap-1' }, rootDirectory: '/a' }),
    'ClientException: When using an EFS access point, the root directory must either be set to "/" or be omitted.',
  ],
  [
    'EFS without a file system',
    task({ volumes: [{ name: 'a', efsVolumeConfiguration: {} }] }),
    /^InvalidParameterException: .*fileSystemId can not be blank/,
  ],

  // Fargate
  [
    'Fargate in bridge mode',
    fargate({}, { networkMode: 'bridge' }),
    'ClientException: Fargate only supports network mode ‘awsvpc’.',
  ],
  [
    'Fargate without a network mode',
    fargate({}, { networkMode: undefined }),
    'ClientException: Fargate only supports network mode ‘awsvpc’.',
  ],
  [
    'Fargate without cpu',
    fargate({}, { cpu: undefined }),
    "ClientException: Fargate requires that 'cpu' be defined at the task level.",
  ],
  [
    'Fargate without memory',
    fargate({}, { memory: undefined }),
    "ClientException: Fargate requires that 'memory' be defined at the task level.",
  ],
  ['300 CPU units', fargate({}, { cpu: '300' }), PAIR],
  ['256 units with 4 GB', fargate({}, { memory: '4096' }), PAIR],
  ['8 vCPUs with 18 GB', fargate({}, { cpu: '8 vCPU', memory: '18 GB' }), PAIR],
  [
    'half a vCPU for Windows',
    fargate({}, { cpu: '512', memory: '1024', runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }),
    PAIR,
  ],
  [
    'ECR without an execution role',
    fargate({ image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1' }),
    'ClientException: Fargate requires task definition to have execution role ARN to support ECR images.',
  ],
  [
    'awslogs without an execution role',
    fargate(log('awslogs', AWSLOGS)),
    'ClientException: Fargate requires task definition to have execution role ARN to support log driver awslogs.',
  ],
  [
    'awslogs without a prefix',
    fargate(log('awslogs', { 'awslogs-group': 'g', 'awslogs-region': 'r' }), { executionRoleArn: ROLE }),
    /^ClientException: Fargate requires log configuration options to include awslogs-stream-prefix/,
  ],
  [
    'a log driver of the host',
    fargate(log('json-file')),
    'ClientException: json-file is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]',
  ],
  [
    'a router that reads S3',
    {
      ...fargate({}),
      ...two(
        log('awsfirelens'),
        {
          firelensConfiguration: {
            type: 'fluentbit',
            options: { 'config-file-type': 's3', 'config-file-value': 'arn:aws:s3:::b/x' },
          },
        },
        { networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' },
      ),
    },
    "ClientException: Fargate launch type does not support FirelensConfiguration config file from 's3'",
  ],
  [
    'privileged',
    fargate({ privileged: true }),
    "ClientException: Fargate requires that the 'privileged' setting be 'false'.",
  ],
  ['an IPC mode', fargate({}, { ipcMode: 'task' }), unsupported('ipcMode')],
  [
    'the PID mode host',
    fargate({}, { pidMode: 'host' }),
    "ClientException: Tasks using the Fargate launch type do not support pidMode 'host'.",
  ],
  [
    'placement constraints',
    fargate({}, { placementConstraints: [{ type: 'memberOf', expression: 'a' }] }),
    unsupported('constraints'),
  ],
  ['security options', fargate({ dockerSecurityOptions: ['no-new-privileges'] }), unsupported('dockerSecurityOptions')],
  ['devices', fargate(linux({ devices: [{ hostPath: '/dev/x' }] })), unsupported('devices')],
  ['shared memory', fargate(linux({ sharedMemorySize: 64 })), unsupported('sharedMemorySize')],
  ['swap', fargate(linux({ maxSwap: 64 })), unsupported('maxSwap')],
  [
    'a capability',
    fargate(linux({ capabilities: { add: ['NET_ADMIN'] } })),
    'ClientException: NET_ADMIN is not allowed on Fargate.',
  ],
  [
    'a GPU',
    fargate({ resourceRequirements: [{ type: 'GPU', value: '1' }] }),
    'ClientException: Tasks using the Fargate launch type do not support GPU resource requirements.',
  ],
  [
    'a stop timeout of 121 s',
    fargate({ stopTimeout: 121 }),
    'ClientException: Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds.',
  ],
  [
    'a folder of the host',
    fargate({}, { volumes: [{ name: 'a', host: { sourcePath: '/a' } }] }),
    unsupported('sourcePath'),
  ],
  [
    'a Docker volume',
    fargate({}, { volumes: [{ name: 'a', dockerVolumeConfiguration: {} }] }),
    unsupported('dockerVolumeConfiguration'),
  ],
];

const play = new Play({ desiredCount: 'none yet' });
/** As the wire would send it: what is undefined is not there. */
const register = (request: Loose): unknown => {
  try {
    return play.call('RegisterTaskDefinition', JSON.parse(JSON.stringify(request))).taskDefinition;
  } catch (thrown) {
    if (thrown instanceof ApiException) return `${thrown.name}: ${thrown.message}`;
    throw thrown;
  }
};

test.each(REFUSED)('%s is refused', (_, request, words) => {
  const answer = register(request);
  if (typeof words === 'string') expect(answer).toBe(words);
  else expect(answer).toEqual(expect.stringMatching(words));
});

test('each of them is one change away from what ECS takes, and they are many', () => {
  expect(REFUSED.length).toBeGreaterThan(150);
  for (const request of [task({}), two({}, {}), fargate({}), efs({}), tags({ key: 'a' }), app(health({}))])
    expect(register(request)).toMatchObject({ family: 'web', status: 'ACTIVE' });
  expect(new Set(REFUSED.map(([what]) => what)).size).toBe(REFUSED.length);
});

/**
 * AWS's own samples; those that ECS refuses are named with the reason. Three dozen unusual ones are registered by
 * __tests__/taskdef/across/unusual.test.ts.
 */
const FOLDER = '__tests__/fixtures/task-definitions';
const NOT_LEGAL: Readonly<Record<string, RegExp>> = {
  'create-blue-green-1.json': /Role is not valid/,
  'specifying-sensitive-data-tutorial-1.json': /Role is not valid/,
  'sample-kibana_ec2.json': /host ports and container ports in port mappings must match/,
  'sample-tomcat_ec2.json': /host ports and container ports in port mappings must match/,
  'tutorial-wfsx-volumes-1.json': /Unknown volume 'fsx-windows-dir'/,
};
/** They show a part of a request. */
const FRAGMENTS = [
  'creating-resources-with-cloudformation-2.json',
  'firelens-taskdef-3.json',
  'secrets-envvar-secrets-manager-2.json',
  'secrets-envvar-secrets-manager-4.json',
  'secrets-envvar-secrets-manager-6.json',
  'secrets-logconfig-1.json',
  'specifying-sensitive-data-parameters-2.json',
];

test.each(readdirSync(FOLDER).filter((name) => !FRAGMENTS.includes(name)))('AWS’s sample %s', (name) => {
  // Each has the account of its page.
  const text = readFileSync(join(FOLDER, name), 'utf8').replace(/(:iam::)\d{12}:/g, '$1123456789012:');
  const sample: Loose = JSON.parse(text);
  const answer = register({ family: 'sample', ...sample });
  const words = NOT_LEGAL[name];
  if (words) expect(answer).toMatch(words);
  else expect(answer).toMatchObject({ status: 'ACTIVE', containerDefinitions: expect.any(Array) });
});

test.each<[what: string, request: Loose, compatibilities: string[]]>([
  ['bridge', task({}), ['EXTERNAL', 'EC2']],
  ['host', task({ networkMode: 'host' }), ['EXTERNAL', 'EC2']],
  ['awsvpc without sizes', task({ networkMode: 'awsvpc' }), ['EC2']],
  ['awsvpc with sizes', fargate({}, { requiresCompatibilities: ['EC2'] }), ['EC2', 'FARGATE']],
  ['awsvpc with a privileged container', fargate({ privileged: true }, { requiresCompatibilities: ['EC2'] }), ['EC2']],
  ['awsvpc with no pair of sizes', fargate({}, { requiresCompatibilities: undefined, cpu: '300' }), ['EC2']],
  ['Fargate', fargate({}), ['EC2', 'FARGATE']],
])('compatibilities of %s', (_, request, compatibilities) => {
  expect(register(request)).toMatchObject({ compatibilities });
});

test('members that are null are absent', () => {
  expect(register(app({ cpu: null, links: null }, { taskRoleArn: null, volumes: null }))).not.toHaveProperty(
    'taskRoleArn',
  );
});
