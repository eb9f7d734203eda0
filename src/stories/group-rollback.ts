import { lastPart } from '../arn.ts';
import { asFailure, sentence } from '../failure.ts';
import { defined } from '../model.ts';
import { type Outcome, withServing } from '../outcome.ts';
import { carrierOf, type Deployment } from '../service/deployment.ts';
import { describeRestore, restore, unfinished } from '../service/restore.ts';
import { servingIn, servingOf } from '../service/serving.ts';
import { endedBadly, tallyOf } from '../service/tally.ts';
import { isUnplaced } from '../watch/snapshot.ts';
import { watch } from '../watch/watch.ts';
import { markUnsettled, saveIntent, saveSchedules } from './handover.ts';
import type { Run } from './run.ts';
import { watchedOf } from './settle.ts';

/** The service that failed. */
export interface Culprit {
  readonly name: string;
  /** A sentence: that it failed, and the scope. */
  readonly reason: string;
}

/**
 * Rolls back a service of which nothing is wrong, because another service of its group failed; what it was is taken from its outcome.
 * @returns with the tasks that run at its end, not before
 */
export async function rollBackWithGroup(outcome: Outcome, { name, reason }: Culprit, run: Run): Promise<Outcome> {
  const { deployment, previous } = outcome;
  const { world, progress } = run;
  if (!deployment || outcome.kind === 'unchanged') return outcome;
  if (deployment.endedBefore) {
    const stay = `${reason} Only settings of ${deployment.service} were changed, and they stay.`;
    return { ...outcome, warnings: [...outcome.warnings, stay] };
  }
  // Neither what moved with it nor what was proven of it is true any more.
  const { underWay: _, schedules: __, verdict: ___, ...known } = outcome;
  const next = lastPart(deployment.taskDefinitionArn);
  let to = lastPart(deployment.previousTaskDefinitionArn) || 'the revision before';
  const failed = (why: string, more: Partial<Outcome> = {}): Outcome => ({
    ...known,
    ...more,
    kind: 'failed',
    rolledBackWith: name,
    headline: `${reason} ${why}`,
    reason,
    done: why,
  });
  let asked = false;
  try {
    // Should this run end here, post reports the result, and leaves all schedules on the revision that the service runs.
    const proven = deployment.previousTaskDefinitionArn;
    const { cluster, service, taskDefinitionArn, id } = deployment;
    saveIntent(
      {
        cluster,
        service,
        previous: previous?.arn ?? proven ?? taskDefinitionArn,
        ...(proven === undefined ? {} : { proven }),
        next: taskDefinitionArn,
        registered: false,
        deployment: id,
        ...defined({ first: deployment.first, settingsBefore: deployment.settingsBefore }),
      },
      world,
    );
    markUnsettled(world);
    const { schedules = [] } = outcome;
    if (schedules.length > 0)
      saveSchedules({ service: { cluster, service }, to: taskDefinitionArn, moves: schedules }, world);
    const serviceDeployment = await unfinished(cluster, service, world.ecs);
    const restoring = await restore(
      { failed: deployment, policy: 'roll-back', ...(serviceDeployment ? { serviceDeployment } : {}) },
      world,
    );
    const undo = async (): Promise<string> =>
      schedules.length > 0 ? ` ${await (await import('./schedules.ts')).undoMoves(schedules, run)}` : '';
    if (restoring.kind === 'first-ended') {
      const { end } = restoring;
      const state = end.kind === 'scaled-to-zero' ? { service: end.service } : {};
      return failed(
        `${describeRestore(restoring, deployment) ?? ''}${end.kind === 'superseded' ? '' : await undo()}`,
        end.kind === 'superseded' ? {} : { ...state, firstFailure: end.kind },
      );
    }
    // Schedules stay with the service: they are moved back only with it.
    if (restoring.kind !== 'restoring') {
      const stays = restoring.kind === 'in-place' ? '' : ` ${next} stays.`;
      const why = `${describeRestore(restoring, deployment) ?? ''}${stays}`;
      return await withServingNow(failed(why, outcome.schedules ? { schedules } : {}), deployment, world);
    }
    asked = true;
    to = lastPart(restoring.to);
    progress.step(`${reason} Rolling back to ${to} (${restoring.by})`, 'warning', 'rolling-back');
    const undone = await undo();
    const { verdict, snapshot } = await watch(restoring.deployment, world, progress.watching(restoring.deployment));
    const serving = servingIn(snapshot, restoring.deployment);
    const { service: state } = snapshot;
    const tally = tallyOf(state, deployment, watchedOf(deployment, state, run));
    const now = { service: state, tally, warnings: [...known.warnings, ...failingToo(deployment, run)] };
    if (verdict.kind === 'rolled-back' || verdict.kind === 'succeeded') {
      const done = `${next} was rolled back to ${lastPart(state.taskDefinitionArn) || to}.${undone}`;
      return withServing(
        {
          ...known,
          ...now,
          kind: 'rolled-back',
          rolledBackWith: name,
          headline: `${reason} ${done}`,
          reason,
          done,
        },
        serving,
      );
    }
    const rollback = `The rollback of ${next} to ${to}`;
    if (!('causes' in verdict)) return withServing(failed(`${rollback} ended as ${verdict.kind}.`, now), serving);
    const failedRollback = {
      to: restoring.to,
      cause: sentence(verdict.reason),
      targets: [],
      ...(isUnplaced(snapshot, restoring.to) ? { unplaced: true } : {}),
    };
    const { diagnoses } = snapshot;
    return withServing(
      failed(`${rollback} failed: ${failedRollback.cause}`, { ...now, failedRollback, diagnoses }),
      serving,
    );
  } catch (thrown) {
    const why = sentence(asFailure(thrown).message);
    return asked
      ? failed(
          `${carrierOf(deployment)} was asked to roll back ${next} to ${to} and continues; the result could not be watched: ${why}`,
          {
            underWay: true,
          },
        )
      : withServingNow(
          failed(
            `The rollback of ${next} to ${to} could not be started: ${why}`,
            outcome.schedules ? { schedules: outcome.schedules } : {},
          ),
          deployment,
          world,
        );
  } finally {
    if (!world.signal.aborted) saveSchedules(undefined, world);
  }
}

/** What was wrong with it, too, when it was stopped for the other one: the reader has to repair both. */
function failingToo(deployment: Deployment, { progress }: Run): readonly string[] {
  const last = progress.lastSeen(deployment);
  const [cause] = last?.diagnoses ?? [];
  if (!cause || !last?.tasks.some(endedBadly)) return [];
  return [`Tasks of ${lastPart(deployment.taskDefinitionArn)} were failing as well: ${sentence(cause.cause)}`];
}

/** With what serves where nothing was rolled back; as it is where that cannot be seen. */
async function withServingNow(
  outcome: Outcome,
  { cluster, service }: Deployment,
  { ecs }: Run['world'],
): Promise<Outcome> {
  const { serving: _, ...known } = outcome;
  try {
    const [now] = await ecs.describeServices(cluster, [service]);
    return now ? withServing({ ...known, service: now }, servingOf(now)) : known;
  } catch {
    return known;
  }
}
