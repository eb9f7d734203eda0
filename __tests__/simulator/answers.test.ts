import * as logsSdk from '@aws-sdk/client-cloudwatch-logs';
import * as ecrSdk from '@aws-sdk/client-ecr';
import { answerProblem } from '../../simulator/wire/shapes.ts';
import { type Answer, balanced, type Loose, Play } from './world.ts';

const context = { region: 'eu-west-1', accountId: '123456789012', partition: 'aws', accessKeyId: 'X' };

type Ask = (operation: string, input: Loose) => Answer;

function daemons(ask: Ask): void {
  const { daemonTaskDefinitionArn } = ask('RegisterDaemonTaskDefinition', {
    family: 'agent',
    containerDefinitions: [{ name: 'agent', image: 'agent' }],
  });
  ask('DescribeDaemonTaskDefinition', { daemonTaskDefinition: 'agent' });
  const [clusterArn, provider] = ['cluster/default', 'capacity-provider/managed'].map(
    (path) => `arn:aws:ecs:eu-west-1:123456789012:${path}`,
  );
  const given = { daemonTaskDefinitionArn, capacityProviderArns: [provider] };
  const { daemonArn } = ask('CreateDaemon', { ...given, daemonName: 'agent', clusterArn });
  ask('UpdateDaemon', { ...given, daemonArn, deploymentConfiguration: { drainPercent: 50 } });
  ask('ListDaemons', { clusterArn });
  ask('DescribeDaemon', { daemonArn });
  const { daemonDeployments } = ask('ListDaemonDeployments', { daemonArn });
  const [newest] = ask('DescribeDaemonDeployments', {
    daemonDeploymentArns: daemonDeployments.map(({ daemonDeploymentArn }: Answer) => daemonDeploymentArn),
  }).daemonDeployments;
  ask('DescribeDaemonRevisions', { daemonRevisionArns: [newest.targetDaemonRevision.arn] });
  ask('DeleteDaemon', { daemonArn });
  ask('DeleteDaemonTaskDefinition', { daemonTaskDefinition: daemonTaskDefinitionArn });
}

/** Every answer of every operation fits the service model of the SDK: what does not would vanish on the way. */
test('ECS answers in the shapes of the service model, and all its operations are asked here', () => {
  const play = new Play({
    desiredCount: 2,
    ...balanced,
    healthCheckGracePeriodSeconds: 30,
    tags: [{ key: 'team', value: 'a' }],
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { alarmNames: ['5xx'], enable: true, rollback: true },
      lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }],
    },
  });
  const asked = new Set<string>();
  const ask = (operation: string, input: Loose): Answer => {
    asked.add(operation);
    const answer = play.call(operation, input);
    expect({ operation, problem: answerProblem(operation, answer) }).toEqual({ operation, problem: undefined });
    return answer;
  };
  const hook = (): void => {
    const { serviceDeploymentArn, lifecycleHookDetails } = play.rollout;
    const { hookId } = lifecycleHookDetails.find(({ status }: Answer) => status === 'AWAITING_ACTION');
    ask('ContinueServiceDeployment', { serviceDeploymentArn, hookId });
  };
  hook();
  play.clock.advance(200);
  play.script.image('app:2', { failToStart: 'CannotPullContainerError: nope' });
  play.script.instance({ gpus: 1 });
  play.script.capacityProvider({ name: 'asg' });
  const network = { awsvpcConfiguration: { subnets: ['subnet-1'] } };

  ask('RegisterTaskDefinition', {
    family: 'other',
    containerDefinitions: [
      { name: 'x', image: 'x', memory: 5, dockerLabels: { a: 'b' }, healthCheck: { command: ['CMD', 'x'] } },
    ],
    tags: [{ key: 'a', value: 'b' }],
  });
  ask('DescribeTaskDefinition', { taskDefinition: 'other', include: ['TAGS'] });
  ask('ListTaskDefinitions', { familyPrefix: 'web', maxResults: 2 });
  ask('ListTaskDefinitionFamilies', { status: 'ACTIVE' });
  ask('CreateCluster', { clusterName: 'prod', tags: [{ key: 'a', value: 'b' }], capacityProviders: ['FARGATE'] });
  ask('PutClusterCapacityProviders', {
    cluster: 'prod',
    capacityProviders: ['FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
  });
  ask('DescribeClusters', { clusters: ['prod', 'default', 'none'], include: ['SETTINGS', 'TAGS', 'CONFIGURATIONS'] });
  ask('ListClusters', {});
  ask('DeleteCluster', { cluster: 'prod' });
  ask('DescribeCapacityProviders', {});
  const { containerInstanceArns } = ask('ListContainerInstances', {});
  ask('DescribeContainerInstances', { containerInstances: containerInstanceArns });
  ask('UpdateContainerInstancesState', { containerInstances: containerInstanceArns, status: 'DRAINING' });

  daemons(ask);
  ask('CreateService', {
    serviceName: 'second',
    taskDefinition: 'web:1',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: network,
  });
  ask('UpdateService', { service: 'web', taskDefinition: 'web:2' });
  play.clock.advance(15);
  ask('DescribeServices', { services: ['web', 'second', 'none'], include: ['TAGS'] });
  ask('ListServices', { launchType: 'FARGATE' });
  const { taskArns } = ask('ListTasks', { serviceName: 'web' });
  ask('DescribeTasks', { tasks: [...taskArns, 'gone'] });
  const stopped = ask('ListTasks', { serviceName: 'web', desiredStatus: 'STOPPED' });
  expect(ask('DescribeTasks', { tasks: stopped.taskArns }).tasks[0]).toMatchObject({ stopCode: 'TaskFailedToStart' });
  ask('UpdateTaskProtection', { cluster: 'default', tasks: [taskArns[0]], protectionEnabled: true });
  ask('GetTaskProtection', { cluster: 'default', tasks: taskArns });
  play.until(() => play.rollout.status === 'ROLLBACK_IN_PROGRESS');
  const { serviceDeployments } = ask('ListServiceDeployments', { service: 'web' });
  const arns = serviceDeployments.map(({ serviceDeploymentArn }: Answer) => serviceDeploymentArn);
  ask('DescribeServiceDeployments', { serviceDeploymentArns: [...arns, 'arn:aws:ecs:x:1:service-deployment/a/b/c'] });
  ask('DescribeServiceRevisions', {
    serviceRevisionArns: serviceDeployments.map((one: Answer) => one.targetServiceRevisionArn),
  });
  play.deploy('web:3');
  ask('StopServiceDeployment', { serviceDeploymentArn: play.rollout.serviceDeploymentArn });
  const run = ask('RunTask', { taskDefinition: 'web', launchType: 'FARGATE', networkConfiguration: network, count: 2 });
  ask('StopTask', { task: run.tasks[0].taskArn, reason: 'enough' });
  const resourceArn = play.service.serviceArn;
  ask('TagResource', { resourceArn, tags: [{ key: 'b', value: 'c' }] });
  expect(ask('ListTagsForResource', { resourceArn }).tags).toHaveLength(2);
  ask('UntagResource', { resourceArn, tagKeys: ['b'] });
  ask('DeleteService', { service: 'second', force: true });

  const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
  const { service: express } = ask('CreateExpressGatewayService', {
    serviceName: 'express',
    executionRoleArn: role('execution'),
    infrastructureRoleArn: role('infrastructure'),
    primaryContainer: { image: 'example.com/app:1', environment: [{ name: 'A', value: 'b' }] },
    tags: [{ key: 'a', value: 'b' }],
  });
  play.clock.advance(900);
  const { serviceArn } = express;
  ask('DescribeExpressGatewayService', { serviceArn, include: ['TAGS'] });
  ask('UpdateExpressGatewayService', { serviceArn, primaryContainer: { image: 'example.com/app:2' } });
  play.clock.advance(60);
  ask('DescribeExpressGatewayService', { serviceArn });
  ask('DeleteExpressGatewayService', { serviceArn });
  ask('DeregisterTaskDefinition', { taskDefinition: 'other:1' });
  ask('DeleteTaskDefinitions', { taskDefinitions: ['other:1', 'web:1'] });
  expect([...asked].sort()).toEqual([...play.simulator.ecs.operations].sort());
});

test.each([
  [{ services: [{ serviceNam: 'web' }] }, 'services[0].serviceNam is unknown'],
  [{ services: [{ desiredCount: '2' }] }, 'services[0].desiredCount is "2", not a number'],
  [{ services: [{ createdAt: '2026-01-01' }] }, 'services[0].createdAt is "2026-01-01", not seconds since the epoch'],
  [{ services: [{ serviceName: 'web', launchType: undefined }] }, undefined],
])('an answer that the SDK could not read is found: %j', (answer, expected) => {
  expect(answerProblem('DescribeServices', answer)).toBe(expected);
});

test('ECR answers in the shapes of the service model', async () => {
  const { ecr, registry } = new Play().simulator;
  const ask = async (operation: string, input: Loose): Promise<Answer> => {
    const answer = await ecr.handle(operation, input, context);
    expect({ operation, problem: answerProblem(operation, answer, ecrSdk) }).toEqual({ operation, problem: undefined });
    return answer;
  };
  const config = Buffer.from('{}');
  registry.blobs.set(registry.digestOf(config), config);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const imageManifest = JSON.stringify({ mediaType, config: { digest: registry.digestOf(config) }, layers: [] });
  await ask('GetAuthorizationToken', {});
  await ask('CreateRepository', { repositoryName: 'team/web', imageScanningConfiguration: { scanOnPush: true } });
  await ask('DescribeRepositories', { repositoryNames: ['team/web'] });
  const { image } = await ask('PutImage', { repositoryName: 'team/web', imageManifest, imageTag: 'a' });
  await ask('DescribeImages', { repositoryName: 'team/web' });
  await ask('ListImages', { repositoryName: 'team/web', filter: { tagStatus: 'TAGGED' } });
  const imageIds = [{ imageTag: 'a' }, { imageTag: 'none' }];
  const got = await ask('BatchGetImage', { repositoryName: 'team/web', imageIds });
  expect(got.images[0].imageId).toEqual(image.imageId);
  await ask('BatchCheckLayerAvailability', { repositoryName: 'team/web', layerDigests: [registry.digestOf(config)] });
  await ask('GetDownloadUrlForLayer', { repositoryName: 'team/web', layerDigest: registry.digestOf(config) });
  const deleted = await ask('BatchDeleteImage', { repositoryName: 'team/web', imageIds });
  expect(deleted).toMatchObject({ imageIds: [{ imageTag: 'a' }], failures: [{ failureCode: 'ImageNotFound' }] });
  await ask('DeleteRepository', { repositoryName: 'team/web' });
});

test('CloudWatch Logs answer in the shapes of the service model, and reading ends where the token repeats', () => {
  const { logs } = new Play().simulator;
  const ask = (operation: string, input: Loose): Answer => {
    const answer = logs.handle(operation, input, context);
    expect({ operation, problem: answerProblem(operation, answer, logsSdk) }).toEqual({
      operation,
      problem: undefined,
    });
    return answer;
  };
  const stream = { logGroupName: '/ecs/web', logStreamName: 'ecs/app/1' };
  ask('CreateLogGroup', { logGroupName: '/ecs/web' });
  ask('CreateLogStream', stream);
  const logEvents = [1, 2, 3].map((n) => ({ timestamp: n, message: `line ${n}` }));
  ask('PutLogEvents', { ...stream, logEvents });
  ask('DescribeLogGroups', { logGroupNamePrefix: '/ecs' });
  ask('DescribeLogStreams', { logGroupName: '/ecs/web' });
  const first = ask('GetLogEvents', { ...stream, limit: 2, startFromHead: true });
  const second = ask('GetLogEvents', { ...stream, limit: 2, nextToken: first.nextForwardToken });
  const third = ask('GetLogEvents', { ...stream, limit: 2, nextToken: second.nextForwardToken });
  expect([first, second, third].map(({ events }) => events.map(({ message }: Answer) => message))).toEqual([
    ['line 1', 'line 2'],
    ['line 3'],
    [],
  ]);
  expect(third.nextForwardToken).toBe(second.nextForwardToken);
  expect(ask('GetLogEvents', { ...stream, limit: 2 }).events).toHaveLength(2);
  ask('DeleteLogGroup', { logGroupName: '/ecs/web' });
});

test.each([
  ['a wrong type', 'DescribeServices', { services: 'web' }, 'SerializationException'],
  ['an unknown member', 'DescribeServices', { services: ['web'], servces: [] }, 'SerializationException'],
  ['an invented value', 'ListServices', { launchType: 'FARGAT' }, 'InvalidParameterException'],
  ['a missing cluster', 'DescribeServices', { services: ['web'], cluster: 'none' }, 'ClusterNotFoundException'],
  ['too many services', 'DescribeServices', { services: Array(11).fill('web') }, 'InvalidParameterException'],
  ['too many tasks', 'DescribeTasks', { tasks: Array(101).fill('t') }, 'InvalidParameterException'],
  ['a missing service', 'UpdateService', { service: 'none' }, 'ServiceNotFoundException'],
  ['a missing revision', 'UpdateService', { service: 'web', taskDefinition: 'web:99' }, 'ClientException'],
  ['a service that still runs', 'DeleteService', { service: 'web' }, 'InvalidParameterException'],
  [
    'a service that exists',
    'CreateService',
    { serviceName: 'web', taskDefinition: 'web' },
    'InvalidParameterException',
  ],
  ['startedBy with a service', 'ListTasks', { serviceName: 'web', startedBy: 'x' }, 'InvalidParameterException'],
  ['an invented token', 'ListTasks', { serviceName: 'web', nextToken: 'bm9uZQ==' }, 'InvalidParameterException'],
  [
    'a missing resource',
    'TagResource',
    { resourceArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/none', tags: [] },
    'ResourceNotFoundException',
  ],
  ['half an ARN', 'ListTagsForResource', { resourceArn: 'arn:x' }, 'ClientException'],
  [
    'the old ARN of a service',
    'TagResource',
    { resourceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/web', tags: [] },
    'InvalidParameterException',
  ],
  ['a missing member', 'UpdateService', { desiredCount: 1 }, 'InvalidParameterException'],
  ['a number for a name', 'UpdateService', { service: 1 }, 'SerializationException'],
  ['eleven tasks', 'RunTask', { taskDefinition: 'web', count: 11 }, 'InvalidParameterException'],
  ['a finished deployment', 'StopServiceDeployment', {}, 'ConflictException'],
  [
    'a deployment that is not there',
    'StopServiceDeployment',
    { serviceDeploymentArn: 'arn:aws:ecs:eu-west-1:1:service-deployment/default/web/no' },
    'ServiceDeploymentNotFoundException',
  ],
  [
    'percents that can never move',
    'UpdateService',
    { service: 'web', deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
    'InvalidParameterException',
  ],
  [
    'a capacity provider of another cluster',
    'UpdateService',
    { service: 'web', capacityProviderStrategy: [{ capacityProvider: 'asg' }] },
    'InvalidParameterException',
  ],
  [
    'a hook that would pause a traffic shift',
    'UpdateService',
    {
      service: 'web',
      deploymentConfiguration: {
        lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['PRODUCTION_TRAFFIC_SHIFT'] }],
      },
    },
    'InvalidParameterException',
  ],
])('ECS refuses %s: %s', (_, operation, input: Loose, name) => {
  const play = new Play();
  const given =
    operation === 'StopServiceDeployment' && !input.serviceDeploymentArn
      ? { serviceDeploymentArn: play.rollout.serviceDeploymentArn }
      : input;
  expect(() => play.call(operation, given)).toThrow(expect.objectContaining({ name }));
});

test('lists come in pages', () => {
  const play = new Play({ desiredCount: 5 });
  for (let i = 0; i < 25; i++) {
    play.deploy('web:2', { forceNewDeployment: true });
    play.clock.advance(1);
  }
  const arns: string[] = [];
  for (let nextToken: string | undefined, first = true; first || nextToken; first = false) {
    const answer = play.call('ListServiceDeployments', {
      service: 'web',
      maxResults: 10,
      ...(nextToken ? { nextToken } : {}),
    });
    arns.push(...answer.serviceDeployments.map(({ serviceDeploymentArn }: Answer) => serviceDeploymentArn));
    nextToken = answer.nextToken;
  }
  expect(new Set(arns).size).toBe(26);
  expect(play.call('ListServiceDeployments', { service: 'web' }).serviceDeployments).toHaveLength(20);
  const stopped = play.call('ListServiceDeployments', { service: 'web', status: ['STOPPED'], maxResults: 100 });
  expect(stopped.serviceDeployments).toHaveLength(24);
});

test.each([
  ['IMMUTABLE', [], 'v1', 'ImageTagAlreadyExistsException'],
  ['MUTABLE', [], 'v1', undefined],
  ['IMMUTABLE_WITH_EXCLUSION', ['latest*'], 'latest-a', undefined],
  ['IMMUTABLE_WITH_EXCLUSION', ['latest*'], 'v1', 'ImageTagAlreadyExistsException'],
  ['MUTABLE_WITH_EXCLUSION', ['v*'], 'v1', 'ImageTagAlreadyExistsException'],
  ['MUTABLE_WITH_EXCLUSION', ['v*'], 'latest', undefined],
])('a tag of an %s repository (except %j) is moved: %s', async (imageTagMutability, filters, imageTag, refused) => {
  const { ecr } = new Play().simulator;
  const imageTagMutabilityExclusionFilters = filters.map((filter) => ({ filterType: 'WILDCARD', filter }));
  await ecr.handle(
    'CreateRepository',
    {
      repositoryName: 'web',
      imageTagMutability,
      ...(filters.length > 0 ? { imageTagMutabilityExclusionFilters } : {}),
    },
    context,
  );
  const put = async (n: number): Promise<string | undefined> => {
    const imageManifest = JSON.stringify({ mediaType: 'application/vnd.oci.image.manifest.v1+json', layers: [], n });
    try {
      await ecr.handle('PutImage', { repositoryName: 'web', imageManifest, imageTag }, context);
      return undefined;
    } catch (thrown) {
      return (thrown as Error).name;
    }
  };
  expect(await put(1)).toBeUndefined();
  expect(await put(1)).toBe('ImageAlreadyExistsException');
  expect(await put(2)).toBe(refused);
});
