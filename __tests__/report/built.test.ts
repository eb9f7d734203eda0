import { builtSummaryOf, digestOutputs } from '../../src/report/built.ts';
import { DIGEST } from './made.ts';

const image = (rest: object = {}) => ({ reference: 'r/web@sha256:1', repository: 'r/web', tags: [], ...rest });

test.each<[object, string, string]>([
  [{}, 'Built and pushed', '<tr><th>Image</th><td><code>r/web@sha256:1</code></td></tr>'],
  [
    { reused: true, tags: ['a', 'b'], platforms: ['linux/amd64', 'linux/arm64'] },
    'An image that exists is used',
    [
      '<tr><th>Image</th><td><code>r/web@sha256:1</code></td></tr>',
      '<tr><th>Tags</th><td><code>a</code>, <code>b</code></td></tr>',
      '<tr><th>Platforms</th><td><code>linux/amd64</code>, <code>linux/arm64</code></td></tr>',
    ].join('\n'),
  ],
])('the summary of a build: %j', (rest, title, rows) =>
  expect(builtSummaryOf(image(rest))).toBe(`### ${title}\n\n<table>\n${rows}\n</table>\n`),
);

test.each<[object, string[]]>([
  [{ platforms: ['linux/amd64'] }, []],
  [{ digest: DIGEST }, []],
  [{ digest: DIGEST, platforms: ['linux/amd64', 'linux/arm64/v8'] }, ['amd64', 'arm64']],
  [{ digest: DIGEST, platforms: ['windows/amd64', 'xlinux/amd64', 'linux/arm', 'linux/amd64x'] }, []],
])('digests for a later job: %j', (rest, architectures) =>
  expect(digestOutputs(image(rest))).toStrictEqual(
    Object.fromEntries(architectures.map((one) => [`image-digest-${one}`, DIGEST])),
  ),
);
