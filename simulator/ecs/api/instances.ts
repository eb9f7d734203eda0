import type { CallContext } from '../../wire/service.ts';
import { invalid, lastSegment, lookUp, type Operations, page, strings } from '../../wire/service.ts';
import { type Capacity, held } from '../capacity.ts';
import { counts, type SimCluster, type SimInstance } from '../state.ts';
import type { Clusters } from './clusters.ts';

/** CPU in units, memory in MiB. */
export interface FleetInstance {
  readonly id: string;
  /** Of the machine, where it differs from the id. */
  readonly ec2InstanceId?: string;
  readonly cpu: number;
  readonly memory: number;
  readonly freeCpu?: number;
  readonly freeMemory?: number;
  /** Ids of GPUs, and those of them that are free. */
  readonly gpus?: readonly string[];
  readonly freeGpus?: readonly string[];
  /** Beyond those of ssh, docker and the agent. */
  readonly usedPorts?: readonly number[];
  readonly status?: 'ACTIVE' | 'DRAINING';
  readonly agentConnected?: boolean;
  readonly architecture?: 'x86_64' | 'arm64';
  readonly os?: 'linux' | 'windows';
  /** Of ECS Anywhere: Systems Manager names the machine (`mi-...`). */
  readonly external?: boolean;
  readonly capacityProvider?: string;
  readonly registeredAt?: number;
  readonly runningTasks?: number;
  readonly pendingTasks?: number;
}

export interface FleetProvider {
  readonly status?: string;
  readonly managedScaling?: 'ENABLED' | 'DISABLED';
}

/**
 * Instances and capacity providers that are only described: tasks are not placed on them. Those with room for tasks are
 * capacity.ts's.
 */
export class Fleet {
  readonly instances: FleetInstance[] = [];
  readonly capacityProviders = new Map<string, FleetProvider>();
}

const instanceArn = (clusterArn: string, id: string): string =>
  `${clusterArn.replace(':cluster/', ':container-instance/')}/${id}`;

const RESERVED_PORTS = ['22', '2375', '2376', '51678', '51679'];

function describeInstance(clusterArn: string, instance: FleetInstance): object {
  const { id, cpu, memory, freeCpu = cpu, freeMemory = memory, gpus = [], freeGpus = gpus, usedPorts = [] } = instance;
  const resources = ({
    cpuNow,
    memoryNow,
    ports,
    gpuIds,
  }: {
    readonly cpuNow: number;
    readonly memoryNow: number;
    readonly ports: readonly string[];
    readonly gpuIds: readonly string[];
  }) => [
    { name: 'CPU', type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue: cpuNow },
    { name: 'MEMORY', type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue: memoryNow },
    { name: 'PORTS', type: 'STRINGSET', doubleValue: 0, longValue: 0, integerValue: 0, stringSetValue: ports },
    { name: 'PORTS_UDP', type: 'STRINGSET', doubleValue: 0, longValue: 0, integerValue: 0, stringSetValue: [] },
    ...(gpus.length > 0 ? [{ name: 'GPU', type: 'STRINGSET', stringSetValue: gpuIds }] : []),
  ];
  return {
    containerInstanceArn: instanceArn(clusterArn, id),
    ec2InstanceId: instance.ec2InstanceId ?? id,
    ...(instance.capacityProvider ? { capacityProviderName: instance.capacityProvider } : {}),
    registeredResources: resources({ cpuNow: cpu, memoryNow: memory, ports: RESERVED_PORTS, gpuIds: gpus }),
    remainingResources: resources({
      cpuNow: freeCpu,
      memoryNow: freeMemory,
      ports: [...RESERVED_PORTS, ...usedPorts.map(String)],
      gpuIds: freeGpus,
    }),
    status: instance.status ?? 'ACTIVE',
    agentConnected: instance.agentConnected ?? true,
    runningTasksCount: instance.runningTasks ?? 0,
    pendingTasksCount: instance.pendingTasks ?? 0,
    ...(instance.registeredAt === undefined ? {} : { registeredAt: instance.registeredAt }),
    attributes: [
      { name: 'ecs.cpu-architecture', value: instance.architecture ?? 'x86_64' },
      { name: 'ecs.os-type', value: instance.os ?? 'linux' },
      { name: instance.external ? 'ecs.capability.external' : 'ecs.capability.task-eni' },
    ],
  };
}

export interface InstancesParts {
  readonly clusters: Clusters;
  readonly capacity: Capacity;
  readonly fleet: Fleet;
}

/** Container instances and capacity providers: those that hold tasks, and those that are only described. */
export function instanceOperations({ clusters, capacity, fleet }: InstancesParts): Operations {
  const allOf = (cluster: SimCluster): FleetInstance[] => [...fleet.instances, ...(cluster.instances ?? []).map(seen)];
  const find = (cluster: SimCluster, references: unknown): { found: FleetInstance[]; failures: object[] } => {
    const wanted = strings(references);
    if (wanted.length === 0) throw invalid('Container instances cannot be empty.');
    const all = allOf(cluster);
    const { found, failures } = lookUp(wanted.map(lastSegment), (id) => all.find((one) => one.id === id));
    return { found, failures: failures.map(({ arn, reason }) => ({ arn: instanceArn(cluster.arn, arn), reason })) };
  };

  return {
    ListContainerInstances: (input, context) => {
      const cluster = clusters.get(input.cluster, context);
      const shown = allOf(cluster).filter(
        ({ status = 'ACTIVE' }) => input.status === undefined || status === input.status,
      );
      const [some, next] = page(shown, input, { usual: 100 });
      return { containerInstanceArns: some.map(({ id }) => instanceArn(cluster.arn, id)), ...next };
    },
    DescribeContainerInstances: (input, context) => {
      const cluster = clusters.get(input.cluster, context);
      const { found, failures } = find(cluster, input.containerInstances);
      return { containerInstances: found.map((one) => describeInstance(cluster.arn, one)), failures };
    },
    UpdateContainerInstancesState: (input, context) => {
      const cluster = clusters.get(input.cluster, context);
      const { found, failures } = find(cluster, input.containerInstances);
      for (const instance of cluster.instances ?? []) {
        if (found.some(({ id }) => id === instance.id))
          instance.status = input.status === 'DRAINING' ? 'DRAINING' : 'ACTIVE';
      }
      const now = find(cluster, input.containerInstances).found;
      return { containerInstances: now.map((one) => describeInstance(cluster.arn, one)), failures };
    },
    DescribeCapacityProviders: (input, context) => {
      const known = ['FARGATE', 'FARGATE_SPOT', ...capacity.providers.keys(), ...fleet.capacityProviders.keys()];
      const wanted = input.capacityProviders === undefined ? known : strings(input.capacityProviders);
      const { found, failures } = lookUp(wanted, (reference) => known.find((name) => name === lastSegment(reference)));
      const [names, next] = page(found, input, { usual: 10 });
      return {
        capacityProviders: names.map((name) => describeProvider(name, { capacity, fleet, context })),
        failures,
        ...next,
      };
    },
  };
}

function seen(instance: SimInstance): FleetInstance {
  const { size, tasks, id, ec2InstanceId, status, agentConnected, registeredAt, capacityProvider } = instance;
  const used = held(instance);
  const gpus = Array.from({ length: size.gpus }, (_, i) => `GPU-${i}`);
  const count = counts(tasks);
  return {
    id,
    ec2InstanceId,
    cpu: size.cpu,
    memory: size.memory,
    freeCpu: size.cpu - used.cpu,
    freeMemory: size.memory - used.memory,
    gpus,
    freeGpus: gpus.slice(used.gpus),
    usedPorts: used.ports.flatMap((port) => (port.endsWith('/tcp') ? [Number.parseInt(port, 10)] : [])),
    status,
    agentConnected,
    architecture: size.architecture,
    os: size.os,
    external: size.external,
    registeredAt,
    runningTasks: count.running,
    pendingTasks: count.pending,
    ...(capacityProvider === undefined ? {} : { capacityProvider }),
  };
}

function describeProvider(
  name: string,
  { capacity, fleet, context }: { readonly capacity: Capacity; readonly fleet: Fleet; readonly context: CallContext },
): object {
  const { partition, region, accountId } = context;
  const arn = `arn:${partition}:ecs:${region}:${accountId}:capacity-provider/${name}`;
  if (name.startsWith('FARGATE')) return { capacityProviderArn: arn, name, status: 'ACTIVE', type: name, tags: [] };
  const provider = capacity.providers.get(name);
  const described = fleet.capacityProviders.get(name);
  const managed = provider ? (provider.managedScaling ? 'ENABLED' : 'DISABLED') : described?.managedScaling;
  if (provider?.managedInstances)
    return {
      capacityProviderArn: arn,
      name,
      cluster: provider.cluster.arn,
      status: 'ACTIVE',
      type: 'MANAGED_INSTANCES',
      managedInstancesProvider: {
        infrastructureRoleArn: `arn:${partition}:iam::${accountId}:role/ecsInfrastructureRole`,
        instanceLaunchTemplate: {
          ec2InstanceProfileArn: `arn:${partition}:iam::${accountId}:instance-profile/ecsInstanceRole`,
          networkConfiguration: { subnets: ['subnet-1'] },
          instanceRequirements: provider.managedInstances,
        },
      },
      tags: [],
    };
  const group = `arn:${partition}:autoscaling:${region}:${accountId}:autoScalingGroup:1:autoScalingGroupName/${name}`;
  return {
    capacityProviderArn: arn,
    name,
    ...(provider ? { cluster: provider.cluster.arn } : {}),
    status: described?.status ?? 'ACTIVE',
    type: 'EC2_AUTOSCALING',
    autoScalingGroupProvider: {
      autoScalingGroupArn: group,
      managedScaling: { status: managed ?? 'ENABLED', targetCapacity: 100 },
      managedTerminationProtection: 'DISABLED',
    },
    tags: [],
  };
}
