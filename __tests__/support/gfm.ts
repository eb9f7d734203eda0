/** GitHub Flavored Markdown as HTML, by micromark, which passes the tests of CommonMark and GFM. HTML in it stays, as GitHub lets harmless tags. */
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

export const render = (markdown: string): string =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/gi;

/** Names of the tags in the order in which they open; those that close must match, so nothing of a text ended one of ours. */
export function tagsOf(html: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  for (const [, slash, name = ''] of html.matchAll(TAG)) {
    if (slash) {
      if (open.pop() !== name) throw new Error(`</${name}> closes another tag:\n${html}`);
    } else {
      names.push(name);
      if (name !== 'br' && name !== 'hr' && name !== 'input') open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`<${open.join('> <')}> stays open:\n${html}`);
  return names;
}

/** Addresses of the links, decoded. */
export const linksOf = (html: string): string[] =>
  [...html.matchAll(/<a href="([^"]*)"/g)].map(([, address = '']) => decoded(address));

/** What a reader sees: the text without its tags. */
export const textOf = (html: string): string => decoded(html.replaceAll(TAG, ''));

const SIGNS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decoded = (text: string): string => text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name) => SIGNS[name] ?? '');
