import { lastPart, parseArn, placeOf } from '../arn.ts';
import { asFailure, Failure, type Mistake } from '../failure.ts';
import { inTurns } from '../in-turns.ts';
import type { ScheduleSelector } from '../inputs/types.ts';
import { listedNow } from '../missing.ts';
import type { ScheduleId, ScheduleState } from '../model.ts';
import type { Schedules } from '../ports.ts';
import { didYouMean, type Listed, whatExists } from '../spelling.ts';
import { hasLoose, latestText, nameOfSchedule, type Relation, relationOf } from './schedules.ts';

/** The schedules of a run, as they are before anything is changed. */
export interface Chosen {
  readonly family: string;
  readonly states: readonly ScheduleState[];
  /** What is left as it is although it was asked for; a sentence each. */
  readonly warnings: readonly string[];
}

/** What they are chosen for. */
export interface ScheduleSubject {
  readonly family: string;
  /** ARN. */
  readonly cluster: string;
}

/** So many are asked for side by side: both services limit their calls by account. */
const AT_A_TIME = 10;
const SHOWN = 8;
const DEFAULT_BUS_ALONE = 'Rules were looked for on the default event bus alone: events:ListEventBuses is denied.';

/**
 * Looks up every schedule that the input names, by name, tag or family. Nothing is changed.
 * @throws Failure NOT_FOUND or INVALID_INPUT with all that is wrong; ACCESS_DENIED where IAM does not let us read one
 */
export async function chooseSchedules(
  selectors: readonly ScheduleSelector[],
  subject: ScheduleSubject,
  port: Schedules,
): Promise<Chosen> {
  const named = selectors.filter((one) => one.kind === 'id' || one.kind === 'name');
  const wide = selectors.filter((one) => one.kind === 'tag' || one.kind === 'all');
  const [found, searched] = await Promise.all([
    inTurns(named, AT_A_TIME, (selector) => findNamed(selector, subject, port)),
    wide.length > 0 ? findWide(wide, subject, port) : { states: [], warnings: [] },
  ]);
  const mistakes = found.flatMap((one) => ('mistake' in one ? [one] : []));
  if (mistakes.length > 0) throw await refusal(mistakes, port);
  const warnings = found.flatMap((one) => ('warning' in one && one.warning !== undefined ? [one.warning] : []));
  const all = [...found.flatMap((one) => ('state' in one ? [one.state] : [])), ...searched.states];
  const states = [...new Map(all.map((state) => [nameOfSchedule(state.id), state])).values()];
  const mixed = states.flatMap((state) =>
    hasLoose(state, subject.family) ? [`A target of ${latestText(nameOfSchedule(state.id), subject.family)}`] : [],
  );
  return { family: subject.family, states, warnings: [...warnings, ...searched.warnings, ...mixed] };
}

type Found =
  | { readonly state: ScheduleState }
  | { readonly warning: string }
  | { readonly mistake: Mistake; readonly missing?: string };

async function findNamed(
  selector: Extract<ScheduleSelector, { kind: 'id' | 'name' }>,
  subject: ScheduleSubject,
  port: Schedules,
): Promise<Found> {
  if (selector.kind === 'name') return findByName(selector.name, subject, port);
  const account = parseArn(subject.cluster)?.account;
  if (selector.account !== undefined && account !== undefined && selector.account !== account)
    return {
      mistake: {
        subject: 'schedules',
        problem: `\`${nameOfSchedule(selector.id)}\` is in account ${selector.account}, and the cluster in ${account}.`,
        remedy: 'Name a schedule of the account that the step works in.',
      },
    };
  const state = await port.read(selector.id);
  return state ? judged(state, subject) : missing(nameOfSchedule(selector.id), subject);
}

/** A name without more is looked up on both sides. One of them may be denied where the other has it. */
async function findByName(name: string, subject: ScheduleSubject, port: Schedules): Promise<Found> {
  const ids = (['schedule', 'rule'] as const).map((kind): ScheduleId => ({ kind, container: 'default', name }));
  const answers = await Promise.allSettled(ids.map((id) => port.read(id)));
  const states = answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value ? [answer.value] : []));
  const [state] = states;
  if (states.length > 1)
    return {
      mistake: {
        subject: 'schedules',
        problem: `\`${name}\` is both a schedule and a rule.`,
        remedy: `Write ${ids.map((id) => `\`${nameOfSchedule(id)}\``).join(' or ')}, or both.`,
      },
    };
  if (state) return judged(state, subject);
  for (const answer of answers) if (answer.status === 'rejected') throw withOneSide(asFailure(answer.reason), ids);
  return missing(name, subject);
}

/** Whether the other side has the name is not known, so the denial ends the run. */
function withOneSide(failure: Failure, ids: readonly ScheduleId[]): Failure {
  if (failure.code !== 'ACCESS_DENIED') return failure;
  const [schedule, rule] = ids.map(nameOfSchedule);
  return new Failure(failure.code, failure.message, {
    remedy:
      `${failure.remedy ?? ''} To look on one side alone, write \`${schedule}\` or \`${rule}\` in \`schedules\`.`.trim(),
    ...(failure.api ? { api: failure.api } : {}),
    cause: failure.cause ?? failure,
  });
}

const missing = (name: string, { cluster }: ScheduleSubject): Found => ({
  mistake: { subject: 'schedules', problem: `\`${name}\` does not exist${placeOf(cluster)}.` },
  missing: name,
});

/** Of one that is named: what it has to do with the family must be right. */
function judged(state: ScheduleState, { family }: ScheduleSubject): Found {
  const relation = relationOf(state, { family, to: '' });
  const name = nameOfSchedule(state.id);
  const wrong = (problem: string, remedy: string): Found => ({ mistake: { subject: 'schedules', problem, remedy } });
  switch (relation.kind) {
    case 'runs':
      return { state };
    case 'follows-latest':
      return { warning: latestText(name, family) };
    case 'other-family':
      return wrong(
        `\`${name}\` runs ${relation.runs.join(' and ')}, and this step deploys the family ${family}.`,
        'Remove it here, or name it in the step that registers that family.',
      );
    case 'no-task':
      return wrong(`\`${name}\` ${withoutTask(relation)}.`, 'Name schedules whose target is ECS RunTask.');
  }
}

function withoutTask({ others }: Extract<Relation, { kind: 'no-task' }>): string {
  if (others.some((arn) => arn.endsWith(':aws-sdk:ecs:runTask')))
    return 'calls ecs:RunTask as a universal target, whose input is not changed';
  return others.length === 0 ? 'has no target' : `runs no ECS task (its target is ${others.join(', ')})`;
}

/** Of the cluster, those that run the family, and of these those with the tag. */
async function findWide(
  selectors: readonly Extract<ScheduleSelector, { kind: 'tag' | 'all' }>[],
  subject: ScheduleSubject,
  port: Schedules,
): Promise<Pick<Chosen, 'states' | 'warnings'>> {
  const { family, cluster } = subject;
  const arn = parseArn(cluster);
  // Rules with a schedule are on the default event bus; those of events may be on any.
  const buses = await port.buses().catch((thrown: unknown) => {
    if (asFailure(thrown).code !== 'ACCESS_DENIED') throw thrown;
    return undefined;
  });
  const all = await port.ofCluster(cluster, buses ?? ['default']);
  const known = all.map((state) => ({ state, relation: relationOf(state, { family, to: '' }) }));
  const ours = known.filter(({ relation }) => relation.kind === 'runs' || relation.kind === 'follows-latest');
  const place = { account: arn?.account ?? '', region: arn?.region ?? '', partition: arn?.partition ?? '' };
  const tagged = selectors.some(({ kind }) => kind === 'tag')
    ? await inTurns(ours, AT_A_TIME, async ({ state }) => port.tags(state.id, place))
    : [];
  const chosen = new Set<(typeof ours)[number]>();
  const warnings: string[] = buses === undefined ? [DEFAULT_BUS_ALONE] : [];
  for (const selector of selectors) {
    const some = ours.filter(
      (_, index) =>
        selector.kind === 'all' ||
        (tagged[index] ?? []).some(
          ({ key, value }) => key === selector.key && (selector.value === undefined || selector.value === value),
        ),
    );
    for (const one of some) chosen.add(one);
    if (some.length === 0)
      warnings.push(`No schedule of the cluster ${lastPart(cluster)} runs ${family}${withTag(selector)}.`);
  }
  const pinned = [...chosen].filter(({ relation }) => relation.kind === 'runs');
  const loose = [...chosen].filter(({ relation }) => relation.kind !== 'runs');
  return {
    states: pinned.map(({ state }) => state),
    warnings: [...warnings, ...loose.map(({ state }) => latestText(nameOfSchedule(state.id), family))],
  };
}

const withTag = (selector: Extract<ScheduleSelector, { kind: 'tag' | 'all' }>): string =>
  selector.kind === 'all'
    ? ''
    : ` and has the tag ${selector.key}${selector.value === undefined ? '' : `=${selector.value}`} (of a rule, or of the group of a schedule)`;

/** All mistakes, with what exists under nearly the same name, as far as that may be listed. */
async function refusal(found: readonly Extract<Found, { mistake: Mistake }>[], port: Schedules): Promise<Failure> {
  const needed = found.some(({ missing: name }) => name !== undefined);
  // Nothing that happens meanwhile ends the run a second time.
  const existing = needed ? await listedNow(() => port.list()).catch(() => undefined) : undefined;
  const mistakes = found.map(({ mistake, missing: name }) =>
    name === undefined || existing === undefined ? mistake : { ...mistake, remedy: nearest(name, existing) },
  );
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  const message = `The input \`schedules\` has ${count}; no schedule was changed.`;
  return new Failure(needed ? 'NOT_FOUND' : 'INVALID_INPUT', message, { mistakes });
}

function nearest(wanted: string, existing: NonNullable<Listed<ScheduleId>>): string {
  if ('denied' in existing) return whatExists(wanted, existing, { owner: 'The account', plural: 'schedules' });
  if (existing.length === 0) return 'There is no schedule and no rule in this region.';
  const short = wanted.includes('/') ? nameOfSchedule : ({ name }: ScheduleId) => name;
  const meant =
    didYouMean(wanted, existing.map(short)) ??
    didYouMean(
      lastPart(wanted),
      existing.map(({ name }) => name),
    );
  // In another group, or on another bus, only the whole name says which.
  const same = existing.find((id) => short(id) === meant || id.name === meant);
  if (same)
    return `Did you mean \`${same.container === 'default' && !wanted.includes('/') ? same.name : nameOfSchedule(same)}\`?`;
  const shown = existing.map(nameOfSchedule).sort().slice(0, SHOWN);
  const more = existing.length - shown.length;
  return `There are ${shown.map((name) => `\`${name}\``).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
