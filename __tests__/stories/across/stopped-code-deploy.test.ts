import type { DeployInputs } from '../../../src/inputs/types.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { deploy } from '../../../src/stories/deploy.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { READY, VALIDATE } from '../../support/code-deploy.ts';
import { withCodeDeploy } from '../../support/code-deploy-stage.ts';
import { killAt } from '../../support/killed.ts';
import { CONTEXT, runOf, type Stage, TASK_DEFINITION } from '../../support/world.ts';

const CANARY = { deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes' };
const NO_ROLLBACK = { autoRollbackConfiguration: { enabled: false, events: [] } };
const ALARMS = { alarmConfiguration: { enabled: true, alarms: [{ name: 'web-5xx' }] } };

/** Waits at a hook before anything is installed. */
const BEFORE_INSTALL = JSON.stringify({
  version: 0,
  Resources: [
    {
      S: { Type: 'AWS::ECS::Service', Properties: { LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 8080 } } },
    },
  ],
  Hooks: [{ BeforeInstall: VALIDATE }],
});

const app = (image: string) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});

const deploymentsOf = ({ simulator }: Stage) =>
  [...simulator.codeDeploy.applications.values()].flatMap(({ groups }) =>
    [...groups.values()].flatMap(({ deployments }) => deployments),
  );

async function stageWith(settings: object, after: number, act: (stage: Stage) => unknown): Promise<Stage> {
  const stage = await withCodeDeploy({ ...CANARY, ...settings });
  stage.template(app('example.com/app:2'));
  stage.simulator.script.at(after, () => act(stage));
  return stage;
}

/** In the console: `Stop deployment`, or `Stop and roll back deployment`. */
const stop = (rollback?: boolean) => (stage: Stage) => {
  const deployment = deploymentsOf(stage).at(-1);
  if (deployment) stage.simulator.codeDeploy.rollouts.stop(deployment, rollback);
};

const stopped = (seconds: number, settings: object = {}): Promise<Stage> => stageWith(settings, seconds, stop(false));

function setsOf(stage: Stage): string[] {
  const { taskSets } = stage.service() as unknown as { taskSets: { taskDefinition: string; status: string }[] };
  return taskSets.map(({ taskDefinition, status }) => `${status} ${taskDefinition.split('/').at(-1)}`);
}

function endOf(stage: Stage): string[] {
  stage.clock.advance(900);
  return setsOf(stage);
}

const wordsOf = ({ headline, warnings, diagnoses }: Outcome): string =>
  [headline, ...warnings, ...diagnoses.map(({ cause }) => cause)].join('\n');

describe('a deployment that a user stops without a rollback', () => {
  test.each([
    ['while its tasks start', 12, 'web:1 serves: 2 of 2'],
    [
      'while a tenth of the traffic is at the new tasks',
      60,
      'web:2 serves: 2 of 2 with 10 % of the traffic, web:1: 2 of 2 with 90 %',
    ],
  ])('%s, is left as it is, with its traffic and the way back', async (_, seconds, serving) => {
    const stage = await stopped(seconds);
    const outcome = await stage.deploy({});
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('MANUAL_STOP'),
      done: expect.stringMatching(
        /^Nothing was rolled back, because .*The tasks of web:2, and the traffic that they have, stay until the next deployment\.$/,
      ),
    });
    expect(outcome.headline).toContain(serving);
    expect(wordsOf(outcome)).not.toContain('failed as well');
    expect(outcome.failedRollback).toBeUndefined();
    expect(deploymentsOf(stage)).toHaveLength(1);
    expect(setsOf(stage).sort()).toEqual(['ACTIVE web:2', 'PRIMARY web:1']);
  });

  test.each([
    ['created', 1],
    ['at a hook', 30],
  ])('before it has tasks (%s), has changed nothing', async (_, seconds) => {
    const stage = await stopped(seconds);
    stage.files.set('appspec.json', BEFORE_INSTALL);
    stage.simulator.codeDeploy.rollouts.hooks.set(VALIDATE, { result: 'Succeeded', seconds: 300 });
    const outcome = await stage.deploy({});
    expect(outcome).toMatchObject({
      kind: 'failed',
      done: expect.stringContaining('It had not started a task of web:2.'),
    });
    expect(outcome.headline).toContain('web:1 serves: 2 of 2');
    expect(deploymentsOf(stage)).toHaveLength(1);
    expect(endOf(stage)).toEqual(['PRIMARY web:1']);
  });

  test('waits for an approval, is the same', async () => {
    const stage = await stopped(90, READY());
    expect(await stage.deploy({})).toMatchObject({
      kind: 'failed',
      done: expect.stringContaining('Nothing was rolled back'),
    });
  });

  describe('and that left tasks and traffic', () => {
    async function left(): Promise<Stage> {
      const stage = await stopped(60);
      await stage.deploy({});
      stage.states.clear();
      return stage;
    }

    test('is shown as failed', async () => {
      expect(await (await left()).status({ service: 'web' })).toMatchObject([
        { condition: 'failed', revision: { revision: 2 } },
      ]);
    });

    test('is rolled back by `mode: rollback`', async () => {
      const stage = await left();
      expect(await stage.rollback()).toMatchObject({
        kind: 'deployed',
        headline: expect.stringContaining('Rolled back to web:1'),
      });
      expect(endOf(stage)).toEqual(['PRIMARY web:1']);
      expect(deploymentsOf(stage)).toHaveLength(2);
    });

    test('is ended by a deploy of the revision before, which is not `unchanged`', async () => {
      const stage = await left();
      stage.template(TASK_DEFINITION);
      expect((await stage.deploy({})).kind).toBe('deployed');
      expect(deploymentsOf(stage)).toHaveLength(2);
      expect(endOf(stage)).toEqual([expect.stringMatching(/^PRIMARY web:[13]$/)]);
    });

    test('is deployed again by a re-run', async () => {
      const stage = await left();
      expect((await stage.deployAs({ ...CONTEXT, runAttempt: '2' })).kind).toBe('deployed');
      expect(deploymentsOf(stage)).toHaveLength(2);
      expect(endOf(stage)).toEqual(['PRIMARY web:2']);
    });
  });

  test('is rolled back where the group rolls back on request', async () => {
    const stage = await stageWith(
      { autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_STOP_ON_REQUEST'] } },
      60,
      stop(),
    );
    expect(await stage.deploy({})).toMatchObject({ kind: 'rolled-back' });
    expect(endOf(stage)).toEqual(['PRIMARY web:1']);
  });
});

describe('a deployment that a user stops without a rollback while the run is killed', () => {
  /** What post says of it. */
  async function killedBefore(
    stopAt: number,
    given: Readonly<Record<string, string>> = {},
  ): Promise<Outcome | undefined> {
    const stage = await stopped(stopAt);
    const create = await calls();
    await killAt(stage, { call: create + 3, when: 'answered' }, (world) => {
      const inputs = stage.inputs({}) as DeployInputs;
      return deploy(runOf(inputs, world), fetchService(inputs, world));
    });
    stage.clock.advance(120);
    const reported = await stage.post(given);
    expect((await stage.deployAs({ ...CONTEXT, runAttempt: '2' }, {})).kind).toBe('deployed');
    expect(endOf(stage)).toEqual([expect.stringMatching(/^PRIMARY web:[23]$/)]);
    return reported;
  }

  /** The call by which the deployment begins. */
  async function calls(): Promise<number> {
    const stage = await stopped(600);
    await stage.deploy({ 'wait-for-service-stability': 'false' });
    return stage.simulator.wire.calls.findIndex(({ operation }) => operation === 'CreateDeployment') + 1;
  }

  test('is reported as failed and left, where it has tasks', async () => {
    expect((await killedBefore(60))?.headline).toMatch(
      /^The run ended early\. The deployment of web:2 failed and was not rolled back: 2 of 2 tasks run\./,
    );
  });

  test('is reported as stopped, where it has none', async () => {
    expect((await killedBefore(2))?.headline).toMatch(/^The run ended early\. .*MANUAL_STOP.* web runs web:1\./);
  });

  test('is rolled back with `on-cancel: rollback`', async () => {
    expect((await killedBefore(60, { 'on-cancel': 'rollback' }))?.headline).toContain('was rolled back to web:1');
    expect((await killedBefore(2, { 'on-cancel': 'rollback' }))?.headline).toMatch(/web runs web:1|Nothing had to/);
  });
});

describe('a deployment that ends badly, and that CodeDeploy does not roll back', () => {
  test('for an alarm is rolled back (`rollback-on-failure`), whatever the group says', async () => {
    const stage = await stageWith({ ...NO_ROLLBACK, ...ALARMS }, 60, ({ simulator }) =>
      simulator.script.alarm('web-5xx', 'ALARM'),
    );
    const outcome = await stage.deploy({});
    expect(outcome).toMatchObject({ kind: 'rolled-back', reason: expect.stringContaining('web-5xx') });
    expect(endOf(stage)).toEqual(['PRIMARY web:1']);
    expect(deploymentsOf(stage).map(({ creator }) => creator)).toEqual(['user', 'codeDeployRollback']);
  });

  /** As a deployment that another client started without an automatic rollback, which this run finds and watches. */
  const unwilling = (stage: Stage): void => {
    const one = deploymentsOf(stage).at(-1);
    if (one) Object.assign(one, { autoRollback: { enabled: false, events: [] } });
  };

  test.each([
    ['while its tasks start', 12],
    ['with a tenth of the traffic', 60],
  ])('%s, is rolled back by a deployment of the revision before', async (_, seconds) => {
    const stage = await stageWith({}, seconds, (one) => {
      unwilling(one);
      const deployment = deploymentsOf(one).at(-1);
      if (deployment) one.simulator.codeDeploy.rollouts.fail(deployment, 'THROTTLED', 'Too many requests.');
    });
    const outcome = await stage.deploy({});
    expect(outcome).toMatchObject({ kind: 'rolled-back', done: 'Rolled back to web:1.' });
    expect(stage.lines.join('\n')).toContain('rolling back to web:1 (CreateDeployment)');
    expect(endOf(stage)).toEqual(['PRIMARY web:1']);
  });

  test('before it has tasks, has left the revision before in place', async () => {
    const stage = await stageWith({}, 3, (one) => {
      unwilling(one);
      const deployment = deploymentsOf(one).at(-1);
      if (deployment) one.simulator.codeDeploy.rollouts.fail(deployment, 'THROTTLED', 'Too many requests.');
    });
    const outcome = await stage.deploy({});
    expect(outcome).toMatchObject({
      kind: 'rolled-back',
      done: 'Nothing had to be rolled back: web:1 was not replaced.',
    });
    expect(deploymentsOf(stage)).toHaveLength(1);
    expect(endOf(stage)).toEqual(['PRIMARY web:1']);
  });

  test('because the wait for its approval is over, is rolled back', async () => {
    const stage = await stageWith(READY(5), 30, unwilling);
    expect(await stage.deploy({})).toMatchObject({ kind: 'rolled-back', done: 'Rolled back to web:1.' });
    expect(endOf(stage)).toEqual(['PRIMARY web:1']);
  });

  test('is left with `rollback-on-failure: false`, and its traffic is named', async () => {
    const stage = await stageWith({ ...NO_ROLLBACK, ...ALARMS }, 60, ({ simulator }) =>
      simulator.script.alarm('web-5xx', 'ALARM'),
    );
    const outcome = await stage.deploy({ 'rollback-on-failure': 'false' });
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(outcome.headline).toContain('web:2 serves: 2 of 2 with 10 % of the traffic');
    expect(deploymentsOf(stage)).toHaveLength(1);
  });
});
