import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { failuresOf } from '../scripts/failed-tests.ts';

/** What a run says at its end is what somebody pastes who has only the log of CI. */
const failed = (fullName: string, ...failureMessages: string[]) => ({ fullName, status: 'failed', failureMessages });
const file = (path: string, ...testResults: ReturnType<typeof failed>[]) => ({
  testFilePath: `/root/__tests__/${path}`,
  testResults: [{ fullName: 'good', status: 'passed', failureMessages: [] }, ...testResults],
});

test('each failed test with the command that runs it alone', () => {
  const testResults = [
    file('good.test.ts'),
    file('a.test.ts', failed("it's (a)", 'no')),
    file('b.test.ts', failed('b')),
  ];
  expect(failuresOf({ testResults }, '/root')).toEqual([
    String.raw`npm test -- __tests__/a.test.ts -t '^it'\''s \(a\)$'`,
    "npm test -- __tests__/b.test.ts -t '^b$'",
  ]);
});

test('a file that could not be loaded', () => {
  const testResults = [{ ...file('a.test.ts'), testResults: [], testExecError: new SyntaxError('x') }];
  expect(failuresOf({ testResults }, '/root')).toEqual(['npm test -- __tests__/a.test.ts']);
});

test('a property with the seed of its values, as fast-check words it', () => {
  const seed = 42;
  let message = '';
  try {
    fc.assert(
      fc.property(fc.integer(), (n) => n < 1000),
      { seed },
    );
  } catch (thrown) {
    message = String(thrown);
  }
  const testResults = [file('a.test.ts', failed('a', message))];
  expect(failuresOf({ testResults }, '/root')).toEqual([`SEED=${seed} npm test -- __tests__/a.test.ts -t '^a$'`]);
});

test.each([['7'], ['-7']])('SEED=%s is the seed of its values', (seed) => {
  const script = `
    process.env.SEED = '${seed}';
    await import('./__tests__/support/seed.ts');
    const { default: fc } = await import('fast-check');
    console.log(fc.check(fc.property(fc.integer(), () => true)).runConfiguration.seed);`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  expect(stdout.trim()).toBe(seed);
});
