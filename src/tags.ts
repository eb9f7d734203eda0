/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html#tag-restrictions */
export const TAGS_AT_MOST = 50;
export const VALUE_AT_MOST = 256;

/** The text in characters that an AWS tag takes, at most 256; a branch name may hold others. */
export const taggable = (value: string): string =>
  value.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, VALUE_AT_MOST);

/** On a revision: image tags that a deploy replaced by digests, by container: `app=latest sidecar=stable`. */
export const IMAGES_TAG = 'ecs-rollout:image-tags';
