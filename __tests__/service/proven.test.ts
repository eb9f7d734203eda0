import { serviceEvent } from '../../src/adapters/ecs-events.ts';
import { Failure } from '../../src/failure.ts';
import type { WatchInputs } from '../../src/inputs/types.ts';
import type { DeploymentState, ServiceState } from '../../src/model.ts';
import { apply } from '../../src/service/apply.ts';
import { planChange } from '../../src/service/change.ts';
import { provenRevision } from '../../src/service/deployment.ts';
import { service as made } from '../report/made.ts';

const arn = (n: number): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${n}`;
const NOW = 1_800_000_000;
const deployment = (n: number, more: Partial<DeploymentState> = {}): DeploymentState => ({
  id: `ecs-svc/${n}`,
  status: 'ACTIVE',
  taskDefinitionArn: arn(n),
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  failedTasks: 0,
  rolloutState: 'COMPLETED',
  createdAt: NOW + n * 100,
  updatedAt: NOW + n * 100,
  ...more,
});
const event = (message: string) => serviceEvent({ id: message, at: NOW, message });

test.each<[string, Pick<ServiceState, 'deployments' | 'events' | 'createdAt'>, string | undefined]>([
  ['no deployment at all', { deployments: [], events: [] }, undefined],
  ['a completed PRIMARY', { deployments: [deployment(1, { status: 'PRIMARY' })], events: [] }, arn(1)],
  [
    'the completed one beside a PRIMARY that is under way',
    { deployments: [deployment(3, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }), deployment(2)], events: [] },
    arn(2),
  ],
  [
    'the completed one beside a PRIMARY that has failed',
    { deployments: [deployment(3, { status: 'PRIMARY', rolloutState: 'FAILED' }), deployment(2)], events: [] },
    arn(2),
  ],
  [
    'not one that is under way or failed, though it runs tasks',
    {
      deployments: [
        deployment(3, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }),
        deployment(2, { rolloutState: 'FAILED' }),
      ],
      events: [],
    },
    undefined,
  ],
  ['the newest of several completed', { deployments: [deployment(1), deployment(2)], events: [] }, arn(2)],
  [
    'the PRIMARY before a newer one, which ECS has rolled back',
    { deployments: [deployment(2), deployment(1, { status: 'PRIMARY' })], events: [] },
    arn(1),
  ],
  [
    'one that runs tasks before one that runs none',
    { deployments: [deployment(2, { status: 'PRIMARY', runningCount: 0 }), deployment(1)], events: [] },
    arn(1),
  ],
  [
    'what ECS rolls back to at this moment',
    {
      deployments: [
        deployment(1, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', runningCount: 0 }),
        deployment(2, { rolloutState: 'FAILED' }),
      ],
      events: [],
    },
    arn(1),
  ],
  [
    'not what ECS rolls back to in vain',
    {
      deployments: [
        deployment(1, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', failedTasks: 1 }),
        deployment(2, { rolloutState: 'FAILED' }),
      ],
      events: [],
    },
    undefined,
  ],
  [
    'one that was scaled to 0',
    { deployments: [deployment(2, { runningCount: 0, desiredCount: 0 })], events: [], createdAt: NOW },
    arn(2),
  ],
  [
    'not what the service was created with, where it never started a task',
    { deployments: [deployment(1, { runningCount: 0 })], events: [event('steady')], createdAt: NOW + 95 },
    undefined,
  ],
  [
    'one that was deployed later, as its own first deployment is forgotten',
    { deployments: [deployment(1, { runningCount: 0 })], events: [], createdAt: NOW + 94 },
    arn(1),
  ],
  [
    'what the service was created with, where it did start tasks',
    {
      deployments: [deployment(1, { runningCount: 0 })],
      events: [event('(service web) has started 1 tasks: (task 1).')],
      createdAt: NOW + 100,
    },
    arn(1),
  ],
  [
    'what the service was created with, where it runs tasks',
    { deployments: [deployment(1, { runningCount: 1 })], events: [], createdAt: NOW + 100 },
    arn(1),
  ],
])('known to have run: %s', (_, service, proven) => expect(provenRevision(service)).toBe(proven));

describe('an answer to UpdateService that got lost', () => {
  const limits = { timeoutSeconds: 60, noProgressSeconds: 60, logLines: 0 } as WatchInputs;
  const before = made([deployment(1, { status: 'PRIMARY' })]);
  const lost = (code: 'UNAVAILABLE' | 'THROTTLED', now: ServiceState[]) => ({
    clock: { now: () => NOW + 1000, sleep: async () => {}, random: () => 0 },
    ecs: {
      updateService: async () => Promise.reject(new Failure(code, 'lost')),
      describeServices: async () => now,
    },
  });

  test('is read off the service, where a deployment began', async () => {
    const now = made([deployment(2, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }), deployment(1)]);
    const begun = await apply(
      { cluster: 'c', service: 'web', taskDefinition: arn(2) },
      { before, limits },
      lost('UNAVAILABLE', [now]),
    );
    expect(begun).toMatchObject({ id: 'ecs-svc/2', taskDefinitionArn: arn(2), previousTaskDefinitionArn: arn(1) });
  });

  test.each<[string, ServiceState[]]>([
    ['no deployment began', [before]],
    ['the service is gone', []],
    ['it has no PRIMARY', [made([deployment(2)])]],
  ])('stays an error where %s', async (_, now) => {
    await expect(apply({ cluster: 'c', service: 'web' }, { before, limits }, lost('UNAVAILABLE', now))).rejects.toThrow(
      'lost',
    );
  });

  test('of another error nothing is read off', async () => {
    const now = made([deployment(2, { status: 'PRIMARY' }), deployment(1)]);
    await expect(apply({ cluster: 'c', service: 'web' }, { before, limits }, lost('THROTTLED', [now]))).rejects.toThrow(
      'lost',
    );
  });
});

describe('the change', () => {
  const inputs = { cluster: 'c', service: 'web', forceNewDeployment: false } as never as Parameters<
    typeof planChange
  >[0];
  const state = (more: Partial<ServiceState> = {}): ServiceState => ({
    ...made([deployment(1, { status: 'PRIMARY' })]),
    ...more,
  });

  test("keeps the service's own threshold of the circuit breaker", () => {
    const circuitBreaker = { enable: true, rollback: false, threshold: { type: 'COUNT', value: 7 } };
    const { update } = planChange(
      { ...inputs, circuitBreaker: { enable: true, rollback: true } },
      arn(1),
      state({ circuitBreaker }),
    );
    expect(update?.deploymentConfiguration).toEqual({
      deploymentCircuitBreaker: {
        enable: true,
        rollback: true,
        thresholdConfiguration: { type: 'COUNT', value: 7 },
      },
    });
  });

  test.each([
    ['the same revision', 1, 'COMPLETED', undefined],
    ['the same revision, under way', 1, 'IN_PROGRESS', undefined],
    ['the same revision, failed', 1, 'FAILED', { taskDefinition: arn(1), forceNewDeployment: true }],
    ['another revision', 2, 'FAILED', { taskDefinition: arn(2) }],
  ] as const)('%s', (_, next, rolloutState, update) => {
    const service = state({ deployments: [deployment(1, { status: 'PRIMARY', rolloutState })] });
    const { cluster: _c, service: _s, ...rest } = { ...planChange(inputs, arn(next), service).update };
    expect(rest).toEqual(update ?? {});
  });
});
