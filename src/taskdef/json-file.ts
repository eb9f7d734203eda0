import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Json } from '../model.ts';
import { limitJson } from './limits.ts';
import { notParsed, type Span } from './not-parsed.ts';

/**
 * A task definition in JSON; comments and trailing commas are allowed. A number that JavaScript would write in another
 * way (`2.0`, `12e3`, an id of 20 digits) is kept as the text that stands there, so that nothing is lost where ECS takes
 * a string; `coerce` makes it an integer where ECS takes one. A field that stands twice in one object is refused: JSON
 * would keep the last without a word.
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
  const bare = first && /^\$\{[A-Za-z_]\w*/.test(text.slice(first.offset, first.offset + 300));
  if (bare) throw refuse('a placeholder stands without quotes ("${NAME}" takes the type of its field)', first.offset);
  if (first && text[first.offset] === "'") throw refuse('single quotes, where JSON takes double quotes', first.offset);
  if (first) throw refuse(words(printParseErrorCode(first.error)), first.offset);
  return root ? jsonOf(root) : null;

  function jsonOf(node: Node): Json {
    const { type, children = [], offset, length } = node;
    if (type === 'array') return children.map(jsonOf);
    if (type === 'number') return exactNumber(node.value, text.slice(offset, offset + length));
    if (type !== 'object') return node.value;
    const members = new Map<string, Json>();
    for (const { children: [key, value] = [] } of children) {
      if (!key || !value) continue;
      if (members.has(key.value)) throw refuse(`\`${key.value}\` stands twice in one object`, key.offset);
      members.set(key.value, jsonOf(value));
    }
    return Object.fromEntries(members);
  }
}

/** The number, or the text that it was written as where JavaScript would write it differently. */
export const exactNumber = (value: number, source: string): number | string =>
  String(value) === source ? value : source;

const words = (code: string): string => code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

/** What no secret stands in: punctuation, space, quotes, and the keys of objects (`"name":`, not where a value is due). */
function harmless(text: string): Span[] {
  const shown: Span[] = [];
  const open: string[] = [];
  const scanner = createScanner(text, false);
  let before = '';
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
      // Behind a word without quotes a quote may have been lost, and what looks like text is what stands between texts.
      const isKey = open.at(-1) === '{' && '{}[],"'.includes(before) && /^\s*:/.test(text.slice(to, to + 40));
      shown.push(...(isKey ? [[from, to] as const] : quotes(from, to)));
    }
    before = first;
  }
  return shown;

  function quotes(from: number, to: number): Span[] {
    const closed = to - 1 > from && text[to - 1] === '"';
    return [[from, from + 1], ...(closed ? [[to - 1, to] as const] : [])];
  }
}
