import type { SimClock } from '../../clock.ts';
import type { SimRegistryService } from '../../services/cloud-map.ts';
import type { SimTargetGroup } from '../../services/load-balancing.ts';
import {
  ApiException,
  type CallContext,
  type Input,
  invalid,
  limited,
  lookUp,
  type Operations,
  page,
  pick,
  strings,
} from '../../wire/service.ts';
import type { Rollouts } from '../rollout.ts';
import type { Scheduler } from '../scheduler.ts';
import { type Configuration, hasTaskSets, REVISION_SETTINGS, type SimService } from '../state.ts';
import type { TaskDefinitions } from '../task-definitions.ts';
import type { TaskSets } from '../task-sets.ts';
import type { Clusters } from './clusters.ts';
import { parseArn, serviceName } from './identifiers.ts';
import { refuse } from './rule.ts';
import { SERVICE_RULES, type ServicePlan } from './service-rules.ts';
import { refuseTags } from './task-rules.ts';
import { briefServiceDeployment, defined, describeService } from './views.ts';

/** Members of CreateService and UpdateService that are only passed through. */
const PASSED_THROUGH = [
  'launchType',
  'networkConfiguration',
  'capacityProviderStrategy',
  'platformVersion',
  'enableExecuteCommand',
  'enableECSManagedTags',
  'propagateTags',
  'schedulingStrategy',
  'deploymentController',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'gatewayConnectors',
  'monitoring',
  'availabilityZoneRebalancing',
  'placementConstraints',
  'placementStrategy',
];
/** Members of UpdateService that start a new deployment. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html */
const STARTS_DEPLOYMENT = [
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'volumeConfigurations',
  'serviceConnectConfiguration',
  'vpcLatticeConfigurations',
  'gatewayConnectors',
  'monitoring',
];

export interface ServicesParts {
  readonly clock: SimClock;
  readonly clusters: Clusters;
  readonly scheduler: Scheduler;
  readonly rollouts: Rollouts;
  readonly taskSets: TaskSets;
  readonly taskDefinitions: TaskDefinitions;
  readonly targetGroup: (arn: string) => SimTargetGroup | undefined;
  readonly registry: (arn: string) => SimRegistryService | undefined;
  /** Ids of subnets and security groups that do not exist. */
  readonly missing: ReadonlySet<string>;
  /** How many seconds reads may lag behind writes. */
  readonly consistency: { staleSeconds: number };
}

/** Services by ARN, and what may be done with them. */
export class Services {
  readonly all = new Map<string, SimService>();
  readonly #parts: ServicesParts;

  constructor(parts: ServicesParts) {
    this.#parts = parts;
  }

  #arn(reference: unknown, service: unknown, context: CallContext): string {
    const cluster = this.#parts.clusters.get(reference, context);
    return `${cluster.arn.replace(':cluster/', ':service/')}/${serviceName(service, cluster.name, context)}`;
  }

  /** One that is there, DRAINING or not. @throws ClusterNotFoundException, ServiceNotFoundException */
  find(cluster: unknown, name: unknown, context: CallContext): SimService {
    const service = this.all.get(this.#arn(cluster, name, context));
    if (!service || service.status === 'INACTIVE')
      throw new ApiException('ServiceNotFoundException', 'Service not found.');
    return service;
  }

  /** One that can be updated; only UpdateService knows ServiceNotActiveException. */
  #active(cluster: unknown, name: unknown, context: CallContext): SimService {
    const service = this.all.get(this.#arn(cluster, name, context));
    if (!service) throw new ApiException('ServiceNotFoundException', 'Service not found.');
    if (service.status !== 'ACTIVE') throw new ApiException('ServiceNotActiveException', 'Service was not ACTIVE.');
    return service;
  }

  #definition(reference: unknown, context: CallContext): Input {
    parseArn(reference, context);
    return this.#parts.taskDefinitions.use(String(reference)).definition;
  }

  /** Keeps what reads return for a while after this write. */
  remember(service: SimService): void {
    const { clock, consistency } = this.#parts;
    const now = clock.now();
    if (consistency.staleSeconds <= 0 || (service.stale && now < service.stale.until)) return;
    service.stale = {
      until: now + consistency.staleSeconds,
      service: describeService(service),
      serviceDeployments: service.serviceDeployments.map((one) => briefServiceDeployment(service, one)),
    };
  }

  /** What a read returns now, which may be the state before the last write. */
  shown(service: SimService): object {
    const { stale } = service;
    return stale && this.#parts.clock.now() < stale.until ? stale.service : describeService(service);
  }

  readonly operations: Operations = {
    CreateService: (input, context) => ({ service: describeService(this.#create(input, context)) }),
    UpdateService: (input, context) => ({ service: describeService(this.#update(input, context)) }),
    DeleteService: ({ cluster, service: name, force }, context) => {
      const service = this.find(cluster, name, context);
      const daemon = service.settings.schedulingStrategy === 'DAEMON';
      if (service.desiredCount > 0 && !daemon && force !== true) {
        throw invalid('The service cannot be stopped while it is scaled above 0.');
      }
      service.desiredCount = 0;
      service.status = 'DRAINING';
      this.#parts.scheduler.reconcile(service);
      return { service: describeService(service) };
    },
    DescribeServices: ({ cluster, services, include }, context) => {
      const names = limited(services, 10, 'Services');
      this.#parts.clusters.get(cluster, context);
      const { found, failures } = lookUp(names, (name) => this.all.get(this.#arn(cluster, name, context)));
      const tagged = strings(include).includes('TAGS');
      return {
        services: found.map((one) => ({ ...this.shown(one), ...(tagged ? { tags: one.settings.tags ?? [] } : {}) })),
        failures: failures.map((failure) => ({
          ...failure,
          arn: arnIn(failure, (name) => this.#arn(cluster, name, context)),
        })),
      };
    },
    ListServices: (input, context) => {
      const cluster = this.#parts.clusters.get(input.cluster, context);
      const shown = [...this.all.values()].filter(
        (service) =>
          service.cluster === cluster &&
          service.status !== 'INACTIVE' &&
          ['launchType', 'schedulingStrategy'].every(
            (key) => (input[key] ?? service.settings[key]) === service.settings[key],
          ),
      );
      const [some, next] = page(shown, input, { usual: 10 });
      return { serviceArns: some.map(({ arn }) => arn), ...next };
    },
  };

  #create(input: Input, context: CallContext): SimService {
    const { clock, clusters, scheduler, targetGroup, registry, missing } = this.#parts;
    const cluster = clusters.get(input.cluster, context);
    const arn = this.#arn(input.cluster, input.serviceName, context);
    const { clientToken: token, ...parameters } = input;
    const existing = this.all.get(arn);
    const there = existing?.status;
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
    const mark = token === undefined ? undefined : JSON.stringify([token, parameters]);
    if (existing && there === 'ACTIVE' && mark !== undefined && existing.creation === mark) return existing;
    if (there === 'ACTIVE') throw invalid('Creation of service was not idempotent.');
    if (there === 'DRAINING') throw invalid('Unable to Start a service that is still Draining.');
    const definition = this.#definition(input.taskDefinition, context);
    const daemon = input.schedulingStrategy === 'DAEMON';
    const configuration: Configuration = {
      minimumHealthyPercent: daemon ? 0 : 100,
      maximumPercent: daemon ? 100 : 200,
      strategy: 'ROLLING',
      deploymentCircuitBreaker: { enable: false, rollback: false },
      ...(input.deploymentConfiguration as Partial<Configuration> | undefined),
    };
    refuseTags(input.tags);
    const plan = {
      operation: 'create',
      given: input,
      will: input,
      definition,
      configuration,
      cluster,
      missing,
      targetGroup,
      registry,
    };
    refuse(SERVICE_RULES, plan as unknown as ServicePlan, 'InvalidParameterException');
    const service: SimService = {
      arn,
      name: String(input.serviceName),
      cluster,
      status: 'ACTIVE',
      taskDefinition: String(definition.taskDefinitionArn),
      desiredCount: Number(input.desiredCount ?? (daemon ? 0 : 1)),
      configuration,
      loadBalancers: (input.loadBalancers ?? []) as Input[],
      settings: {
        ...(input.capacityProviderStrategy === undefined ? { launchType: 'EC2' } : {}),
        schedulingStrategy: 'REPLICA',
        deploymentController: { type: 'ECS' },
        enableECSManagedTags: false,
        propagateTags: 'NONE',
        enableExecuteCommand: false,
        ...pick(input, [...PASSED_THROUGH, 'tags']),
        ...(input.role === undefined ? {} : { roleArn: roleArn(input.role, context) }),
        ...(input.launchType === 'FARGATE'
          ? { platformVersion: input.platformVersion ?? 'LATEST', platformFamily: 'Linux' }
          : {}),
        createdAt: clock.now(),
        createdBy: `arn:${context.partition}:iam::${context.accountId}:role/deploy`,
      },
      deployments: [],
      serviceDeployments: [],
      tasks: [],
      events: [],
      eventTimes: new Map(),
    };
    if (input.healthCheckGracePeriodSeconds !== undefined)
      service.healthCheckGracePeriodSeconds = Number(input.healthCheckGracePeriodSeconds);
    if (mark !== undefined) service.creation = mark;
    service.launchTypeBefore = String(input.launchType ?? 'EC2');
    service.keepsRegisteredHealth = this.#keepsHealth(service);
    this.all.set(arn, service);
    scheduler.services.add(service);
    this.#begin(service);
    return service;
  }

  #keepsHealth({ settings }: SimService): boolean {
    const registries = (settings.serviceRegistries ?? []) as readonly { readonly registryArn: string }[];
    return registries.some(({ registryArn }) => this.#parts.registry(registryArn)?.customHealth === true);
  }

  #update(input: Input, context: CallContext): SimService {
    const service = this.#active(input.cluster, input.service, context);
    const definition = this.#definition(input.taskDefinition ?? service.taskDefinition, context);
    const given = (input.deploymentConfiguration ?? {}) as Partial<Configuration>;
    const configuration: Configuration = { ...service.configuration, ...given };
    const { cluster, loadBalancers, settings, healthCheckGracePeriodSeconds } = service;
    const was = { ...settings, loadBalancers, ...defined({ healthCheckGracePeriodSeconds }) };
    const plan = {
      operation: 'update',
      given: input,
      will: { ...was, ...input, ...launchAfter(input, service) },
      was,
      definition,
      configuration,
      underWay: service.current !== undefined || (hasTaskSets(service) && this.#parts.taskSets.underWay(service)),
      taskSets: hasTaskSets(service) ? service.deployments.length : 0,
      cluster,
      missing: this.#parts.missing,
      targetGroup: this.#parts.targetGroup,
      registry: this.#parts.registry,
    };
    refuse(SERVICE_RULES, plan as unknown as ServicePlan, 'InvalidParameterException');
    this.remember(service);
    service.configuration = configuration;
    const taskSetsBefore = hasTaskSets(service);
    Object.assign(service.settings, pick(input, PASSED_THROUGH));
    if (taskSetsBefore && !hasTaskSets(service)) this.#parts.taskSets.handOver(service);
    service.keepsRegisteredHealth = this.#keepsHealth(service);
    if (input.capacityProviderStrategy !== undefined) this.#switchCapacity(service);
    if (input.loadBalancers !== undefined) service.loadBalancers = input.loadBalancers as Input[];
    if (input.healthCheckGracePeriodSeconds !== undefined)
      service.healthCheckGracePeriodSeconds = Number(input.healthCheckGracePeriodSeconds);
    if (input.desiredCount !== undefined) service.desiredCount = Number(input.desiredCount);
    const arn = String(definition.taskDefinitionArn);
    const begins =
      arn !== service.taskDefinition ||
      input.forceNewDeployment === true ||
      STARTS_DEPLOYMENT.some((member) => input[member] !== undefined);
    service.taskDefinition = arn;
    if (begins) this.#begin(service);
    else this.#parts.scheduler.reconcile(service);
    return service;
  }

  #begin(service: SimService): void {
    const { loadBalancers } = service;
    if (hasTaskSets(service)) {
      // Of an EXTERNAL service, its first one too is for CreateTaskSet.
      if (controllerOf(service) === 'CODE_DEPLOY') this.#parts.taskSets.create(service, { status: 'PRIMARY' });
      return;
    }
    this.#parts.rollouts.begin(service, { ...pick(service.settings, REVISION_SETTINGS), loadBalancers });
  }

  /** "Update the ... capacity provider back to the launch type. Pass an empty list": UpdateService, capacityProviderStrategy. */
  #switchCapacity({ settings, launchTypeBefore = 'EC2' }: SimService): void {
    const isEmpty = (settings.capacityProviderStrategy as readonly unknown[]).length === 0;
    if (isEmpty) {
      delete settings.capacityProviderStrategy;
      settings.launchType = launchTypeBefore;
    } else delete settings.launchType;
  }
}

const controllerOf = ({ settings }: SimService): string | undefined =>
  (settings.deploymentController as { readonly type?: string } | undefined)?.type;

/** An empty capacity provider strategy sets the launch type again. */
const launchAfter = ({ capacityProviderStrategy: given }: Input, { launchTypeBefore = 'EC2' }: SimService): Input =>
  Array.isArray(given) && given.length === 0 ? { launchType: launchTypeBefore } : {};
const roleArn = (role: unknown, { partition, accountId }: CallContext): string =>
  String(role).startsWith('arn:') ? String(role) : `arn:${partition}:iam::${accountId}:role/${String(role)}`;
const arnIn = (failure: object, of: (name: string) => string): string => of(String((failure as { arn?: string }).arn));
