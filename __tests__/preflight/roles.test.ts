import fc from 'fast-check';
import type { Json, JsonObject, Refusal, Role } from '../../src/model.ts';
import type { Answer } from '../../src/preflight/check.ts';
import {
  CREATE_LOG_GROUP,
  judgeRights,
  judgeRole,
  judgeTrust,
  matches,
  type RoleUse,
  rightsOf,
  rolesOf,
  rolesOfStrategy,
} from '../../src/preflight/roles.ts';
import { denied, found } from './made.ts';

const HOME = { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '123456789012' };
const TRUSTED: JsonObject = {
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { Service: 'ecs-tasks.amazonaws.com' },
};

test('any JSON is judged, none is a surprise', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (Statement) => {
      expect(judgeTrust({ Statement: Statement as Json }, HOME).kind).toMatch(
        /^(trusted|condition|untrusted|unclear|refused)$/,
      );
    }),
  );
});

test('other statements beside it that allow take nothing away', () => {
  const others = fc.array(
    fc.record({
      Effect: fc.constant('Allow'),
      Action: fc.constantFrom('sts:AssumeRole', 'sts:TagSession'),
      Principal: fc.record({ Service: fc.constantFrom('ec2.amazonaws.com', 'ecs-tasks.amazonaws.com') }),
    }),
  );
  fc.assert(
    fc.property(others, others, (before, after) => {
      expect(judgeTrust({ Statement: [...before, TRUSTED, ...after] }, HOME)).toEqual({
        kind: 'trusted',
        unchecked: [],
      });
    }),
  );
});

test('one statement whose condition is met is enough', () => {
  const elsewhere = { ...TRUSTED, Condition: { StringEquals: { 'aws:SourceAccount': '1' } } };
  expect(judgeTrust({ Statement: [elsewhere] }, HOME).kind).toBe('condition');
  expect(judgeTrust({ Statement: [elsewhere, TRUSTED] }, HOME).kind).toBe('trusted');
});

test.each([
  ['*', 'trusted'],
  ['arn:aws-us-gov:ecs:*', 'trusted'], // IAM may be stricter; nothing is claimed that is not certain
  ['arn:aws-us-gov:ecs:*:*:*', 'trusted'],
  ['arn:aws-us-gov:ecs:us-gov-*:123456789012:*', 'trusted'],
  ['arn:aws-us-gov:ecs:us-gov-west-1:123456789012:cluster/web', 'trusted'],
  ['arn:aws:ecs:us-gov-west-1:123456789012:*', 'condition'],
  ['arn:aws-us-gov:ecs:us-gov-west-?:123456789012:*', 'trusted'],
  ['arn:aws-us-gov:ecs:us-gov-east-1:123456789012:*', 'condition'],
])('aws:SourceArn %s: %s', (pattern, kind) => {
  const Condition = { ArnLike: { 'aws:SourceArn': pattern } };
  expect(judgeTrust({ Statement: [{ ...TRUSTED, Condition }] }, HOME).kind).toBe(kind);
});

const TASKS = 'ecs-tasks.amazonaws.com';
const when = (Condition: Json): JsonObject => ({ ...TRUSTED, Condition });
const deny = (more: JsonObject = {}): JsonObject => ({ ...TRUSTED, Effect: 'Deny', ...more });
const ACCOUNT_IS = (value: Json) => ({ StringEquals: { 'aws:SourceAccount': value } });
const yes = (...unchecked: string[]) => ({ kind: 'trusted', unchecked });

test.each<[string, Json, object]>([
  ['the service of tasks', [TRUSTED], yes()],
  ['one statement without a list', TRUSTED, yes()],
  ['in China', { ...TRUSTED, Principal: { Service: `${TASKS}.cn` } }, yes()],
  ['any principal', { ...TRUSTED, Principal: '*' }, yes()],
  ['any service', { ...TRUSTED, Principal: { Service: ['ec2.amazonaws.com', '*'] } }, yes()],
  ['any action of STS', { ...TRUSTED, Action: ['iam:GetRole', 'STS:*'] }, yes()],
  ['all actions but others', { ...TRUSTED, Action: undefined, NotAction: 'sts:TagSession' } as never, yes()],
  [
    'all actions but this',
    { ...TRUSTED, Action: undefined, NotAction: ['sts:AssumeRole'] } as never,
    { kind: 'untrusted', services: [TASKS] },
  ],
  ['another action', { ...TRUSTED, Action: 'sts:TagSession' }, { kind: 'untrusted', services: [TASKS] }],
  [
    'another service',
    { ...TRUSTED, Principal: { Service: ['ec2.amazonaws.com', 'ec2.amazonaws.com'] } },
    { kind: 'untrusted', services: ['ec2.amazonaws.com'] },
  ],
  [
    'a service that is called alike',
    { ...TRUSTED, Principal: { Service: `my-${TASKS}` } },
    { kind: 'untrusted', services: [`my-${TASKS}`] },
  ],
  [
    'a service that begins alike',
    { ...TRUSTED, Principal: { Service: `${TASKS}.example` } },
    { kind: 'untrusted', services: [`${TASKS}.example`] },
  ],
  ['an account', { ...TRUSTED, Principal: { AWS: '*' } }, { kind: 'untrusted', services: [] }],
  [
    'all but somebody',
    { ...TRUSTED, Principal: undefined, NotPrincipal: { AWS: 'x' } } as never,
    { kind: 'unclear', why: 'NotPrincipal' },
  ],
  [
    'all but somebody, for another action',
    { ...TRUSTED, Principal: undefined, NotPrincipal: { AWS: 'x' }, Action: 'sts:TagSession' } as never,
    { kind: 'untrusted', services: [] },
  ],
  ['nothing', [], { kind: 'untrusted', services: [] }],
  ['a Deny', [TRUSTED, deny()], { kind: 'refused' }],
  ['a Deny of another service', [TRUSTED, deny({ Principal: { Service: 'ec2.amazonaws.com' } })], yes()],
  ['a Deny alone', [deny({ Principal: { Service: 'ec2.amazonaws.com' } })], { kind: 'untrusted', services: [] }],
  ['a Deny for another account', [TRUSTED, deny({ Condition: ACCOUNT_IS('999999999999') })], yes()],
  ['a Deny for this account', [TRUSTED, deny({ Condition: ACCOUNT_IS(HOME.account) })], { kind: 'refused' }],
  [
    'a Deny on a condition that only a call shows',
    [TRUSTED, deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    yes('aws:SecureTransport'),
  ],
  ['its account', when(ACCOUNT_IS([HOME.account, '1'])), yes()],
  ['its account, with a wildcard', when({ StringLike: { 'AWS:SourceAccount': '1234*' } }), yes()],
  [
    'its account, if there is one',
    when({ 'ForAnyValue:StringEqualsIfExists': { 'aws:SourceAccount': HOME.account } }),
    yes(),
  ],
  [
    'another account',
    when(ACCOUNT_IS(['1', '2'])),
    { kind: 'condition', problem: `only for aws:SourceAccount 1, 2, and the service is in ${HOME.account}` },
  ],
  [
    'another account, in a way that is not judged',
    when({ StringNotEquals: { 'aws:SourceAccount': '1' } }),
    yes('aws:SourceAccount'),
  ],
  [
    'a source elsewhere',
    when({ ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:x:1:*' } }),
    {
      kind: 'condition',
      problem: `only for aws:SourceArn arn:aws:ecs:x:1:*, and the tasks' begins with arn:aws-us-gov:ecs:us-gov-west-1:${HOME.account}:`,
    },
  ],
  [
    'a key that only a call shows',
    when({ StringEquals: { 'aws:PrincipalOrgID': 'o-1', 'sts:ExternalId': 'x' } }),
    yes('aws:PrincipalOrgID', 'sts:ExternalId'),
  ],
  ['one statement of two with an open condition', [when({ Bool: { a: 'x' } }), TRUSTED], yes()],
  [
    'two statements with open conditions',
    [when({ Bool: { a: 'x' } }), when({ Bool: { a: 'x', b: 'y' } })],
    yes('a', 'b'),
  ],
  ['a condition that is no object', when('x'), yes()],
  ['a test that is no object', when({ Bool: 'x' }), yes()],
])('the trust of a policy: %s', (_, Statement, trust) => {
  expect(judgeTrust({ Statement }, HOME)).toEqual(trust);
});

test("IAM's wildcards mean what a regular expression of them means", () => {
  const text = fc.stringMatching(/^[ab]{0,6}$/);
  const pattern = fc.stringMatching(/^[ab*?]{0,6}$/);
  fc.assert(
    fc.property(pattern, text, (given, of) => {
      const expression = new RegExp(`^${given.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
      expect([given, of, matches(given, of)]).toEqual([given, of, expression.test(of)]);
    }),
    { numRuns: 2000 },
  );
});

const ARN = 'arn:aws-us-gov:iam::123456789012:role/team/app';
test.each<[string, JsonObject, Partial<RoleUse>[]]>([
  ['none', {}, []],
  [
    'both',
    { taskRoleArn: ARN, executionRoleArn: 'exec' },
    [
      { arn: ARN, pathKnown: true, name: 'app', account: '123456789012', as: ['task role'], inputs: ['task-role-arn'] },
      {
        arn: 'arn:aws-us-gov:iam::123456789012:role/exec',
        pathKnown: false,
        name: 'exec',
        as: ['execution role'],
        inputs: ['execution-role-arn'],
      },
    ],
  ],
  [
    'the same twice',
    { taskRoleArn: ARN, executionRoleArn: ARN },
    [
      {
        arn: ARN,
        pathKnown: true,
        as: ['task role', 'execution role'],
        inputs: ['task-role-arn', 'execution-role-arn'],
      },
    ],
  ],
  [
    'the same by name and by ARN',
    { taskRoleArn: 'x', executionRoleArn: 'arn:aws-us-gov:iam::123456789012:role/x' },
    [{ pathKnown: false }],
  ],
  ['what is not an ARN of a role', { taskRoleArn: 'arn:x' }, [{ arn: 'arn:x', account: '' }]],
])('the roles of a task definition: %s', (_, definition, roles) => {
  expect(rolesOf(definition, HOME)).toMatchObject(roles);
  expect(rolesOf(definition, HOME)).toHaveLength(roles.length);
});

describe('a role', () => {
  const [use] = rolesOf({ taskRoleArn: ARN }, HOME);
  const [bare] = rolesOf({ executionRoleArn: 'exec' }, HOME);
  const role = (trust: Json | undefined, arn = ARN): Answer<Role | undefined> =>
    found({ arn, ...(trust === undefined ? {} : { trustPolicy: { Statement: trust } }) });
  const judged = (of: RoleUse | undefined, answer?: Answer<Role | undefined>): string => {
    if (!of) throw new Error('no role');
    const { status, text } = judgeRole(of, answer, HOME);
    return `${status} ${text}`;
  };
  test.each<[string, Answer<Role | undefined> | undefined, string]>([
    ['not asked for', undefined, 'skip task role app: was not checked.'],
    [
      'denied',
      denied('iam:GetRole'),
      'skip task role app: not checked: IAM denies it to this job. Allow iam:GetRole to enable this check.',
    ],
    [
      'not there',
      found(undefined),
      `bad task role app: role ${ARN} does not exist. Create it, or correct it in the template or by the input \`task-role-arn\`.`,
    ],
    [
      'of another path',
      role(TRUSTED, 'arn:aws-us-gov:iam::123456789012:role/app'),
      `bad task role app: role ${ARN} does not exist; its ARN is arn:aws-us-gov:iam::123456789012:role/app. Write that in the template or in the input \`task-role-arn\`.`,
    ],
    [
      'without a policy to read',
      role(undefined),
      'skip task role app: exists; not checked: whom it trusts, as its trust policy could not be read.',
    ],
    ['trusted', role(TRUSTED), `ok task role app: exists and trusts ${TASKS}.`],
    [
      'trusted on conditions',
      role(when({ Bool: { a: 'x', b: 'y' } })),
      `skip task role app: exists and trusts ${TASKS} on conditions that only the task itself shows; not checked: a, b.`,
    ],
    [
      'unclear',
      role({ ...TRUSTED, Principal: undefined, NotPrincipal: {} } as never),
      `skip task role app: exists; whether it trusts ${TASKS} cannot be determined from NotPrincipal; not checked.`,
    ],
    [
      'on another condition',
      role(when(ACCOUNT_IS('1'))),
      `bad task role app: trusts ${TASKS} only for aws:SourceAccount 1, and the service is in 123456789012. Correct the condition in its trust policy.`,
    ],
    [
      'refused',
      role([TRUSTED, deny()]),
      `bad task role app: its trust policy denies ${TASKS}. Remove that Deny from its trust policy.`,
    ],
    [
      'untrusted',
      role({ ...TRUSTED, Principal: { Service: ['a', 'b'] } }),
      `bad task role app: no task can assume it: it trusts a, b, not ${TASKS}. Let its trust policy allow sts:AssumeRole to the service ${TASKS}.`,
    ],
    ['that trusts nothing', role([]), `bad task role app: no task can assume it: it trusts no service, not ${TASKS}.`],
  ])('%s', (_, answer, text) => expect(judged(use, answer)).toContain(text));

  test('given by its name may have any path', () => {
    expect(judged(bare, role(TRUSTED, 'arn:aws-us-gov:iam::123456789012:role/team/exec'))).toMatch(
      /^ok execution role exec/,
    );
  });

  test('of another account is refused before it is asked for', () => {
    const [other] = rolesOf(
      {
        taskRoleArn: ARN.replace('123456789012', '999999999999'),
        executionRoleArn: ARN.replace('123456789012', '999999999999'),
      },
      HOME,
    );
    expect(judged(other)).toMatch(
      /^bad task role and execution role app: .*:999999999999:role\/team\/app is not of the service's account 123456789012, .* by the input `task-role-arn` or `execution-role-arn`\.$/,
    );
  });
});

const SECRET = (name: string, account = '123456789012') => ({
  kind: 'secret' as const,
  where: 'x',
  arn: `arn:aws-us-gov:secretsmanager:us-gov-west-1:${account}:secret:${name}`,
  region: 'us-gov-west-1',
  account,
});

test('what the execution role needs, each action with its resources once', () => {
  const repository = { registryId: '123456789012', region: 'us-gov-west-1', name: 'team/app' };
  const parameter = (name: string) => ({
    kind: 'parameter' as const,
    where: 'x',
    from: name,
    shown: name,
    names: [name],
    region: 'r',
    account: 'a',
  });
  const uses = {
    secrets: [
      SECRET('db-AbCdEf'),
      SECRET('db-AbCdEf'),
      SECRET('short'),
      { ...SECRET('x'), arn: 'by-nameAbCdEf-AbCdEf' },
    ],
    parameters: [parameter('/web/flag'), parameter('plain')],
    images: [{ reference: 'a', repository }, { reference: 'b' }] as never,
    files: [{ arn: 'arn:aws:s3:::b/k', bucket: 'b', key: 'k', as: [] }],
    logGroups: [
      { name: 'new', region: 'r', containers: [], create: true },
      { name: 'old', region: 'r', containers: [], create: false },
    ],
  };
  expect(rightsOf(uses, HOME)).toEqual([
    { action: 'secretsmanager:GetSecretValue', resources: [SECRET('db-AbCdEf').arn] },
    {
      action: 'ssm:GetParameters',
      resources: ['arn:aws-us-gov:ssm:r:a:parameter/web/flag', 'arn:aws-us-gov:ssm:r:a:parameter/plain'],
    },
    { action: 'ecr:BatchGetImage', resources: ['arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/team/app'] },
    { action: 's3:GetObject', resources: ['arn:aws:s3:::b/k'] },
    {
      action: CREATE_LOG_GROUP,
      resources: [
        'arn:aws-us-gov:logs:r:123456789012:log-group:new',
        'arn:aws-us-gov:logs:r:123456789012:log-group:new:log-stream:',
      ],
    },
  ]);
  expect(rightsOf({ secrets: [], parameters: [], images: [], files: [], logGroups: [] }, HOME)).toEqual([]);
});

describe('what the execution role may do', () => {
  const [executionRole] = rolesOf({ executionRoleArn: ARN }, HOME) as [RoleUse];
  const right = (action: string) => ({ action, resources: ['r'] });
  const judged = (answers: Record<string, Answer<readonly Refusal[]>>, secrets = [SECRET('db-AbCdEf')]): string[] =>
    judgeRights(
      { executionRole, rights: ['a:A', 'b:B', CREATE_LOG_GROUP].map(right), secrets },
      new Map(Object.entries(answers)),
    ).map(({ status, text }) => `${status} ${text}`);

  test.each<[string, Record<string, Answer<readonly Refusal[]>>, string[]]>([
    ['nothing was asked', {}, []],
    [
      'all',
      { 'a:A': found([]), 'b:B': found([]) },
      ['ok execution role app: its own policies allow a:A, b:B where the task needs it.'],
    ],
    [
      'one is denied to this job',
      { 'a:A': denied('iam:SimulatePrincipalPolicy'), 'b:B': found([]) },
      [
        'skip what the execution role app may do: not checked: IAM denies it to this job. Allow iam:SimulatePrincipalPolicy to enable this check.',
        'ok execution role app: its own policies allow b:B where the task needs it.',
      ],
    ],
    [
      'one had no answer',
      { 'a:A': { kind: 'unknown', reason: 'no answer' } },
      ['skip execution role app: whether it may a:A not checked (no answer).'],
    ],
    [
      'one is denied',
      { 'a:A': found([{ resource: 'r', decision: 'explicitDeny' }]) },
      ['bad execution role app: a policy denies it a:A on r. Remove that Deny, or use another execution role.'],
    ],
    [
      'one is not allowed',
      { 'a:A': found([{ resource: 'r', decision: 'implicitDeny' }]) },
      [
        'warn execution role app: its policies do not allow a:A on r. Allow it there, unless the policy of that resource does.',
      ],
    ],
    [
      'one depends on a call',
      { 'a:A': found([{ resource: 'r', decision: 'unknown' }]) },
      ['skip execution role app: whether it may a:A on r depends on values that only a real call has; not checked.'],
    ],
    [
      'the right to create a log group is reported elsewhere',
      { [CREATE_LOG_GROUP]: found([{ resource: 'r', decision: 'explicitDeny' }]) },
      [],
    ],
  ])('%s', (_, answers, texts) => expect(judged(answers)).toEqual(texts));

  test('a secret without its random ending is not checked, one of another account is not ours', () => {
    expect(
      judged({}, [SECRET('short'), SECRET('short'), SECRET('db-AbCdEf'), SECRET('theirs', '999999999999')]),
    ).toEqual([
      `skip execution role app: whether it may read ${SECRET('short').arn} is not checked: the name lacks its random ending (-AbCdEf).`,
    ]);
  });

  test('without an execution role there is nothing to check', () => {
    expect(judgeRights({ rights: [right('a:A')], secrets: [SECRET('short')] }, new Map([['a:A', found([])]]))).toEqual(
      [],
    );
  });
});

describe('a role that ECS itself assumes', () => {
  const role = `arn:aws:iam::${HOME.account}:role/infrastructure`;
  const trusting = (service: string) => ({
    kind: 'found' as const,
    value: {
      arn: role,
      trustPolicy: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }] },
    },
  });
  const uses = rolesOfStrategy({
    strategy: {
      traffic: { roleArn: role },
      hooks: [{ roleArn: role }, { roleArn: `${role}-hook` }, { targetType: 'PAUSE' }],
    },
  });

  test('is found in the inputs, once for all its uses', () => {
    expect(uses.map(({ name, as, inputs }) => [name, as, inputs])).toEqual([
      ['infrastructure', ['load balancer role'], ['load-balancer-role']],
      ['infrastructure-hook', ['role of a lifecycle hook'], ['lifecycle-hooks']],
    ]);
    expect(rolesOfStrategy({})).toEqual([]);
    expect(rolesOfStrategy({ strategy: { hooks: [] } })).toEqual([]);
  });

  test('must trust ECS, not the tasks', () => {
    const [use] = uses as [RoleUse];
    expect(judgeRole(use, trusting('ecs.amazonaws.com'), HOME)).toMatchObject({ status: 'ok' });
    expect(judgeRole(use, trusting('ecs.amazonaws.com.cn'), HOME)).toMatchObject({ status: 'ok' });
    expect(judgeRole(use, trusting('ecs-tasks.amazonaws.com'), HOME)).toMatchObject({
      status: 'bad',
      text: expect.stringContaining('ECS cannot assume it: it trusts ecs-tasks.amazonaws.com, not ecs.amazonaws.com'),
    });
  });
});
