import type { DeploymentState, ServiceDeployment, ServiceState } from '../../src/model.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import { decideRollback, type RollbackDecision, type RollbackRequest } from '../../src/service/restore.ts';
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
const primary = (n: number, number = n): DeploymentState =>
  ours({ id: `ecs-svc/${number}`, status: 'PRIMARY', taskDefinitionArn: arn(n) });
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
