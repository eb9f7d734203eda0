import type { SimClock } from '../clock.ts';
import { active, type Deployment, primaryOf, running, type SimService, type SimTask } from './state.ts';
import type { Timings } from './timings.ts';

/** By the essential containers that have a health check. */
export function healthOf({ containers, health }: SimTask): 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' {
  const checked = containers.filter(({ essential, definition }) => essential && definition.healthCheck !== undefined);
  if (checked.some(({ name }) => health.get(name) === 'UNHEALTHY')) return 'UNHEALTHY';
  return checked.length > 0 && checked.every(({ name }) => health.get(name) === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}

/**
 * What counts as healthy: RUNNING, and well by its container health checks and its target group; where there are
 * neither, RUNNING for a while.
 */
export class Health {
  readonly #clock: SimClock;
  readonly #timings: Timings;

  constructor(clock: SimClock, timings: Timings) {
    this.#clock = clock;
    this.#timings = timings;
  }

  /** As minimumHealthyPercent counts. */
  isHealthy(task: SimTask): boolean {
    if (task.lastStatus !== 'RUNNING' || task.startedAt === undefined || task.target === 'unhealthy') return false;
    const checked = task.containers.some(
      ({ essential, definition }) => essential && definition.healthCheck !== undefined,
    );
    if (checked && healthOf(task) !== 'HEALTHY') return false;
    if ((task.service?.loadBalancers.length ?? 0) > 0) return task.target === 'healthy';
    return checked || this.#clock.now() >= task.startedAt + this.#timings.settleSeconds - 0.0005;
  }

  /** Healthy tasks of a deployment that nobody told to stop. */
  count(service: SimService, deployment: Deployment | undefined): number {
    return active(service).filter((task) => task.deploymentId === deployment?.id && this.isHealthy(task)).length;
  }

  /** All desired tasks are PRIMARY's and healthy, and no other is left. */
  isWhole(service: SimService): boolean {
    const primary = primaryOf(service);
    if (running(service).some(({ deploymentId }) => deploymentId !== primary?.id)) return false;
    return active(service).length === service.desiredCount && this.count(service, primary) === service.desiredCount;
  }
}
