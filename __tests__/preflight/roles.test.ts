import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model.ts';
import { mergeDenied, notChecked, ok } from '../../src/preflight/check.ts';
import { judgeTrust } from '../../src/preflight/roles.ts';

const HOME = { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '123456789012' };
const TRUSTED: JsonObject = {
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { Service: 'ecs-tasks.amazonaws.com' },
};

test('any JSON is judged, none is a surprise', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (Statement) => {
      expect(judgeTrust({ Statement: Statement as Json }, HOME).kind).toMatch(
        /^(trusted|condition|untrusted|unclear|refused)$/,
      );
    }),
  );
});

test('other statements beside it that allow take nothing away', () => {
  const others = fc.array(
    fc.record({
      Effect: fc.constant('Allow'),
      Action: fc.constantFrom('sts:AssumeRole', 'sts:TagSession'),
      Principal: fc.record({ Service: fc.constantFrom('ec2.amazonaws.com', 'ecs-tasks.amazonaws.com') }),
    }),
  );
  fc.assert(
    fc.property(others, others, (before, after) => {
      expect(judgeTrust({ Statement: [...before, TRUSTED, ...after] }, HOME)).toEqual({
        kind: 'trusted',
        unchecked: [],
      });
    }),
  );
});

test('one statement whose condition is met is enough', () => {
  const elsewhere = { ...TRUSTED, Condition: { StringEquals: { 'aws:SourceAccount': '1' } } };
  expect(judgeTrust({ Statement: [elsewhere] }, HOME).kind).toBe('condition');
  expect(judgeTrust({ Statement: [elsewhere, TRUSTED] }, HOME).kind).toBe('trusted');
});

test.each([
  ['*', 'trusted'],
  ['arn:aws-us-gov:ecs:*', 'trusted'], // IAM may be stricter; nothing is claimed that is not certain
  ['arn:aws-us-gov:ecs:*:*:*', 'trusted'],
  ['arn:aws-us-gov:ecs:us-gov-*:123456789012:*', 'trusted'],
  ['arn:aws-us-gov:ecs:us-gov-west-1:123456789012:cluster/web', 'trusted'],
  ['arn:aws:ecs:us-gov-west-1:123456789012:*', 'condition'],
  ['arn:aws-us-gov:ecs:us-gov-west-?:123456789012:*', 'trusted'],
  ['arn:aws-us-gov:ecs:us-gov-east-1:123456789012:*', 'condition'],
])('aws:SourceArn %s: %s', (pattern, kind) => {
  const Condition = { ArnLike: { 'aws:SourceArn': pattern } };
  expect(judgeTrust({ Statement: [{ ...TRUSTED, Condition }] }, HOME).kind).toBe(kind);
});

test('what the same right hid is told once, the rest in its order', () => {
  const hidden = (subject: string) => notChecked(subject, { kind: 'denied', permission: 'iam:GetRole' });
  const checks = mergeDenied([ok('a', 'is.'), hidden('b'), ok('c', 'is.'), hidden('d'), hidden('b')]);
  expect(checks.map(({ subject }) => subject)).toEqual(['a', 'b, d', 'c']);
});
