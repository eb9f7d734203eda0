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

/** Of two lines the first says more than the second, in whatever order they were printed. */
test.each([
  "---> (a.b::FooError odd|thread 'a b' panicked at c",
  '--> Error odd|panic: y',
  'caused by: a.FooException|panic: y',
  'Error: y|x fatal error: y',
  'Error: y|x panic: odd',
  'Error: y|x Unhandled exception z',
  'Unhandled exception System.X|Error: y',
  'Fatal error: x|Error: y',
  'Uncaught Error: x|Error: y',
  'com.x.OddException|OddExit: y',
  'com.OddError: x|a::BError in c: y',
  'a.bc.d.OddError: x|a::BError in c: y',
  'A::Bc::CNotFound in x: y|FooTimeout: y',
  'BarRefused: x|FooTimeout: y',
  'SystemExit: odd|FooTimeout: y',
  'a.bc.OddWarning: x|Invalid maximum heap',
  'app.UserDoesNotExist: x|Invalid initial heap',
  'OddTimeout: x|Invalid initial heap',
  'Error: y|Invalid maximum heap x',
  'Error [ERR_X]: y|Too small maximum heap',
  'ERROR: y|x Error: odd',
  'ERROR: y|a prog: error: bad',
  'prog/x.y: error: bad|ORA-12514: x',
  'SQLSTATE[HY000] [2002] odd|fatal: x',
  'x: odd thing (Odd)|Invalid maximum heap',
  'x: odd thing (A::Bc::De)|Invalid maximum heap',
  'Bus error|Invalid maximum heap',
  'aborted|Invalid maximum heap',
  'illegal instruction x|Invalid maximum heap',
  'Initial heap size set to x|[emerg] x',
  'Could not reserve enough x|[emerg] x',
  '# There is insufficient memory|[emerg] x',
  'Too small initial heap|[emerg] x',
  'x [crit] y|ORA-12514: x',
  '[alert] y|ORA-12514: x',
  'AccessDenied: x|ORA-12514: x',
  'a.bc.QuotaExceeded: x|ORA-12514: x',
  'ERROR: y|x nginx: it failed',
  '/usr/bin/zsh: odd|fatal: x',
  'ash: odd|fatal: x',
  'dash: odd|fatal: x',
  'a.sh: line 12: foo: not found|fatal: x',
  'ERROR: y|a b.sh: line 12: foo: not found',
  'ERROR: y|foo: command not found x',
  'standard_init_linux.go:228: odd|fatal: x',
  'env: node: No such file|fatal: x',
  'fatal x|ERROR: y',
  'fatal:x|ERROR: y',
  'error x|npm error y',
  'error:x|npm error y',
  'npm error y|x error z',
  'npm ERR! y|x FATAL z',
  'x FATAL y|x npm error z',
  'x CRITICAL y|it failed',
  'x SEVERE y|it failed',
  'x ERROR y|it failed',
  'x panic y|it failed',
  'x level=fatal y|it failed',
])('%s', (pair) => {
  const [telling = '', other = ''] = pair.split('|');
  expect(tellingLine(`${telling}\n${other}`)).toBe(telling);
  expect(tellingLine(`${other}\n${telling}`)).toBe(telling);
});

test.each(
  // biome-ignore format: a list of words
  [
    'it failed', 'a failure', 'it cannot', 'it could not', "it couldn't", 'is unable to', 'x not found', 'no such x', 'x denied', 'x refused',
    'x missing', 'x must be set', 'must install x', 'must provide x', 'x is not set', 'invalid x', 'unrecognized x', 'unsupported x',
    'it timed out', 'unknown command', 'unknown option', 'unknown flag', 'unknown host', 'already in use', 'already running',
    'x: parameter null or not set', 'x: parameter not set', 'x: unbound variable', 'a timeout', 'x has been reached', 'not permitted',
    'not a valid x', 'insecure x', 'refusing x', 'wrong x', 'a problem', "can't locate x", "can't find x", "can't open x", 'there is no x',
    'please set x', 'please use x', 'please configure x', 'please specify x', 'please provide x', 'please install x', 'please run x', 'too low',
    'dubious x', 'x does not exist', 'x not recognized', 'x required', 'a mismatch', 'x expired', 'an exception', 'an error',
    'See x: it failed', 'x See https://a: it failed', 'it failed at x', 'it failed ... 3 more', 'ERROR: odd', 'error from x:3: y',
  ],
)('%s: looks like an error', (line) => expect(tellingLine(`all is well\n${line}`)).toBe(line));

test.each([
  'all is well',
  'unfailing',
  'x Caused by: y',
  'Caused by: ',
  'x -> FooError y',
  'com.x.OddFailure x',
  'x com.x.OddFailure: y',
  'x OddNotFound: y',
  'x OddTimeout: y',
  'x OddDenied: y',
  'x ORA-12514 y',
  'x: odd (Foo) y',
  'x: odd (foo)',
  'x aborted',
  `aborted ${'x'.repeat(41)}`,
  'x Initial heap size set',
  'x sh: odd',
  'x exec odd',
  'x fatal y',
  "x thread 'main' panicked at src/main.rs:3:4:\nodd",
  'In X.php line 3: y\nodd',
  'Traceback (most recent call last)\nodd: x\n(Odd\nOdd.foo: x\nOdd x\n1.Odd: x',
  'OddThing\nx',
  json({ level: 50, 'xerror.message': 'odd' }),
  json({ level: 50, 'exc.messages': 'odd' }),
  json({ level: 50, 'exc-message': 'odd' }),
  json({ level: 50, a: { xmsg: 'odd', msgs: 'odd', message: 5 } }),
  json({ level: 50, b: [{ message: 'odd' }] }),
  json({ level: 'xerror', msg: 'odd' }),
  'severity=error msg=odd',
  'level=errors msg=odd',
])('%j: looks like none', (text) => expect(tellingLine(text)).toBeUndefined());

/** A line that only repeats that something failed, or a frame, printed before the reason. */
test.each([
  ...[
    'code',
    'path',
    'command',
    'signal',
    'errno',
    'Lifecycle',
    'workspace',
    'location',
    'Exit status',
    'Failed at',
  ].map((word) => `npm error ${word} x`),
  'npm ERR! A complete log x',
  'npm ERR! This is probably x',
  'ERR_PNPM_RECURSIVE error',
  'ELIFECYCLE error',
  'the first Worker exiting: error',
  'the first Worker (pid 7) failed',
  'x y Shutting down: error',
  'x y Reason: Worker failed',
  'Exiting with error',
  'x y exited with code 1: error',
  'exit status 1: error',
  'x y Error occurred during initialization of VM',
  'x y Could not create the Java Virtual Machine: error',
  'x y A fatal exception has occurred',
  'FAILURE: Build failed',
  'error: subprocess-exited-with-error',
  'ERROR:',
  'Please make sure: error',
  'See http://error',
  'See https://error',
  'x y Application run failed',
  'Error starting ApplicationContext',
  'x y Failed to start server: error',
  'Failed to start application: error',
  'x y Application startup failed',
  'x y Startup failed',
  'x y Uncaught exception, exiting',
  '... 12 more failed',
  'from a.rb:12:in failed',
  '#12 failed',
  'in ab.py:12 failed',
  'Node.js v18 failed',
  '(node:12) failed',
  'stack backtrace: failed',
  'note: run with failed',
  'Traceback failed',
  'created by failed',
])('%s says less', (line) => expect(tellingLine(`${line}\nit failed`)).toBe('it failed'));

/** What a logger writes before the words is cut off. */
test.each([
  ['2026/01/01T00:00:00  Error: odd', 'Error: odd'],
  ['[2026-01-01 00:00:00.123456789 UTC]: Error: odd', 'Error: odd'],
  ['2026-01-01 00:00:00+0100 Error: odd', 'Error: odd'],
  ['2026-01-01 00:00:00,1 -01:00 Error: odd', 'Error: odd'],
  ['x 2026-01-01 00:00:00 Error: odd', 'x 2026-01-01 00:00:00 Error: odd'],
  ['x 2026-01-01 00:00:00Z it failed', 'x 2026-01-01 00:00:00Z it failed'],
  ['[12:00:00,123]  Error: odd', 'Error: odd'],
  ['12:00:00 Error: odd', 'Error: odd'],
  ['x 12:00:00 Error: odd', 'x 12:00:00 Error: odd'],
  ['[pid:1]:  Error: odd', 'Error: odd'],
  ['[pid 12] Error: odd', 'Error: odd'],
  ['[pid1] Error: odd', 'Error: odd'],
  ['[1234567]  Error: odd', 'Error: odd'],
  ['x [1] Error: odd', 'x [1] Error: odd'],
  ...['TRACE', 'DEBUG', 'INFO', 'NOTICE', 'LOG', 'WARN', 'WARNING'].map((level) => [
    `${level}: it failed`,
    'it failed',
  ]),
  ...['ERROR', 'ERR', 'SEVERE', 'CRITICAL', 'FATAL'].map((level) => [`[${level}] odd`, 'ERROR: odd']),
  ['INFO  [main thread]   -   Error: odd', 'Error: odd'],
  ['INFO | Error: odd', 'Error: odd'],
  ['INFO[0000] Error: odd', 'Error: odd'],
  ['INFO:failed', 'INFO:failed'],
  ['INFO    it failed', 'INFO    it failed'],
  ['x INFO it failed', 'x INFO it failed'],
  ['ERROR x error odd', 'ERROR: x error odd'],
  ['ERROR fatal odd', 'fatal odd'],
  ['[1] [2] [3] [4] it failed', '[4] it failed'],
  ['\u001b[31;1mError: odd\u001b[K', 'Error: odd'],
  ["Error: '/app/run.sh\r' odd", "Error: '/app/run.sh\\r' odd"],
  ['Error: \\"odd\\"', 'Error: "odd"'],
])('%j is read as %j', (text, line) => expect(tellingLine(text)).toBe(line));

/** Entries of loggers. */
test.each<[string, string]>([
  [`${json({ level: 'error', msg: 'odd' })} `, 'ERROR: odd'],
  [`${'x'.repeat(100)}${json({ level: 'error', msg: 'odd' })}`, 'ERROR: odd'],
  ['level=error msg=odd x}', 'ERROR: odd'],
  ['{"a":1} level=error msg=odd', 'ERROR: odd'],
  ...['error', 'fatal', 'critical', 50, 60, 'panic', 'emerg', 'alert', 'F', 'e'].map((level): [string, string] => [
    json({ level, msg: 'odd' }),
    'ERROR: odd',
  ]),
  ...['msg', 'message', 'event', 'error', 'err', 'stack', 'stacktrace', 'stack_trace', 'exc_info'].map(
    (field): [string, string] => [json({ [field]: 'it failed' }), 'it failed'],
  ),
  ...['error.message', 'err_stack', 'exception.stack_trace', 'exc.stacktrace', 'error.cause', 'exception_reason'].map(
    (field): [string, string] => [json({ [field]: 'it failed', a: 1 }), 'it failed'],
  ),
  ...[
    ...['error', 'err', 'errmsg', 'error_message', 'errorMessage', 'message', 'msg', 'exception', 'reason', 'cause'],
    ...['internal', 'detail', 'details'],
  ].map((field): [string, string] => [json({ a: { b: { c: { [field]: 'it failed' } } } }), 'it failed']),
  ['{"level":"error"}', '{"level":"error"}'],
  [json({ level: 'error', msg: '' }), '{"level":"error","msg":""}'],
  [json({ msg: 'it failed:', error: 'it failed:' }), 'it failed:'],
  [json({ msg: 'odd', err: 'TypeError: x' }), 'TypeError: x'],
  [json({ a: null, err: null, message: 'it failed' }), 'it failed'],
  [json({ msg: 7, error: 'it failed' }), 'it failed'],
  [json({ msg: json({ level: 'error', msg: 'odd' }) }), 'ERROR: odd'],
  [json({ msg: '{level=error msg=odd' }), '{level=error msg=odd'],
  [json({ msg: 'x {"msg":"it failed"}' }), 'x {"msg":"it failed"}'],
  [json({ err: { name: 5, type: 'T', msg: 'it failed', stack: 7 } }), 'T: it failed'],
  [json({ err: { name: 'N' }, level: 'error' }), json({ err: { name: 'N' }, level: 'error' })],
  [json({ err: { stack: 'ValueError: odd\n at x' } }), 'ValueError: odd'],
  ['message=odd level=error', 'ERROR: odd'],
  ['level=error odd', 'level=error odd'],
  ['msg="it failed" x=1', 'msg="it failed" x=1'],
  ['level=error msg=odd a.msg=bad', 'ERROR: odd'],
  ['level=error msg="a\\nb\\tc"', 'ERROR: a b c'],
  ['msg=x Level=error err=boom', 'ERROR: x: boom'],
  ['level=error msg="" err=odd', 'ERROR: odd'],
  ['level=error msg=""', 'level=error msg=""'],
  ['level=error msg=odd err=odd', 'ERROR: odd'],
  ...['fatal', 'critical', 'panic', 'crit'].map((level): [string, string] => [
    `level=${level} err=odd msg=x`,
    'ERROR: x: odd',
  ]),
])('the entry %j says %j', (text, line) => expect(tellingLine(text)).toBe(line));

/** Where runtimes put what went wrong. */
test.each([
  ['Error: a\nCaused by: b\nx\nCaused by: c\nAPPLICATION FAILED TO START\nDescription:\n\nodd', 'odd'],
  ['APPLICATION FAILED TO START\nDescription:\n\nodd', 'odd'],
  ['Description:\nodd\nAPPLICATION FAILED TO START', 'APPLICATION FAILED TO START'],
  ['APPLICATION FAILED TO START\n\nodd', 'APPLICATION FAILED TO START'],
  ['Caused by: b\nCaused by: c\n* What went wrong:\nodd', 'odd'],
  [
    'panic: x\nTraceback (most recent call last):\n  File "/a.py", line 3\nmod.OddThing: it is odd',
    'mod.OddThing: it is odd',
  ],
  ['OddThing\nTraceback (most recent call last):\n(Odd\nOdd.foo: x\nOdd x\nodd: x\nmod.Odd: x', 'mod.Odd: x'],
  ['OddBefore: x\nTraceback (most recent call last)\nOddAfter: x', 'OddAfter: x'],
  ['Error: y\nIn app/Foo.php line 123:\nodd', 'odd'],
  ['In Foo.php line 123:\n\nodd\nIn Bar.php line 1:\nlast', 'last'],
  ["panic: x\nthread 'main' (71) panicked at src/main.rs:33:44:\nodd", 'odd'],
  ["thread 'main' panicked at src/main.rs:3:4: y\nodd", "thread 'main' panicked at src/main.rs:3:4: y"],
  ['Error: a:\n^^^\nfoo\nbar', 'Error: a: foo'],
  ['Error: a:\n\nfoo\nbar', 'Error: a: foo'],
  ['x\ny\nError: a [\nfoo', 'Error: a [ foo'],
  ['Error: a {\nfoo', 'Error: a { foo'],
  ['Error: a (\nfoo', 'Error: a ( foo'],
  ['ERROR: 2 validation errors for Settings\nfoo', 'ERROR: 2 validation errors for Settings foo'],
  ['1 validation error for Settings was odd: required\nfoo', '1 validation error for Settings was odd: required'],
])('%j: the reason is %j', (text, line) => expect(tellingLine(text)).toBe(line));

test('no more than the last 800,000 characters are read', () => {
  expect(tellingLine(`Error: odd\n${`${'x'.repeat(3000)}\n`.repeat(300)}`)).toBeUndefined();
  expect(tellingLine(`Error: odd\n${`${'x'.repeat(2000)}\n`.repeat(300)}`)).toBe('Error: odd');
});

const REFUSED = 'connect ECONNREFUSED 10.0.0.1:5432';
const NOTHING = "TypeError: Cannot read properties of undefined (reading 'x')";
const at = (count: number): string => 'x\n'.repeat(count);

/** Which line of several is answered with, and its kind. */
test.each<[string, object | undefined]>([
  // What a general class says of another line is no answer where the telling one is no banner.
  ...[
    'x is not a function, it failed',
    'unrecognized option --x',
    'Foo is not configured',
    'open /a/b: no such file or directory',
    'yaml: line 3 failed',
    'status code: 403 failed',
  ].map((line): [string, object] => [`${line}\npanic: odd`, { kind: 'error', line: 'panic: odd' }]),
  ['EROFS failed\npanic: odd', { kind: 'read-only', line: 'EROFS failed' }],
  ['x is not a function\nApplication run failed', { kind: 'own-fault', line: 'x is not a function' }],
  // Lines that look like no error.
  [`EADDRINUSE :::3000\n${at(3)}x`, { kind: 'port-in-use', line: 'EADDRINUSE :::3000' }],
  [`EADDRINUSE :::3000\n${at(4)}x`, undefined],
  ['EADDRINUSE :::3000\nx\nEROFS', { kind: 'read-only', line: 'EROFS' }],
  // A value that is not there, and the error before.
  [`${REFUSED} failed\n${NOTHING}`, { kind: 'connection-refused', line: `${REFUSED} failed` }],
  [`${REFUSED} failed\n${at(19)}${NOTHING}`, { kind: 'connection-refused', line: `${REFUSED} failed` }],
  [`${REFUSED} failed\n${at(20)}${NOTHING}`, { kind: 'own-fault', line: NOTHING }],
  [`${NOTHING}\n${at(15)}${REFUSED} failed`, { kind: 'own-fault', line: NOTHING }],
  [`open /a: no such file or directory\n${NOTHING}`, { kind: 'own-fault', line: NOTHING }],
  [`it failed\n${NOTHING}`, { kind: 'own-fault', line: NOTHING }],
  [`${REFUSED} failed\nTypeError: x is not a function`, { kind: 'own-fault' }],
  [`EROFS failed\nError: ${REFUSED} on null`, { kind: 'connection-refused', line: `Error: ${REFUSED} on null` }],
])('%j is answered with', (text, answer) => {
  const read = readApplication(text);
  if (answer === undefined) expect(read).toBeUndefined();
  else expect(read).toMatchObject(answer);
});

/** What a reason names, from its line and the lines around. */
test.each<[string, string, object]>([
  ['Error: environment variable not found\nx DATABASE_URL', 'variable-missing', { name: 'DATABASE_URL' }],
  ['Error: environment variable not found', 'variable-missing', {}],
  ['key not found: "FOO"\nx DATABASE_URL', 'variable-missing', { name2: 'FOO' }],
  ['config property foo.bar is required\nx DATABASE_URL', 'variable-missing', { name3: 'foo.bar' }],
  ['Error: FOO_A is not set\nx DATABASE_URL', 'variable-missing', { name: 'FOO_A' }],
  ['DuplicateTable failed\nV1.23_4__add_x-y', 'migration-exists', { name: 'V1.23_4__add_x' }],
  ['DuplicateTable failed\nV12__add', 'migration-exists', { name: 'V12__add' }],
  ['DuplicateTable failed\n20260101-ab', 'migration-exists', { name: '20260101-ab' }],
  ['DuplicateTable failed\n2026-ab', 'migration-exists', {}],
  ['DuplicateTable failed', 'migration-exists', {}],
  ['relation "users" already exists, failed\nV1__add', 'migration-exists', { table: 'users' }],
  ['DuplicateTable failed at column "a"\nV1__add', 'migration-exists', { column: 'a' }],
  ['Found failed migration\nV1__add', 'migration-failed', { name: 'V1__add' }],
  ['error: Detected failed migration to version 7\nV1__add', 'migration-failed', { version: '7' }],
  ['error: Migration name: foo\nV1__add', 'migration-failed', { name2: 'foo' }],
  ['error: The `foo` migration started at x failed\nV1__add', 'migration-failed', { name: 'foo' }],
  ['Migrations are pending, failed\nV1__add', 'migration-pending', {}],
  ['Error: Address already in use\nport: 3000', 'port-in-use', { port: '3000' }],
  ['Error: Address already in use\nPort 80', 'port-in-use', { port: '80' }],
  ['Error: Address already in use\nreport 80', 'port-in-use', {}],
  ['Error: Address already in use', 'port-in-use', {}],
  ['Error: port 3000 is already in use\nport: 80', 'port-in-use', { port: '3000' }],
  ['Error: EROFS\nport: 80', 'read-only', {}],
  ['Error: EROFS\nhost: "db"', 'read-only', {}],
  ['Error: connect ECONNREFUSED\nhost: "db"', 'connection-refused', { host: 'db' }],
  ['Error: connect ECONNREFUSED\nx DATABASE_URL V1__add', 'connection-refused', {}],
  ['Error: connect ECONNREFUSED db:1\nhost: "other"', 'connection-refused', { host: 'db', port: '1' }],
  ['Error: connect ETIMEDOUT\nhost: "db", port: 1', 'unreachable', { host: 'db', port: '1' }],
  ['Error: self-signed certificate\nhost: "db", port: 1', 'tls', { host: 'db', port: '1' }],
  ['Error: getaddrinfo ENOTFOUND\nhost: "db", port: 1', 'dns', { host: 'db', port: '1' }],
  [
    'Error: odd\nx db:7\nconnect ECONNREFUSED to "db:12", failed\nhost: "b"',
    'connection-refused',
    { host: 'db', port: '12' },
  ],
  ['open (["/app/a"]).,: no such file or directory', 'file-missing', { path: '/app/a' }],
])('%j: %s', (text, kind, words) => {
  const read = readApplication(text);
  expect(read?.kind).toBe(kind);
  expect(read?.words).toStrictEqual(words);
});

test('the lines of an entry that a log driver has cut are read as its stack', () => {
  const cut = `{"level":"ERROR","message":"startup failed","stack":"${'    at a.b.C.d(C.java:1)\\n'.repeat(30)}Caused by: java.net.UnknownHostException: db.example.internal\\n\\tat java.ne`;
  expect(readApplication(cut)).toMatchObject({ kind: 'dns', words: { host: 'db.example.internal' } });
});

test.each([
  ['a connection that came about later', 'redis connected to 10.0.1.5:6379', 'variable-missing'],
  ['nothing of it later', 'listing queues', 'connection-refused'],
])('an error of a connection and then %s', (_, later, kind) => {
  const log = `Error: connect ECONNREFUSED 10.0.1.5:6379\n${later}\nSTRIPE_SECRET_KEY is required`;
  expect(readApplication(log)?.kind).toBe(kind);
});

test.each<[string, string, string, object]>([
  [
    'tini keeps its bracket',
    '[FATAL tini (7)] exec /usr/local/bin/entrypoint.sh failed: No such file or directory',
    'start-missing',
    { name: '/usr/local/bin/entrypoint.sh' },
  ],
  [
    'tini, not executable',
    '[FATAL tini (7)] exec /app/run.sh failed: Permission denied',
    'not-executable',
    { name: '/app/run.sh' },
  ],
  [
    'the bracket of env_logger is cut whole',
    '[2024-01-01T00:00:00Z ERROR myapp::db] error: connect ECONNREFUSED 10.0.0.5:5432',
    'connection-refused',
    { host: '10.0.0.5', port: '5432' },
  ],
  [
    'the bytes that Erlang dumps are a text',
    `{"init terminating in do_boot",{#{'__struct__'=>'Elixir.RuntimeError',message=><<101,110,118,105,114,111,110,109,101,110,116,32,118,97,114,105,97,98,108,101,32,68,65,84,65,66,65,83,69,95,85,82,76,32,105,115,32,109,105,115,115,105,110,103,46,10>>}}}`,
    'variable-missing',
    { name: 'DATABASE_URL' },
  ],
  [
    'what a program does without is not the reason',
    'OTel Collector version: v0.7.0\nfind no extra config, skip it, err: open /opt/extracfg.txt: no such file or directory\nConfig file is missing or invalid, error loading config file "/etc/agent.yaml": While parsing config: yaml: line 6: did not find expected key',
    'configuration-invalid',
    { lineNumber: '6', reason: 'did not find expected key' },
  ],
  [
    'a line of the source of Fluent Bit is no file that it needs',
    '[2023/05/03 15:17:56] [error] [/tmp/fluent-bit/src/config_format/flb_cf_fluentbit.c:290 errno=2] No such file or directory\n[2023/05/03 15:17:56] [error] file=./fluent-bit.conf',
    'file-missing',
    { path: './fluent-bit.conf' },
  ],
  [
    'the last of several attempts says it',
    'Checking http://wrong-backend:3000/api\nAttempt 1/3: Checking wrong-backend:3000...\nAPI check failed (attempt 1/3), retrying in 2s...\nAPI is NOT reachable at http://wrong-backend:3000/api after 3 attempts',
    'unreachable',
    { host: 'wrong-backend', port: '3000' },
  ],
  [
    'a number that is not set',
    'Error [ZodError]: [\n  {\n    "expected": "number",\n    "code": "invalid_type",\n    "received": "NaN",\n    "path": ["DB_POOL_IDLE_TIMEOUT"],\n    "message": "Invalid input"\n  }\n]',
    'variable-missing',
    { name: 'DB_POOL_IDLE_TIMEOUT' },
  ],
  [
    'a usage and no error',
    'Find more at https://example.com\nUsage:\n\nkc.sh [OPTIONS] [COMMAND]\n\nOptions:',
    'option-unknown',
    {},
  ],
  [
    'a name of a parameter in place of its content',
    "finished with error: cannot load configuration's parser: yaml: unmarshal errors\nline 1: cannot unmarshal !!str `otel-co...` into map[string]interface {}\nAWS Otel Collector version: v0.12.0",
    'configuration-invalid',
    { value: 'otel-co' },
  ],
  ['no time zone data', 'panic: open /usr/local/go/lib/time/zoneinfo.zip: no such file or directory', 'stated', {}],
  ['a bad address of busybox', "nc: bad address 'db'", 'dns', { host: 'db' }],
])('%s', (_, text, kind, words) => {
  const read = readApplication(text);
  expect(read?.kind).toBe(kind);
  expect(read?.words).toMatchObject(words);
});

test.each([
  ['INFO exited: php-fpm (exit status 0; not expected)', /went into the background/],
  ['INFO exited: httpd (terminated by SIGKILL; not expected)', /was killed/],
  ['INFO exited: php-fpm (exit status 78; not expected)', /ended with an error/],
])('a process of supervisord: %s', (line, cause) => {
  const noise = '2026-01-01 10:00:00,000 CRIT Server running without any HTTP authentication checking';
  const read = readApplication(`${noise}\n2026-01-01 10:00:01,000 ${line}`);
  expect(String(read?.row?.cause)).toMatch(cause);
  const reason = readApplication(`2026-01-01 10:00:01,000 ${line}\nError: connect ECONNREFUSED 10.0.0.5:5432`);
  expect(reason?.kind).toBe('connection-refused');
});

test.each(['INFO exited: web (exit status 0; expected)', 'the worker exited: done', 'usage: 80 % of 2 GiB'])(
  'nothing is claimed of %j',
  (line) => {
    expect(readApplication(line)?.row).toBeUndefined();
  },
);

test('every setting that pydantic does not accept is named', () => {
  const read = readApplication(
    "pydantic_core._pydantic_core.ValidationError: 2 validation errors for Settings\nport\n  Input should be a valid integer [type=int_parsing, input_value='x', input_type=str]\nLOG_LEVEL\n  Input should be 'debug' or 'info' [type=literal_error, input_value='y', input_type=str]",
  );
  expect(read?.words).toMatchObject({
    name: 'port',
    reason: 'Input should be a valid integer',
    more: "; LOG_LEVEL: Input should be 'debug' or 'info'",
    also: '(and LOG_LEVEL)',
  });
});

test('that nothing says it is not claimed where another line does', () => {
  const boot = '[2025-12-20 03:38:44 +0000] [1] [ERROR] Reason: Worker failed to boot.';
  expect(String(readApplication(boot)?.row?.cause)).toMatch(/does not stand in these lines/);
  const other = readApplication(`ValueError: odd thing\n${boot}`);
  expect(other?.line).toBe('ValueError: odd thing');
  expect(other?.row).toBeUndefined();
});

/** A program that was asked to end, and what does not make it so: an error before, another process, a start after it. */
test.each<[string, string | undefined]>([
  ['up\nReceived SIGTERM, shutting down\nError: context canceled', 'asked-to-stop'],
  ['[1] [INFO] Handling signal: term', 'asked-to-stop'],
  ['caught signal (SIGTERM)\nERROR queue not empty', 'asked-to-stop'],
  ['signal 15 (SIGTERM) received from 1, exiting', 'asked-to-stop'],
  ['npm error command failed\nnpm error signal SIGTERM', 'asked-to-stop'],
  ['Error: connect ECONNREFUSED 10.0.0.1:5432\nReceived SIGTERM', 'connection-refused'],
  ['ERROR: odd thing\nReceived SIGTERM', 'error'],
  [`ERROR: odd thing\n${'GET / 200\n'.repeat(20)}Received SIGTERM`, 'asked-to-stop'],
  ['ERROR Worker (pid:8) was sent SIGTERM!', 'error'],
  ['Received SIGTERM\nServer is listening on 80\nERROR: odd', 'error'],
  ['Received SIGCHLD', undefined],
  ['Received signal 17', undefined],
])('asked to stop: %s', (text, kind) => expect(readApplication(text)?.kind).toBe(kind));

/** Two lists of one validator: what is missing, and what is wrong. */
test.each<[string, object]>([
  ['Error: "A_KEY" is required. "B_PORT" must be a number', { name: 'A_KEY', invalid: 'B_PORT must be a number' }],
  [
    'Invalid environment variables:\n    API_URL: Invalid url input: "api"\n Missing environment variables:\n    A_KEY: a key\n    PORT: undefined\n====',
    { name: 'API_URL', reason: 'Invalid url input: "api"', missing: 'A_KEY, PORT' },
  ],
  ['env: required environment variable "A_KEY" is not set', { name: 'A_KEY' }],
])('%s', (text, words) => expect(readApplication(text)?.words).toMatchObject(words));
