import type { SimClock } from '../clock.ts';
import type { Alarms } from './alarms.ts';
import type { Endings, Failing } from './endings.ts';
import { tell, WORDS } from './events.ts';
import type { Scheduler } from './scheduler.ts';
import { breakerThreshold } from './stages.ts';
import type { SimService, SimServiceDeployment, SimTask } from './state.ts';

const DEFAULT_STOP_SECONDS = 1;
const STOPPED_BY_USER = 'Service deployment was stopped by the user.';
const BREAKER = 'ECS deployment circuit breaker: tasks failed to start.';

/** What may end a service deployment before its time: the circuit breaker, alarms, and users. */
export class Monitors {
  readonly #clock: SimClock;
  readonly #scheduler: Scheduler;
  readonly #endings: Endings;

  constructor(parts: { clock: SimClock; scheduler: Scheduler; endings: Endings; alarms: Alarms }) {
    this.#clock = parts.clock;
    this.#scheduler = parts.scheduler;
    this.#endings = parts.endings;
    parts.alarms.onChange((name, state) => {
      if (state === 'ALARM') for (const service of parts.scheduler.services) this.#onAlarm(service, name);
    });
  }

  /** A task failed to start, ended by itself, or was found unhealthy. */
  failed(service: SimService, { deploymentId }: SimTask): void {
    const { current } = service;
    if (!current) return;
    const threshold = breakerThreshold(service.configuration, service.desiredCount);
    const { rollback } = current;
    if (rollback?.to.id === deploymentId) {
      if (++rollback.failures < threshold) return;
      rollback.to.rolloutState = 'FAILED';
      rollback.to.rolloutStateReason = BREAKER;
      tell(service, this.#clock.now(), WORDS.failed(rollback.to.id, 'tasks failed to start'));
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
      rolloutStateReason: BREAKER,
      statusReason: `Service deployment ${endOf(breaker)} because the circuit breaker threshold was exceeded.`,
      event: 'tasks failed to start',
      restore: breaker.rollback ? 'roll back' : 'leave',
      restoring: (to) => `ECS deployment circuit breaker: rolling back to deploymentId ${to.id}.`,
    });
  }

  /** A task is healthy for the first time: counting begins anew, unless resetOnHealthyTask is off. */
  proven(service: SimService, { deploymentId }: SimTask): void {
    const { current } = service;
    if (current?.rollback?.to.id === deploymentId) current.rollback.failures = 0;
    if (service.configuration.deploymentCircuitBreaker.resetOnHealthyTask === false) return;
    const deployment = service.deployments.find(({ id }) => id === deploymentId);
    if (deployment) deployment.failedTasks = 0;
    if (current?.target.id === deploymentId) current.breaker.failureCount = 0;
  }

  #onAlarm(service: SimService, name: string): void {
    const { current } = service;
    const watched = current?.configuration.alarms;
    if (current?.status !== 'IN_PROGRESS' || !watched?.enable) return;
    if (!watched.alarmNames.includes(name) || current.alarms.ignored.has(name)) return;
    current.alarms.triggered.push(name);
    current.alarms.status = 'TRIGGERED';
    this.#endings.fail(service, current, {
      rolloutStateReason: `ECS deployment ${current.target.id} failed: alarm detected.`,
      statusReason: `Service deployment ${endOf(watched)} because of triggered alarms: ${name}.`,
      event: 'alarm detected',
      restore: watched.rollback ? 'roll back' : 'leave',
    });
  }

  /** StopServiceDeployment; false when it is too late for that. */
  stop(service: SimService, rollout: SimServiceDeployment, type: 'ROLLBACK' | 'ABORT'): boolean {
    const { stopSeconds = DEFAULT_STOP_SECONDS } = this.#scheduler.timings;
    if (rollout.status === 'ROLLBACK_IN_PROGRESS' && type === 'ABORT') {
      this.#endings.rollbackFailed(service, rollout, `${STOPPED_BY_USER} The rollback was aborted.`);
      return true;
    }
    if (rollout.status !== 'PENDING' && rollout.status !== 'IN_PROGRESS') return false;
    rollout.status = type === 'ROLLBACK' ? 'ROLLBACK_REQUESTED' : 'STOP_REQUESTED';
    rollout.statusReason = STOPPED_BY_USER;
    rollout.entered++;
    this.#clock.after(stopSeconds, () => {
      if (rollout.status !== 'ROLLBACK_REQUESTED' && rollout.status !== 'STOP_REQUESTED') return;
      this.#endings.fail(service, rollout, byUser(type === 'ROLLBACK' ? 'roll back' : 'leave'));
    });
    return true;
  }
}

const endOf = ({ rollback }: { readonly rollback: boolean }): string => (rollback ? 'rolled back' : 'failed');
const byUser = (restore: Failing['restore']): Failing => ({
  rolloutStateReason: STOPPED_BY_USER,
  statusReason: STOPPED_BY_USER,
  event: STOPPED_BY_USER,
  restore,
  restoring: (to) => `${STOPPED_BY_USER.slice(0, -1)}. Rolling back to ${to.id}.`,
});
