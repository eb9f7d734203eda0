import type { Simulator } from '../../simulator/simulator.ts';
import { ACCOUNT, REGION } from '../../simulator/simulator.ts';

type Given = Readonly<Record<string, unknown>>;

export const CLUSTER = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/default`;
export const SCHEDULE_ROLE = `arn:aws:iam::${ACCOUNT}:role/run-tasks`;
export const definitionArn = (revision: string): string =>
  `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${revision}`;

/** A schedule of EventBridge Scheduler that runs a revision in the default cluster. */
export async function addSchedule(
  { eventBridgeScheduler, context }: Simulator,
  name: string,
  revision = 'web:1',
  { target = {}, ...given }: Given = {},
): Promise<void> {
  const ecs = { TaskDefinitionArn: definitionArn(revision), TaskCount: 1, LaunchType: 'FARGATE' };
  await eventBridgeScheduler.handle(
    'CreateSchedule',
    {
      Name: name,
      ScheduleExpression: 'cron(0 3 * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: CLUSTER, RoleArn: SCHEDULE_ROLE, EcsParameters: ecs, ...(target as Given) },
      ...given,
    },
    context,
  );
}

export const ecsTarget = (id: string, revision: string, more: Given = {}): Given => ({
  Id: id,
  Arn: CLUSTER,
  RoleArn: SCHEDULE_ROLE,
  EcsParameters: { TaskDefinitionArn: definitionArn(revision), TaskCount: 1, LaunchType: 'FARGATE' },
  ...more,
});

/** A rule of EventBridge with these targets. */
export async function addRule(
  { eventBridge, context }: Simulator,
  name: string,
  targets: readonly Given[] = [ecsTarget('one', 'web:1')],
  given: Given = {},
): Promise<void> {
  await eventBridge.handle('PutRule', { Name: name, ScheduleExpression: 'rate(1 hour)', ...given }, context);
  const { EventBusName } = given;
  await eventBridge.handle(
    'PutTargets',
    { Rule: name, Targets: targets, ...(EventBusName === undefined ? {} : { EventBusName }) },
    context,
  );
}

/** What a schedule is, without the instant of its last change. */
export async function scheduleOf({ eventBridgeScheduler, context }: Simulator, name: string, group = 'default') {
  const found = (await eventBridgeScheduler.handle('GetSchedule', { Name: name, GroupName: group }, context)) as Given;
  const { LastModificationDate: _, ...rest } = found;
  return rest;
}

export async function targetsOf({ eventBridge, context }: Simulator, rule: string, bus = 'default') {
  const found = await eventBridge.handle('ListTargetsByRule', { Rule: rule, EventBusName: bus }, context);
  return (found as { Targets: Given[] }).Targets;
}

/** The revisions that they run, `web:2`. */
export async function revisionsOf(simulator: Simulator, ...names: readonly string[]): Promise<string[]> {
  const runs: string[] = [];
  for (const name of names) {
    const [, kind, path = ''] = /^(rule|schedule)\/(.+)$/.exec(name) ?? [];
    const targets =
      kind === 'rule'
        ? await targetsOf(simulator, path)
        : [(await scheduleOf(simulator, path.split('/').at(-1) ?? '', path.split('/')[0])).Target as Given];
    for (const { EcsParameters } of targets)
      if (EcsParameters)
        runs.push(
          String((EcsParameters as Given).TaskDefinitionArn)
            .split('/')
            .at(-1) ?? '',
        );
  }
  return runs;
}
