import {
  type ContainerDefinition,
  defined,
  type EcrRepository,
  type PullThroughRule,
  type RegistryImage,
  type TaskDefinition,
} from '../model.ts';
import { formatReference, parseEcrHost, parseReference, readReference } from './reference.ts';

/** Where the digest of an image can be asked for. */
type ImageSource =
  /** The reference has its digest: there is nothing to ask. */
  | { readonly kind: 'digest'; readonly digest: string }
  | { readonly kind: 'ecr'; readonly repository: EcrRepository; readonly tag: string }
  | { readonly kind: 'registry'; readonly image: RegistryImage }
  /** Not a reference by the rules that we know; ECS may still take it. */
  | { readonly kind: 'unreadable' };

/** What a registry answered for a reference. */
export type Resolution =
  /** @property cached the repository is one of a pull-through cache: its tag moves only when a task pulls it, and is never pinned */
  | { readonly kind: 'resolved'; readonly digest: string; readonly cached?: true }
  /** The registry answered that it does not have the image. */
  | { readonly kind: 'missing'; readonly reason: string }
  /** @property reason completes the sentence "the tag could not be looked up: ..." */
  | { readonly kind: 'unresolved'; readonly reason: string };

/**
 * Namespaces that ECR proposes for pull-through caches. Such a tag moves in ECR only when a task pulls it by its tag, so
 * a revision that pinned it would stay at the cached image for ever.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
 */
export const PULL_THROUGH_CACHE = /^(ecr-public|kubernetes|quay|docker-hub|github|azure|gitlab|chainguard)\//;

/**
 * The rule of a registry by which ECR makes a repository of this name: the one with the longest prefix, else the one for all.
 * @param name of the repository
 */
export function ruleFor(name: string, rules: readonly PullThroughRule[]): PullThroughRule | undefined {
  const own = rules
    .filter(({ prefix }) => name.startsWith(`${prefix}/`))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return own[0] ?? rules.find(({ prefix }) => prefix === 'ROOT');
}

const DOCKER_HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** @param reference an image as a container definition names it */
export function sourceOf(reference: string): ImageSource {
  const parsed = readReference(reference);
  if (!parsed) return { kind: 'unreadable' };
  const { host, path, tag = 'latest', digest } = parsed;
  if (digest) return { kind: 'digest', digest };
  const ecr = parseEcrHost(host ?? '');
  if (ecr) return { kind: 'ecr', repository: { ...ecr, name: path }, tag };
  return { kind: 'registry', image: { ...defined({ host: host || undefined }), path, reference: tag } };
}

/**
 * Whether the revision may get the digest in place of the tag: images of private ECR alone (docs/images.md says why). Which of them
 * come from a pull-through cache, the resolution shows.
 */
export const isPinnable = (reference: string): boolean => sourceOf(reference).kind === 'ecr';

/**
 * Whether two references of container definitions name the same image: Docker Hub's short forms, `latest` left out, and a
 * tag beside a digest make no difference. The one place where images of two definitions are compared.
 */
export const sameImage = (a: string, b: string): boolean => a === b || canonical(a) === canonical(b);

function canonical(reference: string): string {
  const parsed = readReference(reference);
  if (!parsed) return reference;
  const { host, path, tag = 'latest', digest } = parsed;
  const hub = host === undefined || DOCKER_HUB.includes(host);
  const whole = { host: hub ? 'docker.io' : host, path: hub && !path.includes('/') ? `library/${path}` : path };
  return formatReference({ ...whole, ...(digest ? { digest } : { tag }) });
}

/**
 * The definition with the references of `before` wherever they name the same image, so that two ways of writing it are
 * not a difference.
 * @param same decides it; `sameImage` where nothing more is known of the images
 */
export function withReferencesOf(
  definition: TaskDefinition,
  before: TaskDefinition,
  same: (a: string, b: string) => boolean = sameImage,
): TaskDefinition {
  const images = new Map(before.containerDefinitions.map(({ name, image }) => [name, image]));
  return mapImages(definition, ({ name, image }) => {
    const earlier = images.get(name);
    return earlier !== undefined && same(earlier, image) ? earlier : image;
  });
}

/** Tags that an earlier deploy replaced by digests, by container: `app` -> `latest`. */
export type ImageTags = ReadonlyMap<string, string>;

/** What is known when images are pinned. */
interface PinGiven {
  /** Of the revision that the definition starts from. */
  readonly remembered: ImageTags;
  /** By reference; one that was not asked is left alone. */
  readonly resolutions: ReadonlyMap<string, Resolution>;
  /** `keep` leaves tags, and restores those that an earlier deploy replaced. */
  readonly mode: 'pin' | 'keep';
}

/** A tag that was replaced by its digest. */
interface Pin {
  readonly reference: string;
  readonly digest: string;
  readonly containers: readonly string[];
}

export interface Pinned {
  readonly definition: TaskDefinition;
  readonly pins: readonly Pin[];
  /** Of all containers whose image was named by a tag: for the next deploy that starts from this revision. */
  readonly tags: ImageTags;
  /** Remembered tags that do not exist any more: the digest of the earlier deploy stays. */
  readonly stale: readonly { readonly reference: string; readonly kept: string; readonly reason: string }[];
}

/** References whose digests `pinned` needs, each once. */
export function referencesToAsk(definition: TaskDefinition, remembered: ImageTags): string[] {
  const references = definition.containerDefinitions.map((container) => tagged(container, remembered));
  return [...new Set(references)].filter(isPinnable);
}

/**
 * The definition with ECR's tags replaced by their digests. A container that an earlier deploy pinned is looked up by the tag
 * that it had then: a workflow that pushes `latest` and deploys the live revision would otherwise stay at its first image.
 */
export function pinned(definition: TaskDefinition, { remembered, resolutions, mode }: PinGiven): Pinned {
  const pins = new Map<string, Pin>();
  const tags = new Map<string, string>();
  const stale: { reference: string; kept: string; reason: string }[] = [];
  const changed = mapImages(definition, (container) => {
    const { name, image } = container;
    const reference = tagged(container, remembered);
    if (mode === 'keep') return reference;
    const resolution = resolutions.get(reference);
    if (resolution?.kind === 'missing' && reference !== image) {
      tags.set(name, tagOf(reference));
      const { reason } = resolution;
      if (!stale.some((one) => one.reference === reference)) stale.push({ reference, kept: image, reason });
      return image;
    }
    // Without an answer the tag stays: ECS resolves it when the deployment starts, and the digest of an earlier deploy may be old.
    if (resolution?.kind !== 'resolved' || resolution.cached) return reference;
    const { digest } = resolution;
    const containers = [...(pins.get(reference)?.containers ?? []), name];
    pins.set(reference, { reference, digest, containers });
    tags.set(name, tagOf(reference));
    return withDigest(reference, digest);
  });
  return { definition: changed, pins: [...pins.values()], tags, stale };
}

/** The container's image, by its tag where an earlier deploy replaced it. */
function tagged({ name, image }: ContainerDefinition, remembered: ImageTags): string {
  const tag = remembered.get(name);
  const parsed = readReference(image);
  if (tag === undefined || parsed?.digest === undefined || parsed.tag !== undefined) return image;
  const { digest: _, ...repository } = parsed;
  return formatReference({ ...repository, tag });
}

const tagOf = (reference: string): string => readReference(reference)?.tag ?? 'latest';

function withDigest(reference: string, digest: string): string {
  const { tag: _, ...repository } = parseReference(reference);
  return formatReference({ ...repository, digest });
}

function mapImages(definition: TaskDefinition, image: (container: ContainerDefinition) => string): TaskDefinition {
  return {
    ...definition,
    containerDefinitions: definition.containerDefinitions.map((container) => ({
      ...container,
      image: image(container),
    })),
  };
}

/** As the value of a revision's tag: `app=latest sidecar=stable`. */
export const formatImageTags = (tags: ImageTags): string => [...tags].map(([name, tag]) => `${name}=${tag}`).join(' ');

/** The inverse of formatImageTags; what is not of that form is left out. */
export function parseImageTags(text: string): ImageTags {
  return new Map(
    text.split(' ').flatMap((entry) => {
      const [, name, tag] = /^([\w-]+)=([\w][\w.-]{0,127})$/.exec(entry) ?? [];
      return name && tag ? [[name, tag] as const] : [];
    }),
  );
}

/** `sha256:0123456789ab`, to be read. */
export const shortDigest = (digest: string): string => digest.slice(0, 'sha256:'.length + 12);

/** Digests that the tasks of a deployment run, by container; a container of which none is known is absent. */
export type RunningImages = ReadonlyMap<string, ReadonlySet<string>>;

/** A tag in the definition, against what runs. */
type TagState =
  | { readonly kind: 'current'; readonly reference: string }
  | { readonly kind: 'moved'; readonly reference: string; readonly digest: string; readonly runs: readonly string[] }
  | { readonly kind: 'unproven'; readonly reference: string; readonly reason: string };

/** Images that the definition names by a tag (or by nothing, which is `latest`), with their containers. */
export function taggedImages({ containerDefinitions }: Pick<TaskDefinition, 'containerDefinitions'>) {
  const byTag = containerDefinitions.filter(({ image }) => sourceOf(image).kind !== 'digest');
  return Map.groupBy(byTag, ({ image }: ContainerDefinition) => image);
}

/**
 * Whether each tag still names what runs.
 * @param given.members digests of the manifests in an index, where they were read: ECS may report the one that a task pulled
 * @param given.idle nothing runs and nothing is wanted: what is not known is then no reason for a deployment
 */
export function tagStates(
  definition: Pick<TaskDefinition, 'containerDefinitions'>,
  given: {
    readonly resolutions: ReadonlyMap<string, Resolution>;
    readonly running: RunningImages;
    readonly members: ReadonlyMap<string, readonly string[]>;
    readonly idle: boolean;
  },
): TagState[] {
  const { resolutions, running, members, idle } = given;
  return [...taggedImages(definition)].map(([reference, containers]): TagState => {
    const resolution = resolutions.get(reference);
    if (resolution?.kind !== 'resolved')
      return { kind: 'unproven', reference, reason: resolution?.reason ?? 'it was not asked' };
    const { digest } = resolution;
    const digests = containers.map(({ name }) => running.get(name));
    const runs = [...new Set(digests.flatMap((some) => [...(some ?? [])]))];
    const same = [digest, ...(members.get(digest) ?? [])];
    const others = runs.filter((one) => !same.includes(one));
    if (others.length > 0) return { kind: 'moved', reference, digest, runs: others };
    if (digests.every((some) => some !== undefined && some.size > 0) || idle) return { kind: 'current', reference };
    return { kind: 'unproven', reference, reason: 'ECS does not report which digest runs' };
  });
}

/** Why a tag is a reason to deploy again; undefined where it is not. */
export function reasonOf(state: TagState): string | undefined {
  switch (state.kind) {
    case 'current':
      return undefined;
    case 'moved':
      return `\`${state.reference}\` names ${shortDigest(state.digest)} now, but ${state.runs.map(shortDigest).join(' and ')} runs.`;
    case 'unproven':
      return `\`${state.reference}\` may name another image than the one that runs: ${state.reason.replace(/\.$/, '')}.`;
  }
}
