import { lastPart } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import { parseEcrHost, parseReference } from '../image/reference.ts';
import {
  type EcrRepository,
  type Instant,
  nameOf,
  type Revision,
  type ServiceDeploymentBrief,
  type ServiceState,
} from '../model.ts';
import type { Clock, Ecr, Ecs } from '../ports.ts';
import { primaryOf } from './deployment.ts';
import { familyOf, type History, REMEMBERED_SECONDS, standing } from './history.ts';

/** A revision that the service could go back to. */
export interface Target {
  readonly revision: Revision;
  /** When the last successful deployment of it began; undefined where the history does not tell. */
  readonly deployedAt?: Instant;
  /** It is what the service runs, or is being brought to. */
  readonly current: boolean;
  /** Its newest deployment failed or was rolled back: nobody should choose it without knowing. */
  readonly failed: boolean;
  /** Why it cannot be gone back to; none: it can. */
  readonly problems: readonly string[];
}

export interface AwsPorts {
  readonly ecs: Ecs;
  readonly ecr: Pick<Ecr, 'getImage'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** The most that one call gives. */
const DEPLOYMENTS = 100;
/** Older failures say nothing of what can be deployed today. */
const FAILURES = 20;
const REVISIONS = 100;
const LISTED = 20;

/**
 * The successful deployments that ECS remembers. Where it does not let us see them, or the service is older than what it remembers
 * and nothing but the present revision is left of it, the family's revisions stand in.
 */
export async function historyOf(
  service: ServiceState,
  family: string,
  { ecs, clock }: Pick<AwsPorts, 'ecs' | 'clock'>,
): Promise<History> {
  const told = await successesOf(service, ecs);
  const present = primaryOf(service)?.taskDefinitionArn ?? service.taskDefinitionArn;
  const running = service.deployments.map(({ taskDefinitionArn }) => taskDefinitionArn);
  if ('entries' in told) {
    if (standing([...told.successes, present]).length > 1) return told;
    const { createdAt } = service;
    const age = createdAt === undefined ? Number.POSITIVE_INFINITY : clock.now() - createdAt;
    // Nothing is forgotten: nothing else ever ran well.
    if (age < REMEMBERED_SECONDS && told.successes.length < DEPLOYMENTS)
      return told.entries.length > 0 ? told : { ...told, entries: running.map((arn) => ({ arn })), successes: [] };
  }
  const { entries, successes, rolledBack, guessed, allow } =
    'entries' in told ? { ...told, ...forgotten(told) } : { ...UNKNOWN, ...told };
  const { arns, denied } = await familyRevisions(family, ecs);
  const others = [...new Set([...running, ...arns])].filter((arn) => !entries.some((one) => one.arn === arn));
  const action = allow ?? denied;
  return {
    entries: [...entries, ...others.map((arn) => ({ arn }))],
    successes,
    rolledBack,
    guessed,
    ...(action === undefined ? {} : { allow: action }),
  };
}

const UNKNOWN = { entries: [], successes: [], rolledBack: [] } as const;

const forgotten = ({ entries }: History): { readonly guessed: string; readonly allow?: string } => ({
  guessed: `ECS remembers no successful deployment of this service${entries.length > 0 ? ' before the present one' : ''} (90 days)`,
});

type Told = History | { readonly guessed: string; readonly allow?: string };

async function successesOf(service: ServiceState, ecs: Ecs): Promise<Told> {
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
      return { guessed: `${action} is denied`, ...(api ? { allow: action } : {}) };
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

/** The newest entries as targets, each looked at: ACTIVE, and its images still there. */
export async function targetsOf(service: ServiceState, history: History, ports: AwsPorts): Promise<Target[]> {
  const seen = new Map<string, Promise<boolean>>();
  return Promise.all(
    history.entries.slice(0, LISTED).map(async ({ arn, deployedAt }): Promise<Target> => {
      const revision = await described(arn, ports.ecs);
      return {
        revision: revision ?? gone(arn),
        current: arn === primaryOf(service)?.taskDefinitionArn,
        failed: history.rolledBack.includes(arn) || hasFailed(arn, service),
        problems: revision ? await problemsOf(revision, ports.ecr, seen) : [DELETED],
        ...(deployedAt === undefined ? {} : { deployedAt }),
      };
    }),
  );
}

const OFFERED = 5;

/**
 * Names of revisions that the service could be rolled back to now, those that ran last first: ACTIVE, with their images, and none
 * that has just failed.
 * @param except ARNs of revisions that failed in this run
 * @returns nothing where they cannot be found out: it is a help, said beside a failure
 */
export async function usableTargets(
  service: ServiceState,
  except: readonly string[],
  ports: AwsPorts,
): Promise<string[]> {
  try {
    const history = await historyOf(service, familyOf(service.taskDefinitionArn), ports);
    return offeredOf(await targetsOf(service, history, ports))
      .filter(({ revision }) => !except.includes(revision.arn))
      .slice(0, OFFERED)
      .map(({ revision }) => nameOf(revision));
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED') throw failure;
    return [];
  }
}

const hasFailed = (arn: string, { deployments }: Pick<ServiceState, 'deployments'>): boolean =>
  deployments.some(({ taskDefinitionArn, rolloutState }) => taskDefinitionArn === arn && rolloutState === 'FAILED');

/** Those that can be deployed, are not what the service is on, and whose newest deployment, as far as ECS shows it, has not failed. */
export const offeredOf = (targets: readonly Target[]): Target[] =>
  targets.filter(({ problems, current, failed }) => problems.length === 0 && !current && !failed);

/** Undefined for one that was deleted, or never was: ECS answers "Unable to describe task definition." */
export async function described(
  reference: string,
  ecs: Pick<Ecs, 'describeTaskDefinition'>,
): Promise<Revision | undefined> {
  try {
    return await ecs.describeTaskDefinition(reference);
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'NOT_FOUND' || code === 'REFUSED') return undefined;
    throw thrown;
  }
}

export const DELETED = 'it was deleted';

/** What is left of a deleted revision: its name. */
function gone(arn: string): Revision {
  const [family = '', number] = lastPart(arn).split(':');
  const definition = { family, containerDefinitions: [] };
  return { arn, family, revision: Number(number), status: 'DELETE_IN_PROGRESS', definition, tags: [] };
}

/**
 * Why the revision cannot be deployed. What IAM does not let us see is no problem: ECS will tell.
 * @param seen images that were looked up already
 */
export async function problemsOf(
  revision: Revision,
  ecr: Pick<Ecr, 'getImage'>,
  seen = new Map<string, Promise<boolean>>(),
): Promise<string[]> {
  const inactive = revision.status === 'ACTIVE' ? [] : [`it is ${revision.status}`];
  const images = [...new Set(revision.definition.containerDefinitions.map(({ image }) => image))];
  const missing = await Promise.all(
    images.map(async (image) => {
      const there = seen.get(image) ?? isThere(image, ecr);
      seen.set(image, there);
      return (await there) ? [] : [`its image ${image} is not in ECR any more`];
    }),
  );
  return [...inactive, ...missing.flat()];
}

async function isThere(image: string, ecr: Pick<Ecr, 'getImage'>): Promise<boolean> {
  const place = ecrPlace(image);
  if (!place) return true;
  try {
    return (await ecr.getImage(place.repository, place.id)) !== undefined;
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'NOT_FOUND') return false; // the repository is gone
    if (code === 'ACCESS_DENIED' || code === 'REFUSED') return true;
    throw thrown;
  }
}

/** Where in ECR an image is; undefined elsewhere. */
export function ecrPlace(
  image: string,
):
  | { readonly repository: EcrRepository; readonly id: { readonly tag: string } | { readonly digest: string } }
  | undefined {
  try {
    const { host = '', path, tag, digest } = parseReference(image);
    const place = parseEcrHost(host);
    return place && { repository: { ...place, name: path }, id: digest ? { digest } : { tag: tag ?? 'latest' } };
  } catch (thrown) {
    if (thrown instanceof Failure) return undefined; // not a name that we can read; ECS may
    throw thrown;
  }
}
