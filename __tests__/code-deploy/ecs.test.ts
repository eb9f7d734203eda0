import { revisionArnOf } from '../../src/code-deploy/deployed.ts';
import { codeDeployedEcs } from '../../src/code-deploy/ecs.ts';
import { Failure, type FailureCode } from '../../src/failure.ts';
import type { CodeDeployInputs } from '../../src/inputs/types.ts';
import type { CodeDeployment, DeploymentGroup, ServiceState, ServiceUpdate, TaskSetState } from '../../src/model.ts';
import type { CodeDeploy, Ecs } from '../../src/ports.ts';
import { revisionArn, START, service } from '../report/made.ts';
import { deployment, GROUP } from './made.ts';

const PRIMARY: TaskSetState = {
  id: 'ecs-svc/1',
  status: 'PRIMARY',
  externalId: 'd-1',
  taskDefinitionArn: revisionArn(42),
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  loadBalancers: [{ containerName: 'app', containerPort: 80 }],
  createdAt: START,
  updatedAt: START,
};
const WEB = service([], {
  deploymentController: 'CODE_DEPLOY',
  taskSets: [PRIMARY],
  desiredCount: 2,
  healthCheckGracePeriodSeconds: 30,
});
const OTHER = service([], { arn: `${WEB.arn}-other`, name: 'other' });
const specOf = (container: string): string =>
  JSON.stringify({
    version: 0,
    Resources: [
      {
        TargetService: {
          Type: 'AWS::ECS::Service',
          Properties: {
            TaskDefinition: revisionArn(41),
            LoadBalancerInfo: { ContainerName: container, ContainerPort: 80 },
          },
        },
      },
    ],
  });

/** ECS with two services, of which CodeDeploy deploys one; each call that changes something is noted, and what `refused` names fails. */
async function account(deployments: readonly CodeDeployment[] = [], group: Partial<DeploymentGroup> = {}) {
  const done: (readonly [call: string, ...unknown[]])[] = [];
  const asked: string[] = [];
  const world = {
    now: START,
    deployments: [...deployments],
    group: { ...GROUP, ...group } as DeploymentGroup,
    refused: {} as Record<string, FailureCode | undefined>,
    state: WEB as ServiceState,
  };
  const refuse = (name: string): void => {
    const code = world.refused[name];
    const api = { service: 'codedeploy', operation: name, name: 'Exception', message: '' };
    if (code) throw new Failure(code, `${name} failed.`, { remedy: `Allow ${name}.`, api });
  };
  const act =
    <Given extends unknown[], Answer>(name: string, answer: (...given: Given) => Answer) =>
    async (...given: Given): Promise<Answer> => {
      done.push([name, ...given]);
      refuse(name);
      return answer(...given);
    };
  const read =
    <Given extends unknown[], Answer>(name: string, answer: (...given: Given) => Answer) =>
    async (...given: Given): Promise<Answer> => {
      asked.push([name, ...given.map((one) => JSON.stringify(one))].join(' '));
      refuse(name);
      return answer(...given);
    };
  const codeDeploy = {
    group: read('group', () => world.group),
    routing: read('routing', () => ({ kind: 'AllAtOnce' })),
    deployment: read('deployment', (id: string) => {
      const found = world.deployments.find((one) => one.id === id);
      if (!found) throw new Failure('NOT_FOUND', `${id} is not there.`);
      return found;
    }),
    deployments: read('deployments', () => world.deployments),
    target: read('target', () => undefined),
    create: act('create', () => {
      world.deployments.unshift(deployment('d-NEW'));
      return 'd-NEW';
    }),
    stop: act('stop', () => {}),
    continue: act('continue', () => {}),
  } as unknown as CodeDeploy;
  const ecs = {
    describeServices: read('describeServices', () => [world.state, OTHER]),
    servicesWithTags: read('servicesWithTags', () => [{ service: world.state, tags: { a: 'b' } }]),
    updateService: act('updateService', ({ service: name, desiredCount = WEB.desiredCount }: ServiceUpdate) => {
      if (name === 'other') return OTHER;
      world.state = { ...world.state, desiredCount };
      return world.state;
    }),
    listServiceDeployments: read('listServiceDeployments', () => [{ arn: 'of ECS' }]),
    describeServiceDeployments: read('describeServiceDeployments', (arns: string[]) => arns.map((arn) => ({ arn }))),
    describeServiceRevisions: read('describeServiceRevisions', (arns: string[]) => arns.map((arn) => ({ arn }))),
    stopServiceDeployment: act('stopServiceDeployment', () => {}),
    continueServiceDeployment: act('continueServiceDeployment', () => {}),
    describeTasks: read('describeTasks', () => [
      { arn: 'a', startedBy: 'ecs-svc/1' },
      { arn: 'b', startedBy: 'me' },
      { arn: 'c' },
    ]),
  } as unknown as Ecs;
  const port = codeDeployedEcs({
    ecs,
    codeDeploy,
    clock: { now: () => world.now },
    inputsOf: () => ({ waitFor: 'traffic' }) as CodeDeployInputs,
  });
  await port.adopt([WEB, OTHER]);
  asked.length = 0;
  /** The deployment that was created, its AppSpec read. */
  const created = () => {
    const [, given] = done.find(([call]) => call === 'create') ?? [];
    const { appSpec, ...rest } = given as { appSpec: string };
    const [{ TargetService }] = JSON.parse(appSpec).Resources;
    return { ...rest, properties: TargetService.Properties };
  };
  return { port, world, done, asked, created, calls: () => done.map(([call]) => call) };
}
const UPDATE: ServiceUpdate = { cluster: 'shop', service: 'web', taskDefinition: revisionArn(43) };
const NEWEST = { newest: { id: 'd-1', status: 'InProgress' } } as const;

describe('what ECS does itself stays its own', () => {
  test('of another service every call is passed on', async () => {
    const { port, done, asked } = await account();
    expect(await port.updateService({ ...UPDATE, service: 'other' })).toBe(OTHER);
    expect(await port.listServiceDeployments({ cluster: 'shop', service: 'other', limit: 3 })).toEqual([
      { arn: 'of ECS' },
    ]);
    expect(await port.describeServiceDeployments(['x'])).toEqual([{ arn: 'x' }]);
    expect(await port.describeServiceRevisions(['x'])).toEqual([{ arn: 'x' }]);
    await port.stopServiceDeployment('x', 'ROLLBACK');
    await port.continueServiceDeployment('x', 'hook', 'CONTINUE');
    expect(done).toEqual([
      ['updateService', { ...UPDATE, service: 'other' }],
      ['stopServiceDeployment', 'x', 'ROLLBACK'],
      ['continueServiceDeployment', 'x', 'hook', 'CONTINUE'],
    ]);
    expect(asked).toContain('listServiceDeployments {"cluster":"shop","service":"other","limit":3}');
  });
  test('ECS is not asked for deployments and revisions of CodeDeploy', async () => {
    const { port, asked } = await account([deployment('d-1', { appSpec: specOf('app') })], NEWEST);
    expect(await port.describeServiceDeployments(['d-1', 'x'])).toMatchObject([{ arn: 'd-1' }, { arn: 'x' }]);
    expect(await port.describeServiceDeployments(['d-1'])).toHaveLength(1);
    expect(await port.describeServiceRevisions([revisionArnOf('d-1'), 'x'])).toEqual([
      { arn: revisionArnOf('d-1'), taskDefinitionArn: revisionArn(41), images: [] },
      { arn: 'x' },
    ]);
    expect(await port.describeServiceRevisions([revisionArnOf('d-1')])).toHaveLength(1);
    expect(
      await port.listServiceDeployments({ cluster: 'shop', service: 'web', statuses: ['IN_PROGRESS'] }),
    ).toMatchObject([{ arn: 'd-1' }]);
    expect(asked.filter((one) => /ServiceDeployments|Revisions/.test(one))).toEqual([
      'describeServiceDeployments ["x"]',
      'describeServiceRevisions ["x"]',
    ]);
  });
  test('a revision that no AppSpec names is none', async () => {
    const { port } = await account([deployment('d-1')]);
    expect(await port.describeServiceRevisions([revisionArnOf('d-1')])).toEqual([]);
  });
});

describe('what is described', () => {
  test('services are shown with their group, those of ECS as they are', async () => {
    const { port } = await account();
    const [web, other] = await port.describeServices('shop', ['web', 'other']);
    expect(web?.codeDeploy).toMatchObject({ kind: 'known', name: GROUP.name });
    expect(other).toBe(OTHER);
    const [tagged] = await port.servicesWithTags('shop', ['web']);
    expect(tagged).toMatchObject({ tags: { a: 'b' }, service: { codeDeploy: { name: GROUP.name } } });
  });
  test('the deployment under way is asked for beside the service, and a failure of that is no failure of this', async () => {
    const { port, world, asked } = await account([deployment('d-1')], NEWEST);
    world.now += 10;
    await port.describeServices('shop', ['web', 'other']);
    expect(asked.filter((one) => !one.startsWith('target'))).toEqual([
      'deployment "d-1"',
      'describeServices "shop" ["web","other"]',
    ]);
    world.now += 10;
    world.refused = { describeServices: 'UNAVAILABLE', deployment: 'UNAVAILABLE' };
    await expect(port.describeServices('shop', ['web'])).rejects.toThrow('describeServices failed.');
  });
  test('tasks of a task set are those of its deployment', async () => {
    const { port } = await account();
    expect(await port.describeTasks('shop', ['a', 'b', 'c'])).toEqual([
      { arn: 'a', startedBy: 'd-1' },
      { arn: 'b', startedBy: 'me' },
      { arn: 'c' },
    ]);
  });
});

describe('an update', () => {
  test.each<[string, Partial<ServiceUpdate>, string[]]>([
    ['of a setting alone', { desiredCount: 5 }, ['updateService']],
    ['of nothing', {}, []],
    ['of the revision', { taskDefinition: revisionArn(43) }, ['create']],
    ['that forces a deployment', { forceNewDeployment: true }, ['create']],
    ['of the platform version', { platformVersion: '1.4.0' }, ['create']],
    ['of both', { taskDefinition: revisionArn(43), desiredCount: 5 }, ['updateService', 'create']],
  ])('%s', async (_, update, expected) => {
    const { port, calls } = await account();
    await port.updateService({ cluster: 'shop', service: 'web', ...update });
    expect(calls()).toEqual(expected);
  });
  test('UpdateService gets what it takes of such a service, and nothing else', async () => {
    const { port, done } = await account();
    const settings = {
      desiredCount: 5,
      healthCheckGracePeriodSeconds: 9,
      enableECSManagedTags: true,
      propagateTags: 'SERVICE',
      deploymentConfiguration: { a: 1 },
    } as const;
    const shown = await port.updateService({ ...UPDATE, ...settings, enableExecuteCommand: true });
    expect(done[0]).toEqual(['updateService', { cluster: 'shop', service: 'web', ...settings }]);
    expect(shown).toMatchObject({ desiredCount: 5, codeDeploy: { name: GROUP.name } });
  });
  test('the deployment has the revision, the plan and the configuration of the group', async () => {
    const { port, created } = await account();
    await port.updateService({ ...UPDATE, platformVersion: '1.4.0' });
    expect(created()).toEqual({
      application: GROUP.application,
      group: GROUP.name,
      properties: {
        TaskDefinition: revisionArn(43),
        LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 80 },
        PlatformVersion: '1.4.0',
      },
    });
  });
  test('what is forced deploys the revision that the service has', async () => {
    const { port, created } = await account();
    await port.updateService({ cluster: 'shop', service: 'web', forceNewDeployment: true });
    expect(created().properties.TaskDefinition).toBe(revisionArn(42));
  });
  test('the plan goes before what the group has', async () => {
    const { port, created } = await account([], { rollbackOn: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST'] });
    const codeDeploy = {
      appSpec: JSON.parse(specOf('given')),
      description: 'why',
      configName: 'Own',
      rollbackOnFailure: true,
    } as const;
    await port.updateService({ ...UPDATE, codeDeploy });
    expect(created()).toMatchObject({
      description: 'why',
      configName: 'Own',
      rollbackOn: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      properties: { LoadBalancerInfo: { ContainerName: 'given' } },
    });
  });
  test.each([
    ['as the newest one that succeeded had it', specOf('last'), 'last'],
    ['made from the service where that is not JSON', 'version: 0', 'app'],
    ['made from the service where that is none', '{}', 'app'],
  ])('the AppSpec is %s', async (_, appSpec, container) => {
    const { port, created } = await account([deployment('d-0', { status: 'Succeeded', appSpec })], {
      succeeded: 'd-0',
    });
    await port.updateService(UPDATE);
    expect(created().properties.LoadBalancerInfo.ContainerName).toBe(container);
  });
  test('a group that is not known, or rights that are missing, end it before anything is changed', async () => {
    const { port, world, calls } = await account();
    world.refused = { deployment: 'ACCESS_DENIED' };
    await port.describeServices('shop', ['web']);
    await expect(port.updateService({ ...UPDATE, desiredCount: 5 })).rejects.toThrow(
      'codedeploy:GetDeployment is denied',
    );
    expect(calls()).toEqual([]);
  });
  test.each<[FailureCode, number]>([
    ['REFUSED', 2],
    ['CONFLICT', 2],
    ['UNAVAILABLE', 1],
  ])('where CreateDeployment ends with %s, settings are set back unless it may have started', async (code, updates) => {
    const { port, world, done } = await account();
    world.refused = { create: code };
    const settings = { desiredCount: 5, propagateTags: 'SERVICE' } as const;
    await expect(port.updateService({ ...UPDATE, ...settings })).rejects.toMatchObject({ code });
    const set = done.filter(([call]) => call === 'updateService').map(([, update]) => update);
    const undone = { cluster: 'shop', service: 'web', desiredCount: 2, propagateTags: 'NONE' };
    expect(set).toEqual([{ cluster: 'shop', service: 'web', ...settings }, undone].slice(0, updates));
  });
  test('the settings that the service did not have are set back to those of AWS', async () => {
    const { port, world, done } = await account();
    const { healthCheckGracePeriodSeconds: _, ...state } = WEB;
    world.state = state;
    await port.describeServices('shop', ['web']);
    world.refused = { create: 'REFUSED' };
    const settings = { healthCheckGracePeriodSeconds: 60, enableECSManagedTags: true };
    await expect(port.updateService({ ...UPDATE, ...settings })).rejects.toThrow('create failed.');
    expect(done.at(-1)).toEqual([
      'updateService',
      { cluster: 'shop', service: 'web', healthCheckGracePeriodSeconds: 0, enableECSManagedTags: false },
    ]);
  });
  test('a started deployment that cannot be described yet is shown without asking', async () => {
    const { port, world, calls } = await account();
    world.refused = { deployment: 'UNAVAILABLE' };
    expect((await port.updateService(UPDATE)).deployments).toContainEqual(
      expect.objectContaining({ id: 'd-NEW', taskDefinitionArn: revisionArn(43) }),
    );
    expect(calls()).toEqual(['create']);
  });
});

describe('an end', () => {
  const started = async () => {
    const made = await account([deployment('d-1')], NEWEST);
    await made.port.describeServices('shop', ['web']);
    return made;
  };
  test.each<['ROLLBACK' | 'ABORT', boolean]>([
    ['ROLLBACK', true],
    ['ABORT', false],
  ])('%s is a call of CodeDeploy, and no earlier answer holds', async (type, rollback) => {
    const { port, done, asked } = await started();
    asked.length = 0;
    await port.stopServiceDeployment('d-1', type);
    expect(done).toEqual([['stop', 'd-1', rollback]]);
    await port.describeServiceDeployments(['d-1']);
    expect(asked).toContain('deployment "d-1"');
  });
  test.each<[string, Partial<CodeDeployment>, FailureCode, boolean]>([
    ['the first call had ended it', {}, 'REFUSED', true],
    ['its answer was lost', {}, 'UNAVAILABLE', true],
    ['clocks differ', { finishedAt: START - 5 }, 'REFUSED', true],
    ['it was stopped before', { finishedAt: START - 6 }, 'REFUSED', false],
    ['it has no end', { finishedAt: undefined as never }, 'REFUSED', false],
    ['it failed of itself', { error: { code: 'HEALTH_CONSTRAINTS', message: '' } }, 'REFUSED', false],
    ['it is still under way', { status: 'InProgress' }, 'REFUSED', false],
    ['it is denied', {}, 'ACCESS_DENIED', false],
  ])('a stop that is refused has been one where %s', async (_, rest, code, isStopped) => {
    const { port, world } = await started();
    world.refused = { stop: code };
    world.deployments = [
      deployment('d-1', { status: 'Stopped', error: { code: 'MANUAL_STOP', message: '' }, finishedAt: START, ...rest }),
    ];
    const stop = port.stopServiceDeployment('d-1', 'ABORT');
    await (isStopped ? expect(stop).resolves.toBeUndefined() : expect(stop).rejects.toMatchObject({ code }));
  });
  test('a stop that is refused is refused where the deployment cannot be read', async () => {
    const { port, world } = await started();
    world.refused = { stop: 'REFUSED', deployment: 'UNAVAILABLE' };
    await expect(port.stopServiceDeployment('d-1', 'ABORT')).rejects.toThrow('stop failed.');
  });
  test.each<[string, 'CONTINUE' | 'ROLLBACK', readonly unknown[]]>([
    ['TERMINATION_WAIT', 'CONTINUE', ['continue', 'd-1', 'TERMINATION_WAIT']],
    ['READY_WAIT', 'CONTINUE', ['continue', 'd-1', 'READY_WAIT']],
    ['READY_WAIT', 'ROLLBACK', ['stop', 'd-1', true]],
  ])('of a wait %s, %s', async (hook, action, call) => {
    const { port, done, asked } = await started();
    asked.length = 0;
    await port.continueServiceDeployment('d-1', hook, action);
    expect(done).toEqual([call]);
    await port.describeServiceDeployments(['d-1']);
    expect(asked).toContain('deployment "d-1"');
  });
});

describe('the first deployment of a group, which may not be read', () => {
  const update = async (refused: Record<string, FailureCode>) => {
    const made = await account();
    const { externalId: _, ...set } = PRIMARY;
    made.world.state = { ...WEB, taskSets: [set] };
    await made.port.describeServices('shop', ['web']);
    made.world.refused = refused;
    return { ...made, update: made.port.updateService(UPDATE) };
  };
  test('is stopped, and CodeDeploy rolls it back', async () => {
    const { update: made, done } = await update({ deployment: 'ACCESS_DENIED' });
    await expect(made).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message:
        'The deployment d-NEW of web cannot be watched, so it was stopped and CodeDeploy rolls it back: deployment failed.',
      remedy: 'Allow deployment.',
      api: { operation: 'deployment' },
    });
    expect(done.at(-1)).toEqual(['stop', 'd-NEW', true]);
  });
  test('is shown where it cannot be stopped either', async () => {
    const { update: made, done } = await update({ deployment: 'ACCESS_DENIED', stop: 'ACCESS_DENIED' });
    expect((await made).deployments).toContainEqual(expect.objectContaining({ id: 'd-NEW' }));
    expect(done.at(-1)).toEqual(['stop', 'd-NEW', true]);
  });
});
