/** Finds a Docker engine with buildx, or brings a private one on Debian as root; tests and the demo build with it. */
import { spawnSync } from 'node:child_process';

export interface Engine {
  /** To be added to the environment: DOCKER_HOST, the stock registry, busybox for both architectures. */
  readonly env: Readonly<Record<string, string>>;
}

/** The engine, or the plain reason why there is none. */
export function bringEngine(): Engine | { readonly missing: string } {
  if (process.getuid?.() !== 0) return { missing: 'bringing a private Docker engine needs root' };
  if (spawnSync('apt-get', ['--version']).status !== 0)
    return { missing: 'bringing a private Docker engine needs Debian or Ubuntu (apt-get)' };
  const started = spawnSync('bash', ['scripts/engine.sh', 'start'], { encoding: 'utf8', timeout: 300_000 });
  if (started.status !== 0)
    return { missing: `the private Docker engine did not start: ${started.stderr.trim().split('\n').at(-1)}` };
  return { env: exportsOf(spawnSync('bash', ['scripts/engine.sh', 'env'], { encoding: 'utf8' }).stdout) };
}

/** For `npm test`: the engine's environment, or undefined with the reason said. */
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
