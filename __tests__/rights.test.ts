import { readdirSync, readFileSync } from 'node:fs';
import { Failure } from '../src/failure.ts';
import { reportRights, rightsSummaryOf } from '../src/report/rights.ts';
import { type Denial, DenialLog, isRequired, linesOf, policyOf } from '../src/rights.ts';

const US = 'arn:aws:ecs:eu-west-1:123456789012';
const words = (action: string, resource?: string): string =>
  `User: arn:aws:sts::123456789012:assumed-role/deploy/run is not authorized to perform: ${action}${resource ? ` on resource: ${resource} because no identity-based policy allows the ${action} action` : ''}`;
const denied = (operation: string, message: string, service = 'ecs'): Failure =>
  new Failure('ACCESS_DENIED', `${service}:${operation} failed: ${message}`, {
    api: { service, operation, name: 'AccessDeniedException', message },
  });

const DENIALS: readonly Denial[] = [
  { action: 'ecs:DescribeTasks', resource: `${US}:task/main/*` },
  { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/b' },
  { action: 'ecs:UpdateService', resource: `${US}:service/main/web` },
  { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/a' },
  { action: 'ecs:ListTasks', resource: '*' },
  { action: 'iam:GetRole', resource: '*' },
  { action: 'ecs:DescribeServices', resource: `${US}:service/main/web` },
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
    containerDefinitions: [],
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    taskRoleArn: 'arn:aws:iam::123456789012:role/task',
  };
  const SERVICE = `${US}:service/main/web`;
  const refuse = (log: DenialLog, action: string, resource = SERVICE): void =>
    log.note(denied(action, words(action, resource)));
  const texts = (log: DenialLog): string[] =>
    log.list().map(({ action, resource, unasked }) => `${action} ${resource}${unasked ? ` (${unasked.after})` : ''}`);

  test('each denial once, and nothing that is not one', () => {
    const log = new DenialLog('deploy');
    refuse(log, 'ecs:DescribeTasks', '*');
    refuse(log, 'ecs:DescribeTasks', '*');
    refuse(log, 'ecs:DescribeTasks', `${US}:task/main/a`);
    log.note(new Error('no'));
    log.note(new Failure('NOT_FOUND', 'no'));
    expect(texts(log)).toEqual(['ecs:DescribeTasks *', `ecs:DescribeTasks ${US}:task/main/*`]);
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
        log.proven('ecs:StopServiceDeployment');
      },
      [`ecs:DescribeServiceRevisions ${US}:service-revision/main/web/* (ecs:DescribeServiceDeployments)`],
    ],
    [
      'older revisions are listed after one was read',
      (log) => refuse(log, 'ecs:DescribeTaskDefinition'),
      ['ecs:ListTaskDefinitions * (ecs:DescribeTaskDefinition)'],
    ],
    ['nothing follows a right that no other needs', (log) => refuse(log, 'logs:GetLogEvents'), []],
  ])('%s', (_, happen, expected) => {
    const log = new DenialLog('deploy');
    log.found(SERVICE);
    happen(log);
    expect(texts(log).filter((one) => one.includes('('))).toEqual(expected);
  });

  test('of a service that was not found any resource is meant', () => {
    const log = new DenialLog('deploy');
    refuse(log, 'ecs:ListTasks', '*');
    expect(texts(log)).toEqual(['ecs:ListTasks *', 'ecs:DescribeTasks * (ecs:ListTasks)']);
  });

  const REGISTER = `ecs:RegisterTaskDefinition ${US}:task-definition/web:*`;
  const ROLES = ['execution', 'task'].map((role) => `iam:PassRole arn:aws:iam::123456789012:role/${role}`);
  const UPDATE = `ecs:UpdateService ${SERVICE}`;

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
      'once it is registered, its roles were passed',
      (log) => {
        log.proven('ecs:RegisterTaskDefinition');
        refuse(log, 'ecr:PutImage', '*');
      },
      [UPDATE],
    ],
    [
      'the last right: nothing comes after it',
      (log) => {
        log.proven('ecs:RegisterTaskDefinition');
        refuse(log, 'ecs:UpdateService');
      },
      [],
    ],
    [
      'an update that AWS has answered',
      (log) => {
        log.proven('ecs:UpdateService');
        refuse(log, 'ecr:PutImage', '*');
      },
      [REGISTER, ...ROLES],
    ],
    [
      'where CodeDeploy deploys, what it takes instead of the update',
      (log) => {
        log.proven('ecs:RegisterTaskDefinition');
        log.proven('codedeploy:GetDeploymentConfig');
        refuse(
          log,
          'codedeploy:GetDeployment',
          'arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:shop/shop-web',
        );
      },
      [
        ...['GetDeploymentTarget', 'CreateDeployment', 'StopDeployment'].map(
          (one) => `codedeploy:${one} arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:shop/shop-web`,
        ),
        'codedeploy:RegisterApplicationRevision arn:aws:codedeploy:us-east-1:123456789012:application:shop',
      ],
    ],
    [
      'of which a denial may name no group',
      (log) => {
        log.proven('ecs:RegisterTaskDefinition');
        refuse(log, 'codedeploy:GetDeploymentGroup', '*');
      },
      [
        ...['GetDeployment', 'GetDeploymentTarget', 'CreateDeployment', 'StopDeployment', 'GetDeploymentConfig'],
        'RegisterApplicationRevision',
      ].map((one) => `codedeploy:${one} *`),
    ],
    ['a deploy can do without it', (log) => refuse(log, 'logs:GetLogEvents'), []],
  ])('%s', (_, happen, expected) => {
    const log = new DenialLog('deploy');
    log.found(SERVICE);
    log.registering(DEFINITION);
    happen(log);
    const [first] = log.list().filter(({ action }) => isRequired(action));
    expect(texts(log).filter((one) => one.includes('('))).toEqual(expected.map((one) => `${one} (${first?.action})`));
  });

  test('a plan registers nothing, so that nothing comes next', () => {
    const log = new DenialLog('plan');
    refuse(log, 'ecs:DescribeServices');
    expect(texts(log)).toEqual([`ecs:DescribeServices ${SERVICE}`]);
  });

  test('before anything is known of service and definition: any revision, no role, any service', () => {
    const log = new DenialLog('deploy');
    refuse(log, 'ecs:DescribeServices', '*');
    const next = ['ecs:RegisterTaskDefinition * (ecs:DescribeServices)', 'ecs:UpdateService * (ecs:DescribeServices)'];
    expect(texts(log).slice(1)).toEqual(next);
    log.registering({ ...DEFINITION, taskRoleArn: 'task', executionRoleArn: 7 });
    expect(texts(log).slice(1)).toEqual(next);
  });

  test('the lines name what was not asked for, and why', () => {
    const log = new DenialLog('deploy');
    log.found(SERVICE);
    log.registering(DEFINITION);
    refuse(log, 'ecs:RegisterTaskDefinition');
    refuse(log, 'ecs:ListTasks');
    expect(linesOf(log.list()).slice(2)).toEqual([
      'iam:PassRole: not asked for, as ecs:RegisterTaskDefinition is denied; a deploy needs it.',
      'ecs:UpdateService: not asked for, as ecs:RegisterTaskDefinition is denied; a deploy needs it.',
      'ecs:DescribeTasks: not asked for, as ecs:ListTasks is denied.',
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
    [...readFileSync(`src/adapters/${file}`, 'utf8').matchAll(/\bcall\(\s*'([\w-]+:\w+)'/g)].map(
      ([, right = '']) => right,
    ),
  );
  expect(rights.length).toBeGreaterThanOrEqual(10);
  expect(
    [...rights, 'ecr:BatchGetImage', 'kms:Decrypt', 's3:GetObject'].filter((right) => !documentation.includes(right)),
  ).toEqual([]);
});

test('S3 does not say which of two rights is missing: both are in the policy', () => {
  const log = new DenialLog('deploy');
  log.note(
    new Failure('ACCESS_DENIED', 's3:GetObject and s3:ListBucket failed: 403', {
      api: { service: 's3', operation: 'GetObject and s3:ListBucket', name: 'AccessDenied', message: '403' },
    }),
  );
  expect(log.list().map(({ action }) => action)).toEqual(['s3:GetObject', 's3:ListBucket']);
});
