import type { JsonObject } from '../../src/model.ts';
import { secretValues, secretValuesOfService } from '../../src/taskdef/secret-values.ts';

const of = (container: JsonObject, rest: JsonObject = {}): string[] =>
  secretValues({ family: 'web', containerDefinitions: [{ name: 'app', ...container }], ...rest });
const KEY = 'wJalrXUtnFEMI7K7MDENGbPxRfiCYZZZZ3YKEY12';
const variable = (name: string, value: string): JsonObject => ({ environment: [{ name, value }] });

test.each<[string, JsonObject, string[]]>([
  ['a variable by its name', variable('DB_PASSWORD', 'hunter2x'), ['hunter2x']],
  ['a variable by its shape', variable('X', KEY), [KEY]],
  ['another variable', variable('MODE', 'production'), []],
  ['our placeholder', variable('DB_PASSWORD', '${DB_PASSWORD}'), []],
  ['a placeholder in a text', variable('DB_PASSWORD', 'x-${DB_PASSWORD}'), []],
  ['what only looks like one', variable('DB_PASSWORD', 'pa${1}ss'), ['pa${1}ss']],
  ['the placeholder of another tool', variable('DB_PASSWORD', ' <DB_PASSWORD> '), []],
  ['a password with such marks in it', variable('DB_PASSWORD', 'a<b>c-hunter2'), ['a<b>c-hunter2']],
  ['two such marks', variable('DB_PASSWORD', '<a><b>'), ['<a><b>']],
  ['a label by its name', { dockerLabels: { 'db.password': 'hunter2', team: 'payments' } }, ['hunter2']],
  ['an option of a log driver', { logConfiguration: { options: { 'splunk-token': 'hunter2' } } }, ['hunter2']],
  ['an option of a command', { command: ['run', '--token', 'hunter2', '--port', '123456'] }, ['hunter2']],
  ['a placeholder in a command', { command: ['run', '--token=<TOKEN>', '--token', '${TOKEN}'] }, []],
  ['a health check', { healthCheck: { command: ['CMD-SHELL', 'check --password hunter2'] } }, ['hunter2']],
  ['a secret in place of its ARN', { secrets: [{ name: 'DB', valueFrom: 'hunter2' }] }, ['hunter2']],
  ['a secret under `value`', { secrets: [{ name: 'DB', value: 'hunter2' }] }, ['hunter2']],
  ['a parameter', { secrets: [{ name: 'DB', valueFrom: '/prod/db/password' }] }, []],
  [
    'a parameter that is called like the variable',
    { secrets: [{ name: 'DB_PASSWORD', valueFrom: 'prod-db-password' }] },
    [],
  ],
  [
    'an option of the log driver',
    { logConfiguration: { secretOptions: [{ name: 'splunk-token', valueFrom: 'hunter2' }] } },
    ['hunter2'],
  ],
  ['credentials of a registry', { repositoryCredentials: { credentialsParameter: 'user:hunter2' } }, ['user:hunter2']],
  ['the name of such a secret', { repositoryCredentials: { credentialsParameter: 'registry-login2' } }, []],
  [
    'the same twice',
    { ...variable('DB_PASSWORD', 'hunter2'), secrets: [{ name: 'DB', valueFrom: 'hunter2' }] },
    ['hunter2'],
  ],
  [
    'fields of other types',
    {
      environment: [1, { name: 1, value: KEY }, { name: 'X', value: 2 }],
      secrets: { a: 1 },
      logConfiguration: 'x',
      repositoryCredentials: { credentialsParameter: 1 },
    },
    [],
  ],
  ['nothing', {}, []],
])('%s', (_, container, found) => expect(of(container)).toEqual(found));

test('of a file share', () => {
  const share = (credentialsParameter: string): JsonObject => ({
    volumes: [
      { name: 'v' },
      { name: 'w', fsxWindowsFileServerVolumeConfiguration: { authorizationConfig: { credentialsParameter } } },
    ],
  });
  expect(of({}, share('user:hunter2'))).toEqual(['user:hunter2']);
  expect(of({}, share('share-login'))).toEqual([]);
});

test('of every container', () => {
  const containers = ['a', 'b'].map((name) => ({ name, ...variable('TOKEN', `hunter2-${name}`) }));
  expect(secretValues({ containerDefinitions: containers })).toEqual(['hunter2-a', 'hunter2-b']);
});

test('a part of a name is none, or the revision would be masked in the outputs', () => {
  expect(of(variable('DB_PASSWORD', 'shop-web'), { family: 'acme-shop-web' })).toEqual([]);
  expect(
    secretValues({
      family: 1,
      containerDefinitions: [{ name: 'shop-web-app', ...variable('PASSWORD', 'shop-web') }, { name: 2 }],
    }),
  ).toEqual([]);
  expect(of(variable('DB_PASSWORD', 'shop-web'), { family: 'web' })).toEqual(['shop-web']);
});

test('of tags', () => {
  const tags = [
    { key: 'api-token', value: 'hunter2' },
    { key: 'team', value: 'payments' },
  ];
  expect(secretValues({}, tags)).toEqual(['hunter2']);
  expect(secretValuesOfService({ tags }, tags)).toEqual(['hunter2']);
});

test('of a service', () => {
  const logConfiguration = (options: JsonObject, secretOptions: JsonObject[]): JsonObject => ({
    serviceConnectConfiguration: { logConfiguration: { options, secretOptions } },
  });
  expect(secretValuesOfService(logConfiguration({ 'splunk-token': 'hunter2-a', mode: 'non-blocking' }, []))).toEqual([
    'hunter2-a',
  ]);
  const pasted = [
    { name: 'other', valueFrom: 'hunter2-b' },
    { name: 'more', value: 'hunter2-c' },
    { name: 'third', valueFrom: '/prod/db/password' },
  ];
  expect(secretValuesOfService(logConfiguration({}, pasted))).toEqual(['hunter2-b', 'hunter2-c']);
  const hooks = {
    deploymentConfiguration: { lifecycleHooks: [{ hookDetails: { apiKey: 'hunter2-d', stage: 'test' } }] },
  };
  expect(secretValuesOfService(hooks)).toEqual(['hunter2-d']);
  expect(secretValuesOfService({ serviceConnectConfiguration: 1, tags: 'x' })).toEqual([]);
});
