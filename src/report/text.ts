import { escapeXml } from '../masker.ts';
import type { Instant } from '../model.ts';

/** The eight characters that identify a task; an id of another form stays readable. */
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
  /** Prose on one line; words that mean something to Markdown, HTML or GitHub go into code. */
  prose(text: string): string;
  /** Names and values on one line, copied as they are: GitHub creates no links or mentions inside code. */
  code(text: string): string;
  /** A link where the address is known, else the name alone. The address comes from links.ts, which encodes its parts. */
  linked(name: string, address: string | undefined): string;
}

/** Within Markdown: headings, paragraphs, lists, alerts. */
const markdown: Inline = {
  prose: (text) => proseWith(text, { code: markdownCode, text: (words) => words }),
  code: markdownCode,
  // Not `[name](address)`: a name with `]:` would make a link definition of it.
  linked: (name, address) =>
    isAddress(address) ? `<a href="${escapeXml(address)}">${markdownCode(name)}</a>` : markdownCode(name),
};
export const { prose, code, linked } = markdown;

/** Within HTML: cells of a table, titles of folded parts. */
export const html: Inline = {
  prose: (text) => proseWith(text, { code: htmlCode, text: escapeXml }),
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
const QUOTED = /(?<=^|[\s("'])`([^`\s](?:[^`]*[^`\s])?)`(?=$|[\s)"'.,;:?])/g;
/**
 * A word and what stands around it: quotes and brackets that it does not close itself, and a sentence's punctuation. No `!` and `?`, in
 * which passwords end more often than names do.
 */
function partsOf(word: string): readonly [before: string, name: string, after: string] {
  const [, before = '', inner = '', after = ''] = /^(["'(]*)(.*?)([.,;:]*)$/s.exec(word) ?? [];
  const [, name = '', closing = ''] = (inner.includes('(') ? /^(.*?)(["']*)$/s : /^(.*?)(["')]*)$/s).exec(inner) ?? [];
  const quotesMatch = /["']/.test(before) === /["']/.test(closing);
  return quotesMatch ? [before, name, closing + after] : ['', before + inner, after];
}
/**
 * A word with a meaning to Markdown or HTML (emphasis, links, references, formulas, entities, tags), or to GitHub, which looks for
 * mentions, issues, emoji and addresses in what is left. Also what has the look of a name, so that it can be copied whole.
 */
const MEANS_SOMETHING = /[`*_~[\]\\$|{}#@]|\S:\S|:\S+:|&.|.&|<[a-z/!?]|www\.|^GH-\d/i;
/** Would begin a list, a quote or a heading at the beginning of a line. */
const BEGINS_A_BLOCK = /^([-+=>]|\d+(?=[.)]))/;

function proseWith(
  text: string,
  write: { readonly code: Inline['code']; readonly text: (words: string) => string },
): string {
  const word = (one: string): string => {
    const [before, name, after] = partsOf(one);
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
export function fenced(language: 'diff' | 'text', lines: readonly string[]): string {
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
