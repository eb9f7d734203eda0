import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'diagnose-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(content?: string) {
  const file = join(folder, 'messages.json');
  if (content !== undefined) writeFileSync(file, content);
  return spawnSync(
    process.execPath,
    ['scripts/diagnose.ts', content === undefined ? join(folder, 'nope.json') : file],
    {
      encoding: 'utf8',
    },
  );
}

test('each message is explained in a line of its own, in order', () => {
  const { status, stdout, stderr } = run(
    JSON.stringify([
      {
        id: 'b',
        surface: 'container.exitCode',
        text: 'Essential container in task exited',
        context: { exitCode: 139 },
        cause: 'not read',
      },
      { id: 'a', surface: 'service.event', text: '(service web) has reached a steady state.' },
    ]),
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => Object.keys(line))).toEqual([
    ['id', 'rule', 'severity', 'transient', 'cause', 'remedy'],
    ['id', 'rule', 'severity', 'transient', 'cause', 'remedy'],
  ]);
  expect(lines).toMatchObject([
    { id: 'b', rule: 'segfault', severity: 'failure' },
    { id: 'a', rule: 'normal-operation', severity: 'normal' },
  ]);
});

test.each([
  ['no such file', undefined, /nope\.json cannot be read/],
  ['not JSON', '{', /is not JSON/],
  ['not an array', '{}', /is not an array/],
  ['an entry without text', '[{"id":"x","surface":"api.ecs"}]', /\[0\] \(x\)\.text is not a string/],
])('%s is told clearly', (_, content, message) => {
  const { status, stdout, stderr } = run(content);
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/ {4}at /);
});
