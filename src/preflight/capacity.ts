import { lastPart } from '../arn.ts';
import {
  asObjects,
  type CapacityProvider,
  type ContainerInstance,
  type HostResources,
  type JsonObject,
  objectOf,
} from '../model.ts';
import { plannedRolling } from '../service/change.ts';
import { type Compute, computeOf } from '../service/compute.ts';
import { cpuUnits, memoryMib } from '../taskdef/fargate.ts';
import { containersOf } from '../taskdef/template.ts';
import { type Answer, bad, type Check, notChecked, ok, skip, warn } from './check.ts';
import { networkModeOf, numberOf, type PreflightSubject, textOf } from './subject.ts';

/** Whether the service's tasks are placed on instances of the cluster. */
export function usesInstances({ fargate, service }: PreflightSubject): boolean {
  const compute = computeOf(service) ?? 'EC2';
  return !fargate && (compute === 'EC2' || compute === 'EXTERNAL');
}

/** What one task takes of an instance. */
interface Need extends HostResources {
  /** Static host ports, as `8080/tcp`. */
  readonly ports: readonly string[];
}

/**
 * CPU and memory of the task, else the sums of its containers: ECS reserves the soft limit where there is one.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
export function needOf(subject: PreflightSubject): Need {
  const { definition } = subject;
  const containers = containersOf(definition);
  const sum = (of: (container: JsonObject) => number): number =>
    containers.reduce((total, container) => total + of(container), 0);
  const mode = networkModeOf(subject);
  const ports = mode === 'awsvpc' || mode === 'none' ? [] : containers.flatMap((one) => hostPorts(one, mode));
  return {
    cpu: cpuUnits(textOf(definition.cpu) ?? '') ?? sum(({ cpu }) => numberOf(cpu)),
    memory:
      memoryMib(textOf(definition.memory) ?? '') ??
      sum(({ memoryReservation, memory }) => numberOf(memoryReservation ?? memory)),
    gpus: sum(({ resourceRequirements }) =>
      asObjects(resourceRequirements)
        .filter(({ type }) => type === 'GPU')
        .reduce((total, { value }) => total + numberOf(value), 0),
    ),
    ports,
  };
}

const hostPorts = (container: JsonObject, mode: string): string[] =>
  asObjects(container.portMappings).flatMap(({ hostPort, containerPort, protocol }) => {
    const port = mode === 'host' ? (hostPort ?? containerPort) : hostPort;
    return typeof port === 'number' && port > 0 ? [`${port}/${textOf(protocol) ?? 'tcp'}`] : [];
  });

/** How many more such tasks an instance takes; Infinity for a task that asks for nothing. */
export function roomOn(free: HostResources, usedPorts: readonly string[], need: Need): number {
  if (need.ports.some((port) => usedPorts.includes(port))) return 0;
  const times = (has: number, takes: number): number =>
    takes > 0 ? Math.max(0, Math.floor(has / takes)) : Number.POSITIVE_INFINITY;
  const byPorts = need.ports.length > 0 ? 1 : Number.POSITIVE_INFINITY;
  return Math.min(times(free.cpu, need.cpu), times(free.memory, need.memory), times(free.gpus, need.gpus), byPorts);
}

const ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: 'x86_64', ARM64: 'arm64' };

/** Instances of the service's kind, whether or not they take tasks now. What runtimePlatform leaves open, ECS does not ask for. */
function instancesOfItsKind(
  instances: readonly ContainerInstance[],
  { definition, service }: PreflightSubject,
): ContainerInstance[] {
  const runtime = objectOf(definition.runtimePlatform);
  const architecture = ARCHITECTURES[textOf(runtime.cpuArchitecture) ?? ''];
  const family = textOf(runtime.operatingSystemFamily);
  const os = family && (family.startsWith('WINDOWS') ? 'windows' : 'linux');
  const fits = (wanted: string | undefined, has: string | undefined): boolean =>
    wanted === undefined || has === undefined || wanted === has;
  const { capacityProviders: providers } = service;
  return instances.filter(
    (instance) =>
      (instance.external === true) === (computeOf(service) === 'EXTERNAL') &&
      (providers.length === 0 || providers.includes(instance.capacityProvider ?? '')) &&
      fits(architecture, instance.architecture) &&
      fits(os, instance.os),
  );
}

/**
 * Whether the next tasks find room beside what runs. Only what can never work is `bad`: a rollout that has to wait for room may
 * well get it, and a run that is repeated finds its own tasks in the way.
 */
export function judgeCapacity(
  subject: PreflightSubject,
  answers: {
    readonly instances: Answer<readonly ContainerInstance[]> | undefined;
    readonly capacityProviders: Answer<readonly CapacityProvider[]> | undefined;
  },
): Check[] {
  if (!usesInstances(subject)) return judgeSpot(subject);
  const { service, inputs } = subject;
  const rolling = plannedRolling(inputs, service);
  if ((inputs.desiredCount ?? service.desiredCount) === 0 && service.schedulingStrategy === 'REPLICA') return [];
  const providers = answers.capacityProviders?.kind === 'found' ? answers.capacityProviders.value : [];
  const scaling = providers.filter(({ addsInstances, status }) => addsInstances && status === 'ACTIVE');
  const checks = providersOf(subject, answers.capacityProviders);
  const compute = computeOf(service, { providers }) ?? 'EC2';
  if (compute === 'MANAGED_INSTANCES') return [...checks, ...judgeManaged(subject, providers)];
  const words = WORDS[compute === 'EXTERNAL' ? 'EXTERNAL' : 'EC2'];
  if (answers.instances?.kind !== 'found') return [...checks, notChecked('capacity', answers.instances)];
  const ofItsKind = instancesOfItsKind(answers.instances.value, subject);
  const instances = ofItsKind.filter(({ available }) => available);
  const need = needOf(subject);
  const grows =
    scaling.length > 0 ? `managed scaling of ${scaling.map(({ name }) => name).join(', ')} adds instances` : '';
  // How large the Auto Scaling group may grow, and whether EC2 has such instances, was not asked.
  const soon = `${grows}, up to the maximum of its Auto Scaling group (not checked), which takes some minutes`;
  const wants = wording(need);

  if (instances.length === 0) {
    const whose = service.capacityProviders.length > 0 ? ` of ${service.capacityProviders.join(', ')}` : '';
    const cluster = lastPart(service.clusterArn);
    const none =
      answers.instances.value.length === 0
        ? `${service.name} runs on ${words.one}s${whose}, and the cluster ${cluster} has no ${words.one}`
        : `no ${words.one}${whose} of the cluster ${cluster} is ready to take tasks of this service`;
    const coming = ofItsKind.length > 0; // they may come back, or be on their way out while others come
    if (grows) return [...checks, skip('capacity', `${none}; ${soon}.`)];
    const check = coming
      ? warn('capacity', `${none}: ${ofItsKind.length} registered, but draining or with a disconnected agent.`)
      : bad('capacity', `${none}, so no task could start.`, words.addOfItsKind);
    return [...checks, check];
  }
  if (!instances.some(({ total }) => roomOn(total, [], need) > 0)) {
    const problem = `a task takes ${wants}, more than any of the ${instances.length} ${words.one}s has even when it is empty`;
    const check = grows
      ? warn('capacity', `${problem}; ${grows}, but they are most likely of the same size.`)
      : bad('capacity', `${problem}.`, `Lower \`cpu\` and \`memory\` (template or inputs), or ${words.addLarger}.`);
    return [...checks, check];
  }
  if (service.schedulingStrategy === 'DAEMON')
    return [...checks, ok('capacity', `${instances.length} ${words.one}s; each old task makes room for the new one.`)];

  const room = instances.reduce((total, { free, usedPorts }) => total + roomOn(free, usedPorts, need), 0);
  const beside = Math.max(0, rolling.hi - service.runningCount);
  const fits = Number.isFinite(room) ? `${room}` : 'any number';
  const uncounted = uncountedOf(subject);
  const seen = `a task takes ${wants}; ${instances.length} ${words.one}${instances.length === 1 ? ' has' : 's have'} room for ${fits} more`;
  if (room > 0 || beside === 0) {
    const slower =
      room < beside ? `, of the ${beside} that may run beside the old ones: so it continues in smaller batches` : '';
    return [...checks, ok('capacity', `${seen}${slower}.`), ...uncounted];
  }
  if (grows) return [...checks, skip('capacity', `${seen}; ${soon}.`)];
  if (service.runningCount > rolling.lo) {
    const stops = service.runningCount - rolling.lo;
    return [
      ...checks,
      warn('capacity', `${seen}; ECS first stops ${stops} old task${stops === 1 ? '' : 's'} to make room.`),
    ];
  }
  const taken = blockedPorts(instances, need);
  return [
    ...checks,
    warn(
      'capacity',
      `${seen}${taken.length > 0 ? ` (host port ${taken.join(', ')} is taken on each)` : ''}, and no old task may stop before a new one runs (at least ${rolling.lo} healthy): the rollout waits until there is room.`,
      taken.length > 0
        ? `Use a dynamic host port ("hostPort": 0), ${words.add}, or set \`minimum-healthy-percent\` lower.`
        : `${capitalized(words.add)}, or set \`minimum-healthy-percent\` lower, so that old tasks make room.`,
    ),
  ];
}

const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** What limits the room as well, and is not in the count. */
const uncountedOf = (subject: PreflightSubject): Check[] => [
  ...(networkModeOf(subject) === 'awsvpc'
    ? [
        skip(
          'network interfaces',
          'not checked: each task takes one, and ECS does not report how many its instance has left.',
        ),
      ]
    : []),
  ...(asObjects(subject.definition.placementConstraints).length > 0
    ? [skip('placement constraints', 'not checked: only ECS evaluates those of the task definition.')]
    : []),
];

/** How a cluster gets more of them. */
const WORDS = {
  EC2: {
    one: 'instance',
    add: 'add an instance',
    addLarger: 'add larger instances',
    addOfItsKind:
      'Raise the desired capacity of its Auto Scaling group, or see why its instances do not register: `ECS_CLUSTER` in /etc/ecs/ecs.config, the instance role, the way to ECS. They have to be of the architecture of the task, and of the capacity provider of the service if it has one. Where the service runs is its launchType or capacityProviderStrategy: docs/launch-types.md.',
  },
  EXTERNAL: {
    one: 'external instance',
    add: 'register another external instance',
    addLarger: 'register a larger machine',
    addOfItsKind:
      'Register an external instance (ECS Anywhere) of its architecture in the cluster, or see that the agent of yours runs.',
  },
} as const satisfies Partial<Record<Compute, object>>;

/**
 * ECS Managed Instances: ECS launches an instance that takes the task, so only what its capacity provider rules out can never work.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instances-instance-types.html
 */
function judgeManaged(subject: PreflightSubject, providers: readonly CapacityProvider[]): Check[] {
  const need = needOf(subject);
  const obstacles = providers.map((provider) => ({ name: provider.name, problems: ruledOut(subject, provider, need) }));
  const [first] = obstacles;
  if (first && obstacles.every(({ problems }) => problems.length > 0)) {
    const [problem] = first.problems;
    return [
      bad(
        'capacity',
        `a task takes ${wording(need)}, and ${problem} of the capacity provider ${first.name} allow no instance for it.`,
        'Change instanceRequirements of the capacity provider (aws ecs update-capacity-provider), or what the task asks for.',
      ),
    ];
  }
  const takes = `a task takes ${wording(need)}`;
  const later = 'ECS launches an instance for it where none has room, in some minutes';
  const allowed = obstacles.filter(({ problems }) => problems.length === 0).map(({ name }) => name);
  return allowed.length === 0
    ? [skip('capacity', `${takes}; ${later}; not checked: the capacity provider is not known.`)]
    : [ok('capacity', `${takes}, which ${allowed.join(', ')} ${allowed.length === 1 ? 'allows' : 'allow'}; ${later}.`)];
}

/** Which requirements leave no instance for the task. */
function ruledOut({ definition }: PreflightSubject, { requirements = {} }: CapacityProvider, need: Need): string[] {
  const { vCpuMax, memoryMibMax, acceleratorsMax, acceleratorTypes, cpuManufacturers } = requirements;
  const runtime = objectOf(definition.runtimePlatform);
  const architecture = textOf(runtime.cpuArchitecture);
  const isGraviton = (maker: string): boolean => maker === 'amazon-web-services';
  const makes = (arm: boolean): boolean => cpuManufacturers?.some((maker) => isGraviton(maker) === arm) ?? true;
  const noGpu = acceleratorsMax !== undefined && need.gpus > acceleratorsMax;
  const otherAccelerators = need.gpus > 0 && acceleratorTypes !== undefined && !acceleratorTypes.includes('gpu');
  return [
    ...(vCpuMax !== undefined && need.cpu > vCpuMax * 1024 ? [`at most ${vCpuMax} vCPUs (vCpuCount.max)`] : []),
    ...(memoryMibMax !== undefined && need.memory > memoryMibMax
      ? [`at most ${memoryMibMax} MiB (memoryMiB.max)`]
      : []),
    ...(noGpu ? [`at most ${acceleratorsMax} accelerators (acceleratorCount.max)`] : []),
    ...(otherAccelerators ? [`accelerators of the types ${acceleratorTypes.join(', ')} (acceleratorTypes)`] : []),
    ...(architecture === 'ARM64' && !makes(true) ? [`CPUs of ${cpuManufacturers?.join(', ')} (cpuManufacturers)`] : []),
    ...(architecture === 'X86_64' && !makes(false)
      ? [`CPUs of ${cpuManufacturers?.join(', ')} (cpuManufacturers)`]
      : []),
    ...(textOf(runtime.operatingSystemFamily)?.startsWith('WINDOWS')
      ? ['Linux instances (the only ones there are)']
      : []),
  ];
}

/** "FARGATE_SPOT supports Linux tasks". https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */
function judgeSpot({ definition, service }: PreflightSubject): Check[] {
  const family = textOf(objectOf(definition.runtimePlatform).operatingSystemFamily);
  if (!family?.startsWith('WINDOWS') || !service.capacityProviders.includes('FARGATE_SPOT')) return [];
  return [
    bad(
      'capacity provider FARGATE_SPOT',
      `runs Linux tasks only, and the task definition asks for ${family}.`,
      'Use FARGATE alone in the capacity provider strategy of the service.',
    ),
  ];
}

function providersOf({ service }: PreflightSubject, answer: Answer<readonly CapacityProvider[]> | undefined): Check[] {
  if (service.capacityProviders.length === 0) return [];
  const subject = `capacity provider ${service.capacityProviders.join(', ')}`;
  if (answer?.kind !== 'found') return [notChecked(subject, answer)];
  return service.capacityProviders.map((name) => {
    const found = answer.value.find((provider) => provider.name === name);
    const one = `capacity provider ${name}`;
    if (found?.status !== 'ACTIVE') {
      return bad(
        one,
        `is ${found ? found.status : 'not there'}, so the service gets no instances by it.`,
        "Create it again, or change the service's capacity provider strategy.",
      );
    }
    if (found.compute === 'MANAGED_INSTANCES') return ok(one, 'is ACTIVE (ECS Managed Instances).');
    return ok(
      one,
      found.addsInstances
        ? 'is ACTIVE and adds instances when they are needed.'
        : 'is ACTIVE; it does not add instances automatically.',
    );
  });
}

const blockedPorts = (instances: readonly ContainerInstance[], { ports }: Need): string[] =>
  ports.filter((port) => instances.every(({ usedPorts }) => usedPorts.includes(port)));

function wording({ cpu, memory, gpus, ports }: Need): string {
  const parts = [
    `${cpu} CPU units`,
    `${memory} MiB`,
    ...(gpus > 0 ? [`${gpus} GPU${gpus === 1 ? '' : 's'}`] : []),
    ...(ports.length > 0 ? [`host port ${ports.join(', ')}`] : []),
  ];
  return parts.join(', ');
}
