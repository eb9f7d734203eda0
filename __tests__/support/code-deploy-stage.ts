import { createDependencies } from '../../simulator/world/dependencies.ts';
import { BLUE, CODE_DEPLOY, GREEN, groupOf, type Names } from './code-deploy.ts';
import { Stage } from './world.ts';

/** A service `web` that CodeDeploy deploys, with web:1 in its first task set. */
export async function withCodeDeploy(
  settings: Readonly<Record<string, unknown>> = {},
  {
    names = {},
    service = {},
    cluster,
  }: {
    readonly names?: Names;
    readonly service?: Readonly<Record<string, unknown>>;
    /** Created for it; the default one without. */
    readonly cluster?: string;
  } = {},
): Promise<Stage> {
  const stage = new Stage();
  const { simulator } = stage;
  if (cluster !== undefined) simulator.call('CreateCluster', { clusterName: cluster });
  createDependencies(simulator, {}, { loadBalancers: [{ targetGroupArn: BLUE }, { targetGroupArn: GREEN }] });
  for (const arn of [BLUE, GREEN]) simulator.loadBalancing.targetGroups.set(arn, { targetType: 'ip' });
  stage.withService({ ...CODE_DEPLOY, ...service });
  for (const arn of [BLUE, GREEN]) simulator.loadBalancing.targetGroups.set(arn, { targetType: 'ip', port: 8080 });
  const group = groupOf(settings, names);
  const { codeDeploy, context } = simulator;
  await codeDeploy.handle(
    'CreateApplication',
    { applicationName: group.applicationName, computePlatform: 'ECS' },
    context,
  );
  await codeDeploy.handle('CreateDeploymentGroup', group, context);
  simulator.wire.calls.length = 0;
  return stage;
}
