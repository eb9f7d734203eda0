import { policyOf } from '../../scripts/policy/statements.ts';
import type { Right } from '../../src/rights/needed.ts';

const inCluster = (cluster: string): Right => ({
  sid: 'ListTasks',
  action: 'ecs:ListTasks',
  resources: ['*'],
  condition: { ArnLike: { 'ecs:cluster': cluster } },
  needed: false,
});

test('ecs:ListTasks of two clusters is one statement with both', () => {
  expect(policyOf([inCluster('a'), inCluster('b'), inCluster('a')]).Statement).toEqual([
    {
      Sid: 'ListTasks',
      Effect: 'Allow',
      Action: 'ecs:ListTasks',
      Resource: '*',
      Condition: { ArnLike: { 'ecs:cluster': ['a', 'b'] } },
    },
  ]);
  expect(policyOf([inCluster('a')]).Statement).toMatchObject([{ Condition: { ArnLike: { 'ecs:cluster': 'a' } } }]);
});
