import type { SimClock } from '../clock.ts';
import { addEvent, endSuppression, MESSAGES } from './events.ts';
import { healthOf } from './health.ts';
import { type Scheduler, STARTS_UNTIL_THROTTLED } from './scheduler.ts';
import { balancersOf, type SimService, type SimTask } from './state.ts';
import type { TaskChange, Tasks } from './tasks.ts';

/** Stops from outside do not count as failures of the revision. */
const NOT_COUNTED = new Set(['SpotInterruption', 'TerminationNotice', 'InfrastructureHealth', 'UserInitiated']);
/** Stopped tasks are returned for at least one hour. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html */
export const STOPPED_VISIBLE_SECONDS = 3600;
/** With more tasks than this, those that are no longer returned are removed. */
const FORGETTING_FROM = 100;

/**
 * What the scheduler does when a task changes: registers targets, replaces tasks that fail health checks after
 * healthCheckGracePeriodSeconds, and counts failures.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
 */
export class TaskEvents {
  readonly #clock: SimClock;
  readonly #tasks: Tasks;
  readonly #scheduler: Scheduler;
  readonly #registering = new Map<SimService, number>();

  constructor({ clock, tasks, scheduler }: { clock: SimClock; tasks: Tasks; scheduler: Scheduler }) {
    this.#clock = clock;
    this.#tasks = tasks;
    this.#scheduler = scheduler;
  }

  onChange(task: SimTask, change: TaskChange): void {
    const { service } = task;
    if (!service) return;
    switch (change.kind) {
      case 'running':
        this.#onRunning(service, task);
        break;
      case 'health':
        if (healthOf(task) === 'UNHEALTHY') this.#afterGrace(service, task, 'Task failed container health checks');
        break;
      case 'target':
        if (change.status === 'unhealthy')
          this.#onUnhealthyTarget(service, task, change.reason ?? 'Health checks failed');
        break;
      case 'registered':
        if (change.status === 'unhealthy') this.#afterGrace(service, task, 'Task failed AWS Cloud Map health checks');
        break;
      case 'ended':
        this.#onEnded(service, task, change.asked);
        break;
      case 'stopped':
        this.#forget(service);
    }
    this.#scheduler.reconcile(service);
  }

  #onRunning(service: SimService, task: SimTask): void {
    const deployment = service.deployments.find(({ id }) => id === task.deploymentId);
    if (deployment) deployment.failedStarts = 0;
    endSuppression(service, MESSAGES.throttled);
    this.#clock.after(this.#scheduler.timings.settleSeconds, () => this.#scheduler.reconcile(service));
    const group = balancersOf(task)[0]?.targetGroupArn;
    if (group === undefined) return;
    const waiting = this.#registering.get(service) ?? 0;
    this.#registering.set(service, waiting + 1);
    if (waiting > 0) return;
    this.#clock.after(1, () => {
      addEvent(service, this.#clock.now(), MESSAGES.registered(this.#registering.get(service) ?? 0, String(group)));
      this.#registering.delete(service);
      endSuppression(service, ' registered ');
    });
  }

  #onUnhealthyTarget(service: SimService, task: SimTask, reason: string): void {
    const { targetGroupArn, containerPort } = balancersOf(task)[0] ?? {};
    const group = String(targetGroupArn ?? '');
    addEvent(service, this.#clock.now(), MESSAGES.unhealthy(task, { port: containerPort, group, reason }));
    this.#afterGrace(service, task, `Task failed ELB health checks in (target-group ${group})`);
  }

  /** ECS ignores failed health checks during the grace period; it acts at its end, unless the task has recovered. */
  #afterGrace(service: SimService, task: SimTask, reason: string): void {
    const now = this.#clock.now();
    const left = (service.healthCheckGracePeriodSeconds ?? 0) - (now - (task.startedAt ?? now));
    const replace = (): void => {
      if (task.desiredStatus === 'STOPPED') return;
      if (task.target !== 'unhealthy' && task.registered !== 'unhealthy' && healthOf(task) !== 'UNHEALTHY') return;
      this.#tasks.stop(task, { stopCode: 'ServiceSchedulerInitiated', reason });
      this.#countFailure(service, task);
      this.#scheduler.reconcile(service);
    };
    if (left > 0) this.#clock.after(left, replace);
    else replace();
  }

  #forget(service: SimService): void {
    if (service.tasks.length <= FORGETTING_FROM) return;
    const now = this.#clock.now();
    service.tasks = service.tasks.filter(({ stoppedAt = now }) => now - stoppedAt < STOPPED_VISIBLE_SECONDS);
  }

  #onEnded(service: SimService, task: SimTask, asked: boolean): void {
    const now = this.#clock.now();
    if (asked || NOT_COUNTED.has(task.stopCode ?? '')) return;
    const deployment = service.deployments.find(({ id }) => id === task.deploymentId);
    if (deployment) deployment.lastFailureAt = now;
    // Stage 1 of the circuit breaker asks whether tasks reach RUNNING, stage 2 whether their health checks fail: a task
    // that ran and then exited by itself is neither, and neither is it throttled (service-throttle-logic.html).
    if (task.startedAt !== undefined) return;
    addEvent(service, now, MESSAGES.unplaceable(task.stoppedReason ?? ''));
    if (deployment && ++deployment.failedStarts >= STARTS_UNTIL_THROTTLED) {
      addEvent(service, now, MESSAGES.throttled);
    }
    this.#countFailure(service, task);
  }

  /**
   * A task did not reach RUNNING, or was replaced because of a failed health check: the only failures that ECS counts.
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
   * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html, failedTasks
   */
  #countFailure(service: SimService, task: SimTask): void {
    const deployment = service.deployments.find(({ id }) => id === task.deploymentId);
    if (!deployment) return;
    deployment.lastFailureAt = this.#clock.now();
    if (deployment.rolloutState === 'IN_PROGRESS') deployment.failedTasks++;
    this.#scheduler.controller?.onTaskFailed(service, task);
  }
}
