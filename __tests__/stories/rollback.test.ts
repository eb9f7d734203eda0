import { deny } from '../../simulator/simulator.ts';
import { ApiException } from '../../simulator/wire/service.ts';
import type { Fault } from '../../simulator/wire/wire.ts';
import type { RollbackInputs, RunContext } from '../../src/inputs/types.ts';
import type { Outcome } from '../../src/outcome.ts';
import { rollback } from '../../src/stories/rollback.ts';
import { fetchService } from '../../src/stories/run.ts';
import { CONTEXT, runOf, Stage, TASK_DEFINITION } from '../support/world.ts';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const app = (image: string) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});
const commit = (n: number): string => String(n).repeat(40);

/** web:1 by hand, then web:2, web:3, ... each deployed by a commit of a tag. */
async function withReleases(count: number, settings: Readonly<Record<string, unknown>> = {}): Promise<Stage> {
  const stage = new Stage().withService(settings);
  for (let n = 2; n <= count + 1; n++) {
    stage.template(app(`example.com/app:v1.${n}.0`));
    const outcome = await stage.deployAs({
      sha: commit(n),
      ref: `refs/tags/v1.${n}.0`,
      refName: `v1.${n}.0`,
      runId: String(n),
    });
    expect(outcome.kind).toBe('deployed');
    stage.clock.advance(3600);
  }
  stage.simulator.wire.calls.length = 0;
  return stage;
}

/** A rollback by another run than the deploys'. */
function rollbackAs(
  stage: Stage,
  context: Partial<RunContext>,
  given: Readonly<Record<string, string>> = {},
  to?: string,
): Promise<Outcome> {
  const world = stage.attempt(stage.simulator.wire.requestHandler(), { ...CONTEXT, ...context });
  const inputs = stage.inputs({ mode: 'rollback', ...(to === undefined ? {} : { 'rollback-to': to }), ...given });
  return rollback(runOf(inputs as RollbackInputs, world), fetchService(inputs, world));
}

const newestDeployment = (stage: Stage): string => {
  const { serviceDeployments } = stage.simulator.call('ListServiceDeployments', {
    cluster: 'default',
    service: 'web',
  }) as unknown as { serviceDeployments: readonly { status: string }[] };
  return serviceDeployments[0]?.status ?? '';
};

/** ECS knows nothing of a deleted revision, not even that it was. */
const deleted =
  (name: string): Fault =>
  ({ operation, input }) =>
    operation === 'DescribeTaskDefinition' && String(input.taskDefinition).endsWith(name)
      ? new ApiException('ClientException', 'Unable to describe task definition.')
      : undefined;

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
    message: 'web:2 is not a rollback target: it is INACTIVE.',
    remedy: expect.stringContaining('web:1'),
  });
  expect(stage.count('UpdateService')).toBe(0);
});

test('an unknown name is refused, with a near one and what can be used', async () => {
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
    message: expect.stringContaining('There is no rollback target: web:1 is the only revision'),
  });
  expect(stage.count('UpdateService')).toBe(0);
});

test('where the history is denied, the revision before stands in, and the guess is reported', async () => {
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

test('a rollback that fails is rolled back to what ran well, and fails the step', async () => {
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
  test('lists the rollback targets, newest first, and why others are none', async () => {
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

describe('several rollbacks', () => {
  test('one after the other each go one success further back, and never forward again', async () => {
    const stage = await withReleases(3);
    for (const [runId, to] of [
      ['50', 'web:3'],
      ['51', 'web:2'],
      ['52', 'web:1'],
    ] as const) {
      expect((await rollbackAs(stage, { runId })).headline).toContain(`Rolled back to ${to}.`);
      stage.clock.advance(3600);
    }
    await expect(rollbackAs(stage, { runId: '53' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('no revision is known to have run well before web:1'),
      remedy: expect.stringContaining('web:4'),
    });
  });

  test('a release after a rollback rolls back to what the rollback deployed, not to what it replaced', async () => {
    const stage = await withReleases(3);
    await rollbackAs(stage, { runId: '50' });
    stage.clock.advance(3600);
    stage.template(app('example.com/app:v5'));
    await stage.deployAs({ sha: commit(5), runId: '51' });
    stage.clock.advance(3600);
    expect((await rollbackAs(stage, { runId: '52' })).headline).toContain('Rolled back to web:3.');
  });

  test('the same run, in whatever attempt, stays where it went', async () => {
    const stage = await withReleases(3);
    await rollbackAs(stage, { runId: '50' });
    stage.clock.advance(3600);
    for (const runAttempt of ['1', '2']) {
      const again = await rollbackAs(stage, { runId: '50', runAttempt });
      expect([again.kind, again.revision?.revision]).toEqual(['unchanged', 3]);
    }
    expect(stage.count('UpdateService')).toBe(1);
  });

  test('the same run goes to the same revision again after another one was deployed', async () => {
    const stage = await withReleases(3);
    await rollbackAs(stage, { runId: '50' });
    stage.clock.advance(3600);
    await rollbackAs(stage, { runId: '51' });
    stage.clock.advance(3600);
    expect((await rollbackAs(stage, { runId: '50', runAttempt: '2' })).revision?.revision).toBe(3);
  });

  test('where tagging is denied, a re-run watches the rollback that is under way', async () => {
    const stage = await withReleases(3);
    stage.simulator.wire.faults.push(deny('ecs:TagResource'));
    const first = await rollbackAs(stage, { runId: '50' }, { 'wait-for-service-stability': 'false' });
    expect(first.kind).toBe('started');
    expect(stage.lines.join('\n')).toContain('give it `rollback-to: web:3`');
    stage.clock.advance(5);
    const again = await rollbackAs(stage, { runId: '50', runAttempt: '2' });
    expect([again.kind, again.revision?.revision]).toEqual(['deployed', 3]);
    expect(stage.count('UpdateService')).toBe(1);
  });

  test.each([
    ['that ECS ended is begun again by a re-run', { failToStart: 'CannotPullContainerError: no' }, 2],
    [
      'that crashes in a loop, as no breaker counts that, is watched by a re-run',
      { exit: { afterSeconds: 2, code: 7 } },
      1,
    ],
  ])('a rollback that came to nothing and %s', async (_, behaviour, updates) => {
    const stage = await withReleases(3, {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    });
    stage.simulator.model.behaviours.set('app:v1.3.0', behaviour);
    const first = await rollbackAs(stage, { runId: '50' }, { 'rollback-on-failure': 'false' });
    expect(first.kind).toBe('failed');
    stage.clock.advance(600);
    stage.simulator.model.behaviours.delete('app:v1.3.0');
    const again = await rollbackAs(stage, { runId: '50', runAttempt: '2' });
    expect([again.kind, again.revision?.revision]).toEqual(['deployed', 3]);
    expect(stage.count('UpdateService')).toBe(updates);
  });
});

test.each([
  ['fails to start', { failToStart: 'CannotPullContainerError: no' }],
  ['crashes in a loop, which ECS does not count,', { exit: { afterSeconds: 2, code: 7 } }],
])(
  'an older revision that another client deployed again and that %s is not followed as a rollback',
  async (_, behaviour) => {
    const stage = await withReleases(3);
    stage.simulator.model.behaviours.set('app:v1.3.0', behaviour);
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:3' });
    stage.clock.advance(120);
    const outcome = await stage.rollback();
    expect([outcome.kind, outcome.headline]).toEqual([
      'deployed',
      expect.stringMatching(/^Rolled back to web:2\. .*Now web:2 serves: 2 of 2\.$/),
    ]);
  },
);

describe('while ECS rolls back by itself', () => {
  const BREAKER = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };

  /** web:4 fails in ECS, which restores web:3 now. */
  async function restoring(status: RegExp, settings = BREAKER): Promise<Stage> {
    const stage = await withReleases(2, settings);
    stage.simulator.model.behaviours.set('app:bad', { failToStart: 'CannotPullContainerError: no' });
    stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:bad') });
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:4' });
    for (let i = 0; i < 2000 && !status.test(newestDeployment(stage)); i++) stage.clock.advance(1);
    expect(newestDeployment(stage)).toMatch(status);
    stage.simulator.wire.calls.length = 0;
    return stage;
  }

  const changes = (stage: Stage): number[] =>
    ['UpdateService', 'StopServiceDeployment'].map((operation) => stage.count(operation));

  test.each([undefined, 'web:3', 'v1.3.0'])('that is followed to its end (rollback-to: %s)', async (to) => {
    const stage = await restoring(/ROLLBACK_IN_PROGRESS/);
    const outcome = await stage.rollback(to);
    expect(outcome).toMatchObject({
      kind: 'deployed',
      headline: 'Rolled back to web:3: ECS restores it in place of web:4. Now web:3 serves: 2 of 2.',
    });
    expect(stage.lines.join('\n')).toContain('ECS restores web:3 already');
    expect(changes(stage)).toEqual([0, 0]);
    expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:3$/), runningCount: 2 });
  });

  test.each(['ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments', 'ecs:DescribeServiceRevisions'])(
    'also where %s is denied',
    async (action) => {
      const stage = await restoring(/ROLLBACK_IN_PROGRESS/);
      stage.simulator.wire.faults.push(deny(action));
      expect((await stage.rollback()).headline).toContain('Rolled back to web:3: ECS restores it');
      expect(changes(stage)).toEqual([0, 0]);
    },
  );

  test('no wait where the input asks for none', async () => {
    const stage = await restoring(/ROLLBACK_IN_PROGRESS/);
    const outcome = await stage.rollback(undefined, { 'wait-for-service-stability': 'false' });
    expect(outcome).toMatchObject({
      kind: 'started',
      headline: expect.stringContaining('ECS is rolling back from web:4 to web:3'),
    });
    expect(changes(stage)).toEqual([0, 0]);
  });

  test('and has just done so, the service stays with it, and the target further back is named', async () => {
    const stage = await restoring(/ROLLBACK_SUCCESSFUL/);
    stage.clock.advance(60);
    const outcome = await stage.rollback();
    expect([outcome.kind, outcome.revision?.revision]).toEqual(['unchanged', 3]);
    expect(outcome.warnings.join()).toContain('To roll back further, set `rollback-to: web:2`');
    expect(changes(stage)).toEqual([0, 0]);
    // Later nobody can have missed it.
    stage.clock.advance(3600);
    expect((await rollbackAs(stage, { runId: '51' })).headline).toContain('Rolled back to web:2.');
  });

  test('because an earlier run asked for it, a new run goes one success further back', async () => {
    const stage = await withReleases(2);
    stage.simulator.model.behaviours.set('app:slow', { startSeconds: 600 });
    stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:slow') });
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:4' });
    stage.clock.advance(20);
    for (const [runId, to] of [
      ['50', 'web:3:'],
      ['51', 'web:2.'],
    ] as const)
      expect((await rollbackAs(stage, { runId })).headline).toContain(`Rolled back to ${to}`);
  });

  test('another revision takes its place', async () => {
    const stage = await restoring(/ROLLBACK_IN_PROGRESS/);
    expect((await stage.rollback('web:2')).headline).toContain('Rolled back to web:2.');
    expect(changes(stage)).toEqual([1, 0]);
  });
});

describe('while a deployment that is not rolling is under way', () => {
  const CANARY = {
    deploymentConfiguration: {
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 },
    },
  };

  async function canary(): Promise<Stage> {
    const stage = new Stage().withService();
    for (const n of [2, 3]) {
      stage.template(app(`example.com/app:v${n}`));
      await stage.deployAs({ sha: commit(n), runId: String(n) });
      stage.clock.advance(3600);
    }
    stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:bad') });
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:4', ...CANARY });
    stage.clock.advance(120);
    stage.simulator.wire.calls.length = 0;
    return stage;
  }

  test('it is stopped, and ECS goes back', async () => {
    const stage = await canary();
    expect((await stage.rollback()).headline).toContain('Rolled back to web:3: ECS ended');
    expect([stage.count('StopServiceDeployment'), stage.count('UpdateService')]).toEqual([1, 0]);
  });

  test('another target begins after it was stopped', async () => {
    const stage = await canary();
    const outcome = await stage.rollback('web:2');
    expect(outcome).toMatchObject({ kind: 'deployed', headline: expect.stringContaining('Rolled back to web:2.') });
    expect([stage.count('StopServiceDeployment'), stage.count('UpdateService')]).toEqual([1, 1]);
  });
});

describe('a deployment of the same commit in another run', () => {
  /** Run 900 of this commit deploys web:3, which is under way. */
  async function underWay(): Promise<Stage> {
    const stage = await withReleases(1);
    stage.simulator.model.behaviours.set('app:slow', { startSeconds: 600 });
    stage.template(app('example.com/app:slow'));
    await stage.deployAs({ sha: commit(9), runId: '900' }, { 'wait-for-service-stability': 'false' });
    stage.clock.advance(20);
    stage.simulator.wire.calls.length = 0;
    return stage;
  }

  test('is a stranger to a deploy', async () => {
    const stage = await underWay();
    const other = stage.deployAs({ sha: commit(9), runId: '901' }, { 'on-active-deployment': 'fail' });
    await expect(other).rejects.toMatchObject({ code: 'CONFLICT' });
    const again = await stage.deployAs(
      { sha: commit(9), runId: '900', runAttempt: '2' },
      { 'on-active-deployment': 'fail', 'wait-for-service-stability': 'false' },
    );
    expect(again.kind).toBe('started');
    expect(stage.count('UpdateService')).toBe(0);
  });

  test.each(['900', '901'])('is what a rollback of run %s ends', async (runId) => {
    const stage = await underWay();
    const outcome = await rollbackAs(stage, { sha: commit(9), runId });
    expect(outcome).toMatchObject({ kind: 'deployed', previous: { revision: 3 }, revision: { revision: 2 } });
    expect(stage.count('StopServiceDeployment')).toBe(1);
  });
});

describe('what ECS has forgotten', () => {
  /** ECS remembers 90 days. */
  const LATER = 100 * 86_400;

  test('the revisions stand in for, reported as a guess that no permission would improve', async () => {
    const stage = await withReleases(2);
    stage.clock.advance(LATER);
    stage.template(app('example.com/app:v9'));
    await stage.deploy({});
    stage.clock.advance(3600);
    const outcome = await stage.rollback();
    expect(outcome.headline).toContain('Rolled back to web:3.');
    expect(outcome.warnings.join()).toContain(
      'ECS has no record of a successful deployment of this service before the current',
    );
    expect(outcome.warnings.join()).not.toContain('Allow');
    const { targets, guessed } = await stage.list();
    expect(guessed).toContain('90 days');
    expect(targets.map(({ revision, deployedAt }) => [revision.revision, deployedAt !== undefined])).toEqual([
      [3, true],
      [4, true],
      [2, false],
      [1, false],
    ]);
  });

  test('also after a rollback, which is not undone by the next', async () => {
    const stage = await withReleases(2);
    stage.clock.advance(LATER);
    stage.template(app('example.com/app:v9'));
    await stage.deploy({});
    stage.clock.advance(3600);
    await rollbackAs(stage, { runId: '50' });
    stage.clock.advance(3600);
    expect((await rollbackAs(stage, { runId: '51' })).headline).toContain('Rolled back to web:2.');
  });

  test('a young service has forgotten nothing: where none ever ran well, none is guessed', async () => {
    const stage = new Stage();
    for (const image of ['app:1', 'app:2'])
      stage.simulator.model.behaviours.set(image, { exit: { afterSeconds: 2, code: 3 } });
    stage.withService();
    stage.template(app('example.com/app:2'));
    await stage.deploy({});
    stage.simulator.wire.calls.length = 0;
    await expect(stage.rollback()).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no rollback target: no deployment of web has succeeded yet.',
    });
    expect(stage.count('UpdateService')).toBe(0);
  });
});

describe('a revision that was deleted', () => {
  async function withDeleted(): Promise<Stage> {
    const stage = await withReleases(2);
    stage.simulator.wire.faults.push(deleted('web:2'));
    return stage;
  }

  test('is listed as such', async () => {
    const stage = await withDeleted();
    const { targets } = await stage.list();
    expect(targets.map(({ revision, problems }) => [revision.revision, problems])).toEqual([
      [3, []],
      [2, ['it was deleted']],
      [1, []],
    ]);
  });

  test('is not a rollback target, and the error lists those that are', async () => {
    const stage = await withDeleted();
    await expect(stage.rollback()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'web:2 is not a rollback target: it was deleted.',
      remedy: expect.stringContaining('web:1'),
    });
    await expect(stage.rollback('nonesuch')).rejects.toMatchObject({ remedy: expect.stringContaining('web:1') });
  });

  test('what cannot be listed hides no error', async () => {
    const stage = await withReleases(2);
    stage.simulator.wire.faults.push(deny('ecs:ListTaskDefinitions'));
    await expect(stage.rollback('nonesuch')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('nonesuch'),
    });
  });
});

test('a release tag on a commit that runs already is found', async () => {
  const stage = await withReleases(1);
  await stage.deployAs({ sha: commit(2), ref: 'refs/tags/v5.0.0', refName: 'v5.0.0', runId: '77' });
  stage.template(app('example.com/app:v9'));
  await stage.deployAs({ sha: commit(9) });
  stage.clock.advance(3600);
  for (const name of ['v5.0.0', '5.0.0', 'v1.2.0']) expect((await stage.rollback(name)).revision?.revision).toBe(2);
});

describe('a name that means several revisions', () => {
  test('is the newest that does not run now, and the others are listed', async () => {
    const stage = new Stage().withService();
    for (const n of [2, 3, 4]) {
      stage.template(app(`example.com/app:${n}x`));
      await stage.deployAs({ sha: commit(n), runId: String(n) });
      stage.clock.advance(3600);
    }
    const outcome = await rollbackAs(stage, { runId: '50' }, {}, 'main');
    expect(outcome.revision?.revision).toBe(3);
    expect(outcome.warnings.join()).toContain('main matches web:4, web:2 as well as web:3');
    stage.clock.advance(3600);
    // A re-run means what the first attempt meant.
    const again = await rollbackAs(stage, { runId: '50', runAttempt: '2' }, {}, 'main');
    expect([again.kind, again.revision?.revision]).toEqual(['unchanged', 3]);
    // And another run goes further back, not to what was left.
    expect((await rollbackAs(stage, { runId: '51' }, {}, 'main')).revision?.revision).toBe(2);
  });

  test('is an earlier one also where the history is denied', async () => {
    const stage = new Stage().withService();
    for (const n of [2, 3, 4]) {
      stage.template(app(`example.com/app:${n}x`));
      await stage.deployAs({ sha: commit(n), runId: String(n) });
      stage.clock.advance(3600);
    }
    stage.simulator.wire.faults.push(deny('ecs:ListServiceDeployments'));
    for (const [runId, revision] of [
      ['50', 3],
      ['51', 2],
    ] as const) {
      expect((await rollbackAs(stage, { runId }, {}, 'main')).revision?.revision).toBe(revision);
      stage.clock.advance(3600);
    }
  });

  test('is the one whose application bears it, not a sidecar', async () => {
    const stage = new Stage().withService();
    const both = (image: string, agent: string) => ({
      containerDefinitions: [
        { ...TASK_DEFINITION.containerDefinitions[0], image: `example.com/app:${image}` },
        { name: 'agent', image: `example.com/agent:${agent}`, essential: false },
      ],
    });
    for (const [image, agent] of [
      ['v1.7', 'v1.6'],
      ['v1.8', 'v1.7'],
      ['v1.9', 'v1.7'],
    ] as const) {
      stage.template(both(image, agent));
      await stage.deployAs({ sha: '' });
      stage.clock.advance(3600);
    }
    const outcome = await stage.rollback('v1.7');
    expect(outcome.revision?.revision).toBe(2);
    expect(outcome.warnings.join()).toContain('v1.7 matches web:4, web:3 as well as web:2');
  });

  test('a number is a revision first, and a tag of the same name is mentioned', async () => {
    const stage = new Stage().withService();
    for (const tag of ['10', '2', '11']) {
      stage.template(app(`example.com/app:${tag}`));
      await stage.deployAs({ sha: '' });
      stage.clock.advance(3600);
    }
    const outcome = await stage.rollback('2');
    expect(outcome.revision?.revision).toBe(2);
    expect(outcome.warnings.join()).toContain('2 is the number of web:2, which is used, and also matches web:3');
    expect((await stage.rollback('10')).revision?.revision).toBe(2);
  });
});

test.each([
  ['another region', 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:2', 'us-east-1'],
  ['another account', 'arn:aws:ecs:eu-west-1:999999999999:task-definition/web:2', '999999999999'],
  ['another partition', 'arn:aws-cn:ecs:eu-west-1:123456789012:task-definition/web:2', 'aws-cn'],
])('an ARN of %s is refused', async (_, arn, named) => {
  const stage = await withReleases(2);
  await expect(stage.rollback(arn)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining(named),
  });
  expect(stage.count('UpdateService')).toBe(0);
});

test('a rollback has to read the revision that runs: it says which right is missing, and changes nothing', async () => {
  const stage = new Stage().withService();
  stage.simulator.wire.faults.push(deny('ecs:DescribeTaskDefinition'));
  await expect(stage.rollback()).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
    message: expect.stringContaining('The revision that runs, web:1, is needed here and cannot be read'),
    remedy: 'Allow ecs:DescribeTaskDefinition (on `*`) for the role that this job uses.',
  });
  expect(stage.count('UpdateService')).toBe(0);
});
