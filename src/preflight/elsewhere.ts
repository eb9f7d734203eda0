import { bad, type Check, skip } from './check.ts';
import type { Home } from './subject.ts';

/** Account ids of AWS's documentation and of examples: https://docs.aws.amazon.com/general/latest/gr/docconventions.html */
const EXAMPLES = new Set([
  '123456789012',
  '111122223333',
  '444455556666',
  '777788889999',
  '012345678901',
  '000000000000',
]);

/** Whether `account` is one that only stands in examples, and not the one that this service is in. */
export const isExample = (account: string, home: Home): boolean => account !== home.account && EXAMPLES.has(account);

/**
 * What can be said of a thing of another account than the service's: nothing when it is the same one.
 * `bad` for an account that cannot exist or stands in examples alone; else these credentials cannot look into it.
 */
export function judgeElsewhere(subject: string, account: string, home: Home): Check | undefined {
  if (account === home.account) return undefined;
  const remedy = `Write the account of the service, ${home.account} (in a template \`\${AWS_ACCOUNT_ID}\`), or the one that really owns it.`;
  if (!/^\d{12}$/.test(account))
    return bad(
      subject,
      `its ARN names ${account === '' ? 'no account' : `\`${account}\` as account, which is not 12 digits`}.`,
      remedy,
    );
  if (isExample(account, home))
    return bad(
      subject,
      `belongs to account ${account}, which stands in AWS's examples; the service is in ${home.account}.`,
      remedy,
    );
  return skip(
    subject,
    `belongs to account ${account}, and the service to ${home.account}: this job's credentials cannot look into it; not checked.`,
  );
}
