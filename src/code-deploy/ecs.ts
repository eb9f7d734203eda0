import { asFailure, Failure } from '../failure.ts';
import {
  defined,
  type Instant,
  type JsonObject,
  type ServiceRevision,
  type ServiceState,
  type ServiceUpdate,
  type TaskState,
} from '../model.ts';
import type { Ecs } from '../ports.ts';
import { makeAppSpec, readAppSpec, withRevision } from './app-spec.ts';
import { idIn, revisionArnOf } from './deployed.ts';
import { type Deployed, DeployedServices, groupFailure, type Sources } from './services.ts';

interface CodeDeployParts extends Sources {
  /** ECS as it is. */
  readonly ecs: Ecs;
}

/** The part of the port that differs for services that CodeDeploy deploys. */
export interface ControlledEcs
  extends Pick<
    Ecs,
    | 'describeServices'
    | 'servicesWithTags'
    | 'updateService'
    | 'listServiceDeployments'
    | 'describeServiceDeployments'
    | 'describeServiceRevisions'
    | 'stopServiceDeployment'
    | 'continueServiceDeployment'
    | 'describeTasks'
  > {
  /** Services that were described already. */
  adopt(services: readonly ServiceState[]): Promise<ServiceState[]>;
}

/** What `rollback-on-failure` means: the alarms of the group are a failure as well. */
const FAILURES = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] as const;
/** Times of AWS are in whole seconds, and clocks differ. */
const CLOCK_SECONDS = 5;

/** What UpdateService takes of such a service. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
type OwnUpdate = Pick<
  ServiceUpdate,
  | 'cluster'
  | 'service'
  | 'desiredCount'
  | 'healthCheckGracePeriodSeconds'
  | 'enableECSManagedTags'
  | 'propagateTags'
  | 'deploymentConfiguration'
>;

/**
 * The port Ecs for services that CodeDeploy deploys: their deployments are those of CodeDeploy (`asDeployed`), an update of the revision
 * creates one, stopping and continuing one are CodeDeploy's calls. What ECS itself does stays ECS's. What is known of them is
 * `DeployedServices`; what changes something is here.
 */
export function codeDeployedEcs({ ecs, ...sources }: CodeDeployParts): ControlledEcs {
  const { codeDeploy, clock } = sources;
  const services = new DeployedServices(sources);
  const adopt = (found: readonly ServiceState[]): Promise<ServiceState[]> =>
    Promise.all(found.map((service) => services.show(service)));

  return {
    adopt,

    async describeServices(cluster, names) {
      // What is known to be under way is asked for beside the service.
      for (const name of names) {
        const deployed = services.byName(cluster, name);
        if (deployed?.current !== undefined) services.progress(deployed.current, deployed).catch(() => {});
      }
      return adopt(await ecs.describeServices(cluster, names));
    },

    async servicesWithTags(cluster, names) {
      const found = await ecs.servicesWithTags(cluster, names);
      return Promise.all(found.map(async ({ service, tags }) => ({ service: await services.show(service), tags })));
    },

    async updateService(update) {
      const deployed = services.byName(update.cluster, update.service);
      if (!deployed) return ecs.updateService(update);
      if (!deploys(update)) return services.show(await set(deployed, ownUpdate(update)));
      const before = deployed.service;
      const own = ownUpdate(update);
      const refused = services.refusal(deployed);
      if (refused) throw refused;
      await set(deployed, own);
      await begin(deployed, update).catch(async (thrown: unknown) => {
        // Whether it started is not known after a lost answer: the caller looks, and sends all of it again.
        if (asFailure(thrown).code !== 'UNAVAILABLE') await set(deployed, undoing(own, before)).catch(() => {});
        throw thrown;
      });
      try {
        return await services.show(deployed.service);
      } catch (thrown) {
        if (asFailure(thrown).code === 'ACCESS_DENIED' && (await endUnseen(deployed))) throw unseen(deployed, thrown);
        // It has started: that it cannot be described yet must not be taken for a refusal.
        return services.showBegun(deployed);
      }
    },

    async listServiceDeployments({ cluster, service, ...query }) {
      const deployed = services.byName(cluster, service);
      return deployed ? services.list(deployed, query) : ecs.listServiceDeployments({ cluster, service, ...query });
    },

    async describeServiceDeployments(arns) {
      const others = arns.filter((arn) => services.byId(arn) === undefined);
      const own = arns.flatMap((id) => {
        const deployed = services.byId(id);
        return deployed ? [services.describe(id, deployed)] : [];
      });
      return [...(await Promise.all(own)), ...(others.length > 0 ? await ecs.describeServiceDeployments(others) : [])];
    },

    async describeServiceRevisions(arns) {
      const others = arns.filter((arn) => idIn(arn) === undefined);
      const own = arns.flatMap((arn) => idIn(arn) ?? []);
      const found = own.map(async (id): Promise<ServiceRevision[]> => {
        const taskDefinitionArn = await services.revisionOf(id);
        return taskDefinitionArn === undefined ? [] : [{ arn: revisionArnOf(id), taskDefinitionArn, images: [] }];
      });
      return [
        ...(await Promise.all(found)).flat(),
        ...(others.length > 0 ? await ecs.describeServiceRevisions(others) : []),
      ];
    },

    async stopServiceDeployment(arn, stopType) {
      const deployed = services.byId(arn);
      if (!deployed) return ecs.stopServiceDeployment(arn, stopType);
      await stop(arn, deployed, stopType === 'ROLLBACK');
    },

    async continueServiceDeployment(arn, hookId, action) {
      const deployed = services.byId(arn);
      if (!deployed) return ecs.continueServiceDeployment(arn, hookId, action);
      if (action === 'ROLLBACK') await stop(arn, deployed, true);
      else {
        await codeDeploy.continue(arn, hookId === 'TERMINATION_WAIT' ? 'TERMINATION_WAIT' : 'READY_WAIT');
        services.changed(arn);
      }
    },

    async describeTasks(cluster, arns) {
      const tasks = await ecs.describeTasks(cluster, arns);
      const ids = services.taskSetIds();
      return tasks.map((task): TaskState => {
        const startedBy = ids.get(task.startedBy ?? '');
        return startedBy === undefined ? task : { ...task, startedBy };
      });
    },
  };

  /** UpdateService, where it changes anything. */
  async function set(deployed: Deployed, update: OwnUpdate): Promise<ServiceState> {
    if (Object.keys(update).length > 2) deployed.service = await ecs.updateService(update);
    return deployed.service;
  }

  async function begin(deployed: Deployed, update: ServiceUpdate): Promise<void> {
    const { service } = deployed;
    const found = await services.group(deployed);
    if (found.kind === 'unknown') throw groupFailure(found);
    const { taskDefinition = service.taskDefinitionArn, codeDeploy: plan, platformVersion } = update;
    const content = plan?.appSpec ?? (await lastAppSpec(deployed));
    const appSpec = withRevision(content, taskDefinition, platformVersion);
    const rollbackOn = plan?.rollbackOnFailure && [...new Set([...found.rollbackOn, ...FAILURES])];
    const id = await codeDeploy.create({
      application: found.application,
      group: found.name,
      appSpec,
      ...defined({ description: plan?.description, configName: plan?.configName, rollbackOn: rollbackOn || undefined }),
    });
    services.begun(deployed, { id, appSpec }, taskDefinition);
  }

  /** @returns whether CodeDeploy was asked to roll back what this run has just started and may not see */
  async function endUnseen({ created }: Deployed): Promise<boolean> {
    if (created === undefined) return false;
    return codeDeploy.stop(created.id, true).then(
      () => true,
      () => false,
    );
  }

  /** As the newest deployment that succeeded had it, hooks included; else made from the service. */
  async function lastAppSpec(deployed: Deployed): Promise<JsonObject> {
    const text = await services.lastAppSpec(deployed);
    return (text === undefined ? undefined : parsed(text)) ?? makeAppSpec(deployed.service).content;
  }

  async function stop(id: string, deployed: Deployed, rollback: boolean): Promise<void> {
    const askedAt = clock.now();
    try {
      await codeDeploy.stop(id, rollback);
    } catch (thrown) {
      // After a lost answer, CodeDeploy may say of the second call that the deployment has ended already: the first one ended it.
      const { code } = asFailure(thrown);
      if ((code !== 'UNAVAILABLE' && code !== 'REFUSED') || !(await wasStopped(id, askedAt))) throw thrown;
    }
    if (rollback) deployed.rollbackRequested = id;
    services.changed(id);
  }

  /** Whether a client, most likely this one, has stopped it since then. */
  async function wasStopped(id: string, since: Instant): Promise<boolean> {
    const deployment = await codeDeploy.deployment(id).catch(() => undefined);
    const { status, error, finishedAt = 0 } = deployment ?? {};
    return status === 'Stopped' && error?.code === 'MANUAL_STOP' && finishedAt >= since - CLOCK_SECONDS;
  }
}

/** The first deployment of a group: none before it could prove that deployments may be read. */
function unseen({ created, service }: Deployed, thrown: unknown): Failure {
  const failure = asFailure(thrown);
  return new Failure(
    failure.code,
    `The deployment ${created?.id} of ${service.name} cannot be watched, so it was stopped and CodeDeploy rolls it back: ${failure.message}`,
    { ...defined({ remedy: failure.remedy, api: failure.api }), cause: failure },
  );
}

/** Whether the update is one that CodeDeploy carries out. */
const deploys = ({ taskDefinition, forceNewDeployment, platformVersion }: ServiceUpdate): boolean =>
  taskDefinition !== undefined || forceNewDeployment === true || platformVersion !== undefined;

function ownUpdate(update: ServiceUpdate): OwnUpdate {
  const {
    cluster,
    service,
    desiredCount,
    healthCheckGracePeriodSeconds,
    enableECSManagedTags,
    propagateTags,
    deploymentConfiguration,
  } = update;
  return {
    cluster,
    service,
    ...defined({
      desiredCount,
      healthCheckGracePeriodSeconds,
      enableECSManagedTags,
      propagateTags,
      deploymentConfiguration,
    }),
  };
}

/** UpdateService with what the settings were before: two calls do what one does for other services, and the second was refused. */
function undoing({ cluster, service, ...set }: OwnUpdate, before: ServiceState): OwnUpdate {
  const { desiredCount, healthCheckGracePeriodSeconds = 0, enableEcsManagedTags, propagateTags } = before;
  const were = {
    desiredCount,
    healthCheckGracePeriodSeconds,
    propagateTags,
    enableECSManagedTags: enableEcsManagedTags,
  };
  return { cluster, service, ...Object.fromEntries(Object.entries(were).filter(([name]) => name in set)) };
}

/** An AppSpec that CodeDeploy has; undefined where it is not JSON, or another than this run could have written. */
function parsed(text: string): JsonObject | undefined {
  try {
    return readAppSpec(JSON.parse(text), 'of the newest deployment').content;
  } catch {
    return undefined;
  }
}
