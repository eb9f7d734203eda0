import fc from 'fast-check';
import { prose } from '../../src/report/markdown.ts';
import { holdsEntry, mergeEntry, sharedMarker } from '../../src/report/shared-comment.ts';
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
    '### 3 services',
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
  const icons = ['✅', '🚀', '🤷', '📝', '⏸️', '⚠️', '❌'];
  const text = merged(...icons.map((icon, n) => entry(`${n}`, `${icon} s${n} in a/b: x`)));
  const rows = [...text.matchAll(/^\| (\S+) s\d in/gm)].map(([, icon]) => icon);
  expect(rows).toEqual(['❌', '⚠️', '⏸️', '📝', '🚀', '✅', '🤷']);
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
      expect(textOf(render(text))).toContain('2 services');
    }),
  );
});
