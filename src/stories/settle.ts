import type { DeployInputs } from './inputs/types.ts';
import type { Outcome } from './outcome.ts';
import type { Account } from './report/account.ts';
import { restore } from './service/restore.ts';
import type { Deployment } from './service/snapshot.ts';
import { type Watched, watch } from './service/watch.ts';
import { nameOf, type World } from './world.ts';

/** The outcome of what was watched, with the old revision back in place where that was asked for. */
export async function settle(
  facts: Omit<Outcome, 'kind' | 'headline'> & { readonly deployment: Deployment },
  { verdict, snapshot }: Watched,
  untouched: boolean,
  inputs: DeployInputs,
  world: World,
  account: Account,
): Promise<Outcome> {
  const name = facts.revision ? nameOf(facts.revision) : '';
  const known: Omit<Outcome, 'kind' | 'headline'> = {
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
      return {
        ...known,
        kind: untouched ? 'unchanged' : 'deployed',
        headline,
        diagnoses: [],
        warnings: verdict.warnings,
      };
    }
    case 'superseded': {
      const by = verdict.byTaskDefinition.split('/').at(-1);
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
        headline: `${verdict.reason} ECS rolled back to ${verdict.to?.split('/').at(-1) ?? 'the revision before'}.`,
      };
    case 'stopped':
      return { ...known, kind: 'failed', headline: verdict.reason };
    case 'failed':
    case 'stuck':
    case 'timed-out': {
      if (!inputs.recovery.rollbackOnFailure || untouched)
        return { ...known, kind: 'failed', headline: verdict.reason };
      const back = await bringBack(known, facts.deployment, { verdict, snapshot }, world, account);
      if (inputs.recovery.deregisterFailedRevision && back.kind === 'rolled-back' && facts.revision) {
        await world.ecs.deregisterTaskDefinition(facts.revision.arn);
        account.step(`deregistered ${name}`);
      }
      return back;
    }
  }
}

async function bringBack(
  known: Omit<Outcome, 'kind' | 'headline'>,
  failed: Deployment,
  { verdict, snapshot }: Watched & { readonly verdict: { readonly reason: string } },
  world: World,
  account: Account,
): Promise<Outcome> {
  const restoring = await restore(failed, snapshot, world);
  if (restoring.kind === 'nothing-before') {
    return { ...known, kind: 'failed', headline: `${verdict.reason} There is no revision before it to go back to.` };
  }
  account.step(`putting ${failed.previousTaskDefinitionArn?.split('/').at(-1)} back (${restoring.by})`);
  const back = await watch(restoring.deployment, world, account.listener(restoring.deployment));
  const done = back.verdict.kind === 'rolled-back' || back.verdict.kind === 'succeeded';
  const service = back.snapshot.service;
  if (!done)
    return {
      ...known,
      service,
      kind: 'failed',
      headline: `${verdict.reason} Rolling back ended as ${back.verdict.kind}.`,
    };
  const to = failed.previousTaskDefinitionArn?.split('/').at(-1) ?? '';
  return { ...known, service, kind: 'rolled-back', headline: `${verdict.reason} Rolled back to ${to}.` };
}

/**
 * A cancelled run: ECS goes on by itself, so the word is what state the service is in and how to undo it. With
 * `on-cancel: rollback` the old revision is put back, which takes one call; ECS does the rest.
 */
export async function cancelled(
  facts: Omit<Outcome, 'kind' | 'headline'> & { readonly deployment: Deployment },
  inputs: DeployInputs,
  world: World,
): Promise<Outcome> {
  const { deployment } = facts;
  const previous = deployment.previousTaskDefinitionArn?.split('/').at(-1);
  const next = deployment.taskDefinitionArn.split('/').at(-1);
  if (inputs.recovery.onCancel === 'rollback' && previous !== undefined) {
    const [service] = await world.ecs.describeServices(deployment.cluster, [deployment.service]);
    if (service) await restore(deployment, { service }, world);
    return {
      ...facts,
      kind: 'cancelled',
      headline: `Cancelled; ECS was told to put ${previous} back and does so now.`,
    };
  }
  const undo = previous
    ? ` To undo it: aws ecs update-service --cluster ${deployment.cluster} --service ${deployment.service} --task-definition ${previous}`
    : '';
  return { ...facts, kind: 'cancelled', headline: `Cancelled; ECS goes on rolling out ${next}.${undo}` };
}
