import { odd } from '../../simulator/simulator.ts';
import type { ContinueInputs } from '../../src/inputs/types.ts';
import type { Outcome } from '../../src/outcome.ts';
import { continueDeployment } from '../../src/stories/continue.ts';
import { fetchService } from '../../src/stories/run.ts';
import { runOf, Stage, TASK_DEFINITION } from '../support/world.ts';

/** `mode: continue`: the answer happens once, to the deployment that was read, whatever its own answer. */
const app = (image: string) => ({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }] });

/** web:2 waits at a pause; without hooks, it is in its bake time. */
async function underWay(lifecycleHooks: readonly object[] = [PAUSE]): Promise<Stage> {
  const stage = new Stage().withService();
  const deploymentConfiguration = { lifecycleHooks, bakeTimeInMinutes: 10 };
  stage.simulator.call('UpdateService', { service: 'web', deploymentConfiguration });
  stage.template(app('example.com/app:2'));
  const rest = lifecycleHooks.length > 0 ? { 'on-pause': 'stop' } : { 'wait-for-service-stability': 'false' };
  await stage.deploy(rest);
  stage.clock.advance(60);
  stage.simulator.wire.calls.length = 0;
  return stage;
}
const PAUSE = { targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] };

function answer(stage: Stage, action: string): Promise<Outcome> {
  const inputs = stage.inputs({
    mode: 'continue',
    'task-definition': '',
    'continue-action': action,
  }) as unknown as ContinueInputs;
  return continueDeployment(runOf(inputs, stage.world), fetchService(inputs, stage.world));
}
const runs = (stage: Stage): string => stage.service().taskDefinition.split('/').at(-1) ?? '';

describe.each(['500', 'truncated', 'html', '{}'])('an answer that gets lost (%s)', (kind) => {
  test.each([
    ['continue', 'ContinueServiceDeployment', [PAUSE], 'web:2'],
    ['rollback', 'ContinueServiceDeployment', [PAUSE], 'web:1'],
    ['rollback', 'StopServiceDeployment', [], 'web:1'],
  ] as const)('%s by %s, carried out or not', async (action, operation, hooks, end) => {
    for (const acts of [true, false]) {
      const stage = await underWay(hooks);
      const lost = odd(operation, kind, { acts });
      if (lost) stage.simulator.wire.disturbances.push(lost);
      const outcome = await answer(stage, action);
      expect([outcome.kind, runs(stage), stage.count(operation)]).toEqual(['deployed', end, acts ? 1 : 2]);
      expect(outcome.headline).toMatch(action === 'rollback' ? /^Rolled back to web:1, as requested/ : /^web:2 runs/);
    }
  });
});

test('an API that stays silent: the error does not read as if nothing had happened', async () => {
  const stage = await underWay();
  const lost = odd('ContinueServiceDeployment', '500', { times: 99 });
  if (lost) stage.simulator.wire.disturbances.push(lost);
  await expect(answer(stage, 'continue')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    state: expect.stringContaining('Whether ECS has taken the answer is not known'),
  });
});

/** Another client answers the hook before the run's own answer arrives. */
function answersFirst(stage: Stage, by: string): void {
  let done = false;
  stage.simulator.wire.disturbances.push(({ operation, input }) => {
    if (operation !== 'ContinueServiceDeployment' || done) return undefined;
    done = true;
    stage.simulator.call('ContinueServiceDeployment', { ...input, action: by });
    return undefined;
  });
}

describe('another client answers in the same moment', () => {
  async function answered(action: string, by: 'CONTINUE' | 'ROLLBACK'): Promise<readonly [Outcome, Stage]> {
    const stage = await underWay();
    answersFirst(stage, by);
    return [await answer(stage, action), stage];
  }
  test('the same', async () => {
    const [outcome, stage] = await answered('continue', 'CONTINUE');
    expect([outcome.kind, runs(stage)]).toEqual(['deployed', 'web:2']);
    const [back, other] = await answered('rollback', 'ROLLBACK');
    expect([back.kind, runs(other)]).toEqual(['deployed', 'web:1']);
  });
  test('the opposite: a rollback wins, and a continuation that was rolled back is red', async () => {
    const [outcome, stage] = await answered('rollback', 'CONTINUE');
    expect([outcome.headline, runs(stage)]).toEqual([
      expect.stringMatching(/^Rolled back to web:1, as requested/),
      'web:1',
    ]);
    const [back, other] = await answered('continue', 'ROLLBACK');
    expect([back.kind, runs(other)]).toEqual(['rolled-back', 'web:1']);
  });
});

test('a rollback that ECS takes and does not do is never reported as a deployment that succeeded', async () => {
  const unheeded = async (given: Readonly<Record<string, string>>): Promise<readonly [Outcome, string]> => {
    const stage = await underWay([]);
    stage.simulator.wire.disturbances.push(({ operation, input }) =>
      operation === 'StopServiceDeployment'
        ? { instead: { status: 200, body: JSON.stringify({ serviceDeploymentArn: input.serviceDeploymentArn }) } }
        : undefined,
    );
    const inputs = stage.inputs({
      mode: 'continue',
      'task-definition': '',
      'continue-action': 'rollback',
      ...given,
    }) as unknown as ContinueInputs;
    return [await continueDeployment(runOf(inputs, stage.world), fetchService(inputs, stage.world)), runs(stage)];
  };
  const [back, runsThen] = await unheeded({});
  expect([back.headline, runsThen]).toEqual([expect.stringMatching(/^Rolled back to web:1, as requested/), 'web:1']);
  const [red, left] = await unheeded({ 'rollback-on-failure': 'false' });
  expect([red.kind, red.headline, left]).toEqual([
    'failed',
    expect.stringContaining('web:2 was deployed although its rollback was requested'),
    'web:2',
  ]);
});

test('a deployment that begins while the service is read is not approved', async () => {
  const stage = await underWay();
  stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:3') });
  let begun = false;
  stage.simulator.wire.disturbances.push(({ operation }) => {
    if (operation !== 'ListServiceDeployments' || begun) return undefined;
    begun = true;
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:3' });
    stage.clock.advance(120);
    return undefined;
  });
  await expect(answer(stage, 'continue')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'Another deployment of web started while this run read it; nothing was answered.',
  });
  expect(stage.count('ContinueServiceDeployment')).toBe(0);
});

test.each(['CONTINUE', 'ROLLBACK'])('on-pause: continue, and another client answers %s in that moment', async (by) => {
  const stage = new Stage().withService();
  stage.simulator.call('UpdateService', { service: 'web', deploymentConfiguration: { lifecycleHooks: [PAUSE] } });
  stage.template(app('example.com/app:2'));
  answersFirst(stage, by);
  const outcome = await stage.deploy({ 'on-pause': 'continue' });
  expect([outcome.kind, runs(stage)]).toEqual(by === 'CONTINUE' ? ['deployed', 'web:2'] : ['rolled-back', 'web:1']);
});

test('a rollback that is killed once ECS has taken it: post follows it, and so does the job that is run again', async () => {
  const killed = async (): Promise<Stage> => {
    const stage = await underWay();
    stage.states.clear();
    const inputs = stage.inputs({
      mode: 'continue',
      'task-definition': '',
      'continue-action': 'rollback',
    }) as unknown as ContinueInputs;
    const operations: string[] = [];
    const inner = stage.simulator.wire.requestHandler();
    const world = stage.attempt({
      ...inner,
      handle: async (request) => {
        const taken = operations.includes('ContinueServiceDeployment');
        operations.push(String(request.headers['x-amz-target']).split('.').at(-1) ?? '');
        return taken ? new Promise<never>(() => {}) : inner.handle(request);
      },
    });
    void continueDeployment(runOf(inputs, world), fetchService(inputs, world));
    while (stage.count('ContinueServiceDeployment') === 0) await stage.clock.sleep(0.1);
    await stage.clock.sleep(1);
    return stage;
  };
  const stage = await killed();
  expect((await stage.post())?.headline).toMatch(/^The run ended early; web was rolled back to web:1\./);
  const again = await answer(await killed(), 'rollback');
  expect([again.kind, again.headline]).toEqual([
    'deployed',
    expect.stringMatching(/^Rolled back to web:1, as requested/),
  ]);
  // A job that was to continue it must not read as if it had.
  await expect(answer(await killed(), 'continue')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('is rolling back the deployment of web already'),
  });
});
