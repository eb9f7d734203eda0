import { asFailure, Failure } from '../failure.ts';
import { listedNow } from '../missing.ts';
import {
  defined,
  type EcrRepository,
  type ImageManifest,
  type Json,
  type JsonObject,
  type TaskDefinition,
} from '../model.ts';
import type { Ecr, Registries } from '../ports.ts';
import type { Existing } from '../spelling.ts';
import { imagesOfIndex, isAttestation } from './fingerprint.ts';
import { configDigest, type Image, indexPlatforms, platformOf } from './image.ts';
import { PULL_THROUGH_CACHE, type Resolution, ruleFor, sameImage, sourceOf } from './pin.ts';
import { formatReference, noRepository, parseEcrHost, parseReference, type Reference } from './reference.ts';

/** Asks registries for digests; each reference once in a run, all of them side by side. */
export interface Resolver {
  /** Never rejects but for a cancelled run: what cannot be asked is `unresolved`. */
  resolve(references: Iterable<string>): Promise<ReadonlyMap<string, Resolution>>;
  /** Digests of the manifests in the index that a reference names; none for a single manifest, or where it cannot be read. */
  membersOf(reference: string): Promise<readonly string[]>;
}

type Asked = Pick<Ecr, 'getImage' | 'pullThroughRules'>;

export function createResolver(ecr: Asked, registries: Registries): Resolver {
  const answers = new Map<string, Promise<Resolution>>();
  const one = (reference: string): Promise<Resolution> => {
    const answer = answers.get(reference) ?? resolveOne(reference, ecr, registries);
    answers.set(reference, answer);
    return answer;
  };
  return {
    async resolve(references) {
      const different = [...new Set(references)];
      return new Map(await Promise.all(different.map(async (name) => [name, await one(name)] as const)));
    },
    async membersOf(reference) {
      try {
        return manifestDigests(await manifestOf(reference, await one(reference), { ecr, registries }));
      } catch (thrown) {
        rethrowCancel(thrown);
        return [];
      }
    },
  };
}

async function resolveOne(reference: string, ecr: Asked, registries: Registries): Promise<Resolution> {
  const source = sourceOf(reference);
  try {
    switch (source.kind) {
      case 'digest':
        return { kind: 'resolved', digest: source.digest };
      case 'unreadable':
        return { kind: 'unresolved', reason: 'it is not an image reference that this action can read' };
      case 'ecr': {
        const [image, cache] = await Promise.all([
          ecr.getImage(source.repository, { tag: source.tag }),
          cacheOf(source.repository, ecr),
        ]);
        if (!image) return { kind: 'missing', reason: 'ECR has no such image' };
        return { kind: 'resolved', digest: image.digest, ...(cache ? { cached: true } : {}) };
      }
      case 'registry':
        return { kind: 'resolved', digest: await registries.digestOf(source.image) };
    }
  } catch (thrown) {
    rethrowCancel(thrown);
    return { kind: 'unresolved', reason: asFailure(thrown).message };
  }
}

/**
 * The prefix of the pull-through cache whose repository this is, by the rules of its registry; where they cannot be read
 * (ecr:DescribePullThroughCacheRules), by the namespaces that ECR proposes. A name without a prefix is not asked for.
 */
export async function cacheOf(
  { name, ...registry }: EcrRepository,
  ecr: Pick<Ecr, 'pullThroughRules'>,
): Promise<string | undefined> {
  if (!name.includes('/')) return undefined;
  try {
    const rule = ruleFor(name, await ecr.pullThroughRules(registry));
    // A rule for all makes what is missing, and says nothing of a repository that is there.
    return rule?.prefix === 'ROOT' ? undefined : rule?.prefix;
  } catch (thrown) {
    rethrowCancel(thrown);
    return PULL_THROUGH_CACHE.exec(name)?.[1];
  }
}

async function manifestOf(
  reference: string,
  resolution: Resolution,
  { ecr, registries }: { readonly ecr: Pick<Ecr, 'getImage'>; readonly registries: Registries },
): Promise<JsonObject> {
  const source = sourceOf(reference);
  if (resolution.kind !== 'resolved') return {};
  const { digest } = resolution;
  switch (source.kind) {
    case 'ecr':
      return (await ecr.getImage(source.repository, { digest }))?.manifest ?? {};
    case 'registry':
      return registries.getManifest({ ...source.image, reference: digest });
    default:
      return {};
  }
}

function manifestDigests({ manifests }: JsonObject): string[] {
  if (!Array.isArray(manifests)) return [];
  return manifests.flatMap((child: Json) => {
    const digest = typeof child === 'object' && child !== null && 'digest' in child ? child.digest : undefined;
    return typeof digest === 'string' ? [digest] : [];
  });
}

function rethrowCancel(thrown: unknown): void {
  if (asFailure(thrown).code === 'CANCELLED') throw thrown;
}

/** The same port, which asks for each image and for the rules of a registry once: the preflight and the lookup of digests want to know the same. */
export function askingOnce<T extends Asked>(ecr: T): T {
  const answers = new Map<string, Promise<ImageManifest | undefined>>();
  const getImage = (repository: EcrRepository, id: Parameters<Asked['getImage']>[1]) => {
    const key = JSON.stringify([repository.registryId, repository.region, repository.name, id]);
    const answer = answers.get(key) ?? ecr.getImage(repository, id);
    answers.set(key, answer);
    return answer;
  };
  const rules = new Map<string, ReturnType<Asked['pullThroughRules']>>();
  const pullThroughRules: Asked['pullThroughRules'] = (registry) => {
    const key = JSON.stringify([registry.registryId, registry.region]);
    const answer = rules.get(key) ?? ecr.pullThroughRules(registry);
    rules.set(key, answer);
    return answer;
  };
  return { ...ecr, getImage, pullThroughRules };
}

/**
 * An image that is there already (input `image`): in ECR its digest and platforms are looked up, and the service gets
 * it by digest; what another registry holds is taken as given.
 * @throws Failure NOT_FOUND when ECR has no such image or repository
 */
export async function inspectImage(
  text: string,
  ecr: Pick<Ecr, 'getImage' | 'getBlob' | 'repositoryNames'>,
): Promise<Image> {
  const reference = parseReference(text);
  const { tag, digest, ...name } = reference;
  const given: Image = {
    reference: text,
    repository: formatReference(name),
    tags: tag ? [tag] : [],
    ...defined({ digest: digest || undefined }),
  };
  const host = parseEcrHost(reference.host ?? '');
  if (!host) return given;
  const repository = { ...host, name: reference.path };
  const found = await lookUp(repository, { text, reference }, ecr);
  if (found === 'unknown') return given;
  if (!found) {
    throw new Failure('NOT_FOUND', `ECR has no image ${text}.`, {
      remedy:
        (digest ? undefined : await otherSpelling(tag ?? 'latest', repository, ecr)) ??
        'Check the tag or digest in the input `image`, and the account and Region in its host. A tag that a build of this job should have pushed: check that the build has run and its `tags`.',
    });
  }
  if (isAttestation(found.manifest)) {
    throw new Failure('INVALID_INPUT', `\`image\`: ${text} is an attestation, not an image.`, {
      remedy: 'Give the digest of the index that holds the image and its attestations (the output `image-digest`).',
    });
  }
  return {
    ...given,
    reference: formatReference({ ...name, digest: found.digest }),
    digest: found.digest,
    ecr: repository,
    ...(await knownPlatforms(found.manifest, repository, ecr)),
  };
}

/**
 * The platforms as far as they can be read: a single manifest's config takes one right (ecr:GetDownloadUrlForLayer) and
 * one way (to S3) more than the image itself, and knowing them is a help, not a need.
 */
export async function knownPlatforms(
  manifest: JsonObject,
  repository: EcrRepository,
  ecr: Pick<Ecr, 'getBlob'>,
): Promise<Pick<Image, 'platforms'>> {
  try {
    const platforms = await platformsOf(manifest, repository, ecr);
    return platforms.length > 0 ? { platforms } : {};
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    return {};
  }
}

/** The repositories of the registry beside one that does not exist; one call, once the run has failed. */
export async function repositoriesBeside(
  { name: _, ...registry }: EcrRepository,
  ecr: Pick<Ecr, 'repositoryNames'>,
): Promise<Existing> {
  return listedNow(() => ecr.repositoryNames(registry));
}

/** Tags that are often meant by another, and why. */
function spellingsOf(tag: string): readonly (readonly [tag: string, why: string])[] {
  const quotes = `YAML reads a number without quotes, so that \`${tag}0\` becomes \`${tag}\`: write the tag in quotes where it is set.`;
  const prefix = 'Of the git tag `v1.2.3`, this action and docker/metadata-action push the image `1.2.3`.';
  return [
    ...(/^\d+\.\d+$/.test(tag) ? [[`${tag}0`, quotes] as const] : []),
    ...(/^\d+$/.test(tag) ? [[`${tag}.0`, quotes.replace(`${tag}0`, `${tag}.0`)] as const] : []),
    ...(/^v\d/.test(tag) ? [[tag.slice(1), prefix] as const] : []),
    ...(/^\d+\.\d+/.test(tag) ? [[`v${tag}`, prefix] as const] : []),
  ];
}

/** What to write in place of a tag that does not exist, where the repository has one that is often meant by it, or the tag shows what it is. */
async function otherSpelling(
  tag: string,
  repository: EcrRepository,
  ecr: Pick<Ecr, 'getImage'>,
): Promise<string | undefined> {
  const all = spellingsOf(tag);
  const found = await Promise.allSettled(all.map(([other]) => ecr.getImage(repository, { tag: other })));
  for (const [i, [other, why]] of all.entries()) {
    const answer = found[i];
    if (answer?.status === 'fulfilled' && answer.value) return `The repository has the tag \`${other}\`. ${why}`;
  }
  if (/^(?=.*[a-f])(?=.*\d)[0-9a-f]{7,39}$/.test(tag))
    return `\`${tag}\` looks like a short commit, and an image is often tagged with the whole of it, as this action does it: \`\${{ github.sha }}\` has 40 characters. Write the tag that the build pushed, and check that it has run.`;
  return undefined;
}

async function lookUp(
  repository: EcrRepository,
  { text, reference: { tag, digest } }: { readonly text: string; readonly reference: Reference },
  ecr: Pick<Ecr, 'getImage' | 'repositoryNames'>,
) {
  try {
    return await ecr.getImage(repository, digest ? { digest } : { tag: tag ?? 'latest' });
  } catch (thrown) {
    // A role that only deploys needs no right to read ECR; then the image is taken as given.
    if (thrown instanceof Failure && thrown.code === 'ACCESS_DENIED') return 'unknown';
    if (thrown instanceof Failure && thrown.code === 'NOT_FOUND') {
      const remedy =
        'or push the image first. To build and push it in this step, give `repository` instead of `image`.';
      const existing = await repositoriesBeside(repository, ecr);
      throw noRepository(repository, { input: 'image', text, remedy, cause: thrown, existing });
    }
    throw thrown;
  }
}

/** Platforms of an index, or of a single manifest by its config blob. */
export async function platformsOf(
  manifest: JsonObject,
  repository: EcrRepository,
  ecr: Pick<Ecr, 'getBlob'>,
): Promise<readonly string[]> {
  const platforms = indexPlatforms(manifest);
  if (platforms) return platforms;
  const config = configDigest(manifest);
  return config ? platformOf(await ecr.getBlob(repository, config)) : [];
}

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

/** By the text alone: what we cannot parse as a reference is compared as it is. */
function repositoryOf(reference: string): string {
  const bare = reference.replace(/@.*/, '');
  const tag = bare.indexOf(':', bare.lastIndexOf('/') + 1);
  return tag < 0 ? bare : bare.slice(0, tag);
}

/** This run's image, where the revision that is deployed names an equal one by another digest. */
export function keptImage(image: Image, written: TaskDefinition, definition: TaskDefinition): Image | undefined {
  const at = written.containerDefinitions.findIndex((container) => container.image === image.reference);
  const kept = definition.containerDefinitions[at]?.image;
  const digest = kept === undefined || kept === image.reference ? undefined : digestOf(kept);
  return digest && kept ? { ...image, reference: kept, digest } : undefined;
}
