import type { DeployInputs } from '../../../src/inputs/types.ts';
import { deploy } from '../../../src/stories/deploy.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { withCodeDeploy } from '../../support/code-deploy-stage.ts';
import { CONTEXT, runOf, type Stage, TASK_DEFINITION } from '../../support/world.ts';

const app = (image: string) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});

async function prepared(): Promise<Stage> {
  const stage = await withCodeDeploy();
  stage.template(app('example.com/app:2'));
  return stage;
}

/** A run that is killed at its n-th call: before AWS hears of it, or after, when the answer never arrives. */
async function killedAt(stage: Stage, n: number, when: 'asked' | 'answered'): Promise<'killed' | 'ended'> {
  let calls = 0;
  let kill = (): void => {};
  const killed = new Promise<'killed'>((resolve) => {
    kill = () => resolve('killed');
  });
  const inner = stage.simulator.wire.requestHandler();
  const handler: typeof inner = {
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
  const inputs = stage.inputs({}) as DeployInputs;
  const world = stage.attempt(handler);
  const run = deploy(runOf(inputs, world), fetchService(inputs, world)).then(() => 'ended' as const);
  return Promise.race([killed, run]);
}

test.each(['asked', 'answered'] as const)(
  'a deploy by CodeDeploy, killed at any call (when it is %s): post reports the state, and a re-run reaches the same end with one deployment',
  async (when) => {
    const whole = await prepared();
    const done = await whole.deploy({});
    expect(done.kind).toBe('deployed');
    const operations = whole.simulator.wire.calls.map(({ operation }) => operation);
    // What follows is polls alone.
    const last = operations.indexOf('CreateDeployment') + 8;
    let killed = 0;
    for (let n = 1; n <= last; n++) {
      const stage = await prepared();
      if ((await killedAt(stage, n, when)) === 'ended') continue;
      killed++;
      const where = `killed at call ${n} (${stage.simulator.wire.calls.at(-1)?.operation}), ${when}`;
      const announced = stage.states.has('rollout');
      const reported = await stage.post();
      expect([where, reported?.kind]).toEqual([where, announced ? 'cancelled' : undefined]);
      if (announced) expect(reported?.headline).toMatch(/web:\d/);
      if (stage.count('CreateDeployment') > 0) expect([where, announced]).toEqual([where, true]);

      const again = await stage.deployAs({ ...CONTEXT, runAttempt: '2' });
      expect([where, again.kind]).toEqual([where, expect.stringMatching(/^(deployed|unchanged)$/)]);
      stage.clock.advance(900);
      const { taskSets } = stage.service() as unknown as { taskSets: { taskDefinition: string; status: string }[] };
      const sets = taskSets.map(({ status, taskDefinition }) => `${status} ${taskDefinition.split('/').at(-1)}`);
      expect([where, sets]).toEqual([where, [expect.stringMatching(/^PRIMARY web:[23]$/)]]);
      const group = [...(stage.simulator.codeDeploy.applications.get('AppECS-default-web')?.groups.values() ?? [])][0];
      expect([where, group?.deployments.length]).toEqual([where, 1]);
      expect(stage.revisions()).toHaveLength(2);
    }
    expect(killed).toBeGreaterThan(12);
  },
  120_000,
);

test('with on-cancel: rollback, post stops the deployment and sees the rollback through', async () => {
  const stage = await prepared();
  const whole = await prepared();
  await whole.deploy({});
  const create = whole.simulator.wire.calls.findIndex(({ operation }) => operation === 'CreateDeployment') + 1;
  await killedAt(stage, create, 'answered');
  const reported = await stage.post({ 'on-cancel': 'rollback' });
  expect(reported?.headline).toContain('was rolled back to web:1');
  expect(stage.count('StopDeployment')).toBe(1);
});
