import { AGAIN_NETWORK, COPY_BEFORE, LOCK, TOKEN, type Tool } from './tool.ts';

/** A database that a program asks while the image is built: none is there. */
const DATABASE: Tool = {
  form: /connect|P1001|SQLSTATE|OperationalError/i,
  rows: [
    [
      /ActiveRecord::(?:ConnectionNotEstablished|DatabaseConnectionError)|PG::ConnectionBad|Mysql2::Error::ConnectionError|P1001: Can't reach database server|SQLSTATE\[(?:HY000|08006)\] \[(?:2002|2006|7)\]|OperationalError.{0,80}(?:could not connect|connection to server|Can't connect)|could not connect to server: Connection refused/,
      'it connects to a database, and none can be reached while the image is built',
      'Move that command out of the build: to a task before the deployment or to the start of the container. Where a framework only loads its settings (assets:precompile), give it a placeholder (DATABASE_URL=nulldb://x, or skip the initializer that connects).',
    ],
  ],
};

const RUBY: Tool = {
  technology: 'ruby',
  form: /bundle|Gemfile|\bgem\b|\bgems\b|rubygems|rake|rails|ruby|secret_key_base|encryption key|ExecJS/i,
  rows: [
    [
      /No Rakefile found/,
      'there is no Rakefile in the working directory of that stage',
      'COPY the code of the application (with its Rakefile) before the step and set WORKDIR to its folder (.dockerignore); for a project without Rails leave the step out.',
    ],
    [
      /Could not locate Gemfile/,
      'there is no Gemfile in the working directory of that stage',
      'COPY Gemfile and Gemfile.lock into the WORKDIR before bundle install, and check .dockerignore.',
    ],
    [
      /^The (?:path|gemspecs? for) [`'"](?<name>[^`'"\n]{1,200})[`'"] does not exist|The path [`'"](?<name2>[^`'"\n]{1,200})[`'"] does not exist\.?$/,
      'the Gemfile takes a gem from the folder {name}, which is not in that stage',
      'COPY that folder (at least its .gemspec and the files that it reads, as lib/NAME/version.rb) to the same place before bundle install, and check .dockerignore.',
    ],
    [
      /There are no gemspecs at (?<name>[\w./@+-]{1,200}?)\.?(?: |$)/,
      'the Gemfile reads a gemspec (the line gemspec), and none is in {name} of that stage',
      'COPY the .gemspec and the files that it reads (as lib/NAME/version.rb) beside Gemfile and Gemfile.lock before bundle install, and check .dockerignore.',
    ],
    [
      /There was an error parsing `Gemfile`: No such file or directory @ \w{2,20} - (?<name>[\w./@+-]{1,200}?)\.?(?: |$)/,
      'the Gemfile reads the file {name}, which is not in that stage',
      'COPY it beside Gemfile and Gemfile.lock before bundle install, and check .dockerignore.',
    ],
    [
      /only supports platforms \[?"?(?<name>[^\]\n]{1,100}).{0,20}but your local platform is (?<here>[\w-]{1,40})/,
      'Gemfile.lock has no entries for the platform of the image ({here})',
      'Run bundle lock --add-platform x86_64-linux aarch64-linux on your machine, and commit Gemfile.lock.',
    ],
    [
      /Your Ruby version is (?<have>[\w.]{1,12}), but your Gemfile specified (?<need>[\w.~> ]{1,20})/,
      'the Ruby of the base image ({have}) is not the one of the Gemfile ({need})',
      'Use the base image of that version (FROM ruby:{need}), or change the ruby line of the Gemfile and .ruby-version.',
    ],
    [
      /Could not find 'bundler' \((?<name>[\d.]{1,12})\)|locked to bundler \(?(?<name2>[\d.]{1,12})|(?:You must use )?Bundler (?<name3>[\d.]{1,12}) (?:is running, but|or greater)/,
      'Gemfile.lock was written with another version of bundler ({name}) than the image has',
      'Install that version before bundle install (RUN gem install bundler -v {name|VERSION}), or write the lock file again.',
    ],
    [
      /(?:deployment|frozen) mode after changing|frozen mode|lockfile (?:can't be updated|does not satisfy)|because (?:the )?frozen mode is set|The (?:gemspecs|dependencies in your gemfile) (?:for path gems )?changed/i,
      'Gemfile.lock does not fit the Gemfile',
      `Run bundle install on your machine. ${LOCK}`,
    ],
    [
      /Authentication is required for (?<name>[\w.-]{1,120})|Bad username or password for (?<name2>\S{1,150})|Bundler::HTTPError.{0,80}40[13]/,
      'the gem server{ name} refused the login',
      `Pass BUNDLE_HOST (for instance BUNDLE_RUBYGEMS__PKG__GITHUB__COM=USER:TOKEN) to that step as ${TOKEN}.`,
    ],
    [
      /Could not find gem '(?<name>[^']{1,100})' in|Could not find (?<name2>[\w.-]{1,80}-[\d.]{1,20}[\w-]{0,30}) in any of the sources|Could not find (?<name3>[\w.-]{1,80}-[\d.]{1,20}).{0,400}in locally installed gems/,
      'bundler does not find the gem {name}: not in the sources of the Gemfile, not for this platform, or not installed in that stage',
      'Correct its name and version; run bundle lock --add-platform x86_64-linux aarch64-linux and commit Gemfile.lock; in the final stage COPY the installed gems (/usr/local/bundle) and keep BUNDLE_WITHOUT the same.',
    ],
    [
      /Missing `?secret_key_base`?|Missing encryption key to decrypt file|MessageEncryptor::InvalidMessage|MissingKeyError/,
      'Rails needs its secret key, which is not set while the image is built',
      'Set SECRET_KEY_BASE_DUMMY=1 for that step (RUN SECRET_KEY_BASE_DUMMY=1 ./bin/rails assets:precompile), or give RAILS_MASTER_KEY as a build secret (input `build-secrets`).',
    ],
    [
      /ArgumentError: Secret should not be nil/,
      'a part of the application builds a key from a secret that is not set while the image is built: as a rule a gem that does not know SECRET_KEY_BASE_DUMMY (the first frames below the error name it)',
      'Give the step a placeholder as a real variable (RUN SECRET_KEY_BASE=placeholder ./bin/rails assets:precompile), or update that gem. The real secret is needed only at run time.',
    ],
    [
      /Bundler could not find compatible versions for gem "(?<name>[^"]{1,80})"|Could not find compatible versions/,
      'the Gemfile asks for gems that contradict each other{ name}',
      'Align the versions that the lines below name in the Gemfile (bundle update NAME on your machine), and commit Gemfile.lock.',
    ],
    [
      /Could not find a JavaScript runtime|ExecJS::RuntimeUnavailable|Yarn executable was not detected|Please install Yarn/i,
      'the assets need Node.js (or yarn), which is not in that stage',
      'Install nodejs (and yarn) in that stage before assets:precompile.',
      { technology: 'node' },
    ],
    [
      /requires Ruby version (?<name>[\d.>=<~ ,]{1,30})|requires (?:ruby|rubygems) version/i,
      'a gem needs another Ruby version than the base image has ({name|see the line})',
      'Use a base image of that version (FROM ruby:VERSION), or a version of the gem that supports it.',
    ],
    [
      /Could not (?:fetch specs from|reach host) (?<name>\S{1,120})|Bundler::HTTPError|Gem::RemoteFetcher::FetchError/,
      'a download of gems failed: {name|the gem server} did not answer',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
  ],
};

/** A script of composer ran the application. */
const OF_SCRIPT =
  /Script \S{1,200}(?: \S{1,100}){0,8}? (?:(?:handling the|was called via) post-|returned with error code \d)/;
/** The application that a script ran says itself what is wrong. */
const OWN_ERROR =
  /^\s{0,4}In \S{1,200}\.php line \d|^\s{0,4}!!|PHP (?:Fatal|Parse) error|Uncaught|Exception\b|SQLSTATE|null given/m;

const PHP: Tool = {
  technology: 'php',
  form: /composer|\bphp\b|REST info|install-php|artisan|pecl|\bext-|docker-php|phpize|packagist|autoload/i,
  rows: [
    [
      /require(?:s|d by)? (?:.{0,60} )?ext-(?<name>[a-z_]{2,30})\b|extension ext-(?<name2>[a-z_]{2,30})|PHP extension (?:ext-)?(?<name3>[a-z_]{2,30}) (?:\S{1,20} )?(?:is )?missing/,
      'the PHP extension {name} is missing in that stage',
      'Install it before composer (docker-php-ext-install {name} with its -dev packages, or install-php-extensions {name}; where PHP is that of the distribution its package, as php-xml for simplexml and dom), or run composer with --ignore-platform-req=ext-{name} where only the runtime image has it, with --no-dev where only development packages need it.',
    ],
    [
      /requires php (?<need>[^\s]{1,20}(?: \|\| [^\s]{1,20})?).{0,40}your php version \((?<have>[\d.]{1,10})/i,
      'the PHP of that stage ({have}) is not what the packages require ({need})',
      'Use a base image of that version (FROM php:VERSION; also for the stage that runs composer), or run composer update with that PHP and commit composer.lock.',
    ],
    [
      /The `url` supplied for the path \((?<name>[^)\n]{1,200})\) repository does not exist/,
      'composer.json takes a package from the folder {name}, which is not in that stage',
      'COPY that folder (with its composer.json) to the same place before composer install, and check .dockerignore.',
    ],
    [
      /Source path "(?<name>[^"\n]{1,200})" is not found for package/,
      'composer.json takes a package from the folder {name}, which is not in that stage',
      'COPY that folder (with its composer.json) to the same place before composer install, and check .dockerignore.',
    ],
    [
      /Could not scan for classes inside "(?<name>[^"\n]{1,200})"/,
      'composer.json (autoload, classmap) names the folder {name}, which is not in that stage',
      'COPY the code before composer install, or install with --no-autoloader first and run composer dump-autoload after COPY. If the folder is gone from the project, take it out of autoload.',
    ],
    [
      /a PHP version "(?<need>[^"\n]{1,30})"\. You are running (?<have>\d{1,2}(?:\.\d{1,3}){0,2})/,
      'the PHP of that stage ({have}) is older than the installed packages need ({need})',
      'Use a base image of that version (FROM php:VERSION), the same in the stage that installs and the one that runs, or run composer update with that PHP and commit composer.lock.',
    ],
    [
      /Composer detected issues in your platform/,
      'the PHP of that stage does not have the version or the extensions that the installed packages need (the lines below name them)',
      'Use a base image of that version with those extensions, the same in the stage that installs and the one that runs, or run composer update with that PHP and commit composer.lock.',
    ],
    [
      /lock file is not up to date with the latest changes in composer\.json|is not present in the lock file|lock file does not contain a compatible set/i,
      'composer.lock (lock file) does not fit composer.json or the PHP of that stage',
      `Run composer update (with the PHP version of the image) on your machine. ${LOCK}`,
    ],
    [
      /could not find a composer\.json file in (?<name>\S{1,200})/i,
      'there is no composer.json in {name}',
      'COPY composer.json and composer.lock into the WORKDIR before the step, and check .dockerignore.',
    ],
    [
      /Could not open input file: (?<name>\S{1,100})/,
      'the command runs {name}, which is not in that stage: it was not copied, or the download before it has failed without ending the step',
      'COPY it before the step; where a step before downloads it (php -r "copy(...)"), let that one fail on errors (curl -fsSL -o) and check network and URL.',
      { when: /^\S{0,80}\bphp (?:-\S{1,40} ){0,4}(?!artisan|bin\/console)[\w./-]{1,100}\.php\b/ },
    ],
    [
      /Could not open input file: (?<name>\S{1,100})/,
      'a script of composer ran {name} before the code of the application is in that stage',
      'Run composer install --no-scripts there, COPY the code, and then composer dump-autoload (or run the scripts).',
    ],
    [
      /Class ["'](?<name>[\w\\]{1,160})["'] not found/,
      'a script of composer starts the application, which needs the class {name} of a package that composer install --no-dev leaves out, or of a file that is not in that stage',
      'Register what belongs to a development package only where it is installed (Laravel: extra.laravel.dont-discover, APP_ENV; Symfony: only for dev and test in config/bundles.php), or move the package from require-dev to require; for a class of your own commit its file, in the same letter case.',
      { when: OF_SCRIPT },
    ],
    [
      /type ["'](?<name>[\w\\]{1,160})["'] but this class was not found/,
      'a script of composer starts the application, in which the class {name} does not exist: its file is not in that stage, or namespace and letter case differ',
      'Commit the file of {name}, with the folder, name and letter case that PSR-4 wants, check .dockerignore, and COPY it before the step.',
      { when: OF_SCRIPT },
    ],
    [
      /(?<name>[\w\\:]{1,160})\(\): Argument #\d{1,3} \((?<what>\$\w{1,60})\) must be of type [\w?|\\]{1,60}, null given/,
      'a script of composer starts the application, where {name} gets null for {what}: a setting (environment variable) that exists only at run time',
      'Run composer install --no-scripts in the build and the scripts when the container starts, or give the setting a default or a placeholder for that step.',
      { when: OF_SCRIPT },
    ],
    [
      /(?:Undefined constant|Call to undefined (?:method|function)) (?<name>[\w\\:]{1,200})/,
      'a script of composer starts the application, whose code uses {name}, which the installed version of that package does not have',
      'Change the code to what the installed version offers, or keep the version that it was written for (commit composer.lock and run composer install, not update).',
      { when: OF_SCRIPT },
    ],
    [
      /Script @php artisan|Script (?<name>@[\w-]{1,40}) was called via post-|handling the post-\S{1,40} event returned with error code/,
      'a script of composer ran {name|artisan} before the code of the application is in that stage',
      'Run composer install --no-scripts there, COPY the code, and then composer dump-autoload (or run the scripts).',
      { unless: OWN_ERROR },
    ],
    [
      /zip extension and unzip\/7z commands are both missing|git was not found in your PATH/,
      'composer has nothing to unpack packages with: neither unzip nor the zip extension (nor git) is in that stage',
      'Install git and unzip in that stage before composer install.',
    ],
    [
      /Allowed memory size of \d{1,12} bytes exhausted/,
      'PHP reached its memory limit (memory_limit)',
      'Set COMPOSER_MEMORY_LIMIT=-1 for composer, or php -d memory_limit=-1, in that step; use a larger runner if its memory runs out.',
    ],
    [
      /blocked by your allow-plugins config/,
      'composer runs no plugin that composer.json does not allow',
      'Add the plugin to config.allow-plugins in composer.json (composer config allow-plugins.VENDOR/NAME true) and commit it.',
    ],
    [
      /(?<name>[\w.-]{1,60}\/[\w.-]{1,80}) \S{1,60} requires composer-(?:plugin|runtime)-api (?<need>\S{1,20}) -> found composer-(?:plugin|runtime)-api\[(?<have>[\d.]{1,10})[^\]\n]{0,60}\] but it does not match/,
      '{name} is made for another major version of composer: it needs the plugin API {need}, and the composer of that stage has {have}',
      'Use a release of {name} that supports that composer and commit composer.lock; or take the composer that the project was written for (COPY --from=composer:1 or composer:2).',
    ],
    [
      /(?:Root composer\.json requires|Could not find (?:a matching version of )?package) (?<name>[\w./-]{1,100})/,
      'composer finds no version of {name} that fits',
      `Correct name, version and minimum-stability; for a private package declare its repository and give auth.json as ${TOKEN}.`,
    ],
    [
      /error: \/usr\/src\/php\/ext\/(?<name>\w{1,40}) does not exist/,
      'PHP has no bundled extension {name}',
      'Correct the name after docker-php-ext-install; extensions of PECL come with pecl install NAME && docker-php-ext-enable NAME.',
    ],
    [
      /No releases available for package "(?<name>[^"]{1,80})"|Package "(?<name2>[^"]{1,80})" does not have REST info xml available|requires PHP \(version/,
      'PECL gave no release of {name|the extension} for the PHP of the base image, or did not answer',
      'Name a version that supports that PHP (pecl install NAME-VERSION), or use install-php-extensions; run the job again where pecl.php.net did not answer.',
    ],
    [
      /Please provide a valid cache path|bootstrap\/cache directory must be present and writable/,
      'folders of Laravel are not in that stage (storage/framework, bootstrap/cache)',
      'Make them before the step (mkdir -p storage/framework/{cache,sessions,views} bootstrap/cache): Git and .dockerignore leave empty folders out.',
    ],
    [
      /Failed opening required '(?<name>[^']{0,150}vendor\/autoload\.php)'/,
      'composer install has not run in that stage yet ({name} is missing)',
      'Run composer install before that command, or COPY --from the folder vendor of the stage that did.',
    ],
    [
      /curl error (?:6|7|28|35|56) while downloading (?<name>\S{1,150})/,
      'a download of composer failed: {name} did not answer',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
    [
      /Failed opening required '(?<name>[^'\n]{1,200})'/,
      'a script of composer starts the application, whose file {name} is not in that stage yet',
      'Install with --no-scripts (--no-autoloader) before the code is copied, COPY the application, and run composer dump-autoload --optimize after it; check .dockerignore.',
      { when: /\bcomposer\b/ },
    ],
    [
      /(?<name>[\w\\]{1,120})::__construct\(\): Argument #\d{1,2} \(\$(?<what>\w{1,60})\) must be of type/,
      'a script of composer starts the application, which makes {name} without a value for {what}: its configuration takes that from a variable that is not set in a build',
      'Install with --no-scripts in the image and run php artisan package:discover when the container starts, or give that step a placeholder of the variable (RUN NAME=x composer install ...), or the setting a default.',
      { when: /null given/ },
    ],
    [
      /Cannot autowire service "(?<name>[^"\n]{1,150})"/,
      'Symfony cannot make the service {name}: what one of its arguments asks for is not there',
      'Read the lines below it: a class that "was not found" needs its file in the image (commit it, in the same letter case as the class, and COPY it before composer install or run the scripts later); an argument without a type needs a binding in services.yaml.',
    ],
    [
      /(?:file_get_contents|fopen|require(?:_once)?|include(?:_once)?)\((?<name>[^)\n]{1,200}\.env)\): Failed to open stream: No such file/i,
      'the command writes to {name}, and that file is not in the image',
      'Leave it out of the Dockerfile: the key belongs to the container at run time (variable APP_KEY from a secret). Where a step needs one, copy the example first (cp .env.example .env).',
    ],
    [
      /\b[\w]{3,30}\((?<name>\/[^)\n]{1,200})\): Failed to open stream: No such file/i,
      'the file {name}, which PHP opens, is not in that stage',
      'COPY it before the step, and check WORKDIR, .dockerignore and letter case.',
    ],
  ],
};

const ELIXIR: Tool = {
  technology: 'elixir',
  form: /\(Mix\)|\bmix\b|\bHex\b|elixir|\*\* \(|rebar|dependency/i,
  rows: [
    [
      /Could not find (?<name>Hex|"?rebar3?"?|an SCM for dependency)|Could not find (?<name2>"?rebar3?"?),? which is needed/,
      'Mix has no {name} in that stage to fetch or build dependencies',
      'Run mix local.hex --force && mix local.rebar --force in that stage before mix deps.get (with the same HOME and user).',
    ],
    [
      /:path option can only be used with mix projects, expected (?<name>\w{1,60}) to be a Mix project at (?<what>\S{1,200})/,
      'mix.exs takes {name} from the folder {what}, which is not in that stage',
      'COPY that folder (with its mix.exs) to the same place before mix deps.get, and check .dockerignore; in an umbrella COPY the mix.exs of every app.',
    ],
    [
      /:path option can only be used with mix projects, invalid path dependency for :(?<name>\w{1,60})/,
      'mix.exs takes {name} from a folder (path:) which is not in that stage',
      'COPY that folder (with its mix.exs) to the same place before mix deps.get, and check .dockerignore.',
    ],
    [
      /Unchecked dependencies for environment (?<name>\w{1,20})|the dependency is not available, run "mix deps\.get"/,
      'the dependencies of Mix are not in that stage for the environment {name|of the step}',
      'Run mix deps.get --only prod in that stage after COPY of mix.exs and mix.lock, with ENV MIX_ENV=prod before it.',
    ],
    [
      /no such file or directory['"]?,? ?['"]?(?<name>[a-z]\w{1,40})\.app\b|application "?:?(?<name2>crypto|ssl|inets|public_key|asn1|parsetools|xmerl|tools|runtime_tools|syntax_tools|eunit|sasl)"? (?:could not be found|(?:is )?not (?:found|available))/,
      'the Erlang of that stage lacks its application {name}: distributions split Erlang/OTP into packages',
      'Install it (erlang-{name}, or the whole erlang of the distribution), or use a base image with all of Erlang/OTP (erlang:VERSION, elixir:VERSION, hexpm/elixir).',
    ],
    [
      /tls_alert[^\n]{0,200}certificate[ _]expired|Certificate Expired/i,
      'Hex does not accept the certificate of the server: it, or an authority that signs it, has expired by the list and the clock of that stage',
      'Use a newer base image (or install ca-certificates and a current Hex: mix local.hex --force), and check the clock of the builder. Behind a proxy that opens TLS set HEX_CACERTS_PATH to its certificate.',
    ],
    [
      /Erlang error: :enoent[^\n]{0,200}\n[^\n]{0,200}System\.cmd\("(?<name>[\w./+-]{1,60})"/,
      'the code that is compiled starts the program {name}, which is not in that stage or not in its PATH',
      (names) =>
        `Install ${names.name ?? 'it'} in that stage before the step${/^(?:gcc|cc|make|g\+\+|c\+\+)$/.test(names.name ?? '') ? ' ({toolchain})' : ''}, and see that its folder is in ENV PATH (an installer for one user puts it below /root): each RUN starts a shell that reads no profile.`,
      { lines: 2 },
    ],
    [
      /You need to have (?<name>gcc and make|[\w, ]{2,40}) installed/,
      'a dependency has to be compiled from C, and {name} are not both in that stage',
      'Install them in that stage before mix deps.compile ({toolchain}).',
    ],
    [
      /project was not yet compiled\. When build_embedded is set to true, "(?<name>[^"]{1,80})" must be explicitly executed/,
      'the step needs the compiled project (build_embedded), and nothing has compiled it in that stage',
      'Run {name} in the Dockerfile before this step.',
    ],
    [
      /Could not find a Mix\.Project/,
      'there is no mix.exs in the working directory of that stage',
      'COPY mix.exs and mix.lock into the WORKDIR before the step, build with the root of the project as input `context`, and check .dockerignore.',
    ],
    [
      /== Compilation error in file (?<name>\S{1,200}) ==\n\*\* \((?:RuntimeError|ArgumentError|KeyError|MatchError|File\.Error|System\.EnvError)\) (?<why>.{1,200})/,
      'code that runs while {name} is compiled raised an error: {why}',
      'Give the compilation what that sentence asks for: COPY config/ (config.exs and the file of MIX_ENV) before mix deps.compile, and declare variables that it reads with ARG (input `build-args`).',
      { lines: 2 },
    ],
    [
      /== Compilation error in file (?<name>\S{1,200}) ==|\*\* \((?:Compile|Syntax|Token\w{0,12})Error\) (?<name2>\S{1,200}:\d{1,6})/,
      'the Elixir compiler rejected {name}',
      'Correct the code at that place; where a module of a dependency or generated code is missing, run mix deps.get and COPY what defines it.',
    ],
    [
      /(?:running|trying to run) \S{1,80} on Elixir v(?<have>[\w.-]{1,20}) but it has declared.{0,80}supports only Elixir (?<need>.{1,30})/,
      'the Elixir of the base image ({have}) is not what the project supports ({need})',
      'Use a base image of that version (FROM hexpm/elixir:..., elixir:VERSION).',
    ],
    [
      /The task "(?<name>[\w.]{1,60})" could not be found/,
      'Mix has no task {name} in that stage',
      'COPY mix.exs with its aliases (and assets), and install the dependency that has the task also for MIX_ENV=prod.',
    ],
    [
      /Could not compile dependency :(?<name>\w{1,60}), "(?<tool>[^"]{1,60})" command failed/,
      'the dependency {name} could not be compiled by {tool}',
      [
        'See the lines above it: where a compiler or make was not found, install them in that stage before the step ({toolchain}); otherwise use a release of {name} that fits the Elixir and Erlang of the base image.',
      ],
    ],
  ],
};

const DART_SWIFT: Tool = {
  form: /pub get|Dart SDK|flutter|swift|SDK version/i,
  rows: [
    [
      /depends on (?<name>[\w-]{1,60}) from path which doesn't exist \(could not find package [\w-]{1,60} at "(?<what>[^"\n]{1,200})"/,
      'pubspec.yaml takes {name} from the folder {what}, which is not in that stage',
      'COPY that folder (with its pubspec.yaml) to the same place before pub get, and check .dockerignore; it must lie in the build context (input `context`).',
    ],
  ],
};

/** R, by the words of its packages utils and remotes: https://cran.r-project.org/doc/manuals/r-release/R-admin.html */
const R: Tool = {
  form: /\bR(?:script)?\b.{0,40}(?:-e|\.R\b)|install\.packages|Execution halted|remotes::|devtools::|installGithub\.r|install2?\.r|renv::/,
  rows: [
    [
      /there is no package called ['"](?<name>[\w.]{1,60})['"]/,
      'the R package {name} is not installed in that stage',
      'Install it before this step (Rscript -e \'install.packages("{name}")\') and let that step fail where it does not succeed (options(warn = 2)): install.packages only warns.',
    ],
    [
      /cannot open (?:compressed )?file ['"](?<name>[^'"\n]{1,200})['"], probable reason 'No such file or directory'/,
      'R looks for {name}, which is not in that stage',
      COPY_BEFORE,
    ],
    [
      /installation of package ['"](?<name>[\w.]{1,60})['"] had non-zero exit status/,
      'the R package {name} could not be installed, and with it the packages that depend on it',
      'Its own error stands further above, after "installing *source* package": install the tool or -dev package of the system that it names in that stage ({toolchain} for compilers).',
    ],
    [
      /dependenc(?:y|ies) ['"](?<name>[^'"\n]{1,80})['"].{0,80} (?:is|are) not available for package ['"](?<of>[\w.]{1,60})['"]/,
      'the R package {of} could not be installed, as {name} is missing: that one failed before, or is not in the repository',
      'Find the first package that failed further above in the log, and install what its error names.',
    ],
    [
      /package ['"](?<name>[\w.]{1,60})['"] is not available for this version of R/,
      'the repository has no R package {name} for the R version of the base image',
      'Correct its name, install the release that fits (remotes::install_version), or use a base image with a newer R.',
    ],
  ],
};

export const SCRIPTING: readonly Tool[] = [DATABASE, RUBY, PHP, ELIXIR, DART_SWIFT, R];
