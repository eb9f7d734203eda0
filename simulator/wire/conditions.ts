import type { VirtualClock } from '../clock.ts';
import type { Wire } from './wire.ts';

/** Between an account and who watches it. */
export interface Conditions {
  /** What each call takes, half before AWS has seen it and half after. */
  readonly latencySeconds: number;
  /** How far the watcher's clock is ahead of AWS's. */
  readonly clockOffsetSeconds: number;
}

export const IDEAL: Conditions = { latencySeconds: 0, clockOffsetSeconds: 0 };

/** Every call on this wire takes its time, by the virtual clock. */
export function slowDown(wire: Wire, clock: VirtualClock, { latencySeconds }: Conditions): void {
  wire.now = () => clock.now();
  if (latencySeconds > 0) wire.delay = () => clock.sleep(latencySeconds / 2);
}

/** The clock of the machine that watches. */
export const watchersClock = (clock: VirtualClock, { clockOffsetSeconds }: Conditions) => ({
  now: (): number => clock.now() + clockOffsetSeconds,
  sleep: clock.sleep,
  random: clock.random,
});
