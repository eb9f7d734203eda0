import fc from 'fast-check';
import { code, fenced, folded, html, linked, prose } from '../../../src/report/markdown.ts';
import { firstSentence, plain } from '../../../src/report/text.ts';
import { linksOf, render, tagsOf, textOf } from '../../support/gfm.ts';
import { nasty } from '../../support/nasty.ts';

/** What of a text must be seen; backticks around a name are how our own words mark code, and white space is one space. */
const seen = (text: string): string => plain(text).replaceAll(/[`\s\u2060]/g, '');

describe('what GitHub renders of any text is the text, and nothing else', () => {
  test('prose', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const page = render(prose(text));
        expect(tagsOf(page).every((tag) => ['p', 'code', 'a'].includes(tag))).toBe(true);
        expect(seen(textOf(page))).toBe(seen(text));
        for (const address of linksOf(page)) expect(plain(text)).toContain(address);
      }),
      { numRuns: 500 },
    );
  });

  test('prose in a heading, a list and a quote', () => {
    fc.assert(
      fc.property(nasty, nasty, (one, other) => {
        const page = render(
          `## a ${prose(one)}\n\n- ${prose(one)}\n- ${prose(other)}\n\n> **b** ${prose(other)}\n>\n> c`,
        );
        const ours = ['h2', 'ul', 'li', 'blockquote', 'p', 'strong', 'code', 'a'];
        expect(tagsOf(page).filter((tag) => !ours.includes(tag))).toEqual([]);
        expect(seen(textOf(page))).toBe(`a${seen(one)}${seen(one)}${seen(other)}b${seen(other)}c`);
      }),
      { numRuns: 500 },
    );
  });

  test('cells of a table and a folded title', () => {
    fc.assert(
      fc.property(nasty, nasty, (one, other) => {
        const row = `<tr><td>${html.prose(one)}</td><td>${html.code(other)}</td></tr>`;
        const page = render(`${folded(one, `<table>\n${row}\n</table>`)}\n\nend`);
        const ours = ['details', 'summary', 'table', 'tr', 'td', 'code', 'a', 'p'];
        expect(tagsOf(page).filter((tag) => !ours.includes(tag))).toEqual([]);
        expect(seen(textOf(page))).toBe(`${seen(one)}${seen(one)}${seen(other)}end`);
      }),
      { numRuns: 500 },
    );
  });

  test('names, links and fences', () => {
    fc.assert(
      fc.property(nasty, fc.array(nasty), (name, lines) => {
        const page = render(
          `${code(name)} ${linked(name, 'https://x.example/a_b?c=1&d_e=2')}\n\n${fenced('text', lines)}\n\nend`,
        );
        expect(tagsOf(page).filter((tag) => !['p', 'code', 'a', 'pre'].includes(tag))).toEqual([]);
        const text = (part: string): string => plain(part).replaceAll(/[\s\u2060]/g, '');
        expect(textOf(page).replaceAll(/\s/g, '')).toBe(`${text(name)}${text(name)}${lines.map(text).join('')}end`);
        expect(linksOf(page)).toEqual(['https://x.example/a_b?c=1&d_e=2']);
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html?a_b=1&copy=2&lt;#x_y',
  'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/a_b/services/c_d/health?region=eu-west-1&tab=x',
  'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Fweb/log-events/app$252F1',
])('an address stays whole and is a link: %s', (address) => {
  for (const text of [`See ${address}.`, `(${address})`, `a_b, "${address}"; c_d`]) {
    for (const page of [render(prose(text)), render(`<table><tr><td>${html.prose(text)}</td></tr></table>`)]) {
      expect(linksOf(page)).toEqual([address]);
      expect(textOf(page)).toContain(text);
    }
  }
});

test.each(['http://x.example/', 'https://user:word@x.example/', 'https://x.example@evil.example/', 'ftp://x'])(
  'no link: %s',
  (address) => expect(linksOf(render(prose(`see ${address} now`)))).toEqual([]),
);

test.each([
  ['The cluster x_y, and z.', 'The cluster <code>x_y</code>, and z.'],
  ['is it `a`/`b`?', 'is it <code>a</code>/<code>b</code>?'],
  ["`tags`' values", "<code>tags</code>' values"],
  ['web:1: 2 running | web:2: 1', '<code>web:1</code>: 2 running | <code>web:2</code>: 1'],
  ['("a_b")', '(&quot;<code>a_b</code>&quot;)'],
  ['"a_b c"', '&quot;<code>a_b</code> c&quot;'],
])('punctuation stands outside of code: %s', (text, shown) => expect(render(prose(text))).toBe(`<p>${shown}</p>`));

test.each([
  ['ECS refused it. Then this.', 'ECS refused it.', 'Then this.'],
  ['One sentence without an end', 'One sentence without an end', ''],
  ['Set it, e.g. Fargate. Or not.', 'Set it, e.g. Fargate.', 'Or not.'],
  ['`a. B` is wrong. Fix it.', '`a. B` is wrong.', 'Fix it.'],
  ['web:1.2 is old. 3 tasks.', 'web:1.2 is old. 3 tasks.', ''],
  [
    `The role may not register it: User: arn:aws:sts::123456789012:assumed-role/deploy/x is not authorized to perform: ecs:RegisterTaskDefinition on resource: * because no policy allows it`,
    'The role may not register it.',
    'User: arn:aws:sts::123456789012:assumed-role/deploy/x is not authorized to perform: ecs:RegisterTaskDefinition on resource: * because no policy allows it',
  ],
])('the heading of %j is its first sentence', (text, first, rest) =>
  expect(firstSentence(text)).toEqual([first, rest]),
);

test('a first sentence is at most 140 characters, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (text) => {
      const [first, rest] = firstSentence(text);
      expect([...first].length).toBeLessThanOrEqual(141);
      const line = plain(text).replaceAll(/\s+/g, ' ').trim();
      if (rest === '') expect(first).toBe(line);
    }),
  );
});

test.each([
  ['\u001b[1;31mred\u001b[0m', 'red'],
  ['\u009b31mred\u009b0m', 'red'],
  ['\u001b]0;title\u0007text', 'text'],
  ['\u001bPq;data\u001b\\text', 'text'],
  ['\u001b(Btext', 'text'],
  ['gpj.\u202egepj.exe', 'gpj. gepj.exe'],
  ['a\u200fb\u061cc\u200ed', 'a b c d'],
])('terminal sequences and marks of direction are gone from %j', (text, shown) => expect(plain(text)).toBe(shown));
