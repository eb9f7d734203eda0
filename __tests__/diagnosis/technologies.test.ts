import { readFileSync } from 'node:fs';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Evidence } from '../../src/diagnosis/diagnosis.ts';
import { factsOf, onlyNamed, TECHNOLOGIES, unnamed } from '../../src/diagnosis/technologies.ts';

const casesOf = (file: string): Partial<Evidence>[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), 'utf8'));
const CASES: readonly Evidence[] = (
  [
    ['examples', 'api.ecs'],
    ['failures', 'api.ecs'],
    ['wordings', 'api.ecs'],
    ['unseen-messages', 'api.ecs'],
    ['strict-messages', 'api.ecs'],
    ['build-messages', 'buildx.stderr'],
    ['application-messages', 'container.log'],
  ] as const
).flatMap(([file, otherwise]) =>
  casesOf(file).map(({ surface = otherwise, text = '', context = {} }) => ({ surface, text, context })),
);

test('no explanation of any case names a technology that neither its message nor its facts name', () => {
  expect(CASES.length).toBeGreaterThan(3_000);
  const found = CASES.flatMap((evidence) => {
    const { rule, cause, remedy } = diagnose(evidence);
    const names = unnamed(`${cause}\n${remedy}`, factsOf(evidence));
    return names.length > 0 ? [{ names, rule, cause, remedy, text: evidence.text.slice(0, 200) }] : [];
  });
  expect(found).toEqual([]);
});

test('and what is left of it is a sentence', () => {
  for (const evidence of CASES) {
    const { remedy } = diagnose(evidence);
    if (!evidence.text.includes(remedy.slice(-40))) expect(remedy).not.toMatch(/ \(\s*\)|\(\s*[,;]|[,;]\s*\)|[,;:]$/);
  }
});

test.each([
  [
    'items of a bracket',
    'Install awk (package manager of the base image, npm ci, pip install, bundle install).',
    'awk: not found',
    'Install awk (package manager of the base image).',
  ],
  ['a bracket', 'Give it mode 600 (npm ci, for Go go mod tidy).', 'mode', 'Give it mode 600.'],
  [
    'a sentence',
    'Give it to that user. On an EFS volume use an access point.',
    'EACCES: permission denied',
    'Give it to that user.',
  ],
  [
    'a clause; the next one becomes a sentence',
    'Use one task. SQLite does not lock on EFS; for more tasks use a server.',
    'database is locked',
    'Use one task. For more tasks use a server.',
  ],
  ['a clause at the end', 'Use one task; on EFS none.', 'database is locked', 'Use one task.'],
])('without what the message does not name: %s', (_, words, facts, expected) =>
  expect(onlyNamed(words, facts)).toBe(expected),
);

test.each([
  ['Run npm ci in the image.', 'npm error code EUSAGE\nnpm error `npm ci` can only'],
  ['Let TCP 2049 through to EFS.', 'mount.nfs4: Connection timed out'],
  ['Give the file to that user (COPY --chown).', 'anything'],
])('what it names stays: %s', (words, facts) => expect(onlyNamed(words, facts)).toBe(words));

test('what a row is about stays, though only its producer implies it', () =>
  expect(onlyNamed('Mount it from EFS. Then run npm ci.', 'x')).toBe('Mount it from EFS.'));

test.each(Object.keys(TECHNOLOGIES).filter((name) => TECHNOLOGIES[name]?.word.test(name)))(
  '%s may be named where the message names it',
  (name) => expect(unnamed(`Use ${name}.`, `anything about ${name}`)).toEqual([]),
);

test('what stood beside a message counts as named', () => {
  const facts = factsOf({ surface: 'container.log', text: 'x', context: { volume: 'EFS fs-1', exitCode: 1 } });
  expect(unnamed('On EFS', facts)).toEqual([]);
  expect(unnamed('On EFS', 'x')).toEqual(['EFS']);
});
