/** Time of the simulated world, in seconds since the epoch. */
export interface SimClock {
  now(): number;
  /** Runs `task` in that many seconds. */
  after(seconds: number, task: () => void): void;
}

/** A longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Real time; `speed` 10 makes ten simulated seconds out of each real one. What is due happens in the order of its instants, each
 * at its own instant: when this process was held up, the world catches up and does not see it.
 */
export class RealClock implements SimClock {
  readonly #due = new Heap();
  readonly #speed: number;
  #order = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Since this real instant, in seconds, time passes; before it, it stood at `#simulated`. */
  #start = Date.now() / 1000;
  #simulated: number;
  #stands = false;
  /** The instant of what happens now. */
  #instant: number | undefined;
  /** @param skew seconds that this clock is ahead of the machine's */
  constructor(speed = 1, skew = 0) {
    this.#speed = speed;
    this.#simulated = this.#start + skew;
  }
  now(): number {
    return this.#instant ?? this.#passed();
  }
  after(seconds: number, task: () => void): void {
    this.#due.push({ at: this.now() + seconds, order: this.#order++, task });
    if (this.#instant === undefined) this.#arm();
  }
  /** The world stands still until `go`; calls are answered all the same. */
  hold(): void {
    this.#simulated = this.now();
    this.#stands = true;
    clearTimeout(this.#timer);
  }
  go(): void {
    if (!this.#stands) return;
    this.#start = Date.now() / 1000;
    this.#stands = false;
    this.#arm();
  }
  /** Nothing happens any more. */
  close(): void {
    this.hold();
  }

  #passed(): number {
    return this.#stands ? this.#simulated : this.#simulated + (Date.now() / 1000 - this.#start) * this.#speed;
  }
  #arm(): void {
    clearTimeout(this.#timer);
    const first = this.#due.first();
    if (!first || this.#stands) return;
    const milliseconds = Math.ceil(((first.at - this.#passed()) * 1000) / this.#speed);
    this.#timer = setTimeout(() => this.#catchUp(), Math.min(Math.max(1, milliseconds), LONGEST_TIMER));
  }
  #catchUp(): void {
    const until = this.#passed();
    try {
      for (let next = this.#due.first(); next && next.at <= until && !this.#stands; next = this.#due.first()) {
        this.#due.shift();
        this.#instant = next.at;
        next.task();
      }
    } finally {
      this.#instant = undefined;
      this.#arm();
    }
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
