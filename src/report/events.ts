import type { Moment } from '../model.ts';
import { counted, listed, oneLine, shortId } from './words.ts';

/** A service event in plain words. */
export interface ToldEvent {
  readonly text: string;
  readonly severity: Moment['severity'];
  /** Ids of the tasks it names. */
  readonly taskIds: readonly string[];
  /**
   * `progress` is told by counts and task lines already, `end` by the deployment's own state where that shows it;
   * `notable` is worth a line; `unknown` is AWS's own text.
   */
  readonly weight: 'progress' | 'end' | 'notable' | 'unknown';
}

interface Wording {
  readonly match: RegExp;
  readonly severity: Moment['severity'];
  readonly weight: 'progress' | 'end' | 'notable';
  readonly tell: (parts: readonly string[], tasks: string) => string;
}

const targetGroup = (text: string): string => /targetgroup\/([^/\s)]+)/.exec(text)?.[1] ?? text;

/**
 * AWS's wordings: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html, and
 * deployments seen. The service's name in front is taken off first. Reasons stay verbatim: people search for them.
 */
const WORDINGS: readonly Wording[] = [
  {
    match: /^has started (\d+) tasks? (?:in ([\w-]+) )?to AZ Rebalance/i,
    severity: 'normal',
    weight: 'notable',
    tell: ([count, zone], tasks) =>
      `ECS started ${tasksOf(count, tasks)}${zone ? ` in ${zone}` : ''} to balance the zones`,
  },
  {
    match: /^has started (\d+) tasks?:/,
    severity: 'normal',
    weight: 'progress',
    tell: ([count], tasks) => `ECS started ${tasksOf(count, tasks)}`,
  },
  {
    match: /^(?:has )?stopped (\d+) (running|pending) tasks?/,
    severity: 'normal',
    weight: 'notable',
    tell: ([count, state], tasks) => `ECS stopped ${tasksOf(count, tasks, state)}`,
  },
  {
    match: /^has begun draining connections on (\d+) tasks?/,
    severity: 'normal',
    weight: 'notable',
    tell: ([count], tasks) => `connections of ${tasksOf(count, tasks)} are draining`,
  },
  {
    match: /^(de)?registered (\d+) targets? in \(target-group ([^)]+)\)/,
    severity: 'normal',
    weight: 'notable',
    tell: ([from, count, group]) =>
      `${counted(Number(count), 'target')} ${from ? 'left' : 'joined'} target group ${targetGroup(group ?? '')}`,
  },
  {
    match: /^has reached a steady state/,
    severity: 'normal',
    weight: 'notable',
    tell: () => 'the service is in a steady state',
  },
  {
    match: /^deployment completed/,
    severity: 'good',
    weight: 'notable',
    tell: () => 'ECS has completed the deployment',
  },
  {
    match: /^(?:deployment \S+ )?deployment failed: (.+)$/s,
    severity: 'failure',
    weight: 'end',
    tell: ([reason]) => `ECS gave the deployment up: ${reason}`,
  },
  {
    match: /^rolling back to deployment (\S+?)\.?$/,
    severity: 'failure',
    weight: 'end',
    tell: ([to = '']) => `ECS rolls back to ${to.startsWith('ecs-svc/') ? 'deployment ' : ''}${to}`,
  },
  {
    match: /^was unable to place (?:a task|tasks)\.? (?:Reason:|because) (.+)$/s,
    severity: 'warning',
    weight: 'notable',
    tell: ([reason]) => `ECS could not place a task: ${withoutPointer(reason ?? '')}`,
  },
  {
    match: /^failed to launch a task with \(error (.+?)\)?\.?$/s,
    severity: 'warning',
    weight: 'notable',
    tell: ([error]) => `ECS could not launch a task: ${error}`,
  },
  {
    match: /^is unhealthy in \((target-group|elb) ([^)]+)\) due to \(reason (.+?)\)\.?$/s,
    severity: 'warning',
    weight: 'notable',
    tell: ([, group, reason], tasks) =>
      `${tasks === '' ? 'a task' : `task ${tasks}`} is unhealthy in target group ${targetGroup(group ?? '')}: ${reason}`,
  },
  {
    match: /unable to scale in due to \(reason (.{1,1000})\)\.?$/s,
    severity: 'normal',
    weight: 'notable',
    tell: ([reason]) => `ECS cannot stop old tasks yet: ${reason}`,
  },
  {
    match: /^is not AZ balanced with (.+?)\. AZ Rebalancing in progress/s,
    severity: 'normal',
    weight: 'notable',
    tell: ([zones]) => `ECS balances the zones (${zones})`,
  },
  {
    match: /Successfully set desired count to (\d+)/,
    severity: 'normal',
    weight: 'notable',
    tell: ([count]) => `auto scaling set the desired count to ${count}`,
  },
];

function tasksOf(count: string | undefined, tasks: string, state = ''): string {
  const noun = `${state} task`.trim();
  return `${counted(Number(count), noun)}${tasks === '' ? '' : ` (${tasks})`}`;
}

const POINTER = 'For more information, see the Troubleshooting section';

function withoutPointer(text: string): string {
  const at = text.indexOf(POINTER);
  return (at < 0 ? text : text.slice(0, at).trimEnd()).replace(/\.$/, '');
}

const TASK = /\(task ([^)\s]+)\)/g;
/** Who speaks, in all the ways AWS has written it: the service, a task set, a task, a port, a deployment. */
const SPEAKERS =
  /^(?:(?:\((?:service|taskSet|task|port|instance|deployment)\s[^)]*\)|service \([^)]*\)|service [^\s()]+)\s+)+/;

/** A service event of ECS (`message` verbatim) in plain words; a wording that we do not know stays as it is. */
export function tellEvent(message: string): ToldEvent {
  const taskIds = [...message.matchAll(TASK)].map(([, id]) => id ?? '');
  const named = taskIds.slice(0, 4).map(shortId);
  const tasks = listed(taskIds.length > 4 ? [...named.slice(0, 3), `${taskIds.length - 3} more`] : named);
  const said = message.replace(SPEAKERS, '').trim();
  for (const { match, severity, weight, tell } of WORDINGS) {
    const parts = match.exec(said);
    if (parts) return { text: oneLine(tell(parts.slice(1), tasks), 500), severity, weight, taskIds };
  }
  const severity = /\b(?:unable|failed|unhealthy|could not|error|misconfigured|timed out)\b/i.test(said)
    ? 'warning'
    : 'normal';
  return { text: `ECS: ${oneLine(withoutPointer(said), 500)}`, severity, weight: 'unknown', taskIds };
}
