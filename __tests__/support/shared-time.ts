import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { VirtualClock } from '../../simulator/clock.ts';

const VIRTUAL_TIME = pathToFileURL(join(import.meta.dirname, '../../scripts/virtual-time.ts')).href;

export interface SharedTime {
  /** For the bundle: its time is the simulator's. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Time that the bundle and the simulator share: where both only wait, it moves on to what comes next. */
export async function shareTime(clock: VirtualClock): Promise<SharedTime> {
  const server = createServer(({ url = '' }, response) => {
    const until = Number(new URL(url, 'http://127.0.0.1').searchParams.get('until')) / 1000;
    if (until > clock.now()) clock.advance(until - clock.now());
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ now: Math.round(clock.now() * 1000) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: { NODE_OPTIONS: `--import ${VIRTUAL_TIME}`, NODE_NO_WARNINGS: '1', VIRTUAL_TIME: address },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * For a run that is interrupted, in real time: the simulator's time passes, a second in 50 ms.
 * @returns an end to it
 */
export function letTimePass(clock: VirtualClock): () => void {
  const timer = setInterval(() => clock.advance(0.2), 10);
  return () => clearInterval(timer);
}
