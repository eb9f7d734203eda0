import { secondsBetween } from '../duration.ts';
import type { Instant } from '../model.ts';

/** The eight characters that identify a task; an id of another form stays readable. */
export const shortId = (taskId: string): string => oneLine(taskId, 36).slice(0, 8);

/** Time since the start as a clock shows it: `0:05`, `12:30`, `1:02:03`. */
export function elapsed(at: Instant, startedAt: Instant): string {
  const whole = secondsBetween(startedAt, at);
  const two = (number: number): string => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `1 task`, `3 tasks`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/**
 * ANSI sequences, with 7-bit and 8-bit introducers (ECMA-48): CSI; the strings OSC, DCS, SOS, PM and APC up to their end; the
 * choice of a character set; all that have one more character.
 */
const ANSI =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]+[0-~]|\u001b[@-Z\\^_]/g;
/** Controls but line feed and tab; line separators; what turns the direction of writing: marks, embeddings, overrides, isolates. */
const INVISIBLE = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Most texts, for which the patterns above are not even compiled. */
const PRINTABLE = /^[ -~\n\t]*$/;

/** Without ANSI sequences, control characters and marks of writing direction, which a log line of a container may well have. */
export const plain = (text: string): string =>
  PRINTABLE.test(text) ? text : text.replaceAll(ANSI, '').replaceAll(INVISIBLE, ' ');

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

/** Digests as a page shows them: as much of each as a person compares. The outputs and the log have the whole. */
export const shortDigests = (text: string): string =>
  text.replaceAll(/\bsha256:([0-9a-f]{12})[0-9a-f]{52}\b/g, 'sha256:$1');

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** As a sentence's beginning. */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A sentence ends before a space and the beginning of another one, or of a remark in brackets; not after an abbreviation or a number in a list. */
const SENTENCE_END = /(?<!\b(?:e\.g|i\.e|etc|vs|no|approx))[.!?](?=["')\]]*\s+(?:["'([`]*\p{Lu}|\())/u;
/** The sentences of a text of ours. */
export function sentencesOf(text: string): readonly string[] {
  const found: string[] = [];
  for (let rest = text.trim(); rest !== ''; ) {
    const end = SENTENCE_END.exec(rest.replaceAll(/`[^`]*`|"[^"]*"/g, (quoted) => 'x'.repeat(quoted.length)));
    const first = end ? rest.slice(0, end.index + 1) : rest;
    found.push(first);
    rest = rest.slice(first.length).trim();
  }
  return found;
}

/** Longer headings are not read; ECS and IAM write sentences of 500 characters. */
const HEADING = 140;

/** Also before the call and the words of AWS: `(ecs:UpdateService: User: ...)`. */
const FIRST_END = new RegExp(`${SENTENCE_END.source}|[.!?](?=\\s+\\([\\w-]+:\\w+: )`, 'u');

/**
 * The first sentence of an error, for its heading, and the rest. A sentence that is too long for a heading is divided where its
 * explanation begins, at the first colon or bracket after a few words.
 */
export function firstSentence(text: string): readonly [first: string, rest: string] {
  const line = plain(text).replaceAll(/\s+/g, ' ').trim();
  const whole = line.replaceAll(/`[^`]*`|"[^"]*"/g, (quoted) => 'x'.repeat(quoted.length));
  const end = FIRST_END.exec(whole);
  const first = end ? line.slice(0, end.index + 1) : line;
  const rest = line.slice(first.length).trim();
  if (first.length <= HEADING) return [first, rest];
  const colon = /^.{20,}?(?=: | \()/.exec(whole.slice(0, first.length));
  if (!colon || colon[0].length > HEADING) return [oneLine(first, HEADING), line];
  const cut = colon[0].length;
  const explanation = line.slice(line[cut] === ':' ? cut + 1 : cut).trim();
  return [line.slice(0, cut).replace(/[.!?]?$/, (end) => end || '.'), capitalised(explanation)];
}

/** Columns of one width each. */
export function aligned(cells: readonly (readonly string[])[]): string[] {
  // Nothing stands after the last column that it could push away.
  const short = cells.map((row) => row.map((cell, column) => oneLine(cell, column === row.length - 1 ? 120 : 60)));
  const widths = short.reduce<number[]>(
    (most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, cell.length)),
    [],
  );
  return short.map((row) =>
    `        ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}

/**
 * Some services answer in JSON, and a text that we do not know is shown as it is: of an object only its message is
 * for people. What only looks like JSON stays.
 */
export function withoutJson(text: string): string {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  // JSON in a code span is what to write.
  if (start < 0 || end < start || (text[start - 1] === '`' && text[end + 1] === '`')) return text;
  try {
    const value: unknown = JSON.parse(text.slice(start, end + 1));
    return `${text.slice(0, start)}${messageIn(value) ?? '(details in the log)'}${text.slice(end + 1)}`;
  } catch {
    return text;
  }
}

function messageIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (/^(?:error_?)?message$/i.test(key) && typeof inner === 'string') return inner;
    const deeper = messageIn(inner);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

/** `2026-11-21 06:30`, from the instant alone. */
export const clockTime = (at: number): string => new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ');
