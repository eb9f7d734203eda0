import { asFailure } from '../failure.ts';
import type { BuildInputs } from '../inputs/types.ts';
import { type CollectWorld, type Fingerprint, fingerprint } from './collect.ts';
import { contentTag } from './fingerprint.ts';
import { normalisePlatform } from './platforms.ts';
import type { Destination } from './repository.ts';
import { decideReuse, type Holdings, isImmutableTag, type ReuseDecision } from './reuse.ts';
import type { ImageStore } from './store.ts';

/** Where the image goes, and how to look there. */
export interface Site {
  readonly destination: Promise<Destination>;
  readonly store: ImageStore;
  /** What the builder builds for where no platform is named. */
  readonly ownPlatform: () => Promise<string | undefined>;
}

export interface Decided {
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
  return decideFor(build, found, site, early);
}

/** What follows from a fingerprint that is known already. */
export async function decideFor(
  build: BuildInputs,
  found: Fingerprint,
  site: Site,
  early?: Promise<Holdings['images']>,
): Promise<Decided> {
  const mark = found.kind === 'known' ? found.value : undefined;
  const { mutability } = await site.destination;
  const tags = [...build.tags, ...(build.reuse.byContent && mark ? [contentTag(mark)] : [])];
  // A build that is asked for needs to know of nothing but the tags that it could not push.
  const wanted = build.reuse.kind === 'reuse' ? tags : tags.filter((tag) => isImmutableTag(tag, mutability));
  const decision = decideReuse(build.reuse, {
    tags: build.tags,
    mutability,
    images: await (early ?? lookUp(wanted, site)),
    fingerprint: found.kind === 'known' ? { value: found.value } : { unknown: found.why },
    platforms: build.platforms.map(normalisePlatform),
  });
  return { decision, mark };
}

/** Reading is a help, not a need: without the right to read, everything is built. */
async function lookUp(tags: readonly string[], { store }: Site): Promise<Holdings['images']> {
  if (tags.length === 0) return new Map();
  try {
    return await store.find(tags);
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    return {
      unreadable:
        code === 'ACCESS_DENIED'
          ? 'images that exist cannot be read (ecr:BatchGetImage is not allowed), so none is reused'
          : `images that exist cannot be read (${message.replace(/\.$/, '')}), so none is reused`,
    };
  }
}
