import { Failure } from '../failure.ts';
import type { CommitInputs, DigestsInputs } from '../inputs/types.ts';
import { defined } from '../model.ts';
import type { Console, Shell } from '../ports.ts';
import { rootCauseLine } from './build-output.ts';
import { imagesOfIndex, isAttestation } from './fingerprint.ts';
import type { Image } from './image.ts';
import { parseRepository } from './reference.ts';
import {
  type Destination,
  findDestination,
  isImmutableRefusal,
  loginFor,
  type RepositoryWorld,
  type StoredImage,
  storeOf,
} from './repository.ts';
import { knownPlatforms } from './resolve.ts';

type MergeWorld = RepositoryWorld & { readonly console: Console; readonly signal: AbortSignal };

/**
 * One image of several that were pushed by digest, one for each platform (`mode: build` with `push-by-digest` on native runners),
 * under the tags of this run. The same digests always make the same image, so a re-run changes nothing.
 * @throws Failure NOT_FOUND for a digest that the repository does not have, PUSH_FAILED
 */
export async function mergeDigests(given: DigestsInputs, region: string, world: MergeWorld): Promise<Image> {
  const repository = parseRepository(given.repository, region);
  const { login } = loginFor(repository, world);
  login.catch(() => {}); // reported where it is needed: a repository that is not there is reported first
  const store = storeOf(repository, login, world);
  const [at, found] = await Promise.all([
    findDestination(repository, false, world.ecr),
    store.find([...given.digests, ...given.tags]),
  ]);
  const missing = given.digests.filter((digest) => !found.has(digest));
  if (missing.length > 0) throw absent(missing, at);
  await refuseParts(given.digests, found, { at, ecr: world.ecr });
  const parts = given.digests.flatMap((digest) => membersOf(digest, found.get(digest)));
  const [tag = ''] = given.tags;
  const existing = given.tags.map((one) => found.get(one));
  const same = existing.every((image) => image !== undefined && equal(imagesIn(image), parts));
  if (!same) await create({ given, at, env: (await login).env }, world);
  const image = same ? existing[0] : (await store.find([tag])).get(tag);
  if (!image) throw new Failure('PUSH_FAILED', `${at.uri}:${tag} was pushed, but the registry does not show it.`);
  world.console.line(
    same
      ? `${at.uri}:${tag} is the image of these digests already.`
      : `Merged ${given.digests.length} digests into ${at.uri}@${image.digest} (${given.tags.join(', ')}).`,
  );
  return imageAt(image, at, given.tags);
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
  if (image) return imageAt(image, at, [tag]);
  throw new Failure('NOT_FOUND', `${at.uri} has no image of this commit (tag ${tag}).`, {
    remedy: `Build it in an earlier job (\`mode: build\` with the same \`repository\`), or name another image in \`image\`.`,
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

async function create(
  {
    given,
    at,
    env,
  }: { readonly given: DigestsInputs; readonly at: Destination; readonly env: Readonly<Record<string, string>> },
  { shell, signal }: { readonly shell: Shell; readonly signal: AbortSignal },
): Promise<void> {
  const { exitCode, stdout, stderr } = await shell.run(
    'docker',
    [
      'buildx',
      'imagetools',
      'create',
      ...given.tags.flatMap((tag) => ['--tag', `${at.uri}:${tag}`]),
      ...given.annotations.flatMap((annotation) => ['--annotation', `index:${annotation}`]),
      ...given.digests.map((digest) => `${at.uri}@${digest}`),
    ],
    { env, signal },
  );
  if (exitCode === 0) return;
  const output = `${stdout}\n${stderr}`;
  if (isImmutableRefusal(output)) {
    throw new Failure(
      'PUSH_FAILED',
      `${at.uri}: a tag of ${given.tags.join(', ')} is immutable and holds another image.`,
      {
        remedy: 'Raise the version in `tags`, or exclude the tag from immutability in the settings of the repository.',
      },
    );
  }
  throw new Failure('PUSH_FAILED', rootCauseLine(output), { cause: output });
}

/**
 * An index has one image for each platform: of two, which one runs would depend on their order, and an attestation runs nowhere.
 * @throws Failure INVALID_INPUT before anything is written
 */
async function refuseParts(
  digests: readonly string[],
  found: ReadonlyMap<string, StoredImage>,
  { at, ecr }: { readonly at: Destination; readonly ecr: MergeWorld['ecr'] },
): Promise<void> {
  const remedy = 'Give the output `image-digest` of one build for each platform (`mode: build` with `push-by-digest`).';
  const parts = digests.map(async (digest) => {
    const { manifest, platforms } = found.get(digest) ?? {};
    // ECR's own answer about a single image does not name its platform; its config does.
    const read = manifest && at.ecr && platforms === undefined ? await knownPlatforms(manifest, at.ecr, ecr) : {};
    const attests = manifest ? isAttestation(manifest) : platforms?.length === 0;
    return { digest, attests, platforms: platforms ?? read.platforms ?? [] };
  });
  const byPlatform = new Map<string, string>();
  for (const { digest, attests, platforms } of await Promise.all(parts)) {
    if (attests)
      throw new Failure('INVALID_INPUT', `\`digests\`: ${at.uri}@${digest} is an attestation, not an image.`, {
        remedy,
      });
    for (const platform of platforms) {
      const other = byPlatform.get(platform);
      if (other !== undefined)
        throw new Failure('INVALID_INPUT', `\`digests\`: ${other} and ${digest} are both for ${platform}.`, { remedy });
      byPlatform.set(platform, digest);
    }
  }
}

const absent = (digests: readonly string[], { uri }: Destination): Failure =>
  new Failure('NOT_FOUND', `${uri} does not have ${digests.join(', ')}.`, {
    remedy:
      'Push the digests with `mode: build` and `push-by-digest: true` to the same `repository`, in the same region and account, before this job (`needs`).',
  });
