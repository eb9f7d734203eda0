/**
 * Reads the words of ECS: service events, and the reasons of deployments and tasks. Text in, values out, so that the watch, the
 * service's history and the report search no text of AWS.
 * Wordings: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html, and deployments seen.
 */
import type { ServiceEvent, StatusCause } from '../model.ts';
import { defined } from '../model.ts';

type Head = Pick<ServiceEvent, 'id' | 'at' | 'message'>;
/** The part of an event that its kind brings. */
type Parsed = ServiceEvent extends infer E
  ? E extends ServiceEvent
    ? Omit<E, keyof Head | 'taskIds' | 'deploymentId'>
    : never
  : never;

interface Wording {
  /** Matched against the text without its subject. */
  readonly match: RegExp;
  /** From the groups of `match`. */
  readonly parse: (...groups: string[]) => Parsed;
}

/** The first that matches decides. All but two are anchored at the start, so that a long text costs no time. */
const WORDINGS: readonly Wording[] = [
  {
    match: /^has started (\d+) tasks?\b(?: in ([\w-]+))?( to AZ Rebalance)?/i,
    parse: (count, zone, rebalancing) => ({
      kind: 'tasks-started',
      count: Number(count),
      ...defined({ zone: zone || undefined, rebalancing: rebalancing ? (true as const) : undefined }),
    }),
  },
  {
    match: /^(?:has )?stopped (\d+) (running|pending) tasks?/,
    parse: (count, state) => ({
      kind: 'tasks-stopped',
      count: Number(count),
      state: state === 'running' ? 'running' : 'pending',
    }),
  },
  {
    match: /^has begun draining connections on (\d+) tasks?/,
    parse: (count) => ({ kind: 'draining', count: Number(count) }),
  },
  {
    match: /^(de)?registered (\d+) targets? in \(target-group ([^)]+)\)/,
    parse: (from, count, group = '') => ({
      kind: from ? 'targets-deregistered' : 'targets-registered',
      count: Number(count),
      group: targetGroupName(group),
    }),
  },
  { match: /^has reached a steady state/, parse: () => ({ kind: 'steady' }) },
  { match: /^deployment completed/, parse: () => ({ kind: 'deployment-completed' }) },
  { match: /^rolling back to deployment (\S+?)\.?$/, parse: (to = '') => ({ kind: 'rolling-back', to }) },
  {
    match: /^(?:deployment \S+ )?deployment failed: (.+)/s,
    parse: (reason = '') => ({ kind: 'deployment-failed', reason }),
  },
  {
    match: /^was unable to place (?:a task|tasks)\.? (?:Reason:|because) (.+)/s,
    parse: (reason = '') => ({ kind: 'unplaced', reason: withoutPointer(reason) }),
  },
  {
    match: /^failed to launch a task with \(error (.+?)\)?\.?$/s,
    parse: (reason = '') => ({ kind: 'launch-failed', reason }),
  },
  {
    match: /^is unhealthy in \((?:target-group|elb) ([^)]+)\) due to \(reason (.+?)\)\.?$/s,
    parse: (group = '', reason = '') => ({ kind: 'unhealthy-target', group: targetGroupName(group), reason }),
  },
  {
    match: /unable to scale in due to \(reason (.+)/s,
    parse: (rest = '') => {
      const reason = withoutPointer(rest).replace(/\)$/, '');
      return { kind: 'scale-in-blocked', reason, protected: /\bprotect/i.test(reason) };
    },
  },
  {
    match: /^is not AZ balanced with (.+?)\. AZ Rebalancing in progress/s,
    parse: (zones = '') => ({ kind: 'zones-unbalanced', zones }),
  },
  {
    match: /Successfully set desired count to (\d+)/,
    parse: (count) => ({ kind: 'desired-count-set', count: Number(count) }),
  },
];

/** What an event is about, in all the ways AWS has written it: the service, a task set, a task, a port, a deployment. */
const SUBJECTS =
  /^(?:(?:\((?:service|taskSet|task|port|instance|deployment)\s[^)]*\)|service \([^)]*\)|service [^\s()]+)\s+)+/;
const TASK = /\(task ([^)\s]+)\)/g;
const DEPLOYMENT = /\b(?:deployment|taskSet) (ecs-svc\/\d+)/;
const PROBLEM = /\b(?:unable|failed|unhealthy|could not|error|misconfigured|timed out)\b/i;

/** Parses one event of DescribeServices; a wording that we do not know is `other`. */
export function serviceEvent(head: Head): ServiceEvent {
  const { message } = head;
  const text = message.replace(SUBJECTS, '').trim();
  const parsed = parsedFrom(text);
  // The deployment that a rollback names is the one it goes to.
  const of = parsed.kind === 'rolling-back' ? undefined : DEPLOYMENT.exec(message)?.[1];
  return {
    ...head,
    taskIds: [...message.matchAll(TASK)].map(([, id = '']) => id),
    ...defined({ deploymentId: of }),
    ...parsed,
  };
}

function parsedFrom(text: string): Parsed {
  for (const { match, parse } of WORDINGS) {
    const groups = match.exec(text);
    if (groups) return parse(...groups.slice(1));
  }
  return { kind: 'other', text: withoutPointer(text), problem: PROBLEM.test(text) };
}

const targetGroupName = (text: string): string => /targetgroup\/([^/\s)]+)/.exec(text)?.[1] ?? text;

const POINTER = 'For more information, see the Troubleshooting section';

/** Without AWS's pointer to its manual and the last full stop. */
function withoutPointer(text: string): string {
  const at = text.indexOf(POINTER);
  return (at < 0 ? text : text.slice(0, at).trimEnd()).replace(/\.$/, '');
}

/** "Circuit breaker ... rolled back by user": ECS calls every caller "the user": this run as well as a person. */
const CAUSES: readonly (readonly [StatusCause, RegExp])[] = [
  ['user', /\b(?:stopped|requested|initiated|rolled back) by (?:an? |the )?user\b/i],
  ['newer-deployment', /replaced|superseded|newer/i],
  ['rollback', /rolling back|rolled back/i],
];

/** What a statusReason, rollback reason or rolloutStateReason says about who or what caused it; undefined when nothing is known. */
export function statusCauses(reason: string | undefined): readonly StatusCause[] | undefined {
  if (reason === undefined) return undefined;
  const found = CAUSES.flatMap(([cause, words]) => (words.test(reason) ? [cause] : []));
  return found.length > 0 ? found : undefined;
}

/**
 * Whether a stoppedReason says that a health check failed: "Task failed ELB health checks in (target-group ...)", "Task failed
 * container health checks", "... due to an unhealthy status".
 */
export const failedHealthCheck = (stoppedReason: string | undefined): true | undefined =>
  /health check|unhealthy/i.test(stoppedReason ?? '') || undefined;
