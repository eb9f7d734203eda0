import { lastPart } from '../arn.ts';
import { asFailure } from '../failure.ts';
import type { Inputs } from '../inputs/types.ts';
import type { Outcome } from '../outcome.ts';
import type { Account } from '../report/account.ts';
import type { Deployment } from '../service/deployment.ts';
import { restore, unfinished } from '../service/restore.ts';
import { type Watched, watch } from '../watch/watch.ts';
import { nameOf, type World } from '../world.ts';
import { undoOf } from './intent.ts';

/** What is known of a rollout before its end. */
export type Facts = Omit<Outcome, 'kind' | 'headline'> & { readonly deployment: Deployment };

/** How the deployment came to be, which says what may be undone. */
export interface Origin {
  /** The service already was, and still is, what was asked for. */
  readonly untouched: boolean;
  /** This run registered the revision. */
  readonly registered: boolean;
}

/** The outcome of what was watched, with the old revision back in place where that was asked for. */
export async function settle(
  facts: Facts,
  watched: Watched,
  { untouched, registered }: Origin,
  inputs: Inputs,
  world: World,
  account: Account,
): Promise<Outcome> {
  const { verdict, snapshot } = watched;
  const name = facts.revision ? nameOf(facts.revision) : '';
  const known: Facts = {
    ...facts,
    verdict,
    service: snapshot.service,
    diagnoses: snapshot.diagnoses,
    ...(snapshot.serviceDeployment ? { serviceDeploymentArn: snapshot.serviceDeployment.arn } : {}),
  };
  const discard = (outcome: Outcome): Promise<Outcome> =>
    registered && inputs.recovery.deregisterFailedRevision && outcome.kind === 'rolled-back'
      ? deregistered(outcome, world, account)
      : Promise.resolve(outcome);
  switch (verdict.kind) {
    case 'succeeded': {
      const many = verdict.runningCount === 1 ? '1 task' : `${verdict.runningCount} tasks`;
      const headline = untouched
        ? `${name} already runs, healthy: ${many}. Nothing was changed.`
        : `${name} runs: ${many}, healthy.`;
      const kind = untouched ? 'unchanged' : 'deployed';
      return { ...known, kind, headline, diagnoses: [], warnings: [...facts.warnings, ...verdict.warnings] };
    }
    case 'superseded': {
      const by = lastPart(verdict.byTaskDefinition);
      return {
        ...known,
        kind: 'superseded',
        headline: `A newer deployment took over: ${verdict.byDeployment} with ${by}.`,
      };
    }
    case 'rolled-back':
      return discard({
        ...known,
        kind: 'rolled-back',
        headline: `${verdict.reason} ECS rolled back to ${lastPart(verdict.to) || 'the revision before'}.`,
      });
    case 'paused':
      return {
        ...known,
        kind: 'paused',
        headline: `${name} waits at ${verdict.hook} for somebody to continue or to roll back the deployment in ECS.`,
      };
    case 'stopped':
      return { ...known, kind: 'failed', headline: verdict.reason };
    case 'failed':
    case 'stuck':
    case 'timed-out':
      return inputs.recovery.rollbackOnFailure && !untouched
        ? discard(await bringBack(known, watched, verdict.reason, world, account))
        : { ...known, kind: 'failed', headline: verdict.reason };
  }
}

/** A revision of this run that nobody wants any more. What cannot be cleared away changes nothing of the outcome. */
async function deregistered(outcome: Outcome, { ecs }: World, account: Account): Promise<Outcome> {
  const { revision } = outcome;
  if (!revision) return outcome;
  try {
    await ecs.deregisterTaskDefinition(revision.arn);
    account.step(`deregistered ${nameOf(revision)}`);
    return outcome;
  } catch (thrown) {
    const warning = `${nameOf(revision)} could not be deregistered: ${asFailure(thrown).message}`;
    return { ...outcome, warnings: [...outcome.warnings, warning] };
  }
}

/** The step still fails with the first cause, whatever becomes of the rollback. */
async function bringBack(
  known: Facts,
  { snapshot }: Watched,
  reason: string,
  world: World,
  account: Account,
): Promise<Outcome> {
  const to = lastPart(known.deployment.previousTaskDefinitionArn);
  const failed = (headline: string): Outcome => ({ ...known, kind: 'failed', headline: `${reason} ${headline}` });
  try {
    const restoring = await restore(known.deployment, snapshot.serviceDeployment, world);
    switch (restoring.kind) {
      case 'nothing-before':
        return failed('Nothing was rolled back: no revision is known to have run before.');
      case 'superseded':
        return failed(
          `Nothing was put back: ${restoring.by.id} with ${lastPart(restoring.by.taskDefinitionArn)} has taken over.`,
        );
    }
    account.step(`putting ${to} back (${restoring.by})`);
    const { verdict, snapshot: after } = await watch(
      restoring.deployment,
      world,
      account.listener(restoring.deployment),
    );
    const { service } = after;
    if (verdict.kind !== 'rolled-back' && verdict.kind !== 'succeeded')
      return { ...failed(`Rolling back ended as ${verdict.kind}.`), service };
    const back = lastPart(service.taskDefinitionArn) || to;
    return { ...known, service, kind: 'rolled-back', headline: `${reason} Rolled back to ${back}.` };
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    return code === 'CANCELLED'
      ? { ...failed(`The run was cancelled while ${to} was being put back, which ECS goes on with.`), underWay: true }
      : failed(`Putting ${to} back failed: ${message}`);
  }
}

/**
 * A cancelled run: ECS goes on by itself, so the word is what state the service is in and how to undo it. With
 * `on-cancel: rollback` the old revision is put back, which takes one call; ECS does the rest, and post tells its end.
 */
export async function cancelled(facts: Facts, inputs: Inputs, world: World): Promise<Outcome> {
  const { deployment } = facts;
  const previous = lastPart(deployment.previousTaskDefinitionArn);
  const next = lastPart(deployment.taskDefinitionArn);
  const told = (headline: string): Outcome => ({
    ...facts,
    kind: 'cancelled',
    headline: `Cancelled; ${headline}`,
    underWay: true,
  });
  const leave = `ECS goes on rolling out ${next}.${undo(deployment)}`;
  if (inputs.recovery.onCancel !== 'rollback') return told(leave);
  try {
    const serviceDeployment = await unfinished(deployment.cluster, deployment.service, world.ecs);
    const restoring = await restore(deployment, serviceDeployment, world);
    switch (restoring.kind) {
      case 'restoring':
        return told(`ECS was told to put ${previous} back and does so now.`);
      case 'superseded':
        return told(
          `${restoring.by.id} with ${lastPart(restoring.by.taskDefinitionArn)} has taken over and is left alone.`,
        );
      case 'nothing-before':
        return told(`${leave} Nothing can be rolled back: no revision is known to have run before.`);
    }
  } catch (thrown) {
    return told(`${previous} could not be put back: ${asFailure(thrown).message} ${leave}`);
  }
}

/** How to undo a deployment by hand; nothing where no revision is known to have run before. */
export const undo = ({ cluster, service, previousTaskDefinitionArn: proven }: Deployment): string =>
  undoOf({ cluster, service, ...(proven === undefined ? {} : { proven }) });
