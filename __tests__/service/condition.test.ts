import { conditionOf } from '../../src/service/condition.ts';
import { old, service } from '../report/made.ts';

test.each([
  ['all run', {}, 'COMPLETED', 'steady'],
  [
    'a daemon without instances',
    { desiredCount: 0, runningCount: 0, schedulingStrategy: 'DAEMON' },
    'COMPLETED',
    'steady',
  ],
  ['none is wanted', { desiredCount: 0, runningCount: 0 }, 'COMPLETED', 'stopped'],
  ['one is missing', { runningCount: 1 }, 'COMPLETED', 'short'],
  ['under way', { runningCount: 1 }, 'IN_PROGRESS', 'deploying'],
  ['failed, with all tasks of before', {}, 'FAILED', 'failed'],
  ['a controller without a state', {}, undefined, 'steady'],
  ['being deleted', { status: 'DRAINING' }, 'COMPLETED', 'gone'],
  ['deleted', { status: 'INACTIVE', desiredCount: 0 }, 'COMPLETED', 'gone'],
] as const)('%s', (_, change, rolloutState, condition) => {
  const primary = { ...old(2), status: 'PRIMARY', rolloutState };
  expect(conditionOf(service([primary as never], { desiredCount: 2, runningCount: 2, ...change }))).toBe(condition);
});
