import type { SimClock } from '../clock.ts';
import type { RunnableTask, StopCode, TaskReport, TaskRuntime } from './runtime.ts';

/** How tasks of an image or a revision behave; seconds. */
export interface Behaviour {
  /** From the launch over PROVISIONING, PENDING and ACTIVATING to RUNNING (default 10), or to the failure to start. */
  readonly startSeconds?: number;
  /** From RUNNING to the first passed check of container or load balancer (default 5). */
  readonly healthySeconds?: number;
  /** Exits `afterSeconds` after RUNNING. `container` is the one that exits, by default the first essential one. */
  readonly exit?: {
    readonly afterSeconds: number;
    readonly code: number;
    /** Of the container, such as OutOfMemoryError. */
    readonly reason?: string;
    readonly container?: string;
    /** For ends from outside: SpotInterruption and its like, with their own words. */
    readonly stopCode?: StopCode;
    readonly stoppedReason?: string;
  };
  /** Never becomes RUNNING; the stoppedReason, in which `{image}` stands for the image of the first container. */
  readonly failToStart?: string;
  /** Health check, load balancer or AWS Cloud Map never finds it healthy. */
  readonly unhealthy?: 'container' | 'target' | 'registry';
  /** From RUNNING to the verdict "unhealthy" (default 30); with a smaller `healthySeconds` it is healthy at first. */
  readonly unhealthySeconds?: number;
  /** As the load balancer words it: "Request timed out", "Health checks failed with these codes: [502]". */
  readonly unhealthyReason?: string;
  /** How long it takes to stop, as a drain does (default 5); the last of it is STOPPING. */
  readonly stopSeconds?: number;
  /** Protects itself from scale-in for so long after RUNNING. */
  readonly protectSeconds?: number;
}

/** The end of a task, as DescribeTasks shows it. */
export interface Ending {
  readonly stopCode: StopCode;
  readonly reason: string;
  /** Of its first essential container; absent where it never ran. */
  readonly exitCode?: number;
}

/** One behaviour for all, or one for each start: 0 is the first task that was started with it. */
export type Behaviours = Behaviour | ((start: number) => Behaviour);

const COMMAND = 'command ';
/** Key of the behaviour of tasks in which a container runs a command that contains `part`. */
export const commandKey = (part: string): string => `${COMMAND}${part}`;

/**
 * Tasks as a script: what each does follows from a command (`commandKey`, such as that of RunTask), else from its revision (key
 * `task-definition/web:2`), else from its image, by the longest part of the reference that is named.
 */
export class ModelRuntime implements TaskRuntime {
  readonly behaviours = new Map<string, Behaviours>();
  readonly #clock: SimClock;
  readonly #starts = new Map<string, number>();
  readonly #reports = new Map<string, { report: (report: TaskReport) => void; stopSeconds: number }>();

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  #behaviour(task: RunnableTask): Behaviour {
    const images = task.containers.map(({ image }) => image).join(' ');
    const revision = task.taskDefinitionArn.slice(task.taskDefinitionArn.indexOf('task-definition/'));
    const commands = task.containers.map(({ definition }) => [definition.command ?? []].flat().join(' '));
    const [byCommand] = [...this.behaviours.keys()]
      .filter(
        (name) => name.startsWith(COMMAND) && commands.some((command) => command.includes(name.slice(COMMAND.length))),
      )
      .sort((a, b) => b.length - a.length);
    let key = byCommand ?? (this.behaviours.has(revision) ? revision : undefined);
    if (key === undefined) {
      for (const name of this.behaviours.keys())
        if (images.includes(name) && name.length > (key?.length ?? -1)) key = name;
    }
    const found = key === undefined ? undefined : this.behaviours.get(key);
    if (key === undefined || found === undefined) return {};
    const start = this.#starts.get(key) ?? 0;
    this.#starts.set(key, start + 1);
    const behaviour = typeof found === 'function' ? found(start) : found;
    if (key !== byCommand || behaviour.exit === undefined) return behaviour;
    // The container that has the command is the one that ends.
    const own = commands.findIndex((command) => command.includes(key.slice(COMMAND.length)));
    const container = task.containers[own]?.name;
    return { ...behaviour, exit: { ...(container === undefined ? {} : { container }), ...behaviour.exit } };
  }

  /** How tasks of that image end, where they do not stay up: for tasks whose life is not simulated one by one. */
  endOf(image: string): Ending | undefined {
    const [key] = [...this.behaviours.keys()]
      .filter((name) => image.includes(name))
      .sort((a, b) => b.length - a.length);
    const found = key === undefined ? undefined : this.behaviours.get(key);
    const { failToStart, exit } = (typeof found === 'function' ? found(0) : found) ?? {};
    if (failToStart !== undefined)
      return { stopCode: 'TaskFailedToStart', reason: failToStart.replaceAll('{image}', image) };
    const { stopCode = 'EssentialContainerExited', stoppedReason: reason = 'Essential container in task exited' } =
      exit ?? {};
    return exit && { stopCode, reason, exitCode: exit.code };
  }

  start(task: RunnableTask, report: (report: TaskReport) => void): void {
    const behaviour = this.#behaviour(task);
    const { startSeconds = 10, failToStart, exit, protectSeconds } = behaviour;
    this.#reports.set(task.id, { report, stopSeconds: behaviour.stopSeconds ?? 5 });
    const schedule = (seconds: number, what: TaskReport): void =>
      this.#clock.after(seconds, () => {
        const listening = this.#reports.get(task.id);
        if (what.kind === 'stopped') this.#reports.delete(task.id);
        listening?.report(what);
      });
    const step = stepOf(startSeconds);
    schedule(step, { kind: 'pending' });
    if (failToStart !== undefined) {
      schedule(startSeconds, {
        kind: 'stopped',
        stopCode: 'TaskFailedToStart',
        reason: failToStart.replaceAll('{image}', task.containers[0]?.image ?? ''),
      });
      return;
    }
    schedule(startSeconds - step, { kind: 'activating' });
    schedule(startSeconds, { kind: 'running' });
    if (protectSeconds !== undefined) schedule(startSeconds, { kind: 'protected', seconds: protectSeconds });
    if (exit) schedule(startSeconds + exit.afterSeconds, ending(task, exit));
    scheduleHealth(task, behaviour, (seconds, what) => schedule(startSeconds + seconds, what));
  }

  stop(task: RunnableTask): void {
    const known = this.#reports.get(task.id);
    this.#reports.delete(task.id);
    const seconds = known?.stopSeconds ?? 5;
    this.#clock.after(seconds - stepOf(seconds), () => known?.report({ kind: 'stopping' }));
    this.#clock.after(seconds, () =>
      known?.report({
        kind: 'stopped',
        stopCode: 'ServiceSchedulerInitiated',
        reason: 'Scaling activity initiated by deployment',
        containers: task.containers.map(({ name }) => ({ name, exitCode: 143 })),
      }),
    );
  }

  kill(task: RunnableTask, stopCode: StopCode, reason: string): void {
    const known = this.#reports.get(task.id);
    this.#reports.delete(task.id);
    known?.report({ kind: 'stopped', stopCode, reason });
  }
}

/** The first and the last part of a start, and the last one of a stop. */
const stepOf = (seconds: number): number => Math.min(1, seconds / 4);

/** Schedules the results of container health checks, of the load balancer and of AWS Cloud Map, counted from RUNNING. */
function scheduleHealth(
  task: RunnableTask,
  { unhealthy, healthySeconds, unhealthySeconds = 30, unhealthyReason }: Behaviour,
  schedule: (seconds: number, what: TaskReport) => void,
): void {
  const healthyAtFirst = healthySeconds !== undefined && healthySeconds < unhealthySeconds;
  for (const { name, definition } of task.containers) {
    if (definition.healthCheck === undefined) continue;
    const sick = unhealthy === 'container';
    if (!sick || healthyAtFirst) schedule(healthySeconds ?? 5, { kind: 'health', container: name, status: 'HEALTHY' });
    if (sick) schedule(unhealthySeconds, { kind: 'health', container: name, status: 'UNHEALTHY' });
  }
  const lost = unhealthy === 'registry';
  if (!lost || healthyAtFirst) schedule(healthySeconds ?? 5, { kind: 'registered', status: 'healthy' });
  if (lost) schedule(unhealthySeconds, { kind: 'registered', status: 'unhealthy' });
  const sick = unhealthy === 'target';
  if (!sick || healthyAtFirst) schedule(healthySeconds ?? 5, { kind: 'target', status: 'healthy' });
  const reason = unhealthyReason ?? 'Health checks failed';
  if (sick) schedule(unhealthySeconds, { kind: 'target', status: 'unhealthy', reason });
}

/** The container that ended, and the others that were ended with it. */
function ending(task: RunnableTask, exit: NonNullable<Behaviour['exit']>): TaskReport {
  const name = exit.container ?? task.containers.find(({ essential }) => essential)?.name ?? '';
  const others = task.containers.filter((one) => one.name !== name).map((one) => ({ name: one.name, exitCode: 143 }));
  return {
    kind: 'stopped',
    stopCode: exit.stopCode ?? 'EssentialContainerExited',
    reason: exit.stoppedReason ?? 'Essential container in task exited',
    containers: [{ name, exitCode: exit.code, ...(exit.reason ? { reason: exit.reason } : {}) }, ...others],
  };
}
