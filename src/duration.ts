import type { Instant, TaskState } from './model.ts';

/** How long something took: what is measured, the one rule by which it is rounded, and how it is written. */

/**
 * Whole seconds from one instant to another, never below 0 (clocks differ). Each instant is rounded, not the difference: so the parts of a
 * stretch add up to it, and each agrees with the times of the log (`elapsed`).
 */
export const secondsBetween = (from: Instant, to: Instant): number => Math.max(0, Math.round(to) - Math.round(from));

/** When the containers of a task ended, as ECS records it; undefined while they run. */
export const endedAt = ({
  executionStoppedAt,
  stoppedAt,
}: Pick<TaskState, 'executionStoppedAt' | 'stoppedAt'>): Instant | undefined => executionStoppedAt ?? stoppedAt;

/**
 * How long the containers of a task ran, in whole seconds: from `startedAt` to `executionStoppedAt`.
 * @returns undefined while they run, and for a task that never started
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
 */
export function ranSeconds(
  task: Pick<TaskState, 'startedAt' | 'executionStoppedAt' | 'stoppedAt'>,
): number | undefined {
  const ended = endedAt(task);
  return task.startedAt === undefined || ended === undefined ? undefined : secondsBetween(task.startedAt, ended);
}

/** 7 -> `7 s`, 80 -> `1 min 20 s`, 3720 -> `1 h 2 min`. Negative (clocks differ) counts as nothing. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes > 0) return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
  return `${rest} s`;
}

/** A limit of the inputs, or what is left of one: `30 min`. */
export const minutes = (seconds: number): string => `${Math.round(seconds / 60)} min`;
/** The same in seconds, where minutes would be too coarse. */
export const span = (seconds: number): string => (seconds < 120 ? `${Math.round(seconds)} s` : minutes(seconds));

/** What is left of a limit, never more than there is: 270 -> `4 min`, 95 -> `95 s`. */
export const left = (seconds: number): string =>
  seconds < 120 ? `${Math.floor(Math.max(0, seconds))} s` : `${Math.floor(seconds / 60)} min`;

/** Silences get longer before each is broken: after 30 s, 1, 2 and 4 minutes, and then every 4 minutes. */
const FIRST_SECONDS = 30;
const LONGEST_SECONDS = 240;

/** How many heartbeats a silence of so many seconds has by its end: 8 in 20 minutes, 18 in an hour. */
export function beatsIn(seconds: number): number {
  let beats = 0;
  for (let at = FIRST_SECONDS; at <= seconds && at <= LONGEST_SECONDS; at *= 2) beats++;
  return seconds <= LONGEST_SECONDS ? beats : beats + Math.floor((seconds - LONGEST_SECONDS) / LONGEST_SECONDS);
}
