import { lastPart } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { CodeDeployInputs } from '../inputs/types.ts';
import {
  type CodeDeployed,
  type CodeDeployment,
  defined,
  type Instant,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceState,
  type TrafficRouting,
} from '../model.ts';
import type { Clock, CodeDeploy } from '../ports.ts';
import { revisionIn } from './app-spec.ts';
import {
  asDeployed,
  type Current,
  idOf,
  isOpen,
  type Known,
  revisionArnOf,
  serviceDeploymentOf,
  statusOf,
} from './deployed.ts';
import { findGroup } from './group.ts';

/** One service, and what is known of its deployments. */
export interface Deployed {
  service: ServiceState;
  found?: CodeDeployed;
  /** Id of the newest deployment of a user. */
  current?: string;
  routing?: { readonly config: string; readonly routing: TrafficRouting | undefined };
  rollbackRequested?: string;
  /** What this run has started it with: not every answer repeats it. */
  created?: { readonly id: string; readonly appSpec: string };
  /** Actions that were denied, and without which no deployment may be started. */
  readonly denied: Set<string>;
}

export interface Sources {
  readonly codeDeploy: CodeDeploy;
  readonly clock: Pick<Clock, 'now'>;
  /** Hears of denials that the run continues without. */
  readonly denials?: { readonly note: (thrown: unknown) => void };
  /** What the inputs say of the deployments of a service. */
  readonly inputsOf: (service: Pick<ServiceState, 'name' | 'clusterArn'>) => CodeDeployInputs;
}

/** An answer serves all that ask for it within this time. */
const FRESH_SECONDS = 1;
const HISTORY = 100;
/** Statuses of deployments that have ended, and those of CodeDeploy that may be them. */
const HISTORY_OF: readonly (readonly [string, readonly string[]])[] = [
  ['SUCCESSFUL', ['Succeeded']],
  ['STOPPED', ['Failed', 'Stopped']],
  ['ROLLBACK_SUCCESSFUL', ['Failed', 'Stopped']],
  ['ROLLBACK_FAILED', ['Failed', 'Stopped']],
];

/** The services that CodeDeploy deploys, and what it is asked about them: it changes nothing in AWS. */
export class DeployedServices {
  readonly #sources: Sources;
  /** By ARN. */
  readonly #services = new Map<string, Deployed>();
  /** Of each deployment the newest answer. */
  readonly #progress = new Map<string, { readonly at: Instant; readonly answer: Promise<Current> }>();
  /** Of each deployment its task definition. */
  readonly #revisions = new Map<string, string>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  byName(cluster: string, name: string): Deployed | undefined {
    return [...this.#services.values()].find(
      ({ service }) => service.name === lastPart(name) && lastPart(service.clusterArn) === lastPart(cluster),
    );
  }

  /** @param id of a deployment that is under way, or that this run has started */
  byId(id: string): Deployed | undefined {
    return [...this.#services.values()].find(({ current, created }) => current === id || created?.id === id);
  }

  /** By the id of each task set in ECS the one by which its deployment is known. */
  taskSetIds(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#services.values()].flatMap(({ service }) =>
        (service.taskSets ?? []).map((set) => [set.id, idOf(set)] as const),
      ),
    );
  }

  /** What is only a help: undefined where it is denied or not there. */
  async optional<T>(question: () => Promise<T>, denied?: () => void): Promise<T | undefined> {
    try {
      return await question();
    } catch (thrown) {
      const { code } = asFailure(thrown);
      if (code === 'ACCESS_DENIED') {
        this.#sources.denials?.note(thrown);
        denied?.();
      } else if (code !== 'NOT_FOUND' && code !== 'REFUSED') throw thrown;
      return undefined;
    }
  }

  /** A service as ECS describes it, with its task sets as deployments; one of another controller as it is. */
  async show(service: ServiceState): Promise<ServiceState> {
    if (service.deploymentController !== 'CODE_DEPLOY' || service.status === 'INACTIVE') {
      // It may have been moved to another controller, or deleted and created again.
      this.#services.delete(service.arn);
      return service;
    }
    const deployed = this.#deployedOf(service);
    const state = asDeployed(service, await this.#knownOf(deployed), this.#now());
    const codeDeploy = withDenied(state.codeDeploy ?? deployed.found, deployed);
    return codeDeploy ? { ...state, codeDeploy } : state;
  }

  /** Why no deployment may be started; undefined where one may. */
  refusal(deployed: Deployed): Failure | undefined {
    const codeDeploy = withDenied(deployed.found, deployed);
    return codeDeploy && refusalOf(codeDeploy);
  }

  #deployedOf(service: ServiceState): Deployed {
    const known = this.#services.get(service.arn);
    if (known) known.service = service;
    const deployed = known ?? { service, denied: new Set() };
    this.#services.set(service.arn, deployed);
    return deployed;
  }

  async #knownOf(deployed: Deployed): Promise<Known> {
    const current = await this.current(deployed);
    if (!deployed.found) await this.group(deployed);
    await this.#findRouting(deployed, current);
    return { ...this.#known(deployed), ...defined({ current }) };
  }

  /** What needs no question any more. */
  #known({ found, service, routing }: Deployed): Omit<Known, 'current'> {
    return {
      untilTermination: this.#sources.inputsOf(service).waitFor === 'termination',
      ...defined({ routing: routing?.routing, group: found?.kind === 'known' ? found : undefined }),
    };
  }

  /** The state of a deployment that has just started, without asking. */
  showBegun(deployed: Deployed): ServiceState {
    const { created, service } = deployed;
    const deployment: CodeDeployment = {
      id: created?.id ?? '',
      status: 'Created',
      configName: '',
      createdAt: this.#now(),
      rollbackOn: [],
      terminationStarted: false,
      ...defined({ appSpec: created?.appSpec }),
    };
    return asDeployed(service, { ...this.#known(deployed), current: { deployment } }, this.#now());
  }

  /** The group as it is now; what is wrong with it is found once. */
  async group(deployed: Deployed): Promise<CodeDeployed> {
    const { found, service } = deployed;
    const { codeDeploy, denials, inputsOf } = this.#sources;
    if (found?.kind === 'unknown') return found;
    const next =
      found === undefined
        ? await findGroup(service, inputsOf(service), { port: codeDeploy, denied: denials?.note })
        : ({ kind: 'known', ...(await codeDeploy.group(found.application, found.name)) } as const);
    deployed.found = next;
    return next;
  }

  /** Of the deployment that is under way, which may have been started with another configuration than its group has. */
  async #findRouting(deployed: Deployed, current: Current | undefined): Promise<void> {
    const { found, service, denied } = deployed;
    const { codeDeploy, inputsOf } = this.#sources;
    const own = current && isOpen(current.deployment) ? current.deployment.configName : '';
    const ofGroup = found?.kind === 'known' ? found.configName : undefined;
    const config = inputsOf(service).configName ?? (own === '' ? ofGroup : own);
    if (config === undefined || deployed.routing?.config === config) return;
    const routing = await this.optional(
      () => codeDeploy.routing(config),
      () => denied.add('codedeploy:GetDeploymentConfig'),
    );
    deployed.routing = { config, routing };
  }

  /** A deployment with its target and its rollback, asked for once at a time. */
  progress(id: string, deployed: Deployed): Promise<Current> {
    const now = this.#now();
    const fresh = this.#progress.get(id);
    if (fresh && now - fresh.at < FRESH_SECONDS) return fresh.answer;
    const answer = this.#fetchProgress(id, deployed);
    this.#progress.set(id, { at: now, answer });
    answer.catch(() => this.#progress.delete(id));
    return answer;
  }

  async #fetchProgress(id: string, deployed: Deployed): Promise<Current> {
    const { codeDeploy } = this.#sources;
    const { service } = deployed;
    const [deployment, target] = await Promise.all([
      codeDeploy.deployment(id),
      this.optional(() => codeDeploy.target(id, { cluster: lastPart(service.clusterArn), service: service.name })),
    ]);
    if (deployment.rollsBack !== undefined) return this.#fetchProgress(deployment.rollsBack, deployed);
    const { rolledBackBy } = deployment;
    const rollback = rolledBackBy === undefined ? undefined : await codeDeploy.deployment(rolledBackBy);
    const own = deployed.created?.id === id ? deployed.created.appSpec : undefined;
    const appSpec = deployment.appSpec ?? own;
    return {
      deployment: { ...deployment, ...defined({ appSpec }) },
      ...defined({ target, rollback }),
      ...(deployed.rollbackRequested === id ? { rollbackRequested: true } : {}),
    };
  }

  /** The newest deployment of a user, where it can be seen: of the group, else of the newest task set. */
  async current(deployed: Deployed): Promise<Current | undefined> {
    const watched = deployed.current;
    if (watched !== undefined) {
      const current = await this.progress(watched, deployed);
      // Once it has ended, another one may be under way.
      if (isOpen(current.deployment) || (current.rollback && isOpen(current.rollback))) return current;
    }
    const found = await this.group(deployed);
    const newestSet = (deployed.service.taskSets ?? []).toSorted((a, b) => b.createdAt - a.createdAt)[0]?.externalId;
    const id = (found.kind === 'known' ? found.newest?.id : undefined) ?? newestSet ?? watched;
    if (id === undefined || !/^d-/.test(id)) return undefined;
    const current = await this.optional(
      () => this.progress(id, deployed),
      () => deployed.denied.add('codedeploy:GetDeployment'),
    );
    if (current) {
      deployed.current = current.deployment.id;
      deployed.denied.delete('codedeploy:GetDeployment');
    }
    return current;
  }

  async describe(id: string, deployed: Deployed): Promise<ServiceDeployment> {
    const current = await this.progress(id, deployed);
    return serviceDeploymentOf(deployed.service, { ...this.#known(deployed), current }, this.#now());
  }

  /** The newest one where only it can be meant, else those that have ended as well, newest first. */
  async list(
    deployed: Deployed,
    {
      statuses,
      createdAfter,
      limit = HISTORY,
    }: { readonly statuses?: readonly string[]; readonly createdAfter?: Instant; readonly limit?: number },
  ): Promise<ServiceDeploymentBrief[]> {
    const only = statuses?.every((status) => !HISTORY_OF.some(([one]) => one === status)) ?? false;
    if (!only && createdAfter === undefined) return this.#history(deployed, statuses ?? [], limit);
    const current = await this.current(deployed);
    if (!current) return [];
    const brief = this.#briefOf(current);
    const fits = (statuses ?? [brief.status]).some((status) => status === brief.status);
    return fits && brief.createdAt >= (createdAfter ?? 0) ? [brief] : [];
  }

  /** Deployments of users that have ended, newest first. */
  async #history(deployed: Deployed, statuses: readonly string[], limit: number): Promise<ServiceDeploymentBrief[]> {
    const found = deployed.found ?? (await this.group(deployed));
    if (found.kind === 'unknown') return [];
    const wanted = HISTORY_OF.flatMap(([status, theirs]) => (statuses.includes(status) ? theirs : []));
    const all = await this.#sources.codeDeploy.deployments({
      application: found.application,
      group: found.name,
      statuses: [...new Set(wanted.length > 0 ? wanted : HISTORY_OF.flatMap(([, theirs]) => theirs))],
      limit,
    });
    return all.flatMap((deployment) => {
      const revision = revisionIn(deployment.appSpec);
      if (revision !== undefined) this.#revisions.set(deployment.id, revision);
      if (deployment.rollsBack !== undefined) return [];
      const rollback = all.find(({ id }) => id === deployment.rolledBackBy);
      const ended =
        rollback ??
        (deployment.rolledBackBy === undefined ? undefined : { ...deployment, status: 'Succeeded' as const });
      const brief = this.#briefOf({ deployment, ...defined({ rollback: ended }) });
      return statuses.length === 0 || statuses.includes(brief.status) ? [brief] : [];
    });
  }

  #briefOf(current: Current): ServiceDeploymentBrief {
    const { deployment } = current;
    return {
      arn: deployment.id,
      status: statusOf(current, this.#now()),
      targetServiceRevisionArn: revisionArnOf(deployment.id),
      createdAt: deployment.createdAt,
      ...defined({ finishedAt: deployment.finishedAt }),
    };
  }

  /** ARN of the task definition that a deployment brings. */
  async revisionOf(id: string): Promise<string | undefined> {
    const known = this.#revisions.get(id);
    if (known !== undefined) return known;
    const found = revisionIn((await this.#sources.codeDeploy.deployment(id)).appSpec);
    if (found !== undefined) this.#revisions.set(id, found);
    return found;
  }

  /** Of the newest deployment that succeeded. */
  async lastAppSpec({ found }: Deployed): Promise<string | undefined> {
    const id = found?.kind === 'known' ? found.succeeded : undefined;
    return id === undefined ? undefined : (await this.optional(() => this.#sources.codeDeploy.deployment(id)))?.appSpec;
  }

  /** This run has started it. */
  begun(deployed: Deployed, created: NonNullable<Deployed['created']>, taskDefinition: string): void {
    deployed.created = created;
    deployed.current = created.id;
    delete deployed.rollbackRequested;
    this.#revisions.set(created.id, taskDefinition);
  }

  /** It was changed: no earlier answer holds. */
  changed(id: string): void {
    this.#progress.delete(id);
  }

  #now(): Instant {
    return this.#sources.clock.now();
  }
}

const withDenied = (found: CodeDeployed | undefined, { denied }: Deployed): CodeDeployed | undefined =>
  found?.kind === 'known' && denied.size > 0 ? { ...found, denied: [...denied] } : found;

/** Why a service cannot be deployed by CodeDeploy: its group is not known. */
export const groupFailure = ({ code, problem, remedy }: Extract<CodeDeployed, { kind: 'unknown' }>): Failure =>
  new Failure(code, problem, defined({ remedy }));

/** The same, or that no deployment of the group could be started and watched; undefined where it can be deployed. */
export function refusalOf(codeDeploy: CodeDeployed): Failure | undefined {
  if (codeDeploy.kind === 'unknown') return groupFailure(codeDeploy);
  const { denied = [], name } = codeDeploy;
  if (denied.length === 0) return undefined;
  const [actions, verb] = [denied.join(' and '), denied.length > 1 ? 'are' : 'is'];
  return new Failure(
    'ACCESS_DENIED',
    `${actions} ${verb} denied: a deployment of the deployment group ${name} could not be started and watched. Nothing was deployed.`,
    { remedy: `Allow ${actions} for the role that this job uses.` },
  );
}
