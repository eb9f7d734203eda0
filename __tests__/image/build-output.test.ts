import {
  type BuildRetry,
  cacheTroubles,
  failedStepOf,
  failedStepOutput,
  isBuilt,
  isNotEmulated,
  parseSteps,
  retryOf,
  rootCauseLine,
  wordsOfBuildkit,
} from '../../src/image/build-output.ts';
import { costOf } from '../support/cost.ts';

const OUTPUT = `#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 31B done
#1 DONE 0.0s

#4 [build 1/3] FROM docker.io/library/node:24@sha256:aaaa
#4 CACHED

#5 [linux/arm64 build 2/3] RUN npm ci
#5 0.345 npm warn something
#5 1.204 added 3 packages

#6 [linux/amd64 build 2/3] RUN npm ci
#6 0.2 npm error code E503
#6 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1

#5 [linux/arm64 build 2/3] RUN npm ci
#5 1.9 pushing something: 503 Service Unavailable
#5 CANCELED
------
 > [linux/amd64 build 2/3] RUN npm ci:
0.2 npm error code E503
------
ERROR: failed to build: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1
`;

test('steps, in their order, with how each ended', () => {
  expect(parseSteps(OUTPUT)).toEqual([
    { title: 'building with "default" instance using docker driver', state: 'running', lines: [] },
    {
      title: '[internal] load build definition from Dockerfile',
      state: 'done',
      seconds: 0,
      lines: ['transferring dockerfile: 31B done'],
    },
    { title: '[build 1/3] FROM docker.io/library/node:24@sha256:aaaa', state: 'cached', lines: [] },
    {
      title: '[linux/arm64 build 2/3] RUN npm ci',
      state: 'canceled',
      lines: ['npm warn something', 'added 3 packages', 'pushing something: 503 Service Unavailable'],
    },
    {
      title: '[linux/amd64 build 2/3] RUN npm ci',
      state: 'failed',
      error: 'process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
      lines: ['npm error code E503'],
    },
  ]);
  expect(parseSteps('no output of BuildKit\n#x\n#1\nx#1 a\n#1x a')).toEqual([]);
});

test.each<[string, object]>([
  ['DONE 12.5s', { state: 'done', seconds: 12.5 }],
  ['DONE 120s', { state: 'done', seconds: 120 }],
  ['DONE 1.2s and more', { lines: ['DONE 1.2s and more'] }],
  ['all DONE 1.2s', { lines: ['all DONE 1.2s'] }],
  ['12.345 DONE 1.2s', { lines: ['DONE 1.2s'] }],
  ['v1.2 x', { lines: ['v1.2 x'] }],
  ['0.12 1.5 times', { lines: ['1.5 times'] }],
  ['ERROR: a\r', { state: 'failed', error: 'a' }],
  ['an ERROR: a', { lines: ['an ERROR: a'] }],
])('the line %j of a step', (line, expected) =>
  expect(parseSteps(`#12 [1/1] RUN x\n#12 ${line}`)).toEqual([
    { title: '[1/1] RUN x', state: 'running', lines: [], ...expected },
  ]),
);

test.each([
  ['#1 12.34 ERROR: failed to solve: a', 'a'],
  ['#12 ERROR: a ERROR: b  \r\n#13 x', 'a ERROR: b'],
  ['error:  a', 'a'],
  ['ERROR: failed to build: failed to build: a', 'failed to build: a'],
  ['ERROR: x failed to solve: a', 'x failed to solve: a'],
  ['an ERROR: a\nERRORS\nlast line', 'last line'],
  ['ERROR: a\nERROR: b\nend', 'b'],
  ['ERROR: a #1 b', 'a #1 b'],
  ['an ERROR: a', 'an ERROR: a'],
  ['  \n', ''],
])('the root cause of %j is %j', (output, cause) => expect(rootCauseLine(output)).toBe(cause));

test('what the failing step printed, and no other', () => {
  expect(failedStepOutput(OUTPUT, 20)).toEqual(['npm error code E503']);
  expect(failedStepOutput('#1 a\n#1 0.1 one\n#1 0.2 two\n#1 ERROR: x', 1)).toEqual(['two']);
  expect(failedStepOutput('ERROR: x', 20)).toEqual([]);
});

test('the root cause of a build is its last error, without the words around it', () => {
  expect(rootCauseLine(OUTPUT)).toBe('process "/bin/sh -c npm ci" did not complete successfully: exit code: 1');
  expect(
    rootCauseLine('#1 x\nERROR: failed to build: failed to solve: target stage "nowhere" could not be found'),
  ).toBe('target stage "nowhere" could not be found');
  expect(rootCauseLine('Cannot connect to the Docker daemon\n')).toBe('Cannot connect to the Docker daemon');
});

const push = (error: string): string =>
  `#8 exporting to image\n#8 pushing layers 1.2s done\n#8 ERROR: failed to push h/app:1: ${error}\nERROR: failed to build: failed to solve: failed to push h/app:1: ${error}`;

test.each<[string, string, BuildRetry]>([
  ['429 of a push', push('unexpected status from PUT request: 429 Too Many Requests'), 'after-a-pause'],
  ['503 of a push', push('unexpected status from POST request: 503 Service Unavailable'), 'after-a-pause'],
  ['a reset', push('write tcp 10.0.0.1:1->1.2.3.4:443: write: connection reset by peer'), 'after-a-pause'],
  ['a handshake', push('failed to do request: Head "https://h/v2/": net/http: TLS handshake timeout'), 'after-a-pause'],
  ['ECR throttles', push('unknown: toomanyrequests: Rate exceeded'), 'after-a-pause'],
  ['without the step', 'ERROR: failed to solve: failed to push h/app:1: 502 Bad Gateway', 'after-a-pause'],
  [
    'the metadata of a base image',
    '#2 [internal] load metadata for docker.io/library/node:24\n#2 ERROR: failed to do request: Head "https://r/v2/library/node": EOF: connection reset by peer\nERROR: failed to solve: node:24: failed to resolve source metadata',
    'after-a-pause',
  ],
  [
    'a registry that has its own words for 503',
    '#8 exporting to image\n#8 7.09 error: failed commit on ref "manifest-sha256:aa": unexpected status from PUT request to https://h/v2/app/manifests/1: 503 Service Unavailable\n#8 7.09 unavailable: in the way\n#8 ERROR: failed to push h/app:1: unavailable: in the way\nERROR: failed to build: failed to solve: failed to push h/app:1: unavailable: in the way',
    'after-a-pause',
  ],
  ["Docker Hub's limit of pulls", push('429 Too Many Requests: You have reached your pull rate limit'), 'never'],
  ['a denied push', push('denied: not allowed'), 'never'],
  ['a tag with the number of a status', push('denied').replaceAll('h/app:1', 'h/app:release-503'), 'never'],
  [
    'an address and a digest with the number of a status',
    push('unexpected status from HEAD request to https://h/v2/502/blobs/sha256:503: 403 Forbidden'),
    'never',
  ],
  ['numbers that are no status', push('blob 15021 of 4290'), 'never'],
  ['a step that only speaks of a cache', '#1 [2/2] COPY importing cache /\n#1 ERROR: denied', 'never'],
  ['a step that speaks of RUN', '#1 x [1/2] RUN y\n#1 ERROR: 503', 'after-a-pause'],
  ['a step that is no RUN', '#1 [1/2] RUNNER y\n#1 ERROR: 503', 'after-a-pause'],
  ['a process in the middle of a line', 'ERROR: cannot start process "a": broken pipe', 'after-a-pause'],
  ['no step and no error', '', 'never'],
  [
    'a layer that ECR does not show yet',
    push('unexpected status from HEAD request to https://h/v2/app/blobs/sha256:aa: 401 Unauthorized'),
    'with-a-fresh-login',
  ],
  [
    'a token that ended during the build',
    push('denied: Your authorization token has expired. Reauthenticate and try again.'),
    'with-a-fresh-login',
  ],
  [
    'a snapshot that BuildKit lost',
    '#8 exporting to image\n#8 ERROR: failed to prepare extraction snapshot "extract-1": parent snapshot sha256:aa does not exist: not found\nERROR: failed to solve: failed to prepare extraction snapshot "extract-1": parent snapshot sha256:aa does not exist: not found',
    'once',
  ],
  ['a command that speaks of a push', OUTPUT, 'never'],
  [
    'a command whose own last words are those of a push',
    '#5 [2/3] RUN ./publish.sh\n#5 1.0 ERROR: failed to push: 503 Service Unavailable\n#5 ERROR: process "/bin/sh -c ./publish.sh" did not complete successfully: exit code: 1\nERROR: failed to solve: process "/bin/sh -c ./publish.sh" did not complete successfully: exit code: 1',
    'never',
  ],
  [
    'a command, without its step',
    'ERROR: failed to solve: process "/bin/sh -c curl 503 Service Unavailable" did not complete successfully: exit code: 22',
    'never',
  ],
  [
    'a command that could not start',
    '#5 [2/3] RUN x\n#5 ERROR: connection reset by peer\nERROR: failed to solve: connection reset by peer',
    'never',
  ],
  [
    'words of another step',
    `#7 [2/2] RUN x\n#7 1.0 GET /x 503 Service Unavailable\n#7 DONE 1.0s\n${push('denied')}`,
    'never',
  ],
])('another try after %s', (_, output, retry) => expect(retryOf(output)).toBe(retry));

test.each([
  ...['too many requests', 'toomanyrequests', 'too manyrequests', 'Rate exceeded', '500', '502', '503', '504'],
  ...['Bad Gateway', 'service unavailable', 'gateway timeout', 'connection reset', 'connection refused'],
  ...['broken pipe', 'i/o timeout', 'TLS handshake timeout', 'unexpected EOF', 'use of closed network connection'],
  'failed to do request: Head "https://h.example/v2/app/blobs/sha256:0": EOF',
  'failed to do request: Put "https://h.example/v2/app/manifests/v1": http2: server sent GOAWAY and closed the connection; LastStreamID=1',
  'stream error: stream ID 7; INTERNAL_ERROR; received from peer',
  'failed to do request: Get "https://h.example/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
  'failed to do request: Head "https://h.example/v2/": dial tcp: lookup h.example on 127.0.0.53:53: server misbehaving',
])('%s is worth another try', (error) => expect(retryOf(push(error))).toBe('after-a-pause'));

test.each([
  ['the push', push('503'), true],
  ['the cache', '#1 exporting cache to registry\n#1 ERROR: 503', true],
  ['a command', '#1 [1/1] RUN exporting to image\n#1 ERROR: 503', false],
  ['the export of another time', '#1 exporting to image\n#1 DONE 1.0s\n#2 [1/1] COPY a b\n#2 ERROR: 503', false],
])('whether all was built when %s failed', (_, output, built) => expect(isBuilt(output)).toBe(built));

test.each<[string, string, readonly string[]]>([
  [
    'a cache that could not be written',
    '#7 exporting cache to registry\n#7 ERROR: error writing layer blob: 403 Forbidden',
    ['The build cache was not written (registry): error writing layer blob: 403 Forbidden'],
  ],
  [
    'a cache that could not be read, twice',
    '#3 importing cache manifest from h/app:c\n#3 ERROR: 403 Forbidden\n#4 importing cache manifest from h/app:c\n#4 ERROR: 403 Forbidden',
    ['The build cache h/app:c could not be read: 403 Forbidden'],
  ],
  ['a cache that is not there yet', '#3 importing cache manifest from h/app:c\n#3 ERROR: h/app:c: not found', []],
  [
    'caches that work',
    '#3 importing cache manifest from h/app:c\n#3 DONE 0.1s\n#7 exporting cache to registry\n#7 DONE 1.0s',
    [],
  ],
  ['another step', '#3 [1/1] RUN exporting cache to registry\n#3 ERROR: x', []],
])('%s', (_, output, troubles) => expect(cacheTroubles(output)).toEqual(troubles));

test('the output of a real build is read in linear time', () => {
  const line = '#5 1.0 ERROR: HEAD request to /blobs/ 401 parent snapshot you have reached your pull rate limit\n';
  const output = `#5 [1/1] RUN x\n${line.repeat(20_000)}`;
  expect(costOf(() => void retryOf(output), 1)).toBeLessThan(2000);
});

test.each([
  '#1 importing cache manifest from h/app:c\n#1 ERROR: not found',
  'ERROR: failed to solve: Unknown cache exporter: "x"',
  '#1 exporting cache to GitHub Actions Cache\n#1 ERROR: failed to save: 503\nERROR: failed to solve: failed to save: 503',
  'ERROR: failed to build: failed to solve: failed to configure gha cache exporter: failed to parse token for github actions cache: token contains an invalid number of segments',
])('a cache that cannot be set up or written is left out: %#', (output) =>
  expect(retryOf(output)).toBe('without-cache'),
);

test.each<[string, string, string]>([
  [
    'a folder that cannot be made',
    'ERROR: failed to build: mkdir /proc/x: no such file or directory',
    'perhaps-without-cache',
  ],
  ['an older buildx', 'ERROR: mkdir /proc/x: no such file or directory', 'perhaps-without-cache'],
  [
    'after all steps',
    '#6 exporting to image\n#6 DONE 0.1s\nERROR: failed to build: could not unmarshal index.json',
    'perhaps-without-cache',
  ],
  ['BuildKit', 'ERROR: failed to build: failed to solve: target stage "x" could not be found', 'never'],
  ['a step', '#6 [1/2] COPY a /\n#6 ERROR: not found\nERROR: failed to build: x', 'never'],
  ['no error of buildx', 'no ERROR: here', 'never'],
])('a build that ended without a failed step may have ended for its cache: %s', (_, output, retry) =>
  expect(retryOf(output)).toBe(retry),
);

test('the failed step, and the words of BuildKit about it alone', () => {
  const command =
    '#5 [2/3] RUN x\n#5 0.1 denied\n#5 ERROR: process "x" did not complete successfully: exit code: 1\nERROR: failed to solve: process "x" did not complete';
  expect(failedStepOf(command)).toMatchObject({ kind: 'command', title: '[2/3] RUN x', lines: ['denied'] });
  expect(wordsOfBuildkit(command)).toBe('');
  expect(wordsOfBuildkit('ERROR: failed to solve: process "x" did not complete')).toBe('');
  const push =
    '#4 [1/3] RUN y\n#4 0.1 503\n#4 DONE 1.0s\n#5 exporting to image\n#5 0.1 error: first\n#5 0.2 error: PUT 403\n#5 ERROR: denied\nERROR: failed to solve: denied: x';
  expect(failedStepOf(push)).toMatchObject({ kind: 'buildkit', title: 'exporting to image' });
  expect(wordsOfBuildkit(push)).toBe('denied\nerror: PUT 403\ndenied: x');
  expect(wordsOfBuildkit('ERROR: no builder')).toBe('\n\nno builder');
  expect(failedStepOf('#1 x\n#1 DONE 0.1s')).toBeUndefined();
});

test.each<[string, string, readonly string[], boolean]>([
  ['of its platform', '[linux/arm64 2/2]', ['linux/arm64'], true],
  ['of its platform by another name', '[linux/arm64 build 2/2]', ['linux/arm64/v8'], true],
  ['of another platform', '[linux/amd64 2/2]', ['linux/arm64'], false],
  ['of the only platform', '[build 2/2]', ['linux/arm64'], true],
  ['where all can be run', '[linux/arm64 2/2]', [], false],
])('a program that nothing here can run: a step %s', (_, title, unemulated, expected) => {
  const output = (text: string, error = 'process "x" did not complete successfully: exit code: 255') =>
    `#5 ${title} RUN x\n#5 0.1 ${text}\n#5 ERROR: ${error}\n`;
  expect(isNotEmulated(output('exec /bin/sh: exec format error'), unemulated)).toBe(expected);
  expect(isNotEmulated(output('', 'process "x" did not start: exec format error'), unemulated)).toBe(expected);
  expect(isNotEmulated(output('another error'), unemulated)).toBe(false);
  expect(isNotEmulated(output('exec format error', 'denied'), unemulated)).toBe(false);
});

describe('a cache whose step failed beside the one that ended the build', () => {
  const NOT_YET =
    '#3 importing cache manifest from h/app:c\n#3 ERROR: failed to configure registry cache importer: h/app:c: not found\n';
  const IGNORED = '#7 exporting cache to registry\n#7 ERROR: error writing layer blob: 403 Forbidden\n';
  const CUT_OFF =
    '#9 exporting cache to registry\n#9 preparing build cache for export\n#9 ERROR: Canceled: context canceled\n';
  const refused = push('unexpected status from HEAD request to https://h/v2/app/blobs/sha256:aa: 403 Forbidden');
  const unauthorized = push(
    'unexpected status from HEAD request to https://h/v2/app/blobs/sha256:aa: 401 Unauthorized',
  );
  const command =
    '#5 [2/3] RUN x\n#5 0.1 denied\n#5 ERROR: process "x" did not complete successfully: exit code: 1\nERROR: failed to solve: process "x" did not complete successfully: exit code: 1';

  test.each<[string, string, BuildRetry, string]>([
    ['not there yet; a refused push', NOT_YET + refused, 'never', 'exporting to image'],
    ['not there yet; a push without a right', NOT_YET + unauthorized, 'with-a-fresh-login', 'exporting to image'],
    ['not there yet; a command', NOT_YET + command, 'never', '[2/3] RUN x'],
    ['not written; a refused push', IGNORED + refused, 'never', 'exporting to image'],
    ['cut off by a refused push', CUT_OFF + refused, 'never', 'exporting to image'],
    [
      'cut off, and the push of another time',
      CUT_OFF + push('503 Service Unavailable'),
      'after-a-pause',
      'exporting to image',
    ],
  ])('%s', (_, output, retry, title) => {
    expect(retryOf(output)).toBe(retry);
    expect(failedStepOf(output)?.title).toBe(title);
  });

  test('a push that failed is the push of the image, though none of its steps is shown as failed', () => {
    const output = `${CUT_OFF}ERROR: failed to build: failed to solve: failed to push h/app:1: 403 Forbidden`;
    expect(retryOf(output)).toBe('never');
    expect(failedStepOf(output)).toBeUndefined();
  });

  test('a cache that ended the build itself, beside one that is not there yet', () => {
    const output = `${NOT_YET}#7 exporting cache to registry\n#7 ERROR: error writing manifest blob: 400\nERROR: failed to solve: error writing manifest blob: 400`;
    expect(retryOf(output)).toBe('without-cache');
    expect(failedStepOf(output)?.title).toBe('exporting cache to registry');
  });
});

test('a local cache that buildx itself could not read', () => {
  const line = (why: string) => `#1 x\n#1 DONE 0.1s\nWARNING: local cache import at /c not found due to err: ${why}\n`;
  expect(cacheTroubles(line('could not lock: not a directory'))).toEqual([
    'The build cache /c could not be read: could not lock: not a directory',
  ]);
  expect(cacheTroubles(line('open /c/index.json.lock: no such file or directory'))).toEqual([]);
  expect(cacheTroubles(`#1 [1/1] RUN x\n#1 0.1 ${line('x').split('\n')[2]}\n#1 DONE 1.0s`)).toEqual([]);
});
