import { defined } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { meaning, quoteAll, type Reader, shorten } from './reader.ts';
import type { AwsInputs, RoleInputs, RunContext, StepFacts } from './types.ts';

const REGION = {
  pattern: /^[a-z]{2,5}(-[a-z]+){1,3}-\d{1,2}$/,
  expected: 'a region such as `eu-central-1`',
};

/** Only to recognise typing errors: a region that is not listed is used as it is, because AWS opens new ones. */
const REGIONS = (
  'us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1 ca-central-1 ca-west-1 mx-central-1 sa-east-1 ' +
  'eu-central-1 eu-central-2 eu-west-1 eu-west-2 eu-west-3 eu-north-1 eu-south-1 eu-south-2 eusc-de-east-1 ' +
  'ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ' +
  'ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 af-south-1 il-central-1 me-central-1 ' +
  'me-south-1 cn-north-1 cn-northwest-1'
).split(' ');

const DIRECTIONS = /-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d+$/;

/** Whether a text is the name of a region, of those that are not listed too. */
export const isRegion = (text: string): boolean => REGION.pattern.test(text) && DIRECTIONS.test(text);

const ROLE = {
  pattern: /^arn:(aws[a-z-]*):iam::(\d{12}):role\/[\w+=,.@/-]{1,576}$/,
  expected: 'the ARN of a role, `arn:aws:iam::123456789012:role/name` (aws-cn in China, aws-us-gov in GovCloud)',
};

/** The region, the role and the accounts; `aws-region` wins over AWS_REGION, that over AWS_DEFAULT_REGION. */
export function readAws(reader: Reader, { context, env }: StepFacts): AwsInputs {
  const region = readRegion(reader, env);
  const allowedAccountIds = reader.list('allowed-account-ids').filter((id) =>
    reader.checkShape('allowed-account-ids', id, {
      pattern: /^\d{12}$/,
      expected: 'account ids of 12 digits, comma-separated (in quotes, or YAML drops leading zeros)',
    }),
  );
  const role = readRole(reader, context);
  if (!role && !reader.raw('role-to-assume')) noteMissingCredentials(reader, env);
  if (role) checkRole(reader, { role, region, allowedAccountIds });
  return { region, allowedAccountIds, ...defined({ role }) };
}

/** @param given the input `aws-region` */
export const regionOf = (given: string | undefined, env: StepFacts['env']): string | undefined =>
  given?.trim() || env.AWS_REGION?.trim() || env.AWS_DEFAULT_REGION?.trim() || undefined;

function readRegion(reader: Reader, env: StepFacts['env']): string {
  const given = reader.text('aws-region');
  const region = regionOf(given, env);
  if (region === undefined) {
    reader.mistake(
      'aws-region',
      'is missing, and neither AWS_REGION nor AWS_DEFAULT_REGION is set.',
      'Give the region of the service, such as `aws-region: eu-central-1`.',
    );
    return '';
  }
  if (REGIONS.includes(region)) return region;
  const source = given ? '' : ' (from the environment)';
  const zone = /^(.*-\d+)[a-z]$/.exec(region)?.[1];
  const meant = zone && REGIONS.includes(zone) ? zone : didYouMean(region.toLowerCase().replaceAll('_', '-'), REGIONS);
  if (!REGION.pattern.test(region)) {
    const what = zone ? 'is an availability zone, not a region.' : 'is not a region.';
    reader.wrong('aws-region', region, {
      problem: `\`${shorten(region)}\`${source} ${what}`,
      remedy: meant ? meaning(meant) : `Expected ${REGION.expected}.`,
    });
  } else if (meant && !DIRECTIONS.test(region)) {
    // New regions have new areas and numbers; their directions are those of a compass.
    reader.mistake('aws-region', `\`${region}\`${source} is not a region.`, meaning(meant));
  } else if (meant) {
    reader.notes.push(
      `aws-region: \`${region}\`${source} is not a region known to this release; did you mean \`${meant}\`?`,
    );
  }
  return region;
}

function readRole(reader: Reader, context: RunContext): RoleInputs | undefined {
  const sessionName = reader.shaped('role-session-name', {
    pattern: /^[\w+=,.@-]{2,64}$/,
    expected: '2 to 64 letters, digits or any of `+=,.@_-`',
  });
  const durationSeconds = reader.integer('role-duration-seconds', { min: 900, max: 43_200, unit: 'seconds' });
  const externalId = reader.text('role-external-id');
  const audience = reader.text('audience');
  if (!reader.raw('role-to-assume')) {
    for (const name of ['role-session-name', 'role-duration-seconds', 'role-external-id', 'audience'] as const) {
      if (reader.raw(name)) reader.mistake(name, 'is set, but `role-to-assume` is not.', 'Name the role, or drop it.');
    }
    return undefined;
  }
  const arn = readRoleArn(reader);
  if (arn === undefined) return undefined;
  return {
    arn,
    sessionName: sessionName ?? defaultSessionName(context),
    durationSeconds: durationSeconds ?? 3600,
    audience: audience ?? 'sts.amazonaws.com',
    ...defined({ externalId: externalId || undefined }),
  };
}

/** Any of these is a source of credentials for the SDK. https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html */
const SOURCES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

/**
 * Without `role-to-assume` the SDK looks for credentials. The runner passes an expression that is empty like an input that
 * is not set, so what shows that credentials were meant is an empty variable, or a job that may ask for an OIDC token.
 */
function noteMissingCredentials(reader: Reader, env: StepFacts['env']): void {
  const empty = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].filter((name) => env[name]?.trim() === '');
  if (empty.length > 0) {
    reader.warnings.push(
      `${quoteAll(empty)} in the environment ${empty.length === 1 ? 'is' : 'are'} empty. A secret is empty where it does not exist, and in runs for pull requests of forks.`,
    );
  } else if (env.ACTIONS_ID_TOKEN_REQUEST_URL && !SOURCES.some((name) => env[name])) {
    reader.notes.push(
      'role-to-assume is not set or empty, and the environment has no AWS credentials; the job has `permissions: id-token: write`. If the workflow sets it, check the variable or secret that it comes from.',
    );
  }
}

/** The ARN, or which part of it is wrong. */
function readRoleArn(reader: Reader): string | undefined {
  const text = reader.text('role-to-assume') ?? '';
  const [, partition = '', account = '', kind = '', name = ''] =
    /^arn:(aws[a-z-]*):(?:iam|sts)::([^:]*):([a-z-]+)\/([^/]*)/.exec(text) ?? [];
  const digits = account.length;
  if (kind === 'role' && /^\d+$/.test(account) && digits !== 12) {
    reader.mistake(
      'role-to-assume',
      `\`${shorten(text)}\` has an account id of ${digits} digits.`,
      'An account id has 12 digits; YAML and spreadsheets drop leading zeros of a number that is not in quotes.',
    );
    return undefined;
  }
  if (kind === 'assumed-role' || kind === 'user') {
    const role = `arn:${partition}:iam::${account}:role/${name}`;
    const isKnown = kind === 'assumed-role' && ROLE.pattern.test(role);
    reader.mistake(
      'role-to-assume',
      `\`${shorten(text)}\` is ${kind === 'user' ? 'a user' : 'a session of a role'}, not a role.`,
      isKnown
        ? `Write \`${role}\`, with the path of the role before its name where it has one.`
        : `Expected ${ROLE.expected}.`,
    );
    return undefined;
  }
  return reader.checkShape('role-to-assume', text, ROLE) ? text : undefined;
}

/** What contradicts the role without a call of STS. */
function checkRole(reader: Reader, { role, region, allowedAccountIds }: Required<AwsInputs>): void {
  const [, partition = '', account = ''] = ROLE.pattern.exec(role.arn) ?? [];
  if (allowedAccountIds.length > 0 && !allowedAccountIds.includes(account)) {
    reader.mistake(
      'role-to-assume',
      `is a role of account ${account}, which \`allowed-account-ids\` (${allowedAccountIds.join(', ')}) does not allow.`,
      'Name a role of an allowed account, or allow this one.',
    );
  }
  const expected = partitionOf(region);
  if (expected !== undefined && partition !== expected) {
    reader.mistake(
      'role-to-assume',
      `is a role of partition ${partition}, but region ${region} is in ${expected}.`,
      'Role and region must be of one partition.',
    );
  }
}

/** Undefined where the name of the region does not give its partition. */
function partitionOf(region: string): string | undefined {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return REGIONS.includes(region) && !region.startsWith('eusc-') ? 'aws' : undefined;
}

/** `owner-name-runid` in the alphabet of STS, at most 64 characters; the run id is never cut. */
function defaultSessionName({ repository, runId }: RunContext): string {
  const name = repository.replaceAll(/[^\w+=,.@-]/g, '-') || 'ecs-rollout';
  return `${name.slice(0, 63 - runId.length)}-${runId || 'run'}`.slice(0, 64);
}
