import { Failure } from '../../src/failure.ts';
import { Masker } from '../../src/masker.ts';
import type { OutcomeKind } from '../../src/outcome.ts';
import { reportFailure, reportRollout } from '../../src/report/report.ts';
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

test.each([
  ['CANCELLED', true, 'cancelled'],
  ['INVALID_INPUT', false, 'failed'],
] as const)('a failure %s is reported once, with its output', async (code, untouched, output) => {
  const { made, world } = stage();
  const thrown = new Failure(code, 'What went wrong.');
  const stackOf = async (): Promise<string> => 'the stack';
  const reported = await reportFailure({ thrown, untouched, stackOf }, { ...world, masker: new Masker() });
  expect(reported.message).toBe('What went wrong.');
  expect(made.outputs.get('outcome')).toBe(output);
  expect(made.lines).toEqual(
    untouched ? ['What went wrong.', 'Nothing was changed in ECS: the service is as it was.'] : ['What went wrong.'],
  );
});

test('the stack is shown for a bug of ours alone', async () => {
  const { made, world } = stage();
  const thrown = new Failure('INTERNAL', 'x is undefined', { cause: new TypeError('x is undefined') });
  await reportFailure(
    { thrown, untouched: false, stackOf: async () => 'the stack' },
    { ...world, masker: new Masker() },
  );
  expect(made.lines).toEqual(['x is undefined', 'Stack, for a bug report', 'the stack']);
});
