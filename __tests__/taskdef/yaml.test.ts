import { Lexer } from 'yaml';
import { asFailure } from '../../src/failure.ts';
import type { Json } from '../../src/model.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';

/** What it says of a file that it refuses: the problem with its place, the line as it is shown, the mark below. */
function refused(text: string): readonly [problem: string, line: string, mark: string] {
  try {
    return [`it was taken as ${JSON.stringify(parseYaml(text, 'td.yml'))}`, '', ''];
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    expect(code).toBe('INVALID_TASK_DEFINITION');
    const [problem = '', line = '', mark = ''] = message.split('\n');
    expect(problem).toMatch(/^td\.yml /);
    return [problem.replace('td.yml is not valid YAML: ', ''), line.slice(2), mark.slice(2)];
  }
}

test.each<[string, Json]>([
  ['256', 256],
  ['-1', -1],
  ['0.5', 0.5],
  ['1.10', '1.10'],
  ['007', '007'],
  ['0xE1', '0xE1'],
  ['12345678901234567890', '12345678901234567890'],
  ['true', true],
  ['false', false],
  ['True', 'True'],
  ['FALSE', 'FALSE'],
  ['yes', 'yes'],
  ['~', null],
  ['', null],
  ['"1"', '1'],
  ['"true"', 'true'],
])('%s stays what it is written as', (text, value) =>
  expect(parseYaml(`a:\n  - ${text}\n`, 'td.yml')).toEqual({ a: [value] }),
);

test.each<[string, string, Json]>([
  ['anchors and merges', 'a: &b {c: 64}\nd:\n  - <<: *b\n    e: f\n', { a: { c: 64 }, d: [{ c: 64, e: 'f' }] }],
  ['an alias right behind its anchor', '- &a x\n- *a\n', ['x', 'x']],
  ['an alias of an object that is closed', 'a: &a {b: 1}\nc: [*a, *a]', { a: { b: 1 }, c: [{ b: 1 }, { b: 1 }] }],
  ['one document with its marks', '---\na: 1\n...\n', { a: 1 }],
  ['nothing but a comment', '# nothing', null],
  ['a CloudFormation template, to be reported as such', 'Resources: {A: !Ref B}', { Resources: { A: 'B' } }],
])('takes %s', (_, text, value) => expect(parseYaml(text, 'td.yml')).toEqual(value));

const ITEM = 'neither a field (`name: value`, with a space after the colon) nor an item (`- value`)';
const OPEN = 'a `[` or `{` above is not closed, or the lines within it are not indented';
const TWICE = 'a second `: ` on one line (a value with `: ` in it needs quotes)';
const TYPED = 'which takes the type of its field)';
const NAME = 'a `{` or `[` where the name of a field is due (a value such as "{{NAME}}" needs quotes)';
test.each<[string, string, string, number, number]>([
  ['a key twice', 'a: 1\na: 2\n', 'Map keys must be unique', 2, 1],
  ['a field indented less', 'a:\n  - b: 1\n   c: 2\n', 'an indentation of 3 spaces that matches no line above', 3, 4],
  ['an item indented less', 'a:\n  - b\n - c', 'an indentation of 1 space that matches no line above', 3, 2],
  ['an item outside of its list', 'a:\n  - b\n c: 1', 'an indentation of 1 space that matches no line above', 3, 2],
  ['a field beside items', '- a: 1\n  b: 2\n c: 3', 'an indentation of 1 space that matches no line above', 3, 2],
  [
    'a field indented more',
    'a:\n  - b: 1\n     c: 2\n',
    'an indentation of 5 spaces below a line of 2 spaces that has a value already',
    3,
    6,
  ],
  [
    'a line indented more at the end of the file',
    'a: b\n d: e',
    'an indentation of 1 space below a line of 0 spaces that has a value already',
    2,
    2,
  ],
  ['a tab', 'a:\n\tb: 1\n', 'a tab in the indentation, where YAML takes spaces only', 2, 1],
  ['no colon', 'a: 1\n  \nb 2\nc: 3\n', ITEM, 3, 1],
  ['no colon at the end', 'a:\n  b: 1\n  c', ITEM, 3, 3],
  ['no space after the colon', 'a:1\nb: 2\n', ITEM, 1, 1],
  ['two colons', 'a: b: c\n', TWICE, 1, 4],
  ['two colons, and a line of spaces below', 'a: b: c\n    \nd: 1\n', TWICE, 1, 4],
  ['two colons, and a field below', ' a: b: c\n d: 1\n', TWICE, 1, 5],
  ['a bracket that stays open', 'a: [1,\nb\n', OPEN, 2, 1],
  ['a brace that stays open', 'a: {b: 1\nc: d', OPEN, 2, 1],
  [
    'braces without quotes',
    'image: {{image}}\n',
    `a placeholder of another tool, \`{{image}}\`, without quotes (write "\${IMAGE}", ${TYPED}`,
    1,
    8,
  ],
  [
    'braces within a text',
    'image: {{host}}/app\n',
    `a placeholder of another tool, \`{{host}}\`, without quotes (write "\${HOST}", ${TYPED}`,
    1,
    8,
  ],
  ['brackets without quotes', 'image: {[image]: x}', NAME, 1, 9],
  ['two documents', 'a: 1\n---\nb: 2', 'a second document, where one is expected', 2, 1],
  ['an alias without its anchor', 'a: *b\n', 'an alias has no anchor before it', 1, 4],
  ['an alias before its anchor', 'a: *b\nc: &b d', 'an alias has no anchor before it', 1, 4],
  ['an alias within its own anchor', 'a: &a\n  b: *a\n', 'an alias is within its own anchor', 2, 6],
  ['a tag of another tool', 'family: !Sub web\n', 'Unresolved tag: !Sub', 1, 9],
  ['a tag that only begins like one', 'family: !Subway web\n', 'Unresolved tag', 1, 9],
  ['a tag of another tool beside no resources', '- !Ref web\n', 'Unresolved tag: !Ref', 1, 3],
])('%s is refused where it has to change', (_, text, problem, line, column) => {
  const [found, , mark] = refused(text);
  expect(found).toBe(`${problem} at line ${line}, column ${column}.`);
  expect(mark.indexOf('^')).toBe(column - 1);
});

describe('a mistake shows no value', () => {
  test.each<[string, string, string, string]>([
    [
      'a flow list',
      'command: [--pass, "hunter two" "y"]',
      'command: [******, ************ ***]',
      'Missing , or : between flow sequence items',
    ],
    ['a flow map', '- {name: DB, value: hunter2} x', '- {name: **, value: *******} *', 'Unexpected scalar at node end'],
    ['a field without a colon', '- {name, image: x} y', '- {****, image: *} *', 'Unexpected scalar at node end'],
    ['a value that looks like a key', 'value: user: hunter2', 'value: ***** *******', TWICE],
    ['keys behind a value', "- 'name': a image: b", "- 'name': ******** *", TWICE],
    ['dashes of items, and one of a value', '- - name : a - b: c', '- - name : ****** *', TWICE],
    ['a key that no task definition has', 'hunter: x: y', '******* ** *', TWICE],
    ['a field at the end of the file', 'a:\n  - x\n name:', ' name:', ''],
    ['a block that is not indented', 'value: |\n  a\n hunter2\nb: 1', ' *******', ''],
    ['a text with keys in it, badly indented', 'value: |\n  a\n hunter2: b\nc: 1', ' ******** *', ''],
    ['a line of its own', 'a: 1\nhunter2\nb: 2', '*******', ITEM],
    ['text behind text', 'a: "x" hunter2', '** *** *******', 'Unexpected scalar at node end'],
    ['a quote that is not closed', 'value: "hunter2\nb: 1', '****', ''],
    ['an escape that is none', 'value: "hunter2\\qhunter3"', 'value: ******************', 'Invalid escape sequence'],
    ['a word behind |', 'value: |hunter2\n  x', 'value: ********', 'Block scalar header includes extra characters'],
    ['a password with * in front', 'value: *hunter2', 'value: ********', 'an alias has no anchor before it'],
    ['a password with ! in front', 'value: !hunter2', 'value: ********', 'Unresolved tag'],
    ['a password with @ in front', 'value: @hunter2', 'value: ********', ''],
    ['a password with % in front', '%hunter2\na: 1', '** *', ''],
    ['an unknown directive', '%hunter2 hunter3\n---\na: 1', '******** *******', 'Unknown directive'],
    ['a version that is none', '%YAML hunter2\n---\na: 1', '***** *******', 'Unsupported YAML version'],
    ['a password with ] in front', 'a: ]hunter2', '** ]*******', 'Unexpected flow-seq-end token in YAML stream'],
    ['a comment', 'a: [1 # hunter2', '** [* * *******', OPEN],
    ['a key twice', 'value: hunter2\nvalue: hunter3', 'value: *******', 'Map keys must be unique'],
  ])('%s', (_, text, line, problem) => {
    const [found, shown] = refused(text);
    expect(shown).toBe(line);
    expect(found).not.toContain('hunt');
    expect(found).toMatch(/^.{5,} at line \d, column \d+\.$/);
    expect(found.startsWith(problem)).toBe(true);
    if (problem) expect(found.slice(problem.length)).toMatch(/^ at line/);
  });
});

describe('what would take long to read is refused; as much as is allowed is read', () => {
  const times = (n: number, of: (i: number) => string): string => Array.from({ length: n }, (_, i) => of(i)).join('');
  const lines = (n: number): string => times(n, () => '\n');
  const tokens = [...new Lexer().lex(`a: 1\n${lines(100)}`)].length - 100;
  test.each<[string, number, (n: number) => string]>([
    ['has more than 120000 tokens', 120_000 - tokens, (n) => `a: 1\n${lines(n)}`],
    [
      'has more than 2000 aliases',
      2000,
      (n) =>
        `a: [${times(n / 2, (i) => `&a${i} 1, `)}]\n${['b', 'c'].map((key) => `${key}: [${times(Math.floor(n / 2), (i) => `*a${i}, `)}]\n`).join('')}${n % 2 === 0 ? '' : 'd: *a0\n'}`,
    ],
    ['has an object or list of more than 2000 members', 2000, (n) => times(n, (i) => `a${i}: 1\n`)],
    ['has an object or list of more than 2000 members', 2000, (n) => times(n, () => '- 1\n')],
  ])('%s', (problem, most, text) => {
    expect(() => parseYaml(text(most), 'td.yml')).not.toThrow();
    expect(refused(text(most + 1))[0]).toBe(`td.yml ${problem}, more than is read here.`);
  });
  test('is nested more than 100 levels deep', () => {
    const nested = (n: number): string => `${'['.repeat(n)}${']'.repeat(n)}`;
    expect(() => parseYaml(nested(95), 'td.yml')).not.toThrow();
    expect(refused(nested(250))[0]).toMatch(/^td\.yml is nested more than 100 levels deep/);
  });
  test('aliases that grow without end', () => {
    const text = `a0: &a0 [x, x]\n${times(12, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]\n`)}`;
    expect(refused(text)[0]).toBe('its aliases stand for too much text.');
    expect(refused('<<: 1')[0]).toBe('Merge sources must be maps or map aliases.');
  });
});

const OTHER = 'a placeholder of another tool';
test.each<[string, string]>([
  ['cpu: {{ cpu }}', `${OTHER}, \`{{ cpu }}\`, without quotes (write "\${CPU}", which takes the type of its field)`],
  ['cpu: @@CPU@@', `${OTHER}, \`@@CPU@@\`, without quotes`],
  ['cpu: %CPU%', `${OTHER}, \`%CPU%\`, without quotes`],
  ['cpu: #CPU#', `${OTHER}, \`#CPU#\`, that YAML reads as a comment (write \`\${CPU}\`)`],
  ['cpu: #{Cpu}#', `${OTHER}, \`#{Cpu}#\`, that YAML reads as a comment (write \`\${CPU}\`)`],
  ['cpu: #hunter2#', `${OTHER} that YAML reads as a comment (write \`\${NAME}\`)`],
  ['{% if a %}\ncpu: 1', 'a statement of another template language (`{%`)'],
])('a template of another tool: %s', (text, problem) => {
  expect(refused(text)[0]).toContain(problem);
  expect(refused(text).join()).not.toContain('hunter2');
});

test.each<[string, Json]>([
  ['cpu: # a comment\nmem: 1', { cpu: null, mem: 1 }],
  ['cpu: #comment\n  a: 1', { cpu: { a: 1 } }],
  ['cpu: "#CPU#"', { cpu: '#CPU#' }],
])('a comment is one: %s', (text, value) => {
  expect(parseYaml(text, 'td.yml')).toEqual(value);
});
