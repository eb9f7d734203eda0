import { deny } from '../../../simulator/simulator.ts';
import { Stage, TASK_DEFINITION } from '../../support/world.ts';

const app = (image: string) => ({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }] });
/** A service whose deployments wait for somebody once the new tasks run, for up to two weeks. */
const PAUSE = { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }] };

/** A steady service whose later deployments go by this configuration. */
function withConfiguration(deploymentConfiguration: Readonly<Record<string, unknown>>, stage = new Stage()): Stage {
  stage.withService();
  stage.simulator.call('UpdateService', { service: 'web', deploymentConfiguration });
  stage.simulator.wire.calls.length = 0;
  return stage;
}

async function withPausedDeployment(): Promise<Stage> {
  const stage = withConfiguration(PAUSE);
  stage.template(app('example.com/app:2'));
  const outcome = await stage.deploy({ 'wait-for-minutes': '5' });
  expect(outcome.kind).toBe('paused');
  expect(outcome.headline).toMatch(/is paused at the PAUSE hook of stage POST_SCALE_UP/);
  stage.simulator.wire.calls.length = 0;
  return stage;
}

test('a deployment that waits for an approval is neither failed nor rolled back: it is paused', async () => {
  const stage = await withPausedDeployment();
  expect(stage.service().taskDefinition).toMatch(/web:2$/);
});

test('a rollback answers the hook, and ECS goes back', async () => {
  const stage = await withPausedDeployment();
  const outcome = await stage.rollback();
  expect(outcome).toMatchObject({ kind: 'deployed', headline: expect.stringContaining('Rolled back to web:1') });
  expect([stage.count('ContinueServiceDeployment'), stage.count('UpdateService')]).toEqual([1, 0]);
  expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/), runningCount: 2 });
});

test('where answering is denied, the old revision is deployed in its place', async () => {
  const stage = await withPausedDeployment();
  stage.simulator.wire.faults.push(deny('ecs:ContinueServiceDeployment'));
  const rollback = stage.rollback(undefined, { 'wait-for-minutes': '5' });
  // The same hook holds the deployment of the old revision; somebody continues it.
  expect((await rollback).kind).toMatch(/deployed|paused/);
  expect(stage.count('UpdateService')).toBe(1);
});

test('a hook that refuses is a rollback by ECS, reported with the hook', async () => {
  const lambda = 'arn:aws:lambda:eu-west-1:123456789012:function:smoke';
  const roleArn = 'arn:aws:iam::123456789012:role/hooks';
  const stage = withConfiguration({
    lifecycleHooks: [{ hookTargetArn: lambda, roleArn, lifecycleStages: ['POST_SCALE_UP'] }],
  });
  stage.simulator.script.hook(lambda, { result: 'FAILED', seconds: 5 });
  stage.template(app('example.com/app:2'));
  const outcome = await stage.deploy({});
  expect(outcome.kind).toBe('rolled-back');
  expect(outcome.diagnoses[0]?.rule).toBe('lifecycle-hook-failed');
  expect(stage.count('UpdateService')).toBe(1);
});

test('an alarm of the service rolls back by ECS; we follow and do not double it', async () => {
  const stage = new Stage();
  stage.simulator.cloudwatch.alarms.set('web-5xx', { state: 'OK' });
  withConfiguration({ alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true }, bakeTimeInMinutes: 5 }, stage);
  stage.template(app('example.com/app:2'));
  stage.simulator.script.alarm('web-5xx', 'ALARM', 90);
  const outcome = await stage.deploy({});
  expect(outcome.kind).toBe('rolled-back');
  expect(outcome.headline).toContain('web-5xx');
  expect(stage.count('UpdateService')).toBe(1);
});
