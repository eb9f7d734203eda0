/** What a run that was killed has left in the account, found by the beginning of its names. */
import type { Input, Operation, Scope, Undo } from './account.ts';

const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** All items of a list operation, page by page. */
async function all(
  scope: Scope,
  [operation, member]: readonly [Operation, string],
  input: Input = {},
): Promise<unknown[]> {
  const items: unknown[] = [];
  // EventBridge and its Scheduler write their members with a capital letter.
  const name = /^(?:events|scheduler):/.test(operation) ? 'NextToken' : 'nextToken';
  for (let token: unknown; ; ) {
    const output = await scope.need(operation, { ...input, ...(token === undefined ? {} : { [name]: token }) });
    items.push(...((output[member] ?? []) as unknown[]));
    token = output[name];
    if (token === undefined || token === null) return items;
  }
}

/** @throws PreparationFailed where the account cannot be listed */
export async function leftovers(scope: Scope, prefix: string): Promise<Undo[]> {
  const isOurs = (name: string): boolean => name.startsWith(prefix);
  const found: Undo[] = [];
  const undo = (operation: Operation, order: number, input: Input): void =>
    void found.push({ operation, order, input });

  const own = ((await all(scope, ['ecs:ListClusters', 'clusterArns'])) as string[]).map(lastPart).filter(isOurs);
  const shared = scope.output('Cluster');
  const families = (await all(scope, ['ecs:ListTaskDefinitionFamilies', 'families'], {
    familyPrefix: prefix,
    status: 'ACTIVE',
  })) as string[];
  for (const cluster of [...own, ...(shared === '' ? [] : [shared])]) {
    const services = (await all(scope, ['ecs:ListServices', 'serviceArns'], { cluster })) as string[];
    for (const service of services.map(lastPart).filter(isOurs)) {
      undo('autoscaling:DeregisterScalableTarget', 0, {
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
        ResourceId: `service/${cluster}/${service}`,
      });
      undo('ecs:DeleteService', 1, { cluster, service, force: true });
    }
    for (const family of families) {
      const tasks = await all(scope, ['ecs:ListTasks', 'taskArns'], { cluster, family });
      // Tasks of services stop with them.
      for (const task of tasks) undo('ecs:StopTask', 2, { cluster, task });
    }
  }
  for (const family of families) {
    const revisions = await all(scope, ['ecs:ListTaskDefinitions', 'taskDefinitionArns'], { familyPrefix: family });
    for (const taskDefinition of revisions) {
      undo('ecs:DeregisterTaskDefinition', 2, { taskDefinition });
      undo('ecs:DeleteTaskDefinitions', 3, { taskDefinitions: [taskDefinition] });
    }
  }
  for (const cluster of own) undo('ecs:DeleteCluster', 4, { cluster });
  const repositories = (await all(scope, ['ecr:DescribeRepositories', 'repositories'])) as { repositoryName: string }[];
  for (const { repositoryName } of repositories.filter((one) => isOurs(one.repositoryName)))
    undo('ecr:DeleteRepository', 4, { repositoryName, force: true });
  const groups = (await all(scope, ['logs:DescribeLogGroups', 'logGroups'], { logGroupNamePrefix: prefix })) as {
    logGroupName: string;
  }[];
  for (const { logGroupName } of groups) undo('logs:DeleteLogGroup', 4, { logGroupName });
  const applications = (await all(scope, ['codedeploy:ListApplications', 'applications'])) as string[];
  for (const applicationName of applications.filter(isOurs))
    undo('codedeploy:DeleteApplication', 2, { applicationName });
  const rules = (await all(scope, ['events:ListRules', 'Rules'], { NamePrefix: prefix })) as { Name: string }[];
  for (const { Name } of rules) {
    const targets = (await all(scope, ['events:ListTargetsByRule', 'Targets'], { Rule: Name })) as { Id: string }[];
    if (targets.length > 0) undo('events:RemoveTargets', 1, { Rule: Name, Ids: targets.map(({ Id }) => Id) });
    undo('events:DeleteRule', 2, { Name });
  }
  const schedules = (await all(scope, ['scheduler:ListSchedules', 'Schedules'], { NamePrefix: prefix })) as {
    Name: string;
  }[];
  for (const { Name } of schedules) undo('scheduler:DeleteSchedule', 1, { Name });
  return found;
}
