/**
 * A cause or remedy names a technology only where the message, or what stood beside it, does: who meets "npm ci" under the
 * error of a Ruby program cannot believe the rest. Rows are written for all that print a line of their form; what an
 * example or a condition in them adds for another technology is left out here, in one place.
 */

import type { Evidence } from './diagnosis.ts';

interface Technology {
  /** The words by which an explanation names it. */
  readonly word: RegExp;
  /** What else in a message shows it at work: its files, its own forms of errors, what only it needs. */
  readonly sign: RegExp;
}

/** By name, for tests. */
export const TECHNOLOGIES: Readonly<Record<string, Technology>> = {
  'Node.js': {
    word: /\b(?:npm|yarn|pnpm|node_modules|package\.json|Node(?:\.js)?|NODE_[A-Z_]{1,40}|corepack|npx|tsx|knex)\b/,
    sign: /node|npm|yarn|\.[cm]?[jt]sx?\b|package\.json|javascript|typescript|\bTS\d|\berror:0308|prisma|\bnext\b|webpack|rollup|vite|\bERR_|\bSWC\b|corepack|npx|\bnest(?:js)?\b|electron|puppeteer|playwright|\bChrome\b|\breact\b|\bdeno\b|\bbun\b|\b(?:Type|Reference)Error: |at \S{1,80} \(\S{1,200}:\d{1,6}:\d{1,6}\)|\bE(?:ACCES|ADDR[A-Z]{2,12}|AI_AGAIN|BADENGINE|BUSY|CONN[A-Z]{3,10}|EXIST|HOSTUNREACH|INTEGRITY|INVAL|JSONPARSE|LIFECYCLE|MFILE|NETUNREACH|NOENT|NOSPC|NOTCACHED|NOTDIR|NOTEMPTY|NOTFOUND|NOTSUP|OTP|PERM|PIPE|RESOLVE|ROFS|TARGET|TARGETUNREACHABLE|TIMEDOUT|UNSUPPORTEDPROTOCOL|USAGE)\b|mongoose|sequelize|ExecJS|\bER_[A-Z]{3}|is not assignable|"sharp"|\bturbo\b|\bP\d{4}\b|\bexpress\b|\bpg package|Script not found|Dialect needs|launch the browser|with OIDC|\bTLS\b.{0,40}disconnected/i,
  },
  Python: {
    word: /\b(?:pip3?|PyPI|requirements\.txt|gunicorn|uvicorn|Python|PYTHON[A-Z]{1,20}|virtualenv|poetry|manylinux|Django|ALLOWED_HOSTS|Flask|[Cc]elery|pytest|asyncpg|psycopg)\b/,
    sign: /python|\bpip|\.py\b|\.whl\b|traceback|gunicorn|uvicorn|django|wheel|pypi|poetry|conda|alembic|psycopg|boto|flask|celery|sqlalchemy|\b[a-z_]\w{1,60}\.\w{3,60}(?:Error|Exception|NotFound)\b|\b(?:Value|Key|Import|ModuleNotFound|Attribute|OS|Permission|FileNotFound|Connection|Runtime|Unicode\w{2,6}|Timeout|NotImplemented)Error: |NoneType|unsupported operand|No module named|\buv\b|asgi|wsgi|pydantic|airflow|\bPEP ?\d|requirement|manylinux|amqp:|MainProcess|manage\.py|ensurepip|numpy|ALLOWED_HOSTS|\(pid:\d{1,6}\)|No such command|application module|Worker \(pid/i,
  },
  uWSGI: { word: /\buWSGI\b/, sign: /uwsgi|harakiri|python application|no app loaded/i },
  'php-fpm': { word: /\bphp-fpm\b|SCRIPT_FILENAME/, sign: /php|fastcgi|fpm|primary script/i },
  Ruby: {
    word: /\b(?:Ruby|bundle (?:install|exec|lock)|Gemfile(?:\.lock)?|gem|Rails|RAILS_[A-Z_]{1,20}|Puma|rake)\b/,
    sign: /ruby|bundle|gem\b|gems\b|rails|\brake\b|\bpuma\b|\.rb\b|sidekiq|active_?(?:record|support|model)|LoadError|sprockets|\bPG::|Psych|ExecJS|secret_key_base|uninitialized constant|ArgumentError/i,
  },
  Java: {
    word: /\b(?:JVM|Java|Maven|mvn|[Gg]radle|Spring|SPRING_[A-Z_]{1,40}|Hibernate|JAVA_[A-Z_]{1,20}|JDK|JRE|JDBC|pom\.xml|truststore(?!\.pki))\b/,
    sign: /java|jvm|maven|\bmvn|gradle|spring|hibernate|kotlin|\.jar|\bat [\w.$]{1,200}\(|Exception in thread|\bjdk|\b(?:org|com|io)\.\w+\.|jdbc|\[ERROR\] (?:COMPILATION|Failed to execute|\/)|keycloak|tomcat|Caused by: [a-z]{2,12}\.|\bscala\b|clojure|elasticsearch|initialization of VM|DataSource|\bbeans?\b|main class|OutOfMemoryError|heap space|PKIX|Liquibase|flyway/i,
  },
  Go: {
    word: /\b(?:GOPROXY|GOPRIVATE|go\.mod|go\.sum|Go|CGO_ENABLED|GOARCH|GODEBUG|go mod)\b/,
    sign: /\bgo\b|golang|goroutine|go\.(?:mod|sum)|\.go\b|\bdial tcp|panic: |\bgcc\b|x509|-mod[= ]vendor|exec \/|exec: |symbol not found|time zone|dubious ownership/i,
  },
  '.NET': {
    word: /\.NET\b|\bdotnet\b|\bNuGet\b|\bKestrel\b|\bASPNETCORE_\w{1,40}|\bDOTNET_\w{1,60}/,
    sign: /dotnet|\.net\b|nuget|msbuild|kestrel|asp\.?net|\.csproj|\bSystem\.|Microsoft\.|npgsql|\berror (?:CS|NU|MSB|NETSDK)\d|\.dll\b|\.cs\b|\bICU\b|culture/i,
  },
  PHP: {
    word: /\b(?:PHP|[Cc]omposer(?:\.json)?|php-fpm|Laravel|Symfony|artisan)\b/,
    sign: /fastcgi|primary script|php|composer|laravel|symfony|artisan|SQLSTATE|\bfpm|illuminate|APP_KEY|encryption key has been|cache path|View \[|Target class|stream or file|cipher or incorrect key/i,
  },
  Rust: {
    word: /\b(?:cargo|Rust|rustup|rustls)\b/,
    sign: /\brust(?:c|up|ls)?\b|cargo|panicked|crate|\.rs\b|error\[E\d|hyper|reqwest/i,
  },
  Elixir: {
    word: /\b(?:Elixir|Erlang|Ecto)\b/,
    sign: /elixir|erlang|\bmix\b|\becto\b|\*\* \(|phoenix|erl_|\bbeam|\bSupervisor\b|postgrex|DBConnection/i,
  },
  'the package manager of a distribution': {
    word: /\b(?:apt(?:-get)?|apk|Alpine|Debian|Ubuntu|dnf|yum|musl|glibc)\b/,
    sign: /\bapt(?:-get)?\b|\bapk\b|alpine|debian|ubuntu|\bdnf\b|\byum\b|musl|libc|\bdeb\b|\.so\b|\bE: |buster|jessie|stretch|bullseye|bookworm|gcc|\bcc\b|\bld[-:]|librar|pkg-config|\blib\w|headers|native|node-gyp|command not found|: not found\b|[`'"] not found|ensurepip|executable|exec format|no such file|segfault|segmentation|SIGSEGV|signal 11|\b139\b|could not find|Cannot find|not installed|Could not load|Failed to (?:load|set up)|compil|undefined reference|No module named|spawn|pipefail|time zone|Font|\bICU\b|cmake|pg_config|wheel|executable|undefined: |build constraints|Essential container|fcntl64|certificates? found|unknown authority/i,
  },
  EFS: {
    word: /\bEFS\b/,
    sign: /\bEFS\b|\bfs-[0-9a-f]|\bnfs|efs-utils|stunnel|access ?point|2049|elasticfilesystem|amazon-ecs-volume-plugin|sourcePath|\/var\/lib\/ecs\/volumes\/|mount source path|platform version|specified platform/i,
  },
  EBS: { word: /\bEBS\b/, sign: /\bEBS\b|\bvol-[0-9a-f]|\bsnap(?:shot)?\b|infrastructure role/i },
  RDS: {
    word: /\b(?:RDS|Aurora)\b/,
    sign: /\brds\b|rds[-_]|aurora|postgres|mysql|mariadb|\bpg_|psycopg|SQLSTATE|HY000|\b(?:FATAL|PANIC|ERROR): {2}|\bPAM\b|\bPG::|postgrex|server at|\bdatabase ["'`\w-]{1,64} ?(?:\(|does|is|was|has)|database (?:for|system|server|name|connection)/i,
  },
  DynamoDB: {
    word: /\bDynamoDB\b/,
    sign: /dynamo|\b(?:Get|Put|Query|Update|Delete|BatchGet|BatchWrite)Item\b|\b(?:Describe|Create)Table\b|:table\//i,
  },
  PostgreSQL: {
    word: /\b(?:PostgreSQL|Postgres|psql|pg_hba(?:\.conf)?|sslmode|pgbouncer|PgBouncer|PGDATA|PGSSL\w{1,20}|sslrootcert)\b/,
    sign: /postgres|\bpg|psycopg|5432|libpq|\bP[13]\d\d\d\b|sequelize|prisma|relation "|role "|asyncpg|no encryption|PG::|extension|typeorm|\bpq: |prepared statement|\b(?:FATAL|PANIC|ERROR): {2}|sslmode|sslrootcert|server at|ActiveRecord|diesel|no such (?:database|user)|conn busy/i,
  },
  MySQL: {
    word: /\b(?:MySQL|MariaDB|mysql2|log_bin_trust_function_creators|ssl_ca)\b/,
    sign: /mysql|mariadb|3306|HY000|\bER_[A-Z]|sequelize|\(1\d\d\d,|ERROR [12345]\d\d\d|prisma|Communications link|caching_sha2|SQLSTATE|\bsql\b/i,
  },
  Redis: {
    word: /\b(?:Redis|ElastiCache|Valkey|MemoryDB|rediss?:)\b/,
    sign: /redis|valkey|6379|WRONGPASS|NOAUTH|\bMOVED\b|elasticache|CROSSSLOT|sidekiq|celery|\bbull(?:mq)?\b|\bERR [A-Za-z]|append only|Socket closed|max retries per request|Client network socket/i,
  },
  MongoDB: { word: /\b(?:MongoDB|Mongo|Atlas|DocumentDB)\b/, sign: /mongo|atlas|27017|docdb|wire version/i },
  Kafka: { word: /\b(?:Kafka|MSK|KAFKA_\w{1,60})\b/, sign: /kafka|\b909\d\b|broker|librd|advertised\.listeners/i },
  RabbitMQ: { word: /\b(?:RabbitMQ|AMQP)\b/, sign: /rabbit|amqp|5672|celery|\bpika\b/i },
  nginx: { word: /\bnginx\b/, sign: /nginx|upstream|\[emerg\]|\*\d{1,9} no resolver|413 Request Entity/i },
  Apache: { word: /\b(?:Apache|httpd)\b/, sign: /apache|httpd|\bAH0\d/i },
  Prisma: { word: /\b[Pp]risma\b/, sign: /prisma|\bP[1-6]\d\d\d\b|query engine|datasource db/i },
  Flyway: { word: /\b[Ff]lyway\b/, sign: /flyway/i },
  Liquibase: { word: /\b[Ll]iquibase\b/, sign: /liquibase|DATABASECHANGELOG/i },
  Alembic: { word: /\b[Aa]lembic\b/, sign: /alembic|sqlalchemy/i },
  CodeDeploy: {
    word: /\bCodeDeploy\w{0,20}\b/,
    sign: /CodeDeploy|CODE_DEPLOY|deployment controller|blue.?green|DeploymentGroup|ApplicationName|AppSpec|DgpECS|AppECS|deploymentSuccessful|\bd-[A-Z0-9]{6,}|Deployment\w{1,40}Exception|DeploymentType/i,
  },
  EventBridge: { word: /\bEventBridge\b/, sign: /events?:|EventBridge|PutTargets|PutRule|ecsEvents|scheduler/i },
  Terraform: { word: /\bTerraform\b/, sign: /terraform|\.tf\b|\baws_\w|\btf-|service_connect_defaults|"name" cannot/i },
  CloudFormation: {
    word: /\b(?:CloudFormation|CDK)\b/,
    sign: /cloudformation|\bcdk\b|Resource handler|\bstack\b|AWS::|HandlerErrorCode/i,
  },
  CodeBuild: { word: /\bCodeBuild\b/, sign: /codebuild/i },
  emulation: {
    word: /\bQEMU\b|\b[Ee]mulat(?:ion|ed|or)\b/,
    sign: /qemu|emulat|:4566\b|arm64|amd64|aarch|armv|s390x|ppc64|riscv|exec format|platform|binfmt|\b139\b|illegal|segmentation|core dumped|Function not implemented|\b137\b|SIGKILL|\bSIGILL|maximum execution|allocate memory|out of memory/i,
  },
  'Secrets Manager': {
    word: /\bSecrets Manager\b/,
    sign: /secret|\basm\b|password|credential|unauthorized|\bauthorize\b|authorization token|\bPEM\b|\bkey\b|unauthorized|anonymous|Max allowed length/i,
  },
  KMS: { word: /\bKMS\b/, sign: /\bkms|decrypt|encrypt|\bkey\b|secretsmanager|ssm:|Service Connect|EBS|secret/i },
  FireLens: {
    word: /\b(?:FireLens|Fluent Bit|[Ff]luentd|fluent-bit)\b/,
    sign: /firelens|fluent|24224|\[config\] section|log driver/i,
  },
  Splunk: { word: /\b[Ss]plunk\b/, sign: /splunk|log driver/i },
  'ghcr.io': {
    word: /\b(?:ghcr\.io|GHCR)\b/,
    sign: /ghcr|write_package|Github Registry|read:packages|write:packages/i,
  },
  'Docker Hub': {
    word: /\bDocker Hub\b|\bDOCKERHUB\b/,
    sign: /docker\.io|docker hub|toomanyrequests|rate limit|library\/|\bhub\b|pull access denied|docker\.com|anonymous|(?:\] |>>> |\| )FROM |load metadata|docker login|requested access to the resource|does not exist or no pull access/i,
  },
  GPU: { word: /\b(?:CUDA|NVIDIA|GPU)\b/, sign: /cuda|nvidia|\bgpu|torch|tensorflow/i },
};

const isUnnamed = ({ word, sign }: Technology, words: string, facts: string): boolean =>
  word.test(words) && !sign.test(facts) && !word.test(facts);

const unnamedIn = (words: string, facts: string): boolean =>
  Object.values(TECHNOLOGIES).some((technology) => isUnnamed(technology, words, facts));

/** Names of technologies in the words of an explanation of which the message knows nothing. */
export const unnamed = (words: string, facts: string): readonly string[] =>
  Object.entries(TECHNOLOGIES).flatMap(([name, technology]) => (isUnnamed(technology, words, facts) ? [name] : []));

/** A bracket without brackets in it, outside of code. */
const BRACKET = / ?\(([^()`]{0,300}|[^()]{0,300})\)/g;
/** What follows a full stop or a semicolon is a sentence of its own. */
const PARTS = /(?<=[.;]) (?=\S)/;

/** Of the items of a bracket those that are about this message. */
function bracket(whole: string, inner: string, facts: string): string {
  if (!unnamedIn(inner, facts)) return whole;
  const items = inner.split(/(?<=[,;]) |, (?=or )/).filter((item) => !unnamedIn(item, facts));
  const kept = items
    .join(' ')
    .replace(/[,;:]$/, '')
    .replace(/^(?:or|and) /, '');
  // A word that only led over to what was left out says nothing.
  return kept.length < 3 || /^(?:mostly|often|for instance|such as|on|for|of|with)\b.{0,12}$/i.test(kept)
    ? ''
    : ` (${kept})`;
}

/**
 * The explanation without what it says of technologies that neither the message nor its facts name: items of brackets, then
 * whole parts. The first part is what the row is about, and stays.
 * @param facts the message and what stood beside it
 */
export function onlyNamed(words: string, facts: string): string {
  if (!unnamedIn(words, facts)) return words;
  const bare = words.replace(BRACKET, (whole, inner: string) => bracket(whole, inner, facts));
  if (!unnamedIn(bare, facts)) return bare;
  const kept: string[] = [];
  for (const [i, part] of bare.split(PARTS).entries()) {
    if (i > 0 && unnamedIn(part, facts)) continue;
    const begins = i === 0 || !kept.at(-1)?.endsWith('.');
    kept.push(begins ? part : `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`);
  }
  return kept.join(' ').trim().replace(/[;,]$/, '.');
}

/** What may be named in the explanation of a message: its own words and the fields that stood beside it. */
export const factsOf = ({ text, context }: Evidence): string =>
  [text, ...Object.values(context).filter((value) => typeof value === 'string')].join('\n');
