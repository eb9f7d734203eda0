import type { SuspendedScaling } from '../model.ts';
import type { Autoscaling } from '../ports.ts';
import { MARK } from './autoscaling.ts';

/** A scalable target whose scale-in a run has suspended. */
export interface ScalingIntent {
  /** `service/CLUSTER/SERVICE` */
  readonly resource: string;
  /** ARN of the scalable target. */
  readonly target: string;
  readonly before: SuspendedScaling;
}

/**
 * Sets the scale-in as it was before, and takes the note of it away. Only that member changes: the others are as they are by now.
 * Nothing where the target is gone.
 * @throws Failure of the calls
 */
export async function resume({ resource, target, before }: ScalingIntent, port: Autoscaling): Promise<void> {
  const now = await port.target(resource);
  if (!now) return;
  const suspended = { ...now.suspended, dynamicIn: before.dynamicIn };
  if (now.suspended.dynamicIn !== before.dynamicIn) await port.register(resource, { suspended });
  await port.untag(target, [MARK]);
}
