import { type Input, pick } from '../../wire/service.ts';
import { breakerThreshold } from '../circuit-breaker.ts';
import { healthOf } from '../health.ts';
import {
  computedDesiredCount,
  counts,
  type Deployment,
  hasTaskSets,
  running,
  type SimService,
  type SimServiceDeployment,
  type SimTask,
} from '../state.ts';

/** What the Describe operations show of the simulator's state. */
const of = (service: SimService, deployment: Deployment): SimTask[] =>
  running(service).filter(({ deploymentId }) => deploymentId === deployment.id);

export const serviceDeploymentArn = (service: SimService, { id }: SimServiceDeployment): string =>
  `${service.arn.replace(':service/', ':service-deployment/')}/${id}`;
export const revisionArn = (service: SimService, { number }: Deployment): string =>
  `${service.arn.replace(':service/', ':service-revision/')}/${number}`;

/** Members of a service that DescribeServices shows as they were given. */
const SHOWN = [
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'platformFamily',
  'networkConfiguration',
  'schedulingStrategy',
  'deploymentController',
  'enableECSManagedTags',
  'propagateTags',
  'enableExecuteCommand',
  'availabilityZoneRebalancing',
  'placementConstraints',
  'placementStrategy',
  'serviceRegistries',
  'createdAt',
  'createdBy',
  'roleArn',
  'resourceManagementType',
];

export function describeService(service: SimService): Record<string, unknown> {
  const count = counts(service.tasks);
  const current = service.current ?? service.serviceDeployments.at(-1);
  return {
    // Lists that were not given are empty: https://docs.aws.amazon.com/cli/latest/reference/ecs/create-service.html (examples)
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    ...pick(service.settings, SHOWN),
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: count.running,
    pendingCount: count.pending,
    taskDefinition: service.taskDefinition,
    deploymentConfiguration: service.configuration,
    ...(service.healthCheckGracePeriodSeconds === undefined
      ? {}
      : { healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds }),
    loadBalancers: service.loadBalancers,
    ...(hasTaskSets(service)
      ? { deployments: [], taskSets: service.deployments.map((set) => describeTaskSet(service, set)) }
      : { deployments: service.deployments.map((deployment) => describeDeployment(service, deployment)) }),
    events: service.events.slice(0, 100),
    ...(current ? { currentServiceDeployment: serviceDeploymentArn(service, current) } : {}),
    ...(hasTaskSets(service)
      ? {}
      : { currentServiceRevisions: service.deployments.map((deployment) => summary(service, deployment)) }),
  };
}

/** Of the revision: what Deployment shows beside the counts. */
const REVISION = [
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'platformFamily',
  'networkConfiguration',
];

export function describeDeployment(service: SimService, deployment: Deployment): object {
  const tasks = of(service, deployment);
  const count = counts(tasks);
  const wanted = tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').length;
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.taskDefinition,
    desiredCount: deployment.status === 'PRIMARY' ? service.desiredCount : wanted,
    runningCount: count.running,
    pendingCount: count.pending,
    failedTasks: deployment.failedTasks,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    ...pick(deployment.revision, [
      ...REVISION,
      'serviceConnectConfiguration',
      'volumeConfigurations',
      'vpcLatticeConfigurations',
    ]),
  };
}

/** Of the revision: what TaskSet shows beside the counts. */
const OF_TASK_SETS = [...REVISION, 'serviceRegistries'];

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html */
export function describeTaskSet(service: SimService, deployment: Deployment): Record<string, unknown> {
  const { id, status, taskDefinition, createdAt, updatedAt, revision, taskSet } = deployment;
  const count = counts(of(service, deployment));
  return {
    id,
    taskSetArn: taskSetArn(service, deployment),
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    status,
    taskDefinition,
    computedDesiredCount: computedDesiredCount(service, deployment),
    pendingCount: count.pending,
    runningCount: count.running,
    createdAt,
    updatedAt,
    loadBalancers: taskSet?.loadBalancers ?? [],
    serviceRegistries: [],
    scale: { value: taskSet?.scale ?? 100, unit: 'PERCENT' },
    stabilityStatus: taskSet?.stability ?? 'STABILIZING',
    stabilityStatusAt: taskSet?.stableAt ?? createdAt,
    ...pick(revision, OF_TASK_SETS),
    ...defined({ startedBy: taskSet?.startedBy, externalId: taskSet?.externalId }),
  };
}

/** `arn:aws:ecs:REGION:ACCOUNT:task-set/CLUSTER/SERVICE/ecs-svc/N` */
export const taskSetArn = (service: SimService, { id }: Pick<Deployment, 'id'>): string =>
  `${service.arn.replace(':service/', ':task-set/')}/${id}`;

export function describeRevision(service: SimService, deployment: Deployment, definition: Input): object {
  const containers = definition.containerDefinitions as readonly { name: string; image: string }[];
  return {
    ...pick(deployment.revision, [
      ...REVISION,
      'serviceRegistries',
      'serviceConnectConfiguration',
      'volumeConfigurations',
      'vpcLatticeConfigurations',
      'gatewayConnectors',
      'monitoring',
    ]),
    serviceRevisionArn: revisionArn(service, deployment),
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: deployment.taskDefinition,
    createdAt: deployment.createdAt,
    loadBalancers: deployment.revision.loadBalancers ?? service.loadBalancers,
    guardDutyEnabled: false,
    containerImages: containers.map(({ name, image }) => {
      const imageDigest = deployment.digests.get(image) ?? /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
      return { containerName: name, image, ...(imageDigest === undefined ? {} : { imageDigest }) };
    }),
  };
}

export function briefServiceDeployment(service: SimService, rollout: SimServiceDeployment) {
  return {
    serviceDeploymentArn: serviceDeploymentArn(service, rollout),
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    status: rollout.status,
    createdAt: rollout.createdAt,
    targetServiceRevisionArn: revisionArn(service, rollout.target),
    ...defined({ statusReason: rollout.statusReason, startedAt: rollout.startedAt, finishedAt: rollout.finishedAt }),
  };
}

export function describeServiceDeployment(service: SimService, rollout: SimServiceDeployment): object {
  const { target, configuration, rollback, breaker, alarms } = rollout;
  const { targetServiceRevisionArn: _, ...brief } = briefServiceDeployment(service, rollout);
  const restored = rollback ? [rollback.to] : [];
  const blue = 100 - rollout.weight;
  return {
    ...brief,
    updatedAt: rollout.updatedAt,
    ...defined({ stoppedAt: rollout.stoppedAt }),
    sourceServiceRevisions: [...new Set([...rollout.sources, ...restored])].map((one) => ({
      ...summary(service, one),
      requestedProductionTrafficWeight: blue,
      requestedTestTrafficWeight: 100 - rollout.testWeight,
    })),
    targetServiceRevision: {
      ...summary(service, target),
      requestedProductionTrafficWeight: rollout.weight,
      requestedTestTrafficWeight: rollout.testWeight,
    },
    lifecycleStage: rollout.stage,
    lifecycleHookDetails: rollout.hooks.map(({ hookId, targetType, targetArn, status, expiresAt, timeoutAction }) => ({
      hookId,
      targetType,
      status,
      expiresAt,
      timeoutAction,
      ...defined({ targetArn }),
    })),
    deploymentConfiguration: configuration,
    ...(rollback
      ? {
          rollback: {
            reason: rollback.reason,
            startedAt: rollback.startedAt,
            serviceRevisionArn: revisionArn(service, rollback.to),
          },
        }
      : {}),
    deploymentCircuitBreaker: {
      status: breaker.status,
      failureCount: breaker.failureCount,
      threshold: breakerThreshold(service.configuration, service.desiredCount),
    },
    alarms: {
      status: alarms.status,
      alarmNames: configuration.alarms?.alarmNames ?? [],
      triggeredAlarmNames: [...alarms.triggered],
    },
  };
}

function summary(service: SimService, deployment: Deployment) {
  const tasks = of(service, deployment);
  const count = counts(tasks);
  return {
    arn: revisionArn(service, deployment),
    requestedTaskCount:
      deployment.status === 'PRIMARY'
        ? service.desiredCount
        : tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').length,
    runningTaskCount: count.running,
    pendingTaskCount: count.pending,
  };
}

export const defined = (parts: Input): Input =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));

export function describeTask(task: SimTask): object {
  const { definition, cluster, instance } = task;
  const awsvpc = definition.networkMode === 'awsvpc';
  const pulled = task.pullStoppedAt !== undefined;
  const ran = task.startedAt !== undefined;
  return {
    taskArn: task.arn,
    clusterArn: cluster.arn,
    taskDefinitionArn: task.taskDefinitionArn,
    group: task.group,
    ...(task.deploymentId === '' ? {} : { startedBy: task.deploymentId }),
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: healthOf(task),
    ...(task.capacityProvider === undefined
      ? { launchType: task.launchType }
      : { capacityProviderName: task.capacityProvider }),
    ...(task.launchType === 'FARGATE' ? { platformVersion: '1.4.0', platformFamily: 'Linux' } : {}),
    availabilityZone: `${cluster.arn.split(':')[3]}a`,
    connectivity: 'CONNECTED',
    createdAt: task.createdAt,
    version: 1,
    overrides: task.settings.overrides ?? { containerOverrides: [], inferenceAcceleratorOverrides: [] },
    ...pick(task.settings, ['enableExecuteCommand']),
    ...defined({
      cpu: definition.cpu,
      memory: definition.memory,
      containerInstanceArn: instance?.arn,
      pullStartedAt: task.pullStartedAt,
      pullStoppedAt: task.pullStoppedAt,
      startedAt: task.startedAt,
      stoppingAt: task.stoppingAt,
      executionStoppedAt: ran ? task.executionStoppedAt : undefined,
      stoppedAt: task.stoppedAt,
      stopCode: task.stopCode,
      stoppedReason: task.stoppedReason,
    }),
    attachments: awsvpc ? [networkInterface(task)] : [],
    containers: task.containers.map(({ name, image }) => ({
      containerArn: `${task.arn.replace(':task/', ':container/')}/${name}`,
      taskArn: task.arn,
      name,
      image,
      lastStatus: containerStatus(task),
      healthStatus: task.health.get(name) ?? 'UNKNOWN',
      ...(pulled ? { runtimeId: `${task.id}-${name}` } : {}),
      ...defined({ imageDigest: pulled ? task.digests.get(image) : undefined }),
      networkInterfaces:
        awsvpc && task.lastStatus !== 'PROVISIONING'
          ? [{ attachmentId: task.id, privateIpv4Address: task.privateIp }]
          : [],
      ...task.ended.find((one) => one.name === name),
    })),
  };
}

/** Containers know three states: they are started as the task is activated, and end before its interface does. */
function containerStatus(task: SimTask): 'PENDING' | 'RUNNING' | 'STOPPED' {
  const { lastStatus, pullStoppedAt, executionStoppedAt } = task;
  if (executionStoppedAt !== undefined) return 'STOPPED';
  switch (lastStatus) {
    case 'PROVISIONING':
    case 'PENDING':
      return 'PENDING';
    case 'DEPROVISIONING':
    case 'STOPPED':
      return 'STOPPED';
    default:
      return pullStoppedAt === undefined ? 'PENDING' : 'RUNNING';
  }
}

/** Attachment.status. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Attachment.html */
const INTERFACE_STATUS: Partial<Record<SimTask['lastStatus'], string>> = {
  PROVISIONING: 'PRECREATED',
  DEPROVISIONING: 'DETACHING',
  STOPPED: 'DELETED',
};

const networkInterface = ({ id, privateIp, lastStatus }: SimTask) => ({
  id,
  type: 'ElasticNetworkInterface',
  status: INTERFACE_STATUS[lastStatus] ?? 'ATTACHED',
  details: [
    { name: 'subnetId', value: 'subnet-1' },
    ...(lastStatus === 'PROVISIONING'
      ? []
      : [
          { name: 'networkInterfaceId', value: `eni-0${id.slice(0, 16)}` },
          { name: 'privateIPv4Address', value: privateIp },
        ]),
  ],
});
