import type { Instant } from '../world.ts';

/** One thing that happened, as the log and the summary tell it. */
export interface Moment {
  readonly at: Instant;
  readonly kind: 'step' | 'counts' | 'task' | 'event' | 'log' | 'diagnosis' | 'verdict' | 'heartbeat';
  readonly severity: 'normal' | 'good' | 'warning' | 'failure';
  /** One line; of kind `log` a title and then the lines of the log. Of kind `task` without the task's id. */
  readonly text: string;
  /** For kind `task` and `log`: whose it is. */
  readonly taskId?: string;
  /** For kind `task`: PROVISIONING, PENDING, RUNNING, HEALTHY, UNHEALTHY or STOPPED. */
  readonly state?: string;
}

const SHOWN_TASKS = 20;

/** A mermaid gantt of the tasks' lives; nothing where no task was seen. Task ids are hexadecimal and need no escape. */
export function gantt(moments: readonly Moment[]): string[] {
  const [first] = moments;
  const tasks = [
    ...Map.groupBy(
      moments.filter(({ kind }) => kind === 'task'),
      ({ taskId }) => taskId ?? '',
    ),
  ].slice(0, SHOWN_TASKS);
  if (!first || tasks.length === 0) return [];
  const end = Math.max(...moments.map(({ at }) => at));
  const bars = tasks.flatMap(([id, states]) => {
    const name = id.replaceAll(/[^0-9a-zA-Z]/g, '').slice(0, 8);
    return [
      `  section ${name}`,
      ...states.flatMap(({ at, state = '', severity }, i) => {
        const until = states[i + 1]?.at ?? (state === 'STOPPED' ? at : end);
        const mark = severity === 'warning' ? 'crit, ' : severity === 'good' ? 'done, ' : 'active, ';
        const length = Math.max(1, Math.round(until - at));
        return [`  ${state.replaceAll(/[^A-Z ]/g, ' ').trim()} :${mark}${Math.round(at - first.at)}, ${length}s`];
      }),
    ];
  });
  return ['```mermaid', 'gantt', '  dateFormat X', '  axisFormat %M:%S', ...bars, '```', ''];
}
