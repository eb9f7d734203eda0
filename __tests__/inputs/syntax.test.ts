import fc from 'fast-check';
import {
  type Entry,
  shellRemedy,
  shellSyntaxIn,
  splitCommand,
  splitEntries,
  splitLines,
  splitList,
  splitWords,
} from '../../src/inputs/syntax.ts';
import { costOf } from '../support/cost.ts';

/** Without where and how an entry stands. */
function bare(text: string) {
  const { values, ...problem } = splitEntries(text);
  return values ? { values: values.map(({ form: _, line: __, ...entry }) => entry) } : problem;
}

describe('entries', () => {
  test.each<[situation: string, text: string, values: Omit<Entry, 'form' | 'line'>[]]>([
    ['a line', 'A=1', [{ name: 'A', value: '1' }]],
    ['split at the first =', 'traefik.rule=Host=a', [{ name: 'traefik.rule', value: 'Host=a' }]],
    ['empty lines, comments and indents', '\n # no\n  A=1\r\n', [{ name: 'A', value: '1' }]],
    ['an empty value', 'A=', [{ name: 'A', value: '' }]],
    ['a bare name', 'A', [{ name: 'A' }]],
    [
      'several lines',
      'A<<EOF\none\n  two\n\nEOF\nB=2',
      [
        { name: 'A', value: 'one\n  two\n' },
        { name: 'B', value: '2' },
      ],
    ],
    ['<< in a value', 'A=1<<2', [{ name: 'A', value: '1<<2' }]],
    [
      'a quoted record',
      '"KEY=one\n""two""\nthree"\nB=2',
      [
        { name: 'KEY', value: 'one\n"two"\nthree' },
        { name: 'B', value: '2' },
      ],
    ],
    [
      'JSON',
      '{"A": "1", "B": 2, "C": true}',
      [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
        { name: 'C', value: 'true' },
      ],
    ],
    ['JSON behind a space', ' \n {"A": "1"}', [{ name: 'A', value: '1' }]],
    [
      'a quoted record with spaces around it',
      '  "A=1"  \n  "B=2"',
      [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    ],
    [
      'a quote in the first line of a record',
      '"A=""x\ny""\n"\nB=2',
      [
        { name: 'A', value: '"x\ny"\n' },
        { name: 'B', value: '2' },
      ],
    ],
    [
      'a heredoc with its end word among spaces in the value, as a script has it',
      'A<<EOF\na\n  EOF\nEOF \nFOO=1\nEOF\nB=2',
      [
        { name: 'A', value: 'a\n  EOF\nEOF \nFOO=1' },
        { name: 'B', value: '2' },
      ],
    ],
    ['a heredoc with CRLF in its value', 'A<<EOF\n1\r\n2\nEOF', [{ name: 'A', value: '1\r\n2' }]],
    ['a heredoc whose value ends with CRLF', 'A<<EOF\n1\r\n2\r\n\nEOF', [{ name: 'A', value: '1\r\n2\r\n' }]],
    [
      'a text of CRLF lines alone',
      'A<<EOF\r\n1\r\n2\r\nEOF\r\nB=3\r\n"C=4\r\n5"\r\n',
      [
        { name: 'A', value: '1\r\n2' },
        { name: 'B', value: '3' },
        { name: 'C', value: '4\r\n5' },
      ],
    ],
    ['a quoted value with CRLF', '"A=1\r\n2\r\n"', [{ name: 'A', value: '1\r\n2\r\n' }]],
    ['a heredoc without a line', 'A<<EOF\nEOF', [{ name: 'A', value: '' }]],
    ['<< with a space in its word', 'A<<EO F', [{ name: 'A<<EO F' }]],
    ['a comment in a value', 'A=# b', [{ name: 'A', value: '# b' }]],
    ['a list in JSON that is a value', 'A=[{]', [{ name: 'A', value: '[{]' }]],
    ['quotes inside a value stay', 'A="b c"', [{ name: 'A', value: '"b c"' }]],
  ])('%s', (_, text, values) => {
    expect(bare(text)).toEqual({ values });
  });

  test.each([
    ['a heredoc without end', 'A<<EOF\n1', /line 1 begins a value that never ends/],
    ['a heredoc whose end is indented', 'A<<EOF\n1\n  EOF\nB=2', /exactly `EOF`, without spaces around it\./],
    ['a quote without end', 'B=1\n"A=1', /line 2 opens a double quote/],
    ['broken JSON', '{"A": ', /not a JSON object/],
    ['a list of JSON', ' [ {"A": 1}]', /is a JSON list, but takes a JSON object or lines/],
    ['an empty list of JSON', '[]', /is a JSON list/],
    ['nested JSON', '{"A": {}}', /at `A`/],
  ])('%s', (_, text, problem) => {
    const split = splitEntries(text);
    expect(`${split.problem} ${'remedy' in split ? split.remedy : ''}`).toMatch(problem);
  });

  test('how and where each stands', () => {
    expect(splitEntries('# one\nA=1\n"B=2\n3"\nC<<EOF\n4\nEOF\nD=5').values).toMatchObject([
      { name: 'A', form: 'line', line: 2 },
      { name: 'B', form: 'quoted', line: 3 },
      { name: 'C', form: 'heredoc', line: 5 },
      { name: 'D', form: 'line', line: 8 },
    ]);
    expect(splitEntries('{"A": 1, "B": 2}').values).toMatchObject([{ form: 'json', line: 1 }, { line: 2 }]);
  });

  const word = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
  const signs = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '\r\n', ' ', '"', '=', '#', 'é') });
  const value = fc
    .oneof(fc.stringMatching(/^.*$/), signs)
    .filter((text) => !text.split('\n').some((line) => line.trim() === 'END'));
  test('any value survives the heredoc form and the JSON form', () => {
    fc.assert(
      fc.property(fc.dictionary(word, value), (pairs) => {
        const values = Object.entries(pairs).map(([name, text]) => ({ name, value: text }));
        const heredoc = values.map((entry) => `${entry.name}<<END\n${entry.value}\nEND`).join('\n');
        expect(bare(heredoc)).toEqual({ values });
        expect(bare(JSON.stringify(pairs))).toEqual({ values });
      }),
    );
  });
});

describe('words', () => {
  test.each<[string, string[]]>([
    [`sh -c 'echo "a b"'`, ['sh', '-c', 'echo "a b"']],
    [`node --title="my app" 'it''s'`, ['node', '--title=my app', 'its']],
    [`a "" 'b'`, ['a', '', 'b']],
    [`a\\ b "c\\"d" 'e\\f'`, ['a b', 'c"d', 'e\\f']],
    ['["sh", "-c", "echo  a"]', ['sh', '-c', 'echo  a']],
    ['[ -f x ]', ['[', '-f', 'x', ']']],
    ['  a\n b ', ['a', 'b']],
    ['\n["a"]', ['a']],
    ['[]', []],
    ['', []],
    ['a\\', ['a\\']],
    [`"a'b" 'c"d'`, ["a'b", 'c"d']],
    ['[ x ["a" ]', ['[', 'x', '[a', ']']],
    [String.raw`\a "b\c" "\$d" e\\`, ['a', 'b\\c', '$d', 'e\\']],
    ['run \\\n  --a \\\r\n  --b=1\\\n2', ['run', '--a', '--b=12']],
    ['sh -c "a \\\n b\nc"', ['sh', '-c', 'a  b\nc']],
    [String.raw`'C:\app\run.exe' "C:\app"`, ['C:\\app\\run.exe', 'C:\\app']],
  ])('%s', (text, values) => {
    expect(splitWords(text)).toEqual({ values });
  });
  test('an open quote is reported', () => {
    expect(splitWords(`a 'b`).problem).toMatch(/single quote/);
    expect(splitWords('a "b').problem).toMatch(/double quote/);
    expect(splitWords('["a"').problem).toMatch(/array of strings/);
    expect(splitWords('["a", 1]').problem).toMatch(/array of strings/);
    expect(splitWords('[ ] x').problem).toMatch(/array of strings/);
  });
  test('a Windows path whose backslashes would be lost is reported', () => {
    expect(splitWords(String.raw`powershell -File C:\app\migrate.ps1`).problem).toMatch(/Windows path without quotes/);
    expect(splitWords(String.raw`c:\run.exe`).problem).toMatch(/Windows path/);
    expect(splitWords(String.raw`scheme:\a`)).toEqual({ values: ['scheme:a'] });
  });
  test('a quote behind what looks like a drive is no path', () =>
    expect(splitWords("'A:'\\'' '")).toEqual({ values: ["A:' "] }));
  test('any words survive single quotes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (words) => {
        const quoted = words.map((one) => `'${one.replaceAll("'", `'\\''`)}'`).join(' ');
        expect(splitWords(quoted)).toEqual({ values: words });
      }),
    );
  });
});

test('lists: commas, lines and quotes', () => {
  expect(splitList('a, b\n\n c,,"d,""e"""')).toEqual({ values: ['a', 'b', 'c', 'd,"e"'] });
  expect(splitList('"a').problem).toMatch(/never closed/);
  expect(splitLines(' a \r\n\n b')).toEqual(['a', 'b']);
});

describe('a list', () => {
  test.each<[situation: string, text: string, values: readonly string[]]>([
    ['commas and lines', ' a ,b\nc,\n,d', ['a', 'b', 'c', 'd']],
    ['a tab before a quote', 'a,\t"b,c"', ['a', 'b,c']],
    ['a comma in quotes', 'errors, "5xx, all"', ['errors', '5xx, all']],
    ['spaces in quotes stay, around them go', '\t" a " , b', [' a ', 'b']],
    ['a doubled quote is one', '"a ""b"" c",d', ['a "b" c', 'd']],
    ['only quotes', '""""', ['"']],
    ['nothing in quotes is no value', '"",a', ['a']],
    ['a quote within a value is a part of it', 'type="x",a', ['type="x"', 'a']],
  ])('%s', (_, text, values) => {
    expect(splitList(text)).toEqual({ values });
  });
  test.each([
    ['"a', /never closed/],
    ['a,"b""', /never closed/],
    ['"a"b,c', /text between the end of a quoted value and the next comma/],
  ])('%s is not one', (text, problem) => {
    expect(splitList(text).problem).toMatch(problem);
  });
});

test.each<[situation: string, split: (text: string) => unknown, text: string]>([
  ['a quote in a long list', splitList, `x${'"'.repeat(65_536)}!`],
  ['many quotes', splitList, '"" '.repeat(21_845)],
  ['many heredocs', splitEntries, 'a<<b\nb\n'.repeat(9000)],
  ['many quoted lines', splitEntries, '"a=b"\n'.repeat(10_000)],
])('64 KiB take no longer than their length asks for: %s', (_, split, text) => {
  expect(costOf(() => void split(text), 1)).toBeLessThan(1000);
});

test.each<[string, string | undefined]>([
  ['npm run migrate && npm run seed', '&&'],
  ['npm run migrate&&npm run seed', '&&'],
  ['[ -f x ] && run', '&&'],
  ['a || b', '||'],
  ['a | b', '|'],
  ['npm run migrate; npm run seed', ';'],
  ['{ a; }', ';'],
  ['a ; b', ';'],
  ['serve &', '&'],
  ['dump > out.sql', '>'],
  ['dump >> out.sql', '>>'],
  ['dump >out.sql', '>out.sql'],
  ['load < in.sql', '<'],
  ['run 2>&1', '2>&1'],
  ['run 2>/dev/null', '2>/dev/null'],
  ['echo $(date)', '$('],
  ['echo `date`', '`'],
  ['RAILS_ENV=production rake db:migrate', 'RAILS_ENV='],
  ["A='x y' run", 'A='],
  // A shell of its own, quotes, and what is no syntax at the place where it stands.
  ['sh -c "a && b; c > d 2>&1 | e"', undefined],
  ["sh -c 'A=1 b $(c)'", undefined],
  ['run "a && b" \\&\\& c', undefined],
  ['["a", "&&", "b"]', undefined],
  ['rake db:migrate VERSION=42', undefined],
  ['env A=1 run', undefined],
  ['curl https://x.example/?a=1&b=2', undefined],
  ['grep a|b file', undefined],
  ['run ${NAME} $NAME', undefined],
  ['A=1', undefined],
  ['run --filter=a>b', undefined],
  ['run &> out', '&>'],
  ['run &>> out', '&>>'],
  ['powershell -NoProfile -Command Get-Item a | Select-Object b; exit 1', undefined],
  ['pwsh.exe -c Get-Item a | Select-Object b', undefined],
  [String.raw`'C:\Windows\System32\cmd.exe' /S /C dir && echo a`, '&&'],
  ['cmd /S /C dir && echo a', undefined],
  ['cmd.exe /c set A=1& run.exe > out', undefined],
  ['pwsh ./a.ps1 && pwsh -c b', '&&'],
  ['./cmd migrate && ./cmd seed', '&&'],
  ['', undefined],
])('what of `%s` takes a shell', (text, syntax) => {
  expect(shellSyntaxIn(text)).toBe(syntax);
});

test('how to write what takes a shell', () => {
  expect(shellRemedy('&&')).toContain('sh -c "first && second"');
  expect(shellRemedy('RAILS_ENV=')).toContain('sh -c "RAILS_ENV=value command"');
  expect(shellRemedy('VERSION=')).toContain('ENTRYPOINT');
});

test.each<[string, ReturnType<typeof splitCommand>['values'] | RegExp]>([
  ['run "a b"', ['run', 'a b']],
  ['sh -c "\n  set -e\n  migrate\n  seed\n"', ['sh', '-c', '\n  set -e\n  migrate\n  seed\n']],
  ["sh -c 'a\r\nb && c'", ['sh', '-c', 'a\r\nb && c']],
  ['run \\\r\n  --b', ['run', '--b']],
  ['["a",\n "b && c"]', ['a', 'b && c']],
  ['a\nb', /of 2 lines/],
  ['sh -c "a\nb"\nc', /of 2 lines/],
  ['a \\\n && b', /with `&&`/],
  ['""', ['']],
  ['  ', /that is empty/],
  ['sh -c "a', /that has a double quote that is never closed/],
  [String.raw`C:\run.exe`, /that has a Windows path/],
])('the one command %j', (text, expected) => {
  const { values, problem } = splitCommand(text);
  if (expected instanceof RegExp) expect(problem).toMatch(expected);
  else expect(values).toEqual(expected);
});
