import type { Mistake } from '../failure.ts';
import { didYouMean } from '../spelling.ts';
import type { InputName } from './known.ts';
import { type Split, splitEntries, splitLines, splitList, splitWords } from './syntax.ts';
import type { Pairs } from './types.ts';

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

/** What a value must look like: `example` completes the sentence "expected ...". */
export interface Shape {
  readonly pattern: RegExp;
  readonly expected: string;
}

/**
 * Reads inputs by name and collects every mistake instead of stopping at the first. An empty or blank input is an
 * unset one, as the runner passes it. A reading method answers undefined (or an empty list) for what is unset *or*
 * wrong; `mistakes` tells which.
 */
export class Reader {
  readonly mistakes: Mistake[] = [];
  readonly notes: string[] = [];
  readonly warnings: string[] = [];
  readonly #raw: ReadonlyMap<string, string>;

  constructor(raw: ReadonlyMap<string, string>) {
    this.#raw = raw;
  }

  mistake(subject: InputName, problem: string, remedy?: string): void {
    this.mistakes.push({ subject, problem, ...(remedy === undefined ? {} : { remedy }) });
  }

  /** The text as given, or undefined when blank. */
  raw(name: InputName): string | undefined {
    const text = this.#raw.get(name);
    return text === undefined || text.trim() === '' ? undefined : text;
  }

  text(name: InputName): string | undefined {
    return this.raw(name)?.trim();
  }

  /** Whether the user asked for something with it; `false` asks for nothing. */
  isSet(name: InputName): boolean {
    const text = this.text(name);
    return text !== undefined && text.toLowerCase() !== 'false';
  }

  /** One value of a shape, quoted when it is wrong: not for secrets. */
  shaped(name: InputName, shape: Shape): string | undefined {
    const text = this.text(name);
    return text === undefined || !this.checkShape(name, text, shape) ? undefined : text;
  }

  checkShape(name: InputName, value: string, { pattern, expected }: Shape): boolean {
    if (pattern.test(value)) return true;
    this.mistake(name, `\`${shorten(value)}\` is not right.`, `Expected ${expected}.`);
    return false;
  }

  /** YAML 1.2's booleans, as the runner's own toolkit takes them. */
  boolean(name: InputName): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^(true|True|TRUE)$/.test(text)) return true;
    if (/^(false|False|FALSE)$/.test(text)) return false;
    const meant = /^(yes|y|on|1|enabled?)$/i.test(text)
      ? 'true'
      : /^(no|n|off|0|disabled?)$/i.test(text)
        ? 'false'
        : undefined;
    this.mistake(
      name,
      `\`${shorten(text)}\` is not a boolean.`,
      meant ? `Write \`${meant}\`.` : 'Write `true` or `false`.',
    );
    return undefined;
  }

  integer(name: InputName, { min, max, unit }: Range): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const problem = Number.isNaN(value) ? 'is not a whole number.' : 'is out of range.';
    this.mistake(name, `\`${shorten(text)}\` ${problem}`, `Give ${unit}, from ${min} to ${max}.`);
    return undefined;
  }

  /** One of a few words, whatever their case. */
  choice<T extends string>(name: InputName, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    if (found) return found;
    const meant = didYouMean(text, choices);
    const all = choices.map((choice) => `\`${choice}\``).join(', ');
    this.mistake(
      name,
      `\`${shorten(text)}\` is none of ${all}.`,
      meant ? `Did you mean \`${meant}\`?` : `Write one of them.`,
    );
    return undefined;
  }

  lines(name: InputName): string[] {
    return splitLines(this.raw(name) ?? '');
  }

  list(name: InputName): readonly string[] {
    return this.#split(name, splitList);
  }

  words(name: InputName): readonly string[] | undefined {
    return this.raw(name) === undefined ? undefined : this.#split(name, splitWords);
  }

  /** `NAME=value` entries, with every name once. */
  pairs(name: InputName, names?: Shape): Pairs {
    const pairs: [string, string][] = [];
    const seen = new Set<string>();
    for (const [index, entry] of this.#split(name, splitEntries).entries()) {
      const said = `entry ${index + 1}`;
      if (entry.value === undefined) {
        this.mistake(
          name,
          `${said} has no \`=\`.`,
          'Write `NAME=value`; for a value of several lines `NAME<<EOF`, the lines, and `EOF`.',
        );
      } else if (entry.name === '') {
        this.mistake(name, `${said} has no name before its \`=\`.`, 'Write `NAME=value`.');
      } else if (entry.name !== entry.name.trim()) {
        const bare = entry.name.trim();
        this.mistake(
          name,
          `the name \`${bare}\` has a space around it.`,
          `Write \`${bare}=value\`, without spaces at the \`=\`.`,
        );
      } else if (names && !names.pattern.test(entry.name)) {
        this.mistake(
          name,
          `\`${shorten(entry.name)}\` (${said}) cannot be a name here.`,
          `Expected ${names.expected}.`,
        );
      } else if (seen.has(entry.name)) {
        this.mistake(name, `\`${entry.name}\` is there twice.`, 'Keep one of them.');
      } else {
        seen.add(entry.name);
        pairs.push([entry.name, entry.value]);
      }
    }
    return pairs;
  }

  /** `NAME=value` entries as text for a command line; a bare `NAME` is allowed where `bare` says so. */
  settings(name: InputName, bare: 'bare-allowed' | 'value-needed'): string[] {
    const settings: string[] = [];
    for (const [index, entry] of this.#split(name, splitEntries).entries()) {
      const misses = entry.name.trim() === '' || (entry.value === undefined && bare === 'value-needed');
      if (misses) this.mistake(name, `entry ${index + 1} is not \`name=value\`.`, 'Write one `name=value` a line.');
      else settings.push(entry.value === undefined ? entry.name : `${entry.name}=${entry.value}`);
    }
    return settings;
  }

  #split<T>(name: InputName, split: (text: string) => Split<T>): readonly T[] {
    const result = split(this.raw(name) ?? '');
    if (result.problem === undefined) return result.values;
    this.mistake(name, result.problem, result.remedy);
    return [];
  }
}

/** A user's text in a message: one line of at most 80 characters. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
