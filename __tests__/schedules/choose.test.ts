import { Failure } from '../../src/failure.ts';
import type { ScheduleSelector } from '../../src/inputs/types.ts';
import { chooseSchedules } from '../../src/schedules/choose.ts';
import { nameOfSchedule } from '../../src/schedules/schedules.ts';
import { CLUSTER, id, port, state } from './made.ts';

const SUBJECT = { family: 'web', cluster: CLUSTER };
const named = (name: string): ScheduleSelector => ({ kind: 'name', name });
const exact = (name: string, account?: string): ScheduleSelector => ({
  kind: 'id',
  id: id(name),
  ...(account === undefined ? {} : { account }),
});
const tagged = (key: string, value?: string): ScheduleSelector => ({
  kind: 'tag',
  key,
  ...(value === undefined ? {} : { value }),
});
const ALL: ScheduleSelector = { kind: 'all' };

async function chosen(selectors: readonly ScheduleSelector[], made: ReturnType<typeof port>) {
  const { states, warnings, family } = await chooseSchedules(selectors, SUBJECT, made.schedules);
  return { names: states.map((one) => nameOfSchedule(one.id)), warnings, family };
}
const refused = async (selectors: readonly ScheduleSelector[], made: ReturnType<typeof port>): Promise<Failure> => {
  const thrown = await chooseSchedules(selectors, SUBJECT, made.schedules).catch((failure: unknown) => failure);
  if (thrown instanceof Failure) return thrown;
  throw new Error('not refused');
};
const mistakes = ({ mistakes: all }: Failure): string[] =>
  all.map(({ subject, problem, remedy = '' }) => `${subject} ${problem} ${remedy}`.trim());

describe('by name', () => {
  test('a schedule, a rule, and both sides of a name without more; the same one is there once', async () => {
    const made = port([state('schedule/nightly'), state('rule/hourly'), state('schedule/jobs/weekly')]);
    const selectors = [named('nightly'), named('hourly'), exact('schedule/jobs/weekly'), exact('schedule/nightly')];
    expect(await chosen(selectors, made)).toEqual({
      names: ['schedule/default/nightly', 'rule/hourly', 'schedule/jobs/weekly'],
      warnings: [],
      family: 'web',
    });
    expect(made.calls.filter((call) => /nightly/.test(call)).sort()).toEqual([
      'read rule/default/nightly',
      'read schedule/default/nightly',
      'read schedule/default/nightly',
    ]);
    expect(made.calls.some((call) => /^(?:of|list|tags)/.test(call))).toBe(false);
  });

  test('both a schedule and a rule', async () => {
    const failure = await refused([named('nightly')], port([state('schedule/nightly'), state('rule/nightly')]));
    expect(failure).toMatchObject({
      code: 'INVALID_INPUT',
      message: 'The input `schedules` has one mistake; no schedule was changed.',
    });
    expect(mistakes(failure)).toEqual([
      'schedules `nightly` is both a schedule and a rule. Write `schedule/default/nightly` or `rule/nightly`, or both.',
    ]);
  });

  test('a denied side is nothing where the other has it; else the error says how to look on one side alone', async () => {
    const denied = new Failure('ACCESS_DENIED', 'denied', { remedy: 'Allow it.' });
    const fails = { 'read rule/default/nightly': denied };
    expect((await chosen([named('nightly')], port([state('schedule/nightly')], { fails }))).names).toHaveLength(1);
    expect(await refused([named('nightly')], port([], { fails }))).toMatchObject({
      code: 'ACCESS_DENIED',
      message: 'denied',
      remedy: 'Allow it. To look on one side alone, write `schedule/default/nightly` or `rule/nightly` in `schedules`.',
      cause: denied,
    });
    const without = { 'read rule/default/nightly': new Failure('ACCESS_DENIED', 'denied') };
    expect((await refused([named('nightly')], port([], { fails: without }))).remedy).toMatch(/^To look on one side/);
    const throttled = { 'read rule/default/nightly': new Failure('THROTTLED', 'slow', { remedy: 'Wait.' }) };
    expect(await refused([named('nightly')], port([], { fails: throttled }))).toMatchObject({
      code: 'THROTTLED',
      remedy: 'Wait.',
    });
  });

  test('an ARN of another account is refused before anything is read', async () => {
    const made = port([state('rule/hourly')]);
    expect(mistakes(await refused([exact('rule/hourly', '210987654321')], made))).toEqual([
      'schedules `rule/hourly` is in account 210987654321, and the cluster in 123456789012. Name a schedule of the account that the step works in.',
    ]);
    expect(made.calls).toEqual([]);
    expect((await chosen([exact('rule/hourly', '123456789012')], made)).names).toEqual(['rule/hourly']);
    const lost = await chooseSchedules(
      [exact('rule/hourly', '210987654321')],
      { family: 'web', cluster: 'shop' },
      made.schedules,
    );
    expect(lost.states).toHaveLength(1);
  });

  test.each<[string, ReturnType<typeof state>, RegExp]>([
    [
      'another family',
      state('rule/hourly', ['jobs:3', 'mail:1']),
      /`rule\/hourly` runs jobs:3 and mail:1, and this step deploys the family web\. Remove it here/,
    ],
    [
      'no target',
      state('rule/hourly', []),
      /`rule\/hourly` has no target\. Name schedules whose target is ECS RunTask/,
    ],
    [
      'a function',
      state('rule/hourly', [], ['arn:aws:lambda:x', 'arn:aws:sqs:y']),
      /runs no ECS task \(its target is arn:aws:lambda:x, arn:aws:sqs:y\)\./,
    ],
    [
      'a universal target',
      state('schedule/hourly', [], ['arn:aws:sqs:y', 'arn:aws:scheduler:::aws-sdk:ecs:runTask']),
      /calls ecs:RunTask as a universal target, whose input is not changed\./,
    ],
  ])('%s is a mistake', async (_, one, words) => {
    const failure = await refused([exact(one.id.kind === 'rule' ? 'rule/hourly' : 'schedule/hourly')], port([one]));
    expect([failure.code, mistakes(failure)]).toEqual(['INVALID_INPUT', [expect.stringMatching(words)]]);
  });

  test('no revision is a warning; one beside others is a warning as well, and the others are moved', async () => {
    const made = port([state('schedule/nightly', ['web']), state('rule/hourly', ['web:1', 'web'])]);
    expect(await chosen([named('nightly'), exact('rule/hourly')], made)).toMatchObject({
      names: ['rule/hourly'],
      warnings: [
        expect.stringMatching(/^schedule\/default\/nightly names the family web without a revision/),
        expect.stringMatching(/^A target of rule\/hourly names the family web without a revision/),
      ],
    });
  });
});

describe('one that does not exist', () => {
  const near = async (name: string, ...there: readonly string[]): Promise<string | undefined> =>
    (await refused([name.includes('/') ? exact(name) : named(name)], port(there.map((one) => state(one))))).mistakes[0]
      ?.remedy;

  test('what is meant, by the shortest name that says which', async () => {
    expect(await near('nigthly', 'schedule/nightly', 'rule/other')).toBe('Did you mean `nightly`?');
    expect(await near('nigthly', 'schedule/jobs/nightly')).toBe('Did you mean `schedule/jobs/nightly`?');
    expect(await near('schedule/jobs/nigthly', 'schedule/jobs/nightly')).toBe('Did you mean `schedule/jobs/nightly`?');
    expect(await near('schedule/elsewhere/nightly', 'schedule/nightly')).toBe(
      'Did you mean `schedule/default/nightly`?',
    );
  });

  test('else what is there, sorted, eight at most', async () => {
    expect(await near('zzzzzzzz')).toBe('There is no schedule and no rule in this region.');
    expect(await near('zzzzzzzz', 'schedule/b', 'rule/a')).toBe('There are `rule/a`, `schedule/default/b`.');
    const nine = Array.from({ length: 9 }, (_, n) => `rule/r${n}`);
    expect(await near('zzzzzzzz', ...nine)).toMatch(/^There are `rule\/r0`, .*`rule\/r7` and 1 more\.$/);
    expect(await near('zzzzzzzz', ...nine.slice(1))).toMatch(/`rule\/r8`\.$/);
  });

  test('several mistakes are counted; where nothing may be listed, only what is missing', async () => {
    const fails = { list: new Failure('ACCESS_DENIED', 'denied') };
    const failure = await refused([named('a'), exact('rule/x')], port([state('rule/x', [])], { fails }));
    expect(failure).toMatchObject({
      code: 'NOT_FOUND',
      message: 'The input `schedules` has 2 mistakes; no schedule was changed.',
    });
    expect(failure.mistakes[0]).toEqual({
      subject: 'schedules',
      problem: '`a` does not exist in eu-west-1, account 123456789012.',
    });
    expect(failure.mistakes[1]?.remedy).toBe('Name schedules whose target is ECS RunTask.');
    const listed = port([state('rule/x', [])]);
    await refused([exact('rule/x')], listed);
    expect(listed.calls).not.toContain('list');
  });
});

describe('by tag and all', () => {
  const TAGS = {
    'schedule/default/nightly': [{ key: 'team', value: 'web' }],
    'rule/default/hourly': [{ key: 'team', value: 'jobs' }],
  };
  const there = () =>
    port([state('schedule/nightly'), state('rule/hourly'), state('rule/mail', ['mail:1']), state('rule/lambda', [])], {
      tags: TAGS,
    });

  test('all of the cluster that run the family; tags are not asked for', async () => {
    const made = there();
    expect(await chosen([ALL], made)).toEqual({
      names: ['schedule/default/nightly', 'rule/hourly'],
      warnings: [],
      family: 'web',
    });
    expect(made.calls).toEqual(['buses', `of ${CLUSTER}`]);
  });

  test('those with the tag, with or without a value, in the account of the cluster', async () => {
    const made = there();
    expect((await chosen([tagged('team', 'web')], made)).names).toEqual(['schedule/default/nightly']);
    expect(made.calls).toContain('tags rule/default/hourly aws eu-west-1 123456789012');
    expect(made.calls.some((call) => /^tags rule\/default\/(?:mail|lambda)/.test(call))).toBe(false);
    expect((await chosen([tagged('team')], there())).names).toEqual(['schedule/default/nightly', 'rule/hourly']);
    expect((await chosen([tagged('team', 'web'), tagged('team', 'jobs')], there())).names).toHaveLength(2);
    expect((await chosen([tagged('team', 'web'), ALL], there())).names).toHaveLength(2);
  });

  test('what finds none is a warning', async () => {
    expect((await chosen([tagged('team', 'x'), tagged('y'), tagged('team', 'web')], there())).warnings).toEqual([
      'No schedule of the cluster shop runs web and has the tag team=x (of a rule, or of the group of a schedule).',
      'No schedule of the cluster shop runs web and has the tag y (of a rule, or of the group of a schedule).',
    ]);
    expect((await chosen([ALL], port([state('rule/mail', ['mail:1'])]))).warnings).toEqual([
      'No schedule of the cluster shop runs web.',
    ]);
  });

  test('one without a revision is left, with a warning and without another that none was found', async () => {
    expect(await chosen([ALL], port([state('rule/latest', ['web'])]))).toMatchObject({
      names: [],
      warnings: [expect.stringMatching(/^rule\/latest names the family web without a revision/)],
    });
  });
});
