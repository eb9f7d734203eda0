import { diagnose, diagnoseTask, rank } from '../diagnosis/diagnose.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type {
  DeploymentState,
  Instant,
  ServiceDeployment,
  ServiceEvent,
  ServiceRevision,
  ServiceState,
  TaskDefinition,
  TaskState,
} from '../world.ts';

/** The deployment that we created and judge, pinned right after UpdateService. */
export interface Deployment {
  readonly cluster: string;
  readonly service: string;
  /** ecs-svc/N */
  readonly id: string;
  readonly taskDefinitionArn: string;
  /** What ran before; undefined for the first deployment of a service. */
  readonly previousTaskDefinitionArn?: string;
  readonly startedAt: Instant;
  readonly timeoutSeconds: number;
  readonly noProgressSeconds: number;
  /** What runs in it, to know essential containers and where they log. */
  readonly definition?: TaskDefinition;
}

export interface TargetHealth {
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

/**
 * All we know at one instant: the newest answers, and what must be remembered from earlier ones (ECS forgets events
 * after 100 and stopped tasks after about an hour). Folded from one look to the next, so that `judge` needs no memory.
 */
export interface Snapshot {
  readonly at: Instant;
  readonly service: ServiceState;
  /** Every task ever seen that our deployment started (startedBy = its id), in its newest state, oldest first. */
  readonly tasks: readonly TaskState[];
  /** Every event since our deployment began, oldest first. */
  readonly events: readonly ServiceEvent[];
  /** Absent until found, or where IAM denies it. */
  readonly serviceDeployment?: ServiceDeployment;
  /** Our deployment's service revision, with the digests that really run. */
  readonly revision?: ServiceRevision;
  /** By task id; empty where unknown. */
  readonly targetHealth: ReadonlyMap<string, TargetHealth>;
  /** Last log lines by `taskId/container`. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
  /** Actions that IAM denied and that would tell more, such as ecs:ListServiceDeployments. */
  readonly denied: readonly string[];
  /** The most healthy tasks of ours seen so far, and since when. */
  readonly bestHealthy: number;
  readonly lastProgressAt: Instant;
  /** What is wrong so far with our tasks and our deployment, most telling first. */
  readonly diagnoses: readonly Diagnosis[];
}

/** What one look brought; what was not asked for this time is absent and remembered from before. */
export interface Observed {
  readonly at: Instant;
  readonly service: ServiceState;
  readonly tasks?: readonly TaskState[];
  readonly serviceDeployment?: ServiceDeployment;
  readonly revision?: ServiceRevision;
  readonly logs?: ReadonlyMap<string, readonly string[]>;
  readonly denied: readonly string[];
}

export const oursIn = (service: ServiceState, deployment: Deployment): DeploymentState | undefined =>
  service.deployments.find(({ id }) => id === deployment.id);

/** Folds one look into what is known. */
export function nextSnapshot(previous: Snapshot | undefined, observed: Observed, deployment: Deployment): Snapshot {
  const tasks = new Map((previous?.tasks ?? []).map((task) => [task.arn, task]));
  for (const task of observed.tasks ?? []) if (task.startedBy === deployment.id) tasks.set(task.arn, task);
  const events = new Map((previous?.events ?? []).map((event) => [event.id, event]));
  for (const event of observed.service.events) if (event.at >= deployment.startedAt - 1) events.set(event.id, event);
  const healthy = oursIn(observed.service, deployment)?.runningCount ?? 0;
  const best = previous?.bestHealthy ?? 0;
  const serviceDeployment = observed.serviceDeployment ?? previous?.serviceDeployment;
  const revision = observed.revision ?? previous?.revision;
  const known = {
    at: observed.at,
    service: observed.service,
    tasks: [...tasks.values()].sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0)),
    events: [...events.values()].sort((a, b) => a.at - b.at),
    targetHealth: previous?.targetHealth ?? new Map(),
    logs: new Map([...(previous?.logs ?? []), ...(observed.logs ?? [])]),
    denied: [...new Set([...(previous?.denied ?? []), ...observed.denied])],
    bestHealthy: Math.max(best, healthy),
    lastProgressAt: previous && healthy <= best ? previous.lastProgressAt : observed.at,
    ...(serviceDeployment ? { serviceDeployment } : {}),
    ...(revision ? { revision } : {}),
  };
  return { ...known, diagnoses: diagnosesOf(known, deployment) };
}

/** Everything that is wrong with our tasks and our deployment, root causes first. */
function diagnosesOf(known: Omit<Snapshot, 'diagnoses'>, deployment: Deployment): Diagnosis[] {
  const containers = deployment.definition?.containerDefinitions;
  const essential =
    containers && new Set(containers.flatMap(({ name, essential: is }) => (is === false ? [] : [name])));
  const fromTasks = known.tasks.flatMap((task) => {
    const found = diagnoseTask(task, essential);
    if (!found) return [];
    const said = (known.logs.get(`${task.id}/${found.container ?? ''}`) ?? []).join('\n');
    // A log line may know better than an exit code: "exec format error" is the wrong architecture.
    const logged =
      found.rule === 'app-crash' && said !== ''
        ? diagnose({ surface: 'container.log', text: said, context: {} })
        : undefined;
    return [logged?.nature === 'hopeless' ? { ...logged, taskId: task.id } : found];
  });
  const fromEvents = known.events.flatMap(({ message }) => {
    const found = diagnose({ surface: 'service.event', text: message, context: {} });
    return found.nature === 'blocked' || found.rule === 'deployment-alarm' ? [found] : [];
  });
  const reasons = [known.serviceDeployment?.statusReason, oursIn(known.service, deployment)?.rolloutStateReason];
  const fromReasons = reasons.flatMap((text) => {
    const found = text ? diagnose({ surface: 'deployment.rolloutStateReason', text, context: {} }) : undefined;
    return found && found.nature !== 'unknown' ? [found] : [];
  });
  return rank([...fromTasks, ...fromEvents, ...fromReasons]);
}
