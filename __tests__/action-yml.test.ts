import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { INPUT_NAMES } from '../src/inputs/known.ts';
import { parseInputs } from '../src/inputs/parse.ts';

interface Described {
  readonly description: string;
  readonly default?: string;
}
const text = readFileSync('action.yml', 'utf8');
const action: {
  readonly runs: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
} = parse(text);

const sources = readdirSync('src/inputs')
  .filter((file) => file.endsWith('.ts') && file !== 'known.ts' && file !== 'types.ts')
  .map((file) => readFileSync(`src/inputs/${file}`, 'utf8'))
  .join('\n');

test('the parser knows exactly the inputs of action.yml, and reads each', () => {
  expect([...INPUT_NAMES].sort()).toEqual(Object.keys(action.inputs).sort());
  expect(INPUT_NAMES.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
});

test('a default of action.yml is what the parser takes an unset input for', () => {
  const context = {
    sha: 'a',
    ref: 'refs/heads/main',
    refName: 'main',
    refType: 'branch',
    repository: 'o/r',
    runId: '1',
    runAttempt: '1',
    serverUrl: '',
    apiUrl: '',
    eventName: 'push',
    actor: 'a',
    workflow: 'w',
    job: 'j',
  } as const;
  const needed = new Map([
    ['aws-region', 'eu-west-1'],
    ['service', 'web'],
  ]);
  const defaults = Object.entries(action.inputs).flatMap(([name, input]): [string, string][] =>
    input.default === undefined || name === 'github-token' ? [] : [[name, input.default]],
  );
  expect(parseInputs(new Map([...needed, ...defaults]), { context, env: {} })).toEqual(
    parseInputs(needed, { context, env: {} }),
  );
});

test('main and post are one bundle on node24', () => {
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/main.js', post: 'dist/post.js', 'post-if': 'always()' });
});

test('every input and output is described; no description holds an expression, which the runner would refuse', () => {
  for (const [name, { description }] of [...Object.entries(action.inputs), ...Object.entries(action.outputs)]) {
    expect({ name, good: description.length > 20 && !description.includes('${{') }).toEqual({ name, good: true });
  }
});

test('the generated parts of the docs are fresh', () => {
  expect(execFileSync(process.execPath, ['scripts/readme.ts', '--check'], { encoding: 'utf8' })).toContain('fresh');
});
