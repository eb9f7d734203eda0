import type { RunContext } from '../inputs/types.ts';
import type { Revision, Tags } from '../world.ts';

/** Written on each revision, so that a later rollback finds it by commit, ref or run. */
export const COMMIT_TAG = 'ecs-rollout:commit';
export const REF_TAG = 'ecs-rollout:ref';
export const RUN_TAG = 'ecs-rollout:run';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html#tag-restrictions */
const TAGS_AT_MOST = 50;
const VALUE_AT_MOST = 256;

/**
 * The tags of this run beside the user's own, which come first: ECS takes 50, and the commit is what a rollback needs most.
 * Nothing for what a run outside GitHub does not know.
 */
export function withOwnTags(tags: Tags, context: RunContext): Tags {
  const own: readonly (readonly [string, string])[] = [
    [COMMIT_TAG, context.sha],
    [REF_TAG, context.ref],
    [RUN_TAG, runOf(context)],
  ];
  const written = own.filter(([, value]) => value !== '').map(([key, value]) => ({ key, value: taggable(value) }));
  return [...tags, ...written].slice(0, Math.max(tags.length, TAGS_AT_MOST));
}

/**
 * What to write on a revision that an earlier commit made and this one deploys again: a later rollback may ask for
 * either. The newest commit comes first, as many as fit. Undefined when all is there.
 */
export function tagsOfReuse({ tags }: Pick<Revision, 'tags'>, context: RunContext): Tags | undefined {
  const commits = commitsOf(tags);
  const room = tags.length < TAGS_AT_MOST || commits.length > 0;
  if (context.sha === '' || commits.includes(context.sha) || !room) return undefined;
  let value = taggable(context.sha);
  for (const commit of commits) if (value.length + 1 + commit.length <= VALUE_AT_MOST) value += ` ${commit}`;
  return [{ key: COMMIT_TAG, value }];
}

/** Commits that were deployed with this revision, newest first. */
export const commitsOf = (tags: Tags): string[] => (tagOf(tags, COMMIT_TAG) ?? '').split(' ').filter(Boolean);

/** Whether this run, in this attempt or an earlier one, made the revision or deployed it. */
export const isOurs = (tags: Tags, context: RunContext): boolean =>
  (context.sha !== '' && commitsOf(tags).includes(context.sha)) ||
  (runOf(context) !== '' && tagOf(tags, RUN_TAG) === taggable(runOf(context)));

export const tagOf = (tags: Tags, key: string): string | undefined => tags.find((tag) => tag.key === key)?.value;

const runOf = ({ serverUrl, repository, runId }: RunContext): string =>
  repository && runId ? `${serverUrl}/${repository}/actions/runs/${runId}` : '';

/** Characters that an AWS tag takes; a branch name may hold others. */
export const taggable = (value: string): string =>
  value.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, VALUE_AT_MOST);
