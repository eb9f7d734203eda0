/** Values for names that only GitHub has a value for: of the form of what the name or the input stands for. */

import { createHash } from 'node:crypto';

/** Of the step, where it names them. */
export interface Home {
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** Inputs that a run by hand may leave empty. */
const MAY_BE_EMPTY = new Set(['rollback-to']);

/** Inputs of one form, whatever the name in the expression is. */
const BY_INPUT: readonly (readonly [RegExp, string])[] = [
  [/^digests$/, `sha256:${'0'.repeat(64)}`],
  [/^platforms$/, 'linux/amd64'],
  [/^(?:build-secrets|build-args|labels|environment-variables)$/, 'NAME=value'],
  [/^(?:desired-count|min-capacity)$/, '2'],
  [/^(?:max-capacity|minimum-healthy-percent)$/, '100'],
  [/^maximum-percent$/, '200'],
  [/^cpu$/, '256'],
  [/^memory$/, '512'],
  [/-(?:minutes|seconds|percent)$/, '10'],
];

const ID = '0123456789abcdef';
/** Of EC2, another for each name: two subnets are not the same. */
const idOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 17);

/** The last names of a path, such as `TARGET_GROUP_ARN`; the first that fits counts. ECS and its API take ids and ARNs, and no names. */
const BY_NAME: readonly (readonly [
  RegExp,
  (name: string, home: { account: string; region: string; partition: string }) => string,
])[] = [
  [/account/, (_, { account }) => account],
  [/region/, (_, { region }) => region],
  [/digest/, () => `sha256:${'0'.repeat(64)}`],
  [/url$|endpoint$/, () => 'https://example.com'],
  [/subnet/, (name) => `subnet-${idOf(name)}`],
  [/security-?groups?|(?:^|-)sgs?(?:-|$)/, (name) => `sg-${idOf(name)}`],
  [/(?:^|-)vpc/, (name) => `vpc-${idOf(name)}`],
  [/file-?system|(?:^|-)efs(?:-|$)/, (name) => `fs-${idOf(name)}`],
  [
    /target-?groups?|(?:^|-)tgs?(?:-|$)/,
    (name, home) => arn('elasticloadbalancing', `targetgroup/${short(name)}/${ID}`, home),
  ],
  [
    /listener-?rules?/,
    (name, home) => arn('elasticloadbalancing', `listener-rule/app/${short(name)}/${ID}/${ID}/${ID}`, home),
  ],
  [/listener/, (name, home) => arn('elasticloadbalancing', `listener/app/${short(name)}/${ID}/${ID}`, home)],
  [/certificate/, (_, home) => arn('acm', 'certificate/01234567-89ab-cdef-0123-456789abcdef', home)],
  [
    /role(?!.*name)/,
    (name, { account, partition }) => `arn:${partition}:iam::${account}:role/${name.replace(/-arn$/, '')}`,
  ],
  [/secret.*arn/, (name, home) => arn('secretsmanager', `secret:${name.replace(/-arn$/, '')}-AbCdEf`, home)],
  [/topic/, (name, home) => arn('sns', name.replace(/-arn$/, ''), home)],
  [/kms|key-arn/, (_, home) => arn('kms', 'key/01234567-89ab-cdef-0123-456789abcdef', home)],
  [/cluster.*arn/, (name, home) => arn('ecs', `cluster/${name.replace(/-arn$/, '')}`, home)],
  [/(?:^|-)port$/, () => '8080'],
];

function arn(
  service: string,
  resource: string,
  { account, region, partition }: { readonly account: string; readonly region: string; readonly partition: string },
): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** Names of load balancers and target groups have at most 32 characters. */
const short = (name: string): string => name.replace(/-arn$/, '').slice(0, 32).replace(/-$/, '');

/** Of an image: its registry, or its repository with the registry before it. */
function imagePart(
  name: string,
  { account, region, partition }: { account: string; region: string; partition: string },
): string | undefined {
  const host = `${account}.dkr.ecr.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  if (/registry$/.test(name)) return host;
  return /-?ur[il]$/.test(name) ? `${host}/${name.replace(/-?(?:repository|repo)?-?ur[il]$/, '') || 'app'}` : undefined;
}

/**
 * @param path `['vars', 'TARGET_GROUP']`
 * @param input that needs the value
 * @param isPart of the input's value, so that what the input has to look like says nothing of it
 */
export function likely(path: readonly string[], input: string, { account, region }: Home, isPart = false): string {
  const name =
    (path.at(-1) ?? '')
      .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .replaceAll(/[^a-z\d]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'value';
  const whole = isPart ? '' : input;
  if (path[0] === 'inputs' && MAY_BE_EMPTY.has(whole)) return '';
  const place = region ?? 'eu-west-1';
  const partition = place.startsWith('cn-') ? 'aws-cn' : place.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const home = { account: account ?? '123456789012', region: place, partition };
  const ofImage = /^(?:images?|repository)$/.test(input) ? imagePart(name, home) : undefined;
  if (ofImage !== undefined) return ofImage;
  const byName = BY_NAME.find(([pattern]) => pattern.test(name))?.[1](name, home);
  if (whole === 'role-to-assume' && !/account/.test(name))
    return byName?.includes(':role/') ? byName : `arn:${partition}:iam::${home.account}:role/${name}`;
  if (whole === 'aws-region') return place;
  // Of the same account as the role.
  if (whole === 'allowed-account-ids') return home.account;
  if (whole === 'task-definition-arn')
    return arn('ecs', `task-definition/${name.replace(/-?arn$/, '') || 'app'}:1`, home);
  return BY_INPUT.find(([pattern]) => pattern.test(whole))?.[1] ?? byName ?? name;
}
