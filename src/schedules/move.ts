import { lastPart } from '../arn.ts';
import { asFailure, type Failure, sentence } from '../failure.ts';
import type { ScheduleMove, ScheduleState } from '../model.ts';
import type { Schedules } from '../ports.ts';
import type { Chosen } from './choose.ts';
import { bySchedule, changedText, movesBack, movesLeft, nameOfSchedule, relationOf } from './schedules.ts';

/** The result for the schedules of a run. */
export type Moved =
  | {
      readonly kind: 'moved';
      readonly moves: readonly ScheduleMove[];
      /** What was chosen and is not moved, because it is gone or runs another family by now; a sentence each. */
      readonly left: readonly string[];
    }
  /** `reason`: a sentence; those that had been moved are as they were, except where it says otherwise. */
  | { readonly kind: 'failed'; readonly reason: string; readonly failure: Failure };

interface Planned {
  /** Undefined where it was deleted meanwhile. */
  readonly state: ScheduleState | undefined;
  readonly moves: readonly ScheduleMove[];
  readonly left: string | undefined;
}

interface Moving {
  readonly port: Schedules;
  /** Called with all moves before the first. */
  readonly announce: (moves: readonly ScheduleMove[]) => void;
  /** Called when those of one schedule are moved. */
  readonly moved: (moves: readonly ScheduleMove[]) => void;
  /** Aborted when the run is cancelled: what is moved by then is for post. */
  readonly signal: AbortSignal;
}

/**
 * Moves the targets of the family to a revision: each schedule is read again and sent back with that alone changed. When one
 * cannot be moved, those before it are moved back, so that all of them run the same revision.
 * @param to ARN
 * @throws Failure CANCELLED; what had been moved stays, and post continues
 */
export async function moveSchedules(
  { family, states }: Pick<Chosen, 'family' | 'states'>,
  to: string,
  { port, announce, moved, signal }: Moving,
): Promise<Moved> {
  // Minutes have passed since they were chosen.
  let now: readonly Planned[];
  try {
    now = await Promise.all(
      states.map(async ({ id }): Promise<Planned> => {
        const state = await port.read(id);
        const relation = state && relationOf(state, { family, to });
        const left = changedText(nameOfSchedule(id), state, family);
        return { state, moves: relation?.kind === 'runs' ? relation.moves : [], left };
      }),
    );
  } catch (thrown) {
    signal.throwIfAborted();
    const failure = asFailure(thrown);
    return { kind: 'failed', reason: `its schedules could not be read again: ${sentence(failure.message)}`, failure };
  }
  const all = now.flatMap(({ moves }) => moves);
  const left = now.flatMap((one) => one.left ?? []);
  if (all.length === 0) return { kind: 'moved', moves: [], left };
  announce(all);
  const done: ScheduleMove[] = [];
  for (const { state, moves } of now) {
    if (!state || moves.length === 0) continue;
    try {
      signal.throwIfAborted();
      await port.move(state, moves);
      done.push(...moves);
      moved(moves);
    } catch (thrown) {
      signal.throwIfAborted();
      const failure = asFailure(thrown);
      const problems = await moveBack([...done, ...moves], port);
      const undone = [...problems, ...(problems.length === 0 && done.length > 0 ? [undoneText(done)] : [])];
      const why = sentence(`${sentence(failure.message)} ${rightsOf(state, failure)}`.trim());
      const reason = `${nameOfSchedule(state.id)} could not be moved to ${lastPart(to)}: ${[why, ...undone].join(' ')}`;
      return { kind: 'failed', reason, failure };
    }
  }
  return { kind: 'moved', moves: done, left };
}

/** What both calls need together: a policy with one of them would be denied again. */
function rightsOf({ id, targets }: ScheduleState, { code }: Failure): string {
  if (code !== 'ACCESS_DENIED') return '';
  const action = id.kind === 'schedule' ? 'scheduler:UpdateSchedule' : 'events:PutTargets';
  const roles = [...new Set(targets.flatMap(({ role }) => role ?? []))];
  const pass = roles.length > 0 ? `, and iam:PassRole on ${roles.join(' and ')}` : '';
  return `Allow ${action} on ${nameOfSchedule(id)}${pass}, for the role that this job uses.`;
}

/** `Moved back: rule/nightly (web:41).` @param done the moves that were undone */
export function undoneText(done: readonly ScheduleMove[]): string {
  const names = bySchedule(done).map(([first]) =>
    first ? `${nameOfSchedule(first.id)} (${lastPart(first.from)})` : '',
  );
  return `Moved back: ${names.join(', ')}.`;
}

/**
 * Moves back what still has the revision that it was moved to; what was changed meanwhile is left as it is. One that cannot be
 * moved back does not keep the others from it.
 * @returns a sentence for each that could not be moved back
 */
export async function moveBack(moves: readonly ScheduleMove[], port: Schedules): Promise<readonly string[]> {
  return eachSchedule(moves, port, { stays: 'to', left: movesBack });
}

/**
 * Carries out the moves that are left; what was changed meanwhile is left as it is.
 * @returns a sentence for each that could not be moved
 */
export async function moveOn(moves: readonly ScheduleMove[], port: Schedules): Promise<readonly string[]> {
  return eachSchedule(moves, port, { stays: 'from', left: movesLeft });
}

async function eachSchedule(
  moves: readonly ScheduleMove[],
  port: Schedules,
  {
    stays,
    left,
  }: {
    /** What one has that could not be changed. */
    readonly stays: 'from' | 'to';
    readonly left: (moves: readonly ScheduleMove[], state: ScheduleState) => readonly ScheduleMove[];
  },
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const some of bySchedule(moves)) {
    const [first] = some;
    if (!first) continue;
    try {
      const state = await port.read(first.id);
      const rest = state ? left(some, state) : [];
      if (state && rest.length > 0) await port.move(state, rest);
    } catch (thrown) {
      const why = sentence(asFailure(thrown).message);
      problems.push(`${nameOfSchedule(first.id)} may still run ${lastPart(first[stays])}: ${why}`);
    }
  }
  return problems;
}
