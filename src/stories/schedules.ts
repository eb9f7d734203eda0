/** `schedules`: what runs tasks of the family at a time or on an event follows the revision that is deployed. */
import { lastPart } from '../arn.ts';
import { asFailure, sentence } from '../failure.ts';
import type { Inputs } from '../inputs/types.ts';
import type { ScheduleMove } from '../model.ts';
import { GOOD, type Outcome, type Progress, withChange } from '../outcome.ts';
import type { World } from '../ports.ts';
import { type Chosen, chooseSchedules, type ScheduleSubject } from '../schedules/choose.ts';
import { type Moved, moveBack, moveSchedules, undoneText } from '../schedules/move.ts';
import { movedText, nameOfSchedule, relationOf } from '../schedules/schedules.ts';
import type { Deployment } from '../service/deployment.ts';
import type { Watched } from '../watch/watch.ts';
import { type ScheduleIntent, saveSchedules } from './handover.ts';

/** As much of a run as moving schedules needs. */
interface SchedulesRun {
  readonly inputs: Pick<Inputs, 'schedules'>;
  readonly world: World;
  readonly progress: Pick<Progress, 'step'>;
}

/**
 * The schedules of the run, looked up before anything is changed.
 * @throws Failure with all that is wrong with them
 */
export async function choose(subject: ScheduleSubject, { inputs, world, progress }: SchedulesRun): Promise<Chosen> {
  const chosen = await chooseSchedules(inputs.schedules, subject, await world.schedules());
  const names = namesOf(chosen);
  if (names.length > 0) progress.step(`schedules that follow the deployment: ${names.join(', ')}`);
  return chosen;
}

/** `schedule/default/nightly (web:41)`: with what each ran when it was looked up. */
const namesOf = ({ states }: Pick<Chosen, 'states'>): readonly string[] =>
  states.map(({ id, targets }) => {
    const runs = targets.map(({ taskDefinition }) => lastPart(taskDefinition));
    return `${nameOfSchedule(id)} (${[...new Set(runs)].join(', ')})`;
  });

/** The outcome of a deployment that is not good says of its schedules that they stay as they were. */
export function withUnmoved<Known extends Pick<Outcome, 'kind' | 'schedules'>>(
  outcome: Known,
  chosen: Chosen,
): Known & Pick<Outcome, 'unmoved'> {
  const follow = GOOD.includes(outcome.kind) || outcome.schedules !== undefined || chosen.states.length === 0;
  return follow ? outcome : { ...outcome, unmoved: namesOf(chosen) };
}

/** Names of the revisions that are moved from, each once. */
const leftBy = (moves: readonly ScheduleMove[]): readonly string[] => [
  ...new Set(moves.map(({ from }) => lastPart(from))),
];

/** What a plan says of them. @param to name of the revision that they would get; undefined where it is not registered yet */
export function plannedMoves({ family, states }: Chosen, to: string | undefined): readonly string[] {
  return states.map((state) => {
    const relation = relationOf(state, { family, to: to ?? '' });
    const moves = relation.kind === 'runs' ? relation.moves : [];
    const from = leftBy(moves).join(' and ');
    const name = nameOfSchedule(state.id);
    return moves.length === 0
      ? `${name} runs ${lastPart(to)} already.`
      : `${name} runs ${from}, and would be moved to ${to === undefined ? 'the new revision' : lastPart(to)} once it is deployed.`;
  });
}

/** A revision that is to be run by the schedules, and whose deployment they follow. */
interface MoveRequest {
  readonly chosen: Chosen;
  /** ARN. */
  readonly to: string;
  readonly service?: ScheduleIntent['service'];
}

/** Moves them, with what post needs should this run end meanwhile. */
export async function move({ chosen, to, service }: MoveRequest, { world, progress }: SchedulesRun): Promise<Moved> {
  const moved = await moveSchedules(chosen, to, {
    port: await world.schedules(),
    announce: (moves) => saveSchedules({ to, moves, ...(service ? { service } : {}) }, world),
    moved: (moves) => {
      const [first] = moves;
      if (first) progress.step(`${nameOfSchedule(first.id)}: ${leftBy(moves).join(', ')} -> ${lastPart(to)}`);
    },
    signal: world.signal,
  });
  saveSchedules(undefined, world);
  if (moved.kind === 'failed') progress.step(moved.reason, 'failure');
  else for (const text of moved.left) progress.step(text, 'warning');
  return moved;
}

/** As much as is known of a deployment before its end. */
type Known = Pick<Outcome, 'warnings' | 'schedules'> & { readonly deployment: Deployment };

/**
 * Once a deployment is good: its schedules get its revision. One that cannot be moved makes the deployment failed, so that service and
 * schedules run the same revision again (`rollback-on-failure`).
 */
export async function moveAfter<Facts extends Known>(
  { watched, facts }: { readonly watched: Watched; readonly facts: Facts },
  chosen: Chosen,
  run: SchedulesRun,
): Promise<{ readonly watched: Watched; readonly facts: Facts }> {
  const known = { ...facts, warnings: [...facts.warnings, ...chosen.warnings] };
  if (watched.verdict.kind !== 'succeeded') return { watched, facts: known };
  const { cluster, service, taskDefinitionArn: to } = facts.deployment;
  const moved = await move({ chosen, to, service: { cluster, service } }, run);
  if (moved.kind === 'moved') {
    const warnings = [...known.warnings, ...moved.left];
    return { watched, facts: { ...known, warnings, schedules: moved.moves } };
  }
  const reason = `${lastPart(to)} was deployed, but ${moved.reason}`;
  const failed: Watched = {
    snapshot: { ...watched.snapshot, diagnoses: [] },
    verdict: { kind: 'failed', reason, causes: [] },
  };
  return { watched: failed, facts: known };
}

/**
 * The same for `mode: rollback`: what was left stays left, whatever the result for the schedules. What could not be looked up before is looked
 * up again; the step fails where a schedule was not moved.
 */
export async function moveBackWith(
  outcome: Outcome,
  {
    subject,
    chosen,
    to,
  }: { readonly subject: ScheduleSubject; readonly chosen: Chosen | undefined; readonly to: string },
  run: SchedulesRun,
): Promise<Outcome> {
  if (outcome.kind !== 'deployed' && outcome.kind !== 'unchanged')
    return chosen ? withUnmoved(outcome, chosen) : outcome;
  const { service } = outcome;
  const of = service && { cluster: service.clusterArn, service: service.name };
  try {
    const schedules = chosen ?? (await choose(subject, run));
    const moved = await move({ chosen: schedules, to, ...(of ? { service: of } : {}) }, run);
    if (moved.kind === 'failed') return failed(outcome, moved.reason);
    const warnings = [...outcome.warnings, ...schedules.warnings, ...moved.left];
    return withMoves({ ...outcome, warnings, schedules: moved.moves });
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code !== 'CANCELLED') return failed(outcome, `The schedules were not moved: ${failure.describe()}`);
    const headline = `${outcome.headline} The run was cancelled while its schedules were moved.`;
    return { ...outcome, kind: 'cancelled', headline, underWay: true };
  }
}

function failed(outcome: Outcome, problem: string): Outcome {
  const reason = sentence(problem.replaceAll(/\s*\n\s*/g, ' '));
  return { ...outcome, kind: 'failed', reason, headline: `${outcome.headline} ${reason}` };
}

/** The headline says what the schedules run, where any was moved. */
export function withMoves(outcome: Outcome): Outcome {
  const { schedules = [], headline } = outcome;
  const [first] = schedules;
  if (!first) return outcome;
  const text = `${movedText(schedules, first.to)}.`;
  // What serves is the last sentence of a headline.
  const at = headline.lastIndexOf(' Now ');
  const untouched = withChange(headline, text);
  if (untouched !== headline) return { ...outcome, headline: untouched };
  return {
    ...outcome,
    headline: at < 0 ? `${headline} ${text}` : `${headline.slice(0, at)} ${text}${headline.slice(at)}`,
  };
}

/**
 * Moves back what this run has moved, because its deployment is rolled back after all.
 * @returns a sentence on it
 */
export async function undoMoves(
  moves: readonly ScheduleMove[],
  { world, progress }: Omit<SchedulesRun, 'inputs'>,
): Promise<string> {
  if (moves.length === 0) return '';
  let problems: readonly string[];
  try {
    problems = await moveBack(moves, await world.schedules());
  } catch (thrown) {
    problems = [asFailure(thrown).message];
  }
  const text = problems.length > 0 ? problems.join(' ') : undoneText(moves);
  progress.step(text, problems.length > 0 ? 'warning' : 'normal');
  return text;
}
