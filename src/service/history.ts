import { familyAndNumber, lastPart } from '../arn.ts';
import { asFailure } from '../failure.ts';
import type { DeploymentState, Instant, ServiceDeploymentBrief, ServiceState } from '../model.ts';
import { defined } from '../model.ts';
import type { Clock, Ecr, Ecs } from '../ports.ts';
import { CREATED_TOGETHER_SECONDS, losesTasks, primaryOf } from './deployment.ts';

/** For so long ECS remembers service deployments. */
const REMEMBERED_SECONDS = 90 * 86_400;

/** What a service ran. */
export interface History {
  /** Newest first, each revision once; without an instant where its success is not proven. */
  readonly entries: readonly Entry[];
  /** ARNs of the revisions in the order in which they succeeded, oldest first; one that was deployed again comes again. */
  readonly successes: readonly string[];
  /** ARNs of revisions whose newest deployment was rolled back, also where an earlier one succeeded. */
  readonly rolledBack: readonly string[];
  /** Why revisions of the family stand in for a history; absent where ECS has all of it. */
  readonly guessed?: string;
  /** The denied action that would prove it. */
  readonly allow?: string;
}

interface Entry {
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
  if (primary && isBeingRolledBackTo(primary, service, successes.at(-1))) return entryOf(present);
  // What has failed since it ran well is not tried again: the next one further back is.
  const ran = successesNotRolledBack([...successes, present]).slice(0, -1);
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
 * one after a higher one was a rollback, also where its own first success is forgotten.
 */
export function successesNotRolledBack(successes: readonly string[]): string[] {
  const left: string[] = [];
  for (const arn of successes) {
    const again = left.indexOf(arn);
    if (again >= 0) left.length = again;
    while (isBelow(arn, left.at(-1) ?? '')) left.pop();
    left.push(arn);
  }
  return left;
}

/** For so long a user may not know yet that ECS has rolled back automatically. */
const UNNOTICED_SECONDS = 900;

/**
 * Whether ECS has just rolled back to the current deployment: then the revision to roll back from is gone already,
 * and another success further back would be one too far.
 */
export function wasJustRolledBack(service: ServiceState, now: Instant): boolean {
  const primary = primaryOf(service);
  if (primary?.rolloutState !== 'COMPLETED') return false;
  return service.events.some(
    (event) => event.kind === 'rolling-back' && event.to === primary.id && now - event.at < UNNOTICED_SECONDS,
  );
}

/** ECS rolls back to an older deployment under its own id; any other rollback deploys an older revision again. */
function isBeingRolledBackTo(primary: DeploymentState, service: ServiceState, last: string | undefined): boolean {
  if (primary.rolloutState !== 'IN_PROGRESS') return false;
  const others = service.deployments.filter(({ taskDefinitionArn }) => taskDefinitionArn !== primary.taskDefinitionArn);
  if (others.some(({ createdAt }) => createdAt > primary.createdAt)) return true;
  // One that fails while in progress is not a rollback target.
  if (losesTasks(primary, service)) return false;
  return [last ?? '', ...others.map(({ taskDefinitionArn }) => taskDefinitionArn)].some((arn) =>
    isBelow(primary.taskDefinitionArn, arn),
  );
}

/** An earlier revision of the same family. */
export const isBelow = (arn: string, other: string): boolean =>
  familyOf(arn) === familyOf(other) && numberOf(arn) < numberOf(other);

export const familyOf = (arn: string): string => familyAndNumber(arn).family;
const numberOf = (arn: string): number => familyAndNumber(arn).revision;

export interface AwsPorts {
  readonly ecs: Ecs;
  readonly ecr: Pick<Ecr, 'getImage' | 'pullThroughRules'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** The most that one call gives. */
const DEPLOYMENTS = 100;
/** Older failures say nothing of what can be deployed today. */
const FAILURES = 20;
const REVISIONS = 100;

/**
 * The successful deployments that ECS remembers. Where it does not let us see them, or the service is older than what it remembers
 * and nothing but the present revision is left of it, the family's revisions stand in.
 */
export async function historyOf(
  service: ServiceState,
  family: string,
  { ecs, clock }: Pick<AwsPorts, 'ecs' | 'clock'>,
): Promise<History> {
  const recorded = await successesOf(service, ecs);
  const present = primaryOf(service)?.taskDefinitionArn ?? service.taskDefinitionArn;
  const running = service.deployments.map(({ taskDefinitionArn }) => taskDefinitionArn);
  if ('entries' in recorded) {
    if (successesNotRolledBack([...recorded.successes, present]).length > 1) return recorded;
    const { createdAt } = service;
    const age = createdAt === undefined ? Number.POSITIVE_INFINITY : clock.now() - createdAt;
    // Nothing is forgotten: nothing else ever ran well.
    // The first task set of a service that CodeDeploy deploys was made by no deployment.
    const whole = service.deploymentController === 'ECS' && age < REMEMBERED_SECONDS;
    if (whole && recorded.successes.length < DEPLOYMENTS)
      return recorded.entries.length > 0
        ? recorded
        : { ...recorded, entries: running.map((arn) => ({ arn })), successes: [] };
  }
  const { entries, successes, rolledBack, guessed, allow } =
    'entries' in recorded ? { ...recorded, ...forgotten(recorded, service) } : { ...UNKNOWN, ...recorded };
  const { arns, denied } = await familyRevisions(family, ecs);
  const others = [...new Set([...running, ...arns])].filter((arn) => !entries.some((one) => one.arn === arn));
  const action = allow ?? denied;
  return {
    entries: [...entries, ...others.map((arn) => ({ arn }))],
    successes,
    rolledBack,
    guessed,
    ...defined({ allow: action }),
  };
}

/**
 * The revision that is proven to have run well before the present one, by what ECS has recorded alone.
 * @returns its ARN, or why it is not known
 * @throws Failure of ListServiceDeployments or DescribeServiceRevisions, but for denials
 */
export async function provenBefore(
  service: ServiceState,
  ecs: Ecs,
): Promise<{ readonly arn: string } | { readonly unknown: string }> {
  const recorded = await successesOf(service, ecs);
  if (!('entries' in recorded)) return { unknown: recorded.guessed ?? 'ECS shows no history of the service' };
  const entry = entryBefore(service, recorded);
  if (entry && isPlaceholder(entry, service))
    return { unknown: `${service.name} was created with ${lastPart(entry.arn)} and ran no task of it` };
  return entry ? { arn: entry.arn } : { unknown: forgotten(recorded, service).guessed };
}

/** ECS keeps so many events of a service. */
const EVENTS = 100;

/** The revision that the service was created with, of which no task was started before the present deployment. */
function isPlaceholder({ deployedAt }: Entry, service: ServiceState): boolean {
  const { createdAt, events } = service;
  const since = primaryOf(service)?.createdAt ?? Number.POSITIVE_INFINITY;
  return (
    deployedAt !== undefined &&
    createdAt !== undefined &&
    deployedAt - createdAt <= CREATED_TOGETHER_SECONDS &&
    events.length < EVENTS &&
    !events.some(({ kind, at }) => kind === 'tasks-started' && at < since)
  );
}

const UNKNOWN = { entries: [], successes: [], rolledBack: [] } as const;

function forgotten(
  { entries }: History,
  { deploymentController }: ServiceState,
): { readonly guessed: string; readonly allow?: string } {
  const what = `no record of a successful deployment of this service${entries.length > 0 ? ' before the current one' : ''}`;
  return {
    guessed: deploymentController === 'CODE_DEPLOY' ? `CodeDeploy has ${what}` : `ECS has ${what} (it keeps 90 days)`,
  };
}

type Successes = History | { readonly guessed: string; readonly allow?: string };

async function successesOf(service: ServiceState, ecs: Ecs): Promise<Successes> {
  try {
    const query = { cluster: service.clusterArn, service: service.name };
    const [succeeded, failed] = await Promise.all([
      ecs.listServiceDeployments({ ...query, statuses: ['SUCCESSFUL'], limit: DEPLOYMENTS }),
      ecs.listServiceDeployments({ ...query, statuses: ['ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'], limit: FAILURES }),
    ]);
    const revisions = [...new Set([...succeeded, ...failed].flatMap((one) => one.targetServiceRevisionArn ?? []))];
    const described = await ecs.describeServiceRevisions(revisions);
    const taskDefinitions = new Map(described.map(({ arn, taskDefinitionArn }) => [arn, taskDefinitionArn]));
    const entriesOf = (briefs: readonly ServiceDeploymentBrief[]) =>
      briefs.flatMap(({ targetServiceRevisionArn = '', createdAt }) => {
        const arn = taskDefinitions.get(targetServiceRevisionArn);
        return arn === undefined ? [] : [{ arn, deployedAt: createdAt }];
      });
    const all = entriesOf(succeeded);
    const newest = all.filter(({ arn }, i) => all.findIndex((one) => one.arn === arn) === i);
    const since = (arn: string, at: Instant): boolean => !newest.some((one) => one.arn === arn && one.deployedAt > at);
    const rolledBack = entriesOf(failed).flatMap(({ arn, deployedAt }) => (since(arn, deployedAt) ? [arn] : []));
    return { entries: newest, successes: all.map(({ arn }) => arn).reverse(), rolledBack: [...new Set(rolledBack)] };
  } catch (thrown) {
    const { code, api, message } = asFailure(thrown);
    if (code === 'ACCESS_DENIED') {
      const action = api ? `ecs:${api.operation}` : 'ECS';
      return { guessed: `${action} is denied`, ...defined({ allow: api && action }) };
    }
    if (code === 'REFUSED') return { guessed: message }; // a partition or endpoint without this API
    throw thrown;
  }
}

/** ACTIVE revisions of the family, newest first; none where that is denied. */
export async function familyRevisions(
  family: string,
  ecs: Pick<Ecs, 'listTaskDefinitions'>,
): Promise<{ readonly arns: readonly string[]; readonly denied?: string }> {
  try {
    return { arns: await ecs.listTaskDefinitions(family, REVISIONS) };
  } catch (thrown) {
    if (asFailure(thrown).code === 'ACCESS_DENIED') return { arns: [], denied: 'ecs:ListTaskDefinitions' };
    throw thrown;
  }
}
