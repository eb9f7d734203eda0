import { deny } from '../../simulator/simulator.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const app = (image: string) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});
const commit = (n: number): string => String(n).repeat(40);

/** web:1 by hand, then web:2, web:3, ... each deployed by a commit of a tag. */
async function withReleases(count: number): Promise<Stage> {
  const stage = new Stage().withService();
  for (let n = 2; n <= count + 1; n++) {
    stage.template(app(`example.com/app:v1.${n}.0`));
    const outcome = await stage.deployAs({ sha: commit(n), ref: `refs/tags/v1.${n}.0`, refName: `v1.${n}.0` });
    expect(outcome.kind).toBe('deployed');
    stage.clock.advance(3600);
  }
  stage.simulator.wire.calls.length = 0;
  return stage;
}

test('without a target the revision of the last successful deployment before the present one comes back', async () => {
  const stage = await withReleases(2);
  const outcome = await stage.rollback();
  expect(outcome).toMatchObject({ kind: 'deployed', headline: expect.stringMatching(/^Rolled back to web:2\./) });
  expect(outcome.differences).toEqual([expect.objectContaining({ subject: 'container app: image' })]);
  expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:2$/), runningCount: 2 });
  expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 1]);
});

test('a revision that never succeeded is passed over', async () => {
  const stage = await withReleases(1);
  stage.simulator.model.behaviours.set('app:bad', { exit: { afterSeconds: 2, code: 3 } });
  stage.template(app('example.com/app:bad')); // web:3
  await stage.deploy({});
  stage.clock.advance(3600);
  stage.template(app('example.com/app:v1.4.0')); // web:4
  await stage.deploy({});
  stage.clock.advance(3600);
  expect((await stage.rollback()).headline).toContain('Rolled back to web:2');
});

test.each([
  ['a revision number', '2'],
  ['family:revision', 'web:2'],
  ['an ARN', 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:2'],
  ['an image tag', 'v1.2.0'],
  ['a whole image reference', 'example.com/app:v1.2.0'],
  ['a release tag as a ref', 'refs/tags/v1.2.0'],
  ['a commit', commit(2)],
  ['a short commit', commit(2).slice(0, 7)],
])('to %s', async (_, target) => {
  const stage = await withReleases(3);
  const outcome = await stage.rollback(target);
  expect(outcome).toMatchObject({ kind: 'deployed', headline: expect.stringContaining('Rolled back to web:2') });
});

test('to an image tag or a digest, though the service has its image by digest', async () => {
  const stage = new Stage().withService();
  const repository = stage.simulator.registry.create('app', false);
  const digests = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`);
  for (const [i, digest] of digests.entries()) {
    const config = `sha256:${String(i).repeat(64)}`;
    stage.simulator.registry.blobs.set(config, Buffer.from('{"os":"linux","architecture":"amd64"}'));
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    repository.manifests.set(digest, {
      digest,
      mediaType,
      body: Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config: { digest: config }, layers: [] })),
    });
    repository.tags.set(`v${i + 1}`, digest);
    stage.template(app(`${HOST}/app@${digest}`));
    expect((await stage.deployAs({ sha: '' })).kind).toBe('deployed');
    stage.clock.advance(3600);
  }
  expect((await stage.rollback('v1')).headline).toContain('Rolled back to web:2');
  stage.clock.advance(3600);
  expect((await stage.rollback(digests[1])).headline).toContain('Rolled back to web:3');
  // Gone from ECR: refused before anything is changed, with what can be used instead.
  repository.manifests.delete(digests[0] ?? '');
  stage.simulator.wire.calls.length = 0;
  await expect(stage.rollback('web:2')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('is not in ECR any more'),
    remedy: expect.stringContaining('web:1'),
  });
  expect(stage.count('UpdateService')).toBe(0);
});

test('a deregistered revision is refused, with what can be used', async () => {
  const stage = await withReleases(2);
  stage.simulator.call('DeregisterTaskDefinition', { taskDefinition: 'web:2' });
  await expect(stage.rollback()).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'web:2 cannot be gone back to: it is INACTIVE.',
    remedy: expect.stringContaining('web:1'),
  });
  expect(stage.count('UpdateService')).toBe(0);
});

test('a name that nobody knows is refused, with a near one and what can be used', async () => {
  const stage = await withReleases(2);
  await expect(stage.rollback('v1.2.O')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('Did you mean v1.2.0?'),
    remedy: expect.stringContaining('web:1'),
  });
});

test('the first deployment of a service has nothing before it, and the run says so', async () => {
  const stage = new Stage().withService();
  await expect(stage.rollback()).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('There is nothing to go back to: web:1 is the only revision'),
  });
  expect(stage.count('UpdateService')).toBe(0);
});

test('where the history is denied, the revision before stands in, and the guess is told', async () => {
  const stage = await withReleases(2);
  stage.simulator.wire.faults.push(deny('ecs:ListServiceDeployments'));
  const outcome = await stage.rollback();
  expect(outcome.headline).toContain('Rolled back to web:2');
  expect(outcome.warnings.join()).toContain('ecs:ListServiceDeployments is denied');
});

test('what already runs is only looked at', async () => {
  const stage = await withReleases(1);
  expect((await stage.rollback('web:2')).kind).toBe('unchanged');
  expect(stage.count('UpdateService')).toBe(0);
});

describe('while a bad deployment is under way', () => {
  async function withBadDeployment(): Promise<Stage> {
    const stage = await withReleases(1);
    stage.simulator.model.behaviours.set('app:bad', { startSeconds: 600 });
    stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:bad') });
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:3' });
    stage.clock.advance(20);
    stage.simulator.wire.calls.length = 0;
    return stage;
  }

  test('ECS is asked to stop it and goes back by itself', async () => {
    const stage = await withBadDeployment();
    const outcome = await stage.rollback();
    expect(outcome).toMatchObject({ kind: 'deployed', headline: expect.stringContaining('Rolled back to web:2') });
    expect([stage.count('StopServiceDeployment'), stage.count('UpdateService')]).toEqual([1, 0]);
    expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:2$/), runningCount: 2 });
  });

  test('another target simply takes its place', async () => {
    const stage = await withBadDeployment();
    expect((await stage.rollback('web:1')).headline).toContain('Rolled back to web:1');
    expect([stage.count('StopServiceDeployment'), stage.count('UpdateService')]).toEqual([0, 1]);
  });

  test('where stopping is denied, the old revision is deployed', async () => {
    const stage = await withBadDeployment();
    stage.simulator.wire.faults.push(deny('ecs:StopServiceDeployment'));
    expect((await stage.rollback()).headline).toContain('Rolled back to web:2');
    expect(stage.count('UpdateService')).toBe(1);
  });
});

test('a rollback that fails puts back what ran, as that ran well, and fails the step', async () => {
  const stage = await withReleases(2);
  stage.simulator.model.behaviours.set('app:v1.2.0', { exit: { afterSeconds: 2, code: 7 } });
  const outcome = await stage.rollback();
  expect(outcome.kind).toBe('rolled-back');
  expect(outcome.headline).toContain('exit code 7');
  expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:3$/), runningCount: 2 });
});

test('a commit that made no new revision is found as well as the one that made it', async () => {
  const stage = await withReleases(1);
  expect((await stage.deployAs({ sha: commit(8) })).kind).toBe('unchanged');
  stage.template(app('example.com/app:v9'));
  await stage.deployAs({ sha: commit(9) });
  stage.clock.advance(3600);
  for (const sha of [commit(8), commit(2)]) {
    const outcome = await stage.rollback(sha);
    expect(outcome.revision?.arn).toMatch(/web:2$/);
  }
});

describe('mode: list', () => {
  test('tells what can be gone back to, newest first, and why not', async () => {
    const stage = await withReleases(3);
    stage.simulator.call('DeregisterTaskDefinition', { taskDefinition: 'web:2' });
    const { targets, guessed } = await stage.list();
    expect(guessed).toBeUndefined();
    expect(
      targets.map(({ revision, current, problems, refs, commits }) => [
        revision.revision,
        current,
        problems,
        refs[0],
        commits,
      ]),
    ).toEqual([
      [4, true, [], 'refs/tags/v1.4.0', [commit(4)]],
      [3, false, [], 'refs/tags/v1.3.0', [commit(3)]],
      [2, false, ['it is INACTIVE'], 'refs/tags/v1.2.0', [commit(2)]],
      [1, false, [], undefined, []],
    ]);
    expect([stage.count('UpdateService'), stage.count('RegisterTaskDefinition')]).toEqual([0, 0]);
  });
});

test('after a rollback, a deploy of what runs now registers and deploys nothing', async () => {
  const stage = await withReleases(2);
  await stage.rollback();
  stage.simulator.wire.calls.length = 0;
  stage.template(app('example.com/app:v1.2.0'));
  expect((await stage.deploy({})).kind).toBe('unchanged');
  expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 0]);
});
