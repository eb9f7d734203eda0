import type { Moment } from '../outcome.ts';

/** Of a task or an instance. */
const ID = /\b[0-9a-f]{8,}\b/g;

/** So many lines that say the same are shown one by one: a small rollout has as many. */
const ONE_BY_ONE = 5;

/**
 * Lines of counts and events that come again and again, as those of tasks that crash and are replaced for as long as a rollback is watched:
 * the first ones, then each that doubles their number, with the number.
 */
export class Repeats {
  readonly #counts = new Map<string, number>();

  /** @returns the moment as it is shown; undefined where it says nothing new */
  shown(moment: Moment): Moment | undefined {
    const { kind, severity, text } = moment;
    if ((kind !== 'counts' && kind !== 'event') || severity === 'warning' || severity === 'failure') return moment;
    const key = `${kind} ${text.replaceAll(ID, '#')}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count <= ONE_BY_ONE) return moment;
    return Number.isInteger(Math.log2(count)) ? { ...moment, text: `${text} (${count} times so far)` } : undefined;
  }
}
