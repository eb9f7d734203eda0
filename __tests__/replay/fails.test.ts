import { replay } from '../../scripts/replay.ts';
import { type Loose, parseScenario } from '../../simulator/replay/scenario.ts';
import {
  completed,
  crashed,
  event,
  id,
  type Moment,
  newer,
  notStarted,
  OLD,
  OURS,
  old,
  ours,
  restored,
  rollout,
  started,
  stopped,
  TARGET_GROUP,
  task,
  unhealthy,
} from './made.ts';

const one: Moment = { deployments: [ours(1, 0, 0), old(1, 1)] };
const first: Moment = { deployments: [ours(1, 0, 0)] };
const ONE = { desiredCount: 1 };
const EC2 = { ...ONE, launchType: 'EC2', circuitBreaker: { enable: false, rollback: false } };
const failedOnce = (t: number, failure: Loose, more: Moment = one): Record<number, Moment> => ({
  0: more,
  10: { events: [started('a')], deployments: [ours(1, 0, 1), old(1, 1)] },
  [t]: { deployments: [ours(1, 0, 0, { failed: 1 }), old(1, 1)], tasks: [failure] },
});
const twice = (t: number, one_: Loose, t2: number, two: Loose): Record<number, Moment> => ({
  ...failedOnce(t, one_),
  [t + 10]: { events: [started('b')], deployments: [ours(1, 0, 1, { failed: 1 }), old(1, 1)] },
  [t2]: { deployments: [ours(1, 0, 0, { failed: 2 }), old(1, 1)], tasks: [two] },
});
const unplaced = (why: string): string =>
  event(
    `was unable to place a task because no container instance met all of its requirements. ${why} For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
  );
const closest = (lack: string): string => unplaced(`The closest matching (container-instance 0a1b) ${lack}.`);
const ASSUME = event(
  "failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/webTaskRole' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.)",
);
const oom = (letter: string): Loose =>
  stopped(letter, 'EssentialContainerExited', 'Essential container in task exited', {
    containers: [{ name: 'web', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }],
    startedAt_t: 20,
  });
const init = (text: string): string => `ResourceInitializationError: ${text}`;
const BREAKER = 'ECS deployment circuit breaker: tasks failed to start.';

const BAD_GATEWAY = (letter: string): string =>
  event(
    `(task ${id(letter)}) (port 8080) is unhealthy in ${TARGET_GROUP} due to (reason Health checks failed with these codes: [502]).`,
  );

/** Rollouts that cannot end well. `at`: when one can know; `rule`: of the root cause. */
const FAILS: readonly (readonly [name: string, at: number, rule: string | null, recording: Loose])[] = [
  [
    'percents that let no task stop and none start',
    0,
    'deployment-config-deadlock',
    rollout({ ...ONE, maximumPercent: 150 }, { 0: one, 1800: {} }),
  ],
  [
    'a daemon that may neither stop nor start',
    0,
    'deployment-config-deadlock',
    rollout(
      { ...EC2, schedulingStrategy: 'DAEMON', maximumPercent: 100, desiredCount: 3 },
      { 0: { deployments: [ours(3, 0, 0), old(3, 3)] }, 1800: {} },
    ),
  ],
  [
    'ECS says that the percents let nothing move',
    20,
    'deployment-config-deadlock',
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 0), old(2, 2)] },
        20: {
          events: [
            event(
              'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
            ),
          ],
        },
        1800: {},
      },
    ),
  ],
  [
    'two tasks are unhealthy, which only events tell',
    260,
    'elb-health-check',
    rollout(ONE, {
      0: one,
      20: { events: [started('a')], deployments: [ours(1, 1, 0), old(1, 1)] },
      130: { events: [BAD_GATEWAY('a')], deployments: [ours(1, 0, 0, { failed: 1 }), old(1, 1)] },
      150: { events: [started('b')], deployments: [ours(1, 1, 0, { failed: 1 }), old(1, 1)] },
      260: { events: [BAD_GATEWAY('b')], deployments: [ours(1, 0, 0, { failed: 2 }), old(1, 1)] },
    }),
  ],
  [
    'three tasks failed, and nothing tells of what',
    200,
    null,
    rollout(ONE, {
      0: one,
      60: { deployments: [ours(1, 0, 1, { failed: 1 }), old(1, 1)] },
      130: { deployments: [ours(1, 0, 1, { failed: 2 }), old(1, 1)] },
      200: { deployments: [ours(1, 0, 0, { failed: 3 }), old(1, 1)] },
      900: {},
    }),
  ],
  [
    'the quota of Fargate Spot is full for good',
    130,
    'fargate-quota',
    rollout(
      { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
      {
        0: { deployments: [ours(2, 0, 0), old(2, 2)] },
        10: {
          events: [
            event(
              'was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can run concurrently.',
            ),
          ],
        },
        1800: {},
      },
    ),
  ],
  [
    'a JSON key that the secret lacks',
    40,
    'secret-json-key-missing',
    rollout(
      ONE,
      failedOnce(
        40,
        notStarted(
          'a',
          init(
            'unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key password',
          ),
        ),
      ),
    ),
  ],
  [
    'a log group that does not exist',
    35,
    'log-group-missing',
    rollout(
      ONE,
      failedOnce(
        35,
        notStarted(
          'a',
          init(
            'failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
          ),
        ),
      ),
    ),
  ],
  [
    'a program that the image lacks',
    33,
    'entrypoint-not-found',
    rollout(
      ONE,
      failedOnce(
        33,
        stopped('a', 'TaskFailedToStart', 'Task failed to start', {
          containers: [
            {
              name: 'web',
              reason:
                'CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "serve": executable file not found in $PATH: unknown',
            },
          ],
        }),
      ),
    ),
  ],
  [
    'an image that may not be pulled',
    60,
    'image-pull-denied',
    rollout(
      ONE,
      failedOnce(
        60,
        notStarted(
          'a',
          'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1: pulling from host 123456789012.dkr.ecr.eu-west-1.amazonaws.com failed with status code [manifests 1]: 403 Forbidden',
        ),
      ),
    ),
  ],
  [
    'a missing image, told in an event alone',
    60,
    'image-not-found',
    rollout(ONE, {
      0: one,
      10: { events: [started('a')], deployments: [ours(1, 0, 1), old(1, 1)] },
      60: {
        events: [
          event(
            'was unable to place a task. Reason: CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:nope: not found.',
          ),
        ],
        deployments: [ours(1, 0, 0, { failed: 1 }), old(1, 1)],
      },
    }),
  ],
  [
    'no route to Secrets Manager for the first task of a new service',
    200,
    'secret-network',
    rollout(ONE, {
      0: first,
      10: { events: [started('a')], deployments: [ours(1, 0, 1)] },
      200: {
        deployments: [ours(1, 0, 0, { failed: 1 })],
        tasks: [
          notStarted(
            'a',
            init(
              'unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 5 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:web from secrets manager: RequestCanceled: request context canceled caused by: context deadline exceeded',
            ),
          ),
        ],
      },
    }),
  ],
  [
    'no route to ECR, twice, although old tasks run',
    600,
    'ecr-auth-network',
    rollout(
      ONE,
      twice(
        299,
        notStarted(
          'a',
          init(
            'unable to pull secrets or registry auth: RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 10.0.1.2:443: i/o timeout',
          ),
        ),
        600,
        notStarted(
          'b',
          init(
            'unable to pull secrets or registry auth: RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 10.0.1.2:443: i/o timeout',
          ),
        ),
      ),
    ),
  ],
  ['two tasks out of memory', 150, 'oom', rollout(ONE, twice(60, oom('a'), 150, oom('b')))],
  [
    'the main process ends with 0, twice',
    80,
    'essential-container-exited-zero',
    rollout(ONE, twice(40, crashed('a', 0, 30, 38), 80, crashed('b', 0, 70, 79))),
  ],
  [
    'a crash in the log as the wrong architecture',
    40,
    'image-platform-mismatch',
    rollout(
      ONE,
      failedOnce(40, { ...crashed('a', 255, 30, 38), logs: ['exec /usr/local/bin/node: exec format error'] }),
    ),
  ],
  [
    'the container health check fails twice',
    400,
    'container-health-check',
    rollout(
      ONE,
      twice(
        200,
        stopped('a', 'ServiceSchedulerInitiated', 'Task failed container health checks', {
          healthStatus: 'UNHEALTHY',
          startedAt_t: 30,
        }),
        400,
        stopped('b', 'ServiceSchedulerInitiated', 'Task failed container health checks', { startedAt_t: 230 }),
      ),
    ),
  ],
  [
    'the load balancer gets 503 from two tasks',
    300,
    'elb-health-check',
    rollout(ONE, twice(140, { ...unhealthy('a'), startedAt_t: 30 }, 300, { ...unhealthy('b'), startedAt_t: 170 })),
  ],
  [
    'a role that nobody may assume, refused again after a minute',
    75,
    'role-assume-failed',
    rollout(ONE, { 0: first, 5: { events: [ASSUME] }, 75: { events: [{ message: `${ASSUME} `, t: 75 }] } }),
  ],
  [
    'a role that nobody may assume, said once',
    155,
    'role-assume-failed',
    rollout(ONE, { 0: first, 5: { events: [ASSUME] }, 900: {} }),
  ],
  [
    'a sidecar is ended because the app crashed: the app is named',
    120,
    'app-crash',
    rollout(
      ONE,
      twice(
        50,
        {
          ...crashed('a', 0, 30, 48),
          containers: [
            { name: 'envoy', essential: true, exitCode: 143 },
            { name: 'app', essential: true, exitCode: 2 },
          ],
        },
        120,
        {
          ...crashed('b', 0, 100, 118),
          containers: [
            { name: 'envoy', essential: true, exitCode: 143 },
            { name: 'app', essential: true, exitCode: 2 },
          ],
        },
      ),
    ),
  ],
  [
    'a crash loop that may not be looked at',
    120,
    null,
    rollout(ONE, {
      0: { ...one, apiErrors: [{ operation: 'ListTasks', code: 'AccessDeniedException', message: 'no' }] },
      40: {
        deployments: [ours(1, 0, 1, { failed: 1 }), old(1, 1)],
        apiErrors: [{ operation: 'ListTasks', code: 'AccessDeniedException', message: 'no' }],
      },
      80: { deployments: [ours(1, 0, 1, { failed: 2 }), old(1, 1)] },
      120: { deployments: [ours(1, 0, 1, { failed: 3 }), old(1, 1)] },
    }),
  ],
  [
    'a breaker without rollback',
    240,
    'circuit-breaker',
    rollout(
      { ...ONE, circuitBreaker: { enable: true, rollback: false } },
      {
        0: one,
        240: {
          events: [event(`(deployment ${OURS}) deployment failed: tasks failed to start.`)],
          deployments: [ours(1, 0, 0, { failed: 3, state: 'FAILED', reason: BREAKER }), old(1, 1)],
        },
      },
    ),
  ],
  [
    'a breaker that trips is told before the restore begins',
    200,
    null,
    rollout(ONE, {
      0: {
        ...one,
        serviceDeployment: {
          status: 'IN_PROGRESS',
          circuitBreaker: { status: 'MONITORING', failureCount: 0, threshold: 3 },
        },
      },
      200: {
        deployments: [ours(1, 0, 0, { failed: 3 }), old(1, 1)],
        serviceDeployment: {
          status: 'IN_PROGRESS',
          circuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
        },
      },
      260: {
        deployments: [restored(1, 1), ours(0, 0, 0, { state: 'FAILED', status: 'ACTIVE', reason: BREAKER })],
        serviceDeployment: { status: 'ROLLBACK_IN_PROGRESS' },
      },
      300: {
        deployments: [restored(1, 1, { state: 'COMPLETED' })],
        serviceDeployment: { status: 'ROLLBACK_SUCCESSFUL' },
      },
    }),
  ],
  [
    'an alarm without rollback',
    200,
    'deployment-alarm',
    rollout(
      {
        alarms: { alarmNames: ['web-latency'], enable: true, rollback: false },
        circuitBreaker: { enable: false, rollback: false },
      },
      {
        0: { deployments: [ours(2, 0, 0), old(2, 2)] },
        60: { deployments: [ours(2, 2, 0), old(2, 2)] },
        200: {
          events: [event(`deployment ${OURS} deployment failed: alarm detected.`)],
          deployments: [
            ours(2, 2, 0, { state: 'FAILED', reason: 'ECS deployment failed: alarm detected.' }),
            old(2, 2),
          ],
        },
      },
    ),
  ],
  [
    'a restore that fails as well',
    150,
    null,
    rollout(ONE, {
      0: { ...one, serviceDeployment: { status: 'IN_PROGRESS' } },
      150: {
        deployments: [restored(1, 0), ours(0, 0, 0, { state: 'FAILED', status: 'ACTIVE' })],
        serviceDeployment: { status: 'ROLLBACK_IN_PROGRESS' },
      },
      400: { serviceDeployment: { status: 'ROLLBACK_FAILED', statusReason: 'Rollback failed.' } },
    }),
  ],
  [
    'somebody stops the deployment',
    80,
    null,
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 0), old(2, 2)], serviceDeployment: { status: 'IN_PROGRESS' } },
        80: { serviceDeployment: { status: 'STOPPED', statusReason: 'Deployment stopped by user.' } },
      },
    ),
  ],
  [
    'the service is deleted',
    60,
    null,
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 0), old(2, 2)] },
        60: { serviceStatus: 'DRAINING', deployments: [ours(0, 0, 0)] },
      },
    ),
  ],
  [
    'the right to look is taken away',
    60,
    null,
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 2), old(2, 2)] },
        60: {
          apiError: {
            operation: 'DescribeServices',
            code: 'AccessDeniedException',
            message: 'User: x is not authorized to perform: ecs:DescribeServices',
          },
        },
      },
    ),
  ],
  [
    'credentials expire',
    60,
    null,
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 2), old(2, 2)] },
        60: {
          apiError: {
            operation: 'DescribeServices',
            code: 'ExpiredTokenException',
            message: 'The security token included in the request is expired',
          },
        },
      },
    ),
  ],
  [
    'no CPU and no managed scaling',
    12,
    'insufficient-cpu',
    rollout(EC2, { 0: one, 12: { events: [closest('has insufficient CPU units available')] }, 1800: {} }),
  ],
  [
    'no CPU, and a capacity provider that adds nothing',
    12,
    'insufficient-cpu',
    rollout(
      { ...EC2, capacityProviderStrategy: [{ capacityProvider: 'fixed' }], managedScaling: false },
      { 0: one, 12: { events: [closest('has insufficient CPU units available')] }, 1800: {} },
    ),
  ],
  [
    'no network interface left on the machine',
    9,
    'eni-limit',
    rollout(EC2, { 0: one, 9: { events: [closest('encountered error "RESOURCE:ENI"')] }, 1800: {} }),
  ],
  [
    'no machine has the attribute',
    9,
    'missing-attribute',
    rollout(EC2, { 0: first, 9: { events: [closest('is missing an attribute required by your task')] }, 1800: {} }),
  ],
  [
    'the vCPU quota is full for good',
    130,
    'fargate-quota',
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 0), old(2, 2)] },
        10: {
          events: [
            event(
              'was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can run concurrently.',
            ),
          ],
        },
        1800: {},
      },
    ),
  ],
  ['nothing happens at all', 600, null, rollout({}, { 0: { deployments: [ours(2, 0, 0), old(2, 2)] }, 3000: {} })],
  [
    'a text that nobody knows, twice',
    100,
    'unknown',
    rollout(
      ONE,
      twice(
        50,
        notStarted('a', 'FluxCapacitorError: 1.21 gigawatts are missing'),
        100,
        notStarted('b', 'FluxCapacitorError: 1.21 gigawatts are missing'),
      ),
    ),
  ],
  [
    'a refused change',
    0,
    'taskdef-inactive',
    rollout(
      {},
      {
        0: {
          deployments: [old(2, 2, { status: 'PRIMARY' })],
          apiError: { operation: 'UpdateService', code: 'ClientException', message: 'TaskDefinition is inactive' },
        },
      },
    ),
  ],
  [
    'four tasks run for three minutes each, and none ever answers',
    250,
    'elb-unreachable',
    rollout(
      { desiredCount: 4 },
      {
        0: { deployments: [ours(4, 0, 0), old(4, 4)] },
        60: {
          deployments: [ours(4, 4, 0), old(4, 4)],
          tasks: ['a', 'b', 'c', 'd'].map((letter) => task(letter, 'RUNNING', { startedAt_t: 58 })),
        },
        230: {
          events: [
            event(`(task ${id('a')}) (port 3001) is unhealthy in ${TARGET_GROUP} due to (reason Request timed out).`),
          ],
          deployments: [ours(4, 3, 0, { failed: 1 }), old(4, 4)],
          tasks: [{ ...unhealthy('a'), startedAt_t: 58 }],
        },
        250: {
          events: [
            event(`(task ${id('b')}) (port 3001) is unhealthy in ${TARGET_GROUP} due to (reason Request timed out).`),
          ],
          deployments: [ours(4, 2, 0, { failed: 2 }), old(4, 4)],
          tasks: [{ ...unhealthy('b'), startedAt_t: 58 }],
        },
      },
    ),
  ],
];

test.each(FAILS)('%s', async (_, at, rule, recording) => {
  const told = await replay(parseScenario(recording, 0));
  expect(['failed', 'rolled_back', 'stuck']).toContain(told.verdict);
  expect(told.decidedAtSeconds).toBeGreaterThanOrEqual(at);
  expect(told.decidedAtSeconds).toBeLessThanOrEqual(at + 15);
  if (rule !== null) expect(told.rule).toBe(rule);
  expect(told.cause ?? '').toMatch(/\w{4}/);
});

test('the counts of a breaker, and the container that crashed, are in the words', async () => {
  const words = async (name: string): Promise<string> =>
    (await replay(parseScenario(FAILS.find(([one_]) => one_.startsWith(name))?.[3], 0))).cause ?? '';
  expect(await words('a breaker that trips')).toMatch(/3 of 3/);
  expect(await words('a sidecar')).toMatch(/\bapp\b.*\b2\b/);
  expect(await words('an alarm without')).toContain('web-latency');
  expect(await words('credentials expire')).toContain('DescribeServices');
});

/** Somebody else deployed: nothing is known against our revision. */
const SUPERSEDED: readonly (readonly [name: string, at: number, recording: Loose])[] = [
  [
    'a newer revision takes over, and the service deployment says so',
    70,
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 2), old(2, 2)], serviceDeployment: { status: 'IN_PROGRESS' } },
        70: {
          deployments: [newer(2, 0, 2), ours(2, 1, 0, { status: 'ACTIVE' })],
          serviceDeployment: { status: 'STOPPED', statusReason: 'Replaced by a new service deployment.' },
        },
      },
    ),
  ],
  [
    'somebody deploys the old revision again by hand',
    70,
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 2), old(2, 2)] },
        70: { deployments: [newer(2, 0, 2, { revision: 41 }), ours(2, 1, 0, { status: 'ACTIVE' }), old(2, 2)] },
      },
    ),
  ],
  [
    'somebody forces a new deployment of our own revision',
    70,
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 2), old(2, 2)] },
        70: { deployments: [newer(2, 0, 2, { revision: 42 }), ours(2, 1, 0, { status: 'ACTIVE' })] },
      },
    ),
  ],
  [
    'ours had one crash when a newer one came',
    90,
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 2), old(2, 2)] },
        50: { deployments: [ours(2, 0, 1, { failed: 1 }), old(2, 2)], tasks: [crashed('a', 1, 30, 48)] },
        90: { deployments: [newer(2, 0, 2), ours(2, 1, 0, { status: 'ACTIVE', failed: 1 })] },
      },
    ),
  ],
  [
    'ours is gone from the list altogether',
    90,
    rollout(
      {},
      {
        0: { deployments: [ours(2, 0, 2), old(2, 2)] },
        90: { events: completed('ecs-svc/4444444444444444444'), deployments: [newer(2, 2, 0, { state: 'COMPLETED' })] },
      },
    ),
  ],
];

test.each(SUPERSEDED)('%s', async (_, at, recording) => {
  const told = await replay(parseScenario(recording, 0));
  expect([told.verdict, told.rule]).toEqual(['superseded', null]);
  expect(told.decidedAtSeconds).toBeGreaterThanOrEqual(at);
  expect(told.decidedAtSeconds).toBeLessThanOrEqual(at + 15);
  expect(told.cause).toContain('4444444444444444444');
});

test.each([
  ['nothing', undefined],
  ['an empty object', {}],
  ['a frame without anything', { timeline: [{}] }],
  ['other spellings', { timeline: [{ t: 0, events: [{ text: 'x', at: 0 }], tasks: [{ id: 'a', started_by: OLD }] }] }],
  [
    'numbers as text',
    { timeline: [{ t_seconds: '0', deployments: [{ id: OURS, status: 'PRIMARY', desiredCount: '0' }] }] },
  ],
])('a recording of another shape ends in a line all the same: %s', async (_, recording) => {
  const told = await replay(parseScenario(recording, 0));
  expect(['success', 'failed', 'rolled_back', 'superseded', 'stuck']).toContain(told.verdict);
});
