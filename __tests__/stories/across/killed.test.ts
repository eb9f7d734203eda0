import { Failure } from '../../../src/failure.ts';
import type { DeployInputs, Inputs, RollbackInputs } from '../../../src/inputs/types.ts';
import type { Outcome } from '../../../src/outcome.ts';
import type { World } from '../../../src/ports.ts';
import { deploy } from '../../../src/stories/deploy.ts';
import { rollback } from '../../../src/stories/rollback.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { isRead, killAt, type When } from '../../support/killed.ts';
import { CONTEXT, runOf, Stage, TASK_DEFINITION } from '../../support/world.ts';

const app = (image: string) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});

/** A run that is killed at one of its calls, and the end that it would have come to. */
interface Situation {
  readonly stage: () => Promise<Stage>;
  readonly inputs: Readonly<Record<string, string>>;
  /** The revision that runs in the end. */
  readonly end: RegExp;
  /** ACTIVE revisions in the end, all of which somebody wanted. */
  readonly revisions: readonly string[];
  /** Deployments that the run begins, and that it asks ECS to stop. */
  readonly begun: number;
  readonly stopped: number;
}

const SITUATIONS: Readonly<Record<string, Situation>> = {
  'a deploy': {
    stage: async () => {
      const stage = new Stage().withService();
      stage.template(app('example.com/app:2'));
      return stage;
    },
    inputs: {},
    end: /web:\d+$/,
    revisions: ['web:1', 'the one that runs'],
    begun: 1,
    stopped: 0,
  },
  'a rollback of a steady service': {
    stage: () => withReleases(3),
    inputs: { mode: 'rollback' },
    end: /web:3$/,
    revisions: ['web:1', 'web:2', 'web:3', 'web:4'],
    begun: 1,
    stopped: 0,
  },
  'a rollback by a name that means several': {
    stage: () => withReleases(3),
    inputs: { mode: 'rollback', 'rollback-to': 'main' },
    end: /web:3$/,
    revisions: ['web:1', 'web:2', 'web:3', 'web:4'],
    begun: 1,
    stopped: 0,
  },
  'a rollback with a bad deployment under way': {
    stage: withBadDeployment,
    inputs: { mode: 'rollback' },
    end: /web:3$/,
    revisions: ['web:1', 'web:2', 'web:3', 'web:4'],
    begun: 0,
    stopped: 1,
  },
};

/** web:1, then web:2, web:3, ... each deployed well from main. */
async function withReleases(count: number): Promise<Stage> {
  const stage = new Stage().withService();
  for (let n = 2; n <= count + 1; n++) {
    const tags = [{ key: 'ecs-rollout:ref', value: 'refs/heads/main' }];
    stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app(`example.com/app:${n}`), tags });
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: `web:${n}` });
    stage.clock.advance(300);
  }
  forget(stage);
  return stage;
}

/** web:4 does not come up beside web:3. */
async function withBadDeployment(): Promise<Stage> {
  const stage = await withReleases(2);
  stage.simulator.model.behaviours.set('app:bad', { startSeconds: 600 });
  stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:bad') });
  stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:4' });
  stage.clock.advance(20);
  forget(stage);
  return stage;
}

/** The runs before left calls and states that are not the killed run's. */
function forget(stage: Stage): void {
  stage.simulator.wire.calls.length = 0;
  stage.states.clear();
}

function start(inputs: Inputs, world: World): Promise<Outcome> {
  const looking = fetchService(inputs, world);
  return inputs.mode === 'rollback'
    ? rollback(runOf(inputs as RollbackInputs, world), looking)
    : deploy(runOf(inputs as DeployInputs, world), looking);
}

/** A run that is killed at its n-th call. */
const killedAt = (stage: Stage, inputs: Inputs, n: number, when: When): Promise<'killed' | 'ended'> =>
  killAt(stage, { call: n, when }, (world) => start(inputs, world));

/** So many calls until the run is settled, by name. */
async function callsOf({ stage: make, inputs }: Situation): Promise<string[]> {
  const stage = await make();
  await start(stage.inputs(inputs), stage.world);
  return stage.simulator.wire.calls.map(({ operation }) => operation);
}

const cases = Object.keys(SITUATIONS).flatMap((name) =>
  (['asked', 'answered'] as const).map((when) => [name, when] as const),
);

test.each(cases)(
  '%s, killed at any call (when it is %s): post reports the state, and a re-run of the job reaches the same end',
  async (name, when) => {
    const situation = SITUATIONS[name];
    if (!situation) throw new Error(name);
    const operations = await callsOf(situation);
    const all = operations.length;
    let killed = 0;
    for (let n = 1; n <= all; n++) {
      if (when === 'answered' && isRead(operations[n - 1])) continue;
      const stage = await situation.stage();
      const inputs = stage.inputs(situation.inputs);
      const before = deploymentsOf(stage).length;
      const end = await killedAt(stage, inputs, n, when);
      if (end === 'ended') continue; // fewer calls this time: nothing was there to be killed
      killed++;
      const at = stage.simulator.wire.calls.at(-1)?.operation;
      const where = `killed at call ${n} of ${all} (${at}), ${when}`;
      const announced = stage.states.has('rollout');
      const told = await stage.post(situation.inputs);
      // No lost report: whatever was announced is told with the state of the service.
      expect([where, told?.kind]).toEqual([where, announced ? 'cancelled' : undefined]);
      if (announced) expect(told?.headline).toMatch(/web:\d/);
      // No change without an announcement.
      if (deploymentsOf(stage).length > before) expect([where, announced]).toEqual([where, true]);

      const world = stage.attempt(stage.simulator.wire.requestHandler(), { ...CONTEXT, runAttempt: '2' });
      const again = await start(inputs, world);
      expect([where, again.kind]).toEqual([where, expect.stringMatching(/^(deployed|unchanged)$/)]);
      stage.clock.advance(600);
      const { taskDefinition, runningCount, deployments } = stage.service();
      expect([where, taskDefinition]).toEqual([where, expect.stringMatching(situation.end)]);
      expect([where, runningCount, deployments.length]).toEqual([where, 2, 1]);
      // No orphan.
      const running = taskDefinition.split('/').at(-1) ?? '';
      const wanted = situation.revisions.map((one) => (one === 'the one that runs' ? running : one));
      expect([where, stage.revisions().sort()]).toEqual([where, [...wanted].sort()]);
      // No doubled deployment: ECS was told once.
      expect([where, deploymentsOf(stage).length - before]).toEqual([where, situation.begun]);
      expect([where, stage.count('StopServiceDeployment')]).toEqual([where, situation.stopped]);
    }
    expect(killed).toBeGreaterThan(when === 'asked' ? 8 : 0);
  },
  180_000,
);

test('with on-cancel: rollback, post puts the old revision back and sees it through', async () => {
  const situation = SITUATIONS['a deploy'];
  if (!situation) throw new Error('a deploy');
  const stage = await situation.stage();
  const update = (await callsOf(situation)).indexOf('UpdateService') + 1;
  await killedAt(stage, stage.inputs({}), update, 'answered');
  const told = await stage.post({ 'on-cancel': 'rollback' });
  expect(told?.headline).toContain('was rolled back to web:1');
  expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/), runningCount: 2 });
});

describe('a re-run whose verification fails', () => {
  const given = { verify: '{url: "https://web.example.com/health", timeout-minutes: 2}' };
  const again = (stage: Stage, world: World, runAttempt: string): Promise<Outcome> =>
    start(stage.inputs(given), { ...world, runner: { ...world.runner, context: { ...CONTEXT, runAttempt } } });

  /** web:2 is deployed, and the attempt that deployed it ended before it had verified it. */
  async function unverified(): Promise<Stage> {
    const stage = new Stage().withService();
    stage.template(app('example.com/app:2'));
    const cancel = new AbortController();
    stage.simulator.script.at(100, () => cancel.abort(new Failure('CANCELLED', 'The run was cancelled (SIGINT).')));
    expect((await stage.deploy(given, cancel.signal)).kind).toBe('cancelled');
    forget(stage);
    return stage;
  }

  test.each(['asked', 'answered'] as const)(
    'killed at any call of its rollback (when it is %s): post reports the state, and the next attempt reaches the same end',
    async (when) => {
      const whole = await unverified();
      expect((await again(whole, whole.world, '2')).kind).toBe('rolled-back');
      const operations = whole.simulator.wire.calls.map(({ operation }) => operation);
      const update = operations.indexOf('UpdateService') + 1;
      let killed = 0;
      // What comes before changes nothing; what comes after the first poll are polls.
      for (let n = update - 2; n <= Math.min(update + 3, operations.length); n++) {
        const stage = await unverified();
        const end = await killAt(stage, { call: n, when }, (world) => again(stage, world, '2'));
        if (end === 'ended') continue;
        killed++;
        const where = `killed at call ${n} (${operations[n - 1]}), ${when}`;
        const isAsked = stage.count('UpdateService') > 0;
        if (isAsked) expect([where, stage.states.has('rollout')]).toEqual([where, true]);
        const reported = await stage.post(given);
        const headline = isAsked
          ? expect.stringContaining('The run ended early; web was rolled back to web:1.')
          : expect.stringMatching(
              /web:2 is deployed, .* To undo it: `aws ecs update-service .*--task-definition web:1/,
            );
        if (stage.states.has('rollout'))
          expect([where, reported]).toEqual([where, expect.objectContaining({ kind: 'cancelled', headline })]);

        const world = stage.attempt(stage.simulator.wire.requestHandler());
        expect([where, (await again(stage, world, '3')).kind]).toEqual([where, 'rolled-back']);
        expect([where, stage.service().taskDefinition]).toEqual([where, expect.stringMatching(/web:1$/)]);
        expect([where, stage.revisions()]).toEqual([where, ['web:1', 'web:2']]);
      }
      expect(killed).toBeGreaterThan(3);
    },
    60_000,
  );
});

/** Deployments of web that ECS ever started. */
const deploymentsOf = (stage: Stage): readonly unknown[] =>
  (
    stage.simulator.call('ListServiceDeployments', { cluster: 'default', service: 'web' }) as unknown as {
      serviceDeployments: unknown[];
    }
  ).serviceDeployments;
