import type { Deployment as TaskSetState } from '../ecs/state.ts';
import type { Input } from '../wire/service.ts';

/** The names of the lifecycle events of an ECS deployment, in their order. https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html */
export const EVENTS = [
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'AllowTestTraffic',
  'AfterAllowTestTraffic',
  'BeforeAllowTraffic',
  'AllowTraffic',
  'AfterAllowTraffic',
] as const;
export type EventName = (typeof EVENTS)[number];

/** Those for which the AppSpec may name a Lambda function. */
export const HOOKS = [
  'BeforeInstall',
  'AfterInstall',
  'AfterAllowTestTraffic',
  'BeforeAllowTraffic',
  'AfterAllowTraffic',
] as const satisfies readonly EventName[];

export type Status = 'Created' | 'Queued' | 'InProgress' | 'Ready' | 'Succeeded' | 'Failed' | 'Stopped';
export const OPEN: readonly Status[] = ['Created', 'Queued', 'InProgress', 'Ready'];

export interface LifecycleEvent {
  readonly name: EventName;
  status: 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped';
  startTime?: number;
  endTime?: number;
  /** What the Lambda function of a hook logged last. */
  diagnostics?: Input;
}

/** What CodeDeploy reads of an AppSpec of an ECS service. */
export interface AppSpec {
  readonly taskDefinition: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly platformVersion?: string;
  readonly networkConfiguration?: Input;
  readonly capacityProviderStrategy?: readonly Input[];
  readonly hooks: ReadonlyMap<string, string>;
}

export interface SimCodeDeployment {
  readonly id: string;
  readonly group: SimDeploymentGroup;
  readonly configName: string;
  readonly revision: Input;
  /** Absent where the revision cannot be read. */
  readonly appSpec?: AppSpec;
  readonly description?: string;
  readonly creator: 'user' | 'codeDeployRollback';
  readonly autoRollback: Input;
  status: Status;
  readonly createdAt: number;
  startedAt?: number;
  completedAt?: number;
  error?: { readonly code: string; readonly message: string };
  rollbackInfo?: Input;
  readonly events: LifecycleEvent[];
  /** The original and the replacement task set. */
  blue?: TaskSetState;
  green?: TaskSetState;
  /** Percent of the production traffic that the replacement gets. */
  weight: number;
  terminationStarted: boolean;
  /** A timer of an older step is ignored. */
  step: number;
  /** Continues at once: the wait for an approval, or for the end of the original task set. */
  proceed?: () => void;
}

export interface SimDeploymentGroup {
  readonly application: string;
  readonly name: string;
  readonly id: string;
  /** Members of CreateDeploymentGroup as they were given; UpdateDeploymentGroup replaces some. */
  settings: Input;
  readonly deployments: SimCodeDeployment[];
}

export const object = (value: unknown): Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : {};
export const list = (value: unknown): readonly Input[] => (Array.isArray(value) ? value.map(object) : []);
