import {
  type Document,
  isCollection,
  isScalar,
  Lexer,
  Parser,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLParseError,
  type YAMLSeq,
} from 'yaml';
import { Failure } from '../failure.ts';
import { foreignIn } from '../foreign-placeholders.ts';
import type { Json } from '../model.ts';
import { isObject } from '../model.ts';
import {
  exactNumber,
  excess,
  lineAt,
  MAX_DEPTH,
  notParsed,
  ourForm,
  placeholderText,
  type Span,
  TOO_DEEP,
  unquotedAt,
} from './json-file.ts';
import { isField } from './schema.ts';

/**
 * YAML 1.2 (core schema), a task definition or an input, with anchors, aliases and `<<` merges. In a file of its own, because the
 * library is loaded only for what is YAML. Numbers and booleans that YAML would change (`1.10`, `007`, `0xE1`, `True`)
 * stay the text that they are.
 * @throws Failure INVALID_TASK_DEFINITION with line and column
 */
export function parseYaml(text: string, name: string): Json {
  limitYaml(text, name);
  const document = parseDocument(text, { prettyErrors: false, merge: true });
  visit(document, {
    Pair(_, { key, value }) {
      if (isCollection(key) && key.flow) {
        const offset = key.range?.[0] ?? 0;
        const unquoted = unquotedAt(text, offset);
        throw misread(unquoted?.problem ?? BRACKET_AS_NAME, unquoted?.offset ?? offset);
      }
      if (!isScalar(key) || !key.range || !isScalar(value) || value.source !== '') return;
      // `#TAG#` is a comment, and the field would have no value.
      const [, before = '', comment = ''] =
        /^(\s*:[ \t]+)(#\S{0,200})/.exec(text.slice(key.range[1], key.range[1] + 300)) ?? [];
      const [hidden] = foreignIn(comment);
      if (hidden?.index === 0)
        throw misread(
          `${placeholderText(hidden)} that YAML reads as a comment (write \`${ourForm(hidden)}\`)`,
          key.range[1] + before.length,
        );
    },
  });
  const [error] = document.errors;
  if (error) {
    // A line below one that has a value is a mistake of its indentation, whatever the value is.
    const unquoted = error.code === 'BLOCK_AS_IMPLICIT_KEY' ? undefined : unquotedAt(text, error.pos[0]);
    const { problem, offset } = unquoted ?? plainWords(error, text);
    throw misread(problem, offset);
  }
  const anchors = new Map<string, Scalar | YAMLMap | YAMLSeq>();
  visit(document, {
    Value(_, node) {
      if (node.anchor) anchors.set(node.anchor, node);
      if (!isScalar(node) || node.source === undefined) return;
      if (typeof node.value === 'number') node.value = exactNumber(node.value, node.source);
      else if (typeof node.value === 'boolean' && String(node.value) !== node.source) node.value = node.source;
    },
    Alias(_, { source, range }) {
      const offset = range?.[0] ?? 0;
      const anchored = anchors.get(source);
      if (!anchored) throw misread('an alias has no anchor before it', offset);
      if (offset < (anchored.range?.[1] ?? 0)) throw misread('an alias is within its own anchor', offset);
    },
  });
  let value: Json;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (thrown) {
    // A merge of what is not an object, or aliases that grow without end.
    const problem = (thrown as Error).message.replace(/^Excessive alias.*/, 'its aliases stand for too much text');
    throw new Failure('INVALID_TASK_DEFINITION', `${name} is not valid YAML: ${problem}.`, { cause: thrown });
  }
  // A tag that YAML does not know (`!Ref`) would silently become plain text; a CloudFormation template is reported as such.
  const [warning] = document.warnings;
  if (warning && !(isObject(value) && value.Resources !== undefined))
    throw misread(withoutSource(warning), warning.pos[0]);
  return value;

  function misread(problem: string, offset: number): Failure {
    return notParsed({
      name,
      language: 'YAML',
      problem,
      text,
      offset,
      shown: harmless(document, text, lineAt(text, offset)),
    });
  }
}

/** `{{IMAGE}}` without quotes is an object in an object's name; the library would make it a text, and print it. */
const BRACKET_AS_NAME = 'a `{` or `[` where the name of a field is due (a value such as "{{NAME}}" needs quotes)';

/** Members of one object or list; of the 64 KiB that ECS takes, the smallest needs 30 bytes. */
const MAX_MEMBERS = 2000;
const MAX_ALIASES = 2000;
/** Pieces of YAML, spaces included; 64 KiB hold about 40,000. */
const MAX_TOKENS = 120_000;

/**
 * Ends where YAML would take long to read: the library needs time that grows with the square of the members of an object,
 * values that grow with the aliases of aliases, and the stack for the depth.
 * @throws Failure INVALID_TASK_DEFINITION
 */
function limitYaml(text: string, name: string): void {
  const parser = new Parser();
  let tokens = 0;
  let aliases = 0;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > MAX_TOKENS) throw excess(name, `has more than ${MAX_TOKENS} tokens`);
    if (token.startsWith('*') && ++aliases > MAX_ALIASES) throw excess(name, `has more than ${MAX_ALIASES} aliases`);
    for (const _ of parser.next(token)); // what it yields is read again by the caller
    // A level takes a collection and, most often, one of its items.
    if (parser.stack.length > 2 * MAX_DEPTH) throw excess(name, TOO_DEEP);
    const top = parser.stack.at(-1);
    if (top && 'items' in top && top.items.length > MAX_MEMBERS)
      throw excess(name, `has an object or list of more than ${MAX_MEMBERS} members`);
  }
}

interface YamlProblem {
  readonly problem: string;
  readonly offset: number;
}

/** What the usual mistakes look like to the author of the file, at the line that has to change. */
function plainWords(error: YAMLParseError, text: string): YamlProblem {
  const { code, message } = error;
  const offset = error.pos[0];
  const [start, end] = lineAt(text, offset);
  const line = text.slice(start, end);
  const at = start + indentOf(line);
  if (code === 'TAB_AS_INDENT') return { problem: 'a tab in the indentation, where YAML takes spaces only', offset };
  if (code === 'MULTIPLE_DOCS') return { problem: 'a second document, where one is expected', offset };
  if (code === 'MULTILINE_IMPLICIT_KEY' || message.startsWith('Implicit map keys')) {
    return {
      problem: 'neither a field (`name: value`, with a space after the colon) nor an item (`- value`)',
      offset: at,
    };
  }
  const isIndentation = code === 'BAD_INDENT' || /^(?:Sequence item without|A block sequence may not)/.test(message);
  if (message.startsWith('Flow '))
    return { problem: 'a `[` or `{` above is not closed, or the lines within it are not indented', offset };
  if (isIndentation) return { problem: `an indentation of ${spaces(line)} that matches no line above`, offset: at };
  if (code === 'BLOCK_AS_IMPLICIT_KEY') {
    const [from, to] = lineAt(text, Math.min(end + 1, text.length));
    const next = text.slice(from, to);
    return next.trim() !== '' && indentOf(next) > indentOf(line)
      ? {
          problem: `an indentation of ${spaces(next)} below a line of ${spaces(line)} that has a value already`,
          offset: from + indentOf(next),
        }
      : { problem: 'a second `: ` on one line (a value with `: ` in it needs quotes)', offset };
  }
  return { problem: withoutSource(error), offset };
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
const spaces = (line: string): string => (indentOf(line) === 1 ? '1 space' : `${indentOf(line)} spaces`);

/** The library's words without what it quotes of the file, which may be a secret; a short tag is shown, as `!Sub`. */
function withoutSource({ code, message }: { readonly code: string; readonly message: string }): string {
  switch (code) {
    case 'UNEXPECTED_TOKEN':
      return message.replace(/: .*/s, '');
    case 'BAD_DQ_ESCAPE':
    case 'BAD_DIRECTIVE':
      return message.replace(/(sequence|directive|version) .*/s, '$1');
    case 'TAG_RESOLVE_FAILED':
      return CLOUDFORMATION.test(message) ? message : message.replace(/: .*/s, '');
    default:
      return message;
  }
}

const CLOUDFORMATION =
  /: !(And|Base64|Cidr|Condition|Equals|FindInMap|GetAtt|GetAZs|If|ImportValue|Join|Length|Not|Or|Ref|Select|Split|Sub|ToJsonString|Transform)$/;

/**
 * What cannot contain a secret in a line: space and punctuation between values, and fields of a task definition. Other keys
 * are not shown: a line of a text that is badly indented may look like one.
 */
function harmless(document: Document.Parsed, text: string, [start, end]: Span): Span[] {
  const keys: Span[] = [];
  const values: Span[] = [];
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || !key.range) return;
      const [from, to] = key.range;
      const before = text.slice(lineAt(text, from)[0], from);
      const colon = /^[ \t]*:(?=\s|$)/.exec(text.slice(to, to + 40))?.[0];
      const isKey = /(^|[{,])[\s?-]*$/.test(before) && !text.slice(from, to).includes('\n');
      if (isKey && colon && isField(key.value)) keys.push([from, to + colon.length]);
    },
    Scalar(_, { range }) {
      if (range) values.push([range[0], range[1]]);
    },
  });
  const between = [...text.slice(start, end).matchAll(/[\s{}[\],]|(?<=^\s*(?:-\s+)*)-(?=\s)/g)]
    .map(({ index }) => start + index)
    .filter((at) => !values.some(([from, to]) => from <= at && at < to));
  return [...between.map((at): Span => [at, at + 1]), ...keys];
}
