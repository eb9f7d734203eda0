import type { DeploymentState, ServiceDeployment, TaskState } from '../../src/model.ts';
import { nextSnapshot } from '../../src/watch/fold.ts';
import { judge } from '../../src/watch/judge.ts';
import type { Observed } from '../../src/watch/snapshot.ts';
import type { Verdict } from '../../src/watch/verdict.ts';
import {
  deployment,
  event,
  OLD,
  old,
  ours,
  revisionArn,
  START,
  service,
  serviceDeployment,
  TASK_A,
  TASK_B,
  task,
} from '../report/made.ts';

interface Seen extends Partial<Omit<Observed, 'at' | 'service'>> {
  readonly settings?: Parameters<typeof service>[1];
  readonly events?: readonly ReturnType<typeof event>[];
}

/** Judged after one look at that second of the rollout. */
function at(seconds: number, deployments: readonly DeploymentState[], seen: Seen = {}, of = deployment): Verdict {
  const { settings, events = [], ...rest } = seen;
  const state = service(deployments, { ...settings, events: [...events].reverse() });
  const snapshot = nextSnapshot(undefined, { at: START, service: state, denied: [], ...rest }, of);
  return judge({ ...snapshot, at: START + seconds }, of, START + seconds);
}

const told = (
  status: string,
  more: Partial<ServiceDeployment> = {},
): { readonly serviceDeployment: ServiceDeployment } => ({ serviceDeployment: serviceDeployment({ status, ...more }) });
const ended = (id: string, stoppedReason: string, more: Partial<TaskState> = {}): TaskState =>
  task(id, 'STOPPED', { stopCode: 'TaskFailedToStart', stoppedReason, stoppedAt: START + 30, ...more });
const exited = (id: string, exitCode: number, reason?: string): TaskState =>
  ended(id, 'Essential container in task exited', {
    stopCode: 'EssentialContainerExited',
    startedAt: START + 20,
    containers: [
      {
        name: 'app',
        image: 'app:42',
        lastStatus: 'STOPPED',
        healthStatus: 'UNKNOWN',
        exitCode,
        ...(reason ? { reason } : {}),
      },
    ],
  });
const running = (id: string, more: Partial<TaskState> = {}): TaskState =>
  task(id, 'RUNNING', { startedAt: START + 20, ...more });
const BREAKER = { circuitBreaker: { enable: true, rollback: true } };
const EC2 = { launchType: 'EC2' } as const;
const UNPLACED = (why: string) =>
  event(5, `was unable to place a task because no container instance met all of its requirements. ${why}`);
const CLOSEST = (lack: string) => UNPLACED(`The closest matching (container-instance 0a1b) ${lack}.`);
const NOT_FOUND =
  'CannotPullContainerError: failed to resolve ref 123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:nope: not found';
const newer = ours({ id: 'ecs-svc/4444444444444444444', taskDefinitionArn: revisionArn(43), createdAt: START + 60 });
const failedTwice = (first: TaskState, second: TaskState): Seen => ({ tasks: [first, second] });

/**
 * "State -> what we print", row by row. Elsewhere: 16 (service/rolling, refused before the change), 18 and 19
 * (watch/watch), 20 (stories, cancel), 22 and 23 (stories, rollback), 24 (preflight), 25 (taskdef, edits).
 */
const ROWS: readonly (readonly [row: string, verdict: Verdict, expected: object])[] = [
  [
    '1 SUCCESSFUL and ours: success, with the digest that runs',
    at(90, [ours({ runningCount: 2, rolloutState: 'COMPLETED' })], {
      ...told('SUCCESSFUL'),
      revision: {
        arn: 'r',
        taskDefinitionArn: revisionArn(42),
        images: [{ containerName: 'app', image: 'app', digest: 'sha256:1' }],
      },
    }),
    { kind: 'succeeded', runningCount: 2, digests: { app: 'sha256:1' }, warnings: [] },
  ],
  [
    '1 by DescribeServices alone: success, and which permission would tell more',
    at(90, [ours({ runningCount: 2, rolloutState: 'COMPLETED' })], { denied: ['ecs:ListServiceDeployments'] }),
    { kind: 'succeeded', warnings: [] },
  ],
  [
    '1 complete, but a wanted task is not there: no success yet',
    at(90, [ours({ runningCount: 1, rolloutState: 'COMPLETED' })]),
    { kind: 'waiting' },
  ],
  [
    '1 complete, but the service wants more now: no success yet',
    at(90, [ours({ runningCount: 2, rolloutState: 'COMPLETED' })], { settings: { desiredCount: 4 } }),
    { kind: 'waiting' },
  ],
  [
    '1 all run, but ECS does not say that it is done: no success yet',
    at(90, [ours({ runningCount: 2 }), old(0)]),
    { kind: 'waiting', waitingFor: expect.stringContaining('finish') },
  ],
  [
    '1 complete, while the bake time goes on: no success yet',
    at(
      90,
      [ours({ runningCount: 2, rolloutState: 'COMPLETED' })],
      told('IN_PROGRESS', { lifecycleStage: 'BAKE_TIME' }),
    ),
    { kind: 'waiting', waitingFor: expect.stringContaining('BAKE_TIME') },
  ],
  [
    '1 SUCCESSFUL early, by its own criteria',
    at(90, [ours({ desiredCount: 10, runningCount: 9 })], {
      ...told('SUCCESSFUL', { earlySuccessPercent: 90 }),
      settings: { desiredCount: 10 },
    }),
    { kind: 'succeeded', runningCount: 9 },
  ],
  [
    '1 fewer than the early criteria ask for: no success',
    at(90, [ours({ desiredCount: 10, runningCount: 8 })], {
      ...told('SUCCESSFUL', { earlySuccessPercent: 90 }),
      settings: { desiredCount: 10 },
    }),
    { kind: 'waiting' },
  ],
  [
    '2 ROLLBACK_SUCCESSFUL: rolled back to web:41, with the first cause',
    at(300, [old(2, { status: 'PRIMARY' })], {
      ...told('ROLLBACK_SUCCESSFUL', { statusReason: 'x' }),
      tasks: [ended(TASK_A, NOT_FOUND)],
    }),
    { kind: 'rolled-back', to: revisionArn(41), reason: expect.stringContaining('app:nope') },
  ],
  [
    '3 ROLLBACK_IN_PROGRESS: known as failed, the restore is watched',
    at(200, [old(1, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' })], told('ROLLBACK_IN_PROGRESS')),
    { kind: 'rolling-back', to: revisionArn(41), pollAgainInSeconds: 3 },
  ],
  [
    '3 without the service deployment: the older deployment is PRIMARY again',
    at(200, [
      old(1, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }),
      ours({ status: 'ACTIVE', rolloutState: 'FAILED' }),
    ]),
    { kind: 'rolling-back', to: revisionArn(41) },
  ],
  [
    '3 without the service deployment, restored',
    at(200, [old(2, { status: 'PRIMARY' })], { events: [event(180, `rolling back to deployment ${OLD}.`)] }),
    { kind: 'rolled-back', to: revisionArn(41) },
  ],
  [
    '4 ROLLBACK_FAILED: both revisions are named',
    at(400, [old(0, { status: 'PRIMARY' })], told('ROLLBACK_FAILED')),
    { kind: 'failed', reason: expect.stringMatching(/web:41.*web:42/) },
  ],
  [
    '5 replaced by a newer deployment: superseded, by whom',
    at(70, [newer, ours({ status: 'ACTIVE' })]),
    { kind: 'superseded', byDeployment: newer.id, byTaskDefinition: revisionArn(43) },
  ],
  [
    '5 STOPPED, replaced, and DescribeServices shows by whom',
    at(
      70,
      [newer, ours({ status: 'ACTIVE' })],
      told('STOPPED', { statusReason: 'Replaced by a new service deployment.' }),
    ),
    { kind: 'superseded', byDeployment: newer.id },
  ],
  [
    '5 STOPPED, replaced, and DescribeServices is behind',
    at(
      70,
      [ours()],
      told('STOPPED', { statusReason: 'Replaced by a new service deployment.', finishedAt: START + 68 }),
    ),
    { kind: 'waiting' },
  ],
  [
    '5 STOPPED by somebody',
    at(70, [ours()], told('STOPPED', { statusReason: 'Stopped by user.' })),
    { kind: 'stopped', reason: 'Stopped by user.' },
  ],
  [
    '6 PENDING only: found, and not begun',
    at(700, [ours(), old(2)], told('PENDING')),
    { kind: 'waiting', waitingFor: expect.stringContaining('PENDING') },
  ],
  [
    '7 the breaker has tripped: its counts',
    at(200, [ours({ failedTasks: 3 }), old(2)], {
      ...told('IN_PROGRESS', { circuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 } }),
      settings: BREAKER,
    }),
    { kind: 'rolling-back', reason: expect.stringContaining('3 of 3') },
  ],
  [
    '8 FAILED without rollback: at once',
    at(200, [
      ours({ rolloutState: 'FAILED', rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.' }),
      old(2),
    ]),
    { kind: 'failed' },
  ],
  [
    '8 FAILED with rollback, and nothing to go back to: at once',
    at(200, [ours({ rolloutState: 'FAILED' })], { settings: BREAKER }),
    { kind: 'failed' },
  ],
  [
    '8 FAILED with rollback: ECS restores in a moment',
    at(60, [ours({ rolloutState: 'FAILED', updatedAt: START + 58 }), old(2)], { settings: BREAKER }),
    { kind: 'rolling-back' },
  ],
  [
    '8 FAILED with rollback that never begins',
    at(400, [ours({ rolloutState: 'FAILED', updatedAt: START + 58 }), old(2)], { settings: BREAKER }),
    { kind: 'failed' },
  ],
  [
    '9 an alarm was triggered: its name',
    at(
      200,
      [ours({ runningCount: 2 }), old(2)],
      told('IN_PROGRESS', { alarms: { status: 'TRIGGERED', names: ['web-5xx', 'web-slow'], triggered: ['web-slow'] } }),
    ),
    { kind: 'failed', reason: expect.stringContaining('web-slow') },
  ],
  [
    '10 image not found: on the first task',
    at(31, [ours({ failedTasks: 1 }), old(2)], { tasks: [ended(TASK_A, NOT_FOUND)] }),
    { kind: 'failed', causes: [expect.objectContaining({ rule: 'image-not-found' })] },
  ],
  [
    '10 wrong platform: on the first task',
    at(31, [ours({ failedTasks: 1 }), old(2)], {
      tasks: [
        ended(
          TASK_A,
          "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'",
        ),
      ],
    }),
    { kind: 'failed', reason: expect.stringContaining('linux/arm64') },
  ],
  [
    '10 access denied: on the first task',
    at(31, [ours({ failedTasks: 1 }), old(2)], {
      tasks: [
        ended(
          TASK_A,
          'ResourceInitializationError: unable to pull secrets: AccessDeniedException: User: arn:aws:sts::1:assumed-role/execution/t is not authorized to perform: secretsmanager:GetSecretValue',
        ),
      ],
    }),
    { kind: 'failed', reason: expect.stringContaining('secretsmanager:GetSecretValue') },
  ],
  [
    '10 image not found, but a sibling runs it: only told',
    at(31, [ours({ runningCount: 1, failedTasks: 1 }), old(2)], { tasks: [ended(TASK_A, NOT_FOUND), running(TASK_B)] }),
    { kind: 'waiting', suspected: [expect.objectContaining({ rule: 'image-not-found' })] },
  ],
  [
    '11 exit 1 once: suspected',
    at(31, [ours({ failedTasks: 1 }), old(2)], { tasks: [exited(TASK_A, 1)] }),
    { kind: 'waiting', suspected: [expect.objectContaining({ rule: 'app-crash' })] },
  ],
  [
    '11 exit 1 once, then healthy: success with a warning',
    at(90, [ours({ runningCount: 2, rolloutState: 'COMPLETED' })], { tasks: [exited(TASK_A, 1)] }),
    { kind: 'succeeded', warnings: [expect.stringContaining('On the way')] },
  ],
  [
    '11 exit 1 twice: failed, both tasks named',
    at(31, [ours({ failedTasks: 2 }), old(2)], failedTwice(exited(TASK_A, 1), exited(TASK_B, 1))),
    { kind: 'failed', reason: expect.stringMatching(/2c473733.*916b9b68/) },
  ],
  [
    '11 exit 1 and a failed health check: not the same cause',
    at(
      31,
      [ours({ failedTasks: 2 }), old(2)],
      failedTwice(
        exited(TASK_A, 1),
        ended(TASK_B, 'Task failed container health checks', { stopCode: 'ServiceSchedulerInitiated' }),
      ),
    ),
    { kind: 'waiting' },
  ],
  [
    '11 exit 1 twice, while a sibling has lived four times as long',
    at(80, [ours({ runningCount: 1, failedTasks: 2 }), old(2)], {
      tasks: [exited(TASK_A, 1), exited(TASK_B, 1), running('c')],
    }),
    { kind: 'waiting' },
  ],
  [
    '11 the load balancer gives up on both tasks, which leave it and are counted still',
    at(80, [ours({ runningCount: 2, failedTasks: 2 }), old(2)], {
      tasks: [TASK_A, TASK_B].map((id) =>
        task(id, 'DEACTIVATING', {
          desiredStatus: 'STOPPED',
          startedAt: START + 20,
          stopCode: 'ServiceSchedulerInitiated',
          stoppedReason:
            'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/web/1)',
        }),
      ),
    }),
    { kind: 'failed', reason: expect.stringContaining('two tasks') },
  ],
  [
    '12 exit 137 without OutOfMemoryError is not called out of memory',
    at(31, [ours({ failedTasks: 2 }), old(2)], failedTwice(exited(TASK_A, 137), exited(TASK_B, 137))),
    { kind: 'failed', causes: [expect.not.objectContaining({ rule: 'oom' })] },
  ],
  [
    '12 exit 137 with OutOfMemoryError is',
    at(
      31,
      [ours({ failedTasks: 2 }), old(2)],
      failedTwice(
        exited(TASK_A, 137, 'OutOfMemoryError: Container killed due to memory usage'),
        exited(TASK_B, 137, 'OutOfMemoryError: Container killed due to memory usage'),
      ),
    ),
    { kind: 'failed', causes: [expect.objectContaining({ rule: 'oom' })] },
  ],
  [
    '13 unhealthy inside the grace period: not counted',
    at(60, [ours({ runningCount: 2 }), old(2)], {
      tasks: [running(TASK_A, { healthStatus: 'UNHEALTHY' }), running(TASK_B, { healthStatus: 'UNHEALTHY' })],
    }),
    { kind: 'waiting', suspected: [] },
  ],
  [
    '14 tasks of another deployment: ignored',
    at(31, [ours({ pendingCount: 2 }), old(0)], {
      tasks: [exited(TASK_A, 1), exited(TASK_B, 1)].map((one) => ({ ...one, startedBy: OLD })),
    }),
    { kind: 'waiting', suspected: [] },
  ],
  [
    '14 scaling activity, Spot: ignored',
    at(
      31,
      [ours({ failedTasks: 2 }), old(2)],
      failedTwice(
        ended(TASK_A, 'Scaling activity initiated by (deployment ecs-svc/1)', {
          stopCode: 'ServiceSchedulerInitiated',
        }),
        ended(TASK_B, 'Your Spot Task was interrupted.', { stopCode: 'SpotInterruption' }),
      ),
    ),
    { kind: 'waiting', suspected: [] },
  ],
  [
    '15 unable to place: within moments only told',
    at(12, [ours(), old(2)], { settings: EC2, events: [CLOSEST('has insufficient memory available')] }),
    { kind: 'waiting' },
  ],
  [
    '15 unable to place, minimum 100, no capacity provider: stuck',
    at(16, [ours(), old(2)], { settings: EC2, events: [CLOSEST('has insufficient memory available')] }),
    { kind: 'stuck', reason: expect.stringContaining('cannot heal') },
  ],
  [
    '15 unable to place, but the minimum lets an old task go',
    at(60, [ours(), old(2)], {
      settings: { ...EC2, minimumHealthyPercent: 50 },
      events: [CLOSEST('has insufficient memory available')],
    }),
    { kind: 'waiting' },
  ],
  [
    '15 unable to place, but a capacity provider adds machines',
    at(400, [ours(), old(2)], {
      settings: { capacityProviders: ['asg'] },
      events: [CLOSEST('has insufficient memory available')],
    }),
    { kind: 'waiting' },
  ],
  [
    '15 unable to place, and the capacity provider adds none',
    at(400, [ours(), old(2)], {
      settings: { capacityProviders: ['asg'] },
      addsCapacity: false,
      events: [CLOSEST('has insufficient memory available')],
    }),
    { kind: 'stuck' },
  ],
  [
    '15 unable to place, and tasks are PROVISIONING',
    at(400, [ours({ pendingCount: 1 }), old(2)], {
      settings: EC2,
      tasks: [task(TASK_A, 'PROVISIONING')],
      events: [CLOSEST('has insufficient memory available')],
    }),
    { kind: 'waiting' },
  ],
  [
    '15 a static port that the old task holds',
    at(16, [ours(), old(2)], { settings: EC2, events: [CLOSEST('is already using a port required by your task')] }),
    { kind: 'stuck', causes: [expect.objectContaining({ rule: 'host-port-conflict' })] },
  ],
  [
    '15 no progress for as long as the user allows',
    at(601, [ours({ runningCount: 1 }), old(2)]),
    { kind: 'stuck', reason: expect.stringContaining('10 min') },
  ],
  [
    '15 no progress, but tasks are on their way',
    at(700, [ours({ runningCount: 1, pendingCount: 1 }), old(2)]),
    { kind: 'waiting' },
  ],
  [
    '15 no progress, but all run and old ones drain',
    at(1500, [ours({ runningCount: 2 }), old(2)]),
    { kind: 'waiting' },
  ],
  [
    '15 no progress, but a hook holds the deployment',
    at(1500, [ours(), old(2)], told('IN_PROGRESS', { lifecycleStage: 'PRE_SCALE_UP' })),
    { kind: 'waiting', waitingFor: expect.stringContaining('PRE_SCALE_UP') },
  ],
  [
    '17 desired count 0: flagged, at once',
    at(0, [ours({ desiredCount: 0 }), old(0, { desiredCount: 0 })], { settings: { desiredCount: 0 } }),
    { kind: 'succeeded', warnings: [expect.stringContaining('nothing was verified')] },
  ],
  [
    '17 desired count 0, but old tasks still run',
    at(0, [ours({ desiredCount: 0 }), old(2, { desiredCount: 0 })], { settings: { desiredCount: 0 } }),
    { kind: 'waiting' },
  ],
  [
    '21 paused on a hook: which, until when',
    at(
      900,
      [ours({ runningCount: 2 }), old(2)],
      told('IN_PROGRESS', { hooks: [{ id: 'approve', status: 'AWAITING_ACTION', expiresAt: START + 3600 }] }),
    ),
    { kind: 'awaiting-approval', hook: expect.stringContaining('approve'), until: START + 3600 },
  ],
  [
    '21 paused on a hook until our time is up: paused, not failed',
    at(
      1801,
      [ours({ runningCount: 2 }), old(2)],
      told('IN_PROGRESS', { hooks: [{ id: 'approve', status: 'AWAITING_ACTION', expiresAt: START + 3600 }] }),
    ),
    { kind: 'paused', hook: expect.stringContaining('approve'), until: START + 3600 },
  ],
  [
    'the time is up',
    at(1801, [ours({ runningCount: 2 }), old(2)]),
    { kind: 'timed-out', reason: expect.stringContaining('30 min') },
  ],
  [
    'the time is up while ECS restores: followed on',
    at(1801, [old(1, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' })], told('ROLLBACK_IN_PROGRESS')),
    { kind: 'rolling-back' },
  ],
  [
    'ECS restores without end',
    at(2800, [old(1, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' })], told('ROLLBACK_IN_PROGRESS')),
    { kind: 'failed', reason: expect.stringContaining('still restoring') },
  ],
  [
    'the service was deleted',
    at(60, [ours()], { settings: { status: 'DRAINING' } }),
    { kind: 'stopped', reason: expect.stringContaining('deleted') },
  ],
  [
    'right after UpdateService, DescribeServices still shows the old one',
    at(2, [old(2, { status: 'PRIMARY' })]),
    { kind: 'waiting' },
  ],
];

test.each(ROWS)('%s', (_, verdict, expected) => {
  expect(verdict).toMatchObject(expected);
});

describe('a first deployment, which no earlier task has shown the way', () => {
  const NO_ROUTE =
    'ResourceInitializationError: unable to pull secrets or registry auth: RequestError: send request failed caused by: Post "https://api.ecr.eu-central-1.amazonaws.com/": dial tcp 54.1.2.3:443: i/o timeout';
  test('fails on the first network time-out', () => {
    expect(at(300, [ours({ failedTasks: 1 })], { tasks: [ended(TASK_A, NO_ROUTE)] }).kind).toBe('failed');
  });
  test('while a service that runs waits for a second one', () => {
    expect(at(300, [ours({ failedTasks: 1 }), old(2)], { tasks: [ended(TASK_A, NO_ROUTE)] }).kind).toBe('waiting');
  });
});

test('a remedy names the Region of the service where the message named none', () => {
  const NO_LOGS =
    'ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration. : signal: killed';
  const verdict = at(130, [ours({ failedTasks: 1 })], { tasks: [ended(TASK_A, NO_LOGS)] });
  expect(verdict).toMatchObject({ kind: 'failed' });
  expect('causes' in verdict && verdict.causes[0]?.remedy).toContain('com.amazonaws.eu-central-1.logs');
});

test('progress is growth of the healthy count, and not of what comes and goes', () => {
  const looks = [0, 1, 0, 1, 0].map((runningCount, i) => ({
    at: START + i * 100,
    service: service([ours({ runningCount }), old(2)]),
    denied: [],
  }));
  let snapshot: ReturnType<typeof nextSnapshot> | undefined;
  for (const look of looks) snapshot = nextSnapshot(snapshot, look, deployment);
  expect(snapshot).toMatchObject({ bestHealthy: 1, lastProgressAt: START + 100 });
});

test('a task that Spot took is not held against the one that replaces it', () => {
  const look = (seconds: number, runningCount: number, tasks: readonly TaskState[]): Observed => ({
    at: START + seconds,
    service: service([ours({ runningCount }), old(2)]),
    denied: [],
    tasks,
  });
  const spot = ended(TASK_A, 'Your Spot Task was interrupted.', { stopCode: 'SpotInterruption' });
  const before = nextSnapshot(undefined, look(0, 1, [running(TASK_A)]), deployment);
  const lost = nextSnapshot(before, look(500, 0, [spot]), deployment);
  const again = nextSnapshot(lost, look(800, 1, [spot, running(TASK_B)]), deployment);
  expect([lost.lastProgressAt, again.lastProgressAt]).toEqual([START + 500, START + 800]);
});
