import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type ActionRun, runAction } from '../../scripts/run-action.ts';
import { SAMPLE_TASK_DEFINITION, writeSampleApp } from '../../scripts/sample-app.ts';
import { RealClock } from '../../simulator/clock.ts';
import { unpacked } from '../../simulator/ecr/registry.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { serveBuildkit } from '../support/buildkit.ts';
import { eventually } from '../support/patience.ts';
import { startRelay } from '../support/proxy.ts';

/** Every build input of the bundle in real builds by real buildx, pushed to the simulator's registry and read back. */
const engine = process.env.ENGINE_BUSYBOX_AMD64 !== undefined;
const whenEngine = engine ? test : test.skip;
const clock = new RealClock(20);
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'build-'));
/** Beside the context: what changes in it would make another image of every run. */
const aside = mkdtempSync(join(tmpdir(), 'build-aside-'));
const spied = join(aside, 'docker.log');
const dockerConfig = join(aside, 'config');
const env = { ...process.env, DOCKER_CONFIG: dockerConfig };
let server: { endpoint: string; close(): Promise<void> };
let host = '';
let agent: Server | undefined;
let builder: { close(): void } | undefined;

/** In each instruction of the build, whose record in the engine's cache is known by it. */
const MARK = `mark-${process.pid}-${Date.now()}`;
/** A program of the build that shows what came to it: arguments, contexts, secrets, an agent. */
const DOCKERFILE = `FROM scratch AS base
ARG TARGETARCH
COPY \${TARGETARCH}/ /
COPY settings/settings.txt /${MARK}
ENV PATH=/bin
FROM base AS unwanted
RUN false
FROM base AS wanted
ARG WHO
COPY --from=settings settings.txt /${MARK}-settings
RUN --mount=type=secret,id=value --mount=type=secret,id=file --mount=type=secret,id=env --mount=type=ssh \\
  echo "who \${WHO}" > /evidence; cat /${MARK}-settings /run/secrets/value /run/secrets/file /run/secrets/env >> /evidence; \\
  test -e "\${SSH_AUTH_SOCK}" && echo "an agent" >> /evidence; uname -m >> /evidence
CMD ["sleep", "3600"]
`;
/** BuildKit's protocol of SBOM scanners: look at a folder, leave an in-toto statement. */
const SCANNER = `#!/bin/sh
echo '{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document","predicate":{"name":"scanned"}}' > "\${BUILDKIT_SCAN_DESTINATION}/sbom.spdx.json"
`;

/** What can be run nowhere here: the header of a 32-bit SPARC program. */
const FOREIGN_PROGRAM = Buffer.from(
  '7f454c46010201000000000000000000000200020000000100010054000000340000000000000000003400200001',
  'hex',
);

beforeAll(async () => {
  server = await simulator.listen();
  host = server.endpoint.replace('http://', '');
  simulator.registry.create('web', false);
  simulator.registry.create('fixed', true);
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
  if (!engine) return;
  writeSampleApp(folder, process.env, SAMPLE_TASK_DEFINITION);
  mkdirSync(join(folder, 'settings'));
  writeFileSync(join(folder, 'settings', 'settings.txt'), 'from another context\n');
  writeFileSync(join(folder, 'secret.txt'), 'a secret of a file\n');
  writeFileSync(join(folder, 'Everything.Dockerfile'), DOCKERFILE);
  writeFileSync(join(folder, 'amd64', 'scan'), SCANNER);
  writeFileSync(join(folder, 'Copy.Dockerfile'), 'FROM scratch\nCOPY secret.txt /\n');
  writeFileSync(join(folder, 'foreign'), FOREIGN_PROGRAM, { mode: 0o755 });
  writeFileSync(join(folder, 'Run.Dockerfile'), 'FROM scratch\nCOPY foreign /\nRUN ["/foreign"]\n');
  // Each run has a layer of its own: a build that was left behind by a run that was killed comes to its end, and fills the cache.
  writeFileSync(
    join(folder, 'Slow.Dockerfile'),
    `FROM scratch\nCOPY amd64/ /\nENV PATH=/bin\nRUN sleep 300 # ${Date.now()}\n`,
  );
  writeFileSync(join(folder, 'Scan.Dockerfile'), 'FROM scratch\nCOPY amd64/ /\nENTRYPOINT ["/bin/sh", "/scan"]\n');
  agent = createServer().listen(join(folder, 'agent'));
  spyOnDocker();
  mkdirSync(dockerConfig);
  const auth = Buffer.from(`AWS:${simulator.registry.password}`).toString('base64');
  writeFileSync(join(dockerConfig, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }), { mode: 0o600 });
  await docker('buildx', 'build', '--push', `--tag=${host}/web:scanner`, '--file=Scan.Dockerfile', '.');
});
afterAll(async () => {
  agent?.close();
  builder?.close();
  clock.close();
  await server.close();
  for (const one of [folder, aside]) rmSync(one, { recursive: true, force: true });
});

const docker = (...args: string[]) => promisify(execFile)('docker', args, { cwd: folder, env, timeout: 60_000 });

/** A docker on the PATH that notes what it was asked, and then asks the real one. */
function spyOnDocker(): void {
  const real = execFileSync('which', ['docker'], { encoding: 'utf8' }).trim();
  mkdirSync(join(aside, 'bin'));
  writeFileSync(join(aside, 'bin', 'docker'), `#!/bin/sh\nprintf '%s\\n' "$*" >> "${spied}"\nexec "${real}" "$@"\n`);
  chmodSync(join(aside, 'bin', 'docker'), 0o755);
}

async function deploy(inputs: Readonly<Record<string, string>>, extra: Readonly<Record<string, string>> = {}) {
  writeFileSync(spied, '');
  const run: ActionRun = await runAction({
    inputs: {
      service: 'web',
      'task-definition': 'task-definition.json',
      'container-name': 'app',
      repository: 'web',
      preflight: 'false',
      'wait-for-service-stability': 'false',
      ...inputs,
    },
    env: {
      PATH: `${join(aside, 'bin')}${delimiter}${process.env.PATH ?? ''}`,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      GITHUB_SHA: 'c0ffee',
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_SERVER_URL: 'https://github.com',
      ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
      ...extra,
    },
    cwd: folder,
  });
  return { ...run, commands: readFileSync(spied, 'utf8').split('\n').filter(Boolean) };
}

interface Manifest {
  readonly annotations?: Record<string, string>;
  readonly manifests?: { digest: string; platform?: { architecture: string }; annotations?: Record<string, string> }[];
  readonly config?: { digest: string };
  readonly layers?: { digest: string; annotations?: Record<string, string> }[];
}
const manifestOf = (reference: string, repository = 'web'): Manifest =>
  JSON.parse(simulator.registry.find(repository, reference)?.body.toString('utf8') ?? '{}');
const blob = (digest = ''): Buffer => unpacked(simulator.registry.blobs.get(digest) ?? Buffer.alloc(0));

whenEngine(
  'every build input is seen in the image',
  async () => {
    const run = await deploy(
      {
        file: 'Everything.Dockerfile',
        target: 'wanted',
        platforms: 'linux/amd64,linux/arm64',
        tags: 'one, two',
        'build-args': 'WHO=the reader = of this',
        'build-contexts': 'settings=./settings',
        'build-secrets': '"value=a secret\nof two lines"',
        'build-secret-files': 'file=secret.txt',
        'build-secret-envs': 'env=TOKEN_OF_THE_JOB',
        ssh: `default=${join(folder, 'agent')}`,
        'cache-to': `type=registry,ref=${host}/web:cache,mode=max,image-manifest=true,oci-mediatypes=true`,
        'cache-from': `type=registry,ref=${host}/web:cache`,
        labels: 'team=shop=window',
        annotations: 'org.opencontainers.image.title=The shop',
        provenance: 'mode=max',
        sbom: `generator=${host}/web:scanner`,
        pull: 'false',
        'no-cache': 'true',
      },
      { TOKEN_OF_THE_JOB: 'a secret of the job\n' },
    );
    expect(run.log).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    expect(run.outputs['image-tags']).toBe('one\ntwo');
    const digest = run.outputs['image-digest'] ?? '';
    expect(simulator.registry.find('web', 'one')?.digest).toBe(digest);
    expect(simulator.registry.find('web', 'two')?.digest).toBe(digest);

    const index = manifestOf('one');
    expect(index.annotations).toMatchObject({ 'org.opencontainers.image.title': 'The shop' });
    const children = index.manifests ?? [];
    for (const [architecture, machine] of [
      ['amd64', 'x86_64'],
      ['arm64', 'aarch64'],
    ]) {
      const child = manifestOf(children.find(({ platform }) => platform?.architecture === architecture)?.digest ?? '');
      expect(child.annotations).toMatchObject({ 'org.opencontainers.image.title': 'The shop' });
      expect(JSON.parse(blob(child.config?.digest).toString('utf8'))).toMatchObject({
        config: {
          Labels: {
            team: 'shop=window',
            'org.opencontainers.image.revision': 'c0ffee',
            'org.opencontainers.image.source': 'https://github.com/octo/shop',
          },
        },
      });
      const files = (child.layers ?? []).map((layer) => blob(layer.digest).toString('latin1')).join('');
      for (const seen of [
        'who the reader = of this\n',
        'from another context\n',
        'a secret\nof two lines',
        'a secret of a file\n',
        'a secret of the job\n',
        'an agent\n',
        `${machine}\n`,
      ]) {
        expect(files).toContain(seen);
      }
    }
    const attestations = children
      .filter(({ annotations }) => annotations?.['vnd.docker.reference.type'] === 'attestation-manifest')
      .flatMap(({ digest: one }) => manifestOf(one).layers ?? [])
      .map(({ annotations }) => annotations?.['in-toto.io/predicate-type']);
    expect(attestations.filter((type) => type === 'https://spdx.dev/Document')).toHaveLength(2);
    expect(attestations.filter((type) => type?.startsWith('https://slsa.dev/provenance/'))).toHaveLength(2);
    expect(simulator.registry.find('web', 'cache')).toBeDefined();

    // Values of secrets are nowhere but in the build: not in a command, not in the log outside of masks.
    const told = run.log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    expect([...run.commands, ...told].join('\n')).not.toMatch(/of two lines|a secret of (?:a file|the job)/);
    expect(run.log).toContain('::add-mask::a secret');
    // The engine can run both platforms: emulators are left alone, and no builder is made.
    expect(run.commands.filter((command) => /binfmt|buildx create/.test(command))).toEqual([]);
    expect(run.post).toEqual({ exitCode: 0, log: '' });

    // cache-from, on a builder that forgot these steps; those of other builds, which run meanwhile, stay.
    const records = async (): Promise<string> =>
      (await docker('buildx', 'du', `--filter=description~=${MARK}`)).stdout
        .split('\n')
        .filter((line) => /\b(?:true|false)\b/.test(line))
        .join('\n');
    // Those on which no other is built first; one that the build before still holds has to be let go of.
    await eventually(async () => {
      if ((await records()) === '') return true;
      await docker('buildx', 'prune', '--all', '--force', `--filter=description~=${MARK}`);
      return false;
    });
    const again = await deploy({
      file: 'Everything.Dockerfile',
      target: 'base',
      platforms: 'linux/amd64,linux/arm64',
      'cache-from': `type=registry,ref=${host}/web:cache`,
    });
    expect(again.exitCode).toBe(0);
    expect(again.log).toMatch(/importing cache manifest from .*web:cache/);
    expect(again.log).toMatch(new RegExp(`COPY [^\\n]*${MARK}\\n#\\d+ CACHED`));
  },
  180_000,
);

whenEngine(
  'inputs that tune the build reach it, and its other exports are written beside the push',
  async () => {
    writeFileSync(
      join(folder, 'Tuned.Dockerfile'),
      `FROM scratch
ARG TARGETARCH
COPY \${TARGETARCH}/ /
ENV PATH=/bin
RUN (cat /etc/hosts; ulimit -n; df -m /dev/shm; cat /proc/net/dev) > /evidence
`,
    );
    const run = await deploy({
      file: 'Tuned.Dockerfile',
      platforms: 'linux/amd64',
      tags: 'tuned',
      'add-hosts': 'database.example:10.9.8.7',
      ulimit: 'nofile=111:222',
      'shm-size': '33m',
      network: 'none',
      'no-cache-filters': 'stage-0',
      attests: 'type=provenance,mode=min',
      outputs: 'type=local,dest=exported',
    });
    expect(run.log).not.toContain('::error');
    expect(simulator.registry.find('web', 'tuned')?.digest).toBe(run.outputs['image-digest']);
    const evidence = readFileSync(join(folder, 'exported', 'evidence'), 'utf8');
    expect(evidence).toMatch(/10\.9\.8\.7\s+database\.example/);
    expect(evidence).toMatch(/^111$/m);
    expect(evidence).toMatch(/\s33\s.*\/dev\/shm$/m);
    expect(evidence).toMatch(/\blo:/);
    expect(evidence).not.toMatch(/\beth0:/);
  },
  180_000,
);

whenEngine(
  'a repository that the run makes, zstd, timestamps of the commit and the scan of each platform',
  async () => {
    const inputs = {
      repository: 'made',
      'create-repository': 'true',
      'repository-settings': 'imageScanningConfiguration: { scanOnPush: true }',
      file: 'Tuned.Dockerfile',
      platforms: 'linux/amd64,linux/arm64',
      // Cold, and without a word to the engine's cache, which other builds use meanwhile.
      'no-cache': 'true',
      cache: 'none',
      compression: 'zstd',
      reproducible: 'true',
      scan: 'wait',
    };
    const { scans } = simulator.ecr.statuses;
    scans.push({ repositoryName: 'made', answer: { imageScanStatus: { status: 'PENDING' } } });
    scans.push({ repositoryName: 'made', answer: { imageScanStatus: { status: 'COMPLETE' } } });
    const again = async (): Promise<string[]> => {
      writeFileSync(
        join(folder, 'Tuned.Dockerfile'),
        'FROM scratch\nARG TARGETARCH\nCOPY ${TARGETARCH}/ /\nENV PATH=/bin\nRUN echo content > /file\n',
      );
      const run = await deploy(inputs, { SOURCE_DATE_EPOCH: '1700000000' });
      expect(run.log).not.toContain('::error');
      expect(run.log).toMatch(/Scan of linux\/arm64 .*: PENDING|Scan of linux\/arm64: no findings/);
      const index = JSON.parse(
        simulator.registry.find('made', run.outputs['image-digest'] ?? '')?.body.toString() ?? '{}',
      );
      expect(index.mediaType).toBe('application/vnd.oci.image.index.v1+json');
      return index.manifests.flatMap((one: { digest: string; platform: { os: string } }) =>
        one.platform.os === 'linux' ? [one.digest] : [],
      );
    };
    const first = await again();
    expect(first).toHaveLength(2);
    const manifest = JSON.parse(simulator.registry.find('made', first[0] ?? '')?.body.toString() ?? '{}');
    const types = new Set(manifest.layers.map(({ mediaType }: { mediaType: string }) => mediaType));
    expect([...types]).toEqual(['application/vnd.oci.image.layer.v1.tar+zstd']);
    expect(await again()).toEqual(first);
  },
  180_000,
);

whenEngine(
  'a builder of the user, by name; one that is not there is reported',
  async () => {
    builder = await serveBuildkit(process.env.DOCKER_HOST ?? '', join(aside, 'buildkit.sock'));
    const home = join(aside, 'home');
    const config = { HOME: home };
    await promisify(execFile)(
      'docker',
      ['buildx', 'create', '--name=mine', '--driver=remote', `unix://${join(aside, 'buildkit.sock')}`],
      { env: { ...process.env, ...config } },
    );
    const inputs = {
      builder: 'mine',
      file: 'Everything.Dockerfile',
      target: 'base',
      platforms: 'linux/arm64,linux/amd64',
    };
    const run = await deploy({ ...inputs, tags: 'mine' }, config);
    expect(run.log).not.toContain('::error');
    expect(run.commands.find((command) => command.includes('buildx build'))).toContain('--builder=mine');
    expect(simulator.registry.find('web', 'mine')?.digest).toBe(run.outputs['image-digest']);
    // It is the user's: post leaves it alone.
    expect(run.commands.join('\n')).not.toContain('buildx rm');
    const lost = await deploy({ ...inputs, builder: 'nobody', 'reuse-image': 'false' }, config);
    expect(lost.exitCode).toBe(1);
    expect(lost.log).toMatch(
      /::error.*The builder `nobody`, which the input `builder` names, does not exist on this runner.*There are .*`mine`/,
    );
  },
  180_000,
);

whenEngine(
  'emulation is tried only for a platform that the builder lacks, and missed only by what runs',
  async () => {
    const copied = await deploy({ file: 'Copy.Dockerfile', platforms: 'linux/amd64,linux/riscv64', tags: 'riscv' });
    expect(copied.commands.filter((command) => command.includes('binfmt'))).toHaveLength(1);
    expect(copied.log).toMatch(/::warning.*linux\/riscv64/);
    expect(copied.log).not.toContain('::error title=BUILD');
    expect(simulator.registry.find('web', 'riscv')).toBeDefined();
    const ran = await deploy({ file: 'Run.Dockerfile', platforms: 'linux/amd64,linux/riscv64', tags: 'never' });
    expect(ran.exitCode).toBe(1);
    expect(ran.log).toMatch(/::error.*linux\/riscv64.*emulation could not be set up/);
    expect(ran.log).toContain('--platform=$BUILDPLATFORM');
  },
  180_000,
);

whenEngine(
  'without platforms the image is built for the platform of the task',
  async () => {
    const definition = { ...SAMPLE_TASK_DEFINITION, runtimePlatform: { cpuArchitecture: 'ARM64' } };
    writeFileSync(join(folder, 'arm.json'), JSON.stringify(definition));
    // No program of the step runs on its platform here, so that an image for the wrong one is built just as well.
    const inputs = { file: 'Copy.Dockerfile', 'task-definition': 'arm.json', tags: 'of-the-task' };
    const run = await deploy(inputs);
    expect(run.log).not.toContain('::error');
    expect(run.log).toContain(
      'The image is for linux/arm64, the platform of the task; the input `platforms` names others.',
    );
    expect(run.commands.find((command) => command.includes('buildx build'))).toContain('--platform=linux/arm64');
    const platforms = manifestOf('of-the-task').manifests?.map(({ platform }) => platform?.architecture);
    expect(platforms?.filter((architecture) => architecture !== 'unknown')).toEqual(['arm64']);
  },
  180_000,
);

whenEngine(
  'a push that meets 429 or 503 is tried again, and one that is denied is not',
  async () => {
    const inputs = { file: 'Copy.Dockerfile', tags: 'retried' };
    // buildx goes on at once after a 5xx, and gives up on 429 after six requests in half a second.
    simulator.registry.failingPuts.push(...Array.from({ length: 6 }, () => 429), 503);
    const run = await deploy(inputs);
    expect(simulator.registry.failingPuts).toEqual([]);
    expect(run.log).toMatch(/::warning.*toomanyrequests.*next try in \d+ s/);
    expect(run.exitCode).toBe(0);
    expect(simulator.registry.find('web', 'retried')?.digest).toBe(run.outputs['image-digest']);
    const denied = await deploy({ ...inputs, repository: `${host}/web` });
    expect(denied.exitCode).toBe(1);
    expect(denied.log).not.toContain('next try');
  },
  180_000,
);

whenEngine(
  'a run again on immutable tags takes what is there, and adds the tags that lack',
  async () => {
    const inputs = { repository: 'fixed', file: 'Copy.Dockerfile', platforms: 'linux/amd64' };
    const first = await deploy({ ...inputs, tags: 'v1' });
    expect(first.exitCode).toBe(0);
    const again = await deploy({ ...inputs, tags: 'v1' });
    expect(again.exitCode).toBe(0);
    expect(again.outputs.image).toBe(first.outputs.image);
    expect(again.commands.join('\n')).not.toContain('buildx build');
    const more = await deploy({ ...inputs, tags: 'v1,release-1' });
    expect(more.exitCode).toBe(0);
    expect(simulator.registry.find('fixed', 'release-1')?.digest).toBe(first.outputs['image-digest']);
    await deploy({ ...inputs, tags: 'v2', 'no-cache': 'true', 'build-args': 'A=b' });
    const torn = await deploy({ ...inputs, tags: 'v1,v2' });
    expect(torn.exitCode).toBe(1);
    expect(torn.log).toMatch(/::error.*immutable/);
  },
  180_000,
);

whenEngine(
  'a build that fails is explained at the lines of its Dockerfile, and its command runs once',
  async () => {
    writeFileSync(
      join(folder, 'Fails.Dockerfile'),
      'FROM scratch\nCOPY amd64/ /\nENV PATH=/bin\nRUN echo "pushing layers: 503 Service Unavailable"; exit 3\n',
    );
    const failed = await deploy({ file: 'Fails.Dockerfile', platforms: 'linux/amd64' });
    expect(failed.exitCode).toBe(1);
    expect(failed.log).toMatch(/::error file=Fails\.Dockerfile,line=4,endLine=4,title=[^\n]*%0A {3}4 \| >>> RUN echo/);
    expect(builds(failed)).toHaveLength(1);
    expect(failed.log.match(/::group::/g)).toHaveLength(1);
    expect(failed.summary).toContain('   4 | >>> RUN echo');
    writeFileSync(join(folder, 'Misspelt.Dockerfile'), 'FROM scratch\nCOPY secrt.txt /\n');
    const misspelt = await deploy({ file: 'Misspelt.Dockerfile', platforms: 'linux/amd64' });
    expect(misspelt.log).toMatch(/::error file=Misspelt\.Dockerfile,line=2,[^\n]*Did you mean `secret\.txt`\?/);
  },
  180_000,
);

/** A context that is a Git repository with a commit: what the job has after actions/checkout. */
function commitContext(): string {
  const path = join(folder, 'repository');
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  writeFileSync(join(path, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
  writeFileSync(join(path, '.dockerignore'), '*.log\n.git\n');
  // Of this run: BuildKit would take a layer of an earlier one, whose files have other times.
  writeFileSync(join(path, 'app.txt'), `one ${performance.timeOrigin} ${performance.now()}`);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], { cwd: path, stdio: 'pipe' });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message=one', '--date=2024-01-02T03:04:05Z');
  return path;
}
const builds = ({ commands }: { commands: readonly string[] }): string[] =>
  commands.filter((command) => command.startsWith('buildx build'));

whenEngine(
  'the same content is the same image, revision and deployment; other content is built',
  async () => {
    const context = commitContext();
    const inputs = { context, platforms: 'linux/amd64,linux/arm64', tags: 'same,latest' };
    const first = await deploy(inputs);
    expect(first.log).not.toContain('::error');
    const index = manifestOf('same');
    const key = 'io.github.ecs-rollout.fingerprint';
    const fingerprint = index.annotations?.[key];
    expect(fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
    const children = (index.manifests ?? []).filter(({ platform }) => /amd|arm/.test(platform?.architecture ?? ''));
    expect(children).toHaveLength(2);
    for (const { digest } of children) {
      const child = manifestOf(digest);
      expect(child.annotations?.[key]).toBe(fingerprint);
      const config = JSON.parse(blob(child.config?.digest).toString('utf8'));
      expect(config.config.Labels[key]).toBe(fingerprint);
      // SOURCE_DATE_EPOCH of the commit.
      const time = execFileSync('git', ['-C', context, 'log', '-1', '--format=%ct'], { encoding: 'utf8' }).trim();
      expect(Date.parse(config.created) / 1000).toBe(Number(time));
    }

    // What is ignored, times, and what a checkout writes anew are no other content.
    writeFileSync(join(context, 'x.log'), 'noise');
    writeFileSync(join(context, '.git', 'FETCH_HEAD'), 'another run');
    const again = await deploy(inputs);
    expect(builds(again)).toEqual([]);
    expect(again.log).toMatch(/::notice.*Using the image that exists/);
    expect(again.outputs['image-digest']).toBe(first.outputs['image-digest']);
    expect(again.outputs['task-definition-arn']).toBe(first.outputs['task-definition-arn']);

    // A build that is asked for differs in its attestations alone: the same revision.
    const forced = await deploy({ ...inputs, 'no-cache': 'true' });
    expect(builds(forced)).toHaveLength(1);
    expect(forced.log).toContain('in attestations alone');
    expect(forced.outputs['image-digest']).toBe(first.outputs['image-digest']);
    expect(forced.outputs['task-definition-arn']).toBe(first.outputs['task-definition-arn']);
    expect(simulator.registry.find('web', 'latest')?.digest).toBe(first.outputs['image-digest']);

    writeFileSync(join(context, 'app.txt'), 'two');
    const changed = await deploy(inputs);
    expect(builds(changed)).toHaveLength(1);
    expect(changed.log).toContain('Building the image: same holds an image of other content (commit c0ffee)');
    expect(changed.outputs['image-digest']).not.toBe(first.outputs['image-digest']);
  },
  180_000,
);

whenEngine(
  'one platform, as one manifest or as an index: the label or annotation of the image is found',
  async () => {
    const context = commitContext();
    for (const provenance of ['false', 'mode=min']) {
      const inputs = { context, platforms: 'linux/amd64', tags: `one-${provenance.slice(0, 4)}`, provenance };
      const first = await deploy(inputs);
      expect(first.log).not.toContain('::error');
      expect(manifestOf(inputs.tags).manifests === undefined).toBe(provenance === 'false');
      const again = await deploy(inputs);
      expect(builds(again)).toEqual([]);
      expect(again.outputs['image-digest']).toBe(first.outputs['image-digest']);
    }
  },
  180_000,
);

whenEngine(
  'IMMUTABLE_WITH_EXCLUSION: each commit is built, `latest` moves, and a version that was not raised is refused',
  async () => {
    const context = commitContext();
    simulator.registry.create('mixed', true).excludedTags = ['latest'];
    const inputs = { repository: 'mixed', context, platforms: 'linux/amd64' };
    const one = await deploy({ ...inputs, tags: '1.2.3,latest' });
    expect(one.log).not.toContain('::error');
    writeFileSync(join(context, 'app.txt'), 'two');
    const torn = await deploy({ ...inputs, tags: '1.2.3,latest' });
    expect(torn.exitCode).toBe(1);
    expect(torn.log).toMatch(/::error.*The tag 1\.2\.3 is immutable and holds the image of commit c0ffee/);
    expect(builds(torn)).toEqual([]);
    const two = await deploy({ ...inputs, tags: '1.2.4,latest' });
    expect(two.exitCode).toBe(0);
    expect(simulator.registry.find('mixed', 'latest')?.digest).toBe(two.outputs['image-digest']);
    expect(simulator.registry.find('mixed', '1.2.3')?.digest).toBe(one.outputs['image-digest']);
    const plan = await deploy({ ...inputs, tags: '1.2.4,latest', mode: 'plan' });
    expect(plan.log).toContain(`web would not change`);
    expect(builds(plan).filter((command) => !command.includes('--call=check'))).toEqual([]);
  },
  180_000,
);

whenEngine(
  'another registry: its images are looked up by docker, and tagged by it',
  async () => {
    const registry = process.env.ENGINE_REGISTRY ?? '';
    const password = readFileSync(process.env.ENGINE_REGISTRY_PASSWORD_FILE ?? '', 'utf8').trim();
    const config = join(aside, 'other-config');
    mkdirSync(config);
    const auth = Buffer.from(`AWS:${password}`).toString('base64');
    writeFileSync(join(config, 'config.json'), JSON.stringify({ auths: { [registry]: { auth } } }), { mode: 0o600 });
    const context = commitContext();
    writeFileSync(join(context, 'app.txt'), `${process.pid} ${performance.now()}`);
    const inputs = { repository: `${registry}/reuse`, context, platforms: 'linux/amd64,linux/arm64', tags: 'a' };
    const first = await deploy(inputs, { DOCKER_CONFIG: config });
    expect(first.log).not.toContain('::error');
    const again = await deploy({ ...inputs, tags: 'a,b' }, { DOCKER_CONFIG: config });
    expect(builds(again)).toEqual([]);
    expect(again.outputs['image-digest']).toBe(first.outputs['image-digest']);
    expect(again.log).toContain('Tagged it b.');
    const third = await deploy({ ...inputs, tags: 'b' }, { DOCKER_CONFIG: config });
    expect(builds(third)).toEqual([]);
  },
  180_000,
);

whenEngine(
  'a repository that is not there is refused before the build, or made when asked for',
  async () => {
    const refused = await deploy({ repository: 'fresh', file: 'Copy.Dockerfile' });
    expect(refused.exitCode).toBe(1);
    expect(refused.log).toMatch(/::error.*The ECR repository `fresh` does not exist/);
    expect(refused.commands.join('\n')).not.toContain('buildx build');
    const made = await deploy({ repository: 'fresh', file: 'Copy.Dockerfile', 'create-repository': 'true' });
    expect(made.exitCode).toBe(0);
    expect(simulator.registry.find('fresh', 'c0ffee')).toBeDefined();
  },
  180_000,
);

whenEngine(
  'a build is stopped when a check beside it fails',
  async () => {
    // The execution role is not there: preflight says so once the build has begun, which then still sleeps.
    const slow = await startRelay(server.endpoint, async (_, body) => {
      if (body.includes('Action=GetRole'))
        await eventually(() => /^buildx build (?!.*--call=)/m.test(readFileSync(spied, 'utf8')));
      return undefined;
    });
    const run = await deploy(
      { file: 'Slow.Dockerfile', preflight: 'true', tags: 'slow' },
      { AWS_ENDPOINT_URL: slow.url },
    );
    await slow.close();
    expect(run.exitCode).toBe(1);
    expect(run.log).toMatch(/::error.*check before the deployment/);
    expect(run.log).toContain('role/execution does not exist');
    expect(simulator.registry.find('web', 'slow')).toBeUndefined();
    // Not waited for: the step that sleeps takes longer than a run may here.
    expect(run.log).not.toMatch(/RUN sleep 300.*\n#\d+ DONE/);
  },
  180_000,
);
