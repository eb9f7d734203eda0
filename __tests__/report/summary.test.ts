import type { Moment, Outcome } from '../../src/outcome.ts';
import { afterwardsSummaryOf, failureSummaryOf, ganttOf, summaryOf, tableOf } from '../../src/report/summary.ts';
import { deployment, diagnosis, outcome, revisionArn, START, TASK_A } from './made.ts';

const moment = (seconds: number, kind: Moment['kind'], text: string, rest: Partial<Moment> = {}): Moment => ({
  at: START + seconds,
  kind,
  severity: 'normal',
  text,
  ...rest,
});
const { previousTaskDefinitionArn: _, ...first } = deployment;
const bare: Outcome = { kind: 'failed', headline: 'No.', differences: [], diagnoses: [], warnings: [], timeline: [] };
const link = (revision: number) =>
  `<a href="https://eu-central-1.console.aws.amazon.com/ecs/v2/task-definitions/web/${revision}/containers?region=eu-central-1">\`web:${revision}\`</a>`;
const COMMANDS = [
  '```text',
  '# in a workflow',
  'mode: rollback',
  'rollback-to: web:41',
  '',
  '# or by hand',
  'aws ecs update-service --cluster shop --service web --task-definition web:41',
  '```',
  '',
].join('\n');
/** What follows the last title. */
const next = (of: Outcome): string | undefined => summaryOf(of).split('### Next\n\n')[1];

describe('what to do next', () => {
  const bring = (kind: Outcome['kind'], rest: Partial<Outcome> = {}) => next(outcome({ kind, ...rest }));
  const { previous: __, ...unknown } = outcome({ deployment: first });
  test.each(['deployed', 'started'] as const)('%s: how to roll back, where a revision ran before', (kind) => {
    expect(bring(kind)).toBe(`To roll back to ${link(41)}:\n\n${COMMANDS}`);
    expect(bring(kind, { deployment: first })).toBeUndefined();
    expect(next({ ...unknown, kind })).toBeUndefined();
  });
  test('unchanged: nothing', () => {
    expect(bring('unchanged')).toBeUndefined();
    expect(summaryOf({ ...bare, kind: 'unchanged' })).toBe(
      '## ✅ The deploy runs already, nothing was changed\n\nNo.\n',
    );
    expect(summaryOf({ ...bare, kind: 'deployed' })).toBe('## ✅ The deploy is deployed\n\nNo.\n');
  });
  test('rolled back: what runs again', () => {
    expect(bring('rolled-back')).toBe(`${link(41)} runs again. Fix the cause and deploy again.\n`);
    expect(bring('rolled-back', { deployment: first })).toBe(
      'The revision before runs again. Fix the cause and deploy again.\n',
    );
  });
  test.each(['failed', 'cancelled'] as const)('%s: how to roll back, or why there is nothing to', (kind) => {
    expect(bring(kind)).toBe(`To roll back from ${link(42)} to ${link(41)}:\n\n${COMMANDS}`);
    expect(bring(kind, { deployment: first })).toBe(
      'No revision is known to have run before this one, so there is nothing to roll back to: fix the cause and deploy again.\n',
    );
    expect(next({ ...bare, kind })).toBe('Nothing was changed on the service.\n');
  });
  test('a rollback that failed as well: to an older revision, where there is one', () => {
    const to = revisionArn(41);
    const neither = `Neither ${link(42)} nor ${link(41)} came up: fix the cause and deploy again.`;
    const failed = (targets: readonly string[]) =>
      bring('failed', { failedRollback: { to, cause: 'It crashed.', targets } });
    expect(failed([])).toBe(`${neither}\n`);
    expect(failed([revisionArn(40), revisionArn(39)])).toBe(
      `${neither} Or roll back further:\n\n${COMMANDS.replaceAll('web:41', 'web:40')}`,
    );
  });
  test('superseded and paused: where to look', () => {
    expect(bring('superseded')).toBe('A newer deployment has the service: see its own run.\n');
    expect(bring('paused')).toBe(
      'The deployment waits for a lifecycle hook: continue it or roll it back in the ECS console.\n',
    );
  });
  test('the revision before is the one that ran, not the one deployed before', () => {
    const { previous: _previous, ...rest } = outcome();
    expect(next(rest)).toContain('rollback-to: web:41');
    expect(
      bring('deployed', { previous: { ...outcome().previous, arn: revisionArn(30) } as Outcome['previous'] & object }),
    ).toContain('rollback-to: web:30');
  });
  test('a command has names as words of a shell, and none where nothing was deployed', () => {
    const odd = { ...deployment, cluster: 'arn:aws:ecs:eu-central-1:123456789012:cluster/a b', service: "it's" };
    expect(bring('deployed', { deployment: odd })).toContain(
      `--cluster 'a b' --service 'it'\\''s' --task-definition web:41`,
    );
    expect(bring('deployed', { deployment: { ...deployment, service: '' } })).toContain("--service '' ");
    const { deployment: _deployment, ...undeployed } = outcome();
    expect(next(undeployed)).toBe(
      `To roll back to ${link(41)}:\n\n\`\`\`text\n# in a workflow\nmode: rollback\nrollback-to: web:41\n\`\`\`\n`,
    );
  });
});

describe('the parts of a page', () => {
  const titles = (of: Outcome) =>
    [...summaryOf(of).matchAll(/<summary>([^\n]*?)<\/summary>/g)].map(([, title]) => title);
  const events = [moment(0, 'event', 'one'), moment(9, 'event', 'two')];
  test('differences and timeline, where there are any', () => {
    expect(titles(bare)).toEqual([]);
    expect(titles(outcome({ timeline: events }))).toEqual(['3 differences to <code>web:41</code>', 'Timeline']);
    expect(titles(outcome({ differences: [], timeline: events }))).toEqual(['Timeline']);
    expect(titles(outcome({ kind: 'unchanged', differences: [], timeline: events }))).toEqual(['What was seen']);
    const { previous: _previous, ...unknown } = outcome({ deployment: first });
    expect(titles(unknown)).toEqual(['3 differences']);
    expect(titles({ ...unknown, deployment })).toEqual(['3 differences to <code>web:41</code>']);
  });
  test('the diagram is named after the revision, and left out where nothing moved', () => {
    expect(summaryOf(outcome({ timeline: events }))).toContain('```mermaid\ngantt\n  title Rollout of web 42\n');
    expect(summaryOf({ ...bare, timeline: events })).toContain('gantt\n  title Rollout\n');
    expect(summaryOf({ ...bare, timeline: events.slice(1) })).toContain(
      '<summary>Timeline</summary>\n\n<table>\n<tr><th>Time</th><th>What happened</th></tr>\n<tr><td>0:00</td><td>two</td></tr>\n</table>',
    );
  });
  test('the parts are separated by one empty line, and none is empty', () => {
    for (const one of [bare, outcome({ kind: 'unchanged', timeline: events })]) {
      expect(summaryOf(one)).not.toMatch(/\n{3}/);
      expect(summaryOf(one)).toMatch(/[^\n]\n$/);
    }
  });

  const log = (name: string, lines: readonly string[]) =>
    moment(1, 'log', [`last log lines of task ${name}`, ...lines].join('\n'));
  test('log tails: each text once, the last 300 lines of it, 20 texts', () => {
    const numbered = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => `line ${from + index}`);
    const text = summaryOf({
      ...bare,
      timeline: [log('a', numbered(0, 301)), log('b', []), log('c', numbered(0, 301))],
    });
    expect(text).toContain(
      '<summary>Last log lines of task a</summary>\n\n1 earlier lines are in the log of the step.\n\n```text\nline 1\n',
    );
    expect(text).not.toMatch(/task [bc]|more log tails/);
    expect(summaryOf({ ...bare, timeline: [log('a', numbered(0, 300))] })).toContain('</summary>\n\n```text\nline 0\n');
    const many = Array.from({ length: 22 }, (_, index) => log(`${index}.`, [`${index}`]));
    expect(summaryOf({ ...bare, timeline: many.slice(0, 20) })).not.toContain('more log tails');
    expect(titles({ ...bare, timeline: many }).slice(0, -1)).toHaveLength(20);
    expect(summaryOf({ ...bare, timeline: many })).toContain(
      '</details>\n\n2 more log tails are in the log of the step.\n',
    );
    expect(summaryOf({ ...bare, timeline: [log('a', ['x'.repeat(2100)])] })).toContain(`\n${'x'.repeat(2000)}\n`);
  });

  test('shown less of when the page would be too long, and at last left out', () => {
    const of = (wide: string, rows = 1000) => ({
      ...bare,
      deployment,
      timeline: Array.from({ length: rows }, (_, index) => moment(index, 'event', `${index} ${wide}`)),
    });
    const left = (text: string) => /… (\d+) lines are left out/.exec(text)?.[1];
    expect(left(summaryOf(of('x')))).toBe('600');
    const tail = (index: number) =>
      log(
        `${index}.`,
        Array.from({ length: 300 }, () => `${index} ${'x'.repeat(400)}`),
      );
    const logs = (count: number) => Array.from({ length: count }, (_, index) => tail(index));
    const large = of('x');
    expect(left(summaryOf({ ...large, timeline: [...large.timeline, ...logs(12)] }))).toBe('900');
    const wide = Array.from({ length: 20 }, (_, index) =>
      log(
        `${index}.`,
        Array.from({ length: 300 }, () => `${index} ${'x'.repeat(1990)}`),
      ),
    );
    expect(left(summaryOf({ ...large, timeline: [...large.timeline, ...wide] }))).toBe('980');
    const warnings = Array.from({ length: 10 }, () => '💥'.repeat(1500));
    const endless = Array.from({ length: 20 }, (_, index) =>
      log(
        `${index}.`,
        Array.from({ length: 20 }, () => `${index}${'語'.repeat(1990)}`),
      ),
    );
    const short = summaryOf({
      ...large,
      warnings,
      timeline: [...endless, ...endless.map((one) => ({ ...one, text: `${one.text}!` }))],
    });
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(1_000_000);
  });
});

describe('the rollout as a diagram', () => {
  const at = (seconds: number): string => String((START + seconds) * 1000);
  const state = (seconds: number, name: string, rest: Partial<Moment> = {}) =>
    moment(seconds, 'task', name, { taskId: TASK_A, state: name, ...rest });
  const bars = (...moments: readonly Moment[]) => ganttOf(moments, 'x').split('\n').slice(5);

  test('needs two moments, a second apart, that are no log and no heartbeat', () => {
    const one = moment(0, 'event', 'a');
    expect(ganttOf([one], 'x')).toBe('');
    expect(ganttOf([one, moment(0.9, 'event', 'b')], 'x')).toBe('');
    expect(ganttOf([one, moment(9, 'log', 'b')], 'x')).toBe('');
    expect(ganttOf([one, moment(9, 'heartbeat', 'b')], 'x')).toBe('');
    expect(bars(one, moment(1, 'event', 'b'))).toEqual([`  under way :active, ${at(0)}, ${at(1)}`]);
    expect(bars(moment(5, 'event', 'b'), one)).toEqual([`  under way :active, ${at(0)}, ${at(5)}`]);
  });
  test.each<[Moment['severity'], string]>([
    ['good', 'done'],
    ['failure', 'crit'],
    ['warning', 'active'],
  ])('a verdict that is %s is drawn as %s, by its first words', (severity, tag) => {
    const verdicts = [moment(1, 'verdict', 'early: no'), moment(2, 'verdict', 'ended: as it had to: so', { severity })];
    expect(bars(moment(0, 'event', 'a'), ...verdicts)).toEqual([`  ended :${tag}, ${at(0)}, ${at(2)}`]);
  });
  test('a task has a bar by state, at least a second wide', () => {
    expect(
      bars(
        state(0, 'PROVISIONING'),
        state(0.2, 'RUNNING'),
        state(5, 'HEALTHY'),
        state(6, 'UNHEALTHY'),
        state(8, 'STOPPED', { severity: 'failure' }),
        moment(9, 'task', 'no state', { taskId: TASK_A }),
        moment(9, 'task', 'no task', { state: 'RUNNING' }),
      ).slice(1),
    ).toEqual([
      '  section task 2c473733',
      `  provisioning :${at(0)}, ${at(1)}`,
      `  running :active, ${at(0.2)}, ${at(5)}`,
      `  healthy :done, ${at(5)}, ${at(6)}`,
      `  unhealthy :crit, ${at(6)}, ${at(8)}`,
      `  stopped :crit, milestone, ${at(8)}, ${at(8)}`,
    ]);
    expect(bars(state(0, 'RUNNING'), state(4, 'STOPPED')).at(-1)).toBe(`  stopped :milestone, ${at(4)}, ${at(4)}`);
  });
  test('of more than 24 tasks those that failed are drawn first, in their order', () => {
    const tasks = (count: number) =>
      Array.from({ length: count }, (_, index) => [
        state(index, 'RUNNING', { taskId: `t${index}` }),
        state(index + 1, 'STOPPED', { taskId: `t${index}`, severity: index === count - 1 ? 'failure' : 'normal' }),
      ]).flat();
    const sections = (count: number) => bars(...tasks(count)).filter((line) => line.startsWith('  section'));
    expect(sections(24)).toHaveLength(24);
    const more = sections(26);
    expect(more).toHaveLength(25);
    expect(more.slice(22)).toEqual(['  section task t22', '  section task t25', '  section and 2 more']);
    expect(bars(...tasks(26)).at(-1)).toBe(`  not drawn :done, ${at(0)}, ${at(26)}`);
  });
  test.each([
    ['a: b; c # d %% e', 'a b c d %% e'.replace(' %%', '')],
    ['  many   spaces ', 'many spaces'],
    ['section x', '. section x'],
    ['Click here', '. Click here'],
    ['sectional', 'sectional'],
    ['--x', 'x'],
    ['x'.repeat(90), 'x'.repeat(80)],
  ])('its title %j is harmless', (title, expected) => {
    expect(ganttOf([moment(0, 'event', 'a'), moment(1, 'event', 'b')], title).split('\n')[1]).toBe(
      `  title ${expected}`,
    );
  });
  test('a verdict without words is a task', () => {
    expect(bars(moment(0, 'event', 'a'), moment(1, 'verdict', ': x'))).toEqual([`  task :active, ${at(0)}, ${at(1)}`]);
  });
});

describe('the timeline as a table', () => {
  const rows = (limit: number, ...moments: readonly Moment[]) =>
    tableOf(moments, START, limit).split('\n').slice(2, -1);
  test('marks each line by its weight, and leaves log and heartbeat out', () => {
    expect(
      rows(
        9,
        moment(0, 'event', 'a'),
        moment(1, 'task', 'b', { severity: 'good', taskId: TASK_A }),
        moment(2, 'log', 'l'),
        moment(3, 'heartbeat', 'h'),
        moment(4, 'event', 'c', { severity: 'warning' }),
        moment(65, 'event', 'd', { severity: 'failure' }),
      ),
    ).toEqual([
      '<tr><td>0:00</td><td>a</td></tr>',
      '<tr><td>0:01</td><td>✅ task <code>2c473733</code> b</td></tr>',
      '<tr><td>0:04</td><td>⚠️ c</td></tr>',
      '<tr><td>1:05</td><td>❌ d</td></tr>',
    ]);
  });
  test('loses its middle beyond the limit, the first half the longer', () => {
    const five = Array.from({ length: 5 }, (_, index) => moment(index, 'event', `e${index}`));
    expect(rows(5, ...five)).toHaveLength(5);
    expect(rows(3, ...five).map((row) => /e\d|… \d+/.exec(row)?.[0])).toEqual(['e0', 'e1', '… 2', 'e4']);
  });
  test('cuts a text at 700 characters', () => {
    expect(rows(1, moment(0, 'event', 'x'.repeat(800)))[0]).toMatch(/>x{600,700}\W{0,5}</);
  });
});

test('a failure lists its mistakes, up to 100, and counts the others', () => {
  const lines = (count: number) =>
    ['It failed.', ...Array.from({ length: count }, (_, index) => `  - m${index}`)].join('\n');
  expect(failureSummaryOf('It failed.')).toBe('## ❌ It failed.\n');
  expect(failureSummaryOf(lines(1))).toBe('## ❌ It failed.\n\n- m0\n');
  expect(failureSummaryOf('It failed.\nfirst - of all')).toBe('## ❌ It failed.\n\n- first - of all\n');
  expect(failureSummaryOf(lines(100)).split('\n')).toHaveLength(103);
  expect(failureSummaryOf(lines(102))).toContain('- m99\n- and `2` more, in the log of the step\n');
});

test('the first cause stands above the facts', () => {
  const text = summaryOf(outcome({ kind: 'failed', diagnoses: [diagnosis()] }));
  expect(text.indexOf('**Cause:**')).toBeLessThan(text.indexOf('<b>Service</b>'));
});

test('what became of the service after the report is one more line', () => {
  expect(afterwardsSummaryOf('It was\nrolled back.')).toBe('**Afterwards:** It was rolled back.\n');
});
