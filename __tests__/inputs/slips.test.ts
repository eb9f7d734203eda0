import fc from 'fast-check';
import { Failure, type Mistake } from '../../src/failure.ts';
import { buildArguments } from '../../src/image/buildx.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { EXPRESSION, foldedNames, isQuoted, slipOf, subjectOf } from '../../src/inputs/slips.ts';
import type { Entry } from '../../src/inputs/syntax.ts';
import { CONTEXT } from '../support/world.ts';

type Given = Readonly<Record<string, string>>;
const base = { service: 'web', 'aws-region': 'eu-central-1', repository: 'team/app' };
const parse = (given: Given, env: Given = {}) =>
  parseInputs(new Map(Object.entries({ ...base, ...given })), { context: CONTEXT, env });

function mistakes(given: Given, env: Given = {}): readonly Mistake[] {
  try {
    parse(given, env);
    return [];
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.mistakes;
    throw thrown;
  }
}

/** Inputs of `NAME=value` lines whose names are variables. */
const VARIABLES = ['environment-variables', 'variables', 'build-args'] as const;

describe.each(VARIABLES)('%s: what cannot be meant is refused with the form that is', (name) => {
  test.each<[situation: string, text: string, words: RegExp]>([
    ['an item of a YAML list', '- LOG_LEVEL=debug', /line 1 begins with `- `.*`LOG_LEVEL=value` without the dash/],
    ['a command of a shell', 'A=1\nexport LOG_LEVEL=debug', /line 2 begins with `export `.*`LOG_LEVEL=value`/],
    ['a variable of PowerShell', '$env:LOG_LEVEL=debug', /begins with `\$`.*`LOG_LEVEL=value`/],
    ['a colon beside lines with =', 'A=1\nVERSION: 1', /colon after `VERSION`.*`VERSION=value`/],
    ['a colon without a space', 'VERSION:1', /colon after `VERSION`/],
    ['a colon before a value with =', 'A=1\nURL: https://a.example/?b=c', /colon after `URL`/],
    ['settings that YAML folded', 'A=1 LOG_LEVEL=debug C=3', /several settings \(A, LOG_LEVEL, C\).*use `\|`/],
    ['a key on plain lines', 'KEY=-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----', /`KEY<<EOF`/],
    ['a line that continues', 'LOG_LEVEL=debug \\\nB=2', /line 1 ends with `\\`.*one `NAME=value` per line/],
    ['JSON that is a list', '[{"A": "1"}]', /JSON list.*`\{"NAME": "value"\}`/],
  ])('%s', (_, text, words) => {
    const found = mistakes({ [name]: text });
    expect(found.map(({ subject }) => subject)).toContain(name);
    expect(`${found[0]?.problem} ${found[0]?.remedy}`).toMatch(words);
    expect(JSON.stringify(found)).not.toMatch(/debug|hunter2|a\.example/);
  });

  test.each<[situation: string, text: string]>([
    ['words of a connection', 'DSN=host=db user=app password=x'],
    ['options', 'JAVA_OPTS=-Xmx512m -Dfoo=bar'],
    ['a sentence', 'TEXT=see A=B for that'],
    ['what looks folded, as JSON', '{"A": "1 B=2"}'],
    ['what looks folded, as a heredoc', 'A<<EOF\n1 B=2\nEOF'],
    ['a name with a digit', 'A1_b=x'],
    ['quotes around the whole line', '"A=x"'],
    ['a path of Windows', 'DIR=C:\\data\\'],
  ])('%s is taken', (_, text) => {
    expect(mistakes({ [name]: text })).toEqual([]);
  });
});

test('a build argument by its name alone takes its value from the environment, and is missing without one', () => {
  const given = { 'build-args': 'VERSION\nDEBUG=1' };
  expect(parse(given, { VERSION: '' }).warnings).toEqual([]);
  expect(parse(given).warnings).toEqual([
    expect.stringMatching(/^build-args: `VERSION` has no value, .*no variable VERSION.*`VERSION=value`/),
  ]);
});

test('an empty value with a long name is a variable, base64 padding is not', () => {
  expect(mistakes({ 'environment-variables': 'mycompanyfeatureflagxyz=' })).toEqual([]);
  expect(mistakes({ 'environment-variables': 'SEPARATOR==' })).toEqual([]);
  expect(mistakes({ 'environment-variables': `KEY=x\n${'A'.repeat(22)}==` })[0]?.problem).toMatch(/line 2 looks like/);
});

test('names with dots and colons are variables of some programs', () => {
  expect(mistakes({ 'environment-variables': 'spring.datasource.url=x\nLogging:LogLevel:Default=Debug' })).toEqual([]);
});

test('an expression that GitHub has not evaluated', () => {
  const found = mistakes({ 'environment-variables': 'A=${{ vars.X }}', secrets: 'B=arn:${{ secrets.B }}' });
  expect(found.map(({ subject, problem }) => [subject, problem])).toEqual([
    ['environment-variables', 'the value of `A` contains an expression `${{ ... }}` that GitHub has not evaluated.'],
    ['secrets', 'the value of `B` contains an expression `${{ ... }}` that GitHub has not evaluated.'],
  ]);
  expect(mistakes({ 'environment-variables': 'A=$${{x}} {{ .Name }} ${{ price }}' })).toEqual([]);
});

test('quotes and empty values are warnings that name the variable and not its value', () => {
  const { warnings } = parse({ 'environment-variables': 'A="hunter2"\nB=\nC=\nD={"a": "b"}' });
  expect(warnings).toEqual([
    expect.stringMatching(/quotes around the value of `A`/),
    expect.stringMatching(/`B`, `C` have an empty value/),
  ]);
  expect(warnings.join()).not.toContain('hunter2');
});

describe('secrets of the container', () => {
  const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf';
  test.each<[situation: string, text: string, words: RegExp]>([
    ['an empty value', 'DB=', /`DB` is empty.*`\$\{\{ vars\.NAME \}\}`/],
    ['a version of a parameter', 'DB=/prod/db:3', /version of an SSM parameter.*without `:version`/],
    ['two on a line', `DB=${ARN} token=${ARN}`, /several settings \(DB, token\)/],
    ['a colon', `A=${ARN}\nDB: ${ARN}`, /colon after `DB`/],
    ['a value', 'DB=hunter2!', /neither an ARN/],
  ])('%s', (_, text, words) => {
    const found = mistakes({ secrets: text });
    expect(found).toHaveLength(1);
    expect(`${found[0]?.problem} ${found[0]?.remedy}`).toMatch(words);
  });
});

test('log options that YAML folded', () => {
  const [found] = mistakes({ 'log-configuration-options': 'awslogs-group=/web awslogs-region=eu-central-1' });
  expect(found?.problem).toMatch(/several settings \(awslogs-group, awslogs-region\)/);
});

describe('secrets of the build', () => {
  test('a variable that is not set or empty is named', () => {
    const given = { 'build-secret-envs': 'npm=NPM_TOKEN\npypi=PYPI_TOKEN\nok=SET' };
    const found = mistakes(given, { PYPI_TOKEN: '', SET: 'x' });
    expect(found.map(({ problem }) => problem)).toEqual([
      '`npm` takes its value from the environment variable NPM_TOKEN, which is not set.',
      '`pypi` takes its value from the environment variable PYPI_TOKEN, which is empty.',
    ]);
    expect(found[0]?.remedy).toContain('`NPM_TOKEN: ${{ secrets.NPM_TOKEN }}`');
    expect(mistakes(given, { NPM_TOKEN: 'a', PYPI_TOKEN: 'b', SET: 'c' })).toEqual([]);
  });
  test('a value in place of the name of a variable is not shown', () => {
    const found = mistakes({ 'build-secret-envs': 'npm=hunter2-canary' });
    expect(found).toEqual([expect.objectContaining({ remedy: expect.stringContaining('`npm=VARIABLE`') })]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });
  test('an empty value', () => {
    expect(mistakes({ 'build-secrets': 'npm=' })[0]?.problem).toMatch(/`npm` is empty/);
  });
  test.each<[situation: string, text: string]>([
    ['letters of one case', `${'A'.repeat(54)}==`],
    ['no digit', 'AbCdEfGhIjKlMnOpQrStUv=='],
    ['short', 'AAA=='],
    ['in quotes, as in a JSON list', `"${'A'.repeat(54)}=="`],
    ['a single =', `${'A'.repeat(55)}=`],
  ])('the last line of base64 is not an id, and is not shown: %s', (_, last) => {
    const found = mistakes({ 'build-secrets': `key=${'A'.repeat(64)}\n${last}` });
    expect(found.map(({ subject }) => subject)).toEqual(['build-secrets']);
    expect(found[0]?.problem).toMatch(
      /^(the value of )?line 2 (looks like the rest|is empty)|line 2 is not `id=value`/,
    );
    expect(JSON.stringify(found)).not.toContain('AAA');
    expect(JSON.stringify(found)).not.toContain('AbCdEf');
  });
  test.each([`${'A'.repeat(54)}==`, `${'a'.repeat(23)}=`])('a secret without an id is not shown: %s', (text) => {
    const found = mistakes({ 'build-secrets': text });
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).toContain('line 1');
    expect(JSON.stringify(found)).not.toMatch(/A{4}|a{6}/);
  });
  test('the ids of later lines are not certain to be ids', () => {
    const idsOf = (text: string) => {
      const { inputs } = parse({ 'build-secrets': text });
      if (inputs.mode !== 'deploy' || inputs.image.kind !== 'build') throw new Error(inputs.mode);
      return inputs.image.build.uncertainSecrets;
    };
    expect(idsOf('npm=a')).toEqual([]);
    expect(idsOf('npm=a\npypi=b')).toEqual(['pypi']);
    expect(idsOf('npm<<EOF\na\nb=c\nEOF\npypi<<EOF\nd\nEOF')).toEqual([]);
    expect(idsOf('{"npm": "a", "pypi": "b"}')).toEqual([]);
  });
});

describe('no part of a secret of several lines reaches the arguments of docker or a message', () => {
  const base64 = fc.uint8Array({ minLength: 40, maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64'));
  const wrapped = base64.map((text) => text.replaceAll(/.{64}/g, '$&\n'));
  const secret = fc.oneof(
    wrapped.map((body) => `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`),
    wrapped,
    base64.map((token) => `//registry.npmjs.org/:_authToken=${token}\nalways-auth=true`),
    base64.map((token) => `{\n  "type": "service_account",\n  "private_key": "${token}="\n}`),
    base64.map((token) => `[default]\naws_secret_access_key = ${token}`),
    base64.map((token) => `machine github.com\nlogin x\npassword ${token}`),
  );
  test('on plain lines', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom('', '"'), (text, quote) => {
        const given = `key=${quote}${text}`;
        // What could leak: every stretch of the value that no one could guess.
        const pieces = text
          .split(/[\s"=:]+/)
          .filter((piece) => piece.length >= 20 && !/registry|aws_secret/.test(piece));
        const seen = (() => {
          try {
            const { inputs } = parse({ 'build-secrets': given });
            if (inputs.mode !== 'deploy' || inputs.image.kind !== 'build') throw new Error(inputs.mode);
            const { build } = inputs.image;
            const secretFiles = build.secrets.map(([id], i) => [id, `/f${i}`] as const);
            return JSON.stringify(
              buildArguments(build, {
                references: [],
                metadataFile: '/m',
                secretFiles,
                cache: { from: [], to: [] },
                index: false,
              }),
            );
          } catch (thrown) {
            if (thrown instanceof Failure) return thrown.describe();
            throw thrown;
          }
        })();
        for (const piece of pieces) expect(seen).not.toContain(piece);
      }),
      { numRuns: 1500 },
    );
  });
});

const line = (name: string, value?: string, form: Entry['form'] = 'line'): Entry => ({
  name,
  form,
  line: 3,
  ...(value === undefined ? {} : { value }),
});
const KEY = 'Zx8Qm2Lr7Tp0Vb4Nc9Ws';

test.each<[string, Entry, string]>([
  ['a name', line(' A_b.c-1 ', 'x'), '`A_b.c-1`'],
  ['a name of 64 letters', line('a'.repeat(64), 'x'), `\`${'a'.repeat(64)}\``],
  ['a longer one', line('a'.repeat(65), 'x'), 'line 3'],
  ['what has spaces', line('a b', 'x'), 'line 3'],
  ['what begins with a digit', line('1a', 'x'), 'line 3'],
  ['what looks like base64', line(KEY, 'x'), 'line 3'],
  ['letters with padding', line('a'.repeat(23), ''), 'line 3'],
  ['letters with two signs of padding', line('a'.repeat(22), '='), 'line 3'],
  ['letters that padding does not fit', line('a'.repeat(22), ''), `\`${'a'.repeat(22)}\``],
  ['letters with a value', line('a'.repeat(23), 'x'), `\`${'a'.repeat(23)}\``],
  ['few letters with padding', line('a'.repeat(15), ''), `\`${'a'.repeat(15)}\``],
])('how an entry is called: %s', (_, entry, subject) => expect(subjectOf(entry)).toBe(subject));

test.each<[Entry, string | undefined, string?]>([
  [line('A', 'x'), undefined],
  [line('- A', 'x'), 'line 3 begins with `- `', 'write `A=value` without'],
  [line('- "A" ', 'x'), 'line 3 begins with `- `', 'write `A=value` without'],
  [line('- a b', 'x'), 'line 3 begins with `- `', 'write `NAME=value` without'],
  [line('-'), 'line 3 begins with `- `'],
  [line('-A', 'x'), undefined],
  [line('x- A', 'x'), undefined],
  ...['export', 'set', 'setx', 'ENV', 'ARG', 'env', 'declare -x'].map((word): [Entry, string, string] => [
    line(`${word}  A1`, 'x'),
    `line 3 begins with \`${word} \``,
    `Write \`A1=value\` without \`${word}\`.`,
  ]),
  [line('my export A', 'x'), undefined],
  [line('export A b', 'x'), undefined],
  [line('A', 'x \\'), 'line 3 ends with `\\`', 'Write one `NAME=value` per line'],
  [line('A', 'x\\'), undefined],
  [line('A', ' \\ x'), undefined],
  [line('$A', 'x'), 'line 3 begins with `$`.', 'Write `A=value` without the `$`.'],
  [line('$env:A ', 'x'), 'line 3 begins with `$`.', 'Write `A=value`'],
  [line('${A}', 'x'), 'line 3 begins with `$`.', 'Write `A=value`'],
  [line('x$A', 'x'), undefined],
  [line('$A b', 'x'), undefined],
  [line('A: b'), 'line 3 has a colon after `A`', 'Write `A=value`.'],
  [line('"A" : b', 'c'), 'line 3 has a colon after `A`'],
  [line("'A':"), 'line 3 has a colon after `A`'],
  [line('A:b'), 'line 3 has a colon after `A`'],
  [line('A:b', 'c'), undefined],
  [line('x A: b'), undefined],
  [line(`${KEY}: b`), undefined],
  [line(`${'a'.repeat(64)}: b`), 'has a colon after'],
  [line(`${'a'.repeat(65)}: b`), undefined],
  [
    line('A', '-----BEGIN KEY-----'),
    'the value of `A` has several lines, but only its first line would be read.',
    'Write `A<<EOF`, then',
  ],
  [line('a b', '-----BEGIN KEY-----'), 'the value of line 3 has several lines', 'Write `NAME<<EOF`, then'],
  [line('A', 'x -----BEGIN KEY-----'), undefined],
  [line('-----BEGIN KEY-----'), 'line 3 looks like the rest of a value that started above it.'],
  [line('-----END KEY-----'), 'line 3 looks like the rest'],
  [line('x -----END KEY-----'), undefined],
  [line('a'.repeat(22), '='), 'line 3 looks like the rest'],
  [line(KEY, ''), 'line 3 looks like the rest'],
  [line(KEY, '='), 'line 3 looks like the rest'],
  [line(KEY, 'x'), undefined],
  [line(KEY), undefined],
  [line(`${KEY}!`, ''), undefined],
  [line('A', '='), undefined],
  [line('- A', 'x', 'quoted'), undefined],
  [line('- A', 'x', 'json'), undefined],
])('the slip of %j: %s', (entry, problem, remedy = '') => {
  const slip = slipOf(entry);
  if (problem === undefined) expect(slip).toBeUndefined();
  else {
    expect(slip?.problem).toContain(problem);
    expect(slip?.remedy).toContain(remedy);
    expect(slip?.swallows).toBe(problem.includes('several lines') ? true : undefined);
  }
});

test.each<[string, Entry, string[]]>([
  ['one more', line('A', '1 B=2'), ['B']],
  ['two more', line('A', ' 1  B=2\tC= '), ['B', 'C']],
  ['none', line('A', '1'), []],
  ['words', line('A', '1 B=2 x'), []],
  ['a first value that is a setting itself', line('A', 'x=1 B=2'), []],
  ['names of another kind', line('A', '1 b=2'), []],
  ['a sign without a name', line('A', '1 =2'), []],
  ['in a heredoc', line('A', '1 B=2', 'heredoc'), []],
  ['no value', line('A'), []],
])('settings on the line of another: %s', (_, entry, names) => expect(foldedNames(entry, /^[A-Z]+$/)).toEqual(names));

test.each<[string, boolean]>([
  ['${{ github.sha }}', true],
  ['x ${{secrets["A"]}} y', true],
  ['${{ toJSON(x) }}', true],
  ["${{ startsWith ('a', 'b') }}", true],
  ['${{ MATRIX.os }}', true],
  ['${{ price }}', false],
  ['${ github.sha }', false],
  ['{{ github.sha }}', false],
  ['${{ mygithub.sha }}', false],
])('%s is an expression of GitHub: %s', (text, expected) => expect(EXPRESSION.test(text)).toBe(expected));

test.each<[Entry, boolean]>([
  [line('A', ' "x y" '), true],
  [line('A', "'x'"), true],
  [line('A', '""'), true],
  [line('A', '"x" "y"'), false],
  [line('A', 'a "x"'), false],
  [line('A', '"x" b'), false],
  [line('A', "'x"), false],
  [line('A'), false],
  [line('A', '"x"', 'quoted'), false],
])('quotes stand around the whole value of %j: %s', (entry, expected) => expect(isQuoted(entry)).toBe(expected));
