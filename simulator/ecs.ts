import type { SimClock } from './clock.ts';
import { Fleet } from './fleet.ts';
import { active, running, type Scheduler } from './scheduler.ts';
import { ApiException, type CallContext, type Service } from './service.ts';
import { requestProblem } from './shapes.ts';
import { type Deployment, hexadecimal, nextNumber, type SimService, type SimTask } from './state.ts';
import { TaskDefinitions } from './task-definitions.ts';
import { describeDeployment, describeService, describeServiceDeployment, describeTask } from './views.ts';

type Input = Readonly<Record<string, unknown>>;
const HOUR = 3600;

/** Amazon ECS: clusters, task definitions, services, deployments and their tasks. */
export class Ecs implements Service {
  readonly name = 'ecs';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'AmazonEC2ContainerServiceV20141113';
  readonly services = new Map<string, SimService>();
  readonly taskDefinitions: TaskDefinitions;
  readonly fleet = new Fleet();
  readonly #clusters = new Set<string>(['default']);
  readonly #clock: SimClock;
  readonly #scheduler: Scheduler;

  constructor(clock: SimClock, scheduler: Scheduler) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.taskDefinitions = new TaskDefinitions(clock);
  }

  handle(operation: string, input: Input, context: CallContext): object {
    const wrong = requestProblem(operation, input);
    if (wrong) throw new ApiException('SerializationException', wrong);
    const handler = this.#operations[operation];
    if (!handler) throw new ApiException('UnknownOperationException', `The simulator does not know ecs:${operation}.`);
    return handler(input, context);
  }

  readonly #operations: Readonly<Record<string, (input: Input, context: CallContext) => object>> = {
    CreateCluster: ({ clusterName = 'default' }, context) => {
      this.#clusters.add(String(clusterName));
      return { cluster: cluster(String(clusterName), context) };
    },
    DescribeClusters: ({ clusters = ['default'] }, context) => {
      const names = (clusters as string[]).map(lastSegment);
      return {
        clusters: names.filter((name) => this.#clusters.has(name)).map((name) => cluster(name, context)),
        failures: names.filter((name) => !this.#clusters.has(name)).map((arn) => ({ arn, reason: 'MISSING' })),
      };
    },
    RegisterTaskDefinition: (input, context) => this.taskDefinitions.register(input, context),
    DescribeTaskDefinition: ({ taskDefinition, include }) => {
      const { definition, tags } = this.taskDefinitions.find(String(taskDefinition));
      return { taskDefinition: definition, ...(Array.isArray(include) ? { tags } : {}) };
    },
    DeregisterTaskDefinition: ({ taskDefinition }) => this.taskDefinitions.deregister(String(taskDefinition)),
    ListTaskDefinitions: ({ familyPrefix, status = 'ACTIVE', sort = 'ASC', maxResults = 100 }) => ({
      taskDefinitionArns: this.taskDefinitions
        .list(familyPrefix as string | undefined, String(status), String(sort))
        .slice(0, Number(maxResults)),
    }),
    CreateService: (input, context) => ({ service: describeService(this.#create(input, context)) }),
    UpdateService: (input, context) => ({ service: describeService(this.#update(input, context)) }),
    DeleteService: (input, context) => {
      const service = this.#find(input.cluster, input.service, context);
      service.desiredCount = 0;
      this.#scheduler.reconcile(service);
      service.status = 'INACTIVE';
      return { service: describeService(service) };
    },
    DescribeServices: ({ cluster: name, services = [] }, context) => {
      const keys = (services as string[]).map((one) => this.#key(name, one, context));
      return {
        services: keys.flatMap((key) => this.services.get(key) ?? []).map(describeService),
        failures: keys.filter((key) => !this.services.has(key)).map((arn) => ({ arn, reason: 'MISSING' })),
      };
    },
    ListServices: (_, __) => ({ serviceArns: [...this.services.values()].map(({ arn }) => arn) }),
    ListServiceDeployments: (input, context) => {
      const service = this.#find(input.cluster, input.service, context);
      const { after = 0 } = (input.createdAt ?? {}) as { after?: number };
      const statuses = input.status as string[] | undefined;
      const all = [...service.history, ...service.deployments].map((one) =>
        describeServiceDeployment(service, one, this.#clock.now()),
      );
      const shown = all.filter(({ createdAt, status }) => createdAt >= after && (statuses?.includes(status) ?? true));
      return { serviceDeployments: shown.reverse().slice(0, Number(input.maxResults ?? 100)) };
    },
    DescribeServiceDeployments: ({ serviceDeploymentArns = [] }) => {
      const found = (serviceDeploymentArns as string[]).flatMap((arn) => this.#serviceDeployment(arn) ?? []);
      return {
        serviceDeployments: found.map(({ service, deployment }) =>
          describeServiceDeployment(service, deployment, this.#clock.now()),
        ),
        failures: [],
      };
    },
    DescribeServiceRevisions: ({ serviceRevisionArns = [] }) => ({
      serviceRevisions: (serviceRevisionArns as string[]).flatMap((arn) => this.#serviceRevision(arn) ?? []),
      failures: [],
    }),
    StopServiceDeployment: ({ serviceDeploymentArn, stopType = 'ROLLBACK' }) => {
      const found = this.#serviceDeployment(String(serviceDeploymentArn));
      if (!found) throw new ApiException('ServiceDeploymentNotFoundException', 'Service deployment not found.');
      if (found.deployment.rolloutState !== 'IN_PROGRESS') {
        throw new ApiException('ConflictException', 'The service deployment is not in a state that can be stopped.');
      }
      found.deployment.stopRequested = true;
      this.#scheduler.fail(
        found.service,
        found.deployment,
        'Service deployment was stopped by the user.',
        stopType === 'ROLLBACK',
      );
      return { serviceDeploymentArn };
    },
    ListTasks: ({ cluster: name, serviceName, desiredStatus = 'RUNNING' }, context) => {
      const all = serviceName === undefined ? [...this.services.values()] : [this.#find(name, serviceName, context)];
      return {
        taskArns: all
          .flatMap((service) => this.#visible(service))
          .filter((task) => task.desiredStatus === desiredStatus)
          .map(({ arn }) => arn),
      };
    },
    DescribeTasks: ({ tasks = [] }) => {
      const wanted = new Set((tasks as string[]).map(lastSegment));
      const all = [...this.services.values()].flatMap((service) => this.#visible(service));
      const found = all.filter(({ id }) => wanted.delete(id));
      return { tasks: found.map(describeTask), failures: [...wanted].map((arn) => ({ arn, reason: 'MISSING' })) };
    },
    ListContainerInstances: (input, context) => this.fleet.list(this.#clusterArn(input.cluster, context)),
    DescribeContainerInstances: (input, context) =>
      this.fleet.describe(this.#clusterArn(input.cluster, context), input),
    DescribeCapacityProviders: (input) => this.fleet.describeCapacityProviders(input),
    TagResource: () => ({}),
  };

  /** Stopped tasks can be described for about an hour. */
  #visible(service: SimService): SimTask[] {
    return service.tasks.filter(({ stoppedAt }) => stoppedAt === undefined || this.#clock.now() - stoppedAt < HOUR);
  }

  #key(clusterName: unknown, service: unknown, { region, accountId, partition }: CallContext): string {
    const name = lastSegment(String(clusterName ?? 'default'));
    if (!this.#clusters.has(name)) throw new ApiException('ClusterNotFoundException', 'Cluster not found.');
    return `arn:${partition}:ecs:${region}:${accountId}:service/${name}/${lastSegment(String(service))}`;
  }

  #clusterArn(clusterName: unknown, { region, accountId, partition }: CallContext): string {
    const name = lastSegment(String(clusterName ?? 'default'));
    if (!this.#clusters.has(name)) throw new ApiException('ClusterNotFoundException', 'Cluster not found.');
    return `arn:${partition}:ecs:${region}:${accountId}:cluster/${name}`;
  }

  #find(clusterName: unknown, serviceName: unknown, context: CallContext): SimService {
    const service = this.services.get(this.#key(clusterName, serviceName, context));
    if (!service) throw new ApiException('ServiceNotFoundException', 'Service not found.');
    if (service.status !== 'ACTIVE') throw new ApiException('ServiceNotActiveException', 'Service was not ACTIVE.');
    return service;
  }

  #create(input: Input, context: CallContext): SimService {
    const arn = this.#key(input.cluster, input.serviceName, context);
    const { definition } = this.taskDefinitions.find(String(input.taskDefinition));
    if (definition.networkMode === 'awsvpc' && input.networkConfiguration === undefined) {
      throw new ApiException(
        'InvalidParameterException',
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      );
    }
    const configuration = (input.deploymentConfiguration ?? {}) as Input;
    const { minimumHealthyPercent = 100, maximumPercent = 200 } = configuration as {
      minimumHealthyPercent?: number;
      maximumPercent?: number;
    };
    if (minimumHealthyPercent === 100 && maximumPercent === 100) {
      throw new ApiException(
        'InvalidParameterException',
        'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
      );
    }
    const service: SimService = {
      arn,
      name: String(input.serviceName),
      clusterArn: `${arn.slice(0, arn.indexOf(':service/'))}:cluster/${lastSegment(String(input.cluster ?? 'default'))}`,
      status: 'ACTIVE',
      taskDefinition: String(definition.taskDefinitionArn),
      desiredCount: Number(input.desiredCount ?? 1),
      minimumHealthyPercent,
      maximumPercent,
      circuitBreaker: { enable: false, rollback: false },
      loadBalancers: (input.loadBalancers ?? []) as Input[],
      settings: { launchType: 'EC2', ...pick(input, TRAVELLING), createdAt: this.#clock.now() },
      deployments: [],
      history: [],
      tasks: [],
      events: [],
      newTask: (deployment, now) => this.#newTask(service, deployment, now),
    };
    this.#configure(service, input);
    this.services.set(arn, service);
    this.#beginDeployment(service);
    return service;
  }

  #update(input: Input, context: CallContext): SimService {
    const service = this.#find(input.cluster, input.service, context);
    const { definition } = this.taskDefinitions.find(String(input.taskDefinition ?? service.taskDefinition));
    if (input.taskDefinition !== undefined && definition.status !== 'ACTIVE')
      throw new ApiException('ClientException', 'TaskDefinition is inactive');
    const names = (definition.containerDefinitions as Input[]).map(({ name }) => name);
    for (const { containerName } of service.loadBalancers) {
      if (containerName !== undefined && !names.includes(containerName)) {
        throw new ApiException(
          'InvalidParameterException',
          `The container ${String(containerName)} does not exist in the task definition.`,
        );
      }
    }
    this.#configure(service, input);
    Object.assign(service.settings, pick(input, TRAVELLING));
    if (input.desiredCount !== undefined) service.desiredCount = Number(input.desiredCount);
    const arn = String(definition.taskDefinitionArn);
    const begins =
      arn !== service.taskDefinition ||
      input.forceNewDeployment === true ||
      STARTING.some((member) => input[member] !== undefined);
    service.taskDefinition = arn;
    if (begins) this.#beginDeployment(service);
    else this.#scheduler.reconcile(service);
    return service;
  }

  #configure(service: SimService, input: Input): void {
    const { minimumHealthyPercent, maximumPercent, deploymentCircuitBreaker, alarms } =
      (input.deploymentConfiguration ?? {}) as Record<string, never>;
    if (minimumHealthyPercent !== undefined) service.minimumHealthyPercent = Number(minimumHealthyPercent);
    if (maximumPercent !== undefined) service.maximumPercent = Number(maximumPercent);
    if (deploymentCircuitBreaker !== undefined) service.circuitBreaker = deploymentCircuitBreaker;
    if (alarms !== undefined) service.alarms = alarms;
    if (input.healthCheckGracePeriodSeconds !== undefined)
      service.healthCheckGracePeriodSeconds = Number(input.healthCheckGracePeriodSeconds);
  }

  #beginDeployment(service: SimService): void {
    const number = String(nextNumber()).padStart(19, '4');
    const id = `ecs-svc/${number}`;
    for (const before of service.deployments) before.status = 'ACTIVE';
    const stopped = service.deployments.filter(({ rolloutState }) => rolloutState !== 'COMPLETED');
    service.history.push(...stopped);
    service.deployments = service.deployments.filter(
      (one) => !stopped.includes(one) || running(service).some(({ deploymentId }) => deploymentId === one.id),
    );
    service.deployments.unshift({
      id,
      number,
      status: 'PRIMARY',
      taskDefinition: service.taskDefinition,
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: `ECS deployment ${id} in progress.`,
      createdAt: this.#clock.now(),
      failedTasks: 0,
      failedStarts: 0,
      lastFailureAt: 0,
      completing: false,
    });
    this.#scheduler.reconcile(service);
  }

  #newTask(service: SimService, deployment: Deployment, now: number): SimTask {
    const { definition } = this.taskDefinitions.find(deployment.taskDefinition);
    const id = hexadecimal(nextNumber(), 32);
    const task: SimTask = {
      id,
      arn: `${service.clusterArn.replace(':cluster/', ':task/')}/${id}`,
      service,
      deploymentId: deployment.id,
      taskDefinitionArn: deployment.taskDefinition,
      definition,
      containers: (definition.containerDefinitions as Input[]).map((container) => ({
        name: String(container.name),
        image: String(container.image),
        essential: container.essential !== false,
        definition: container,
      })),
      createdAt: now,
      lastStatus: 'PENDING',
      desiredStatus: 'RUNNING',
      healthStatus: 'UNKNOWN',
      ended: [],
    };
    service.tasks.push(task);
    return task;
  }

  #serviceDeployment(arn: string): { service: SimService; deployment: Deployment } | undefined {
    for (const service of this.services.values()) {
      const deployment = [...service.deployments, ...service.history].find(
        (one) => arn === describeServiceDeployment(service, one, 0).serviceDeploymentArn,
      );
      if (deployment) return { service, deployment };
    }
    return undefined;
  }

  #serviceRevision(arn: string): object | undefined {
    for (const service of this.services.values()) {
      const deployment = [...service.deployments, ...service.history].find(({ number }) => arn.endsWith(`/${number}`));
      if (deployment)
        return describeDeployment.revision(
          service,
          deployment,
          this.taskDefinitions.find(deployment.taskDefinition).definition,
        );
    }
    return undefined;
  }

  /** Counts for tests. */
  activeTasks(service: SimService): number {
    return active(service).length;
  }
}

const lastSegment = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
/** Members of CreateService and UpdateService that only travel through the simulator. */
const TRAVELLING = [
  'launchType',
  'networkConfiguration',
  'capacityProviderStrategy',
  'platformVersion',
  'enableExecuteCommand',
  'enableECSManagedTags',
  'propagateTags',
  'schedulingStrategy',
  'deploymentController',
];
/** Members of UpdateService that start a deployment by themselves. */
const STARTING = [
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'volumeConfigurations',
  'serviceConnectConfiguration',
];
const pick = (input: Input, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])));
const cluster = (name: string, { region, accountId, partition }: CallContext) => ({
  clusterArn: `arn:${partition}:ecs:${region}:${accountId}:cluster/${name}`,
  clusterName: name,
  status: 'ACTIVE',
});
