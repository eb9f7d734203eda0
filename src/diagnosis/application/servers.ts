/** What servers answer in words of their own: these outrank the class of the client around them. */
import { isA, type Row, rowsOf } from './row.ts';

const POSTGRES: readonly Row[] = rowsOf('postgres', [
  isA('tls', /(?<reason>SSL connection is required)/),
  isA('login-refused', /PAM authentication failed for user ['"](?<user>[\w.@-]{1,100})/),
  isA('login-refused', /password authentication failed for user ['"`\\]{0,2}(?<user>[\w.@-]{1,100})/),
  isA('tls', /(?<reason>no pg_hba\.conf entry for .{0,200}(?:no encryption|SSL off))/),
  isA(
    'login-refused',
    /no pg_hba\.conf entry for .{0,120}user ['"\\]{0,2}(?<user>[\w.-]{1,100})/,
    /no encryption|SSL off/,
  ),
  isA('login-refused', /\brole ['"`\\]{0,2}(?<user>[\w.@-]{1,100})['"`\\]{0,2} does not exist(?! [a-z]{2,})/),
  isA(
    'login-refused',
    /fe_sendauth: no password supplied|SASL: (?:SCRAM-SERVER-FIRST-MESSAGE: )?client password must be a string/,
  ),
  {
    kind: 'denied-by-database',
    form: /permission denied to create extension ['"\\]{0,2}(?<name>[\w-]{1,60})/,
    cause: 'The user of the application{container} may not create the PostgreSQL extension {name}.',
    remedy: [
      'Run CREATE EXTENSION {name} once with an administrator',
      { examples: [{ for: 'rds', words: 'rds_superuser on RDS' }] },
      ' in that database, or grant the user CREATE on the database if the extension is a trusted one.',
    ],
  },
  {
    kind: 'stated',
    technology: 'postgres',
    form: /extension ['"\\]{0,2}(?<name>[\w-]{1,60})['"\\]{0,2} is not available\b/,
    cause: 'The PostgreSQL server that the application{container} uses does not have the extension {name}: {line}',
    remedy: [
      'Use a server whose version and image have the extension {name}',
      { examples: [{ for: 'rds', words: 'for RDS see the extensions that its version supports' }] },
      ', then run CREATE EXTENSION {name}; nothing is missing in the image of the application.',
    ],
  },
  {
    kind: 'stated',
    form: /cannot execute (?<statement>[A-Z ]{3,40}) in a read-only transaction|--(?:super-)?read-only option so it cannot execute|READONLY You can't write against a read only|NotWritablePrimary|not (?:primary|master) and slave(?:Ok|_ok)=false|NotPrimaryNoSecondaryOk|code: 10107\b/,
    cause:
      '{who} writes to a server that only reads: the host is the reader endpoint or a replica, or the primary changed: {line}',
    remedy: [
      'Connect to the writer',
      {
        examples: [
          { for: ['mongodb', 'rds'], words: 'for Aurora and DocumentDB the cluster endpoint' },
          { for: 'redis', words: 'for ElastiCache the primary endpoint' },
        ],
      },
      ' in `environment` or `secrets`.',
    ],
  },
  {
    kind: 'stated',
    form: /unsupported startup parameter(?: in options)?:? (?<name>[\w.]{1,60})/,
    cause: 'PgBouncer (or another pooler) refuses the parameter {name} that the client sends when it connects.',
    remedy:
      'Remove {name} from the connection URL or options in `secrets`, or add it to ignore_startup_parameters of the pooler.',
  },
  {
    kind: 'stated',
    technology: 'prisma',
    form: /prepared statement ['"\\]{0,2}s\d{1,6}['"\\]{0,2} (?:already exists|does not exist)/,
    near: /sql_(?:migration|schema)_connector|schema_core|schema_engine|prisma migrate|^Datasource "/m,
    cause:
      'Prisma Migrate in the container{container} reaches the database through a pooler in transaction mode, which does not keep its session: {line}',
    remedy:
      'Give the migration a direct connection: directUrl of the datasource (schema.prisma or prisma.config) with a secret of its own, or DATABASE_URL of the database itself for that task. pgbouncer=true helps the client and not Migrate; the application may keep the pooler.',
  },
  {
    kind: 'stated',
    form: /prepared statement ['"\\]{0,2}\w{1,60}['"\\]{0,2} (?:already exists|does not exist)|DuplicatePreparedStatement|InvalidSQLStatementName/,
    cause:
      '{who} uses prepared statements through a pooler in transaction mode, where each statement may reach another session: {line}',
    remedy: [
      'Turn them off in the connection URL',
      {
        examples: [
          { for: 'prisma', words: 'Prisma pgbouncer=true' },
          { for: 'python', words: 'asyncpg statement_cache_size=0' },
          { for: 'jvm', words: 'JDBC prepareThreshold=0' },
        ],
      },
      ', or connect to the database without the pooler.',
    ],
  },
  {
    kind: 'stated',
    form: /server login has been failing|pgbouncer cannot connect to server|(?:FATAL|ERROR): +no such (?<what>database|user): ?(?<name>[\w-]{0,60})|bouncer config error/,
    cause: 'The pooler (PgBouncer) answers, but cannot log in to the database behind it: {line}',
    remedy:
      'Correct database, user and password of that entry in the configuration of the pooler ([databases], userlist.txt), and check that the pooler reaches the database.',
  },
  {
    kind: 'stated',
    form: /terminating connection due to administrator command|server closed the connection unexpectedly|57P01\b|terminating connection because of crash/,
    cause:
      'The database server ended the connection of the application{container}: it restarted, failed over, or crashed: {line}',
    remedy:
      'Look at the events of the database (failover, maintenance, memory) at that time, and let the application connect again by itself (pool with validation, pool_pre_ping).',
  },
  {
    kind: 'stated',
    form: /canceling statement due to (?<what>statement timeout|lock timeout|user request)|Lock wait timeout exceeded|max_statement_time exceeded|maximum statement execution time exceeded|Query execution was interrupted|LockNotAvailable|ER_LOCK_WAIT_TIMEOUT/,
    cause: 'A statement of the application{container} was cancelled because it waited or ran too long: {line}',
    remedy:
      'Find what holds the lock (pg_stat_activity, SHOW PROCESSLIST): often the old tasks or a second migration. Run the migration alone and once, or raise the time limit for it (statement_timeout, lock_timeout, innodb_lock_wait_timeout).',
  },
  {
    kind: 'stated',
    form: /deadlock detected|Deadlock found when trying to get lock|could not serialize access/,
    cause: 'Two transactions of the database blocked each other, and the server ended one: {line}',
    remedy:
      'Let only one task run the migration or seed (once before the deployment), and let the application repeat a transaction that failed so.',
  },
  {
    kind: 'stated',
    form: /syntax error at or near ['"\\]{0,2}(?<name>[^'"\\\n]{1,60})|You have an error in your SQL syntax.{0,120}near ['"](?<name2>[^'"\n]{0,60})|Incorrect syntax near ['"](?<name3>[^'"\n]{0,60})|ORA-00933|near "(?<name4>[^"\n]{1,60})": syntax error/,
    cause: 'The database does not understand a statement of the application{container}: {line}',
    remedy:
      'Correct that statement (of a migration or query); where it works elsewhere, compare the version and product of the server with the one it was written for.',
  },
  {
    kind: 'stated',
    form: /null value in column ['"\\]{0,2}(?<name>\w{1,80})|violates (?<what>not-null|foreign key|check|exclusion) constraint|Cannot add or update a child row|FOREIGN KEY constraint failed|NOT NULL constraint failed: (?<name2>[\w.]{1,80})|Column ['"](?<name3>\w{1,80})['"] cannot be null|Field ['"](?<name4>\w{1,80})['"] doesn't have a default value|contains null values|ORA-02291|ORA-01400/,
    cause:
      'A row that the application{container} or its migration writes, or one that is there, breaks a constraint of the database: {line}',
    remedy:
      'Correct the data (or the migration or seed that writes it) so that it fulfils the constraint, then run it again.',
  },
  {
    kind: 'migration-exists',
    form: /column ['"`\\]{0,2}(?<name>\w{1,80})['"`\\]{0,2} of relation ['"`\\]{0,2}(?<table>[\w.]{1,80})['"`\\]{0,2} already exists|Duplicate column name ['"](?<name2>\w{1,80})|Duplicate key name ['"](?<name3>\w{1,80})|duplicate column name: (?<name4>\w{1,80})|column ['"](?<name5>\w{1,80})['"] already exists|constraint ['"\\]{0,2}(?<name6>[\w.]{1,80})['"\\]{0,2} (?:of|for) relation .{1,80} already exists|type ['"\\]{0,2}(?<name7>\w{1,80})['"\\]{0,2} already exists|DuplicateColumn\b|DuplicateObject\b/,
    cause:
      'A migration adds something that the database already has, and the history of migrations does not list it: {line}',
    remedy: [
      'First compare the schema with that migration: if all of it is there, record it as applied',
      {
        examples: [
          { for: 'python', words: 'migrate --fake' },
          { for: 'prisma', words: '`prisma migrate resolve --applied NAME`' },
          { for: 'flyway', words: 'flyway baseline' },
        ],
      },
      ', else undo the part that is. Or let the migration skip what is there (IF NOT EXISTS), after comparing it: it may hold data.',
    ],
  },
  {
    kind: 'stated',
    form: /value too long for type|Data too long for column ['"](?<name>\w{1,80})|String or binary data would be truncated|invalid input syntax for type|Incorrect (?:string|integer|datetime|decimal) value|out of range for (?:type|column)|numeric field overflow|Data truncated for column/,
    cause: 'A value does not fit the column that the application{container} or its migration writes to: {line}',
    remedy: 'Correct the value or change the type of the column in a migration.',
  },
  {
    kind: 'stated',
    technology: 'mysql',
    form: /Specified key was too long; max key length|Row size too large|Index column size too large/,
    cause: 'MySQL refuses an index or row that is too long: {line}',
    remedy:
      'Shorten the indexed column (VARCHAR(191) with utf8mb4 on MySQL 5.6), index only its beginning, or use MySQL 8 or 5.7 with row format DYNAMIC.',
  },
  isA(
    'denied-by-database',
    /permission denied for (?:schema|table|relation|database|sequence|function|type|view|language) |must be (?:owner of|superuser|member of)|permission denied to (?:create|set|alter|terminate)|only superusers? can/,
  ),
  isA(
    'server-starting',
    /the database system is (?<state>starting up|shutting down|in recovery mode|not yet accepting connections)/,
  ),
  isA(
    'too-many-connections',
    /remaining connection slots are reserved|sorry, too many clients already|no more connections allowed|too many connections for (?:role|database) |MaxClientsInSessionMode|max clients reached/,
  ),
  isA('database-missing', /database ['"`\\]{0,2}(?<name>[\w.-]{1,120})['"`\\]{0,2} does not exist(?! (?:in|for) )/),
  // The server itself.
  {
    kind: 'stated',
    form: /the default discovery settings are unsuitable for production use/,
    cause:
      'Elasticsearch or OpenSearch in the container{container} listens beyond localhost and is told of no cluster: none of discovery.seed_hosts, discovery.seed_providers, cluster.initial_master_nodes is set.',
    remedy:
      'For one node set discovery.type=single-node in `environment`; for a cluster set discovery.seed_hosts and cluster.initial_master_nodes.',
  },
  {
    kind: 'kernel-limit',
    form: /max file descriptors \[(?<found>\d{1,9})\][^\n]{0,120}increase to at least \[(?<wanted>\d{1,9})\](?:[^\n]{0,300}\n){0,4}?[^\n]{0,100}max_map_count \[\d{1,9}\][^\n]{0,60}too low/,
    cause:
      'The check at the start of Elasticsearch or OpenSearch in the container{container} (SonarQube has one inside) refuses two limits: {found} open files, where it wants {wanted}, and vm.max_map_count of the host.',
    remedy:
      'Set both: `ulimits` of the container definition (name nofile, softLimit and hardLimit {wanted}), and node.store.allow_mmap=false, which makes max_map_count needless (in SonarQube SONAR_SEARCH_JAVAADDITIONALOPTS=-Dnode.store.allow_mmap=false). On EC2 the host can have vm.max_map_count=262144 instead (sysctl in the user data); Fargate cannot.',
  },
  {
    kind: 'kernel-limit',
    form: /max file descriptors \[(?<found>\d{1,9})\][^\n]{0,120}increase to at least \[(?<wanted>\d{1,9})\]/,
    cause:
      'The check at the start of Elasticsearch or OpenSearch in the container{container} (SonarQube has one inside) refuses the limit of {found} open files: it wants {wanted}.',
    remedy: 'Set `ulimits` of the container definition (name nofile, softLimit and hardLimit {wanted}).',
  },
  {
    kind: 'configuration-invalid',
    // The lines that name the checks are cut off; where they are there, they say it.
    form: /\bbootstrap checks failed[^\n]{0,200}(?:\n[^\n]{0,80}exited with code \d{1,3})?\n?$/,
    cause:
      'Elasticsearch or OpenSearch in the container{container} refuses to start, because its bootstrap checks failed; which of them, the lines after this one say, which are not among those that were read.',
    remedy:
      'Read those lines in the log of the container, and correct what they name in `environment` or `ulimits`. A single node skips the checks with discovery.type=single-node in `environment`; vm.max_map_count cannot be set on Fargate (node.store.allow_mmap=false instead).',
  },
  {
    kind: 'stated',
    form: /data directory ['"](?<path>[^'"]{1,200})['"] has (?:wrong ownership|invalid permissions|group or world access)|could not change permissions of directory ['"](?<path2>[^'"]{1,200})/,
    cause:
      'PostgreSQL does not accept the owner or permissions of its data directory{ path} in the container{container}: it must belong to the user of the server with mode 0700 or 0750.',
    remedy: [
      'Give it a volume of its own with the uid and gid of that user',
      { examples: [{ for: 'efs', words: 'EFS access point with posixUser 999 or 70' }] },
      ', and point PGDATA at a subdirectory of the volume.',
    ],
  },
  {
    kind: 'stated',
    form: /['"]root['"] execution of the PostgreSQL server is not permitted|initdb: error: cannot be run as root|Refusing to run as root|Please read ['"]Security['"] section of the manual to find out how to run mysqld as root|can not run elasticsearch as root|don't run (?:elasticsearch|opensearch) as root|(?:must not|cannot|should not|refuses? to) (?:be )?run as root/i,
    cause: 'The server in the container{container} does not run as root.',
    remedy:
      'Run it as its own user: USER in the Dockerfile or `user` in the container definition (remove `user: root`), with its data directory given to that user.',
  },
  {
    kind: 'stated',
    form: /could not find a ['"]postgres['"] database|invalid primary checkpoint record|could not locate a valid checkpoint record|PANIC: +could not/,
    cause: 'The data of PostgreSQL on the volume of the container{container} is damaged: {line}',
    remedy:
      'Restore the data from a backup or snapshot. A database server that is stopped in the middle (short stopTimeout, two tasks on one volume) leaves such data: let one task use the volume, or use a managed database.',
  },
  isA(
    'auth-method',
    /authentication method \d{1,3} not supported|SCRAM authentication (?:requires libpq version 10|is not supported)/,
  ),
]);

const MYSQL: readonly Row[] = rowsOf('mysql', [
  {
    kind: 'data-version',
    form: /Different (?<name>lower_case_table_names|innodb_page_size|innodb_\w{3,40}) settings for server \(['"]?(?<have>\w{1,10})['"]?\) and data dictionary \(['"]?(?<need>\w{1,10})['"]?\)|innodb-page-size mismatch in data file/,
    cause:
      'MySQL is started with another {name|setting}{ (have)} than its data folder was made with{ (need)}: the setting is fixed when the folder is initialized.',
    remedy:
      'Set {name|it} back to {need|the value of the data} (option of `command` or my.cnf), or dump the data and load it into an empty volume that is initialized with the new value.',
  },
  {
    kind: 'setting-invalid',
    technology: ['mysql', 'jvm'],
    form: /The server time ?zone value ['"](?<zone>[^'"\n]{1,60})['"] is unrecognized/,
    cause: 'MySQL Connector/J of the application{container} does not know the time zone {zone} that the server names.',
    remedy:
      'Add serverTimezone=UTC (connectionTimeZone from version 8.0.23) to the JDBC URL in `environment` or `secrets`, with the time zone that the server has.',
  },
  {
    kind: 'stated',
    symptom: true,
    form: /current transaction is aborted, commands ignored|\bin failed transaction block|InFailedSqlTransaction/,
    cause: 'An earlier statement of the same transaction failed, so the database ignores all that follow: {line}',
    remedy:
      'Look for the first SQL error before this line in the container log: it is the one to correct. Where the code continues after such an error, let it roll back first (or use a savepoint); a statement that cannot run in a transaction (CREATE INDEX CONCURRENTLY) needs autocommit.',
  },
  isA('denied-by-database', /Access denied for user ['"`]?(?<user>[\w.%-]{1,100})['"`]?@.{1,120} to database/),
  isA('login-refused', /Access denied for user ['"`]?(?<user>[^'"`@\s]{0,100})['"`]?@/),
  isA('login-refused', /\b(?:1045|1698)\b.{0,20}Access denied for user ['"`]?(?<user>[^'"`@\s]{1,100})/),
  isA('database-missing', /Unknown database ['"`](?<name>[\w.-]{1,120})/),
  isA('client-host-denied', /Host ['"](?<host>[^'"]{1,120})['"] is not allowed to connect to this/),
  {
    kind: 'stated',
    form: /Host ['"](?<host>[^'"]{1,120})['"] is blocked because of many connection errors/,
    cause: 'MySQL has blocked the address {host} of the task after many broken connections.',
    remedy:
      'Run FLUSH HOSTS (or raise max_connect_errors) on the server, and find what opens connections without finishing them: often a health check of a load balancer on port 3306.',
  },
  isA('too-many-connections', /\bToo many connections\b|has exceeded the ['"]?max_user_connections/),
  {
    kind: 'stated',
    form: /You do not have the SUPER privilege and binary logging is enabled|log_bin_trust_function_creators/,
    cause:
      'MySQL does not let the user of the application{container} create functions or triggers while binary logging is on.',
    remedy: [
      'Set log_bin_trust_function_creators=1 in the parameter group of the database',
      { examples: [{ for: 'rds', words: 'RDS' }] },
      ', then run the migration again.',
    ],
  },
  isA('tls', /(?<reason>SSL is required, but the server does not support it)/),
  isA('tls', /(?<reason>Connections using insecure transport are prohibited.{0,60}|--require_secure_transport=ON)/),
  {
    kind: 'stated',
    form: /MySQL server has gone away|Lost connection to (?:MySQL|MariaDB|server)|Server has gone away|reading initial communication packet|PROTOCOL_CONNECTION_LOST|The client was disconnected by the server because of inactivity/i,
    cause:
      'The database server closed the connection of the application{container}: it ended an idle connection, restarted, or refused a packet that is too large: {line}',
    remedy:
      'Let the pool test or renew its connections (a life time below wait_timeout, pre-ping), and look in the events of the database for a restart or failover. At the very first statement of a connection a proxy or security group in between may cut it off.',
  },
  {
    kind: 'stated',
    form: /Packet for query is too large|Got a packet bigger than ['"]?max_allowed_packet/,
    cause: 'A statement or row of the application{container} is larger than max_allowed_packet of MySQL.',
    remedy:
      'Raise max_allowed_packet in the parameter group of the database (and in the client), or write smaller pieces.',
  },
  {
    kind: 'stated',
    form: /Unknown collation:? ['"]?(?<name>\w{1,60})|Unknown character set:? ['"]?(?<name2>\w{1,60})|Unknown system variable ['"](?<name3>\w{1,60})/,
    cause:
      'The database server does not know {name|what the statement names}: it is older than, or another product (MariaDB, MySQL) than, the one that the statement was written for: {line}',
    remedy:
      'Use a server version that has it (MySQL 8 for utf8mb4_0900_ai_ci), or change the collation or option in the dump, migration or connection URL.',
  },
  {
    kind: 'stated',
    form: /Cannot add foreign key constraint|Foreign key constraint is incorrectly formed|Referencing column .{1,200} are incompatible|errno: 150\b/,
    cause:
      'A migration adds a foreign key whose two columns do not fit (type, sign, collation, engine), or whose table is not there yet: {line}',
    remedy:
      'Give both columns the same type and collation, index the referenced one, and create its table in an earlier migration.',
  },
  {
    kind: 'schema-misfit',
    form: /Can't DROP ['"`]?(?<name>\w{1,80})|(?:constraint|index|column|type) ['"\\]{0,2}(?<name2>[\w.]{1,80})['"\\]{0,2} (?:of relation ['"\\]{0,2}\w{1,80}['"\\]{0,2} )?does not exist/,
    cause: 'A migration or query refers to something that this database does not have: {line}',
    remedy:
      'Compare the schema of that database with the history of migrations: a migration was not run there, or the object has another name. Correct the migration (IF EXISTS) or run the missing one.',
  },
  {
    kind: 'variable-missing',
    form: /You need to specify one of the following as an environment variable|MYSQL_ROOT_PASSWORD, MYSQL_ALLOW_EMPTY|MARIADB_ROOT_PASSWORD/,
    cause: 'The database image of the container{container} is started for the first time without a root password.',
    remedy:
      'Set MYSQL_ROOT_PASSWORD (MariaDB: MARIADB_ROOT_PASSWORD) in `secrets`, or MYSQL_RANDOM_ROOT_PASSWORD=1 in `environment`.',
  },
  isA(
    'auth-method',
    /does not support authentication protocol requested|ER_NOT_SUPPORTED_AUTH_MODE|Authentication plugin ['"](?<name>\w{1,60})['"] (?:cannot be loaded|is not supported)/,
  ),
  {
    kind: 'module-missing',
    technology: 'python',
    form: /['"]?cryptography['"]? package is required for sha256_password or caching_sha2_password/,
    cause:
      '{who} logs in to MySQL 8 with the driver PyMySQL, which needs the package cryptography for that method, and the image lacks it.',
    remedy: 'Add cryptography to requirements.txt (or PyMySQL[rsa]) and build the image again.',
  },
  {
    kind: 'local-socket',
    form: /Can't connect to (?:local )?(?:MySQL|MariaDB|server).{0,20}through socket ['"](?<path>[^'"]{1,120})/,
    cause:
      '{who} looks for MySQL in the container itself, through the socket {path}: no host is set, or it is localhost.',
    remedy:
      'Set the host of the database (DB_HOST, the connection URL) in `environment` or `secrets` to its endpoint; for a container of the same task use 127.0.0.1.',
  },
]);

const MSSQL: readonly Row[] = [
  isA('login-refused', /Login failed for user ['"`](?<user>[\w.@\\-]{1,100})/),
  isA('database-missing', /Cannot open database ["'](?<name>[\w.-]{1,120})/),
  {
    kind: 'module-missing',
    form: /Can't open lib ['"](?<name>[^'"]{1,80})['"]|IM002\b.{0,120}|Data source name not found and no default driver/,
    cause: 'The image of the container{container} lacks the ODBC driver{ name} that the application names.',
    remedy:
      'Install it in the final stage (msodbcsql18 and unixodbc from the package source of Microsoft, tdsodbc for FreeTDS), and give the driver in the connection string the name that odbcinst.ini has.',
  },
  {
    kind: 'stated',
    form: /requires a machine with at least \d{3,5} megabytes of memory/,
    cause: 'SQL Server does not start in the container{container} because it has less than 2 GB of memory.',
    remedy: 'Give the container and task at least 2048 MiB (input `memory`).',
  },
];

const ORACLE: readonly Row[] = [
  {
    kind: 'connection-refused',
    form: /ORA-12541|TNS:no listener/,
    cause:
      'Nothing listens for Oracle at {host|the host} and {port|the port} that the application{container} connects to.',
    remedy:
      'Correct host and port in the connection URL (`environment`, `secrets`), and check that the listener of that database runs.',
  },
  isA('database-missing', /ORA-125(?:05|14)\b/),
  {
    kind: 'stated',
    form: /ORA-12154|ORA-12162|TNS:could not resolve the connect identifier/,
    cause: '{who} gives Oracle a connect name that no tnsnames.ora in the container resolves.',
    remedy:
      'Use the full address in the connection URL (host:port/service) in `environment` or `secrets`, or put tnsnames.ora into the image and set TNS_ADMIN to its folder.',
  },
  isA('unreachable', /ORA-1217\d|ORA-12535|ORA-12606|DPY-6005\b.{0,120}timed out/),
  isA('login-refused', /ORA-01017\b/),
  {
    kind: 'stated',
    form: /ORA-28040\b/,
    cause:
      'The Oracle server and the client of the application{container} have no version of the login protocol in common: {line}',
    remedy:
      'Use a newer driver or client library in the image, or let the server allow its version (SQLNET.ALLOWED_LOGON_VERSION_SERVER in sqlnet.ora).',
  },
  {
    kind: 'login-refused',
    form: /ORA-28000|ORA-28001|ORA-28002/,
    cause: 'Oracle refuses the user of the application{container}: its account is locked or its password has expired.',
    remedy:
      'Unlock it (ALTER USER ... ACCOUNT UNLOCK) or set a new password, and put that into the secret behind `secrets`.',
  },
  isA('too-many-connections', /ORA-12516|ORA-12519|ORA-12520|ORA-00018|ORA-00020/),
  isA('schema-misfit', /ORA-00942|ORA-00904/),
  {
    kind: 'runtime-mismatch',
    form: /DPI-1047|Cannot locate (?:a \d\d-bit )?Oracle Client library/,
    cause: 'The image of the container{container} lacks the Oracle Instant Client, which the driver loads.',
    remedy:
      'Install it in the final stage (with libaio) for the architecture of the task, or use the thin mode of the driver (python-oracledb, node-oracledb 6), which needs no client.',
  },
];

const MONGO: readonly Row[] = rowsOf('mongodb', [
  {
    kind: 'address-not-allowed',
    form: /(?:[Ss]erver selection tim(?:ed out|eout)|connection.{0,20} timed out|alert internal error|SSL alert number 80)[\s\S]{0,600}?\.mongodb\.net|\.mongodb\.net[\s\S]{0,300}?(?:timed out|timeout|alert internal error)\n?/,
    cause:
      '{who} got no answer of MongoDB Atlas: as a rule the IP address that the task comes from is not in its access list, or the subnets have no route to the internet.',
    remedy:
      'Add the public IP addresses of the NAT gateways (Elastic IPs) of the subnets to the IP access list of the project, or connect by VPC peering or a private endpoint.',
  },
  {
    kind: 'login-refused',
    form: /\bUserNotFound: Could not find user \\?"(?<user>[^"\\\n]{1,100})\\?"(?: for db \\?"(?<database>[^"\\\n]{1,80})\\?")?/,
    cause: 'MongoDB refused a client: it has no user {user} in the database{ database}, where the client looks for it.',
    remedy:
      'Create that user there (db.createUser in that database), or let authSource in the connection URL name the database in which it was created (often admin). MONGO_INITDB_ROOT_USERNAME makes a user only while the data directory is empty.',
  },
  isA('mongo-denied', /not authorized on (?<name>[\w.$-]{1,80}) to execute command(?: \{ (?<command>\w{1,40}))?/),
  isA('mongo-denied', /user is not allowed to do action \[(?<command>\w{1,40})\] on \[(?<name>[\w.$-]{1,80})/),
  isA(
    'login-refused',
    /bad auth ?: ?Authentication failed|MongoServerError: Authentication failed|Authentication failed\., full error|AuthenticationFailed\b|SCRAM.{0,40}Authentication failed/i,
  ),
  {
    kind: 'stated',
    form: /Retryable writes are not supported|This MongoDB deployment does not support retryable writes/,
    cause:
      'The database of the application{container} (Amazon DocumentDB or an old storage engine) does not support retryable writes, which the driver uses by default.',
    remedy: 'Add retryWrites=false to the connection URL in `secrets`.',
  },
  {
    kind: 'stated',
    form: /Transaction numbers are only allowed on a replica set member|Transactions are only allowed on|\$changeStream stage is only supported on replica sets|needs to be (?:performed|run) (?:on|as) a replica set|Transactions are not supported by this deployment/,
    cause:
      '{who} uses transactions or change streams, which MongoDB offers only in a replica set, and this server is none.',
    remedy:
      'Connect to a replica set (with replicaSet= in the URL), or start the server with --replSet and initiate it; for DocumentDB use engine version 4 or newer.',
  },
  {
    kind: 'url-invalid',
    form: /Invalid scheme, expected connection string to start with|MongoParseError: (?<reason>.{1,160})|mongodb\+srv .{0,60}(?:port|hostname)|URI does not have hostname, domain name and tld|error parsing uri: (?<reason2>.{1,160})|InvalidURI: /,
    not: /got "?undefined|must be a string/,
    cause: '{who} was given a MongoDB connection string that the driver cannot read: {line}',
    remedy:
      'Correct it in `secrets`: mongodb://USER:PASSWORD@HOST:27017/NAME (mongodb+srv:// has no port), without quotes or line end, special characters of the password percent-encoded, and only options that this driver version knows.',
  },
  {
    kind: 'variable-missing',
    form: /`uri` parameter to `(?:openUri|connect)\(\)` must be a string, got "?(?<value>\w{1,20})/,
    cause:
      'The MongoDB connection string of the application{container} is {value}: the variable that holds it is not set in the container.',
    remedy:
      'Set that variable (MONGODB_URI or the name that the code reads) in `secrets` (input `secrets`). A .env file of the repository does not reach the task by itself.',
  },
  {
    kind: 'unreachable',
    form: /Operation `(?<name>[\w.()]{1,80})` buffering timed out/,
    cause:
      '{who} asked MongoDB for {name} while Mongoose was not connected: the connection failed before, or was never opened.',
    remedy:
      'Look for the connection error above in the log and check the connection URL in `secrets` and the security group of the database (TCP 27017 from the tasks); wait for mongoose.connect() before the first query.',
  },
  {
    kind: 'stated',
    form: /requires a CPU with AVX support/,
    cause: 'MongoDB 5 or newer does not start on a CPU without AVX: {line}',
    remedy: 'Run the container on an instance type with AVX (any current one), or use MongoDB 4.4.',
  },
  isA('data-locked', /DBPathInUse|Unable to lock the lock file: (?<path>\S{1,120})/),
]);

const REDIS: readonly Row[] = rowsOf('redis', [
  {
    kind: 'stated',
    form: /AUTH <password> called without any password configured|Client sent AUTH, but no password is set|WRONGPASS.{0,10}without any password/,
    cause: '{who} sends a password to a Redis server that has none.',
    remedy:
      'Remove the password from the connection URL or variable (`secrets`), or turn AUTH on at the server (ElastiCache: an auth token with encryption in transit, or a user group).',
  },
  {
    kind: 'stated',
    form: /wrong number of arguments for 'auth' command/,
    cause: '{who} logs in to Redis with user and password, and that server (before version 6) knows only a password.',
    remedy:
      'Leave the user name out of the connection URL (redis://:PASSWORD@HOST:6379) in `secrets`, or use Redis 6 or newer.',
  },
  {
    kind: 'stated',
    form: /DENIED Redis is running in protected mode/,
    cause: 'Redis runs in protected mode without a password and answers only its own host.',
    remedy:
      'Set a password (requirepass) and give it to the application in `secrets`, or start Redis with --protected-mode no inside of a private network.',
  },
  {
    kind: 'stated',
    form: /OOM command not allowed when used memory/,
    cause: 'The memory of the Redis server is full (maxmemory), so it takes no writes.',
    remedy:
      'Take a larger node type or set an eviction policy (maxmemory-policy allkeys-lru in the parameter group); for queues let jobs expire. The memory of the task does not matter here.',
  },
  {
    kind: 'stated',
    form: /MISCONF Redis is configured to save|Background saving error|Can't (?:save in background|open or create append-only)|Failed opening the (?:RDB|temp RDB|append only)/,
    cause: 'Redis cannot write its data to disk (its folder is full or not writable), so it takes no writes: {line}',
    remedy:
      'Give its data directory a writable volume with room, or turn persistence off (--save "" --appendonly no) where the data may be lost.',
  },
  {
    kind: 'stated',
    form: /SELECT is not allowed in cluster mode|DB index is out of range/,
    cause: '{who} selects a database number that the Redis server does not have; in cluster mode there is only 0.',
    remedy:
      'Use database 0 in the connection URL (redis://HOST:6379/0) in `environment` or `secrets`, and tell data apart by a key prefix.',
  },
  isA(
    'server-too-old',
    /(?:ResponseError|ReplyError|CommandError|RedisError)\b.{0,20}unknown (?:sub)?command ['"`]?(?<name>[\w.]{1,60})/,
  ),
  isA('login-refused', /\bNOAUTH\b|\bWRONGPASS\b|\bERR invalid password\b/),
  isA('redis-denied', /\bNOPERM\b/),
  isA('too-many-connections', /\bmax number of clients reached\b/),
  isA('server-starting', /LOADING Redis is loading/),
  {
    kind: 'stated',
    technology: 'kafka',
    form: /(?<broker>[\w.-]{1,200}:\d{2,5})?\S{0,12} Disconnected(?: while requesting ApiVersion)?: (?:verify that security\.protocol is correctly configured|might be caused by incorrect security\.protocol)/,
    cause:
      'The Kafka broker{ broker} closes the connection of the application{container} at once: its listener expects another security protocol (TLS or SASL) than the client speaks.',
    remedy:
      'Set security.protocol (SSL, SASL_SSL), sasl.mechanism and the login as that listener wants it (MSK: 9092 plain, 9094 TLS, 9096 SCRAM, 9098 IAM) in `environment` and `secrets`.',
  },
  {
    kind: 'stated',
    form: /\bCROSSSLOT\b/,
    cause:
      'Redis runs in cluster mode, and one command, script or transaction of the application{container} names keys of different hash slots: {line}',
    remedy:
      'Use the cluster client of the library, and give keys that belong together one hash tag (the same word in braces in each of them; BullMQ: a prefix in braces), or use a Redis with cluster mode disabled.',
  },
  {
    kind: 'stated',
    form: /\bCLUSTERDOWN\b/,
    cause: 'The Redis cluster serves no requests at present, as not all of its hash slots have a node: {line}',
    remedy:
      'Look at the nodes of the cluster (CLUSTER INFO, events of ElastiCache or MemoryDB): a shard failed, or the cluster was not finished. For a Redis of your own assign all slots (redis-cli --cluster fix).',
  },
  isA('cluster-mode', /\bMOVED \d{1,5} /),
  {
    kind: 'stated',
    form: /SocketClosedUnexpectedlyError|Socket closed unexpectedly/,
    cause:
      'The Redis server closed the connection of the application{container} as soon as it was opened or while it was idle.',
    remedy:
      'If the cache has encryption in transit (ElastiCache, MemoryDB, Upstash), connect with TLS: rediss:// in the connection URL in `environment` or `secrets`. Without it look whether the server restarted.',
  },
  {
    kind: 'unreachable',
    form: /MaxRetriesPerRequestError|Reached the max retries per request limit/,
    not: /ECONN|ETIMEDOUT|ENOTFOUND/,
    cause: '{who} got no working connection to Redis (ioredis gave up); this line does not say why.',
    remedy:
      'Look for the [ioredis] error above in the log (ECONNREFUSED, ETIMEDOUT, NOAUTH, ENOTFOUND) and compare host, port, TLS (rediss://) and password in `environment` and `secrets` with the cache; its security group must allow TCP 6379 from the tasks.',
  },
]);

const KAFKA: readonly Row[] = rowsOf('kafka', [
  {
    kind: 'stated',
    form: /Failed to acquire lock on file \.lock in (?<path>\/[\w./-]{1,200}?)\.(?: |$)/,
    cause: 'Another Kafka process uses the data folder {path} of the container{container}.',
    remedy:
      'Give each broker a volume or folder of its own; for one broker on a shared volume let the old task stop first (inputs `minimum-healthy-percent: 0`, `maximum-percent: 100`).',
  },
  {
    kind: 'broker-denied',
    form: /SaslAuthentication(?:Exception|FailedError): (?:\[[\w-]{1,60}\]: )?Access denied|AWS_MSK_IAM.{0,120}(?:denied|failed)/,
    cause: 'The MSK cluster does not let the role of the application{container} in (IAM access control).',
    remedy:
      'Allow kafka-cluster:Connect and the actions on topics and groups for that cluster in the task role (input `task-role-arn`), and use port 9098 with AWS_MSK_IAM.',
  },
  {
    kind: 'unreachable',
    form: /Timed out waiting for a node assignment|Failed to update metadata after \d{1,8} ms|Timeout expired while fetching topic metadata|Timed out waiting to send the call|All broker connections are down|KafkaJSNumberOfRetriesExceeded/,
    not: /ECONN|ENOTFOUND|getaddrinfo/,
    cause:
      '{who} got no answer of the Kafka brokers{: host}: they cannot be reached on that port, or the client uses another security protocol than the listener.',
    remedy:
      'Compare bootstrap servers, port and security.protocol in `environment` with the cluster (MSK: 9092 PLAINTEXT, 9094 TLS, 9096 SASL/SCRAM, 9098 IAM), and allow that port in its security group from the tasks.',
  },
  isA(
    'broker-denied',
    /(?<what>Topic|Group|Cluster|TransactionalId)_?Authorization(?:Exception|_FAILED|Failed)\b(?:.{0,80}?(?:topics?|group):? \[?(?<name>[\w.-]{1,200}))?/i,
  ),
  isA(
    'broker-denied',
    /Not authorized to access (?<what>topic|group)s?:? \[?(?<name>[\w.-]{1,200})|Broker: (?<what2>Topic|Group|Cluster) authorization failed/i,
  ),
  {
    kind: 'tls',
    form: /IllegalSaslState|ILLEGAL_SASL_STATE|Unexpected (?:handshake request|Kafka request of type \w{1,30}) |Invalid receive \(size = \d{6,12}|InvalidReceiveException/,
    cause:
      'The security protocol of the Kafka client (PLAINTEXT, SSL, SASL_SSL) is not that of the listener it connects to: {line}',
    remedy:
      'Set security.protocol (ssl and sasl options) and the port to one listener of the cluster: MSK 9092 PLAINTEXT, 9094 TLS, 9096 SASL/SCRAM, 9098 IAM.',
  },
  {
    kind: 'stated',
    form: /Replication factor: \d{1,3} larger than available brokers: \d{1,3}|InvalidReplicationFactor|INVALID_REPLICATION_FACTOR/,
    cause: '{who} creates a topic with more replicas than the Kafka cluster has brokers: {line}',
    remedy:
      'Lower the replication factor (replication.factor, default.replication.factor) to the number of brokers, or add brokers.',
  },
  {
    kind: 'setting-missing',
    form: /Missing required configuration ["'](?<name>[\w.]{1,80})["'] which has no default value/,
    cause: 'The Kafka client of the application{container} lacks the setting {name}.',
    remedy:
      'Set {name} in the configuration of the application, by the environment variable that it is read from (`environment`, input `environment-variables`).',
  },
  {
    kind: 'url-invalid',
    form: /Invalid url in bootstrap\.servers: ?(?<value>\S{0,120})/,
    cause: 'The Kafka client cannot read the address {value|in bootstrap.servers}: it must be host:port.',
    remedy: 'Correct it in `environment`: HOST:PORT, several separated by commas, without http:// or quotes.',
  },
  {
    kind: 'stated',
    form: /RecordTooLarge|MESSAGE_TOO_LARGE|Message size too large|message is \d{1,12} bytes when serialized which is larger/,
    cause: 'A message of the application{container} is larger than the Kafka client or the broker allows.',
    remedy:
      'Raise max.request.size of the producer and max.message.bytes of the topic together, or send smaller messages (compression).',
  },
  isA(
    'topic-missing',
    /UNKNOWN_TOPIC_OR_PARTITION|UnknownTopicOrPartition|Unknown topic or partition|Topic (?<topic>[\w.-]{1,200}) not present in metadata|This server does not host this topic-partition/i,
  ),
  isA(
    'login-refused',
    /SaslAuthentication(?:Exception|Failed)?: |SASL_AUTHENTICATION_FAILED|SASL Authentication failed/i,
  ),
  {
    kind: 'stated',
    form: /InconsistentClusterId|The Cluster ID \S{1,60} doesn't match stored clusterId/,
    cause: 'The data directory of the Kafka broker on the volume belongs to another cluster.',
    remedy:
      'Give the broker the cluster ID that the data was made with, or an empty volume (meta.properties removed) if the data is not needed.',
  },
]);

const RABBIT: readonly Row[] = rowsOf('rabbitmq', [
  isA('login-refused', /ACCESS[_-]REFUSED|access to vhost ['"]|vhost \S{1,120} not found|ProbableAuthenticationError/),
  isA(
    'queue-mismatch',
    /PRECONDITION_FAILED - inequivalent arg ['"](?<name>[\w-]{1,80})['"] for (?<what>queue|exchange) ['"](?<queue>[^'"]{1,200})/,
  ),
  {
    kind: 'stated',
    form: /NOT_FOUND - no (?<what>queue|exchange) ['"](?<name>[^'"]{1,120})['"] in vhost ['"](?<vhost>[^'"]{1,80})/,
    cause: 'The {what} {name} does not exist in the vhost {vhost} of the broker.',
    remedy:
      'Declare it before it is used (in the application or a definitions file), or correct its name or the vhost in the connection URL (`environment`, `secrets`).',
  },
  {
    kind: 'stated',
    form: /RESOURCE_LOCKED - cannot obtain exclusive access to locked queue ['"](?<name>[^'"]{1,120})/,
    cause:
      'The queue {name} is exclusive to another connection: a second task uses the same name, as old and new tasks do during a rolling update.',
    remedy: 'Declare the queue without exclusive, or give each task a name of its own (a server-named queue).',
  },
  {
    kind: 'tls',
    form: /Socket closed abruptly during opening handshake|IncompatibleProtocolError|AMQPConnectionWorkflowFailed.{0,200}IncompatibleProtocol/,
    cause:
      'The broker closed the connection during the handshake: the client speaks plain AMQP to a port with TLS, or the port is no AMQP port.',
    remedy:
      'Use amqps://...:5671 for Amazon MQ and other brokers with TLS, amqp://...:5672 without it, in the connection URL (`environment`, `secrets`).',
  },
]);

const ELASTIC: readonly Row[] = [
  {
    kind: 'stated',
    form: /index_not_found_exception|no such index \[(?<name>[\w.*-]{1,120})/,
    cause: 'The search index{ name} does not exist in the cluster of the application{container}.',
    remedy:
      'Create the index (or run the indexing job) before it is searched, or correct its name or prefix in `environment`.',
  },
  {
    kind: 'stated',
    form: /cluster_block_exception|flood-stage watermark|FORBIDDEN\/12\/index read-only/,
    cause:
      'The search cluster refuses writes because its disk is nearly full (flood stage) or an index is read-only: {line}',
    remedy:
      'Enlarge the storage of the domain or delete old indices; then set index.blocks.read_only_allow_delete to null where it stays.',
  },
  isA(
    'login-refused',
    /missing authentication credentials for REST request|unable to authenticate user \[(?<user>[\w.@-]{1,80})|security_exception.{0,80}(?:authenticat|credentials)/,
  ),
  isA('data-locked', /failed to obtain node locks?/),
];

/** PgBouncer ends where the file of a process before it is still there. */
const POOLERS: readonly Row[] = [isA('stale-pid-file', /\bpidfile exists, another instance running/)];

/** The places in which clients and servers print an SQLSTATE. */
const stateIs = (codes: string): RegExp =>
  new RegExp(
    `(?:SQLSTATE[[: ]{1,3}|SQL ?State:? {1,4}|\\bcode: ?['"]|\\(SQLSTATE |PostgresException\\b.{0,30}?: |^ERROR: |FATAL )(?:${codes})\\b`,
  );
/** MySQL's number with its SQLSTATE behind it, and the number of SQL Server. */
const numberIs = (mysql: string, mssql?: string): RegExp =>
  new RegExp(`\\b(?:${mysql}) \\(\\w{5}\\)${mssql === undefined ? '' : `|\\bError Number: ?(?:${mssql})\\b`}`);

/** By the code alone, where the server speaks another language than English. */
const CODES: readonly Row[] = [
  isA('login-refused', stateIs('28P01')),
  isA('database-missing', stateIs('3D000')),
  isA('denied-by-database', stateIs('42501')),
  isA('schema-misfit', stateIs('42P01|42703|42S02|42S22')),
  isA('migration-exists', stateIs('42P07|42S01')),
  isA('schema-missing', stateIs('3F000')),
  isA('too-many-connections', stateIs('53300')),
  isA('server-starting', stateIs('57P03')),
  isA('duplicate-row', stateIs('23505')),
  isA('login-refused', numberIs('1045|1698', '18456')),
  isA('database-missing', numberIs('1049', '4060')),
  isA('denied-by-database', numberIs('1044|1142')),
  isA('schema-misfit', numberIs('1146|1054', '208|207')),
  isA('migration-exists', numberIs('1050', '2714')),
  isA('too-many-connections', numberIs('1040|1203')),
  isA('duplicate-row', numberIs('1062', '2627|2601')),
];

export const SERVERS: readonly Row[] = [
  ...POSTGRES,
  ...MYSQL,
  ...MSSQL,
  ...ORACLE,
  ...MONGO,
  ...REDIS,
  ...KAFKA,
  ...RABBIT,
  ...ELASTIC,
  ...POOLERS,
  ...CODES,
];
