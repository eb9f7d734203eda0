/** Go, .NET, Ruby, PHP, Rust, Elixir and the shell. */
import { isA, type Row, says } from './row.ts';

const GO: readonly Row[] = [
  says(
    /pattern matches no files: `(?<path>[^`\n]{1,160})/,
    'The templates {path} are not in the folder in which the application{container} is started.',
    'COPY them into the final stage beside the binary, or build them into it (embed); relative paths start at WORKDIR.',
    { kind: 'file-missing' },
  ),
  says(
    /failed to open source, "(?<path>[^"\n]{1,160})": open|error: open (?<path2>\S{1,160}): no such file or directory.{0,40}migrat/,
    'The migration files of the application{container} ({path}) are not in the folder in which it is started.',
    'COPY that folder into the final stage and give its full path (file:///app/migrations), or build it into the binary (iofs, embed).',
    { kind: 'file-missing' },
  ),
  says(
    /x509: (?:failed to load system roots and no roots provided|certificate signed by unknown authority \(possibly because of "x509: cannot verify)|no roots provided|failed to load system roots|open \/etc\/ssl\/certs\S{0,60}: no such file/,
    'The image of the container{container} has no root certificates, so the application can trust no server.',
    'Install ca-certificates in the final stage; FROM scratch copies them from the builder (COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/).',
    { kind: 'tls' },
  ),
  says(
    /panic: assignment to entry in nil map|fatal error: all goroutines are asleep|fatal error: concurrent map|panic: send on closed channel|panic: close of (?:closed|nil) channel|sync: negative WaitGroup counter/,
    'The code of the application{container} has a fault of concurrency or of a map that was not made: {line}',
    'Correct it at the first line of your own code in the stack (make the map, guard it with a mutex, close a channel once).',
    { kind: 'own-fault' },
  ),
  says(
    /Binary was compiled with 'CGO_ENABLED=0', go-sqlite3 requires cgo/,
    'The program of the container{container} uses go-sqlite3, which needs cgo, and was built with CGO_ENABLED=0.',
    'Build it with CGO_ENABLED=1 and gcc in the builder, on the same libc as the final stage (alpine with alpine), or use a driver in pure Go (modernc.org/sqlite).',
    { kind: 'runtime-mismatch' },
  ),
  says(
    /(?:sql: unknown driver|unknown database driver|database driver: unknown driver) "?(?<name>[\w+-]{1,40})"? \(forgotten import\??\)/,
    'The program of the container{container} was built without the driver {name}: its package is not imported, or the scheme of the URL is another one.',
    'Import the driver (import _ "...") for that scheme, or correct the scheme of the connection URL in `secrets`.',
    { kind: 'url-invalid' },
  ),
  says(
    /pq: SSL is not enabled on the server/,
    '{who} asks PostgreSQL for TLS, which that server does not offer.',
    'Add sslmode=disable to the connection URL in `environment` or `secrets`, or turn TLS on at the server.',
    { kind: 'tls' },
  ),
  says(
    /required key (?<name>[A-Z][A-Z0-9_]{1,80}) missing value|env: (?:required )?environment variable "(?<name2>\w{1,80})" (?:is not set|should not be empty)|required environment variable "(?<name3>\w{1,80})" is not set/,
    '{who} lacks the setting {name|that the line names}: it is not set or empty in the container.',
    'Set the environment variable {name|of that name} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`).',
    { kind: 'variable-missing' },
  ),
  says(
    /Config File "(?<name>[^"\n]{1,80})" Not Found in "(?<path>[^"\n]{1,200})"/,
    '{who} looks for a configuration file {name} in {path}, and none is there.',
    'COPY the file to one of those folders in the image (or mount it), or let the application read its settings from `environment`.',
    { kind: 'file-missing' },
  ),
];

const DOTNET: readonly Row[] = [
  says(
    /Unable to resolve service for type ['"](?<name>[\w.`[\]<>,]{1,200})['"]/,
    'The application{container} does not register a service of the type {name}, which one of its classes wants.',
    'Add it in Program.cs (builder.Services.Add...), also for the environment that the container runs in (ASPNETCORE_ENVIRONMENT).',
    { kind: 'own-fault' },
  ),
  says(
    /configuration file ['"](?<path>[^'"\n]{1,200})['"] was not found and is not optional/,
    '{who} needs {path}, which is not in the container.',
    'Let the project publish that file (CopyToOutputDirectory) and COPY it beside the dll, with WORKDIR as the folder it is looked for in, or mark it as optional. File names are case-sensitive on Linux.',
    { kind: 'file-missing' },
  ),
  says(
    /Failed to load configuration from file ['"](?<path>[^'"\n]{1,200})|JsonReaderException: (?<reason>.{1,160})/,
    '{who} cannot read its configuration or data as JSON{ (path)}: {line}',
    'Correct the JSON of that file or value (no comma at the end, straight quotes).',
    { kind: 'configuration-invalid' },
  ),
  says(
    /Value cannot be null\. \(Parameter ['"](?<name>connectionString|uriString|configuration|address|endpoint|connection|url)['"]\)|ConnectionString property has not been initialized|Host can't be null/,
    'A setting of the application{container} is null (its {name|connection string}): the configuration has no such entry in the container.',
    'Set it in `secrets` or `environment` with two underscores for the colon (ConnectionStrings__DefaultConnection), spelled as the code reads it.',
    { kind: 'variable-missing' },
  ),
  says(
    /Format of the initialization string does not conform|Keyword not supported: ['"](?<name>[^'"\n]{1,60})|Couldn't set (?<name2>[\w ]{1,40}) \(Parameter/,
    '{who} was given a connection string that its driver cannot read{ (name)}: {line}',
    'Write it in the form of that driver (Server=HOST;Database=NAME;User Id=USER;Password=...; for Npgsql Host=HOST;Username=USER), without quotes, in `secrets`.',
    { kind: 'url-invalid' },
  ),
  says(
    /Failed to bind to address (?<url>https?:\/\/\S{1,80}): address already in use/,
    'Another program of the task uses the address {url} already.',
    'Give each container of the task its own port (ASPNETCORE_HTTP_PORTS), and start the server once.',
    { kind: 'port-in-use' },
  ),
  says(
    /You must install or update \.NET to run this application|It was not possible to find any compatible framework version/,
    'The image of the container{container} lacks the .NET runtime that the application targets.',
    'Use the runtime base image of the version that the project targets (mcr.microsoft.com/dotnet/aspnet:VERSION; aspnet, not runtime, for ASP.NET Core), or publish self-contained.',
    { kind: 'runtime-mismatch' },
  ),
  says(
    /find a valid ICU package|Only the invariant culture is supported in globalization-invariant mode|CultureNotFoundException/,
    '{who} needs data of cultures (ICU), which the image does not have or has turned off.',
    'Install icu-libs (Alpine) or libicu in the final stage and set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false, or run without cultures (=true) if the application needs none.',
    { kind: 'runtime-mismatch' },
  ),
  says(
    /System\.Drawing\.Common is not supported|The type initializer for 'Gdip' threw|libgdiplus/,
    '{who} uses System.Drawing, which Linux does not have (.NET 7 and newer) or only with libgdiplus.',
    'Replace it (SkiaSharp, ImageSharp), or on .NET 6 install libgdiplus in the final stage.',
    { kind: 'runtime-mismatch' },
  ),
  says(
    /Unable to load shared library ['"](?<name>[\w.+-]{1,80})['"]|DllNotFoundException: .{0,60}['"](?<name2>[\w.+-]{1,80})['"]/,
    '{who} needs the native library {name|that the line names}, which the image does not have (or not for its architecture or libc).',
    'Install it in the final stage, or add the package with its Linux assets (SkiaSharp.NativeAssets.Linux.NoDependencies, libgdiplus) and publish for linux-x64, linux-arm64 or linux-musl.',
    { kind: 'runtime-mismatch' },
  ),
  says(
    /The key \{[\w-]{1,40}\} was not found in the key ring|antiforgery token could not be decrypted/,
    '{who} cannot decrypt what another task encrypted: each task has data protection keys of its own.',
    'Keep the keys in one place for all tasks (PersistKeysToAWSSystemsManager, Redis, EFS or a database) with one application name.',
    { kind: 'key-wrong' },
  ),
  isA('login-refused', /28P01: password authentication failed/),
];

const RUBY: readonly Row[] = [
  says(
    /No application configured, nothing to run|configuration \S{0,120}config\.ru not found|rackup file \S{0,120} not found/,
    'Puma finds no application in the container{container}: no config.ru is in the folder in which it is started.',
    'Let WORKDIR be the folder of the application and COPY config.ru (and config/) into the image; start it with -C config/puma.rb.',
    { kind: 'app-file-missing' },
  ),
  says(
    /Missing `?secret_key_base`? for ['"]?(?<environment>\w{1,30})/,
    'Rails has no secret_key_base for the environment {environment} in the container{container}.',
    'Set SECRET_KEY_BASE (or RAILS_MASTER_KEY for the encrypted credentials) in `secrets` (input `secrets`).',
    { kind: 'variable-missing' },
  ),
  says(
    /key must be 16 bytes|ActiveSupport::MessageEncryptor::InvalidMessage|InvalidMessage \(ActiveSupport/,
    'Rails cannot decrypt its credentials with the key that it was given.',
    'Set RAILS_MASTER_KEY in `secrets` to the content of config/master.key (or config/credentials/ENVIRONMENT.key) of this application: 32 hex characters without a line end.',
    { kind: 'key-wrong' },
  ),
  says(
    /Your Ruby version is (?<have>[\d.]{1,12}),? but your Gemfile specified (?<need>[\d.~> ]{1,20})/,
    'The image runs Ruby {have}, and the Gemfile asks for {need}.',
    'Use the base image of that version (FROM ruby:VERSION), or change the version in the Gemfile and .ruby-version.',
    { kind: 'runtime-mismatch' },
  ),
  says(
    /AdapterNotSpecified: (?<reason>.{1,200})|(?<name>['"]?\w{1,30}['"]?) database is not configured|database configuration does not specify adapter/,
    'Rails finds no entry of the database for its environment in the container{container}: {line}',
    'Set DATABASE_URL in `secrets` and RAILS_ENV=production in `environment`, and check that config/database.yml is in the image and has that environment.',
    { kind: 'variable-missing' },
  ),
  says(
    /Specified ['"](?<name>\w{1,30})['"] for database adapter, but the gem is not loaded|Error loading the ['"](?<name2>\w{1,30})['"] (?:Active Record|Action Cable) adapter/,
    'The image of the container{container} lacks the gem of the database adapter {name|that the line names}.',
    'Add the gem (pg, mysql2, trilogy, sqlite3) outside of the groups development and test, commit Gemfile.lock, and install the client library of it (libpq5, libmariadb3) in the final stage.',
    { kind: 'module-missing' },
  ),
  says(
    /Could not find (?<gem>[\w.-]{1,80}-\d[\w.-]{0,40})(?:, .{0,300})? in (?:any of the sources|locally installed gems)|Bundler::GemNotFound/,
    'The image of the container{container} lacks gems that Gemfile.lock lists{ (gem)}.',
    'Run bundle install in the image with the same BUNDLE_WITHOUT, BUNDLE_PATH and platform as at run time (bundle lock --add-platform x86_64-linux or aarch64-linux), and copy the gems into the final stage.',
    { kind: 'module-missing' },
  ),
  says(
    /could not find (?:a JavaScript runtime)|ExecJS::RuntimeUnavailable|Could not find a JavaScript runtime/i,
    'Rails compiles JavaScript in the container{container}, and the image has no Node.js.',
    'Precompile the assets in the Dockerfile in a stage with Node.js (rails assets:precompile) and copy public/assets; or install nodejs in the final stage.',
    { kind: 'command-missing' },
  ),
  says(
    /The asset ["'](?<name>[^"'\n]{1,120})["'] (?:is not present|was not found) in the asset pipeline|can't find (?<name2>\S{1,120}) in \S{1,160}manifest\.json|Missing(?:Entry)?Error.{0,40}manifest/,
    'The asset {name} is not among the compiled assets in the image.',
    'Run rails assets:precompile (and the JavaScript build) in the Dockerfile and copy public/ into the final stage; check that no volume hides it.',
    { kind: 'file-missing' },
  ),
  says(
    /Unknown (?:key|alias)s?: |Psych::(?:BadAlias|AliasesNotEnabled|SyntaxError)|YAML syntax error occurred while parsing (?<path>\S{1,200}?)\.? Please note/,
    'Ruby cannot read a YAML file of the application{container}{ (path)}: {line}',
    'Correct that file (tabs, quotes, ERB that prints nothing because a variable is not set); for aliases upgrade Rails or load it with aliases: true.',
    { kind: 'configuration-invalid' },
  ),
  isA('database-missing', /We could not find your database: (?<name>[\w.-]{1,120})/),
  isA('database-missing', /ActiveRecord::NoDatabaseError/, /FATAL: +(?!database)/),
];

const PHP: readonly Row[] = [
  says(
    /production\.ERROR: Aborted\.|Application In Production|APPLICATION IN PRODUCTION|RuntimeException\(code: 0\): Aborted/,
    'Laravel asks whether a command (as a rule the migration) may run in production, and nobody can answer in a container.',
    'Add --force to that command (php artisan migrate --force) in the entrypoint or `command`, and run it once, in one task before the deployment.',
  ),
  says(
    /unable to bind listening socket for address '(?<path>[^'\n]{1,120})': (?:No such file|Permission denied)/,
    'php-fpm in the container{container} cannot create its socket {path}: the folder does not exist there, or its user may not write to it.',
    'Create the folder in the Dockerfile (RUN mkdir -p, chown), or let php-fpm listen on a port (listen = 9000). A socket is no way to nginx in another container.',
    { kind: 'file-missing' },
  ),
  says(
    /[Cc]url error (?:\(code )?(?:3)\)?: |URL rejected: (?<reason>[^(\n]{1,60})|cURL error 3\b/,
    '{who} calls a URL that is empty or not valid: {line}',
    'Set the variable that holds that URL in `environment` or `secrets` (the stack names the part that calls it), or turn that part off.',
    { kind: 'url-invalid' },
  ),
  isA('dns', /[Cc][Uu][Rr][Ll] (?:error )?\(?(?:code )?6\)?:? Could not resolve host:? (?<host>[\w.-]{1,253})/),
  isA(
    'connection-refused',
    /[Cc]url error \(?(?:code )?7\)?: .{0,40}(?<host>[\w.-]{1,253}) port (?<port>\d{1,5}).{0,60}refused/,
  ),
  says(
    /No application encryption key has been specified|MissingAppKeyException/,
    'Laravel has no application key in the container{container}: APP_KEY is not set.',
    'Set APP_KEY in `secrets` (made with php artisan key:generate --show). If config was cached in the image, the cached value hides it: run config:cache at start.',
    { kind: 'variable-missing' },
  ),
  says(
    /Unsupported cipher or incorrect key length/,
    'Laravel does not accept its APP_KEY: the value has the wrong length or form.',
    'Set APP_KEY in `secrets` to the whole value of php artisan key:generate --show, with base64: in front and no line end.',
    { kind: 'key-wrong' },
  ),
  says(
    /could not find driver\b/,
    '{who} lacks the PDO driver of its database: the PHP in the image was built without it.',
    'Install it in the Dockerfile: docker-php-ext-install pdo_mysql (or pdo_pgsql with libpq-dev), in the stage that runs.',
    { kind: 'module-missing' },
  ),
  says(
    /Composer detected issues in your platform: (?<reason>.{1,200})|Your Composer dependencies require .{1,200}/,
    'The PHP of the image does not fit what Composer installed: {line}',
    'Use a base image with that PHP version (or extension), the same one in the stage that runs composer install.',
    { kind: 'runtime-mismatch' },
  ),
  says(
    /(?:Failed opening required|require(?:_once)?\(|Failed to open stream).{0,20}['"]?(?<path>[^'"():\n]{0,200}vendor\/autoload\.php)/i,
    'The image of the container{container} has no vendor folder (vendor/autoload.php): the packages of Composer are not installed there.',
    'Run composer install --no-dev in the Dockerfile and copy vendor/ into the final stage; check that no volume is mounted over the application.',
    { kind: 'module-missing' },
  ),
  says(
    /(?:bootstrap\/cache|storage\/\S{0,60}|storage) directory must be present and writable|The stream or file ['"]?(?<path>[^'"\n]{1,200})['"]? could not be opened in append mode|file_put_contents\((?<path2>[^)\n]{1,200})\): Failed to open stream: Permission denied/i,
    'The user of PHP in the container{container} may not write to {path|storage or bootstrap/cache} of the application.',
    'Give these folders to it in the Dockerfile (RUN chown -R www-data storage bootstrap/cache), and log to stderr (LOG_CHANNEL=stderr).',
    { kind: 'permission-denied' },
  ),
  says(
    /There are no commands defined in the ['"](?<name>[\w:-]{1,60})|Command ['"](?<name2>[\w:-]{1,60})['"] is not defined/,
    'The command {name|that the line names} does not exist in the console of the application{container}: its package is not installed (as a dev dependency), or the name is wrong.',
    'Correct `command`, or move the package from require-dev to require.',
    { kind: 'option-unknown' },
  ),
  says(
    /Target class \[(?<name>[\w\\.]{1,120})\] does not exist|Class ["'](?<name2>[\w\\]{1,120}(?:ServiceProvider|Provider))["'] not found/,
    'Laravel does not find the class {name|that the line names}: it is in a package that is not installed (--no-dev), or a cached list or file name does not fit.',
    'Delete bootstrap/cache/*.php from the image (.dockerignore), run composer dump-autoload and package:discover in the Dockerfile; letter case of file and class must agree on Linux.',
    { kind: 'module-missing' },
  ),
  says(
    /Environment variable not found: ["'](?<name>\w{1,80})["']|You have requested a non-existent (?:service|parameter) ["'](?<name2>[\w.\\]{1,120})/,
    '{who} lacks {name|what the line names}: it is not set in the container.',
    'Set {name|it} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`).',
    { kind: 'variable-missing' },
  ),
  says(
    /AH00534|No MPM loaded|More than one MPM loaded/,
    'Apache in the container{container} has no MPM, or more than one: {line}',
    'Enable exactly one in the Dockerfile (a2dismod mpm_event && a2enmod mpm_prefork for mod_php).',
    { kind: 'configuration-invalid' },
  ),
  says(
    /Invalid command ['"](?<name>\w{1,60})['"], perhaps misspelled or defined by a module not included/,
    'Apache does not know the directive {name}: its module is not enabled in the image.',
    'Enable the module in the Dockerfile (a2enmod rewrite, headers, ssl, proxy_http), or remove the directive.',
    { kind: 'configuration-invalid' },
  ),
];

const NATIVE: readonly Row[] = [
  says(
    /init terminating in do_boot"?,? ?\{(?:load_failed|undef|'cannot get bootfile')|init terminating in do_boot \(\)|compiled for a later version of the runtime system|Unusable Erlang runtime system|cannot get bootfile/,
    'The release of the container{container} does not fit the Erlang runtime that it is started with: {line}',
    'Build the release in the same image (Erlang/OTP version, distribution, architecture) as it runs in, with its own runtime (include_erts: true), and delete old _build folders from the context.',
    { kind: 'runtime-mismatch' },
  ),
  says(
    /no native root CA certificates found|No CA certificates were loaded from the system/,
    'The image of the container{container} has no root certificates, so the application can trust no server.',
    'Install ca-certificates in the final stage (or use webpki-roots / rustls with bundled roots).',
    { kind: 'tls' },
  ),
  says(
    /could not find system library|Could not find Elixir.{0,20}|(?:missing|could not find) (?:the )?(?:environment variable|env) (?<name>[A-Z][A-Z0-9_]{1,80})|environment variable (?<name2>[A-Z][A-Z0-9_]{1,80}) is missing/,
    '{who} lacks the setting {name|that the line names}: it is not set in the container.',
    'Set {name|it} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`); config/runtime.exs reads it when the release starts.',
    { kind: 'variable-missing' },
  ),
  says(
    /could not fetch environment variable "?(?<name>[A-Z][A-Z0-9_]{1,80})/,
    '{who} lacks the setting {name}: it is not set in the container.',
    'Set {name} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`).',
    { kind: 'variable-missing' },
  ),
  says(
    /cookie store expects conn\.secret_key_base to be at least 64 bytes|secret_key_base.{0,40}at least 64/,
    'Phoenix of the application{container} has a SECRET_KEY_BASE that is too short.',
    'Set SECRET_KEY_BASE in `secrets` to at least 64 characters (mix phx.gen.secret).',
    { kind: 'setting-invalid' },
  ),
  says(
    /DBConnection\.ConnectionError: .{0,40}connection not available and request was dropped from queue/,
    '{who} got no connection of the database in time: it cannot be reached, or all connections of the pool are busy.',
    'Look for an error of Postgrex above (refused, timed out, password). If there is none, raise pool_size (POOL_SIZE) or find slow queries.',
    { kind: 'pool-exhausted' },
  ),
  says(
    /mix (?:release|\w{2,12}):? .{0,60}could not be found|\*\* \(Mix\) The task "(?<name>[\w.]{1,60})" could not be found|\*\* \(Mix\) (?<reason>.{1,160})/,
    'Mix in the container{container} cannot do what the command asks: {line}',
    'Build a release in the Dockerfile (mix release) and start bin/APP start; for migrations bin/APP eval "App.Release.migrate". Mix tasks of dev dependencies are not in production.',
    { kind: 'command-missing' },
  ),
  says(
    /there is no reactor running, must be called from the context of a Tokio|Cannot (?:start|drop) a runtime (?:from within|in a context)/,
    'The code of the application{container} uses Tokio outside of its runtime, or blocks inside of it: {line}',
    'Start the function under #[tokio::main] (one version of tokio in Cargo.lock), and run blocking code with spawn_blocking.',
    { kind: 'own-fault' },
  ),
  says(
    /error returned from database: (?<reason>.{1,200})/,
    'The database refused a statement or the login of the application{container}: {line}',
    'Correct what the database names there (schema, rights, or user and password in `secrets`).',
    { not: /FATAL|password authentication|does not exist|already exists|pg_hba/ },
  ),
  says(
    /migration (?<version>\d{1,20}) was previously applied but is missing in the resolved migrations|VersionMissing\((?<version2>\d{1,20})\)/,
    'The database has a migration{ (version)} that the image of the application{container} does not: it is newer than this image, or the file was deleted.',
    'Deploy a commit that contains that migration, or restore its file; do not run an image older than the database.',
    { kind: 'migration-unknown' },
  ),
  says(
    /could not find (?:native static library|`Cargo\.toml`)|SQLX_OFFLINE|set `DATABASE_URL` to use query macros/,
    'The container{container} compiles Rust code when it starts, or was built without what it needs: {line}',
    'Build the program in the Dockerfile (cargo build --release, with SQLX_OFFLINE=true and the committed .sqlx folder) and start only the binary.',
  ),
];

const SHELL: readonly Row[] = [
  says(
    /^(?:\S{1,120}: )?(?:line )?\d{1,6}: (?<name>[A-Za-z_]\w{0,80}): (?:unbound variable|parameter not set|parameter null or not set)/,
    'A script of the container{container} uses the variable {name}, which is not set.',
    'Set {name} in `environment` or `secrets` (inputs `environment-variables`, `secrets`), or give it a default in the script.',
    { kind: 'variable-missing' },
  ),
  says(
    /^(?:\/bin\/)?(?:ba|da|a)?sh: (?:0: )?(?:-c: )?(?:line )?\d{0,4}:? ?(?:Syntax error|syntax error)|[Ss]yntax error(?:: near unexpected|: unterminated|: end of file unexpected|: "|: word unexpected| near unexpected token| near `)/,
    'A shell in the container{container} cannot read its script or command: {line}',
    'Correct it at that place: quotes and brackets that do not close, bash syntax ([[ ]], arrays) in a script that runs under sh, or Windows line ends. In `command` each word is an item of its own; a shell line is ["sh", "-c", "..."].',
    { kind: 'script-error', not: /SQL/i },
  ),
  says(
    /sh: (?:0: )?(?:cannot open|can't open) ['"]?(?<path>[^\s'":]{1,200})/,
    'The shell of the container{container} is started with the script {path}, which is not in the image.',
    'COPY it into the final stage, and write its place in full in ENTRYPOINT or `command`; WORKDIR is where relative paths start. A volume mounted over its folder hides it.',
    { kind: 'file-missing' },
  ),
  says(
    /wait-for(?:-it)?\.?(?:sh)?: timeout occurred after waiting \d+ seconds for (?<host>[\w.-]{1,120}):(?<port>\d{1,5})|Timeout after (?:\d+s )?waiting (?:for|on)(?: dependencies)? ?(?:to become available: )?\[?(?:tcp:\/\/)?(?<host2>[\w.-]{0,120}):?(?<port2>\d{0,5})|(?<host3>[\w.-]{1,120}):(?<port3>\d{1,5}) (?:still )?(?:is )?unavailable - /,
    '{who} waited for {host|a server}:{port} when it started, and could not connect to it in time.',
    'Check that name: the names of Docker Compose do not exist in ECS (use localhost for a container of the same task, Service Connect or Cloud Map for another service). Then allow TCP {port|on its port} in the security group of that server from the tasks.',
    { kind: 'unreachable' },
  ),
];

export const OTHERS: readonly Row[] = [...SHELL, ...GO, ...DOTNET, ...RUBY, ...PHP, ...NATIVE];
