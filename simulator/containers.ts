import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { dependenciesOf, networkOwner, startOrder } from './dependencies.ts';
import type { Logs } from './logs.ts';
import type { RunnableContainer, RunnableTask, TaskReport, TaskRuntime } from './runtime.ts';

const run = promisify(execFile);
const LABEL = 'ecs-rollout.simulator';
/** ECS waits 30 s by itself; a simulator that is watched does not. A task definition's own stopTimeout is kept. */
const STOP_SECONDS = 2;

interface Ended {
  readonly name: string;
  readonly exitCode?: number;
  readonly reason?: string;
}
/** A container that was started: when it is healthy (or will never be), and how it ended. */
interface Life {
  readonly ended: Promise<Ended>;
  readonly healthy: Promise<boolean>;
}
interface HealthCheck {
  readonly command: readonly string[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly retries?: number;
  readonly startPeriod?: number;
}

/**
 * Tasks as real containers on a Docker engine: real exit codes, logs, health checks and memory limits, in ECS's words.
 * Containers of a task share one network, as with awsvpc, and start in the order of their `dependsOn`.
 */
export class ContainerRuntime implements TaskRuntime {
  /** Several simulators may share one engine. */
  readonly #id = randomBytes(4).toString('hex');
  readonly #env: NodeJS.ProcessEnv;
  readonly #logs: Logs;
  readonly #now: () => number;
  readonly #stopping = new Set<string>();
  readonly #tails = new Map<ChildProcess, Promise<void>>();
  readonly #names = new Set<string>();
  #closed = false;

  /** @param env with DOCKER_HOST and a DOCKER_CONFIG that is logged in */
  constructor(env: NodeJS.ProcessEnv, logs: Logs, now: () => number) {
    this.#env = env;
    this.#logs = logs;
    this.#now = now;
  }

  start(task: RunnableTask, report: (report: TaskReport) => void): void {
    if (this.#closed) return;
    const lives = new Map<string, Life>();
    this.#live(task, lives, report)
      .then(
        () => this.#stopped(task, lives, undefined),
        (thrown: unknown) => this.#stopped(task, lives, thrown instanceof Error ? thrown.message : String(thrown)),
      )
      .then((stopped) => {
        if (!this.#closed) report(stopped);
      })
      // The engine went away under us: nobody is left to be told.
      .catch(() => {});
  }

  stop(task: RunnableTask): void {
    this.#stopping.add(task.id);
    for (const container of task.containers) {
      const seconds = container.definition.stopTimeout ?? STOP_SECONDS;
      this.#docker('stop', '--timeout', String(seconds), this.#nameOf(task, container)).catch(() => {});
    }
  }

  /** From the pull to the end of the first essential container. */
  async #live(task: RunnableTask, lives: Map<string, Life>, report: (report: TaskReport) => void): Promise<void> {
    const platform = platformOf(task);
    const images = new Set(task.containers.map(({ image }) => image));
    await Promise.all([...images].map((image) => this.#pull(image, platform)));
    const ordered = startOrder(task.containers);
    const owner = networkOwner(ordered);
    for (const container of ordered) {
      await this.#dependencies(container, lives);
      if (this.#stopping.has(task.id) || this.#closed) return;
      const sharing = owner && owner !== container && lives.has(owner.name) ? owner : undefined;
      const started = await this.#run(task, container, { platform, sharing }).catch(async (thrown: unknown) => {
        // An owner that ended at once took the task's network with it: its own end is the cause, not this.
        if (sharing && !(await this.#isRunning(task, sharing))) return undefined;
        throw thrown;
      });
      if (!started) break;
      lives.set(container.name, this.#watch(task, container, report));
    }
    report({ kind: 'running' });
    report({ kind: 'target', status: 'healthy' });
    const essential = task.containers.filter((container) => container.essential);
    await Promise.race(essential.map(({ name }) => lives.get(name)?.ended));
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

  /** Ends what still runs, and tells how it ended. `reason`: the task could not start. */
  async #stopped(
    task: RunnableTask,
    lives: ReadonlyMap<string, Life>,
    reason: string | undefined,
  ): Promise<TaskReport> {
    const asked = this.#stopping.has(task.id);
    this.stop(task);
    const containers = await Promise.all([...lives.values()].map(({ ended }) => ended));
    const ends = task.containers.map((container) => this.#nameOf(task, container));
    await this.#docker('rm', '--force', '--volumes', ...ends).catch(() => {});
    for (const name of ends) this.#names.delete(name);
    const [stopCode, said] = asked
      ? (['ServiceSchedulerInitiated', 'Scaling activity initiated by deployment'] as const)
      : reason !== undefined
        ? (['TaskFailedToStart', reason] as const)
        : (['EssentialContainerExited', 'Essential container in task exited'] as const);
    return { kind: 'stopped', stopCode, reason: said, containers };
  }

  #watch(task: RunnableTask, container: RunnableContainer, report: (report: TaskReport) => void): Life {
    const tailed = this.#tail(task, container);
    const ended = this.#end(task, container, tailed);
    let over = false;
    const healthy = this.#check(task, container, {
      isOver: () => over,
      tell: (status) => report({ kind: 'health', container: container.name, status }),
    });
    const gone = ended.then(() => {
      over = true;
      return false;
    });
    return { ended, healthy: Promise.race([healthy, gone]) };
  }

  async #isRunning(task: RunnableTask, container: RunnableContainer): Promise<boolean> {
    const { stdout } = await this.#docker('inspect', '--format', '{{.State.Running}}', this.#nameOf(task, container));
    return stdout.trim() === 'true';
  }

  async #pull(image: string, platform: string): Promise<void> {
    try {
      await this.#docker('pull', '--quiet', '--platform', platform, image);
    } catch (thrown) {
      const said = errorOf(thrown);
      const tried = 'CannotPullContainerError: pull image manifest has been retried 1 time(s):';
      if (
        /no match for platform|no matching manifest|does not (?:match|provide) the (?:specified )?platform/.test(said)
      ) {
        throw new Error(`${tried} image Manifest does not contain descriptor matching platform '${platform}'`);
      }
      const cause = /not found/.test(said) ? `${image}: not found` : said;
      throw new Error(`${tried} failed to resolve ref ${image}: ${cause}`);
    }
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
      await this.#docker(
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

  /** awslogs: what the container says goes to the stream prefix/container/task. Settles when all of it is there. */
  async #tail(task: RunnableTask, container: RunnableContainer): Promise<void> {
    const log = container.definition.logConfiguration as
      | { logDriver?: string; options?: Record<string, string> }
      | undefined;
    if (log?.logDriver !== 'awslogs') return;
    const { 'awslogs-group': group = '', 'awslogs-stream-prefix': prefix = 'ecs' } = log.options ?? {};
    const stream = `${prefix}/${container.name}/${task.id}`;
    const child = spawn('docker', ['logs', '--follow', this.#nameOf(task, container)], { env: this.#env });
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.split('\n').filter(Boolean)) this.#logs.append(group, stream, line, this.#now());
      });
    }
    const closed = new Promise<void>((resolve) => child.on('close', () => resolve()).on('error', () => resolve()));
    this.#tails.set(child, closed);
    await closed;
    this.#tails.delete(child);
  }

  async #end(task: RunnableTask, container: RunnableContainer, tailed: Promise<void>): Promise<Ended> {
    const name = this.#nameOf(task, container);
    await this.#docker('wait', name).catch(() => {});
    const look = (): Promise<string[]> =>
      this.#docker('inspect', '--format', '{{.State.ExitCode}} {{.State.OOMKilled}}', name).then(
        ({ stdout }) => stdout.trim().split(' '),
        () => [],
      );
    let state = await look();
    // The engine hears of the kernel's kill apart from the exit, and often a moment later.
    for (let i = 0; i < 10 && state[0] === '137' && state[1] !== 'true' && !this.#stopping.has(task.id); i++) {
      await sleep(100);
      state = await look();
    }
    await Promise.race([tailed, sleep(2000, undefined, { ref: false })]);
    const [exitCode, killed] = state;
    return {
      name: container.name,
      ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }),
      ...(killed === 'true' ? { reason: 'OutOfMemoryError: Container killed due to memory usage' } : {}),
    };
  }

  /**
   * ECS runs the health check of the task definition, never the Dockerfile's. Settles with the first verdict: healthy,
   * or failed as often in a row as `retries` says (failures within `startPeriod` do not count).
   */
  async #check(
    task: RunnableTask,
    container: RunnableContainer,
    { isOver, tell }: { isOver(): boolean; tell(status: 'HEALTHY' | 'UNHEALTHY'): void },
  ): Promise<boolean> {
    const check = container.definition.healthCheck as HealthCheck | undefined;
    const [kind, ...words] = check?.command ?? ['NONE'];
    if (!check || kind === 'NONE') return true;
    const command = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', words.join(' ')] : words;
    const { interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = check;
    const began = performance.now();
    let told: boolean | undefined;
    return new Promise((resolve) => {
      const probe = async (failures: number): Promise<void> => {
        const good = await run('docker', ['exec', this.#nameOf(task, container), ...command], {
          env: this.#env,
          timeout: timeout * 1000,
        }).then(
          () => true,
          () => false,
        );
        if (isOver() || this.#closed) return;
        const early = performance.now() - began < startPeriod * 1000;
        const failed = good || early ? 0 : failures + 1;
        if (good !== told && (good || failed >= retries)) {
          told = good;
          tell(good ? 'HEALTHY' : 'UNHEALTHY');
          resolve(good);
        }
        await sleep(interval * 1000, undefined, { ref: false });
        if (!isOver() && !this.#closed) await probe(failed);
      };
      void probe(0);
    });
  }

  /** Removes every container of this runtime. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const child of this.#tails.keys()) child.kill();
    if (this.#names.size > 0) await this.#docker('rm', '--force', '--volumes', ...this.#names).catch(() => {});
    await Promise.all(this.#tails.values());
  }

  #nameOf(task: RunnableTask, container: RunnableContainer): string {
    return `ecs-${this.#id}-${task.id.slice(-12)}-${container.name}`;
  }

  #docker(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return run('docker', args, { env: this.#env });
  }
}

/** X86_64 is what ECS takes without `runtimePlatform`. */
const platformOf = ({ definition }: RunnableTask): string =>
  (definition.runtimePlatform as { cpuArchitecture?: string } | undefined)?.cpuArchitecture === 'ARM64'
    ? 'linux/arm64'
    : 'linux/amd64';
/** docker closes its errors with a hint at --help; the line before it is the error. */
const errorOf = (thrown: unknown): string => {
  const lines = String((thrown as { stderr?: string }).stderr ?? thrown)
    .trim()
    .split('\n');
  return (lines.find((line) => /^(docker: )?Error/.test(line)) ?? lines.at(-1) ?? '').replace(/^docker: /, '');
};
