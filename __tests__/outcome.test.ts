import { type Outcome, withServing } from '../src/outcome.ts';
import type { Serving } from '../src/service/serving.ts';
import { servingText } from '../src/service/serving.ts';

test('what serves is beside the headline, and is its last sentence', () => {
  const outcome: Outcome = {
    kind: 'failed',
    headline: 'web:2 failed.',
    differences: [],
    diagnoses: [],
    warnings: ['w'],
    timeline: [],
  };
  const serving: Serving = { running: 0, desired: 4, revisions: [] };
  expect(withServing(outcome, serving)).toEqual({
    ...outcome,
    serving,
    headline: `web:2 failed. Now ${servingText(serving)}.`,
  });
});
