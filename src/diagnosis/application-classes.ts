/**
 * What goes wrong in applications on ECS, as runtimes, frameworks and clients word it. A class is one thing to do; its
 * patterns read one line (or the few after it) and take typed words out of it. The first class that matches decides,
 * so what names its cause stands before what only names a symptom.
 */
import { isAwsCall, isAwsHost, isErrorName, NEWER_BUILTIN } from './application-words.ts';

export type ApplicationKind =
  /** A row of a producer that says everything itself. */
  | 'stated'
  /** It ended because it was asked to. */
  | 'asked-to-stop'
  /** One request ended with it, and the program continued. */
  | 'request-failed'
  | 'aws-denied'
  | 'aws-expired'
  | 'aws-region-missing'
  | 'aws-profile-missing'
  | 'aws-missing'
  | 'aws-throttled'
  | 'aws-unreachable'
  | 'kernel-limit'
  | 'capability-missing'
  | 'deno-permission'
  | 'own-fault'
  | 'crash'
  | 'key-wrong'
  | 'pem-invalid'
  | 'url-invalid'
  | 'cluster-mode'
  | 'topic-missing'
  | 'option-unknown'
  | 'line-ends'
  | 'data-locked'
  | 'placeholder'
  | 'local-socket'
  | 'bind-address'
  | 'request-denied'
  | 'script-error'
  | 'setting-invalid'
  | 'migration-changed'
  | 'migration-unknown'
  | 'migration-order'
  | 'migration-baseline'
  | 'migration-heads'
  | 'migration-exists'
  | 'migration-pending'
  | 'schema-misfit'
  | 'schema-missing'
  | 'broker-denied'
  | 'redis-denied'
  | 'mongo-denied'
  | 'client-host-denied'
  | 'server-starting'
  | 'shared-memory'
  | 'heap-too-large'
  | 'heap-option'
  | 'script-header'
  | 'device-denied'
  | 'stdio-denied'
  | 'chown-denied'
  | 'not-executable'
  | 'build-module'
  | 'import-name'
  | 'write-locked'
  | 'app-attribute'
  | 'queue-mismatch'
  | 'user-unknown'
  | 'kubernetes-only'
  | 'extension-missing'
  | 'server-too-old'
  | 'auth-method'
  | 'duplicate-row'
  | 'time-zone'
  | 'aws-region-wrong'
  | 'worker-timeout'
  | 'cluster-unreachable'
  | 'app-file-missing'
  | 'stale-handle'
  | 'https-certificate'
  | 'constant-missing'
  | 'module-kind'
  | 'gpu'
  | 'host-not-allowed'
  | 'pool-exhausted'
  | 'data-version'
  | 'aws-credentials-missing'
  | 'login-refused'
  | 'too-many-connections'
  | 'database-missing'
  | 'migration-locked'
  | 'migration-failed'
  | 'tls'
  | 'dns'
  | 'connection-refused'
  | 'unreachable'
  | 'out-of-heap'
  | 'runtime-mismatch'
  | 'wrong-architecture'
  | 'port-in-use'
  | 'port-privileged'
  | 'stale-pid-file'
  | 'read-only'
  | 'permission-denied'
  | 'disk-full'
  | 'variable-missing'
  | 'module-missing'
  | 'dependency-conflict'
  | 'volume-not-empty'
  | 'setting-unknown'
  | 'setting-missing'
  | 'denied-by-database'
  | 'address-not-allowed'
  | 'entry-missing'
  | 'command-missing'
  | 'start-missing'
  | 'configuration-invalid'
  | 'file-missing'
  | 'error';

export interface Finding {
  readonly kind: ApplicationKind;
  /** `host`, `port`, `name` (variable, module, command), `path`, `action`, `role`, `user`, `version`: those that were named. */
  readonly words: Readonly<Record<string, string>>;
}

interface Place {
  readonly line: string;
  /** The lines before it. */
  readonly above: string;
}

interface Class {
  readonly kind: ApplicationKind;
  readonly match: readonly RegExp[];
  /** What else must hold; `words` are those of the line and of the match, `around` is the line with those below it. */
  readonly when?: (words: Readonly<Record<string, string>>, around: string, place: Place) => boolean;
  /** It only says what another error led to: where a line near it says that one, that one is the reason. */
  readonly symptom?: true;
}

const ofAws = (_: Readonly<Record<string, string>>, around: string): boolean => isAwsCall(around);

const HOST = '(?<host>(?!\\d{1,5}(?![\\w.-]))(?<![\\d:])[\\w][\\w.-]{0,252})';
const re = (source: string, flags = 'i'): RegExp => new RegExp(source, flags);

/** No connection came about, in the words of clients of all kinds. */
const SERVER =
  '(?:servers?|address(?:es)?|databases?|db|brokers?|hosts?|nodes?|clusters?|replica set|service|end ?points?|backend|upstream|postgres\\w{0,5}|mysql|maria\\w{0,3}|mongo\\w{0,3}|redis|valkey|kafka|rabbit\\w{0,3}|amqp|elastic\\w{0,6}|open ?search|memcached?|cassandra|nats|consul|etcd|vault|ldap|smtp|zookeeper|neo4j|influx\\w{0,2}|clickhouse|sql server|oracle|queue|cache|collector|gateway|proxy|api|url|uri|jdbc|https?:|tcp:|[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}|[\\w.-]{1,120}:\\d{2,5})';
const NOT_CONNECTED = `(?:(?:not possible|unable|not able|could ?n[o'\u2019]t|cannot|can['\u2019]?t|can not|fail(?:ed|ure|s)?)(?: to)? (?:\\w{1,20} ){0,2}?(?:connect|reach|establish (?:a |the )?connection|open (?:a |the )?(?:\\w{1,20} )?connection|contact|communicate|obtain (?:a )?(?:\\w{1,20} )?connection)(?:$|[:.,;]|(?: (?:to|with|from|via|the|a|an|any|of|your|our|its|my|its|primary|remote|all)){0,3} (?:["'\`([]|(?:\\w{1,20} ){0,2}?${SERVER}\\b))|UnableToConnect|CannotConnect|ConnectFailure|(?:broker|server|host|endpoint)s? (?:is|are|was|were)? ?(?:unreachable|not (?:reachable|available))|endpoints were reachable)`;

/** A name alone is no claim: that nothing sets it must stand near the name. */
const MISSING =
  /\b(?:not|never|n't|nothing) (?:been |be |yet )?(?:set|found|defined|provided|specified|configured|present|supplied|passed|exist|available|given)\b|\bmissing\b|\brequire[ds]?\b|\bundefined\b|\bunset\b|\bunbound\b|\babsent\b|\blacks?\b|\b(?:is|was|are|be|being|an?) (?:empty|blank|null|None|nil)\b|\bempty (?:string|value)|must (?:be )?(?:set|defined|provided|present|specified|supplied|configured|exist|have a value|contain|not be (?:empty|blank|null))|\bneeds? (?:to (?:be |set)|a value|the variable|an? environment)|needed\b|expected? .{0,30}(?:environment|variable|\bset\b|defined)|(?:could not|cannot|can't|couldn't|unable to|failed to) (?:be )?(?:resolve|find|read|get|load|lookup|fetch|expand)|no value|not\s?present|KeyError|key not found|no default|\b(?:set|provide|define|specify|export|supply) (?:the |it|your |a |an |its |value|env|variable|[A-Z])|please \w|without\b|doesn't exist|does not exist|no such|\bno [A-Z]/i;
/** How far from the name its absence stands, in characters. */
const [BEFORE_NAME, AFTER_NAME] = [90, 120];
const aroundName = (line: string, name: string): string => {
  const at = line.indexOf(name);
  return at < 0 ? line : line.slice(Math.max(0, at - BEFORE_NAME), at + name.length + AFTER_NAME);
};

export const CLASSES: readonly Class[] = [
  {
    kind: 'line-ends',
    match: [
      /(?<name>[\w./+-]{1,200})(?:\^M|\\r|\r)['"\u2019]?: (?:bad interpreter|No such file|not found|command not found)|\^M: bad interpreter|\$'\\r': command not found/,
    ],
  },
  {
    // A value that nothing expanded, where a host, port or URL is wanted.
    kind: 'placeholder',
    match: [
      /\b(?:ENOTFOUND|EAI_AGAIN|resolve|lookup|host(?:name)?|connect(?:ing)? to|url|port)\b[^\n]{0,60}?(?<name>\$(?!PATH\b)\{?[A-Za-z_]\w{1,60}\}?|\{\{ ?[\w.]{2,60} ?\}\}|%[A-Z_]{3,60}%)/i,
    ],
    // A text of a configuration file stands there as it is written: see the rows of the servers that read such files.
    when: (_, around) => !/placeholder|\.conf:\d/i.test(around),
  },
  {
    kind: 'gpu',
    match: [
      /CUDA out of memory|CUDA error: |No CUDA GPUs are available|CUDA driver version is insufficient|Found no NVIDIA driver|The NVIDIA driver on your system is too old|libcuda\.so\S{0,8}: cannot open|failed call to cuInit|Torch not compiled with CUDA|NVIDIA-SMI has failed|could not select device driver/i,
    ],
  },
  {
    kind: 'host-not-allowed',
    match: [/DisallowedHost\b|Invalid HTTP_HOST header|Blocked (?:hosts?: |request\. This host)|Invalid Host header/],
  },
  {
    kind: 'constant-missing',
    match: [/uninitialized constant (?<name>[A-Z][\w:]{1,120})/],
  },
  { kind: 'kubernetes-only', match: [/in-cluster config|KUBERNETES_SERVICE_(?:HOST|PORT)\b/] },
  {
    kind: 'extension-missing',
    match: [
      /extension control file ["'](?<path>[^"'\n]{1,250}\/(?<name>[\w-]{1,60})\.control)|extension ["'](?<name2>[\w-]{1,60})["'] is not (?:available|allow-listed)|(?:type|function) ["']?(?<name3>vector|geometry|geography|citext|hstore|ltree|uuid_generate_v4|gen_random_uuid|st_\w{2,40})\b["'(][^\n]{0,60}? does not exist/i,
    ],
  },
  {
    kind: 'server-too-old',
    match: [
      /\bERR unknown (?:sub)?command ['"`‘]?(?<name>[\w.]{1,60})|(?:connecting|connected) to (?<name2>\w{3,20}) (?:version )?(?<have>[\d.]{1,12}).{0,60}requires .{0,30}?(?<need>[\d.]{1,12}) or (?:greater|newer|later)|reports maximum wire version|Unsupported Database: |UnsupportedProductError|server is not Elasticsearch/i,
    ],
  },
  // The lock of a migration tool can be a row, which is then a duplicate one.
  {
    kind: 'migration-locked',
    match: [
      /Could not acquire change ?log lock(?:\.\s{1,3}Currently locked by (?<host>\S{1,120}))?/i,
      /\bP1002\b.{0,200}advisory lock|(?:acquir|obtain|get|hold)\w{0,4}\b.{0,60}advisory lock|advisory lock.{0,60}(?:fail|timed? ?out|held)|MigrationLock|migration_lock|Migration table is already locked|ConcurrentMigrationError|cannot run migrations because another migration process|can't acquire (?:database )?lock|Unable to (?:obtain|acquire) (?:\w{1,20} ){0,3}lock .{0,80}(?:flyway|schema|table)/i,
    ],
  },
  {
    kind: 'duplicate-row',
    match: [
      /duplicate key value violates unique constraint ["'](?<name>[\w.-]{1,120})|Duplicate entry .{1,120} for key ["'](?<name2>[\w.-]{1,120})|E11000 duplicate key|UNIQUE constraint failed: (?<name3>[\w.]{1,120})/i,
    ],
  },
  {
    kind: 'time-zone',
    match: [
      /unknown time zone (?<name>[\w/+-]{2,60})|ZoneInfoNotFoundError|No time zone found with key (?<name2>[\w/+-]{2,60})|tzinfo-data is not present|TZInfo::DataSourceNotFound|TimeZoneNotFoundException/,
    ],
  },
  {
    kind: 'aws-region-wrong',
    match: [
      /PermanentRedirect|must be addressed using the specified endpoint|AuthorizationHeaderMalformed|the region '[\w-]{1,30}' is wrong|IllegalLocationConstraint/,
    ],
  },
  {
    kind: 'worker-timeout',
    match: [/WORKER TIMEOUT \(pid|HARAKIRI|Rack::Timeout::Request\w{0,40}(?:Error|Exception)/],
  },
  {
    kind: 'cluster-unreachable',
    match: [
      /ClusterAllFailedError|Failed to refresh slots cache|RedisClusterException|No reachable node in cluster|Cannot retrieve initial cluster partitions/,
    ],
  },
  {
    kind: 'app-file-missing',
    match: [
      /no python application found|no app loaded\. going in full dynamic mode|Primary script unknown|Failed to find application object|unable to load configuration from (?<path>\S{1,200})/,
    ],
  },
  { kind: 'stale-handle', match: [/Stale (?:NFS )?file handle(?:: ['"](?<path>[^'"\n]{1,250}))?|\bESTALE\b/] },
  {
    kind: 'app-attribute',
    match: [
      /Failed to find attribute ['"](?<name>\w{1,60})['"] in ['"](?<module>[\w.]{1,120})|Attribute ["'](?<name2>\w{1,60})["'] not found in module ["'](?<module2>[\w.]{1,120})/i,
    ],
  },
  {
    kind: 'user-unknown',
    match: [
      /cannot get [ug]id for (?:user|group) ['"](?<name>[\w.-]{1,60})|getpwnam\(["'](?<name2>[\w.-]{1,60})["']\) failed|unable to find user (?<name3>[\w.-]{1,60})/i,
    ],
  },
  {
    kind: 'write-locked',
    match: [/\bSQLITE_BUSY\b|\bdatabase (?:table )?is locked\b/i],
  },
  {
    kind: 'shared-memory',
    match: [
      /could not (?:resize|open|map) shared memory segment|\/dev\/shm\b.{0,120}(?:no space left|too small|full)|shared memory.{0,60}No space left/i,
    ],
  },
  {
    kind: 'heap-too-large',
    match: [/Could not reserve enough space for|insufficient memory for the Java|os::commit_memory.{0,120}failed/i],
  },
  {
    kind: 'heap-option',
    match: [
      /(?<option>Initial heap size set to a larger value than the maximum heap size|Invalid (?:maximum|initial) heap size: \S{1,40}|Too small (?:maximum|initial) heap|Incompatible (?:minimum|initial) and maximum heap sizes)/i,
    ],
  },
  {
    kind: 'build-module',
    match: [/function (?<name>Mix)\.\w{1,40}\/\d is undefined \(module Mix is not available/],
  },
  {
    kind: 'data-locked',
    match: [
      /\block(?:ing)? (?:DB|the data directory)\b|(?:\block\b|flock|lockfile).{0,80}resource temporarily unavailable|failed to obtain node locks?|(?:lock file|data directory) .{0,80}(?:is held|in use|already exists)|another (?:process|instance|server) (?:is |of \S{1,40} is )?(?:already )?(?:running|using|holds)/i,
    ],
    when: (_, around) => !/thread|fork|migrat|change ?log|pool/i.test(around),
  },
  {
    kind: 'data-version',
    match: [
      /database files are incompatible with server|data directory was initialized by|not compatible with this version \d|Wrong mongod version|UPGRADE PROBLEM|invalid featureCompatibilityVersion|Invalid \w{2,20} server upgrade|upgrade is not supported after a crash|unsupported redo log format|downgrade .{0,40}not supported/i,
    ],
  },
  {
    kind: 'aws-expired',
    match: [
      /ExpiredToken|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|security token included in the request is (?:invalid|expired)|provided token has expired/i,
    ],
  },
  {
    kind: 'aws-region-missing',
    match: [
      /You must specify a region|Missing region in config|\bMissingRegion\w{0,12}|Region is missing|Unable to (?:find|load) (?:an? |the )?(?:AWS )?region (?:via|from)|Unable to retrieve region: |No ?RegionEndpoint|an AWS region is required/i,
    ],
  },
  {
    kind: 'aws-denied',
    match: [
      re(
        'assumed-role/(?<role>[\\w+=,.@-]{1,64})/.{0,200}is not authorized to perform:? ?(?<action>[a-z0-9-]{2,40}:\\w{2,60})(?: on resource:? ?"?(?<resource>[^\\s",]{1,300}))?',
      ),
      re('not authorized to perform:? ?["\']?(?<action>[a-z0-9-]{2,40}:\\w{2,60})'),
      re(
        '(?:AccessDenied|UnauthorizedOperation)(?:Exception)?\\b.{0,80}when calling the (?<operation>\\w{3,60}) operation',
      ),
      re('(?:api error|ServiceException:|Exception:) ?AccessDenied(?:Exception)?(?!: /)'),
      re('^(?!java\\.nio)(?:\\w+\\.)*AccessDenied(?:Exception)?: (?!/)'),
    ],
  },
  {
    kind: 'aws-denied',
    match: [/AccessDenied|UnauthorizedOperation|Access Denied|AuthorizationError|NotAuthorized|StatusCode: 403/i],
    when: ofAws,
  },
  {
    kind: 'aws-missing',
    match: [
      /\b(?:ResourceNotFound|NoSuch(?:Bucket|Key|Entity|Upload)|QueueDoesNotExist|NonExistentQueue|ParameterNotFound|(?:Table|Topic|Stream|Function|Queue|Alias)NotFound)|can't find the specified secret|(?:^|[.:( ])NotFound(?:Exception)?[):]|Requested resource not found|specified (?:bucket|key|queue) does not exist/,
    ],
    when: ofAws,
  },
  {
    kind: 'aws-throttled',
    match: [/Throttl|TooManyRequests|Rate exceeded|ProvisionedThroughputExceeded|SlowDown|RequestLimitExceeded/i],
    when: ofAws,
  },
  {
    kind: 'aws-unreachable',
    match: [
      /Could not connect to the endpoint|(?:Connect|Read|Socket)?(?:Timeout|TimedOut)(?:Error|Exception)\b|timed out|i\/o timeout|deadline exceeded|no such host|\bENOTFOUND\b|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|UnknownHost|send request failed|Unable to execute HTTP request|EndpointConnectionError|NetworkingError/i,
    ],
    when: ({ host }, around) => (host === undefined ? isAwsCall(around) : isAwsHost(host)),
  },
  {
    kind: 'deno-permission',
    match: [
      /Requires (?<access>\w{2,12}) access to .{0,200}--(?<flag>allow-[a-z]{2,12})/i,
      /run again with the --(?<flag>allow-[a-z]{2,12})/,
    ],
  },
  {
    kind: 'kernel-limit',
    match: [
      /fork: (?:retry: )?Resource temporarily unavailable|inotify (?:watch(?:es)? |instances )?limit|System limit for number of file watchers|too many open files|\bEMFILE\b|\bENFILE\b|ulimit: [^\n]{1,60}: cannot modify limit|number of inotify (?:instances|watches) has been reached|max file descriptors \[\d{1,9}\]|\b(?<limit>vm\.max_map_count|fs\.(?:inotify|file-max|nr_open|aio|mqueue)[\w.-]{0,40}|net\.core\.\w{1,40})\b.{0,60}(?:\[\d{1,9}\]|too low|at least|limit)|unable to create (?:new )?native thread|pthread_create.{0,60}(?:fail|Resource)|can't start new thread|failed to create new OS thread/i,
    ],
  },
  {
    kind: 'capability-missing',
    match: [
      /\bmlock(?:all)?\b.{0,60}(?:cannot allocate|not permitted|ENOMEM|EPERM)|Unable to lock JVM Memory|Failed to lock memory: /i,
      /\b(?:NETLINK|iptables|setgroups|setuid|setgid|setpriv|su-exec|gosu|unshare|clone|raw socket|ptrace|perf_event_open|bpf)\b.{0,120}(?:operation not permitted|permission denied|EPERM)/i,
      /(?:operation not permitted|permission denied|EPERM).{0,60}\b(?:NETLINK|iptables|setgroups|setuid|setgid|raw socket|NET_ADMIN|SYS_ADMIN|IPC_LOCK)\b/i,
    ],
  },
  {
    kind: 'pem-invalid',
    match: [
      /\bPEM(?: routines|_read\w{1,30}|_\w{2,30})?\b.{0,40}(?:no start line|bad end line|invalid|failed)|failed to find any PEM data|no start line|not (?:a )?valid PEM|no PEM data/i,
      /failed to parse (?:the )?(?:private |public )?key|DECODER routines::unsupported|bad base64 decode|asn1.{0,60}(?:wrong tag|too long)|secretOrPrivateKey must be an asymmetric key/i,
    ],
  },
  {
    kind: 'url-invalid',
    match: [
      /Port could not be cast to integer value as|Port out of range 0-65535|ERR_INVALID_URL|TypeError: Invalid URL\b|URI::InvalidURIError|URISyntaxException|MalformedURLException|UriFormatException|unsupported protocol scheme|first path segment in URL cannot contain colon|\bparse ["'][^"'\n]{1,200}["']: |invalid port ["':\w]{1,40} after host|invalid port number in ['"`]|Could not parse (?:SQLAlchemy|rfc1738) URL|Can't load plugin: sqlalchemy\.dialects:(?<scheme>\w{1,40})|NoSuchModuleError: Can't load plugin|requests\.exceptions\.(?:MissingSchema|InvalidSchema|InvalidURL)|cannot parse `?(?:postgres|mysql|redis)\S{0,200}|must start with the protocol/,
      /(?:invalid|malformed|unsupported|unrecognized) (?:database |redis |connection |jdbc )?(?:url|uri|dsn|connection string|connection url)(?=$|[:.,]|[ (]{1,2}['"`]|: )/i,
    ],
    when: (_, around) =>
      !/(?:url|uri|dsn|connection string)['"`]?\b.{0,40}(?:is not (?:set|specified|configured)|undefined|null|empty|required)/i.test(
        around,
      ),
  },
  {
    kind: 'pool-exhausted',
    match: [
      /\bTimeoutException(?::[^\n]{0,120})?\n(?:\s{0,40}at [^\n]{1,200}\n){0,2}?\s{0,40}at [\w.$]{0,100}\.pool\.[\w.$]{0,60}(?:getConnection|acquire|borrow)/,
      /PoolTimedOut|pool timed out while|Timeout acquiring a connection|QueuePool limit|dropped from queue (?:before service|after \d)|ResourceRequest timed out|HikariPool.{0,60}Connection is not available|max pool size was reached|Timed out fetching a new connection from the connection pool/i,
    ],
  },
  {
    kind: 'database-missing',
    match: [
      /(?:database|catalog) ["'`]?(?<name>[\w.-]{1,120})["'`]? (?:was )?not found|Cannot open database ["'`](?<name2>[\w.-]{1,120})/i,
    ],
  },
  {
    kind: 'login-refused',
    match: [
      /no password supplied|using password: NO|server requires a password/i,
      /\bP1000\b|Authentication failed against (?:the )?database server|invalid username-password pair|invalid credentials with SASL mechanism|\bER_ACCESS_DENIED\w{0,10}|SASL authentication (?:error|failed|failure)|AuthenticationException(?!: The remote)\b: .{0,80}(?:password|credentials|login|authenticat)|(?:^|[ :])\(?535[ -].{0,60}auth/i,
    ],
  },
  {
    kind: 'migration-changed',
    match: [
      /check ?sum mismatch for migration (?:version )?(?<version>[\w.]{1,40})|migration check ?sum mismatch|changesets? check ?sum|was: \S{1,80} but is now: \S{1,80}|migration (?<version2>\d{1,20}) was previously applied but has been modified|migration .{0,120}(?:was|has been|were) (?:modified|changed|edited) (?:after|since)/i,
    ],
  },
  {
    // The history of the database has a migration that the image does not.
    kind: 'migration-unknown',
    match: [
      /Can't locate revision identified by ['"](?<name>[\w-]{1,80})|no migration found for version (?<version>\d{1,20})|Detected applied migration not resolved locally: (?<version2>[\w.-]{1,60})|migration directory is corrupt, the following files are missing:? ?(?<name2>[\w.-]{0,120})|migration (?<version3>\d{1,20}) was previously applied but is missing|NodeNotFoundError: .{0,200}|Could not find the migration file at (?<name3>\S{1,200})|P3015\b/i,
    ],
  },
  {
    kind: 'migration-order',
    match: [
      /Detected resolved migration not applied to database: (?<version>[\w.-]{1,60})|Migration (?<name>[\w.-]{1,120}) is applied before its dependency (?<name2>[\w.-]{1,120})|InconsistentMigrationHistory|found \d{1,4} missing migrations? before current version|Not run migration (?<name3>[\w.-]{1,120}) is preceding already run migration/i,
    ],
  },
  {
    kind: 'migration-heads',
    match: [/Multiple head revisions|Conflicting migrations detected; multiple leaf nodes|has multiple heads/i],
  },
  {
    kind: 'migration-exists',
    match: [
      /\b(?<what>index|constraint|sequence|type|column|view|trigger|schema|key|function|role|statistics)(?: or statistics)?(?: (?:with )?name:?)? ["'`[(]{0,2}(?<name>(?!already\b)[A-Za-z_][\w.-]{1,120})["'`\])]{0,2} (?:(?:of|on|for|in) (?:relation|table|collection) \S{1,120} )?already exists/i,
      /(?<!\b(?:of|on|for|in) )(?:relation|table) ["'`]?(?<table>(?!already\b)[\w.]{1,120})["'`]? already exists|DuplicateTable|(?<!\b(?:of|on|for|in) )Table ["'`](?<table2>[\w.]{1,120})["'`] already exists|There is already an object named ['"](?<table3>[\w.]{1,120})|ORA-00955/i,
    ],
  },
  {
    kind: 'migration-pending',
    match: [
      /Migrations are pending|PendingMigrationError|You have \d{1,4} unapplied migration|Target database is not up to date|(?:has|have) pending migrations|PendingModelChangesWarning/i,
    ],
  },
  {
    kind: 'migration-failed',
    match: [
      /The `(?<name>[\w.-]{1,120})` migration started at .{1,80} failed|Migration name: (?<name2>[\w.-]{1,120})/,
      /migration file ["'](?<name>[\w.-]{1,120})["'] failed/,
      /\bP30(?:09|18|06)\b|migrate found failed migrations|Detected failed migration to version (?<version>[\w.-]{1,60})|migration (?:`|'|")?(?<name>[\w.-]{1,120})(?:`|'|")? (?:failed|started at .{0,60}failed)/i,
      /Found failed migration|StandardError: An error has occurred, .{0,60}migrations|MigrationFailedException|FlywayMigrateException|Migration(?: of schema .{1,120})? .{0,80}failed! (?:Please restore|Changes)|SequelizeMigration/i,
    ],
  },
  {
    kind: 'schema-missing',
    match: [
      /(?:ERROR: ?|FATAL: ?|error: |\) )schema ["'`](?<name>[\w.-]{1,120})["'`] does not exist|no schema has been selected to create in|3F000\b/i,
    ],
  },
  {
    kind: 'schema-misfit',
    match: [
      /(?:relation|table) ["'`](?<table>[\w.]{1,120})["'`] (?:does not|doesn't) exist(?! [a-z]{3})|Table ["'`](?<table2>[\w.]{1,120})["'`] doesn't exist|no such table: (?<table3>[\w.]{1,120})|UndefinedTable|UndefinedColumn|Unknown column ['"`]?(?<column>[\w.]{1,120})|no such column:? ?(?<column2>[\w.]{0,120})|Invalid (?:column|object) name ['"](?<table4>[\w.]{1,120})|ORA-00942|column ["'`]?(?<column3>[\w.]{1,120})["'`]? (?:of relation \S+ )?does not exist|Schema-validation: missing (?:table|column) \[|Schema validation: missing (?:table|column) \[|The (?:table|column) `(?<table5>[\w.]{1,120})` does not exist in the current database/i,
    ],
  },
  {
    kind: 'address-not-allowed',
    match: [
      /IP (?:address )?(?:that )?(?:isn't|is not|not) (?:whitelisted|allowed|in the access list)|IP whitelist|Client with IP address .{0,60}is not allowed/i,
    ],
  },
  {
    kind: 'denied-by-database',
    match: [
      /User [`'"](?<user>[\w.@-]{1,100})[`'"] was denied access on the database|permission denied for (?:schema|table|relation|database|sequence|function|type|view) \S{1,120}|\b\w{3,20} command denied to user|Access denied for user .{1,120} to database|InsufficientPrivilege|INSUFFICIENT_?PRIVILEGE|permission was denied on the object|Access denied; you need .{0,60}privilege/i,
    ],
  },
  {
    kind: 'tls',
    match: [
      /(?<reason>Public Key Retrieval is not allowed|no pg_hba\.conf entry.{0,160}(?:no encryption|SSL off)|--require_secure_transport=ON|Hostname\/IP does not match certificate\S{0,4} \w{0,10}|certificate is (?:valid for|not valid for) .{1,120}|(?:hostname|IP address) mismatch|certificate has expired(?: or is not yet valid)?(?! (?:for|of))|No subject alternative (?:DNS )?names?|does not support SSL|SSL is not enabled on the server|wrong version number|first record does not look like a TLS handshake|server gave HTTP response to HTTPS client|HTTP request (?:was sent )?to (?:an )?HTTPS|Unsupported or unrecognized SSL message|CertificateExpired|CERT_HAS_EXPIRED|NotValidForName|protocol is disabled|unsupported protocol|no protocols available)/i,
      /authority that is not trusted|tls: (?:certificate required|bad certificate|unknown certificate authority)|certificate verify failed|self[- ]signed certificate|unable to (?:get local issuer|verify the first) certificate|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_VERIFY_LEAF|CERT_HAS_EXPIRED|x509: |PKIX path building failed|SSLHandshakeException|ssl\.SSLError|SSL routines|wrong version number|ERR_TLS_|ERR_SSL_|AuthenticationException: The remote certificate|RemoteCertificate|server does not support SSL|SSL is not enabled on the server|no (?:pg_hba\.conf entry.{0,120}no encryption)|SSL off|tlsv1 alert|TLS handshake|HTTP request (?:was sent )?to (?:an )?HTTPS|server gave HTTP response|invalid peer certificate|InvalidCertificate|UnknownIssuer|EPROTO\b/i,
    ],
  },
  {
    kind: 'local-socket',
    match: [
      /(?<path>\/[\w./-]{1,120}(?:mysql\w{0,10}\.sock|\.s\.PGSQL\.\d{2,5}|docker\.sock|redis\w{0,10}\.sock|php\S{0,30}\.sock))|connection to server on socket|through socket ['"]?(?<path2>\/[^\s'"]{1,120})|\[2002\] No such file|Is the server running locally and accepting/i,
    ],
    when: (_, around) =>
      /no such file|ENOENT|refused|not connect|can't connect|is the (?:docker daemon|server) running|failed|permission denied/i.test(
        around,
      ) &&
      // Only these two sockets are a client's that is kept out; another's own socket is a file like any other.
      (!/permission denied/i.test(around) || /php\S{0,40}\.sock|docker\.sock/.test(around)) &&
      !/could not create|create lock file/i.test(around),
  },
  {
    kind: 'dns',
    match: [
      re(`getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ["']?${HOST}`),
      re(`lookup ${HOST}(?: on [\\d.:]{3,45})?: (?:no such host|server misbehaving|i/o timeout)`),
      re(`UnknownHostException: ${HOST}`),
      re(`epmd error for host ["']?${HOST}["']?: nxdomain`),
      re(`host not found in upstream ["']?${HOST}`),
      re(`could not translate host name ["']${HOST}["']`),
      re(`(?:could not resolve|unknown|unable to resolve|cannot resolve) host(?:name)?(?:: ?["'(]?| ["'(])${HOST}`),
      re(`Unknown (?:MySQL|MariaDB)? ?server host ["']${HOST}["']`),
      re(`php_network_getaddresses: getaddrinfo(?: for ${HOST})? failed`),
      re(
        `Failed to resolve (?:host(?:name)? )?["'\`]?(?!(?:imports?\\b|module|entry|dependenc|path|package|plugin|component|config|loader|action|version|property|placeholder|bean|symbol|reference|type|alias|preset|tag|ref|image|source|metadata|secret|variable|extends|class|artifact|the|a|an|any|all|one|your|this|to|from)\\w*(?![\\w.-]))${HOST}`,
      ),
      re(`\\(${HOST}:(?<port>\\d{1,5})\\):? failed to connect:? name or service not known`),
      /\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN)|Name or service not known|Temporary failure in name resolution|nodename nor servname provided|getaddrinfo failed|No such host is known|failed to lookup address information|nxdomain|NXDOMAIN|No resolvable bootstrap urls|Couldn't resolve server \S{1,200} from bootstrap|No address associated with hostname|Name does not resolve|querySrv (?:ENOTFOUND|ETIMEOUT|ESERVFAIL)|The DNS query name does not exist: (?<host>[\w.-]{1,253})/,
    ],
  },
  {
    kind: 'connection-refused',
    match: [
      re(`ECONNREFUSED (?:::ffff:)?(?<host>\\[?[\\w.:-]{2,253}?\\]?):(?<port>\\d{1,5})\\b`),
      re(`dial tcp (?<host>\\[?[\\w.:-]{2,253}?\\]?):(?<port>\\d{1,5}): (?:connect: )?connection refused`),
      re(`connect\\w* to (?:server )?["'\`]?${HOST}:(?<port>\\d{1,5})["'\`]?[.,:;)]? ?.{0,60}refused`),
      re(`${HOST}:(?<port>\\d{1,5}).{0,100}(?:connection refused|ECONNREFUSED|actively refused)`),
      /connection refused(?! by)|\bECONNREFUSED\b|actively refused|ConnectionRefused|SocketException \(111\)/i,
    ],
  },
  {
    kind: 'unreachable',
    // A proxy that wants a login has answered.
    when: (_, around) => !/\b407\b/.test(around),
    match: [
      re(`Can't reach database server at [\`'"]${HOST}[\`'"]?:[\`'"]?(?<port>\\d{1,5})`),
      re(`(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET) (?<host>[\\w.:-]{2,253}?):(?<port>\\d{1,5})\\b`),
      re(
        `dial tcp (?<host>\\[?[\\w.:-]{2,253}?\\]?):(?<port>\\d{1,5}): (?:i/o timeout|connect: (?:connection timed out|no route to host|network is unreachable|operation timed out))`,
      ),
      re(`\\b(?:not|NOT) reachable at (?:https?://)?${HOST}(?::(?<port>\\d{1,5}))?`),
      re(`connecting to ${HOST}:(?<port>\\d{1,5})\\. (?:Connection timed out|Timeout|No route)`),
      re(`host=['"]?${HOST}['"]?[, ]+port=(?<port>\\d{1,5}).{0,120}(?:timed out|timeout)`),
      re(
        `${HOST}:(?<port>\\d{1,5})\\b[^\\n]{0,60}(?:connect(?:ion)? (?:timed out|timeout)|unreachable|no route to host|i/o timeout)`,
      ),
      re(
        `(?:connection timed out|connect timeout|could not connect|failed to connect|unable to connect|can't connect|cannot connect)\\b.{0,100}?(?:to|at|host|server|on) ["'\`(]?(?<host>[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}|localhost)["'\`)]?(?::(?<port>\\d{1,5}))?`,
      ),
      /Connection terminated unexpectedly|network-related or instance-specific|Network Adapter could not establish|connection reset by peer|connection (?:<monitor> )?to \S{1,200} closed|Unexpected end of stream|\bUNAVAILABLE\b.{0,200}(?:connect|address)|dial error|Broker transport failure/i,
      /Communications link failure|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|connect(?:ion)? tim(?:ed|e) ?out(?! waiting)|time(?:d )?out (?:while )?connecting|ConnectTimeout|connect timed out|ServerSelectionTimeoutError|MongoServerSelectionError|MongoTimeoutException|No route to host|Network is unreachable|KafkaJSConnectionError|NoBrokersAvailable|Connection to node \d+ .{0,40}terminated|Bootstrap broker .{0,120}disconnected|Connection to node -?\d+ .{0,80}could not be established|Failed to update metadata after|\b(?:08001|HYT00)\b/i,
    ],
  },
  {
    kind: 'unreachable',
    // An application's own words for a connection that did not come about: the client's error beside them says why.
    symptom: true,
    when: (_, around) => !/\b407\b/.test(around),
    match: [re(NOT_CONNECTED)],
  },
  {
    kind: 'out-of-heap',
    match: [
      /java\.lang\.OutOfMemoryError|heap out of memory|Reached heap limit|Allowed memory size of \d+ bytes exhausted|\bMemoryError\b|Cannot allocate memory|runtime: out of memory|std::bad_alloc|System\.OutOfMemoryException|NoMemoryError|failed to allocate memory|memory allocation of \d+ bytes failed/i,
    ],
  },
  {
    // The entry point of Docker's official images has its first line.
    kind: 'wrong-architecture',
    match: [/\/docker-entrypoint\.sh['"]?:? .{0,20}exec format error/i],
  },
  {
    // The kernel says the same of a program of another architecture and of a script without its first line.
    kind: 'script-header',
    match: [
      /(?<name>[\w./+-]{0,200}(?:\.(?:sh|bash|py|rb|pl|js)|entrypoint))['"]?:? .{0,20}exec format error|exec(?: user process caused)?:? ['"]?(?<name2>[\w./+-]{0,200}(?:\.(?:sh|bash|py|rb|pl|js)|entrypoint))['"]?.{0,40}exec format error/i,
    ],
  },
  {
    kind: 'wrong-architecture',
    match: [/exec format error|qemu-\w+: Could not open|rosetta error|cannot execute binary file/i],
  },
  {
    kind: 'module-kind',
    match: [
      /ERR_REQUIRE_ESM|Cannot use import statement outside a module|require is not defined in ES module|exports is not defined in ES module|Unexpected token 'export'|ERR_UNKNOWN_FILE_EXTENSION/,
    ],
  },
  {
    kind: 'runtime-mismatch',
    match: [
      /class file version (?<classFile>\d{2})(?:\.\d)?\)?, this version of the Java Runtime only recognizes class file versions up to (?<upTo>\d{2})/i,
      /UnsupportedClassVersionError|InaccessibleObjectException/,
      /version [`'"](?<library>GLIBC(?:XX)?_[\d.]{1,12}|CXXABI_[\d.]{1,12})['"`]? not found/i,
      /(?:libc\.musl|ld-musl|libc\.so\.6|ld-linux)[\w.-]{0,40}: (?:cannot open shared object|No such file)/i,
      /Error (?:loading shared library|relocating) (?<library>[^:\s]{1,200})/i,
      /error while loading shared libraries: (?<library>[^:\s]{1,200})/i,
      /(?<library>[\w.+-]{1,80}\.so(?:\.\d{1,4}){0,4}): (?:cannot open shared object|undefined symbol|wrong ELF|invalid ELF)/i,
      /Cannot find module ['"](?<library>[^'"\n]{1,200}\.node)['"]/,
      /Could not find (?<library>Chrome|Chromium|Firefox)\b|Executable doesn't exist at .{0,80}(?<library2>chrom\w{2,4}|firefox|webkit)/i,
      /Could not load the ["'](?<library>[\w@/-]{1,80})["'] module using the \S{1,60} runtime/i,
      /ReferenceError: (?<builtin>File|fetch|crypto|structuredClone|ReadableStream|Headers|FormData|WebSocket|navigator|CustomEvent|Blob|AbortController|globalThis) is not defined/,
      new RegExp(`TypeError: (?<builtin>${NEWER_BUILTIN}|Set\\.prototype\\.\\w{5,20}) is not a function`),
      /The engine "?node"? is incompatible|EBADENGINE|requires Node(?:\.js)? (?:version )?(?<version>[>=^~v\d. ]{1,20})|Unexpected token '(?:\?\?=|\?\.|\|\|=)'/i,
      /NODE_MODULE_VERSION (?<version>\d{2,3})|was compiled against a different Node\.js version|invalid ELF header|Could not (?:load the "sharp" module|locate the Query Engine for runtime)|Prisma (?:Client could not locate|cannot find the required).{0,60}(?:engine|libssl)|wrong ELF class/i,
      /Your Ruby version is (?<version>[\d.]{1,12})|requires a (?:different|newer) (?:Python|PHP)|Your Composer dependencies require a PHP version|undefined symbol: /i,
    ],
  },
  {
    kind: 'stale-pid-file',
    match: [
      /A server is already running.{0,40}file: (?<path>[^)\s]{1,200})|pid file .{0,120}(?:exists|already)|(?<path2>\S{1,200}\.pid)['"]? (?:already )?exists/i,
    ],
  },
  {
    kind: 'port-privileged',
    match: [
      /SocketException \(13\)|(?:\bbind|\blisten|bind on address|DoBind)\b.{0,160}(?:permission denied|EACCES|\(13\b)|(?:permission denied|EACCES|\(13\b|Errno 13).{0,160}\b(?:bind|listen)\b/i,
      /EACCES:? (?:permission denied,? )?(?:address )?(?:already in use )?(?:\S{0,60}:)(?<port>\d{1,4})\b/i,
      /(?:bind(?:ing)?|listen)\b.{0,120}?:(?<port>\d{1,3})\b.{0,60}(?:permission denied|EACCES|\(13\b)/i,
      /(?:permission denied|EACCES|\(13\b).{0,80}(?:bind|listen).{0,40}:(?<port>\d{1,3})\b/i,
      /could not bind to address .{0,40}:(?<port>\d{1,3})\b|make_sock: could not bind.{0,60}:(?<port2>\d{1,3})\b/i,
    ],
    when: ({ port = '0', port2 = port }, around) =>
      Number(port2) < 1024 &&
      /EACCES|permission denied|\b13\b/i.test(around) &&
      /bind|listen|EACCES:? (?:permission denied,? )?\S{0,60}:\d|socket/i.test(around),
  },
  {
    kind: 'port-in-use',
    match: [
      /EADDRINUSE:? ?(?:address already in use)? ?(?:\S{0,60}?:)?(?<port>\d{1,5})\b/i,
      /(?:address already in use|Address in use|Only one usage of each socket).{0,80}?(?<!\.(?:rs|go|py|js|ts|rb|java|cs|php|exs?|erl|cc?|cpp)(?::\d{1,6})?):(?<port>\d{1,5})\b|(?<!\.(?:rs|go|py|js|ts|rb|java|cs|php|exs?|erl|cc?|cpp)(?::\d{1,6})?):(?<port2>\d{1,5})\b.{0,100}(?:address already in use|Address in use)/i,
      /Connection in use|port is already (?:in use|allocated|used)|(?:port|Port) (?<port>\d{1,5}) (?:was|is) already (?:in use|allocated|used)|(?:^|[:\])] ?)Address already in use|EADDRINUSE|java\.net\.BindException|:eaddrinuse|AddrInUse|already listening/i,
    ],
  },
  {
    kind: 'read-only',
    match: [
      /\b(?:mkdir|open|create|creat|unlink|rename|rmdir|symlink|link|touch|chmod|chown|write|writing|mknod|utime)(?:\(\))?:? ['"`(]{0,2}(?<path>\/[\w@%+=,./-]{1,250})['"`)]{0,2}:? [^\n/]{0,20}[Rr]ead-only file ?system/,
      /(?:EROFS|read-only file ?system)[^'"`\n]{0,80}['"`](?<path>\/[^'"`\n]{1,250})|(?<path2>\/[\w./-]{1,250})['"`]?:? .{0,40}Read-only file ?system|Read-only file ?system|ReadOnlyFileSystem|EROFS/i,
    ],
  },
  {
    kind: 'stdio-denied',
    match: [
      /(?<path>\/(?:dev\/(?:stdout|stderr|stdin|fd\/\d|pts\/\d{1,3}|tty)|proc\/(?:self|1)\/fd\/\d)).{0,80}(?:permission denied|EACCES|\(13)/i,
    ],
  },
  {
    kind: 'device-denied',
    match: [
      /(?<path>\/dev\/(?!shm|null|zero|u?random|std|fd|mqueue)[\w/-]{2,80}).{0,100}(?:permission denied|operation not permitted|no such (?:file|device)|EACCES|EPERM|ENOENT|not found|does not exist)/i,
    ],
  },
  {
    kind: 'chown-denied',
    match: [
      /\b(?:chown|chgrp|lchown)\b[^\n]{0,30}?['"(]{0,2}(?<path>\/[\w@%+=:,./-]{1,250})?[^\n]{0,120}(?:operation not permitted|EPERM)|changing ownership of ['‘"](?<path2>[^'’"]{1,250})['’"]: (?:Operation not permitted|Permission denied)/i,
    ],
  },
  {
    kind: 'not-executable',
    match: [
      /^(?:\[FATAL tini[^\]]{0,12}\] )?exec:? ["'`]?(?<name>[\w./+-]{1,200})["'`]?:? (?:failed:? )?permission denied|standard_init_linux\.go:\d{1,4}: exec user process caused:? "?permission denied|(?:^|: )exec: (?<name4>[\w./+-]{1,200}): Permission denied|exec: "(?<name2>[^"\n]{1,200})": permission denied|spawn (?<name3>[\w./+-]{1,200}) EACCES/i,
      /^(?:\/\S{0,40}\/)?(?:ba|da|a|z)?sh: (?:line )?(?:\d{1,6}: )?(?<name>(?:\.{1,2}\/[\w./+-]{1,200}|\/\S{0,100}\bbin\/[\w.+-]{1,80}|\S{1,150}\.sh)): Permission denied/,
    ],
  },
  {
    kind: 'request-denied',
    match: [
      /\binvalid_(?:grant|client|token)\b|\b(?:7 PERMISSION_DENIED|16 UNAUTHENTICATED)\b|rpc error: code = (?:PermissionDenied|Unauthenticated)|(?:failed with status code|status code does not indicate success:|[Ee]rror: HTTP|HTTPError: (?:HTTP Error )?|Error: Request failed with status(?: code)?|unexpected (?:HTTP )?(?:response )?status(?: code)?:?|returned(?: HTTP)?(?: status)?|responded with(?: status)?(?: code)?:?|status code:?|Server returned HTTP response code:) ?(?<status>40[13])\b|(?:^|: |error )(?<status3>40[13]) (?:Client Error|Unauthorized|Forbidden|permission denied)\b|\bAuthorizationException\((?<status4>40[13])|(?:permission denied|[Ff]orbidden|[Uu]nauthorized|access denied) \((?:HTTP )?(?<status2>40[13])\)|statusCode=(?<status5>407)|\b(?<status6>407) Proxy Authentication/,
      /(?:[Ii]nvalid|[Ii]ncorrect|[Ee]xpired) (?:API key|api[_-]?key|access token|auth token)(?=$|[.,:;)'"]| (?:provided|supplied|given|or\b))/,
    ],
    when: (_, around) =>
      !/\bmust (?:be )?set\b|\bis not set\b|missing or invalid|"(?:GET|POST|PUT|DELETE|HEAD) \//i.test(around),
  },
  {
    // No file is named, and the frames around it open a port.
    kind: 'port-privileged',
    match: [
      /^(?:[\w.]{1,80}: )?(?:PermissionError|(?:java\.net\.)?(?:Socket|Bind)Exception)\b(?!.{0,200}['"/])[^\n]{0,40}Permission denied/,
    ],
    when: (_, around, { above }) =>
      /\b(?:server_bind|socket\.bind|Net\.bind0?|bind_socket|create_server)\b/.test(`${above}\n${around}`),
  },
  {
    kind: 'bind-address',
    match: [
      /(?:EADDRNOTAVAIL:? ?(?:address not available )?|Cannot assign requested address|can't assign requested address)(?<host>[\w.:-]{2,100}(?=:\d))?/i,
    ],
  },
  {
    kind: 'permission-denied',
    match: [
      // `PROGRAM: PATH: REASON`: the program is not what was refused.
      /^(?:[\w./+-]{1,120}: ){1,3}(?:line )?(?:\d{1,6}: )?(?<path>\/[\w@%+=,./-]{1,250}): (?:Permission denied|Operation not permitted)/i,
      /(?:EACCES|EPERM): [^'"`\n]{0,60}['"`](?<path>[^'"`\n]{1,250})/i,
      /PermissionError: \[Errno 13\] [^'"`\n]{0,40}['"`](?<path>[^'"`\n]{1,250})/i,
      /\b(?:stream or file|file|directory|open|mkdir|create|write(?: to)?|access(?: to the path)?|unlink|touch|rename) ['"`(]?(?<path>\/[\w@%+=:,./-]{1,250})['"`)]?.{0,60}(?:permission denied|is denied|not writable|EACCES|Operation not permitted)/i,
      /(?<![\w.-])(?<path>\/[\w@%+=:,./-]{1,250})['"`)]?:? .{0,60}(?:permission denied|is not writable|Operation not permitted)/i,
      /AccessDeniedException: (?<path>\/\S{1,250})/,
      /\b(?:[Aa]ccess|[Pp]ermission) to (?:the )?(?:file|directory|folder|path) (?:is |was )?denied:? ['"`]?(?<path>\/[\w@%+=:,./-]{1,250})/,
      /\bkind: PermissionDenied\b/,
      /(?:^|[:(\]] ?)(?:Permission denied|Operation not permitted)(?=$|[\s.,;:)'"])|\bEACCES\b|\bEPERM\b|UnauthorizedAccessException|PermissionError\b/i,
    ],
  },
  {
    kind: 'disk-full',
    match: [/no space left on device|\bENOSPC\b|There is not enough space on the disk|Disk quota exceeded|\bEDQUOT\b/i],
  },
  {
    kind: 'setting-invalid',
    match: [
      /Property: (?<name>[\w.[\]-]{1,120})\s{1,40}Value: ['"]?(?<value>[^'"\n]{0,120})['"]?\s{1,40}(?:Origin: [^\n]{0,200}\s{1,40})?Reason: (?<reason>[^\n]{1,200})/,
      /^\W{0,3}(?<name>[A-Z][A-Z0-9_]{1,80}): (?<reason>Invalid (?:number|bool|url|email|port|json|host|value|int)\w{0,10} input.{0,100})/im,
      /^\W{0,5}(?<name>[A-Z][A-Z0-9_]{2,80}): (?<reason>['"][^'"\n]{0,80}['"] is not a valid [^\n]{1,60})/m,
      /\bInvalidValue\("(?<name>[\w.-]{1,80})"\)/,
      /['"](?<value>[^'"\n]{1,200})['"] is (?:an invalid|not a valid) value for (?:the )?(?:parameter|option|property|setting|attribute|field|argument|flag) ["'`]?(?<name>[A-Za-z][\w.-]{1,80})["'`]?[.:,]? ?(?<reason>[^\n"]{0,160})/i,
    ],
  },
  {
    // Parsers of configuration files, by what they say of its content.
    kind: 'configuration-invalid',
    match: [
      /\byaml: (?:line \d|unmarshal|did not|mapping|control)|unmarshal errors|no such field|field \S{1,80} not found in type|unknown field ['"`]|\btoml: |invalid character .{1,20} looking for|Unable to parse JSON as|mapping values are not allowed|did not find expected/i,
    ],
    when: (_, around) => !/no such file|\bENOENT\b/i.test(around),
  },
  {
    kind: 'variable-missing',
    when: ({ name = '' }, around, { line }) =>
      !isErrorName(name) &&
      // "Reading the configuration from the environment variable X." names where it looks.
      !new RegExp(
        `\\b(?:[Rr]ead(?:ing)?|[Ll]oad(?:ing|ed)?|[Uu]sing|[Tt]aken|[Gg]ot)\\b.{1,60}\\b(?:from|in|via) (?:the )?(?:env(?:ironment)? )?(?:variable )?${name.replace(/\W/g, '.')}\\.{0,3}$`,
      ).test(line) &&
      (name === '' || MISSING.test(aroundName(line, name))) &&
      (name === '' ||
        !new RegExp(
          `(?:invalid|malformed|unsupported|deprecated|could not parse|unable to parse) .{0,60}${name.replace(/\W/g, '.')}|${name.replace(/\W/g, '.')}\\b[^.]{0,40}(?:is invalid|is not a valid|must be (?:a|an|one of|at least|between|either) |is deprecated|has been deprecated)`,
          'i',
        ).test(around)),
    match: [
      /\b(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]{1,80})\b["'`)}:,]* ?(?:environment variable |env var |variable )?(?:(?:is|was|are) )?(?:not (?:set|defined|found|provided|configured|present)|missing|required|undefined|unset|empty|must be (?:set|defined|provided|present)|needs? to be set|has not been set|cannot be (?:empty|blank|null))/i,
      /(?:[Ee]nvironment [Vv]ariable|[Ee]nv(?:ironment)? [Vv]ar|[Vv]ariable|(?<!\b(?:[Tt]ry|[Bb]y|[Cc]onsider|[Ww]hen|[Aa]fter) )[Ss]etting|[Cc]onfiguration (?:key|value|variable)|[Pp]arameter)s?:? ["'`$({]*(?<name>[A-Z][A-Z0-9_]{1,80})\b/,
      /\b(?:missing|required|undefined|unset|must set|please set|define|provide) (?:required )?(?:the )?(?:env(?:ironment)? ?(?:var(?:iable)?)?s?|variable|config(?:uration)?(?: value| key)?|setting|value for)?:? ?["'`$({]*(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]{1,80})\b/i,
      /The (?<name>[A-Z][A-Z0-9_]{2,60}) (?:setting|config|secret|variable|environment variable) must (?:be set|not be empty)/,
      /No value given for required|Config(?:uration)? validation error: ["'`](?<name>\w{1,80})["'`] is required|(?<name2>[A-Z][A-Z0-9_]{2,80}): (?:Required|Invalid input|Field required|field required)\b|^\W{0,3}(?<name3>[A-Za-z][\w.]{1,80})\n\s{0,8}[Ff]ield required\b/m,
      /invalid (?:url|URL|uri|URI|connection string|dsn)\b.{0,60}(?:undefined|null|""|''|\bempty)|ArgumentNullException: .{0,80}connection ?string|No application encryption key has been specified|The ConnectionString property has not been initialized|Failed to determine a suitable driver class|'url' attribute is not specified|no (?:database )?(?:url|dsn) (?:was )?(?:set|given|provided|configured)|Database is uninitialized and superuser password is not specified|(?:supabaseUrl|apiKey|api_key|connectionString|secretOrPrivateKey|JWT secret) (?:is required|must have a value|must be set|must be provided)/i,
    ],
  },
  {
    // A key that is missing is a variable where the environment was read, and any value of a table elsewhere.
    kind: 'variable-missing',
    when: ({ name = '', name2 }, _, { above }) =>
      /^\s{0,40}(?:File "|from |at )|^\S{1,200}:\d{1,6}:in /m.test(above)
        ? /environ|getenv|\benv\b|\bENV\b|<frozen os>|\/os\.py|decouple|dotenv|[Ss]ettings|[Cc]onfig/.test(above)
        : name2 !== undefined || name.includes('_'),
    match: [/KeyError: ['"](?<name>[A-Z][A-Z0-9_]{1,80})['"]|key not found: ['"](?<name2>[A-Z][A-Z0-9_]{1,80})['"]/],
  },
  {
    kind: 'variable-missing',
    match: [
      /"path": \[\s{0,20}"(?<name>[A-Z][A-Z0-9_]{1,80})"/,
      /\bNo (?<name>[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,80})(?: or [A-Z0-9_]{2,80})? (?:set|found|provided|configured|defined|specified|given)\b/,
      /config property (?<name3>[\w.-]{2,80}) is required/i,
      /\b(?:NotPresent|VarError|environment variable not found)\b/,
      /(?:invalid|missing|required|undefined|unset|bad) (?:or (?:invalid|missing) )?env(?:ironment)?(?:[ _](?:var\w{0,10}|settings?|config\w{0,8}))/i,
    ],
  },
  {
    kind: 'dependency-conflict',
    match: [
      /compiled using \w{2,30} [\d.x]{1,10} cannot be run in|size changed, may indicate binary incompatibility|NoSuchMethodError|NoSuchFieldError|IncompatibleClassChangeError|AbstractMethodError|java\.lang\.LinkageError|MissingMethodException|TypeLoadException/,
    ],
  },
  {
    kind: 'import-name',
    match: [
      /ImportError: cannot import name ['"](?<name>\w{1,80})['"] from (?<state>partially initialized module )?['"](?<module>[\w.]{1,120})/,
    ],
  },
  {
    kind: 'setting-unknown',
    match: [
      /^\W{0,3}(?<name>[A-Za-z][\w.]{1,80})\n\s{0,8}Extra inputs are not permitted/m,
      /\b[Uu]n(?:known|recognized|expected|supported) (?:[\w-]{1,30} ){0,2}(?:keys?|options?|settings?|propert(?:y|ies)|parameters?|fields?)(?:\(s\))?:? [[("'`]{1,3}(?<name>[A-Za-z][\w.-]{0,80})/,
    ],
  },
  {
    kind: 'module-missing',
    match: [
      /Can't locate (?<name>[\w/:-]{2,80}?(?:\.p[lh])?)(?:\.pm)? in @INC|there is no package called ['‘"](?<name2>[\w.]{2,60})|Could not locate (?<name3>[\w/.-]{2,120}?)(?:__init\.class)?,? .{0,120}on classpath/,
      /(?:Cannot|Could not|Failed to|Unable to) load (?:JDBC )?driver class:? ?(?<name>[\w.]{3,120})|No suitable driver|Couldn't import (?<name2>\w{2,60})|Error loading (?<name3>[\w.-]{2,60})(?: or [\w.-]{2,60})? module/i,
      /(?:Cannot find (?:module|package)|Could not (?:load|import) module|Could not resolve|Module not found:.{0,60}resolve) ['"`](?<name>[^'"`\n]{1,250})/i,
      /(?:ModuleNotFoundError: No module named|ImportError: No module named|No module named) ['"`]?(?<name>[\w.-]{1,120})/i,
      /ERR_MODULE_NOT_FOUND|module ["']?(?<name>[\w./@-]{1,120})["']? not found/i,
      /(?:NoClassDefFoundError(?!: Could not initialize)|ClassNotFoundException|FileNotFoundException: Could not load file or assembly)[: ]+['"]?(?<name>[\w.$/]{1,200})/,
      /\(module (?<name>:?[\w.]{1,100}) is not available/,
      /\brequires? (?:the )?(?<name>[\w.-]{2,60}) (?:library|package|module|extension|gem) (?:but|and|,) ?(?:it )?(?:was|is|could|has) ?(?:not|n't) (?:been |be )?(?:found|installed|available)/i,
      /\b(?:[Pp]lease install|[Yy]ou (?:need|have) to install|[Mm]issing (?:optional )?(?:dependency|package|library)):? ["'`](?<name>[A-Za-z@][\w./@-]{1,80})["'`]/,
      /Could not load file or assembly ['"](?<name>[\w.-]{1,120})/,
    ],
  },
  {
    kind: 'entry-missing',
    match: [
      /No executable found matching command ['"](?:dotnet-)?(?<path>[^'"\n]{1,200})/,
      /no main manifest attribute, in (?<path>\S{1,250})/i,
      /Could not find or load main class (?<name>\S{1,200})|Failed to find main class "(?<name2>[^"\n]{1,200})"/i,
      /Unable to access jarfile (?<path>\S{1,250})/i,
      /script (?:not found|missing):? ["'`](?<script>[\w:.-]{1,80})/i,
      /(?:^error Command|\b[Ss]cript) ["'`](?<script>[\w:.-]{1,80})["'`] not found|Couldn't find a script named ["'`](?<script2>[\w:.-]{1,80})/i,
      /can't open file ['"](?<path>[^'"]{1,250})/i,
      /Could not open input file: (?<path>\S{1,250})/i,
      /The (?:command could not be loaded|application ['"](?<path>[^'"]{1,200})['"] does not exist)|Could not execute because the specified command or file was not found/i,
      /Could not find (?:a )?production build in the ['"](?<path>[^'"]{1,200})|Could not find a production build/i,
    ],
  },
  {
    // What the container was started with, as the runtime or a small init (tini) words it.
    kind: 'start-missing',
    match: [
      /^(?:exec|\[FATAL tini[^\]]{0,12}\] exec|standard_init_linux\.go:\d{1,4}: exec user process caused:?) ['"`]?(?<name>[\w./+-]{1,200})?['"`]?:? ?(?:failed: )?['"]?no such file or directory/i,
    ],
  },
  {
    kind: 'command-missing',
    when: ({ name = '' }) => !/(?:Error|Exception)$/.test(name),
    match: [
      /command not found: (?<name>[\w./+-]{1,200})/,
      /(?:^|: )(?:\d+: )?(?:exec: )?(?<name>[\w./+-]{1,200}): (?:command )?not found\b/i,
      /exec:? ["'`]?(?<name>[\w./+-]{1,200})["'`]?: (?:no such file or directory|stat .{0,120}no such file|executable file not found|not found)/i,
      /(?:^|\/bin\/)env: ['‘`"]?(?<name>[^'’`":\n]{1,80})['’`"]?: No such file or directory/i,
      /spawn (?<name>[\w./+-]{1,200}) ENOENT|executable file not found in \$PATH/i,
    ],
  },
  {
    kind: 'option-unknown',
    when: (_, around) => !/\bERR unknown (?:sub)?command/.test(around),
    match: [
      /(?:unrecogni[sz]ed|unknown|illegal|bad|invalid) (?:command[- ]line )?(?:option|flag|switch|argument)s?:? ?['"`]?(?<option>-{1,2}[\w+.-]{1,80})|no such (?:option|command):? ['"`]?(?<option3>[\w-]{2,60})|unknown command:? ['"`](?<option4>[\w:.-]{2,60})['"`](?: for ['"`]|[.:]?$)/i,
      /flag provided but not defined: (?<option>-{1,2}[\w.-]{1,80})|unrecognized arguments: (?<option2>\S{1,120})|found argument ['"`](?<option3>[^'"`]{1,80})|unexpected argument ['"`](?<option4>[^'"`]{1,80})/i,
    ],
  },
  {
    kind: 'configuration-invalid',
    match: [
      /\[emerg\] (?!host not found|bind\(|open\(\)|mkdir\(\)|cannot load|SSL)(?<reason>.{1,200}?)(?: in (?<path>\/[^\s:]{1,200}):(?<lineNumber>\d{1,6}))?$/i,
      /(?:invalid|unknown|unrecognized|unsupported) (?:configuration|config|directive|setting|property|configuration (?:key|option|property))(?: key| option| value)?:? ["'`](?<name>[\w.-]{2,80})/i,
      /(?:error|failed|unable to|could not|cannot)\b.{0,20}\bpars(?:e|ing)\b.{0,60}(?<path>[\w./-]{1,200}\.(?:ya?ml|json|toml|conf|cfg|ini|properties|xml))\b/i,
      /(?:Scanner|Parser|Composer)(?:Exception|Error): (?<reason>[^\n]{1,160}(?:\n(?!\s{0,8}in ['"])[^\n]{1,160}){0,3})\n\s{0,8}in ['"](?<path>[^'"\n]{1,200})['"], line (?<lineNumber>\d{1,6})/,
      /configuration file \S{1,200} (?:contains errors|is invalid|is malformed)|\b(?:ConfigException|ConfigurationException|InvalidConfiguration\w{0,10}|ImproperlyConfigured|YAMLException|ScannerError|TOMLDecodeError|OptionsValidationException)\b: |ActiveRecord::AdapterNotSpecified|unknown shorthand flag|no such option: |arguments are required/,
    ],
    // A configuration file that is not there is a missing file.
    when: (_, around) => !/no such file|\bENOENT\b|cannot find the file|NoSuchFile|FileNotFound/i.test(around),
  },
  {
    kind: 'volume-not-empty',
    match: [
      /(?:directory|folder) ['"]?(?<path>\/[^'"\s]{1,250})['"]? exists but is not empty|lost\+found|data directory has files in it|--initialize specified but the data directory/i,
    ],
  },
  {
    kind: 'setting-missing',
    match: [
      /ValidationError: ["'](?<name>[\w.-]{1,80})["'] is a required property/,
      /required flag\(s\) "(?<name>[\w-]{1,60})"|[Tt]he following (?:required )?arguments (?:are required: |were not provided:\n\s{0,8})(?<name2>[\w<>|, -]{1,120})/,
      /\b(?:option|setting|property) ['"`](?<name>[\w.-]{2,80})['"`] (?:must )?(?:is|are|be) (?:required|missing|not (?:set|configured|specified|provided))\b/i,
      /^(?:ERROR: )?(?<name>[A-Za-z][\w.-]{1,60}(?: [a-z]{2,20})?) (?:is|was|has) not (?:been )?(?:configured|specified|provided)\b/i,
    ],
  },
  {
    kind: 'file-missing',
    match: [
      /unable to open (?:the )?database file(?: ['"]?(?<path>\/[^'"\s]{1,250}))?/i,
      /ENOENT: no such file or directory, \w+ ['"`](?<path>[^'"`\n]{1,250})/i,
      /FileNotFoundError: \[Errno 2\] [^'"`\n]{0,40}['"`](?<path>[^'"`\n]{1,250})/i,
      /(?:open|stat|lstat|read|access|cannot load certificate|open\(\)) ["'`(]?(?<path>[^\s"'`():]{1,250})["'`)]?:? .{0,40}(?:no such file or directory|failed \(2)/i,
      /(?:FileNotFoundException|NoSuchFileException|DirectoryNotFoundException|Errno::ENOENT)[:\s].{0,60}?(?<path>\/[^\s'"`(),]{1,250})/,
      /\b(?:[Dd]irectory|[Ff]ile) ['"](?<path>[^'"\n]{1,250})['"] does not exist/,
      /\b(?:[Ff]ile|[Dd]irectory|[Ff]older|[Tt]emplate|[Ss]chema|[Cc]ertificate|[Mm]odel|[Cc]onfig\w{0,8}|[Kk]ey) (?:not found|does not exist|is missing|missing|could not be found)(?: at| in| under)?:? ['"`]?(?<path>\/[\w@%+=,./-]{1,250})/,
      /\b(?:no|cannot find|could not find|can't find|unable to find|missing) (?:the |any |a )?(?:[\w-]{1,20} )?config(?:uration)? ?file\b|\bconfig(?:uration)? ?file (?:was )?(?:not found|missing|does not exist)/i,
      /Could not find (?:file|a part of the path) ['"`](?<path>[^'"`]{1,250})/i,
      /(?:can't cd to|can't open|cannot (?:open|access|find|stat)|could not (?:open|find)|not found:?) ['"`]?(?<path>\/[\w@%+=:,./-]{1,250})/i,
      /(?:^|: )(?:line )?\d{1,6}: (?<path>[\w@%+=,./-]{1,250}): No such file or directory/,
      /(?<![\w.-])(?<path>\/[\w@%+=:,./-]{1,250})['"`]?:? (?:not found|No such file|does not exist)/i,
      /(?:^|[:(\]] ?)No such file or directory|\bENOENT\b|code: 2, kind: NotFound|system cannot find the file/i,
    ],
  },
  {
    kind: 'script-error',
    match: [/^(?<path>(?:\/|\.\/)?[\w./-]{1,200}): (?:line )?(?<lineNumber>\d{1,6}): (?<reason>[^:\n][^\n]{2,200})$/],
  },
  {
    kind: 'crash',
    match: [
      /segmentation fault|\bSIGSEGV\b|core dumped|Assertion [`'"].{1,200}['"] failed\b|\bSIGABRT\b|\bSIGBUS\b|bus error|double free or corruption|stack smashing detected|illegal instruction/i,
    ],
    when: (_, around) => !/goroutine \d|nil pointer/i.test(around),
  },
  {
    kind: 'own-fault',
    match: [
      /\b(?:TypeError|ReferenceError|RangeError|NullPointerException|NoMethodError|AttributeError|IndexError|IndexOutOfBoundsException|ArrayIndexOutOfBounds\w{0,20}|NullReferenceException|ClassCastException|ZeroDivisionError|ArithmeticException|UnboundLocalError|NameError|RecursionError|IndentationError|SyntaxError|FunctionClauseError|ArgumentError|CaseClauseError|MatchError|StackOverflowError|UnhandledPromiseRejection|AssertionError|ParseError|KeyError|ValueError|IllegalStateException|IllegalArgumentException|UnsatisfiedDependencyException|NoSuchBeanDefinitionException|InvalidOperationException|UncaughtPromiseError)\b|\bParse error: syntax error, /,
      /nil pointer dereference|index out of range|slice bounds out of range|assignment to entry in nil map|invalid memory address|is not a function|Cannot read propert|is not defined\b|undefined method|Call to (?:undefined|a member) (?:function|method)|called `(?:Result|Option)::\w{3,20}\(\)`|attempt to \w{3,12} with overflow|all goroutines are asleep|concurrent map/i,
    ],
  },
];
