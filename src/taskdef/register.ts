import type { Ecs, Revision, Tags, TaskDefinition } from '../world.ts';
import { sameDefinition } from './normalise.ts';

export interface Registered {
  readonly revision: Revision;
  /** The latest revision was already this; nothing was registered. */
  readonly reused: boolean;
}

/** Tags that a deploy writes to find its commit again; they differ on every run and make no new revision. */
export const OWN_TAG = /^ecs-rollout:/;
/** Written by AWS (`aws:cloudformation:...`) where nobody else may. */
export const AWS_TAG = /^aws:/i;

/**
 * Registers the definition, or reuses the family's latest ACTIVE revision when ECS would run both in the same way: a
 * re-run must not leave a row of equal revisions.
 * @param latest the one that may be it already: what runs, else the newest of the family; undefined when there is none
 */
export async function register(
  definition: TaskDefinition,
  tags: Tags,
  latest: Revision | undefined,
  ecs: Pick<Ecs, 'registerTaskDefinition'>,
): Promise<Registered> {
  if (isSame(latest, definition, tags)) return { revision: latest, reused: true };
  return { revision: await ecs.registerTaskDefinition(definition, tags), reused: false };
}

/** Whether this revision is the definition already, with the user's tags. */
export const isSame = (latest: Revision | undefined, definition: TaskDefinition, tags: Tags): latest is Revision =>
  latest?.status === 'ACTIVE' && sameDefinition(latest.definition, definition) && sameTags(latest.tags, tags);

function sameTags(a: Tags, b: Tags): boolean {
  const text = (tags: Tags): string =>
    JSON.stringify(
      tags
        .filter(({ key }) => !OWN_TAG.test(key) && !AWS_TAG.test(key))
        .map(({ key, value }) => [key, value])
        .sort(),
    );
  return text(a) === text(b);
}
