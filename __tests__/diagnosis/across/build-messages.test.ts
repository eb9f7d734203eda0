import { readFileSync } from 'node:fs';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { isOrdinaryOutput } from '../../../src/diagnosis/rules/normal.ts';
import { fill } from '../../../src/diagnosis/tools/tool.ts';

interface Message {
  readonly text: string;
  /** What cause and remedy together say, and what would be a false claim. */
  readonly all: readonly string[];
  readonly none: readonly string[];
  readonly severity: readonly string[];
}
const messages: readonly Message[] = JSON.parse(readFileSync('__tests__/fixtures/build-messages.json', 'utf8'));

test.each(messages.map((message) => [message.text.slice(-120), message] as const))(
  'an output of a build: %s',
  (_, { text, all, none, severity }) => {
    const found = diagnose({ surface: 'buildx.stderr', text, context: {} });
    const said = `${found.cause}\n${found.remedy}`;
    expect(all.filter((words) => !new RegExp(words, 'is').test(said))).toEqual([]);
    expect(none.filter((words) => new RegExp(words, 'is').test(said))).toEqual([]);
    expect(severity).toContain(found.severity);
    expect(said).not.toMatch(/(?<!openssl-)undefined(?!: \w| reference| failed)|(?<!\$)\{ ?[a-z]\w*\}|\[object/);
  },
);

describe('ordinary output is earned', () => {
  test.each([
    '#9 [internal] load build context\n#9 transferring context: 2.31GB 71.4s done\n#9 DONE 72.0s',
    '#12 1.2 added 12 packages in 3s',
    'npm warn deprecated inflight@1.0.6: This module is not supported',
    'Login Succeeded',
    '5f70bf18a086: Layer already exists\nlatest: digest: sha256:abc size: 123',
  ])('%s', (text) => expect(isOrdinaryOutput(text)).toBe(true));
  test.each([
    '',
    '#12 1.2 added 12 packages\nThe runner has received a shutdown signal.',
    '#12 1.2 fatal: not a git repository',
    '#12 DONE 1.2s\nsomething of a program',
    '#1 ERROR: exit code 1',
    '#12 1.2 Killed',
  ])('not by %s', (text) => expect(isOrdinaryOutput(text)).toBe(false));
  test('a job that GitHub ended did not fail in the step that it shows last', () => {
    const text = '#14 52.1 Compiling serde v1.0.210\n##[error]The runner has received a shutdown signal.';
    expect(diagnose({ surface: 'buildx.stderr', text, context: {} })).toMatchObject({
      rule: 'build-runner-lost',
      severity: 'failure',
    });
  });
});

describe('words with the names of a line in them', () => {
  test.each([
    ['no {name} here', { name: 'gcc' }, 'no gcc here'],
    ['no {name} here', { name: undefined, name3: 'gcc' }, 'no gcc here'],
    ['no {name|program} here', {}, 'no program here'],
    ['the key{ name}.', {}, 'the key.'],
    ['the key{ name}.', { name: 'A' }, 'the key A.'],
    ['{name} needs {need}', { name: 'a', need: '1' }, 'a needs 1'],
  ])('%s', (words, names, said) => expect(fill(words, names)).toBe(said));
});
