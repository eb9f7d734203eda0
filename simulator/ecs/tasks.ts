import type { SimClock } from '../clock.ts';
import type { StopCode, TaskReport, TaskRuntime } from '../runtime/runtime.ts';
import type { Capacity, Placement } from './capacity.ts';
import type { Ids, SimCluster, SimInstance, SimService, SimTask, TagList } from './state.ts';

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
  /** `asked`: its desired status was STOPPED before. */
  | { readonly kind: 'stopped'; readonly asked: boolean };

/**
 * The life of a task of a service or of RunTask: PROVISIONING while it waits for an instance, PENDING, RUNNING,
 * DEACTIVATING while a load balancer drains it, STOPPING, STOPPED.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
export class Tasks {
  onChange: (task: SimTask, change: TaskChange) => void = () => {};
  readonly #clock: SimClock;
  readonly #runtime: TaskRuntime;
  readonly #capacity: Capacity;
  readonly #ids: Ids;
  readonly #digestOf: (image: string) => string | undefined;

  /** @param parts.digestOf the digest that a reference names now, where that is known */
  constructor({
    clock,
    runtime,
    capacity,
    ids,
    digestOf,
  }: {
    clock: SimClock;
    runtime: TaskRuntime;
    capacity: Capacity;
    ids: Ids;
    digestOf: (image: string) => string | undefined;
  }) {
    this.#digestOf = digestOf;
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
    else if (placement.kind === 'provisioning') task.lastStatus = 'PROVISIONING';
    return { task, placement };
  }

  /** Starts the tasks in PROVISIONING for which there is an instance now. */
  startWaiting(): void {
    for (const task of this.#capacity.placeWaiting()) this.#start(task);
  }

  #start(task: SimTask): void {
    task.lastStatus = 'PENDING';
    this.#pull(task);
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
    if (task.lastStatus === 'PROVISIONING') {
      this.#onReport(task, { kind: 'stopped', stopCode: why.stopCode, reason: why.reason });
      return;
    }
    const drains = task.lastStatus === 'RUNNING' && (task.service?.loadBalancers.length ?? 0) > 0;
    task.lastStatus = drains ? 'DEACTIVATING' : 'STOPPING';
    this.#runtime.stop(task);
  }

  /** Ends a task at once: a lost host, a Spot interruption. */
  kill(task: SimTask, stopCode: StopCode, reason: string): void {
    if (task.lastStatus === 'STOPPED') return;
    if (this.#runtime.kill && task.lastStatus !== 'PROVISIONING') this.#runtime.kill(task, stopCode, reason);
    else this.stop(task, { stopCode, reason });
  }

  #onReport(task: SimTask, report: TaskReport): void {
    if (task.lastStatus === 'STOPPED') return;
    const asked = task.desiredStatus === 'STOPPED';
    if (report.kind === 'stopped') {
      task.lastStatus = 'STOPPED';
      task.desiredStatus = 'STOPPED';
      task.stoppedAt = this.#clock.now();
      task.stoppingAt ??= task.stoppedAt;
      task.stopCode ??= report.stopCode;
      task.stoppedReason ??= report.reason;
      task.ended = report.containers ?? [];
      this.#capacity.release(task);
      this.onChange(task, { kind: 'stopped', asked });
      return;
    }
    // Health no longer matters once the desired status is STOPPED.
    if (asked) return;
    switch (report.kind) {
      case 'running':
        task.lastStatus = 'RUNNING';
        task.startedAt = this.#clock.now();
        break;
      case 'health':
        task.health.set(report.container, report.status);
        break;
      case 'target':
        if (!task.service?.loadBalancers.length) return;
        task.target = report.status;
        if (report.reason !== undefined) task.targetReason = report.reason;
        break;
      case 'protected':
        task.protectedUntil = this.#clock.now() + report.seconds;
    }
    this.onChange(task, report);
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
      lastStatus: 'PENDING',
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

/** RunTask's overrides: command and sizes replace, environment is added by name. */
function overridden(container: Definition, override: Definition | undefined): Definition {
  if (!override) return container;
  const { name: _, environment, ...rest } = override;
  const before = (container.environment ?? []) as readonly { name: string }[];
  const added = (environment ?? []) as readonly { name: string }[];
  const kept = before.filter((one) => !added.some(({ name }) => name === one.name));
  return { ...container, ...rest, environment: [...kept, ...added] };
}

/** Launch type and capacity provider of a service revision. */
export function launchSettingsOf(revision: Readonly<Record<string, unknown>>): {
  readonly launchType: string;
  readonly capacityProvider?: string;
} {
  const [first] = (revision.capacityProviderStrategy ?? []) as readonly { capacityProvider?: string }[];
  const provider = first?.capacityProvider;
  if (provider === undefined) return { launchType: String(revision.launchType ?? 'EC2') };
  return { launchType: provider.startsWith('FARGATE') ? 'FARGATE' : 'EC2', capacityProvider: provider };
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
