import { lastPart } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { RollbackInputs } from '../inputs/types.ts';
import { type DeploymentState, nameOf, type Revision, type ServiceDeployment, type ServiceState } from '../model.ts';
import { type Outcome, withServing } from '../outcome.ts';
import type { World } from '../ports.ts';
import type { Chosen, ScheduleSubject } from '../schedules/choose.ts';
import { planChange } from '../service/change.ts';
import { carrierOf, type Deployment, isCarriedOut, isOf, primaryOf, replacedBy } from '../service/deployment.ts';
import { findTarget, type Known, parseTarget } from '../service/find-target.ts';
import { requestStop, unfinished } from '../service/restore.ts';
import { type Serving, servingIn, servingOf } from '../service/serving.ts';
import { limitsFor, strategyOf } from '../service/strategy.ts';
import { commitsOf, imageTagsOf, isChosen, refsOf, tagsOfRollback, wasTarget } from '../tags.ts';
import { diffDefinitions } from '../taskdef/diff.ts';
import { revisionMistakes } from '../taskdef/express.ts';
import { watch } from '../watch/watch.ts';
import { type CurrentService, currentService, preflightStep, readable } from './current.ts';
import { saveIntent } from './handover.ts';
import { movableImages } from './images.ts';
import { rollOut } from './rollout.ts';
import { ALONE, type Run, scalingOf, schedulesOf } from './run.ts';

/** Back to a revision that ran before, with the schedules that the inputs name. */
export async function rollback(run: Run<RollbackInputs>, fetching: Promise<ServiceState>): Promise<Outcome> {
  const service = rollBackService(run, fetching);
  if (run.inputs.schedules.length === 0) return (await service).outcome;
  const { outcome, to, subject, schedules } = await service;
  const { moveBackWith } = await import('./schedules.ts');
  return moveBackWith(outcome, { subject, chosen: schedules, to }, run);
}

interface RolledBack {
  readonly outcome: Outcome;
  /** ARN of the revision. */
  readonly to: string;
  readonly subject: ScheduleSubject;
  /** Undefined where the input names none, and where they could not be looked up. */
  readonly schedules: Chosen | undefined;
}

async function rollBackService(run: Run<RollbackInputs>, fetching: Promise<ServiceState>): Promise<RolledBack> {
  const { inputs, world, progress } = run;
  const wanted = parseTarget(inputs.target);
  const current = await currentService(run, fetching);
  const { service, rollout } = current;
  const live = readable(current.live);
  progress.step(`${service.name} runs ${nameOf(live)}. ${rollout}`);

  const { context } = world.runner;
  const chosen = ({ tags }: Revision): boolean => isChosen(tags, context, service);
  const attempt = /^(1|)$/.test(context.runAttempt) ? 'first' : 'again';
  const found = await findTarget(wanted, { service, live, known: knownBy, chosen, attempt }, world);
  const { revision } = found;
  if (service.express) refuseUnfit(revision);
  const differences = diffDefinitions(live.definition, revision.definition);
  progress.step(`rolling back to ${nameOf(revision)}${madeBy(revision)}`);
  progress.target({ revision: nameOf(revision), commit: knownBy(revision).commits[0] });
  const subject = { family: revision.family, cluster: service.clusterArn };
  const [movable, schedules, scaling] = await Promise.all([
    revision.arn === live.arn ? [] : movableImages(revision, world),
    urgently(schedulesOf(subject, run), run),
    urgently(scalingOf(service, run), run),
    warnAhead(current, revision, run),
  ]);
  const warnings = [...found.warnings, ...movable];
  for (const warning of warnings) world.console.line(`! ${warning}`);
  const ended = (outcome: Outcome): RolledBack => ({ outcome, to: revision.arn, subject, schedules });
  progress.diff(differences, nameOf(live));
  const facts = {
    service,
    previous: live,
    revision,
    differences,
    warnings,
    diagnoses: [],
    rollback: { targets: [], ...(revision.arn === live.arn ? {} : { leaves: nameOf(live) }) },
    timeline: progress.timeline,
  };
  progress.known(facts);
  world.signal.throwIfAborted();
  await (run.together ?? ALONE).turn();
  await remember(revision, service, world);
  world.signal.throwIfAborted();

  const end = await endUnfinished(service, revision, run);
  switch (end?.kind) {
    case 'restored': {
      const carrier = service.deploymentController === 'CODE_DEPLOY' ? 'CodeDeploy' : 'ECS';
      const how =
        end.by === 'us' ? `${carrier} ended the unfinished deployment of` : `${carrier} restores it in place of`;
      const headline = `Rolled back to ${nameOf(revision)}: ${how} ${end.left}.`;
      return ended(withServing({ ...facts, ...end.known, kind: 'deployed', headline }, end.serving));
    }
    case 'restoring': {
      const carrier = service.deploymentController === 'CODE_DEPLOY' ? 'CodeDeploy' : 'ECS';
      const headline = `${carrier} is rolling back from ${end.left} to ${nameOf(revision)}; not waiting (\`wait-for-service-stability: false\`).`;
      return ended(withServing({ ...facts, ...end.known, kind: 'started', headline }, end.serving));
    }
  }
  const now = end?.service ?? service;
  const primary = primaryOf(now);
  const change = planChange(inputs.service, revision.arn, now);
  // What ran before a rollback is what the user wants to leave: it is a rollback target only if it is known to run.
  const rollbackOnFailure = inputs.recovery.rollbackOnFailure && primary?.rolloutState === 'COMPLETED';
  const outcome = await rollOut(
    { current: { ...current, service: now }, revision, registered: false, change, scaling, facts },
    { ...run, inputs: { ...inputs, recovery: { ...inputs.recovery, rollbackOnFailure } } },
  );
  return ended(
    outcome.kind === 'deployed'
      ? { ...outcome, headline: `Rolled back to ${nameOf(revision)}. ${outcome.headline}` }
      : outcome,
  );
}

/** @throws Failure INVALID_TASK_DEFINITION with what an Express Mode service does not take, which ECS would refuse with less */
function refuseUnfit(revision: Revision): void {
  const mistakes = revisionMistakes(revision.definition);
  if (mistakes.length === 0) return;
  const name = nameOf(revision);
  throw new Failure('INVALID_TASK_DEFINITION', `${name} does not fit an Express Mode service; nothing was changed.`, {
    mistakes,
    remedy: 'Choose another revision in `rollback-to`; `mode: list` shows those that ran.',
  });
}

/** An urgent rollback must not depend on a schedule or on autoscaling: what cannot be looked up is a warning. */
async function urgently<T>(
  choosing: Promise<T | undefined>,
  { world: { console } }: Run<RollbackInputs>,
): Promise<T | undefined> {
  try {
    return await choosing;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED') throw failure;
    console.warning(failure.describe());
    return undefined;
  }
}

/** Before anything is changed, so that a run which is killed goes to the same revision when it is run again. */
async function remember(revision: Revision, service: ServiceState, { ecs, runner, console }: World): Promise<void> {
  const primary = primaryOf(service);
  const runs = primary?.taskDefinitionArn === revision.arn && primary.rolloutState === 'COMPLETED';
  const tags = runs ? undefined : tagsOfRollback(revision, runner.context, service);
  if (!tags) return;
  await ecs.tagResource(revision.arn, tags).catch(() => {
    console.line(
      `       ${nameOf(revision)} could not be tagged as the target of this run (ecs:TagResource); should the run be run again, give it \`rollback-to: ${nameOf(revision)}\`.`,
    );
  });
}

/** Failed checks are reported as warnings and do not stop the run: an urgent rollback must not depend on a check. */
async function warnAhead(current: CurrentService, { definition }: Revision, run: Run<RollbackInputs>): Promise<void> {
  const checks = await preflightStep({ current, definition }, run);
  for (const { status, text } of checks) if (status === 'bad') run.world.console.warning(text);
}

/** What deploys and rollbacks wrote on a revision. */
export const knownBy = ({ tags }: Pick<Revision, 'tags'>): Known => ({
  commits: commitsOf(tags),
  refs: refsOf(tags),
  imageTags: imageTagsOf(tags),
  target: wasTarget(tags),
});

function madeBy(revision: Revision): string {
  const { commits, refs } = knownBy(revision);
  const from = [refs[0]?.replace(/^refs\/(?:tags|heads)\//, ''), commits[0]?.slice(0, 12)].filter(Boolean).join(', ');
  return from === '' ? '' : ` (${from})`;
}

type End =
  /** ECS rolls back to exactly the requested revision: completed, or in progress when the run does not wait. */
  | {
      readonly kind: 'restored' | 'restoring';
      readonly known: Pick<Outcome, 'service' | 'deployment' | 'verdict'>;
      /** `web:5`, which is left. */
      readonly left: string;
      readonly by: 'us' | 'ECS';
      readonly serving: Serving;
    }
  /** It is out of the way; the service as it is then. */
  | { readonly kind: 'ended'; readonly service: ServiceState };

/** A deployment that has not come to its end. */
interface Unfinished {
  readonly failing: DeploymentState;
  /** Absent where IAM does not let us see it. */
  readonly serviceDeployment?: ServiceDeployment;
  /** ARN of the revision that ECS rolls back to, or would. */
  readonly before: string;
  readonly state: 'continuing' | 'rolling-back';
}

/**
 * An unfinished deployment is stopped properly where that brings back what is wanted, or where its strategy lets no other
 * begin. One that ECS is rolling back already is followed, never doubled. A rolling one is simply replaced by ours where
 * another revision is wanted. Undefined when there is nothing to stop.
 */
async function endUnfinished(
  service: ServiceState,
  target: Revision,
  { inputs, world, progress }: Run<RollbackInputs>,
): Promise<End | undefined> {
  const found = await unfinishedIn(service, world);
  if (!found) return undefined;
  const { failing, before, state, serviceDeployment } = found;
  const wanted = before === target.arn;
  if (!wanted && service.strategy === 'ROLLING') return undefined;
  const left = lastPart(failing.taskDefinitionArn);
  const back = lastPart(before);
  // For post: should this run end here, the deployment in progress is its rollback.
  saveIntent(
    {
      cluster: service.clusterArn,
      service: service.name,
      previous: before,
      proven: before,
      next: failing.taskDefinitionArn,
      registered: false,
      deployment: failing.id,
    },
    world,
  );
  if (state === 'rolling-back') progress.step(`${carrierOf(failing)} restores ${back} already, in place of ${left}`);
  else {
    const by = serviceDeployment && (await requestStop(serviceDeployment, world.ecs));
    if (!by) return undefined;
    progress.step(`stopped the unfinished deployment of ${left} (${by}); ${carrierOf(failing)} rolls back to ${back}`);
  }
  const deployment: Deployment = {
    cluster: service.clusterArn,
    service: service.name,
    id: failing.id,
    taskDefinitionArn: failing.taskDefinitionArn,
    previousTaskDefinitionArn: before,
    startedAt: world.clock.now(),
    createdAt: failing.createdAt,
    timeoutSeconds: limitsFor(inputs.watch, strategyOf(service)).timeoutSeconds,
    noProgressSeconds: inputs.watch.noProgressSeconds,
    logLines: inputs.watch.logLines,
  };
  const by = state === 'rolling-back' ? 'ECS' : 'us';
  if (wanted && !inputs.watch.wait)
    return { kind: 'restoring', known: { service, deployment }, left, by, serving: servingOf(service) };
  const { verdict, snapshot } = await watch(deployment, world, progress.watching(deployment)).catch((thrown) => {
    const failure = asFailure(thrown);
    if (failure.code !== 'CANCELLED') throw failure;
    throw new Failure(
      'CANCELLED',
      `The run was cancelled while ${carrierOf(failing)} rolls back to ${back}, and continues the rollback.`,
    );
  });
  return wanted && verdict.kind === 'rolled-back'
    ? {
        kind: 'restored',
        known: { service: snapshot.service, deployment, verdict },
        left,
        by,
        serving: servingIn(snapshot, deployment),
      }
    : { kind: 'ended', service: snapshot.service };
}

async function unfinishedIn(service: ServiceState, { ecs }: World): Promise<Unfinished | undefined> {
  const primary = primaryOf(service);
  if (!primary || primary.rolloutState === 'COMPLETED') return undefined;
  const serviceDeployment = await unfinished(service.clusterArn, service.name, ecs);
  if (!serviceDeployment) {
    // ECS rolls back to an older deployment under its own id; a new deploy has the youngest.
    const failing = service.deployments.find(({ createdAt }) => createdAt > primary.createdAt);
    return failing && { failing, before: primary.taskDefinitionArn, state: 'rolling-back' };
  }
  const failing = service.deployments.find((one) => isOf(serviceDeployment, one)) ?? primary;
  const before =
    failing.id === primary.id
      ? await sourceOf(serviceDeployment, { primary, service }, ecs)
      : primary.taskDefinitionArn;
  if (before === undefined) return undefined;
  const rollsBack = failing.id !== primary.id || !isCarriedOut(serviceDeployment);
  return { failing, serviceDeployment, before, state: rollsBack ? 'rolling-back' : 'continuing' };
}

/** The revision that ECS would roll back to: of the deployment that still has tasks, else of the service deployment's source. */
async function sourceOf(
  { sources, rollback }: ServiceDeployment,
  { primary, service }: { readonly primary: DeploymentState; readonly service: ServiceState },
  ecs: World['ecs'],
): Promise<string | undefined> {
  const before = replacedBy(primary, service);
  if (before?.rolloutState === 'COMPLETED') return before.taskDefinitionArn;
  const rollbackRevision = rollback?.serviceRevisionArn;
  const arns = rollbackRevision === undefined ? sources.map(({ arn }) => arn) : [rollbackRevision];
  const [source] = arns.length > 0 ? await ecs.describeServiceRevisions(arns).catch(() => []) : [];
  return source?.taskDefinitionArn;
}
