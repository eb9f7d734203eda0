/**
 * A build through the bundle beside plain `docker buildx build --push`, in turn in one run: real buildx and a real engine, the
 * simulator's registry. What differs between the two is what this action costs around a build.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serveBuildkit } from '../__tests__/support/buildkit.ts';
import { bringEngine } from '../scripts/engine.ts';

const ROUNDS = 4;
/** A build from the cache is short: what else the machine does shows more in it. */
const WARM_ROUNDS = 4 * ROUNDS;
/** Seconds that the build's own program takes: a cold build of a small application takes about 5 s. */
const WORK = 4.5;
const DOCKERFILE = `FROM scratch
ARG TARGETARCH
COPY $TARGETARCH/busybox /bin/busybox
COPY stamp /stamp
RUN ["/bin/busybox", "sleep", "${WORK}"]
`;
/** Seconds of a platform that is built in a job of its own. */
const SHORT_DOCKERFILE = DOCKERFILE.replace(`"${WORK}"`, '"1"');
const ARCHITECTURES = ['amd64', 'arm64'] as const;

export interface BuildBench {
  readonly folder: string;
  /** `host:port` of the registry, which has the repository `web`. */
  readonly registry: string;
  readonly password: () => string;
  /** One run of the bundle: milliseconds, and what it wrote to GITHUB_OUTPUT. */
  readonly act: (
    inputs: Readonly<Record<string, string>>,
    extra: Readonly<Record<string, string>>,
    cwd: string,
  ) => Promise<{ readonly milliseconds: number; readonly outputs: string }>;
}

/** Milliseconds of each round. */
export interface BuildTimes {
  readonly plain: readonly number[];
  readonly ours: readonly number[];
}

export interface BuildResults {
  /** Two platforms, each built by digest on a builder of its own, side by side, and one image made of both. */
  readonly distributed: BuildTimes;
  readonly cold: BuildTimes;
  readonly warm: BuildTimes;
  /** A deploy whose image exists by its fingerprint, against a deploy of a given image. */
  readonly redeploy: { readonly given: readonly number[]; readonly existing: readonly number[] };
}

/** Undefined with the reason where there is no engine. */
export async function benchBuilds(bench: BuildBench): Promise<BuildResults | { readonly skipped: string }> {
  const engine = bringEngine();
  if ('missing' in engine) return { skipped: engine.missing };
  const dockerHost = { ...process.env, ...engine.env }.DOCKER_HOST ?? '';
  const context = join(bench.folder, 'build');
  mkdirSync(join(context, 'config'), { recursive: true });
  for (const architecture of ARCHITECTURES) {
    mkdirSync(join(context, architecture));
    const busybox = { ...process.env, ...engine.env }[`ENGINE_BUSYBOX_${architecture.toUpperCase()}`] ?? '';
    copyFileSync(busybox, join(context, architecture, 'busybox'));
  }
  writeFileSync(join(context, 'Short.Dockerfile'), SHORT_DOCKERFILE);
  writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
  writeFileSync(join(context, '.dockerignore'), 'config\n');
  const env = { ...engine.env, DOCKER_CONFIG: join(context, 'config') };
  const login = (): void => {
    const auth = Buffer.from(`AWS:${bench.password()}`).toString('base64');
    writeFileSync(join(context, 'config', 'config.json'), JSON.stringify({ auths: { [bench.registry]: { auth } } }), {
      mode: 0o600,
    });
  };
  // The registry is in this process, which must not wait for the command.
  const docker = (...args: string[]) =>
    promisify(execFile)('docker', args, { cwd: context, env: { ...process.env, ...env }, timeout: 60_000 });
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const plain = (): Promise<number> => {
    login();
    const tag = `--tag=${bench.registry}/web:plain`;
    return timed(() => docker('buildx', 'build', '--progress=plain', '--push', '--platform=linux/amd64', tag, '.'));
  };
  const build = { mode: 'build', repository: 'web', platforms: 'linux/amd64', tags: 'ours', cache: 'none' };
  const act = async (inputs: Readonly<Record<string, string>>): Promise<number> =>
    (await bench.act(inputs, env, context)).milliseconds;
  const ours = (): Promise<number> => act({ ...build, 'reuse-image': 'false' });
  const stamp = (text: string): void => writeFileSync(join(context, 'stamp'), text);
  const times = { cold: { plain: [], ours: [] }, warm: { plain: [], ours: [] } } as Record<
    'cold' | 'warm',
    { plain: number[]; ours: number[] }
  >;
  for (let round = 0; round < ROUNDS; round++) {
    // Other content each time: the program of the build runs again.
    stamp(`plain ${round} ${Date.now()}`);
    times.cold.plain.push(await plain());
    stamp(`ours ${round} ${Date.now()}`);
    times.cold.ours.push(await ours());
  }
  for (let round = 0; round < WARM_ROUNDS; round++) {
    times.warm.plain.push(await plain());
    times.warm.ours.push(await ours());
  }
  await act(build);
  const image = `${bench.registry}/web:ours`;
  const deploy = { service: 'web', 'wait-for-service-stability': 'false', preflight: 'false', 'container-name': 'app' };
  const redeploy = { given: [] as number[], existing: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    redeploy.given.push(await act({ ...deploy, image }));
    redeploy.existing.push(await act({ ...deploy, ...build, mode: 'deploy' }));
  }
  return { ...times, redeploy, distributed: await distributed() };

  /** The same work by both: two builds by digest at once, then one image of their digests (and its deployment, by ours). */
  async function distributed(): Promise<BuildTimes> {
    const socket = (name: string): string => join(bench.folder, `${name}.sock`);
    const served = await Promise.all(ARCHITECTURES.map((name) => serveBuildkit(dockerHost, socket(name))));
    for (const name of ARCHITECTURES)
      await docker('buildx', 'create', `--name=${name}`, '--driver=remote', `unix://${socket(name)}`);
    const repository = `${bench.registry}/web`;
    const byHand = async (name: string): Promise<string> => {
      const file = join(bench.folder, `${name}.json`);
      const output = `--output=type=image,name=${repository},push-by-digest=true,name-canonical=true,push=true`;
      const settings = ['--file=Short.Dockerfile', `--builder=${name}`, `--platform=linux/${name}`, output];
      await docker('buildx', 'build', '--progress=plain', ...settings, `--metadata-file=${file}`, '.');
      return JSON.parse(readFileSync(file, 'utf8'))['containerimage.digest'];
    };
    const byAction = async (name: string): Promise<string> => {
      const { tags: _, ...rest } = build;
      const platform = {
        platforms: `linux/${name}`,
        builder: name,
        file: 'Short.Dockerfile',
        'push-by-digest': 'true',
      };
      const { outputs } = await bench.act({ ...rest, ...platform }, env, context);
      return /^image-digest<<\S+\s+(sha256:\S+)/m.exec(outputs)?.[1] ?? '';
    };
    const results = { plain: [] as number[], ours: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      stamp(`plain, distributed ${round} ${Date.now()}`);
      login();
      const plainly = async (): Promise<void> => {
        const digests = await Promise.all(ARCHITECTURES.map(byHand));
        const tag = `--tag=${repository}:plain-${round}`;
        await docker('buildx', 'imagetools', 'create', tag, ...digests.map((digest) => `${repository}@${digest}`));
      };
      results.plain.push(await timed(plainly));
      stamp(`ours, distributed ${round} ${Date.now()}`);
      const byJobs = async (): Promise<void> => {
        const digests = await Promise.all(ARCHITECTURES.map(byAction));
        await act({ ...deploy, repository: 'web', digests: digests.join(','), tags: `ours-${round}` });
      };
      results.ours.push(await timed(byJobs));
    }
    for (const one of served) one.close();
    return results;
  }
}
