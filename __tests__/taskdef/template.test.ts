import { asFailure } from '../../src/failure.ts';
import { asObjects, asStrings, type Json, type JsonObject } from '../../src/model.ts';
import { containersOf, textOf, toTemplate } from '../../src/taskdef/template.ts';

const CONTAINER = { name: 'app', image: 'x:1', memory: 64 };
const DEFINITION = { family: 'web', containerDefinitions: [CONTAINER] };
const refused = (value: Json) => {
  try {
    return toTemplate(value, 'td.json');
  } catch (thrown) {
    const { code, message, remedy } = asFailure(thrown);
    return `${code}: ${message} ${remedy}`;
  }
};
const definitionOf = (value: Json): JsonObject => toTemplate(value, 'td.json').definition;

describe('a console or CLI export', () => {
  test('a definition is its own template', () =>
    expect(toTemplate(DEFINITION, 'td.json')).toEqual({
      name: 'td.json',
      definition: DEFINITION,
      tags: [],
      dropped: [],
    }));
  test('the wrapper, with the tags beside the definition', () => {
    const template = toTemplate({ taskDefinition: DEFINITION, tags: [{ key: 'team', value: 'web' }] }, 'f');
    expect(template).toEqual({
      name: 'f',
      definition: DEFINITION,
      tags: [{ key: 'team', value: 'web' }],
      dropped: [],
    });
    const within = { ...DEFINITION, tags: [{ key: 'in', value: 'it' }] };
    expect(toTemplate({ taskDefinition: within }, 'f').tags).toEqual([{ key: 'in', value: 'it' }]);
    expect(definitionOf({ taskDefinition: within })).toEqual(DEFINITION);
  });
  test('every read-only field is left out and named, in a fixed order', () => {
    const readOnly = {
      taskDefinitionArn: 'arn',
      revision: 7,
      status: 'ACTIVE',
      requiresAttributes: [{ name: 'ecs.capability.execution-role-awslogs' }],
      compatibilities: ['EC2', 'FARGATE'],
      registeredAt: 1_700_000_000.5,
      registeredBy: 'arn:aws:iam::123456789012:root',
      deregisteredAt: 1_700_000_001,
      deleteRequestedAt: 1_700_000_002,
    };
    const template = toTemplate({ ...readOnly, ...DEFINITION }, 'td.json');
    expect([template.definition, template.dropped]).toEqual([DEFINITION, Object.keys(readOnly)]);
  });
  test.each(['taskRoleArn', 'executionRoleArn', 'networkMode', 'cpu', 'memory', 'pidMode', 'ipcMode'])(
    'an empty %s is one that is not set',
    (field) => {
      expect(definitionOf({ ...DEFINITION, [field]: '' })).toEqual(DEFINITION);
      expect(definitionOf({ ...DEFINITION, [field]: 'x' })).toEqual({ ...DEFINITION, [field]: 'x' });
    },
  );
  test('other empty values stay; nulls go, at any depth', () => {
    const container = { ...CONTAINER, image: '', environment: [{ name: 'EMPTY', value: '' }], command: [] };
    const given = {
      family: '',
      containerDefinitions: [{ ...container, user: null, links: [null, 'a'] }],
      volumes: null,
    };
    expect(definitionOf(given)).toEqual({ family: '', containerDefinitions: [{ ...container, links: ['a'] }] });
  });
});

const DESCRIBE = 'aws ecs describe-task-definition';
test.each<[string, Json, ...string[]]>([
  ['nothing', null, 'it is empty, not an object', 'Start it with'],
  ['text', 'web', 'it is a string, not an object', 'Start it with'],
  ['a list of containers', [CONTAINER], 'it is a list, not an object', 'A list of containers goes into'],
  ['a CloudFormation template', { Resources: {} }, 'td.json is a CloudFormation template,', DESCRIBE],
  ['one without resources', { AWSTemplateFormatVersion: '2010-09-09' }, 'is a CloudFormation template,', DESCRIBE],
  ['a CloudFormation resource', { Properties: { Family: 'web' } }, 'is a CloudFormation resource,', DESCRIBE],
  ["CloudFormation's spelling", { ContainerDefinitions: [] }, 'is in the spelling of CloudFormation', DESCRIBE],
  ['a service', { serviceName: 'web' }, 'is the definition of a service', DESCRIBE],
  ['a task to run', { taskDefinition: 'web:1', cluster: 'x' }, 'is the definition of a service', DESCRIBE],
  ['the settings of a service', { desiredCount: 2 }, 'is the definition of a service', DESCRIBE],
  ['a container', CONTAINER, 'is a single container,', 'Put it into'],
])('what is no task definition is reported as what it is: %s', (_, value, problem, remedy = '') => {
  expect(refused(value)).toMatch(/^INVALID_TASK_DEFINITION: td\.json /);
  expect(refused(value)).toContain(problem);
  expect(refused(value)).toContain(remedy);
});

test.each<[string, JsonObject]>([
  ['fields of other things beside containers', { ...DEFINITION, Resources: {}, serviceName: 'x', image: 'y' }],
  ['an image beside a family, which the check reports', { family: 'web', image: 'x' }],
  ['properties that are none', { family: 'web', Properties: 'x' }],
  ['nothing yet', {}],
])('is left to the check: %s', (_, value) => expect(definitionOf(value)).toEqual(value));

describe('tags', () => {
  const tagged = (tags: Json) => refused({ ...DEFINITION, tags });
  test.each<[string, Json, object[]]>([
    ['numbers and booleans are their text', [{ key: 1, value: true }], [{ key: '1', value: 'true' }]],
    [
      'no value is an empty one',
      [{ key: 'a' }, { key: 'b', value: null }],
      [
        { key: 'a', value: '' },
        { key: 'b', value: '' },
      ],
    ],
    ['none', null, []],
  ])('%s', (_, tags, expected) => expect(tagged(tags)).toMatchObject({ tags: expected }));
  test.each<[string, Json]>([
    ['a map', { a: 'b' }],
    ['one that is a text', [{ key: 'a', value: 'b' }, 'c']],
    ['one without a key', [{ value: 'b' }]],
    ['a value that is a list', [{ key: 'a', value: ['b'] }]],
  ])('%s is refused', (_, tags) =>
    expect(tagged(tags)).toMatch(/^INVALID_TASK_DEFINITION: The tags of td\.json are not a list.* Write `"tags": \[/),
  );
});

test('what a field holds, whatever that is', () => {
  expect(['a', '', 80, 0, false, null, undefined, {}, ['a']].map(textOf)).toEqual([
    'a',
    '',
    '80',
    '0',
    'false',
    '',
    '',
    '',
    '',
  ]);
  expect(asObjects([{ a: 1 }, 'b', null, []])).toEqual([{ a: 1 }]);
  expect(asStrings(['a', 1, null, {}])).toEqual(['a']);
  expect(containersOf({ containerDefinitions: [CONTAINER, 'x', null] })).toEqual([CONTAINER]);
  for (const value of [undefined, 'a', { a: 'b' }]) {
    expect([asObjects(value), asStrings(value), containersOf({ containerDefinitions: value as Json })]).toEqual([
      [],
      [],
      [],
    ]);
  }
});
