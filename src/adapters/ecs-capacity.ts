import type { Resource, ContainerInstance as SdkInstance } from '@aws-sdk/client-ecs';
import type { ContainerInstance, HostResources } from '../model.ts';
import type { Resources } from '../ports.ts';
import { type AwsConfig, batched, lazyClients } from './aws.ts';
import { call, required } from './aws-error.ts';

const INSTANCES_PER_CALL = 100;
const PROVIDERS_PER_CALL = 100;

/** What ECS tells of a cluster and its capacity; a deploy itself asks none of this. */
export function createEcsCapacity(
  config: AwsConfig,
): Pick<Resources, 'cluster' | 'containerInstances' | 'capacityProviders'> {
  const ecs = lazyClients(
    config,
    () => import('@aws-sdk/client-ecs'),
    (sdk, own) => new sdk.ECSClient(own),
  );
  return {
    async cluster(cluster) {
      const { sdk, client } = await ecs(config.region);
      const answer = await call('ecs:DescribeClusters', () =>
        client.send(new sdk.DescribeClustersCommand({ clusters: [cluster] })),
      );
      const [found] = required(answer.clusters, 'ecs:DescribeClusters', 'clusters');
      return (
        found && {
          name: found.clusterName ?? '',
          status: found.status ?? '',
          registeredInstances: found.registeredContainerInstancesCount ?? 0,
        }
      );
    },

    async containerInstances(cluster) {
      const { sdk, client } = await ecs(config.region);
      const arns: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = nextToken === undefined ? {} : { nextToken };
        const answer = await call('ecs:ListContainerInstances', () =>
          client.send(new sdk.ListContainerInstancesCommand({ cluster, ...page })),
        );
        arns.push(...required(answer.containerInstanceArns, 'ecs:ListContainerInstances', 'containerInstanceArns'));
        nextToken = answer.nextToken;
      } while (nextToken !== undefined);
      return batched(arns, INSTANCES_PER_CALL, async (containerInstances) => {
        const answer = await call('ecs:DescribeContainerInstances', () =>
          client.send(new sdk.DescribeContainerInstancesCommand({ cluster, containerInstances })),
        );
        return required(answer.containerInstances, 'ecs:DescribeContainerInstances', 'containerInstances').map(
          containerInstance,
        );
      });
    },

    async capacityProviders(names) {
      const { sdk, client } = await ecs(config.region);
      return batched(names, PROVIDERS_PER_CALL, async (capacityProviders) => {
        const answer = await call('ecs:DescribeCapacityProviders', () =>
          client.send(new sdk.DescribeCapacityProvidersCommand({ capacityProviders })),
        );
        return required(answer.capacityProviders, 'ecs:DescribeCapacityProviders', 'capacityProviders').map(
          (provider) => ({
            name: provider.name ?? '',
            status: provider.status ?? '',
            addsInstances:
              provider.managedInstancesProvider !== undefined ||
              provider.autoScalingGroupProvider?.managedScaling?.status === 'ENABLED',
          }),
        );
      });
    },
  };
}

function containerInstance(instance: SdkInstance): ContainerInstance {
  const attribute = (name: string): string | undefined => instance.attributes?.find((one) => one.name === name)?.value;
  const architecture = attribute('ecs.cpu-architecture');
  const os = attribute('ecs.os-type');
  const remaining = instance.remainingResources ?? [];
  return {
    id: instance.ec2InstanceId ?? instance.containerInstanceArn?.split('/').at(-1) ?? '',
    available: instance.status === 'ACTIVE' && instance.agentConnected !== false,
    total: hostResources(instance.registeredResources ?? []),
    free: hostResources(remaining),
    // What "remains" of the ports are those that are taken.
    usedPorts: [
      ...setOf(remaining, 'PORTS').map((port) => `${port}/tcp`),
      ...setOf(remaining, 'PORTS_UDP').map((port) => `${port}/udp`),
    ],
    ...(instance.capacityProviderName ? { capacityProvider: instance.capacityProviderName } : {}),
    ...(architecture ? { architecture } : {}),
    ...(os ? { os } : {}),
  };
}

const hostResources = (resources: readonly Resource[]): HostResources => ({
  cpu: resources.find(({ name }) => name === 'CPU')?.integerValue ?? 0,
  memory: resources.find(({ name }) => name === 'MEMORY')?.integerValue ?? 0,
  gpus: setOf(resources, 'GPU').length,
});

const setOf = (resources: readonly Resource[], wanted: string): readonly string[] =>
  resources.find(({ name }) => name === wanted)?.stringSetValue ?? [];
