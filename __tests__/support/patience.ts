import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Shorter than the time limit of a test, so that what failed says what it waited for. */
const LONGEST_SECONDS = 150;

/**
 * Waits until it is so.
 * @param what is said where it never is
 */
export async function eventually(isSo: () => boolean | Promise<boolean>, what = () => String(isSo)): Promise<void> {
  const until = performance.now() + LONGEST_SECONDS * 1000;
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error(`Not within ${LONGEST_SECONDS} s: ${what()}`);
    await setTimeout(10);
  }
}

const TICK_SECONDS = 0.02;

/**
 * Seconds in which this process ran: a stall counts as one tick, and ticks of a slow machine are longer. An upper limit in them holds
 * on every machine that it holds on, as long as it stands well before the next time limit of the product.
 * @returns a function that stops the watch and answers with its seconds
 */
export function startWatch(): () => number {
  let ticks = 0;
  const timer = setInterval(() => ticks++, TICK_SECONDS * 1000);
  return () => {
    clearInterval(timer);
    return ticks * TICK_SECONDS;
  };
}

/** Whether a process has ended; one that nobody has reaped yet has. */
export function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  try {
    return /^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return process.platform === 'linux'; // it ended between the two looks; elsewhere there is no /proc
  }
}
