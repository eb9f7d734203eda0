import type { ControlledEcs } from '../code-deploy/ecs.ts';
import type { ServiceState } from '../model.ts';
import type { Ecs } from '../ports.ts';

/**
 * The port Ecs for services of either deployment controller. What is about those that CodeDeploy deploys is loaded with the first of them.
 * @param load the part of the port that differs for them; called once
 */
export function byController(ecs: Ecs, load: () => Promise<ControlledEcs>): Ecs {
  let loaded: Promise<ControlledEcs> | undefined;
  const port = (): Promise<ControlledEcs> | Ecs => loaded ?? ecs;
  const seen = (services: readonly ServiceState[]): Promise<ControlledEcs> | undefined => {
    if (services.some(({ deploymentController }) => deploymentController === 'CODE_DEPLOY')) loaded ??= load();
    return loaded;
  };
  return {
    ...ecs,
    async describeServices(cluster, names) {
      if (loaded) return (await loaded).describeServices(cluster, names);
      const found = await ecs.describeServices(cluster, names);
      return (await seen(found))?.adopt(found) ?? found;
    },
    async servicesWithTags(cluster, names) {
      if (loaded) return (await loaded).servicesWithTags(cluster, names);
      const found = await ecs.servicesWithTags(cluster, names);
      const controlled = await seen(found.map(({ service }) => service));
      return controlled ? controlled.servicesWithTags(cluster, names) : found;
    },
    updateService: async (update) => (await port()).updateService(update),
    listServiceDeployments: async (query) => (await port()).listServiceDeployments(query),
    describeServiceDeployments: async (arns) => (await port()).describeServiceDeployments(arns),
    describeServiceRevisions: async (arns) => (await port()).describeServiceRevisions(arns),
    stopServiceDeployment: async (arn, type) => (await port()).stopServiceDeployment(arn, type),
    continueServiceDeployment: async (arn, hookId, action) =>
      (await port()).continueServiceDeployment(arn, hookId, action),
    describeTasks: async (cluster, arns) => (await port()).describeTasks(cluster, arns),
  };
}
