import { REGION } from '../../../simulator/simulator.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import type { DeployInputs } from '../../../src/inputs/types.ts';
import type { World } from '../../../src/ports.ts';
import { deploy } from '../../../src/stories/deploy.ts';
import { plan } from '../../../src/stories/plan.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { FakeDocker } from '../../support/docker.ts';
import { CONTEXT, runOf, Stage, TASK_DEFINITION } from '../../support/world.ts';

/**
 * An image that must not be deployed: a plan reports what the deploy refuses, and neither of them writes anything to the registry
 * before it is refused.
 */
const HOST = `123456789012.dkr.ecr.${REGION}.amazonaws.com`;
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** A Fargate service on linux/amd64, and the repository `app` with single images that were pushed by digest. */
function pipeline(task: object = {}) {
  const stage = new Stage().withService();
  stage.template({
    ...task,
    containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: '${IMAGE}' }],
  });
  stage.files.set('Dockerfile', 'FROM scratch\n');
  const { registry } = stage.simulator;
  registry.create('app', false);
  const docker = new FakeDocker(registry, stage.world.files);
  const world: World = {
    ...stage.world,
    shell: docker.shell,
    sources: { ...stage.world.sources, folder: async () => docker.content },
  };
  const repository = () => {
    const found = registry.repositories.get('app');
    if (!found) throw new Error('no repository');
    return found;
  };
  const put = (value: object, mediaType = MANIFEST, reference?: string): string => {
    const body = Buffer.from(JSON.stringify({ mediaType, ...value }));
    const digest = registry.digestOf(body);
    return registry.put(repository(), reference ?? digest, { body, mediaType }) && digest;
  };
  const blob = (value: object): string => {
    const body = Buffer.from(JSON.stringify(value));
    const digest = registry.digestOf(body);
    registry.blobs.set(digest, body);
    repository().layers.add(digest);
    return digest;
  };
  const single = (architecture: string, content = 'one', reference?: string): string => {
    const config = { digest: blob({ os: 'linux', architecture, content }) };
    return put({ config, layers: [] }, MANIFEST, reference);
  };
  const attestation = () =>
    put({ layers: [{ mediaType: 'application/vnd.in-toto+json', digest: blob({ predicateType: 'provenance' }) }] });
  const index = (digest: string, architecture: string, reference: string) =>
    put({ manifests: [{ digest, mediaType: MANIFEST, platform: { os: 'linux', architecture } }] }, INDEX, reference);
  const inputsOf = (given: Readonly<Record<string, string>>) =>
    parseInputs(
      new Map(
        Object.entries({
          'aws-region': REGION,
          service: 'web',
          'task-definition': 'task-definition.json',
          preflight: 'false',
          'container-name': 'app',
          ...given,
        }),
      ),
      { context: CONTEXT, env: {} },
    ).inputs as DeployInputs;
  /** All tags and manifests of all repositories. */
  const held = () =>
    JSON.stringify(
      [...registry.repositories].map(([name, { tags, manifests }]) => [name, [...tags], [...manifests.keys()]]),
    );
  return {
    stage,
    docker,
    registry,
    repository,
    put,
    single,
    attestation,
    index,
    held,
    plan: async (given: Readonly<Record<string, string>>) => {
      const inputs = inputsOf({ ...given, mode: 'plan' });
      const fetching = fetchService(inputs, world);
      return plan(runOf(inputs, world), fetching).finally(() => fetching.catch(() => {}));
    },
    deploy: async (given: Readonly<Record<string, string>>) => {
      const inputs = inputsOf(given);
      const fetching = fetchService(inputs, world);
      return deploy(runOf(inputs, world), fetching).finally(() => fetching.catch(() => {}));
    },
  };
}
type Pipeline = ReturnType<typeof pipeline>;

const ABSENT = `sha256:${'0'.repeat(64)}`;
const DIGESTS = { repository: `${HOST}/app`, tags: '1.2.3,latest' };

test.each<[string, (at: Pipeline) => Record<string, string>, RegExp]>([
  ['a digest that is not there', () => ({ ...DIGESTS, digests: ABSENT }), /does not have sha256:0{64}.*mode: build/],
  ['an attestation', (at) => ({ ...DIGESTS, digests: at.attestation() }), /is an attestation, not an image/],
  [
    'two digests for one platform',
    (at) => ({ ...DIGESTS, digests: `${at.single('amd64')}\n${at.single('amd64', 'two')}` }),
    /are both for linux\/amd64/,
  ],
  [
    'one digest for another platform',
    (at) => ({ ...DIGESTS, digests: at.single('arm64') }),
    /built for linux\/arm64, but the task runs on linux\/amd64/,
  ],
  [
    'an image that is merged already, for another platform',
    (at) => {
      const digest = at.single('arm64');
      at.index(digest, 'arm64', '1.2.3');
      return { ...DIGESTS, digests: digest };
    },
    /built for linux\/arm64, but the task runs on linux\/amd64/,
  ],
  [
    'an immutable tag on another image, beside one that may move',
    (at) => {
      Object.assign(at.repository(), { immutable: true, excludedTags: ['latest'] });
      at.single('amd64', 'old', '1.2.3');
      return { ...DIGESTS, digests: at.single('amd64') };
    },
    /the tag 1\.2\.3 is immutable and holds another image/,
  ],
  [
    'image: commit, for another platform',
    (at) => {
      at.single('arm64', 'one', CONTEXT.sha);
      return { image: 'commit', repository: `${HOST}/app` };
    },
    /built for linux\/arm64, but the task runs on linux\/amd64/,
  ],
  ['image: commit, not there', () => ({ image: 'commit', repository: `${HOST}/app` }), /no image of this commit/],
  ['image, not there', () => ({ image: `${HOST}/app:none` }), /ECR has no image/],
  ['image, an attestation', (at) => ({ image: `${HOST}/app@${at.attestation()}` }), /is an attestation, not an image/],
  [
    'image, for another platform',
    (at) => ({ image: `${HOST}/app@${at.single('arm64')}` }),
    /built for linux\/arm64, but the task runs on linux\/amd64/,
  ],
  [
    'a build for another platform',
    () => ({ ...DIGESTS, platforms: 'linux/arm64' }),
    /built for linux\/arm64, but the task runs on linux\/amd64/,
  ],
  [
    'a build for another platform, for a repository that would be created',
    () => ({ repository: `${HOST}/new`, 'create-repository': 'true', platforms: 'linux/arm64' }),
    /built for linux\/arm64, but the task runs on linux\/amd64/,
  ],
])('%s: the plan reports what the deploy refuses, and nothing is written', async (_, given, expected) => {
  const at = pipeline();
  const inputs = given(at);
  const before = at.held();
  const { checks, updates } = await at.plan(inputs);
  const bad = checks.filter(({ status }) => status === 'bad').map(({ text }) => text);
  expect(bad).toEqual([expect.stringMatching(expected)]);
  expect(updates).toBe(true);
  expect(at.held()).toBe(before);
  const refused = await at.deploy(inputs).then(
    () => undefined,
    (failure) => failure,
  );
  const text = [refused.message, ...(refused.mistakes ?? []).map((one: { problem: string }) => one.problem)].join(' ');
  expect(`${text} ${refused.remedy ?? ''}`).toMatch(expected);
  expect(at.held()).toBe(before);
  expect(at.docker.builds).toEqual([]);
  expect(at.stage.count('RegisterTaskDefinition')).toBe(0);
});

test('an image with the same fingerprint gets no tag for tasks that cannot run it', async () => {
  const at = pipeline({ runtimePlatform: { cpuArchitecture: 'ARM64' } });
  const build = { repository: `${HOST}/app`, platforms: 'linux/arm64', tags: 'one' };
  await at.deploy(build);
  const before = at.held();
  at.stage.template({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: '${IMAGE}' }] });
  await expect(at.deploy({ ...build, tags: 'one,two' })).rejects.toMatchObject({ code: 'INVALID_TASK_DEFINITION' });
  expect(at.held()).toBe(before);
  expect(at.docker.builds).toHaveLength(1);
});

test('a repository is not created where the builder is missing', async () => {
  const at = pipeline();
  const { run } = at.docker.shell;
  Object.assign(at.docker.shell, {
    run: async (program: string, args: readonly string[]) =>
      args[1] === 'inspect'
        ? { exitCode: 1, stdout: '', stderr: 'ERROR: no builder "ghost" found' }
        : run(program, args),
  });
  await expect(
    at.deploy({ repository: `${HOST}/new`, 'create-repository': 'true', builder: 'ghost' }),
  ).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  expect(at.registry.repositories.has('new')).toBe(false);
});

test('digests that fit pass the plan, and a merged image is the one that would be deployed', async () => {
  const at = pipeline();
  const digest = at.single('amd64');
  const fits = await at.plan({ ...DIGESTS, digests: digest });
  expect(fits.checks.filter(({ status }) => status === 'bad')).toEqual([]);
  expect(fits.image).toEqual({ kind: 'built', why: 'the digest of an earlier job gets 1.2.3, latest' });
  const index = at.index(digest, 'amd64', '1.2.3');
  const merged = await at.plan({ ...DIGESTS, digests: digest });
  expect(merged.image).toEqual({ kind: 'given', reference: `${HOST}/app@${index}` });
  // The other tag is put on the same image.
  expect(await at.deploy({ ...DIGESTS, digests: digest })).toMatchObject({ kind: 'deployed' });
  expect(at.registry.find('app', 'latest')?.digest).toBe(index);
});
