import { Failure } from '../../src/failure.ts';
import type { TaskRequest, TaskState } from '../../src/model.ts';
import { intentOfTask, stopTask, type TaskIntent } from '../../src/tasks/stop.ts';

const CLUSTER = 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop';
const task = (id: string): string => `arn:aws:ecs:eu-west-1:123456789012:task/shop/${id}`;
const WEB = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7';
const NOW = 1_800_000_000;
const OURS = 'ecs-rollout/4711/pre-deploy/migrate-0a1b2c3d';

const intent = (more: Partial<TaskIntent> = {}): TaskIntent => ({
  ...intentOfTask(
    'pre-deploy task migrate',
    { cluster: CLUSTER, startedBy: OURS, taskDefinition: WEB } as TaskRequest,
    NOW,
  ),
  ...more,
});

/** ECS with these tasks; what it is asked for is kept. */
function withTasks(tasks: readonly Partial<TaskState>[]) {
  const queries: unknown[] = [];
  const stopped: unknown[] = [];
  return {
    queries,
    stopped,
    ecs: {
      listTasks: async (query: unknown) => {
        queries.push(query);
        return tasks.map(({ arn = '' }) => arn);
      },
      describeTasks: async (_: string, arns: readonly string[]) =>
        tasks.filter(({ arn = '' }) => arns.includes(arn)) as TaskState[],
      stopTask: async (...call: readonly string[]) => void stopped.push(call),
    },
  };
}

test('a task that is known by its ARN is stopped', async () => {
  const { ecs, stopped, queries } = withTasks([{ arn: task('a'), lastStatus: 'RUNNING', desiredStatus: 'RUNNING' }]);
  expect(await stopTask(intent({ task: task('a') }), 'cancelled', ecs)).toBe(
    'The pre-deploy task migrate (a) was asked to stop.',
  );
  expect(stopped).toEqual([[CLUSTER, task('a'), 'cancelled']]);
  expect(queries).toEqual([]);
});

test.each([
  { lastStatus: 'STOPPED', desiredStatus: 'STOPPED' },
  { lastStatus: 'RUNNING', desiredStatus: 'STOPPED' },
  { lastStatus: 'STOPPED', desiredStatus: 'RUNNING' },
])('one that is stopped, or about to be, is left alone: %j', async (state) => {
  const { ecs, stopped } = withTasks([{ arn: task('a'), ...state }]);
  expect(await stopTask(intent({ task: task('a') }), 'cancelled', ecs)).toBeUndefined();
  expect(stopped).toEqual([]);
});

test('where the answer of RunTask never came, ours are found by startedBy, whichever attempt started them', async () => {
  const { ecs, stopped, queries } = withTasks([
    { arn: task('a'), lastStatus: 'RUNNING', taskDefinitionArn: 'of an earlier attempt', createdAt: NOW - 5000 },
    { arn: task('b'), lastStatus: 'STOPPED', taskDefinitionArn: WEB, createdAt: NOW },
    { arn: task('c'), lastStatus: 'PENDING', taskDefinitionArn: WEB },
  ]);
  expect(await stopTask(intent(), 'cancelled', ecs)).toBe('The pre-deploy task migrate (a, c) was asked to stop.');
  expect(queries).toEqual([{ cluster: CLUSTER, startedBy: OURS, desiredStatus: 'RUNNING' }]);
  expect(stopped).toHaveLength(2);
});

test('by a name that the user gave, only a task of this revision that was started since', async () => {
  const { ecs, stopped } = withTasks([
    { arn: task('old'), lastStatus: 'RUNNING', taskDefinitionArn: WEB, createdAt: NOW - 31 },
    { arn: task('other'), lastStatus: 'RUNNING', taskDefinitionArn: `${WEB}0`, createdAt: NOW },
    // Clocks differ a little.
    { arn: task('ours'), lastStatus: 'RUNNING', taskDefinitionArn: WEB, createdAt: NOW - 30 },
    { arn: task('new'), lastStatus: 'PENDING', taskDefinitionArn: WEB },
  ]);
  await stopTask(intent({ startedBy: 'nightly' }), 'cancelled', ecs);
  expect(stopped).toEqual([
    [CLUSTER, task('ours'), 'cancelled'],
    [CLUSTER, task('new'), 'cancelled'],
  ]);
});

test('nothing listed, nothing asked and nothing to say', async () => {
  const { ecs } = withTasks([]);
  const describeTasks = async () => Promise.reject(new Failure('INTERNAL', 'asked for nothing'));
  expect(await stopTask(intent(), 'cancelled', { ...ecs, describeTasks })).toBeUndefined();
});

test('what could not be stopped is said, with the command that stops it', async () => {
  const { ecs } = withTasks([{ arn: task('a'), lastStatus: 'RUNNING', desiredStatus: 'RUNNING' }]);
  const stop = async () => Promise.reject(new Failure('ACCESS_DENIED', 'ecs:StopTask is denied.'));
  expect(await stopTask(intent({ task: task('a') }), 'cancelled', { ...ecs, stopTask: stop })).toBe(
    'The pre-deploy task migrate (a) may still run: ecs:StopTask is denied. To stop it: aws ecs stop-task --cluster shop --task a',
  );
  expect(await stopTask(intent(), 'cancelled', { ...ecs, stopTask: stop })).toBe(
    'The pre-deploy task migrate may still run: ecs:StopTask is denied. To stop it: aws ecs stop-task --cluster shop --task TASK',
  );
});
