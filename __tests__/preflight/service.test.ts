import { judgeHealth, problemOf } from '../../src/preflight/service.ts';

test.each<[string[], RegExp]>([
  [['CMD_SHELL', 'curl x'], /`CMD_SHELL`/],
  [['cmd-shell', 'curl x'], /`cmd-shell`/],
  [['CMD-SHELL, curl -f http://localhost/ || exit 1'], /console/],
  [['CMD-SHELL curl -f http://localhost/'], /one element/],
  [['CMD', 'curl -f http://localhost/ || exit 1'], /follows `CMD`/],
  [['CMD', 'curl', '-f', 'http://localhost/', '||', 'exit', '1'], /no shell/],
  [['CMD', 'curl', 'http://localhost/ || exit 1'], /no shell/],
  [['CMD'], /only `CMD`/],
  [['CMD-SHELL'], /only `CMD-SHELL`/],
  [['CMD-SHELL', 'curl', '-f', 'http://localhost/'], /3 elements/],
  [['curl'], /neither `CMD` nor/],
  [['curl -f http://localhost/ || exit 1'], /neither `CMD` nor/],
])('%j cannot work', (command, words) => {
  expect(problemOf(command)?.problem).toMatch(words);
});

test.each<[string[]]>([
  [['CMD-SHELL', 'curl -f http://localhost/ || exit 1']],
  [['CMD', '/bin/healthcheck']],
  [['CMD', 'curl', '-f', 'http://localhost/?a=1&b=2']],
  [['CMD', 'node', '-e', 'fetch("http://localhost").then((r) => process.exit(r.ok ? 0 : 1))']],
  [['NONE']],
  [[]],
])('%j is left alone', (command) => {
  expect(problemOf(command)).toBeUndefined();
});

test('a warning that names the container and not the command', () => {
  const definition = {
    family: 'web',
    containerDefinitions: [
      { name: 'app', image: 'app:1', healthCheck: { command: ['CMD', 'curl -H "Token: hunter2" x'] } },
      { name: 'other', image: 'other:1' },
    ],
  };
  const checks = judgeHealth({ definition } as unknown as Parameters<typeof judgeHealth>[0]);
  expect(checks).toHaveLength(1);
  expect(checks[0]).toMatchObject({ status: 'warn', subject: 'health check of app' });
  expect(checks[0]?.text).not.toContain('hunter2');
});
