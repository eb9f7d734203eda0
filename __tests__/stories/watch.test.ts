import { deny } from '../../simulator/simulator.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

/** `mode: watch`: a deployment that another client started. */
function begun(behaviour: Parameters<Stage['simulator']['script']['revision']>[1] = {}): Stage {
  const stage = new Stage().withService();
  stage.simulator.script.revision('web:2', behaviour);
  stage.simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
  stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });
  stage.clock.advance(3);
  stage.simulator.wire.calls.length = 0;
  return stage;
}
const changes = (stage: Stage): string[] =>
  stage.simulator.wire.calls.flatMap(({ operation }) =>
    /^(Register|Update|Stop|Deregister|Tag|Run)/.test(operation) ? [operation] : [],
  );

test('one that succeeds: judged to its end, nothing is changed', async () => {
  const stage = begun();
  const outcome = await stage.watch();
  expect([outcome.kind, outcome.revision?.revision]).toEqual(['deployed', 2]);
  expect(outcome.headline).toMatch(/^web:2 runs: 2 tasks, no health check\./);
  expect(changes(stage)).toEqual([]);
  expect(stage.states.get('rollout')).toBeUndefined();
});

test('one that fails: explained, and rolled back only where that is asked for', async () => {
  const failing = { failToStart: 'CannotPullContainerError: pull image manifest: not found' };
  const left = begun(failing);
  const outcome = await left.watch();
  expect(outcome.kind).toBe('failed');
  expect(outcome.diagnoses[0]?.evidence.text).toContain('CannotPullContainerError');
  expect(changes(left)).toEqual([]);
  const back = begun(failing);
  expect((await back.watch({ 'rollback-on-failure': 'true' })).kind).toBe('rolled-back');
  expect(back.service().taskDefinition).toMatch(/web:1$/);
});

test.each([1, 10, 25])(
  'one that ECS is rolling back since %d s is red: that the one before it runs is no success',
  async (seconds) => {
    const stage = begun();
    stage.clock.advance(17);
    const { serviceDeployments } = stage.simulator.call('ListServiceDeployments', { service: 'web' }) as unknown as {
      serviceDeployments: { serviceDeploymentArn: string }[];
    };
    const serviceDeploymentArn = serviceDeployments[0]?.serviceDeploymentArn;
    stage.simulator.call('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' });
    stage.clock.advance(seconds);
    stage.simulator.wire.calls.length = 0;
    const outcome = await stage.watch();
    expect([outcome.kind, outcome.revision?.revision, outcome.headline]).toEqual([
      'rolled-back',
      2,
      expect.stringContaining('ECS rolled back to web:1.'),
    ]);
    expect(changes(stage)).toEqual([]);
  },
);

test('none under way: the health of what runs', async () => {
  const stage = new Stage().withService();
  const outcome = await stage.watch();
  expect([outcome.kind, outcome.headline]).toEqual([
    'unchanged',
    expect.stringContaining('already runs: 2 tasks, no health check'),
  ]);
  expect(changes(stage)).toEqual([]);
});

test('a cancel leaves the deployment to ECS', async () => {
  const stage = begun({ startSeconds: 500 });
  const { Failure } = await import('../../src/failure.ts');
  stage.simulator.script.at(30, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled (SIGINT).')));
  const outcome = await stage.watch();
  expect([outcome.kind, outcome.headline]).toEqual([
    'cancelled',
    expect.stringContaining('ECS continues to roll out web:2'),
  ]);
  expect(changes(stage)).toEqual([]);
});

test('a revision that cannot be read is watched by its name', async () => {
  const stage = begun();
  stage.simulator.wire.faults.push(deny('ecs:DescribeTaskDefinition'));
  const outcome = await stage.watch();
  expect([outcome.kind, outcome.revision]).toEqual([
    'deployed',
    expect.objectContaining({ family: 'web', revision: 2, unseen: true }),
  ]);
  expect(outcome.headline).toMatch(/^web:2 runs: 2 tasks\./);
});
