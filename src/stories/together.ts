import { Failure } from '../failure.ts';
import type { World } from '../ports.ts';

/** Runs side by side what can be; when one fails, the others are stopped and the first failure is what counts. */
export async function together<A, B>(
  world: World,
  start: (world: World) => readonly [Promise<A>, Promise<B>],
): Promise<readonly [A, B]> {
  const stop = new AbortController();
  const both = start({ ...world, signal: AbortSignal.any([world.signal, stop.signal]) });
  try {
    return await Promise.all(both);
  } catch (first) {
    stop.abort(new Failure('CANCELLED', 'Stopped, because another part of the run failed.'));
    await Promise.allSettled(both);
    throw first;
  }
}
