import { diagnose } from '../diagnosis/diagnose.ts';
import type { DeploymentState, Instant } from '../model.ts';
import { planWaves } from '../service/change.ts';
import { timeOf } from './certain.ts';
import { stuck } from './say.ts';
import type { Trouble } from './snapshot.ts';
import type { Verdict } from './verdict.ts';
import type { View } from './view.ts';

/** What only more machines or fewer tasks can give. */
const NEEDS_ROOM = new Set([
  'insufficient-memory',
  'insufficient-cpu',
  'insufficient-gpu',
  'host-port-conflict',
  'eni-limit',
  'no-container-instances',
  'capacity-provider-empty',
  'placement-constraint',
  'missing-attribute',
]);
/** No machine is lacking, but the account may not have more of them. */
const QUOTAS = new Set(['fargate-quota']);
/** The event may be about a task that was just going away. */
const PROOF_SECONDS = 10;
/** Quotas are shared with other services, which may give something back. */
const PATIENCE_SECONDS = 120;

/**
 * Placement that waits for what cannot come: nothing of ours runs or is on its way, no old task may be stopped to make
 * room (the minimum needs all of them), none is leaving, and no capacity provider adds machines.
 */
export function neverPlaced(view: View): Verdict | undefined {
  const { ours, now } = view;
  const trouble = view.troubles.findLast(({ diagnosis: { nature, rule } }) => nature === 'blocked' || QUOTAS.has(rule));
  if (!trouble || !ours) return undefined;
  const since = timeOf(trouble);
  if (since === undefined || isOutdated(trouble, since, view) || !roomCannotCome(view, ours)) return undefined;
  const { rule, transient, cause } = trouble.diagnosis;
  const room = NEEDS_ROOM.has(rule);
  if (!room && !QUOTAS.has(rule) && transient) return undefined;
  const freed = view.snapshot.othersMovedAt ?? 0;
  // Placement is tried again some time after others have left.
  const patience = room && freed <= since ? PROOF_SECONDS : PATIENCE_SECONDS;
  if (now - Math.max(since, freed) < patience) return undefined;
  return stuck(view, `${cause} ${whyNever(view)}`, trouble.diagnosis);
}

/**
 * The arithmetic itself allows no step: no old task may stop and no new one start. Refused before our own change
 * (rolling.ts); somebody else may have changed the percents, or the service was found in this state.
 */
export function neverMoves(view: View): Verdict | undefined {
  const { ours, deployment, now, snapshot } = view;
  if (!ours || ours.runningCount + ours.pendingCount > 0 || now - deployment.startedAt < PROOF_SECONDS)
    return undefined;
  const { service } = snapshot;
  const waves = planWaves(service);
  const others = service.deployments.filter(({ id }) => id !== deployment.id);
  const old = others.reduce((sum, { runningCount, pendingCount }) => sum + runningCount + pendingCount, 0);
  const wantsOld = others.reduce((sum, { desiredCount }) => sum + desiredCount, 0);
  if (!waves.stuck || old < service.desiredCount || wantsOld < service.desiredCount) return undefined;
  const text = 'was unable to stop or start tasks during a deployment because of the service deployment configuration';
  const known = diagnose({ surface: 'service.event', text, context: {} });
  const evidence = { ...known.evidence, text: waves.sentence };
  return stuck(view, waves.sentence, { ...known, cause: waves.sentence, evidence });
}

const isOutdated = ({ from }: Trouble, since: Instant, { snapshot }: View): boolean =>
  snapshot.lastProgressAt > since ||
  (from === 'event' && snapshot.events.some(({ at, kind }) => at > since && kind === 'tasks-started'));

function roomCannotCome({ snapshot, deployment }: View, ours: DeploymentState): boolean {
  const { service, tasks, addsCapacity, othersRan = false, othersDraining = 0 } = snapshot;
  if (ours.runningCount + ours.pendingCount > 0 || ours.desiredCount === 0) return false;
  if (service.schedulingStrategy === 'DAEMON') return false;
  const others = service.deployments.filter(({ id }) => id !== deployment.id);
  const leaving = others.some(
    ({ runningCount, pendingCount, desiredCount }) => runningCount + pendingCount > desiredCount,
  );
  // ECS keeps a task PROVISIONING only where managed scaling will make room for it.
  const scales =
    (addsCapacity ?? service.capacityProviders.some((name) => !/^FARGATE(_SPOT)?$/.test(name))) ||
    tasks.some(({ lastStatus }) => lastStatus === 'PROVISIONING');
  const old = others.reduce((sum, { runningCount }) => sum + runningCount, 0);
  // Old tasks that no longer count may drain for minutes yet, and hold what they have until they have stopped.
  const draining = othersDraining > 0 || (old === 0 && othersRan);
  // ECS stops an old task only while more than the minimum run, and has stopped already those that it may.
  const mayStopOld = old > 0 && planWaves(service).lo < old + ours.runningCount;
  return !leaving && !scales && !draining && !mayStopOld;
}

function whyNever({ snapshot: { service }, deployment }: View): string {
  const old = service.deployments.some(({ id, runningCount }) => id !== deployment.id && runningCount > 0);
  const kept = old
    ? `minimum-healthy-percent ${service.minimumHealthyPercent} keeps every old task until a new one runs, and`
    : 'Nothing runs that could make room, and';
  return `This cannot heal by itself: ${kept} no capacity provider adds capacity.`;
}
