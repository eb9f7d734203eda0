import { fitsPattern } from '../arn.ts';
import { asFailure } from '../failure.ts';
import type { BuildInputs, ReusePolicy } from '../inputs/types.ts';
import { defined, type TagMutability } from '../model.ts';
import { ownPlatformOf, parseBuilder } from './builder.ts';
import { type CollectWorld, type Fingerprint, fingerprint } from './collect.ts';
import { contentTag } from './fingerprint.ts';
import { type Image, normalisePlatform } from './image.ts';
import { PUBLIC_ECR, parseRepository } from './reference.ts';
import {
  type Destination,
  findDestination,
  type ImageStore,
  loginFor,
  type RepositoryWorld,
  type StoredImage,
  storeOf,
} from './repository.ts';

/** What the repository holds under the tags of this run. */
interface Holdings {
  /** The run's own tags. */
  readonly tags: readonly string[];
  /** Undefined where ECR does not show it (ecr:DescribeRepositories) or the registry has no such rule. */
  readonly mutability: TagMutability | undefined;
  /** By tag; why it could not be read otherwise. */
  readonly images:
    | ReadonlyMap<string, StoredImage>
    | { readonly unreadable: string }
    /** The registry lets this run neither read nor push. */
    | { readonly closed: Omit<Extract<ReuseDecision, { kind: 'refuse' }>, 'kind'> };
  readonly fingerprint: { readonly value: string } | { readonly unknown: string };
  /** Platforms that were named; empty: the builder's own, which is part of the fingerprint. */
  readonly platforms: readonly string[];
}

export type ReuseDecision =
  | {
      readonly kind: 'reuse';
      readonly image: StoredImage;
      /** The tag it was found by. */
      readonly tag: string;
      /** Tags to put on it. */
      readonly add: readonly string[];
      /** Immutable tags that stay on another image of the same content. */
      readonly kept: readonly string[];
      /** All tags of this run, that of the content included. */
      readonly tags: readonly string[];
      /** What asked for a build that cannot be pushed. */
      readonly instead?: string;
    }
  | {
      readonly kind: 'build';
      /** Tags to push; immutable ones that hold this content already are left out. */
      readonly push: readonly string[];
      readonly kept: readonly string[];
      readonly why: string;
    }
  /** An immutable tag is in the way, or a login is missing: nothing that is built could be pushed. */
  | {
      readonly kind: 'refuse';
      readonly problem: string;
      readonly remedy: string;
      /** What docker printed. */
      readonly cause?: unknown;
    };

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html */
export function isImmutableTag(tag: string, mutability: TagMutability | undefined): boolean {
  if (!mutability) return false;
  const excluded = mutability.exclusions.some((filter) => fitsPattern(filter, tag));
  return mutability.immutable !== excluded;
}

/**
 * Whether an image of the repository takes the place of a build: one whose fingerprint is this build's and which has
 * every platform, under a tag of this run or (mode `content`) the tag of the fingerprint. A tag or a commit alone is
 * never enough.
 */
function decideReuse(policy: ReusePolicy, holdings: Holdings): ReuseDecision {
  const { mutability, fingerprint, images } = holdings;
  const named = [...new Set(holdings.tags)];
  const tags = policy.byContent && 'value' in fingerprint ? [...named, contentTag(fingerprint.value)] : named;
  const build = (why: string, kept: readonly string[] = []): ReuseDecision => ({
    kind: 'build',
    push: tags.filter((tag) => !kept.includes(tag)),
    kept,
    why,
  });
  if ('closed' in images) return { kind: 'refuse', ...images.closed };
  if ('unreadable' in images) {
    return build(policy.kind === 'build' ? policy.reason : images.unreadable);
  }
  const locked = tags.filter((tag) => images.has(tag) && isImmutableTag(tag, mutability));
  const stuck = locked.filter((tag) => !isSame(images.get(tag), holdings));
  if (stuck.length > 0) return refusal(stuck, images, fingerprint);
  const same = tags.filter((tag) => isSame(images.get(tag), holdings));
  // An immutable tag first: it stays where it is.
  const found = locked[0] ?? same[0];
  const image = found === undefined ? undefined : images.get(found);
  const pushable = tags.filter((tag) => !locked.includes(tag));
  if (policy.kind === 'build' && (pushable.length > 0 || !image)) return build(policy.reason, locked);
  if (!image || found === undefined) return build(whyNot(tags, images, holdings));
  const elsewhere = tags.filter((tag) => images.get(tag)?.digest !== image.digest);
  return {
    kind: 'reuse',
    image,
    tag: found,
    tags,
    add: elsewhere.filter((tag) => !locked.includes(tag)),
    kept: elsewhere.filter((tag) => locked.includes(tag)),
    ...(policy.kind === 'build' ? { instead: policy.reason } : {}),
  };
}

function isSame(image: StoredImage | undefined, { fingerprint, platforms }: Holdings): boolean {
  if (!image || !('value' in fingerprint) || image.fingerprint !== fingerprint.value) return false;
  return lacking(image, platforms).length === 0;
}

/** A single manifest whose platform was not read has the one that its fingerprint names. */
function lacking({ platforms: has }: StoredImage, wanted: readonly string[]): readonly string[] {
  if (!has) return wanted.length > 1 ? wanted : [];
  return wanted.filter((platform) => !has.includes(platform));
}

/** For each tag why it does not give the image, the first one in full. */
function whyNot(tags: readonly string[], images: ReadonlyMap<string, StoredImage>, holdings: Holdings): string {
  const { fingerprint } = holdings;
  if ('unknown' in fingerprint) return `the fingerprint of this build is not known: ${fingerprint.unknown}`;
  const there = tags.filter((tag) => images.has(tag));
  if (there.length === 0) return `${list(tags)} ${tags.length === 1 ? 'does' : 'do'} not exist yet`;
  return there
    .map((tag) => {
      const image = images.get(tag);
      if (image === undefined) return '';
      if (image.fingerprint === undefined) return `${tag} holds an image without a fingerprint${commitOf(image)}`;
      if (image.fingerprint !== fingerprint.value) return `${tag} holds an image of other content${commitOf(image)}`;
      return `the image of ${tag} lacks ${lacking(image, holdings.platforms).join(', ')}`;
    })
    .join('; ');
}

function refusal(
  stuck: readonly string[],
  images: ReadonlyMap<string, StoredImage>,
  fingerprint: Holdings['fingerprint'],
): ReuseDecision {
  const [tag = ''] = stuck;
  const image = images.get(tag);
  const others = stuck.length > 1 ? ` So are ${list(stuck.slice(1))}.` : '';
  const holds = whatIsHeld(image, fingerprint);
  return {
    kind: 'refuse',
    problem: `The tag ${tag} is immutable and holds ${holds}${others}`,
    remedy: `Raise the version in \`tags\`, exclude tags that are meant to move from the repository's immutability, or deploy what is there with the input \`image\`.`,
  };
}

/** What the immutable tag holds, and why that cannot be used for this build. */
function whatIsHeld(image: StoredImage | undefined, fingerprint: Holdings['fingerprint']): string {
  const held = `an image${ofCommit(image)}`;
  if ('unknown' in fingerprint)
    return `${held}; whether its content is that of this build cannot be known: ${fingerprint.unknown}.`;
  if (image?.fingerprint === undefined) return `${held} without a fingerprint, so that its content is not known.`;
  if (image.fingerprint === fingerprint.value) return `${held} that does not have every platform of this build.`;
  return `the image${ofCommit(image)}, whose content differs from this build's.`;
}

const ofCommit = (image: StoredImage | undefined): string =>
  image?.revision ? ` of commit ${image.revision.slice(0, 12)}` : '';
const commitOf = (image: StoredImage): string => (image.revision ? ` (commit ${image.revision.slice(0, 12)})` : '');
const list = (tags: readonly string[]): string =>
  tags.length < 2 ? (tags[0] ?? '') : `${tags.slice(0, -1).join(', ')} and ${tags.at(-1) ?? ''}`;

/** Where the image goes, and how to read what is there. */
export interface Site {
  readonly destination: Promise<Destination>;
  readonly store: ImageStore;
  /** What the builder builds for where no platform is named. */
  readonly ownPlatform: () => Promise<string | undefined>;
}

interface Decided {
  readonly decision: ReuseDecision;
  /** The fingerprint, where it is known. */
  readonly mark: string | undefined;
}

/** The fingerprint of the build, what the repository holds under its tags, and what follows. Nothing is changed. */
export async function decide(build: BuildInputs, site: Site, world: CollectWorld): Promise<Decided> {
  const printing = Promise.all([fingerprint(build, site.ownPlatform, world), site.destination]);
  // Beside the context's hash, except where a tag to look up is made of it.
  const early = build.reuse.kind === 'reuse' && !build.reuse.byContent ? lookUp(build.tags, site) : undefined;
  early?.catch(() => {}); // awaited below
  const [found] = await printing;
  return decideFor(build, found, { site, early });
}

/** Whether this run logs in. Any other registry is asked for one tag, so that a login that the job lacks ends the run before the build. */
const logsIn = ({ ecr, uri }: Omit<Destination, 'mutability'>): boolean =>
  ecr !== undefined || uri.startsWith(`${PUBLIC_ECR}/`);

/** What follows from a fingerprint that is known already. */
export async function decideFor(
  build: BuildInputs,
  found: Fingerprint,
  { site, early }: { readonly site: Site; readonly early?: Promise<Holdings['images']> | undefined },
): Promise<Decided> {
  const mark = found.kind === 'known' ? found.value : undefined;
  const { mutability, ...at } = await site.destination;
  const tags = [...build.tags, ...(build.reuse.byContent && mark ? [contentTag(mark)] : [])];
  // A build that is asked for needs to know of nothing but the tags that it could not push.
  const needed = build.reuse.kind === 'reuse' ? tags : tags.filter((tag) => isImmutableTag(tag, mutability));
  const wanted = needed.length === 0 && !logsIn(at) ? [tags[0] ?? 'latest'] : needed;
  const decision = decideReuse(build.reuse, {
    tags: build.tags,
    mutability,
    images: await (early ?? lookUp(wanted, site)),
    fingerprint: found.kind === 'known' ? { value: found.value } : { unknown: found.why },
    platforms: build.platforms.map(normalisePlatform),
  });
  return { decision, mark };
}

/** Reading is a help, not a need: without the right to read, everything is built. Without any login nothing could be pushed either. */
async function lookUp(tags: readonly string[], { store }: Site): Promise<Holdings['images']> {
  if (tags.length === 0) return new Map();
  try {
    return await store.find(tags);
  } catch (thrown) {
    const { code, message, remedy, api, cause } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    if (code === 'ACCESS_DENIED' && remedy !== undefined && !api)
      return { closed: { problem: message, remedy, cause } };
    return {
      unreadable:
        code === 'ACCESS_DENIED'
          ? 'images that exist cannot be read (ecr:BatchGetImage is not allowed), so none is reused'
          : `images that exist cannot be read (${message.replace(/\.$/, '')}), so none is reused`,
    };
  }
}

type Foreseen =
  | { readonly kind: 'reuse'; readonly image: Image }
  | { readonly kind: 'build'; readonly why: string }
  | { readonly kind: 'refuse'; readonly text: string };

/**
 * What a deploy would do for its image, without a build or a change. The builder is not started: without a
 * named platform, one that does not run leaves the fingerprint unknown.
 * @throws Failure CANCELLED or CREDENTIALS alone
 */
export async function foreseeReuse(
  build: BuildInputs,
  region: string,
  world: CollectWorld & RepositoryWorld,
): Promise<Foreseen> {
  const { ecr, shell, signal } = world;
  const repository = parseRepository(build.repository, region);
  const destination = findDestination(repository, build.createRepository, ecr);
  // ECR is read by its API; its public registry by docker, which counts what comes without a login more strictly.
  const login =
    repository.kind === 'public' ? loginFor(repository, world).login.catch(() => ({ env: {} })) : { env: {} };
  const store = storeOf(repository, Promise.resolve(login), world);
  const ownPlatform = async (): Promise<string | undefined> => {
    const { exitCode, stdout } = await shell.run(
      'docker',
      ['buildx', 'inspect', ...(build.builder ? [build.builder] : [])],
      { signal },
    );
    return exitCode === 0 ? ownPlatformOf(parseBuilder(stdout)) : undefined;
  };
  try {
    const { decision } = await decide(build, { destination, store, ownPlatform }, world);
    const { uri, ecr: place } = await destination;
    switch (decision.kind) {
      case 'refuse':
        return { kind: 'refuse', text: `image ${uri}: ${decision.problem} ${decision.remedy}` };
      case 'build':
        return { kind: 'build', why: decision.why };
      case 'reuse': {
        const { digest, platforms } = decision.image;
        const found = { reference: `${uri}@${digest}`, repository: uri, digest, tags: decision.tags };
        return { kind: 'reuse', image: { ...found, reused: true, ...defined({ ecr: place, platforms }) } };
      }
    }
  } catch (thrown) {
    const { code, message, remedy } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    if (code !== 'NOT_FOUND') return { kind: 'build', why: message.replace(/\.$/, '') };
    if (build.createRepository) return { kind: 'build', why: 'the repository does not exist yet' };
    return { kind: 'refuse', text: `image: ${message} ${remedy ?? ''}`.trim() };
  }
}
