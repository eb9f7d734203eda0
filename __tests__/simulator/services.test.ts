import { ApiException } from '../../simulator/wire/service.ts';
import { balanced, fargate, GROUP, type Loose, onInstances, Play, REGISTRY } from './world.ts';

/** CreateService, UpdateService and RunTask: what ECS refuses, in its words. Rules: simulator/ecs/api/service-rules.ts. */

const NETWORK: Loose = { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } };
const vpc = (more: Loose): Loose => ({
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], ...more } },
});
const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `item-${i}`);
const strategy = (...items: Loose[]): Loose => ({ launchType: undefined, capacityProviderStrategy: items });
const group = (name: string): string =>
  `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${name}/0123456789abcdef`;
const balancer = (more: Loose): Loose => ({
  loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 8080, ...more }],
});
const connect = (service: Loose, more: Loose = { namespace: 'internal' }): Loose => ({
  serviceConnectConfiguration: { enabled: true, services: [service], ...more },
});
const ebs = (name: string, managedEBSVolume: Loose = { roleArn: 'r', sizeInGiB: 10 }): Loose => ({
  volumeConfigurations: [{ name, managedEBSVolume: { roleArn: 'r', ...managedEBSVolume } }],
});
const percents = (minimumHealthyPercent: number, maximumPercent: number): Loose => ({
  deploymentConfiguration: { minimumHealthyPercent, maximumPercent },
});

/** A cluster with services `web` (Fargate), `old` (bridge) and `gone` (DRAINING), and revisions of several kinds. */
const play = new Play({ desiredCount: 2, ...balanced });
const bridge = (more: Loose = {}): Loose => onInstances('example.com/app:1', {}, { family: 'bridge', ...more });
play.call('RegisterTaskDefinition', bridge());
play.call('RegisterTaskDefinition', fargate('example.com/app:1', { family: 'exec', taskRoleArn: 'task' }));
play.call('RegisterTaskDefinition', fargate('example.com/app:1', { family: 'dead' }));
play.call('DeregisterTaskDefinition', { taskDefinition: 'dead:1' });
const [container] = fargate('example.com/app:1').containerDefinitions as Loose[];
const mounted = { ...container, mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] };
play.call(
  'RegisterTaskDefinition',
  fargate('', {
    family: 'ebs',
    volumes: [{ name: 'data', configuredAtLaunch: true }],
    containerDefinitions: [mounted],
  }),
);
play.call(
  'RegisterTaskDefinition',
  fargate('', {
    family: 'efs',
    volumes: [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }],
    containerDefinitions: [mounted],
  }),
);
play.call(
  'RegisterTaskDefinition',
  fargate('', {
    family: 'named',
    containerDefinitions: [{ ...container, portMappings: [{ containerPort: 8080, name: 'http' }] }],
  }),
);
play.call('CreateService', { serviceName: 'old', taskDefinition: 'bridge', desiredCount: 1, launchType: 'EC2' });
play.call('CreateService', {
  serviceName: 'gone',
  taskDefinition: 'web:1',
  desiredCount: 1,
  launchType: 'FARGATE',
  ...NETWORK,
});
play.clock.advance(300);
play.call('CreateCluster', { clusterName: 'prod' });
play.call('DeleteService', { service: 'gone', force: true });
play.simulator.loadBalancing.targetGroups.set(group('instances'), { targetType: 'instance' });
play.simulator.loadBalancing.targetGroups.set(group('alone'), { targetType: 'ip', loadBalancerArns: [] });

const PORTS = REGISTRY.replace('srv-0', 'srv-1');
play.simulator.cloudMap.services.set(PORTS, { records: ['SRV'], customHealth: true });
const registry = (more: Loose): Loose => ({ serviceRegistries: [{ registryArn: REGISTRY, ...more }] });

const answerTo = (operation: string, input: Loose): unknown => {
  try {
    return play.call(operation, JSON.parse(JSON.stringify(input)));
  } catch (thrown) {
    if (thrown instanceof ApiException) return `${thrown.name}: ${thrown.message}`;
    throw thrown;
  }
};
const create = (more: Loose): Loose => ({
  serviceName: 'new',
  taskDefinition: 'web:1',
  desiredCount: 1,
  launchType: 'FARGATE',
  ...NETWORK,
  ...more,
});
const onEc2 = (more: Loose): Loose =>
  create({ taskDefinition: 'bridge', launchType: 'EC2', networkConfiguration: undefined, ...more });
const update = (more: Loose): Loose => ({ service: 'web', ...more });
const run = (more: Loose): Loose => ({ taskDefinition: 'web:1', launchType: 'FARGATE', ...NETWORK, ...more });
const INVALID = 'InvalidParameterException: ';

type Row = readonly [what: string, operation: string, input: Loose, words: string | RegExp];
const REFUSED: readonly Row[] = [
  ['RunTask with tags of a service', 'RunTask', run({ propagateTags: 'SERVICE' }), /SERVICE option/],
  ['RunTask in the group of a service', 'RunTask', run({ group: 'service:web' }), /Invalid namespace for group/],
  ['RunTask with a long reference', 'RunTask', run({ referenceId: 'x'.repeat(1025) }), /at most 1024/],
  ['RunTask with a long token', 'RunTask', run({ clientToken: 'x'.repeat(65) }), /at most 64/],
  [
    'RunTask with sizes that Fargate does not have',
    'RunTask',
    run({ overrides: { cpu: '256', memory: '8192' } }),
    /No Fargate configuration exists for given values: 256 CPU, 8192 memory/,
  ],
  [
    'alarms that are none',
    'UpdateService',
    update({ deploymentConfiguration: { alarms: { alarmNames: [], enable: true, rollback: true } } }),
    /alarmNames is empty/,
  ],
  ['a status that is none', 'ListTaskDefinitions', { status: 'WEIRD' }, /Invalid value 'WEIRD' for status/],
  [
    'insights that are loud',
    'CreateCluster',
    { clusterName: 'loud', settings: [{ name: 'containerInsights', value: 'loud' }] },
    /Invalid value 'loud' for value/,
  ],
  [
    'a provider that is not there',
    'PutClusterCapacityProviders',
    { cluster: 'default', capacityProviders: ['nope'], defaultCapacityProviderStrategy: [] },
    /The specified capacity provider does not exist/,
  ],
  // names and ARNs
  [
    'a service name with a space',
    'CreateService',
    create({ serviceName: 'my web' }),
    /^InvalidParameterException: Service name/,
  ],
  [
    'a service that exists',
    'CreateService',
    create({ serviceName: 'web' }),
    `${INVALID}Creation of service was not idempotent.`,
  ],
  [
    'a service that drains',
    'CreateService',
    create({ serviceName: 'gone' }),
    `${INVALID}Unable to Start a service that is still Draining.`,
  ],
  [
    'a service that drains, updated',
    'UpdateService',
    { service: 'gone' },
    'ServiceNotActiveException: Service was not ACTIVE.',
  ],
  ['no service', 'UpdateService', { service: 'none' }, 'ServiceNotFoundException: Service not found.'],
  ['no cluster', 'UpdateService', { service: 'web', cluster: 'none' }, 'ClusterNotFoundException: Cluster not found.'],
  [
    'a cluster with a dot',
    'UpdateService',
    { service: 'web', cluster: 'my.cluster' },
    /^InvalidParameterException: Cluster must match .*, but was my\.cluster$/,
  ],
  [
    'a cluster of another Region',
    'UpdateService',
    { service: 'web', cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/default' },
    `${INVALID}Invalid Region in ARN`,
  ],
  [
    'a cluster of another account',
    'UpdateService',
    { service: 'web', cluster: 'arn:aws:ecs:eu-west-1:999999999999:cluster/default' },
    `${INVALID}AccountIDs mismatch`,
  ],
  [
    'a service for a cluster',
    'UpdateService',
    { service: 'web', cluster: 'arn:aws:ecs:eu-west-1:123456789012:service/default/web' },
    `${INVALID}Unsupported resource type: service`,
  ],
  [
    'a service of another Region',
    'UpdateService',
    { service: 'arn:aws:ecs:us-east-1:123456789012:service/default/web' },
    `${INVALID}Invalid Region in ARN`,
  ],
  [
    'a service of another cluster',
    'UpdateService',
    { service: 'arn:aws:ecs:eu-west-1:123456789012:service/prod/web' },
    `${INVALID}Invalid identifier: Identifier is for cluster prod. Your cluster is default`,
  ],
  ['half an ARN', 'UpdateService', { service: 'arn:aws:ecs:web' }, 'ClientException: Invalid arn syntax.'],
  [
    'no task definition',
    'CreateService',
    create({ taskDefinition: 'none' }),
    'ClientException: TaskDefinition not found.',
  ],
  ['no revision', 'UpdateService', update({ taskDefinition: 'web:99' }), 'ClientException: TaskDefinition not found.'],
  [
    'a revision called latest',
    'UpdateService',
    update({ taskDefinition: 'web:latest' }),
    `${INVALID}Invalid revision number. Number: latest`,
  ],
  [
    'a revision of another Region',
    'UpdateService',
    update({ taskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:1' }),
    `${INVALID}Invalid Region in ARN`,
  ],
  [
    'a revision of another account',
    'UpdateService',
    update({ taskDefinition: 'arn:aws:ecs:eu-west-1:999999999999:task-definition/web:1' }),
    `${INVALID}AccountIDs mismatch`,
  ],
  [
    'an inactive revision',
    'UpdateService',
    update({ taskDefinition: 'dead:1' }),
    'ClientException: TaskDefinition is inactive',
  ],
  [
    'an inactive revision for a task',
    'RunTask',
    run({ taskDefinition: 'dead:1' }),
    `${INVALID}TaskDefinition is inactive`,
  ],
  [
    'no revision, described',
    'DescribeTaskDefinition',
    { taskDefinition: 'web:99' },
    'ClientException: Unable to describe task definition.',
  ],

  // counts and scheduling
  [
    'no desired count',
    'CreateService',
    create({ desiredCount: undefined }),
    /^InvalidParameterException: desiredCount is required/,
  ],
  [
    'less than no tasks',
    'UpdateService',
    update({ desiredCount: -1 }),
    `${INVALID}desiredCount must be greater than or equal to 0`,
  ],
  ['more than the quota', 'UpdateService', update({ desiredCount: 500_001 }), `${INVALID}Desired count exceeds limit.`],
  [
    'a daemon with a count',
    'CreateService',
    onEc2({ schedulingStrategy: 'DAEMON' }),
    /^InvalidParameterException: The daemon scheduling strategy does not support a desired count/,
  ],
  [
    'a daemon on Fargate',
    'CreateService',
    create({ schedulingStrategy: 'DAEMON', desiredCount: undefined }),
    /daemon scheduling strategy is not supported with the FARGATE/,
  ],
  [
    'a daemon with placement',
    'CreateService',
    onEc2({ schedulingStrategy: 'DAEMON', desiredCount: undefined, placementStrategy: [{ type: 'random' }] }),
    /does not support placement strategies/,
  ],
  [
    'placement on Fargate',
    'CreateService',
    create({ placementStrategy: [{ type: 'random' }] }),
    /not supported with the FARGATE launch type/,
  ],
  [
    'six strategies',
    'CreateService',
    onEc2({ placementStrategy: many(6).map(() => ({ type: 'random' })) }),
    /at most 5/,
  ],
  [
    'binpack by zone',
    'CreateService',
    onEc2({ placementStrategy: [{ type: 'binpack', field: 'attribute:ecs.availability-zone' }] }),
    `${INVALID}binpack field 'attribute:ecs.availability-zone' is invalid`,
  ],
  [
    'random by memory',
    'CreateService',
    onEc2({ placementStrategy: [{ type: 'random', field: 'memory' }] }),
    /random takes no field/,
  ],
  [
    'distinctInstance with an expression',
    'CreateService',
    onEc2({ placementConstraints: [{ type: 'distinctInstance', expression: 'a' }] }),
    /distinctInstance takes no expression/,
  ],

  // where tasks run
  [
    'a launch type and a strategy',
    'CreateService',
    create({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] }),
    /^InvalidParameterException: Specifying both a launch type and capacity provider strategy/,
  ],
  [
    'a provider that the cluster does not have',
    'CreateService',
    create(strategy({ capacityProvider: 'asg' })),
    /not associated with the cluster/,
  ],
  [
    'Fargate that the cluster does not have',
    'CreateService',
    create({ cluster: 'prod', ...strategy({ capacityProvider: 'FARGATE' }) }),
    /not associated with the cluster/,
  ],
  [
    'two bases',
    'CreateService',
    create(
      strategy(
        { capacityProvider: 'FARGATE', base: 1, weight: 1 },
        { capacityProvider: 'FARGATE_SPOT', base: 1, weight: 1 },
      ),
    ),
    /multiple capacity providers .* with a base value/,
  ],
  [
    'no weight at all',
    'CreateService',
    create(strategy({ capacityProvider: 'FARGATE' }, { capacityProvider: 'FARGATE_SPOT' })),
    /no capacity providers with a weight value greater than zero/,
  ],
  [
    'a strategy changed without force',
    'UpdateService',
    update({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] }),
    /^InvalidParameterException: When switching from launch type to capacity provider strategy .* you must force a new deployment\.$/,
  ],
  [
    'bridge on Fargate',
    'CreateService',
    create({ taskDefinition: 'bridge', networkConfiguration: undefined }),
    `${INVALID}Task definition does not support launch_type FARGATE.`,
  ],
  [
    'bridge on a Fargate provider',
    'CreateService',
    create({ taskDefinition: 'bridge', networkConfiguration: undefined, ...strategy({ capacityProvider: 'FARGATE' }) }),
    `${INVALID}Task definition does not support launch_type FARGATE.`,
  ],
  [
    'bridge for a Fargate service',
    'UpdateService',
    update({ taskDefinition: 'bridge' }),
    `${INVALID}Task definition does not support launch_type FARGATE.`,
  ],
  [
    'awsvpc for a bridge service',
    'UpdateService',
    { service: 'old', taskDefinition: 'web:1' },
    `${INVALID}Network Configuration must be provided when networkMode 'awsvpc' is specified.`,
  ],
  [
    'a platform version on EC2',
    'CreateService',
    onEc2({ platformVersion: 'LATEST' }),
    `${INVALID}The platform version must be null when specifying an EC2 launch type.`,
  ],
  [
    'a platform version that is none',
    'UpdateService',
    update({ platformVersion: '1.5.0' }),
    'PlatformUnknownException: The specified platform version does not exist.',
  ],
  [
    'EFS on an old platform version',
    'UpdateService',
    update({ taskDefinition: 'efs', platformVersion: '1.3.0' }),
    /^PlatformTaskDefinitionIncompatibilityException: The specified platform version does not satisfy/,
  ],
  [
    'ECS Exec without a task role',
    'UpdateService',
    update({ enableExecuteCommand: true }),
    /^InvalidParameterException: The service couldn't be updated because a valid taskRoleArn is not being used/,
  ],
  [
    'ECS Exec without a task role at once',
    'CreateService',
    create({ enableExecuteCommand: true }),
    /^InvalidParameterException: The service couldn't be created/,
  ],

  // network
  [
    'awsvpc without a network',
    'CreateService',
    create({ networkConfiguration: undefined }),
    `${INVALID}Network Configuration must be provided when networkMode 'awsvpc' is specified.`,
  ],
  [
    'bridge with a network',
    'CreateService',
    onEc2(NETWORK),
    `${INVALID}Network Configuration is not valid for the given networkMode of this task definition.`,
  ],
  ['no subnet', 'UpdateService', update(vpc({ subnets: [] })), `${INVALID}subnets can not be empty.`],
  ['17 subnets', 'UpdateService', update(vpc({ subnets: many(17) })), `${INVALID}subnets can have at most 16 items.`],
  [
    'six security groups',
    'UpdateService',
    update(vpc({ securityGroups: many(6) })),
    `${INVALID}securityGroups can have at most 5 items.`,
  ],
  [
    'a public address on EC2',
    'CreateService',
    create({ launchType: 'EC2', ...vpc({ assignPublicIp: 'ENABLED' }) }),
    `${INVALID}Assign public IP is not supported for this launch type.`,
  ],
  [
    'six load balancers',
    'CreateService',
    create({
      loadBalancers: many(6).map(() => ({ targetGroupArn: GROUP, containerName: 'app', containerPort: 8080 })),
    }),
    `${INVALID}Cannot have more than 5 load balancers`,
  ],
  [
    'a target group and a Classic one',
    'CreateService',
    create(balancer({ loadBalancerName: 'classic' })),
    /cannot both be specified/,
  ],
  [
    'a Classic one on Fargate',
    'CreateService',
    create(balancer({ targetGroupArn: undefined, loadBalancerName: 'classic' })),
    `${INVALID}Classic Load Balancers are not supported with Fargate.`,
  ],
  [
    'a container that is not there',
    'CreateService',
    create(balancer({ containerName: 'web' })),
    `${INVALID}The container web does not exist in the task definition.`,
  ],
  [
    'a port that is not there',
    'CreateService',
    create(balancer({ containerPort: 80 })),
    `${INVALID}The container app did not have a container port 80 defined.`,
  ],
  [
    'a target group that is not there',
    'CreateService',
    create(balancer({ targetGroupArn: group('none') })),
    `${INVALID}The target group ${group('none')} does not exist.`,
  ],
  [
    'a target group of instances',
    'CreateService',
    create(balancer({ targetGroupArn: group('instances') })),
    /has target type instance, which is incompatible with the awsvpc network mode/,
  ],
  [
    'a target group without a load balancer',
    'UpdateService',
    update(balancer({ targetGroupArn: group('alone') })),
    `${INVALID}The target group with targetGroupArn ${group('alone')} does not have an associated load balancer.`,
  ],
  [
    'a group that is its own alternate',
    'UpdateService',
    update(balancer({ advancedConfiguration: { alternateTargetGroupArn: GROUP } })),
    `${INVALID}Duplicate targetGroupArn found: ${GROUP}`,
  ],
  [
    'grace without a load balancer',
    'CreateService',
    create({ healthCheckGracePeriodSeconds: 60 }),
    `${INVALID}Health check grace period is only valid for services configured to use load balancers`,
  ],
  [
    'grace without a load balancer, later',
    'UpdateService',
    { service: 'old', healthCheckGracePeriodSeconds: 60 },
    /^InvalidParameterException: Health check grace period/,
  ],
  ['less than no grace', 'UpdateService', update({ healthCheckGracePeriodSeconds: -1 }), /between 0 and 2147483647/],
  [
    'two registries',
    'UpdateService',
    update({ serviceRegistries: [{ registryArn: 'a' }, { registryArn: 'b' }] }),
    /at most 1/,
  ],
  ['a registry that is not there', 'CreateService', create(registry({ registryArn: 'gone' })), /gone does not exist/],
  [
    'a registry of instances without a container',
    'CreateService',
    onEc2(registry({})),
    `${INVALID}When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and 'containerPort' must be specified from the task definition.`,
  ],
  [
    'a registry of addresses with a port',
    'CreateService',
    create(registry({ containerName: 'app', containerPort: 8080 })),
    `${INVALID}The values specified for serviceRegistries do not require a value for 'containerPort'.`,
  ],
  [
    'a registry of ports without one',
    'CreateService',
    create(registry({ registryArn: PORTS })),
    /^InvalidParameterException: serviceRegistries with DNS records of type SRV needs 'port'/,
  ],
  [
    'a registry with two ports',
    'CreateService',
    create(registry({ registryArn: PORTS, port: 80, containerName: 'app', containerPort: 8080 })),
    /not both/,
  ],
  [
    'a registry with a container that is not there',
    'CreateService',
    create(registry({ registryArn: PORTS, containerName: 'web', containerPort: 8080 })),
    /The container web does not exist/,
  ],
  [
    'a registry with a port that is not there',
    'CreateService',
    create(registry({ registryArn: PORTS, containerName: 'app', containerPort: 80 })),
    /did not have a container port 80 defined/,
  ],

  // Service Connect and volumes
  [
    'Service Connect without a namespace',
    'UpdateService',
    update(connect({ portName: 'http' }, {})),
    `${INVALID}Namespace is missing`,
  ],
  [
    'a port name that is not there',
    'UpdateService',
    update(connect({ portName: 'http' })),
    `${INVALID}portName(http) does not refer to any named PortMapping in the container definitions.`,
  ],
  [
    'two aliases',
    'UpdateService',
    update({ taskDefinition: 'named', ...connect({ portName: 'http', clientAliases: [{ port: 80 }, { port: 81 }] }) }),
    `${INVALID}2 clientAliases exceeds the max limit of 1`,
  ],
  [
    'an alias with a slash',
    'UpdateService',
    update({
      taskDefinition: 'named',
      ...connect({ portName: 'http', clientAliases: [{ port: 80, dnsName: 'a/b' }] }),
    }),
    `${INVALID}The DNS name that you provided is invalid.`,
  ],
  [
    'a volume that the revision does not have',
    'UpdateService',
    update(ebs('data')),
    `${INVALID}The volume name 'data' in your request does not have a matching volume in your Task Definition.`,
  ],
  [
    'a volume that the service does not configure',
    'UpdateService',
    update({ taskDefinition: 'ebs' }),
    /^InvalidParameterException: The volume 'data' of your Task Definition/,
  ],
  [
    'a volume without a size',
    'UpdateService',
    update({ taskDefinition: 'ebs', ...ebs('data', {}) }),
    /needs sizeInGiB or snapshotId/,
  ],
  [
    'operations of a gp2 volume',
    'UpdateService',
    update({ taskDefinition: 'ebs', ...ebs('data', { sizeInGiB: 10, volumeType: 'gp2', iops: 3000 }) }),
    `${INVALID}The parameter iops is not supported for gp2 volumes.`,
  ],
  [
    'throughput of an io2 volume',
    'UpdateService',
    update({ taskDefinition: 'ebs', ...ebs('data', { sizeInGiB: 10, volumeType: 'io2', throughput: 200 }) }),
    `${INVALID}The parameter throughput is not supported for io2 volumes.`,
  ],

  // deployments
  [
    'a minimum above 100',
    'UpdateService',
    update(percents(101, 200)),
    `${INVALID}minimumHealthyPercent must be at most 100`,
  ],
  [
    'a minimum below 0',
    'UpdateService',
    update(percents(-1, 200)),
    `${INVALID}minimumHealthyPercent must be at least 0`,
  ],
  ['a maximum below 100', 'UpdateService', update(percents(50, 99)), `${INVALID}maximumPercent must be at least 100`],
  [
    'both 100',
    'UpdateService',
    update(percents(100, 100)),
    `${INVALID}Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.`,
  ],
  [
    'a day and a minute of bake',
    'UpdateService',
    update({ deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1441 } }),
    /between 0 and 1440/,
  ],
  [
    'steps of 2 %',
    'UpdateService',
    update({ deploymentConfiguration: { strategy: 'LINEAR', linearConfiguration: { stepPercent: 2 } } }),
    /between 3\.0 and 100\.0/,
  ],
  [
    'a canary of nothing',
    'UpdateService',
    update({ deploymentConfiguration: { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 0 } } }),
    /between 0\.1 and 100\.0/,
  ],

  // tags and the cluster
  ['51 tags', 'CreateService', create({ tags: many(51).map((key) => ({ key })) }), /maximum number of tags/],
  ['a key of AWS', 'CreateService', create({ tags: [{ key: 'aws:x' }] }), /aws:/],
  [
    'a cluster with services',
    'DeleteCluster',
    { cluster: 'default' },
    'ClusterContainsServicesException: The Cluster cannot be deleted while Services are active.',
  ],

  // tasks
  [
    'a task without a definition',
    'RunTask',
    run({ taskDefinition: 'none' }),
    'ClientException: TaskDefinition not found.',
  ],
  ['eleven tasks', 'RunTask', run({ count: 11 }), /^InvalidParameterException: Count must be between 1 and 10/],
  [
    'a task without a network',
    'RunTask',
    run({ networkConfiguration: undefined }),
    `${INVALID}Network Configuration must be provided when networkMode 'awsvpc' is specified.`,
  ],
  [
    'a bridge task with a network',
    'RunTask',
    run({ taskDefinition: 'bridge', launchType: 'EC2' }),
    `${INVALID}Network Configuration is not valid for the given networkMode of this task definition.`,
  ],
  [
    'a bridge task on Fargate',
    'RunTask',
    run({ taskDefinition: 'bridge', networkConfiguration: undefined }),
    `${INVALID}Task definition does not support launch_type FARGATE.`,
  ],
  [
    'a task by both',
    'RunTask',
    run({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] }),
    `${INVALID}Specify either Launch Type or Capacity Provider Strategy, but not both.`,
  ],
  [
    'a task for ECS Exec without a role',
    'RunTask',
    run({ enableExecuteCommand: true }),
    /^InvalidParameterException: .*valid taskRoleArn/,
  ],
  [
    'a task with a platform that is none',
    'RunTask',
    run({ platformVersion: '2.0.0' }),
    'PlatformUnknownException: The specified platform version does not exist.',
  ],
  [
    'an override of a stranger',
    'RunTask',
    run({ overrides: { containerOverrides: [{ name: 'web' }] } }),
    `${INVALID}Override for container named web is not a container in the TaskDefinition.`,
  ],
  [
    'overrides of more than 8 KiB',
    'RunTask',
    run({
      overrides: { containerOverrides: [{ name: 'app', environment: [{ name: 'A', value: 'x'.repeat(8200) }] }] },
    }),
    /8192/,
  ],
  ['a long startedBy', 'RunTask', run({ startedBy: 'x'.repeat(129) }), /startedBy/],
];

test.each(REFUSED)('%s is refused by %s', (_, operation, input, words) => {
  const answer = answerTo(operation, input);
  if (typeof words === 'string') expect(answer).toBe(words);
  else expect(answer).toEqual(expect.stringMatching(words));
});

test.each<[what: string, operation: string, input: Loose]>([
  ['by its ARN', 'UpdateService', update({ service: 'arn:aws:ecs:eu-west-1:123456789012:service/default/web' })],
  [
    'by the old form of its ARN',
    'UpdateService',
    update({ service: 'arn:aws:ecs:eu-west-1:123456789012:service/web' }),
  ],
  [
    'with a revision by ARN',
    'UpdateService',
    update({ taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1' }),
  ],
  ['with ECS Exec and a task role', 'UpdateService', update({ taskDefinition: 'exec', enableExecuteCommand: true })],
  [
    'with its EBS volume',
    'UpdateService',
    update({ taskDefinition: 'ebs', enableExecuteCommand: false, ...ebs('data') }),
  ],
  ['without it again', 'UpdateService', update({ taskDefinition: 'web:1', volumeConfigurations: [] })],
  ['with Service Connect', 'UpdateService', update({ taskDefinition: 'named', ...connect({ portName: 'http' }) })],
  [
    'with a strategy and force',
    'UpdateService',
    update({ forceNewDeployment: true, capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] }),
  ],
  [
    'with the same strategy',
    'UpdateService',
    update({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] }),
  ],
  ['with no tasks yet', 'CreateService', create({ serviceName: 'large', desiredCount: 0 })],
  [
    'with the group of instances',
    'CreateService',
    onEc2({ serviceName: 'grouped', ...balancer({ targetGroupArn: group('instances'), containerPort: undefined }) }),
  ],
  ['with a registry', 'CreateService', create({ serviceName: 'found', ...registry({}) })],
  [
    'with a registry of ports',
    'CreateService',
    create({
      serviceName: 'srv',
      ...registry({ registryArn: PORTS, containerName: 'app', containerPort: 8080 }),
    }),
  ],
  ['while it drains: its tasks', 'ListTasks', { serviceName: 'gone' }],
  ['while it drains: its deployments', 'ListServiceDeployments', { service: 'gone' }],
  ['while it drains: deleted again', 'DeleteService', { service: 'gone' }],
])('a service is taken %s', (_, operation, input) => expect(answerTo(operation, input)).toBeInstanceOf(Object));

test('deployments show what their revision has of Service Connect and EBS', () => {
  play.call('UpdateService', update({ taskDefinition: 'named', ...connect({ portName: 'http' }) }));
  const [primary] = play.service.deployments;
  expect(primary.serviceConnectConfiguration).toMatchObject({ enabled: true, namespace: 'internal' });
  play.call(
    'UpdateService',
    update({ taskDefinition: 'ebs', serviceConnectConfiguration: { enabled: false }, ...ebs('data') }),
  );
  expect(play.service.deployments[0].volumeConfigurations).toMatchObject([{ name: 'data' }]);
});

test('a cluster with tasks or instances cannot be deleted', () => {
  const other = new Play({ desiredCount: 'none yet' });
  other.call('CreateCluster', { clusterName: 'jobs' });
  other.call('RunTask', { ...run({}), cluster: 'jobs' });
  const drop = (): unknown => other.call('DeleteCluster', { cluster: 'jobs' });
  expect(drop).toThrow('The Cluster cannot be deleted while Tasks are active.');
  for (const task of other.call('ListTasks', { cluster: 'jobs' }).taskArns)
    other.call('StopTask', { cluster: 'jobs', task });
  other.clock.advance(120);
  other.script.instance({}, { cluster: 'jobs' });
  expect(drop).toThrow('The Cluster cannot be deleted while Container Instances are active or draining.');
});
