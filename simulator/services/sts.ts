import { ApiException, type CallContext, type Service } from '../wire/service.ts';

/** AWS STS, as far as a deploy needs it: who am I, and credentials for a role. */
export const sts: Service = {
  name: 'sts',
  protocol: 'query',
  targetPrefix: '',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  handle(operation, input, context) {
    switch (operation) {
      case 'GetCallerIdentity':
        return {
          Arn: `arn:${context.partition}:sts::${context.accountId}:assumed-role/deploy/session`,
          UserId: 'AROA:session',
          Account: context.accountId,
        };
      case 'AssumeRole':
      case 'AssumeRoleWithWebIdentity':
        return assumed(operation, input, context);
      default:
        throw new ApiException('InvalidAction', `Could not find operation ${operation}`);
    }
  },
};

function assumed(operation: string, input: Readonly<Record<string, unknown>>, { partition }: CallContext): object {
  const [, accountId = '', role = ''] = /^arn:[\w-]+:iam::(\d{12}):role\/(.+)$/.exec(String(input.RoleArn)) ?? [];
  if (!accountId) throw new ApiException('ValidationError', `${String(input.RoleArn)} is invalid`);
  if (operation === 'AssumeRoleWithWebIdentity' && !input.WebIdentityToken) {
    throw new ApiException('InvalidIdentityToken', 'The token is missing.');
  }
  const seconds = Number(input.DurationSeconds ?? 3600);
  return {
    Credentials: {
      AccessKeyId: 'ASIASIMULATED0000000',
      SecretAccessKey: 'simulated-secret-access-key',
      SessionToken: 'simulated-session-token',
      Expiration: new Date(Date.now() + seconds * 1000).toISOString(),
    },
    AssumedRoleUser: {
      Arn: `arn:${partition}:sts::${accountId}:assumed-role/${role}/${String(input.RoleSessionName)}`,
      AssumedRoleId: 'AROA:session',
    },
  };
}
