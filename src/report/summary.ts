import { lastPart } from '../arn.ts';
import type { Instant } from '../model.ts';
import type { Moment, Outcome } from '../outcome.ts';
import type { Difference } from '../taskdef/diff.ts';
import type { About } from './about.ts';
import {
  commandFences,
  cut,
  differenceMarkdown,
  differenceTitle,
  factsTable,
  gistBlock,
  headingOf,
  restBlock,
} from './blocks.ts';
import { buildTable } from './built.ts';
import { type Gist, gistOf, isGood } from './gist.ts';
import { fenced, folded, html, prose, table } from './markdown.ts';
import { picturesOf } from './pictures.ts';
import { Repeats } from './repeats.ts';
import { capitalised, counted, elapsed, firstSentence, oneLine, plain, shortId } from './text.ts';
import { isOfTheDeployment } from './way-back.ts';

/** GitHub drops a job summary above 1 MiB whole; other text of this step may stand beside ours. */
const LIMIT_BYTES = 1_000_000;

/** Longer lines of a container's log are cut. */
const LOG_LINE = 2000;

/** How much of the long parts is shown: tried in turn until the whole fits. */
export const DETAILS = [
  { rows: 400, logLines: 300, tails: 20, differences: 400 },
  { rows: 100, logLines: 100, tails: 10, differences: 100 },
  { rows: 20, logLines: 20, tails: 3, differences: 20 },
] as const;
export type Detail = (typeof DETAILS)[number];

/**
 * The job summary in Markdown. First screen: what failed, the telling words, what serves now, what was done and the one next step, with ten
 * lines of the log. Then the revisions and where the time went; folded: facts, differences, more logs, the timeline. Always below 1 MiB;
 * long parts are cut, and say so.
 */
export const summaryOf = (outcome: Outcome, about: About = {}): string =>
  summaryOfPage({ outcome, about, gist: gistOf(outcome, about) });

/** The same of an outcome whose gist is known. */
export function summaryOfPage({ outcome, gist, about }: Page): string {
  for (const detail of DETAILS) {
    const text = compose({ outcome, gist, about }, detail);
    if (Buffer.byteLength(text) <= LIMIT_BYTES) return text;
  }
  const short = [`## ${headingOf(outcome, gist)}`, ...gistBlock(outcome, gist), factsTable(outcome, about.run)];
  return joined([
    ...short,
    'The timeline, the differences and the logs were too long for this page: the log of the step has them.',
  ]);
}

const joined = (parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`;

/** One outcome as a page shows it. */
export interface Page {
  readonly outcome: Outcome;
  readonly gist: Gist;
  readonly about: About;
}

const compose = (page: Page, detail: Detail): string =>
  joined([
    `## ${headingOf(page.outcome, page.gist)}`,
    ...firstScreen(page, detail),
    ...picturesOf([page]),
    ...detailsOf(page, detail),
  ]);

/** What a reader must know, and of a failure the lines of the log that show it. */
export function firstScreen(page: Page, detail: Detail): string[] {
  const { outcome, gist } = page;
  const telling = openTailOf(page);
  return [...gistBlock(outcome, gist), ...(telling ? openTail(telling, gist, detail) : [])];
}

/** All the rest; of a failure it is folded. */
export function detailsOf(page: Page, detail: Detail): string[] {
  const { outcome, gist, about } = page;
  const { kind, differences, settings = [], previous, deployment, timeline } = outcome;
  const before = previous?.arn ?? deployment?.previousTaskDefinitionArn;
  const facts = factsTable(outcome, about.run);
  const open = openTailOf(page);
  return [
    ...restBlock(outcome),
    isGood(kind) || facts === '' ? facts : folded('Service, revision, image and commit', facts),
    ...(outcome.image ? buildTable(outcome.image) : []),
    ...(differences.length > 0
      ? [
          folded(
            differenceTitle(differences, before && lastPart(before)),
            differenceMarkdown(differences, detail.differences),
          ),
        ]
      : []),
    ...(settings.length > 0
      ? [
          folded(
            `${counted(settings.length, 'setting')} of the service changed${fateText(outcome)}`,
            differenceMarkdown(
              settings.map((one) => withFate(one, kind)),
              detail.differences,
            ),
          ),
        ]
      : []),
    ...foldedTails(
      distinct(tailsOf(timeline)).filter(({ body }) => body !== open?.body),
      detail,
    ),
    ...timelinePart(outcome, detail),
    ...wayBackPart(outcome, gist),
  ];
}

/** After a rollback: what it undid of each setting. */
const withFate = (setting: Difference, kind: Outcome['kind']): Difference =>
  kind === 'rolled-back' ? { ...setting, effect: isOfTheDeployment(setting) ? 'rolled back' : 'stays' } : setting;

function fateText({ kind, settings = [] }: Outcome): string {
  if (kind !== 'rolled-back') return '';
  const undone = settings.filter(isOfTheDeployment).length;
  const stay = settings.length - undone;
  return `: ${[...(undone > 0 ? [`${undone} rolled back`] : []), ...(stay > 0 ? [stay === 1 ? '1 stays' : `${stay} stay`] : [])].join(', ')}`;
}

const openTailOf = ({ outcome, gist }: Page): Tail | undefined =>
  isGood(outcome.kind) ? undefined : tellingTail(tailsOf(outcome.timeline), gist);

function timelinePart({ timeline, kind }: Outcome, { rows }: Detail): string[] {
  const [first] = timeline;
  if (!first) return [];
  return [folded(kind === 'unchanged' ? 'What was seen' : 'Timeline', tableOf(timeline, first.at, rows))];
}

/** After a deployment that went well, how it could be undone. */
function wayBackPart({ kind }: Outcome, { next }: Gist): string[] {
  if (!isGood(kind) || !next?.command) return [];
  const [title, left] = firstSentence(next.text);
  const parts = [...(left === '' ? [] : [prose(oneLine(left, 1500))]), ...commandFences(next)];
  return [folded(title.replace(/[.:]$/, ''), parts.join('\n\n'))];
}

/** The last lines of one container. */
interface Tail {
  readonly taskId: string | undefined;
  readonly title: string;
  readonly lines: readonly string[];
  /** The lines as one text: containers that printed the same are shown once. */
  readonly body: string;
}

/** Lines that stand open below the gist. */
const OPEN = 10;

/** The log of the task that the page links to; where it links to none, the first. */
const tellingTail = (tails: readonly Tail[], { taskId }: Gist): Tail | undefined =>
  taskId === undefined ? tails[0] : tails.find((tail) => tail.taskId === taskId);

/** The last ten lines, or the ten around the telling one where that is earlier. */
function openTail({ title, lines }: Tail, { words, what }: Gist, { logLines }: Detail): string[] {
  const telling = words?.from === 'application' ? words.text : undefined;
  const line = lines.findLastIndex((one) => {
    const text = oneLine(one, 600);
    return text !== '' && (text === telling || (text.length > 12 && what.includes(text)));
  });
  const start = Math.max(0, Math.min(lines.length - OPEN, line < 0 ? lines.length : line - 2));
  const shown = lines.slice(start, start + OPEN);
  const all = lines.slice(-logLines);
  return [
    `**${prose(oneLine(capitalised(title), 300))}**\n\n${fenced('text', shown.map(logLine))}`,
    ...(lines.length > shown.length
      ? [folded(`All ${all.length} lines that were read`, fenced('text', all.map(logLine)))]
      : []),
  ];
}

const logLine = (line: string): string => plain(line.slice(0, LOG_LINE));

/** Every container's last lines. */
const tailsOf = (timeline: readonly Moment[]): readonly Tail[] =>
  timeline.flatMap(({ kind, text, taskId }) => {
    const [title = '', ...lines] = kind === 'log' ? text.split('\n') : [];
    const body = lines.join('\n');
    return body === '' ? [] : [{ taskId, title: withNames(title), lines, body }];
  });

/** A page has the container as code, as it has it everywhere; the log has no code. */
const withNames = (title: string): string => title.replace(/(?<=, container )([\w-]+)/, '`$1`');

/** Those with the same words once. */
const distinct = (tails: readonly Tail[]): readonly Tail[] =>
  [...new Map(tails.toReversed().map((tail) => [tail.body, tail])).values()].toReversed();

function foldedTails(tails: readonly Tail[], { tails: limit, logLines }: Detail): string[] {
  const shown = cut(tails, limit).map(({ title, lines }) => {
    const last = lines.slice(-logLines).map(logLine);
    const left = lines.length - last.length;
    const note = left > 0 ? `${counted(left, 'earlier line')} in the log of the step.\n\n` : '';
    return folded(oneLine(capitalised(title), 300), `${note}${fenced('text', last)}`);
  });
  const left = tails.length - shown.length;
  return left > 0 ? [...shown, `${left} more log tails are in the log of the step.`] : shown;
}

/** The result of a run whose own report was written before the service came to its end. */
export const afterwardsSummaryOf = (headline: string): string => `**Afterwards:** ${prose(oneLine(headline, 1500))}\n`;

const MARKS: Readonly<Record<Moment['severity'], string>> = { normal: '', good: '✅ ', warning: '⚠️ ', failure: '❌ ' };

const TEXT = 700;

/** What happened as a table; log lines and heartbeats stay in the log. A long one loses its middle, and says so. */
export function tableOf(moments: readonly Moment[], startedAt: Instant, limit: number): string {
  const repeats = new Repeats();
  const shown = moments
    .filter(({ kind }) => kind !== 'log' && kind !== 'heartbeat')
    .flatMap((moment) => repeats.shown(moment) ?? []);
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
