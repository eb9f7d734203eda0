import type { Clock } from '../world.ts';
import { call, passes } from './aws-error.ts';

/** What waiting needs: time, the run's end, and somebody to tell. */
export interface Patience {
  readonly clock: Pick<Clock, 'sleep' | 'random'>;
  /** Aborted when the run is cancelled: nobody waits any longer then. */
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** A little over a minute in all. RegisterTaskDefinition, the scarcest, comes back at one call a second. */
const PAUSES_SECONDS = [1, 2, 4, 8, 16, 16, 16];

/**
 * One SDK call that waits out throttling and server errors for about a minute, beyond the SDK's own attempts, which are
 * over in two seconds: an account is throttled as a whole, most of all when many services are deployed at once. Without
 * patience, the call alone.
 * @throws Failure that names the call; the signal's reason when the run is cancelled meanwhile
 */
export async function callPatiently<T>(
  patience: Patience | undefined,
  service: string,
  operation: string,
  send: () => Promise<T>,
): Promise<T> {
  for (const pause of patience ? PAUSES_SECONDS : []) {
    try {
      return await call(service, operation, send);
    } catch (thrown) {
      if (!patience || patience.signal.aborted || !passes(thrown, service)) throw thrown;
      const seconds = pause * (0.75 + patience.clock.random() / 2);
      patience.tell(`${thrown.message.replace(/\.$/, '')}. Trying again in ${Math.max(1, Math.round(seconds))} s.`);
      await patience.clock.sleep(seconds, patience.signal);
    }
  }
  return call(service, operation, send);
}
