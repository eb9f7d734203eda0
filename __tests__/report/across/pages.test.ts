/**
 * Whole pages as a GFM renderer makes HTML of them. `REPORT_PAGES=FOLDER npm test -- __tests__/report/across/pages` keeps the pages, to be
 * looked at in a browser, and a picture of each where Chrome is installed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageOf } from '../../../scripts/try/page.ts';
import type { Moment, Outcome } from '../../../src/outcome.ts';
import { failureSummaryOf } from '../../../src/report/failed.ts';
import { planSummaryOf } from '../../../src/report/plan.ts';
import { summaryOf } from '../../../src/report/summary.ts';
import { linksOf, render, tagsOf, textOf } from '../../support/gfm.ts';
import { diagnosis, outcome, revisionArn, run, START, service, TASK_A } from '../made.ts';

/** Of the whole page, beside it. */
function screenshot(page: string): void {
  const options = ['--headless', '--no-sandbox', '--hide-scrollbars', '--window-size=1044,1800'];
  for (const browser of ['google-chrome', 'chromium', 'chromium-browser']) {
    const made = spawnSync(browser, [...options, `--screenshot=${page.replace(/html$/, 'png')}`, page], {
      timeout: 60_000,
    });
    if (made.status === 0) return;
  }
}

const action = { ...run, action: { repository: 'acme/ecs-rollout', ref: 'v1' } };
const moment = (seconds: number, rest: Partial<Moment>): Moment => ({
  at: START + seconds,
  kind: 'counts',
  severity: 'normal',
  text: 'web:42: 0 of 4 running | web:41: 4 running',
  ...rest,
});
const crash: Partial<Outcome> = {
  reason: 'The application app could not reach its database.',
  diagnoses: [
    diagnosis({
      rule: 'app-crash',
      cause: 'The application app could not reach its database.',
      remedy:
        'Allow inbound TCP 5432, see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/a_b.html?c=1&d=2.',
      evidence: { surface: 'container.log', text: 'connect ETIMEDOUT 10.0.0.7:5432', context: {} },
      taskId: TASK_A,
      container: 'app',
    }),
  ],
  serving: { running: 4, desired: 4, revisions: [{ taskDefinitionArn: revisionArn(41), running: 4 }] },
  tally: [
    { taskDefinitionArn: revisionArn(42), running: 0, pending: 0, failed: 2 },
    { taskDefinitionArn: revisionArn(41), running: 4, pending: 0, failed: 0 },
  ],
  timeline: [
    moment(2, { running: { 'web:42': 0, 'web:41': 4 }, begins: 'starting' }),
    moment(14, { begins: 'failing' }),
    moment(15, {
      kind: 'log',
      text: `last log lines of task 2c473733, container app (exit code 1)\n${'starting\n'.repeat(20)}connect ETIMEDOUT 10.0.0.7:5432`,
      taskId: TASK_A,
    }),
    moment(16, { begins: 'rolling-back' }),
    moment(40, { kind: 'verdict', text: 'rolled back to web:41' }),
  ],
};
const differences = outcome().differences;
const plan = {
  service: service([]),
  image: { kind: 'template' },
  differences,
  reasons: [],
  settings: [],
  updates: true,
  starts: true,
  checks: [{ status: 'bad', text: 'role: execution is gone.' }],
} as const;

test.each<[string, string]>([
  [
    'rolled-back',
    summaryOf(outcome({ kind: 'rolled-back', done: 'Rolled back to web:41.', ...crash }), { run: action }),
  ],
  ['failed', summaryOf(outcome({ kind: 'failed', ...crash }), { run: action })],
  ['deployed', summaryOf(outcome({ timeline: crash.timeline ?? [] }), { run: action })],
  ['plan', planSummaryOf(plan, { run: action })],
  [
    'failure',
    failureSummaryOf({
      described: 'ECS refused `web`. It said so.\nWhat to do: See https://x.example/a_b?c=1&d=2.',
      where: 'web in a/b',
    }),
  ],
])('%s', (name, markdown) => {
  const page = render(markdown);
  const tags = tagsOf(page);
  expect(tags).toContain('h2');
  expect(tags.filter((tag) => tag === 'h2')).toHaveLength(1);
  expect(markdown).not.toContain('mermaid');
  for (const address of linksOf(page)) expect(() => new URL(address)).not.toThrow();
  // A status is a word, not only a sign or a colour.
  expect(textOf(/<h2>.*<\/h2>/.exec(page)?.[0] ?? '')).toMatch(/failed|rolled back|deployed|refused/);
  const folder = process.env.REPORT_PAGES;
  if (folder) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.html`), pageOf(name, { summary: markdown, comments: [], sections: [] }));
    screenshot(join(folder, `${name}.html`));
  }
});

test('the first screen of a failure is short, and has all that is needed in its order', () => {
  const page = render(summaryOf(outcome({ kind: 'failed', ...crash }), { run: action }));
  const text = textOf(page.replaceAll(/<details>[\s\S]*?<\/details>/g, ''));
  const order = [
    'web in shop/eu-central-1: web:42 failed',
    'could not reach its database',
    'connect ETIMEDOUT 10.0.0.7:5432',
    'web:41 serves: 4 of 4',
    'Nothing was rolled back.',
    'Roll back to web:41:',
    'aws ecs update-service --region eu-central-1',
    'Last log lines of task 2c473733',
    'tasks start',
  ];
  const places = order.map((part) => text.indexOf(part));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(
    text
      .slice(0, places.at(-1))
      .split('\n')
      .filter((line) => line.trim() !== '').length,
  ).toBeLessThan(35);
});
