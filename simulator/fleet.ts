type Input = Readonly<Record<string, unknown>>;

/** CPU in units, memory in MiB. */
export interface SimInstance {
  readonly id: string;
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
}

export interface SimCapacityProvider {
  readonly status?: string;
  readonly managedScaling?: 'ENABLED' | 'DISABLED';
}

/** The EC2 side of ECS: registered instances and capacity providers, as they are described. Tasks are not placed on them. */
export class Fleet {
  readonly instances: SimInstance[] = [];
  readonly capacityProviders = new Map<string, SimCapacityProvider>();

  list(clusterArn: string): object {
    return { containerInstanceArns: this.instances.map(({ id }) => arnOf(clusterArn, id)) };
  }

  describe(clusterArn: string, { containerInstances }: Input): object {
    const wanted = (containerInstances as string[]).map((arn) => arn.slice(arn.lastIndexOf('/') + 1));
    const found = this.instances.filter(({ id }) => wanted.includes(id));
    return {
      containerInstances: found.map((instance) => describe(clusterArn, instance)),
      failures: wanted
        .filter((id) => !found.some((instance) => instance.id === id))
        .map((id) => ({ arn: arnOf(clusterArn, id), reason: 'MISSING' })),
    };
  }

  describeCapacityProviders({ capacityProviders }: Input): object {
    const wanted = (capacityProviders ?? [...this.capacityProviders.keys()]) as string[];
    return {
      capacityProviders: wanted.flatMap((name) => {
        const provider = this.capacityProviders.get(name);
        if (!provider) return [];
        const { status = 'ACTIVE', managedScaling = 'ENABLED' } = provider;
        return [{ name, status, autoScalingGroupProvider: { managedScaling: { status: managedScaling } } }];
      }),
      failures: wanted.filter((name) => !this.capacityProviders.has(name)).map((arn) => ({ arn, reason: 'MISSING' })),
    };
  }
}

const arnOf = (clusterArn: string, id: string): string =>
  `${clusterArn.replace(':cluster/', ':container-instance/')}/${id}`;

const RESERVED_PORTS = ['22', '2375', '2376', '51678', '51679'];

function describe(clusterArn: string, instance: SimInstance): object {
  const { id, cpu, memory, freeCpu = cpu, freeMemory = memory, gpus = [], freeGpus = gpus, usedPorts = [] } = instance;
  const resources = (cpuNow: number, memoryNow: number, ports: readonly string[], gpuIds: readonly string[]) => [
    { name: 'CPU', type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue: cpuNow },
    { name: 'MEMORY', type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue: memoryNow },
    { name: 'PORTS', type: 'STRINGSET', doubleValue: 0, longValue: 0, integerValue: 0, stringSetValue: ports },
    { name: 'PORTS_UDP', type: 'STRINGSET', doubleValue: 0, longValue: 0, integerValue: 0, stringSetValue: [] },
    ...(gpus.length > 0 ? [{ name: 'GPU', type: 'STRINGSET', stringSetValue: gpuIds }] : []),
  ];
  return {
    containerInstanceArn: arnOf(clusterArn, id),
    ec2InstanceId: id,
    ...(instance.capacityProvider ? { capacityProviderName: instance.capacityProvider } : {}),
    registeredResources: resources(cpu, memory, RESERVED_PORTS, gpus),
    remainingResources: resources(freeCpu, freeMemory, [...RESERVED_PORTS, ...usedPorts.map(String)], freeGpus),
    status: instance.status ?? 'ACTIVE',
    agentConnected: instance.agentConnected ?? true,
    attributes: [
      { name: 'ecs.cpu-architecture', value: instance.architecture ?? 'x86_64' },
      { name: 'ecs.os-type', value: 'linux' },
      { name: 'ecs.capability.task-eni' },
    ],
  };
}
