import { asFailure, Failure } from '../failure.ts';
import { imagesOfIndex } from '../image/fingerprint.ts';
import type { Image } from '../image/image.ts';
import { parseEcrHost } from '../image/reference.ts';
import type { EcrRepository, ExpiringImage, ServiceState } from '../model.ts';
import { nameOf } from '../model.ts';
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

/**
 * Applies a lifecycle policy to the repository of the image, where ECR's preview of it removes nothing that the service runs or may
 * be rolled back to. A denied right is a warning, and the policy stays as it is.
 * @param policy JSON
 * @throws Failure REFUSED with the digests that it would remove, and who needs them
 */
export async function keepLifecyclePolicy(
  { policy, image, service }: { readonly policy: string; readonly image: Image; readonly service: ServiceState },
  world: LifecycleWorld,
): Promise<void> {
  const { ecr, console } = world;
  const { ecr: repository, digest } = image;
  if (!repository || digest === undefined) return;
  try {
    const present = await ecr.lifecyclePolicy(repository);
    if (present !== undefined && sameJson(present, policy)) return;
    const [used, expiring] = await Promise.all([
      usedImages(service, { repository, uri: image.repository }, world),
      previewOf(policy, repository, world),
    ]);
    const needed = new Map([...used, [digest, ['the image of this run']]]);
    const lost = await lostImages(expiring, needed, { repository, ecr });
    if (lost.length > 0) throw refused(lost, repository);
    await ecr.putLifecyclePolicy(repository, policy);
    console.line(
      `Lifecycle policy of ${repository.name}: applied. Its preview removes ${expiring.length} image${expiring.length === 1 ? '' : 's'}, none of which ${service.name} runs or can roll back to.`,
    );
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code !== 'ACCESS_DENIED') throw thrown;
    console.warning(`The lifecycle policy of ${repository.name} is left as it is: ${failure.message}`);
  }
}

/** Images of the repository by digest, each with the revisions that name it. */
async function usedImages(
  service: ServiceState,
  at: { readonly repository: EcrRepository; readonly uri: string },
  world: LifecycleWorld,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { entries } = await historyOf(service, familyOf(service.taskDefinitionArn), world);
  const running = [service.taskDefinitionArn, ...service.deployments.map(({ taskDefinitionArn }) => taskDefinitionArn)];
  const arns = [...new Set([...running, ...entries.slice(0, REVISIONS).map(({ arn }) => arn)])];
  const revisions = await Promise.all(arns.map((arn) => describeRevision(arn, world.ecs)));
  const used = new Map<string, string[]>();
  const registryId = parseEcrHost(at.uri.split('/')[0] ?? '')?.registryId ?? at.repository.registryId;
  await Promise.all(
    revisions.flatMap((revision) =>
      (revision?.definition.containerDefinitions ?? []).map(async ({ image }) => {
        const place = ecrPlace(image);
        const { name, region } = place?.repository ?? {};
        const same = name === at.repository.name && region === at.repository.region;
        if (!revision || !place || !same || place.repository.registryId !== registryId) return;
        const digest =
          'digest' in place.id ? place.id.digest : (await world.ecr.getImage(at.repository, place.id))?.digest;
        if (digest === undefined) return; // gone already
        const by = `${nameOf(revision)}${running.includes(revision.arn) ? ' (runs)' : ''}`;
        used.set(digest, [...new Set([...(used.get(digest) ?? []), by])]);
      }),
    ),
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
    `The lifecycle policy of \`${name}\` would remove ${lost.length} image${lost.length === 1 ? '' : 's'} that the service runs or can roll back to; it was not applied. ${shown.join('; ')}${lost.length > 10 ? '; ...' : ''}`,
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
