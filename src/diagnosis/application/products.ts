/** Products that are run as they come: databases, brokers, dashboards, identity servers and model servers in a container. */
import { isA, type Row } from './row.ts';

export const PRODUCTS: readonly Row[] = [
  {
    kind: 'stated',
    form: /[Ll]isten(?:ing)?\b[^\n]{0,40}\[::\]:(?<port>\d{1,5})[^\n]{0,200}EAI: -9\b/,
    cause:
      'The program in the container{container} cannot listen on the IPv6 address [::]:{port}, as its network has no IPv6. Where it listens on IPv4 as well, that alone does not end it.',
    remedy: [
      'Let it listen on 0.0.0.0',
      {
        examples: ['ClickHouse <listen_host>0.0.0.0</listen_host>'],
      },
      ', or use subnets with IPv6 and the account setting dualStackIPv6.',
    ],
  },
  {
    kind: 'option-unknown',
    technology: 'mysql',
    form: /\[MY-0000\d\d\] \[Server\] unknown (?:variable|option) '(?<name>-{0,2}[\w-]{2,60})/,
    cause: 'The version of MySQL in the image does not know the setting {name}: newer versions have removed it.',
    remedy:
      'Remove it from `command` or from the configuration file in the image (my.cnf, conf.d), or pin the image to the version that has it (mysql:8.0).',
  },
  {
    kind: 'variable-missing',
    form: /--metadata-database-url or --database-url required/,
    cause:
      'Hasura has no database in the container{container}: neither HASURA_GRAPHQL_DATABASE_URL nor HASURA_GRAPHQL_METADATA_DATABASE_URL is set.',
    remedy: 'Set HASURA_GRAPHQL_DATABASE_URL in `secrets` (input `secrets`).',
  },
  {
    kind: 'migration-pending',
    form: /sql schema version compatibility check failed: (?<reason>[^\n]{3,200})/,
    cause: 'The database schema of Temporal is older than the server in the image: {reason}',
    remedy:
      'Run temporal-sql-tool update-schema for both databases (temporal, visibility) in one task of the image temporalio/admin-tools of this version before the deployment.',
  },
  {
    kind: 'stated',
    technology: 'python',
    form: /Running as root is not recommended\. Use --allow-root to bypass/,
    cause: 'Jupyter does not start as root in the container{container}.',
    remedy:
      'Run it as the user of the image (`user` "1000", USER in the Dockerfile), or add --allow-root to `command`.',
  },
  {
    kind: 'stated',
    form: /entrypoint requires the handler name to be the first argument|(?:Missing|missing|no) .{0,20}AWS_LAMBDA_RUNTIME_API|AWS_LAMBDA_RUNTIME_API.{0,60}(?:not set|not found|missing|KeyError|undefined)|KeyError: 'AWS_LAMBDA_RUNTIME_API'/,
    cause:
      'The image of the container{container} is one for AWS Lambda: its program waits for the runtime API of Lambda, which a task of ECS does not have.',
    remedy:
      'Build the image for ECS from a plain base image with a program that listens on a port or does its work and ends (CMD), or set `entryPoint` and `command` so that they start that program instead of the Lambda runtime.',
  },
  {
    kind: 'volume-not-empty',
    technology: 'postgres',
    form: /in 18\+, these Docker images are configured to store database data/,
    cause:
      'The image of PostgreSQL 18 keeps its data in a folder by version below /var/lib/postgresql, and the task mounts its volume at /var/lib/postgresql/data, as older images wanted it.',
    remedy:
      'Mount the volume at /var/lib/postgresql (`mountPoints`). Data of an older version on it must be taken over first (pg_upgrade, or dump and restore); otherwise stay with the image of that version.',
  },
  {
    kind: 'key-wrong',
    technology: 'node',
    form: /Credentials could not be decrypted\. The likely reason is that a different "encryptionKey"|Mismatching encryption keys\. The encryption key in the settings file/,
    cause: 'n8n has another encryption key than the one that its stored credentials (or settings file) were made with.',
    remedy:
      'Set N8N_ENCRYPTION_KEY in `secrets` to the first key (it stands as encryptionKey in .n8n/config of the old container or volume), the same in all n8n services. A key that was lost means new credentials.',
  },
  {
    kind: 'variable-missing',
    technology: 'node',
    form: /Failed to start worker because of missing encryption key/,
    cause: 'The n8n worker in the container{container} has no encryption key.',
    remedy: 'Set N8N_ENCRYPTION_KEY in `secrets` (input `secrets`) to the key of the main n8n service.',
  },
  {
    kind: 'permission-denied',
    technology: 'node',
    form: /EACCES: permission denied, \w{2,10} '(?<path>\/\.(?:n8n|npm|cache|config|local|yarn|pm2|aws|node_modules)\b[^'\n]{0,160})'/,
    cause:
      'The user of the container{container} has no home folder of its own (HOME is /), so the program may not create {path}.',
    remedy:
      'Set HOME (for n8n also N8N_USER_FOLDER) in `environment` to a folder that this user may write, such as /tmp or a volume, or run as the user of the image (leave `user` out of the container definition).',
  },
  {
    kind: 'variable-missing',
    technology: 'node',
    form: /(?:App keys are required\. Please set app\.keys|Missing (?<name>apiToken\.salt|admin\.auth\.secret|transfer\.token\.salt|jwtSecret|app\.keys|auth\.secret)\b|Missing admin\.auth\.secret)[^\n]{0,60}/,
    cause:
      'Strapi has no {name|app.keys} in the container{container}: the variables that its config folder reads are not set.',
    remedy:
      'Set APP_KEYS (several, separated by commas), API_TOKEN_SALT, ADMIN_JWT_SECRET, TRANSFER_TOKEN_SALT and JWT_SECRET in `secrets` (input `secrets`): the .env file of the project is not in the image.',
  },
  {
    kind: 'migration-locked',
    technology: 'node',
    form: /MigrationsAreLockedError|Migration lock was never released or currently a migration is running/,
    cause:
      'The migration lock of Ghost is held: another task migrates at the same time, or an earlier one was stopped and left the lock.',
    remedy:
      'Let one task run at a time (desired count 1, inputs `minimum-healthy-percent: 0`, `maximum-percent: 100`). If none migrates, set locked = 0 in the table migrations_lock and start again.',
  },
  {
    kind: 'key-wrong',
    technology: 'python',
    form: /Could not create Fernet object: (?<reason>.{1,80})/,
    cause: 'Airflow cannot use its Fernet key: {reason}.',
    remedy:
      'Set AIRFLOW__CORE__FERNET_KEY in `secrets` to 32 url-safe base64-encoded bytes (Fernet.generate_key()), without quotes or line end, and the same in all services of Airflow.',
  },
  {
    kind: 'stated',
    form: /Datasource provisioning error: data ?source not found/,
    cause:
      'Grafana cannot provision a data source: the file changes one by its uid or name, which its database does not have.',
    remedy:
      'Give each data source in provisioning/datasources a fixed uid, and delete the old one first in that file (deleteDatasources with name and orgId), or remove it in the database.',
  },
  {
    kind: 'configuration-invalid',
    form: /(?<what>Datasource|Dashboard|Alerting|Alert|Plugins?|Notifications?) provisioning error: (?<reason>(?!read |open )[^\n]{3,200})/,
    not: /Failed to (?:load|find) secret|connect|no such file|is a directory/i,
    cause: 'Grafana refuses a provisioning file ({what}): {reason}',
    remedy:
      'Correct that file below /etc/grafana/provisioning (in the image or on the volume); variables in it ($NAME) must be set in `environment`.',
  },
  {
    kind: 'option-unknown',
    technology: 'jvm',
    form: /Unknown option: '(?<option>--(?:db|features(?:-disabled)?|health-enabled|metrics-enabled|http-relative-path|cache(?:-stack|-config-file)?|transaction-xa-enabled|fips-mode|https-client-auth))'[^\n]{0,60}\n(?:[^\n]{0,600}\n){0,3}[^\n]{0,60}kc\.(?:sh|bat)|Build time option '(?<option2>--[\w-]{1,60})' not usable with pre-built image/,
    cause:
      'Keycloak takes {option} only when it is built, and the container{container} starts with --optimized, which skips that.',
    remedy:
      'Set it in the Dockerfile before RUN /opt/keycloak/bin/kc.sh build (ENV KC_DB=postgres), and copy /opt/keycloak into the final stage; or start without --optimized.',
  },
  {
    kind: 'stated',
    technology: 'jvm',
    form: /No suitable driver found for jdbc:(?<db>\w{2,20})|Driver does not support the provided URL: jdbc:(?<db2>\w{2,20})|Failed to obtain JDBC connection/,
    near: /Failed to start server in \((?:production|development)\) mode|quarkus\.datasource\.jdbc\.driver is set to '[^'\n]{1,120}' but it is build time fixed/,
    cause:
      'Keycloak was built for another database than the one that it is started with{: db}: the driver is chosen when it is built.',
    remedy:
      'Set KC_DB in the Dockerfile before RUN /opt/keycloak/bin/kc.sh build and copy /opt/keycloak into the final stage, or start without --optimized.',
  },
  {
    kind: 'stated',
    technology: 'kafka',
    form: /No (?:readable )?[`']?meta\.properties[`']? (?:files? )?found/,
    cause: 'The data folder of Kafka in the container{container} is not formatted for KRaft.',
    remedy:
      'Set CLUSTER_ID (KAFKA_CLUSTER_ID) in `environment`, with which the official images format the folder, or run kafka-storage.sh format -t ID -c FILE in the entrypoint.',
  },
  {
    kind: 'setting-invalid',
    technology: 'rabbitmq',
    form: /(?<name>RABBITMQ_\w{2,60}) is set but deprecated/,
    cause: 'The image of RabbitMQ no longer accepts the variable {name}.',
    remedy:
      'Remove {name} from `environment`, and put the setting into a file below /etc/rabbitmq/conf.d of the image.',
  },
  {
    kind: 'configuration-invalid',
    form: /The given configuration is invalid\. Reason: (?<reason>.{1,200})/,
    cause: 'Logstash cannot read its pipeline: {reason}',
    remedy:
      'Correct the pipeline file at that place (in the image under /usr/share/logstash/pipeline, or in the variable that holds it); logstash -t checks it.',
  },
  {
    kind: 'data-version',
    form: /Unsupported database file version or invalid file header in file "(?<path>[^"\n]{1,160})/,
    cause: 'The database file {path} was written by another version of H2 than the image has.',
    remedy: [
      'Use the version of the image that wrote it, or migrate the file with the tool of the product',
      { examples: [{ for: 'postgres', words: 'for Metabase better move to PostgreSQL' }] },
      '.',
    ],
  },
  {
    kind: 'variable-missing',
    form: /insecure SECRET_KEY|A Default SECRET_KEY was detected/,
    cause: 'Superset does not start with its default SECRET_KEY.',
    remedy:
      'Set SUPERSET_SECRET_KEY in `secrets` to a long random value (openssl rand -base64 42), and keep it: the data is encrypted with it.',
  },
  {
    kind: 'bind-address',
    form: /Unable to start the management interface on (?!0\.0\.0\.0)(?<host>[\w.-]{1,120}):(?<port>\d{1,5})\n(?:[^\n]{0,300}\n){0,4}[^\n]{0,160}(?:System error|Unresolved|Name or service not known|Cannot assign requested address)/,
    cause: 'Keycloak in the container{container} cannot listen on {host}:{port}: that name is no address of the task.',
    remedy:
      'Set KC_HTTP_HOST=0.0.0.0 (KC_HTTP_MANAGEMENT_HOST, where it is set) in `environment`: it is the address to listen on, and the public name belongs into KC_HOSTNAME.',
  },
  {
    kind: 'variable-missing',
    form: /Strict hostname resolution configured but no hostname setting provided|hostname is not configured; either configure hostname/,
    cause: 'Keycloak has no host name in production mode.',
    remedy:
      'Set KC_HOSTNAME in `environment` to the public host name (or KC_HOSTNAME_STRICT=false), with KC_PROXY_HEADERS=xforwarded behind the load balancer.',
  },
  {
    kind: 'https-certificate',
    form: /Key material not provided to setup HTTPS/,
    cause: 'Keycloak in production mode wants HTTPS and has no certificate in the container.',
    remedy: 'Let the load balancer end TLS: set KC_HTTP_ENABLED=true and KC_PROXY_HEADERS=xforwarded in `environment`.',
  },
  {
    kind: 'file-missing',
    form: /currently active theme "(?<name>[\w.-]{1,60})" is missing/,
    cause:
      'Ghost does not find its theme {name}: the volume over its content folder is empty and hides the themes of the image.',
    remedy:
      'Copy the themes onto the volume once (or mount it at content/images and content/data only), or choose a theme that is there.',
  },
  {
    kind: 'configuration-invalid',
    form: /cannot use SQLite with the (?<name>\w{3,30})/,
    cause: 'Airflow uses SQLite, which the {name} does not allow: the URL of its database is not set.',
    remedy:
      'Set AIRFLOW__DATABASE__SQL_ALCHEMY_CONN in `secrets` (postgresql+psycopg2://USER:PASSWORD@HOST/NAME), or the SequentialExecutor.',
  },
  {
    kind: 'file-missing',
    form: /Model not found at: (?<path>\S{1,160})|ModelNotFoundException|(?:Could not find base path|No versions of servable|failed to load model|does not appear to have a file named) ?(?<path2>\S{0,160})/,
    cause: 'The model server of the container{container} finds no model{ (path)}.',
    remedy:
      'Bring the model in the image (COPY) or on a volume at that path, or correct the path and name in `command`; a download at start needs a route and the rights of the task role.',
  },
  {
    kind: 'gpu',
    technology: 'gpu',
    form: /(?:Failed to initialize NVML|nvmlInit\w{0,6}[^\n]{0,60}failed|DCGM initialization error)(?!: Driver\/library version mismatch)(?:: (?<reason>[^\n]{1,120}))?/i,
    cause:
      'The container{container} sees no GPU and no NVIDIA driver (NVML, which is asked first, did not start): {line}',
    remedy: [
      'Give the container a GPU: resourceRequirements with type GPU in the task definition, on instances with a GPU and the GPU-optimized ECS AMI',
      { examples: [{ for: 'gpu', words: 'where the agent has ECS_ENABLE_GPU_SUPPORT=true and the NVIDIA runtime' }] },
      '; Fargate has none. What CUDA says after it of versions follows from that.',
    ],
  },
  {
    kind: 'runtime-mismatch',
    technology: 'gpu',
    symptom: true,
    form: /CUDA driver version is insufficient for CUDA runtime version/,
    cause:
      'CUDA finds no NVIDIA driver in the container{container} that is new enough: none at all, where it was given no GPU, or an older one than the CUDA of the image needs.',
    remedy:
      'See first that the container was given a GPU (resourceRequirements with type GPU; nvidia-smi in it shows the driver). If it was, use an ECS AMI with a newer driver or an image with an older CUDA.',
  },
  {
    kind: 'runtime-mismatch',
    technology: 'gpu',
    form: /no kernel image is available for execution on the device|forward compatibility was attempted on non supported HW|The NVIDIA driver on your system is too old|unsupported display driver/,
    cause: 'The CUDA build in the image does not fit the GPU or the driver of the instance: {line}',
    remedy:
      'Use an image whose CUDA and library version support that GPU and driver (or an ECS AMI with a newer driver, or another instance type).',
  },
  {
    kind: 'out-of-heap',
    form: /exceeded 9\d% memory budget|Worker process .{0,40}out of memory|MemoryError: Unable to allocate/,
    cause: 'A worker in the container{container} has used up its memory.',
    remedy:
      'Raise the memory of the container and task (input `memory`) and the limit of the worker, or give each worker less to do at once.',
  },
  {
    kind: 'configuration-invalid',
    form: /My id \d{1,5} not in the peer list/,
    cause: 'ZooKeeper does not find its own id among its servers.',
    remedy: 'Give ZOO_MY_ID (the file myid) and ZOO_SERVERS the same numbers, from 1 to 255.',
  },
  {
    kind: 'configuration-invalid',
    technology: 'kafka',
    form: /advertised\.listeners cannot use the nonroutable|No security protocol defined for listener|advertised\.listeners .{0,60}(?:must|cannot)|requirement failed: .{0,30}listeners/,
    cause: 'The Kafka broker does not accept its listeners: {line}',
    remedy:
      'Correct KAFKA_ADVERTISED_LISTENERS (a name or address that clients reach, not 0.0.0.0) and KAFKA_LISTENER_SECURITY_PROTOCOL_MAP in `environment`.',
  },
  {
    kind: 'runtime-mismatch',
    technology: ['rabbitmq', 'elixir'],
    form: /RabbitMQ (?:version )?(?<name>[\d.]{1,20})? ?(?:requires|cannot run on) Erlang(?:\/OTP)? ?(?<have>[\d.]{1,20})|[Tt]his RabbitMQ version (?:requires|cannot run on) Erlang(?:\/OTP)? ?(?<have2>[\d.]{0,20})/,
    cause:
      'RabbitMQ in the image of the container{container} does not run on the Erlang that is installed there: {line}',
    remedy:
      'Install an Erlang/OTP of a version that this RabbitMQ supports (rabbitmq.com/docs/which-erlang), or a RabbitMQ that fits the installed Erlang. The official image (rabbitmq:VERSION) has both.',
  },
  {
    kind: 'runtime-mismatch',
    technology: ['rabbitmq', 'elixir'],
    form: /init terminating in do_boot|compiled for a later version of the run-?time system|Unusable Erlang runtime system/,
    near: /\brabbit(?:mq)?(?:[_./]\w|\b)/i,
    cause:
      'RabbitMQ in the image of the container{container} does not start on the Erlang that is installed there: {line}',
    remedy:
      'Compare both versions (rabbitmq.com/docs/which-erlang): install an Erlang/OTP that this RabbitMQ supports, or use the official image (rabbitmq:VERSION), which has both. For another reason read the lines above it.',
  },
  {
    kind: 'data-version',
    technology: 'rabbitmq',
    form: /Timeout contacting cluster nodes: \[(?<name>[^\]\n]{1,120})|inconsistent_cluster/,
    cause:
      'RabbitMQ waits for the node of its stored data{ (name)}: each task has another host name, and the data on the volume belongs to the old one.',
    remedy:
      'Give the node a fixed name (RABBITMQ_NODENAME=rabbit@localhost) in `environment`, or start with an empty volume; for a cluster use Amazon MQ.',
  },
  isA(
    'data-locked',
    /Database may be already in use: |\[90020-\d{2,3}\]|Unable to lock \.\/\w{1,40} error: 11|unable to lock data directory|Another instance of .{1,40} is (?:already )?running|FATAL: +lock file "\S{1,120}" already exists|storage is locked/,
  ),
  {
    kind: 'data-version',
    technology: 'mysql',
    form: /InnoDB: (?:Invalid flags|Unsupported redo log format|Tablespace flags|Table flags are|Upgrade after a crash|Cannot boot server version \d)|Cannot upgrade server earlier than|Invalid MySQL server (?:upgrade|downgrade)|Unknown redo log/,
    cause: 'The data of MySQL or MariaDB on the volume was written by another version than the image has: {line}',
    remedy:
      'Use the version (and product) of the image that wrote it, stop that cleanly, and upgrade one major version after the other; or restore a dump into an empty volume.',
  },
  {
    kind: 'configuration-invalid',
    technology: 'redis',
    form: /FATAL CONFIG FILE ERROR/,
    cause: 'Redis refuses its configuration file; the line below the message shows the directive.',
    remedy:
      'Correct that directive in redis.conf or `command`; a value that comes from a variable is empty if the variable is not set in `environment`.',
  },
  {
    kind: 'data-version',
    technology: 'redis',
    form: /Can't handle RDB format version (?<version>\d{1,3})/,
    cause: 'The data of Redis on the volume was written by a newer version than the image has (RDB format {version}).',
    remedy:
      'Use the image of the version that wrote it, or a newer one. An older one can only start with an empty volume.',
  },
  {
    kind: 'data-version',
    technology: 'redis',
    form: /Bad file format reading the append only file|Unexpected end of file reading the append only file|Wrong signature trying to load DB/,
    cause: 'The data of Redis on the volume is damaged: {line}',
    remedy:
      'Repair it with redis-check-aof --fix (after a copy), use the version that wrote it, or start with an empty volume; two tasks must not share one volume.',
  },
  {
    kind: 'setting-invalid',
    form: /Unable to validate credentials inherited from the shell environment|MINIO_ROOT_(?:USER|PASSWORD) length should/,
    cause: 'MinIO does not accept its root credentials: the user needs 3 and the password 8 characters at least.',
    remedy: 'Set MINIO_ROOT_USER and MINIO_ROOT_PASSWORD in `secrets` to longer values.',
  },
  {
    kind: 'configuration-invalid',
    form: /Multiple private IPv4 addresses found|No private IPv4 address found/,
    cause: 'Consul does not know which address of the task to use.',
    remedy: 'Set -bind (CONSUL_BIND_INTERFACE, or a template such as GetPrivateIP) in `command`.',
  },
  {
    kind: 'permission-denied',
    form: /permissions on (?<path3>\/\S{1,120}) are too open|permissions (?<mode>0?\d{3}) for (?<path>\S{1,120}) are too open|UNPROTECTED PRIVATE KEY FILE|private key file ['"](?<path2>[^'"\n]{1,120})['"] (?:has group or world access|must be owned)/,
    cause:
      'The file {path|with the key} is readable for others (mode {mode|too open}), which the program in the container{container} does not accept.',
    remedy: [
      'Give it mode 600 and the user of the container',
      { examples: [{ for: 'efs', words: 'on EFS by the access point and a chmod at start' }] },
      '.',
    ],
  },
  {
    kind: 'command-missing',
    form: /^Command not found: (?<name>[\w./-]{1,80})|Failed to spawn: `(?<name2>[\w./-]{1,80})`|Command '(?<name3>[\w./-]{1,80})' not found in/,
    not: /entrypoint\.sh|did you mean/,
    cause: 'The command {name} is not installed in the environment of the container{container}.',
    remedy: [
      'Install the dependencies in the image with the group that has {name}',
      { examples: [{ for: 'python', words: 'poetry install' }, 'uv sync'] },
      ', and run it with the same environment (.venv on PATH) in the final stage.',
    ],
  },
  {
    kind: 'file-missing',
    form: /FileNotFoundError: .{0,60}'(?<path>(?:Pipfile|pyproject\.toml|requirements\.txt|manage\.py|alembic\.ini))'|File does not exist: (?<path2>[\w./-]{1,160})|can't open '?(?<path3>[\w./-]{1,160}\.\w{1,5})'?: (?:No such|file not)/,
    cause: '{who} needs {path}, which is not in the folder in which it is started.',
    remedy: 'COPY it into the final stage, and let WORKDIR (or `workingDirectory`) be its folder.',
  },
  {
    kind: 'key-wrong',
    form: /dataprotectionwarning|CryptographicException: The payload was invalid|CryptographicException: The key \{/,
    cause:
      '{who} cannot decrypt what another task or revision encrypted: each task has data protection keys of its own.',
    remedy: [
      'Keep the keys in one place for all tasks',
      { examples: ['PersistKeysToAWSSystemsManager', 'a shared volume or a database'] },
      ' with one application name.',
    ],
  },
  {
    kind: 'pem-invalid',
    form: /key must be (?:a )?PEM encoded|Key must be PEM|asn1: structure error|illegal base64 data at input byte|x509: malformed|Invalid PEM|[Cc]ould not deserialize key data|Unable to load PEM file|error:1E08010C|Neither PUB key nor PRIV key/,
    cause: '{who} cannot read a key or certificate: what it was given is not valid PEM or base64.',
    remedy: [
      'Check the secret behind it: it begins with -----BEGIN, and its line ends must survive (a secret in one line needs \\n turned into line ends, or base64).',
      { for: 'secrets-manager', words: ' Store it in Secrets Manager as it is and name it in `secrets`.' },
    ],
  },
  {
    kind: 'unreachable',
    technology: 'kafka',
    form: /client has run out of available brokers to talk to/,
    cause:
      '{who} got no answer of a Kafka broker that it could use: the address is wrong, or the client uses another security protocol than the listener (EOF points to that).',
    remedy:
      'Compare brokers, port, TLS and SASL settings in `environment` with the cluster (MSK: 9092 PLAINTEXT, 9094 TLS, 9096 SASL/SCRAM, 9098 IAM), and allow that port in its security group from the tasks.',
  },
  {
    kind: 'stale-pid-file',
    form: /already running \(Or delete (?<path>\S{1,160}) file\)/,
    cause: 'A pid file ({path}) is in the image or on a volume, so the server takes itself for running already.',
    remedy: [
      'Start it with -Dpidfile.path=/dev/null',
      { examples: [{ for: 'jvm', words: 'JAVA_OPTS' }] },
      ', or remove the file before the start.',
    ],
  },
  {
    kind: 'variable-missing',
    form: /Could not resolve substitution to a value: \$\{(?<name>[\w.-]{1,80})\}|ConfigurationException: Property (?<name2>[\w.-]{1,80}) not found|No configuration setting found for key '(?<name3>[\w.-]{1,80})'/,
    cause: '{who} lacks the setting {name}: its configuration refers to it, and nothing sets it in the container.',
    remedy:
      'Set the environment variable (or the entry of application.conf) {name} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`).',
  },
  {
    kind: 'permission-denied',
    form: /Failed to create cache dir: (?<path>\S{1,160})|is not writable\.\nYou may have issues with file permissions|GF_PATHS_DATA='(?<path2>[^']{1,120})' is not writable|Wrong volume permissions\?/,
    cause: 'The user of the container{container} may not write to {path|its data folder}.',
    remedy: [
      'Give the volume to the user of the server',
      { examples: [{ for: 'efs', words: 'EFS access point with its posixUser and ownership' }] },
      ', or run the container as the user that owns the data. For temporary folders mount a writable volume where readonlyRootFilesystem is true.',
    ],
  },
];
