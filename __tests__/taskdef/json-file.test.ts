import { asFailure } from '../../src/failure.ts';
import { parseJson } from '../../src/taskdef/json-file.ts';
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
  ['aliases', parseYaml, `a: &a 1\nb: [${'*a,'.repeat(20_000)}]`, /more than 200 aliases/],
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
