import { deny } from '../../../simulator/simulator.ts';
import { Failure } from '../../../src/failure.ts';
import type { RollbackInputs } from '../../../src/inputs/types.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { annotationsOf } from '../../../src/report/annotations.ts';
import { outputsOf } from '../../../src/report/outputs.ts';
import { summaryOf } from '../../../src/report/summary.ts';
import { logTargets, targetRow } from '../../../src/report/targets.ts';
import { rollback } from '../../../src/stories/rollback.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { CONTEXT, runOf, Stage, TASK_DEFINITION } from '../../support/world.ts';

const app = (image: string) => ({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }] });
const NEVER_STARTS = { failToStart: 'CannotPullContainerError: no' };
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

  test('but a service that was scaled to 0 is rolled back to what it ran', async () => {
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

  test('when the deployment of another client is taken over', async () => {
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

  test('and a failure is rolled back to it, not to what was taken over', async () => {
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

  test('where the deployment under way is not PRIMARY, though its revision has the tags of this run', async () => {
    // ECS rolls back to what another run deploys; this run's web:2 is still under way beside it.
    const stage = new Stage().withService({
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    stage.simulator.model.behaviours.set('app:2', NEVER_STARTS);
    stage.template(app('example.com/app:2'));
    await stage.deployAs({}, { 'wait-for-service-stability': 'false' });
    const primary = (): string => stage.service().taskDefinition;
    for (let i = 0; i < 600 && !/web:1$/.test(primary()); i++) stage.clock.advance(1);
    expect(primary()).toMatch(/web:1$/);
    stage.simulator.model.behaviours.delete('app:2');
    stage.lines.length = 0;
    const outcome = await stage.deployAs({ runAttempt: '2' });
    expect(stage.lines.join('\n')).not.toContain('An earlier attempt of this run started');
    expect([outcome.kind, previous(stage)]).toEqual(['deployed', expect.stringMatching(/web:1$/)]);
  });

  test.each([
    ['ended by ECS, and the same revision is begun again', NEVER_STARTS, 2],
    ['left in its crash loop, and is healed by the time of a re-run', CRASH, 1],
  ])('where a deployment has failed and was %s', async (_, behaviour, updates) => {
    const breaker = { deploymentCircuitBreaker: { enable: true, rollback: false } };
    const stage = new Stage().withService({ deploymentConfiguration: breaker });
    stage.simulator.model.behaviours.set('app:2', behaviour);
    stage.template(app('example.com/app:2'));
    const given = { 'rollback-on-failure': 'false' };
    expect((await stage.deploy(given)).kind).toBe('failed');
    stage.clock.advance(900);
    stage.simulator.model.behaviours.delete('app:2');
    const outcome = await stage.deploy(given);
    expect([outcome.kind, previous(stage)]).toEqual(['deployed', expect.stringMatching(/web:1$/)]);
    expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([1, updates]);
  });

  test('where a deployment was left in its crash loop and still is in it at the re-run, which judges it by one more', async () => {
    const stage = new Stage().withService();
    stage.simulator.model.behaviours.set('app:2', CRASH);
    stage.template(app('example.com/app:2'));
    expect((await stage.deploy({ 'rollback-on-failure': 'false' })).kind).toBe('failed');
    stage.clock.advance(900);
    const before = stage.clock.now();
    const outcome = await stage.deploy({});
    expect([outcome.kind, previous(stage)]).toEqual(['rolled-back', expect.stringMatching(/web:1$/)]);
    expect(outcome.headline).toContain('exit code 3');
    expect(stage.clock.now() - before).toBeLessThan(120);
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
    expect(log).not.toMatch(/at least \d+ healthy|could never move/);
  });

  test('ROLLING', async () => {
    const stage = new Stage().withService();
    stage.template(app('example.com/app:2'));
    await stage.deploy({});
    expect(stage.lines.join('\n')).toContain('Rolling update: at most 4 running, at least 2 healthy, 2 at a time.');
  });

  test.each(['EXTERNAL'])('a service of the %s controller is refused', async (type) => {
    const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
    const balanced = { loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }] };
    const stage = new Stage().withService({ deploymentController: { type }, ...balanced });
    stage.template(app('example.com/app:2'));
    await expect(stage.deploy({})).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(`has the deployment controller ${type}`),
    });
    expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 0]);
  });
});

describe('a rollback that fails', () => {
  /** web:1, web:2 and web:3 ran well; web:4 is to be deployed and crashes, and web:3 does so too from then on. */
  async function withoutWayBack(breaker: object = {}): Promise<Stage> {
    const stage = new Stage().withService();
    for (const n of [2, 3]) {
      stage.template(app(`example.com/app:${n}`));
      expect((await stage.deploy({})).kind).toBe('deployed');
      stage.clock.advance(3600);
    }
    stage.simulator.model.behaviours.set('app:4', CRASH);
    stage.simulator.model.behaviours.set('app:3', { exit: { afterSeconds: 2, code: 9 } });
    // The old tasks are gone before the new ones are seen to fail.
    stage.simulator.call('UpdateService', {
      service: 'web',
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100, ...breaker },
    });
    stage.simulator.wire.calls.length = 0;
    stage.template(app('example.com/app:4'));
    return stage;
  }
  const expectTruth = (outcome: Outcome): void => {
    expect(outcome.kind).toBe('failed');
    expect(outcome.headline).toMatch(
      /^web:4 failed: .*exit code 3.* The rollback to web:3 failed as well: .*exit code 9/,
    );
    expect(outcome.headline).toContain('Older revisions that can be rolled back to: web:2, web:1.');
    expect(outcome.headline).toMatch(/Now nothing serves: 0 of 2\.$/);
    expect(outcome.diagnoses.map(({ cause }) => cause).join()).toMatch(/exit code 3.*exit code 9/s);
    const [annotation] = annotationsOf(outcome);
    expect(annotation?.title).toContain('web:4 failed, and so did the rollback to web:3');
    expect(annotation?.text).toMatch(
      /^web:4: .*exit code 3.*\nNow nothing serves: 0 of 2\..*web:3 failed as well: .*exit code 9/,
    );
    const summary = summaryOf(outcome);
    expect(summary).toContain('--task-definition web:2\n');
    expect(summary).not.toContain('--task-definition web:3');
    expect(JSON.parse(outputsOf(outcome).summary ?? '')).toMatchObject({
      failedRollback: {
        taskDefinition: expect.stringMatching(/web:3$/),
        cause: expect.stringContaining('exit code 9'),
        targets: ['web:2', 'web:1'],
      },
      serving: { text: 'nothing serves: 0 of 2', running: 0, desired: 2, revisions: [] },
    });
  };

  test('where the previous revision is deployed again', async () => {
    const stage = await withoutWayBack();
    stage.simulator.wire.faults.push(deny('ecs:StopServiceDeployment'));
    expectTruth(await stage.deploy({}));
    expect(stage.count('UpdateService')).toBe(2);
  });

  test('where ECS is asked to roll back', async () => {
    const stage = await withoutWayBack();
    expectTruth(await stage.deploy({}));
  });

  test("where the circuit breaker's own rollback fails", async () => {
    const stage = await withoutWayBack({ deploymentCircuitBreaker: { enable: true, rollback: true } });
    expectTruth(await stage.deploy({}));
    // The same revision is not tried a second time.
    expect(stage.count('UpdateService')).toBe(1);
  });
});

describe('what serves now is part of every outcome', () => {
  const serves = (outcome: Outcome | undefined, text: string): void => {
    expect(outcome?.headline.endsWith(`Now ${text}.`) ? text : outcome?.headline).toBe(text);
    // In a row, or at the end of the headline of a success.
    expect(outcome && summaryOf(outcome)).toMatch(/<b>Now<\/b>|\bNow /);
    expect(JSON.parse((outcome && outputsOf(outcome).summary) ?? '').serving).toMatchObject({ text });
    for (const { kind, text: told } of outcome ? annotationsOf(outcome) : [])
      if (kind === 'error') expect(told).toContain(text);
  };
  /** web:1 steady; app:2 behaves like this. */
  function behaving(behaviour: Parameters<Stage['simulator']['model']['behaviours']['set']>[1] = {}): Stage {
    const stage = new Stage().withService();
    stage.simulator.model.behaviours.set('app:2', behaviour);
    stage.template(app('example.com/app:2'));
    return stage;
  }

  test('deployed, and then unchanged', async () => {
    const stage = behaving();
    serves(await stage.deploy({}), 'web:2 serves: 2 of 2');
    const again = await stage.deploy({});
    expect(again.kind).toBe('unchanged');
    serves(again, 'web:2 serves: 2 of 2');
  });

  test('rolled back', async () => {
    const outcome = await behaving(CRASH).deploy({});
    expect(outcome.kind).toBe('rolled-back');
    serves(outcome, 'web:1 serves: 2 of 2');
  });

  test('failed, and left as it is', async () => {
    const outcome = await behaving(CRASH).deploy({ 'rollback-on-failure': 'false' });
    expect(outcome.kind).toBe('failed');
    serves(outcome, 'web:1 serves: 2 of 2');
  });

  test('failed, with nothing before it', async () => {
    const stage = new Stage().withService({ desiredCount: 0 });
    stage.simulator.model.behaviours.set('app:2', CRASH);
    stage.template(app('example.com/app:2'));
    serves(await stage.deploy({ 'desired-count': '4' }), 'nothing serves: 0 of 4');
  });

  test('started', async () => {
    const outcome = await behaving().deploy({ 'wait-for-service-stability': 'false' });
    expect(outcome.kind).toBe('started');
    serves(outcome, 'web:1 serves: 2 of 2');
  });

  test('superseded', async () => {
    const stage = behaving({ startSeconds: 600 });
    stage.simulator.model.behaviours.set('app:3', { startSeconds: 600 });
    stage.simulator.model.behaviours.set('app:3', { startSeconds: 600 });
    stage.clock.after(8, () => begin(stage, 'example.com/app:3', 3));
    const outcome = await stage.deploy({});
    expect(outcome.kind).toBe('superseded');
    serves(outcome, 'web:1 serves: 2 of 2');
  });

  test.each(['leave', 'rollback'])('cancelled (on-cancel: %s), and reported again by post', async (onCancel) => {
    const stage = behaving({ startSeconds: 600 });
    stage.clock.after(30, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
    const outcome = await stage.deploy({ 'on-cancel': onCancel });
    expect(outcome.kind).toBe('cancelled');
    serves(outcome, 'web:1 serves: 2 of 2');
    serves(await stage.post({ 'on-cancel': onCancel }), 'web:1 serves: 2 of 2');
  });

  test('paused', async () => {
    const stage = behaving();
    const lifecycleHooks = [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }];
    stage.simulator.call('UpdateService', { service: 'web', deploymentConfiguration: { lifecycleHooks } });
    const outcome = await stage.deploy({ 'wait-for-minutes': '5' });
    expect(outcome.kind).toBe('paused');
    serves(outcome, 'web:2 serves: 2 of 2');
  });

  test('a canary: by the shares of its traffic', async () => {
    const configuration = {
      strategy: 'CANARY',
      bakeTimeInMinutes: 0,
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 60 },
    };
    const stage = behaving();
    stage.simulator.call('UpdateService', { service: 'web', deploymentConfiguration: configuration });
    const deploying = stage.deploy({});
    await stage.clock.sleep(600);
    stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.'));
    serves(
      await deploying,
      'web:2 serves: 2 of 2 with 10 % of the traffic, web:1: 2 of 2 with 90 % of the traffic (4 in all)',
    );
  });

  test('a rollback', async () => {
    const stage = behaving();
    await stage.deploy({});
    stage.clock.advance(3600);
    serves(await stage.rollback(), 'web:1 serves: 2 of 2');
  });
});

describe('the revision that has just failed as a target is not offered again', () => {
  async function afterFailedTarget(): Promise<{ readonly stage: Stage; readonly outcome: Outcome }> {
    const stage = new Stage().withService();
    for (const n of [2, 3, 4]) {
      stage.template(app(`example.com/app:${n}`));
      expect((await stage.deployAs({ runId: String(n) })).kind).toBe('deployed');
      stage.clock.advance(3600);
    }
    stage.simulator.model.behaviours.set('app:3', CRASH);
    const outcome = await stage.rollback();
    stage.clock.advance(3600);
    return { stage, outcome };
  }

  test('by the run in which it failed', async () => {
    const { outcome } = await afterFailedTarget();
    expect([outcome.kind, outcome.headline]).toEqual(['rolled-back', expect.stringContaining('exit code 3')]);
    expect(outcome.headline).toMatch(/Rolled back to web:4\. Now web:4 serves: 2 of 2\.$/);
    expect(outcome.warnings).toEqual([]);
    expect(outcome.rollback).toEqual({ leaves: 'web:4', targets: ['web:2', 'web:1'] });
  });

  test('by the next run, which goes one further back and says so; named, it is taken', async () => {
    const { stage } = await afterFailedTarget();
    const inputs = stage.inputs({ mode: 'rollback' }) as RollbackInputs;
    const world = stage.attempt(stage.simulator.wire.requestHandler(), { ...CONTEXT, runId: '99' });
    const next = await rollback(runOf(inputs, world), fetchService(inputs, world));
    expect([next.kind, next.revision?.revision]).toEqual(['deployed', 2]);
    expect(next.warnings).toEqual([
      expect.stringContaining('web:3 ran before web:4 as well, but its newest deployment was rolled back'),
    ]);
    stage.simulator.model.behaviours.delete('app:3');
    stage.clock.advance(3600);
    expect(await stage.rollback('web:3')).toMatchObject({ kind: 'deployed', revision: { revision: 3 } });
  });

  test('by `mode: list`, which marks it and still offers it by name', async () => {
    const { stage } = await afterFailedTarget();
    const { targets } = await stage.list();
    expect(targets.map(({ revision, failed, current }) => [revision.revision, failed, current])).toEqual([
      [4, false, true],
      [3, true, false],
      [2, false, false],
      [1, false, false],
    ]);
    const lines: string[] = [];
    const console = { ...stage.world.console, line: (line: string) => void lines.push(line.replace(/\s+/g, ' ')) };
    logTargets(console, targets.map(targetRow), undefined);
    expect(lines.map((line) => line.replace(/ \d{4}-\S+ \S+/, ''))).toEqual([
      'revision deployed (UTC) ref commit state',
      'web:4 main c0ffee000000 runs now',
      'web:3 main c0ffee000000 usable; its last deployment failed',
      'web:2 main c0ffee000000 usable',
      'web:1 usable',
    ]);
  });

  test('by a refusal, which lists what can be used', async () => {
    const { stage } = await afterFailedTarget();
    await expect(stage.rollback('v9')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      remedy: expect.stringContaining('Use one of these as `rollback-to`: web:2, web:1.'),
    });
  });
});
