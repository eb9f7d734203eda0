import { readdirSync, readFileSync } from 'node:fs';
import { readInputs } from '../scripts/workflow/inputs.ts';
import { Failure } from '../src/failure.ts';
import { reportRights, rightsSummaryOf } from '../src/report/rights.ts';
import { type Denial, linesOf, policyOf } from '../src/rights/consequences.ts';
import { DenialLog } from '../src/rights/denials.ts';
import { isRequired, rightsOfRun } from '../src/rights/needed.ts';

const US = 'arn:aws:ecs:eu-west-1:123456789012';
const words = (action: string, resource?: string): string =>
  `User: arn:aws:sts::123456789012:assumed-role/deploy/run is not authorized to perform: ${action}${resource ? ` on resource: ${resource} because no identity-based policy allows the ${action} action` : ''}`;
const denied = (operation: string, message: string, service = 'ecs'): Failure =>
  new Failure('ACCESS_DENIED', `${service}:${operation} failed: ${message}`, {
    api: { service, operation, name: 'AccessDeniedException', message },
  });

const DENIALS: readonly Denial[] = [
  { action: 'ecs:DescribeTasks', resource: `${US}:task/main/*` },
  { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/b', neededBy: 'deploy' },
  { action: 'ecs:UpdateService', resource: `${US}:service/main/web`, neededBy: 'deploy' },
  { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/a', neededBy: 'deploy' },
  { action: 'ecs:ListTasks', resource: '*' },
  { action: 'iam:GetRole', resource: '*' },
  { action: 'ecs:DescribeServices', resource: `${US}:service/main/web`, neededBy: 'deploy' },
];

test('one policy: a statement for each set of resources, PassRole for tasks alone', () => {
  expect(policyOf(DENIALS)).toEqual({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['ecs:DescribeTasks'], Resource: [`${US}:task/main/*`] },
      {
        Effect: 'Allow',
        Action: ['iam:PassRole'],
        Resource: ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/b'],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
      {
        Effect: 'Allow',
        Action: ['ecs:DescribeServices', 'ecs:UpdateService'],
        Resource: [`${US}:service/main/web`],
      },
      { Effect: 'Allow', Action: ['ecs:ListTasks', 'iam:GetRole'], Resource: ['*'] },
    ],
  });
});

test('a right that is missing for one resource and for all is missing for all', () => {
  const denials = ['*', `${US}:service/main/web`].map((resource) => ({ action: 'ecs:UpdateService', resource }));
  expect(policyOf(denials)).toMatchObject({ Statement: [{ Action: ['ecs:UpdateService'], Resource: ['*'] }] });
  // PassRole has its condition also where another right has the same resource.
  const both = ['iam:GetRole', 'iam:PassRole'].map((action) => ({ action, resource: '*' }));
  expect(policyOf(both).Statement).toHaveLength(2);
});

test.each([
  ['ecs:UpdateService', true],
  ['ecr:PutImage', true],
  ['ecr-public:PutImage', true],
  ['ecr:PutImageTagMutability', false],
  ['xecr:PutImage', false],
  ['ecs:DescribeTasks', false],
])('a deploy needs %s: %s', (action, needed) => expect(isRequired(action)).toBe(needed));

describe('one change of the policy is enough', () => {
  const DEFINITION = {
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    containerDefinitions: [{ name: 'app', image: 'example.com/app:1' }],
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    taskRoleArn: 'arn:aws:iam::123456789012:role/task',
  };
  const SERVICE = `${US}:service/main/web`;
  const FOUND = { arn: SERVICE, deploymentController: 'ECS' };
  const PLACE = { 'aws-region': 'eu-west-1', cluster: 'main' };
  const DEPLOY = { ...PLACE, service: 'web', 'task-definition': 'task.json', preflight: 'false' };
  const logOf = (given: Readonly<Record<string, string>> = DEPLOY, files: Readonly<Record<string, string>> = {}) => {
    const inputs = readInputs(given);
    const missing = (path: string) => Promise.reject(new Failure('NOT_FOUND', `${path} does not exist.`));
    const world = {
      runner: { mask: () => {} },
      files: { readText: async (path: string) => files[path] ?? missing(path) },
    };
    return new DenialLog(inputs.mode, (known) => rightsOfRun([inputs], known, world));
  };
  const refuse = (log: DenialLog, action: string, resource = SERVICE): void =>
    log.note(denied(action, words(action, resource)));
  /** With a star: the mode ends without it. */
  const texts = async (log: DenialLog): Promise<string[]> =>
    (await log.list()).map(
      ({ action, resource, unasked, neededBy }) =>
        `${action} ${resource}${unasked ? ` (${unasked.after})` : ''}${neededBy ? ' *' : ''}`,
    );

  test('each denial once, and nothing that is not one', async () => {
    const log = logOf();
    expect(await texts(log)).toEqual([]);
    refuse(log, 'ecs:DescribeTasks', '*');
    refuse(log, 'ecs:DescribeTasks', '*');
    refuse(log, 'ecs:DescribeTasks', `${US}:task/main/a`);
    log.note(new Error('no'));
    log.note(new Failure('NOT_FOUND', 'no'));
    expect(await texts(log)).toEqual(['ecs:DescribeTasks *', `ecs:DescribeTasks ${US}:task/main/*`]);
  });

  test.each<[string, (log: DenialLog) => void, string[]]>([
    [
      'tasks are described after they were listed',
      (log) => refuse(log, 'ecs:ListTasks'),
      [`ecs:DescribeTasks ${US}:task/main/* (ecs:ListTasks)`],
    ],
    [
      'deployments, their revisions and their end follow their list',
      (log) => refuse(log, 'ecs:ListServiceDeployments'),
      [
        `ecs:DescribeServiceDeployments ${US}:service-deployment/main/web/* (ecs:ListServiceDeployments)`,
        `ecs:DescribeServiceRevisions ${US}:service-revision/main/web/* (ecs:ListServiceDeployments)`,
        `ecs:StopServiceDeployment ${US}:service-deployment/main/web/* (ecs:ListServiceDeployments)`,
      ],
    ],
    [
      'what follows two denials is told once, and what AWS has answered not at all',
      (log) => {
        refuse(log, 'ecs:ListServiceDeployments');
        refuse(log, 'ecs:DescribeServiceDeployments');
        log.answered('ecs:StopServiceDeployment');
      },
      [`ecs:DescribeServiceRevisions ${US}:service-revision/main/web/* (ecs:DescribeServiceDeployments)`],
    ],
    ['what the mode does not ask for follows nothing', (log) => refuse(log, 'ecs:DescribeTaskDefinition'), []],
    ['nothing follows a right that no other needs', (log) => refuse(log, 'logs:GetLogEvents'), []],
  ])('%s', async (_, happen, expected) => {
    const log = logOf();
    log.found(FOUND);
    happen(log);
    expect((await texts(log)).filter((one) => one.includes('('))).toEqual(expected);
  });

  const REGISTER = `ecs:RegisterTaskDefinition ${US}:task-definition/web:*`;
  const ROLES = ['execution', 'task'].map((role) => `iam:PassRole arn:aws:iam::123456789012:role/${role}`);
  const UPDATE = `ecs:UpdateService ${SERVICE}`;
  const GROUP = 'arn:aws:codedeploy:eu-west-1:123456789012:deploymentgroup:*/*';
  const registered = (log: DenialLog): void => {
    log.answered('ecs:DescribeServices');
    log.answered('ecs:RegisterTaskDefinition');
  };

  test.each<[string, (log: DenialLog) => void, string[]]>([
    [
      'without the right to register, the roles and the update come next',
      (log) => refuse(log, 'ecs:RegisterTaskDefinition', `${US}:task-definition/web:*`),
      [...ROLES, UPDATE],
    ],
    [
      'one role was refused: the other one is not known to be allowed',
      (log) => refuse(log, 'iam:PassRole', DEFINITION.taskRoleArn),
      [REGISTER, ROLES[0] ?? '', UPDATE],
    ],
    [
      'the last right: nothing that is needed comes after it',
      (log) => {
        registered(log);
        refuse(log, 'ecs:UpdateService');
      },
      [],
    ],
    [
      'where CodeDeploy deploys, what it takes instead of the update',
      (log) => {
        log.found({ arn: SERVICE, deploymentController: 'CODE_DEPLOY' });
        registered(log);
        log.answered('codedeploy:GetDeploymentConfig');
        refuse(log, 'codedeploy:GetDeployment', GROUP);
      },
      [
        `codedeploy:GetDeploymentGroup ${GROUP}`,
        `codedeploy:CreateDeployment ${GROUP}`,
        `codedeploy:ContinueDeployment ${GROUP}`,
        'codedeploy:RegisterApplicationRevision arn:aws:codedeploy:eu-west-1:123456789012:application:*',
        'codedeploy:ListApplications *',
        'codedeploy:BatchGetApplications arn:aws:codedeploy:eu-west-1:123456789012:application:*',
        'codedeploy:ListDeploymentGroups arn:aws:codedeploy:eu-west-1:123456789012:application:*',
        `codedeploy:BatchGetDeploymentGroups ${GROUP}`,
      ],
    ],
    ['a deploy can do without it', (log) => refuse(log, 'logs:GetLogEvents'), []],
  ])('%s', async (_, happen, expected) => {
    const log = logOf();
    log.found(FOUND);
    log.registering(DEFINITION);
    log.answered('ecs:DescribeServices');
    happen(log);
    const [first] = (await log.list()).filter(({ neededBy }) => neededBy === 'deploy');
    expect((await texts(log)).filter((one) => /\(.*\*$/.test(one)).sort()).toEqual(
      expected.map((one) => `${one} (${first?.action}) *`).sort(),
    );
  });

  test.each<[string, Readonly<Record<string, string>>, string, readonly string[]]>([
    ['plan', { ...DEPLOY, mode: 'plan' }, 'ecs:DescribeServices', []],
    ['register', { ...PLACE, mode: 'register', 'task-definition': 'task.json' }, 'ecs:RegisterTaskDefinition', ROLES],
    [
      'build',
      { 'aws-region': 'eu-west-1', mode: 'build', repository: 'web' },
      'ecr:GetAuthorizationToken',
      ['BatchCheckLayerAvailability', 'InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage'].map(
        (operation) => `ecr:${operation} arn:aws:ecr:eu-west-1:*:repository/web`,
      ),
    ],
    ['list', { ...PLACE, service: 'web', mode: 'list' }, 'ecs:DescribeServices', ['ecs:DescribeTaskDefinition *']],
    [
      'task',
      { ...PLACE, mode: 'task', 'task-definition': 'task.json', service: 'web', command: 'migrate' },
      'ecs:RegisterTaskDefinition',
      [
        ...ROLES,
        'ecs:DescribeServices arn:aws:ecs:eu-west-1:123456789012:service/main/web',
        'ecs:RunTask arn:aws:ecs:eu-west-1:123456789012:task-definition/web:*',
        'ecs:DescribeTasks arn:aws:ecs:eu-west-1:123456789012:task/main/*',
      ],
    ],
  ])('mode: %s names what it needs besides', async (mode, given, action, expected) => {
    const log = logOf(given, { 'task.json': JSON.stringify(DEFINITION) });
    refuse(log, action, '*');
    const found = (await texts(log)).filter((one) => /\(.*\*$/.test(one));
    expect(found.sort()).toEqual(expected.map((one) => `${one} (${action}) *`).sort());
    expect(linesOf(await log.list())[0]).toBe(`${action}: \`mode: ${mode}\` needs it.`);
  });

  test('an image that was pushed, or is not pushed because the revision has it, asks for nothing any more', async () => {
    const given = { ...DEPLOY, repository: 'web' };
    const push = async (log: DenialLog) => (await texts(log)).filter((one) => one.startsWith('ecr:PutImage'));
    const before = logOf(given);
    refuse(before, 'ecs:DescribeServices');
    expect(await push(before)).toHaveLength(1);
    const pushed = logOf(given);
    refuse(pushed, 'ecs:DescribeServices');
    pushed.pushed();
    expect(await push(pushed)).toEqual([]);
    const registering = logOf(given);
    refuse(registering, 'ecs:RegisterTaskDefinition', '*');
    expect(await push(registering)).toEqual([]);
  });

  test('before the definition is known: any revision, and no role in the policy', async () => {
    const log = logOf();
    refuse(log, 'ecs:DescribeServices', '*');
    const all = await log.list();
    expect(all.filter(({ neededBy }) => neededBy).map(({ action }) => action)).toEqual([
      'ecs:DescribeServices',
      'ecs:RegisterTaskDefinition',
      'iam:PassRole',
      'ecs:UpdateService',
    ]);
    expect(JSON.stringify(policyOf(all))).not.toContain('PassRole');
    expect(linesOf(all).at(-1)).toBe(
      'iam:PassRole is not in the policy: which roles the run passes is not known yet. The next run names them.',
    );
  });

  test('the lines name what was not asked for, and why', async () => {
    const log = logOf();
    log.found(FOUND);
    log.registering(DEFINITION);
    log.answered('ecs:DescribeServices');
    refuse(log, 'ecs:RegisterTaskDefinition');
    refuse(log, 'ecs:ListTasks');
    expect(linesOf(await log.list())).toEqual([
      'ecs:RegisterTaskDefinition: a deploy needs it.',
      'ecs:ListTasks: the reasons of tasks that stop are seen in service events alone.',
      'iam:PassRole: not asked for, as ecs:RegisterTaskDefinition is denied; a deploy needs it.',
      'ecs:UpdateService: not asked for, as ecs:RegisterTaskDefinition is denied; a deploy needs it.',
      expect.stringMatching(
        /^(?=.*\becs:DescribeTasks\b).*: not asked for, as ecs:RegisterTaskDefinition is denied; the run continues without them\.$/,
      ),
    ]);
  });
});

test('each missing right once, those that a deploy needs first, the checks of the preflight in one line', () => {
  expect(linesOf([...DENIALS, { action: 'logs:DescribeLogGroups', resource: '*' }])).toEqual([
    'ecs:DescribeServices: a deploy needs it.',
    'ecs:UpdateService: a deploy needs it.',
    'iam:PassRole: a deploy needs it.',
    'ecs:DescribeTasks: the reasons of tasks that stop are seen in service events alone.',
    'ecs:ListTasks: the reasons of tasks that stop are seen in service events alone.',
    'iam:GetRole, logs:DescribeLogGroups: checks of the preflight were skipped.',
  ]);
});

test('the log and the summary hold the lines and the policy; nothing where nothing was denied', () => {
  const lines: string[] = [];
  const line = (text: string): void => void lines.push(text);
  const console = { line, startGroup: line, endGroup() {} };
  reportRights(console, []);
  expect([lines, rightsSummaryOf([])]).toEqual([[], '']);
  reportRights(console, DENIALS);
  expect(lines[1]).toBe('! 6 missing permissions: this run needs some of them and ended.');
  const policy = JSON.parse(lines.slice(lines.indexOf('{')).join('\n'));
  expect(policy).toEqual(policyOf(DENIALS));
  const summary = rightsSummaryOf(DENIALS.filter(({ action }) => action === 'ecs:ListTasks'));
  expect(summary).toContain('### 1 missing permission: the run continued without it.');
  expect(summary).toContain('"ecs:ListTasks"');
});

test('every right that the adapters may name is in the documentation', () => {
  const documentation = ['docs/preflight.md', 'docs/iam.md'].map((file) => readFileSync(file, 'utf8')).join('');
  const adapters = readFileSync('src/adapters/resources.ts', 'utf8').matchAll(/from '\.\/([\w-]+)\.ts'/g);
  const files = new Set(['resources.ts', ...[...adapters].map(([, name]) => `${name}.ts`)]);
  const sources = readdirSync('src/adapters').filter((file) => files.has(file));
  const rights = sources.flatMap((file) =>
    [...readFileSync(`src/adapters/${file}`, 'utf8').matchAll(/\bcall\(\s*config,\s*'([\w-]+:\w+)'/g)].map(
      ([, right = '']) => right,
    ),
  );
  expect(rights.length).toBeGreaterThanOrEqual(10);
  expect(
    [...rights, 'ecr:BatchGetImage', 'kms:Decrypt', 's3:GetObject'].filter((right) => !documentation.includes(right)),
  ).toEqual([]);
});

test('S3 does not say which of two rights is missing: both are in the policy', async () => {
  const log = new DenialLog('deploy', async () => []);
  log.note(
    new Failure('ACCESS_DENIED', 's3:GetObject and s3:ListBucket failed: 403', {
      api: { service: 's3', operation: 'GetObject and s3:ListBucket', name: 'AccessDenied', message: '403' },
    }),
  );
  expect((await log.list()).map(({ action }) => action)).toEqual(['s3:GetObject', 's3:ListBucket']);
});
