/** Durations in seconds; short by default, so that half a virtual hour holds many rollouts. */
export interface Timings {
  /** A task without health checks counts as healthy after this long in RUNNING (AWS: 40, API_DeploymentConfiguration). */
  readonly settleSeconds: number;
  /** From "all new tasks healthy, all old ones gone" to COMPLETED. */
  readonly completeSeconds: number;
  /** How long a task is DEPROVISIONING: its network interface is detached and deleted (default 1). */
  readonly deprovisionSeconds?: number;
  /** How long a service deployment is PENDING before its first step (default 0). */
  readonly pendingSeconds?: number;
  /** From StopServiceDeployment to its effect (default 1). */
  readonly stopSeconds?: number;
  /** Bake time when alarms are enabled and none is set (default 60). */
  readonly alarmBakeSeconds?: number;
}

export const DEFAULT_TIMINGS: Timings = { settleSeconds: 5, completeSeconds: 10 };

/** As measured on AWS. */
export const AWS_TIMINGS: Timings = {
  settleSeconds: 40,
  completeSeconds: 25,
  deprovisionSeconds: 10,
  pendingSeconds: 8,
  stopSeconds: 5,
  alarmBakeSeconds: 300,
};
