import { setTimeout } from 'node:timers/promises';
import type { Simulator } from '../../simulator/simulator.ts';

/** Waits, in real time, until the deployments of these services are COMPLETED in the simulator. */
export async function steady({ script }: Simulator, ...services: readonly string[]): Promise<void> {
  for (const service of services) while (script.truth(service).rolloutState !== 'COMPLETED') await setTimeout(20);
}
