import { lastPart } from '../arn.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { RunContext } from '../inputs/types.ts';
import type { Outcome, OutcomeKind } from '../outcome.ts';
import { servingText } from '../service/serving.ts';
import type { Difference } from '../taskdef/diff.ts';
import { deploymentsLink, repositoryLink, revisionLink, serviceLink } from './links.ts';
import { code, fenced, html, isAddress, linked, prose, table } from './markdown.ts';
import { counted, duration, oneLine } from './text.ts';

const ICONS: Readonly<Record<OutcomeKind, string>> = {
  deployed: '✅',
  unchanged: '✅',
  started: '🚀',
  'rolled-back': '❌',
  failed: '❌',
  superseded: '⚠️',
  cancelled: '⚠️',
  paused: '⏸️',
};

const TITLES: Readonly<Record<OutcomeKind, string>> = {
  deployed: 'is deployed',
  unchanged: 'runs already, nothing was changed',
  started: 'is being deployed, not watched',
  'rolled-back': 'failed and was rolled back',
  failed: 'failed',
  superseded: 'was superseded',
  cancelled: 'was cancelled',
  paused: 'is paused',
};

/** Cells and paragraphs are cut at this; whoever writes longer names does not want to read them here. */
const TEXT = 1500;

export function titleOf({ kind, service, revision, deployment }: Outcome): string {
  const ours = revision
    ? `${revision.family}:${revision.revision}`
    : deployment && lastPart(deployment.taskDefinitionArn);
  const where = service ? ` on ${code(oneLine(service.name, 200))}` : '';
  return `${ICONS[kind]} ${ours === undefined ? 'The deploy' : code(ours)}${where} ${TITLES[kind]}`;
}

/** The verdict in one paragraph; a diagnosis first where there is one, as GitHub's own alert. */
export function verdictBlock({ kind, headline, diagnoses, warnings }: Outcome): string {
  const good = kind === 'deployed' || kind === 'unchanged' || kind === 'started';
  const [first, ...others] = diagnoses;
  const alert = kind === 'failed' || kind === 'rolled-back' ? 'CAUTION' : 'WARNING';
  return [
    prose(oneLine(headline, TEXT)),
    ...(first ? [good ? listOf([first, ...others]) : diagnosisBlock(first, alert)] : []),
    ...(!good && others.length > 0 ? [`Also seen:\n\n${listOf(others)}`] : []),
    ...(warnings.length > 0
      ? [['> [!WARNING]', ...cut(warnings, 10).map((warning) => `> - ${prose(oneLine(warning, TEXT))}`)].join('\n')]
      : []),
  ].join('\n\n');
}

function diagnosisBlock({ cause, remedy, link, evidence }: Diagnosis, alert: 'CAUTION' | 'WARNING'): string {
  const quoted = oneLine(evidence.text, TEXT);
  return [
    `> [!${alert}]`,
    `> **Cause:** ${prose(oneLine(cause, TEXT))}`,
    ...(quoted === '' || quoted === cause ? [] : ['>', `> **Evidence:** ${code(quoted)} (${code(evidence.surface)})`]),
    ...(remedy === '' ? [] : ['>', `> **What to do:** ${prose(oneLine(remedy, TEXT))}`]),
    ...(link ? ['>', `> ${anchor("AWS's page on this", link)}`] : []),
  ].join('\n');
}

const listOf = (diagnoses: readonly Diagnosis[]): string =>
  cut(diagnoses, 5)
    .map(({ cause, remedy }) => `- ${prose(oneLine(cause, TEXT))} ${prose(oneLine(remedy, TEXT))}`)
    .join('\n');

const anchor = (text: string, address: string): string =>
  isAddress(address) ? `[${text}](${address})` : code(address);

/** What was deployed, where and from which commit, each name with its page in the console. */
export function factsTable(outcome: Outcome, run: RunContext | undefined): string {
  const { service, image, deployment, timeline, serving } = outcome;
  const finishedAt = timeline.at(-1)?.at;
  const rows: (readonly [string, string | undefined])[] = [
    [
      'Service',
      service &&
        `${html.linked(service.name, serviceLink(service))} in cluster ${html.code(lastPart(service.clusterArn))}`,
    ],
    ['Revision', revisionsOf(outcome)],
    ['Image', image && html.linked(oneLine(image.reference, TEXT), repositoryLink(image.repository, image.digest))],
    ['Platforms', image?.platforms && codes(image.platforms)],
    ['Tags', image && image.tags.length > 0 ? codes(image.tags) : undefined],
    ['Running', runningOf(outcome)],
    ['Serving', serving && html.prose(servingText(serving))],
    ['Tasks', outcome.tasks && tasksCell(outcome.tasks)],
    ['Deployment', deployment && html.linked(deployment.id, service && deploymentsLink(service))],
    ['Took', deployment && finishedAt !== undefined ? duration(finishedAt - deployment.startedAt) : undefined],
    ['Commit', run && commitOf(run)],
  ];
  return factRows(rows);
}

/** One-off tasks, one per line of the cell. */
export const tasksCell = (tasks: NonNullable<Outcome['tasks']>): string =>
  cut(tasks, 20)
    .map(({ label, succeeded, exitCodes, seconds }) => {
      const codes = Object.entries(exitCodes).map(([container, exitCode]) => `${container}: ${exitCode}`);
      const took = seconds === undefined ? '' : ` after ${duration(seconds)}`;
      const exits = codes.length > 0 ? ` (exit code of ${codes.join(', ')})` : '';
      return html.prose(oneLine(`${succeeded ? '✓' : '✗'} ${label}${exits}${took}`, TEXT));
    })
    .join('<br>');

/** Rows of a name and a finished HTML cell; what is not known is left out, and the table where nothing is. */
export function factRows(rows: readonly (readonly [string, string | undefined])[]): string {
  const known = rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '');
  if (known.length === 0) return '';
  return table(
    [],
    known.map(([name, value]) => [`<b>${name}</b>`, value]),
  );
}

function revisionsOf({ revision, previous, deployment }: Outcome): string | undefined {
  const now = revision?.arn ?? deployment?.taskDefinitionArn;
  const before = previous?.arn ?? deployment?.previousTaskDefinitionArn;
  if (!now) return undefined;
  return before && before !== now ? `${revisionCell(before)} → ${revisionCell(now)}` : revisionCell(now);
}

/** A revision within a table. */
export const revisionCell = (arn: string): string => html.linked(lastPart(arn), revisionLink(arn));

function runningOf({ verdict, image }: Outcome): string | undefined {
  if (verdict?.kind !== 'succeeded') return undefined;
  const digests = Object.entries(verdict.digests).map(([container, digest]) => {
    const same = digest === image?.digest ? 'the digest pushed' : html.code(digest);
    return `${html.code(container)}: ${same}`;
  });
  const tasks = `${verdict.runningCount} ${verdict.runningCount === 1 ? 'task' : 'tasks'}`;
  return digests.length > 0 ? `${tasks}, ${cut(digests, 10).join(', ')}` : tasks;
}

export function commitOf({ sha, serverUrl, repository, refName, actor }: RunContext): string | undefined {
  if (sha === '') return undefined;
  const commit = html.linked(
    sha.slice(0, 12),
    repository === '' ? undefined : `${serverUrl}/${repository}/commit/${sha}`,
  );
  return `${commit}${refName === '' ? '' : ` of ${html.code(refName)}`}${actor === '' ? '' : ` by ${html.code(actor)}`}`;
}

/** The page of this run. */
export const runUrl = ({ serverUrl, repository, runId, runAttempt }: RunContext): string =>
  `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`;

/** A revision within Markdown. */
export const revisionName = (arn: string): string => linked(lastPart(arn), revisionLink(arn));

const codes = (names: readonly string[]): string =>
  cut(names, 20)
    .map((name) => html.code(oneLine(name, 200)))
    .join(' ');

/** The first of them; that there are more is seen from the log. */
export const cut = <T>(items: readonly T[], limit: number): readonly T[] => items.slice(0, limit);

/** Values longer than this are cut: a definition is read elsewhere. */
const VALUE = 160;
const SIGNS: Readonly<Record<Difference['kind'], string>> = { added: '+', removed: '-', changed: '~' };

/** One line a difference, aligned, for the log: `~ container app: image  1.4.1 -> 1.5.0`. */
export function differenceLines(differences: readonly Difference[]): string[] {
  const shown = differences.map(({ subject }) => oneLine(subject, VALUE));
  const width = Math.min(48, Math.max(0, ...shown.map((subject) => subject.length)));
  return differences.map((difference, index) => {
    const value = valueText(difference);
    const subject = shown[index] ?? '';
    return `${SIGNS[difference.kind]} ${value === '' ? subject : `${subject.padEnd(width)}  ${value}`}`;
  });
}

/** As a coloured diff for Markdown; of more than `limit` differences the rest is only counted. */
export function differenceMarkdown(differences: readonly Difference[], limit: number): string {
  const shown = differences.slice(0, limit);
  const lines = shown.flatMap((difference): string[] => {
    const { kind, before, after } = difference;
    const subject = oneLine(difference.subject, VALUE);
    const was = before === undefined ? subject : `${subject}: ${oneLine(before, VALUE)}`;
    const is = after === undefined ? subject : `${subject}: ${oneLine(after, VALUE)}`;
    switch (kind) {
      case 'added':
        return [`+ ${is}`];
      case 'removed':
        return [`- ${was}`];
      case 'changed':
        return before === undefined && after === undefined
          ? [`! ${subject} (value not shown)`]
          : [`- ${was}`, `+ ${is}`];
      default:
        return kind satisfies never;
    }
  });
  const rest = differences.length - shown.length;
  return fenced('diff', rest > 0 ? [...lines, `# and ${counted(rest, 'difference')} more`] : lines);
}

function valueText({ kind, before, after }: Difference): string {
  const [was, is] = [before, after].map((value) => (value === undefined ? undefined : oneLine(value, VALUE)));
  switch (kind) {
    case 'added':
      return is ?? '';
    case 'removed':
      return was === undefined ? '' : `was ${was}`;
    case 'changed':
      return was === undefined && is === undefined
        ? 'changed (value not shown)'
        : `${was ?? '(unset)'} -> ${is ?? '(unset)'}`;
  }
}

/** `3 differences`, or that there are none. */
export const differenceTitle = (differences: readonly Difference[], from: string | undefined): string => {
  const to = from === undefined ? '' : ` to ${from}`;
  return differences.length === 0 ? `No difference${to}` : `${counted(differences.length, 'difference')}${to}`;
};
