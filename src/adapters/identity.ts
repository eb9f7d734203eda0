import type { Identity } from '../ports.ts';
import { type AwsConfig, refuseOtherAccounts } from './aws.ts';
import { required } from './aws-error.ts';
import { ATTEMPTS, callPatiently, type Patience } from './patience.ts';

/**
 * Who we are, by sts:GetCallerIdentity (which needs no permission), asked at most once.
 * @throws Failure CREDENTIALS, also for an account that `allowed-account-ids` does not list.
 */
export function createIdentity(config: AwsConfig, allowedAccountIds: readonly string[], patience?: Patience): Identity {
  let answer: ReturnType<Identity['caller']> | undefined;
  const ask = async () => {
    const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
    const sts = new STSClient({ ...config, ...ATTEMPTS });
    const { arn, accountId } = await callPatiently(patience, 'sts', 'GetCallerIdentity', async () => {
      const { Arn, Account } = await sts.send(new GetCallerIdentityCommand({}));
      return {
        arn: required(Arn, 'sts', 'GetCallerIdentity', 'Arn'),
        accountId: required(Account, 'sts', 'GetCallerIdentity', 'Account'),
      };
    });
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
