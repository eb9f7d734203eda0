import { getEventListeners } from 'node:events';
import { realClock } from '../../src/adapters/clock.ts';

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
