/** Ends one-off tasks whose run has ended before them. */
import { lastPart } from '../arn.ts';
import { asFailure } from '../failure.ts';
import type { Instant, TaskRequest } from '../model.ts';
import type { Ecs } from '../ports.ts';
import { STARTED_BY } from '../tags.ts';

/** What a run is about to start, or has started: enough to find it again. */
export interface TaskIntent {
  /** `pre-deploy task migrate` */
  readonly label: string;
  /** ARN. */
  readonly cluster: string;
  readonly startedBy: string;
  /** ARN of the revision. */
  readonly taskDefinition: string;
  /** By AWS's clock, before RunTask. */
  readonly at: Instant;
  /** ARN, once ECS has answered. */
  readonly task?: string;
}

export const intentOfTask = (
  label: string,
  { cluster, startedBy, taskDefinition }: TaskRequest,
  at: Instant,
): TaskIntent => ({ label, cluster, startedBy, taskDefinition, at });

/** The end of the sentence where nothing is left to do. */
export const ASKED_TO_STOP = 'was asked to stop.';

/** ECS's clock and ours may differ a little. */
const SKEW_SECONDS = 30;

/**
 * Stops the task that was started for the intent, if it still runs. Where the answer of RunTask never came, it is known by
 * startedBy; one that the user chose is not unique, so revision and time count as well.
 * @returns the result in one sentence; undefined where nothing runs
 */
export async function stopTask(
  intent: TaskIntent,
  why: string,
  ecs: Pick<Ecs, 'listTasks' | 'describeTasks' | 'stopTask'>,
): Promise<string | undefined> {
  const { label, cluster } = intent;
  try {
    const running = await runningOf(intent, ecs);
    if (running.length === 0) return undefined;
    await Promise.all(running.map((arn) => ecs.stopTask(cluster, arn, why)));
    return `The ${label} (${running.map(lastPart).join(', ')}) ${ASKED_TO_STOP}`;
  } catch (thrown) {
    const which = intent.task === undefined ? '' : ` (${lastPart(intent.task)})`;
    return `The ${label}${which} may still run: ${asFailure(thrown).message} To stop it: aws ecs stop-task --cluster ${lastPart(cluster)} --task ${lastPart(intent.task ?? 'TASK')}`;
  }
}

async function runningOf(
  { cluster, startedBy, taskDefinition, at, task }: TaskIntent,
  ecs: Pick<Ecs, 'listTasks' | 'describeTasks'>,
): Promise<readonly string[]> {
  if (task !== undefined) {
    const [found] = await ecs.describeTasks(cluster, [task]);
    return found?.lastStatus === 'STOPPED' || found?.desiredStatus === 'STOPPED' ? [] : [task];
  }
  // A name of ours is unique to the task of one run, of which an earlier attempt may have started it.
  const ours = startedBy.startsWith(`${STARTED_BY}/`);
  const listed = await ecs.listTasks({ cluster, startedBy, desiredStatus: 'RUNNING' });
  const tasks = listed.length > 0 ? await ecs.describeTasks(cluster, listed) : [];
  return tasks
    .filter(
      ({ taskDefinitionArn, createdAt = at, lastStatus }) =>
        lastStatus !== 'STOPPED' && (ours || (taskDefinitionArn === taskDefinition && createdAt >= at - SKEW_SECONDS)),
    )
    .map(({ arn }) => arn);
}
