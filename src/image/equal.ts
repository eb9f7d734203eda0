import { asFailure } from '../failure.ts';
import type { EcrRepository, TaskDefinition } from '../model.ts';
import type { Ecr } from '../ports.ts';
import { imagesOfIndex } from './fingerprint.ts';
import type { Image } from './image.ts';
import { sameImage } from './pin.ts';
import { parseEcrHost } from './reference.ts';

/** Two digests of one ECR repository that two definitions name for one container. */
interface Pair {
  readonly repository: EcrRepository;
  readonly given: string;
  readonly kept: string;
}

/** Whether `a` and `b` are the same image, or may be: two digests of one repository. */
export const mayBeSameContent = (a: string, b: string): boolean =>
  sameImage(a, b) || (digestOf(a) !== undefined && digestOf(b) !== undefined && repositoryOf(a) === repositoryOf(b));

/**
 * Whether images are equal but for their attestations. BuildKit's provenance holds times and ids of its run, so that two
 * builds of the same content have indexes of different digests over the same image manifests.
 * @param built the image of this run, whose host may be one that only ECR itself knows as its own
 * @returns the comparison for the images of these two definitions; what ECR does not show is not equal
 */
export async function sameContent(
  definition: TaskDefinition,
  before: TaskDefinition,
  { ecr, built }: { readonly ecr: Pick<Ecr, 'getImages'>; readonly built: Image | undefined },
): Promise<(a: string, b: string) => boolean> {
  const earlier = new Map(before.containerDefinitions.map(({ name, image }) => [name, image]));
  const pairs = definition.containerDefinitions.flatMap(({ name, image }): Pair[] => {
    const kept = earlier.get(name);
    const repository = kept && !sameImage(image, kept) && mayBeSameContent(image, kept) && ecrOf(image, built);
    return repository ? [{ repository, given: image, kept }] : [];
  });
  const equal = new Set<string>();
  await Promise.all(
    pairs.map(async ({ repository, given, kept }) => {
      if (await areEqual(repository, [given, kept], ecr)) equal.add(key(given, kept));
    }),
  );
  return (a, b) => sameImage(a, b) || equal.has(key(a, b));
}

const key = (...references: readonly string[]): string => [...references].sort().join(' ');

async function areEqual(
  repository: EcrRepository,
  references: readonly string[],
  ecr: Pick<Ecr, 'getImages'>,
): Promise<boolean> {
  const digests = references.map((reference) => digestOf(reference) ?? '');
  try {
    const found = await ecr.getImages(repository, digests);
    const contents = digests.map((digest) => {
      const image = found.get(digest);
      return image && JSON.stringify([...(imagesOfIndex(image.manifest) ?? [digest])].sort());
    });
    const [first, second] = contents;
    return first !== undefined && first !== '[]' && first === second;
  } catch (thrown) {
    if (asFailure(thrown).code === 'CANCELLED') throw thrown;
    return false;
  }
}

function ecrOf(reference: string, built: Image | undefined): EcrRepository | undefined {
  if (built?.ecr && repositoryOf(reference) === built.repository) return built.ecr;
  const [host = '', ...path] = repositoryOf(reference).split('/');
  const registry = parseEcrHost(host);
  return registry && { ...registry, name: path.join('/') };
}

function digestOf(reference: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1];
}

/** By the text alone: what is no reference to us is compared like any other. */
const repositoryOf = (reference: string): string => reference.replace(/@.*$/, '').replace(/:[^/]*$/, '');

/** This run's image, where the revision that is deployed names an equal one by another digest. */
export function keptImage(image: Image, written: TaskDefinition, definition: TaskDefinition): Image | undefined {
  const at = written.containerDefinitions.findIndex((container) => container.image === image.reference);
  const kept = definition.containerDefinitions[at]?.image;
  const digest = kept === undefined || kept === image.reference ? undefined : digestOf(kept);
  return digest && kept ? { ...image, reference: kept, digest } : undefined;
}
