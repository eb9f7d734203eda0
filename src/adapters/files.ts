import { access, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Files } from '../ports.ts';
import { readRegularFile } from './regular-file.ts';

/** What docker writes (metadata with provenance, its configuration) stays far below. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The port Files; temporary folders go below RUNNER_TEMP, which the runner empties after the job. */
export function createFiles(env: NodeJS.ProcessEnv): Files {
  return {
    readText: async (path, maxBytes = MAX_BYTES) => readRegularFile(path, maxBytes),
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
