import fc from 'fast-check';
import { Failure } from '../../src/failure.ts';
import type { InputName } from '../../src/inputs/known.ts';
import { parseInputs, readPlace } from '../../src/inputs/parse.ts';
import {
  formOf,
  hasBlockMap,
  listOf,
  needsYaml,
  pairsOfBlockMap,
  plainMap,
  textOf,
  withoutBlockMaps,
} from '../../src/inputs/yaml.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { FACTS } from './made.ts';

const needed = (name: string) => (text: string) => needsYaml(new Map([[name, text]]));

describe('the library of YAML is loaded for what is YAML alone', () => {
  test('a step without such an input', () => {
    expect(needsYaml(new Map([['command', '- a'], ['task-definition', 'app.yml']]))).toBe(false); // biome-ignore format: one line
  });

  test.each(['services', 'lifecycle-hooks'])('%s is always YAML', (name) => {
    expect(['web', '[]', '- a', '{}'].map(needed(name))).toEqual([true, true, true, true]);
    expect(['', ' \n '].map(needed(name))).toEqual([false, false]);
  });

  test.each(['pre-deploy', 'post-deploy'])('%s is YAML where it is a list, and a command otherwise', (name) => {
    expect(
      ['- a', '\n# x\n- a', '  # x\n  # y\n  -\ta', '[{"command": "a"}]', '[ {"a": 1}]'].map(needed(name)),
    ).toEqual([true, true, true, true, true]);
    expect(['', 'npm test', '["npm", "test"]', '-x', '[ -f x ]', 'echo "- a"', 'a\n- b'].map(needed(name))).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  test('verify is YAML where it is a map or a list, and an address or a command otherwise', () => {
    expect(
      [
        'url: https://a',
        '# x\nurl: https://a',
        '{url: "https://a"}',
        '- https://a',
        '[{"url": "https://a"}]',
        'command : x y',
        'name:\n  a',
        'urls: x',
      ].map(needed('verify')),
    ).toEqual([true, true, true, true, true, true, true, true]);
    expect(
      ['', 'https://a.example.com:8443/x', './smoke.sh', '["./smoke.sh"]', 'curl url: x', '-x'].map(needed('verify')),
    ).toEqual([false, false, false, false, false, false]);
  });
});

const base = { service: 'web', 'aws-region': 'eu-central-1' };
const raw = (given: Readonly<Record<string, string>>) => new Map(Object.entries({ ...base, ...given }));

test('mistakes in YAML are reported with all others, before anything is asked of AWS', () => {
  const given = raw({
    'lifecycle-hooks': '- {targetType: PAUSED, lifecycleStages: [PRE_SCALE_UP]}',
    'pre-deploy': '- {command: [',
    verify: '- {url: example.com}',
    'desired-count': 'two',
  });
  expect(() => parseInputs(given, { ...FACTS, yaml: parseYaml })).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      mistakes: ['desired-count', 'lifecycle-hooks', 'pre-deploy', 'verify'].map((subject) =>
        expect.objectContaining({ subject }),
      ),
    }),
  );
});

test('no mistake shows what is in the text: it may be a secret', () => {
  for (const name of ['lifecycle-hooks', 'pre-deploy', 'verify'])
    expect(() => parseInputs(raw({ [name]: '- {a: hunter2hunter2' }), { ...FACTS, yaml: parseYaml })).toThrow(
      expect.objectContaining({
        mistakes: [{ subject: name, problem: expect.not.stringContaining('hunter2'), remedy: expect.any(String) }],
      }),
    );
});

test('where the comment of a failed run goes is read without YAML', () => {
  expect(readPlace(raw({ 'lifecycle-hooks': '- [', verify: '- [', cluster: 'blue' }), FACTS).service).toEqual({
    cluster: 'blue',
    service: 'web',
  });
});

describe('block-maps', () => {
  describe('how an input is written', () => {
    test.each<[InputName, string, ReturnType<typeof formOf>]>([
      ['variables', 'A: 1', 'map'],
      ['variables', '  A: 1\n  B: 2', 'map'],
      ['variables', '# first\n\nA: 1', 'map'],
      ['variables', '"A": 1', 'map'],
      ['variables', 'A:', 'map'],
      ['variables', 'A:1', 'lines'],
      ['variables', 'A=1', 'lines'],
      ['variables', '', 'lines'],
      ['variables', '# nothing', 'lines'],
      ['variables', '{"A": 1}', 'lines'],
      ['variables', ' [1]', 'lines'],
      // A URL has its colon inside of a word.
      ['variables', 'https://example.com', 'lines'],
      // A list is no map of names.
      ['variables', '- A: 1', 'lines'],
      ['variables', 'A: 1\n- B', 'lines'],
      ['variables', 'A: 1\nB', 'lines'],
      ['variables', 'web:\n  A: 1\nB=2', 'mixed'],
      ['variables', 'web:\nB=2', 'lines'],
      ['variables', 'B=2\nweb:\n  A: 1', 'mixed'],
      ['variables', 'B<<END\nweb:\n  A: 1\nEND', 'lines'],
      ['variables', '"B=web:\n  A: 1"', 'lines'],
      ['variables', 'web:\n  A=1', 'nested'],
      ['variables', 'web:\n  # one\n  A=1', 'nested'],
      ['variables', 'web:\n  A: b=1', 'map'],
      // Of containers: `container: NAME=value` is a line.
      ['environment-variables', 'A: 1\nB: 2', 'map'],
      ['environment-variables', 'web: A=1\nproxy: B=2', 'lines'],
      ['environment-variables', 'web: TEXT<<END\nx\nEND', 'lines'],
      ['environment-variables', 'web: A=1\nB: 2', 'mixed'],
      ['environment-variables', 'web: "A=1"\nB: 2', 'map'],
      ['variables', 'web: A=1\nB: 2', 'map'],
      // Of containers alone, with one value for each.
      ['command', 'npm run: x', 'lines'],
      ['command', 'web: npm start', 'lines'],
      ['command', 'web:\n  - npm\n  - start', 'map'],
      ['command', 'web: |\n  npm start', 'map'],
      ['command', 'web: >-\n  npm start', 'map'],
      ['command', 'web: |x\n  npm start', 'lines'],
      ['command', 'web:\n- npm\nproxy: nginx', 'map'],
      ['command', 'web: [npm]', 'lines'],
      ['env-files', 'web: [a, b]', 'map'],
      ['env-files', 'web: a', 'lines'],
    ])('%s: %j is %s', (name, text, form) => expect(formOf(name, text)).toBe(form));

    test('names with `=` are never a map, whatever the values', () => {
      fc.assert(
        fc.property(fc.array(fc.stringMatching(/^[A-Z]{1,5}=[^\n]{0,20}$/), { minLength: 1 }), (lines) => {
          expect(formOf('variables', lines.join('\n'))).toBe('lines');
        }),
      );
    });
  });

  const raw = (given: Readonly<Record<string, string>>): ReadonlyMap<string, string> => new Map(Object.entries(given));

  test('YAML is needed for a block map in an input that takes one, and for nothing else', () => {
    expect(hasBlockMap(raw({ variables: 'A: 1' }))).toBe(true);
    expect(hasBlockMap(raw({ command: 'web:\n  - npm' }))).toBe(true);
    expect(hasBlockMap(raw({ variables: 'A=1', service: 'A: 1' }))).toBe(false);
    expect(hasBlockMap(raw({ variables: 'web:\n  A=1' }))).toBe(false);
    expect(hasBlockMap(raw({}))).toBe(false);
  });

  describe('a block map becomes the JSON that the input takes as well', () => {
    test.each<[string, string, unknown]>([
      ['variables', 'A: 1\nB: yes\nC:\nD: "x"', { A: '1', B: 'yes', C: '', D: 'x' }],
      ['environment-variables', 'web:\n  A: 1\n  B: true\nLEVEL: info', { web: { A: '1', B: 'true' }, LEVEL: 'info' }],
      ['command', 'web:\n  - npm\n  - 1', { web: ['npm', '1'] }],
    ])('%s: %j', (name, text, value) => {
      const { raw: read, mistakes } = withoutBlockMaps(raw({ [name]: text, other: 'x' }), parseYaml);
      expect([JSON.parse(read.get(name) ?? ''), mistakes, read.get('other')]).toEqual([value, [], 'x']);
    });

    test.each<[string, RegExp, RegExp]>([
      ['web:\n  A: 1\nB=2', /^mixes `NAME=value` lines and a YAML map\.$/, /quote a value that contains `=`/],
      ['web:\n  A=1', /lines below the name of a container/, /`NAME: value` below the name of the container/],
      ['A: [hunter2', /not valid YAML/, /^Write `NAME: value` on a line each/],
      ['A: {b: {c: 1}}', /^holds maps or lists where a container takes one value/, /^Write `NAME: value`/],
      ['A: [[1]]', /^holds maps or lists/, /^Write `NAME: value`/],
    ])('%j is a mistake with the way out; the input is left out, and no value is shown', (text, problem, remedy) => {
      const { raw: read, mistakes } = withoutBlockMaps(raw({ variables: text }), parseYaml);
      expect(mistakes).toEqual([
        { subject: 'variables', problem: expect.stringMatching(problem), remedy: expect.stringMatching(remedy) },
      ]);
      expect(read.get('variables')).toBe('');
      expect(JSON.stringify(mistakes)).not.toContain('hunter2');
    });

    test('what YAML makes no map of is one too', () => {
      const { mistakes } = withoutBlockMaps(raw({ variables: 'A: 1' }), () => ['A']);
      expect(mistakes).toEqual([expect.objectContaining({ subject: 'variables', problem: 'is not a YAML map.' })]);
    });

    test('lines are left as they are, and need no reader', () => {
      const given = raw({ variables: 'A=1', command: 'npm start' });
      expect(withoutBlockMaps(given, undefined)).toEqual({ raw: given, mistakes: [] });
    });

    test('a fault of the reader itself is not a mistake of the user', () => {
      const broken = () => {
        throw new TypeError('x');
      };
      expect(() => withoutBlockMaps(raw({ variables: 'A: 1' }), broken)).toThrow(TypeError);
      expect(() => withoutBlockMaps(raw({ variables: 'A: 1' }), undefined)).toThrow(Failure);
    });
  });

  test.each([
    [
      { a: 1, b: null, c: 'x' },
      { a: '1', b: '', c: 'x' },
    ],
    [{ a: { b: true } }, { a: { b: 'true' } }],
    [{ a: ['x', 1, null] }, { a: ['x', '1', ''] }],
    [{ a: { b: { c: 1 } } }, undefined],
    [{ a: [{ b: 1 }] }, undefined],
  ])('plain texts of %j: %j', (map, plain) => expect(plainMap(map)).toEqual(plain));

  test('a text, a list', () => {
    expect([textOf(null), textOf(0), textOf(false), textOf(undefined), textOf({}), textOf([])]).toEqual([
      '',
      '0',
      'false',
      undefined,
      undefined,
      undefined,
    ]);
    expect([listOf([1, 'a']), listOf([]), listOf('a'), listOf([[1]])]).toEqual([['1', 'a'], [], undefined, undefined]);
  });

  test.each<[string, string, readonly (readonly [string, string])[]]>([
    ['plain, without its comment', 'A: one two # note', [['A', 'one two']]],
    ['a `#` inside of a word', 'A: one#two', [['A', 'one#two']]],
    [
      'of a container',
      'web:\n  A: 1\n  B: 2',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    ['a name in quotes', '"A": 1', [['A', '1']]],
    ['in single quotes', "A: 'it''s'", [['A', "it's"]]],
    [
      'in double quotes, as written and as meant',
      'A: "x\\"y"',
      [
        ['A', 'x\\"y'],
        ['A', 'x"y'],
      ],
    ],
    [
      'in double quotes that JSON does not read',
      'A: "x\\_y"',
      [
        ['A', 'x\\_y'],
        ['A', 'x\\_y'],
      ],
    ],
    [
      'of several lines',
      'A: |\n  one\n  two\nB: 3',
      [
        ['A', 'one'],
        ['A', 'two'],
        ['A', ''],
        ['B', '3'],
      ],
    ],
    [
      'folded, with an empty line',
      'A: >-\n  one\n\n  two\n',
      [
        ['A', 'one'],
        ['A', ''],
        ['A', 'two'],
        ['A', ''],
      ],
    ],
    ['without a value', 'A:', []],
    ['no map', 'A=1', []],
  ])('names and values for masking: %s', (_, text, pairs) => expect(pairsOfBlockMap(text)).toEqual(pairs));
});
