import { readFileSync } from 'node:fs';
import { ROWS } from '../../../src/diagnosis/application/rows.ts';
import { readApplication } from '../../../src/diagnosis/application.ts';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { Diagnosis, Evidence } from '../../../src/diagnosis/diagnosis.ts';
import { RULES } from '../../../src/diagnosis/rules.ts';
import { type Technology, technologiesIn } from '../../../src/diagnosis/technologies.ts';
import { undeclared, undeclaredIn } from '../../support/named.ts';
import { WORDS } from '../../support/technology-words.ts';

test('no text of any row names a technology that nothing around it declares', () => expect(undeclared()).toEqual([]));

test.each([
  ["const a = { remedy: 'Run npm ci.' };", ['node']],
  ["const a = { technology: 'node', remedy: 'Run npm ci.' };", []],
  ["const a = { technology: ['go', 'node'], remedy: () => `Run npm ${x} ci.` };", []],
  ["const a = ['Run it', { for: 'node', words: 'npm ci in it' }];", []],
  ["const a = ['Run it', { for: 'ruby', words: 'npm ci in it' }];", ['node']],
  ["const a = of('node', 'npm ci in it');", []],
  ["const a = [/x/, 'the words', 'Run npm ci', { technology: 'node' }];", []],
  ["const a = [/x/, 'the words', 'Run npm ci'];", ['node']],
  ["const a = new RegExp('npm ERR! it');", []],
])('which is found in the source: %s', (source, names) =>
  expect(undeclaredIn('x.ts', source).flatMap((one) => one.names)).toEqual(names),
);

const casesOf = (file: string): Partial<Evidence>[] =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${file}.json`, import.meta.url), 'utf8'));
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

/** Each is explained once for all that is asked about it. */
let explained: readonly (Evidence & Pick<Diagnosis, 'cause' | 'remedy' | 'rule'>)[] | undefined;
const explainedCases = () =>
  (explained ??= CASES.map((evidence) => {
    const { cause, remedy, rule } = diagnose(evidence);
    return { ...evidence, cause, remedy, rule };
  }));

/** One program has one of them. */
const RUNTIMES: readonly Technology[] = ['node', 'python', 'ruby', 'jvm', 'go', 'dotnet', 'php', 'rust', 'elixir'];
const runtimesOf = (names: Iterable<Technology>): readonly Technology[] =>
  [...names].filter((name) => RUNTIMES.includes(name));
const listed = (names: Technology | readonly Technology[] = []): readonly Technology[] =>
  typeof names === 'string' ? [names] : names;

test('no row of a runtime answers for a message that shows only another one', () => {
  expect(CASES.length).toBeGreaterThan(3_000);
  const wrong = CASES.flatMap(({ surface, text, context }) => {
    if (surface !== 'container.log') return [];
    const row = readApplication(text)?.row;
    // A row that says no more than its class names nothing.
    const declared = row?.cause === undefined ? [] : runtimesOf(listed(row.technology));
    const shown = runtimesOf(technologiesIn({ text, context }));
    return declared.length === 0 || shown.length === 0 || declared.some((name) => shown.includes(name))
      ? []
      : [{ declared, shown, text: text.slice(0, 200) }];
  });
  expect(wrong).toEqual([]);
});

test('rows of the table and of programs declare what they are about', () => {
  expect(RULES.filter(({ technology }) => technology !== undefined).length).toBeGreaterThan(50);
  expect(ROWS.filter(({ technology }) => technology !== undefined).length).toBeGreaterThan(200);
});

test('an explanation of a runtime that no message shows is never given', () => {
  const wrong = explainedCases().flatMap(({ cause, remedy, rule, ...evidence }) => {
    const shown = technologiesIn(evidence);
    const declared = listed(readApplication(evidence.text)?.row?.technology);
    const others = runtimesOf(shown);
    const named = RUNTIMES.filter(
      (name) =>
        WORDS[name].test(`${cause}\n${remedy}`) &&
        !WORDS[name].test(evidence.text) &&
        !shown.has(name) &&
        !declared.includes(name) &&
        others.length > 0,
    );
    return named.length > 0 ? [{ named, shown: others, rule, cause, remedy, text: evidence.text.slice(0, 200) }] : [];
  });
  expect(wrong).toEqual([]);
});

test('and what is left of it is a sentence', () => {
  for (const { cause, remedy, text } of explainedCases()) {
    if (text.includes(remedy.slice(-40))) continue;
    expect(remedy).not.toMatch(/ \(\s*\)|\(\s*[,;]|[,;]\s*\)|[,;:]$|\.\.$(?<!\.\.\.)/);
    expect(`${cause} ${remedy}`).not.toContain('[object');
  }
});
