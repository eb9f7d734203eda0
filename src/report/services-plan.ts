import { lastPart } from '../arn.ts';
import type { Order, RunContext, Target } from '../inputs/types.ts';
import { defined } from '../model.ts';
import type { Listing, Plan } from '../outcome.ts';
import { type About, commonPlace } from './about.ts';
import { folded, html, prose, table } from './markdown.ts';
import { countsText, isBlocked, planParts, planTitle, wouldChange } from './plan.ts';
import { targetRow, targetsSummary } from './targets.ts';
import { counted, listed, oneLine } from './text.ts';

/** What several services are, as the run names them, with what is planned or listed for each. */
export interface Named<T> {
  readonly name: string;
  readonly value: T;
}

/** Which services of a step are deployed when, and what the failure of one means for the others. */
export interface Sequence {
  readonly targets: readonly Pick<Target, 'name' | 'after' | 'group'>[];
  readonly order: Order;
}

/** So many names of a step of the order are shown. */
const NAMES = 12;

/**
 * The order of the deployments in a sentence: `api (canary), then worker and docs, then cron; 2 at a time. If one fails, all are rolled back.`
 * Each stands as early as it may start; with `max-parallel` it may start later.
 */
export function orderText({ targets, order }: Sequence): string {
  const { canary, maxParallel, rollbackScope } = order;
  const steps: string[][] = [];
  const placed = new Map<string, number>();
  for (let left = targets; left.length > 0; ) {
    const may = left.filter(({ name, after }) =>
      [...after, ...(canary === undefined || canary === name ? [] : [canary])].every((one) => placed.has(one)),
    );
    // `after` is never a circle.
    if (may.length === 0) break;
    for (const { name } of may) placed.set(name, steps.length);
    steps.push(may.map(({ name }) => (name === canary ? `${name} (canary)` : name)));
    left = left.filter((one) => !may.includes(one));
  }
  const named = steps.map((names) =>
    names.length > NAMES ? `${names.slice(0, NAMES).join(', ')} and ${names.length - NAMES} more` : listed(names),
  );
  const most = Math.max(...steps.map(({ length }) => length));
  const together = maxParallel < most ? `; ${maxParallel} at a time` : '';
  // A service without a group is one of its own.
  const isAlone = new Set(targets.map(({ group }) => group)).size === targets.length;
  const scope = rollbackScope === 'group' && isAlone ? 'service' : rollbackScope;
  return `${named.join(', then ')}${together}. ${SCOPES[scope]}`;
}

const SCOPES: Readonly<Record<Order['rollbackScope'], string>> = {
  service: 'If one fails, the others stay.',
  group: 'If one fails, those of its group are rolled back with it.',
  all: 'If one fails, all are rolled back.',
};

/** The end of the log of a plan: how many services would change and by how much, and in which order. */
export function plansLines(plans: readonly Named<Plan>[], sequence: Sequence): string[] {
  const all = plans.map(({ value }) => value);
  const counts = countsText({
    differences: all.flatMap(({ differences }) => differences),
    settings: all.flatMap(({ settings }) => settings),
  });
  const [, title] = stateOfAll(plans);
  return [
    '',
    title.endsWith(')') ? `${title}.` : `${title}: ${counts}.`,
    ...(plans.length > 1 ? [`Order: ${orderText(sequence)}`] : []),
  ];
}

/** The output `services` of `mode: plan`. */
export const planRows = (plans: readonly Named<Plan>[]) =>
  plans.map(({ name, value }) => ({
    name,
    service: value.service.name,
    cluster: lastPart(value.service.clusterArn),
    outcome: 'planned',
    changed: wouldChange(value),
    blocked: isBlocked(value),
    differences: value.differences.length,
  }));

/** What a deploy would do to all services, in words, and its sign. */
function stateOfAll(plans: readonly Named<Plan>[]): readonly [icon: string, words: string] {
  const blocked = plans.filter(({ value }) => isBlocked(value)).length;
  const changed = plans.filter(({ value }) => wouldChange(value)).length;
  const all = counted(plans.length, 'service');
  const counts = countsText({
    differences: plans.flatMap(({ value }) => value.differences),
    settings: plans.flatMap(({ value }) => value.settings),
  });
  if (blocked > 0) return ['❌', `${blocked} of ${all} could not be deployed (${counts})`];
  return changed > 0 ? ['📝', `${changed} of ${all} would change (${counts})`] : ['✅', `${all}: nothing would change`];
}

export function plansTitle(plans: readonly Named<Plan>[], { environment }: About = {}): string {
  const [icon, words] = stateOfAll(plans);
  const where = commonPlace(
    plans.map(({ value: { service } }) => ({
      service: service.name,
      cluster: service.clusterArn,
      region: service.region,
      ...defined({ environment }),
    })),
  );
  return `${icon} ${where === '' ? '' : `${prose(oneLine(where, 300))}: `}${words}`;
}

/** The title of each, for the rows of the comment that all jobs share. */
export const plansTitles = (plans: readonly Named<Plan>[], about: About): readonly string[] =>
  plans.map(({ value }) => planTitle(value, about));

const stateOf = (plan: Plan): string => {
  if (isBlocked(plan)) return '❌ could not be deployed';
  return wouldChange(plan) ? '📝 would change' : '✅ would not change';
};

/** What stands in the way is read first. */
const blockedFirst = (plans: readonly Named<Plan>[]): readonly Named<Plan>[] =>
  plans.toSorted((one, other) => Number(isBlocked(other.value)) - Number(isBlocked(one.value)));

/** The counts that are not 0: a cell is read on a phone. */
function changesText(plan: Plan): string {
  const counts = countsText(plan)
    .split(', ')
    .filter((one) => !one.startsWith('0 '));
  return counts.length === 0 ? 'none' : counts.join(', ');
}

/** Whether a deploy would replace tasks. */
function startText(plan: Plan): string {
  if (!wouldChange(plan)) return '';
  if (plan.creates) return ': starts the first deployment';
  return plan.starts === false ? ': settings alone, no deployment' : ': starts a deployment';
}

const unfolded = (title: string, body: string): string => `### ${prose(title)}\n\n${body}`;

/** A table of all services and their order, then the plan of each, folded; the parts that fit into so many characters. */
export function plansParts(
  plans: readonly Named<Plan>[],
  { run, sequence, limit }: { readonly run: RunContext; readonly sequence: Sequence; readonly limit: number },
): string {
  const rows = blockedFirst(plans).map(({ name, value }) => [
    html.code(name),
    `${stateOf(value)}${value.running === undefined ? '' : ` ${html.code(lastPart(value.running))}`}`,
    `${changesText(value)}${startText(value)}`,
  ]);
  const order = plans.length > 1 ? [`**Order:** ${prose(orderText(sequence))}`] : [];
  const head = [table(['Service', 'Plan', 'Changes'], rows), ...order].join('\n\n');
  for (const detail of [100, 30, 10, 3]) {
    const parts = blockedFirst(plans).map(({ name, value }) =>
      (isBlocked(value) ? unfolded : folded)(
        `\`${name}\`: ${stateOf(value).slice(2).trim()}`,
        [planTitle(value), ...planParts(value, run, { differences: 2 * detail, checks: detail })].join('\n\n'),
      ),
    );
    const text = [head, ...parts].join('\n\n');
    if (Buffer.byteLength(text) <= limit) return text;
  }
  return head;
}

/** The outputs `targets` and `services` of `mode: list`. */
export const listingRows = (listings: readonly Named<Listing>[]) =>
  listings.map(({ name, value: { service, targets } }) => ({
    name,
    service: service.name,
    cluster: lastPart(service.clusterArn),
    outcome: 'listed',
    targets: targets.map(targetRow),
  }));

export const listingsSummary = (listings: readonly Named<Listing>[]): string =>
  listings
    .map(({ value: { service, targets, guessed } }) =>
      targetsSummary(service, targets.map(targetRow), guessed && oneLine(guessed, 500)),
    )
    .join('\n');
