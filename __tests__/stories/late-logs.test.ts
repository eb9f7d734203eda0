import { explained } from '../../src/stories/late-logs.ts';
import { diagnosis, outcome, TASK_A, TASK_B } from '../report/made.ts';

const code = diagnosis({
  rule: 'app-crash',
  cause: 'The application in the container app ended with exit code 1.',
  evidence: { surface: 'container.exitCode', text: 'exit code 1', context: {} },
  end: 'crashed',
  taskId: TASK_A,
  container: 'app',
});
const words = diagnosis({
  rule: 'app-crash',
  cause: 'The application app could not connect to $& db:5432.',
  evidence: { surface: 'container.log', text: 'ECONNREFUSED', context: {} },
  taskId: TASK_A,
  container: 'app',
});
const failed = outcome({
  kind: 'rolled-back',
  headline: `${code.cause} Rolled back to web:41.`,
  reason: code.cause,
  diagnoses: [code],
});

test('a cause from the log after the verdict is in headline, reason and causes, once', () => {
  const better = explained(failed, [words, code]);
  expect(better).toMatchObject({
    headline: 'The application app could not connect to $& db:5432. Rolled back to web:41.',
    reason: words.cause,
  });
  expect(better.diagnoses).toEqual([words]);
});

test('the log of another task of the container is read as well, where only the exit code is known', () => {
  expect(explained(failed, [{ ...words, taskId: TASK_B }]).reason).toBe(words.cause);
  const { end: _, ...specific } = code;
  const known = { ...failed, diagnoses: [specific] };
  expect(explained(known, [{ ...words, taskId: TASK_B }])).toBe(known);
});

test('a sibling of which no more than an exit code is known is the same crash, not a second cause', () => {
  const sibling = { ...code, cause: 'The application in the container app ended with exit code 2.', taskId: TASK_B };
  const known = { ...failed, diagnoses: [code, sibling] };
  expect(explained(known, [words]).diagnoses).toEqual([words]);
  const proxy = { ...sibling, container: 'proxy' };
  expect(explained({ ...known, diagnoses: [code, proxy] }, [words]).diagnoses).toEqual([words, proxy]);
});

test('another container, no log, and no failure change nothing', () => {
  expect(explained(failed, [{ ...words, container: 'proxy' }])).toBe(failed);
  expect(explained(failed, [code])).toBe(failed);
  const good = outcome();
  expect(explained(good, [words])).toBe(good);
});
