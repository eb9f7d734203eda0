import type { SimClock } from '../clock.ts';
import type { Capacity } from './capacity.ts';
import { blockedWords, resolved, tell, WORDS } from './events.ts';
import type { Health } from './health.ts';
import {
  active,
  type Deployment,
  primaryOf,
  running,
  type SimInstance,
  type SimService,
  type SimTask,
} from './state.ts';
import type { TaskDefinitions } from './task-definitions.ts';
import { type Tasks, taskTags, whereOf } from './tasks.ts';
import type { Timings } from './timings.ts';

export { AWS_TIMINGS, DEFAULT_TIMINGS, type Timings } from './timings.ts';

/** A task definition whose tasks cannot even start is tried ever more rarely, at most every 15 minutes. */
const START_BACKOFF_SECONDS = [2, 2, 2, 10, 30, 60, 120, 300, 900];
/** How far the scheduler may go now; the rollout decides. */
export interface Plan {
  /** May tasks of the PRIMARY be started? */
  readonly start: boolean;
  /** May those of older deployments be stopped? */
  readonly replace: boolean;
  /** An older revision that stays whole beside the new one, as blue does beside green. */
  readonly keep?: Deployment;
}

/** Who follows what happens to a service's tasks. */
export interface Follower {
  plan(service: SimService): Plan;
  failed(service: SimService, task: SimTask): void;
  proven(service: SimService, task: SimTask): void;
  /** After each step. */
  moved(service: SimService): void;
}

/**
 * The service scheduler, by the ECS developer guide: between lo = ceil(desired * min / 100) healthy tasks and
 * hi = floor(desired * max / 100) tasks, start what is new, stop what is old.
 */
export class Scheduler {
  follower: Follower | undefined;
  readonly services = new Set<SimService>();
  readonly timings: Timings;
  readonly #clock: SimClock;
  readonly #tasks: Tasks;
  readonly #taskDefinitions: TaskDefinitions;
  readonly #dirty = new Set<SimService>();
  readonly #health: Health;
  /** What is told of a lack of room, as long as it lasts. */
  readonly #blocked = new Map<SimService, Set<string>>();
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

  /** Moves the service one step towards what is wanted; called after each change of anything. */
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
    const primary = primaryOf(service);
    if (!primary || !this.follower) return;
    this.#prove(service);
    const plan = this.follower.plan(service);
    if (service.settings.schedulingStrategy === 'DAEMON') this.#daemons(service, primary, plan);
    else {
      this.#stopReplicas(service, primary, plan);
      this.#startReplicas(service, primary, plan);
    }
    if (active(service).filter(({ deploymentId }) => deploymentId === primary.id).length >= service.desiredCount)
      this.#unblock(service);
    this.follower.moved(service);
  }

  #retire(service: SimService): void {
    service.status = 'INACTIVE';
    service.deployments = [];
    this.services.delete(service);
  }

  /** Marks tasks that are healthy for the first time. */
  #prove(service: SimService): void {
    for (const task of active(service)) {
      if (task.proven || !this.#health.isHealthy(task)) continue;
      task.proven = true;
      this.follower?.proven(service, task);
    }
  }

  #startReplicas(service: SimService, primary: Deployment, plan: Plan): void {
    const { desiredCount: desired, configuration } = service;
    const all = active(service);
    const count = ({ id }: Deployment): number => all.filter(({ deploymentId }) => deploymentId === id).length;
    const lacking = (deployment: Deployment): number => desired - count(deployment);
    if (plan.keep && plan.keep !== primary) {
      const older = all.length - count(primary);
      this.#start(service, plan.keep, Math.min(lacking(plan.keep), desired - older));
    }
    if (!plan.start || primary.halted) return;
    const hi = Math.floor((desired * configuration.maximumPercent) / 100);
    const room = plan.keep ? Number.POSITIVE_INFINITY : Math.max(hi, 1) - all.length;
    this.#start(service, primary, Math.min(lacking(primary), room));
  }

  /** Starts so many tasks, as far as back-off and capacity let it. */
  #start(service: SimService, deployment: Deployment, count: number, only?: SimInstance): void {
    const now = this.#clock.now();
    if (count <= 0 || this.#isBackingOff(service, deployment, now)) return;
    const started: SimTask[] = [];
    const revision = this.#taskDefinitions.find(deployment.taskDefinition);
    const { definition } = revision;
    const tags = taskTags(service, revision.tags);
    const { launchType, capacityProvider } = whereOf(deployment.revision);
    for (let i = 0; i < count; i++) {
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
      if (placement.kind === 'blocked') {
        const message = blockedWords(placement);
        tell(service, now, message);
        this.#blocked.set(service, (this.#blocked.get(service) ?? new Set()).add(message));
        break;
      }
      service.tasks.push(task);
      started.push(task);
    }
    if (started.length === 0) return;
    if (!service.deployments.includes(deployment)) service.deployments.push(deployment);
    resolved(service, WORDS.steady);
    tell(service, now, WORDS.started(started));
  }

  /** All have found room: the next shortage is news. */
  #unblock(service: SimService): void {
    for (const message of this.#blocked.get(service) ?? []) resolved(service, message);
    this.#blocked.delete(service);
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

  #stopReplicas(service: SimService, primary: Deployment, plan: Plan): void {
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
      // Old tasks make room only as far as new ones need it or have taken over.
      const needed = extra.includes(task) || replaced || all.length - stopped.length > lo;
      if (stays || !needed || this.#isProtected(service, task)) continue;
      healthy.delete(task);
      stopped.push(task);
    }
    this.#stopAll(service, primary, stopped);
  }

  /** One task on each instance; the old one goes before the new one comes, as far as lo lets it. */
  #daemons(service: SimService, primary: Deployment, plan: Plan): void {
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
    this.#stopAll(service, primary, stopped);
    if (!plan.start || primary.halted) return;
    for (const place of places) {
      // The old task holds its resources until it has stopped.
      const taken = running(service).some(({ instance }) => instance === place);
      if (!taken) this.#start(service, primary, 1, place);
    }
  }

  #isProtected(service: SimService, task: SimTask): boolean {
    const now = this.#clock.now();
    if (task.protectedUntil <= now) return false;
    const count = active(service).filter(({ protectedUntil }) => protectedUntil > now).length;
    tell(service, now, WORDS.protected(task.deploymentId, count));
    this.#clock.after(task.protectedUntil - now, () => this.reconcile(service));
    return true;
  }

  #stopAll(service: SimService, primary: Deployment, tasks: readonly SimTask[]): void {
    if (tasks.length === 0) return;
    const now = this.#clock.now();
    const ran = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    const group = service.loadBalancers[0]?.targetGroupArn;
    for (const task of tasks) this.#stop(service, task, primary);
    resolved(service, WORDS.steady);
    if (tasks.length > ran.length) tell(service, now, WORDS.stoppedPending(tasks.length - ran.length));
    if (ran.length === 0) return;
    tell(service, now, WORDS.stopped(ran));
    if (group === undefined) return;
    tell(service, now, WORDS.deregistered(ran.length, String(group)));
    for (const [id, some] of Map.groupBy(ran, ({ deploymentId }) => deploymentId))
      tell(service, now, WORDS.draining(some.length, id));
    resolved(service, ' deregistered ');
    resolved(service, ' begun draining ');
  }

  #stop(service: SimService, task: SimTask, by: Deployment | undefined = primaryOf(service)): void {
    this.#tasks.stop(task, {
      stopCode: 'ServiceSchedulerInitiated',
      reason: `Scaling activity initiated by (deployment ${by?.id ?? task.deploymentId})`,
    });
  }
}
