import { readdirSync, readFileSync } from 'node:fs';
import { Failure } from '../src/failure.ts';
import { reportRights, rightsSummaryOf } from '../src/report/rights.ts';
import { type Denial, denialOf, linesOf, policyOf } from '../src/rights.ts';

const US = 'arn:aws:ecs:eu-west-1:123456789012';
const words = (action: string, resource?: string): string =>
  `User: arn:aws:sts::123456789012:assumed-role/deploy/run is not authorized to perform: ${action}${resource ? ` on resource: ${resource} because no identity-based policy allows the ${action} action` : ''}`;
const denied = (operation: string, message: string, service = 'ecs'): Failure =>
  new Failure('ACCESS_DENIED', `${service}:${operation} failed: ${message}`, {
    api: { service, operation, name: 'AccessDeniedException', message },
  });

test.each<[string, Failure, Denial | undefined]>([
  [
    'the action that was called, on the resource that AWS names',
    denied('UpdateService', words('ecs:UpdateService', `${US}:service/main/web`)),
    { action: 'ecs:UpdateService', resource: `${US}:service/main/web` },
  ],
  [
    'another action than the one that was called',
    denied('RegisterTaskDefinition', words('iam:PassRole', 'arn:aws:iam::123456789012:role/app')),
    { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/app' },
  ],
  [
    'tags at creation',
    denied('RegisterTaskDefinition', words('ecs:TagResource', `${US}:task-definition/web:*`)),
    { action: 'ecs:TagResource', resource: `${US}:task-definition/web:*` },
  ],
  [
    'a revision: any of its family',
    denied('TagResource', words('ecs:TagResource', `${US}:task-definition/web:7`)),
    { action: 'ecs:TagResource', resource: `${US}:task-definition/web:*` },
  ],
  [
    'a task: any of its cluster',
    denied('DescribeTasks', words('ecs:DescribeTasks', `${US}:task/main/0123456789abcdef`)),
    { action: 'ecs:DescribeTasks', resource: `${US}:task/main/*` },
  ],
  [
    'a service deployment: any of its service',
    denied('X', words('ecs:DescribeServiceDeployments', `${US}:service-deployment/main/web/abc`)),
    { action: 'ecs:DescribeServiceDeployments', resource: `${US}:service-deployment/main/web/*` },
  ],
  [
    'a log stream: any of its group',
    denied(
      'GetLogEvents',
      words('logs:GetLogEvents', 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web:log-stream:app/app/1'),
      'logs',
    ),
    { action: 'logs:GetLogEvents', resource: 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web:*' },
  ],
  ['no resource', denied('ListTasks', words('ecs:ListTasks')), { action: 'ecs:ListTasks', resource: '*' }],
  ['*', denied('ListTasks', words('ecs:ListTasks', '*')), { action: 'ecs:ListTasks', resource: '*' }],
  [
    'no action, as S3 and others say it',
    denied('HeadObject', 'Forbidden', 's3'),
    { action: 's3:HeadObject', resource: '*' },
  ],
  [
    "docker's push",
    new Failure('PUSH_FAILED', 'failed to push', {
      cause: `denied: ${words('ecr:PutImage', 'arn:aws:ecr:eu-west-1:123456789012:repository/web')}`,
    }),
    { action: 'ecr:PutImage', resource: 'arn:aws:ecr:eu-west-1:123456789012:repository/web' },
  ],
  ['another refusal', new Failure('REFUSED', 'ecs:X failed: no', { api: denied('X', 'no').api as never }), undefined],
  ['our own failure', new Failure('ACCESS_DENIED', 'no'), undefined],
])('what was denied: %s', (_, failure, denial) => expect(denialOf(failure)).toEqual(denial));

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
  expect(summary).toContain('### 1 missing permission: the run went on without.');
  expect(summary).toContain('"ecs:ListTasks"');
});

test('every right that the adapters may name is in the documentation', () => {
  const documentation = ['docs/preflight.md', 'README.md'].map((file) => readFileSync(file, 'utf8')).join('');
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
