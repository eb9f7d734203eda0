import type { Moment, ServiceEvent } from '../model.ts';
import { counted, listed, oneLine, shortId } from './words.ts';

/** A service event in plain words. */
export interface EventLine {
  readonly text: string;
  readonly severity: Moment['severity'];
}

/** A service event of ECS in plain words; reasons stay verbatim, because people search for them. A wording that we do not know stays as it is. */
export function describeEvent(event: ServiceEvent, revisionNameOf: (deploymentId: string) => string): EventLine {
  const { severity, text } = lineOf(event, revisionNameOf);
  return { severity, text: oneLine(text, 500) };
}

function lineOf(event: ServiceEvent, revisionNameOf: (deploymentId: string) => string): EventLine {
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
      return failure(`ECS gave the deployment up: ${event.reason}`);
    case 'rolling-back':
      return failure(`ECS rolls back to ${revisionNameOf(event.to)}`);
    case 'unplaced':
      return warning(`ECS could not place a task: ${event.reason}`);
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
      return (event.problem ? warning : normal)(`ECS: ${event.text}`);
  }
}

const normal = (text: string): EventLine => ({ severity: 'normal', text });
const warning = (text: string): EventLine => ({ severity: 'warning', text });
const failure = (text: string): EventLine => ({ severity: 'failure', text });

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
