import { lastPart } from '../arn.ts';
import type { SourcePlace } from '../failure.ts';
import type { RunContext } from '../inputs/types.ts';
import type { Instant } from '../model.ts';
import type { Moment, Outcome } from '../outcome.ts';
import { cut, differenceMarkdown, differenceTitle, factsTable, revisionName, titleOf, verdictBlock } from './blocks.ts';
import { buildTable } from './built.ts';
import { code, fenced, folded, html, prose, table } from './markdown.ts';
import { elapsed, oneLine, plain, shortId } from './text.ts';

/** GitHub drops a job summary above 1 MiB whole; other text of this step may stand beside ours. */
const LIMIT_BYTES = 1_000_000;

/** Longer lines of a container's log are cut. */
const LOG_LINE = 2000;

/** How much of the long parts is shown: tried in turn until the whole fits. */
const DETAILS = [
  { rows: 400, logLines: 300, tails: 20, differences: 400 },
  { rows: 100, logLines: 100, tails: 10, differences: 100 },
  { rows: 20, logLines: 20, tails: 3, differences: 20 },
] as const;
type Detail = (typeof DETAILS)[number];

/**
 * The job summary in Markdown: verdict and cause first, then what was deployed, what differs, what happened when, the
 * last words of failed containers, and what to do next. Always below 1 MiB; long parts are cut, and say so.
 */
export function summaryOf(outcome: Outcome, run?: RunContext): string {
  for (const detail of DETAILS) {
    const text = compose(outcome, run, detail);
    if (Buffer.byteLength(text) <= LIMIT_BYTES) return text;
  }
  const short = [`## ${titleOf(outcome)}`, verdictBlock(outcome), factsTable(outcome, run), nextSteps(outcome)];
  return `${[...short, 'The timeline, the differences and the logs were too long for this page: the log of the step has them.'].filter((part) => part !== '').join('\n\n')}\n`;
}

function compose(outcome: Outcome, run: RunContext | undefined, detail: Detail): string {
  const { differences, previous, deployment, timeline } = outcome;
  const before = previous?.arn ?? deployment?.previousTaskDefinitionArn;
  const parts = [
    `## ${titleOf(outcome)}`,
    verdictBlock(outcome),
    factsTable(outcome, run),
    ...(outcome.image ? buildTable(outcome.image) : []),
    ...(differences.length > 0
      ? [
          folded(
            differenceTitle(differences, before && lastPart(before)),
            differenceMarkdown(differences, detail.differences),
          ),
        ]
      : []),
    ...logTails(timeline, detail),
    ...timelinePart(outcome, detail),
    nextSteps(outcome),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function timelinePart({ timeline, deployment, kind }: Outcome, { rows }: Detail): string[] {
  const [first] = timeline;
  if (!first) return [];
  const gantt = ganttOf(timeline, deployment ? `Rollout of ${lastPart(deployment.taskDefinitionArn)}` : 'Rollout');
  const diagram = gantt === '' ? [] : ['```mermaid', gantt, '```', ''];
  const title = kind === 'unchanged' ? 'What was seen' : 'Timeline';
  return [folded(title, [...diagram, tableOf(timeline, first.at, rows)].join('\n'))];
}

/** Every container's last lines, those with the same words once. */
function logTails(timeline: readonly Moment[], { tails, logLines }: Detail): string[] {
  const seen = new Set<string>();
  const distinct = timeline.flatMap(({ kind, text }) => {
    if (kind !== 'log') return [];
    const [title = '', ...lines] = text.split('\n');
    const body = lines.join('\n');
    if (body === '' || seen.has(body)) return [];
    seen.add(body);
    return [{ title, lines }];
  });
  const shown = cut(distinct, tails).map(({ title, lines }) => {
    const last = lines.slice(-logLines).map((line) => plain(line.slice(0, LOG_LINE)));
    const left = lines.length - last.length;
    const note = left > 0 ? `${left} earlier lines are in the log of the step.\n\n` : '';
    return folded(oneLine(title.replace(/^last log lines/, 'Last log lines'), 300), `${note}${fenced('text', last)}`);
  });
  const left = distinct.length - shown.length;
  return left > 0 ? [...shown, `${left} more log tails are in the log of the step.`] : shown;
}

/** What a person does now, with the command where there is one. */
function nextSteps(outcome: Outcome): string {
  const { kind, deployment, failedRollback } = outcome;
  const before = provenBefore(outcome);
  const ours = deployment && revisionName(deployment.taskDefinitionArn);
  switch (kind) {
    case 'deployed':
    case 'started':
      return before ? nextPart(`To roll back to ${revisionName(before)}:`, rollbackCommands(outcome, before)) : '';
    case 'unchanged':
      return '';
    case 'rolled-back':
      return nextPart(
        `${before ? revisionName(before) : 'The revision before'} runs again. Fix the cause and deploy again.`,
        [],
      );
    case 'failed':
    case 'cancelled':
      if (!deployment) return nextPart('Nothing was changed on the service.', []);
      if (failedRollback) return afterFailedRollback(outcome, failedRollback);
      return before
        ? nextPart(`To roll back from ${ours} to ${revisionName(before)}:`, rollbackCommands(outcome, before))
        : nextPart(
            'No revision is known to have run before this one, so there is nothing to roll back to: fix the cause and deploy again.',
            [],
          );
    case 'superseded':
      return nextPart('A newer deployment has the service: see its own run.', []);
    case 'paused':
      return nextPart('The deployment waits for a lifecycle hook: continue it or roll it back in the ECS console.', []);
  }
}

/** ARN of what ran well before; nothing where a deployment began and no revision is known to have run. */
const provenBefore = ({ deployment, previous }: Outcome): string | undefined =>
  deployment && deployment.previousTaskDefinitionArn === undefined
    ? undefined
    : (previous?.arn ?? deployment?.previousTaskDefinitionArn);

function afterFailedRollback(outcome: Outcome, { to, targets }: NonNullable<Outcome['failedRollback']>): string {
  const ours = revisionName(outcome.deployment?.taskDefinitionArn ?? '');
  const [target] = targets;
  const both = `Neither ${ours} nor ${revisionName(to)} came up: fix the cause and deploy again.`;
  return target === undefined
    ? nextPart(both, [])
    : nextPart(`${both} Or roll back further:`, rollbackCommands(outcome, target));
}

const nextPart = (text: string, commands: readonly string[]): string =>
  ['### Next', text, ...(commands.length > 0 ? [fenced('text', commands)] : [])].join('\n\n');

function rollbackCommands({ deployment }: Outcome, before: string): string[] {
  const target = lastPart(before);
  return [
    '# in a workflow',
    `mode: rollback`,
    `rollback-to: ${target}`,
    ...(deployment
      ? [
          '',
          '# or by hand',
          `aws ecs update-service --cluster ${word(lastPart(deployment.cluster))} --service ${word(lastPart(deployment.service))} --task-definition ${word(target)}`,
        ]
      : []),
  ];
}

/** As a word of a POSIX shell. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** What became of a run whose own report was written before the service came to its end. */
export const afterwardsSummaryOf = (headline: string): string => `**Afterwards:** ${prose(oneLine(headline, 1500))}\n`;

/** A failure before there was any outcome (bad input, denied, a broken build), as a summary. */
export function failureSummaryOf(described: string, { quote = [], file }: Partial<SourcePlace> = {}): string {
  const [headline = '', ...rest] = described.split('\n');
  const lines = cut(rest, 100).map((line) => `- ${prose(oneLine(line.replace(/^\s*-\s*/, ''), 1500))}`);
  const more = rest.length - lines.length;
  return [
    `## ❌ ${prose(oneLine(headline, 1500))}`,
    ...(quote.length > 0 ? ['', ...(file ? [code(oneLine(file, 300)), ''] : []), fenced('text', quote)] : []),
    ...(lines.length > 0 ? ['', ...lines] : []),
    ...(more > 0 ? [`- and ${code(String(more))} more, in the log of the step`] : []),
    '',
  ].join('\n');
}

/** GitHub draws diagrams up to 50,000 characters; and more bars than this are not readable. */
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
  // Also where fewer than two moments are drawn.
  if (end - start < 1) return '';
  const verdict = drawn.findLast(({ kind }) => kind === 'verdict');
  const tag = TAGS[verdict?.severity ?? 'normal'];
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

/** How mermaid draws a bar: grey, red or blue. */
const TAGS = { good: 'done', failure: 'crit', warning: 'active', normal: 'active' } as const;
const STATE_TAGS: Readonly<Record<string, string>> = { HEALTHY: 'done', UNHEALTHY: 'crit', RUNNING: 'active' };

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
  return bar(name, STATE_TAGS[state ?? ''] ?? '', { start: at, end: Math.max(until, at + 1) });
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
  const shown = moments.filter(({ kind }) => kind !== 'log' && kind !== 'heartbeat');
  const row = ({ at, severity, taskId, text }: Moment): readonly string[] => {
    const who = taskId === undefined ? '' : `task ${html.code(shortId(taskId))} `;
    return [elapsed(at, startedAt), `${MARKS[severity]}${who}${html.prose(oneLine(text, TEXT))}`];
  };
  const head = Math.ceil(limit / 2);
  const rows =
    shown.length <= limit
      ? shown.map(row)
      : [
          ...shown.slice(0, head).map(row),
          ['', `… ${shown.length - limit} lines are left out here; the log has them …`],
          ...shown.slice(shown.length - (limit - head)).map(row),
        ];
  return table(['Time', 'What happened'], rows);
}
