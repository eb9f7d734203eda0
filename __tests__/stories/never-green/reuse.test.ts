import { deny, REGION } from '../../../simulator/simulator.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import type { DeployInputs } from '../../../src/inputs/types.ts';
import type { TagMutability } from '../../../src/model.ts';
import type { Outcome, Plan } from '../../../src/outcome.ts';
import type { World } from '../../../src/ports.ts';
import { deploy } from '../../../src/stories/deploy.ts';
import { plan } from '../../../src/stories/plan.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { FakeDocker } from '../../support/docker.ts';
import { CONTEXT, runOf, Stage, TASK_DEFINITION } from '../../support/world.ts';

/** Issue 8, part 1: an image that exists is used only for what it is, and the same content is the same image. */
const HOST = `123456789012.dkr.ecr.${REGION}.amazonaws.com`;
const ONE = '1'.repeat(40);
const TWO = '2'.repeat(40);

class Pipeline {
  readonly stage = new Stage().withService();
  readonly docker: FakeDocker;
  /** What the context's hash is. */
  context = 'context of one';
  readonly #world: World;

  constructor({ immutable, exclusions }: TagMutability = { immutable: false, exclusions: [] }) {
    const { stage } = this;
    stage.template({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: '${IMAGE}' }] });
    stage.files.set('Dockerfile', 'FROM scratch\nCOPY . /\n');
    stage.simulator.registry.create('app', immutable).excludedTags = exclusions;
    this.docker = new FakeDocker(stage.simulator.registry, stage.world.files);
    this.#world = {
      ...stage.world,
      shell: this.docker.shell,
      sources: {
        actionsCache: async () => ({ kind: 'absent' }),
        folder: async () => this.context,
        variable: () => undefined,
        secrets: async (values, salt) => `${values} ${salt}`,
      },
    };
  }

  /** Other content of the context, and so of the image. */
  change(content: string): void {
    this.context = `context of ${content}`;
    this.docker.content = content;
  }

  #inputs(sha: string, given: Readonly<Record<string, string>>): DeployInputs {
    const raw = {
      'aws-region': REGION,
      service: 'web',
      'task-definition': 'task-definition.json',
      repository: `${HOST}/app`,
      preflight: 'false',
      ...given,
    };
    const context = { ...CONTEXT, sha };
    return parseInputs(new Map(Object.entries(raw)), { context, env: {} }).inputs as DeployInputs;
  }

  deploy(sha: string, given: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const inputs = this.#inputs(sha, given);
    return deploy(runOf(inputs, this.#world), fetchService(inputs, this.#world));
  }

  /** The process ends where it would call UpdateService. */
  killedBeforeUpdateService(sha: string): Promise<void> {
    const inputs = this.#inputs(sha, {});
    return new Promise((killed, failed) => {
      const updateService = (): Promise<never> => {
        killed();
        return new Promise(() => {});
      };
      const world = { ...this.#world, ecs: { ...this.#world.ecs, updateService } };
      deploy(runOf(inputs, world), fetchService(inputs, world)).catch(failed);
    });
  }

  plan(sha: string, given: Readonly<Record<string, string>> = {}): Promise<Plan> {
    const inputs = this.#inputs(sha, { mode: 'plan', ...given });
    return plan(runOf(inputs, this.#world), fetchService(inputs, this.#world));
  }

  digest(tag: string): string | undefined {
    return this.stage.simulator.registry.find('app', tag)?.digest;
  }

  log(): string {
    return this.stage.lines.join('\n');
  }
}

const IMMUTABLE = { immutable: true, exclusions: [] };
const WITHOUT_LATEST = { immutable: true, exclusions: ['latest'] };

test('a re-run of the same content builds nothing, registers nothing and is unchanged, in a mutable repository too', async () => {
  const pipeline = new Pipeline();
  expect(await pipeline.deploy(ONE)).toMatchObject({ kind: 'deployed', revision: { revision: 2 } });
  const first = pipeline.digest(ONE);
  expect(await pipeline.deploy(ONE)).toMatchObject({ kind: 'unchanged' });
  expect(pipeline.docker.builds).toHaveLength(1);
  expect(pipeline.digest(ONE)).toBe(first);
  expect(pipeline.stage.revisions()).toEqual(['web:1', 'web:2']);
  expect(pipeline.log()).toMatch(
    /Using the image that exists: .*\/app@sha256:.* \(1{40}\) has the fingerprint of this build, built from commit 1{12}/,
  );
});

test.each<[string, (pipeline: Pipeline) => Readonly<Record<string, string>>]>([
  [
    'files that an earlier step wrote',
    (pipeline) => {
      pipeline.change('other');
      return {};
    },
  ],
  ['another build argument', () => ({ 'build-args': 'A=b' })],
  ['another target', () => ({ target: '0' })],
  ['another label', () => ({ labels: 'team=other' })],
  ['another secret', () => ({ 'build-secrets': 'token=another value' })],
  ['another platform', () => ({ platforms: 'linux/amd64,linux/arm64' })],
  ['provenance', () => ({ provenance: 'mode=max' })],
  [
    'another Dockerfile of the same name',
    (pipeline) => {
      pipeline.stage.files.set('Dockerfile', 'FROM scratch\nCOPY . /app\n');
      return {};
    },
  ],
])('a commit alone does not name an image: %s', async (_, change) => {
  const pipeline = new Pipeline();
  await pipeline.deploy(ONE);
  const given = change(pipeline);
  await pipeline.deploy(ONE, given);
  expect(pipeline.docker.builds).toHaveLength(2);
  expect(pipeline.log()).toMatch(/Building the image: 1{40} holds an image of other content \(commit 1{12}\)\./);
});

test('IMMUTABLE_WITH_EXCLUSION: each commit is built, and `latest` moves', async () => {
  const pipeline = new Pipeline(WITHOUT_LATEST);
  await pipeline.deploy(ONE, { tags: `${ONE},latest` });
  const first = pipeline.digest(ONE);
  pipeline.change('two');
  const second = await pipeline.deploy(TWO, { tags: `${TWO},latest` });
  expect(second).toMatchObject({ kind: 'deployed', revision: { revision: 3 } });
  expect(pipeline.docker.builds.map(({ tags }) => tags)).toEqual([
    [ONE, 'latest'],
    [TWO, 'latest'],
  ]);
  expect(pipeline.digest(TWO)).not.toBe(first);
  expect(pipeline.digest('latest')).toBe(pipeline.digest(TWO));
  expect(pipeline.digest(ONE)).toBe(first);
  // And a re-run of the second is the second.
  expect(await pipeline.deploy(TWO, { tags: `${TWO},latest` })).toMatchObject({ kind: 'unchanged' });
});

test.each([
  ['IMMUTABLE', IMMUTABLE],
  ['MUTABLE_WITH_EXCLUSION', { immutable: false, exclusions: ['*.*'] }],
])('%s: a version that was not raised is refused before the build', async (_, repository) => {
  const pipeline = new Pipeline(repository);
  await pipeline.deploy(ONE, { tags: `1.2.3,${ONE}` });
  pipeline.change('two');
  await expect(pipeline.deploy(TWO, { tags: `1.2.3,${TWO}` })).rejects.toMatchObject({
    code: 'PUSH_FAILED',
    message: expect.stringMatching(/The tag 1\.2\.3 is immutable and holds the image of commit 1{12}/),
    remedy: expect.stringContaining('Raise the version'),
  });
  expect(pipeline.docker.builds).toHaveLength(1);
  expect(pipeline.digest(TWO)).toBeUndefined();
  expect(pipeline.stage.revisions()).toEqual(['web:1', 'web:2']);
});

test('an immutable tag of an image without a fingerprint is never taken at its word', async () => {
  const pipeline = new Pipeline(IMMUTABLE);
  const { registry } = pipeline.stage.simulator;
  const app = registry.repositories.get('app');
  if (app)
    registry.put(app, ONE, {
      body: Buffer.from('{"layers":[]}'),
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
    });
  await expect(pipeline.deploy(ONE)).rejects.toMatchObject({
    message: expect.stringMatching(/holds an image without a fingerprint, so that its content is not known/),
  });
  expect(pipeline.docker.builds).toEqual([]);
});

test('an image that lacks a platform is not used, though its fingerprint is equal', async () => {
  const pipeline = new Pipeline();
  pipeline.docker.missing.add('linux/arm64');
  const given = { platforms: 'linux/amd64,linux/arm64' };
  await pipeline.deploy(ONE, given);
  pipeline.docker.missing.clear();
  await pipeline.deploy(ONE, given);
  expect(pipeline.docker.builds).toHaveLength(2);
  expect(pipeline.log()).toContain(`the image of ${ONE} lacks linux/arm64`);
});

test('a tag that is missing is added to the image that exists', async () => {
  const pipeline = new Pipeline(IMMUTABLE);
  await pipeline.deploy(ONE, { tags: 'v1' });
  expect(await pipeline.deploy(ONE, { tags: 'v1,release-1' })).toMatchObject({ kind: 'unchanged' });
  expect(pipeline.digest('release-1')).toBe(pipeline.digest('v1'));
  expect(pipeline.docker.builds).toHaveLength(1);
});

describe('reuse-image: content', () => {
  const given = { 'reuse-image': 'content' };

  test('a commit that changes nothing builds and deploys nothing, and its tag is on the image', async () => {
    const pipeline = new Pipeline(IMMUTABLE);
    const first = await pipeline.deploy(ONE, given);
    expect(first).toMatchObject({ kind: 'deployed' });
    expect(await pipeline.deploy(TWO, given)).toMatchObject({ kind: 'unchanged' });
    expect(pipeline.docker.builds).toHaveLength(1);
    expect(pipeline.digest(TWO)).toBe(pipeline.digest(ONE));
    pipeline.change('two');
    expect(await pipeline.deploy('3'.repeat(40), given)).toMatchObject({ kind: 'deployed' });
    // Back to the first content.
    pipeline.change('one');
    await pipeline.deploy('4'.repeat(40), given);
    expect(pipeline.docker.builds).toHaveLength(2);
    expect(pipeline.digest('4'.repeat(40))).toBe(pipeline.digest(ONE));
  });

  test('without it another commit is built, because nothing names the image that exists', async () => {
    const pipeline = new Pipeline();
    await pipeline.deploy(ONE);
    await pipeline.deploy(TWO);
    expect(pipeline.docker.builds).toHaveLength(2);
    expect(pipeline.log()).toContain(`Building the image: ${TWO} does not exist yet.`);
  });
});

describe('a build that is asked for', () => {
  test.each([{ 'reuse-image': 'false' }, { 'no-cache': 'true' }, { pull: 'true' }])('%j builds', async (given) => {
    const pipeline = new Pipeline();
    await pipeline.deploy(ONE, given);
    pipeline.docker.content = 'one, with a newer base';
    expect(await pipeline.deploy(ONE, given)).toMatchObject({ kind: 'deployed' });
    expect(pipeline.docker.builds).toHaveLength(2);
  });

  test('and differs in attestations alone is the image that runs, which keeps the tags', async () => {
    const pipeline = new Pipeline();
    await pipeline.deploy(ONE);
    const first = pipeline.digest(ONE);
    const again = await pipeline.deploy(ONE, { 'no-cache': 'true' });
    expect(again).toMatchObject({ kind: 'unchanged', image: { digest: first } });
    expect(pipeline.docker.builds).toHaveLength(2);
    expect(pipeline.stage.revisions()).toEqual(['web:1', 'web:2']);
    expect(pipeline.digest(ONE)).toBe(first);
    expect(pipeline.log()).toMatch(/differs from the image of web:2 in attestations alone/);
  });

  test('whose only tag is immutable and holds this content uses what is there', async () => {
    const pipeline = new Pipeline(IMMUTABLE);
    await pipeline.deploy(ONE);
    expect(await pipeline.deploy(ONE, { pull: 'true' })).toMatchObject({ kind: 'unchanged' });
    expect(pipeline.docker.builds).toHaveLength(1);
    expect(pipeline.log()).toContain(
      'It was not built again although the input pull asks for it: its tags are immutable.',
    );
  });

  test('leaves an immutable tag that holds this content where it is', async () => {
    const pipeline = new Pipeline(WITHOUT_LATEST);
    await pipeline.deploy(ONE, { tags: `${ONE},latest` });
    const first = pipeline.digest(ONE);
    pipeline.docker.content = 'one, with a newer base';
    await pipeline.deploy(ONE, { tags: `${ONE},latest`, pull: 'true' });
    expect(pipeline.docker.builds.at(-1)?.tags).toEqual(['latest']);
    expect(pipeline.digest(ONE)).toBe(first);
    expect(pipeline.digest('latest')).not.toBe(first);
  });
});

describe('two runs of one commit at once', () => {
  test('the second takes what the first has pushed', async () => {
    const pipeline = new Pipeline(IMMUTABLE);
    let inside = false;
    pipeline.docker.meanwhile = async () => {
      if (inside) return;
      inside = true;
      await pipeline.deploy(ONE);
    };
    const second = await pipeline.deploy(ONE);
    expect(pipeline.docker.builds).toHaveLength(2);
    expect(second).toMatchObject({ image: { digest: pipeline.digest(ONE) }, revision: { revision: 2 } });
    expect(pipeline.stage.revisions()).toEqual(['web:1', 'web:2']);
    expect(pipeline.log()).toContain(`${ONE} was pushed by another run during this build.`);
  });

  test('of other content: the second ends with what the tag holds', async () => {
    const pipeline = new Pipeline(IMMUTABLE);
    let inside = false;
    pipeline.docker.meanwhile = async () => {
      if (inside) return;
      inside = true;
      pipeline.change('other');
      await pipeline.deploy(TWO, { tags: '1.2.3' });
    };
    await expect(pipeline.deploy(ONE, { tags: '1.2.3' })).rejects.toMatchObject({
      code: 'PUSH_FAILED',
      message: expect.stringMatching(/1\.2\.3 is immutable and holds the image of commit 2{12}/),
    });
  });
});

test('a killed run leaves no stray revision: the run again has the same digest and so the same revision', async () => {
  const pipeline = new Pipeline();
  await pipeline.killedBeforeUpdateService(ONE);
  const before = pipeline.stage.revisions();
  expect(before).toEqual(['web:1', 'web:2']);
  expect(await pipeline.deploy(ONE)).toMatchObject({ kind: 'deployed' });
  expect(pipeline.stage.revisions()).toEqual(before);
  expect(pipeline.docker.builds).toHaveLength(1);
});

describe('a role that may push alone', () => {
  test('ecr:BatchGetImage is denied: everything is built, and the log says it once', async () => {
    const pipeline = new Pipeline();
    pipeline.stage.simulator.wire.faults.push(deny('ecr:BatchGetImage'));
    await pipeline.deploy(ONE);
    await pipeline.deploy(ONE);
    expect(pipeline.docker.builds).toHaveLength(2);
    const said = pipeline.stage.lines.filter((line) => line.includes('ecr:BatchGetImage'));
    expect(said).toHaveLength(2); // once a run
    expect(said[0]).toContain('so none is reused');
  });

  test.each([{}, { 'create-repository': 'true' }])('ecr:DescribeRepositories is denied: %j', async (given) => {
    const pipeline = new Pipeline(IMMUTABLE);
    pipeline.stage.simulator.wire.faults.push(deny('ecr:DescribeRepositories'));
    expect(await pipeline.deploy(ONE, given)).toMatchObject({ kind: 'deployed' });
    expect(await pipeline.deploy(ONE, given)).toMatchObject({ kind: 'unchanged' });
    pipeline.change('two');
    // ECR refuses the push itself; what is there is told then.
    await expect(pipeline.deploy(ONE, given)).rejects.toMatchObject({
      message: expect.stringMatching(/immutable and holds the image of commit 1{12}/),
    });
  });
});

describe('plan', () => {
  test('says that the image exists, and that nothing would change', async () => {
    const pipeline = new Pipeline();
    expect(await pipeline.plan(ONE)).toMatchObject({
      image: { kind: 'built', why: `${ONE} does not exist yet` },
      updates: true,
    });
    await pipeline.deploy(ONE);
    const builds = pipeline.docker.builds.length;
    expect(await pipeline.plan(ONE)).toMatchObject({
      image: { kind: 'reused', reference: `${HOST}/app@${pipeline.digest(ONE) ?? ''}` },
      updates: false,
    });
    pipeline.change('two');
    expect(await pipeline.plan(ONE)).toMatchObject({
      image: { kind: 'built', why: expect.stringContaining('other content') },
      updates: true,
    });
    expect(pipeline.docker.builds).toHaveLength(builds);
  });

  test('says that an immutable tag is in the way', async () => {
    const pipeline = new Pipeline(IMMUTABLE);
    await pipeline.deploy(ONE, { tags: '1.2.3' });
    pipeline.change('two');
    const { checks } = await pipeline.plan(TWO, { tags: '1.2.3' });
    expect(checks).toContainEqual({
      status: 'bad',
      text: expect.stringMatching(/The tag 1\.2\.3 is immutable and holds the image of commit 1{12}/),
    });
  });
});

test('the build gets the time of the commit, unless the user sets one', async () => {
  const pipeline = new Pipeline();
  await pipeline.deploy(ONE);
  expect(pipeline.docker.builds.at(-1)?.env).toMatchObject({ SOURCE_DATE_EPOCH: '1700000000' });
  await pipeline.deploy(ONE, { 'build-args': 'SOURCE_DATE_EPOCH=0' });
  expect(pipeline.docker.builds.at(-1)?.env).not.toHaveProperty('SOURCE_DATE_EPOCH');
});
