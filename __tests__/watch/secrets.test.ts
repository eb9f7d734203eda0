import fc from 'fast-check';
import { maskSecrets, secretValues } from '../../src/secrets.ts';
import { costOf } from '../support/cost.ts';

// Put together here, so that no scanner takes this file for a leak.
const KEY_ID = `AKIA${'IOSFODNN7EXAMPLE'}`;
const SECRET = `wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYEXAMPLEKEY'}`;
const JWT = `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxMjM0NTY3ODkwIn0'}.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U`;
const GITHUB = `ghp_${'16C7e42F292c6912E7710c838347Ae178B4a'}`;
const PEM = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEpAIBAAKCAQEA', 'x2h1+abc/==', '-----END RSA PRIVATE KEY-----'];

test.each([
  ['a password in a URL', 'connect postgres://app:s3cr3t!@db:5432/x failed', ['s3cr3t!']],
  ['a password with an @ in a URL', 'redis://:p@ss@cache:6379', ['p@ss']],
  ['an AWS access key id', `using ${KEY_ID} in eu-west-1`, [KEY_ID]],
  ['an AWS secret access key', `AWS_SECRET_ACCESS_KEY=${SECRET}`, [SECRET]],
  ['an AWS session token in JSON', `{"SessionToken": "${SECRET}${SECRET}"}`, [SECRET]],
  ['a bearer token', 'curl -H "Authorization: Bearer abcdef1234567890abcdef"', ['abcdef1234567890abcdef']],
  ['basic authorization', 'authorization: Basic dXNlcjpwYXNzd29yZA==', ['dXNlcjpwYXNzd29yZA==']],
  ['a JSON Web Token', `token rejected: ${JWT}`, [JWT]],
  ['a GitHub token', `git clone https://x-access-token:${GITHUB}@github.com/a/b`, [GITHUB]],
  ['a token by its name', 'API_KEY=0123456789abcdef starting', ['0123456789abcdef']],
  ['a password in JSON', '{"db_password":"hunter2","host":"db"}', ['hunter2']],
  ['a password in quotes', 'password = "correct horse battery"', ['correct horse battery']],
  ['a client secret in a query', 'POST /token?client_secret=abc123def&x=1', ['abc123def']],
  ['a presigned URL', 'GET https://b.s3.amazonaws.com/k?X-Amz-Signature=0a1b2c3d4e5f&y=1', ['0a1b2c3d4e5f']],
  ['a private key over several lines', PEM.join('\n'), ['MIIEpAIBAAKCAQEA', 'x2h1+abc']],
  ['a private key that the tail cuts off', PEM.slice(0, 2).join('\n'), ['MIIEpAIBAAKCAQEA']],
])('%s is masked', (_, text, secrets) => {
  const masked = maskSecrets(text);
  for (const secret of secrets) expect(masked).not.toContain(secret);
  expect(masked).toContain('***');
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
