/** The log of a large service: at most 200 lines for a rollout of 100 tasks, whatever happens to them. */
import { RunLog } from '../../../src/report/run-log.ts';
import type { Snapshot } from '../../../src/watch/snapshot.ts';
import type { Verdict } from '../../../src/watch/verdict.ts';
import { deployment, diagnosis, event, look, old, ours, paper, START, service, task, waiting } from '../made.ts';

const TASKS = 100;
const id = (index: number): string => index.toString(16).padStart(32, '5');

interface Rollout {
  readonly at: number;
  /** State of each task of ours, oldest first. */
  readonly states: readonly string[];
  /** Tasks before these that have crashed. */
  readonly crashed: number;
  readonly running: number;
  readonly events: readonly ReturnType<typeof event>[];
}

function seen({ at, states, crashed, running, events }: Rollout): Snapshot {
  const tasks = [
    ...Array.from({ length: crashed }, (_, index) =>
      task(id(index), 'STOPPED', {
        stopCode: 'EssentialContainerExited',
        stoppedReason: `Essential container in task exited (request ${index})`,
        startedAt: START,
        stoppedAt: START + 5,
      }),
    ),
    ...states.map((state, index) => task(id(1000 + index), state, state === 'RUNNING' ? { startedAt: START } : {})),
  ];
  const up = states.filter((state) => state === 'RUNNING').length;
  const deployments = [
    ours({ desiredCount: TASKS, runningCount: up, pendingCount: states.length - up, failedTasks: crashed }),
    old(running, { desiredCount: 0 }),
  ];
  return { ...look(at, deployments, { tasks, events }), service: service(deployments, { desiredCount: TASKS }) };
}

function logOf(
  looks: readonly Rollout[],
  end: Verdict,
): { readonly lines: readonly string[]; readonly times: number[] } {
  const console = paper();
  let now = START;
  const log = new RunLog({
    console: { ...console, debug: () => {}, notice: () => {}, warning: () => {}, error: () => {} },
    clock: { now: () => now, sleep: async () => {}, random: () => 0 },
    masker: { text: (text: string) => text, data: <T>(value: T): T => value },
    runner: { setOutput: () => {}, writeSummary: async () => {} },
  });
  const listen = log.watching(deployment);
  for (const one of looks) {
    now = START + one.at;
    listen(seen(one), one === looks.at(-1) ? end : waiting('tasks'));
  }
  return { lines: console.lines, times: log.timeline.map(({ at }) => at) };
}

/** One task more every poll of 3 s; every event of ECS that belongs to it, some seconds late. */
const slow = Array.from({ length: TASKS + 1 }, (_, count): Rollout => {
  const events = Array.from({ length: count }, (__, index) => [
    event(3 * index - 4, `has started 1 tasks: (task ${id(1000 + index)}).`),
    event(
      3 * index - 2,
      'registered 1 targets in (target-group arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef)',
    ),
    event(3 * index - 1, `has stopped 1 running tasks: (task ${id(5000 + index)}).`),
    ...(index % 2
      ? [
          event(
            3 * index - 5,
            `was unable to place a task because no container instance met all of its requirements. Reason: try ${index}.`,
          ),
        ]
      : []),
  ]).flat();
  const states = Array.from({ length: count }, (__, index) => (index === count - 1 ? 'PENDING' : 'RUNNING'));
  return { at: 3 * count, states, crashed: 0, running: TASKS - count, events };
});

test('one task after another', () => {
  const { lines } = logOf(slow, { kind: 'succeeded', runningCount: TASKS, digests: {}, warnings: [] });
  expect(lines.length).toBeLessThanOrEqual(60);
  expect(lines.join('\n')).not.toContain('PENDING');
  expect(lines.at(-1)).toContain('✓ deployed: 100 tasks run web:42');
  // ECS's repeated events are one line when they begin, and one with their count at the end.
  expect(lines.filter((line) => line.includes('could not place a task'))).toEqual([
    expect.stringContaining('! ECS could not place a task'),
    expect.stringMatching(/ 50 times: ECS could not place a task/),
  ]);
});

test('a hundred tasks that crash, each with words of its own', () => {
  const looks = Array.from({ length: 600 }, (_, index): Rollout => {
    const crashed = Math.floor(index / 6);
    return { at: 3 * index, states: index % 2 ? ['RUNNING'] : ['PENDING'], crashed, running: TASKS, events: [] };
  });
  const end: Verdict = { kind: 'timed-out', reason: 'The time is up.', causes: [diagnosis()] };
  const { lines } = logOf(looks, end);
  expect(lines.length).toBeLessThanOrEqual(200);
  expect(
    lines.filter((line) => line.includes('STOPPED')).map((line) => /\((\d+) tasks so far\)/.exec(line)?.[1]),
  ).toEqual([undefined, '2', '4', '8', '16', '32', '64']);
});

test('times never run backwards, whenever ECS reports what happened', () => {
  const { times } = logOf(slow, { kind: 'succeeded', runningCount: TASKS, digests: {}, warnings: [] });
  expect(times.length).toBeGreaterThan(10);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  // The first event was before the first poll.
  expect(slow[2]?.events.some(({ kind, at }) => kind === 'unplaced' && at < START)).toBe(true);
});

test('forty tasks: one line a change, no biography', () => {
  const states = (count: number, state: string) => Array.from({ length: count }, () => state);
  const looks = ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING'].map(
    (state, index): Rollout => ({ at: 3 * index, states: states(40, state), crashed: 0, running: 40, events: [] }),
  );
  const { lines } = logOf(looks, { kind: 'succeeded', runningCount: 40, digests: {}, warnings: [] });
  expect(lines).toHaveLength(3);
});
