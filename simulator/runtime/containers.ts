import { randomBytes } from 'node:crypto';
import type { Logs } from '../services/logs.ts';
import { Docker, type Ended, errorOf, type HealthCheck, type Tail } from './docker.ts';
import type { RunnableContainer, RunnableTask, StopCode, TaskReport, TaskRuntime } from './runtime.ts';
import { dependenciesOf, networkOwner, startOrder } from './start-order.ts';

const LABEL = 'ecs-rollout.simulator';
/** The simulator does not wait the 30 s that ECS waits by default; a stopTimeout of the task definition is kept. */
const STOP_SECONDS = 2;
const SCALED = 'Scaling activity initiated by deployment';
const ENDED = 'Essential container in task exited';

/** A container that was started: when it is healthy (or will never be), and how it ended. */
interface Life {
  readonly ended: Promise<Ended>;
  readonly healthy: Promise<boolean>;
}
/**
 * Tasks as real containers on a Docker engine: real exit codes, logs, health checks and memory limits, in ECS's words.
 * Containers of a task share one network, as with awsvpc, and start in the order of their `dependsOn`.
 */
export class ContainerRuntime implements TaskRuntime {
  /** Several simulators may share one engine. */
  readonly #id = randomBytes(4).toString('hex');
  readonly #docker: Docker;
  readonly #logs: Logs;
  readonly #now: () => number;
  readonly #stopping = new Set<string>();
  readonly #killed = new Map<string, { readonly stopCode: StopCode; readonly reason: string }>();
  readonly #tails = new Set<Tail>();
  readonly #names = new Set<string>();
  #closed = false;

  /** @param env with DOCKER_HOST and a DOCKER_CONFIG that is logged in */
  constructor(env: NodeJS.ProcessEnv, logs: Logs, now: () => number) {
    this.#docker = new Docker(env);
    this.#logs = logs;
    this.#now = now;
  }

  start(task: RunnableTask, report: (report: TaskReport) => void): void {
    if (this.#closed) return;
    const lives = new Map<string, Life>();
    this.#live(task, lives, report)
      .then(
        async (found) => {
          const stopped = await this.#stopped(task, lives, undefined);
          if (found === 'ended') reportRunning(report);
          return stopped;
        },
        (thrown: unknown) => this.#stopped(task, lives, thrown instanceof Error ? thrown.message : String(thrown)),
      )
      .then((stopped) => {
        if (!this.#closed) report(stopped);
      })
      // The engine is gone: there is nothing to report to.
      .catch(() => {});
  }

  stop(task: RunnableTask): void {
    this.#stopping.add(task.id);
    for (const container of task.containers) {
      const seconds = container.definition.stopTimeout ?? STOP_SECONDS;
      this.#docker.run('stop', '--timeout', String(seconds), this.#nameOf(task, container)).catch(() => {});
    }
  }

  kill(task: RunnableTask, stopCode: StopCode, reason: string): void {
    this.#killed.set(task.id, { stopCode, reason });
    this.#stopping.add(task.id);
    for (const container of task.containers) {
      this.#docker.run('kill', this.#nameOf(task, container)).catch(() => {});
    }
  }

  /**
   * From the pull to the end of the first essential container.
   * @returns 'ended' where one had ended before it was seen running: the time until its end is known must not count as time in RUNNING,
   * in which the task would come to be healthy on a slow machine
   */
  async #live(
    task: RunnableTask,
    lives: Map<string, Life>,
    report: (report: TaskReport) => void,
  ): Promise<'ended' | undefined> {
    report({ kind: 'pending' });
    this.#checkLogGroups(task);
    const platform = platformOf(task);
    const images = new Set(task.containers.map(({ image }) => image));
    await Promise.all([...images].map((image) => this.#docker.pull(image, platform)));
    const ordered = startOrder(task.containers);
    const owner = networkOwner(ordered);
    for (const container of ordered) {
      await this.#dependencies(container, lives);
      if (this.#stopping.has(task.id) || this.#closed) return undefined;
      const sharing = owner && owner !== container && lives.has(owner.name) ? owner : undefined;
      const started = await this.#run(task, container, { platform, sharing }).catch(async (thrown: unknown) => {
        // An owner that ended at once took the task's network with it: its own end is the cause, not this.
        if (sharing && !(await this.#isRunning(task, sharing))) return undefined;
        throw thrown;
      });
      if (!started) break;
      lives.set(container.name, this.#watch(task, container, report));
    }
    const essential = task.containers.filter((container) => container.essential);
    const running = await Promise.all(essential.map((container) => this.#isRunning(task, container)));
    if (running.includes(false)) {
      await Promise.race(essential.map(({ name }) => lives.get(name)?.ended));
      return 'ended';
    }
    reportRunning(report);
    report({ kind: 'target', status: 'healthy' });
    report({ kind: 'registered', status: 'healthy' });
    await Promise.race(essential.map(({ name }) => lives.get(name)?.ended));
    return undefined;
  }

  /** @throws Error when a dependency can never come true */
  async #dependencies(container: RunnableContainer, lives: ReadonlyMap<string, Life>): Promise<void> {
    for (const { containerName, condition } of dependenciesOf(container)) {
      const life = lives.get(containerName);
      if (!life || condition === 'START') continue;
      const good =
        condition === 'HEALTHY'
          ? await life.healthy
          : await life.ended.then(({ exitCode }) => condition === 'COMPLETE' || exitCode === 0);
      if (!good) {
        throw new Error(
          `dependency graph: failed to resolve container ordering dependency [${containerName}] for target [${container.name}] as dependency did not ${condition === 'HEALTHY' ? 'become healthy' : 'exit successfully'}`,
        );
      }
    }
  }

  /** Ends what still runs, and reports how it ended. `reason`: the task could not start. */
  async #stopped(
    task: RunnableTask,
    lives: ReadonlyMap<string, Life>,
    reason: string | undefined,
  ): Promise<TaskReport> {
    const asked = this.#stopping.has(task.id);
    this.stop(task);
    const containers = await Promise.all([...lives.values()].map(({ ended }) => ended));
    const ends = task.containers.map((container) => this.#nameOf(task, container));
    void this.#docker
      .run('rm', '--force', '--volumes', ...ends)
      .catch(() => {})
      .then(() => {
        for (const name of ends) this.#names.delete(name);
      });
    const killed = this.#killed.get(task.id);
    if (killed) return { kind: 'stopped', ...killed, containers };
    if (asked) return { kind: 'stopped', stopCode: 'ServiceSchedulerInitiated', reason: SCALED, containers };
    if (reason !== undefined) return { kind: 'stopped', stopCode: 'TaskFailedToStart', reason, containers };
    return { kind: 'stopped', stopCode: 'EssentialContainerExited', reason: ENDED, containers };
  }

  #watch(task: RunnableTask, container: RunnableContainer, report: (report: TaskReport) => void): Life {
    const name = this.#nameOf(task, container);
    const tail = this.#tail(task, container);
    const asked = () => this.#stopping.has(task.id);
    const ended = this.#docker
      .end(name, asked)
      .then(async (end) => {
        await tail?.drained();
        return { name: container.name, ...end };
      })
      .finally(() => {
        if (tail) this.#tails.delete(tail);
      });
    let over = false;
    const gone = ended.then(() => {
      over = true;
      return false;
    });
    const check = container.definition.healthCheck as HealthCheck | undefined;
    const healthy = this.#docker.check(name, check, {
      isOver: () => over || this.#closed,
      tell: (status) => report({ kind: 'health', container: container.name, status }),
    });
    return { ended, healthy: Promise.race([healthy, gone]) };
  }

  /** awslogs: what the container says goes to the stream prefix/container/task. */
  #tail(task: RunnableTask, container: RunnableContainer): Tail | undefined {
    const options = awslogsOf(container);
    if (!options) return undefined;
    const { 'awslogs-group': group = '', 'awslogs-stream-prefix': prefix = 'ecs' } = options;
    const stream = `${prefix}/${container.name}/${task.id}`;
    const tail = this.#docker.tail(this.#nameOf(task, container), (line) =>
      this.#logs.append(group, stream, { message: line, atSeconds: this.#now() }),
    );
    this.#tails.add(tail);
    return tail;
  }

  /** @throws Error in the words of ECS when a log group is not there and is not to be made */
  #checkLogGroups(task: RunnableTask): void {
    for (const container of task.containers) {
      const { 'awslogs-group': group, 'awslogs-create-group': create } = awslogsOf(container) ?? {};
      if (group === undefined || this.#logs.groups.has(group)) continue;
      if (create === 'true') this.#logs.groups.set(group, new Map());
      else {
        throw new Error(
          'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
        );
      }
    }
  }

  async #isRunning(task: RunnableTask, container: RunnableContainer): Promise<boolean> {
    return await this.#docker.run('inspect', '--format', '{{.State.Running}}', this.#nameOf(task, container)).then(
      ({ stdout }) => stdout.trim() === 'true',
      () => false,
    );
  }

  async #run(
    task: RunnableTask,
    container: RunnableContainer,
    { platform, sharing }: { readonly platform: string; readonly sharing: RunnableContainer | undefined },
  ): Promise<true> {
    const { definition } = container;
    const environment = (definition.environment ?? []) as { name: string; value: string }[];
    // Without a limit of its own a container may use what the task has.
    const memory = definition.memory ?? task.definition.memory;
    const [entry, ...words] = (definition.entryPoint ?? []) as string[];
    this.#names.add(this.#nameOf(task, container));
    try {
      await this.#docker.run(
        'run',
        '--detach',
        '--pull=never',
        `--platform=${platform}`,
        `--name=${this.#nameOf(task, container)}`,
        `--label=${LABEL}`,
        ...(sharing ? [`--network=container:${this.#nameOf(task, sharing)}`] : []),
        ...(memory === undefined ? [] : [`--memory=${String(memory)}m`, `--memory-swap=${String(memory)}m`]),
        ...(definition.user === undefined ? [] : [`--user=${String(definition.user)}`]),
        ...(definition.workingDirectory === undefined ? [] : [`--workdir=${String(definition.workingDirectory)}`]),
        ...(definition.readonlyRootFilesystem === true ? ['--read-only'] : []),
        ...environment.flatMap(({ name, value }) => ['--env', `${name}=${value}`]),
        ...(entry === undefined ? [] : [`--entrypoint=${entry}`]),
        container.image,
        ...words,
        ...((definition.command ?? []) as string[]),
      );
    } catch (thrown) {
      throw new Error(`CannotStartContainerError: ${errorOf(thrown)}`);
    }
    return true;
  }

  /** Removes every container of this runtime. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const tail of this.#tails) tail.close();
    if (this.#names.size > 0) await this.#docker.run('rm', '--force', '--volumes', ...this.#names).catch(() => {});
  }

  #nameOf(task: RunnableTask, container: RunnableContainer): string {
    return `ecs-${this.#id}-${task.id.slice(-12)}-${container.name}`;
  }
}

function reportRunning(report: (report: TaskReport) => void): void {
  report({ kind: 'activating' });
  report({ kind: 'running' });
}

const awslogsOf = ({ definition }: RunnableContainer): Readonly<Record<string, string>> | undefined => {
  const { logDriver, options = {} } = (definition.logConfiguration ?? {}) as {
    logDriver?: string;
    options?: Record<string, string>;
  };
  return logDriver === 'awslogs' ? options : undefined;
};
/** X86_64 is what ECS takes without `runtimePlatform`. */
const platformOf = ({ definition }: RunnableTask): string =>
  (definition.runtimePlatform as { cpuArchitecture?: string } | undefined)?.cpuArchitecture === 'ARM64'
    ? 'linux/arm64'
    : 'linux/amd64';
