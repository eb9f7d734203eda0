import { Failure } from '../../src/failure.ts';
import { Masker } from '../../src/masker.ts';
import { reportFailure } from '../../src/report/failure-report.ts';
import { Stage } from '../support/world.ts';

test.each([
  ['CANCELLED', true, 'cancelled'],
  ['INVALID_INPUT', false, 'failed'],
] as const)('a failure %s is reported once, with its output', async (code, untouched, output) => {
  const made = new Stage();
  const thrown = new Failure(code, 'What went wrong.');
  const stackOf = async (): Promise<string> => 'the stack';
  const reported = await reportFailure({ thrown, untouched, stackOf }, { ...made.world, masker: new Masker() });
  expect(reported.message).toBe('What went wrong.');
  expect(made.outputs.get('outcome')).toBe(output);
  expect(made.lines).toEqual(
    untouched ? ['What went wrong.', 'Nothing was changed in ECS: the service is as it was.'] : ['What went wrong.'],
  );
});

test('the stack is shown for a bug of ours alone', async () => {
  const made = new Stage();
  const thrown = new Failure('INTERNAL', 'x is undefined', { cause: new TypeError('x is undefined') });
  await reportFailure(
    { thrown, untouched: false, stackOf: async () => 'the stack' },
    { ...made.world, masker: new Masker() },
  );
  expect(made.lines).toEqual(['x is undefined', 'Stack, for a bug report', 'the stack']);
});
