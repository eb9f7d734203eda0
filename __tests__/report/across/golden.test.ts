import type { ContainerState } from '../../../src/model.ts';
import { logDifferences, logHeader, logMoments, logOutcome } from '../../../src/report/log.ts';
import { narrate } from '../../../src/report/narrate.ts';
import type { Snapshot } from '../../../src/watch/snapshot.ts';
import type { Verdict } from '../../../src/watch/verdict.ts';
import {
  DIGEST,
  deployment,
  diagnosis,
  event,
  look,
  OLD,
  old,
  ours,
  outcome,
  paper,
  revisionArn,
  START,
  TASK_A,
  TASK_B,
  task,
  waiting,
} from '../made.ts';

/** Whole rollouts as a person reads them in the log. */
function log(looks: readonly (readonly [Snapshot, Verdict])[], end: Parameters<typeof outcome>[0]): string {
  const console = paper();
  logHeader(console, {
    service: 'web',
    cluster: 'shop',
    to: 'web:42',
    from: 'web:41',
    image: 'shop/web:1.5.0',
    rollout: 'at most 4 running, at least 2 healthy, 2 at a time.',
  });
  logDifferences(console, outcome().differences, 'web:41');
  const moments = looks.flatMap(([current, verdict], index) => {
    const told = narrate({ previous: looks[index - 1]?.[0], current }, verdict, deployment);
    logMoments(console, START, told);
    return told;
  });
  logOutcome(console, outcome({ ...end, timeline: moments }));
  return `\n${console.lines.join('\n')}\n`;
}

const container = (rest: Partial<ContainerState>): ContainerState => ({
  name: 'app',
  image: 'shop/web:1.5.0',
  lastStatus: 'STOPPED',
  healthStatus: 'UNKNOWN',
  ...rest,
});

test('a rollout that goes well', () => {
  const started = event(4, `has started 2 tasks: (task ${TASK_A}) (task ${TASK_B}).`);
  const joined = event(
    31,
    'registered 2 targets in (target-group arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef)',
  );
  const left = event(
    71,
    'has stopped 2 running tasks: (task 218dcf0765ba4c97a2eeb1f06a0e913b) (task 83c48c27307548a1b717d6aaefc09413).',
  );
  const steady = event(100, 'has reached a steady state.');
  const pending = [task(TASK_A, 'PENDING'), task(TASK_B, 'PENDING')];
  const running = [
    task(TASK_A, 'RUNNING', { startedAt: START + 28 }),
    task(TASK_B, 'RUNNING', { startedAt: START + 29 }),
  ];
  const target = (state: string) => new Map([TASK_A, TASK_B].map((id) => [id, { state }]));
  const looks: [Snapshot, Verdict][] = [
    [look(2, [ours(), old(2)]), waiting('its tasks: 0 of 2 run')],
    [
      look(6, [ours({ pendingCount: 2, updatedAt: START + 5 }), old(2)], { tasks: pending, events: [started] }),
      waiting(),
    ],
    [
      look(20, [ours({ pendingCount: 2, updatedAt: START + 5 }), old(2)], { tasks: pending, events: [started] }),
      waiting(),
    ],
    [
      look(32, [ours({ runningCount: 2, updatedAt: START + 30 }), old(2)], {
        tasks: running,
        events: [started, joined],
        targetHealth: target('initial'),
        lastProgressAt: START + 30,
      }),
      waiting('the load balancer'),
    ],
    [
      look(62, [ours({ runningCount: 2, updatedAt: START + 30 }), old(2)], {
        tasks: running,
        events: [started, joined],
        targetHealth: target('initial'),
        lastProgressAt: START + 30,
      }),
      waiting('the load balancer'),
    ],
    [
      look(68, [ours({ runningCount: 2, updatedAt: START + 66 }), old(2)], {
        tasks: running,
        events: [started, joined],
        targetHealth: target('healthy'),
        lastProgressAt: START + 66,
      }),
      waiting('ECS to finish the deployment'),
    ],
    [
      look(74, [ours({ runningCount: 2, updatedAt: START + 71 }), old(1, { desiredCount: 0 })], {
        tasks: running,
        events: [started, joined, left],
        targetHealth: target('healthy'),
        lastProgressAt: START + 66,
      }),
      waiting('ECS to finish the deployment'),
    ],
    [
      look(101, [ours({ runningCount: 2, rolloutState: 'COMPLETED', updatedAt: START + 100 })], {
        tasks: running,
        events: [started, joined, left, steady],
        targetHealth: target('healthy'),
        lastProgressAt: START + 66,
      }),
      { kind: 'succeeded', runningCount: 2, digests: { app: DIGEST }, warnings: [] },
    ],
  ];
  expect(log(looks, {})).toBe(`

Deploying web:42 to service web, cluster shop in place of web:41
  image    shop/web:1.5.0
  rollout  at most 4 running, at least 2 healthy, 2 at a time.

3 differences to web:41
  ~ container app: image                     shop/web:1.4.1 -> shop/web:1.5.0
  ~ container app: environment DATABASE_URL  changed (value not shown)
  ~ cpu                                      256 -> 512
   0:02   web:42: 0 of 2 running | web:41: 2 running
   0:06   web:42: 0 of 2 running, 2 pending | web:41: 2 running
   0:06   2 tasks (2c473733, 916b9b68) web:42 PENDING
   0:28   2 tasks (2c473733, 916b9b68) web:42 RUNNING, target initial
   0:31   2 targets joined target group web
   0:32   web:42: 2 of 2 running, 0 healthy | web:41: 2 running
   1:02   still waiting for the load balancer; gives up in 28 min
   1:08 ✓ web:42: 2 of 2 running | web:41: 2 running
   1:08 ✓ 2 tasks (2c473733, 916b9b68) web:42 RUNNING, target healthy
   1:11   ECS stopped 2 running tasks (218dcf07 and 83c48c27)
   1:14 ✓ web:42: 2 of 2 running | web:41: 1 left, draining
   1:40   the service is in a steady state
   1:41 ✓ web:42: 2 of 2 running
   1:41 ✓ deployed: 2 tasks run web:42, image sha256:ab12ab12ab12

✓ deployed: web:42 runs: 2 tasks, healthy.
`);
});

test('a rollout whose application crashes', () => {
  const crash = (id: string, at: number) =>
    task(id, 'STOPPED', {
      createdAt: START + at - 20,
      startedAt: START + at - 4,
      stoppedAt: START + at,
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [container({ exitCode: 1 }), container({ name: 'proxy', exitCode: 143 })],
    });
  const suspected = diagnosis({
    rule: 'app-crash',
    nature: 'ambiguous',
    cause: 'Container app ended with exit code 1.',
    remedy: 'Read its last lines above; start the image with the same environment to see it.',
    link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html',
    evidence: { surface: 'container.exitCode', text: 'Essential container in task exited', context: { exitCode: 1 } },
    taskId: TASK_A,
    container: 'app',
  });
  const words: [string, string[]] = [
    `${TASK_A}/app`,
    [
      'Starting web 1.5.0',
      "Error: Cannot find module 'express'",
      '    at Module._resolveFilename (node:internal:1048:15)',
      '::error::boom',
    ],
  ];
  const first = crash(TASK_A, 24);
  const looks: [Snapshot, Verdict][] = [
    [look(3, [ours({ pendingCount: 1 }), old(2)], { tasks: [task(TASK_A, 'PENDING')] }), waiting()],
    [
      look(26, [ours({ failedTasks: 1 }), old(2)], { tasks: [first], diagnoses: [suspected], logs: new Map([words]) }),
      waiting(),
    ],
    [
      look(50, [ours({ failedTasks: 2 }), old(2)], {
        tasks: [first, crash(TASK_B, 48)],
        events: [event(49, `rolling back to deployment ${OLD}.`)],
        diagnoses: [suspected],
        logs: new Map([words]),
      }),
      {
        kind: 'failed',
        reason: 'Container app ended with exit code 1. (Seen on two tasks.)',
        causes: [suspected],
      },
    ],
    [
      look(80, [old(2, { status: 'PRIMARY' })], {
        tasks: [first, crash(TASK_B, 48)],
        events: [event(49, `rolling back to deployment ${OLD}.`)],
        diagnoses: [suspected],
        logs: new Map([words]),
      }),
      {
        kind: 'rolled-back',
        to: revisionArn(41),
        reason: 'Container app ended with exit code 1.',
        causes: [suspected],
      },
    ],
  ];
  const end = {
    kind: 'rolled-back',
    headline: 'Container app ended with exit code 1. ECS rolled back to web:41.',
    diagnoses: [suspected],
  } as const;
  expect(log(looks, end)).toBe(`

Deploying web:42 to service web, cluster shop in place of web:41
  image    shop/web:1.5.0
  rollout  at most 4 running, at least 2 healthy, 2 at a time.

3 differences to web:41
  ~ container app: image                     shop/web:1.4.1 -> shop/web:1.5.0
  ~ container app: environment DATABASE_URL  changed (value not shown)
  ~ cpu                                      256 -> 512
   0:03   web:42: 0 of 2 running, 1 pending | web:41: 2 running
   0:03   task 2c473733 web:42 PENDING
   0:24 ✗ task 2c473733 web:42 STOPPED: Essential container in task exited; container app: exit code 1 (ran 4 s)
   0:26   web:42: 0 of 2 running, 1 failed | web:41: 2 running
   0:26 ! suspected: Container app ended with exit code 1. (task 2c473733, container app)
   0:26   last log lines of task 2c473733, container app (exit code 1)
          | Starting web 1.5.0
          | Error: Cannot find module 'express'
          |     at Module._resolveFilename (node:internal:1048:15)
          | ::error::boom
   0:48 ✗ task 916b9b68 web:42 STOPPED: Essential container in task exited; container app: exit code 1 (ran 4 s)
   0:50   web:42: 0 of 2 running, 2 failed | web:41: 2 running
   0:50 ✗ ECS rolls back to web:41
   0:50 ✗ failed, seen on two tasks
   1:20 ! rolled back to web:41

✗ web:42 failed and was rolled back
  task     https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/shop/tasks/2c473733308424022880765916ed57a9/configuration?region=eu-central-1
  console  https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/web/deployments?region=eu-central-1
`);
});

test('eight tasks that do the same stand on one line', () => {
  const ids = Array.from({ length: 8 }, (_, index) => `${index.toString(16)}0000000aaaa`);
  const console = paper();
  const before = look(5, [ours({ desiredCount: 8 })]);
  const now = look(9, [ours({ desiredCount: 8 })], {
    tasks: ids.map((id) => task(id, 'RUNNING', { startedAt: START })),
  });
  logMoments(console, START, narrate({ previous: before, current: now }, waiting(), deployment));
  expect(console.lines).toEqual(['   0:00   8 tasks (00000000, ...) web:42 RUNNING']);
});

test('a long log tail is folded, and colour is SGR codes only', () => {
  const console = paper({ colour: true });
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\u001b[2J\r`);
  logMoments(console, START, [
    {
      at: START + 1,
      kind: 'log',
      severity: 'normal',
      text: ['last log lines of task 2c473733', ...lines].join('\n'),
      taskId: TASK_A,
    },
    { at: START + 1, kind: 'verdict', severity: 'good', text: 'deployed' },
  ]);
  expect(console.lines[0]).toBe('::group::last log lines of task 2c473733');
  expect(console.lines[21]).toBe('::endgroup::');
  expect(console.lines).toHaveLength(23);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  expect(console.lines.join('').replaceAll(/\u001b\[\d+m/g, '')).not.toMatch(/[\u001b\r]/);
  expect(console.lines[22]).toBe('\u001b[2m   0:01\u001b[0m \u001b[32m✓ deployed\u001b[0m');
});
