import { lastPart } from '../arn.ts';
import type { DeploymentState, Instant, ServiceState } from '../model.ts';
import { primaryOf } from './deployment.ts';

/** For so long ECS remembers service deployments. */
export const REMEMBERED_SECONDS = 90 * 86_400;

/** What a service ran. */
export interface History {
  /** Newest first, each revision once; without an instant where its success is not proven. */
  readonly entries: readonly Entry[];
  /** ARNs of the revisions in the order in which they succeeded, oldest first; one that was deployed again comes again. */
  readonly successes: readonly string[];
  /** ARNs of revisions whose newest deployment was rolled back, also where an earlier one succeeded. */
  readonly rolledBack: readonly string[];
  /** Why revisions of the family stand in for a history; absent where ECS tells all of it. */
  readonly guessed?: string;
  /** The denied action that would prove it. */
  readonly allow?: string;
}

export interface Entry {
  readonly arn: string;
  readonly deployedAt?: Instant;
  /** ARNs of younger successes whose newest deployment was rolled back. */
  readonly passedOver?: readonly string[];
}

/**
 * What ran well before the present revision: not "the revision before", which may be the bad one, and not the newest other
 * success, which may be what a rollback has just left. While the service is being brought back already, where it is brought to.
 * Undefined when there is none.
 */
export function entryBefore(
  service: ServiceState,
  { entries, successes, guessed, rolledBack }: History,
): Entry | undefined {
  const primary = primaryOf(service);
  const present = primary?.taskDefinitionArn ?? service.taskDefinitionArn;
  const entryOf = (arn: string): Entry => entries.find((one) => one.arn === arn) ?? { arn };
  if (primary && isBroughtBack(primary, service, successes.at(-1))) return entryOf(present);
  // What has failed since it ran well is not tried again: the next one further back is.
  const ran = standing([...successes, present]).slice(0, -1);
  const before = ran.findLast((arn) => !rolledBack.includes(arn));
  if (before !== undefined) {
    const passedOver = ran.slice(ran.indexOf(before) + 1);
    return { ...entryOf(before), ...(passedOver.length > 0 ? { passedOver } : {}) };
  }
  if (guessed === undefined) return undefined;
  const whole = service.deployments.find(
    ({ taskDefinitionArn, rolloutState }) => taskDefinitionArn !== present && rolloutState === 'COMPLETED',
  );
  if (whole && primary?.rolloutState !== 'COMPLETED') return entryOf(whole.taskDefinitionArn);
  return entries.find(({ arn }) => isBelow(arn, present));
}

/**
 * The successes that still stand: each one takes away what it went back behind. Numbers of a family only grow, so that a lower
 * one after a higher one was gone back to, also where its own first success is forgotten.
 */
export function standing(successes: readonly string[]): string[] {
  const left: string[] = [];
  for (const arn of successes) {
    const again = left.indexOf(arn);
    if (again >= 0) left.length = again;
    while (isBelow(arn, left.at(-1) ?? '')) left.pop();
    left.push(arn);
  }
  return left;
}

/** For so long people may not know yet that ECS has rolled back by itself. */
const UNNOTICED_SECONDS = 900;

/**
 * Whether ECS has put back the present deployment a moment ago: then what somebody wants to be rolled back is gone already,
 * and another success further back would be one too far.
 */
export function wasJustPutBack(service: ServiceState, now: Instant): boolean {
  const primary = primaryOf(service);
  if (primary?.rolloutState !== 'COMPLETED') return false;
  return service.events.some(
    (event) => event.kind === 'rolling-back' && event.to === primary.id && now - event.at < UNNOTICED_SECONDS,
  );
}

/** ECS restores an older deployment by its own id; a rollback of ours or somebody else's deploys an older revision anew. */
function isBroughtBack(primary: DeploymentState, { deployments }: ServiceState, last: string | undefined): boolean {
  if (primary.rolloutState !== 'IN_PROGRESS') return false;
  const others = deployments.filter(({ taskDefinitionArn }) => taskDefinitionArn !== primary.taskDefinitionArn);
  if (others.some(({ createdAt }) => createdAt > primary.createdAt)) return true;
  // One that fails on its way is no place to go back to.
  if (primary.failedTasks > 0) return false;
  return [last ?? '', ...others.map(({ taskDefinitionArn }) => taskDefinitionArn)].some((arn) =>
    isBelow(primary.taskDefinitionArn, arn),
  );
}

/** An earlier revision of the same family. */
export const isBelow = (arn: string, other: string): boolean =>
  familyOf(arn) === familyOf(other) && numberOf(arn) < numberOf(other);

export const familyOf = (arn: string): string => lastPart(arn).split(':')[0] ?? '';
const numberOf = (arn: string): number => Number(arn.split(':').at(-1));
