import { html } from './markdown.ts';

/**
 * One comment for all jobs of a workflow on a pull request: a row for each service and environment, and below it what each job wrote. Jobs
 * run side by side and write to the same comment, so what the others wrote is kept: it is found again by its hidden first line.
 */

/** GitHub refuses a longer comment. */
const LIMIT = 65_536;
const TOO_LONG = 'The rest is too long for this comment; the job summary has it.';
const END = '<!-- ecs-rollout end -->';
/** The hidden first line of an entry. */
const FIRST_LINE = /^<!-- ecs-rollout (?!end |all )[^\n]* -->$/;

/** The hidden first line of the comment that all jobs of this workflow share. */
export const sharedMarker = (workflow: string): string =>
  `<!-- ecs-rollout all ${encodeURIComponent(workflow.toWellFormed()).replaceAll('-', '%2D') || '%20'} -->`;

/** The hidden second line of an entry of several services: the title of each, as JSON. */
const SERVICES = /^<!-- ecs-rollout-services (\[.*\]) -->$/;

/**
 * The hidden line that stands below the first one of an entry of several services, so that each has its own row.
 * @param titles of each service, as the title of an entry of one service is: `❌ web in production/eu-west-1: ...`
 */
export const servicesLine = (titles: readonly string[]): string =>
  // In an HTML comment neither `>` nor `--` may stand; within the strings of JSON each has another way to be written.
  `<!-- ecs-rollout-services ${JSON.stringify(titles).replaceAll(/[<>]|(?<=-)-/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)} -->`;

/** What an entry says at its first sight. */
interface Heading {
  /** `### ❌ web in production/eu-west-1: ...` without the hashes. */
  readonly title: string;
  /** Refused and failed first, then what waits, what changes, and what stays. */
  readonly order: number;
  /** Id of the run that wrote it. */
  readonly run: string;
}

const ORDER = ['❌', '⚠️', '⏸️', '⏭️', '📝', '🚀', '✅'];
function orderOf(title: string): number {
  const order = ORDER.findIndex((icon) => title.startsWith(icon));
  return order < 0 ? ORDER.length : order;
}

function headingOf(entry: string): Heading {
  const title = /^### (.*)$/m.exec(entry)?.[1] ?? '';
  const runs = [...entry.matchAll(/\/actions\/runs\/(\d+)\//g)];
  return { title, order: orderOf(title), run: runs.at(-1)?.[1] ?? '' };
}

/** One service in one environment: a row of the comment. */
interface Row {
  readonly where: string;
  /** What happened to it, or would happen. */
  readonly what: string;
  readonly order: number;
  readonly run: string;
}

/** One for each service of the entry. */
function rowsOf(entry: string): readonly Row[] {
  const { title, run } = headingOf(entry);
  return (servicesIn(entry) ?? [title]).map((one) => {
    const [, where = one, what = ''] = /^(.*?): (.*)/s.exec(one) ?? [];
    return { where, what, order: orderOf(one), run };
  });
}

/** The titles of the services of an entry of several; undefined for one of a single service, and where the line was edited by hand. */
function servicesIn(entry: string): readonly string[] | undefined {
  const [, json] = SERVICES.exec(entry.split('\n')[1] ?? '') ?? [];
  if (json === undefined) return undefined;
  try {
    const titles = JSON.parse(json) as readonly unknown[];
    return titles.length > 0 ? titles.map(String) : undefined;
  } catch {
    return undefined;
  }
}

/** The state of a service in a word or two, for the counts of the title. */
function stateOf({ where, what }: Row): string {
  if (where.startsWith('❌')) return what.startsWith('could not be deployed') ? 'could not be deployed' : 'failed';
  if (where.startsWith('✅')) return what.startsWith('would not change') ? 'would not change' : 'deployed';
  return STATES.find(([icon]) => where.startsWith(icon))?.[1] ?? 'other';
}
const STATES = [
  ['⚠️', 'ended early'],
  ['⏸️', 'paused'],
  ['⏭️', 'skipped'],
  ['📝', 'would change'],
  ['🚀', 'started'],
] as const;

/** `❌ 3 services: 1 could not be deployed, 2 would change (3 to change, 1 to add, 0 to remove)` */
function titleOf(rows: readonly Row[]): string {
  const states = [...Map.groupBy(rows, stateOf)].map(([state, some]) => `${some.length} ${state}`);
  const counts = rows.flatMap(({ what }) => {
    const found = /(?<!\d)(\d{1,9}) to change, (\d{1,9}) to add, (\d{1,9}) to remove/.exec(what);
    return found ? [found.slice(1).map(Number)] : [];
  });
  const sum = (place: number): number => counts.reduce((all, one) => all + (one[place] ?? 0), 0);
  const changes = counts.length > 0 ? ` (${sum(0)} to change, ${sum(1)} to add, ${sum(2)} to remove)` : '';
  const icon = ORDER[rows[0]?.order ?? ORDER.length];
  return `${icon === undefined ? '' : `${icon} `}${rows.length} services: ${states.join(', ')}${changes}`;
}

const keyOf = (entry: string): string => entry.slice(0, entry.indexOf('\n'));

/** Whether the comment holds this entry, as it is or shortened: that no other job has overwritten it. */
export const holdsEntry = (comment: string, entry: string): boolean =>
  entriesOf(comment).some((one) => keyOf(one) === keyOf(entry) && headingOf(one).title === headingOf(entry).title);

/** What stands between the hidden first line of an entry and its end. Foreign text begins no line with a comment: it is code. */
function entriesOf(comment: string): readonly string[] {
  const entries: string[] = [];
  let lines: string[] | undefined;
  for (const line of comment.split('\n')) {
    if (line === END) {
      if (lines && lines.length > 2 && lines.at(-1) === '') entries.push(lines.slice(0, -1).join('\n'));
      lines = undefined;
    } else if (lines) lines.push(line);
    else if (FIRST_LINE.test(line)) lines = [line];
  }
  return entries;
}

/**
 * The shared comment with this entry in it, in place of an earlier one of the same service, environment and job.
 * @param before the comment as it is now; undefined where there is none
 * @param entry begins with its hidden first line
 * @returns at most what GitHub takes: the longest entries are shortened to their titles
 */
export function mergeEntry(before: string | undefined, entry: string, workflow: string): string {
  const others = entriesOf(before ?? '').filter((one) => keyOf(one) !== keyOf(entry));
  let entries = [...others, entry].toSorted(
    (one, other) =>
      headingOf(one).order - headingOf(other).order || compared(headingOf(one).title, headingOf(other).title),
  );
  for (;;) {
    const text = compose(entries, headingOf(entry).run, workflow);
    if (text.length <= LIMIT) return text;
    const byLength = entries.toSorted((one, other) => other.length - one.length);
    const longest = byLength.find((one) => !one.includes(TOO_LONG)) ?? byLength.find((one) => servicesIn(one));
    if (longest === undefined) return text;
    const shorter = longest.includes(TOO_LONG) ? withoutServices(longest) : shortened(longest);
    entries = entries.map((one) => (one === longest ? shorter : one));
  }
}

/** By code points: the same on every runner. */
const compared = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** One row in the place of those of its services. */
const withoutServices = (entry: string): string => entry.replace(/\n.*/, '');

function shortened(entry: string): string {
  const [head = '', title = ''] = entry.split('\n\n');
  return [head, title, TOO_LONG, entry.split('\n\n').at(-1) ?? ''].join('\n\n');
}

function compose(entries: readonly string[], run: string, workflow: string): string {
  const marker = sharedMarker(workflow);
  const [only, ...more] = entries;
  if (only !== undefined && more.length === 0) return [marker, only, END].join('\n\n');
  const rows = entries
    .flatMap(rowsOf)
    .toSorted((one, other) => one.order - other.order || compared(one.where, other.where));
  const lines = rows.map(({ where, what, run: of }) => {
    const earlier = of === run ? '' : ' (of an earlier run)';
    return `| ${cell(where)} | ${cell(what)}${earlier} |`;
  });
  return [
    marker,
    `### ${titleOf(rows)}`,
    ['| Service | Result |', '| --- | --- |', ...lines].join('\n'),
    ...entries.map((entry) => {
      const { title, order } = headingOf(entry);
      const open = order === 0 ? ' open' : '';
      return `<details${open}><summary>${html.prose(title.replaceAll('`', ''))}</summary>\n\n${entry}\n\n${END}\n\n</details>`;
    }),
  ].join('\n\n');
}

/** Within a row of a Markdown table, where a bar would end the cell, also in code, and a line the row. */
const cell = (markdown: string): string =>
  markdown
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .join(' ')
    .replaceAll('|', '\\|');
