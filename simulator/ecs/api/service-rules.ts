import { ApiException, client, type Input, invalid } from '../../wire/service.ts';
import type { Configuration, SimCluster, SimService } from '../state.ts';

/** What CreateService and UpdateService refuse, in AWS's words. */
export function refuseCreate(
  input: Input,
  { definition, configuration, cluster }: { definition: Input; configuration: Configuration; cluster: SimCluster },
): void {
  const daemon = input.schedulingStrategy === 'DAEMON';
  if (definition.status !== 'ACTIVE') throw client('TaskDefinition is inactive');
  if (!/^[\w-]{1,255}$/.test(String(input.serviceName))) {
    throw invalid(
      'Service name must contain only letters, numbers, hyphens and underscores, and be at most 255 characters long.',
    );
  }
  if (input.launchType !== undefined && input.capacityProviderStrategy !== undefined) {
    throw invalid(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  refuseProviders(input, cluster);
  if (definition.networkMode === 'awsvpc' && input.networkConfiguration === undefined) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (definition.networkMode !== 'awsvpc' && input.networkConfiguration !== undefined) {
    throw invalid('Network Configuration is not valid for the given networkMode of this task definition.');
  }
  refuseCompatibility(input.launchType, definition);
  if (daemon && input.launchType === 'FARGATE') {
    throw invalid('The daemon scheduling strategy is not supported with the FARGATE launch type.');
  }
  if (daemon && input.desiredCount !== undefined) {
    throw invalid(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again.',
    );
  }
  if (Number(input.desiredCount ?? 1) < 0) throw invalid('Desired count cannot be negative.');
  refuseContainers((input.loadBalancers ?? []) as readonly Input[], definition);
  refuseConfiguration(configuration, daemon ? 'DAEMON' : 'REPLICA');
  refuseSettings(input, definition, 'created');
}

export function refuseUpdate(input: Input, { definition, service }: { definition: Input; service: SimService }): void {
  if (input.taskDefinition !== undefined && definition.status !== 'ACTIVE') throw client('TaskDefinition is inactive');
  const { type } = (service.settings.deploymentController ?? { type: 'ECS' }) as { type?: string };
  if (type === 'CODE_DEPLOY' && (input.taskDefinition !== undefined || input.forceNewDeployment === true)) {
    throw invalid(
      'Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
    );
  }
  if (type === 'EXTERNAL' && input.taskDefinition !== undefined) {
    throw invalid('Unable to update task definition on services with a EXTERNAL deployment controller.');
  }
  if (service.settings.schedulingStrategy === 'DAEMON' && input.desiredCount !== undefined) {
    throw invalid(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again.',
    );
  }
  if (Number(input.desiredCount ?? 0) < 0) throw invalid('Desired count cannot be negative.');
  refuseProviders(input, service.cluster);
  if (input.taskDefinition !== undefined) refuseCompatibility(service.settings.launchType, definition);
  refuseContainers((input.loadBalancers as readonly Input[] | undefined) ?? service.loadBalancers, definition);
  refuseSettings({ ...service.settings, ...input }, definition, 'updated');
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html */
const PLATFORM_VERSIONS = ['LATEST', '1.4.0', '1.3.0', '1.2.0', '1.1.0', '1.0.0'];

/** What the service as it will be cannot have beside this task definition. */
function refuseSettings(settings: Input, definition: Input, done: 'created' | 'updated'): void {
  const { enableExecuteCommand, launchType, platformVersion, capacityProviderStrategy = [] } = settings;
  if (enableExecuteCommand === true && definition.taskRoleArn === undefined) {
    throw invalid(
      `The service couldn't be ${done} because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.`,
    );
  }
  const providers = capacityProviderStrategy as readonly Input[];
  const fargate =
    launchType === 'FARGATE' ||
    providers.some(({ capacityProvider }) => String(capacityProvider).startsWith('FARGATE'));
  if (platformVersion !== undefined && !fargate)
    throw invalid(`The platform version must be null when specifying an ${String(launchType)} launch type.`);
  if (platformVersion !== undefined && !PLATFORM_VERSIONS.includes(String(platformVersion)))
    throw new ApiException('PlatformUnknownException', 'The specified platform version does not exist.');
  const names = (list: unknown): string[] => ((list ?? []) as readonly Input[]).map(({ name }) => String(name));
  const configured = names(settings.volumeConfigurations);
  const declared = names(
    ((definition.volumes ?? []) as readonly Input[]).filter(({ configuredAtLaunch }) => configuredAtLaunch === true),
  );
  const alone = [...configured, ...declared].find((name) => !configured.includes(name) || !declared.includes(name));
  if (alone !== undefined)
    throw invalid(
      `The volume configurations of the service and the volumes of the task definition that are configured at launch do not match: ${alone}.`,
    );
}

function refuseProviders({ capacityProviderStrategy }: Input, cluster: SimCluster): void {
  for (const { capacityProvider } of (capacityProviderStrategy ?? []) as readonly Input[]) {
    const name = String(capacityProvider);
    if (name.startsWith('FARGATE') || cluster.capacityProviders.includes(name)) continue;
    throw invalid(
      `The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider ${name} with the cluster and try again.`,
    );
  }
}

function refuseCompatibility(launchType: unknown, definition: Input): void {
  const compatible = (definition.compatibilities ?? []) as readonly string[];
  if (launchType === undefined || compatible.includes(String(launchType))) return;
  throw invalid(`Task definition does not support launch_type ${String(launchType)}.`);
}

function refuseContainers(loadBalancers: readonly Input[], definition: Input): void {
  const containers = definition.containerDefinitions as readonly Input[];
  for (const { containerName, containerPort } of loadBalancers) {
    if (containerName === undefined) continue;
    const container = containers.find(({ name }) => name === containerName);
    if (!container) throw invalid(`The container ${String(containerName)} does not exist in the task definition.`);
    const ports = (container.portMappings ?? []) as readonly Input[];
    if (containerPort === undefined || ports.some((mapping) => mapping.containerPort === containerPort)) continue;
    throw invalid(
      `The container ${String(containerName)} did not have a container port ${String(containerPort)} defined.`,
    );
  }
}

/** Hooks cannot pause while traffic shifts. */
const NO_PAUSE = new Set(['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT']);

export function refuseConfiguration(configuration: Configuration, scheduling: string): void {
  const { minimumHealthyPercent: min, maximumPercent: max, earlySuccessCriteria: early, strategy } = configuration;
  if (scheduling === 'DAEMON' && max > 100) {
    throw invalid(
      'The daemon scheduling strategy does not support values above 100 for maximumPercent on the deployment configuration. Specify a value less than or equal to 100 and try again.',
    );
  }
  if (scheduling !== 'DAEMON' && min === 100 && max === 100) {
    throw invalid('Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.');
  }
  if (max < min) throw invalid('maximumPercent must be greater than or equal to minimumHealthyPercent.');
  const { thresholdConfiguration } = configuration.deploymentCircuitBreaker;
  if (thresholdConfiguration && thresholdConfiguration.value < 1) {
    throw invalid('The value of the deployment circuit breaker threshold must be greater than 0.');
  }
  if (early?.enable) {
    if (strategy !== 'ROLLING') throw invalid('earlySuccessCriteria is only supported with the ROLLING strategy.');
    if (early.healthyPercent === undefined || early.sourceServiceRevisionCleanup === undefined) {
      throw invalid('earlySuccessCriteria requires healthyPercent and sourceServiceRevisionCleanup.');
    }
    if (early.healthyPercent < min)
      throw invalid('earlySuccessCriteria healthyPercent must be greater than or equal to minimumHealthyPercent.');
  }
  for (const { targetType, hookTargetArn, lifecycleStages = [] } of configuration.lifecycleHooks ?? []) {
    if (lifecycleStages.length === 0) throw invalid('A lifecycle hook must have at least one lifecycle stage.');
    if (targetType !== 'PAUSE' && hookTargetArn === undefined)
      throw invalid('A lifecycle hook of type AWS_LAMBDA must have a hookTargetArn.');
    if (targetType === 'PAUSE' && lifecycleStages.some((stage) => NO_PAUSE.has(stage))) {
      throw invalid('PAUSE lifecycle hooks cannot be configured at TEST_TRAFFIC_SHIFT or PRODUCTION_TRAFFIC_SHIFT.');
    }
  }
}
