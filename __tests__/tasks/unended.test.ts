import type { TaskInputs } from '../../src/inputs/types.ts';
import type { TaskDefinition } from '../../src/model.ts';
import type { PlannedTask } from '../../src/tasks/request.ts';
import { servingLine, unendedEnd, unendedNotice } from '../../src/tasks/unended.ts';

const planned = (
  task: Partial<TaskInputs> = {},
  { phase = 'task', command }: { phase?: PlannedTask['phase']; command?: readonly string[] } = {},
): PlannedTask =>
  ({
    task: { name: 'task', environment: [], containerOverrides: [], timeoutSeconds: 1800, ...task },
    phase,
    definition: {
      family: 'web',
      containerDefinitions: [{ name: 'app', image: 'x', ...(command ? { command } : {}) }],
    } as unknown as TaskDefinition,
  }) as unknown as PlannedTask;
const printed = (...lines: readonly string[]) => new Map([['app', lines]]);
const AT = { now: 70, running: 10, end: 1800 };

test.each([
  'Server listening on port 3000',
  'Example app listening on port 3000!',
  'Listening on http://0.0.0.0:8080',
  '{"level":30,"msg":"Server listening at http://0.0.0.0:3000"}',
  'Server running at http://localhost:3000/',
  '   - Local:        http://localhost:3000',
  'INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)',
  'INFO:     Application startup complete.',
  '[2026-11-01 10:00:00 +0000] [1] [INFO] Listening at: http://0.0.0.0:8000 (1)',
  ' * Running on http://127.0.0.1:5000',
  'Starting development server at http://0.0.0.0:8000/',
  '* Listening on http://0.0.0.0:3000',
  '2026-11-01T10:00:00.000Z  INFO 1 --- [main] o.s.b.w.embedded.tomcat.TomcatWebServer : Tomcat started on port 8080 (http) with context path',
  'Netty started on port 8080',
  '      Now listening on: http://[::]:8080',
  'Application started. Press Ctrl+C to shut down.',
  '[GIN-debug] Listening and serving HTTP on :8080',
  '⇨ http server started on [::]:8080',
  '[notice] 1#1: start worker processes',
  'AH00163: Apache/2.4.62 (Unix) configured -- resuming normal operations -- httpd -D FOREGROUND',
  'NOTICE: ready to handle connections',
  'LOG:  database system is ready to accept connections',
  '* Ready to accept connections tcp',
  'celery@ip-10-0-0-1 ready.',
  'INFO: Starting processing, hit Ctrl-C to stop',
])('a server or a worker is known by its own line: %s', (line) => {
  expect(servingLine(['starting', line])).toBe(line);
});

test.each([
  'Debugger listening on ws://127.0.0.1:9229/abc',
  'waiting until the database is listening on port 5432',
  'nothing is listening on port 5432',
  'Error: server started on port 3000 and failed',
  'Connected to db:5432',
  'migration 0042 started at 10:00:12',
  'applying 3 migrations to the server',
  'listening to events',
  'the server is up to date',
  'Server version: 8.0.36',
])('what a command that ends prints is no sign of a server: %s', (line) => {
  expect(servingLine([line])).toBeUndefined();
});

test('a megabyte in one line costs no time', () => {
  expect(servingLine(['listening on '.repeat(100_000), 'server is '.repeat(100_000)])).toBeUndefined();
});

test.each([
  [
    'no command of the task: that of the image',
    planned(),
    'still RUNNING after 60 s: the container app runs the command of the image, which starts a server, which does not end by itself; it printed "Server listening on port 3000". Give a command that ends with `command`. It is stopped in 28 min (`wait-for-minutes`).',
  ],
  [
    'that of the task definition',
    planned({}, { command: ['node', 'server.js'] }),
    'the container app runs the command of the task definition, which starts a server',
  ],
  ['an own one', planned({ command: ['npm', 'start'] }), 'the command that `command` gives starts a server'],
  [
    'one of the overrides',
    planned({ containerOverrides: [{ name: 'app', command: ['npm', 'start'] }] }),
    'Change `run-task-container-overrides` to a command that ends.',
  ],
  [
    'a pre-deploy task',
    planned({ command: ['npm', 'start'] }, { phase: 'pre-deploy' }),
    'Change `pre-deploy` to a command that ends. It is stopped in 28 min (`timeout-minutes` in `pre-deploy`).',
  ],
] as const)('a server: %s', (_what, task, wanted) => {
  const { kind, text } = unendedNotice(task, printed('starting', 'Server listening on port 3000', 'GET /'), AT);
  expect(kind).toBe('serves');
  expect(text).toContain(wanted);
});

test('a task that is at work: its newest line and its limit, and no claim', () => {
  expect(unendedNotice(planned({ command: ['x'] }), printed('1 of 9', '2 of 9', ''), AT)).toEqual({
    kind: 'running',
    text: 'still RUNNING after 60 s. Its newest line: "2 of 9". It is stopped in 28 min (`wait-for-minutes`).',
  });
  expect(unendedNotice(planned(), new Map(), AT).text).toContain('Nothing of its log has arrived.');
});

test('lines of a sidecar, which ends with the task, say nothing of it', () => {
  const task = planned({ container: 'app', command: ['x'] });
  expect(unendedNotice(task, new Map([['proxy', ['start worker processes']]]), AT).kind).toBe('running');
});

test('the end: the cause and the one step, for a server and for what is not known', () => {
  expect(unendedEnd(planned(), printed('Server listening on port 3000'))).toEqual({
    reason:
      'It did not end within 30 min and was stopped. The container app runs the command of the image, which starts a server, which does not end by itself: it printed "Server listening on port 3000".',
    remedy:
      'Give the task a command that ends, with `command`, such as `npm run migrate`; what serves requests is deployed as a service.',
  });
  const slow = unendedEnd(planned({ command: ['x'] }), printed('2 of 9'));
  expect(slow.reason).toBe('It did not end within 30 min and was stopped. The last line that it printed: "2 of 9".');
  expect(slow.remedy).toMatch(/raise `wait-for-minutes` \(30 min now\).*find what keeps the process alive/);
  expect(unendedEnd(planned(), new Map()).remedy).toContain('It ran without `command`');
});
