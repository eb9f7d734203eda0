import { Failure } from '../../src/failure.ts';
import { Masker } from '../../src/masker.ts';
import { annotationOfFailure, failureSummaryOf, reportFailure } from '../../src/report/failed.ts';
import { Stage } from '../support/world.ts';

test('the annotation has every mistake, as it is written', () => {
  const json = '{"message":"b"}';
  const failure = new Failure('REFUSED', `No ${json}`, {
    mistakes: [{ subject: 'a', problem: `write ${json}` }],
    state: `Now ${json}`,
    remedy: `write ${json}`,
  });
  expect(annotationOfFailure(failure)).toEqual({
    kind: 'error',
    title: 'ECS Rollout',
    text: `No b\n  - a: write ${json}\nNow b\nWhat to do: write ${json}`,
  });
  expect(annotationOfFailure(new Failure('REFUSED', `x-y - ${json}`)).text).toBe('x-y - b');
  const long = annotationOfFailure(
    new Failure('REFUSED', Array.from({ length: 9 }, () => 'x '.repeat(400)).join('\n')),
  );
  expect(long.text).toHaveLength(4000);
});

test('a failure lists its mistakes, up to 100, and counts the others', () => {
  const page = (described: string, where?: string) => failureSummaryOf({ described, where });
  const lines = (count: number) =>
    ['It failed.', ...Array.from({ length: count }, (_, index) => `  - m${index}`)].join('\n');
  expect(page('It failed.')).toBe('## ❌ It failed.\n');
  expect(page(lines(1))).toBe('## ❌ It failed.\n\n- m0\n');
  expect(page('It failed.\nfirst - of all')).toBe('## ❌ It failed.\n\nfirst - of all\n');
  expect(page('ECS refused it. It said so.\nWhat to do: Wait.', 'web in shop/eu-west-1')).toBe(
    '## ❌ web in shop/eu-west-1: ECS refused it.\n\nIt said so.\n\n**What to do:** Wait.\n',
  );
  expect(page(lines(100)).split('\n')).toHaveLength(103);
  expect(page(lines(102))).toContain('- m99\n- and 2 more lines in the log of the step\n');
});

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
