import { readStrategy } from '../../src/inputs/strategy.ts';
import { type Given, read } from './made.ts';

const strategy = (given: Given) => read(given, readStrategy);
const ELB = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012';

test('a strategy that is not given is absent', () => {
  expect(strategy({ service: 'web' })).toMatchObject({ value: undefined, mistakes: [] });
});

test.each<[string, string, object]>([
  ['strategy', 'rolling', { kind: 'ROLLING' }],
  ['strategy', 'blue-green', { kind: 'BLUE_GREEN' }],
  ['strategy', 'BlueGreen', { kind: 'BLUE_GREEN' }],
  ['strategy', 'Blue_Green', { kind: 'BLUE_GREEN' }],
  ['strategy', 'LINEAR', { kind: 'LINEAR' }],
  ['strategy', 'canary', { kind: 'CANARY' }],
  ['bake-time-minutes', '0', { bakeTimeInMinutes: 0 }],
  ['bake-time-minutes', '1440', { bakeTimeInMinutes: 1440 }],
  ['linear-step-percent', '3', { linear: { stepPercent: 3 } }],
  ['linear-step-percent', '33.3', { linear: { stepPercent: 33.3 } }],
  ['linear-step-bake-minutes', '0', { linear: { stepBakeTimeInMinutes: 0 } }],
  ['canary-percent', '0.1', { canary: { canaryPercent: 0.1 } }],
  ['canary-percent', '100', { canary: { canaryPercent: 100 } }],
  ['canary-bake-minutes', '5', { canary: { canaryBakeTimeInMinutes: 5 } }],
  ['early-success-percent', '0', { earlySuccessPercent: 0 }],
  ['early-success-percent', 'OFF', { earlySuccessPercent: 'off' }],
  ['lifecycle-hooks', '[]', { hooks: [] }],
  [
    'alternate-target-group',
    `${ELB}:targetgroup/b/1`,
    { traffic: { alternateTargetGroupArn: `${ELB}:targetgroup/b/1` } },
  ],
  [
    'production-listener-rule',
    `${ELB}:listener-rule/app/w/1/2/3`,
    { traffic: { productionListenerRule: `${ELB}:listener-rule/app/w/1/2/3` } },
  ],
  ['test-listener-rule', `${ELB}:listener/net/w/1/2`, { traffic: { testListenerRule: `${ELB}:listener/net/w/1/2` } }],
  [
    'load-balancer-role',
    'arn:aws-cn:iam::123456789012:role/a/b',
    { traffic: { roleArn: 'arn:aws-cn:iam::123456789012:role/a/b' } },
  ],
])('%s: %s', (name, text, value) => {
  expect(strategy({ [name]: text })).toMatchObject({ value, mistakes: [] });
  expect(Object.keys(strategy({ [name]: text }).value ?? {})).toHaveLength(1);
});

test.each<[string, string, string]>([
  ['strategy', 'bluegren', 'Did you mean `BLUE_GREEN`?'],
  ['strategy', 'recreate', '`recreate` is not one of `ROLLING`, `BLUE_GREEN`, `LINEAR`, `CANARY`.'],
  ['bake-time-minutes', '1441', 'Give minutes, from 0 to 1440.'],
  ['linear-step-percent', '2.9', '`2.9` is out of range. Give a percentage from 3 to 100'],
  ['linear-step-percent', '101', '`101` is out of range.'],
  ['linear-step-percent', '33.33', 'with at most one decimal place'],
  ['canary-percent', '0', '`0` is out of range.'],
  ['canary-percent', '5%', 'without the % sign'],
  ['early-success-percent', '101', 'or `off`, from 0 to 100'],
  ['alternate-target-group', 'green', 'Expected the ARN of a target group.'],
  ['production-listener-rule', `${ELB}:targetgroup/b/1`, 'Expected the ARN of a listener rule'],
  ['load-balancer-role', 'infrastructure', 'Expected the ARN of an IAM role.'],
])('%s: %s is refused', (name, text, mistake) => {
  expect(strategy({ [name]: text }).mistakes).toEqual([expect.stringContaining(mistake)]);
});

test('a setting of another strategy than the one that is given is a mistake, by its name', () => {
  const { mistakes } = strategy({
    strategy: 'CANARY',
    'canary-percent': '5',
    'linear-step-percent': '10',
    'early-success-percent': '100',
  });
  expect(mistakes).toEqual([
    'linear-step-percent: is a setting of LINEAR, but `strategy` is CANARY. Drop one of them.',
    'early-success-percent: is a setting of ROLLING, but `strategy` is CANARY. Drop one of them.',
  ]);
});
