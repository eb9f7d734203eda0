/** Go: its runtime, and libraries that programs in Go share. */
import { isA, type Row, rowsOf } from './row.ts';

export const GO: readonly Row[] = rowsOf('go', [
  isA(
    'setting-missing',
    /required key '(?<name>[\w.-]{1,80})' for field '\w{1,80}' not found|field "(?<name2>[\w.-]{1,80})" is required but the value is not provided/,
  ),
  {
    kind: 'variable-missing',
    form: /cannot parse `(?:host= |[^`\n]{0,60} (?:port|dbname)= )[^`\n]{0,200}`|[Dd]ata ?[Ss]ource ?[Nn]ame: "?host= (?:port|user)=/,
    cause:
      'The connection string of the application{container} is made of variables that are not set in the container: {line}',
    remedy:
      'Set those that the code puts into it (DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME or its own names) in `environment` and `secrets`.',
  },
  {
    kind: 'variable-missing',
    form: /(?:Get|Post|Put|Delete|Head|Patch|parse) "(?<path>[^"\n]{0,160})": unsupported protocol scheme ""/,
    cause:
      '{who} calls the URL "{path}", which has no scheme and host: the variable with the base address is not set in the container.',
    remedy:
      'Set the variable that the code puts in front of that path in `environment` (input `environment-variables`), with http:// or https://.',
  },
  {
    kind: 'setting-invalid',
    form: /cannot find (?<name>[\w/+-]{2,60}) in zip file \S{0,200}zoneinfo/,
    cause: '{who} asks for the time zone {name}, and the time zone data in the container has none of that name.',
    remedy:
      'Correct its spelling where it is set (`environment`, `secrets`, a connection string): names are case-sensitive, Continent/City with capitals (Asia/Shanghai).',
  },
  {
    kind: 'setting-unknown',
    // mapstructure, by which most programs in Go decode their configuration.
    form: /'[\w.:/]{0,80}' has invalid keys: (?<keys>[\w, .-]{1,120})/,
    cause: 'The configuration has keys that this version of the application{container} does not know: {keys}.',
    remedy:
      'Remove them from the configuration file, correct their names or indentation, or use a version that has them (configuration and image have to be of one version).',
  },
  {
    kind: 'start-missing',
    form: /go: (?:cannot find main module|go\.mod file not found)|go: no go files|no required module provides package/,
    cause: 'The container{container} compiles Go code when it starts, and the module is not in the folder.',
    remedy: 'Build the program in the Dockerfile (go build -o /server) and start only the binary.',
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
    form: /x509: (?:failed to load system roots and no roots provided)|no roots provided|failed to load system roots|open \/etc\/ssl\/certs\S{0,60}: no such file/,
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
    technology: 'postgres',
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
  {
    kind: 'own-fault',
    technology: 'postgres',
    form: /\bconn busy\b/,
    cause:
      'Several goroutines of the application{container} use one PostgreSQL connection (pgx) at the same time: {line}',
    remedy:
      'Use a pool (pgxpool.New) instead of one pgx.Conn, and close rows (rows.Close) before the next query on the same connection.',
  },
]);
