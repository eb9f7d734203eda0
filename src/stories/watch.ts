import { asFailure } from '../failure.ts';
import type { WatchOnlyInputs } from '../inputs/types.ts';
import { nameOf, type ServiceState } from '../model.ts';
import type { Outcome } from '../outcome.ts';
import { beganAt, primaryOf } from '../service/deployment.ts';
import { unfinished } from '../service/restore.ts';
import { watch } from '../watch/watch.ts';
import { type Run, reportScaling, schedulesOf } from './run.ts';
import { cancelled, factsOfCarriedOut, factsOfCurrent, settleWith } from './settle.ts';

/**
 * `mode: watch`: judges the deployment that another client started (Terraform, CDK, the console), explains a failure, and rolls back
 * where `rollback-on-failure: true` asks for it. What ECS has completed already is judged by its health.
 */
export async function watchOnly(run: Run<WatchOnlyInputs>, fetching: Promise<ServiceState>): Promise<Outcome> {
  const { world, progress } = run;
  const service = await fetching;
  const facts = await factsOfNewest(service, run);
  const { deployment, revision } = facts;
  progress.known(facts);
  const done = deployment.endedBefore === true;
  progress.step(
    done
      ? `no deployment of ${service.name} is under way; checking whether ${nameOf(revision)} is healthy`
      : `watching ${deployment.id} of ${service.name} with ${nameOf(revision)}`,
  );
  const { family } = revision;
  const schedules = await schedulesOf({ family, cluster: service.clusterArn }, run);
  try {
    const watched = await watch(deployment, world, progress.watching(deployment));
    await reportScaling(service, beganAt(deployment), run);
    const origin = { untouched: done, registered: false };
    return await settleWith(schedules, { facts, watched, origin }, run);
  } catch (thrown) {
    if (asFailure(thrown).code === 'CANCELLED') {
      const outcome = await cancelled(facts, run);
      return schedules ? (await import('./schedules.ts')).withUnmoved(outcome, schedules) : outcome;
    }
    throw thrown;
  }
}

/** Of the newest deployment, also while ECS rolls it back. Its service deployment is asked for where the service shows that it may. */
async function factsOfNewest(service: ServiceState, run: Run): ReturnType<typeof factsOfCurrent> {
  const primary = primaryOf(service);
  const may = service.deployments.some(
    ({ id, rolloutState, createdAt }) =>
      primary && id !== primary.id && (rolloutState === 'FAILED' || createdAt > primary.createdAt),
  );
  const found = may ? await unfinished(service.clusterArn, service.name, run.world.ecs) : undefined;
  return found ? factsOfCarriedOut(found, service, run) : factsOfCurrent(service, run);
}
