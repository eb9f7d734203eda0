import { type Answer, balanced, type Loose, onInstances, Play } from './world.ts';

/** A service on one container instance with room for so much. */
function onOne(size: Loose, container: Loose = {}, settings: Loose = {}): Play {
  const play = new Play({ desiredCount: 'none yet' }, { definition: (image) => onInstances(image, container) });
  play.script.instance(size);
  play.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web:1',
    launchType: 'EC2',
    desiredCount: 1,
    ...settings,
  });
  play.clock.advance(120);
  return play;
}
const blocked = (play: Play): string =>
  play.events.findLast((event) => event.includes('unable to place'))?.replace(/[0-9a-f]{32}/, 'ID') ?? '';
const sentence = (reason: string): string =>
  `(service web) was unable to place a task because no container instance met all of its requirements. ${reason} For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`;
const closest = (reason: string): string => sentence(`The closest matching (container-instance ID) ${reason}.`);

test.each([
  ['memory', { memory: 900 }, {}, 'has insufficient memory available'],
  ['CPU', { cpu: 400 }, {}, 'has insufficient CPU units available'],
  [
    'a static host port',
    {},
    { portMappings: [{ containerPort: 80, hostPort: 80 }] },
    'is already using a port required by your task',
  ],
  ['a GPU', { gpus: 1 }, { resourceRequirements: [{ type: 'GPU', value: '1' }] }, 'encountered error "RESOURCE:GPU"'],
])(
  '%s that the old task holds blocks a rollout at 100 percent; at 0 percent the old task goes first',
  (_, size, container, reason) => {
    const stuck = onOne(size, container);
    stuck.deploy('web:2');
    stuck.clock.advance(3600);
    expect(blocked(stuck)).toBe(closest(reason));
    expect(stuck.service.deployments).toMatchObject([
      { rolloutState: 'IN_PROGRESS', runningCount: 0, pendingCount: 0 },
      { runningCount: 1 },
    ]);
    const moves = onOne(size, container, {
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    });
    moves.deploy('web:2');
    moves.until(() => moves.rollout.status === 'SUCCESSFUL');
  },
);

test('network interfaces, a lost agent and a foreign architecture have their own words', () => {
  const world = (size: Loose, more: Loose): Play => {
    const play = new Play({ desiredCount: 'none yet' }, { definition: (image) => onInstances(image, {}, more) });
    const instance = play.script.instance(size);
    instance.agentConnected = !('agentConnected' in size);
    const awsvpc = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
    play.call('CreateService', {
      serviceName: 'web',
      taskDefinition: 'web:1',
      desiredCount: 1,
      launchType: 'EC2',
      ...(more.networkMode === 'awsvpc' ? { networkConfiguration: awsvpc } : {}),
    });
    return play;
  };
  expect(blocked(world({ enis: 0 }, { networkMode: 'awsvpc' }))).toBe(closest('encountered error "RESOURCE:ENI"'));
  expect(blocked(world({ agentConnected: false }, {}))).toBe(closest('encountered error "AGENT"'));
  const arm = { runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' } };
  expect(blocked(world({}, arm))).toBe(closest('is missing an attribute required by your task'));
});

test('an empty cluster says so, and an instance that comes heals it', () => {
  const play = new Play({ desiredCount: 'none yet' }, { definition: onInstances });
  play.script.noInstances();
  play.call('CreateService', { serviceName: 'web', taskDefinition: 'web:1', desiredCount: 1, launchType: 'EC2' });
  expect(blocked(play)).toBe(sentence('Reason: No Container Instances were found in your cluster.'));
  play.script.at(200, () => void play.script.instance({}));
  expect(play.until(() => play.rollout.status === 'SUCCESSFUL')).toBeGreaterThan(200);
});

describe('a capacity provider', () => {
  const provided = (settings: Loose): Play => {
    const play = new Play({ desiredCount: 'none yet' }, { definition: onInstances });
    play.script.capacityProvider({ name: 'asg', instance: { memory: 1024 }, ...settings });
    play.call('CreateService', {
      serviceName: 'web',
      taskDefinition: 'web:1',
      desiredCount: 4,
      capacityProviderStrategy: [{ capacityProvider: 'asg', weight: 1 }],
    });
    return play;
  };

  test('with managed scaling keeps tasks in PROVISIONING until its instances come', () => {
    const play = provided({ scaleOutSeconds: 60 });
    expect(play.tasks.map(({ lastStatus }: Answer) => lastStatus)).toEqual(Array(4).fill('PROVISIONING'));
    expect(play.service.pendingCount).toBe(4);
    expect(blocked(play)).toBe('');
    expect(play.until(() => play.rollout.status === 'SUCCESSFUL')).toBeGreaterThan(60);
    const { containerInstanceArns: containerInstances } = play.call('ListContainerInstances', {});
    expect(play.call('DescribeContainerInstances', { containerInstances }).containerInstances).toMatchObject([
      { capacityProviderName: 'asg', runningTasksCount: 2 },
      { runningTasksCount: 2 },
    ]);
    expect(play.tasks[0]).toMatchObject({ capacityProviderName: 'asg', containerInstanceArn: expect.any(String) });
  });

  test('never brings more instances than it may: the rest keeps waiting', () => {
    const play = provided({ maximumInstances: 1, scaleOutSeconds: 10 });
    play.clock.advance(3000);
    expect(play.service).toMatchObject({ runningCount: 2, pendingCount: 2 });
  });

  test('without managed scaling says that it has no instance', () => {
    const play = provided({ managedScaling: false });
    expect(blocked(play)).toBe(sentence('Reason: No Container Instances were found in your capacity provider.'));
  });
});

test('the Fargate quota is one event, and a rollout continues task by task as old ones stop', () => {
  const play = new Play({ desiredCount: 4 });
  play.script.fargateLimit(5);
  play.deploy('web:2');
  play.until(() => play.rollout.status === 'SUCCESSFUL');
  expect(play.events.filter((event) => event.includes('unable to place'))).toEqual([
    '(service web) was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can run concurrently.',
  ]);
});

test('a role that ECS cannot assume yet is an event, and heals', () => {
  const play = new Play();
  const error =
    "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web' that was provided for this task.";
  play.script.launchError(error, 40);
  play.deploy('web:2');
  expect(play.events.at(-1)).toBe(`(service web) failed to launch a task with (error ${error})`);
  expect(play.until(() => play.rollout.status === 'SUCCESSFUL')).toBeGreaterThan(40);
  expect(play.service.deployments[0].failedTasks).toBe(0);
});

test.each([
  ['SERVICE', [{ key: 'of', value: 'service' }]],
  ['TASK_DEFINITION', [{ key: 'of', value: 'revision' }]],
  ['NONE', []],
])('tasks get the tags of %s, ECS’s own ones, and those that are put on them', (propagateTags, expected) => {
  const play = new Play(
    { propagateTags, enableECSManagedTags: true, tags: [{ key: 'of', value: 'service' }] },
    { definition: (image) => onInstances(image, {}, { tags: [{ key: 'of', value: 'revision' }] }) },
  );
  const [{ taskArn, tags: untold }] = play.tasks;
  const tags = (): Answer => play.call('DescribeTasks', { tasks: [taskArn], include: ['TAGS'] }).tasks[0].tags;
  expect(untold).toBeUndefined();
  expect(tags()).toEqual([
    ...expected,
    { key: 'aws:ecs:clusterName', value: 'default' },
    { key: 'aws:ecs:serviceName', value: 'web' },
  ]);
  play.call('TagResource', { resourceArn: taskArn, tags: [{ key: 'seen', value: 'yes' }] });
  expect(tags()).toContainEqual({ key: 'seen', value: 'yes' });
});

test('a terminated instance takes its tasks with it, and they are replaced elsewhere', () => {
  const play = onOne({});
  const [lost] = play.simulator.ecs.clusters.get('default').instances ?? [];
  play.script.instance({});
  if (lost) play.script.loseInstance(lost);
  play.clock.advance(60);
  expect(play.stopped[0]).toMatchObject({
    stopCode: 'TerminationNotice',
    stoppedReason: expect.stringContaining('terminated'),
  });
  expect(play.service.runningCount).toBe(1);
});

describe('DAEMON', () => {
  const daemon = (settings: Loose = {}): Play => {
    const play = new Play({ desiredCount: 'none yet' }, { definition: onInstances });
    for (let i = 0; i < 4; i++) play.script.instance({ memory: 600 });
    play.call('CreateService', {
      serviceName: 'web',
      taskDefinition: 'web:1',
      schedulingStrategy: 'DAEMON',
      ...settings,
    });
    play.clock.advance(60);
    return play;
  };
  const instancesOf = (play: Play): Set<string> => new Set(play.tasks.map((task: Answer) => task.containerInstanceArn));

  test('runs one task on each instance, and on one that comes later', () => {
    const play = daemon();
    expect(play.service).toMatchObject({ desiredCount: 4, runningCount: 4 });
    play.script.instance({});
    play.clock.advance(60);
    expect(instancesOf(play).size).toBe(5);
  });

  test('replaces on the spot, where both would not fit, and keeps what must stay healthy', () => {
    const play = daemon({ deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 } });
    play.deploy('web:2');
    let least = 4;
    play.until(() => {
      least = Math.min(
        least,
        [...play.script.truth('web').healthy.values()].reduce((sum, n) => sum + n, 0),
      );
      return play.rollout.status === 'SUCCESSFUL';
    });
    expect(least).toBe(2);
    expect(instancesOf(play).size).toBe(4);
    expect(blocked(play)).toBe('');
  });
});

describe('RunTask', () => {
  const awsvpc = { launchType: 'FARGATE', networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } };

  test('runs to its end, with overrides, apart from services', () => {
    const play = new Play();
    play.script.image('app:2', { exit: { afterSeconds: 20, code: 3 } });
    const { tasks } = play.call('RunTask', {
      taskDefinition: 'web:2',
      startedBy: 'migration',
      overrides: {
        containerOverrides: [{ name: 'app', command: ['migrate'], environment: [{ name: 'A', value: 'b' }] }],
      },
      ...awsvpc,
    });
    const wanted = { tasks: [tasks[0].taskArn] };
    const task = (): Answer => play.call('DescribeTasks', wanted).tasks[0];
    expect(task()).toMatchObject({ lastStatus: 'PROVISIONING', startedBy: 'migration', group: 'family:web' });
    play.clock.advance(15);
    expect(task().lastStatus).toBe('RUNNING');
    expect(play.call('ListTasks', { startedBy: 'migration' }).taskArns).toEqual(wanted.tasks);
    play.clock.advance(20);
    expect(task()).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 3 }] });
    expect(play.service.runningCount).toBe(1);
  });

  test('answers with failures where there is no room', () => {
    const play = new Play({ desiredCount: 'none yet' }, { definition: onInstances });
    const instance = play.script.instance({ memory: 1100 });
    const { tasks, failures } = play.call('RunTask', { taskDefinition: 'web:1', count: 3 });
    expect(tasks).toHaveLength(2);
    expect(failures).toEqual([{ arn: instance.arn, reason: 'RESOURCE:MEMORY' }]);
  });

  test.each([
    ['a container that is not there', { overrides: { containerOverrides: [{ name: 'web' }] }, ...awsvpc }],
    ['no network', { launchType: 'FARGATE' }],
  ])('refuses %s', (_, input) => {
    expect(() => new Play().call('RunTask', { taskDefinition: 'web:1', ...input })).toThrow(
      expect.objectContaining({ name: 'InvalidParameterException' }),
    );
  });
});

test('StopTask of a service task is replaced, and is the user’s doing', () => {
  const play = new Play(balanced);
  const [task] = play.tasks;
  play.call('StopTask', { task: task.taskArn, reason: 'try' });
  play.clock.advance(60);
  expect(play.stopped[0]).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'try' });
  expect(play.service.runningCount).toBe(1);
});

test('DeleteService drains, then is INACTIVE, and its name is free', () => {
  const play = new Play({ desiredCount: 2 });
  play.call('DeleteService', { service: 'web', force: true });
  expect(play.service).toMatchObject({ status: 'DRAINING', runningCount: 0, desiredCount: 0 });
  play.clock.advance(30);
  expect(play.service).toMatchObject({ status: 'INACTIVE', deployments: [] });
  expect(() => play.deploy('web:2')).toThrow(expect.objectContaining({ name: 'ServiceNotActiveException' }));
  const network = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  play.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web:1',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: network,
  });
  play.until(() => play.rollout.status === 'SUCCESSFUL');
});

test.each<[string, readonly Loose[], number, Loose]>([
  [
    'by weight',
    [
      { capacityProvider: 'FARGATE', weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 3 },
    ],
    8,
    { FARGATE: 2, FARGATE_SPOT: 6 },
  ],
  [
    'the base first',
    [
      { capacityProvider: 'FARGATE', base: 2, weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 1 },
    ],
    6,
    { FARGATE: 4, FARGATE_SPOT: 2 },
  ],
  [
    'no weight',
    [
      { capacityProvider: 'FARGATE', weight: 0 },
      { capacityProvider: 'FARGATE_SPOT', weight: 1 },
    ],
    3,
    { FARGATE_SPOT: 3 },
  ],
  ['one alone', [{ capacityProvider: 'FARGATE_SPOT' }], 2, { FARGATE_SPOT: 2 }],
])('a capacity provider strategy: %s', (_, capacityProviderStrategy, desiredCount, expected) => {
  const play = new Play({ capacityProviderStrategy, desiredCount });
  const names = play.tasks.map(({ capacityProviderName }: Answer) => capacityProviderName as string);
  expect(Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]))).toEqual(
    expected,
  );
});

test('external instances take tasks of the launch type EXTERNAL alone, and Windows tasks need Windows', () => {
  const play = new Play({ desiredCount: 'none yet' }, { definition: (image) => onInstances(image) });
  play.script.instance({ external: true });
  const create = (serviceName: string, launchType: string): void => {
    play.call('CreateService', { serviceName, taskDefinition: 'web:1', launchType, desiredCount: 1 });
    play.clock.advance(60);
  };
  create('outside', 'EXTERNAL');
  create('web', 'EC2');
  expect(play.script.truth('outside').active).toBe(1);
  expect(blocked(play)).toBe(sentence('Reason: No Container Instances were found in your cluster.'));
  play.script.instance({ os: 'windows' });
  play.clock.advance(60);
  expect(play.script.truth('web').active).toBe(0);
});

describe('ECS Managed Instances', () => {
  const managed = (managedInstances: Loose = {}): Play => {
    const play = new Play(
      { desiredCount: 'none yet' },
      { definition: (image) => onInstances(image, {}, { requiresCompatibilities: ['MANAGED_INSTANCES'] }) },
    );
    play.script.capacityProvider({ name: 'mi', managedInstances });
    const capacityProviderStrategy = [{ capacityProvider: 'mi', weight: 1 }];
    play.call('CreateService', {
      serviceName: 'web',
      taskDefinition: 'web:1',
      desiredCount: 1,
      capacityProviderStrategy,
    });
    play.clock.advance(600);
    return play;
  };
  test('an instance that takes the task is launched for it', () => {
    const play = managed();
    expect(play.truth.active).toBe(1);
    const { capacityProviders } = play.call('DescribeCapacityProviders', { capacityProviders: ['mi'] });
    expect(capacityProviders).toMatchObject([
      { type: 'MANAGED_INSTANCES', managedInstancesProvider: expect.anything() },
    ]);
  });
  test('requirements that allow none, and what EC2 refuses, are in the event', () => {
    const play = managed({ memoryMiB: { min: 128, max: 256 } });
    expect(play.truth.active).toBe(0);
    expect(play.events.at(-1)).toContain('Unable to launch instance(s) for capacity provider mi. ');
  });
});

test('there is no room for one service alone: the others of the cluster find it', () => {
  const play = onOne({ memory: 16_384 });
  play.call('CreateService', { serviceName: 'api', taskDefinition: 'web:1', launchType: 'EC2', desiredCount: 1 });
  play.clock.advance(120);
  play.script.noRoomFor('web');
  play.call('UpdateService', { service: 'web', desiredCount: 3 });
  play.call('UpdateService', { service: 'api', desiredCount: 3 });
  play.clock.advance(120);
  expect(blocked(play)).toBe(closest('has insufficient memory available'));
  expect(
    [play.script.service('web'), play.script.service('api')].map(
      ({ tasks }) => tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    ),
  ).toEqual([1, 3]);
});
