import { lastPart } from '../arn.ts';
import { type Diagnosis, isBareCrash } from '../diagnosis/diagnosis.ts';
import { beatsIn, left as leftOf, minutes } from '../duration.ts';
import type { DeploymentState, Instant, ServiceEvent } from '../model.ts';
import type { Moment, RolloutPhase, Then } from '../outcome.ts';
import { carrierOf, type Deployment } from '../service/deployment.ts';
import { healthOf } from '../service/serving.ts';
import { POLICY } from '../watch/policy.ts';
import { logsToCome, oursIn, type Snapshot } from '../watch/snapshot.ts';
import type { Verdict } from '../watch/verdict.ts';
import {
  alikeKey,
  describeEvent,
  doublings,
  failureIsShown,
  healthyCount,
  isLarge,
  type Line,
  logsBetween,
  stagesBetween,
  tasksBetween,
} from './ecs-lines.ts';
import { phaseOf, readyCount } from './phases.ts';
import { clockTime, oneLine, shortId } from './text.ts';

/**
 * What changed between two polls, each change logged once, by time and then by importance: counts, tasks, what ECS
 * reported, failures, stages, the last output of failed containers, the verdict. Nothing for a poll that saw nothing
 * new, but for a heartbeat where nothing has moved for a while (`beatsIn`).
 */
export function narrate(looks: Looks, verdict: Verdict, deployment: Deployment): Moment[] {
  const { previous, current } = looks;
  const final = !('pollAgainInSeconds' in verdict);
  // Of what ran before we came, its health is all there is to report.
  if (final && deployment.endedBefore && verdict.kind === 'succeeded') return verdictMoment(looks, verdict, deployment);
  const moments = [
    ...countsBetween(looks, verdict, deployment),
    ...tasksBetween(previous, current, lastPart(deployment.taskDefinitionArn)),
    ...eventsBetween(looks, final, deployment),
    ...diagnosesBetween(looks, verdict, deployment),
    ...stagesBetween(looks, deployment),
    ...logsBetween(previous, current),
  ].sort((one, other) => one.at - other.at);
  const phased = withPhase(moments, looks, deployment);
  if (final) return [...phased, ...verdictMoment(looks, verdict, deployment)];
  return phased.length > 0 ? phased : heartbeat(looks, verdict, deployment);
}

/** Two polls in a row. */
interface Looks {
  readonly previous: Snapshot | undefined;
  readonly current: Snapshot;
  /** Ids of events that were logged with another deployment of the service. */
  readonly logged?: ReadonlySet<string>;
  /** This run has asked for a rollback, whose reason is logged. */
  readonly isRollback?: boolean;
  /** What comes once ECS has completed the deployment. */
  readonly then?: Then;
}

/** The first moment of a poll in which a phase of the rollout started carries it. */
function withPhase(moments: readonly Moment[], { previous, current }: Looks, deployment: Deployment): Moment[] {
  const begins = phaseOf(current, deployment);
  if (previous && phaseOf(previous, deployment) === begins) return [...moments];
  const first = firstOf(begins, moments);
  return moments.map((moment, index) => (index === first ? { ...moment, begins } : moment));
}

/** The moment of a poll that a phase started with: of tasks that run or fail it is theirs, which has ECS's own instant. */
function firstOf(begins: RolloutPhase, moments: readonly Moment[]): number {
  const isFirst = (moment: Moment): boolean => {
    if (moment.kind !== 'task') return false;
    return begins === 'failing' ? moment.severity === 'failure' : moment.state === 'RUNNING';
  };
  return AT_A_TASK.has(begins) ? Math.max(0, moments.findIndex(isFirst)) : 0;
}

const AT_A_TASK: ReadonlySet<RolloutPhase> = new Set(['running', 'checking', 'failing']);

function countsBetween({ previous, current }: Looks, verdict: Verdict, deployment: Deployment): Moment[] {
  const text = countsOf(current, deployment);
  const before = previous && countsOf(previous, deployment);
  if (text === undefined || before === text) return [];
  const ours = oursIn(current.service, deployment);
  const whole = ours && ours.desiredCount > 0 && readyCount(current, deployment) >= ours.desiredCount;
  // Whole for a moment, between two failures or after the end, is nothing to be glad of.
  const hopeful = verdict.kind === 'waiting' || verdict.kind === 'awaiting-approval' || verdict.kind === 'succeeded';
  const good = whole && hopeful && ours.failedTasks === 0;
  if (previous && before !== undefined && isLarge(current) && !isWorthALine({ previous, current }, deployment))
    return [];
  return [
    {
      at: current.at,
      kind: 'counts',
      severity: good ? 'good' : 'normal',
      text,
      running: runningByRevision(current),
    },
  ];
}

const runningByRevision = ({ service }: Snapshot): Readonly<Record<string, number>> => {
  const running: Record<string, number> = {};
  for (const { taskDefinitionArn, runningCount } of service.deployments) {
    const name = lastPart(taskDefinitionArn);
    running[name] = (running[name] ?? 0) + runningCount;
  }
  return running;
};

/** Of many tasks, counts are logged at every tenth of them, when the first fails or all are ready, and every 30 seconds. */
function isWorthALine(
  { previous, current }: { readonly previous: Snapshot; readonly current: Snapshot },
  deployment: Deployment,
): boolean {
  const picture = (snapshot: Snapshot): string => {
    const ours = oursIn(snapshot.service, deployment);
    const wanted = Math.max(1, ours?.desiredCount ?? 1);
    const tenths = (count: number): number => Math.floor((10 * count) / wanted);
    const others = snapshot.service.deployments.reduce(
      (sum, { id, runningCount }) => sum + (id === deployment.id ? 0 : runningCount),
      0,
    );
    const counts = [ours?.runningCount ?? 0, readyCount(snapshot, deployment), others].map(tenths);
    return [wanted, ...counts, doublings(ours?.failedTasks ?? 0), others === 0].join();
  };
  const beats = ({ at }: Snapshot): number => Math.floor((at - deployment.startedAt) / COUNTS_SECONDS);
  return picture(previous) !== picture(current) || beats(previous) !== beats(current);
}

/** `web:42: 2 of 4 running, 1 healthy, 2 pending | web:41: 3 running`. */
function countsOf(snapshot: Snapshot, deployment: Deployment): string | undefined {
  const { deployments } = snapshot.service;
  const ours = oursIn(snapshot.service, deployment);
  if (!ours) return undefined;
  const mine = lastPart(deployment.taskDefinitionArn);
  const healthy = healthyCount(snapshot);
  // ECS counts failures since the deployment started: the tasks that run are others.
  const runsAgain = ours.runningCount > 0 && ours.failedTasks > 0;
  const requested = snapshot.serviceDeployment?.target?.requested ?? ours.desiredCount;
  // ECS takes its tasks away.
  const isLeaving = ours.desiredCount === 0 && ours.status !== 'PRIMARY';
  const left = ours.runningCount > 0 ? `${ours.runningCount} left, draining` : 'none left';
  const parts = isLeaving
    ? [left]
    : [
        `${ours.runningCount} of ${ours.desiredCount} running${runsAgain ? ' now' : ''}`,
        ...(healthy === undefined || healthy === ours.runningCount ? [] : [`${healthy} healthy`]),
        ...(ours.pendingCount > 0 ? [`${ours.pendingCount} pending`] : []),
        ...(requested < ours.desiredCount && requested > 0 ? [`${requested} asked for so far`] : []),
        ...(ours.failedTasks > 0 ? [`${ours.failedTasks} failed${runsAgain ? ' before' : ''}`] : []),
      ];
  const others = deployments
    .filter(({ id, runningCount, pendingCount }) => id !== ours.id && runningCount + pendingCount > 0)
    .map((other) => otherCounts(other, mine));
  return [`${mine}: ${parts.join(', ')}`, ...others].join(' | ');
}

function otherCounts(other: DeploymentState, mine: string): string {
  const name = lastPart(other.taskDefinitionArn);
  const shown = name === mine ? `${name} of ${other.id}` : name;
  const leaving = other.status !== 'PRIMARY' && other.desiredCount < other.runningCount;
  const pending = other.pendingCount > 0 ? `, ${other.pendingCount} pending` : '';
  return `${shown}: ${other.runningCount} ${leaving ? 'left, draining' : 'running'}${pending}`;
}

function eventsBetween({ previous, current, logged }: Looks, final: boolean, deployment: Deployment): Moment[] {
  const knownIds = new Set(previous?.events.map(({ id }) => id));
  const large = isLarge(current);
  const key = ({ message }: ServiceEvent): string => (large ? alikeKey(message) : message);
  // ECS repeats "unable to place a task" for hours: the same words are logged once, and how often at the end.
  const knownWords = new Set(previous?.events.map(key));
  const ours = new Set(current.tasks.map(({ id }) => id));
  const quoted = current.diagnoses.map(({ evidence }) => evidence.text);
  const lineOf = (event: ServiceEvent): Line =>
    endOfAnother(event, current, deployment) ?? describeEvent(event, (of) => revisionNameOf(of, current));
  const moments: Moment[] = [];
  for (const event of current.events) {
    const { id, at, message, kind, taskIds } = event;
    if (knownIds.has(id) || logged?.has(id)) continue;
    const { text, severity } = lineOf(event);
    const repeated = severity !== 'normal' && severity !== 'good' && knownWords.has(key(event));
    knownWords.add(key(event));
    // Counts and the lines of the tasks show that they were started; stages show the end of the deployment.
    const byTaskLines =
      kind === 'tasks-started' && !event.rebalancing && taskIds.length > 0 && taskIds.every((task) => ours.has(task));
    const byStages = (kind === 'deployment-failed' || kind === 'rolling-back') && failureIsShown(current, deployment);
    // Of many tasks the counts show it.
    const byCounts = large && MOVES.has(kind);
    // A task that could not start has a line with the same words.
    const byTask =
      kind === 'unplaced' && current.tasks.some(({ stoppedReason }) => stoppedReason?.includes(event.reason));
    if (repeated || byTaskLines || byStages || byCounts || byTask || quoted.includes(message)) continue;
    moments.push({ at, kind: 'event', severity, text });
  }
  return final ? [...moments, ...repetitions(current, key, lineOf)] : moments;
}

/** Events about single tasks on their way. */
const MOVES: ReadonlySet<ServiceEvent['kind']> = new Set([
  'tasks-started',
  'tasks-stopped',
  'draining',
  'targets-registered',
  'targets-deregistered',
]);

/** Warnings that ECS repeated, each with its count. */
function repetitions(
  { at, events }: Snapshot,
  key: (event: ServiceEvent) => string,
  lineOf: (event: ServiceEvent) => Line,
): Moment[] {
  return [...Map.groupBy(events, key).values()].flatMap((alike): Moment[] => {
    const [first] = alike;
    const line = first && lineOf(first);
    if (!line || alike.length < 2 || line.severity === 'normal' || line.severity === 'good') return [];
    return [{ at, kind: 'event', severity: 'normal', text: `${alike.length} times: ${line.text}` }];
  });
}

/** "Deployment completed" of another deployment does not mean that ours succeeded: usually ECS has rolled back to it. */
function endOfAnother(
  { kind, deploymentId: id }: ServiceEvent,
  { service }: Snapshot,
  deployment: Deployment,
): Line | undefined {
  if (kind !== 'deployment-completed' || id === undefined || id === deployment.id) return undefined;
  const other = service.deployments.find((one) => one.id === id);
  const name = other ? lastPart(other.taskDefinitionArn) : `deployment ${id}`;
  const before = other
    ? other.createdAt < deployment.startedAt - 1
    : oursIn(service, deployment)?.rolloutState === 'FAILED';
  const text = before ? `ECS has restored ${name}` : `ECS has completed another deployment, of ${name}`;
  return { text, severity: 'normal' };
}

/** Users know revisions, not `ecs-svc/1111111111111111111`. */
function revisionNameOf(deploymentId: string, { service }: Snapshot): string {
  const found = service.deployments.find(({ id }) => id === deploymentId);
  return found ? lastPart(found.taskDefinitionArn) : `deployment ${deploymentId}`;
}

const keyOf = ({ rule, cause }: Diagnosis): string => `${rule} ${cause}`;

/** A crash whose log is still to come is reported with what the log says: the line of the task has its exit code. */
const reported = (snapshot: Snapshot, deployment: Deployment): readonly Diagnosis[] =>
  logsToCome(snapshot, deployment) ? snapshot.diagnoses.filter((one) => !isBareCrash(one)) : snapshot.diagnoses;

function diagnosesBetween({ previous, current }: Looks, verdict: Verdict, deployment: Deployment): Moment[] {
  const known = new Set(previous && reported(previous, deployment).map(keyOf));
  const moments: Moment[] = [];
  for (const diagnosis of reported(current, deployment)) {
    if (known.has(keyOf(diagnosis)) || diagnosis.severity === 'normal') continue;
    known.add(keyOf(diagnosis));
    const text = diagnosisText(diagnosis, verdict);
    if (text === undefined) continue;
    const severity = text.startsWith('cause: ') ? 'failure' : 'warning';
    moments.push({ at: current.at, kind: 'diagnosis', severity, text: oneLine(text, 600) });
  }
  return moments;
}

/** How sure we are, in a word. A symptom has its line already, as an event or a stopped task. */
function diagnosisText({ nature, needs, cause, taskId, container }: Diagnosis, verdict: Verdict): string | undefined {
  const where = taskId ? ` (task ${shortId(taskId)}${container ? `, container ${container}` : ''})` : '';
  // AWS itself says which limit holds the task.
  if (nature === 'unplaceable' || needs === 'quota') return `blocked: ${cause}${where}`;
  switch (nature) {
    case 'permanent':
      return `cause: ${cause}${where}`;
    case 'ambiguous':
    case 'unknown':
      return `${'causes' in verdict ? 'cause' : 'suspected'}: ${cause}${where}`;
    case 'transient':
      // Once the deployment is over, ECS takes our tasks away, and nothing has to heal.
      return verdict.kind !== 'waiting' ? undefined : `this usually resolves without a change: ${cause}${where}`;
    case 'symptom':
    case 'normal':
      return undefined;
  }
}

/** Without the causes that have a line of their own above: `failed: The circuit breaker tripped ...`, or no more than `failed`. */
function withReason(text: string, reason: string, diagnoses: readonly Diagnosis[]): string {
  const logged = diagnoses.filter(({ nature, severity }) => severity !== 'normal' && nature !== 'symptom');
  const cause = logged.map((one) => one.cause).find((one) => reason.startsWith(one) || reason.endsWith(`: ${one}`));
  const rest = cause === undefined ? reason : reason.replace(cause, () => '').replace(/^[.\s]+|: $/g, '');
  if (rest === '') return text;
  // (Seen on two tasks: ...)
  const inner = /^\((.*?)\.?\)$/.exec(rest)?.[1];
  return inner === undefined ? `${text}: ${rest}` : `${text}, ${inner.charAt(0).toLowerCase()}${inner.slice(1)}`;
}

function verdictMoment(
  { current, isRollback = false, then }: Looks,
  verdict: Exclude<Verdict, { pollAgainInSeconds: number }>,
  deployment: Deployment,
): Moment[] {
  const ours = lastPart(deployment.taskDefinitionArn);
  const diagnoses = reported(current, deployment);
  const moment = (severity: Moment['severity'], text: string): Moment[] => [
    // Counts are not logged at each poll: the picture ends with those of the last one.
    { at: current.at, kind: 'verdict', severity, text: oneLine(text, 600), running: runningByRevision(current) },
  ];
  const atItsEnd = ([one]: readonly Moment[]): Moment[] => (one ? [{ ...one, begins: 'deployed' }] : []);
  const deployed = (text: string): Moment[] => atItsEnd(moment('good', text));
  /** Not yet a success of the run. */
  const complete = (text: string): Moment[] => atItsEnd(moment('normal', `complete: ${text}`));
  switch (verdict.kind) {
    case 'succeeded': {
      const digests = [...new Set(Object.values(verdict.digests))].map((digest) => digest.slice(0, 19));
      const image = digests.length > 0 ? `, image ${digests.join(', ')}` : '';
      const tasks = verdict.runningCount === 1 ? '1 task runs' : `${verdict.runningCount} tasks run`;
      if (isRollback) return moment('warning', `rolled back: ${tasks} ${ours}`);
      if (then) return complete(`${tasks} ${ours}${image}; \`${then}\` is next`);
      return deployment.endedBefore
        ? moment('good', `${healthOf(current.service, deployment.definition) ?? 'steady'}: ${tasks} ${ours}${image}`)
        : deployed(`deployed: ${tasks} ${ours}${image}`);
    }
    case 'rolled-back': {
      const text = `rolled back to ${verdict.to ? lastPart(verdict.to) : 'the revision before'}`;
      const whole = isRollback ? text : withReason(text, verdict.reason, diagnoses);
      return moment(whole === text ? 'warning' : 'failure', whole);
    }
    case 'failed':
      return moment('failure', withReason('failed', verdict.reason, diagnoses));
    case 'stuck':
      return moment('failure', withReason('stuck', verdict.reason, diagnoses));
    case 'timed-out':
      return moment('failure', `timed out: ${verdict.reason}`);
    case 'paused': {
      const until = verdict.until === undefined ? '' : `, which waits until ${clockTime(verdict.until)} UTC`;
      const where = carrierOf(deployment) === 'CodeDeploy' ? 'CodeDeploy (`mode: continue`)' : 'ECS';
      return moment('warning', `paused at ${verdict.hook}${until}: continue or roll back the deployment in ${where}`);
    }
    case 'stopped':
      return moment('failure', `stopped: ${verdict.reason}`);
    case 'superseded': {
      const by = `${lastPart(verdict.byTaskDefinition)} (${verdict.byDeployment})`;
      return moment('warning', `superseded: ${by} was deployed while ${ours} was on its way`);
    }
  }
}

/** From one line of the counts of many tasks to the next. */
const COUNTS_SECONDS = 30;

/** The newest instant at which anything of the deployment moved, as far as AWS reports it. */
function lastChangeAt({ service, tasks, events, lastProgressAt }: Snapshot, deployment: Deployment): Instant {
  return Math.max(
    deployment.startedAt,
    lastProgressAt,
    events.at(-1)?.at ?? 0,
    ...service.deployments.map(({ updatedAt }) => updatedAt),
    ...tasks.map(({ createdAt, startedAt, stoppedAt }) => Math.max(createdAt ?? 0, startedAt ?? 0, stoppedAt ?? 0)),
  );
}

/** A word on what is being waited for and until when, where nothing has moved for a while. */
function heartbeat(
  { previous, current, isRollback = false }: Looks,
  verdict: Extract<Verdict, { pollAgainInSeconds: number }>,
  deployment: Deployment,
): Moment[] {
  if (!previous) return [];
  const since = lastChangeAt(current, deployment);
  if (beatsIn(current.at - since) <= beatsIn(previous.at - since)) return [];
  const limit = limitOf(current, verdict, { deployment, isRollback });
  const text = `${waitingFor(verdict)}${limit === undefined ? '' : `; ${limit}`}`;
  return [{ at: current.at, kind: 'heartbeat', severity: 'normal', text }];
}

const UNLESS = { healthy: 'a task becomes healthy', placed: 'ECS can place a task' } as const;

/**
 * The limit that comes first, of the whole or of a rollout in which nothing moves: `gives up in 4 min`. Undefined once it is over.
 * @param isRollback this run has asked for it, or it is the deployment that takes the failed one's place
 */
export function limitOf(
  current: Snapshot,
  verdict: Verdict,
  { deployment, isRollback }: { readonly deployment: Deployment; readonly isRollback: boolean },
): string | undefined {
  if (!('pollAgainInSeconds' in verdict)) return undefined;
  // What ECS rolls back is the same deployment, which gets more time; a rollback of this run is a deployment of its own.
  const isEcsRollback = verdict.kind === 'rolling-back';
  const extra = isEcsRollback ? POLICY.restoreSeconds : 0;
  const left = deployment.startedAt + deployment.timeoutSeconds + extra - current.at;
  // The deployment has failed already: what ends is only the watch.
  if (isRollback || isEcsRollback) {
    const why = isEcsRollback ? `${minutes(extra)} beyond \`wait-for-minutes\`` : '`wait-for-minutes` from its start';
    return left > 0 ? `watched for ${leftOf(left)} at most (${why})` : undefined;
  }
  const { stuckAt, stuckUnless = 'healthy' } = verdict.kind === 'waiting' ? verdict : {};
  const still = stuckAt === undefined ? left : stuckAt - current.at;
  if (still < left && still > 0) return `gives up in ${leftOf(still)} unless ${UNLESS[stuckUnless]}`;
  return left > 0 ? `gives up in ${leftOf(left)}` : undefined;
}

function waitingFor(verdict: Extract<Verdict, { pollAgainInSeconds: number }>): string {
  switch (verdict.kind) {
    case 'waiting':
      return `still waiting for ${verdict.waitingFor}`;
    case 'awaiting-approval':
      return `still paused at ${verdict.hook}`;
    case 'rolling-back':
      return `still waiting for ECS to restore ${verdict.to ? lastPart(verdict.to) : 'the revision before'}`;
  }
}
