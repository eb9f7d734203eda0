/**
 * `npm run bundle`: dist/ from nothing. The bundle is committed, because the runner takes the action as it is in git. It is made
 * small after ncc, because most of a start-up is spent on reading it: the SDK's client alone is 1.2 MB of text. One build of
 * both entries (scripts/entries.ts) shares what both load; dist/main.js and dist/post.js each start one of them.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';

const OUT = 'dist';
const NCC = 'node_modules/@vercel/ncc/dist/ncc/cli.js';

rmSync(OUT, { recursive: true, force: true });
const args = [NCC, 'build', 'scripts/entries.ts', '--out', OUT, '--license', 'licenses.txt', '--quiet'];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
if (status === 0) {
  // A chunk is loaded by its own name from the folder of this file, whatever the name of the file.
  renameSync(join(OUT, 'index.js'), join(OUT, 'entries.js'));
  for (const file of readdirSync(OUT).filter((name) => name.endsWith('.js'))) {
    const path = join(OUT, file);
    const text = readFileSync(path, 'utf8');
    if (/\bsimulator\//.test(text)) throw new Error(`${path} has something of the simulator.`);
    // It keeps the parentheses by which V8 knows what to compile at once; without them a smaller bundle starts more slowly.
    const { code } = await transform(text, { minify: true, format: 'esm', platform: 'node', target: 'node24' });
    writeFileSync(path, code);
  }
  for (const entry of ['main', 'post']) {
    writeFileSync(join(OUT, `${entry}.js`), `import{${entry}}from"./entries.js";await ${entry}();\n`);
  }
}
process.exitCode = status ?? 1;
