import { deny } from '../../../simulator/simulator.ts';
import type { ContinueInputs } from '../../../src/inputs/types.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { continueDeployment } from '../../../src/stories/continue.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { balanced, TRAFFIC } from '../../support/balanced.ts';
import { runOf, Stage, TASK_DEFINITION } from '../../support/world.ts';

/** Deployments by ECS's own strategies, and the lifecycle hooks at which they pause. */
const app = (image: string) => ({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }] });

function released(): Stage {
  const stage = balanced();
  stage.template(app('example.com/app:2'));
  return stage;
}

function paused(configuration: Readonly<Record<string, unknown>> = {}): Stage {
  const stage = new Stage().withService();
  const lifecycleHooks = [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }];
  stage.simulator.call('UpdateService', {
    service: 'web',
    deploymentConfiguration: { lifecycleHooks, ...configuration },
  });
  stage.simulator.wire.calls.length = 0;
  stage.template(app('example.com/app:2'));
  return stage;
}

function answer(stage: Stage, given: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const inputs = stage.inputs({ mode: 'continue', 'task-definition': '', ...given }) as unknown as ContinueInputs;
  return continueDeployment(runOf(inputs, stage.world), fetchService(inputs, stage.world));
}

const configurationOf = (stage: Stage): Readonly<Record<string, unknown>> =>
  (stage.service() as unknown as { deploymentConfiguration: Record<string, unknown> }).deploymentConfiguration;

test('a linear deployment of an hour is waited for without wait-for-minutes, and each step is logged', async () => {
  const stage = released();
  const start = stage.clock.now();
  const outcome = await stage.deploy({
    strategy: 'linear',
    'linear-step-percent': '20',
    'linear-step-bake-minutes': '15',
    'bake-time-minutes': '5',
    ...TRAFFIC,
  });
  expect(outcome).toMatchObject({ kind: 'deployed' });
  expect(stage.clock.now() - start).toBeGreaterThan(65 * 60);
  expect(configurationOf(stage)).toMatchObject({
    strategy: 'LINEAR',
    bakeTimeInMinutes: 5,
    linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 15 },
  });
  const log = stage.lines.join('\n');
  expect(log).toContain('Traffic moves in 5 steps of 20 %, 15 min apart; bake time 5 min.');
  for (const step of [
    '20 % on the new revision, 80 % on the old one (step 1 of 5, the next in 15 min)',
    '100 % on the new revision (step 5 of 5)',
  ])
    expect(log).toContain(`production traffic: ${step}`);
  expect(log).toMatch(/stage PRODUCTION_TRAFFIC_SHIFT, about \d+ min left/);
});

test('a wait that ends in the middle of the strategy is refused before anything is changed', async () => {
  const stage = released();
  const refused = stage.deploy({
    strategy: 'CANARY',
    'canary-bake-minutes': '30',
    'wait-for-minutes': '30',
    ...TRAFFIC,
  });
  await expect(refused).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    mistakes: [{ subject: 'wait-for-minutes', problem: expect.stringContaining('CANARY of web takes 30 min alone') }],
  });
  expect([stage.count('UpdateService'), stage.revisions()]).toEqual([0, ['web:1']]);
});

test('a canary that crashes with the first traffic rolls back by ECS, and the step fails', async () => {
  const stage = released();
  stage.simulator.cloudwatch.alarms.set('web-5xx', { state: 'OK' });
  stage.simulator.script.alarm('web-5xx', 'ALARM', 400);
  const outcome = await stage.deploy({ strategy: 'CANARY', 'canary-percent': '2.5', alarms: 'web-5xx', ...TRAFFIC });
  expect(outcome).toMatchObject({ kind: 'rolled-back', headline: expect.stringContaining('web-5xx') });
  expect(stage.service().taskDefinition).toMatch(/web:1$/);
});

test('a second deploy with the same settings sends none of them again', async () => {
  const stage = released();
  const inputs = { strategy: 'blue-green', 'bake-time-minutes': '1', ...TRAFFIC };
  expect(await stage.deploy(inputs)).toMatchObject({ kind: 'deployed' });
  stage.simulator.wire.calls.length = 0;
  expect(await stage.deploy(inputs)).toMatchObject({ kind: 'unchanged' });
  expect(stage.count('UpdateService')).toBe(0);
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  [
    'no second target group',
    { strategy: 'LINEAR' },
    'has no `alternate-target-group`, `production-listener-rule`, `load-balancer-role`',
  ],
  ['no bake time', { strategy: 'BLUE_GREEN', ...TRAFFIC }, 'is missing: ECS needs it for BLUE_GREEN'],
  [
    'steps of another strategy',
    { 'linear-step-percent': '20' },
    'is a setting of LINEAR, but the strategy of web is ROLLING',
  ],
  [
    'an early success below the healthy percent',
    { 'early-success-percent': '50' },
    '50 is less than the minimum healthy percent, 100',
  ],
])('%s: refused with nothing called', async (_, given, problem) => {
  const stage = released();
  await expect(stage.deploy(given)).rejects.toMatchObject({
    mistakes: expect.arrayContaining([expect.objectContaining({ problem: expect.stringContaining(problem) })]),
  });
  expect(stage.count('UpdateService')).toBe(0);
});

test('hooks of the input are set, and a pause of theirs is answered', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  const outcome = await stage.deploy({
    'lifecycle-hooks': '- {targetType: PAUSE, lifecycleStages: [POST_SCALE_UP]}',
    'on-pause': 'continue',
  });
  expect(outcome).toMatchObject({ kind: 'deployed' });
  expect([stage.count('ContinueServiceDeployment'), configurationOf(stage).lifecycleHooks]).toEqual([
    1,
    [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }],
  ]);
});

test('a pause names the call that continues it, which works as it is', async () => {
  const stage = paused();
  const { awaits } = await stage.deploy({ 'on-pause': 'stop' });
  if (!awaits) throw new Error('no hook is named');
  const { serviceDeploymentArn, hookId } = awaits;
  expect(awaits.until).toBeGreaterThan(stage.clock.now());
  stage.simulator.call('ContinueServiceDeployment', { serviceDeploymentArn, hookId, action: 'CONTINUE' });
  await stage.clock.sleep(3600);
  expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:2$/), runningCount: 2 });
});

test('on-pause: stop ends the run at the pause; an approval job continues it to its end', async () => {
  const stage = paused();
  expect(await stage.deploy({ 'on-pause': 'stop' })).toMatchObject({ kind: 'paused', pausedOnRequest: true });
  const outcome = await answer(stage);
  expect(outcome).toMatchObject({ kind: 'deployed', revision: { revision: 2 } });
  expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:2$/), runningCount: 2 });
});

test('the approval can be a rollback', async () => {
  const stage = paused();
  await stage.deploy({ 'on-pause': 'stop' });
  const outcome = await answer(stage, { 'continue-action': 'rollback' });
  expect(outcome).toMatchObject({
    kind: 'deployed',
    headline: expect.stringContaining('Rolled back to web:1, as requested'),
  });
  expect(stage.service().taskDefinition).toMatch(/web:1$/);
});

test('a pause that timed out was rolled back: there is nothing to continue, and the job is not green', async () => {
  const stage = paused();
  await stage.deploy({ 'on-pause': 'stop' });
  stage.clock.advance(2 * 24 * 3600);
  await expect(answer(stage)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('No deployment of web is under way'),
  });
});

test('a deployment that was continued and then fails is rolled back, and the job fails', async () => {
  const stage = paused({ bakeTimeInMinutes: 10, alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true } });
  stage.simulator.cloudwatch.alarms.set('web-5xx', { state: 'OK' });
  await stage.deploy({ 'on-pause': 'stop' });
  stage.simulator.script.alarm('web-5xx', 'ALARM', 60);
  expect(await answer(stage)).toMatchObject({ kind: 'rolled-back', headline: expect.stringContaining('web-5xx') });
});

test('where answering is denied the run ends as paused at once, and does not wait for its time', async () => {
  const stage = paused();
  stage.simulator.wire.faults.push(deny('ecs:ContinueServiceDeployment'));
  const start = stage.clock.now();
  expect(await stage.deploy({ 'on-pause': 'continue' })).toMatchObject({ kind: 'paused' });
  expect(stage.clock.now() - start).toBeLessThan(120);
  await expect(answer(stage)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
});

test('where the service deployments cannot be seen, the missing right is named', async () => {
  const stage = paused();
  await stage.deploy({ 'on-pause': 'stop' });
  stage.simulator.wire.faults.push(deny('ecs:ListServiceDeployments'));
  await expect(answer(stage)).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
    remedy: expect.stringContaining('ecs:ListServiceDeployments'),
  });
});

test('killed after the answer, the approval job is run again and watches to the end', async () => {
  const stage = paused({ bakeTimeInMinutes: 10 });
  await stage.deploy({ 'on-pause': 'stop' });
  const first = answer(stage).catch((thrown: unknown) => thrown);
  await stage.clock.sleep(30);
  stage.cancel.abort(new Error('killed'));
  await first;
  expect(stage.count('ContinueServiceDeployment')).toBe(1);
  const again = new AbortController();
  const world = { ...stage.world, signal: again.signal };
  const inputs = stage.inputs({ mode: 'continue', 'task-definition': '' }) as unknown as ContinueInputs;
  const outcome = await continueDeployment(runOf(inputs, world), fetchService(inputs, world));
  expect(outcome).toMatchObject({ kind: 'deployed', revision: { revision: 2 } });
  expect(stage.count('ContinueServiceDeployment')).toBe(1);
});
