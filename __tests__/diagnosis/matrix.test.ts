import type { Fault, Phase } from '../../src/diagnosis/diagnosis.ts';
import { cellOf, faultOf, lastResort } from '../../src/diagnosis/matrix.ts';
import type { Found } from '../../src/diagnosis/rules/rule.ts';

/** One text for each word that says how it failed, separated by `|`. */
const TEXTS: Readonly<Partial<Record<Fault, string>>> = {
  throttled:
    'Throttling|Rate exceeded|TooManyRequests|too many requests|toomanyrequests|status 429.|SlowDown|RequestLimitExceeded|throttled: access denied',
  exhausted: 'no space left on device|disk quota|quota exceeded|SomeLimitExceededException|not enough space',
  unreachable:
    'dial tcp: x|i/o timeout|no such host|connection refused|connection reset|connection timed out|connection issue|network is unreachable|no route to host|context deadline exceeded|Client.Timeout|TLS handshake timeout|server misbehaving|send request failed|RequestError|StatusCode: 0, x|name resolution|could not connect',
  internal:
    '500 x|502|503|504|InternalServerError|Internal Server Error|InternalFailure|internal failure|internal error|InternalError|Service Unavailable|ServiceUnavailable',
  denied:
    'AccessDenied|access denied|not authorized|Unauthorized|401|a 403 b|Forbidden|explicit deny|permission denied|x is denied',
  missing:
    "not found|NotFound|does not exist|doesn't exist|no such x|NoSuchKey|404|cannot find|can not find|can't find|could not find",
  'timed-out': 'timed out|time out|timeout|TimedOut',
  invalid: 'invalid|malformed|unmarshal|unsupported|not valid|unable to parse|unknown',
};

test.each(
  Object.entries(TEXTS).flatMap(([fault, texts]) => texts.split('|').map((text): [string, string] => [text, fault])),
)('%s is %s', (text, fault) => expect(faultOf(text)).toBe(fault));

test.each([
  '',
  'it broke',
  '4290',
  '5003',
  '1401',
  '4031',
  '14040',
  'StatusCode: 01',
  'StatusCode: 05',
  '505',
  'ClientXTimeout',
  'x4040',
])('%j says nothing', (text) => expect(faultOf(text)).toBe(text === 'ClientXTimeout' ? 'timed-out' : undefined));

/** Of each phase the faults that a row answers, with its id. */
const CELLS: Readonly<Partial<Record<Phase, Readonly<Partial<Record<Fault, string>>>>>> = {
  pulling: {
    denied: 'image-pull-denied',
    missing: 'image-not-found',
    unreachable: 'image-pull-network',
    throttled: 'image-pull-rate-limit',
    exhausted: 'disk-full',
  },
  secrets: {
    denied: 'secret-access-denied',
    missing: 'secret-not-found',
    unreachable: 'secret-network',
    throttled: 'secrets-throttled',
  },
  'environment-files': {
    denied: 'env-file-denied',
    missing: 'env-file-missing',
    unreachable: 'env-file-network',
    invalid: 'env-file-invalid',
  },
  logs: { denied: 'log-permission-denied', unreachable: 'log-network' },
  network: {
    throttled: 'eni-throttled',
    denied: 'eni-permission-denied',
    'timed-out': 'eni-provisioning-timeout',
  },
};
test.each<Phase>(['pulling', 'secrets', 'environment-files', 'logs', 'network', 'running'])('cells of %s', (phase) => {
  for (const [fault, texts] of Object.entries(TEXTS) as [Fault, string][])
    expect([fault, cellOf(phase, texts.split('|')[0] ?? '')]).toEqual([fault, CELLS[phase]?.[fault]]);
  expect(cellOf(phase, 'it broke')).toBeUndefined();
});

/** The beginning of what is to do, by phase, where the words are the first of each fault. */
const first = (phase: Phase, text: string) => lastResort({ reading: { phase }, text } as Found);
const NETWORK = 'Run the job again in some minutes; if it comes back';
const STATUS = 'Run the job again in some minutes, and look at the status page';
const STS = 'Run the job again in some minutes: GitHub or AWS STS did not answer';
const NAME = 'they show which step looked for what';
test.each<[Phase, string, Partial<Record<Fault, string>>]>([
  ['login', 'Read the lines above it in the log of the step', { 'timed-out': STS, unreachable: STS, internal: STS }],
  [
    'build',
    'Read the lines above the error',
    {
      missing: NAME,
      unreachable: NETWORK,
      'timed-out': NETWORK,
      internal: STATUS,
      throttled: STATUS,
    },
  ],
  ['build-step', 'Read the last lines', { missing: NAME }],
  [
    'cache',
    'Read the lines above the error in the log of the build. A run without',
    { denied: 'Check the login to that registry and its right to the repository of the cache (inputs' },
  ],
  [
    'push',
    'Read the lines above the error in the log of the build: they name the image',
    { denied: 'Check the login to that registry and its right to the repository (input `repository`)' },
  ],
  ['running', 'Read the last log lines of the container', {}],
])('what to do about a failure of %s', (phase, otherwise, known) => {
  for (const [fault, texts] of Object.entries(TEXTS) as [Fault, string][]) {
    const only = phase === 'build' || phase === 'login' || phase === 'running' || known[fault];
    if (only) expect(first(phase, texts.split('|')[0] ?? '').remedy).toContain(known[fault] ?? otherwise);
  }
  expect(first(phase, 'it broke').remedy).toMatch(new RegExp(`^${otherwise}`));
});

test('no cause is claimed', () => {
  expect(first('pulling', 'it broke').cause).toBe('The image could not be pulled: it broke');
  expect(first('task', '').cause).toBe('No reason was given.');
  expect(first('task', '').link).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
});
