/** Seconds; quick by default so that a virtual half hour holds many rollouts. */
export interface Timings {
  /** RUNNING without health check or load balancer counts as healthy after this long. */
  readonly settleSeconds: number;
  /** From "all new tasks healthy, all old ones gone" to COMPLETED. */
  readonly completeSeconds: number;
  /** How long a service deployment is PENDING before its first step (default 0). */
  readonly pendingSeconds?: number;
  /** From StopServiceDeployment to its effect (default 1). */
  readonly stopSeconds?: number;
  /** Bake time where alarms are watched and none is set (default 60). */
  readonly alarmBakeSeconds?: number;
}

export const DEFAULT_TIMINGS: Timings = { settleSeconds: 5, completeSeconds: 10 };

/** As AWS takes its time. */
export const AWS_TIMINGS: Timings = {
  settleSeconds: 40,
  completeSeconds: 25,
  pendingSeconds: 8,
  stopSeconds: 5,
  alarmBakeSeconds: 300,
};
