import { replay } from '../../scripts/replay.ts';
import { type Loose, parseScenario } from '../../simulator/replay/scenario.ts';
import {
  completed,
  crashed,
  event,
  id,
  type Moment,
  notStarted,
  OLD,
  OURS,
  old,
  ours,
  rollout,
  started,
  stopped,
  TARGET_GROUP,
  task,
  unhealthy,
} from './made.ts';

const begin: Moment = { deployments: [ours(2, 0, 0), old(2, 2)] };
const done = (d = 2): Moment => ({ events: completed(), deployments: [ours(d, d, 0, { state: 'COMPLETED' })] });
const EC2 = { launchType: 'EC2' };
const MEMORY = event(
  'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0a1b) has insufficient memory available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
);
const PORT = event(
  'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0a1b) is already using a port required by your task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
);
const ENI = 'Timeout waiting for network interface provisioning to complete.';
const NO_ROUTE =
  'ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 54.1.2.3:443: i/o timeout';
const NOT_FOUND =
  'CannotPullContainerError: failed to resolve ref 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:gone: not found';
const refused = (operation: string, code: string, message = 'x'): Loose => ({ apiError: { operation, code, message } });
const denied = (operation: string): Loose =>
  refused(operation, 'AccessDeniedException', `User is not authorized to perform: ecs:${operation}`);

/** Rollouts that end well, however they look on the way. `at`: when that is true. */
const HEALS: readonly (readonly [name: string, at: number, recording: Loose])[] = [
  [
    'two network interfaces come too late, while uncounted siblings of theirs run',
    400,
    rollout(
      { desiredCount: 4 },
      {
        0: { deployments: [ours(4, 0, 0), old(4, 4)] },
        40: { deployments: [ours(4, 2, 2), old(4, 4)] },
        200: {
          deployments: [ours(4, 2, 0, { failed: 2 }), old(4, 4)],
          tasks: [notStarted('c', ENI), notStarted('d', ENI)],
        },
        240: { events: [started('e', 'f')], deployments: [ours(4, 2, 2, { failed: 2 }), old(2, 2)] },
        400: done(4),
      },
    ),
  ],
  [
    'old tasks have left the counts, and drain for four minutes on the machine that ours need',
    300,
    rollout(
      { ...EC2, minimumHealthyPercent: 0, maximumPercent: 100 },
      {
        0: { deployments: [ours(2, 0, 0), old(0, 0)] },
        1: { events: [MEMORY] },
        245: { events: [started('a', 'b')], deployments: [ours(2, 0, 2)] },
        300: done(),
      },
    ),
  ],
  [
    'a recording without rollout states',
    90,
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 2), old(2, 2)].map(({ rolloutState: _, ...one }) => one) },
        90: {
          events: [event('has reached a steady state.')],
          deployments: [ours(2, 2, 0)].map(({ rolloutState: _, ...one }) => one),
        },
      },
    ),
  ],
  [
    'tight percents, but an old task is missing already',
    300,
    rollout(
      { desiredCount: 1, maximumPercent: 150 },
      { 0: { deployments: [ours(1, 0, 0), old(1, 0)] }, 60: { deployments: [ours(1, 0, 1), old(1, 0)] }, 300: done(1) },
    ),
  ],
  [
    'a Spot interruption takes one of our tasks, and another one starts',
    200,
    rollout(
      { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
      {
        0: begin,
        10: { events: [started('a', 'b')], deployments: [ours(2, 0, 2), old(2, 2)] },
        40: { deployments: [ours(2, 2, 0), old(2, 2)], tasks: [task('a', 'RUNNING'), task('b', 'RUNNING')] },
        60: {
          deployments: [ours(2, 1, 0), old(2, 2)],
          tasks: [stopped('a', 'SpotInterruption', 'Your Spot Task was interrupted.', { startedAt_t: 38 })],
        },
        90: { events: [started('c')], deployments: [ours(2, 1, 1), old(2, 2)] },
        200: done(),
      },
    ),
  ],
  [
    'two hosts are terminated under our tasks',
    400,
    rollout(EC2, {
      0: begin,
      10: { events: [started('a', 'b')], deployments: [ours(2, 2, 0), old(2, 2)] },
      60: {
        deployments: [ours(2, 0, 0, { failed: 2 }), old(2, 2)],
        tasks: [
          stopped('a', 'TerminationNotice', 'Host EC2 (instance i-0123456789abcdef0) terminated.'),
          stopped('b', 'TerminationNotice', 'Host EC2 (instance i-0123456789abcdef0) terminated.'),
        ],
      },
      90: { events: [started('c', 'd')], deployments: [ours(2, 0, 2, { failed: 2 }), old(2, 2)] },
      400: done(),
    }),
  ],
  [
    'Fargate maintenance stops one task',
    300,
    rollout(
      {},
      {
        0: begin,
        30: { deployments: [ours(2, 2, 0), old(2, 2)] },
        60: {
          deployments: [ours(2, 1, 0), old(2, 2)],
          tasks: [
            stopped(
              'a',
              'TerminationNotice',
              'ECS is performing maintenance on the underlying infrastructure hosting the task',
            ),
          ],
        },
        300: done(),
      },
    ),
  ],
  [
    'one network interface comes too late, the next one in time',
    400,
    rollout(
      { desiredCount: 1 },
      {
        0: { deployments: [ours(1, 0, 0), old(1, 1)] },
        10: { events: [started('a')], deployments: [ours(1, 0, 1), old(1, 1)] },
        190: { deployments: [ours(1, 0, 0, { failed: 1 }), old(1, 1)], tasks: [notStarted('a', ENI)] },
        220: { events: [started('b')], deployments: [ours(1, 0, 1, { failed: 1 }), old(1, 1)] },
        400: done(1),
      },
    ),
  ],
  [
    'one crash at the start, and then it stays up',
    200,
    rollout(
      { desiredCount: 1 },
      {
        0: { deployments: [ours(1, 0, 0), old(1, 1)] },
        30: { deployments: [ours(1, 0, 0, { failed: 1 }), old(1, 1)], tasks: [crashed('a', 1, 20, 28)] },
        60: { events: [started('b')], deployments: [ours(1, 1, 0, { failed: 1 }), old(1, 1)] },
        200: done(1),
      },
    ),
  ],
  [
    'old tasks drain for 25 minutes',
    1700,
    rollout(
      {},
      {
        0: begin,
        40: { deployments: [ours(2, 2, 0), old(2, 2)] },
        120: {
          events: [event('has stopped 2 running tasks: (task 218d) (task 83c4).')],
          deployments: [ours(2, 2, 0), old(0, 2)],
        },
        1700: done(),
      },
    ),
  ],
  [
    'alarms are watched for 40 minutes of bake time, longer than the usual time-out',
    2500,
    rollout(
      { alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true }, bakeTimeInMinutes: 40 },
      {
        0: begin,
        40: { deployments: [ours(2, 2, 0), old(2, 2)] },
        100: { events: [event('has reached a steady state.')], deployments: [ours(2, 2, 0)] },
        2500: done(),
      },
    ),
  ],
  [
    'old tasks are protected from being stopped for half an hour',
    2000,
    rollout(
      {},
      {
        0: begin,
        40: { deployments: [ours(2, 2, 0), old(2, 2)] },
        70: {
          events: [
            event(
              'was unable to reach steady state because (taskSet ecs-svc/1111111111111111111) was unable to scale in due to (reason 2 tasks under protection).',
            ),
          ],
        },
        2000: done(),
      },
    ),
  ],
  [
    'a huge image takes nine minutes to pull',
    640,
    rollout(
      {},
      {
        0: begin,
        10: { events: [started('a', 'b')], deployments: [ours(2, 0, 2), old(2, 2)] },
        560: { deployments: [ours(2, 2, 0), old(2, 2)] },
        640: done(),
      },
    ),
  ],
  [
    'a static port is free once the minimum of 0 lets the old task go',
    120,
    rollout(
      { ...EC2, desiredCount: 1, minimumHealthyPercent: 0, maximumPercent: 100 },
      {
        0: { deployments: [ours(1, 0, 0), old(1, 1)] },
        5: { events: [PORT] },
        45: { deployments: [ours(1, 0, 0), old(0, 0)] },
        60: { events: [started('a')], deployments: [ours(1, 0, 1)] },
        120: done(1),
      },
    ),
  ],
  [
    'memory is short until tasks of an earlier deployment have drained',
    300,
    rollout(
      { ...EC2, desiredCount: 1 },
      {
        0: { deployments: [ours(1, 0, 0), old(0, 1)] },
        8: { events: [MEMORY] },
        120: { events: [started('a')], deployments: [ours(1, 0, 1)] },
        300: done(1),
      },
    ),
  ],
  [
    'some of ours are placed, the others when old ones have gone',
    600,
    rollout(
      { ...EC2, desiredCount: 4, minimumHealthyPercent: 50 },
      {
        0: { deployments: [ours(4, 0, 0), old(4, 4)] },
        8: { events: [started('a'), MEMORY], deployments: [ours(4, 0, 1), old(4, 4)] },
        60: { deployments: [ours(4, 1, 0), old(4, 4)] },
        200: { events: [started('b', 'c')], deployments: [ours(4, 1, 2), old(2, 2)] },
        600: done(4),
      },
    ),
  ],
  [
    'a capacity provider takes ten minutes to add a machine',
    800,
    rollout(
      { ...EC2, managedScaling: true },
      {
        0: begin,
        8: {
          deployments: [ours(2, 0, 2), old(2, 2)],
          tasks: [task('a', 'PROVISIONING'), task('b', 'PROVISIONING')],
          events: [MEMORY],
        },
        700: { deployments: [ours(2, 2, 0), old(2, 2)] },
        800: done(),
      },
    ),
  ],
  [
    'one pull times out although the old tasks have pulled from there',
    700,
    rollout(
      { desiredCount: 1 },
      {
        0: { deployments: [ours(1, 0, 0), old(1, 1)] },
        10: { events: [started('a')], deployments: [ours(1, 0, 1), old(1, 1)] },
        299: { deployments: [ours(1, 0, 0, { failed: 1 }), old(1, 1)], tasks: [notStarted('a', NO_ROUTE)] },
        330: { events: [started('b')], deployments: [ours(1, 0, 1, { failed: 1 }), old(1, 1)] },
        700: done(1),
      },
    ),
  ],
  [
    'tasks are unhealthy inside the grace period',
    300,
    rollout(
      { healthCheckGracePeriodSeconds: 240 },
      {
        0: begin,
        30: { deployments: [ours(2, 2, 0), old(2, 2)], tasks: [task('a', 'RUNNING'), task('b', 'RUNNING')] },
        60: {
          events: ['a', 'b'].map((letter) =>
            event(
              `(task ${id(letter)}) (port 8080) is unhealthy in ${TARGET_GROUP} due to (reason Health checks failed with these codes: [503]).`,
            ),
          ),
          tasks: [
            task('a', 'RUNNING', { healthStatus: 'UNHEALTHY' }),
            task('b', 'RUNNING', { healthStatus: 'UNHEALTHY' }),
          ],
        },
        300: done(),
      },
    ),
  ],
  [
    'an old task dies, and its replacement cannot pull the deleted image of the old revision',
    150,
    rollout(
      {},
      {
        0: begin,
        20: { events: [started('a', 'b')], deployments: [ours(2, 0, 2), old(2, 1)] },
        30: {
          events: [event(`was unable to place a task. Reason: ${NOT_FOUND}.`)],
          tasks: [{ ...notStarted('e', NOT_FOUND), startedBy: OLD }],
        },
        60: { deployments: [ours(2, 2, 0), old(2, 1)] },
        150: done(),
      },
    ),
  ],
  [
    'two old tasks crash in the way that ours must not',
    150,
    rollout(
      {},
      {
        0: begin,
        20: {
          deployments: [ours(2, 0, 2), old(2, 0)],
          tasks: ['e', 'f'].map((letter) => ({ ...crashed(letter, 1, -500, 19), startedBy: OLD })),
        },
        150: done(),
      },
    ),
  ],
  [
    'autoscaling takes three of six away',
    250,
    rollout(
      { desiredCount: 6 },
      {
        0: { deployments: [ours(6, 0, 0), old(6, 6)] },
        40: { deployments: [ours(6, 4, 2), old(6, 6)] },
        80: {
          deployments: [ours(3, 3, 0), old(0, 3)],
          tasks: ['a', 'b', 'c'].map((letter) =>
            stopped(letter, 'ServiceSchedulerInitiated', `Scaling activity initiated by (deployment ${OURS})`),
          ),
        },
        250: done(3),
      },
    ),
  ],
  [
    'a capacity shortage of Fargate passes after five minutes',
    500,
    rollout(
      {},
      {
        0: begin,
        12: {
          events: [
            event(
              'was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
            ),
          ],
        },
        320: { events: [started('a', 'b')], deployments: [ours(2, 0, 2), old(2, 2)] },
        500: done(),
      },
    ),
  ],
  [
    'the vCPU quota is full for a minute',
    200,
    rollout(
      {},
      {
        0: begin,
        10: {
          events: [
            event(
              'was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can run concurrently.',
            ),
          ],
        },
        70: { events: [started('a', 'b')], deployments: [ours(2, 0, 2), old(2, 2)] },
        200: done(),
      },
    ),
  ],
  [
    'tasks move for the balance of Availability Zones',
    120,
    rollout(
      {},
      {
        0: begin,
        30: { events: [started('a', 'b')], deployments: [ours(2, 2, 0), old(2, 2)] },
        50: {
          events: [
            event('is not AZ balanced with 2 tasks in eu-west-1a, 0 tasks in eu-west-1b. AZ Rebalancing in progress.'),
          ],
          tasks: [
            stopped('a', 'ServiceSchedulerInitiated', 'Task stopped due to Availability Zone rebalancing', {
              startedAt_t: 25,
            }),
          ],
        },
        120: done(),
      },
    ),
  ],
  [
    'a pause is continued after twenty minutes',
    1500,
    rollout(
      { strategy: 'BLUE_GREEN' },
      {
        0: { ...begin, serviceDeployment: { status: 'IN_PROGRESS', lifecycleStage: 'SCALE_UP' } },
        60: {
          deployments: [ours(2, 2, 0), old(2, 2)],
          serviceDeployment: {
            status: 'IN_PROGRESS',
            lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
            lifecycleHookDetails: [
              { hookId: 'approve', targetType: 'PAUSE', status: 'AWAITING_ACTION', expiresAt_t: 3600 },
            ],
          },
        },
        1260: { serviceDeployment: { status: 'IN_PROGRESS', lifecycleStage: 'BAKE_TIME', lifecycleHookDetails: [] } },
        1500: { ...done(), serviceDeployment: { status: 'SUCCESSFUL' } },
      },
    ),
  ],
  [
    'a Lambda hook holds the deployment before its first task for 15 minutes',
    1100,
    rollout(
      { strategy: 'BLUE_GREEN' },
      {
        0: { ...begin, serviceDeployment: { status: 'IN_PROGRESS', lifecycleStage: 'PRE_SCALE_UP' } },
        900: { serviceDeployment: { status: 'IN_PROGRESS', lifecycleStage: 'SCALE_UP' } },
        960: { deployments: [ours(2, 2, 0), old(2, 2)] },
        1100: { ...done(), serviceDeployment: { status: 'SUCCESSFUL' } },
      },
    ),
  ],
  [
    'the deployment waits in the queue (PENDING) for twelve minutes',
    900,
    rollout(
      {},
      {
        0: { ...begin, serviceDeployment: { status: 'PENDING' } },
        720: { serviceDeployment: { status: 'IN_PROGRESS' }, deployments: [ours(2, 0, 2), old(2, 2)] },
        900: { ...done(), serviceDeployment: { status: 'SUCCESSFUL' } },
      },
    ),
  ],
  [
    'nine of ten are enough by the early success criteria',
    200,
    rollout(
      { desiredCount: 10, earlySuccessCriteria: { enable: true, healthyPercent: 90 } },
      {
        0: { deployments: [ours(10, 0, 0), old(10, 10)], serviceDeployment: { status: 'IN_PROGRESS' } },
        60: { deployments: [ours(10, 8, 2), old(10, 10)] },
        200: {
          deployments: [ours(10, 9, 1, { state: 'COMPLETED' }), old(0, 3)],
          serviceDeployment: { status: 'SUCCESSFUL' },
        },
      },
    ),
  ],
  [
    'a daemon on each of three machines',
    180,
    rollout(
      { ...EC2, schedulingStrategy: 'DAEMON', minimumHealthyPercent: 0, maximumPercent: 100, desiredCount: 3 },
      {
        0: { deployments: [ours(3, 0, 0), old(3, 3)] },
        60: { deployments: [ours(3, 1, 1), old(2, 2)] },
        180: done(3),
      },
    ),
  ],
  [
    'ECS throttles for half a minute',
    120,
    rollout(
      {},
      {
        0: begin,
        20: {
          deployments: [ours(2, 2, 0), old(2, 2)],
          ...refused('DescribeServices', 'ThrottlingException', 'Rate exceeded'),
        },
        50: { deployments: [ours(2, 2, 0), old(0, 0)] },
        120: done(),
      },
    ),
  ],
  [
    'tasks cannot be described for lack of a right',
    120,
    rollout(
      {},
      {
        0: { ...begin, ...denied('DescribeTasks') },
        20: { deployments: [ours(2, 1, 0, { failed: 1 }), old(2, 2)], ...denied('DescribeTasks') },
        120: done(),
      },
    ),
  ],
  [
    'only DescribeServices is allowed',
    120,
    rollout(
      {},
      {
        0: { ...begin, apiErrors: ['ListServiceDeployments', 'ListTasks'].map((name) => denied(name).apiError) },
        120: done(),
      },
    ),
  ],
  [
    'some tasks fail the load balancer at first while their siblings stay healthy',
    560,
    rollout(
      { desiredCount: 6 },
      {
        0: { deployments: [ours(6, 0, 0), old(6, 6)] },
        30: {
          deployments: [ours(6, 6, 0), old(6, 6)],
          tasks: ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => task(letter, 'RUNNING')),
        },
        120: { deployments: [ours(6, 5, 0, { failed: 1 }), old(6, 6)], tasks: [unhealthy('a')] },
        400: {
          deployments: [ours(6, 5, 0, { failed: 2 }), old(2, 2)],
          tasks: [{ ...unhealthy('g'), startedAt_t: 310 }],
        },
        560: done(6),
      },
    ),
  ],
];

test.each(HEALS)('%s', async (_, at, recording) => {
  const told = await replay(parseScenario(recording, 0));
  expect([told.verdict, told.cause]).toEqual(['success', null]);
  expect(told.decidedAtSeconds).toBeGreaterThanOrEqual(at);
  // Throttled to the end, a success is told with the next answer; else within 5 s.
  expect(told.decidedAtSeconds).toBeLessThanOrEqual(at + 5);
});

test('what went wrong on the way is a warning of the success', async () => {
  const recording = HEALS.find(([name]) => name.startsWith('one crash'))?.[2];
  const { warnings } = await replay(parseScenario(recording, 0));
  expect(warnings).toEqual([expect.stringMatching(/On the way: .*exit code 1/s)]);
});

test('a success is proven without the permissions for details, and their absence is not a warning', async () => {
  const recording = HEALS.find(([name]) => name.startsWith('only DescribeServices'))?.[2];
  const { verdict, warnings } = await replay(parseScenario(recording, 0));
  expect({ verdict, warnings }).toEqual({ verdict: 'success', warnings: [] });
});
