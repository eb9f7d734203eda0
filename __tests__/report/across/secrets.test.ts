import fc from 'fast-check';
import { code, fenced, folded, html, prose } from '../../../src/report/markdown.ts';
import { summaryOf } from '../../../src/report/summary.ts';
import { oneLine } from '../../../src/report/text.ts';
import { diagnosis, outcome, run, START } from '../made.ts';

/** What the runner looks for in each line of a summary, for a secret that only it knows (ValueEncoders of actions/runner). */
function maskedByRunner(source: string, secret: string): boolean {
  const xml = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
  return source.split('\n').some((line) => line.includes(secret) || line.includes(xml));
}

/** One word, as tokens and generated passwords are. */
const secret = fc.stringMatching(/^[!-~]{6,40}$/);

describe('a secret that only the runner knows stays as the runner finds it', () => {
  test.each<[string, (text: string) => string]>([
    ['a code span', code],
    ['a cell with a name', html.code],
    ['a fence', (text) => fenced('text', [text])],
    ['a folded title', (text) => folded(text, 'x')],
    ['prose', prose],
    ['prose in a cell', html.prose],
  ])('in %s', (_, shown) => {
    fc.assert(
      fc.property(secret, (value) => {
        // Prose takes `name` for a name in a sentence of ours; where there is none, it is code or a fence.
        fc.pre(!value.includes('`') || shown === code || shown === html.code);
        const source = shown(`login with ${value} failed`);
        // Punctuation at the ends of a word stands outside of its code span; the runner masks what is between.
        const core = value.replaceAll(/^["'(]+|["').,;:]+$/g, '');
        expect(maskedByRunner(source, value) || (core.length < value.length && maskedByRunner(source, core))).toBe(
          true,
        );
      }),
    );
  });

  test.each(['pass_word*1', 'a_b!c#d$e', 'x<y>&z"\'q', 'p|pe|d', '[a](b)', 'b\\s~t', '{"k":"v"}', 'a`b``c'])(
    'through the whole summary: %s',
    (value) => {
      const text = summaryOf(
        outcome({
          kind: 'failed',
          headline: `It failed: ${value} is wrong.`,
          diagnoses: [
            diagnosis({
              cause: `refused ${value} for it`,
              evidence: { surface: 'container.log', text: `said ${value}`, context: {} },
            }),
          ],
          warnings: [`careful with ${value} here`],
          timeline: [
            { at: START, kind: 'event', severity: 'failure', text: `event ${value} here` },
            { at: START + 9, kind: 'log', severity: 'normal', text: `last log lines\n  connect ${value} refused` },
          ],
        }),
        { run },
      );
      const shown = text.split('\n').filter((line) => /wrong|refused|said|careful|event/.test(line));
      expect(shown.length).toBeGreaterThan(4);
      for (const line of shown) expect([line, maskedByRunner(line, value)]).toEqual([line, true]);
    },
  );

  test('a cut is before a word, not in it', () => {
    expect(oneLine(`${'word '.repeat(20)}secretsecretsecret`, 110)).toBe(`${'word '.repeat(20).trim()}...`);
  });
});
