import type { Instant } from '../model.ts';
import type { Clock } from '../ports.ts';

/** The real clock. A sleep that is aborted leaves no timer and no listener behind. */
export const realClock: Clock = {
  now: () => Date.now() / 1000,
  random: Math.random,
  sleep: (seconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, seconds * 1000);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

/**
 * The time by AWS's clock, as far as the Date headers of its answers tell. A header has whole seconds and was written
 * between request and answer, so each answer gives a range for the offset; the ranges of several answers narrow it.
 * Used for everything that is compared with instants that AWS reports: the clocks of self-hosted runners differ by
 * minutes.
 */
export class ServerTime {
  readonly #clock: Pick<Clock, 'now'>;
  /** Seconds to add to our clock, at least and at most. */
  #range: readonly [low: number, high: number] | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** @param sentAt by our clock, when the request was sent */
  observe(date: string | undefined, sentAt: Instant): void {
    const written = Date.parse(date ?? '') / 1000;
    if (!Number.isFinite(written)) return;
    const [low, high] = [written - this.#clock.now(), written + 1 - sentAt];
    const [lowest, highest] = this.#range ?? [low, high];
    const both = [Math.max(low, lowest), Math.min(high, highest)] as const;
    // Nothing in common: one of the clocks was set meanwhile.
    this.#range = both[0] <= both[1] ? both : [low, high];
  }

  /** Seconds that AWS's clock is ahead of ours; 0 while the answers allow it. */
  get offset(): number {
    const [low, high] = this.#range ?? [0, 0];
    return low <= 0 && high >= 0 ? 0 : (low + high) / 2;
  }

  now(): Instant {
    return this.#clock.now() + this.offset;
  }

  /** By our own clock. */
  clockNow(): Instant {
    return this.#clock.now();
  }
}

/** The same clock, set by AWS's. */
export const byServerTime = (clock: Clock, time: ServerTime): Clock => ({
  now: () => time.now(),
  sleep: clock.sleep,
  random: clock.random,
});
