import { readFileSync } from 'node:fs';
import { tooOldNode } from '../src/node-version.ts';

test.each(['24.0.0', '24.21.0', '26.1.0', '100.0.0'])('Node %s runs the action', (version) => {
  expect(tooOldNode(version)).toBeUndefined();
});

test.each(['20.20.2', '18.0.0', '23.11.1'])('Node %s is refused with the version that is needed', (version) => {
  const { message, remedy } = tooOldNode(version) ?? {};
  expect(message).toBe(`ECS Rollout needs Node.js 24; this is ${version}. Nothing was changed.`);
  expect(remedy).toContain('/tmp/node24/node_modules/node/bin/node dist/main.js');
});

test('the version is that of action.yml', () => {
  const [, major = ''] = /using: node(\d+)/.exec(readFileSync('action.yml', 'utf8')) ?? [];
  expect(tooOldNode(`${major}.0.0`)).toBeUndefined();
  expect(tooOldNode(`${Number(major) - 1}.9.9`)).toBeDefined();
});
