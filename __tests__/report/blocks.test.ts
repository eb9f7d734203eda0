import type { RunContext } from '../../src/inputs/types.ts';
import type { Outcome } from '../../src/outcome.ts';
import {
  commitOf,
  differenceLines,
  differenceMarkdown,
  differenceTitle,
  factRows,
  factsTable,
  runUrl,
} from '../../src/report/blocks.ts';
import { DIGEST, deployment, outcome, revisionArn, run, START } from './made.ts';

const bare: Outcome = { kind: 'failed', headline: 'No.', differences: [], diagnoses: [], warnings: [], timeline: [] };

describe('the facts', () => {
  /** Name -> cell. */
  const facts = (of: Outcome, context?: RunContext) =>
    Object.fromEntries(
      [...factsTable(of, context).matchAll(/<td><b>(\w+)<\/b><\/td><td>(.*?)<\/td>/g)].map(([, name, cell]) => [
        name,
        cell,
      ]),
    );
  const plain = (cell = '') => cell.replaceAll(/<\/?a[^>]*>/g, '');

  test('none where nothing is known', () => {
    expect(facts(bare)).toEqual({});
    expect(factsTable(bare, undefined)).toBe('');
  });
  test('each where it is known', () => {
    const all = facts(outcome({ timeline: [{ at: START + 101, kind: 'event', severity: 'normal', text: 'x' }] }), run);
    expect(Object.keys(all)).toEqual(['Service', 'Revision', 'Image', 'Platforms', 'Tags', 'Deployment', 'Commit']);
    expect(plain(all.Service)).toBe('<code>web</code> in cluster <code>shop</code>');
    expect(plain(all.Revision)).toBe('<code>web:41</code> → <code>web:42</code>');
    expect(plain(all.Image)).toBe(
      `<code>123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web@${DIGEST.slice(0, 19)}</code>`,
    );
    expect(all.Image).toContain('href="https://eu-central-1.console.aws.amazon.com/ecr/');
    expect(all.Tags).toBe('<code>1.5.0</code> <code>c0ffee</code>');
    expect(plain(all.Deployment)).toBe('<code>ecs-svc/2222222222222222222</code>');
    expect(all.Deployment).toContain('href=');
  });
  test('how long it took, where no bar shows it', () => {
    const timeline = [{ at: START + 101, kind: 'event', severity: 'normal', text: 'x' }] as const;
    expect(facts(outcome({ timeline, kind: 'failed' })).Took).toBe('1 min 41 s');
    expect(facts(outcome({ timeline })).Took).toBeUndefined();
  });
  test('a revision beside the one before, where that is another', () => {
    const revisions = (rest: Partial<Outcome>) => plain(facts({ ...bare, ...rest }).Revision);
    const { previousTaskDefinitionArn: _, ...first } = deployment;
    expect(revisions({ deployment })).toBe('<code>web:41</code> → <code>web:42</code>');
    expect(revisions({ deployment: first })).toBe('<code>web:42</code>');
    expect(revisions({ deployment: { ...deployment, previousTaskDefinitionArn: revisionArn(42) } })).toBe(
      '<code>web:42</code>',
    );
    expect(facts({ ...bare, previous: outcome().previous } as Outcome)).toEqual({});
  });
  test('no tags, platforms, page or time that are not known', () => {
    const image = { reference: 'a/b:1', repository: 'a/b', tags: [] };
    expect(facts({ ...bare, image })).toEqual({ Image: '<code>a/b:1</code>' });
    expect(facts({ ...bare, deployment })).toEqual({
      Revision: expect.anything(),
      Deployment: '<code>ecs-svc/2222222222222222222</code>',
    });
    expect(facts({ ...bare, timeline: [{ at: START, kind: 'event', severity: 'normal', text: 'x' }] })).toEqual({});
  });
  test('at most 20 tags', () => {
    const tags = Array.from({ length: 22 }, (_, index) => `t${index}`);
    expect(facts({ ...bare, image: { reference: 'a', repository: 'a', tags } }).Tags?.split(' ')).toHaveLength(20);
  });
  test('what runs: digests, by container', () => {
    const runs = (runningCount: number, digests: Record<string, string>, rest: Partial<Outcome> = {}) =>
      facts({ ...bare, verdict: { kind: 'succeeded', runningCount, digests, warnings: [] }, ...rest }).Running;
    // How many is in the headline.
    expect(runs(2, {})).toBeUndefined();
    expect(runs(2, { app: 'sha256:1', proxy: 'sha256:2' })).toBe(
      '<code>app</code>: <code>sha256:1</code>, <code>proxy</code>: <code>sha256:2</code>',
    );
    const image = { reference: 'a', repository: 'a', digest: 'sha256:1', tags: [] };
    const runsImage = (more: Partial<NonNullable<Outcome['image']>>) =>
      runs(2, { app: 'sha256:1' }, { image: { ...image, ...more } });
    expect(runsImage({ metadata: {} })).toBe('<code>app</code>: the digest pushed');
    expect(runsImage({})).toBe('<code>app</code>: the digest of that image');
    expect(runsImage({ metadata: {}, reused: true })).toBe('<code>app</code>: the digest of that image');
    expect(facts({ ...bare, image: { ...image, reused: true } }).Image).toMatch(/reused: .* nothing was built$/);
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`c${index}`, 'sha256:1']));
    expect(runs(2, many)?.split(', ')).toHaveLength(10);
    expect(facts({ ...bare, verdict: { kind: 'stopped', reason: 'x' } })).toEqual({});
  });
  test('an empty cell is left out', () => {
    expect(
      factRows([
        ['a', ''],
        ['b', undefined],
        ['c', 'x'],
      ]),
    ).toBe('<table>\n<tr><td><b>c</b></td><td>x</td></tr>\n</table>');
  });
  test('serving: what answers now, where the run knows', () => {
    const revisions = [{ taskDefinitionArn: revisionArn(41), running: 2 }];
    const serving = { running: 2, desired: 2, revisions };
    expect(facts(outcome())).not.toHaveProperty('Now');
    expect(facts(outcome({ serving, kind: 'failed' })).Now).toBe('<code>web:41</code> serves: 2 of 2');
    // The headline of a success has it.
    expect(facts(outcome({ serving }))).not.toHaveProperty('Now');
  });
});

describe('the commit', () => {
  const SHA = 'c0ffee000000';
  const URL = 'https://github.com/acme/shop/commit/c0ffee0000000000000000000000000000000000';
  test.each<[string, Partial<RunContext>, string | undefined]>([
    [
      'with its page, branch and author',
      {},
      `<a href="${URL}"><code>${SHA}</code></a> of <code>main</code> by <code>ada</code>`,
    ],
    ['without a branch', { refName: '' }, `<a href="${URL}"><code>${SHA}</code></a> by <code>ada</code>`],
    ['without an author', { actor: '' }, `<a href="${URL}"><code>${SHA}</code></a> of <code>main</code>`],
    ['without a page', { repository: '' }, `<code>${SHA}</code> of <code>main</code> by <code>ada</code>`],
    ['none', { sha: '' }, undefined],
  ])('%s', (_, rest, expected) => expect(commitOf({ ...run, ...rest })).toBe(expected));
  test('the page of a run is the one of its attempt', () => {
    expect(runUrl(run)).toBe('https://github.com/acme/shop/actions/runs/42/attempts/1');
  });
});

describe('differences', () => {
  test.each<[Outcome['differences'][number], string, readonly string[]]>([
    [{ subject: 'a', kind: 'changed', before: '1', after: '2' }, '~ a  1 -> 2', ['- a: 1', '+ a: 2']],
    [{ subject: 'a', kind: 'changed', before: '1' }, '~ a  1 -> (unset)', ['- a: 1', '+ a']],
    [{ subject: 'a', kind: 'changed', after: '2' }, '~ a  (unset) -> 2', ['- a', '+ a: 2']],
    [{ subject: 'a', kind: 'changed' }, '~ a  changed (value not shown)', ['! a (value not shown)']],
    [{ subject: 'a', kind: 'added', after: '2' }, '+ a  2', ['+ a: 2']],
    [{ subject: 'a', kind: 'added' }, '+ a  (value not shown)', ['+ a (value not shown)']],
    [{ subject: 'a', kind: 'removed', before: '1' }, '- a  was 1', ['- a: 1']],
    [{ subject: 'a', kind: 'removed' }, '- a  (value not shown)', ['- a (value not shown)']],
  ])('%j', (difference, line, markdown) => {
    expect(differenceLines([difference])).toEqual([line]);
    expect(differenceMarkdown([difference], 9)).toBe(['```diff', ...markdown, '```'].join('\n'));
  });
  test('of several stand in columns up to 48 wide; long values are cut at 160', () => {
    const long = { subject: 's'.repeat(60), kind: 'added', after: 'x'.repeat(200) } as const;
    const [line = '', short] = differenceLines([long, { subject: 'a', kind: 'added', after: 'y' }]);
    expect(line).toBe(`+ ${'s'.repeat(60)}  ${'x'.repeat(157)}...`);
    expect(short).toBe(`+ ${'a'.padEnd(48)}  y`);
    expect(differenceLines([])).toEqual([]);
  });
  test('beyond the limit are counted', () => {
    const one = { subject: 'a', kind: 'added' } as const;
    expect(differenceMarkdown([one, one], 2)).toBe('```diff\n+ a (value not shown)\n+ a (value not shown)\n```');
    expect(differenceMarkdown([one, one, one], 1)).toBe(
      '```diff\n+ a (value not shown)\n# and 2 differences more\n```',
    );
  });
  test('have a title', () => {
    const one = { subject: 'a', kind: 'added' } as const;
    expect(
      [[], [one], [one, one]].map((all) => [differenceTitle(all, undefined), differenceTitle(all, 'web:41')]),
    ).toEqual([
      ['No difference', 'No difference to web:41'],
      ['1 difference', '1 difference to web:41'],
      ['2 differences', '2 differences to web:41'],
    ]);
  });
});

describe('a difference of two references to one registry', () => {
  const HOST = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/';
  const image = {
    subject: 'container app: image',
    kind: 'changed',
    before: `${HOST}web:1`,
    after: `${HOST}web:2`,
  } as const;
  test('names it once, so that what changed is seen on a phone', () => {
    expect(differenceMarkdown([image], 10).split('\n').slice(1, -1)).toEqual([
      `  container app: image: ${HOST}`,
      '- web:1',
      '+ web:2',
    ]);
    expect(differenceLines([image])).toEqual([`~ container app: image  ${HOST}web:1 -> .../web:2`]);
  });
  test.each([
    ['shop/web:1', 'shop/web:2'],
    [`${HOST}web:1`, 'docker.io/library/web:2'],
  ])('is shown whole where they have little in common: %s, %s', (before, after) => {
    const other = { ...image, before, after };
    expect(differenceMarkdown([other], 10)).toContain(
      `- container app: image: ${before}\n+ container app: image: ${after}`,
    );
    expect(differenceLines([other])).toEqual([`~ container app: image  ${before} -> ${after}`]);
  });
});
