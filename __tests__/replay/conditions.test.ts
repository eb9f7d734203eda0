import { readFileSync } from 'node:fs';
import { replay } from '../../scripts/replay.ts';
import { parseScenario, type Scenario } from '../../simulator/replay/scenario.ts';

/** The same rollouts, seen over a slow network and by a machine whose clock is wrong: the same verdicts, about as soon. */
const RECORDINGS: readonly Readonly<Record<string, unknown>>[] = JSON.parse(
  readFileSync('__tests__/fixtures/scenarios.json', 'utf8'),
);
const LATENCIES_SECONDS = [0, 0.05, 0.5, 2];
const OFFSETS_SECONDS = [0, 600, -600];
const WITHIN_SECONDS = 10;

/** Nothing but what a watcher may read. */
function scenarioOf({
  id,
  service,
  newDeploymentId,
  newTaskDefinition,
  timeline,
}: (typeof RECORDINGS)[number]): Scenario {
  return parseScenario({ id, service, newDeploymentId, newTaskDefinition, timeline }, 0);
}

test.each(RECORDINGS.map((recording) => [String(recording.id), scenarioOf(recording)] as const))(
  '%s',
  async (_, scenario) => {
    const ideal = await replay(scenario);
    for (const latencySeconds of LATENCIES_SECONDS) {
      for (const clockOffsetSeconds of OFFSETS_SECONDS) {
        const { verdict, rule, decidedAtSeconds } = await replay(scenario, { latencySeconds, clockOffsetSeconds });
        const later = decidedAtSeconds - ideal.decidedAtSeconds;
        expect({
          latencySeconds,
          clockOffsetSeconds,
          verdict,
          rule,
          inTime: Math.abs(later) <= WITHIN_SECONDS,
        }).toEqual({
          latencySeconds,
          clockOffsetSeconds,
          verdict: ideal.verdict,
          rule: ideal.rule,
          inTime: true,
        });
      }
    }
  },
  180_000,
);
