/** Any text through cmark-gfm, GitHub's own library, and through micromark; whole pages are compared in pages.test.ts. */
import fc from 'fast-check';
import { code, fenced, folded, html, linked, prose, table } from '../../../src/report/markdown.ts';
import { expectAsGithub, withGithub } from '../../support/cmark-gfm.ts';
import { nasty } from '../../support/nasty.ts';

withGithub('any text in every place that a page has for it', () => {
  fc.assert(
    fc.property(nasty, fc.array(nasty, { maxLength: 3 }), (text, lines) => {
      expectAsGithub(
        [
          `## a ${prose(text)}`,
          `> [!CAUTION]\n> ${prose(text)}\n>\n> - **Now:** ${prose(text)}`,
          `${code(text)} · ${linked(text, 'https://x.example/a_b?c=1&d_e=2')}`,
          fenced('text', lines),
          folded(text, table(['Name'], [[html.prose(text)], [html.code(text)]])),
          'end',
        ].join('\n\n'),
      );
    }),
    { numRuns: 100 },
  );
});
