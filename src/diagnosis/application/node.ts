/** Node.js, Bun and Deno, and what is written for them. */
import { isA, type Row, says } from './row.ts';

export const NODE: readonly Row[] = [
  says(
    /code: '\w{3,40}',[\s\S]{0,300}?received: 'undefined',[\s\S]{0,100}?path: \[\s{0,12}'(?<name>[\w.]{1,80})'\n?/,
    '{who} lacks the setting {name}: it is not set or empty in the container.',
    'Set the environment variable {name} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`).',
    { kind: 'variable-missing' },
  ),
  says(
    /App keys are required\. Please set app\.keys/,
    'Strapi has no app keys in the container{container}: the variable APP_KEYS is not set.',
    'Set APP_KEYS in `secrets` (several keys separated by commas), and with it API_TOKEN_SALT, ADMIN_JWT_SECRET and JWT_SECRET (input `secrets`).',
    { kind: 'variable-missing' },
  ),
  says(
    /corepack.{0,200}(?:request to|fetch failed|ENOTFOUND|ETIMEDOUT|EACCES)|(?:performing the request to|fetching) https:\/\/registry\.(?:npmjs|yarnpkg)\S{0,120}|Cannot find matching keyid|request to https:\/\/registry\.(?:npmjs|yarnpkg)\S{0,120} failed/,
    'The container{container} downloads its package manager or packages when it starts, and that failed: {line}',
    'Install everything in the Dockerfile (corepack prepare or npm install -g, npm ci) and start node itself, not npx or a package manager.',
  ),
  says(
    /npm (?:ERR!|error) (?:code EACCES|path \/\.npm|Your cache folder contains root-owned files|code EROFS|syscall mkdir)/,
    'npm in the container{container} may not write its cache or log folder (the home folder of the user).',
    'Start the program without npm (CMD ["node", "dist/main.js"]), or set npm_config_cache=/tmp/.npm (and HOME) in `environment`.',
    { kind: 'permission-denied' },
  ),
  // A file by its kind of path: the application's own output, or an installed package.
  says(
    /(?:Cannot find module|Module not found|Cannot find package) ["'](?:file:\/\/)?(?<path>\/(?!.{0,200}node_modules)[^"'\n]{1,250}\/package\.json)["']|ENOENT.{0,80}open ["'](?<path2>[^"'\n]{1,250}\/package\.json)/,
    'The container{container} has no package.json at {path|the place that the line names}: the command runs in another folder than the application is in.',
    'Let WORKDIR of the Dockerfile (or `workingDirectory`) be the folder that holds package.json, and COPY it into the final stage.',
    { kind: 'file-missing' },
  ),
  says(
    /(?:Cannot find module|Module not found|Cannot resolve module|Could not load) ["'](?:file:\/\/)?(?<name>(?!\/\S{0,200}node_modules\/)(?:\/|\.\.?\/)[^"'\n]{1,250}?(?<!\.node))["']/,
    '{who} loads its own file {name}, which is not in the image at that place.',
    'Check that the build ran in the image and its output is copied there (COPY --from, .dockerignore), and that WORKDIR and the path in `command` or CMD fit. File names are case-sensitive on Linux.',
    { kind: 'module-missing', not: /query_engine|\.prisma\b/ },
  ),
  says(
    /Relative import path "(?<name>[^"\n]{1,120})" not prefixed with|Import "(?<name2>[^"\n]{1,120})" not a dependency/,
    'Deno does not know where {name|the import} comes from: it is neither a relative path nor listed in the import map.',
    'Copy deno.json (with its imports, or package.json) into the image beside the code, or name the import in full (npm:{name|NAME}, jsr:, https://).',
    { kind: 'module-missing' },
  ),
  says(
    /@prisma\/client did not initialize yet/,
    'The Prisma client in the image of the container{container} was not generated.',
    'Run `npx prisma generate` in the Dockerfile after the dependencies are installed and schema.prisma is copied, and copy node_modules/.prisma into the final stage.',
    { kind: 'module-missing' },
  ),
  says(
    /Could not find (?:a |the )?(?:Prisma Schema|schema\.prisma)|Could not load `--schema` from provided path|Prisma schema .{0,60}not found/i,
    'Prisma finds no schema.prisma in the container{container}.',
    'COPY the folder prisma (schema and migrations) into the final stage, or name its place with --schema or in package.json ("prisma": {"schema": ...}).',
    { kind: 'file-missing' },
  ),
  says(
    /Prisma Migrate has detected that the environment is non-interactive|prisma migrate dev.{0,80}(?:interactive|not supported)/,
    '{who} runs `prisma migrate dev`, a tool of development that asks questions.',
    'Run `npx prisma migrate deploy` instead, in one task before the deployment.',
  ),
  says(
    /Query [Ee]ngine library for current platform|could not locate the Query Engine for runtime|Unable to require\(`[^`\n]{0,200}query_engine|PrismaClientInitializationError: (?:Unable to (?:require|load)|Query engine)|Invalid client engine type|libquery_engine\S{0,60}: /,
    'The engine of Prisma in the image does not fit its platform or lacks OpenSSL: {line}',
    'Run `prisma generate` in the image, in a stage with the base image of the final one, or list that platform in binaryTargets of schema.prisma; install openssl in the final stage.',
    { kind: 'runtime-mismatch' },
  ),
  says(
    /the URL must start with the protocol `(?<scheme>[\w+:/]{3,20})/,
    'The connection URL of Prisma is empty or has another scheme than the provider in schema.prisma wants ({scheme}).',
    'Set DATABASE_URL (or the name in schema.prisma) in `secrets` to a full URL that begins with {scheme|the scheme}, without quotes around it.',
    { kind: 'url-invalid' },
  ),
  says(
    /Please install (?<name>[\w-]{2,30}) package manually|(?<name2>Postgres|MySQL|SQLite|Mssql|MongoDB|Oracle|Redis|mysql2) package has not been found installed/i,
    '{who} lacks the driver of its database ({name|the package that the line names}) among the installed packages.',
    'Add it to dependencies in package.json (pg, mysql2, better-sqlite3, tedious, mongodb) and build the image again.',
    { kind: 'module-missing' },
  ),
  says(
    /Dialect needs to be explicitly supplied|Wrong driver: "?undefined"? given|Cannot read propert\w{1,4} of undefined \(reading '(?:use_env_variable|dialect)'\)|Unknown database dialect|dialect undefined is not supported/i,
    'The configuration of the database is undefined in the application{container}: its type (dialect) comes from a variable that is not set, or NODE_ENV names an entry that the configuration does not have.',
    'Set the variable (DB_DIALECT, DB_TYPE or the name in the configuration) in `environment`, and NODE_ENV to an entry that exists (input `environment-variables`).',
    { kind: 'variable-missing' },
  ),
  says(
    /No metadata for "(?<name>[\w.]{1,80})" was found/,
    'TypeORM knows no entity {name}: the pattern under `entities` finds no file in the image.',
    'Let `entities` name the compiled files (dist/**/*.entity.js, or the classes themselves) instead of src/**/*.ts.',
  ),
  says(
    /Nest can't resolve dependencies of the (?<name>[\w<>]{1,80})/,
    'NestJS cannot build {name}: one of its dependencies is provided by no module that it imports: {line}',
    'Add the provider to `providers` of that module, or import the module that exports it. The question mark in the line stands for the missing one.',
    { kind: 'own-fault' },
  ),
  says(
    /options\.port should be >= 0 and < 65536|ERR_SOCKET_BAD_PORT|Port should be >= 0 and < 65536/,
    '{who} listens on or connects to a port that is no number from 0 to 65535: {line}',
    'Set the port variable (PORT, DB_PORT or the like) in `environment` to a plain number, without quotes, spaces or an unexpanded placeholder.',
    { kind: 'setting-invalid' },
  ),
  says(
    /ERR_OSSL_EVP_UNSUPPORTED|0308010C:digital envelope routines/,
    'A tool of the application{container} (webpack 4 or the like) uses a hash that OpenSSL 3 of Node.js 17 and newer refuses.',
    'Upgrade that tool, or set NODE_OPTIONS=--openssl-legacy-provider in `environment`. Better: build in the Dockerfile and start only the output.',
    { kind: 'runtime-mismatch' },
  ),
  says(
    /is not allowed in NODE_OPTIONS/,
    'Node.js does not allow an option that NODE_OPTIONS has: {line}',
    'Remove it from NODE_OPTIONS in `environment`, or use a Node.js version that knows it.',
    { kind: 'option-unknown' },
  ),
  says(
    /node: bad option: (?<option>\S{1,80})/,
    'Node.js in the image does not know the option {option}.',
    'Correct `command` or CMD, or use a base image with a Node.js version that has {option}.',
    { kind: 'option-unknown' },
  ),
  says(
    /ERR_PACKAGE_PATH_NOT_EXPORTED|Package subpath ['"](?<path>[^'"\n]{1,120})['"] is not defined by "exports"|does not provide an export named ['"](?<name>[^'"\n]{1,80})|Named export ['"](?<name2>[^'"\n]{1,80})['"] not found|ERR_UNSUPPORTED_DIR_IMPORT/,
    'A package in the image has not what the code imports from it (another version, or CommonJS against ES modules): {line}',
    'Install the version that the code was written for (npm ci with the committed lock file), or correct the import.',
    { kind: 'import-name' },
  ),
  says(
    /"undefined" is not valid JSON|Unexpected token u in JSON at position 0|Unexpected end of JSON input/,
    '{who} parses JSON that is empty or undefined{at}: a variable, file or answer that should hold it is missing.',
    'Find what the code parses there (JSON.parse in the stack); if it is a variable, set it in `environment` or `secrets` with the whole JSON text.',
  ),
  says(
    /Unexpected token .{1,20} in JSON at position \d|is not valid JSON\b|Expected property name or '\}' in JSON|Bad control character in string literal in JSON/,
    '{who} parses text that is not valid JSON{at}: {line}',
    'Find what the code parses there (a variable, secret, file or the answer of another server). A JSON value in `environment` or `secrets` must be one line with straight double quotes.',
  ),
  says(
    /ERR_INVALID_CHAR|Invalid character in header content \["(?<name>[\w-]{1,60})|invalid header field value|Invalid header value|InvalidHeader: Header (?:part|value)|Illegal header value/i,
    '{who} sends an HTTP header{ name} with a character that is not allowed there, as a rule the line end behind a token or key.',
    'Store the secret again without a line end or space (printf %s instead of echo), then start a new deployment: ECS reads it when a task starts.',
  ),
  says(
    /ERR_INVALID_ARG_TYPE.{0,40}|The "(?<name>[\w.]{1,60})" argument must be (?:of type|an instance of|one of type).{0,120}Received undefined/,
    '{who} passes undefined or a value of the wrong type to a function of Node.js: {line}',
    'Look in the stack for the first line of your own code and what it passes; a path, key or URL that comes from a variable is undefined if that is not set in `environment` or `secrets`.',
    { not: /ECONN|ENOTFOUND/ },
  ),
  isA(
    'variable-missing',
    /The (?<name>[A-Z][A-Z0-9_]{2,60}) environment variable is (?:missing|not set|required)|Environment variable not found: (?<name2>[A-Z][A-Z0-9_]{1,60})/,
  ),
  says(
    /secretOrPrivateKey must have a value|JwtStrategy requires a secret or key|secret option required for sessions|requires a clientID option|Neither apiKey nor config\.authenticator provided|Missing API key|secretOrPublicKey must be provided|api_key client option must be set|You did not provide an API key|Either `?secret`? or `?privateKey`?|MissingSecret|Please define a `?secret`?/,
    '{who} needs a secret or key that it was not given: {line}',
    'Set the variable that the code reads it from (JWT_SECRET, SESSION_SECRET, AUTH_SECRET, the API key) in `secrets` (input `secrets`). A .env file of the repository does not reach the task by itself.',
    { kind: 'variable-missing' },
  ),
  says(
    /TSError: |Unable to compile TypeScript|error TS\d{4,5}:/,
    '{who} compiles TypeScript when it starts, and the compiler refuses the code: {line}',
    'Compile in the Dockerfile (npm run build) and start the output (node dist/...). If ts-node is wanted, correct that place, or give the image the type packages (devDependencies) and tsconfig.json.',
  ),
  says(
    /npm error Missing script|npm ERR! missing script|Missing script: ["'`]?(?<script>[\w:.-]{1,80})/i,
    'package.json in the image has no script {script|of that name}.',
    'Add the script {script|that the line names} to package.json, or correct the command (CMD of the Dockerfile, input `command`).',
    { kind: 'entry-missing' },
  ),
  says(
    /Running as root without --no-sandbox is not supported|No usable sandbox|Failed to move to new namespace|zygote_host_impl_linux/,
    'Chrome cannot set up its sandbox in the container{container}: that needs a user other than root and kernel rights that a task does not have.',
    'Start it with --no-sandbox (puppeteer.launch({ args: ["--no-sandbox", "--disable-dev-shm-usage"] })) and as a user other than root.',
  ),
  says(
    /Failed to (?:launch|start) the browser process/,
    'The browser of the application{container} did not start; its own lines below that one say why: {line}',
    'Install the libraries of Chromium in the final stage (the package chromium, or npx playwright install --with-deps), build for the architecture of the task, and start it with --no-sandbox --disable-dev-shm-usage.',
    { not: /ENOENT/ },
  ),
  says(
    /\[PM2\]\[ERROR\] (?:Script not found|File) ?:? ?(?<path>\S{1,200})|\[PM2\]\[ERROR\] .{0,60}not found/,
    'pm2 is started with {path|a file}, which is not in the image.',
    'Check that the build output is copied there and that the script or ecosystem file in the command names its place (WORKDIR).',
    { kind: 'entry-missing' },
  ),
  says(
    /Failed to start server\. Is port (?<port>\d{1,5}) in use/,
    'Bun cannot listen on port {port} in the task: something else of the task uses it.',
    'Give each container of the task its own port, and start the server once.',
    { kind: 'port-in-use' },
  ),
  says(
    /integrity check failed|lockfile .{0,80}(?:out of date|corrupt|not up to date)/i,
    'What the container{container} loads when it starts differs from its lock file: {line}',
    'Load and cache the dependencies in the Dockerfile (deno cache, npm ci) with the committed lock file, so that nothing is fetched at start.',
    { not: /migrat|check ?sum/i },
  ),
  says(
    /Dynamic server usage|ENVIRONMENT_FALLBACK|There was an error while hydrating/,
    'Next.js refuses how a page is rendered: {line}',
    'Correct that page (dynamic = "force-dynamic", or no dynamic functions in a static page) and build again.',
    { kind: 'own-fault' },
  ),
];
