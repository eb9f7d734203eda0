import { isTransientPush } from '../../src/image/buildx.ts';
import { defaultTags, eventLabels } from '../../src/image/defaults.ts';
import { CONTEXT } from '../support/world.ts';

/** Each half of a conjunction alone, in the module that decides it. */
describe('pushing again', () => {
  const TRANSIENT = [
    '429 Too Many Requests',
    '503 Service Unavailable',
    'connection reset by peer',
    'i/o timeout',
    'unexpected EOF',
  ];
  test.each(TRANSIENT)('helps after %s of a push', (error) => {
    expect(isTransientPush(`#9 pushing layers\nERROR: failed to solve: failed to push: ${error}`)).toBe(true);
  });
  test.each(TRANSIENT)('does not help after %s of a step of the build', (error) => {
    expect(isTransientPush(`#5 [2/3] RUN npm ci\n#5 3.2 npm error ${error}\nERROR: failed to solve: ${error}`)).toBe(
      false,
    );
  });
  test('does not help after what is not transient', () => {
    expect(isTransientPush('#9 pushing layers\nERROR: failed to solve: failed to push: denied')).toBe(false);
  });
  test('nor when the error is no line of an error', () => {
    expect(
      isTransientPush(
        '#9 pushing layers\n#9 1.0 GET /x 503 Service Unavailable\nERROR: failed to solve: failed to push: denied',
      ),
    ).toBe(false);
  });
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
