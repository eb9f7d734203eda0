import { spawnSync } from 'node:child_process';

const mutate = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['scripts/mutate.ts', ...args], { encoding: 'utf8' });
const FARE = ['__tests__/mutate/fare.ts', '--tests', '__tests__/mutate/fare.test.ts'];

test('what no test holds survives, with its line and the change; all else is killed', () => {
  const { stdout, stderr, status } = mutate(...FARE, '--least', '99');
  expect(stderr).toBe('');
  expect(stdout.match(/SURVIVED.*/g)).toEqual(['SURVIVED  5:22    age >= 65  ->  age > 65']);
  expect(stdout).toMatch(/killed +4:7 +age < 6 {2}-> {2}age <= 6/);
  // A sentence is no decision.
  expect(stdout).not.toMatch(/^ +\w+ +\d+:\d+ +'An age/m);
  const [, killed, all] = /: (\d+) of (\d+) killed/.exec(stdout) ?? [];
  expect(Number(killed)).toBe(Number(all) - 1);
  expect(Number(all)).toBeGreaterThanOrEqual(15);
  expect(status).toBe(1);
});

test('a sample is the same for the same seed', () => {
  const [one, same] = ['7', '7'].map((seed) => mutate(...FARE, '--sample', '5', '--seed', seed).stdout);
  expect(one).toMatch(/ of 5 killed, .* % \(a sample; seed 7\)$/m);
  expect(same).toBe(one);
});

test('a file that is not there, and no file', () => {
  expect(mutate('src/nothing.ts')).toMatchObject({ status: 2, stderr: 'There is no file src/nothing.ts.\n' });
  expect(mutate().status).toBe(2);
});
