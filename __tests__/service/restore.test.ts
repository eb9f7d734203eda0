import { Failure, type FailureCode } from '../../src/failure.ts';
import type { DeploymentState, ServiceDeployment, ServiceState, ServiceUpdate } from '../../src/model.ts';
import type { Ecs } from '../../src/ports.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import {
  decideRollback,
  describeRestore,
  type RollbackDecision,
  type RollbackRequest,
  requestStop,
  restore,
  unfinished,
} from '../../src/service/restore.ts';
import { service as made, ours } from '../report/made.ts';

const arn = (n: number): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${n}`;
const failed: Deployment = {
  cluster: 'shop',
  service: 'web',
  id: 'ecs-svc/2',
  taskDefinitionArn: arn(2),
  previousTaskDefinitionArn: arn(1),
  startedAt: 0,
  timeoutSeconds: 60,
  noProgressSeconds: 60,
};
const deployment = (status: string, hooks: ServiceDeployment['hooks'] = []): ServiceDeployment => ({
  arn: 'sd',
  clusterArn: 'shop',
  serviceArn: 'web',
  status,
  createdAt: 0,
  sources: [],
  hooks,
  targetServiceRevisionArn: 'arn:aws:ecs:eu-west-1:123456789012:service-revision/shop/web/2',
});
const primary = (n: number, number = n): DeploymentState =>
  ours({ id: `ecs-svc/${number}`, status: 'PRIMARY', taskDefinitionArn: arn(n), createdAt: 77 });
const denied = (code: FailureCode): Failure => new Failure(code, code);

/** ECS as these answers make it; every call is noted. */
class Fake {
  readonly calls: string[] = [];
  readonly answers: { readonly [verb in keyof Ecs]?: unknown };

  constructor(answers: { readonly [verb in keyof Ecs]?: unknown }) {
    this.answers = answers;
  }

  get ecs(): Ecs {
    return new Proxy({} as Ecs, {
      get:
        (_, verb: keyof Ecs) =>
        async (...args: unknown[]) => {
          this.calls.push(
            [verb, ...args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)))].join(' '),
          );
          const answer = this.answers[verb];
          if (answer instanceof Failure) throw answer;
          return answer;
        },
    });
  }
  restore(change: Partial<RollbackRequest> = {}) {
    const clock = { now: () => 50, sleep: async () => {}, random: () => 0 };
    return restore({ failed, policy: 'roll-back', ...change }, { ecs: this.ecs, clock });
  }
}

describe('a running deployment is ended by ECS', () => {
  test.each(['PENDING', 'IN_PROGRESS'])('%s: stopped, with a rollback', async (status) => {
    const fake = new Fake({});
    expect(await fake.restore({ serviceDeployment: deployment(status) })).toEqual({
      kind: 'restoring',
      deployment: failed,
      to: arn(1),
      by: 'StopServiceDeployment',
    });
    expect(fake.calls).toEqual(['stopServiceDeployment sd ROLLBACK']);
  });

  test('one that waits at a hook is answered there', async () => {
    const hooks = [
      { status: 'AWAITING_ACTION' },
      { id: 'done', status: 'FAILED' },
      { id: 'h', status: 'AWAITING_ACTION' },
    ];
    const fake = new Fake({});
    expect(await requestStop(deployment('IN_PROGRESS', hooks), fake.ecs)).toBe('ContinueServiceDeployment');
    expect(fake.calls).toEqual(['continueServiceDeployment sd h ROLLBACK']);
  });

  test.each(['SUCCESSFUL', 'ROLLBACK_IN_PROGRESS', 'STOPPED'])('%s has nothing to stop', async (status) => {
    const fake = new Fake({});
    expect(await requestStop(deployment(status), fake.ecs)).toBeUndefined();
    expect(fake.calls).toEqual([]);
  });

  test('credentials that ended are reported', async () => {
    const fake = new Fake({ stopServiceDeployment: denied('CREDENTIALS') });
    await expect(requestStop(deployment('IN_PROGRESS'), fake.ecs)).rejects.toMatchObject({ code: 'CREDENTIALS' });
  });

  test.each<[FailureCode, string, string | undefined, number]>([
    ['UNAVAILABLE', 'STOP_REQUESTED', 'StopServiceDeployment', 2],
    ['UNAVAILABLE', 'ROLLBACK_IN_PROGRESS', 'StopServiceDeployment', 2],
    ['UNAVAILABLE', 'NOT_STOP_REQUESTED', undefined, 2],
    ['UNAVAILABLE', 'IN_PROGRESS', undefined, 2],
    ['ACCESS_DENIED', 'STOP_REQUESTED', undefined, 1],
  ])('%s while ECS shows %s', async (code, status, by, calls) => {
    const fake = new Fake({
      stopServiceDeployment: denied(code),
      continueServiceDeployment: denied(code),
      describeServiceDeployments: [deployment(status)],
    });
    expect(await requestStop(deployment('IN_PROGRESS'), fake.ecs)).toBe(by);
    expect(fake.calls).toHaveLength(calls);
    const paused = deployment('IN_PROGRESS', [{ id: 'h', status: 'AWAITING_ACTION' }]);
    expect(await requestStop(paused, fake.ecs)).toBe(by && 'ContinueServiceDeployment');
  });

  test('a lost answer that cannot be looked up is no stop', async () => {
    const fake = new Fake({
      stopServiceDeployment: denied('UNAVAILABLE'),
      describeServiceDeployments: denied('UNAVAILABLE'),
    });
    expect(await requestStop(deployment('IN_PROGRESS'), fake.ecs)).toBeUndefined();
    const none = new Fake({ stopServiceDeployment: denied('UNAVAILABLE'), describeServiceDeployments: [] });
    expect(await requestStop(deployment('IN_PROGRESS'), none.ecs)).toBeUndefined();
  });
});

describe('else the previous revision is deployed again', () => {
  const UPDATE: ServiceUpdate = { cluster: 'shop', service: 'web', taskDefinition: arn(1) };

  test.each<[string, Partial<RollbackRequest>]>([
    ['nothing is known of the service deployment', {}],
    ['the stop was denied', { serviceDeployment: deployment('IN_PROGRESS') }],
  ])('%s', async (_, request) => {
    const fake = new Fake({
      stopServiceDeployment: denied('ACCESS_DENIED'),
      describeServices: [made([primary(2)])],
      updateService: made([primary(1, 3)]),
    });
    expect(await fake.restore(request)).toMatchObject({
      kind: 'restoring',
      by: 'UpdateService',
      deployment: {
        id: 'ecs-svc/3',
        startedAt: 50,
        createdAt: 77,
        taskDefinitionArn: arn(1),
        previousTaskDefinitionArn: arn(2),
      },
    });
    expect(fake.calls.slice(-2)).toEqual(['describeServices shop ["web"]', `updateService ${JSON.stringify(UPDATE)}`]);
  });

  test('an answer without a PRIMARY deployment is dated by our clock', async () => {
    const fake = new Fake({ describeServices: [made([primary(2)])], updateService: made([]) });
    expect(await fake.restore()).toMatchObject({ deployment: { id: 'ecs-svc/2', startedAt: 50, createdAt: 50 } });
  });

  test('a service that is gone is left', async () => {
    const fake = new Fake({ describeServices: [] });
    expect(await fake.restore()).toEqual({ kind: 'leave' });
    expect(fake.calls).toHaveLength(1);
  });
});

test('what needs no look at the service asks nothing', async () => {
  const fake = new Fake({});
  expect(await fake.restore({ policy: 'leave' })).toEqual({ kind: 'leave' });
  expect(await fake.restore({ serviceDeployment: deployment('ROLLBACK_IN_PROGRESS') })).toEqual({
    kind: 'restoring',
    deployment: failed,
    to: arn(1),
    by: 'ECS',
  });
  expect(fake.calls).toEqual([]);
});

test('a newer deployment is left alone, and reported', async () => {
  const fake = new Fake({ describeServices: [made([primary(3)])] });
  expect(await fake.restore()).toEqual({ kind: 'superseded', by: primary(3) });
});

describe('the deployment that is under way', () => {
  test('is the newest that has not ended, forth or back', async () => {
    const fake = new Fake({
      listServiceDeployments: [{ arn: 'sd' }],
      describeServiceDeployments: [deployment('PENDING')],
    });
    expect(await unfinished('shop', 'web', fake.ecs)).toEqual(deployment('PENDING'));
    expect(fake.calls).toEqual([
      'listServiceDeployments {"cluster":"shop","service":"web","statuses":["PENDING","IN_PROGRESS","STOP_REQUESTED","ROLLBACK_REQUESTED","ROLLBACK_IN_PROGRESS"],"limit":1}',
      'describeServiceDeployments ["sd"]',
    ]);
  });

  test('is none where ECS lists none, or IAM or the partition hides it', async () => {
    const none = new Fake({ listServiceDeployments: [] });
    expect(await unfinished('shop', 'web', none.ecs)).toBeUndefined();
    expect(none.calls).toHaveLength(1);
    for (const code of ['ACCESS_DENIED', 'REFUSED'] as const)
      expect(await unfinished('shop', 'web', new Fake({ listServiceDeployments: denied(code) }).ecs)).toBeUndefined();
    await expect(
      unfinished('shop', 'web', new Fake({ listServiceDeployments: denied('UNAVAILABLE') }).ecs),
    ).rejects.toThrow();
  });
});

describe('the decision', () => {
  const { previousTaskDefinitionArn: _, ...first } = failed;

  const of = (status: string, number = 2): ServiceDeployment => ({
    arn: 'sd',
    clusterArn: 'shop',
    serviceArn: 'web',
    status,
    createdAt: 0,
    sources: [],
    hooks: [],
    targetServiceRevisionArn: `arn:aws:ecs:eu-west-1:123456789012:service-revision/shop/web/${number}`,
  });
  const on = (one: DeploymentState): ServiceState => made([one]);

  type Row = readonly [
    situation: string,
    request: Partial<RollbackRequest>,
    service: ServiceState | undefined,
    decision: RollbackDecision,
  ];
  const LEAVE: RollbackDecision = { kind: 'leave' };
  const DEPLOY: RollbackDecision = { kind: 'deploy', taskDefinition: arn(1) };

  test.each<Row>([
    ['it is not wanted', { policy: 'leave' }, on(primary(2)), LEAVE],
    [
      'it is not wanted, though it could be stopped',
      { policy: 'leave', serviceDeployment: of('IN_PROGRESS') },
      undefined,
      LEAVE,
    ],
    ['nothing is known to have run before', { failed: first }, on(primary(2)), { kind: 'nothing-before' }],
    ['nothing ran before, and nobody wants it', { failed: first, policy: 'leave' }, undefined, LEAVE],
    [
      'nothing ran before, and ECS could not roll back',
      { failed: first, policy: 'leave', serviceDeployment: of('ROLLBACK_FAILED') },
      undefined,
      LEAVE,
    ],
    ['ECS was asked to stop', { serviceDeployment: of('STOP_REQUESTED') }, undefined, { kind: 'follow' }],
    ['ECS was asked to roll back', { serviceDeployment: of('ROLLBACK_REQUESTED') }, undefined, { kind: 'follow' }],
    ['ECS rolls back', { serviceDeployment: of('ROLLBACK_IN_PROGRESS') }, undefined, { kind: 'follow' }],
    [
      'it is under way',
      { serviceDeployment: of('IN_PROGRESS') },
      undefined,
      { kind: 'stop', serviceDeployment: of('IN_PROGRESS') },
    ],
    [
      'it has not begun',
      { serviceDeployment: of('PENDING') },
      undefined,
      { kind: 'stop', serviceDeployment: of('PENDING') },
    ],
    [
      'it has ended, and the service is not seen yet',
      { serviceDeployment: of('STOPPED') },
      undefined,
      { kind: 'fetch-service' },
    ],
    ['the service deployment is hidden', {}, undefined, { kind: 'fetch-service' }],
    [
      'what is under way is of another deployment',
      { serviceDeployment: of('IN_PROGRESS', 3) },
      undefined,
      { kind: 'fetch-service' },
    ],
    ['it has ended and is PRIMARY', { serviceDeployment: of('STOPPED') }, on(primary(2)), DEPLOY],
    ['it is PRIMARY', {}, on(primary(2)), DEPLOY],
    ['no deployment is PRIMARY', {}, made([]), DEPLOY],
    ['another one took over', {}, on(primary(3)), { kind: 'superseded', by: primary(3) }],
    ['the same revision was deployed anew', {}, on(primary(2, 5)), { kind: 'superseded', by: primary(2, 5) }],
    ['the previous revision is PRIMARY again', {}, on(primary(1)), { kind: 'follow' }],
    [
      'ECS could not roll back',
      { serviceDeployment: of('ROLLBACK_FAILED') },
      on(primary(1)),
      { kind: 'rollback-failed' },
    ],
    [
      'ECS could not, and nobody wants it',
      { policy: 'leave', serviceDeployment: of('ROLLBACK_FAILED') },
      on(primary(1)),
      { kind: 'rollback-failed' },
    ],
    [
      'ECS could not, and the service is not seen yet',
      { serviceDeployment: of('ROLLBACK_FAILED') },
      undefined,
      { kind: 'fetch-service' },
    ],
    [
      'ECS could not, as another one took over',
      { serviceDeployment: of('ROLLBACK_FAILED') },
      on(primary(3)),
      { kind: 'superseded', by: primary(3) },
    ],
    ["another deployment's rollback failed", { serviceDeployment: of('ROLLBACK_FAILED', 7) }, on(primary(2)), DEPLOY],
  ])('%s', (_situation, request, service, decision) =>
    expect(decideRollback({ failed, policy: 'roll-back', ...request }, service)).toEqual(decision),
  );

  test('once ECS has refused to stop it, it is not asked again', () => {
    const request = { failed, policy: 'roll-back', serviceDeployment: of('IN_PROGRESS') } as const;
    expect(decideRollback(request, on(primary(2)), true)).toEqual(DEPLOY);
  });
});

test.each<[string, Parameters<typeof describeRestore>[0], string | undefined]>([
  [
    'under way',
    { kind: 'restoring', deployment: failed, to: arn(1), by: 'StopServiceDeployment' },
    'ECS is rolling back to web:1 (StopServiceDeployment).',
  ],
  [
    'superseded',
    { kind: 'superseded', by: primary(3) },
    'Nothing was rolled back: ecs-svc/3 with web:3 has taken over.',
  ],
  ['nothing before', { kind: 'nothing-before' }, 'Nothing was rolled back: no revision is known to have run before.'],
  ['failed', { kind: 'rollback-failed' }, 'ECS could not roll back to web:1.'],
  ['not wanted', { kind: 'leave' }, undefined],
])('result of a rollback: %s', (_, result, text) => expect(describeRestore(result, failed)).toBe(text));

test.each(['PENDINGX', 'XPENDING', 'SUCCESSFUL', 'ROLLBACK_REQUESTED'])(
  'a deployment that is %s is not stopped',
  async (status) => {
    const fake = new Fake({});
    expect(await requestStop(deployment(status), fake.ecs)).toBeUndefined();
    expect(fake.calls).toEqual([]);
  },
);
