import { duration } from '../duration.ts';
import type { Instant, ServiceState } from '../model.ts';
import type { Moment, Outcome } from '../outcome.ts';
import { type About, whereOf } from './about.ts';
import { revisionCell } from './blocks.ts';
import { hasPage, isFailure, isGood } from './gist.ts';
import { fenced, html, table } from './markdown.ts';
import { causeInShort, type Phase, phasesOf } from './phases.ts';
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
 * Each revision, its state, and its tasks: running, and pending and failed where there are any. The state comes first: a phone shows
 * no more than two or three columns. With several services a row for each revision of each.
 */
export function revisionTable(pictured: readonly Pictured[]): string {
  const several = pictured.length > 1;
  const rows = pictured.flatMap((one) => {
    const { outcome } = one;
    if (isPlainSuccess(outcome)) return [];
    return (outcome.tally ?? []).map(({ taskDefinitionArn, running, pending, failed }) => ({
      cells: [
        ...(several ? [html.prose(nameOf(one))] : []),
        revisionCell(taskDefinitionArn),
        html.prose(oneLine(stateOf(outcome, taskDefinitionArn), 300)),
      ],
      // A service that was deleted has no tasks.
      counts: [...(hasPage(outcome) ? [running, pending] : [0, 0]), failed],
    }));
  });
  if (rows.length === 0) return '';
  const shown = ['Running', 'Pending', 'Failed'].flatMap((name, column) =>
    column === 0 || rows.some(({ counts }) => counts[column] !== 0) ? [{ name, column }] : [],
  );
  return table(
    [...(several ? ['Service'] : []), 'Revision', 'State', ...shown.map(({ name }) => name)],
    rows.map(({ cells, counts }) => [...cells, ...shown.map(({ column }) => String(counts[column]))]),
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
  if (rolledBackWith !== undefined && kind === 'rolled-back') return `rolled back with ${rolledBackWith}`;
  // The page says above what the cause is.
  return `${causeInShort(outcome)}; ${state}`;
}

const withPending = (state: string, service: ServiceState | undefined, arn: string): string => {
  const rollout = service?.deployments.find(({ taskDefinitionArn }) => taskDefinitionArn === arn)?.rolloutState;
  return rollout === 'IN_PROGRESS' ? `${state}, in progress` : state;
};

/** Columns for the bar of the longest rollout: what GitHub shows of a fence without scrolling, less the names. */
const WIDTH = 84;
const LEVELS = [...'·▁▂▃▄▅▆▇█'];

/**
 * Where the time went, and the tasks that ran: a bar of the phases with their seconds, as long as the rollout took, and below it the running
 * tasks of each revision over the same time. A sign on the bar marks where it failed, and the words after it how. With several services a
 * bar for each.
 */
export function rolloutBars(pictured: readonly Pictured[]): string {
  const drawn = pictured.flatMap((one) => {
    const { deployment, timeline } = one.outcome;
    const all = deployment ? phasesOf(one.outcome, deployment.startedAt) : [];
    const phases = all.filter(isTimed);
    if (phases.length === 0) return [];
    const widths = columnsOf(phases);
    return [
      {
        bar: barOf(all, widths),
        tasks: tasksOver(timeline, phases, widths),
        name: nameOf(one),
        gone: !hasPage(one.outcome),
      },
    ];
  });
  const several = drawn.length > 1;
  const names = drawn.flatMap(({ name, tasks }) => [several ? name : '', ...tasks.map(({ revision }) => revision)]);
  const left = Math.max(0, ...names.map((name) => oneLine(name, 60).length)) + 1;
  const named = (name: string): string => oneLine(name, 60).padEnd(left);
  const lines = drawn.flatMap(({ bar, tasks, name, gone }) => [
    `${named(several ? name : '')}${bar}`,
    ...tasks.map(({ revision, line, last }) => `${named(revision)} ${line}  ${gone ? 'deleted' : `${last} running`}`),
  ]);
  return lines.length === 0 ? '' : fenced('text', lines);
}

/** What took no time has no place on the bar: it is the sign between two phases, or at the end. */
const isTimed = ({ from, to }: Phase): boolean => to > from;

/** `├─ tasks start 12 s ─✗─ rollback 12 s ─┤ 24 s, tasks crashed` */
function barOf(all: readonly Phase[], widths: readonly number[]): string {
  const phases = all.filter(isTimed);
  const marks = all.filter((phase) => !isTimed(phase));
  const took = (phases.at(-1)?.to ?? 0) - (phases[0]?.from ?? 0);
  const signAfter = (index: number): string => {
    const phase = phases[index];
    const next = phases[index + 1];
    const between = all.slice(phase ? all.indexOf(phase) + 1 : 0, next ? all.indexOf(next) : all.length);
    if (between.some(({ name }) => name.startsWith(FAILED))) return FAILED.trim();
    return next ? '┼' : '┤';
  };
  const line = phases.map((phase, index) => `${labelled(phase, widths[index] ?? 0)}${signAfter(index)}`).join('');
  const how = marks.map(({ name }) => name.replace(FAILED, ''));
  return `├${line} ${[duration(took), ...how].join(', ')}`;
}

const FAILED = '✗ ';

const labelOf = ({ name, from, to }: Phase): string => ` ${name} ${duration(to - from)} `;

const labelled = (phase: Phase, width: number): string => {
  const label = labelOf(phase);
  const rest = Math.max(0, width - label.length);
  return `${'─'.repeat(Math.floor(rest / 2))}${label}${'─'.repeat(Math.ceil(rest / 2))}`;
};

/** Each phase has room for its label, and for two dashes where that fits; the rest is divided by time. */
function columnsOf(phases: readonly Phase[]): readonly number[] {
  const labels = phases.map((phase) => labelOf(phase).length);
  const dashes = labels.reduce((sum, length) => sum + length + 3, 0) > WIDTH ? 0 : 2;
  const least = labels.map((length) => length + dashes);
  const total = phases.reduce((sum, { from, to }) => sum + to - from, 0);
  const free = Math.max(0, WIDTH - least.reduce((sum, width) => sum + width, 0) - phases.length);
  return phases.map(
    ({ from, to }, index) => (least[index] ?? 0) + Math.round((free * (to - from)) / Math.max(1, total)),
  );
}

interface Running {
  readonly revision: string;
  readonly line: string;
  readonly last: number;
}

function tasksOver(
  timeline: readonly Moment[],
  phases: readonly Phase[],
  widths: readonly number[],
): readonly Running[] {
  const counts = timeline.flatMap(({ at, running }) => (running ? [{ at, running }] : []));
  const revisions = [...new Set(counts.flatMap(({ running }) => Object.keys(running)))];
  const most = Math.max(1, ...counts.flatMap(({ running }) => Object.values(running)));
  // A column stands for an instant within its phase; the sign between two phases belongs to the first.
  const instants = phases.flatMap(({ from, to }, index) => {
    const columns = (widths[index] ?? 0) + (index < phases.length - 1 ? 1 : 0);
    return Array.from({ length: columns }, (_, column) => from + ((to - from) * (column + 0.5)) / columns);
  });
  const at = (instant: Instant, revision: string): number =>
    (counts.findLast((one) => one.at <= instant) ?? counts[0])?.running[revision] ?? 0;
  return revisions.map((revision) => ({
    revision,
    line: instants.map((instant) => level(at(instant, revision), most)).join(''),
    last: counts.at(-1)?.running[revision] ?? 0,
  }));
}

const level = (count: number, most: number): string =>
  LEVELS[count === 0 ? 0 : Math.max(1, Math.round((count / most) * (LEVELS.length - 1)))] ?? '';

/** Both pictures of one or several services; empty where no rollout was watched. */
export const picturesOf = (pictured: readonly Pictured[]): string[] =>
  [revisionTable(pictured), rolloutBars(pictured)].filter((picture) => picture !== '');
