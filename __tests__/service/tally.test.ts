import { endedBadly, tallyOf } from '../../src/service/tally.ts';
import { deployment, OLD, old, ours, revisionArn, service, TASK_A, TASK_B, task } from '../report/made.ts';

const stopped = (id: string, stopCode: string) => task(id, 'STOPPED', { stopCode });

test.each([
  ['EssentialContainerExited', true],
  ['TaskFailedToStart', true],
  ['ServiceSchedulerInitiated', false],
  ['UserInitiated', false],
  ['SpotInterruption', false],
  ['TerminationNotice', false],
  ['InfrastructureHealth', false],
])('a task that ended with %s has failed: %s', (stopCode, bad) =>
  expect(endedBadly(stopped(TASK_A, stopCode))).toBe(bad),
);

test('a failed health check is a failure; a task that runs is none', () => {
  const { failedHealthCheck: _, ...rest } = stopped(TASK_A, 'ServiceSchedulerInitiated');
  expect(endedBadly({ ...rest, failedHealthCheck: true })).toBe(true);
  expect(endedBadly(task(TASK_A, 'RUNNING'))).toBe(false);
});

const row = (revision: number, running: number, pending: number, failed: number) => ({
  taskDefinitionArn: revisionArn(revision),
  running,
  pending,
  failed,
});

const none: Parameters<typeof tallyOf>[2] = [];

test('ours first, then what has tasks; the same revision of two deployments is one row', () => {
  const crashed = [stopped(TASK_A, 'EssentialContainerExited'), stopped(TASK_B, 'EssentialContainerExited')];
  const now = service([ours({ pendingCount: 1, failedTasks: 1 }), old(4)]);
  expect(tallyOf(now, deployment, [{ tasks: crashed }])).toEqual([row(42, 0, 1, 2), row(41, 4, 0, 0)]);
  expect(tallyOf(service([ours({ failedTasks: 3 }), old(0)]), deployment, none)).toEqual([row(42, 0, 0, 3)]);
  const twice = service([ours({ runningCount: 2 }), ours({ id: OLD, runningCount: 1 })]);
  expect(tallyOf(twice, deployment, none)).toEqual([row(42, 3, 0, 0)]);
});

test('a deployment that ECS rolled back is no longer listed, and its failed tasks are', () => {
  const crashed = [stopped(TASK_A, 'EssentialContainerExited')];
  expect(tallyOf(service([old(4)]), deployment, [{ tasks: crashed }])).toEqual([row(42, 0, 0, 1), row(41, 4, 0, 0)]);
});

test('a stop without a code has failed', () => {
  const { stopCode: _, ...rest } = stopped(TASK_A, 'x');
  expect(endedBadly(rest)).toBe(true);
});

test('revisions without tasks are left out, ours is not', () => {
  const now = service([
    ours(),
    old(0),
    { ...old(0), id: 'ecs-svc/3', taskDefinitionArn: revisionArn(40), failedTasks: 1 },
  ]);
  expect(tallyOf(now, deployment, none)).toEqual([row(42, 0, 0, 0), row(40, 0, 0, 1)]);
  expect(tallyOf(service([]), deployment, none)).toEqual([row(42, 0, 0, 0)]);
});

test('tasks of a rollback that this run has watched have failed as well, whatever ECS counts', () => {
  const restored = old(1, { failedTasks: 0 });
  const crashed = { ...stopped(TASK_A, 'EssentialContainerExited'), startedBy: OLD };
  const seen = [{ tasks: [crashed] }];
  expect(tallyOf(service([restored]), deployment, seen)).toEqual([row(42, 0, 0, 0), row(41, 1, 0, 1)]);
});

test('tasks of a rollback that ECS made are known from the watch of what it rolled back, and counted once', () => {
  const [first, second] = [stopped(TASK_A, 'EssentialContainerExited'), stopped(TASK_B, 'EssentialContainerExited')];
  const seen = [
    { tasks: [first], othersFailed: new Map([[OLD, new Set(['a', 'b'])]]) },
    { tasks: [first, second], othersFailed: new Map([[OLD, new Set(['b', 'c'])]]) },
    { tasks: [] },
  ];
  expect(tallyOf(service([old(2)]), deployment, seen)).toEqual([row(42, 0, 0, 2), row(41, 2, 0, 3)]);
});
