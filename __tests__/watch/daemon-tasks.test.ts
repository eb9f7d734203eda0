import { Failure, type FailureCode } from '../../src/failure.ts';
import type { TaskDefinition, TaskState } from '../../src/model.ts';
import type { Ecs, Logs } from '../../src/ports.ts';
import { daemonTaskReader } from '../../src/watch/daemon-tasks.ts';
import { task } from '../report/made.ts';

const DEFINITION: TaskDefinition = {
  family: 'agent',
  containerDefinitions: [
    {
      name: 'agent',
      image: 'x',
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/agent', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'd' },
      },
    },
  ],
};
const CLUSTER = 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop';
const REVISION = 'arn:aws:ecs:eu-west-1:123456789012:daemon-task-definition/agent:7';
const SINCE = 1_000;

/** A task of the revision that crashed. */
const crashed = (id: string, { exitCode = 1, ...rest }: Partial<TaskState> & { exitCode?: number } = {}): TaskState =>
  task(id, 'STOPPED', {
    taskDefinitionArn: REVISION,
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    stoppedAt: SINCE + 10,
    containers: [{ name: 'agent', image: 'x', lastStatus: 'STOPPED', healthStatus: 'UNKNOWN', exitCode }],
    ...rest,
  });

interface Aws {
  readonly tasks?: readonly TaskState[] | FailureCode;
  readonly logs?: Readonly<Record<string, readonly string[]>> | FailureCode;
}

function reader(aws: Aws, logLines = 20) {
  const asked: unknown[] = [];
  const world = { ...aws };
  const ecs: Pick<Ecs, 'listTasks' | 'describeTasks'> = {
    listTasks: async (query) => {
      asked.push(query);
      if (typeof world.tasks === 'string') throw new Failure(world.tasks, 'ListTasks failed.');
      return (world.tasks ?? []).map(({ arn }) => arn);
    },
    describeTasks: async (cluster, arns) => {
      asked.push({ cluster, arns });
      if (typeof world.tasks === 'string') throw new Failure(world.tasks, 'DescribeTasks failed.');
      return (world.tasks ?? []).filter(({ arn }) => arns.includes(arn));
    },
  };
  const logs = {
    tail: async ({ stream }: Parameters<Logs['tail']>[0]) => {
      if (typeof world.logs === 'string') throw new Failure(world.logs, 'GetLogEvents failed.');
      return world.logs?.[stream.split('/').at(-1) ?? '']?.map((message, at) => ({ at, message }));
    },
  } as unknown as Logs;
  const read = daemonTaskReader(
    {
      cluster: CLUSTER,
      daemon: 'agent',
      revision: REVISION,
      definition: DEFINITION,
      since: SINCE,
      region: 'eu-west-1',
      logLines,
    },
    { ecs, logs },
  );
  return { read, asked, world };
}
const found = async (aws: Aws) => {
  const { diagnoses, tail } = await reader(aws).read();
  return { tasks: diagnoses.map(({ taskId }) => taskId), tail };
};

test('asks for the stopped tasks of the daemon, and describes those that there are', async () => {
  const none = reader({});
  expect(await none.read()).toEqual({ diagnoses: [] });
  const query = { cluster: CLUSTER, daemon: 'agent', desiredStatus: 'STOPPED' };
  expect(none.asked).toEqual([query]);
  const one = crashed('a');
  const some = reader({ tasks: [one] });
  await some.read();
  expect(some.asked).toEqual([query, { cluster: CLUSTER, arns: [one.arn] }]);
});

describe('which tasks are explained', () => {
  test.each<[string, Partial<TaskState> & { exitCode?: number }, boolean]>([
    ['one that crashed', {}, true],
    ['one that ended as the deployment started', { stoppedAt: SINCE }, true],
    ['one of an earlier deployment', { stoppedAt: SINCE - 1 }, false],
    ['one of another revision', { taskDefinitionArn: REVISION.replace(':7', ':6') }, false],
    ['one of the revision by another kind of ARN', { taskDefinitionArn: REVISION.replace('daemon-', '') }, true],
    ...['ServiceSchedulerInitiated', 'UserInitiated', 'TerminationNotice'].map(
      (stopCode) =>
        [
          `one that ECS replaces (${stopCode})`,
          { stopCode, stoppedReason: 'Zorbing of the qux.', containers: [] },
          false,
        ] as [string, Partial<TaskState>, boolean],
    ),
    [
      'one that ended in unknown words for another reason',
      { stopCode: 'TaskFailedToStart', stoppedReason: 'Zorbing of the qux.', containers: [] },
      true,
    ],
  ])('%s: %#', async (_, rest, isExplained) =>
    expect((await found({ tasks: [crashed('a', rest)] })).tasks).toEqual(isExplained ? ['a'] : []),
  );

  test('one whose end has no time yet', async () => {
    const { stoppedAt: _, ...open } = crashed('a');
    expect((await found({ tasks: [open] })).tasks).toEqual(['a']);
  });

  test('the 20 newest', async () => {
    // Each cause is shown once, so the exit code tells which of the tasks was explained.
    const tasks = Array.from({ length: 21 }, (_, n) =>
      crashed(`t${n}`, { stoppedAt: SINCE + n, exitCode: n === 0 ? 3 : 1 }),
    );
    expect((await found({ tasks })).tasks).toEqual(['t20']);
    expect((await found({ tasks: tasks.toReversed() })).tasks).toEqual(['t20']);
    expect((await found({ tasks: tasks.slice(0, 20) })).tasks).toEqual(['t19', 't0']);
  });
});

describe('the last lines', () => {
  test('are those of the task that is the root cause', async () => {
    const tasks = [crashed('a', { stoppedAt: SINCE + 1 }), crashed('b', { exitCode: 2, stoppedAt: SINCE + 2 })];
    expect(await found({ tasks, logs: { a: ['of a'], b: ['first of b', 'last of b'] } })).toMatchObject({
      tail: { container: 'agent', lines: ['first of b', 'last of b'], taskId: 'b' },
    });
  });

  test('are as many as the input says, and the explanation knows the others, too', async () => {
    const lines = ['FATAL: config file /etc/agent.yml: No such file or directory', 'bye'];
    const { diagnoses, tail } = await reader({ tasks: [crashed('a')], logs: { a: lines } }, 1).read();
    expect(tail).toEqual({ container: 'agent', lines: ['bye'], taskId: 'a' });
    expect(diagnoses[0]?.cause).toContain('/etc/agent.yml');
  });

  test('of another task explain nothing', async () => {
    const tasks = [crashed('ab', { exitCode: 2 }), crashed('a', { stoppedAt: SINCE + 20 })];
    const { diagnoses } = await reader({ tasks, logs: { ab: ['Error: the qux of /etc/ab.yml is lost'] } }).read();
    const ofA = diagnoses.find(({ taskId }) => taskId === 'a');
    expect(ofA?.cause).not.toContain('/etc/ab.yml');
    expect(diagnoses.find(({ taskId }) => taskId === 'ab')?.cause).toContain('/etc/ab.yml');
  });

  test('that come late are shown with a later call, and stay', async () => {
    const { read, world } = reader({ tasks: [crashed('a')] });
    expect(await read()).not.toHaveProperty('tail');
    Object.assign(world, { logs: { a: ['late'] } });
    expect((await read()).tail).toEqual({ container: 'agent', lines: ['late'], taskId: 'a' });
    Object.assign(world, { logs: {} });
    expect((await read()).tail).toEqual({ container: 'agent', lines: ['late'], taskId: 'a' });
  });
});

describe('what cannot be read', () => {
  test.each<[string, Aws, string[]]>([
    ['tasks', { tasks: 'ACCESS_DENIED' }, []],
    ['logs', { tasks: [crashed('a')], logs: 'ACCESS_DENIED' }, ['a']],
    ['logs that do not answer', { tasks: [crashed('a')], logs: 'UNAVAILABLE' }, ['a']],
  ])('%s: the run continues', async (_, aws, tasks) => expect(await found(aws)).toEqual({ tasks, tail: undefined }));

  test.each<FailureCode>(['CANCELLED', 'CREDENTIALS'])('%s ends the run', async (code) => {
    await expect(found({ tasks: code })).rejects.toMatchObject({ code });
    await expect(found({ tasks: [crashed('a')], logs: code })).rejects.toMatchObject({ code });
  });
});
