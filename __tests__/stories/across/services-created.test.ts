import { deployServices, endsOf, postServices, runs, stageWith } from '../../support/services.ts';
import { definitionOf } from '../../support/task-definition.ts';
import type { Stage } from '../../support/world.ts';

/** `api` exists, `worker` does not and is created by its entry's own definition. */
function stageOf(): Stage {
  const stage = stageWith(['api']);
  stage.files.set('worker.json', JSON.stringify(definitionOf('worker', 'example.com/worker:2')));
  stage.files.set(
    'service.json',
    JSON.stringify({
      launchType: 'FARGATE',
      desiredCount: 1,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    }),
  );
  return stage;
}
const LIST = `- {service: api, task-definition: api.json}
- {service: worker, task-definition: worker.json, service-definition: service.json}
`;
const ALL = { given: { 'rollback-scope': 'all' } };
const crash = { exit: { afterSeconds: 2, code: 1 } };
const countOf = (stage: Stage, name: string): number => {
  const answer = stage.simulator.call('DescribeServices', { services: [name] });
  return (answer as unknown as { services: { desiredCount: number }[] }).services[0]?.desiredCount ?? -1;
};

test('one of several services is created by the definition of its entry', async () => {
  const stage = stageOf();
  expect(endsOf(await deployServices(stage, LIST))).toEqual(['api: deployed', 'worker: deployed']);
  expect([runs(stage, 'worker'), countOf(stage, 'worker'), stage.count('CreateService')]).toEqual(['worker:1', 1, 1]);
  expect(await postServices(stage)).toEqual([]);
});

test('its first deployment fails: it is scaled to 0, and the group is rolled back', async () => {
  const stage = stageOf();
  stage.simulator.model.behaviours.set('worker:2', crash);
  const results = await deployServices(stage, LIST, ALL);
  expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: failed']);
  expect([runs(stage, 'api'), countOf(stage, 'worker')]).toEqual(['api:1', 0]);
});

test('another service of its group fails: the one that was created is scaled to 0 with it', async () => {
  const stage = stageOf();
  stage.simulator.model.behaviours.set('api:2', { startSeconds: 120, ...crash });
  const results = await deployServices(stage, LIST, ALL);
  expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: failed']);
  const [, worker] = results;
  expect(worker?.end).toMatchObject({
    outcome: { rolledBackWith: 'api', firstFailure: 'scaled-to-zero', headline: expect.stringContaining('api failed') },
  });
  expect([runs(stage, 'api'), countOf(stage, 'worker')]).toEqual(['api:1', 0]);
});

test('nothing is created where another service cannot be deployed', async () => {
  const stage = stageOf();
  await expect(
    deployServices(stage, LIST.replace('service-definition: service.json', 'service-definition: none.json')),
  ).rejects.toMatchObject({ message: expect.stringContaining('none.json') });
  expect([stage.count('CreateService'), stage.count('RegisterTaskDefinition')]).toEqual([0, 0]);
});
