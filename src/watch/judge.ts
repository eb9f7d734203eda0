import type { DeploymentState, Instant, ServiceDeployment } from '../model.ts';
import type { Deployment } from '../service/deployment.ts';
import { neverMoves, neverPlaced } from './blocked.ts';
import { certainFailure } from './certain.ts';
import { noProgressLimit, waitsForOthers } from './limits.ts';
import { failed, minutes, progressOf, QUIET_SECONDS, reasonOf, SOON_SECONDS, stuck, wait } from './say.ts';
import { settledByEcs } from './settled.ts';
import type { Snapshot } from './snapshot.ts';
import { isDone, success } from './success.ts';
import type { Verdict } from './verdict.ts';
import { type View, viewOf } from './view.ts';

/** After this long without change, looking every 3 s tells no more than every 5 s. */
const QUIET_AFTER_SECONDS = 60;
/** What ECS gets, beyond our own limit, to finish a restore that it has begun. */
const RESTORE_SECONDS = 900;

/**
 * What is true of our deployment at `now`. Pure: all memory is in the snapshot. In this order: what ECS has decided, a
 * proven success, a failure that is certain already, a pause, and then the limits.
 */
export function judge(snapshot: Snapshot, deployment: Deployment, now: Instant): Verdict {
  const view = viewOf(snapshot, deployment, now);
  const settled = settledByEcs(view);
  if (settled) return inTime(settled, view);
  const { ours } = view;
  if (!ours) return inTime(wait('ECS to show the deployment'), view);
  if (isDone(view, ours)) return success(view, ours);
  return certainFailure(view) ?? neverMoves(view) ?? neverPlaced(view) ?? inTime(underWay(view, ours), view);
}

function underWay(view: View, ours: DeploymentState): Verdict {
  const { snapshot, now, troubles } = view;
  const { serviceDeployment: told } = snapshot;
  const awaited = told?.hooks.find(({ status }) => status === 'AWAITING_ACTION');
  if (awaited) {
    return {
      kind: 'awaiting-approval',
      hook: hookName(awaited, told?.lifecycleStage),
      lookAgainInSeconds: QUIET_SECONDS,
      ...(awaited.expiresAt === undefined ? {} : { until: awaited.expiresAt }),
    };
  }
  const still = now - snapshot.lastProgressAt;
  const limit = noProgressLimit(view);
  if (limit && now >= limit.deadline) {
    const long = minutes(now - limit.since);
    return stuck(view, `No further task became healthy for ${long}: ${progressOf(ours)}.${because(view)}`);
  }
  const natures = new Set(['hopeless', 'ambiguous', 'unknown']);
  const suspected = troubles.filter(({ from, diagnosis }) => from !== 'deployment' && natures.has(diagnosis.nature));
  return wait(awaitedBy(view, ours), {
    lookAgainInSeconds: still < QUIET_AFTER_SECONDS ? SOON_SECONDS : QUIET_SECONDS,
    suspected: snapshot.diagnoses.filter((one) => suspected.some(({ diagnosis: { rule } }) => rule === one.rule)),
  });
}

/** What people know of a hook is its kind and its stage; ECS answers to its id. */
function hookName({ id, targetType }: ServiceDeployment['hooks'][number], stage: string | undefined): string {
  const name = `the ${targetType === undefined ? '' : `${targetType} `}hook${stage === undefined ? '' : ` of stage ${stage}`}`;
  return id === undefined ? name : `${name} (${id})`;
}

function awaitedBy(view: View, ours: DeploymentState): string {
  const { serviceDeployment: told } = view.snapshot;
  if (told?.status === 'PENDING') return 'ECS to begin the deployment, which it has accepted (PENDING)';
  if (told?.status === 'STOP_REQUESTED') return 'ECS to stop the deployment, as somebody asked';
  const stage = told?.lifecycleStage;
  if (ours.runningCount >= ours.desiredCount) {
    return `ECS to finish the deployment (${stage ? `stage ${stage}` : 'drain, bake time, alarms'})`;
  }
  const during = stage && stage !== 'SCALE_UP' ? `, stage ${stage}` : '';
  const others = ours.pendingCount === 0 && waitsForOthers(view) ? ' (old tasks drain or are protected first)' : '';
  return `its tasks: ${progressOf(ours)}${during}${others}`;
}

/** The total time-out, which a restore or a pause has its own answer to. */
function inTime(verdict: Verdict, view: View): Verdict {
  const { deployment, now, ours, snapshot } = view;
  const late = now - deployment.startedAt - deployment.timeoutSeconds;
  if (late < 0) return verdict;
  switch (verdict.kind) {
    case 'waiting': {
      const where = ours ? progressOf(ours) : 'ECS does not show it';
      const reason = `Not done after ${minutes(deployment.timeoutSeconds)}: ${where}.${because(view)}`;
      return { kind: 'timed-out', reason, causes: snapshot.diagnoses };
    }
    case 'awaiting-approval': {
      const { lookAgainInSeconds: _, ...paused } = verdict;
      return { ...paused, kind: 'paused' };
    }
    case 'rolling-back':
      return late < RESTORE_SECONDS
        ? verdict
        : failed(view, `ECS was still restoring the old revision when time was up. ${reasonOf(view)}`);
    default:
      return verdict;
  }
}

function because({ snapshot: { diagnoses } }: View): string {
  const telling = diagnoses.find(({ nature }) => nature !== 'symptom' && nature !== 'normal');
  return telling ? ` ${telling.cause}` : '';
}
