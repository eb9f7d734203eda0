import fc from 'fast-check';
import { commitsOf, isOurs, tagsOfReuse, withOwnTags } from '../../src/stories/own-tags.ts';
import type { Tags } from '../../src/world.ts';
import { CONTEXT } from '../support/world.ts';

const tags = (count: number): Tags => Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: 'v' }));

test('ECS takes 50 tags: the user keeps all of theirs, and the commit is what stays of ours longest', () => {
  const keys = (count: number) =>
    withOwnTags(tags(count), CONTEXT)
      .slice(count)
      .map(({ key }) => key);
  expect(keys(0)).toEqual(['ecs-rollout:commit', 'ecs-rollout:ref', 'ecs-rollout:run']);
  expect(keys(48)).toEqual(['ecs-rollout:commit', 'ecs-rollout:ref']);
  expect(keys(49)).toEqual(['ecs-rollout:commit']);
  expect(keys(50)).toEqual([]);
});

test('values are what an AWS tag takes, whatever a branch is named', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (ref) => {
      for (const { value } of withOwnTags([], { ...CONTEXT, ref })) {
        expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
      }
    }),
  );
});

test('a revision keeps the commits that reused it, newest first, as many as a tag holds', () => {
  const sha = (n: number): string => String(n % 10).repeat(39) + String.fromCharCode(97 + (n % 6));
  let revision: { tags: Tags } = { tags: withOwnTags([], { ...CONTEXT, sha: sha(0) }) };
  for (let n = 1; n < 9; n++) {
    const added = tagsOfReuse(revision, { ...CONTEXT, sha: sha(n) }) ?? [];
    expect(added[0]?.value.length).toBeLessThanOrEqual(256);
    revision = { tags: [...revision.tags.filter(({ key }) => key !== added[0]?.key), ...added] };
    expect(commitsOf(revision.tags)[0]).toBe(sha(n));
  }
  expect(commitsOf(revision.tags)).toEqual([8, 7, 6, 5, 4, 3].map(sha));
  expect(tagsOfReuse(revision, { ...CONTEXT, sha: sha(8) })).toBeUndefined();
});

test('a revision is ours by commit or by run, in whatever attempt', () => {
  const written = withOwnTags([], CONTEXT);
  expect(isOurs(written, { ...CONTEXT, runAttempt: '3' })).toBe(true);
  expect(isOurs(written, { ...CONTEXT, sha: 'other', runId: '43' })).toBe(false);
  expect(isOurs(written, { ...CONTEXT, sha: 'other' })).toBe(true);
  expect(isOurs([], { ...CONTEXT, sha: '', runId: '' })).toBe(false);
});
