import { running } from './scheduler.ts';
import type { Deployment, SimService, SimTask } from './state.ts';

/** What the Describe operations show of the simulator's state. */
const of = (service: SimService, deployment: Deployment): SimTask[] =>
  running(service).filter(({ deploymentId }) => deploymentId === deployment.id);

export function describeService(service: SimService) {
  return {
    ...service.settings,
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.clusterArn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: running(service).filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingCount: running(service).filter(({ lastStatus }) => lastStatus === 'PENDING').length,
    taskDefinition: service.taskDefinition,
    deploymentConfiguration: {
      minimumHealthyPercent: service.minimumHealthyPercent,
      maximumPercent: service.maximumPercent,
      deploymentCircuitBreaker: service.circuitBreaker,
      strategy: 'ROLLING',
      ...(service.alarms ? { alarms: service.alarms } : {}),
    },
    ...(service.healthCheckGracePeriodSeconds === undefined
      ? {}
      : { healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds }),
    loadBalancers: service.loadBalancers,
    deployments: service.deployments.map((deployment) => describeDeployment(service, deployment)),
    events: service.events.slice(0, 100),
  };
}

export function describeDeployment(service: SimService, deployment: Deployment) {
  const tasks = of(service, deployment).filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.taskDefinition,
    desiredCount: deployment.status === 'PRIMARY' ? service.desiredCount : tasks.length,
    runningCount: of(service, deployment).filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingCount: of(service, deployment).filter(({ lastStatus }) => lastStatus === 'PENDING').length,
    failedTasks: deployment.failedTasks,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    createdAt: deployment.createdAt,
    updatedAt: deployment.finishedAt ?? deployment.createdAt,
  };
}

describeDeployment.revision = (
  service: SimService,
  deployment: Deployment,
  definition: Readonly<Record<string, unknown>>,
) => ({
  serviceRevisionArn: revisionArn(service, deployment.number),
  serviceArn: service.arn,
  clusterArn: service.clusterArn,
  taskDefinition: deployment.taskDefinition,
  createdAt: deployment.createdAt,
  containerImages: (definition.containerDefinitions as { name: string; image: string }[]).map(({ name, image }) => {
    const digest = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
    return { containerName: name, image, ...(digest ? { imageDigest: digest } : {}) };
  }),
});

const revisionArn = (service: SimService, number: string): string =>
  `${service.arn.replace(':service/', ':service-revision/')}/${number}`;

export function describeServiceDeployment(service: SimService, deployment: Deployment, now: number) {
  const [status, statusReason] = statusOf(service, deployment);
  const target = of(service, deployment);
  const sources = service.deployments.filter(({ id }) => id !== deployment.id);
  return {
    serviceDeploymentArn: `${service.arn.replace(':service/', ':service-deployment/')}/${deployment.number}`,
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    status,
    ...(statusReason ? { statusReason } : {}),
    createdAt: deployment.createdAt,
    startedAt: deployment.createdAt,
    updatedAt: now,
    ...(deployment.finishedAt === undefined ? {} : { finishedAt: deployment.finishedAt }),
    targetServiceRevisionArn: revisionArn(service, deployment.number),
    targetServiceRevision: counts(revisionArn(service, deployment.number), service.desiredCount, target),
    sourceServiceRevisions: sources.map((one) => counts(revisionArn(service, one.number), 0, of(service, one))),
    deploymentCircuitBreaker: {
      status: service.circuitBreaker.enable
        ? deployment.rolloutState === 'FAILED'
          ? 'TRIGGERED'
          : 'MONITORING'
        : 'DISABLED',
      failureCount: deployment.failedTasks,
      threshold: Math.min(200, Math.max(3, Math.ceil(service.desiredCount / 2))),
    },
  };
}

const counts = (arn: string, requested: number, tasks: readonly SimTask[]) => ({
  arn,
  requestedTaskCount: requested,
  runningTaskCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
  pendingTaskCount: tasks.filter(({ lastStatus }) => lastStatus === 'PENDING').length,
});

function statusOf(service: SimService, deployment: Deployment): [status: string, reason?: string] {
  if (deployment.rollbackTo !== undefined) {
    const restored = service.deployments.find(({ id }) => id === deployment.rollbackTo);
    const done = restored?.status === 'PRIMARY' && restored.rolloutState === 'COMPLETED';
    return [done ? 'ROLLBACK_SUCCESSFUL' : 'ROLLBACK_IN_PROGRESS', deployment.rolloutStateReason];
  }
  if (deployment.rolloutState === 'COMPLETED') return ['SUCCESSFUL'];
  if (deployment.rolloutState === 'FAILED') return ['STOPPED', deployment.rolloutStateReason];
  return deployment.status === 'PRIMARY' ? ['IN_PROGRESS'] : ['STOPPED', 'Replaced by a new service deployment.'];
}

export function describeTask(task: SimTask) {
  return {
    taskArn: task.arn,
    clusterArn: task.service.clusterArn,
    taskDefinitionArn: task.taskDefinitionArn,
    group: `service:${task.service.name}`,
    startedBy: task.deploymentId,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: task.healthStatus,
    launchType: task.service.settings.launchType,
    createdAt: task.createdAt,
    ...(task.startedAt === undefined ? {} : { startedAt: task.startedAt }),
    ...(task.stoppedAt === undefined
      ? {}
      : { stoppedAt: task.stoppedAt, stopCode: task.stopCode, stoppedReason: task.stoppedReason }),
    containers: task.containers.map(({ name, image }) => ({
      name,
      image,
      lastStatus: task.lastStatus,
      healthStatus: task.healthStatus,
      ...task.ended.find((one) => one.name === name),
    })),
  };
}
