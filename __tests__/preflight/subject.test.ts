import { objectOf } from '../../src/model.ts';
import {
  homeOf,
  isExample,
  judgeElsewhere,
  launchTypeOf,
  nameOf,
  networkModeOf,
  numberOf,
  textOf,
} from '../../src/preflight/subject.ts';
import { service, subject } from './made.ts';

const HOME = { partition: 'aws', region: 'eu-west-1', account: '210987654321' };

test('where the service lives', () => {
  expect(homeOf(service({ arn: 'arn:aws-cn:ecs:cn-north-1:210987654321:service/a/b' }))).toEqual({
    partition: 'aws-cn',
    region: 'cn-north-1',
    account: '210987654321',
  });
  expect(homeOf(service({ arn: 'web' }))).toEqual({ partition: 'aws', region: '', account: '' });
});

test.each([
  [true, 'EC2', 'FARGATE'],
  [false, 'EXTERNAL', 'EXTERNAL'],
  [false, undefined, 'EC2'],
] as const)('on Fargate %s, with the launch type %s: %s', (fargate, launchType, expected) => {
  const { launchType: _, ...rest } = service();
  expect(launchTypeOf({ ...subject(), fargate, service: launchType ? { ...rest, launchType } : rest })).toBe(expected);
});

test.each([
  ['host', true, 'host'],
  [undefined, true, 'awsvpc'],
  [undefined, false, 'bridge'],
  [7, false, 'bridge'],
])('the network mode %s on Fargate %s is %s', (networkMode, fargate, expected) => {
  expect(networkModeOf(subject({ definition: { networkMode }, subject: { fargate } }))).toBe(expected);
});

test.each<[string | number | null | undefined, string | undefined, number]>([
  ['a', 'a', 0],
  ['', undefined, 0],
  ['12', '12', 12],
  ['-12', '-12', 0],
  ['1e999', '1e999', 0],
  [12, undefined, 12],
  [0, undefined, 0],
  [null, undefined, 0],
  [undefined, undefined, 0],
])('%j as text is %j, as a number %j', (value, text, number) => {
  expect([textOf(value), numberOf(value), numberOf([1])]).toEqual([text, number, 0]);
});

test('a name, or that there is none; an object, or an empty one', () => {
  expect([nameOf({ name: 'a' }), nameOf({ name: '' }), nameOf({})]).toEqual([
    'a',
    '(without a name)',
    '(without a name)',
  ]);
  expect([objectOf({ a: 1 }), objectOf([1]), objectOf('a'), objectOf(undefined)]).toEqual([{ a: 1 }, {}, {}, {}]);
});

test.each(['123456789012', '111122223333', '444455556666', '777788889999', '012345678901', '000000000000'])(
  'the account %s stands in examples, but for who owns it',
  (account) => {
    expect([isExample(account, HOME), isExample(account, { ...HOME, account })]).toEqual([true, false]);
    expect(judgeElsewhere('x', account, HOME)).toMatchObject({
      status: 'bad',
      problem: `belongs to account ${account}, which appears only in AWS's examples; the service is in 210987654321.`,
    });
  },
);

test.each<[string, string | undefined]>([
  ['210987654321', undefined],
  [
    '',
    'bad x: its ARN names no account. Write the account of the service, 210987654321 (in a template `${AWS_ACCOUNT_ID}`), or the one that really owns it.',
  ],
  ['1234', 'bad x: its ARN names `1234` as account, which is not 12 digits.'],
  ['x210987654322', 'bad x: its ARN names `x210987654322`'],
  ['2109876543210', 'bad x: its ARN names `2109876543210`'],
  [
    '999999999999',
    "skip x: belongs to account 999999999999, and the service to 210987654321: this job's credentials cannot look into it; not checked.",
  ],
])('a thing of the account `%s`', (account, text) => {
  const check = judgeElsewhere('x', account, HOME);
  if (text === undefined) expect(check).toBeUndefined();
  else expect(`${check?.status} ${check?.text}`).toContain(text);
});
