import type { SimClock } from './clock.ts';
import type { RunnableTask, TaskReport, TaskRuntime } from './runtime.ts';
import { type Deployment, type SimService, type SimTask, serviceEvent } from './state.ts';

/** Seconds; quick by default so that a virtual half hour holds many rollouts. */
export interface Timings {
  /** RUNNING without health check or load balancer counts as healthy after this long. */
  readonly settleSeconds: number;
  /** From "all new tasks healthy, all old ones gone" to COMPLETED. */
  readonly completeSeconds: number;
}
export const DEFAULT_TIMINGS: Timings = { settleSeconds: 5, completeSeconds: 10 };
/** A task definition whose tasks cannot even start is tried ever more rarely, at most every 15 minutes. */
const START_BACKOFF_SECONDS = [2, 2, 2, 10, 30, 60, 120, 300, 900];

/**
 * The service scheduler, by the ECS developer guide: between lo = ceil(desired * min / 100) healthy tasks and
 * hi = floor(desired * max / 100) tasks, start what is new, stop what is old; the circuit breaker counts failures.
 */
export class Scheduler {
  readonly #clock: SimClock;
  readonly #runtime: TaskRuntime;
  readonly #timings: Timings;
  /** How many tasks the cluster has room for; placement fails above it. */
  room = Number.POSITIVE_INFINITY;

  constructor(clock: SimClock, runtime: TaskRuntime, timings: Timings = DEFAULT_TIMINGS) {
    this.#clock = clock;
    this.#runtime = runtime;
    this.#timings = timings;
  }

  /** Moves the service one step towards what is wanted; called after each change of anything. */
  reconcile(service: SimService): void {
    if (service.status !== 'ACTIVE') return;
    const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
    if (!primary) return;
    const lo = Math.ceil((service.desiredCount * service.minimumHealthyPercent) / 100);
    const hi = Math.floor((service.desiredCount * service.maximumPercent) / 100);
    this.#stopOld(service, primary, lo);
    this.#startNew(service, primary, hi);
    this.#completeWhenDone(service, primary);
  }

  #startNew(service: SimService, primary: Deployment, hi: number): void {
    if (primary.rolloutState === 'FAILED') return;
    const now = this.#clock.now();
    const ours = active(service).filter(({ deploymentId }) => deploymentId === primary.id).length;
    const wanted = Math.min(
      service.desiredCount - ours,
      Math.max(hi, service.desiredCount === 0 ? 0 : 1) - active(service).length,
    );
    const room = Math.min(wanted, this.room - running(service).length);
    if (wanted > 0 && room <= 0 && this.room !== Number.POSITIVE_INFINITY) {
      serviceEvent(
        service,
        now,
        `(service ${service.name}) was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
      );
    }
    if (room <= 0) return;
    const pause = START_BACKOFF_SECONDS[Math.min(primary.failedStarts, START_BACKOFF_SECONDS.length - 1)] ?? 0;
    if (now < primary.lastFailureAt + pause) {
      this.#clock.after(primary.lastFailureAt + pause - now + 0.001, () => this.reconcile(service));
      return;
    }
    const started: SimTask[] = [];
    for (let i = 0; i < room; i++) started.push(service.newTask(primary, now));
    serviceEvent(
      service,
      now,
      `(service ${service.name}) has started ${started.length} tasks: ${started.map(({ id }) => `(task ${id})`).join(' ')}.`,
    );
    for (const task of started) this.#runtime.start(runnable(task), (report) => this.#onReport(service, task, report));
  }

  #stopOld(service: SimService, primary: Deployment, lo: number): void {
    const stopped: SimTask[] = [];
    const healthy = (): number => active(service).filter((task) => this.#isHealthy(task)).length;
    const old = active(service).filter(({ deploymentId }) => deploymentId !== primary.id);
    const newOnes = active(service).filter(({ deploymentId }) => deploymentId === primary.id);
    const surplus = newOnes.slice(service.desiredCount);
    for (const task of [...old, ...surplus]) {
      const enough = healthy() - (this.#isHealthy(task) ? 1 : 0) >= Math.min(lo, service.desiredCount);
      // Old tasks make room only as far as new ones need it or have taken over.
      const replaced = newOnes.filter((one) => this.#isHealthy(one)).length;
      const needed =
        active(service).length > service.desiredCount - Math.max(0, service.desiredCount - lo) ||
        replaced >= service.desiredCount;
      if (!enough || !needed) continue;
      task.desiredStatus = 'STOPPED';
      stopped.push(task);
      this.#runtime.stop(runnable(task));
    }
    if (stopped.length > 0) {
      serviceEvent(
        service,
        this.#clock.now(),
        `(service ${service.name}) has stopped ${stopped.length} running tasks: ${stopped.map(({ id }) => `(task ${id})`).join(' ')}.`,
      );
    }
  }

  #isHealthy(task: SimTask): boolean {
    if (task.lastStatus !== 'RUNNING' || task.startedAt === undefined) return false;
    if (task.target === 'unhealthy' || task.healthStatus === 'UNHEALTHY') return false;
    const checked = task.containers.some(({ definition }) => definition.healthCheck !== undefined);
    if (checked && task.healthStatus !== 'HEALTHY') return false;
    if (task.service.loadBalancers.length > 0) return task.target === 'healthy';
    return checked || this.#clock.now() >= task.startedAt + this.#timings.settleSeconds - 0.0005;
  }

  #onReport(service: SimService, task: SimTask, report: TaskReport): void {
    const now = this.#clock.now();
    switch (report.kind) {
      case 'running':
        task.lastStatus = 'RUNNING';
        task.startedAt = now;
        this.#clock.after(this.#timings.settleSeconds, () => this.reconcile(service));
        break;
      case 'health':
        task.healthStatus = report.status;
        if (report.status === 'UNHEALTHY') this.#replaceUnhealthy(service, task, 'Task failed container health checks');
        break;
      case 'target':
        if (task.service.loadBalancers.length === 0) break;
        task.target = report.status;
        if (report.status === 'unhealthy') {
          const group = String(service.loadBalancers[0]?.targetGroupArn ?? '');
          const grace = (service.healthCheckGracePeriodSeconds ?? 0) - (now - (task.startedAt ?? now));
          this.#clock.after(Math.max(0, grace), () =>
            this.#replaceUnhealthy(service, task, `Task failed ELB health checks in (target-group ${group})`),
          );
        }
        break;
      case 'stopped':
        this.#onStopped(service, task, report);
    }
    this.reconcile(service);
  }

  #replaceUnhealthy(service: SimService, task: SimTask, reason: string): void {
    if (task.desiredStatus === 'STOPPED') return;
    task.desiredStatus = 'STOPPED';
    task.stoppedReason = reason;
    this.#runtime.stop(runnable(task));
    this.#countFailure(service, task);
    this.reconcile(service);
  }

  #onStopped(service: SimService, task: SimTask, report: Extract<TaskReport, { kind: 'stopped' }>): void {
    if (task.lastStatus === 'STOPPED') return;
    const expected = task.desiredStatus === 'STOPPED';
    task.lastStatus = 'STOPPED';
    task.desiredStatus = 'STOPPED';
    task.stoppedAt = this.#clock.now();
    task.stopCode = report.stopCode;
    task.stoppedReason ??= report.reason;
    task.ended = report.containers ?? [];
    if (!expected) this.#countFailure(service, task);
  }

  #countFailure(service: SimService, task: SimTask): void {
    const deployment = service.deployments.find(({ id }) => id === task.deploymentId);
    if (deployment?.rolloutState !== 'IN_PROGRESS') return;
    const now = this.#clock.now();
    deployment.failedTasks++;
    deployment.lastFailureAt = now;
    if (task.startedAt === undefined) deployment.failedStarts++;
    const breaker = service.circuitBreaker;
    const threshold = Math.min(200, Math.max(3, Math.ceil(service.desiredCount / 2)));
    if (breaker.enable && deployment.failedTasks >= threshold && deployment.status === 'PRIMARY') {
      this.fail(service, deployment, 'ECS deployment circuit breaker: tasks failed to start.', breaker.rollback);
    }
  }

  /** Ends a deployment as failed and, where asked for and possible, puts its predecessor back. */
  fail(service: SimService, deployment: Deployment, reason: string, rollback: boolean): void {
    const now = this.#clock.now();
    deployment.rolloutState = 'FAILED';
    deployment.rolloutStateReason = reason;
    serviceEvent(
      service,
      now,
      `(service ${service.name}) (deployment ${deployment.id}) deployment failed: ${reason.replace(/^ECS deployment circuit breaker: /, '').replace(/\.$/, '')}.`,
    );
    const target = service.deployments.find(
      ({ id, rolloutState }) => id !== deployment.id && rolloutState === 'COMPLETED',
    );
    if (!rollback || !target) return;
    serviceEvent(service, now, `(service ${service.name}) rolling back to deployment ${target.id}.`);
    deployment.status = 'ACTIVE';
    deployment.rollbackTo = target.id;
    target.status = 'PRIMARY';
    target.rolloutState = 'IN_PROGRESS';
    target.rolloutStateReason = `${reason.replace(/\.$/, '')}. Rolling back to ${target.id}.`;
    target.restores = deployment.id;
    service.taskDefinition = target.taskDefinition;
    this.reconcile(service);
  }

  #completeWhenDone(service: SimService, primary: Deployment): void {
    if (primary.rolloutState !== 'IN_PROGRESS' || primary.completing) return;
    if (!this.#isDone(service, primary)) return;
    primary.completing = true;
    this.#clock.after(this.#timings.completeSeconds, () => {
      primary.completing = false;
      if (primary.status !== 'PRIMARY' || primary.rolloutState !== 'IN_PROGRESS' || !this.#isDone(service, primary)) {
        this.reconcile(service);
        return;
      }
      const now = this.#clock.now();
      primary.rolloutState = 'COMPLETED';
      primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
      primary.finishedAt = now;
      for (const gone of service.deployments) if (gone.id !== primary.id) gone.finishedAt ??= now;
      service.history.push(...service.deployments.filter(({ id }) => id !== primary.id));
      service.deployments = [primary];
      serviceEvent(service, now, `(service ${service.name}) (deployment ${primary.id}) deployment completed.`);
      serviceEvent(service, now, `(service ${service.name}) has reached a steady state.`);
    });
  }

  #isDone(service: SimService, primary: Deployment): boolean {
    const ours = active(service).filter(({ deploymentId }) => deploymentId === primary.id);
    const others = running(service).filter(({ deploymentId }) => deploymentId !== primary.id);
    return ours.length === service.desiredCount && ours.every((task) => this.#isHealthy(task)) && others.length === 0;
  }
}

/** Not yet told to stop. */
export const active = (service: SimService): SimTask[] =>
  service.tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
/** Not yet gone. */
export const running = (service: SimService): SimTask[] =>
  service.tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED');

const runnable = (task: SimTask): RunnableTask => task;
