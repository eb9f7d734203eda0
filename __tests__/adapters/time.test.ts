import { getEventListeners } from 'node:events';
import { realClock, ServerTime } from '../../src/adapters/time.ts';

test('a sleep ends by itself, and takes its listener along', async () => {
  const { signal } = new AbortController();
  const before = realClock.now();
  await realClock.sleep(0.02, signal);
  expect(realClock.now() - before).toBeGreaterThanOrEqual(0.018);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('an abort ends it at once with the reason, and leaves no timer behind', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  const cancel = new AbortController();
  const slept = realClock.sleep(600, cancel.signal);
  expect(timers()).toBe(before + 1);
  const reason = new Error('cancelled');
  cancel.abort(reason);
  await expect(slept).rejects.toBe(reason);
  expect(timers()).toBe(before);
  expect(getEventListeners(cancel.signal, 'abort')).toEqual([]);
});

test('what is aborted already is not begun', async () => {
  const reason = new Error('cancelled before');
  await expect(realClock.sleep(600, AbortSignal.abort(reason))).rejects.toBe(reason);
});

describe("AWS's clock", () => {
  const at = (seconds: number): string => new Date(seconds * 1000).toUTCString();

  test.each([
    ['the same', 0],
    ['ten minutes ahead', 600],
    ['ten minutes behind', -600],
  ])('%s is found by the Date of its answers, to half a second', (_, ahead) => {
    let now = 1_800_000_000.3;
    const time = new ServerTime({ now: () => now });
    for (let i = 0; i < 20; i++) {
      const sentAt = now;
      const server = now + 0.02 + ahead;
      now += 0.05;
      time.observe(at(Math.floor(server)), sentAt);
      expect(Math.abs(time.offset - ahead)).toBeLessThanOrEqual(0.55);
      now += 3.13;
    }
    expect(Math.abs(time.offset - ahead)).toBeLessThan(0.2);
  });

  test('a clock that is set meanwhile is followed', () => {
    let now = 1_800_000_000;
    const time = new ServerTime({ now: () => now });
    time.observe(at(now + 100), now);
    expect(time.offset).toBeCloseTo(100.5);
    now += 3600;
    time.observe(at(now), now);
    expect(time.offset).toBe(0);
    time.observe(undefined, now);
    time.observe('no date', now);
    expect(time.offset).toBe(0);
  });
});
