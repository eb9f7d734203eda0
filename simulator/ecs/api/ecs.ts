import type { SimClock } from '../../clock.ts';
import type { SimRegistryService } from '../../services/cloud-map.ts';
import type { SimTargetGroup } from '../../services/load-balancing.ts';
import type { Input, Operations } from '../../wire/service.ts';
import { ApiException, type CallContext, type Service } from '../../wire/service.ts';
import { requestProblem } from '../../wire/shapes.ts';
import type { Capacity } from '../capacity.ts';
import type { Rollouts } from '../rollout.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SimService, SimTask, Tagged, TagList } from '../state.ts';
import type { TaskDefinitions } from '../task-definitions.ts';
import type { TaskSets } from '../task-sets.ts';
import type { Tasks } from '../tasks.ts';
import { Clusters, clusterOperations } from './clusters.ts';
import { Daemons, type DaemonsParts } from './daemons.ts';
import { enumerationProblem } from './enumerations.ts';
import { type ExpressResources, expressOperations } from './express.ts';
import { Fleet, instanceOperations } from './instances.ts';
import { deploymentOperations } from './service-deployments.ts';
import { Services } from './services.ts';
import { tagOperations } from './tags.ts';
import { taskDefinitionOperations } from './task-definitions.ts';
import { taskOperations } from './tasks.ts';

export interface EcsParts {
  readonly clock: SimClock;
  readonly scheduler: Scheduler;
  readonly rollouts: Rollouts;
  readonly taskSets: TaskSets;
  readonly capacity: Capacity;
  readonly tasks: Tasks;
  readonly taskDefinitions: TaskDefinitions;
  /** Undefined: there is no such target group. */
  readonly targetGroup: (arn: string) => SimTargetGroup | undefined;
  /** Undefined: AWS Cloud Map has no such service. */
  readonly registry: (arn: string) => SimRegistryService | undefined;
  /** What decides how tasks of daemons end. */
  readonly daemons: Omit<DaemonsParts, 'clock' | 'clusters'>;
  /** What Express Mode makes in other AWS services. */
  readonly express: ExpressResources;
  /** The account and region that `clusters.get` uses by default. */
  readonly home: CallContext;
}

/** Amazon ECS: clusters, task definitions, services, deployments and their tasks. */
export class Ecs implements Service {
  readonly name = 'ecs';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'AmazonEC2ContainerServiceV20141113';
  readonly taskDefinitions: TaskDefinitions;
  readonly clusters: Clusters;
  readonly fleet = new Fleet();
  /** Reads lag so many seconds behind writes; 0 is none. */
  readonly consistency = { staleSeconds: 0 };
  /** Ids of subnets and security groups that do not exist; a service may name all others. */
  readonly missing = new Set<string>();
  readonly daemons: Daemons;
  readonly #services: Services;
  readonly #operations: Operations;

  constructor(parts: EcsParts) {
    const { capacity, taskDefinitions } = parts;
    this.taskDefinitions = taskDefinitions;
    this.clusters = new Clusters(parts.home);
    this.#services = new Services({
      ...parts,
      clusters: this.clusters,
      consistency: this.consistency,
      missing: this.missing,
    });
    this.daemons = new Daemons({ ...parts.daemons, clock: parts.clock, clusters: this.clusters });
    const shared = { ...parts, clusters: this.clusters, services: this.#services, missing: this.missing };
    this.#operations = {
      ...clusterOperations(this.clusters, () => this.services.values()),
      ...instanceOperations({ clusters: this.clusters, capacity, fleet: this.fleet }),
      ...taskDefinitionOperations(taskDefinitions),
      ...this.#services.operations,
      ...deploymentOperations(shared),
      ...this.daemons.operations,
      ...expressOperations({ ...shared, resources: parts.express }),
      ...taskOperations({ ...shared, daemonTasks: this.daemons.tasks }),
      ...tagOperations((arn) => this.#tagged(arn)),
    };
  }

  /** By ARN. */
  get services(): Map<string, SimService> {
    return this.#services.all;
  }

  /** The operations that it knows. */
  get operations(): readonly string[] {
    return Object.keys(this.#operations);
  }

  handle(operation: string, input: Input, context: CallContext): object {
    const handler = Object.hasOwn(this.#operations, operation) ? this.#operations[operation] : undefined;
    if (!handler) throw new ApiException('UnknownOperationException', `The simulator does not know ecs:${operation}.`);
    const wrong = requestProblem(operation, input);
    if (wrong?.kind === 'malformed') throw new ApiException('SerializationException', wrong.words);
    // RegisterTaskDefinition has own words for its two required members.
    if (wrong && !(operation === 'RegisterTaskDefinition' && /^(?:family|containerDefinitions)$/.test(wrong.path)))
      throw new ApiException('InvalidParameterException', `${wrong.path} can not be blank.`);
    const invalidValue = enumerationProblem(operation, input);
    if (invalidValue) throw new ApiException('InvalidParameterException', invalidValue);
    return handler(input, context);
  }

  #tasks(): SimTask[] {
    const ofServices = [...this.services.values()].flatMap(({ tasks }) => tasks);
    return [...ofServices, ...this.clusters.all().flatMap(({ tasks }) => tasks)];
  }

  #tagged(arn: string): Tagged | undefined {
    const settings =
      this.services.get(arn)?.settings ??
      this.clusters.all().find((one) => one.arn === arn)?.settings ??
      this.#tasks().find((one) => one.arn === arn)?.settings;
    if (!settings) return this.daemons.tagged(arn) ?? this.taskDefinitions.tagged(arn);
    return {
      read: () => (settings.tags ?? []) as TagList,
      write: (tags) => {
        settings.tags = tags;
      },
    };
  }
}
