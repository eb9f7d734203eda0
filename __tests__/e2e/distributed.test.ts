import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { runAction } from '../../scripts/run-action.ts';
import { SAMPLE_TASK_DEFINITION, writeSampleApp } from '../../scripts/sample-app.ts';
import { RealClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { serveBuildkit } from '../support/buildkit.ts';
import { type SecondEngine, startSecondEngine } from '../support/second-engine.ts';

/** Build now, deploy later: the bundle in one job after another, each with the outputs of those before. */
const whenEngine = process.env.ENGINE_BUSYBOX_AMD64 === undefined ? describe.skip : describe;
const clock = new RealClock(20);
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'distributed-'));
/** Beside the context: what changes in it would make another image of every run. */
const aside = mkdtempSync(join(tmpdir(), 'distributed-aside-'));
const config = { DOCKER_CONFIG: join(aside, 'config'), BUILDX_CONFIG: join(aside, 'config') };
let server: { endpoint: string; close(): Promise<void> };
let builder: { close(): void } | undefined;

const environment = (env: Readonly<Record<string, string>>): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  AWS_ENDPOINT_URL: server.endpoint,
  AWS_ACCESS_KEY_ID: 'TEST',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: REGION,
  GITHUB_SHA: 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00',
  GITHUB_REPOSITORY: 'octo/shop',
  GITHUB_SERVER_URL: 'https://github.com',
  ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
  ...config,
  ...env,
});
const run = (inputs: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) =>
  runAction({ inputs, env: environment(env), cwd: folder });
/** The `with:` blocks of the example, by job; the role is left out, and the repository and cluster are those of the test. */
const EXAMPLE: { readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly with?: object }[] }>> } =
  parse(readFileSync('examples/native-platforms.yml', 'utf8'));
function withOf(job: 'build' | 'deploy', values: Readonly<Record<string, string>>): Record<string, string> {
  const given = EXAMPLE.jobs[job]?.steps.find((step) => step.with)?.with ?? {};
  const entries = Object.entries(given)
    .filter(([name]) => !['role-to-assume', 'cluster'].includes(name))
    .map(([name, value]) => [
      name,
      String(value).replaceAll(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => values[expression] ?? ''),
    ]);
  return { ...Object.fromEntries(entries), repository: 'web' };
}
const DEPLOY = {
  ...withOf('deploy', {}),
  'container-name': 'app',
  preflight: 'false',
  'wait-for-service-stability': 'false',
};
const { digests: _, ...COMMIT } = DEPLOY as Record<string, string>;
const called = (service: string): string[] =>
  simulator.wire.calls.filter((call) => call.service === service).map(({ operation }) => operation);
/** Architectures of an index, without its attestations. */
const platformsOf = (reference: string): string[] => {
  const index = JSON.parse(simulator.registry.find('web', reference)?.body.toString('utf8') ?? '{}');
  return (index.manifests ?? [])
    .map(({ platform }: { platform: { architecture: string } }) => platform.architecture)
    .filter((architecture: string) => architecture !== 'unknown');
};

beforeAll(async () => {
  server = await simulator.listen();
  simulator.registry.create('web', false);
  simulator.call('RegisterTaskDefinition', {
    ...SAMPLE_TASK_DEFINITION,
    containerDefinitions: [{ name: 'app', image: 'old:1' }],
  });
  simulator.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  if (process.env.ENGINE_BUSYBOX_AMD64 === undefined) return;
  writeSampleApp(folder, process.env, SAMPLE_TASK_DEFINITION);
  mkdirSync(config.DOCKER_CONFIG);
  const socket = join(aside, 'buildkit.sock');
  builder = await serveBuildkit(process.env.DOCKER_HOST ?? '', socket);
  execFileSync('docker', ['buildx', 'create', '--name=native', '--driver=remote', `unix://${socket}`], {
    env: { ...process.env, ...config },
  });
});
afterAll(async () => {
  builder?.close();
  clock.close();
  await server.close();
  for (const one of [folder, aside]) rmSync(one, { recursive: true, force: true });
});

whenEngine('each platform in a job of its own', () => {
  const digests: string[] = [];
  test.each(['amd64', 'arm64'])(
    'mode: build pushes %s by digest, without a call to ECS',
    async (architecture) => {
      simulator.wire.calls.length = 0;
      const built = await run({
        ...withOf('build', { 'matrix.platform': `linux/${architecture}` }),
        annotations: 'org.opencontainers.image.title=Shop',
        builder: 'native',
      });
      expect(built.log).not.toContain('::error');
      expect(built.exitCode).toBe(0);
      expect(built.outputs).toMatchObject({ outcome: 'built', 'image-tags': '' });
      const digest = built.outputs[`image-digest-${architecture}`] ?? '';
      expect(digest).toBe(built.outputs['image-digest']);
      expect(simulator.registry.find('web', digest)).toBeDefined();
      expect(simulator.registry.repositories.get('web')?.tags.size).toBe(0);
      expect(called('ecs')).toEqual([]);
      digests.push(digest);
    },
    180_000,
  );

  test('mode: deploy merges the digests under its tags, and deploys the index', async () => {
    const deployed = await run({
      ...DEPLOY,
      ...withOf('deploy', {
        'needs.build.outputs.amd64': digests[0] ?? '',
        'needs.build.outputs.arm64': digests[1] ?? '',
      }),
      tags: '1.2.3,latest',
    });
    expect(deployed.log).not.toContain('::error');
    expect(deployed.outputs.outcome).toBe('started');
    expect(platformsOf('1.2.3').sort()).toEqual(['amd64', 'arm64']);
    expect(deployed.outputs['image-digest']).toBe(simulator.registry.find('web', 'latest')?.digest);
    expect(deployed.log).toContain('Merged 2 digests');
    // Of the images, whose own indexes are gone.
    const index = JSON.parse(simulator.registry.find('web', '1.2.3')?.body.toString('utf8') ?? '{}');
    expect(index.annotations).toEqual({
      'org.opencontainers.image.source': 'https://github.com/octo/shop',
      'org.opencontainers.image.revision': 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00',
      'org.opencontainers.image.title': 'Shop',
    });
  });

  test('the same digests again, as JSON, change nothing', async () => {
    const again = await run({
      ...DEPLOY,
      digests: JSON.stringify({ a: { outputs: { x: digests[0] } }, b: { outputs: { y: digests[1] } } }),
      tags: '1.2.3,latest',
    });
    expect(again.log).toContain('reusing web:2');
    expect(again.log).toContain('is the image of these digests already');
  });

  test('a digest that is not there ends the run before anything is registered', async () => {
    simulator.wire.calls.length = 0;
    const refused = await run({ ...DEPLOY, digests: `sha256:${'0'.repeat(64)}` });
    expect(refused.exitCode).toBe(1);
    expect(refused.log).toMatch(/::error.*does not have sha256:0{64}.*push-by-digest/s);
    expect(called('ecs')).not.toContain('RegisterTaskDefinition');
  });
});

whenEngine('another registry than ECR, which asks for a login', () => {
  const host = (): string => server.endpoint.replace('http://', '');
  const wrong = (): string =>
    JSON.stringify({ auths: { [host()]: { auth: Buffer.from('AWS:wrong').toString('base64') } } });
  const [DIGEST, OTHER] = ['1', '2'].map((digit) => `sha256:${digit.repeat(64)}`);

  test.each([
    ['image: commit', { image: 'commit' }],
    ['digests', { digests: `${DIGEST}\n${OTHER}` }],
  ])('%s: a missing and a wrong login are named, not a missing image', async (_, inputs) => {
    for (const env of [{}, { DOCKER_AUTH_CONFIG: wrong() }]) {
      const refused = await run({ ...COMMIT, ...inputs, repository: `${host()}/web` }, env);
      expect(refused.exitCode).toBe(1);
      expect(refused.log).toMatch(/::error.*Docker is not logged in to 127\.0\.0\.1:\d+, .*docker\/login-action/s);
      expect(refused.log).not.toMatch(/no image of this commit|does not have sha256/);
    }
  });
});

whenEngine('a build for another registry than ECR, without a login', () => {
  test.each([
    ['mode: deploy', { mode: 'deploy', tags: 'x' }],
    ['mode: plan', { mode: 'plan', tags: 'x' }],
    ['mode: build, which reuses nothing', { mode: 'build', tags: 'x', 'reuse-image': 'false' }],
    ['mode: build, by digest', { mode: 'build', 'push-by-digest': 'true' }],
  ])('%s says so before anything is built', async (_, inputs) => {
    const repository = `${server.endpoint.replace('http://', '')}/web`;
    const { image: _image, ...given } = { image: '', ...COMMIT };
    const refused = await run({ ...given, ...inputs, repository, platforms: 'linux/amd64' });
    expect(refused.exitCode).toBe(1);
    expect(refused.log).toMatch(/::error.*Docker is not logged in to 127\.0\.0\.1:\d+, .*docker\/login-action/s);
    expect(refused.log).not.toMatch(/exporting|Building the image/);
  });
});

whenEngine('one build, a job between, one deploy', () => {
  test('image: commit finds what mode: build has pushed', async () => {
    const early = await run({ ...COMMIT, image: 'commit' });
    expect(early.log).toMatch(/::error.*no image of this commit/);
    const built = await run({ mode: 'build', repository: 'web', platforms: 'linux/amd64' });
    expect(built.outputs).toMatchObject({ outcome: 'built', 'image-tags': 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00' });
    writeFileSync(join(folder, 'app.txt'), 'another content, which is not built again');
    const deployed = await run({ ...COMMIT, image: 'commit' });
    expect(deployed.outputs['image-digest']).toBe(built.outputs['image-digest']);
    expect(deployed.outputs.outcome).toBe('started');
  });
});

whenEngine('builder-nodes', () => {
  const inputs = (arm64: string) => ({
    ...withOf('build', { 'matrix.platform': 'linux/arm64' }),
    'push-by-digest': 'false',
    tags: 'nodes',
    'builder-nodes': `linux/amd64 unix://${join(aside, 'buildkit.sock')}\nlinux/arm64 ${arm64}`,
  });
  // Not blocking: buildx asks the nodes, which are reached through this process.
  const builders = async (): Promise<string> =>
    (await promisify(execFile)('docker', ['buildx', 'ls'], { env: { ...process.env, ...config } })).stdout;
  let other: SecondEngine | undefined;
  let second: { close(): void } | undefined;
  beforeAll(async () => {
    other = await startSecondEngine(process.env.DOCKER_HOST ?? '');
    second = await serveBuildkit(other?.dockerHost ?? process.env.DOCKER_HOST ?? '', join(aside, 'second.sock'));
  });
  afterAll(async () => {
    second?.close();
    await other?.stop();
  });

  test('two platforms at once, each on its own node and on no other', async () => {
    // One BuildKit behind both nodes takes one part of a build at a time.
    if (!other) return;
    writeFileSync(
      join(folder, 'Native.Dockerfile'),
      `FROM scratch\nARG TARGETARCH\nCOPY \${TARGETARCH}/ /\nENV PATH=/bin\nRUN echo "native-${process.pid} on \${TARGETARCH}"\n`,
    );
    const built = await run({
      ...inputs(`unix://${join(aside, 'second.sock')}`),
      platforms: 'linux/amd64,linux/arm64',
      file: 'Native.Dockerfile',
      tags: 'native',
      cache: 'none',
    });
    expect(built.log).not.toContain('::error');
    expect(built.exitCode).toBe(0);
    expect(built.log).not.toContain('emulated');
    expect(platformsOf('native').sort()).toEqual(['amd64', 'arm64']);
    // What each engine has in its cache: it ran the program of its own platform.
    const ran = (dockerHost: string): string[] =>
      execFileSync('docker', ['buildx', 'du', '--verbose', `--filter=description~=native-${process.pid}`], {
        env: { ...process.env, BUILDX_BUILDER: 'default', DOCKER_HOST: dockerHost },
        encoding: 'utf8',
      }).match(/^Description:.*/gm) ?? [];
    expect(ran(other.dockerHost)).toHaveLength(1);
    expect(ran(process.env.DOCKER_HOST ?? '')).toHaveLength(1);
    expect(built.post).toEqual({ exitCode: 0, log: '' });
    expect(await builders()).not.toContain('ecs-rollout-');
  });

  test('main is killed while it builds: post removes the builder', async () => {
    writeFileSync(
      join(folder, 'Slow.Dockerfile'),
      'FROM scratch\nCOPY amd64/ /\nENV PATH=/bin\nRUN echo started && sleep 8\n',
    );
    let before = '';
    const killed = await runAction({
      inputs: {
        ...inputs(`unix://${join(aside, 'second.sock')}`),
        platforms: 'linux/amd64',
        file: 'Slow.Dockerfile',
        'no-cache': 'true',
        cache: 'none',
      },
      env: environment({}),
      cwd: folder,
      interrupt: { when: /started/, signal: 'SIGKILL' },
      onMainEnd: async () => {
        before = await builders();
      },
    });
    expect(before).toContain('ecs-rollout-');
    expect(killed.exitCode).not.toBe(0);
    expect(killed.post.exitCode).toBe(0);
    expect(await builders()).not.toContain('ecs-rollout-');
  });

  test('a platform on its node, and post removes the builder', async () => {
    const built = await run(inputs(`unix://${join(aside, 'second.sock')}`));
    expect(built.log).not.toContain('::error');
    expect(built.exitCode).toBe(0);
    expect(built.log).toMatch(/building with "ecs-rollout-\S+" instance using remote driver/);
    expect(platformsOf('nodes')).toEqual(['arm64']);
    expect(built.summary).toMatch(/<code>linux\/arm64<\/code><\/td><td>\d/);
    expect(built.post).toEqual({ exitCode: 0, log: '' });
    expect(await builders()).not.toContain('ecs-rollout-');
  });

  // buildx waits 20 s for each of the two.
  test('a node that does not answer is named, of builder-nodes and of a builder of the job; the builder is removed', async () => {
    execFileSync(
      'docker',
      [
        'buildx',
        'create',
        '--name=dead',
        '--node=far',
        '--driver=remote',
        '--platform=linux/amd64',
        'tcp://127.0.0.1:9',
      ],
      { env: { ...process.env, ...config } },
    );
    const [ofInput, ofJob] = await Promise.all([
      run({ ...inputs('tcp://127.0.0.1:9'), 'reuse-image': 'false' }),
      run({
        ...{ mode: 'build', repository: 'web', tags: 'dead', platforms: 'linux/amd64' },
        ...{ builder: 'dead', 'reuse-image': 'false', cache: 'none' },
      }),
    ]);
    expect(ofInput.log).toMatch(/::error.*of `builder-nodes` does not answer: .*tcp:\/\/127\.0\.0\.1:9/);
    expect(ofInput.post).toEqual({ exitCode: 0, log: '' });
    expect(await builders()).not.toContain('ecs-rollout-');
    expect(ofJob.log).toMatch(/::error.*The node far \(tcp:\/\/127\.0\.0\.1:9\) of the builder dead does not answer: /);
    expect(ofJob.log).not.toMatch(/DNS/);
  });
});
