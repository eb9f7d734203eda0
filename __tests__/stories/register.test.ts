import { deny } from '../../simulator/simulator.ts';
import { registeredSummaryOf, registeredText } from '../../src/report/registered.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

/** `mode: register`: a revision as a deploy makes it, for a pipeline in which something else deploys it. */
function stageWith(change: Readonly<Record<string, unknown>> = {}): Stage {
  const stage = new Stage().withService();
  stage.template(change);
  return stage;
}
const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const FILE = { 'task-definition': 'task-definition.json' };
const CHANGES = ['UpdateService', 'RunTask', 'CreateService', 'DeregisterTaskDefinition'];
const changesOf = (stage: Stage): number => CHANGES.reduce((sum, name) => sum + stage.count(name), 0);

test('a file with an image: registered once, its family and number are known, no service is asked for or updated', async () => {
  const stage = stageWith();
  const registration = await stage.register({ ...FILE, image: 'example.com/app:2' });
  expect(registration).toMatchObject({
    reused: false,
    revision: { family: 'web', revision: 2 },
    previous: { revision: 1 },
    differences: [{ subject: 'container app: image', before: 'example.com/app:1', after: 'example.com/app:2' }],
    image: { reference: 'example.com/app:2' },
  });
  expect([stage.count('RegisterTaskDefinition'), stage.count('DescribeServices'), changesOf(stage)]).toEqual([1, 0, 0]);
  expect(registeredText(registration)).toBe('Registered web:2; no service was updated.');
  expect(registeredSummaryOf(registration)).toMatch(
    /## ✅ Registered `web:2` in eu-west-1\n[\s\S]*1 difference to <code>web:1<\/code>/,
  );
});

test('run again: the same revision, and nothing is registered', async () => {
  const stage = stageWith();
  const given = { ...FILE, image: 'example.com/app:2' };
  await stage.register(given);
  const again = await stage.register(given, { runId: '43', sha: 'badc0de' });
  expect([again.reused, again.revision.revision, stage.count('RegisterTaskDefinition')]).toEqual([true, 2, 1]);
  expect(registeredText(again)).toBe('web:2 is this revision already; nothing was registered.');
  // A rollback to either commit finds it.
  const { tags } = stage.simulator.call('DescribeTaskDefinition', {
    taskDefinition: 'web:2',
    include: ['TAGS'],
  }) as unknown as {
    tags: readonly unknown[];
  };
  expect(JSON.stringify(tags)).toMatch(/badc0de/);
});

/** Tags of web:2 after its file was registered again by another commit. */
async function tagsOfSecondRun(stage: Stage, image: string): Promise<string> {
  stage.template({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }] });
  await stage.register(FILE);
  const again = await stage.register(FILE, { runId: '43', sha: 'badc0de' });
  expect([again.reused, again.revision.revision]).toEqual([true, 2]);
  const { tags } = stage.simulator.call('DescribeTaskDefinition', { taskDefinition: 'web:2', include: ['TAGS'] }) as {
    tags?: unknown;
  };
  return JSON.stringify(tags);
}

test.each([
  ['an ECR tag that was pinned is an image that is known', `${HOST}/web:1`, [], true],
  ['so is a tag of another registry that answers', 'example.com/app:2', [], true],
  ['one of a registry that does not answer may be another image', 'example.com/app:2', ['example.com'], false],
])('run again by another commit: %s', async (_, image, silent, isOfCommit) => {
  const stage = stageWith();
  const repository = stage.simulator.registry.create('web', false);
  const body = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [] }));
  stage.simulator.registry.put(repository, '1', { body, mediaType: 'application/vnd.oci.image.index.v1+json' });
  for (const host of silent) stage.silentRegistries.add(host);
  expect((await tagsOfSecondRun(stage, image)).includes('badc0de')).toBe(isOfCommit);
});

test('a later deploy of the same image takes the revision that was registered', async () => {
  const stage = stageWith();
  const { revision } = await stage.register({ ...FILE, image: 'example.com/app:2' });
  const outcome = await stage.deploy({ image: 'example.com/app:2' });
  expect([outcome.kind, outcome.revision?.arn]).toEqual(['deployed', revision.arn]);
});

test('a new family', async () => {
  const stage = stageWith({ family: 'batch' });
  const registration = await stage.register(FILE);
  expect([registration.revision.family, registration.revision.revision, registration.previous]).toEqual([
    'batch',
    1,
    undefined,
  ]);
});

test('a family with edits: what is there already is the template', async () => {
  const stage = stageWith();
  const { revision } = await stage.register({
    'task-definition-family': 'web',
    'environment-variables': 'LEVEL=debug',
  });
  expect(revision.definition.containerDefinitions[0]).toMatchObject({
    image: 'example.com/app:1',
    environment: [{ name: 'LEVEL', value: 'debug' }],
  });
});

test('placeholders have this run in them, the account too', async () => {
  const stage = stageWith({
    containerDefinitions: [
      {
        ...TASK_DEFINITION.containerDefinitions[0],
        image: '${AWS_ACCOUNT_ID}.dkr.ecr.${AWS_REGION}.amazonaws.com/app@sha256:${DIGEST}',
        environment: [{ name: 'COMMIT', value: '${GITHUB_SHA}' }],
      },
    ],
  });
  const { revision } = await stage.register({ ...FILE, variables: `DIGEST=${'ab'.repeat(32)}` }, { sha: 'badc0de' });
  expect(revision.definition.containerDefinitions[0]).toMatchObject({
    image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:${'ab'.repeat(32)}`,
    environment: [{ name: 'COMMIT', value: 'badc0de' }],
  });
});

test('a definition that can never work is refused before anything is registered', async () => {
  const stage = stageWith({ cpu: '257' });
  await expect(stage.register(FILE)).rejects.toMatchObject({ code: 'INVALID_TASK_DEFINITION' });
  expect(stage.count('RegisterTaskDefinition')).toBe(0);
});

test('a right that is missing is named', async () => {
  const stage = stageWith();
  stage.simulator.wire.faults.push(deny('ecs:RegisterTaskDefinition'));
  await expect(stage.register({ ...FILE, image: 'example.com/app:2' })).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
    message: expect.stringContaining('ecs:RegisterTaskDefinition'),
  });
});

test('cancelled before the registration: nothing is left', async () => {
  const stage = stageWith();
  stage.cancel.abort(new Error('cancelled'));
  await expect(stage.register({ ...FILE, image: 'example.com/app:2' })).rejects.toThrow();
  expect(stage.count('RegisterTaskDefinition')).toBe(0);
});

test.each([
  [{}, /task-definition: is missing, and `mode: register` registers a revision/],
  [{ ...FILE, 'run-task-subnets': 'subnet-1' }, /run-task-subnets: is for `mode: task`, but the mode is `register`/],
  [{ ...FILE, repository: 'web', 'lifecycle-policy': '{}' }, /lifecycle-policy: .* `mode: register` knows no service/],
  [{ ...FILE, repository: 'web', 'push-by-digest': 'true' }, /push-by-digest/],
])('inputs that do not fit are refused: %j', async (given, message) => {
  const stage = stageWith();
  await expect((async () => stage.register(given))()).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.anything(),
  });
  const failure = await (async () => stage.register(given))().catch((thrown) => thrown);
  expect(failure.describe()).toMatch(message);
});
