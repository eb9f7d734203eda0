import type { World } from '../../src/ports.ts';
import type { Stage } from './world.ts';

type Handler = ReturnType<Stage['simulator']['wire']['requestHandler']>;
export type When = 'asked' | 'answered';

/**
 * Whether a kill at this call leaves the same behind however it is timed: a read changes nothing, and the run is at the same place when
 * its answer never arrives as when AWS never hears of it. One of the two is then enough.
 */
export const isRead = (operation: string | undefined): boolean =>
  /^(?:Describe|List|Get|BatchGet)/.test(operation ?? '');

/** A run that is killed at one of its calls, counted from 1: before AWS hears of it, or after, when the answer never arrives. */
export async function killAt(
  stage: Stage,
  { call, when }: { readonly call: number; readonly when: When },
  start: (world: World) => Promise<unknown>,
): Promise<'killed' | 'ended'> {
  let calls = 0;
  let kill = (): void => {};
  const killed = new Promise<'killed'>((resolve) => {
    kill = () => resolve('killed');
  });
  const inner = stage.simulator.wire.requestHandler();
  const handler: Handler = {
    ...inner,
    handle: async (request) => {
      calls++;
      if (calls > call || (calls === call && when === 'asked')) {
        kill();
        return new Promise<never>(() => {});
      }
      const answer = await inner.handle(request);
      if (calls < call) return answer;
      kill();
      return new Promise<never>(() => {});
    },
  };
  return Promise.race([killed, start(stage.attempt(handler)).then(() => 'ended' as const)]);
}
