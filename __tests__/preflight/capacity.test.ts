import fc from 'fast-check';
import type { CapacityProvider, ContainerInstance, ServiceState } from '../../src/model.ts';
import { needOf, roomOn, usesInstances } from '../../src/preflight/capacity.ts';
import type { Check } from '../../src/preflight/check.ts';
import { denied, found, instance, lines, onInstances, subject } from './made.ts';

/** Whether another wave finds room on the cluster's instances. */
const scaling = (addsInstances: boolean): CapacityProvider => ({
  name: 'spot',
  status: 'ACTIVE',
  compute: 'EC2',
  addsInstances,
});

interface Case {
  readonly instances?: readonly ContainerInstance[];
  readonly providers?: readonly CapacityProvider[];
  readonly service?: Partial<ServiceState>;
  readonly definition?: object;
}
function capacity({ instances = [instance()], providers, service, definition = {} }: Case): Check[] {
  const given = {
    launchType: 'EC2',
    subnets: [],
    loadBalancers: [],
    ...(providers ? { capacityProviders: providers.map(({ name }) => name) } : {}),
    ...service,
  };
  return lines(onInstances({ definition, service: given }), {
    instances: found(instances),
    capacityProviders: providers && found(providers),
  }).filter((line) => line.subject.startsWith('capacity'));
}

const full = instance({ free: { cpu: 100, memory: 4096, gpus: 0 } });
const small = instance({ total: { cpu: 100, memory: 128, gpus: 0 }, free: { cpu: 100, memory: 128, gpus: 0 } });
const ports = (hostPort: number): object => ({
  containerDefinitions: [
    { name: 'app', image: 'x.dev/a', cpu: 256, memory: 512, portMappings: [{ containerPort: 80, hostPort }] },
  ],
});

test.each<[string, Case, string, RegExp]>([
  ['room enough', {}, 'ok', /^capacity: a task takes 256 CPU units, 512 MiB; 1 instance has room for 8 more\.$/],
  [
    'room for a part of the wave',
    { instances: [instance({ free: { cpu: 300, memory: 4096, gpus: 0 } })] },
    'ok',
    /room for 1 more, of the 2 that may run beside the old ones: so it continues in smaller batches/,
  ],
  [
    'no room, and no old task may stop',
    { instances: [full] },
    'warn',
    /room for 0 more, and no old task may stop before a new one runs \(at least 2 healthy\): the rollout waits until there is room\. Add an instance, or set `minimum-healthy-percent` lower/,
  ],
  [
    'no room, but old tasks may stop first',
    { instances: [full], service: { minimumHealthyPercent: 50 } },
    'warn',
    /ECS first stops 1 old task to make room/,
  ],
  [
    'no room is needed',
    { instances: [full], service: { maximumPercent: 100, minimumHealthyPercent: 50 } },
    'ok',
    /room for 0 more/,
  ],
  [
    'no instance',
    { instances: [] },
    'bad',
    /the cluster default has no instance, so no task could start\. Raise the desired capacity of its Auto Scaling group/,
  ],
  [
    'none that takes tasks just now',
    { instances: [instance({ available: false })] },
    'warn',
    /1 registered, but draining or with a disconnected agent/,
  ],
  [
    'none of the architecture',
    { definition: { runtimePlatform: { cpuArchitecture: 'ARM64' } } },
    'bad',
    /no instance of the cluster default is ready/,
  ],
  [
    'none of the system',
    { instances: [instance({ os: 'windows' })], definition: { runtimePlatform: { operatingSystemFamily: 'LINUX' } } },
    'bad',
    /no instance of the cluster default is ready/,
  ],
  ['any system, as the task asks for none', { instances: [instance({ os: 'windows' })] }, 'ok', /room for 8/],
  [
    'none of the capacity provider',
    { providers: [scaling(false)] },
    'bad',
    /no instance of spot of the cluster default is ready to take tasks of this service/,
  ],
  [
    'none yet of a capacity provider that scales',
    { instances: [], providers: [scaling(true)] },
    'skip',
    /managed scaling of spot adds instances, up to the maximum of its Auto Scaling group \(not checked\)/,
  ],
  [
    'no room on a capacity provider that scales',
    { instances: [{ ...full, capacityProvider: 'spot' }], providers: [scaling(true)] },
    'skip',
    /room for 0 more; managed scaling of spot adds instances/,
  ],
  [
    'too large a task',
    { instances: [small] },
    'bad',
    /more than any of the 1 instances has even when it is empty\. Lower `cpu` and `memory`/,
  ],
  [
    'too large a task for what scales',
    { instances: [{ ...small, capacityProvider: 'spot' }], providers: [scaling(true)] },
    'warn',
    /most likely of the same size/,
  ],
  [
    'GPUs that nobody has',
    {
      definition: {
        containerDefinitions: [
          { name: 'app', image: 'x.dev/a', memory: 1, resourceRequirements: [{ type: 'GPU', value: '1' }] },
        ],
      },
    },
    'bad',
    /1 GPU, more than any/,
  ],
  [
    'a static port that is taken',
    { instances: [instance({ usedPorts: ['80/tcp'] })], definition: ports(80) },
    'warn',
    /\(host port 80\/tcp is taken on each\).*Use a dynamic host port/,
  ],
  [
    'a static port: one task an instance',
    { instances: [instance(), instance({ id: 'i-2' })], definition: ports(80) },
    'ok',
    /2 instances have room for 2 more/,
  ],
  [
    'the same port of another protocol',
    { instances: [instance({ usedPorts: ['80/udp'] })], definition: ports(80) },
    'ok',
    /room for 1 more/,
  ],
  ['dynamic ports', { instances: [instance({ usedPorts: ['0/tcp'] })], definition: ports(0) }, 'ok', /room for 8/],
  [
    'the ports of the host itself',
    { instances: [instance({ usedPorts: ['80/tcp'] })], definition: { ...ports(80), networkMode: 'host' } },
    'warn',
    /80\/tcp is taken/,
  ],
  [
    'awsvpc: ports do not count',
    {
      instances: [instance({ usedPorts: ['80/tcp'] })],
      definition: { ...ports(80), networkMode: 'awsvpc' },
      service: { subnets: ['subnet-1'] },
    },
    'ok',
    /room for 8 more\.$/,
  ],
  [
    'a daemon',
    { instances: [full], service: { schedulingStrategy: 'DAEMON', minimumHealthyPercent: 0, maximumPercent: 100 } },
    'ok',
    /each old task makes room/,
  ],
])('%s', (_, given, status, expected) => {
  const checks = capacity(given).filter(({ subject: about }) => about === 'capacity');
  expect(checks).toEqual([expect.objectContaining({ status, text: expect.stringMatching(expected) })]);
});

test('a service of nothing needs no room', () => {
  expect(capacity({ instances: [], service: { desiredCount: 0, runningCount: 0 } })).toEqual([]);
});

test('what limits the room and cannot be counted is skipped, with the reason', () => {
  const definition = { ...ports(80), networkMode: 'awsvpc', placementConstraints: [{ type: 'memberOf' }] };
  const given = onInstances({
    definition,
    service: { launchType: 'EC2', subnets: ['subnet-1'], loadBalancers: [] },
  });
  const checks = lines(given, { instances: found([instance()]) });
  const about = checks.filter(({ subject: one }) => /^(?:network interfaces|placement|capacity)/.test(one));
  expect(about.map(({ status, text }) => `${status} ${text}`)).toEqual([
    expect.stringMatching(/^ok capacity: /),
    'skip network interfaces: not checked: each task takes one, and ECS does not report how many its instance has left.',
    'skip placement constraints: not checked: only ECS evaluates those of the task definition.',
  ]);
});

test('a capacity provider that is gone', () => {
  const checks = capacity({ providers: [{ ...scaling(true), status: 'INACTIVE' }] });
  expect(checks.map(({ status, subject: about }) => [status, about])).toContainEqual(['bad', 'capacity provider spot']);
});

test('denied', () => {
  const [line] = lines(onInstances(), { instances: denied('ecs:ListContainerInstances') }).filter(
    ({ status }) => status === 'skip',
  );
  expect(line?.text).toMatch(/^capacity: not checked.*ecs:ListContainerInstances/);
});

describe('what a task takes', () => {
  test.each<[string, object, object]>([
    ['the task size', { cpu: '0.5 vCPU', memory: '1 GB' }, { cpu: 512, memory: 1024 }],
    [
      'the sums of its containers, soft limits first',
      {
        containerDefinitions: [
          { name: 'a', image: 'x', cpu: 100, memory: 300, memoryReservation: 200 },
          { name: 'b', image: 'x', memory: 50 },
        ],
      },
      { cpu: 100, memory: 250 },
    ],
  ])('%s', (_, definition, expected) => {
    const { cpu: __, memory: ___, ...plain } = onInstances().definition as Record<string, unknown>;
    expect(needOf(subject({ definition: { ...plain, ...definition }, subject: { fargate: false } }))).toMatchObject(
      expected,
    );
  });
});

describe('room', () => {
  const resources = fc.record({ cpu: fc.nat(8192), memory: fc.nat(16384), gpus: fc.nat(8) });

  test('never takes more than there is, and leaves less than one more task', () => {
    fc.assert(
      fc.property(resources, resources, (free, need) => {
        const room = roomOn(free, [], { ...need, ports: [] });
        if (!Number.isFinite(room)) return need.cpu + need.memory + need.gpus === 0;
        const taken = (count: number): boolean =>
          count * need.cpu <= free.cpu && count * need.memory <= free.memory && count * need.gpus <= free.gpus;
        return taken(room) && !taken(room + 1);
      }),
    );
  });

  test('is never less with more free, and static ports make it one at most', () => {
    fc.assert(
      fc.property(resources, resources, resources, (free, more, need) => {
        const larger = { cpu: free.cpu + more.cpu, memory: free.memory + more.memory, gpus: free.gpus + more.gpus };
        const room = roomOn(free, [], { ...need, ports: ['80/tcp'] });
        return room <= roomOn(larger, [], { ...need, ports: ['80/tcp'] }) && room <= 1;
      }),
    );
  });
});

test.each(['EC2', 'EXTERNAL', 'MANAGED_INSTANCES', 'FARGATE'] as const)(
  'tasks are placed on instances or not: %s',
  (launchType) => {
    const on = subject(onInstances({ service: { launchType } }));
    expect(usesInstances(on)).toBe(launchType === 'EC2' || launchType === 'EXTERNAL');
    expect(usesInstances({ ...on, fargate: true })).toBe(false);
  },
);

test.each<[string, string[]]>([
  ['bridge', ['80/tcp', '53/udp']],
  ['host', ['80/tcp', '53/udp', '81/tcp']],
  ['none', []],
  ['awsvpc', []],
])('the host ports that a task takes in the network mode %s', (networkMode, taken) => {
  const portMappings = [
    { containerPort: 8080, hostPort: 80 },
    { containerPort: 53, hostPort: 53, protocol: 'udp' },
    { containerPort: 81 },
    { containerPort: 9, hostPort: 0 },
    { containerPortRange: '1-2' },
  ];
  const definition = { networkMode, containerDefinitions: [{ name: 'a', portMappings }] };
  expect(needOf(subject(onInstances({ definition }))).ports).toEqual(taken);
});

test.each<[string, object, Partial<ReturnType<typeof needOf>>]>([
  [
    'the size of the task',
    { cpu: '.5 vCPU', memory: '1 GB', containerDefinitions: [{ cpu: 7, memory: 7 }] },
    { cpu: 512, memory: 1024 },
  ],
  [
    'the sums of its containers',
    { containerDefinitions: [{ cpu: 100, memory: 300, memoryReservation: 200 }, { cpu: 50, memory: 64 }, {}] },
    { cpu: 150, memory: 264 },
  ],
  [
    'its GPUs',
    {
      containerDefinitions: [
        {
          resourceRequirements: [
            { type: 'GPU', value: '2' },
            { type: 'InferenceAccelerator', value: '9' },
          ],
        },
        { resourceRequirements: [{ type: 'GPU', value: '1' }] },
      ],
    },
    { gpus: 3, cpu: 0 },
  ],
])('what a task takes: %s', (_, definition, need) => {
  const whole = { ...onInstances().definition, cpu: undefined, memory: undefined, ...definition };
  expect(needOf(subject(onInstances({ definition: whole })))).toMatchObject(need);
});

test.each<[string, object, Partial<ContainerInstance>, boolean]>([
  ['any, where nothing is asked', {}, { architecture: 'arm64' }, true],
  ['of its architecture', { cpuArchitecture: 'ARM64' }, { architecture: 'arm64' }, true],
  ['of another architecture', { cpuArchitecture: 'ARM64' }, { architecture: 'x86_64' }, false],
  ['of the usual architecture', { cpuArchitecture: 'X86_64' }, { architecture: 'arm64' }, false],
  ['of its system', { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }, { os: 'windows' }, true],
  ['of another system', { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }, { os: 'linux' }, false],
  ['of another system than Linux', { operatingSystemFamily: 'LINUX' }, { os: 'windows' }, false],
])('instances that a task may run on: %s', (_, runtimePlatform, kind, fits) => {
  const [check] = capacity({ definition: { runtimePlatform }, instances: [instance(kind)] });
  expect(check?.status).toBe(fits ? 'ok' : 'bad');
});

test('one instance that is large enough is enough', () => {
  expect(capacity({ instances: [small, instance()] })[0]?.status).toBe('ok');
  expect(capacity({ instances: [small, small] })[0]?.text).toContain(
    'more than any of the 2 instances has even when it is empty',
  );
});

describe('ECS Managed Instances', () => {
  const managed = (requirements?: CapacityProvider['requirements']): CapacityProvider => ({
    name: 'managed',
    status: 'ACTIVE',
    compute: 'MANAGED_INSTANCES',
    addsInstances: true,
    ...(requirements ? { requirements } : {}),
  });
  const needs = (definition: object): object => ({
    cpu: '2048',
    memory: '4096',
    containerDefinitions: [
      {
        name: 'app',
        image: 'x.dev/a',
        cpu: 2048,
        memory: 4096,
        resourceRequirements: [{ type: 'GPU', value: '1' }],
      },
    ],
    ...definition,
  });
  const arm = { runtimePlatform: { cpuArchitecture: 'ARM64' } };
  const intel = { runtimePlatform: { cpuArchitecture: 'X86_64' } };
  const windows = { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } };
  test.each<[string, readonly CapacityProvider['requirements'][], object, string | undefined]>([
    ['any instance', [undefined], {}, undefined],
    [
      'exactly enough',
      [{ vCpuMax: 2, memoryMibMax: 4096, acceleratorsMax: 1, acceleratorTypes: ['gpu'] }],
      {},
      undefined,
    ],
    ['too few vCPUs', [{ vCpuMax: 1 }], {}, 'at most 1 vCPUs (vCpuCount.max)'],
    ['too little memory', [{ memoryMibMax: 4095 }], {}, 'at most 4095 MiB (memoryMiB.max)'],
    ['no accelerators', [{ acceleratorsMax: 0 }], {}, 'at most 0 accelerators (acceleratorCount.max)'],
    ['other accelerators', [{ acceleratorTypes: ['fpga'] }], {}, 'accelerators of the types fpga (acceleratorTypes)'],
    ['ARM on Graviton', [{ cpuManufacturers: ['amazon-web-services'] }], arm, undefined],
    ['ARM on Intel', [{ cpuManufacturers: ['intel'] }], arm, 'CPUs of intel (cpuManufacturers)'],
    ['x86 on AMD', [{ cpuManufacturers: ['amd'] }], intel, undefined],
    ['x86 on Graviton', [{ cpuManufacturers: ['amazon-web-services'] }], intel, 'CPUs of amazon-web-services'],
    ['either on Graviton', [{ cpuManufacturers: ['amazon-web-services'] }], {}, undefined],
    ['Windows', [undefined], windows, 'Linux instances'],
    ['one provider of two is enough', [{ vCpuMax: 1 }, {}], {}, undefined],
    ['neither of two', [{ vCpuMax: 1 }, { memoryMibMax: 1 }], {}, 'at most 1 vCPUs'],
  ])('%s', (_, requirements, definition, problem) => {
    const providers = requirements.map(managed);
    const [check] = capacity({
      instances: [],
      providers,
      definition: needs(definition),
      service: { launchType: undefined } as never,
    }).filter(({ subject }) => subject === 'capacity');
    expect(check).toMatchObject(
      problem === undefined
        ? { status: 'ok', problem: expect.stringContaining('ECS launches an instance for it') }
        : { status: 'bad', problem: expect.stringContaining(problem) },
    );
  });
});

describe('ECS Anywhere', () => {
  const outside = (change: Partial<ContainerInstance> = {}): ContainerInstance => ({
    ...instance(),
    external: true,
    ...change,
  });
  test.each<[string, Case, string, string]>([
    ['room', { instances: [outside()] }, 'ok', '1 external instance has room for 8 more'],
    [
      'only instances of EC2',
      { instances: [instance()] },
      'bad',
      'no external instance of the cluster default is ready',
    ],
    [
      'no room',
      { instances: [outside({ free: { cpu: 100, memory: 4096, gpus: 0 } })] },
      'warn',
      'the rollout waits until there is room. Register another external instance, or set',
    ],
  ])('%s', (_, given, status, words) => {
    const [check] = capacity({ ...given, service: { launchType: 'EXTERNAL' } });
    expect(check).toMatchObject({ status });
    expect(`${check?.problem} ${check?.remedy ?? ''}`).toContain(words);
  });
  test('an instance of EC2 takes no task of it, and it none of EC2', () => {
    expect(capacity({ instances: [outside()] })[0]).toMatchObject({ status: 'bad' });
  });
});
