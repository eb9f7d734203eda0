import { Failure } from '../../src/failure.ts';
import type { ScheduleMove } from '../../src/model.ts';
import { moveBack, moveOn, moveSchedules, undoneText } from '../../src/schedules/move.ts';
import { arn, id, port, state } from './made.ts';

const TO = arn('web:2');
const STATES = [state('schedule/nightly'), state('rule/hourly', ['web:1', 'jobs:1'])];
const move = (name: string, target?: string): ScheduleMove => ({
  id: id(name),
  from: arn('web:1'),
  to: TO,
  ...(target === undefined ? {} : { target }),
});

async function moved(made: ReturnType<typeof port>, states = STATES, signal = new AbortController().signal) {
  const events: string[] = [];
  const note = (what: string) => (moves: readonly ScheduleMove[]) => void events.push(`${what} ${moves.length}`);
  const terms = { port: made.schedules, announce: note('announce'), moved: note('moved'), signal };
  return { result: await moveSchedules({ family: 'web', states }, TO, terms), events };
}

test('all moves are announced before the first, each schedule is read again, and what is of another family stays', async () => {
  const made = port(STATES);
  const { result, events } = await moved(made);
  expect(result).toEqual({
    kind: 'moved',
    moves: [move('schedule/nightly'), move('rule/hourly', 't0')],
    left: [],
  });
  expect(events).toEqual(['announce 2', 'moved 1', 'moved 1']);
  expect([made.runs('schedule/default/nightly'), made.runs('rule/default/hourly')]).toEqual([
    ['web:2'],
    ['web:2', 'jobs:1'],
  ]);
});

test('where nothing is left to move, nothing is announced', async () => {
  const there = [state('schedule/nightly', ['web:2']), state('rule/hourly', ['jobs:1'])];
  const made = port(there);
  const { result, events } = await moved(made, [...STATES, state('rule/gone')]);
  expect(result).toEqual({
    kind: 'moved',
    moves: [],
    left: [
      'rule/hourly was changed during the deployment: it runs jobs:1 now, and was not moved.',
      'rule/gone was deleted during the deployment, and was not moved.',
    ],
  });
  expect(events).toEqual([]);
  expect(made.calls.filter((call) => call.startsWith('move'))).toEqual([]);
});

test('what is moved already is not sent again, and what is gone is reported beside what is moved', async () => {
  const made = port([state('schedule/nightly', ['web:2']), state('rule/hourly')]);
  const { result } = await moved(made, [state('rule/gone'), ...STATES]);
  expect(result).toMatchObject({
    kind: 'moved',
    moves: [move('rule/hourly', 't0')],
    left: [expect.stringContaining('rule/gone')],
  });
  expect(made.calls.filter((call) => call.startsWith('move'))).toEqual(['move rule/default/hourly']);
});

test('when one cannot be moved, those before it are moved back', async () => {
  const denied = new Failure('ACCESS_DENIED', 'PutTargets is denied');
  const made = port(STATES, { fails: { 'move rule/default/hourly': denied } });
  const { result, events } = await moved(made);
  expect(result).toEqual({
    kind: 'failed',
    failure: denied,
    reason:
      'rule/hourly could not be moved to web:2: PutTargets is denied. Allow events:PutTargets on rule/hourly, for the role that this job uses. Moved back: schedule/default/nightly (web:1).',
  });
  expect(events).toEqual(['announce 2', 'moved 1']);
  expect(made.runs('schedule/default/nightly')).toEqual(['web:1']);
});

test('the first one that fails has nothing to move back, and names its action and roles', async () => {
  const one = state('schedule/nightly');
  const roles = ['arn:aws:iam::1:role/run', 'arn:aws:iam::1:role/run', 'arn:aws:iam::1:role/other'];
  const targets = roles.map((role) => ({ taskDefinition: arn('web:1'), role }));
  const fails = { 'move schedule/default/nightly': new Failure('ACCESS_DENIED', 'denied.') };
  const { result } = await moved(port([{ ...one, targets }], { fails }), [one]);
  expect(result).toMatchObject({
    reason:
      'schedule/default/nightly could not be moved to web:2: denied. Allow scheduler:UpdateSchedule on schedule/default/nightly, and iam:PassRole on arn:aws:iam::1:role/run and arn:aws:iam::1:role/other, for the role that this job uses.',
  });
  const throttled = { 'move schedule/default/nightly': new Failure('THROTTLED', 'slow down') };
  expect((await moved(port([one], { fails: throttled }), [one])).result).toMatchObject({
    reason: 'schedule/default/nightly could not be moved to web:2: slow down.',
  });
});

test('one that cannot be moved back is named in place of those that were', async () => {
  let moves = 0;
  const made = port(STATES, { fails: { 'move rule/default/hourly': new Failure('THROTTLED', 'slow') } });
  const inner = made.schedules.move.bind(made.schedules);
  const schedules = {
    ...made.schedules,
    move: async (...given: Parameters<typeof inner>) => {
      if (++moves > 2) throw new Failure('UNAVAILABLE', 'no answer');
      await inner(...given);
    },
  };
  const { result } = await moved({ ...made, schedules });
  expect(result).toMatchObject({
    reason: 'rule/hourly could not be moved to web:2: slow. schedule/default/nightly may still run web:2: no answer.',
  });
});

test('schedules that cannot be read again are left as they are', async () => {
  const made = port(STATES, { fails: { 'read rule/default/hourly': new Failure('UNAVAILABLE', 'no answer') } });
  expect((await moved(made)).result).toMatchObject({
    kind: 'failed',
    reason: 'its schedules could not be read again: no answer.',
    failure: { code: 'UNAVAILABLE' },
  });
});

test('a cancel ends it where it is: before a move, at a failed read and at a failed move', async () => {
  const cancel = new AbortController();
  cancel.abort(new Failure('CANCELLED', 'cancelled'));
  const made = port(STATES);
  await expect(moved(made, STATES, cancel.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(made.calls.filter((call) => call.startsWith('move'))).toEqual([]);
  const fails = { 'read rule/default/hourly': new Failure('UNAVAILABLE', 'no answer') };
  await expect(moved(port(STATES, { fails }), STATES, cancel.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('back and on: what was changed meanwhile or is gone is left alone, and a problem with one keeps no other from it', async () => {
  const moves = [move('schedule/nightly'), move('rule/hourly', 't0'), move('rule/gone', 't0'), move('rule/last', 't0')];
  const fails = { 'read schedule/default/nightly': new Failure('UNAVAILABLE', 'no answer') };
  const back = port([state('rule/hourly', ['web:3']), state('rule/last', ['web:2'])], { fails });
  expect(await moveBack(moves, back.schedules)).toEqual(['schedule/default/nightly may still run web:2: no answer.']);
  expect([back.runs('rule/default/hourly'), back.runs('rule/default/last')]).toEqual([['web:3'], ['web:1']]);
  expect(back.calls.filter((call) => call.startsWith('move'))).toEqual(['move rule/default/last']);
  const on = port([state('rule/hourly', ['web:3']), state('rule/last', ['web:1'])], { fails });
  expect(await moveOn(moves, on.schedules)).toEqual(['schedule/default/nightly may still run web:1: no answer.']);
  expect(on.runs('rule/default/last')).toEqual(['web:2']);
});

test('what was moved back, by name', () =>
  expect(undoneText([move('rule/hourly', 't0'), move('rule/hourly', 't1'), move('schedule/nightly')])).toBe(
    'Moved back: rule/hourly (web:1), schedule/default/nightly (web:1).',
  ));
