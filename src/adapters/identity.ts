import type { Identity } from '../world.ts';
import { type AwsConfig, refuseOtherAccounts } from './aws.ts';
import { toFailure } from './aws-error.ts';

/**
 * Who we are, by sts:GetCallerIdentity (which needs no permission), asked at most once.
 * @throws Failure CREDENTIALS, also for an account that `allowed-account-ids` does not list.
 */
export function createIdentity(config: AwsConfig, allowedAccountIds: readonly string[]): Identity {
  let answer: ReturnType<Identity['caller']> | undefined;
  const ask = async () => {
    const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
    const caller = await new STSClient(config).send(new GetCallerIdentityCommand({})).catch((thrown: unknown) => {
      throw toFailure('sts', 'GetCallerIdentity', thrown);
    });
    const arn = caller.Arn ?? '';
    const accountId = caller.Account ?? '';
    refuseOtherAccounts(accountId, allowedAccountIds);
    return { accountId, arn, partition: arn.split(':')[1] ?? 'aws' };
  };
  return {
    caller() {
      answer ??= ask();
      return answer;
    },
  };
}
