import type { Moment, TaskState } from '../model.ts';
import type { Snapshot, TargetHealth } from '../watch/snapshot.ts';
import { duration, oneLine } from './words.ts';

/** What people tell apart of https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
type State = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'HEALTHY' | 'UNHEALTHY' | 'STOPPED';

/** A line for each task of ours that is new or has moved. */
export function tasksBetween(previous: Snapshot | undefined, current: Snapshot, revision: string): Moment[] {
  const before = new Map(previous?.tasks.map((task) => [task.arn, task]));
  return current.tasks.flatMap((task): Moment[] => {
    const was = before.get(task.arn);
    const target = current.targetHealth.get(task.id);
    if (was && was === task && previous?.targetHealth.get(task.id) === target) return [];
    const told = describe(task, target);
    if (was && describe(was, previous?.targetHealth.get(task.id)).text === told.text) return [];
    const text = `${revision} ${told.text}${ageOf(task, current.at)}`;
    return [{ at: current.at, kind: 'task', severity: told.severity, text, taskId: task.id, state: told.state }];
  });
}

/** How many of ours are healthy as the load balancer or the container sees it; undefined where nobody checks. */
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
      const severity = state === 'HEALTHY' ? 'good' : state === 'UNHEALTHY' ? 'warning' : 'normal';
      return { state, severity, text: ['RUNNING', ...checks].join(', ') };
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
function severityOfEnd({ stopCode, stoppedReason }: TaskState): Moment['severity'] {
  if (stopCode === 'UserInitiated') return 'normal';
  if (stopCode === 'ServiceSchedulerInitiated' && !/health checks?|unhealthy/i.test(stoppedReason ?? ''))
    return 'normal';
  return /^(?:SpotInterruption|TerminationNotice|InfrastructureHealth)$/.test(stopCode ?? '') ? 'warning' : 'failure';
}

/** The reasons verbatim, the container that failed first before its companions that were only ended with it. */
function stopReason({ stoppedReason, containers }: TaskState): string {
  // 143 (SIGTERM) and 0 are what a container says that was ended because another one failed.
  const guilty = containers.filter(
    ({ exitCode, reason }) => reason !== undefined || (exitCode !== undefined && exitCode !== 0 && exitCode !== 143),
  );
  const told = guilty.map(({ name, exitCode, reason }) => {
    const exit = exitCode === undefined ? [] : [`exit code ${exitCode}`];
    // Said twice by ECS, told once: the task's own reason is often the container's.
    const own = reason === undefined || stoppedReason?.includes(reason) ? [] : [oneLine(reason, 300)];
    return exit.length + own.length === 0 ? '' : `container ${name}: ${[...exit, ...own].join(', ')}`;
  });
  return [...(stoppedReason ? [oneLine(stoppedReason, 400)] : []), ...told.filter((text) => text !== '')].join('; ');
}

/** How long it has run, or ran, or has been on its way: what a person compares with grace periods. */
function ageOf({ lastStatus, createdAt, startedAt, stoppedAt }: TaskState, now: number): string {
  if (stoppedAt !== undefined) return startedAt === undefined ? '' : ` (ran ${duration(stoppedAt - startedAt)})`;
  const starting = /^(?:PROVISIONING|PENDING|ACTIVATING)$/.test(lastStatus);
  const since = starting ? createdAt : lastStatus === 'RUNNING' ? startedAt : undefined;
  if (since === undefined || now - since < 10) return '';
  return ` (${starting ? 'asked for' : 'runs for'} ${duration(now - since)}${starting ? ' ago' : ''})`;
}
