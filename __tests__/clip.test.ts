import fc from 'fast-check';
import { clip } from '../src/clip.ts';

const MARK = ' [...] ';

test('a text that is short enough stays as it is', () => {
  expect(clip('a'.repeat(16_384))).toBe('a'.repeat(16_384));
  expect(clip('12345', 5)).toBe('12345');
  expect(clip('')).toBe('');
});

test.each<[string, string, number, number | undefined, string]>([
  ['half from each end', 'abcdefghijklmnopqrstuvwxyz', 17, undefined, `abcde${MARK}vwxyz`],
  ['one more at the beginning when the room is odd', 'abcdefghijklmnopqrstuvwxyz', 18, undefined, `abcdef${MARK}vwxyz`],
  ['the beginning alone', 'abcdefghijklmnopqrstuvwxyz', 17, 0, `abcdefghij${MARK}`],
  ['the end alone', 'abcdefghijklmnopqrstuvwxyz', 17, 1, `${MARK}qrstuvwxyz`],
  ['a fifth from the end', 'abcdefghijklmnopqrstuvwxyz', 17, 0.2, `abcdefgh${MARK}yz`],
  [
    'no half of a word at the cut',
    'error: secretsecret was refused, hidden in secretsecret too',
    44,
    0.5,
    `error: ${MARK} secretsecret too`,
  ],
  ['no room but for the mark', 'abcdefghijklmnopqrstuvwxyz', 3, undefined, MARK],
])('of a longer text, %s', (_, text, limit, tailShare, expected) => {
  expect(clip(text, limit, tailShare)).toBe(expected);
});

test('a word of more than 200 letters is cut where it must be, so that the text does not shrink to nothing', () => {
  const wordOf = (letters: number): string => `head ${'s'.repeat(letters)}`;
  // 205 letters of the beginning: `head ` and 200 of the word.
  expect(clip(wordOf(400), 205 + MARK.length, 0)).toBe(`head ${MARK}`);
  expect(clip(wordOf(400), 206 + MARK.length, 0)).toBe(`head ${'s'.repeat(201)}${MARK}`);
  const before = (letters: number): string => `${'s'.repeat(letters)} tail`;
  expect(clip(before(400), 205 + MARK.length, 1)).toBe(`${MARK} tail`);
  expect(clip(before(400), 206 + MARK.length, 1)).toBe(`${MARK}${'s'.repeat(201)} tail`);
});

test('a megabyte of an error becomes 16,384 characters, beginning and end', () => {
  expect(clip('x'.repeat(1_000_000))).toHaveLength(16_384);
  expect(clip(`begin ${'x '.repeat(20_000)}end`)).toMatch(/^begin x .* \[\.\.\.\] .* x end$/);
});

test('whatever is cut: within the limit, a beginning and an end of the text, and only whole words', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 8, maxLength: 40 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(words, fc.integer({ min: 30, max: 120 }), share, (given, limit, tailShare) => {
      const text = given.join(' ');
      const short = clip(text, limit, tailShare);
      expect(short.length).toBeLessThanOrEqual(Math.max(limit, MARK.length));
      if (short === text) return;
      expect(text.length).toBeGreaterThan(limit);
      const [head = '', tail = ''] = short.split(MARK);
      expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
      // A share so small that not even a word fits in may leave a piece of one.
      if (head.includes(' ')) expect(given).toEqual(expect.arrayContaining(head.trim().split(' ')));
      if (tail.includes(' ')) expect(given).toEqual(expect.arrayContaining(tail.trim().split(' ')));
    }),
  );
});
