import type { CreateServiceRequest } from '@aws-sdk/client-ecs';
import type { SimRegistryService } from '../../services/cloud-map.ts';
import type { SimTargetGroup } from '../../services/load-balancing.ts';
import type { Configuration, SimCluster } from '../state.ts';
import { type Definition, guide, type Labels, missingInNetwork, type Rule, reference, repeated } from './rule.ts';

/** What CreateService or UpdateService would make of a service. */
export interface ServicePlan {
  readonly operation: 'create' | 'update';
  /** The request. */
  readonly given: CreateServiceRequest & { readonly forceNewDeployment?: boolean };
  /** The service as it will be. */
  readonly will: CreateServiceRequest;
  /** Of UpdateService: as it is. */
  readonly was?: CreateServiceRequest;
  readonly definition: Definition & { readonly compatibilities: readonly string[]; readonly status: string };
  readonly configuration: Configuration;
  /** Of UpdateService: a deployment, of whichever controller, has not ended. */
  readonly underWay?: boolean;
  /** Of a service that has them. */
  readonly taskSets?: number;
  readonly cluster: SimCluster;
  /** Ids of subnets and security groups that do not exist; all others do. */
  readonly missing: ReadonlySet<string>;
  /** Undefined: there is no such target group. */
  readonly targetGroup: (arn: string) => SimTargetGroup | undefined;
  /** Undefined: AWS Cloud Map has no such service. */
  readonly registry: (arn: string) => SimRegistryService | undefined;
}
type ServiceRule = Rule<ServicePlan>;

const PARAMETERS = 'service_definition_parameters.html';
const rule = (labels: Labels, breach: ServiceRule['breach']): ServiceRule => ({ ...labels, breach });
const create = (labels: Labels, breach: ServiceRule['breach']): ServiceRule =>
  rule(labels, (plan) => (plan.operation === 'create' ? breach(plan) : undefined));
const update = (labels: Labels, breach: ServiceRule['breach']): ServiceRule =>
  rule(labels, (plan) => (plan.operation === 'update' ? breach(plan) : undefined));

/** Tasks of a service. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MOST_TASKS = 5000;

const controllerOf = ({ will }: ServicePlan): string => will.deploymentController?.type ?? 'ECS';
const isDaemon = ({ will }: ServicePlan): boolean => will.schedulingStrategy === 'DAEMON';
const providersOf = ({ will }: ServicePlan) => will.capacityProviderStrategy ?? [];
const isFargateProvider = (name = ''): boolean => name === 'FARGATE' || name === 'FARGATE_SPOT';
/** By launch type, or by the first provider of the strategy. */
const launchTypeOf = (plan: ServicePlan): string => {
  const [first] = providersOf(plan);
  if (first) return isFargateProvider(first.capacityProvider) ? 'FARGATE' : 'EC2';
  return plan.will.launchType ?? 'EC2';
};

const UPDATED_BY_ANY = [
  'cluster',
  'service',
  'desiredCount',
  'healthCheckGracePeriodSeconds',
  'placementConstraints',
  'placementStrategy',
  'enableECSManagedTags',
  'propagateTags',
  'deploymentController',
];
/** What UpdateService takes, by deployment controller; ECS takes all. */
const UPDATED_BY: Readonly<Record<string, readonly string[]>> = {
  CODE_DEPLOY: [...UPDATED_BY_ANY, 'deploymentConfiguration'],
  EXTERNAL: UPDATED_BY_ANY,
};
/** What a deployment controller may be changed to in place: update-service-parameters.html */
const CONTROLLERS_AFTER: Readonly<Record<string, readonly string[]>> = {
  CODE_DEPLOY: ['ECS', 'EXTERNAL'],
  EXTERNAL: ['ECS'],
  ECS: ['EXTERNAL'],
};
const controllerBefore = ({ was }: ServicePlan): string => was?.deploymentController?.type ?? 'ECS';

const BASICS: readonly ServiceRule[] = [
  create(reference('CreateService'), ({ given }) =>
    /^[\w-]{1,255}$/.test(given.serviceName ?? '')
      ? undefined
      : 'Service name must contain only letters, numbers, hyphens and underscores, and be at most 255 characters long.',
  ),
  rule({ ...guide('deregister-task-definition-v2.html', 'aws'), error: 'ClientException' }, (plan) =>
    plan.given.taskDefinition !== undefined && plan.definition.status !== 'ACTIVE'
      ? 'TaskDefinition is inactive'
      : undefined,
  ),
  update(guide('update-service-parameters.html'), (plan) => {
    const [from, to] = [controllerBefore(plan), controllerOf(plan)];
    if (from === to) return undefined;
    if (CONTROLLERS_AFTER[from]?.includes(to) !== true)
      return `The deployment controller of a service cannot be changed from ${from} to ${to}.`;
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-deployment-controller-migration.html. A deployment of
    // CodeDeploy that has no task set yet is not known to ECS.
    if ((plan.taskSets ?? 0) > 1)
      return 'Updating the deployment controller is not supported when there are multiple tasksets in the service. Please ensure your service has only one taskset and try again.';
    return plan.underWay ? 'The deployment controller cannot be changed while a deployment is in progress.' : undefined;
  }),
  update(guide('update-service-parameters.html', 'aws'), (plan) =>
    controllerOf(plan) === 'CODE_DEPLOY' && plan.given.taskDefinition !== undefined
      ? 'Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.'
      : undefined,
  ),
  update(guide('update-service-parameters.html', 'aws'), (plan) =>
    controllerOf(plan) === 'CODE_DEPLOY' && plan.given.forceNewDeployment === true
      ? 'Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.'
      : undefined,
  ),
  update(guide('update-service-parameters.html', 'aws'), (plan) =>
    controllerOf(plan) === 'EXTERNAL' && plan.given.taskDefinition !== undefined
      ? 'Unable to update task definition on services with a EXTERNAL deployment controller.'
      : undefined,
  ),
  update(guide('update-service-parameters.html', 'aws'), (plan) =>
    controllerOf(plan) === 'CODE_DEPLOY' && plan.given.networkConfiguration !== undefined
      ? 'Unable to update network parameters on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.'
      : undefined,
  ),
  // "For services using the blue/green (CODE_DEPLOY) deployment controller, only the desired count, deployment configuration, health check
  // grace period, task placement constraints and strategies, enable ECS managed tags option, and propagate tags can be updated"; for an
  // external one the same without the deployment configuration.
  update(reference('UpdateService'), (plan) => {
    const taken = UPDATED_BY[controllerOf(plan)];
    const [other] = taken ? Object.keys(plan.given).filter((member) => !taken.includes(member)) : [];
    return other && `${other} cannot be updated on services with a ${controllerOf(plan)} deployment controller.`;
  }),
  rule(reference('CreateService'), (plan) =>
    isDaemon(plan) && (plan.given.volumeConfigurations ?? []).length > 0
      ? 'volumeConfigurations is only supported for REPLICA services.'
      : undefined,
  ),
  create(reference('CreateService', 'aws'), (plan) =>
    controllerOf(plan) === 'CODE_DEPLOY' && (plan.will.loadBalancers ?? []).length === 0
      ? 'load balancers can not be empty when service has a deployment controller CODE_DEPLOY'
      : undefined,
  ),
  rule(reference('DeploymentConfiguration'), (plan) =>
    controllerOf(plan) !== 'ECS' && plan.configuration.deploymentCircuitBreaker.enable
      ? 'The deployment circuit breaker is only supported with the ECS deployment controller.'
      : undefined,
  ),
  create(reference('CreateService'), (plan) =>
    !isDaemon(plan) && plan.given.desiredCount === undefined
      ? 'desiredCount is required with the REPLICA scheduling strategy.'
      : undefined,
  ),
  rule(reference('CreateService', 'aws'), ({ given: { desiredCount = 0 } }) =>
    desiredCount < 0 ? 'desiredCount must be greater than or equal to 0' : undefined,
  ),
  rule(guide('service-quotas.html', 'aws'), ({ given: { desiredCount = 0 } }) =>
    desiredCount > MOST_TASKS ? 'Desired count exceeds limit.' : undefined,
  ),
  rule(reference('CreateService', 'aws'), (plan) =>
    isDaemon(plan) && plan.given.desiredCount !== undefined
      ? 'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again.'
      : undefined,
  ),
  create(reference('CreateService'), (plan) =>
    isDaemon(plan) && launchTypeOf(plan) === 'FARGATE'
      ? 'The daemon scheduling strategy is not supported with the FARGATE launch type.'
      : undefined,
  ),
  create(reference('CreateService'), (plan) =>
    isDaemon(plan) && plan.given.availabilityZoneRebalancing === 'ENABLED'
      ? 'Availability Zone rebalancing is not supported with the DAEMON scheduling strategy.'
      : undefined,
  ),
];

const LAUNCH: readonly ServiceRule[] = [
  create(reference('CreateService', 'aws'), ({ given }) =>
    given.launchType !== undefined && given.capacityProviderStrategy !== undefined
      ? 'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.'
      : undefined,
  ),
  rule(reference('CapacityProviderStrategyItem'), (plan) => {
    const [lost] = providersOf(plan).filter(
      ({ capacityProvider = '' }) => !plan.cluster.capacityProviders.includes(capacityProvider),
    );
    return (
      lost &&
      `The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider ${lost.capacityProvider} with the cluster and try again.`
    );
  }),
  rule(reference('CapacityProviderStrategyItem'), (plan) => {
    const fargate = providersOf(plan).filter(({ capacityProvider }) => isFargateProvider(capacityProvider));
    return fargate.length > 0 && fargate.length < providersOf(plan).length
      ? 'A capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling groups and Fargate.'
      : undefined;
  }),
  rule(reference('CapacityProviderStrategyItem', 'aws'), (plan) =>
    providersOf(plan).filter(({ base = 0 }) => base > 0).length > 1
      ? 'There are multiple capacity providers in the specified capacity provider strategy with a base value defined. Only one capacity provider in a strategy can have a base value defined.'
      : undefined,
  ),
  // "If multiple are specified, at least one must have a weight greater than zero." One alone may leave it out.
  rule(reference('CapacityProviderStrategyItem', 'aws'), (plan) =>
    providersOf(plan).length > 1 && providersOf(plan).every(({ weight = 0 }) => weight === 0)
      ? 'There are no capacity providers with a weight value greater than zero defined in the specified capacity provider strategy. At least one capacity provider must have a weight value greater than zero specified.'
      : undefined,
  ),
  update(reference('UpdateService', 'aws'), ({ given, was }) =>
    given.capacityProviderStrategy !== undefined &&
    given.forceNewDeployment !== true &&
    strategyText(given.capacityProviderStrategy) !== strategyText(was?.capacityProviderStrategy ?? [])
      ? 'When switching from launch type to capacity provider strategy on an existing service, or making a change to a capacity provider strategy on a service that is already using one, you must force a new deployment.'
      : undefined,
  ),
  rule(guide(`${PARAMETERS}#sd-launchtype`, 'aws'), (plan) => {
    const launchType = launchTypeOf(plan);
    return plan.definition.compatibilities.includes(launchType) || launchType === 'MANAGED_INSTANCES'
      ? undefined
      : `Task definition does not support launch_type ${launchType}.`;
  }),
  rule(reference('CreateService', 'aws'), (plan) =>
    plan.will.platformVersion !== undefined && launchTypeOf(plan) !== 'FARGATE'
      ? `The platform version must be null when specifying an ${launchTypeOf(plan)} launch type.`
      : undefined,
  ),
  rule({ ...guide('platform-fargate.html'), error: 'PlatformUnknownException' }, ({ will }) =>
    PLATFORM_VERSIONS.includes(will.platformVersion ?? 'LATEST')
      ? undefined
      : 'The specified platform version does not exist.',
  ),
  rule(
    { ...guide('platform-fargate.html'), error: 'PlatformTaskDefinitionIncompatibilityException' },
    ({ will, definition }) =>
      ['1.3.0', '1.2.0', '1.1.0', '1.0.0'].includes(will.platformVersion ?? '') &&
      (definition.ephemeralStorage !== undefined ||
        (definition.volumes ?? []).some(({ efsVolumeConfiguration }) => efsVolumeConfiguration !== undefined))
        ? "The specified platform version does not satisfy the task definition's required capabilities."
        : undefined,
  ),
  rule(guide('ecs-exec.html', 'aws'), ({ operation, will, definition }) =>
    will.enableExecuteCommand === true && definition.taskRoleArn === undefined
      ? `The service couldn't be ${operation}d because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.`
      : undefined,
  ),
];

const strategyText = (strategy: NonNullable<CreateServiceRequest['capacityProviderStrategy']>): string =>
  strategy
    .map(({ capacityProvider, weight = 0, base = 0 }) => `${capacityProvider} ${weight} ${base}`)
    .sort()
    .join();
const PLATFORM_VERSIONS: readonly string[] = ['LATEST', '1.4.0', '1.3.0', '1.2.0', '1.1.0', '1.0.0'];

const NETWORK: readonly ServiceRule[] = [
  rule(reference('CreateService', 'aws'), ({ will, definition }) =>
    definition.networkMode === 'awsvpc' && will.networkConfiguration === undefined
      ? "Network Configuration must be provided when networkMode 'awsvpc' is specified."
      : undefined,
  ),
  rule(reference('CreateService', 'aws'), ({ will, definition }) =>
    definition.networkMode !== 'awsvpc' && will.networkConfiguration !== undefined
      ? 'Network Configuration is not valid for the given networkMode of this task definition.'
      : undefined,
  ),
  rule(reference('AwsVpcConfiguration'), ({ will }) => {
    const vpc = will.networkConfiguration?.awsvpcConfiguration;
    if (vpc === undefined) return undefined;
    if ((vpc.subnets ?? []).length === 0) return 'subnets can not be empty.';
    return (vpc.subnets ?? []).length > 16 ? 'subnets can have at most 16 items.' : undefined;
  }),
  rule(reference('CreateService', 'aws'), ({ given, missing }) => missingInNetwork(given, missing)),
  rule(reference('AwsVpcConfiguration'), ({ will }) =>
    (will.networkConfiguration?.awsvpcConfiguration?.securityGroups ?? []).length > 5
      ? 'securityGroups can have at most 5 items.'
      : undefined,
  ),
  rule(guide('task-networking-awsvpc.html', 'aws'), (plan) =>
    plan.will.networkConfiguration?.awsvpcConfiguration?.assignPublicIp === 'ENABLED' && launchTypeOf(plan) === 'EC2'
      ? 'Assign public IP is not supported for this launch type.'
      : undefined,
  ),
  rule(guide('service-quotas.html', 'aws'), ({ will: { loadBalancers = [] } }) =>
    loadBalancers.length > 5 ? 'Cannot have more than 5 load balancers' : undefined,
  ),
  rule(reference('LoadBalancer', 'aws'), ({ will: { loadBalancers = [] } }) =>
    loadBalancers.some(({ loadBalancerName, targetGroupArn }) => loadBalancerName && targetGroupArn)
      ? 'loadBalancerName and targetGroupArn cannot both be specified. You must specify either a loadBalancerName or a targetGroupArn.'
      : undefined,
  ),
  rule(reference('LoadBalancer', 'aws'), (plan) =>
    launchTypeOf(plan) === 'FARGATE' && (plan.will.loadBalancers ?? []).some(({ loadBalancerName }) => loadBalancerName)
      ? 'Classic Load Balancers are not supported with Fargate.'
      : undefined,
  ),
  rule(reference('LoadBalancer', 'aws'), ({ will: { loadBalancers = [] }, definition }) => {
    const [lost] = loadBalancers.filter(
      ({ containerName }) => containerName !== undefined && !containerCalled(definition, containerName),
    );
    return lost && `The container ${lost.containerName} does not exist in the task definition.`;
  }),
  rule(reference('LoadBalancer', 'aws'), ({ will: { loadBalancers = [] }, definition }) => {
    const [lost] = loadBalancers.filter(({ containerName, containerPort }) => {
      const { portMappings = [] } = containerCalled(definition, containerName) ?? {};
      return (
        containerName !== undefined &&
        containerPort !== undefined &&
        !portMappings.some(
          (mapping) =>
            mapping.containerPort === containerPort || isWithin(containerPort, mapping.containerPortRange ?? ''),
        )
      );
    });
    return lost && `The container ${lost.containerName} did not have a container port ${lost.containerPort} defined.`;
  }),
  // One container port for one target group. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html
  rule(guide('troubleshooting-blue-green.html', 'aws'), ({ will: { loadBalancers = [] } }) => {
    const groups = loadBalancers.flatMap(({ targetGroupArn, advancedConfiguration }) =>
      advancedConfiguration?.alternateTargetGroupArn === targetGroupArn && targetGroupArn
        ? [targetGroupArn, targetGroupArn]
        : [],
    );
    const twice = repeated(groups);
    return twice && `Duplicate targetGroupArn found: ${twice}`;
  }),
  rule(reference('LoadBalancer', 'aws'), (plan) => {
    const [lost] = groupsOf(plan).filter((arn) => plan.targetGroup(arn) === undefined);
    return lost && `The target group ${lost} does not exist.`;
  }),
  rule(guide('service-load-balancing.html', 'aws'), (plan) => {
    const [lost] = groupsOf(plan).filter((arn) => plan.targetGroup(arn)?.loadBalancerArns?.length === 0);
    return lost && `The target group with targetGroupArn ${lost} does not have an associated load balancer.`;
  }),
  rule(reference('LoadBalancer', 'aws'), (plan) => {
    const mode = plan.definition.networkMode ?? 'bridge';
    const wanted = mode === 'awsvpc' ? 'ip' : 'instance';
    for (const { targetGroupArn: arn = '' } of plan.will.loadBalancers ?? []) {
      const { targetType = 'ip' } = plan.targetGroup(arn) ?? { targetType: wanted };
      if (targetType !== wanted)
        return `The provided target group ${arn} has target type ${targetType}, which is incompatible with the ${mode} network mode specified in the task definition.`;
    }
    return undefined;
  }),
  rule(reference('CreateService', 'aws'), ({ will }) =>
    will.healthCheckGracePeriodSeconds !== undefined && (will.loadBalancers ?? []).length === 0
      ? 'Health check grace period is only valid for services configured to use load balancers'
      : undefined,
  ),
  rule(reference('CreateService'), ({ will: { healthCheckGracePeriodSeconds: seconds = 0 } }) =>
    seconds < 0 || seconds > 2_147_483_647
      ? 'healthCheckGracePeriodSeconds must be between 0 and 2147483647.'
      : undefined,
  ),
  rule(reference('ServiceRegistry', 'aws'), ({ will: { serviceRegistries = [] } }) =>
    serviceRegistries.length > 1 ? 'serviceRegistries can have at most 1 items.' : undefined,
  ),
  rule(reference('ServiceRegistry', 'aws'), ({ will: { serviceRegistries = [] }, definition }) =>
    definition.networkMode !== 'awsvpc' &&
    serviceRegistries.some(({ containerName, containerPort }) => !containerName || containerPort === undefined)
      ? "When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and 'containerPort' must be specified from the task definition."
      : undefined,
  ),
  rule(reference('ServiceRegistry'), ({ will: { serviceRegistries = [] } }) =>
    serviceRegistries.some(({ containerPort, port }) => containerPort !== undefined && port !== undefined)
      ? "serviceRegistries takes either 'port' or 'containerName' and 'containerPort', not both."
      : undefined,
  ),
  rule(reference('ServiceRegistry'), ({ will: { serviceRegistries = [] }, definition }) => {
    const [lost] = serviceRegistries.filter(
      ({ containerName }) => containerName !== undefined && !containerCalled(definition, containerName),
    );
    return lost && `The container ${lost.containerName} does not exist in the task definition.`;
  }),
  rule(reference('ServiceRegistry'), ({ will: { serviceRegistries = [] }, definition }) => {
    const [lost] = serviceRegistries.filter(
      ({ containerName, containerPort }) =>
        containerPort !== undefined &&
        !(containerCalled(definition, containerName)?.portMappings ?? []).some(
          (mapping) => mapping.containerPort === containerPort,
        ),
    );
    return lost && `The container ${lost.containerName} did not have a container port ${lost.containerPort} defined.`;
  }),
  rule(reference('ServiceRegistry'), ({ given: { serviceRegistries = [] }, registry }) => {
    const [lost] = serviceRegistries.filter(({ registryArn = '' }) => registry(registryArn) === undefined);
    return lost && `The service registry ${lost.registryArn} does not exist.`;
  }),
  // Tasks without an address of their own are found by SRV records alone; in awsvpc mode a port belongs to SRV records.
  rule(guide('service-discovery.html'), ({ will: { serviceRegistries = [] }, definition, registry }) =>
    definition.networkMode !== 'awsvpc' &&
    serviceRegistries.some(({ registryArn = '' }) => registry(registryArn)?.records.includes('SRV') === false)
      ? "Only DNS records of type SRV are supported with the networkMode 'host' or 'bridge'."
      : undefined,
  ),
  rule(reference('ServiceRegistry', 'aws'), ({ will: { serviceRegistries = [] }, definition, registry }) =>
    definition.networkMode === 'awsvpc' &&
    serviceRegistries.some(
      ({ registryArn = '', containerPort }) =>
        containerPort !== undefined && registry(registryArn)?.records.includes('SRV') === false,
    )
      ? "The values specified for serviceRegistries do not require a value for 'containerPort'."
      : undefined,
  ),
  rule(reference('ServiceRegistry'), ({ will: { serviceRegistries = [] }, definition, registry }) =>
    definition.networkMode === 'awsvpc' &&
    serviceRegistries.some(
      ({ registryArn = '', containerPort, port }) =>
        (containerPort ?? port) === undefined && registry(registryArn)?.records.includes('SRV') === true,
    )
      ? "serviceRegistries with DNS records of type SRV needs 'port', or 'containerName' and 'containerPort'."
      : undefined,
  ),
];

/** Those that the request or the service names; the group of an update that is not about load balancers was looked at before. */
const groupsOf = ({ given: { loadBalancers = [] } }: ServicePlan): readonly string[] =>
  loadBalancers.flatMap(({ targetGroupArn }) => (targetGroupArn === undefined ? [] : [targetGroupArn]));
const containerCalled = ({ containerDefinitions = [] }: Definition, called: string | undefined) =>
  containerDefinitions.find(({ name }) => name === called);
function isWithin(port: number, range: string): boolean {
  const [first = 0, last = 0] = range.split('-').map(Number);
  return port >= first && port <= last;
}

const PLACEMENT: readonly ServiceRule[] = [
  rule(guide('fargate-tasks-services.html'), (plan) =>
    launchTypeOf(plan) === 'FARGATE' &&
    [...(plan.will.placementConstraints ?? []), ...(plan.will.placementStrategy ?? [])].length > 0
      ? 'Placement constraints and strategies are not supported with the FARGATE launch type.'
      : undefined,
  ),
  rule(reference('CreateService', 'aws'), (plan) =>
    isDaemon(plan) && (plan.will.placementStrategy ?? []).length > 0
      ? 'The daemon scheduling strategy does not support placement strategies. Remove the placement strategies and try again.'
      : undefined,
  ),
  rule(reference('CreateService'), ({ will: { placementStrategy = [], placementConstraints = [] } }) =>
    placementStrategy.length > 5
      ? 'placementStrategy can have at most 5 items.'
      : placementConstraints.length > 10
        ? 'placementConstraints can have at most 10 items.'
        : undefined,
  ),
  rule(reference('PlacementStrategy', 'aws'), ({ will: { placementStrategy = [] } }) => {
    const wrong = placementStrategy.find(
      ({ type, field = '' }) => type === 'binpack' && !['cpu', 'memory'].includes(field.toLowerCase()),
    );
    return wrong && `binpack field '${wrong.field}' is invalid`;
  }),
  rule(reference('PlacementStrategy'), ({ will: { placementStrategy = [] } }) =>
    placementStrategy.some(({ type, field }) => type === 'random' && field) ? 'random takes no field' : undefined,
  ),
  rule(reference('PlacementConstraint'), ({ will: { placementConstraints = [] } }) =>
    placementConstraints.some(({ type, expression }) => type === 'distinctInstance' && expression)
      ? 'distinctInstance takes no expression'
      : undefined,
  ),
];

const CONNECT: readonly ServiceRule[] = [
  rule(guide('service-connect-concepts.html', 'aws'), ({ will: { serviceConnectConfiguration: connect }, cluster }) =>
    connect?.enabled && connect.namespace === undefined && cluster.settings.serviceConnectDefaults === undefined
      ? 'Namespace is missing'
      : undefined,
  ),
  rule(reference('ServiceConnectService', 'aws'), ({ will: { serviceConnectConfiguration: connect }, definition }) => {
    const names = (definition.containerDefinitions ?? []).flatMap(({ portMappings = [] }) =>
      portMappings.map(({ name }) => name),
    );
    const lost = (connect?.services ?? []).find(({ portName }) => !names.includes(portName));
    return lost && `portName(${lost.portName}) does not refer to any named PortMapping in the container definitions.`;
  }),
  rule(reference('ServiceConnectService', 'aws'), ({ will: { serviceConnectConfiguration: connect } }) => {
    const [most] = (connect?.services ?? [])
      .map(({ clientAliases = [] }) => clientAliases.length)
      .sort((a, b) => b - a);
    return (most ?? 0) > 1 ? `${most} clientAliases exceeds the max limit of 1` : undefined;
  }),
  rule(reference('ServiceConnectClientAlias', 'aws'), ({ will: { serviceConnectConfiguration: connect } }) =>
    (connect?.services ?? []).some(({ clientAliases = [] }) =>
      clientAliases.some(({ dnsName = 'a' }) => !/^[\w-]+(\.[\w-]+)*$/.test(dnsName)),
    )
      ? 'The DNS name that you provided is invalid.'
      : undefined,
  ),
];

const VOLUMES: readonly ServiceRule[] = [
  rule(reference('ServiceVolumeConfiguration', 'aws'), ({ will: { volumeConfigurations = [] }, definition }) => {
    const declared = atLaunch(definition);
    const lost = volumeConfigurations.find(({ name = '' }) => !declared.includes(name));
    return (
      lost && `The volume name '${lost.name}' in your request does not have a matching volume in your Task Definition.`
    );
  }),
  rule(guide('ebs-volumes.html'), ({ will: { volumeConfigurations = [] }, definition }) => {
    const lost = atLaunch(definition).find((name) => !volumeConfigurations.some((one) => one.name === name));
    return (
      lost &&
      `The volume '${lost}' of your Task Definition is configured at launch, and your request does not configure it.`
    );
  }),
  rule(reference('ServiceManagedEBSVolumeConfiguration'), ({ will: { volumeConfigurations = [] } }) =>
    volumeConfigurations.some(
      ({ managedEBSVolume: volume }) => volume && volume.sizeInGiB === undefined && volume.snapshotId === undefined,
    )
      ? 'A managed EBS volume needs sizeInGiB or snapshotId.'
      : undefined,
  ),
  rule(reference('ServiceManagedEBSVolumeConfiguration'), ({ will: { volumeConfigurations = [] } }) => {
    for (const { managedEBSVolume: volume } of volumeConfigurations) {
      const { volumeType = 'gp3', iops, throughput } = volume ?? {};
      if (iops !== undefined && !['io1', 'io2', 'gp3'].includes(volumeType))
        return `The parameter iops is not supported for ${volumeType} volumes.`;
      if (throughput !== undefined && volumeType !== 'gp3')
        return `The parameter throughput is not supported for ${volumeType} volumes.`;
    }
    return undefined;
  }),
];

const atLaunch = ({ volumes = [] }: Definition): readonly string[] =>
  volumes.flatMap(({ name = '', configuredAtLaunch }) => (configuredAtLaunch === true ? [name] : []));

/** Hooks cannot pause while traffic shifts. */
const NO_PAUSE = new Set(['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT']);
const isOut = (value: number | undefined, least: number, most: number): boolean =>
  value !== undefined && (value < least || value > most);

const DEPLOYMENT: readonly ServiceRule[] = [
  rule(reference('DeploymentConfiguration', 'aws'), ({ configuration: { minimumHealthyPercent: min } }) =>
    min > 100
      ? 'minimumHealthyPercent must be at most 100'
      : min < 0
        ? 'minimumHealthyPercent must be at least 0'
        : undefined,
  ),
  rule(reference('DeploymentConfiguration', 'aws'), (plan) =>
    isDaemon(plan) && plan.configuration.maximumPercent > 100
      ? 'The daemon scheduling strategy does not support values above 100 for maximumPercent on the deployment configuration. Specify a value less than or equal to 100 and try again.'
      : undefined,
  ),
  rule(reference('DeploymentConfiguration'), (plan) =>
    !isDaemon(plan) && plan.configuration.maximumPercent < 100 ? 'maximumPercent must be at least 100' : undefined,
  ),
  rule(reference('DeploymentConfiguration', 'aws'), (plan) =>
    !isDaemon(plan) && plan.configuration.minimumHealthyPercent === 100 && plan.configuration.maximumPercent === 100
      ? 'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.'
      : undefined,
  ),
  rule(
    reference('DeploymentConfiguration'),
    ({ configuration: { minimumHealthyPercent: min, maximumPercent: max } }) =>
      max < min ? 'maximumPercent must be greater than or equal to minimumHealthyPercent.' : undefined,
  ),
  rule(reference('ThresholdConfiguration'), ({ configuration: { deploymentCircuitBreaker: breaker } }) =>
    breaker.thresholdConfiguration && breaker.thresholdConfiguration.value < 1
      ? 'The value of the deployment circuit breaker threshold must be greater than 0.'
      : undefined,
  ),
  rule(reference('DeploymentConfiguration'), ({ configuration }) =>
    isOut(configuration.bakeTimeInMinutes, 0, 1440) ? 'bakeTimeInMinutes must be between 0 and 1440.' : undefined,
  ),
  rule(reference('LinearConfiguration'), ({ configuration: { linearConfiguration: linear = {} } }) =>
    isOut(linear.stepPercent, 3, 100)
      ? 'stepPercent must be between 3.0 and 100.0.'
      : isOut(linear.stepBakeTimeInMinutes, 0, 1440)
        ? 'stepBakeTimeInMinutes must be between 0 and 1440.'
        : undefined,
  ),
  rule(reference('CanaryConfiguration'), ({ configuration: { canaryConfiguration: canary = {} } }) =>
    isOut(canary.canaryPercent, 0.1, 100)
      ? 'canaryPercent must be between 0.1 and 100.0.'
      : isOut(canary.canaryBakeTimeInMinutes, 0, 1440)
        ? 'canaryBakeTimeInMinutes must be between 0 and 1440.'
        : undefined,
  ),
  rule(reference('EarlySuccessCriteria'), ({ configuration: { strategy, earlySuccessCriteria: early } }) =>
    early?.enable && strategy !== 'ROLLING'
      ? 'earlySuccessCriteria is only supported with the ROLLING strategy.'
      : undefined,
  ),
  rule(reference('EarlySuccessCriteria'), ({ configuration: { earlySuccessCriteria: early } }) =>
    early?.enable && (early.healthyPercent === undefined || early.sourceServiceRevisionCleanup === undefined)
      ? 'earlySuccessCriteria requires healthyPercent and sourceServiceRevisionCleanup.'
      : undefined,
  ),
  rule(
    reference('EarlySuccessCriteria'),
    ({ configuration: { minimumHealthyPercent: min, earlySuccessCriteria: early } }) =>
      early?.enable && (early.healthyPercent ?? 100) < min
        ? 'earlySuccessCriteria healthyPercent must be greater than or equal to minimumHealthyPercent.'
        : undefined,
  ),
  rule(reference('DeploymentAlarms'), ({ configuration: { alarms } }) =>
    alarms?.enable && (alarms.alarmNames ?? []).length === 0
      ? 'Deployment alarms are enabled, but alarmNames is empty.'
      : undefined,
  ),
  rule(reference('DeploymentLifecycleHook'), ({ configuration: { lifecycleHooks = [] } }) => {
    for (const { targetType, hookTargetArn, lifecycleStages = [] } of lifecycleHooks) {
      if (lifecycleStages.length === 0) return 'A lifecycle hook must have at least one lifecycle stage.';
      if (targetType !== 'PAUSE' && hookTargetArn === undefined)
        return 'A lifecycle hook of type AWS_LAMBDA must have a hookTargetArn.';
      if (targetType === 'PAUSE' && lifecycleStages.some((stage) => NO_PAUSE.has(stage)))
        return 'PAUSE lifecycle hooks cannot be configured at TEST_TRAFFIC_SHIFT or PRODUCTION_TRAFFIC_SHIFT.';
    }
    return undefined;
  }),
];

/** What CreateService and UpdateService refuse, in the order in which it is looked at. */
export const SERVICE_RULES: readonly ServiceRule[] = [
  ...BASICS,
  ...LAUNCH,
  ...NETWORK,
  ...PLACEMENT,
  ...CONNECT,
  ...VOLUMES,
  ...DEPLOYMENT,
];
