import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { type Deployment, oursIn, type Snapshot } from '../service/snapshot.ts';
import type { Verdict } from '../service/verdict.ts';
import type { DeploymentState, TaskState } from '../world.ts';
import type { Moment } from './timeline.ts';

/**
 * What changed between two looks, each thing told once: counts, tasks, events of ECS, causes as they become known,
 * log lines of failed containers.
 */
export function narrate(
  previous: Snapshot | undefined,
  current: Snapshot,
  verdict: Verdict,
  deployment: Deployment,
): Moment[] {
  const at = current.at;
  return [
    ...counts(previous, current, deployment),
    ...current.tasks.flatMap((task) =>
      taskMoment(
        previous?.tasks.find(({ arn }) => arn === task.arn),
        task,
        at,
      ),
    ),
    ...newOf(previous?.events, current.events, ({ id }) => id).map(
      (event): Moment => ({ at: event.at, kind: 'event', severity: 'normal', text: plainEvent(event.message) }),
    ),
    ...newOf(previous?.diagnoses, current.diagnoses, ({ rule, cause }) => rule + cause)
      .filter(({ nature }) => nature !== 'symptom' && nature !== 'normal')
      .map((diagnosis) => diagnosisMoment(diagnosis, verdict, at)),
    ...[...current.logs].flatMap(([key, lines]) => (previous?.logs.has(key) ? [] : logMoments(key, lines, at))),
  ];
}

function newOf<T>(before: readonly T[] | undefined, now: readonly T[], key: (item: T) => string): T[] {
  const known = new Set((before ?? []).map(key));
  return now.filter((item) => !known.has(key(item)));
}

function counts(previous: Snapshot | undefined, current: Snapshot, deployment: Deployment): Moment[] {
  const text = countsText(current, deployment);
  if (previous && countsText(previous, deployment) === text) return [];
  return [{ at: current.at, kind: 'counts', severity: 'normal', text }];
}

function countsText({ service }: Snapshot, deployment: Deployment): string {
  const ours = oursIn(service, deployment);
  const others = service.deployments.filter(({ id, runningCount }) => id !== deployment.id && runningCount > 0);
  const line = (name: string, d: DeploymentState): string =>
    `${name} ${d.runningCount}/${d.desiredCount} running` +
    (d.pendingCount > 0 ? `, ${d.pendingCount} pending` : '') +
    (d.failedTasks > 0 ? `, ${d.failedTasks} failed` : '');
  return [
    ...(ours ? [line('new', ours)] : []),
    ...others.map((other) => line(revisionOf(other.taskDefinitionArn), other)),
  ].join(' | ');
}

const revisionOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
export const shortId = (taskId: string): string => taskId.slice(0, 8);

function taskMoment(before: TaskState | undefined, task: TaskState, at: number): Moment[] {
  const state = stateOf(task);
  if (before && stateOf(before) === state) return [];
  const stopped = task.lastStatus === 'STOPPED';
  const why = stopped ? (task.containers.find(({ reason }) => reason)?.reason ?? task.stoppedReason) : undefined;
  const age = task.createdAt === undefined ? '' : ` after ${Math.round(at - task.createdAt)} s`;
  return [
    {
      at: task.stoppedAt ?? at,
      kind: 'task',
      severity: stopped ? 'warning' : state.endsWith('HEALTHY') ? 'good' : 'normal',
      text: `task ${shortId(task.id)} ${state}${stopped ? age : ''}${why ? `: ${why}` : ''}`,
      taskId: task.id,
      state,
    },
  ];
}

const stateOf = ({ lastStatus, healthStatus }: TaskState): string =>
  lastStatus === 'RUNNING' && healthStatus !== 'UNKNOWN' ? `${lastStatus}, ${healthStatus}` : lastStatus;

/** `(service web) has started 2 tasks: (task a) (task b).` -> `has started 2 tasks: a, b.` */
function plainEvent(message: string): string {
  return message
    .replace(/^\(service [^)]+\),? ?/, '')
    .replaceAll(/\(task ([0-9a-f]{32})\)/g, (_, id: string) => shortId(id))
    .replaceAll(/\(target-group arn:[^)]*targetgroup\/([^/)]+)[^)]*\)/g, 'target group $1');
}

function diagnosisMoment(diagnosis: Diagnosis, verdict: Verdict, at: number): Moment {
  const suspected = verdict.kind === 'waiting' && diagnosis.severity === 'failure' ? 'suspected: ' : '';
  const severity =
    diagnosis.severity === 'normal' ? 'normal' : suspected || diagnosis.severity === 'warning' ? 'warning' : 'failure';
  return { at, kind: 'diagnosis', severity, text: `${suspected}${diagnosis.cause}` };
}

function logMoments(key: string, lines: readonly string[], at: number): Moment[] {
  const [taskId = '', container = ''] = key.split('/');
  const head = `last lines of ${container} in task ${shortId(taskId)}:`;
  return [head, ...lines.map((line) => `  | ${line}`)].map(
    (text): Moment => ({ at, kind: 'log', severity: 'normal', text, taskId }),
  );
}
