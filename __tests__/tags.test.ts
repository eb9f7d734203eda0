import fc from 'fast-check';
import type { Tags } from '../src/model.ts';
import {
  commitsOf,
  isChosen,
  isOurs,
  refsOf,
  tagsOfReuse,
  tagsOfRollback,
  wasDeployedBy,
  withOwnTags,
} from '../src/tags.ts';
import { CONTEXT } from './support/world.ts';

const CHECKED = { checked: true, imageTags: '' };
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

/** What TagResource makes of the tags. */
const tagged = (before: Tags, written: Tags | undefined): Tags => [
  ...before.filter(({ key }) => !written?.some((one) => one.key === key)),
  ...(written ?? []),
];

test('a revision keeps the commits that reused it, newest first, as many as a tag holds', () => {
  const sha = (n: number): string => String(n % 10).repeat(39) + String.fromCharCode(97 + (n % 6));
  let tags = withOwnTags([], { ...CONTEXT, sha: sha(0) });
  for (let n = 1; n < 9; n++) {
    const added = tagsOfReuse({ tags }, { ...CONTEXT, sha: sha(n) }, CHECKED);
    for (const { value } of added ?? []) expect(value.length).toBeLessThanOrEqual(256);
    tags = tagged(tags, added);
    expect(commitsOf(tags)[0]).toBe(sha(n));
  }
  expect(commitsOf(tags)).toEqual([8, 7, 6, 5, 4, 3].map(sha));
  expect(tagsOfReuse({ tags }, { ...CONTEXT, sha: sha(8) }, CHECKED)).toBeUndefined();
});

test('a revision whose images were not checked gets neither commit nor ref, and is still known to its run', () => {
  const before = withOwnTags([], CONTEXT);
  const again = { ...CONTEXT, sha: 'f'.repeat(40), ref: 'refs/heads/next', runId: '77' };
  const written = tagsOfReuse({ tags: before }, again, { checked: false, imageTags: '' });
  expect(written?.map(({ key }) => key)).toEqual(['ecs-rollout:run']);
});

test('a run deployed what has its tag, but for what it found deployed, a rollback brought back, or has no room to say so', () => {
  const before = withOwnTags([], CONTEXT);
  expect(wasDeployedBy(before, CONTEXT)).toBe(true);
  const next = { ...CONTEXT, runId: '77' };
  const reused = (found: boolean, of = before): Tags =>
    tagged(of, tagsOfReuse({ tags: of }, next, { ...CHECKED, found }));
  expect(wasDeployedBy(reused(false), CONTEXT)).toBe(false);
  expect(wasDeployedBy(reused(false), next)).toBe(true);
  expect(wasDeployedBy(reused(true), next)).toBe(false);
  expect(wasDeployedBy(reused(true, withOwnTags(tags(47), CONTEXT)), next)).toBe(false);
  const service = { clusterArn: 'arn:aws:ecs:eu-central-1:1:cluster/main', name: 'web' };
  const restored = tagged(before, tagsOfRollback({ tags: before }, { ...CONTEXT, runId: '78' }, service));
  expect(wasDeployedBy(restored, CONTEXT)).toBe(false);
});

test('image tags are remembered, replaced, and emptied when the images are given by digest', () => {
  const before = withOwnTags([], CONTEXT, 'app=latest');
  const next = (imageTags: string) => tagsOfReuse({ tags: before }, CONTEXT, { checked: true, imageTags });
  expect(next('app=latest')).toBeUndefined();
  expect(next('app=stable')).toEqual([{ key: 'ecs-rollout:image-tags', value: 'app=stable' }]);
  expect(next('')).toEqual([{ key: 'ecs-rollout:image-tags', value: '' }]);
  expect(tagsOfReuse({ tags: withOwnTags([], CONTEXT) }, CONTEXT, CHECKED)).toBeUndefined();
});

test('a revision that is deployed again is known by each of its refs, and belongs to the newest run', () => {
  const again = { ...CONTEXT, ref: 'refs/tags/v5.0.0', runId: '77' };
  const before = withOwnTags([], CONTEXT);
  const after = tagged(before, tagsOfReuse({ tags: before }, again, CHECKED));
  expect(refsOf(after)).toEqual(['refs/tags/v5.0.0', 'refs/heads/main']);
  expect(commitsOf(after)).toEqual([CONTEXT.sha]);
  expect([isOurs(after, again), isOurs(after, CONTEXT)]).toEqual([true, false]);
});

test.each([
  ['50 tags of the user: nothing', tags(50), []],
  ['49: the commit', tags(49), ['ecs-rollout:commit']],
  ['50 with one of ours: that one', tagged(tags(49), [{ key: 'ecs-rollout:ref', value: 'x' }]), ['ecs-rollout:ref']],
])('of a reuse ECS gets as many tags as it takes. %s', (_, before, keys) => {
  expect((tagsOfReuse({ tags: before }, CONTEXT, CHECKED) ?? []).map(({ key }) => key)).toEqual(keys);
});

test('a revision is ours by its run, in whatever attempt; another run of the same commit is a stranger', () => {
  const written = withOwnTags([], CONTEXT);
  expect(isOurs(written, { ...CONTEXT, runAttempt: '3' })).toBe(true);
  expect(isOurs(written, { ...CONTEXT, sha: 'other' })).toBe(true);
  expect(isOurs(written, { ...CONTEXT, runId: '43' })).toBe(false);
  expect(isOurs([], { ...CONTEXT, sha: '', runId: '' })).toBe(false);
});

test('the target of a rollback is known to its run and service, beside those of others', () => {
  const web = { clusterArn: 'arn:aws:ecs:eu-west-1:1:cluster/production', name: 'web' };
  const admin = { ...web, name: 'admin' };
  const one = tagged([], tagsOfRollback({ tags: [] }, CONTEXT, web));
  expect(isChosen(one, { ...CONTEXT, runAttempt: '2' }, web)).toBe(true);
  expect(isChosen(one, CONTEXT, admin)).toBe(false);
  expect(isChosen(one, { ...CONTEXT, runId: '43' }, web)).toBe(false);
  expect(tagsOfRollback({ tags: one }, CONTEXT, web)).toBeUndefined();
  const both = tagged(one, tagsOfRollback({ tags: one }, CONTEXT, admin));
  expect([isChosen(both, CONTEXT, web), isChosen(both, CONTEXT, admin)]).toEqual([true, true]);
  expect(tagsOfRollback({ tags: [] }, { ...CONTEXT, runId: '' }, web)).toBeUndefined();
});

test.each([
  [127, 128, true],
  [128, 128, false],
])('a value of %i beside one of %i letters, with a space between them, in at most 256', (held, more, both) => {
  const before = [{ key: 'ecs-rollout:ref', value: 'a'.repeat(held) }];
  const written = tagsOfReuse({ tags: before }, { ...CONTEXT, ref: 'b'.repeat(more) }, CHECKED);
  const value = written?.find(({ key }) => key === 'ecs-rollout:ref')?.value ?? '';
  expect(value).toBe(both ? `${'b'.repeat(more)} ${'a'.repeat(held)}` : 'b'.repeat(more));
});
