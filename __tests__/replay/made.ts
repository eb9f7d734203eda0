/** Rollouts in few words, in the shape of the recordings. */
import type { Loose } from '../../simulator/replay/scenario.ts';

export const OURS = 'ecs-svc/2222222222222222222';
export const OLD = 'ecs-svc/1111111111111111111';
export const NEWER = 'ecs-svc/4444444444444444444';
const ARN = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web';
export const TARGET_GROUP = '(target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0a)';

type State = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
interface More {
  readonly state?: State;
  readonly status?: string;
  readonly reason?: string;
  readonly failed?: number;
  readonly revision?: number;
}

const deployment = (
  id: string,
  revision: number,
  [desiredCount, runningCount, pendingCount]: readonly [number, number, number],
  { state = 'IN_PROGRESS', status = 'PRIMARY', reason, failed = 0, revision: other = revision }: More,
): Loose => ({
  id,
  status,
  taskDefinition: `${ARN}:${other}`,
  desiredCount,
  runningCount,
  pendingCount,
  failedTasks: failed,
  rolloutState: state,
  rolloutStateReason: reason ?? `ECS deployment ${id} ${state === 'COMPLETED' ? 'completed' : 'in progress'}.`,
});

/** desired, running, pending of our deployment. */
export const ours = (d: number, r: number, p: number, more: More = {}): Loose => deployment(OURS, 42, [d, r, p], more);
/** The one before ours, which it replaces. */
export const old = (d: number, r: number, more: More = {}): Loose =>
  deployment(OLD, 41, [d, r, 0], { state: 'COMPLETED', status: 'ACTIVE', ...more });
/** The one before ours, put back. */
export const restored = (d: number, r: number, more: More = {}): Loose =>
  deployment(OLD, 41, [d, r, 0], {
    reason: `ECS deployment circuit breaker: rolling back to deploymentId ${OLD}.`,
    ...more,
  });
export const newer = (d: number, r: number, p: number, more: More = {}): Loose =>
  deployment(NEWER, 43, [d, r, p], more);

let tasks = 0;
export const id = (letter: string): string => letter.repeat(32);
export const task = (letter: string, lastStatus: string, more: Loose = {}): Loose => ({
  taskId: id(letter),
  startedBy: OURS,
  lastStatus,
  desiredStatus: lastStatus === 'STOPPED' ? 'STOPPED' : 'RUNNING',
  healthStatus: 'UNKNOWN',
  containers: [{ name: 'web', essential: true }],
  ...more,
});
export const stopped = (letter: string, stopCode: string, stoppedReason: string, more: Loose = {}): Loose =>
  task(letter, 'STOPPED', { stopCode, stoppedReason, ...more });
export const notStarted = (letter: string, stoppedReason: string): Loose =>
  stopped(letter, 'TaskFailedToStart', stoppedReason);
/** A crash of the container `web`. */
export const crashed = (letter: string, exitCode: number, startedAt_t: number, stoppedAt_t: number): Loose =>
  stopped(letter, 'EssentialContainerExited', 'Essential container in task exited', {
    containers: [{ name: 'web', essential: true, exitCode }],
    startedAt_t,
    stoppedAt_t,
  });
export const unhealthy = (letter: string): Loose =>
  stopped(letter, 'ServiceSchedulerInitiated', `Task failed ELB health checks in ${TARGET_GROUP}`);

export const event = (text: string): string => `(service web) ${text}`;
export const started = (...letters: readonly string[]): string =>
  event(`has started ${letters.length} tasks: ${letters.map((letter) => `(task ${id(letter)})`).join(' ')}.`);
export const completed = (of = OURS): readonly string[] => [
  event(`(deployment ${of}) deployment completed.`),
  event('has reached a steady state.'),
];

export interface Moment {
  readonly events?: readonly unknown[];
  readonly deployments?: readonly Loose[];
  readonly tasks?: readonly Loose[];
  readonly [more: string]: unknown;
}

/** Frames by second; what a frame does not say of deployments stays as it was. */
export function rollout(service: Loose, frames: Readonly<Record<number, Moment>>): Loose {
  tasks += 1;
  return {
    id: `made-${tasks}`,
    service: {
      desiredCount: 2,
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      launchType: 'FARGATE',
      schedulingStrategy: 'REPLICA',
      circuitBreaker: { enable: true, rollback: true },
      loadBalanced: true,
      healthCheckGracePeriodSeconds: 60,
      ...service,
    },
    newDeploymentId: OURS,
    newTaskDefinition: `${ARN}:42`,
    timeline: Object.entries(frames).map(([t_seconds, frame]) => ({ t_seconds: Number(t_seconds), ...frame })),
  };
}
