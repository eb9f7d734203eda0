/** Node.js, Bun and Deno, and what is written for them. */
import { UNSEEN } from '../text.ts';
import { isA, type Row, rowsOf } from './row.ts';

export const NODE: readonly Row[] = rowsOf('node', [
  {
    kind: 'own-fault',
    form: /SyntaxError: Invalid or unexpected token/,
    // The spaces among them are white space for JavaScript.
    near: new RegExp(`(?!\\s)${UNSEEN.source}`),
    cause:
      'A file that Node.js loads in the container{container} has a character that cannot be seen (a space without width or break, a byte order mark) at the place above: {line}',
    remedy:
      'Delete it there (write the line again by hand instead of pasting it), save the file as UTF-8, and build the image again.',
  },
  {
    kind: 'request-denied',
    form: /\[TokenInvalid\]: |ETELEGRAM: 401|An API error occurred: (?:invalid_auth|not_authed|token_revoked)/,
    cause: 'The token of the bot or application{container} is empty or not valid: {line}',
    remedy: [
      'Set the whole token in `secrets` (input `secrets`) under the name that the code reads, without quotes or line end; make a new one if it was revoked, and ',
      { deploys: 'start a new deployment' },
      '.',
    ],
  },
  {
    kind: 'variable-missing',
    form: /"expected": "number",[\s\S]{0,120}?"received": "(?:NaN|nan)",\n?[\s\S]{0,80}?"path": ?\[\s{0,12}"(?<name>[\w.]{1,80})"/,
    cause: 'The setting {name} of the application{container} is not set, or its value is not a number.',
    remedy:
      'Set the environment variable {name} to a number without unit or quotes in `environment` (input `environment-variables`).',
  },
  {
    kind: 'variable-missing',
    form: /Please provide required params for (?<name>\w{2,20}) driver/,
    cause:
      'Drizzle Kit has no connection URL for {name}: the variable that drizzle.config reads is not set in the container{container}.',
    remedy: 'Set it (DATABASE_URL) in `secrets` (input `secrets`) of the task that runs the migration.',
  },
  {
    kind: 'setting-invalid',
    form: /Cross-site (?:POST|PUT|PATCH|DELETE) form submissions are forbidden/,
    cause:
      'SvelteKit does not know its public address behind the load balancer, so it takes a form of its own page for a foreign one.',
    remedy:
      'Set ORIGIN in `environment` to the public address (https://app.example.com), or PROTOCOL_HEADER=x-forwarded-proto and HOST_HEADER=x-forwarded-host.',
  },
  {
    kind: 'stated',
    form: /OTLPExporterError: (?<reason>Not Found|Unauthorized|Forbidden|Bad Request|Method Not Allowed)/,
    cause: 'The collector that the application{container} sends its traces to answered: {reason}.',
    remedy:
      'Correct OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_PROTOCOL in `environment`: port 4318 with http/protobuf and the path /v1/traces, port 4317 with grpc; keys go into OTEL_EXPORTER_OTLP_HEADERS. Telemetry that fails does not end the application as a rule.',
  },
  {
    kind: 'command-missing',
    form: /Could not find (?:Chrome|Chromium|Firefox|expected browser)[ (][^\n]{0,60}|Executable doesn't exist at (?<path>\/\S{1,160})|Browser was not found at the configured executablePath \((?<path2>[^)\n]{1,160})\)/,
    cause:
      'The browser that the application{container} starts (Puppeteer, Playwright) is not in the image{: path}, or not in the version that the package wants.',
    remedy:
      'Install it in the final stage as the user of the container (npx puppeteer browsers install chrome, npx playwright install --with-deps chromium; cache outside of /root), or install chromium and set PUPPETEER_EXECUTABLE_PATH. An image of Playwright must have the version of the package.',
  },
  {
    kind: 'entry-missing',
    form: /Cannot find module ['"](?<path>\/(?:[\w.-]{1,60}\/){0,6}(?<name>node|npm|npx|yarn|pnpm|sh|bash))['"]/,
    cause:
      'The command of the container{container} begins with {name}, and the image starts node already (its ENTRYPOINT), which takes {name} for a script.',
    remedy:
      'Leave {name} out of `command` or CMD (["dist/main.js"]): ENTRYPOINT and command are joined. Otherwise set `entryPoint` as well.',
  },
  {
    kind: 'stated',
    form: /Assertion `\(0\) == \(uv_thread_create|Assertion `\(0\) == \(uv_cond_init/,
    cause:
      'Node.js in the container{container} may not create threads: the Docker of the container instance is older than the base image needs (its seccomp profile refuses clone3), or the limit of processes is reached.',
    remedy:
      'Use a current ECS-optimized AMI for the instances, or an older base image (bullseye instead of bookworm). On Fargate look at `ulimits` (nproc).',
  },
  {
    kind: 'setting-invalid',
    technology: 'redis',
    form: /BullMQ: Your redis options maxRetriesPerRequest must be null/,
    cause:
      'BullMQ refuses the Redis connection that the application{container} gives to a worker: its maxRetriesPerRequest is not null.',
    remedy:
      'Create that connection with maxRetriesPerRequest: null (new IORedis(URL, { maxRetriesPerRequest: null })).',
  },
  {
    kind: 'dependency-conflict',
    form: /Cannot use \w{3,40} ["'].{1,200}["'] from another module or realm/,
    cause: 'Two copies of the package graphql are in node_modules of the container{container}.',
    remedy:
      'Keep one: make the versions agree (npm ls graphql, npm dedupe, overrides or resolutions in package.json), commit the lock file and build again.',
  },
  {
    kind: 'stated',
    form: /Cannot find "(?<path>[^"\n]{1,160}config\.json)"\. Have you run "sequelize init"/,
    cause: 'The configuration {path} of the Sequelize CLI is not in the image of the container{container}.',
    remedy:
      'COPY the folder config (and .sequelizerc, which names other places) into the final stage, and let WORKDIR be the folder above it. Passwords come from `secrets`: a config.js with use_env_variable reads them.',
  },
  {
    kind: 'file-missing',
    form: /invalid \.proto definition \(file at "(?<path>[^"\n]{1,200})" not found\)|ENOENT.{0,60}['"](?<path2>[^'"\n]{0,160}dist\/[^'"\n]{1,160}\.(?:proto|hbs|ejs|pug|graphql|gql|sql|html|mjml|json))['"]/,
    cause: '{who} needs {path}, which the compiler did not copy beside the compiled code.',
    remedy:
      'Copy such files in the build (for Nest: "assets" with "watchAssets" in compilerOptions of nest-cli.json; otherwise a cp or copyfiles step in the script build), then build the image again.',
  },
  {
    kind: 'stated',
    form: /This package doesn't seem to be present in your lockfile|The project in \S{1,160} doesn't seem to have been installed|Couldn't find the node_modules state file/,
    cause:
      'Yarn starts the application{container} and finds no installed project: the install state, lock file or node_modules of the build stage are not in the image.',
    remedy:
      'Start node itself (CMD ["node", "dist/main.js"]) instead of yarn. Otherwise run yarn install in the final stage, or copy .yarn, .yarnrc.yml, yarn.lock, package.json of the workspace and node_modules into it.',
  },
  {
    kind: 'module-missing',
    form: /Your application tried to access (?<name>(?:@[\w.-]{1,60}\/)?[\w.-]{1,80}), but it isn't declared in your dependencies|Cannot find module ['"](?<path>[^'"\n]{0,160}\.pnp\.(?:cjs|js))['"]/,
    cause: "Yarn's Plug'n'Play does not find {name|its map .pnp.cjs} in the image of the container{container}: {line}",
    remedy:
      'Add the package to the dependencies of that workspace, and copy .pnp.cjs, .yarn/cache and .yarn/unplugged into the final stage; or set nodeLinker: node-modules in .yarnrc.yml.',
  },
  {
    kind: 'file-missing',
    technology: 'node',
    form: /Can't find meta\/_journal\.json file/,
    cause:
      'Drizzle finds no migrations in the container{container}: meta/_journal.json is not in the folder that migrate() names.',
    remedy:
      'COPY the folder of migrations (drizzle/ with meta/) into the final stage and let migrationsFolder name it; relative paths start at WORKDIR.',
  },
  {
    kind: 'module-missing',
    form: /^error: Module not found "(?<name>(?!file:|https?:|npm:|jsr:)[^"\n]{1,160})"/,
    cause: 'Bun is started with {name}, which is not in the image of the container{container}.',
    remedy:
      'Check that the build ran in the image and its output is copied there (COPY --from, .dockerignore), and that WORKDIR and the path in `command` fit.',
  },
  {
    kind: 'module-missing',
    form: /Specifier not found in cache: "(?<name>[^"\n]{1,200})"|JSR package manifest for '(?<name2>[^'\n]{1,120})' failed to load|npm package "(?<name3>[^"\n]{1,120})" not found in cache/,
    cause: 'Deno does not have {name} in the cache of the image, and may not download it (--cached-only).',
    remedy:
      'Run deno install --entrypoint main.ts (deno cache) in the Dockerfile with the same user and DENO_DIR as at run time, and copy deno.json and deno.lock before it.',
  },
  {
    kind: 'stated',
    form: /Integrity check failed for (?:remote specifier|npm package|package)|The source code is invalid, as it does not match the expected hash in the lock file/,
    cause: 'A package of the application{container} has other content than deno.lock lists.',
    remedy:
      'Load the dependencies in the Dockerfile, so that nothing is downloaded when the task starts; if the new content is meant, renew deno.lock (deno cache --reload --lock-write) and commit it.',
  },
  {
    kind: 'module-missing',
    form: /(?:Failed to load|Cannot find|Could not load) (?:the )?native (?:binding|module|addon)\b(?:\n[\s\S]{0,200}?node_modules\/(?<name>(?:@[\w.-]{1,60}\/)?[\w.-]{1,60})\/)?/,
    not: /pip|gem\b/,
    cause:
      'The native part of {name|a package} is not in node_modules of the container{container} for its platform (Linux, libc and architecture of the image).',
    remedy:
      'Run npm ci in the image, for the platform of the task, and keep node_modules out of the context (.dockerignore); with a lock file made on another system run npm install there again, without --no-optional or --omit=optional.',
  },
  {
    kind: 'module-missing',
    form: /Cannot find module ['"](?<name>\.{1,2}\/[^'"\n]{1,200})['"]\nRequire stack:\n- \S{0,200}node_modules\/(?<package>(?:@[\w.-]{1,60}\/)?[\w.-]{1,80}(?:\/[\w.-]{1,60})?)/,
    not: /\.node['"]/,
    cause:
      'The packages in the image of the container{container} are not whole: {package} finds its own file {name} no more. node_modules was copied, and files or links (.bin) were lost.',
    remedy:
      'Install the packages in the image (npm ci) instead of copying them, leave node_modules out of the context (.dockerignore), and start programs by node_modules/.bin only where it was installed.',
  },
  {
    kind: 'stated',
    technology: 'prisma',
    form: /The datasource property `?(?<name>\w{1,30})`? is no longer supported in schema files/,
    cause:
      'The Prisma in the image of the container{container} is version 7 or newer, and schema.prisma is written for an older one (its {name} stands in the schema).',
    remedy:
      'Pin prisma and @prisma/client to the version of the project in package.json and install them in the image (npx without them downloads the newest), or move the URL to prisma.config.ts.',
  },
  {
    kind: 'variable-missing',
    form: /Configuration key "(?<name>[\w.-]{1,80})" does not exist/,
    cause: '{who} lacks the setting {name}: its configuration has no value for it in the container.',
    remedy:
      'Set the environment variable that the configuration reads for {name} in `environment` or `secrets` (inputs `environment-variables`, `secrets`).',
  },
  isA('duplicate-row', /Unique constraint failed on the (?:fields|constraint): \(?`(?<name>[\w.,` ]{1,80}?)`/),
  isA('unreachable', /write CONNECTION_(?:CLOSED|ENDED|DESTROYED) (?<host>[\w.-]{1,253}):(?<port>\d{1,5})/),
  isA('unreachable', /write CONNECT_TIMEOUT (?<host>[\w.-]{1,253}):(?<port>\d{1,5})/),
  {
    kind: 'unreachable',
    technology: 'redis',
    form: /^(?=.{0,400}(?:ECONNRESET|EPIPE|socket hang up|[Ss]ocket closed unexpectedly|[Cc]onnection (?:closed|reset) by (?:server|peer)|[Uu]nexpected end of stream|Error while reading line from the server|read error on connection|: EOF$)).{0,400}(?:cache\.amazonaws\.com|\bredis:\/\/|[\w.*-]:6379\b)/,
    not: /rediss:\/\/|redis\.exceptions|Error while reading from socket|Cannot connect to redis:|\btls:\/\/|max(?:imum)? number of clients/,
    cause:
      'Redis{ (address)} broke off the connection of the application{container}, as it does where it wants TLS and is addressed without it: {line}',
    remedy:
      'With encryption in transit (ElastiCache: TransitEncryptionEnabled) use rediss:// in the URL, or the option tls; without it use redis://. Where that is right, the server restarted or ends idle connections: let the client connect again.',
  },
  isA('unreachable', /\b(?:read|write) (?:ECONNRESET|EPIPE)\b|socket hang up/),
  isA(
    'setting-invalid',
    /(?:[Vv]alidation (?:error|failed)|ValidationError).{0,40}: ["'](?<name>[A-Za-z][\w.]{1,80})["'] (?<reason>(?:must|length|fails|contains|is not allowed to be empty)\b.{1,120})/,
  ),
  isA('module-kind', /is not defined in ES module scope/),
  {
    kind: 'runtime-mismatch',
    form: /SyntaxError: Unexpected token '?(?:\?|\.|\?\?=|\|\|=|&&=|\?\.)'?$/,
    cause:
      'The code of the application{container} or a package of it uses syntax that the Node.js in the image does not know: {line}',
    remedy:
      'Use a base image with a newer Node.js (FROM node:20 or newer), the version that package.json names under engines.',
  },
  {
    kind: 'runtime-mismatch',
    form: /Cannot find module ['"](?<name>[^'"\n]{0,200}(?:build\/(?:Release|Debug)|lib\/binding|prebuilds|\.node\b)[^'"\n]{0,120})['"]/,
    cause: 'A native module of npm was not built in the image of the container{container}: {name} is missing.',
    remedy:
      'Install the packages in the image, for its base and architecture (npm ci with build tools, or npm rebuild), and leave node_modules out of the context (.dockerignore).',
  },
  {
    kind: 'url-invalid',
    technology: 'redis',
    form: /TypeError: Invalid protocol\b/,
    near: /@redis[/\\]client|redis[/\\](?:dist|lib)|parseURL/,
    cause:
      'The Redis client of the application{container} was given a URL whose scheme it does not know: what stands in front of the host is not redis:// or rediss:// (as a rule only HOST:PORT was given).',
    remedy:
      'Write redis://HOST:6379 in the variable that it comes from in `environment` or `secrets`, or rediss:// where the server wants TLS (in-transit encryption of ElastiCache).',
  },
  {
    kind: 'url-invalid',
    form: /Invalid URL[\s\S]{0,400}?input: '(?<value>[^'\n]{0,160})'\n?/,
    cause: '{who} reads this as a URL, which it is not: {value|an empty text}.',
    remedy:
      'Correct the variable that it comes from in `environment` or `secrets`: a full URL with https:// or the scheme of the server. Where it reads undefined or null, or is empty, the variable is not set.',
  },
  {
    kind: 'module-missing',
    form: /(?:[Pp]lease|[Tt]ry(?: to)?|need to|by running:?|with:?) (?:run |install it |install )?[`'"]?(?:npm (?:install|i)|yarn add|pnpm add)(?: --?[\w-]{1,20}){0,3} (?<name>(?!-)[@\w./-]{2,80})/,
    cause: '{who} lacks the package {name}.',
    remedy:
      'Add {name} to dependencies (not devDependencies) in package.json, commit the lock file and build the image again.',
  },
  {
    kind: 'file-missing',
    form: /Failed to lookup view "(?<name>[^"\n]{1,120})" in views director\w{1,3} "?(?<path>[^"\n]{0,160})/,
    cause: '{who} does not find its view {name} in {path|the folder of views}.',
    remedy: 'COPY the folder of views into the final stage beside the code; relative paths start at WORKDIR.',
  },
  {
    kind: 'migration-failed',
    technology: 'prisma',
    form: /\bP3006\b|failed to apply cleanly to the shadow database|\bP3014\b/,
    cause: '{who} runs `prisma migrate dev`, which needs a shadow database and is not meant for production: {line}',
    remedy: 'Run `npx prisma migrate deploy` instead, in one task before the deployment.',
  },
  {
    kind: 'migration-order',
    technology: 'prisma',
    form: /\bP3019\b|datasource provider `(?<name>\w{1,30})` specified in your schema does not match the one specified in the migration_lock/,
    cause: 'The migrations of the image are for another database product than schema.prisma names.',
    remedy:
      'Make new migrations for that provider (delete the folder migrations with its lock file), or correct `provider` in schema.prisma.',
  },
  {
    kind: 'unreachable',
    form: /\bP1017\b|Server has closed the connection/,
    cause:
      'The database closed the connection of the application{container}: it restarted, ended an idle connection, or a pooler or TLS setting is in the way.',
    remedy:
      'Look at the events of the database at that time. If it happens at once, compare the TLS option and the port of the connection URL in `secrets` with the server.',
  },
  {
    kind: 'pool-exhausted',
    form: /\bP2024\b|Timed out fetching a new connection from the connection pool/,
    cause:
      '{who} got no connection from its pool in time: the database does not answer, or all connections of the pool are in use.',
    remedy:
      'First check that the tasks reach the database (its security group, host and port in `environment` and `secrets`), then raise connection_limit and pool_timeout in the connection URL.',
  },
  {
    kind: 'runtime-mismatch',
    form: /Failed to load SWC binary for (?<name>[\w/-]{2,40})/,
    cause: 'The image of the container{container} lacks the compiler of Next.js (SWC) for {name}.',
    remedy:
      'Start the built output (output: "standalone", node server.js) instead of next dev or a build at start, and install the packages in the image (npm ci, with optional dependencies).',
  },
  {
    kind: 'host-not-allowed',
    form: /UntrustedHost|Host must be trusted/,
    cause: 'Auth.js does not trust the host name behind the load balancer.',
    remedy: 'Set AUTH_TRUST_HOST=true (and AUTH_URL) in `environment` (input `environment-variables`).',
  },
  {
    kind: 'pem-invalid',
    form: /Service account object must contain a string "(?<name>\w{1,40})" property|Failed to parse service account json/,
    cause:
      'The service account of Firebase that the application{container} was given is not whole: it lacks {name|a property}.',
    remedy:
      'Set the variable with the whole JSON of the key in `secrets` (one line), or GOOGLE_APPLICATION_CREDENTIALS to a file that the entrypoint writes; a .env file does not reach the task.',
  },
  {
    kind: 'login-refused',
    form: /(?:Invalid login: )?(?<code>53[045])[ -]\d\.\d\.\d .{0,100}|SMTPAuthenticationError|Net::SMTPAuthenticationError/,
    cause: 'The mail server does not accept user and password of the application{container}: {line}',
    remedy:
      'Compare the SMTP user and password in `secrets` with those of the server (Amazon SES has SMTP credentials of its own, not the AWS keys, one set for each Region; Gmail wants an app password).',
  },
  {
    kind: 'tls',
    form: /disconnected before secure TLS connection was established/,
    cause:
      'The TLS handshake of the application{container} was broken off by the other side: as a rule that port speaks no TLS, or a proxy in between closed the connection.',
    remedy: [
      'Compare the scheme, port and ssl option in `environment` or `secrets` with the server',
      {
        examples: [
          { for: 'kafka', words: 'Kafka: 9092 is plain, 9094 TLS' },
          { for: 'redis', words: 'Redis: redis:// or rediss://' },
        ],
      },
      '.',
    ],
  },
  {
    kind: 'variable-missing',
    form: /code: '\w{3,40}',[\s\S]{0,300}?received: 'undefined',[\s\S]{0,100}?path: \[\s{0,12}'(?<name>[\w.]{1,80})'\n?/,
    cause: '{who} lacks the setting {name}: it is not set or empty in the container.',
    remedy:
      'Set the environment variable {name} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`).',
  },
  {
    kind: 'stated',
    form: /corepack.{0,200}(?:request to|fetch failed|ENOTFOUND|ETIMEDOUT|EACCES)|(?:performing the request to|fetching) https:\/\/registry\.(?:npmjs|yarnpkg)\S{0,120}|Cannot find matching keyid|request to https:\/\/registry\.(?:npmjs|yarnpkg)\S{0,120} failed/,
    cause: 'The container{container} downloads its package manager or packages when it starts, and that failed: {line}',
    remedy:
      'Install everything in the Dockerfile (corepack prepare or npm install -g, npm ci) and start node itself, not npx or a package manager.',
  },
  {
    kind: 'permission-denied',
    form: /npm (?:ERR!|error) (?:code EACCES|path \/\.npm|Your cache folder contains root-owned files|code EROFS|syscall mkdir)/,
    cause: 'npm in the container{container} may not write its cache or log folder (the home folder of the user).',
    remedy:
      'Start the program without npm (CMD ["node", "dist/main.js"]), or set npm_config_cache=/tmp/.npm (and HOME) in `environment`.',
  },
  // A file by its kind of path: the application's own output, or an installed package.
  {
    kind: 'file-missing',
    form: /(?:Cannot find module|Module not found|Cannot find package) ["'](?:file:\/\/)?(?<path>\/(?!.{0,200}node_modules)[^"'\n]{1,250}\/package\.json)["']|ENOENT.{0,80}open ["'](?<path2>[^"'\n]{1,250}\/package\.json)|Couldn't find a package\.json file in "(?<path3>[^"\n]{1,200})"/,
    cause:
      'The container{container} has no package.json at {path|the place that the line names}: the command runs in another folder than the application is in.',
    remedy:
      'Let WORKDIR of the Dockerfile (or `workingDirectory`) be the folder that holds package.json, and COPY it into the final stage.',
  },
  {
    kind: 'module-missing',
    form: /(?:Cannot find module|Module not found|Cannot resolve module|Could not load) ["'](?:file:\/\/)?(?<name>(?!\/\S{0,200}node_modules\/)(?:\/|\.\.?\/)[^"'\n]{1,250}?(?<!\.node))["']/,
    not: /query_engine|\.prisma\b/,
    cause: '{who} loads its own file {name}, which is not in the image at that place.',
    remedy:
      'Check that the build ran in the image and its output is copied there (COPY --from, .dockerignore), that no COPY of single files leaves it out, and that WORKDIR and the path in `command` or CMD fit. File names are case-sensitive on Linux.',
  },
  {
    kind: 'module-missing',
    form: /Relative import path "(?<name>[^"\n]{1,120})" not prefixed with|Import "(?<name2>[^"\n]{1,120})" not a dependency/,
    cause:
      'Deno does not know where {name|the import} comes from: it is neither a relative path nor listed in the import map.',
    remedy:
      'Copy deno.json (with its imports, or package.json) into the image beside the code, or name the import in full (npm:{name|NAME}, jsr:, https://).',
  },
  {
    kind: 'module-missing',
    technology: 'prisma',
    form: /@prisma\/client did not initialize yet/,
    cause: 'The Prisma client in the image of the container{container} was not generated.',
    remedy:
      'Run `npx prisma generate` in the Dockerfile after the dependencies are installed and schema.prisma is copied, and copy node_modules/.prisma into the final stage.',
  },
  {
    kind: 'file-missing',
    technology: 'prisma',
    form: /Could not find (?:a |the )?(?:Prisma Schema|schema\.prisma)|Could not load `--schema` from provided path|Prisma schema .{0,60}not found/i,
    cause: 'Prisma finds no schema.prisma in the container{container}.',
    remedy:
      'COPY the folder prisma (schema and migrations) into the final stage, or name its place with --schema or in package.json ("prisma": {"schema": ...}).',
  },
  {
    kind: 'stated',
    technology: 'prisma',
    form: /Prisma Migrate has detected that the environment is non-interactive|prisma migrate dev.{0,80}(?:interactive|not supported)/,
    cause: '{who} runs `prisma migrate dev`, a tool of development that asks questions.',
    remedy: 'Run `npx prisma migrate deploy` instead, in one task before the deployment.',
  },
  {
    kind: 'runtime-mismatch',
    technology: 'prisma',
    form: /Could not parse schema engine response|Query [Ee]ngine library for current platform|could not locate the Query Engine for runtime|Unable to require\(`[^`\n]{0,200}query_engine|PrismaClientInitializationError: (?:Unable to (?:require|load)|Query engine)|Invalid client engine type|libquery_engine\S{0,60}: /,
    cause: 'The engine of Prisma in the image does not fit its platform or lacks OpenSSL: {line}',
    remedy:
      'Run `prisma generate` in the image, in a stage with the base image of the final one, or list that platform in binaryTargets of schema.prisma; install openssl in the final stage.',
  },
  {
    kind: 'url-invalid',
    technology: 'prisma',
    form: /the URL must start with the protocol `(?<scheme>[\w+:/]{3,20})/,
    cause:
      'The connection URL of Prisma is empty or has another scheme than the provider in schema.prisma wants ({scheme}).',
    remedy:
      'Set DATABASE_URL (or the name in schema.prisma) in `secrets` to a full URL that begins with {scheme|the scheme}, without quotes around it.',
  },
  {
    kind: 'module-missing',
    technology: 'mysql',
    form: /Please install (?<name>[\w-]{2,30}) package manually|(?<name2>Postgres|MySQL|SQLite|Mssql|MongoDB|Oracle|Redis|mysql2) package has not been found installed/i,
    cause:
      '{who} lacks the driver of its database ({name|the package that the line names}) among the installed packages.',
    remedy:
      'Add it to dependencies in package.json (pg, mysql2, better-sqlite3, tedious, mongodb) and build the image again.',
  },
  {
    kind: 'variable-missing',
    form: /Dialect needs to be explicitly supplied|Wrong driver: "?undefined"? given|Cannot read propert\w{1,4} of undefined \(reading '(?:use_env_variable|dialect)'\)|Unknown database dialect|dialect undefined is not supported/i,
    cause:
      'The configuration of the database is undefined in the application{container}: its type (dialect) comes from a variable that is not set, or NODE_ENV names an entry that the configuration does not have.',
    remedy:
      'Set the variable (DB_DIALECT, DB_TYPE or the name in the configuration) in `environment`, and NODE_ENV to an entry that exists (input `environment-variables`).',
  },
  {
    kind: 'stated',
    form: /No metadata for "(?<name>[\w.]{1,80})" was found/,
    cause: 'TypeORM knows no entity {name}: the pattern under `entities` finds no file in the image.',
    remedy:
      'Let `entities` name the compiled files (dist/**/*.entity.js, or the classes themselves) instead of src/**/*.ts.',
  },
  {
    kind: 'own-fault',
    form: /Nest can't resolve dependencies of the (?<name>[\w<>]{1,80})/,
    cause: 'NestJS cannot build {name}: one of its dependencies is provided by no module that it imports: {line}',
    remedy:
      'Add the provider to `providers` of that module, or import the module that exports it. The question mark in the line stands for the missing one.',
  },
  {
    kind: 'setting-invalid',
    form: /options\.port should be >= 0 and < 65536|ERR_SOCKET_BAD_PORT|Port should be >= 0 and < 65536/,
    cause: '{who} listens on or connects to a port that is no number from 0 to 65535: {line}',
    remedy:
      'Set the port variable (PORT, DB_PORT or the like) in `environment` to a plain number, without quotes, spaces or an unexpanded placeholder.',
  },
  {
    kind: 'runtime-mismatch',
    form: /ERR_OSSL_EVP_UNSUPPORTED|0308010C:digital envelope routines/,
    cause:
      'A tool of the application{container} (webpack 4 or the like) uses a hash that OpenSSL 3 of Node.js 17 and newer refuses.',
    remedy:
      'Upgrade that tool, or set NODE_OPTIONS=--openssl-legacy-provider in `environment`. Better: build in the Dockerfile and start only the output.',
  },
  {
    kind: 'option-unknown',
    form: /is not allowed in NODE_OPTIONS/,
    cause: 'Node.js does not allow an option that NODE_OPTIONS has: {line}',
    remedy: 'Remove it from NODE_OPTIONS in `environment`, or use a Node.js version that knows it.',
  },
  {
    kind: 'option-unknown',
    form: /node: bad option: (?<option>\S{1,80})/,
    cause: 'Node.js in the image does not know the option {option}.',
    remedy: 'Correct `command` or CMD, or use a base image with a Node.js version that has {option}.',
  },
  {
    kind: 'import-name',
    form: /ERR_PACKAGE_PATH_NOT_EXPORTED|Package subpath ['"](?<path>[^'"\n]{1,120})['"] is not defined by "exports"|does not provide an export named ['"](?<name>[^'"\n]{1,80})|Named export ['"](?<name2>[^'"\n]{1,80})['"] not found|ERR_UNSUPPORTED_DIR_IMPORT/,
    cause:
      'A package in the image has not what the code imports from it (another version, or CommonJS against ES modules): {line}',
    remedy:
      'Install the version that the code was written for (npm ci with the committed lock file), or correct the import.',
  },
  {
    kind: 'stated',
    form: /"undefined" is not valid JSON|Unexpected token u in JSON at position 0|Unexpected end of JSON input/,
    cause:
      '{who} parses JSON that is empty or undefined{at}: a variable, file or answer that should hold it is missing.',
    remedy:
      'Find what the code parses there (JSON.parse in the stack); if it is a variable, set it in `environment` or `secrets` with the whole JSON text.',
  },
  {
    kind: 'stated',
    form: /Unexpected token .{1,20} in JSON at position \d|is not valid JSON\b|Expected property name or '\}' in JSON|Bad control character in string literal in JSON/,
    cause: '{who} parses text that is not valid JSON{at}: {line}',
    remedy:
      'Find what the code parses there (a variable, secret, file or the answer of another server). A JSON value in `environment` or `secrets` must be one line with straight double quotes.',
  },
  {
    kind: 'stated',
    form: /ERR_INVALID_CHAR|Invalid character in header content \["(?<name>[\w-]{1,60})|invalid header field value|Invalid header value|InvalidHeader: Header (?:part|value)|Illegal header value/i,
    cause:
      '{who} writes an HTTP header{ name} with a character that is not allowed there (a line end, or one outside of ASCII).',
    remedy: [
      'Look where its value comes from. For a token or key from `secrets` that is a line end behind it: store it again without (printf %s instead of echo) and ',
      { deploys: 'start a new deployment' },
      '; other values the code must encode.',
    ],
  },
  {
    kind: 'stated',
    form: /ERR_INVALID_ARG_TYPE.{0,40}|The "(?<name>[\w.]{1,60})" argument must be (?:of type|an instance of|one of type).{0,120}Received undefined/,
    not: /ECONN|ENOTFOUND/,
    cause: '{who} passes undefined or a value of the wrong type to a function of Node.js: {line}',
    remedy:
      'Look in the stack for the first line of your own code and what it passes; a path, key or URL that comes from a variable is undefined if that is not set in `environment` or `secrets`.',
  },
  isA(
    'variable-missing',
    /The (?<name>[A-Z][A-Z0-9_]{2,60}) environment variable is (?:missing|not set|required)|Environment variable not found: (?<name2>[A-Z][A-Z0-9_]{1,60})/,
  ),
  {
    kind: 'variable-missing',
    form: /secretOrPrivateKey must have a value|JwtStrategy requires a secret or key|secret option required for sessions|requires a clientID option|Neither apiKey nor config\.authenticator provided|Missing API key|secretOrPublicKey must be provided|api_key client option must be set|You did not provide an API key|Either `?secret`? or `?privateKey`?|MissingSecret|Please define a `?secret`?/,
    cause: '{who} needs a secret or key that it was not given: {line}',
    remedy:
      'Set the variable that the code reads it from (JWT_SECRET, SESSION_SECRET, AUTH_SECRET, the API key) in `secrets` (input `secrets`). A .env file of the repository does not reach the task by itself.',
  },
  {
    kind: 'stated',
    form: /TSError: |Unable to compile TypeScript|error TS\d{4,5}:/,
    cause: '{who} compiles TypeScript when it starts, and the compiler refuses the code: {line}',
    remedy:
      'Compile in the Dockerfile (npm run build) and start the output (node dist/...). If ts-node is wanted, correct that place, or give the image the type packages (devDependencies) and tsconfig.json.',
  },
  {
    kind: 'entry-missing',
    form: /Missing script: ["'`]?(?<script>[\w:.-]{1,80})/i,
    cause: 'package.json in the image has no script {script|of that name}.',
    remedy:
      'Add the script {script|that the line names} to package.json, or correct the command (CMD of the Dockerfile, input `command`).',
  },
  {
    kind: 'stated',
    form: /Running as root without --no-sandbox is not supported|No usable sandbox|Failed to move to new namespace|zygote_host_impl_linux/,
    cause:
      'Chrome cannot set up its sandbox in the container{container}: that needs a user other than root and kernel rights that a task does not have.',
    remedy:
      'Start it with --no-sandbox (puppeteer.launch({ args: ["--no-sandbox", "--disable-dev-shm-usage"] })) and as a user other than root.',
  },
  {
    kind: 'stated',
    form: /Failed to (?:launch|start) the browser process/,
    not: /ENOENT/,
    cause: 'The browser of the application{container} did not start; its own lines below that one say why: {line}',
    remedy:
      'Install the libraries of Chromium in the final stage (the package chromium, or npx playwright install --with-deps), build for the architecture of the task, and start it with --no-sandbox --disable-dev-shm-usage.',
  },
  {
    kind: 'configuration-invalid',
    form: /\[PM2\]\[ERROR\] File (?<path>\S{1,200}) malformated/,
    cause: 'pm2 cannot read {path}: its code or JSON has an error, which the next line names.',
    remedy: 'Correct {path}; `node --check` or `node -e "require(...)"` in the image shows the same error.',
  },
  {
    kind: 'command-missing',
    form: /\[PM2\]\[ERROR\] Process or Namespace (?<name>\S{1,100}) not found/,
    cause: 'The command of the container{container} asks pm2 for {name}, and in a new container pm2 runs nothing yet.',
    remedy: 'Start the program with pm2-runtime (pm2-runtime start ecosystem.config.js) instead of reload or restart.',
  },
  {
    kind: 'entry-missing',
    form: /\[PM2\]\[ERROR\] (?:[Ss]cript not found ?: ?(?<path>\S{1,200})|File (?<path2>\S{1,200}) not found)/,
    cause: 'pm2 is started with {path}, which is not in the image.',
    remedy:
      'Check that the build output is copied there and that the script or ecosystem file in the command names its place (WORKDIR).',
  },
  {
    kind: 'port-in-use',
    form: /Failed to start server\. Is port (?<port>\d{1,5}) in use/,
    cause: 'Bun cannot listen on port {port} in the task: something else of the task uses it.',
    remedy: 'Give each container of the task its own port, and start the server once.',
  },
  isA('key-wrong', /routines:(?:\w{0,20}:)?:?bad decrypt|:bad decrypt\b/),
]);
