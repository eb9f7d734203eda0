/** Which schedules run a family, and what changes in them; decided from what AWS has. */
import { familyAndNumber, lastPart } from '../arn.ts';
import { defined, type ScheduleId, type ScheduleMove, type ScheduleState } from '../model.ts';

/** As the input `schedules` takes it: `schedule/default/nightly`, `rule/nightly`, `rule/BUS/nightly`. */
export const nameOfSchedule = ({ kind, container, name }: ScheduleId): string =>
  kind === 'rule' && container === 'default' ? `rule/${name}` : `${kind}/${container}/${name}`;

/** The family of a task definition's ARN. */
const familyOf = (arn: string): string => familyAndNumber(arn).family;
/** Without a revision, ECS runs the latest ACTIVE one. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
const hasRevision = (arn: string): boolean => familyAndNumber(arn).revision > 0;

/** What a schedule has to do with a family. */
export type Relation =
  /** `moves`: none where all of its targets name the revision already. */
  | { readonly kind: 'runs'; readonly moves: readonly ScheduleMove[] }
  /** No target names a revision. */
  | { readonly kind: 'follows-latest' }
  /** `runs`: names of what its targets run, `reports:3`. */
  | { readonly kind: 'other-family'; readonly runs: readonly string[] }
  /** `others`: ARNs of its targets. */
  | { readonly kind: 'no-task'; readonly others: readonly string[] };

/**
 * @param to ARN of the revision that the targets of the family get
 */
export function relationOf(
  { id, targets, others }: ScheduleState,
  { family, to }: { readonly family: string; readonly to: string },
): Relation {
  if (targets.length === 0) return { kind: 'no-task', others };
  const ours = targets.filter(({ taskDefinition }) => familyOf(taskDefinition) === family);
  if (ours.length === 0)
    return { kind: 'other-family', runs: [...new Set(targets.map(({ taskDefinition }) => lastPart(taskDefinition)))] };
  const pinned = ours.filter(({ taskDefinition }) => hasRevision(taskDefinition));
  if (pinned.length === 0) return { kind: 'follows-latest' };
  return {
    kind: 'runs',
    moves: pinned
      .filter(({ taskDefinition }) => taskDefinition !== to)
      .map(({ taskDefinition: from, target }) => ({ id, from, to, ...defined({ target }) })),
  };
}

/** Whether a target of the family has no revision, beside those that have one: that is left as it is. */
export const hasLoose = ({ targets }: ScheduleState, family: string): boolean =>
  targets.some(({ taskDefinition }) => familyOf(taskDefinition) === family && !hasRevision(taskDefinition));

/** One that is left as it is, in a sentence. */
export const latestText = (name: string, family: string): string =>
  `${name} names the family ${family} without a revision: it runs the latest active revision, deployed or not, and is left as it is. Give its target a revision once, and it is moved with each deployment.`;

/** Why one that was chosen is not moved: it does not run the family any more; in a sentence. @param state undefined: it is gone */
export function changedText(name: string, state: ScheduleState | undefined, family: string): string | undefined {
  if (!state) return `${name} was deleted during the deployment, and was not moved.`;
  const relation = relationOf(state, { family, to: '' });
  switch (relation.kind) {
    case 'runs':
      return undefined;
    case 'follows-latest':
      return latestText(name, family);
    case 'other-family':
      return `${name} was changed during the deployment: it runs ${relation.runs.join(' and ')} now, and was not moved.`;
    case 'no-task':
      return `${name} was changed during the deployment: it runs no ECS task now, and was not moved.`;
  }
}

/** The moves the other way, for what still has what was moved to. */
export function movesBack(moves: readonly ScheduleMove[], state: ScheduleState): readonly ScheduleMove[] {
  return moves
    .filter((move) =>
      state.targets.some(({ target, taskDefinition }) => target === move.target && taskDefinition === move.to),
    )
    .map(({ from, to, ...rest }) => ({ ...rest, from: to, to: from }));
}

/** The moves that are not carried out yet. */
export const movesLeft = (moves: readonly ScheduleMove[], state: ScheduleState): readonly ScheduleMove[] =>
  moves.filter((move) =>
    state.targets.some(({ target, taskDefinition }) => target === move.target && taskDefinition === move.from),
  );

/** Moves by schedule, in their order. */
export const bySchedule = (moves: readonly ScheduleMove[]): readonly (readonly ScheduleMove[])[] => [
  ...Map.groupBy(moves, ({ id }) => nameOfSchedule(id)).values(),
];

/** `3 schedules now run web:42` */
export function movedText(moves: readonly ScheduleMove[], to: string): string {
  const count = bySchedule(moves).length;
  return `${count === 1 ? `${nameOfSchedule(moves[0]?.id ?? NONE)} now runs` : `${count} schedules now run`} ${lastPart(to)}`;
}
const NONE: ScheduleId = { kind: 'schedule', container: '', name: '' };
