import { lastPart } from '../arn.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { minutes } from '../duration.ts';
import { asFailure, sentence } from '../failure.ts';
import { defined, isSeen, type LiveRevision, nameOf, type ServiceDeployment, type ServiceState } from '../model.ts';
import { NOTHING_CHANGED, type Outcome, withServing } from '../outcome.ts';
import type { World } from '../ports.ts';
import type { Chosen } from '../schedules/choose.ts';
import { pinned } from '../service/apply.ts';
import { carrierOf, type Deployment, isOf, losesTasks, primaryOf, waitingHooks } from '../service/deployment.ts';
import type { FirstFailureEnd } from '../service/first-failure.ts';
import { describeRestore, isRollingBack, type RollbackRequest, restore, unfinished } from '../service/restore.ts';
import { deregisterUnused, liveRevision } from '../service/revisions.ts';
import { type Health, healthOf, type Serving, servingIn, servingOf } from '../service/serving.ts';
import { limitsFor, strategyOf } from '../service/strategy.ts';
import { tallyOf } from '../service/tally.ts';
import { poller } from '../watch/observe.ts';
import { isUnplaced, type Snapshot } from '../watch/snapshot.ts';
import { type Watched, watch } from '../watch/watch.ts';
import { undo } from './handover.ts';
import { explained, withLateLogs } from './late-logs.ts';
import type { Run } from './run.ts';

/** What is known of a rollout before its end. */
export type Facts = Omit<Outcome, 'kind' | 'headline'> & { readonly deployment: Deployment };

/**
 * What is known of the deployment that a service has now, before it is watched: of one that this run has not started.
 * @returns the facts, with the deployment pinned and its revision
 */
export async function factsOfCurrent(
  service: ServiceState,
  { inputs, world, progress }: Run,
): Promise<Facts & { readonly revision: LiveRevision }> {
  const pin = pinned(service, limitsFor(inputs.watch, strategyOf(service)), world.clock.now());
  const revision = await liveRevision(pin.taskDefinitionArn, world.ecs);
  return {
    service,
    revision,
    deployment: isSeen(revision) ? { ...pin, definition: revision.definition } : pin,
    differences: [],
    warnings: [],
    diagnoses: [],
    timeline: progress.timeline,
  };
}

/**
 * The same of a deployment that ECS carries out, or rolls back: PRIMARY is the one before it then, and that this one runs is no success of
 * what was deployed.
 */
export async function factsOfCarriedOut(
  found: ServiceDeployment,
  service: ServiceState,
  run: Run,
): ReturnType<typeof factsOfCurrent> {
  const current = await factsOfCurrent(service, run);
  const { deployment: back } = current;
  const ours = service.deployments.find((one) => isOf(found, one));
  if (!isRollingBack(found) || !ours || ours.id === back.id) return current;
  const { id, createdAt, taskDefinitionArn } = ours;
  const { endedBefore: _, definition: __, ...limits } = back;
  const previousTaskDefinitionArn = back.taskDefinitionArn;
  return {
    ...current,
    revision: await liveRevision(taskDefinitionArn, run.world.ecs),
    deployment: { ...limits, id, createdAt, taskDefinitionArn, previousTaskDefinitionArn },
  };
}

/** How the deployment came to be, which says what may be undone. */
interface Origin {
  /** The service already was, and still is, what was asked for. */
  readonly untouched: boolean;
  /** This run registered the revision. */
  readonly registered: boolean;
}

/** A deployment that was watched to its verdict. */
export interface Ended {
  readonly facts: Facts;
  readonly watched: Watched;
  readonly origin: Origin;
}

/**
 * The outcome of what was watched, with the service rolled back where that was asked for; its cause is the best that is known at the
 * end, when the last lines of failed containers have arrived.
 */
export async function settle(ended: Ended, run: Run): Promise<Outcome> {
  const outcome = await outcomeOf(ended, run);
  const { deployment } = ended.facts;
  const latest = await withLateLogs(outcome, ended.watched, { ...run, deployment });
  const { service } = ended.watched.snapshot;
  const { diagnoses } = latest;
  const state = outcome.service ?? service;
  const tally = tallyOf(state, deployment, [latest, ended.watched.snapshot, ...watchedOf(deployment, state, run)]);
  const known = { ...explained(outcome, diagnoses), tally };
  const [healthCheck, endpoint] = await Promise.all([healthCheckOf(known, run), endpointOf(known, run)]);
  return { ...known, ...defined({ healthCheck, endpoint }) };
}

/** The last snapshots of what this run has watched: a deployment, and those that the service has now, such as one that rolled it back. */
export const watchedOf = (
  deployment: Pick<Deployment, 'id'>,
  { deployments }: ServiceState,
  { progress }: Pick<Run, 'progress'>,
): readonly Snapshot[] => [deployment, ...deployments].flatMap((one) => progress.lastSeen(one) ?? []);

/** The hook that is to be answered; nothing where its id is not known. */
function awaitedIn({ serviceDeployment }: Pick<Snapshot, 'serviceDeployment'>): Pick<Outcome, 'awaits'> {
  const [hook] = serviceDeployment ? waitingHooks(serviceDeployment) : [];
  if (!serviceDeployment || !hook) return {};
  const { id: hookId, expiresAt: until } = hook;
  return { awaits: { serviceDeploymentArn: serviceDeployment.arn, hookId, ...defined({ until }) } };
}

/** Where an Express Mode service answers. One call; without an answer the page says less. */
async function endpointOf({ service, firstFailure }: Outcome, { world }: Run): Promise<string | undefined> {
  if (!service?.express || firstFailure !== undefined) return undefined;
  const found = await world.ecs.describeExpressService(service.arn).catch(() => undefined);
  const [endpoint] = found?.endpoints ?? [];
  return endpoint === undefined || /^https?:/.test(endpoint) ? endpoint : `https://${endpoint}`;
}

/**
 * What the load balancer asks for, where its health check has failed the deployment: ECS reports a status and no path. One call, which
 * the preflight has made before with the same right; without an answer the page says less.
 */
async function healthCheckOf(
  { diagnoses: [cause], service }: Outcome,
  { inputs, world }: Run,
): Promise<Outcome['healthCheck']> {
  if (cause?.healthCheck !== 'load-balancer' || inputs.mode !== 'deploy' || !inputs.preflight || !service)
    return undefined;
  const named = service.loadBalancers
    .flatMap((one) => [one, { ...one, targetGroupArn: one.advanced?.alternateTargetGroupArn }])
    .filter(({ targetGroupArn: arn }) => arn !== undefined);
  const behind = named.find(({ targetGroupArn: arn = '' }) => cause.evidence.text.includes(arn)) ?? named[0];
  if (behind?.targetGroupArn === undefined) return undefined;
  try {
    const resources = await world.resources();
    const [group] = await resources.targetGroups(service.region, [behind.targetGroupArn]);
    if (group?.healthCheckPath === undefined) return undefined;
    const port = group.healthCheckPort === 'traffic-port' ? behind.containerPort : Number(group.healthCheckPort);
    return { path: group.healthCheckPath, ...defined({ wanted: group.matcher, port }) };
  } catch {
    return undefined;
  }
}

/** The same, with the schedules that follow a deployment which is good. */
export async function settleWith(schedules: Chosen | undefined, ended: Ended, run: Run): Promise<Outcome> {
  if (!schedules) return settle(ended, run);
  const { moveAfter, withMoves, withUnmoved } = await import('./schedules.ts');
  const outcome = await settle({ ...ended, ...(await moveAfter(ended, schedules, run)) }, run);
  return withUnmoved(withMoves(outcome), schedules);
}

async function outcomeOf({ facts, watched, origin }: Ended, run: Run): Promise<Outcome> {
  const { inputs, world } = run;
  const { untouched, registered } = origin;
  const { verdict, snapshot } = watched;
  const name = facts.revision ? nameOf(facts.revision) : '';
  const known: Facts = {
    ...facts,
    verdict,
    service: snapshot.service,
    diagnoses: snapshot.diagnoses,
    ...defined({ serviceDeploymentArn: snapshot.serviceDeployment?.arn }),
  };
  const withoutUnused = async (ended: Outcome): Promise<Outcome> => {
    const outcome = inputs.mode === 'rollback' ? await withOtherTargets(ended, facts.deployment, world) : ended;
    const unused = outcome.kind === 'rolled-back' || outcome.firstFailure === 'deleted';
    return registered && inputs.recovery.deregisterFailedRevision && unused ? discard(outcome, run) : outcome;
  };
  const ended = (outcome: Pick<Outcome, 'kind' | 'headline'> & Partial<Outcome>): Outcome =>
    withServing({ ...known, ...outcome }, servingIn(snapshot, facts.deployment));
  switch (verdict.kind) {
    case 'succeeded': {
      const health = healthOf(snapshot.service, facts.deployment.definition);
      const headline = `${successHeadline(name, { runningCount: verdict.runningCount, health, untouched })}${keptUntil(snapshot)}`;
      const kind = untouched ? 'unchanged' : 'deployed';
      return ended({ kind, headline, diagnoses: [], warnings: [...facts.warnings, ...verdict.warnings] });
    }
    case 'superseded': {
      const by = lastPart(verdict.byTaskDefinition);
      return ended({
        kind: 'superseded',
        headline: `A newer deployment took over: ${verdict.byDeployment} with ${by}.`,
      });
    }
    case 'rolled-back':
      return withoutUnused(
        ended({
          kind: 'rolled-back',
          ...failing(
            verdict.reason,
            `${carrierOf(facts.deployment)} rolled back to ${lastPart(verdict.to) || 'the revision before'}.`,
          ),
        }),
      );
    case 'paused':
      return ended({
        kind: 'paused',
        ...(inputs.watch.onPause === 'stop' ? { pausedOnRequest: true as const } : {}),
        headline: `${name} is paused at ${verdict.hook}.`,
        ...awaitedIn(snapshot),
      });
    case 'stopped': {
      const { reason } = verdict;
      if (facts.deployment.first === undefined)
        return ended({ kind: 'failed', ...failing(reason, leftByStop(snapshot, facts.deployment)) });
      return withoutUnused(await rollBack({ known, watched }, { policy: 'roll-back', reason, causes: [] }, run));
    }
    case 'failed':
    case 'stuck':
    case 'timed-out': {
      // A first deployment that failed is never left: ECS would start tasks that fail for ever.
      const wanted = inputs.recovery.rollbackOnFailure || facts.deployment.first !== undefined;
      const policy = wanted && !untouched ? 'roll-back' : 'leave';
      return withoutUnused(await rollBack({ known, watched }, { policy, ...verdict }, run));
    }
  }
}

/** Who stops a deployment of CodeDeploy chooses between a rollback and none, and that choice is kept; undefined for others. */
function leftByStop(
  { service, serviceDeployment }: Snapshot,
  { id, taskDefinitionArn }: Deployment,
): string | undefined {
  if (serviceDeployment?.codeDeploy === undefined || service.status !== 'ACTIVE') return undefined;
  const asked = 'Nothing was rolled back, because the deployment was stopped without a rollback.';
  const next = lastPart(taskDefinitionArn);
  return service.deployments.some((one) => one.id === id)
    ? `${asked} The tasks of ${next}, and the traffic that they have, stay until the next deployment.`
    : `${asked} It had not started a task of ${next}.`;
}

/** CodeDeploy keeps the original task set for some time after the shift of the traffic, and rolls back to it if an alarm goes off. */
function keptUntil({ serviceDeployment, at }: Snapshot): string {
  const until = serviceDeployment?.codeDeploy?.keepsOriginalUntil;
  if (until === undefined || until <= at) return '';
  return ` CodeDeploy keeps the old task set for ${minutes(until - at)} more, and can roll back to it until then.`;
}

/** Cause and what was done about it, separately and as a headline. */
const failing = (reason: string, done?: string): Pick<Outcome, 'headline' | 'reason' | 'done'> => ({
  headline: done === undefined ? reason : `${reason} ${done}`,
  reason,
  ...defined({ done }),
});

/** Deregisters an unused revision of this run. A failed cleanup does not change the outcome. */
export async function discard(outcome: Outcome, { world, progress }: Run): Promise<Outcome> {
  const { revision } = outcome;
  if (!revision) return outcome;
  const end = await deregisterUnused(revision, world.ecs);
  switch (end.kind) {
    case 'done':
      progress.step(`deregistered ${nameOf(revision)}`);
      return { ...outcome, deregistered: true };
    case 'in-use':
      progress.step(`${nameOf(revision)} stays registered: another service of this run has it`);
      return outcome;
    case 'failed': {
      const warning = `${nameOf(revision)} could not be deregistered: ${end.why}`;
      return { ...outcome, warnings: [...outcome.warnings, warning] };
    }
  }
}

/** Where it is not known yet. */
const BEFORE = 'the revision before';

/** The step still fails with the first cause, whatever the result of the rollback. */
async function rollBack(
  { known, watched: { snapshot } }: { readonly known: Facts; readonly watched: Watched },
  {
    policy,
    reason,
    causes,
  }: Pick<RollbackRequest, 'policy'> & { readonly reason: string; readonly causes: readonly Diagnosis[] },
  { world, progress }: Run,
): Promise<Outcome> {
  const { deployment } = known;
  let to = lastPart(deployment.previousTaskDefinitionArn) || BEFORE;
  const { serviceDeployment } = snapshot;
  const before = servingIn(snapshot, deployment);
  const failed = (done?: string, serving = before, more: Partial<Outcome> = {}): Outcome =>
    withServing({ ...known, kind: 'failed', ...more, ...failing(reason, done) }, serving);
  // Once ECS has taken the rollback, an error says nothing about its end.
  let asked: string | undefined;
  try {
    const restoring = await restore({ failed: deployment, policy, ...defined({ serviceDeployment }) }, world);
    switch (restoring.kind) {
      case 'leave':
        return failed();
      case 'nothing-before': {
        // Neither is what the service had before: it never ran.
        const never = [deployment.taskDefinitionArn, known.previous?.arn ?? ''];
        const others = deployment.endedBefore ? '' : offered(await usableTargets(snapshot.service, never, world));
        return failed(`${describeRestore(restoring, deployment)}${others}`);
      }
      case 'superseded':
        return failed(describeRestore(restoring, deployment));
      case 'in-place':
        return failed(describeRestore(restoring, deployment), before, { kind: 'rolled-back' });
      case 'first-ended': {
        const done = describeRestore(restoring, deployment);
        progress.step(done ?? '', 'warning');
        return firstEnded({ ...known, kind: 'failed', ...failing(reason, done) }, restoring.end, before);
      }
      case 'rollback-failed': {
        const after = await lookAtRollback(known, snapshot, world);
        const why = causes[0] ? sentence(causes[0].cause) : reason;
        return await rollbackFailed({ known, reason: why, snapshot, after, why: undefined }, world);
      }
    }
    to = lastPart(restoring.to);
    // Inside of a rollback this would be a second one, the other way.
    const undo = known.rollback ? `returning to ${to}, which served before` : `rolling back to ${to}`;
    progress.step(`${undo} (${restoring.by})`, 'normal', 'rolling-back');
    asked = restoring.by;
    const { verdict, snapshot: after } = await watch(
      restoring.deployment,
      world,
      progress.watching(restoring.deployment),
    );
    const { service } = after;
    const serving = servingIn(after, restoring.deployment);
    switch (verdict.kind) {
      case 'rolled-back':
      case 'succeeded': {
        const back = lastPart(service.taskDefinitionArn) || to;
        return withServing(
          { ...known, service, kind: 'rolled-back', ...failing(reason, `Rolled back to ${back}.`) },
          serving,
        );
      }
      case 'superseded': {
        const by = `${verdict.byDeployment} with ${lastPart(verdict.byTaskDefinition)}`;
        return failed(`The rollback to ${to} was replaced by ${by}.`, serving, { service });
      }
      case 'paused':
        return failed(`The rollback to ${to} waits at ${verdict.hook}.`, serving, { service, ...awaitedIn(after) });
      case 'failed':
      case 'stuck':
      case 'timed-out':
      case 'stopped': {
        // What ECS does automatically is watched as the failed deployment: only the other one's tasks show why it failed.
        const own = restoring.by === 'UpdateService' || restoring.by === 'CreateDeployment';
        const seen = own ? after : await lookAtRollback(known, after, world);
        return await rollbackFailed(
          { known, reason, snapshot: after, after: seen, why: own ? verdict.reason : undefined },
          world,
        );
      }
    }
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    if (code === 'CANCELLED')
      return failed(
        `The run was cancelled during the rollback to ${to}, which ${carrierOf(deployment)} continues.`,
        before,
        {
          underWay: true,
        },
      );
    const why = sentence(message);
    if (deployment.first !== undefined)
      return failed(`${deployment.service} could not be ended, and ECS continues to start its tasks: ${why}`);
    return asked === undefined
      ? failed(`The rollback to ${to} could not be started: ${why}`)
      : failed(
          `${carrierOf(deployment)} was asked to roll back to ${to} (${asked}) and continues; the result could not be watched: ${why}`,
          before,
          { underWay: true },
        );
  }
}

/** With what is left of the service. */
function firstEnded(outcome: Outcome, end: FirstFailureEnd, before: Serving): Outcome {
  if (end.kind === 'superseded') return withServing(outcome, before);
  return { ...outcome, ...markOf(end), ...(end.kind === 'scaled-to-zero' ? { service: end.service } : {}) };
}

/** Both revisions with both causes, what serves now, and where else the service can go. */
async function rollbackFailed(
  {
    known,
    reason,
    snapshot,
    after,
    why,
  }: {
    readonly known: Facts;
    /** Why the deployment failed. */
    readonly reason: string;
    readonly snapshot: Snapshot;
    /** What is known of the deployment that was to roll back; undefined where it cannot be seen. */
    readonly after: Snapshot | undefined;
    /** Why the rollback failed, where its own watch found out. */
    readonly why: string | undefined;
  },
  world: World,
): Promise<Outcome> {
  const { deployment } = known;
  const { taskDefinitionArn: next, previousTaskDefinitionArn: previous = '' } = deployment;
  const { service, serviceDeployment } = after ?? snapshot;
  const diagnoses = [...known.diagnoses, ...newOnes(after?.diagnoses ?? [], known.diagnoses)];
  const ecsReason = after?.diagnoses[0]?.cause ?? snapshot.serviceDeployment?.statusReason ?? 'ECS gave no reason.';
  const cause = sentence(why ?? ecsReason);
  const targets = await usableTargets(service, [next, previous], world);
  const done = `The rollback to ${lastPart(previous)} failed as well: ${cause}`;
  const headline = `${lastPart(next)} failed: ${reason} ${done}${offered(targets)}`;
  const serving = servingOf(service, serviceDeployment ? { serviceDeployment } : {});
  const unplaced = after !== undefined && isUnplaced(after, previous);
  const diagnosis = after?.diagnoses.find((one) => cause.startsWith(one.cause));
  const failedRollback = { to: previous, cause, targets, ...(unplaced ? { unplaced } : {}), ...defined({ diagnosis }) };
  return withServing({ ...known, service, diagnoses, failedRollback, kind: 'failed', headline, reason, done }, serving);
}

/** With a desired count of 0 no task runs, so nothing can be called healthy. */
function successHeadline(
  name: string,
  { runningCount, health, untouched }: { runningCount: number; health: Health | undefined; untouched: boolean },
): string {
  if (runningCount === 0) {
    const state = untouched ? 'is already deployed' : 'is deployed';
    return `${name} ${state} with a desired count of 0: no task runs, so nothing was verified.`;
  }
  const many = runningCount === 1 ? '1 task' : `${runningCount} tasks`;
  const state = health === undefined ? '' : `, ${health}`;
  return untouched ? `${name} already runs: ${many}${state}. ${NOTHING_CHANGED}` : `${name} runs: ${many}${state}.`;
}

const newOnes = (diagnoses: readonly Diagnosis[], known: readonly Diagnosis[]): Diagnosis[] =>
  diagnoses.filter(({ rule, cause }) => !known.some((one) => one.rule === rule && one.cause === cause));

/** The older deployment that ECS restored in vain, its tasks and what they printed, by one poll; undefined where it cannot be read. */
async function lookAtRollback(
  { deployment: failed, previous }: Facts,
  { service }: Snapshot,
  world: World,
): Promise<Snapshot | undefined> {
  const primary = primaryOf(service);
  if (!primary || primary.id === failed.id) return undefined;
  const { definition: _, ...rest } = failed;
  const { taskDefinitionArn } = primary;
  const isKnown = previous && isSeen(previous) && previous.arn === taskDefinitionArn;
  const restored: Deployment = {
    ...rest,
    id: primary.id,
    taskDefinitionArn,
    ...(isKnown ? { definition: previous.definition } : {}),
  };
  try {
    return (await poller(restored, world)(undefined)).snapshot;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED') throw failure;
    return undefined;
  }
}

/** A `mode: rollback` whose target failed: a new run goes elsewhere, and the user should know where it can. */
async function withOtherTargets(outcome: Outcome, failed: Deployment, world: World): Promise<Outcome> {
  if (outcome.failedRollback || !outcome.service) return outcome;
  const { rollback, previous } = outcome;
  const usable = await usableTargets(outcome.service, [failed.taskDefinitionArn], world);
  const names = usable.filter((name) => name !== rollback?.leaves && name !== lastPart(previous?.arn));
  return names.length === 0 ? outcome : { ...outcome, rollback: { ...rollback, targets: names } };
}

/** Loaded where a run fails: no other needs the history of the service. */
async function usableTargets(service: ServiceState, except: readonly string[], world: World): Promise<string[]> {
  const targets = await import('../service/rollback-targets.ts');
  return targets.usableTargets(service, except, world);
}

/** What else `mode: rollback` can go to; nothing where no other revision is usable, or none can be seen. */
const offered = (names: readonly string[]): string =>
  names.length === 0 ? '' : ` Older revisions that can be rolled back to: ${names.join(', ')}.`;

/**
 * Rolls back a deployment that can no longer be watched: a refusal that ends the watch does not take away what was asked
 * for. A sentence on the result; undefined where nothing was done.
 */
export async function rollBackUnwatched(
  failed: Deployment,
  last: Pick<Snapshot, 'service' | 'serviceDeployment'> | undefined,
  world: World,
): Promise<string | undefined> {
  const serviceDeployment = last?.serviceDeployment;
  const to = lastPart(failed.previousTaskDefinitionArn) || BEFORE;
  const request = { failed, policy: 'roll-back', ...defined({ serviceDeployment }) } as const;
  try {
    const restoring = await restore(request, world);
    return restoring.kind === 'restoring'
      ? `${carrierOf(failed)} was asked to roll back to ${lastPart(restoring.to)} (${restoring.by}); the result could not be watched.`
      : describeRestore(restoring, failed);
  } catch (thrown) {
    const next = lastPart(failed.taskDefinitionArn);
    const why = sentence(asFailure(thrown).message);
    const state = isComplete(failed, last)
      ? `${next} stays deployed.`
      : `${carrierOf(failed)} continues to roll out ${next}.`;
    return `The rollback to ${to} could not be started: ${why} ${state}${undo(failed)}`;
  }
}

/** As the last poll showed it. */
export const isComplete = ({ id }: Deployment, last: Pick<Snapshot, 'service'> | undefined): boolean =>
  last?.service.deployments.some((one) => one.id === id && one.rolloutState === 'COMPLETED') ?? false;

/** What an outcome says of a service whose first deployment was ended. */
const markOf = ({ kind }: FirstFailureEnd): Pick<Outcome, 'firstFailure'> =>
  kind === 'superseded' ? {} : { firstFailure: kind };

/**
 * A cancelled run: ECS continues the deployment, so the word is what state the service is in and how to undo it. With
 * `on-cancel: rollback` it is rolled back, which takes one call; ECS does the rest, and post reports its end.
 */
export async function cancelled(facts: Facts, { inputs, world, progress }: Run): Promise<Outcome> {
  const { deployment } = facts;
  const last = progress.lastSeen(deployment);
  const previous = lastPart(deployment.previousTaskDefinitionArn) || BEFORE;
  const next = lastPart(deployment.taskDefinitionArn);
  const { aborted, reason: why } = world.signal;
  // A service of several is also stopped where another one has failed.
  progress.step(aborted ? `no longer watching: ${asFailure(why).message}` : 'the run was cancelled', 'warning');
  /** @param reason without the command that the report gives as the next step */
  const cancelledWith = (headline: string, reason = headline): Outcome => {
    const outcome = {
      ...facts,
      kind: 'cancelled',
      headline: `Cancelled; ${headline}`,
      reason: `Cancelled; ${reason}`,
      underWay: true,
    } as const;
    if (last) return withServing({ ...outcome, service: last.service }, servingIn(last, deployment));
    return facts.service ? withServing(outcome, servingOf(facts.service)) : outcome;
  };
  const isDone = isComplete(deployment, last);
  const state = isDone
    ? `${carrierOf(deployment)} has deployed ${next}, which is not verified to its end.`
    : `${carrierOf(deployment)} continues to roll out ${next}.`;
  const leave = `${state}${undo(deployment)}`;
  const primary = last && primaryOf(last.service);
  // A first deployment whose tasks fail is never left.
  const crashing =
    deployment.first !== undefined &&
    last !== undefined &&
    primary?.id === deployment.id &&
    !isDone &&
    losesTasks(primary, last.service);
  const policy = inputs.recovery.onCancel === 'rollback' || crashing ? 'roll-back' : 'leave';
  if (policy === 'leave') return cancelledWith(leave, state);
  try {
    const serviceDeployment = await unfinished(deployment.cluster, deployment.service, world.ecs);
    const restoring = await restore({ failed: deployment, policy, ...defined({ serviceDeployment }) }, world);
    const sentence = describeRestore(restoring, deployment);
    if (sentence === undefined) return cancelledWith(leave, state);
    if (restoring.kind === 'first-ended') return { ...cancelledWith(sentence), ...markOf(restoring.end) };
    return restoring.kind === 'nothing-before'
      ? cancelledWith(`${leave} ${sentence}`, `${state} ${sentence}`)
      : cancelledWith(sentence);
  } catch (thrown) {
    const why = sentence(`the rollback to ${previous} could not be started: ${asFailure(thrown).message}`);
    return cancelledWith(`${why} ${leave}`, `${why} ${state}`);
  }
}
