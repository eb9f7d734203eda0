import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { readAllInputs } from '../../scripts/workflow/inputs.ts';
import { type ActionStep, fill, stepsOf, variantsOf } from '../../scripts/workflow/steps.ts';
import { INPUT_NAMES } from '../../src/inputs/known.ts';

/** Every YAML block of the documentation: a workflow, its steps, or the `with:` block of a step, read as the action reads it. */
const PAGES = [
  'README.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

const blocks = PAGES.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)].map(
    ([, text = ''], i) => [page, i + 1, text] as const,
  ),
);

/** Keys of a job, which a page may show beside its steps. */
const OF_A_JOB = ['if', 'on', 'permissions', 'concurrency', 'environment', 'env', 'needs'];

function mistakesIn(step: ActionStep): string[] {
  const facts = { sha: 'c0ffee', ref_name: 'main', repository: 'acme/web' };
  return variantsOf(step).flatMap((given) => {
    try {
      readAllInputs(fill(step, { github: facts, given }).inputs);
      return [];
    } catch (thrown) {
      const { mistakes = [] } = thrown as { mistakes?: readonly { subject: string; problem: string }[] };
      if (mistakes.length === 0) throw thrown;
      // A part of a `with:` block may leave out what it needs beside it.
      return mistakes.flatMap(({ subject, problem }) =>
        /^is set, but|is missing|no input names one/.test(problem) ? [] : [`${subject} ${problem}`],
      );
    }
  });
}
const read = (step: ActionStep): void => expect(mistakesIn(step)).toEqual([]);

const stepOf = (given: Readonly<Record<string, string>>): ActionStep => ({
  job: 'deploy',
  title: 'step',
  line: 1,
  uses: 'OWNER/ecs-rollout@v1',
  with: given,
  env: {},
  environment: undefined,
  workflow: { name: 'w', events: ['push'], refs: [], inputs: {}, matrix: [] },
});

test.each(blocks)('%s, YAML block %i', (_, __, text) => {
  const document = parse(text);
  if (Array.isArray(document) || document.jobs !== undefined || document.steps !== undefined) {
    const job = Array.isArray(document) ? `steps:\n${text.replaceAll(/^/gm, '  ')}` : text;
    const workflow = document.jobs === undefined ? `jobs:\n  deploy:\n${job.replaceAll(/^/gm, '    ')}` : text;
    const steps = stepsOf('block.yml', workflow);
    // The chain before a migration has none of ours.
    if (!/ecs-rollout@/.test(text)) return;
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) read(step);
    return;
  }
  const names = Object.keys(document).filter((name) => !OF_A_JOB.includes(name));
  expect(names.filter((name) => !(INPUT_NAMES as readonly string[]).includes(name))).toEqual([]);
  const written = Object.entries(document)
    .filter(([name]) => names.includes(name))
    .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
  const given = { 'aws-region': 'eu-west-1', service: 'web', ...Object.fromEntries(written) };
  expect(mistakesIn(stepOf(given)).filter((mistake) => names.some((name) => mistake.startsWith(`${name} `)))).toEqual(
    [],
  );
});

test('there are blocks to read', () => {
  expect(blocks.length).toBeGreaterThan(12);
});

/** https://github.com/gjtorikian/html-pipeline: letters, digits, `-` and `_` of a heading, spaces as `-`. */
const anchorsIn = (page: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test.each(PAGES)('%s: every link to a file and a heading leads somewhere', (page) => {
  const text = readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(file)) return [target];
    return anchor !== undefined && !anchorsIn(file).includes(anchor) ? [target] : [];
  });
  expect(broken).toEqual([]);
});

test('the index has every page', () => {
  const index = readFileSync('docs/README.md', 'utf8');
  const pages = readdirSync('docs').filter((file) => file.endsWith('.md') && file !== 'README.md');
  expect(pages.filter((page) => !index.includes(`(${page})`))).toEqual([]);
});
