import { Failure } from '../../src/failure.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { secretsOfStep } from '../../src/inputs/secrets.ts';
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
  ['a secret pasted where its ARN belongs', { secrets: `DB=${KEY}` }, {}, [KEY]],
  [
    'an ARN of a secret',
    { secrets: 'DB_PASSWORD=arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf' },
    {},
    [],
  ],
  ['a key of the cache', { 'cache-to': 'type=s3,secret_access_key=abcdefgh12345678' }, {}, ['abcdefgh12345678']],
  ['credentials of the step', {}, { AWS_SECRET_ACCESS_KEY: KEY, AWS_ACCESS_KEY_ID: 'TEST', AWS_REGION: 'x' }, [KEY]],
  ['a proxy with a password', {}, { HTTPS_PROXY: 'http://u:pa55word@proxy:3128' }, ['http://u:pa55word@proxy:3128']],
])('secrets of a step: %s', (_, inputs, env, expected) => {
  expect(secretsOfStep(new Map(Object.entries(inputs)), env).sort()).toEqual([...expected].sort());
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
