/** Why tasks of a daemon ended: ListTasks takes the daemon's name, and its tasks are read as those of a service are. */
import { lastPart } from '../arn.ts';
import { type Diagnosis, rank } from '../diagnosis/diagnosis.ts';
import { asFailure } from '../failure.ts';
import type { Instant, TaskDefinition, TaskState } from '../model.ts';
import type { Ecs, Logs } from '../ports.ts';
import { logReader } from './log-tail.ts';

/** Of the tasks that have ended, so many of the newest are looked at: more of the same revision say the same. */
const NEWEST = 20;

export interface DaemonTasks {
  /** Root cause first; none of ends that are normal in a deployment. */
  readonly diagnoses: readonly Diagnosis[];
  /** The last lines of a container that failed. */
  readonly tail?: { readonly container: string; readonly lines: readonly string[]; readonly taskId: string };
}

interface Wanted {
  /** ARN. */
  readonly cluster: string;
  /** Name. */
  readonly daemon: string;
  /** ARN of the daemon task definition, and what stands in it. */
  readonly revision: string;
  readonly definition: TaskDefinition;
  /** Earlier ends are those of another deployment. */
  readonly since: Instant;
  readonly region: string;
  readonly logLines: number;
}

/**
 * Reads the tasks of one revision that have ended, again with each call of what it returns; a task is explained once its log says something.
 * What cannot be read costs the explanation and never the run.
 * @throws Failure CANCELLED or CREDENTIALS
 */
export function daemonTaskReader(
  { cluster, daemon, revision, definition, since, region, logLines }: Wanted,
  { ecs, logs }: { readonly ecs: Pick<Ecs, 'listTasks' | 'describeTasks'>; readonly logs: Logs },
): () => Promise<DaemonTasks> {
  const read = logReader({ definition, logLines }, { logs }, (_, question) => help(question));
  const lines = new Map<string, readonly string[]>();
  const shown = new Map<string, readonly string[]>();
  return async () => {
    const tasks = (await help(() => stopped({ cluster, daemon }, ecs))) ?? [];
    const ours = tasks
      .filter(({ taskDefinitionArn }) => lastPart(taskDefinitionArn) === lastPart(revision))
      .filter(({ stoppedAt = since }) => stoppedAt >= since)
      .toSorted((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0))
      .slice(0, NEWEST);
    const found = await read(ours);
    for (const [key, all] of found.logsRead ?? []) lines.set(key, all);
    for (const [key, last] of found.logs ?? []) shown.set(key, last);
    if (ours.length === 0) return { diagnoses: [] };
    const { explainTask } = await import('./troubles.ts');
    const diagnoses = rank(
      ours.flatMap((task) => {
        const diagnosis = explainTask(task, definition, { logs: logsOf(task, lines), region });
        return diagnosis && !isReplaced(diagnosis, task) ? [diagnosis] : [];
      }),
    );
    const [first] = diagnoses;
    const { taskId = '', container = '' } = first ?? {};
    const tail = shown.get(`${taskId}/${container}`);
    return { diagnoses, ...(tail ? { tail: { container, lines: tail, taskId } } : {}) };
  };
}

/** ECS replaces the task or drains its instance, in words that are not documented: the deployment, and not a failure of the task. */
const isReplaced = ({ nature }: Diagnosis, { stopCode }: TaskState): boolean =>
  nature === 'normal' || (nature === 'unknown' && ENDED_BY_ECS.includes(stopCode ?? ''));
const ENDED_BY_ECS = ['ServiceSchedulerInitiated', 'UserInitiated', 'TerminationNotice'];

const logsOf = ({ id }: TaskState, lines: ReadonlyMap<string, readonly string[]>): Map<string, readonly string[]> =>
  new Map(
    [...lines].flatMap(([key, all]) => (key.startsWith(`${id}/`) ? [[key.slice(id.length + 1), all] as const] : [])),
  );

async function stopped(
  { cluster, daemon }: { readonly cluster: string; readonly daemon: string },
  ecs: Pick<Ecs, 'listTasks' | 'describeTasks'>,
): Promise<readonly TaskState[]> {
  const arns = await ecs.listTasks({ cluster, daemon, desiredStatus: 'STOPPED' });
  return arns.length === 0 ? [] : ecs.describeTasks(cluster, arns);
}

async function help<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    return undefined;
  }
}
