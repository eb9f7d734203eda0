import type { DeployInputs } from '../../../src/inputs/types.ts';
import { deploy } from '../../../src/stories/deploy.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { withCodeDeploy } from '../../support/code-deploy-stage.ts';
import { isRead, killAt, type When } from '../../support/killed.ts';
import { CONTEXT, runOf, type Stage, TASK_DEFINITION } from '../../support/world.ts';

const app = (image: string) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});

async function prepared(): Promise<Stage> {
  const stage = await withCodeDeploy();
  stage.template(app('example.com/app:2'));
  return stage;
}

const killed = (stage: Stage, at: { readonly call: number; readonly when: When }): Promise<'killed' | 'ended'> =>
  killAt(stage, at, (world) => {
    const inputs = stage.inputs({}) as DeployInputs;
    return deploy(runOf(inputs, world), fetchService(inputs, world));
  });

test.each(['asked', 'answered'] as const)(
  'a deploy by CodeDeploy, killed at any call (when it is %s): post reports the state, and a re-run reaches the same end with one deployment',
  async (when) => {
    const whole = await prepared();
    const done = await whole.deploy({});
    expect(done.kind).toBe('deployed');
    const operations = whole.simulator.wire.calls.map(({ operation }) => operation);
    // What follows is polls alone.
    const last = operations.indexOf('CreateDeployment') + 8;
    let kills = 0;
    for (let n = 1; n <= last; n++) {
      if (when === 'answered' && isRead(operations[n - 1])) continue;
      const stage = await prepared();
      if ((await killed(stage, { call: n, when })) === 'ended') continue;
      kills++;
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
    expect(kills).toBeGreaterThan(when === 'asked' ? 12 : 1);
  },
  120_000,
);

test('with on-cancel: rollback, post stops the deployment and sees the rollback through', async () => {
  const stage = await prepared();
  const whole = await prepared();
  await whole.deploy({});
  const create = whole.simulator.wire.calls.findIndex(({ operation }) => operation === 'CreateDeployment') + 1;
  await killed(stage, { call: create, when: 'answered' });
  const reported = await stage.post({ 'on-cancel': 'rollback' });
  expect(reported?.headline).toContain('was rolled back to web:1');
  expect(stage.count('StopDeployment')).toBe(1);
});

test('of a service that was deleted in the meantime, post says so', async () => {
  const stage = await prepared();
  const whole = await prepared();
  await whole.deploy({});
  const create = whole.simulator.wire.calls.findIndex(({ operation }) => operation === 'CreateDeployment') + 1;
  await killed(stage, { call: create + 3, when: 'answered' });
  stage.clock.advance(20);
  stage.simulator.call('DeleteService', { service: 'web', force: true });
  expect((await stage.post())?.headline).toMatch(/^The run ended early\. The service web was deleted\./);
});
