/** What runs tasks: a scripted model or real containers. The scheduler does not know which. */
export interface RunnableContainer {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  /** The container definition as registered, with the overrides of RunTask. */
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface RunnableTask {
  readonly arn: string;
  readonly id: string;
  readonly taskDefinitionArn: string;
  readonly containers: readonly RunnableContainer[];
  readonly definition: Readonly<Record<string, unknown>>;
}

export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'ServiceSchedulerInitiated'
  | 'SpotInterruption'
  | 'TerminationNotice'
  | 'InfrastructureHealth';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
export type TaskReport =
  /** The network interface is there; images are pulled now. */
  | { readonly kind: 'pending' }
  /** Containers are created and started; what is left before RUNNING is outside of them. */
  | { readonly kind: 'activating' }
  | { readonly kind: 'running' }
  /** The load balancer has drained it; its containers are stopped now. */
  | { readonly kind: 'stopping' }
  /** Of one container, by its health check. */
  | { readonly kind: 'health'; readonly container: string; readonly status: 'HEALTHY' | 'UNHEALTHY' }
  /** Of the whole task, as the load balancer sees it; `reason` in its words. */
  | { readonly kind: 'target'; readonly status: 'healthy' | 'unhealthy'; readonly reason?: string }
  /** Of the whole task, as AWS Cloud Map has it. */
  | { readonly kind: 'registered'; readonly status: 'healthy' | 'unhealthy' }
  /** Protected from scale-in (UpdateTaskProtection) for so long. */
  | { readonly kind: 'protected'; readonly seconds: number }
  /** All containers have ended. */
  | {
      readonly kind: 'stopped';
      readonly stopCode: StopCode;
      readonly reason: string;
      readonly containers?: readonly { readonly name: string; readonly exitCode?: number; readonly reason?: string }[];
    };

export interface TaskRuntime {
  start(task: RunnableTask, report: (report: TaskReport) => void): void;
  /** Ends a task; the runtime answers with `stopped`. */
  stop(task: RunnableTask): void;
  /** Ends a task at once and from outside, as a lost host or a Spot interruption does. */
  kill?(task: RunnableTask, stopCode: StopCode, reason: string): void;
}
