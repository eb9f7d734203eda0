import type { SimClock } from '../clock.ts';
import type { Capacity } from './capacity.ts';
import { addEvent, endSuppression, MESSAGES, placementMessage } from './events.ts';
import type { Health } from './health.ts';
import {
  active,
  balancersOf,
  computedDesiredCount,
  type Deployment,
  hasTaskSets,
  primaryOf,
  running,
  type SimInstance,
  type SimService,
  type SimTask,
} from './state.ts';
import type { TaskDefinitions } from './task-definitions.ts';
import { type Tasks, taskTags } from './tasks.ts';
import type { Timings } from './timings.ts';

/**
 * Seconds to wait after the n-th task in a row that went from PENDING to STOPPED, at most 27 minutes. AWS documents the
 * longest pause and that a task that reaches RUNNING and a new task definition end it; the steps are ours. A task that ran
 * is replaced without such a pause, however it ended.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
 */
const START_BACKOFF_SECONDS = [2, 2, 2, 10, 30, 60, 120, 300, 600, 900, 1620];
/** From so many failed starts in a row on, ECS waits longer each time, and says so in a service event. */
export const STARTS_UNTIL_THROTTLED = 3;

/** What the scheduler may do now; the service deployment decides. */
export interface SchedulingPlan {
  /** Whether tasks of the PRIMARY deployment may be started. */
  readonly start: boolean;
  /** Whether tasks of older deployments may be stopped. */
  readonly replace: boolean;
  /** An older revision that keeps all its tasks beside the new one, as blue does beside green. */
  readonly keep?: Deployment;
}

/** Drives the service deployments of a service, from what happens to its tasks (rollout.ts). */
export interface DeploymentController {
  plan(service: SimService): SchedulingPlan;
  onTaskFailed(service: SimService, task: SimTask): void;
  onTaskHealthy(service: SimService, task: SimTask): void;
  /** After each step of the scheduler. */
  onReconciled(service: SimService): void;
}

/**
 * The service scheduler. It keeps at least ceil(desired * minimumHealthyPercent / 100) healthy tasks and at most
 * floor(desired * maximumPercent / 100) tasks, starts tasks of the PRIMARY deployment and stops those of older ones.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export class Scheduler {
  controller: DeploymentController | undefined;
  readonly services = new Set<SimService>();
  /** Called after each step of a service with task sets: what creates and shifts them decides what is next. */
  readonly onTaskSets: ((service: SimService) => void)[] = [];
  readonly timings: Timings;
  readonly #clock: SimClock;
  readonly #tasks: Tasks;
  readonly #taskDefinitions: TaskDefinitions;
  readonly #dirty = new Set<SimService>();
  readonly #health: Health;
  /** Placement failures that were reported and are not over yet. */
  readonly #placementFailures = new Map<SimService, Set<string>>();
  #busy = false;

  constructor(parts: {
    clock: SimClock;
    tasks: Tasks;
    capacity: Capacity;
    taskDefinitions: TaskDefinitions;
    timings: Timings;
    health: Health;
  }) {
    this.timings = parts.timings;
    this.#clock = parts.clock;
    this.#tasks = parts.tasks;
    this.#taskDefinitions = parts.taskDefinitions;
    this.#health = parts.health;
    parts.capacity.onRoom(() => {
      parts.tasks.startWaiting();
      for (const service of this.services) this.reconcile(service);
    });
  }

  /** Moves the service one step towards its desired state; called after each change. */
  reconcile(service: SimService): void {
    this.#dirty.add(service);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (const next of this.#dirty) {
        this.#dirty.delete(next);
        this.#step(next);
      }
    } finally {
      this.#busy = false;
    }
  }

  #step(service: SimService): void {
    if (service.status === 'INACTIVE') return;
    if (service.status === 'DRAINING') {
      for (const task of active(service)) this.#stop(service, task);
      if (running(service).length === 0) this.#retire(service);
      return;
    }
    if (hasTaskSets(service)) {
      this.#reconcileTaskSets(service);
      for (const listener of this.onTaskSets) listener(service);
      return;
    }
    const primary = primaryOf(service);
    if (!primary || !this.controller) return;
    this.#markHealthy(service);
    const plan = this.controller.plan(service);
    if (service.settings.schedulingStrategy === 'DAEMON') this.#reconcileDaemon(service, primary, plan);
    else {
      this.#stopReplicas(service, primary, plan);
      this.#startReplicas(service, primary, plan);
    }
    if (active(service).filter(({ deploymentId }) => deploymentId === primary.id).length >= service.desiredCount)
      this.#forgetPlacementFailures(service);
    this.controller.onReconciled(service);
  }

  /**
   * Each task set keeps its share of the desired count; one that is DRAINING stops its tasks and is gone with the last.
   * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
   */
  #reconcileTaskSets(service: SimService): void {
    this.#markHealthy(service);
    for (const set of service.deployments) {
      const own = active(service).filter(({ deploymentId }) => deploymentId === set.id);
      const wanted = computedDesiredCount(service, set);
      const worstFirst = own
        .toReversed()
        .sort((a, b) => Number(this.#health.isHealthy(a)) - Number(this.#health.isHealthy(b)));
      this.#stopTasks(service, set, worstFirst.slice(0, Math.max(0, own.length - wanted)));
      this.#start(service, set, { count: wanted - own.length });
    }
    const left = new Set(running(service).map(({ deploymentId }) => deploymentId));
    service.deployments = service.deployments.filter(({ id, status }) => status !== 'DRAINING' || left.has(id));
    for (const set of service.deployments) this.#updateStability(service, set);
    if (service.deployments.length > 0 && service.deployments.every((set) => set.taskSet?.stability === 'STEADY_STATE'))
      addEvent(service, this.#clock.now(), MESSAGES.steady);
  }

  /** StabilityStatus: all of its tasks run and are healthy, and none is pending or too many. API_TaskSet.html */
  #updateStability(service: SimService, set: Deployment): void {
    if (!set.taskSet) return;
    const wanted = computedDesiredCount(service, set);
    const own = running(service).filter(({ deploymentId }) => deploymentId === set.id);
    const steady = own.length === wanted && this.#health.count(service, set) === wanted && set.status !== 'DRAINING';
    const stability = steady ? 'STEADY_STATE' : 'STABILIZING';
    if (stability === set.taskSet.stability) return;
    set.taskSet.stability = stability;
    set.taskSet.stableAt = this.#clock.now();
    set.updatedAt = this.#clock.now();
  }

  #retire(service: SimService): void {
    service.status = 'INACTIVE';
    service.deployments = [];
    this.services.delete(service);
  }

  /** Reports tasks that are healthy for the first time. */
  #markHealthy(service: SimService): void {
    for (const task of active(service)) {
      if (task.wasHealthy || !this.#health.isHealthy(task)) continue;
      task.wasHealthy = true;
      this.controller?.onTaskHealthy(service, task);
    }
  }

  #startReplicas(service: SimService, primary: Deployment, plan: SchedulingPlan): void {
    const { desiredCount: desired, configuration } = service;
    const all = active(service);
    const count = ({ id }: Deployment): number => all.filter(({ deploymentId }) => deploymentId === id).length;
    const lacking = (deployment: Deployment): number => desired - count(deployment);
    if (plan.keep && plan.keep !== primary) {
      const older = all.length - count(primary);
      this.#start(service, plan.keep, { count: Math.min(lacking(plan.keep), desired - older) });
    }
    if (!plan.start || primary.halted) return;
    const hi = Math.floor((desired * configuration.maximumPercent) / 100);
    const room = plan.keep ? Number.POSITIVE_INFINITY : Math.max(hi, 1) - all.length;
    this.#start(service, primary, { count: Math.min(lacking(primary), room) });
  }

  /** Starts up to `count` tasks, as far as back-off and capacity allow. */
  #start(
    service: SimService,
    deployment: Deployment,
    { count, only }: { readonly count: number; readonly only?: SimInstance | undefined },
  ): void {
    const now = this.#clock.now();
    if (count <= 0 || this.#isBackingOff(service, deployment, now)) return;
    const started: SimTask[] = [];
    const revision = this.#taskDefinitions.find(deployment.taskDefinition);
    const { definition } = revision;
    const tags = taskTags(service, revision.tags);
    const placed = active(service).filter(({ deploymentId }) => deploymentId === deployment.id);
    for (let i = 0; i < count; i++) {
      const { launchType, capacityProvider } = this.#tasks.whereNext(deployment.revision, [...placed, ...started]);
      const { task, placement } = this.#tasks.launch(
        {
          cluster: service.cluster,
          service,
          deploymentId: deployment.id,
          group: `service:${service.name}`,
          definition,
          launchType,
          settings: { enableExecuteCommand: service.settings.enableExecuteCommand ?? false, tags },
          ...(capacityProvider === undefined ? {} : { capacityProvider }),
        },
        only,
      );
      if (placement.kind === 'unplaceable') {
        const message = placementMessage(placement);
        addEvent(service, now, message);
        this.#placementFailures.set(service, (this.#placementFailures.get(service) ?? new Set()).add(message));
        break;
      }
      service.tasks.push(task);
      started.push(task);
    }
    if (started.length === 0) return;
    if (!service.deployments.includes(deployment)) service.deployments.push(deployment);
    endSuppression(service, MESSAGES.steady);
    addEvent(service, now, MESSAGES.started(started));
  }

  /** All tasks were placed: the next placement failure is reported again. */
  #forgetPlacementFailures(service: SimService): void {
    for (const message of this.#placementFailures.get(service) ?? []) endSuppression(service, message);
    this.#placementFailures.delete(service);
  }

  #isBackingOff(service: SimService, deployment: Deployment, now: number): boolean {
    const pause = START_BACKOFF_SECONDS[Math.min(deployment.failedStarts, START_BACKOFF_SECONDS.length - 1)] ?? 0;
    const next = deployment.lastFailureAt + pause;
    if (now >= next) return false;
    if (deployment.retryAt < next) {
      deployment.retryAt = next;
      this.#clock.after(next - now + 0.001, () => this.reconcile(service));
    }
    return true;
  }

  #stopReplicas(service: SimService, primary: Deployment, plan: SchedulingPlan): void {
    const { desiredCount: desired, configuration } = service;
    const all = active(service);
    const lo = Math.min(desired, Math.ceil((desired * configuration.minimumHealthyPercent) / 100));
    const healthy = new Set(all.filter((task) => this.#health.isHealthy(task)));
    const of = (id: string | undefined): SimTask[] => all.filter(({ deploymentId }) => deploymentId === id);
    const worstFirst = (tasks: SimTask[]): SimTask[] =>
      tasks.sort((a, b) => Number(healthy.has(a)) - Number(healthy.has(b)));
    const surplus = (tasks: SimTask[]): SimTask[] => worstFirst(tasks.reverse()).slice(0, tasks.length - desired);
    const ours = of(primary.id);
    const kept = plan.keep && plan.keep !== primary ? of(plan.keep.id) : [];
    const old = plan.replace ? worstFirst(all.filter((task) => !ours.includes(task) && !kept.includes(task))) : [];
    const replaced = ours.filter((task) => healthy.has(task)).length >= desired;
    const extra = [
      ...(ours.length > desired ? surplus([...ours]) : []),
      ...(kept.length > desired ? surplus([...kept]) : []),
    ];
    const stopped: SimTask[] = [];
    for (const task of [...extra, ...old]) {
      const stays = healthy.has(task) && healthy.size - 1 < lo;
      // Old tasks stop only as far as new ones need the room or have replaced them.
      const needed = extra.includes(task) || replaced || all.length - stopped.length > lo;
      if (stays || !needed || this.#isProtected(service, task)) continue;
      healthy.delete(task);
      stopped.push(task);
    }
    this.#stopTasks(service, primary, stopped);
  }

  /**
   * DAEMON: one task on each container instance; the old one stops before the new one starts, as far as
   * minimumHealthyPercent allows. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service-options.html
   */
  #reconcileDaemon(service: SimService, primary: Deployment, plan: SchedulingPlan): void {
    const places: readonly (SimInstance | undefined)[] = service.cluster.instances?.filter(
      ({ status }) => status === 'ACTIVE',
    ) ?? [undefined];
    service.desiredCount = places.length;
    const lo = Math.ceil((places.length * service.configuration.minimumHealthyPercent) / 100);
    const all = active(service);
    const healthy = new Set(all.filter((task) => this.#health.isHealthy(task)));
    const stopped: SimTask[] = [];
    for (const task of all) {
      if (task.deploymentId === primary.id || !plan.replace || primary.halted) continue;
      if (healthy.has(task) && healthy.size - 1 < lo) continue;
      healthy.delete(task);
      stopped.push(task);
    }
    this.#stopTasks(service, primary, stopped);
    if (!plan.start || primary.halted) return;
    for (const place of places) {
      // The old task holds its resources until it is STOPPED.
      const taken = running(service).some(({ instance }) => instance === place);
      if (!taken) this.#start(service, primary, { count: 1, only: place });
    }
  }

  /** Task scale-in protection. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html */
  #isProtected(service: SimService, task: SimTask): boolean {
    const now = this.#clock.now();
    if (task.protectedUntil <= now) return false;
    const count = active(service).filter(({ protectedUntil }) => protectedUntil > now).length;
    addEvent(service, now, MESSAGES.protected(task.deploymentId, count));
    this.#clock.after(task.protectedUntil - now, () => this.reconcile(service));
    return true;
  }

  #stopTasks(service: SimService, primary: Deployment, tasks: readonly SimTask[]): void {
    if (tasks.length === 0) return;
    const now = this.#clock.now();
    const ran = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    const [first] = tasks;
    const group = first && balancersOf(first)[0]?.targetGroupArn;
    for (const task of tasks) this.#stop(service, task, primary);
    endSuppression(service, MESSAGES.steady);
    if (tasks.length > ran.length) addEvent(service, now, MESSAGES.stoppedPending(tasks.length - ran.length));
    if (ran.length === 0) return;
    addEvent(service, now, MESSAGES.stopped(ran));
    if (group === undefined) return;
    addEvent(service, now, MESSAGES.deregistered(ran.length, String(group)));
    for (const [id, some] of Map.groupBy(ran, ({ deploymentId }) => deploymentId))
      addEvent(service, now, MESSAGES.draining(some.length, id));
    endSuppression(service, ' deregistered ');
    endSuppression(service, ' begun draining ');
  }

  #stop(service: SimService, task: SimTask, by: Deployment | undefined = primaryOf(service)): void {
    this.#tasks.stop(task, {
      stopCode: 'ServiceSchedulerInitiated',
      reason: `Scaling activity initiated by (deployment ${by?.id ?? task.deploymentId})`,
    });
  }
}
