/** Ruby: Bundler, Rails and Puma. */
import { isA, type Row, rowsOf } from './row.ts';

export const RUBY: readonly Row[] = rowsOf('ruby', [
  {
    kind: 'crash',
    form: /\[BUG\] (?<reason>Segmentation fault|Bus Error|Illegal instruction|\w[\w ]{2,60})/,
    cause:
      'Ruby itself crashed in the container{container} ({reason}), in the interpreter or in a gem with native code: {line}',
    remedy:
      'Use the newest patch release of that Ruby in the base image (ruby:VERSION), and update the gem whose frame or .so file the report names; where it started with a new Ruby (3.3.0 on arm64, YJIT), go back to the one before or leave YJIT off.',
  },
  {
    kind: 'setting-invalid',
    form: /InvalidSettingsError\)?\n(?:[^\n]{0,200}\n){0,3}?(?<name>\w{2,80}): (?<reason>[^\n]{3,200})/,
    cause: '{who} does not accept its setting {name}: {reason}.',
    remedy:
      'Set the variable of that name in upper case in `environment` or `secrets` (inputs `environment-variables`, `secrets`); nil means that it is not set.',
  },
  {
    kind: 'variable-missing',
    form: /Could not load the ['"]?(?<gem>listen|web-console|spring|rack-mini-profiler|letter_opener|byebug|debug)['"]? gem\. Add|cannot load such file -- (?<gem2>listen|web-console|spring\/\w{1,30}|rack-mini-profiler|letter_opener|bullet|byebug|debug|annotate)\b/,
    cause:
      'Rails runs in the development environment in the container{container}: it loads {gem}, a gem of the development group that the image does not have.',
    remedy:
      'Set RAILS_ENV=production (and RACK_ENV) in `environment` or the Dockerfile; an initializer that requires it must check Rails.env first.',
  },
  {
    kind: 'command-missing',
    form: /bundler: command not found: (?<name>[\w.-]{1,60})/,
    cause:
      'Bundler finds the program {name} in no gem of the image of the container{container}: it is not in the Gemfile, or in a group that was left out, or the gems were not copied.',
    remedy:
      'Add the gem outside of the groups development and test, run bundle install in the Dockerfile, and copy the gems (BUNDLE_PATH, /usr/local/bundle) with the same BUNDLE_ settings into the final stage.',
  },
  {
    kind: 'dependency-conflict',
    form: /uninitialized constant ActiveSupport::LoggerThreadSafeLevel::Logger/,
    cause:
      'The version of concurrent-ruby in the image (1.3.5 or newer) does not fit Rails before 7.1, which no longer gets logger from it.',
    remedy:
      "Pin it in the Gemfile (gem 'concurrent-ruby', '1.3.4'), add require 'logger' at the top of config/boot.rb, or upgrade Rails; then run bundle lock and build again.",
  },
  {
    kind: 'module-missing',
    form: /cannot load such file -- (?<name>mutex_m|base64|bigdecimal|csv|drb|observer|abbrev|getoptlong|rinda|nkf|syslog|ostruct|fiddle|irb|reline|benchmark|logger|pstore|rdoc|win32ole|net\/smtp|net\/pop|net\/imap|matrix|prime|rexml\/document|webrick)(?: \(LoadError\))?$/,
    cause:
      'The application{container} or a gem needs {name}, which newer versions of Ruby no longer bring by themselves.',
    remedy:
      'Add the gem of that name (net-smtp, rexml and so on) to the Gemfile and run bundle install, or use a base image with the Ruby version that the application was written for.',
  },
  {
    kind: 'permission-denied',
    form: /Permission denied @ \w{3,30} - (?<path>\/[^\s)]{1,250})/,
    cause: 'The user of the container{container} may not write {path}.',
    remedy:
      'Give its folder to that user in the Dockerfile (RUN chown -R rails:rails db log storage tmp), or log to stdout (RAILS_LOG_TO_STDOUT=1). On a volume the folder must belong to the uid of the user.',
  },
  {
    kind: 'module-missing',
    form: /incompatible library version - \S{0,200}\/(?<name>[\w.-]{1,60}\.(?:so|bundle))/,
    cause:
      'The native part of a gem ({name}) in the image of the container{container} was built for another version of Ruby.',
    remedy:
      'Install the gems in the image with the Ruby that runs them (bundle install, or bundle pristine, after the change of the base image), and keep vendor/bundle out of the context (.dockerignore); no volume with gems of an older image.',
  },
  {
    kind: 'stated',
    form: /invalid (?:multibyte char|byte sequence in US-ASCII)(?: ?\(US-ASCII\))?|"\\x\w{2}" (?:on|from) US-ASCII|incompatible character encodings: .{0,20}US-ASCII/,
    not: /\(UTF-8\)/,
    cause: 'Ruby reads text as US-ASCII, because no UTF-8 locale is set in the container{container}: {line}',
    remedy:
      'Set LANG=C.UTF-8 (ENV in the Dockerfile, or `environment` of the task definition, input `environment-variables`).',
  },
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
  {
    kind: 'module-missing',
    form: /cannot load such file -- \/\S{1,160}\/gems\/(?<gem>[\w-]{1,60}?)-(?<version>\d[\w.]{0,20})\//,
    cause:
      'The gem {gem} {version} is not in the image of the container{container} where its start script looks for it.',
    remedy:
      'Install exactly that version in the Dockerfile (gem install {gem} -v {version}; for Bundler the one under BUNDLED WITH in Gemfile.lock), and copy the whole folder of gems (/usr/local/bundle) into the final stage; a volume over it hides it.',
  },
  {
    kind: 'module-missing',
    form: /cannot load such file -- bundler(?:\/\w{1,40})?(?: \(LoadError\))?$/,
    cause:
      'Bundler is not installed for the Ruby in the image of the container{container}, or not where it is looked for.',
    remedy:
      'Run gem install bundler in the final stage, in the version under BUNDLED WITH in Gemfile.lock, and keep GEM_HOME and BUNDLE_PATH there as in the build stage.',
  },
  {
    kind: 'stated',
    form: /Your `bin\/(?<name>\w{1,30})` was not generated by Bundler/,
    cause:
      'The file bin/{name} in the image of the container{container} is no start script of Bundler, so it does not start.',
    remedy:
      'Run bundle binstubs bundler --force on your machine (bundle binstubs for other programs) and commit bin/{name}.',
  },
  isA(
    'unreachable',
    /Error connecting to Redis on (?<host>[\w.-]{1,253}):(?<port>\d{1,5}) \((?:Redis::TimeoutError|Errno::ETIMEDOUT|Errno::EHOSTUNREACH)/,
  ),
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
    form: /The [`'"](?<name>\w{1,40})[`'"] database is not configured for the [`'"](?!production)(?<environment>\w{1,40})[`'"] environment/,
    cause:
      'Rails runs in the environment {environment} in the container{container}, and config/database.yml has no database {name} for it.',
    remedy:
      'Set RAILS_ENV in `environment` (input `environment-variables`) to the environment that has it, as a rule production; otherwise add {name} below {environment} in config/database.yml.',
  },
  {
    kind: 'variable-missing',
    form: /['"](?<name>\$\{?\w{1,60}\}?)['"] database is not configured/,
    cause:
      'The environment of Rails in the container{container} is the text {name} itself: a variable that nothing replaced by its value.',
    remedy:
      'Set RAILS_ENV to the plain name (production) in `environment` (input `environment-variables`): no shell expands what stands there.',
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
      'Add the gem of that adapter outside of the groups development and test, commit Gemfile.lock, and install the client library that it needs in the final stage.',
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
    technology: 'node',
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
  isA(
    'module-missing',
    /cannot load such file -- (?<name>\S{1,200})|Could not find (?:gem )?['"`]?(?<gem>[\w.-]{1,80}(?: \([^)]{1,30}\))?|\S+-\d[\d.]+)['"`]?(?:,.{0,200})? in (?:any of the sources|locally installed gems)|Bundler::GemNotFound/i,
  ),
  isA('key-wrong', /MissingKeyError|Missing encryption key to decrypt/),
]);
