/** PHP: its runtime, Laravel, Symfony, and Apache with it. */
import { isA, type Row, rowsOf } from './row.ts';

export const PHP: readonly Row[] = rowsOf('php', [
  {
    kind: 'setting-invalid',
    form: /Unable to create configured logger\..{0,200}?(?<reason>Invalid log level|Log \[.{0,40}\] is not defined|Driver \[.{0,60}\] is not supported)/,
    cause: 'Laravel in the container{container} cannot make its logger: {reason}.',
    remedy:
      'Set LOG_LEVEL in `environment` to a level that it knows (debug, info, notice, warning, error, critical, alert, emergency) and LOG_CHANNEL to a channel of config/logging.php (stderr); another program of the image may read LOG_LEVEL in words of its own.',
  },
  {
    kind: 'setting-invalid',
    form: /[Ii]nvalid port value ['"](?<value>[^'"\n]{0,80}\][^'"\n]{0,20})['"]/,
    cause:
      'PHP-FPM of the container{container} cannot read the address in listen as IPv6: it took {value} for the port.',
    remedy:
      'Write listen = [::]:9000 with the brackets around the whole address, without quotes (a version that is too old knows no IPv6), or listen = 9000 or 0.0.0.0:9000 for IPv4, in the pool file (php-fpm.d/www.conf, zz-docker.conf).',
  },
  {
    kind: 'setting-invalid',
    form: /(?:\[pool [\w.-]{1,40}\] )?[Ii]nvalid port value ['"](?<value>[^'"\n]{0,80})['"]/,
    cause: 'PHP-FPM of the container{container} takes {value|an empty text} for the port in listen, and it is none.',
    remedy:
      'Correct listen in the pool file (php-fpm.d/www.conf, zz-docker.conf): 9000, HOST:9000, or the path of a socket; look for a variable that is not filled.',
  },
  {
    kind: 'module-missing',
    form: /make sure the PHP (?<name>\w{2,20}) extension is installed and enabled/,
    cause: 'The PHP of the image of the container{container} lacks the extension {name}.',
    remedy:
      'Install it in the Dockerfile (pecl install redis && docker-php-ext-enable redis; docker-php-ext-install for those of PHP itself), in the stage that runs.',
  },
  {
    kind: 'setting-invalid',
    form: /InvalidArgumentException\b.{0,20}?(?:Database connection|Log|Cache store|Mailer|Queue connection|Auth guard|Disk|Broadcast connection|Redis connection|The) \[(?<name>[\w.-]{0,60})\] (?:is )?(?:not (?:configured|defined)|does not have a configured driver|queue connection has not been configured|connection not configured)/,
    cause: 'Laravel uses an entry [{name}] that its configuration does not have: {line}',
    remedy:
      'Correct the variable that names it in `environment` (DB_CONNECTION, LOG_CHANNEL, CACHE_STORE, MAIL_MAILER, QUEUE_CONNECTION, FILESYSTEM_DISK), or add the entry to config/. A configuration that was cached in the image (bootstrap/cache/config.php) ignores both: run config:cache at start.',
  },
  {
    kind: 'file-missing',
    form: /(?:Key path "|File does not exist at path |Invalid key supplied).{0,160}?(?:file:\/\/)?(?<path>\/\S{0,160}?oauth-(?:private|public)\.key)/,
    cause: 'Laravel Passport does not find its key {path} in the container{container}.',
    remedy:
      'Set PASSPORT_PRIVATE_KEY and PASSPORT_PUBLIC_KEY in `secrets` to the content of the keys (php artisan passport:keys makes them once); files of your machine are not in the image.',
  },
  {
    kind: 'key-wrong',
    form: /The only supported ciphers are AES-|Unsupported cipher or incorrect key length/,
    cause: 'Laravel does not accept its APP_KEY: it is empty, or the value has the wrong length or form.',
    remedy:
      'Set APP_KEY in `secrets` to the whole value of php artisan key:generate --show, with base64: in front and no line end. If the configuration was cached in the image, run config:cache at start.',
  },
  {
    kind: 'module-missing',
    form: /Class ['"]?(?<name>[\w\\]{0,120}\\(?:MakerBundle|WebProfilerBundle|DebugBundle|DoctrineFixturesBundle|WebServerBundle|\w{0,40}FixturesBundle))['"]? not found|Attempted to load class ["'](?<name2>(?:Maker|WebProfiler|Debug|DoctrineFixtures|WebServer)Bundle)["']/,
    cause:
      'Symfony runs in the dev environment in the container{container}, and {name}, a package of require-dev, is not in the image.',
    remedy:
      'Set APP_ENV=prod (and APP_DEBUG=0) in `environment` or the Dockerfile, and enable that bundle in config/bundles.php for dev and test only.',
  },
  {
    kind: 'configuration-invalid',
    form: /No pool defined\. at least one pool section must be specified/,
    cause: 'php-fpm in the container{container} has no pool: the file with it (www.conf) was not copied or is hidden.',
    remedy:
      'Keep a file with a pool ([www], listen, pm) in php-fpm.d and include=etc/php-fpm.d/*.conf in php-fpm.conf; check that no COPY or volume replaces that folder.',
  },
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
  isA('login-refused', /SQLSTATE\[\w{5}\]:? \[(?:1045|1044|1698|18456)\]/),
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
    technology: 'apache',
    form: /make_sock: could not bind to address \S{0,60}:(?<port>\d{1,3})\b/,
    not: /\(98\)/,
    cause: 'Apache may not listen on port {port}, or something else of the task uses it.',
    remedy:
      'Let it listen on a port above 1023 (Listen 8080 in ports.conf) and use that as containerPort, or run the container as root; start Apache once.',
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
    kind: 'configuration-invalid',
    technology: 'apache',
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
    kind: 'file-missing',
    form: /unable to bind listening socket for address '(?<path>[^'\n]{1,120})': Permission denied/,
    cause:
      'php-fpm in the container{container} may not create its socket {path}: its user has no right to write to that folder.',
    remedy: [
      'Give the folder to the user that starts php-fpm in the Dockerfile (RUN chown), or let php-fpm listen on a port (listen = 9000).',
      { for: 'nginx', words: ' A socket is no way to nginx in another container.' },
    ],
  },
  {
    kind: 'file-missing',
    form: /unable to bind listening socket for address '(?<path>[^'\n]{1,120})': No such file/,
    cause: 'php-fpm in the container{container} cannot create its socket {path}: the folder does not exist there.',
    remedy: [
      'Create the folder in the Dockerfile (RUN mkdir -p), or let php-fpm listen on a port (listen = 9000).',
      { for: 'nginx', words: ' A socket is no way to nginx in another container.' },
    ],
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
    /[Cc][Uu][Rr][Ll] error \(?(?:code )?7\)?: .{0,40}(?<host>[\w.-]{1,253}) port (?<port>\d{1,5}).{0,60}refused/,
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
    kind: 'stated',
    symptom: true,
    form: /The stream or file ['"]?(?<path>[^'"\n]{1,200})['"]? could not be opened in append mode: [^\n]{0,60}No such file or directory/,
    cause: 'The folder of the log file {path} of the application{container} does not exist in the container.',
    remedy:
      'Create it in the Dockerfile (RUN mkdir -p and chown to the user of PHP), or log to stderr (LOG_CHANNEL=stderr); check that .dockerignore or a volume does not hide it.',
  },
  {
    kind: 'permission-denied',
    form: /(?:bootstrap\/cache|storage\/\S{0,60}|storage) directory must be present and writable|The stream or file ['"]?(?<path>[^'"\n]{1,200})['"]? could not be opened in append mode: [^\n]{0,60}Permission denied|file_put_contents\((?<path2>[^)\n]{1,200})\): Failed to open stream: Permission denied/i,
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
    technology: 'apache',
    form: /AH00534|No MPM loaded|More than one MPM loaded/,
    cause: 'Apache in the container{container} has no MPM, or more than one: {line}',
    remedy: 'Enable exactly one in the Dockerfile (a2dismod mpm_event && a2enmod mpm_prefork for mod_php).',
  },
  {
    kind: 'configuration-invalid',
    technology: 'apache',
    form: /Invalid command ['"](?<name>\w{1,60})['"], perhaps misspelled or defined by a module not included/,
    cause: 'Apache does not know the directive {name}: its module is not enabled in the image.',
    remedy: 'Enable the module in the Dockerfile (a2enmod rewrite, headers, ssl, proxy_http), or remove the directive.',
  },
  isA(
    'module-missing',
    /could not find (?<driver>driver)\b|(?:PHP )?extension ['"`]?(?<driver2>\w{2,40})['"`]? (?:is )?(?:missing|not (?:loaded|installed))|PHP extension ['"`]?(?<driver6>\w{2,40})['"`]? (?:is )?not available|requires? (?:the )?(?:PHP )?(?:extension ['"`]?|ext-)(?<driver3>\w{2,40})|Call to undefined function (?<driver4>(?:mysqli|pg|imagick|gd|bc|mb|curl|intl|sodium|redis|pcntl)\w{0,30})\(|Class ['"](?<driver5>Redis|Memcached|Imagick|MongoDB[\w\\]{0,40}|PDO|NumberFormatter|SoapClient|ZipArchive)['"] not found/i,
  ),
  isA(
    'module-missing',
    /Failed opening required ['"](?<name>[^'"]{1,250})|Class ['"](?<name2>[\w\\]{1,200})['"] not found(?=$| in \/)|vendor\/autoload\.php/,
  ),
]);
