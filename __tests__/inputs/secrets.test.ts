import { Failure } from '../../src/failure.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { inputsOf, publicNamesOf, secretsOfStep } from '../../src/inputs/secrets.ts';
import { CONTEXT } from '../support/world.ts';

const KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, readonly string[]]>([
  ['the token', { 'github-token': 'ghs_x' }, {}, ['ghs_x']],
  ['build secrets', { 'build-secrets': 'a=one\nb<<E\ntwo\nthree\nE' }, {}, ['one', 'two\nthree']],
  ['build secrets that are not right', { 'build-secrets': '"a=one\ntwo' }, {}, ['one', 'two']],
  ['variables of build secrets', { 'build-secret-envs': 'npm=NPM_TOKEN' }, { NPM_TOKEN: 'from-env' }, ['from-env']],
  ['a variable by its name', { 'environment-variables': 'DB_PASSWORD=open sesame\nLOG=verbose' }, {}, ['open sesame']],
  ['a variable by its shape', { variables: `A=${KEY}\nB=eu-west-1` }, {}, [KEY]],
  ['a build argument from the environment', { 'build-args': 'NPM_TOKEN' }, { NPM_TOKEN: 'from-env' }, ['from-env']],
  ['a log option', { 'log-configuration-options': 'splunk-token=abc-def-1' }, {}, ['abc-def-1']],
  ['a tag of the revision', { 'task-definition-tags': 'api-token=hunter2\nteam=web' }, {}, ['hunter2']],
  ['an annotation', { annotations: 'db.password=hunter2' }, {}, ['hunter2']],
  ['a check', { verify: 'check --password hunter2 --path /health' }, {}, ['hunter2']],
  ['a command of a service', { services: '- service: web\n  command: run --token hunter2' }, {}, ['hunter2']],
  [
    'an override',
    {
      'run-task-container-overrides': JSON.stringify([
        {
          name: 'app',
          command: ['run', '--token', 'hunter2-a', 1],
          environment: { PASSWORD: 'hunter2-b', MODE: 'production' },
          secrets: [{ name: 'DB', valueFrom: 'hunter2-c' }],
        },
      ]),
    },
    {},
    ['hunter2-a', 'hunter2-b', 'hunter2-c'],
  ],
  ['a tag of a task', { 'run-task-tags': '[{"key":"api-token","value":"hunter2"},{"key":"a"},null]' }, {}, ['hunter2']],
  ['a secret pasted where its ARN belongs', { secrets: `DB=${KEY}` }, {}, [KEY]],
  [
    'an ARN of a secret',
    { secrets: 'DB_PASSWORD=arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf' },
    {},
    [],
  ],
  ['a key of the cache', { 'cache-to': 'type=s3,secret_access_key=abcdefgh12345678' }, {}, ['abcdefgh12345678']],
  ['credentials of the step', {}, { AWS_SECRET_ACCESS_KEY: KEY, AWS_ACCESS_KEY_ID: 'TEST', AWS_REGION: 'x' }, [KEY]],
  ...[
    'AWS_ACCESS_KEY_ID',
    'AWS_SESSION_TOKEN',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'GITHUB_TOKEN',
    'GH_TOKEN',
  ].map((name): [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, readonly string[]] => [
    name,
    {},
    { [name]: 'x'.repeat(16) },
    ['x'.repeat(16)],
  ]),
  ['what is too short for a credential', {}, { GITHUB_TOKEN: 'x'.repeat(15) }, []],
  ['an external id', { 'role-external-id': 'ours' }, {}, ['ours']],
  ['one secret in two places', { 'github-token': KEY, 'role-external-id': KEY }, {}, [KEY]],
  ['blank ones', { 'github-token': ' ', 'build-secrets': 'a= ' }, {}, []],
  ['a variable of a build secret that is not set', { 'build-secret-envs': 'npm=NPM_TOKEN' }, {}, []],
  [
    'a variable of a build secret behind a space',
    { 'build-secret-envs': 'npm= NPM_TOKEN' },
    { NPM_TOKEN: 'from-env' },
    ['from-env'],
  ],
  [
    'what follows the equals signs of a broken list',
    { 'environment-variables': '"A=1\nB_TOKEN=hunter2\nnothing' },
    {},
    ['hunter2'],
  ],
  ...['docker-labels', 'labels', 'log-configuration-options', 'variables', 'build-args', 'environment-variables'].map(
    (name): [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, readonly string[]] => [
      `a password in ${name}`,
      { [name]: 'DB_PASSWORD=open-sesame' },
      {},
      ['open-sesame'],
    ],
  ),
  ...['cache-from', 'cache-to', 'command', 'context', 'build-contexts', 'ssh'].map(
    (name): [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, readonly string[]] => [
      `a URL with a password in ${name}`,
      { [name]: 'x=https://u:pa55word@host/x' },
      {},
      ['pa55word'],
    ],
  ),
  ['a secret that is named by a word', { secrets: 'DB_PASSWORD=/prod/db/password' }, {}, []],
  ...['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map(
    (name): [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, readonly string[]] => [
      name,
      {},
      { [name]: 'http://u:pa55word@proxy:3128' },
      ['http://u:pa55word@proxy:3128'],
    ],
  ),
  ['a proxy without a password', {}, { HTTPS_PROXY: 'http://proxy:3128' }, []],
  ['a proxy with a password', {}, { HTTPS_PROXY: 'http://u:pa55word@proxy:3128' }, ['http://u:pa55word@proxy:3128']],
])('secrets of a step: %s', (_, inputs, env, expected) => {
  expect(secretsOfStep(new Map(Object.entries(inputs)), env).sort()).toEqual([...expected].sort());
});

test('names of the service and of the run are public', () => {
  const inputs = [
    'service',
    'cluster',
    'aws-region',
    'repository',
    'container-name',
    'task-definition-family',
    'task-definition-arn',
    'github-environment',
    'role-to-assume',
  ];
  const variables = ['GITHUB_REPOSITORY', 'GITHUB_REF_NAME', 'AWS_REGION', 'AWS_DEFAULT_REGION'];
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, ` the-${name} `]));
  const names = publicNamesOf(new Map(Object.entries({ ...named(inputs), 'github-token': 'ghs_x' })), named(variables));
  expect(names).toEqual([...inputs, ...variables].map((name) => `the-${name}`));
  expect(publicNamesOf(new Map(), {}).join('')).toBe('');
});

test('the inputs of a step are the variables INPUT_NAME of its environment', () => {
  const environment = {
    'INPUT_AWS-REGION': 'eu-west-1',
    INPUT_SERVICE: '',
    input_mode: 'plan',
    HOME: '/home',
    MY_INPUT_X: 'x',
    INPUT_: 'x',
    INPUT_GONE: undefined,
  };
  expect(Object.fromEntries(inputsOf(environment))).toEqual({ 'aws-region': 'eu-west-1', service: '', mode: 'plan' });
});

function mistakesOf(inputs: Readonly<Record<string, string>>): string {
  try {
    parseInputs(new Map(Object.entries({ service: 'web', 'aws-region': 'eu-west-1', ...inputs })), {
      context: CONTEXT,
      env: {},
    });
    return '';
  } catch (thrown) {
    return thrown instanceof Failure ? thrown.describe() : String(thrown);
  }
}

test.each([
  ['JSON', '{"family":"canary-web","containerDefinitions":[]}'],
  ['JSON on several lines', '{\n  "family": "canary-web"\n}'],
  ['YAML', 'family: canary-web\ncontainerDefinitions: []'],
  ['endless', `canary${'x'.repeat(5000)}`],
])('a template given as text (%s) is refused, and is not printed', (_, text) => {
  const described = mistakesOf({ 'task-definition': text });
  expect(described).toContain('task-definition: is a task definition itself, but takes the path of a file.');
  expect(described).not.toContain('canary');
});

test.each(['canary-1\ncanary-2', 'canary 1', 'Bearer canary', 'canary\u00e9'])(
  'a token that is none is refused, and is not printed',
  (token) => {
    const described = mistakesOf({ 'github-token': token });
    expect(described).toContain('github-token: has a space, a line break or another character that no token has.');
    expect(described).not.toContain('canary');
  },
);

test.each(['aws-region', 'mode', 'image', 'repository', 'memory', 'github-environment-url', 'desired-count', 'tags'])(
  'what looks like a secret is not printed where %s is wrong',
  (name) => {
    for (const secret of [
      `DB_PASSWORD=${KEY}`,
      `https://user:${KEY}@host.example/x y`,
      `-----BEGIN RSA PRIVATE KEY-----\n${KEY}`,
    ]) {
      const described = mistakesOf({ [name]: secret });
      expect(described).toContain(`- ${name}: `);
      expect(described).not.toContain(KEY.slice(0, 12));
    }
  },
);
