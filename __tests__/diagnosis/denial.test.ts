import { type Denied, denialOf } from '../../src/diagnosis/denial.ts';
import { Failure } from '../../src/failure.ts';

const US = 'arn:aws:ecs:eu-west-1:123456789012';
const words = (action: string, resource?: string): string =>
  `User: arn:aws:sts::123456789012:assumed-role/deploy/run is not authorized to perform: ${action}${resource ? ` on resource: ${resource} because no identity-based policy allows the ${action} action` : ''}`;
const denied = (operation: string, message: string, service = 'ecs'): Failure =>
  new Failure('ACCESS_DENIED', `${service}:${operation} failed: ${message}`, {
    api: { service, operation, name: 'AccessDeniedException', message },
  });

test.each<[string, Failure, Denied | undefined]>([
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
    'an instance: any of its cluster',
    denied('X', words('ecs:DescribeContainerInstances', `${US}:container-instance/main/abc/x`)),
    { action: 'ecs:DescribeContainerInstances', resource: `${US}:container-instance/main/*` },
  ],
  [
    'a service revision: any of its service',
    denied('X', words('ecs:DescribeServiceRevisions', `${US}:service-revision/main/web/123`)),
    { action: 'ecs:DescribeServiceRevisions', resource: `${US}:service-revision/main/web/*` },
  ],
  [
    'what only ends like one of many stays as it is',
    denied('X', words('ecs:X', `${US}:x/task/main/a:task-definition/web:1`)),
    { action: 'ecs:X', resource: `${US}:x/task/main/a:task-definition/web:1` },
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
  [
    'a resource without the colon',
    denied(
      'ListTasks',
      'User: x is not authorized to perform ecs:ListTasks on resource arn:aws:ecs:eu-west-1:1:cluster/c',
    ),
    { action: 'ecs:ListTasks', resource: 'arn:aws:ecs:eu-west-1:1:cluster/c' },
  ],
  [
    'a deployment: any of its service',
    denied('StopServiceDeployment', words('ecs:StopServiceDeployment', `${US}:service-deployment/main/web/abc/def`)),
    { action: 'ecs:StopServiceDeployment', resource: `${US}:service-deployment/main/web/*` },
  ],
  [
    'a task: any of its cluster',
    denied('StopTask', words('ecs:StopTask', `${US}:task/main/abc`)),
    { action: 'ecs:StopTask', resource: `${US}:task/main/*` },
  ],
  [
    'the words of the API count before those around them',
    new Failure('ACCESS_DENIED', words('ecs:Other'), { api: denied('X', words('ecs:ListTasks')).api as never }),
    { action: 'ecs:ListTasks', resource: '*' },
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
  ['another error behind ours', new Failure('INTERNAL', 'no', { cause: new Error(words('ecs:ListTasks')) }), undefined],
  ['our own failure', new Failure('ACCESS_DENIED', 'no'), undefined],
])('what was denied: %s', (_, failure, denial) => expect(denialOf(failure)).toEqual(denial));
