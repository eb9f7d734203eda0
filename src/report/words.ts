import type { Instant } from '../model.ts';

/** The eight characters by which people tell tasks apart; an id that is no plain id stays readable. */
export const shortId = (taskId: string): string => oneLine(taskId, 36).slice(0, 8);

/** 7 -> `7 s`, 80 -> `1 min 20 s`, 3720 -> `1 h 2 min`. Negative (clocks differ) counts as nothing. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes > 0) return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
  return `${rest} s`;
}

/** Time since the start as a clock shows it: `0:05`, `12:30`, `1:02:03`. */
export function elapsed(at: Instant, startedAt: Instant): string {
  const whole = Math.max(0, Math.round(at - startedAt));
  const two = (number: number): string => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `1 task`, `3 tasks`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Without ANSI sequences and control characters, which a log line of a container may well have. */
export function plain(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
      .replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g, '')
      .replaceAll(/[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ')
  );
}

/**
 * On one line, at most `limit` characters, the end cut away and the cut shown. The cut is before a word, where that word is not most
 * of the text: half a secret would no longer be recognised by the runner's masking.
 */
export function oneLine(text: string, limit: number): string {
  // Of a very long text only the beginning is looked at; ANSI sequences and white space may make it shorter.
  const line = plain(text.slice(0, 4 * limit + 1000))
    .replaceAll(/\s+/g, ' ')
    .trim();
  const characters = line.length > limit ? [...line] : [];
  if (characters.length <= limit) return line;
  const kept = characters.slice(0, limit - 3).join('');
  const wordStart = kept.lastIndexOf(' ');
  const isInsideWord = characters[limit - 3] !== ' ' && wordStart > kept.length / 2;
  return `${(isInsideWord ? kept.slice(0, wordStart) : kept).trimEnd()}...`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** As a sentence's beginning. */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
