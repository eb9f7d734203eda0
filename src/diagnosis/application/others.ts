/** Go, .NET, Ruby, PHP, Rust, Elixir, the shell, and answers of HTTP servers. */
import { isA, type Row } from './row.ts';

const GO: readonly Row[] = [
  {
    kind: 'start-missing',
    form: /go: (?:cannot find main module|go\.mod file not found)|go: no go files|no required module provides package/,
    cause: 'The container{container} compiles Go code when it starts, and the module is not in the folder.',
    remedy: 'Build the program in the Dockerfile (go build -o /server) and start only the binary.',
  },
  {
    kind: 'runtime-mismatch',
    form: /plugin was built with a different version of package (?<name>\S{1,120})/,
    cause: 'A Go plugin in the image was built against another version of {name} than the program.',
    remedy: 'Build program and plugin together, with the same Go version and the same versions of all modules.',
  },
  {
    kind: 'request-denied',
    form: /Error making API request\.\n(?:\n)?URL: \w{3,7} (?<url>\S{1,200})\n(?:Code: (?<status>\d{3}))/,
    cause: 'Vault refused the request of the application{container} to {url} with HTTP status {status}.',
    remedy:
      'For 403 give the role or token that the application uses a policy for that path (for login with AWS bind the role to the task role); for 503 Vault is sealed or not ready.',
  },
  {
    kind: 'file-missing',
    form: /pattern matches no files: `(?<path>[^`\n]{1,160})/,
    cause: 'The templates {path} are not in the folder in which the application{container} is started.',
    remedy:
      'COPY them into the final stage beside the binary, or build them into it (embed); relative paths start at WORKDIR.',
  },
  {
    kind: 'file-missing',
    form: /failed to open source, "(?<path>[^"\n]{1,160})": open|error: open (?<path2>\S{1,160}): no such file or directory.{0,40}migrat/,
    cause: 'The migration files of the application{container} ({path}) are not in the folder in which it is started.',
    remedy:
      'COPY that folder into the final stage and give its full path (file:///app/migrations), or build it into the binary (iofs, embed).',
  },
  {
    kind: 'tls',
    form: /x509: (?:failed to load system roots and no roots provided|certificate signed by unknown authority \(possibly because of "x509: cannot verify)|no roots provided|failed to load system roots|open \/etc\/ssl\/certs\S{0,60}: no such file/,
    cause: 'The image of the container{container} has no root certificates, so the application can trust no server.',
    remedy:
      'Install ca-certificates in the final stage; FROM scratch copies them from the builder (COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/).',
  },
  {
    kind: 'own-fault',
    form: /panic: assignment to entry in nil map|fatal error: all goroutines are asleep|fatal error: concurrent map|panic: send on closed channel|panic: close of (?:closed|nil) channel|sync: negative WaitGroup counter/,
    cause: 'The code of the application{container} has a fault of concurrency or of a map that was not made: {line}',
    remedy:
      'Correct it at the first line of your own code in the stack (make the map, guard it with a mutex, close a channel once).',
  },
  {
    kind: 'runtime-mismatch',
    form: /Binary was compiled with 'CGO_ENABLED=0', go-sqlite3 requires cgo/,
    cause:
      'The program of the container{container} uses go-sqlite3, which needs cgo, and was built with CGO_ENABLED=0.',
    remedy:
      'Build it with CGO_ENABLED=1 and gcc in the builder, on the same libc as the final stage (alpine with alpine), or use a driver in pure Go (modernc.org/sqlite).',
  },
  {
    kind: 'url-invalid',
    form: /(?:sql: unknown driver|unknown database driver|database driver: unknown driver) "?(?<name>[\w+-]{1,40})"? \(forgotten import\??\)/,
    cause:
      'The program of the container{container} was built without the driver {name}: its package is not imported, or the scheme of the URL is another one.',
    remedy:
      'Import the driver (import _ "...") for that scheme, or correct the scheme of the connection URL in `secrets`.',
  },
  {
    kind: 'tls',
    form: /pq: SSL is not enabled on the server/,
    cause: '{who} asks PostgreSQL for TLS, which that server does not offer.',
    remedy: 'Add sslmode=disable to the connection URL in `environment` or `secrets`, or turn TLS on at the server.',
  },
  {
    kind: 'variable-missing',
    form: /required key (?<name>[A-Z][A-Z0-9_]{1,80}) missing value|env: (?:required )?environment variable "(?<name2>\w{1,80})" (?:is not set|should not be empty)|required environment variable "(?<name3>\w{1,80})" is not set/,
    cause: '{who} lacks the setting {name|that the line names}: it is not set or empty in the container.',
    remedy:
      'Set the environment variable {name|of that name} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`).',
  },
  {
    kind: 'file-missing',
    form: /Config File "(?<name>[^"\n]{1,80})" Not Found in "(?<path>[^"\n]{1,200})"/,
    cause: '{who} looks for a configuration file {name} in {path}, and none is there.',
    remedy:
      'COPY the file to one of those folders in the image (or mount it), or let the application read its settings from `environment`.',
  },
];

const DOTNET: readonly Row[] = [
  {
    kind: 'runtime-mismatch',
    form: /PlatformNotSupportedException: (?<reason>.{1,160})/,
    cause: '{who} uses a part of .NET that Linux does not have: {reason}',
    remedy: 'Replace it with one that works on Linux, or guard it with OperatingSystem.IsWindows().',
  },
  {
    kind: 'variable-missing',
    form: /No connection string named ['"](?<name>[\w.-]{1,80})['"] (?:could be|was) found/,
    cause: 'The configuration of the application{container} has no connection string {name}.',
    remedy:
      'Set ConnectionStrings__{name} in `secrets` (input `secrets`); appsettings files of your machine are not in the image.',
  },
  {
    kind: 'setting-invalid',
    form: /OptionsValidationException: (?:DataAnnotation validation failed for )?['"]?(?<name>[\w.]{1,80})['"]?(?: members: ['"](?<member>[\w.,: ]{1,80})['"])?/,
    cause: '{who} does not accept its settings {name}{: member}: {line}',
    remedy:
      'Set that entry in `environment` or `secrets` with two underscores between section and name (Section__Name), as the options class wants it.',
  },
  {
    kind: 'own-fault',
    form: /Unable to resolve service for type ['"](?<name>[\w.`[\]<>,]{1,200})['"]/,
    cause: 'The application{container} does not register a service of the type {name}, which one of its classes wants.',
    remedy:
      'Add it in Program.cs (builder.Services.Add...), also for the environment that the container runs in (ASPNETCORE_ENVIRONMENT).',
  },
  {
    kind: 'file-missing',
    form: /configuration file ['"](?<path>[^'"\n]{1,200})['"] was not found and is not optional/,
    cause: '{who} needs {path}, which is not in the container.',
    remedy:
      'Let the project publish that file (CopyToOutputDirectory) and COPY it beside the dll, with WORKDIR as the folder it is looked for in, or mark it as optional. File names are case-sensitive on Linux.',
  },
  {
    kind: 'configuration-invalid',
    form: /Failed to load configuration from file ['"](?<path>[^'"\n]{1,200})|JsonReaderException: (?<reason>.{1,160})/,
    cause: '{who} cannot read its configuration or data as JSON{ (path)}: {line}',
    remedy: 'Correct the JSON of that file or value (no comma at the end, straight quotes).',
  },
  {
    kind: 'variable-missing',
    form: /Value cannot be null\. \(Parameter ['"](?<name>connectionString|uriString|configuration|address|endpoint|connection|url)['"]\)|ConnectionString property has not been initialized|Host can't be null/,
    cause:
      'A setting of the application{container} is null (its {name|connection string}): the configuration has no such entry in the container.',
    remedy:
      'Set it in `secrets` or `environment` with two underscores for the colon (ConnectionStrings__DefaultConnection), spelled as the code reads it.',
  },
  {
    kind: 'url-invalid',
    form: /Format of the initialization string does not conform|Keyword not supported: ['"](?<name>[^'"\n]{1,60})|Couldn't set (?<name2>[\w ]{1,40}) \(Parameter/,
    cause: '{who} was given a connection string that its driver cannot read{ (name)}: {line}',
    remedy:
      'Write it in the form of that driver (Server=HOST;Database=NAME;User Id=USER;Password=...; for Npgsql Host=HOST;Username=USER), without quotes, in `secrets`.',
  },
  {
    kind: 'port-in-use',
    form: /Failed to bind to address (?<url>https?:\/\/\S{1,80}): address already in use/,
    cause: 'Another program of the task uses the address {url} already.',
    remedy: 'Give each container of the task its own port (ASPNETCORE_HTTP_PORTS), and start the server once.',
  },
  {
    kind: 'runtime-mismatch',
    form: /You must install or update \.NET to run this application|It was not possible to find any compatible framework version/,
    cause: 'The image of the container{container} lacks the .NET runtime that the application targets.',
    remedy:
      'Use the runtime base image of the version that the project targets (mcr.microsoft.com/dotnet/aspnet:VERSION; aspnet, not runtime, for ASP.NET Core), or publish self-contained.',
  },
  {
    kind: 'runtime-mismatch',
    form: /find a valid ICU package|Only the invariant culture is supported in globalization-invariant mode|CultureNotFoundException/,
    cause: '{who} needs data of cultures (ICU), which the image does not have or has turned off.',
    remedy:
      'Install icu-libs (Alpine) or libicu in the final stage and set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false, or run without cultures (=true) if the application needs none.',
  },
  {
    kind: 'runtime-mismatch',
    form: /System\.Drawing\.Common is not supported|The type initializer for 'Gdip' threw|libgdiplus/,
    cause: '{who} uses System.Drawing, which Linux does not have (.NET 7 and newer) or only with libgdiplus.',
    remedy: 'Replace it (SkiaSharp, ImageSharp), or on .NET 6 install libgdiplus in the final stage.',
  },
  {
    kind: 'runtime-mismatch',
    form: /Unable to load shared library ['"](?<name>[\w.+-]{1,80})['"]|DllNotFoundException: .{0,60}['"](?<name2>[\w.+-]{1,80})['"]/,
    cause:
      '{who} needs the native library {name|that the line names}, which the image does not have (or not for its architecture or libc).',
    remedy:
      'Install it in the final stage, or add the package with its Linux assets (SkiaSharp.NativeAssets.Linux.NoDependencies, libgdiplus) and publish for linux-x64, linux-arm64 or linux-musl.',
  },
  {
    kind: 'key-wrong',
    form: /The key \{[\w-]{1,40}\} was not found in the key ring|antiforgery token could not be decrypted/,
    cause: '{who} cannot decrypt what another task encrypted: each task has data protection keys of its own.',
    remedy:
      'Keep the keys in one place for all tasks (PersistKeysToAWSSystemsManager, Redis, EFS or a database) with one application name.',
  },
  isA('login-refused', /28P01: password authentication failed/),
];

const RUBY: readonly Row[] = [
  {
    kind: 'variable-missing',
    form: /`secret_key_base` for \w{1,30} environment must be a type of String/,
    cause: 'Rails has no secret_key_base in the container{container}.',
    remedy: 'Set SECRET_KEY_BASE (or RAILS_MASTER_KEY for the encrypted credentials) in `secrets` (input `secrets`).',
  },
  {
    kind: 'unreachable',
    form: /There is an issue connecting (?:with your hostname|to your database): (?<host>[\w.-]{1,253})/,
    cause: '{who} got no connection to {host}; Rails does not say why.',
    remedy:
      'Check host and port in the connection URL (`environment`, `secrets`), that the name resolves in the VPC, and that the security group of the database allows its port from the tasks.',
  },
  {
    kind: 'module-missing',
    form: /cannot load such file -- (?<name>(?:nokogiri\/nokogiri|mysql2\/mysql2|bcrypt_ext|pg_ext|ffi_c|sqlite3\/sqlite3_native|msgpack\/msgpack|bootsnap\/bootsnap|google\/protobuf_c|puma\/puma_http11|sassc\/libsass|racc\/cparse|json\/ext\/parser|bigdecimal\.so|\S{0,80}\.so))\b/,
    cause:
      'The native part of a gem ({name}) is not built for the Ruby or platform of the image of the container{container}.',
    remedy:
      'Run bundle install in the image (same Ruby version, distribution and architecture in both stages), and keep vendor/bundle out of the context (.dockerignore).',
  },
  isA('dns', /Error connecting to Redis on (?<host>[\w.-]{1,253}):(?<port>\d{1,5}) \(SocketError\)/),
  isA(
    'stale-pid-file',
    /A server is already running\.? (?:\(pid: \d{1,7}, file: |Check )(?<path>\/[^\s)]{1,200}?)\.?\)?$/,
  ),
  {
    kind: 'module-missing',
    form: /Your bundle is locked to (?<gem>[\w-]{1,60})(?: \([\w.]{1,30}\))?,? .{0,60}but that version (?:could not be found|can no longer be found)/,
    cause: 'The image of the container{container} lacks the gem {gem} of Gemfile.lock.',
    remedy:
      'Run bundle install in the Dockerfile with this Gemfile.lock, and copy the gems (BUNDLE_PATH) into the final stage; if the version was withdrawn, update it in the lock file.',
  },
  {
    kind: 'file-missing',
    form: /(?:ActionView::MissingTemplate|ActionController::MissingExactTemplate)|Missing template (?<name>\S{1,120})/,
    cause: 'Rails does not find a template{ (name)}: {line}',
    remedy: 'Check that app/views is in the image and that name, format and letter case fit.',
  },
  {
    kind: 'module-missing',
    form: /The git source (?<url>\S{1,200}) is not yet checked out/,
    cause:
      'The image of the container{container} lacks the gem from {url}: bundle install put it where the final stage or user does not look.',
    remedy:
      'Copy the bundle folder (BUNDLE_PATH, /usr/local/bundle with bundler/gems) from the build stage, and run with the same user and BUNDLE_ settings.',
  },
  {
    kind: 'file-missing',
    form: /GemfileNotFound|Could not locate Gemfile/,
    cause: 'Bundler finds no Gemfile in the folder in which the container{container} is started.',
    remedy:
      'Let WORKDIR (or `workingDirectory`) be the folder of the application, and COPY Gemfile and Gemfile.lock into the final stage.',
  },
  {
    kind: 'constant-missing',
    form: /expected file (?<path>\S{1,200}) to define constant (?<name>[\w:]{1,120})/,
    cause: 'The file {path} does not define {name}, as its name says, and Rails loads all files in production.',
    remedy:
      'Rename the file or the constant (an acronym needs an inflection: inflect.acronym), or leave the folder out of eager loading.',
  },
  {
    kind: 'schema-misfit',
    form: /(?:relation|table) ['"`](?<table>(?:solid_\w{2,40}|active_storage_\w{2,40}|action_\w{2,40}))['"`] (?:does not|doesn't) exist/,
    cause: 'The database of the application{container} lacks the table {table} of a part of Rails.',
    remedy:
      'Load its schema once (bin/rails db:prepare, with the database of that part in config/database.yml) in a task before the deployment.',
  },
  {
    kind: 'app-file-missing',
    form: /No application configured, nothing to run|configuration \S{0,120}config\.ru not found|rackup file \S{0,120} not found/,
    cause:
      'Puma finds no application in the container{container}: no config.ru is in the folder in which it is started.',
    remedy:
      'Let WORKDIR be the folder of the application and COPY config.ru (and config/) into the image; start it with -C config/puma.rb.',
  },
  {
    kind: 'variable-missing',
    form: /Missing `?secret_key_base`? for ['"]?(?<environment>\w{1,30})/,
    cause: 'Rails has no secret_key_base for the environment {environment} in the container{container}.',
    remedy: 'Set SECRET_KEY_BASE (or RAILS_MASTER_KEY for the encrypted credentials) in `secrets` (input `secrets`).',
  },
  {
    kind: 'key-wrong',
    form: /key must be 16 bytes|ActiveSupport::MessageEncryptor::InvalidMessage|InvalidMessage \(ActiveSupport/,
    cause: 'Rails cannot decrypt its credentials with the key that it was given.',
    remedy:
      'Set RAILS_MASTER_KEY in `secrets` to the content of config/master.key (or config/credentials/ENVIRONMENT.key) of this application: 32 hex characters without a line end.',
  },
  {
    kind: 'runtime-mismatch',
    form: /Your Ruby version is (?<have>[\d.]{1,12}),? but your Gemfile specified (?<need>[\d.~> ]{1,20})/,
    cause: 'The image runs Ruby {have}, and the Gemfile asks for {need}.',
    remedy:
      'Use the base image of that version (FROM ruby:VERSION), or change the version in the Gemfile and .ruby-version.',
  },
  {
    kind: 'variable-missing',
    form: /AdapterNotSpecified: (?<reason>.{1,200})|(?<name>['"]?\w{1,30}['"]?) database is not configured|database configuration does not specify adapter/,
    cause: 'Rails finds no entry of the database for its environment in the container{container}: {line}',
    remedy:
      'Set DATABASE_URL in `secrets` and RAILS_ENV=production in `environment`, and check that config/database.yml is in the image and has that environment.',
  },
  {
    kind: 'module-missing',
    form: /Specified ['"](?<name>\w{1,30})['"] for database adapter, but the gem is not loaded|Error loading the ['"](?<name2>\w{1,30})['"] (?:Active Record|Action Cable) adapter/,
    cause: 'The image of the container{container} lacks the gem of the database adapter {name|that the line names}.',
    remedy:
      'Add the gem (pg, mysql2, trilogy, sqlite3) outside of the groups development and test, commit Gemfile.lock, and install the client library of it (libpq5, libmariadb3) in the final stage.',
  },
  {
    kind: 'module-missing',
    form: /Could not find (?<gem>[\w.-]{1,80}-\d[\w.-]{0,40})(?:, .{0,300})? in (?:any of the sources|locally installed gems)|Bundler::GemNotFound/,
    cause: 'The image of the container{container} lacks gems that Gemfile.lock lists{ (gem)}.',
    remedy:
      'Run bundle install in the image with the same BUNDLE_WITHOUT, BUNDLE_PATH and platform as at run time (bundle lock --add-platform x86_64-linux or aarch64-linux), and copy the gems into the final stage.',
  },
  {
    kind: 'command-missing',
    form: /could not find (?:a JavaScript runtime)|ExecJS::RuntimeUnavailable|Could not find a JavaScript runtime/i,
    cause: 'Rails compiles JavaScript in the container{container}, and the image has no Node.js.',
    remedy:
      'Precompile the assets in the Dockerfile in a stage with Node.js (rails assets:precompile) and copy public/assets; or install nodejs in the final stage.',
  },
  {
    kind: 'file-missing',
    form: /The asset ["'](?<name>[^"'\n]{1,120})["'] (?:is not present|was not found) in the asset pipeline|can't find (?<name2>\S{1,120}) in \S{1,160}manifest\.json|Missing(?:Entry)?Error.{0,40}manifest/,
    cause: 'The asset {name} is not among the compiled assets in the image.',
    remedy:
      'Run rails assets:precompile (and the JavaScript build) in the Dockerfile and copy public/ into the final stage; check that no volume hides it.',
  },
  {
    kind: 'configuration-invalid',
    form: /Unknown (?:key|alias)s?: |Psych::(?:BadAlias|AliasesNotEnabled|SyntaxError)|YAML syntax error occurred while parsing (?<path>\S{1,200}?)\.? Please note/,
    cause: 'Ruby cannot read a YAML file of the application{container}{ (path)}: {line}',
    remedy:
      'Correct that file (tabs, quotes, ERB that prints nothing because a variable is not set); for aliases upgrade Rails or load it with aliases: true.',
  },
  isA('database-missing', /We could not find your database: (?<name>[\w.-]{1,120})/),
  isA('database-missing', /ActiveRecord::NoDatabaseError/, /FATAL: +(?!database)/),
];

const PHP: readonly Row[] = [
  {
    kind: 'permission-denied',
    form: /Unable to (?:create|write in) (?:a|the) (?:"?\w{1,20}"? )?directory (?:at |\(?"?)?(?<path>\/[\w./-]{1,160})/,
    cause: 'The user of PHP in the container{container} may not write to {path}.',
    remedy:
      'Give the folder to that user in the Dockerfile (RUN chown -R www-data var), and warm the cache there (bin/console cache:warmup); where readonlyRootFilesystem is true mount a writable volume.',
  },
  {
    kind: 'module-missing',
    form: /The "(?<name>\w{2,30})" PHP extension is required|ext-(?<name2>\w{2,30}) \* -> it is missing from your system/,
    cause: 'The PHP of the image of the container{container} lacks the extension {name}.',
    remedy:
      'Install it in the Dockerfile: docker-php-ext-install {name} with its libraries (libicu-dev for intl), in the stage that runs.',
  },
  isA('unreachable', /SQLSTATE\[(?:08006|08001|HY000)\] \[\d{1,5}\] .{0,120}(?:timeout expired|timed out)/),
  {
    kind: 'key-wrong',
    form: /The MAC is invalid|The payload is invalid\.?$/,
    cause:
      'Laravel cannot decrypt its data (a session, cookie or column) with its APP_KEY: it was encrypted with another one.',
    remedy:
      'Set APP_KEY in `secrets` to the key that the data was made with, the same in all tasks; after a change list the old one in APP_PREVIOUS_KEYS.',
  },
  {
    kind: 'file-missing',
    form: /View \[(?<name>[\w.:-]{1,120})\] not found/,
    cause: 'Laravel does not find its view {name}.',
    remedy:
      'Check that resources/views is in the image (.dockerignore) and letter case fits; clear the cached paths (php artisan view:clear).',
  },
  {
    kind: 'port-privileged',
    form: /make_sock: could not bind to address \S{0,60}:(?<port>\d{1,3})\b/,
    not: /\(98\)/,
    cause: 'Apache may not listen on port {port}, or something else of the task uses it.',
    remedy:
      'Let it listen on a port above 1023 (Listen 8080 in ports.conf) and use that as containerPort, or run the container as root; start Apache once.',
  },
  {
    kind: 'module-missing',
    form: /composer require (?<name>[\w./-]{3,80})/,
    cause: '{who} lacks the package {name}.',
    remedy:
      'Run composer require {name}, commit composer.lock and build the image again (composer install --no-dev leaves dev packages out).',
  },
  {
    kind: 'file-missing',
    form: /Unable to read the "(?<path>[^"\n]{1,160}\.env)" environment file|Unable to read any of the environment file\(s\) at \[(?<path2>[^\]\n]{1,160})/,
    cause: '{who} looks for the file {path}, which is not in the image (a .env file rarely is).',
    remedy:
      'Run composer dump-env prod in the Dockerfile (or make an empty .env file there), and set the values in `environment` and `secrets`.',
  },
  {
    kind: 'stated',
    form: /Error establishing a database connection/,
    cause: 'WordPress got no connection to its database; it does not say why.',
    remedy:
      'Check WORDPRESS_DB_HOST, WORDPRESS_DB_USER, WORDPRESS_DB_PASSWORD and WORDPRESS_DB_NAME in `environment` and `secrets`, and that the security group of the database allows TCP 3306 from the tasks. WORDPRESS_DEBUG=1 shows the reason.',
  },
  {
    kind: 'stated',
    form: /PHP Parse error: +syntax error, (?<reason>unexpected .{1,120}?) in (?<path>\S{1,200}) on line (?<lineNumber>\d{1,6})/,
    cause: 'PHP in the image cannot read {path} at line {lineNumber}: {reason}.',
    remedy:
      'Correct that line, or use a base image with the PHP version that the code is written for (readonly and enum need 8.1, match and constructor promotion 8.0).',
  },
  {
    kind: 'configuration-invalid',
    form: /unable to parse value for entry '(?<name>[\w.]{1,60})'|\[(?<path>\/\S{1,160}\.conf):(?<lineNumber>\d{1,5})\] (?:unknown entry|value is|unable to)/,
    cause: 'php-fpm does not accept its configuration{ (name)}: {line}',
    remedy: 'Correct that entry; where it comes from a variable (envsubst), set the variable in `environment`.',
  },
  {
    kind: 'file-missing',
    form: /DocumentRoot ['"](?<path>[^'"\n]{1,160})['"] (?:is not a directory|does not exist)/,
    cause: 'Apache serves the folder {path}, which is not in the image of the container{container}.',
    remedy:
      'COPY the application there, or correct DocumentRoot (APACHE_DOCUMENT_ROOT); a volume mounted over it hides what the image has.',
  },
  {
    kind: 'configuration-invalid',
    form: /AH00526: Syntax error on line (?<lineNumber>\d{1,6}) of (?<path>\S{1,160}?):/,
    not: /Invalid command/,
    cause: 'Apache refuses its configuration {path} at line {lineNumber}: {line}',
    remedy:
      'Correct that line; a module may have to be enabled (a2enmod), a variable or file may be missing. apachectl configtest in the image checks it.',
  },
  {
    kind: 'file-missing',
    form: /Please provide a valid cache path/,
    cause:
      'Laravel has no folder for its compiled views in the image of the container{container} (storage/framework/views).',
    remedy:
      'Create storage/framework/cache, sessions and views in the Dockerfile (RUN mkdir -p) and give them to the user of PHP; .dockerignore may leave them out.',
  },
  {
    kind: 'stated',
    form: /production\.ERROR: Aborted\.|Application In Production|APPLICATION IN PRODUCTION|RuntimeException\(code: 0\): Aborted/,
    cause:
      'Laravel asks whether a command (as a rule the migration) may run in production, and no one can answer in a container.',
    remedy:
      'Add --force to that command (php artisan migrate --force) in the entrypoint or `command`, and run it once, in one task before the deployment.',
  },
  {
    kind: 'file-missing',
    form: /unable to bind listening socket for address '(?<path>[^'\n]{1,120})': (?:No such file|Permission denied)/,
    cause:
      'php-fpm in the container{container} cannot create its socket {path}: the folder does not exist there, or its user may not write to it.',
    remedy:
      'Create the folder in the Dockerfile (RUN mkdir -p, chown), or let php-fpm listen on a port (listen = 9000). A socket is no way to nginx in another container.',
  },
  {
    kind: 'url-invalid',
    form: /[Cc]url error (?:\(code )?(?:3)\)?: |URL rejected: (?<reason>[^(\n]{1,60})|cURL error 3\b/,
    cause: '{who} calls a URL that is empty or not valid: {line}',
    remedy:
      'Set the variable that holds that URL in `environment` or `secrets` (the stack names the part that calls it), or turn that part off.',
  },
  isA('dns', /[Cc][Uu][Rr][Ll] (?:error )?\(?(?:code )?6\)?:? Could not resolve host:? (?<host>[\w.-]{1,253})/),
  isA(
    'connection-refused',
    /[Cc]url error \(?(?:code )?7\)?: .{0,40}(?<host>[\w.-]{1,253}) port (?<port>\d{1,5}).{0,60}refused/,
  ),
  {
    kind: 'variable-missing',
    form: /No application encryption key has been specified|MissingAppKeyException/,
    cause: 'Laravel has no application key in the container{container}: APP_KEY is not set.',
    remedy:
      'Set APP_KEY in `secrets` (made with php artisan key:generate --show). If config was cached in the image, the cached value hides it: run config:cache at start.',
  },
  {
    kind: 'key-wrong',
    form: /Unsupported cipher or incorrect key length/,
    cause: 'Laravel does not accept its APP_KEY: the value has the wrong length or form.',
    remedy:
      'Set APP_KEY in `secrets` to the whole value of php artisan key:generate --show, with base64: in front and no line end.',
  },
  {
    kind: 'module-missing',
    form: /could not find driver\b/,
    cause: '{who} lacks the PDO driver of its database: the PHP in the image was built without it.',
    remedy:
      'Install it in the Dockerfile: docker-php-ext-install pdo_mysql (or pdo_pgsql with libpq-dev), in the stage that runs.',
  },
  {
    kind: 'runtime-mismatch',
    form: /Composer detected issues in your platform: (?<reason>.{1,200})|Your Composer dependencies require .{1,200}/,
    cause: 'The PHP of the image does not fit what Composer installed: {line}',
    remedy:
      'Use a base image with that PHP version (or extension), the same one in the stage that runs composer install.',
  },
  {
    kind: 'module-missing',
    form: /(?:Failed opening required|require(?:_once)?\(|Failed to open stream).{0,20}['"]?(?<path>[^'"():\n]{0,200}vendor\/autoload\.php)/i,
    cause:
      'The image of the container{container} has no vendor folder (vendor/autoload.php): the packages of Composer are not installed there.',
    remedy:
      'Run composer install --no-dev in the Dockerfile and copy vendor/ into the final stage; check that no volume is mounted over the application.',
  },
  {
    kind: 'permission-denied',
    form: /(?:bootstrap\/cache|storage\/\S{0,60}|storage) directory must be present and writable|The stream or file ['"]?(?<path>[^'"\n]{1,200})['"]? could not be opened in append mode|file_put_contents\((?<path2>[^)\n]{1,200})\): Failed to open stream: Permission denied/i,
    cause:
      'The user of PHP in the container{container} may not write to {path|storage or bootstrap/cache} of the application.',
    remedy:
      'Give these folders to it in the Dockerfile (RUN chown -R www-data storage bootstrap/cache), and log to stderr (LOG_CHANNEL=stderr).',
  },
  {
    kind: 'option-unknown',
    form: /There are no commands defined in the ['"](?<name>[\w:-]{1,60})|Command ['"](?<name2>[\w:-]{1,60})['"] is not defined/,
    cause:
      'The command {name|that the line names} does not exist in the console of the application{container}: its package is not installed (as a dev dependency), or the name is wrong.',
    remedy: 'Correct `command`, or move the package from require-dev to require.',
  },
  {
    kind: 'module-missing',
    form: /Target class \[(?<name>[\w\\.]{1,120})\] does not exist|Class ["'](?<name2>[\w\\]{1,120}(?:ServiceProvider|Provider))["'] not found/,
    cause:
      'Laravel does not find the class {name|that the line names}: it is in a package that is not installed (--no-dev), or a cached list or file name does not fit.',
    remedy:
      'Delete bootstrap/cache/*.php from the image (.dockerignore), run composer dump-autoload and package:discover in the Dockerfile; letter case of file and class must agree on Linux.',
  },
  {
    kind: 'variable-missing',
    form: /Environment variable not found: ["'](?<name>\w{1,80})["']|You have requested a non-existent (?:service|parameter) ["'](?<name2>[\w.\\]{1,120})/,
    cause: '{who} lacks {name|what the line names}: it is not set in the container.',
    remedy:
      'Set {name|it} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`).',
  },
  {
    kind: 'configuration-invalid',
    form: /AH00534|No MPM loaded|More than one MPM loaded/,
    cause: 'Apache in the container{container} has no MPM, or more than one: {line}',
    remedy: 'Enable exactly one in the Dockerfile (a2dismod mpm_event && a2enmod mpm_prefork for mod_php).',
  },
  {
    kind: 'configuration-invalid',
    form: /Invalid command ['"](?<name>\w{1,60})['"], perhaps misspelled or defined by a module not included/,
    cause: 'Apache does not know the directive {name}: its module is not enabled in the image.',
    remedy: 'Enable the module in the Dockerfile (a2enmod rewrite, headers, ssl, proxy_http), or remove the directive.',
  },
];

const NATIVE: readonly Row[] = [
  {
    kind: 'runtime-mismatch',
    form: /Error relocating (?<path>\S{1,160}): (?<name>\S{1,80}): symbol not found/,
    cause:
      '{path} was built for glibc (it asks for {name}), and the image of the container{container} has musl (Alpine).',
    remedy:
      'Build it on Alpine as well (or statically: CGO_ENABLED=0, target x86_64-unknown-linux-musl), or use a base image with glibc (debian:slim, distroless).',
  },
  {
    kind: 'pem-invalid',
    form: /key values mismatch|X509_check_private_key|private key does not match (?:public key|the certificate)/,
    cause: 'The key and the certificate that the program in the container{container} was given do not belong together.',
    remedy:
      'Give it the key that the certificate was made with (both from the same renewal), in `secrets` or on the volume; the own certificate comes first in the chain file.',
  },
  isA(
    'tls',
    /(?<reason>TLS (?:client|server): .{0,160}(?:generated|received) (?:CLIENT|SERVER) ALERT: Fatal - [\w ]{3,40})/i,
  ),
  {
    kind: 'stated',
    form: /Protocol 'inet_\w{1,8}': register\/listen error: econnrefused|epmd.{0,60}(?:econnrefused|not running)/,
    cause: 'The Erlang node of the container{container} cannot register with epmd, which distributed Erlang needs.',
    remedy:
      'Set RELEASE_DISTRIBUTION=none in `environment` if the tasks form no cluster; otherwise let epmd start in the container (the erts of the release has it).',
  },
  {
    kind: 'stated',
    form: /the name (?<name>\S{1,120}) seems to be in use by another Erlang node/,
    cause:
      'Another Erlang node with the name {name} runs already on that address (a second release in host network mode, or a command beside the server).',
    remedy: 'Give each node a name of its own (RELEASE_NODE), or set RELEASE_DISTRIBUTION=none for single commands.',
  },
  {
    kind: 'file-missing',
    form: /(?:Config\.|Code\.)LoadError\) could not load (?<path>[^\s]{1,160}?)\.? (?:Reason|\*\*)|could not load config (?<path2>\S{1,160})/,
    cause: 'Elixir needs the configuration file {path}, which is not in the image of the container{container}.',
    remedy:
      'Read secrets in config/runtime.exs from environment variables (`secrets`) instead of prod.secret.exs, or COPY that file before the release is built.',
  },
  {
    kind: 'runtime-mismatch',
    form: /library has been compiled with the following custom types|has been compiled with .{0,80}but (?:it )?is being started with|the application .{1,40} has a different value set for key/,
    cause:
      'A library of the release in the container{container} was compiled with another configuration than it is started with: {line}',
    remedy:
      'Compile it again with the present configuration (mix deps.clean --build NAME, no _build folder in the context), and set compile-time values only in config.exs.',
  },
  {
    kind: 'setting-invalid',
    form: /not a textual representation of (?:an integer|a float)|binary_to_integer\("(?<value>[^"\n]{0,60})/,
    cause: '{who} reads a value that should be a number and is not one (or is empty).',
    remedy:
      'Correct the variable that config/runtime.exs or the code reads there (PORT, POOL_SIZE) in `environment`: a plain number without quotes.',
  },
  {
    kind: 'stated',
    form: /missing field `(?<name>\w{1,80})`/,
    cause: '{who} reads a configuration (or data) that lacks the field {name}.',
    remedy:
      'If it comes from the environment (envy, config, figment), set {name} in upper case in `environment` or `secrets`; otherwise add it to the file or data that is read there.',
  },
  isA(
    'out-of-heap',
    /memory allocation of \d{1,20} bytes failed|failed to allocate memory|Cannot allocate memory \(os error 12\)/,
  ),
  {
    kind: 'runtime-mismatch',
    form: /init terminating in do_boot"?,? ?\{(?:load_failed|undef|'cannot get bootfile')|init terminating in do_boot \(\)|compiled for a later version of the runtime system|Unusable Erlang runtime system|cannot get bootfile/,
    cause: 'The release of the container{container} does not fit the Erlang runtime that it is started with: {line}',
    remedy:
      'Build the release in the same image (Erlang/OTP version, distribution, architecture) as it runs in, with its own runtime (include_erts: true), and delete old _build folders from the context.',
  },
  {
    kind: 'tls',
    form: /no native root CA certificates found|No CA certificates were loaded from the system/,
    cause: 'The image of the container{container} has no root certificates, so the application can trust no server.',
    remedy: 'Install ca-certificates in the final stage (or use webpki-roots / rustls with bundled roots).',
  },
  {
    kind: 'variable-missing',
    form: /could not find system library|Could not find Elixir.{0,20}|(?:missing|could not find) (?:the )?(?:environment variable|env) (?<name>[A-Z][A-Z0-9_]{1,80})|environment variable (?<name2>[A-Z][A-Z0-9_]{1,80}) is missing/,
    cause: '{who} lacks the setting {name|that the line names}: it is not set in the container.',
    remedy:
      'Set {name|it} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`); config/runtime.exs reads it when the release starts.',
  },
  {
    kind: 'variable-missing',
    form: /could not fetch environment variable "?(?<name>[A-Z][A-Z0-9_]{1,80})/,
    cause: '{who} lacks the setting {name}: it is not set in the container.',
    remedy:
      'Set {name} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`).',
  },
  {
    kind: 'setting-invalid',
    form: /cookie store expects conn\.secret_key_base to be at least 64 bytes|secret_key_base.{0,40}at least 64/,
    cause: 'Phoenix of the application{container} has a SECRET_KEY_BASE that is too short.',
    remedy: 'Set SECRET_KEY_BASE in `secrets` to at least 64 characters (mix phx.gen.secret).',
  },
  {
    kind: 'pool-exhausted',
    form: /DBConnection\.ConnectionError: .{0,40}connection not available and request was dropped from queue/,
    cause:
      '{who} got no connection of the database in time: it cannot be reached, or all connections of the pool are busy.',
    remedy:
      'Look for an error of Postgrex above (refused, timed out, password). If there is none, raise pool_size (POOL_SIZE) or find slow queries.',
  },
  {
    kind: 'command-missing',
    form: /mix (?:release|\w{2,12}):? .{0,60}could not be found|\*\* \(Mix\) The task "(?<name>[\w.]{1,60})" could not be found|\*\* \(Mix\) (?<reason>.{1,160})/,
    cause: 'Mix in the container{container} cannot do what the command asks: {line}',
    remedy:
      'Build a release in the Dockerfile (mix release) and start bin/APP start; for migrations bin/APP eval "App.Release.migrate". Mix tasks of dev dependencies are not in production.',
  },
  {
    kind: 'own-fault',
    form: /there is no reactor running, must be called from the context of a Tokio|Cannot (?:start|drop) a runtime (?:from within|in a context)/,
    cause: 'The code of the application{container} uses Tokio outside of its runtime, or blocks inside of it: {line}',
    remedy:
      'Start the function under #[tokio::main] (one version of tokio in Cargo.lock), and run blocking code with spawn_blocking.',
  },
  {
    kind: 'stated',
    form: /error returned from database: (?<reason>.{1,200})/,
    not: /FATAL|password authentication|does not exist|already exists|pg_hba/,
    cause: 'The database refused a statement or the login of the application{container}: {line}',
    remedy: 'Correct what the database names there (schema, rights, or user and password in `secrets`).',
  },
  {
    kind: 'migration-unknown',
    form: /migration (?<version>\d{1,20}) was previously applied but is missing in the resolved migrations|VersionMissing\((?<version2>\d{1,20})\)/,
    cause:
      'The database has a migration{ (version)} that the image of the application{container} does not: it is newer than this image, or the file was deleted.',
    remedy:
      'Deploy a commit that contains that migration, or restore its file; do not run an image older than the database.',
  },
  {
    kind: 'stated',
    form: /could not find (?:native static library|`Cargo\.toml`)|SQLX_OFFLINE|set `DATABASE_URL` to use query macros/,
    cause: 'The container{container} compiles Rust code when it starts, or was built without what it needs: {line}',
    remedy:
      'Build the program in the Dockerfile (cargo build --release, with SQLX_OFFLINE=true and the committed .sqlx folder) and start only the binary.',
  },
];

const SHELL: readonly Row[] = [
  {
    kind: 'setting-invalid',
    form: /time: (?:invalid|missing unit in|unknown unit .{1,20} in) duration "?(?<value>[^"\n]{0,60})/,
    cause: '{who} reads a duration that is not valid{: value}.',
    remedy: 'Find which setting it is and write it with its unit in `environment` (30s, 5m, 1h30m).',
  },
  {
    kind: 'setting-invalid',
    form: /invalid socket address|AddrParseError/,
    cause: '{who} was given a listen address that is not valid.',
    remedy:
      'Set it in `environment` as address and port with an IP address (0.0.0.0:8080), not a host name or a port alone.',
  },
  {
    kind: 'file-missing',
    form: /\bcd: (?:line \d{1,4}: )?(?:can't cd to )?(?<path>[\w./~-]{1,200}?)(?:: No such file or directory)?$/,
    not: /not set|permission|denied|too many/,
    cause: 'A script or command of the container{container} changes to the folder {path}, which is not there.',
    remedy:
      'Correct the path in `command` or the script (relative ones start at WORKDIR), or COPY the folder into the final stage.',
  },
  {
    kind: 'stated',
    form: /^(?:\S{1,80}: line \d{1,6}: +\d{1,6} )?Killed\b(?: {2,}\S.{0,160})?$/,
    cause:
      'A process in the container{container} was killed (SIGKILL), as a rule because the container has reached its memory limit.',
    remedy:
      'Raise the memory of the container and task (input `memory`), or start fewer workers or a smaller heap; the memory graph of the service (Container Insights) shows whether it grew to the limit.',
  },
  {
    kind: 'user-unknown',
    form: /unknown user ['"]?(?<name>[\w.-]{1,40})['"]?$|(?:chown|install|su|gosu|su-exec|setpriv): (?:invalid user:?|user|unknown user\/group) ['"‘]?(?<name2>[\w.:-]{1,40})['"’]?(?: does not exist)?|error: failed switching to "(?<name3>[\w.-]{1,40})": unable to find user|no users found|No user exists for uid (?<name4>\d{1,9})/,
    cause: 'The user {name} does not exist in the image of the container{container}.',
    remedy:
      'Create it in the Dockerfile (adduser), or correct the name in the script, in `user` of the container definition or in the configuration of the server.',
  },
  {
    kind: 'kernel-limit',
    form: /\(24: No file descriptors available\)|\(24: Too many open files\)|socketpair\(\) failed while spawning/,
    cause: '{who} has reached its limit of open files: {line}',
    remedy: 'Raise `ulimits` of the container definition (name nofile, softLimit and hardLimit 65536).',
  },
  {
    kind: 'command-missing',
    form: /(?:line )?\d{1,6}: (?:source|shopt|declare|typeset|pushd|popd|\[\[|function|let|mapfile|readarray|select|compgen): (?:command )?not found/,
    cause: 'A script of the container{container} is written for bash and runs under another shell (sh): {line}',
    remedy:
      'Install bash in the image and begin the script with #!/bin/bash (or start it with bash), or write it for sh (. instead of source, [ ] instead of [[ ]]).',
  },
  {
    kind: 'not-executable',
    form: /(?:line )?\d{1,6}: (?<name>(?:\.{1,2}\/[\w./+-]{1,200}|\/[\w./+-]{0,200}(?:\.sh|\.py|\/s?bin\/[\w.+-]{1,80}))): Permission denied/,
    cause: '{name} may not be executed in the container{container}: it has no execute permission for its user.',
    remedy:
      'Give it that in the Dockerfile (COPY --chmod=755, RUN chmod +x) or in Git (git update-index --chmod=+x), or start it through its interpreter (sh {name}).',
  },
  {
    kind: 'permission-denied',
    form: /(?:line )?\d{1,6}: (?:can't create |cannot create )?(?<path>\/[\w@%+=,./-]{1,250}): Permission denied/,
    cause: 'A script of the container{container} may not write or read {path} as the user of the container.',
    remedy:
      'Give that file or folder to the user in the Dockerfile (RUN chown, COPY --chown), or let the script write to a folder that is its own (/tmp, a volume). On an EFS volume use an access point with the uid of the user.',
  },
  {
    kind: 'read-only',
    form: /(?:line )?\d{1,6}: (?:can't create |cannot create )?(?<path>\/[\w@%+=,./-]{1,250}): Read-only file system/,
    cause:
      'A script of the container{container} writes to {path}, but the file system is read-only (readonlyRootFilesystem or a read-only mount).',
    remedy:
      'Mount a writable volume there (a task volume without host path; on EC2 also tmpfs), or set readonlyRootFilesystem to false.',
  },
  {
    kind: 'command-missing',
    form: /env: (?:can't execute|can.t find) ['"‘]?(?<name>[\w./+-]{1,80})['"’]?: No such file/,
    cause:
      'The program {name} is not in the image of the container{container}, and a script asks for it in its first line (#!).',
    remedy:
      'Install {name} in the final stage (Alpine has no bash by itself: apk add bash), or change the first line to #!/bin/sh.',
  },
  {
    kind: 'not-executable',
    form: /s6-\w{2,20}.{0,60}unable to (?:exec|spawn) (?<name>[\w./-]{1,80}): Permission denied|s6-overlay-suexec: fatal: (?<reason>.{1,100})/,
    cause: 's6 in the container{container} may not execute {name|its scripts}: {line}',
    remedy:
      'Give the run scripts execute permission in the Dockerfile (RUN chmod +x). s6-overlay itself must run as process 1: no initProcessEnabled in linuxParameters.',
  },
  {
    kind: 'stale-pid-file',
    form: /EADDRINUSE.{0,40}?(?<path>\/[\w./-]{1,120}\.sock\w{0,4})|[Aa]ddress already in use.{0,60}unix:(?<path2>\/[\w./-]{1,120})|listen unix (?<path4>\/[\w./-]{1,120}): bind: address already in use|bind\(\) to unix:(?<path3>\/[\w./-]{1,120}) failed \(98/,
    cause:
      'The socket file {path} is there already (left in the image or on a volume by an earlier run), so the server in the container{container} cannot create it.',
    remedy:
      'Remove it before the start (rm -f {path} in the entrypoint), or keep it out of the image and off the volume.',
  },
  {
    kind: 'stated',
    form: /No usable temporary directory found/,
    cause: '{who} finds no folder for temporary files that it may write to.',
    remedy:
      'Mount a writable volume at /tmp (a task volume without host path; on EC2 also tmpfs) where readonlyRootFilesystem is true, or give /tmp mode 1777 in the Dockerfile.',
  },
  {
    kind: 'setting-invalid',
    form: /address tcp\/(?<value>\S{1,60}): unknown port|invalid port "?(?<value2>[^\s"]{1,60})"? after host|listen tcp:? \S{0,60}too many colons in address|missing port in address/,
    cause: '{who} was given an address or port that it cannot use: {line}',
    remedy:
      'Set the port or address in `environment` to what the program expects (a plain number for PORT, :8080 or 0.0.0.0:8080 for an address), without quotes or spaces.',
  },
  {
    kind: 'setting-invalid',
    form: /strconv\.(?:Atoi|Parse\w{2,6}): parsing "(?<value>[^"\n]{0,80})": (?:invalid syntax|value out of range)|NumberFormatException: (?:For input string: "(?<value2>[^"\n]{0,80})|Cannot parse null)|invalid literal for (?:int|float)\(\) with base \d{1,2}: ['"](?<value3>[^'"\n]{0,80})|could not convert string to float: ['"](?<value4>[^'"\n]{0,80})|invalid value for (?:Integer|Float)\(\): "(?<value5>[^"\n]{0,80})|Parse(?:Int|Float|Bool)Error|The input string ['"](?<value6>[^'"\n]{0,80})['"] was not in a correct format|Input string was not in a correct format|int\(\) argument must be a string|invalid truth value|Cannot convert \S{1,60} to a BigInt/,
    cause: '{who} reads a value that should be a number (or yes/no) and is not one{: value}{at}: {line}',
    remedy:
      'Find in the stack which value it is; if it comes from a setting, correct it in `environment` or `secrets`: set, no unit, quotes, spaces or placeholder. A variable named *_PORT may be set by another tool to an address.',
  },
  {
    kind: 'variable-missing',
    form: /^(?:\S{1,120}: )?(?:line )?\d{1,6}: (?<name>[A-Za-z_]\w{0,80}): (?:unbound variable|parameter not set|parameter null or not set)/,
    cause: 'A script of the container{container} uses the variable {name}, which is not set.',
    remedy:
      'Set {name} in `environment` or `secrets` (inputs `environment-variables`, `secrets`), or give it a default in the script.',
  },
  {
    kind: 'script-error',
    form: /^(?:\/bin\/)?(?:ba|da|a)?sh: (?:0: )?(?:-c: )?(?:line )?\d{0,4}:? ?(?:Syntax error|syntax error)|[Ss]yntax error(?:: near unexpected|: unterminated|: end of file unexpected|: "|: word unexpected| near unexpected token| near `)/,
    not: /SQL/i,
    cause: 'A shell in the container{container} cannot read its script or command: {line}',
    remedy:
      'Correct it at that place: quotes and brackets that do not close, bash syntax ([[ ]], arrays) in a script that runs under sh, or Windows line ends. In `command` each word is an item of its own; a shell line is ["sh", "-c", "..."].',
  },
  {
    kind: 'file-missing',
    form: /sh: (?:0: )?(?:cannot open|can't open) ['"]?(?<path>[^\s'":]{1,200})/,
    cause: 'The shell of the container{container} is started with the script {path}, which is not in the image.',
    remedy:
      'COPY it into the final stage, and write its place in full in ENTRYPOINT or `command`; WORKDIR is where relative paths start. A volume mounted over its folder hides it.',
  },
  {
    kind: 'unreachable',
    form: /wait-for(?:-it)?\.?(?:sh)?: timeout occurred after waiting \d+ seconds for (?<host>[\w.-]{1,120}):(?<port>\d{1,5})|Timeout after (?:\d+s )?waiting (?:for|on)(?: dependencies)? ?(?:to become available: )?\[?(?:tcp:\/\/)?(?<host2>[\w.-]{0,120}):?(?<port2>\d{0,5})|(?<host3>[\w.-]{1,120}):(?<port3>\d{1,5}) (?:still )?(?:is )?unavailable - /,
    cause: '{who} waited for {host|a server}:{port} when it started, and could not connect to it in time.',
    remedy:
      'Check that name: the names of Docker Compose do not exist in ECS (use localhost for a container of the same task, Service Connect or Cloud Map for another service). Then allow TCP {port|on its port} in the security group of that server from the tasks.',
  },
];

const HTTP: readonly Row[] = [
  {
    kind: 'stated',
    form: /insufficient_quota|exceeded your current quota/,
    cause: 'The service that the application{container} calls has no quota left for its account: {line}',
    remedy: 'Raise the limit or pay the bill of that account, or use the key of another one in `secrets`.',
  },
  {
    kind: 'stated',
    form: /RateLimitError\b|\b429 Too Many Requests|(?:status(?: code)?|HTTP status)[:= ]{1,3}429\b|Error code: 429\b|TooManyRequests(?:Error|Exception)?:/,
    not: /aws|amazon|Throttl|botocore/i,
    cause: 'A server limits the requests of the application{container} (HTTP status 429): {line}',
    remedy:
      'Let the application wait and repeat (with the time of Retry-After), send fewer requests at start and from fewer tasks, or raise the limit there.',
  },
  {
    kind: 'stated',
    form: /(?:Request failed with status code|server returned HTTP status|[Uu]nexpected (?:HTTP )?(?:response |status )?(?:status|code)(?: code)?:?|does not indicate success:|HTTP Error|HTTPError:|error code:) (?<status>404)\b|\b(?<status2>404) Client Error/,
    cause: 'A server answered a request of the application{container} with HTTP status 404: {line}',
    remedy:
      'Compare the URL (host, path, version) in `environment` with what that server offers; behind a load balancer a rule may send the path elsewhere.',
  },
  {
    kind: 'stated',
    form: /(?:Request failed with status code|server returned HTTP status|[Uu]nexpected (?:HTTP )?(?:response |status )?(?:status|code)(?: code)?:?|does not indicate success:|HTTP Error|HTTPError:|error code:) (?<status>50[0234])\b|\b(?<status2>50[0234]) Server Error/,
    cause: 'A server that the application{container} calls failed with HTTP status {status}: {line}',
    remedy:
      'Look into the log and health of that server (502, 503 and 504 come from a load balancer without healthy targets), and let the application repeat the request at start.',
  },
];

export const OTHERS: readonly Row[] = [...SHELL, ...GO, ...DOTNET, ...RUBY, ...PHP, ...NATIVE, ...HTTP];
