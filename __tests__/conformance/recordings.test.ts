import { compare } from '../../conformance/compare.ts';
import { bucketOf, type Json, Normaliser } from '../../conformance/normalise.ts';
import { AS_DOCUMENTED, type Recorded, type Recording } from '../../conformance/run.ts';
import { missingIn, readStack, variableOf } from '../../conformance/stack.ts';

const normaliser = () =>
  new Normaliser({ region: 'eu-west-1', prefix: 'run-1', names: { Cluster: 'x', 'Subnets 1': 'subnet-0123abcd' } });
const TASK = '0123456789abcdef0123456789abcdef';

test.each<[string, unknown, Json]>([
  [
    'instants',
    { createdAt: new Date(0), creationTime: 1_790_000_000_000 },
    { createdAt: '<time>', creationTime: '<time>' },
  ],
  ['metadata and undefined members', { $metadata: { httpStatusCode: 200 }, a: undefined, b: 1 }, { b: 1 }],
  ['members in one order', { b: 1, a: 2 }, { a: 2, b: 1 }],
  [
    'the account and the region',
    'arn:aws:ecs:eu-west-1:123456789012:cluster/x',
    'arn:aws:ecs:<region>:<account>:cluster/<Cluster>',
  ],
  ['zones', 'eu-west-1a', '<region>a'],
  ['names within words', 'does not exist', 'does not exist'],
  ['the prefix of names', 'service run-1-web', 'service <prefix>-web'],
  ['registries at AWS', 'https://123456789012.dkr.ecr.eu-west-1.amazonaws.com', '<registry>'],
  ['registries on this machine', '127.0.0.1:4566/web', '<registry>/web'],
  ['addresses', '10.0.1.2', '<ip>'],
  ['who asks', { registeredBy: 'arn:aws:sts::1:assumed-role/a/b' }, { registeredBy: '<caller>' }],
  ['tokens', { authorizationToken: 'secret' }, { authorizationToken: '<token>' }],
  ['ids by their first appearance', [TASK, 'ecs-svc/1234567890123456789', TASK], ['<id1>', 'ecs-svc/<id2>', '<id1>']],
  ['digests', `app@sha256:${'0'.repeat(64)}`, 'app@<digest1>'],
  [
    'service deployments',
    'arn:aws:ecs:eu-west-1:123456789012:service-deployment/x/run-1-web/EaJc1u2Q_jq964nJcCZVY',
    'arn:aws:ecs:<region>:<account>:service-deployment/<Cluster>/<prefix>-web/<id1>',
  ],
  ['subnets of the stack and others', ['subnet-0123abcd', 'subnet-0123abce'], ['<Subnets 1>', '<id1>']],
])('a recording has no %s', (_, value, normal) => {
  expect(JSON.stringify(normaliser().value(value))).toBe(JSON.stringify(normal));
});

test.each([
  [0, 'less than 1 min'],
  [59, 'less than 1 min'],
  [60, '1 to 4 min'],
  [700, '10 to 20 min'],
  [9999, '20 min or more'],
])('%i s took %s', (seconds, bucket) => {
  expect(bucketOf(seconds)).toBe(bucket);
});

const row = (more: Partial<Recorded>): Recorded => ({
  rule: 'A rule.',
  page: 'https://docs.aws.amazon.com/x',
  ...more,
});
const recording = (endpoint: string, rows: Recording['rows']): Recording => ({
  format: 1,
  endpoint,
  recordedAt: '2026-11-26T00:00:00.000Z',
  rows,
});

test('the differences of two recordings are the text of an issue', () => {
  const same = row({ verdict: AS_DOCUMENTED, answer: { ok: { a: [1] } } });
  const a = recording('the simulator', {
    same,
    list: row({
      operation: 'ecs:ListX',
      request: { b: 1 },
      verdict: AS_DOCUMENTED,
      answer: { ok: { a: [1, { c: 'x' }] } },
    }),
    refused: row({
      operation: 'ecs:GetX',
      request: {},
      verdict: AS_DOCUMENTED,
      answer: { refused: { name: 'ClientException' } },
    }),
    silent: row({ operation: 'ecs:GetY', request: {}, verdict: 'no answer: HTTP 500' }),
    skipped: row({ skipped: 'needs Subnets' }),
    alone: same,
  });
  const b = recording('AWS', {
    same,
    list: row({
      operation: 'ecs:ListX',
      request: { b: 1 },
      verdict: 'a[1].c is "y"',
      answer: { ok: { a: [1, { c: 'y' }, 3] } },
    }),
    refused: row({ operation: 'ecs:GetX', request: {}, verdict: 'accepted', answer: { ok: {} } }),
    silent: row({ operation: 'ecs:GetY', request: {}, verdict: AS_DOCUMENTED, answer: { ok: {} } }),
    skipped: same,
  });
  const { text, different } = compare(a, b);
  expect(different).toBe(3);
  expect(text).toBe(`A: the simulator (2026-11-26T00:00:00.000Z); B: AWS (2026-11-26T00:00:00.000Z)

4 rows in both: 1 equal, 3 different. 2 without an answer on one side.

## list
A rule. https://docs.aws.amazon.com/x
Request: \`ecs:ListX {"b":1}\`
A is as documented; **B is not as documented**: a[1].c is "y"
- \`ok.a[1].c\`: A \`"x"\`, B \`"y"\`
- \`ok.a[2]\`: A absent, B \`3\`

## refused
A rule. https://docs.aws.amazon.com/x
Request: \`ecs:GetX {}\`
A is as documented; **B is not as documented**: accepted
- \`refused\`: A \`{"name":"ClientException"}\`, B absent
- \`ok\`: A absent, B \`{}\`

## silent
A rule. https://docs.aws.amazon.com/x
Request: \`ecs:GetY {}\`
**A is not as documented**: no answer: HTTP 500; B is as documented
- \`noAnswer\`: A \`"no answer: HTTP 500"\`, B absent
- \`ok\`: A absent, B \`{}\`

## Not compared
- \`skipped\`: the simulator: needs Subnets
- \`alone\`: not in the recording of AWS`);
  expect(compare(a, a).different).toBe(0);
});

test('the stack comes from the environment, which goes before the file, and a row says what is missing', () => {
  expect(variableOf('SecurityGroup')).toBe('CONFORMANCE_SECURITY_GROUP');
  const stack = readStack(undefined, { CONFORMANCE_CLUSTER: 'x', CONFORMANCE_SUBNETS: '' });
  expect(stack).toEqual({ Cluster: 'x' });
  expect(missingIn(stack, ['Cluster'])).toBeUndefined();
  expect(missingIn(stack, ['Cluster', 'Alarm'])).toBe(
    'needs Alarm (name of a CloudWatch alarm that keeps its state without data; --stack or CONFORMANCE_ALARM)',
  );
  expect(() => readStack('nowhere.json', {})).toThrow(/^--stack nowhere\.json: .*ENOENT/);
});
