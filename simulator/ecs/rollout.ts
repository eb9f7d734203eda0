import type { SimClock } from '../clock.ts';
import type { Alarms } from './alarms.ts';
import { Endings, type Failing, prune } from './endings.ts';
import { resolved, tell, WORDS } from './events.ts';
import type { Health } from './health.ts';
import type { Hooks } from './hooks.ts';
import { Monitors } from './monitors.ts';
import type { Follower, Plan, Scheduler } from './scheduler.ts';
import { type Step, stepsOf } from './stages.ts';
import {
  type Deployment,
  type HookRun,
  type Ids,
  primaryOf,
  running,
  type SimService,
  type SimServiceDeployment,
  type SimTask,
} from './state.ts';

const DEFAULT_ALARM_BAKE_SECONDS = 60;

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
  readonly #health: Health;
  readonly #endings: Endings;
  readonly #monitors: Monitors;
  readonly #steps = new WeakMap<SimServiceDeployment, readonly Step[]>();
  /** The entry (`entered`) for which a completion is on its way. */
  readonly #completing = new WeakMap<SimServiceDeployment, number>();

  constructor(parts: {
    clock: SimClock;
    scheduler: Scheduler;
    health: Health;
    alarms: Alarms;
    hooks: Hooks;
    ids: Ids;
  }) {
    this.#clock = parts.clock;
    this.#scheduler = parts.scheduler;
    this.#alarms = parts.alarms;
    this.#hooks = parts.hooks;
    this.#ids = parts.ids;
    this.#health = parts.health;
    this.#endings = new Endings(parts);
    this.#monitors = new Monitors({ ...parts, endings: this.#endings });
    parts.scheduler.follower = this;
  }

  /** Begins a deployment of what the service asks for now; the one under way, if any, is superseded. */
  begin(service: SimService, revision: Readonly<Record<string, unknown>>): SimServiceDeployment {
    const now = this.#clock.now();
    if (service.current) this.#endings.supersede(service, service.current);
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
      digests: new Map(),
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
          else this.#endings.fail(service, rollout, byHook(result.reason));
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
    prune(service);
    const { current } = service;
    if (!current) {
      this.#tellSteady(service);
      return;
    }
    if (current.status === 'ROLLBACK_IN_PROGRESS') {
      this.#completeSoon(
        service,
        current,
        () => this.#health.isWhole(service),
        () => this.#endings.restored(service, current),
      );
      return;
    }
    if (current.status !== 'IN_PROGRESS') return;
    const step = this.#stepOf(current);
    if (step?.kind === 'scale' && this.#isScaled(service, current)) this.#next(service, current);
    else if (step?.kind === 'clean') {
      const done = (): boolean => this.#isClean(service, current);
      this.#completeSoon(service, current, done, () => this.#endings.complete(service, current));
    }
  }

  /** After a settled change without a deployment: a new desired count, a replaced task. */
  #tellSteady(service: SimService): void {
    if (primaryOf(service)?.rolloutState === 'COMPLETED' && this.#health.isWhole(service)) {
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

  #isScaled(service: SimService, { configuration, target }: SimServiceDeployment): boolean {
    const { earlySuccessCriteria: early, strategy } = configuration;
    const healthy = this.#health.count(service, target);
    if (strategy !== 'ROLLING') return healthy >= service.desiredCount;
    if (!early?.enable) return this.#health.isWhole(service);
    const wanted = Math.ceil((service.desiredCount * (early.healthyPercent ?? 100)) / 100);
    const blocking = early.sourceServiceRevisionCleanup !== 'DEFERRED';
    const others = running(service).some(({ deploymentId }) => deploymentId !== target.id);
    return healthy >= wanted && !(blocking && others);
  }

  #isClean(service: SimService, rollout: SimServiceDeployment): boolean {
    return rollout.configuration.strategy === 'ROLLING'
      ? this.#isScaled(service, rollout)
      : this.#health.isWhole(service);
  }

  failed(service: SimService, task: SimTask): void {
    this.#monitors.failed(service, task);
  }
  proven(service: SimService, task: SimTask): void {
    this.#monitors.proven(service, task);
  }

  /** StopServiceDeployment; false when it is too late for that. */
  stop(service: SimService, rollout: SimServiceDeployment, type: 'ROLLBACK' | 'ABORT'): boolean {
    return this.#monitors.stop(service, rollout, type);
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
