import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SecondEngine {
  readonly dockerHost: string;
  stop(): Promise<void>;
}

/**
 * Another Docker engine beside the private one of scripts/engine.sh, with a BuildKit, a cache and images of its own: two nodes of a
 * builder are two machines then. It shares containerd, in another namespace.
 * @returns undefined where the engine is not ours to look into
 */
export async function startSecondEngine(dockerHost: string): Promise<SecondEngine | undefined> {
  const [, home] = /^unix:\/\/(.+)\/state\/run\/docker\.sock$/.exec(dockerHost) ?? [];
  const program = join(home ?? '', 'pkg', 'bin', 'dockerd');
  if (home === undefined || !existsSync(program)) return undefined;
  if (!addBridge()) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  for (const name of ['data', 'exec']) mkdirSync(join(folder, name));
  const host = `unix://${join(folder, 'docker.sock')}`;
  const daemon = spawn(
    program,
    [
      `--config-file=${join(home, 'state', 'daemon.json')}`,
      `--data-root=${join(folder, 'data')}`,
      `--exec-root=${join(folder, 'exec')}`,
      `--pidfile=${join(folder, 'pid')}`,
      `--host=${host}`,
      `--containerd=${join(home, 'state', 'run', 'exec', 'containerd', 'containerd.sock')}`,
      '--containerd-namespace=second',
      '--containerd-plugins-namespace=second-plugins',
      // Without a bridge of its own it would take, or with `none` delete, the first engine's.
      `--bridge=${BRIDGE}`,
      '--iptables=false',
      '--ip6tables=false',
      '--ip-forward=false',
    ],
    { stdio: 'ignore', env: { ...process.env, PATH: `${join(home, 'pkg', 'bin')}:${process.env.PATH ?? ''}` } },
  );
  const answers = (): boolean =>
    spawnSync('docker', ['--host', host, 'version'], { stdio: 'ignore', timeout: 5000 }).status === 0;
  const until = performance.now() + 120_000;
  while (!answers()) {
    if (daemon.exitCode !== null) throw new Error(`The second engine ended with exit code ${daemon.exitCode}.`);
    if (performance.now() > until) throw new Error('The second engine does not answer.');
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return {
    dockerHost: host,
    async stop() {
      await ended(daemon);
      const mounts = readFileSync('/proc/mounts', 'utf8').match(new RegExp(`${folder}\\S*`, 'g')) ?? [];
      for (const mount of mounts.toReversed()) spawnSync('umount', ['--lazy', mount]);
      rmSync(folder, { recursive: true, force: true });
      spawnSync('ip', ['link', 'delete', BRIDGE]);
    },
  };
}

const BRIDGE = 'ecs-rollout1';

function addBridge(): boolean {
  spawnSync('ip', ['link', 'delete', BRIDGE], { stdio: 'ignore' }); // of a run that was killed
  return [
    ['link', 'add', BRIDGE, 'type', 'bridge'],
    ['address', 'add', '172.31.253.1/24', 'dev', BRIDGE],
    ['link', 'set', BRIDGE, 'up'],
  ].every((args) => spawnSync('ip', args, { stdio: 'ignore' }).status === 0);
}

async function ended(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null) return;
  const closed = new Promise((resolve) => daemon.once('close', resolve));
  daemon.kill('SIGTERM');
  const late = setTimeout(() => daemon.kill('SIGKILL'), 10_000);
  await closed;
  clearTimeout(late);
}
