import type { Instant } from '../model.ts';
import type { Moment, Outcome } from '../outcome.ts';
import type { Console } from '../ports.ts';
import type { CheckLine } from '../preflight/check.ts';
import type { Difference } from '../taskdef/diff.ts';
import { differenceLines, differenceTitle } from './blocks.ts';
import { type Gist, gistOf, isGood } from './gist.ts';
import { elapsed, oneLine, plain, shortId } from './text.ts';

/** Only what the log is written with, so that a test sees exactly what a person sees. */
export type LogConsole = Pick<Console, 'line' | 'startGroup' | 'endGroup' | 'colour'>;

interface Header {
  readonly service: string;
  readonly cluster: string;
  /** `web:42` */
  readonly to: string;
  /** Undefined for a service's first deployment. */
  readonly from?: string;
  readonly image?: string;
  /** The strategy, and how many tasks it replaces at a time. */
  readonly rollout?: string;
  readonly isRollback?: boolean;
  /** In the console. */
  readonly url?: string;
}

type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold';
/** SGR codes alone: a CI log has no cursor. */
const CODES: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 };
const paint = (console: Pick<Console, 'colour'>, colour: Colour | undefined, text: string): string =>
  console.colour && colour && text !== '' ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;

/** Before the wait: what is deployed where, by which strategy, and where to see it. */
export function logHeader(
  console: LogConsole,
  { service, cluster, to, from, image, rollout, isRollback = false, url }: Header,
): void {
  const replaced = from === to ? ' (again)' : ` in place of ${from}`;
  const instead = from === undefined ? ' (the first deployment)' : replaced;
  console.line('');
  const what = isRollback ? `Rolling back service ${service}, cluster ${cluster} to` : 'Deploying';
  const where = isRollback ? '' : ` to service ${service}, cluster ${cluster}`;
  console.line(paint(console, 'bold', `${what} ${to}${where}${instead}`));
  for (const [name, value] of [
    ['image', image],
    ['rollout', rollout],
    ['console', url],
  ]) {
    if (value) console.line(`  ${paint(console, 'dim', `${name}`.padEnd(8))} ${oneLine(value, 400)}`);
  }
  console.line('');
}

const SIGNS: Readonly<Record<string, Colour>> = { '+': 'green', '-': 'red' };

/** The differences to what runs now: a few as they are, many in a group. */
export function logDifferences(
  console: LogConsole,
  differences: readonly Difference[],
  from: string | undefined,
): void {
  const lines = differenceLines(differences).map((line) =>
    paint(console, SIGNS[line[0] ?? ''] ?? 'yellow', `  ${line}`),
  );
  const title = differenceTitle(differences, from);
  inGroupWhenLong(console, { title, headline: title }, lines);
}

const MARKS: Readonly<Record<Moment['severity'], string>> = { normal: ' ', good: '✓', warning: '!', failure: '✗' };
const COLOURS: Readonly<Record<Moment['severity'], Colour | undefined>> = {
  normal: undefined,
  good: 'green',
  warning: 'yellow',
  failure: 'red',
};
/** From this many tasks on that did the same in one poll, one line stands for all. */
const ALIKE = 2;
const LONG = 12;

/** Writes moments as they come: elapsed time, a mark, the text; log tails below their title, long ones in a group. */
export function logMoments(console: LogConsole, startedAt: Instant, moments: readonly Moment[]): void {
  for (const [moment, ids] of alike(moments)) {
    const time = elapsed(moment.at, startedAt).padStart(7);
    const [first = '', ...rest] = moment.text.split('\n');
    const line = `${paint(console, 'dim', time)} ${paint(console, COLOURS[moment.severity], `${MARKS[moment.severity]} ${whose(ids)}${oneLine(first, 700)}`)}`;
    const tail = rest.map((text) => setOff(console, text));
    if (moment.kind === 'log') inGroupWhenLong(console, { title: oneLine(first, 300), headline: line }, tail);
    else if (moment.kind === 'heartbeat') console.line(paint(console, 'dim', `${time}   ${oneLine(first, 700)}`));
    else console.line(line);
  }
}

/** Tasks that did the same at the same time stand together. */
function alike(moments: readonly Moment[]): (readonly [Moment, readonly string[]])[] {
  const groups = Map.groupBy(moments, (moment) =>
    moment.kind === 'task' ? `${moment.severity} ${withoutAge(moment.text)}` : moment,
  );
  return [...groups.values()].flatMap((group): (readonly [Moment, readonly string[]])[] => {
    const [first] = group;
    const ids = (members: readonly Moment[]): string[] =>
      members.flatMap(({ kind, taskId }) => (kind === 'task' && taskId ? [taskId] : []));
    if (first && group.length >= ALIKE) {
      const isSame = group.every(({ text }) => text === first.text);
      return [[{ ...first, text: isSame ? first.text : withoutAge(first.text) }, ids(group)]];
    }
    return group.map((moment) => [moment, ids([moment])]);
  });
}

const withoutAge = (text: string): string => text.replace(/ \((?:ran|runs for|asked for) [^()]*\)$/, '');

function whose(ids: readonly string[]): string {
  const [first] = ids;
  if (first === undefined) return '';
  if (ids.length === 1) return `task ${shortId(first)} `;
  return `${ids.length} tasks (${shortId(first)}, ${ids.length > 2 ? '...' : shortId(ids[1] ?? '')}) `;
}

/** Lines of a container are set off from our own; their indentation (a stack trace) stays. */
const setOff = (console: LogConsole, line: string): string =>
  `          ${paint(console, 'dim', '|')} ${plain(line.slice(0, 1000)).trimEnd()}`;

/** Few lines below their headline, many in a group of that title. */
function inGroupWhenLong(
  console: LogConsole,
  { title, headline }: { readonly title: string; readonly headline: string },
  lines: readonly string[],
): void {
  if (lines.length > LONG) {
    inGroup(console, title, lines);
  } else {
    console.line(headline);
    for (const line of lines) console.line(line);
  }
}

/**
 * The end of a run: one line on how it ended, and the pages to open. What failed and what to do is in the error that follows, and warnings
 * in theirs, which the log shows as well (`annotationsOf`).
 */
export function logOutcome(console: LogConsole, outcome: Outcome, gist: Gist = gistOf(outcome)): void {
  const { kind, headline, pausedOnRequest, endpoint } = outcome;
  console.line('');
  if (isGood(kind)) {
    console.line(paint(console, 'green', `✓ ${kind}: ${oneLine(headline, 700)}`));
    if (endpoint !== undefined) console.line(`  ${paint(console, 'bold', 'URL')} ${oneLine(endpoint, 1000)}`);
  } else {
    const [mark, colour] = pausedOnRequest ? (['!', 'yellow'] as const) : (['✗', 'red'] as const);
    console.line(paint(console, colour, `${mark} ${oneLine(gist.title, 400)}`));
    for (const { name, address } of gist.links)
      console.line(`  ${paint(console, 'bold', name.padEnd(8))} ${oneLine(address, 1000)}`);
  }
}

const CHECK_MARKS: Readonly<Record<CheckLine['status'], string>> = { ok: '✓', warn: '!', skip: '-', bad: '✗' };

/** One line per check: what is well folded under the title, then what is not, the failed ones last, where the eye is. */
export function logChecks(
  console: Pick<LogConsole, 'line' | 'startGroup' | 'endGroup'>,
  checks: readonly CheckLine[],
  title: string,
): void {
  const linesOf = (...statuses: CheckLine['status'][]): string[] =>
    statuses.flatMap((status) =>
      checks.flatMap((check) =>
        check.status === status ? [`  ${CHECK_MARKS[status]} ${oneLine(check.text, 1000)}`] : [],
      ),
    );
  const well = linesOf('ok', 'skip');
  const unchecked = linesOf('skip').length;
  const named = unchecked === 0 ? title : `${title}, and ${unchecked} not checked`;
  if (well.length > 0) inGroup(console, unchecked === well.length ? `${unchecked} not checked` : named, well);
  for (const line of linesOf('warn', 'bad')) console.line(line);
}

/** A group always ends: what follows it, such as an error, must not be folded away with it. */
export function inGroup(
  console: Pick<LogConsole, 'line' | 'startGroup' | 'endGroup'>,
  title: string,
  lines: readonly string[],
): void {
  console.startGroup(title);
  try {
    for (const line of lines) console.line(line);
  } finally {
    console.endGroup();
  }
}
