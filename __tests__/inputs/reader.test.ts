import { quoteAll, type Reader, shorten } from '../../src/inputs/reader.ts';
import { type Given, read } from './made.ts';

const one = <T>(text: string | undefined, how: (reader: Reader) => T) =>
  read<T>(text === undefined ? {} : { comment: text }, how);

test.each([undefined, '', ' \n '])('an input that is %j is not set', (text) => {
  const { value, mistakes } = one(text, (reader) => [
    reader.raw('comment'),
    reader.text('comment'),
    reader.isSet('comment'),
    reader.boolean('comment'),
    reader.integer('comment', { min: 0, max: 9, unit: 'a digit' }),
    reader.choice('comment', ['on', 'off']),
    reader.shaped('comment', { pattern: /x/, expected: 'an x' }),
    reader.words('comment'),
    ...reader.lines('comment'),
    ...reader.list('comment'),
    ...reader.pairs('comment'),
    ...reader.settings('comment', 'value-needed'),
  ]);
  expect(value).toEqual([undefined, undefined, false, ...Array<undefined>(5).fill(undefined)]);
  expect(mistakes).toEqual([]);
});

test('the text is trimmed where it is one value, and kept where it is a block', () => {
  const { value } = one('  a  ', (reader) => [reader.raw('comment'), reader.text('comment'), reader.isSet('comment')]);
  expect(value).toEqual(['  a  ', 'a', true]);
  expect(one(' FALSE ', (reader) => reader.isSet('comment')).value).toBe(false);
});

test.each<[string, boolean | string]>([
  ['true', true],
  ['True', true],
  ['TRUE', true],
  [' false ', false],
  ['False', false],
  ['FALSE', false],
  ...['yes', 'Y', 'on', '1', 'enable', 'Enabled'].map((text): [string, string] => [text, 'Write `true`.']),
  ...['no', 'N', 'OFF', '0', 'disable', 'disabled'].map((text): [string, string] => [text, 'Write `false`.']),
  ...['tRUE', 'truex', 'xtrue', 'falsex', 'xfalse', 'yesx', 'xyes', 'nope', 'ano', 'null'].map(
    (text): [string, string] => [text, 'Write `true` or `false`.'],
  ),
])('the boolean %s: %s', (text, expected) => {
  const { value, mistakes } = one(text, (reader) => reader.boolean('comment'));
  if (typeof expected === 'boolean') expect([value, mistakes]).toEqual([expected, []]);
  else expect([value, mistakes]).toEqual([undefined, [`comment: \`${text}\` is not a boolean. ${expected}`]]);
});

test.each<[string, number | string]>([
  ['1', 1],
  ['+3', 3],
  ['10', 10],
  ['007', 7],
  ['11', 'is out of range.'],
  ['-3', 'is out of range.'],

  ['5x', 'is not a whole number.'],
  ['x5', 'is not a whole number.'],
  ['1e1', 'is not a whole number.'],
  ['+', 'is not a whole number.'],
  ['-600', 'is out of range.'],
  ['3601', 'is out of range.'],
])('the number %s from 1 to 10: %s', (text, expected) => {
  const { value, mistakes } = one(text, (reader) => reader.integer('comment', { min: 1, max: 10, unit: 'minutes' }));
  if (typeof expected === 'number') expect([value, mistakes]).toEqual([expected, []]);
  else expect([value, mistakes]).toEqual([undefined, [`comment: \`${text}\` ${expected} Give minutes, from 1 to 10.`]]);
});

test.each([
  ['600', 1, 'minutes', ' 600 seconds are `10` minutes.'],
  ['60', 0, 'minutes', ' 60 seconds are `1` minutes.'],
  ['660', 1, 'minutes', ''],
  ['5000', 1, 'seconds', ' 5000 milliseconds are `5` seconds.'],
  ['5000', 1, 'milliseconds', ''],
  ['5000', 1, 'a number of tasks', ''],
])('the number %s from %i to 10 of %s: a smaller unit%s', (text, min, unit, hint) => {
  const { mistakes } = one(text, (reader) => reader.integer('comment', { min, max: 10, unit }));
  expect(mistakes).toEqual([`comment: \`${text}\` is out of range. Give ${unit}, from ${min} to 10.${hint}`]);
});

test('0 may be what GitHub passes for a number that the caller of a workflow left out', () => {
  const { mistakes } = one('0', (reader) => reader.integer('comment', { min: 1, max: 10, unit: 'minutes' }));
  expect(mistakes).toEqual([
    expect.stringMatching(/from 1 to 10\. To leave it out .*`number` input of a called workflow/),
  ]);
  const below = one('-1', (reader) => reader.integer('comment', { min: 0, max: 10, unit: 'minutes' }));
  expect(below.mistakes).toEqual(['comment: `-1` is out of range. Give minutes, from 0 to 10.']);
});

test.each<[string, string | undefined, string[]]>([
  ['SERVICE', 'service', []],
  ['task', 'task', []],
  ['servcie', undefined, ['comment: `servcie` is not one of `service`, `task`. Did you mean `service`?']],
  ['x', undefined, ['comment: `x` is not one of `service`, `task`. Write one of them.']],
])('the choice %s', (text, expected, mistakes) => {
  expect(one(text, (reader) => reader.choice('comment', ['service', 'task']))).toMatchObject({
    value: expected,
    mistakes,
  });
});

test('a value of a shape, or what is expected', () => {
  const shape = { pattern: /^\d+$/, expected: 'digits' };
  expect(one('12', (reader) => reader.shaped('comment', shape)).value).toBe('12');
  expect(one('x', (reader) => reader.shaped('comment', shape))).toMatchObject({
    value: undefined,
    mistakes: ['comment: `x` is not right. Expected digits.'],
  });
});

test('lists, lines and words', () => {
  expect(one('a, "b, c"\nd', (reader) => reader.list('comment')).value).toEqual(['a', 'b, c', 'd']);
  expect(one(' a, b \n\n c', (reader) => reader.lines('comment')).value).toEqual(['a, b', 'c']);
  expect(one('run "two words"', (reader) => reader.words('comment')).value).toEqual(['run', 'two words']);
  expect(one('a "b', (reader) => reader.words('comment'))).toMatchObject({
    value: [],
    mistakes: ['comment: has a double quote that is never closed. undefined'],
  });
});

describe('pairs', () => {
  const NAMES = { pattern: /^[a-z]+$/, expected: 'small letters' };
  test.each<[string, string, Parameters<Reader['pairs']>[1], readonly (readonly string[])[], string[]]>([
    [
      'one per line',
      'a=1\nb.c=2',
      {},
      [
        ['a', '1'],
        ['b.c', '2'],
      ],
      [],
    ],
    ['a name with a space, where it is a key', 'a b=1', {}, [['a b', '1']], []],
    [
      'a name with a space, where it is a variable',
      'a b=1',
      { kind: 'variables' },
      [],
      ['comment: the name on line 1 has a space in it. Write `NAME=value`.'],
    ],
    [
      'no =',
      'a=1\nb',
      {},
      [['a', '1']],
      [
        'comment: line 2 has no `=`. Write `NAME=value`; for a value of several lines `NAME<<EOF`, the lines, and `EOF`.',
      ],
    ],
    ['no name', '=1', {}, [], ['comment: line 1 has no name before its `=`. Write `NAME=value`.']],
    ['a blank name in JSON', '{" ": "1"}', {}, [], ['comment: line 1 has no name before its `=`. Write `NAME=value`.']],
    [
      'a space before the =',
      'a =1',
      {},
      [],
      ['comment: `a` has a space before its `=`. Write `a=value`, without spaces at the `=`.'],
    ],
    [
      'a space before the = of a secret below another',
      'x=1\na =1',
      { kind: 'secrets' },
      [['x', '1']],
      ['comment: line 2 has a space before its `=`. Write `NAME=value`, without spaces at the `=`.'],
    ],
    [
      'a name of another shape',
      'a=1\nB=2',
      { names: NAMES },
      [['a', '1']],
      ['comment: `B` (line 2) does not begin with a valid name. Expected small letters.'],
    ],
    [
      'a name of another shape that may be secret',
      'B=2',
      { names: NAMES, kind: 'secrets' },
      [],
      ['comment: line 1 does not begin with a valid name. Expected small letters.'],
    ],
    ['a name twice', 'a=1\na=2', {}, [['a', '1']], ['comment: `a` occurs twice. Keep one of them.']],
    [
      'a name twice among secrets',
      'a=1\na=2',
      { kind: 'secrets' },
      [['a', '1']],
      ['comment: line 2 occurs twice. Keep one of them.'],
    ],
    [
      'a secret in JSON twice is shown',
      '{"a": "1", "B": "x"}',
      { kind: 'secrets', names: NAMES },
      [['a', '1']],
      ['comment: line 2 does not begin with a valid name. Expected small letters.'],
    ],
    [
      'a slip of a first secret',
      '- a=1',
      { kind: 'secrets' },
      [],
      [
        'comment: line 1 begins with `- `, as an item of a YAML list does. This input is text: write `a=value` without the dash, below `|`.',
      ],
    ],
    [
      'a slip of a later secret',
      'x=1\n- a=1',
      { kind: 'secrets' },
      [['x', '1']],
      ['comment: line 2 is not `id=value`. For a value of several lines write `id<<EOF`, the lines, and a line `EOF`.'],
    ],
    [
      'folded lines of variables',
      'A=1 B=2',
      { kind: 'variables' },
      [],
      [
        expect.stringMatching(
          /^comment: line 1 holds several settings \(A, B\), which would become the value of `A`\./,
        ) as unknown as string,
      ],
    ],
    [
      'many folded lines',
      'A=1 B=2 C=3 D=4 E=5',
      { kind: 'variables' },
      [],
      [expect.stringContaining('(A, B, C, D)') as unknown as string],
    ],
    [
      'folded lines of small names, where those are names',
      'a=1 b=2',
      { kind: 'variables', folded: /^[a-z]$/ },
      [],
      [expect.stringContaining('(a, b)') as unknown as string],
    ],
    ['what looks folded in a setting', 'A=1 B=2', {}, [['A', '1 B=2']], []],
    [
      'a key of several lines swallows the rest',
      'A=-----BEGIN KEY-----\nMII\n=\n',
      { kind: 'variables' },
      [],
      [expect.stringContaining('`A<<EOF`') as unknown as string],
    ],
    [
      'a list in JSON',
      '[{"a": 1}]',
      {},
      [],
      [
        'comment: is a JSON list, but takes a JSON object or lines. Write `{"NAME": "value"}`, or one `NAME=value` per line.',
      ],
    ],
  ])('%s', (_, text, rules, pairs, mistakes) => {
    expect(one(text, (reader) => reader.pairs('comment', rules))).toMatchObject({ value: pairs, mistakes });
  });

  test('quotes around a value are a warning where the name is a variable', () => {
    expect(one('A="1"', (reader) => reader.pairs('comment', { kind: 'variables' })).warnings).toEqual([
      'comment: the quotes around the value of `A` are a part of it. Remove them if they are not meant: values are taken as they are.',
    ]);
    expect(one('A="1"', (reader) => reader.pairs('comment')).warnings).toEqual([]);
    expect(one('A=1', (reader) => reader.pairs('comment', { kind: 'variables' })).warnings).toEqual([]);
  });
});

describe('settings', () => {
  test.each<[string, string, Parameters<Reader['settings']>[1], string[], string[]]>([
    ['values', 'a=1\nb=', 'value-needed', ['a=1', 'b='], []],
    ['a bare name where it is allowed', 'a\nB.c-1=2', 'bare-allowed', ['a', 'B.c-1=2'], []],
    ['a bare name where it is not', 'a', 'value-needed', [], ['line 1 is not `name=value`.']],
    ['what cannot be a name', '1a', 'bare-allowed', [], ['line 1 is not `name=value`.']],
    ['two words without a value', 'a b', 'bare-allowed', [], ['line 1 is not `name=value`.']],
    ['no name', ' =1', 'bare-allowed', [], ['line 1 is not `name=value`.']],
    ['a space in the name of an argument', 'a b=1', 'bare-allowed', [], ['the name on line 1 has a space in it.']],
    ['a space in the name of a setting', 'a b=1', 'value-needed', ['a b=1'], []],
    [
      'folded arguments',
      'A=1 B=2',
      'bare-allowed',
      [],
      ['line 1 holds several settings (A, B), which would become the value of `A`.'],
    ],
    ['folded settings', 'A=1 B=2', 'value-needed', ['A=1 B=2'], []],
    ['a slip', 'export A=1\nB=2', 'bare-allowed', ['B=2'], ['line 1 begins with `export `, as a command does.']],
    [
      'a slip that swallows the rest',
      'A=-----BEGIN KEY-----\nMII\nB=2',
      'bare-allowed',
      [],
      ['the value of `A` has several lines, but only its first line would be read.'],
    ],
  ])('%s', (_, text, bare, settings, problems) => {
    const { value, mistakes } = one(text, (reader) => reader.settings('comment', bare));
    expect(value).toEqual(settings);
    expect(mistakes).toEqual(problems.map((problem) => expect.stringContaining(`comment: ${problem} `)));
  });
});

test.each<[string, string, string]>([
  ['white space is one space', 'a \n\t b', 'a b'],
  ['80 characters stay', 'a '.repeat(40).trim(), 'a '.repeat(40).trim()],
  ['81 are cut at 77', `${'a '.repeat(40)}b`, `${'a '.repeat(40).slice(0, 77)}...`],
  ['a secret', 'Zx8Qm2Lr7Tp0Vb4Nc9Ws', '***'],
  ['a secret among other words', 'password=hunter2 x', 'password=*** x'],
])('what a message shows: %s', (_, text, shown) => expect(shorten(text)).toBe(shown));

test('names in backticks', () => {
  const given: Given = { a: '1', b: '2' };
  expect(quoteAll(Object.keys(given))).toBe('`a`, `b`');
});
