/** The summary of a run and its log as one HTML page, near to what GitHub shows. */
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

const STYLE = `body{font:16px/1.5 -apple-system,"Segoe UI",Helvetica,Arial,sans-serif;max-width:1012px;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}
pre,code{font:85% ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:#f6f8fa;border-radius:6px}code{padding:.2em .4em}pre{padding:1rem;overflow:auto}pre code{padding:0}
table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #d1d9e0;padding:6px 13px;text-align:left}h2,h3{border-bottom:1px solid #d1d9e0;padding-bottom:.3em}
@media(prefers-color-scheme:dark){body{color:#f0f6fc;background:#0d1117}pre,code{background:#161b22}td,th,h2,h3{border-color:#3d444d}a{color:#4493f8}}`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** GitHub Flavored Markdown; the HTML in it stays, as GitHub lets harmless tags. */
export const renderMarkdown = (markdown: string): string =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });

/** @param sections titles with preformatted text, folded */
export function pageOf(title: string, summary: string, sections: readonly (readonly [string, string])[]): string {
  const folded = sections.map(
    ([name, text]) => `<details><summary>${escaped(name)}</summary><pre>${escaped(text)}</pre></details>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body>${renderMarkdown(summary)}
${folded.join('\n')}
</body></html>
`;
}
