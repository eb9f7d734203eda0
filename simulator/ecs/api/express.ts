/**
 * Express Mode: services whose task definition, load balancer, alarm and scaling ECS makes itself.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html
 */
import {
  ApiException,
  type CallContext,
  type Input,
  invalid,
  type Operations,
  pick,
  strings,
} from '../../wire/service.ts';
import type { Deployment, SimService, TagList } from '../state.ts';
import type { TaskDefinitions } from '../task-definitions.ts';
import type { Clusters } from './clusters.ts';
import { parseArn } from './identifiers.ts';
import { type Definition, guide, type Rule, reference, refuse } from './rule.ts';
import type { Services } from './services.ts';
import { taskDefinitionOperations } from './task-definitions.ts';
import { revisionArn, serviceDeploymentArn } from './views.ts';

/** What Express Mode makes in other AWS services. */
export interface ExpressResources {
  /** A target group behind the load balancer that Express services of a network share. @returns its ARN */
  targetGroup(
    name: string,
    settings: { readonly port: number; readonly healthCheckPath: string },
    context: CallContext,
  ): string;
  /** A metric alarm that is OK. */
  alarm(name: string): void;
  /** A scalable target, or another range of it. */
  scalableTarget(resource: string, range: { readonly min: number; readonly max: number }, context: CallContext): void;
}

export interface ExpressParts {
  readonly clusters: Clusters;
  readonly services: Services;
  readonly taskDefinitions: TaskDefinitions;
  readonly resources: ExpressResources;
}

interface Container {
  readonly image: string;
  readonly containerPort?: number;
  readonly awsLogsConfiguration?: { readonly logGroup: string; readonly logStreamPrefix: string };
  readonly repositoryCredentials?: Input;
  readonly command?: readonly string[];
  readonly environment?: readonly Input[];
  readonly secrets?: readonly Input[];
}

/** Settings of a revision that only Express Mode knows. */
interface ExpressSettings {
  readonly healthCheckPath: string;
  readonly scalingTarget: {
    readonly minTaskCount: number;
    readonly maxTaskCount: number;
    readonly autoScalingMetric: string;
    readonly autoScalingTargetValue: number;
  };
}

/** Defaults of the SDK's types. */
const DEFAULTS = {
  port: 80,
  cpu: '256',
  memory: '512',
  healthCheckPath: '/ping',
  logStreamPrefix: 'ecs',
  architecture: 'X86_64',
};
const DEFAULT_SCALING = {
  minTaskCount: 1,
  maxTaskCount: 20,
  autoScalingMetric: 'AVERAGE_CPU',
  autoScalingTargetValue: 60,
};
const DEFAULT_NETWORK = { subnets: ['subnet-default-a', 'subnet-default-b'], securityGroups: ['sg-express'] };
/** "5% of traffic is shifted ...; after 3 minutes bake time, 100% of traffic ...; after 3 minutes bake time for monitoring": express-service-update-full.html */
const CANARY = {
  strategy: 'CANARY',
  canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 3 },
  bakeTimeInMinutes: 3,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
};
const PRIMARY = 'Main';
const OF_THE_DEFINITION = ['primaryContainer', 'executionRoleArn', 'taskRoleArn', 'cpu', 'memory', 'cpuArchitecture'];

interface Plan {
  readonly operation: 'create' | 'update';
  readonly given: Input;
  /** Of `taskDefinitionArn`. */
  readonly definition?: Definition;
}

const create = reference('CreateExpressGatewayService');
const update = reference('UpdateExpressGatewayService');
const only = (operation: Plan['operation'], breach: (given: Input) => string | undefined) => (plan: Plan) =>
  plan.operation === operation ? breach(plan.given) : undefined;

const RULES: readonly Rule<Plan>[] = [
  {
    ...create,
    breach: only('create', ({ serviceName }) =>
      serviceName === undefined || /^[A-Za-z0-9_-]{1,255}$/.test(String(serviceName))
        ? undefined
        : 'The service name must be up to 255 letters, numbers, underscores, and hyphens.',
    ),
  },
  {
    ...update,
    breach: ({ given }) => {
      const [other] = OF_THE_DEFINITION.filter((member) => given[member] !== undefined);
      return given.taskDefinitionArn !== undefined && other !== undefined
        ? `You cannot specify both taskDefinitionArn and ${other}.`
        : undefined;
    },
  },
  {
    ...create,
    breach: only('create', ({ primaryContainer, taskDefinitionArn }) =>
      primaryContainer === undefined && taskDefinitionArn === undefined
        ? 'You must specify either primaryContainer or taskDefinitionArn.'
        : undefined,
    ),
  },
  {
    ...create,
    breach: only('create', ({ executionRoleArn, taskDefinitionArn }) =>
      executionRoleArn === undefined && taskDefinitionArn === undefined
        ? 'executionRoleArn can not be blank.'
        : undefined,
    ),
  },
  {
    ...create,
    breach: ({ given: { healthCheckPath: path } }) =>
      path === undefined || String(path).startsWith('/')
        ? undefined
        : 'The health check path must start with a forward slash.',
  },
  {
    ...create,
    breach: ({ given }) => {
      const { minTaskCount = 1, maxTaskCount = 20 } = (given.scalingTarget ?? {}) as Partial<
        ExpressSettings['scalingTarget']
      >;
      return minTaskCount > maxTaskCount ? 'minTaskCount must be less than or equal to maxTaskCount.' : undefined;
    },
  },
  {
    ...update,
    breach: ({ definition }) =>
      definition && !(definition.requiresCompatibilities ?? []).includes('FARGATE')
        ? 'The task definition must have FARGATE compatibility.'
        : undefined,
  },
  {
    ...update,
    breach: ({ definition }) => {
      if (!definition) return undefined;
      const main = definition.containerDefinitions?.find(({ name }) => name === PRIMARY);
      if (!main) return `The task definition must have a container named ${PRIMARY}.`;
      const { portMappings = [] } = main;
      const [port] = portMappings;
      const tcp = (port?.protocol ?? 'tcp') === 'tcp';
      return portMappings.length === 1 && tcp && port?.name && port.containerPort
        ? undefined
        : `The container ${PRIMARY} must have a single TCP port mapping with a container port and a name.`;
    },
  },
  {
    ...guide('express-service-create-full.html'),
    breach: ({ given }) => {
      const network = given.networkConfiguration as { subnets?: readonly string[] } | undefined;
      return network?.subnets?.length === 0 ? 'subnets can not be empty.' : undefined;
    },
  },
];

/** Create, Update, Describe and DeleteExpressGatewayService. */
export function expressOperations(parts: ExpressParts): Operations {
  const { clusters, services, taskDefinitions, resources } = parts;
  const register = (definition: Input, context: CallContext): string => {
    const operations = taskDefinitionOperations(taskDefinitions);
    const answer = operations.RegisterTaskDefinition?.(definition, context) as {
      taskDefinition: { taskDefinitionArn: string };
    };
    return answer.taskDefinition.taskDefinitionArn;
  };
  const definitionOf = (arn: unknown): Definition =>
    taskDefinitions.use(String(arn)).definition as unknown as Definition;
  const planOf = (operation: Plan['operation'], given: Input, context: CallContext): Plan => {
    const { taskDefinitionArn: arn } = given;
    if (arn !== undefined) parseArn(arn, context);
    return { operation, given, ...(arn === undefined ? {} : { definition: definitionOf(arn) }) };
  };
  /** @throws InvalidParameterException in the words that Terraform's provider waits for */
  const find = (arn: unknown, context: CallContext): SimService => {
    parseArn(arn, context);
    const service = services.all.get(String(arn));
    if (service?.settings.resourceManagementType !== 'ECS') throw invalid('Resource not found');
    return service;
  };
  const active = (arn: unknown, context: CallContext): SimService => {
    const service = find(arn, context);
    if (service.status === 'DRAINING')
      throw new ApiException('ServiceNotActiveException', 'Service is in DRAINING status');
    if (service.status === 'INACTIVE')
      throw new ApiException(
        'ServiceNotActiveException',
        'Cannot perform this operation on a service in INACTIVE status',
      );
    return service;
  };

  return {
    CreateExpressGatewayService: (given, context) => {
      refuse(RULES, planOf('create', given, context), 'InvalidParameterException');
      const cluster = clusters.get(given.cluster, context);
      const serviceName = String(given.serviceName ?? `express-${services.all.size + 1}`);
      const scalingTarget = { ...DEFAULT_SCALING, ...(given.scalingTarget as object | undefined) };
      const express: ExpressSettings = {
        healthCheckPath: String(given.healthCheckPath ?? DEFAULTS.healthCheckPath),
        scalingTarget,
      };
      const name = `${cluster.name}-${serviceName}`;
      const existing = services.all.get(`${cluster.arn.replace(':cluster/', ':service/')}/${serviceName}`);
      if (existing?.status === 'ACTIVE') throw invalid('Creation of service was not idempotent.');
      if (existing?.status === 'DRAINING') throw invalid('Unable to Start a service that is still Draining.');
      const { primaryContainer, tags } = given;
      const arn =
        primaryContainer === undefined
          ? given.taskDefinitionArn
          : register(
              managedDefinition(
                { family: name, ...pick(given, OF_THE_DEFINITION), ...(tags === undefined ? {} : { tags }) },
                primaryContainer as unknown as Container,
                { logGroup: `/aws/ecs/${cluster.name}/${serviceName}`, region: context.region },
              ),
              context,
            );
      const port = portOf(definitionOf(arn));
      const group = (which: string): string =>
        resources.targetGroup(`${serviceName.slice(0, 20)}-${which}`, { port, ...express }, context);
      const alarm = `${name}/RollbackAlarm`;
      resources.alarm(alarm);
      const network = { ...DEFAULT_NETWORK, ...(given.networkConfiguration as object | undefined) };
      const listener = `arn:${context.partition}:elasticloadbalancing:${context.region}:${context.accountId}:listener-rule/app/ecs-express-gateway/0123456789abcdef/0123456789abcdef/0123456789abcdef`;
      services.operations.CreateService?.(
        {
          cluster: given.cluster,
          serviceName,
          taskDefinition: arn,
          launchType: 'FARGATE',
          desiredCount: scalingTarget.minTaskCount,
          networkConfiguration: { awsvpcConfiguration: { ...network, assignPublicIp: 'ENABLED' } },
          loadBalancers: [
            {
              targetGroupArn: group('blue'),
              containerName: PRIMARY,
              containerPort: port,
              advancedConfiguration: {
                alternateTargetGroupArn: group('green'),
                productionListenerRule: listener,
                roleArn: given.infrastructureRoleArn,
              },
            },
          ],
          deploymentConfiguration: {
            ...CANARY,
            alarms: { alarmNames: [alarm], enable: true, rollback: true },
            deploymentCircuitBreaker: { enable: true, rollback: true },
          },
          ...(tags === undefined ? {} : { tags }),
        },
        context,
      );
      const service = services.find(given.cluster, serviceName, context);
      Object.assign(service.settings, {
        resourceManagementType: 'ECS',
        infrastructureRoleArn: given.infrastructureRoleArn,
        express,
      });
      for (const one of service.deployments) Object.assign(one.revision, { express });
      const range = { min: scalingTarget.minTaskCount, max: scalingTarget.maxTaskCount };
      resources.scalableTarget(`service/${cluster.name}/${serviceName}`, range, context);
      return { service: describeExpress(service, { taskDefinitions, context }) };
    },

    UpdateExpressGatewayService: (given, context) => {
      const service = active(given.serviceArn, context);
      refuse(RULES, planOf('update', given, context), 'InvalidParameterException');
      const now = expressOf(service);
      const scalingTarget = { ...now.scalingTarget, ...(given.scalingTarget as object | undefined) };
      const express = { healthCheckPath: String(given.healthCheckPath ?? now.healthCheckPath), scalingTarget };
      const before = definitionOf(service.taskDefinition);
      const changesDefinition = OF_THE_DEFINITION.some((member) => given[member] !== undefined);
      const arn = changesDefinition
        ? register(updatedDefinition(before, given, context.region), context)
        : (given.taskDefinitionArn ?? service.taskDefinition);
      const network = given.networkConfiguration as { subnets?: unknown; securityGroups?: unknown } | undefined;
      const awsvpc = (service.settings.networkConfiguration as { awsvpcConfiguration: object }).awsvpcConfiguration;
      service.settings.express = express;
      const port = portOf(definitionOf(arn));
      const balancers = service.loadBalancers.map((balancer) => ({ ...balancer, containerPort: port }));
      services.operations.UpdateService?.(
        {
          cluster: service.cluster.arn,
          service: service.name,
          taskDefinition: arn,
          // "For Container port, update the port your application listens on": express-service-update-full.html
          ...(port === portOf(before) ? {} : { loadBalancers: balancers }),
          ...(network === undefined
            ? {}
            : { networkConfiguration: { awsvpcConfiguration: { ...awsvpc, ...network } } }),
          // Another path is another configuration of the target groups, and so a new revision.
          ...(express.healthCheckPath === now.healthCheckPath ? {} : { forceNewDeployment: true }),
        },
        context,
      );
      // Without a deployment it is the newest revision that has them.
      Object.assign(service.deployments[0]?.revision ?? {}, { express });
      const range = { min: scalingTarget.minTaskCount, max: scalingTarget.maxTaskCount };
      if (given.scalingTarget !== undefined)
        resources.scalableTarget(`service/${service.cluster.name}/${service.name}`, range, context);
      const {
        activeConfigurations,
        currentDeployment: _,
        infrastructureRoleArn: __,
        tags: ___,
        ...shown
      } = describeExpress(service, { taskDefinitions, context });
      return { service: { ...shown, targetConfiguration: activeConfigurations[0] } };
    },

    DescribeExpressGatewayService: ({ serviceArn, include }, context) => {
      const service = find(serviceArn, context);
      const { tags, ...described } = describeExpress(service, { taskDefinitions, context });
      return { service: { ...described, ...(strings(include).includes('TAGS') ? { tags } : {}) } };
    },

    DeleteExpressGatewayService: ({ serviceArn }, context) => {
      const service = active(serviceArn, context);
      services.operations.DeleteService?.(
        { cluster: service.cluster.arn, service: service.name, force: true },
        context,
      );
      return { service: describeExpress(service, { taskDefinitions, context }) };
    },
  };
}

const expressOf = ({ settings }: SimService): ExpressSettings => settings.express as ExpressSettings;
const mainOf = (definition: Definition) => definition.containerDefinitions?.find(({ name }) => name === PRIMARY);
const portOf = (definition: Definition): number =>
  mainOf(definition)?.portMappings?.[0]?.containerPort ?? DEFAULTS.port;

/** The definition that ECS registers for `primaryContainer`. */
function managedDefinition(
  given: Input,
  container: Container,
  { logGroup, region }: { readonly logGroup: string; readonly region: string },
): Input {
  const { family, cpu = DEFAULTS.cpu, memory = DEFAULTS.memory, cpuArchitecture = DEFAULTS.architecture, tags } = given;
  return {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu,
    memory,
    runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture },
    ...pick(given, ['executionRoleArn', 'taskRoleArn']),
    ...(tags === undefined ? {} : { tags }),
    containerDefinitions: [containerDefinition(container, { logGroup, region })],
  };
}

function containerDefinition(
  { image, containerPort = DEFAULTS.port, awsLogsConfiguration: logs, ...container }: Container,
  { logGroup, region }: { readonly logGroup: string; readonly region: string },
): Input {
  const { repositoryCredentials, command, environment = [], secrets } = container;
  return {
    name: PRIMARY,
    image,
    essential: true,
    portMappings: [
      {
        containerPort,
        hostPort: containerPort,
        protocol: 'tcp',
        name: `main-${containerPort}-tcp`,
        appProtocol: 'http',
      },
    ],
    environment,
    ...(secrets === undefined ? {} : { secrets }),
    ...(command === undefined ? {} : { command }),
    ...(repositoryCredentials === undefined ? {} : { repositoryCredentials }),
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': logs?.logGroup ?? logGroup,
        'awslogs-region': region,
        'awslogs-stream-prefix': logs?.logStreamPrefix ?? DEFAULTS.logStreamPrefix,
      },
    },
  };
}

/** What was not given stays: of cpuArchitecture the SDK's type says it, of other members [?]. */
function updatedDefinition(before: Definition, given: Input, region: string): Input {
  const { family, runtimePlatform, cpu, memory, executionRoleArn, taskRoleArn } = before;
  const main = mainOf(before);
  const container = given.primaryContainer as Container | undefined;
  const logGroup = main?.logConfiguration?.options?.['awslogs-group'] ?? '';
  const kept = pick({ cpu, memory, executionRoleArn, taskRoleArn }, [
    'cpu',
    'memory',
    'executionRoleArn',
    'taskRoleArn',
  ]);
  return {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: {
      ...runtimePlatform,
      ...(given.cpuArchitecture === undefined ? {} : { cpuArchitecture: given.cpuArchitecture }),
    },
    ...kept,
    ...pick(given, ['cpu', 'memory', 'executionRoleArn', 'taskRoleArn']),
    containerDefinitions: container
      ? [containerDefinition({ containerPort: portOf(before), ...container }, { logGroup, region })]
      : before.containerDefinitions,
  };
}

/** `https://web-0123456789ab.ecs.eu-west-1.on.aws`: "a unique URL for your application", express-service-create-full.html */
const endpointOf = ({ arn, name }: SimService, { region }: CallContext): string => {
  let hash = 7;
  for (const character of arn) hash = (hash * 31 + character.charCodeAt(0)) % 0xffffffff;
  return `https://${name}-${hash.toString(16).padStart(8, '0')}.ecs.${region}.on.aws`;
};

function describeExpress(
  service: SimService,
  { taskDefinitions, context }: { readonly taskDefinitions: TaskDefinitions; readonly context: CallContext },
) {
  const current = service.current ?? service.serviceDeployments.at(-1);
  return {
    cluster: service.cluster.name,
    serviceName: service.name,
    serviceArn: service.arn,
    infrastructureRoleArn: service.settings.infrastructureRoleArn,
    status: { statusCode: service.status },
    ...(current ? { currentDeployment: serviceDeploymentArn(service, current) } : {}),
    activeConfigurations: service.deployments.map((one) =>
      configurationOf(service, one, { definition: taskDefinitions.find(one.taskDefinition).definition, context }),
    ),
    tags: (service.settings.tags ?? []) as TagList,
    createdAt: service.settings.createdAt,
    updatedAt: current?.updatedAt ?? service.settings.createdAt,
  };
}

function configurationOf(
  service: SimService,
  deployment: Deployment,
  { definition: shown, context }: { readonly definition: Input; readonly context: CallContext },
): Input {
  const definition = shown as unknown as Definition;
  const main = mainOf(definition);
  const { revision } = deployment;
  const { healthCheckPath, scalingTarget } = (revision.express ?? expressOf(service)) as ExpressSettings;
  const { subnets, securityGroups } =
    (revision.networkConfiguration as { awsvpcConfiguration?: Record<string, unknown> } | undefined)
      ?.awsvpcConfiguration ?? {};
  const options = main?.logConfiguration?.options;
  return {
    serviceRevisionArn: revisionArn(service, deployment),
    taskDefinitionArn: deployment.taskDefinition,
    ...pick(shown, ['executionRoleArn', 'taskRoleArn', 'cpu', 'memory']),
    ...(definition.runtimePlatform?.cpuArchitecture
      ? { cpuArchitecture: definition.runtimePlatform.cpuArchitecture }
      : {}),
    networkConfiguration: { subnets, securityGroups },
    healthCheckPath,
    primaryContainer: {
      image: main?.image,
      containerPort: portOf(definition),
      ...(options
        ? {
            awsLogsConfiguration: {
              logGroup: options['awslogs-group'],
              logStreamPrefix: options['awslogs-stream-prefix'],
            },
          }
        : {}),
      ...pick(main as unknown as Input, ['command', 'environment', 'secrets', 'repositoryCredentials']),
    },
    scalingTarget,
    ingressPaths: [{ accessType: 'PUBLIC', endpoint: endpointOf(service, context) }],
    createdAt: deployment.createdAt,
  };
}
