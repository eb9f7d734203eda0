import { denialOf } from '../diagnosis/denial.ts';
import { asFailure, Failure } from '../failure.ts';
import { nameOf, type Revision, type Tags, type TaskDefinition } from '../model.ts';
import type { Clock, Ecs, World } from '../ports.ts';
import { tagsOfReuse } from '../tags.ts';
import { sameDefinition } from './diff.ts';

export interface Registered {
  readonly revision: Revision;
  /** The latest revision was already this; nothing was registered. */
  readonly reused: boolean;
  /** Tags that IAM did not let us write (ecs:TagResource), so that the revision was registered without any. */
  readonly untagged?: Tags;
}

/** What is to be registered. */
interface Proposed {
  readonly definition: TaskDefinition;
  readonly tags: Tags;
  /** The one that may be it already: what runs, else the newest of the family; absent when there is none. */
  readonly latest?: Revision;
  /** Another definition for a revision that gets no tags, where the tags carry what the definition does not. */
  readonly withoutTags?: TaskDefinition;
}

/** Tags that a deploy writes to find its commit again; they differ on every run and make no new revision. */
export const OWN_TAG = /^ecs-rollout:/;
/** Reserved for AWS (`aws:cloudformation:...`). */
export const AWS_TAG = /^aws:/i;

/** Pauses between a lost answer and the next ListTaskDefinitions of the family. */
const LOOK_AFTER_SECONDS = [1, 2, 4, 8, 16];

interface RegisterWorld {
  readonly ecs: Pick<Ecs, 'registerTaskDefinition' | 'describeTaskDefinition'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal?: AbortSignal;
}

/**
 * Registers the definition, or reuses the family's latest ACTIVE revision when ECS would run both in the same way: a
 * re-run must not leave a row of equal revisions.
 * Where IAM denies ecs:TagResource, which ECS asks for when a revision is registered with tags, it is registered without.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
 */
export async function register(
  { definition, tags, latest, withoutTags = definition }: Proposed,
  world: RegisterWorld,
): Promise<Registered> {
  if (isSame(latest, definition, tags)) return { revision: latest, reused: true };
  try {
    return await registerOnce(definition, { tags, latest }, world);
  } catch (thrown) {
    // Tags at creation take a right of their own, which roles made for the official actions do not have.
    if (tags.length === 0 || denialOf(asFailure(thrown))?.action !== 'ecs:TagResource') throw thrown;
    if (isSame(latest, withoutTags, tags)) return { revision: latest, reused: true };
    // An earlier run registered it without tags as well: another one would be no different.
    if (isSame(latest, withoutTags, [])) return { revision: latest, reused: true, untagged: tags };
    return { ...(await registerOnce(withoutTags, { tags: [], latest }, world)), untagged: tags };
  }
}

/** Keys of the user's own tags: not ours, and not those that AWS writes. */
export const ownKeys = (tags: Tags): string[] =>
  tags.map(({ key }) => key).filter((key) => !OWN_TAG.test(key) && !AWS_TAG.test(key));

/** A revision that an earlier run made is this one's as well; without that a rollback to this commit or ref finds nothing. */
export async function tagReused(
  revision: Revision,
  images: Parameters<typeof tagsOfReuse>[2],
  { ecs, runner, console }: World,
): Promise<void> {
  const tags = tagsOfReuse(revision, runner.context, images);
  if (!tags) return;
  await ecs.tagResource(revision.arn, tags).catch((thrown: unknown) => {
    // A denial is reported with all others, at the end.
    if (asFailure(thrown).code === 'ACCESS_DENIED') return;
    console.line(
      `       ${nameOf(revision)} could not be tagged with this run (ecs:TagResource); a rollback will know it by its first commit and ref alone.`,
    );
  });
}

/** The user asked for these tags, and the revision does not have them; that ours are missing is reported with the right. */
export const untaggedWarnings = (keys: readonly string[], revision: Revision): string[] =>
  keys.length === 0
    ? []
    : [
        `${nameOf(revision)} was registered without the tags ${keys.join(', ')} of \`task-definition-tags\` or the template: ecs:TagResource is denied.`,
      ];

/**
 * RegisterTaskDefinition so that it happens once: an answer that got lost (a reset connection, an error of the server,
 * silence) says nothing of what ECS did; the family does.
 */
async function registerOnce(
  definition: TaskDefinition,
  { tags, latest }: { readonly tags: Tags; readonly latest: Revision | undefined },
  { ecs, clock, signal }: RegisterWorld,
): Promise<Registered> {
  for (const pause of LOOK_AFTER_SECONDS) {
    try {
      return { revision: await ecs.registerTaskDefinition(definition, tags), reused: false };
    } catch (thrown) {
      if (asFailure(thrown).code !== 'UNAVAILABLE') throw thrown;
      const cancelled = signal?.aborted ?? false;
      if (!cancelled) await clock.sleep(pause, signal).catch(() => {});
      const made = await madeMeanwhile(definition, { tags, latest }, ecs);
      if (made) return made;
      if (cancelled || signal?.aborted) throw cancelledAt(definition, thrown);
    }
  }
  return { revision: await ecs.registerTaskDefinition(definition, tags), reused: false };
}

/** AWS refused nothing: the call was cut off, and the family shows no revision of it. */
const cancelledAt = ({ family }: TaskDefinition, cause: unknown): Failure =>
  new Failure('CANCELLED', `The run was cancelled while ECS was asked to register a revision of ${family}.`, {
    state: 'Nothing was deployed. A revision that ECS registers after all is not used by the service.',
    cause,
  });

/**
 * The revision of a call whose answer got lost: the newest of the family, if it is new and the same. One that carries
 * other own tags was made by another run at the same time, and is not ours to take away.
 */
async function madeMeanwhile(
  definition: TaskDefinition,
  { tags, latest }: { readonly tags: Tags; readonly latest: Revision | undefined },
  ecs: RegisterWorld['ecs'],
): Promise<Registered | undefined> {
  // A role may not have that right; then the worst is a second revision that nothing runs.
  const newest = await ecs.describeTaskDefinition(definition.family).catch(() => undefined);
  if (newest?.arn === latest?.arn || !isSame(newest, definition, tags)) return undefined;
  const own = (all: Tags): string =>
    JSON.stringify(
      all
        .filter(({ key }) => OWN_TAG.test(key))
        .map(pair)
        .sort(),
    );
  return { revision: newest, reused: own(newest.tags) !== own(tags) };
}

const pair = ({ key, value }: Tags[number]): readonly [string, string] => [key, value];

/** Whether this revision is the definition already, with the user's tags. */
export const isSame = (latest: Revision | undefined, definition: TaskDefinition, tags: Tags): latest is Revision =>
  latest?.status === 'ACTIVE' && sameDefinition(latest.definition, definition) && sameTags(latest.tags, tags);

function sameTags(a: Tags, b: Tags): boolean {
  const text = (tags: Tags): string =>
    JSON.stringify(
      tags
        .filter(({ key }) => !OWN_TAG.test(key) && !AWS_TAG.test(key))
        .map(pair)
        .sort(),
    );
  return text(a) === text(b);
}
