import { Stage, TASK_DEFINITION } from '../../support/world.ts';

const app = (image: string) => ({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }] });
const CRASH = { exit: { afterSeconds: 2, code: 3 } };

/** web:`number` by somebody else, on its way. */
function begin(stage: Stage, image: string, number: number): void {
  stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app(image) });
  stage.simulator.call('UpdateService', { service: 'web', taskDefinition: `web:${number}` });
  stage.clock.advance(10);
  stage.simulator.wire.calls.length = 0;
}

describe('a placeholder that never ran is not rolled back to', () => {
  test('a service that was created with no tasks', async () => {
    const stage = new Stage().withService({ desiredCount: 0 });
    stage.simulator.model.behaviours.set('app:2', CRASH);
    stage.template(app('example.com/app:2'));
    const outcome = await stage.deploy({ 'desired-count': '2' });
    expect(outcome.kind).toBe('failed');
    expect(outcome.headline).toContain('exit code 3');
    expect(outcome.headline).toContain('no revision is known to have run before');
    expect(outcome.headline).not.toContain('web:1');
    expect(stage.count('UpdateService')).toBe(1);
  });

  test('a service whose first tasks never became healthy', async () => {
    const stage = new Stage();
    stage.simulator.model.behaviours.set('app:1', { failToStart: 'CannotPullContainerError: no' });
    stage.withService();
    stage.simulator.model.behaviours.set('app:2', CRASH);
    stage.template(app('example.com/app:2'));
    const outcome = await stage.deploy({});
    expect(outcome.kind).toBe('failed');
    expect(outcome.headline).toContain('no revision is known to have run before');
    expect([stage.count('UpdateService'), stage.count('StopServiceDeployment')]).toEqual([1, 0]);
  });

  test('also by post, where on-cancel: rollback asks for it', async () => {
    const stage = new Stage().withService({ desiredCount: 0 });
    stage.simulator.model.behaviours.set('app:2', { startSeconds: 600 });
    stage.template(app('example.com/app:2'));
    const given = { 'desired-count': '2', 'wait-for-service-stability': 'false', 'on-cancel': 'rollback' };
    await stage.deploy(given);
    stage.clock.advance(20);
    const after = await stage.post(given);
    expect(after?.headline).toContain('no revision is known to have run before');
    expect(stage.service().taskDefinition).toMatch(/web:2$/);
  });

  test('but a service that was scaled to 0 goes back to what it ran', async () => {
    const stage = new Stage().withService();
    stage.simulator.call('UpdateService', { service: 'web', desiredCount: 0 });
    stage.clock.advance(120);
    stage.simulator.wire.calls.length = 0;
    stage.simulator.model.behaviours.set('app:2', CRASH);
    stage.template(app('example.com/app:2'));
    const outcome = await stage.deploy({ 'desired-count': '2' });
    expect(outcome).toMatchObject({ kind: 'rolled-back', headline: expect.stringContaining('web:1') });
  });
});

describe('previous-task-definition-arn is what ran before', () => {
  const previous = (stage: Stage): string | undefined => stage.outputs.get('previous-task-definition-arn');

  test("when somebody else's deployment is taken over", async () => {
    const stage = new Stage().withService();
    stage.simulator.model.behaviours.set('app:2', { startSeconds: 600 });
    begin(stage, 'example.com/app:2', 2);
    stage.template(app('example.com/app:3'));
    const outcome = await stage.deploy({});
    expect(stage.lines.join('\n')).toContain('Ours will take its place.');
    expect([outcome.kind, previous(stage)]).toEqual(['deployed', expect.stringMatching(/web:1$/)]);
    // The difference is the one to what ran, too.
    expect(outcome.differences).toEqual([expect.objectContaining({ before: 'example.com/app:1' })]);
  });

  test('and a failure goes back to it, not to what was taken over', async () => {
    const stage = new Stage().withService();
    stage.simulator.model.behaviours.set('app:2', { startSeconds: 600 });
    stage.simulator.model.behaviours.set('app:3', CRASH);
    begin(stage, 'example.com/app:2', 2);
    stage.template(app('example.com/app:3'));
    const outcome = await stage.deploy({});
    expect([outcome.kind, previous(stage)]).toEqual(['rolled-back', expect.stringMatching(/web:1$/)]);
    expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/), runningCount: 2 });
  });

  test('when the deployment that is taken over is of the very revision, and only watched', async () => {
    const stage = new Stage().withService();
    begin(stage, 'example.com/app:2', 2);
    stage.template(app('example.com/app:2'));
    const outcome = await stage.deploy({});
    expect([outcome.kind, previous(stage)]).toEqual(['deployed', expect.stringMatching(/web:1$/)]);
    expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 0]);
  });

  test('in a re-run that finds its own deployment under way', async () => {
    const stage = new Stage().withService();
    stage.template(app('example.com/app:2'));
    await stage.deployAs({}, { 'wait-for-service-stability': 'false' });
    stage.clock.advance(5);
    const outcome = await stage.deployAs({ runAttempt: '2' });
    expect([outcome.kind, previous(stage)]).toEqual(['deployed', expect.stringMatching(/web:1$/)]);
    expect(stage.count('UpdateService')).toBe(1);
  });

  test('where a deployment has failed and was left, and the same revision is begun again', async () => {
    const breaker = { deploymentCircuitBreaker: { enable: true, rollback: false } };
    const stage = new Stage().withService({ deploymentConfiguration: breaker });
    stage.simulator.model.behaviours.set('app:2', CRASH);
    stage.template(app('example.com/app:2'));
    const given = { 'rollback-on-failure': 'false' };
    expect((await stage.deploy(given)).kind).toBe('failed');
    stage.clock.advance(900);
    stage.simulator.model.behaviours.delete('app:2');
    const outcome = await stage.deploy(given);
    expect([outcome.kind, previous(stage)]).toEqual(['deployed', expect.stringMatching(/web:1$/)]);
    expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([1, 2]);
  });
});

describe('the arithmetic of a rolling update is said of rolling services alone', () => {
  test.each(['BLUE_GREEN', 'CANARY', 'LINEAR'])('%s', async (strategy) => {
    const more =
      strategy === 'CANARY'
        ? { canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 1 } }
        : strategy === 'LINEAR'
          ? { linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 1 } }
          : {};
    // With these percents a rolling update of one task could never move.
    const percents = { minimumHealthyPercent: 100, maximumPercent: 150 };
    const stage = new Stage().withService({
      desiredCount: 1,
      deploymentConfiguration: { strategy, bakeTimeInMinutes: 0, ...percents, ...more },
    });
    stage.template(app('example.com/app:2'));
    const outcome = await stage.deploy({});
    expect(outcome.kind).toBe('deployed');
    const log = stage.lines.join('\n');
    expect(log).toContain(`${strategy} deployment: 1 task of the new revision starts beside the old ones, 2 in all.`);
    expect(log).not.toMatch(/healthy at least|could never move/);
  });

  test('ROLLING', async () => {
    const stage = new Stage().withService();
    stage.template(app('example.com/app:2'));
    await stage.deploy({});
    expect(stage.lines.join('\n')).toContain('Rolling update: 4 tasks at most, 2 healthy at least: 2 at a time.');
  });

  test.each(['CODE_DEPLOY', 'EXTERNAL'])('a service of the %s controller is refused', async (type) => {
    const stage = new Stage().withService({ deploymentController: { type } });
    stage.template(app('example.com/app:2'));
    await expect(stage.deploy({})).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(`is deployed by ${type}`),
    });
    expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 0]);
  });
});
