import type { Instant } from '../model.ts';
import type { ServicePhase } from '../outcome.ts';
import { counted, elapsed, oneLine } from './text.ts';

/** What the live table shows of one service. */
export interface LiveRow {
  readonly name: string;
  phase: ServicePhase;
  /** `web:42` */
  revision: string;
  /** `1 of 2` */
  tasks: string;
  since: Instant;
}

/** Rows of a table in the log; the services that move come first. */
const TABLE_ROWS = 30;

const MOVING: readonly ServicePhase[] = ['deploying', 'rolling back', 'failed', 'rolled-back', 'preparing', 'waiting'];

/** The table as lines: how many are in which phase, then those that move. */
export function liveTable(
  rows: readonly LiveRow[],
  { now, startedAt }: { readonly now: Instant; readonly startedAt: Instant },
): string[] {
  const counts = Map.groupBy(rows, ({ phase }) => phase);
  const title = [...counts].map(([phase, some]) => `${some.length} ${phase}`).join(', ');
  const rank = ({ phase }: LiveRow): number => (MOVING.includes(phase) ? MOVING.indexOf(phase) : MOVING.length);
  const shown = [...rows].sort((a, b) => rank(a) - rank(b)).slice(0, TABLE_ROWS);
  const left = rows.length - shown.length;
  return [
    `${elapsed(now, startedAt).padStart(7)} ${counted(rows.length, 'service')}: ${title}`,
    ...aligned(shown.map((row) => [row.name, row.phase, row.revision, row.tasks, elapsed(now, row.since)])),
    ...(left > 0 ? [`        and ${left} more`] : []),
  ];
}

/** Columns of one width each. */
export function aligned(cells: readonly (readonly string[])[]): string[] {
  const short = cells.map((row) => row.map((cell) => oneLine(cell, 60)));
  const widths = short.reduce<number[]>(
    (most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, cell.length)),
    [],
  );
  return short.map((row) =>
    `        ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
