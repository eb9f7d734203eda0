import { asFailure, Failure } from '../failure.ts';
import type { RollbackInputs } from '../inputs/types.ts';
import type { Outcome } from '../outcome.ts';
import { Account } from '../report/account.ts';
import { tellDifferences } from '../report/live.ts';
import { primaryOf, replacedBy } from '../service/apply.ts';
import { planChange } from '../service/change.ts';
import type { Deployment } from '../service/deployment.ts';
import { stopped, unfinished } from '../service/restore.ts';
import { findTarget, type Known, readWanted } from '../service/wanted.ts';
import { diffDefinitions } from '../taskdef/diff.ts';
import { watch } from '../watch/watch.ts';
import {
  type DeploymentState,
  nameOf,
  type Revision,
  type ServiceDeployment,
  type ServiceState,
  type World,
} from '../world.ts';
import { lookAhead } from './beforehand.ts';
import { commitsOf, REF_TAG, tagOf } from './own-tags.ts';
import { publishOutputs, rollOut } from './rollout.ts';
import { type Present, surveyPresent } from './survey.ts';

/** Back to a revision that ran before. */
export async function rollback(inputs: RollbackInputs, looking: Promise<ServiceState>, world: World): Promise<Outcome> {
  const account = new Account(world);
  const present = await surveyPresent(inputs, looking, world);
  const { service, live, waves } = present;
  account.step(`${service.name} runs ${nameOf(live)}. ${waves}`);

  const { revision, warnings } = await findTarget(readWanted(inputs.target), { service, live, known: knownBy }, world);
  const differences = diffDefinitions(live.definition, revision.definition);
  account.step(`going back to ${nameOf(revision)}${madeBy(revision)}`);
  for (const warning of warnings) world.console.warning(warning);
  await tellAhead(present, revision, inputs, world, account);
  tellDifferences(world.console, differences, nameOf(live));
  const facts = {
    service,
    previous: live,
    revision,
    differences,
    warnings,
    diagnoses: [],
    timeline: account.moments,
  };
  publishOutputs(facts, world);
  world.signal.throwIfAborted();

  const unfinishedEnd = await stopUnfinished(present, revision, inputs, world, account);
  if (unfinishedEnd?.kind === 'restored') {
    const headline = `Rolled back to ${nameOf(revision)}: ECS ended the unfinished deployment of ${nameOf(live)}.`;
    return { ...facts, ...unfinishedEnd.known, kind: 'deployed', headline };
  }
  const now = unfinishedEnd?.service ?? service;
  const change = planChange(inputs.service, revision.arn, now);
  // What ran before a rollback is what somebody wanted to leave: it is put back only where it is known to run.
  const rollbackOnFailure = inputs.recovery.rollbackOnFailure && primaryOf(now)?.rolloutState === 'COMPLETED';
  const outcome = await rollOut(
    { present: { ...present, service: now }, revision, registered: false, change, facts },
    { ...inputs, recovery: { ...inputs.recovery, rollbackOnFailure } },
    world,
    account,
  );
  return outcome.kind === 'deployed'
    ? { ...outcome, headline: `Rolled back to ${nameOf(revision)}. ${outcome.headline}` }
    : outcome;
}

/** What is bad is told loudly and stops nothing: a rollback at night must not hang on a check. */
async function tellAhead(
  present: Present,
  { definition }: Revision,
  inputs: RollbackInputs,
  world: World,
  account: Account,
): Promise<void> {
  const checks = await lookAhead({ present, definition }, inputs, world, account);
  for (const { status, text } of checks) if (status === 'bad') world.console.warning(text);
}

/** What a deploy wrote on a revision. */
export function knownBy({ tags }: Pick<Revision, 'tags'>): Known {
  const ref = tagOf(tags, REF_TAG);
  return { commits: commitsOf(tags), ...(ref === undefined ? {} : { ref }) };
}

function madeBy(revision: Revision): string {
  const { commits, ref } = knownBy(revision);
  const [commit] = commits;
  const from = [ref?.replace(/^refs\/(?:tags|heads)\//, ''), commit?.slice(0, 12)].filter(Boolean).join(', ');
  return from === '' ? '' : ` (${from})`;
}

type End =
  /** ECS put back exactly the revision that is wanted. */
  | { readonly kind: 'restored'; readonly known: Pick<Outcome, 'service' | 'deployment' | 'verdict'> }
  /** It is out of the way; the service as it is then. */
  | { readonly kind: 'ended'; readonly service: ServiceState };

/**
 * An unfinished deployment is stopped properly where that brings back what is wanted, or where its strategy lets no other
 * begin. A rolling one is simply replaced by ours. Undefined when there is nothing to stop.
 */
async function stopUnfinished(
  { service, live }: Present,
  target: Revision,
  inputs: RollbackInputs,
  world: World,
  account: Account,
): Promise<End | undefined> {
  const primary = primaryOf(service);
  if (!primary || primary.rolloutState === 'COMPLETED') return undefined;
  const serviceDeployment = await unfinished(service.clusterArn, service.name, world.ecs);
  if (!serviceDeployment) return undefined;
  const before = await sourceOf(serviceDeployment, primary, service, world);
  const wouldRestore = before === target.arn;
  const ourTurn = !wouldRestore || !inputs.watch.wait;
  if (before === undefined || (ourTurn && service.strategy === 'ROLLING')) return undefined;
  const by = await stopped(serviceDeployment, world.ecs);
  if (!by) return undefined;
  const back = before.split('/').at(-1);
  account.step(`stopped the unfinished deployment of ${nameOf(live)} (${by}); ECS puts ${back} back`);
  const deployment: Deployment = {
    cluster: service.clusterArn,
    service: service.name,
    id: primary.id,
    taskDefinitionArn: primary.taskDefinitionArn,
    previousTaskDefinitionArn: before,
    startedAt: primary.createdAt,
    timeoutSeconds: inputs.watch.timeoutSeconds + world.clock.now() - primary.createdAt,
    noProgressSeconds: inputs.watch.noProgressSeconds,
    definition: live.definition,
  };
  const { verdict, snapshot } = await watch(deployment, world, account.listener(deployment)).catch((thrown) => {
    const failure = asFailure(thrown);
    if (failure.code !== 'CANCELLED') throw failure;
    throw new Failure('CANCELLED', `The run was cancelled while ECS puts ${back} back, which goes on.`);
  });
  const restored = verdict.kind === 'rolled-back' && wouldRestore;
  return restored
    ? { kind: 'restored', known: { service: snapshot.service, deployment, verdict } }
    : { kind: 'ended', service: snapshot.service };
}

/** The revision that ECS would go back to: of the deployment that still has tasks, else of the service deployment's source. */
async function sourceOf(
  { sources }: ServiceDeployment,
  primary: DeploymentState,
  service: ServiceState,
  { ecs }: World,
): Promise<string | undefined> {
  const before = replacedBy(primary, service);
  if (before?.rolloutState === 'COMPLETED') return before.taskDefinitionArn;
  const arns = sources.map(({ arn }) => arn);
  const [source] = arns.length > 0 ? await ecs.describeServiceRevisions(arns).catch(() => []) : [];
  return source?.taskDefinitionArn;
}
