import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import { minutes } from '../../src/duration.ts';
import type { Snapshot, Trouble } from '../../src/watch/snapshot.ts';
import {
  failed,
  failuresOf,
  progressOf,
  reasonOf,
  rolledBack,
  rollingBack,
  shortOf,
  stuck,
  superseded,
  type Verdict,
  wait,
} from '../../src/watch/verdict.ts';
import { deployment, diagnosis, look, OLD, old, ours, revisionArn, START, serviceDeployment } from '../report/made.ts';
import { viewOf } from '../support/explained.ts';

const view = (rest: Partial<Snapshot> = {}, deployments = [ours(), old(2)], of = deployment) =>
  viewOf(look(60, deployments, { troubles: [], ...rest }), of, START + 60);
const trouble = (from: Trouble['from'], rule: string, nature: Diagnosis['nature']): Trouble => ({
  from,
  diagnosis: diagnosis({ rule, nature, cause: `${rule}.` }),
});
const rootRuleOf = (verdict: Verdict) => ('causes' in verdict ? verdict.causes[0]?.rule : undefined);
const rootRule = (...troubles: readonly Trouble[]) => rootRuleOf(failed(view({ troubles }), 'x'));
const BREAKER = { circuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 } };
const TRIPPED = 'The circuit breaker tripped after 3 of 3 failures.';

test('a wait is polled every 3 s and suspects nothing by default', () => {
  expect(wait('x')).toEqual({ kind: 'waiting', waitingFor: 'x', pollAgainInSeconds: 3, suspected: [] });
  expect(wait('x', { pollAgainInSeconds: 5, suspected: [diagnosis()] })).toEqual({
    kind: 'waiting',
    waitingFor: 'x',
    pollAgainInSeconds: 5,
    suspected: [diagnosis()],
  });
});

describe('causes', () => {
  const [a, sameRule, sameCause, b] = [
    diagnosis({ rule: 'a', cause: 'A' }),
    diagnosis({ rule: 'a', cause: 'B' }),
    diagnosis({ rule: 'c', cause: 'A' }),
    diagnosis({ rule: 'b', cause: 'B' }),
  ];
  test.each([
    ['failed', failed],
    ['stuck', stuck],
  ])('%s: the decisive one first, and once', (kind, made) => {
    const seen = view({ diagnoses: [sameRule, sameCause, a, b] });
    expect(made(seen, 'why', a)).toEqual({ kind, reason: 'why', causes: [a, sameRule, sameCause, b] });
    expect(made(seen, 'why')).toEqual({ kind, reason: 'why', causes: [sameRule, sameCause, a, b] });
    const rooted = view({ diagnoses: [b, a], troubles: [{ from: 'task', diagnosis: a }] });
    expect(made(rooted, 'why')).toEqual({ kind, reason: 'why', causes: [a, b] });
  });
});

describe('the root', () => {
  const NATURES = ['permanent', 'ambiguous', 'unplaceable', 'unknown', 'symptom'] as const;
  test.each(NATURES.slice(1).map((nature, index) => [NATURES[index] ?? nature, nature] as const))(
    '%s before %s',
    (heavy, light) => {
      expect(rootRule(trouble('task', 'light', light), trouble('task', 'heavy', heavy))).toBe('heavy');
    },
  );
  test.each<[string, readonly Trouble[], string | undefined]>([
    ['nothing', [], undefined],
    ['what heals', [trouble('task', 'a', 'transient')], undefined],
    ['a symptom of a task', [trouble('task', 'a', 'symptom')], 'a'],
    ['a symptom of an event', [trouble('event', 'a', 'symptom')], undefined],
    ['an unknown of an event', [trouble('event', 'a', 'unknown')], 'a'],
    [
      'the most frequent',
      [trouble('task', 'a', 'ambiguous'), trouble('task', 'b', 'ambiguous'), trouble('task', 'b', 'ambiguous')],
      'b',
    ],
    [
      'the most frequent, first',
      [trouble('task', 'b', 'ambiguous'), trouble('task', 'b', 'ambiguous'), trouble('task', 'a', 'ambiguous')],
      'b',
    ],
    [
      'what ECS named',
      [trouble('task', 'a', 'permanent'), trouble('task', 'a', 'permanent'), trouble('deployment', 'b', 'permanent')],
      'b',
    ],
    [
      'what ECS named, and is not certain',
      [trouble('task', 'a', 'ambiguous'), trouble('task', 'a', 'ambiguous'), trouble('deployment', 'b', 'ambiguous')],
      'a',
    ],
  ])('%s', (_, troubles, rule) => {
    expect(rootRule(...troubles)).toBe(rule);
  });
});

describe('the reason', () => {
  const caused = (cause: string) => ({ troubles: [{ from: 'task', diagnosis: diagnosis({ cause }) }] as const });
  const state = (rest: Parameters<typeof serviceDeployment>[0]) => ({ serviceDeployment: serviceDeployment(rest) });
  test.each<[string, Partial<Snapshot>, string]>([
    ['a cause', caused('It crashed'), 'It crashed'],
    ['a cause and the breaker', { ...caused('It crashed'), ...state(BREAKER) }, `It crashed. ${TRIPPED}`],
    ['a sentence and the breaker', { ...caused('It crashed.'), ...state(BREAKER) }, `It crashed. ${TRIPPED}`],
    ['a cry and the breaker', { ...caused('It crashed!'), ...state(BREAKER) }, `It crashed! ${TRIPPED}`],
    ['brackets and the breaker', { ...caused('It crashed (1)'), ...state(BREAKER) }, `It crashed (1) ${TRIPPED}`],
    ['a stop within', { ...caused('app.js crashed'), ...state(BREAKER) }, `app.js crashed. ${TRIPPED}`],
    ['the breaker before what ECS said', state({ ...BREAKER, statusReason: 'said' }), TRIPPED],
    [
      'a breaker that watches',
      state({ circuitBreaker: { status: 'MONITORING', failureCount: 1, threshold: 3 }, statusReason: 'said' }),
      'said',
    ],
    ['nothing', {}, 'ECS gave no reason.'],
    ['no reason', state({}), 'ECS gave no reason.'],
  ])('%s', (_, rest, reason) => {
    expect(reasonOf(view(rest))).toBe(reason);
  });
  test('what ECS said: of the rollback, of the deployment, of ours, of the primary', () => {
    const failing = [ours({ status: 'ACTIVE', rolloutStateReason: 'ours' })];
    const primary = [...failing, old(2, { status: 'PRIMARY', rolloutStateReason: 'primary' })];
    const rollback = { startedAt: START, reason: 'rollback' } as never;
    expect(reasonOf(view(state({ rollback, statusReason: 'status' }), primary))).toBe('rollback');
    expect(reasonOf(view(state({ statusReason: 'status' }), primary))).toBe('status');
    expect(reasonOf(view({}, primary))).toBe('ours');
    expect(reasonOf(view({}, primary.slice(1)))).toBe('primary');
    expect(reasonOf(view({}, []))).toBe('ECS gave no reason.');
  });
});

describe('restored to', () => {
  const back = old(2, { status: 'PRIMARY', taskDefinitionArn: revisionArn(40) });
  const { previousTaskDefinitionArn: _, ...first } = deployment;
  test.each([
    ['the primary, where it is another', view({}, [ours({ status: 'ACTIVE' }), back]), revisionArn(40)],
    ['what ran before, while ours is primary', view(), revisionArn(41)],
    ['what ran before, without a primary', view({}, []), revisionArn(41)],
  ])('%s', (_, seen, to) => {
    expect(rolledBack(seen)).toEqual({ kind: 'rolled-back', to, reason: 'ECS gave no reason.', causes: [] });
    expect(rollingBack(seen)).toEqual({
      kind: 'rolling-back',
      to,
      reason: 'ECS gave no reason.',
      causes: [],
      pollAgainInSeconds: 3,
    });
  });
  test('nothing, in a first deployment', () => {
    expect(rolledBack(view({}, [ours()], first))).not.toHaveProperty('to');
    expect(rollingBack(view({}, [ours()], first))).not.toHaveProperty('to');
  });
});

test('words', () => {
  expect(superseded(old(1))).toEqual({ kind: 'superseded', byDeployment: OLD, byTaskDefinition: revisionArn(41) });
  expect(progressOf(ours({ runningCount: 1, pendingCount: 3, failedTasks: 4 }))).toBe(
    '1 of 2 run now, 3 pending, 4 failed before',
  );
  expect(progressOf(ours({ pendingCount: 3, failedTasks: 4 }))).toBe('0 of 2 run, 3 pending, 4 failed');
  expect([3, 4].map((failureCount) => failuresOf({ failureCount, threshold: 3 }))).toEqual([
    '3 of 3 failures',
    '4 failures, threshold 3',
  ]);
  expect([minutes(600), minutes(89), minutes(90)]).toEqual(['10 min', '1 min', '2 min']);
  expect([shortOf(revisionArn(41)), shortOf()]).toEqual(['web:41', 'the revision before']);
});
