import { plain } from './words.ts';

/**
 * Text from outside (names, reasons, log lines) inside Markdown of GitHub's. Everything that means something to Markdown or
 * HTML becomes a character reference, which neither reads as markup; so no text can end a table row, a code block or
 * a folded part, or make a link, an image or a comment.
 */
const MEANINGFUL = /[&<>"'`*_~|[\]()\\#!${}]/g;
const reference = (character: string): string => `&#${character.codePointAt(0)};`;

/**
 * Prose on one line. GitHub looks for mentions, issue numbers, emoji (`:secret:` is one) and addresses after the references
 * are resolved, but not inside `<code>`: that is where words go that have the look of a name, so they can be copied whole.
 */
export function prose(text: string): string {
  const words = plain(text).split(/\s+/).filter(Boolean);
  const shown = words.map((word) => {
    if (/:\S+:/.test(word)) return code(word);
    const [, before = '', name = '', after = ''] = /^(["'`([]*)(.*?)(["'`)\].,;:!?]*)$/.exec(word) ?? [];
    const named = /\S:\S|@|#\d|www\.|\w_\w/i.test(name);
    return named ? escaped(before) + code(name) + escaped(after) : escaped(word);
  });
  return shown.join(' ').replace(/^([-+=>]|\d+(?=[.)]))/, '\u2060$1');
}

const escaped = (text: string): string => text.replaceAll(MEANINGFUL, reference);

/** Names and values on one line, copied as they are: GitHub links and calls nobody inside `<code>`. */
export function code(text: string): string {
  const line = plain(text).replaceAll(/\s+/g, ' ').trim();
  return line === '' ? '' : `<code>${escaped(line)}</code>`;
}

/** Many lines, shown as they are. A `<pre>` ends at `</pre>` alone, and no `<` is left in it. */
export function preformatted(text: string): string {
  return `<pre>\n${plain(text).replaceAll(/[&<>]/g, reference)}\n</pre>`;
}

/** Lines in a fence longer than any run of backticks among them. */
export function fenced(language: 'diff' | 'text', lines: readonly string[]): string {
  const text = lines.map((line) => plain(line).replaceAll(/\s+/g, ' ')).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A link where the address is known, else the name alone. The address comes from links.ts, which encodes its parts. */
export function linked(name: string, address: string | undefined): string {
  if (!address || !/^https:\/\/[^\s<>"'()[\]\\`|]+$/.test(address)) return code(name);
  return `<a href="${address.replaceAll('&', '&amp;')}">${code(name)}</a>`;
}

/** A folded part. The empty lines let Markdown work inside. */
export const folded = (title: string, content: string): string =>
  `<details><summary>${prose(title)}</summary>\n\n${content}\n\n</details>`;
