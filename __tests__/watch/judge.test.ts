import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import type { DeploymentState, ServiceDeployment, ServiceState, TaskState } from '../../src/model.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import type { Observed, Snapshot, Trouble } from '../../src/watch/snapshot.ts';
import type { Verdict } from '../../src/watch/verdict.ts';
import {
  deployment,
  diagnosis,
  event,
  look,
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
import { judge, nextSnapshot } from '../support/explained.ts';

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
    { kind: 'stuck', reason: expect.stringContaining('ECS placed no task for 11 s: minimum-healthy-percent 100') },
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
      providers: [{ name: 'asg', status: 'ACTIVE', compute: 'EC2', addsInstances: false }],
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

interface Known extends Partial<Snapshot> {
  readonly settings?: Partial<ServiceState>;
  readonly of?: Partial<Deployment>;
}
/** Judged on a snapshot made by hand: no look, no trouble but those given. */
function judged(seconds: number, deployments: readonly DeploymentState[], known: Known = {}): Verdict {
  const { settings, of, ...rest } = known;
  const snapshot = look(seconds, deployments, { troubles: [], service: service(deployments, settings), ...rest });
  return judge(snapshot, { ...deployment, ...of }, START + seconds);
}
const trouble = (nature: Diagnosis['nature'], seconds?: number, rest: Partial<Diagnosis> = {}): Trouble => ({
  from: 'task',
  diagnosis: diagnosis({ nature, rule: 'one', subject: 'container', ...rest }),
  ...(seconds === undefined ? {} : { at: START + seconds }),
});
const state = (rest: Partial<ServiceDeployment>): Known => ({ serviceDeployment: serviceDeployment(rest) });

describe('without progress for 10 min (no-progress-minutes) a rollout is stuck', () => {
  const PENDING = [ours({ runningCount: 1, pendingCount: 1 }), old(2)];
  const ONE = [ours({ runningCount: 1 }), old(2)];
  const NONE = [ours(), old(2)];
  const PROTECTED = 'was unable to scale in due to (reason tasks are protected)';
  const UNPROTECTED = 'was unable to scale in due to (reason tasks are young)';
  const CAPACITY = { subject: 'capacity', failure: 'exhausted', transient: true } as const;
  const lacking = (seconds?: number, rest: Partial<Diagnosis> = {}) =>
    trouble('transient', seconds, { ...CAPACITY, ...rest });
  const GRACE = { healthCheckGracePeriodSeconds: 300 };
  const BALANCED = { ...GRACE, loadBalancers: [{}] as unknown as ServiceState['loadBalancers'] };
  const container = (startPeriod?: number | string) => ({
    name: `${startPeriod}`,
    image: 'x',
    ...(startPeriod === undefined ? {} : { healthCheck: { startPeriod } }),
  });
  const startPeriods = (...periods: readonly (number | string | undefined)[]): Partial<Deployment> => ({
    definition: { family: 'web', containerDefinitions: periods.map(container) },
  });

  test.each<[string, readonly DeploymentState[], Known, number | undefined]>([
    ['of its tasks', ONE, {}, 600],
    ['before any runs', NONE, {}, 600],
    ['since the last progress', ONE, { lastProgressAt: START + 100 }, 700],
    ['since others left, which made room', ONE, { othersLeftAt: START + 100 }, 700],
    ['since the later of both', ONE, { lastProgressAt: START + 200, othersLeftAt: START + 100 }, 800],
    ['by its own setting', ONE, { of: { noProgressSeconds: 300 } }, 300],

    ['not when all run', [ours({ runningCount: 2 }), old(2)], {}, undefined],
    ['not when more than all run', [ours({ runningCount: 3 }), old(2)], {}, undefined],
    ['not while old tasks leave', [ours(), old(2, { desiredCount: 1 })], {}, undefined],
    ['not while pending old tasks leave', [ours(), old(1, { pendingCount: 1, desiredCount: 1 })], {}, undefined],
    ['not while some old tasks leave', [ours(), old(2), old(1, { id: 'x', desiredCount: 0 })], {}, undefined],
    ['while more of ours are counted than wanted', [ours({ runningCount: 1, pendingCount: 2 }), old(2)], {}, 1800],
    ['not while old tasks drain uncounted', NONE, { othersDraining: 1 }, undefined],
    ['not while old tasks are protected', NONE, { events: [event(5, PROTECTED)] }, undefined],
    [
      'not while tasks of one of two old deployments are protected',
      [ours(), old(0), old(2, { id: 'x' })],
      { events: [event(5, PROTECTED)] },
      undefined,
    ],
    ['while old tasks stay for another reason', NONE, { events: [event(5, UNPROTECTED)] }, 600],
    ['while something else happens to old tasks', NONE, { events: [event(5, 'has reached a steady state.')] }, 600],
    ['once protected tasks are gone', [ours(), old(0)], { events: [event(5, PROTECTED)] }, 600],
    ['while ours alone are protected', [ours({ runningCount: 1 })], { events: [event(5, PROTECTED)] }, 600],

    ['not while ECS has not begun', NONE, state({ status: 'PENDING' }), undefined],
    ['not in a stage that starts no task', NONE, state({ lifecycleStage: 'PRE_SCALE_UP' }), undefined],
    ['in the stage that starts them', NONE, state({ lifecycleStage: 'SCALE_UP' }), 600],
    ['in no stage', NONE, state({}), 600],
    ['not blue/green that has not begun', NONE, { settings: { strategy: 'BLUE_GREEN' } }, undefined],
    ['blue/green that runs one', ONE, { settings: { strategy: 'BLUE_GREEN' } }, 600],
    ['blue/green with one on its way', PENDING, { settings: { strategy: 'BLUE_GREEN' } }, 1800],
    ['blue/green of which one failed', [ours({ failedTasks: 1 })], { settings: { strategy: 'BLUE_GREEN' } }, 600],
    [
      'blue/green of which one runs and one failed',
      [ours({ runningCount: 1, failedTasks: 1 })],
      { settings: { strategy: 'BLUE_GREEN' } },
      600,
    ],
    [
      'blue/green whose stage is known',
      NONE,
      { ...state({ lifecycleStage: 'SCALE_UP' }), settings: { strategy: 'BLUE_GREEN' } },
      600,
    ],

    ['three times as long with tasks on their way', PENDING, {}, 1800],
    ['twice, when one of them failed', PENDING, { troubles: [trouble('ambiguous', 0)] }, 1200],
    [
      'three times, when the failure is older than the progress',
      PENDING,
      { troubles: [trouble('ambiguous', 99)], lastProgressAt: START + 100 },
      1900,
    ],
    [
      'twice, when one of two failures is as young',
      PENDING,
      { troubles: [trouble('ambiguous', 99, { rule: 'two' }), trouble('ambiguous', 100)], lastProgressAt: START + 100 },
      1300,
    ],
    ['three times, when what went wrong heals by itself', PENDING, { troubles: [trouble('transient', 50)] }, 1800],
    ['three times, when it is not known when it went wrong', PENDING, { troubles: [trouble('ambiguous')] }, 1800],
    [
      'twice, when a task that failed tells when',
      PENDING,
      { troubles: [{ ...trouble('ambiguous'), task: task(TASK_A, 'STOPPED', { stoppedAt: START + 9 }) }] },
      1200,
    ],

    ['twice as long when AWS lacks capacity', ONE, { troubles: [lacking(50)] }, 1200],
    ['once, when that does not pass', ONE, { troubles: [lacking(50, { transient: false })] }, 600],
    ['once, when the capacity is not exhausted', ONE, { troubles: [lacking(50, { failure: 'failed' })] }, 600],
    ['once, when something else is exhausted', ONE, { troubles: [lacking(50, { subject: 'image' })] }, 600],
    ['once, when something else is newer', ONE, { troubles: [lacking(50), trouble('transient', 51)] }, 600],
    ['twice, when it is the newest', ONE, { troubles: [lacking(51), trouble('transient', 50)] }, 1200],
    ['once, at an unknown time', ONE, { troubles: [lacking()] }, 600],
    ['twice, beside another of an unknown time', ONE, { troubles: [lacking(50), trouble('transient')] }, 1200],

    ...['ecs:ListTasks', 'ecs:DescribeTasks'].map((action): [string, readonly DeploymentState[], Known, number] => [
      `twice as long after others left, without ${action}: they may drain unseen`,
      ONE,
      { othersLeftAt: START + 100, denied: ['logs:GetLogEvents', action] },
      1300,
    ]),
    ['once after others left, without another action', ONE, { othersLeftAt: START, denied: ['ecs:ListTaskSets'] }, 600],
    ['once while none left, without ecs:ListTasks', ONE, { denied: ['ecs:ListTasks'] }, 600],

    ['plus the grace period of the load balancer', ONE, { settings: BALANCED }, 900],
    ['without a load balancer no grace period', ONE, { settings: GRACE }, 600],
    ['no grace period before one runs', NONE, { settings: BALANCED }, 600],
    ['no grace period after a failure', ONE, { settings: BALANCED, troubles: [trouble('ambiguous', 1)] }, 600],
    ['a load balancer without a grace period', ONE, { settings: { loadBalancers: BALANCED.loadBalancers } }, 600],
    ['plus the longest startPeriod', ONE, { of: startPeriods(60, 120, undefined) }, 720],
    ['plus the longer of both: grace period', ONE, { settings: BALANCED, of: startPeriods(120) }, 900],
    ['plus the longer of both: startPeriod', ONE, { settings: BALANCED, of: startPeriods(360) }, 960],
    ['no startPeriod that is not a number', ONE, { of: startPeriods('120') }, 600],
  ])('%s', (_, deployments, { of, ...known }, limit) => {
    const at = (seconds: number) =>
      judged(seconds, deployments, { othersRan: true, ...known, of: { timeoutSeconds: 1e6, ...of } }).kind;
    if (limit === undefined) expect(at(100_000)).toBe('waiting');
    else expect([at(limit - 1), at(limit)]).toEqual(['waiting', 'stuck']);
  });

  test('names how long, the counts and the first cause that is known', () => {
    const diagnoses = (['normal', 'symptom', 'ambiguous', 'permanent'] as const).map((nature) =>
      diagnosis({ nature, cause: `It is ${nature}.` }),
    );
    const known = { othersLeftAt: START + 100, diagnoses };
    expect(judged(820, ONE, known)).toMatchObject({
      kind: 'stuck',
      reason: 'No further task became healthy for 12 min: 1 of 2 run, 0 pending, 0 failed. It is ambiguous.',
    });
    expect(judged(600, ONE, { diagnoses: diagnoses.slice(0, 2) })).toMatchObject({
      reason: 'No further task became healthy for 10 min: 1 of 2 run, 0 pending, 0 failed.',
    });
  });
});

describe('while a rollout is under way', () => {
  test.each([
    [59, 3],
    [60, 5],
  ])('%d s after progress it is polled again in %d s', (since, pollAgainInSeconds) => {
    expect(judged(100 + since, [ours(), old(2)], { lastProgressAt: START + 100 })).toMatchObject({
      kind: 'waiting',
      pollAgainInSeconds,
    });
  });

  test.each<[Diagnosis['nature'], Trouble['from'], boolean]>([
    ['permanent', 'task', true],
    ['ambiguous', 'task', true],
    ['unknown', 'event', true],
    ['symptom', 'task', false],
    ['transient', 'task', false],
    ['permanent', 'deployment', false],
  ])('%s, in a %s: suspected is %s', (nature, from, expected) => {
    const one = { ...trouble(nature), from };
    const seen = {
      troubles: [one],
      diagnoses: [diagnosis({ rule: 'another' }), one.diagnosis],
      othersRan: true,
      tasks: [running(TASK_B)],
    };
    expect(judged(400, [ours({ runningCount: 1 }), old(2)], seen)).toMatchObject({
      kind: 'waiting',
      suspected: expected ? [one.diagnosis] : [],
    });
  });

  const PROTECTED = event(5, 'was unable to scale in due to (reason tasks are protected)');
  test.each<[string, readonly DeploymentState[], Known]>([
    [
      'ECS to begin the deployment, which it has accepted (PENDING)',
      [ours({ runningCount: 2 }), old(2)],
      state({ status: 'PENDING' }),
    ],
    ['ECS to stop the deployment, as requested', [ours(), old(2)], state({ status: 'STOP_REQUESTED' })],
    ['ECS to finish the deployment (drain, bake time, alarms)', [ours({ runningCount: 2 }), old(2)], {}],
    ['ECS to finish the deployment (drain, bake time, alarms)', [ours({ runningCount: 3 }), old(2)], state({})],
    [
      'ECS to finish the deployment (stage BAKE_TIME)',
      [ours({ runningCount: 2 }), old(2)],
      state({ lifecycleStage: 'BAKE_TIME' }),
    ],
    ['its tasks: 1 of 2 run, 0 pending, 0 failed', [ours({ runningCount: 1 }), old(2)], {}],
    [
      'its tasks: 1 of 2 run, 0 pending, 0 failed',
      [ours({ runningCount: 1 }), old(2)],
      state({ lifecycleStage: 'SCALE_UP' }),
    ],
    [
      'its tasks: 0 of 2 run, 0 pending, 0 failed, stage PRE_SCALE_UP',
      [ours(), old(2)],
      state({ lifecycleStage: 'PRE_SCALE_UP' }),
    ],
    [
      'its tasks: 0 of 2 run, 0 pending, 0 failed (old tasks drain or are protected first)',
      [ours(), old(2)],
      { events: [PROTECTED] },
    ],
    ['its tasks: 0 of 2 run, 1 pending, 0 failed', [ours({ pendingCount: 1 }), old(2)], { events: [PROTECTED] }],
  ])('it waits for %s', (waitingFor, deployments, known) => {
    expect(judged(60, deployments, known)).toMatchObject({ kind: 'waiting', waitingFor });
  });
});

describe('a hook that waits for an approval', () => {
  type Hook = ServiceDeployment['hooks'][number];
  const AWAITING = { status: 'AWAITING_ACTION' } as const;
  test.each<[Hook, string | undefined, string]>([
    [{ ...AWAITING, id: 'h1' }, undefined, 'the hook (`h1`)'],
    [{ ...AWAITING, targetType: 'PAUSE' }, undefined, 'the PAUSE hook'],
    [AWAITING, 'BAKE_TIME', 'the hook of stage BAKE_TIME'],
    [{ ...AWAITING, id: 'h1', targetType: 'PAUSE' }, 'BAKE_TIME', 'the PAUSE hook of stage BAKE_TIME (`h1`)'],
  ])('%j in stage %s', (hook, lifecycleStage, name) => {
    const hooks = [{ id: 'h0', status: 'SUCCEEDED' }, hook];
    const verdict = judged(
      60,
      [ours(), old(2)],
      state({ hooks, ...(lifecycleStage === undefined ? {} : { lifecycleStage }) }),
    );
    expect(verdict).toStrictEqual({ kind: 'awaiting-approval', hook: name, pollAgainInSeconds: 5 });
  });
  test('is paused when the time is up, with no poll and no other limit', () => {
    const hooks = [{ ...AWAITING, id: 'h1', expiresAt: START + 9000 }];
    const until = START + 9000;
    const hook = 'the hook (`h1`)';
    expect(judged(1799, [ours(), old(2)], state({ hooks }))).toStrictEqual({
      kind: 'awaiting-approval',
      hook,
      until,
      pollAgainInSeconds: 5,
    });
    expect(judged(1800, [ours(), old(2)], state({ hooks }))).toStrictEqual({ kind: 'paused', hook, until });
  });
});

describe('when the time is up (timeout-minutes)', () => {
  const BUSY = [ours({ runningCount: 2 }), old(2)];
  const RESTORING = [old(1, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' })];
  test.each<[string, number, readonly DeploymentState[], Known, object]>([
    ['it still waits a second before', 1799, BUSY, {}, { kind: 'waiting' }],
    [
      'it has timed out',
      1800,
      BUSY,
      { diagnoses: [diagnosis()] },
      {
        kind: 'timed-out',
        reason: `Not done after 30 min: 2 of 2 run, 0 pending, 0 failed. ${diagnosis().cause}`,
        causes: [diagnosis()],
      },
    ],
    [
      'it has timed out where ECS shows nothing of it',
      1800,
      [],
      {},
      { kind: 'timed-out', reason: 'Not done after 30 min: ECS does not show it.', causes: [] },
    ],
    ['a success is one', 5000, [ours({ runningCount: 2, rolloutState: 'COMPLETED' })], {}, { kind: 'succeeded' }],
    ['a stop is one', 5000, [ours()], { settings: { status: 'INACTIVE' } }, { kind: 'stopped' }],
    ['a rollout without progress is stuck', 5000, [ours({ runningCount: 1 }), old(2)], {}, { kind: 'stuck' }],
    [
      'ECS gets 15 min more to roll back',
      2699,
      RESTORING,
      state({ status: 'ROLLBACK_IN_PROGRESS' }),
      { kind: 'rolling-back' },
    ],
    [
      'and no longer',
      2700,
      RESTORING,
      state({ status: 'ROLLBACK_IN_PROGRESS', statusReason: 'It fails.' }),
      { kind: 'failed', reason: 'ECS was still restoring the old revision when time was up. It fails.' },
    ],
  ])('%s', (_, seconds, deployments, known, expected) => {
    expect(judged(seconds, deployments, known)).toMatchObject(expected);
  });
});

test('a deployment that was found under way has the whole time again, from when it was found', () => {
  const limitOf = (more: object): number | undefined => {
    const snapshot = look(1500, [ours(), old(2)], { lastProgressAt: START + 1000 });
    const verdict = judge(snapshot, { ...deployment, ...more }, START + 1500);
    return verdict.kind === 'waiting' ? verdict.stuckAt : undefined;
  };
  expect(limitOf({})).toBe(START + 1600);
  expect(limitOf({ startedAt: START + 1400 })).toBe(START + 1600);
  expect(limitOf({ startedAt: START + 1400, foundUnderWay: true })).toBe(START + 2000);
});

test('of two limits the first is promised, and held', () => {
  const events = [
    {
      ...event(
        6,
        'was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can run concurrently.',
      ),
    },
  ];
  const judged = (seconds: number) => judge(look(seconds, [ours(), old(2)], { events }), deployment, START + seconds);
  expect(judged(100)).toMatchObject({ kind: 'waiting', stuckAt: START + 126, stuckUnless: 'placed' });
  expect(judged(125)).toMatchObject({ kind: 'waiting' });
  expect(judged(126)).toMatchObject({ kind: 'stuck', reason: expect.not.stringContaining('capacity provider') });
});
