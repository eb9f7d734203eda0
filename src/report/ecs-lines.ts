import { lastPart } from '../arn.ts';
import { isStartError } from '../diagnosis/words.ts';
import { duration, endedAt, ranSeconds, secondsBetween } from '../duration.ts';
import type {
  Instant,
  ServiceDeployment,
  ServiceDeploymentStatus,
  ServiceEvent,
  StatusCause,
  TaskState,
} from '../model.ts';
import type { Moment } from '../outcome.ts';
import { carrierOf, type Deployment, primaryOf } from '../service/deployment.ts';
import { describeStep, strategyOf } from '../service/strategy.ts';
import { HOST_ENDED, isBadEnd } from '../service/tally.ts';
import { oursIn, type Snapshot, type TargetHealth } from '../watch/snapshot.ts';
import { failuresOf } from '../watch/verdict.ts';
import { capitalised, clockTime, counted, listed, oneLine, shortId } from './text.ts';

/** A line of the log. */
export interface Line {
  readonly text: string;
  readonly severity: Moment['severity'];
}

/** A service event of ECS in plain words; reasons stay verbatim, so that users can search for them. An unknown wording stays as it is. */
export function describeEvent(event: ServiceEvent, revisionNameOf: (deploymentId: string) => string): Line {
  const { severity, text } = lineOf(event, revisionNameOf);
  return { severity, text: oneLine(text, 500) };
}

function lineOf(event: ServiceEvent, revisionNameOf: (deploymentId: string) => string): Line {
  switch (event.kind) {
    case 'tasks-started': {
      const zone = event.zone === undefined ? '' : ` in ${event.zone}`;
      const why = event.rebalancing ? ' to balance the zones' : '';
      return normal(`ECS started ${tasksOf(event)}${zone}${why}`);
    }
    case 'tasks-stopped':
      return normal(`ECS stopped ${tasksOf(event, event.state)}`);
    case 'draining':
      return normal(`connections of ${tasksOf(event)} are draining`);
    case 'targets-registered':
      return normal(`${counted(event.count, 'target')} joined target group ${event.group}`);
    case 'targets-deregistered':
      return normal(`${counted(event.count, 'target')} left target group ${event.group}`);
    case 'steady':
      return normal('the service is in a steady state');
    case 'deployment-completed':
      return { severity: 'good', text: 'ECS has completed the deployment' };
    case 'deployment-failed':
      return failure(`the deployment has failed: ${event.reason}`);
    case 'rolling-back':
      return failure(`ECS rolls back to ${revisionNameOf(event.to)}`);
    case 'unplaced':
      // ECS has one sentence for both: a task that it has placed, and that could not start, is named with its error.
      return warning(
        `${isStartError(event.reason) ? 'a task could not start' : 'ECS could not place a task'}: ${event.reason}`,
      );
    case 'launch-failed':
      return warning(`ECS could not launch a task: ${event.reason}`);
    case 'unhealthy-target': {
      const tasks = namesOf(event.taskIds);
      const who = tasks === '' ? 'a task' : `task ${tasks}`;
      return warning(`${who} is unhealthy in target group ${event.group}: ${event.reason}`);
    }
    case 'scale-in-blocked':
      return normal(`ECS cannot stop old tasks yet: ${event.reason}`);
    case 'zones-unbalanced':
      return normal(`ECS balances the zones (${event.zones})`);
    case 'desired-count-set':
      return normal(`auto scaling set the desired count to ${event.count}`);
    case 'other':
      return (event.problem ? warning : normal)(
        `ECS: ${/^(?:is|was|has)\b/.test(event.text) ? 'the service ' : ''}${event.text}`,
      );
  }
}

const normal = (text: string): Line => ({ severity: 'normal', text });
const warning = (text: string): Line => ({ severity: 'warning', text });
const failure = (text: string): Line => ({ severity: 'failure', text });

/** `2 running tasks (0a1b2c3d, 9f8e7d6c)`. */
function tasksOf(
  { count, taskIds }: { readonly count: number; readonly taskIds: readonly string[] },
  state = '',
): string {
  const tasks = namesOf(taskIds);
  return `${counted(count, `${state} task`.trim())}${tasks === '' ? '' : ` (${tasks})`}`;
}

function namesOf(taskIds: readonly string[]): string {
  const named = taskIds.slice(0, 4).map(shortId);
  return listed(taskIds.length > 4 ? [...named.slice(0, 3), `${taskIds.length - 3} more`] : named);
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
const STAGES: Readonly<Record<string, string>> = {
  RECONCILE_SERVICE: 'ECS reconciles the service',
  PRE_SCALE_UP: 'before new tasks start',
  SCALE_UP: 'new tasks start',
  POST_SCALE_UP: 'new tasks have started',
  TEST_TRAFFIC_SHIFT: 'test traffic moves to the new tasks',
  POST_TEST_TRAFFIC_SHIFT: 'test traffic has moved',
  PRE_PRODUCTION_TRAFFIC_SHIFT: 'before production traffic moves',
  PRODUCTION_TRAFFIC_SHIFT: 'production traffic moves to the new tasks',
  POST_PRODUCTION_TRAFFIC_SHIFT: 'production traffic has moved',
  BAKE_TIME: 'bake time, alarms are watched',
  CLEAN_UP: 'the old tasks are removed',
  // Of CodeDeploy: https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
  BeforeInstall: 'before new tasks start',
  Install: 'new tasks start',
  AfterInstall: 'new tasks have started',
  AllowTestTraffic: 'test traffic moves to the new tasks',
  AfterAllowTestTraffic: 'test traffic has moved',
  READY_WAIT: 'waits for an approval',
  BeforeAllowTraffic: 'before production traffic moves',
  AllowTraffic: 'production traffic moves to the new tasks',
  AfterAllowTraffic: 'production traffic has moved',
  TERMINATION_WAIT: 'the old tasks are kept for a while',
};

/** Of a first deployment there are no old tasks. */
function stageText(stage: string, snapshot: Snapshot): string {
  const text = Object.hasOwn(STAGES, stage) ? STAGES[stage] : undefined;
  if (text === undefined) return '';
  const alone = stage === 'CLEAN_UP' && !replacesTasks(snapshot, { id: primaryOf(snapshot.service)?.id ?? '' });
  return alone ? ': there are no old tasks to remove' : `: ${text}`;
}

/** Whether tasks of another deployment run or ran beside those of ours. */
export const replacesTasks = ({ service, othersRan = false }: Snapshot, { id }: Pick<Deployment, 'id'>): boolean =>
  othersRan || service.deployments.some((one) => one.id !== id && one.runningCount > 0);

/** A lifecycle event of CodeDeploy that took no longer needs no line of its own. */
const BRIEF_SECONDS = 5;

/** How hooks and other lifecycle events of CodeDeploy ended. */
function eventLines({ codeDeploy }: ServiceDeployment): Line[] {
  return (codeDeploy?.events ?? []).flatMap(({ name, status, startedAt, endedAt: end, message, function: lambda }) => {
    const seconds = startedAt === undefined || end === undefined ? 0 : secondsBetween(startedAt, end);
    if (status === 'Failed')
      return [failure(`${name} failed${lambda ? ` (${lambda})` : ''}${message ? `: ${message}` : ''}`)];
    return status === 'Succeeded' && seconds > BRIEF_SECONDS
      ? [normal(`${name} passed after ${duration(seconds)}`)]
      : [];
  });
}

/** What the deployment as a whole went through: its status, stage, hooks, circuit breaker, alarms, who is PRIMARY. */
export function stagesBetween(
  {
    previous,
    current,
    isRollback = false,
  }: { readonly previous: Snapshot | undefined; readonly current: Snapshot; readonly isRollback?: boolean },
  deployment: Deployment,
): Moment[] {
  const known = new Set(previous ? stagesOf(previous, deployment).map(({ text }) => text) : []);
  // What this run has asked for has its line already.
  const lines = isRollback && isRollingBack(current) ? fromStages(current) : stagesOf(current, deployment);
  return lines
    .filter(({ text }) => !known.has(text))
    .map(({ severity, text }) => ({ at: current.at, kind: 'step', severity, text: oneLine(text, 500) }));
}

/** Everything that holds now and is worth a line when it begins to. */
function stagesOf(snapshot: Snapshot, deployment: Deployment): Line[] {
  return [...fromStages(snapshot), ...rolloutOf(snapshot, deployment)];
}

const fromStages = (snapshot: Snapshot): Line[] =>
  snapshot.serviceDeployment ? fromServiceDeployment(snapshot.serviceDeployment, snapshot) : [];

function fromServiceDeployment(serviceDeployment: ServiceDeployment, snapshot: Snapshot): Line[] {
  const { status, lifecycleStage: stage, circuitBreaker: breaker, alarms } = serviceDeployment;
  return [
    ...eventLines(serviceDeployment),
    ...((status === 'STOP_REQUESTED' || status === 'STOPPED') && !serviceDeployment.codeDeploy
      ? [
          warning(
            `the service deployment is being stopped${because({ text: serviceDeployment.statusReason, causes: serviceDeployment.statusCauses })}`,
          ),
        ]
      : []),
    ...(stage ? [normal(`stage ${stage}${stageText(stage, snapshot)}${bake(serviceDeployment)}`)] : []),
    ...trafficText(serviceDeployment, snapshot),
    ...serviceDeployment.hooks.flatMap((hook) => hookText(hook, snapshot)),
    // ECS counts failures for a breaker that is off, too, and nothing comes of them.
    ...(breaker && breaker.failureCount > 0 && snapshot.service.circuitBreaker?.enable !== false
      ? [warning(`circuit breaker: ${failuresOf(breaker)}`)]
      : []),
    ...(breaker?.status === 'TRIGGERED' ? [failure('the circuit breaker has tripped')] : []),
    ...(alarms && alarms.triggered.length > 0
      ? [failure(`${alarms.triggered.length === 1 ? 'alarm' : 'alarms'} ${listed(alarms.triggered)} went off`)]
      : []),
  ];
}

/** The share of the production traffic, from the first one that moved. */
function trafficText({ target, sources, ...rest }: ServiceDeployment, { service }: Snapshot): Line[] {
  const percent = target?.trafficPercent ?? 0;
  if (service.strategy === 'ROLLING' || percent === 0) return [];
  const old = sources.flatMap(({ trafficPercent }) => trafficPercent ?? []).reduce((sum, one) => sum + one, 0);
  const step = describeStep(strategyOf({ ...service, ...rest, strategy: service.strategy }), percent);
  const others = old > 0 ? `, ${old} % on the old one` : '';
  return [normal(`production traffic: ${percent} % on the new revision${others}${step ? ` (${step})` : ''}`)];
}

const bake = ({ lifecycleStage, bakeTimeMinutes }: ServiceDeployment): string =>
  lifecycleStage === 'BAKE_TIME' && bakeTimeMinutes ? ` (${duration(bakeTimeMinutes * 60)})` : '';

function hookText(hook: ServiceDeployment['hooks'][number], { at }: Snapshot): Line[] {
  const name = hook.id ?? hook.targetType ?? 'a lifecycle hook';
  switch (hook.status) {
    case 'AWAITING_ACTION': {
      const until = hook.expiresAt === undefined ? '' : ` until ${clockTime(hook.expiresAt)} UTC`;
      const expired = hook.expiresAt !== undefined && hook.expiresAt < at ? ' (already past)' : '';
      const where = hook.targetType === 'CodeDeploy' ? 'CodeDeploy (`mode: continue`)' : 'ECS';
      return [warning(`paused at ${name}${until}${expired}: continue or roll back the deployment in ${where}`)];
    }
    case 'FAILED':
    case 'TIMED_OUT':
      return [failure(`the lifecycle hook ${name} has ${hook.status === 'FAILED' ? 'failed' : 'timed out'}`)];
    case 'IN_PROGRESS':
      return [normal(`the lifecycle hook ${name} runs`)];
    default:
      return [];
  }
}

/** Who has the service now. ECS reports our failure in three places; it is logged once, with the fullest reason. */
function rolloutOf(snapshot: Snapshot, deployment: Deployment): Line[] {
  const { service } = snapshot;
  const ours = oursIn(service, deployment);
  const primary = primaryOf(service);
  const reason = reasonOf(snapshot, deployment);
  const lines: Line[] = [];
  if (isRollingBack(snapshot)) {
    const displaced = primary && primary.id !== deployment.id ? primary.taskDefinitionArn : undefined;
    const to = displaced ?? deployment.previousTaskDefinitionArn;
    lines.push(
      failure(`${carrierOf(deployment)} rolls back to ${to ? lastPart(to) : 'the revision before'}${because(reason)}`),
    );
  } else if (ours?.rolloutState === 'FAILED') {
    lines.push(failure(capitalised(reason.text ?? 'the rollout has failed')));
  } else if (primary && ours && primary.id !== deployment.id) {
    // Before ours appears, PRIMARY is still the old one.
    lines.push(warning(`${lastPart(primary.taskDefinitionArn)} (${primary.id}) is PRIMARY now, no longer ours`));
  }
  if (service.status !== 'ACTIVE') lines.push(failure(`the service is ${service.status}`));
  return lines;
}

/** Without the service deployment, which IAM may deny, the event says it. */
export const isRollingBack = ({ serviceDeployment, events }: Snapshot): boolean =>
  ROLLBACKS.some((status) => status === serviceDeployment?.status) ||
  events.some(({ kind }) => kind === 'rolling-back');

const ROLLBACKS: readonly ServiceDeploymentStatus[] = [
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
];

interface Reason {
  /** ECS's words. */
  readonly text: string | undefined;
  readonly causes: readonly StatusCause[] | undefined;
}

function reasonOf({ serviceDeployment, service }: Snapshot, deployment: Deployment): Reason {
  const { rollback, statusReason, statusCauses } = serviceDeployment ?? {};
  const ours = oursIn(service, deployment);
  const rollout = ours?.rolloutState === 'FAILED' ? ours : undefined;
  const reasons: readonly Reason[] = [
    { text: rollback?.reason, causes: rollback?.causes },
    { text: statusReason, causes: statusCauses },
    { text: rollout?.rolloutStateReason, causes: rollout?.rolloutCauses },
  ];
  const { text, causes } = reasons.find((one) => one.text !== undefined) ?? { text: undefined, causes: undefined };
  return { text: text?.replace(/\.$/, ''), causes };
}

/** ECS calls every caller "the user": this run as well as a person at the console. */
function because({ text, causes }: Reason): string {
  if (text === undefined || text === '') return '';
  return causes?.includes('user') ? ', as it was asked to' : `: ${text}`;
}

/** Whether a stage line reports already that ECS gave the deployment up, and why. */
export const failureIsShown = (snapshot: Snapshot, deployment: Deployment): boolean =>
  isRollingBack(snapshot) || oursIn(snapshot.service, deployment)?.rolloutState === 'FAILED';

/** The states that a user distinguishes, of https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
type State = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'HEALTHY' | 'UNHEALTHY' | 'STOPPED';

/** From this many tasks on a line for each of their changes would be a biography of each. */
const MANY = 8;

/** Whether the log shows counts in place of single tasks. */
export const isLarge = ({ tasks, service }: Snapshot): boolean => tasks.length > MANY || service.desiredCount > MANY;

/** 0, 1, 2 to 3, 4 to 7, 8 to 15, ...: a count that grows is news at each doubling. */
export const doublings = (count: number): number => (count === 0 ? -1 : Math.floor(Math.log2(count)));

/** The same words for another task, instance, address or time. */
export const alikeKey = (text: string): string => text.replaceAll(/\b[0-9a-f]{8,}\b|\d+/g, '#');

/** At most so many kinds of failure of single tasks are logged; the counts show that there are more. */
const KINDS = 6;

/**
 * A line for each task of ours that is new or has moved; of many tasks only what went wrong, each kind when it first happens and at each
 * doubling of its count.
 */
export function tasksBetween(previous: Snapshot | undefined, current: Snapshot, revision: string): Moment[] {
  if (isLarge(current)) return failuresBetween(previous, current, revision);
  const before = new Map(previous?.tasks.map((task) => [task.arn, task]));
  return current.tasks.flatMap((task): Moment[] => {
    const was = before.get(task.arn);
    const target = current.targetHealth.get(task.id);
    if (was && was === task && previous?.targetHealth.get(task.id) === target) return [];
    const description = describe(task, target);
    if (was && describe(was, previous?.targetHealth.get(task.id)).text === description.text) return [];
    // What was so before this run looked has no instant in its log, but an age.
    const at = (previous && movedAt(task, { state: description.state, before: was })) ?? current.at;
    const text = `${revision} ${description.text}${ageOf(task, at)}`;
    return [{ at, kind: 'task', severity: description.severity, text, taskId: task.id, state: description.state }];
  });
}

/** The instant at which ECS records that a task started or ended: what it is shown as is what `ranSeconds` counts from and to. */
function movedAt(
  task: TaskState,
  { state, before }: { readonly state: State; readonly before: TaskState | undefined },
): Instant | undefined {
  if (state === 'STOPPED') return endedAt(task);
  return state === 'RUNNING' && before?.lastStatus !== 'RUNNING' ? task.startedAt : undefined;
}

function failuresBetween(previous: Snapshot | undefined, current: Snapshot, revision: string): Moment[] {
  const kindsOf = ({ tasks, targetHealth }: Snapshot) =>
    Map.groupBy(
      tasks
        .map((task) => ({ task, ...describe(task, targetHealth.get(task.id)) }))
        .filter(({ severity }) => severity === 'failure' || severity === 'warning'),
      ({ text }) => alikeKey(text),
    );
  const before = previous ? kindsOf(previous) : new Map<string, readonly unknown[]>();
  return [...kindsOf(current)].slice(0, KINDS).flatMap(([kind, alike]): Moment[] => {
    const last = alike.at(-1);
    if (!last || doublings(alike.length) <= doublings(before.get(kind)?.length ?? 0)) return [];
    const { task, text, severity, state } = last;
    const many = alike.length > 1 ? ` (${alike.length} tasks so far)` : '';
    const at = (previous && state === 'STOPPED' ? endedAt(task) : undefined) ?? current.at;
    return [{ at, kind: 'task', severity, text: `${revision} ${text}${many}`, taskId: task.id, state }];
  });
}

/** How many of ours are healthy as the load balancer or the container sees it; undefined without a health check. */
export function healthyCount({ tasks, targetHealth }: Snapshot): number | undefined {
  const checked = tasks.some(({ id, healthStatus }) => targetHealth.has(id) || healthStatus !== 'UNKNOWN');
  if (!checked) return undefined;
  return tasks.filter((task) => stateOf(task, targetHealth.get(task.id)) === 'HEALTHY').length;
}

function stateOf({ lastStatus, healthStatus }: TaskState, target: TargetHealth | undefined): State {
  switch (lastStatus) {
    case 'PROVISIONING':
      return 'PROVISIONING';
    case 'PENDING':
    case 'ACTIVATING':
      return 'PENDING';
    case 'RUNNING':
      if (healthStatus === 'UNHEALTHY' || target?.state === 'unhealthy') return 'UNHEALTHY';
      if (target) return target.state === 'healthy' ? 'HEALTHY' : 'RUNNING';
      return healthStatus === 'HEALTHY' ? 'HEALTHY' : 'RUNNING';
    default:
      return 'STOPPED';
  }
}

const SEVERITIES = { RUNNING: 'normal', HEALTHY: 'good', UNHEALTHY: 'warning' } as const;

function describe(
  task: TaskState,
  target: TargetHealth | undefined,
): { readonly state: State; readonly severity: Moment['severity']; readonly text: string } {
  const state = stateOf(task, target);
  switch (state) {
    case 'PROVISIONING':
    case 'PENDING':
      return { state, severity: 'normal', text: state };
    case 'RUNNING':
    case 'HEALTHY':
    case 'UNHEALTHY': {
      const checks = [
        ...(task.healthStatus === 'UNKNOWN' ? [] : [`container ${task.healthStatus.toLowerCase()}`]),
        ...(target ? [`target ${targetText(target)}`] : []),
      ];
      return { state, severity: SEVERITIES[state], text: ['RUNNING', ...checks].join(', ') };
    }
    case 'STOPPED': {
      const reason = stopReason(task);
      return { state, severity: severityOfEnd(task), text: reason === '' ? 'STOPPED' : `STOPPED: ${reason}` };
    }
  }
}

function targetText({ state, reason, description }: TargetHealth): string {
  const why = description ?? reason;
  return state === 'healthy' || !why ? state : `${state} (${oneLine(why, 160)})`;
}

/** An end that the service wanted (scaling in, a newer deployment) is none of the task's failures; lost hosts happen. */
const severityOfEnd = (task: TaskState): Moment['severity'] => {
  if (isBadEnd(task)) return 'failure';
  return HOST_ENDED.has(task.stopCode ?? '') ? 'warning' : 'normal';
};

/** The reasons verbatim, the container that failed first before its companions that were only ended with it. */
function stopReason({ stoppedReason, containers }: TaskState): string {
  // 143 (SIGTERM) and 0 are what a container says that was ended because another one failed.
  const guilty = containers.filter(
    ({ exitCode, reason }) => reason !== undefined || (exitCode !== undefined && exitCode !== 0 && exitCode !== 143),
  );
  const reasons = guilty.map(({ name, exitCode, reason }) => {
    const exit = exitCode === undefined ? [] : [`exit code ${exitCode}`];
    // ECS reports it twice, the log once: the task's own reason is often the container's.
    const own = reason === undefined || stoppedReason?.includes(reason) ? [] : [oneLine(reason, 300)];
    return exit.length + own.length === 0 ? '' : `container ${name}: ${[...exit, ...own].join(', ')}`;
  });
  return [...(stoppedReason ? [oneLine(stoppedReason, 400)] : []), ...reasons.filter((text) => text !== '')].join('; ');
}

/** How long it has run, or ran, or has been on its way: what a person compares with grace periods. */
function ageOf(task: TaskState, now: number): string {
  const { lastStatus, createdAt, startedAt } = task;
  const ran = ranSeconds(task);
  if (endedAt(task) !== undefined) return ran === undefined ? '' : ` (ran ${duration(ran)})`;
  const since = (instant: Instant | undefined, text: (time: string) => string): string =>
    instant === undefined || now - instant < 10 ? '' : ` (${text(duration(secondsBetween(instant, now)))})`;
  switch (lastStatus) {
    case 'PROVISIONING':
    case 'PENDING':
    case 'ACTIVATING':
      return since(createdAt, (time) => `asked for ${time} ago`);
    case 'RUNNING':
      return since(startedAt, (time) => `runs for ${time}`);
    default:
      return '';
  }
}

/**
 * The lines that are new; of a stream that is read again, only what follows the lines already logged. Ten tasks that
 * crash with the same output are logged once.
 */
export function logsBetween(previous: Snapshot | undefined, current: Snapshot): Moment[] {
  const moments: Moment[] = [];
  const logged = new Set([...(previous?.logs.values() ?? [])].map((lines) => lines.join('\n')));
  for (const [key, lines] of current.logs) {
    const fresh = lines.slice(overlap(previous?.logs.get(key) ?? [], lines));
    if (fresh.length === 0 || logged.has(lines.join('\n'))) continue;
    logged.add(lines.join('\n'));
    const [taskId = key, container = ''] = key.split('/');
    const exitCode = current.tasks
      .find(({ id }) => id === taskId)
      ?.containers.find(({ name }) => name === container)?.exitCode;
    const exit = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
    const title = `last log lines of task ${shortId(taskId)}, container ${container}${exit}`;
    moments.push({ at: current.at, kind: 'log', severity: 'normal', text: [title, ...fresh].join('\n'), taskId });
  }
  for (const [container, hint] of current.logHints ?? []) {
    if (previous?.logHints?.has(container)) continue;
    moments.push({ at: current.at, kind: 'step', severity: 'normal', text: hint });
  }
  return moments;
}

/** How many of the first lines of `now` are the last of `before`. */
function overlap(before: readonly string[], now: readonly string[]): number {
  for (let length = Math.min(before.length, now.length); length > 0; length -= 1) {
    if (before.slice(-length).every((line, index) => line === now[index])) return length;
  }
  return 0;
}
