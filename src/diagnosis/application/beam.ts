/** Elixir and Erlang: the runtime, releases, Phoenix and Ecto. */
import { isA, type Row, rowsOf } from './row.ts';

export const BEAM: readonly Row[] = rowsOf('elixir', [
  {
    kind: 'file-missing',
    form: /\(Code\.LoadError\) could not load (?<path>\S{1,200}?)\. Reason: (?:enoent|:enoent)/,
    cause: 'The release of the container{container} loads {path}, which is not in it.',
    remedy:
      'Copy that file into the release: an overlay (rel/overlays), a step of mix release, or COPY into the releases/VERSION folder of the final stage; releases contain config/runtime.exs alone, not what it imports.',
  },
  {
    kind: 'variable-missing',
    form: /(?:String\.to_(?:integer|atom|existing_atom|float)|:erlang\.binary_to_\w{3,20}|Base\.decode\w{2,10}!?|String\.(?:split|trim|downcase)|URI\.parse|Code\.eval_string)\(nil\b/,
    cause:
      'The configuration of the release (config/runtime.exs){at} reads a variable that is not set in the container{container}: it uses nil as text.',
    remedy:
      'Set every variable that config/runtime.exs reads with System.get_env in `environment` or `secrets` (inputs `environment-variables`, `secrets`); System.fetch_env! would name the missing one.',
  },
  {
    kind: 'variable-missing',
    form: /errors were found at the given arguments:\n(?:[^\n]{0,120}\n){0,4}[^\n]{0,40}:erlang\.binary_to_\w{3,20}\(nil\)|\(FunctionClauseError\) no function clause matching in (?:Base\.decode\w{2,10}!?|String\.\w{2,20}|Integer\.parse)\/\d\n(?:[^\n]{0,160}\n){0,4}?[^\n]{0,60}\(nil\b/,
    cause:
      'The configuration of the release (config/runtime.exs){at} reads a variable that is not set in the container{container}: it uses nil as text.',
    remedy:
      'Set every variable that config/runtime.exs reads with System.get_env in `environment` or `secrets` (inputs `environment-variables`, `secrets`); System.fetch_env! would name the missing one.',
  },
  {
    kind: 'setting-invalid',
    form: /\(ArgumentError\) (?:non-alphabet (?:character|digit) found: .{1,40}|incorrect padding|odd-length string)/,
    cause: '{who} decodes a value that is not valid Base64 or hexadecimal{at}: {line}',
    remedy:
      'Correct the variable that is read there in `secrets`: the whole value as it was generated, without quotes or line end, and no placeholder ($NAME), which ECS does not expand.',
  },
  {
    kind: 'permission-denied',
    form: /(?:Error when reading|[Cc]ookie file) (?<path>\/[\w./-]{1,200}\.erlang\.cookie)(?::? eacces| must be accessible by owner only)/,
    cause:
      'Erlang in the container{container} does not take its cookie file {path}: another user owns it, or others may read it.',
    remedy:
      'Let the file belong to the user of the container with mode 400 (in the Dockerfile or at start), or remove it so that the server makes a new one. On a volume that gives all files one mode mount only the data folder, not the home folder.',
  },
  {
    kind: 'stated',
    form: /`?:(?<name>ssl|crypto|public_key|inets)`? application is not started/,
    cause:
      'The Erlang application :{name} does not run when the application{container} needs it (as a rule in a command or migration that starts only a part of the release): {line}',
    remedy:
      'Start it first in that command (Application.ensure_all_started(:{name}) in the release task), and list it in extra_applications of mix.exs.',
  },
  {
    kind: 'stated',
    technology: 'rds',
    form: /\{:?verify, ?:?verify_peer\}.{0,60}\{:?cacerts, ?:?undefined\}|verify: :verify_peer, cacerts: :undefined|can not be combined: \[\{verify,verify_peer\}/,
    cause:
      'TLS of the application{container} has no CA certificates to check the server with: since OTP 26 it verifies the server by default (verify_peer), and no cacerts or cacertfile is set. {line}',
    remedy:
      'Set them for that connection: ssl: [cacerts: :public_key.cacerts_get()] with ca-certificates in the image, or cacertfile with the bundle of Amazon RDS for a database of RDS.',
  },
  {
    kind: 'stated',
    form: /(?:ssl|tls) connect: (?:Invalid option|Options? |bad option)|\{:?options, ?[{:].{0,200}(?:cacert|certfile|keyfile|verify)/i,
    cause: 'Erlang does not accept the TLS options of a connection of the application{container}: {line}',
    remedy:
      'Correct the ssl options that the line names in config/runtime.exs (cacertfile, cacerts, certfile, keyfile, verify): a variable that a path comes from may not be set, so that it is nil.',
  },
  {
    kind: 'own-fault',
    form: /\(EXIT\) already started: #PID/,
    cause: 'The supervision tree of the application{container} starts two processes of one name: {line}',
    remedy:
      'Remove the second entry from `children` (or the library starts it by itself), or give each its own :name and :id.',
  },
  {
    kind: 'own-fault',
    form: /(?:GenServer\.call\(|:gen_server\.call\(:?)(?<name>[\w.]{1,80}).{0,400}\(EXIT\) no process/,
    cause: 'The application{container} calls the process {name} while it starts, and that process does not run: {line}',
    remedy:
      'Start it before: in front of the caller in `children`, or its application in `extra_applications` of mix.exs (and in the release).',
  },
  {
    kind: 'stated',
    form: /\bCan't set (?:long|short) node name!|\[\[?'(?<name>[\w-]{1,60}@)',(?:longnames|shortnames)|Invalid node name: (?<name2>\S{1,80})/,
    cause:
      'The name of the Erlang node{ (name)} in the container{container} is not a valid one: its host behind the @ is empty, or has no dot where long names are used. As a rule a variable in vm.args is not set.',
    remedy:
      'Set the variable that the name takes its host from (RELEASE_NODE=app@IP, or what vm.args names; in rel/env.sh.eex the address of the task), or use short names (RELEASE_DISTRIBUTION=sname, -sname). Nodes that form no cluster need no distribution (RELEASE_DISTRIBUTION=none).',
  },
  {
    kind: 'stated',
    form: /nodistribution|Protocol '\w{1,12}': register\/listen error/,
    cause:
      'Erlang in the container{container} cannot start its distribution: the host in the name of the node does not resolve in the task, or epmd does not start.',
    remedy:
      'Set RELEASE_DISTRIBUTION=none in `environment` if the nodes form no cluster; otherwise name the node by its address (RELEASE_DISTRIBUTION=name, RELEASE_NODE=app@IP in rel/env.sh.eex).',
  },
  {
    kind: 'dns',
    technology: ['elixir'],
    form: /(?:tcp connect|connection attempt|failed to connect)[^\n]{0,30}\((?<host>[\w.-]{1,253}):\d{1,5}\): non-existing domain - :nxdomain/,
    cause:
      'The application{container} could not resolve the host name {host} (nxdomain): Erlang asked for its IPv4 address alone, unless :inet6 is set.',
    remedy:
      'Check the spelling of the endpoint in `environment` and `secrets`, and that the VPC resolves it. A name that has only an IPv6 address (AAAA) needs socket_options: [:inet6] of the repository (ECTO_IPV6=true in a generated config/runtime.exs).',
  },
  isA(
    'tls',
    /(?<reason>TLS (?:client|server): .{0,160}(?:generated|received) (?:CLIENT|SERVER) ALERT: Fatal - [\w ]{3,40})/i,
  ),
  {
    kind: 'stated',
    form: /the name (?<name>\S{1,120}) seems to be in use by another Erlang node/,
    cause:
      'Another Erlang node with the name {name} runs already on that address (a second release in host network mode, or a command beside the server).',
    remedy: 'Give each node a name of its own (RELEASE_NODE), or set RELEASE_DISTRIBUTION=none for single commands.',
  },
  {
    kind: 'setting-invalid',
    form: /not a textual representation of (?:an integer|a float)|binary_to_integer\("(?<value>[^"\n]{0,60})/,
    cause: '{who} reads a value that should be a number and is not one (or is empty).',
    remedy:
      'Correct the variable that config/runtime.exs or the code reads there (PORT, POOL_SIZE) in `environment`: a plain number without quotes.',
  },
  {
    kind: 'module-missing',
    form: /no such file or directory['"]?,? ?['"]?(?<name>[a-z]\w{1,40})\.app\b/,
    cause: 'Erlang in the image of the container{container} lacks its application {name}, or the release does: {line}',
    remedy:
      'Where {name} is part of Erlang/OTP (crypto, ssl, inets, public_key), install it in the image (erlang-{name} or the whole erlang of the distribution; the library it needs, such as libcrypto, too). Otherwise add it to the dependencies and to the applications of the release, and build it again.',
  },
  {
    kind: 'start-missing',
    form: /\{?['"]?cannot get bootfile['"]?,(?<path>[^)}'"\n]{1,200})/,
    cause: 'The release in the container{container} is not whole: its boot file {path} is not there.',
    remedy:
      'Copy the whole folder of the release into the final stage (COPY --from of _build/prod/rel/NAME, with releases/VERSION), and look whether a volume lies over it.',
  },
  {
    kind: 'runtime-mismatch',
    form: /init terminating in do_boot"?,? ?\{(?:load_failed|undef|'cannot get bootfile')|init terminating in do_boot \(\)|compiled for a later version of the run-?time system|Unusable Erlang runtime system|cannot get bootfile/,
    cause: 'The release of the container{container} does not fit the Erlang runtime that it is started with: {line}',
    remedy:
      'Build the release in the same image (Erlang/OTP version, distribution, architecture) as it runs in, with its own runtime (include_erts: true), and delete old _build folders from the context. For a product that is installed use the Erlang version that it supports.',
  },
  {
    kind: 'tls',
    technology: ['elixir', 'rust'],
    form: /no native root CA certificates found|No CA certificates were loaded from the system/,
    cause: 'The image of the container{container} has no root certificates, so the application can trust no server.',
    remedy: [
      'Install ca-certificates in the final stage',
      { for: 'rust', words: ' (or use webpki-roots / rustls with bundled roots)' },
      '.',
    ],
  },
  isA('file-missing', /\(Code\.LoadError\) could not load (?<path>\/[\w@%+=,./-]{1,200})/),
  {
    kind: 'module-missing',
    technology: ['elixir', 'postgres'],
    form: /could not find (?<adapter>Ecto\.Adapters\.(?<name>\w{2,20}))\.Connection/,
    cause:
      'The library of the database that {adapter} needs is not among the dependencies of the application{container}.',
    remedy:
      'Add it in mix.exs ({:postgrex, ">= 0.0.0"} for Postgres, {:myxql, ">= 0.0.0"} for MyXQL), run mix deps.get, and build the image again.',
  },
  {
    kind: 'variable-missing',
    form: /(?:missing|could not find) (?:the )?(?:environment variable|env) (?<name>[A-Z][A-Z0-9_]{1,80})|environment variable (?<name2>[A-Z][A-Z0-9_]{1,80}) is missing/,
    cause: '{who} lacks the setting {name|that the line names}: it is not set in the container.',
    remedy:
      'Set {name|it} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`); config/runtime.exs reads it when the release starts.',
  },
  {
    kind: 'variable-missing',
    form: /could not fetch environment variable "?(?<name>[A-Z][A-Z0-9_]{1,80})/,
    cause: '{who} lacks the setting {name}: it is not set in the container.',
    remedy:
      'Set {name} in `environment`, or in `secrets` for a secret value (inputs `environment-variables`, `secrets`).',
  },
  {
    kind: 'setting-invalid',
    form: /cookie store expects conn\.secret_key_base to be at least 64 bytes|secret_key_base.{0,40}at least 64/,
    cause: 'Phoenix of the application{container} has a SECRET_KEY_BASE that is too short.',
    remedy: 'Set SECRET_KEY_BASE in `secrets` to at least 64 characters (mix phx.gen.secret).',
  },
  {
    kind: 'pool-exhausted',
    symptom: true,
    form: /DBConnection\.ConnectionError[:)] .{0,40}connection not available and request was dropped from queue/,
    cause:
      '{who} got no connection of the database in time: it cannot be reached, or all connections of the pool are busy.',
    remedy:
      'Look for an error of Postgrex above (refused, timed out, password). If there is none, raise pool_size (POOL_SIZE) or find slow queries.',
  },
]);
