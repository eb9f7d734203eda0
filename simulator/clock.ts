/** Time of the simulated world, in seconds since the epoch. */
export interface SimClock {
  now(): number;
  /** Runs `task` in that many seconds. */
  after(seconds: number, task: () => void): void;
}

/** Real time; `speed` 10 makes ten simulated seconds out of each real one. */
export class RealClock implements SimClock {
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #speed: number;
  readonly #began = Date.now() / 1000;
  constructor(speed = 1) {
    this.#speed = speed;
  }
  now(): number {
    return this.#began + (Date.now() / 1000 - this.#began) * this.#speed;
  }
  after(seconds: number, task: () => void): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        task();
      },
      // A timer may ring a millisecond early; what asks the clock then would find that its time has not come.
      Math.ceil((seconds * 1000) / this.#speed) + 2,
    );
    this.#timers.add(timer);
  }
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

/**
 * Time that passes only when somebody sleeps: `sleep` moves the world to that instant, running what is due on the way,
 * so that half an hour of waiting takes milliseconds and always ends the same.
 */
export class VirtualClock implements SimClock {
  #now: number;
  #order = 0;
  #due: { at: number; order: number; task: () => void }[] = [];
  constructor(start = 1_800_000_000) {
    this.#now = start;
  }
  now(): number {
    return this.#now;
  }
  after(seconds: number, task: () => void): void {
    this.#due.push({ at: this.#now + seconds, order: this.#order++, task });
  }
  advance(seconds: number): void {
    const until = this.#now + seconds;
    for (;;) {
      this.#due.sort((a, b) => a.at - b.at || a.order - b.order);
      const [next] = this.#due;
      if (!next || next.at > until) break;
      this.#due.shift();
      this.#now = Math.max(this.#now, next.at);
      next.task();
    }
    this.#now = until;
  }
  /** The product's Clock port. */
  readonly random = (): number => 0.5;
  sleep = async (seconds: number, signal?: AbortSignal): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw signal.reason;
    this.advance(seconds);
    if (signal?.aborted) throw signal.reason;
  };
}
