import { Failure } from '../../src/failure.ts';
import type { OutcomeKind } from '../../src/outcome.ts';
import { reportRollout } from '../../src/report/report.ts';
import { Stage } from '../support/world.ts';
import { outcome } from './made.ts';

const stage = () => {
  const made = new Stage();
  const rollback = made.inputs({ mode: 'rollback' });
  if (rollback.mode !== 'rollback') throw new Failure('INTERNAL', 'not a rollback');
  return { made, inputs: rollback, world: made.world };
};

test.each<readonly [OutcomeKind, number]>([
  ['deployed', 0],
  ['unchanged', 0],
  ['started', 0],
  ['rolled-back', 1],
  ['failed', 1],
  ['superseded', 1],
  ['cancelled', 1],
  ['paused', 1],
])('a run that ends %s has the exit code %d', async (kind, exitCode) => {
  const { made, inputs, world } = stage();
  expect(await reportRollout(Promise.resolve(outcome({ kind })), inputs, { world })).toBe(exitCode);
  expect(made.outputs.get('outcome')).toBe(kind);
  expect(made.states.get('reported')).toBe('yes');
  expect(made.states.get('github-deployment')).toBe('');
});

test('a story that throws leaves its failure to the entry', async () => {
  const { made, inputs, world } = stage();
  const failed = new Failure('NOT_FOUND', 'Service web does not exist.');
  await expect(reportRollout(Promise.reject(failed), inputs, { world })).rejects.toBe(failed);
  expect(made.states.has('reported')).toBe(false);
});
