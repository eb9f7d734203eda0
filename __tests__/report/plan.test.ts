import type { Plan, PlannedImage } from '../../src/outcome.ts';
import { isBlocked, logPlan, planParts, planSummaryOf, planTitle, wouldChange } from '../../src/report/plan.ts';
import { paper, revisionArn, run, service } from './made.ts';

const plan = (rest: Partial<Plan> = {}): Plan => ({
  service: service([]),
  image: { kind: 'template' },
  differences: [],
  reasons: [],
  settings: [],
  updates: false,
  checks: [],
  ...rest,
});
const check = (status: 'ok' | 'warn' | 'skip' | 'bad', text: string = status) => ({ status, text });
const cpu = { subject: 'cpu', kind: 'added', after: '256' } as const;
const DETAIL = { differences: 9, checks: 9 };
const parts = (rest: Partial<Plan>, detail = DETAIL) => planParts(plan(rest), run, detail);
const logged = (rest: Partial<Plan>): string[] => {
  const console = paper();
  logPlan(console, plan(rest));
  return console.lines;
};

test.each<[string, Partial<Plan>, boolean, boolean, string, string]>([
  [
    'a change',
    { updates: true },
    true,
    false,
    '📝 web in shop/eu-central-1: would change without a difference',
    'web would change.',
  ],
  [
    'none',
    { checks: [check('warn')] },
    false,
    false,
    '✅ web in shop/eu-central-1: would not change',
    'web would not change.',
  ],
  [
    'something in the way',
    { updates: true, checks: [check('ok'), check('bad')] },
    true,
    true,
    '❌ web in shop/eu-central-1: could not be deployed, 1 check failed (0 to change, 0 to add, 0 to remove)',
    '✗ web could not be deployed.',
  ],
])('%s', (_, rest, changes, blocked, title, last) => {
  expect(wouldChange(plan(rest))).toBe(changes);
  expect(isBlocked(plan(rest))).toBe(blocked);
  expect(planTitle(plan(rest))).toBe(title);
  expect(planSummaryOf(plan(rest)).split('\n\n')[0]).toBe(`## ${title}`);
  expect(logged(rest).at(-1)).toBe(last);
});

/** The image in the table, and in the log. */
test.each<[PlannedImage, string, string]>([
  [{ kind: 'built' }, 'is built by the deploy', ' The deploy builds the image.'],
  [{ kind: 'built', why: 'no tag' }, 'is built by the deploy: no tag', ' The deploy builds the image: no tag.'],
  [
    { kind: 'reused', reference: 'r/web' },
    '<code>r/web</code> exists with the same fingerprint and is used again',
    ' The deploy uses an image that exists, without a build: r/web',
  ],
  [{ kind: 'given', reference: 'r/web' }, '<code>r/web</code>', ' Its image: r/web'],
  [{ kind: 'template' }, 'as the task definition names it', ''],
])('%j', (image, cell, sentence) => {
  expect(parts({ image })[0]).toContain(`<tr><td><b>Image</b></td><td>${cell}</td></tr>`);
  expect(logged({ image, updates: true }).at(-1)).toBe(`web would change.${sentence}`);
});

const namesOf = (table = ''): string[] => [...table.matchAll(/<b>(.*?)<\/b>/g)].map(([, name = '']) => name);

test('facts that are known', () => {
  expect(namesOf(parts({})[0])).toEqual(['Service', 'Image', 'Commit']);
  const [table] = planParts(plan({ running: revisionArn(41), rollout: '2 at a time' }), undefined, DETAIL);
  expect(namesOf(table)).toEqual(['Service', 'Runs now', 'Image', 'Rollout']);
  expect(table).toContain('in cluster <code>shop</code>');
  expect(table).toContain('<code>web:41</code></a>');
  expect(table).toContain('<td>2 at a time</td>');
});

test('what stands in the way comes first, and checks that passed are folded', () => {
  const checks = [check('ok', 'a'), check('warn', 'b'), check('skip', 'c'), check('bad', 'd')];
  const all = parts({ checks });
  expect(all[0]).toBe('- ❌ failed: d\n- ⚠️ warning: b');
  expect(all.at(-1)).toBe(
    '<details><summary>The other checks: 2</summary>\n\n- ✅ passed: a\n- ⏭️ not checked: c\n\n</details>',
  );
  expect(parts({ checks: [check('ok', 'a')] }).at(-1)).toContain('<summary>Checks: 1</summary>');
  expect(parts({ checks: checks.slice(1, 2) })).toHaveLength(3);
  const few = parts({ checks: [...checks, ...checks] }, { differences: 1, checks: 1 });
  expect(few[0]).toBe('- ❌ failed: d');
  expect(few.at(-1)).toContain('<summary>The other checks: 4</summary>\n\n- ✅ passed: a\n\n');
});

test('what would change', () => {
  const SAME = 'The task definition is what runs now.';
  expect(parts({}).slice(1)).toEqual([SAME]);
  expect(parts({ differences: [cpu] }).slice(1)).toEqual(['**1 difference**', '```diff\n+ cpu: 256\n```']);
  expect(parts({ differences: [cpu], running: revisionArn(41) })[1]).toBe('**1 difference to `web:41`**');
  expect(parts({ reasons: ['one', 'two'] }).slice(1)).toEqual(['- one\n- two']);
  expect(parts({ settings: [cpu] }).slice(1)).toEqual([
    SAME,
    '**Settings of the service**: ECS takes them over with the same call',
    '```diff\n+ cpu: 256\n```',
  ]);
  const two = [cpu, cpu];
  for (const rest of [{ differences: two }, { settings: two }])
    expect(parts(rest, { differences: 1, checks: 9 }).at(-1)).toContain('# and 1 difference more');
});

test('a summary that is too long for GitHub is shortened', () => {
  const long = (count: number) => plan({ checks: Array.from({ length: count }, () => check('bad', '€'.repeat(1000))) });
  const lines = (text: string) => text.match(/^- ❌/gm)?.length;
  expect(lines(planSummaryOf(long(100)))).toBe(100);
  const wide = { subject: '€'.repeat(160), kind: 'changed', before: '€'.repeat(160), after: '€'.repeat(160) } as const;
  const both = { ...long(200), differences: Array.from({ length: 400 }, () => wide) };
  const whole = planSummaryOf(both);
  expect(lines(whole)).toBe(100);
  expect(whole).toContain('# and 100 differences more');
  const short = planSummaryOf({ ...both, settings: both.differences });
  expect(lines(short)).toBe(20);
  expect(short).toContain('# and 350 differences more');
});

test('the log has the same', () => {
  expect(logged({})).toEqual(['No difference', '', 'web would not change.']);
  expect(
    logged({
      differences: [cpu],
      running: revisionArn(41),
      reasons: ['one'],
      settings: [cpu],
      checks: [check('ok', 'a')],
    }),
  ).toEqual([
    '1 difference to web:41',
    '  + cpu  256',
    '  one',
    'Settings of the service',
    '  + cpu  256',
    '::group::Checks that passed',
    '  ✓ a',
    '::endgroup::',
    '',
    'web would not change.',
  ]);
});

test('what a deploy would do to the tasks', () => {
  const effect = (rest: Partial<Plan>): string | undefined =>
    /<b>Effect<\/b><\/td><td>(.*?)<\/td>/.exec(parts(rest).join(''))?.[1];
  expect(effect({})).toBeUndefined();
  expect(effect({ updates: true })).toBe('A deploy would start a deployment: every task is replaced.');
  expect(effect({ updates: true, checks: [{ status: 'bad', text: 'x' }] })).toBe(
    'Nothing is deployed until the checks pass. Then a deploy would start a deployment: every task is replaced.',
  );
  expect(effect({ updates: true, starts: false })).toContain('start no deployment: the tasks stay');
  expect(parts({ settings: [cpu], updates: true, starts: false })).toContain('**Settings of the service**');
  const all: Plan['differences'] = [cpu, { ...cpu, kind: 'changed' }, { ...cpu, kind: 'changed' }];
  expect(planTitle(plan({ differences: all, settings: [{ ...cpu, kind: 'removed' }], updates: true }))).toBe(
    '📝 web in shop/eu-central-1: 2 to change, 1 to add, 1 to remove',
  );
});
