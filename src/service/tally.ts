import type { ServiceState, TaskState } from '../model.ts';
import type { Deployment } from './deployment.ts';

/** How many tasks of a revision run, start and have failed when a rollout ends. */
export interface RevisionTally {
  readonly taskDefinitionArn: string;
  readonly running: number;
  readonly pending: number;
  /** Tasks that ended badly: those that this run has seen, or, where they are more, those that ECS counts as failed. */
  readonly failed: number;
}

/** An end that is the task's own failure: ECS did not scale in or replace it, and its host was not taken away. */
export const isBadEnd = ({ stopCode, failedHealthCheck }: Pick<TaskState, 'stopCode' | 'failedHealthCheck'>): boolean =>
  stopCode !== 'UserInitiated' &&
  (stopCode !== 'ServiceSchedulerInitiated' || failedHealthCheck === true) &&
  !HOST_ENDED.has(stopCode ?? '');

/** Has ended, or is ending, by a failure of its own: ECS gives a stop code as soon as it knows why. */
export const endedBadly = (task: TaskState): boolean =>
  (task.lastStatus === 'STOPPED' || (ENDING.has(task.lastStatus) && task.stopCode !== undefined)) && isBadEnd(task);

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
const ENDING: ReadonlySet<string> = new Set(['DEACTIVATING', 'STOPPING', 'DEPROVISIONING']);

/** Stop codes of a host that was taken away or failed. */
export const HOST_ENDED: ReadonlySet<string> = new Set([
  'SpotInterruption',
  'TerminationNotice',
  'InfrastructureHealth',
]);

/** What the last snapshot of a watch remembers of tasks: those of its own deployment, and which of others failed. */
interface Remembered {
  readonly tasks: readonly TaskState[];
  readonly othersFailed?: ReadonlyMap<string, ReadonlySet<string>>;
}

/** ARNs of the tasks that ended badly, by the id of their deployment. */
function failedIn(seen: readonly Remembered[]): ReadonlyMap<string, ReadonlySet<string>> {
  const all = seen.flatMap(({ tasks, othersFailed = new Map<string, ReadonlySet<string>>() }) => [
    ...tasks.filter(endedBadly).map(({ startedBy = '', arn }) => ({ id: startedBy, arn })),
    ...[...othersFailed].flatMap(([id, arns]) => [...arns].map((arn) => ({ id, arn }))),
  ]);
  return new Map([...Map.groupBy(all, ({ id }) => id)].map(([id, some]) => [id, new Set(some.map(({ arn }) => arn))]));
}

/**
 * One row for each revision: the deployed one first, then those that have tasks. Where two deployments have the same revision, their
 * tasks are counted together.
 * @param service the newest known state
 * @param seen the last snapshot of each watch of the run: of the deployment, and of one that rolled it back
 */
export function tallyOf(
  service: Pick<ServiceState, 'deployments'>,
  deployment: Pick<Deployment, 'id' | 'taskDefinitionArn'>,
  seen: readonly Remembered[],
): readonly RevisionTally[] {
  const failed = failedIn(seen);
  const badOf = (id: string): number => failed.get(id)?.size ?? 0;
  const rows = new Map<string, RevisionTally>();
  const add = (row: RevisionTally): void => {
    const { taskDefinitionArn: arn } = row;
    const { running = 0, pending = 0, failed = 0 } = rows.get(arn) ?? {};
    rows.set(arn, {
      taskDefinitionArn: arn,
      running: running + row.running,
      pending: pending + row.pending,
      failed: failed + row.failed,
    });
  };
  add({ taskDefinitionArn: deployment.taskDefinitionArn, running: 0, pending: 0, failed: 0 });
  for (const { id, taskDefinitionArn, runningCount, pendingCount, failedTasks } of service.deployments) {
    add({ taskDefinitionArn, running: runningCount, pending: pendingCount, failed: Math.max(badOf(id), failedTasks) });
  }
  // ECS no longer lists a deployment that it rolled back; its tasks have been seen.
  const listed = service.deployments.some(({ id }) => id === deployment.id);
  if (!listed)
    add({ taskDefinitionArn: deployment.taskDefinitionArn, running: 0, pending: 0, failed: badOf(deployment.id) });
  return [...rows.values()].filter(
    ({ taskDefinitionArn, running, pending, failed }) =>
      taskDefinitionArn === deployment.taskDefinitionArn || running + pending + failed > 0,
  );
}
