import type { Moment } from '../model.ts';
import type { Snapshot } from '../watch/snapshot.ts';
import { shortId } from './words.ts';

/**
 * The lines that are new; of a stream that is read again, only what follows the lines told before. Ten tasks that
 * crash in the same words are told as one.
 */
export function logsBetween(previous: Snapshot | undefined, current: Snapshot): Moment[] {
  const moments: Moment[] = [];
  const told = new Set([...(previous?.logs.values() ?? [])].map((lines) => lines.join('\n')));
  for (const [key, lines] of current.logs) {
    const fresh = lines.slice(overlap(previous?.logs.get(key) ?? [], lines));
    if (fresh.length === 0 || told.has(lines.join('\n'))) continue;
    told.add(lines.join('\n'));
    const [taskId = key, container = ''] = key.split('/');
    const exitCode = current.tasks
      .find(({ id }) => id === taskId)
      ?.containers.find(({ name }) => name === container)?.exitCode;
    const exit = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
    const title = `last log lines of task ${shortId(taskId)}, container ${container}${exit}`;
    moments.push({ at: current.at, kind: 'log', severity: 'normal', text: [title, ...fresh].join('\n'), taskId });
  }
  for (const [container, hint] of current.logHints ?? []) {
    if (previous?.logHints?.has(container)) continue;
    moments.push({ at: current.at, kind: 'step', severity: 'normal', text: hint });
  }
  return moments;
}

/** How many of the first lines of `now` are the last of `before`. */
function overlap(before: readonly string[], now: readonly string[]): number {
  for (let length = Math.min(before.length, now.length); length > 0; length -= 1) {
    if (before.slice(-length).every((line, index) => line === now[index])) return length;
  }
  return 0;
}
