import { familyAndNumber } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import { parseEcrHost, parseReference } from '../image/reference.ts';
import { askingOnce, cacheOf } from '../image/resolve.ts';
import { defined, type EcrRepository, type Instant, nameOf, type Revision, type ServiceState } from '../model.ts';
import type { Ecr, Ecs } from '../ports.ts';
import { primaryOf } from './deployment.ts';
import { type AwsPorts, familyOf, type History, historyOf } from './history.ts';

/** A revision that the service could be rolled back to. */
export interface Target {
  readonly revision: Revision;
  /** When the last successful deployment of it started; undefined where the history does not show it. */
  readonly deployedAt?: Instant;
  /** It is what the service runs, or is being brought to. */
  readonly current: boolean;
  /** Its newest deployment failed or was rolled back: the list shows it with a warning. */
  readonly failed: boolean;
  /** Why it is not a rollback target; empty: it is one. */
  readonly problems: readonly string[];
}

const LISTED = 20;

/** The newest entries as targets, each looked at: ACTIVE, and its images still there. */
export async function targetsOf(service: ServiceState, history: History, ports: AwsPorts): Promise<Target[]> {
  const seen = new Map<string, Promise<boolean>>();
  const ecr = askingOnce(ports.ecr);
  return Promise.all(
    history.entries.slice(0, LISTED).map(async ({ arn, deployedAt }): Promise<Target> => {
      const revision = await describeRevision(arn, ports.ecs);
      return {
        revision: revision ?? deletedRevision(arn),
        current: arn === primaryOf(service)?.taskDefinitionArn,
        failed: history.rolledBack.includes(arn) || hasFailed(arn, service),
        problems: revision ? await problemsOf(revision, ecr, seen) : [DELETED],
        ...defined({ deployedAt }),
      };
    }),
  );
}

const OFFERED = 5;

/**
 * Names of revisions that the service could be rolled back to now, those that ran last first: ACTIVE, with their images, and none
 * that has just failed.
 * @param except ARNs of revisions that failed in this run
 * @returns nothing where they cannot be found out: it is a help beside a failure
 */
export async function usableTargets(
  service: ServiceState,
  except: readonly string[],
  ports: AwsPorts,
): Promise<string[]> {
  try {
    const history = await historyOf(service, familyOf(service.taskDefinitionArn), ports);
    return offeredTargets(await targetsOf(service, history, ports))
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
export const offeredTargets = (targets: readonly Target[]): Target[] =>
  targets.filter(({ problems, current, failed }) => problems.length === 0 && !current && !failed);

/** Undefined for one that was deleted, or never was: ECS answers "Unable to describe task definition." */
export async function describeRevision(
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
function deletedRevision(arn: string): Revision {
  const { family, revision } = familyAndNumber(arn);
  const definition = { family, containerDefinitions: [] };
  return { arn, family, revision, status: 'DELETE_IN_PROGRESS', definition, tags: [] };
}

/**
 * Why the revision cannot be deployed. What IAM does not let us see is not a problem: ECS checks it.
 * @param seen images that were looked up already
 */
export async function problemsOf(
  revision: Revision,
  ecr: ImagePorts,
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

type ImagePorts = Pick<Ecr, 'getImage' | 'pullThroughRules'>;

/** Whether ECR has the image, or gets it from another registry when a task pulls its tag. */
async function isThere(image: string, ecr: ImagePorts): Promise<boolean> {
  const place = ecrPlace(image);
  if (!place) return true;
  try {
    if (await ecr.getImage(place.repository, place.id)) return true;
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'ACCESS_DENIED' || code === 'REFUSED') return true;
    if (code !== 'NOT_FOUND') throw thrown; // else the repository is gone
  }
  return 'tag' in place.id && (await cacheOf(place.repository, ecr)) !== undefined;
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
