import fc from 'fast-check';
import type { Json } from '../src/model.ts';
import { looksSecret, maskSecrets, secretsAmong, secretsIn } from '../src/secrets.ts';
import { secretValues } from '../src/taskdef/secret-values.ts';
import { costOf } from './support/cost.ts';

// Put together here, so that no scanner takes this file for a leak.
const KEY_ID = `AKIA${'IOSFODNN7EXAMPLE'}`;
const SECRET = `wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYEXAMPLEKEY'}`;
const JWT = `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxMjM0NTY3ODkwIn0'}.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U`;
const GITHUB = `ghp_${'16C7e42F292c6912E7710c838347Ae178B4a'}`;
const PEM = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEpAIBAAKCAQEA', 'x2h1+abc/==', '-----END RSA PRIVATE KEY-----'];

/** Each text with its secret between guillemets. */
test.each([
  ['a password in a URL', 'connect postgres://app:«s3cr3t!»@db:5432/x failed'],
  ['a password with an @ in a URL', 'redis://:«p@ss»@cache:6379'],
  ['a password before an IPv6 host', 'amqp+tls://u:«pa55»@[::1]:5671'],
  ['an AWS access key id', `using «${KEY_ID}» in eu-west-1`],
  ['a temporary access key id', `using «${KEY_ID.replace('AKIA', 'ASIA')}», expired`],
  ['an AWS secret access key', `AWS_SECRET_ACCESS_KEY=«${SECRET}» is set`],
  ['an AWS secret access key as the SDK names it', `secretAccessKey: '«${SECRET}»', region`],
  ['an AWS session token in JSON', `{"SessionToken": "«${SECRET}${SECRET}»"}`],
  ['a security token', `aws_security_token = «${SECRET}»`],
  ['a bearer token', 'curl -H "Authorization: Bearer «abcdef1234567890abcdef»" x'],
  ['a bearer token without a header', 'got Bearer «abcdef1234567890» for it'],
  ['basic authorization', 'authorization: Basic «dXNlcjpwYXNzd29yZA==»'],
  ['authorization in JSON', '{"authorization":"«abcd-1234.ef»"}'],
  ['a JSON Web Token', `session «${JWT}» rejected`],
  ['a JSON Web Token without a signature', `session «${JWT.split('.').slice(0, 2).join('.')}» rejected`],
  ['a GitHub token', `git clone with «${GITHUB}» failed`],
  ['a fine-grained GitHub token', `login «github_pat_${'11ABCDEFG0abcdefghij'}» failed`],
  ['a GitLab token', `login «glpat-${'abcdefghij0123456789'}» failed`],
  ['a Slack token', `login «xoxb-${'123456789012-abcdef'}» failed`],
  ['a Stripe key', `login «sk_live_${'abcdefghij0123456789'}» failed`],
  ['an npm token', `login «npm_${'abcdefghij0123456789'}» failed`],
  ['a Google key', `login «AIza${'SyA-abcdefghijklmnopqrstuvwxyz01234'}» failed`],
  ['a SendGrid key', `login «SG.${'abcdefghij-123456789'}.${'abcdefghij-123456789'}» failed`],
  ['an OpenAI key', `login «sk-${'proj-abcdefghij0123456789'}» failed`],
  ['a token by its name', 'API_KEY=«0123456789abcdef» starting'],
  ['a token of a flag', 'run --auth-token=«0123456789» --verbose'],
  ['a password in YAML', 'db_password: «hunter2»\nhost: db'],
  ['a password in JSON', '{"db_password":"«hunter2»","host":"db"}'],
  ['a password in quotes', 'password = "«correct horse battery»"'],
  ['a password in single quotes', "pwd: '«correct horse»'"],
  ['a passphrase with the word that names it', 'ssh.passphrase="«null and void»"'],
  ['a password that begins with what is none', 'password=«nullable» x'],
  ['a client secret in a query', 'POST /token?client_secret=«abc123def»&x=1'],
  ['a presigned URL', 'GET https://b.s3.amazonaws.com/k?X-Amz-Signature=«0a1b2c3d4e5f»&y=1'],
  ['the token of a presigned URL', 'GET https://b.s3.amazonaws.com/k?a=1&X-Amz-Security-Token=«0a1b2c3d4e5f»'],
  ['a shared access signature', 'GET https://b.example/k?sv=1&sig=«0a1b2c3d4e5f» 403'],
  ['a private key over several lines', `${PEM[0]}«\n${PEM[1]}\n${PEM[2]}\n»${PEM[3]} end`],
  ['a private key that the tail cuts off', `${PEM[0]}«\n${PEM[1]}\nx2»`],
])('%s is masked, and nothing beside it', (_, marked) => {
  const text = marked.replaceAll(/[«»]/g, '');
  const secret = marked.slice(marked.indexOf('«') + 1, marked.indexOf('»'));
  expect(maskSecrets(text)).toBe(marked.replace(/«[\s\S]*»/, '***'));
  expect(secretsIn(text)).toContain(secret);
});

test.each([
  'Error: connect ECONNREFUSED 10.0.0.1:5432',
  'password authentication failed for user "app"',
  'Invalid token: expected ; but got }',
  'secret not found: arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf',
  'token is required',
  'listening on http://0.0.0.0:8080/health',
  'exec /usr/local/bin/node: exec format error',
  'SyntaxError: Unexpected token < in JSON at position 0',
  'GET /password-reset 200 12ms',
  'commit 3ef5655d1c2b4a5968778695a4b3c2d1e0f9a8b7',
])('what says why is left alone: %s', (text) => {
  expect(maskSecrets(text)).toBe(text);
});

/** Each way to write it: `api key` is apikey, api_key, api-key, API_KEY, ApiKey. */
const spellings = (name: string): string[] => [
  ...new Set(['', '_', '-'].map((between) => name.replaceAll(' ', between))),
  name.replaceAll(' ', '_').toUpperCase(),
  name.replaceAll(/(?:^| )(.)/g, (_, letter: string) => letter.toUpperCase()),
];
const SECRET_NAMES = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'token',
  'api key',
  'private key',
  'access key',
  'signing key',
  'encryption key',
  'decryption key',
  'master key',
  'hmac key',
  'jwt key',
  'account key',
];
const NAMED = [...SECRET_NAMES, 'auth token', 'access token', 'refresh token', 'client secret'];

test.each(NAMED.flatMap(spellings))('the value of %s is masked wherever it is assigned', (name) => {
  for (const [before, after] of [
    ['="', '"'],
    [" = '", "'"],
    [': "', '" #'],
    ['   :   "', '"'],
    ['=', ' next'],
    [': ', ';'],
    [':   ', ','],
    ['=', '&x=1'],
    ['":"', '"}'],
    ['" : "', '", "x": 1'],
    ["'='", "'"],
    ['":', '}'],
  ]) {
    for (const start of ['', 'DB_', 'app.db-', 'x ', 'x,', 'x;', '{', '(', '?', 'a=b&', '"', "{'", 'x --', '\n']) {
      const text = `${start}${name}${before}abcd-1234${after}`;
      expect(maskSecrets(text)).toBe(text.replace('abcd-1234', '***'));
    }
  }
});

test.each([...['secret access key', 'aws secret access key', 'session token', 'security token'].flatMap(spellings)])(
  "AWS's %s is masked, however it is written",
  (name) => {
    for (const [before, after] of [
      ['=', ' x'],
      [' : ', ','],
      ['":"', '"}'],
      ["'='", "'"],
      ['="', '";'],
    ]) {
      const text = `with ${name}${before}abcd/1234+x${after}`;
      expect(maskSecrets(text)).toBe(text.replace('abcd/1234+x', '***'));
    }
  },
);

test.each([
  'authorization: Bearer ',
  'Authorization=token ',
  '"Authorization": "Basic ',
  "'authorization':'bearer ",
  'authorization=',
  'authorization   :   ',
])('what follows %s is masked', (before) => {
  expect(maskSecrets(`${before}abcd-1234.ef~/+= end`)).toBe(`${before}*** end`);
});

test.each([
  'null',
  'undefined',
  'none',
  'true',
  'missing',
  'invalid',
  'required',
  'expired',
  'unexpected',
  'denied',
  'not found',
  'must be set',
])('what is written of a secret is not one: token: %s', (word) => {
  for (const text of [`token: ${word}`, `DB_PASSWORD=${word}`, `"api_key":${word}}`])
    expect(maskSecrets(text)).toBe(text);
});

test('the words around a secret stay', () => {
  expect(maskSecrets('connect postgres://app:s3cr3t@db:5432/x failed')).toBe(
    'connect postgres://app:***@db:5432/x failed',
  );
});

test('values of variables that should have been secrets are masked wherever they stand', () => {
  const environment = [
    { name: 'DB_PASSWORD', value: 'open sesame' },
    { name: 'LOG_LEVEL', value: 'verbose' },
    { name: 'API_TOKEN', value: 'abc' },
  ];
  const values = secretValues({ family: 'web', containerDefinitions: [{ name: 'app', image: 'app', environment }] });
  expect(values).toEqual(['open sesame']);
  expect(maskSecrets('login with open sesame (verbose)', values)).toBe('login with *** (verbose)');
});

test('a known value never comes through, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6 }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!'***'.includes(secret) && !secret.includes('*'));
      expect(maskSecrets(`${before}${secret}${after}`, [secret]).includes(secret)).toBe(false);
    }),
  );
});

test('lines stay lines, but for those of a private key', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[ -~]{0,60}$/)), (lines) => {
      fc.pre(!lines.some((line) => line.includes('PRIVATE KEY')));
      expect(maskSecrets(lines.join('\n')).split('\n')).toHaveLength(Math.max(1, lines.length));
    }),
  );
});

test('a megabyte that is made to be slow is masked in moments', () => {
  const mask = (): void => {
    for (const part of ['password', 'a'.repeat(64), '-----BEGIN PRIVATE KEY-----', 'eyJ', 'x://', '"token": "', ' : '])
      maskSecrets(part.repeat(Math.ceil(1_000_000 / part.length)));
  };
  expect(costOf(mask, 1)).toBeLessThan(5000);
});

test('of two known values of which one begins the other, nothing of the longer is left', () => {
  expect(maskSecrets('key abcdef-long and abcdef', ['abcdef', 'abcdef-long'])).toBe('key *** and ***');
  expect(secretsIn('nothing here')).toEqual([]);
});

test.each<[string, string, string, boolean]>([
  ['a name that says so, six letters', 'DB_PASSWORD', 'sesame', true],
  ['a name that says so, five', 'DB_PASSWORD', 'sesam', false],
  ['an ordinary name', 'LOG_LEVEL', 'verbose', false],
  ['an ordinary name, the shape of a key', 'A', SECRET, true],
  ['a name that ends in _dsn', 'SENTRY_DSN', 'https://host/1', true],
  ['a name with dsn in it', 'DSN_CACHE', 'https://host/1', false],
  ['a connection string', 'ConnectionString', 'Server=db', true],
])('a setting is a secret or not: %s', (_, name, value, secret) => {
  expect(secretsAmong([[name, value]])).toEqual(secret ? [value] : []);
});

test.each([...SECRET_NAMES, 'auth key', 'credential', 'connection string'].flatMap(spellings))(
  'a setting with %s in its name is a secret',
  (name) => {
    expect(secretsAmong([[`MY_${name}_1`, 'sesame']])).toEqual(['sesame']);
  },
);

test.each([
  'DB_PASS',
  'smtp-pass',
  'mail.pass',
  'PASS',
  'DSN',
  'DATABASE_DSN',
  'GOOGLE_CREDENTIALS',
  'CONNECTION_STRING',
  'ConnectionStrings__Default',
  'JWT_SIGNING_KEY',
  'SIGNING_KEY_V2',
  'COOKIE_ENCRYPTION_KEY',
  'MASTER_KEY_IDENTITY',
])('%s is the name of a secret', (name) => expect(secretsAmong([[name, 'sesame']])).toEqual(['sesame']));

/** What may be public, or says where a secret is and which one. */
test.each([
  'PUBLIC_KEY',
  'JWT_PUBLIC_KEY',
  'SIGNING_PUBLIC_KEY',
  'KEY_ID',
  'KMS_KEY_ID',
  'SIGNING_KEY_ID',
  'signingKeyId',
  'ENCRYPTION_KEY_ARN',
  'ENCRYPTION_KEY_IDS',
  'encryption-key-alias',
  'MASTER_KEY_NAME',
  'MASTER_KEY_FILE',
  'JWT_KEY_PATH',
  'HMAC_KEY_LENGTH',
  'SIGNING_KEY_ALGORITHM',
  'PRIMARY_KEY',
  'CACHE_KEY',
  'BYPASS',
  'PASSIVE_PORT',
  'COMPASS',
  'DSN_TIMEOUT',
  'SCOREBOARD',
])('%s is the name of no secret', (name) => expect(secretsAmong([[name, 'sesame']])).toEqual([]));

test('of a task definition each secret once, whatever else stands in `environment`', () => {
  const secret = { name: 'DB_PASSWORD', value: 'open sesame' };
  const container = (environment: Json) => ({ name: 'app', image: 'app', environment });
  const containerDefinitions = [
    container([secret, null, 'x', ['y'], { name: 'API_TOKEN', value: 1 }, { name: 7, value: SECRET }]),
    container([secret]),
    // An object in place of a list is wrong, and its value a secret nevertheless.
    container({ name: 'API_TOKEN', value: 'no list' }),
    { name: 'bare', image: 'app' },
  ];
  expect(secretValues({ family: 'web', containerDefinitions })).toEqual(['open sesame', 'no list']);
});

test.each([
  SECRET,
  ` ${SECRET}\n`,
  'AKIAIOSFODNN7EXAMPLE',
  'ghp_0123456789abcdefghijABCDEFGHIJ012345',
  'sk-proj1234567890abcdefghij',
  'xoxb-123456789012-abcdefghijkl',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
  '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
  'postgres://user:pass1234@db.internal:5432/app',
  'Zx8Qm2Lr7Tp0Vb4Nc9Ws',
  'Zx8Qm-Lr7Tp_Vb4Nc/Ws',
  'Zx8Qm2Lr7Tp0Vb4Nc9Wa',
  'aZx8Qm2Lr7Tp0Vb4Nc9W',
])('has the shape of a secret: %s', (text) => expect(looksSecret(text)).toBe(true));

test.each([
  'c0ffee0000000000000000000000000000000000',
  '7f9c2ba4-e88f-4d8d-bd1b-7a0e5c9d3f21',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf',
  'https://sqs.eu-west-1.amazonaws.com/123456789012/orders',
  'db.cluster-abc.eu-west-1.rds.amazonaws.com',
  'java -Xmx512m -jar /app/application.jar',
  'com.example.orders.OrderServiceApplication1',
  'myVeryLongFeatureFlagName2',
  '2026-11-26T02:00:00.000Z',
  'true',
  'Zx8Qm2Lr7Tp0Vb4Nc9W',
  'Zx8Qm2Lr7Tp0Vb4Nc9Ws!',
  '!Zx8Qm2Lr7Tp0Vb4Nc9Ws',
  'ZX8QM2LR7TP0VB4NC9WS',
  'zx8qm2lr7tp0vb4nc9ws',
  'ZxBQmBLrBTpBVbBNcBWs',
  'xY1xY1xY1xY1xY1xY1xY1',
  'arn:aws:iam::123456789012:role/Zx8Qm2Lr7Tp0Vb4Nc9Ws?password=abcdefgh',
])('does not have the shape of a secret: %s', (text) => expect(looksSecret(text)).toBe(false));

test('a part of the name of the family or of a container is no secret: its ARN stays readable', () => {
  const secrets = [
    { name: 'A', valueFrom: 'prod' },
    { name: 'B', valueFrom: 'hunter22' },
  ];
  const definition = { family: 'web-prod', containerDefinitions: [{ name: 'app', image: 'app', secrets }] };
  expect(secretValues(definition)).toEqual(['hunter22']);
});
