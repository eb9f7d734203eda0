import { Failure, type FailureCode } from '../../src/failure.ts';
import { Backoff, endsTheWatch, persist } from '../../src/watch/persist.ts';

const failure = (code: FailureCode): Failure => new Failure(code, `It is ${code}.`);
/** A watch until 1,000 that may be 300 s without an answer; the last one came at 100. */
const ends = (code: FailureCode, now: number): boolean =>
  endsTheWatch(failure(code), { now, seenAt: 100, until: 1_000, noProgressSeconds: 300 });

test.each<[FailureCode, number, boolean]>([
  ['THROTTLED', 400, false],
  ['THROTTLED', 401, true],
  ['UNAVAILABLE', 400, false],
  ['UNAVAILABLE', 401, true],
  // ECS forgets for some seconds what it has just made.
  ['NOT_FOUND', 115, false],
  ['NOT_FOUND', 116, true],
  ['ACCESS_DENIED', 100, true],
  ['CREDENTIALS', 100, true],
  ['CANCELLED', 100, true],
])('%s at %s ends the watch: %s', (code, now, isEnd) => expect(ends(code, now)).toBe(isEnd));

test.each<[FailureCode, number, boolean]>([
  ['THROTTLED', 110, false],
  ['THROTTLED', 111, true],
  ['UNAVAILABLE', 111, true],
])('%s at %s, where the time is over at 110: %s', (code, now, isEnd) =>
  expect(endsTheWatch(failure(code), { now, seenAt: 100, until: 110, noProgressSeconds: 300 })).toBe(isEnd),
);

test.each([
  [1, [3, 5, 5]],
  [0, [2.1, 3.5, 3.5]],
  [0.5, [2.55, 4.25, 4.25]],
])('pauses grow up to the longest, each shorter by chance: %s', (chance, pauses) => {
  const backoff = new Backoff({ random: () => chance });
  for (const pause of pauses) expect(backoff.next()).toBeCloseTo(pause);
  backoff.reset();
  expect(backoff.next()).toBeCloseTo(pauses[0] ?? 0);
});

describe('a question', () => {
  /** Answers are values or failures, in turn; the last one is repeated. */
  async function ask(answers: readonly (Failure | string)[], patience: { until: number; noProgressSeconds: number }) {
    let now = 0;
    const asked: number[] = [];
    const { signal } = new AbortController();
    const signals = new Set<AbortSignal | undefined>();
    const clock = {
      now: () => now,
      random: () => 1,
      sleep: async (seconds: number, ofRun?: AbortSignal) => {
        signals.add(ofRun);
        now += seconds;
      },
    };
    const question = async (): Promise<string> => {
      const answer = answers[Math.min(asked.length, answers.length - 1)] ?? '';
      asked.push(now);
      if (answer instanceof Failure) throw answer;
      return answer;
    };
    const ended = await persist(question, patience, { clock, signal }).catch((thrown: Failure) => thrown.code);
    for (const one of signals) expect(one).toBe(signal);
    return { ended, asked };
  }
  const PATIENCE = { until: 1_000, noProgressSeconds: 300 };

  test('that is answered is asked once', async () =>
    expect(await ask(['yes'], PATIENCE)).toEqual({ ended: 'yes', asked: [0] }));

  test('is asked again after growing pauses while AWS does not answer', async () =>
    expect(await ask([failure('THROTTLED'), failure('UNAVAILABLE'), failure('NOT_FOUND'), 'yes'], PATIENCE)).toEqual({
      ended: 'yes',
      asked: [0, 3, 8, 13],
    }));

  test('whose answer cannot change is not repeated', async () =>
    expect(await ask([failure('THROTTLED'), failure('ACCESS_DENIED'), 'yes'], PATIENCE)).toEqual({
      ended: 'ACCESS_DENIED',
      asked: [0, 3],
    }));

  test('ends with its failure once asking is not worth it any more', async () => {
    expect(await ask([failure('THROTTLED')], { ...PATIENCE, noProgressSeconds: 10 })).toEqual({
      ended: 'THROTTLED',
      asked: [0, 3, 8, 13],
    });
    expect(await ask([failure('UNAVAILABLE')], { ...PATIENCE, until: 5 })).toEqual({
      ended: 'UNAVAILABLE',
      asked: [0, 3, 8],
    });
    expect(await ask([failure('NOT_FOUND')], PATIENCE)).toEqual({ ended: 'NOT_FOUND', asked: [0, 3, 8, 13, 18] });
  });
});
