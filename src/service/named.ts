import type { Revision, ServiceState } from '../model.ts';
import { taggable } from '../tags.ts';

/** How a revision that we deployed is known: read off its tags by the caller. */
export interface Known {
  /** Newest first. */
  readonly commits: readonly string[];
  /** As a tag holds them (`taggable`), newest first. */
  readonly refs: readonly string[];
  /** Tags that were replaced by digests, by container. */
  readonly imageTags?: ReadonlyMap<string, string>;
  /** Whether a rollback, of whatever run, went to it. */
  readonly target: boolean;
}

/** A name that people may mean: as written, and with or without the `v` of a version. */
export interface Name {
  readonly text: string;
  /** Digests that ECR has under that name. */
  readonly digests: readonly string[];
}

/**
 * How surely the revision is what the name means: `itself` by a commit, a ref, or the image that the service is about;
 * `sidecar` by the image of another container alone.
 */
export type Sureness = 'itself' | 'sidecar';

/** Undefined when people cannot mean this revision by that name. */
export function namedBy(
  { text, digests }: Name,
  revision: Revision,
  known: Pick<Known, 'commits' | 'refs' | 'imageTags'>,
  { loadBalancers }: Pick<ServiceState, 'loadBalancers'>,
): Sureness | undefined {
  const { containerDefinitions } = revision.definition;
  const commit = text.toLowerCase();
  if (/^[0-9a-f]{7,40}$/.test(commit) && known.commits.some((one) => one.startsWith(commit))) return 'itself';
  const refs = [text, `refs/tags/${text}`, `refs/heads/${text}`].map(taggable);
  if (known.refs.some((ref) => refs.includes(ref))) return 'itself';
  const bearers = containerDefinitions.filter(
    ({ name, image }) => known.imageTags?.get(name) === text || bears(image, text, digests),
  );
  if (bearers.length === 0) return undefined;
  // What the load balancer sends requests to; without one, what the task cannot do without.
  const balanced = containerDefinitions.filter(({ name }) =>
    loadBalancers.some(({ containerName }) => containerName === name),
  );
  const main = balanced.length > 0 ? balanced : containerDefinitions.filter(({ essential }) => essential !== false);
  return bearers.some((one) => main.includes(one)) ? 'itself' : 'sidecar';
}

function bears(image: string, text: string, digests: readonly string[]): boolean {
  const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
  if (digest !== undefined && digests.includes(digest)) return true;
  const name = image.replace(/@.*$/, '');
  return name.slice(name.lastIndexOf('/') + 1).split(':')[1] === text;
}

/** `v1.2` for `1.2` and the other way round; undefined for what is no version. */
export function otherSpelling(text: string): string | undefined {
  const [, prefix = '', v, version] = /^(refs\/tags\/)?(v)?(\d+\..*)$/.exec(text) ?? [];
  return version === undefined ? undefined : `${prefix}${v === undefined ? 'v' : ''}${version}`;
}
