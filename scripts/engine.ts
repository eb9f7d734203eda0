/**
 * Finds a Docker engine with buildx, or brings a private one on Debian as root; tests and the demo build with it.
 * ENGINE=none does without.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Engine {
  /** To be added to the environment: DOCKER_HOST, the stock registry, busybox for both architectures. */
  readonly env: Readonly<Record<string, string>>;
}
type Note = (text: string) => void;
type Found = Engine | { readonly missing: string };

const BUSYBOX = 'busybox:1.37-musl';
const REGISTRY = 'registry:3';
const REGISTRY_PORT = process.env.ENGINE_REGISTRY_PORT ?? '5055';

/**
 * The engine, or the plain reason why there is none.
 * @param note what is being done, before each step that may take a minute
 */
export function bringEngine(note: Note = () => {}): Found {
  if (process.env.ENGINE === 'none') return { missing: 'ENGINE=none asks for none' };
  if (process.env.ENGINE_BUSYBOX_AMD64 !== undefined) return { env: {} }; // it is given
  const present = presentEngine(note);
  if ('env' in present) return present;
  const own = privateEngine(note);
  return 'env' in own ? own : { missing: `${present.missing}, and ${own.missing}` };
}

/** An engine that is there already (Docker Desktop, a hosted runner), as far as it can do what the tests need. */
function presentEngine(note: Note): Found {
  note('Asking the Docker engine of this machine (docker buildx inspect --bootstrap) ...');
  const inspected = docker('buildx', 'inspect', '--bootstrap');
  if (inspected.status !== 0) return { missing: 'no Docker engine with buildx answers' };
  if (!/worker\.containerd\./.test(inspected.stdout))
    return { missing: 'the Docker engine here does not have the containerd image store' };
  if (!/linux\/amd64/.test(inspected.stdout) || !/linux\/arm64/.test(inspected.stdout))
    return { missing: 'the Docker engine here does not run both linux/amd64 and linux/arm64' };
  const folder = join(homedir(), '.cache', 'ecs-rollout', 'present');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const binaries = { amd64: join(folder, 'busybox-amd64'), arm64: join(folder, 'busybox-arm64') };
  for (const [architecture, path] of Object.entries(binaries)) {
    if (!existsSync(path)) note(`Pulling ${BUSYBOX} for ${architecture} ...`);
    if (!existsSync(path) && !takeBusybox(architecture, path))
      return { missing: `the Docker engine here cannot get the image ${BUSYBOX}` };
  }
  note(`Starting a registry (${REGISTRY}) at port ${REGISTRY_PORT} ...`);
  const password = startRegistry(folder);
  if (!password) return { missing: `the Docker engine here cannot run the image ${REGISTRY} at port ${REGISTRY_PORT}` };
  return {
    env: {
      ENGINE_REGISTRY: `127.0.0.1:${REGISTRY_PORT}`,
      ENGINE_REGISTRY_PASSWORD_FILE: password,
      ENGINE_BUSYBOX_AMD64: binaries.amd64,
      ENGINE_BUSYBOX_ARM64: binaries.arm64,
    },
  };
}

const docker = (...args: string[]) => spawnSync('docker', args, { encoding: 'utf8', timeout: 120_000 });

/** Base images are made of it: the tests build FROM scratch, and so also where no image can be pulled. */
function takeBusybox(architecture: string, path: string): boolean {
  const created = docker('create', '--quiet', `--platform=linux/${architecture}`, BUSYBOX);
  const container = created.stdout.trim();
  if (created.status !== 0) return false;
  const copied = docker('cp', '--follow-link', `${container}:/bin/busybox`, path);
  docker('rm', container);
  return copied.status === 0;
}

/** A registry that we did not write, on loopback; it takes any password. Answers with the password's file. */
function startRegistry(folder: string): string | undefined {
  const name = 'ecs-rollout-registry';
  if (docker('inspect', '--format={{.State.Running}}', name).stdout.trim() !== 'true') {
    docker('rm', '--force', name);
    const started = docker('run', '--detach', `--name=${name}`, `--publish=127.0.0.1:${REGISTRY_PORT}:5000`, REGISTRY);
    if (started.status !== 0) return undefined;
  }
  const file = join(folder, 'password');
  writeFileSync(file, 'any', { mode: 0o600 });
  return file;
}

function privateEngine(note: Note): Found {
  if (process.getuid?.() !== 0) return { missing: 'bringing a private one needs root' };
  if (spawnSync('apt-get', ['--version']).status !== 0)
    return { missing: 'bringing a private one needs Debian or Ubuntu (apt-get)' };
  note(
    'There is none that can be used. Starting a private one (scripts/engine.sh): the first time it downloads packages, which takes a minute or more ...',
  );
  const script = join(import.meta.dirname, 'engine.sh');
  const started = spawnSync('bash', [script, 'start'], { encoding: 'utf8', timeout: 300_000 });
  if (started.status !== 0)
    return { missing: `a private one did not start: ${started.stderr.trim().split('\n').at(-1)}` };
  return { env: exportsOf(spawnSync('bash', [script, 'env'], { encoding: 'utf8' }).stdout) };
}

/** For `npm test`: the engine's environment, or undefined after the reason was printed. */
export async function findOrBringEngine(): Promise<Engine | undefined> {
  const engine = bringEngine();
  if ('env' in engine) return engine;
  console.log(`No Docker engine: ${engine.missing}. The tests that need one are skipped.`);
  return undefined;
}

/** `export NAME=value` lines; `$PATH` in a value is this process's. */
const exportsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value.replace('$PATH', process.env.PATH ?? ''),
    ]),
  );
