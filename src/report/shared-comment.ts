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

/** What an entry says at its first sight. */
interface Heading {
  /** `### ❌ web in production/eu-west-1: ...` without the hashes. */
  readonly title: string;
  /** Refused and failed first, then what waits, what changes, and what stays. */
  readonly order: number;
  /** Id of the run that wrote it. */
  readonly run: string;
}

const ORDER = ['❌', '⚠️', '⏸️', '📝', '🚀', '✅'];

function headingOf(entry: string): Heading {
  const title = /^### (.*)$/m.exec(entry)?.[1] ?? '';
  const order = ORDER.findIndex((icon) => title.startsWith(icon));
  const runs = [...entry.matchAll(/\/actions\/runs\/(\d+)\//g)];
  return { title, order: order < 0 ? ORDER.length : order, run: runs.at(-1)?.[1] ?? '' };
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
  let entries = [...others, entry].toSorted((one, other) => headingOf(one).order - headingOf(other).order);
  for (;;) {
    const text = compose(entries, headingOf(entry).run, workflow);
    const longest = entries.filter((one) => !one.includes(TOO_LONG)).sort((one, other) => other.length - one.length)[0];
    if (text.length <= LIMIT || longest === undefined) return text;
    entries = entries.map((one) => (one === longest ? shortened(one) : one));
  }
}

function shortened(entry: string): string {
  const [head = '', title = ''] = entry.split('\n\n');
  return [head, title, TOO_LONG, entry.split('\n\n').at(-1) ?? ''].join('\n\n');
}

function compose(entries: readonly string[], run: string, workflow: string): string {
  const marker = sharedMarker(workflow);
  const ended = entries.map((entry) => `${entry}\n\n${END}`);
  if (entries.length === 1) return [marker, ...ended].join('\n\n');
  const headings = entries.map(headingOf);
  const rows = headings.map((heading) => {
    const [, where = heading.title, what = ''] = /^(.*?): (.*)/.exec(heading.title) ?? [];
    const earlier = heading.run === run ? '' : ' (of an earlier run)';
    return `| ${cell(where)} | ${cell(what)}${earlier} |`;
  });
  return [
    marker,
    `### ${entries.length} services`,
    ['| Service | Result |', '| --- | --- |', ...rows].join('\n'),
    ...ended.map((text, index) => {
      const { title = '', order = 0 } = headings[index] ?? {};
      const open = order === 0 ? ' open' : '';
      return `<details${open}><summary>${html.prose(title.replaceAll('`', ''))}</summary>\n\n${text}\n\n</details>`;
    }),
  ].join('\n\n');
}

/** Within a row of a Markdown table, where a bar would end the cell, also in code. */
const cell = (markdown: string): string => markdown.replaceAll('|', '\\|');
