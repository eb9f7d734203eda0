import { VirtualClock } from '../../simulator/clock.ts';
import { Failure } from '../../src/failure.ts';
import type { DeploymentState, ServiceState } from '../../src/model.ts';
import { placementImpossible } from '../../src/watch/failures.ts';
import { viewOf } from '../../src/watch/fold.ts';
import { observer, type WatchWorld } from '../../src/watch/observe.ts';
import { isDone, settledByEcs } from '../../src/watch/settled.ts';
import type { Snapshot } from '../../src/watch/snapshot.ts';
import { troublesOf } from '../../src/watch/troubles.ts';
import { watch } from '../../src/watch/watch.ts';
import { deployment, event, look, OLD, old, ours, revisionArn, START, service, TASK_A, task } from '../report/made.ts';

/** Both sides of each limit of the watch, module by module, and each half of its conjunctions alone. */
const seen = (
  seconds: number,
  deployments: readonly DeploymentState[],
  rest: Partial<Snapshot> & { readonly settings?: Partial<ServiceState> } = {},
) => {
  const { settings, ...more } = rest;
  const snapshot = look(seconds, deployments, { service: service(deployments, settings), ...more });
  return viewOf(snapshot, deployment, START + seconds);
};

describe('settled: a deployment that ECS calls FAILED', () => {
  const BREAKER = { circuitBreaker: { enable: true, rollback: true } };
  const failed = (updatedAt: number) => ours({ rolloutState: 'FAILED', updatedAt: START + updatedAt });
  const kindOf = (seconds: number, others: readonly DeploymentState[], settings: Partial<ServiceState>) =>
    settledByEcs(seen(seconds, [failed(60), ...others], { settings }))?.kind;

  test.each<[string, number, readonly DeploymentState[], Partial<ServiceState>, string]>([
    ['is rolled back by a breaker that has a completed one', 70, [old(2)], BREAKER, 'rolling-back'],
    ['is not, without any other', 70, [], BREAKER, 'failed'],
    ['is not, when the other never completed', 70, [old(2, { rolloutState: 'FAILED' })], BREAKER, 'failed'],
    ['is not, without a breaker', 70, [old(2)], {}, 'failed'],
    [
      'is not, by a breaker that rolls nothing back',
      70,
      [old(2)],
      { circuitBreaker: { enable: true, rollback: false } },
      'failed',
    ],
    ['is not, by a breaker that is off', 70, [old(2)], { circuitBreaker: { enable: false, rollback: true } }, 'failed'],
    [
      'is rolled back by alarms',
      70,
      [old(2)],
      { alarms: { names: ['a'], enable: true, rollback: true } },
      'rolling-back',
    ],
    [
      'is not, by alarms that are off',
      70,
      [old(2)],
      { alarms: { names: ['a'], enable: false, rollback: true } },
      'failed',
    ],
    ['is waited for less than 120 s', 179, [old(2)], BREAKER, 'rolling-back'],
    ['and not for 120 s', 180, [old(2)], BREAKER, 'failed'],
  ])('%s', (_, seconds, others, settings, kind) => {
    expect(kindOf(seconds, others, settings)).toBe(kind);
  });
});

describe('settled: the old revision is PRIMARY again', () => {
  const restored = (runningCount: number, rolloutState: 'COMPLETED' | 'IN_PROGRESS') =>
    old(runningCount, {
      status: 'PRIMARY',
      rolloutState,
      rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${OLD}.`,
    });
  const gone = ours({ status: 'ACTIVE', rolloutState: 'FAILED' });
  test.each<[string, DeploymentState, string]>([
    ['completed, and all of its tasks run', restored(2, 'COMPLETED'), 'rolled-back'],
    ['completed, and one more runs', restored(3, 'COMPLETED'), 'rolled-back'],
    ['completed, but one of its tasks does not run', restored(1, 'COMPLETED'), 'rolling-back'],
    ['all of its tasks run, but it is not completed', restored(2, 'IN_PROGRESS'), 'rolling-back'],
  ])('%s', (_, primary, kind) => {
    expect(settledByEcs(seen(90, [primary, gone]))?.kind).toBe(kind);
  });
});

describe('success: a task that leaves is counted as running by ECS', () => {
  const leaving = task(TASK_A, 'RUNNING', { desiredStatus: 'STOPPED' });
  const done = (since: number | undefined, counts: Partial<DeploymentState>) => {
    const ourOwn = ours({ runningCount: 2, rolloutState: 'COMPLETED', ...counts });
    const leavingSince = new Map(since === undefined ? [] : [[leaving.arn, START + since]]);
    return isDone(seen(100, [ourOwn], { tasks: [leaving], leavingSince }), ourOwn);
  };
  test.each<[string, number | undefined, Partial<DeploymentState>, boolean]>([
    ['seen just now', undefined, {}, false],
    ['for less than 30 s', 71, {}, false],
    ['for 30 s, and nothing is pending: ECS has replaced it', 70, {}, true],
    ['for long, and another is still pending', 10, { pendingCount: 1 }, false],
    ['beside as many as are wanted', undefined, { runningCount: 3 }, true],
  ])('%s', (_, since, counts, expected) => {
    expect(done(since, counts)).toBe(expected);
  });
});

describe('blocked: no room can come', () => {
  const message =
    'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0a1b) has insufficient memory available.';
  const blocked = (settings: Partial<ServiceState>, seconds = 60, others: readonly DeploymentState[] = []) =>
    placementImpossible(
      seen(seconds, [ours(), ...others], { events: [event(5, message)], settings: { launchType: 'EC2', ...settings } }),
    )?.kind;
  test('for a REPLICA service it never heals', () => {
    expect(blocked({})).toBe('stuck');
  });
  test('for a DAEMON service each instance has its own task, and the next may have room', () => {
    expect(blocked({ schedulingStrategy: 'DAEMON' })).toBeUndefined();
  });
  test('a capacity provider may add machines', () => {
    expect(blocked({ capacityProviders: ['spot'] })).toBeUndefined();
    expect(blocked({ capacityProviders: ['FARGATE'] })).toBe('stuck');
  });
  test('the proof is 10 s old at least', () => {
    expect(blocked({}, 14)).toBeUndefined();
    expect(blocked({}, 15)).toBe('stuck');
  });
  test('old tasks that may stop make room', () => {
    expect(blocked({ minimumHealthyPercent: 50 }, 60, [old(2)])).toBeUndefined();
    expect(blocked({ minimumHealthyPercent: 100 }, 60, [old(2)])).toBe('stuck');
  });
});

describe('troubles: an event that names no task', () => {
  const message =
    'was unable to place a task. Reason: CannotPullContainerError: failed to resolve ref 1.dkr.ecr.eu-west-1.amazonaws.com/app:nope: not found';
  const rules = (counts: Partial<DeploymentState>, others: readonly DeploymentState[]) =>
    troublesOf(look(60, [ours(counts), ...others], { events: [event(30, message)] }), deployment).map(
      ({ from }) => from,
    );
  test.each<[string, Partial<DeploymentState>, readonly DeploymentState[], readonly string[]]>([
    ['is ours where nobody else lacks a task', {}, [old(2)], ['event']],
    ['may be of the old one that lacks a task', {}, [old(1)], []],
    ['is ours all the same when tasks of ours have failed', { failedTasks: 1 }, [old(1)], ['event']],
    ['is not ours once ours is complete', { rolloutState: 'COMPLETED' }, [old(2)], []],
    ['but is when tasks of ours have failed', { rolloutState: 'COMPLETED', failedTasks: 1 }, [old(2)], ['event']],
  ])('%s', (_, counts, others, expected) => {
    expect(rules(counts, others)).toEqual(expected);
  });
});

/** An ECS that shows one deployment under way, and no service deployment; notes when it was searched for one. */
function quietWorld(describe: (seconds: number) => Promise<ServiceState>) {
  const clock = new VirtualClock();
  const startedAt = clock.now();
  const searched: number[] = [];
  const ecs = {
    describeServices: async () => [await describe(clock.now() - startedAt)],
    listServiceDeployments: async () => {
      searched.push(clock.now() - startedAt);
      return [];
    },
    listTasks: async () => [],
    describeTasks: async () => [],
  };
  const world = {
    clock,
    ecs,
    logs: { tail: async () => [] },
    signal: new AbortController().signal,
  } as unknown as WatchWorld;
  return { clock, world, searched, startedAt };
}
const underWay = (startedAt: number): ServiceState =>
  service([ours({ createdAt: startedAt, updatedAt: startedAt, taskDefinitionArn: revisionArn(42) }), old(2)]);

test('observe: the service deployment is searched for at each look for 20 s, and then every 15 s', async () => {
  const { clock, world, searched, startedAt } = quietWorld(async () => underWay(startedAt));
  const observe = observer({ ...deployment, startedAt }, world);
  for (let i = 0; i < 60; i++) {
    await observe(undefined);
    await clock.sleep(1);
  }
  expect(searched.slice(0, 21)).toEqual(Array.from({ length: 21 }, (_, second) => second));
  expect(searched.slice(21)).toEqual([35, 50]);
});

describe('watch: an ECS that cannot be asked', () => {
  const outage = async (timeoutSeconds: number, until: number, code: 'UNAVAILABLE' | 'THROTTLED') => {
    const { clock, world, startedAt } = quietWorld(async (seconds) => {
      if (seconds < until) throw new Failure(code, 'no answer');
      return service([ours({ createdAt: startedAt, runningCount: 2, rolloutState: 'COMPLETED' })]);
    });
    const result = watch({ ...deployment, startedAt, timeoutSeconds }, world, () => {}).then(
      ({ verdict }) => verdict.kind,
      (thrown: Failure) => thrown.code,
    );
    return { result: await result, seconds: clock.now() - startedAt };
  };
  test.each(['UNAVAILABLE', 'THROTTLED'] as const)(
    '%s: ends the watch when its time is up, and not before',
    async (code) => {
      const { result, seconds } = await outage(100, 1000, code);
      expect(result).toBe(code);
      expect(seconds).toBeGreaterThan(100);
      expect(seconds).toBeLessThan(110);
      expect((await outage(100, 90, code)).result).toBe('succeeded');
    },
  );
});
