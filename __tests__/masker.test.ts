import fc from 'fast-check';
import { Failure } from '../src/failure.ts';
import { Masker } from '../src/masker.ts';

const masked = (given: string, text: string): string => {
  const masker = new Masker();
  masker.add(given);
  return masker.text(text);
};

test('a secret never comes through, in no encoding that the runner knows, whatever stands around it', () => {
  const value = fc
    .string({ minLength: 12, maxLength: 40 })
    .filter((text) => text.trim() === text && !/[\r\n*]/.test(text));
  fc.assert(
    fc.property(value, fc.string(), fc.string(), (text, before, after) => {
      fc.pre(text.length >= 12);
      const encodings: ((whole: string) => string)[] = [
        (whole) => whole,
        (whole) => JSON.stringify(whole),
        (whole) => encodeURIComponent(whole.toWellFormed()),
        (whole) => whole.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
      ];
      for (const encode of encodings) {
        expect(masked(text, `${before}${encode(text)}${after}`)).not.toContain(text);
      }
      // Inside other bytes in base64: what is left of it decodes to less than half of the secret.
      const inner = Buffer.from(`${before}${text}${after}`).toString('base64');
      expect(Buffer.from(masked(text, inner).replaceAll('*', ''), 'base64').toString()).not.toContain(text);
    }),
  );
});

test('overlapping secrets leave nothing between them', () => {
  const masker = new Masker();
  masker.add('abcdefgh');
  masker.add('fghijklm');
  masker.add('cdefg-long');
  expect(masker.text('x abcdefghijklm y cdefg-long')).toBe('x *** y ***');
});

test.each([
  ['a secret inside of another', ['abcdefgh', 'cdef'], 'x abcdefgh y', 'x *** y'],
  ['one that overlaps itself', ['abaaba'], 'x abaabaaba y', 'x *** y'],
  ['two side by side', ['abcd', 'wxyz'], 'abcdwxyz', '******'],
  ['the same one twice', ['abcd'], 'abcd abcd', '*** ***'],
  ['at both ends', ['abcd'], 'abcd x abcd', '*** x ***'],
  ['none', ['abcd'], 'x', 'x'],
])('where secrets stand: %s', (_, secrets, text, expected) => {
  const masker = new Masker();
  for (const secret of secrets) masker.add(secret);
  expect(masker.text(text)).toBe(expected);
});

test('a secret that is learnt later is masked from then on', () => {
  const masker = new Masker();
  masker.add('first-one');
  expect(masker.text('first-one second-one')).toBe('*** second-one');
  expect(masker.add('second-one')).toEqual(['second-one']);
  expect(masker.add(' second-one\n')).toEqual([]);
  expect(masker.text('first-one second-one')).toBe('*** ***');
});

test.each<[string, string, (secret: string) => string]>([
  ['base64', 'pa55', (secret) => Buffer.from(secret).toString('base64')],
  ['base64 among other bytes', 'pa55word', (secret) => Buffer.from(`user:${secret}`).toString('base64').slice(7)],
  ['base64url', 'pa55??>>word', (secret) => Buffer.from(secret).toString('base64url')],
  ['JSON', 'pa\t55\\word', (secret) => JSON.stringify(secret).slice(1, -1)],
  ['a quoted word of a shell', 'pa"55', (secret) => secret.replaceAll('"', '\\"')],
  ['a quoted word of SQL', "pa'55", (secret) => secret.replaceAll("'", "''")],
  ['a URL', 'pa ss/wörd', (secret) => encodeURIComponent(secret)],
  ['XML', `a&b<c>d"e'f`, () => 'a&amp;b&lt;c&gt;d&quot;e&apos;f'],
])('a secret is masked as it stands in %s', (_, secret, encode) => {
  expect(encode(secret)).not.toBe(secret);
  expect(masked(secret, `x ${encode(secret)} y`)).toMatch(/^x [^ ]{0,2}\*\*\*[^ ]{0,4} y$/);
});

test('base64 of so little that it could be a word stays', () => {
  const three = Buffer.from('pa5').toString('base64');
  expect(masked('pa55', `${three} ${three}`)).toBe(`${three} ${three}`);
});

test.each<[string, string, string, string]>([
  ['each line', 'first line\nsecond line\n}', 'a second line b }', 'a *** b }'],
  ['each line, but for short ones', 'first line\r\nabcde\nabcdef', 'abcde and abcdef', 'abcde and ***'],
  ['each line, but for a rule', 'first line\n----------', '---------- first line', '---------- ***'],
  ['a value in JSON', '{"user":"admin","password":"pa55","n":{"k":"k-123-456"}}', 'pa55 k-123-456', '*** ***'],
  [
    'a list in JSON',
    '{"tokens":["one1","two2"],"hosts":["a","db-1.example"]}',
    'one1 two2 a db-1.example',
    '*** *** a ***',
  ],
  ['a number in JSON', '{"pin":123456789,"port":12345678}', '123456789 12345678', '*** 12345678'],
  ['a value behind null and true in JSON', '{"a":null,"b":true,"c":[null,"k-123-456"]}', 'is k-123-456', 'is ***'],
  ['a value of six letters in JSON', '{"host":"db-1-x"}', 'is db-1-x', 'is ***'],
  ['JSON in JSON', '{"db":"{\\"password\\":\\"pa55\\"}"}', 'is pa55', 'is ***'],
  ['JSON with blanks around it', ' {"password":"pa55"}\n', 'is pa55', 'is ***'],
  ['a JSON text', '"pa55word"', 'is pa55word', 'is ***'],
  ['a JSON list', '["pa55word"]', 'is pa55word', 'is ***'],
  ['a value of .npmrc', '//registry.npmjs.org/:_authToken=tok-123-456', 'is tok-123-456', 'is ***'],
  ['a value of .env', 'DB_PASSWORD="pa55 word"\nA=b', 'is pa55 word', 'is ***'],
  ['an exported value', "export TOKEN = 'pa55word',", 'is pa55word', 'is ***'],
  ['a value of YAML', 'token: "pa55word"', 'is pa55word', 'is ***'],
  ['a value with quotes around its name', "'token' = 'pa55word'", 'is pa55word', 'is ***'],
  ['a value of YAML with quotes around its name', '"token" : pa55word', 'is pa55word', 'is ***'],
  ['each line without its indent', 'first line\n  second line  \n', 'a second line b', 'a *** b'],
  ['a value with an ordinary name', 'HOST=db-1.internal', 'at db-1.internal', 'at ***'],
  ['a password of .netrc', 'machine x login y password zzz-999', 'is zzz-999', 'is ***'],
  ['a password of a settings.xml', '<server><id>x</id><password>zzz-999</password></server>', 'is zzz-999', 'is ***'],
  ['the password of a URL', 'postgres://app:s3cr%2Fet@db/x', 's3cr/et and s3cr%2Fet', '*** and ***'],
  ['a password of a URL with a lone %', 'postgres://app:s3cr%et@db/x', 'is s3cr%et', 'is ***'],
  ['a line of a private key', '-----BEGIN KEY-----\nMIIabcdef\n-----END KEY-----', 'MIIabcdef', '***'],
])('%s of a secret is one', (_, given, text, expected) => {
  expect(masked(given, text)).toBe(expected);
});

test.each<[string, string, string]>([
  ['a short secret', 'abc', 'abc is in every abcde'],
  ['blank', '   ', 'a   b'],
  ['plain words in JSON', '{"engine":"postgres","port":5432,"user":"admin"}', 'postgres 5432 admin'],
  ['24 letters in JSON', `{"engine":"${'a'.repeat(24)}"}`, 'a'.repeat(24)],
  ['what only looks like JSON', '{"engine":"db-1.example"', 'db-1.example'],
  ['a setting in a sentence', 'the value HOST=db-1.internal', 'at db-1.internal'],
  ['a short value', 'TOKEN=pa55w', 'is pa55w'],
  ['a short value in JSON', '{"host":"db-1"}', 'is db-1'],
  ['a short secret among blanks', '  abc  ', 'abc is in every abcde'],
  ['a short password of .netrc', 'machine x login y password zzz99', 'is zzz99'],
  ['the address after a scheme', 'see https://db-1.example', 'at //db-1.example'],
  ['a plain word with a name', 'engine: postgres', 'on postgres'],
  ['brackets of pretty JSON', '{\n  "password": "pa55word"\n}', '{ }'],
])('%s does not blank the log', (_, given, text) => {
  expect(masked(given, text)).toBe(text);
});

test('a name of the service is no secret, though a variable with it is called one', () => {
  const masker = new Masker();
  masker.allow(['web-production', 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web-production', '']);
  expect(masker.add('web-production')).toEqual([]);
  expect(masker.add('production')).toEqual([]);
  expect(masker.add('web-production-2')).toEqual(['web-production-2']);
  masker.allow(['ghp_0123456789abcdefghij0123456789abcd']);
  expect(masker.add('ghp_0123456789abcdefghij0123456789abcd')).toHaveLength(1);
});

test('each line is registered alone, as the runner registers every line of what it gets', () => {
  const masker = new Masker();
  const told = masker.add('{\n  "password": "pa55word"\n}');
  expect(told).toContain('pa55word');
  expect(told.every((part) => !part.includes('\n') && part.length > 3)).toBe(true);
  expect(masker.add('pa55word')).toEqual([]);
});

test('a text of more than 64 KiB is masked whole and by its lines, and not searched', () => {
  const json = (letters: number): string => `{"password":"pa55word","filler":"${'x'.repeat(letters)}"}`;
  const rest = json(0).length;
  expect(masked(json(65_536 - rest), 'is pa55word')).toBe('is ***');
  expect(masked(json(65_537 - rest), `is pa55word, ${json(65_537 - rest)}`)).toBe('is pa55word, ***');
});

test('a name of more than 128 letters is not a name', () => {
  const masker = new Masker();
  masker.allow(['web-'.repeat(32), `api-${'api-'.repeat(32)}`]);
  expect([masker.add('web-web'), masker.add('api-api')]).toEqual([[], ['api-api']]);
});

test('a failure keeps all but its secrets', () => {
  const masker = new Masker();
  masker.add('hunter2');
  const cause = new Error('hunter2');
  const api = { service: 'ecs', operation: 'UpdateService', name: 'ClientException', message: 'no hunter2' };
  const whole = masker.failure(
    new Failure('REFUSED', 'it is hunter2', {
      remedy: 'not hunter2',
      state: 'with hunter2',
      mistakes: [{ subject: 'tags', problem: 'hold hunter2' }],
      api,
      cause,
    }),
  );
  expect(whole).toMatchObject({
    code: 'REFUSED',
    message: 'it is ***',
    remedy: 'not ***',
    state: 'with ***',
    mistakes: [{ subject: 'tags', problem: 'hold ***' }],
    api: { ...api, message: 'no ***' },
  });
  expect(whole.cause).toBe(cause);
  const bare = masker.failure(new Failure('INTERNAL', 'bare'));
  expect(bare.describe()).toBe('bare');
  expect([bare.remedy, bare.state, bare.api, 'cause' in bare]).toEqual([undefined, undefined, undefined, false]);
});

test('data is masked in depth', () => {
  const masker = new Masker();
  masker.add('hunter2');
  const given = {
    a: ['x hunter2'],
    m: new Map([['k', 'hunter2']]),
    s: new Set(['hunter2']),
    o: { 'key hunter2': { deep: 'hunter2' } },
    n: 1,
    u: undefined,
    d: null,
  };
  expect(masker.data(given)).toEqual({
    a: ['x ***'],
    m: new Map([['k', '***']]),
    s: new Set(['***']),
    o: { 'key ***': { deep: '***' } },
    n: 1,
    u: undefined,
    d: null,
  });
  const error = new Error('hunter2');
  expect(masker.data({ error }).error).toBe(error);
});
