/**
 * `npm run bundle`: dist/ from nothing. The bundle is committed, because the runner takes the action as it is in git. It is made
 * small after ncc, because most of a start-up is spent on reading it: the SDK's client alone is 1.2 MB of text.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minify } from 'terser';

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
    // Names are shortened and nothing is rewritten: what runs is what was tested, and a class keeps the name that it tells.
    const { code } = await minify(text, { module: true, compress: false, mangle: { keep_classnames: true } });
    writeFileSync(path, `${code}\n`);
  }
}
process.exitCode = status ?? 1;
