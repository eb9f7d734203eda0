import { Failure } from '../../src/failure.ts';
import type { ContainerState, TaskDefinition, TaskState } from '../../src/model.ts';
import type { Logs } from '../../src/ports.ts';
import { logReader } from '../../src/watch/log-tail.ts';
import { deployment, TASK_A, TASK_B, task } from '../report/made.ts';

const awslogs = (prefix = 'web') => ({
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': prefix },
});
const DEFINITION: TaskDefinition = {
  family: 'web',
  containerDefinitions: [
    {
      name: 'app',
      image: 'x',
      logConfiguration: awslogs(),
      environment: [{ name: 'API_TOKEN', value: 'hunter2-hunter2' }],
    },
    { name: 'proxy', image: 'x', logConfiguration: awslogs('side') },
    { name: 'agent', image: 'x', logConfiguration: { logDriver: 'splunk' } },
  ],
};

/** Streams by name; a stream that is missing cannot be read. */
function reader(
  streams: Readonly<Record<string, readonly string[]>>,
  of: { readonly logLines?: number; readonly definition?: TaskDefinition } = { definition: DEFINITION },
) {
  const asked: Parameters<Logs['tail']>[0][] = [];
  const logs = {
    tail: async (request: Parameters<Logs['tail']>[0]) => {
      asked.push(request);
      const lines = streams[request.stream];
      if (!lines) throw new Failure('NOT_FOUND', 'no such stream');
      return lines.map((message, index) => ({ at: index, message }));
    },
  } as unknown as Logs;
  const ask = async <T>(action: string, question: () => Promise<T>): Promise<T | undefined> => {
    expect(action).toBe('logs:GetLogEvents');
    return question().catch(() => undefined);
  };
  return {
    read: logReader({ ...deployment, ...of }, { logs }, ask),
    asked,
    names: () => asked.map(({ stream }) => stream),
  };
}

const container = (name: string, rest: Partial<ContainerState> = {}): ContainerState => ({
  name,
  image: 'x',
  lastStatus: 'STOPPED',
  healthStatus: 'UNKNOWN',
  ...rest,
});
const crashed = (id: string, containers: readonly ContainerState[] = [container('app', { exitCode: 1 })]): TaskState =>
  task(id, 'STOPPED', { stopCode: 'EssentialContainerExited', containers });
const ended = (rest: Partial<TaskState>, ...containers: readonly ContainerState[]): TaskState =>
  task(TASK_A, 'STOPPED', { containers, ...rest });
const APP = `web/app/${TASK_A}`;
const PROXY = `side/proxy/${TASK_A}`;

describe('the log is read of', () => {
  const sick = container('app', { healthStatus: 'UNHEALTHY' });
  test.each<[string, TaskState, readonly string[]]>([
    [
      'the container that failed',
      crashed(TASK_A, [container('app', { exitCode: 1 }), container('proxy', { exitCode: 0 })]),
      [APP],
    ],
    [
      'each that failed',
      crashed(TASK_A, [container('app', { exitCode: 1 }), container('proxy', { exitCode: 2 })]),
      [APP, PROXY],
    ],
    ['all where none failed', crashed(TASK_A, [container('app', { exitCode: 0 }), container('proxy')]), [APP, PROXY]],
    [
      'none of a task that others stopped',
      ended({ stopCode: 'UserInitiated' }, container('app', { exitCode: 137 })),
      [],
    ],
    [
      'the sick one of a task that a health check ended',
      ended({ failedHealthCheck: true }, container('proxy'), sick),
      [APP],
    ],
    [
      'all of a task that a load balancer ended',
      ended({ failedHealthCheck: true }, container('app'), container('proxy')),
      [APP, PROXY],
    ],
    [
      'the sick one while its task runs',
      task(TASK_A, 'RUNNING', { healthStatus: 'UNHEALTHY', containers: [container('proxy'), sick] }),
      [APP],
    ],
    ['none while its task is healthy', task(TASK_A, 'RUNNING', { containers: [sick] }), []],
    [
      'none while a task that is to crash runs',
      task(TASK_A, 'RUNNING', {
        stopCode: 'EssentialContainerExited',
        containers: [container('app', { exitCode: 1 })],
      }),
      [],
    ],
    ['none of a task that stopped unhealthy for another reason', ended({ healthStatus: 'UNHEALTHY' }, sick), []],
    [
      'none of a running task that failed a check before',
      task(TASK_A, 'RUNNING', { failedHealthCheck: true, containers: [sick] }),
      [],
    ],
  ])('%s', async (_, one, streams) => {
    const { read, names } = reader({});
    await read([one]);
    expect(names()).toEqual(streams);
  });
});

test('its last lines are what is shown, and more of them what is searched, without secrets', async () => {
  const lines = Array.from({ length: 250 }, (_, index) => `line ${index}`);
  const { read, asked } = reader({ [APP]: [...lines, 'token hunter2-hunter2\nlast'] });
  const { logs, logsRead } = await read([crashed(TASK_A)]);
  const key = `${TASK_A}/app`;
  expect(asked).toEqual([{ region: 'eu-west-1', group: '/ecs/web', stream: APP, limit: 200 }]);
  expect(logs?.get(key)).toHaveLength(20);
  expect(logsRead?.get(key)).toHaveLength(200);
  expect(logs?.get(key)?.slice(-2)).toEqual(['token ***', 'last']);
  expect(logsRead?.get(key)?.[0]).toBe('line 52');
});

test('log-lines says how many are shown; none at 0, and none without a task definition', async () => {
  const streams = { [APP]: Array.from({ length: 400 }, (_, index) => `line ${index}`) };
  const shown = async (of: Parameters<typeof reader>[1]) => {
    const { read, asked } = reader(streams, of);
    const { logs, logsRead } = await read([crashed(TASK_A)]);
    return [asked[0]?.limit, logs?.get(`${TASK_A}/app`)?.length, logsRead?.get(`${TASK_A}/app`)?.length];
  };
  expect(await shown({ definition: DEFINITION, logLines: 5 })).toEqual([200, 5, 200]);
  expect(await shown({ definition: DEFINITION, logLines: 300 })).toEqual([300, 300, 300]);
  expect(await shown({ definition: DEFINITION, logLines: 0 })).toEqual([undefined, undefined, undefined]);
  expect(await shown({})).toEqual([undefined, undefined, undefined]);
});

test('a log that cannot be read from here is hinted at, by container', async () => {
  const { read, asked } = reader({});
  const found = await read([crashed(TASK_A, [container('agent', { exitCode: 1 })])]);
  expect(asked).toEqual([]);
  expect(found).toEqual({
    logHints: new Map([['agent', `The container agent logs through splunk: look there for task ${TASK_A}.`]]),
  });
});

describe('a log is read', () => {
  test('once it has said something: not again', async () => {
    const { read, asked } = reader({ [APP]: ['one'] });
    expect(await read([crashed(TASK_A)])).toEqual({
      logs: new Map([[`${TASK_A}/app`, ['one']]]),
      logsRead: new Map([[`${TASK_A}/app`, ['one']]]),
    });
    expect(await read([crashed(TASK_A)])).toEqual({});
    expect(asked).toHaveLength(1);
  });
  test.each<[string, Readonly<Record<string, readonly string[]>>]>([
    ['is empty', { [APP]: [] }],
    ['is not there', {}],
  ])('three times while it %s', async (_, streams) => {
    const { read, asked } = reader(streams);
    for (let i = 0; i < 5; i++) expect(await read([crashed(TASK_A)])).toEqual({});
    expect(asked).toHaveLength(3);
  });
  test('again when the container that was unhealthy has ended', async () => {
    const { read, asked } = reader({ [APP]: ['one'] });
    const containers = [container('app', { healthStatus: 'UNHEALTHY' })];
    const runs = task(TASK_A, 'RUNNING', { healthStatus: 'UNHEALTHY', containers });
    await read([runs]);
    await read([runs]);
    await read([ended({ failedHealthCheck: true }, ...containers)]);
    expect(asked).toHaveLength(2);
  });
  test('of three tasks that ended alike, and of each that ended otherwise', async () => {
    const { read, names } = reader({});
    const exit = (id: string, exitCode: number, name = 'app') => crashed(id, [container(name, { exitCode })]);
    const alike = [TASK_A, TASK_B, 'c', 'd', 'e'].map((id) => exit(id, 1));
    await read([...alike, exit('f', 2), exit('g', 1, 'proxy')]);
    await read(alike);
    expect(names()).toEqual([
      ...[TASK_A, TASK_B, 'c', 'f'].map((id) => `web/app/${id}`),
      'side/proxy/g',
      ...[TASK_A, TASK_B, 'c'].map((id) => `web/app/${id}`),
    ]);
  });
});
