/** What is under way at a cancel may still end by itself: a write that is answered leaves no doubt behind. */
const UNDER_WAY_SECONDS = 1;
/**
 * What a cancelled run may still do (roll back, report). The runner sends SIGTERM 7.5 s after SIGINT, and the run
 * itself promises an answer within 5 s.
 */
const AFTER_CANCEL_SECONDS = 4;

/**
 * The end of every call of a run: its own time limit, and the cancel of the run. A call that is under way at the cancel
 * is cut after 1 s; calls begun later share what is left of 4 s.
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
