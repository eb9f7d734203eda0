/**
 * `npm run all`: everything that CI checks, each part by the command that people use. Runs all of them even after a
 * failure, and ends with the line `N passed, N failed`, which counts every test and every other check.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'ecs-rollout-all-'));
const results = join(folder, 'jest.json');
const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['lint', 'npm', 'run', '--silent', 'lint'],
  ['types', 'npm', 'run', '--silent', 'types'],
  ['README', process.execPath, 'scripts/readme.ts', '--check'],
  ['Troubleshooting', process.execPath, 'scripts/troubleshooting.ts', '--check'],
  ['pictures', process.execPath, 'scripts/screenshots.ts', '--check'],
  ['dist', 'npm', 'run', '--silent', 'dist-check'],
  ['tests', 'npm', 'test', '--silent', '--', '--json', `--outputFile=${results}`],
];

let passed = 0;
let failed = 0;
const failures: string[] = [];
for (const [name, command, ...args] of checks) {
  const start = performance.now();
  console.log(`\n== ${name}`);
  const good = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
  const counted = name === 'tests' ? countTests() : undefined;
  passed += counted?.passed ?? Number(good);
  // A run that fails without a failed test (a crash, a suite that does not load) must still count.
  failed += counted ? Math.max(counted.failed, Number(!good)) : Number(!good);
  if (!good) failures.push(name);
  console.log(`== ${name}: ${good ? 'ok' : 'FAILED'} (${Math.round((performance.now() - start) / 1000)} s)`);
}
rmSync(folder, { recursive: true, force: true });
if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function countTests(): { passed: number; failed: number } | undefined {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch {
    return undefined; // Jest did not get so far; its exit code counts
  }
}
