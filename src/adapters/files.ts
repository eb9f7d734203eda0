import { access, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import type { Files } from '../world.ts';

/** The port Files; temporary folders go below RUNNER_TEMP, which the runner empties after the job. */
export function createFiles(env: NodeJS.ProcessEnv): Files {
  return {
    async readText(path) {
      try {
        return await readFile(path, 'utf8');
      } catch (cause) {
        const code = (cause as NodeJS.ErrnoException).code;
        if (code !== 'ENOENT' && code !== 'EISDIR') throw new Failure('INTERNAL', `${path} cannot be read.`, { cause });
        throw new Failure(
          'NOT_FOUND',
          code === 'EISDIR' ? `${path} is a folder, not a file.` : `There is no file ${path}.`,
          {
            remedy:
              'Give a path relative to the workspace, and check out the repository (actions/checkout) before this step.',
            cause,
          },
        );
      }
    },
    writeText: (path, text, mode = 0o600) => writeFile(path, text, { mode }),
    exists,
    async link(target, path) {
      if (await exists(target)) await symlink(target, path);
    },
    makeTemporaryFolder: (prefix) => mkdtemp(join(env.RUNNER_TEMP || tmpdir(), prefix)),
    remove: (path) => rm(path, { recursive: true, force: true }),
  };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
