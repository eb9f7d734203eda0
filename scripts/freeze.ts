/**
 * `npm run freeze -- FOLDER`: writes down what the code does, the same for the same code, so that `diff -r` of two folders shows what a
 * change of the code changes for users: every diagnosis, every replay, the golden texts, and whole runs of the bundle (dist/ must be built).
 * `npm run freeze -- --compare A B` lists what differs, grouped by story and kind.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { Account } from './freeze/account.ts';
import { STORIES } from './freeze/stories.ts';

const FIXTURES = '__tests__/fixtures';
/** Each message: where it was seen, and its words. */
const MESSAGES = ['failures.json', 'wordings.json', 'unseen-messages.json'];
const GOLDEN_TESTS = '__tests__/report';
/** Stories at a time; each has one process, which often waits for the simulator. */
const AT_ONCE = 4;

const USAGE = 'Usage: npm run freeze -- FOLDER [--only STORY] | npm run freeze -- --compare A B';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { compare: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const [folder, other] = positionals;
if (folder === undefined || (values.compare && other === undefined)) {
  console.error(USAGE);
  process.exitCode = 2;
} else if (values.compare) process.exitCode = compare(folder, other ?? '');
else await freeze(folder);

async function freeze(into: string): Promise<void> {
  rmSync(into, { recursive: true, force: true });
  if (values.only === undefined) {
    freezeDiagnoses(join(into, 'diagnoses'));
    freezeReplays(join(into, 'replays.jsonl'));
    freezeGolden(join(into, 'golden'));
  }
  await freezeStories(join(into, 'stories'));
}

/** Through the commands that users have, so that no change of the code's inside changes how it is asked. */
function command(script: string, file: string): string {
  return execFileSync(process.execPath, [`scripts/${script}.ts`, file], { encoding: 'utf8', maxBuffer: 2 ** 28 });
}

function freezeDiagnoses(into: string): void {
  for (const file of MESSAGES)
    write(join(into, `${basename(file, '.json')}.jsonl`), command('diagnose', join(FIXTURES, file)));
}

function freezeReplays(into: string): void {
  write(into, command('replay', join(FIXTURES, 'scenarios.json')));
}

/** The texts that the report's tests hold, once they have passed. */
function freezeGolden(into: string): void {
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', GOLDEN_TESTS, '--silent', '-w', '2'];
  const { status, stderr } = spawnSync(process.execPath, jest, {
    encoding: 'utf8',
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  if (status !== 0) throw new Error(`The golden texts do not hold; nothing is frozen.\n${stderr}`);
  const files = readdirSync(GOLDEN_TESTS, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.ts'),
  );
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(join(GOLDEN_TESTS, file), 'utf8'), ts.ScriptTarget.Latest);
    const texts: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isNoSubstitutionTemplateLiteral(node) && node.text.includes('\n')) texts.push(node.text);
      ts.forEachChild(node, visit);
    };
    visit(source);
    if (texts.length > 0) write(join(into, basename(file).replace('.test.ts', '.txt')), texts.join('\n----\n'));
  }
}

async function freezeStories(into: string): Promise<void> {
  const left = Object.entries(STORIES).filter(([name]) => values.only === undefined || name === values.only);
  const tell = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [name, story] = next;
      const account = new Account(join(into, name.replaceAll(/[^\w]+/g, '-')));
      const start = performance.now();
      try {
        await story(account);
      } finally {
        account.close();
      }
      console.log(`${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, tell));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Prints each file that differs with its changed lines, after a count for each kind of file. @returns the exit code, as diff has it */
function compare(before: string, after: string): number {
  const { status, stdout, stderr } = spawnSync('diff', ['-r', '-N', '-U0', before, after], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status === null || status > 1) {
    console.error(stderr);
    return 2;
  }
  const kinds = new Map<string, Set<string>>();
  let lines = 0;
  for (const line of stdout.split('\n')) {
    const path = /^diff .* (\S+)$/.exec(line)?.[1];
    if (path === undefined) lines += Number(/^[+-](?![+-]{2} )/.test(line));
    else {
      const kind = path.includes('/stories/') ? basename(path) : (path.slice(after.length).split('/')[1] ?? path);
      kinds.set(kind, (kinds.get(kind) ?? new Set()).add(path));
    }
  }
  for (const [kind, files] of [...kinds].sort()) console.log(`${kind}: ${files.size} differ`);
  console.log(status === 0 ? 'Nothing differs.' : `\n${lines} lines differ:\n\n${stdout}`);
  return status;
}
