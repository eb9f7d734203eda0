import { createHash } from 'node:crypto';

/**
 * What work costs, the same on a slow, a fast and a busy machine: CPU time of this process, which other processes do not
 * add to, in units of a reference that is measured beside it. Wall time belongs in `npm run bench`.
 */

/** CPU milliseconds of the reference on an idle machine with two cores. */
const REFERENCE_MILLISECONDS = 25;
/** Seconds for which a measured slowness is used again. */
const FRESH_SECONDS = 5;
const REFERENCE_TEXT = `${'a'.repeat(60)} b="c" `.repeat(2_000);

function reference(): void {
  for (let i = 0; i < 6; i++) REFERENCE_TEXT.replaceAll(/(\w+)="(\w*)"/g, '$2=$1');
  for (let i = 0; i < 4; i++) createHash('sha256').update(REFERENCE_TEXT).digest();
}

/** CPU milliseconds of this process, all threads. */
function milliseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The least of several runs: garbage collection and cold caches only ever add. */
const least = (times: number, work: () => void): number =>
  Math.min(...Array.from({ length: times }, () => milliseconds(work)));

let measured = { at: Number.NEGATIVE_INFINITY, slowness: 1 };

/** How much slower than the reference machine this one is now; at least 1, so that a limit is never stricter than it says. */
function slowness(): number {
  const now = performance.now() / 1000;
  if (now - measured.at > FRESH_SECONDS)
    measured = { at: now, slowness: Math.max(1, least(3, reference) / REFERENCE_MILLISECONDS) };
  return measured.slowness;
}

/** CPU milliseconds that `work` takes on the reference machine: the least of `times` runs. */
export const costOf = (work: () => void, times = 3): number => least(times, work) / slowness();

/** The same of work that awaits; nothing else may run beside it. */
export async function costOfAsync(work: () => Promise<unknown>, times = 3): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) taken.push(await millisecondsOf(work));
  return Math.min(...taken) / slowness();
}
