import { type Diagnosis, isPlacement } from '../diagnosis/diagnosis.ts';
import { logLocation } from '../diagnosis/logs.ts';
import type {
  CapacityProvider,
  DeploymentState,
  Instant,
  ServiceDeployment,
  ServiceEvent,
  ServiceRevision,
  ServiceState,
  TaskState,
} from '../model.ts';
import type { Compute } from '../service/compute.ts';
import type { Deployment } from '../service/deployment.ts';
import { endedBadly } from '../service/tally.ts';

/**
 * One thing that went wrong: a task of ours that ended badly, an event that says so of our deployment, or what ECS
 * says of the deployment as a whole (its breaker, alarms, hooks), which alone is never proof: ECS's state is.
 */
export interface Trouble {
  readonly from: 'task' | 'event' | 'deployment';
  readonly diagnosis: Diagnosis;
  /** Unknown where ECS does not say. */
  readonly at?: Instant;
  readonly task?: TaskState;
}

export interface TargetHealth {
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

/**
 * All we know at one instant: the newest answers, and what must be remembered from earlier ones (ECS forgets events
 * after 100 and stopped tasks after about an hour). Folded from one poll to the next, so that `judge` needs no memory.
 */
export interface Snapshot {
  readonly at: Instant;
  readonly service: ServiceState;
  /** Every task ever seen that our deployment started (startedBy = its id), in its newest state, oldest first. */
  readonly tasks: readonly TaskState[];
  /** Every event since our deployment started, oldest first. */
  readonly events: readonly ServiceEvent[];
  /** Absent until found, or where IAM denies it. */
  readonly serviceDeployment?: ServiceDeployment;
  /** Our deployment's service revision, with the digests that really run. */
  readonly revision?: ServiceRevision;
  /** By task id; empty where unknown. */
  readonly targetHealth: ReadonlyMap<string, TargetHealth>;
  /** Last log lines by `taskId/container`. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
  /** More lines than are shown: the reason may stand in these. */
  readonly logsRead?: ReadonlyMap<string, readonly string[]>;
  /** By container: where its log is, when it cannot be read from here. */
  readonly logHints?: ReadonlyMap<string, string>;
  /** Whether a capacity provider of the service adds machines; undefined until it mattered, or where IAM denies to ask. */
  readonly addsCapacity?: boolean;
  /** Where the tasks run; undefined for a capacity provider of which nothing is known yet. */
  readonly compute?: Compute;
  /** Actions that IAM denied and that would show more, such as ecs:ListServiceDeployments. */
  readonly denied: readonly string[];
  /** The most healthy tasks of ours so far; less again when some were lost to no fault of theirs. */
  readonly bestHealthy: number;
  /** When that number last grew, or a stage of the deployment went by. */
  readonly lastProgressAt: Instant;
  /** Since when the deployment is in its stage, and its traffic as it is; by our first look where that came later. */
  readonly stageSince?: Instant;
  /** When tasks of other deployments last came or went. */
  readonly othersMovedAt?: Instant;
  /** The fewest tasks of other deployments so far, and when that number last fell: they make room for ours. */
  readonly othersFewest?: number;
  readonly othersLeftAt?: Instant;
  /** Tasks of other deployments that are stopping but have not stopped yet: ECS may not count them any more. */
  readonly othersDraining?: number;
  /** ARNs of tasks of other deployments that ended badly since ours started, by the id of their deployment: one that ECS rolls back to may fail, too. */
  readonly othersFailed?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Ids of the tasks of a deployment found under way that were there at the first poll, ended or not. */
  readonly begunBeforehand?: ReadonlySet<string>;
  /** Since when tasks of ours, by ARN, are known to be on their way out. */
  readonly leavingSince?: ReadonlyMap<string, Instant>;
  /** Whether another deployment of the service has been seen to run. */
  readonly othersRan?: boolean;
  /** What went wrong with whom, from which `diagnoses` follow. */
  readonly troubles?: readonly Trouble[];
  /** What is wrong with settings of the service that forbid each step of a deployment; absent where they allow one. */
  readonly deadlock?: Diagnosis;
  /** What is wrong so far with our tasks and our deployment, most telling first. */
  readonly diagnoses: readonly Diagnosis[];
}

/** All that is known after a poll, before its messages are explained. */
export type Unexplained = Omit<Snapshot, 'diagnoses' | 'troubles' | 'deadlock'>;

/** What one poll returned; what this one did not request is absent and kept from before. */
export interface Observed {
  readonly at: Instant;
  readonly service: ServiceState;
  readonly tasks?: readonly TaskState[];
  /** ARNs of tasks known before that DescribeTasks, asked for them, no longer shows. */
  readonly gone?: readonly string[];
  readonly serviceDeployment?: ServiceDeployment;
  readonly revision?: ServiceRevision;
  readonly targetHealth?: ReadonlyMap<string, TargetHealth>;
  readonly logs?: ReadonlyMap<string, readonly string[]>;
  readonly logsRead?: ReadonlyMap<string, readonly string[]>;
  readonly logHints?: ReadonlyMap<string, string>;
  readonly providers?: readonly CapacityProvider[];
  readonly denied: readonly string[];
}

export const oursIn = (service: ServiceState, deployment: Deployment): DeploymentState | undefined =>
  service.deployments.find(({ id }) => id === deployment.id);

/** All that a judgement rests on, looked up once. */
export interface View {
  readonly snapshot: Snapshot;
  readonly deployment: Deployment;
  readonly now: Instant;
  readonly ours: DeploymentState | undefined;
  readonly primary: DeploymentState | undefined;
  readonly troubles: readonly Trouble[];
}

/** When the trouble was seen, as far as ECS says. */
export const timeOf = ({ at, task }: Trouble): Instant | undefined => at ?? task?.stoppedAt;

/** Whether IAM keeps tasks from us: ECS's counts and events are then all there is. */
export const cannotSeeTasks = (denied: readonly string[]): boolean =>
  denied.includes('ecs:ListTasks') || denied.includes('ecs:DescribeTasks');

/** Has ended, or is asked to end: something may say why. */
export const isEnding = ({ lastStatus, desiredStatus }: Pick<TaskState, 'lastStatus' | 'desiredStatus'>): boolean =>
  lastStatus === 'STOPPED' || desiredStatus === 'STOPPED';

/** Still counted as running, but on its way to STOPPED. */
export const isStopping = ({ lastStatus, desiredStatus, failedHealthCheck }: TaskState): boolean =>
  lastStatus === 'RUNNING' ? desiredStatus === 'STOPPED' : lastStatus === 'DEACTIVATING' && failedHealthCheck === true;

/** A task that failed and is not STOPPED yet: its containers' last lines are on their way. */
export const isEndingBadly = (task: TaskState): boolean => endedBadly(task) && task.lastStatus !== 'STOPPED';

/** Whether a log that may show the cause has not been read yet, and can be: also that of a task that is about to be STOPPED. */
export function logsToCome({ tasks, logsRead, denied }: Snapshot, { definition, logLines }: Deployment): boolean {
  if (!definition || logLines === 0 || denied.includes('logs:GetLogEvents')) return false;
  return (
    !logsRead?.size &&
    tasks
      .flatMap((task) => telling(isEndingBadly(task) ? { ...task, lastStatus: 'STOPPED' } : task))
      .some(({ task, name, phase }) => phase === 'ended' && logLocation(definition, name, task.id).driver === 'awslogs')
  );
}

/** A container whose log may show why its task failed. */
export interface Telling {
  readonly task: TaskState;
  readonly name: string;
  /** A log is read when its container turned unhealthy, and again when it has ended. */
  readonly phase: 'unhealthy' | 'ended';
  readonly exitCode: number | undefined;
}

/** The containers whose log may show why: ended by themselves, or found at fault by a health check. */
export function telling(task: TaskState): Telling[] {
  const { lastStatus, healthStatus, stopCode, failedHealthCheck, containers } = task;
  const phase = lastStatus === 'STOPPED' ? 'ended' : 'unhealthy';
  const crashed = stopCode === 'EssentialContainerExited' && phase === 'ended';
  const unhealthy = phase === 'ended' ? failedHealthCheck === true : healthStatus === 'UNHEALTHY';
  const guilty = containers.filter((one) =>
    crashed ? one.exitCode !== undefined && one.exitCode !== 0 : one.healthStatus === 'UNHEALTHY',
  );
  if (!crashed && !unhealthy) return [];
  return (guilty.length > 0 ? guilty : containers).map(({ name, exitCode }) => ({ task, name, phase, exitCode }));
}

/**
 * Tasks of a revision wait for capacity, or for a quota, and none of them has failed.
 * @param arn of the revision
 */
export function isUnplaced(
  { diagnoses: [cause], service: { deployments }, tasks }: Pick<Snapshot, 'diagnoses' | 'service' | 'tasks'>,
  arn: string,
): boolean {
  const failed =
    deployments.some(({ taskDefinitionArn, failedTasks }) => taskDefinitionArn === arn && failedTasks > 0) ||
    tasks.some((task) => task.taskDefinitionArn === arn && endedBadly(task));
  return cause !== undefined && isPlacement(cause) && !failed;
}
