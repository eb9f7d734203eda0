import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { Failure } from '../failure.ts';
import { type ForeignPlaceholder, foreignIn } from '../foreign-placeholders.ts';
import type { Json } from '../model.ts';

/**
 * A task definition in JSON; comments and trailing commas are allowed. A number that JavaScript would write in another
 * way (`2.0`, `12e3`, an id of 20 digits) is kept as the text of the file, so that nothing is lost where ECS takes
 * a string; `coerce` makes it an integer where ECS takes one. A field that occurs twice in one object is refused: JSON
 * would silently keep the last.
 * @throws Failure INVALID_TASK_DEFINITION with line and column
 */
export function parseJson(given: string, name: string): Json {
  const text = given.replace(/^\uFEFF/, '');
  limitJson(text, name);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  const refuse = (problem: string, offset: number) =>
    notParsed({ name, language: 'JSON', problem, text, offset, shown: harmless(text) });
  const unquoted = first && unquotedAt(text, first.offset);
  if (unquoted) throw refuse(unquoted.problem, unquoted.offset);
  if (first && text[first.offset] === "'") throw refuse('single quotes, where JSON takes double quotes', first.offset);
  if (first) {
    const code = printParseErrorCode(first.error);
    throw refuse(`${words(code)}${code === 'CommaExpected' ? endOfLineBefore(text, first.offset) : ''}`, first.offset);
  }
  return root ? jsonOf(root) : null;

  function jsonOf(node: Node): Json {
    const { type, children = [], offset, length } = node;
    if (type === 'array') return children.map(jsonOf);
    if (type === 'number') return exactNumber(node.value, text.slice(offset, offset + length));
    if (type !== 'object') return node.value;
    const members = new Map<string, Json>();
    for (const { children: [key, value] = [] } of children) {
      if (!key || !value) continue;
      if (members.has(key.value)) throw refuse(`\`${key.value}\` occurs twice in one object`, key.offset);
      members.set(key.value, jsonOf(value));
    }
    return Object.fromEntries(members);
  }
}

/** A comma that is missing at the end of a line is found at the beginning of the next one. */
function endOfLineBefore(text: string, offset: number): string {
  const before = text.slice(0, offset).trimEnd();
  const line = before.split('\n').length;
  return line === text.slice(0, offset).split('\n').length ? '' : ` (probably at the end of line ${line})`;
}

/** What stands without quotes at an offset, or begins just before it, where that is a placeholder or a statement of a template. */
export function unquotedAt(
  text: string,
  offset: number,
): { readonly problem: string; readonly offset: number } | undefined {
  const from = Math.max(0, offset - 1);
  const piece = text.slice(from, from + 300);
  if (/^.?\$\{[A-Za-z_]\w*(?:\}|:-|:\?)/s.test(piece))
    return { problem: 'a placeholder without quotes ("${NAME}" takes the type of its field)', offset };
  const statement = /^.?(\{%|\{\{-?\s*[#/]|\{\{-?\s*(?:if|else|end|range|with|for)\b|%\{)/s.exec(piece)?.[1];
  if (statement !== undefined)
    return {
      problem: `a statement of another template language (\`${statement}\`): only \`\${NAME}\` and \`\${NAME:-default}\` are filled here`,
      offset: from + piece.indexOf(statement),
    };
  const found = foreignIn(piece).find(({ index, form }) => index <= offset - from && form !== 'bracket');
  if (found?.raw !== undefined || found?.fallback !== undefined)
    return {
      problem: `${placeholderText(found)} without quotes (write "${ourForm(found)}", which takes the type of its field)`,
      offset: from + found.index,
    };
  return /^.?\$\{/s.test(piece)
    ? {
        problem:
          'an expression of another tool without quotes (`${...}`): only `${NAME}` and `${NAME:-default}` are filled here',
        offset,
      }
    : undefined;
}

/** A password in the wrong place may have such marks: its name is shown where it cannot be one. */
const isShown = ({ form, raw = '' }: ForeignPlaceholder): boolean =>
  ['template', 'erb', 'reference'].includes(form) || /^[A-Z]/.test(raw);

export const placeholderText = (found: ForeignPlaceholder): string =>
  `a placeholder of another tool${isShown(found) ? `, \`${found.text}\`,` : ''}`;

/** How it is written here. */
export const ourForm = (found: ForeignPlaceholder): string => {
  const name = isShown(found) ? found.name : 'NAME';
  return `\${${name}${found.fallback === undefined ? '' : `:-${found.fallback}`}}`;
};

/** The number, or the text that it was written as where JavaScript would write it differently. */
export const exactNumber = (value: number, source: string): number | string =>
  String(value) === source ? value : source;

const words = (code: string): string => code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

/** Fields of a task definition that take a number: what is right in a line helps to see what is wrong in it. */
const NUMERIC =
  /^(?:cpu|memory|memoryReservation|sizeInGiB|containerPort|hostPort|startTimeout|stopTimeout|interval|timeout|retries|startPeriod|sharedMemorySize|maxSwap|swappiness|softLimit|hardLimit)$/;
const isNumber = (key: string, token: string): boolean => NUMERIC.test(key) && /^"?\d{1,7}"?$/.test(token);

/** What cannot contain a secret: punctuation, space, quotes, numbers of sizes and ports, and the keys of objects (`"name":`, not where a value is due). */
function harmless(text: string): Span[] {
  const shown: Span[] = [];
  const open: string[] = [];
  const scanner = createScanner(text, false);
  let before = '';
  /** The last key. */
  let key = '';
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const from = scanner.getTokenOffset();
    const to = scanner.getPosition();
    const first = text[from] ?? '';
    const isSpace = /\s/.test(first);
    if (isSpace || '{}[],:'.includes(first)) shown.push([from, to]);
    if (isSpace) continue;
    if ('{['.includes(first)) open.push(first);
    if ('}]'.includes(first)) open.pop();
    if (first === '"') {
      // Behind a word without quotes a quote may have been lost, and what looks like text is between texts.
      const isKey = open.at(-1) === '{' && '{}[],"'.includes(before) && /^\s*:/.test(text.slice(to, to + 40));
      if (isKey) key = text.slice(from + 1, to - 1);
      shown.push(...(isKey || isNumber(key, text.slice(from, to)) ? [[from, to] as const] : quotes(from, to)));
    } else if (before === ':' && isNumber(key, text.slice(from, to))) shown.push([from, to]);
    before = first;
  }
  return shown;

  function quotes(from: number, to: number): Span[] {
    const closed = to - 1 > from && text[to - 1] === '"';
    return [[from, from + 1], ...(closed ? [[to - 1, to] as const] : [])];
  }
}

/** A task definition has about 8 levels. */
export const MAX_DEPTH = 100;
/** @param problem what a file has too much of */
export const excess = (name: string, problem: string): Failure =>
  new Failure('INVALID_TASK_DEFINITION', `${name} ${problem}, more than is read here.`, {
    remedy: 'Check that the path names the right file. ECS takes a task definition of at most 64 KiB.',
  });

export const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`;

/**
 * Ends where JSON is nested too deeply to be read; brackets in strings and comments do not count.
 * @throws Failure INVALID_TASK_DEFINITION
 */
function limitJson(text: string, name: string): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') {
      for (i++; i < text.length && text[i] !== '"' && text[i] !== '\n'; i++) if (text[i] === '\\') i++;
    } else if (character === '/' && text[i + 1] === '/') {
      const end = text.indexOf('\n', i);
      i = end === -1 ? text.length : end;
    } else if (character === '/' && text[i + 1] === '*') {
      const end = text.indexOf('*/', i + 2);
      i = end === -1 ? text.length : end + 1;
    } else if (character === '{' || character === '[') {
      depth++;
      if (depth > MAX_DEPTH) throw excess(name, TOO_DEEP);
    } else if (character === '}' || character === ']') depth--;
  }
}

/** Offsets in a text: from the first, up to but not including the second. */
export type Span = readonly [from: number, to: number];

/**
 * A failure that shows the line, with a mark below the column (both count from 1). Users keep passwords in task
 * definitions and CI logs are often public, so of the line only `shown` is shown; the rest is covered by stars.
 */
export function notParsed(at: {
  readonly name: string;
  readonly language: 'JSON' | 'YAML';
  readonly problem: string;
  readonly text: string;
  readonly offset: number;
  readonly shown: readonly Span[];
}): Failure {
  const { name, language, problem, text, offset } = at;
  const conflict = /^<{7}(?=\s|$)/m.exec(text);
  if (conflict) return unmerged(name, text.slice(0, conflict.index).split('\n').length);
  const [start, end] = lineAt(text, offset);
  const line = covered(text.slice(start, end), start, at.shown);
  const column = offset - start + 1;
  // One-line files are common among exports: show what is around the mistake.
  const from = Math.max(0, column - 1 - WIDTH);
  const mark = `${' '.repeat(column - 1 - from)}^`;
  const lineNumber = text.slice(0, start).split('\n').length;
  return new Failure(
    'INVALID_TASK_DEFINITION',
    `${name} is not valid ${language}: ${problem} at line ${lineNumber}, column ${column}.\n` +
      `  ${line.slice(from, from + 2 * WIDTH)}\n  ${mark}`,
    {
      remedy: `Correct the file. ${FORM[language]} (Stars stand for values, which may be secret.)`,
    },
  );
}

/** https://git-scm.com/docs/git-merge#_how_conflicts_are_presented */
const unmerged = (name: string, line: number): Failure =>
  new Failure('INVALID_TASK_DEFINITION', `${name} has an unresolved merge conflict of git at line ${line}.`, {
    remedy:
      'Keep what is meant of the two versions between `<<<<<<<` and `>>>>>>>`, remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`, and commit the file.',
  });

const FORM = {
  JSON: 'Comments and trailing commas are fine.',
  YAML: 'Members of one map, and items of one list, begin in the same column.',
} as const;
const WIDTH = 80;

/** The line that an offset is in, without what ends it. */
export function lineAt(text: string, offset: number): Span {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', start);
  return [start, next === -1 ? text.length : next];
}

function covered(line: string, start: number, shown: readonly Span[]): string {
  const letters = Array.from({ length: line.replace(/\r$/, '').length }, () => '*');
  for (const [from, to] of shown) {
    for (let i = Math.max(0, from - start); i < Math.min(letters.length, to - start); i++) {
      letters[i] = (line[i] ?? '').replace(/\s/, ' '); // a tab would move the mark away from its place
    }
  }
  return letters.join('');
}
