import type { Moment, Outcome } from '../../src/outcome.ts';
import { afterwardsSummaryOf, summaryOf, tableOf } from '../../src/report/summary.ts';
import { deployment, diagnosis, outcome, START, service, TASK_A, TASK_B } from './made.ts';

const moment = (seconds: number, kind: Moment['kind'], text: string, rest: Partial<Moment> = {}): Moment => ({
  at: START + seconds,
  kind,
  severity: 'normal',
  text,
  ...rest,
});
const { previousTaskDefinitionArn: _, ...first } = deployment;
const bare: Outcome = { kind: 'failed', headline: 'No.', differences: [], diagnoses: [], warnings: [], timeline: [] };
describe('the parts of a page', () => {
  const titles = (of: Outcome) =>
    [...summaryOf(of).matchAll(/<summary>([^\n]*?)<\/summary>/g)].map(([, title]) => title);
  const events = [moment(0, 'event', 'one'), moment(9, 'event', 'two')];
  test('differences and timeline, where there are any', () => {
    expect(titles(bare)).toEqual([]);
    expect(titles(outcome({ timeline: events }))).toEqual([
      '3 differences to <code>web:41</code>',
      'Timeline',
      'To roll back to <code>web:41</code>',
    ]);
    expect(titles(outcome({ differences: [], timeline: events }))).toEqual([
      'Timeline',
      'To roll back to <code>web:41</code>',
    ]);
    expect(titles(outcome({ kind: 'unchanged', differences: [], timeline: events }))).toEqual(['What was seen']);
    const { previous: _previous, ...unknown } = outcome({ deployment: first });
    expect(titles(unknown)).toEqual(['3 differences']);
    expect(titles({ ...unknown, deployment })).toEqual([
      '3 differences to <code>web:41</code>',
      'To roll back to <code>web:41</code>',
    ]);
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
    // Ten stand open, the others are folded.
    expect(text).toContain('**Last log lines of task a**\n\n```text\nline 291\n');
    expect(text).toContain('<summary>All 300 lines that were read</summary>\n\n```text\nline 1\n');
    expect(text).not.toMatch(/task [bc]|more log tails/);
    const good = summaryOf({ ...bare, kind: 'deployed', timeline: [log('a', numbered(0, 301))] });
    expect(good).toContain(
      '<summary>Last log lines of task a</summary>\n\n1 earlier line in the log of the step.\n\n```text\nline 1\n',
    );
    const many = Array.from({ length: 22 }, (_, index) => log(`${index}.`, [`${index}`]));
    expect(summaryOf({ ...bare, timeline: many.slice(0, 21) })).not.toContain('more log tails');
    expect(titles({ ...bare, timeline: many }).slice(0, -1)).toHaveLength(20);
    expect(summaryOf({ ...bare, timeline: many })).toContain(
      '</details>\n\n1 more log tails are in the log of the step.\n',
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

test('the state of the service after the report is one more line', () => {
  expect(afterwardsSummaryOf('It was\nrolled back.')).toBe('**Afterwards:** It was rolled back.\n');
});

test('the log lines that stand open are of the task that the links name', () => {
  const line = 'Error: connect ECONNREFUSED 10.0.0.5:5432';
  const cause = diagnosis({
    taskId: TASK_B,
    container: 'app',
    evidence: { surface: 'container.log', text: line, context: {} },
  });
  const log = (taskId: string, ...lines: readonly string[]): Moment =>
    moment(1, 'log', [`last log lines of task ${taskId.slice(0, 8)}`, ...lines].join('\n'), { taskId });
  const page = (...timeline: readonly Moment[]): readonly (string | undefined)[] => {
    const text = summaryOf(outcome({ kind: 'failed', deployment, service: service([]), diagnoses: [cause], timeline }));
    return [/\*\*Last log lines of task (\w+)\*\*/.exec(text)?.[1], /stopped task (?:<code>)?(\w+)/.exec(text)?.[1]];
  };
  const [a, b] = [TASK_A, TASK_B].map((id) => id.slice(0, 8));
  expect(page(log(TASK_A, line), log(TASK_B, line))).toEqual([b, b]);
  expect(page(log(TASK_A, 'other', line))).toEqual([a, a]);
  expect(page(log(TASK_A, 'other'))).toEqual([undefined, b]);
});
