/** `npm run dist-check`: rebuilds dist/ and fails when it is not what is committed; `git diff` would miss new files. */
import { execFileSync, spawnSync } from 'node:child_process';

const built = spawnSync(process.execPath, ['scripts/bundle.ts'], { stdio: 'inherit' }).status === 0;
const changed = built ? execFileSync('git', ['status', '--porcelain', '--', 'dist'], { encoding: 'utf8' }) : '';
if (changed) console.error(`dist/ is stale; run \`npm run bundle\` and commit it:\n${changed}`);
process.exitCode = built && !changed ? 0 : 1;
