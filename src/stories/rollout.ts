import { asFailure, Failure } from '../failure.ts';
import type { Inputs } from '../inputs/types.ts';
import type { Outcome } from '../outcome.ts';
import type { Account } from '../report/account.ts';
import { serviceLink } from '../report/links.ts';
import { tellHeader } from '../report/live.ts';
import { outputsOf } from '../report/outputs.ts';
import { apply, pinned, primaryOf } from '../service/apply.ts';
import type { Change } from '../service/change.ts';
import type { Deployment } from '../service/deployment.ts';
import { watch } from '../watch/watch.ts';
import { nameOf, type Revision, type World } from '../world.ts';
import { declare } from './intent.ts';
import { cancelled, type Facts, settle, undo } from './settle.ts';
import type { Present } from './survey.ts';

/** A revision that is there, and how the service is to be brought to it. */
export interface Rollout {
  readonly present: Present;
  readonly revision: Revision;
  /** This run registered it, so nobody else can want it. */
  readonly registered: boolean;
  readonly change: Change;
  readonly facts: Omit<Facts, 'deployment'>;
}

/** Begins the deployment, watches it to its verdict, and settles what the verdict asks for. */
export async function rollOut(rollout: Rollout, inputs: Inputs, world: World, account: Account): Promise<Outcome> {
  const { deployment, untouched } = await begin(rollout, inputs, world, account);
  const facts: Facts = { ...rollout.facts, deployment };
  publishOutputs(facts, world);
  if (!inputs.watch.wait) return { ...facts, kind: 'started', headline: `${deployment.id} began; nobody watches it.` };
  try {
    const watched = await watch(deployment, world, account.listener(deployment));
    return await settle(facts, watched, untouched, inputs, world, account);
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED') return cancelled(facts, inputs, world);
    throw unwatched(failure, deployment, untouched);
  }
}

interface Begun {
  readonly deployment: Deployment;
  /** The service already was, and still is, what was asked for. */
  readonly untouched: boolean;
}

/**
 * Begins the deployment, or finds the one to judge: an equal revision that already runs or is being rolled out (a
 * re-run after a cancel) is watched, not deployed again.
 */
async function begin(rollout: Rollout, inputs: Inputs, world: World, account: Account): Promise<Begun> {
  const { present, revision, registered, change } = rollout;
  const { service, live } = present;
  const { definition } = revision;
  const now = world.clock.now();
  if (!change.update) {
    const untouched = primaryOf(service)?.rolloutState === 'COMPLETED';
    account.step(
      untouched
        ? `${service.name} already is what was asked for; looking whether it is healthy`
        : `${nameOf(revision)} is being rolled out already; watching that deployment`,
    );
    return { deployment: { ...pinned(service, inputs.watch, now), definition }, untouched };
  }
  const intent = {
    cluster: service.clusterArn,
    service: service.name,
    previous: live.arn,
    next: revision.arn,
    registered,
  };
  try {
    world.signal.throwIfAborted();
    declare(intent, world);
    const deployment = await apply(change.update, service, inputs.watch, world);
    if (!deployment) {
      account.step('settings changed; ECS needs no new deployment for them');
      return { deployment: { ...pinned(service, inputs.watch, now), definition }, untouched: false };
    }
    declare({ ...intent, deployment: deployment.id }, world);
    const url = serviceLink(service);
    tellHeader(world.console, {
      service: service.name,
      cluster: service.clusterArn.split('/').at(-1) ?? '',
      from: nameOf(live),
      to: nameOf(revision),
      waves: change.waves.sentence,
      ...(url ? { url } : {}),
    });
    return { deployment: { ...deployment, definition }, untouched: false };
  } catch (thrown) {
    if (registered) await withdraw(revision, world);
    throw thrown;
  }
}

/** A revision that was made for a deployment which never began. */
async function withdraw(revision: Revision, { ecs, console }: World): Promise<void> {
  await ecs.deregisterTaskDefinition(revision.arn).catch((thrown: unknown) => {
    console.warning(
      `${nameOf(revision)} was registered and is not used; it could not be deregistered: ${asFailure(thrown).message}`,
    );
  });
}

/** We cannot look any more, and ECS goes on: nobody must take the error for the end of the deployment. */
function unwatched(failure: Failure, deployment: Deployment, untouched: boolean): Failure {
  if (untouched) return failure;
  const next = deployment.taskDefinitionArn.split('/').at(-1);
  const told = `${failure.remedy ? `${failure.remedy} ` : ''}ECS goes on rolling out ${next} (${deployment.id}), unwatched.${undo(deployment)}`;
  return new Failure(failure.code, failure.message, {
    remedy: told,
    mistakes: failure.mistakes,
    cause: failure.cause ?? failure,
    ...(failure.api ? { api: failure.api } : {}),
  });
}

/** Outputs as soon as they are known, so that a step that fails later still has them. */
export function publishOutputs(known: Partial<Outcome>, { runner }: World): void {
  for (const [name, value] of Object.entries(outputsOf(known))) runner.setOutput(name, value);
}
