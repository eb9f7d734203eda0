import type { Alarms } from './alarms.ts';
import type { SimClock } from './clock.ts';
import { resolved, tell, WORDS } from './events.ts';
import type { Hooks } from './hooks.ts';
import type { Follower, Plan, Scheduler } from './scheduler.ts';
import { breakerThreshold, type Step, stepsOf } from './stages.ts';
import {
  active,
  type Deployment,
  type HookRun,
  type Ids,
  primaryOf,
  running,
  type SimService,
  type SimServiceDeployment,
  type SimTask,
} from './state.ts';

/** Why a service deployment fails, in the three places where ECS says so. */
interface Failing {
  readonly rolloutStateReason: string;
  readonly statusReason: string;
  readonly event: string;
  readonly restore: 'roll back' | 'leave';
  /** What the restored deployment says of itself. */
  readonly restoring?: (to: Deployment) => string;
}

const DEFAULT_ALARM_BAKE_SECONDS = 60;
const DEFAULT_STOP_SECONDS = 1;

/**
 * Leads each service deployment through its stages to an end: SUCCESSFUL, STOPPED, ROLLBACK_SUCCESSFUL or
 * ROLLBACK_FAILED. The scheduler moves the tasks; circuit breaker, alarms, lifecycle hooks and users may end it early.
 */
export class Rollouts implements Follower {
  readonly #clock: SimClock;
  readonly #scheduler: Scheduler;
  readonly #alarms: Alarms;
  readonly #hooks: Hooks;
  readonly #ids: Ids;
  readonly #steps = new WeakMap<SimServiceDeployment, readonly Step[]>();
  /** The entry (`entered`) for which a completion is on its way. */
  readonly #completing = new WeakMap<SimServiceDeployment, number>();

  constructor(parts: { clock: SimClock; scheduler: Scheduler; alarms: Alarms; hooks: Hooks; ids: Ids }) {
    this.#clock = parts.clock;
    this.#scheduler = parts.scheduler;
    this.#alarms = parts.alarms;
    this.#hooks = parts.hooks;
    this.#ids = parts.ids;
    parts.scheduler.follower = this;
    parts.alarms.onChange((name, state) => {
      if (state === 'ALARM') for (const service of parts.scheduler.services) this.#onAlarm(service, name);
    });
  }

  /** Begins a deployment of what the service asks for now; the one under way, if any, is superseded. */
  begin(service: SimService, revision: Readonly<Record<string, unknown>>): SimServiceDeployment {
    const now = this.#clock.now();
    this.#supersede(service, now);
    const number = this.#ids.digits();
    const target: Deployment = {
      id: `ecs-svc/${number}`,
      number,
      status: 'PRIMARY',
      taskDefinition: service.taskDefinition,
      revision,
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: `ECS deployment ecs-svc/${number} in progress.`,
      createdAt: now,
      updatedAt: now,
      failedTasks: 0,
      failedStarts: 0,
      lastFailureAt: 0,
      halted: false,
      retryAt: 0,
    };
    const { configuration } = service;
    const { alarms } = configuration;
    const sources = service.deployments.filter(({ id }) => running(service).some((task) => task.deploymentId === id));
    for (const before of service.deployments) before.status = 'ACTIVE';
    const rollout: SimServiceDeployment = {
      id: this.#ids.word(),
      target,
      sources,
      configuration,
      status: 'PENDING',
      createdAt: now,
      updatedAt: now,
      stage: 'PRE_SCALE_UP',
      step: -1,
      entered: 0,
      hooks: [],
      weight: configuration.strategy === 'ROLLING' ? 100 : 0,
      testWeight: 0,
      breaker: { status: configuration.deploymentCircuitBreaker.enable ? 'MONITORING' : 'DISABLED', failureCount: 0 },
      alarms: {
        status: alarms?.enable ? 'MONITORING' : 'DISABLED',
        // An alarm that is in ALARM already says nothing about this deployment: ECS does not monitor it.
        ignored: new Set(alarms?.alarmNames.filter((name) => this.#alarms.state(name) === 'ALARM')),
        triggered: [],
      },
    };
    const { alarmBakeSeconds = DEFAULT_ALARM_BAKE_SECONDS, pendingSeconds = 0 } = this.#scheduler.timings;
    this.#steps.set(rollout, stepsOf(configuration, { sources: sources.length, alarmBakeSeconds }));
    service.deployments.unshift(target);
    service.serviceDeployments.push(rollout);
    service.current = rollout;
    resolved(service, WORDS.steady);
    const start = (): void => {
      if (rollout.status !== 'PENDING') return;
      rollout.status = 'IN_PROGRESS';
      rollout.startedAt = this.#clock.now();
      this.#next(service, rollout);
    };
    if (pendingSeconds > 0) this.#clock.after(pendingSeconds, start);
    else start();
    this.#scheduler.reconcile(service);
    return rollout;
  }

  #supersede(service: SimService, now: number): void {
    const { current } = service;
    if (!current) return;
    const undoing = current.status.startsWith('ROLLBACK');
    current.status = undoing ? 'ROLLBACK_FAILED' : 'STOPPED';
    current.statusReason = 'Replaced by a new service deployment.';
    current.stoppedAt = now;
    this.#close(service, current);
  }

  // ---------------------------------------------------------------- stages

  #next(service: SimService, rollout: SimServiceDeployment): void {
    rollout.step++;
    const entry = ++rollout.entered;
    const step = this.#steps.get(rollout)?.[rollout.step];
    if (!step) return;
    rollout.stage = step.stage;
    rollout.updatedAt = this.#clock.now();
    const onwards = (): void => {
      if (rollout.status === 'IN_PROGRESS' && rollout.entered === entry) this.#next(service, rollout);
    };
    switch (step.kind) {
      case 'hooks':
        this.#hooks.run(rollout, step.hookStage, (result) => {
          if (rollout.status !== 'IN_PROGRESS' || rollout.entered !== entry) return;
          if (result.kind === 'passed') onwards();
          else this.#fail(service, rollout, byHook(result.reason));
        });
        break;
      case 'shift':
        rollout.weight = step.weight ?? rollout.weight;
        rollout.testWeight = step.testWeight ?? rollout.testWeight;
        onwards();
        break;
      case 'wait':
        if (this.#isScaled(service, rollout)) tell(service, this.#clock.now(), WORDS.steady);
        this.#clock.after(step.seconds, onwards);
        break;
      case 'scale':
      case 'clean':
        this.#scheduler.reconcile(service);
    }
  }

  #stepOf(rollout: SimServiceDeployment): Step | undefined {
    return this.#steps.get(rollout)?.[rollout.step];
  }

  plan(service: SimService): Plan {
    const { current, lastCompleted } = service;
    if (!current || current.rollback) return { start: true, replace: true };
    if (current.status === 'STOP_REQUESTED' || current.status === 'ROLLBACK_REQUESTED') {
      return { start: false, replace: false };
    }
    const steps = this.#steps.get(current) ?? [];
    const scaling = steps.findIndex(({ kind }) => kind === 'scale');
    if (current.step < scaling) return { start: false, replace: false, ...keeping(lastCompleted) };
    const beside = current.configuration.strategy !== 'ROLLING' && this.#stepOf(current)?.kind !== 'clean';
    return { start: true, replace: true, ...(beside ? keeping(lastCompleted) : {}) };
  }

  moved(service: SimService): void {
    this.#prune(service);
    const { current } = service;
    if (!current) {
      this.#tellSteady(service);
      return;
    }
    if (current.status === 'ROLLBACK_IN_PROGRESS') {
      this.#completeSoon(
        service,
        current,
        () => this.#isWhole(service),
        () => this.#restored(service, current),
      );
      return;
    }
    if (current.status !== 'IN_PROGRESS') return;
    const step = this.#stepOf(current);
    if (step?.kind === 'scale' && this.#isScaled(service, current)) this.#next(service, current);
    else if (step?.kind === 'clean') {
      const done = (): boolean => this.#isClean(service, current);
      this.#completeSoon(service, current, done, () => this.#complete(service, current));
    }
  }

  /** After a settled change without a deployment: a new desired count, a replaced task. */
  #tellSteady(service: SimService): void {
    if (primaryOf(service)?.rolloutState === 'COMPLETED' && this.#isWhole(service)) {
      tell(service, this.#clock.now(), WORDS.steady);
    }
  }

  /** What is done must be done still when ECS looks again. */
  #completeSoon(service: SimService, rollout: SimServiceDeployment, done: () => boolean, then: () => void): void {
    if (this.#completing.get(rollout) === rollout.entered || !done()) return;
    const entry = rollout.entered;
    const { status } = rollout;
    this.#completing.set(rollout, entry);
    this.#clock.after(this.#scheduler.timings.completeSeconds, () => {
      if (this.#completing.get(rollout) === entry) this.#completing.delete(rollout);
      if (rollout.status !== status || rollout.entered !== entry || service.current !== rollout) return;
      if (done()) then();
      else this.#scheduler.reconcile(service);
    });
  }

  #healthy(service: SimService, deployment: Deployment | undefined): number {
    return active(service).filter((task) => task.deploymentId === deployment?.id && this.#scheduler.isHealthy(task))
      .length;
  }

  /** All desired tasks are PRIMARY's and healthy, and no other is left. */
  #isWhole(service: SimService): boolean {
    const primary = primaryOf(service);
    const ours = active(service).filter(({ deploymentId }) => deploymentId === primary?.id);
    const others = running(service).some(({ deploymentId }) => deploymentId !== primary?.id);
    return !others && ours.length === service.desiredCount && this.#healthy(service, primary) === service.desiredCount;
  }

  #isScaled(service: SimService, { configuration, target }: SimServiceDeployment): boolean {
    const { earlySuccessCriteria: early, strategy } = configuration;
    const healthy = this.#healthy(service, target);
    if (strategy !== 'ROLLING') return healthy >= service.desiredCount;
    if (!early?.enable) return this.#isWhole(service);
    const wanted = Math.ceil((service.desiredCount * (early.healthyPercent ?? 100)) / 100);
    const blocking = early.sourceServiceRevisionCleanup !== 'DEFERRED';
    const others = running(service).some(({ deploymentId }) => deploymentId !== target.id);
    return healthy >= wanted && !(blocking && others);
  }

  #isClean(service: SimService, rollout: SimServiceDeployment): boolean {
    return rollout.configuration.strategy === 'ROLLING' ? this.#isScaled(service, rollout) : this.#isWhole(service);
  }

  // ---------------------------------------------------------------- ends

  #complete(service: SimService, rollout: SimServiceDeployment): void {
    const { target } = rollout;
    rollout.status = 'SUCCESSFUL';
    if (rollout.breaker.status === 'MONITORING') rollout.breaker.status = 'MONITORING_COMPLETE';
    if (rollout.alarms.status === 'MONITORING') rollout.alarms.status = 'MONITORING_COMPLETE';
    this.#completed(service, target);
    this.#close(service, rollout);
  }

  #restored(service: SimService, rollout: SimServiceDeployment): void {
    const to = rollout.rollback?.to;
    if (!to) return;
    rollout.status = 'ROLLBACK_SUCCESSFUL';
    this.#completed(service, to);
    this.#close(service, rollout);
  }

  #completed(service: SimService, deployment: Deployment): void {
    const now = this.#clock.now();
    deployment.rolloutState = 'COMPLETED';
    deployment.rolloutStateReason = `ECS deployment ${deployment.id} completed.`;
    deployment.updatedAt = now;
    service.lastCompleted = deployment;
    tell(service, now, WORDS.completed(deployment.id));
    if (this.#isWhole(service)) tell(service, now, WORDS.steady);
  }

  #close(service: SimService, rollout: SimServiceDeployment): void {
    rollout.finishedAt = this.#clock.now();
    rollout.updatedAt = rollout.finishedAt;
    delete service.current;
    this.#prune(service);
  }

  /** Only PRIMARY, what is being undone, and what still has tasks is shown. */
  #prune(service: SimService): void {
    if (service.deployments.length < 2) return;
    const alive = new Set(running(service).map(({ deploymentId }) => deploymentId));
    service.deployments = service.deployments.filter(
      (one) => one.status === 'PRIMARY' || one === service.current?.target || alive.has(one.id),
    );
  }

  #fail(service: SimService, rollout: SimServiceDeployment, why: Failing): void {
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

  // ---------------------------------------------------------------- what may end it early

  failed(service: SimService, { deploymentId }: SimTask): void {
    const { current } = service;
    if (!current) return;
    const threshold = breakerThreshold(service.configuration, service.desiredCount);
    if (current.rollback?.to.id === deploymentId) {
      if (++current.rollback.failures >= threshold) this.#rollbackFailed(service, current);
      return;
    }
    const { deploymentCircuitBreaker: breaker } = service.configuration;
    if (current.status !== 'IN_PROGRESS' || deploymentId !== current.target.id) return;
    current.breaker.failureCount++;
    if (!breaker.enable || current.breaker.failureCount < threshold) return;
    current.breaker.status = 'TRIGGERED';
    this.#fail(service, current, {
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
      statusReason: `Service deployment ${breaker.rollback ? 'rolled back' : 'failed'} because the circuit breaker threshold was exceeded.`,
      event: 'tasks failed to start',
      restore: breaker.rollback ? 'roll back' : 'leave',
      restoring: (to) => `ECS deployment circuit breaker: rolling back to deploymentId ${to.id}.`,
    });
  }

  #rollbackFailed(service: SimService, rollout: SimServiceDeployment): void {
    const to = rollout.rollback?.to;
    if (!to) return;
    rollout.status = 'ROLLBACK_FAILED';
    rollout.statusReason = `${rollout.rollback?.reason ?? ''} The rollback to ${to.id} failed: tasks failed to start.`;
    to.rolloutState = 'FAILED';
    to.rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.';
    tell(service, this.#clock.now(), WORDS.failed(to.id, 'tasks failed to start'));
    this.#close(service, rollout);
  }

  proven(service: SimService, { deploymentId }: SimTask): void {
    const { current } = service;
    if (current?.rollback?.to.id === deploymentId) current.rollback.failures = 0;
    const deployment = service.deployments.find(({ id }) => id === deploymentId);
    if (service.configuration.deploymentCircuitBreaker.resetOnHealthyTask === false) return;
    if (deployment) deployment.failedTasks = 0;
    if (current && current.target.id === deploymentId) current.breaker.failureCount = 0;
  }

  #onAlarm(service: SimService, name: string): void {
    const { current } = service;
    const watched = current?.configuration.alarms;
    if (current?.status !== 'IN_PROGRESS' || !watched?.enable) return;
    if (!watched.alarmNames.includes(name) || current.alarms.ignored.has(name)) return;
    current.alarms.triggered.push(name);
    current.alarms.status = 'TRIGGERED';
    this.#fail(service, current, {
      rolloutStateReason: `ECS deployment ${current.target.id} failed: alarm detected.`,
      statusReason: `Service deployment ${watched.rollback ? 'rolled back' : 'failed'} because of triggered alarms: ${name}.`,
      event: 'alarm detected',
      restore: watched.rollback ? 'roll back' : 'leave',
    });
  }

  /** StopServiceDeployment; false when it is too late for that. */
  stop(service: SimService, rollout: SimServiceDeployment, type: 'ROLLBACK' | 'ABORT'): boolean {
    const { stopSeconds = DEFAULT_STOP_SECONDS } = this.#scheduler.timings;
    const reason = 'Service deployment was stopped by the user.';
    if (rollout.status === 'ROLLBACK_IN_PROGRESS' && type === 'ABORT') {
      rollout.status = 'ROLLBACK_FAILED';
      rollout.statusReason = `${reason} The rollback was aborted.`;
      rollout.stoppedAt = this.#clock.now();
      this.#close(service, rollout);
      return true;
    }
    if (rollout.status !== 'PENDING' && rollout.status !== 'IN_PROGRESS') return false;
    rollout.status = type === 'ROLLBACK' ? 'ROLLBACK_REQUESTED' : 'STOP_REQUESTED';
    rollout.statusReason = reason;
    rollout.entered++;
    this.#clock.after(stopSeconds, () => {
      if (rollout.status !== 'ROLLBACK_REQUESTED' && rollout.status !== 'STOP_REQUESTED') return;
      const restore = type === 'ROLLBACK' ? 'roll back' : 'leave';
      this.#fail(service, rollout, {
        rolloutStateReason: reason,
        statusReason: reason,
        event: reason,
        restore,
        restoring: (to) => `${reason.slice(0, -1)}. Rolling back to ${to.id}.`,
      });
    });
    return true;
  }

  /** ContinueServiceDeployment of a paused hook. */
  continue(hook: HookRun, action: 'CONTINUE' | 'ROLLBACK'): void {
    this.#hooks.answer(hook, action);
  }
}

const keeping = (keep: Deployment | undefined): { keep?: Deployment } => (keep ? { keep } : {});
const byHook = (reason: string): Failing => ({
  rolloutStateReason: reason,
  statusReason: reason,
  event: reason,
  restore: 'roll back',
});
