/** How long a question is asked again while AWS does not answer it: the same for services and daemons. */
import { asFailure, type Failure } from '../failure.ts';
import type { Instant } from '../model.ts';
import type { Clock } from '../ports.ts';
import { POLICY } from './policy.ts';

interface Patience {
  /** Of what is watched: no question is repeated after it. */
  readonly until: Instant;
  /** Without any answer for so long, the watch ends. */
  readonly noProgressSeconds: number;
}

/**
 * Whether no further poll can succeed, or is worth waiting for.
 * @param seenAt of the last poll that succeeded, or the beginning of the watch
 */
export function endsTheWatch(
  { code }: Failure,
  { now, seenAt, until, noProgressSeconds }: Patience & { readonly now: Instant; readonly seenAt: Instant },
): boolean {
  switch (code) {
    case 'THROTTLED':
    case 'UNAVAILABLE':
      return now > until || now - seenAt > noProgressSeconds;
    case 'NOT_FOUND':
      return now - seenAt > POLICY.missingSeconds;
    default:
      return true;
  }
}

/** Pauses after polls that failed: each twice the one before, up to the longest. */
export class Backoff {
  readonly #clock: Pick<Clock, 'random'>;
  #seconds: number = POLICY.firstBackoffSeconds;

  constructor(clock: Pick<Clock, 'random'>) {
    this.#clock = clock;
  }

  /** The next pause, in seconds. */
  next(): number {
    const seconds = this.#seconds * (0.7 + 0.3 * this.#clock.random());
    this.#seconds = Math.min(this.#seconds * 2, POLICY.longestBackoffSeconds);
    return seconds;
  }

  reset(): void {
    this.#seconds = POLICY.firstBackoffSeconds;
  }
}

/**
 * A question that only reads, asked until it is answered or asking is not worth it any more.
 * @throws Failure of the question; CANCELLED when the run is
 */
export async function persist<T>(
  question: () => Promise<T>,
  patience: Patience,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<T> {
  const backoff = new Backoff(clock);
  const seenAt = clock.now();
  for (;;) {
    try {
      return await question();
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (endsTheWatch(failure, { ...patience, now: clock.now(), seenAt })) throw failure;
      await clock.sleep(backoff.next(), signal);
    }
  }
}
