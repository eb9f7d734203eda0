import fc from 'fast-check';
import { stringify } from 'yaml';
import { asFailure, Failure } from '../../src/failure.ts';
import type { Json, JsonObject, Revision } from '../../src/model.ts';
import { parseJson } from '../../src/taskdef/json-file.ts';
import { loadTemplate } from '../../src/taskdef/load.ts';
import { substitute } from '../../src/taskdef/placeholders.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';

const REVISION: Revision = {
  arn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7',
  family: 'web',
  revision: 7,
  status: 'ACTIVE',
  definition: { family: 'web', containerDefinitions: [{ name: 'app', image: 'nginx:1', memory: 64 }] },
  tags: [
    { key: 'team', value: 'web' },
    { key: 'ecs-rollout:commit', value: 'c0ffee' },
    { key: 'aws:cloudformation:stack-name', value: 'web' },
  ],
};

/** Where a revision is looked for. */
const PLACE = {
  region: 'eu-west-1',
  clock: { now: () => 0, random: () => 0, sleep: async () => {} },
  signal: new AbortController().signal,
  identity: { caller: async () => ({ accountId: '123456789012', arn: '', partition: 'aws' }) },
};
const NOTHING_ELSE = { listTaskDefinitions: async () => [], listFamilies: async () => [] };

/** A world with these files, and ECS that knows one revision. */
function world(files: Readonly<Record<string, string>> = {}, revision = REVISION) {
  const asked: string[] = [];
  return {
    asked,
    runner: { mask: () => {} },
    files: { readText: async (path: string) => files[path] ?? '' },
    ...PLACE,
    ecs: {
      ...NOTHING_ELSE,
      describeTaskDefinition: async (reference: string) => {
        asked.push(reference);
        return revision;
      },
    },
  };
}
const never = (): Promise<Revision> => Promise.reject(new Error('nobody asked for what runs'));
const file = (path: string, text: string) => loadTemplate({ kind: 'file', path }, never, world({ [path]: text }));
const messageOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it was taken',
    (thrown) => asFailure(thrown).describe(),
  );
const thrownBy = (act: () => unknown): string => {
  try {
    act();
    return 'it was taken';
  } catch (thrown) {
    return asFailure(thrown).describe();
  }
};

describe('where a template comes from', () => {
  test.each(['td.yml', 'deploy/TD.YAML'])('%s is YAML', async (path) => {
    expect((await file(path, 'family: web')).definition).toEqual({ family: 'web' });
  });
  test.each(['td.json', 'td.jsonc', 'template'])('%s is JSON', async (path) => {
    expect((await file(path, '{"family": "web", /* so */ }')).definition).toEqual({ family: 'web' });
  });
  test('a file saved with a byte order mark and Windows line ends', async () => {
    expect((await file('td.json', '\uFEFF{\r\n "family": "web"\r\n}')).definition).toEqual({ family: 'web' });
  });
  test('a family, by its latest revision', async () => {
    const here = world();
    expect(await loadTemplate({ kind: 'family', family: 'web' }, never, here)).toEqual({
      name: 'web:7',
      definition: REVISION.definition,
      tags: [{ key: 'team', value: 'web' }],
      dropped: [],
    });
    expect(here.asked).toEqual(['web']);
  });
  test('a revision by its ARN, with the image tags that an earlier run pinned', async () => {
    const tags = [...REVISION.tags, { key: 'ecs-rollout:image-tags', value: 'app=1.27' }];
    const here = world({}, { ...REVISION, tags });
    const template = await loadTemplate({ kind: 'arn', arn: REVISION.arn }, never, here);
    expect(here.asked).toEqual([REVISION.arn]);
    expect(template.tags).toEqual([{ key: 'team', value: 'web' }]);
    expect([...(template.imageTags ?? [])]).toEqual([['app', '1.27']]);
  });
  test('a revision without them has none', async () => {
    expect(await loadTemplate({ kind: 'arn', arn: REVISION.arn }, never, world())).not.toHaveProperty('imageTags');
  });
  test('a revision that IAM hides is no template: which right is missing', async () => {
    const api = { service: 'ecs', operation: 'DescribeTaskDefinition', name: 'AccessDeniedException', message: 'no' };
    const refuse = (code: 'ACCESS_DENIED' | 'NOT_FOUND') =>
      loadTemplate({ kind: 'family', family: 'web' }, never, {
        ...world(),
        ecs: { ...NOTHING_ELSE, describeTaskDefinition: async () => Promise.reject(new Failure(code, 'no', { api })) },
      });
    await expect(refuse('ACCESS_DENIED')).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: 'The template is the task definition web, and ecs:DescribeTaskDefinition is denied: it cannot be read.',
      remedy: expect.stringContaining('Allow ecs:DescribeTaskDefinition'),
      api,
    });
    await expect(refuse('NOT_FOUND')).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'no' });
  });
  test('a file of at most 1 MiB', async () => {
    const limits: (number | undefined)[] = [];
    const readText = async (_: string, most?: number) => {
      limits.push(most);
      return '{"family": "web"}';
    };
    const template = await loadTemplate({ kind: 'file', path: 'td.json' }, never, { ...world(), files: { readText } });
    expect(limits).toEqual([1_048_576]);
    expect(template).not.toHaveProperty('mistakes');
  });
  test('an empty file', async () => {
    await expect(file('td.json', ' \n')).rejects.toMatchObject({
      code: 'INVALID_TASK_DEFINITION',
      message: 'td.json is empty.',
    });
  });
  test('what the service runs now, without asking ECS again', async () => {
    const here = world();
    expect((await loadTemplate({ kind: 'service' }, async () => REVISION, here)).name).toBe('web:7');
    expect(here.asked).toEqual([]);
  });
  test('what stands in a live revision comes out of rendering as it went in', async () => {
    const command = ['sh', '-c', 'echo $${HOME} ${PORT} ${PORT:-80} ${X%y} $$ ${1}'];
    const container = { name: 'app', image: 'x', command, dockerLabels: { '${key}': '${PORT}' } };
    const live = { ...REVISION, definition: { family: 'web', containerDefinitions: [container] } };
    const { definition } = await loadTemplate({ kind: 'service' }, async () => live, world());
    expect(substitute(definition, new Map([['PORT', 'wrong']]))).toMatchObject({
      value: live.definition,
      mistakes: [],
    });
  });
});

describe('what is not a task definition is named for what it is', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', ' \n', /td\.json is empty/],
    ['a comment alone', '// nothing yet', /it is empty, not an object|value expected/],
    ['null', 'null', /it is empty, not an object/],
    ['a list of containers', '[{"name": "app"}]', /it is a list.*\n.*A list of containers goes into/],
    ['text', '"web"', /it is a string/],
    ['a CloudFormation template', '{"Resources": {}}', /is a CloudFormation template/],
    [
      'a CloudFormation resource',
      '{"Type": "AWS::ECS::TaskDefinition", "Properties": {}}',
      /is a CloudFormation resource/,
    ],
    [
      "CloudFormation's spelling",
      '{"Family": "web", "ContainerDefinitions": [{"Name": "app"}]}',
      /is in the spelling of CloudFormation \(`ContainerDefinitions`.*lower-case first letter/s,
    ],
    [
      'single quotes',
      "{'family': 'web'}",
      /not valid JSON: single quotes, where JSON takes double quotes at line 1, column 2/,
    ],
    ['a service', '{"serviceName": "web", "taskDefinition": "web:1"}', /is the definition of a service/],
    ['a container', '{"name": "app", "image": "x"}', /is a single container/],
    ['tags as a map', '{"family": "web", "tags": {"a": "b"}}', /tags of td\.json are not a list/],
  ])('%s', async (_, text, expected) => {
    expect(await messageOf(file('td.json', text))).toMatch(expected);
  });
  test('an expression of GitHub is a mistake of a file, reported with the others, and none of a live revision', async () => {
    const text = '{"family": "web", "containerDefinitions": [{"name": "${{ vars.NAME }}"}], "cpu": "${{ price }}"}';
    const { mistakes } = await file('td.json', text);
    expect(mistakes?.map(({ subject }) => subject)).toEqual(['containerDefinitions[0].name']);
    const live = { ...REVISION, definition: { family: '${{ vars.FAMILY }}', containerDefinitions: [] } };
    expect(await loadTemplate({ kind: 'service' }, async () => live as Revision, world())).not.toHaveProperty(
      'mistakes',
    );
  });
  test('a CloudFormation template in YAML, with its own tags', async () => {
    const text = 'Resources:\n  Task:\n    Properties:\n      Family: !Ref Name\n';
    expect(await messageOf(file('td.yml', text))).toMatch(/is a CloudFormation template/);
  });
});

describe('numbers stay as they were written', () => {
  const cases: [string, Json][] = [
    ['256', 256],
    ['-1', -1],
    ['0.5', 0.5],
    ['1.10', '1.10'],
    ['2.0', '2.0'],
    ['0.0', '0.0'],
    ['1.0e2', '1.0e2'],
    ['12e3', '12e3'],
    ['-0', '-0'],
    ['1e400', '1e400'],
    ['12345678901234567890', '12345678901234567890'],
  ];
  test.each(cases)('%s in JSON', (text, value) => {
    expect(parseJson(`{"a": [${text}]}`, 'td.json')).toEqual({ a: [value] });
  });
  test.each([
    ...cases,
    ['007', '007'],
    ['0x1F', '0x1F'],
    ['0xE1', '0xE1'],
    ['.5', '.5'],
    ['True', 'True'],
    ['~', null],
    ['"1"', '1'],
    ['yes', 'yes'],
    ['true', true],
  ] as [string, Json][])('%s in YAML', (text, value) =>
    expect(parseYaml(`a:\n  - ${text}\n`, 'td.yml')).toEqual({ a: [value] }),
  );
});

describe('a mistake in JSON', () => {
  test('in a file of one line shows what stands around it, with the mark below', () => {
    const text = `{"a": "${'x'.repeat(300)}", "b": oops, "c": 1}`;
    const [, shown = '', mark = ''] = thrownBy(() => parseJson(text, 'td.json')).split('\n');
    expect(shown.slice(mark.indexOf('^'))).toMatch(/^\*{4}, "c"/);
    expect(shown.length).toBeLessThan(170);
  });
  test.each<[string, string, string]>([
    ['a value and a word', '{"name": "DB", "value": "hunter2", hunter}', '{"name": "**", "value": "*******", ******}'],
    ['a map', '{"environment":{"PASSWORD":"hunter2" "X":"y"}}', '{"environment":{"PASSWORD":"*******" "X":"*"}}'],
    ['another case', '{"Value":"hunter2" "X": 1}', '{"Value":"*******" "X": *}'],
    ['a command', '{"command":["--hunter","hunter2" "x"]}', '{"command":["********","*******" "*"]}'],
    ['a list over several lines', '{"command": [\n  "hunter2": "x"\n]}', '  "*******": "*"'],
    ['numbers', '{"pin": 1234 "x": true}', '{"pin": **** "*": ****}'],
    ['comments', '{"a": 1 /* was hunter2 */ "b": 2}', ''],
    ['single quotes', "{'PASSWORD': 'hunter2 a:b', 'b': 1}", ''],
    ['no quotes', '{PASSWORD: hunter2}', ''],
    ['a quote too few', '{"value": "hunter2, "b": "hunter3", "c": 1}', ''],
    ['a quote too many', '{"value": "hu"hunter2", "b": "hunter3": 1}', ''],
    ['a value where a key is due', '{"value": "a": "hunter2": "hunter3"}', '{"value": "*": "*******": "*******"}'],
    ['text that does not end', '{"value": "hunter2\n}', ''],
    ['a key twice', '{"PASSWORD": "hunter2", "PASSWORD": "hunter3"}', '{"PASSWORD": "*******", "PASSWORD": "*******"}'],
  ])('shows no value: %s', (_, text, line) => {
    const shown = thrownBy(() => parseJson(text, 'td.json'));
    expect(shown).toContain('td.json is not valid JSON');
    expect(shown).not.toMatch(/hunt|was|1234/);
    expect(shown).toContain(line);
  });
  test('a field that stands twice is reported with its place: JSON would keep the last of them', () => {
    const text = '{\n  "image": "a",\n  "image": "b"\n}';
    expect(thrownBy(() => parseJson(text, 'td.json'))).toMatch(
      /`image` occurs twice in one object at line 3, column 3/,
    );
    expect(parseJson('[{"image": "a"}, {"image": "b"}]', 'td.json')).toEqual([{ image: 'a' }, { image: 'b' }]);
  });
  test('a placeholder without quotes', () => {
    const shown = thrownBy(() => parseJson('{"containerPort": ${PORT}}', 'td.json'));
    expect(shown).toMatch(/a placeholder without quotes .* at line 1, column 19/);
  });
});

test('a key that JavaScript treats in its own way is a field like any other', () => {
  const parsed = parseJson('{"__proto__": {"x": 1}}', 'td.json') as JsonObject;
  expect(Object.keys(parsed)).toEqual(['__proto__']);
});

test('wherever a file is damaged, what it says of that shows no value', () => {
  const secret = fc.constantFrom(
    'hunter2',
    'hunt er2: x',
    '*hunter',
    'hunter\nhunter: two',
    'hunter"2',
    '[hunter',
    '!hunt',
  );
  const definition = fc.tuple(secret, secret, secret).map(([a, b, c]) => ({
    containerDefinitions: [{ environment: [{ name: 'A', value: a }], command: [b], dockerLabels: { c } }],
  }));
  const damage = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    put: fc.constantFrom('', '"', ':', ',', '{', ']', '\n', '#', '- ', '*', '%', '//', '\t'),
    drop: fc.nat(1),
  });
  const style = fc.constantFrom('json' as const, 'PLAIN' as const, 'QUOTE_DOUBLE' as const, 'BLOCK_LITERAL' as const);
  fc.assert(
    fc.property(definition, damage, style, (given, { at, put, drop }, defaultStringType) => {
      const whole =
        defaultStringType === 'json' ? JSON.stringify(given, null, 1) : stringify(given, { defaultStringType });
      const cut = Math.floor(at * whole.length);
      const text = whole.slice(0, cut) + put + whole.slice(cut + drop);
      const shown = thrownBy(() => (defaultStringType === 'json' ? parseJson : parseYaml)(text, 'td'));
      expect(shown).not.toContain('hunt');
    }),
    { numRuns: 400 },
  );
});
