import type { Moment, Outcome } from '../../src/outcome.ts';
import { phasesOf, picturesOf, revisionTable, rolloutBars } from '../../src/report/pictures.ts';
import { render, tagsOf, textOf } from '../support/gfm.ts';
import { deployment, diagnosis, outcome, revisionArn, START, service } from './made.ts';

const moment = (seconds: number, rest: Partial<Moment> = {}): Moment => ({
  at: START + seconds,
  kind: 'counts',
  severity: 'normal',
  text: 'x',
  ...rest,
});
const counts = (seconds: number, now: number, before: number, rest: Partial<Moment> = {}): Moment =>
  moment(seconds, { running: { 'web:42': now, 'web:41': before }, ...rest });
const well = [
  counts(0, 0, 4, { begins: 'starting' }),
  counts(30, 2, 4, { begins: 'checking' }),
  counts(60, 4, 4, { begins: 'finishing' }),
  counts(90, 4, 0),
  moment(120, { kind: 'verdict' }),
];

test('the phases end where the next begins, and nothing comes after a rollback', () => {
  const phases = (...timeline: readonly Moment[]) =>
    phasesOf(timeline, START).map(({ phase, from, to }) => [phase, from - START, to - START]);
  expect(phases(...well)).toEqual([
    ['starting', 0, 30],
    ['checking', 30, 60],
    ['finishing', 60, 120],
  ]);
  expect(
    phases(
      moment(12, { begins: 'failing' }),
      moment(12, { begins: 'rolling-back' }),
      moment(14, { begins: 'checking' }),
      moment(24),
    ),
  ).toEqual([
    ['starting', 0, 12],
    ['rolling-back', 12, 24],
  ]);
  expect(phases()).toEqual([]);
  expect(phases(moment(0.4))).toEqual([]);
});

test('one bar of the phases with their seconds, and the tasks of each revision over the same time', () => {
  const lines = rolloutBars([{ outcome: outcome({ timeline: well }), about: {} }]).split('\n');
  expect(lines).toHaveLength(5);
  const [, bar = '', ours = '', old = ''] = lines;
  expect(bar).toMatch(/^ {7}├─+ tasks start 30 s ─+┼─+ health checks 30 s ─+┼─+ old tasks stop 1 min ─+┤ 2 min$/);
  expect(ours).toMatch(/^web:42 {2}·+▄+█+ {2}4 running$/);
  expect(old).toMatch(/^web:41 {2}█+·+ {2}0 running$/);
  // One axis: the tasks come where the bar says so.
  expect(ours.indexOf('▄')).toBe(bar.indexOf('┼') + 1);
  expect(new Set([ours, old].map((line) => line.lastIndexOf('  '))).size).toBe(1);
  for (const line of lines) expect([...line].length).toBeLessThanOrEqual(110);
});

const failed = outcome({
  kind: 'rolled-back',
  diagnoses: [diagnosis()],
  timeline: well,
  tally: [
    { taskDefinitionArn: revisionArn(42), running: 0, pending: 1, failed: 3 },
    { taskDefinitionArn: revisionArn(41), running: 4, pending: 0, failed: 0 },
  ],
  serving: { running: 4, desired: 4, revisions: [{ taskDefinitionArn: revisionArn(41), running: 4 }] },
});
/** Cells of each row, as they are seen. */
const cells = (table: string): string[][] =>
  [...render(table).matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd]>(.*?)<\/t[hd]>/g)].map(([, cell = '']) => textOf(cell)),
  );

test('the revisions as a compact table', () => {
  expect(cells(revisionTable([{ outcome: failed, about: {} }]))).toEqual([
    ['Revision', 'Running', 'Pending', 'Failed', 'State or cause'],
    ['web:42', '0', '1', '3', 'failed: The image shop/web:1.5.0 is not in ECR.'],
    ['web:41', '4', '0', '0', 'serves: 4 of 4'],
  ]);
  const failedRollback = { to: revisionArn(41), cause: 'It crashed.', targets: [] };
  const { serving: _, ...both } = failed;
  const rows = cells(revisionTable([{ outcome: { ...both, kind: 'failed', failedRollback }, about: {} }]));
  expect(rows[2]?.at(-1)).toBe('failed: It crashed.; does not serve');
  expect(revisionTable([{ outcome: outcome(), about: {} }])).toBe('');
});

test('several services: rows and a bar for each', () => {
  const api: Outcome = outcome({
    timeline: well.slice(0, 2),
    service: service([], { name: 'api' }),
    deployment: { ...deployment, service: 'api' },
    tally: [{ taskDefinitionArn: revisionArn(42), running: 2, pending: 0, failed: 0 }],
  });
  const both = [failed, api].map((one) => ({ outcome: one, about: {} }));
  expect(cells(revisionTable(both)).map(([where]) => where)).toEqual([
    'Service',
    'web in shop/eu-central-1',
    'web in shop/eu-central-1',
    'api in shop/eu-central-1',
  ]);
  const bars = rolloutBars(both)
    .split('\n')
    .filter((line) => line.includes('├'));
  expect(bars.map((line) => line.split(/ +├/)[0])).toEqual(['web in shop/eu-central-1', 'api in shop/eu-central-1']);
  expect(tagsOf(render(picturesOf(both).join('\n\n'))).filter((tag) => tag === 'pre')).toHaveLength(1);
});

test('nothing to draw', () => expect(picturesOf([{ outcome: outcome(), about: {} }])).toEqual([]));
