import {
  baseOf,
  baseOfImage,
  causesIn,
  plainOutput,
  platformOf,
  withoutOtherSteps,
} from '../../src/diagnosis/build-lines.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';

describe('what others write around a line', () => {
  test.each([
    ['2026-01-02T10:11:12.1234567Z #12 1.2 it broke', '#12 1.2 it broke'],
    ['\uFEFF2026-01-02T10:11:12.1234567Z #12 1.2 it broke', '#12 1.2 it broke'],
    ['2026-01-02 10:11:12,123+02:00 #12 1.2 it broke', '#12 1.2 it broke'],
    ['2026-01-02T10:11:12.123Z [INFO] #12 1.2 it broke', '#12 1.2 it broke'],
    ['build\tBuild image\t2026-01-02T10:11:12.1234567Z #12 1.2 it broke', '#12 1.2 it broke'],
    ['CD / Build image | 2026-01-02T10:11:12Z ERROR: it broke', 'ERROR: it broke'],
    ['14:35:26.427  #16 ERROR: it broke', '#16 ERROR: it broke'],
    ['[  215.24s] #10 109.1 E: it broke', '#10 109.1 E: it broke'],
    ['1165:ERROR: it broke', 'ERROR: it broke'],
    ['[2026-01-02T10:11:12.123Z] #12 1.2 it broke', '#12 1.2 it broke'],
    ['[2026-01-02 10:11:12] it broke', 'it broke'],
    ['[10:11:12] #12 1.2 it broke', '#12 1.2 it broke'],
    ['10:11:12 ------', '------'],
    ['[ERROR] #12 1.2 it broke', '#12 1.2 it broke'],
    ['ERROR - > [2/3] RUN x', '> [2/3] RUN x'],
    ['2026-Jan-02 10:11:12.123456\n#12 1.2 it broke', '#12 1.2 it broke'],
    ['7:Dockerfile:3', 'Dockerfile:3'],
    ['a\r\r\nb', 'a\nb'],
    ['failed to do request: \n  failed to fetch x', 'failed to do request: failed to fetch x'],
    ['process "x"\n    did not complete successfully', 'process "x" did not complete successfully'],
    ['            twelve\n            spaces', 'twelve\nspaces'],
    ['\u001b[31m#12 1.2 it\u001b[0m broke\r\nnext', '#12 1.2 it broke\nnext'],
    ['  ERROR: it broke\n\n    deeper', 'ERROR: it broke\n\n  deeper'],
    ['  ERROR: it broke\n \n    deeper', 'ERROR: it broke\n \n  deeper'],
    ['14:35:26 #1 a\n14:35:27 #2 b', '#1 a\n#2 b'],
    ['failed to do request:\nfailed to fetch x', 'failed to do request: failed to fetch x'],
    ["process 'x'\n    did not complete successfully", "process 'x' did not complete successfully"],
    ['a process "x"\n  did not\n  complete successfully', 'a process "x" did not complete successfully'],
    ['process "ab &&\n  c"\n  did not\n  complete successfully', 'process "ab && c" did not complete successfully'],
  ])('%j', (text, plain) => expect(plainOutput(text)).toBe(plain));
  test.each([
    '14:35:26 is when it broke',
    '[INFO] it broke',
    '12: it broke',
    'a | b',
    '  an indented line\nand one that is not',
    "$'\\r': command not found",
    'see 2026-01-02T10:11:12.123Z',
  ])('not %j', (text) => expect(plainOutput(text)).toBe(text));
  test("BuildKit's error is on one line again", () => {
    expect(plainOutput('process "/bin/sh -c npm ci" \ndid not complete successfully: exit code: 1')).toBe(
      'process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
    );
    expect(plainOutput('executor failed running [/bin/sh -c a &&\nb]: exit code: 1')).toBe(
      'executor failed running [/bin/sh -c a && b]: exit code: 1',
    );
    expect(plainOutput('executor failed running [/bin/sh -c a &&\n    b]: exit code: 1')).toBe(
      'executor failed running [/bin/sh -c a && b]: exit code: 1',
    );
  });
});

describe('steps beside the one that failed', () => {
  const text = [
    '#7 [linux/amd64 deps 2/4] RUN pip install -r requirements.txt',
    '#8 [linux/arm64 build 3/4] RUN npm ci',
    '#7 1.2 ERROR: ResolutionImpossible: for help visit',
    '#8 1.3 npm error code ERESOLVE',
    '#8 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
    '#7 CANCELED',
  ].join('\n');
  test('do not speak', () => {
    expect(withoutOtherSteps(text)).not.toContain('#7');
    expect(withoutOtherSteps('#7 1.2 a\n#8 1.2 b')).toBe('#7 1.2 a\n#8 1.2 b');
  });
  test.each([
    ['what the step printed', '#12 11.25 own\n#0 1.2 of another', '#12 11.25 own'],
    ['what old versions number with 0', '#0 11.25 own\n#7 1.2 of another', '#0 11.25 own'],
    ['what old versions number with 0, beside a title', '#12 [2/3] RUN x\n#0 1.2 own', '#12 [2/3] RUN x\n#0 1.2 own'],
    ['a line without a number, and one with it in the midst', 'see #7 x\n#17 1.2 of another\n', 'see #7 x\n'],
  ])('%s is kept', (_, before, kept) => {
    const failed = '#12 ERROR: process "x" did not complete successfully';
    expect(withoutOtherSteps(`${before}\n${failed}`)).toBe(`${kept}\n${failed}`);
  });
  test('a failed step that is only quoted is none', () => {
    const text = 'it printed #8 ERROR: process "x" did not complete\n#7 1.2 b';
    expect(withoutOtherSteps(text)).toBe(text);
  });
  test.each([
    '#12 [linux/arm64 build 3/4] RUN npm ci',
    '> [linux/arm64 build 3/4] RUN npm ci',
    'a\n   > [linux/arm64 build 3/4] RUN npm ci',
  ])('the platform of %j', (title) => expect(platformOf(title)).toBe('linux/arm64'));
  test('do not name the platform', () => {
    expect(platformOf(text)).toBe('linux/arm64');
    expect(platformOf(text.replace('#8 [linux/arm64 build 3/4]', '#8 [build 3/4]'))).toBeUndefined();
  });
});

describe('what a stage is made from', () => {
  test.each([
    ['node:20-alpine', 'alpine'],
    ['docker.io/library/alpine:3.20', 'alpine'],
    ['cgr.dev/chainguard/wolfi-base', 'alpine'],
    ['composer:2', 'alpine'],
    ['docker.io/composer:2', 'alpine'],
    ['company.example/al2023-base', 'redhat'],
    ['company.example/app:noble-20240101', 'debian'],
    ['company.example/app:nobleman', undefined],
    ['docker.io/library/docker:27-cli', 'alpine'],
    ['amazoncorretto:21-alpine', 'alpine'],
    ['amazoncorretto:21', 'redhat'],
    ['public.ecr.aws/amazonlinux/amazonlinux:2023', 'redhat'],
    ['public.ecr.aws/lambda/python:3.12', 'redhat'],
    ['registry.access.redhat.com/ubi9/ubi-minimal', 'redhat'],
    ['eclipse-temurin:21-ubi9-minimal', 'redhat'],
    ['almalinux:9', 'redhat'],
    ['python:3.12-slim', 'debian'],
    ['openjdk:17-slim', 'debian'],
    ['company.example/app:bookworm', 'debian'],
    ['ubuntu:24.04', 'debian'],
    ['node', 'debian'],
    ['docker.io/library/golang:1.22', 'debian'],
    ['public.ecr.aws/docker/library/ruby:3.3', 'debian'],
    ['mcr.microsoft.com/dotnet/sdk:8.0', 'debian'],
    ['mcr.microsoft.com/dotnet/sdk:8.0-azurelinux3.0', undefined],
    ['openjdk:21', undefined],
    ['company.example/node:20', undefined],
    ['nodered/node-red', undefined],
    ['scratch', undefined],
    ['${BASE}', undefined],
    [`${'x'.repeat(300)}alpine`, undefined],
  ])('%s: %s', (image, base) => expect(baseOfImage(image)).toBe(base));

  const plain = [
    '#4 [assets 1/6] FROM docker.io/library/node:20@sha256:abc',
    '#5 [linux/amd64 build 1/9] FROM docker.io/library/elixir:1.17-alpine@sha256:abc',
    '#6 [stage-2 1/4] FROM docker.io/library/fedora:41',
    '#7 [assets 2/6] RUN npm ci',
    '#9 [linux/amd64 build 5/9] RUN mix deps.compile',
    '#9 1.2 make: gcc: No such file',
    '#9 ERROR: process "/bin/sh -c mix deps.compile" did not complete successfully: exit code: 1',
  ];
  test.each<[string, readonly string[], string | undefined]>([
    ['the FROM of its stage', plain, 'alpine'],
    ['another stage that fails', plain.map((line) => line.replace('#9 [linux/amd64 build', '#9 [assets')), 'debian'],
    [
      'a stage whose FROM is another stage, and FROMs that differ',
      plain.map((line) => line.replace('#9 [linux/amd64 build', '#9 [deps')),
      undefined,
    ],
    [
      'the same where all agree',
      [...plain.slice(0, 1), ...plain.slice(3)].map((line) => line.replace('#9 [linux/amd64 build', '#9 [deps')),
      'debian',
    ],
    [
      'one stage without a name',
      [' => CACHED [1/4] FROM docker.io/library/fedora:41@sha256:abc  0.0s', ' => ERROR [ 3/4] RUN make  0.4s'],
      'redhat',
    ],
    [
      'the last FROM before a step of the classic builder',
      ['Step 1/9 : FROM alpine:3.20 AS a', 'Step 4/9 : FROM --platform=linux/arm64 debian:12', 'Step 5/9 : RUN make'],
      'debian',
    ],
    [
      'the Dockerfile that is quoted, not what follows the failed line',
      ['   2 |     FROM alpine:3.20', '   3 | >>> RUN make', '   4 |     FROM fedora:41'],
      'alpine',
    ],
    ['nothing', ['#9 [build 5/9] RUN make', 'a FROM alpine'], undefined],
    ...['#4 [1/12] FROM alpine', 'Step 1/12 : FROM alpine', 'Step 10/12 : FROM alpine', '  12 |     FROM alpine'].map(
      (line): [string, readonly string[], string] => [`the only line ${line}`, [line], 'alpine'],
    ),
    ...['a Step 1/9 : FROM alpine', 'x 2 |     FROM alpine'].map((line): [string, readonly string[], undefined] => [
      `nothing in ${line}`,
      [line],
      undefined,
    ]),
    [
      'the same of two stages that are not the one of the step',
      ['#4 [a 1/2] FROM alpine:3.20', '#5 [b 1/2] FROM alpine:3.19', '#6 [c 2/2] RUN make'],
      'alpine',
    ],
    ['nothing behind the failed line', ['  12 | >>> RUN make', '  13 |     FROM fedora:41'], undefined],
    ['the line before a quoted mark', ['x 3 | >>> RUN make', '  4 |     FROM fedora:41'], 'redhat'],
    ...[
      '#12 [a 2/6] RUN x',
      '=> ERROR [a 2/6] RUN x',
      '  => ERROR [a 2/6] RUN x',
      '> [a 12/16] RUN x',
      '#1 [a  2/6] RUN x',
    ].map((line): [string, readonly string[], string] => [
      `the stage of ${line}`,
      ['#4 [a 1/2] FROM alpine', '#5 [b 1/2] FROM fedora', line, 'it printed #5 [b 2/2] RUN x'],
      'alpine',
    ]),
  ])('%s', (_, lines, base) => expect(baseOf(lines.join('\n'))).toBe(base));

  test('the words for its packages follow', () => {
    const remedy = (image: string, step = 'npm rebuild'): string =>
      diagnose({
        surface: 'buildx.stderr',
        text: [
          `Step 1/3 : FROM ${image}`,
          `Step 2/3 : RUN ${step}`,
          '/bin/sh: gcc: not found',
          `The command '/bin/sh -c ${step}' returned a non-zero code: 127`,
        ].join('\n'),
        context: {},
      }).remedy;
    expect(remedy('node:20-alpine')).toContain('(apk add --no-cache build-base)');
    expect(remedy('node:20')).toContain('(apt-get update && apt-get install -y build-essential)');
    expect(remedy('fedora:41')).toContain('(dnf install -y gcc gcc-c++ make, or yum or microdnf');
    const any = '(build-essential on Debian and Ubuntu, build-base on Alpine, gcc gcc-c++ make on Fedora';
    expect(remedy('company.example/base')).toContain(any);
    expect(remedy('company.example/base', 'apk add --no-cache git && npm rebuild')).toContain('(apk add');
    expect(remedy('company.example/base', 'apt-get update && npm rebuild')).toContain('(apt-get');
    expect(remedy('company.example/base', 'microdnf install -y git && npm rebuild')).toContain('(dnf');
  });
});

describe('a mark of BuildKit', () => {
  test('that it leaves a step is no line of its program', () => {
    const text = [
      '#9 [build 5/9] RUN tool',
      '#9 1.2 it hums',
      '#9 ...',
      '#9 ERROR: process "/bin/sh -c tool" did not complete successfully: exit code: 1',
      'ERROR: failed to solve: process "/bin/sh -c tool" did not complete successfully: exit code: 1',
    ].join('\n');
    expect(diagnose({ surface: 'buildx.stderr', text, context: {} }).cause).toMatch(/exit code 1: it hums$/);
  });
});

describe('what an error was caused by, the deepest first', () => {
  test.each<[string, string[]]>([
    [
      'error: failed to parse\n\nCaused by:\n  could not read\n\nCaused by:\n  No such file',
      ['No such file', 'could not read'],
    ],
    ['org.x.A: a\n\tat b\nCaused by: org.x.B: b\n\tat c\nCaused by: org.x.C: c', ['org.x.C: c', 'org.x.B: b']],
    ['Error: a\n  [cause]: Error: b', ['Error: b']],
    ['  × Failed to build\n  ├─▶ first\n  ╰─▶ second', ['second', 'first']],
    ['* What went wrong:\nA\n> B\n   > C\n\n* Try:\n> D', ['   > C', '> B']],
    ['Caused by:', []],
    ['Caused by:\n\nit', []],
    ["error: a\n\nCaused by:\n  process didn't exit successfully: `/x/build-script-build` (exit status: 101)", []],
    ['Caused by: Command failed with exit code 2', []],
    ['caused by: it broke', ['it broke']],
    ['* What went wrong:\nA\n> B', ['> B']],
    ['* What went wrong:\n> A\n* Try:\n* What went wrong:\n> B', ['> B']],
    ['it broke', []],
    ['Caused by:\n  \nit', []],
    ["Caused by: a process didn't exit successfully", ["a process didn't exit successfully"]],
    ['Caused by: make: Command failed with exit code 2', ['make: Command failed with exit code 2']],
    ['Caused by: Process exited with status 1', []],
    ['It was not Caused by: a fault', []],
    ['> B', []],
    ['see * What went wrong:\n> B', []],
    ['* What went wrong:\nA\n  a * b\n> B', ['> B']],
    ['* What went wrong:\nA\na > b', []],
    ['* What went wrong:\n* Try:\n> D', []],
  ])('%j', (text, causes) => expect(causesIn(text.split('\n'))).toEqual(causes));
});

/** Whole outputs: the telling lines in the middle of what other tools, steps and platforms print. */
describe('a whole output', () => {
  /** Of `--progress=plain` for two platforms, as the log of a job has it. */
  const whole = (lines: readonly string[], { command = 'npm run build', code = 1 } = {}): string => {
    const noise = (from: number): string[] =>
      Array.from(
        { length: 40 },
        (_, i) => `#21 ${from + i}.31 Progress: resolved ${i * 40}, reused 0, downloaded ${i * 39}`,
      );
    const out = [
      '#1 [internal] load build definition from Dockerfile',
      '#1 DONE 0.0s',
      `#20 [linux/arm64 build 4/7] RUN ${command}`,
      '#21 [linux/amd64 build 4/7] RUN pnpm install',
      ...noise(0),
      '#21 41.20 npm warn deprecated inflight@1.0.6: This module is not supported',
      '#21 41.21 ERR_PNPM_PEER_DEP_ISSUES  Unmet peer dependencies (ignored)',
      ...lines.flatMap((line, i) => [`#20 42.${i % 10} ${line}`, ...(i % 3 === 0 ? noise(50).slice(0, 4) : [])]),
      ...noise(60),
      `#20 ERROR: process "/dev/.buildkit_qemu_emulator /bin/sh -c ${command}" did not complete successfully: exit code: ${code}`,
      '#21 CANCELED',
      '------',
      ` > [linux/arm64 build 4/7] RUN ${command}:`,
      ...lines.slice(-10).map((line) => `42.9 ${line}`),
      '------',
      'Dockerfile:12',
      '--------------------',
      `  12 | >>> RUN ${command}`,
      '--------------------',
      `ERROR: failed to build: failed to solve: process "/dev/.buildkit_qemu_emulator /bin/sh -c ${command}" did not complete successfully: exit code: ${code}`,
    ];
    return out
      .map((line, i) => `2026-01-02T10:11:${String(i % 60).padStart(2, '0')}.1234567Z \u001b[36m${line}\u001b[0m`)
      .join('\r\n');
  };
  const frames = Array.from(
    { length: 12 },
    (_, i) => `    at step${i} (/app/node_modules/tool/lib/index.js:${i + 1}:1)`,
  );
  test.each<[string, readonly string[], RegExp, (RegExp | undefined)?, object?]>([
    [
      'the first error, not the stack behind it',
      ["[vite:css] [postcss] Cannot find module 'autoprefixer'", ...frames],
      /the package autoprefixer, which the build needs/,
    ],
    [
      'the deepest cause, not the first error',
      [
        'error: failed to load manifest for workspace member `/app/api`',
        '',
        'Caused by:',
        '  failed to parse manifest at `/app/api/Cargo.toml`',
        '',
        'Caused by:',
        '  failed to find a workspace root',
      ],
      /whose root Cargo\.toml is not in that stage/,
      /member of the workspace or a path/,
      { command: 'cargo build --release', code: 101 },
    ],
    [
      'two lines together, not the last alone',
      [
        'go: example.com/old/air@latest: version constraints conflict:',
        '\texample.com/old/air@v1.52.2: parsing go.mod:',
        '\tmodule declares its path as: example.com/new/air',
        '\t        but was required as: example.com/old/air',
      ],
      /its go\.mod says example\.com\/new\/air/,
      undefined,
      { command: 'go install example.com/old/air@latest' },
    ],
    [
      'a list behind the error',
      [
        'Module build failed (from ./node_modules/sass-loader/dist/cjs.js):',
        'Error: Missing binding /app/node_modules/node-sass/vendor/linux-x64-64/binding.node',
        'Node Sass could not find a binding for your current environment: Linux 64-bit with Node.js 10.x',
        '',
        'Found bindings for the following environments:',
        '  - OS X 64-bit with Node.js 10.x',
        ...frames,
      ],
      /node_modules of another system .* OS X 64-bit/,
    ],
    [
      'the hint that names the target',
      [
        "error[E0463]: can't find crate for `core`",
        '  |',
        '  = note: the `wasm32-unknown-unknown` target may not be installed',
        '  = help: consider downloading the target with `rustup target add wasm32-unknown-unknown`',
        'error: could not compile `web` due to 2 previous errors',
        'warning: build failed, waiting for other jobs to finish...',
      ],
      /lacks the target wasm32-unknown-unknown/,
      undefined,
      { command: 'cargo build', code: 101 },
    ],
  ])('%s', (_, lines, cause, not = /(?!)/, options = {}) => {
    const found = diagnose({ surface: 'buildx.stderr', text: whole(lines, options), context: {} });
    expect(found.cause).toMatch(cause);
    expect(found.cause).toContain('(linux/arm64)');
    expect(found.cause).not.toMatch(not);
    expect(found.cause).not.toMatch(/#20|2026-|\[36m|PEER_DEP/);
  });
});
