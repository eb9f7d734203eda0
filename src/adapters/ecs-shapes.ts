/**
 * Reads what ECS answers, once: the SDK's optional shapes become strict values of ours, one function per shape, and the words of
 * service events and of the reasons of deployments and tasks become values, so that nothing else searches a text of AWS.
 */
import type * as sdk from '@aws-sdk/client-ecs';
import { lastPart, parseArn } from '../arn.ts';
import { clip } from '../clip.ts';
import {
  type ContainerDefinition,
  type ContainerState,
  type DeploymentState,
  defined,
  type ExpressService,
  type Instant,
  type Json,
  type JsonObject,
  type LoadBalancer,
  READ_ONLY_FIELDS,
  type Revision,
  type RevisionCount,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceEvent,
  type ServiceRevision,
  type ServiceState,
  type StatusCause,
  type Tags,
  type TaskPlacement,
  type TaskSetState,
  type TaskState,
} from '../model.ts';

/** AWS's own words, never longer than what is worth reading: each poll of the service reads them again. */
const words = (text: string | undefined): string | undefined => (text === undefined ? undefined : clip(text));

/** A service of the controller EXTERNAL has its revision, network and load balancers in its task sets alone. */
function withTaskSet(service: sdk.Service): sdk.Service {
  const set = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  if (!set) return service;
  const { taskDefinition, networkConfiguration, launchType, loadBalancers = [] } = set;
  return {
    ...service,
    taskDefinition: service.taskDefinition || taskDefinition,
    networkConfiguration: service.networkConfiguration ?? networkConfiguration,
    launchType: service.launchType ?? launchType,
    loadBalancers: service.loadBalancers?.length ? service.loadBalancers : loadBalancers,
  };
}

const instant = (date: Date | undefined): Instant | undefined => (date ? date.getTime() / 1000 : undefined);

export function serviceState(described: sdk.Service): ServiceState {
  const service = described.deploymentController?.type === 'EXTERNAL' ? withTaskSet(described) : described;
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
    loadBalancers: loadBalancers(service.loadBalancers),
    subnets: network?.subnets ?? [],
    securityGroups: network?.securityGroups ?? [],
    enableExecuteCommand: service.enableExecuteCommand ?? false,
    enableEcsManagedTags: service.enableECSManagedTags ?? false,
    propagateTags: service.propagateTags ?? 'NONE',
    settings: settingsOf(service),
    ...defined({
      placement: placementOf(service),
      taskSets: service.taskSets?.map(taskSetState),
      createdAt: instant(service.createdAt),
      express: service.resourceManagementType === 'ECS' ? (true as const) : undefined,
      launchType: service.launchType,
      platformVersion: service.platformVersion,
      assignPublicIp: network && network.assignPublicIp === 'ENABLED',
      serviceConnectPorts: connect?.enabled
        ? (connect.services ?? []).flatMap(({ portName }) => portName ?? [])
        : undefined,
      latticePorts: latticePortsOf(service.deployments?.[0]?.vpcLatticeConfigurations),
      volumes: volumes.length > 0 ? volumes : undefined,
      bakeTimeMinutes: configuration.bakeTimeInMinutes,
      linear: configuration.linearConfiguration && defined(configuration.linearConfiguration),
      canary: configuration.canaryConfiguration && defined(configuration.canaryConfiguration),
      lifecycleHooks: configuration.lifecycleHooks?.map((hook) => defined({ ...hook }) as JsonObject),
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

const loadBalancers = (balancers: readonly sdk.LoadBalancer[] | undefined): readonly LoadBalancer[] =>
  (balancers ?? []).map(
    ({ targetGroupArn, loadBalancerName, containerName, containerPort, advancedConfiguration: advanced }) =>
      defined({
        targetGroupArn,
        loadBalancerName,
        containerName,
        containerPort,
        advanced: advanced && defined(advanced),
      }),
  );

const taskSetState = (set: sdk.TaskSet): TaskSetState => ({
  id: set.id ?? '',
  status: set.status ?? '',
  taskDefinitionArn: set.taskDefinition ?? '',
  desiredCount: set.computedDesiredCount ?? 0,
  runningCount: set.runningCount ?? 0,
  pendingCount: set.pendingCount ?? 0,
  loadBalancers: loadBalancers(set.loadBalancers),
  createdAt: instant(set.createdAt) ?? 0,
  updatedAt: instant(set.updatedAt) ?? 0,
  ...defined({ externalId: set.externalId || undefined }),
});

/** In plain JSON: what the SDK leaves undefined is absent. */
const plain = (items: readonly object[] | undefined): readonly JsonObject[] | undefined =>
  items && items.length > 0 ? JSON.parse(JSON.stringify(items)) : undefined;

/** Members that CreateService takes as well; those of a revision are described with their deployment. */
function settingsOf(service: sdk.Service): JsonObject {
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY') ?? service.deployments?.[0];
  return JSON.parse(
    JSON.stringify({
      availabilityZoneRebalancing: service.availabilityZoneRebalancing,
      loadBalancers: service.loadBalancers,
      serviceRegistries: service.serviceRegistries,
      launchType: service.launchType,
      capacityProviderStrategy: service.capacityProviderStrategy,
      platformVersion: service.platformVersion,
      role: service.roleArn,
      deploymentConfiguration: service.deploymentConfiguration,
      placementConstraints: service.placementConstraints,
      placementStrategy: service.placementStrategy,
      networkConfiguration: service.networkConfiguration,
      healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
      schedulingStrategy: service.schedulingStrategy,
      deploymentController: service.deploymentController,
      enableECSManagedTags: service.enableECSManagedTags,
      propagateTags: service.propagateTags,
      enableExecuteCommand: service.enableExecuteCommand,
      serviceConnectConfiguration: primary?.serviceConnectConfiguration,
      volumeConfigurations: primary?.volumeConfigurations,
      vpcLatticeConfigurations: primary?.vpcLatticeConfigurations,
    }),
  );
}

function latticePortsOf(all: readonly sdk.VpcLatticeConfiguration[] = []): readonly string[] | undefined {
  const names = all.flatMap(({ portName }) => portName ?? []);
  return names.length > 0 ? names : undefined;
}

function placementOf(service: sdk.Service): TaskPlacement | undefined {
  const placement = defined({
    capacityProviderStrategy: plain(service.capacityProviderStrategy),
    placementConstraints: plain(service.placementConstraints),
    placementStrategy: plain(service.placementStrategy),
    volumeConfigurations: plain(service.deployments?.[0]?.volumeConfigurations),
  });
  return Object.keys(placement).length > 0 ? placement : undefined;
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
      launchType: task.launchType ?? (task.capacityProviderName?.startsWith('FARGATE') ? 'FARGATE' : undefined),
      capacityProviderName: task.capacityProviderName,
      availabilityZone: task.availabilityZone,
      privateIp: address,
      createdAt: instant(task.createdAt),
      startedAt: instant(task.startedAt),
      stoppedAt: instant(task.stoppedAt),
      executionStoppedAt: instant(task.executionStoppedAt),
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

export const ourTags = (tags: readonly sdk.Tag[] | undefined): Tags =>
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
      linear: configuration.linearConfiguration && defined(configuration.linearConfiguration),
      canary: configuration.canaryConfiguration && defined(configuration.canaryConfiguration),
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
    ...defined({ createdAt: instant(described.createdAt), settings: revisionSettings(described) }),
  };
}

function revisionSettings({ gatewayConnectors, monitoring }: sdk.ServiceRevision): JsonObject | undefined {
  const settings = JSON.parse(JSON.stringify({ gatewayConnectors, monitoring }));
  return Object.keys(settings).length > 0 ? settings : undefined;
}

// The words of ECS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html, and
// deployments seen.

type Head = Pick<ServiceEvent, 'id' | 'at' | 'message'>;
/** The part of an event that its kind brings. */
type Parsed = ServiceEvent extends infer E
  ? E extends ServiceEvent
    ? Omit<E, keyof Head | 'taskIds' | 'deploymentId'>
    : never
  : never;

interface Wording {
  /** Matched against the text without its subject. */
  readonly match: RegExp;
  /** From the groups of `match`. */
  readonly parse: (...groups: string[]) => Parsed;
}

/** The first that matches decides. All but two are anchored at the start, so that a long text costs no time. */
const WORDINGS: readonly Wording[] = [
  {
    match: /^has started (\d+) tasks?\b(?: in ([\w-]+))?( to AZ Rebalance)?/i,
    parse: (count, zone, rebalancing) => ({
      kind: 'tasks-started',
      count: Number(count),
      ...defined({ zone: zone || undefined, rebalancing: rebalancing ? (true as const) : undefined }),
    }),
  },
  {
    match: /^(?:has )?stopped (\d+) (running|pending) tasks?/,
    parse: (count, state) => ({
      kind: 'tasks-stopped',
      count: Number(count),
      state: state === 'running' ? 'running' : 'pending',
    }),
  },
  {
    match: /^has begun draining connections on (\d+) tasks?/,
    parse: (count) => ({ kind: 'draining', count: Number(count) }),
  },
  {
    match: /^registered (\d+) targets? in \(target-group ([^)]+)\)/,
    parse: (count, group = '') => ({ kind: 'targets-registered', count: Number(count), group: targetGroupName(group) }),
  },
  {
    match: /^deregistered (\d+) targets? in \(target-group ([^)]+)\)(?: due to (.+))?/s,
    parse: (count, group = '', reason = '') => ({
      kind: 'targets-deregistered',
      count: Number(count),
      group: targetGroupName(group),
      ...defined({ reason: reason || undefined }),
    }),
  },
  { match: /^has reached a steady state/, parse: () => ({ kind: 'steady' }) },
  { match: /^deployment completed/, parse: () => ({ kind: 'deployment-completed' }) },
  { match: /^rolling back to deployment (\S+?)\.?$/, parse: (to = '') => ({ kind: 'rolling-back', to }) },
  {
    match: /^(?:deployment \S+ )?deployment failed: (.+)/s,
    parse: (reason = '') => ({ kind: 'deployment-failed', reason }),
  },
  {
    match: /^was unable to place (?:a task|tasks)\.? (?:Reason:|because) (.+)/s,
    parse: (reason = '') => ({ kind: 'unplaced', reason: withoutPointer(reason) }),
  },
  {
    match: /^failed to launch a task with \(error (.+?)\)?\.?$/s,
    parse: (reason = '') => ({ kind: 'launch-failed', reason }),
  },
  {
    match: /^is unhealthy in \((?:target-group|elb) ([^)]+)\) due to \(reason (.+?)\)\.?$/s,
    parse: (group = '', reason = '') => ({ kind: 'unhealthy-target', group: targetGroupName(group), reason }),
  },
  {
    match: /unable to scale in due to \(reason (.+)/s,
    parse: (rest = '') => {
      const reason = withoutPointer(rest).replace(/\)$/, '');
      return { kind: 'scale-in-blocked', reason, protected: /\bprotect/i.test(reason) };
    },
  },
  {
    match: /^is not AZ balanced with (.+?)\. AZ Rebalancing in progress/s,
    parse: (zones = '') => ({ kind: 'zones-unbalanced', zones }),
  },
  {
    match: /Successfully set desired count to (\d+)/,
    parse: (count) => ({ kind: 'desired-count-set', count: Number(count) }),
  },
];

/** What an event is about, in all the ways AWS has written it: the service, a task set, a task, a port, a deployment. */
const SUBJECTS =
  /^(?:(?:\((?:service|taskSet|task|port|instance|deployment)\s[^)]*\)|service \([^)]*\)|service [^\s()]+)\s+)+/;
const TASK = /\(task ([^)\s]+)\)/g;
const DEPLOYMENT = /\b(?:deployment|taskSet) (ecs-svc\/\d+)/;
const PROBLEM = /\b(?:unable|failed|unhealthy|could not|error|misconfigured|timed out)\b/i;

/** Parses one event of DescribeServices; a wording that we do not know is `other`. */
export function serviceEvent(head: Head): ServiceEvent {
  const { message } = head;
  const text = message.replace(SUBJECTS, '').trim();
  const parsed = parsedFrom(text);
  // The deployment that a rollback names is the one it goes to.
  const of = parsed.kind === 'rolling-back' ? undefined : DEPLOYMENT.exec(message)?.[1];
  return {
    ...head,
    taskIds: [...message.matchAll(TASK)].map(([, id = '']) => id),
    ...defined({ deploymentId: of }),
    ...parsed,
  };
}

function parsedFrom(text: string): Parsed {
  for (const { match, parse } of WORDINGS) {
    const groups = match.exec(text);
    if (groups) return parse(...groups.slice(1));
  }
  return { kind: 'other', text: withoutPointer(text), problem: PROBLEM.test(text) };
}

const targetGroupName = (text: string): string => /targetgroup\/([^/\s)]+)/.exec(text)?.[1] ?? text;

const POINTER = 'For more information, see the Troubleshooting section';

/** Without AWS's pointer to its manual and the last full stop. */
function withoutPointer(text: string): string {
  const at = text.indexOf(POINTER);
  return (at < 0 ? text : text.slice(0, at).trimEnd()).replace(/\.$/, '');
}

/** "Circuit breaker ... rolled back by user": ECS calls every caller "the user": this run as well as a person. */
const CAUSES: readonly (readonly [StatusCause, RegExp])[] = [
  ['user', /\b(?:stopped|requested|initiated|rolled back) by (?:an? |the )?user\b/i],
  ['newer-deployment', /replaced|superseded|newer/i],
  ['rollback', /rolling back|rolled back/i],
];

/** What a statusReason, rollback reason or rolloutStateReason says about who or what caused it; undefined when nothing is known. */
export function statusCauses(reason: string | undefined): readonly StatusCause[] | undefined {
  if (reason === undefined) return undefined;
  const found = CAUSES.flatMap(([cause, words]) => (words.test(reason) ? [cause] : []));
  return found.length > 0 ? found : undefined;
}

/**
 * Whether a stoppedReason says that a health check failed: "Task failed ELB health checks in (target-group ...)", "Task failed
 * container health checks", "... due to an unhealthy status".
 */
export const failedHealthCheck = (stoppedReason: string | undefined): true | undefined =>
  /health check|unhealthy/i.test(stoppedReason ?? '') || undefined;

/** Of a created or described Express Mode service, whose newest configuration comes first. */
export const expressService = ({
  serviceArn = '',
  infrastructureRoleArn,
  activeConfigurations = [],
  tags,
}: sdk.ECSExpressGatewayService): ExpressService => ({
  ...expressConfiguration(serviceArn, newest(activeConfigurations)),
  ...defined({ infrastructureRoleArn }),
  endpoints: endpointsOf(activeConfigurations),
  tags: ourTags(tags),
});

/** What UpdateExpressGatewayService brings a service to. */
export const updatedExpressService = ({
  serviceArn = '',
  targetConfiguration = {},
}: sdk.UpdatedExpressGatewayService): ExpressService => expressConfiguration(serviceArn, targetConfiguration);

const newest = (
  configurations: readonly sdk.ExpressGatewayServiceConfiguration[],
): sdk.ExpressGatewayServiceConfiguration =>
  configurations.toSorted((a, b) => (instant(b.createdAt) ?? 0) - (instant(a.createdAt) ?? 0))[0] ?? {};

const endpointsOf = (configurations: readonly sdk.ExpressGatewayServiceConfiguration[]): string[] => [
  ...new Set(configurations.flatMap(({ ingressPaths = [] }) => ingressPaths.flatMap(({ endpoint }) => endpoint || []))),
];

function expressConfiguration(arn: string, given: sdk.ExpressGatewayServiceConfiguration): ExpressService {
  const { healthCheckPath, networkConfiguration, scalingTarget, taskDefinitionArn, serviceRevisionArn } = given;
  const settings = defined({ healthCheckPath, networkConfiguration, scalingTarget });
  return {
    arn,
    ...defined({ taskDefinitionArn, serviceRevisionArn }),
    endpoints: endpointsOf([given]),
    settings: JSON.parse(JSON.stringify(settings)) as JsonObject,
    tags: [],
  };
}
