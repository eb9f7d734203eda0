/** Python: its own classes, Django, Flask, FastAPI, SQLAlchemy, Celery, gunicorn and uvicorn, drivers and models. */
import { isA, type Row, rowsOf } from './row.ts';

export const PYTHON: readonly Row[] = rowsOf('python', [
  {
    kind: 'stated',
    form: /^ValueError: Empty module name/,
    cause:
      '{who} imports a module whose name is empty{at}: the variable or setting that names it (DJANGO_SETTINGS_MODULE, the module of the server) has no value.',
    remedy:
      'Set it in `environment` (input `environment-variables`) to the full name of the module (project.settings, project.wsgi), or write the name into `command`.',
  },
  {
    kind: 'configuration-invalid',
    form: /^(?:ValueError: invalid interpolation syntax in\b|configparser\.Interpolation\w{0,20}Error: )/,
    cause:
      'A value that the application{container} puts into a configuration of Python (configparser, in which tools for migrations keep the URL of the database) has a %, which is read as a reference there.',
    remedy:
      'Write each % of that value as %% where the code sets it: config.set_main_option("sqlalchemy.url", url.replace("%", "%%")). Or choose a password without characters that a URL must encode.',
  },
  {
    kind: 'own-fault',
    form: /The app module <module ['"](?<name>[\w.]{1,100})['"][^\n]{0,300}has multiple filesystem locations/,
    cause:
      'Django finds the app {name} of the container{container} at two paths, as its folder is no package: its __init__.py is not in the image.',
    remedy:
      'Add an (empty) __init__.py to the folder of {name}, commit it, see that .dockerignore leaves it in, and build the image again. Otherwise give the app an AppConfig with a path.',
  },
  {
    kind: 'own-fault',
    form: /You must pass the application as an import string to enable ['"]?(?<name>reload|workers)/,
    cause:
      'The code of the application{container} gives uvicorn.run the application itself and asks for several workers or reload: uvicorn then needs its name, and ends.',
    remedy:
      'Pass it as a text in the code (uvicorn.run("main:app", workers=4)), or leave workers and reload out and let ECS run more tasks.',
  },
  {
    kind: 'own-fault',
    form: /SyntaxError: invalid non-printable character (?<name>U\+[0-9A-F]{4,6})/,
    cause: 'The code of the application{container} has a character that cannot be seen ({name}){at}: {line}',
    remedy:
      'Delete it there (write the line again by hand instead of pasting it), save the file as UTF-8, and build the image again.',
  },
  {
    kind: 'permission-denied',
    form: /Permission denied: ['"](?<path>[\w./-]{0,120}celerybeat-schedule[\w.-]{0,20})['"]|beat raised exception <class 'PermissionError'>/,
    cause:
      'Celery beat may not write its schedule file {path}: the working directory does not belong to the user of the container{container}.',
    remedy:
      'Put the file into a folder that the user may write: celery -A PACKAGE beat -s /tmp/celerybeat-schedule in `command`, or a scheduler in the database.',
  },
  {
    kind: 'url-invalid',
    form: /KeyError: ['"]No such transport: (?<scheme>[\w+.-]{0,30})(?:\. Did you mean [^'"]{1,60})?['"]/,
    cause:
      'The URL of the message broker of the application{container} is empty or begins with a scheme that Celery does not know{: scheme}.',
    remedy:
      'Set it (CELERY_BROKER_URL or the name that the code reads) in `secrets` or `environment` to a whole URL: amqp://, redis://, rediss:// or sqs://.',
  },
  {
    kind: 'own-fault',
    form: /Received unregistered task of type ['"](?<name>[\w.]{1,160})/,
    cause:
      'The Celery worker in the container{container} does not know the task {name}: the module with it is not imported there, or the sender runs a newer image than the worker.',
    remedy: [
      'List the module in `include` or autodiscover_tasks (and the same name=), and ',
      { deploys: 'deploy the service of the worker with the image of the sender' },
      '.',
    ],
  },
  {
    kind: 'stated',
    form: /Running a worker with superuser privileges when the/,
    cause: 'Celery refuses to run as root with the pickle serializer.',
    remedy:
      'Run the container as another user (USER in the Dockerfile, `user`), or accept JSON only (accept_content = ["json"]).',
  },
  {
    kind: 'module-missing',
    form: /No module named ['"](?<name>(?!\.)[\w.]{0,80}settings(?:\.\w{1,60})?)['"]/,
    cause: 'The settings module {name} of Django is not in the image of the container{container}.',
    remedy:
      'Check that this file is committed and copied (.gitignore and .dockerignore often leave local and production settings out), and that DJANGO_SETTINGS_MODULE in `environment` names one that is there. WORKDIR must be the folder of manage.py.',
  },
  {
    kind: 'module-missing',
    form: /SystemCheckError: System check identified[^\n]{0,40}\n(?:[^\n]{0,200}\n){0,6}[^\n]{0,200}Cannot use ImageField because Pillow is not installed/,
    cause: 'The image of the container{container} lacks Pillow, which a model of Django with an ImageField needs.',
    remedy: 'Add Pillow to requirements.txt (or the lock file) and build the image again.',
  },
  {
    kind: 'stated',
    form: /SystemCheckError: System check identified[^\n]{0,40}\n(?:[^\n]{0,60}\n){0,3}(?<reason>[\w.?]{1,120}: \([\w.]{2,30}\) [^\n]{5,200})/,
    cause: 'The checks of Django refuse the project in the container{container}: {reason}',
    remedy:
      'Correct that model or setting (manage.py check --deploy in the image shows all of them); a HINT below the line says how.',
  },
  {
    kind: 'entry-missing',
    form: /Failed to find Flask application or factory in module ['"](?<name>[\w.]{1,80})/,
    cause: 'The module {name} of the application{container} has no Flask application (app, application, create_app).',
    remedy: 'Write it in `command` or FLASK_APP as {name}:OBJECT (or {name}:create_app()).',
  },
  {
    kind: 'file-missing',
    form: /^Error: ['"](?<path>[^'"\n]{1,160}\.conf\.py)['"] doesn't exist/,
    cause:
      'gunicorn is started with the configuration file {path}, which is not in the image of the container{container}.',
    remedy: 'COPY it into the final stage, or correct -c in `command`; relative paths start at WORKDIR.',
  },
  {
    kind: 'stated',
    form: /ValueError: Unable to configure (?<what>handler|formatter|filter|logger|root logger)(?: ['"](?<name>[\w.-]{1,60})['"])?/,
    cause:
      'The logging configuration of the application{container} cannot be applied: its {what} {name} could not be made; for a handler that writes to a file mostly because the folder does not exist or may not be written.',
    remedy:
      'Read the error above it in the log ("The above exception was the direct cause"). For a log file make its folder in the Dockerfile (RUN mkdir -p, owned by the user), or log to stdout (StreamHandler).',
  },
  {
    kind: 'stated',
    form: /CompileError: .{0,200}SQLiteTypeCompiler .{0,200}can't render element of type (?<type>\w{2,40})/,
    cause:
      'The application{container} uses SQLite, and its models have the type {type}, which SQLite does not know: the connection URL is that of another database than the models are written for.',
    remedy: [
      'Set the connection URL (DATABASE_URL or the name that the code reads) in `secrets` to the database that the models are for',
      { examples: [{ for: 'postgres', words: 'such as PostgreSQL' }] },
      ': a default for development may be in use.',
    ],
  },
  {
    kind: 'permission-denied',
    form: /RuntimeError: cannot cache function ['"]?(?<name>[\w.<>]{1,80})['"]?: no locator available for file/,
    cause:
      'Numba cannot write its cache beside the package: the user of the container{container} has no right to that folder, or the file system is read-only.',
    remedy:
      'Set NUMBA_CACHE_DIR=/tmp/numba (a folder that the user may write) in `environment`, input `environment-variables`.',
  },
  {
    kind: 'dependency-conflict',
    form: /ImproperlyConfigured: (?<name>[\w.-]{1,60}) (?<need>\d[\w.]{0,20}) or newer is required; you have (?<have>\d[\w.]{0,20})/,
    cause: 'Django in the container{container} needs {name} {need} or newer; the image has {have}.',
    remedy: 'Raise {name} in the requirements and the lock file to {need} or newer, and build again.',
  },
  {
    kind: 'stated',
    form: /Could not find the (?<name>GEOS|GDAL) library/,
    cause: 'The image of the container{container} lacks the library {name}, which GeoDjango needs.',
    remedy: [
      'Install it in the final stage',
      { examples: [{ for: 'alpine', words: 'gdal, geos', else: 'gdal-bin, libgdal-dev, libgeos-dev' }] },
      '; GEOS_LIBRARY_PATH and GDAL_LIBRARY_PATH are for another place only.',
    ],
  },
  {
    kind: 'module-missing',
    form: /requires (?<name>[A-Za-z][\w.-]{1,40}\[[\w,-]{1,60}\])/,
    cause: '{who} needs the extra {name}, which is not installed in the image: {line}',
    remedy: 'Add {name} to the requirements or lock file and build the image again, or turn off what asks for it.',
  },
  {
    kind: 'import-name',
    form: /ImportError: cannot import name ['"](?<name>\w{1,80})['"] from ['"](?<module>[\w.]{1,120})['"] \((?<path>\/(?![^)\n]{0,240}(?:site|dist)-packages|usr\/|opt\/(?:conda|python))[^)\n]{1,250}\.py)\)/,
    cause:
      'The own module {module} ({path}) of the application{container} defines no {name}, which another file imports.',
    remedy:
      'Correct the name in that import, or commit the file that defines it; check that the image was built from that commit (.dockerignore, no stale cache) and that no volume hides the folder.',
  },
  {
    kind: 'module-missing',
    form: /No module named ['"](?<name>(?<package>[A-Za-z_]\w{0,60})\.[\w.]{1,100})['"](?!; )/,
    not: /from|import error/i,
    cause: 'Python in the container{container} finds the package {package}, but in it no module {name}.',
    remedy:
      'If {package} is your own, check that the file is committed and copied (.gitignore, .dockerignore, letter case). Otherwise install the package that brings that module (opentelemetry, google.cloud and azure are spread over many), or pin the version of {package} that has it.',
  },
  {
    kind: 'unreachable',
    technology: 'redis',
    form: /redis\.exceptions\.ConnectionError: .{0,200}(?:Connection closed by server|Connection reset by peer)|Error while reading from socket: \(['"]Connection closed by server|Cannot connect to redis:\/\/.{0,200}Connection (?:closed|reset) by/,
    not: /rediss:\/\/|max(?:imum)? number of clients/,
    cause:
      'Redis{ (address)} broke off the connection of the application{container}, as it does where it wants TLS and is addressed without it: {line}',
    remedy:
      'With encryption in transit (ElastiCache: TransitEncryptionEnabled) use rediss:// in the URL (for Celery with ?ssl_cert_reqs=CERT_REQUIRED), or ssl=True; without it use redis://. Where that is right, the server restarted or ends idle connections: let the client connect again.',
  },
  {
    kind: 'url-invalid',
    technology: 'redis',
    form: /rediss:\/\/ URL must have parameter ssl_cert_reqs/,
    cause:
      'The URL of Redis of the application{container} begins with rediss:// and lacks the parameter ssl_cert_reqs, which Celery needs to know how to check the certificate.',
    remedy:
      'Append ?ssl_cert_reqs=CERT_REQUIRED to the URL of the broker and of the result backend in `secrets` or `environment` (the certificate of ElastiCache is a public one), or set broker_use_ssl and redis_backend_use_ssl to {"ssl_cert_reqs": ssl.CERT_REQUIRED} in the code.',
  },
  {
    kind: 'url-invalid',
    technology: 'redis',
    form: /Invalid SSL Certificate Requirements Flag: (?<value>\S{1,40})/,
    cause: 'The URL of Redis of the application{container} has ssl_cert_reqs={value}, which redis-py does not know.',
    remedy:
      'redis-py takes ssl_cert_reqs=required, optional or none; CERT_REQUIRED and the like are the words of Celery. Where both read the same variable, give each its own URL in `secrets` or `environment`.',
  },
  {
    kind: 'url-invalid',
    technology: 'redis',
    form: /unexpected keyword argument ['"]ssl_(?:cert_reqs|ca_certs|keyfile|certfile|check_hostname)['"]/,
    not: /SSLConnection/,
    near: /redis/i,
    cause:
      'The client of Redis in the application{container} is given options of TLS for a connection without TLS: its URL begins with redis://.',
    remedy:
      'With encryption in transit use rediss:// in the URL in `secrets` or `environment`; without it remove the options ssl_... from the URL or the settings.',
  },
  {
    kind: 'stated',
    technology: 'redis',
    form: /TimeoutError: Timeout reading from (?<address>socket|[\w.-]{1,200}:\d{1,5})/,
    cause:
      'Redis ({address}) took the connection of the application{container}, and did not answer in time (socket_timeout).',
    remedy:
      'Set socket_timeout of the client above the time that its commands may block (XREAD, BLPOP), and look at the load of that server (SLOWLOG, CPU).',
  },
  isA(
    'server-too-old',
    /(?<name2>PostgreSQL|MySQL|MariaDB|SQLite|Oracle) (?<need>[\d.]{1,8}) or later is required \(found (?<have>[\d.]{1,12})/,
  ),
  {
    kind: 'own-fault',
    form: /NotRegistered: ['"](?<name>[\w.]{1,120})/,
    cause:
      'The Celery worker in the container{container} does not know the task {name}: the module with it is not imported there, or web and worker run different images.',
    remedy: [
      'List the module in `include` or autodiscover_tasks, and ',
      { deploys: 'deploy web and worker with the same image' },
      '.',
    ],
  },
  {
    kind: 'dependency-conflict',
    form: /has been moved to the `(?<name>[\w-]{1,40})` package|PydanticUserError: .{1,120}removed/,
    cause:
      'The image has pydantic 2, and the code of the application{container} or a package is written for pydantic 1: {line}',
    remedy: 'Pin pydantic<2 in the requirements, or install {name|the new package} and change the import.',
  },
  {
    kind: 'file-missing',
    form: /TemplateNotFound: (?<name>\S{1,160})|TemplateDoesNotExist:? (?:at \S{1,80} )?(?<name2>[\w./-]{1,160})/,
    cause: '{who} does not find its template {name}.',
    remedy:
      'COPY the folder of templates into the image (and list it as package data where the code is installed as a package); compare letter case and the folder that the framework searches.',
  },
  {
    kind: 'own-fault',
    form: /Model class (?<name>[\w.]{1,120}) doesn't declare an explicit app_label/,
    cause: 'Django does not know the app of the model {name}.',
    remedy:
      'Add the app to INSTALLED_APPS in the settings that the container uses (DJANGO_SETTINGS_MODULE), and import it by the same path.',
  },
  {
    kind: 'module-missing',
    form: /(?:WSGI|ASGI) application ['"](?<name>[\w.]{1,120})['"] could not be loaded/,
    cause:
      'Django cannot load {name}: the module is not there, or one that it imports is missing; the lines above say which.',
    remedy:
      'Correct WSGI_APPLICATION in the settings, and add the package that the import above it lacks to the requirements.',
  },
  {
    kind: 'entry-missing',
    form: /attempted relative import with no known parent package/,
    cause: 'The Python file is started by its path, but it uses imports of its package.',
    remedy:
      'Start it as a module from the folder above the package (python -m PACKAGE.MODULE), with WORKDIR as that folder.',
  },
  {
    kind: 'own-fault',
    form: /Table '(?<name>[\w.]{1,80})' is already defined for this MetaData instance/,
    cause:
      'The table {name} is defined twice in the code of the application{container}: its module is imported under two names.',
    remedy: 'Import the models by one path everywhere (app.models, not models), so that the module is loaded once.',
  },
  {
    kind: 'stated',
    form: /'utf-8' codec can't decode byte (?<value>0x\w{2})/,
    cause: '{who} reads a file or answer as UTF-8 that is not{at}: {line}',
    remedy:
      'Find in the stack what is read there: a binary or compressed file, or text in another encoding (name it in open()).',
  },
  {
    kind: 'unreachable',
    technology: 'rabbitmq',
    form: /pika\.exceptions\.AMQPConnectionError$|AMQPConnectorSocketConnectError|AMQPConnectorAMQPHandshakeError/,
    cause: '{who} got no connection to RabbitMQ; this line does not say why.',
    remedy:
      'Check host, port and TLS of the connection in `environment` and `secrets` (amqps on port 5671 for Amazon MQ, amqp on 5672), and that the security group of the broker allows that port from the tasks.',
  },
  {
    kind: 'login-refused',
    technology: 'redis',
    form: /redis\.exceptions\.AuthenticationError|AuthenticationError: (?:Authentication required|invalid username-password|Client sent AUTH)/,
    cause: 'Redis does not let the application{container} in: the password is missing or wrong.',
    remedy:
      'Set the password (and user) of the cache in `secrets` under the name that the application reads, or in the connection URL (rediss://:PASSWORD@HOST:6379).',
  },
  {
    kind: 'variable-missing',
    form: /ValueError: Required parameter (?<name>\w{1,40}) not set|Invalid bucket name "(?:None)?"|Bucket name .{0,20}(?:None|empty)|expected string or bytes-like object.{0,40}NoneType.{0,40}/,
    cause:
      '{who} calls AWS with an empty name ({name|a bucket}): the setting that holds it is not set in the container.',
    remedy:
      'Set the variable that the code reads it from (a bucket, table or queue name) in `environment` (input `environment-variables`).',
  },
  {
    kind: 'stated',
    form: /JSONDecodeError: (?<reason>.{1,120})/,
    cause: '{who} parses text that is not valid JSON{at}: {reason}.',
    remedy:
      'Find what the code parses there (a variable, secret, file or the answer of another server). At char 0 it is empty or no JSON at all: set that value in `environment` or `secrets` as one line with straight double quotes.',
  },
  {
    kind: 'runtime-mismatch',
    form: /no pq wrapper available|libpq library not found/,
    cause:
      'psycopg in the image of the container{container} finds no libpq: neither its binary package nor the library of the system is there.',
    remedy: [
      'Install psycopg[binary] in the requirements, or the library of the client',
      { examples: [{ for: 'alpine', words: 'libpq', else: 'libpq5' }] },
      ' in the final stage.',
    ],
  },
  {
    kind: 'runtime-mismatch',
    form: /cannot allocate memory in static TLS block/,
    cause:
      'A native library of the application{container} is loaded too late for its thread-local storage (as on arm64): {line}',
    remedy:
      'Load it first (LD_PRELOAD=/path/to/lib.so in `environment`, or its import in front), or use a newer version of that package. The memory of the task is not the cause.',
  },
  {
    kind: 'file-missing',
    form: /Missing staticfiles manifest entry for ['"](?<name>[^'"\n]{1,120})|staticfiles\.json|STATIC_ROOT setting to a filesystem path/,
    cause: 'Django does not find {name|a static file} among its collected static files in the image.',
    remedy:
      'Run manage.py collectstatic --noinput in the Dockerfile (with STATIC_ROOT set) and copy the result into the final stage.',
  },
  {
    kind: 'setting-invalid',
    form: /SettingsError: error parsing (?:value for field|env var) "(?<name>\w{1,80})"/,
    cause:
      'The setting {name} of the application{container} is not valid JSON, which pydantic wants for lists and objects.',
    remedy:
      'Write it as JSON in `environment` (["https://a.example"]), or declare the field as text; remove it if it is empty.',
  },
  {
    kind: 'setting-invalid',
    form: /validation errors? for \S{1,80}\n(?<name>[\w.]{1,80})\n(?!Field required|field required|Extra inputs|extra fields)[^\n[]{3,160}\[type=\w{1,40}, input_value='',/,
    cause: 'The setting {name} of the application{container} is set, but empty, which is no valid value for it{more}.',
    remedy:
      'Give the environment variable {name} a value in `environment` or `secrets`, or leave it out: an empty value is not the same as none{ also}.',
  },
  {
    kind: 'setting-invalid',
    form: /validation errors? for \S{1,80}\n(?<name>\w{0,70}PORT)\n(?<reason>(?!Field required|field required|Extra inputs|extra fields)[^\n[]{3,160}?) {0,2}(?:\[|\n|$)/i,
    cause: '{who} does not accept the value of the setting {name}: {reason}{more}.',
    remedy:
      'Correct the environment variable {name} in `environment` or `secrets`{ also}: such a name may be taken by a link variable of another tool (an address instead of a number).',
  },
  {
    kind: 'setting-invalid',
    form: /validation errors? for \S{1,80}\n(?<name>[\w.]{1,80})\n(?<reason>(?!Field required|field required|Extra inputs|extra fields)[^\n[]{3,160}?) {0,2}(?:\[|\n|$)/,
    cause: '{who} does not accept the value of the setting {name}: {reason}{more}.',
    remedy: 'Correct the environment variable {name} in `environment` or `secrets`{ also}.',
  },
  {
    kind: 'runtime-mismatch',
    form: /was sent code 132|was sent SIGILL/,
    cause:
      'A worker in the container{container} ended with an illegal instruction: a native library wants a CPU feature (AVX) or another CPU than the task has.',
    remedy:
      'Install builds of that library for the CPU of the task (input `platforms`; TensorFlow without AVX), or run on an instance type that has it.',
  },
  {
    kind: 'crash',
    form: /was sent code (?:139|134)|was sent SIG(?:SEGV|ABRT)/,
    cause: 'A worker in the container{container} crashed in native code: {line}',
    remedy: [
      'Look at native libraries and the base image',
      { examples: [{ for: 'native', words: 'musl or glibc' }] },
      ", and whether the image is of the task's architecture (input `platforms`).",
    ],
  },
  {
    kind: 'variable-missing',
    form: /Requested settings?, but settings are not configured|Requested setting (?<name>\w{1,60}), but settings are not configured/,
    cause: 'Django does not know which settings to use in the container{container}: DJANGO_SETTINGS_MODULE is not set.',
    remedy:
      'Set DJANGO_SETTINGS_MODULE (PROJECT.settings) in `environment` (input `environment-variables`), or start through manage.py or wsgi.py of the project.',
  },
  {
    kind: 'variable-missing',
    form: /settings\.DATABASES is improperly configured/,
    cause:
      'Django has no database configured in the container{container}: the entry in DATABASES is empty, as it is when dj_database_url finds no DATABASE_URL.',
    remedy: 'Set DATABASE_URL (or the variables that settings.py reads) in `secrets` (input `secrets`).',
  },
  {
    kind: 'host-not-allowed',
    form: /You must set settings\.ALLOWED_HOSTS if DEBUG is False/,
    cause: 'Django does not start without DEBUG while ALLOWED_HOSTS is empty.',
    remedy:
      'Set ALLOWED_HOSTS (the variable that settings.py reads for it) in `environment` to the host names of the load balancer and domain.',
  },
  isA(
    'variable-missing',
    /ImproperlyConfigured: (?:Set the (?<name>[\w]{1,80}) environment variable|The (?<name2>\w{1,60}) setting must not be empty)/,
  ),
  isA(
    'variable-missing',
    /UndefinedValueError: (?<name>\w{1,80}) not found|Config ['"](?<name2>\w{1,80})['"] is missing, and has no default|EnvError: Environment variable ["'](?<name3>\w{1,80})["'] not set/,
  ),
  {
    kind: 'variable-missing',
    form: /Expected string or URL object, got None|Could not parse (?:rfc1738|SQLAlchemy) URL from (?:given URL )?string ['"]{2}|NoneType.{0,40}create_engine/,
    cause:
      'SQLAlchemy was given no database URL in the container{container}: the variable that holds it is not set or empty.',
    remedy:
      'Set it (DATABASE_URL, SQLALCHEMY_DATABASE_URI or the name that the code reads) in `secrets` (input `secrets`).',
  },
  isA(
    'url-invalid',
    /Could not parse (?:rfc1738|SQLAlchemy) URL|Can't load plugin: sqlalchemy\.dialects:(?<scheme>\w{1,40})|invalid dsn: |invalid connection option /,
  ),
  {
    kind: 'url-invalid',
    form: /asyncio extension requires an \w{5} driver/,
    cause: 'SQLAlchemy is used with asyncio, and the driver in the connection URL is not asynchronous: {line}',
    remedy:
      'Write the scheme with an asynchronous driver in `secrets` (postgresql+asyncpg://, mysql+aiomysql://, sqlite+aiosqlite://) and install that driver.',
  },
  {
    kind: 'url-invalid',
    form: /No scheme supplied|Request URL is missing an ['"]http|Invalid URL ['"]?(?<value>[^'"\s:]{0,80})['"]?: No|InvalidSchema: No connection adapters/,
    cause: '{who} calls a URL without http:// or https://: {line}',
    remedy:
      'Correct the variable that holds it in `environment` or `secrets`: if the URL begins with None or is only a path, the variable is not set; otherwise write the scheme in front.',
  },
  {
    kind: 'module-missing',
    form: /class uri ['"](?<name>[\w.:]{1,80})['"] invalid or not found/,
    cause: 'gunicorn cannot load its worker class {name}: the package with it is not in the image.',
    remedy:
      'Add it to requirements.txt (uvicorn, gevent, eventlet or uvicorn-worker) and build the image again, or correct -k / --worker-class in `command`.',
  },
  {
    kind: 'out-of-heap',
    form: /was sent SIGKILL! Perhaps out of memory/,
    cause:
      'A worker of gunicorn in the container{container} was killed: as a rule the container has reached its memory limit.',
    remedy:
      'Raise the memory of the container and task (input `memory`), or start fewer workers (--workers, WEB_CONCURRENCY); load large data once before the fork (--preload).',
  },
  {
    kind: 'entry-missing',
    form: /No application module specified/,
    cause: 'gunicorn in the container{container} is started without the name of an application.',
    remedy: 'Add it to `command` or CMD: gunicorn PACKAGE.MODULE:app.',
  },
  {
    kind: 'module-missing',
    form: /Error loading ASGI app\. Could not import module ["'](?<name>[\w.]{1,100})/,
    cause: 'uvicorn cannot import {name}: no such module is in the folder in which it is started.',
    remedy:
      'Let WORKDIR be the folder that holds it (or use --app-dir or PYTHONPATH), write the module with its package (app.main:app), and check that the Dockerfile copies it.',
  },
  {
    kind: 'entry-missing',
    form: /Could not locate a Flask application|Could not import ['"](?<name>[\w.]{1,80})['"]\.|While importing ['"](?<name2>[\w.]{1,80})['"], an ImportError was raised/,
    cause: 'Flask finds no application{ (name)} in the container{container}.',
    remedy:
      'Set FLASK_APP (MODULE or MODULE:app) in `environment` or write flask --app MODULE, and let WORKDIR be the folder that holds the module; if its import fails, the lines below name the missing package.',
  },
  {
    kind: 'option-unknown',
    form: /Error: No such command ['"](?<name>[\w:-]{1,60})/,
    cause:
      'The command {name} does not exist in the command line of the application{container}: its package or plugin is not installed, or the name is wrong.',
    remedy:
      'Correct `command`, or add the package that brings {name} (for flask db Flask-Migrate, registered in the application) to the requirements of the image.',
  },
  {
    kind: 'entry-missing',
    form: /Unable to load celery application\.(?: The module (?<name>[\w.]{1,80}) was not found)?|Module ['"](?<name2>[\w.]{1,80})['"] has no attribute ['"]celery/,
    cause:
      'Celery cannot load its application{ (name)}: the module behind -A is not in the folder in which it is started, or has no celery object.',
    remedy:
      'Correct -A in `command` (celery -A PACKAGE worker) and let WORKDIR or PYTHONPATH be the folder above that package.',
  },
  {
    kind: 'connection-refused',
    form: /consumer: Cannot connect to (?<url>\S{1,200}?): .{0,120}(?:refused|\[Errno 111\])/,
    cause: 'Celery in the container{container} cannot reach its message broker {url}: nothing listens there.',
    remedy:
      'Set the URL of the broker (CELERY_BROKER_URL or the name that the code reads) in `environment` or `secrets`: amqp://guest@127.0.0.1:5672 is the default when none is set. The security group of the broker must allow its port from the tasks.',
  },
  {
    kind: 'placeholder',
    form: /Invalid value for ['"]--port['"]: ['"]?(?<name>\$\{?\w{1,40}\}?)|['"](?<name2>\$\{?\w{1,40}\}?)['"] is not a valid port number/,
    cause: '{who} is given the text {name} as its port: ECS expands no variables in `command`.',
    remedy: 'Let a shell expand it (["sh", "-c", "uvicorn main:app --port $PORT"]), or write the number.',
  },
  {
    kind: 'runtime-mismatch',
    form: /unsupported operand type\(s\) for \|: ['"]\w{1,20}['"] and|['"]type['"] object is not subscriptable|invalid syntax.{0,40}match |has no attribute ['"](?:removeprefix|StrEnum|UTC|override)['"]|cannot import name ['"](?:StrEnum|UTC|Self|override|TypeAlias|ParamSpec)['"] from ['"](?:enum|datetime|typing)/,
    cause: 'The code of the application{container} is written for a newer Python than the image has: {line}',
    remedy:
      'Use a base image with that version (FROM python:3.12 for StrEnum, UTC and Self; 3.10 for int | None; 3.9 for list[int]).',
  },
  {
    kind: 'dependency-conflict',
    form: /module ['"](?<name>collections|inspect|asyncio|base64|numpy|np|fractions|math|pkgutil|ssl|unittest|configparser|ast|PIL\.Image|bcrypt|cgi|locale|time)['"] has no attribute ['"](?<what>Mapping|MutableMapping|Callable|Iterable|Sequence|Hashable|getargspec|formatargspec|coroutine|get_event_loop_policy|decodestring|encodestring|bool|int|float|object|str|typeDict|gcd|ImpImporter|wrap_socket|PROTOCOL_SSLv3|SafeConfigParser|Num|Str|ANTIALIAS|__about__|escape|format|clock|float_|NaN|unicode_)['"]/,
    cause:
      'A package of the application{container} uses {name}.{what}, which the version of Python or {name} in the image no longer has.',
    remedy:
      'Upgrade the package in the stack that uses it (or pin {name} to an older version: numpy<1.24 or <2, Pillow<10, bcrypt<4.1), or use the Python version it was written for.',
  },
  {
    kind: 'module-missing',
    form: /DistributionNotFound: The ['"](?<name>[\w.-]{1,80})|PackageNotFoundError: (?:No package metadata was found for )?(?<name2>[\w.-]{1,80})/,
    cause:
      'The image of the container{container} lacks the Python package {name|that the line names} (or its metadata).',
    remedy:
      'Add it to the requirements and install them in the final stage with pip; if the stage only copies site-packages, copy the *.dist-info folders as well.',
  },
  {
    kind: 'file-missing',
    form: /Resource (?:['"]?(?<name>[\w/-]{2,60})['"]? )?not found\.?\s{0,3}(?:$|Please use the NLTK)|NLTK Downloader/m,
    cause: 'The image of the container{container} lacks the data of NLTK{ (name)}.',
    remedy:
      'Load it in the Dockerfile (RUN python -m nltk.downloader -d /usr/share/nltk_data NAME), where the user of the container may read it.',
  },
  {
    kind: 'module-missing',
    form: /\[E050\] Can't find model ['"](?<name>[\w.-]{1,80})/,
    cause: 'The image of the container{container} lacks the spaCy model {name}.',
    remedy: 'Install it in the Dockerfile: RUN python -m spacy download {name}.',
  },
  {
    kind: 'request-denied',
    form: /GatedRepoError|RepositoryNotFoundError: 401|Access to model .{1,100} is restricted|401 Client Error: Unauthorized for url: https:\/\/huggingface/,
    cause:
      'Hugging Face refuses the model to the application{container}: it is gated or private, and no valid token was sent.',
    remedy:
      'Accept the terms of the model with your account and set HF_TOKEN in `secrets`, or bring the model in the image.',
  },
  {
    kind: 'stated',
    form: /couldn't connect to ['"]https:\/\/huggingface\.co|LocalEntryNotFoundError|offline mode is enabled/,
    cause:
      '{who} loads a model from Hugging Face when it starts, and does not reach it (or has no write access to the cache).',
    remedy:
      'Load the model in the Dockerfile and set HF_HUB_OFFLINE=1, or give the subnets a route to the internet (NAT) and the container a writable HF_HOME.',
  },
  {
    kind: 'variable-missing',
    form: /DefaultCredentialsError|Could not automatically determine credentials|default credentials were not found|could not find default credentials|Could not load the default credentials|Application Default Credentials are not available/,
    cause: '{who} uses Google Cloud and found no credentials of Google in the container.',
    remedy:
      'Put the service account key into `secrets`, let the entrypoint write it to a file and set GOOGLE_APPLICATION_CREDENTIALS to its path, or use workload identity federation with the task role.',
  },
  {
    kind: 'url-invalid',
    form: /BadDsn: |Invalid Sentry Dsn|Invalid (?:DSN|Dsn)\b|Unsupported scheme ['"]{2}/,
    not: /sqlalchemy|mysql|postgres|PDO/i,
    cause: 'The DSN of Sentry that the application{container} was given is empty or not valid: {line}',
    remedy:
      'Correct SENTRY_DSN in `environment` or `secrets` (https://KEY@HOST/PROJECT), or remove it where Sentry is not used.',
  },
  {
    kind: 'migration-pending',
    form: /You need to initialize the database\.? Please run `?airflow db|Please run `airflow db (?:init|migrate)/,
    cause: 'The metadata database of Airflow has no schema of this version.',
    remedy: 'Run `airflow db migrate` once in a task of this image before the deployment.',
  },
  {
    kind: 'command-missing',
    form: /TesseractNotFoundError|tesseract is not installed|No wkhtmltopdf executable found|ffmpeg (?:was )?not found|Couldn't find ffmpeg|PDFInfoNotInstalledError|Unable to get page count\. Is poppler installed|git executable|chromedriver.{0,40}needs to be in PATH|Graphviz executables are on your systems' PATH/,
    cause: '{who} calls a program that the image does not have: {line}',
    remedy:
      'Install it in the final stage with the package manager of the base image (tesseract-ocr, wkhtmltopdf, ffmpeg, poppler-utils, git, chromium-driver, graphviz).',
  },
  {
    kind: 'stated',
    form: /['"]ascii['"] codec can't (?:encode|decode)|UnicodeEncodeError: ['"](?:latin-1|ascii|charmap)/,
    cause: 'Python in the container{container} uses ASCII or Latin-1 for text with other characters: {line}',
    remedy:
      'Set LANG=C.UTF-8 (or PYTHONUTF8=1) in `environment` or the Dockerfile, or name the encoding where the code opens the file.',
  },
  {
    kind: 'own-fault',
    form: /SynchronousOnlyOperation|MissingGreenlet|AppRegistryNotReady|There is no current event loop|This event loop is already running|asyncio\.run\(\) cannot be called from a running/,
    cause:
      'The code of the application{container} uses its framework at the wrong moment or mixes synchronous and asynchronous calls: {line}',
    remedy:
      'Correct that place in the code (the stack names it): sync_to_async or an asynchronous session, or no import of models before django.setup().',
  },
  isA('schema-misfit', /\bUndefined(?:Table|Column)(?:Error)?\b/),
  isA('key-wrong', /cryptography\.fernet\.InvalidToken|Fernet key must be/),
  isA(
    'import-name',
    /AttributeError: (?<state>partially initialized )?module ['"](?<module>[\w.]{1,120})['"] has no attribute ['"](?<name>\w{1,80})['"]/,
  ),
]);
