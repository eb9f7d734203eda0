import { readVerify } from '../../src/inputs/verify.ts';
import { read } from './made.ts';

const verify = (text: string) => read({ verify: text }, readVerify);
const PLAIN = { successes: 1, everySeconds: 5, timeoutSeconds: 300 };

test.each<[string, string, object[]]>([
  ['nothing', ' ', []],
  [
    'an address',
    'https://a.example.com/x',
    [{ kind: 'url', url: 'https://a.example.com/x', statuses: ['2xx'], ...PLAIN }],
  ],
  ['a command', './smoke.sh "a b"', [{ kind: 'command', words: ['./smoke.sh', 'a b'], ...PLAIN }]],
  ['a script in quotes', './smoke.sh "a\nb"', [{ kind: 'command', words: ['./smoke.sh', 'a\nb'], ...PLAIN }]],
  ['words as JSON', '["./smoke.sh", "a b"]', [{ kind: 'command', words: ['./smoke.sh', 'a b'], ...PLAIN }]],
  [
    'everything of an address',
    'url: http://a.example.com\nstatus: [200, 3XX]\nbody: 42\nlatency-ms: 500\nsuccesses: 3\nfor-seconds: 60\nevery-seconds: 10\ntimeout-minutes: 2',
    [
      {
        kind: 'url',
        url: 'http://a.example.com',
        statuses: ['200', '3xx'],
        body: '42',
        latencyMs: 500,
        successes: 3,
        forSeconds: 60,
        everySeconds: 10,
        // The time that has to be good is added to the time until it is.
        timeoutSeconds: 180,
      },
    ],
  ],
  [
    'several',
    '- https://a.example.com\n- ./smoke.sh\n- {command: [run, "it now"], successes: 2}',
    [
      { kind: 'url', url: 'https://a.example.com', statuses: ['2xx'], ...PLAIN },
      { kind: 'command', words: ['./smoke.sh'], ...PLAIN },
      { kind: 'command', words: ['run', 'it now'], ...PLAIN, successes: 2 },
    ],
  ],
  [
    'statuses in one text, and what is null is not given',
    '{url: "https://a.example.com", status: "200, 204", body: null, latency-ms: null, command: null}',
    [{ kind: 'url', url: 'https://a.example.com', statuses: ['200', '204'], ...PLAIN }],
  ],
  [
    'no status',
    '{url: "https://a.example.com", status: null}',
    [{ kind: 'url', url: 'https://a.example.com', statuses: ['2xx'], ...PLAIN }],
  ],
])('%s', (_, text, checks) => {
  expect(verify(text)).toMatchObject({ value: checks, mistakes: [] });
  expect(verify(text).value).toEqual(checks);
});

const URL_ = 'url: "https://a.example.com"';
test.each<[string, string, string]>([
  ['a misspelt key', `{${URL_}, sucesses: 2}`, 'has `sucesses`, which is not known. Did you mean `successes`?'],
  ['an unknown key', `{${URL_}, when: now}`, 'has `when`, which is not known. It takes `url`, `command`, `status`,'],
  ['both', `{${URL_}, command: x}`, 'takes either `url` or `command`.'],
  ['neither', '{successes: 2}', 'takes either `url` or `command`.'],
  [
    'an address without a scheme',
    'url: a.example.com',
    'has a `url` that is not an address. Write one that begins with https://',
  ],
  ['an address with a space', 'url: https://a b', 'has a `url` that is not an address.'],
  ['an address without a host', 'url: "https://"', 'has a `url` that is not an address.'],
  ['an address of another kind', 'url: ftp://a.example.com', 'has a `url` that is not an address.'],
  ['an address that is a number', 'url: 42', 'has a `url` that is not an address.'],
  [
    'what a command does not have',
    '{command: x, status: 200, latency-ms: 1}',
    'has `status`, `latency-ms`, which a command does not have. Its exit code counts.',
  ],
  [
    'a script',
    'command: |\n  one\n  two',
    'has a command of 2 lines, and one is run. Write a YAML list of several commands, or one with a shell: `sh -c',
  ],
  ['an empty command', '{command: ""}', 'has a command that is empty.'],
  ['an empty list of words', '{command: []}', 'has a command that cannot be run.'],
  ['a list of numbers', '{command: [1]}', 'has a command that cannot be run.'],
  ['a status', `{${URL_}, status: ok}`, 'has the `status` `ok`. Write codes such as `200`, `204` or `2xx`.'],
  ['a status of three figures and more', `{${URL_}, status: 2000}`, 'has the `status` `2000`.'],
  ['no class of HTTP', `{${URL_}, status: 6xx}`, 'has the `status` `6xx`.'],
  [
    'successes',
    `{${URL_}, successes: 0}`,
    'has `successes: 0`, which is out of range. Give a whole number, from 1 to 1000.',
  ],
  ['many successes', `{${URL_}, successes: 1001}`, 'has `successes: 1001`, which is out of range.'],
  [
    'text',
    `{${URL_}, every-seconds: 5s}`,
    'has `every-seconds: 5s`, which has a unit, but the input counts seconds. Write `5`.',
  ],
  [
    'minutes',
    `{${URL_}, timeout-minutes: 361}`,
    'has `timeout-minutes: 361`, which is out of range. Give minutes, from 1 to 360.',
  ],
  [
    'seconds',
    `{${URL_}, for-seconds: 3601}`,
    'has `for-seconds: 3601`, which is out of range. Give seconds, from 1 to 3600.',
  ],
  [
    'milliseconds',
    `{${URL_}, latency-ms: 60001}`,
    'has `latency-ms: 60001`, which is out of range. Give milliseconds, from 1 to 60000.',
  ],
  ['a shell', './smoke.sh && ./more.sh', 'has a command with `&&`, which takes a shell. Write `sh -c'],
  ['an item', '- 42', 'has an item that is neither a URL nor a command.'],
  ['many', '- https://a.example.com\n'.repeat(11), 'lists 11 checks. At most 10.'],
])('refused: %s', (_, text, mistake) => {
  const { mistakes } = verify(text);
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toContain(`verify: ${mistake}`);
});

test('the largest and smallest numbers are taken, and ten checks', () => {
  const most = `{${URL_}, successes: 1000, for-seconds: 3600, every-seconds: 300, timeout-minutes: 360, latency-ms: 60000}`;
  const least = `{${URL_}, successes: 1, for-seconds: 1, every-seconds: 1, timeout-minutes: 1, latency-ms: 1}`;
  expect(verify(most).mistakes).toEqual([]);
  expect(verify(least)).toMatchObject({ mistakes: [], value: [{ timeoutSeconds: 61 }] });
  expect(verify('- https://a.example.com\n'.repeat(10))).toMatchObject({ mistakes: [], value: { length: 10 } });
});
