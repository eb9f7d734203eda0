import { asFailure, Failure } from '../failure.ts';
import { parseEcrHost, parseReference } from '../image/reference.ts';
import type { Ecr, EcrRepository, Ecs, Instant, Revision, ServiceState } from '../world.ts';
import { primaryOf, replacedBy } from './apply.ts';

/** A revision that the service could go back to. */
export interface Target {
  readonly revision: Revision;
  /** When the last successful deployment of it began; undefined where the history does not tell. */
  readonly deployedAt?: Instant;
  /** It is what the service runs, or is being brought to. */
  readonly current: boolean;
  /** Why it cannot be gone back to; none: it can. */
  readonly problems: readonly string[];
}

/** What the service ran, newest first, each revision once. */
export interface History {
  readonly entries: readonly { readonly arn: string; readonly deployedAt?: Instant }[];
  /** Set where ECS's history of deployments is empty or denied: then these are the family's revisions, proven or not. */
  readonly guessed?: string;
}

interface AwsPorts {
  readonly ecs: Ecs;
  readonly ecr: Pick<Ecr, 'getImage'>;
}

/** ECS keeps 90 days of service deployments; so many are looked at. */
const DEPLOYMENTS = 100;
const REVISIONS = 100;
const LISTED = 20;

/** The successful deployments that ECS remembers (90 days), or where it does not let us see them the family's revisions. */
export async function historyOf(service: ServiceState, family: string, ecs: Ecs): Promise<History> {
  const told = await deployments(service, ecs);
  if (typeof told !== 'string' && told.length > 0) return { entries: told };
  const arns = await ecs.listTaskDefinitions(family, REVISIONS);
  const running = service.deployments.map(({ taskDefinitionArn }) => taskDefinitionArn);
  return {
    entries: [...new Set([...running, ...arns])].map((arn) => ({ arn })),
    guessed: typeof told === 'string' ? told : 'ECS remembers no successful deployment of this service',
  };
}

async function deployments(service: ServiceState, ecs: Ecs): Promise<History['entries'] | string> {
  try {
    const succeeded = await ecs.listServiceDeployments({
      cluster: service.clusterArn,
      service: service.name,
      statuses: ['SUCCESSFUL'],
      limit: DEPLOYMENTS,
    });
    const revisions = [...new Set(succeeded.flatMap((one) => one.targetServiceRevisionArn ?? []))];
    const described = await ecs.describeServiceRevisions(revisions);
    const taskDefinitions = new Map(described.map(({ arn, taskDefinitionArn }) => [arn, taskDefinitionArn]));
    const newest = new Map<string, { arn: string; deployedAt: Instant }>();
    for (const { targetServiceRevisionArn = '', createdAt } of succeeded) {
      const arn = taskDefinitions.get(targetServiceRevisionArn);
      if (arn !== undefined && !newest.has(arn)) newest.set(arn, { arn, deployedAt: createdAt });
    }
    return [...newest.values()];
  } catch (thrown) {
    const { code, api, message } = asFailure(thrown);
    if (code === 'ACCESS_DENIED') return `${api ? `ecs:${api.operation}` : 'ECS'} is denied`;
    if (code === 'REFUSED') return message; // a partition or endpoint without this API
    throw thrown;
  }
}

/**
 * What ran well before the present revision: the newest successful deployment of another one. Not "the revision before", which
 * may be the bad one. Undefined when there is none.
 */
export function entryBefore(
  service: ServiceState,
  { entries, guessed }: History,
): History['entries'][number] | undefined {
  const primary = primaryOf(service);
  const present = primary?.taskDefinitionArn ?? service.taskDefinitionArn;
  const others = entries.filter(({ arn }) => arn !== present);
  if (guessed === undefined) return others[0];
  const replaced = primary && primary.rolloutState !== 'COMPLETED' ? replacedBy(primary, service) : undefined;
  if (replaced) return { arn: replaced.taskDefinitionArn };
  return others.find(({ arn }) => familyOf(arn) === familyOf(present) && numberOf(arn) < numberOf(present));
}

/** The newest entries as targets, each looked at: ACTIVE, and its images still there. */
export async function targetsOf(service: ServiceState, history: History, ports: AwsPorts): Promise<Target[]> {
  const seen = new Map<string, Promise<boolean>>();
  return Promise.all(
    history.entries.slice(0, LISTED).map(async ({ arn, deployedAt }): Promise<Target> => {
      const revision = await ports.ecs.describeTaskDefinition(arn);
      return {
        revision,
        current: arn === primaryOf(service)?.taskDefinitionArn,
        problems: await problemsOf(revision, ports.ecr, seen),
        ...(deployedAt === undefined ? {} : { deployedAt }),
      };
    }),
  );
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

export const familyOf = (arn: string): string => arn.split('/').at(-1)?.split(':')[0] ?? '';
const numberOf = (arn: string): number => Number(arn.split(':').at(-1));
