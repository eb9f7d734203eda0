/** The schedules and rules that a step names, in the simulated account: each runs the first revision of the family. */
import type { Simulator } from '../../simulator/simulator.ts';
import type { ScheduleSelector } from '../../src/inputs/types.ts';
import type { ScheduleId } from '../../src/model.ts';

type Input = Readonly<Record<string, unknown>>;

/** Such as a schedule of the group that has the tag. */
const idOf = (selector: ScheduleSelector): ScheduleId => {
  switch (selector.kind) {
    case 'id':
      return selector.id;
    case 'name':
      return { kind: 'schedule', container: 'default', name: selector.name };
    case 'tag':
      return { kind: 'schedule', container: 'tagged', name: 'nightly' };
    case 'all':
      return { kind: 'rule', container: 'default', name: 'hourly' };
  }
};

export async function seedSchedules(
  { eventBridge, eventBridgeScheduler, context }: Simulator,
  selectors: readonly ScheduleSelector[],
  { family, cluster }: { readonly family: string; readonly cluster: string },
): Promise<void> {
  const { partition, region, accountId } = context;
  const ecs = `arn:${partition}:ecs:${region}:${accountId}`;
  const target: Input = {
    Arn: `${ecs}:cluster/${cluster}`,
    RoleArn: `arn:${partition}:iam::${accountId}:role/run-tasks`,
    EcsParameters: { TaskDefinitionArn: `${ecs}:task-definition/${family}:1`, TaskCount: 1 },
  };
  for (const selector of selectors) {
    const { kind, container, name } = idOf(selector);
    const tags = selector.kind === 'tag' ? [{ Key: selector.key, Value: selector.value ?? 'x' }] : [];
    if (kind === 'rule') {
      const bus = { EventBusName: container };
      if (!eventBridge.buses.has(container)) await eventBridge.handle('CreateEventBus', { Name: container }, context);
      const pattern = { EventPattern: '{"source": ["try"]}' };
      const when = container === 'default' ? { ScheduleExpression: 'rate(1 hour)' } : pattern;
      await eventBridge.handle('PutRule', { Name: name, ...when, ...bus }, context);
      await eventBridge.handle('PutTargets', { Rule: name, Targets: [{ Id: 'task', ...target }], ...bus }, context);
      continue;
    }
    if (!eventBridgeScheduler.groups.has(container))
      await eventBridgeScheduler.handle('CreateScheduleGroup', { Name: container, Tags: tags }, context);
    if (eventBridgeScheduler.groups.get(container)?.schedules.has(name)) continue;
    await eventBridgeScheduler.handle(
      'CreateSchedule',
      {
        Name: name,
        GroupName: container,
        ScheduleExpression: 'cron(0 3 * * ? *)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: target,
      },
      context,
    );
  }
}
