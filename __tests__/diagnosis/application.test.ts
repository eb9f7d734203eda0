import { readApplication, tellingLine } from '../../src/diagnosis/application.ts';

const JSON_ERROR = { name: 'TypeError', message: 'x is odd', stack: 'TypeError: x is odd\n    at f (/app/a.js:1:2)' };
const json = (entry: object): string => JSON.stringify(entry);

/** A log, and the line of it that says most. */
test.each<[string, string | undefined]>([
  ['all is well', undefined],
  ['', undefined],
  // JSON loggers.
  [json({ level: 'error', msg: 'odd' }), 'ERROR: odd'],
  [json({ level: 30, msg: 'odd' }), undefined],
  [json({ level: 50, msg: 'odd' }), 'ERROR: odd'],
  [json({ '@l': 'Fatal', '@m': 'odd' }), 'ERROR: odd'],
  [json({ s: 'E', message: 'odd' }), 'ERROR: odd'],
  [json({ severity: 'PANIC', event: 'odd' }), 'ERROR: odd'],
  [json({ severity: 'errors', event: 'odd' }), undefined],
  [`x ${json({ severity: 'FATAL', message: 'boom', err: JSON_ERROR })}`, 'TypeError: x is odd'],
  [json({ err: { type: 'TypeError', msg: 'x is odd' } }), 'TypeError: x is odd'],
  [json({ stack: 'ValueError: odd\n at x' }), 'ValueError: odd'],
  [json({ error: { message: 'failed' } }), 'failed'],
  [json({ msg: ' ', error: 'it failed' }), 'it failed'],
  [json({ level: 'error', detail: { info: { internal: 'odd' } } }), 'ERROR: odd'],
  [json({ level: 50, a: { b: { c: { d: { message: 'odd' } } } } }), undefined],
  [json({ level: 50, a: { xmessage: 'odd' }, b: ['odd'] }), undefined],
  ['{"level":"error","msg":}', '{"level":"error","msg":}'],
  [`${'x'.repeat(101)}${json({ level: 'error', msg: 'odd' })}`, `${'x'.repeat(101)}{"level":"error","msg":"odd"}`],
  // logfmt.
  ['level=error msg="it \\"is\\" odd" err="a b"', 'ERROR: it "is" odd: a b'],
  ['msg=odd lvl=crit', 'ERROR: odd'],
  ['level=info msg=odd', undefined],
  ['level=info msg=odd error=failed', 'odd: failed'],
  // Times, processes and levels in front.
  ['2026-01-01T00:00:00Z ERROR odd', 'ERROR: odd'],
  ['[2026-01-01 00:00:00,123 +01:00]: SEVERE: odd', 'ERROR: odd'],
  ['[12:00:00.5] [pid 1]: FATAL odd', 'ERROR: odd'],
  ['INFO [main] - Error: odd', 'Error: odd'],
  ['ERROR Error: odd', 'ERROR: Error: odd'],
  ['INFO odd', undefined],
  ['\u001b[31mError: odd\u001b[0m', 'Error: odd'],
  ['x\rError: odd\r\ny', 'Error: odd'],
  // The deepest cause.
  ['Error: a\nCaused by: b\nCaused by: c', 'Caused by: c'],
  ['Caused by: b\nError: a', 'Caused by: b'],
  ['Error: a\nError: b', 'Error: a'],
  ['it failed\nTypeError: odd', 'TypeError: odd'],
  ['npm error code 1\nnpm error odd', 'npm error odd'],
  ['at failed (x.js)\npanic: odd\ngoroutine 1 failed', 'panic: odd'],
  ['Traceback (most recent call last)\n File "/a.py", line 3, in f\nodd\nmod.OddThing: x', 'mod.OddThing: x'],
  ['it failed\nTraceback (most recent call last)\n File "/a.py", line 3\nOddExit', 'OddExit'],
  ['Description:\n\nno\nAPPLICATION FAILED TO START\nDescription:\n\nThe bean is odd\nx', 'The bean is odd'],
  ['Description:\nodd', undefined],
  ['* What went wrong:\n\nIt is odd', 'It is odd'],
  ['In X.php line 3:\n\n  It is odd', 'It is odd'],
  ['xIn X.php line 3:\nodd', undefined],
  ["thread 'main' panicked at src/main.rs:3:4:\nodd", 'odd'],
  ["thread 'main' (7) panicked at src/main.rs:3:4:\nodd", 'odd'],
  // Of two lines the first is the more telling, by its shape.
  ...[
    'Exception in thread "main thread" com.x.OddFailure: boom|ERROR: y',
    'x: odd thing (Foo::BarWeird)|it failed',
    'nginx: [x] something failed here|ERROR: y',
    'nginx worker 7: bind() failed|ERROR: y',
    'postgres: x denied|ERROR: y',
    'sh: 1: odd|ERROR: y',
    '/bin/bash: odd|ERROR: y',
    '/app/run.sh: line 3: foo: not found|ERROR: y',
    'run.sh: 3: foo: Permission denied|ERROR: y',
    'foo: command not found|ERROR: y',
    'ORA-12514: x|ERROR: y',
    'prog: error: bad|ERROR: y',
    'Segmentation fault (core dumped)|ERROR: y',
    '[emerg] x|ERROR: y',
    'exec /app: odd|ERROR: y',
    "env: 'node': No such file|ERROR: y",
    'fatal: x|ERROR: y',
    'ERROR: x|npm error y',
    'npm error y|x FATAL y',
    'x FATAL y|it failed',
    'x level=error y|it failed',
    'PHP Fatal error:  Uncaught Error: x|Error: y',
    'Unhandled exception. System.X: y|Error: y',
    'Error [ERR_X]: y|FATAL z',
    "thread 'main' panicked at x|Error: y",
    'fatal error: x|Error: y',
    '** (Foo.Bar) x|Error: y',
    '[cause]: FooError: x|panic: y',
    '---> System.FooException: x|panic: y',
    'a.b.CError: x|a::BError in c: y',
    'a::BError in c: y|FooTimeout: y',
    'FooTimeout: y|prog: error: bad',
  ].flatMap((pair): [string, string][] => {
    const [telling = '', other = ''] = pair.split('|');
    return [
      [`${telling}\n${other}`, telling],
      [`${other}\n${telling}`, telling],
    ];
  }),
  // What only repeats that something failed, and frames of a stack.
  ...[
    'npm ERR! code ELIFECYCLE',
    'npm error',
    'npm error x_logs',
    'error Command failed with exit code 1',
    '... 3 more failed',
    'from /app/x.rb:3:in failed',
    '#0 /app/x.php(3): failed',
    'node:internal/x failed',
    'File "/x failed',
    'in x.rb:3 failed',
    'goroutine 7 failed',
    '12: 0x77 failed',
    'Startup failed',
    'the Worker exiting with error',
    'x process exited with error',
    'For more information on the error',
  ].map((line): [string, string] => [`${line}\nit failed`, 'it failed']),
  ...['exc_info', '@x', 'stack_trace', 'stacktrace', 'exception', 'Exception', '@m', 'Message', 'log'].map(
    (field): [string, string] => [json({ [field]: 'ValueError: odd' }), 'ValueError: odd'],
  ),
  [json({ level: 50, internal: 'odd' }), undefined],
  ['msg=odd level=noerror', undefined],
  // A line that only announces what follows.
  ['1 validation error for Settings\nfoo\n  field required\nx', '1 validation error for Settings foo field required'],
  ['Error: the following:\n\nat x (a.js:1:2)\nfoo', 'Error: the following:'],
  ['Error: the following is odd\nfoo', 'Error: the following is odd'],
  [`Error: odd\n${'x\n'.repeat(400)}`, undefined],
  [`Error: odd\n${'x\n'.repeat(398)}`, 'Error: odd'],
  [`Error: ${'x'.repeat(2000)}`, `Error: ${'x'.repeat(1993)}`],
])('%j: %j', (text, line) => {
  expect(tellingLine(text)).toBe(line);
  if (line !== undefined) expect(readApplication(text)).toMatchObject({ line });
});

test.each<[string, object | undefined]>([
  ['all is well', undefined],
  ['SomethingError: odd', { kind: 'error', words: {} }],
  [
    'Error: connect ECONNREFUSED 10.0.0.1:5432',
    { kind: 'connection-refused', words: { host: '10.0.0.1', port: '5432' } },
  ],
  // What an error prints below itself.
  [
    'Error: connect ECONNREFUSED\n  host: "db", port: 5432',
    { kind: 'connection-refused', words: { host: 'db', port: '5432' } },
  ],
  [
    'host: "db", port: 5432\nError: connect ECONNREFUSED',
    { kind: 'connection-refused', words: { host: 'db', port: '5432' } },
  ],
  [`host: "db"\n${'x\n'.repeat(5)}Error: connect ECONNREFUSED`, { kind: 'connection-refused', words: {} }],
  [`Error: connect ECONNREFUSED\n${'x\n'.repeat(13)}host: "db"`, { kind: 'connection-refused', words: {} }],
  ['Error: DATABASE_URL is not set', { kind: 'variable-missing', words: { name: 'DATABASE_URL' } }],
  ['error: migration 20260101000000_add_users failed', { words: { name: '20260101000000_add_users' } }],
  ['migration V1_23__add failed: x', { kind: 'migration-failed', words: { name: 'V1_23__add' } }],
  [
    'open "/app/config.json".: no such file or directory',
    { kind: 'file-missing', words: { path: '/app/config.json' } },
  ],
  ["Error: Cannot find module '/app/(x).js'", { words: { path: '/app/(x).js', name: '/app/(x).js' } }],
  ['read config: no such file or directory', { kind: 'file-missing', words: {} }],
  // No error by its looks.
  ['Listening\nexec format error', { kind: 'wrong-architecture' }],
  ['Error: odd\n    at f (/app/a.js:1:2)', { place: '/app/a.js:1' }],
])('%j is read', (text, told) =>
  told === undefined
    ? expect(readApplication(text)).toBeUndefined()
    : expect(readApplication(text)).toEqual(expect.objectContaining(told)),
);
test('a place is not invented', () => expect(readApplication('Error: odd')).not.toHaveProperty('place'));
