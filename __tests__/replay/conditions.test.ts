import { readFileSync } from 'node:fs';
import { replay } from '../../scripts/replay.ts';
import { parseScenario, type Scenario } from '../../simulator/replay/scenario.ts';
import { IDEAL } from '../../simulator/wire/faults.ts';
import { SDK } from '../support/world.ts';

/** The same rollouts, seen over a slow network and by a machine whose clock is wrong: the same verdicts, about as soon. */
const RECORDINGS: readonly Readonly<Record<string, unknown>>[] = JSON.parse(
  readFileSync('__tests__/fixtures/scenarios.json', 'utf8'),
);
/** Each latency and each offset alone, and together with another. */
const CONDITIONS = [
  { latencySeconds: 0, clockOffsetSeconds: 600 },
  { latencySeconds: 0, clockOffsetSeconds: -600 },
  { latencySeconds: 0.05, clockOffsetSeconds: 600 },
  { latencySeconds: 0.5, clockOffsetSeconds: 0 },
  { latencySeconds: 0.5, clockOffsetSeconds: -600 },
  { latencySeconds: 2, clockOffsetSeconds: 0 },
  { latencySeconds: 2, clockOffsetSeconds: 600 },
];
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
    const ideal = await replay(scenario, IDEAL, SDK);
    for (const conditions of CONDITIONS) {
      const { verdict, rule, decidedAtSeconds } = await replay(scenario, conditions, SDK);
      const later = decidedAtSeconds - ideal.decidedAtSeconds;
      expect({ ...conditions, verdict, rule, inTime: Math.abs(later) <= WITHIN_SECONDS }).toEqual({
        ...conditions,
        verdict: ideal.verdict,
        rule: ideal.rule,
        inTime: true,
      });
    }
  },
  180_000,
);
