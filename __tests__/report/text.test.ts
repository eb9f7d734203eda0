import { duration } from '../../src/duration.ts';
import { code, fenced, folded, html, isAddress, linked, prose, table } from '../../src/report/markdown.ts';
import { capitalised, counted, elapsed, listed, oneLine, plain, shortDigests, shortId } from '../../src/report/text.ts';

test.each([
  [-5, '0 s'],
  [0.4, '0 s'],
  [59.6, '1 min'],
  [60, '1 min'],
  [80, '1 min 20 s'],
  [3599, '59 min 59 s'],
  [3600, '1 h'],
  [3630, '1 h'],
  [3720, '1 h 2 min'],
])('%d seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

test.each([
  [0, '0:00'],
  [-3, '0:00'],
  [5, '0:05'],
  [750, '12:30'],
  [3599, '59:59'],
  [3600, '1:00:00'],
  [3723, '1:02:03'],
])('%d seconds after the start the clock shows %s', (seconds, text) => expect(elapsed(100 + seconds, 100)).toBe(text));

test('counts and lists', () => {
  expect([0, 1, 2].map((count) => counted(count, 'task'))).toEqual(['0 tasks', '1 task', '2 tasks']);
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c']);
  expect([capitalised('ecs said'), capitalised('')]).toEqual(['Ecs said', '']);
  expect(shortId('0123456789abcdef')).toBe('01234567');
});

test.each([
  ['white space of any kind is one space', '  a\n\t b  ', 20, 'a b'],
  ['what fits exactly stays', 'abcdefghij', 10, 'abcdefghij'],
  ['a cut is before a word', 'one two three four', 14, 'one two...'],
  ['a cut at a space keeps the word before it', 'one two three four', 10, 'one two...'],
  ['of one long word the beginning stays', 'abcdefghijklmnop', 10, 'abcdefg...'],
  ['a word that is most of the text is cut inside', 'a bcdefghijklmnopqrstuv', 12, 'a bcdefgh...'],
  ['a cut at a space looks at no other character', 'abcd ef ghijklmno', 10, 'abcd ef...'],
  ['no space is left before the cut', 'a bcdef', 5, 'a...'],
  ['a long text that fits once its white space is one space stays', `a${' '.repeat(900)}b`, 3, 'a b'],
  ['characters outside the basic plane count once', '😀😀😀😀😀', 5, '😀😀😀😀😀'],
])('%s', (_, text, limit, line) => expect(oneLine(text, limit)).toBe(line));

test('no control sequence is left', () => {
  expect(plain('\u001b[31mred\u001b[0m')).toBe('red');
  expect(plain('\u001b]8;;https://x.example\u0007link')).toBe('link');
  expect(plain('a\u0000b\rc\u202ed')).toBe('a b c d');
  expect(plain('a\n\tb')).toBe('a\n\tb');
});

test.each([
  ['https://console.aws.amazon.com/ecs/v2?region=x', true],
  ['http://console.aws.amazon.com/', false],
  ['https://', false],
  ['https://x.example/a b', false],
  ['https://x.example/(a)', false],
  ['https://x.example/`a`', false],
  ['x https://x.example/', false],
  [undefined, false],
])('%s as an address: %s', (address, fits) => expect(isAddress(address)).toBe(fits));

test.each([
  ['web', '`web`', '<code>web</code>'],
  ['  a \n b  ', '`a b`', '<code>a b</code>'],
  ['a`b', '``a`b``', '<code>a`b</code>'],
  ['`a', '`` `a ``', '<code>`a</code>'],
  ['a``', '``` a`` ```', '<code>a``</code>'],
  ['<a>', '`<a>`', '<code>&lt;a&gt;</code>'],
  ['  ', '', ''],
  ['', '', ''],
])('%j as code', (text, inMarkdown, inHtml) => {
  expect([code(text), html.code(text)]).toEqual([inMarkdown, inHtml]);
});

test('a name is a link where its address is known', () => {
  const address = 'https://x.example/a?b=1&c=2';
  expect(linked('a', address)).toBe('<a href="https://x.example/a?b=1&amp;c=2">`a`</a>');
  expect(html.linked('a', address)).toBe('<a href="https://x.example/a?b=1&amp;c=2"><code>a</code></a>');
  for (const none of [undefined, 'http://x.example']) {
    expect([linked('a', none), html.linked('a', none)]).toEqual(['`a`', '<code>a</code>']);
  }
});

test.each([
  ['plain words stay.', 'plain words stay.'],
  ['  one \n line ', 'one line'],
  ['the field user_id, and more', 'the field `user_id`, and more'],
  ['the "a_b" name', 'the "`a_b`" name'],
  ['the "a_b c"', 'the "`a_b` c"'],
  ['the "a_b, c"', 'the "`a_b`, c"'],
  ['the (a_b) name', 'the (`a_b`) name'],
  ['call f_x(a) now', 'call `f_x(a)` now'],
  ['mentions @somebody.', 'mentions `@somebody`.'],
  ['GH-12 and xGH-12', '`GH-12` and xGH-12'],
  [':smile: here', '`:smile:` here'],
  ['a: b', 'a: b'],
  ['a:b', '`a:b`'],
  ['R&D and &', '`R&D` and &'],
  ['<b> and 1 < 2', '`<b>` and 1 < 2'],
  ['the input `tags`, quoted', 'the input `tags`, quoted'],
  ['`a` `b`', '`a` `b`'],
  ['x`a`', '`` x`a` ``'],
  ['- no list', '\u2060- no list'],
  ['1. no list', '\u20601. no list'],
  ['1 task', '1 task'],
])('%j as prose', (text, shown) => expect(prose(text)).toBe(shown));

test('lines in a fence, a folded part and a table', () => {
  expect(fenced('text', ['a', 'b\nc'])).toBe('```text\na\nb c\n```');
  expect(fenced('diff', ['````'])).toBe('`````diff\n````\n`````');
  expect(folded('A & B', 'text')).toBe('<details><summary>A &amp; B</summary>\n\ntext\n\n</details>');
  expect(table(['a', 'b'], [['1', '2']])).toBe(
    '<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>1</td><td>2</td></tr>\n</table>',
  );
  expect(table([], [['1'], ['2']])).toBe('<table>\n<tr><td>1</td></tr>\n<tr><td>2</td></tr>\n</table>');
});

test('digests are as long as a person compares, and nothing else is shorter', () => {
  const [one, other] = ['ab'.repeat(32), '0'.repeat(64)];
  expect(shortDigests(`a@sha256:${one}: sha256:${other} not found`)).toBe(
    'a@sha256:abababababab: sha256:000000000000 not found',
  );
  for (const text of ['sha256:abc', `sha256:${one}0`, one, `sha512:${one}`]) expect(shortDigests(text)).toBe(text);
});
