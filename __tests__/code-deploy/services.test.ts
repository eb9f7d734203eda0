import { type Deployed, DeployedServices, groupFailure, refusalOf } from '../../src/code-deploy/services.ts';
import { Failure, type FailureCode } from '../../src/failure.ts';
import type { CodeDeployInputs } from '../../src/inputs/types.ts';
import type { CodeDeployment, DeploymentGroup, ServiceState, TaskSetState } from '../../src/model.ts';
import type { CodeDeploy } from '../../src/ports.ts';
import { revisionArn, START, service } from '../report/made.ts';
import { GROUP as GROUP_OF_WEB, deployment as underWay } from './made.ts';

const GROUP: DeploymentGroup = { ...GROUP_OF_WEB, terminationMinutes: 5 };
const SPEC = (revision: number): string => JSON.stringify({ TaskDefinition: revisionArn(revision) });
const deployment = (id: string, rest: Partial<CodeDeployment> = {}): CodeDeployment =>
  underWay(id, { configName: 'Linear', ...rest });
const taskSet = (id: string, rest: Partial<TaskSetState> = {}): TaskSetState => ({
  id: `ecs-svc/${id}`,
  status: 'PRIMARY',
  taskDefinitionArn: revisionArn(42),
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  loadBalancers: [],
  createdAt: START,
  updatedAt: START,
  ...rest,
});
const WEB = service([], { deploymentController: 'CODE_DEPLOY', taskSets: [] });

/** CodeDeploy with these deployments, of which each question is noted; what `refused` names fails. */
function account(deployments: readonly CodeDeployment[] = [], group: Partial<DeploymentGroup> = {}) {
  const asked: string[] = [];
  const noted: unknown[] = [];
  const world = {
    now: START,
    deployments: [...deployments],
    group: { ...GROUP, ...group } as DeploymentGroup,
    inputs: {} as Partial<CodeDeployInputs>,
    refused: {} as Record<string, FailureCode | undefined>,
  };
  const ask = (name: string, ...rest: readonly unknown[]): void => {
    asked.push([name, ...rest].join(' '));
    const code = world.refused[name];
    if (code) throw new Failure(code, `${name} failed.`);
  };
  const byId = (id: string): CodeDeployment => {
    const found = world.deployments.find((one) => one.id === id);
    if (!found) throw new Failure('NOT_FOUND', `${id} is not there.`);
    return found;
  };
  const codeDeploy = {
    group: async (application: string, name: string) => {
      ask('group', application, name);
      return world.group;
    },
    routing: async (config: string) => {
      ask('routing', config);
      return { kind: 'TimeBasedCanary', percent: 10, minutes: 5 };
    },
    deployment: async (id: string) => {
      ask('deployment', id);
      return byId(id);
    },
    deployments: async (query: object) => {
      ask('deployments', JSON.stringify(query));
      return world.deployments;
    },
    target: async (id: string, of: { cluster: string; service: string }) => {
      ask('target', id, of.cluster, of.service);
      return { events: [], taskSets: [] };
    },
  } as unknown as CodeDeploy;
  const services = new DeployedServices({
    codeDeploy,
    clock: { now: () => world.now },
    denials: { note: (thrown) => void noted.push(thrown) },
    inputsOf: () => ({ waitFor: 'success', ...world.inputs }) as CodeDeployInputs,
  });
  const deployed = (state: ServiceState = WEB): Deployed => ({ service: state, denied: new Set() });
  return { services, world, asked, noted, deployed };
}
const asks = async (asked: string[], question: () => Promise<unknown>): Promise<string[]> => {
  asked.length = 0;
  await question();
  return asked.toSorted();
};

describe('why no deployment may be begun', () => {
  const ALLOW = 'for the role that this job uses.';
  test('of a group that is not known', () => {
    const unknown = { kind: 'unknown', code: 'NOT_FOUND', problem: 'It is not there.', remedy: 'Name it.' } as const;
    for (const made of [groupFailure(unknown), refusalOf(unknown)])
      expect(made).toMatchObject({ code: 'NOT_FOUND', message: 'It is not there.', remedy: 'Name it.' });
  });
  test.each<[readonly string[] | undefined, string | undefined, string]>([
    [undefined, undefined, ''],
    [[], undefined, ''],
    [['a:B'], 'a:B is denied: a deployment of the deployment group DgpECS-shop-web could not', `Allow a:B ${ALLOW}`],
    [['a:B', 'a:C'], 'a:B and a:C are denied: a deployment', `Allow a:B and a:C ${ALLOW}`],
  ])('denied %j', (denied, problem, remedy) => {
    const refusal = refusalOf({ kind: 'known', ...GROUP, ...(denied ? { denied } : {}) });
    if (problem === undefined) return expect(refusal).toBeUndefined();
    expect(refusal).toMatchObject({ code: 'ACCESS_DENIED', message: expect.stringContaining(problem), remedy });
  });
  test('of a service', () => {
    const { services, deployed } = account();
    const one = deployed();
    expect(services.refusal(one)).toBeUndefined();
    one.denied.add('a:B');
    expect(services.refusal(one)).toBeUndefined();
    one.found = { kind: 'known', ...GROUP };
    expect(services.refusal(one)?.code).toBe('ACCESS_DENIED');
    one.denied.clear();
    expect(services.refusal(one)).toBeUndefined();
  });
});

describe('a service', () => {
  test.each<Partial<ServiceState>>([{ deploymentController: 'ECS' }, { status: 'INACTIVE' }])(
    'that CodeDeploy does not deploy (any more) is shown as it is: %j',
    async (rest) => {
      const { services, asked } = account();
      await services.show(WEB);
      expect(services.byName('shop', 'web')).toBeDefined();
      const other = { ...WEB, ...rest };
      expect(await asks(asked, async () => expect(await services.show(other)).toBe(other))).toEqual([]);
      expect(services.byName('shop', 'web')).toBeUndefined();
    },
  );

  test('is shown with its group, strategy and newest deployment, each asked for once', async () => {
    const { services, asked } = account([deployment('d-1')], { newest: { id: 'd-1', status: 'InProgress' } });
    const shown = await services.show(WEB);
    expect(shown).toMatchObject({
      strategy: 'CANARY',
      codeDeploy: { kind: 'known', name: GROUP.name, newest: { id: 'd-1', status: 'InProgress' } },
    });
    expect(shown).not.toHaveProperty('bakeTimeMinutes');
    expect(asked.toSorted()).toEqual([
      'deployment d-1',
      'group AppECS-shop-web DgpECS-shop-web',
      'routing Linear',
      'target d-1 shop web',
    ]);
    expect(await asks(asked, () => services.show(WEB))).toEqual([]);
  });

  test('waits for the end of its original tasks where the inputs say so', async () => {
    const { services, world } = account();
    world.inputs = { waitFor: 'termination' };
    expect(await services.show(WEB)).toMatchObject({ bakeTimeMinutes: 5 });
  });

  test.each<[string, Partial<CodeDeployInputs>, Partial<CodeDeployment>, string]>([
    ['the inputs', { configName: 'Own' }, {}, 'routing Own'],
    ['the deployment that is under way', {}, {}, 'routing Linear'],
    ['the group, where none is under way', {}, { status: 'Succeeded' }, 'routing Canary'],
    ['the group, where the deployment names none', {}, { configName: '' }, 'routing Canary'],
  ])('moves its traffic as %s', async (_, inputs, rest, question) => {
    const { services, world, asked } = account([deployment('d-1', rest)], {
      newest: { id: 'd-1', status: 'InProgress' },
    });
    world.inputs = inputs;
    await services.show(WEB);
    expect(asked.filter((one) => one.startsWith('routing'))).toEqual([question]);
  });

  test('whose configuration or deployment may not be read is shown, and refuses a deployment', async () => {
    const { services, world, noted } = account([deployment('d-1')], { newest: { id: 'd-1', status: 'InProgress' } });
    world.refused = { routing: 'ACCESS_DENIED', deployment: 'ACCESS_DENIED' };
    expect((await services.show(WEB)).codeDeploy).toMatchObject({
      denied: ['codedeploy:GetDeployment', 'codedeploy:GetDeploymentConfig'],
    });
    expect(noted).toHaveLength(2);
    world.refused = {};
    world.now += 1;
    expect((await services.show(WEB)).codeDeploy).toMatchObject({ denied: ['codedeploy:GetDeploymentConfig'] });
  });

  test('is found by its name or ARN, and by its deployment', async () => {
    const { services } = account([deployment('d-1')], { newest: { id: 'd-1', status: 'InProgress' } });
    const sets = [taskSet('1'), taskSet('2', { externalId: 'd-1' })];
    await services.show({ ...WEB, taskSets: sets });
    const one = services.byName('shop', 'web');
    expect(one?.service.name).toBe('web');
    expect(services.byName(WEB.clusterArn, WEB.arn)).toBe(one);
    expect(services.byName('other', 'web')).toBeUndefined();
    expect(services.byName('shop', 'other')).toBeUndefined();
    expect(services.byId('d-1')).toBe(one);
    expect(services.byId('d-2')).toBeUndefined();
    expect([...services.taskSetIds()]).toEqual([
      ['ecs-svc/1', 'ecs-svc/1'],
      ['ecs-svc/2', 'd-1'],
    ]);
    await services.show(WEB);
    expect(services.byName('shop', 'web')).toBe(one);
    expect([...services.taskSetIds()]).toEqual([]);
  });
});

test.each<[FailureCode, 'help' | 'denied' | 'thrown']>([
  ['ACCESS_DENIED', 'denied'],
  ['NOT_FOUND', 'help'],
  ['REFUSED', 'help'],
  ['THROTTLED', 'thrown'],
  ['CANCELLED', 'thrown'],
])('a question that only helps, and that is %s', async (code, how) => {
  const { services, noted } = account();
  const denied: string[] = [];
  const question = services.optional(
    async () => {
      throw new Failure(code, 'x');
    },
    () => denied.push('denied'),
  );
  if (how === 'thrown') await expect(question).rejects.toMatchObject({ code });
  else expect(await question).toBeUndefined();
  expect([noted.length, denied.length]).toEqual(how === 'denied' ? [1, 1] : [0, 0]);
});

describe('a deployment', () => {
  test('is asked for once within a second, and again once it was changed', async () => {
    const { services, world, asked, deployed } = account([deployment('d-1')]);
    const one = deployed();
    const both = ['deployment d-1', 'target d-1 shop web'];
    const progress = () => services.progress('d-1', one);
    expect(await asks(asked, () => Promise.all([progress(), progress()]))).toEqual(both);
    world.now += 0.9;
    expect(await asks(asked, progress)).toEqual([]);
    services.changed('d-1');
    expect(await asks(asked, progress)).toEqual(both);
    world.now += 1;
    expect(await asks(asked, progress)).toEqual(both);
  });
  test('is asked for again after a failure', async () => {
    const { services, world, deployed } = account([deployment('d-1')]);
    world.refused = { deployment: 'THROTTLED' };
    await expect(services.progress('d-1', deployed())).rejects.toMatchObject({ code: 'THROTTLED' });
    world.refused = {};
    expect(await services.progress('d-1', deployed())).toMatchObject({ deployment: { id: 'd-1' } });
  });
  test('and the one that rolls it back are one', async () => {
    const { services, deployed } = account([
      deployment('d-1', { status: 'Failed', rolledBackBy: 'd-2' }),
      deployment('d-2', { rollsBack: 'd-1' }),
    ]);
    for (const id of ['d-1', 'd-2'])
      expect(await services.progress(id, deployed())).toMatchObject({
        deployment: { id: 'd-1' },
        rollback: { id: 'd-2' },
        target: { events: [] },
      });
  });
  test('of this run has its own AppSpec where the answer has none', async () => {
    const { services, world, deployed } = account([deployment('d-1'), deployment('d-2')]);
    const one = { ...deployed(), created: { id: 'd-1', appSpec: 'own' }, rollbackRequested: 'd-1' };
    expect(await services.progress('d-1', one)).toMatchObject({
      deployment: { appSpec: 'own' },
      rollbackRequested: true,
    });
    const other = await services.progress('d-2', one);
    expect(other.deployment).not.toHaveProperty('appSpec');
    expect(other).not.toHaveProperty('rollbackRequested');
    world.deployments = [deployment('d-1', { appSpec: 'theirs' })];
    services.changed('d-1');
    expect(await services.progress('d-1', one)).toMatchObject({ deployment: { appSpec: 'theirs' } });
  });
  test('that has just begun is shown without asking', async () => {
    const { services, asked, deployed } = account();
    const one = deployed();
    services.begun(one, { id: 'd-9', appSpec: SPEC(43) }, revisionArn(43));
    expect(services.showBegun(one).deployments).toMatchObject([
      { status: 'PRIMARY', taskDefinitionArn: revisionArn(43) },
    ]);
    expect(await services.revisionOf('d-9')).toBe(revisionArn(43));
    expect(asked).toEqual([]);
    expect(one).toMatchObject({ current: 'd-9', created: { id: 'd-9' } });
  });
  test('is described as one of ECS', async () => {
    const { services, deployed } = account([deployment('d-1')]);
    expect(await services.describe('d-1', deployed())).toMatchObject({ arn: 'd-1', status: 'IN_PROGRESS' });
  });
  test('has a task definition, which is asked for once', async () => {
    const { services, asked } = account([deployment('d-1', { appSpec: SPEC(7) }), deployment('d-2')]);
    expect(await services.revisionOf('d-1')).toBe(revisionArn(7));
    expect(await asks(asked, () => services.revisionOf('d-1'))).toEqual([]);
    expect(await services.revisionOf('d-2')).toBeUndefined();
    expect(await asks(asked, () => services.revisionOf('d-2'))).toEqual(['deployment d-2']);
  });
  test('that succeeded last has an AppSpec', async () => {
    const { services, deployed, world } = account([deployment('d-1', { appSpec: 'x' })]);
    expect(await services.lastAppSpec(deployed())).toBeUndefined();
    const found = { kind: 'known', ...GROUP, succeeded: 'd-1' } as const;
    expect(await services.lastAppSpec({ ...deployed(), found })).toBe('x');
    world.refused = { deployment: 'NOT_FOUND' };
    expect(await services.lastAppSpec({ ...deployed(), found })).toBeUndefined();
  });
});

describe('the newest deployment', () => {
  const idOf = async (made: ReturnType<typeof account>, one: Deployed) =>
    (await made.services.current(one))?.deployment.id;
  test('is the one of the group, else of the newest task set, else the one that was watched', async () => {
    const all = ['d-1', 'd-2', 'd-3'].map((id) => deployment(id, { status: 'Succeeded' }));
    const sets = [taskSet('1', { externalId: 'd-1' }), taskSet('2', { externalId: 'd-2', createdAt: START + 1 })];
    const newest = account(all, { newest: { id: 'd-3', status: 'Succeeded' } });
    expect(await idOf(newest, newest.deployed({ ...WEB, taskSets: sets }))).toBe('d-3');
    const other = account(all);
    expect(await idOf(other, other.deployed({ ...WEB, taskSets: sets }))).toBe('d-2');
    expect(await idOf(other, { ...other.deployed(), current: 'd-1' })).toBe('d-1');
    expect(await idOf(other, other.deployed())).toBeUndefined();
    expect(await idOf(other, other.deployed({ ...WEB, taskSets: [taskSet('1', { externalId: 'x-d-1' })] }))).toBe(
      undefined,
    );
  });
  test('is the watched one while it or its rollback is under way', async () => {
    const newest = { id: 'd-3', status: 'InProgress' };
    for (const watched of [
      [deployment('d-1')],
      [deployment('d-1', { status: 'Failed', rolledBackBy: 'd-2' }), deployment('d-2', { rollsBack: 'd-1' })],
    ]) {
      const made = account([...watched, deployment('d-3')], { newest });
      expect(await idOf(made, { ...made.deployed(), current: 'd-1' })).toBe('d-1');
    }
    const ended = account(
      [
        deployment('d-1', { status: 'Failed', rolledBackBy: 'd-2' }),
        deployment('d-2', { rollsBack: 'd-1', status: 'Succeeded' }),
        deployment('d-3'),
      ],
      { newest },
    );
    const one = { ...ended.deployed(), current: 'd-1' };
    expect(await idOf(ended, one)).toBe('d-3');
    expect(one.current).toBe('d-3');
  });
});

describe('the list', () => {
  const ENDED = [
    deployment('d-5', { rollsBack: 'd-4', status: 'Succeeded' }),
    deployment('d-4', { status: 'Failed', rolledBackBy: 'd-5', finishedAt: START + 9 }),
    deployment('d-3', { status: 'Stopped', finishedAt: START - 99 }),
    deployment('d-2', { status: 'Failed', rolledBackBy: 'd-0' }),
    deployment('d-1', { status: 'Succeeded', appSpec: SPEC(7) }),
  ];
  test.each<[readonly string[] | undefined, readonly string[], readonly string[]]>([
    [undefined, ['d-4', 'd-3', 'd-2', 'd-1'], ['Succeeded', 'Failed', 'Stopped']],
    [['SUCCESSFUL'], ['d-1'], ['Succeeded']],
    [['ROLLBACK_SUCCESSFUL'], ['d-4', 'd-2'], ['Failed', 'Stopped']],
    [['STOPPED', 'IN_PROGRESS'], ['d-3'], ['Failed', 'Stopped']],
  ])('of those that are %j', async (statuses, ids, theirs) => {
    const { services, asked, deployed } = account(ENDED);
    const listed = await services.list(deployed(), statuses ? { statuses } : {});
    // What rolled d-2 back is older than the list: it has ended well, because a later one was begun.
    expect(listed.map(({ arn }) => arn)).toEqual(ids);
    expect(JSON.parse(asked.at(-1)?.replace('deployments ', '') ?? '{}')).toEqual({
      application: GROUP.application,
      group: GROUP.name,
      statuses: theirs,
      limit: 100,
    });
    expect(await asks(asked, () => services.revisionOf('d-1'))).toEqual([]);
  });
  test('says when each started and ended', async () => {
    const { services, deployed } = account(ENDED);
    expect((await services.list(deployed(), { limit: 5 }))[0]).toEqual({
      arn: 'd-4',
      status: 'ROLLBACK_SUCCESSFUL',
      targetServiceRevisionArn: 'code-deploy/d-4',
      createdAt: START,
      finishedAt: START + 9,
    });
  });
  test('is the newest alone where only it can be meant', async () => {
    const { services, asked, deployed } = account([deployment('d-1')], { newest: { id: 'd-1', status: 'InProgress' } });
    const list = async (query: Parameters<typeof services.list>[1]) =>
      (await services.list(deployed(), query)).map(({ arn }) => arn);
    expect(await list({ statuses: ['IN_PROGRESS', 'PENDING'] })).toEqual(['d-1']);
    expect(await list({ statuses: ['PENDING'] })).toEqual([]);
    expect(await list({ createdAfter: START })).toEqual(['d-1']);
    expect(await list({ createdAfter: START + 1 })).toEqual([]);
    expect(await list({ createdAfter: START, statuses: ['SUCCESSFUL'] })).toEqual([]);
    expect(asked.some((one) => one.startsWith('deployments'))).toBe(false);
  });
  test('of no deployment and of no group is empty', async () => {
    const { services, deployed } = account();
    expect(await services.list(deployed(), { createdAfter: START })).toEqual([]);
    const found = { kind: 'unknown', code: 'NOT_FOUND', problem: 'x' } as const;
    expect(await services.list({ ...deployed(), found }, {})).toEqual([]);
  });
});

test('the group is looked for once, and read again while it is known', async () => {
  const { services, world, asked, deployed } = account();
  const one = deployed();
  expect(await services.group(one)).toMatchObject({ kind: 'known', configName: 'Canary' });
  world.group = { ...GROUP, configName: 'Other' };
  expect(await services.group(one)).toMatchObject({ kind: 'known', configName: 'Other' });
  expect(asked).toHaveLength(2);
  const unknown = { kind: 'unknown', code: 'NOT_FOUND', problem: 'x' } as const;
  expect(await asks(asked, () => services.group({ ...deployed(), found: unknown }))).toEqual([]);
});
