import type { Moment } from '../../src/outcome.ts';
import { Repeats } from '../../src/report/repeats.ts';

const shownOf = (text: (index: number) => string, count: number, rest: Partial<Moment> = {}): readonly string[] => {
  const repeats = new Repeats();
  return Array.from({ length: count }, (_, index) =>
    repeats.shown({ at: index, kind: 'event', severity: 'normal', text: text(index), ...rest }),
  ).flatMap((moment) => moment?.text ?? []);
};

test('the first five one by one, then each that doubles their number', () => {
  expect(shownOf(() => '2 targets joined', 70)).toEqual([
    ...Array(5).fill('2 targets joined'),
    ...[8, 16, 32, 64].map((count) => `2 targets joined (${count} times so far)`),
  ]);
});

test('ids of tasks make no other line; other counts do', () => {
  const id = (index: number): string => index.toString(16).padStart(8, 'a');
  expect(shownOf((index) => `ECS started 2 tasks (${id(index)} and ${id(index + 100)})`, 40)).toHaveLength(8);
  expect(shownOf((index) => `web:42: ${index} of 40 running`, 40, { kind: 'counts' })).toHaveLength(40);
});

test.each<[string, Partial<Moment>]>([
  ['warnings', { severity: 'warning' }],
  ['failures', { severity: 'failure' }],
  ['tasks', { kind: 'task' }],
  ['steps', { kind: 'step' }],
])('%s are all shown', (_, rest) => expect(shownOf(() => 'x', 20, rest)).toHaveLength(20));

test('counts that are the same are repeats, too, and are counted apart from events of the same words', () => {
  expect(shownOf(() => 'web:42: 1 of 2 running', 20, { kind: 'counts' })).toHaveLength(7);
  const repeats = new Repeats();
  const kinds = Array.from({ length: 10 }, (_, at) => (at % 2 ? 'counts' : 'event'));
  const shown = kinds.map((kind, at) => repeats.shown({ at, kind, severity: 'normal', text: 'x' }));
  expect(shown.every((moment) => moment !== undefined)).toBe(true);
});

test('an id is not the same as none', () => {
  const line = (index: number): string => (index % 2 ? 'stopped 0a1b2c3d' : 'stopped ');
  expect(shownOf(line, 10)).toHaveLength(10);
});
