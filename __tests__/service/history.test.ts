import fc from 'fast-check';
import { Failure } from '../../src/failure.ts';
import type { DeploymentState, ServiceEvent, ServiceState } from '../../src/model.ts';
import type { Ecs } from '../../src/ports.ts';
import {
  entryBefore,
  familyRevisions,
  type History,
  historyOf,
  isBelow,
  successesNotRolledBack,
  wasJustRolledBack,
} from '../../src/service/history.ts';
import { service as made, ours } from '../report/made.ts';
import { arn, type Calls, denied, remembering } from './made.ts';

const DAY = 86_400;
const NOW = 1000 * DAY;
/** `1 2 other:9` as ARNs. */
const arns = (text: string): string[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((name) => arn(name.includes(':') ? name : Number(name)));

/** The deployment `ecs-svc/n` of web:n, made at n. */
const of = (n: number, more: Partial<DeploymentState> = {}): DeploymentState =>
  ours({ id: `ecs-svc/${n}`, taskDefinitionArn: arn(n), createdAt: n, status: 'ACTIVE', ...more });
const current = (n: number, more: Partial<DeploymentState> = {}): DeploymentState =>
  of(n, { status: 'PRIMARY', rolloutState: 'COMPLETED', ...more });
const running = (...deployments: DeploymentState[]): ServiceState =>
  made(deployments, { taskDefinitionArn: arn(99), createdAt: NOW - 200 * DAY });

test.each([
  ['a row of releases', '1 2 3', '1 2 3'],
  ['the same again', '1 2 2', '1 2'],
  ['a rollback', '1 2 3 2', '1 2'],
  ['two of them', '1 2 3 2 1', '1'],
  ['a release after a rollback', '1 2 3 2 4', '1 2 4'],
  ['a rollback to what is forgotten', '3 4 2', '2'],
  ['forward again', '1 2 3 1 3', '1 3'],
  ['another family in between', '1 2 other:9 2', '1 2'],
  ['another family with lower numbers', '7 8 other:1 other:2', '7 8 other:1 other:2'],
])('what still stands after %s', (_, successes, left) =>
  expect(successesNotRolledBack(arns(successes))).toEqual(arns(left)),
);

test('what succeeded last always stands, and nothing twice', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }), (numbers) => {
      const left = successesNotRolledBack(numbers.map(arn));
      expect(left.at(-1)).toBe(numbers.map(arn).at(-1));
      expect(new Set(left).size).toBe(left.length);
    }),
  );
});

test('a revision is below a later one of its family, and below none of another', () => {
  expect([isBelow(arn(9), arn(10)), isBelow(arn(10), arn(9)), isBelow(arn(9), arn(9))]).toEqual([true, false, false]);
  expect(isBelow(arn('other:1'), arn(9))).toBe(false);
});

describe('the revision before the present one', () => {
  const history = (successes: string, more: Partial<History> = {}): History => ({
    entries: arns(successes)
      .reverse()
      .map((one, i) => ({ arn: one, deployedAt: 100 - i })),
    successes: arns(successes),
    rolledBack: [],
    ...more,
  });
  const guessed = (entries: string): History => ({
    entries: arns(entries).map((one) => ({ arn: one })),
    successes: [],
    rolledBack: [],
    guessed: 'ecs:ListServiceDeployments is denied',
  });
  const newer = of(4, { rolloutState: 'FAILED' });
  const back = current(3, { rolloutState: 'IN_PROGRESS' });

  test.each<[string, ServiceState, History, number | undefined]>([
    ['the success before', running(current(3)), history('1 2 3'), 2],
    ['not what a rollback has just left', running(current(2)), history('1 2 3 2'), 1],
    ['none before the first', running(current(1)), history('1'), undefined],
    ['the last success, where the present one has none', running(current(4)), history('1 2'), 2],
    ['that of the service, where no deployment is PRIMARY', running(), history('1 99'), 1],
    ['not one that was rolled back since', running(current(3)), history('1 2 3', { rolledBack: [arn(2)] }), 1],
    ['none, where all were', running(current(2)), history('1 2', { rolledBack: [arn(1)] }), undefined],
    ['one that ECS has forgotten the date of', running(current(3)), { ...history('2 3'), entries: [] }, 2],
    ['while ECS rolls back: where it rolls back to', running(back, newer), history('1 2 3'), 3],
    ['while an older revision is deployed again: that one', running(back), history('1 2 3 5'), 3],
    ['the same, beside a newer one that still runs', running(back, of(5, { createdAt: 1 })), history('1 2 3'), 3],
    ['of one that fails in this moment: what ran before', running({ ...back, failedTasks: 1 }), history('2 5'), 2],
    ['one that fails, though ECS rolls back to it', running({ ...back, failedTasks: 1 }, newer), history('1 2'), 3],
    ['of a release that is under way: the last success', running(back, of(2, { createdAt: 1 })), history('1 2'), 2],
    ['of a release that is complete beside newer ones', running(current(3), newer), history('1 2 3'), 2],
    ['a guess: the revision below', running(current(3)), guessed('4 3 2 1'), 2],
    ['a guess: none below', running(current(3)), guessed('4 3'), undefined],
    [
      'a guess while one is under way: what is complete',
      running(back, current(1, { status: 'ACTIVE' })),
      guessed('3 2 1'),
      1,
    ],
    ['a guess, and nothing is complete', running(back, of(1, { rolloutState: 'FAILED' })), guessed('3 2 1'), 2],
    [
      'a guess, though an older one is complete too',
      running(current(3), current(1, { status: 'ACTIVE' })),
      guessed('3 2 1'),
      2,
    ],
    [
      'a guess, and only the present one is complete',
      running(of(3, { rolloutState: 'COMPLETED' }), back),
      guessed('2'),
      2,
    ],
  ])('%s', (_, service, past, n) => expect(entryBefore(service, past)?.arn).toBe(n === undefined ? undefined : arn(n)));

  test('it comes with the date of its success, and with what was passed over on the way', () => {
    const past = history('1 2 3 4', { rolledBack: [arn(2), arn(3)] });
    expect(entryBefore(running(current(4)), past)).toEqual({
      arn: arn(1),
      deployedAt: 97,
      passedOver: [arn(2), arn(3)],
    });
    expect(entryBefore(running(current(4)), history('3 4'))).toEqual({ arn: arn(3), deployedAt: 99 });
  });
});

describe('whether ECS has just rolled back', () => {
  const rolledBack = (at: number, to = 'ecs-svc/3'): ServiceEvent[] => [
    { id: 'a', at, message: '', taskIds: [], kind: 'steady' },
    { id: 'b', at, message: '', taskIds: [], kind: 'rolling-back', to },
  ];
  test.each<[string, DeploymentState[], ServiceEvent[], boolean]>([
    ['to the current deployment, a moment ago', [current(3)], rolledBack(NOW - 899), true],
    ['a quarter of an hour ago', [current(3)], rolledBack(NOW - 900), false],
    ['to another deployment', [current(3)], rolledBack(NOW, 'ecs-svc/2'), false],
    ['and is not done', [current(3, { rolloutState: 'IN_PROGRESS' })], rolledBack(NOW), false],
    ['of a service without a PRIMARY deployment', [of(3)], rolledBack(NOW), false],
    ['not at all', [current(3)], rolledBack(NOW).slice(0, 1), false],
  ])('%s', (_, deployments, events, expected) =>
    expect(wasJustRolledBack({ ...running(...deployments), events }, NOW)).toBe(expected),
  );
});

const asked = (service: ServiceState, ecs: Calls): Promise<History> =>
  historyOf(service, 'web', { ecs: ecs as Ecs, clock: { now: () => NOW } });

describe('what a service ran', () => {
  test('each success once, newest first, and what was rolled back since its last success', async () => {
    const rolledBack: readonly [number, number][] = [
      [3, 2.5],
      [4, 9],
      [2, 1.5],
      [1, 9],
      [4, 10],
      [666, 11],
    ];
    const ecs = remembering({ succeeded: [1, 2, 3, 2, 666], rolledBack });
    expect(await asked(running(current(2)), ecs)).toEqual({
      entries: [
        { arn: arn(2), deployedAt: 4 },
        { arn: arn(3), deployedAt: 3 },
        { arn: arn(1), deployedAt: 1 },
      ],
      successes: arns('1 2 3 2'),
      rolledBack: arns('4 1'),
    });
    expect(ecs.queries).toEqual([
      { cluster: running().clusterArn, service: 'web', statuses: ['SUCCESSFUL'], limit: 100 },
      {
        cluster: running().clusterArn,
        service: 'web',
        statuses: ['ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'],
        limit: 20,
      },
    ]);
  });

  test('a young service: ECS remembers all of it, so that nothing is guessed', async () => {
    const young = { ...running(current(2)), createdAt: NOW - 90 * DAY + 1 };
    const history = await asked(young, remembering({ succeeded: [2], family: [1, 2] }));
    expect(history).toEqual({ entries: [{ arn: arn(2), deployedAt: 1 }], successes: [arn(2)], rolledBack: [] });
    // Its first deployment may not be complete yet.
    const first = await asked(young, remembering({ rolledBack: [[2, 1]], family: [1, 2] }));
    expect(first).toEqual({ entries: [{ arn: arn(2) }], successes: [], rolledBack: [arn(2)] });
  });

  const FORGOTTEN = 'ECS has no record of a successful deployment of this service (it keeps 90 days)';
  test.each<[string, ServiceState, Parameters<typeof remembering>[0], Partial<History>]>([
    [
      'of which nothing is remembered',
      running(current(3)),
      { family: [1, 2, 3] },
      { entries: arns('3 2 1').map((one) => ({ arn: one })), successes: [], rolledBack: [], guessed: FORGOTTEN },
    ],
    [
      'of which only the present revision is remembered',
      running(current(3)),
      { succeeded: [3], rolledBack: [[2, 5]], family: [2, 3] },
      {
        entries: [{ arn: arn(3), deployedAt: 1 }, { arn: arn(2) }],
        successes: [arn(3)],
        rolledBack: [arn(2)],
        guessed: FORGOTTEN.replace('service (', 'service before the current one ('),
      },
    ],
    [
      'whose age is not known',
      (({ createdAt: _, ...rest }) => rest)(running(current(3))),
      { family: [2] },
      { entries: arns('3 2').map((one) => ({ arn: one })), successes: [], rolledBack: [], guessed: FORGOTTEN },
    ],
    [
      'of exactly 90 days',
      { ...running(current(3)), createdAt: NOW - 90 * DAY },
      { family: [2] },
      { entries: arns('3 2').map((one) => ({ arn: one })), successes: [], rolledBack: [], guessed: FORGOTTEN },
    ],
    [
      'without a PRIMARY deployment',
      running(),
      { succeeded: [99], family: [98] },
      {
        entries: [{ arn: arn(99), deployedAt: 1 }, { arn: arn(98) }],
        successes: [arn(99)],
        rolledBack: [],
        guessed: FORGOTTEN.replace('service (', 'service before the current one ('),
      },
    ],
  ])('an old service %s: the revisions of its family stand in', async (_, service, past, expected) => {
    expect(await asked(service, remembering(past))).toEqual(expected);
  });

  test('a young service that was deployed a hundred times: what is forgotten is guessed', async () => {
    const young = { ...running(current(3)), createdAt: NOW - DAY };
    const history = (times: number) =>
      asked(young, remembering({ succeeded: Array<number>(times).fill(3), family: [2, 3] }));
    expect((await history(99)).guessed).toBeUndefined();
    expect((await history(100)).guessed).toContain('before the current one');
  });

  test('what is denied is named, once, and the family stands in', async () => {
    const ecs = { ...remembering({ family: [2, 3] }), describeServiceRevisions: denied('DescribeServiceRevisions') };
    expect(await asked(running(current(3), of(4)), ecs)).toEqual({
      entries: arns('3 4 2').map((one) => ({ arn: one })),
      successes: [],
      rolledBack: [],
      guessed: 'ecs:DescribeServiceRevisions is denied',
      allow: 'ecs:DescribeServiceRevisions',
    });
    const both = { ...ecs, listTaskDefinitions: denied('ListTaskDefinitions') };
    expect((await asked(running(current(3)), both)).allow).toBe('ecs:DescribeServiceRevisions');
    const family = { ...remembering({}), listTaskDefinitions: denied('ListTaskDefinitions') };
    expect((await asked(running(current(3)), family)).allow).toBe('ecs:ListTaskDefinitions');
  });

  test('a denial without a call names no action', async () => {
    const refuse = async () => Promise.reject(new Failure('ACCESS_DENIED', 'no'));
    const history = await asked(running(current(3)), { ...remembering({}), listServiceDeployments: refuse });
    expect(history).toMatchObject({ guessed: 'ECS is denied' });
    expect('allow' in history).toBe(false);
  });

  test('an endpoint without these calls: its answer is the reason', async () => {
    const refuse = async () => Promise.reject(new Failure('REFUSED', 'UnknownOperationException'));
    const history = await asked(running(current(3)), { ...remembering({}), listServiceDeployments: refuse });
    expect(history).toMatchObject({ guessed: 'UnknownOperationException', entries: [{ arn: arn(3) }] });
  });

  test('what fails for another reason ends the search', async () => {
    const fail = async () => Promise.reject(new Failure('UNAVAILABLE', 'no answer'));
    const lists = { ...remembering({}), listServiceDeployments: fail };
    await expect(asked(running(current(3)), lists)).rejects.toThrow('no answer');
    await expect(familyRevisions('web', { listTaskDefinitions: fail })).rejects.toThrow('no answer');
  });
});

test('the 100 newest ACTIVE revisions of a family', async () => {
  const asked: unknown[] = [];
  const listTaskDefinitions = async (...query: unknown[]) => {
    asked.push(query);
    return [arn(2)];
  };
  expect(await familyRevisions('web', { listTaskDefinitions })).toEqual({ arns: [arn(2)] });
  expect(asked).toEqual([['web', 100]]);
  expect(await familyRevisions('web', { listTaskDefinitions: denied('ListTaskDefinitions') })).toEqual({
    arns: [],
    denied: 'ecs:ListTaskDefinitions',
  });
});
