/** Time of the simulated world, in seconds since the epoch. */
export interface SimClock {
  now(): number;
  /** Runs `task` in that many seconds. */
  after(seconds: number, task: () => void): void;
}

/** A longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Real time; `speed` 10 makes ten simulated seconds out of each real one. */
export class RealClock implements SimClock {
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #speed: number;
  readonly #began = Date.now() / 1000;
  readonly #skew: number;
  /** @param skew seconds that this clock is ahead of the machine's */
  constructor(speed = 1, skew = 0) {
    this.#speed = speed;
    this.#skew = skew;
  }
  now(): number {
    return this.#skew + this.#began + (Date.now() / 1000 - this.#began) * this.#speed;
  }
  after(seconds: number, task: () => void): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        task();
      },
      // A timer may ring a millisecond early; what asks the clock then would find that its time has not come.
      Math.min(Math.ceil((seconds * 1000) / this.#speed) + 2, LONGEST_TIMER),
    );
    this.#timers.add(timer);
  }
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

/**
 * Time that passes only while something sleeps: `sleep` moves the world to that instant, running what is due on the way,
 * so that half an hour of waiting takes milliseconds and always ends the same.
 */
export class VirtualClock implements SimClock {
  #now: number;
  #order = 0;
  readonly #due = new Heap();
  readonly #sleepers = new Heap();
  #pumping = false;
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
    for (let next = this.#due.first(); next && next.at <= until; next = this.#due.first()) {
      this.#due.shift();
      this.#now = Math.max(this.#now, next.at);
      next.task();
    }
    this.#now = until;
  }
  /** The product's Clock port. */
  readonly random = (): number => 0.5;
  /**
   * Time moves to the next sleeper's instant once everything that runs has come to a sleep of its own: calls that are made
   * side by side take as long as the longest of them.
   */
  sleep = (seconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const wake = (): void => (signal?.aborted ? reject(signal.reason) : resolve());
      this.#sleepers.push({ at: this.#now + Math.max(0, seconds), order: this.#order++, task: wake });
      this.#pump();
    });

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      const first = this.#sleepers.first();
      if (!first) return;
      this.advance(Math.max(0, first.at - this.#now));
      // One at a time: what it does next may be due before the next one wakes.
      this.#sleepers.shift();
      first.task();
      if (this.#sleepers.first()) this.#pump();
    });
  }
}

/** What is due first stands first; sorting a list would cost thousands of rollouts their speed. */
class Heap {
  readonly #items: Due[] = [];

  first(): Due | undefined {
    return this.#items[0];
  }

  push(item: Due): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent];
      if (!above || !isBefore(item, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  shift(): void {
    const items = this.#items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [a, b] = [items[left], items[left + 1]];
      const child = a && b && isBefore(b, a) ? left + 1 : left;
      const smaller = items[child];
      if (smaller === undefined || !isBefore(smaller, last)) break;
      items[at] = smaller;
      at = child;
    }
    items[at] = last;
  }
}

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
