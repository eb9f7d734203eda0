import { lastPart } from '../arn.ts';
import type { ServiceState } from '../model.ts';
import { defined } from '../model.ts';
import { placeText } from './about.ts';
import { cut, newestRef, refOf, revisionCell } from './blocks.ts';
import type { LogConsole } from './log.ts';
import { code, html, prose, table } from './markdown.ts';
import { oneLine } from './text.ts';

/** One revision that a rollback may choose; what the output `targets` holds of it. */
interface TargetRow {
  /** `web:42`, which `rollback-to` takes as it is. */
  readonly revision: string;
  readonly arn: string;
  /** ISO 8601 in UTC; absent where ECS's history does not show it. */
  readonly deployedAt?: string;
  readonly commit?: string;
  /** The newest release tag that was deployed with it, else the newest branch. */
  readonly ref?: string;
  readonly images: readonly string[];
  readonly current: boolean;
  readonly usable: boolean;
  /** Its newest deployment failed or was rolled back. */
  readonly failed: boolean;
  /** Why it is not usable. */
  readonly problems: readonly string[];
}

interface TargetFacts {
  readonly revision: {
    readonly arn: string;
    readonly definition: { readonly containerDefinitions: readonly { readonly image: string }[] };
  };
  readonly deployedAt?: number;
  readonly current: boolean;
  readonly failed: boolean;
  readonly problems: readonly string[];
  readonly commits: readonly string[];
  readonly refs: readonly string[];
}

export const targetRow = ({
  revision,
  deployedAt,
  current,
  failed,
  problems,
  commits,
  refs,
}: TargetFacts): TargetRow => {
  const [commit] = commits;
  const ref = newestRef(refs);
  return {
    revision: lastPart(revision.arn),
    arn: revision.arn,
    ...defined({
      deployedAt: deployedAt === undefined ? undefined : new Date(deployedAt * 1000).toISOString(),
      commit: commit || undefined,
      ref: ref || undefined,
    }),
    images: revision.definition.containerDefinitions.map(({ image }) => image),
    current,
    usable: problems.length === 0,
    failed,
    problems,
  };
};

/** What a rollback may be asked to go to without hesitation. */
export const isTarget = ({ usable, current, failed }: TargetRow): boolean => usable && !current && !failed;

/** What `rollback-to` may name: also one whose last deployment failed, for a cause that may be repaired by now. */
const mayBeChosen = ({ usable, current }: TargetRow): boolean => usable && !current;

function stateOf({ current, usable, failed, problems }: TargetRow): string {
  const state = usable ? 'usable' : problems.join('; ');
  return `${current ? 'runs now' : state}${failed ? '; its last deployment failed' : ''}`;
}
/** `2026-11-26 14:05` of an instant in ISO 8601. */
export const minuteOf = (at: string | undefined): string => at?.slice(0, 16).replace('T', ' ') ?? '';

/** Without the columns that are empty in every row below the head. */
export function withoutEmpty(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const [, ...below] = rows;
  if (below.length === 0) return rows;
  return rows.map((row) => row.filter((_, column) => below.some((cells) => (cells[column] ?? '') !== '')));
}

/** Rows of cells in columns, without the empty ones; the first row is the head. */
export function logTable(console: LogConsole, rows: readonly (readonly string[])[]): void {
  const cells = withoutEmpty(rows).map((row) => row.map((cell) => oneLine(cell, 120)));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  for (const row of cells) {
    const padded = row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)));
    console.line(padded.join('  ').trimEnd());
  }
}

const guessText = (guessed: string): string =>
  `${guessed}: what has no date is a revision of the family, not proven to have run well.`;

/** A plain table in the log. */
export function logTargets(console: LogConsole, rows: readonly TargetRow[], guessed: string | undefined): void {
  logTable(console, [
    ['revision', 'deployed (UTC)', 'ref', 'commit', 'state'],
    ...rows.map((row) => [
      row.revision,
      minuteOf(row.deployedAt),
      refOf(row.ref),
      row.commit?.slice(0, 12) ?? '',
      stateOf(row),
    ]),
  ]);
  if (!rows.some(mayBeChosen)) console.line('There is no rollback target.');
  if (guessed) console.line(guessText(guessed));
}

const codeOrNothing = (text: string): string => (text === '' ? '' : html.code(text));

/** The same in Markdown. */
export function targetsTable(rows: readonly TargetRow[], guessed: string | undefined): string {
  const cells = (row: TargetRow): readonly string[] => [
    revisionCell(row.arn),
    html.prose(oneLine(stateOf(row), 300)),
    codeOrNothing(refOf(row.ref)),
    minuteOf(row.deployedAt),
    codeOrNothing(row.commit?.slice(0, 12) ?? ''),
  ];
  const [head = [], ...below] = withoutEmpty([
    ['Revision', 'State', 'Ref', 'Deployed (UTC)', 'Commit'],
    ...cut(rows, 50).map(cells),
  ]);
  const usable = rows.filter(mayBeChosen);
  return [
    ...(rows.length === 0 ? [] : [table(head, below)]),
    ...(guessed ? [prose(guessText(guessed))] : []),
    usable.length === 0
      ? 'There is no rollback target.'
      : `Run the rollback with \`mode: rollback\` and one that is usable as \`rollback-to\`, such as ${code((usable.find(isTarget) ?? usable[0])?.revision ?? '')}.`,
  ].join('\n\n');
}

/** The same as a job summary. */
export const targetsSummary = (
  service: ServiceState,
  rows: readonly TargetRow[],
  guessed: string | undefined,
): string =>
  `## Rollback targets of ${code(service.name)} in ${prose(placeText(service.clusterArn, service.region))}\n\n${targetsTable(rows, guessed)}\n`;
