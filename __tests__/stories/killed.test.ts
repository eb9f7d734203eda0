import type { DeployInputs } from '../../src/inputs/types.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { INTENT_STATE } from '../../src/stories/intent.ts';
import { look } from '../../src/stories/look.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

const app = (image: string) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});

type Handler = ReturnType<Stage['simulator']['wire']['requestHandler']>;
type When = 'asked' | 'answered';

/** A run that is killed at its n-th call: before AWS hears of it, or after, when the answer never arrives. */
async function killedAt(stage: Stage, n: number, when: When): Promise<'killed' | 'ended'> {
  let calls = 0;
  let kill = (): void => {};
  const killed = new Promise<'killed'>((resolve) => {
    kill = () => resolve('killed');
  });
  const inner = stage.simulator.wire.requestHandler();
  const handler: Handler = {
    ...inner,
    handle: async (request) => {
      calls++;
      if (calls > n || (calls === n && when === 'asked')) {
        kill();
        return new Promise<never>(() => {});
      }
      const answer = await inner.handle(request);
      if (calls < n) return answer;
      kill();
      return new Promise<never>(() => {});
    },
  };
  const [inputs, world] = [stage.inputs({}) as DeployInputs, stage.attempt(handler)];
  const run = deploy(inputs, look(inputs, world), world).then(() => 'ended' as const);
  return Promise.race([killed, run]);
}

/** A deploy of one new revision makes so many calls until it is settled. */
async function callsOfADeploy(): Promise<number> {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  await stage.deploy({});
  return stage.simulator.wire.calls.length;
}

test.each<When>(['asked', 'answered'])(
  'killed at any call (when it is %s), post tells the state, and a re-run of the job reaches the same end',
  async (when) => {
    const all = await callsOfADeploy();
    let killed = 0;
    for (let n = 1; n <= all; n++) {
      const stage = new Stage().withService();
      stage.template(app('example.com/app:2'));
      const end = await killedAt(stage, n, when);
      if (end === 'ended') continue; // fewer calls this time: nothing was there to be killed
      killed++;
      const announced = stage.states.has(INTENT_STATE);
      const told = await stage.post();
      const where = `killed at call ${n} of ${all}, ${when}`;
      // No lost report: whatever was announced is told with the state of the service.
      expect([where, told?.kind]).toEqual([where, announced ? 'cancelled' : undefined]);
      if (announced) expect(told?.headline).toMatch(/web:[12]/);

      const again = await stage.deployAs({ runAttempt: '2' });
      expect([where, again.kind]).toEqual([where, expect.stringMatching(/^(deployed|unchanged)$/)]);
      stage.clock.advance(600);
      const { taskDefinition, runningCount, deployments } = stage.service();
      const running = taskDefinition.split('/').at(-1) ?? '';
      expect([where, runningCount, deployments.length]).toEqual([where, 2, 1]);
      // No orphan: besides the old revision only the one that runs is ACTIVE.
      expect([where, stage.revisions().sort()]).toEqual([where, ['web:1', running].sort()]);
      // No doubled deployment: ECS was told once.
      expect([where, deploymentsBegun(stage)]).toEqual([where, 1]);
    }
    expect(killed).toBeGreaterThan(8);
  },
  60_000,
);

test('with on-cancel: rollback, post puts the old revision back and sees it through', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  const update = (await namesOfCalls()).indexOf('UpdateService') + 1;
  await killedAt(stage, update, 'answered');
  const told = await stage.post({ 'on-cancel': 'rollback' });
  expect(told?.headline).toContain('web:1 was put back');
  expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/), runningCount: 2 });
});

async function namesOfCalls(): Promise<string[]> {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  await stage.deploy({});
  return stage.simulator.wire.calls.map(({ operation }) => operation);
}

/** Deployments of web that ECS ever began, the first one (of CreateService) aside. */
function deploymentsBegun(stage: Stage): number {
  const { serviceDeployments } = stage.simulator.call('ListServiceDeployments', {
    cluster: 'default',
    service: 'web',
  }) as unknown as { serviceDeployments: unknown[] };
  return serviceDeployments.length - 1;
}
