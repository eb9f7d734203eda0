import {
  failedStep,
  explainOutput as outputInParts,
  type StepError,
  explainStep as stepInParts,
  toolOutput,
} from '../../src/diagnosis/build-step.ts';
import { say } from '../../src/diagnosis/say.ts';
import { technologiesIn } from '../../src/diagnosis/technologies.ts';

type Step = Parameters<typeof stepInParts>[0];
/** As a reader of the log is told it. */
const inWords = (step: Step, error: StepError | undefined) => {
  if (!error) return undefined;
  const atWork = technologiesIn({ text: [step.command, ...step.lines].join('\n'), context: {} });
  return { ...error, cause: say(error.cause, atWork), remedy: say(error.remedy, atWork) };
};
const explainStep = (step: Step) => inWords(step, stepInParts(step));
const explainOutput = (step: Step) => inWords(step, outputInParts(step));

const ENDED = 'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1';
const of = (line: string, rest: object = {}) => explainStep({ command: 'npm ci', exitCode: 1, lines: [line], ...rest });

describe('the step that failed', () => {
  test.each<[string, string | undefined, number?]>([
    [ENDED, 'npm ci', 1],
    [`process '/bin/bash -eo pipefail -c a   b' did not complete successfully: exit code: 127`, 'a b', 127],
    ['process "/bin/sh -c npm ci" did not complete successfully: x', 'npm ci'],
    ['process "npm ci" did not complete successfully', 'npm ci'],
    ["The command '/bin/sh -c npm ci' returned a non-zero code: 2", 'npm ci', 2],
    ['executor failed running [/bin/sh -c npm ci]: exit code: 137', 'npm ci', 137],
    ['process "/bin/sh -x -eu npm ci" did not complete successfully: exit code: 1', 'npm ci', 1],
    ['The command "/bin/bash -x -c npm ci" returned a non-zero code: 137', 'npm ci', 137],
    ['The command "npm ci" returned a non-zero code 2', 'npm ci', 2],
    ['executor failed running npm ci: exit code: 1', 'npm ci', 1],
    ['process " npm\t ci " did not complete successfully: exit code: 1', 'npm ci', 1],
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
      '|fourth',
      '    fifth',
      '#12 12.345 sixth',
      '#12 1.2 3.4 seconds',
      '12.34 seventh',
      'in #12 8',
      'took 1.5 s',
      'a | b',
      '-------',
      '------ x',
      '|  > [a 1/2] RUN x',
      'x > [a',
      'Dockerfile:30',
      'in Dockerfile:3',
      'Dockerfile:3x',
      'a >>> b',
      '[build-a 10/12] RUN x',
      'x [build 1/2] y',
      'x ERROR: failed to x',
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
    expect(failedStep(text)?.lines).toEqual([
      ...[
        'first',
        'plain',
        'second',
        'third',
        'fourth',
        'fifth',
        'sixth',
        '3.4 seconds',
        'seventh',
        'in #12 8',
        'took 1.5 s',
        'a | b',
      ],
      ...[
        '------ x',
        'x > [a',
        'in Dockerfile:3',
        'Dockerfile:3x',
        'a >>> b',
        'x [build 1/2] y',
        'x ERROR: failed to x',
      ],
      ...['ERROR: it broke', 'x ------'],
    ]);
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
  ['Killed | SIGKILL | signal: 9 | ENOMEM', 'it ran out of memory', 'build-oom'],
  ['exec: "/bin/sh": stat /bin/sh: no such file', 'the image of that stage has no shell (/bin/sh)'],
  ['qemu: uncaught target signal 11 | qemu-x86_64: a', 'the program crashed under emulation'],
  ['npm ci can only install with an existing package-lock', 'npm ci found no package-lock.json'],
  ['ERR_PNPM_IGNORED_BUILDS', 'pnpm did not run the build scripts of dependencies that'],
  ['Ignored build scripts: esbuild, x', 'pnpm did not run the build scripts of dependencies (esbuild)'],
  ['ERR_PNPM_OUTDATED_LOCKFILE', 'pnpm-lock.yaml (lock file) is missing'],
  ['npm error package.json and package-lock.json are not in sync', 'package-lock.json (lock file) does not fit'],
  ['npm ERR! Missing: left-pad@9 from lock file', 'package-lock.json (lock file) does not fit'],
  ['YN0028', 'the lock file (yarn.lock) does not fit package.json or the Yarn'],
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
  [
    'Error: Unable to access jarfile /app/gradle/wrapper/gradle-wrapper.jar',
    'gradle/wrapper/gradle-wrapper.jar is not in the stage',
  ],
  ['externally-managed-environment', "pip may not install into the system's Python"],
  [
    "E: Unable to locate package foo | Package 'foo' has no installation candidate",
    'apt does not know the package foo',
  ],
  ['E: The repository is not signed.', 'apt does not have the key of a repository'],
  ['ERROR: unable to select packages:', 'apk does not know a package in the version that is asked for'],
  ['foo (no such package)', 'apk does not know the package foo.'],
  [
    'go: go.mod requires go >= 1.23 | go: note: module requires Go 1.23',
    'the Go version of the base image is older than go.mod requires 1.23.',
  ],
  ['invalid go version', 'the Go version of the base image is older than go.mod requires.'],
  ['terminal prompts disabled', 'a Git repository or Go module could not be read'],
  ['missing go.sum entry', 'go.mod or go.sum does not fit the code'],
  ['NETSDK1045', 'the .NET SDK of the base image is older than the project targets.'],
  [
    'does not support targeting .NET 9.0',
    'the .NET SDK of the base image is older than the project targets (.NET 9.0)',
  ],
  ['linker `cc` not found', 'the linker cc is not in that stage'],
  ['cannot find -lssl', 'a linker or library for compiling is missing (ssl)'],
  ['Could not find directory of OpenSSL', 'a linker or library for compiling is missing.'],
  ['requires ext-gd | extension gd is missing', 'the PHP extension gd is missing'],
  ['Could not find artifact a:b:1 | Could not transfer artifact a:b:1', 'Maven or Gradle could not resolve a:b:1'],
  ["Could not GET 'x'", 'Maven or Gradle could not resolve a dependency'],
  ['COMPILATION ERROR', 'the code of the project did not compile'],
  ['./gradlew: Permission denied', './gradlew is not executable'],
  ['sh: x: Permission denied', 'the script is not executable'],
  ['Your Ruby version is 3', 'the language version of the base image'],
  ['Bundler::GemNotFound', 'bundler could not install the gems'],
  ['self-signed certificate', 'TLS failed inside the step'],
  ['getaddrinfo EAI_AGAIN | connection reset', 'a download in the step failed', 'build-network'],
  ['sh: ./run.sh: not found', './run.sh is not in that stage, or its interpreter'],
  ['sh: foo: not found | foo: command not found', 'the command foo is not in that stage'],
  ["ENOENT: no such file or directory, open 'x.json'", 'the file x.json, which the step needs, is not in that stage'],
  ['NETSDK1004 | NETSDK1005 | project.assets.json', 'the project was not restored in this stage'],
  ['NU1101: x | Unable to find package x | error NU12', 'NuGet could not restore a package'],
  ['x.cs: error CS1001: x', 'the .NET compiler rejected the code'],
  ['error MSB1009: x', 'MSBuild stopped with MSB1009 (x)'],
  ["error TS2307: Cannot find module './x' | error TS7016: 'x' './x'", 'TypeScript did not find the module'],
  ["Cannot find module './x' or its corresponding type", 'TypeScript did not find the module ./x'],
  ['x error TS1005: y | Type error: x', 'the TypeScript compiler rejected'],
  ['Failed to compile. | x Failed to compile', 'the bundler did not compile the code'],
  ['Module not found: \'x\' | Cannot find module "x" | ModuleNotFoundError: x', 'a module was not found: x'],
  ['No module named x | package a/b is not in std: x | Could not resolve "x"', 'a module was not found: x'],
  ['Cannot find module', 'a module was not found.'],
  ['requires rustc 1.80', 'the Rust toolchain of the base image is too old'],
  ['rustc 1.60.0 is not supported | feature `edition2024` is required', 'the Rust toolchain of the base image is too'],
  ['lock file version `4` requires | lock file version 4 requires', 'the Rust toolchain of the base image is too'],
  ['error[E0308]: x | could not compile `x`', 'cargo could not'],
  [
    'E: http://x/y  404  Not Found | Err:1 http://x 404 Not Found | Failed to fetch http://x  404  Not Found',
    'apt could not',
  ],
  ['  404  Not Found [IP | Hash Sum mismatch | NO_PUBKEY 1 | Release file x is not valid', 'apt could not read'],
  [
    'invalid source release: 21 | release version 21 not supported | error: x class file has wrong version',
    'the JDK of the base image is older than the project asks for',
  ],
  ['Tests: 10 failed | test result: FAILED. 1 passed | ==== 1 failed in 2s', 'tests failed in the step'],
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
  ['fatal: Authentication failed | reading http://x: 404 Not Found', 'a Git repository or Go module'],
  ['wget: server returned error: HTTP/1.1 403 Forbidden', 'a download was refused with HTTP status 403'],
  ['./run.sh: Permission denied | Permission denied: ./mvnw', ''],
  ['Tests: 3 failed | 2 failing | FAILED (errors=1) | There are test failures.', 'tests failed in the step'],
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

/** What a tool prints, in each of its forms, and the start of the cause up to where the name ends. */
const FORMS: readonly (readonly [cause: string, ...lines: string[]])[] = [
  [
    'the linter (ESLint) reports',
    '✖ 12 problems (12 errors, 0 warnings)',
    '✖ 1 problem (1 error)',
    "  12:34  error  'x' is not defined  no-undef",
    '12:34 error x is bad no-undef',
    '12:34  Error: x is bad.  @typescript-eslint/no-x',
  ],
  [
    'the JDK of that stage (Java 11) is older than a plugin or dependency needs (Java 17).',
    'compatible with Java 17 and the consumer needed a component compatible with Java 11',
  ],
  ['the bundle is larger', 'bundle initial exceeded maximum budget'],
  ['Git could not be read', 'error obtaining VCS status: exit status 128', 'detected dubious ownership in repository'],
  [
    'composer was refused by GitHub',
    'Could not authenticate against github.com',
    'GitHub API limit',
    'GitHub API rate limit (60 calls/hr)',
    'composer config --global github-oauth.github.com x',
    'composer config github-oauth.github.com x',
  ],
  ['the package left-pad is not in the npm registry', "'left-pad@^9.0' is not in this registry"],
  ['the package @acme/x is not in the npm registry', '"@acme/x@*" is not in the npm registry'],
  [
    'the user or group node exists already',
    "groupadd: group 'node' already exists",
    'adduser: user node in use',
    'user "node" is in use',
  ],
  [
    'the user or group 1000 exists already',
    "addgroup: gid '1000' in use",
    'useradd: UID 1000 already exists',
    'groupadd: GID 1000 already exists',
  ],
  [
    'a downloaded package is not the one',
    'THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE',
    'hash mismatch in the requirements',
    'hashes do not match the lock file',
    'hash does not match that of uv.lock',
    'EINTEGRITY',
    'integrity check failed',
    'integrity checksum failed',
    'checksum mismatch against go.sum',
    'checksum mismatch: SECURITY ERROR',
    'verifying example.com/a@v1.0.0: checksum mismatch',
  ],
  ['the daemon of Gradle was killed', 'Gradle build daemon disappeared unexpectedly'],
  ['apk does not accept the signature of https://x/main:', 'WARNING: https://x/main: BAD signature'],
  ['apk does not accept the signature of a-1.apk:', 'a-1.apk: UNTRUSTED signature'],
  [
    'the Python of the base image is not the version that the project asks for (>=3.12).',
    'No interpreter found for Python >=3.12 in managed installations',
  ],
  [
    'the Python of the base image is not the version that the project asks for.',
    'The current Python version (3.8.1) is not allowed',
    'running Python version is not supported',
    'current Python version is not compatible',
    'x requires a different Python: 3.8',
    'No Python at /usr/bin',
  ],
  [
    'the repository of Maven or Gradle refused the login (HTTP status 401).',
    'Could not transfer artifact a:b:1 from x: status code: 401',
    'Could not HEAD x 401',
    'Could not GET x: status401',
  ],
  [
    'the repository of Maven or Gradle refused the login (HTTP status 403).',
    'Received status code 403 from server: Forbidden',
  ],
  [
    'RUN in its array form takes npm run build as the name',
    'exec: "npm run build": executable file not found in $PATH',
    'exec: "npm run build": stat npm run build: no such file or directory',
  ],
  [
    'the tool cmake is not in that stage',
    'is `cmake` not installed?',
    'Could not find cmake in PATH',
    'Could not find `cmake`',
    'cmake not found',
    'cmake must be installed to build',
  ],
  [
    'the tool protoc is not in that stage',
    "Could not find 'protoc'",
    'protoc executable not found',
    'protoc was not found',
  ],
  ['pip builds a package the old way', "error: invalid command 'bdist_wheel'", 'invalid command "bdist_wheel"'],
  [
    'a gem has to be compiled',
    "mkmf.rb can't find header files for ruby at x",
    'You have to install development tools first.',
  ],
  [
    'the development files of a system library are not in that stage (libpq-fe.h).',
    "Can't find the 'libpq-fe.h header",
    "Can't find the libpq-fe.h header",
    'Cannot find libpq-fe.h',
    "configure: can't find libpq-fe.h",
    'cannot find libpq-fe.h',
    'x.c:1: fatal error: libpq-fe.h: No such file',
    'missing header libpq-fe.h',
  ],
  ['the development files of a system library are not in that stage (libffi).', "No package 'libffi' found"],
  [
    'the development files of a system library are not in that stage (libxml-2.0).',
    'configure: error: Package requirements (libxml-2.0 >= 2.7.6) were not met',
  ],
  ['the development files of a system library are not in that stage (libxml2).', 'libxml2 is missing. Install it'],
  ['the disk of the builder is full', 'no space left'],
  [
    'it ran out of memory',
    'signal: killed',
    'Cannot allocate memory',
    'virtual memory exhausted',
    'internal compiler error: Killed (program cc1plus)',
  ],
  ['the C compiler gcc is not in that stage', 'cgo: C compiler "gcc" not found: exec', 'C compiler gcc not found'],
  [
    'the user or group app:app does not exist',
    'chown: unknown user/group app:app',
    'unknown user: app:app',
    'unknown user app:app',
    "invalid user: 'app:app'",
    "invalid group 'app:app'",
    'invalid spec: ‘app:app’',
  ],
  ['the checksum of a download is not the expected one', '1 computed checksum of x did NOT match'],
  [
    'an archive that the step unpacks is damaged',
    'gzip: stdin: not in gzip format',
    'End-of-central-directory signature not found',
    'This does not look like a tar archive',
    'unexpected end of file',
    'invalid tar header',
    'invalid zip archive',
    'x is not a zip',
    'x is not a valid zip',
  ],
  ['the image of that stage has no shell (/bin/bash),', 'exec: "/bin/bash": stat /bin/bash: no such file or directory'],
  ['the program crashed under emulation', 'qemu-aarch64: Could not open'],
  ['a program of the step crashed (native code)', 'Illegal instruction (core dumped)', 'Segmentation fault'],
  [
    'npm ci found no package-lock.json',
    '`npm ci` can only install with an existing package-lock.json',
    'The `npm ci` command can only install with an existing',
  ],
  ['pnpm-lock.yaml (lock file) is missing', 'ERR_PNPM_NO_LOCKFILE', 'ERR_PNPM_FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE'],
  ['pnpm-lock.yaml (lock file) was written with another value', 'ERR_PNPM_LOCKFILE_CONFIG_MISMATCH'],
  ['Git over SSH does not know the key of the server', 'Host key verification failed.'],
  [
    'package-lock.json (lock file) does not fit',
    "npm ERR! Invalid: lock file's left-pad@1.0 does not satisfy left-pad@2",
    'npm error code Missing: left-pad@9 from lock file',
    'npm error `npm ci` package.json and package-lock.json in sync',
  ],
  [
    'the lock file (yarn.lock) does not fit',
    'lockfile would have been modified',
    'The lockfile would have been created',
  ],
  ['the lock file (yarn.lock, bun.lock) does not fit', 'error: frozen lockfile'],
  ['npm cannot resolve the dependencies', 'Conflicting peer dependency: react@18'],
  [
    'the npm registry refused the login',
    'ERR_PNPM_FETCH_401  GET https://x: Unauthorized',
    'error An unexpected error occurred: "https://x: 403',
    'YN0041: x: Invalid authentication token',
    'YN0033: x: not authorized',
    'npm error This command need auth',
    'npm ERR! Forbidden',
  ],
  [
    'a package is not in the npm registry',
    'E404 GET the registry',
    '404 Not Found - GET https://npm',
    '404 Not Found"',
    'ERR_PNPM_FETCH_404',
    'npm error code E404',
    'npm ERR! 404',
  ],
  ['a package (left-pad@^99.0) is not in the npm registry', 'No matching version found for left-pad@^99.0.'],
  [
    'the Node.js version of the base image',
    'npm error code EBADENGINE',
    'error x: engine "node" is incompatible',
    'engine node is incompatible',
    'Unsupported engine',
    'x requires Node.js 20',
    'The engine is wrong',
    'ERR_PNPM_UNSUPPORTED_ENGINE',
    'Node.js version >=18 is required',
  ],
  [
    'the bundler (webpack 4)',
    'digital envelope routines::unsupported',
    'error: digital envelope routines::initialization error',
  ],
  ['the native part a-linux-arm64-musl of', "Cannot find native binding of x 'a-linux-arm64-musl'"],
  ['the native part sharp-linuxmusl-x64 of', "Could not load 'sharp-linuxmusl-x64'"],
  ['the native part @swc/core-darwin-arm64 of', 'Failed to load "@swc/core-darwin-arm64"'],
  ['the native part ./x-win32-ia32.node of', "Could not find the file './x-win32-ia32.node'"],
  ['the native part ./x-linux-x64 of', 'Could not resolve "./x-linux-x64"'],
  ['a package needs the Python module imp,', "ModuleNotFoundError: No module named 'imp'"],
  ['a package needs the Python module pkg_resources,', 'No module named "pkg_resources"'],
  ['a package needs the Python module asyncore,', "No module named 'asyncore'"],
  ['a package needs the Python module cgi,', "No module named 'cgi'"],
  ['a native npm module could not be compiled', 'gyp ERR! build error', 'prebuild-install warn install'],
  [
    'package.json has no script "build:prod".',
    'npm error Missing script: "build:prod"',
    'npm ERR! missing script: build:prod',
    'ERR_PNPM_NO_SCRIPT  Missing script: build:prod',
    "ERR_PNPM the Missing script 'build:prod",
    'error x: Missing script build:prod',
  ],
  ['pip found no distribution of foo==1.0 for', 'ERROR: No matching distribution found for foo==1.0 (from x)'],
  [
    'pip found no distribution of foo==1.0 for',
    'ERROR: Could not find a version that satisfies the requirement foo==1.0 (from versions: none)',
  ],
  [
    'the Python requirements conflict',
    'these package versions have conflicting dependencies.',
    'SolverProblemError',
    'No solution found when resolving dependencies',
  ],
  [
    'the Python lock file does not fit',
    'poetry.lock is not up to date',
    'poetry.lock differs significantly',
    'uv.lock was changed',
    'The lockfile at x is not consistent',
  ],
  [
    'the client library of PostgreSQL (libpq) is not in that stage',
    "Can't find the 'libpq",
    "Can't find the libpq",
    'checking for pg_config... no',
  ],
  [
    'pip found no ready wheel of a package (foo-x) for',
    'ERROR: Failed building wheel for foo-x',
    "Failed to build 'foo-x' when getting requirements",
    'Failed to build foo-x when getting requirements',
  ],
  [
    'pip found no ready wheel of a package for',
    'error: metadata-generation-failed',
    'Getting requirements to build wheel did not run successfully.',
  ],
  [
    'a Python package had to be compiled',
    'OSError: mysql_config not found',
    'error: command gcc failed with exit status 1',
    'error: command "g++" failed',
    "error: command 'cc' failed",
    "error: command 'x86_64-linux-gnu-gcc' failed",
    "error: command 'aarch64-linux-gnu-gcc' failed",
    "unable to execute 'gcc': No such file",
    'unable to execute gcc',
  ],
  [
    'a download was refused with HTTP status 403.',
    'HTTP request sent, awaiting response... 403 Forbidden',
    `HTTP request sent${', awaiting'.repeat(11)} 403`,
    '2026-01-02 10:00:00 ERROR 403: Forbidden.',
    'x curl: (56) The requested URL returned error: 403',
  ],
  ['gradle/wrapper/gradle-wrapper.jar', 'Could not find or load main class org.gradle.wrapper.GradleWrapperMain'],
  [
    'apt does not know the package foo.',
    'E: Unable to locate package foo',
    "E: Package 'foo' has no installation candidate",
    'Package foo has no installation candidate',
  ],
  [
    'apt could not read the package lists',
    'Err:12 http://x/y 404  Not Found',
    'Ign http://x 404 Not Found',
    'W: http://x 404 Not Found',
    '   404   Not Found [IP: 1.2.3.4 80]',
    'x Failed to fetch http://x/y  404  Not Found',
    'x does not have a Release file',
    'x is no longer signed',
    'Release file for http://x is expired',
    'File has unexpected size (1 != 2)',
  ],
  ['apk does not know the package foo-bar.', '  foo-bar (no such package):'],
  ['the Go version of the base image is older than go.mod requires (1.23.4).', 'note: module requires Go 1.23.4'],
  ['the Go version of the base image is older than go.mod requires.', 'go: the file go.mod requires go 1.22'],
  [
    'a Git repository or Go module',
    'remote: Repository not found.',
    'ERROR: Repository not found',
    'could not read Username for https://x',
    'reading https://proxy/x: 410 Gone',
    'unrecognized import path "x"',
  ],
  [
    'go.mod or go.sum does not fit',
    'no required module provides package x',
    'updates to go.mod needed',
    'updates to go.sum needed',
  ],
  [
    'the .NET SDK of the base image is older than the project targets.',
    'A compatible .NET SDK was not found.',
    'x /app/global.json',
  ],
  ['NuGet could not restore', 'Unable to load the service index for source x'],
  [
    'a project file (/src/A/A.csproj) is not in that stage',
    'error MSB3202: The project file "/src/A/A.csproj" was not found.',
    'error MSB1009:"/src/A/A.csproj"',
  ],
  ['a project file is not in that stage', 'error MSB4019: The imported project "/a/B.targets" was not found.'],
  ['the .NET compiler rejected', 'x error FS0001: y', 'x error BC30451: y'],
  [
    'TypeScript did not find the module ../xx.',
    "error TS2307: Cannot find module '../xx' or its",
    'error TS7016: "../xx"',
    "Cannot find module '../xx' or its corresponding type declarations.",
  ],
  ['TypeScript did not find the module xx.', 'Cannot find module "xx" or its corresponding type declarations.'],
  [
    'the bundler did not compile',
    'Failed to compile',
    '⨯ Failed to compile.',
    '× Failed to compile',
    'Build failed because of webpack errors',
  ],
  [
    'a module was not found: xx.',
    'Failed to resolve import "xx" from "a.vue"',
    "Module not found: 'xx'",
    'Module not found: package xx',
    'Cannot find module for: xx',
    'Cannot find module: module xx',
    "Can't resolve 'xx' in '/app'",
    'ModuleNotFoundError: xx',
    "No module named 'xx'",
    "cannot find package 'xx' in",
  ],
  ['the Rust toolchain of the base image is too old for a dependency.', 'this version of Cargo is older than'],
  [
    'a linker or library for compiling is missing (cc).',
    'linker cc not found',
    "Package 'cc', not found in the pkg-config search path",
    'Package cc was not found in the pkg-config search path',
    '/usr/bin/ld: cannot find -lcc',
  ],
  ['a linker or library for compiling is missing.', 'The pkg-config command of x not found'],
  [
    'the PHP extension gd_x is missing in that stage',
    'a/b require ext-gd_x *',
    'a/b requires the PHP extension ext-gd_x',
    'the requested PHP extension ext-gd_x is missing',
    "PHP extension 'gd_x' is missing",
    'extension gd_x not installed',
    'extension `gd_x` missing',
  ],
  ['Maven or Gradle could not resolve com.a:bb:1.0 (', 'Could not find artifact com.a:bb:1.0 in central'],
  [
    'Maven or Gradle could not resolve com.a:bb:1.0 (',
    'Could not find com.a:bb:1.0.',
    'Could not transfer artifact com.a:bb:1.0 from x',
  ],
  [
    'Maven or Gradle could not resolve a dependency',
    'Could not resolve dependencies for project x',
    'Could not find ab:cd',
    'Non-resolvable parent POM for x',
    'Non-resolvable import POM: x',
    'status: 401 Unauthorized',
  ],
  [
    'the JDK of the base image is older than the project asks for',
    'invalid target release: 21',
    'error: cannot access A: class file has wrong version 65',
  ],
  ['the code of the project did not compile', 'Compilation failed; see the compiler error output'],
  ['the compiler rejected A.java: cannot find symbol', 'src/A.java:3: error: cannot find symbol'],
  [
    'the compiler rejected /app/src/A.java:[3,4]: cannot find symbol',
    '[ERROR] /app/src/A.java:[3,4] cannot find symbol',
  ],
  [
    'the script is not executable',
    'Permission denied: cannot run mvnw',
    'gradlew: Permission denied',
    '/bin/sh: 1: x: Permission denied',
  ],
  ['./bin/run.sh is not executable', './bin/run.sh: Permission denied'],
  [
    'the language version of the base image',
    'x requires php 8.3',
    'they require ruby >= 3',
    'your php version (8.1.2) does not satisfy that requirement',
  ],
  [
    'bundler could not install the gems',
    'Your bundle only supports platforms ["x"]',
    'Could not find gem rails in any of the sources',
    'Could not find rails (7.1, 7.2) in rubygems',
    `Could not find ${'a'.repeat(70)} in any of the sources`,
    'You are in frozen mode',
  ],
  ['a gem could not be compiled', 'ERROR: Failed to build gem native extension.'],
  ['a gem (nokogiri) could not be compiled', 'An error occurred while installing nokogiri (1.16), and'],
  [
    'TLS failed inside the step: a certificate in the chain',
    'certificate has expired',
    'certificate is not yet valid',
    'certificate not yet valid',
    'CERT_HAS_EXPIRED',
  ],
  [
    'TLS failed inside the step: a proxy or registry',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'self signed certificate',
    'unable to get local issuer certificate',
    'certificate verify failed',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'x509: certificate signed by unknown authority',
    'PKIX path building failed',
  ],
  [
    './bin/run.sh is not in that stage, or its interpreter',
    '/bin/sh: 12: ./bin/run.sh: not found',
    './bin/run.sh: No such file or directory',
    'sh: ./bin/run.sh: cannot execute: required file not found',
  ],
  ['/bin/run.sh is not in that stage, or its interpreter', '/bin/run.sh: not found'],
  ['../run.sh is not in that stage, or its interpreter', '../run.sh: not found'],
  ['the command bin/tool is not in that stage', '/bin/sh: 1: bin/tool: not found', 'sh: bin/tool: command not found'],
  [
    'the command tool is not in that stage',
    'exec: "tool": executable file not found in $PATH',
    'sh: 1: tool: not found',
  ],
  [
    'the file ab.x, which the step needs, is not in that stage',
    "cp: cannot stat 'ab.x'",
    "sed: can't open 'ab.x'",
    'ls: cannot access "ab.x"',
    'x.sh: 3: ab.x: No such file or directory',
    'open ab.x: no such file or directory',
    "FileNotFoundError: [Errno 2] No such file or directory: 'ab.x'",
    'No such file or directory @ rb_sysopen - ab.x (Errno::ENOENT)',
  ],
  ['tests failed in the step', '  2 failing', 'There were failing tests. See the report'],
];
test.each(FORMS.flatMap(([cause, ...lines]) => lines.map((line) => [line, cause] as const)))('%s: %s', (line, cause) =>
  expect(of('', { lines: ['x', line, 'y'] })).toMatchObject({
    cause: expect.stringContaining(`The build step \`npm ci\` failed: ${cause}`),
    line,
  }),
);

const LOOKUP = 'a download in the step failed: a host name could not be resolved';
const DOWNLOAD = 'a download in the step failed: the network, or the server it asks,';
test.each<[string, string]>([
  ['the proxy 10.0.0.1:3128 that', 'proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: refused'],
  ['the proxy that', 'proxyconnect tcp: EOF: x'],
  ['the proxy that', 'Unable to tunnel through proxy. Proxy returns 503'],
  ['the proxy x that', 'Could not resolve proxy: x'],
  [LOOKUP, 'Temporary failure resolving x'],
  [LOOKUP, 'Temporary failure in name resolution'],
  [LOOKUP, 'temporary error (try again later)'],
  ['a download in the step failed: the host name deb.debian.org could not', "Could not resolve 'deb.debian.org'"],
  ...[
    'getaddrinfo failed',
    'EAI_AGAIN',
    'ENOTFOUND',
    'spurious network error',
    'Timeout was reached',
    'ECONNRESET',
    'ETIMEDOUT',
    'ESOCKETTIMEDOUT',
    'connect ECONNREFUSED 1.2.3.4:443',
    'connection timed out',
    'Connection reset by peer',
    'Connection refused',
    'Read timed out',
    'network is unreachable',
    'i/o timeout',
    'socket hang up',
  ].map((line): [string, string] => [DOWNLOAD, line]),
  ...['502 Bad Gateway', '503 Service Unavailable', '504 Gateway Timeout', '429 Too Many Requests'].map(
    (line): [string, string] => [
      `a server that the step asks answered with an error of its own (${line.slice(0, 3)})`,
      line,
    ],
  ),
])('the network, %s: %s', (cause, line) =>
  expect(of(line)).toMatchObject({
    cause: expect.stringContaining(`failed: ${cause}`),
    rule: 'build-network',
  }),
);

test.each([
  ['at 12:34 error x is bad no-undef', 'ESLint'],
  ['12:34 error x is bad no-undef!', 'ESLint'],
  ['✖ 12 problems (0 errors, 12 warnings)', 'ESLint'],
  ['x verifying ab: checksum mismatch', 'a downloaded package'],
  ['Is libxml2 is missing', 'development files'],
  ['Killed or stopped', 'out of memory'],
  ['npm warn EBADENGINE x', 'Node.js version'],
  ['x wget: 403', 'a download was refused'],
  ['x E: http://x 404 Not Found', 'apt could not'],
  ['x  404  Not Found [IP', 'apt could not'],
  ['Repository not found: x', 'a private Git'],
  ['a Failed to compile', 'the bundler'],
  ['Failed to compile x', 'the bundler'],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'a download'],
  ['connect to localhost: ECONNREFUSED', 'a download'],
  ['connect ECONNREFUSED ::1:5432', 'a download'],
  ['connect ECONNREFUSED [::1]:5432', 'a download'],
  ['no tool: not found', 'the command tool'],
  ['checking for foo: not found', 'the command foo'],
  ['the image foo does not exist', 'the file'],
  ["ModuleNotFoundError: No module named 'x'", 'a download'],
  ['12 failed', 'tests failed'],
  ['0 failed', 'tests failed'],
])('%s is not: %s', (line, cause) => expect(of(line)?.cause).not.toContain(`failed: ${cause}`));

test.each(
  ['gcc', 'g++', 'cc', 'a.h: No such file', 'pg_config', 'rustc', 'cargo', 'cmake', 'compiler'].map((line) => [line]),
)('a wheel that could not be built lacks its tools where another line names them: %s', (line) =>
  expect(of('', { lines: [`x ${line}`, 'Failed building wheel for foo'] })?.cause).toContain(
    'failed: a Python package',
  ),
);
test.each(['Module not found: x', "Can't resolve 'x'", 'Cannot find module x', 'Could not resolve "x"'])(
  'what the bundler did not find goes before that it did not compile: %s',
  (line) => expect(of('', { lines: ['Failed to compile.', line] })).toMatchObject({ line }),
);

test.each([
  ['libpq', 'libpq-dev'],
  ['postgresql', 'libpq-dev'],
  ['mysqlclient', 'default-libmysqlclient-dev'],
  ['mariadb', 'default-libmysqlclient-dev'],
  ['Python.h', 'python3-dev and build-essential'],
  ['libffi', 'libffi-dev'],
  ['openssl', 'libssl-dev'],
  ['libpng', 'libpng-dev (for gd also libjpeg-dev and libfreetype-dev)'],
  ['libjpeg', 'libjpeg-dev'],
  ['freetype2', 'libfreetype-dev'],
  ['libxml-2.0', 'libxml2-dev'],
  ['libxslt', 'libxslt1-dev'],
  ['libzip', 'libzip-dev'],
  ['zlib', 'zlib1g-dev'],
  ['oniguruma', 'libonig-dev'],
  ['icu-uc', 'libicu-dev'],
  ['libcurl', 'libcurl4-openssl-dev'],
  ['yaml-0.1', 'libyaml-dev'],
  ['ldap', 'libldap2-dev'],
  ['MagickWand', 'libmagickwand-dev'],
  ['cairo', 'libcairo2-dev and libpango1.0-dev'],
  ['foo', 'the -dev package that has foo'],
])('the package of %s is %s', (library, packages) =>
  expect(of(`No package '${library}' found`)?.remedy).toContain(`Install ${packages} in that stage`),
);

test.each([
  ['compatible with Java 17 and the consumer needed a component compatible with Java 11', 'JDK 17 or newer'],
  ['exec: "npm  run build": executable file not found', 'RUN ["npm","run","build"], or leave the array out'],
  ['protoc not found', 'Install protoc (package protobuf-compiler) in that stage of the Dockerfile before the step'],
  ['CMake must be installed', 'Install cmake in that stage of the Dockerfile before the step'],
  ['is `nasm` not installed?', 'Install nasm in that stage'],
  ['does not support targeting .NET 9.0', 'dotnet/sdk:9.0)'],
  ['NETSDK1045', 'dotnet/sdk:VERSION)'],
  ['requires ext-gd', 'docker-php-ext-install gd with'],
  ['extension gd is missing', '--ignore-platform-req=ext-gd where'],
  ['sh: ./run.sh: not found', 'COPY puts ./run.sh into'],
])('what to do about %s: %s', (line, remedy) => expect(of(line)?.remedy).toContain(remedy));
test('every cause has a remedy', () => {
  for (const line of [...FORMS.flatMap(([, ...lines]) => lines), ...TOOLS.flatMap(([texts]) => texts.split(' | '))])
    expect(of(line)?.remedy).toMatch(/.{30}\.$|\)\.$/);
});

test.each([
  ['src/main.go:10:5: undefined: x', 'src/main.go:10'],
  ['[ERROR] /app/A.java:3: x', '/app/A.java:3'],
  ['src/a.ts(3,4): error TS1: x', 'src/a.ts:3'],
  ['error: src/a.rs:3 x', 'src/a.rs:3'],
  ['src/a.mts:10:2 x', 'src/a.mts:10'],
  ['src/a.js:1 x', 'src/a.js:1'],
  ['src/a.tsx(12,3): x', 'src/a.tsx:12'],
])('what a compiler rejects: %s', (line, place) => {
  expect(of('', { lines: ['src/b.go:1:1: warning: x', `see ${line}`, line] })).toMatchObject({
    cause: `The build step \`npm ci\` failed: the compiler rejected ${place}. (${line})`,
    line,
  });
});

const NEEDED = 'that cannot be reached from the build. (';
test.each([
  ['Error: DATABASE_URL is not set', 'it needs the environment variable DATABASE_URL, which is not set'],
  ["KeyError: 'DATABASE_URL'", 'it needs the environment variable DATABASE_URL, which is not set'],
  ['NoCredentialsError: Unable to locate credentials', 'it calls AWS, and a build has no credentials'],
  ["PermissionError: [Errno 13] Permission denied: '/app/x'", 'the user of that stage may not write /app/x. ('],
  ["/lib/libc.so.6: version `GLIBC_2.34' not found", 'the image of that stage lacks the library GLIBC_2.34. ('],
  ["error: unknown option '--foo'", 'a tool does not know the option --foo. ('],
  ['unrecognized arguments: --foo', 'a tool does not know the option --foo. ('],
  ['bad option: --foo', 'a tool does not know the option --foo. ('],
  ['TypeError: x is not a function', 'a program that the step runs ended with an error of its own. ('],
  ['Error: connect ECONNREFUSED 127.0.0.1:5432', `it needs a server 127.0.0.1:5432 ${NEEDED}`],
  ["Can't reach database server at `db:5432`", `it needs a server db:5432 ${NEEDED}`],
  ...['db.internal', 'db.local', 'db.svc', 'a.abc.eu-west-1.rds.amazonaws.com', 'a.b.cache.amazonaws.com', 'db.c3'].map(
    (host) => [`Can't reach database server at \`${host}:5432\``, `it needs a server ${host}:5432 ${NEEDED}`],
  ),
  ['could not connect to server: Connection to the database', 'it needs a server that cannot be reached'],
  [
    "Can't reach database server at `db.example.com:5432`",
    'the server db.example.com:5432 did not answer the build. (',
  ],
  [
    "Can't reach database server at `s3.amazonaws.com:443`",
    'the server s3.amazonaws.com:443 did not answer the build. (',
  ],
])('what a program says while the image is built: %s', (line, cause) => {
  expect(of(line)?.cause).toContain(`failed: ${cause}`);
  expect(of(line)?.remedy).toMatch(/.{30}\.$|\)\.$/);
});

test('else the most specific line, or the last', () => {
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

/** What stands around a line of a tool in the log of a job, and what is not its error. */
describe('the lines of a step', () => {
  const linesOf = (text: string): readonly string[] => failedStep(`${text}\n${ENDED}`)?.lines ?? [];
  test.each([
    ['2026-01-02T10:11:12.1234567Z it broke', 'it broke'],
    ['2026-01-02T10:11:12.1234567Z #12 1.234 it broke', 'it broke'],
    ['26-01-02T10:11:12.12345Z it broke', '26-01-02T10:11:12.12345Z it broke'],
    ['2026-01-xxT10:11:12.12345Z it broke', '2026-01-xxT10:11:12.12345Z it broke'],
    ['##[error]it broke', 'it broke'],
    ['see ##[error]it broke', 'see ##[error]it broke'],
    ['\u001b[31mit\u001b[0m broke', 'it broke'],
    ['\u2018it\u2019 broke', "'it' broke"],
  ])('%s', (line, read) => expect(linesOf(line)).toEqual([read]));
  test.each([
    'ERROR: failed to build: x',
    'ERROR: Failed to solve: x',
    'error: failed to solve: x',
    'ERROR: failed to x',
    'error: process "a" did not',
    'Failed to solve: x',
    'failed to solve: x',
    'executor failed running x',
    'process "a" did not complete',
    '------',
    ' > [a 1/2] RUN x:',
    'Dockerfile:3',
    'api.Dockerfile.prod:30',
    '12 | RUN x',
    '12 |',
    '>>> RUN x',
    'Error: buildx failed with: x',
    'Error: buildx call failed with: x',
    '##[error]Error: Docker build failed with exit code 1',
    'Error: Process completed with exit code 1.',
    "The command '/bin/sh -c x' returned a non-zero code: 1",
    "ERROR: Service 'web' failed to build: x",
    'target web: failed to solve: x',
    'Removing intermediate container 1f',
    '---> Running in 1f',
    'Step 4/10 : RUN x',
    '=> ERROR [6/7] RUN x',
    'View build details: x',
    "What's next:",
    'Debug this build failure with x',
    'exit status 1',
    'Build Failed: process "x"',
    '[4/6] RUN x',
    '[linux/arm64 build 4/6] RUN x',
    'DONE 1.2s',
    'CACHED',
    'CANCELED',
  ])('not %s', (line) => expect(linesOf(line)).toEqual([]));
  test.each([
    'x ERROR: failed to build: x',
    'we failed to solve: x',
    'x DONE',
    'my 12 | x',
    'in Step 4/10 : RUN x',
    'a => b',
    'the target web: failed to solve',
    'see Error: buildx failed with: x',
    'exit status',
    'not ---> x',
  ])('but %s', (line) => expect(linesOf(line)).toEqual([line]));
  test('are the last 16,000 characters, but always the last line', () => {
    const lines = linesOf(`${'a'.repeat(900)}\n`.repeat(40)).length;
    expect([lines < 20, lines > 15]).toEqual([true, true]);
    expect(linesOf(`first\n${'b'.repeat(900)}`)).toHaveLength(2);
  });
});

describe('the platform of the step that failed', () => {
  test.each([
    ['#12 [linux/arm64 build 3/4] RUN npm ci', 'linux/arm64'],
    [' > [linux/arm/v7 build 3/4] RUN npm ci:', 'linux/arm/v7'],
    ['x\n#12 [linux/amd64 3/4] RUN npm ci', 'linux/amd64'],
    ['#12 [build 3/4] RUN npm ci', undefined],
    ['#x [linux/arm64 build 3/4] RUN npm ci', undefined],
    ['see #12 [linux/arm64 build 3/4] RUN npm ci', undefined],
    ['#12 [linux/arm64 build 3/4] COPY . .', undefined],
  ])('%s', (text, platform) => expect(failedStep(`${text}\n${ENDED}`)?.platform).toBe(platform));
  test('stands in the cause', () =>
    expect(of('ERESOLVE', { platform: 'linux/arm64' })?.cause).toMatch(
      /^The build step `npm ci` \(linux\/arm64\) failed: /,
    ));
});

describe('warnings and progress do not decide', () => {
  test.each([
    'npm warn EBADENGINE Unsupported engine',
    'npm WARN ERESOLVE overriding',
    'npm notice ERESOLVE',
    'WARNING: ERESOLVE',
    'Warning: ERESOLVE',
    'warning ERESOLVE',
    'debconf: ERESOLVE',
    'Get:12 http://x ERESOLVE',
    'Hit:1 ERESOLVE',
    'Setting up ERESOLVE',
    'Unpacking ERESOLVE',
    'Selecting previously ERESOLVE',
    'Preparing to unpack ERESOLVE',
    'Fetched ERESOLVE',
    '  Downloading ERESOLVE',
    'Collecting ERESOLVE',
    'Using cached ERESOLVE',
    'Requirement already ERESOLVE',
    'You should consider upgrading via ERESOLVE',
    '[notice] ERESOLVE',
    'npm error A complete log of ERESOLVE',
    'npm ERR! Log files ERESOLVE',
    'npm ERR!     /root/.npm/_logs/ERESOLVE-debug-0.log',
  ])('%s', (line) => {
    expect(of('', { lines: [line, 'it broke'] })).toMatchObject({ line: 'it broke', vague: true });
    expect(of(line)?.line).toBe(line);
  });
  test.each([
    'WARNING: x ERESOLVE Retrying',
    'WARNING: ERESOLVE fetching https://x',
    'see WARNING: ERESOLVE',
    'x npm warn ERESOLVE',
    'a debconf: ERESOLVE',
  ])('but %s does', (line) => expect(of('', { lines: [line, 'it broke'] })?.line).toBe(line));
});

describe('the output of a tool alone', () => {
  const read = (text: string) => {
    const output = toolOutput(text);
    return output && explainOutput(output);
  };
  test.each([
    ['npm error code ERESOLVE', 'npm cannot resolve'],
    ['npm ERR! ENOSPC', 'the disk of the builder is full'],
    [' ERR_PNPM_OUTDATED_LOCKFILE  x', 'pnpm-lock.yaml'],
    ['➤ YN0028: x', 'the lock file (yarn.lock'],
    ["E: Package 'foo' has no installation candidate", 'apt does not know the package foo'],
    ['ERROR: No matching distribution found for foo==1', 'pip found no distribution of foo==1'],
    ['curl: (22) The requested URL returned error: 404', 'a download was refused with HTTP status 404'],
    ['src/a.ts(1,2): error TS1005: x', 'the TypeScript compiler rejected'],
    ['error[E0308]: mismatched types', 'cargo could not compile'],
  ])('%s', (text, cause) => expect(read(text)?.cause.startsWith(`A step of the build failed: ${cause}`)).toBe(true));
  test.each(['ENOSPC', 'a npm error ENOSPC', 'YN00 ENOSPC', 'ERESOLVE'])(
    'general words alone (%s) say nothing',
    (text) => expect(read(text)).toBeUndefined(),
  );
  test.each([
    'ERROR: failed to solve: x',
    'Error response from daemon: x',
    'toomanyrequests: x',
    'denied: x',
    'unauthorized: x',
    'exporting cache to x',
    'docker push x',
    'ERROR: invalid tag "x"',
    'dial unix /var/run/docker.sock',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web',
  ])('%s is not one', (text) => expect(toolOutput(`npm error code ERESOLVE\n${text}`)).toBeUndefined());
});

describe('what no row knows is shown, and nothing is claimed', () => {
  test.each([
    [1, 'The build step `npm ci` failed with exit code 1: it hums'],
    [126, 'The build step `npm ci` failed with exit code 126: it hums'],
    [127, 'The build step `npm ci` failed with exit code 127: it hums'],
    [137, 'The build step `npm ci` failed with exit code 137: it was killed, mostly for lack of memory: it hums'],
    [139, 'The build step `npm ci` failed with exit code 139: it crashed (segmentation fault): it hums'],
    [143, 'The build step `npm ci` failed with exit code 143: it was terminated: it hums'],
    [134, 'The build step `npm ci` failed with exit code 134: it ended itself (abort): it hums'],
    [135, 'The build step `npm ci` failed with exit code 135: it crashed (bus error): it hums'],
    [undefined, 'The build step `npm ci` failed: it hums'],
  ])('exit code %s', (exitCode, cause) => expect(of('it hums', { exitCode })).toMatchObject({ cause, vague: true }));
  test('Gradle names the cause in the deepest line of its own part', () => {
    const lines = [
      '> Task :x',
      '* What went wrong:',
      'A problem occurred.',
      '> It hums.',
      '   > It hums loudly.',
      'more',
      '* Try:',
      '> Run with --info.',
    ];
    expect(of('', { lines })?.cause).toContain(':    > It hums loudly.');
    expect(of('', { lines: lines.slice(0, 6) })?.cause).toContain('It hums loudly.');
    expect(of('', { lines: ['see * What went wrong:', '> a', 'last'] })?.cause).not.toMatch(/: > a$/);
    expect(of('', { lines: ['* What went wrong:', '> right', 'not > wrong'] })?.cause).toContain(': > right');
    expect(of('', { lines: ['* What went wrong:', '> right', 'not * Try:', '> last'] })?.cause).toContain(': > last');
    expect(of('', { lines: ['x', '> early', '* What went wrong:', 'it broke'] })?.cause).not.toContain('early');
  });
});

test.each([
  ['db.internal', 'cannot be reached from the build'],
  ['db.internal.example', 'did not answer the build'],
  ['x.abc.eu-west-1.rds.amazonaws.com', 'cannot be reached from the build'],
  ['localhost', 'cannot be reached from the build'],
])('a server %s %s', (host, words) =>
  expect(of(`Error: connect ECONNREFUSED ${host}:5432`)?.cause ?? '').toMatch(new RegExp(words)),
);
