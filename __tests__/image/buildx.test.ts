import { defaultTags, eventLabels } from '../../src/image/defaults.ts';
import { CONTEXT } from '../support/world.ts';

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
