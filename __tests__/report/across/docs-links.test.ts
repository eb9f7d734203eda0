import { existsSync, readFileSync } from 'node:fs';
import { RULES } from '../../../src/diagnosis/rules.ts';
import { docsLink } from '../../../src/report/about.ts';
import { run } from '../made.ts';

const context = { ...run, action: { repository: 'acme/ecs-rollout', ref: 'v1' } };
const CODES = [
  'PREFLIGHT_FAILED',
  'INVALID_TASK_DEFINITION',
  'IMPOSSIBLE_ROLLOUT',
  'TOOL_MISSING',
  'BUILD_FAILED',
  'PUSH_FAILED',
];
const MORE = [
  'IMAGE_REJECTED',
  'CREDENTIALS',
  'ACCESS_DENIED',
  'NOT_FOUND',
  'REFUSED',
  'THROTTLED',
  'UNAVAILABLE',
  'CONFLICT',
];

test('every cause and every code that is linked has its page and its entry', () => {
  const topics = [...RULES.filter(({ nature }) => nature !== 'normal').map(({ id }) => id), ...CODES, ...MORE];
  const missing = topics.filter((topic) => {
    // The entry itself, not the index.
    const [page = '', entry] = (docsLink(topic, context) ?? '').replace(/^.*\/blob\/v1\//, '').split('#');
    return !existsSync(page) || (entry !== undefined && !readFileSync(page, 'utf8').includes(`\n## ${entry}\n`));
  });
  expect(missing).toEqual([]);
});
