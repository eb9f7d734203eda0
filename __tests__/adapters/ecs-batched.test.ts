import { VirtualClock } from '../../simulator/clock.ts';
import { askedOnce, batchedEcs, onBeats, pacedTargets, type WholeEcs } from '../../src/adapters/ecs-batched.ts';
import { Pace } from '../../src/adapters/pace.ts';
import { Failure } from '../../src/failure.ts';
import type { ServiceState, TaskState } from '../../src/model.ts';

type Call = readonly [operation: string, ...given: unknown[]];

/** An ECS of services `s0`, `s1`, ... with one task each, that writes down what it is asked. */
function world(answers: Partial<WholeEcs> = {}) {
  const clock = new VirtualClock();
  const calls: Call[] = [];
  const note =
    <Given extends unknown[], T>(operation: string, answer: (...given: Given) => Promise<T>) =>
    (...given: Given): Promise<T> => {
      calls.push([operation, ...given]);
      return answer(...given);
    };
  const service = (name: string): ServiceState =>
    ({ name, clusterArn: 'arn:aws:ecs:eu-west-1:1:cluster/c', deployments: [{ id: `ecs-svc/${name}` }] }) as never;
  const task = (arn: string): TaskState => ({ arn, startedBy: `ecs-svc/${arn.slice(2)}` }) as never;
  const ecs = {
    describeServices: note('describeServices', async (_: string, names: readonly string[]) => names.map(service)),
    describeTasks: note('describeTasks', async (_: string, arns: readonly string[]) => arns.map(task)),
    listTasks: note('listTasks', async (query: { service: string }) => [`t-${query.service}`]),
    listClusterTasks: note('listClusterTasks', async () => ['t-s0', 't-s1', 't-s2', 't-s3', 't-other']),
    ...answers,
  } as unknown as WholeEcs;
  const { signal } = new AbortController();
  return { clock, calls, ecs, batched: batchedEcs(ecs, { clock, signal }), signal };
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `s${index}`);

test('services that are asked for at once are described ten at a time, each once', async () => {
  const { batched, calls } = world();
  const found = await Promise.all([...names(25), 's3'].map((name) => batched.describeServices('c', [name])));
  expect(found.map(([one]) => one?.name)).toEqual([...names(25), 's3']);
  expect(calls.map(([, , asked]) => (asked as string[]).length)).toEqual([10, 10, 5]);
});

test('a service that is gone fails for its caller alone', async () => {
  const inner = world();
  const { batched } = world({
    describeServices: async (cluster, some) => {
      if (some.includes('s1')) throw new Failure('NOT_FOUND', 'Service s1 does not exist.');
      return inner.ecs.describeServices(cluster, some);
    },
  });
  const found = await Promise.allSettled(names(3).map((name) => batched.describeServices('c', [name])));
  expect(found.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('tasks of many services are listed for the cluster, and each gets its own', async () => {
  const { batched, calls } = world();
  await Promise.all(names(4).map((name) => batched.describeServices('c', [name])));
  calls.length = 0;
  const query = { cluster: 'c', desiredStatus: 'RUNNING' } as const;
  const lists = await Promise.all(names(4).map((service) => batched.listTasks({ ...query, service })));
  expect(lists).toEqual([['t-s0'], ['t-s1'], ['t-s2'], ['t-s3']]);
  expect(calls.map(([operation]) => operation)).toEqual(['listClusterTasks', 'describeTasks']);
  // What was described a moment ago is not described again.
  const described = await Promise.all(lists.map((arns) => batched.describeTasks('c', arns)));
  expect(described.flat().map(({ arn }) => arn)).toEqual(['t-s0', 't-s1', 't-s2', 't-s3']);
  expect(calls).toHaveLength(2);
});

test('in a cluster with many other tasks each service is listed by itself, from then on', async () => {
  const { batched, calls } = world({ listClusterTasks: async () => undefined });
  const query = { cluster: 'c', desiredStatus: 'STOPPED' } as const;
  for (const _ of [1, 2])
    expect(await Promise.all(names(5).map((service) => batched.listTasks({ ...query, service })))).toEqual(
      names(5).map((name) => [`t-${name}`]),
    );
  expect(calls.filter(([operation]) => operation === 'listTasks')).toHaveLength(10);
});

describe('Pace', () => {
  const bucket = [{ operations: ['ask'], burst: 10, perSecond: 5 }];
  const read = { repeatable: true };
  const paced = () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    return { clock, stop, pace: new Pace(bucket, clock, stop.signal) };
  };

  test('takes 80 % of a bucket, in order: the burst at once, the rest at its rate', async () => {
    const { clock, pace } = paced();
    const started = clock.now();
    const at = await Promise.all(names(12).map(() => pace.send('ask', read, async () => clock.now() - started)));
    expect(at.slice(0, 8)).toEqual(Array(8).fill(0));
    expect(at.slice(8).map((seconds) => Number(seconds.toFixed(2)))).toEqual([0.25, 0.5, 0.75, 1]);
  });

  test('other operations are not held up', async () => {
    const { clock, pace } = paced();
    await Promise.all(names(20).map(() => pace.send('other', read, async () => {})));
    expect(clock.now()).toBe(new VirtualClock().now());
  });

  test('a throttled call holds up all of its bucket, once, and is sent again', async () => {
    const { clock, pace } = paced();
    const started = clock.now();
    let refusals = 2;
    const call = async (): Promise<number> => {
      if (refusals-- > 0) throw new Failure('THROTTLED', 'Rate exceeded');
      return clock.now() - started;
    };
    const at = await Promise.all([1, 2].map(() => pace.send('ask', read, call)));
    // Both were under way together: one throttling, and one pause.
    expect(Math.min(...at)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...at)).toBeLessThan(2);
  });

  test('a call that changes something is not sent again, and a cancel ends the waiting', async () => {
    const { pace, stop, clock } = paced();
    const throttled = async (): Promise<never> => Promise.reject(new Failure('THROTTLED', 'Rate exceeded'));
    await expect(pace.send('ask', { repeatable: false }, throttled)).rejects.toMatchObject({ code: 'THROTTLED' });
    const waiting = pace.send('ask', read, async () => 'sent');
    stop.abort(new Failure('CANCELLED', 'cancelled'));
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(clock.now()).toBeGreaterThan(0);
  });

  test('an answer that is only a help is not waited for', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    const targets = pacedTargets({ health: async () => [] }, { clock, signal });
    const asked = await Promise.allSettled(names(60).map((arn) => targets.health(arn)));
    expect(asked.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(10);
  });
});

test('longer sleeps end on common beats, shorter ones when they say', async () => {
  const clock = new VirtualClock();
  const beats = onBeats(clock);
  const started = clock.now();
  await beats.sleep(0.5);
  expect(clock.now() - started).toBe(0.5);
  const ends = await Promise.all([2.2, 2.6, 3].map((seconds) => beats.sleep(seconds).then(() => clock.now())));
  expect(new Set(ends).size).toBe(1);
  await beats.sleep(5);
  expect((clock.now() - (ends[0] ?? 0)) % 2.5).toBe(0);
});

test('the same question to a port is asked once', async () => {
  let asked = 0;
  const port = askedOnce({ role: async (name: string) => `${name}${++asked}` });
  expect(await Promise.all([port.role('a'), port.role('a'), port.role('b')])).toEqual(['a1', 'a1', 'b2']);
});
