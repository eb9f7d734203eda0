import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { primaryOf } from '../../simulator/ecs/state.ts';
import { REGION, type Simulator } from '../../simulator/simulator.ts';
import { eventually } from './patience.ts';

/** Waits, in real time, until the deployments of these services, or of all, are COMPLETED in the simulator. */
export async function steady({ ecs, script }: Simulator, ...names: readonly string[]): Promise<void> {
  for (const name of names) script.service(name); // throws where there is none
  const underWay = (): string[] =>
    [...ecs.services.values()]
      .filter(({ name }) => names.length === 0 || names.includes(name))
      .filter((service) => primaryOf(service)?.rolloutState !== 'COMPLETED')
      .map(({ name, events }) => `${name}: ${events[0]?.message}`);
  await eventually(
    () => underWay().length === 0,
    () => `the deployments are COMPLETED. ${underWay().join('; ')}`,
  );
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
    await eventually(async () => {
      const { services = [], failures = [] } = await client.send(ask);
      if (failures.length > 0) throw new Error(`${service} in ${cluster}: ${failures[0]?.reason}`);
      return services[0]?.deployments?.every(({ rolloutState }) => rolloutState === 'COMPLETED') ?? false;
    });
  } finally {
    client.destroy();
  }
}
