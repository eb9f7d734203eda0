/** The same text through cmark-gfm, GitHub's own library, where it is installed (`apt-get install cmark-gfm`): what micromark shows is what GitHub shows. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { code, fenced, folded, html, linked, prose, table } from '../../../src/report/markdown.ts';
import { summaryOf } from '../../../src/report/summary.ts';
import { linksOf, render, tagsOf, textOf } from '../../support/gfm.ts';
import { nasty } from '../../support/nasty.ts';
import { diagnosis, outcome, revisionArn, TASK_A } from '../made.ts';

const EXTENSIONS = ['table', 'strikethrough', 'autolink', 'tagfilter', 'tasklist'].flatMap((name) => ['-e', name]);
const isInstalled = spawnSync('cmark-gfm', ['--version']).status === 0;
const withGithub = isInstalled || process.env.GFM_RENDERER === 'required' ? test : test.skip;

function github(markdown: string): string {
  const { status, stdout } = spawnSync('cmark-gfm', ['--unsafe', ...EXTENSIONS], { input: markdown, encoding: 'utf8' });
  if (status !== 0) throw new Error(`cmark-gfm ended with ${status}`);
  return stdout;
}
const textIn = (page: string): string => textOf(page).replaceAll(/\s/g, '');

function same(markdown: string): void {
  const [theirs, ours] = [github(markdown), render(markdown)];
  expect(tagsOf(theirs)).toEqual(tagsOf(ours));
  expect(textIn(theirs)).toBe(textIn(ours));
  expect(linksOf(theirs)).toEqual(linksOf(ours));
}

withGithub('any text in every place that a page has for it', () => {
  fc.assert(
    fc.property(nasty, fc.array(nasty, { maxLength: 3 }), (text, lines) => {
      same(
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

withGithub('a whole page of a failure', () => {
  const cause = 'The application a_b could not reach `db`: <timeout> & more, see https://x.example/a_b?c=1&d=2.';
  same(
    summaryOf(
      outcome({
        kind: 'rolled-back',
        reason: cause,
        done: 'Rolled back to web:41.',
        diagnoses: [diagnosis({ cause, taskId: TASK_A, container: 'app' })],
        serving: { running: 4, desired: 4, revisions: [{ taskDefinitionArn: revisionArn(41), running: 4 }] },
        settings: [{ subject: 'circuit-breaker', kind: 'changed', before: 'off', after: 'on' }],
        unmoved: ['schedule/default/a_b (web:41)'],
      }),
    ),
  );
});
