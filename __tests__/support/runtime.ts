/**
 * Jest's runtime, which keeps the modules of a worker from one test file to the next, except those of the tests themselves. Jest loads, links
 * and evaluates all modules for each file, and V8 then interprets them until they are hot again: half of the CPU time of most files.
 * No module of `src/` or `simulator/` has a state that a later test could see: a run of the action loads each of them once, too.
 *
 * Where sources change between two files (`--watch`; `npm run mutate`, by the environment's option `sourcesChange`), only packages are kept.
 */
import { createRequire } from 'node:module';

/** What is used of Jest's own class, whose parts are not documented. */
interface Runtime {
  _testPath: string;
  readonly esmLoader: { testPath: string };
  readonly executor: { testPath: string };
  readonly fileCache: { clear(): void };
  readonly transformCache: { clear(): void };
  readonly jestGlobals: { clearJestObjectCache(): void };
  readonly registries: {
    readonly esModuleRegistry: Map<string, unknown>;
    readonly moduleRegistry: Map<string, unknown>;
    readonly internalModuleRegistry: Map<string, unknown>;
  };
  readonly testMainModule: { reset(): void };
  readonly testState: { state: string };
  restoreAllMocks(): void;
  teardown(): void;
}
type Given = readonly [
  config: { readonly testEnvironmentOptions: { readonly sourcesChange?: boolean } },
  environment: unknown,
  resolver: unknown,
  transformer: unknown,
  cacheFS: unknown,
  coverageOptions: unknown,
  testPath: string,
  globalConfig: { readonly watch: boolean; readonly watchAll: boolean },
];
const require = createRequire(import.meta.url);
const jest: { readonly default: new (...given: Given) => Runtime } = require('jest-runtime');

/** Of a test file: itself, what tests share, and Jest's own list of its tests. */
const OF_ONE_FILE = /\/(?:__tests__|jest-circus)\//;
const OUTSIDE_PACKAGES = /^(?!.*\/node_modules\/(?!jest-circus\/)).*\//;

let kept: KeptRuntime | undefined;

/** Jest calls it with `new` for each test file; a worker has one runtime. */
export default function runtimeOf(...given: Given): Runtime {
  kept ??= new KeptRuntime(...given);
  const [, , , , , , testPath] = given;
  kept.begin(testPath);
  return kept;
}

class KeptRuntime extends jest.default {
  readonly #dropped: RegExp;

  constructor(...given: Given) {
    super(...given);
    const [{ testEnvironmentOptions }, , , , , , , { watch, watchAll }] = given;
    this.#dropped = watch || watchAll || testEnvironmentOptions.sourcesChange ? OUTSIDE_PACKAGES : OF_ONE_FILE;
  }

  begin(testPath: string): void {
    this._testPath = testPath;
    this.esmLoader.testPath = testPath;
    this.executor.testPath = testPath;
    this.testState.state = 'loading';
  }

  /** At the end of a test file. */
  override teardown(): void {
    this.restoreAllMocks();
    this.testMainModule.reset();
    this.jestGlobals.clearJestObjectCache();
    this.fileCache.clear();
    this.transformCache.clear();
    const { esModuleRegistry, moduleRegistry, internalModuleRegistry } = this.registries;
    for (const registry of [esModuleRegistry, moduleRegistry, internalModuleRegistry])
      for (const key of registry.keys()) if (this.#dropped.test(key)) registry.delete(key);
    this.testState.state = 'tornDown';
  }
}
