import { lastPart } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { ContinueInputs } from '../inputs/types.ts';
import { defined, type LiveRevision, nameOf, type ServiceDeployment, type ServiceState } from '../model.ts';
import { type Outcome, withServing } from '../outcome.ts';
import type { World } from '../ports.ts';
import { beganAt, carrierOf, isCarriedOut, primaryOf } from '../service/deployment.ts';
import { unfinished } from '../service/restore.ts';
import { servingIn } from '../service/serving.ts';
import { watch } from '../watch/watch.ts';
import { saveIntent } from './handover.ts';
import { type Run, reportScaling, schedulesOf } from './run.ts';
import { cancelled, factsOfCurrent, settleWith } from './settle.ts';

/**
 * Answers the lifecycle hooks at which a deployment is paused, and watches that deployment to its end: for an approval job, or a
 * command at night.
 * @throws Failure CONFLICT where no deployment is under way, or ECS rolls it back already
 */
export async function continueDeployment(run: Run<ContinueInputs>, fetching: Promise<ServiceState>): Promise<Outcome> {
  const { inputs, world, progress } = run;
  const service = await fetching;
  const serviceDeployment = await pausedDeployment(service, world);
  const current = await factsOfCurrent(service, run);
  const { deployment, revision } = current;
  const facts = { ...current, ...defined({ serviceDeploymentArn: serviceDeployment.arn }) };
  progress.known(facts);
  const schedules = await schedulesOf({ family: revision.family, cluster: service.clusterArn }, run);
  const { previousTaskDefinitionArn: previous } = deployment;
  saveIntent(
    {
      cluster: service.clusterArn,
      service: service.name,
      previous: previous ?? service.taskDefinitionArn,
      next: revision.arn,
      registered: false,
      deployment: deployment.id,
      ...defined({ proven: previous }),
    },
    world,
  );
  await answer(serviceDeployment, revision, run);
  try {
    const watched = await watch(deployment, world, progress.watching(deployment));
    await reportScaling(service, beganAt(deployment), run);
    const { verdict, snapshot } = watched;
    if (inputs.action === 'rollback' && verdict.kind === 'rolled-back') {
      const headline = `Rolled back to ${lastPart(verdict.to) || 'the revision before'}, as requested (\`continue-action: rollback\`).`;
      const back = { ...facts, service: snapshot.service, verdict, kind: 'deployed', headline } as const;
      return withServing(back, servingIn(snapshot, deployment));
    }
    return await settleWith(schedules, { facts, watched, origin: { untouched: false, registered: false } }, run);
  } catch (thrown) {
    if (asFailure(thrown).code === 'CANCELLED') return cancelled(facts, run);
    throw thrown;
  }
}

async function pausedDeployment(service: ServiceState, { ecs }: World): Promise<ServiceDeployment> {
  const found = await unfinished(service.clusterArn, service.name, ecs);
  if (found && isCarriedOut(found)) return found;
  if (!found && primaryOf(service)?.rolloutState === 'IN_PROGRESS')
    throw new Failure(
      'ACCESS_DENIED',
      `A deployment of ${service.name} is under way, but the hooks at which it is paused cannot be seen.`,
      {
        remedy: 'Allow ecs:ListServiceDeployments and ecs:DescribeServiceDeployments for the role that this job uses.',
      },
    );
  const runs = lastPart(service.taskDefinitionArn);
  const problem = found
    ? `${carrierOf({ id: found.arn })} is rolling back the deployment of ${service.name} already (${found.status}), so it cannot be continued.`
    : `No deployment of ${service.name} is under way, so none waits to be continued; it has ${runs}.`;
  throw new Failure('CONFLICT', problem, {
    remedy:
      'A pause without an answer in time ends as configured in its hook (usually with a rollback). Deploy again; `mode: list` shows what ran.',
  });
}

/** All hooks that wait: ECS continues when each has its answer, and rolls back at the first answer ROLLBACK. */
async function answer(
  { arn, hooks, lifecycleStage: stage }: ServiceDeployment,
  revision: LiveRevision,
  { inputs, world, progress }: Run<ContinueInputs>,
): Promise<void> {
  const waiting = hooks.flatMap(({ id, status }) => (id !== undefined && status === 'AWAITING_ACTION' ? [id] : []));
  const at = stage === undefined ? '' : ` at stage ${stage}`;
  if (inputs.action === 'rollback') {
    const [first] = waiting;
    if (first === undefined) await world.ecs.stopServiceDeployment(arn, 'ROLLBACK');
    else await world.ecs.continueServiceDeployment(arn, first, 'ROLLBACK');
    progress.step(`rolling back ${nameOf(revision)}${at}`);
    return;
  }
  if (waiting.length === 0) {
    progress.step(`${nameOf(revision)} is not paused${stage === undefined ? '' : ` (stage ${stage})`}; watching it`);
    return;
  }
  for (const hookId of waiting) await world.ecs.continueServiceDeployment(arn, hookId, 'CONTINUE');
  progress.step(`continued ${nameOf(revision)}${at}`);
}
