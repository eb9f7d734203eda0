import { reportBuild, withSizes } from '../../src/image/build-report.ts';
import type { Image } from '../../src/image/image.ts';
import type { Ecr } from '../../src/ports.ts';
import { builtSummaryOf } from '../../src/report/built.ts';

const OUTPUT = `#1 [internal] load build definition from Dockerfile
#1 DONE 0.1s
#2 [linux/arm64 build 1/2] FROM x
#2 CACHED
#3 [linux/arm64 build 2/2] RUN y
#3 DONE 4.25s
#4 [linux/amd64->arm64 2/3] RUN cross
#4 DONE 1.0s
#5 [linux/amd64 2/3] RUN z
#5 DONE 0.5s
#6 exporting to image
#6 DONE 9.0s
`;

test('steps, cache hits and seconds by platform', () => {
  expect(reportBuild(OUTPUT, ['linux/amd64', 'linux/arm64'], 20)).toEqual({
    seconds: 20,
    platforms: [
      { platform: 'linux/amd64', steps: 1, cached: 0, seconds: 0.5 },
      { platform: 'linux/arm64', steps: 3, cached: 1, seconds: 5.3 },
    ],
  });
  expect(
    reportBuild('#1 [2/3] RUN a\n#1 DONE 1.5s\n#2 [b 1/1] FROM x\n#2 CACHED', ['linux/arm64'], 2).platforms,
  ).toEqual([{ platform: 'linux/arm64', steps: 2, cached: 1, seconds: 1.5 }]);
});

test('a step on scratch, which BuildKit prints for each platform without its name, counts for each', () => {
  const output = ['[linux/amd64 1/2] COPY a', '[2/2] RUN b', '[linux/arm64 1/2] COPY a', '[2/2] RUN b']
    .map((title, at) => `#${at} ${title}\n#${at} DONE 1.0s`)
    .join('\n');
  expect(reportBuild(output, ['linux/amd64', 'linux/arm64'], 4).platforms).toEqual([
    { platform: 'linux/amd64', steps: 2, cached: 0, seconds: 2 },
    { platform: 'linux/arm64', steps: 2, cached: 0, seconds: 2 },
  ]);
});

const child = (digest: string, architecture: string) => ({
  digest,
  platform: { os: architecture === 'unknown' ? 'unknown' : 'linux', architecture },
});
const MANIFESTS: Readonly<Record<string, object>> = {
  new: { manifests: [child('a', 'amd64'), child('b', 'arm64'), child('c', 'unknown')] },
  old: { manifests: [child('o', 'amd64')] },
  a: { config: { size: 1000 }, layers: [{ size: 30e6 }, { size: 2e6 }] },
  b: { config: { size: 1000 }, layers: [{ size: 150e6 }] },
  o: { config: { size: 1000 }, layers: [{ size: 35e6 }] },
};
const IMAGE: Image = {
  reference: 'r/web@new',
  repository: 'r/web',
  digest: 'new',
  tags: [],
  platforms: ['linux/amd64', 'linux/arm64'],
  ecr: { registryId: '', name: 'web', region: 'r' },
  build: reportBuild(OUTPUT, ['linux/amd64', 'linux/arm64'], 80),
};
const asked: string[][] = [];
const ecr = {
  getImages: async (_: unknown, ids: readonly string[]) => {
    asked.push([...ids]);
    return new Map(ids.flatMap((id) => (MANIFESTS[id] ? [[id, { manifest: MANIFESTS[id] }]] : [])));
  },
} as unknown as Ecr;

test('sizes against the image before, in the table of the summary', async () => {
  const image = await withSizes(IMAGE, 'old', ecr);
  expect(asked).toEqual([['new', 'old'], ['a', 'b'], ['o']]);
  expect(builtSummaryOf(image).split('\n\n').slice(2).join('\n\n')).toBe(`Built and pushed in 1 min 20 s.

<table>
<tr><th>Platform</th><th>Steps</th><th>From the cache</th><th>Time of the steps</th><th>Size (compressed)</th></tr>
<tr><td><code>linux/amd64</code></td><td>1</td><td>0</td><td>0.5 s</td><td>32.0 MB, 3.0 MB less than what ran before</td></tr>
<tr><td><code>linux/arm64</code></td><td>3</td><td>1</td><td>5.3 s</td><td>150 MB</td></tr>
</table>
`);
});

test('without the right to read, and for an image that was not built here, there are no sizes', async () => {
  const denied = { getImages: () => Promise.reject(new Error('denied')) } as unknown as Ecr;
  expect(await withSizes(IMAGE, undefined, denied)).toBe(IMAGE);
  expect(builtSummaryOf(IMAGE)).not.toContain('Size');
  const { build: _, ...given } = IMAGE;
  expect(await withSizes(given, 'old', denied)).toBe(given);
  expect(builtSummaryOf(given)).not.toContain('Platform</th><th>Steps');
});
