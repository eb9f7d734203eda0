import type { TaskInputs } from '../../src/inputs/types.ts';
import type { TaskDefinition } from '../../src/model.ts';
import {
  checkTask,
  containerOf,
  essentialOf,
  foreignIn,
  labelOf,
  type PlannedTask,
  requestOf,
  revisionOf,
  type TaskHome,
} from '../../src/tasks/request.ts';

const TASK: TaskInputs = {
  name: 'migrate',
  environment: [],
  capacityProviders: [],
  timeoutSeconds: 600,
  retries: 0,
  tags: [],
  containerOverrides: [],
};
const HOME: TaskHome = {
  clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop',
  name: 'web',
  subnets: ['subnet-1', 'subnet-2'],
  securityGroups: ['sg-1'],
  capacityProviders: [],
  launchType: 'FARGATE',
};
const DEFINITION = { family: 'web', networkMode: 'awsvpc', containerDefinitions: [{ name: 'app' }] };
const REVISION = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7';

type Given = {
  readonly task?: Partial<TaskInputs>;
  readonly home?: Partial<TaskHome>;
  readonly definition?: object;
} & Partial<Pick<PlannedTask, 'phase' | 'run' | 'containerName' | 'revision'>>;
const planned = ({ task, home, definition, ...more }: Given = {}): PlannedTask => ({
  task: { ...TASK, ...task },
  phase: 'pre-deploy',
  home: { ...HOME, ...home },
  definition: { ...DEFINITION, ...definition } as unknown as TaskDefinition,
  revision: REVISION,
  run: { key: 'acme/web 4711', id: '4711' },
  wait: true,
  ...more,
});
const request = (given: Given = {}, count = 0) => requestOf(planned(given), count);
const problems = (given: Given) =>
  checkTask(planned(given)).map(({ subject, problem, remedy }) => `${subject}: ${problem} ${remedy}`);

describe('a task runs as the tasks of its service do', () => {
  test('the least', () => {
    expect(request()).toEqual({
      cluster: HOME.clusterArn,
      taskDefinition: REVISION,
      clientToken: expect.stringMatching(/^[0-9a-f]{64}$/),
      startedBy: expect.stringMatching(/^ecs-rollout\/4711\/pre-deploy\/migrate-[0-9a-f]{8}$/),
      overrides: {},
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] } },
    });
  });

  test('all that a service has', () => {
    const placement = {
      placementConstraints: [{ type: 'distinctInstance' }],
      placementStrategy: [{ type: 'spread', field: 'instanceId' }],
    };
    const home = {
      launchType: 'EC2',
      placement,
      enableEcsManagedTags: true,
      propagateTags: 'TASK_DEFINITION',
      assignPublicIp: true,
    } as const;
    expect(request({ home })).toMatchObject({
      launchType: 'EC2',
      ...placement,
      enableECSManagedTags: true,
      propagateTags: 'TASK_DEFINITION',
      networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'ENABLED' } },
    });
    const other = request({ home: { enableEcsManagedTags: false, propagateTags: 'SERVICE', assignPublicIp: false } });
    expect(Object.keys(other)).not.toEqual(expect.arrayContaining(['enableECSManagedTags']));
    expect(Object.keys(other)).not.toEqual(expect.arrayContaining(['propagateTags']));
    expect(other.networkConfiguration).toMatchObject({ awsvpcConfiguration: { assignPublicIp: 'DISABLED' } });
  });

  test.each<[string, Given, object]>([
    [
      'its platform version',
      { home: { platformVersion: '1.4.0' } },
      { launchType: 'FARGATE', platformVersion: '1.4.0' },
    ],
    [
      'no platform version on instances',
      { home: { launchType: 'EC2', platformVersion: '1.4.0' } },
      { launchType: 'EC2' },
    ],
    [
      'its capacity providers in place of a launch type',
      {
        home: {
          capacityProviders: ['FARGATE_SPOT'],
          placement: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] },
          platformVersion: 'LATEST',
        },
      },
      { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }], platformVersion: 'LATEST' },
    ],
    [
      'MANAGED_INSTANCES only by a capacity provider: RunTask does not take the launch type',
      { home: { launchType: 'MANAGED_INSTANCES' } },
      {},
    ],
    ['a launch type of its own', { task: { launchType: 'EC2' } }, { launchType: 'EC2' }],
    [
      'Fargate of its own, without what the service says of instances',
      {
        task: { launchType: 'FARGATE', platformVersion: '1.4.0' },
        home: { launchType: 'EC2', placement: { placementStrategy: [{ type: 'random' }] }, platformVersion: '1.3.0' },
      },
      { launchType: 'FARGATE', platformVersion: '1.4.0' },
    ],
    [
      'Fargate of its own does not take the platform version of a service on instances',
      { task: { launchType: 'FARGATE' }, home: { launchType: 'EC2', platformVersion: '1.3.0' } },
      { launchType: 'FARGATE' },
    ],
    [
      'instances of its own, with what the service on instances says of them',
      {
        task: { capacityProviders: [{ capacityProvider: 'batch' }] },
        home: { launchType: 'EC2', placement: { placementStrategy: [{ type: 'random' }] } },
      },
      { capacityProviderStrategy: [{ capacityProvider: 'batch' }], placementStrategy: [{ type: 'random' }] },
    ],
    [
      'instances of its own, where the service is on Fargate by capacity provider',
      {
        task: { launchType: 'EC2' },
        home: {
          launchType: 'EC2',
          capacityProviders: ['FARGATE'],
          placement: { placementConstraints: [{ type: 'x' }] },
        },
      },
      { launchType: 'EC2' },
    ],
  ])('%s', (_, given, placement) => {
    const { launchType, capacityProviderStrategy, platformVersion, placementConstraints, placementStrategy } =
      request(given);
    expect(
      JSON.parse(
        JSON.stringify({
          launchType,
          capacityProviderStrategy,
          platformVersion,
          placementConstraints,
          placementStrategy,
        }),
      ),
    ).toEqual(placement);
  });

  test('a network of its own, in part or as a whole', () => {
    const network = { subnets: ['subnet-9'], securityGroups: ['sg-9'], assignPublicIp: true };
    const of = (given: Given) => request(given).networkConfiguration?.awsvpcConfiguration;
    expect(of({ task: { network } })).toEqual({
      subnets: ['subnet-9'],
      securityGroups: ['sg-9'],
      assignPublicIp: 'ENABLED',
    });
    expect(of({ task: { network: { subnets: [], securityGroups: [] } } })).toEqual({
      subnets: ['subnet-1', 'subnet-2'],
      securityGroups: ['sg-1'],
    });
    expect(of({ home: { securityGroups: [] } })).toEqual({ subnets: ['subnet-1', 'subnet-2'] });
  });

  test('no network outside of awsvpc', () => {
    expect(request({ definition: { networkMode: 'bridge' } })).not.toHaveProperty('networkConfiguration');
  });

  test('volumes that are configured at launch, as a task takes them', () => {
    const volumes = [{ name: 'data', configuredAtLaunch: true }, { name: 'scratch' }, 'odd'];
    const ofService = [
      {
        name: 'data',
        managedEBSVolume: {
          roleArn: 'r',
          tagSpecifications: [
            { resourceType: 'volume', propagateTags: 'SERVICE' },
            { resourceType: 'volume', propagateTags: 'TASK_DEFINITION' },
          ],
        },
      },
      { name: 'scratch', managedEBSVolume: { roleArn: 'r' } },
    ];
    const home = { placement: { volumeConfigurations: ofService } };
    expect(request({ definition: { volumes }, home }).volumeConfigurations).toEqual([
      {
        name: 'data',
        managedEBSVolume: {
          roleArn: 'r',
          tagSpecifications: [
            { resourceType: 'volume', propagateTags: 'NONE' },
            { resourceType: 'volume', propagateTags: 'TASK_DEFINITION' },
          ],
        },
      },
    ]);
    const own = [{ name: 'data', managedEBSVolume: { roleArn: 'own' } }];
    expect(
      request({ definition: { volumes }, home, task: { volumeConfigurations: own } }).volumeConfigurations,
    ).toEqual(own);
    expect(request({ home })).not.toHaveProperty('volumeConfigurations');
    expect(
      request({ definition: { volumes }, task: { volumeConfigurations: [{ name: 'data' }] } }).volumeConfigurations,
    ).toEqual([{ name: 'data' }]);
  });
});

describe('overrides', () => {
  const of = (task: Partial<TaskInputs>, more: Given = {}) => request({ ...more, task }).overrides;

  test('command and environment of the container, sizes of the task', () => {
    expect(of({ command: ['run'], environment: [['A', '1']], cpu: '256', memory: '512' })).toEqual({
      containerOverrides: [{ name: 'app', command: ['run'], environment: [{ name: 'A', value: '1' }] }],
      cpu: '256',
      memory: '512',
    });
    expect(of({ environment: [['A', '1']] })).toEqual({
      containerOverrides: [{ name: 'app', environment: [{ name: 'A', value: '1' }] }],
    });
  });

  test('beside those that are given as JSON', () => {
    const two = { definition: { containerDefinitions: [{ name: 'app' }, { name: 'proxy' }] }, containerName: 'app' };
    const proxy = { name: 'proxy', cpu: 128 };
    expect(of({ command: ['run'], containerOverrides: [proxy] }, two)).toEqual({
      containerOverrides: [proxy, { name: 'app', command: ['run'] }],
    });
    expect(
      of({ command: ['run'], containerOverrides: [{ name: 'app', cpu: 64, command: ['old'] }, proxy] }, two),
    ).toEqual({
      containerOverrides: [{ name: 'app', cpu: 64, command: ['run'] }, proxy],
    });
    expect(of({ containerOverrides: [proxy] }, two)).toEqual({ containerOverrides: [proxy] });
  });

  test('tags of the task', () => {
    expect(request({ task: { tags: [['team', 'web']] } }).tags).toEqual([{ key: 'team', value: 'web' }]);
    expect(request()).not.toHaveProperty('tags');
  });
});

describe('the same task of the same run is the same request, and no other', () => {
  const token = (given: Given = {}, count = 0) => request(given, count).clientToken;

  test('in each attempt, also where its revision was registered again', () => {
    expect(token()).toBe(token());
    expect(token({ revision: `${REVISION}1` })).toBe(token());
  });

  test.each<[string, Given, number]>([
    ['a retry', {}, 1],
    ['another run', { run: { key: 'acme/web 4712', id: '4711' } }, 0],
    ['another task', { task: { name: 'seed' } }, 0],
    ['another command', { task: { command: ['x'] } }, 0],
    ['another phase', { phase: 'post-deploy' }, 0],
    ['another service', { home: { name: 'api' } }, 0],
    ['another cluster', { home: { clusterArn: `${HOME.clusterArn}2` } }, 0],
  ])('%s has another token', (_, given, count) => {
    expect(token(given, count)).not.toBe(token());
  });

  test('legs of a matrix, which are one job to GitHub, have a task of their own by startedBy, a variable or a tag', () => {
    const token = (task: NonNullable<NonNullable<Parameters<typeof request>[0]>['task']>): string | undefined =>
      request({ task }).clientToken;
    expect(token({ startedBy: 'shard-1' })).toBe(token({ startedBy: 'shard-1' }));
    const legs = [
      token({ startedBy: 'shard-1' }),
      token({ startedBy: 'shard-2' }),
      token({ environment: [['SHARD', '1']] }),
      token({ environment: [['SHARD', '2']] }),
      token({ tags: [['shard', '1']] }),
      token({ tags: [['shard', '2']] }),
    ];
    expect(new Set(legs).size).toBe(legs.length);
  });

  test('startedBy has what ECS takes, and the name that the user gives', () => {
    expect(request({ task: { name: 'a b/c' } }).startedBy).toMatch(
      /^ecs-rollout\/4711\/pre-deploy\/a-b-c-[0-9a-f]{8}$/,
    );
    expect(request({ task: { name: 'n'.repeat(80) } }).startedBy).toMatch(/\/n{60}-[0-9a-f]{8}$/);
    expect(request({ run: { key: 'k', id: '1'.repeat(200) } }).startedBy).toHaveLength(128);
    expect(request({ task: { startedBy: 'nightly' } }).startedBy).toBe('nightly');
  });
});

describe('the container that runs the command', () => {
  const definition = (...containerDefinitions: readonly object[]) => ({
    definition: { containerDefinitions },
  });
  test.each<[string, Given, string | undefined]>([
    ['the only one', {}, 'app'],
    ['the only one, even if it is not essential', definition({ name: 'job', essential: false }), 'job'],
    ['the only essential one', definition({ name: 'a', essential: false }, { name: 'b', essential: true }), 'b'],
    ['none of two', definition({ name: 'a' }, { name: 'b' }), undefined],
    ['the one of the deploy', { ...definition({ name: 'a' }, { name: 'b' }), containerName: 'b' }, 'b'],
    [
      'the one of the task before that',
      { ...definition({ name: 'a' }), containerName: 'b', task: { container: 'a' } },
      'a',
    ],
  ])('%s', (_, given, container) => {
    expect(containerOf(planned(given))).toBe(container);
  });

  test('essential is the default', () => {
    expect(
      essentialOf(
        planned({ definition: { containerDefinitions: [{ name: 'a' }, { name: 'b', essential: false }] } }).definition,
      ),
    ).toEqual(['a']);
  });
});

describe('what cannot run is refused before anything is started', () => {
  const two = [{ name: 'app' }, { name: 'proxy' }];
  test.each<[string, Given, string]>([
    [
      'two containers',
      { definition: { containerDefinitions: two }, task: { command: ['migrate'] } },
      'pre-deploy: migrate: several containers could run the command. Name one of `app`, `proxy` with `container`.',
    ],
    [
      'a container that is not there',
      { task: { container: 'job' } },
      'pre-deploy: migrate: web has no container `job`. Name one of `app` with `container`.',
    ],
    [
      'a container that does not end the task',
      {
        definition: { containerDefinitions: [{ name: 'app', essential: false }, { name: 'proxy' }] },
        task: { container: 'app' },
      },
      'pre-deploy: migrate: the container `app` is not essential, so the task would not end with it. Name an essential container with `container`.',
    ],
    [
      'no subnets',
      { home: { subnets: [] } },
      'pre-deploy: migrate: the task definition has the network mode awsvpc, and no subnets are known. Give them: `network: {subnets: [subnet-...]}`.',
    ],
    [
      'no subnets of a task alone',
      { home: { subnets: [] }, phase: 'task' },
      'run-task-subnets: is missing: the task definition has the network mode awsvpc, and no subnets are known. Give the subnets, or name a service in `service`: the task then runs where its tasks do.',
    ],
    [
      'launch type and capacity providers',
      { task: { launchType: 'FARGATE', capacityProviders: [{ capacityProvider: 'x' }] } },
      'pre-deploy: migrate: launch type and capacity providers exclude each other. Keep one of them.',
    ],
    [
      'a variable with the name of a container',
      {
        task: {
          environment: [
            ['app:A', '1'],
            ['Logging:Level', '1'],
          ],
        },
      },
      'pre-deploy: migrate: `app:A` is read as the name of a variable, and `app` is a container of the task. Write `A`: the variables of a task are those of its container (`container: app`).',
    ],
    [
      'a placeholder of another tool where a number is due',
      { task: { containerOverrides: [{ name: 'app', cpu: '<CPU>' }] } },
      'pre-deploy: migrate: containerOverrides[0].cpu: `<CPU>` is a placeholder that nothing has filled. Write `${{ env.CPU }}`.',
    ],
  ])('%s', (_, given, problem) => {
    expect(problems(given)).toEqual([problem]);
    expect(() => request(given)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  test('overrides of more than 8192 characters', () => {
    const environment = (n: number): Given => ({ task: { environment: [['A', 'x'.repeat(n)]] } });
    const around = JSON.stringify({
      containerOverrides: [{ name: 'app', environment: [{ name: 'A', value: '' }] }],
    }).length;
    expect(problems(environment(8192 - around))).toEqual([]);
    expect(problems(environment(8193 - around))).toEqual([
      expect.stringContaining('have 8193 characters as JSON, and RunTask takes at most 8192 overrides'),
    ]);
  });

  test('a value that may be a placeholder of another tool is remarked', () => {
    const environment: Given = {
      task: { environment: [['DB_HOST', '{{ db_host }}']], command: ['sh', '-c', 'echo $A'] },
    };
    expect(problems(environment)).toEqual([]);
    expect(foreignIn(planned(environment)).suspects).toEqual([
      { path: 'containerOverrides[0].environment[0].value', text: '{{ db_host }}', form: '${{ env.DB_HOST }}' },
    ]);
  });

  test('what is right', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ home: { subnets: [] }, definition: { networkMode: 'bridge' } })).toEqual([]);
    expect(
      problems({ home: { subnets: [] }, task: { network: { subnets: ['subnet-1'], securityGroups: [] } } }),
    ).toEqual([]);
  });

  test('by the name of the task', () => {
    expect(() => request({ home: { subnets: [] } })).toThrow(
      'The pre-deploy task migrate cannot run; it was not started.',
    );
  });
});

test('names for the log', () => {
  expect(labelOf(planned())).toBe('pre-deploy task migrate');
  expect(labelOf(planned({ task: { name: 'pre-deploy' } }))).toBe('pre-deploy task');
  expect(labelOf(planned({ phase: 'task' }))).toBe('task migrate');
  expect(labelOf(planned({ phase: 'task', task: { name: 'task' } }))).toBe('task');
  expect(revisionOf({ revision: REVISION })).toBe('web:7');
});
