import type { Moment, Outcome } from '../../src/outcome.ts';
import { gistOf } from '../../src/report/gist.ts';
import { logChecks, logDifferences, logHeader, logMoments, logOutcome } from '../../src/report/log.ts';
import { diagnosis, outcome, paper, START, TASK_A, TASK_B } from './made.ts';

const written = (write: (console: ReturnType<typeof paper>) => void, colour = false): string[] => {
  const console = paper({ colour });
  write(console);
  return console.lines;
};
const red = (text: string) => `\u001b[31m${text}\u001b[0m`;
const green = (text: string) => `\u001b[32m${text}\u001b[0m`;
const yellow = (text: string) => `\u001b[33m${text}\u001b[0m`;
const dim = (text: string) => `\u001b[2m${text}\u001b[0m`;
const bold = (text: string) => `\u001b[1m${text}\u001b[0m`;
const moment = (seconds: number, text: string, rest: Partial<Moment> = {}): Moment => ({
  at: START + seconds,
  kind: 'event',
  severity: 'normal',
  text,
  ...rest,
});
const task = (text: string, taskId: string, rest: Partial<Moment> = {}) =>
  moment(5, text, { kind: 'task', taskId, ...rest });

describe('the header', () => {
  const header = (rest: object, colour = false) =>
    written((console) => logHeader(console, { service: 'web', cluster: 'shop', to: 'web:42', ...rest }), colour);
  test.each([
    [{}, 'Deploying web:42 to service web, cluster shop (the first deployment)'],
    [{ from: 'web:42' }, 'Deploying web:42 to service web, cluster shop (again)'],
    [{ from: 'web:41' }, 'Deploying web:42 to service web, cluster shop in place of web:41'],
    [{ from: 'web:43', isRollback: true }, 'Rolling back service web, cluster shop to web:42 in place of web:43'],
  ])('%j', (rest, line) => {
    expect(header(rest)).toEqual(['', line, '']);
    expect(header(rest, true)).toEqual(['', bold(line), '']);
  });
  test('has the facts that are known', () => {
    expect(header({ from: 'web:41', image: 'a/b:1', rollout: '2 at a time', url: 'https://x' }).slice(2)).toEqual([
      '  image    a/b:1',
      '  rollout  2 at a time',
      '  console  https://x',
      '',
    ]);
    expect(header({ image: 'a' }, true)[2]).toBe(`  ${dim('image   ')} a`);
    expect(header({ image: '' })).toHaveLength(3);
  });
});

test('differences are coloured by their kind, and grouped beyond 12', () => {
  const differences = [
    { subject: 'a', kind: 'added' },
    { subject: 'b', kind: 'removed' },
    { subject: 'c', kind: 'changed' },
  ] as const;
  expect(written((console) => logDifferences(console, differences, 'web:41'), true)).toEqual([
    '3 differences to web:41',
    green('  + a  (value not shown)'),
    red('  - b  (value not shown)'),
    yellow('  ~ c  changed (value not shown)'),
  ]);
  const many = (count: number) =>
    written((console) =>
      logDifferences(
        console,
        Array.from({ length: count }, () => differences[0]),
        undefined,
      ),
    );
  expect(many(12)[0]).toBe('12 differences');
  expect(many(12)).toHaveLength(13);
  expect(many(13)[0]).toBe('::group::13 differences');
  expect(many(13).at(-1)).toBe('::endgroup::');
});

describe('moments', () => {
  const lines = (moments: readonly Moment[], colour = false) =>
    written((console) => logMoments(console, START, moments), colour);
  test('have their time, a mark and their task', () => {
    expect(
      lines([
        moment(0, 'a'),
        moment(65, 'b', { severity: 'good' }),
        moment(66, 'c', { severity: 'warning' }),
        moment(67, 'd', { severity: 'failure' }),
        task('e', TASK_A),
        moment(68, 'f', { taskId: TASK_A }),
        moment(69, 'g\nmore', { kind: 'heartbeat' }),
      ]),
    ).toEqual([
      '   0:00   a',
      '   1:05 ✓ b',
      '   1:06 ! c',
      '   1:07 ✗ d',
      '   0:05   task 2c473733 e',
      '   1:08   f',
      '   1:09   g',
    ]);
    expect(
      lines([moment(0, 'a'), moment(1, 'b', { severity: 'good' }), moment(2, 'c', { kind: 'heartbeat' })], true),
    ).toEqual([`${dim('   0:00')}   a`, `${dim('   0:01')} ${green('✓ b')}`, dim('   0:02   c')]);
    expect(lines([moment(1, 'c', { severity: 'warning' }), moment(2, 'd', { severity: 'failure' })], true)).toEqual([
      `${dim('   0:01')} ${yellow('! c')}`,
      `${dim('   0:02')} ${red('✗ d')}`,
    ]);
  });
  test('of tasks that did the same are one line, without their ages', () => {
    const ids = [TASK_A, TASK_B, 'c', 'd'];
    const alike = ids.map((id, index) => task(`web:42 STOPPED (ran ${index} s)`, id));
    expect(lines(alike)).toEqual(['   0:05   4 tasks (2c473733, ...) web:42 STOPPED']);
    expect(lines(alike.slice(2))).toEqual(['   0:05   2 tasks (c, d) web:42 STOPPED']);
    expect(lines(alike.slice(3))).toEqual(['   0:05   task d web:42 STOPPED (ran 3 s)']);
    expect(lines([...alike.slice(1), task('web:42 STOPPED', TASK_A, { severity: 'failure' })])).toHaveLength(2);
    // A moment apart, in one poll.
    expect(lines([...alike.slice(1), task('web:42 STOPPED', TASK_A, { at: START + 6 })])).toHaveLength(1);
    expect(lines(ids.map(() => moment(5, 'the same')))).toHaveLength(4);
    const ages = ['(asked for 10 s ago)', '(runs for 3 s)', '(ran 1 s)', '(odd)'].map((age, index) =>
      task(`x ${age}`, `${index}`),
    );
    expect(lines(ages)).toEqual(['   0:05   3 tasks (0, ...) x', '   0:05   task 3 x (odd)']);
    expect(lines([...ages.slice(0, 3), task('x', 'z')])).toHaveLength(1);
    const unnamed = ids.map(() => moment(5, 'x', { kind: 'task' }));
    expect(lines(unnamed)).toEqual(['   0:05   x']);
    expect(lines([...unnamed.slice(2), task('x', TASK_A), task('x', TASK_B)])).toEqual([
      '   0:05   2 tasks (2c473733, 916b9b68) x',
    ]);
  });
  test('of a log have its lines below, in a group beyond 12', () => {
    const log = (count: number) =>
      moment(1, ['title', ...Array.from({ length: count }, (_, n) => `  at ${n}  `)].join('\n'), { kind: 'log' });
    expect(lines([log(1)])).toEqual(['   0:01   title', '          |   at 0']);
    expect(lines([log(1)], true)[1]).toBe(`          ${dim('|')}   at 0`);
    expect(lines([log(12)])).toHaveLength(13);
    expect(lines([log(13)])).toHaveLength(15);
    expect(lines([log(13)])[0]).toBe('::group::title');
    expect(lines([moment(1, `t\n${'x'.repeat(1100)}`, { kind: 'log' })])[1]).toBe(`          | ${'x'.repeat(1000)}`);
  });
});

const CONSOLE =
  '  console  https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/web/deployments?region=eu-central-1';

describe('the end', () => {
  const ended = (rest: Partial<Outcome>, colour = false) =>
    written((console) => logOutcome(console, outcome({ headline: 'So.', ...rest })), colour);
  test.each(['deployed', 'unchanged', 'started'] as const)('%s is good', (kind) => {
    expect(ended({ kind, diagnoses: [diagnosis()] })).toEqual(['', `✓ ${kind}: So.`]);
    expect(ended({ kind }, true)).toEqual(['', green(`✓ ${kind}: So.`)]);
  });
  test.each(['failed', 'rolled-back', 'superseded', 'cancelled', 'paused'] as const)('%s is not', (kind) => {
    expect(ended({ kind, diagnoses: [diagnosis()], warnings: ['a'] })).toEqual([
      '',
      expect.stringMatching(/^✗ web:42 (failed|was|is)/),
      CONSOLE,
    ]);
    expect(ended({ kind }, true)[1]).toBe(red(`✗ ${gistOf(outcome({ kind })).title}`));
    expect(ended({ kind }, true)[2]).toContain(bold('console '));
  });
  test('a pause that was asked for is no failure', () =>
    expect(ended({ kind: 'paused', pausedOnRequest: true }, true)[1]).toBe(yellow('! web:42 is paused')));
});

test('checks that passed are folded, the others stand open in the order of their weight', () => {
  const checks = (['bad', 'warn', 'skip', 'ok', 'bad'] as const).map((status, index) => ({ status, text: `${index}` }));
  expect(written((console) => logChecks(console, checks, 'Passed'))).toEqual([
    '::group::Passed, and 1 not checked',
    '  ✓ 3',
    '  - 2',
    '::endgroup::',
    '  ! 1',
    '  ✗ 0',
    '  ✗ 4',
  ]);
  expect(written((console) => logChecks(console, checks.slice(4), 'Passed'))).toEqual(['  ✗ 4']);
  expect(written((console) => logChecks(console, checks.slice(2, 3), 'Passed'))[0]).toBe('::group::1 not checked');
  expect(written((console) => logChecks(console, checks.slice(3, 4), 'Passed'))[0]).toBe('::group::Passed');
});
