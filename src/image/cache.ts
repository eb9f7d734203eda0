import { createHash } from 'node:crypto';
import type { BuildInputs } from '../inputs/types.ts';
import type { ActionsCache, BuildSources, Files } from '../ports.ts';
import { contextSource } from './fingerprint.ts';
import { normalisePlatform } from './image.ts';
import { parseEcrHost, parseReference, readReference } from './reference.ts';
import type { Destination } from './repository.ts';
import { isImmutableTag } from './reuse.ts';
import { cacheFields, cacheType } from './secret-arguments.ts';

/** What a build reads and writes of caches, as values of --cache-from and --cache-to. */
export interface CachePlan {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** For the log, once: which cache, or why none. */
  readonly note?: string;
  /** The user asked for a cache that cannot be had. */
  readonly warning?: string;
}

/** Where a job runs, as far as its cache depends on it. */
interface CacheScope {
  /** `refs/heads/main`, `refs/tags/v1`, `refs/pull/12/merge`; empty outside GitHub. */
  readonly ref: string;
  /** Undefined where the event does not say. */
  readonly defaultBranch: string | undefined;
}

export interface CacheWorld {
  /** Whether the builder can export a cache at all; `refused`: the log says already why it cannot. */
  readonly exports: boolean | 'refused';
  /** GitHub's cache service; asked only where a cache of this build may be there. */
  readonly actionsCache: () => Promise<ActionsCache>;
  readonly at: Destination;
  readonly scope: CacheScope;
}

const NONE: CachePlan = { from: [], to: [] };

/**
 * The caches of a build. The user's own come first; else `cache` decides: GitHub's cache where its service answers, else a tag of
 * the repository, one for each branch, which other branches read from the default one. Nothing is named that is known not to work.
 */
export async function planCache(build: BuildInputs, world: CacheWorld): Promise<CachePlan> {
  if (build.cacheFrom.length + build.cacheTo.length > 0) return ownCaches(build, world);
  if (build.cache === 'none' || build.noCache) return NONE;
  if (world.exports === 'refused') return NONE;
  if (!world.exports) {
    return {
      ...NONE,
      note: 'No build cache: this builder cannot export one. `cache: gha` or `cache: registry` makes this run use a builder that can.',
    };
  }
  if (build.cache === 'registry') return registryCache(build, world);
  const service = await world.actionsCache();
  if (service.kind === 'ready') return githubCache(build);
  const why = reasonOf(service);
  if (build.cache === 'gha') return { ...NONE, warning: `cache: gha: ${why}. The image is built without a cache.` };
  const { note, warning, ...plan } = registryCache(build, world);
  return { ...plan, note: `${capital(why)}. ${note ?? warning ?? ''}`.trim() };
}

/** The user's own settings, without those of GitHub's cache where its service would fail the build. */
async function ownCaches({ cacheFrom, cacheTo }: BuildInputs, { actionsCache }: CacheWorld): Promise<CachePlan> {
  const plan = { from: cacheFrom, to: cacheTo.map(harmless) };
  const github = (value: string): boolean => cacheType(value) === 'gha' && !/(?:^|,)(?:token|url|url_v2)=/.test(value);
  if (![...cacheFrom, ...cacheTo].some(github)) return plan;
  const service = await actionsCache();
  if (service.kind === 'ready') return plan;
  const others = (values: readonly string[]): string[] => values.filter((value) => !github(value));
  return {
    from: others(plan.from),
    to: others(plan.to),
    warning: `${capital(reasonOf(service))}; \`type=gha\` is left out of cache-from and cache-to.`,
  };
}

const reasonOf = (service: Exclude<ActionsCache, { kind: 'ready' }>): string =>
  service.kind === 'absent' ? "this job has no token for GitHub's cache (ACTIONS_RUNTIME_TOKEN)" : service.why;

/**
 * GitHub keeps caches apart by branch, and lets each branch read those of the default one. The scope keeps apart what would
 * overwrite each other otherwise. https://docs.docker.com/build/cache/backends/gha/#scope
 */
function githubCache(build: BuildInputs): CachePlan {
  const { path } = parseReference(build.repository);
  const scope = cacheName(['ecs-rollout', path, build.target ?? ''], [build.repository, ...partsOf(build)]);
  return {
    from: [`type=gha,scope=${scope}`],
    to: [harmless(`type=gha,mode=max,scope=${scope}`)],
    note: `Build cache: GitHub's, scope ${scope}.`,
  };
}

function registryCache(build: BuildInputs, { at, scope }: CacheWorld): CachePlan {
  const tagOf = (branch: string): string =>
    cacheName(['buildcache', build.target ?? '', branch], [branch, ...partsOf(build)]);
  const branch = branchOf(scope.ref);
  const main = scope.defaultBranch === undefined ? undefined : tagOf(scope.defaultBranch);
  const own = branch === undefined ? undefined : tagOf(branch);
  const tags = [...new Set([own, main].filter((tag) => tag !== undefined))];
  if (tags.length === 0) return { ...NONE, warning: 'No build cache: the ref of this run is not a branch.' };
  const { mutability } = at;
  const fixed = tags.filter((tag) => isImmutableTag(tag, mutability));
  if (fixed.length > 0) {
    return {
      ...NONE,
      warning: `No build cache in ${at.uri}: its tags are immutable. Add an exclusion filter such as \`buildcache-*\` to the repository.`,
    };
  }
  const refOf = (tag: string): string => `type=registry,ref=${at.uri}:${tag}`;
  // The image of a git tag is of a commit that its branch has built; what it would write, nothing else reads.
  const to = own === undefined ? [] : [harmless(`${refOf(own)},mode=max`)];
  return { from: tags.map(refOf), to, note: `Build cache: ${at.uri}:${tags.join(', ')}.` };
}

/** A branch, or a pull request by its number, with a colon that the name of no branch has; undefined for a git tag and outside GitHub. */
function branchOf(ref: string): string | undefined {
  const [, kind, name] = /^refs\/(heads|pull)\/(.+)$/.exec(ref) ?? [];
  if (name === undefined) return undefined;
  return kind === 'pull' ? `pr:${name.split('/')[0]}` : name;
}

/** What makes another cache of another build: jobs of a matrix, and images of one repository, would overwrite each other's. */
function partsOf({ target = '', file = '', context, platforms }: BuildInputs): readonly string[] {
  const source = contextSource(context);
  // Of a Git context each commit has another ref.
  const where = source.kind === 'git' ? `${source.url}:${source.folder}` : context;
  return [target, file, where, ...platforms.map(normalisePlatform).sort()];
}

/**
 * A tag, or a scope: words to be read, and a hash of all that distinguishes caches. By the words alone `feature/x` and `feature-x`, or
 * two long branches that begin alike, would be one.
 */
function cacheName(words: readonly string[], parts: readonly string[]): string {
  const readable = words
    .filter(Boolean)
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .slice(0, 100);
  return `${readable}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)}`;
}

/** Whether a plan for this build asks about GitHub's cache: the answer may then be fetched early. */
export const asksActionsCache = (build: BuildInputs): boolean =>
  build.cacheFrom.length + build.cacheTo.length > 0
    ? [...build.cacheFrom, ...build.cacheTo].some((value) => cacheType(value) === 'gha')
    : !build.noCache && (build.cache === 'auto' || build.cache === 'gha');

/** The default branch, from the event of the workflow. */
export async function defaultBranch(sources: Pick<BuildSources, 'variable'>, files: Pick<Files, 'readText'>) {
  const path = sources.variable('GITHUB_EVENT_PATH');
  if (!path) return undefined;
  try {
    const { repository }: { repository?: { default_branch?: unknown } } = JSON.parse(await files.readText(path));
    return typeof repository?.default_branch === 'string' ? repository.default_branch : undefined;
  } catch {
    return undefined; // the cache of this branch alone
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Types that know `ignore-error`. */
const IGNORES_ERRORS = ['registry', 'local', 'gha', 's3', 'azblob'];

/**
 * A cache that cannot be written does not fail a release, whatever its type; and ECR takes a cache only as an image manifest.
 * What the user sets stays. https://docs.docker.com/build/cache/backends/registry/
 */
export function harmless(value: string): string {
  // What it means, though buildx takes a word without a type for a reference.
  if (value === 'inline') return 'type=inline';
  const type = cacheType(value);
  if (!IGNORES_ERRORS.includes(type)) return value;
  const whole = value.includes('=') ? value : `type=registry,ref=${value}`;
  const fields = new Map(cacheFields(whole));
  const ref = type === 'registry' ? fields.get('ref') : undefined; // without one, buildx says what it needs
  // Of a reference that cannot be read there is none; the build reports it.
  const host = ref === undefined ? undefined : readReference(ref)?.host;
  const needed = {
    ...(host && parseEcrHost(host) ? { 'image-manifest': 'true', 'oci-mediatypes': 'true' } : {}),
    'ignore-error': 'true',
  };
  return [whole, ...Object.entries(needed).flatMap(([key, set]) => (fields.has(key) ? [] : [`${key}=${set}`]))].join(
    ',',
  );
}
