import { Failure } from '../../../src/failure.ts';
import { eventLabels } from '../../../src/inputs/image-names.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import { CONTEXT } from '../../support/world.ts';

/** Inputs of images that one job builds and another deploys: `mode: build`, `push-by-digest`, `digests`, `image: commit`. */
const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
type Given = Readonly<Record<string, string>>;
const parse = (given: Given) =>
  parseInputs(new Map(Object.entries({ 'aws-region': 'eu-west-1', ...given })), { context: CONTEXT, env: {} });
const mistakes = (given: Given): string[] => {
  try {
    parse(given);
    return [];
  } catch (thrown) {
    return thrown instanceof Failure ? thrown.mistakes.map(({ subject, problem }) => `${subject} ${problem}`) : ['?'];
  }
};

describe('mode: build', () => {
  test('needs neither service nor cluster', () => {
    const { inputs } = parse({ mode: 'build', repository: 'team/app' });
    expect(inputs).toMatchObject({
      mode: 'build',
      image: { kind: 'build', build: { tags: [CONTEXT.sha], byDigest: false } },
    });
    expect(inputs).not.toHaveProperty('service');
  });
  test('says which inputs of the deploy it does not use', () => {
    const { notes } = parse({
      mode: 'build',
      repository: 'team/app',
      service: 'web',
      cpu: '256',
      'pin-images': 'true',
      cluster: 'default',
    });
    expect(notes).toEqual(['mode build calls nothing of ECS: `cpu`, `service` not used.']);
  });
  test.each<[Given, string]>([
    [{}, 'repository is missing, and `mode: build` builds'],
    [{ context: 'app' }, 'repository is missing, but the build is described'],
    [{ image: 'host/app:1' }, 'repository is missing, and `mode: build` builds'],
    [{ digests: A, repository: 'team/app' }, 'digests names an image that is built already, and `mode: build` builds'],
  ])('%j: %s', (given, mistake) => {
    expect(mistakes({ mode: 'build', ...given })).toEqual([expect.stringContaining(mistake)]);
  });
  test('by digest: without tags, and never an image that exists', () => {
    const { inputs } = parse({ mode: 'build', repository: 'team/app', 'push-by-digest': 'true' });
    expect(inputs).toMatchObject({
      image: { build: { byDigest: true, tags: [], reuse: { kind: 'build', reason: 'push-by-digest: true' } } },
    });
    expect(mistakes({ mode: 'build', repository: 'team/app', 'push-by-digest': 'true', tags: '1' })).toEqual([
      expect.stringMatching(/^tags are for the merged image/),
    ]);
  });
});

describe('digests', () => {
  const image = (given: Given) => {
    const { inputs } = parse({ service: 'web', repository: 'team/app', ...given });
    return inputs.mode === 'deploy' ? inputs.image : undefined;
  };
  test.each<[string, string]>([
    ['lines', `${A}\n${B}\n`],
    ['lines of a matrix, of which one is empty', `${A}\n\n  ${B}`],
    ['commas', `${A},${B}`],
    ['twice the same', `${A}\n${B}\n${A}`],
    [
      'toJSON(needs)',
      JSON.stringify({ amd: { result: 'success', outputs: { d: A } }, arm: { outputs: { d: B, other: 'x' } } }),
    ],
  ])('as %s', (_, digests) => {
    expect(image({ digests })).toEqual({
      kind: 'digests',
      repository: 'team/app',
      digests: [A, B],
      tags: [CONTEXT.sha],
      origin: eventLabels(CONTEXT),
      annotations: [],
    });
  });
  test('with tags and annotations of the merged image', () =>
    expect(image({ digests: A, tags: '1,1,2', annotations: 'a=b' })).toMatchObject({
      tags: ['1', '2'],
      annotations: ['a=b'],
    }));
  test.each<[Given, string]>([
    [{ digests: 'sha256:abc' }, 'digests `sha256:abc` is not a digest'],
    [{ digests: '{"needs":{}}' }, 'digests has no digest in it'],
    [{ digests: A, image: 'host/app:1' }, 'digests and `image` both name what to deploy'],
    [
      { digests: A, context: 'app', file: 'x' },
      'digests are images that are built, but the build is described too (`context`, `file`)',
    ],
    [{ digests: A, repository: '' }, 'repository is missing, and the `digests` are in it'],
    [{ 'push-by-digest': 'true' }, 'push-by-digest pushes one platform without a tag'],
  ])('%j: %s', (given, mistake) => {
    expect(mistakes({ service: 'web', repository: 'team/app', ...given })).toEqual([expect.stringContaining(mistake)]);
  });
});

describe('image: commit', () => {
  test.each(['commit', 'Commit'])('%s names the image of this commit', (image) => {
    const { inputs } = parse({ service: 'web', repository: 'team/app', image });
    expect(inputs).toMatchObject({ image: { kind: 'commit', repository: 'team/app', tag: CONTEXT.sha } });
  });
  test.each<[Given, string]>([
    [{ repository: '' }, 'repository is missing, and `image: commit` looks'],
    [
      { context: 'app' },
      'image is an image of an earlier job and skips the build, but the build is described too (`context`)',
    ],
  ])('%j: %s', (given, mistake) => {
    expect(mistakes({ service: 'web', repository: 'team/app', image: 'commit', ...given })).toEqual([
      expect.stringContaining(mistake),
    ]);
  });
});
