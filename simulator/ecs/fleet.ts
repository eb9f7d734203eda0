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

export const instanceArn = (clusterArn: string, id: string): string =>
  `${clusterArn.replace(':cluster/', ':container-instance/')}/${id}`;

const RESERVED_PORTS = ['22', '2375', '2376', '51678', '51679'];

export function describeInstance(clusterArn: string, instance: FleetInstance): object {
  const { id, cpu, memory, freeCpu = cpu, freeMemory = memory, gpus = [], freeGpus = gpus, usedPorts = [] } = instance;
  const resources = (cpuNow: number, memoryNow: number, ports: readonly string[], gpuIds: readonly string[]) => [
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
    registeredResources: resources(cpu, memory, RESERVED_PORTS, gpus),
    remainingResources: resources(freeCpu, freeMemory, [...RESERVED_PORTS, ...usedPorts.map(String)], freeGpus),
    status: instance.status ?? 'ACTIVE',
    agentConnected: instance.agentConnected ?? true,
    runningTasksCount: instance.runningTasks ?? 0,
    pendingTasksCount: instance.pendingTasks ?? 0,
    ...(instance.registeredAt === undefined ? {} : { registeredAt: instance.registeredAt }),
    attributes: [
      { name: 'ecs.cpu-architecture', value: instance.architecture ?? 'x86_64' },
      { name: 'ecs.os-type', value: 'linux' },
      { name: 'ecs.capability.task-eni' },
    ],
  };
}
