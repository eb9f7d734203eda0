import type { RunnableContainer } from './runtime.ts';

export interface Deployment {
  readonly id: string;
  readonly number: string;
  status: 'PRIMARY' | 'ACTIVE';
  readonly taskDefinition: string;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  readonly createdAt: number;
  finishedAt?: number;
  failedTasks: number;
  failedStarts: number;
  lastFailureAt: number;
  completing: boolean;
  /** Set when this one failed and that one was put back. */
  rollbackTo?: string;
  /** Set while this one is being put back after that one failed. */
  restores?: string;
  stopRequested?: boolean;
}

export interface SimTask {
  readonly arn: string;
  readonly id: string;
  readonly service: SimService;
  readonly deploymentId: string;
  readonly taskDefinitionArn: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly containers: readonly RunnableContainer[];
  readonly createdAt: number;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  desiredStatus: 'RUNNING' | 'STOPPED';
  healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  target?: 'healthy' | 'unhealthy';
  startedAt?: number;
  stoppedAt?: number;
  stopCode?: string;
  stoppedReason?: string;
  ended: readonly { readonly name: string; readonly exitCode?: number; readonly reason?: string }[];
}

export interface SimEvent {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

/** A service as ECS keeps it; members that only travel through (network, tags) stay in `settings`. */
export interface SimService {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  status: 'ACTIVE' | 'INACTIVE';
  taskDefinition: string;
  desiredCount: number;
  minimumHealthyPercent: number;
  maximumPercent: number;
  circuitBreaker: { enable: boolean; rollback: boolean; thresholdConfiguration?: unknown };
  alarms?: unknown;
  healthCheckGracePeriodSeconds?: number;
  loadBalancers: readonly Readonly<Record<string, unknown>>[];
  readonly settings: Record<string, unknown>;
  deployments: Deployment[];
  /** Deployments that left `deployments`. */
  readonly history: Deployment[];
  tasks: SimTask[];
  readonly events: SimEvent[];
  newTask(deployment: Deployment, now: number): SimTask;
}

/** The same event is not repeated for six hours: silence of ECS says nothing. */
const SUPPRESSED_SECONDS = 6 * 3600;

export function serviceEvent(service: SimService, now: number, message: string): void {
  const told = service.events.some((event) => event.message === message && now - event.createdAt < SUPPRESSED_SECONDS);
  if (told) return;
  service.events.unshift({ id: hexadecimal(service.events.length + 1, 32), createdAt: now, message });
  service.events.length = Math.min(service.events.length, 100);
}

let sequence = 0;
/** Unlike any other, and the same in each run of a test. */
export const hexadecimal = (seed: number, length: number): string =>
  (BigInt(seed + 1) * 0x9e3779b97f4a7c15f39cc0605cedc834n).toString(16).padStart(length, '0').slice(-length);
export const nextNumber = (): number => ++sequence;
