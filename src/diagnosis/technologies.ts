/**
 * Which technologies a message shows at work, read once for each message. An explanation speaks of a technology only
 * where it is in this set, or where its row is about one whose own form it matches: see `say.ts` for the parts.
 */
import type { Evidence } from './diagnosis.ts';

/** A runtime, server, client, tool or service, of which some readers of an explanation have one and others not. */
export type Technology =
  // Runtimes, with their package managers and frameworks.
  | 'node'
  | 'python'
  | 'ruby'
  | 'jvm'
  | 'go'
  | 'dotnet'
  | 'php'
  | 'rust'
  | 'elixir'
  // What the image is made of.
  | 'debian'
  | 'alpine'
  | 'native'
  // Servers, by their own words or those of their clients.
  | 'postgres'
  | 'mysql'
  | 'redis'
  | 'mongodb'
  | 'kafka'
  | 'rabbitmq'
  | 'nginx'
  | 'apache'
  | 'uwsgi'
  // Tools for migrations.
  | 'prisma'
  | 'flyway'
  | 'liquibase'
  | 'alembic'
  // Parts of AWS and of builds that not everyone uses.
  | 'efs'
  | 'ebs'
  | 'rds'
  | 'kms'
  | 'secrets-manager'
  | 'codedeploy'
  | 'eventbridge'
  | 'terraform'
  | 'cloudformation'
  | 'firelens'
  | 'splunk'
  | 'docker-hub'
  | 'ghcr'
  | 'gpu'
  | 'emulation';

/** `name:tag` of an image that a build starts from, or that a message names, by its last part. */
const image = (names: string): string => String.raw`(?:\bFROM\s[^\n]{0,120}?|\bdocker\.io/(?:library/)?)(?:${names})\b`;
/** `HOST:PORT`, `port PORT` and `(HOST), port PORT`, as clients print what they connect to. */
const port = (ports: string): string => String.raw`:(?:${ports})(?![\w.:-])|\bport:? (?:${ports})\b`;
/** Names of a product as a word or a part of a name: `libpq`, `redis://`, `org.postgresql`, `mysql2`. */
const any = (...sources: readonly string[]): RegExp => new RegExp(sources.join('|'), 'm');

/**
 * The forms by which each is recognised, as it prints them: the grammar of its errors and stacks, the name of the tool
 * that speaks, its files, hosts and ports. A word of English is none.
 */
export const FORMS: Readonly<Record<Technology, RegExp>> = {
  node: any(
    // Stack frames of V8, Node's own modules, system errors of libuv and properties of printed errors.
    String.raw`^[ \t]{0,40}at (?:[a-z]{5} )?(?:[\w.<>$\[\] ]{1,80} \()?(?:file:\/\/|node:|\/|webpack)[^\s()]{0,200}:\d{1,6}:\d{1,6}\)?`,
    String.raw`\bnode:internal\/|\bNode\.js v?\d|\(node:\d{1,7}\)|\bUnhandledPromiseRejection|\bERR_[A-Z]{3,}_[A-Z_]{3,}`,
    String.raw`\b(?:connect|listen|getaddrinfo|queryA|read|write|spawn|open|mkdir|unlink|scandir|bind|access|stat|rename|copyfile|rmdir) E[A-Z_]{4,20}\b|\b(?:EACCES|EADDRINUSE|EADDRNOTAVAIL|EAI_AGAIN|EBADENGINE|EBUSY|ECONNREFUSED|ECONNRESET|EEXIST|EHOSTUNREACH|EISDIR|ELOOP|EMFILE|ENOENT|ENOMEM|ENOSPC|ENOTDIR|ENOTEMPTY|ENOTFOUND|EPERM|EPIPE|EROFS|ETIMEDOUT): [a-z]`,
    String.raw`\bcode: 'E[A-Z_]{3,30}'|\bsyscall: '|^ReferenceError: |\bCannot find (?:module|package) '|is not (?:a function|a constructor|iterable)$`,
    // The tools that speak, and their files.
    String.raw`\bnpm (?:ERR!|error|warn|WARN|notice|ci|i\b|install|run|exec)|\b(?:npx|yarn|pnpm|corepack|node-gyp|ts-node|tsx|nodemon|pm2) |\bERR_PNPM|\bYN\d{4}\b|\berror TS\d{4}|\bTS\d{4,5}: `,
    String.raw`\bnode_modules\b|\bprotoc-gen-(?:js|ts)\b|\bpackage(?:-lock)?\.json\b|\b(?:yarn|pnpm|bun)[.-]lock\b|\.npmrc\b|\.[cm]?[jt]sx?:\d{1,6}\b|\b(?:webpack|vite|next|nuxt|nest|prisma|sequelize|knex|mongoose|typeorm|ioredis|bullmq|puppeteer|playwright|esbuild|turbo|rollup|eslint|pnpm|npm|yarn|nodejs|deno|bun)\b`,
    String.raw`\b(?:Sequelize|Mongoose|Prisma|TypeORM|QueryFailed|MongooseServerSelection)\w{0,40}Error\b|\bReplyError\b|\bMaxRetriesPerRequestError\b`,
    image('node|bun'),
  ),
  python: any(
    String.raw`^Traceback \(most recent call last\)|^[ \t]{0,40}File "[^"\n]{1,200}", line \d|\bModuleNotFoundError\b|\bNo module named\b|'NoneType' object`,
    String.raw`^(?:[a-z_]\w{0,60}\.){1,6}[A-Z]\w{2,60}(?:Error|Exception|Exists|NotFound|Exit|Refused|Configured|Warning|Timeout)\b|^(?:Value|Key|Import|Attribute|OS|FileNotFound|Permission|Connection\w{0,12}|NotImplemented|Unicode\w{2,6}|Runtime)Error: `,
    String.raw`\b(?:pip3?|poetry|pipenv|conda|uv|gunicorn|uvicorn|celery|hypercorn|alembic|django|flask|psycopg2?|asyncpg|pymysql|pymongo|boto3|botocore|sqlalchemy|pydantic|manage\.py|airflow|streamlit)\b|\bpython[\d.]{0,5}\b|\.py\b|\.whl\b|\bsite-packages\b|\brequirements\S{0,20}\.txt\b|\bpyproject\.toml\b`,
    String.raw`\(pid:\d{1,6}\)|\[CRITICAL\] WORKER TIMEOUT|\bWSGI\b|\bASGI\b|\bALLOWED_HOSTS\b|\bHTTP_HOST header\b`,
    image('python'),
  ),
  ruby: any(
    String.raw`\.rb:\d{1,6}:in [\x60']|\((?:[A-Z]\w*::)*[A-Z]\w*(?:Error|NotFound|Missing\w{0,20}|Invalid\w{0,20}|ConnectionBad)\)$|\b(?:ActiveRecord|ActiveSupport|ActionController|ActionView|Bundler|Gem|PG|Redis|Mysql2|Sidekiq|Psych|Errno)::[A-Z]`,
    String.raw`\b(?:bundler|bundle (?:install|exec|lock|config|update)|bin\/rails|rails (?:db|s|server|c|console|runner|assets)|rake aborted|rake [a-z]+:[a-z]|gem (?:install|update|build)|puma|[Ss]idekiq|rubygems)\b|\bcannot load such file -- |\bGemfile\b|\bruby[\d.-]{0,8}\b|\.rb\b|\bgems\/|\bRAILS_[A-Z]|\bsecret_key_base\b`,
    image('ruby'),
  ),
  jvm: any(
    String.raw`^[ \t]{0,40}at (?:[\w$]{1,60}\.){2,12}[\w$<>]{1,80}\(|\bException in thread "|\bCaused by: (?:[a-z][\w$]{0,40}\.){1,10}[A-Z]|\b(?:java|javax|jakarta|kotlin|scala|org|com|io|net|software)\.(?:[a-z]\w{0,40}\.){1,10}[A-Z]\w{2,80}\b`,
    String.raw`\bjava\.(?:lang|io|net|util|sql|security|nio)\.|\bjava\b|\bJAVA_[A-Z]|\bJVM\b|\bJDK\b|\bjdbc:|\.jar\b|\bApplicationContext\b|\bSpring\b|\bspring[.-][a-z]|\bHikari|\bOutOfMemoryError\b|\bHibernate\b|\bUnsupportedClassVersionError\b|-X(?:mx|ms|ss)\d|\bPKIX\b`,
    String.raw`\bmvnw?\b|\bmaven\b|\bMaven\b|\b[Gg]radlew?\b|\[ERROR\] (?:Failed to execute goal|COMPILATION)|\bpom\.xml\b|\bbuild\.gradle|\bsbt\b|\bkeycloak\b|\b[Tt]omcat\b`,
    image('eclipse-temurin|openjdk|amazoncorretto|maven|gradle'),
  ),
  go: any(
    String.raw`^goroutine \d|^panic: |\[signal SIG[A-Z]+: |\bruntime error: |\.go:\d{1,6}\b|\bgo\.(?:mod|sum|work)\b|\bgolang\b|\bGO[A-Z]{3,10}=|^go: |\bprotoc-gen-go\b|\berror obtaining VCS status\b|\bruntime\/cgo\b|\bgo (?:build|mod|get|install|test|run|generate|vet) |\bgoose\b|\blib\/pq\b|\bpgx\b|^pq: |unknown time zone`,
    String.raw`(?:^|: )(?:dial (?:tcp|udp|unix)|lookup) \S{1,200}: |\bx509: `,
    image('golang'),
  ),
  dotnet: any(
    String.raw`^Unhandled exception\. |^[ \t]{0,40}at (?:[A-Z]\w{0,60}\.){1,10}[\w<>\x60\[\]]{1,80}\([^)\n]{0,200}\) in |\b(?:System|Microsoft|Npgsql|StackExchange|Azure|Amazon|MySqlConnector|Serilog|MassTransit)\.(?:[A-Z]\w{0,60}\.){0,8}[A-Z]\w{2,80}\b`,
    String.raw`\bdotnet\b|\.NET\b|\b[Nn]u[Gg]et\b|\bMSBUILD?\b|\b(?:CS|NU|MSB|NETSDK)\d{4}\b|\.(?:cs|fs|vb)proj\b|\.dll\b|\bKestrel\b|\bASPNETCORE_|\bDOTNET_|\.cs:line \d|Exception \(0x[0-9A-Fa-f]{8}\)|^Process terminated\. |number of inotify instances has been reached`,
  ),
  php: any(
    String.raw`\bPHP (?:Fatal|Parse|Warning|Notice|Deprecated|Startup)|\bin \/[^\s:]{1,200}\.php(?: on line |:)\d|\.php\b|\bphp[\d.-]{0,8}\b|\bphp-fpm\b|\bcomposer\b|\bSQLSTATE\[|\bIlluminate\\|\bSymfony\\|\b[Ll]aravel\b|\bartisan\b|\bPrimary script unknown\b|\bfastcgi:\/\/|\bFastCGI\b|\bext-[a-z]{2,20}\b|\bPDO\w{0,12}\b|\bFPM initialization\b|\[pool \w{1,40}\]`,
    image('php|composer'),
  ),
  rust: any(
    String.raw`^thread '[^'\n]{1,80}' (?:\(\d{1,9}\) )?panicked at|\berror\[E\d{4}\]|\bRUST_BACKTRACE\b|\bcargo\b|\brustc\b|\brustup\b|\bCargo\.(?:toml|lock)\b|\.rs:\d{1,6}\b|\bcrates\.io\b|\bcrate \x60|\b(?:reqwest|hyper|tokio|sqlx|diesel|rustls)\b|\bOs \{ code: \d`,
    image('rust'),
  ),
  elixir: any(
    String.raw`^[ \t]{0,40}\*\* \((?:EXIT|Mix|[A-Z]\w*(?:\.\w+)*(?:Error|Exception)?)\)|\b[Ee]lixir\b|\bmix (?:deps|compile|phx|ecto|release|do|run)|\bEcto\b|\bPhoenix\b|\bPostgrex\b|\bDBConnection\b|\berl_crash|\bErlang\b|\bKernel pid terminated|\binit terminating|\.exs?:\d`,
    image('elixir|erlang'),
  ),
  debian: any(
    String.raw`\bapt(?:-get|-cache|-key)?\b|\bdpkg\b|\b[Dd]ebian\b|\b[Uu]buntu\b|^E: |\b(?:buster|bullseye|bookworm|trixie|focal|jammy|noble|stretch|jessie)\b|\/etc\/apt\b|\.deb\b`,
  ),
  alpine: any(String.raw`\bapk\b|\b[Aa]lpine\b|\bmusl\b|\/etc\/apk\b|\.apk\b|^env: can't execute '`),
  native: any(
    String.raw`\.so(?:\.\d{1,3}){0,3}\b|\bGLIBC(?:XX)?_|\bglibc\b|\bmusl\b|\bld-(?:linux|musl)|Error (?:loading shared library|relocating)|symbol not found|exec format error|[Ss]egmentation fault|\bSIGSEGV\b|\bSIGILL\b|\bcore dumped\b|cannot execute: required file`,
  ),
  postgres: any(
    String.raw`[Pp]ostgres|\bpg_\w|\bpg(?:bouncer|vector|pool|x|-pool|-protocol)?\b(?!-)|\bPG::|\bPG[A-Z]{4,12}\b|\blibpq\b|\bpsycopg|\basyncpg\b|\bpq: |\bpsql\b|\bPSQLException\b|\b[Nn]pgsql\b|\b(?:FATAL|PANIC): {1,2}(?:password|role|database|remaining|sorry|no pg_hba|the database|too many)|\bsslmode\b|\bsslrootcert\b|\brelation "[^"\n]{1,120}" (?:does not|already)`,
    port('5432|6432'),
  ),
  mysql: any(
    String.raw`[Mm]y[Ss][Qq][Ll]|[Mm]aria ?[Dd][Bb]|\bER_[A-Z_]{4,}|\bSQLSTATE\[HY000\] \[[12]\d{3}\]|\bERROR [12]\d{3} \(|\(1\d{3}, ["']|caching_sha2|\bCommunications link failure\b`,
    port('3306'),
  ),
  redis: any(
    String.raw`[Rr]edis|\b[Vv]alkey\b|\bElasti[Cc]ache\b|\bcache\.amazonaws\b|\bWRONGPASS\b|\bNOAUTH\b|\bCROSSSLOT\b|\bCLUSTERDOWN\b|\bbull(?:mq)?\b|\b[Ss]idekiq\b|\bReplyError: |\bMaxRetriesPerRequestError\b|\b[Ll]ettuce\b`,
    port('6379|6380'),
  ),
  mongodb: any(String.raw`[Mm]ongo(?!ose_)|\bdocdb\b|\bDocumentDB\b`, port('2701\\d')),
  kafka: any(String.raw`[Kk]afka|\blibrdkafka\b|\badvertised\.listeners\b|\bbootstrap\.servers\b`, port('909[2468]')),
  rabbitmq: any(String.raw`[Rr]abbit ?[Mm][Qq]|\bamqps?\b|\bAMQP\b|\bpika\b`, port('567[12]')),
  nginx: any(String.raw`\bnginx\b|\[emerg\]|while (?:connecting to|reading response header from) upstream`),
  apache: any(String.raw`\bAH\d{5}\b|\bhttpd\b|\bapache2?(?:ctl)?\b(?!\.)`),
  uwsgi: any(
    String.raw`\buWSGI\b|\buwsgi\b|\bHARAKIRI\b|\bno python application found\b|\bno app loaded\. going in full dynamic mode`,
  ),
  prisma: any(String.raw`\b[Pp]risma\w{0,40}\b|\bP[1-6]\d{3}\b:?|schema\.prisma`),
  flyway: any('[Ff]lyway'),
  liquibase: any(String.raw`[Ll]iquibase|\bDATABASECHANGELOG`),
  alembic: any(String.raw`\balembic\b|\bMultiple head revisions are present\b`),
  efs: any(
    String.raw`\bEFS\b|\bfs-[0-9a-f]{8,17}\b|\befs\b|\bmount\.nfs|\bnfs4?\b|\bNFS\b|\bfsap-[0-9a-f]|\belasticfilesystem\b|\bstunnel\b|\bESTALE\b|[Ss]tale (?:NFS )?file handle|:2049\b`,
  ),
  ebs: any(String.raw`\bEBS\b|\bvol-[0-9a-f]{8,17}\b|\bsnap-[0-9a-f]{8,17}\b`),
  rds: any(String.raw`\brds\b|\bRDS\b|\b[Aa]urora\b|\.rds\.|\brds_\w`),
  kms: any(String.raw`\bKMS\b|\bkms\b|\bKMS[A-Z]\w{3,40}`),
  'secrets-manager': any(
    String.raw`\bsecretsmanager\b|\bSecrets Manager\b|\bfrom asm\b|\basm fetching\b|\bGetSecretValue\b`,
  ),
  codedeploy: any(
    String.raw`\bCodeDeploy\w{0,30}\b|\bCODE_DEPLOY\b|\bAppSpec\b|\bDeploymentGroup\w{0,40}\b|\bd-[A-Z0-9]{9}\b`,
  ),
  eventbridge: any(String.raw`\bEventBridge\b|\bevents:[A-Z]|\bscheduler:[A-Z]|\bPut(?:Targets|Rule)\b|\becsEvents`),
  terraform: any(String.raw`\b[Tt]erraform\b|\.tf\b|\baws_[a-z_]{3,60}\b|\bProvider produced\b`),
  cloudformation: any(
    String.raw`\b[Cc]loud[Ff]ormation\b|\bAWS::[A-Z]|\bHandlerErrorCode\b|\bResource handler\b|\bcdk\b|\bCDK\b`,
  ),
  firelens: any(
    String.raw`\b[Ff]ire[Ll]ens\b|\bawsfirelens\b|\b[Ff]luent[ -]?(?:[Bb]it|d)\b|:24224\b|\[config\] section`,
  ),
  splunk: any(String.raw`\b[Ss]plunk\b`),
  'docker-hub': any(
    String.raw`\bdocker\.io\b|\b[Dd]ocker [Hh]ub\b|\bhub\.docker\.com\b|\btoomanyrequests\b|\bpull access denied\b|\b(?:auth|registry-1)\.docker\.(?:io|com)\b`,
  ),
  ghcr: any(String.raw`\bghcr\.io\b|\bGHCR\b|\bwrite_package\b|\b(?:read|write):packages\b`),
  gpu: any(String.raw`\bCUDA\b|\bcuda\w{0,20}\b|\b[Nn]vidia\b|\bNVIDIA\b|\bGPUs?\b|\bgpu\b|\bnvml\b`),
  emulation: any(
    String.raw`\bqemu[-\w]{0,30}\b|\bQEMU\b|\bbinfmt|\.buildkit_qemu_emulator\b|exec format error|\[linux\/(?:arm|ppc|s390|riscv)|--platform[ =]`,
  ),
};

/** Where one is at work, another is, too: what runs in it, or the other way round. */
const WITH: Readonly<Partial<Record<Technology, Technology>>> = {
  prisma: 'node',
  alembic: 'python',
  uwsgi: 'python',
  flyway: 'jvm',
  liquibase: 'jvm',
};

/** How much is read at both ends of a message: a runtime and a tool name themselves in the first or last lines. */
const [HEAD, TAIL] = [4_000, 16_000];
const ends = (text: string): string =>
  text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}`;

const NAMES = Object.keys(FORMS) as readonly Technology[];

/**
 * The technologies that a message shows, or that the caller knows of (a base image, a volume, a driver).
 * @returns empty for a message that any program could have printed
 */
export function technologiesIn({ text, context }: Pick<Evidence, 'text' | 'context'>): ReadonlySet<Technology> {
  const known = Object.values(context).filter((value) => typeof value === 'string');
  const facts = ends([...known, text].join('\n'));
  const shown = NAMES.filter((name) => FORMS[name].test(facts));
  return new Set([...shown, ...shown.flatMap((name) => WITH[name] ?? [])]);
}
