import fc from 'fast-check';
import { asFailure } from '../../src/failure.ts';
import type { JsonObject, Tags } from '../../src/model.ts';
import { checkArchitecture } from '../../src/taskdef/architecture.ts';
import { checked } from '../../src/taskdef/check.ts';
import { diffDefinitions } from '../../src/taskdef/diff.ts';
import { cpuUnits, memoryMib } from '../../src/taskdef/fargate.ts';
import { render } from '../../src/taskdef/render.ts';
import { toTemplate } from '../../src/taskdef/template.ts';

const EC2 = { family: 'web', containerDefinitions: [{ name: 'app', image: 'nginx:1', memory: 64 }] };
const FARGATE = {
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'app', image: 'nginx:1' }],
};
const ROLE = 'arn:aws:iam::123456789012:role/execution';

/** Every mistake as `subject: problem remedy`; '' when the definition is taken, field for field. */
function told(definition: JsonObject, tags: Tags = [], fargate = false): string {
  try {
    expect(checked({ definition, tags, mistakes: [] }, 'td.json', fargate)).toEqual(definition);
    return '';
  } catch (thrown) {
    const failure = asFailure(thrown);
    expect(failure.code).toBe('INVALID_TASK_DEFINITION');
    return failure.mistakes.map(({ subject, problem, remedy = '' }) => `${subject}: ${problem} ${remedy}`).join('\n');
  }
}
const app = (change: JsonObject, task: JsonObject = {}): JsonObject => ({
  ...EC2,
  ...task,
  containerDefinitions: [{ ...EC2.containerDefinitions[0], ...change }],
});
const onFargate = (change: JsonObject, task: JsonObject = {}): JsonObject => ({
  ...FARGATE,
  ...task,
  containerDefinitions: [{ ...FARGATE.containerDefinitions[0], ...change }],
});
const two = (first: JsonObject, second: JsonObject, task: JsonObject = {}): JsonObject => ({
  ...EC2,
  ...task,
  containerDefinitions: [
    { name: 'app', image: 'nginx:1', memory: 64, ...first },
    { name: 'side', image: 'busybox', memory: 64, ...second },
  ],
});
const awslogs = (options: JsonObject): JsonObject => ({ logConfiguration: { logDriver: 'awslogs', options } });
const GOOD_LOG = { 'awslogs-group': 'g', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' };
const efs = (configuration: JsonObject): JsonObject => ({
  ...EC2,
  volumes: [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1', ...configuration } }],
});
const ROUTER = { firelensConfiguration: { type: 'fluentbit' } };

describe('refused, with the place and the true reason', () => {
  test.each<[string, JsonObject, RegExp]>([
    // the service model
    [
      'a field misspelt',
      app({ memoryReservaton: 4 }),
      /^containerDefinitions\[0\]\.memoryReservaton:.*`memoryReservation`/,
    ],
    ['the field of CloudFormation', { ...EC2, NetworkMode: 'host' }, /^NetworkMode: .*Did you mean `networkMode`/],
    ['text for an integer', app({ cpu: '256' }), /\.cpu: is a string, but ECS takes an integer.*without quotes/],
    [
      'an object for a list',
      app({ environment: { A: 'b' } }),
      /\.environment: is an object, but ECS takes a list here. Write `\[{"name"/,
    ],
    ['a command line', app({ command: 'run' }), /\.command: .*takes a list here\. Write it as a list: `\["run"\]`/],
    [
      'a command line with what may be secret',
      app({ command: 'node server.js --port 8080 --password hunter2 --token=abc' }),
      /`\["node","server\.js","--port","8080","--password","\.\.\.","--token=\.\.\."\]`/,
    ],
    ['one item for a list', app({ mountPoints: 'x' }), /\.mountPoints: .*a list here\. Put it in \[ \]/],
    [
      'a secret under environment',
      app({ environment: [{ name: 'A', valueFrom: 'arn:x' }] }),
      /environment\[0\]\.valueFrom: .*never read a secret\. Move the entry to `secrets`/,
    ],
    [
      'a value under secrets',
      app({ secrets: [{ name: 'A', valueFrom: '/a', value: 'hunter2' }] }),
      /secrets\[0\]\.value: .*not its value\. Move the entry to `environment`/,
    ],
    [
      'a version of a parameter',
      app({ secrets: [{ name: 'A', valueFrom: '/prod/db:3' }] }, { executionRoleArn: ROLE }),
      /valueFrom of `A` names a version of an SSM parameter.*without `:version`/,
    ],
    [
      'a network mode that is none',
      { ...EC2, networkMode: 'awsvcp' },
      /`awsvcp` is not one of .* Did you mean `awsvpc`/,
    ],
    ['no family', { containerDefinitions: EC2.containerDefinitions }, /^family: is missing.*"family": "web"/],
    ['a secret without valueFrom', app({ secrets: [{ name: 'A' }] }), /secrets\[0\]\.valueFrom: is missing/],
    // the task
    ['a family in angle brackets', { ...EC2, family: '<family>' }, /`<family>` cannot be a family/],
    ['a role that is a placeholder', { ...EC2, taskRoleArn: '<your-role>' }, /`<your-role>` is not a role/],
    [
      'a role of account "aws_account_id"',
      { ...EC2, executionRoleArn: 'arn:aws:iam::aws_account_id:role/x' },
      /is not a role/,
    ],
    ['a CPU that is no size', { ...EC2, cpu: 'much' }, /`much` is not a CPU size/],
    ['no container', { ...EC2, containerDefinitions: [] }, /at least one container/],
    [
      'eleven containers',
      {
        ...EC2,
        containerDefinitions: Array.from({ length: 11 }, (_, i) => ({ name: `c${i}`, image: 'x', memory: 8 })),
      },
      /11 containers are more than the 10/,
    ],
    ['64 KiB and more', app({ environment: [{ name: 'A', value: 'x'.repeat(66_000) }] }), /bytes; ECS takes 65536/],
    ['no essential container', app({ essential: false }), /no essential container/],
    ['two containers of one name', two({}, { name: 'app' }), /two containers are called `app`/],
    [
      'more CPU together than the task has',
      two({ cpu: 200 }, { cpu: 100 }, { cpu: '256' }),
      /^cpu: 256 CPU units is less than .*300/,
    ],
    [
      'more CPU than the task has',
      app({ cpu: 512 }, { cpu: '256' }),
      /\.cpu: 512 CPU units is more than the task's 256/,
    ],
    [
      'more reserved together than the task has',
      two({ memoryReservation: 64 }, { memoryReservation: 64 }, { memory: '100' }),
      /^memory: 100 MiB is less than .*128/,
    ],
    [
      'more memory than the task has',
      app({ memory: 600 }, { memory: '512' }),
      /600 MiB is more than the task's 512 MiB/,
    ],
    [
      'an App Mesh proxy outside awsvpc',
      { ...EC2, proxyConfiguration: { type: 'APPMESH', containerName: 'app' } },
      /needs the network mode awsvpc/,
    ],
    [
      'an App Mesh proxy that is no container',
      { ...EC2, networkMode: 'awsvpc', proxyConfiguration: { containerName: 'envoy' } },
      /container `envoy` does not exist/,
    ],
    ['20 GiB of ephemeral storage', { ...EC2, ephemeralStorage: { sizeInGiB: 20 } }, /21 to 200 GiB/],
    [
      'awsvpc on external instances',
      { ...EC2, networkMode: 'awsvpc', requiresCompatibilities: ['EXTERNAL'] },
      /External instances do not support awsvpc/,
    ],
    [
      'ephemeral storage on EC2',
      { ...EC2, requiresCompatibilities: ['EC2'], ephemeralStorage: { sizeInGiB: 30 } },
      /^ephemeralStorage: is for Fargate, but the task requires EC2/,
    ],
    [
      'a CPU of less than 128 units on EC2',
      { ...EC2, cpu: '127' },
      /^cpu: 127 CPU units is out of range.*128 to 196608/,
    ],
    ['a CPU of more than 192 vCPUs', { ...EC2, cpu: '193 vCPU' }, /^cpu: 197632 CPU units is out of range/],
    ['no memory at all', { ...EC2, memory: '0' }, /`0` is not a memory size/],
    [
      'an inference accelerator',
      { ...EC2, inferenceAccelerators: [{ deviceName: 'd1', deviceType: 'eia2.medium' }] },
      /^inferenceAccelerators: Amazon Elastic Inference has ended/,
    ],
    [
      'an App Mesh proxy without its ports',
      {
        ...EC2,
        networkMode: 'awsvpc',
        proxyConfiguration: { containerName: 'app', properties: [{ name: 'AppPorts', value: '1' }] },
      },
      /^proxyConfiguration\.properties: lacks ProxyIngressPort, ProxyEgressPort, EgressIgnoredIPs, IgnoredUID\./,
    ],
    [
      'Windows on ARM64 on EC2',
      { ...EC2, runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', cpuArchitecture: 'ARM64' } },
      /runtimePlatform\.cpuArchitecture: ECS has ARM64 for Linux tasks only/,
    ],
    // containers
    ['an image of 256 characters', app({ image: 'x'.repeat(256) }), /image: has 256 characters; ECS takes 255/],
    ['less than no swap', app({ linuxParameters: { maxSwap: -1 } }), /maxSwap: -1 MiB is negative/],
    [
      '51 ignored exit codes',
      app({ restartPolicy: { enabled: true, ignoredExitCodes: Array.from({ length: 51 }, (_, i) => i) } }),
      /ignoredExitCodes: 51 exit codes are more than the 50/,
    ],
    [
      'DNS servers in awsvpc',
      app({ dnsServers: ['10.0.0.2'] }, { networkMode: 'awsvpc' }),
      /dnsServers: is not available with the network mode awsvpc/,
    ],
    [
      'a network switched off in awsvpc',
      app({ disableNetworking: true }, { networkMode: 'awsvpc' }),
      /disableNetworking: is not available with the network mode awsvpc/,
    ],
    [
      'two ports of one name',
      two(
        { portMappings: [{ containerPort: 80, name: 'web' }] },
        { portMappings: [{ containerPort: 81, name: 'web' }] },
      ),
      /two ports of `app` and `side` are called `web`/,
    ],
    [
      'port ranges that overlap',
      app({ portMappings: [{ containerPortRange: '80-90' }, { containerPortRange: '90-95' }] }),
      /the port ranges 80-90 and 90-95 of `app` overlap/,
    ],
    [
      'a volume configured at launch that is not mounted',
      { ...EC2, volumes: [{ name: 'data', configuredAtLaunch: true }] },
      /^volumes\[0\]: `data` is configured at launch, but no container mounts it/,
    ],
    [
      'a port for encryption without encryption',
      efs({ transitEncryptionPort: 2999 }),
      /transitEncryptionPort: needs transit encryption/,
    ],
    [
      'a secret of the log driver without an execution role',
      app({
        logConfiguration: {
          logDriver: 'splunk',
          options: { 'splunk-url': 'https://x' },
          secretOptions: [{ name: 'splunk-token', valueFrom: 'p' }],
        },
      }),
      /^executionRoleArn: is missing: ECS needs it to fetch the secretOptions of the log driver of `app`/,
    ],
    [
      'a secret of the log driver that is the secret itself',
      app(
        {
          logConfiguration: {
            logDriver: 'splunk',
            options: { 'splunk-url': 'https://x' },
            secretOptions: [{ name: 'splunk-token', valueFrom: 'hunter 2' }],
          },
        },
        { executionRoleArn: ROLE },
      ),
      /^containerDefinitions\[0\]\.logConfiguration\.secretOptions: the valueFrom of `splunk-token` is neither/,
    ],
    [
      'a FireLens configuration by URL',
      two(
        { logConfiguration: { logDriver: 'awsfirelens' } },
        {
          firelensConfiguration: {
            type: 'fluentbit',
            options: { 'config-file-type': 's3', 'config-file-value': 's3://b/x.conf' },
          },
        },
      ),
      /firelensConfiguration\.options\.config-file-value: is not an S3 object/,
    ],
    [
      'no image',
      { ...EC2, containerDefinitions: [{ name: 'a', memory: 8 }] },
      /image: is missing.*`container-name` or `images`/,
    ],
    [
      'an image in angle brackets',
      app({ image: '<IMAGE1_NAME>' }),
      /`<IMAGE1_NAME>` is a placeholder that nothing has filled\..*`"image": "\$\{IMAGE\}"`/,
    ],
    [
      'a tag in hash marks',
      app({ image: 'r/app:#TAG#' }),
      /`#TAG#` is a placeholder.*`"image": "r\/app:\$\{IMAGE_TAG\}"`/,
    ],
    ['an image with capitals', app({ image: 'acme/Web:V1' }), /has capitals.*Write `acme\/web:V1`/],
    ['an image with spaces inside', app({ image: 'my app:1' }), /characters that an image reference cannot have/],
    ['a digest cut short', app({ image: 'nginx@sha256:abc' }), /`sha256:abc` is not a digest/],
    ['a container name with a dot', app({ name: 'my.app' }), /`my\.app` cannot be a container's name/],
    [
      'no memory anywhere',
      { ...EC2, containerDefinitions: [{ name: 'a', image: 'x' }] },
      /At least one of `memory` and `memoryReservation`/,
    ],
    ['2 MiB', app({ memory: 2 }), /2 MiB is less than the 4 MiB/],
    ['more reserved than the limit', app({ memoryReservation: 128 }), /128 MiB is more than the memory of 64 MiB/],
    [
      'another host port in awsvpc',
      app({ portMappings: [{ containerPort: 8080, hostPort: 80 }] }, { networkMode: 'awsvpc' }),
      /must equal containerPort 8080/,
    ],
    [
      'one host port for two containers',
      two(
        { portMappings: [{ containerPort: 80, hostPort: 80 }] },
        { portMappings: [{ containerPort: 8080, hostPort: 80 }] },
      ),
      /TCP host port 80 is mapped more than once, by `app` and `side`/,
    ],
    [
      'one port for two containers of an awsvpc task',
      two(
        { portMappings: [{ containerPort: 80 }] },
        { portMappings: [{ containerPort: 80 }] },
        { networkMode: 'awsvpc' },
      ),
      /TCP host port 80 is mapped more than once/,
    ],
    [
      'ports without a network',
      app({ portMappings: [{ containerPort: 80 }] }, { networkMode: 'none' }),
      /the network mode is none/,
    ],
    [
      'port 0 of a container',
      app({ portMappings: [{ containerPort: 0 }] }),
      /portMappings\[0\]\.containerPort: 0 is not a port\. Ports are 1 to 65535\./,
    ],
    ['port 70000 of a host', app({ portMappings: [{ containerPort: 80, hostPort: 70000 }] }), /hostPort: 70000 is no/],
    [
      'a swappiness over 100',
      app({ linuxParameters: { swappiness: 101 } }),
      /linuxParameters\.swappiness: 101 is out of range\. ECS takes 0 to 100/,
    ],
    ['less than no CPU', app({ cpu: -1 }), /containerDefinitions\[0\]\.cpu: -1 CPU units is negative/],
    ['a variable without a name', app({ environment: [{ name: '', value: 'x' }] }), /environment\[0\]\.name: is empty/],
    [
      'a secret without a name',
      app({ secrets: [{ name: '', valueFrom: 'p' }] }, { executionRoleArn: ROLE }),
      /^containerDefinitions\[0\]\.secrets\[0\]\.name: is empty.*$/,
    ],
    [
      'an env file of another ending',
      app({ environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::b/app.txt' }] }),
      /environmentFiles\[0\]\.value: `arn:aws:s3:::b\/app\.txt` does not end in \.env/,
    ],
    [
      'a link to nobody',
      two({ links: ['sde:db'] }, {}),
      /links\[0\]: container `sde` does not exist\. Did you mean `side`/,
    ],
    [
      'a soft limit over the hard one',
      app({ ulimits: [{ name: 'nofile', softLimit: 2048, hardLimit: 1024 }] }),
      /ulimits\[0\]: the soft limit 2048 of nofile is more than its hard limit 1024/,
    ],
    ['a port mapping without a port', app({ portMappings: [{ protocol: 'tcp' }] }), /has no containerPort/],
    [
      'a port range backwards',
      app({ portMappings: [{ containerPortRange: '90-80' }] }),
      /`90-80` is not a range of ports/,
    ],
    [
      'a port name in capitals',
      app({ portMappings: [{ containerPort: 80, name: 'HTTP' }] }),
      /`HTTP` cannot be a port's name/,
    ],
    [
      'a hostname in awsvpc',
      app({ hostname: 'web' }, { networkMode: 'awsvpc' }),
      /hostname: is not available with the network mode awsvpc/,
    ],
    ['links in awsvpc', app({ links: ['db'] }, { networkMode: 'awsvpc' }), /links work in bridge mode only/],
    [
      'a health check every second',
      app({ healthCheck: { command: ['CMD', 'x'], interval: 1 } }),
      /interval: 1 is out of range. ECS takes 5 to 300/,
    ],
    [
      'a health check of 90 seconds',
      app({ healthCheck: { command: ['CMD', 'x'], timeout: 90 } }),
      /timeout: 90 is out of range. ECS takes 2 to 60/,
    ],
    [
      'a restart every 10 seconds',
      app({ restartPolicy: { enabled: true, restartAttemptPeriod: 10 } }),
      /ECS takes 60 to 1800/,
    ],
    [
      'secrets without an execution role',
      app({ secrets: [{ name: 'A', valueFrom: '/db/password' }] }),
      /^executionRoleArn: is missing: ECS needs it to fetch the secrets of `app`/,
    ],
    [
      'a secret that is also a variable',
      app(
        { secrets: [{ name: 'A', valueFrom: 'p' }], environment: [{ name: 'A', value: 'x' }] },
        { executionRoleArn: ROLE },
      ),
      /`A` is given twice/,
    ],
    [
      'eleven env files',
      app({ environmentFiles: Array.from({ length: 11 }, () => ({ type: 's3', value: 'arn:aws:s3:::b/a.env' })) }),
      /11 files are more than 10/,
    ],
    [
      'an env file by its path',
      app({ environmentFiles: [{ type: 's3', value: 's3://b/a.env' }] }),
      /is not an S3 object/,
    ],
    ['GPUs by a word', app({ resourceRequirements: [{ type: 'GPU', value: 'two' }] }), /`two` is not a number of GPUs/],
    [
      'an accelerator that is not declared',
      app({ resourceRequirements: [{ type: 'InferenceAccelerator', value: 'd1' }] }),
      /accelerator `d1` does not exist/,
    ],
    // what belongs together
    [
      'a volume that is not there',
      app({ mountPoints: [{ sourceVolume: 'dat', containerPath: '/d' }] }, { volumes: [{ name: 'data' }] }),
      /volume `dat` does not exist. Did you mean `data`/,
    ],
    ['volumes from nobody', app({ volumesFrom: [{ sourceContainer: 'side' }] }), /container `side` does not exist/],
    [
      'EFS by access point in clear',
      efs({ authorizationConfig: { accessPointId: 'fsap-1' } }),
      /must be ENABLED to use an access point/,
    ],
    [
      'EFS by IAM in clear',
      efs({ authorizationConfig: { iam: 'ENABLED' } }),
      /must be ENABLED to use IAM authorization/,
    ],
    [
      'EFS with an access point and a root',
      efs({ rootDirectory: '/x', transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: 'fsap-1' } }),
      /rootDirectory: is set by the access point/,
    ],
    [
      'two volumes configured at launch',
      {
        ...EC2,
        volumes: [
          { name: 'a', configuredAtLaunch: true },
          { name: 'b', configuredAtLaunch: true },
        ],
      },
      /one such/,
    ],
    [
      'waiting for itself',
      app({ dependsOn: [{ containerName: 'app', condition: 'START' }] }),
      /cannot wait for itself/,
    ],
    [
      'waiting for nobody',
      app({ dependsOn: [{ containerName: 'db', condition: 'START' }] }),
      /container `db` does not exist/,
    ],
    [
      'waiting for each other',
      two(
        { dependsOn: [{ containerName: 'side', condition: 'START' }] },
        { dependsOn: [{ containerName: 'app', condition: 'START' }] },
      ),
      /wait for each other/,
    ],
    [
      'waiting for health that nobody checks',
      two({ dependsOn: [{ containerName: 'side', condition: 'HEALTHY' }] }, {}),
      /which has no healthCheck. Add one: ECS does not use the Dockerfile's/,
    ],
    [
      'waiting for the end of an essential one',
      two({ dependsOn: [{ containerName: 'side', condition: 'SUCCESS' }] }, {}),
      /that one is essential/,
    ],
    // logs
    [
      'awslogs without a group',
      app(awslogs({ 'awslogs-region': 'eu-west-1' })),
      /awslogs-group: is missing, and the log driver awslogs requires it/,
    ],
    [
      'an option that awslogs has not',
      app(awslogs({ ...GOOD_LOG, log_key: 'log' })),
      /options\.log_key: is not an option of the log driver awslogs/,
    ],
    [
      'an option of awslogs misspelt',
      app(awslogs({ ...GOOD_LOG, 'awslogs-creat-group': 'true' })),
      /Did you mean `awslogs-create-group`/,
    ],
    [
      'FireLens without a router',
      app({ logConfiguration: { logDriver: 'awsfirelens' } }),
      /needs a container with a `firelensConfiguration`/,
    ],
    [
      'a router that nobody sends to',
      two({}, ROUTER),
      /`side` is a FireLens router, but no container has the log driver awsfirelens/,
    ],
  ])('%s', (_, definition, reason) => {
    expect(told(definition)).toMatch(reason);
  });

  test('a pasted secret is not repeated', () => {
    const reason = told(app({ secrets: [{ name: 'A', valueFrom: 'hunter2 <3' }] }, { executionRoleArn: ROLE }));
    expect(reason).toMatch(/valueFrom of `A` is neither an ARN nor/);
    expect(reason).not.toContain('hunter2');
  });

  test('objects without a text of their own, as a parser may make them', () => {
    for (const odd of [Object.create(null), { toString: 1, valueOf: 1 }, [Object.create(null)]]) {
      expect(told(app({ image: odd }), [], true)).toMatch(/image: is (an object|a list), but ECS takes a string here/);
      expect(told(app({ portMappings: [{ containerPort: odd, hostPort: 1 }] }, { networkMode: 'host' }))).toMatch(
        /takes an integer/,
      );
    }
  });

  test('every mistake at once', () => {
    expect(told({ ...app({ cpus: 1, image: '' }), networkMode: 'brigde' }).split('\n')).toHaveLength(3);
  });

  test.each<[string, Tags, RegExp]>([
    ['51 tags', Array.from({ length: 51 }, (_, i) => ({ key: `k${i}`, value: '' })), /51 tags are more than the 50/],
    ['a key of AWS', [{ key: 'aws:x', value: '' }], /belong to AWS/],
    ['a value of 257 characters', [{ key: 'k', value: 'x'.repeat(257) }], /more than 256/],
    [
      'a character that no tag takes',
      [{ key: 'owner', value: '<team>' }],
      /`owner` has a character that a tag cannot have/,
    ],
  ])('%s', (_, tags, reason) => expect(told(EC2, tags)).toMatch(reason));
});

describe('refused on Fargate', () => {
  test.each<[string, JsonObject, RegExp]>([
    ['bridge', onFargate({}, { networkMode: 'bridge' }), /need the network mode awsvpc/],
    [
      'a pair that is none',
      onFargate({}, { memory: '4096' }),
      /4096 MiB cannot be combined with 256 CPU units on Fargate. With 256 it takes 512, 1024, 2048 MiB; the nearest is 2048/,
    ],
    ['a CPU size that is none', onFargate({}, { cpu: '300' }), /300 CPU units is not a Fargate size/],
    ['no size', { ...FARGATE, cpu: undefined as never }, /needs the task-level cpu/],
    [
      'a quarter vCPU under Windows',
      onFargate({}, { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }),
      /Windows tasks on Fargate start at 1024/,
    ],
    [
      'Windows on ARM64',
      onFargate(
        {},
        {
          cpu: '1024',
          memory: '2048',
          runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', cpuArchitecture: 'ARM64' },
        },
      ),
      /runtimePlatform\.cpuArchitecture: ECS has ARM64 for Linux tasks only\. Write "X86_64"/,
    ],
    ['privileged', onFargate({ privileged: true }), /privileged: is not available on Fargate/],
    [
      'a placement constraint',
      onFargate({}, { placementConstraints: [{ type: 'memberOf', expression: 'x' }] }),
      /placementConstraints: is not available/,
    ],
    ['GPUs', onFargate({ resourceRequirements: [{ type: 'GPU', value: '1' }] }), /Fargate has no GPUs/],
    [
      'a host folder',
      onFargate({}, { volumes: [{ name: 'a', host: { sourcePath: '/x' } }] }),
      /no host to take a folder from/,
    ],
    [
      'a Docker volume',
      onFargate({}, { volumes: [{ name: 'a', dockerVolumeConfiguration: { scope: 'task' } }] }),
      /dockerVolumeConfiguration: is not available on Fargate/,
    ],
    [
      'a log driver that it has not',
      onFargate({ logConfiguration: { logDriver: 'syslog' } }),
      /`syslog` is not available on Fargate/,
    ],
    [
      'awslogs without a stream prefix',
      onFargate(awslogs({ 'awslogs-group': 'g', 'awslogs-region': 'r' }), { executionRoleArn: ROLE }),
      /awslogs-stream-prefix: is missing, and Fargate requires it/,
    ],
    [
      'awslogs without an execution role',
      onFargate(awslogs(GOOD_LOG)),
      /executionRoleArn: is missing: Fargate needs it to write to the log driver awslogs/,
    ],
    [
      'ECR without an execution role',
      onFargate({ image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1' }),
      /Fargate needs it to pull images from ECR/,
    ],
    [
      'a capability',
      onFargate({ linuxParameters: { capabilities: { add: ['NET_ADMIN', 'SYS_PTRACE'] } } }),
      /NET_ADMIN cannot be added on Fargate/,
    ],
    [
      'a stop timeout of 5 minutes',
      onFargate({ stopTimeout: 300 }),
      /300 seconds is out of range. Fargate takes 2 to 120/,
    ],
    ['the process namespace of the host', onFargate({}, { pidMode: 'host' }), /within the task only/],
  ])('%s', (_, definition, reason) => {
    expect(told(JSON.parse(JSON.stringify(definition)))).toMatch(reason);
  });

  test('a definition that says nothing of Fargate, for a service that runs there', () => {
    expect(told(EC2)).toBe('');
    expect(told(EC2, [], true)).toMatch(/network mode awsvpc[\s\S]*task-level cpu[\s\S]*task-level memory/);
  });
  test('a definition for EC2 alone, for a service on Fargate', () => {
    expect(told({ ...FARGATE, requiresCompatibilities: ['EC2'] }, [], true)).toMatch(/runs on FARGATE. Add "FARGATE"/);
  });
  test('an execution role that is needed for two reasons is reported once', () => {
    const reason = told(onFargate({ ...awslogs(GOOD_LOG), secrets: [{ name: 'A', valueFrom: 'p' }] }));
    expect(reason.match(/executionRoleArn/g)).toHaveLength(1);
  });
});

describe('taken as it is', () => {
  test.each<[string, JsonObject]>([
    ['the least', EC2],
    ['the least on Fargate', FARGATE],
    ['sizes in words', onFargate({}, { cpu: '.25 vCPU', memory: '0.5GB' })],
    [
      'links and a fixed host port in bridge mode',
      two({ links: ['side:db'], portMappings: [{ containerPort: 80, hostPort: 8080 }] }, {}, { networkMode: 'bridge' }),
    ],
    [
      'one port by TCP and by UDP',
      app({
        portMappings: [
          { containerPort: 53, hostPort: 53 },
          { containerPort: 53, hostPort: 53, protocol: 'udp' },
        ],
      }),
    ],
    [
      'dynamic host ports of two containers',
      two({ portMappings: [{ containerPort: 80 }] }, { portMappings: [{ containerPort: 80, hostPort: 0 }] }),
    ],
    ['any free port of the host', app({ portMappings: [{ containerPort: 80, hostPort: 0 }] })],
    ['no swapping', app({ linuxParameters: { swappiness: 0, maxSwap: 0 } })],
    [
      'limits that are equal, and none',
      app({
        ulimits: [
          { name: 'core', softLimit: 0, hardLimit: 0 },
          { name: 'nofile', softLimit: 65536, hardLimit: 65536 },
          { name: 'memlock', softLimit: -1, hardLimit: -1 },
          { name: 'stack', softLimit: 64, hardLimit: -1 },
        ],
      }),
    ],
    [
      'hard limits of Fargate containers that add up to more than the task has',
      { ...FARGATE, containerDefinitions: ['a', 'b'].map((name) => ({ name, image: 'x', memory: 512 })) },
    ],
    ['ARM64 without an operating system', onFargate({}, { runtimePlatform: { cpuArchitecture: 'ARM64' } })],
    ['a limit equal to the reservation', app({ memoryReservation: 64 })],
    ['hard limits that add up to more than the task has', two({ memory: 400 }, { memory: 400 }, { memory: '512' })],
    [
      'a Windows container with a credential specification',
      app({
        dockerSecurityOptions: ['credentialspec:file://gmsa.json'],
        image: 'mcr.microsoft.com/windows/servercore:ltsc2019',
      }),
    ],
    [
      'FSx for Windows',
      {
        ...EC2,
        volumes: [
          {
            name: 'fsx',
            fsxWindowsFileServerVolumeConfiguration: {
              fileSystemId: 'fs-1',
              rootDirectory: 'share',
              authorizationConfig: { credentialsParameter: 'arn:arn-1234', domain: 'example.com' },
            },
          },
        ],
      },
    ],
    [
      'EFS by access point and IAM',
      efs({
        transitEncryption: 'ENABLED',
        rootDirectory: '/',
        authorizationConfig: { accessPointId: 'fsap-1', iam: 'ENABLED' },
      }),
    ],
    ['FireLens', two({ logConfiguration: { logDriver: 'awsfirelens', options: { Name: 'forward' } } }, ROUTER)],
    [
      'an App Mesh proxy',
      {
        ...EC2,
        networkMode: 'awsvpc',
        proxyConfiguration: {
          type: 'APPMESH',
          containerName: 'app',
          properties: ['IgnoredGID', 'ProxyIngressPort', 'ProxyEgressPort', 'AppPorts', 'EgressIgnoredIPs'].map(
            (name) => ({
              name,
              value: '1337',
            }),
          ),
        },
      },
    ],
    [
      'all GPUs, or a share of one',
      two(
        { resourceRequirements: [{ type: 'GPU', value: 'ALL' }] },
        { resourceRequirements: [{ type: 'GPU', sharingStrategy: { nvidiaMps: { memory: 4096 } } }] },
      ),
    ],
    [
      'a temporary file system on Fargate',
      onFargate({ linuxParameters: { tmpfs: [{ containerPath: '/tmp', size: 64 }], initProcessEnabled: true } }),
    ],
    [
      'empty lists and switched off switches on Fargate',
      onFargate(
        { links: [], privileged: false, extraHosts: [], volumesFrom: [] },
        { placementConstraints: [], volumes: [] },
      ),
    ],
    [
      'splunk with its token as a secret',
      app(
        {
          logConfiguration: {
            logDriver: 'splunk',
            options: { 'splunk-url': 'https://x' },
            secretOptions: [{ name: 'splunk-token', valueFrom: 'p' }],
          },
        },
        { executionRoleArn: ROLE },
      ),
    ],
    [
      'roles by name and of other partitions',
      { ...EC2, taskRoleArn: 'web', executionRoleArn: 'arn:aws-us-gov:iam::123456789012:role/path/x' },
    ],
    [
      'a script that starts after a health check passed',
      two(
        { dependsOn: [{ containerName: 'side', condition: 'HEALTHY' }] },
        { healthCheck: { command: ['CMD-SHELL', 'true'] } },
      ),
    ],
    [
      'a shell in angle brackets elsewhere',
      app({ command: ['sh', '-c', 'cat <in >out'], environment: [{ name: 'URL', value: '<unset>' }] }),
    ],
  ])('%s', (_, definition) => {
    expect(told(definition)).toBe('');
  });
});

test('every pair that Fargate lists is taken, in units and in words', () => {
  const pairs = fc.constantFrom<[number, number[]]>(
    [256, [512, 1024, 2048]],
    [512, [1024, 4096]],
    [1024, [2048, 8192]],
    [2048, [4096, 16384]],
    [4096, [8192, 30720]],
    [8192, [16384, 20480, 61440]],
    [16384, [32768, 40960, 122880]],
  );
  fc.assert(
    fc.property(pairs, fc.nat(2), fc.boolean(), ([cpu, sizes], which, inWords) => {
      const memory = sizes[which % sizes.length] ?? 0;
      const task = inWords
        ? { cpu: `${cpu / 1024} vCPU`, memory: `${memory / 1024} GB` }
        : { cpu: String(cpu), memory: String(memory) };
      expect([cpuUnits(task.cpu), memoryMib(task.memory)]).toEqual([cpu, memory]);
      expect(told(onFargate({}, task))).toBe('');
    }),
  );
});

test('whatever stands in a definition, the check answers and never breaks', () => {
  const keys = fc.constantFrom(
    'family',
    'containerDefinitions',
    'name',
    'image',
    'portMappings',
    'dependsOn',
    'volumes',
    'logConfiguration',
    'options',
    'cpu',
    'secrets',
    'healthCheck',
    'environment',
    'environmentFiles',
    'links',
    'networkMode',
    'runtimePlatform',
    'operatingSystemFamily',
    'requiresCompatibilities',
    'resourceRequirements',
    'type',
    'containerName',
    'condition',
    'mountPoints',
    'volumesFrom',
    'sourceContainer',
    'hostPort',
    'containerPort',
    'protocol',
    'value',
    'valueFrom',
    'ulimits',
    'logDriver',
    'firelensConfiguration',
    'proxyConfiguration',
    'tags',
    'key',
    'toString',
    '__proto__',
    'x',
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(
        '256',
        'constructor',
        'awslogs',
        'awsvpc',
        '${A}',
        7,
        -1,
        true,
        '<x>',
        Object.create(null),
      ),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(keys, tie('tree'), { maxKeys: 4 }),
      fc.record({ containerDefinitions: fc.array(fc.dictionary(keys, tie('tree'), { maxKeys: 6 }), { maxLength: 3 }) }),
    ),
  }));
  const anything = fc.oneof(
    fc.dictionary(keys, tree),
    fc.record({ family: tree, containerDefinitions: fc.array(fc.dictionary(keys, tree), { maxLength: 3 }) }),
  );
  const inputs = {
    source: { kind: 'service' as const },
    images: [],
    variables: [],
    edits: { environmentVariables: [['A', 'b'] as const], secrets: [], envFiles: [], dockerLabels: [], logOptions: [] },
    tags: [],
  };
  fc.assert(
    fc.property(anything, fc.boolean(), (given, fargate) => {
      const definition = given as JsonObject;
      for (const act of [
        () => checked({ definition, tags: [], mistakes: [] }, 'td.json', fargate),
        () => checked(render(toTemplate(definition, 'td.json'), inputs, { builtIns: [] }), 'td.json', fargate),
        () => checkArchitecture(definition, { container: 'app', platforms: ['linux/arm64'] }, fargate),
        () => diffDefinitions(definition, { family: 'web' }),
      ]) {
        try {
          act();
        } catch (thrown) {
          expect(asFailure(thrown).code).toBe('INVALID_TASK_DEFINITION');
        }
      }
    }),
    { numRuns: 200 },
  );
});
