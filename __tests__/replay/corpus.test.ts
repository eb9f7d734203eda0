import { readFileSync } from 'node:fs';
import { type Replayed, replay } from '../../scripts/replay.ts';
import { parseScenario } from '../../simulator/replay/scenario.ts';

interface Recording {
  readonly id: string;
  readonly verdict: 'success' | 'failed' | 'rolled_back' | 'superseded' | 'stuck';
  readonly root_cause_id?: string;
  readonly warning_cause_id?: string;
  readonly earliest_t_at_which_a_careful_observer_can_know: number;
}

const RECORDINGS: readonly Recording[] = JSON.parse(readFileSync('__tests__/fixtures/scenarios.json', 'utf8'));
const SUCCESS_WITHIN_SECONDS = 5;
const FAILURE_WITHIN_SECONDS = 15;

/** Causes that the recording names from more than the timeline shows, or one by two names. */
const AS_GOOD: Readonly<Record<string, readonly string[]>> = {
  // The true cause stands in the log alone, which this recording lacks.
  'wrong-arch-exec-format-crash': ['app-crash'],
};

/** "Any unhealthy ending may be told as failed as soon as it is certain." */
const sameEnd = (told: Replayed['verdict'], true_: Recording['verdict']): boolean =>
  told === true_ || (isUnhealthy(told) && isUnhealthy(true_));
const isUnhealthy = (verdict: string): boolean => ['failed', 'rolled_back', 'stuck'].includes(verdict);

const results: { readonly recording: Recording; readonly told: Replayed }[] = [];

test.each(RECORDINGS.map((recording) => [recording.id, recording] as const))('%s', async (_, recording) => {
  // Nothing but what a watcher may read goes in.
  const { service, newDeploymentId, newTaskDefinition, timeline } = recording as unknown as Record<string, unknown>;
  const scenario = parseScenario({ id: recording.id, service, newDeploymentId, newTaskDefinition, timeline }, 0);
  const told = await replay(scenario);
  results.push({ recording, told });
  const earliest = recording.earliest_t_at_which_a_careful_observer_can_know;
  const within = recording.verdict === 'success' ? SUCCESS_WITHIN_SECONDS : FAILURE_WITHIN_SECONDS;
  const causes = [recording.root_cause_id ?? null, ...(AS_GOOD[recording.id] ?? [])];
  expect({ verdict: told.verdict, rule: told.rule, late: told.decidedAtSeconds - earliest }).toEqual({
    verdict: sameEnd(told.verdict, recording.verdict) ? told.verdict : recording.verdict,
    rule: causes.includes(told.rule) ? told.rule : causes[0],
    late: expect.toBeBetween(0, within),
  });
  if (recording.root_cause_id) expect(told.remedy).toMatch(/\w{3}/);
});

beforeAll(() => {
  expect.extend({
    toBeBetween: (received: number, low: number, high: number) => ({
      pass: received >= low && received <= high,
      message: () => `${received} s is not between ${low} and ${high} s`,
    }),
  });
});

afterAll(() => {
  const rows = results.map(({ recording, told }) =>
    [
      recording.id.padEnd(40),
      `${recording.verdict} -> ${told.verdict}`.padEnd(26),
      `${told.decidedAtSeconds - recording.earliest_t_at_which_a_careful_observer_can_know} s`.padStart(7),
      String(told.apiCalls).padStart(6),
      told.rule ?? '-',
    ].join(' '),
  );
  process.stdout.write(`\n${'recording'.padEnd(40)} ${'end'.padEnd(26)}    late  calls rule\n${rows.join('\n')}\n`);
});

declare global {
  namespace jest {
    interface Expect {
      toBeBetween(low: number, high: number): unknown;
    }
  }
}
