/**
 * `npm run bundle`: dist/ from nothing. The bundle is committed, because the runner takes the action as it is in git. It is made
 * small after ncc, because most of a start-up is spent on reading it: the SDK's client alone is 1.2 MB of text.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';

const OUT = 'dist';
const NCC = 'node_modules/@vercel/ncc/dist/ncc/cli.js';

rmSync(OUT, { recursive: true, force: true });
const args = [NCC, 'build', 'src/index.ts', '--out', OUT, '--license', 'licenses.txt', '--quiet'];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
if (status === 0) {
  for (const file of readdirSync(OUT).filter((name) => name.endsWith('.js'))) {
    const path = join(OUT, file);
    const text = readFileSync(path, 'utf8');
    if (/\bsimulator\//.test(text)) throw new Error(`${path} has something of the simulator.`);
    // It keeps the parentheses by which V8 knows what to compile at once; without them a smaller bundle starts more slowly.
    const { code } = await transform(text, { minify: true, format: 'esm', platform: 'node', target: 'node24' });
    writeFileSync(path, code);
  }
}
process.exitCode = status ?? 1;
