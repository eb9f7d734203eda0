import { Failure } from '../../src/failure.ts';
import type { WatchInputs } from '../../src/inputs/types.ts';
import type { DeploymentState, ServiceState } from '../../src/model.ts';
import { apply } from '../../src/service/apply.ts';
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

describe('an answer to UpdateService that got lost', () => {
  const limits = { timeoutSeconds: 60, noProgressSeconds: 60, logLines: 0 } as WatchInputs;
  const before = made([deployment(1, { status: 'PRIMARY' })]);
  const lost = (code: 'UNAVAILABLE' | 'THROTTLED', now: ServiceState[]) => ({
    clock: { now: () => NOW + 1000, sleep: async () => {}, random: () => 0 },
    ecs: {
      updateService: async () => Promise.reject(new Failure(code, 'lost')),
      updateExpressService: async () => Promise.reject(new Failure(code, 'lost')),
      describeServices: async () => now,
    },
  });

  test('is read off the service, where a deployment started', async () => {
    const now = made([deployment(2, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }), deployment(1)]);
    const begun = await apply(
      { cluster: 'c', service: 'web', taskDefinition: arn(2) },
      { before, limits },
      lost('UNAVAILABLE', [now]),
    );
    expect(begun).toMatchObject({ id: 'ecs-svc/2', taskDefinitionArn: arn(2), previousTaskDefinitionArn: arn(1) });
  });

  test.each<[string, ServiceState[]]>([
    ['no deployment started', [before]],
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
