import { Failure } from '../failure.ts';
import type { ServiceInputs } from '../inputs/types.ts';
import type { ServiceState } from '../model.ts';

/**
 * Refuses the namesake: ECS looks a service up in the account of the credentials, whatever account the user's ARN names.
 * @throws Failure INVALID_INPUT when the service that ECS found is of another account than the ARN says
 */
export function refuseOtherAccount(
  { accountId, service }: Pick<ServiceInputs, 'accountId' | 'service'>,
  { arn }: Pick<ServiceState, 'arn'>,
): void {
  const found = arn.split(':')[4];
  if (accountId === undefined || found === accountId) return;
  throw new Failure(
    'INVALID_INPUT',
    `The ARN names the service ${service} of account ${accountId}, but the credentials belong to ${found}, where there is one of the same name; nothing was changed.`,
    {
      remedy: `Use credentials of account ${accountId} (role-to-assume), or correct the ARN in \`service\` or \`cluster\`.`,
    },
  );
}
