import type { CallContext } from '../../wire/service.ts';
import { type Capacity, held } from '../capacity.ts';
import { describeInstance, type Fleet, type FleetInstance, instanceArn } from '../fleet.ts';
import type { SimCluster, SimInstance } from '../state.ts';
import type { Clusters } from './clusters.ts';
import { invalid, lastSegment, lookUp, type Operations, page, strings } from './operations.ts';

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
    registeredAt,
    runningTasks: [...tasks].filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasks: [...tasks].filter(({ lastStatus }) => lastStatus === 'PENDING').length,
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
