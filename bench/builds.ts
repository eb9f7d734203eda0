/**
 * A build through the bundle beside plain `docker buildx build --push`, in turn in one run: real buildx and a real engine, the
 * simulator's registry. What differs between the two is what this action costs around a build.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bringEngine } from '../scripts/engine.ts';

const ROUNDS = 4;
/** Seconds that the build's own program takes. */
const WORK = 1.5;
const DOCKERFILE = `FROM scratch
COPY busybox /bin/busybox
COPY stamp /stamp
RUN ["/bin/busybox", "sleep", "${WORK}"]
`;

export interface BuildBench {
  readonly folder: string;
  /** `host:port` of the registry, which has the repository `web`. */
  readonly registry: string;
  readonly password: () => string;
  /** One run of the bundle, in milliseconds. */
  readonly act: (
    inputs: Readonly<Record<string, string>>,
    extra: Readonly<Record<string, string>>,
    cwd: string,
  ) => Promise<number>;
}

/** Milliseconds of each round. */
export interface BuildTimes {
  readonly plain: readonly number[];
  readonly ours: readonly number[];
}

export interface BuildResults {
  readonly cold: BuildTimes;
  readonly warm: BuildTimes;
  /** A deploy whose image exists by its fingerprint, against a deploy of a given image. */
  readonly redeploy: { readonly given: readonly number[]; readonly existing: readonly number[] };
}

/** Undefined with the reason where there is no engine. */
export async function benchBuilds(bench: BuildBench): Promise<BuildResults | { readonly skipped: string }> {
  const engine = bringEngine();
  if ('missing' in engine) return { skipped: engine.missing };
  const context = join(bench.folder, 'build');
  mkdirSync(join(context, 'config'), { recursive: true });
  copyFileSync({ ...process.env, ...engine.env }.ENGINE_BUSYBOX_AMD64 ?? '', join(context, 'busybox'));
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
  const plain = async (): Promise<number> => {
    login();
    const began = performance.now();
    const tag = `--tag=${bench.registry}/web:plain`;
    const args = ['buildx', 'build', '--progress=plain', '--push', '--platform=linux/amd64', tag, '.'];
    await promisify(execFile)('docker', args, { cwd: context, env: { ...process.env, ...env }, timeout: 60_000 });
    return performance.now() - began;
  };
  const build = { mode: 'build', repository: 'web', platforms: 'linux/amd64', tags: 'ours', cache: 'none' };
  const ours = (): Promise<number> => bench.act({ ...build, 'reuse-image': 'false' }, env, context);
  const stamp = (text: string): void => writeFileSync(join(context, 'stamp'), text);
  const times = { cold: { plain: [], ours: [] }, warm: { plain: [], ours: [] } } as Record<
    'cold' | 'warm',
    { plain: number[]; ours: number[] }
  >;
  for (let round = 0; round < ROUNDS; round++) {
    // Other content each time: the program of the build runs again.
    stamp(`plain ${round} ${Date.now()}`);
    times.cold.plain.push(await plain());
    times.warm.plain.push(await plain());
    stamp(`ours ${round} ${Date.now()}`);
    times.cold.ours.push(await ours());
    times.warm.ours.push(await ours());
  }
  await bench.act(build, env, context);
  const image = `${bench.registry}/web:ours`;
  const deploy = { service: 'web', 'wait-for-service-stability': 'false', preflight: 'false' };
  const redeploy = { given: [] as number[], existing: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    redeploy.given.push(await bench.act({ ...deploy, image, 'container-name': 'app' }, env, context));
    redeploy.existing.push(
      await bench.act({ ...deploy, ...build, mode: 'deploy', 'container-name': 'app' }, env, context),
    );
  }
  return { ...times, redeploy };
}
