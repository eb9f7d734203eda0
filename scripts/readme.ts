/** Writes the README's tables of inputs and outputs from action.yml, between its markers. `--check` only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Described {
  readonly description: string;
  readonly default?: string;
}
interface Action {
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
}

const source = readFileSync('action.yml', 'utf8');
const action: Action = parse(source);

const cell = (text: string) => text.trim().replaceAll('|', '\\|').replaceAll('\n', ' ');

/** One table for each `# ---- title` of action.yml, in its order. */
function inputTables(): string {
  const tables: string[] = [];
  let rows: string[] = [];
  const close = (): void => {
    if (rows.length > 0) tables.push(['| input | | default |', '|---|---|---|', ...rows].join('\n'));
    rows = [];
  };
  const inputs = source.slice(source.indexOf('\ninputs:'), source.indexOf('\noutputs:'));
  for (const line of inputs.split('\n')) {
    const title = /^ {2}# ---- (.+)$/.exec(line)?.[1];
    if (title) {
      close();
      tables.push(`### ${title.charAt(0).toUpperCase()}${title.slice(1)}`);
    }
    const name = /^ {2}([a-z-]+):$/.exec(line)?.[1];
    const input = name === undefined ? undefined : action.inputs[name];
    if (!input) continue;
    const standard = input.default === undefined ? '' : `\`${input.default}\``;
    rows.push(`| \`${name}\` | ${cell(input.description)} | ${standard} |`);
  }
  close();
  return tables.join('\n\n');
}

function outputTable(): string {
  const rows = Object.entries(action.outputs).map(
    ([name, { description }]) => `| \`${name}\` | ${cell(description)} |`,
  );
  return ['| output | |', '|---|---|', ...rows].join('\n');
}

function fill(text: string, marker: string, content: string): string {
  const begin = `<!-- ${marker}: generated from action.yml by scripts/readme.ts -->`;
  const end = `<!-- end of ${marker} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no markers for ${marker}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

const readme = readFileSync('README.md', 'utf8');
const fresh = fill(fill(readme, 'inputs', inputTables()), 'outputs', outputTable());
if (process.argv.includes('--check')) {
  const stale = fresh !== readme;
  console.log(stale ? 'README.md is stale: run node scripts/readme.ts' : 'README.md is fresh');
  process.exitCode = stale ? 1 : 0;
} else {
  writeFileSync('README.md', fresh);
  console.log('README.md written');
}
