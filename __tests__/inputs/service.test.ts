import { readService } from '../../src/inputs/service.ts';
import { AWS, type Given, read } from './made.ts';

const service = (given: Given, aws = AWS) => read({ service: 'web', ...given }, (reader) => readService(reader, aws));
const arn = (resource: string, account = '123456789012', region = 'eu-central-1'): string =>
  `arn:aws:ecs:${region}:${account}:${resource}`;

test('a setting that is not given is absent', () => {
  expect(service({})).toEqual({ value: { cluster: 'default', service: 'web' }, mistakes: [], notes: [], warnings: [] });
});

test.each<[string, string, object]>([
  ['minimum-healthy-percent', '0', { minimumHealthyPercent: 0 }],
  ['minimum-healthy-percent', '100', { minimumHealthyPercent: 100 }],
  ['maximum-percent', '100', { maximumPercent: 100 }],
  ['maximum-percent', '1000', { maximumPercent: 1000 }],
  ['health-check-grace-period-seconds', '0', { healthCheckGracePeriodSeconds: 0 }],
  ['enable-execute-command', 'false', { enableExecuteCommand: false }],
  ['enable-ecs-managed-tags', 'true', { enableEcsManagedTags: true }],
  ['propagate-tags', 'service', { propagateTags: 'SERVICE' }],
  ['propagate-tags', 'TASK_DEFINITION', { propagateTags: 'TASK_DEFINITION' }],
  ['propagate-tags', 'NONE', { propagateTags: 'NONE' }],
  ['force-new-deployment', 'false', { forceNewDeployment: false }],
  ['platform-version', 'LATEST', { platformVersion: 'LATEST' }],
  ['platform-version', '1.4.0', { platformVersion: '1.4.0' }],
  ['alarms', 'a, b', { alarms: ['a', 'b'] }],
  ['alarms', 'none', { alarms: [] }],
  ['circuit-breaker', 'off', { circuitBreaker: { enable: false, rollback: false } }],
  ['circuit-breaker', 'FALSE', { circuitBreaker: { enable: false, rollback: false } }],
  ['circuit-breaker', 'on', { circuitBreaker: { enable: true, rollback: false } }],
  ['circuit-breaker', 'True', { circuitBreaker: { enable: true, rollback: false } }],
  ['circuit-breaker', 'Rollback', { circuitBreaker: { enable: true, rollback: true } }],
  ['cluster', 'prod', { cluster: 'prod' }],
  ['service', arn('service/prod/api'), { cluster: 'prod', service: 'api', accountId: '123456789012' }],
  ['service', arn('service/api'), { cluster: 'default', service: 'api', accountId: '123456789012' }],
  ['cluster', arn('cluster/prod'), { cluster: arn('cluster/prod'), accountId: '123456789012' }],
])('%s: %s', (name, text, expected) => {
  expect(service({ [name]: text })).toEqual({
    value: { cluster: 'default', service: 'web', ...expected },
    mistakes: [],
    notes: [],
    warnings: [],
  });
});

test.each<[string, string, object | string]>([
  ['5', 'on', { type: 'COUNT', value: 5 }],
  ['1', 'rollback', { type: 'COUNT', value: 1 }],
  ['500', 'on', { type: 'COUNT', value: 500 }],
  ['100%', 'on', { type: 'BOUNDED_PERCENT', value: 100 }],
  ['50 %', 'on', { type: 'BOUNDED_PERCENT', value: 50 }],
  ['50% unbounded', 'on', { type: 'UNBOUNDED_PERCENT', value: 50 }],
  ['50%  UNBOUNDED', 'on', { type: 'UNBOUNDED_PERCENT', value: 50 }],
  ['0', 'on', '`0` is not right. Write a count such as `5`'],
  ['0%', 'on', '`0%` is not right.'],
  ['101%', 'on', '`101%` is not right.'],
  ['5 unbounded', 'on', '`5 unbounded` is not right.'],
  ['x5', 'on', '`x5` is not right.'],
  ['5x', 'on', '`5x` is not right.'],
  ['50%unbounded', 'on', '`50%unbounded` is not right.'],
  ['5', 'off', 'has no circuit breaker to set. Add `circuit-breaker: rollback` (or `on`).'],
  ['5', '', 'has no circuit breaker to set.'],
])('a threshold of %s with the circuit breaker %s', (threshold, breaker, expected) => {
  const { value, mistakes } = service({ 'circuit-breaker': breaker, 'circuit-breaker-threshold': threshold });
  if (typeof expected === 'object') expect([value.circuitBreaker?.threshold, mistakes]).toEqual([expected, []]);
  else expect(mistakes).toEqual([expect.stringContaining(`circuit-breaker-threshold: ${expected}`)]);
});

test.each<[string, Given, string]>([
  [
    'no service',
    { service: ' ' },
    'service: is missing. Name the ECS service to deploy to; one that does not exist is created by `service-definition`.',
  ],
  [
    'a percentage below 0',
    { 'minimum-healthy-percent': '-1' },
    'minimum-healthy-percent: `-1` is out of range. Give a percentage without the % sign, from 0 to 100.',
  ],
  ['a percentage above 100', { 'minimum-healthy-percent': '101' }, 'minimum-healthy-percent: `101` is out of range.'],
  [
    'a maximum below 100',
    { 'maximum-percent': '99' },
    'maximum-percent: `99` is out of range. Give a percentage without the % sign, from 100 to 1000.',
  ],
  [
    'a negative grace period',
    { 'health-check-grace-period-seconds': '-1' },
    'health-check-grace-period-seconds: `-1` is out of range. Give seconds, from 0 to',
  ],
  [
    'a negative count',
    { 'desired-count': '-1' },
    'desired-count: `-1` is out of range. Give a number of tasks, from 0 to',
  ],
  [
    '100 and 100 percent',
    { 'minimum-healthy-percent': '100', 'maximum-percent': '100' },
    'maximum-percent: with `minimum-healthy-percent: 100` no task may stop',
  ],
  [
    'a platform version of two numbers',
    { 'platform-version': '1.4' },
    'platform-version: `1.4` is not right. Expected `LATEST`, or a version',
  ],
  ['a platform version and more', { 'platform-version': '1.4.0-x' }, 'platform-version: `1.4.0-x` is not right.'],
  ['a platform version behind more', { 'platform-version': 'v1.4.0' }, 'platform-version: `v1.4.0` is not right.'],
  ['alarms and none', { alarms: 'a, none, b' }, 'alarms: has `none` beside `a`, `b`. Keep one or the other.'],
  ['a cluster with a slash', { cluster: 'a/b' }, 'cluster: `a/b` is not right. Expected the name of a cluster'],
  ['a cluster with a space', { cluster: 'a b' }, 'cluster: `a b` is not right.'],
  ['a long cluster', { cluster: 'a'.repeat(256) }, 'is not right.'],
  [
    'the ARN of a service as cluster',
    { cluster: arn('service/prod/web') },
    'is the ARN of a service in the cluster. Write `prod`.',
  ],
  [
    'the ARN of a cluster as service',
    { service: arn('cluster/prod') },
    'is the ARN of a cluster. Expected the name of a service',
  ],
  ['a service ARN with more behind it', { service: arn('service/prod/web/x') }, 'is not right.'],
  ['a service with a space', { service: 'a b' }, 'service: `a b` is not right.'],
  [
    'a cluster ARN of another region',
    { cluster: arn('cluster/prod', '123456789012', 'us-east-1') },
    'cluster: is in region us-east-1, but the step works in eu-central-1. Set `aws-region` to the same.',
  ],
  [
    'a service ARN of another region',
    { service: arn('service/prod/web', '123456789012', 'us-east-1') },
    'service: is in region us-east-1, but',
  ],
  [
    'cluster and service',
    { service: 'prod/web' },
    'service: `prod/web` names the cluster too. Write `cluster: prod` and `service: web`.',
  ],
  ['the end of an ARN', { service: 'service/prod/web' }, 'Write `cluster: prod` and `service: web`.'],
  ['a path of more parts', { service: 'service/prod/web/x' }, 'is not right.'],
  ['`service/` with a name', { service: 'service/web' }, 'service: `service/web` is not right.'],
  [
    'another cluster than that of the ARN',
    { cluster: 'a', service: arn('service/b/web') },
    "cluster: is `a`, but the service's ARN names `b`. Drop `cluster`, or correct one of them.",
  ],
  [
    'a cluster ARN of another name',
    { cluster: arn('cluster/a'), service: arn('service/b/web') },
    "cluster: is `a`, but the service's ARN names `b`.",
  ],
  [
    'two accounts',
    { cluster: arn('cluster/b', '210987654321'), service: arn('service/b/web') },
    "cluster: is in account 210987654321, but the service's ARN names 123456789012.",
  ],
])('%s is a mistake', (_, given, mistake) => {
  expect(service(given).mistakes).toEqual([expect.stringContaining(mistake)]);
});

test.each<[string, Given]>([
  ['cluster and ARN that agree', { cluster: 'b', service: arn('service/b/web') }],
  ['two ARNs that agree', { cluster: arn('cluster/b'), service: arn('service/b/web') }],
  ['an old ARN of a service beside a cluster', { cluster: 'b', service: arn('service/web') }],
  ['99 and 100 percent', { 'minimum-healthy-percent': '99', 'maximum-percent': '100' }],
  ['100 and 101 percent', { 'minimum-healthy-percent': '100', 'maximum-percent': '101' }],
])('%s', (_, given) => expect(service(given)).toMatchObject({ mistakes: [], value: { service: 'web' } }));

test('where the region is not known, an ARN of any region is taken', () => {
  expect(service({ cluster: arn('cluster/b') }, { ...AWS, region: '' }).mistakes).toEqual([]);
});

describe('the role reaches its own account alone', () => {
  const role = { arn: 'arn:aws:iam::210987654321:role/x', sessionName: 'x', durationSeconds: 900, audience: 'x' };
  const WORDS =
    'is in account 123456789012, but `role-to-assume` is a role of 210987654321, which reaches its own account alone.';
  test.each<[string, Given, string[]]>([
    ['names', {}, []],
    ['the ARN of a service', { service: arn('service/b/web') }, [`service: ${WORDS}`]],
    ['the ARN of a cluster', { cluster: arn('cluster/b') }, [`cluster: ${WORDS}`]],
    ['an ARN of its account', { cluster: arn('cluster/b', '210987654321') }, []],
  ])('%s', (_, given, mistakes) => {
    expect(service(given, { ...AWS, role }).mistakes).toEqual(mistakes.map((one) => expect.stringContaining(one)));
  });
});

test('a desired count of 0 is taken, with a notice: GitHub passes 0 for what a caller left out', () => {
  expect(service({ 'desired-count': '0' })).toMatchObject({
    value: { desiredCount: 0 },
    mistakes: [],
    notes: [expect.stringMatching(/^desired-count: 0 stops all tasks/)],
  });
});
