import { type Diagnosis, tellsMore } from '../diagnosis/diagnosis.ts';
import type { Outcome } from '../outcome.ts';
import type { Deployment } from '../service/deployment.ts';
import { poller } from '../watch/observe.ts';
import { isEndingBadly, logsToCome, type Snapshot } from '../watch/snapshot.ts';
import type { Watched } from '../watch/watch.ts';
import type { Run } from './run.ts';

/** CloudWatch Logs has the last lines of a container some seconds after it ended: awslogs sends them in batches of 5 s. */
const LOOKS = 2;
/** Fargate deprovisions a task for up to half a minute after its container ended, and its log is read once it is STOPPED. */
const LOOKS_UNTIL_STOPPED = 12;
const PAUSE_SECONDS = 3;

/**
 * The last snapshot of a deployment that failed. A rollout is often over before the log of its first failed task can be read; then some
 * more polls read it, while nothing waits for them: what was to be rolled back has been.
 * @returns the newest snapshot; one that cannot be had costs the better cause and nothing else
 */
export async function withLateLogs(
  { kind }: Pick<Outcome, 'kind'>,
  { verdict, snapshot }: Watched,
  { world, progress, deployment }: Run & { readonly deployment: Deployment },
): Promise<Snapshot> {
  let latest = progress.lastSeen(deployment) ?? snapshot;
  if (kind !== 'failed' && kind !== 'rolled-back') return latest;
  try {
    const poll = poller(deployment, world);
    let stopped = 0;
    for (let look = 0; stopped < LOOKS && look < LOOKS_UNTIL_STOPPED && logsToCome(latest, deployment); look += 1) {
      if (look > 0) await world.clock.sleep(PAUSE_SECONDS, world.signal);
      ({ snapshot: latest } = await poll(latest));
      if (!latest.tasks.some(isEndingBadly)) stopped += 1;
      progress.watching(deployment)(latest, verdict);
    }
  } catch {
    // The outcome is known already, and a cancel ends this as well.
  }
  return latest;
}

/** The outcome with the causes that are known at the end; where the first is a better one, headline and reason name it. */
export function explained(outcome: Outcome, latest: readonly Diagnosis[]): Outcome {
  const [first] = outcome.diagnoses;
  // Of the same task; or of another task of this container, where no more than its exit code is known.
  const better = latest.find(
    ({ taskId, container, evidence }) =>
      evidence.surface === 'container.log' &&
      container === first?.container &&
      (taskId === first?.taskId || first?.end !== undefined),
  );
  if (!first || !better || better.cause === first.cause) return outcome;
  const instead = (text: string): string => text.replace(first.cause, () => better.cause);
  const others = [...latest, ...outcome.diagnoses].filter(
    (one, index, all) =>
      one.cause !== better.cause &&
      one.cause !== first.cause &&
      !tellsMore(better, one) &&
      all.findIndex(({ cause }) => cause === one.cause) === index,
  );
  return {
    ...outcome,
    headline: instead(outcome.headline),
    ...(outcome.reason === undefined ? {} : { reason: instead(outcome.reason) }),
    diagnoses: [better, ...others],
  };
}
