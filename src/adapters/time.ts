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
 * The time by AWS's clock, as far as the Date headers of its answers show. A header has whole seconds and was written
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

/** What is under way at a cancel may still end: a write that is answered leaves no doubt behind. */
const UNDER_WAY_SECONDS = 1;
/**
 * What a cancelled run may still do (roll back, report). The runner sends SIGTERM 7.5 s after SIGINT, and the run
 * itself promises an answer within 5 s.
 */
const AFTER_CANCEL_SECONDS = 4;

/**
 * The end of every call of a run: its own time limit, and the cancel of the run. A call that is under way at the cancel
 * is cut after 1 s; calls that start later share what is left of 4 s.
 */
export class TimeLimits {
  readonly #cancel: AbortSignal | undefined;
  #cancelledAt: number | undefined;

  /** @param cancel aborted when the run is cancelled; without one only the calls' own limits count */
  constructor(cancel?: AbortSignal) {
    this.#cancel = cancel;
    const note = (): void => {
      this.#cancelledAt = performance.now();
    };
    if (cancel?.aborted) note();
    else cancel?.addEventListener('abort', note, { once: true });
  }

  /**
   * Runs `act` with a signal that is aborted when its time is up. The result does not depend on `act` obeying it.
   * @param seconds for the whole call, its last byte included
   * @throws an error named TimeoutError after `seconds`, the reason of the cancel after a cancel
   */
  async run<T>(seconds: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const { promise: cut, reject } = Promise.withResolvers<never>();
    const end = (reason: unknown): void => {
      reject(reason);
      controller.abort(reason);
    };
    const timers = [setTimeout(() => end(timeout(seconds)), seconds * 1000)];
    const cancel = this.#cancel;
    const cutAfter = (left: number): void => {
      timers.push(setTimeout(() => end(cancel?.reason), Math.max(0, left) * 1000));
    };
    const onCancel = (): void => cutAfter(UNDER_WAY_SECONDS);
    if (this.#cancelledAt === undefined) cancel?.addEventListener('abort', onCancel, { once: true });
    else cutAfter(AFTER_CANCEL_SECONDS - (performance.now() - this.#cancelledAt) / 1000);
    try {
      return await Promise.race([act(controller.signal), cut]);
    } finally {
      for (const timer of timers) clearTimeout(timer);
      cancel?.removeEventListener('abort', onCancel);
    }
  }
}

const timeout = (seconds: number): Error =>
  Object.assign(new Error(`no complete answer within ${seconds} s`), { name: 'TimeoutError' });
