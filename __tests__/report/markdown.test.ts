import fc from 'fast-check';
import { Failure } from '../../src/failure.ts';
import type { Place } from '../../src/inputs/types.ts';
import type { Moment, Plan, PlannedImage } from '../../src/outcome.ts';
import { annotationsOf, annotationsOfPlan } from '../../src/report/annotations.ts';
import { differenceLines, differenceMarkdown } from '../../src/report/blocks.ts';
import { commentMarker, failureComment } from '../../src/report/comment.ts';
import { annotationOfFailure, failureSummaryOf } from '../../src/report/failed.ts';
import { outcomeComment, planComment } from '../../src/report/github.ts';
import { code, fenced, folded, html, isAddress, linked, prose, table } from '../../src/report/markdown.ts';
import { logPlan, planSummaryOf, wouldChange } from '../../src/report/plan.ts';
import { summaryOf, tableOf } from '../../src/report/summary.ts';
import { nasty } from '../support/nasty.ts';
import { DIGEST, diagnosis, outcome, paper, revision, run, START, service, TASK_A, TASK_B } from './made.ts';

/** Markdown without its code spans, as GFM finds them: a run of backticks ends at the next run of the same length. */
function outsideOfCode(markdown: string): string {
  let rest = markdown;
  let outside = '';
  for (;;) {
    const open = /`+/.exec(rest);
    if (!open) return outside + rest;
    outside += rest.slice(0, open.index);
    rest = rest.slice(open.index + open[0].length);
    const close = [...rest.matchAll(/`+/g)].find(([run]) => run.length === open[0].length);
    if (!close) throw new Error(`a code span without an end: ${markdown}`);
    rest = rest.slice(close.index + close[0].length);
  }
}
/** A link of ours in Markdown. */
const LINK = /<a href="https:[^"<>]*">(`+)[^`]*\1<\/a>/g;
/** HTML without the five references of XML, and without links to the very address that they show. */
const outsideOfReferences = (text: string): string =>
  text
    .replaceAll(/<a href="(https:[^"]*)">(?:<code>)?(`?)\1\2(?:<\/code>)?<\/a>/g, '')
    .replaceAll(/&(?:amp|lt|gt|quot|apos);/g, '');
/** What calls or links somebody, or is markup. */
const MARKUP = /[*_~[\]\\${}#@`]|:[^\s:]+:|www\.|<[a-z/!?]|&./i;

/** `[x](address)` of a test is a link that shows its address as code. */
const linkOf = (address: string): string => `<a href="${address}">\`${address}\`</a>`;

test.each<[string, string, string]>([
  ['plain words', "It's (really) fine; don't.", "It's (really) fine; don't."],
  ['white space', 'a   b\t\n c ', 'a b c'],
  ['an address', 'see https://a.example.com/b?c=1.', `see ${linkOf('https://a.example.com/b?c=1')}.`],
  [
    'an address with a port, in quotes and brackets',
    '("https://a.example.com:8443/b"),',
    `("${linkOf('https://a.example.com:8443/b')}"),`,
  ],
  ['an address without a path', 'https://a.example.com', linkOf('https://a.example.com')],
  ['an address with a user', 'https://user:pw@a.example.com/', '`https://user:pw@a.example.com/`'],
  ['an address within a word', 'xhttps://a.example.com/', '`xhttps://a.example.com/`'],
  ['a name in quotes', '"a_b"', '"`a_b`"'],
  ['a name in quotes before a comma', "'a_b',", "'`a_b`',"],
  ['a name in brackets', '(a_b)', '(`a_b`)'],
  ['a mask in quotes', 'the value "***".', 'the value "`***`".'],
  ['a mask of JSON within JSON', 'got (\\"***\\"),', 'got (`\\"***\\"`),'],
  ['a mask that a word has in quotes', 'password="***",', '`password="***"`,'],
  ['JSON with a mask', '{"password":"***"}.', '`{"password":"***"}`.'],
  ['a call at the end of a sentence', 'call f(x_y).', 'call `f(x_y)`.'],
  ['a bracket before a quote', 'a_b)."', '`a_b).`"'],
  ['a closing bracket of ours', '(see a_b)', '(see `a_b`)'],
  ['names that are quoted already', '`web` is `a b`', '`web` is `a b`'],
  ['a reference to an issue of another kind', 'GH-12, xGH-12, GH-x', '`GH-12`, xGH-12, GH-x'],
  ['a colon within a word, and after one', 'a:b x: y :z:', '`a:b` x: y `:z:`'],
  ['an ampersand', 'a & b a&b', 'a & b `a&b`'],
  ['a pipe', 'a | b a|b', 'a | b `a|b`'],
  ['less than', '1 < 2 <b', '1 < 2 `<b`'],
])('prose: %s', (_, text, shown) => {
  expect(prose(text)).toBe(shown);
});

test.each(['1) a', '12. a', '- a', '+ a', '> a', '= a', '| a'])(
  'prose that begins as a block does is none: %s',
  (text) => {
    expect(prose(text)).toBe(`\u2060${text}`);
  },
);
test('a number alone begins no block', () => expect(prose('12 tasks, 3) later')).toBe('12 tasks, 3) later'));

test('a table is HTML without an empty line; a head only where there is one', () => {
  expect(
    table(
      ['a', 'b'],
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ),
  ).toBe(
    '<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>1</td><td>2</td></tr>\n<tr><td>3</td><td>4</td></tr>\n</table>',
  );
  expect(table([], [['1']])).toBe('<table>\n<tr><td>1</td></tr>\n</table>');
});

describe('no text breaks out', () => {
  test('of prose', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(outsideOfCode(prose(text).replaceAll(LINK, '')).replaceAll('& ', '')).not.toMatch(MARKUP);
        expect(prose(text)).not.toMatch(/[\n\r]|^(?:[-+=>#]|\d+[.)])/);
        const cell = outsideOfReferences(html.prose(text)).replaceAll(/<code>[^<]*<\/code>/g, '');
        expect(outsideOfReferences(cell)).not.toMatch(MARKUP);
      }),
    );
  });

  test('of names', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(outsideOfCode(code(text))).toBe('');
        expect(outsideOfReferences(html.code(text))).toMatch(/^(?:<code>[^<>&"'\n\r]*<\/code>)?$/);
      }),
    );
  });

  test('of a fence', () => {
    fc.assert(
      fc.property(fc.array(nasty), (lines) => {
        const [first = '', ...rest] = fenced('diff', lines).split('\n');
        const fence = first.replace('diff', '');
        expect(fence).toMatch(/^`{3,}$/);
        expect(rest.at(-1)).toBe(fence);
        expect(rest.slice(0, -1).every((line) => !line.includes(fence))).toBe(true);
        expect(rest.length - 1).toBe(Math.max(1, lines.length));
      }),
    );
  });

  test('of a folded part or a link', () => {
    fc.assert(
      fc.property(nasty, nasty, (title, address) => {
        expect(outsideOfReferences(folded(title, 'x'))).toMatch(
          /^<details><summary>(?:[^<>]|<\/?code>)*<\/summary>\n\nx\n\n<\/details>$/,
        );
        if (!isAddress(address)) expect(outsideOfCode(linked(title, address))).not.toContain('<a');
        expect(outsideOfCode(linked(title, 'https://x.example/'))).toBe('<a href="https://x.example/"></a>');
        expect(linked('x', 'https://x.example/?a=1&b=2')).toBe('<a href="https://x.example/?a=1&amp;b=2">`x`</a>');
      }),
    );
  });

  test('of a row of the timeline', () => {
    fc.assert(
      fc.property(nasty, nasty, (text, taskId) => {
        const moment: Moment = { at: START, kind: 'task', severity: 'warning', text, taskId };
        const lines = tableOf([moment, moment], START, 10).split('\n');
        expect(lines).toHaveLength(5);
        for (const line of lines.slice(2, -1))
          expect(outsideOfReferences(line)).toMatch(/^<tr><td>0:00<\/td><td>(?:[^<>&]|<\/?code>|& )*<\/td><\/tr>$/);
      }),
    );
  });
});

test('names and ARNs stay whole, so they can be copied from the page', () => {
  const shown = prose(
    'Allow secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-central-1:123456789012:secret:db, see (web:42).',
  );
  expect(shown.replaceAll('`', '')).toBe(
    'Allow secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-central-1:123456789012:secret:db, see (web:42).',
  );
  expect(shown).toContain('(`web:42`).');
});

const moment = (seconds: number, kind: Moment['kind'], text: string, rest: Partial<Moment> = {}): Moment => ({
  at: START + seconds,
  kind,
  severity: 'normal',
  text,
  ...rest,
});
const timeline: Moment[] = [
  moment(2, 'counts', 'web:42: 0 of 2 running | web:41: 2 running'),
  moment(6, 'task', 'web:42 PENDING', { taskId: TASK_A, state: 'PENDING' }),
  moment(30, 'heartbeat', 'still waiting'),
  moment(32, 'task', 'web:42 RUNNING', { taskId: TASK_A, state: 'RUNNING' }),
  moment(68, 'task', 'web:42 RUNNING, target healthy', { taskId: TASK_A, state: 'HEALTHY', severity: 'good' }),
  moment(70, 'task', 'web:42 STOPPED', { taskId: TASK_B, state: 'STOPPED', severity: 'failure' }),
  moment(71, 'log', 'last log lines of task 916b9b68, container app (exit code 1)\nboom\n  at x </pre> y', {
    taskId: TASK_B,
  }),
  moment(101, 'verdict', 'deployed: 2 tasks run web:42', { severity: 'good' }),
];

test('a long timeline loses its middle and says how much', () => {
  const many = Array.from({ length: 50 }, (_, index) => moment(index, 'event', `event ${index}`));
  const rows = tableOf(many, START, 10).split('\n').slice(2, -1);
  expect(rows).toHaveLength(11);
  expect(rows[5]).toBe('<tr><td></td><td>… 40 lines are left out here; the log has them …</td></tr>');
  expect(rows.at(-1)).toBe('<tr><td>0:49</td><td>event 49</td></tr>');
});

describe('the job summary', () => {
  test('of a success: what, where, from which commit, and how to go back', () => {
    const text = summaryOf(
      outcome({ timeline, verdict: { kind: 'succeeded', runningCount: 2, digests: { app: DIGEST }, warnings: [] } }),
      { run },
    );
    expect(text.split('\n')[0]).toBe('## ✅ web in shop/eu-central-1: `web:42` is deployed');
    expect(text).toContain('<td><b>Platforms</b></td><td><code>linux/amd64</code> <code>linux/arm64</code></td>');
    expect(text).toContain(
      'web:41</code></a> → <a href="https://eu-central-1.console.aws.amazon.com/ecs/v2/task-definitions/web/42/containers?region=eu-central-1">',
    );
    expect(text).toContain('<td><b>Running</b></td><td><code>app</code>: the digest of that image</td>');
    // The bar has it.
    expect(text).toContain('tasks start 1 min 41 s ██');
    expect(text).not.toContain('Took');
    expect(text).toContain('https://github.com/acme/shop/commit/c0ffee0000000000000000000000000000000000');
    expect(text).toContain('! container app: environment DATABASE_URL (value not shown)');
    expect(text).not.toContain('mermaid');
    expect(text).toContain(
      '<summary>Last log lines of task 916b9b68, container <code>app</code> (exit code 1)</summary>\n\n```text\nboom\n  at x </pre> y\n```',
    );
    expect(text).toContain(
      'aws ecs update-service --region eu-central-1 --cluster shop --service web --task-definition web:41',
    );
    expect(text).not.toContain('still waiting');
  });

  test('of a failure: the cause comes first, with the words of AWS, what was done, what to do and the page', () => {
    const text = summaryOf(
      outcome({ kind: 'rolled-back', done: 'It was rolled back.', diagnoses: [diagnosis()], timeline }),
      { run },
    );
    const order = [
      '## ❌',
      '> [!CAUTION]',
      '> The image',
      '> AWS: ',
      '**Done:** It was rolled back.',
      '**Next:**',
      's page on this',
      '**Last log lines of task 916b9b68',
      '<b>Service</b>',
      '<summary>Timeline',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test('of an outcome of which little is known', () => {
    const text = summaryOf({
      kind: 'cancelled',
      headline: 'Cancelled.',
      differences: [],
      diagnoses: [],
      warnings: [],
      timeline: [],
    });
    expect(text).toContain('## ⚠️ The deployment was cancelled');
    expect(text).toContain('- **Next:** Run the job again to deploy.');
  });

  test('equal log tails of many tasks are shown once', () => {
    const tails = Array.from({ length: 9 }, (_, index) =>
      moment(index, 'log', `last log lines of task ${index}\nboom`),
    );
    expect(summaryOf(outcome({ timeline: tails })).match(/```text\nboom/g)).toHaveLength(1);
  });

  test('stays below 1 MiB whatever happened, keeps the cause, and says what was cut', () => {
    const endless = 'ü|`<'.repeat(1_000);
    const text = summaryOf(
      outcome({
        kind: 'failed',
        headline: endless,
        diagnoses: Array.from({ length: 50 }, () => diagnosis({ cause: endless, remedy: endless })),
        warnings: Array.from({ length: 500 }, () => endless),
        differences: Array.from({ length: 1000 }, () => ({
          subject: endless,
          kind: 'changed',
          before: endless,
          after: endless,
        })),
        image: { reference: endless, repository: endless, tags: Array.from({ length: 900 }, () => endless) },
        timeline: [
          ...Array.from({ length: 3000 }, () => moment(1, 'event', endless)),
          ...Array.from({ length: 30 }, (_, index) =>
            moment(2, 'log', [`t${index}`, ...Array.from({ length: 300 }, () => `${index}${endless}`)].join('\n')),
          ),
        ],
      }),
      { run },
    );
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toContain('> [!CAUTION]\n> `ü|');
    expect(text).toMatch(/left out here|too long for this page|in the log of the step/);
  });

  test('of a failure before any outcome lists every mistake', () => {
    const failure = new Failure('INVALID_INPUT', "The step's inputs have 2 mistakes.", {
      mistakes: [
        { subject: 'clutser', problem: 'is no input.', remedy: 'Did you mean `cluster`?' },
        { subject: 'cpu', problem: '`<b>` is not right.' },
      ],
    });
    expect(failureSummaryOf({ described: failure.describe() })).toBe(
      "## ❌ The step's inputs have 2 mistakes\n\n- clutser: is no input. Did you mean `cluster`?\n- cpu: `<b>` is not right.\n",
    );
  });
});

describe('annotations', () => {
  test('a good run has none but its warnings, each once, at most five', () => {
    expect(annotationsOf(outcome())).toEqual([]);
    const warnings = ['a', 'a', 'b', 'c', 'd', 'e', 'f'];
    expect(annotationsOf(outcome({ warnings })).map(({ text }) => text)).toEqual([
      'a.',
      'b.',
      'c.',
      'd.',
      '2 more warnings: see the job summary.',
    ]);
  });

  test('a failure is one error: a line for each fact', () => {
    expect(
      annotationsOf(outcome({ kind: 'failed', diagnoses: [diagnosis(), diagnosis({ cause: 'another' })] })),
    ).toEqual([
      {
        kind: 'error',
        title: 'web in shop/eu-central-1: web:42 failed',
        text: expect.stringMatching(
          /^The image shop\/web:1.5.0 is not in ECR\.\nAWS: .*\nNothing was rolled back\.\nFix: Push the tag 1\.5\.0 to shop\/web\.\nNext: Roll back to web:41:\naws ecs update-service --region eu-central-1 --cluster shop --service web --task-definition web:41\ndocs\/troubleshooting\/containers\.md#image-not-found in the repository of the action, https:\S+$/,
        ),
      },
    ]);
  });

  test('raw JSON is never shown, only the message in it; the JSON of a step is what to write', () => {
    const cause = 'The service said {"error":{"code":7,"message":"quota exceeded"}} to us';
    const [annotation] = annotationsOf(
      outcome({ diagnoses: [diagnosis({ cause, remedy: '{"a":1}' })], done: 'Rolled back.', kind: 'rolled-back' }),
    );
    expect(annotation?.text).toMatch(
      /^The service said quota exceeded to us\.\nAWS: .*\nRolled back\.\nNext: \{"a":1\}\./,
    );
  });

  test('whatever the texts, no more lines than facts, and at most 4096 characters', () => {
    fc.assert(
      fc.property(nasty, nasty, fc.array(nasty), (cause, remedy, warnings) => {
        const all = annotationsOf(
          outcome({
            kind: 'failed',
            warnings,
            diagnoses: [diagnosis({ cause: cause.repeat(300), remedy: remedy.repeat(300) })],
          }),
        );
        expect(all.length).toBeLessThanOrEqual(6);
        for (const { text, title } of all) {
          expect(text).not.toMatch(/\r|\n\n/);
          expect(text.split('\n').length).toBeLessThanOrEqual(7);
          expect(text.length + title.length).toBeLessThanOrEqual(4096);
        }
      }),
    );
  });

  test('of a failure before any outcome every mistake is there', () => {
    const failure = new Failure('INVALID_INPUT', 'Two mistakes.', {
      mistakes: [
        { subject: 'a', problem: 'b' },
        { subject: 'c', problem: 'd', remedy: 'Write `{"NAME": "value"}`.' },
      ],
      remedy: 'Correct them.',
    });
    expect(annotationOfFailure(failure).text).toBe(
      'Two mistakes.\n  - a: b\n  - c: d Write `{"NAME": "value"}`.\nWhat to do: Correct them.',
    );
  });
});

test('differences in the log stand in columns; a value that may not be shown is not', () => {
  expect(
    differenceLines([
      { subject: 'container app: image', kind: 'changed', before: 'a', after: 'b' },
      { subject: 'cpu', kind: 'added', after: '256' },
      { subject: 'memory', kind: 'removed', before: '512' },
      { subject: 'container app: secrets TOKEN', kind: 'added' },
    ]),
  ).toEqual([
    '~ container app: image          a -> b',
    '+ cpu                           256',
    '- memory                        was 512',
    '+ container app: secrets TOKEN  (value not shown)',
  ]);
  expect(
    differenceMarkdown(
      [
        { subject: 'cpu', kind: 'changed', before: '1', after: '2' },
        { subject: 'x', kind: 'added' },
      ],
      1,
    ),
  ).toBe('```diff\n- cpu: 1\n+ cpu: 2\n# and 1 difference more\n```');
});

const plan: Plan = {
  service: service([]),
  running: revision(41).arn,
  image: { kind: 'given', reference: 'shop/web:1.5.0' },
  differences: outcome().differences,
  reasons: [],
  settings: [],
  updates: true,
  rollout: '2 at a time.',
  checks: [
    { status: 'ok', text: 'cluster shop is ACTIVE' },
    { status: 'skip', text: 'iam:GetRole is denied' },
  ],
};

describe('a plan', () => {
  const told = (planned: Plan): string[] => {
    const console = paper();
    logPlan(console, planned);
    return console.lines;
  };

  test('says what would change', () => {
    expect(wouldChange(plan)).toBe(true);
    expect(planSummaryOf(plan, { run })).toMatch(
      /^## 📝 web in shop\/eu-central-1: 3 to change, 0 to add, 0 to remove\n\n<table>/,
    );
    expect(planSummaryOf(plan, { run })).toContain(
      '- container app: image: shop/web:1.4.1\n+ container app: image: shop/web:1.5.0',
    );
  });

  test('says that nothing would', () => {
    const same = { ...plan, differences: [], updates: false };
    expect(wouldChange(same)).toBe(false);
    expect(planSummaryOf(same)).toContain('The task definition is what runs now.');
  });

  const gone: Plan = { ...plan, checks: [...plan.checks, { status: 'bad', text: 'the role is gone' }] };

  test('shows a bad check before all else, and every check once', () => {
    const text = planSummaryOf(gone);
    expect(text).toMatch(
      /^## ❌ web in shop\/eu-central-1: could not be deployed, 1 check failed \(3 to change, 0 to add, 0 to remove\)\n\n- ❌ failed: the role is gone\n/,
    );
    for (const check of ['the role is gone', 'cluster shop is ACTIVE', 'is denied'])
      expect(text.split(check)).toHaveLength(2);
  });

  test('that could not be deployed is one error, with all that is bad; any other is none', () => {
    expect(annotationsOfPlan(plan)).toEqual([]);
    expect(annotationsOfPlan(gone)).toEqual([
      {
        kind: 'error',
        title: 'web in shop/eu-central-1: could not be deployed',
        text: '1 check failed:\n  - the role is gone',
      },
    ]);
  });

  test('says why something changes where no difference shows it', () => {
    const reason = 'A new revision with the same definition would be registered: web:41 is INACTIVE.';
    const same: Plan = { ...plan, differences: [], reasons: [reason] };
    expect(planSummaryOf(same)).toContain(
      '- A new revision with the same definition would be registered: `web:41` is INACTIVE.',
    );
    expect(planSummaryOf(same)).not.toContain('is what runs now');
    expect(told(same)).toContain(`  ${reason}`);
  });

  test.each<[string, PlannedImage, string, string]>([
    [
      'is built',
      { kind: 'built' },
      '<td>is built by the deploy</td>',
      'web would change. The deploy builds the image.',
    ],
    [
      'is given',
      { kind: 'given', reference: 'a/b:1' },
      '<code>a/b:1</code></td>',
      'web would change. Its image: a/b:1',
    ],
    ['is the template’s', { kind: 'template' }, '<td>as the task definition names it</td>', 'web would change.'],
  ])('whose image %s', (_, image, cell, sentence) => {
    expect(planSummaryOf({ ...plan, image })).toContain(cell);
    expect(told({ ...plan, image }).at(-1)).toBe(sentence);
  });

  test('in the log has each check once, the bad last', () => {
    expect(told(gone).slice(-8)).toEqual([
      '::group::Checks that passed, and 1 not checked',
      '  ✓ cluster shop is ACTIVE',
      '  - iam:GetRole is denied',
      '::endgroup::',
      '  ✗ the role is gone',
      '',
      '3 to change, 0 to add, 0 to remove. Nothing is deployed until the checks pass. Then a deploy would start a deployment: every task is replaced.',
      '✗ web could not be deployed.',
    ]);
  });

  test('settings show what they were and will be, also where one was not set', () => {
    const settings: Plan['settings'] = [
      { subject: 'desired-count', kind: 'changed', before: '2', after: '3' },
      { subject: 'platform-version', kind: 'added', after: 'LATEST' },
    ];
    expect(told({ ...plan, settings })).toEqual(
      expect.arrayContaining(['  ~ desired-count     2 -> 3', '  + platform-version  LATEST']),
    );
  });

  test('stays below 1 MiB, and a comment below its limit, whatever the checks say', () => {
    const checks: Plan['checks'] = Array.from({ length: 2000 }, (_, index) => ({
      status: (['ok', 'warn', 'skip', 'bad'] as const)[index % 4] ?? 'ok',
      text: '@ '.repeat(900),
    }));
    expect(Buffer.byteLength(planSummaryOf({ ...plan, checks }))).toBeLessThan(1024 * 1024);
    expect(planComment({ ...plan, checks }, inputs, run).length).toBeLessThanOrEqual(65_536);
    const [error] = annotationsOfPlan({ ...plan, checks });
    expect(error?.text.length).toBeLessThanOrEqual(4000);
  });
});

const inputs: Place = {
  aws: { region: 'eu-central-1', allowedAccountIds: [] },
  service: { cluster: 'shop', service: 'web', forceNewDeployment: false },
  github: { comment: true },
};

describe('the comment', () => {
  const role = (account: string): Place['aws'] => ({
    ...inputs.aws,
    role: { arn: `arn:aws:iam::${account}:role/x`, sessionName: 'x', durationSeconds: 900, audience: 'x' },
  });

  test('begins with a hidden line of its own service and job, the same whatever its content', () => {
    const marker = commentMarker(inputs, run);
    const failure = new Failure('NOT_FOUND', 'Service web does not exist.');
    const all = [
      outcomeComment(outcome(), inputs, { run }),
      planComment(plan, inputs, run),
      failureComment(failure, inputs, run),
    ];
    for (const text of all) {
      expect(text.split('\n')[0]).toBe(marker);
      expect(text).toContain('https://github.com/acme/shop/actions/runs/42/attempts/1');
    }
  });

  test.each<[string, Place, Partial<typeof run>]>([
    ['service', { ...inputs, service: { ...inputs.service, service: 'api' } }, {}],
    ['cluster', { ...inputs, service: { ...inputs.service, cluster: 'test' } }, {}],
    ['region', { ...inputs, aws: { ...inputs.aws, region: 'us-east-1' } }, {}],
    ['account', { ...inputs, aws: role('210987654321') }, {}],
    ['account that is allowed', { ...inputs, aws: { ...inputs.aws, allowedAccountIds: ['210987654321'] } }, {}],
    [
      'environment',
      {
        ...inputs,
        github: { comment: true, deployment: { environment: 'test', transient: false, production: false } },
      },
      {},
    ],
    ['workflow', inputs, { workflow: 'check' }],
    ['job', inputs, { job: 'plan' }],
  ])('another %s has a comment of its own', (_, place, context) => {
    expect(commentMarker(place, { ...run, ...context })).not.toBe(commentMarker(inputs, run));
  });

  test('the cluster’s ARN is the account of the service, whatever the role', () => {
    const cluster = 'arn:aws:ecs:eu-central-1:123456789012:cluster/shop';
    const named = { ...inputs, service: { ...inputs.service, cluster } };
    expect(commentMarker({ ...named, aws: role('210987654321') }, run)).toBe(
      commentMarker({ ...inputs, aws: role('123456789012') }, run),
    );
  });

  test('the hidden line is an HTML comment, whatever the names', () => {
    fc.assert(
      fc.property(nasty, nasty, (name, job) => {
        const place = { ...inputs, service: { ...inputs.service, service: name } };
        expect(commentMarker(place, { ...run, job })).toMatch(/^<!-- ecs-rollout (?:(?!--|>)[^\n])* -->$/);
      }),
    );
  });

  test('of a run that could not continue has every mistake', () => {
    const failure = new Failure('INVALID_INPUT', 'Two mistakes; nothing was changed.', {
      mistakes: [
        { subject: 'cpu', problem: 'is no size.' },
        { subject: 'memory', problem: '`<b>` is none.' },
      ],
      remedy: 'Correct them.',
    });
    expect(failureComment(failure, inputs, run)).toContain(
      [
        '### ❌ web in shop/eu-central-1: Two mistakes; nothing was changed',
        '',
        '- cpu: is no size.',
        '- memory: `<b>` is none.',
        '',
        '**What to do:** Correct them.',
        '',
        '<table>',
      ].join('\n'),
    );
  });

  test.each([
    ['many words', 2, true],
    ['endless words', 20, false],
  ])('of an outcome with %s never exceeds what GitHub takes', (_, times, whole) => {
    const endless = '` '.repeat(50 * times);
    const told = outcome({
      kind: 'failed',
      reason: 'Its image is not there.',
      diagnoses: Array.from({ length: 9 }, () => diagnosis({ cause: endless, remedy: endless })),
      warnings: Array.from({ length: 9 }, () => endless),
    });
    const text = outcomeComment(told, inputs, { run });
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toContain('Its image is not there.');
    expect(text).toContain('> - **Fix:**');
    expect(text.includes('Also seen')).toBe(whole);
  });

  test('of a failure never exceeds what GitHub takes', () => {
    const mistakes = Array.from({ length: 200 }, () => ({ subject: 'x', problem: '@ '.repeat(1000) }));
    const text = failureComment(new Failure('INTERNAL', '@ '.repeat(1000), { mistakes }), inputs, run);
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toContain('195 more lines');
  });

  test('never exceeds what GitHub takes', () => {
    const endless = {
      subject: 'x'.repeat(150),
      kind: 'changed',
      before: 'y'.repeat(150),
      after: 'z'.repeat(150),
    } as const;
    const text = planComment({ ...plan, differences: Array.from({ length: 3000 }, () => endless) }, inputs, run);
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toContain('3000 to change');
  });
});

test('a time of day is text, a host with a port is code', () => {
  expect(prose('since 2027-01-15 08:02, (8:02:59)')).toBe('since 2027-01-15 08:02, (8:02:59)');
  expect(prose('asks web:8080 and 10:5432')).toBe('asks `web:8080` and `10:5432`');
});
