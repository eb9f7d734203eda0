import { asFailure } from '../failure.ts';
import type { Inputs } from '../inputs/types.ts';
import type { Outcome } from '../outcome.ts';
import type { Account } from '../report/account.ts';
import type { Deployment } from '../service/deployment.ts';
import { restore, unfinished } from '../service/restore.ts';
import { type Watched, watch } from '../watch/watch.ts';
import { nameOf, type World } from '../world.ts';

/** What is known of a rollout before its end. */
export type Facts = Omit<Outcome, 'kind' | 'headline'> & { readonly deployment: Deployment };

/** The outcome of what was watched, with the old revision back in place where that was asked for. */
export async function settle(
  facts: Facts,
  { verdict, snapshot }: Watched,
  untouched: boolean,
  inputs: Inputs,
  world: World,
  account: Account,
): Promise<Outcome> {
  const name = facts.revision ? nameOf(facts.revision) : '';
  const known: Facts = {
    ...facts,
    verdict,
    service: snapshot.service,
    diagnoses: snapshot.diagnoses,
    ...(snapshot.serviceDeployment ? { serviceDeploymentArn: snapshot.serviceDeployment.arn } : {}),
  };
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
      const by = shortOf(verdict.byTaskDefinition);
      return {
        ...known,
        kind: 'superseded',
        headline: `A newer deployment took over: ${verdict.byDeployment} with ${by}.`,
      };
    }
    case 'rolled-back':
      return {
        ...known,
        kind: 'rolled-back',
        headline: `${verdict.reason} ECS rolled back to ${shortOf(verdict.to) || 'the revision before'}.`,
      };
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
    case 'timed-out': {
      if (!inputs.recovery.rollbackOnFailure || untouched)
        return { ...known, kind: 'failed', headline: verdict.reason };
      const back = await bringBack(known, { verdict, snapshot }, world, account);
      if (inputs.recovery.deregisterFailedRevision && back.kind === 'rolled-back' && facts.revision) {
        await world.ecs.deregisterTaskDefinition(facts.revision.arn);
        account.step(`deregistered ${name}`);
      }
      return back;
    }
  }
}

/** The step still fails with the first cause, whatever becomes of the rollback. */
async function bringBack(
  known: Facts,
  { verdict, snapshot }: Watched & { readonly verdict: { readonly reason: string } },
  world: World,
  account: Account,
): Promise<Outcome> {
  const { reason } = verdict;
  const to = shortOf(known.deployment.previousTaskDefinitionArn);
  try {
    const restoring = await restore(known.deployment, snapshot, world);
    if (restoring.kind === 'nothing-before') {
      return { ...known, kind: 'failed', headline: `${reason} There is no revision before it to go back to.` };
    }
    account.step(`putting ${to} back (${restoring.by})`);
    const back = await watch(restoring.deployment, world, account.listener(restoring.deployment));
    const service = back.snapshot.service;
    if (back.verdict.kind === 'rolled-back' || back.verdict.kind === 'succeeded')
      return { ...known, service, kind: 'rolled-back', headline: `${reason} Rolled back to ${to}.` };
    return { ...known, service, kind: 'failed', headline: `${reason} Rolling back ended as ${back.verdict.kind}.` };
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    const headline =
      code === 'CANCELLED'
        ? `${reason} The run was cancelled while ${to} was being put back, which ECS goes on with.`
        : `${reason} Putting ${to} back failed: ${message}`;
    return { ...known, kind: 'failed', headline };
  }
}

/**
 * A cancelled run: ECS goes on by itself, so the word is what state the service is in and how to undo it. With
 * `on-cancel: rollback` the old revision is put back, which takes one call; ECS does the rest, and post tells its end.
 */
export async function cancelled(facts: Facts, inputs: Inputs, world: World): Promise<Outcome> {
  const { deployment } = facts;
  const { cluster, service: name } = deployment;
  const previous = shortOf(deployment.previousTaskDefinitionArn);
  if (inputs.recovery.onCancel === 'rollback' && previous !== '') {
    const [[service], serviceDeployment] = await Promise.all([
      world.ecs.describeServices(cluster, [name]),
      unfinished(cluster, name, world.ecs),
    ]);
    if (service) await restore(deployment, { service, ...(serviceDeployment ? { serviceDeployment } : {}) }, world);
    return {
      ...facts,
      kind: 'cancelled',
      headline: `Cancelled; ECS was told to put ${previous} back and does so now.`,
    };
  }
  const next = shortOf(deployment.taskDefinitionArn);
  return { ...facts, kind: 'cancelled', headline: `Cancelled; ECS goes on rolling out ${next}.${undo(deployment)}` };
}

/** How to undo a deployment by hand; nothing for the first one of a service. */
export function undo({ cluster, service, previousTaskDefinitionArn }: Deployment): string {
  const previous = shortOf(previousTaskDefinitionArn);
  return previous === ''
    ? ''
    : ` To undo it: aws ecs update-service --cluster ${cluster} --service ${service} --task-definition ${previous}`;
}

/** `web:42` */
const shortOf = (arn: string | undefined): string => arn?.split('/').at(-1) ?? '';
