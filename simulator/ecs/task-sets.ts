import type { SimClock } from '../clock.ts';
import { pick } from '../wire/service.ts';
import { endSuppression, MESSAGES } from './events.ts';
import type { Scheduler } from './scheduler.ts';
import { type Deployment, type Ids, newDeployment, REVISION_SETTINGS, type SimService, type TaskSet } from './state.ts';

/** What a new task set has; what is absent is the service's. */
export interface TaskSetPlan {
  readonly status: 'PRIMARY' | 'ACTIVE';
  readonly taskDefinition?: string;
  /** Percent of the service's desired count; 100 when absent. */
  readonly scale?: number;
  readonly loadBalancers?: TaskSet['loadBalancers'];
  /** Network, launch type, capacity providers, platform version. */
  readonly revision?: Readonly<Record<string, unknown>>;
  readonly startedBy?: string;
  readonly externalId?: string;
}

/**
 * The task sets of services that another than ECS deploys: CodeDeploy, or a client of the task set API. What they are is state of the
 * service (`deployments`); the scheduler starts and stops their tasks.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
 */
export class TaskSets {
  readonly #clock: SimClock;
  readonly #scheduler: Scheduler;
  readonly #ids: Ids;

  constructor({ clock, scheduler, ids }: { clock: SimClock; scheduler: Scheduler; ids: Ids }) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#ids = ids;
  }

  create(service: SimService, plan: TaskSetPlan): Deployment {
    const now = this.#clock.now();
    const { startedBy, externalId, status, taskDefinition = service.taskDefinition } = plan;
    const set = newDeployment(this.#ids.digits(), now, {
      status,
      taskSet: {
        scale: plan.scale ?? 100,
        loadBalancers: plan.loadBalancers ?? service.loadBalancers,
        stability: 'STABILIZING',
        stableAt: now,
        ...(startedBy === undefined ? {} : { startedBy }),
        ...(externalId === undefined ? {} : { externalId }),
      },
      taskDefinition,
      revision: { ...pick(service.settings, REVISION_SETTINGS), ...plan.revision },
      rolloutStateReason: '',
    });
    service.deployments.unshift(set);
    this.changed(service);
    return set;
  }

  /** UpdateTaskSet. @param scale percent of the service's desired count */
  rescale(service: SimService, set: Deployment, scale: number): void {
    if (set.taskSet) set.taskSet.scale = scale;
    set.updatedAt = this.#clock.now();
    this.changed(service);
  }

  /** UpdateServicePrimaryTaskSet: the service has its task definition and load balancers from then on. */
  makePrimary(service: SimService, set: Deployment): void {
    for (const one of service.deployments) if (one.status === 'PRIMARY') one.status = 'ACTIVE';
    set.status = 'PRIMARY';
    set.updatedAt = this.#clock.now();
    service.taskDefinition = set.taskDefinition;
    service.deployments.sort((a, b) => Number(b.status === 'PRIMARY') - Number(a.status === 'PRIMARY'));
    this.changed(service);
  }

  /** DeleteTaskSet: its tasks are stopped, and it is gone with the last of them. */
  drain(service: SimService, set: Deployment): void {
    set.status = 'DRAINING';
    if (set.taskSet) set.taskSet.scale = 0;
    set.updatedAt = this.#clock.now();
    this.changed(service);
  }

  /** Whether a deployment by task sets has not ended: two of them have tasks, or the only one is not steady. */
  underWay({ deployments }: SimService): boolean {
    return deployments.length > 1 || deployments.some(({ taskSet }) => taskSet?.stability === 'STABILIZING');
  }

  /**
   * From CODE_DEPLOY or EXTERNAL to ECS, in place: the tasks keep running, as those of the service's own deployment, and the service has
   * the task definition, load balancers and settings of its PRIMARY task set.
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/migrate-codedeploy-to-ecs-bluegreen.html
   */
  handOver(service: SimService): void {
    const [primary] = service.deployments;
    if (!primary?.taskSet) return;
    const { taskSet, ...own } = primary;
    const loadBalancers = taskSet.loadBalancers ?? [];
    const deployment: Deployment = {
      ...own,
      revision: { ...own.revision, loadBalancers },
      rolloutState: 'COMPLETED',
      rolloutStateReason: `ECS deployment ${own.id} completed.`,
      updatedAt: this.#clock.now(),
    };
    service.taskDefinition = own.taskDefinition;
    service.loadBalancers = loadBalancers;
    Object.assign(service.settings, pick(own.revision, ['networkConfiguration', 'platformVersion']));
    service.deployments = [deployment];
    service.lastCompleted = deployment;
  }

  changed(service: SimService): void {
    endSuppression(service, MESSAGES.steady);
    this.#scheduler.reconcile(service);
  }
}
