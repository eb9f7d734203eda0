/**
 * Jest's reporter of what failed, at the end of a run: each test by its name, with the command that runs it alone and, where it was a
 * property that failed, with the seed of its random values (`SEED=123 npm test -- ...` runs it with the same ones).
 */
interface Results {
  readonly testResults: readonly {
    readonly testFilePath: string;
    /** Of the file itself: it could not be loaded. */
    readonly testExecError?: unknown;
    readonly testResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** A line for each, in the order of the files; nothing where all is well. */
export function failuresOf({ testResults }: Results, root: string): readonly string[] {
  return testResults.flatMap(({ testFilePath, testExecError, testResults: tests }) => {
    const file = testFilePath.replace(`${root}/`, '');
    const failed = tests.filter(({ status }) => status === 'failed');
    if (failed.length === 0) return testExecError === undefined ? [] : [`npm test -- ${file}`];
    return failed.map(({ fullName, failureMessages }) => {
      const seed = /\{ seed: (-?\d+), path: /.exec(failureMessages.join('\n'))?.[1];
      return `${seed === undefined ? '' : `SEED=${seed} `}npm test -- ${file} -t ${quoted(patternOf(fullName))}`;
    });
  });
}

/** `-t` is a regular expression. */
const patternOf = (name: string): string => `^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

export default class FailedTests {
  readonly #root: string;

  constructor({ rootDir }: { readonly rootDir: string }) {
    this.#root = rootDir;
  }

  onRunComplete(_: unknown, results: Results): void {
    const failures = failuresOf(results, this.#root);
    if (failures.length > 0) console.error(`\nEach failed test alone:\n${failures.join('\n')}`);
  }
}
