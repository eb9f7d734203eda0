import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The dump that a redesign is compared by is worth something only if the same code always gives the same. */
const folder = mkdtempSync(join(tmpdir(), 'freeze-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const freeze = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['scripts/freeze.ts', ...args], { encoding: 'utf8' });
const of = (...path: readonly string[]): string => join(folder, ...path);
const STORY = 'cancelled';

test('two dumps of the same code are the same, and a changed one is not', () => {
  for (const name of ['a', 'b']) expect(freeze(of(name), '--only', STORY)).toMatchObject({ status: 0, stderr: '' });
  expect(freeze('--compare', of('a'), of('b'))).toMatchObject({ status: 0, stdout: 'Nothing differs.\n' });

  // A run of minutes, ended by a signal and taken up again, in its own time.
  const log = readFileSync(of('a', 'stories', STORY, '1-deploy', 'log.txt'), 'utf8');
  expect(log).toContain('cancelled');
  const { seconds, exitCode } = JSON.parse(readFileSync(of('a', 'stories', STORY, '1-deploy', 'end.json'), 'utf8'));
  expect(exitCode).toBe(1);
  expect(seconds).toBeGreaterThanOrEqual(20);

  cpSync(of('a'), of('c'), { recursive: true });
  writeFileSync(of('c', 'stories', STORY, '1-deploy', 'log.txt'), log.replace('cancelled', 'called off'));
  const compared = freeze('--compare', of('a'), of('c'));
  expect(compared.status).toBe(1);
  expect(compared.stdout).toMatch(/^log\.txt: 1 differ$/m);
  expect(compared.stdout).toContain('called off');
});

test.each([
  ['without a folder', []],
  ['with one folder to compare', ['--compare', 'a']],
])('%s it says how it is used', (_, args) => {
  const { status, stderr } = freeze(...args);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^Usage: /);
});
