import { asFailure } from '../../src/failure.ts';
import { exactNumber, lineAt, parseJson } from '../../src/taskdef/json-file.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { costOf } from '../support/cost.ts';

const MIB = 1024 * 1024;

/** Files that are small enough to be read, and would take long, or more stack than there is. */
test.each<[situation: string, parse: (text: string, name: string) => unknown, text: string, words: RegExp]>([
  ['3,000 lists of JSON', parseJson, '['.repeat(3000) + ']'.repeat(3000), /more than 100 levels/],
  ['3,000 objects of JSON', parseJson, '{"a":'.repeat(3000), /more than 100 levels/],
  ['a MiB of brackets', parseJson, '['.repeat(MIB), /more than 100 levels/],
  ['3,000 lists of YAML', parseYaml, '['.repeat(3000) + ']'.repeat(3000), /more than 100 levels/],
  ['lists on one line', parseYaml, `${'- '.repeat(3000)}a`, /more than 100 levels/],
  [
    'objects by indentation',
    parseYaml,
    Array.from({ length: 900 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    /levels/,
  ],
  ['keys', parseYaml, Array.from({ length: 60_000 }, (_, i) => `k${i}: v`).join('\n'), /more than 2000 members/],
  ['aliases', parseYaml, `a: &a 1\nb: [${'[*a,*a,*a,*a,*a],'.repeat(4_000)}]`, /more than 2000 aliases/],
  ['values', parseYaml, 'a: [b, c]\n'.repeat(MIB / 10), /members|tokens/],
  ['colons', parseYaml, `a: ${': '.repeat(MIB / 3)}`, /levels/],
])('%s are refused at once', (_, parse, text, words) => {
  const refused = () => {
    try {
      return parse(text, 'td');
    } catch (failure) {
      return asFailure(failure).describe();
    }
  };
  expect(refused()).toMatch(words);
  expect(costOf(refused)).toBeLessThan(1000);
});

test('what task definitions have is far below: 64 KiB, deep, with brackets in text and comments', () => {
  const environment = Array.from({ length: 1200 }, (_, i) => ({ name: `VARIABLE_${i}`, value: '[[[[{{{{' }));
  const json = `/* ${'['.repeat(500)} */ ${JSON.stringify({ environment, more: '['.repeat(500) })} // ${'{'.repeat(500)}`;
  expect(parseJson(json, 'td')).toMatchObject({ environment });
  const lines = environment.map(({ name, value }) => `  - name: ${name}\n    value: "${value}"`);
  expect(parseYaml(`environment:\n${lines.join('\n')}\n`, 'td')).toEqual({ environment });
  let deep: unknown = 'x';
  for (let i = 0; i < 90; i++) deep = [deep];
  expect(parseJson(JSON.stringify(deep), 'td')).toEqual(deep);
  expect(parseYaml(JSON.stringify(deep), 'td')).toEqual(deep);
});

const failure = (text: string): string => {
  try {
    parseJson(text, 'td.json');
    return 'it was taken';
  } catch (thrown) {
    return asFailure(thrown).message;
  }
};

test.each<[string, string, unknown]>([
  [
    'comments, trailing commas and a byte order mark',
    '\uFEFF{ // one\n "a": [1, /* two */ 2,], /* three */ }',
    { a: [1, 2] },
  ],
  [
    'numbers that JavaScript writes otherwise',
    '{"a": 2.0, "b": 12e3, "c": 12345678901234567890, "d": 7, "e": -0.5}',
    { a: '2.0', b: '12e3', c: '12345678901234567890', d: 7, e: -0.5 },
  ],
  ['all kinds of values', '[null, true, false, "x\\n", [], {}]', [null, true, false, 'x\n', [], {}]],
  ['nothing', 'null', null],
  [
    'fields of objects are fields, whatever their name',
    '{"__proto__": 1, "toString": 2}',
    JSON.parse('{"__proto__": 1, "toString": 2}'),
  ],
])('JSON: %s', (_, text, value) => expect(parseJson(text, 'td.json')).toEqual(value));

test.each<[string, string, string, string, number]>([
  [
    'a placeholder without quotes',
    '{"cpu": ${CPU}}',
    'a placeholder without quotes ("${NAME}" takes the type of its field) at line 1, column 9.',
    '{"cpu": *{***}}',
    8,
  ],
  [
    'single quotes',
    "{'family': 1}",
    'single quotes, where JSON takes double quotes at line 1, column 2.',
    '{********: *}',
    1,
  ],
  [
    'a field twice',
    '{"a": 1,\n "a": "hunter2"}',
    '`a` occurs twice in one object at line 2, column 2.',
    ' "a": "*******"}',
    1,
  ],
  [
    'a missing comma',
    '{"a": 1\n "b": "x"}',
    'comma expected (probably at the end of line 1) at line 2, column 2.',
    ' "*": "*"}',
    1,
  ],
  ['a value that is missing', '{"a": }', 'value expected at line 1, column 7.', '{"a": }', 6],
  [
    'a text that does not end',
    '{"a": "hunter2\n}',
    'unexpected end of string at line 1, column 7.',
    '{"a": "*******',
    6,
  ],
  ['a line of Windows', '{\r\n\t"a": hunter2\r\n}', 'invalid symbol at line 2, column 7.', ' "a": *******', 6],
])('JSON that is not right: %s', (_, text, problem, line, column) => {
  expect(failure(text)).toBe(`td.json is not valid JSON: ${problem}\n  ${line}\n  ${' '.repeat(column)}^`);
});

test('of one long line what is around the mistake is shown', () => {
  const [, line = '', mark = ''] = failure(`{"a": [${'1,'.repeat(500)} x ${',1'.repeat(500)}]}`).split('\n');
  expect(line.trimEnd().length).toBeLessThanOrEqual(162);
  expect(line[mark.indexOf('^')]).toBe('*');
});

test.each<[string, string, string]>([
  ['a key where a value is due', '{"a": "hunter2": 1}', '{"a": "*******": *}'],
  ['sizes and ports are shown', '{"memory": "1024" "cpu": 256}', '{"memory": "1024" "cpu": 256}'],
  ['a number elsewhere', '{"value": "1024" "x": 256}', '{"value": "****" "x": ***}'],
  ['a text in a list', '["hunter2": 1}', '["*******": *}'],
  ['a key behind a lost quote', '{"a": hunter2", "b": 1}', '{"a": *******"**"*"****'],
  ['a comment', '{"a": /* hunter2 */ x}', '{"a": ************* *}'],
])('what may be a secret is covered: %s', (_, text, shown) => {
  const [, line = ''] = failure(text).split('\n');
  expect(line.trim()).toBe(shown);
});

test.each<[string, boolean]>([
  [`${'['.repeat(100)}${']'.repeat(100)}`, true],
  [`${'['.repeat(101)}${']'.repeat(101)}`, false],
  [`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, true],
  [`${'{"a":'.repeat(101)}1${'}'.repeat(101)}`, false],
  [`[${'[],'.repeat(200)}1]`, true],
  [`[${'{},'.repeat(200)}1]`, true],
  [`["${'['.repeat(200)}", "\\"${'['.repeat(200)}"]`, true],
  [`[1 // ${'['.repeat(200)}\n]`, true],
  [`[1 /* ${'['.repeat(200)} */]`, true],
  [`[1] // ${'['.repeat(200)}`, true],
  [`/**/ ${'['.repeat(101)}`, false],
  [`// x\n${'['.repeat(101)}`, false],
  [`"x" ${'['.repeat(101)}`, false],
  [`"x\n ${'['.repeat(101)}`, false],
])('brackets outside of texts and comments count to 100: %.30s', (text, taken) => {
  const message = failure(text);
  if (taken) expect(message).toBe('it was taken');
  else expect(message).toBe('td.json is nested more than 100 levels deep, more than is read here.');
});

test('the line that an offset is in', () => {
  const text = 'ab\ncd\n';
  expect([0, 1, 2, 3, 5, 6].map((offset) => text.slice(...lineAt(text, offset)))).toEqual([
    'ab',
    'ab',
    'ab',
    'cd',
    'cd',
    '',
  ]);
});

test.each([
  [1, '1', 1],
  [1, '1.0', '1.0'],
  [1e3, '1e3', '1e3'],
])('%j written as %s is %j', (value, source, expected) => expect(exactNumber(value, source)).toBe(expected));

const OTHER = 'a placeholder of another tool';
const TYPED = 'which takes the type of its field)';
test.each<[string, string]>([
  ['{"cpu": {{ cpu }} }', `${OTHER}, \`{{ cpu }}\`, without quotes (write "\${CPU}", ${TYPED} at line 1, column 9.`],
  ['{"cpu": {{ env `CPU` `256` }} }', `without quotes (write "\${CPU:-256}", ${TYPED} at line 1, column 9.`],
  ['{"cpu": <CPU>}', `${OTHER}, \`<CPU>\`, without quotes (write "\${CPU}", ${TYPED} at line 1, column 9.`],
  ['{"cpu": $CPU}', `${OTHER}, \`$CPU\`, without quotes (write "\${CPU}", ${TYPED}`],
  ['{"cpu": __CPU__}', `${OTHER}, \`__CPU__\`, without quotes`],
  ['{"cpu": #{Cpu}#}', `${OTHER}, \`#{Cpu}#\`, without quotes (write "\${CPU}"`],
  ['{"cpu": $hunter2}', `${OTHER} without quotes (write "\${NAME}", ${TYPED}`],
  [
    '{"a": [{% for x in y %}1{% endfor %}]}',
    'a statement of another template language (`{%`): only `${NAME}` and `${NAME:-default}` are filled here at line 1, column 8.',
  ],
  ['{"a": [{{#each x}}1{{/each}}]}', 'a statement of another template language (`{{#`)'],
  ['{"a": ${jsonencode(x)}}', 'an expression of another tool without quotes (`${...}`)'],
])('a template of another tool: %s', (text, problem) => {
  expect(failure(text)).toContain(`td.json is not valid JSON: `);
  expect(failure(text)).toContain(problem);
  expect(failure(text)).not.toContain('hunter2');
});
