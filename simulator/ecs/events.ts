import type { SimService, SimTask } from './state.ts';

/**
 * Duplicate events are suppressed until the cause is resolved or six hours have passed; the last 100 are kept.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
 */
const SUPPRESSED_SECONDS = 6 * 3600;
const KEPT = 100;
const TROUBLESHOOTING = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

let sequence = 0;

/** Adds a service event in AWS's form, `(service NAME) ...`, unless it is a duplicate that ECS suppresses. */
export function addEvent(service: SimService, now: number, text: string): void {
  const message = text.startsWith(',') ? `(service ${service.name}${text}` : `(service ${service.name}) ${text}`;
  const eventTimes = service.eventTimes.get(message);
  if (eventTimes !== undefined && now - eventTimes < SUPPRESSED_SECONDS) return;
  service.eventTimes.set(message, now);
  if (service.eventTimes.size > 4 * KEPT) forgetOldest(service.eventTimes);
  const id = `00000000-0000-4000-8000-${(++sequence).toString(16).padStart(12, '0')}`;
  service.events.unshift({ id, createdAt: now, message });
  if (service.events.length > KEPT) service.events.length = KEPT;
}

/** The cause of events that contain `words` is resolved: the next one is not suppressed. */
export function endSuppression(service: SimService, words: string): void {
  for (const message of service.eventTimes.keys()) if (message.includes(words)) service.eventTimes.delete(message);
}

function forgetOldest(eventTimes: Map<string, number>): void {
  for (const message of [...eventTimes.keys()].slice(0, 2 * KEPT)) eventTimes.delete(message);
}

const named = (tasks: readonly SimTask[]): string => tasks.map(({ id }) => `(task ${id})`).join(' ');
const unstopped = (sentence: string): string => sentence.replace(/\.$/, '');

/** Why a task was not placed, in AWS's words. */
export function placementMessage({
  on,
  reason,
}: {
  readonly on: 'fargate' | 'ec2' | 'launch';
  readonly reason: string;
}): string {
  if (on === 'launch') return MESSAGES.unlaunchable(reason);
  return on === 'fargate' ? MESSAGES.unplaceable(reason) : MESSAGES.noInstance(reason);
}

/**
 * Event messages, from AWS's list and from recorded deployments.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export const MESSAGES = {
  started: (tasks: readonly SimTask[]) => `has started ${tasks.length} tasks: ${named(tasks)}.`,
  stopped: (tasks: readonly SimTask[]) => `has stopped ${tasks.length} running tasks: ${named(tasks)}.`,
  stoppedPending: (count: number) => `stopped ${count} pending tasks.`,
  registered: (count: number, group: string) => `registered ${count} targets in (target-group ${group})`,
  deregistered: (count: number, group: string) => `deregistered ${count} targets in (target-group ${group})`,
  draining: (count: number, deployment: string) =>
    `, taskSet ${deployment}) has begun draining connections on ${count} tasks.`,
  unhealthy: ({ id }: SimTask, { port, group, reason }: { port: unknown; group: string; reason: string }) =>
    `(task ${id}) (port ${String(port)}) is unhealthy in (target-group ${group}) due to (reason ${reason})`,
  unplaceable: (reason: string) => `was unable to place a task. Reason: ${unstopped(reason)}.`,
  unlaunchable: (error: string) => `failed to launch a task with (error ${error})`,
  noInstance: (reason: string) =>
    `was unable to place a task because no container instance met all of its requirements. ${reason} ${TROUBLESHOOTING}`,
  throttled: 'is unable to consistently start tasks successfully.',
  steady: 'has reached a steady state.',
  completed: (deployment: string) => `(deployment ${deployment}) deployment completed.`,
  failed: (deployment: string, why: string) => `(deployment ${deployment}) deployment failed: ${unstopped(why)}.`,
  rollingBack: (deployment: string) => `rolling back to deployment ${deployment}.`,
  protected: (deployment: string, count: number) =>
    `, taskSet ${deployment}) was unable to scale in due to (reason ${count} tasks under protection)`,
} as const;
