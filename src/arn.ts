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
  return region === '' || account === '' ? '' : inPlace({ region, account });
}

/** The same of a place whose account may not be known. */
export const inPlace = ({
  region,
  account,
}: {
  readonly region: string;
  readonly account?: string | undefined;
}): string => ` in ${region}${account ? `, account ${account}` : ''}`;

/** A place in the midst of a sentence: its account stands between commas. */
export const enclosed = (place: string): string => (place.includes(', ') ? `${place},` : place);

/** Whether a text fits a pattern of AWS (a resource of IAM, a filter of ECR for tags), in which `*` stands for any characters. */
export function fitsPattern(pattern: string, text: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.slice(at).endsWith(last);
}

/** By service and the first word of the resource. */
const KINDS: Readonly<Record<string, string>> = {
  'iam role': 'a role',
  'iam policy': 'a policy',
  'iam user': 'a user',
  'iam group': 'a group of users',
  'iam instance-profile': 'an instance profile',
  'iam oidc-provider': 'an identity provider',
  'sts assumed-role': 'a session of a role',
  'ecs cluster': 'a cluster',
  'ecs service': 'a service',
  'ecs task-definition': 'a task definition',
  'ecs daemon-task-definition': 'a daemon task definition',
  'ecs daemon': 'a daemon',
  'ecs task': 'a task',
  'ecs task-set': 'a task set',
  'ecs container-instance': 'a container instance',
  'ecs capacity-provider': 'a capacity provider',
  'ecs service-deployment': 'a service deployment',
  'ecs service-revision': 'a service revision',
  'ecr repository': 'a repository',
  'elasticloadbalancing targetgroup': 'a target group',
  'elasticloadbalancing loadbalancer': 'a load balancer',
  'elasticloadbalancing listener': 'a listener',
  'elasticloadbalancing listener-rule': 'a listener rule',
  'secretsmanager secret': 'a secret',
  'ssm parameter': 'a parameter',
  'cloudwatch alarm': 'an alarm',
  'logs log-group': 'a log group',
  'lambda function': 'a Lambda function',
  'scheduler schedule': 'a schedule',
  'events rule': 'a rule of EventBridge',
};

/** What an ARN names, with its article, for messages; undefined for what is not an ARN, or of a kind that is not known. */
export function kindOfArn(text: string): string | undefined {
  const { service, resource } = parseArn(text) ?? {};
  return KINDS[`${service} ${/^[a-z-]*/.exec(resource ?? '')?.[0]}`];
}
