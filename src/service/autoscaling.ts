/** What a run does to the scalable target of its service: decided from the inputs and the target as it is. */
import { enclosed, lastPart, placeOf } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { ScalingInputs } from '../inputs/types.ts';
import { defined, type ScalableTarget, type ServiceState, type SuspendedScaling, type Tags } from '../model.ts';
import type { Autoscaling, Ecs } from '../ports.ts';
import type { Difference } from '../taskdef/diff.ts';

/** Tag on a scalable target while a run has its scale-in suspended: what was suspended before. */
export const MARK = 'ecs-rollout:scaling-before';

/** `service/CLUSTER/SERVICE`, as Application Auto Scaling names it. */
export const resourceOf = ({ clusterArn, name }: Pick<ServiceState, 'clusterArn' | 'name'>): string =>
  `service/${lastPart(clusterArn)}/${name}`;

/** Value of the tag: `in=false out=false scheduled=false`. */
export const markOf = ({ dynamicIn, dynamicOut, scheduled }: SuspendedScaling): string =>
  `in=${dynamicIn} out=${dynamicOut} scheduled=${scheduled}`;

/** What the tag says; undefined without one, and for one that is not ours. */
export function markIn(tags: Tags): SuspendedScaling | undefined {
  const value = tags.find(({ key }) => key === MARK)?.value ?? '';
  const [, dynamicIn, dynamicOut, scheduled] =
    /^in=(true|false) out=(true|false) scheduled=(true|false)$/.exec(value) ?? [];
  if (dynamicIn === undefined) return undefined;
  return { dynamicIn: dynamicIn === 'true', dynamicOut: dynamicOut === 'true', scheduled: scheduled === 'true' };
}

/** What is done before the deployment begins, and what after it. */
export interface ScalingPlan {
  readonly resource: string;
  /** ARN of the scalable target. */
  readonly target: string;
  /** Sent with RegisterScalableTarget before the deployment; absent where it is as it should be. */
  readonly change?: { readonly minCapacity?: number; readonly maxCapacity?: number };
  /** What is suspended during the deployment; absent where nothing is to be suspended. */
  readonly suspend?: SuspendedScaling;
  /** What is suspended again at the end. */
  readonly before: SuspendedScaling;
  /** An earlier run has left it suspended. */
  readonly left: boolean;
  /** `minimum capacity: 2 -> 4` */
  readonly differences: readonly Difference[];
  readonly warnings: readonly string[];
}

/**
 * @param found the scalable target with its tags; undefined where the service has none
 * @param service `wanted`: the desired count that the run sets, where it sets one
 * @throws Failure NOT_FOUND where there is no target whose capacity could be set; INVALID_INPUT for a minimum above the maximum
 */
export function planScaling(
  inputs: ScalingInputs,
  found: (ScalableTarget & { readonly tags: Tags }) | undefined,
  service: Pick<ServiceState, 'name' | 'arn' | 'clusterArn' | 'desiredCount'> & { readonly wanted?: number },
): ScalingPlan | { readonly warnings: readonly string[] } {
  const { autoscaling, minCapacity, maxCapacity } = inputs;
  if (!found) return withoutTarget(inputs, service);
  const [min, max] = [minCapacity ?? found.minCapacity, maxCapacity ?? found.maxCapacity];
  if (min > max) throw outOfOrder(inputs, found, service);
  const change = defined({
    minCapacity: min === found.minCapacity ? undefined : min,
    maxCapacity: max === found.maxCapacity ? undefined : max,
  });
  const mark = markIn(found.tags);
  const before = mark ?? found.suspended;
  const inside = (wanted: number): number => Math.min(max, Math.max(min, wanted));
  const counts = [service.desiredCount, service.wanted ?? service.desiredCount];
  const count = counts.find((one) => inside(one) !== one) ?? service.desiredCount;
  const moved = inside(count);
  const changes = Object.keys(change).length > 0;
  // Any call moves the count; one that is outside on purpose, such as 0, is left alone where nothing needs a call.
  const keepsOut = moved !== count && !changes && mark === undefined;
  const range = `${min} to ${max}`;
  const warnings: string[] = [];
  if (autoscaling === 'suspend' && keepsOut)
    warnings.push(
      `The scale-in of ${service.name} is not suspended: its desired count is ${count}, outside of its capacity (${range}), and the call that suspends it would set the count to ${moved}.`,
    );
  if (changes && moved !== count)
    warnings.push(
      `Application Auto Scaling sets the desired count of ${service.name} from ${count} to ${moved}: its capacity is ${range} now.`,
    );
  const suspend = autoscaling === 'suspend' && !keepsOut && !found.suspended.dynamicIn;
  return {
    resource: found.resource,
    target: found.arn,
    ...(changes ? { change } : {}),
    ...(suspend ? { suspend: { ...found.suspended, dynamicIn: true } } : {}),
    before,
    left: mark !== undefined,
    differences: [
      ...changed('minimum capacity', found.minCapacity, min),
      ...changed('maximum capacity', found.maxCapacity, max),
    ],
    warnings,
  };
}

function withoutTarget(
  { autoscaling, minCapacity, maxCapacity }: ScalingInputs,
  { name, arn, clusterArn }: Pick<ServiceState, 'name' | 'arn' | 'clusterArn'>,
): { readonly warnings: readonly string[] } {
  const none = `The service ${name} in the cluster ${lastPart(clusterArn)}${enclosed(placeOf(arn))} has no scalable target: it is not registered with Application Auto Scaling.`;
  if (minCapacity !== undefined || maxCapacity !== undefined)
    throw new Failure('NOT_FOUND', none, {
      mistakes: [
        {
          subject: minCapacity === undefined ? 'max-capacity' : 'min-capacity',
          problem: 'has nothing to be set on.',
          remedy:
            'Register the service once, with its scaling policies (`aws application-autoscaling register-scalable-target`, Terraform, CloudFormation, CDK), or use `desired-count`.',
        },
      ],
    });
  return { warnings: autoscaling === 'suspend' ? [`${none} There is nothing to suspend.`] : [] };
}

const outOfOrder = (
  { minCapacity }: ScalingInputs,
  found: ScalableTarget,
  { name }: Pick<ServiceState, 'name'>,
): Failure => {
  const [subject, problem] =
    minCapacity === undefined
      ? ['max-capacity', `is below the minimum capacity of ${name}, ${found.minCapacity}.`]
      : ['min-capacity', `is ${minCapacity}, above the maximum capacity of ${name}, ${found.maxCapacity}.`];
  return new Failure('INVALID_INPUT', `The capacity of ${name} cannot be set; nothing was changed.`, {
    mistakes: [{ subject, problem, remedy: 'Give `min-capacity` and `max-capacity`.' }],
  });
};

const changed = (subject: string, before: number, after: number): Difference[] =>
  before === after ? [] : [{ kind: 'changed', subject, before: String(before), after: String(after) }];

/** A scalable target whose scale-in a run has suspended. */
export interface ScalingIntent {
  /** `service/CLUSTER/SERVICE` */
  readonly resource: string;
  /** ARN of the scalable target. */
  readonly target: string;
  readonly before: SuspendedScaling;
}

/**
 * Sets the scale-in as it was before, and takes the note of it away. Only that member changes: the others are as they are by now, and so
 * is the desired count. Any call of RegisterScalableTarget moves a count that is outside of the capacity into it: one of a service that was
 * scaled to 0 meanwhile (by a user, or because its first deployment failed) is set again.
 * @returns the count that was set again, and why; nothing where it did not move
 * @throws Failure of the calls
 */
export async function resume(
  { resource, target, before }: ScalingIntent,
  {
    autoscaling,
    ecs,
  }: { readonly autoscaling: Autoscaling; readonly ecs: Pick<Ecs, 'describeServices' | 'updateService'> },
): Promise<string | undefined> {
  const now = await autoscaling.target(resource);
  if (!now) return undefined;
  let kept: string | undefined;
  if (now.suspended.dynamicIn !== before.dynamicIn) {
    const suspended = { ...now.suspended, dynamicIn: before.dynamicIn };
    const [, cluster = '', service = ''] = resource.split('/');
    const [found] = await ecs.describeServices(cluster, [service]);
    await autoscaling.register(resource, { suspended });
    kept = found && (await keepCount(found, now, ecs));
  }
  // One that was registered again meanwhile has another ARN, and no note.
  const arn = now.arn === '' ? target : now.arn;
  if (arn !== '') await autoscaling.untag(arn, [MARK]);
  return kept;
}

async function keepCount(
  { clusterArn: cluster, name: service, status, desiredCount }: ServiceState,
  { minCapacity, maxCapacity }: ScalableTarget,
  ecs: Pick<Ecs, 'updateService'>,
): Promise<string | undefined> {
  const moved = Math.min(maxCapacity, Math.max(minCapacity, desiredCount));
  if (status !== 'ACTIVE' || moved === desiredCount) return undefined;
  const range = `outside of its capacity (${minCapacity} to ${maxCapacity})`;
  try {
    await ecs.updateService({ cluster, service, desiredCount });
    return `the desired count of ${service} stays ${desiredCount}, ${range}`;
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    throw new Failure(
      code,
      `Its desired count was ${desiredCount}, ${range}; Application Auto Scaling has set it to ${moved}, and it could not be set again: ${message}`,
      { cause: thrown },
    );
  }
}
