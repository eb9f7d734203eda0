import type { Instant, Moment } from '../model.ts';
import { html, table } from './escape.ts';
import { elapsed, oneLine, shortId } from './words.ts';

/** GitHub draws diagrams up to 50,000 characters; and more bars than this nobody reads. */
const BARS = 24;

const MARKS: Readonly<Record<Moment['severity'], string>> = { normal: '', good: '✅ ', warning: '⚠️ ', failure: '❌ ' };

/**
 * The rollout as a mermaid gantt: a bar for the whole, and one for each task by state. Empty when there is nothing
 * to draw. Times are the reader's own, as the axis of mermaid has no relative ones.
 */
export function ganttOf(moments: readonly Moment[], title: string): string {
  const drawn = moments.filter(({ kind }) => kind !== 'log' && kind !== 'heartbeat');
  const times = drawn.map(({ at }) => at);
  const [start, end] = [Math.min(...times), Math.max(...times)];
  if (drawn.length < 2 || end - start < 1) return '';
  const verdict = drawn.findLast(({ kind }) => kind === 'verdict');
  const tag = verdict?.severity === 'good' ? 'done' : verdict?.severity === 'failure' ? 'crit' : 'active';
  const byTask = Map.groupBy(
    drawn.filter(({ taskId, state }) => taskId !== undefined && state !== undefined),
    ({ taskId }) => taskId ?? '',
  );
  const drawnTasks = mostTelling([...byTask]);
  const rest = byTask.size - drawnTasks.length;
  return [
    'gantt',
    `  title ${diagramText(title)}`,
    '  dateFormat x',
    '  axisFormat %H:%M:%S',
    `  section rollout`,
    bar(verdict ? (verdict.text.split(': ')[0] ?? '') : 'under way', tag, { start, end }),
    ...drawnTasks.flatMap(([taskId, steps]) => [
      `  section task ${diagramText(shortId(taskId))}`,
      ...steps.map((step, index) => stateBar(step, steps[index + 1]?.at ?? end)),
    ]),
    ...(rest > 0 ? [`  section and ${rest} more`, bar('not drawn', 'done', { start, end })] : []),
  ].join('\n');
}

/** Failures first, then the others in the order in which they came. */
function mostTelling(tasks: readonly [string, Moment[]][]): [string, Moment[]][] {
  if (tasks.length <= BARS) return [...tasks];
  const failed = ([, steps]: [string, Moment[]]): boolean => steps.some(({ severity }) => severity === 'failure');
  const kept = new Set([...tasks.filter(failed), ...tasks.filter((task) => !failed(task))].slice(0, BARS));
  return tasks.filter((task) => kept.has(task));
}

function stateBar({ at, state, severity }: Moment, until: Instant): string {
  const name = (state ?? '').toLowerCase();
  if (state === 'STOPPED')
    return bar(name, severity === 'failure' ? 'crit, milestone' : 'milestone', { start: at, end: at });
  const tag = state === 'HEALTHY' ? 'done' : state === 'UNHEALTHY' ? 'crit' : state === 'RUNNING' ? 'active' : '';
  return bar(name, tag, { start: at, end: Math.max(until, at + 1) });
}

function bar(text: string, tag: string, { start, end }: { readonly start: Instant; readonly end: Instant }): string {
  const at = (instant: Instant): string => String(Math.round(instant * 1000));
  return `  ${diagramText(text) || 'task'} :${tag === '' ? '' : `${tag}, `}${at(start)}, ${at(end)}`;
}

/**
 * Letters, digits and a few harmless signs: mermaid gives a meaning to `:`, `#`, `;`, `%%` and line ends, and to some words at
 * the beginning of a line, which an added dot takes from them.
 */
function diagramText(text: string): string {
  const harmless = text
    .replaceAll(/[^\p{L}\p{N} ._/+-]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 80);
  const keyword =
    /^(?:title|section|dateformat|axisformat|tickinterval|includes|excludes|inclusiveenddates|topaxis|todaymarker|weekday|weekend|click|href|call|acctitle|accdescr|gantt|vert)\b/i;
  return keyword.test(harmless) ? `. ${harmless}` : harmless.replace(/^-+/, '');
}

const TEXT = 700;

/** What happened as a table; log lines and heartbeats stay in the log. A long one loses its middle, and says so. */
export function tableOf(moments: readonly Moment[], startedAt: Instant, limit: number): string {
  const told = moments.filter(({ kind }) => kind !== 'log' && kind !== 'heartbeat');
  const row = ({ at, severity, taskId, text }: Moment): readonly string[] => {
    const who = taskId === undefined ? '' : `task ${html.code(shortId(taskId))} `;
    return [elapsed(at, startedAt), `${MARKS[severity]}${who}${html.prose(oneLine(text, TEXT))}`];
  };
  const head = Math.ceil(limit / 2);
  const rows =
    told.length <= limit
      ? told.map(row)
      : [
          ...told.slice(0, head).map(row),
          ['', `… ${told.length - limit} lines are left out here; the log has them …`],
          ...told.slice(told.length - (limit - head)).map(row),
        ];
  return table(['Time', 'What happened'], rows);
}
