import type { Clock, Ecs, Logs, Resources, Targets } from '../ports.ts';

/** What the watch asks of the outside. */
export interface WatchWorld {
  readonly clock: Clock;
  readonly ecs: Ecs;
  readonly logs: Logs;
  /** Absent: nobody tells how load balancers see the tasks. */
  readonly targets?: Targets;
  /** Absent: a capacity provider is taken to add machines. */
  readonly resources?: () => Promise<Pick<Resources, 'capacityProviders'>>;
  readonly signal: AbortSignal;
}
