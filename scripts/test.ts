/**
 * `npm test`: all tests. Finds a Docker engine or brings a private one, and gives its address to the tests; where
 * none can be had, the tests that need one say that they were skipped. Arguments go to Jest.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const given = process.argv.slice(2);
// Many tests wait for processes, containers and time limits: three workers keep two cores busy. Jest's own default is one less than the cores.
const workers = given.some((option) => /^(-w|-i|--maxWorkers|--runInBand)/.test(option))
  ? []
  : [`--maxWorkers=${Math.ceil(1.5 * availableParallelism())}`];
const engine = existsSync('scripts/engine.ts') ? await bringEngine() : {};
const { status } = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', ...workers, ...given],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...engine,
      // Node warns at each start of a worker that type stripping and VM modules are young; that hides real output.
      NODE_NO_WARNINGS: '1',
      // Tests start hundreds of processes of the same scripts and bundle: each is stripped of types and compiled once.
      NODE_COMPILE_CACHE: join(tmpdir(), 'ecs-rollout-compile-cache'),
    },
  },
);
process.exitCode = status ?? 1;

async function bringEngine(): Promise<Record<string, string>> {
  // Through a variable, so that the type check does not need the file.
  const path = './engine.ts';
  const { findOrBringEngine }: { findOrBringEngine(): Promise<{ env: Record<string, string> } | undefined> } =
    await import(path);
  return (await findOrBringEngine())?.env ?? {};
}
