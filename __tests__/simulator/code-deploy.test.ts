import { createHash } from 'node:crypto';
import * as sdk from '@aws-sdk/client-codedeploy';
import { answerProblem } from '../../simulator/wire/shapes.ts';
import { BLUE, GREEN, groupOf, LISTENER, READY, TEST_LISTENER, VALIDATE } from '../support/code-deploy.ts';
import { withCodeDeploy } from '../support/code-deploy-stage.ts';
import { type Stage, TASK_DEFINITION } from '../support/world.ts';

const appSpec = (change: object = {}, hooks: readonly object[] = []) => ({
  version: 0.0,
  Resources: [
    {
      TargetService: {
        Type: 'AWS::ECS::Service',
        Properties: {
          TaskDefinition: 'web:2',
          LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 8080 },
          ...change,
        },
      },
    },
  ],
  Hooks: hooks,
});

class Client {
  readonly stage: Stage;
  constructor(stage: Stage) {
    this.stage = stage;
  }
  async call(operation: string, input: object): Promise<Record<string, never>> {
    const { codeDeploy, context } = this.stage.simulator;
    const answer = await codeDeploy.handle(operation, { ...input }, context);
    expect([operation, answerProblem(operation, answer, sdk)]).toEqual([operation, undefined]);
    return answer as Record<string, never>;
  }
  async create(spec: object = appSpec(), more: object = {}): Promise<string> {
    this.stage.simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
    const content = JSON.stringify(spec);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const { deploymentId } = await this.call('CreateDeployment', {
      applicationName: 'AppECS-default-web',
      deploymentGroupName: 'DgpECS-default-web',
      revision: { revisionType: 'AppSpecContent', appSpecContent: { content, sha256 } },
      ...more,
    });
    return deploymentId as unknown as string;
  }
  async info(deploymentId: string): Promise<sdk.DeploymentInfo> {
    return (await this.call('GetDeployment', { deploymentId })).deploymentInfo as unknown as sdk.DeploymentInfo;
  }
  async target(deploymentId: string): Promise<sdk.ECSTarget> {
    const { deploymentTarget } = await this.call('GetDeploymentTarget', { deploymentId, targetId: 'default:web' });
    return (deploymentTarget as unknown as sdk.DeploymentTarget).ecsTarget as sdk.ECSTarget;
  }
  async events(deploymentId: string): Promise<Record<string, string>> {
    const { lifecycleEvents = [] } = await this.target(deploymentId);
    return Object.fromEntries(
      lifecycleEvents.map(({ lifecycleEventName, status }) => [lifecycleEventName ?? '', status ?? '']),
    );
  }
  taskSets(): (readonly [string, string, string | undefined])[] {
    const { taskSets } = this.stage.service() as unknown as {
      taskSets: { status: string; taskDefinition: string; externalId?: string }[];
    };
    return taskSets.map(({ status, taskDefinition, externalId }) => [
      status,
      taskDefinition.split('/').at(-1) ?? '',
      externalId,
    ]);
  }
  weights(listener = LISTENER): Record<string, number> {
    return Object.fromEntries(this.stage.simulator.loadBalancing.weights.get(listener) ?? []);
  }
}

test('the replacement task set takes over, and the original one goes after the wait', async () => {
  const client = new Client(await withCodeDeploy());
  const { clock } = client.stage;
  const id = await client.create();
  expect((await client.info(id)).status).toBe('Created');
  clock.advance(4);
  expect(await client.events(id)).toMatchObject({
    BeforeInstall: 'Succeeded',
    Install: 'InProgress',
    AfterInstall: 'Pending',
  });
  expect(client.taskSets()).toEqual([
    ['ACTIVE', 'web:2', id],
    ['PRIMARY', 'web:1', undefined],
  ]);
  clock.advance(120);
  expect(new Set(Object.values(await client.events(id)))).toEqual(new Set(['Succeeded']));
  expect(await client.info(id)).toMatchObject({ status: 'InProgress', instanceTerminationWaitTimeStarted: true });
  expect(client.taskSets()).toEqual([
    ['PRIMARY', 'web:2', id],
    ['ACTIVE', 'web:1', undefined],
  ]);
  expect(client.weights()).toEqual({ [GREEN]: 100, [BLUE]: 0 });
  expect(client.weights(TEST_LISTENER)).toEqual({ [GREEN]: 100, [BLUE]: 0 });
  expect((await client.target(id)).taskSetsInfo).toMatchObject([
    { taskSetLabel: 'Blue', trafficWeight: 0, status: 'ACTIVE', targetGroup: { name: 'blue' } },
    { taskSetLabel: 'Green', trafficWeight: 100, status: 'PRIMARY', targetGroup: { name: 'green' } },
  ]);
  clock.advance(300);
  expect((await client.info(id)).status).toBe('Succeeded');
  clock.advance(60);
  expect(client.taskSets()).toEqual([['PRIMARY', 'web:2', id]]);
  expect(
    (
      await client.call('GetDeploymentGroup', {
        applicationName: 'AppECS-default-web',
        deploymentGroupName: 'DgpECS-default-web',
      })
    ).deploymentGroupInfo,
  ).toMatchObject({
    lastAttemptedDeployment: { deploymentId: id, status: 'Succeeded' },
    lastSuccessfulDeployment: { deploymentId: id },
  });
});

test('a linear configuration shifts step by step', async () => {
  const client = new Client(
    await withCodeDeploy({ deploymentConfigName: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes' }),
  );
  await client.create();
  client.stage.clock.advance(60);
  expect(client.weights()).toEqual({ [GREEN]: 10, [BLUE]: 90 });
  client.stage.clock.advance(120);
  expect(client.weights()).toEqual({ [GREEN]: 30, [BLUE]: 70 });
  client.stage.clock.advance(480);
  expect(client.weights()).toEqual({ [GREEN]: 100, [BLUE]: 0 });
});

test('a hook that fails ends the deployment, which is rolled back by another one', async () => {
  const client = new Client(await withCodeDeploy());
  const { simulator, clock } = client.stage;
  simulator.codeDeploy.rollouts.hooks.set(VALIDATE, { result: 'Failed', logTail: 'AssertionError: 500' });
  const id = await client.create(appSpec({}, [{ AfterAllowTestTraffic: VALIDATE }]));
  clock.advance(60);
  const info = await client.info(id);
  expect(info).toMatchObject({ status: 'Failed', errorInformation: { code: 'HOOK_EXECUTION_FAILURE' } });
  expect(await client.events(id)).toMatchObject({
    AllowTestTraffic: 'Succeeded',
    AfterAllowTestTraffic: 'Failed',
    BeforeAllowTraffic: 'Skipped',
  });
  const hook = (await client.target(id)).lifecycleEvents?.find(({ status }) => status === 'Failed');
  expect(hook?.diagnostics).toMatchObject({ logTail: 'AssertionError: 500', scriptName: VALIDATE });
  const back = info.rollbackInfo?.rollbackDeploymentId ?? '';
  expect(await client.info(back)).toMatchObject({
    status: 'Succeeded',
    creator: 'codeDeployRollback',
    rollbackInfo: { rollbackTriggeringDeploymentId: id },
  });
  clock.advance(60);
  expect(client.taskSets()).toEqual([['PRIMARY', 'web:1', undefined]]);
});

test('an alarm stops it, in the middle of the shift too, and traffic returns', async () => {
  const client = new Client(
    await withCodeDeploy({
      deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes',
      alarmConfiguration: { enabled: true, alarms: [{ name: 'web-5xx' }] },
    }),
  );
  const id = await client.create();
  client.stage.clock.advance(60);
  expect(client.weights()).toEqual({ [GREEN]: 10, [BLUE]: 90 });
  client.stage.simulator.alarms.set('web-5xx', 'ALARM');
  expect(client.weights()).toEqual({ [GREEN]: 0, [BLUE]: 100 });
  expect(await client.info(id)).toMatchObject({
    status: 'Stopped',
    errorInformation: { code: 'ALARM_ACTIVE', message: expect.stringContaining('<web-5xx>') },
  });
});

test('tasks that never become healthy end it after an hour', async () => {
  const client = new Client(await withCodeDeploy());
  client.stage.simulator.script.revision('web:2', { exit: { afterSeconds: 2, code: 1 } });
  const id = await client.create();
  client.stage.clock.advance(3500);
  expect((await client.info(id)).status).toBe('InProgress');
  client.stage.clock.advance(200);
  expect(await client.info(id)).toMatchObject({ status: 'Failed', errorInformation: { code: 'TIMEOUT' } });
});

test.each([
  [{ TaskDefinition: 'web:9' }, 'ECS_UPDATE_ERROR', /Unable to describe task definition/],
  [{ LoadBalancerInfo: { ContainerName: 'web', ContainerPort: 8080 } }, 'ECS_UPDATE_ERROR', /container does not exist/],
  [
    { LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 1 } },
    'ECS_UPDATE_ERROR',
    /did not have a container port 1/,
  ],
  [{ LoadBalancerInfo: { ContainerName: 'app', ContainerPort: '8080' } }, 'INVALID_REVISION', /must be a number/],
  [{ NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['s'] } } }, 'INVALID_REVISION', /SecurityGroups/],
])('an AppSpec with %j fails with %s', async (change, code, message) => {
  const client = new Client(await withCodeDeploy());
  const id = await client.create(appSpec(change));
  client.stage.clock.advance(30);
  expect(await client.info(id)).toMatchObject({
    status: 'Failed',
    errorInformation: { code, message: expect.stringMatching(message) },
  });
});

test('it waits for an approval where the group says so, and is stopped without one', async () => {
  const client = new Client(await withCodeDeploy(READY(10)));
  const id = await client.create();
  client.stage.clock.advance(60);
  expect((await client.info(id)).status).toBe('Ready');
  await client.call('ContinueDeployment', { deploymentId: id, deploymentWaitType: 'READY_WAIT' });
  client.stage.clock.advance(30);
  expect(client.weights()).toEqual({ [GREEN]: 100, [BLUE]: 0 });
  await client.call('ContinueDeployment', { deploymentId: id, deploymentWaitType: 'TERMINATION_WAIT' });
  expect((await client.info(id)).status).toBe('Succeeded');

  const other = new Client(await withCodeDeploy(READY(10)));
  const waiting = await other.create();
  other.stage.clock.advance(700);
  expect((await other.info(waiting)).status).toBe('Stopped');
});

test('stopping it rolls back where that is asked for, even after the shift', async () => {
  const client = new Client(await withCodeDeploy());
  const id = await client.create();
  client.stage.clock.advance(100);
  expect(client.weights()).toEqual({ [GREEN]: 100, [BLUE]: 0 });
  await client.call('StopDeployment', { deploymentId: id, autoRollbackEnabled: true });
  client.stage.clock.advance(60);
  expect(client.taskSets()).toEqual([['PRIMARY', 'web:1', undefined]]);
  expect(client.weights()).toEqual({ [GREEN]: 0, [BLUE]: 100 });
  await expect(client.call('StopDeployment', { deploymentId: id })).rejects.toMatchObject({
    name: 'DeploymentAlreadyCompletedException',
  });
});

test.each([
  [
    'GetDeploymentGroup',
    { applicationName: 'x', deploymentGroupName: 'y' },
    'ApplicationDoesNotExistException',
    'No application found for name: x',
  ],
  [
    'GetDeploymentGroup',
    { applicationName: 'AppECS-default-web', deploymentGroupName: 'y' },
    'DeploymentGroupDoesNotExistException',
    'No Deployment Group found for name: y',
  ],
  [
    'GetDeployment',
    { deploymentId: 'd-ABCDEFGHI' },
    'DeploymentDoesNotExistException',
    'The deployment d-ABCDEFGHI could not be found',
  ],
  ['GetDeployment', { deploymentId: 'x' }, 'InvalidDeploymentIdException', 'x'],
  ['GetDeployment', {}, 'DeploymentIdRequiredException', 'deploymentId'],
  [
    'GetDeploymentConfig',
    { deploymentConfigName: 'Canary5' },
    'DeploymentConfigDoesNotExistException',
    'No Deployment Configuration found for name: Canary5',
  ],
  [
    'CreateDeployment',
    { applicationName: 'AppECS-default-web', deploymentGroupName: 'DgpECS-default-web' },
    'RevisionRequiredException',
    'Revision',
  ],
  [
    'CreateDeploymentGroup',
    groupOf({ loadBalancerInfo: {} }, { group: 'other' }),
    'InvalidTargetGroupPairException',
    'pair',
  ],
  ['CreateDeploymentGroup', groupOf({}, { group: 'other', service: 'gone' }), 'InvalidECSServiceException', 'service'],
  ['Fly', {}, 'UnknownOperationException', 'Fly'],
])('%s: refusal %#', async (operation, input, name, message) => {
  const client = new Client(await withCodeDeploy());
  await expect(client.call(operation, input)).rejects.toMatchObject({
    name,
    message: expect.stringContaining(message),
  });
});

test('one deployment of a group at a time; a wrong hash is refused', async () => {
  const client = new Client(await withCodeDeploy());
  const id = await client.create();
  await expect(client.create()).rejects.toMatchObject({
    name: 'DeploymentLimitExceededException',
    message: `The Deployment Group 'DgpECS-default-web' already has an active Deployment '${id}'`,
  });
  await expect(
    client.create(appSpec(), {
      revision: { revisionType: 'AppSpecContent', appSpecContent: { content: '{}', sha256: 'x' } },
    }),
  ).rejects.toMatchObject({ name: 'InvalidRevisionException' });
});
