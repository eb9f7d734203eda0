import { inTurns } from '../src/in-turns.ts';

test('a few are asked side by side, the next when those have answered, and the answers keep their order', async () => {
  const events: string[] = [];
  const answers = await inTurns([1, 2, 3, 4, 5], 2, async (item) => {
    events.push(`ask ${item}`);
    for (let wait = 0; wait < 6 - item; wait++) await Promise.resolve();
    events.push(`answer ${item}`);
    return item * 10;
  });
  expect(answers).toEqual([10, 20, 30, 40, 50]);
  const groups = [events.slice(0, 4), events.slice(4, 8), events.slice(8)].map((group) => group.toSorted());
  expect(groups).toEqual([
    ['answer 1', 'answer 2', 'ask 1', 'ask 2'],
    ['answer 3', 'answer 4', 'ask 3', 'ask 4'],
    ['answer 5', 'ask 5'],
  ]);
});

test('after a failure no further group is asked', async () => {
  const asked: number[] = [];
  const asking = inTurns([1, 2, 3], 1, async (item) => {
    asked.push(item);
    if (item === 2) throw new Error('no');
  });
  await expect(asking).rejects.toThrow('no');
  expect(asked).toEqual([1, 2]);
});
