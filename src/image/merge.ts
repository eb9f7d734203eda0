import { Failure } from '../failure.ts';
import type { CommitInputs, DigestsInputs } from '../inputs/types.ts';
import { defined, isObject } from '../model.ts';
import type { Console } from '../ports.ts';
import { isWrongChoice, wrongChoice } from './docker-choice.ts';
import { FINGERPRINT_KEY, imagesOfIndex, isAttestation, withoutOrigin } from './fingerprint.ts';
import type { Image } from './image.ts';
import { imagetools } from './imagetools.ts';
import type { DockerLogin } from './login.ts';
import { parseRepository } from './reference.ts';
import {
  type Destination,
  findDestination,
  type ImageStore,
  isImmutableRefusal,
  loginFor,
  pushRefused,
  type RepositoryWorld,
  type StoredImage,
  storeOf,
} from './repository.ts';
import { knownPlatforms } from './resolve.ts';
import { isImmutableTag } from './reuse.ts';

type MergeWorld = RepositoryWorld & { readonly console: Console; readonly signal: AbortSignal };

/** What a merge writes to, and what must hold before it does. */
interface MergeTerms {
  /** Of the credentials, for a bare repository name. */
  readonly region: string;
  /** Rejects where the tasks cannot run an image of these platforms; undefined where they are not known. */
  readonly permitted: (platforms: readonly string[] | undefined) => Promise<unknown>;
}

/** Digests that can become one image. */
interface JudgedDigests {
  readonly at: Destination;
  readonly store: ImageStore;
  /** Of the image; undefined where one of the digests does not show its own. */
  readonly platforms: readonly string[] | undefined;
  /** The image of these digests, where a tag of this run names it already. */
  readonly existing?: Image;
  /** Tags that do not name it yet. */
  readonly write: readonly string[];
  /** Of the index, as `imagetools create` takes them. */
  readonly annotations: readonly string[];
}

/**
 * Everything that can be wrong with digests, before anything is written: one that the repository does not have, an attestation, two
 * for one platform, an immutable tag on another image. A plan asks the same.
 * @param login for a registry that ECR's API does not reach
 * @throws Failure NOT_FOUND, INVALID_INPUT, PUSH_FAILED
 */
export async function judgeDigests(
  given: DigestsInputs,
  { region, login }: { readonly region: string; readonly login: Promise<DockerLogin> },
  world: MergeWorld,
): Promise<JudgedDigests> {
  const repository = parseRepository(given.repository, region);
  const store = storeOf(repository, login, world);
  const [at, found] = await Promise.all([
    findDestination(repository, false, world.ecr),
    store.find([...given.digests, ...given.tags]),
  ]);
  const missing = given.digests.filter((digest) => !found.has(digest));
  if (missing.length > 0) throw absent(missing, at);
  const platforms = await platformsOfParts(given.digests, found, { at, ecr: world.ecr });
  refuseOtherCommits(given.digests, found, at);
  const parts = given.digests.flatMap((digest) => membersOf(digest, found.get(digest)));
  const holds = (tag: string): boolean => {
    const image = found.get(tag);
    return image !== undefined && equal(imagesIn(image), parts) && isAnnotated(image, given.annotations);
  };
  const locked = given.tags.filter((tag) => found.has(tag) && isImmutableTag(tag, at.mutability));
  const taken = locked.filter((tag) => !holds(tag));
  if (taken.length > 0) throw immutable(taken, at);
  // An immutable tag first: it stays where it is.
  const image = found.get(locked[0] ?? given.tags.find(holds) ?? '');
  const elsewhere = given.tags.filter((tag) => image === undefined || found.get(tag)?.digest !== image.digest);
  return {
    at,
    store,
    platforms,
    ...(image ? { existing: imageAt({ ...image, ...defined({ platforms }) }, at, given.tags) } : {}),
    write: elsewhere.filter((tag) => !locked.includes(tag)),
    annotations: annotationsOfIndex(given, found),
  };
}

/**
 * One image of several that were pushed by digest, one for each platform (`mode: build` with `push-by-digest` on native runners),
 * under the tags of this run. The same digests always make the same image, so a re-run changes nothing.
 * @throws Failure NOT_FOUND for a digest that the repository does not have, INVALID_INPUT, PUSH_FAILED
 */
export async function mergeDigests(
  given: DigestsInputs,
  { region, permitted }: MergeTerms,
  world: MergeWorld,
): Promise<Image> {
  const { login } = loginFor(parseRepository(given.repository, region), world);
  login.catch(() => {}); // reported where it is needed: a repository that is not there is reported first
  const { at, store, platforms, existing, write, annotations } = await judgeDigests(given, { region, login }, world);
  await permitted(platforms);
  const { console } = world;
  if (existing) {
    const { digest = '', reference } = existing;
    await Promise.all(write.map((tag) => store.addTag(digest, tag)));
    const tagged = write.length > 0 ? `; tagged it ${write.join(', ')}` : '';
    console.line(`${reference} (${given.tags.join(', ')}) is the image of these digests already${tagged}.`);
    return existing;
  }
  await create({ given, annotations, at, env: (await login).env }, world);
  const [tag = ''] = given.tags;
  const image = await store.show(tag);
  if (!image) throw new Failure('PUSH_FAILED', `${at.uri}:${tag} was pushed, but the registry does not show it.`);
  console.line(`Merged ${given.digests.length} digests into ${at.uri}@${image.digest} (${given.tags.join(', ')}).`);
  return imageAt({ ...image, ...defined({ platforms: platforms ?? image.platforms }) }, at, given.tags);
}

/**
 * The image of this commit in a repository, by the tag that a build gives it.
 * @throws Failure NOT_FOUND with how to make it
 */
export async function findCommitImage(
  { repository: name, tag }: CommitInputs,
  region: string,
  world: MergeWorld,
): Promise<Image> {
  const repository = parseRepository(name, region);
  const [at, found] = await Promise.all([
    findDestination(repository, false, world.ecr),
    storeOf(repository, loginFor(repository, world).login, world).find([tag]),
  ]);
  const image = found.get(tag);
  if (image) return imageAt({ ...image, ...(await platformsIn(image, { at, ecr: world.ecr })) }, at, [tag]);
  throw new Failure('NOT_FOUND', `${at.uri} has no image of this commit (tag ${tag}).`, {
    remedy: `Build it in an earlier job (\`mode: build\` with the same \`repository\`; where that has \`tags\`, \`\${{ github.sha }}\` must be one of them), or name another image in \`image\`.`,
  });
}

const imageAt = ({ digest, platforms }: StoredImage, { uri, ecr }: Destination, tags: readonly string[]): Image => ({
  reference: `${uri}@${digest}`,
  repository: uri,
  digest,
  tags,
  ...defined({ ecr, platforms }),
});

/** What a digest adds to an index: itself, or, where it is an index (with provenance), the images in it. */
const membersOf = (digest: string, image: StoredImage | undefined): readonly string[] => {
  const members = image?.manifest && imagesOfIndex(image.manifest);
  return members && members.length > 0 ? members : [digest];
};

const imagesIn = ({ digest, manifest }: StoredImage): readonly string[] =>
  (manifest && imagesOfIndex(manifest)) ?? [digest];

const equal = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

/**
 * Whether an index has these annotations: with other ones it is another index. Those that say which run made it do not count, so
 * that the same digests are not merged again for each commit; a single image is not written by a merge.
 */
function isAnnotated({ manifest }: StoredImage, annotations: readonly string[]): boolean {
  if (!manifest || imagesOfIndex(manifest) === undefined) return true;
  const has = isObject(manifest.annotations) ? manifest.annotations : {};
  const wanted = new Map(withoutOrigin(annotations.flatMap(forIndex)).map(pair));
  return [...wanted].every(([key, value]) => has[key] === value);
}

/**
 * What the images of all platforms say of themselves, which their indexes lose when they become one, below what the user says. Where
 * they name their commit, it is theirs and not that of this run.
 */
function annotationsOfIndex(
  { digests, origin, annotations }: DigestsInputs,
  found: ReadonlyMap<string, StoredImage>,
): readonly string[] {
  const [first = new Map<string, string>(), ...others] = digests.map((digest) => annotationsIn(found.get(digest)));
  const common = [...first].filter(
    ([key, value]) => key !== FINGERPRINT_KEY && others.every((other) => other.get(key) === value),
  );
  const all = new Map([...origin.map(pair), ...common, ...annotations.flatMap(forIndex).map(pair)]);
  const ofDescriptors = annotations.filter((annotation) => /^manifest-descriptor\b[^=]*:/.test(annotation));
  return [...[...all].map(([key, value]) => `index:${key}=${value}`), ...ofDescriptors];
}

/** With the commit of its label, where it has no annotation for it. */
function annotationsIn(image: StoredImage | undefined): ReadonlyMap<string, string> {
  const { annotations } = image?.manifest ?? {};
  const own = Object.entries(isObject(annotations) ? annotations : {}).map(
    ([key, value]) => [key, String(value)] as const,
  );
  return new Map([...(image?.revision ? [[REVISION, image.revision] as const] : []), ...own]);
}

const REVISION = 'org.opencontainers.image.revision';

/** `key=value` of an annotation that is for the index; those of manifests belong to the jobs that build them. */
function forIndex(annotation: string): readonly string[] {
  const [, levels, rest = ''] =
    /^((?:index|manifest)(?:-descriptor)?(?:\[[^\]]*\])?(?:,[^:=]*)?):(.*)$/s.exec(annotation) ?? [];
  if (levels === undefined) return [annotation];
  return /(?:^|,)index(?:\[|,|$)/.test(levels) ? [rest] : [];
}

const pair = (setting: string): readonly [string, string] => {
  const equals = setting.indexOf('=');
  return [setting.slice(0, equals), setting.slice(equals + 1)];
};

/**
 * Images of one release come of one commit. Where an image does not say, nothing is claimed.
 * @throws Failure INVALID_INPUT
 */
function refuseOtherCommits(
  digests: readonly string[],
  found: ReadonlyMap<string, StoredImage>,
  { uri }: Destination,
): void {
  const commits = digests.flatMap((digest) => {
    const revision = found.get(digest)?.revision;
    return revision === undefined ? [] : [{ digest, revision }];
  });
  const [first] = commits;
  const other = commits.find(({ revision }) => revision !== first?.revision);
  if (!first || !other) return;
  const of = ({ digest, revision }: typeof other): string => `${digest} of commit ${revision.slice(0, 12)}`;
  throw new Failure('INVALID_INPUT', `\`digests\`: in ${uri}, ${of(first)} and ${of(other)} cannot be one image.`, {
    remedy:
      'Build all platforms from one commit (label org.opencontainers.image.revision), and give the outputs of those jobs.',
  });
}

async function create(
  {
    given,
    annotations,
    at,
    env,
  }: Pick<JudgedDigests, 'annotations' | 'at'> & {
    readonly given: DigestsInputs;
    readonly env: Readonly<Record<string, string>>;
  },
  { clock, shell, sources, signal }: Pick<MergeWorld, 'clock' | 'shell' | 'sources' | 'signal'>,
): Promise<void> {
  const { exitCode, stdout, stderr } = await imagetools(
    [
      'create',
      ...given.tags.flatMap((tag) => ['--tag', `${at.uri}:${tag}`]),
      ...annotations.flatMap((annotation) => ['--annotation', annotation]),
      ...given.digests.map((digest) => `${at.uri}@${digest}`),
    ],
    { env },
    { clock, shell, signal },
  );
  if (exitCode === 0) return;
  const output = `${stdout}\n${stderr}`;
  if (isImmutableRefusal(output)) throw immutable(given.tags, at);
  const choice = isWrongChoice(output) ? await wrongChoice(output, NO_NAME, { shell, sources, signal }) : undefined;
  if (choice) throw choice;
  throw pushRefused(at.uri, output);
}

const immutable = (tags: readonly string[], { uri }: Destination): Failure =>
  new Failure(
    'PUSH_FAILED',
    `${uri}: ${tags.length === 1 ? `the tag ${tags[0]}` : `a tag of ${tags.join(', ')}`} is immutable and holds another image.`,
    { remedy: 'Raise the version in `tags`, or exclude the tag from immutability in the settings of the repository.' },
  );

interface Place {
  readonly at: Destination;
  readonly ecr: MergeWorld['ecr'];
}

/** ECR's own answer about a single image does not name its platform; its config does. */
async function platformsIn(
  { platforms, manifest }: StoredImage,
  { at, ecr }: Place,
): Promise<Pick<Image, 'platforms'>> {
  if (platforms) return { platforms };
  return manifest && at.ecr ? knownPlatforms(manifest, at.ecr, ecr) : {};
}

/**
 * An index has one image for each platform: of two, which one runs would depend on their order, and an attestation runs nowhere.
 * @returns what the index will have; undefined where one of the digests does not show its own
 * @throws Failure INVALID_INPUT
 */
async function platformsOfParts(
  digests: readonly string[],
  found: ReadonlyMap<string, StoredImage>,
  place: Place,
): Promise<readonly string[] | undefined> {
  const remedy = 'Give the output `image-digest` of one build for each platform (`mode: build` with `push-by-digest`).';
  const parts = digests.map(async (digest) => {
    const image = found.get(digest);
    const manifest = image?.manifest;
    const attests = manifest ? isAttestation(manifest) : image?.platforms?.length === 0;
    const { platforms = [] } = image ? await platformsIn(image, place) : {};
    return { digest, attests, platforms };
  });
  const { uri } = place.at;
  const byPlatform = new Map<string, string>();
  let unknown = false;
  for (const { digest, attests, platforms } of await Promise.all(parts)) {
    if (attests)
      throw new Failure('INVALID_INPUT', `\`digests\`: ${uri}@${digest} is an attestation, not an image.`, { remedy });
    unknown ||= platforms.length === 0;
    for (const platform of platforms) {
      const other = byPlatform.get(platform);
      if (other !== undefined)
        throw new Failure('INVALID_INPUT', `\`digests\`: ${other} and ${digest} are both for ${platform}.`, { remedy });
      byPlatform.set(platform, digest);
    }
  }
  return unknown ? undefined : [...byPlatform.keys()];
}

/** `imagetools` takes the current builder. */
const NO_NAME = { name: '', wanted: undefined };

const absent = (digests: readonly string[], { uri }: Destination): Failure =>
  new Failure('NOT_FOUND', `${uri} does not have ${digests.join(', ')}.`, {
    remedy:
      'Push the digests with `mode: build` and `push-by-digest: true` to the same `repository`, in the same region and account, before this job (`needs`).',
  });
