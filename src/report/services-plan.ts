import { lastPart } from '../arn.ts';
import type { RunContext } from '../inputs/types.ts';
import type { Listing, Plan } from '../outcome.ts';
import { folded, html, table } from './markdown.ts';
import { isBlocked, planParts, planTitle, wouldChange } from './plan.ts';
import { targetRow, targetsSummary } from './targets.ts';
import { counted, oneLine } from './text.ts';

/** What several services are, as the run names them, with what is planned or listed for each. */
export interface Named<T> {
  readonly name: string;
  readonly value: T;
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

export function plansTitle(plans: readonly Named<Plan>[]): string {
  const blocked = plans.filter(({ value }) => isBlocked(value)).length;
  const changed = plans.filter(({ value }) => wouldChange(value)).length;
  if (blocked > 0) return `❌ ${blocked} of ${counted(plans.length, 'service')} could not be deployed`;
  return changed > 0
    ? `📝 ${changed} of ${counted(plans.length, 'service')} would change`
    : `✅ ${counted(plans.length, 'service')}: nothing would change`;
}

const stateOf = (plan: Plan): string => {
  if (isBlocked(plan)) return '❌ could not be deployed';
  return wouldChange(plan) ? '📝 would change' : '✅ would not change';
};

/** A table of all services, then the plan of each, folded; the parts that fit into so many characters. */
export function plansParts(plans: readonly Named<Plan>[], run: RunContext, limit: number): string {
  const rows = plans.map(({ name, value }) => [
    html.code(name),
    stateOf(value),
    html.code(value.running === undefined ? '' : lastPart(value.running)),
    String(value.differences.length + value.settings.length),
  ]);
  const head = table(['Service', 'Plan', 'Runs now', 'Differences'], rows);
  for (const detail of [100, 30, 10, 3]) {
    const parts = plans.map(({ name, value }) =>
      folded(
        `${name}: ${stateOf(value).slice(2).trim()}`,
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
