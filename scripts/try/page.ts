/** The summary of a run and its log as one HTML page, near to what GitHub shows. */
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

const STYLE = `body{font:16px/1.5 -apple-system,"Segoe UI",Helvetica,Arial,sans-serif;max-width:1012px;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff;overflow-wrap:break-word}
pre,code{font:85% ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:#f6f8fa;border-radius:6px}code{padding:.2em .4em;white-space:break-spaces}pre{padding:1rem;overflow:auto;overflow-wrap:normal}pre code{padding:0;white-space:pre;font-size:100%}
table{display:block;width:max-content;max-width:100%;overflow:auto;border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #d1d9e0;padding:6px 13px;text-align:left}h2,h3{border-bottom:1px solid #d1d9e0;padding-bottom:.3em}
blockquote{margin:1rem 0;padding:0 1em;border-left:.25em solid #d1d9e0;color:#59636e}
.markdown-alert{margin:1rem 0;padding:.5rem 1rem;border-left:.25em solid;border-color:var(--alert)}.markdown-alert-title{color:var(--alert);font-weight:600;margin:.25rem 0}
.markdown-alert-note{--alert:#0969da}.markdown-alert-tip{--alert:#1a7f37}.markdown-alert-important{--alert:#8250df}.markdown-alert-warning{--alert:#9a6700}.markdown-alert-caution{--alert:#cf222e}
@media(prefers-color-scheme:dark){body{color:#f0f6fc;background:#0d1117}pre,code{background:#161b22}td,th,h2,h3,blockquote{border-color:#3d444d}a{color:#4493f8}
.markdown-alert-note{--alert:#4493f8}.markdown-alert-tip{--alert:#3fb950}.markdown-alert-important{--alert:#ab7df8}.markdown-alert-warning{--alert:#d29922}.markdown-alert-caution{--alert:#f85149}}`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * A quote whose first line is `[!CAUTION]`, as GitHub shows it.
 * https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
 */
const ALERT = /<blockquote>\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\](?:\n|(<\/p>))([\s\S]*?)<\/blockquote>/g;

/** GitHub Flavored Markdown with GitHub's alerts; the HTML in it stays, as GitHub lets harmless tags. */
export const renderMarkdown = (markdown: string): string =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true }).replaceAll(
    ALERT,
    (_, kind: string, ended: string | undefined, rest: string) => {
      const title = `${kind.charAt(0)}${kind.slice(1).toLowerCase()}`;
      return `<div class="markdown-alert markdown-alert-${kind.toLowerCase()}"><p class="markdown-alert-title">${title}</p>\n${ended === undefined ? '<p>' : ''}${rest}</div>`;
    },
  );

const CHARACTERS: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', nbsp: ' ' };
const unescaped = (text: string): string =>
  text.replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name = '') => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return hex === undefined ? (CHARACTERS[name] ?? whole) : String.fromCodePoint(Number.parseInt(hex, 16));
  });
const withoutTags = (html: string): string => unescaped(html.replaceAll(/<[^>]*>/g, ''));

/** The rows of a table with their columns below each other. */
function tableText(html: string): string {
  const rows = [...html.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[dh][^>]*>([\s\S]*?)<\/t[dh]>/g)].map(([, cell = '']) =>
      withoutTags(cell).replaceAll(/\s+/g, ' ').trim(),
    ),
  );
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n');
}

/** A summary as a terminal can show it: no tags, tables in columns, links by their text, and of what is folded the title. */
export function terminalText(markdown: string): string {
  const blocks: string[] = [];
  const keep = (text: string): string => `\uE000${blocks.push(text) - 1}\uE001`;
  const text = renderMarkdown(markdown)
    .replaceAll(
      /<details[^>]*>\s*<summary>([\s\S]*?)<\/summary>[\s\S]*?<\/details>/g,
      (_, title: string) => `\n${keep(`▸ ${withoutTags(title)}`)}\n`,
    )
    .replaceAll(/<table>[\s\S]*?<\/table>/g, (table) => `\n${keep(tableText(table))}\n`)
    .replaceAll(
      /<pre><code[^>]*>([\s\S]*?)<\/code><\/pre>/g,
      (_, code: string) => `\n${keep(withoutTags(code).trimEnd().replaceAll(/^/gm, '  '))}\n`,
    )
    // The kind of an alert stands before its first words, as on GitHub's page it stands above them.
    .replaceAll(
      /<p class="markdown-alert-title"[^>]*>([\s\S]*?)<\/p>\s*(?:<p[^>]*>)?/g,
      (_, kind: string) => `<p>${withoutTags(kind).trim()}: `,
    )
    .replaceAll(/<li>\s*/g, '- ')
    .replaceAll(/<\/(?:h\d|p|ul|ol|div|blockquote)>/g, '$&\n');
  return withoutTags(text)
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/\uE000(\d+)\uE001/g, (_, i: string) => blocks[Number(i)] ?? '')
    .replaceAll(/^(▸ .*)\n+(?=▸ )/gm, '$1\n')
    .trim();
}

export interface Shown {
  /** Markdown. */
  readonly summary: string;
  /** Markdown of what the run wrote on the pull request or the commit. */
  readonly comments: readonly string[];
  /** Titles with preformatted text, folded. */
  readonly sections: readonly (readonly [string, string])[];
}

export function pageOf(title: string, { summary, comments, sections }: Shown): string {
  const folded = sections.map(
    ([name, text]) => `<details><summary>${escaped(name)}</summary><pre>${escaped(text)}</pre></details>`,
  );
  const written = comments.map(
    (text) => `<details><summary>Comment that the run writes</summary>\n${renderMarkdown(text)}</details>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body>${renderMarkdown(summary)}
${[...written, ...folded].join('\n')}
</body></html>
`;
}
