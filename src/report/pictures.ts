import { lastPart } from '../arn.ts';
import { duration } from '../duration.ts';
import type { Instant, ServiceState } from '../model.ts';
import type { Outcome } from '../outcome.ts';
import { type About, whereOf } from './about.ts';
import { revisionCell } from './blocks.ts';
import { hasPage, isFailure, isGood } from './gist.ts';
import { fenced, html, table } from './markdown.ts';
import { causeInShort, type Phase, phasesOf, tookOf } from './phases.ts';
import { oneLine } from './text.ts';

/**
 * Pictures of a rollout that GitHub shows everywhere, in plain text: no diagram language, no colour that carries a meaning. Not a chart of
 * mermaid (xychart): it has no legend, so the lines of two revisions differ by colour alone, and its axis has no phases.
 */

/** One service, as a picture of several shows it. */
export interface Pictured {
  readonly outcome: Outcome;
  readonly about: About;
  /** Where a run has several. */
  readonly name?: string;
}

const nameOf = ({ outcome, about, name }: Pictured): string => name ?? whereOf(outcome, about) ?? '';

/**
 * Each revision, its state, and its tasks: running (with those pending), and failed where there are any. Four columns fit on a phone. With
 * several services a row for each revision of each, with the name of its service where the revision does not have it.
 */
export function revisionTable(pictured: readonly Pictured[]): string {
  const several = pictured.length > 1;
  const rows = pictured.flatMap((one) => {
    const { outcome } = one;
    if (isPlainSuccess(outcome)) return [];
    return (outcome.tally ?? []).map(({ taskDefinitionArn, running, pending, failed }) => {
      const isNamed = !several || lastPart(taskDefinitionArn).startsWith(`${nameOf(one)}:`);
      // A service that was deleted has no tasks.
      const [runs, waits] = hasPage(outcome) ? [running, pending] : [0, 0];
      return {
        cells: [
          `${isNamed ? '' : `${html.code(nameOf(one))}<br>`}${revisionCell(taskDefinitionArn)}`,
          html.prose(oneLine(stateOf(outcome, taskDefinitionArn), 300)),
          waits === 0 ? String(runs) : `${runs}, ${waits} pending`,
        ],
        failed,
      };
    });
  });
  if (rows.length === 0) return '';
  const someFailed = rows.some(({ failed }) => failed > 0);
  return table(
    ['Revision', 'State', 'Running', ...(someFailed ? ['Failed'] : [])],
    rows.map(({ cells, failed }) => [...cells, ...(someFailed ? [String(failed)] : [])]),
  );
}

/** No task failed or is pending: the page says above what serves, and what is kept beside it for a while. */
const isPlainSuccess = ({ kind, tally = [] }: Outcome): boolean =>
  isGood(kind) && tally.every(({ pending, failed }) => pending + failed === 0);

function stateOf(outcome: Outcome, arn: string): string {
  const { kind, deployment, serving, failedRollback, service, rolledBackWith } = outcome;
  const serves = serving?.revisions.find(({ taskDefinitionArn }) => taskDefinitionArn === arn);
  if (!hasPage(outcome)) return `${causeInShort(outcome)}; deleted with the service`;
  const state = serves ? `serves: ${serves.running} of ${serving?.desired}` : 'does not serve';
  if (failedRollback?.to === arn) return `the rollback to it failed; ${state}`;
  if (arn !== deployment?.taskDefinitionArn || !isFailure(kind)) return withPending(state, service, arn);
  if (rolledBackWith !== undefined && kind === 'rolled-back') return `rolled back with \`${rolledBackWith}\``;
  // The page says above what the cause is.
  return `${causeInShort(outcome)}; ${state}`;
}

const withPending = (state: string, service: ServiceState | undefined, arn: string): string => {
  const rollout = service?.deployments.find(({ taskDefinitionArn }) => taskDefinitionArn === arn)?.rolloutState;
  return rollout === 'IN_PROGRESS' ? `${state}, in progress` : state;
};

/** Characters of a line: what a phone of 400 pixels shows of a fence without scrolling. */
const LINE = 42;
/** Columns that a bar has whatever stands before it. */
const LEAST_COLUMNS = 12;
const LEVELS = [...'·▁▂▃▄▅▆▇█'];

/** A line of the picture: a name, a time or a count, and what is drawn over the time. */
interface Row {
  readonly name: string;
  readonly value: string;
  readonly draw: (axis: Axis) => string;
}

/** The time that a picture covers, and its columns. */
interface Axis {
  readonly from: Instant;
  readonly to: Instant;
  readonly columns: number;
}

/**
 * Where the time went, to scale: a line for each phase with its seconds and its bar, how it failed as a line of its own where that was,
 * and below them the running tasks of each revision over the same time. Of several services one line each, over the time of all, with
 * the tasks of its revisions below it; of many services only below those that did not succeed.
 */
export function rolloutBars(pictured: readonly Pictured[]): string {
  const drawn = pictured.flatMap((one) => {
    const { deployment } = one.outcome;
    const all = deployment ? phasesOf(one.outcome, deployment.startedAt) : [];
    const [from, to] = [all[0]?.from ?? 0, all.at(-1)?.to ?? 0];
    return all.some(isTimed) ? [{ one, all, from, to }] : [];
  });
  const [only] = drawn;
  if (!only) return '';
  const [from, to] = [Math.min(...drawn.map((each) => each.from)), Math.max(...drawn.map((each) => each.to))];
  const detailed = new Set(
    (drawn.length <= FEW ? drawn : drawn.filter(({ one }) => !isGood(one.outcome.kind))).slice(0, FEW),
  );
  const ofService = (each: (typeof drawn)[number]): Row[] => [
    { ...timed(each), value: tookText(each), name: oneLine(nameOf(each.one), 24) },
    ...(detailed.has(each) ? tasksOver(each.one.outcome).map((row) => ({ ...row, name: `  ${row.name}` })) : []),
  ];
  const rows =
    drawn.length > 1 ? drawn.flatMap(ofService) : [...only.all.map(phaseRow), ...tasksOver(only.one.outcome)];
  return fenced('text', [...linesOf(rows, { from, to }), `${duration(to - from)} in all; bars to scale`]);
}

/** As the table of the services has it: without a wait for others. */
function tookText({ one, from, to }: Pick<Phase, 'from' | 'to'> & { readonly one: Pictured }): string {
  return duration(tookOf(one.outcome)?.seconds ?? to - from);
}

/** Services whose revisions the picture shows. */
const FEW = 4;

/** What took no time has no bar: it says how the phase before it, or the rollout, ended. */
const isTimed = ({ from, to }: Pick<Phase, 'from' | 'to'>): boolean => to > from;

const timed = ({ from, to }: Pick<Phase, 'from' | 'to'>): Omit<Row, 'name'> => ({
  value: duration(to - from),
  draw: (axis) => barOf({ from, to }, axis),
});

const phaseRow = (phase: Phase): Row =>
  isTimed(phase) ? { ...timed(phase), name: phase.name } : { name: phase.name, value: '', draw: () => '' };

/** Columns in proportion to the time, and one at least. */
function barOf({ from, to }: Pick<Phase, 'from' | 'to'>, axis: Axis): string {
  const columnOf = (at: Instant): number => Math.round(((at - axis.from) / (axis.to - axis.from)) * axis.columns);
  const start = Math.min(columnOf(from), axis.columns - 1);
  return `${' '.repeat(start)}${'█'.repeat(Math.max(1, columnOf(to) - start))}`;
}

function linesOf(rows: readonly Row[], time: Omit<Axis, 'columns'>): string[] {
  const withBar = rows.filter(({ value }) => value !== '');
  const name = Math.max(...withBar.map((row) => row.name.length));
  const value = Math.max(...withBar.map((row) => row.value.length));
  const axis = { ...time, columns: Math.max(LEAST_COLUMNS, LINE - name - value - 2) };
  return rows.map((row) => `${row.name.padEnd(name)} ${row.value.padStart(value)} ${row.draw(axis)}`.trimEnd());
}

function tasksOver(outcome: Outcome): readonly Row[] {
  const counts = outcome.timeline.flatMap(({ at, running }) => (running ? [{ at, running }] : []));
  const revisions = [...new Set(counts.flatMap(({ running }) => Object.keys(running)))];
  const most = Math.max(1, ...counts.flatMap(({ running }) => Object.values(running)));
  const at = (instant: Instant, revision: string): number =>
    (counts.findLast((one) => one.at <= instant) ?? counts[0])?.running[revision] ?? 0;
  // A column stands for the instant in its middle.
  const levelsOf = (revision: string, { from, to, columns }: Axis): string[] =>
    Array.from({ length: columns }, (_, column) =>
      level(at(from + ((to - from) * (column + 0.5)) / columns, revision), most),
    );
  return revisions.map((revision) => ({
    name: oneLine(revision, 24),
    value: hasPage(outcome) ? `${counts.at(-1)?.running[revision] ?? 0} running` : 'deleted',
    draw: (axis) => levelsOf(revision, axis).join(''),
  }));
}

const level = (count: number, most: number): string =>
  LEVELS[count === 0 ? 0 : Math.max(1, Math.round((count / most) * (LEVELS.length - 1)))] ?? '';

/** Both pictures of one or several services; empty where no rollout was watched. */
export const picturesOf = (pictured: readonly Pictured[]): string[] =>
  [revisionTable(pictured), rolloutBars(pictured)].filter((picture) => picture !== '');
