import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model.ts';
import { checkSchema, coerce, isField, memberType, ROOT } from '../../src/taskdef/schema.ts';

const app = (container: JsonObject, more: JsonObject = {}): JsonObject => ({
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'nginx:1', ...container }],
  ...more,
});
const reported = (definition: JsonObject): string[] =>
  checkSchema(definition).map(({ subject, problem, remedy }) => `${subject}: ${problem}${remedy ? ` ${remedy}` : ''}`);

test.each([
  ['family', ROOT, 'string'],
  ['containerDefinitions', ROOT, 'ContainerDefinition[]'],
  ['cpu', 'ContainerDefinition', 'integer'],
  ['essential', 'ContainerDefinition', 'boolean'],
  ['dockerLabels', 'ContainerDefinition', 'map'],
  ['anything', 'map', 'string'],
  ['nothing', 'ContainerDefinition', ''],
  ['toString', 'ContainerDefinition', ''],
  ['cpu', 'Nothing', ''],
  ['cpu', 'toString', ''],
])('the type of %s in %s is %s', (member, structure, type) => expect(memberType(structure, member)).toBe(type));

test.each<[unknown, boolean]>([
  ['family', true],
  ['logConfiguration', true],
  ['password', false],
  ['toString', false],
  [7, false],
])('%s is a field: %s', (name, expected) => expect(isField(name)).toBe(expected));

const DEFINITION = 'containerDefinitions[0]';
test.each<[string, JsonObject, string[]]>([
  [
    'all right',
    app({ cpu: 1, essential: false, dockerLabels: { a: 'b' }, command: ['x'], portMappings: [{ protocol: 'udp' }] }),
    [],
  ],
  [
    'no family',
    { containerDefinitions: [] },
    ['family: is missing, and ECS requires it. Add for example `"family": "web"`, the name that all revisions share.'],
  ],
  [
    'no containers',
    { family: 'web' },
    [
      'containerDefinitions: is missing, and ECS requires it. Add `"containerDefinitions": [{"name": "app", "image": "..."}]`.',
    ],
  ],
  [
    'a secret without its place',
    app({ secrets: [{ name: 'A' }] }),
    [`${DEFINITION}.secrets[0].valueFrom: is missing, and ECS requires it.`],
  ],
  [
    'a field misspelt',
    app({ memoryReservaton: 1 }),
    [
      `${DEFINITION}.memoryReservaton: is not a field of a task definition here, and would not reach ECS. Did you mean \`memoryReservation\`?`,
    ],
  ],
  [
    'a field like no other',
    app({ toString: 1 }),
    [`${DEFINITION}.toString: is not a field of a task definition here, and would not reach ECS. Remove it.`],
  ],
  [
    'a value outside of its list',
    { ...app({}), networkMode: 'awsvcp' },
    ['networkMode: `awsvcp` is not one of awsvpc, bridge, host, none. Did you mean `awsvpc`?'],
  ],
  [
    'a value like none of its list',
    { ...app({}), networkMode: 'x-y-z' },
    ['networkMode: `x-y-z` is not one of awsvpc, bridge, host, none.'],
  ],
  [
    'a number in place of one of a list',
    { ...app({}), networkMode: 7 },
    ['networkMode: is the number 7, but ECS takes a string here.'],
  ],
  [
    'a second item that is wrong',
    app({ environment: [{ name: 'A', value: 'b' }, { name: 7 }] }),
    [`${DEFINITION}.environment[1].name: is the number 7, but ECS takes a string here.`],
  ],
  [
    'a label that is no text',
    app({ dockerLabels: { a: 'b', c: null } as JsonObject }),
    [`${DEFINITION}.dockerLabels.c: is null, but ECS takes a string here.`],
  ],
  [
    'labels that are a list',
    app({ dockerLabels: [] }),
    [`${DEFINITION}.dockerLabels: is a list, but ECS takes an object of strings here.`],
  ],
  [
    'a list for an object',
    app({ logConfiguration: [{}] }),
    [`${DEFINITION}.logConfiguration: is a list, but ECS takes an object here. Take it out of [ ].`],
  ],
  [
    'text for an object',
    app({ logConfiguration: 'x' }),
    [`${DEFINITION}.logConfiguration: is a string, but ECS takes an object here.`],
  ],
  ['an object for text', app({ image: {} }), [`${DEFINITION}.image: is an object, but ECS takes a string here.`]],
  ['a boolean for text', app({ image: true }), [`${DEFINITION}.image: is true, but ECS takes a string here.`]],
  [
    'one item for a list',
    app({ mountPoints: {} }),
    [`${DEFINITION}.mountPoints: is an object, but ECS takes a list here. Put it in [ ].`],
  ],
  [
    'variables as an object',
    app({ environment: { A: 'b' } }),
    [`${DEFINITION}.environment: is an object, but ECS takes a list here. Write \`[{"name": ..., "value": ...}]\`.`],
  ],
  [
    'variables as text',
    app({ environment: 'A=b' }),
    [`${DEFINITION}.environment: is a string, but ECS takes a list here. Put it in [ ].`],
  ],
  [
    'text for a list that is not words',
    app({ mountPoints: 'x y' }),
    [`${DEFINITION}.mountPoints: is a string, but ECS takes a list here. Put it in [ ].`],
  ],
  [
    'a secret among the variables',
    app({ environment: [{ name: 'A' }, { name: 'B', valueFrom: 'x' }] }),
    [
      `${DEFINITION}.environment[1].valueFrom: \`environment\` takes values as they are, and would never read a secret. Move the entry to \`secrets\`: \`"secrets": [{"name": ..., "valueFrom": ...}]\`.`,
    ],
  ],
  [
    'a value among the secrets',
    app({ secrets: [{ name: 'A', valueFrom: 'x', value: 'hunter2' }] }),
    [
      `${DEFINITION}.secrets[0].value: \`secrets\` takes the ARN of a secret as \`valueFrom\`, not its value. Move the entry to \`environment\` if it is not secret, or give its ARN as \`valueFrom\`.`,
    ],
  ],
])('the service model: %s', (_, definition, mistakes) => {
  expect(reported(definition)).toEqual(mistakes);
});

test.each<[string, Json, string | undefined]>([
  ['cpu', '256', 'Write it without quotes.'],
  ['cpu', '-256', 'Write it without quotes.'],
  ['cpu', '0256', 'Write it without leading zeros.'],
  ['cpu', '+0256', 'Write it without leading zeros.'],
  ['cpu', '256 units', undefined],
  ['cpu', 'x256', undefined],
  ['cpu', 'x0256', undefined],
  ['cpu', '0256x', undefined],
  ['cpu', 1.5, undefined],
  ['cpu', null, undefined],
  ['essential', 'true', 'Write it without quotes.'],
  ['essential', 'FALSE', 'Write it without quotes.'],
  ['essential', 'truex', undefined],
  ['essential', 'xfalse', undefined],
  ['essential', '1', undefined],
  ['essential', 1, undefined],
])('%s: %j, and what to write', (field, value, remedy) => {
  const [mistake, ...more] = checkSchema(app({ [field]: value }));
  expect(more).toEqual([]);
  expect([mistake?.subject, mistake?.remedy]).toEqual([`${DEFINITION}.${field}`, remedy]);
  expect(mistake?.problem).toContain(field === 'cpu' ? 'ECS takes an integer' : 'ECS takes true or false');
});

test.each<[string, string, string]>([
  ['command', 'npm run start', '["npm","run","start"]'],
  ['entryPoint', 'sh -c "a b"', '["sh","-c","..."]'],
  ['links', 'db:db', '["db:db"]'],
  ['dnsServers', '10.0.0.2', '["10.0.0.2"]'],
  ['dnsSearchDomains', 'example.com', '["example.com"]'],
  ['dockerSecurityOptions', 'label:x', '["label:x"]'],
  ['command', 'run --token=abc -p=x', '["run","--token=...","-p=..."]'],
  ['command', 'run --password hunter2 next', '["run","--password","...","next"]'],
  ['command', 'run --db-secret hunter2', '["run","--db-secret","hunter2"]'],
  [
    'command',
    'run -key hunter2 --auth x --cred y -tokens z',
    '["run","-key","...","--auth","...","--cred","...","-tokens","..."]',
  ],
  ['command', 'run 123456 a1b 12345', '["run","...","...","12345"]'],
  ['command', `run ${'a'.repeat(32)} ${'b'.repeat(33)} a,b`, `["run","${'a'.repeat(32)}","...","..."]`],
])('%s as one text: %s is to be written as a list', (field, text, list) => {
  expect(reported(app({ [field]: text }))).toEqual([
    `${DEFINITION}.${field}: is a string, but ECS takes a list here. Write it as a list: \`${list}\`.`,
  ]);
});

test('the command of a health check is never shown', () => {
  expect(reported(app({ healthCheck: { command: 'curl -H secret' } }))[0]).toContain('`["CMD-SHELL", "..."]`');
});

test.each<[string, Json, Json]>([
  ['cpu', 1, 1],
  ['cpu', '1.0', 1],
  ['cpu', '.5', '.5'],
  ['cpu', '1e3', 1000],
  ['cpu', '1.5e1', 15],
  ['cpu', '12E-1', '12E-1'],
  ['cpu', '+7', 7],
  ['cpu', '+07', '+07'],
  ['cpu', '-0', 0],
  ['cpu', '0x1F', 31],
  ['cpu', '0o17', 15],
  ['cpu', '0o18', '0o18'],
  ['cpu', '256', '256'],
  ['cpu', 'x1e3', 'x1e3'],
  ['cpu', '1e3x', '1e3x'],
  ['cpu', '1e99', '1e99'],
  ['essential', 'True', true],
  ['essential', 'TRUE', true],
  ['essential', 'False', false],
  ['essential', 'FALSE', false],
  ['essential', 'true', 'true'],
  ['essential', 'xTrue', 'xTrue'],
  ['essential', 'Truex', 'Truex'],
  ['image', 256, '256'],
  ['image', true, 'true'],
  ['image', null, null],
  ['image', '1e3', '1e3'],
  ['dockerLabels', { a: 1, b: false }, { a: '1', b: 'false' }],
  ['environment', [{ name: 1, value: 2 }], [{ name: '1', value: '2' }]],
  ['portMappings', [{ containerPort: '8e1' }], [{ containerPort: 80 }]],
  ['command', [1, '2'], ['1', '2']],
  ['unknown', [1, { a: 2 }], [1, { a: 2 }]],
])('%s: %j becomes %j', (field, value, expected) => {
  expect(coerce(app({ [field]: value }))).toEqual(app({ [field]: expected }));
});

test('what is of the right types stays, and any JSON is judged', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const definition = app({ environment: value as Json });
      const once = coerce(definition);
      expect(coerce(once)).toEqual(once);
      for (const { subject } of checkSchema(once)) expect(subject).toMatch(/^containerDefinitions\[0\]\.environment/);
    }),
  );
});
