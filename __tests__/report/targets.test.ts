import { logTargets, targetRow, targetsSummary } from '../../src/report/targets.ts';
import { paper, revision, service } from './made.ts';

const told = (number: number, rest: object = {}) =>
  targetRow({
    revision: revision(number),
    current: false,
    failed: false,
    problems: [],
    commits: [],
    refs: [],
    ...rest,
  });
const SHA = 'c0ffee0123456789abcdef0123456789abcdef01';
const FULL = { deployedAt: 1_800_000_000, commits: [SHA, 'older'], refs: ['refs/heads/main', 'refs/tags/v1'] };
const ROWS = [
  told(9, { ...FULL, current: true }),
  told(8, { refs: ['refs/heads/a/b', 'refs/heads/c'], failed: true }),
  told(7, { problems: ['image gone', 'role gone'] }),
];
const GUESS = 'No history';
const GUESSED = 'No history: what has no date is a revision of the family, not proven to have run well.';

test('what the output holds of a revision', () => {
  expect(ROWS[0]).toEqual({
    revision: 'web:9',
    arn: revision(9).arn,
    deployedAt: '2027-01-15T08:00:00.000Z',
    commit: SHA,
    ref: 'refs/tags/v1',
    images: ['shop/web:1.5.0'],
    current: true,
    usable: true,
    failed: false,
    problems: [],
  });
  expect(ROWS[1]).toMatchObject({ ref: 'refs/heads/a/b', usable: true, failed: true });
  expect(ROWS[2]).toMatchObject({ usable: false, problems: ['image gone', 'role gone'] });
  for (const name of ['deployedAt', 'commit', 'ref']) {
    expect(ROWS[2]).not.toHaveProperty(name);
    expect(told(1, { commits: [''], refs: [''] })).not.toHaveProperty(name);
  }
  expect(told(1, { deployedAt: 0 })).toHaveProperty('deployedAt', '1970-01-01T00:00:00.000Z');
});

const logged = (rows: typeof ROWS, guessed?: string): string[] => {
  const console = paper();
  logTargets(console, rows, guessed);
  return console.lines;
};

test('the log has a plain table', () => {
  expect(logged(ROWS)).toEqual([
    'revision  deployed (UTC)    ref  commit        state',
    'web:9     2027-01-15 08:00  v1   c0ffee012345  runs now',
    'web:8                       a/b                usable; its last deployment failed',
    'web:7                                          image gone; role gone',
  ]);
  // What runs now is no target; columns that are empty in every row are left out.
  expect(logged([told(9, { deployedAt: 1_800_000_000, current: true })], GUESS)).toEqual([
    'revision  deployed (UTC)    state',
    'web:9     2027-01-15 08:00  runs now',
    'There is no rollback target.',
    GUESSED,
  ]);
  expect(logged([])).toEqual(['revision  deployed (UTC)  ref  commit  state', 'There is no rollback target.']);
});

test('only what begins a ref is left out of its name', () =>
  expect(logged([told(1, { refs: ['x/refs/tags/v1'] })])[1]).toContain('x/refs/tags/v1'));

test('the summary has the same, at most 50 of them', () => {
  const text = (rows: typeof ROWS, guessed?: string) => targetsSummary(service([]), rows, guessed);
  const END = 'Run the rollback with `mode: rollback` and one that is usable as `rollback-to`, such as `web:8`.\n';
  const [head, table = '', ...rest] = text(ROWS, GUESS).split('\n\n');
  expect(head).toBe('## Rollback targets of `web` in shop/eu-central-1');
  expect(rest).toEqual([GUESSED, END]);
  const cells = table.split('\n').map((line) => [...line.matchAll(/<t[hd]>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell));
  expect(cells.slice(1, -1).map(([, ...others]) => others)).toEqual([
    ['State', 'Ref', 'Deployed (UTC)', 'Commit'],
    ['runs now', '<code>v1</code>', '2027-01-15 08:00', '<code>c0ffee012345</code>'],
    ['usable; its last deployment failed', '<code>a/b</code>', '', ''],
    ['image gone; role gone', '', '', ''],
  ]);
  expect(cells[1]?.[0]).toBe('Revision');
  expect(cells[2]?.[0]).toContain('<code>web:9</code>');
  expect(text([])).toBe(`## Rollback targets of \`web\` in shop/eu-central-1\n\nThere is no rollback target.\n`);
  expect(text(ROWS.slice(0, 1))).toMatch(/There is no rollback target\.\n$/);
  expect(text(Array.from({ length: 51 }, (_, n) => told(n + 1))).match(/<tr>/g)).toHaveLength(51);
});
