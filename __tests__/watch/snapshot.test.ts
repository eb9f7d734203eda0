import type { TaskState } from '../../src/model.ts';
import { cannotSeeTasks, isStopping, isUnplaced, oursIn, timeOf } from '../../src/watch/snapshot.ts';
import { deployment, diagnosis, OLD, old, ours, revisionArn, service, TASK_A, task } from '../report/made.ts';

test.each<[string, Partial<TaskState>, boolean]>([
  ['RUNNING', { desiredStatus: 'STOPPED' }, true],
  ['RUNNING', { desiredStatus: 'RUNNING' }, false],
  ['RUNNING', { desiredStatus: 'RUNNING', failedHealthCheck: true }, false],
  ['DEACTIVATING', { failedHealthCheck: true }, true],
  ['DEACTIVATING', { desiredStatus: 'STOPPED' }, false],
  ['STOPPING', { desiredStatus: 'STOPPED', failedHealthCheck: true }, false],
  ['STOPPED', { desiredStatus: 'STOPPED' }, false],
])('a task that is %s, %j: still counted, but stopping: %s', (lastStatus, rest, expected) => {
  expect(isStopping(task(TASK_A, lastStatus, rest))).toBe(expected);
});

test.each([
  [[], false],
  [['ecs:ListTasks'], true],
  [['logs:GetLogEvents', 'ecs:DescribeTasks'], true],
  [['logs:GetLogEvents', 'ecs:ListTaskDefinitions'], false],
])('without %j tasks cannot be seen: %s', (denied, expected) => {
  expect(cannotSeeTasks(denied)).toBe(expected);
});

test('a trouble is as old as ECS says, else as the end of its task', () => {
  const stopped = task(TASK_A, 'STOPPED', { stoppedAt: 20 });
  const trouble = { from: 'task', diagnosis: diagnosis() } as const;
  expect(timeOf({ ...trouble, at: 10, task: stopped })).toBe(10);
  expect(timeOf({ ...trouble, task: stopped })).toBe(20);
  expect(timeOf({ ...trouble, task: task(TASK_A, 'STOPPED') })).toBeUndefined();
  expect(timeOf(trouble)).toBeUndefined();
});

test('ours is the deployment of our id, whatever its place', () => {
  expect(oursIn(service([old(2), ours()]), deployment)).toEqual(ours());
  expect(oursIn(service([old(2)]), deployment)).toBeUndefined();
  expect(oursIn(service([old(2)]), { ...deployment, id: OLD })).toEqual(old(2));
});

test('tasks of a revision are not placed where the first cause is that, and none of them has failed', () => {
  const room = diagnosis({ nature: 'unplaceable' });
  const crashed = task(TASK_A, 'STOPPED', { stopCode: 'EssentialContainerExited', taskDefinitionArn: revisionArn(41) });
  const at = (failedTasks: number, more: object = {}) =>
    isUnplaced(
      { diagnoses: [room], service: service([ours({ failedTasks: 3 }), old(2, { failedTasks })]), tasks: [], ...more },
      revisionArn(41),
    );
  expect(at(0)).toBe(true);
  expect(at(1)).toBe(false);
  expect(at(0, { tasks: [crashed] })).toBe(false);
  expect(at(0, { tasks: [{ ...crashed, taskDefinitionArn: revisionArn(42) }] })).toBe(true);
  expect(at(0, { diagnoses: [diagnosis(), room] })).toBe(false);
  expect(at(0, { diagnoses: [] })).toBe(false);
});
