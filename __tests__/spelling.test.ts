import fc from 'fast-check';
import { abbreviated, didYouMean, editDistance, whatExists } from '../src/spelling.ts';

test.each([
  ['clutser', 'cluster'],
  ['memoryReservaton', 'memoryReservation'],
  ['TASK_DEFINITION', 'task-definition'],
  ['task definition', 'task-definition'],
  ['taskDefinition', 'task-definition'],
  ['zzz', undefined],
  ['', undefined],
  ['-_ ', undefined],
])('%s means %s', (word, meant) => {
  expect(didYouMean(word, ['cluster', 'memoryReservation', 'task-definition'])).toBe(meant);
});

test.each([
  ['nothing', '', 'a', false],
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
  // Letters are swapped more often than replaced.
  expect(didYouMean('amr64', ['amd64', 'arm64'])).toBe('arm64');
  expect(didYouMean('amr64', ['arm64', 'amd64'])).toBe('arm64');
});

test('a word that only one name begins with stands for it', () => {
  expect(abbreviated('prod', ['staging', 'production'])).toBe('production');
  expect(abbreviated('Prod', ['production', 'product-api'])).toBeUndefined();
  expect(abbreviated('pr', ['production'])).toBeUndefined();
  expect(abbreviated('production', ['prod'])).toBeUndefined();
});

/** Optimal string alignment as it is defined: https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance */
function definedDistance(a: string, b: string): number {
  if (a === '' || b === '') return Math.max(a.length, b.length);
  const costs = [
    definedDistance(a.slice(1), b) + 1,
    definedDistance(a, b.slice(1)) + 1,
    definedDistance(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0])
    costs.push(definedDistance(a.slice(2), b.slice(2)) + 1);
  return Math.min(...costs);
}

test('the distance of two words is the fewest letters to insert, delete, replace or swap with their neighbour', () => {
  const letters = ['', 'a', 'b', 'c'];
  const words = new Set(letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c))));
  for (const a of words)
    for (const b of words) expect([a, b, editDistance(a, b)]).toEqual([a, b, definedDistance(a, b)]);
  const word = fc.stringMatching(/^[abc]{0,6}$/);
  fc.assert(fc.property(word, word, (a, b) => expect(editDistance(a, b)).toBe(definedDistance(a, b))));
});

test('what exists, where a page of names may not be all', () => {
  const names = Array.from({ length: 10 }, (_, i) => `alarm-${i}`);
  const of = (page?: number): string =>
    whatExists('zzz', names, { owner: 'The account', plural: 'alarms', ...(page === undefined ? {} : { page }) });
  expect(of(10)).toMatch(/`alarm-7` and at least 2 more\.$/);
  expect(of(11)).toMatch(/`alarm-7` and 2 more\.$/);
  expect(of()).toMatch(/`alarm-7` and 2 more\.$/);
});
