import { imagetools } from '../../src/image/imagetools.ts';

const LOST = 'ERROR: failed to do request: Head "https://h.example/v2/app/manifests/v1": EOF';

async function run(...answers: readonly (string | undefined)[]) {
  let asked = 0;
  const slept: number[] = [];
  const ended = await imagetools(
    ['inspect', 'h.example/app:release-503'],
    { env: { A: 'b' }, limitSeconds: 5 },
    {
      clock: { now: () => 0, random: () => 0.5, sleep: async (seconds) => void slept.push(seconds) },
      shell: {
        run: async (program, args, options) => {
          const stderr = answers[Math.min(asked++, answers.length - 1)];
          expect([program, ...args].join(' ')).toBe('docker buildx imagetools inspect h.example/app:release-503');
          expect(options).toMatchObject({ env: { A: 'b' }, limitSeconds: 5 });
          return { exitCode: stderr === undefined ? 0 : 1, stdout: '', stderr: stderr ?? '' };
        },
      },
      signal: new AbortController().signal,
    },
  );
  return { exitCode: ended.exitCode, asked, slept };
}

test.each<[string, readonly (string | undefined)[], object]>([
  ['an answer', [undefined], { exitCode: 0, asked: 1, slept: [] }],
  ['a request that is lost once', [LOST, undefined], { exitCode: 0, asked: 2, slept: [1.5] }],
  ['one that is always lost', [LOST], { exitCode: 1, asked: 3, slept: [1.5, 3.5] }],
  ['no image', ['ERROR: h.example/app:release-503: not found'], { exitCode: 1, asked: 1, slept: [] }],
  ['a missing login', ['ERROR: 401 Unauthorized'], { exitCode: 1, asked: 1, slept: [] }],
  [
    'an immutable tag',
    ["ERROR: tag invalid: The image tag 'v1' already exists and cannot be overwritten because the tag is immutable."],
    { exitCode: 1, asked: 1, slept: [] },
  ],
])('%s', async (_, answers, expected) => expect(await run(...answers)).toEqual(expected));
