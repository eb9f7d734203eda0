/**
 * Writes what is generated in README.md and docs/, between markers: the tables of inputs and outputs from action.yml, the policies of
 * docs/iam.md. `--check` only compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { actionTable, additionSection, policySections } from './iam-page.ts';

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

/** In a table, each sentence on a line of its own. */
const cell = (text: string) =>
  text
    .trim()
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    .replaceAll(/(?<=\.\)?) (?=[A-Z`])/g, '<br>');

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

/** By file, what stands between the markers of each name. */
const GENERATED: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/inputs.md': { inputs: inputTables, outputs: outputTable },
  'docs/iam.md': { addition: additionSection, policies: policySections, actions: actionTable },
};

function fill(file: string, text: string, [marker, content]: readonly [string, () => string]): string {
  const begin = new RegExp(`<!-- ${marker}: generated [^>]*-->`).exec(text);
  const end = `<!-- end of ${marker} -->`;
  const to = text.indexOf(end);
  if (!begin || to < begin.index) throw new Error(`${file} has no markers for ${marker}`);
  return `${text.slice(0, begin.index + begin[0].length)}\n${content()}\n${text.slice(to)}`;
}

const isCheck = process.argv.includes('--check');
for (const [file, parts] of Object.entries(GENERATED)) {
  const before = readFileSync(file, 'utf8');
  const fresh = Object.entries(parts).reduce((text, part) => fill(file, text, part), before);
  if (!isCheck) writeFileSync(file, fresh);
  if (isCheck && fresh !== before) process.exitCode = 1;
  const state = isCheck ? (fresh === before ? 'is fresh' : 'is stale: run node scripts/readme.ts') : 'written';
  console.log(`${file} ${state}`);
}
