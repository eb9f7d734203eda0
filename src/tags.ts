import { lastPart } from './arn.ts';
import { type ImageTags, parseImageTags } from './image/pin.ts';
import type { RunContext } from './inputs/types.ts';
import type { Revision, ServiceState, Tags } from './model.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html#tag-restrictions */
export const TAGS_AT_MOST = 50;
export const VALUE_AT_MOST = 256;

/** The text in characters that an AWS tag takes, at most 256; a branch name may hold others. */
export const taggable = (value: string): string =>
  value.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, VALUE_AT_MOST);

/** How startedBy of a task begins that this action started, where the user gives none. */
export const STARTED_BY = 'ecs-rollout';

/** On a revision: image tags that a deploy replaced by digests, by container: `app=latest sidecar=stable`. */
export const IMAGES_TAG = 'ecs-rollout:image-tags';
/** Written on each revision, so that a later rollback finds it by commit, ref or run. */
const COMMIT_TAG = 'ecs-rollout:commit';
const REF_TAG = 'ecs-rollout:ref';
const RUN_TAG = 'ecs-rollout:run';
/** The newest run that found its service running the revision already: it did not deploy it, although the tag of the run is its own. */
const FOUND_TAG = 'ecs-rollout:found';
/** Written on the target of a rollback before anything is changed, so that a re-run of it goes to the same. */
const ROLLBACK_TAG = 'ecs-rollout:rollback';
/** On a service: the revision whose deployment was its first and failed, so that the service was scaled to 0. */
export const FIRST_FAILURE_TAG = 'ecs-rollout:first-failure';

/**
 * The tags of this run beside the user's own, which come first: ECS takes 50. Without the image tags the next deploy of this
 * revision would not know what to look up, and the commit is what a rollback needs most. Nothing for what a run outside
 * GitHub does not know.
 * @param imageTags tags that were replaced by digests, as `formatImageTags` writes them
 */
export function withOwnTags(tags: Tags, context: RunContext, imageTags = ''): Tags {
  const own: readonly (readonly [string, string])[] = [
    [IMAGES_TAG, imageTags],
    [COMMIT_TAG, context.sha],
    [REF_TAG, context.ref],
    [RUN_TAG, runOf(context)],
  ];
  const written = own.filter(([, value]) => value !== '').map(([key, value]) => ({ key, value: taggable(value) }));
  return [...tags, ...written].slice(0, Math.max(tags.length, TAGS_AT_MOST));
}

/**
 * What to write on a revision that an earlier run made and this one deploys again: a later rollback may ask for the commit or the
 * ref of either, and a re-run of this one must know it as its own. The newest comes first, as many as fit. Undefined when
 * all is there.
 * @param images.checked whether this run knows that the revision's images are those of its commit; a revision whose images
 * may be others is not found by it
 * @param images.found whether the service runs the revision already
 */
export function tagsOfReuse(
  { tags }: Pick<Revision, 'tags'>,
  context: RunContext,
  images: { readonly checked: boolean; readonly imageTags: string; readonly found?: boolean },
): Tags | undefined {
  const { checked, imageTags, found } = images;
  const run = tagOf(tags, RUN_TAG) === taggable(runOf(context)) ? undefined : runOf(context);
  const wanted: readonly (readonly [string, string | undefined])[] = [
    [IMAGES_TAG, (tagOf(tags, IMAGES_TAG) ?? '') === imageTags ? undefined : imageTags],
    [COMMIT_TAG, checked ? added(tags, COMMIT_TAG, context.sha) : undefined],
    [REF_TAG, checked ? added(tags, REF_TAG, context.ref) : undefined],
    // Before the tag of the run: without room for both, the run must not look like the one that deployed it.
    [FOUND_TAG, found ? run : undefined],
    // Only the newest: it says whose deployment is under way.
    [RUN_TAG, run],
  ];
  return thatFit(tags, wanted);
}

/** What to write on the target of this run's rollback; undefined when it is there, or nothing is known of the run. */
export function tagsOfRollback(
  { tags }: Pick<Revision, 'tags'>,
  context: RunContext,
  service: Pick<ServiceState, 'clusterArn' | 'name'>,
): Tags | undefined {
  return thatFit(tags, [[ROLLBACK_TAG, added(tags, ROLLBACK_TAG, rollbackOf(context, service))]]);
}

function thatFit(tags: Tags, wanted: readonly (readonly [string, string | undefined])[]): Tags | undefined {
  // Image tags that are over are emptied: TagResource removes nothing.
  const written = wanted.flatMap(([key, value]) =>
    value || (value === '' && key === IMAGES_TAG) ? [{ key, value: taggable(value) }] : [],
  );
  let room = TAGS_AT_MOST - tags.length;
  const fit = written.filter(({ key }) => tagOf(tags, key) !== undefined || room-- > 0);
  return fit.length > 0 ? fit : undefined;
}

/** The value before those that the tag holds already, as many as fit; undefined when it is among them or empty. */
function added(tags: Tags, key: string, value: string): string | undefined {
  const mark = taggable(value);
  const held = listOf(tags, key);
  if (mark === '' || held.includes(mark)) return undefined;
  let whole = mark;
  for (const one of held) if (whole.length + 1 + one.length <= VALUE_AT_MOST) whole += ` ${one}`;
  return whole;
}

/** Commits that were deployed with this revision, newest first. */
export const commitsOf = (tags: Tags): string[] => listOf(tags, COMMIT_TAG);

/** Refs that were deployed with this revision, newest first, in the characters of a tag. */
export const refsOf = (tags: Tags): string[] => listOf(tags, REF_TAG);

/** Tags that were replaced by digests, by container. */
export const imageTagsOf = (tags: Tags): ImageTags => parseImageTags(tagOf(tags, IMAGES_TAG) ?? '');

/** Whether this run, in this attempt or an earlier one, made the revision or deployed it. The same commit is not enough. */
export const isOurs = (tags: Tags, context: RunContext): boolean =>
  runOf(context) !== '' && tagOf(tags, RUN_TAG) === taggable(runOf(context));

/**
 * Whether an attempt of this run brought its service to the revision: not one that found it there, and no rollback. With all tags in
 * use it is not known, since there may have been no room to say so.
 */
export const wasDeployedBy = (tags: Tags, context: RunContext): boolean =>
  isOurs(tags, context) &&
  tagOf(tags, FOUND_TAG) !== taggable(runOf(context)) &&
  !wasTarget(tags) &&
  (tags.length < TAGS_AT_MOST || tagOf(tags, FOUND_TAG) !== undefined);

/** Whether any run wrote on the revision that it made or deployed it. */
export const hasRun = (tags: Tags): boolean => tagOf(tags, RUN_TAG) !== undefined;

/** Whether a rollback, of whatever run, went to the revision. */
export const wasTarget = (tags: Tags): boolean => tagOf(tags, ROLLBACK_TAG) !== undefined;

/** Whether this run, in this attempt or an earlier one, rolls the service back to the revision. */
export const isChosen = (
  tags: Tags,
  context: RunContext,
  service: Pick<ServiceState, 'clusterArn' | 'name'>,
): boolean => {
  const mark = taggable(rollbackOf(context, service));
  return mark !== '' && listOf(tags, ROLLBACK_TAG).includes(mark);
};

const tagOf = (tags: Tags, key: string): string | undefined => tags.find((tag) => tag.key === key)?.value;
const listOf = (tags: Tags, key: string): string[] => (tagOf(tags, key) ?? '').split(' ').filter(Boolean);

/** Address of the run that deployed the revision last, as it is written on it. */
export const runAddressOf = (tags: Tags): string | undefined => tagOf(tags, RUN_TAG);

const runOf = ({ serverUrl, repository, runId }: RunContext): string =>
  repository && runId ? `${serverUrl}/${repository}/actions/runs/${runId}` : '';

/** With the service: several that share a family may be rolled back in one run, each to its own revision. */
function rollbackOf(context: RunContext, { clusterArn, name }: Pick<ServiceState, 'clusterArn' | 'name'>): string {
  const run = runOf(context);
  return run === '' ? '' : `${run}@${lastPart(clusterArn)}/${name}`;
}
