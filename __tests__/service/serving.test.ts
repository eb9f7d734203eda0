import type { DeploymentState, ServiceDeployment, ServiceState } from '../../src/model.ts';
import { withServing } from '../../src/outcome.ts';
import { conditionOf, servingIn, servingOf, servingText } from '../../src/service/serving.ts';
import type { Snapshot } from '../../src/watch/snapshot.ts';
import { service as made, old, ours, task } from '../report/made.ts';

const arn = (n: number): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${n}`;
const one = (n: number, runningCount: number, more: Partial<DeploymentState> = {}): DeploymentState =>
  ours({ id: `ecs-svc/${n}`, taskDefinitionArn: arn(n), runningCount, status: 'ACTIVE', createdAt: n, ...more });
const service = (deployments: DeploymentState[], more: Partial<ServiceState> = {}): ServiceState =>
  made(deployments, { desiredCount: 4, ...more });

const counts = (n: number, trafficPercent?: number) => ({
  arn: `arn:aws:ecs:eu-west-1:123456789012:service-revision/shop/web/${n}`,
  requested: 4,
  running: 4,
  pending: 0,
  ...(trafficPercent === undefined ? {} : { trafficPercent }),
});
const weighed = (blue?: number, green?: number): { serviceDeployment: ServiceDeployment } => ({
  serviceDeployment: {
    arn: 'sd',
    clusterArn: 'shop',
    serviceArn: 'web',
    status: 'IN_PROGRESS',
    createdAt: 0,
    hooks: [],
    sources: [counts(1, blue)],
    target: counts(2, green),
  },
});
const BLUE = one(1, 4, { rolloutState: 'COMPLETED' });
const GREEN = one(2, 4, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' });
const canary = (deployments = [GREEN, BLUE]): ServiceState => service(deployments, { strategy: 'CANARY' });

test.each<[string, ReturnType<typeof servingOf>, string]>([
  ['all tasks', servingOf(service([one(1, 4)])), 'web:1 serves: 4 of 4'],
  ['some', servingOf(service([one(1, 3)])), 'web:1 serves: 3 of 4'],
  ['none', servingOf(service([one(2, 0)])), 'nothing serves: 0 of 4'],
  ['no deployment', servingOf(service([])), 'nothing serves: 0 of 4'],
  ['none is wanted', servingOf(service([one(1, 0)], { desiredCount: 0 })), 'nothing serves: 0 of 0'],
  [
    'in the middle of a rolling update',
    servingOf(service([one(2, 1), one(1, 3)])),
    'web:1 serves: 3 of 4, web:2: 1 of 4',
  ],
  [
    'more than are wanted',
    servingOf(service([one(2, 2), one(1, 4)])),
    'web:1 serves: 4 of 4, web:2: 2 of 4 (6 in all)',
  ],
  [
    'two deployments of one revision',
    servingOf(service([one(3, 1, { taskDefinitionArn: arn(1) }), one(1, 3)])),
    'web:1 serves: 4 of 4',
  ],
  [
    'tasks that are not healthy',
    servingOf(service([one(2, 2), one(1, 3)]), { notServing: { deployment: 'ecs-svc/2', tasks: 2 } }),
    'web:1 serves: 3 of 4',
  ],
  [
    'more tasks that are not healthy than ECS counts',
    servingOf(service([one(2, 1)]), { notServing: { deployment: 'ecs-svc/2', tasks: 2 } }),
    'nothing serves: 0 of 4',
  ],
  [
    'a daemon: what its deployment wants',
    servingOf(
      service([one(1, 3, { status: 'PRIMARY', desiredCount: 3 })], { schedulingStrategy: 'DAEMON', desiredCount: 0 }),
    ),
    'web:1 serves: 3 of 3',
  ],
  ['before traffic moves', servingOf(canary(), weighed(100, 0)), 'web:1 serves: 4 of 4'],
  [
    'while traffic is divided',
    servingOf(canary(), weighed(90, 10)),
    'web:2 serves: 4 of 4 with 10 % of the traffic, web:1: 4 of 4 with 90 % of the traffic (8 in all)',
  ],
  ['after traffic has moved', servingOf(canary(), weighed(0, 100)), 'web:2 serves: 4 of 4'],
  ['weights are hidden', servingOf(canary()), 'web:1 serves: 4 of 4'],
  ['weights are not told', servingOf(canary(), weighed()), 'web:1 serves: 4 of 4'],
  [
    'weights are hidden, and both are complete',
    servingOf(canary([{ ...GREEN, rolloutState: 'COMPLETED' }, BLUE])),
    'web:2 serves: 4 of 4',
  ],
  ['weights are hidden, and none is complete', servingOf(canary([GREEN])), 'web:2 serves: 4 of 4'],
])('%s', (_, serving, text) => expect(servingText(serving)).toBe(text));

describe('of the last snapshot', () => {
  const snapshot = (
    deployment: DeploymentState,
    tasks: Snapshot['tasks'],
    health: Snapshot['targetHealth'] = new Map(),
  ) => ({ service: service([deployment]), tasks, targetHealth: health }) as unknown as Snapshot;
  const failing = one(2, 2, { rolloutState: 'IN_PROGRESS' });
  test.each<[string, Snapshot, number]>([
    ['tasks that run', snapshot(failing, [task('a', 'RUNNING'), task('b', 'RUNNING')]), 2],
    [
      'unhealthy containers',
      snapshot(failing, [task('a', 'RUNNING', { healthStatus: 'UNHEALTHY' }), task('b', 'RUNNING')]),
      1,
    ],
    ['told to stop', snapshot(failing, [task('a', 'RUNNING', { desiredStatus: 'STOPPED' })]), 1],
    ['unhealthy targets', snapshot(failing, [task('a', 'RUNNING')], new Map([['a', { state: 'unhealthy' }]])), 1],
    ['targets that are new', snapshot(failing, [task('a', 'RUNNING')], new Map([['a', { state: 'initial' }]])), 2],
    ['tasks that do not run', snapshot(failing, [task('a', 'PENDING', { healthStatus: 'UNHEALTHY' })]), 2],
    [
      'ECS has completed it since',
      snapshot({ ...failing, rolloutState: 'COMPLETED' }, [task('a', 'RUNNING', { healthStatus: 'UNHEALTHY' })]),
      2,
    ],
  ])('%s', (_, seen, running) => expect(servingIn(seen, { id: 'ecs-svc/2' }).running).toBe(running));
});

test('it is the last sentence of the headline', () => {
  const outcome = {
    kind: 'failed',
    headline: 'It failed.',
    differences: [],
    diagnoses: [],
    warnings: [],
    timeline: [],
  } as const;
  expect(withServing(outcome, servingOf(service([one(1, 4)])))).toMatchObject({
    headline: 'It failed. Now web:1 serves: 4 of 4.',
    serving: { running: 4, desired: 4, revisions: [{ taskDefinitionArn: arn(1), running: 4 }] },
  });
});

test.each([
  ['all run', {}, 'COMPLETED', 'steady'],
  [
    'a daemon without instances',
    { desiredCount: 0, runningCount: 0, schedulingStrategy: 'DAEMON' },
    'COMPLETED',
    'steady',
  ],
  ['none is wanted', { desiredCount: 0, runningCount: 0 }, 'COMPLETED', 'stopped'],
  ['one is missing', { runningCount: 1 }, 'COMPLETED', 'short'],
  ['under way', { runningCount: 1 }, 'IN_PROGRESS', 'deploying'],
  ['failed, with all tasks of before', {}, 'FAILED', 'failed'],
  ['a controller without a state', {}, undefined, 'steady'],
  ['being deleted', { status: 'DRAINING' }, 'COMPLETED', 'gone'],
  ['deleted', { status: 'INACTIVE', desiredCount: 0 }, 'COMPLETED', 'gone'],
] as const)('%s', (_, change, rolloutState, condition) => {
  const primary = { ...old(2), status: 'PRIMARY', rolloutState };
  expect(conditionOf(made([primary as never], { desiredCount: 2, runningCount: 2, ...change }))).toBe(condition);
});
