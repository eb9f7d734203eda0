import { setTimeout } from 'node:timers/promises';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { REGION, type Simulator } from '../../simulator/simulator.ts';

/** Waits, in real time, until the deployments of these services are COMPLETED in the simulator. */
export async function steady({ script }: Simulator, ...services: readonly string[]): Promise<void> {
  for (const service of services) while (script.truth(service).rolloutState !== 'COMPLETED') await setTimeout(20);
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
