/** `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`; S3's have neither region nor account, IAM's no region. */
interface Arn {
  /** aws, aws-cn, aws-us-gov, ... */
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** The rest, colons and all. */
  readonly resource: string;
}

/** Undefined for what is not an ARN. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function parseArn(text: string): Arn | undefined {
  const [arn, partition, service, region = '', account = '', ...resource] = text.split(':');
  if (arn !== 'arn' || !partition || !service || resource.length === 0) return undefined;
  return { partition, service, region, account, resource: resource.join(':') };
}

/** `web:42` of a revision, `production` of a cluster: the name of a thing. A name stays as it is, and empty stays empty. */
export const lastPart = (arnOrName = ''): string => arnOrName.slice(arnOrName.lastIndexOf('/') + 1);

/** The region that an ARN names; undefined for a name, and for what has no region. */
export const regionOf = (arnOrName = ''): string | undefined => parseArn(arnOrName)?.region || undefined;

/** The account that an ARN names; undefined for a name, and for what belongs to no account. */
export const accountOf = (arnOrName = ''): string | undefined => parseArn(arnOrName)?.account || undefined;

/** Family and number of a revision, from its ARN or `family:number`. */
export function familyAndNumber(arnOrName: string): { readonly family: string; readonly revision: number } {
  const [family = '', number] = lastPart(arnOrName).split(':');
  return { family, revision: Number(number) };
}

/** Where a resource was looked for, for messages: ` in eu-west-1, account 123456789012`, with a space before it; of what is not an ARN nothing. */
export function placeOf(arn: string): string {
  const { region = '', account = '' } = parseArn(arn) ?? {};
  return region === '' || account === '' ? '' : ` in ${region}, account ${account}`;
}
