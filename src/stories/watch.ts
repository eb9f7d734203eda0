import { asFailure } from '../failure.ts';
import type { WatchOnlyInputs } from '../inputs/types.ts';
import { isSeen, nameOf, type ServiceState } from '../model.ts';
import type { Outcome } from '../outcome.ts';
import { pinned } from '../service/apply.ts';
import { liveRevision } from '../service/revisions.ts';
import { limitsFor, strategyOf } from '../service/strategy.ts';
import { watch } from '../watch/watch.ts';
import type { Run } from './run.ts';
import { cancelled, type Facts, settle } from './settle.ts';

/**
 * `mode: watch`: judges the deployment that another client began (Terraform, CDK, the console), explains a failure, and rolls back
 * where `rollback-on-failure: true` asks for it. What ECS has completed already is judged by its health.
 */
export async function watchOnly(run: Run<WatchOnlyInputs>, fetching: Promise<ServiceState>): Promise<Outcome> {
  const { inputs, world, progress } = run;
  const service = await fetching;
  const pin = pinned(service, limitsFor(inputs.watch, strategyOf(service)), world.clock.now());
  const revision = await liveRevision(pin.taskDefinitionArn, world.ecs);
  const deployment = isSeen(revision) ? { ...pin, definition: revision.definition } : pin;
  const facts: Facts = {
    service,
    revision,
    deployment,
    differences: [],
    warnings: [],
    diagnoses: [],
    timeline: progress.timeline,
  };
  progress.known(facts);
  const done = deployment.endedBefore === true;
  progress.step(
    done
      ? `no deployment of ${service.name} is under way; checking whether ${nameOf(revision)} is healthy`
      : `watching ${deployment.id} of ${service.name} with ${nameOf(revision)}`,
  );
  try {
    const watched = await watch(deployment, world, progress.watching(deployment));
    return await settle({ facts, watched, origin: { untouched: done, registered: false } }, run);
  } catch (thrown) {
    if (asFailure(thrown).code === 'CANCELLED') return cancelled(facts, run);
    throw thrown;
  }
}
