import fc from 'fast-check';
import { describeRolling, planRolling } from '../../src/service/change.ts';

const REPLICA = 'REPLICA' as const;

test.each([
  [4, 100, 150, false, 'At most 6 running, at least 4 healthy, 2 at a time.'],
  [1, 100, 200, false, 'At most 2 running, at least 1 healthy, 1 at a time.'],
  [1, 0, 100, false, 'At most 1 running, at least 0 healthy, 1 at a time.'],
  [3, 50, 100, false, 'At most 3 running, at least 2 healthy, 1 at a time.'],
])('%i tasks between %i and %i percent', (desiredCount, minimumHealthyPercent, maximumPercent, stuck, sentence) => {
  expect(
    planRolling({ desiredCount, minimumHealthyPercent, maximumPercent, schedulingStrategy: REPLICA }),
  ).toMatchObject({ stuck, sentence });
});

test('one task that may neither stop nor get company: the sums and the settings that move', () => {
  const { stuck, sentence } = planRolling({
    desiredCount: 1,
    minimumHealthyPercent: 100,
    maximumPercent: 150,
    schedulingStrategy: REPLICA,
  });
  expect(stuck).toBe(true);
  expect(sentence).toContain('ceil(1 * 100 / 100) = 1');
  expect(sentence).toContain('floor(1 * 150 / 100) = 1');
  expect(sentence).toContain('maximum-percent to 200 or more, or minimum-healthy-percent to 0 or less');
});

test('the settings that a refusal names do move', () => {
  const settings = fc.record({
    desiredCount: fc.integer({ min: 1, max: 50 }),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 300 }),
  });
  fc.assert(
    fc.property(settings, (given) => {
      const rolling = planRolling({ ...given, schedulingStrategy: REPLICA });
      expect(rolling.stuck).toBe(rolling.batch === 0);
      const [, raise, lower] =
        /maximum-percent to (\d+) or more, or minimum-healthy-percent to (\d+)/.exec(rolling.sentence) ?? [];
      if (!raise) return;
      expect(planRolling({ ...given, maximumPercent: Number(raise), schedulingStrategy: REPLICA }).stuck).toBe(false);
      expect(planRolling({ ...given, minimumHealthyPercent: Number(lower), schedulingStrategy: REPLICA }).stuck).toBe(
        false,
      );
    }),
  );
});

test.each([
  ['a daemon at 100 and 100 percent', 3, 100, 100, true],
  ['without an instance', 0, 100, 100, false],
  ['that may stop', 3, 99, 100, false],
  ['that may have company', 3, 100, 101, false],
])('DAEMON: %s', (_, desiredCount, minimumHealthyPercent, maximumPercent, stuck) => {
  const rolling = planRolling({ desiredCount, minimumHealthyPercent, maximumPercent, schedulingStrategy: 'DAEMON' });
  expect([rolling.stuck, rolling.batch]).toEqual([stuck, stuck ? 0 : 1]);
});

test.each([
  ['BLUE_GREEN', 3, 3, 6, 'BLUE_GREEN deployment: 3 tasks of the new revision start beside the old ones, 6 in all.'],
  ['CANARY', 1, 1, 2, 'CANARY deployment: 1 task of the new revision starts beside the old ones, 2 in all.'],
  ['LINEAR', 0, 0, 0, 'LINEAR deployment: the desired count is 0, so nothing is replaced.'],
])('%s of %i: a second set of tasks, whatever the percents say', (strategy, desiredCount, lo, hi, sentence) => {
  const percents = { minimumHealthyPercent: 100, maximumPercent: 100 };
  const rolling = planRolling({ desiredCount, ...percents, schedulingStrategy: REPLICA, strategy });
  expect(rolling).toEqual({ lo, hi, stuck: false, batch: desiredCount, sentence });
  expect(describeRolling(rolling, strategy)).toBe(sentence);
});

test('the strategy is named in front of the sums', () => {
  const settings = {
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    schedulingStrategy: REPLICA,
    strategy: 'ROLLING',
  };
  expect(describeRolling(planRolling({ ...settings, desiredCount: 0 }), 'ROLLING')).toBe(
    'Rolling update: the desired count is 0, so nothing is replaced.',
  );
});
