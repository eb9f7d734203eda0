/**
 * How the text of one input is split into values. Nothing here knows what an input is for. Problems never quote a
 * value, only line numbers and names: a value may be a secret.
 */

/** Values, or what is wrong with the text (a clause that follows "input: "). */
export type Split<T> =
  | { readonly values: readonly T[]; readonly problem?: never; readonly remedy?: never }
  | { readonly values?: never; readonly problem: string; readonly remedy?: string };

/** One `NAME=value`; `value` is undefined for a bare `NAME`. */
export interface Entry {
  readonly name: string;
  readonly value?: string;
  readonly form: 'line' | 'quoted' | 'heredoc' | 'json';
  /** Where it begins, counted from 1; of JSON, its place among the members. */
  readonly line: number;
}

/** Non-empty lines, trimmed. */
export function splitLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/**
 * `a, b` or one per line. A value in double quotes may have commas in it, and `""` inside is a quote, as in CSV; a
 * quote within a value is a part of it. Time grows with the length alone: each character is read once.
 */
export function splitList(text: string): Split<string> {
  const values: string[] = [];
  for (const line of splitLines(text)) {
    let at = 0;
    while (at < line.length) {
      while (line[at] === ' ' || line[at] === '\t') at++;
      const field = line[at] === '"' ? quotedField(line, at) : plainField(line, at);
      if (field.problem !== undefined) return { problem: field.problem };
      if (field.value !== '') values.push(field.value);
      at = field.next;
    }
  }
  return { values };
}

/** One value of a list; `next` is the offset behind its comma. */
type Field = { readonly value: string; readonly next: number; readonly problem?: never } | { readonly problem: string };

function plainField(line: string, from: number): Extract<Field, { value: string }> {
  const comma = line.indexOf(',', from);
  const end = comma < 0 ? line.length : comma;
  return { value: line.slice(from, end).trim(), next: end + 1 };
}

function quotedField(line: string, from: number): Field {
  let end = line.indexOf('"', from + 1);
  while (end >= 0 && line[end + 1] === '"') end = line.indexOf('"', end + 2);
  if (end < 0) return { problem: 'has a double quote that is never closed.' };
  const { value: rest, next } = plainField(line, end + 1);
  if (rest !== '') return { problem: 'has text between the end of a quoted value and the next comma.' };
  return { value: line.slice(from + 1, end).replaceAll('""', '"'), next };
}

/**
 * Entries, in four forms that may be mixed (the last one stands alone):
 *
 *     NAME=value                 split at the first `=`; the value is taken as it is
 *     NAME<<EOF                  lines up to one that is exactly EOF (any word), as in GITHUB_ENV
 *     "NAME=first line           docker/build-push-action's form: up to the closing quote at a line's end,
 *     second line"               `""` is a quote
 *     {"NAME": "value"}          a JSON object; or a JSON list as the API has it: [{"name": "NAME", "value": "value"}]
 *
 * Lines that start with # are comments. A value of several lines arrives byte for byte, CRLF and empty lines at its end included;
 * only the line end before its closing word belongs to the form, CRLF where the line that opens it ends so.
 */
export function splitEntries(text: string): Split<Entry> {
  if (text.trimStart().startsWith('{')) return entriesOfJson(text);
  if (/^\s*\[\s*[{\]"]/.test(text)) return entriesOfList(text);
  const lines = text.split('\n');
  const values: Entry[] = [];
  for (let index = 0; index < lines.length; index++) {
    const number = index + 1;
    const line = (lines[index] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    let record = line;
    if (line.startsWith('"')) {
      const end = indexFrom(lines, index, (candidate, at) => closesQuote(candidate, at === index));
      if (end < 0) return { problem: `line ${number} opens a double quote that is never closed at the end of a line.` };
      const quoted = lines
        .slice(index, end + 1)
        .join('\n')
        .trim();
      record = quoted.slice(1, -1).replaceAll('""', '"');
      index = end;
    } else {
      const heredoc = /^([^=]*?)<<(\S+)$/.exec(line);
      if (heredoc) {
        const [, name = '', delimiter = ''] = heredoc;
        const end = indexFrom(lines, index + 1, (candidate) => endsHeredoc(candidate, delimiter));
        if (end < 0) {
          return {
            problem: `line ${number} begins a value that never ends.`,
            remedy: `Close it with a line that is exactly \`${delimiter}\`${lines.slice(index + 1).some((one) => one.trim() === delimiter) ? ', without spaces around it' : ''}.`,
          };
        }
        const value = lines.slice(index + 1, end).join('\n');
        const crlf = lines[index]?.endsWith('\r') === true;
        values.push({ name, value: crlf ? value.replace(/\r$/, '') : value, form: 'heredoc', line: number });
        index = end;
        continue;
      }
    }
    const equals = record.indexOf('=');
    const at = { form: line.startsWith('"') ? 'quoted' : 'line', line: number } as const;
    values.push(
      equals < 0 ? { name: record, ...at } : { name: record.slice(0, equals), value: record.slice(equals + 1), ...at },
    );
  }
  return { values };
}

/** Whether a line is the end word of a value of several lines and nothing else, as in GITHUB_ENV; its line end may be CRLF. */
export const endsHeredoc = (line: string, delimiter: string): boolean => line.replace(/\r$/, '') === delimiter;

function indexFrom(lines: readonly string[], from: number, matches: (line: string, at: number) => boolean): number {
  for (let at = from; at < lines.length; at++) if (matches(lines[at] ?? '', at)) return at;
  return -1;
}

/** Whether a quoted record ends with this line: an odd run of quotes at its end (`""` is a quote inside). */
function closesQuote(line: string, first: boolean): boolean {
  const text = first ? line.trim().slice(1) : line.trimEnd();
  let start = text.length;
  while (start > 0 && text[start - 1] === '"') start--;
  return (text.length - start) % 2 === 1;
}

function entriesOfJson(text: string): Split<Entry> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return {
      problem: 'begins with `{` but is not a JSON object.',
      remedy: 'Write a JSON object, or one `NAME=value` per line.',
    };
  }
  const values: Entry[] = [];
  for (const [name, value] of Object.entries(parsed as object)) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      return { problem: `has something other than a string, number or boolean at \`${name}\`.` };
    }
    values.push({ name, value: String(value), form: 'json', line: values.length + 1 });
  }
  return { values };
}

/** `[{"name": "A", "value": "1"}]`, with `valueFrom` for secrets and `key` for tags. */
function entriesOfList(text: string): Split<Entry> {
  const wrong = {
    problem: 'is a JSON list, but takes a JSON object or lines.',
    remedy: 'Write `{"NAME": "value"}`, or one `NAME=value` per line.',
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return wrong;
  }
  const values: Entry[] = [];
  if ((parsed as readonly unknown[]).length === 0) return wrong;
  for (const item of parsed as readonly unknown[]) {
    if (typeof item !== 'object' || item === null) return wrong;
    const { name, key = name, value, valueFrom = value, ...others } = item as Readonly<Record<string, unknown>>;
    const text = typeof valueFrom === 'number' || typeof valueFrom === 'boolean' ? String(valueFrom) : valueFrom;
    if (typeof key !== 'string' || typeof text !== 'string' || Object.keys(others).length > 0) return wrong;
    values.push({ name: key, value: text, form: 'json', line: values.length + 1 });
  }
  return { values };
}

/** Quoted text and escaped characters, which a shell takes as they are. */
const QUOTED = /'[^']*'|"(?:\\.|[^"\\])*"|\\./gs;
/** Operators that stand alone or end a word: `&&`, `||`, `|`, `;`, `&`, `>`, `2>&1`, `&>`, `<`. */
const OPERATOR = /(?<=^|\s)(?:\|\|?|;|&|[\d&]?>>?|<)(?=\s|$)|&&|(?<=\S);(?=\s|$)|(?<=^|\s)\d?>>?&?[\w./]+/;
const SUBSTITUTION = /\$\(|`/;
const ASSIGNMENT = /^[A-Za-z_]\w*=\S*(?=\s)/;
/** Shells of Windows read the rest of their words as one command line, up to `-Command` or `/c` as options of their own. */
const WINDOWS_SHELL =
  /^(?:\S*[\\/])?(?:cmd(?:\.exe)?\s(?:.*?\s)??\/[ck]|(?:powershell|pwsh)(?:\.exe)?\s(?:.*?\s)??-c(?:ommand)?)\s/is;

/**
 * What in a command line only a shell carries out; as words it would be passed to the program, which then most often ends well without
 * having done the rest. A JSON array of words is taken as it is.
 * @returns the operator, `$(` or the assignment (its name); undefined where there is none
 */
export function shellSyntaxIn(text: string): string | undefined {
  if (isJsonArray(text)) return undefined;
  const trimmed = text.trim();
  const open = trimmed.replaceAll(QUOTED, (quoted) => '_'.repeat(quoted.length));
  const assignment = ASSIGNMENT.exec(open)?.[0];
  if (assignment !== undefined) return trimmed.slice(0, assignment.indexOf('=') + 1);
  const found = OPERATOR.exec(open) ?? SUBSTITUTION.exec(open);
  const readByShell = WINDOWS_SHELL.exec(open)?.[0].length ?? Number.POSITIVE_INFINITY;
  return found && found.index < readByShell ? found[0] : undefined;
}

/** How to write it instead. */
export const shellRemedy = (syntax: string): string =>
  syntax.endsWith('=')
    ? `Write \`sh -c "${syntax}value command"\`, or set the variable where the container's environment is set; to pass it to the program (such as an ENTRYPOINT) as a word, write a JSON array of words.`
    : 'Write `sh -c "first && second"`; to pass it to the program as a word, write a JSON array of words.';

/**
 * One command: its words, or what is wrong with it (a clause that follows "has a command "). A text of several lines is one command where
 * the line ends are within quotes or behind a backslash.
 */
export function splitCommand(text: string): Split<string> {
  const { values, problem, remedy } = splitWords(text);
  if (problem !== undefined)
    return { problem: `that ${problem}`, remedy: remedy ?? 'Write it as one line, or as a list of words.' };
  if (values.length === 0) return { problem: 'that is empty.', remedy: 'Write it as one line, or as a list of words.' };
  const lines = isJsonArray(text)
    ? 1
    : text.trim().replaceAll(CONTINUED, ' ').replaceAll(QUOTED, '_').split('\n').length;
  if (lines > 1)
    return {
      problem: `of ${lines} lines, and one is run.`,
      remedy: 'Write a YAML list of several commands, or one with a shell: `sh -c "first && second"`.',
    };
  const syntax = shellSyntaxIn(text);
  if (syntax !== undefined) return { problem: `with \`${syntax}\`, which takes a shell.`, remedy: shellRemedy(syntax) };
  return { values };
}

/** A line that the next one continues, as in a shell. */
const CONTINUED = /\\\r?\n/g;
const isJsonArray = (text: string): boolean => /^\s*\[\s*["\]]/.test(text);

/** A command line as words, POSIX quoting without expansion; or a JSON array of strings. */
export function splitWords(text: string): Split<string> {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(trimmed);
      if (Array.isArray(parsed) && parsed.every((word) => typeof word === 'string')) return { values: parsed };
    } catch {
      // reported below
    }
    // `[ -f x ] && run` is a command that begins with a bracket; only what looks like JSON is held to it.
    if (/^\[\s*'[^']*'\s*(?:,\s*'[^']*'\s*)*\]$/.test(trimmed))
      return {
        problem:
          'is a list with single quotes, which JSON does not have, so its brackets would become part of the words.',
        remedy: 'Write double quotes, `["npm", "start"]`, or the words alone, `npm start`.',
      };
    if (isJsonArray(trimmed)) return { problem: 'begins as a JSON array but is not an array of strings.' };
  }
  const values: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let index = 0; index < trimmed.length; index++) {
    const character = trimmed.charAt(index);
    const next = trimmed.charAt(index + 1);
    if (quote === "'") {
      if (character === "'") quote = undefined;
      else word = (word ?? '') + character;
    } else if (character === '\\' && /[\r\n]/.test(next)) {
      // The next line continues this one.
      index += trimmed.startsWith('\r\n', index + 1) ? 2 : 1;
    } else if (character === '\\' && quote === undefined && /^[A-Za-z]:$/.test(word ?? '') && !/['"]/.test(next)) {
      return {
        problem: 'has a Windows path without quotes, in which a backslash would hide the next character.',
        remedy: "Put the path in single quotes: `'C:\\app\\run.exe'`.",
      };
    } else if (character === '\\' && (quote === undefined ? next !== '' : /["\\$`]/.test(next))) {
      word = (word ?? '') + next;
      index++;
    } else if (quote === '"') {
      if (character === '"') quote = undefined;
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) values.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote) return { problem: `has a ${quote === '"' ? 'double' : 'single'} quote that is never closed.` };
  if (word !== undefined) values.push(word);
  return { values };
}
