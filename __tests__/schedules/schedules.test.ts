import {
  bySchedule,
  changedText,
  hasLoose,
  latestText,
  movedText,
  movesBack,
  movesLeft,
  nameOfSchedule,
  relationOf,
} from '../../src/schedules/schedules.ts';
import { arn, id, state } from './made.ts';

test.each([
  ['schedule/default/nightly', 'schedule/default/nightly'],
  ['schedule/jobs/nightly', 'schedule/jobs/nightly'],
  ['rule/default/nightly', 'rule/nightly'],
  ['rule/orders/nightly', 'rule/orders/nightly'],
])('%s is named %s, as the input takes it', (given, name) => expect(nameOfSchedule(id(given))).toBe(name));

describe('relation to the family web', () => {
  const relation = (runs: readonly string[], others: readonly string[] = []) =>
    relationOf(state('rule/hourly', runs, others), { family: 'web', to: arn('web:2') });

  test('without a task', () => expect(relation([], ['arn:x'])).toEqual({ kind: 'no-task', others: ['arn:x'] }));
  test('another family, each revision once', () =>
    expect(relation(['jobs:1', 'jobs:1', 'mail:3'])).toEqual({ kind: 'other-family', runs: ['jobs:1', 'mail:3'] }));
  test('no revision', () => expect(relation(['web', 'jobs:1'])).toEqual({ kind: 'follows-latest' }));
  test('every target of the family with an older revision is moved, by its id', () =>
    expect(relation(['web:1', 'web:2', 'jobs:1', 'web', 'web:9'])).toEqual({
      kind: 'runs',
      moves: [
        { id: id('rule/hourly'), from: arn('web:1'), to: arn('web:2'), target: 't0' },
        { id: id('rule/hourly'), from: arn('web:9'), to: arn('web:2'), target: 't4' },
      ],
    }));
  test('a schedule has one target, without an id', () =>
    expect(relationOf(state('schedule/nightly'), { family: 'web', to: arn('web:2') })).toEqual({
      kind: 'runs',
      moves: [{ id: id('schedule/nightly'), from: arn('web:1'), to: arn('web:2') }],
    }));
});

test.each<[readonly string[], boolean]>([
  [['web:1', 'web'], true],
  [['web:1', 'jobs'], false],
  [['web:1'], false],
])('%j has a target of web without a revision: %s', (runs, loose) =>
  expect(hasLoose(state('rule/hourly', runs), 'web')).toBe(loose),
);

test('why one that was chosen is not moved', () => {
  const text = (runs: readonly string[]) => changedText('rule/hourly', state('rule/hourly', runs), 'web');
  expect(changedText('rule/hourly', undefined, 'web')).toMatch(/^rule\/hourly was deleted during the deployment/);
  expect(text(['web:7'])).toBeUndefined();
  expect(text(['web'])).toBe(latestText('rule/hourly', 'web'));
  expect(text(['jobs:1', 'mail:2'])).toMatch(/it runs jobs:1 and mail:2 now, and was not moved/);
  expect(text([])).toMatch(/it runs no ECS task now/);
  expect(latestText('rule/hourly', 'web')).toMatch(/^rule\/hourly names the family web without a revision/);
});

describe('moves', () => {
  const [one, two] = ['t0', 't1'].map((target) => ({
    id: id('rule/hourly'),
    from: arn('web:1'),
    to: arn('web:2'),
    target,
  }));
  const moves = [one, two].flatMap((move) => move ?? []);

  test('back: only what still has the revision that it was moved to', () => {
    expect(movesBack(moves, state('rule/hourly', ['web:2', 'web:3']))).toEqual([
      { id: id('rule/hourly'), from: arn('web:2'), to: arn('web:1'), target: 't0' },
    ]);
    expect(movesBack(moves, state('rule/hourly', ['web:1', 'web:2']))).toEqual([
      { id: id('rule/hourly'), from: arn('web:2'), to: arn('web:1'), target: 't1' },
    ]);
  });
  test('left: only what still has the revision that it is moved from', () => {
    expect(movesLeft(moves, state('rule/hourly', ['web:2', 'web:1']))).toEqual([two]);
    expect(movesLeft(moves, state('rule/hourly', ['web:1', 'web:3']))).toEqual([one]);
  });
  test('by schedule, and how many now run the revision', () => {
    const other = { id: id('schedule/nightly'), from: arn('web:1'), to: arn('web:2') };
    expect(bySchedule([...moves, other])).toEqual([moves, [other]]);
    expect(movedText(moves, arn('web:2'))).toBe('rule/hourly now runs web:2');
    expect(movedText([...moves, other], arn('web:2'))).toBe('2 schedules now run web:2');
  });
});
