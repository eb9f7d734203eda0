import { alarmsIn, dependenciesOf, diagnose, diagnoseTask, readLog } from '../diagnosis/diagnose.ts';
import { type Diagnosis, isCrash, rank, tellsMore } from '../diagnosis/diagnosis.ts';
import { asCode } from '../diagnosis/words.ts';
import type { ServiceEvent, ServiceState, TaskDefinition, TaskState } from '../model.ts';
import { defined } from '../model.ts';
import { planRolling } from '../service/change.ts';
import { computeOf } from '../service/compute.ts';
import type { Deployment } from '../service/deployment.ts';
import { POLICY } from './policy.ts';
import { isEnding, oursIn, type Snapshot, type Trouble, type Unexplained } from './snapshot.ts';

/** Snapshot without what follows from it. */
type Known = Unexplained & Pick<Clues, 'strategy'>;

/** The snapshot with all that its messages say: what went wrong, and why. */
export function explain(seen: Unexplained, deployment: Deployment): Snapshot {
  const troubles = troublesOf(seen, deployment);
  const diagnoses = rank(troubles.map(({ diagnosis }) => diagnosis));
  return { ...seen, troubles, diagnoses, ...defined({ deadlock: deadlockOf(seen.service) }) };
}

function deadlockOf(service: ServiceState): Diagnosis | undefined {
  const { stuck, sentence } = planRolling(service);
  if (!stuck) return undefined;
  const text = 'was unable to stop or start tasks during a deployment because of the service deployment configuration';
  const known = diagnose({ surface: 'service.event', text, context: {} });
  return { ...known, cause: sentence, evidence: { ...known.evidence, text: sentence } };
}

/** Everything that went wrong with our deployment so far, not yet ranked; one entry a task. */
export function troublesOf(seen: Known, deployment: Deployment): Trouble[] {
  const compute = seen.compute ?? computeOf(seen.service, seen);
  const known = { ...seen, ...defined({ compute, strategy: strategyOf(seen.service) }) };
  const tasks = taskTroubles(known, deployment);
  const explained = new Set(tasks.map(({ diagnosis }) => diagnosis.rule));
  // ECS repeats in an event what it says of the task; the task knows its container.
  const events = eventTroubles(known, deployment).filter(
    ({ from, diagnosis }) => from === 'deployment' || !explained.has(diagnosis.rule),
  );
  const { region } = known.service;
  return [...tasks, ...events, ...deploymentTroubles(known, deployment)].map((trouble) => placed(trouble, region));
}

/** A message often names no Region; the service does. */
function placed(trouble: Trouble, region: string): Trouble {
  const { diagnosis } = trouble;
  if (region === '' || !/\bREGION\b/.test(`${diagnosis.cause} ${diagnosis.remedy}`)) return trouble;
  const name = (text: string): string => text.replaceAll(/\bREGION\b/g, region);
  return { ...trouble, diagnosis: { ...diagnosis, cause: name(diagnosis.cause), remedy: name(diagnosis.remedy) } };
}

/** By the definition of the deployment, which stays from poll to poll. */
const explainers = new WeakMap<TaskDefinition, TaskExplainer>();

function taskTroubles(known: Known, { definition }: Deployment): Trouble[] {
  const explain = (definition && explainers.get(definition)) ?? taskExplainer(definition);
  if (definition) explainers.set(definition, explain);
  const troubles = known.tasks.filter(isEnding).flatMap((task): Trouble[] => {
    const diagnosis = explain(task, known);
    if (!diagnosis || diagnosis.nature === 'normal') return [];
    return [{ from: 'task', diagnosis, task, ...defined({ at: task.stoppedAt }) }];
  });
  const all = troubles.map(({ diagnosis }) => diagnosis);
  return troubles.map((trouble) => ({ ...trouble, diagnosis: tellingOf(trouble.diagnosis, all) }));
}

/**
 * Tasks of one revision that fail in one way have one cause, whichever of them it is known of: a log cannot be read at once, only a few
 * of many are read, and ECS reports a target after its task. Without this, one crash would be reported as two causes.
 */
const tellingOf = (diagnosis: Diagnosis, all: readonly Diagnosis[]): Diagnosis =>
  all.find((other) => tellsMore(other, diagnosis)) ?? diagnosis;

/**
 * Each poll reads again what the polls before it read, and an explanation depends on its evidence alone: what was explained is remembered.
 * @param limit how many explanations; beyond it the oldest is forgotten
 */
function remembering<Evidence extends readonly unknown[], T>(
  limit: number,
  explain: (...evidence: Evidence) => T,
): (...evidence: Evidence) => T {
  const known = new Map<string, { readonly explained: T }>();
  return (...evidence) => {
    const key = JSON.stringify(evidence);
    const found = known.get(key);
    if (found) return found.explained;
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size >= limit) known.delete(oldest);
    const explained = explain(...evidence);
    known.set(key, { explained });
    return explained;
  };
}

/** Events of many services, which are watched side by side. */
const explainEvent = remembering(2_000, (text: string, context: ReturnType<typeof contextOf>) =>
  diagnose({ surface: 'service.event', text, context }),
);
const explainLog = remembering(100, readLog);

/** What is known of a task beside its own state. */
interface Clues extends Pick<Snapshot, 'logs' | 'logsRead' | 'events' | 'compute'> {
  /** What keeps every old task until the new ones have taken over. */
  readonly strategy?: string;
}

type TaskExplainer = (task: TaskState, clues: Clues) => Diagnosis | undefined;

/**
 * Why tasks of a definition ended: what ECS says of the task, in the words of the event or the log that says more.
 * @returns undefined for a task that has not stopped, or where nothing says why
 */
function taskExplainer(definition: TaskDefinition | undefined): TaskExplainer {
  const containers = definition?.containerDefinitions;
  const essential =
    containers && new Set(containers.flatMap(({ name, essential: is }) => (is === false ? [] : [name])));
  const dependsOn = definition && dependenciesOf(definition);
  const explain = remembering(200, (task: TaskState) => diagnoseTask(task, essential, dependsOn));
  return (task, clues) => {
    const found = explain({ ...contextOf(clues), ...task });
    const better = found && moreSpecific(found, task, clues);
    return better && withLastWords(better, clues);
  };
}

/**
 * Why a task of RunTask ended, read as those of a service are.
 * @param logs by container, the newest lines last
 */
export function explainTask(
  task: TaskState,
  definition: TaskDefinition,
  { logs, region }: { readonly logs: ReadonlyMap<string, readonly string[]>; readonly region: string },
): Diagnosis | undefined {
  const byKey = new Map([...logs].map(([container, lines]) => [`${task.id}/${container}`, lines]));
  const diagnosis = taskExplainer(definition)(task, { logs: byKey, events: [] });
  return diagnosis && placed({ from: 'task', diagnosis }, region).diagnosis;
}

/**
 * Why RunTask started nothing.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
 */
export const explainUnplaced = (reason: string, launchType: string | undefined): Diagnosis =>
  diagnose({
    surface: 'task.stoppedReason',
    text: reason,
    context: { oneOff: true, ...(launchType === undefined ? {} : { launchType }) },
  });

/** Says that something is wrong, where a log line or an event about the same task may say what. */
const isGeneral = (found: Diagnosis): boolean =>
  found.nature === 'symptom' ||
  found.nature === 'unknown' ||
  isCrash(found) ||
  (found.healthCheck === 'load-balancer' && found.failure !== 'unreachable');

/**
 * The event about the target knows better than "failed ELB health checks" (no answer, or a 503). What an
 * application printed is for `withLastWords`, except where it names what no other row may overrule ("exec format error").
 */
function moreSpecific(found: Diagnosis, task: TaskState, clues: Clues): Diagnosis {
  const { logs, logsRead = logs, events } = clues;
  if (!isGeneral(found)) return found;
  const { container } = found;
  const lines = container
    ? (logsRead.get(`${task.id}/${container}`) ?? [])
    : [...logsRead].flatMap(([key, more]) => (key.startsWith(`${task.id}/`) ? more : []));
  const place = { taskId: task.id, ...defined({ container: container || undefined }) };
  const logged = explainLog(lines.join('\n'), container ?? '');
  if (logged?.nature === 'permanent') return { ...logged, ...place, cause: inItsWords(logged) };
  for (const { message } of events.filter(({ taskIds }) => taskIds.includes(task.id))) {
    const explained = explainEvent(message, contextOf(clues));
    const isCause =
      explained.nature === 'permanent' || explained.nature === 'ambiguous' || explained.nature === 'unplaceable';
    const more = explained.rule !== found.rule || (explained.status !== undefined && found.status === undefined);
    if (isCause && more && !(found.end === 'crashed' && explained.nature === 'ambiguous'))
      return { ...explained, ...place };
  }
  return found;
}

/** A service with a capacity provider strategy has no launch type, and its messages mean what they mean where it runs. */
const contextOf = ({ compute, strategy }: Pick<Clues, 'compute' | 'strategy'>) =>
  defined({ launchType: compute, strategy });

const strategyOf = ({ deploymentController, strategy }: ServiceState): string | undefined => {
  if (deploymentController === 'CODE_DEPLOY') return deploymentController;
  return strategy === 'ROLLING' ? undefined : strategy;
};

/** An exit code says nothing; what the container printed before says why. Where many tasks crash, each has its own. */
function withLastWords(diagnosis: Diagnosis, { logs, logsRead = logs }: Clues): Diagnosis {
  const { evidence, taskId = '', container = '' } = diagnosis;
  const lines = logsRead.get(`${taskId}/${container}`);
  if (evidence.surface !== 'container.exitCode' || lines === undefined) return diagnosis;
  const logged = explainLog(lines.join('\n'), container);
  if (logged === undefined) {
    const last = lines.findLast((line) => line.trim() !== '');
    if (last === undefined) return diagnosis;
    return { ...diagnosis, evidence: { ...evidence, text: `${evidence.text}, after: ${last.trim()}` } };
  }
  // 126 and 127 say that a command was not run or found; the shell's own line says which.
  if (!isCrash(diagnosis) && diagnosis.end !== undefined) return { ...diagnosis, evidence: logged.evidence };
  const cause = inItsWords(logged, evidence.text);
  const { subject, remedy, evidence: line, deploys, errorClass } = logged;
  return { ...diagnosis, subject, cause, remedy, evidence: line, ...defined({ deploys, errorClass }) };
}

/** The cause with the line that says it, where it does not quote it already, and how the container ended. */
function inItsWords({ cause, evidence }: Diagnosis, end?: string): string {
  const line = evidence.text.slice(0, POLICY.reasonCharacters);
  const beside = [...(end === undefined ? [] : [end]), ...(cause.includes(line) ? [] : [asCode(line)])];
  return beside.length === 0 ? cause : `${cause.replace(/\.$/, '')} (${beside.join('; ')}).`;
}

function eventTroubles(known: Known, deployment: Deployment): Trouble[] {
  return known.events.flatMap((event) => {
    const from = sourceOf(event, known, deployment);
    if (from === undefined) return [];
    const diagnosis = explainEvent(event.message, contextOf(known));
    switch (diagnosis.nature) {
      case 'permanent':
      case 'ambiguous':
        if (from === 'deployment') return [{ from, diagnosis: withAlarms(diagnosis, known), at: event.at }];
        return mayBeOurs(known, deployment) ? [{ from, diagnosis, at: event.at }] : [];
      case 'unplaceable':
      case 'transient':
        return [{ from, diagnosis, at: event.at }];
      default:
        return [];
    }
  });
}

/** Whom an event speaks of: ECS's own verdict on our deployment, some task of the service, or others than us. */
function sourceOf(event: ServiceEvent, known: Known, deployment: Deployment): 'deployment' | 'event' | undefined {
  if (!concernsUs(event, known, deployment)) return undefined;
  return event.kind === 'deployment-failed' ? 'deployment' : 'event';
}

/** Where tasks cannot be seen, one that was started since our deployment started is taken for ours. */
const isOurTask = (wanted: string, { tasks, events }: Known): boolean =>
  tasks.length > 0
    ? tasks.some(({ id }) => id === wanted)
    : events.some(({ kind, taskIds }) => kind === 'tasks-started' && taskIds.includes(wanted));

/** An event about other tasks or another deployment than ours says nothing of us. */
function concernsUs({ taskIds, deploymentId }: ServiceEvent, known: Known, deployment: Deployment): boolean {
  if (taskIds.length > 0) return taskIds.some((id) => isOurTask(id, known));
  return deploymentId === undefined || deploymentId === deployment.id;
}

/**
 * "was unable to place a task" names no deployment. It is ours unless an older deployment lacks a task as well, which
 * ECS then replaces, and nothing of ours has failed.
 */
function mayBeOurs({ service }: Known, deployment: Deployment): boolean {
  const ours = oursIn(service, deployment);
  if (!ours) return false;
  if (ours.failedTasks > 0) return true;
  const oldLacks = service.deployments.some(
    ({ id, desiredCount, runningCount }) => id !== deployment.id && runningCount < desiredCount,
  );
  return !oldLacks && ours.rolloutState !== 'COMPLETED';
}

function deploymentTroubles(known: Known, deployment: Deployment): Trouble[] {
  const { serviceDeployment, service } = known;
  const ours = oursIn(service, deployment);
  const reasons = [serviceDeployment?.rollback?.reason, serviceDeployment?.statusReason, ours?.rolloutStateReason];
  const fromReasons = [...new Set(reasons)].flatMap((text): Trouble[] => {
    if (!text) return [];
    const diagnosis = diagnose({ surface: 'deployment.rolloutStateReason', text, context: contextOf(known) });
    if (diagnosis.nature === 'unknown' || diagnosis.nature === 'normal') return [];
    return [{ from: 'deployment', diagnosis: withAlarms(diagnosis, known) }];
  });
  const triggered = serviceDeployment?.alarms?.triggered ?? [];
  const known_ = fromReasons.some(({ diagnosis }) => diagnosis.subject === 'alarm');
  if (triggered.length === 0 || known_) return fromReasons;
  const text = `(service ${service.name}) deployment ${deployment.id} deployment failed: alarm detected.`;
  const diagnosis = withAlarms(diagnose({ surface: 'service.event', text, context: {} }), known);
  const evidence = {
    surface: 'deployment.rolloutStateReason',
    text: `alarms in ALARM: ${triggered.join(', ')}`,
    context: {},
  } as const;
  return [{ from: 'deployment', diagnosis: { ...diagnosis, evidence } }, ...fromReasons];
}

/** "alarm detected" names no alarm; the deployment or the service does. Where ECS names some, the cause has them. */
function withAlarms(diagnosis: Diagnosis, { serviceDeployment, service }: Known): Diagnosis {
  if (diagnosis.subject !== 'alarm' || alarmsIn(diagnosis.evidence.text) !== undefined) return diagnosis;
  const triggered = serviceDeployment?.alarms?.triggered ?? [];
  const names = triggered.length > 0 ? triggered : (service.alarms?.names ?? []);
  if (names.length === 0) return diagnosis;
  const cause = alarmCause(names, triggered.length > 0);
  const [name, ...others] = triggered;
  if (name === undefined || others.length > 0) return { ...diagnosis, cause };
  const remedy = `See in CloudWatch why the alarm ${name} went to ALARM (input \`alarms\`): 5xx errors, latency or CPU. See the logs of the new tasks at that time, too.`;
  return { ...diagnosis, cause, remedy };
}

function alarmCause(names: readonly string[], known: boolean): string {
  if (names.length === 1) return `The CloudWatch alarm ${names[0]} went to ALARM during the deployment.`;
  if (known) return `The CloudWatch alarms ${names.join(', ')} went to ALARM during the deployment.`;
  return `One of the deployment's CloudWatch alarms (${names.join(', ')}) went to ALARM.`;
}
