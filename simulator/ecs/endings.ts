import type { SimClock } from '../clock.ts';
import { addEvent, endSuppression, MESSAGES } from './events.ts';
import type { Health } from './health.ts';
import type { Scheduler } from './scheduler.ts';
import { type Deployment, REVISION_SETTINGS, running, type SimService, type SimServiceDeployment } from './state.ts';

/** Why a service deployment fails, as ECS words it in its three places. */
export interface DeploymentFailure {
  readonly rolloutStateReason: string;
  readonly statusReason: string;
  readonly event: string;
  readonly action: 'roll back' | 'leave';
  /** rolloutStateReason of the deployment that is rolled back to. */
  readonly rollbackReason?: (to: Deployment) => string;
}

/**
 * How a service deployment ends: completed, failed, superseded, or rolled back to the last completed deployment, which
 * keeps its own id. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
 */
export class Endings {
  readonly #clock: SimClock;
  readonly #scheduler: Scheduler;
  readonly #health: Health;

  constructor({ clock, scheduler, health }: { clock: SimClock; scheduler: Scheduler; health: Health }) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#health = health;
  }

  complete(service: SimService, rollout: SimServiceDeployment): void {
    rollout.status = 'SUCCESSFUL';
    if (rollout.breaker.status === 'MONITORING') rollout.breaker.status = 'MONITORING_COMPLETE';
    if (rollout.alarms.status === 'MONITORING') rollout.alarms.status = 'MONITORING_COMPLETE';
    this.#markCompleted(service, rollout.target);
    this.#close(service, rollout);
  }

  completeRollback(service: SimService, rollout: SimServiceDeployment): void {
    if (!rollout.rollback) return;
    rollout.status = 'ROLLBACK_SUCCESSFUL';
    this.#markCompleted(service, rollout.rollback.to);
    this.#close(service, rollout);
  }

  /** A newer deployment starts while this one is in progress. */
  supersede(service: SimService, rollout: SimServiceDeployment): void {
    rollout.status = rollout.status.startsWith('ROLLBACK') ? 'ROLLBACK_FAILED' : 'STOPPED';
    rollout.statusReason = 'Replaced by a new service deployment.';
    rollout.stoppedAt = this.#clock.now();
    this.#close(service, rollout);
  }

  fail(service: SimService, rollout: SimServiceDeployment, why: DeploymentFailure): void {
    const now = this.#clock.now();
    const { target } = rollout;
    target.rolloutState = 'FAILED';
    target.rolloutStateReason = why.rolloutStateReason;
    target.updatedAt = now;
    target.halted = true;
    rollout.statusReason = why.statusReason;
    rollout.entered++;
    addEvent(service, now, MESSAGES.failed(target.id, why.event));
    const to = service.lastCompleted;
    if (why.action === 'roll back' && to) {
      this.#rollBack(service, rollout, { to, why });
      return;
    }
    if (why.action === 'roll back') {
      // No rollback target: ECS starts no more tasks, and the service stalls.
      rollout.status = 'ROLLBACK_FAILED';
      rollout.statusReason = `${why.statusReason} There is no completed service revision to roll back to.`;
    } else rollout.status = 'STOPPED';
    rollout.stoppedAt = now;
    this.#close(service, rollout);
    this.#scheduler.reconcile(service);
  }

  #rollBack(
    service: SimService,
    rollout: SimServiceDeployment,
    { to, why }: { readonly to: Deployment; readonly why: DeploymentFailure },
  ): void {
    const now = this.#clock.now();
    addEvent(service, now, MESSAGES.rollingBack(to.id));
    rollout.status = 'ROLLBACK_IN_PROGRESS';
    rollout.rollback = { reason: why.statusReason, startedAt: now, to, failures: 0 };
    rollout.updatedAt = now;
    if (rollout.configuration.strategy !== 'ROLLING') {
      // All traffic returns to blue first.
      rollout.weight = 0;
      rollout.testWeight = 0;
    }
    rollout.target.status = 'ACTIVE';
    to.status = 'PRIMARY';
    to.rolloutState = 'IN_PROGRESS';
    to.rolloutStateReason = why.rollbackReason?.(to) ?? `ECS deployment ${to.id} in progress.`;
    to.updatedAt = now;
    to.failedTasks = 0;
    to.failedStarts = 0;
    to.halted = false;
    service.deployments = [to, ...service.deployments.filter((one) => one !== to)];
    service.taskDefinition = to.taskDefinition;
    for (const member of REVISION_SETTINGS) delete service.settings[member];
    const { loadBalancers, ...settings } = to.revision;
    Object.assign(service.settings, settings);
    service.loadBalancers = (loadBalancers ?? service.loadBalancers) as SimService['loadBalancers'];
    endSuppression(service, MESSAGES.steady);
    endSuppression(service, MESSAGES.completed(to.id));
    this.#scheduler.reconcile(service);
  }

  /** The tasks of the rollback target fail too, or the rollback is aborted. */
  rollbackFailed(service: SimService, rollout: SimServiceDeployment, reason: string): void {
    rollout.status = 'ROLLBACK_FAILED';
    rollout.statusReason = reason;
    rollout.stoppedAt = this.#clock.now();
    this.#close(service, rollout);
  }

  #markCompleted(service: SimService, deployment: Deployment): void {
    const now = this.#clock.now();
    deployment.rolloutState = 'COMPLETED';
    deployment.rolloutStateReason = `ECS deployment ${deployment.id} completed.`;
    deployment.updatedAt = now;
    service.lastCompleted = deployment;
    addEvent(service, now, MESSAGES.completed(deployment.id));
    if (this.#health.isSteady(service)) addEvent(service, now, MESSAGES.steady);
  }

  #close(service: SimService, rollout: SimServiceDeployment): void {
    rollout.finishedAt = this.#clock.now();
    rollout.updatedAt = rollout.finishedAt;
    delete service.current;
    prune(service);
  }
}

/** Keeps PRIMARY, the deployment that is being rolled back, and those that still have tasks. */
export function prune(service: SimService): void {
  if (service.deployments.length < 2) return;
  const alive = new Set(running(service).map(({ deploymentId }) => deploymentId));
  service.deployments = service.deployments.filter(
    (one) => one.status === 'PRIMARY' || one === service.current?.target || alive.has(one.id),
  );
}
