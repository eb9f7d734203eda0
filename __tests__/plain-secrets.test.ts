import { plainSecrets, plainSecretsWarning, secretsInCommands, secretsOfCommand } from '../src/plain-secrets.ts';

test.each([
  ['DB_PASSWORD', 'hunter2'],
  ['dbPassword', 'hunter2'],
  ['db-password', 'correct horse'],
  ['PGPASSWORD', 'postgres'],
  ['MYSQL_PWD', 'root1'],
  ['DBPASSWORD', 'x1'],
  ['JWT_SECRET', 'not-so-secret'],
  ['GITHUB_TOKEN', 'abc123def'],
  ['AUTHTOKEN', 'abc123def'],
  ['API_KEY', 'abc123def'],
  ['API_KEY_V2', 'abc123def'],
  ['SECRET_KEY_BASE', 'abc123def'],
  ['APP_KEY', 'base64:c29tZXRoaW5n'],
  ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  ['STRIPE_KEY', 'sk_live_0123456789abcdef'],
  ['SENTRY_KEY', '0123456789abcdef0123456789abcdef'],
  ['DATABASE_URL', 'postgres://app:hunter2@db.internal:5432/app'],
  ['ANYTHING', 'amqps://user:p%40ss@mq.internal'],
])('%s=%s is a secret in clear text', (name, value) => expect(plainSecrets([[name, value]])).toEqual([name]));

test.each([
  ['TOKEN_TTL', '3600'],
  ['TOKEN_ISSUER', 'acme'],
  ['SECRET_NAME', 'prod-db'],
  ['SECRET_ARN', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf'],
  ['DB_SECRET', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf'],
  ['DB_SECRET', 'prod/db/password'],
  ['KEY_ID', '0123456789abcdef0123456789abcdef'],
  ['AWS_ACCESS_KEY_ID_NAME', 'x'],
  ['KMS_KEY', '0f8fad5b-d9cb-469f-a165-70867728950e'],
  ['KMS_KEY_ID', 'alias/app'],
  ['PASSWORD_FILE', '/run/secrets/db'],
  ['DB_PASSWORD', '/run/secrets/db'],
  ['PRIVATE_KEY', './keys/app.pem'],
  ['GOOGLE_APPLICATION_CREDENTIALS', '/etc/gcp.json'],
  ['MONKEY', 'abc123def456'],
  ['KEYBOARD', 'qwerty'],
  ['PUBLIC_KEY', 'AAAAB3NzaC1yc2EAAAADAQABAAABAQ'],
  ['NEXT_PUBLIC_API_KEY', 'abc123def'],
  ['STRIPE_PUBLISHABLE_KEY', 'pk_live_0123456789abcdef'],
  ['PARTITION_KEY', 'tenantId'],
  ['CACHE_KEY', 'v3-0123456789'],
  ['S3_KEY', 'exports/daily.csv'],
  ['REQUIRE_PASSWORD', 'true'],
  ['CSRF_TOKEN', 'cookie'],
  ['MAX_TOKENS', '4096'],
  ['RESET_TOKEN', '15m'],
  ['TOKEN', ''],
  ['API_TOKEN', '${API_TOKEN}'],
  ['API_TOKEN', '${{ secrets.API_TOKEN }}'],
  ['API_TOKEN', '<API_TOKEN>'],
  ['AUTH_TOKEN', 'https://auth.example.com/token'],
  ['DATABASE_URL', 'postgres://db.internal:5432/app'],
  ['DATABASE_URL', 'postgres://app@db.internal:5432/app'],
  ['DATABASE_URL', 'postgres://app:${DB_PASSWORD}@db.internal/app'],
  ['PWD', '/app'],
  ['OLDPWD', 'app'],
  ['COMPASS', 'north'],
  ['BYPASS', 'on-error'],
  ['COMMIT', '0123456789abcdef0123456789abcdef01234567'],
  ['LOG_LEVEL', 'info'],
])('%s=%s is not', (name, value) => expect(plainSecrets([[name, value]])).toEqual([]));

test.each([
  ['run --token hunter2-x --port 8080', ['hunter2-x']],
  ['- command: sh -c "login --api-key \'hunter2 x\' --user admin"', ['hunter2 x']],
  ['["login", "--db-password", "hunter2-x"]', ['hunter2-x']],
  ['[login, --db-password, hunter2-x]', ['hunter2-x']],
  ['- login\n- --password\n- hunter2-x\n', ['hunter2-x']],
  ['login --password=hunter2-x', ['hunter2-x']],
  ['login --password $DB_PASSWORD --token=${TOKEN} --token $(cat token)', []],
  ['login --password-file /run/secrets/db --token /run/secrets/token --token true --password --verbose', []],
  ['curl --header password-header --port 123456', []],
])('of the command %s', (text, found) => expect(secretsInCommands(text)).toEqual(found));

test.each([
  [['login', '--password', 'two words', '--port', '123456'], ['two words']],
  [['sh', '-c', 'login --password hunter2-x'], ['hunter2-x']],
  [['login', '--password'], []],
])('of the words %j', (words, found) => expect(secretsOfCommand(words)).toEqual(found));

test('a name without a value, by the name alone', () =>
  expect(
    plainSecrets([
      ['NPM_TOKEN', undefined],
      ['SOME_KEY', undefined],
      ['VERSION', undefined],
    ]),
  ).toEqual(['NPM_TOKEN']));

test.each([
  [['A'], 'variable', /^x: `A` seems to hold a secret in clear text, .*DescribeTaskDefinition.*Use `secrets`/],
  [['A', 'B'], 'override', /^x: `A`, `B` seem to hold secrets in clear text, .*DescribeTasks.*task definition/],
  [['A'], 'build argument', /history of the image.*Use `build-secrets`/],
] as const)('the warning of %s, %s', (names, of, shown) =>
  expect(plainSecretsWarning(names, { subject: 'x', of })).toMatch(shown),
);
