import { parseArn } from '../arn.ts';
import type { Image } from '../image/image.ts';
import type { ServiceInputs } from '../inputs/types.ts';
import type { Json, JsonObject, Open, ServiceState } from '../model.ts';
import type { ServiceRole } from '../servicedef/roles.ts';
import { bad, type Check, skip } from './check.ts';

/** What is about to be deployed, and to which service; all that the preflight is about. */
export interface PreflightSubject {
  /** As it will be registered: placeholders and edits done, checks of the task definition passed. */
  readonly definition: JsonObject;
  readonly service: ServiceState;
  readonly inputs: ServiceInputs;
  /** The service runs on Fargate. */
  readonly fargate: boolean;
  /** Of a service definition; `missing`: the service is to be created by it. */
  readonly defined?: {
    readonly file: string;
    readonly state: 'missing' | 'exists';
    readonly roles: readonly ServiceRole[];
  };
  /** Of this run, when it is known: built here, or the input `image`, already looked up. */
  readonly image?: Image;
  /** The revision that runs, where it can be read. */
  readonly running?: JsonObject;
  /** Reference that stands in the definition for an image that does not exist yet: nothing to look up. */
  readonly standIn?: string;
}

/** Where the service lives, by its ARN: what the credentials can see. */
export interface Home {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}
export function homeOf({ arn }: ServiceState): Home {
  const { partition = 'aws', region = '', account = '' } = parseArn(arn) ?? {};
  return { partition, region, account };
}

type LaunchType = Open<'FARGATE' | 'EC2' | 'EXTERNAL' | 'MANAGED_INSTANCES'>;
export const launchTypeOf = ({ fargate, service }: PreflightSubject): LaunchType =>
  fargate ? 'FARGATE' : (service.launchType ?? 'EC2');

export const networkModeOf = ({ definition, fargate }: PreflightSubject): string => {
  if (typeof definition.networkMode === 'string') return definition.networkMode;
  if (fargate) return 'awsvpc';
  return 'bridge';
};

/** A text member, or nothing. */
export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
/** A name of something in the definition, as it is reported. */
export const nameOf = ({ name }: JsonObject): string => textOf(name) ?? '(without a name)';
/** A number, also one that is written as text; 0 for anything else. */
export function numberOf(value: Json | undefined): number {
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : 0;
  return Number.isFinite(number) && number > 0 ? number : 0;
}

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
 * What is known of a resource of another account than the service's: nothing when it is the same one.
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
      `belongs to account ${account}, which appears only in AWS's examples; the service is in ${home.account}.`,
      remedy,
    );
  return skip(
    subject,
    `belongs to account ${account}, and the service to ${home.account}: this job's credentials cannot look into it; not checked.`,
  );
}
