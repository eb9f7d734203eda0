/** `npm run bundle`: dist/ from nothing. The bundle is committed, because the runner takes the action as it is in git. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/@vercel/ncc/dist/ncc/cli.js',
    'build',
    'src/index.ts',
    '--out',
    'dist',
    '--license',
    'licenses.txt',
    '--quiet',
  ],
  {
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
