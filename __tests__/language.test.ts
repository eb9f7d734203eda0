import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words that have a plain one, each with what to write. They are nowhere in the code, the documentation and the titles of tests. */
const PLAIN: readonly (readonly [words: RegExp, write: string])[] = [
  [/\b(?:nobody|somebody|anybody)\b/gi, 'the actor (ECS, another client, the user), or the passive voice'],
  [/\btold\b(?! (?:to|of|apart)\b)|\btells\b/gi, 'log, report, show, name'],
  [/\b(?:goes|went) on\b/gi, 'continue'],
  [/\bputs? back\b|\bg(?:oes|one) back to\b/gi, 'roll back to, set again'],
  [/\banew\b/gi, 'again'],
  [/\bone a (?:line|look|poll)\b/gi, 'one per line'],
  [/\bbec[ao]mes? of\b/gi, 'the result, the state'],
  [/\bhas no [\w-]+ of its own\b/gi, 'does not have its own'],
  [/\bsaid no\b|\bSAID_NO\b/gi, 'failed, rejected'],
  [/\bhopeless\b|\bself-heals\b/gi, 'permanent, transient'],
  [/\bfurnish\w*/gi, 'create'],
  [/\bbegan\b/gi, 'started'],
  [/\bmended\b/gi, 'fixed'],
];

const within = (folder: string, extension: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => extension.test(file) && !file.includes('.generated.'))
    .map((file) => join(folder, file));
const CODE = ['src', 'simulator', 'scripts', 'conformance', 'bench'].flatMap((folder) => within(folder, /\.ts$/));
const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'action.yml', 'simulator/README.md'],
  ...within('docs', /\.md$/),
  ...within('examples', /\.ya?ml$/),
  ...within('.github', /\.ya?ml$/),
];

/** @returns `file:line: words (write ...)` */
function found(file: string, text: string): string[] {
  return PLAIN.flatMap(([words, write]) =>
    [...text.matchAll(words)].map(
      ({ 0: word, index }) => `${file}:${text.slice(0, index).split('\n').length}: ${word} (write: ${write})`,
    ),
  );
}

/** The names of tests and groups, each on the line that it stands on. */
const titlesOf = (text: string): string =>
  text.replaceAll(
    /^.*$/gm,
    (line) => /^\s*(?:\]\)|(?:test|describe|it|when\w*)\b.*?)\((['"`])(.*?)\1/.exec(line)?.[2] ?? '',
  );

test('the search finds what it has to find', () => {
  expect(found('a.ts', '// Nobody is told.\n// told to wait\n// It goes on.')).toEqual([
    expect.stringMatching(/^a\.ts:1: Nobody /),
    expect.stringMatching(/^a\.ts:1: told /),
    expect.stringMatching(/^a\.ts:3: goes on /),
  ]);
  const tests =
    "test('one', () => {});\n\n  describe(`two`, () => {});\n  test.each<[string]>([\n    ['no title'],\n  ])('three %s', (a) => {});\nwhenEngine('four', () => {});";
  expect(titlesOf(tests).split('\n')).toEqual(['one', '', 'two', '', '', 'three %s', 'four']);
  expect(CODE.length).toBeGreaterThan(400);
});

test('code and comments are in plain technical English', () => {
  expect(CODE.flatMap((file) => found(file, readFileSync(file, 'utf8')))).toEqual([]);
});

test('so are the documentation, the examples and the forms', () => {
  expect(PAGES.flatMap((file) => found(file, readFileSync(file, 'utf8')))).toEqual([]);
});

test('so are the names of the tests', () => {
  const tests = within('__tests__', /\.test\.ts$/);
  expect(tests.flatMap((file) => found(file, titlesOf(readFileSync(file, 'utf8'))))).toEqual([]);
});
