import { refuseOtherAccount } from '../../src/stories/run.ts';

const found = { arn: 'arn:aws:ecs:eu-west-1:123456789012:service/default/web' };

test('a service ARN of another account is not taken for the namesake in ours', () => {
  expect(() => refuseOtherAccount({ accountId: '999999999999', service: 'web' }, found)).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/999999999999.*123456789012/),
      remedy: expect.stringContaining('credentials of account 999999999999'),
    }),
  );
});

test.each([
  ['a name', {}],
  ['an ARN of our account', { accountId: '123456789012' }],
])('%s is taken', (_, given) => expect(() => refuseOtherAccount({ service: 'web', ...given }, found)).not.toThrow());
