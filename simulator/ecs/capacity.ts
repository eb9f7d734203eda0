import type { SimClock } from '../clock.ts';
import type { Ids, InstanceSize, SimCluster, SimInstance, SimTask } from './state.ts';

/** instanceRequirements of ECS Managed Instances, in the members of the API. */
export interface InstanceRequirements {
  readonly vCpuCount?: { readonly min: number; readonly max?: number };
  readonly memoryMiB?: { readonly min: number; readonly max?: number };
  readonly acceleratorCount?: { readonly min?: number; readonly max?: number };
  readonly acceleratorTypes?: readonly string[];
  readonly cpuManufacturers?: readonly string[];
}

/** An Auto Scaling group as a capacity provider, or ECS Managed Instances. */
export interface ProviderSettings {
  readonly name: string;
  /** ECS Managed Instances: it launches an instance that takes the task, as far as these allow one. */
  readonly managedInstances?: InstanceRequirements;
  /** EC2 launches no instance, in its words ("UnfulfillableCapacity"); undefined again once it does. */
  launchError?: string | undefined;
  /** Of the instances that it adds. */
  readonly instance?: InstanceSize;
  /** Managed scaling (default) adds instances for tasks in PROVISIONING. */
  readonly managedScaling?: boolean;
  readonly maximumInstances?: number;
  /** From the first waiting task to the new instance (default 120). */
  readonly scaleOutSeconds?: number;
}

type Optional = 'managedInstances' | 'launchError';
interface Provider extends Required<Omit<ProviderSettings, Optional>>, Pick<ProviderSettings, Optional> {
  readonly cluster: SimCluster;
  arriving: number;
}

/** The result of placing a task. */
export type Placement =
  | { readonly kind: 'placed' }
  /** Waits in PROVISIONING until managed scaling has brought an instance. */
  | { readonly kind: 'provisioning' }
  /** `reason` ends AWS's sentence: of a launch that fails, of Fargate ("unable to place a task. Reason: ...") or of the closest instance. */
  | { readonly kind: 'unplaceable'; readonly on: 'fargate' | 'ec2' | 'launch'; readonly reason: string };

const DEFAULT_SIZE: Required<InstanceSize> = {
  cpu: 2048,
  memory: 3884,
  gpus: 0,
  enis: 3,
  architecture: 'x86_64',
  os: 'linux',
  external: false,
};
/** Limit of tasks in PROVISIONING per cluster. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html */
const PROVISIONING_LIMIT = 500;

/**
 * Where tasks are placed: Fargate's quota, the container instances of a cluster with CPU, memory, host ports, GPUs and
 * network interfaces, and capacity providers that add instances. A task holds its resources until it is STOPPED.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
 */
export class Capacity {
  readonly providers = new Map<string, Provider>();
  readonly #clock: SimClock;
  readonly #ids: Ids;
  readonly #fargate = new Set<SimTask>();
  readonly #waiting = new Set<SimTask>();
  readonly #listeners: (() => void)[] = [];
  #fargateTasks = Number.POSITIVE_INFINITY;
  readonly #full = new Set<string>();
  #fargateReason = '';
  /** Whose tasks come last, and find the quota used up. */
  #fargateIsLast: (task: SimTask) => boolean = () => true;
  #launchError: string | undefined;

  constructor(clock: SimClock, ids: Ids) {
    this.#clock = clock;
    this.#ids = ids;
  }

  /** Called whenever there may be room again. */
  onRoom(listener: () => void): void {
    this.#listeners.push(listener);
  }
  #announce(): void {
    for (const listener of this.#listeners) listener();
  }

  /** How many Fargate tasks may run at a time, and AWS's words when there are more. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
  limitFargate(tasks: number, reason: string, isLast: (task: SimTask) => boolean = () => true): void {
    this.#fargateTasks = tasks;
    this.#fargateReason = reason;
    this.#fargateIsLast = isLast;
    this.#announce();
  }

  /** No instance of the cluster has room for further tasks of a group, `service:web`; those of others find it. */
  fillFor(group: string): void {
    this.#full.add(group);
    this.#announce();
  }

  /** No task can be launched, for example when ECS cannot assume the role; undefined ends this. */
  failLaunches(error: string | undefined): void {
    this.#launchError = error;
    this.#announce();
  }

  addInstance(cluster: SimCluster, size: InstanceSize = {}, capacityProvider?: string): SimInstance {
    const id = this.#ids.hexadecimal();
    const instance: SimInstance = {
      arn: `${cluster.arn.replace(':cluster/', ':container-instance/')}/${id}`,
      id,
      ec2InstanceId: `${size.external ? 'mi' : 'i'}-0${id.slice(0, 16)}`,
      size: { ...DEFAULT_SIZE, ...size },
      registeredAt: this.#clock.now(),
      status: 'ACTIVE',
      agentConnected: true,
      tasks: new Set(),
      ...(capacityProvider === undefined ? {} : { capacityProvider }),
    };
    cluster.instances = [...(cluster.instances ?? []), instance];
    this.#announce();
    return instance;
  }

  removeInstance(cluster: SimCluster, instance: SimInstance): void {
    cluster.instances = (cluster.instances ?? []).filter((one) => one !== instance);
  }

  addProvider(cluster: SimCluster, settings: ProviderSettings): void {
    cluster.instances ??= [];
    if (!cluster.capacityProviders.includes(settings.name)) cluster.capacityProviders.push(settings.name);
    const defaults = { instance: {}, managedScaling: true, maximumInstances: 10, scaleOutSeconds: 120 };
    this.providers.set(settings.name, { ...defaults, ...settings, cluster, arriving: 0 });
  }

  /** Whether its tasks run on ECS Managed Instances. */
  isManaged(provider: string): boolean {
    return this.providers.get(provider)?.managedInstances !== undefined;
  }

  /** EC2 launches no instances for a provider from now on, or does so again. */
  failProvider(name: string, error: string | undefined): void {
    const provider = this.providers.get(name);
    if (provider) provider.launchError = error;
    this.#announce();
  }

  /** Finds room and takes it; `only` ties a daemon's task to its instance. */
  place(task: SimTask, only?: SimInstance): Placement {
    if (this.#launchError !== undefined) return { kind: 'unplaceable', on: 'launch', reason: this.#launchError };
    if (task.launchType === 'FARGATE') return this.#placeOnFargate(task);
    const { instances } = task.cluster;
    if (task.group !== undefined && this.#full.has(task.group))
      return {
        kind: 'unplaceable',
        on: 'ec2',
        reason: `The closest matching (container-instance ${instances?.[0]?.id ?? '0'.repeat(32)}) has insufficient memory available.`,
      };
    if (instances === undefined) return { kind: 'placed' };
    const needs = needsOf(task);
    const candidates = instances.filter(
      (one) =>
        one.status === 'ACTIVE' &&
        one.size.external === (task.launchType === 'EXTERNAL') &&
        (only === undefined || one === only) &&
        (task.capacityProvider === undefined || one.capacityProvider === task.capacityProvider),
    );
    const roomiest = candidates.sort((a, b) => freeMemory(b) - freeMemory(a));
    const open = roomiest.find((instance) => obstacle(instance, needs) === undefined);
    if (open) {
      open.tasks.add(task);
      task.instance = open;
      return { kind: 'placed' };
    }
    const provider = this.providers.get(task.capacityProvider ?? '');
    if (provider?.launchError !== undefined) return unlaunchable(provider.name, provider.launchError);
    if (provider?.managedInstances && !allows(provider.managedInstances, needs))
      return unlaunchable(provider.name, NO_SUCH_TYPE);
    if (provider?.managedScaling && this.#waiting.size < PROVISIONING_LIMIT) return this.#wait(task, provider);
    const [closest] = roomiest;
    const where = task.capacityProvider === undefined ? 'cluster' : 'capacity provider';
    const reason = closest
      ? `The closest matching (container-instance ${closest.id}) ${obstacle(closest, needs)}.`
      : `Reason: No Container Instances were found in your ${where}.`;
    return { kind: 'unplaceable', on: 'ec2', reason };
  }

  #placeOnFargate(task: SimTask): Placement {
    if (this.#fargate.size >= this.#fargateTasks && this.#fargateIsLast(task))
      return { kind: 'unplaceable', on: 'fargate', reason: this.#fargateReason };
    this.#fargate.add(task);
    return { kind: 'placed' };
  }

  #wait(task: SimTask, provider: Provider): Placement {
    this.#waiting.add(task);
    const own = provider.cluster.instances?.filter(({ capacityProvider }) => capacityProvider === provider.name) ?? [];
    if (provider.arriving === 0 && own.length < provider.maximumInstances) {
      provider.arriving++;
      this.#clock.after(provider.scaleOutSeconds, () => {
        provider.arriving--;
        const size = provider.managedInstances ? sizeFor(needsOf(task)) : {};
        this.addInstance(provider.cluster, { ...size, ...provider.instance }, provider.name);
      });
    }
    return { kind: 'provisioning' };
  }

  /** Tasks in PROVISIONING for which there is room now. */
  placeWaiting(): SimTask[] {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    return waiting.filter((task) => task.desiredStatus === 'RUNNING' && this.place(task).kind === 'placed');
  }

  release(task: SimTask): void {
    const held = this.#fargate.delete(task) || task.instance?.tasks.delete(task) || this.#waiting.delete(task);
    if (held && (this.#waiting.size > 0 || task.instance || this.#fargateTasks < Number.POSITIVE_INFINITY))
      this.#announce();
  }
}

interface Needs {
  readonly cpu: number;
  readonly memory: number;
  readonly gpus: number;
  readonly enis: number;
  readonly ports: readonly string[];
  readonly architecture: string;
  readonly os: string;
}
type Definition = Readonly<Record<string, unknown>>;

function needsOf({ definition, containers }: SimTask): Needs {
  const number = (value: unknown): number => (value === undefined ? 0 : Number(value));
  const sum = (of: (definition: Definition) => number): number =>
    containers.reduce((total, container) => total + of(container.definition), 0);
  const awsvpc = definition.networkMode === 'awsvpc';
  const ports = containers.flatMap(({ definition: { portMappings } }) =>
    ((portMappings ?? []) as readonly Definition[]).flatMap(({ hostPort, protocol = 'tcp' }) =>
      awsvpc || !hostPort ? [] : [`${String(hostPort)}/${String(protocol)}`],
    ),
  );
  const gpus = (requirements: unknown): number =>
    ((requirements ?? []) as readonly { type: string; value: string }[])
      .filter(({ type }) => type === 'GPU')
      .reduce((total, { value }) => total + Number(value), 0);
  const platform = definition.runtimePlatform as
    | { cpuArchitecture?: string; operatingSystemFamily?: string }
    | undefined;
  return {
    cpu: number(definition.cpu) || sum((one) => number(one.cpu)),
    memory: number(definition.memory) || sum((one) => number(one.memoryReservation ?? one.memory)),
    gpus: sum((one) => gpus(one.resourceRequirements)),
    enis: awsvpc ? 1 : 0,
    ports,
    architecture: platform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'x86_64',
    os: platform?.operatingSystemFamily?.startsWith('WINDOWS') ? 'windows' : 'linux',
  };
}

/** What the tasks of an instance hold together. */
export function held(instance: SimInstance): Needs {
  const all = [...instance.tasks].map(needsOf);
  const sum = (of: (needs: Needs) => number): number => all.reduce((total, needs) => total + of(needs), 0);
  return {
    cpu: sum(({ cpu }) => cpu),
    memory: sum(({ memory }) => memory),
    gpus: sum(({ gpus }) => gpus),
    enis: sum(({ enis }) => enis),
    ports: all.flatMap(({ ports }) => ports),
    architecture: instance.size.architecture,
    os: instance.size.os,
  };
}

/** "ECS selects the most cost-optimized instance types" for the task: the smallest whole vCPU and GiB that take it. */
const sizeFor = ({ cpu, memory, gpus, architecture, os }: Needs): InstanceSize => ({
  cpu: Math.max(1024, Math.ceil(cpu / 1024) * 1024),
  memory: Math.max(2048, Math.ceil(memory / 1024) * 1024 + 512),
  gpus,
  ...(architecture === 'arm64' ? { architecture } : {}),
  ...(os === 'windows' ? { os } : {}),
});

const NO_SUCH_TYPE = 'No instance types match the instance requirements';

/** Whether an instance that takes the task may be launched. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instances-instance-types.html */
function allows(requirements: InstanceRequirements, { cpu, memory, gpus, architecture, os }: Needs): boolean {
  const { vCpuCount, memoryMiB, acceleratorCount, acceleratorTypes, cpuManufacturers } = requirements;
  const within = (wanted: number, max: number | undefined): boolean => max === undefined || wanted <= max;
  const isArm = architecture === 'arm64';
  return (
    os === 'linux' &&
    within(cpu, vCpuCount?.max === undefined ? undefined : vCpuCount.max * 1024) &&
    within(memory, memoryMiB?.max) &&
    within(gpus, acceleratorCount?.max) &&
    (gpus === 0 || acceleratorTypes === undefined || acceleratorTypes.includes('gpu')) &&
    (cpuManufacturers === undefined || cpuManufacturers.some((one) => (one === 'amazon-web-services') === isArm))
  );
}

const unlaunchable = (provider: string, error: string): Placement => ({
  kind: 'unplaceable',
  on: 'fargate',
  reason: `ResourceInitializationError: Unable to launch instance(s) for capacity provider ${provider}. ${error}`,
});

const freeMemory = (instance: SimInstance): number => instance.size.memory - held(instance).memory;

/** Why a task does not fit on an instance, in AWS's words; undefined when it does. */
function obstacle(instance: SimInstance, needs: Needs): string | undefined {
  const used = held(instance);
  const { size } = instance;
  if (!instance.agentConnected) return 'encountered error "AGENT"';
  if (needs.architecture !== size.architecture || needs.os !== size.os)
    return 'is missing an attribute required by your task';
  if (needs.ports.some((port) => used.ports.includes(port))) return 'is already using a port required by your task';
  if (used.memory + needs.memory > size.memory) return 'has insufficient memory available';
  if (used.cpu + needs.cpu > size.cpu) return 'has insufficient CPU units available';
  if (used.gpus + needs.gpus > size.gpus) return 'encountered error "RESOURCE:GPU"';
  if (used.enis + needs.enis > size.enis) return 'encountered error "RESOURCE:ENI"';
  return undefined;
}
