import fc from 'fast-check';
import { say } from '../../src/diagnosis/say.ts';
import { advised, explainStatement, type Where } from '../../src/diagnosis/statement-remedies.ts';
import { type Form, type Statement, type SubjectKind, statementIn } from '../../src/diagnosis/statements.ts';

const NOTHING = new Set<never>();

function explained(statement: Statement | undefined, where: Where) {
  if (statement === undefined) throw new Error('The line states nothing.');
  const { cause, remedy } = explainStatement(statement, where);
  return { cause, remedy: say(remedy, NOTHING) };
}

const VARIABLES = 'in `environment` or `secrets` of the container (inputs `environment-variables`, `secrets`)';
const ARGUMENTS =
  'in the Dockerfile (ARG and ENV, filled by the input `build-args`; a secret value by `build-secrets`)';
const COMMAND = 'in `command` of the container (input `command`), or in CMD or ENTRYPOINT of the Dockerfile';
const FILE =
  'in the configuration of the application: its file in the image, or the variable in `environment` or `secrets` that sets it';
const ANYWHERE =
  'in the configuration of the application (`environment`, `secrets`, `command` or its file in the image)';
const OF_THE_STEP = 'in the configuration file that the step reads, or in the command of that RUN line';

/** The line, its cause, what to do in a task, and in a build. */
test.each<[line: string, cause: string, inTask: string, inBuild: string]>([
  [
    'JWT_SECRET must be at least 32 characters (got 12).',
    'the value of JWT_SECRET does not have the length that is asked for (at least 32 characters; it has 12)',
    `Give JWT_SECRET a value of at least 32 characters ${VARIABLES}.`,
    `Give JWT_SECRET a value of at least 32 characters ${ARGUMENTS}.`,
  ],
  [
    'The passphrase must be at least 12 characters long',
    'the value of passphrase does not have the length that is asked for (at least 12 characters)',
    'Give passphrase a value of at least 12 characters in `secrets` of the container (input `secrets`) or in what it points to.',
    `Give passphrase a value of at least 12 characters ${ARGUMENTS}.`,
  ],
  [
    'HOST_IP is too long',
    'the value of HOST_IP is too long',
    `Give HOST_IP a shorter value ${VARIABLES}.`,
    `Give HOST_IP a shorter value ${ARGUMENTS}.`,
  ],
  [
    'The option --name is too short',
    'the value of --name is too short',
    `Give --name a longer value ${COMMAND}.`,
    'Give --name a longer value in the command of that RUN line, or in the script that it calls.',
  ],
  [
    'server.password is too weak',
    'the value of server.password is too weak',
    'Give server.password a stronger value in `secrets` of the container',
    `Give server.password a stronger value ${ARGUMENTS}.`,
  ],
  [
    "'server.host' must not be empty",
    'server.host has no value',
    `Give server.host a value ${FILE}: what fills it there is empty or not set.`,
    `Give server.host a value ${OF_THE_STEP}: what fills it there is empty or not set.`,
  ],
  [
    'MODE must be one of: a, b',
    'MODE has a value that is none of those that it takes',
    `Set MODE to one of a, b ${VARIABLES}.`,
    `Set MODE to one of a, b ${ARGUMENTS}.`,
  ],
  [
    "server.Mode: Invalid enum value. Expected 'a' | 'b', received 'c'",
    "server.Mode has the value 'c' that is none of those that it takes",
    'Set server.Mode to one of a, b in ',
    `Set server.Mode to one of a, b ${OF_THE_STEP}.`,
  ],
  [
    "Mode.Kind: Invalid enum value. Expected 'a' | 'b', received ' '",
    'Mode.Kind is set, but empty, and that is none of those that it takes',
    'Set Mode.Kind to one of a, b',
    `Set Mode.Kind to one of a, b ${OF_THE_STEP}, or leave it out: an empty value is not the same as none.`,
  ],
  ...['LogLevel', 'Color', 'LEVEL'].map((type): [string, string, string, string] => [
    `ValueError: 'loud' is not a valid ${type}`,
    `a setting of the type ${type} has the value 'loud', which it does not know`,
    `Replace the value 'loud' by one that ${type} has ${ANYWHERE}.`,
    `Replace the value 'loud' by one that ${type} has ${OF_THE_STEP}.`,
  ]),
  [
    "ValueError: '' is not a valid LogLevel",
    'a setting of the type LogLevel is set, but empty',
    `Give the setting behind LogLevel one of its values ${ANYWHERE}, or leave it out: an empty value is not the same as none.`,
    `Give the setting behind LogLevel one of its values ${OF_THE_STEP}, or leave it out: an empty value is not the same as none.`,
  ],
  [
    'server.port must be a valid port number',
    'server.port must be a valid port number, and is not',
    `Give server.port a value that is a valid port number ${FILE}.`,
    `Give server.port a value that is a valid port number ${OF_THE_STEP}.`,
  ],
  [
    '--config cannot be used with --stdin',
    '--config and --stdin exclude each other',
    `Keep one of --config and --stdin, and remove the other ${COMMAND}.`,
    'Keep one of --config and --stdin, and remove the other in the command of that RUN line, or in the script that it calls.',
  ],
  [
    '--config and --stdin are mutually exclusive',
    '--config and --stdin exclude each other',
    `Keep one of --config and --stdin, and remove the other ${COMMAND}.`,
    'Keep one of --config and --stdin, and remove the other in the command of that RUN line, or in the script that it calls.',
  ],
  [
    '--file, --config and --stdin are mutually exclusive',
    'settings exclude each other',
    'Keep one of the settings that the line names, and remove the other',
    'Keep one of the settings that the line names, and remove the other',
  ],
  [
    'api_key cannot be used with api_secret',
    'api_key and api_secret exclude each other',
    `Keep one of api_key and api_secret, and remove the other ${VARIABLES}.`,
    `Keep one of api_key and api_secret, and remove the other ${ARGUMENTS}.`,
  ],
  [
    'no receivers specified in config',
    'the configuration that it read has no receivers',
    'Add receivers to that configuration, and make sure that it is the one which the program reads (path or variable in `command` and `environment`)',
    'Add receivers to that configuration, and make sure that it is the one which the step reads: COPY it before that RUN line',
  ],
  [
    'app.models.Legacy is no longer supported. Use app.models.New instead',
    'the code uses app.models.Legacy, which the installed version of its library no longer has',
    'Change the code to app.models.New, or pin the library to the version that still has app.models.Legacy.',
    'Change the code to app.models.New, or pin the library to the version that still has app.models.Legacy.',
  ],
  [
    'app.models.Legacy is no longer supported.',
    'the code uses app.models.Legacy, which the installed version of its library no longer has',
    'Change the code, or pin the library to the version that still has app.models.Legacy.',
    'Change the code, or pin the library to the version that still has app.models.Legacy.',
  ],
  [
    'SQLite data sources are no longer supported. Please use PostgreSQL instead.',
    'this version no longer supports "SQLite data sources"',
    `Replace "SQLite data sources" by PostgreSQL ${ANYWHERE}. Until then the version before it still runs.`,
    `Replace "SQLite data sources" by PostgreSQL ${OF_THE_STEP}. Until then`,
  ],
  [
    'The option server.legacy is no longer supported.',
    'this version no longer supports server.legacy',
    `Remove server.legacy ${FILE}. Until then`,
    `Remove server.legacy ${OF_THE_STEP}. Until then`,
  ],
  [
    'ERROR: Python 3.13 is not supported. Please use Python 3.9 - 3.12.',
    'the image has Python 3.13, which is not supported (asked for: 3.9 - 3.12)',
    'Use a base image with Python 3.9 - 3.12 in the FROM of the final stage, and install the dependencies there again; or use a version of the program that supports Python 3.13.',
    'Use a base image with Python 3.9 - 3.12 in the FROM of that stage, and',
  ],
  [
    'Python 3.13 is not supported.',
    'the image has Python 3.13, which is not supported',
    'Use a base image with a supported version of Python in the FROM of the final stage',
    'Use a base image with a supported version of Python in the FROM of that stage',
  ],
  [
    'It requires Node.js >= 20',
    'the image has a version of Node.js, which is not supported (asked for: >= 20)',
    'or use a version of the program that supports the one in the image.',
    'Use a base image with Node.js >= 20 in the FROM of that stage',
  ],
  [
    'Database version is newer than supported by this executable (v12 > v14)',
    'its data or database is of a newer version than the program in ',
    'Deploy the newer version of the program again: going back to an older image does not take its data back.',
    'Install the newer version of the program in that stage. Data that should not be in the build comes from the context',
  ],
  [
    'Drive /data: found backend type fs, expected xl or xl-single',
    'its data at /data is of another format (fs) than this version takes (xl or xl-single)',
    'Deploy the version that wrote the data, and migrate it first',
    'Install the version that wrote the data in that stage, or make the data again with this one. Data that should not',
  ],
  [
    'Unknown data format: found fs, expected xl',
    'its data is of another format (fs) than this version takes (xl)',
    'give the task an empty volume (`volumes`, `mountPoints`)',
    'Install the version',
  ],
  [
    'Error: the lock file is already held',
    'another process holds what it needs alone',
    'let the old one stop first: `minimum-healthy-percent: 0` and `maximum-percent: 100`',
    'Run the job again. Where two builds share it (RUN --mount=type=cache), give that mount sharing=locked',
  ],
  [
    'Error: Credentials could not be decrypted',
    'it cannot decrypt "Credentials": as a rule its key is another than the one that the data was encrypted with',
    'Give the container the key that the data was encrypted with (`secrets`, input `secrets`)',
    'Give that RUN line the key that the data was encrypted with (input `build-secrets`, and RUN --mount=type=secret',
  ],
  [
    'cannot decrypt',
    'it cannot decrypt its data: as a rule',
    'Give the container the key',
    'Give that RUN line the key',
  ],
  [
    'read /app/conf.yml: is a directory',
    '/app/conf.yml is a directory where a file is expected',
    'A volume of ECS (`mountPoints`) is always a directory',
    'Name the file itself in that RUN line, or let COPY put a file there',
  ],
  [
    'EISDIR: illegal operation on a directory, read',
    'a path is a directory where a file is expected',
    'Put the file itself there',
    'Name the file itself in that RUN line',
  ],
  [
    'Cannot find nitro.json. Did you run nuxi build first?',
    'nitro.json, a result of its build, is not in the image',
    'Run `nuxi build` in the Dockerfile (RUN in the build stage), and copy its output into the final stage (COPY --from)',
    'Run `nuxi build` in the Dockerfile before this step, in the same stage or with COPY --from.',
  ],
  [
    'The frontend must be built first',
    'a result of its build is not in the image',
    'Run that build in the Dockerfile (RUN in the build stage)',
    'Run that build in the Dockerfile before this step',
  ],
  [
    "'sharp' is not installed",
    'sharp is not installed in ',
    'Install sharp in the final stage of the Dockerfile',
    'Install sharp in that stage before the step',
  ],
])('%s: the cause and the remedy, in a task and in a build', (line, cause, inTask, inBuild) => {
  const [task, build] = (['task', 'build'] as const).map((where) => explained(statementIn(line), where));
  expect(task?.cause.slice(0, cause.length)).toBe(cause);
  expect(build?.cause.slice(0, cause.length)).toBe(cause);
  expect(task?.remedy).toContain(inTask);
  expect(build?.remedy).toContain(inBuild);
});

test.each<[string, Where, RegExp]>([
  ['Database version is newer than supported', 'task', / in the image$/],
  ['Database version is newer than supported', 'build', / in that stage$/],
  ['the lock file is already held', 'task', / alone, or an ended one left its lock behind$/],
  ['the lock file is already held', 'build', / alone$/],
  ["'sharp' is not installed", 'task', / in the image$/],
  ["'sharp' is not installed", 'build', / in that stage$/],
])('%s: the cause in a %s', (line, where, end) => expect(explained(statementIn(line), where).cause).toMatch(end));

const FORMS: Readonly<Record<Form, true>> = {
  empty: true,
  length: true,
  choice: true,
  conflict: true,
  removed: true,
  'unsupported-version': true,
  'newer-data': true,
  'other-data': true,
  held: true,
  'key-mismatch': true,
  directory: true,
  'not-built': true,
  'not-installed': true,
  'without-entries': true,
  type: true,
};
const KINDS: readonly SubjectKind[] = ['variable', 'option', 'path', 'runtime', 'secret', 'code', 'setting', 'phrase'];

/** Forms whose grammar always has both. */
const WHOLE = { wanted: 'a, b', found: "'c'" };

test('a remedy for a build names nothing of a task, and none shows a part that is not there', () => {
  const statements = fc.record({
    form: fc.constantFrom(...(Object.keys(FORMS) as Form[])),
    subject: fc.record({ name: fc.constantFrom('web.thing', 'a thing'), kind: fc.constantFrom(...KINDS) }),
  });
  fc.assert(
    fc.property(statements, fc.boolean(), ({ form, subject }, isTask) => {
      const { cause, remedy } = explained({ form, subject, ...WHOLE }, isTask ? 'task' : 'build');
      expect(`${cause} ${remedy}`).not.toMatch(/undefined|null|\s{2}|``|""/);
      expect(remedy).toMatch(/^[A-Z].*\.$/);
      if (!isTask)
        expect(remedy).not.toMatch(
          /of the container|the task\b|\bDeploy\b|`(?:environment|environment-variables|command|secrets|mountPoints|volumes|pre-deploy)`/,
        );
    }),
    { numRuns: 500 },
  );
});

describe('the advice of a program', () => {
  const quoted = (advice: string): string => `The program's own advice is: "${advice}".`;
  const INSTALLED = 'Do that in the Dockerfile (RUN in the final stage), not in the container.';
  const PREPARED = 'Do that in one task before the deployment (input `pre-deploy`).';
  const BUILT = 'Do that in the Dockerfile, and copy the result into the final stage.';
  const SET =
    'Variables are set in `environment` or `secrets` of the container (inputs `environment-variables`, `secrets`).';
  const OTHER =
    'A command belongs into the Dockerfile or into a task before the deployment, a value into `environment` or `secrets`.';

  test.each([
    ['Run `npm install`', INSTALLED],
    ['Run npm install again', INSTALLED],
    ['You need to run npm install', INSTALLED],
    ['You forgot something. Run npm install', INSTALLED],
    ['rerun npm ci', INSTALLED],
    ['Rerun npm ci please', INSTALLED],
    ['run `pip install x`', INSTALLED],
    ['run `apt install x`', INSTALLED],
    ['re-run `pip3 install x`', INSTALLED],
    ['try running pip install x', INSTALLED],
    ['Run `npx playwright install --with-deps`', INSTALLED],
    ['run `apt-get update && apt-get install -y x`', INSTALLED],
    ['install the package x', INSTALLED],
    ['try installing x', INSTALLED],
    ['Try install x', INSTALLED],
    ['Please run `rails db:migrate` to resolve this', PREPARED],
    ['Please run `app migration` now', PREPARED],
    ['run `app db init` again', PREPARED],
    ['run `app initialize`', PREPARED],
    ['use `$ app upgrade`', PREPARED],
    ['Please run `app build` again', BUILT],
    ['Please run "collectstatic" again', BUILT],
    ['Set the `N8N_ENCRYPTION_KEY` env var', SET],
    ['Define A_B before the start', SET],
    ['Define A1_B2C before the start', SET],
    ['Please run `app serve` as well', OTHER],
    ['Choose another port for the server', OTHER],
    ['Prefer JSON over A_ or _B, please', OTHER],
    ['we do not install the package for you', OTHER],
  ])('%s: where it is followed', (advice, place) => expect(advised(advice, 'task')).toBe(`${quoted(advice)} ${place}`));

  test.each([
    ['Run `npm install`', 'In a build that is a RUN line of the Dockerfile before the step.'],
    ['try installing x', 'In a build that is a RUN line of the Dockerfile before the step.'],
    ['Please re-run make all', 'In a build that is a RUN line of the Dockerfile before the step.'],
    ['use `$ app upgrade`', 'In a build that is a RUN line of the Dockerfile before the step.'],
    ['Use "app db init" first', 'In a build that is a RUN line of the Dockerfile before the step.'],
    ["Please install 'libpq' first", 'In a build that is a RUN line of the Dockerfile before the step.'],
    ...[
      'The server cannot run without a port: set one',
      'Make sure that the server is running',
      "Set the 'port'",
      "Add `gem 'pg'` to your Gemfile",
      'Set an "output path" for it',
      'Rename `module.exports` first',
      "It doesn't work where it's empty",
      'Choose "Other region" for $home',
    ].map((advice) => [
      advice,
      'In a build that is a line of the Dockerfile before the step, or a change of what is committed.',
    ]),
    [
      'Set another port for it',
      'In a build that is a line of the Dockerfile before the step, or a change of what is committed.',
    ],
  ])('%s: where it is followed in a build', (advice = '', place = '') => {
    expect(advised(advice, 'build')).toBe(`${quoted(advice)} ${place}`);
  });

  test.each([
    ['Set the port of it. See https://example.com', 'Set the port of it'],
    ['Set the port of it (see https://example.com)', 'Set the port of it'],
    ['Set the port of it, see: http://example.com', 'Set the port of it'],
    ['Set the port of it. Read more at example.com', 'Set the port of it'],
    ['Set the port of it; For more information, ask', 'Set the port of it'],
    ['Set the port of it : Learn more', 'Set the port of it'],
    ['Set the port (of it). . ', 'Set the port (of it)'],
    ['Set the port, and see that it is free', 'Set the port, and see that it is free'],
    ['Set A: it.', 'Set A: it'],
    ['Set it up', 'Set it up'],
    ['Set it so', 'Set it so'],
    ['Set port', 'Set port'],
  ])('%s is quoted without its link', (advice, quote) => expect(advised(advice, 'task')).toContain(quoted(quote)));

  test.each(['Set it!', 'See https://example.com/set-the-port', 'Do it. See https://example.com'])(
    '%s is too short to say anything',
    (advice) => expect(advised(advice, 'task')).toBeUndefined(),
  );

  test.each([
    'run `sudo chown -R app /data`',
    'try running as root',
    'run `npm install --allow-root`',
    'run `chmod 777 /data`',
    'run `chmod -R 0777 /data`',
    'set NODE_TLS_REJECT_UNAUTHORIZED=0',
    'disable certificate verification',
    'you may disable the ssl check of it',
    'try disabling the strict host tls check',
    'set verify=False in the client',
    'set verify = false in the client',
    'set TrustServerCertificate=true',
    'set trust_server_certificate to yes',
    'run `rm -rf node_modules`',
    'delete the volume and start again',
    'delete your database and start again',
    'delete data and start again',
    'drop the table and start again',
    'drop database x and start again',
    'Please contact support',
    'restart your computer now',
    'use --force to continue',
    'use --skip-checks to continue',
    'use --legacy-peer-deps to continue',
    "run 'dotnet dev-certs https'. To trust the certificate (Windows and macOS only) run 'dotnet dev-certs https --trust'",
    'use the certificate (macOS only)',
    'use the certificate (Mac OS X only)',
    'use the certificate (Windows and Mac OS X only)',
    'use the certificate (mac os and windows only)',
    'use the certificate (Windows and macOS only)',
    'use the certificate (mac os and macos only)',
    'use the certificate (mac os and mac os x only)',
    'run `mkcert -install` and start the server again',
    'try `brew install libpq`',
    'please open your browser and sign in',
    'look at it in the browser first',
    'look at it in a web browser first',
    'install the C++ workload of Visual Studio',
    'install the extension of VS Code',
    'install the extension of vscode',
    'please start Docker Desktop',
    'set it up on your local machine',
    "set it up on the developer's computer",
    'set it up on the development machine',
    'set it up on the developer machine',
  ])('%s is not passed on', (advice) => {
    expect(advised(advice, 'task')).toBeUndefined();
    expect(advised(advice, 'build')).toBeUndefined();
  });

  test.each([
    'set the user of it to the root of the tree',
    'use chmod 644 on the file',
    'disable the cache of the server',
    'drop the trailing slash of it',
    'delete the line with the version',
    'open the port of the database',
    'Windows and macOS are the same',
  ])('%s is passed on', (advice) => expect(advised(advice, 'task')).toContain(quoted(advice)));
});
