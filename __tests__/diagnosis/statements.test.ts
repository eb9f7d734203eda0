import { kindOf, statementIn } from '../../src/diagnosis/statements.ts';

const variable = (name: string) => ({ name, kind: 'variable' });

test.each([
  [
    'JWT_SECRET must be at least 32 characters (got 12).',
    { form: 'length', subject: variable('JWT_SECRET'), wanted: 'at least 32 characters', found: '12' },
  ],
  [
    'Error: JWT secret key must be at least 32 characters long',
    { form: 'length', subject: { name: 'JWT secret key', kind: 'secret' } },
  ],
  [
    'ERROR: The value of environment variable HOST_IP is too long.',
    { form: 'length', subject: variable('HOST_IP'), wanted: 'long' },
  ],
  [
    "ADMIN_RESET: Invalid enum value. Expected 'true' | 'false', received ''",
    { form: 'choice', subject: variable('ADMIN_RESET'), wanted: 'true, false', found: "''" },
  ],
  [
    'server.mode must be one of: http, https',
    { form: 'choice', subject: { name: 'server.mode', kind: 'setting' }, wanted: 'http, https' },
  ],
  [
    "ValueError: '' is not a valid LogLevel",
    { form: 'choice', subject: { name: 'LogLevel', kind: 'setting' }, found: "''" },
  ],
  [
    'level=fatal msg="direct-node-routes cannot be used with tunneling. Packets are routed"',
    { form: 'conflict', subject: { name: 'direct-node-routes' }, other: { name: 'tunneling' } },
  ],
  ...[
    '--config and --stdin are mutually exclusive',
    'error: options --config and --stdin are mutually exclusive',
    'both --config and --stdin cannot be used together',
    'In this mode, --config or --stdin cannot be combined',
  ].map((line): [string, object] => [
    line,
    {
      form: 'conflict',
      subject: { name: '--config', kind: 'option' },
      other: { name: '--stdin', kind: 'option' },
    },
  ]),
  [
    '--config and --stdin cannot be used with --watch',
    { form: 'conflict', subject: { name: '--stdin' }, other: { name: '--watch' } },
  ],
  [
    'SQLite data sources are no longer supported. Please use PostgreSQL instead.',
    { form: 'removed', subject: { name: 'SQLite data sources' }, wanted: 'PostgreSQL' },
  ],
  [
    'torch.jit.QuantizedLinear is no longer supported. Please use torch.ao.nn.Linear instead.',
    { form: 'removed', subject: { name: 'torch.jit.QuantizedLinear', kind: 'code' }, wanted: 'torch.ao.nn.Linear' },
  ],
  [
    'ERROR: Python 3.13 is not supported. Please use Python 3.9 - 3.12.',
    { form: 'unsupported-version', subject: { name: 'Python', kind: 'runtime' }, found: '3.13', wanted: '3.9 - 3.12' },
  ],
  [
    'Error: app requires Node.js >= 18.12 (found 16.20.2)',
    { form: 'unsupported-version', wanted: '>= 18.12', found: '16.20.2' },
  ],
  ['Database version is newer than supported by this executable (v12 > v14)', { form: 'newer-data' }],
  [
    'Drive /data: found backend type fs, expected xl or xl-single',
    { form: 'other-data', subject: { name: '/data', kind: 'path' }, found: 'fs', wanted: 'xl or xl-single' },
  ],
  ['another instance is already running; please retry later', { form: 'held' }],
  ['Migration lock was never released or currently a migration is running.', { form: 'held' }],
  ['Error: Credentials could not be decrypted. A different "encryptionKey" was used', { form: 'key-mismatch' }],
  [
    'read /etc/grafana/datasources/main.yml: is a directory',
    { form: 'directory', subject: { name: '/etc/grafana/datasources/main.yml', kind: 'path' } },
  ],
  [
    'Cannot find nitro.json. Did you run nuxi build first? Search path:',
    { form: 'not-built', subject: { name: 'nitro.json' }, wanted: 'nuxi build' },
  ],
  [
    "Error: 'sharp' is required to be installed in standalone mode",
    { form: 'not-installed', subject: { name: 'sharp' } },
  ],
  [
    'invalid configuration: no enabled receivers specified in config',
    { form: 'without-entries', subject: { name: 'receivers' } },
  ],
  [
    'no valid endpoint for environment variable METADATA_URI: endpoint is empty',
    { form: 'empty', subject: variable('METADATA_URI') },
  ],
])('%s states its form and subject', (line, expected) => expect(statementIn(line)).toMatchObject(expected));

test.each([
  '--file, --config and --stdin are mutually exclusive',
  'error: options --file, --config and --stdin are mutually exclusive',
  '--file and --config and --stdin are mutually exclusive',
  'this and --stdin are mutually exclusive',
  '--stdin and that are mutually exclusive',
  '--stdin are mutually exclusive',
  'The image and its data are incompatible',
])('%s: of several sides, or one that is no setting, two are not named', (line) => {
  expect(statementIn(line)).toMatchObject({ form: 'conflict' });
  expect(statementIn(line)?.other).toBeUndefined();
});

/** What follows `build` or `before` is no command, and would be shown as one to run. */
test.each<[string, string | undefined]>([
  [
    "Error: Could not find a production build in the '.next' directory. Try building your app with 'next build' before starting the production server.",
    'next build',
  ],
  ['Could not find a production build in the folder build.', undefined],
  ['Please run `npm run build` before starting the server.', 'npm run build'],
  ["You must run 'yarn build' first", 'yarn build'],
  ['Did you forget to run `pnpm codegen`?', 'pnpm codegen'],
  ['Did you run make first', 'make'],
  ['Have you run "pnpm codegen" yet', 'pnpm codegen'],
  ['Please remember to run: pnpm codegen.', 'pnpm codegen'],
  ['Did you build the frontend?', undefined],
  ['Did you forget to compile it, by chance', undefined],
  ['Have you built the project?', undefined],
  ['Has it been compiled yet', undefined],
  ['Please remember to build the assets.', undefined],
  ['The assets must be built before the server starts', undefined],
])('%s asks for a build by the command %s', (line, command) => {
  const { form, wanted } = statementIn(line) ?? {};
  expect({ form, wanted }).toEqual({ form: 'not-built', wanted: command });
});

test.each([
  'Connection is no longer available',
  'token is no longer valid',
  'The queue is empty',
  'the response body was empty',
  'TypeError: Expected an object but got function',
  'Lock wait timeout exceeded; try restarting transaction',
  'deadlock detected: process 12 waits for lock held by process 13 in use',
  'E: Could not get lock /var/lib/dpkg/lock-frontend - apt is held by process 1',
  'it is not installed',
  'user 42 was not found',
  'No changes are configured',
  'gen.go:12: running "stringer": no values defined for type X',
  'This key cannot be used for signing',
  'Failed to decrypt: kms:Decrypt is denied',
  'the client is newer than the database protocol',
  'Image digest: found sha256:aa, expected sha256:bb',
  'He must be one of a kind',
  'Did you forget to run `rails db:migrate`?',
  'Did you run the migrations?',
  'Have you run `az login` yet?',
  'Did you run the server first?',
  'Did you run it?',
  'Did you run `npm run seed`?',
  '',
])('%s states nothing', (line) => expect(statementIn(line)).toBeUndefined());

test.each([
  [
    'accounts must be an array',
    'entry',
    { form: 'type', subject: { name: 'accounts', kind: 'setting' }, wanted: 'an array' },
  ],
  ['"isArray": "accounts must be an array"', 'entry', { form: 'type', subject: { name: 'accounts' } }],
] as const)('a plain word names a setting in a list of mistakes: %s', (line, as, expected) => {
  expect(statementIn(line)).toBeUndefined();
  expect(statementIn(line, as)).toMatchObject(expected);
});

test.each([
  ['DATABASE_URL', 'variable'],
  ['ERR_INVALID_URL', 'phrase'],
  ['--port', 'option'],
  ['/etc/app.yml', 'path'],
  ['config.json', 'path'],
  ['Python', 'runtime'],
  ['server.port', 'setting'],
  ['app.models.User', 'code'],
  ['api_key', 'secret'],
  ['everything else', 'phrase'],
])('%s is of the kind %s', (name, kind) => expect(kindOf(name)).toBe(kind));
