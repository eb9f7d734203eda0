import { parseInputs } from '../../../src/inputs/parse.ts';
import type { DeployInputs, Inputs } from '../../../src/inputs/types.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { deploy } from '../../../src/stories/deploy.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { CONTEXT, runOf, Stage, TASK_DEFINITION } from '../../support/world.ts';

/** Steps that name no revision (scale, restart) while another client's deployment is under way. */
const step = (stage: Stage, given: Readonly<Record<string, string>>): Promise<Outcome> => {
  const raw = new Map(Object.entries({ 'aws-region': 'eu-west-1', service: 'web', ...given }));
  const inputs = parseInputs(raw, { context: CONTEXT, env: {} }).inputs as Inputs as DeployInputs;
  return deploy(runOf(inputs, stage.world), fetchService(inputs, stage.world));
};

/** web:2 is on its way in place of web:1. */
function busy(behaviour: Parameters<Stage['simulator']['script']['revision']>[1] = { startSeconds: 60 }): Stage {
  const stage = new Stage().withService();
  stage.simulator.script.revision('web:2', behaviour);
  stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, cpu: '512', memory: '1024' });
  stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });
  stage.clock.advance(20);
  stage.simulator.wire.calls.length = 0;
  return stage;
}
const updates = (stage: Stage): unknown[] =>
  stage.simulator.wire.calls.flatMap(({ operation, input }) => (operation === 'UpdateService' ? [input] : []));

test('scale: the count alone is sent, and the release continues to its end', async () => {
  const stage = busy();
  const outcome = await step(stage, { 'desired-count': '5' });
  expect([outcome.kind, outcome.headline]).toEqual(['deployed', expect.stringContaining('Now web:2 serves: 5 of 5.')]);
  expect(updates(stage)).toEqual([{ cluster: expect.any(String), service: 'web', desiredCount: 5 }]);
  expect(stage.lines.join('\n')).toMatch(
    /A deployment of web is under way: \S+ with web:2\. This step brings no other revision, so web:2 stays/,
  );
});

test('nothing at all: the release is watched', async () => {
  const stage = busy();
  expect((await step(stage, {})).headline).toContain('Now web:2 serves: 2 of 2.');
  expect(updates(stage)).toEqual([]);
});

test('restart: the revision of the release', async () => {
  const stage = busy();
  expect((await step(stage, { 'force-new-deployment': 'true' })).headline).toContain('Now web:2 serves: 2 of 2.');
  expect(updates(stage)).toEqual([expect.objectContaining({ forceNewDeployment: true })]);
});

test.each([
  ['whose tasks fail', { failToStart: 'CannotPullContainerError: not found' }, {}],
  ['that gets another image', { startSeconds: 60 }, { image: 'example.com/app:3' }],
  ['that gets other variables', { startSeconds: 60 }, { 'environment-variables': 'A=1' }],
])('a release %s is replaced, as before', async (_, behaviour, given) => {
  const stage = busy(behaviour);
  const outcome = await step(stage, { 'desired-count': '3', ...given });
  expect(outcome.kind).toBe('deployed');
  expect(outcome.headline).not.toContain('web:2 serves');
  expect(stage.lines.join('\n')).toContain('Ours will take its place.');
});
