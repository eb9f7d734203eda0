import type { SimClock } from './clock.ts';
import type { RunnableTask, TaskReport, TaskRuntime } from './runtime.ts';

/** How tasks of an image behave; seconds. */
export interface Behaviour {
  /** From PENDING to RUNNING. */
  readonly startSeconds?: number;
  /** From RUNNING to the first good word of health check or load balancer; undefined: neither is asked. */
  readonly healthySeconds?: number;
  /** Ends by itself. */
  readonly exit?: { readonly afterSeconds: number; readonly code: number; readonly reason?: string };
  /** Never becomes RUNNING. */
  readonly failToStart?: string;
  /** Health check or load balancer never finds it healthy. */
  readonly unhealthy?: 'container' | 'target';
  /** How long it takes to stop, as a drain does. */
  readonly stopSeconds?: number;
}

/** Tasks as a script: what each does follows from its image, by the longest part of the reference that is named. */
export class ModelRuntime implements TaskRuntime {
  readonly behaviours = new Map<string, Behaviour | ((start: number) => Behaviour)>();
  readonly #clock: SimClock;
  readonly #starts = new Map<string, number>();
  readonly #reports = new Map<string, (report: TaskReport) => void>();

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  #behaviour(task: RunnableTask): Behaviour {
    const images = task.containers.map(({ image }) => image).join(' ');
    const [part, found] =
      [...this.behaviours].sort(([a], [b]) => b.length - a.length).find(([name]) => images.includes(name)) ?? [];
    if (part === undefined || found === undefined) return {};
    const start = this.#starts.get(part) ?? 0;
    this.#starts.set(part, start + 1);
    return typeof found === 'function' ? found(start) : found;
  }

  start(task: RunnableTask, report: (report: TaskReport) => void): void {
    const behaviour = this.#behaviour(task);
    const { startSeconds = 10, failToStart, exit, unhealthy, healthySeconds } = behaviour;
    this.#reports.set(task.id, report);
    this.#stopSeconds.set(task.id, behaviour.stopSeconds ?? 5);
    const tell = (seconds: number, what: TaskReport): void =>
      this.#clock.after(seconds, () => this.#reports.get(task.id)?.(what));
    if (failToStart !== undefined) {
      tell(startSeconds, { kind: 'stopped', stopCode: 'TaskFailedToStart', reason: failToStart });
      return;
    }
    tell(startSeconds, { kind: 'running' });
    const [main] = task.containers.filter(({ essential }) => essential);
    const name = main?.name ?? '';
    if (exit) {
      const container = { name, exitCode: exit.code, ...(exit.reason ? { reason: exit.reason } : {}) };
      const reason = 'Essential container in task exited';
      tell(startSeconds + exit.afterSeconds, {
        kind: 'stopped',
        stopCode: 'EssentialContainerExited',
        reason,
        containers: [container],
      });
    }
    const healthy = startSeconds + (healthySeconds ?? 5);
    const checked = task.containers.find(({ definition }) => definition.healthCheck !== undefined);
    if (checked) {
      const status = unhealthy === 'container' ? 'UNHEALTHY' : 'HEALTHY';
      tell(unhealthy === 'container' ? startSeconds + 30 : healthy, {
        kind: 'health',
        container: checked.name,
        status,
      });
    }
    tell(unhealthy === 'target' ? startSeconds + 30 : healthy, {
      kind: 'target',
      status: unhealthy === 'target' ? 'unhealthy' : 'healthy',
    });
  }

  readonly #stopSeconds = new Map<string, number>();

  stop(task: RunnableTask): void {
    const report = this.#reports.get(task.id);
    this.#reports.delete(task.id);
    this.#clock.after(this.#stopSeconds.get(task.id) ?? 5, () =>
      report?.({
        kind: 'stopped',
        stopCode: 'ServiceSchedulerInitiated',
        reason: 'Scaling activity initiated by deployment',
        containers: task.containers.map(({ name }) => ({ name, exitCode: 143 })),
      }),
    );
  }
}
