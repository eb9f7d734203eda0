/** What a deployment moves and suspends beside ECS: EventBridge rules, EventBridge Scheduler, Application Auto Scaling. */
import type { Input, Output, Scope } from '../account.ts';
import { absent, empty, type Pattern } from '../pattern.ts';
import { type Call, call, type Documented, type Row } from '../row.ts';
import { fargate, idleService, register } from '../world.ts';

const ok = (pattern: Pattern): Documented => ({ ok: pattern });
/** The page of a row is that of its operation. */
const of =
  (reference: string, prefix: string) =>
  <C = undefined>(row: Omit<Call<C>, 'page'>): Row =>
    call({ ...row, page: `${reference}/API_${row.operation.split(':')[1]}.html`, id: `${prefix}/${row.id}` });

/** The stack's cluster, by ARN: in the account and Region of the revision. */
const clusterOf = (scope: Scope, revision: string): string =>
  revision.replace(/:task-definition\/.*$/, `:cluster/${scope.output('Cluster')}`);

// ---- EventBridge

const events = of('https://docs.aws.amazon.com/eventbridge/latest/APIReference', 'events');
/** A rule that starts nothing. */
const rule = ({ name }: Scope, more: Input = {}): Input => ({
  Name: name,
  ScheduleExpression: 'rate(1 day)',
  State: 'DISABLED',
  ...more,
});
const newRule = (scope: Scope): Promise<Output> => scope.need('events:PutRule', rule(scope));
const target = (scope: Scope, revision: string, more: Input = {}): Input => ({
  Id: 'one',
  Arn: clusterOf(scope, revision),
  RoleArn: scope.output('ScheduleRole'),
  EcsParameters: { TaskDefinitionArn: revision },
  ...more,
});
const revisionAndRule = async (scope: Scope): Promise<string> => {
  const revision = await register(scope, fargate(scope.name));
  await newRule(scope);
  return revision;
};
const putTarget = (scope: Scope, revision: string, more: Input = {}): Promise<Output> =>
  scope.need('events:PutTargets', { Rule: scope.name, Targets: [target(scope, revision, more)] });

const EVENTS: readonly Row[] = [
  events({
    id: 'rule/schedule',
    rule: 'A rule has a schedule, and is answered by its ARN.',
    operation: 'events:PutRule',
    request: (scope) => rule(scope),
    documented: ok({ RuleArn: /:rule\// }),
  }),
  events({
    id: 'rule/neither',
    rule: 'A rule has an event pattern, a schedule or both.',
    operation: 'events:PutRule',
    request: ({ name }) => ({ Name: name }),
    documented: { refused: 'ValidationException', words: /EventPattern or ScheduleExpression must be specified/ },
  }),
  events({
    id: 'rule/no-expression',
    rule: 'A schedule is a rate or cron expression.',
    operation: 'events:PutRule',
    request: (scope) => rule(scope, { ScheduleExpression: 'every day' }),
    documented: { refused: 'ValidationException', words: /ScheduleExpression is not valid/ },
  }),
  events({
    id: 'rule/unknown',
    rule: 'An unknown rule is a ResourceNotFoundException.',
    operation: 'events:DescribeRule',
    request: ({ name }) => ({ Name: name }),
    documented: { refused: 'ResourceNotFoundException', words: /does not exist/ },
  }),
  events({
    id: 'targets/none',
    rule: 'A rule without targets has an empty list of them.',
    operation: 'events:ListTargetsByRule',
    before: newRule,
    request: ({ name }) => ({ Rule: name }),
    documented: ok({ Targets: [] }),
  }),
  events({
    id: 'targets/task',
    rule: 'Targets that were added fail in the answer, not by an exception.',
    needs: ['Cluster', 'ScheduleRole'],
    operation: 'events:PutTargets',
    before: revisionAndRule,
    request: (scope, revision) => ({ Rule: scope.name, Targets: [target(scope, revision)] }),
    documented: ok({ FailedEntryCount: 0, FailedEntries: empty }),
  }),
  events({
    id: 'targets/replaced',
    rule: 'A target that exists already is replaced whole: what is not sent again is gone.',
    needs: ['Cluster', 'ScheduleRole'],
    operation: 'events:ListTargetsByRule',
    before: async (scope) => {
      const revision = await revisionAndRule(scope);
      await putTarget(scope, revision, { Input: '{}' });
      return putTarget(scope, revision);
    },
    request: ({ name }) => ({ Rule: name }),
    documented: ok({ Targets: [{ Id: 'one', Input: absent }] }),
  }),
  events({
    id: 'targets/of-unknown-rule',
    rule: 'Targets are added to a rule that exists.',
    needs: ['Cluster', 'ScheduleRole'],
    operation: 'events:PutTargets',
    before: (scope) => register(scope, fargate(scope.name)),
    request: (scope, revision) => ({ Rule: scope.name, Targets: [target(scope, revision)] }),
    documented: { refused: 'ResourceNotFoundException', words: /does not exist/ },
  }),
  events({
    id: 'rule/delete-with-targets',
    rule: 'Before a rule is deleted, its targets are removed.',
    needs: ['Cluster', 'ScheduleRole'],
    operation: 'events:DeleteRule',
    before: async (scope) => putTarget(scope, await revisionAndRule(scope)),
    request: ({ name }) => ({ Name: name }),
    documented: { refused: 'ValidationException', words: /has targets/ },
  }),
];

// ---- EventBridge Scheduler

const scheduler = of('https://docs.aws.amazon.com/scheduler/latest/APIReference', 'scheduler');
/** A schedule that is due in another century. */
const schedule = (scope: Scope, revision: string, more: Input = {}): Input => ({
  Name: scope.name,
  ScheduleExpression: 'at(2099-01-01T00:00:00)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: clusterOf(scope, revision),
    RoleArn: scope.output('ScheduleRole'),
    EcsParameters: { TaskDefinitionArn: revision },
  },
  ...more,
});
const newRevision = (scope: Scope): Promise<string> => register(scope, fargate(scope.name));
const newSchedule = async (scope: Scope, more: Input = {}): Promise<string> => {
  const revision = await newRevision(scope);
  await scope.need('scheduler:CreateSchedule', schedule(scope, revision, more));
  return revision;
};

const SCHEDULER: readonly Row[] = [
  scheduler({
    id: 'schedule/task',
    rule: 'A schedule is answered by its ARN, in the group default where none is named.',
    needs: ['Cluster', 'ScheduleRole'],
    operation: 'scheduler:CreateSchedule',
    before: newRevision,
    request: schedule,
    documented: ok({ ScheduleArn: /:schedule\/default\// }),
  }),
  scheduler({
    id: 'schedule/twice',
    rule: 'A name is given once in a group.',
    needs: ['Cluster', 'ScheduleRole'],
    operation: 'scheduler:CreateSchedule',
    before: (scope) => newSchedule(scope),
    request: schedule,
    documented: { refused: 'ConflictException' },
  }),
  scheduler({
    id: 'schedule/no-expression',
    rule: 'A schedule is an at, rate or cron expression.',
    needs: ['Cluster', 'ScheduleRole'],
    operation: 'scheduler:CreateSchedule',
    before: newRevision,
    request: (scope, revision) => schedule(scope, revision, { ScheduleExpression: 'every day' }),
    documented: { refused: 'ValidationException' },
  }),
  scheduler({
    id: 'schedule/overwritten',
    rule: 'An update overwrites the whole schedule: what is not sent takes its default, such as ENABLED.',
    needs: ['Cluster', 'ScheduleRole'],
    operation: 'scheduler:GetSchedule',
    before: async (scope) => {
      const revision = await newSchedule(scope, { State: 'DISABLED', Description: 'conformance' });
      return scope.need('scheduler:UpdateSchedule', schedule(scope, revision));
    },
    request: ({ name }) => ({ Name: name }),
    documented: ok({ State: 'ENABLED', Description: absent, GroupName: 'default' }),
  }),
  scheduler({
    id: 'schedule/unknown',
    rule: 'An unknown schedule is a ResourceNotFoundException.',
    operation: 'scheduler:GetSchedule',
    request: ({ name }) => ({ Name: name }),
    documented: { refused: 'ResourceNotFoundException' },
  }),
  scheduler({
    id: 'schedule/delete-unknown',
    rule: 'An unknown schedule cannot be deleted.',
    operation: 'scheduler:DeleteSchedule',
    request: ({ name }) => ({ Name: name }),
    documented: { refused: 'ResourceNotFoundException' },
  }),
];

// ---- Application Auto Scaling

const autoscaling = of('https://docs.aws.amazon.com/autoscaling/application/APIReference', 'autoscaling');
const dimension = (scope: Scope): Input => ({
  ServiceNamespace: 'ecs',
  ScalableDimension: 'ecs:service:DesiredCount',
  ResourceId: `service/${scope.output('Cluster')}/${scope.name}`,
});
/** From 0 tasks on: the service that has none stays as it is. */
const capacity = (scope: Scope, more: Input = {}): Input => ({
  ...dimension(scope),
  MinCapacity: 0,
  MaxCapacity: 2,
  ...more,
});
const SERVICE = ['Cluster', 'Subnets', 'SecurityGroup'] as const;
const newService = (scope: Scope): Promise<Output> => idleService(scope);
const SUSPENDED = { DynamicScalingInSuspended: true };
const ofResource = (scope: Scope): Input => {
  const { ResourceId, ...rest } = dimension(scope);
  return { ...rest, ResourceIds: [ResourceId] };
};

const AUTOSCALING: readonly Row[] = [
  autoscaling({
    id: 'target/registered',
    rule: 'A scalable target is answered by its ARN.',
    needs: SERVICE,
    operation: 'autoscaling:RegisterScalableTarget',
    before: newService,
    request: (scope) => capacity(scope),
    documented: ok({ ScalableTargetARN: /:scalable-target\// }),
  }),
  autoscaling({
    id: 'target/without-capacity',
    rule: 'A new scalable target has a minimum and a maximum capacity.',
    needs: SERVICE,
    operation: 'autoscaling:RegisterScalableTarget',
    before: newService,
    request: dimension,
    documented: { refused: 'ValidationException' },
  }),
  autoscaling({
    id: 'target/minimum-above-maximum',
    rule: 'The maximum capacity is not below the minimum.',
    needs: SERVICE,
    operation: 'autoscaling:RegisterScalableTarget',
    before: newService,
    request: (scope) => capacity(scope, { MinCapacity: 3 }),
    documented: { refused: 'ValidationException', words: /^Maximum capacity cannot be less than minimum capacity/ },
  }),
  autoscaling({
    id: 'target/unknown-service',
    rule: 'A scalable target is of a service that exists.',
    needs: ['Cluster'],
    operation: 'autoscaling:RegisterScalableTarget',
    request: (scope) => capacity(scope),
    documented: { refused: 'ValidationException', words: /^ECS service doesn't exist/ },
  }),
  autoscaling({
    id: 'target/keeps',
    rule: 'What is not sent again of a scalable target stays: its capacity, and what is suspended.',
    needs: SERVICE,
    operation: 'autoscaling:DescribeScalableTargets',
    before: async (scope) => {
      await newService(scope);
      await scope.need('autoscaling:RegisterScalableTarget', capacity(scope, { SuspendedState: SUSPENDED }));
      return scope.need('autoscaling:RegisterScalableTarget', { ...dimension(scope), MaxCapacity: 3 });
    },
    request: ofResource,
    documented: ok({ ScalableTargets: [{ MinCapacity: 0, MaxCapacity: 3, SuspendedState: SUSPENDED }] }),
  }),
  autoscaling({
    id: 'target/none',
    rule: 'A service that is not registered has no scalable target.',
    needs: ['Cluster'],
    operation: 'autoscaling:DescribeScalableTargets',
    request: ofResource,
    documented: ok({ ScalableTargets: [] }),
  }),
  autoscaling({
    id: 'target/deregister-unknown',
    rule: 'What is not registered is an ObjectNotFoundException.',
    needs: ['Cluster'],
    operation: 'autoscaling:DeregisterScalableTarget',
    request: dimension,
    documented: { refused: 'ObjectNotFoundException' },
  }),
];

export const EVENT_ROWS: readonly Row[] = [...EVENTS, ...SCHEDULER, ...AUTOSCALING];
