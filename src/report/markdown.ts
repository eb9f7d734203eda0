import { escapeXml } from '../masker.ts';
import { plain } from './text.ts';

/**
 * Text from outside (names, reasons, log lines) on GitHub's pages. Two things must hold. It never becomes markup: no text ends a code
 * block or a folded part, or makes a link, an image, a mention or a comment. And it stays *raw* in the source, because the runner masks
 * the secrets that only it knows (`secrets.*`) by looking for them in the source of the summary, line by line. So there are no
 * character references but the five of XML in HTML, which the runner's masking knows (actions/runner, ValueEncoders.XmlDataEscape).
 *
 * In Markdown, foreign text goes into code spans and fences, where nothing needs an escape. A table cell of Markdown would need one for
 * `|`, so tables and folded titles are HTML, in which Markdown means nothing up to the next empty line.
 */
interface Inline {
  /** Prose on one line; words that mean something to Markdown, HTML or GitHub go into code, addresses become links to what they show. */
  prose(text: string): string;
  /** Names and values on one line, copied as they are: GitHub creates no links or mentions inside code. */
  code(text: string): string;
  /** A link where the address is known, else the name alone. The address comes from links.ts, which encodes its parts. */
  linked(name: string, address: string | undefined): string;
}

/** Within Markdown: headings, paragraphs, lists, alerts. */
const markdown: Inline = {
  prose: (text) =>
    proseWith(text, { code: markdownCode, link: (url) => markdown.linked(url, url), text: (words) => words }),
  code: markdownCode,
  // Not `[name](address)`: a name with `]:` would make a link definition of it.
  linked: (name, address) =>
    isAddress(address) ? `<a href="${escapeXml(address)}">${markdownCode(name)}</a>` : markdownCode(name),
};
export const { prose, code, linked } = markdown;

/** Within HTML: cells of a table, titles of folded parts. */
export const html: Inline = {
  prose: (text) => proseWith(text, { code: htmlCode, link: (url) => html.linked(url, url), text: escapeXml }),
  code: htmlCode,
  linked: (name, address) =>
    isAddress(address) ? `<a href="${escapeXml(address)}">${htmlCode(name)}</a>` : htmlCode(name),
};

/** What may stand as an address in both. */
export const isAddress = (address: string | undefined): address is string =>
  address !== undefined && /^https:\/\/[^\s<>"'()[\]\\`|]+$/.test(address);

function markdownCode(text: string): string {
  const line = onOneLine(text);
  if (line === '') return '';
  const delimiter = '`'.repeat(longestRun(line) + 1);
  // GFM takes one space away on both sides, where there is one.
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return delimiter + space + line + space + delimiter;
}

function htmlCode(text: string): string {
  const line = onOneLine(text);
  return line === '' ? '' : `<code>${escapeXml(line)}</code>`;
}

const onOneLine = (text: string): string => plain(text).replaceAll(/\s+/g, ' ').trim();
const longestRun = (text: string): number =>
  [...text.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), 0);

/** `name` in our own sentences. */
const QUOTED = /(?<![\w`\\])`([^`\s](?:[^`]*[^`\s])?)`(?![\w`])/g;
/**
 * A word and what stands around it: opening quotes and brackets, those that close them, and a sentence's punctuation. No `!` and `?`,
 * in which passwords end more often than names do. Quotes that a word opens itself, and those behind a backslash, belong to it.
 */
function partsOf(word: string): readonly [before: string, name: string, after: string] {
  const [, before = '', inner = '', after = ''] = /^(["'(]*)(.*?)((?<![.,;:])[.,;:]*)$/s.exec(word) ?? [];
  const closes = inner.includes('(') ? /["']/ : /["')]/;
  let end = inner.length;
  for (; end > 0; end--) {
    const sign = inner[end - 1] ?? '';
    if (!closes.test(sign)) break;
    // Of JSON within JSON, or of a value within the word: `\"***\"`, `key="***"`.
    if (sign !== ')' && (inner[end - 2] === '\\' || inner.slice(0, end - 1).split(sign).length % 2 === 0)) break;
  }
  return [before, inner.slice(0, end), inner.slice(end) + after];
}
/** With the query whole, whatever signs are in it; without a user and a password. */
const ADDRESS = /^https:\/\/[\w.-]+(?::\d+)?(?:[/?#]|$)/;
/**
 * A word with a meaning to Markdown or HTML (emphasis, links, references, formulas, entities, tags), or to GitHub, which looks for
 * mentions, issues, emoji and addresses in what is left. Also what has the look of a name, so that it can be copied whole.
 */
const MEANS_SOMETHING = /[`*_~[\]\\${}#@]|.\||\|.|\S:\S|:\S+:|&.|.&|<[a-z/!?]|www\.|^GH-\d/i;
/** `08:02`, which has the look of a host and a port, and is a time of day. */
const TIME_OF_DAY = /^\d{1,2}:\d\d(?::\d\d)?$/;
/** Would begin a list, a quote or a heading at the beginning of a line. */
const BEGINS_A_BLOCK = /^([-+=>|]|\d+(?=[.)]))/;

interface Writing {
  readonly code: Inline['code'];
  readonly link: (address: string) => string;
  readonly text: (words: string) => string;
}

function proseWith(text: string, write: Writing): string {
  const word = (one: string): string => {
    const [before, name, after] = partsOf(one);
    if (ADDRESS.test(name) && isAddress(name)) return write.text(before) + write.link(name) + write.text(after);
    if (TIME_OF_DAY.test(name)) return write.text(one);
    if (MEANS_SOMETHING.test(one) && !MEANS_SOMETHING.test(name)) return write.code(one);
    return MEANS_SOMETHING.test(name) ? write.text(before) + write.code(name) + write.text(after) : write.text(one);
  };
  const words = (part: string): string => part.replaceAll(/[^ ]+/g, word);
  const line = onOneLine(text);
  let shown = '';
  let end = 0;
  for (const { 0: whole, 1: name = '', index } of line.matchAll(QUOTED)) {
    shown = joined(joined(shown, words(line.slice(end, index))), write.code(name));
    end = index + whole.length;
  }
  return joined(shown, words(line.slice(end))).replace(BEGINS_A_BLOCK, '\u2060$1');
}

/** Two runs of backticks that touch would be one, and end a code span elsewhere. */
const joined = (before: string, after: string): string =>
  before.endsWith('`') && after.startsWith('`') ? `${before}\u2060${after}` : before + after;

/** Many lines, shown as they are, in a fence longer than any run of backticks among them. */
export function fenced(language: 'diff' | 'text' | 'sh' | 'json', lines: readonly string[]): string {
  const text = lines.map((line) => plain(line).replaceAll('\n', ' ')).join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A folded part. The empty lines let Markdown work inside. */
export const folded = (title: string, content: string): string =>
  `<details><summary>${html.prose(title)}</summary>\n\n${content}\n\n</details>`;

/** A table of finished HTML cells. Without an empty line, which would end the HTML. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return [
    '<table>',
    ...(head.length > 0 ? [row(head, 'th')] : []),
    ...rows.map((cells) => row(cells, 'td')),
    '</table>',
  ].join('\n');
}
