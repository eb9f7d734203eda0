import { REGION, Simulator } from '../../../simulator/simulator.ts';
import { createEcs } from '../../../src/adapters/ecs.ts';
import type { TemplateInputs } from '../../../src/inputs/types.ts';
import type { JsonObject, TaskDefinition } from '../../../src/model.ts';
import { checked } from '../../../src/taskdef/check.ts';
import { sameDefinition } from '../../../src/taskdef/diff.ts';
import { render } from '../../../src/taskdef/render.ts';
import { toTemplate } from '../../../src/taskdef/template.ts';

/** Definitions that ECS takes, each with something that few have: none may be refused, none may lose a field. */
const NO_INPUTS: TemplateInputs = {
  source: { kind: 'service' },
  images: [],
  variables: [],
  edits: { environmentVariables: [], secrets: [], envFiles: [], dockerLabels: [], logOptions: [] },
  tags: [],
};
const ecs = createEcs({
  region: REGION,
  credentials: async () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' }),
  requestHandler: new Simulator().wire.requestHandler(),
  maxAttempts: 1,
  customUserAgent: 'test',
});

const ROLE = 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole';
const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const AWSLOGS = {
  logDriver: 'awslogs',
  options: {
    'awslogs-group': '/ecs/web',
    'awslogs-create-group': 'true',
    'awslogs-region': 'eu-west-1',
    'awslogs-stream-prefix': 'ecs',
    mode: 'non-blocking',
    'max-buffer-size': '25m',
  },
  secretOptions: [],
};
const app = (change: JsonObject = {}): JsonObject => ({ name: 'app', image: 'nginx:1', essential: true, ...change });
const ec2 = (change: JsonObject, task: JsonObject = {}): JsonObject => ({
  family: 'web',
  containerDefinitions: [app({ memory: 128, ...change })],
  ...task,
});
const fargate = (change: JsonObject, task: JsonObject = {}): JsonObject => ({
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '1024',
  memory: '2048',
  executionRoleArn: ROLE,
  containerDefinitions: [app(change)],
  ...task,
});
const withVolume = (volume: JsonObject, mount: JsonObject = {}) => ({
  volumes: [{ name: 'data', ...volume }],
  containerDefinitions: [
    app({ memory: 128, mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: false, ...mount }] }),
  ],
});
/** What the console exports beside the definition. */
const EXPORTED = {
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:41',
  revision: 41,
  status: 'ACTIVE',
  requiresAttributes: [{ name: 'ecs.capability.execution-role-awslogs' }],
  registeredAt: '2026-01-09T08:11:12.345Z',
  registeredBy: 'arn:aws:iam::123456789012:user/somebody',
};
const EMPTY = {
  environment: [],
  environmentFiles: [],
  mountPoints: [],
  volumesFrom: [],
  ulimits: [],
  systemControls: [],
};

const UNUSUAL: Readonly<Record<string, JsonObject>> = {
  'a console export of Fargate': {
    ...EXPORTED,
    ...fargate({
      ...EMPTY,
      image: `${ECR}/web:1`,
      cpu: 0,
      portMappings: [
        { name: 'app-80-tcp', containerPort: 80, hostPort: 80, protocol: 'tcp', appProtocol: 'http' },
        { name: 'admin', containerPort: 9000, hostPort: 9000, protocol: 'tcp', appProtocol: 'http2' },
      ],
      logConfiguration: AWSLOGS,
    }),
    compatibilities: ['EC2', 'FARGATE', 'MANAGED_INSTANCES'],
    volumes: [],
    placementConstraints: [],
    runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
    enableFaultInjection: false,
    tags: [{ key: 'team', value: '' }],
  },
  'a CLI description of EC2, in its wrapper': {
    taskDefinition: {
      ...EXPORTED,
      ...ec2({ ...EMPTY, cpu: 10, portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }] }),
      compatibilities: ['EXTERNAL', 'EC2'],
      taskRoleArn: '',
      cpu: null,
    },
    tags: [{ key: 'aws.team', value: 'a b/c:d=e+f@g.h_i-j' }],
  },
  'a console export of external instances': {
    ...EXPORTED,
    ...ec2({ ...EMPTY, logConfiguration: { logDriver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } } }),
    compatibilities: ['EXTERNAL', 'EC2'],
    requiresCompatibilities: ['EXTERNAL'],
    networkMode: 'bridge',
    cpu: '256',
    memory: '128',
  },
  'Managed Instances': {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['MANAGED_INSTANCES'],
    cpu: '1024',
    memory: '2048',
    containerDefinitions: [
      app({ privileged: true, linuxParameters: { capabilities: { add: ['NET_ADMIN'], drop: [] } } }),
    ],
  },
  'Managed Instances beside Fargate': fargate({}, { requiresCompatibilities: ['FARGATE', 'MANAGED_INSTANCES', 'EC2'] }),
  'Managed Instances in host mode': ec2({}, { networkMode: 'host', requiresCompatibilities: ['MANAGED_INSTANCES'] }),
  'Windows on Fargate': fargate(
    {
      image: 'mcr.microsoft.com/windows/servercore/iis:windowsservercore-ltsc2022',
      entryPoint: ['powershell', '-Command'],
      command: ['C:\\ServiceMonitor.exe w3svc'],
      logConfiguration: AWSLOGS,
    },
    {
      cpu: '1 vCPU',
      memory: '2 GB',
      runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', cpuArchitecture: 'X86_64' },
    },
  ),
  'Windows on EC2, with a gMSA': ec2(
    {
      image: 'mcr.microsoft.com/windows/servercore:ltsc2025',
      credentialSpecs: ['credentialspec:arn:aws:s3:::bucket/gmsa.json'],
      hostname: 'iis',
      memory: 2048,
      cpu: 1024,
      portMappings: [{ containerPort: 80, hostPort: 8080 }],
    },
    { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2025_FULL' } },
  ),
  'a gMSA without a domain': fargate({
    credentialSpecs: ['credentialspecdomainless:arn:aws:ssm:eu-west-1:123456789012:parameter/gmsa'],
  }),
  'EFS with the least': ec2({}, withVolume({ efsVolumeConfiguration: { fileSystemId: 'fs-0123456789abcdef0' } })),
  'EFS by access point on Fargate': fargate(
    {},
    withVolume({
      efsVolumeConfiguration: {
        fileSystemId: 'fs-0123456789abcdef0',
        rootDirectory: '/',
        transitEncryption: 'ENABLED',
        transitEncryptionPort: 2999,
        authorizationConfig: { accessPointId: 'fsap-0123456789abcdef0', iam: 'ENABLED' },
      },
    }),
  ),
  'FSx for Windows': ec2(
    {},
    withVolume(
      {
        fsxWindowsFileServerVolumeConfiguration: {
          fileSystemId: 'fs-0123456789abcdef0',
          rootDirectory: 'share',
          authorizationConfig: {
            credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:fsx-AbCdEf',
            domain: 'example.com',
          },
        },
      },
      { containerPath: 'C:\\data' },
    ),
  ),
  'EBS, configured at launch': fargate({}, withVolume({ configuredAtLaunch: true })),
  'S3 Files': fargate(
    {},
    withVolume({
      s3filesVolumeConfiguration: { fileSystemArn: 'arn:aws:s3files:eu-west-1:123456789012:file-system/fs-1' },
    }),
  ),
  'a Docker volume': ec2(
    {},
    withVolume({
      dockerVolumeConfiguration: {
        scope: 'shared',
        autoprovision: true,
        driver: 'local',
        driverOpts: { type: 'nfs', device: 'host:/x', o: 'addr=host' },
        labels: { a: 'b' },
      },
    }),
  ),
  'a folder of the host, and an empty one': ec2(
    { mountPoints: [{ sourceVolume: 'sock', containerPath: '/var/run/docker.sock', readOnly: true }] },
    {
      volumes: [
        { name: 'sock', host: { sourcePath: '/var/run/docker.sock' } },
        { name: 'tmp', host: {} },
      ],
    },
  ),
  'volumes of another container': {
    family: 'web',
    containerDefinitions: [
      app({ memory: 64, volumesFrom: [{ sourceContainer: 'side', readOnly: true }] }),
      app({ name: 'side', memory: 64, essential: false }),
    ],
  },
  'FireLens with its own configuration': fargate(
    {},
    {
      containerDefinitions: [
        app({
          logConfiguration: {
            logDriver: 'awsfirelens',
            options: {
              Name: 'datadog',
              Host: 'http-intake.logs.datadoghq.com',
              TLS: 'on',
              'log-driver-buffer-limit': '2097152',
            },
            secretOptions: [{ name: 'apikey', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/dd' }],
          },
        }),
        {
          name: 'log_router',
          image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable',
          essential: true,
          user: '0',
          firelensConfiguration: {
            type: 'fluentbit',
            options: {
              'enable-ecs-log-metadata': 'true',
              'config-file-type': 'file',
              'config-file-value': '/extra.conf',
            },
          },
          memoryReservation: 50,
          logConfiguration: AWSLOGS,
        },
      ],
    },
  ),
  'X-Ray beside the app': fargate(
    {},
    {
      containerDefinitions: [
        app({ dependsOn: [{ containerName: 'xray-daemon', condition: 'START' }] }),
        {
          name: 'xray-daemon',
          image: 'public.ecr.aws/xray/aws-xray-daemon:latest',
          cpu: 32,
          memoryReservation: 256,
          portMappings: [{ containerPort: 2000, protocol: 'udp' }],
        },
      ],
    },
  ),
  'ADOT with its configuration in a variable': fargate({
    image: 'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.1',
    environment: [
      { name: 'AOT_CONFIG_CONTENT', value: 'receivers:\n  otlp: {protocols: {grpc: {endpoint: 0.0.0.0:4317}}}\n' },
    ],
    command: ['--config=env:AOT_CONFIG_CONTENT'],
  }),
  'a GPU': ec2(
    {
      resourceRequirements: [{ type: 'GPU', value: '4' }],
      environment: [{ name: 'NVIDIA_DRIVER_CAPABILITIES', value: 'all' }],
    },
    { placementConstraints: [{ type: 'memberOf', expression: 'attribute:ecs.instance-type =~ g5.*' }] },
  ),
  'Neuron devices': ec2({
    linuxParameters: {
      devices: [{ hostPath: '/dev/neuron0', containerPath: '/dev/neuron0', permissions: ['read', 'write'] }],
      capabilities: { add: ['IPC_LOCK'] },
    },
  }),
  'a range of ports': ec2(
    {
      portMappings: [
        { containerPortRange: '8000-8010', protocol: 'tcp' },
        { containerPort: 53, protocol: 'udp' },
      ],
    },
    { networkMode: 'bridge' },
  ),
  'one port by TCP and by UDP in awsvpc': fargate({
    portMappings: [
      { name: 'quic', containerPort: 443, protocol: 'udp' },
      { name: 'https', containerPort: 443, protocol: 'tcp', appProtocol: 'grpc' },
    ],
  }),
  'no digest in place of the tag': fargate({ versionConsistency: 'disabled', image: `${ECR}/team/web:latest` }),
  'a container that starts again by itself': fargate({
    restartPolicy: { enabled: true, ignoredExitCodes: [0, 143], restartAttemptPeriod: 60 },
  }),
  'fault injection': fargate({}, { enableFaultInjection: true, pidMode: 'task' }),
  'the namespaces of the host': ec2({}, { pidMode: 'host', ipcMode: 'host', networkMode: 'host' }),
  'no network': ec2({ disableNetworking: true }, { networkMode: 'none', ipcMode: 'none' }),
  'an App Mesh proxy': {
    family: 'mesh',
    networkMode: 'awsvpc',
    proxyConfiguration: {
      type: 'APPMESH',
      containerName: 'envoy',
      properties: [
        { name: 'IgnoredUID', value: '1337' },
        { name: 'EgressIgnoredPorts', value: '' },
        { name: 'AppPorts', value: '8080' },
        { name: 'ProxyIngressPort', value: '15000' },
        { name: 'ProxyEgressPort', value: '15001' },
        { name: 'EgressIgnoredIPs', value: '169.254.170.2,169.254.169.254' },
      ],
    },
    containerDefinitions: [
      app({ memory: 64, dependsOn: [{ containerName: 'envoy', condition: 'HEALTHY' }] }),
      {
        name: 'envoy',
        image: '840364872350.dkr.ecr.eu-west-1.amazonaws.com/aws-appmesh-envoy:v1.29.9.0-prod',
        memoryReservation: 64,
        user: '1337',
        ulimits: [{ name: 'nofile', softLimit: 15000, hardLimit: 15000 }],
        healthCheck: {
          command: ['CMD-SHELL', 'curl -s localhost:9901/server_info | grep state'],
          retries: 10,
          startPeriod: 0,
        },
      },
    ],
  },
  'a migration that ends before the app starts': fargate(
    {},
    {
      containerDefinitions: [
        app({ dependsOn: [{ containerName: 'migrate', condition: 'SUCCESS' }], startTimeout: 120, stopTimeout: 2 }),
        app({ name: 'migrate', essential: false, command: ['sh', '-c', 'migrate $URL && echo ${PIPESTATUS[0]}'] }),
      ],
    },
  ),
  'the widest disk and the largest size': fargate(
    {},
    { cpu: '16 vCPU', memory: '120GB', ephemeralStorage: { sizeInGiB: 200 } },
  ),
  'everything for the kernel': ec2({
    privileged: true,
    readonlyRootFilesystem: true,
    interactive: true,
    pseudoTerminal: true,
    hostname: 'web.local',
    dnsServers: ['10.0.0.2'],
    dnsSearchDomains: ['example.com'],
    extraHosts: [{ hostname: 'db', ipAddress: '10.0.0.3' }],
    dockerSecurityOptions: ['no-new-privileges', 'label:type:container_t'],
    user: '1000:1000',
    workingDirectory: '/srv',
    systemControls: [{ namespace: 'net.core.somaxconn', value: '1024' }],
    ulimits: [{ name: 'memlock', softLimit: -1, hardLimit: -1 }],
    linuxParameters: {
      initProcessEnabled: true,
      sharedMemorySize: 64,
      maxSwap: 256,
      swappiness: 100,
      tmpfs: [{ containerPath: '/run', size: 16, mountOptions: ['noexec'] }],
    },
  }),
  'secrets from everywhere': fargate({
    secrets: [
      { name: 'A', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:password::' },
      { name: 'B', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db/x+y=z@w-AbCdEf:p:AWSCURRENT:' },
      { name: 'C', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/prod/db' },
      { name: 'D', valueFrom: 'plain.name_of-a-parameter' },
      { name: 'E', valueFrom: '/path/to/it' },
    ],
    environment: [
      { name: 'EMPTY', value: '' },
      { name: 'with.dots-and spaces', value: '${NOT_OURS%suffix} $HOME $$ {}' },
      { name: 'TWICE', value: '1' },
      { name: 'TWICE', value: '2' },
    ],
    environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::bucket/path with spaces/.env' }],
    repositoryCredentials: { credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub-AbCdEf' },
    dockerLabels: {
      'com.datadoghq.ad.logs': '[{"source": "x"}]',
      __proto_: '',
      'traefik.http.routers.x.rule': 'Host(`a.b`)',
    },
  }),
  China: fargate(
    { image: '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web:1' },
    { executionRoleArn: 'arn:aws-cn:iam::123456789012:role/service-role/x', taskRoleArn: 'short-name' },
  ),
  'the links of old': {
    family: 'wordpress',
    containerDefinitions: [
      app({ memory: 64, links: ['mysql', 'mysql:db'] }),
      app({ name: 'mysql', memory: 64, image: 'mysql@sha256:'.padEnd(77, '0') }),
    ],
  },
};

/** ECS keeps sizes in CPU units and MiB, however they were written. */
function sizesInUnits(definition: TaskDefinition): Record<string, unknown> {
  const sizes = Object.entries({ ...definition }).filter(([name]) => name === 'cpu' || name === 'memory');
  return Object.fromEntries(
    sizes.map(([name, size]) => [
      name,
      /vcpu|gb/i.test(String(size)) ? String(Number.parseFloat(String(size)) * 1024) : size,
    ]),
  );
}

test.each(Object.entries(UNUSUAL))('%s', async (_, given) => {
  const template = toTemplate(given, 'td.json');
  const rendered = render(template, NO_INPUTS, { builtIns: [] });
  const onFargate = JSON.stringify(template.definition.requiresCompatibilities ?? []).includes('FARGATE');
  const definition = checked(rendered, 'td.json', onFargate);
  expect(definition).toEqual(template.definition);
  const registered = await ecs.registerTaskDefinition(definition, rendered.tags);
  const described = await ecs.describeTaskDefinition(registered.arn);
  expect(described.definition).toMatchObject({ ...definition, ...sizesInUnits(definition) });
  expect(sameDefinition(definition, described.definition)).toBe(true);
  expect(described.tags).toEqual(rendered.tags);
});

test('two tags of one key are refused by ECS too', async () => {
  const tags = ['1', '2'].map((value) => ({ key: 'team', value }));
  const definition = checked(render(toTemplate(ec2({}), 'td.json'), NO_INPUTS, { builtIns: [] }), 'td.json', false);
  await expect(ecs.registerTaskDefinition(definition, tags)).rejects.toThrow('Multiple tags contain the same key');
});
