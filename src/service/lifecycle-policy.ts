import { asFailure, Failure } from '../failure.ts';
import { imagesOfIndex } from '../image/fingerprint.ts';
import type { Image } from '../image/image.ts';
import { parseEcrHost, parseReference } from '../image/reference.ts';
import type { EcrRepository, ExpiringImage, ServiceState } from '../model.ts';
import { defined, nameOf } from '../model.ts';
import type { Clock, Console, Ecr, Ecs } from '../ports.ts';
import { familyOf, historyOf } from './history.ts';
import { describeRevision, ecrPlace } from './rollback-targets.ts';

interface LifecycleWorld {
  readonly ecs: Ecs;
  readonly ecr: Ecr;
  readonly clock: Clock;
  readonly console: Pick<Console, 'line' | 'warning'>;
  readonly signal: AbortSignal;
}

/** As many as `mode: list` looks at. */
const REVISIONS = 20;
const PREVIEW_SECONDS = 300;
const PAUSE_SECONDS = 5;

/** A policy, and what it would be applied to. */
export interface PolicyQuestion {
  /** JSON */
  readonly policy: string;
  /** `host/name` with or without ECR's own id: an image that was built, found or named. */
  readonly image: Pick<Image, 'repository' | 'digest' | 'ecr'>;
  readonly service: ServiceState;
  /** Others that this run deploys the image to: what they can be rolled back to is needed as well. */
  readonly others?: readonly ServiceState[];
}

/** What applying a lifecycle policy means. */
type PolicyVerdict =
  /** The repository has it. */
  | { readonly kind: 'present' }
  /** Images that nothing needs would be removed or archived; `unknown`: why other services could not be asked. */
  | { readonly kind: 'applicable'; readonly removes: number; readonly unknown?: string }
  | { readonly kind: 'refused'; readonly failure: Failure };

/**
 * Compares ECR's preview of a lifecycle policy with what is needed: the images that the service runs or may be rolled back to, and
 * those that other services of the account run in this region. The repository is not changed.
 * @throws Failure ACCESS_DENIED where ECR or the service's own revisions cannot be read
 */
export async function judgePolicy(
  { policy, image: { repository: uri, digest }, service, others: more = [] }: PolicyQuestion,
  repository: EcrRepository,
  world: LifecycleWorld,
): Promise<PolicyVerdict> {
  const { ecr } = world;
  const present = await ecr.lifecyclePolicy(repository);
  if (present !== undefined && sameJson(present, policy)) return { kind: 'present' };
  const at = { repository, uri };
  const [own, others, expiring] = await Promise.all([
    Promise.all([service, ...more].map((one) => ownRevisions(one, world))).then((all) => all.flat()),
    otherRevisions(service, world),
    previewOf(policy, repository, world),
  ]);
  const used = await usedImages([...own, ...others.revisions], at, world);
  const needed = new Map([...used, ...(digest ? [[digest, ['the image of this run']] as const] : [])]);
  const lost = await lostImages(expiring, needed, { repository, ecr });
  if (lost.length > 0) return { kind: 'refused', failure: refused(lost, repository) };
  return { kind: 'applicable', removes: expiring.length, ...defined({ unknown: others.unknown }) };
}

/** The repository for ECR's API; undefined for another registry. */
export function ecrOf({ ecr, repository }: PolicyQuestion['image']): EcrRepository | undefined {
  const { host = '', path } = parseReference(repository);
  const registry = parseEcrHost(host);
  return ecr ?? (registry && { ...registry, name: path });
}

/**
 * Applies a lifecycle policy to the repository of the image, where ECR's preview of it removes nothing that is needed. A denied
 * right is a warning, and the policy stays as it is.
 * @throws Failure REFUSED with the digests that it would remove, and who needs them
 */
export async function keepLifecyclePolicy(question: PolicyQuestion, world: LifecycleWorld): Promise<void> {
  const { ecr, console } = world;
  const repository = ecrOf(question.image);
  if (!repository) return console.warning(notInEcr(question.image));
  try {
    const verdict = await judgePolicy(question, repository, world);
    if (verdict.kind === 'present') return;
    if (verdict.kind === 'refused') throw verdict.failure;
    if (verdict.unknown !== undefined) console.warning(unknownOthers(repository, verdict.unknown));
    await ecr.putLifecyclePolicy(repository, question.policy);
    console.line(`Lifecycle policy of ${repository.name}: applied. ${describeRemoval(verdict, question.service)}`);
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code !== 'ACCESS_DENIED') throw thrown;
    console.warning(`The lifecycle policy of ${repository.name} is left as it is: ${failure.message}`);
  }
}

export const notInEcr = ({ repository }: PolicyQuestion['image']): string =>
  `\`lifecycle-policy\` is not applied: ${repository} is not a private ECR repository.`;

/** What ECR's preview found, in a sentence. */
export const describeRemoval = ({ removes }: { readonly removes: number }, { name }: ServiceState): string =>
  `Its preview removes ${removes} image${removes === 1 ? '' : 's'}, none of which ${name} runs or can roll back to.`;

export const unknownOthers = ({ name }: EcrRepository, why: string): string =>
  `Whether other services use images of ${name} that its lifecycle policy removes is not known: ${why}`;

/** A revision that is needed, and by whom. */
interface NeededRevision {
  readonly arn: string;
  /** Beside its name, such as ` (runs)`. */
  readonly by: string;
}

/** What the service runs, and its rollback targets. */
async function ownRevisions(service: ServiceState, world: LifecycleWorld): Promise<readonly NeededRevision[]> {
  const { entries } = await historyOf(service, familyOf(service.taskDefinitionArn), world);
  const running = runningArns(service);
  const arns = [...new Set([...running, ...entries.slice(0, REVISIONS).map(({ arn }) => arn)])];
  return arns.map((arn) => ({ arn, by: running.includes(arn) ? ' (runs)' : '' }));
}

const runningArns = ({ taskDefinitionArn, deployments }: ServiceState): string[] => [
  taskDefinitionArn,
  ...deployments.map((deployment) => deployment.taskDefinitionArn),
];

/** More are not looked at: each takes a part of a call, and its revision another. */
const SERVICES_AT_MOST = 500;

/** What the other services of the account run in this region; the repository may be theirs, too. */
async function otherRevisions(
  { arn: own }: ServiceState,
  { ecs }: LifecycleWorld,
): Promise<{ readonly revisions: readonly NeededRevision[]; readonly unknown?: string }> {
  try {
    const clusters = await ecs.listClusters();
    const listed = await Promise.all(
      clusters.map(async (cluster) => (await ecs.listServices(cluster)).map((service) => ({ cluster, service }))),
    );
    const others = listed.flat().filter(({ service }) => service !== own);
    const asked = Map.groupBy(others.slice(0, SERVICES_AT_MOST), ({ cluster }) => cluster);
    const described = await Promise.all(
      [...asked].map(([cluster, services]) =>
        present(
          cluster,
          services.map(({ service }) => service),
          ecs,
        ),
      ),
    );
    const revisions = described
      .flat()
      .flatMap((service) => runningArns(service).map((arn) => ({ arn, by: ` (runs in ${service.name})` })));
    const more = others.length - SERVICES_AT_MOST;
    return { revisions, ...(more > 0 ? { unknown: `${more} more services were not looked at.` } : {}) };
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    return { revisions: [], unknown: message };
  }
}

/** Services that still exist: one that has just been deleted makes the call for all of them fail. */
async function present(cluster: string, services: readonly string[], ecs: Ecs): Promise<readonly ServiceState[]> {
  try {
    return await ecs.describeServices(cluster, services);
  } catch (thrown) {
    if (asFailure(thrown).code !== 'NOT_FOUND') throw thrown;
    if (services.length === 1) return [];
    return (await Promise.all(services.map((service) => present(cluster, [service], ecs)))).flat();
  }
}

/**
 * How a container names an image of the repository; undefined for another one. A registry is reached by several hosts (FIPS, dual
 * stack), and where ECR names one of its own, such as behind a custom endpoint, by that.
 */
function idIn(
  { repository, uri }: { readonly repository: EcrRepository; readonly uri: string },
  image: string,
): { readonly tag: string } | { readonly digest: string } | undefined {
  if (image.startsWith(`${uri}@`) || image.startsWith(`${uri}:`)) {
    const { tag = 'latest', digest } = parseReference(image);
    return digest ? { digest } : { tag };
  }
  const place = ecrPlace(image);
  const owner = parseEcrHost(uri.split('/')[0] ?? '')?.registryId ?? repository.registryId;
  const same =
    place?.repository.name === repository.name &&
    place.repository.region === repository.region &&
    place.repository.registryId === owner;
  return same ? place.id : undefined;
}

/** Images of the repository by digest, each with the revisions that name it. */
async function usedImages(
  needed: readonly NeededRevision[],
  at: { readonly repository: EcrRepository; readonly uri: string },
  { ecs, ecr }: LifecycleWorld,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const byArn = Map.groupBy(needed, ({ arn }) => arn);
  const used = new Map<string, string[]>();
  await Promise.all(
    [...byArn].map(async ([arn, users]) => {
      const revision = await describeRevision(arn, ecs);
      const ids = (revision?.definition.containerDefinitions ?? []).flatMap(({ image }) => idIn(at, image) ?? []);
      await Promise.all(
        ids.map(async (id) => {
          if (!revision) return;
          const digest = 'digest' in id ? id.digest : (await ecr.getImage(at.repository, id))?.digest;
          if (digest === undefined) return; // gone already
          const by = users.map((user) => `${nameOf(revision)}${user.by}`);
          used.set(digest, [...new Set([...(used.get(digest) ?? []), ...by])]);
        }),
      );
    }),
  );
  return used;
}

/** What the policy removes, or archives, which nothing can pull either. */
async function previewOf(
  policy: string,
  repository: EcrRepository,
  { ecr, clock, signal }: LifecycleWorld,
): Promise<readonly ExpiringImage[]> {
  const deadline = clock.now() + PREVIEW_SECONDS;
  for (let started = false; ; ) {
    // Another preview of the repository may be under way.
    started ||= await ecr.startLifecyclePreview(repository, policy);
    const { status, images } = started
      ? await ecr.lifecyclePreview(repository)
      : { status: 'IN_PROGRESS' as const, images: [] };
    if (status === 'COMPLETE') return images;
    if (status !== 'IN_PROGRESS' || clock.now() + PAUSE_SECONDS > deadline)
      throw new Failure('REFUSED', `ECR's preview of the lifecycle policy ended with ${status}; it was not applied.`, {
        remedy: 'Run again, or try it with aws ecr start-lifecycle-policy-preview.',
      });
    await clock.sleep(PAUSE_SECONDS, signal);
  }
}

interface Lost {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly by: readonly string[];
}

/** An image goes with its index, so a revision that names one platform needs the index that holds it. */
async function lostImages(
  expiring: readonly ExpiringImage[],
  used: ReadonlyMap<string, readonly string[]>,
  { repository, ecr }: { readonly repository: EcrRepository; readonly ecr: Ecr },
): Promise<readonly Lost[]> {
  const batches = Array.from({ length: Math.ceil(expiring.length / 100) }, (_, i) =>
    expiring.slice(i * 100, i * 100 + 100).map(({ digest }) => digest),
  );
  const found = await Promise.all(batches.map((digests) => ecr.getImages(repository, digests)));
  const manifests = new Map(found.flatMap((images) => [...images]));
  return expiring.flatMap(({ digest, tags }) => {
    const members = imagesOfIndex(manifests.get(digest)?.manifest ?? {}) ?? [];
    const by = [digest, ...members].flatMap((one) => used.get(one) ?? []);
    return by.length > 0 ? [{ digest, tags, by: [...new Set(by)] }] : [];
  });
}

function refused(lost: readonly Lost[], { name }: EcrRepository): Failure {
  const shown = lost
    .slice(0, 10)
    .map(({ digest, tags, by }) => `${digest}${tags[0] ? ` (${tags[0]})` : ''}: ${by.join(', ')}`);
  return new Failure(
    'REFUSED',
    `The lifecycle policy of \`${name}\` would remove ${lost.length} image${lost.length === 1 ? '' : 's'} that services run or this one can roll back to; it was not applied. ${shown.join('; ')}${lost.length > 10 ? '; ...' : ''}`,
    {
      remedy:
        'Keep more images (`countNumber`), or give those that are deployed a tag that no rule selects. Without the input `lifecycle-policy` the policy stays as it is.',
    },
  );
}

function sameJson(a: string, b: string): boolean {
  try {
    return canonical(JSON.parse(a)) === canonical(JSON.parse(b));
  } catch {
    return false;
  }
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([x], [y]) => (x < y ? -1 : 1)))
      : member,
  );
