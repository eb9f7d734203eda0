import fc from 'fast-check';
import { readInputs } from '../src/inputs/parse.ts';
import { secretsOfStep, unsureReferences } from '../src/inputs/secrets.ts';
import { parseServices } from '../src/inputs/services.ts';
import { Masker } from '../src/masker.ts';
import { judgeInvalid, judgeParameter, judgeSecret, secretsOf } from '../src/preflight/references.ts';
import { readCredentials, readReference } from '../src/secret-references.ts';
import { checked } from '../src/taskdef/check.ts';
import { secretValues } from '../src/taskdef/secret-values.ts';
import { toTemplate } from '../src/taskdef/template.ts';
import { parseYaml } from '../src/taskdef/yaml.ts';
import { CONTEXT } from './support/world.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf';
const PARAMETER = 'arn:aws:ssm:eu-west-1:123456789012:parameter/prod/db';

test.each([
  ARN,
  `${ARN}:password::`,
  `${ARN}:DB_PASSWORD:AWSPREVIOUS:`,
  `${ARN}:::a1b2c3d4-5678-90ab-cdef-EXAMPLE11111`.replace('EXAMPLE', 'abcdef0'),
  'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:rds!cluster-0a1b2c3d-1111-2222-3333-444455556666-AbCdEf',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/App1/db-AbCdEf',
  PARAMETER,
  `${PARAMETER}:live`,
  `${PARAMETER}:3`,
  '/prod/db/password',
  '/prod/db2/password',
  '/flag',
  '/prod/db:12',
  `${ARN}:::12`,
  // A long run of hexadecimal digits with a word beside it is a name.
  '/prod/db-0a1b2c3d4e5f60718293/x',
  '/prod/0a1b2c3d4e5f60718293-db/x',
  // Secrets Manager puts six random characters behind a name.
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:Ab1-Cd2-Ef3-Gh4-Xk9QpZ',
  'arn:aws-cn:s3:::bucket/key',
  'arn:aws-us-gov:sns:us-gov-west-1:123456789012:topic',
  '',
  '${SECRET_ARN}',
  '${SECRET_ARN}:password::',
  '/${STAGE}/db/password',
  '${STAGE}/db/password',
  '${SECRET_NAME:-/prod/db}',
  '$${SECRET_ARN}',
  'arn:aws:sns:eu-west-1:123456789012:topic',
  'arn:aws:ssm:${AWS_REGION}:${AWS_ACCOUNT_ID}:parameter/prod/db',
  'arn:aws:ssm:REGION:ACCOUNT_ID:parameter/prod/db',
  'arn:aws:ssm:<REGION>:<ACCOUNT_ID>:parameter/prod/db',
  '<SECRET_ARN>',
  'arn:aws:s3:::bucket/key',
  '{{ db.secret }}',
  '${{ vars.SECRET_ARN }}',
  '<%= secret_arn %>',
  '${var.secret_arn}',
])('certainly a reference: %s', (text) => {
  expect(readReference(text, 'X')).toEqual({ shown: text, secrets: [] });
});

test.each([
  ['DB_PASSWORD', 'prod-db-password'],
  ['DB_PASSWORD', 'DB_PASSWORD'],
  ['DB2', 'DB2'],
  ['DB__PASSWORD', 'prod.db_password'],
])('the variable %s makes a name of %s', (name, text) => {
  expect(readReference(text, name).secrets).toEqual([]);
});

test.each([
  ['PASSWORD', 'my-password'],
  ['DB_PASSWORD', 'hunter-password'],
  ['DB_PASSWORD', 'prod-db-password-1'],
])('the variable %s makes no name of %s', (name, text) => {
  expect(readReference(text, name).secrets).toEqual([text]);
});

test('blanks around a reference are no part of it', () => {
  expect(readReference(` ${ARN}\n`)).toEqual({ shown: ARN, secrets: [] });
  expect(readReference(' hunter2 ').secrets).toEqual(['hunter2']);
  expect(readCredentials(' registry-login2 ')).toEqual({ shown: 'registry-login2', secrets: [] });
});

/** The text, how it is shown, and its secrets; undefined where only that it is one matters. */
type Secret = [text: string, shown: string | undefined, secrets: readonly string[] | undefined];

test.each<Secret>([
  ['1234567', '(a text of 7 characters: digits; not shown, it may be a secret)', ['1234567']],
  ['!', '(a text of 1 character: other characters; not shown, it may be a secret)', ['!']],
  [`hunter2 ${ARN}`, undefined, undefined],
  ['hunter2arn:aws:s3:::bucket/key', undefined, ['hunter2arn:aws:s3:::bucket/key']],
  ...['":a', ':a'].map(
    (rest): Secret => [`arn:aws:secretsmanager:eu-west-1:123456789012:secret:${rest}`, undefined, undefined],
  ),
  ...['!:a', ':a'].map(
    (rest): Secret => [`arn:aws:ssm:eu-west-1:123456789012:parameter/${rest}`, undefined, undefined],
  ),
  ['hunter2/prod/db', undefined, ['hunter2/prod/db']],
  ['/prod/db!hunter2', undefined, ['/prod/db!hunter2']],
  ['hunter2/flag', undefined, ['hunter2/flag']],
  ['<STAGE>/db/password', undefined, ['<STAGE>/db/password']],
  ['postgres://app:hunter2@db:5432/a:b:c/x', undefined, ['postgres://app:hunter2@db:5432/a:b:c/x']],
  ...['3hunter2', 'x1-a1b2c3d4-5678-90ab-cdef-abcdef011111', 'a1b2c3d4-5678-90ab-cdef-abcdef011111-x9'].map(
    (version): Secret => [`${ARN}:::${version}`, undefined, [version]],
  ),
  ['hunter2', '(a text of 7 characters: letters and digits; not shown, it may be a secret)', ['hunter2']],
  [
    'correct-horse',
    '(a text of 13 characters: letters and other characters; not shown, it may be a secret)',
    undefined,
  ],
  ['prod-db-password1', undefined, ['prod-db-password1']],
  ['/hunter2', undefined, ['/hunter2']],
  ['/3f786850e387550fdab836ed7e6dc881de23001b/x', undefined, undefined],
  ['/wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', undefined, undefined],
  ['$hunter2$', undefined, undefined],
  ['$hunter2', undefined, ['$hunter2']],
  ['%hunter2%', undefined, ['%hunter2%']],
  ['pa${x}ss', undefined, undefined],
  ['postgres://app:hunter2@db/x', undefined, undefined],
  [
    `${ARN}:hunter2::`,
    `${ARN}:(a text of 9 characters: letters, digits and other characters; not shown, it may be a secret)`,
    ['hunter2::', 'hunter2'],
  ],
  [
    `${ARN}:::pa55word`,
    `${ARN}:::(a text of 8 characters: letters and digits; not shown, it may be a secret)`,
    ['pa55word'],
  ],
  [
    `${PARAMETER}!x`,
    'arn:aws:ssm:eu-west-1:123456789012:parameter/(a text of 9 characters: letters and other characters; not shown, it may be a secret)',
    ['prod/db!x'],
  ],
  ['${SECRET_ARN}:pa55word', undefined, ['${SECRET_ARN}:pa55word']],
  [`${ARN} hunter2`, undefined, undefined],
  [`${PARAMETER}:pa55 word`, undefined, undefined],
  [
    `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${'wJalrXUtnFEMI/K7MDENG/'}bPxRfiCYEXAMPLEKEY`,
    undefined,
    undefined,
  ],
  ['arn:aws:s3:::bucket/key:hunter2', undefined, undefined],
])('may be a secret: %s', (text, shown, secrets) => {
  const read = readReference(text, 'DB');
  expect(read.secrets.length).toBeGreaterThan(0);
  if (shown) expect(read.shown).toBe(shown);
  if (secrets) expect(read.secrets).toEqual(secrets);
});

test('credentials of a registry may be a name', () => {
  expect(readCredentials('registry-login2').secrets).toEqual([]);
  expect(readCredentials('{"username":"u","password":"hunter2"}').secrets).toHaveLength(1);
  expect(readCredentials(`${ARN}:hunter2::`).secrets).toContain('hunter2');
  expect(readCredentials('correct horse battery').secrets).toEqual(['correct horse battery']);
});

test('behind an ARN with placeholders each field may be one', () => {
  const { secrets, shown } = readReference('arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:db:hunter2:pa55', 'DB');
  // Not its words, such as `arn` and `secret`: they would be masked in the whole log.
  expect(secrets.slice(1)).toEqual(['db', 'hunter2', 'pa55']);
  expect(shown).toMatch(/^\(a text of 66 characters: /);
});

test('behind a secret stand a key, a stage and a version, and nothing else', () => {
  const isShown = (fields: string): boolean => readReference(`${ARN}:${fields}`, 'DB_KEY2').secrets.length === 0;
  expect(['key', 'key::', 'DB_KEY2::', ':AWSPREVIOUS:', '::v1', 'a:b:c:d'].map(isShown)).toEqual(Array(6).fill(true));
  expect(['k1', ':pa55', '::pa55x', 'a:b:c:pa55', 'k!'].map(isShown)).toEqual(Array(5).fill(false));
});

test('behind a parameter stands one version or label', () => {
  const isShown = (fields: string): boolean => readReference(`${PARAMETER}${fields}`, 'DB').secrets.length === 0;
  expect([':3', ':live', '', ':a:b', ':pa55', '!x'].map(isShown)).toEqual([true, true, true, false, false, false]);
  expect(
    ['/prod/db:3', '/prod/db:live', '/prod/db:pa55', '/prod/db:a:b', '/flag:1'].map(
      (text) => readReference(text).secrets.length === 0,
    ),
  ).toEqual([true, true, false, false, true]);
});

/** Values of four characters or more that no reference has: what people have as passwords, tokens and connection strings. */
const secret = fc.oneof(
  fc.stringMatching(/^[A-Za-z]{3,8}[0-9]{1,4}[!#%^&*?]{0,3}$/),
  fc.stringMatching(/^[A-Za-z0-9!#%^&*?=@~|;,{}<>"'`-]{6,40}$/).filter((text) => !/^[{<|!#@~%]|[}>|!#@~%]$/.test(text)),
  fc.stringMatching(/^[0-9a-f]{24,64}$/),
  fc.stringMatching(/^[A-Za-z0-9+/]{40}$/).filter((text) => /\d/.test(text)),
  fc.stringMatching(/^(postgres|redis|amqp):\/\/app:[A-Za-z0-9]{6,12}@db:5432\/x$/),
  fc.stringMatching(/^[a-z]{4,8}( [a-z]{4,8}){2}$/),
);
/** In its place, or behind an ARN. */
const given = fc.tuple(secret, fc.constantFrom('', `${ARN}:`, `${ARN} `, `${PARAMETER} `, `${PARAMETER}:`)).filter(
  // Between letters alone and a key there is no difference.
  ([value, before]) => before !== `${ARN}:` || (/[^A-Za-z.-]/.test(value) && !/^v?\d{1,6}$/.test(value)),
);

/** Whatever the checks of inputs, template and preflight write about it, with the masks that are registered before. */
test('a secret where its name belongs is in no message, from the inputs to the preflight', () => {
  fc.assert(
    fc.property(given, fc.constantFrom('secrets', 'secretOptions', 'value'), ([value, before], field) => {
      const text = `${before}${value}`;
      fc.pre(readReference(text, 'DB').secrets.length > 0 || value.length < 4);
      fc.pre(
        value.length >= 4 &&
          !'a text of characters letters digits other not shown it may be secret arn'.includes(value),
      );
      const container =
        field === 'secretOptions'
          ? { logConfiguration: { logDriver: 'splunk', options: {}, secretOptions: [{ name: 'DB', valueFrom: text }] } }
          : { secrets: [{ name: 'DB', [field === 'value' ? 'value' : 'valueFrom']: text }] };
      const definition = {
        family: 'web',
        executionRoleArn: 'arn:aws:iam::123456789012:role/x',
        containerDefinitions: [{ name: 'app', image: 'nginx:1', memory: 64, ...container }],
      };
      const masker = new Masker();
      const template = toTemplate(definition, 'task-definition.json');
      for (const one of secretValues(template.definition)) masker.add(one);
      const said: string[] = [];
      try {
        checked({ definition: template.definition, tags: [], mistakes: [] } as never, 'task-definition.json', false);
      } catch (thrown) {
        said.push(JSON.stringify(thrown), String((thrown as Error).message));
      }
      const home = { partition: 'aws', region: 'eu-west-1', account: '123456789012' };
      for (const use of secretsOf(template.definition, home)) {
        const none = { kind: 'found', value: [] } as const;
        const checks = {
          invalid: () => judgeInvalid(use as never),
          parameter: () => judgeParameter(use as never, none, home),
          secret: () =>
            judgeSecret(
              use as never,
              {
                secret: { kind: 'found', value: { deleted: false, versions: { v: ['AWSCURRENT'] } } as never },
                keys: { kind: 'found', value: { kind: 'keys', keys: ['x'] } } as never,
              },
              home,
            ),
        };
        const { text: line, remedy = '' } = checks[use.kind]();
        said.push(line, remedy);
        if (use.kind === 'parameter') expect(line).not.toContain(value);
      }
      expect(masker.text(said.join('\n')).includes(value)).toBe(false);
    }),
    { numRuns: 400 },
  );
});

test('a secret in the input `secrets` is masked, however the input is written, and in no mistake of it', () => {
  const forms: ((value: string) => string)[] = [
    (value) => `DB=${value}`,
    (value) => JSON.stringify({ DB: value }),
    (value) => JSON.stringify([{ name: 'DB', valueFrom: value }]),
    (value) => `proxy: DB=${value}`,
    (value) => JSON.stringify({ proxy: { DB: value } }),
    (value) => `OTHER=/a/b\nDB=${value}`,
    (value) => `DB<<EOF\n${value}\nEOF`,
  ];
  fc.assert(
    fc.property(secret, fc.constantFrom(...forms), (value, form) => {
      fc.pre(value.length >= 4 && readReference(value, 'DB').secrets.length > 0);
      const raw = new Map([
        ['service', 'web'],
        ['aws-region', 'eu-west-1'],
        ['secrets', form(value)],
      ]);
      const facts = { context: CONTEXT, env: {}, yaml: parseYaml };
      const masker = new Masker();
      for (const one of secretsOfStep(raw, {})) masker.add(one);
      const { inputs, mistakes, warnings, notes } = readInputs(raw, facts);
      if (mistakes.length === 0) for (const one of unsureReferences(inputs)) masker.add(one);
      const said = masker.text(
        [...mistakes.flatMap(({ problem, remedy = '' }) => [problem, remedy]), ...warnings, ...notes].join('\n'),
      );
      expect(said.includes(value)).toBe(false);
      expect(masker.text(`: ${value} :`).includes(value)).toBe(false);
    }),
    { numRuns: 400 },
  );
});

test('of several services, too', () => {
  const services = '- service: api\n  secrets: DB=hunter2x\n- service: worker\n  secrets:\n    DB: correct-horse\n';
  const raw = new Map([
    ['aws-region', 'eu-west-1'],
    ['services', services],
  ]);
  const { targets } = parseServices(raw, { context: CONTEXT, env: {}, yaml: parseYaml });
  expect(targets.flatMap((target) => unsureReferences(target.inputs))).toEqual(['hunter2x', 'correct-horse']);
});
