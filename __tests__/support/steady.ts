import { setTimeout } from 'node:timers/promises';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { primaryOf } from '../../simulator/ecs/state.ts';
import { REGION, type Simulator } from '../../simulator/simulator.ts';

/** Waits, in real time, until the deployments of these services, or of all, are COMPLETED in the simulator. */
export async function steady({ ecs }: Simulator, ...names: readonly string[]): Promise<void> {
  const rollOut = (): boolean =>
    [...ecs.services.values()].some(
      (service) =>
        (names.length === 0 || names.includes(service.name)) && primaryOf(service)?.rolloutState !== 'COMPLETED',
    );
  while (rollOut()) await setTimeout(20);
}

/** The same of a simulator that is a program of its own, asked over the wire. */
export async function steadyAt(
  endpoint: string,
  { service, cluster = 'default', region = REGION }: { service: string; cluster?: string; region?: string },
): Promise<void> {
  const credentials = { accessKeyId: 'TEST', secretAccessKey: 'test' };
  const client = new ECSClient({ endpoint, region, credentials });
  const ask = new DescribeServicesCommand({ cluster, services: [service] });
  try {
    for (;;) {
      const { services = [], failures = [] } = await client.send(ask);
      if (failures.length > 0) throw new Error(`${service} in ${cluster}: ${failures[0]?.reason}`);
      if (services[0]?.deployments?.every(({ rolloutState }) => rolloutState === 'COMPLETED')) return;
      await setTimeout(50);
    }
  } finally {
    client.destroy();
  }
}
