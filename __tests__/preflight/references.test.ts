import type { JsonObject, Refusal, Secret, SecretKeys } from '../../src/model.ts';
import type { Answer } from '../../src/preflight/check.ts';
import {
  filesOf,
  type InvalidReference,
  judgeFile,
  judgeInvalid,
  judgeLogGroup,
  judgeParameter,
  judgeSecret,
  type LogGroupUse,
  logGroupArns,
  logGroupsOf,
  type ParameterUse,
  type SecretUse,
  secretsOf,
  versionKey,
} from '../../src/preflight/references.ts';
import { readReference } from '../../src/secret-references.ts';
import { ACCOUNT, REGION, SECRET } from './account.ts';
import { denied, found } from './made.ts';

const HOME = { partition: 'aws', region: REGION, account: ACCOUNT };
const task = (container: JsonObject, more: JsonObject = {}): JsonObject => ({
  containerDefinitions: [{ name: 'app', ...container }],
  ...more,
});
const withSecret = (valueFrom: unknown): JsonObject =>
  task({ secrets: [{ name: 'DB', valueFrom: valueFrom as string }] });
const read = ({ status, text }: { readonly status: string; readonly text: string }): string => `${status} ${text}`;
const PARAMETER = `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter`;
const WHERE = 'container app, DB';

describe('where secrets are asked for', () => {
  test.each<[string, JsonObject, string[]]>([
    ['environment', withSecret(SECRET), [WHERE]],
    ['what is not text', withSecret(7), []],
    [
      'the log driver',
      task({ logConfiguration: { secretOptions: [{ name: 'token', valueFrom: SECRET }] } }),
      ['container app, log option token'],
    ],
    [
      'a private registry',
      task({ repositoryCredentials: { credentialsParameter: SECRET } }),
      ['container app, repositoryCredentials'],
    ],
    [
      'a file share',
      task(
        {},
        {
          volumes: [
            {
              name: 'share',
              fsxWindowsFileServerVolumeConfiguration: { authorizationConfig: { credentialsParameter: SECRET } },
            },
          ],
        },
      ),
      ['volume share'],
    ],
    ['nothing', task({ secrets: [{ name: 'DB' }] }, { volumes: [{ name: 'x' }] }), []],
  ])('%s', (_, definition, places) => {
    expect(secretsOf(definition, HOME).map(({ where }) => where)).toEqual(places);
  });

  const secret = (more: Partial<SecretUse> = {}): SecretUse => ({
    kind: 'secret',
    where: WHERE,
    arn: SECRET,
    region: REGION,
    account: ACCOUNT,
    ...more,
  });
  const parameter = (more: Partial<ParameterUse>): ParameterUse => ({
    kind: 'parameter',
    where: WHERE,
    from: '',
    shown: more.names?.[0] ?? '',
    names: [],
    region: REGION,
    account: ACCOUNT,
    ...more,
  });
  const invalid = (from: string, problem: string, remedy: string): InvalidReference => ({
    kind: 'invalid',
    where: WHERE,
    shown: readReference(from, 'DB').shown,
    problem: expect.stringContaining(problem),
    remedy: expect.stringContaining(remedy),
  });
  const NEITHER = ['is neither a secret nor a parameter.', 'Give the ARN of a Secrets Manager secret'] as const;
  test.each<[string, SecretUse | ParameterUse | InvalidReference]>([
    [SECRET, secret()],
    [`${SECRET}:key::`, secret({ jsonKey: 'key' })],
    [`${SECRET}::AWSPREVIOUS:`, secret({ stage: 'AWSPREVIOUS' })],
    [`${SECRET}:key:AWSCURRENT:v1`, secret({ jsonKey: 'key', stage: 'AWSCURRENT', versionId: 'v1' })],
    [`${SECRET}:::v1`, secret({ versionId: 'v1' })],
    [
      `${SECRET}:key`,
      invalid(
        `${SECRET}:key`,
        'has 2 fields behind `secret:`, and ECS reads 1 (the secret) or 4',
        `Write \`${SECRET}:key::\`.`,
      ),
    ],
    [`${SECRET}:key:stage`, invalid(`${SECRET}:key:stage`, 'has 3 fields', `Write \`${SECRET}:key:stage:\`.`)],
    [`${SECRET}::`, invalid(`${SECRET}::`, 'has 3 fields', `Write \`${SECRET}\`.`)],
    [`${SECRET}:key:::`, invalid(`${SECRET}:key:::`, 'has 5 fields', `Write \`${SECRET}:key::\`.`)],
    [
      `${SECRET}:a:b:c:d`,
      invalid(`${SECRET}:a:b:c:d`, 'has 5 fields', `Write \`${SECRET}:json-key:version-stage:version-id\`.`),
    ],
    [
      `arn:aws:secretsmanager::${ACCOUNT}:secret:db`,
      invalid(
        `arn:aws:secretsmanager::${ACCOUNT}:secret:db`,
        'names no region.',
        'Write the region behind `secretsmanager:`.',
      ),
    ],
    [
      `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret`,
      invalid(`arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret`, ...NEITHER),
    ],
    [
      `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:policy:db`,
      invalid(`arn:aws:secretsmanager:${REGION}:${ACCOUNT}:policy:db`, ...NEITHER),
    ],
    [`${PARAMETER}/flag`, parameter({ from: `${PARAMETER}/flag`, names: ['flag', '/flag'], region: 'us-east-1' })],
    [
      `${PARAMETER}/web/flag:3`,
      parameter({ from: `${PARAMETER}/web/flag:3`, names: ['/web/flag'], selector: '3', region: 'us-east-1' }),
    ],
    [
      `arn:aws:ssm::${ACCOUNT}:parameter/flag`,
      invalid(`arn:aws:ssm::${ACCOUNT}:parameter/flag`, 'names no region.', 'Write the region behind `ssm:`.'),
    ],
    [`arn:aws:ssm:${REGION}:${ACCOUNT}:document/x`, invalid(`arn:aws:ssm:${REGION}:${ACCOUNT}:document/x`, ...NEITHER)],
    [`arn:aws:s3:::parameter/x`, invalid('arn:aws:s3:::parameter/x', ...NEITHER)],
    ['arn:broken', invalid('arn:broken', ...NEITHER)],
    ['/web/flag', parameter({ from: '/web/flag', names: ['/web/flag'] })],
    [
      'flag:prod',
      parameter({ from: 'flag:prod', shown: readReference('flag:prod').shown, names: ['flag'], selector: 'prod' }),
    ],
  ])('%s', (from, use) => expect(secretsOf(withSecret(from), HOME)).toEqual([use]));

  test.each<[string, object]>([
    ['docker-hub', { kind: 'secret', arn: 'docker-hub', region: REGION, account: ACCOUNT }],
    [SECRET, { kind: 'secret', arn: SECRET }],
    [
      `${SECRET}:key::`,
      {
        kind: 'invalid',
        problem: 'names a part of a secret, but a registry takes it as a whole.',
        remedy: `Write \`${SECRET}\`.`,
      },
    ],
    [`${PARAMETER}/flag`, { kind: 'invalid', problem: 'is not a secret.' }],
  ])('a registry takes %s', (credentialsParameter, use) => {
    expect(secretsOf(task({ repositoryCredentials: { credentialsParameter } }), HOME)).toMatchObject([use]);
  });

  test('what is neither is reported with what is written', () => {
    const [use] = secretsOf(withSecret('arn:broken'), HOME);
    expect(read(judgeInvalid(use as InvalidReference))).toMatch(
      /^bad container app, DB: `\(a text of 10 characters: .*\)` is neither a secret nor a parameter\. Give/,
    );
  });

  test('one value of a secret is asked for once, whatever key is wanted', () => {
    expect(versionKey({ arn: 'a' })).toBe('a::');
    expect(versionKey({ arn: 'a', stage: 's', versionId: 'v' })).toBe('a:s:v');
  });
});

describe('a secret', () => {
  const [plain] = secretsOf(withSecret(SECRET), HOME) as [SecretUse];
  const use = (more: Partial<SecretUse> = {}): SecretUse => ({ ...plain, ...more });
  const there = (
    versions: Record<string, string[]> = { v1: ['AWSCURRENT'] },
    deleted = false,
  ): Answer<Secret | undefined> => found({ versions, deleted });
  const keys = (...names: string[]): Answer<SecretKeys> => found({ kind: 'keys', keys: names });
  const S = `secret db-AbCdEf (${WHERE})`;
  const KEY = { jsonKey: 'password' };
  test.each<[string, SecretUse, Answer<Secret | undefined> | undefined, Answer<SecretKeys> | undefined, string]>([
    ['there', use(), there(), undefined, `ok ${S}: exists, with a version AWSCURRENT.`],
    ['not asked for', use(), undefined, undefined, 'skip secret db-AbCdEf: was not checked.'],
    [
      'denied',
      use(),
      denied('secretsmanager:DescribeSecret'),
      undefined,
      'skip secret db-AbCdEf: not checked: IAM denies it to this job. Allow secretsmanager:DescribeSecret',
    ],
    [
      'denied, but its value may be read',
      use(KEY),
      denied('x'),
      keys('password'),
      `ok ${S}: exists, with the key password.`,
    ],
    [
      'not there',
      use(),
      found(undefined),
      undefined,
      `bad ${S}: secret ${SECRET} does not exist. Create it in ${REGION}, or correct its ARN`,
    ],
    [
      'deleted',
      use(),
      there({}, true),
      undefined,
      `bad ${S}: is scheduled for deletion, so no task can read it. Restore it (aws secretsmanager restore-secret --secret-id ${SECRET} --region ${REGION}).`,
    ],
    [
      'of another account',
      use({ account: '999999999999' }),
      undefined,
      undefined,
      `skip ${S}: belongs to account 999999999999`,
    ],
    [
      'without a value',
      use(),
      there({}),
      undefined,
      `bad ${S}: has no value yet. Give it one (aws secretsmanager put-secret-value --secret-id ${SECRET}`,
    ],
    ['without the current stage', use(), there({ v1: ['AWSPREVIOUS'] }), undefined, `bad ${S}: has no value yet.`],
    [
      'of another stage',
      use({ stage: 'AWSPREVIOUS' }),
      there({ v1: ['AWSCURRENT'], v0: ['AWSPREVIOUS'] }),
      undefined,
      `ok ${S}: exists, with a version AWSPREVIOUS.`,
    ],
    ['of a stage without any value', use({ stage: 'blue' }), there({}), undefined, 'has no value yet.'],
    [
      'of a stage that is misspelt',
      use({ stage: 'AWSCURENT' }),
      there(),
      undefined,
      `bad ${S}: no version of it has the stage AWSCURENT. Did you mean AWSCURRENT?`,
    ],
    [
      'of a stage that is like no other',
      use({ stage: 'blue' }),
      there({ v1: ['b', 'a'], v2: ['a'] }),
      undefined,
      `bad ${S}: no version of it has the stage blue. It has a, b.`,
    ],
    ['of a version', use({ versionId: 'v1' }), there(), undefined, `ok ${S}: exists, with a version v1.`],
    [
      'of a version that is not listed',
      use({ versionId: 'v9' }),
      there(),
      undefined,
      `warn ${S}: its version v9 has no stage, or is not there. Check the version id.`,
    ],
    ['of a version with its stage', use({ versionId: 'v1', stage: 'AWSCURRENT' }), there(), undefined, 'ok'],
    [
      'of a version with another stage',
      use({ versionId: 'v1', stage: 'blue' }),
      there({ v1: ['a', 'b'] }),
      undefined,
      `bad ${S}: its version v1 is not blue. It is a, b: name one of the two only.`,
    ],
    ['with its key', use(KEY), there(), keys('user', 'password'), `ok ${S}: exists, with the key password.`],
    [
      'with a key that is misspelt',
      use(KEY),
      there(),
      keys('passwort'),
      `bad ${S}: its value has no key password. Did you mean \`passwort\`?`,
    ],
    [
      'with other keys',
      use(KEY),
      there(),
      keys('a', 'b'),
      `bad ${S}: its value has no key password. It has the keys a, b.`,
    ],
    ['with many other keys', use(KEY), there(), keys(...Array.from({ length: 25 }, (_, i) => `k${i}`)), 'k18, k19.'],
    ['with no keys', use(KEY), there(), keys(), `It has no keys.`],
    [
      'whose value is not an object',
      use(KEY),
      there(),
      found({ kind: 'no-object' }),
      `bad ${S}: its value is not a JSON object, so it does not have the key password. Leave the key out`,
    ],
    [
      'whose version has no value',
      use({ ...KEY, stage: 'AWSCURRENT' }),
      there(),
      found({ kind: 'none' }),
      `bad ${S}: has no value in version AWSCURRENT. Put a value`,
    ],
    [
      'whose value may not be read',
      use(KEY),
      there(),
      denied('secretsmanager:GetSecretValue'),
      `skip key password of ${S}: not checked: IAM denies it`,
    ],
    ['whose value was not asked for', use(KEY), there(), undefined, `skip key password of ${S}: was not checked.`],
  ])('%s', (_, of, secret, value, text) => {
    const judged = read(judgeSecret(of, { secret, keys: value }, HOME));
    expect(judged).toContain(text);
  });
});

describe('a parameter', () => {
  const use = (from: string): ParameterUse => secretsOf(withSecret(from), HOME)[0] as ParameterUse;
  const P = `parameter /web/flag (${WHERE})`;
  test.each<[string, string, Answer<readonly string[]> | undefined, string]>([
    ['there', '/web/flag', found(['/web/flag']), `ok ${P}: exists.`],
    ['under either name', `${PARAMETER}/flag`, found(['/flag']), `ok parameter flag (${WHERE}): exists.`],
    [
      'not there',
      '/web/flag',
      found(['/web']),
      `bad ${P}: parameter /web/flag does not exist in ${REGION}, account ${ACCOUNT}. Create it (aws ssm put-parameter --type SecureString --name /web/flag --region ${REGION}`,
    ],
    ['denied', '/web/flag', denied('ssm:DescribeParameters'), 'skip parameter /web/flag: not checked'],
    ['not asked for', '/web/flag', undefined, 'skip parameter /web/flag: was not checked.'],
    [
      "AWS's own",
      '/aws/reference/x',
      undefined,
      `skip parameter /aws/reference/x (${WHERE}): is one of AWS's own, which are not listed; not checked.`,
    ],
    ['called like one of AWS', '/web/aws/x', found(['/web/aws/x']), 'ok'],
    [
      'of another account',
      `arn:aws:ssm:${REGION}:999999999999:parameter/web/flag`,
      undefined,
      `skip ${P}: belongs to account 999999999999`,
    ],
    [
      'of a version',
      '/web/flag:31',
      found(['/web/flag']),
      `warn ${P}: exists, but \`/web/flag:31\` asks for its version 31: ECS documents names without that`,
    ],
    [
      'of a label',
      '/web/flag:v1',
      found(['/web/flag']),
      'asks for its label v1: ECS documents names without that, and the variable may be empty without an error. Not checked. Write `/web/flag`, and keep',
    ],
  ])('%s', (_, from, answer, text) => expect(read(judgeParameter(use(from), answer, HOME))).toContain(text));
});

describe('a file in S3', () => {
  test('each once, with its uses', () => {
    const env = {
      environmentFiles: [{ value: 'arn:aws:s3:::b/a.env' }, { value: 7 }, { value: 'arn:aws:s3:::b/a/b.env' }],
    };
    const router = (options: JsonObject) => ({ name: 'log', firelensConfiguration: { options } });
    const definition = {
      containerDefinitions: [
        { name: 'app', ...env },
        {
          name: 'side',
          environmentFiles: [
            { value: 'arn:aws:s3:::b/a.env' },
            { value: 'arn:aws:s3:::b' },
            { value: 'arn:aws:s3:::/x' },
            { value: 'arn:aws:sns:::b/a' },
            { value: 'x' },
          ],
        },
        router({ 'config-file-type': 's3', 'config-file-value': 'arn:aws:s3:::b/f.conf' }),
        router({ 'config-file-type': 'file', 'config-file-value': 'arn:aws:s3:::b/g.conf' }),
      ],
    };
    expect(filesOf(definition as JsonObject)).toEqual([
      {
        arn: 'arn:aws:s3:::b/a.env',
        bucket: 'b',
        key: 'a.env',
        as: ['environment file of app', 'environment file of side'],
      },
      { arn: 'arn:aws:s3:::b/a/b.env', bucket: 'b', key: 'a/b.env', as: ['environment file of app'] },
      { arn: 'arn:aws:s3:::b/f.conf', bucket: 'b', key: 'f.conf', as: ['FireLens configuration of log'] },
    ]);
  });

  test.each<[Answer<boolean> | undefined, string]>([
    [found(true), 'ok file s3://b/k: exists (x, y).'],
    [found(false), 'bad file s3://b/k: object A (x, y) does not exist, so the task could not start. Upload it'],
    [denied('s3:ListBucket'), 'skip file s3://b/k: not checked'],
    [undefined, 'skip file s3://b/k: was not checked.'],
  ])('%j', (answer, text) =>
    expect(read(judgeFile({ arn: 'A', bucket: 'b', key: 'k', as: ['x', 'y'] }, answer))).toContain(text),
  );
});

describe('a log group', () => {
  const log = (name: string, options: JsonObject, logDriver = 'awslogs') => ({
    name,
    logConfiguration: { logDriver, options },
  });
  test('each once, created by the tasks where all of its containers say so', () => {
    const containerDefinitions = [
      log('a', { 'awslogs-group': '/web', 'awslogs-region': REGION, 'awslogs-create-group': 'TRUE' }),
      log('b', { 'awslogs-group': '/web' }),
      log('c', { 'awslogs-group': '/web', 'awslogs-region': 'us-east-1', 'awslogs-create-group': 'true' }),
      log('d', { 'awslogs-group': '/other', 'awslogs-create-group': 'false' }),
      log('e', { 'awslogs-group': '/elsewhere' }, 'awsfirelens'),
      log('f', {}),
      { name: 'g' },
    ];
    expect(logGroupsOf({ containerDefinitions } as JsonObject, HOME)).toEqual([
      { name: '/web', region: REGION, containers: ['a', 'b'], create: false },
      { name: '/web', region: 'us-east-1', containers: ['c'], create: true },
      { name: '/other', region: REGION, containers: ['d'], create: false },
    ]);
  });

  const USE: LogGroupUse = { name: '/web', region: REGION, containers: ['a', 'b'], create: true };
  const ARNS = logGroupArns(USE, HOME);
  const refusals = (
    ...some: [resource: string | undefined, decision: Refusal['decision']][]
  ): Answer<readonly Refusal[]> => found(some.map(([resource = '', decision]) => ({ resource, decision })));
  const both = refusals([ARNS[0], 'implicitDeny'], [ARNS[1], 'implicitDeny']);
  test('its ARN, as IAM and as CloudWatch Logs write it', () => {
    expect(ARNS).toEqual([
      `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/web`,
      `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/web:log-stream:`,
    ]);
  });
  test.each<
    [string, Partial<LogGroupUse>, Answer<boolean> | undefined, Answer<readonly Refusal[]> | undefined, boolean, string]
  >([
    ['there', {}, found(true), undefined, true, `ok log group /web: exists in ${REGION}.`],
    ['denied', {}, denied('logs:DescribeLogGroups'), undefined, true, 'skip log group /web: not checked'],
    [
      'not there',
      { create: false },
      found(false),
      undefined,
      true,
      `bad log group /web: does not exist in ${REGION}, account 123456789012, so the container \`a\`, \`b\` could not start. Create it (aws logs create-log-group --log-group-name /web --region ${REGION}), or set the log option awslogs-create-group`,
    ],
    [
      'created, by a role that is not known',
      {},
      found(false),
      undefined,
      true,
      `warn log group /web: does not exist in ${REGION}, account 123456789012 and is created by the first task: the execution role needs logs:CreateLogGroup.`,
    ],
    [
      'created, on an instance',
      {},
      found(false),
      denied('x'),
      false,
      'the execution role, or on EC2 the instance role, needs logs:CreateLogGroup.',
    ],
    [
      'created, if a call has the right values',
      {},
      found(false),
      refusals([ARNS[0], 'unknown']),
      true,
      'needs logs:CreateLogGroup, which could not be checked.',
    ],
    [
      'created',
      {},
      found(false),
      refusals(),
      true,
      'ok log group /web: is created by the first task; the execution role may do so.',
    ],
    [
      'created by one form of its ARN',
      {},
      found(false),
      refusals([ARNS[0], 'implicitDeny']),
      true,
      'ok log group /web: is created',
    ],
    [
      'created by the other form',
      {},
      found(false),
      refusals([ARNS[1], 'implicitDeny']),
      true,
      'ok log group /web: is created',
    ],
    [
      'not created',
      {},
      found(false),
      both,
      true,
      `bad log group /web: does not exist in ${REGION}, account 123456789012, and the execution role may not create it. Create it (aws logs`,
    ],
    [
      'not created by the execution role',
      {},
      found(false),
      both,
      false,
      'warn log group /web: does not exist in eu-west-1, account 123456789012, and the execution role may not create it. On EC2 the instance role may. Create it',
    ],
  ])('%s', (_, more, exists, refused, fargate, text) => {
    expect(read(judgeLogGroup({ ...USE, ...more }, { exists, refusals: refused }, { home: HOME, fargate }))).toContain(
      text,
    );
  });
});
