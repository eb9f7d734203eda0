import { asFailure } from '../failure.ts';
import type { Deployment } from '../service/deployment.ts';
import { nextSnapshot } from './fold.ts';
import { judge } from './judge.ts';
import { observer } from './observe.ts';
import type { Snapshot } from './snapshot.ts';
import type { FinalVerdict, Verdict } from './verdict.ts';
import type { WatchWorld } from './watch-world.ts';

export interface Watched {
  readonly verdict: FinalVerdict;
  readonly snapshot: Snapshot;
}

/** Is told of every look, in order. */
export type Listener = (snapshot: Snapshot, verdict: Verdict) => void;

/** A success is due within 5 s; one call in that time burdens nobody's account. */
const FIRST_BACKOFF_SECONDS = 3;
const LONGEST_BACKOFF_SECONDS = 5;

/**
 * Watches our deployment until the verdict is final. A look costs one or two calls, and three to five more when tasks
 * moved. Throttling and outages slow it down; they never fail a rollout before its time.
 * @throws Failure ACCESS_DENIED (DescribeServices) or CREDENTIALS at once, CANCELLED when the run is, THROTTLED or
 *   UNAVAILABLE when ECS could not be asked until the time was up
 */
export async function watch(deployment: Deployment, world: WatchWorld, listener: Listener): Promise<Watched> {
  const { clock, signal } = world;
  const look = observer(deployment, world);
  let snapshot: Snapshot | undefined;
  let backoff = FIRST_BACKOFF_SECONDS;
  const pause = (): number => {
    const seconds = backoff * (0.7 + 0.3 * clock.random());
    backoff = Math.min(backoff * 2, LONGEST_BACKOFF_SECONDS);
    return seconds;
  };
  for (;;) {
    let slower = false;
    try {
      const { slowed, ...observed } = await look(snapshot);
      snapshot = nextSnapshot(snapshot, observed, deployment);
      slower = slowed;
    } catch (thrown) {
      const failure = asFailure(thrown);
      const late = clock.now() - deployment.startedAt > deployment.timeoutSeconds;
      if (late || (failure.code !== 'THROTTLED' && failure.code !== 'UNAVAILABLE')) throw failure;
      await clock.sleep(pause(), signal);
      continue;
    }
    const verdict = judge(snapshot, deployment, clock.now());
    listener(snapshot, verdict);
    if (!('lookAgainInSeconds' in verdict)) return { verdict, snapshot };
    if (!slower) backoff = FIRST_BACKOFF_SECONDS;
    await clock.sleep(slower ? Math.max(pause(), verdict.lookAgainInSeconds) : verdict.lookAgainInSeconds, signal);
  }
}
