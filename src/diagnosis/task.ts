import type { ContainerState, Json, TaskDefinition, TaskState } from '../model.ts';
import { defined, isObject } from '../model.ts';
import type { Diagnosis, Nature } from './diagnosis.ts';
import { diagnose } from './explain.ts';

/** Container name -> the containers that must have started, succeeded or become healthy before it. */
type Dependencies = ReadonlyMap<string, readonly string[]>;

const NO_DEPENDENCIES: Dependencies = new Map();
/** ECS, a user or EC2 ended the task from outside: what its containers then did is the consequence. */
const FROM_OUTSIDE = new Set([
  'UserInitiated',
  'ServiceSchedulerInitiated',
  'SpotInterruption',
  'TerminationNotice',
  'InfrastructureHealth',
]);
const WEIGHT: Readonly<Record<Nature, number>> = {
  permanent: 0,
  ambiguous: 10,
  unplaceable: 20,
  transient: 30,
  unknown: 40,
  symptom: 50,
  normal: 60,
};

/** Reads `dependsOn` of a task definition. */
export function dependenciesOf(definition: TaskDefinition): Dependencies {
  const named = (entry: Json): string[] =>
    isObject(entry) && typeof entry.containerName === 'string' ? [entry.containerName] : [];
  return new Map(
    definition.containerDefinitions.map(({ name, dependsOn }) => [
      name,
      Array.isArray(dependsOn) ? dependsOn.flatMap(named) : [],
    ]),
  );
}

/** A task, and what replaces it where its deployment keeps every old task: a strategy, or CODE_DEPLOY. */
type Started = TaskState & { readonly strategy?: string };

/**
 * Why a task stopped: the container that failed first and not those that were ended with it, a root cause before a
 * symptom. ECS gives no time for the end of a container, so what others depend on is taken to have failed first, and
 * SIGTERM (143) or SIGKILL (137) beside another's own failure to be the consequence of it.
 * @param essential names of the essential containers; undefined: all
 * @param dependsOn as `dependenciesOf` reads them
 * @returns undefined when the task has not stopped, or nothing says why
 */
export function diagnoseTask(
  task: Started,
  essential: ReadonlySet<string> | undefined,
  dependsOn: Dependencies = NO_DEPENDENCIES,
): Diagnosis | undefined {
  if (task.lastStatus !== 'STOPPED' && task.stoppedReason === undefined) return undefined;
  const context = fieldsOf(task);
  const stopped = task.stoppedReason
    ? diagnose({ surface: 'task.stoppedReason', text: task.stoppedReason, context })
    : undefined;
  const found = causeOf(task, stopped, { essential, dependsOn });
  return (
    found && { ...found, taskId: task.id, ...(hasRun(task, found.container) ? {} : { neverStarted: true as const }) }
  );
}

/** Containers start before the task is RUNNING: one that has ended has run. */
const hasRun = ({ startedAt, containers }: TaskState, name: string | undefined): boolean =>
  startedAt !== undefined ||
  containers.some((one) => one.exitCode !== undefined && (name === undefined || one.name === name));

function causeOf(task: Started, stopped: Diagnosis | undefined, shape: Shape): Diagnosis | undefined {
  if (stopped?.healthCheck !== undefined) return unhealthy(task, stopped, shape.essential);
  const fromOutside = FROM_OUTSIDE.has(task.stopCode ?? '') || stopped?.nature === 'transient';
  return fromOutside ? stopped : firstFailed(task, stopped, shape);
}

/** Tasks of a service are started by its deployment: `ecs-svc/...`, or CodeDeploy's, which always has a strategy. */
const fieldsOf = ({ stopCode, launchType, startedBy, strategy }: Started) => ({
  ...defined({ stopCode, launchType, strategy }),
  ...(strategy !== undefined || startedBy === undefined || startedBy.startsWith('ecs-svc/') ? {} : { oneOff: true }),
});

/** A failed health check ended the task; only a container that was out of memory before that is a better cause. */
function unhealthy(task: Started, stopped: Diagnosis, essential: ReadonlySet<string> | undefined): Diagnosis {
  const starved = task.containers
    .flatMap((container) => explainContainer(container, task, essential) ?? [])
    .find(({ end }) => end === 'out-of-memory');
  if (starved) return starved;
  const sick = task.containers.find(({ healthStatus }) => healthStatus === 'UNHEALTHY')?.name;
  return stopped.healthCheck === 'container' && sick ? { ...stopped, container: sick } : stopped;
}

function explainContainer(
  { name, reason, exitCode }: ContainerState,
  task: Started,
  essential: ReadonlySet<string> | undefined,
): Diagnosis | undefined {
  const context = {
    ...fieldsOf(task),
    container: name,
    ...defined({ exitCode, essential: essential === undefined ? undefined : essential.has(name) }),
  };
  const byCode =
    exitCode === undefined
      ? undefined
      : diagnose({ surface: 'container.exitCode', text: `exit code ${exitCode}`, context });
  const byReason = reason ? diagnose({ surface: 'container.reason', text: reason, context }) : undefined;
  const vague = byReason === undefined || (byReason.nature === 'unknown' && byCode !== undefined);
  const found = vague ? byCode : byReason;
  return found && { ...found, container: name };
}

interface Shape {
  readonly essential: ReadonlySet<string> | undefined;
  readonly dependsOn: Dependencies;
}

function firstFailed(task: Started, stopped: Diagnosis | undefined, shape: Shape): Diagnosis | undefined {
  const explained = task.containers.flatMap((container) => explainContainer(container, task, shape.essential) ?? []);
  const blamed = new Set(
    task.containers.flatMap(({ reason }) => /dependency \[([^\]]{1,255})\] for target/.exec(reason ?? '')?.[1] ?? []),
  );
  const ownFailure = explained.some(({ end }) => end !== 'terminated' && end !== 'killed');
  const weight = (diagnosis: Diagnosis): number => {
    const { end, nature, vague, container = '' } = diagnosis;
    if (end === 'terminated' || (end === 'killed' && ownFailure)) return 45;
    if (blamed.has(container)) return WEIGHT.ambiguous;
    if (vague) return WEIGHT[nature] + 5;
    return WEIGHT[nature] + (end === 'exited' ? 2 : 0);
  };
  const ordered = [...explained].sort(
    (a, b) => weight(a) - weight(b) || depth(b, shape.dependsOn) - depth(a, shape.dependsOn),
  );
  const [first] = ordered.map((diagnosis) => (blamed.has(diagnosis.container ?? '') ? asCause(diagnosis) : diagnosis));
  if (!first || !stopped) return first ?? stopped;
  return weight(first) <= weight(stopped) ? first : stopped;
}

/** A helper that was not essential, and yet others waited for its success. */
const asCause = (diagnosis: Diagnosis): Diagnosis =>
  diagnosis.end === 'helper'
    ? {
        ...diagnosis,
        rule: 'app-crash',
        end: 'crashed',
        nature: 'ambiguous',
        severity: 'failure',
        cause: `The container ${diagnosis.container ?? ''}, for which others wait (dependsOn), failed: ${diagnosis.evidence.text}.`,
        remedy: 'Read its last log lines (CloudWatch Logs): the error is there.',
      }
    : diagnosis;

/** How many containers wait for this one, directly or not; a cycle (which ECS refuses) ends the walk. */
function depth({ container }: Diagnosis, dependsOn: Dependencies): number {
  const waiting = new Set<string>();
  const queue = [container ?? ''];
  for (const name of queue) {
    for (const [other, needs] of dependsOn) {
      if (needs.includes(name) && !waiting.has(other)) {
        waiting.add(other);
        queue.push(other);
      }
    }
  }
  return waiting.size;
}
