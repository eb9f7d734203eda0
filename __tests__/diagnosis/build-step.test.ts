import { explainStep, failedStep } from '../../src/diagnosis/build-step.ts';

const ENDED = 'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1';
const of = (line: string, rest: object = {}) => explainStep({ command: 'npm ci', exitCode: 1, lines: [line], ...rest });

describe('the step that failed', () => {
  test.each<[string, string | undefined, number?]>([
    [ENDED, 'npm ci', 1],
    [`process '/bin/bash -eo pipefail -c a   b' did not complete successfully: exit code: 127`, 'pipefail -c a b', 127],
    ['process "/bin/sh -c npm ci" did not complete successfully: x', 'npm ci'],
    ['process "npm ci" did not complete successfully', 'npm ci'],
    ["The command '/bin/sh -c npm ci' returned a non-zero code: 2", 'npm ci', 2],
    ['executor failed running [/bin/sh -c npm ci]: exit code: 137', 'npm ci', 137],
    ['the process ended', undefined],
  ])('%s', (text, command, code = undefined) =>
    expect(failedStep(text)).toEqual(
      command === undefined ? undefined : expect.objectContaining({ command, exitCode: code }),
    ),
  );
  test('has what it printed, without what BuildKit writes', () => {
    const text = [
      '#12 [build 3/4] RUN npm ci',
      '#12 1.234 first  ',
      '#12 plain',
      '0.5 second',
      '  | third',
      '',
      '------',
      ' > [build 3/4] RUN npm ci:',
      '>>> RUN npm ci',
      'Dockerfile:3',
      'my.Dockerfile.prod:3',
      '[build 3/4] RUN x',
      'ERROR: failed to x',
      'error: executor failed x',
      'ERROR: it broke',
      'x ------',
      ENDED,
    ].join('\n');
    expect(failedStep(text)?.lines).toEqual(['first', 'plain', 'second', 'third', 'ERROR: it broke', 'x ------']);
  });
  test('has what the runtime says where it could not start', () =>
    expect(failedStep('process "x" did not complete successfully: exec: no shell')?.lines).toContain('exec: no shell'));
  test('has the last 300 lines, each of 1,000 characters', () => {
    const lines = failedStep(`a\n${'b\n'.repeat(298)}${'c'.repeat(1001)}\n${ENDED}`)?.lines ?? [];
    expect([lines.length, lines[0], lines.at(-1)?.length]).toEqual([299, 'b', 1000]);
  });
});

/** What tools print, separated by ` | `, and what it means. */
const TOOLS: readonly (readonly [texts: string, cause: string, rule?: string])[] = [
  ['No space left on device | ENOSPC', 'the disk of the builder is full', 'build-disk-full'],
  ['heap out of memory | Killed | SIGKILL | signal: 9 | ENOMEM', 'it ran out of memory', 'build-oom'],
  ['exec: "/bin/sh": stat /bin/sh: no such file', 'the image of that stage has no shell (/bin/sh)'],
  ['qemu: uncaught target signal 11 | qemu-x86_64: a', 'the program crashed under emulation'],
  ['npm ci can only install with an existing package-lock', 'npm ci found no package-lock.json'],
  ['ERR_PNPM_IGNORED_BUILDS', 'pnpm did not run the build scripts of dependencies that'],
  ['Ignored build scripts: esbuild, x', 'pnpm did not run the build scripts of dependencies (esbuild)'],
  ['ERR_PNPM_OUTDATED_LOCKFILE', 'pnpm-lock.yaml (lock file) is missing'],
  ['npm error package.json and package-lock.json are not in sync', 'package-lock.json (lock file) does not fit'],
  ['npm ERR! Missing: left-pad@9 from lock file', 'package-lock.json (lock file) does not fit'],
  ['YN0028', 'the lock file (yarn.lock, bun.lock) does not fit'],
  ['ERESOLVE', 'npm cannot resolve the dependencies'],
  ['npm error E401 | npm ERR! code: 403', 'the npm registry refused the login'],
  ['npm error 404 Not Found | npm ERR! code E404 | ETARGET', 'a package is not in the npm registry'],
  ['No matching version found for left-pad@9', 'a package (left-pad@9) is not in the npm registry'],
  ['EBADENGINE', 'the Node.js version of the base image'],
  ['ERR_OSSL_EVP_UNSUPPORTED', 'the bundler (webpack 4)'],
  ["Cannot find module '@rollup/rollup-linux-x64-gnu'", 'the native part @rollup/rollup-linux-x64-gnu of'],
  ["No module named 'distutils'", 'a package needs the Python module distutils'],
  ['node-gyp rebuild', 'a native npm module could not be compiled'],
  ['npm error Missing script: "build" | Command "build" not found', 'package.json has no script "build"'],
  ['No matching distribution found for foo==1', 'pip found no distribution of foo==1'],
  ['Could not find a version that satisfies the requirement foo==1 (', 'pip found no distribution of foo==1'],
  ['ResolutionImpossible', 'the Python requirements conflict'],
  ['pyproject.toml changed significantly since poetry.lock', 'the Python lock file does not fit'],
  ['pg_config executable not found', 'the client library of PostgreSQL (libpq) is not in that stage'],
  ['Failed building wheel for psycopg2', 'pip found no ready wheel of a package (psycopg2)'],
  [
    'fatal error: libpq/x.h: No such file',
    'the development files of a system library are not in that stage (libpq/x.h)',
  ],
  ['curl: (22) The requested URL returned error: 404', 'a download was refused with HTTP status 404'],
  ['Cannot find matching keyid', 'the corepack of the base image is too old'],
  ['gradle-wrapper.jar', 'gradle/wrapper/gradle-wrapper.jar is not in the stage'],
  ['externally-managed-environment', "pip may not install into the system's Python"],
  [
    "E: Unable to locate package foo | Package 'foo' has no installation candidate",
    'apt does not know the package foo',
  ],
  ['E: The repository is not signed.', 'apt could not read the package lists'],
  ['ERROR: unable to select packages:', 'apk does not know the package or version'],
  ['foo (no such package)', 'apk does not know the package foo or version'],
  [
    'go: go.mod requires go >= 1.23 | note: module requires Go 1.23',
    'the Go version of the base image is older than go.mod requires (1.23)',
  ],
  ['invalid go version', 'the Go version of the base image is older than go.mod requires.'],
  ['terminal prompts disabled', 'a private Git repository or Go module could not be read'],
  ['missing go.sum entry', 'go.mod or go.sum does not fit the code'],
  ['NETSDK1045', 'the .NET SDK of the base image is older than the project targets.'],
  [
    'does not support targeting .NET 9.0',
    'the .NET SDK of the base image is older than the project targets (.NET 9.0)',
  ],
  ['linker `cc` not found', 'a linker or library for compiling is missing (cc)'],
  ['cannot find -lssl', 'a linker or library for compiling is missing (ssl)'],
  ['Could not find directory of OpenSSL', 'a linker or library for compiling is missing.'],
  ['requires ext-gd | extension gd is missing', 'the PHP extension gd is missing'],
  ['Could not find artifact a:b:1 | Could not transfer artifact a:b:1', 'Maven or Gradle could not resolve a:b:1'],
  ["Could not GET 'x'", 'Maven or Gradle could not resolve a dependency'],
  ['COMPILATION ERROR', 'the Java code did not compile'],
  ['./gradlew: Permission denied', './gradlew is not executable'],
  ['sh: x: Permission denied', 'the script is not executable'],
  ['Your Ruby version is 3', 'the language version of the base image'],
  ['Bundler::GemNotFound', 'bundler could not install the gems'],
  ['self-signed certificate', 'TLS failed inside the step'],
  ['getaddrinfo EAI_AGAIN | connection reset', 'a download in the step failed', 'build-network'],
  ['sh: ./run.sh: not found', './run.sh is not in that stage, or its interpreter'],
  ['sh: foo: not found | foo: command not found', 'the command foo is not in that stage'],
  [
    "ENOENT: no such file or directory, open 'x.json'",
    'a file or command that the step needs (x.json) is not in that stage',
  ],
  ['NETSDK1004 | NETSDK1005 | project.assets.json', 'the project was not restored in this stage'],
  ['NU1101: x | Unable to find package x | error NU12', 'NuGet could not restore a package'],
  ['x.cs: error CS1001: x | error MSB1009: x', 'the .NET compiler rejected the code'],
  ["error TS2307: Cannot find module './x' | error TS7016: 'x' './x'", 'TypeScript did not find the module'],
  ["Cannot find module './x' or its corresponding type", 'TypeScript did not find the module ./x'],
  ['x error TS1005: y | Type error: x', 'the TypeScript compiler rejected'],
  ['Failed to compile. | x Failed to compile', 'the bundler did not compile the code'],
  ['Module not found: \'x\' | Cannot find module "x" | ModuleNotFoundError: x', 'a module was not found: x'],
  ['No module named x | package a/b is not in std: x | Could not resolve "x"', 'a module was not found: x'],
  ['Cannot find module', 'a module was not found.'],
  ['requires rustc 1.80', 'the Rust toolchain of the base image is too old for a dependency (needs rustc 1.80)'],
  ['rustc 1.60.0 is not supported | feature `edition2024` is required', 'the Rust toolchain of the base image is too'],
  ['lock file version `4` requires | lock file version 4 requires', 'the Rust toolchain of the base image is too'],
  [
    'error[E0308]: x | could not compile `x` | lock file a/Cargo.lock needs to be updated but --locked',
    'cargo could not',
  ],
  [
    'E: http://x/y  404  Not Found | Err:1 http://x 404 Not Found | Failed to fetch http://x  404  Not Found',
    'apt could not',
  ],
  ['  404  Not Found [IP | Hash Sum mismatch | NO_PUBKEY 1 | Release file x is not valid', 'apt could not read'],
  [
    'invalid source release: 21 | release version 21 not supported | error: x class file has wrong version',
    'the Java code',
  ],
  ['Tests run: 3, Failures: 1, 10 failed | Test Suites: 10 failed | 1 failed', 'tests failed in the step'],
  [
    'poetry.lock is out of date | uv.lock needs to be updated | The lockfile at `uv.lock` needs to be updated',
    'the Python lock',
  ],
  ['Your lockfile needs to be updated | lockfile had changes, but lockfile is frozen', 'the lock file (yarn.lock'],
  ['unable to resolve dependency tree | peer dep missing', 'npm cannot resolve the dependencies'],
  [
    'Package libfoo was not found in the pkg-config search path',
    'a linker or library for compiling is missing (libfoo)',
  ],
  ['pkg-config x could not be found', 'a linker or library for compiling is missing'],
  ['PHP extension "gd" is not loaded', 'the PHP extension gd is missing'],
  ['fatal: Authentication failed | reading http://x: 404 Not Found', 'a private Git repository or Go module'],
  ['wget: server returned error: HTTP/1.1 403 Forbidden', 'a download was refused with HTTP status 403'],
  ['./run.sh: Permission denied | Permission denied: ./mvnw', ''],
  ['Tests: 3 failed | 2 failing | FAILED (errors=1) | AssertionError', 'tests failed in the step'],
];
test.each(TOOLS.flatMap(([texts, ...rest]) => texts.split(' | ').map((text) => [text, ...rest] as const)))(
  '%s: %s',
  (text, cause, rule: string | undefined = undefined) => {
    const told = of('', { lines: ['x', text, 'y'] });
    expect(`${told?.cause}`.startsWith(`The build step \`npm ci\` failed: ${cause}`)).toBe(true);
    expect(told?.cause.endsWith(`. (${text})`)).toBe(true);
    expect(told).toMatchObject({ line: text });
    expect(told?.rule).toBe(rule);
    expect(told && 'rule' in told).toBe(rule !== undefined);
  },
);

test.each([
  ['src/main.go:10:5: undefined: x', 'src/main.go:10'],
  ['e: file:///app/A.kt:3:1 x', 'file:///app/A.kt:3'],
  ['[ERROR] /app/A.java:3: x', '/app/A.java:3'],
  ['src/a.ts(3,4): error TS1: x', 'src/a.ts:3'],
  ['error: src/a.rs:3 x', 'src/a.rs:3'],
])('what a compiler rejects: %s', (line, place) => {
  expect(of('', { lines: ['src/b.go:1:1: warning: x', `see ${line}`, line] })).toMatchObject({
    cause: `The build step \`npm ci\` failed: the compiler rejected ${place}. (${line})`,
    line,
  });
});

test.each([
  ['Error: PermissionError: [Errno 13] x', 'with exit code 1'],
  ['Error: DATABASE_URL is not set', 'it needs the environment variable DATABASE_URL, which is not set'],
  ['NoCredentialsError: Unable to locate credentials', 'it calls AWS, and a build has no credentials'],
])('what a program says while the image is built: %s', (line, cause) =>
  expect(of(line)?.cause).toContain(cause === 'with exit code 1' ? 'failed' : `failed: ${cause}`),
);

test('else the telling line, or the last', () => {
  const cause = 'The build step `npm ci` failed with exit code 1: ';
  expect(of('', { lines: ['SomethingError: odd', 'bye'] })).toMatchObject({
    cause: `${cause}SomethingError: odd`,
    line: 'SomethingError: odd',
  });
  expect(of('', { lines: ['hello', 'bye'] })?.cause).toBe(`${cause}bye`);
  expect(of('bye', { exitCode: undefined })?.cause).toBe('The build step `npm ci` failed: bye');
  expect(of('', { lines: [] })).toBeUndefined();
});

test('long commands and lines are cut, what matched stays', () => {
  const long = (length: number) => of('bye', { command: 'c'.repeat(length) })?.cause;
  expect(long(200)).toContain(`\`${'c'.repeat(200)}\``);
  expect(long(201)).toContain(`\`${'c'.repeat(197)}...\``);
  const shown = (line: string) => /\((.*)\)$/.exec(of(line)?.cause ?? '')?.[1] ?? '';
  expect(shown(`ENOSPC${'x'.repeat(194)}`)).toHaveLength(200);
  expect(shown(`ENOSPC ${'x'.repeat(300)}`)).toBe(`ENOSPC ${'x'.repeat(187)}...`);
  expect(shown(`${'x'.repeat(300)} ENOSPC`)).toBe(`...${'x'.repeat(193)} ENOSPC...`);
  expect(shown(`${'x'.repeat(100)} ENOSPC ${'y'.repeat(300)}`)).toMatch(/^\.\.\.x{39} ENOSPC y{147}\.\.\.$/);
});
