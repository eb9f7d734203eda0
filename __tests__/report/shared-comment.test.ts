import fc from 'fast-check';
import { prose } from '../../src/report/markdown.ts';
import { holdsEntry, mergeEntry, servicesLine, sharedMarker } from '../../src/report/shared-comment.ts';
import { render, tagsOf, textOf } from '../support/gfm.ts';
import { nasty } from '../support/nasty.ts';

const FROM = (run: number) =>
  `<sub>From <a href="https://github.com/acme/shop/actions/runs/${run}/attempts/1">\`run ${run}\`</a> of \`release\`.</sub>`;
const entry = (key: string, title: string, { run = 42, body = 'body' } = {}): string =>
  [`<!-- ecs-rollout ${key} -->`, `### ${title}`, body, FROM(run)].join('\n\n');
const WEB = entry('web', '📝 web in shop/eu-west-1: 2 to change, 1 to add, 0 to remove');
const API = entry('api', '❌ api in shop/eu-west-1: could not be deployed, 1 check failed');
const CRON = entry('cron', '✅ cron in shop/eu-west-1: would not change');
const merged = (...entries: readonly string[]): string =>
  entries.reduce<string | undefined>((before, one) => mergeEntry(before, one, 'release'), undefined) ?? '';

test('one entry stands as it is', () => {
  expect(merged(WEB)).toBe(`${sharedMarker('release')}\n\n${WEB}\n\n<!-- ecs-rollout end -->`);
  expect(merged(WEB, WEB)).toBe(merged(WEB));
});

test('several are a row each, refusals first, with what each wrote below', () => {
  const text = merged(CRON, WEB, API);
  expect(text.split('\n\n').slice(0, 3)).toEqual([
    '<!-- ecs-rollout all release -->',
    '### ❌ 3 services: 1 could not be deployed, 1 would change, 1 would not change (2 to change, 1 to add, 0 to remove)',
    [
      '| Service | Result |',
      '| --- | --- |',
      '| ❌ api in shop/eu-west-1 | could not be deployed, 1 check failed |',
      '| 📝 web in shop/eu-west-1 | 2 to change, 1 to add, 0 to remove |',
      '| ✅ cron in shop/eu-west-1 | would not change |',
    ].join('\n'),
  ]);
  const page = render(text);
  expect(tagsOf(page).filter((tag) => tag === 'tr')).toHaveLength(4);
  expect(tagsOf(page).filter((tag) => tag === 'details')).toHaveLength(3);
  // Only what was refused stands open.
  expect(text.match(/<details open>/g)).toHaveLength(1);
});

/** An entry of a step with `services`. */
const several = (key: string, title: string, titles: readonly string[], { run = 42, body = 'body' } = {}): string =>
  entry(key, title, { run, body }).replace('\n\n', () => `\n${servicesLine(titles)}\n\n`);
const SHOP = several(
  'shop',
  '❌ shop/eu-west-1: 1 of 3 services could not be deployed (3 to change, 0 to add, 0 to remove)',
  [
    '📝 api in shop/eu-west-1: 2 to change, 0 to add, 0 to remove',
    '✅ docs in shop/eu-west-1: would not change',
    '❌ worker in shop/eu-west-1: could not be deployed, 1 check failed (1 to change, 0 to add, 0 to remove)',
  ],
);

test('several services of one job are a row each, by cluster and environment, among those of the other jobs', () => {
  const staging = entry('web', '📝 web in shop/eu-west-1 (environment staging): 2 to change, 1 to add, 0 to remove');
  const rows = (text: string) => text.split('\n\n').slice(1, 3);
  const expected = [
    '### ❌ 4 services: 1 could not be deployed, 2 would change, 1 would not change (5 to change, 1 to add, 0 to remove)',
    [
      '| Service | Result |',
      '| --- | --- |',
      '| ❌ worker in shop/eu-west-1 | could not be deployed, 1 check failed (1 to change, 0 to add, 0 to remove) |',
      '| 📝 api in shop/eu-west-1 | 2 to change, 0 to add, 0 to remove |',
      '| 📝 web in shop/eu-west-1 (environment staging) | 2 to change, 1 to add, 0 to remove |',
      '| ✅ docs in shop/eu-west-1 | would not change |',
    ].join('\n'),
  ];
  expect(rows(merged(SHOP, staging))).toEqual(expected);
  expect(rows(merged(staging, SHOP))).toEqual(expected);
  const page = render(merged(SHOP, staging));
  expect(tagsOf(page).filter((tag) => tag === 'tr')).toHaveLength(5);
  expect(tagsOf(page).filter((tag) => tag === 'details')).toHaveLength(2);
  expect(page.replaceAll(/<!--.*?-->/g, '')).not.toContain('ecs-rollout');

  // A later run replaces all rows of its job, and keeps those of the other.
  const [, ...mended] = [
    '',
    '📝 api in shop/eu-west-1: 1 to change, 0 to add, 0 to remove',
    '✅ new in shop/eu-west-1: would not change',
  ];
  const later = merged(
    SHOP,
    staging,
    several('shop', '📝 shop/eu-west-1: 1 of 2 services would change', mended, { run: 43 }),
  );
  expect(
    [...later.matchAll(/^\| \S+ (\w+) in .*$/gm)].map(([row, name]) => [name, row?.includes('earlier run')]),
  ).toEqual([
    ['api', false],
    ['web', true],
    ['new', false],
  ]);
});

test('what a deploy did to several services: failed, skipped and deployed are words', () => {
  const text = merged(
    several('shop', '❌ shop/eu-west-1: 2 of 3 services not deployed', [
      '✅ api in shop/eu-west-1: deployed `api:8`',
      '❌ worker in shop/eu-west-1: `worker:3` failed and was rolled back',
      '⏭️ docs in shop/eu-west-1: skipped',
    ]),
    WEB,
  );
  expect(text).toContain(
    '### ❌ 4 services: 1 failed, 1 skipped, 1 would change, 1 deployed (2 to change, 1 to add, 0 to remove)',
  );
});

test('the hidden line of several services: any name, no end of a comment, and edited by hand it is no row', () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 4 }), (names) => {
      const titles = names.map((name) => `📝 ${prose(name) || 'x'}: 1 to change`);
      const line = servicesLine(titles);
      expect(line.slice(4, -3)).not.toMatch(/[<>\n]|--/);
      const text = merged(several('odd', '📝 odd', titles), API);
      expect(text.match(/^\| (?!Service|---)/gm)).toHaveLength(titles.length + 1);
      expect(mergeEntry(text, API, 'release')).toBe(text);
    }),
  );
  for (const edited of ['[1', '[]', '{}'])
    expect(merged(SHOP.replace(/services \[.*\]/, `services ${edited}`), WEB)).toContain(
      '| ❌ shop/eu-west-1 | 1 of 3 services could not be deployed (3 to change, 0 to add, 0 to remove) |',
    );
});

test('too many services for one comment: the parts below are shortened, then the rows of the largest job', () => {
  const many = Array.from(
    { length: 300 },
    (_, n) => `📝 service-${n} in a-cluster-with-a-long-name/eu-central-1: 1 to change, 0 to add, 0 to remove`,
  );
  const big = several('big', '📝 a: 300 of 300 services would change (300 to change, 0 to add, 0 to remove)', many, {
    body: 'x '.repeat(20_000),
  });
  const text = merged(big, SHOP, WEB);
  expect(text.length).toBeLessThanOrEqual(65_536);
  expect(text).toContain('| 📝 service-299 in');
  expect(text).not.toContain('x x');
  const huge = merged(big, big.replace(' big ', ' other '), SHOP);
  expect(huge.length).toBeLessThanOrEqual(65_536);
  expect(huge).toContain('| ❌ worker in shop/eu-west-1 |');
  expect([holdsEntry(huge, big), holdsEntry(huge, SHOP)]).toEqual([true, true]);
});

test('the order in which jobs write makes no difference, and each replaces its own alone', () => {
  const orders = [
    [WEB, API, CRON],
    [CRON, API, WEB],
    [API, CRON, WEB, API],
  ];
  expect(new Set(orders.map((order) => merged(...order))).size).toBe(1);
  const better = entry('api', '📝 api in shop/eu-west-1: 1 to change, 0 to add, 0 to remove', { run: 43 });
  const text = merged(WEB, API, better);
  expect(text).not.toContain('could not be deployed');
  expect(text).toContain('| 📝 web in shop/eu-west-1 | 2 to change, 1 to add, 0 to remove (of an earlier run) |');
  expect([holdsEntry(text, better), holdsEntry(text, WEB), holdsEntry(text, API)]).toEqual([true, true, false]);
});

test('each outcome has its place, and what is not known comes last', () => {
  const icons = ['✅', '🚀', '🤷', '📝', '⏭️', '⏸️', '⚠️', '❌'];
  const text = merged(...icons.map((icon, n) => entry(`${n}`, `${icon} s${n} in a/b: x`)));
  const rows = [...text.matchAll(/^\| (\S+) s\d in/gm)].map(([, icon]) => icon);
  expect(rows).toEqual(['❌', '⚠️', '⏸️', '⏭️', '📝', '🚀', '✅', '🤷']);
});

test('a title without a result is a row without one, and bars are no cells', () => {
  const text = merged(entry('a', '✅ web'), entry('b', '✅ api in a/b: `x | y`'));
  expect(text).toContain('| ✅ web |  |');
  expect(text).toContain('| ✅ api in a/b | `x \\| y` |');
});

test('a heading is the first line that is one, and the run is the last that is named', () => {
  const odd = entry('odd', '✅ odd in a/b: x', {
    body: '#### Deeper\n\ntext ### ❌ no heading\n\nsee /actions/runs/7/',
    run: 42,
  });
  expect(merged(odd, WEB)).toContain('| ✅ odd in a/b | x |');
});

test('an entry that was edited by hand is not kept', () => {
  const comment = merged(API, WEB);
  const edited = comment.replace(`${WEB}\n\n`, `${WEB}\nA remark\n`);
  expect(edited).not.toBe(comment);
  expect([holdsEntry(edited, WEB), holdsEntry(edited, API)]).toEqual([false, true]);
});

test('an entry without a run, and one without anything below its first line', () => {
  const nameless = '<!-- ecs-rollout n -->\n\n### ✅ n in a/b: x\n\nbody';
  expect(merged(nameless, WEB)).toContain('| ✅ n in a/b | x (of an earlier run) |');
  const hollow = `${sharedMarker('release')}\n\n<!-- ecs-rollout h -->\n\n<!-- ecs-rollout end -->`;
  expect(mergeEntry(hollow, WEB, 'release')).toBe(merged(WEB));
});

test('the longest entry is shortened first, wherever it stands', () => {
  const of = (key: string, length: number) => entry(key, `📝 ${key} in a/b: x`, { body: `${key} `.repeat(length / 2) });
  const text = merged(of('a', 20_000), of('b', 40_000), of('c', 20_000));
  expect([text.includes('a a'), text.includes('b b'), text.includes('c c')]).toEqual([true, false, true]);
});

test('a result is all that follows the place, colons included', () => {
  expect(merged(entry('a', '✅ web in a/b: x: y: z'), WEB)).toContain('| ✅ web in a/b | x: y: z |');
});

test('what others have written into the comment is no entry', () => {
  const text = `Hello\n\n${WEB}\n\n`;
  expect(mergeEntry(text, API, 'release')).toBe(merged(API));
  expect(holdsEntry(text, WEB)).toBe(false);
  expect(holdsEntry('<!-- ecs-rollout end -->', WEB)).toBe(false);
});

test('a workflow is known by its name, whatever signs it has', () => {
  expect(sharedMarker('a-->b')).toBe('<!-- ecs-rollout all a%2D%2D%3Eb -->');
  expect(sharedMarker('')).toBe('<!-- ecs-rollout all %20 -->');
  expect(sharedMarker('\ud800')).toBe('<!-- ecs-rollout all %EF%BF%BD -->');
});

test('a shortened entry keeps where it comes from', () => {
  const long = entry('long', '📝 long in a/b: x', { body: 'x '.repeat(33_000), run: 77 });
  const text = merged(long);
  expect(text).toContain('The rest is too long for this comment; the job summary has it.');
  expect(text).toContain('/actions/runs/77/');
  expect(text).toContain('### 📝 long in a/b: x');
});

test('too much for one comment: the longest entry keeps its title', () => {
  const long = entry('long', '📝 long in a/b: 1 to change, 0 to add, 0 to remove', { body: 'x '.repeat(30_000) });
  const other = entry('other', '📝 other in a/b: 1 to change, 0 to add, 0 to remove', { body: 'y '.repeat(10_000) });
  const text = merged(long, other, WEB);
  expect(text.length).toBeLessThanOrEqual(65_536);
  expect(text).not.toContain('x x');
  expect(text).toContain('y y');
  expect(holdsEntry(text, long)).toBe(true);
  expect(
    merged(
      ...Array.from({ length: 9 }, (_, n) =>
        entry(`${n}`, `📝 ${n} in a/b: 1 to change`, { body: 'z '.repeat(32_000) }),
      ),
    ).length,
  ).toBeLessThanOrEqual(65_536);
});

test('no text of an entry ends it or begins another one', () => {
  fc.assert(
    fc.property(nasty, nasty, (title, body) => {
      const odd = entry('odd', `❌ ${prose(title)}`, { body: `${prose(body)}\n\n- ${prose(body)}` });
      const text = merged(odd, WEB);
      expect([holdsEntry(text, odd), holdsEntry(text, WEB)]).toEqual([true, true]);
      expect(mergeEntry(text, odd, 'release')).toBe(text);
      expect(textOf(render(text))).toContain('2 services: 1 failed, 1 would change');
    }),
  );
});
