/** The SDK's optional shapes, made into strict values of ours. Pure translation, one function per shape. */
import type * as sdk from '@aws-sdk/client-ecs';
import { lastPart, parseArn } from '../arn.ts';
import { clip } from '../clip.ts';
import {
  type ContainerDefinition,
  type ContainerState,
  type DeploymentState,
  defined,
  type Instant,
  type Json,
  type JsonObject,
  READ_ONLY_FIELDS,
  type Revision,
  type RevisionCount,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceRevision,
  type ServiceState,
  type Tags,
  type TaskState,
} from '../model.ts';
import { failedHealthCheck, serviceEvent, statusCauses } from './ecs-events.ts';

/** AWS's own words, never longer than what is worth reading: each poll of the service reads them again. */
const words = (text: string | undefined): string | undefined => (text === undefined ? undefined : clip(text));

const instant = (date: Date | undefined): Instant | undefined => (date ? date.getTime() / 1000 : undefined);

export function serviceState(service: sdk.Service): ServiceState {
  const { partition = '', region = '', account = '' } = parseArn(service.serviceArn ?? '') ?? {};
  const configuration = service.deploymentConfiguration ?? {};
  const { alarms, deploymentCircuitBreaker: breaker } = configuration;
  const network = service.networkConfiguration?.awsvpcConfiguration;
  const connect = service.deployments?.[0]?.serviceConnectConfiguration;
  const volumes = (service.deployments?.[0]?.volumeConfigurations ?? []).flatMap(({ name }) => name ?? []);
  const daemon = service.schedulingStrategy === 'DAEMON';
  return {
    arn: service.serviceArn ?? '',
    partition,
    region,
    account,
    name: service.serviceName ?? '',
    clusterArn: service.clusterArn ?? '',
    status: service.status ?? 'INACTIVE',
    schedulingStrategy: daemon ? 'DAEMON' : 'REPLICA',
    deploymentController: service.deploymentController?.type ?? 'ECS',
    capacityProviders: (service.capacityProviderStrategy ?? []).flatMap(
      ({ capacityProvider }) => capacityProvider ?? [],
    ),
    desiredCount: service.desiredCount ?? 0,
    runningCount: service.runningCount ?? 0,
    pendingCount: service.pendingCount ?? 0,
    taskDefinitionArn: service.taskDefinition ?? '',
    deployments: (service.deployments ?? []).map(deploymentState),
    events: (service.events ?? []).map(({ id, createdAt, message }) =>
      serviceEvent({ id: id ?? '', at: instant(createdAt) ?? 0, message: clip(message ?? '') }),
    ),
    minimumHealthyPercent: configuration.minimumHealthyPercent ?? (daemon ? 0 : 100),
    maximumPercent: configuration.maximumPercent ?? (daemon ? 100 : 200),
    strategy: configuration.strategy ?? 'ROLLING',
    loadBalancers: (service.loadBalancers ?? []).map(({ targetGroupArn, containerName, containerPort }) =>
      defined({ targetGroupArn, containerName, containerPort }),
    ),
    subnets: network?.subnets ?? [],
    securityGroups: network?.securityGroups ?? [],
    enableExecuteCommand: service.enableExecuteCommand ?? false,
    enableEcsManagedTags: service.enableECSManagedTags ?? false,
    propagateTags: service.propagateTags ?? 'NONE',
    ...defined({
      createdAt: instant(service.createdAt),
      launchType: service.launchType,
      platformVersion: service.platformVersion,
      assignPublicIp: network && network.assignPublicIp === 'ENABLED',
      serviceConnectPorts: connect?.enabled
        ? (connect.services ?? []).flatMap(({ portName }) => portName ?? [])
        : undefined,
      volumes: volumes.length > 0 ? volumes : undefined,
      bakeTimeMinutes: configuration.bakeTimeInMinutes,
      earlySuccessPercent: configuration.earlySuccessCriteria?.enable
        ? configuration.earlySuccessCriteria.healthyPercent
        : undefined,
      healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
      circuitBreaker: breaker && {
        enable: breaker.enable ?? false,
        rollback: breaker.rollback ?? false,
        ...defined({ threshold: breakerThreshold(breaker), resetOnHealthyTask: breaker.resetOnHealthyTask }),
      },
      alarms: alarms && {
        names: alarms.alarmNames ?? [],
        enable: alarms.enable ?? false,
        rollback: alarms.rollback ?? false,
      },
    }),
  };
}

function breakerThreshold(breaker: sdk.DeploymentCircuitBreaker): { type: string; value: number } | undefined {
  const { type, value } = breaker.thresholdConfiguration ?? {};
  return type === undefined || value === undefined ? undefined : { type, value };
}

function deploymentState(deployment: sdk.Deployment): DeploymentState {
  return {
    id: deployment.id ?? '',
    status: deployment.status ?? '',
    taskDefinitionArn: deployment.taskDefinition ?? '',
    desiredCount: deployment.desiredCount ?? 0,
    runningCount: deployment.runningCount ?? 0,
    pendingCount: deployment.pendingCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    createdAt: instant(deployment.createdAt) ?? 0,
    updatedAt: instant(deployment.updatedAt) ?? 0,
    ...defined({
      rolloutState: deployment.rolloutState,
      rolloutStateReason: words(deployment.rolloutStateReason),
      rolloutCauses: statusCauses(words(deployment.rolloutStateReason)),
    }),
  };
}

export function taskState(task: sdk.Task): TaskState {
  const address = task.attachments
    ?.flatMap(({ details }) => details ?? [])
    .find(({ name }) => name === 'privateIPv4Address')?.value;
  return {
    arn: task.taskArn ?? '',
    id: lastPart(task.taskArn ?? ''),
    taskDefinitionArn: task.taskDefinitionArn ?? '',
    lastStatus: task.lastStatus ?? '',
    desiredStatus: task.desiredStatus ?? '',
    healthStatus: task.healthStatus ?? 'UNKNOWN',
    containers: (task.containers ?? []).map(containerState),
    ...defined({
      startedBy: task.startedBy,
      launchType: task.launchType,
      capacityProviderName: task.capacityProviderName,
      availabilityZone: task.availabilityZone,
      privateIp: address,
      createdAt: instant(task.createdAt),
      startedAt: instant(task.startedAt),
      stoppedAt: instant(task.stoppedAt),
      stopCode: task.stopCode,
      stoppedReason: words(task.stoppedReason),
      failedHealthCheck: failedHealthCheck(words(task.stoppedReason)),
    }),
  };
}

function containerState(container: sdk.Container): ContainerState {
  return {
    name: container.name ?? '',
    image: container.image ?? '',
    lastStatus: container.lastStatus ?? '',
    healthStatus: container.healthStatus ?? 'UNKNOWN',
    ...defined({ imageDigest: container.imageDigest, exitCode: container.exitCode, reason: words(container.reason) }),
  };
}

export function revision(described: sdk.TaskDefinition, tags: readonly sdk.Tag[] | undefined): Revision {
  const definition = Object.fromEntries(
    Object.entries(described).filter(([field, value]) => !READ_ONLY_FIELDS.includes(field) && value !== undefined),
  ) as JsonObject;
  return {
    arn: described.taskDefinitionArn ?? '',
    family: described.family ?? '',
    revision: described.revision ?? 0,
    status: described.status ?? 'ACTIVE',
    definition: {
      ...definition,
      family: described.family ?? '',
      containerDefinitions: (definition.containerDefinitions ??
        []) as readonly Json[] as readonly ContainerDefinition[],
    },
    tags: ourTags(tags),
    ...defined({ registeredAt: instant(described.registeredAt) }),
  };
}

const ourTags = (tags: readonly sdk.Tag[] | undefined): Tags =>
  (tags ?? []).map(({ key, value }) => ({ key: key ?? '', value: value ?? '' }));

export function serviceDeploymentBrief(brief: sdk.ServiceDeploymentBrief): ServiceDeploymentBrief {
  return {
    arn: brief.serviceDeploymentArn ?? '',
    status: brief.status ?? '',
    createdAt: instant(brief.createdAt) ?? 0,
    ...defined({
      statusReason: words(brief.statusReason),
      statusCauses: statusCauses(words(brief.statusReason)),
      targetServiceRevisionArn: brief.targetServiceRevisionArn,
      finishedAt: instant(brief.finishedAt),
    }),
  };
}

export function serviceDeployment(described: sdk.ServiceDeployment): ServiceDeployment {
  const {
    deploymentConfiguration: configuration = {},
    deploymentCircuitBreaker: breaker,
    alarms,
    rollback,
  } = described;
  const early = configuration.earlySuccessCriteria;
  const target = described.targetServiceRevision && revisionCount(described.targetServiceRevision);
  return {
    arn: described.serviceDeploymentArn ?? '',
    clusterArn: described.clusterArn ?? '',
    serviceArn: described.serviceArn ?? '',
    status: described.status ?? '',
    createdAt: instant(described.createdAt) ?? 0,
    sources: (described.sourceServiceRevisions ?? []).map(revisionCount),
    hooks: (described.lifecycleHookDetails ?? []).map((hook) =>
      defined({
        id: hook.hookId,
        targetType: hook.targetType,
        status: hook.status,
        expiresAt: instant(hook.expiresAt),
      }),
    ),
    ...defined({
      statusReason: words(described.statusReason),
      statusCauses: statusCauses(words(described.statusReason)),
      targetServiceRevisionArn: target?.arn,
      target,
      finishedAt: instant(described.finishedAt),
      startedAt: instant(described.startedAt),
      updatedAt: instant(described.updatedAt),
      rollback:
        rollback &&
        defined({
          reason: words(rollback.reason),
          causes: statusCauses(words(rollback.reason)),
          serviceRevisionArn: rollback.serviceRevisionArn,
        }),
      circuitBreaker: breaker && {
        status: breaker.status ?? '',
        failureCount: breaker.failureCount ?? 0,
        threshold: breaker.threshold ?? 0,
      },
      alarms: alarms && {
        names: alarms.alarmNames ?? [],
        triggered: alarms.triggeredAlarmNames ?? [],
        ...defined({ status: alarms.status }),
      },
      lifecycleStage: described.lifecycleStage,
      strategy: configuration.strategy,
      bakeTimeMinutes: configuration.bakeTimeInMinutes,
      earlySuccessPercent: early?.enable ? early.healthyPercent : undefined,
    }),
  };
}

function revisionCount(summary: sdk.ServiceRevisionSummary): RevisionCount {
  return {
    arn: summary.arn ?? '',
    requested: summary.requestedTaskCount ?? 0,
    running: summary.runningTaskCount ?? 0,
    pending: summary.pendingTaskCount ?? 0,
    ...defined({ trafficPercent: summary.requestedProductionTrafficWeight }),
  };
}

export function serviceRevision(described: sdk.ServiceRevision): ServiceRevision {
  return {
    arn: described.serviceRevisionArn ?? '',
    taskDefinitionArn: described.taskDefinition ?? '',
    images: (described.containerImages ?? []).map(({ containerName, image, imageDigest }) => ({
      containerName: containerName ?? '',
      image: image ?? '',
      ...defined({ digest: imageDigest }),
    })),
    ...defined({ createdAt: instant(described.createdAt) }),
  };
}
