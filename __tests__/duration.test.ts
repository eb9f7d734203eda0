import fc from 'fast-check';
import { beatsIn, duration, endedAt, left, minutes, ranSeconds, secondsBetween, span } from '../src/duration.ts';

test.each([
  [-5, '0 s'],
  [0, '0 s'],
  [0.5, '1 s'],
  [7, '7 s'],
  [59.4, '59 s'],
  [59.5, '1 min'],
  [60, '1 min'],
  [61, '1 min 1 s'],
  [80, '1 min 20 s'],
  [3599, '59 min 59 s'],
  [3600, '1 h'],
  [3659, '1 h'],
  [3660, '1 h 1 min'],
  [3720, '1 h 2 min'],
  [7200, '2 h'],
  [90_000, '25 h'],
])('%s seconds are written as %s', (seconds, text) => expect(duration(seconds)).toBe(text));

test('a duration below an hour loses no second', () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3599 }), (seconds) => {
      const { min = '0', s = '0' } = /^(?:(?<min>\d+) min)? ?(?:(?<s>\d+) s)?$/.exec(duration(seconds))?.groups ?? {};
      expect(Number(min) * 60 + Number(s)).toBe(seconds);
    }),
  ));

test.each([
  [10, 17, 7],
  [10.4, 17.6, 8],
  [10.5, 17.4, 6],
  [17, 10, 0],
])('from %s to %s are %s whole seconds', (from, to, seconds) => expect(secondsBetween(from, to)).toBe(seconds));

test('the parts of a stretch add up to it', () => {
  const instant = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(instant, instant, instant, (...instants) => {
      const [a = 0, b = 0, c = 0] = instants.toSorted((one, other) => one - other);
      expect(secondsBetween(a, b) + secondsBetween(b, c)).toBe(secondsBetween(a, c));
    }),
  );
});

test.each<[string, Parameters<typeof ranSeconds>[0], number | undefined, number | undefined]>([
  ['whose containers ended first', { startedAt: 10, executionStoppedAt: 15, stoppedAt: 40 }, 15, 5],
  ['without the end of its containers', { startedAt: 10, stoppedAt: 40 }, 40, 30],
  ['that runs', { startedAt: 10 }, undefined, undefined],
  ['that never started', { stoppedAt: 40 }, 40, undefined],
  ['that started at the beginning of time', { startedAt: 0, stoppedAt: 4 }, 4, 4],
])('a task %s', (_, task, ended, ran) => {
  expect(endedAt(task)).toBe(ended);
  expect(ranSeconds(task)).toBe(ran);
});

test.each([
  [0, '0 min', '0 s'],
  [89, '1 min', '89 s'],
  [90, '2 min', '90 s'],
  [119.4, '2 min', '119 s'],
  [120, '2 min', '2 min'],
  [1800, '30 min', '30 min'],
])('a limit of %s seconds is %s, or %s', (seconds, long, short) => {
  expect(minutes(seconds)).toBe(long);
  expect(span(seconds)).toBe(short);
});

describe('beats', () => {
  test.each([
    [0, 0],
    [29, 0],
    [30, 1],
    [59, 1],
    [60, 2],
    [120, 3],
    [239, 3],
    [240, 4],
    [479, 4],
    [480, 5],
    [3600, 18],
  ])('%d s of silence have %d heartbeats', (seconds, beats) => expect(beatsIn(seconds)).toBe(beats));
});

test.each<[number, string]>([
  [1770, '29 min'],
  [270, '4 min'],
  [120, '2 min'],
  [119.9, '119 s'],
  [0.4, '0 s'],
  [-3, '0 s'],
])('of %d s are %s left, never more', (seconds, text) => expect(left(seconds)).toBe(text));
