import { failedHealthCheck, serviceEvent, serviceState, statusCauses } from '../../src/adapters/ecs-shapes.ts';
import type { ServiceEvent } from '../../src/model.ts';

/** What the preflight reads of a described service beyond what a deploy needs. */
test.each([
  [
    'a public IP',
    { networkConfiguration: { awsvpcConfiguration: { subnets: ['s'], assignPublicIp: 'ENABLED' as const } } },
    true,
  ],
  ['no public IP', { networkConfiguration: { awsvpcConfiguration: { subnets: ['s'] } } }, false],
  ['no network of its own', {}, undefined],
])('%s', (_, service, expected) => {
  expect(serviceState(service).assignPublicIp).toBe(expected);
});

test.each([
  ['Service Connect', { enabled: true, services: [{ portName: 'http' }, { portName: 'grpc' }] }, ['http', 'grpc']],
  ['Service Connect as a client alone', { enabled: true }, []],
  ['Service Connect switched off', { enabled: false, services: [{ portName: 'http' }] }, undefined],
])('%s', (_, serviceConnectConfiguration, expected) => {
  const service = {
    deployments: [{ serviceConnectConfiguration }, { serviceConnectConfiguration: { enabled: true } }],
  };
  expect(serviceState(service).serviceConnectPorts).toEqual(expected);
});

const A = '2c473733308424022880765916ed57a9';
const B = '916b9b68e6b441d9a1049958af5c0833';
const GROUP = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef';
const OLD = 'ecs-svc/1111111111111111111';
const OURS = 'ecs-svc/2222222222222222222';

/** What is parsed from a message, beside what is taken over as it is. */
function parsed(message: string): Omit<ServiceEvent, 'id' | 'at' | 'message'> {
  const { id, at, message: kept, ...rest } = serviceEvent({ id: 'e1', at: 7, message });
  expect([id, at, kept]).toEqual(['e1', 7, message]);
  return rest;
}
const other = (text: string, problem = false) => ({ kind: 'other', taskIds: [], text, problem });

/** From https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html and from services. */
const ROWS: readonly [message: string, event: object][] = [
  [`(service web) has started 2 tasks: (task ${A}) (task ${B}).`, { kind: 'tasks-started', count: 2, taskIds: [A, B] }],
  [
    '(service web-1) has started 1 tasks: (task foo-bar-49).',
    { kind: 'tasks-started', count: 1, taskIds: ['foo-bar-49'] },
  ],
  [
    `(service web) has started 2 tasks: (task ${A}). Amazon ECS replaced 2 tasks due to an unhealthy status.`,
    { kind: 'tasks-started', count: 2, taskIds: [A] },
  ],
  [
    `(service web) has started 1 tasks in eu-central-1a to AZ Rebalance: (task ${A}).`,
    { kind: 'tasks-started', count: 1, zone: 'eu-central-1a', rebalancing: true, taskIds: [A] },
  ],
  ['service web has started 12 tasks.', { kind: 'tasks-started', count: 12, taskIds: [] }],
  [
    '(service web) has started a new deployment ecs-svc/8.',
    { ...other('has started a new deployment ecs-svc/8'), deploymentId: 'ecs-svc/8' },
  ],
  [
    `(service web) has stopped 2 running tasks: (task ${A}) (task ${B}).`,
    { kind: 'tasks-stopped', count: 2, state: 'running', taskIds: [A, B] },
  ],
  ['(service web) stopped 3 pending tasks.', { kind: 'tasks-stopped', count: 3, state: 'pending', taskIds: [] }],
  [
    `(service web) (taskSet ${OLD}) has begun draining connections on 1 tasks.`,
    { kind: 'draining', count: 1, taskIds: [], deploymentId: OLD },
  ],
  [
    `(service web) registered 2 targets in (target-group ${GROUP})`,
    { kind: 'targets-registered', count: 2, group: 'web', taskIds: [] },
  ],
  [
    `(service web) (taskSet ${OURS}) deregistered 1 targets in (target-group ${GROUP})`,
    { kind: 'targets-deregistered', count: 1, group: 'web', taskIds: [], deploymentId: OURS },
  ],
  [
    `(service web) deregistered 1 targets in (target-group ${GROUP}) due to failing health checks`,
    { kind: 'targets-deregistered', count: 1, group: 'web', reason: 'failing health checks', taskIds: [] },
  ],
  [
    '(service web) registered 1 targets in (target-group x-blue)',
    { kind: 'targets-registered', count: 1, group: 'x-blue', taskIds: [] },
  ],
  ['(service web) has reached a steady state.', { kind: 'steady', taskIds: [] }],
  [`(service web, taskSet ${OURS}) has reached a steady state.`, { kind: 'steady', taskIds: [], deploymentId: OURS }],
  [
    `(service web) (deployment ${OURS}) deployment completed.`,
    { kind: 'deployment-completed', taskIds: [], deploymentId: OURS },
  ],
  [
    `(service web) (deployment ${OURS}) deployment failed: tasks failed to start.`,
    { kind: 'deployment-failed', reason: 'tasks failed to start.', taskIds: [], deploymentId: OURS },
  ],
  [
    `(service web) deployment ${OURS} deployment failed: alarm detected. Alarms: [web-5xx]`,
    { kind: 'deployment-failed', reason: 'alarm detected. Alarms: [web-5xx]', taskIds: [], deploymentId: OURS },
  ],
  [`(service web) rolling back to deployment ${OLD}.`, { kind: 'rolling-back', to: OLD, taskIds: [] }],
  [
    `(service web) (deployment ${OURS}) rolling back to deployment ${OLD}`,
    { kind: 'rolling-back', to: OLD, taskIds: [] },
  ],
  [
    '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 9b0) has insufficient memory available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    {
      kind: 'unplaced',
      reason:
        'no container instance met all of its requirements. The closest matching (container-instance 9b0) has insufficient memory available',
      taskIds: [],
    },
  ],
  [
    '(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
    {
      kind: 'unplaced',
      reason: 'Capacity is unavailable at this time. Please try again later or in a different availability zone',
      taskIds: [],
    },
  ],
  ['(service web) was unable to place tasks because x', { kind: 'unplaced', reason: 'x', taskIds: [] }],
  ['(service web) was unable to place a task. ', other('was unable to place a task', true)],
  [
    "(service web) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/t' that was provided for this task.).",
    {
      kind: 'launch-failed',
      reason: "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/t' that was provided for this task.",
      taskIds: [],
    },
  ],
  [
    '(service web) failed to launch a task with (error no capacity)',
    { kind: 'launch-failed', reason: 'no capacity', taskIds: [] },
  ],
  [
    `(service web) (task ${A}) (port 8080) is unhealthy in (target-group ${GROUP}) due to (reason Health checks failed with these codes: [503]).`,
    { kind: 'unhealthy-target', group: 'web', reason: 'Health checks failed with these codes: [503]', taskIds: [A] },
  ],
  [
    '(service web) (instance i-0) is unhealthy in (elb web-elb) due to (reason Instance has failed at least the UnhealthyThreshold number of health checks consecutively.)',
    {
      kind: 'unhealthy-target',
      group: 'web-elb',
      reason: 'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.',
      taskIds: [],
    },
  ],
  [
    `(service web, taskSet ${OLD}) was unable to scale in due to (reason 1 tasks under protection)`,
    { kind: 'scale-in-blocked', reason: '1 tasks under protection', protected: true, taskIds: [], deploymentId: OLD },
  ],
  [
    `(service web) was unable to reach steady state because (taskSet ${OLD}) was unable to scale in due to (reason service unstable).`,
    { kind: 'scale-in-blocked', reason: 'service unstable', protected: false, taskIds: [], deploymentId: OLD },
  ],
  [
    `(service web) (taskSet ${OLD}) was unable to scale in due to (reason 2 tasks under protection). For more information, see the Troubleshooting section.`,
    { kind: 'scale-in-blocked', reason: '2 tasks under protection', protected: true, taskIds: [], deploymentId: OLD },
  ],
  [
    '(service web) is not AZ balanced with 3 tasks in eu-central-1a, 1 tasks in eu-central-1b. AZ Rebalancing in progress.',
    { kind: 'zones-unbalanced', zones: '3 tasks in eu-central-1a, 1 tasks in eu-central-1b', taskIds: [] },
  ],
  ['(service web) is AZ balanced with 2 tasks in eu-west-1a.', other('is AZ balanced with 2 tasks in eu-west-1a')],
  [
    'Message: Successfully set desired count to 4. Change successfully fulfilled by ecs.',
    { kind: 'desired-count-set', count: 4, taskIds: [] },
  ],
  [
    '(service web) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    other('is unable to consistently start tasks successfully', true),
  ],
  [
    '(service web) operations are being throttled on elb. Will try again later.',
    other('operations are being throttled on elb. Will try again later'),
  ],
  [
    `(service web) (task ${A}) failed container health checks.`,
    { ...other('failed container health checks', true), taskIds: [A] },
  ],
  [
    `(service web) (deployment ${OURS}) deployment in progress.`,
    { ...other('deployment in progress'), deploymentId: OURS },
  ],
  ['(service web) has stopped 12 running tasks.', { kind: 'tasks-stopped', count: 12, state: 'running', taskIds: [] }],
  ['(service web) has begun draining connections on 10 tasks.', { kind: 'draining', count: 10, taskIds: [] }],
  ['service (web) has reached a steady state.', { kind: 'steady', taskIds: [] }],
  ['service web  (instance i-1)  (port 80) has reached a steady state.', { kind: 'steady', taskIds: [] }],
  ['(webservice web) has reached a steady state.', other('(webservice web) has reached a steady state')],
  [
    '(service web) it was unable to place a task because x (service web) y',
    other('it was unable to place a task because x (service web) y', true),
  ],
  [
    '(service web) was unable to scale in due to (reason 1 tasks (of 2) under protection)',
    { kind: 'scale-in-blocked', reason: '1 tasks (of 2) under protection', protected: true, taskIds: [] },
  ],
  [
    '(service web) is unhealthy in (target-group x) due to (reason codes (a) and (b)).',
    { kind: 'unhealthy-target', group: 'x', reason: 'codes (a) and (b)', taskIds: [] },
  ],
  ['', other('')],
];

test.each(ROWS)('%s', (message, event) => expect(parsed(message)).toEqual(event));

test('of a reason only what ECS says first decides: words of others in it change no kind', () => {
  const reason = 'CannotPullContainerError: deployment failed: rolling back to deployment ecs-svc/3.';
  expect(parsed(`(service web) was unable to place a task. Reason: ${reason}`)).toMatchObject({ kind: 'unplaced' });
  expect(parsed('(service web) (task a) was killed: has started 1 tasks')).toMatchObject({ kind: 'other' });
});

test.each<[string | undefined, readonly string[] | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['Circuit breaker threshold exceeded', undefined],
  ['Stopped by user.', ['user']],
  ['Service deployment was rolled back by the user', ['user', 'rollback']],
  ['Replaced by a new service deployment.', ['newer-deployment']],
  ['Superseded', ['newer-deployment']],
  ['A newer deployment exists', ['newer-deployment']],
  [`ECS deployment circuit breaker: rolling back to deploymentId ${OLD}.`, ['rollback']],
  ['Stopped by a process of the username app', undefined],
])('what a reason says of its cause: %s', (reason, causes) => expect(statusCauses(reason)).toEqual(causes));

test.each([
  ['Task failed ELB health checks in (target-group arn:x)', true],
  ['Task failed container health checks', true],
  ['Amazon ECS replaced 1 tasks due to an unhealthy status.', true],
  ['Scaling activity initiated by (deployment ecs-svc/2)', undefined],
  [undefined, undefined],
])('a failed health check: %s', (reason, expected) => expect(failedHealthCheck(reason)).toBe(expected));
