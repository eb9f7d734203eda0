import { lastPart } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { CodeDeployInputs } from '../inputs/types.ts';
import {
  type CodeDeployed,
  type CodeDeployment,
  defined,
  type Instant,
  type JsonObject,
  type ServiceDeploymentBrief,
  type ServiceRevision,
  type ServiceState,
  type ServiceUpdate,
  type TaskState,
  type TrafficRouting,
} from '../model.ts';
import type { Clock, CodeDeploy, Ecs } from '../ports.ts';
import { makeAppSpec, readAppSpec, revisionIn, withRevision } from './app-spec.ts';
import {
  asDeployed,
  type Current,
  idIn,
  idOf,
  isOpen,
  type Known,
  revisionArnOf,
  serviceDeploymentOf,
  statusOf,
} from './deployed.ts';
import { findGroup } from './group.ts';

export interface CodeDeployParts {
  /** ECS as it is. */
  readonly ecs: Ecs;
  readonly codeDeploy: CodeDeploy;
  readonly clock: Pick<Clock, 'now'>;
  /** Hears of denials that the run continues without. */
  readonly denials?: { readonly note: (thrown: unknown) => void };
  /** What the inputs say of the deployments of a service. */
  readonly inputsOf: (service: Pick<ServiceState, 'name' | 'clusterArn'>) => CodeDeployInputs;
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

/** An answer serves all that ask for it within this time. */
const FRESH_SECONDS = 1;
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

/** One service, and what is known of its deployments. */
interface Deployed {
  service: ServiceState;
  found?: CodeDeployed;
  /** Id of the newest deployment of a user. */
  current?: string;
  routing?: { readonly config: string; readonly routing: TrafficRouting | undefined };
  rollbackRequested?: string;
  /** What this run has begun it with: not every answer repeats it. */
  created?: { readonly id: string; readonly appSpec: string };
}

/**
 * The port Ecs for services that CodeDeploy deploys: their deployments are those of CodeDeploy (`asDeployed`), an update of the revision
 * creates one, stopping and continuing one are CodeDeploy's calls. What ECS itself does stays ECS's.
 */
export function codeDeployedEcs({ ecs, codeDeploy, clock, inputsOf, denials }: CodeDeployParts): ControlledEcs {
  /** What is only a help: undefined where it is denied or not there. */
  const optional = async <T>(question: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await question();
    } catch (thrown) {
      const { code } = asFailure(thrown);
      if (code === 'ACCESS_DENIED') denials?.note(thrown);
      else if (code !== 'NOT_FOUND' && code !== 'REFUSED') throw thrown;
      return undefined;
    }
  };
  const services = new Map<string, Deployed>();
  const answers = new Map<string, { readonly at: Instant; readonly answer: Promise<Current> }>();
  const revisions = new Map<string, string>();

  const deployedOf = (service: ServiceState): Deployed => {
    const known = services.get(service.arn);
    if (known) known.service = service;
    const deployed = known ?? { service };
    services.set(service.arn, deployed);
    return deployed;
  };
  const byName = (cluster: string, name: string): Deployed | undefined =>
    [...services.values()].find(
      ({ service }) => service.name === lastPart(name) && lastPart(service.clusterArn) === lastPart(cluster),
    );
  const byId = (id: string): Deployed | undefined =>
    [...services.values()].find(({ current, created }) => current === id || created?.id === id);

  /** The group as it is now; what is wrong with it is found once. */
  const refreshGroup = async (deployed: Deployed): Promise<CodeDeployed> => {
    const { found, service } = deployed;
    if (found?.kind === 'unknown') return found;
    const next =
      found === undefined
        ? await findGroup(service, inputsOf(service), { port: codeDeploy, denied: denials?.note })
        : ({ kind: 'known', ...(await codeDeploy.group(found.application, found.name)) } as const);
    deployed.found = next;
    return next;
  };

  const routingOf = async (deployed: Deployed): Promise<TrafficRouting | undefined> => {
    const { found, service } = deployed;
    const config = inputsOf(service).configName ?? (found?.kind === 'known' ? found.configName : undefined);
    if (config === undefined) return undefined;
    if (deployed.routing?.config !== config)
      deployed.routing = { config, routing: await optional(() => codeDeploy.routing(config)) };
    return deployed.routing.routing;
  };

  /** A deployment with its target and its rollback, asked for once at a time. */
  const progressOf = (id: string, deployed: Deployed): Promise<Current> => {
    const now = clock.now();
    const fresh = answers.get(id);
    if (fresh && now - fresh.at < FRESH_SECONDS) return fresh.answer;
    const answer = fetchProgress(id, deployed);
    answers.set(id, { at: now, answer });
    answer.catch(() => answers.delete(id));
    return answer;
  };
  const fetchProgress = async (id: string, deployed: Deployed): Promise<Current> => {
    const { service } = deployed;
    const [deployment, target] = await Promise.all([
      codeDeploy.deployment(id),
      optional(() => codeDeploy.target(id, { cluster: lastPart(service.clusterArn), service: service.name })),
    ]);
    if (deployment.rollsBack !== undefined) return fetchProgress(deployment.rollsBack, deployed);
    const { rolledBackBy } = deployment;
    const rollback = rolledBackBy === undefined ? undefined : await codeDeploy.deployment(rolledBackBy);
    const own = deployed.created?.id === id ? deployed.created.appSpec : undefined;
    const appSpec = deployment.appSpec ?? own;
    return {
      deployment: { ...deployment, ...defined({ appSpec }) },
      ...defined({ target, rollback }),
      ...(deployed.rollbackRequested === id ? { rollbackRequested: true } : {}),
    };
  };

  /** The newest deployment of a user, where it can be seen: of the group, else of the newest task set. */
  const findCurrent = async (deployed: Deployed): Promise<Current | undefined> => {
    const watched = deployed.current;
    if (watched !== undefined) {
      const current = await progressOf(watched, deployed);
      // Once it has ended, another one may be under way.
      if (isOpen(current.deployment) || (current.rollback && isOpen(current.rollback))) return current;
    }
    const found = await refreshGroup(deployed);
    const newestSet = (deployed.service.taskSets ?? []).toSorted((a, b) => b.createdAt - a.createdAt)[0]?.externalId;
    const id = (found.kind === 'known' ? found.newest?.id : undefined) ?? newestSet ?? watched;
    if (id === undefined || !/^d-/.test(id)) return undefined;
    const current = await optional(() => progressOf(id, deployed));
    if (current) deployed.current = current.deployment.id;
    return current;
  };

  const knownOf = async (deployed: Deployed): Promise<Known> => {
    const current = await findCurrent(deployed);
    if (!deployed.found) await refreshGroup(deployed);
    const { found, service } = deployed;
    const routing = await routingOf(deployed);
    return {
      untilTermination: inputsOf(service).waitFor === 'termination',
      ...defined({ current, routing, group: found?.kind === 'known' ? found : undefined }),
    };
  };

  const shown = async (service: ServiceState): Promise<ServiceState> => {
    if (service.deploymentController !== 'CODE_DEPLOY' || service.status === 'INACTIVE') {
      // It may have been moved to another controller, or deleted and created again.
      services.delete(service.arn);
      return service;
    }
    const deployed = deployedOf(service);
    const state = asDeployed(service, await knownOf(deployed), clock.now());
    return state.codeDeploy === undefined && deployed.found ? { ...state, codeDeploy: deployed.found } : state;
  };
  const adopt = (found: readonly ServiceState[]): Promise<ServiceState[]> => Promise.all(found.map(shown));

  return {
    adopt,

    async describeServices(cluster, names) {
      // What is known to be under way is asked for beside the service.
      for (const name of names) {
        const deployed = byName(cluster, name);
        if (deployed?.current !== undefined) progressOf(deployed.current, deployed).catch(() => {});
      }
      return adopt(await ecs.describeServices(cluster, names));
    },

    async servicesWithTags(cluster, names) {
      const found = await ecs.servicesWithTags(cluster, names);
      return Promise.all(found.map(async ({ service, tags }) => ({ service: await shown(service), tags })));
    },

    async updateService(update) {
      const deployed = byName(update.cluster, update.service);
      if (!deployed) return ecs.updateService(update);
      const own = ownUpdate(update);
      const { service: before } = deployed;
      const sets = Object.keys(own).length > 2;
      const service = sets ? await ecs.updateService(own) : before;
      deployed.service = service;
      if (deploys(update))
        await begin(deployed, update).catch(async (thrown: unknown) => {
          // Whether it started is not known after a lost answer: the caller looks, and sends all of it again.
          if (sets && asFailure(thrown).code !== 'UNAVAILABLE')
            deployed.service = await ecs.updateService(undoing(own, before)).catch(() => service);
          throw thrown;
        });
      try {
        return await shown(service);
      } catch (thrown) {
        // It has begun: that it cannot be described yet must not be taken for a refusal.
        if (!deploys(update) || deployed.created === undefined) throw thrown;
        return asDeployed(service, knownFrom(deployed), clock.now());
      }
    },

    async listServiceDeployments(query) {
      const deployed = byName(query.cluster, query.service);
      if (!deployed) return ecs.listServiceDeployments(query);
      const { statuses, createdAfter, limit = HISTORY } = query;
      const only = statuses?.every((status) => !HISTORY_OF.some(([one]) => one === status)) ?? false;
      if (only || createdAfter !== undefined) {
        const current = await findCurrent(deployed);
        if (!current) return [];
        const brief = briefOf(current);
        const fits = (statuses ?? [brief.status]).some((status) => status === brief.status);
        return fits && brief.createdAt >= (createdAfter ?? 0) ? [brief] : [];
      }
      return history(deployed, statuses ?? [], limit);
    },

    async describeServiceDeployments(arns) {
      const others = arns.filter((arn) => byId(arn) === undefined);
      const own = arns.flatMap((id) => {
        const deployed = byId(id);
        return deployed ? [{ id, deployed }] : [];
      });
      const described = own.map(async ({ id, deployed }) => {
        const current = await progressOf(id, deployed);
        const { found } = deployed;
        const known: Known & { readonly current: Current } = {
          current,
          untilTermination: inputsOf(deployed.service).waitFor === 'termination',
          ...defined({ group: found?.kind === 'known' ? found : undefined, routing: deployed.routing?.routing }),
        };
        return serviceDeploymentOf(deployed.service, known, clock.now());
      });
      return [
        ...(await Promise.all(described)),
        ...(others.length > 0 ? await ecs.describeServiceDeployments(others) : []),
      ];
    },

    async describeServiceRevisions(arns) {
      const own = arns.flatMap((arn) => {
        const id = idIn(arn);
        return id === undefined ? [] : [{ arn, id }];
      });
      const others = arns.filter((arn) => idIn(arn) === undefined);
      const found = own.map(async ({ arn, id }): Promise<ServiceRevision[]> => {
        const taskDefinitionArn = revisions.get(id) ?? (await revisionOf(id));
        return taskDefinitionArn === undefined ? [] : [{ arn, taskDefinitionArn, images: [] }];
      });
      return [
        ...(await Promise.all(found)).flat(),
        ...(others.length > 0 ? await ecs.describeServiceRevisions(others) : []),
      ];
    },

    async stopServiceDeployment(arn, stopType) {
      const deployed = byId(arn);
      if (!deployed) return ecs.stopServiceDeployment(arn, stopType);
      await stop(arn, deployed, stopType === 'ROLLBACK');
    },

    async continueServiceDeployment(arn, hookId, action) {
      const deployed = byId(arn);
      if (!deployed) return ecs.continueServiceDeployment(arn, hookId, action);
      if (action === 'ROLLBACK') await stop(arn, deployed, true);
      else {
        await codeDeploy.continue(arn, hookId === 'TERMINATION_WAIT' ? 'TERMINATION_WAIT' : 'READY_WAIT');
        answers.delete(arn);
      }
    },

    async describeTasks(cluster, arns) {
      const tasks = await ecs.describeTasks(cluster, arns);
      const ids = new Map(
        [...services.values()].flatMap(({ service }) =>
          (service.taskSets ?? []).map((set) => [set.id, idOf(set)] as const),
        ),
      );
      return tasks.map((task): TaskState => {
        const startedBy = ids.get(task.startedBy ?? '');
        return startedBy === undefined ? task : { ...task, startedBy };
      });
    },
  };

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
    answers.delete(id);
  }

  /** Whether a client, most likely this one, has stopped it since then. */
  async function wasStopped(id: string, since: Instant): Promise<boolean> {
    const deployment = await codeDeploy.deployment(id).catch(() => undefined);
    const { status, error, finishedAt = 0 } = deployment ?? {};
    return status === 'Stopped' && error?.code === 'MANUAL_STOP' && finishedAt >= since - CLOCK_SECONDS;
  }

  async function begin(deployed: Deployed, update: ServiceUpdate): Promise<void> {
    const { service } = deployed;
    const found = await refreshGroup(deployed);
    if (found.kind === 'unknown') throw groupFailure(found);
    const { taskDefinition = service.taskDefinitionArn, codeDeploy: plan, platformVersion } = update;
    const content = plan?.appSpec ?? (await lastAppSpec(deployed));
    const appSpec = withRevision(content, taskDefinition, platformVersion);
    const rollbackOn = plan?.rollbackOnFailure && [...new Set([...found.rollbackOn, 'DEPLOYMENT_FAILURE'])];
    const id = await codeDeploy.create({
      application: found.application,
      group: found.name,
      appSpec,
      ...defined({ description: plan?.description, configName: plan?.configName, rollbackOn: rollbackOn || undefined }),
    });
    deployed.created = { id, appSpec };
    deployed.current = id;
    delete deployed.rollbackRequested;
    revisions.set(id, taskDefinition);
  }

  /** The state of a deployment that has just begun, without asking. */
  function knownFrom(deployed: Deployed): Known {
    const { created, found, service, routing } = deployed;
    const deployment: CodeDeployment = {
      id: created?.id ?? '',
      status: 'Created',
      configName: '',
      createdAt: clock.now(),
      rollbackOn: [],
      terminationStarted: false,
      ...defined({ appSpec: created?.appSpec }),
    };
    return {
      current: { deployment },
      untilTermination: inputsOf(service).waitFor === 'termination',
      ...defined({ group: found?.kind === 'known' ? found : undefined, routing: routing?.routing }),
    };
  }

  /** As the newest deployment that succeeded had it, hooks included; else made from the service. */
  async function lastAppSpec(deployed: Deployed): Promise<JsonObject> {
    const { found, service } = deployed;
    const id = found?.kind === 'known' ? found.succeeded : undefined;
    const text = id === undefined ? undefined : (await optional(() => codeDeploy.deployment(id)))?.appSpec;
    return (text === undefined ? undefined : parsed(text)) ?? makeAppSpec(service).content;
  }

  async function revisionOf(id: string): Promise<string | undefined> {
    const found = revisionIn((await codeDeploy.deployment(id)).appSpec);
    if (found !== undefined) revisions.set(id, found);
    return found;
  }

  /** Deployments of users that have ended, newest first. */
  async function history(
    deployed: Deployed,
    statuses: readonly string[],
    limit: number,
  ): Promise<ServiceDeploymentBrief[]> {
    const found = deployed.found ?? (await refreshGroup(deployed));
    if (found.kind === 'unknown') return [];
    const wanted = HISTORY_OF.flatMap(([status, theirs]) => (statuses.includes(status) ? theirs : []));
    const all = await codeDeploy.deployments({
      application: found.application,
      group: found.name,
      statuses: [...new Set(wanted.length > 0 ? wanted : HISTORY_OF.flatMap(([, theirs]) => theirs))],
      limit,
    });
    return all.flatMap((deployment) => {
      const revision = revisionIn(deployment.appSpec);
      if (revision !== undefined) revisions.set(deployment.id, revision);
      if (deployment.rollsBack !== undefined) return [];
      const rollback = all.find(({ id }) => id === deployment.rolledBackBy);
      const ended =
        rollback ??
        (deployment.rolledBackBy === undefined ? undefined : { ...deployment, status: 'Succeeded' as const });
      const brief = briefOf({ deployment, ...defined({ rollback: ended }) });
      return statuses.length === 0 || statuses.includes(brief.status) ? [brief] : [];
    });
  }

  function briefOf(current: Current): ServiceDeploymentBrief {
    const { deployment } = current;
    return {
      arn: deployment.id,
      status: statusOf(current, clock.now()),
      targetServiceRevisionArn: revisionArnOf(deployment.id),
      createdAt: deployment.createdAt,
      ...defined({ finishedAt: deployment.finishedAt }),
    };
  }
}

const HISTORY = 100;
/** Statuses of deployments that have ended, and those of CodeDeploy that may be them. */
const HISTORY_OF: readonly (readonly [string, readonly string[]])[] = [
  ['SUCCESSFUL', ['Succeeded']],
  ['STOPPED', ['Failed', 'Stopped']],
  ['ROLLBACK_SUCCESSFUL', ['Failed', 'Stopped']],
  ['ROLLBACK_FAILED', ['Failed', 'Stopped']],
];

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

/** Why a service cannot be deployed by CodeDeploy. */
export const groupFailure = ({ code, problem, remedy }: Extract<CodeDeployed, { kind: 'unknown' }>): Failure =>
  new Failure(code, problem, defined({ remedy }));
