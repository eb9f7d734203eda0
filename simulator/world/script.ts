import type { SimClock } from '../clock.ts';
import type { AlarmState, Alarms } from '../ecs/alarms.ts';
import type { Ecs } from '../ecs/api/ecs.ts';
import type { Capacity, ProviderSettings } from '../ecs/capacity.ts';
import { addEvent } from '../ecs/events.ts';
import type { Health } from '../ecs/health.ts';
import type { HookAnswer, Hooks } from '../ecs/hooks.ts';
import { active, type InstanceSize, primaryOf, type SimInstance, type SimService, type SimTask } from '../ecs/state.ts';
import type { Tasks } from '../ecs/tasks.ts';
import { type Behaviours, commandKey, type ModelRuntime } from '../runtime/model.ts';
import type { StopCode } from '../runtime/runtime.ts';

const VCPU_QUOTA = 'You’ve reached the limit on the number of vCPUs you can run concurrently';

/** The true state of a service, to compare verdicts with. The API may show it later, or not at all. */
export interface Truth {
  readonly desiredCount: number;
  /** Of the PRIMARY deployment. */
  readonly deploymentId: string;
  readonly taskDefinition: string;
  readonly rolloutState: string;
  /** Healthy tasks whose desired status is RUNNING, by deployment id. */
  readonly healthy: ReadonlyMap<string, number>;
  /** Tasks whose desired status is RUNNING. */
  readonly active: number;
  /** Tasks of other deployments that have not stopped yet. */
  readonly others: number;
  /** Status of each service deployment by the id of the deployment (ecs-svc/N) that it brought. */
  readonly serviceDeployments: ReadonlyMap<string, string>;
}

/** The parts of the simulator that a script moves. */
interface ScriptedParts {
  readonly clock: SimClock;
  readonly model: ModelRuntime;
  readonly alarms: Alarms;
  readonly hooks: Hooks;
  readonly health: Health;
  readonly capacity: Capacity;
  readonly tasks: Tasks;
  readonly ecs: Ecs;
  call(operation: string, input: Readonly<Record<string, unknown>>): unknown;
}

/**
 * What happens in a simulated world, for tests to say in one line each. Seconds count from now, under whatever clock the
 * simulator has. Everything may be called at any time, also from inside `at`.
 */
export class Script {
  readonly #simulator: ScriptedParts;

  constructor(simulator: ScriptedParts) {
    this.#simulator = simulator;
  }

  /** Tasks that run an image whose reference contains `part`; the longest part that fits decides. */
  image(part: string, behaviours: Behaviours): this {
    this.#simulator.model.behaviours.set(part, behaviours);
    return this;
  }

  /** Tasks of a revision, `web:2`; goes before `image`. */
  revision(name: string, behaviours: Behaviours): this {
    this.#simulator.model.behaviours.set(`task-definition/${name}`, behaviours);
    return this;
  }

  /** Tasks whose command contains `part`, such as one-off tasks of RunTask; goes before `revision` and `image`. */
  command(part: string, behaviours: Behaviours): this {
    this.#simulator.model.behaviours.set(commandKey(part), behaviours);
    return this;
  }

  at(seconds: number, happen: () => void): this {
    this.#simulator.clock.after(seconds, happen);
    return this;
  }

  alarm(name: string, state: AlarmState, seconds = 0): this {
    if (seconds > 0) return this.at(seconds, () => this.#simulator.alarms.set(name, state));
    this.#simulator.alarms.set(name, state);
    return this;
  }

  /** How the Lambda function of a lifecycle hook answers. */
  hook(functionArn: string, answer: HookAnswer): this {
    this.#simulator.hooks.answers.set(functionArn, answer);
    return this;
  }

  /** Another caller's UpdateService: a newer deployment, or only a new desired count (autoscaling). */
  update(seconds: number, input: Readonly<Record<string, unknown>>): this {
    return this.at(seconds, () => void this.#simulator.call('UpdateService', input));
  }

  /** At most so many Fargate tasks at a time from then on; undefined lifts the limit. */
  fargateLimit(tasks: number | undefined, seconds = 0, reason = VCPU_QUOTA): this {
    const set = (): void => this.#simulator.capacity.limitFargate(tasks ?? Number.POSITIVE_INFINITY, reason);
    if (seconds > 0) return this.at(seconds, set);
    set();
    return this;
  }

  /** The tasks of one service find the quota used up: those of the others are placed first. */
  fargateLimitOf(service: string): this {
    this.#simulator.capacity.limitFargate(0, VCPU_QUOTA, ({ group }) => group === `service:${service}`);
    return this;
  }

  /** For so long no task can be launched; `error` in AWS's words, such as that it cannot assume the role. */
  launchError(error: string, seconds: number): this {
    this.#simulator.capacity.failLaunches(error);
    return this.at(seconds, () => this.#simulator.capacity.failLaunches(undefined));
  }

  /** A service event that nothing in this world explains: noise. `text` follows `(service NAME) `. */
  event(service: string, text: string): this {
    addEvent(this.service(service), this.#simulator.clock.now(), text);
    return this;
  }

  /** A container instance joins; from the first one on (or `noInstances`) a cluster's EC2 capacity is what it has. */
  instance(size: InstanceSize = {}, { cluster = 'default', capacityProvider }: InstanceHome = {}): SimInstance {
    return this.#simulator.capacity.addInstance(this.#cluster(cluster), size, capacityProvider);
  }

  /** Container instances have no room for a further task of that service. */
  noRoomFor(service: string): this {
    this.#simulator.capacity.fillFor(`service:${service}`);
    return this;
  }

  noInstances(cluster = 'default'): this {
    this.#cluster(cluster).instances ??= [];
    return this;
  }

  /** An instance is terminated, and its tasks with it. */
  loseInstance(instance: SimInstance, cluster = 'default'): this {
    this.#simulator.capacity.removeInstance(this.#cluster(cluster), instance);
    for (const task of instance.tasks)
      this.#simulator.tasks.kill(
        task,
        'TerminationNotice',
        `Host EC2 (instance ${instance.ec2InstanceId}) terminated.`,
      );
    return this;
  }

  /** A capacity provider that adds instances for tasks in PROVISIONING, unless `managedScaling` is false. */
  capacityProvider(settings: ProviderSettings, cluster = 'default'): this {
    this.#simulator.capacity.addProvider(this.#cluster(cluster), settings);
    return this;
  }

  /** EC2 launches no instances for a capacity provider, in its words; without words it does again. */
  providerError(name: string, error: string | undefined, seconds = 0): this {
    const set = (): void => this.#simulator.capacity.failProvider(name, error);
    if (seconds > 0) return this.at(seconds, set);
    set();
    return this;
  }

  /** AWS has no capacity for the tasks of a Fargate capacity provider; without words it has again. */
  fargateCapacity(provider: 'FARGATE' | 'FARGATE_SPOT', reason: string | undefined, seconds = 0): this {
    const { capacity } = this.#simulator;
    const set = (): void =>
      reason === undefined
        ? capacity.limitFargate(Number.POSITIVE_INFINITY, '')
        : capacity.limitFargate(0, reason, ({ capacityProvider = 'FARGATE' }) => capacityProvider === provider);
    if (seconds > 0) return this.at(seconds, set);
    set();
    return this;
  }

  /** Ends so many running tasks of a service from outside, by default as a Spot interruption does. */
  kill(service: string, { count = 1, stopCode = 'SpotInterruption', reason, which }: KillOptions = {}): this {
    const words = reason ?? 'Your Spot Task was interrupted.';
    const tasks = active(this.service(service)).filter((task) => which?.(task) ?? true);
    for (const task of tasks.slice(0, count)) this.#simulator.tasks.kill(task, stopCode, words);
    return this;
  }

  service(name: string): SimService {
    const found = [...this.#simulator.ecs.services.values()].find((one) => one.name === name);
    if (!found) throw new Error(`The simulator has no service ${name}.`);
    return found;
  }

  truth(name: string): Truth {
    const service = this.service(name);
    const primary = primaryOf(service);
    const healthy = new Map<string, number>();
    for (const task of active(service)) {
      if (this.#simulator.health.isHealthy(task))
        healthy.set(task.deploymentId, (healthy.get(task.deploymentId) ?? 0) + 1);
    }
    return {
      desiredCount: service.desiredCount,
      deploymentId: primary?.id ?? '',
      taskDefinition: service.taskDefinition,
      rolloutState: primary?.rolloutState ?? '',
      healthy,
      active: active(service).length,
      others: service.tasks.filter(
        ({ lastStatus, deploymentId }) => lastStatus !== 'STOPPED' && deploymentId !== primary?.id,
      ).length,
      serviceDeployments: new Map(service.serviceDeployments.map(({ target, status }) => [target.id, status])),
    };
  }

  #cluster(name: string) {
    return this.#simulator.ecs.clusters.get(name);
  }
}

interface InstanceHome {
  readonly cluster?: string;
  readonly capacityProvider?: string;
}
interface KillOptions {
  readonly count?: number;
  readonly stopCode?: StopCode;
  readonly reason?: string;
  readonly which?: (task: SimTask) => boolean;
}
