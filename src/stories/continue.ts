import { lastPart } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { ContinueInputs } from '../inputs/types.ts';
import { defined, type LiveRevision, nameOf, type ServiceDeployment, type ServiceState } from '../model.ts';
import { type Outcome, withServing } from '../outcome.ts';
import type { World } from '../ports.ts';
import {
  beganAt,
  carrierOf,
  type Deployment,
  isCarriedOut,
  isOf,
  primaryOf,
  waitingHooks,
} from '../service/deployment.ts';
import { isRollingBack, unfinished } from '../service/restore.ts';
import { servingIn } from '../service/serving.ts';
import { type Watched, watch } from '../watch/watch.ts';
import { saveIntent } from './handover.ts';
import { type Run, reportScaling, schedulesOf } from './run.ts';
import { cancelled, factsOfCarriedOut, settleWith } from './settle.ts';

/** After an answer that got lost, or that ECS did not take: DescribeServiceDeployments may be some seconds behind. */
const LOOK_AFTER_SECONDS = [3, 6, 12, 24];

/**
 * Answers the lifecycle hooks at which a deployment is paused, and watches that deployment to its end: for an approval job, or a
 * command at night.
 * @throws Failure CONFLICT where no deployment is under way, ECS rolls it back already, or another one has just started; UNAVAILABLE or
 *   REFUSED where it is not known to have taken the answer
 */
export async function continueDeployment(run: Run<ContinueInputs>, fetching: Promise<ServiceState>): Promise<Outcome> {
  const { inputs, world, progress } = run;
  const service = await fetching;
  const serviceDeployment = await pausedDeployment(service, run);
  const current = await factsOfCarriedOut(serviceDeployment, service, run);
  const { deployment, revision } = current;
  refuseOther(serviceDeployment, deployment);
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
    const origin = { untouched: false, registered: false };
    if (inputs.action === 'continue') return await settleWith(schedules, { facts, watched, origin }, run);
    const { verdict, snapshot } = watched;
    if (verdict.kind === 'rolled-back')
      return withServing(
        { ...facts, service: snapshot.service, verdict, ...asRequested(verdict.to) },
        servingIn(snapshot, deployment),
      );
    const outcome = await settleWith(undefined, { facts, watched: notRolledBack(watched, revision), origin }, run);
    return outcome.kind === 'rolled-back'
      ? { ...outcome, ...asRequested(outcome.service?.taskDefinitionArn) }
      : outcome;
  } catch (thrown) {
    if (asFailure(thrown).code === 'CANCELLED') return cancelled(facts, run);
    throw thrown;
  }
}

/** With `continue-action: rollback` also one that ECS rolls back already, such as at the request of a run that was killed. */
async function pausedDeployment(
  service: ServiceState,
  { inputs, world: { ecs } }: Run<ContinueInputs>,
): Promise<ServiceDeployment> {
  const found = await unfinished(service.clusterArn, service.name, ecs);
  if (found && isCarriedOut(found)) return found;
  if (found && inputs.action === 'rollback' && service.deployments.some((one) => isOf(found, one))) return found;
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

/** The answer is for the deployment that this run has read. @throws Failure CONFLICT where the service has another one by now */
function refuseOther(found: ServiceDeployment, deployment: Deployment): void {
  if (isOf(found, deployment)) return;
  throw new Failure(
    'CONFLICT',
    `Another deployment of ${deployment.service} started while this run read it; nothing was answered.`,
    { remedy: 'Look at what is deployed now (`mode: status`), and run this job again if that is to be answered.' },
  );
}

const asRequested = (to: string | undefined) =>
  ({
    kind: 'deployed',
    headline: `Rolled back to ${lastPart(to) || 'the revision before'}, as requested (\`continue-action: rollback\`).`,
    ...defined({ rolledBackTo: to }),
  }) as const;

/** A rollback that came too late, or that ECS did not do: that the revision is deployed is no success. */
function notRolledBack(watched: Watched, revision: LiveRevision): Watched {
  if (watched.verdict.kind !== 'succeeded') return watched;
  const reason = `${nameOf(revision)} was deployed although its rollback was requested (\`continue-action: rollback\`).`;
  return { ...watched, verdict: { kind: 'failed', reason, causes: [] } };
}

/** All hooks that wait: ECS continues when each has its answer, and rolls back at the first answer ROLLBACK. */
async function answer(paused: ServiceDeployment, revision: LiveRevision, run: Run<ContinueInputs>): Promise<void> {
  const { inputs, progress } = run;
  const { lifecycleStage: stage } = paused;
  const at = stage === undefined ? '' : ` at stage ${stage}`;
  if (inputs.action === 'rollback') {
    await untilTaken(paused, requestRollback, run);
    progress.step(`rolling back ${nameOf(revision)}${at}`);
    return;
  }
  const asked = new Set(waitingIn(paused));
  if (asked.size === 0) {
    progress.step(`${nameOf(revision)} is not paused${stage === undefined ? '' : ` (stage ${stage})`}; watching it`);
    return;
  }
  await untilTaken(
    paused,
    async (now, { ecs }) => {
      // A later pause asks for an approval of its own.
      const waiting = isCarriedOut(now) ? waitingIn(now).filter((id) => asked.has(id)) : [];
      for (const hookId of waiting) {
        await ecs.continueServiceDeployment(now.arn, hookId, 'CONTINUE');
        asked.delete(hookId);
      }
    },
    run,
  );
  progress.step(`continued ${nameOf(revision)}${at}`);
}

const waitingIn = (paused: ServiceDeployment): readonly string[] => waitingHooks(paused).map(({ id }) => id);

/** Where it has ended, or is being taken back already, there is nothing to ask for: the watch says how it ends. */
async function requestRollback(now: ServiceDeployment, { ecs }: World): Promise<void> {
  if (isRollingBack(now) || !isCarriedOut(now)) return;
  const [first] = waitingIn(now);
  if (first === undefined) await ecs.stopServiceDeployment(now.arn, 'ROLLBACK');
  else await ecs.continueServiceDeployment(now.arn, first, 'ROLLBACK');
}

/**
 * Sends what the deployment needs, as it is now. After a lost answer, and where ECS refuses because the pause has just been answered by
 * another client, the deployment shows whether anything is left to ask for.
 * @param send does nothing where nothing is left
 */
async function untilTaken(
  paused: ServiceDeployment,
  send: (now: ServiceDeployment, world: World) => Promise<void>,
  { world }: Run<ContinueInputs>,
): Promise<void> {
  let now = paused;
  for (const pause of [...LOOK_AFTER_SECONDS, 0]) {
    try {
      await send(now, world);
      return;
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code !== 'UNAVAILABLE' && failure.code !== 'REFUSED') throw thrown;
      if (pause === 0 || world.signal.aborted) throw untaken(failure);
      await world.clock.sleep(pause, world.signal);
      now = (await world.ecs.describeServiceDeployments([paused.arn]).catch(() => []))[0] ?? now;
    }
  }
}

/** Without an answer, ECS may have acted. */
const untaken = (failure: Failure): Failure =>
  failure.code === 'UNAVAILABLE'
    ? new Failure(failure.code, failure.message, {
        state:
          'Whether ECS has taken the answer is not known; run the job again: it answers what still waits, and watches.',
        cause: failure.cause ?? failure,
        ...defined({ remedy: failure.remedy, api: failure.api }),
      })
    : failure;
