import { parseInputs, readPlace } from '../../src/inputs/parse.ts';
import { needsYaml } from '../../src/inputs/yaml.ts';
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
