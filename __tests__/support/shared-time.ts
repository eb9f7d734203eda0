import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serve } from '../../scripts/try/github.ts';
import type { VirtualClock } from '../../simulator/clock.ts';

const VIRTUAL_TIME = pathToFileURL(join(import.meta.dirname, '../../scripts/virtual-time.ts')).href;

export interface SharedTime {
  /** For the bundle: its time is the simulator's. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Time that the bundle and the simulator share: where both only wait, it moves on to what comes next. */
export async function shareTime(clock: VirtualClock): Promise<SharedTime> {
  const server = await serve((url) => {
    const until = Number(url.searchParams.get('until')) / 1000;
    if (until > clock.now()) clock.advance(until - clock.now());
    return { now: Math.round(clock.now() * 1000) };
  });
  const env = { NODE_OPTIONS: `--import ${VIRTUAL_TIME}`, NODE_NO_WARNINGS: '1', VIRTUAL_TIME: server.address };
  return { env, close: server.close };
}

/**
 * For a run that is interrupted, in real time: the simulator's time passes, a second in 50 ms.
 * @returns an end to it
 */
export function letTimePass(clock: VirtualClock): () => void {
  const timer = setInterval(() => clock.advance(0.2), 10);
  return () => clearInterval(timer);
}
