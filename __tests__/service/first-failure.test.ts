import { Failure } from '../../src/failure.ts';
import type { DeploymentState, ServiceState } from '../../src/model.ts';
import { describeFirstEnd, endFirst, hasFailedFirst, isFirstDeployment } from '../../src/service/first-failure.ts';

const deployment = (createdAt: number, rolloutState: DeploymentState['rolloutState']) =>
  ({ id: `ecs-svc/${createdAt}`, createdAt, rolloutState, status: 'PRIMARY' }) as DeploymentState;

test.each<[string, number | undefined, readonly (readonly [number, DeploymentState['rolloutState']])[], boolean]>([
  ['under way', 100, [[100, 'IN_PROGRESS']], true],
  ['failed', 100, [[101, 'FAILED']], true],
  [
    'replaced by another one before it was complete',
    100,
    [
      [500, 'IN_PROGRESS'],
      [100, 'IN_PROGRESS'],
    ],
    true,
  ],
  ['complete', 100, [[100, 'COMPLETED']], false],
  [
    'complete, and a second one under way',
    100,
    [
      [500, 'IN_PROGRESS'],
      [100, 'COMPLETED'],
    ],
    false,
  ],
  ['gone, and a later one under way', 100, [[500, 'IN_PROGRESS']], false],
  ['of a service of unknown age', undefined, [[100, 'IN_PROGRESS']], false],
  ['not there', 100, [], false],
])('the first deployment, %s', (_, createdAt, deployments, first) => {
  const all = deployments.map(([at, state]) => deployment(at, state));
  expect(isFirstDeployment({ deployments: all, ...(createdAt === undefined ? {} : { createdAt }) })).toBe(first);
});

test.each<[number, string | undefined, boolean]>([
  [0, 'web:1', true],
  [0, 'web:2', false],
  [0, '', false],
  [0, undefined, false],
  [2, 'web:1', false],
])(
  'a service with %s tasks wanted, that web:1 is of and the tag says %s: failed at first %s',
  (desiredCount, value, failed) => {
    const taskDefinitionArn = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1';
    const tags = value === undefined ? [] : [{ key: 'ecs-rollout:first-failure', value }];
    expect(hasFailedFirst({ desiredCount, taskDefinitionArn }, tags)).toBe(failed);
  },
);

describe('the end of a first deployment', () => {
  const FAILED = { cluster: 'c', service: 'web', id: 'ecs-svc/1', taskDefinitionArn: 'arn:x/web:1' };
  const state = (id: string, more: Partial<ServiceState> = {}) =>
    ({
      arn: 'arn:service',
      deployments: [{ ...deployment(1, 'IN_PROGRESS'), id, taskDefinitionArn: 'arn:x/web:2' }],
      schedulingStrategy: 'REPLICA',
      ...more,
    }) as ServiceState;
  const denied = new Failure('ACCESS_DENIED', 'not authorized.');
  const ecs = (calls: string[], { id = 'ecs-svc/1', more = {}, refuses = [] as readonly string[] } = {}) => {
    const call =
      <T>(name: string, answer: T) =>
      async (): Promise<T> => {
        calls.push(name);
        if (refuses.includes(name)) throw denied;
        return answer;
      };
    return {
      describeServices: call('describe', [state(id, more)]),
      updateService: call('update', state(id)),
      deleteService: call('delete', state(id)),
      deleteExpressService: call('delete-express', undefined),
      tagResource: call('tag', undefined),
    };
  };

  test.each([
    [
      'scale-to-zero',
      {},
      ['describe', 'update', 'tag'],
      /^web was scaled to 0 tasks: .* nothing to roll back to\. The next deployment starts it with the desired count of its service definition\.$/,
    ],
    [
      'scale-to-zero',
      { refuses: ['tag'] },
      ['describe', 'update', 'tag'],
      /could not be marked \(not authorized\): set `desired-count`/,
    ],
    ['delete', {}, ['describe', 'delete'], /^web was deleted/],
    ['delete', { refuses: ['delete'] }, ['describe', 'delete', 'update', 'tag'], /^web was scaled to 0 tasks/],
    ['delete', { id: 'ecs-svc/2' }, ['describe'], /left as it is: ecs-svc\/2 with web:2 has taken over/],
  ] as const)('%s, %j', async (policy, how, expected, words) => {
    const calls: string[] = [];
    const end = await endFirst(FAILED, policy, ecs(calls, how));
    expect(calls).toEqual(expected);
    expect(describeFirstEnd(end, 'web')).toMatch(words);
  });

  test('a daemon that may not be deleted has no other end', async () => {
    const how = { more: { schedulingStrategy: 'DAEMON' as const }, refuses: ['delete'] };
    await expect(endFirst(FAILED, 'delete', ecs([], how))).rejects.toBe(denied);
  });

  test('an Express Mode service is deleted by its own call, and has no other end either', async () => {
    const calls: string[] = [];
    const more = { express: true as const, arn: 'arn:aws:ecs:r:1:service/default/web' };
    const end = await endFirst(FAILED, 'delete', ecs(calls, { more }));
    expect(calls).toEqual(['describe', 'delete-express']);
    expect(describeFirstEnd(end, 'web')).toMatch(/an Express Mode service cannot be scaled to 0/);
    await expect(endFirst(FAILED, 'delete', ecs([], { more, refuses: ['delete-express'] }))).rejects.toBe(denied);
  });
});

test('the tag of a first failure is found by its key', () => {
  const taskDefinitionArn = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1';
  expect(hasFailedFirst({ desiredCount: 0, taskDefinitionArn }, [{ key: 'other', value: 'web:1' }])).toBe(false);
  const tags = [
    { key: 'other', value: 'x' },
    { key: 'ecs-rollout:first-failure', value: 'web:1' },
  ];
  expect(hasFailedFirst({ desiredCount: 0, taskDefinitionArn }, tags)).toBe(true);
  // A revision without a name is not the one of a service without a tag.
  expect(hasFailedFirst({ desiredCount: 0, taskDefinitionArn: '' }, [])).toBe(false);
});

describe('what is sent at the end of a first deployment', () => {
  const FAILED = { cluster: 'c', service: 'web', id: 'ecs-svc/1', taskDefinitionArn: 'arn:x/web:1' };
  const now = (schedulingStrategy: 'REPLICA' | 'DAEMON') =>
    ({
      arn: 'arn:service',
      schedulingStrategy,
      deployments: [{ ...deployment(1, 'IN_PROGRESS'), id: 'ecs-svc/1', taskDefinitionArn: 'arn:x/web:1' }],
    }) as unknown as ServiceState;
  const made = (service: ServiceState, deleteService: () => Promise<ServiceState>) => {
    const sent: unknown[] = [];
    return {
      sent,
      describeServices: async () => [service],
      updateService: async (update: unknown) => {
        sent.push(update);
        return service;
      },
      deleteService,
      deleteExpressService: async () => {},
      tagResource: async (...given: unknown[]) => void sent.push(given),
    };
  };
  test('the count of 0, and the tag with the revision', async () => {
    const ecs = made(now('REPLICA'), async () => now('REPLICA'));
    expect(await endFirst(FAILED, 'scale-to-zero', ecs)).toMatchObject({ kind: 'scaled-to-zero' });
    expect(ecs.sent).toEqual([
      { cluster: 'c', service: 'web', desiredCount: 0 },
      ['arn:service', [{ key: 'ecs-rollout:first-failure', value: 'web:1' }]],
    ]);
  });
  test('another refusal of the deletion than a denial ends the run', async () => {
    const busy = new Failure('CONFLICT', 'busy');
    const ecs = made(now('REPLICA'), async () => {
      throw busy;
    });
    await expect(endFirst(FAILED, 'delete', ecs)).rejects.toBe(busy);
    expect(ecs.sent).toEqual([]);
  });
});
