import fc from 'fast-check';
import { didYouMean, editDistance } from '../src/spelling.ts';

test.each([
  ['clutser', 'cluster'],
  ['memoryReservaton', 'memoryReservation'],
  ['TASK_DEFINITION', 'task-definition'],
  ['task definition', 'task-definition'],
  ['zzz', undefined],
  ['', undefined],
  ['-_ ', undefined],
])('%s means %s', (word, meant) => {
  expect(didYouMean(word, ['cluster', 'memoryReservation', 'task-definition'])).toBe(meant);
});

test.each([
  ['one wrong letter of a short word', 'ax', 'ab', true],
  ['two of a short word', 'xy', 'ab', false],
  ['a third of a word of six', 'abcdxy', 'abcdef', true],
  ['more than a third of it', 'abcxyz', 'abcdef', false],
  ['three of a long word', 'abcdefghijklxyz', 'abcdefghijklmno', true],
  ['four of a long word', 'abcdefghijkwxyz', 'abcdefghijklmno', false],
])('%s: %s for %s', (_, word, candidate, near) => {
  expect(didYouMean(word, [candidate])).toBe(near ? candidate : undefined);
});

test('the nearest is meant, and of equally near ones the first', () => {
  expect(didYouMean('services', ['servers', 'service', 'servicing'])).toBe('service');
  expect(didYouMean('cat', ['bat', 'hat'])).toBe('bat');
});

/** Optimal string alignment as it is defined: https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance */
function defined(a: string, b: string): number {
  if (a === '' || b === '') return Math.max(a.length, b.length);
  const costs = [
    defined(a.slice(1), b) + 1,
    defined(a, b.slice(1)) + 1,
    defined(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0]) costs.push(defined(a.slice(2), b.slice(2)) + 1);
  return Math.min(...costs);
}

test('the distance of two words is the fewest letters to insert, delete, replace or swap with their neighbour', () => {
  const word = fc.stringMatching(/^[abc]{0,5}$/);
  fc.assert(fc.property(word, word, (a, b) => expect(editDistance(a, b)).toBe(defined(a, b))));
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('abc', '')).toBe(3);
  expect(editDistance('ca', 'abc')).toBe(3);
});
