import type { SimClock } from '../clock.ts';
import type { StopCode, TaskReport, TaskRuntime } from '../runtime/runtime.ts';
import type { Capacity, Placement } from './capacity.ts';
import {
  balancersOf,
  type Ids,
  type SimCluster,
  type SimInstance,
  type SimService,
  type SimTask,
  type TagList,
} from './state.ts';
import type { Timings } from './timings.ts';

type Definition = Readonly<Record<string, unknown>>;

/** What a task is started with. */
export interface TaskSpec {
  readonly cluster: SimCluster;
  readonly service?: SimService;
  readonly deploymentId: string;
  readonly group: string;
  readonly definition: Definition;
  readonly launchType: string;
  readonly capacityProvider?: string;
  /** By container name, from RunTask. */
  readonly overrides?: ReadonlyMap<string, Definition>;
  readonly settings?: Definition;
}

/** A change of a task, for the scheduler of its service. */
export type TaskChange =
  | Exclude<TaskReport, { kind: 'stopped' }>
  /** Its containers have ended, and it is to be replaced. `asked`: its desired status was STOPPED before. */
  | { readonly kind: 'ended'; readonly asked: boolean }
  /** It holds nothing any more. */
  | { readonly kind: 'stopped' };

const DEPROVISION_SECONDS = 1;
/** From the end of a target's containers to that of its registration. */
const DEREGISTER_SECONDS = 1;

/**
 * The life of a task of a service or of RunTask: PROVISIONING while it waits for an instance or its network interface,
 * PENDING while images are pulled, ACTIVATING, RUNNING; DEACTIVATING while a load balancer drains it, STOPPING,
 * DEPROVISIONING while its network interface is deleted, STOPPED. Only tasks in awsvpc mode have an interface of their own.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
export class Tasks {
  onChange: (task: SimTask, change: TaskChange) => void = () => {};
  readonly #clock: SimClock;
  readonly #runtime: TaskRuntime;
  readonly #capacity: Capacity;
  readonly #ids: Ids;
  readonly #digestOf: (image: string) => string | undefined;
  readonly #deprovisionSeconds: number;
  /** Those that the runtime knows. */
  readonly #begun = new WeakSet<SimTask>();

  /** @param parts.digestOf the digest that a reference names now, where that is known */
  constructor({
    clock,
    runtime,
    capacity,
    ids,
    timings,
    digestOf,
  }: {
    clock: SimClock;
    runtime: TaskRuntime;
    capacity: Capacity;
    ids: Ids;
    timings: Timings;
    digestOf: (image: string) => string | undefined;
  }) {
    this.#digestOf = digestOf;
    this.#deprovisionSeconds = timings.deprovisionSeconds ?? DEPROVISION_SECONDS;
    this.#clock = clock;
    this.#runtime = runtime;
    this.#capacity = capacity;
    this.#ids = ids;
  }

  /** Places a new task and starts it, unless there is no room. The caller adds it to its list. */
  launch(spec: TaskSpec, only?: SimInstance): { readonly task: SimTask; readonly placement: Placement } {
    const task = this.#make(spec);
    const placement = this.#capacity.place(task, only);
    if (placement.kind === 'placed') this.#start(task);
    return { task, placement };
  }

  /**
   * Launch type and capacity provider of the next task.
   * @param settings of a service revision, or of RunTask
   * @param placed the tasks of it that exist already
   */
  whereNext(
    settings: Readonly<Record<string, unknown>>,
    placed: readonly SimTask[] = [],
  ): { readonly launchType: string; readonly capacityProvider?: string } {
    const strategy = (settings.capacityProviderStrategy ?? []) as readonly StrategyItem[];
    const capacityProvider = nextProvider(strategy, placed);
    if (capacityProvider === undefined) return { launchType: String(settings.launchType ?? 'EC2') };
    if (capacityProvider.startsWith('FARGATE')) return { launchType: 'FARGATE', capacityProvider };
    return { launchType: this.#capacity.isManaged(capacityProvider) ? 'MANAGED_INSTANCES' : 'EC2', capacityProvider };
  }

  /** Starts the tasks in PROVISIONING for which there is an instance now. */
  startWaiting(): void {
    for (const task of this.#capacity.placeWaiting()) this.#start(task);
  }

  #start(task: SimTask): void {
    if (!hasInterface(task)) this.#onReport(task, { kind: 'pending' });
    this.#pull(task);
    this.#begun.add(task);
    this.#runtime.start(task, (report) => this.#onReport(task, report));
  }

  /**
   * The first task of a deployment resolves each tag, and the others run that digest, but for containers whose
   * versionConsistency is disabled. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
   */
  #pull(task: SimTask): void {
    const resolved = task.service?.deployments.find(({ id }) => id === task.deploymentId)?.digests;
    for (const { image, definition } of task.containers) {
      const kept = definition.versionConsistency === 'disabled' ? undefined : resolved;
      const digest = kept?.get(image) ?? this.#digestOf(image);
      if (digest === undefined) continue;
      task.digests.set(image, digest);
      kept?.set(image, digest);
    }
  }

  /** @param why stopCode and stoppedReason of DescribeTasks */
  stop(task: SimTask, why: { readonly stopCode: StopCode; readonly reason: string }): void {
    if (task.desiredStatus === 'STOPPED') return;
    task.desiredStatus = 'STOPPED';
    task.stopCode = why.stopCode;
    task.stoppedReason = why.reason;
    task.stoppingAt = this.#clock.now();
    if (!this.#begun.has(task)) {
      this.#stopped(task);
      return;
    }
    task.lastStatus = isRegistered(task) ? 'DEACTIVATING' : 'STOPPING';
    this.#runtime.stop(task);
  }

  /** Ends a task at once: a lost host, a Spot interruption. */
  kill(task: SimTask, stopCode: StopCode, reason: string): void {
    if (isOver(task)) return;
    if (this.#runtime.kill && this.#begun.has(task)) this.#runtime.kill(task, stopCode, reason);
    else this.stop(task, { stopCode, reason });
  }

  #onReport(task: SimTask, report: TaskReport): void {
    if (isOver(task)) return;
    const now = this.#clock.now();
    if (report.kind === 'stopped') {
      this.#end(task, report);
      return;
    }
    if (task.desiredStatus === 'STOPPED') {
      // Nothing else matters any more.
      if (report.kind === 'stopping') task.lastStatus = 'STOPPING';
      return;
    }
    switch (report.kind) {
      case 'pending':
        task.lastStatus = 'PENDING';
        task.pullStartedAt ??= now;
        break;
      case 'activating':
        task.lastStatus = 'ACTIVATING';
        task.pullStoppedAt = now;
        break;
      case 'running':
        task.lastStatus = 'RUNNING';
        task.startedAt = now;
        break;
      case 'stopping':
        return;
      case 'health':
        task.health.set(report.container, report.status);
        break;
      case 'target':
        if (balancersOf(task).length === 0) return;
        task.target = report.status;
        if (report.reason !== undefined) task.targetReason = report.reason;
        break;
      case 'registered':
        task.registered = report.status;
        if (!task.service?.keepsRegisteredHealth) return;
        break;
      case 'protected':
        task.protectedUntil = now + report.seconds;
    }
    this.onChange(task, report);
  }

  /** Its containers have ended: it is replaced at once, and keeps its place until its network interface is gone. */
  #end(task: SimTask, report: Extract<TaskReport, { kind: 'stopped' }>): void {
    const now = this.#clock.now();
    const asked = task.desiredStatus === 'STOPPED';
    task.desiredStatus = 'STOPPED';
    task.stoppingAt ??= now;
    task.executionStoppedAt = now;
    task.stopCode ??= report.stopCode;
    task.stoppedReason ??= report.reason;
    task.ended = report.containers ?? [];
    // A target of a load balancer is deregistered, whatever its containers did; there is nothing left to drain.
    if (!asked && isRegistered(task) && this.#deprovisionSeconds > 0) {
      task.lastStatus = 'DEACTIVATING';
      this.#clock.after(DEREGISTER_SECONDS, () => this.#afterEnd(task));
      this.onChange(task, { kind: 'ended', asked });
      return;
    }
    this.#afterEnd(task, asked);
  }

  /** @param asked where its end has not been announced yet */
  #afterEnd(task: SimTask, asked?: boolean): void {
    if (!hasInterface(task) || this.#deprovisionSeconds === 0) {
      this.#stopped(task, asked);
      return;
    }
    task.lastStatus = 'DEPROVISIONING';
    this.#clock.after(this.#deprovisionSeconds, () => this.#stopped(task));
    if (asked !== undefined) this.onChange(task, { kind: 'ended', asked });
  }

  /** @param asked where its end has not been announced yet */
  #stopped(task: SimTask, asked?: boolean): void {
    task.lastStatus = 'STOPPED';
    task.stoppedAt = this.#clock.now();
    this.#capacity.release(task);
    if (asked !== undefined) this.onChange(task, { kind: 'ended', asked });
    this.onChange(task, { kind: 'stopped' });
  }

  #make(spec: TaskSpec): SimTask {
    const { cluster, service, definition, overrides, capacityProvider } = spec;
    const id = this.#ids.hexadecimal();
    const n = this.#ids.count();
    return {
      id,
      arn: `${cluster.arn.replace(':cluster/', ':task/')}/${id}`,
      cluster,
      deploymentId: spec.deploymentId,
      group: spec.group,
      taskDefinitionArn: String(definition.taskDefinitionArn),
      definition,
      containers: (definition.containerDefinitions as readonly Definition[]).map((container) => ({
        name: String(container.name),
        image: String(container.image),
        essential: container.essential !== false,
        definition: overridden(container, overrides?.get(String(container.name))),
      })),
      launchType: spec.launchType,
      privateIp: `10.0.${(n >> 8) & 255}.${n & 255}`,
      settings: { ...spec.settings },
      createdAt: this.#clock.now(),
      digests: new Map(),
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      health: new Map(),
      wasHealthy: false,
      protectedUntil: 0,
      ended: [],
      ...(service ? { service } : {}),
      ...(capacityProvider === undefined ? {} : { capacityProvider }),
    };
  }
}

/** Its containers have ended. */
const isOver = ({ executionStoppedAt, lastStatus }: SimTask): boolean =>
  executionStoppedAt !== undefined || lastStatus === 'STOPPED';
/** With a load balancer. */
const isRegistered = (task: SimTask): boolean => task.lastStatus === 'RUNNING' && balancersOf(task).length > 0;
const hasInterface = ({ definition }: SimTask): boolean => definition.networkMode === 'awsvpc';

/** RunTask's overrides: command and sizes replace, environment is added by name. */
function overridden(container: Definition, override: Definition | undefined): Definition {
  if (!override) return container;
  const { name: _, environment, ...rest } = override;
  const before = (container.environment ?? []) as readonly { name: string }[];
  const added = (environment ?? []) as readonly { name: string }[];
  const kept = before.filter((one) => !added.some(({ name }) => name === one.name));
  return { ...container, ...rest, environment: [...kept, ...added] };
}

interface StrategyItem {
  readonly capacityProvider?: string;
  readonly base?: number;
  readonly weight?: number;
}

/**
 * The capacity provider of the next task: the base of a strategy first, then the provider that is furthest behind its weight.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
 */
function nextProvider(strategy: readonly StrategyItem[], placed: readonly SimTask[]): string | undefined {
  const count = ({ capacityProvider }: StrategyItem): number =>
    placed.filter((task) => task.capacityProvider === capacityProvider).length;
  const short = strategy.find((item) => count(item) < (item.base ?? 0));
  const weighted = strategy.filter(({ weight = 0 }) => weight > 0);
  const share = (item: StrategyItem): number => (count(item) - (item.base ?? 0)) / (item.weight ?? 1);
  const [behind] = weighted.toSorted((a, b) => share(a) - share(b));
  return (short ?? behind ?? strategy[0])?.capacityProvider;
}

/** Tags of a service's tasks: those that propagateTags selects, and ECS's own. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html */
export function taskTags({ settings, cluster, name }: SimService, ofRevision: TagList): TagList {
  const propagated =
    settings.propagateTags === 'SERVICE'
      ? ((settings.tags ?? []) as TagList)
      : settings.propagateTags === 'TASK_DEFINITION'
        ? ofRevision
        : [];
  if (settings.enableECSManagedTags !== true) return propagated;
  return [
    ...propagated,
    { key: 'aws:ecs:clusterName', value: cluster.name },
    { key: 'aws:ecs:serviceName', value: name },
  ];
}
