import type { Console } from '../ports.ts';
import { readState } from './runner.ts';

/**
 * Removes what main left behind on the runner: the folder with the registry's token, and a builder of our own. Most runs leave
 * neither, and then nothing is loaded for it.
 */
export async function cleanUp(env: NodeJS.ProcessEnv, console: Console): Promise<void> {
  const folder = readState(env, 'docker-config');
  const builder = readState(env, 'builder');
  if (folder) await (await import('./files.ts')).createFiles(env).remove(folder);
  if (!builder) return;
  const { shell } = await import('./shell.ts');
  const removed = await shell.run('docker', ['buildx', 'rm', '--force', builder]);
  if (removed.exitCode !== 0) console.warning(`The builder ${builder} could not be removed: ${removed.stderr.trim()}`);
}
