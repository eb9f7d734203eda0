import type { SimClock } from '../clock.ts';
import type { Endings } from './endings.ts';
import { addEvent, MESSAGES } from './events.ts';
import { type Configuration, endWord, type SimService, type SimTask } from './state.ts';

const REASON = 'ECS deployment circuit breaker: tasks failed to start.';

/**
 * The number of failed tasks at which the circuit breaker triggers: the value itself for COUNT, else that percentage of
 * the desired count, rounded up; 50 % by default. BOUNDED_PERCENT stays between 3 and 200.
 */
export function breakerThreshold({ deploymentCircuitBreaker: breaker }: Configuration, desiredCount: number): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = breaker.thresholdConfiguration ?? {};
  if (type === 'COUNT') return Math.max(1, value);
  const share = Math.max(1, Math.ceil((value * desiredCount) / 100));
  return type === 'UNBOUNDED_PERCENT' ? share : Math.min(200, Math.max(3, share));
}

/**
 * The deployment circuit breaker: counts failed tasks of the deployment under way and ends it at the threshold.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export class CircuitBreaker {
  readonly #clock: SimClock;
  readonly #endings: Endings;

  constructor({ clock, endings }: { clock: SimClock; endings: Endings }) {
    this.#clock = clock;
    this.#endings = endings;
  }

  /** A task failed to start or was replaced for a failed health check; one that ran and exited does not come here. */
  onTaskFailed(service: SimService, { deploymentId }: SimTask): void {
    const { current } = service;
    if (!current) return;
    const threshold = breakerThreshold(service.configuration, service.desiredCount);
    const { rollback } = current;
    if (rollback?.to.id === deploymentId) {
      if (++rollback.failures < threshold) return;
      rollback.to.rolloutState = 'FAILED';
      rollback.to.rolloutStateReason = REASON;
      addEvent(service, this.#clock.now(), MESSAGES.failed(rollback.to.id, 'tasks failed to start'));
      const reason = `${rollback.reason} The rollback to ${rollback.to.id} failed: tasks failed to start.`;
      this.#endings.rollbackFailed(service, current, reason);
      return;
    }
    const { deploymentCircuitBreaker: breaker } = service.configuration;
    if (current.status !== 'IN_PROGRESS' || deploymentId !== current.target.id) return;
    current.breaker.failureCount++;
    if (!breaker.enable || current.breaker.failureCount < threshold) return;
    current.breaker.status = 'TRIGGERED';
    this.#endings.fail(service, current, {
      rolloutStateReason: REASON,
      statusReason: `Service deployment ${endWord(breaker)} because the circuit breaker threshold was exceeded.`,
      event: 'tasks failed to start',
      action: breaker.rollback ? 'roll back' : 'leave',
      rollbackReason: (to) => `ECS deployment circuit breaker: rolling back to deploymentId ${to.id}.`,
    });
  }

  /** A task is healthy for the first time: the count returns to 0, unless resetOnHealthyTask is false. */
  onTaskHealthy(service: SimService, { deploymentId }: SimTask): void {
    const { current } = service;
    if (current?.rollback?.to.id === deploymentId) current.rollback.failures = 0;
    if (service.configuration.deploymentCircuitBreaker.resetOnHealthyTask === false) return;
    const deployment = service.deployments.find(({ id }) => id === deploymentId);
    if (deployment) deployment.failedTasks = 0;
    if (current?.target.id === deploymentId) current.breaker.failureCount = 0;
  }
}
