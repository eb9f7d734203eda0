/** Each limit and each proof from both sides: what it must end, and what looks alike and must be left to finish. */
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
  restored,
  rollout,
  started,
  stopped,
  task,
  unhealthy,
} from './made.ts';

type Frames = Readonly<Record<number, Moment>>;

const ONE = { desiredCount: 1 };
const NO_BREAKER = { circuitBreaker: { enable: false, rollback: false } };
const EC2 = { launchType: 'EC2', ...NO_BREAKER };
const BLUE_GREEN = { strategy: 'BLUE_GREEN' };
const SPOT = { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] };
const done = (d = 2): Moment => ({ events: completed(), deployments: [ours(d, d, 0, { state: 'COMPLETED' })] });
const counts = (mine: Loose, ...others: readonly Loose[]): Moment => ({ deployments: [mine, ...others] });

const DRAINS = event(`(taskSet ${OLD}) has begun draining connections on 1 tasks.`);
const PROTECTED = event(
  `(taskSet ${OLD}) was unable to scale in due to (reason 2 tasks under protection). For more information, see the Troubleshooting section.`,
);
const QUOTA = event(
  'was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can run concurrently.',
);
const CAPACITY = event(
  'was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
);
const MEMORY = event(
  'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0a1b) has insufficient memory available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
);
const ASSUME = event(
  "failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/webTaskRole' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.)",
);
const NOT_FOUND =
  'CannotPullContainerError: failed to resolve ref 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:gone: not found';
const RATE =
  'CannotPullContainerError: pull image manifest has been retried 1 time(s): httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/web/manifests/sha256:0: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.';
const throttled: Loose = { operation: 'DescribeServices', code: 'ThrottlingException', message: 'Rate exceeded' };
const stage = (lifecycleStage: string, status = 'IN_PROGRESS'): Loose => ({
  serviceDeployment: { status, lifecycleStage },
});
const runs = (letter: string, startedAt_t: number, more: Loose = {}): Loose =>
  task(letter, 'RUNNING', { startedAt_t, ...more });
const missing = (letter: string, createdAt_t: number, stoppedAt_t: number): Loose => ({
  ...notStarted(letter, NOT_FOUND),
  createdAt_t,
  stoppedAt_t,
});
const limited = (letter: string, createdAt_t: number, stoppedAt_t: number): Loose => ({
  ...notStarted(letter, RATE),
  createdAt_t,
  stoppedAt_t,
});
const oom = (letter: string, startedAt_t: number, stoppedAt_t: number): Loose =>
  stopped(letter, 'EssentialContainerExited', 'Essential container in task exited', {
    containers: [{ name: 'web', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }],
    startedAt_t,
    stoppedAt_t,
  });

/** Nobody crashed where the sibling runs since 25 s; `ends` come and go beside it. */
const besideSibling = (ends: readonly (readonly [at: number, failure: Loose])[], last: Frames): Frames => ({
  0: counts(ours(2, 0, 0), old(2, 2)),
  12: { events: [started('a', 'b')], ...counts(ours(2, 0, 2), old(2, 2)) },
  30: { ...counts(ours(2, 2, 0), old(2, 2)), tasks: [runs('b', 25)] },
  ...Object.fromEntries(
    ends.map(([at, failure], index) => [
      at,
      { ...counts(ours(2, 1, 0, { failed: index + 1 }), old(2, 2)), tasks: [failure, runs('b', 25)] },
    ]),
  ),
  ...last,
});

/** `at`: when that is true. */
const MUST_SUCCEED: readonly (readonly [name: string, at: number, recording: Loose])[] = [
  [
    'at 0..100 % ours start when the old task has drained for 15 minutes',
    1100,
    rollout(
      { ...ONE, minimumHealthyPercent: 0, maximumPercent: 100 },
      {
        0: counts(ours(1, 0, 0), old(1, 1)),
        15: { events: [DRAINS], ...counts(ours(1, 0, 0), old(0, 1)) },
        930: { events: [started('a')], ...counts(ours(1, 0, 1)) },
        970: counts(ours(1, 1, 0)),
        1100: done(1),
      },
    ),
  ],
  [
    'at 50..100 % each wave waits for a drain of 15 minutes',
    2200,
    rollout(
      { minimumHealthyPercent: 50, maximumPercent: 100 },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        15: { events: [DRAINS], ...counts(ours(2, 0, 0), old(1, 2)) },
        930: { events: [started('a')], ...counts(ours(2, 0, 1), old(1, 1)) },
        970: counts(ours(2, 1, 0), old(1, 1)),
        1030: { events: [DRAINS], ...counts(ours(2, 1, 0), old(0, 1)) },
        1940: { events: [started('b')], ...counts(ours(2, 1, 1)) },
        1980: counts(ours(2, 2, 0)),
        2200: done(),
      },
    ),
  ],
  [
    'at 100..150 % the second of ours waits until the first old one has drained',
    1700,
    rollout(
      { maximumPercent: 150 },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        10: { events: [started('a')], ...counts(ours(2, 0, 1), old(2, 2)) },
        50: { ...counts(ours(2, 1, 0), old(2, 2)), tasks: [runs('a', 50)] },
        110: { events: [DRAINS], ...counts(ours(2, 1, 0), old(1, 2)) },
        815: { events: [started('b')], ...counts(ours(2, 1, 1), old(1, 1)) },
        860: counts(ours(2, 2, 0), old(1, 1)),
        920: counts(ours(2, 2, 0), old(0, 1)),
        1700: done(),
      },
    ),
  ],
  [
    'the quota has room when old tasks have drained for 15 minutes',
    2300,
    rollout(
      { desiredCount: 4 },
      {
        0: counts(ours(4, 0, 0), old(4, 4)),
        10: { events: [started('a', 'b')], ...counts(ours(4, 0, 2), old(4, 4)) },
        15: { events: [QUOTA] },
        60: counts(ours(4, 2, 0), old(4, 4)),
        120: { events: [DRAINS], ...counts(ours(4, 2, 0), old(2, 4)) },
        1050: { events: [started('c', 'd')], ...counts(ours(4, 2, 2), old(2, 2)) },
        1100: counts(ours(4, 4, 0), old(2, 2)),
        1160: counts(ours(4, 4, 0), old(0, 2)),
        2300: done(4),
      },
    ),
  ],
  [
    'the old task drains for 15 minutes and is in no count any more',
    1100,
    rollout(
      { ...ONE, minimumHealthyPercent: 0, maximumPercent: 100 },
      {
        0: counts(ours(1, 0, 0), old(1, 1)),
        15: {
          ...counts(ours(1, 0, 0)),
          tasks: [task('e', 'DEACTIVATING', { startedBy: OLD, desiredStatus: 'STOPPED' })],
        },
        930: { events: [started('a')], ...counts(ours(1, 0, 1)) },
        970: counts(ours(1, 1, 0)),
        1100: done(1),
      },
    ),
  ],
  [
    'after the drain a first start takes nine minutes more',
    1600,
    rollout(
      { ...ONE, minimumHealthyPercent: 0, maximumPercent: 100 },
      {
        0: counts(ours(1, 0, 0), old(1, 1)),
        15: counts(ours(1, 0, 0), old(0, 1)),
        930: counts(ours(1, 0, 0)),
        1500: counts(ours(1, 1, 0)),
        1600: done(1),
      },
    ),
  ],
  [
    'two old tasks drain one after the other, seven minutes each',
    1100,
    rollout(
      { minimumHealthyPercent: 0, maximumPercent: 100 },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        20: counts(ours(2, 0, 0), old(0, 2)),
        440: counts(ours(2, 0, 0), old(0, 1)),
        860: counts(ours(2, 0, 2)),
        900: counts(ours(2, 2, 0)),
        1100: done(),
      },
    ),
  ],
  [
    'old tasks under protection keep their place for half an hour',
    2000,
    rollout(
      { minimumHealthyPercent: 50, maximumPercent: 100, loadBalanced: false },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        15: { events: [PROTECTED], ...counts(ours(2, 0, 0), old(1, 2)) },
        1800: { events: [started('a')], ...counts(ours(2, 0, 1), old(1, 1)) },
        1850: { events: [started('b')], ...counts(ours(2, 1, 1), old(0, 0)) },
        1900: counts(ours(2, 2, 0)),
        2000: done(),
      },
    ),
  ],
  [
    'old tasks under protection, which are still wanted by the counts',
    1500,
    rollout(
      { minimumHealthyPercent: 50, maximumPercent: 100, loadBalanced: false },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        15: { events: [PROTECTED] },
        1300: { events: [started('a', 'b')], ...counts(ours(2, 0, 2)) },
        1400: counts(ours(2, 2, 0)),
        1500: done(),
      },
    ),
  ],
  [
    'each task warms up for eleven of its fifteen minutes of grace',
    2300,
    rollout(
      { desiredCount: 3, maximumPercent: 134, healthCheckGracePeriodSeconds: 900 },
      {
        0: counts(ours(3, 0, 0), old(3, 3)),
        10: { events: [started('a')], ...counts(ours(3, 0, 1), old(3, 3)) },
        50: { ...counts(ours(3, 1, 0), old(3, 3)), tasks: [runs('a', 48)] },
        730: { events: [started('b')], ...counts(ours(3, 1, 1), old(2, 2)) },
        770: { ...counts(ours(3, 2, 0), old(2, 2)), tasks: [runs('b', 768)] },
        1450: { events: [started('c')], ...counts(ours(3, 2, 1), old(1, 1)) },
        1490: { ...counts(ours(3, 3, 0), old(1, 1)), tasks: [runs('c', 1488)] },
        2300: done(3),
      },
    ),
  ],
  [
    'a task that was told to stop is not shown again',
    200,
    rollout(
      {},
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        12: { events: [started('a', 'b')], ...counts(ours(2, 0, 2), old(2, 2)) },
        50: { ...counts(ours(2, 2, 0), old(2, 2)), tasks: [runs('a', 45), runs('b', 50)] },
        80: {
          events: [event(`has started 1 tasks in eu-west-1c to AZ Rebalance: (task ${id('c')}).`)],
          ...counts(ours(2, 3, 0), old(0, 2)),
          tasks: [runs('a', 45, { desiredStatus: 'STOPPED' }), runs('b', 50), runs('c', 79)],
        },
        110: counts(ours(2, 2, 0)),
        200: done(),
      },
    ),
  ],
  [
    'a task that failed its health check is seen leaving, and never again',
    300,
    rollout(
      {},
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        50: { ...counts(ours(2, 2, 0), old(2, 2)), tasks: [runs('a', 45), runs('b', 50)] },
        150: {
          ...counts(ours(2, 1, 1), old(2, 2)),
          tasks: [{ ...unhealthy('a'), lastStatus: 'DEACTIVATING', startedAt_t: 45 }, runs('b', 50)],
        },
        200: counts(ours(2, 2, 0), old(0, 2)),
        300: done(),
      },
    ),
  ],
  [
    'a task that was told to stop a minute before is still shown when all is done',
    260,
    rollout(
      {},
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        50: { ...counts(ours(2, 2, 0), old(2, 2)), tasks: [runs('a', 45), runs('b', 50)] },
        200: {
          ...counts(ours(2, 3, 0), old(0, 2)),
          tasks: [runs('a', 45, { desiredStatus: 'STOPPED' }), runs('b', 50), runs('c', 199)],
        },
        260: { ...done(), tasks: [runs('a', 45, { desiredStatus: 'STOPPED' }), runs('b', 50), runs('c', 199)] },
      },
    ),
  ],
  [
    'COMPLETED while the bake time goes on: the service deployment knows',
    720,
    rollout(BLUE_GREEN, {
      0: counts(ours(2, 0, 0), old(2, 2)),
      60: { ...counts(ours(2, 2, 0), old(2, 2)), ...stage('PRODUCTION_TRAFFIC_SHIFT') },
      120: { ...counts(ours(2, 2, 0, { state: 'COMPLETED' }), old(2, 2)), ...stage('BAKE_TIME') },
      720: { ...done(), serviceDeployment: { status: 'SUCCESSFUL' } },
    }),
  ],
  [
    'a service deployment that is told of once, at the beginning',
    150,
    rollout(
      {},
      {
        0: { ...counts(ours(2, 0, 0), old(2, 2)), serviceDeployment: { status: 'IN_PROGRESS' } },
        60: counts(ours(2, 2, 0), old(2, 2)),
        150: done(),
      },
    ),
  ],
  [
    'a service deployment last told of in its bake time',
    400,
    rollout(BLUE_GREEN, {
      0: counts(ours(2, 0, 0), old(2, 2)),
      60: { ...counts(ours(2, 2, 0), old(2, 2)), ...stage('BAKE_TIME') },
      400: done(),
    }),
  ],
  [
    'a role that was made a moment ago: ECS tries again after 71 s',
    180,
    rollout(ONE, {
      0: counts(ours(1, 0, 0)),
      4: { events: [ASSUME] },
      75: { events: [started('a')], ...counts(ours(1, 0, 1)) },
      115: counts(ours(1, 1, 0)),
      180: done(1),
    }),
  ],
  [
    'a role that was made a moment ago, refused twice in the first minute',
    200,
    rollout(ONE, {
      0: counts(ours(1, 0, 0), old(1, 1)),
      4: { events: [ASSUME] },
      45: { events: [{ message: ASSUME, t: 45 }] },
      80: { events: [started('a')], ...counts(ours(1, 0, 1), old(1, 1)) },
      115: counts(ours(1, 1, 0), old(1, 1)),
      200: done(1),
    }),
  ],
  [
    'a role that was made a moment ago: ECS tries again after two minutes',
    240,
    rollout(ONE, {
      0: counts(ours(1, 0, 0), old(1, 1)),
      4: { events: [ASSUME] },
      140: { events: [started('a')], ...counts(ours(1, 0, 1), old(1, 1)) },
      180: counts(ours(1, 1, 0), old(1, 1)),
      240: done(1),
    }),
  ],
  [
    'Spot capacity comes back after twelve minutes',
    860,
    rollout(SPOT, {
      0: counts(ours(2, 0, 0), old(2, 2)),
      10: { events: [CAPACITY] },
      720: { events: [started('a', 'b')], ...counts(ours(2, 0, 2), old(2, 2)) },
      760: counts(ours(2, 2, 0), old(2, 2)),
      860: done(),
    }),
  ],
  [
    'capacity is said to lack three times, and comes after eleven minutes',
    800,
    rollout(SPOT, {
      0: counts(ours(2, 0, 0), old(2, 2)),
      10: { events: [CAPACITY] },
      300: { events: [{ message: CAPACITY, t: 300 }] },
      560: { events: [{ message: CAPACITY, t: 560 }] },
      660: { events: [started('a', 'b')], ...counts(ours(2, 0, 2), old(2, 2)) },
      700: counts(ours(2, 2, 0), old(2, 2)),
      800: done(),
    }),
  ],
  [
    'one crash beside a sibling that stays up',
    200,
    rollout({ loadBalanced: false }, besideSibling([[60, crashed('a', 1, 25, 58)]], { 200: done() })),
  ],
  [
    'two crash together beside two that stay up, and their replacements do',
    260,
    rollout(
      { desiredCount: 4, loadBalanced: false },
      {
        0: counts(ours(4, 0, 0), old(4, 4)),
        12: { events: [started('a', 'b', 'c', 'd')], ...counts(ours(4, 0, 4), old(4, 4)) },
        30: { ...counts(ours(4, 4, 0), old(4, 4)), tasks: [runs('c', 25), runs('d', 25)] },
        120: {
          ...counts(ours(4, 2, 0, { failed: 2 }), old(4, 4)),
          tasks: [crashed('a', 1, 25, 40), crashed('b', 1, 25, 41), runs('c', 25), runs('d', 25)],
        },
        160: { events: [started('e', 'f')], ...counts(ours(4, 4, 0, { failed: 2 }), old(4, 4)) },
        260: done(4),
      },
    ),
  ],
  [
    'two crash one after the other among ten that stay up',
    400,
    rollout(
      { desiredCount: 10, loadBalanced: false },
      {
        0: counts(ours(10, 0, 0), old(10, 10)),
        30: { ...counts(ours(10, 10, 0), old(10, 10)), tasks: [runs('b', 25), runs('c', 25)] },
        100: {
          ...counts(ours(10, 9, 0, { failed: 1 }), old(10, 10)),
          tasks: [crashed('a', 1, 25, 40), runs('b', 25), runs('c', 25)],
        },
        200: {
          ...counts(ours(10, 9, 0, { failed: 2 }), old(10, 10)),
          tasks: [crashed('d', 1, 120, 140), runs('b', 25), runs('c', 25)],
        },
        400: done(10),
      },
    ),
  ],
  [
    'the load balancer finds fault with two in a row beside a sibling',
    500,
    rollout(
      {},
      besideSibling(
        [
          [90, { ...unhealthy('a'), startedAt_t: 25, stoppedAt_t: 88 }],
          [200, { ...unhealthy('c'), startedAt_t: 120, stoppedAt_t: 198 }],
        ],
        { 500: done() },
      ),
    ),
  ],
  [
    'an image that one task does not find beside a sibling that runs it',
    260,
    rollout({}, besideSibling([[90, missing('a', 12, 88)]], { 260: done() })),
  ],
  [
    'an image that two tasks, started together, do not find beside a sibling',
    300,
    rollout(
      { desiredCount: 3 },
      {
        0: counts(ours(3, 0, 0), old(3, 3)),
        12: { events: [started('a', 'b', 'c')], ...counts(ours(3, 0, 3), old(3, 3)) },
        30: { ...counts(ours(3, 1, 2), old(3, 3)), tasks: [runs('c', 28)] },
        60: {
          ...counts(ours(3, 1, 0, { failed: 2 }), old(3, 3)),
          tasks: [missing('a', 12, 50), missing('b', 12, 58), runs('c', 28)],
        },
        120: { events: [started('d', 'e')], ...counts(ours(3, 1, 2, { failed: 2 }), old(3, 3)) },
        160: counts(ours(3, 3, 0, { failed: 2 }), old(3, 3)),
        300: done(3),
      },
    ),
  ],
  [
    'Docker Hub refuses two pulls at a time',
    400,
    rollout(
      {},
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        10: { events: [started('a', 'b')], ...counts(ours(2, 0, 2), old(2, 2)) },
        40: {
          ...counts(ours(2, 0, 0, { failed: 2 }), old(2, 2)),
          tasks: [limited('a', 10, 38), limited('b', 10, 39)],
        },
        160: { events: [started('c', 'd')], ...counts(ours(2, 0, 2, { failed: 2 }), old(2, 2)) },
        230: counts(ours(2, 2, 0, { failed: 2 }), old(2, 2)),
        400: done(),
      },
    ),
  ],
  [
    'ECS throttles until two seconds before the end',
    130,
    rollout(ONE, {
      0: counts(ours(1, 0, 0), old(1, 1)),
      40: { ...counts(ours(1, 0, 1), old(1, 1)), apiError: throttled },
      128: counts(ours(1, 1, 0), old(1, 1)),
      130: done(1),
    }),
  ],
  [
    'ECS throttles for 100 s up to the end',
    200,
    rollout(ONE, {
      0: counts(ours(1, 0, 0), old(1, 1)),
      100: { ...counts(ours(1, 1, 0), old(1, 1)), apiError: throttled },
      200: done(1),
    }),
  ],
  [
    'a Windows image is pulled and unpacked for 25 minutes',
    1700,
    rollout(
      { ...ONE, ...EC2 },
      {
        0: counts(ours(1, 0, 0), old(1, 1)),
        10: { events: [started('a')], ...counts(ours(1, 0, 1), old(1, 1)), tasks: [task('a', 'PENDING')] },
        1530: { ...counts(ours(1, 1, 0), old(1, 1)), tasks: [runs('a', 1528)] },
        1700: done(1),
      },
    ),
  ],
  [
    'one stumbles, and the next one is on its way for 15 minutes',
    1200,
    rollout(ONE, {
      0: counts(ours(1, 0, 0), old(1, 1)),
      60: { ...counts(ours(1, 0, 0, { failed: 1 }), old(1, 1)), tasks: [crashed('a', 1, 40, 58)] },
      70: { events: [started('b')], ...counts(ours(1, 0, 1, { failed: 1 }), old(1, 1)) },
      1000: counts(ours(1, 1, 0, { failed: 1 }), old(1, 1)),
      1200: done(1),
    }),
  ],
  [
    'memory is short while the minimum lets one more old task go',
    200,
    rollout(
      { ...EC2, minimumHealthyPercent: 50, maximumPercent: 100 },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        5: { events: [MEMORY] },
        60: counts(ours(2, 0, 1), old(1, 1)),
        100: counts(ours(2, 1, 0), old(1, 1)),
        200: done(),
      },
    ),
  ],
  [
    'a task ends and comes again once while the counters look well',
    300,
    rollout(
      { loadBalanced: false },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        12: { events: [started('a', 'b')], ...counts(ours(2, 0, 2), old(2, 2)) },
        25: counts(ours(2, 2, 0), old(2, 2)),
        70: { events: [started('c')], tasks: [crashed('a', 1, 24, 60), runs('c', 69)] },
        300: done(),
      },
    ),
  ],
];

test.each(MUST_SUCCEED)('it finishes: %s', async (_, at, recording) => {
  const told = await replay(parseScenario(recording, 0));
  expect([told.verdict, told.cause]).toEqual(['success', null]);
  expect(told.decidedAtSeconds).toBeGreaterThanOrEqual(at);
  expect(told.decidedAtSeconds).toBeLessThanOrEqual(at + 5);
});

/** `at`: when one can know; `rule`: of the root cause. */
const MUST_FAIL: readonly (readonly [name: string, at: number, rule: string | null, recording: Loose])[] = [
  [
    'nothing of ours starts in ten minutes after the old one has drained',
    1530,
    null,
    rollout(
      { ...ONE, minimumHealthyPercent: 0, maximumPercent: 100 },
      {
        0: counts(ours(1, 0, 0), old(1, 1)),
        15: counts(ours(1, 0, 0), old(0, 1)),
        930: counts(ours(1, 0, 0)),
        3000: {},
      },
    ),
  ],
  [
    'nothing of ours starts while an old revision crashes and comes again',
    600,
    null,
    rollout(
      {},
      {
        0: counts(ours(2, 0, 0), old(2, 0)),
        ...Object.fromEntries([100, 300, 500, 700].map((t) => [t, counts(ours(2, 0, 0), old(2, 1))])),
        ...Object.fromEntries([200, 400, 590, 800].map((t) => [t, counts(ours(2, 0, 0), old(2, 0))])),
        3000: {},
      },
    ),
  ],
  [
    'ours crash while old tasks drain',
    150,
    'app-crash',
    rollout(
      { minimumHealthyPercent: 50, maximumPercent: 100, loadBalanced: false },
      {
        0: counts(ours(2, 0, 1), old(1, 2)),
        60: { ...counts(ours(2, 0, 0, { failed: 1 }), old(1, 2)), tasks: [crashed('a', 1, 40, 58)] },
        150: { ...counts(ours(2, 0, 0, { failed: 2 }), old(1, 2)), tasks: [crashed('b', 1, 120, 149)] },
        2000: {},
      },
    ),
  ],
  [
    'no second task within the limit and the grace period',
    1550,
    null,
    rollout(
      { desiredCount: 3, maximumPercent: 134, healthCheckGracePeriodSeconds: 900 },
      {
        0: counts(ours(3, 0, 1), old(3, 3)),
        50: { ...counts(ours(3, 1, 0), old(3, 3)), tasks: [runs('a', 48)] },
        3000: {},
      },
    ),
  ],
  [
    'a grace period does not help where nothing runs',
    600,
    null,
    rollout({ healthCheckGracePeriodSeconds: 900 }, { 0: counts(ours(2, 0, 0), old(2, 2)), 3000: {} }),
  ],
  [
    'a grace period does not help once a task has failed',
    650,
    null,
    rollout(
      { healthCheckGracePeriodSeconds: 900, maximumPercent: 150 },
      {
        0: counts(ours(2, 0, 1), old(2, 2)),
        50: { ...counts(ours(2, 1, 0), old(2, 2)), tasks: [runs('b', 48)] },
        300: {
          ...counts(ours(2, 1, 0, { failed: 1 }), old(2, 2)),
          tasks: [{ ...unhealthy('a'), startedAt_t: 200, stoppedAt_t: 298 }, runs('b', 48)],
        },
        3000: {},
      },
    ),
  ],
  [
    'one stumbles, and the next one never comes off',
    1200,
    'app-crash',
    rollout(ONE, {
      0: counts(ours(1, 0, 0), old(1, 1)),
      60: { ...counts(ours(1, 0, 0, { failed: 1 }), old(1, 1)), tasks: [crashed('a', 1, 40, 58)] },
      70: { events: [started('b')], ...counts(ours(1, 0, 1, { failed: 1 }), old(1, 1)) },
      3000: {},
    }),
  ],
  [
    'a task stays PENDING, and nobody says why',
    1800,
    null,
    rollout(ONE, {
      0: counts(ours(1, 0, 0), old(1, 1)),
      10: { events: [started('a')], ...counts(ours(1, 0, 1), old(1, 1)), tasks: [task('a', 'PENDING')] },
      3000: {},
    }),
  ],
  [
    'two crashes of tasks whose beginning nobody tells, beside others that live no longer',
    110,
    'app-crash',
    rollout(
      { loadBalanced: false, ...NO_BREAKER },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        12: { events: [started('a', 'b')], ...counts(ours(2, 0, 2), old(2, 2)) },
        25: counts(ours(2, 2, 0), old(2, 2)),
        ...Object.fromEntries(
          (['a', 'b'] as const).map((letter, index) => {
            const { startedAt_t: _, ...end } = crashed(letter, 1, 0, 70 + 40 * index);
            const next = index === 0 ? 'c' : 'd';
            return [70 + 40 * index, { events: [started(next)], tasks: [end, runs('c', 69)] }];
          }),
        ),
        900: {},
      },
    ),
  ],
  [
    'one after the other crashes, of two that were started together and came up apart',
    260,
    'app-crash',
    rollout(
      { loadBalanced: false, ...NO_BREAKER },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        12: { events: [started('a', 'b')], ...counts(ours(2, 0, 2), old(2, 2)) },
        30: counts(ours(2, 2, 0), old(2, 2)),
        140: { ...counts(ours(2, 1, 0, { failed: 1 }), old(0, 1)), tasks: [crashed('a', 1, 128, 138)] },
        260: { ...counts(ours(2, 1, 0, { failed: 2 }), old(0, 0)), tasks: [crashed('b', 1, 248, 258)] },
        900: {},
      },
    ),
  ],
  [
    'an alarm in the bake time, after COMPLETED',
    300,
    'deployment-alarm',
    rollout(
      { ...BLUE_GREEN, alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true } },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        60: { ...counts(ours(2, 2, 0), old(2, 2)), ...stage('PRODUCTION_TRAFFIC_SHIFT') },
        120: {
          events: [event('has reached a steady state.')],
          ...counts(ours(2, 2, 0, { state: 'COMPLETED' }), old(2, 2)),
          ...stage('BAKE_TIME'),
        },
        300: {
          events: [event(`deployment ${OURS} deployment failed: alarm detected.`)],
          ...counts(restored(2, 2), ours(2, 2, 0, { state: 'FAILED', status: 'ACTIVE' })),
          serviceDeployment: { status: 'ROLLBACK_IN_PROGRESS' },
        },
        400: {
          ...counts(restored(2, 2, { state: 'COMPLETED' })),
          serviceDeployment: { status: 'ROLLBACK_SUCCESSFUL' },
        },
      },
    ),
  ],
  [
    'a role that is refused every twenty seconds',
    64,
    'role-assume-failed',
    rollout(ONE, {
      0: counts(ours(1, 0, 0), old(1, 1)),
      ...Object.fromEntries([4, 24, 44, 64, 84].map((t) => [t, { events: [{ message: ASSUME, t }] }])),
      900: {},
    }),
  ],
  [
    'no capacity for twenty minutes',
    1200,
    'fargate-capacity',
    rollout(SPOT, { 0: counts(ours(2, 0, 0), old(2, 2)), 10: { events: [CAPACITY] }, 3000: {} }),
  ],
  [
    'two crashes of tasks that ran, which no counter shows',
    110,
    'app-crash',
    rollout(
      { loadBalanced: false, ...NO_BREAKER },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        12: { events: [started('a', 'b')], ...counts(ours(2, 0, 2), old(2, 2)) },
        25: counts(ours(2, 2, 0), old(2, 2)),
        70: { events: [started('c')], tasks: [crashed('a', 1, 24, 60), runs('c', 69)] },
        110: { events: [started('d')], tasks: [crashed('b', 1, 24, 100), runs('c', 69), runs('d', 109)] },
        900: {},
      },
    ),
  ],
  [
    'a crash loop behind counters that look well',
    90,
    'app-crash',
    rollout(
      { ...ONE, loadBalanced: false, ...NO_BREAKER },
      {
        0: counts(ours(1, 0, 0), old(1, 1)),
        10: { events: [started('a')], ...counts(ours(1, 0, 1), old(1, 1)) },
        30: counts(ours(1, 1, 0), old(1, 1)),
        55: { events: [started('b')], tasks: [crashed('a', 1, 28, 48)] },
        90: { events: [started('c')], tasks: [crashed('b', 1, 64, 84)] },
        900: {},
      },
    ),
  ],
  [
    'one of two places crashes again and again',
    140,
    'app-crash',
    rollout(
      { loadBalanced: false, ...NO_BREAKER },
      besideSibling(
        [
          [60, crashed('a', 1, 25, 58)],
          [140, crashed('c', 1, 105, 138)],
        ],
        { 900: {} },
      ),
    ),
  ],
  [
    'one of two places runs out of memory again and again',
    140,
    'oom',
    rollout(
      { loadBalanced: false, ...NO_BREAKER },
      besideSibling(
        [
          [60, oom('a', 25, 58)],
          [140, oom('c', 105, 138)],
        ],
        { 900: {} },
      ),
    ),
  ],
  [
    'one of two places ends with 0 again and again',
    140,
    'essential-container-exited-zero',
    rollout(
      { loadBalanced: false, ...NO_BREAKER },
      besideSibling(
        [
          [60, crashed('a', 0, 25, 58)],
          [140, crashed('c', 0, 105, 138)],
        ],
        { 900: {} },
      ),
    ),
  ],
  [
    'three crash one after the other among ten',
    280,
    'app-crash',
    rollout(
      { desiredCount: 10, loadBalanced: false, ...NO_BREAKER },
      {
        0: counts(ours(10, 0, 0), old(10, 10)),
        30: { ...counts(ours(10, 10, 0), old(10, 10)), tasks: [runs('b', 25)] },
        ...Object.fromEntries(
          ['c', 'd', 'e'].map((letter, index) => [
            80 + 100 * index,
            {
              ...counts(ours(10, 9, 0, { failed: index + 1 }), old(10, 10)),
              tasks: [crashed(letter, 1, 40 + 100 * index, 78 + 100 * index), runs('b', 25)],
            },
          ]),
        ),
        900: {},
      },
    ),
  ],
  [
    'the image is deleted after the first task has pulled it',
    200,
    'image-not-found',
    rollout(
      { desiredCount: 3, maximumPercent: 134, ...NO_BREAKER },
      {
        0: counts(ours(3, 0, 0), old(3, 3)),
        10: { events: [started('a')], ...counts(ours(3, 0, 1), old(3, 3)) },
        50: { ...counts(ours(3, 1, 0), old(3, 3)), tasks: [runs('a', 50)] },
        100: { events: [started('b')], ...counts(ours(3, 1, 1), old(2, 2)) },
        150: { ...counts(ours(3, 1, 0, { failed: 1 }), old(2, 2)), tasks: [runs('a', 50), missing('b', 100, 148)] },
        200: { ...counts(ours(3, 1, 0, { failed: 2 }), old(2, 2)), tasks: [runs('a', 50), missing('c', 152, 198)] },
        2000: {},
      },
    ),
  ],
  [
    'Docker Hub refuses one pull after the other',
    400,
    'image-pull-rate-limit',
    rollout(
      { ...ONE, ...NO_BREAKER },
      {
        0: counts(ours(1, 0, 0), old(1, 1)),
        ...Object.fromEntries(
          ['a', 'b', 'c'].map((letter, index) => [
            100 + 150 * index,
            {
              ...counts(ours(1, 0, 0, { failed: index + 1 }), old(1, 1)),
              tasks: [limited(letter, 60 + 150 * index, 98 + 150 * index)],
            },
          ]),
        ),
        1200: {},
      },
    ),
  ],
  [
    'memory is short, and the minimum keeps the old task that is left',
    50,
    'insufficient-memory',
    rollout(
      { ...EC2, minimumHealthyPercent: 50, maximumPercent: 100 },
      {
        0: counts(ours(2, 0, 0), old(2, 2)),
        10: counts(ours(2, 0, 0), old(1, 1)),
        40: { events: [MEMORY] },
        1800: {},
      },
    ),
  ],
];

test.each(MUST_FAIL)('it is ended: %s', async (_, at, rule, recording) => {
  const told = await replay(parseScenario(recording, 0));
  expect(['failed', 'rolled_back', 'stuck']).toContain(told.verdict);
  expect(told.decidedAtSeconds).toBeGreaterThanOrEqual(at);
  expect(told.decidedAtSeconds).toBeLessThanOrEqual(at + 15);
  if (rule !== null) expect(told.rule).toBe(rule);
});
