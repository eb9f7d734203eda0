import fc from 'fast-check';
import { serviceEvent } from '../../src/adapters/ecs-shapes.ts';
import { Masker } from '../../src/masker.ts';
import { narrate } from '../../src/report/narrate.ts';
import { RunLog } from '../../src/report/run-log.ts';
import type { Snapshot } from '../../src/watch/snapshot.ts';
import type { Verdict } from '../../src/watch/verdict.ts';
import {
  deployment,
  diagnosis,
  event,
  listening,
  look,
  OLD,
  OURS,
  old,
  ours,
  paper,
  revisionArn,
  START,
  service,
  serviceDeployment,
  TASK_A,
  TASK_B,
  task,
  tell,
  texts,
  waiting,
} from './made.ts';

const quiet = look(10, [ours(), old(2)]);

describe('counts', () => {
  const rows: readonly [situation: string, now: Snapshot, line: string][] = [
    ['nothing runs yet', quiet, 'web:42: 0 of 2 running | web:41: 2 running'],
    [
      'tasks are starting',
      look(10, [ours({ pendingCount: 2 }), old(2)]),
      'web:42: 0 of 2 running, 2 pending | web:41: 2 running',
    ],
    [
      'the old ones leave',
      look(10, [ours({ runningCount: 2 }), old(1, { desiredCount: 0 })]),
      'web:42: 2 of 2 running | web:41: 1 left, draining',
    ],
    ['the old ones are gone', look(10, [ours({ runningCount: 2 })]), 'web:42: 2 of 2 running'],
    ['some have failed', look(10, [ours({ failedTasks: 3 })]), 'web:42: 0 of 2 running, 3 failed'],
    [
      'ours are taken away again',
      look(10, [ours({ status: 'ACTIVE', desiredCount: 0, runningCount: 1, failedTasks: 2 }), old(2)]),
      'web:42: 1 left, draining | web:41: 2 running',
    ],
    [
      'ours are gone',
      look(10, [ours({ status: 'ACTIVE', desiredCount: 0, failedTasks: 2 }), old(2)]),
      'web:42: none left | web:41: 2 running',
    ],
    [
      'others run in the place of those that failed',
      look(10, [ours({ runningCount: 2, failedTasks: 2 })]),
      'web:42: 2 of 2 running now, 2 failed before',
    ],
    [
      'ECS asks for fewer at first',
      look(10, [ours({ pendingCount: 1 })], {
        serviceDeployment: serviceDeployment({ target: { arn: 'x', requested: 1, running: 0, pending: 1 } }),
      }),
      'web:42: 0 of 2 running, 1 pending, 1 asked for so far',
    ],
    [
      'the load balancer has not agreed yet',
      look(10, [ours({ runningCount: 2 })], {
        tasks: [task(TASK_A, 'RUNNING'), task(TASK_B, 'RUNNING')],
        targetHealth: new Map([
          [TASK_A, { state: 'healthy' }],
          [TASK_B, { state: 'initial', description: 'Target registration is in progress' }],
        ]),
      }),
      'web:42: 2 of 2 running, 1 healthy',
    ],
    [
      'the same revision is deployed again',
      look(10, [ours(), old(2, { taskDefinitionArn: revisionArn(42) })]),
      `web:42: 0 of 2 running | web:42 of ${OLD}: 2 running`,
    ],
  ];
  test.each(rows)('%s', (_, now, line) => {
    expect(tell(undefined, now)[0]).toMatchObject({ kind: 'counts', text: line });
  });

  test.each<[string, Snapshot, Verdict, string]>([
    ['all run', look(13, [ours({ runningCount: 2 })]), waiting(), 'good'],
    ['all run between two failures', look(13, [ours({ runningCount: 2, failedTasks: 2 })]), waiting(), 'normal'],
    [
      'all run, and it has failed',
      look(13, [ours({ runningCount: 2 })]),
      { kind: 'failed', reason: 'x', causes: [] },
      'normal',
    ],
    [
      'all run, and ECS takes them away',
      look(13, [ours({ runningCount: 2 })]),
      { kind: 'rolling-back', reason: 'x', causes: [], pollAgainInSeconds: 3 },
      'normal',
    ],
    [
      'all run, and it is done',
      look(13, [ours({ runningCount: 2 })]),
      { kind: 'succeeded', runningCount: 2, digests: {}, warnings: [] },
      'good',
    ],
  ])('are good news only while nothing is wrong: %s', (_, now, verdict, severity) => {
    expect(tell(quiet, now, verdict)[0]).toMatchObject({ kind: 'counts', severity });
  });

  test('ours is not shown yet: no count is made up', () => {
    expect(tell(undefined, look(1, [old(2, { status: 'PRIMARY' })]))).toEqual([]);
  });
});

describe('a task of ours', () => {
  const one = (now: Snapshot['tasks'][number], target?: { state: string; description?: string }) =>
    tell(
      quiet,
      look(60, [ours(), old(2)], { tasks: [now], targetHealth: new Map(target ? [[now.id, target]] : []) }),
    ).filter(({ kind }) => kind === 'task');

  const rows: readonly [string, Parameters<typeof one>, string, state: string, severity: string, seconds?: number][] = [
    [
      'waits for capacity',
      [task(TASK_A, 'PROVISIONING')],
      'web:42 PROVISIONING (asked for 55 s ago)',
      'PROVISIONING',
      'normal',
    ],
    ['pulls its image', [task(TASK_A, 'PENDING', { createdAt: START + 55 })], 'web:42 PENDING', 'PENDING', 'normal'],
    [
      'runs, and nobody checks it',
      [task(TASK_A, 'RUNNING', { startedAt: START + 20 })],
      'web:42 RUNNING',
      'RUNNING',
      'normal',
      20,
    ],
    [
      'is looked at by the load balancer',
      [task(TASK_A, 'RUNNING'), { state: 'initial', description: 'Target registration is in progress' }],
      'web:42 RUNNING, target initial (Target registration is in progress)',
      'RUNNING',
      'normal',
    ],
    [
      'is healthy twice over',
      [task(TASK_A, 'RUNNING', { healthStatus: 'HEALTHY' }), { state: 'healthy' }],
      'web:42 RUNNING, container healthy, target healthy',
      'HEALTHY',
      'good',
    ],
    [
      'fails its health check',
      [task(TASK_A, 'RUNNING'), { state: 'unhealthy', description: 'Health checks failed with these codes: [502]' }],
      'web:42 RUNNING, target unhealthy (Health checks failed with these codes: [502])',
      'UNHEALTHY',
      'warning',
    ],
    [
      'could not pull its image',
      [
        task(TASK_A, 'STOPPED', {
          stopCode: 'TaskFailedToStart',
          stoppedReason: 'CannotPullContainerError: not found',
          containers: [
            {
              name: 'app',
              image: 'x',
              lastStatus: 'STOPPED',
              healthStatus: 'UNKNOWN',
              reason: 'CannotPullContainerError: not found',
            },
          ],
        }),
      ],
      'web:42 STOPPED: CannotPullContainerError: not found',
      'STOPPED',
      'failure',
    ],
    [
      'crashed: the container that failed is named, not the sidecar that was ended with it',
      [
        task(TASK_A, 'STOPPED', {
          startedAt: START + 10,
          stoppedAt: START + 22,
          stopCode: 'EssentialContainerExited',
          stoppedReason: 'Essential container in task exited',
          containers: [
            { name: 'proxy', image: 'x', lastStatus: 'STOPPED', healthStatus: 'UNKNOWN', exitCode: 143 },
            { name: 'app', image: 'x', lastStatus: 'STOPPED', healthStatus: 'UNKNOWN', exitCode: 1 },
          ],
        }),
      ],
      'web:42 STOPPED: Essential container in task exited; container app: exit code 1 (ran 12 s)',
      'STOPPED',
      'failure',
      22,
    ],
    [
      'was scaled in, which is no failure',
      [
        task(TASK_A, 'STOPPED', {
          stopCode: 'ServiceSchedulerInitiated',
          stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/2)',
        }),
      ],
      'web:42 STOPPED: Scaling activity initiated by (deployment ecs-svc/2)',
      'STOPPED',
      'normal',
    ],
    [
      'was ended by failing health checks, which is one',
      [
        task(TASK_A, 'STOPPED', {
          stopCode: 'ServiceSchedulerInitiated',
          stoppedReason: 'Task failed ELB health checks in (target-group x)',
        }),
      ],
      'web:42 STOPPED: Task failed ELB health checks in (target-group x)',
      'STOPPED',
      'failure',
    ],
    [
      'lost its Spot host',
      [task(TASK_A, 'STOPPED', { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' })],
      'web:42 STOPPED: Your Spot Task was interrupted.',
      'STOPPED',
      'warning',
    ],
  ];
  // Of what starts or ends, ECS has recorded when.
  test.each(rows)('%s', (_, given, text, state, severity, seconds = 60) => {
    expect(one(...given)).toMatchObject([{ at: START + seconds, kind: 'task', severity, text, taskId: TASK_A, state }]);
  });

  test('is logged again only when its state moves, not when it merely grows older', () => {
    const before = look(60, [ours(), old(2)], { tasks: [task(TASK_A, 'PENDING')] });
    const after = look(90, [ours(), old(2)], { tasks: [task(TASK_A, 'ACTIVATING')] });
    expect(tell(before, after).filter(({ kind }) => kind === 'task')).toEqual([]);
  });
});

describe('events of ECS', () => {
  const rows: readonly [string, message: string, told: string | undefined][] = [
    ['tasks of ours: their own lines tell', `has started 2 tasks: (task ${TASK_A}) (task ${TASK_B}).`, undefined],
    [
      'a task of somebody else',
      'has started 1 tasks: (task 0123456789abcdef0123456789abcdef).',
      'ECS started 1 task (01234567)',
    ],
    [
      'targets',
      'registered 2 targets in (target-group arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef)',
      '2 targets joined target group web',
    ],
    [
      'old tasks stop',
      'has stopped 1 running tasks: (task 0123456789abcdef0123456789abcdef).',
      'ECS stopped 1 running task (01234567)',
    ],
    ['steady', 'has reached a steady state.', 'the service is in a steady state'],
    [
      'no room',
      'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 9b0) has insufficient memory available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
      'ECS could not place a task: no container instance met all of its requirements. The closest matching (container-instance 9b0) has insufficient memory available',
    ],
    [
      'the breaker',
      `(deployment ${'ecs-svc/2222222222222222222'}) deployment failed: tasks failed to start.`,
      'the deployment has failed: tasks failed to start.',
    ],
    ['a rollback names the revision', `rolling back to deployment ${OLD}.`, 'ECS rolls back to web:41'],
    [
      'an unhealthy target',
      `(task ${TASK_A}) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef) due to (reason Request timed out).`,
      'task 2c473733 is unhealthy in target group web: Request timed out',
    ],
    [
      'words that nobody has seen',
      'has lost its marbles in (zone 7).',
      'ECS: the service has lost its marbles in (zone 7)',
    ],
  ];
  test.each(rows)('%s', (_, message, told) => {
    const tasks = [task(TASK_A, 'PENDING'), task(TASK_B, 'PENDING')];
    const before = look(10, [ours(), old(2)], { tasks });
    const now = look(13, [ours(), old(2)], { tasks, events: [event(12, message)] });
    expect(texts(tell(before, now))).toEqual(told === undefined ? [] : [told]);
  });

  test.each([
    ['ours', OURS, look(10, [ours(), old(2)]), 'ECS has completed the deployment', 'good'],
    ['the one before, put back', OLD, look(10, [ours(), old(2)]), 'ECS has restored web:41', 'normal'],
    [
      'a newer one',
      'ecs-svc/4444444444444444444',
      look(10, [
        ours(),
        ours({ id: 'ecs-svc/4444444444444444444', taskDefinitionArn: revisionArn(43), createdAt: START + 60 }),
      ]),
      'ECS has completed another deployment, of web:43',
      'normal',
    ],
  ])('whose deployment is completed: %s', (_, id, before, text, severity) => {
    const now = { ...before, at: START + 13, events: [event(12, `(deployment ${id}) deployment completed.`)] };
    expect(tell(before, now)).toEqual([{ at: START + 12, kind: 'event', severity, text }]);
  });

  test('the same event, repeated by ECS with a new id, is logged once', () => {
    const message = 'was unable to place a task. Reason: Capacity is unavailable at this time.';
    const first = look(10, [ours()], { events: [event(9, message)] });
    const second = look(40, [ours()], { events: [...first.events, event(39, message)] });
    expect(texts(tell(quiet, first))).toContain('ECS could not place a task: Capacity is unavailable at this time');
    expect(tell(first, second).filter(({ kind }) => kind === 'event')).toEqual([]);
  });

  test.each([
    ['good', `(deployment ${OURS}) deployment completed.`],
    ['normal', 'has reached a steady state.'],
    ['normal', 'is not AZ balanced with 3 tasks in a. AZ Rebalancing in progress.'],
  ])('%s news are logged each time', (severity, message) => {
    const first = look(10, [ours()], { events: [event(9, message)] });
    const second = look(40, [ours()], { events: [...first.events, event(39, message)] });
    for (const moments of [tell(quiet, first), tell(first, second)]) {
      expect(moments.filter(({ kind }) => kind === 'event')).toEqual([expect.objectContaining({ severity })]);
    }
  });

  test('what a diagnosis quotes is not logged beside it', () => {
    const told = event(9, 'was unable to place a task. Reason: TaskFailedToStart: RESOURCE:GPU.');
    const blocked = diagnosis({
      nature: 'unplaceable',
      cause: 'No instance has a free GPU.',
      evidence: { surface: 'service.event', text: told.message, context: {} },
    });
    const now = look(10, [ours(), old(2)], { events: [told], diagnoses: [blocked] });
    expect(texts(tell(quiet, now))).toEqual(['blocked: No instance has a free GPU.']);
  });
});

describe('how sure we are of a cause', () => {
  const failed: Verdict = { kind: 'failed', reason: 'x', causes: [] };
  const rows: readonly [string, Parameters<typeof diagnosis>[0], Verdict, string | undefined][] = [
    ['permanent', {}, waiting(), 'cause: The image shop/web:1.5.0 is not in ECR.'],
    [
      'ambiguous, seen once',
      { nature: 'ambiguous', cause: 'It crashed.', taskId: TASK_A, container: 'app' },
      waiting(),
      'suspected: It crashed. (task 2c473733, container app)',
    ],
    ['ambiguous, and that was it', { nature: 'ambiguous', cause: 'It crashed.' }, failed, 'cause: It crashed.'],
    [
      'heals',
      { nature: 'transient', severity: 'warning', cause: 'Spot took the host.' },
      waiting(),
      'this usually resolves without a change: Spot took the host.',
    ],
    ['a symptom', { nature: 'symptom', cause: 'The breaker tripped.' }, waiting(), undefined],
  ];
  test.each(rows)('%s', (_, given, verdict, told) => {
    const now = look(13, [ours(), old(2)], { diagnoses: [diagnosis(given)] });
    const lines = tell(quiet, now, verdict).filter(({ kind }) => kind === 'diagnosis');
    expect(texts(lines)).toEqual(told === undefined ? [] : [told]);
    expect(tell(now, { ...now, at: now.at + 3 }, verdict).filter(({ kind }) => kind === 'diagnosis')).toEqual([]);
  });
});

describe('the deployment as a whole', () => {
  const rows: readonly [string, Snapshot, string][] = [
    [
      'rolling back',
      look(13, [ours(), old(2)], {
        serviceDeployment: serviceDeployment({
          status: 'ROLLBACK_IN_PROGRESS',
          statusReason: 'Circuit breaker threshold exceeded',
        }),
      }),
      'ECS rolls back to web:41: Circuit breaker threshold exceeded',
    ],
    [
      'bake time',
      look(13, [ours(), old(2)], {
        serviceDeployment: serviceDeployment({ lifecycleStage: 'BAKE_TIME', bakeTimeMinutes: 10 }),
      }),
      'stage BAKE_TIME: bake time, alarms are watched (10 min)',
    ],
    [
      'the breaker counts',
      look(13, [ours(), old(2)], {
        serviceDeployment: serviceDeployment({
          circuitBreaker: { status: 'MONITORING', failureCount: 1, threshold: 3 },
        }),
      }),
      'circuit breaker: 1 of 3 failures',
    ],
    [
      'an alarm',
      look(13, [ours(), old(2)], {
        serviceDeployment: serviceDeployment({ alarms: { names: ['5xx', 'p99'], triggered: ['5xx'] } }),
      }),
      'alarm 5xx went off',
    ],
    [
      'a hook waits for a person',
      look(13, [ours(), old(2)], {
        serviceDeployment: serviceDeployment({
          hooks: [{ id: 'approve', status: 'AWAITING_ACTION', expiresAt: START + 3600 }],
        }),
      }),
      'paused at approve until 2027-01-15 09:00 UTC: continue or roll back the deployment in ECS',
    ],
    [
      'ours failed',
      look(13, [
        ours({ rolloutState: 'FAILED', rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.' }),
        old(2),
      ]),
      'ECS deployment circuit breaker: tasks failed to start',
    ],
    [
      'displaced',
      look(13, [ours({ status: 'ACTIVE' }), old(2, { status: 'PRIMARY' })]),
      `web:41 (${OLD}) is PRIMARY now, no longer ours`,
    ],
    [
      'the service is being deleted',
      look(13, [ours(), old(2)], { service: service([ours(), old(2)], { status: 'DRAINING' }) }),
      'the service is DRAINING',
    ],
  ];
  test.each(rows)('%s: logged when it begins, and once', (_, now, line) => {
    expect(texts(tell(quiet, now))).toContain(line);
    expect(texts(tell(now, { ...now, at: now.at + 3 }))).toEqual([]);
  });
});

test('ECS says in four places that it rolls back; the log says it once, with the reason', () => {
  const reason = 'ECS deployment circuit breaker: tasks failed to start.';
  const deployments = [
    ours({ status: 'ACTIVE', rolloutState: 'FAILED', rolloutStateReason: reason }),
    old(2, { status: 'PRIMARY' }),
  ];
  const now = look(13, deployments, {
    serviceDeployment: serviceDeployment({ status: 'ROLLBACK_IN_PROGRESS', statusReason: reason }),
    events: [
      event(12, '(deployment ecs-svc/2222222222222222222) deployment failed: tasks failed to start.'),
      event(12, `rolling back to deployment ${OLD}.`),
    ],
  });
  expect(texts(tell(quiet, now))).toEqual([
    'ECS rolls back to web:41: ECS deployment circuit breaker: tasks failed to start',
  ]);
});

test.each([
  'Service deployment was stopped by the user.',
  'Deployment stopped by user.',
  'Rollback was requested by a user',
])('who asked ECS to roll back is not guessed: %s', (reason) => {
  const rollback = serviceDeployment({ status: 'ROLLBACK_IN_PROGRESS', statusReason: reason });
  expect(texts(tell(quiet, look(13, [ours(), old(2)], { serviceDeployment: rollback })))).toEqual([
    'ECS rolls back to web:41, as it was asked to',
  ]);
});

test('once the deployment is over, ECS taking our tasks away has nothing to heal', () => {
  const gone = diagnosis({ nature: 'transient', severity: 'warning', cause: 'A scaling action took the task.' });
  const now = look(13, [ours(), old(2)], { diagnoses: [gone] });
  const back: Verdict = { kind: 'rolling-back', reason: 'x', causes: [], pollAgainInSeconds: 3 };
  expect(tell(quiet, now, back)).toEqual([]);
});

test('a restore that is watched again logs only what is new', () => {
  const lines = paper();
  const log = new RunLog({
    console: listening(lines),
    clock: { now: () => START, sleep: async () => {}, random: () => 0 },
    masker: new Masker(),
    runner: { setOutput() {}, writeSummary: async () => {} },
  });
  const failed = look(12, [ours({ failedTasks: 2 }), old(2)], { tasks: [task(TASK_A, 'STOPPED')] });
  log.watching(deployment)(failed, { kind: 'failed', reason: 'x', causes: [] });
  const told = log.timeline.length;
  log.step('putting web:41 back');
  log.watching(deployment)({ ...failed, at: START + 15 }, waiting());
  expect(log.timeline).toHaveLength(told + 1);
  expect(lines.lines.at(-1)).toBe('   0:00   putting web:41 back');
});

describe('the last words of a container', () => {
  const crashed = task(TASK_A, 'STOPPED', {
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'app', image: 'x', lastStatus: 'STOPPED', healthStatus: 'UNKNOWN', exitCode: 1 }],
  });
  const logs = (lines: readonly string[]) =>
    look(20, [ours(), old(2)], { tasks: [crashed], logs: new Map([[`${TASK_A}/app`, lines]]) });

  test('say whose they are', () => {
    expect(tell(quiet, logs(['one', 'two'])).find(({ kind }) => kind === 'log')).toMatchObject({
      text: 'last log lines of task 2c473733, container app (exit code 1)\none\ntwo',
      taskId: TASK_A,
    });
  });

  test('two tasks that end with the same words are one line', () => {
    const both = new Map([TASK_A, TASK_B].map((id) => [`${id}/app`, ['boom']]));
    const now = look(20, [ours(), old(2)], { tasks: [crashed, task(TASK_B, 'STOPPED')], logs: both });
    expect(tell(quiet, now).filter(({ kind }) => kind === 'log')).toHaveLength(1);
  });

  test('read again, only the new ones are logged', () => {
    const again = tell(logs(['one', 'two', 'three']), logs(['two', 'three', 'four']));
    expect(texts(again)).toEqual(['last log lines of task 2c473733, container app (exit code 1)\nfour']);
    expect(tell(logs(['one', 'two']), logs(['one', 'two']))).toEqual([]);
  });
});

describe('a heartbeat', () => {
  const at = (seconds: number): Snapshot => look(seconds, [ours({ pendingCount: 2, updatedAt: START + 12 }), old(2)]);
  const beats = (from: number, to: number): string[] =>
    texts(tell(at(from), at(to)).filter(({ kind }) => kind === 'heartbeat'));

  test('comes after 30 quiet seconds, says what is waited for and when it ends', () => {
    expect(beats(15, 30)).toEqual([]);
    expect(beats(39, 43)).toEqual(['still waiting for its tasks: 0 of 2 run; gives up in 29 min']);
    expect(beats(43, 47)).toEqual([]);
    expect(beats(71, 74)).toHaveLength(1);
  });

  test('names the limit that comes first', () => {
    const late = (seconds: number, lastProgressAt: number) =>
      look(seconds, [ours({ runningCount: 1, updatedAt: START + 700 }), old(2)], { lastProgressAt });
    const said = (seconds: number, lastProgressAt: number) =>
      texts(
        tell(
          late(seconds - 3, lastProgressAt),
          late(seconds, lastProgressAt),
          waiting(undefined, lastProgressAt + 600),
        ),
      );
    expect(said(761, START + 700)[0]).toMatch(/gives up in 8 min unless a task becomes healthy$/);
    expect(said(1441, START + 1410)[0]).toMatch(/gives up in 5 min$/);
    const whole = (seconds: number) => look(seconds, [ours({ runningCount: 2 }), old(0, { runningCount: 1 })]);
    expect(texts(tell(whole(58), whole(61)))[0]).toMatch(/gives up in 28 min$/);
  });

  test('of a rollback says how long it is watched, and not that something is given up', () => {
    const back = {
      kind: 'rolling-back',
      to: revisionArn(41),
      pollAgainInSeconds: 3,
      reason: '',
      causes: [],
    } as unknown as Verdict;
    expect(texts(tell(at(39), at(43), back))).toEqual([
      expect.stringMatching(/ECS to restore web:41; watched for \d+ min at most \(15 min beyond `wait-for-minutes`\)$/),
    ]);
    const own = narrate({ previous: at(39), current: at(43), isRollback: true }, waiting(), deployment);
    expect(texts(own)[0]).toMatch(/; watched for 29 min at most \(`wait-for-minutes` from its start\)$/);
  });

  test('never beside news', () => {
    const moved = look(43, [ours({ runningCount: 1, pendingCount: 1, updatedAt: START + 42 }), old(2)]);
    expect(tell(at(39), moved).map(({ kind }) => kind)).toEqual(['counts']);
  });
});

describe('the verdict', () => {
  const rows: readonly [Verdict, string, severity: string][] = [
    [
      { kind: 'succeeded', runningCount: 2, digests: { app: `sha256:${'a'.repeat(64)}` }, warnings: [] },
      'deployed: 2 tasks run web:42, image sha256:aaaaaaaaaaaa',
      'good',
    ],
    [
      { kind: 'rolled-back', to: revisionArn(41), reason: 'It crashed.', causes: [] },
      'rolled back to web:41: It crashed.',
      'failure',
    ],
    [{ kind: 'failed', reason: 'It crashed.', causes: [] }, 'failed: It crashed.', 'failure'],
    [{ kind: 'stuck', reason: 'No room.', causes: [] }, 'stuck: No room.', 'failure'],
    [{ kind: 'timed-out', reason: 'Not done.', causes: [] }, 'timed out: Not done.', 'failure'],
    [{ kind: 'stopped', reason: 'By hand.' }, 'stopped: By hand.', 'failure'],
    [
      { kind: 'superseded', byDeployment: 'ecs-svc/3', byTaskDefinition: revisionArn(43) },
      'superseded: web:43 (ecs-svc/3) was deployed while web:42 was on its way',
      'warning',
    ],
  ];
  test.each(rows)('%p', (verdict, text, severity) => {
    const begins = verdict.kind === 'succeeded' ? { begins: 'deployed' } : {};
    const running = { 'web:42': 0, 'web:41': 2 };
    expect(tell(quiet, quiet, verdict)).toEqual([
      { at: quiet.at, kind: 'verdict', severity, text, running, ...begins },
    ]);
  });
});

test('a look that saw nothing new says nothing, whatever was seen', () => {
  const status = fc.constantFrom('PROVISIONING', 'PENDING', 'RUNNING', 'STOPPING', 'STOPPED');
  fc.assert(
    fc.property(
      fc.record({
        counts: fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)),
        tasks: fc.array(fc.tuple(fc.uuid(), status, fc.option(fc.string())), { maxLength: 6 }),
        messages: fc.array(fc.string(), { maxLength: 6 }),
        log: fc.array(fc.string()),
        causes: fc.array(fc.string(), { maxLength: 3 }),
      }),
      ({ counts: [runningCount, pendingCount, failedTasks], tasks, messages, log, causes }) => {
        const seen = look(20, [ours({ runningCount, pendingCount, failedTasks }), old(2)], {
          tasks: tasks.map(([id, lastStatus, stoppedReason]) =>
            task(id, lastStatus, stoppedReason === null ? {} : { stoppedReason }),
          ),
          events: messages.map((message, index) => serviceEvent({ id: String(index), at: START + index, message })),
          logs: new Map([['t/app', log]]),
          diagnoses: causes.map((cause) => diagnosis({ cause })),
        });
        expect(tell(seen, { ...seen, at: seen.at + 3 })).toEqual([]);
        for (const { kind, text } of tell(undefined, seen)) {
          if (kind !== 'log') expect(text).not.toMatch(/\p{Cc}/u);
        }
      },
    ),
  );
});

describe('counts', () => {
  const counts = (deployments: Parameters<typeof look>[1]) =>
    tell(undefined, look(10, deployments)).find(({ kind }) => kind === 'counts');
  test('are good once all that are wanted run, none failed, and more are not wanted', () => {
    expect(counts([ours({ runningCount: 2 })])?.severity).toBe('good');
    expect(counts([ours({ runningCount: 1 })])?.severity).toBe('normal');
    expect(counts([ours({ runningCount: 2, failedTasks: 1 })])?.severity).toBe('normal');
    expect(counts([ours({ desiredCount: 0 })])?.severity).toBe('normal');
  });
  test('of the others have their pending tasks, and whether they drain', () => {
    expect(counts([ours(), old(2, { pendingCount: 1 })])?.text).toBe(
      'web:42: 0 of 2 running | web:41: 2 running, 1 pending',
    );
    expect(counts([ours(), old(2, { desiredCount: 1 })])?.text).toBe(
      'web:42: 0 of 2 running | web:41: 2 left, draining',
    );
    expect(counts([ours(), old(0, { pendingCount: 1 })])?.text).toBe(
      'web:42: 0 of 2 running | web:41: 0 running, 1 pending',
    );
  });
});

test('a pause without an end says none', () => {
  const paused = { kind: 'paused', hook: 'the hook (h)' } as const;
  expect(tell(undefined, look(10, [ours()]), paused).at(-1)).toMatchObject({
    severity: 'warning',
    text: 'paused at the hook (h): continue or roll back the deployment in ECS',
  });
});

test('another deployment that ECS completes and does not show is named by its id', () => {
  const [moment] = tell(
    undefined,
    look(10, [ours()], { events: [event(5, '(deployment ecs-svc/7) deployment completed.')] }),
  ).filter(({ kind }) => kind === 'event');
  expect(moment).toMatchObject({
    severity: 'normal',
    text: 'ECS has completed another deployment, of deployment ecs-svc/7',
  });
});

test('others without a task are not counted', () => {
  expect(tell(undefined, look(10, [ours(), old(0)])).find(({ kind }) => kind === 'counts')?.text).toBe(
    'web:42: 0 of 2 running',
  );
});

test('what heals or is only suspected is a warning, a cause a failure', () => {
  const weighed = (nature: 'permanent' | 'ambiguous' | 'unplaceable' | 'transient') =>
    tell(undefined, look(10, [ours()], { diagnoses: [diagnosis({ nature })] })).find(({ kind }) => kind === 'diagnosis')
      ?.severity;
  expect((['permanent', 'ambiguous', 'unplaceable', 'transient'] as const).map(weighed)).toEqual([
    'failure',
    'warning',
    'warning',
    'warning',
  ]);
});

describe('a crash whose log is still to come', () => {
  const definition = {
    family: 'web',
    containerDefinitions: [
      {
        name: 'app',
        image: 'x',
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/web', 'awslogs-stream-prefix': 'ecs' },
        },
      },
    ],
  };
  const of = { ...deployment, definition } as typeof deployment;
  const bare = diagnosis({
    rule: 'app-crash',
    end: 'crashed',
    cause: 'It ended with exit code 1.',
    evidence: { surface: 'container.exitCode', text: 'exit code 1', context: {} },
  });
  const words = { ...bare, cause: 'db refused it.', evidence: { ...bare.evidence, surface: 'container.log' } } as const;
  const tasks = [
    task(TASK_A, 'STOPPED', {
      stopCode: 'EssentialContainerExited',
      containers: [{ name: 'app', image: 'x', lastStatus: 'STOPPED', healthStatus: 'UNKNOWN', exitCode: 1 }],
    }),
  ];
  const before = look(10, [ours()], { tasks, diagnoses: [bare] });
  const after = look(13, [ours()], { tasks, diagnoses: [words], logsRead: new Map([[`${TASK_A}/app`, ['x']]]) });
  const causes = (previous: Snapshot | undefined, current: Snapshot, deployed = of) =>
    narrate({ previous, current }, waiting(), deployed).flatMap(({ kind, text }) =>
      kind === 'diagnosis' ? [text] : [],
    );
  test('is reported once, by what the log says', () => {
    expect(causes(undefined, before)).toEqual([]);
    expect(causes(before, after)).toEqual([expect.stringContaining('db refused it.')]);
  });
  test('and where no log can come, at once', () => {
    expect(causes(undefined, before, deployment)).toEqual([expect.stringContaining('exit code 1')]);
    expect(causes(before, before, deployment)).toEqual([]);
  });
  test('the verdict has it where nothing else does', () => {
    const verdict = { kind: 'failed', reason: `${bare.cause} (Seen on two tasks: a, b.)`, causes: [bare] } as const;
    const lines = texts(narrate({ previous: before, current: before }, verdict, of));
    expect(lines).toContain('failed: It ended with exit code 1. (Seen on two tasks: a, b.)');
  });
});

test('an event stays beside the stage that shows the failure, unless it is of that failure', () => {
  const events = [event(5, 'has reached a steady state.'), event(6, 'deployment failed: tasks failed to start.')];
  const shown = tell(undefined, look(10, [ours({ rolloutState: 'FAILED' })], { events })).filter(
    ({ kind }) => kind === 'event',
  );
  expect(texts(shown)).toEqual(['the service is in a steady state']);
});

test('of a deployment that had ended before, a success is the only line', () => {
  const current = look(10, [ours({ runningCount: 2 })]);
  const of = { ...deployment, endedBefore: true } as const;
  const kinds = (verdict: Verdict) => narrate({ previous: undefined, current }, verdict, of).map(({ kind }) => kind);
  expect(kinds({ kind: 'succeeded', runningCount: 2, digests: {}, warnings: [] })).toEqual(['verdict']);
  expect(kinds({ kind: 'stopped', reason: 'x' })).toEqual(['counts', 'verdict']);
});
