import { asFailure } from '../failure.ts';
import type { Instant } from '../model.ts';
import type { Clock } from '../ports.ts';

/** A failure that took at least this long is a time-out; a call is given up after 15 s (adapters/requests.ts). */
const TIMEOUT_FROM_SECONDS = 5;
/** One time-out may be chance; from the second one in a row on, the call is left out for a while. */
const TIMEOUTS_IN_A_ROW = 2;
const FIRST_PAUSE_SECONDS = 60;
const LONGEST_PAUSE_SECONDS = 300;

interface Timeouts {
  readonly inARow: number;
  /** When the last one was noticed: calls that were under way then are the same time-out. */
  readonly at: Instant;
  readonly resumeAt: Instant;
}

/**
 * Questions whose answer is a help, not a need: a denial is remembered, a refusal costs knowledge and never the deploy. A call that
 * keeps timing out is left out for 60 s, then 120 s, 240 s and 300 s, so that a runner that cannot reach one API does not wait 15 s
 * for it in every poll.
 */
export class Optional {
  readonly denied = new Set<string>();
  readonly #unknown = new Set<string>();
  readonly #timeouts = new Map<string, Timeouts>();
  readonly #clock: Pick<Clock, 'now'>;
  slowed = false;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  async ask<T>(action: string, question: () => Promise<T>): Promise<T | undefined> {
    const startedAt = this.#clock.now();
    const { resumeAt = startedAt } = this.#timeouts.get(action) ?? {};
    if (this.denied.has(action) || this.#unknown.has(action) || startedAt < resumeAt) return undefined;
    try {
      const answer = await question();
      this.#timeouts.delete(action);
      return answer;
    } catch (thrown) {
      const failure = asFailure(thrown);
      switch (failure.code) {
        case 'ACCESS_DENIED':
          this.denied.add(action);
          return undefined;
        case 'UNAVAILABLE':
          this.#noteTimeout(action, startedAt);
          this.slowed = true;
          return undefined;
        case 'THROTTLED':
          this.slowed = true;
          return undefined;
        case 'REFUSED':
        case 'NOT_FOUND':
          // Not in this partition, not for this kind of service, or gone in this moment.
          if (failure.code === 'REFUSED') this.#unknown.add(action);
          return undefined;
        default:
          throw failure;
      }
    }
  }

  #noteTimeout(action: string, startedAt: Instant): void {
    const now = this.#clock.now();
    const before = this.#timeouts.get(action);
    if (now - startedAt < TIMEOUT_FROM_SECONDS || startedAt < (before?.at ?? startedAt)) return;
    const inARow = (before?.inARow ?? 0) + 1;
    const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** (inARow - TIMEOUTS_IN_A_ROW), LONGEST_PAUSE_SECONDS);
    this.#timeouts.set(action, { inARow, at: now, resumeAt: inARow < TIMEOUTS_IN_A_ROW ? now : now + pause });
  }
}
