import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { Logs } from './logs.ts';
import type { RunnableContainer, RunnableTask, TaskReport, TaskRuntime } from './runtime.ts';

const run = promisify(execFile);
const LABEL = 'ecs-rollout.simulator';

interface Ended {
  readonly name: string;
  readonly exitCode?: number;
  readonly reason?: string;
}

/**
 * Tasks as real containers on a Docker engine: real exit codes, logs, health checks and memory limits, in ECS's words.
 * Containers of a task share the network of its first one, as with awsvpc. `login` opens the simulator's registry.
 */
export class ContainerRuntime implements TaskRuntime {
  readonly #env: NodeJS.ProcessEnv;
  readonly #logs: Logs;
  readonly #now: () => number;
  readonly #stopping = new Set<string>();
  readonly #tails = new Set<ChildProcess>();
  #closed = false;

  /** @param env with DOCKER_HOST and a DOCKER_CONFIG that is logged in */
  constructor(env: NodeJS.ProcessEnv, logs: Logs, now: () => number) {
    this.#env = env;
    this.#logs = logs;
    this.#now = now;
  }

  start(task: RunnableTask, report: (report: TaskReport) => void): void {
    if (this.#closed) return;
    this.#start(task, report).catch((thrown: unknown) => {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      report({ kind: 'stopped', stopCode: 'TaskFailedToStart', reason });
    });
  }

  stop(task: RunnableTask): void {
    this.#stopping.add(task.id);
    this.#docker('stop', '--time', '1', ...task.containers.map((container) => nameOf(task, container))).catch(() => {});
  }

  async #start(task: RunnableTask, report: (report: TaskReport) => void): Promise<void> {
    for (const image of new Set(task.containers.map((container) => container.image))) await this.#pull(image);
    const [first] = task.containers;
    for (const container of task.containers) {
      if (container === first) await this.#run(task, container, undefined);
      // A first container that ended at once takes the task's network with it; the others never start.
      else if (first && (await this.#isRunning(task, first)))
        await this.#run(task, container, first).catch((thrown) => this.#unlessEnded(task, first, thrown));
    }
    report({ kind: 'running' });
    report({ kind: 'target', status: 'healthy' });
    const ends = task.containers.map((container) => this.#end(task, container));
    for (const container of task.containers) this.#check(task, container, report);
    const essential = task.containers.flatMap((container, i) => (container.essential ? [ends[i]] : []));
    await Promise.race(essential);
    const asked = this.#stopping.has(task.id);
    this.stop(task);
    const containers = await Promise.all(ends);
    report({
      kind: 'stopped',
      stopCode: asked ? 'ServiceSchedulerInitiated' : 'EssentialContainerExited',
      reason: asked ? 'Scaling activity initiated by deployment' : 'Essential container in task exited',
      containers,
    });
    await this.#docker('rm', '--force', ...task.containers.map((container) => nameOf(task, container))).catch(() => {});
  }

  async #isRunning(task: RunnableTask, container: RunnableContainer): Promise<boolean> {
    const { stdout } = await this.#docker('inspect', '--format', '{{.State.Running}}', nameOf(task, container));
    return stdout.trim() === 'true';
  }

  async #unlessEnded(task: RunnableTask, first: RunnableContainer, thrown: unknown): Promise<void> {
    if (await this.#isRunning(task, first)) throw thrown;
  }

  async #pull(image: string): Promise<void> {
    try {
      await this.#docker('pull', '--quiet', image);
    } catch (thrown) {
      const said = errorOf(thrown);
      if (/no match for platform|no matching manifest/.test(said)) {
        throw new Error(
          `CannotPullContainerError: pull image manifest has been retried 1 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'`,
        );
      }
      throw new Error(
        `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${said.includes('not found') ? `${image}: not found` : said}`,
      );
    }
  }

  async #run(task: RunnableTask, container: RunnableContainer, sharing: RunnableContainer | undefined): Promise<void> {
    const { definition } = container;
    const environment = (definition.environment ?? []) as { name: string; value: string }[];
    const memory = definition.memory ?? definition.memoryReservation;
    const [entry, ...words] = (definition.entryPoint ?? []) as string[];
    try {
      await this.#docker(
        'run',
        '--detach',
        '--name',
        nameOf(task, container),
        '--label',
        LABEL,
        ...(sharing ? ['--network', `container:${nameOf(task, sharing)}`] : []),
        ...(memory === undefined ? [] : ['--memory', `${String(memory)}m`, '--memory-swap', `${String(memory)}m`]),
        ...environment.flatMap(({ name, value }) => ['--env', `${name}=${value}`]),
        ...(entry === undefined ? [] : ['--entrypoint', entry]),
        container.image,
        ...words,
        ...((definition.command ?? []) as string[]),
      );
    } catch (thrown) {
      throw new Error(`CannotStartContainerError: Error response from daemon: ${errorOf(thrown)}`);
    }
    this.#tail(task, container);
  }

  /** awslogs: what the container says goes to the stream prefix/container/task. */
  #tail(task: RunnableTask, container: RunnableContainer): void {
    const log = container.definition.logConfiguration as
      | { logDriver?: string; options?: Record<string, string> }
      | undefined;
    if (log?.logDriver !== 'awslogs') return;
    const { 'awslogs-group': group = '', 'awslogs-stream-prefix': prefix = 'ecs' } = log.options ?? {};
    const child = spawn('docker', ['logs', '--follow', nameOf(task, container)], { env: this.#env });
    this.#tails.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.split('\n').filter(Boolean)) {
          this.#logs.append(group, `${prefix}/${container.name}/${task.id}`, line, this.#now());
        }
      });
    }
    child.on('close', () => this.#tails.delete(child));
  }

  async #end(task: RunnableTask, container: RunnableContainer): Promise<Ended> {
    const name = nameOf(task, container);
    const { stdout } = await this.#docker('wait', name).catch(() => ({ stdout: '' }));
    const { stdout: killed } = await this.#docker('inspect', '--format', '{{.State.OOMKilled}}', name).catch(() => ({
      stdout: '',
    }));
    const oom = killed.trim() === 'true';
    return {
      name: container.name,
      ...(stdout.trim() === '' ? {} : { exitCode: Number(stdout.trim()) }),
      ...(oom ? { reason: 'OutOfMemoryError: Container killed due to memory usage' } : {}),
    };
  }

  /** ECS runs the health check of the task definition, never the Dockerfile's. */
  async #check(task: RunnableTask, container: RunnableContainer, report: (report: TaskReport) => void): Promise<void> {
    const check = container.definition.healthCheck as
      | { command: string[]; interval?: number; retries?: number }
      | undefined;
    if (!check) return;
    const [kind, ...words] = check.command;
    const command = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', words.join(' ')] : words;
    for (let failures = 0; !this.#stopping.has(task.id); ) {
      const good = await this.#docker('exec', nameOf(task, container), ...command).then(
        () => true,
        () => false,
      );
      failures = good ? 0 : failures + 1;
      if (good || failures >= (check.retries ?? 3)) {
        report({ kind: 'health', container: container.name, status: good ? 'HEALTHY' : 'UNHEALTHY' });
        if (!good) return;
      }
      await new Promise((resolve) => setTimeout(resolve, (check.interval ?? 30) * 1000).unref());
    }
  }

  /** Removes every container of ours. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const child of this.#tails) child.kill();
    const { stdout } = await this.#docker('ps', '--all', '--quiet', '--filter', `label=${LABEL}`);
    const ids = stdout.split('\n').filter(Boolean);
    if (ids.length > 0) await this.#docker('rm', '--force', ...ids);
  }

  #docker(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return run('docker', args, { env: this.#env });
  }
}

const nameOf = (task: RunnableTask, container: RunnableContainer): string =>
  `ecs-${task.id.slice(0, 12)}-${container.name}`;
/** docker closes its errors with a hint at --help; the line before it is the error. */
const errorOf = (thrown: unknown): string => {
  const lines = String((thrown as { stderr?: string }).stderr ?? thrown)
    .trim()
    .split('\n');
  return (lines.find((line) => /^(docker: )?Error/.test(line)) ?? lines.at(-1) ?? '').replace(/^docker: /, '');
};
