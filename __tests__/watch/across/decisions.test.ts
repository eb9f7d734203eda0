import { VirtualClock } from '../../../simulator/clock.ts';
import { Failure } from '../../../src/failure.ts';
import type { DeploymentState, ServiceState } from '../../../src/model.ts';
import { placementImpossible } from '../../../src/watch/failures.ts';
import { observer, type WatchWorld } from '../../../src/watch/observe.ts';
import type { Snapshot } from '../../../src/watch/snapshot.ts';
import { watch } from '../../../src/watch/watch.ts';
import { deployment, event, look, old, ours, revisionArn, START, service } from '../../report/made.ts';
import { viewOf } from '../../support/explained.ts';

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

test.each([
  ['of one that was found under way, what has failed before', { foundUnderWay: true } as const, ['RUNNING', 'STOPPED']],
  ['not of one that was begun here', {}, ['RUNNING']],
])(
  'observe: a deployment that is complete at the first poll is asked for stopped tasks: %s',
  async (_, found, asked) => {
    const { world, startedAt } = quietWorld(async () =>
      service([ours({ runningCount: 2, desiredCount: 2, rolloutState: 'COMPLETED' })]),
    );
    const lists: string[] = [];
    const listTasks: WatchWorld['ecs']['listTasks'] = async ({ desiredStatus }) => {
      lists.push(desiredStatus);
      return [];
    };
    const observe = observer({ ...deployment, ...found, startedAt }, { ...world, ecs: { ...world.ecs, listTasks } });
    await observe(undefined);
    expect(lists).toEqual(asked);
  },
);

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
