import { didYouMean } from '../src/spelling.ts';

test.each([
  ['clutser', 'cluster'],
  ['memoryReservaton', 'memoryReservation'],
  ['TASK_DEFINITION', 'task-definition'],
  ['zzz', undefined],
  ['', undefined],
])('%s means %s', (word, meant) => {
  expect(didYouMean(word, ['cluster', 'memoryReservation', 'task-definition'])).toBe(meant);
});
