import { defaultTags, eventLabels } from '../../src/inputs/image-names.ts';
import { CONTEXT } from '../support/world.ts';

test.each([
  ['a branch', { ...CONTEXT, sha: 'abc' }, ['abc']],
  ['a semver tag', { ...CONTEXT, sha: 'abc', refType: 'tag' as const, refName: 'v1.2.3' }, ['1.2.3', 'abc']],
  [
    'a prerelease',
    { ...CONTEXT, sha: 'abc', refType: 'tag' as const, refName: 'v1.2.3-rc.1+5.6' },
    ['1.2.3-rc.1', 'abc'],
  ],
  ['another tag', { ...CONTEXT, sha: 'abc', refType: 'tag' as const, refName: 'nightly' }, ['abc']],
  ['a version in a longer name', { ...CONTEXT, sha: 'abc', refType: 'tag' as const, refName: 'app-1.2.3' }, ['abc']],
  ['a version with more behind', { ...CONTEXT, sha: 'abc', refType: 'tag' as const, refName: '1.2.3 x' }, ['abc']],
  [
    'numbers of several digits',
    { ...CONTEXT, sha: 'abc', refType: 'tag' as const, refName: '10.20.30' },
    ['10.20.30', 'abc'],
  ],
  ['a branch named like a version', { ...CONTEXT, sha: 'abc', refType: 'branch' as const, refName: 'v1.2.3' }, ['abc']],
  ['a run without a commit', { ...CONTEXT, sha: '' }, []],
])('default tags of %s', (_, context, tags) => expect(defaultTags(context)).toEqual(tags));

test('labels of the event: what is not known has none', () => {
  const context = { ...CONTEXT, serverUrl: 'https://github.example', repository: 'a/b', sha: 'abc', refName: 'v1' };
  const [source, revision] = [
    'org.opencontainers.image.source=https://github.example/a/b',
    'org.opencontainers.image.revision=abc',
  ];
  expect(eventLabels({ ...context, refType: 'tag' })).toEqual([
    source,
    revision,
    'org.opencontainers.image.version=v1',
  ]);
  expect(eventLabels({ ...context, refType: 'branch' })).toEqual([source, revision]);
  expect(eventLabels({ ...context, refType: 'branch', repository: '', sha: '' })).toEqual([]);
});

describe('what a ref says of the version', () => {
  const of = (refType: 'branch' | 'tag', refName: string) => ({ ...CONTEXT, sha: 'abc', refType, refName });
  test.each(['v1.2.3', '1.2.3', 'v1.2.3-rc.1'])('a branch with the name %s is no version', (name) => {
    expect(defaultTags(of('branch', name))).toEqual(['abc']);
    expect(eventLabels(of('branch', name)).join()).not.toContain('image.version');
  });
  test('a tag is', () => {
    expect(defaultTags(of('tag', 'v1.2.3'))).toEqual(['1.2.3', 'abc']);
    expect(eventLabels(of('tag', 'v1.2.3'))).toContain('org.opencontainers.image.version=v1.2.3');
  });
});
