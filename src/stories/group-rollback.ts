import { lastPart } from '../arn.ts';
import { asFailure } from '../failure.ts';
import { defined } from '../model.ts';
import { type Outcome, withServing } from '../outcome.ts';
import { carrierOf } from '../service/deployment.ts';
import { describeRestore, restore, unfinished } from '../service/restore.ts';
import { servingIn } from '../service/serving.ts';
import { tallyOf } from '../service/tally.ts';
import { sentence } from '../watch/verdict.ts';
import { watch } from '../watch/watch.ts';
import { saveIntent } from './handover.ts';
import type { Run } from './run.ts';

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
  const to = lastPart(deployment.previousTaskDefinitionArn);
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
    // Should this run end here, post reports the result.
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
    const { schedules = [] } = outcome;
    const undone = schedules.length > 0 ? ` ${await (await import('./schedules.ts')).undoMoves(schedules, run)}` : '';
    const serviceDeployment = await unfinished(cluster, service, world.ecs);
    const restoring = await restore(
      { failed: deployment, policy: 'roll-back', ...(serviceDeployment ? { serviceDeployment } : {}) },
      world,
    );
    if (restoring.kind === 'first-ended') {
      const { end } = restoring;
      const state = end.kind === 'scaled-to-zero' ? { service: end.service } : {};
      return failed(
        describeRestore(restoring, deployment) ?? '',
        end.kind === 'superseded' ? {} : { ...state, firstFailure: end.kind },
      );
    }
    if (restoring.kind !== 'restoring') return failed(`${describeRestore(restoring, deployment) ?? ''} ${next} stays.`);
    asked = true;
    progress.step(`${reason} Rolling back to ${to} (${restoring.by})`, 'warning', 'rolling-back');
    const { verdict, snapshot } = await watch(restoring.deployment, world, progress.watching(restoring.deployment));
    const serving = servingIn(snapshot, restoring.deployment);
    const { service: state } = snapshot;
    const tasks = progress.lastSeen(deployment)?.tasks ?? [];
    const now = { service: state, tally: tallyOf(state, deployment, tasks) };
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
    return withServing(failed(`The rollback of ${next} to ${to} ended as ${verdict.kind}.`, now), serving);
  } catch (thrown) {
    const why = sentence(asFailure(thrown).message);
    return asked
      ? failed(
          `${carrierOf(deployment)} was asked to roll back ${next} to ${to} and continues; the result could not be watched: ${why}`,
          {
            underWay: true,
          },
        )
      : failed(`The rollback of ${next} to ${to} could not be started: ${why}`);
  }
}
