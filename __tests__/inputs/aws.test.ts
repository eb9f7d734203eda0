import { CONTEXT } from '../support/world.ts';
import { aws } from './made.ts';

const ROLE = 'arn:aws:iam::123456789012:role/team/deploy';
const given = { 'aws-region': 'eu-central-1' };

test.each<[string, Record<string, string>, string]>([
  ['AWS_REGION', { AWS_REGION: ' us-east-1 ', AWS_DEFAULT_REGION: 'us-east-2' }, 'us-east-1'],
  ['AWS_DEFAULT_REGION', { AWS_REGION: ' ', AWS_DEFAULT_REGION: ' us-east-2 ' }, 'us-east-2'],
])('the region of %s where the input is not set', (_, env, region) => {
  expect(aws({}, env).value.region).toBe(region);
  expect(aws(given, env).value.region).toBe('eu-central-1');
});

test('no region at all', () => {
  for (const env of [{}, { AWS_REGION: '', AWS_DEFAULT_REGION: '' }])
    expect(aws({}, env)).toMatchObject({
      value: { region: '' },
      mistakes: [
        'aws-region: is missing, and neither AWS_REGION nor AWS_DEFAULT_REGION is set. Give the region of the service, such as `aws-region: eu-central-1`.',
      ],
    });
});

test.each<[string, string[], string[]]>([
  ['us-gov-west-1', [], []],
  ['eu_central_1', ['`eu_central_1` is not a region. Did you mean `eu-central-1`?'], []],
  ['EU-CENTRAL-1', ['`EU-CENTRAL-1` is not a region. Did you mean `eu-central-1`?'], []],
  ['us-east-1a', ['`us-east-1a` is an availability zone, not a region. Did you mean `us-east-1`?'], []],
  ['xx-east-1a', ['`xx-east-1a` is an availability zone, not a region. Expected a region such as'], []],
  ['somewhere', ['`somewhere` is not a region. Expected a region such as `eu-central-1`.'], []],
  ['xeu-central-1x', ['`xeu-central-1x` is an availability zone'], []],
  ['eu-cental-1', ['`eu-cental-1` is not a region. Did you mean `eu-central-1`?'], []],
  [
    'eu-central-3',
    [],
    ['aws-region: `eu-central-3` is not a region known to this release; did you mean `eu-central-1`?'],
  ],
  ['nz-faraway-1', [], []],
])('the region %s', (region, mistakes, notes) => {
  const read = aws({ 'aws-region': region });
  expect(read.mistakes).toEqual(mistakes.map((one) => expect.stringContaining(`aws-region: ${one}`)));
  expect(read.notes).toEqual(notes);
  expect(read.value.region).toBe(region);
});

test('a wrong region of the environment is reported as such', () => {
  expect(aws({}, { AWS_REGION: 'eu-cental-1' }).mistakes).toEqual([
    expect.stringContaining('`eu-cental-1` (from the environment) is not a region.'),
  ]);
  expect(aws({}, { AWS_REGION: 'nowhere' }).mistakes).toEqual([
    expect.stringContaining('`nowhere` (from the environment) is not a region.'),
  ]);
  expect(aws({}, { AWS_REGION: 'eu-central-3' }).notes).toEqual([
    expect.stringContaining('`eu-central-3` (from the environment) is not a region known'),
  ]);
});

test('the accounts that are allowed', () => {
  const { value, mistakes } = aws({
    ...given,
    'allowed-account-ids': '123456789012, 210987654321,1234,x123456789012,1234567890123',
  });
  expect(value.allowedAccountIds).toEqual(['123456789012', '210987654321']);
  expect(mistakes).toHaveLength(3);
});

describe('the role', () => {
  const role = (more: Record<string, string>, context = CONTEXT) =>
    aws({ ...given, 'role-to-assume': ROLE, ...more }, {}, context);

  test('with all that goes with it', () => {
    expect(role({}).value.role).toEqual({
      arn: ROLE,
      sessionName: 'acme-web-42',
      durationSeconds: 3600,
      audience: 'sts.amazonaws.com',
    });
    const all = {
      'role-session-name': 'me@home',
      'role-duration-seconds': '900',
      'role-external-id': 'x',
      audience: 'sts.amazonaws.com.cn',
    };
    expect(role(all)).toMatchObject({
      value: {
        role: {
          arn: ROLE,
          sessionName: 'me@home',
          durationSeconds: 900,
          audience: 'sts.amazonaws.com.cn',
          externalId: 'x',
        },
      },
      mistakes: [],
    });
    expect(aws({ ...given, ...all }).mistakes).toEqual(
      Object.keys(all).map((name) => `${name}: is set, but \`role-to-assume\` is not. Name the role, or drop it.`),
    );
  });

  test.each<[string, string, boolean]>([
    ['role-session-name', 'a', false],
    ['role-session-name', 'ab', true],
    ['role-session-name', 'a'.repeat(64), true],
    ['role-session-name', 'a'.repeat(65), false],
    ['role-session-name', 'a/b', false],
    ['role-duration-seconds', '899', false],
    ['role-duration-seconds', '43200', true],
    ['role-duration-seconds', '43201', false],
  ])('%s: %s', (name, text, right) => {
    expect(role({ [name]: text }).mistakes.map((one) => one.split(':')[0])).toEqual(right ? [] : [name]);
  });

  test.each<[string, string, string]>([
    ['repository and run', 'acme/web', 'acme-web-42'],
    ['no repository', '', 'ecs-rollout-42'],
    ['a long repository', `acme/${'w'.repeat(80)}`, `acme-${'w'.repeat(56)}-42`],
  ])('its session is named after %s', (_, repository, name) => {
    expect(role({}, { ...CONTEXT, repository }).value.role?.sessionName).toBe(name);
  });

  test('outside of GitHub its session is named all the same', () => {
    expect(role({}, { ...CONTEXT, repository: '', runId: '' }).value.role?.sessionName).toBe('ecs-rollout-run');
    const long = role({}, { ...CONTEXT, runId: '1'.repeat(70) }).value.role?.sessionName;
    expect(long).toHaveLength(64);
  });

  test.each<[string, string | undefined, RegExp]>([
    ['arn:aws:iam::12345678901:role/x', undefined, /has an account id of 11 digits\. An account id has 12 digits;/],
    [
      'arn:aws:sts::123456789012:assumed-role/x/y',
      undefined,
      /is a session of a role, not a role\. Write `arn:aws:iam::123456789012:role\/x`/,
    ],
    ['arn:aws:iam::12345678901:user/x', undefined, /is a user, not a role\./],
    ['arn:aws:iam::123456789012:user/x', undefined, /is a user, not a role\. Expected the ARN/],
    ['arn:aws:iam::12345678901x:role/x', undefined, /is not right\. Expected the ARN/],
    ['arn:aws:iam::123456789012:group/x', undefined, /is the ARN of a group of users/],
    ['deploy', undefined, /is not right/],
    [`x${ROLE}`, undefined, /is not right/],
    [`${ROLE} x`, undefined, /is not right/],
  ])('%s is refused', (text, expected, problem) => {
    const { value, mistakes, notes } = aws(
      { ...given, 'role-to-assume': text },
      { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x' },
    );
    expect(value.role).toBe(expected);
    expect(mistakes).toEqual([expect.stringMatching(problem)]);
    expect(notes).toEqual([]);
  });

  test.each<[string, string, string, string[]]>([
    ['its account is allowed', ROLE, '123456789012', []],
    [
      'its account is not',
      ROLE,
      '210987654321',
      ['role-to-assume: is a role of account 123456789012, which `allowed-account-ids` (210987654321) does not allow.'],
    ],
    ['any is', ROLE, '', []],
  ])('%s', (_, text, ids, problems) => {
    expect(aws({ ...given, 'role-to-assume': text, 'allowed-account-ids': ids }).mistakes).toEqual(
      problems.map((one) => expect.stringContaining(one)),
    );
  });

  test.each<[string, string, string | undefined]>([
    ['eu-central-1', 'aws', undefined],
    ['eu-central-1', 'aws-cn', 'aws'],
    ['cn-north-1', 'aws-cn', undefined],
    ['cn-north-1', 'aws', 'aws-cn'],
    ['us-gov-east-1', 'aws-us-gov', undefined],
    ['us-gov-east-1', 'aws', 'aws-us-gov'],
    ['us-gov-new-1', 'aws', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc', undefined],
    ['us-iso-east-1', 'aws-iso', undefined],
    ['', 'aws-cn', undefined],
  ])('in %s, of the partition %s', (region, partition, expected) => {
    const arn = ROLE.replace('aws:', `${partition}:`);
    const problems = aws({ 'aws-region': region, 'role-to-assume': arn }).mistakes.filter((one) =>
      one.startsWith('role'),
    );
    expect(problems).toEqual(
      expected === undefined
        ? []
        : [
            `role-to-assume: is a role of partition ${partition}, but region ${region} is in ${expected}. Role and region must be of one partition.`,
          ],
    );
  });
});

describe('credentials that were meant and did not arrive', () => {
  const OIDC = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x' };
  const MISSING = [
    expect.stringMatching(/^role-to-assume is not set or empty, and the environment has no AWS credentials/),
  ];
  test.each<[string, Record<string, string>, unknown[], unknown[]]>([
    ['nothing points to any', {}, [], []],
    [
      'both variables are empty',
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: ' ' },
      [],
      [expect.stringMatching(/^`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` in the environment are empty\./)],
    ],
    [
      'one is empty',
      { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: '' },
      [],
      [expect.stringMatching(/^`AWS_SECRET_ACCESS_KEY` in the environment is empty\./)],
    ],
    ['the job may ask for a token', OIDC, MISSING, []],
    ...[
      'AWS_ACCESS_KEY_ID',
      'AWS_PROFILE',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    ].map((name): [string, Record<string, string>, unknown[], unknown[]] => [
      `the job may ask for a token, and has ${name}`,
      { ...OIDC, [name]: 'x' },
      [],
      [],
    ]),
  ])('%s', (_, env, notes, warnings) => {
    expect(aws(given, env)).toMatchObject({ notes, warnings, mistakes: [] });
    expect(aws({ ...given, 'role-to-assume': ROLE }, env)).toMatchObject({ notes: [], warnings: [] });
  });
});
