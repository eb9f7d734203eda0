/**
 * `npm run mutate -- FILE...`: small changes of meaning (Stryker's mutators: comparisons, conditions, removed blocks, operators, literals,
 * optional chaining, ...) made one at a time, each run against the module's own tests. What survives is a decision that no test holds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `Usage: npm run mutate -- FILE... [options]

  --tests GLOB   the tests to run, may be given more than once; without it the module's own, else those of its folder:
                 src/watch/judge.ts is tested by __tests__/watch/judge.test.ts
  --sample N     only N mutants of each file, drawn by --seed (default 1)
  --least N      exit code 1 when a file's score is below N percent
  --survivors    print only what survived
  --help         this text`;

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    tests: { type: 'string', multiple: true, default: [] },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    least: { type: 'string', default: '0' },
    survivors: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Of Stryker's JSON report. https://github.com/stryker-mutator/mutation-testing-elements/tree/master/packages/report-schema */
interface Mutant {
  readonly mutatorName: string;
  readonly replacement: string;
  readonly status: 'Killed' | 'Survived' | 'Timeout' | 'NoCoverage' | 'RuntimeError' | 'CompileError' | 'Ignored';
  readonly location: { readonly start: Position; readonly end: Position };
}
interface Position {
  readonly line: number;
  readonly column: number;
}

/** A mutant under which the tests hang or cannot even load is noticed as well as one that fails a test. */
const KILLED: readonly Mutant['status'][] = ['Killed', 'Timeout', 'RuntimeError'];
const LEFT_OUT: readonly Mutant['status'][] = ['CompileError', 'Ignored'];
/** At a time. */
const PROCESSES = 2;
const WIDTH = 72;

if (values.help) console.log(HELP);
else if (files.length === 0 || !isNatural(values.sample ?? '1') || !isNatural(values.least)) {
  console.error(HELP);
  process.exitCode = 2;
} else {
  const scores = files.map(mutate);
  if (scores.some((score) => score === undefined)) process.exitCode = 2;
  else if (scores.some((score) => (score ?? 0) < Number(values.least))) process.exitCode = 1;
}

function isNatural(text: string): boolean {
  return /^\d+$/.test(text);
}

/** `__tests__/watch/judge.test.ts` for `src/watch/judge.ts`, where there is one, else `__tests__/watch/*.test.ts`. */
function testsOf(file: string): string[] {
  const folder = join('__tests__', relative('src', dirname(file)));
  const own = join(folder, `${basename(file, '.ts')}.test.ts`);
  return [existsSync(own) ? own : join(folder, '*.test.ts')];
}

/** @returns the file's score in percent; undefined when Stryker could not run, whose words have been printed */
function mutate(file: string): number | undefined {
  if (!existsSync(file)) {
    console.error(`There is no file ${file}.`);
    return undefined;
  }
  const tests = values.tests.length > 0 ? values.tests : testsOf(file);
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync(join('.cache', 'mutate-'));
  try {
    const report = join(folder, 'report.json');
    const config = join(folder, 'stryker.json');
    writeFileSync(config, JSON.stringify(configuration(file, tests, { folder, report })));
    const { status, stdout } = spawnSync(
      process.execPath,
      ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', config],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          ...process.env,
          NODE_NO_WARNINGS: '1',
          SEED: values.seed,
          ...(values.sample === undefined ? {} : { SAMPLE: values.sample }),
        },
      },
    );
    if (status !== 0 || !existsSync(report)) {
      console.error(stdout);
      return undefined;
    }
    const { files } = JSON.parse(readFileSync(report, 'utf8')) as { files: Record<string, { mutants: Mutant[] }> };
    return print(file, tests, Object.values(files)[0]?.mutants ?? []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** https://stryker-mutator.io/docs/stryker-js/configuration */
function configuration(
  file: string,
  tests: readonly string[],
  { folder, report }: { readonly folder: string; readonly report: string },
): object {
  return {
    mutate: [file],
    testRunner: 'jest',
    testRunnerNodeArgs: ['--experimental-vm-modules'],
    // Over ES modules Stryker cannot see which test covers what, so each mutant runs all tests of the module.
    coverageAnalysis: 'off',
    jest: {
      config: { testMatch: tests.map((test) => `**/${test}`), testEnvironmentOptions: { sourcesChange: true } },
      enableFindRelatedTests: false,
    },
    concurrency: PROCESSES,
    plugins: ['@stryker-mutator/jest-runner', join(import.meta.dirname, 'mutate', 'plugin.js')],
    checkers: ['sample'],
    ignorers: ['wording'],
    ignorePatterns: ['.cache', '.git', 'dist', 'bench'],
    disableTypeChecks: false,
    reporters: ['json'],
    jsonReporter: { fileName: report },
    tempDirName: join(folder, 'sandbox'),
    logLevel: 'error',
    allowConsoleColors: false,
  };
}

function print(file: string, tests: readonly string[], mutants: readonly Mutant[]): number {
  const lines = readFileSync(file, 'utf8').split('\n');
  const run = mutants.filter(({ status }) => !LEFT_OUT.includes(status));
  const killed = run.filter(({ status }) => KILLED.includes(status));
  console.log(`${file}, tested by ${tests.join(', ')}`);
  for (const mutant of run.toSorted(byPlace)) {
    const isKilled = KILLED.includes(mutant.status);
    if (isKilled && values.survivors) continue;
    const { line, column } = mutant.location.start;
    const change = `${short(textAt(lines, mutant))}  ->  ${short(mutant.replacement)}`;
    console.log(`  ${isKilled ? 'killed  ' : 'SURVIVED'}  ${`${line}:${column}`.padEnd(8)}${change}`);
  }
  const score = run.length === 0 ? 100 : (killed.length / run.length) * 100;
  const of = values.sample === undefined ? '' : ` (a sample; seed ${values.seed})`;
  console.log(`${file}: ${killed.length} of ${run.length} killed, ${score.toFixed(1)} %${of}\n`);
  return score;
}

/** Stryker reports in the order in which mutants ended. */
function byPlace(a: Mutant, b: Mutant): number {
  const [from, to] = [a.location.start, b.location.start];
  return from.line - to.line || from.column - to.column || a.replacement.localeCompare(b.replacement);
}

/** Lines and columns count from 1. */
function textAt(lines: readonly string[], { location: { start, end } }: Mutant): string {
  const inside = lines.slice(start.line - 1, end.line);
  const last = inside.length - 1;
  return inside
    .map((line, i) => line.slice(i === 0 ? start.column - 1 : 0, i === last ? end.column - 1 : undefined))
    .join('\n');
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 3)}...` : line;
}
