import type { SimClock } from '../clock.ts';
import { AlarmMonitor, type Alarms } from './alarms.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { type DeploymentFailure, Endings, prune } from './endings.ts';
import { addEvent, endSuppression, MESSAGES } from './events.ts';
import type { Health } from './health.ts';
import type { Hooks } from './hooks.ts';
import type { DeploymentController, Scheduler, SchedulingPlan } from './scheduler.ts';
import { type Step, stepsOf } from './stages.ts';
import {
  alternateOf,
  type Deployment,
  type HookRun,
  type Ids,
  newDeployment,
  primaryOf,
  running,
  type SimService,
  type SimServiceDeployment,
  type SimTask,
} from './state.ts';

const DEFAULT_ALARM_BAKE_SECONDS = 60;
const DEFAULT_STOP_SECONDS = 1;
const STOPPED_BY_USER = 'Service deployment was stopped by the user.';

/**
 * Moves each service deployment through its stages to SUCCESSFUL, STOPPED, ROLLBACK_SUCCESSFUL or ROLLBACK_FAILED. The
 * scheduler starts and stops the tasks; circuit breaker, alarms, lifecycle hooks and users may end it early.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
export class Rollouts implements DeploymentController {
  readonly #clock: SimClock;
  readonly #scheduler: Scheduler;
  readonly #alarms: Alarms;
  readonly #hooks: Hooks;
  readonly #ids: Ids;
  readonly #health: Health;
  readonly #endings: Endings;
  readonly #breaker: CircuitBreaker;
  readonly #steps = new WeakMap<SimServiceDeployment, readonly Step[]>();
  /** The `entered` number for which a completion is scheduled. */
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
    this.#breaker = new CircuitBreaker({ clock: parts.clock, endings: this.#endings });
    new AlarmMonitor({ ...parts, endings: this.#endings });
    parts.scheduler.controller = this;
  }

  /** Starts a deployment of the service's current settings; it supersedes the one in progress. */
  begin(service: SimService, revision: Readonly<Record<string, unknown>>): SimServiceDeployment {
    const now = this.#clock.now();
    if (service.current) this.#endings.supersede(service, service.current);
    const number = this.#ids.digits();
    // "The green service revision" is registered with the group that serves nothing: blue-green-deployment-how-it-works.html
    const serving = service.lastCompleted ?? service.deployments[0];
    const divides = service.configuration.strategy !== 'ROLLING' && service.loadBalancers.some(alternateOf);
    const alternate = (serving?.alternate ?? false) !== (divides && serving !== undefined);
    const target = newDeployment(number, now, {
      alternate,
      status: 'PRIMARY',
      taskDefinition: service.taskDefinition,
      revision,
      rolloutStateReason: `ECS deployment ecs-svc/${number} in progress.`,
    });
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
        // ECS ignores alarms that are in ALARM before the deployment starts (deployment-alarm-failure.html).
        ignored: new Set(alarms?.alarmNames.filter((name) => this.#alarms.state(name) === 'ALARM')),
        triggered: [],
      },
    };
    const { alarmBakeSeconds = DEFAULT_ALARM_BAKE_SECONDS, pendingSeconds = 0 } = this.#scheduler.timings;
    this.#steps.set(rollout, stepsOf(configuration, { sources: sources.length, alarmBakeSeconds }));
    service.deployments.unshift(target);
    service.serviceDeployments.push(rollout);
    service.current = rollout;
    endSuppression(service, MESSAGES.steady);
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
        if (this.#isScaled(service, rollout)) addEvent(service, this.#clock.now(), MESSAGES.steady);
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

  plan(service: SimService): SchedulingPlan {
    const { current } = service;
    if (!current || current.rollback) return { start: true, replace: true };
    // Where the first deployment of the service has not completed yet, its revision serves.
    const serving = service.lastCompleted ?? current.sources[0];
    if (current.status === 'STOP_REQUESTED' || current.status === 'ROLLBACK_REQUESTED') {
      return { start: false, replace: false };
    }
    const steps = this.#steps.get(current) ?? [];
    const scaling = steps.findIndex(({ kind }) => kind === 'scale');
    if (current.step < scaling) return { start: false, replace: false, ...keeping(serving) };
    const beside = current.configuration.strategy !== 'ROLLING' && this.#stepOf(current)?.kind !== 'clean';
    return { start: true, replace: true, ...(beside ? keeping(serving) : {}) };
  }

  onReconciled(service: SimService): void {
    prune(service);
    const { current } = service;
    if (!current) {
      this.#reportSteady(service);
      return;
    }
    if (current.status === 'ROLLBACK_IN_PROGRESS') {
      this.#completeLater(service, current, {
        done: () => this.#health.isSteady(service),
        onDone: () => this.#endings.completeRollback(service, current),
      });
      return;
    }
    if (current.status !== 'IN_PROGRESS') return;
    const step = this.#stepOf(current);
    if (step?.kind === 'scale' && this.#isScaled(service, current)) this.#next(service, current);
    else if (step?.kind === 'clean') {
      const done = (): boolean => this.#isClean(service, current);
      this.#completeLater(service, current, { done, onDone: () => this.#endings.complete(service, current) });
    }
  }

  /** After a change without a deployment: a new desired count, a replaced task. */
  #reportSteady(service: SimService): void {
    if (primaryOf(service)?.rolloutState === 'COMPLETED' && this.#health.isSteady(service)) {
      addEvent(service, this.#clock.now(), MESSAGES.steady);
    }
  }

  /** Completes only if the condition still holds at the next check. */
  #completeLater(
    service: SimService,
    rollout: SimServiceDeployment,
    { done, onDone }: { readonly done: () => boolean; readonly onDone: () => void },
  ): void {
    if (this.#completing.get(rollout) === rollout.entered || !done()) return;
    const entry = rollout.entered;
    const { status } = rollout;
    this.#completing.set(rollout, entry);
    this.#clock.after(this.#scheduler.timings.completeSeconds, () => {
      if (this.#completing.get(rollout) === entry) this.#completing.delete(rollout);
      if (rollout.status !== status || rollout.entered !== entry || service.current !== rollout) return;
      if (done()) onDone();
      else this.#scheduler.reconcile(service);
    });
  }

  #isScaled(service: SimService, { configuration, target }: SimServiceDeployment): boolean {
    const { earlySuccessCriteria: early, strategy } = configuration;
    const healthy = this.#health.count(service, target);
    if (strategy !== 'ROLLING') return healthy >= service.desiredCount;
    if (!early?.enable) return this.#health.isSteady(service);
    const wanted = Math.ceil((service.desiredCount * (early.healthyPercent ?? 100)) / 100);
    const blocking = early.sourceServiceRevisionCleanup !== 'DEFERRED';
    const others = running(service).some(({ deploymentId }) => deploymentId !== target.id);
    return healthy >= wanted && !(blocking && others);
  }

  #isClean(service: SimService, rollout: SimServiceDeployment): boolean {
    return rollout.configuration.strategy === 'ROLLING'
      ? this.#isScaled(service, rollout)
      : this.#health.isSteady(service);
  }

  onTaskFailed(service: SimService, task: SimTask): void {
    this.#breaker.onTaskFailed(service, task);
  }
  onTaskHealthy(service: SimService, task: SimTask): void {
    this.#breaker.onTaskHealthy(service, task);
  }

  /** StopServiceDeployment. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html Returns false when the deployment has ended. */
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

  /** ContinueServiceDeployment of a paused hook. */
  continue(hook: HookRun, action: 'CONTINUE' | 'ROLLBACK'): void {
    this.#hooks.answer(hook, action);
  }
}

const keeping = (keep: Deployment | undefined): { keep?: Deployment } => (keep ? { keep } : {});
const byHook = (reason: string): DeploymentFailure => ({
  rolloutStateReason: reason,
  statusReason: reason,
  event: reason,
  action: 'roll back',
});
const byUser = (action: DeploymentFailure['action']): DeploymentFailure => ({
  rolloutStateReason: STOPPED_BY_USER,
  statusReason: STOPPED_BY_USER,
  event: STOPPED_BY_USER,
  action,
  rollbackReason: (to) => `${STOPPED_BY_USER.slice(0, -1)}. Rolling back to ${to.id}.`,
});
