import type { SimClock } from '../clock.ts';
import { resolved, tell, WORDS } from './events.ts';
import type { Health } from './health.ts';
import type { Scheduler } from './scheduler.ts';
import { type Deployment, running, type SimService, type SimServiceDeployment } from './state.ts';

/** Why a service deployment fails, in the three places where ECS says so. */
export interface Failing {
  readonly rolloutStateReason: string;
  readonly statusReason: string;
  readonly event: string;
  readonly restore: 'roll back' | 'leave';
  /** What the restored deployment says of itself. */
  readonly restoring?: (to: Deployment) => string;
}

/** How a service deployment ends: complete, failed, superseded; or rolled back, by the older deployment's own id. */
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
    this.#completed(service, rollout.target);
    this.#close(service, rollout);
  }

  restored(service: SimService, rollout: SimServiceDeployment): void {
    if (!rollout.rollback) return;
    rollout.status = 'ROLLBACK_SUCCESSFUL';
    this.#completed(service, rollout.rollback.to);
    this.#close(service, rollout);
  }

  /** A newer deployment begins while this one is under way. */
  supersede(service: SimService, rollout: SimServiceDeployment): void {
    rollout.status = rollout.status.startsWith('ROLLBACK') ? 'ROLLBACK_FAILED' : 'STOPPED';
    rollout.statusReason = 'Replaced by a new service deployment.';
    rollout.stoppedAt = this.#clock.now();
    this.#close(service, rollout);
  }

  fail(service: SimService, rollout: SimServiceDeployment, why: Failing): void {
    const now = this.#clock.now();
    const { target } = rollout;
    target.rolloutState = 'FAILED';
    target.rolloutStateReason = why.rolloutStateReason;
    target.updatedAt = now;
    target.halted = true;
    rollout.statusReason = why.statusReason;
    rollout.entered++;
    tell(service, now, WORDS.failed(target.id, why.event));
    const to = service.lastCompleted;
    if (why.restore === 'roll back' && to) {
      this.#rollBack(service, rollout, { to, why });
      return;
    }
    if (why.restore === 'roll back') {
      // Nothing to go back to: ECS starts no more tasks, and the service stalls.
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
    { to, why }: { readonly to: Deployment; readonly why: Failing },
  ): void {
    const now = this.#clock.now();
    tell(service, now, WORDS.rollingBack(to.id));
    rollout.status = 'ROLLBACK_IN_PROGRESS';
    rollout.rollback = { reason: why.statusReason, startedAt: now, to, failures: 0 };
    rollout.updatedAt = now;
    if (rollout.configuration.strategy !== 'ROLLING') {
      // All traffic is blue's again before anything else.
      rollout.weight = 0;
      rollout.testWeight = 0;
    }
    rollout.target.status = 'ACTIVE';
    to.status = 'PRIMARY';
    to.rolloutState = 'IN_PROGRESS';
    to.rolloutStateReason = why.restoring?.(to) ?? `ECS deployment ${to.id} in progress.`;
    to.updatedAt = now;
    to.failedTasks = 0;
    to.failedStarts = 0;
    to.halted = false;
    service.deployments = [to, ...service.deployments.filter((one) => one !== to)];
    service.taskDefinition = to.taskDefinition;
    Object.assign(service.settings, to.revision);
    resolved(service, WORDS.steady);
    resolved(service, WORDS.completed(to.id));
    this.#scheduler.reconcile(service);
  }

  /** The restored revision fails too, or somebody aborts. */
  rollbackFailed(service: SimService, rollout: SimServiceDeployment, reason: string): void {
    rollout.status = 'ROLLBACK_FAILED';
    rollout.statusReason = reason;
    rollout.stoppedAt = this.#clock.now();
    this.#close(service, rollout);
  }

  #completed(service: SimService, deployment: Deployment): void {
    const now = this.#clock.now();
    deployment.rolloutState = 'COMPLETED';
    deployment.rolloutStateReason = `ECS deployment ${deployment.id} completed.`;
    deployment.updatedAt = now;
    service.lastCompleted = deployment;
    tell(service, now, WORDS.completed(deployment.id));
    if (this.#health.isWhole(service)) tell(service, now, WORDS.steady);
  }

  #close(service: SimService, rollout: SimServiceDeployment): void {
    rollout.finishedAt = this.#clock.now();
    rollout.updatedAt = rollout.finishedAt;
    delete service.current;
    prune(service);
  }
}

/** Only PRIMARY, what is being undone, and what still has tasks is shown. */
export function prune(service: SimService): void {
  if (service.deployments.length < 2) return;
  const alive = new Set(running(service).map(({ deploymentId }) => deploymentId));
  service.deployments = service.deployments.filter(
    (one) => one.status === 'PRIMARY' || one === service.current?.target || alive.has(one.id),
  );
}
