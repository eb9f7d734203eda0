/** Autoscaling around a deployment: looked up before anything is changed, set as it begins, resumed at its end whatever its result. */
import { asFailure, Failure, sentence } from '../failure.ts';
import type { Inputs } from '../inputs/types.ts';
import { defined, type Instant, type ServiceState } from '../model.ts';
import { type Outcome, type Progress, withChange } from '../outcome.ts';
import type { World } from '../ports.ts';
import { MARK, markOf, planScaling, resourceOf, resume, type ScalingPlan } from '../service/autoscaling.ts';
import { saveScaling } from './handover.ts';

/** As much of a run as autoscaling needs. */
interface ScalingRun {
  readonly inputs: { readonly service: Pick<Inputs['service'], 'scaling' | 'desiredCount'> };
  readonly world: World;
  readonly progress: Pick<Progress, 'step'>;
}

/** What the run does to the scalable target; `plan` is absent where there is none. */
export interface Scaling {
  readonly plan?: ScalingPlan;
  readonly warnings: readonly string[];
}

/**
 * Reads the scalable target of the service and what an earlier run has noted on it. Nothing is changed.
 * @throws Failure NOT_FOUND, INVALID_INPUT or ACCESS_DENIED where the inputs cannot be carried out
 */
export async function lookUpScaling(
  service: ServiceState,
  { inputs, world }: Pick<ScalingRun, 'inputs' | 'world'>,
): Promise<Scaling | undefined> {
  const { scaling, desiredCount: wanted } = inputs.service;
  if (!scaling) return undefined;
  const port = await world.autoscaling();
  const target = await port.target(resourceOf(service));
  const found = target && { ...target, tags: target.arn === '' ? [] : await port.tags(target.arn) };
  const plan = planScaling(scaling, found, { ...service, ...defined({ wanted }) });
  return 'resource' in plan ? { plan, warnings: plan.warnings } : plan;
}

/** Of a service that this run creates. */
export function unregistered({ name }: ServiceState, { inputs: { service } }: Pick<ScalingRun, 'inputs'>): Scaling {
  const { minCapacity, maxCapacity } = service.scaling ?? {};
  if (minCapacity === undefined && maxCapacity === undefined) return { warnings: [] };
  const warning = `${name} is created by this run and has no scalable target yet: its capacity is not set. Register it with Application Auto Scaling, with its scaling policies.`;
  return { warnings: [warning] };
}

/** Sentences for a plan. */
export const plannedScaling = ({ plan }: Scaling): readonly string[] =>
  plan?.suspend
    ? ['Its scale-in would be suspended during the deployment, and resumed after it (`autoscaling: suspend`).']
    : [];

/**
 * Before the deployment begins: the capacity, and the scale-in that is suspended, in one call. What was suspended before is noted first, for
 * post and, as a tag of the scalable target, for the next run.
 * @throws Failure of the calls
 */
export async function beginScaling({ plan }: Scaling, { inputs, world, progress }: ScalingRun): Promise<void> {
  if (!plan) return;
  const { resource, change, suspend, before, left } = plan;
  const port = await world.autoscaling();
  const target = plan.target === '' && suspend ? await port.register(resource, {}) : plan.target;
  const resumesNow = left && inputs.service.scaling?.autoscaling === 'keep';
  if (suspend) {
    saveScaling({ resource, target, before }, world);
    await port.tag(target, [{ key: MARK, value: markOf(before) }]);
  } else if (left && !resumesNow) saveScaling({ resource, target, before }, world);
  if (change || suspend) await port.register(resource, { ...change, ...(suspend ? { suspended: suspend } : {}) });
  for (const { subject, before: was, after } of plan.differences) progress.step(`${subject}: ${was} -> ${after}`);
  if (suspend) progress.step('scale-in is suspended until the end of the deployment (autoscaling: suspend)');
  if (resumesNow) {
    const kept = await resume({ resource, target, before }, { autoscaling: port, ecs: world.ecs });
    progress.step(
      `scale-in was left suspended by an earlier run, and is resumed${kept === undefined ? '' : `; ${kept}`}`,
    );
  }
}

/** Once the deployment has ended, well or not. A failure here changes no outcome: it is a warning, and post tries again. */
export async function endScaling(
  { plan }: Scaling,
  since: Instant,
  { inputs, world, progress }: ScalingRun,
): Promise<readonly string[]> {
  if (!plan) return [];
  if (world.signal.aborted) return [];
  const { resource, target, before, suspend, left } = plan;
  const port = await world.autoscaling();
  await reportActivities(resource, since, { world, progress });
  const resumes = suspend !== undefined || (left && inputs.service.scaling?.autoscaling === 'suspend');
  if (!resumes) return [];
  try {
    const kept = await resume({ resource, target, before }, { autoscaling: port, ecs: world.ecs });
    saveScaling(undefined, world);
    progress.step(`scale-in is resumed${kept === undefined ? '' : `; ${kept}`}`);
    return [];
  } catch (thrown) {
    return [
      `The scale-in of ${resource} could not be resumed completely: ${sentence(asFailure(thrown).message)} The post step tries again.`,
    ];
  }
}

/** What scaled the service meanwhile, in AWS's words. It explains the counts in the log, and nothing depends on it. */
export async function reportActivities(
  resource: string,
  since: Instant,
  { world, progress }: Pick<ScalingRun, 'world' | 'progress'>,
): Promise<void> {
  try {
    const port = await world.autoscaling();
    for (const { description, cause } of (await port.activities(resource, since)).toReversed())
      progress.step(`autoscaling: ${sentence(description)} ${sentence(cause)}`.trim());
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
  }
}

/** An outcome whose revision did not change says which capacity did. */
export function withCapacity(outcome: Outcome, { plan }: Scaling): Outcome {
  const { differences = [] } = plan ?? {};
  if (differences.length === 0) return outcome;
  const text = differences.map(({ subject, before, after }) => `${subject}: ${before} -> ${after}`).join(', ');
  const settings = [...(outcome.settings ?? []), ...differences];
  return { ...outcome, settings, headline: withChange(outcome.headline, `Changed: ${text}.`) };
}
