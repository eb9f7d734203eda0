/**
 * The typed words of what an application printed, wherever they stand in the line: addresses, files, libraries,
 * variables, calls of AWS and the place in the own code. A class says what failed; what it names is read here, once,
 * so that another wording of the same failure names the same things.
 */
import { wordOf } from './words.ts';

export type AppWords = Readonly<Record<string, string>>;

/** "See https://...": a page to read is not a server to connect to. */
const HELP_LINK =
  /\b(?:see|visit|read|learn|more|docs?|documentation|help|details|background|refer|information|about|guide|try)\b[^\n]{0,60}?https?:\/\/\S{1,300}/gi;
/** What follows the colon of `main.go:22` is a line, not a port. */
const SOURCE =
  '(?:[cm]?[jt]sx?|go|py|rbw?|rs|java|kts?|cs|php|exs?|erl|c|cc|cpp|h|hpp|conf|cnf|cfg|ya?ml|json|toml|ini|sh|sql|xml|html?|scala|groovy|lua|pl|ts|vue|properties|graphql|prisma|proto|tf|dll|so|jar|env)';

const ADDRESSES: readonly RegExp[] = [
  /Domain\(['"](?<host>\w[\w.-]{0,252})['"]\)/,
  /\bipv4:(?<host>\d{1,3}(?:\.\d{1,3}){3}):(?<port>\d{1,5})/,
  /(?<host>\w[\w.-]{0,252})\/<unresolved>:(?<port>\d{1,5})/,
  /(?<![\w.])(?!file:)[a-z][a-z0-9+.-]{1,20}:\/\/(?:[^\s@/'"]{0,120}@)?(?<host>\[[0-9a-f:]{2,45}\]|\w[\w.-]{0,252})(?::(?<port>\d{1,5}))?/i,
  /\bhost(?:name)?['"]?[=:] ?['"]?(?<host>(?!Some\(|None\b)\w[\w.-]{0,252})['"]?(?:[^\n]{0,120}?\bport['"]?[=:] ?['"]?(?<port>\d{1,5}))?/i,
  /\baddress['"]?: ?['"](?<host>[\w.:-]{2,253})['"],?\s{0,20}port['"]?: ?(?<port>\d{1,5})/i,
  /\(['"](?<host>\w[\w.-]{0,252})['"], ?(?<port>\d{1,5})\)/,
  /["'`](?<host>\w[\w.-]{0,252})["'`](?: \([\d.:a-f]{3,45}\))?,? (?:on )?port:? (?<port>\d{1,5})/i,
  /["'`](?<host>\w[\w.-]{0,252})["'`] and accepting\s+TCP\/IP connections on port (?<port>\d{1,5})/i,
  new RegExp(
    `(?<![\\w.-])(?<host>\\d{1,3}(?:\\.\\d{1,3}){3}|(?<!/)localhost|\\[[0-9a-f:]{2,45}\\]|(?<![/:])(?:[\\w-]{1,63}\\.){1,8}(?!${SOURCE}:)[a-z][a-z0-9-]{1,62}):(?<port>\\d{2,5})(?!\\d|:\\d|\\.\\d)`,
    'i',
  ),
  /\b(?:to|at|for|server|host|dial(?:ing)?|connect\w*|upstream|broker|from|on|with|reach\w*) ["'`(]?(?<host>[a-z][\w-]{0,62}):(?<port>\d{2,5})(?![\d:])/i,
  // Postgres names the client so: no pg_hba.conf entry for host "10.0.1.23".
  /\bserver ['"](?<host>\w[\w.-]{0,252}),(?<port>\d{2,5})['"]/i,
  /(?<!entry for )\b(?:to|server|host|broker|node) (?:on |at |is )?["'`](?<host>\w[\w.-]{0,252})["'`]/i,
];
const PORTS: readonly RegExp[] = [
  /\bports?:? ?["'`]?(?<port>\d{1,5})\b/i,
  /(?:^|[\s*'"[(]|::|0\.0\.0\.0):(?<port>\d{1,5})\b(?![:.]\d)/,
];
const PATHS: readonly RegExp[] = [
  // `PROGRAM: PATH: REASON`, as shells, ld.so and env write it: what the reason is about stands last before it.
  /^(?:\[[^\]\n]{0,60}\] ?)?(?:[\w./+-]{1,120}: ){1,3}(?:line )?(?:\d{1,6}: )?(?:can(?:'t|not) (?:open|create|execute|access|stat) |exec(?:ve)?:? )?["'\u2018]?(?<path>(?:\.{0,2}\/)?(?:[\w@%+=,.-]{1,100}\/){1,12}[\w@%+=,.-]{1,100})["'\u2019]?: (?:Permission denied|Operation not permitted|No such file or directory|not found|cannot execute\b|Exec format error|Is a directory|Not a directory|Text file busy|Read-only file system|Input\/output error|No space left|Too many|invalid ELF|cannot open|File exists)/,
  /\b(?:directory|folder|file)(?: at)? ["'`](?<path>[^"'`\n]{1,250})["'`]/i,
  /\b(?:find|open|read|load) (?:a |the )?(?<path>[\w-]{1,60}\.(?:json|ya?ml|toml|conf|ini|env|properties|xml|lock)) file/i,
  /["'`](?<path>\/[^"'`\n]{1,250})["'`]/,
  /["'`](?<path>(?:[\w@.-]{1,80}\/){0,8}[\w@.-]{0,80}\.(?:json|ya?ml|toml|conf|cnf|ini|env|pem|crt|cert|key|jks|p12|sql|db|sqlite3?|properties|xml|txt|html|[cm]?js|ts|py|rb|php|jar|dll))["'`]/i,
  /(?<![\w.:/-])(?<path>\/(?:[\w@%+=,.-]{1,100}\/){0,12}(?:\.(?=\w))?[\w@%+=,-][\w@%+=,.-]{0,100})/,
];
/** URLs, and places in the code: neither is the file that a line is about. */
const NO_PATH = /(?<![\w.])[a-z][a-z0-9+.-]{1,20}:\/\/\S{1,300}|\bin \/[^\s:]{1,250}(?::\d{1,6}| on line \d{1,6})/gi;
const LIBRARIES: readonly RegExp[] = [/(?<library>(?:lib|ld-)[\w.+-]{1,60}?\.so(?:\.\d{1,4}){0,4})\b/];
const TABLES: readonly RegExp[] = [
  /\b(?:relation|table) ["'`](?<table>\w[\w.]{0,120})["'`]/i,
  /\bcolumn ["'`]?(?<column>\w[\w.]{0,120})["'`]? (?:does not|doesn't) exist/i,
  /\bcolumn ["'`](?<column>\w[\w.]{0,120})["'`]/i,
  /\bmissing (?:table|column) \[(?<table>\w[\w.]{0,120})/i,
];
const VARIABLES: readonly RegExp[] = [
  /\b(?<name>(?!ERR_|UNABLE_|INVALID_ARGUMENT|NOT_FOUND|PERMISSION_DENIED|FAILED_PRECONDITION|DEADLINE_EXCEEDED|RESOURCE_EXHAUSTED|ALREADY_EXISTS|AF_INET|INTERNAL_ERROR|SELF_SIGNED|DEPTH_|CERT_|GLIBC|NODE_MODULE|SQL_)[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,80})\b/,
];
const CALLS: readonly RegExp[] = [
  /when calling the (?<operation>[A-Z]\w{2,60}) operation/,
  /operation error (?<service>[\w ]{2,40}): (?<operation>\w{3,60})/,
  /\(Service: (?:Amazon|AWS)?(?<service>\w{2,40})[,;]/,
  /awssdk\.services\.(?<service>\w{2,40})\.|Amazon\.(?<service2>\w{2,40})\.(?:Model|Amazon)|Aws::(?<service3>\w{2,40})::Errors|client-(?<service4>[a-z0-9-]{2,40})\/dist/,
  /\b(?<operation>[A-Z][a-z]+[A-Z]\w{2,50}) API responded/,
];
const DATABASES: readonly RegExp[] = [
  /\bdatabase:? ["'`]?(?<database>[a-z_][\w-]{0,62})["'`]?/i,
  /\b(?:dbname|database)=['"]?(?<database>\w[\w-]{0,62})/i,
];

/** The first of the patterns that fits and whose words are of their kind. */
function firstOf(patterns: readonly RegExp[], text: string): AppWords {
  for (const pattern of patterns) {
    const groups = pattern.exec(text)?.groups;
    if (!groups) continue;
    const words = Object.entries(groups).flatMap(([name, word]) => {
      const fit = word === undefined ? undefined : wordOf(name, word);
      return fit === undefined ? [] : [[name.replace(/\d$/, ''), fit] as const];
    });
    if (words.length > 0) return Object.fromEntries(words);
  }
  return {};
}

/** A time of day, and how often of how many: neither is a host and its port. */
const CLOCK =
  /(?:\b\d{4}-\d\d-\d\d )?(?<![\w.:])\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?![\d:.])|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?/g;
/** Who asked, not what was asked: a client of the application, and its own end of a connection. */
const CLIENTS =
  /\[(?!0\.0\.0\.0|127\.)(?:\d{1,3}\.){3}\d{1,3}:\d{2,5}\]|\b(?:client|peer|remote(?:_addr| address)?|request from|requests? of|(?:accepted|received|listening|serving|started)\b[^\n:]{0,30}?(?:from|on|at)|local address)(?:[:=] ?| )["'`]?(?:https?:\/\/)?[\w.-]{1,253}:\d{2,5}|[\w.-]{1,253}:\d{2,5}(?= ?->)/gi;
const PLACE = '(?<host>\\[[0-9a-f:]{2,45}\\]|(?!\\d{1,5}:)\\w[\\w.-]{0,252})';
/** Where clients put the address that did not answer. */
const TARGETS: readonly RegExp[] = [
  new RegExp(`\\bdial (?:tcp|udp)\\d?:? (?!lookup )${PLACE}:(?<port>\\d{2,5})`, 'i'),
  new RegExp(`-> ?${PLACE}:(?<port>\\d{2,5})`),
  new RegExp(
    `\\b(?:connect(?:ing|ion)?|connected|reach(?:ing)?) to ["'\`(]?${PLACE}["'\`)]?,? port (?<port>\\d{2,5})`,
    'i',
  ),
  /\bconnect(?:ing|ion)? to (?<host>(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}): connection /i,
  new RegExp(
    `\\b(?:connect(?:ing|ion)?|connected|reach(?:ing)?|dial(?:ing)?)\\b(?! from)[^\\n:]{0,60}? (?:to|with|at) (?:server )?["'\`(]?${PLACE}:(?<port>\\d{2,5})(?![\\d:])`,
    'i',
  ),
];
/** pgx and others write the address as `host=NAME user=...`, with the numbers that it resolved to behind. */
const KEYED = /[\s`'"(]host=['"]?(?<host>[a-z][\w.-]{1,252})/i;

/**
 * The address that could not be used, from the place where the error puts it; a host alone where no port is given with it.
 * @returns undefined where the line has no such place
 */
export function targetIn(line: string): { readonly host: string; readonly port?: string } | undefined {
  const text = line.replace(HELP_LINK, '').replace(CLOCK, ' ');
  const { host, port } = firstOf(TARGETS, text);
  const keyed = KEYED.exec(text)?.groups?.host;
  if (keyed !== undefined) {
    const own = /\bport=['"]?(?<port>\d{2,5})/i.exec(text)?.groups?.port ?? port;
    return { host: keyed, ...(own === undefined ? {} : { port: own }) };
  }
  return host === undefined ? undefined : { host, ...(port === undefined ? {} : { port }) };
}

/** The line without times of day and without the addresses of clients, for patterns that take any address. */
export const withoutClients = (line: string): string => line.replace(CLOCK, ' ').replace(CLIENTS, ' ');

/** The names of all settings that are reported as missing, in the order of the lines. */
export function missingIn(lines: readonly string[]): readonly string[] {
  const names = lines.flatMap((line, i) => {
    const next = lines[i + 1] ?? '';
    // Zod's fields, as env validators of Node.js print them: `{ DATABASE_URL: [ 'Required' ], NEXTAUTH_SECRET: [...] }`.
    const fields = [...line.matchAll(/\b(?<name>[A-Z][A-Z0-9_]{2,80}): \[ ?['"]Required['"]/g)];
    if (fields.length > 0) return fields.flatMap(({ groups }) => groups?.name ?? []);
    if (/^[A-Za-z][\w.]{1,80}$/.test(line) && /^\s{0,8}field required/i.test(next)) return [line];
    // Envalid: one heading, and one name on each line below it.
    if (/^Missing environment variables:$/i.test(line)) {
      const below = lines.slice(i + 1);
      const end = below.findIndex((one) => !ENTRY.test(one));
      return below.slice(0, end < 0 ? undefined : end).flatMap((one) => ENTRY.exec(one)?.groups?.name ?? []);
    }
    const list =
      /\b(?:missing|required|undefined|unset)\b[^:\n]{0,60}?(?:variables?|settings?|keys?|vars|values?|config\w{0,8})\b[^:\n]{0,40}: ?(?<list>["'`[(]?[A-Z][A-Z0-9_]{1,80}(?:["'`]?(?:, ?(?:and )?| and )["'`]?[A-Z][A-Z0-9_]{1,80}){1,12})/i.exec(
        line,
      )?.groups?.list;
    if (list) return list.match(/\b[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){0,6}\b/g) ?? [];
    return [
      ...line.matchAll(
        /\b(?<name>[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){0,6})\b["'`]?:? (?:(?:is|was|are) )?(?:not (?:set|defined|provided)|required|missing|undefined|unset|must be (?:set|defined|provided))\b/gi,
      ),
    ].flatMap(({ groups }) => (groups?.name && /^[A-Z][A-Z0-9_]{2,}$/.test(groups.name) ? [groups.name] : []));
  });
  return [...new Set(names)].filter((name) => !isErrorName(name)).slice(0, 12);
}

/** The variable that a start script prints without a value (`PORT=8000, APP=`); undefined where it is none or several. */
export function emptyIn(lines: readonly string[]): string | undefined {
  const names = lines.flatMap((line) =>
    [...line.matchAll(/(?<![\w.-])(?<name>[A-Z][A-Z0-9_]{1,60})=(?:""|'')?(?=[,;)\]\s]|$)/g)].map(
      ({ groups }) => groups?.name ?? '',
    ),
  );
  const [name, ...others] = new Set(names);
  return others.length === 0 ? name : undefined;
}

const ENTRY = /^(?<name>[A-Z][A-Z0-9_]{1,80}): (?<reason>\S[^\n]{0,160})$/;

/** The settings that validators of Node.js and Go list with what is wrong about their value: `DB_PORT must be a number`. */
export function invalidIn(lines: readonly string[]): readonly string[] {
  const found = lines.flatMap((line) => [
    // Joi: "DB_PORT" must be a number.
    ...[
      ...line.matchAll(
        /"(?<name>[A-Z][A-Z0-9_]{1,80})" (?<reason>(?:must|should|is not|does not|contains|length) [^".\n]{3,100})/g,
      ),
    ].map(({ groups }) => `${groups?.name ?? ''} ${groups?.reason?.trim() ?? ''}`),
    ...[...line.matchAll(/parse error on field "(?<name>\w{1,80})" of type "(?<type>[\w.*[\]]{1,60})"/g)].map(
      ({ groups }) => `${groups?.name ?? ''} is not a ${groups?.type ?? 'valid value'}`,
    ),
    ...[/^(?<name>[A-Z][A-Z0-9_]{1,80}): (?<reason>Invalid \w{2,12} input)/.exec(line)?.groups].flatMap((groups) =>
      groups ? [`${groups.name ?? ''}: ${groups.reason ?? ''}`] : [],
    ),
  ]);
  return [...new Set(found)].slice(0, 6);
}

/** What a line names: those of `host`, `port`, `path`, `library`, `operation`, `service`, `database` that it has. */
export function wordsIn(line: string): AppWords {
  const text = line.replace(HELP_LINK, '').replace(CLOCK, ' ').replace(CLIENTS, ' ');
  const address = firstOf(ADDRESSES, text);
  return {
    ...firstOf(DATABASES, text),
    ...firstOf(TABLES, text),
    ...firstOf(CALLS, text),
    ...firstOf(LIBRARIES, text),
    ...firstOf(PATHS, text.replaceAll(NO_PATH, '')),
    ...(address.port === undefined ? firstOf(PORTS, text) : {}),
    ...address,
  };
}

/** A constant that names an error, as gRPC's status codes and Node's errors do. */
export const isErrorName = (name: string): boolean =>
  /^(?:ERR_\w*|E[A-Z]{3,15}|(?:PERMISSION_DENIED|NOT_FOUND|UNAUTHENTICATED|INVALID_ARGUMENT|FAILED_PRECONDITION|DEADLINE_EXCEEDED|RESOURCE_EXHAUSTED|ALREADY_EXISTS|UNAVAILABLE|UNKNOWN_\w{1,40}|\w{1,60}_(?:ERROR|EXCEPTION|FAILED|FAILURE|DENIED|NOT_FOUND|EXPIRED)))$/.test(
    name,
  );

/** Modules that every complete Python brings: none of them is installed by pip. */
export const PYTHON_LIBRARY =
  '(?:contextlib|collections|functools|itertools|json|logging|argparse|optparse|importlib|inspect|io|pathlib|subprocess|tempfile|threading|unittest|urllib|urllib2|http|email|xml|html|hashlib|hmac|base64|copy|csv|ctypes|datetime|decimal|enum|getpass|glob|gzip|heapq|locale|multiprocessing|os|pickle|platform|pprint|queue|random|re|secrets|select|shutil|signal|socket|ssl|stat|string|struct|sysconfig|tarfile|textwrap|time|traceback|types|typing|uuid|warnings|weakref|zipfile|zipimport|asyncio|concurrent|dataclasses|shlex|ast|tokenize|configparser)';

/** Built-in functions that Node.js has since its versions 20 to 22. */
export const NEWER_BUILTIN = String.raw`Promise\.withResolvers|Array\.fromAsync|(?:Object|Map)\.groupBy|URL\.canParse`;

/** The name of an environment variable in the line. */
export const variableIn = (line: string): string | undefined => firstOf(VARIABLES, line).name;

/** A call of AWS's API by one of its SDKs. */
export const isAwsCall = (text: string): boolean =>
  /botocore|\bResourceNotFoundException\b|Requested resource not found|\bNoSuch(?:Bucket|Key)\b|QueueDoesNotExist|ParameterNotFound\b|aws-?sdk|awssdk|com\.amazonaws\.|Amazon\.Runtime|Aws::\w|operation error \w|when calling the \w+ operation|\bapi error \w+:|\$metadata|x-amzn|SmithyRetry|API responded with error|smithy/i.test(
    text,
  );
/** A host of AWS's API, and not a database or broker that AWS runs for the account. */
export const isAwsHost = (host: string): boolean =>
  /(?:^|\.)(?:amazonaws\.com(?:\.cn)?|api\.aws)$/i.test(host) &&
  !/\.(?:rds|cache|docdb|kafka|kafka-serverless|redshift|neptune|memorydb|es|aoss|mq|elb|compute|dax-clusters|efs)\./i.test(
    `.${host}`,
  ) &&
  !/^(?:ec2|ip)-/i.test(host);

/** Frames of runtimes and of installed packages are not the user's code. */
const FOREIGN =
  /^\s*\.{3}\/|-\d{1,4}\.\d{1,4}(?:\.\d{1,4})?\/lib\/|node_modules|node:|site-packages|dist-packages|\/usr\/(?:local\/)?(?:lib|go|bundle|share|s?bin)\b|\/vendor\/|\/gems\/|\/rustc\/|\/\.cargo\/|\/go\/pkg\/|\bjava\.|\bjavax\.|\bjdk\.|\bsun\.|org\.(?:springframework|hibernate|apache|eclipse|postgresql|flywaydb|jboss)|com\.(?:zaxxer|mysql|fasterxml|google|mongodb)|io\.netty|reactor\.|kotlin\.|System\.|Microsoft\.|<(?:frozen|string|stdin)|internal\//;
const FRAMES: readonly RegExp[] = [
  /^\s{0,40}at .{0,200}?\(?(?<place>(?:file:\/\/)?\/[\w@/.-]{1,200}\.[cm]?[jt]sx?:\d{1,6})(?::\d{1,6})?\)?$/,
  /^\s{0,40}File "(?<place>[^"]{1,250})", line (?<line>\d{1,6})/,
  /^\s{0,40}(?<place>\/[\w@/.-]{1,200}\.go:\d{1,6}) \+0x/,
  /^\s{0,40}at [\w.$<>]{1,200}\((?<place>\w{1,100}\.(?:java|kt|scala|groovy):\d{1,6})\)/,
  /panicked at (?:'[^']{0,200}', )?(?<place>[\w/.-]{1,200}\.rs:\d{1,6})/,
  /\bin (?<place>[\w/.-]{1,200}\.(?:cs|fs|vb)):line (?<line>\d{1,6})/,
  /^\s{0,40}(?<place>\/[\w/.-]{1,200}\.exs:\d{1,6}): \(file\)$/,
  /(?<place>[\w/.-]{1,200}\.(?:rb|ru|ex|exs):\d{1,6}):in\b|\bin (?<place2>\/[\w/.-]{1,200}\.php):(?<line>\d{1,6})/,
  /^\s{0,40}(?<place>(?:lib|app|src)\/[\w/.-]{1,200}\.exs?:\d{1,6}): /,
];

/** Where in the user's own code it happened, as `file:line`; Python's last frame, the others' first. */
export function placeIn(lines: readonly string[]): string | undefined {
  const places = lines.flatMap((text) => {
    if (FOREIGN.test(text) || LIBRARY.test(CALL.exec(text)?.groups?.path ?? '')) return [];
    const groups = FRAMES.map((frame) => frame.exec(text)?.groups).find((one) => one !== undefined);
    const place = groups?.place ?? groups?.place2;
    return place === undefined ? [] : [groups?.line ? `${place}:${groups.line}` : place];
  });
  return lines.some((text) => PYTHON.test(text)) ? places.at(-1) : places[0];
}
const PYTHON = /^Traceback|^\s{0,40}File "[^"]{1,250}", line \d/;

/** `ssl_handshake.erl:2123` is a line of a program, not a host and its port. */
export const isSource = (word: string): boolean => new RegExp(`\\.${SOURCE}$`).test(word);

const PACKAGE =
  /node_modules\/(?:\.pnpm\/[^/]{1,200}\/node_modules\/)?(?<name>(?:@[\w.-]{1,60}\/)?[\w.-]{1,80})\/|(?:site|dist)-packages\/(?<name2>\w[\w-]{0,80})|\/gems\/(?<name3>[\w-]{1,80}?)-\d[\w.]{0,20}\/|\/vendor\/(?!bundle\/)(?<name4>[\w-]{1,60}\/[\w-]{1,60})\/|\/pkg\/mod\/(?<name5>[\w./-]{1,120}?)(?:\/v\d{1,3})?@v\d|\/\.cargo\/registry\/src\/[^/]{1,80}\/(?<name6>[\w-]{1,60}?)-\d|\/cargo\/registry\/src\/[^/]{1,80}\/(?<name7>[\w-]{1,60}?)-\d/;
/** Frames of a runtime that only hand on what the code above passed: they blame nothing. */
const HANDS_ON =
  /node:|<frozen|\/usr\/local\/go\/src\/|\/usr\/(?:local\/)?lib\/python[\d.]{1,6}\/(?!(?:site|dist)-packages)|\/rustc\/|\bat (?:[\w.]{1,30}\/)?(?:java\.(?:lang|util|io|nio|net|time|text|math)\.|jdk\.internal\.(?:reflect|loader|util)|sun\.reflect|kotlin\.|scala\.(?:collection|util)|System\.|Microsoft\.Extensions\.)/;
/** A call of the JVM or of .NET: `at a.b.C.m(File.java:12)`, `at A.B.C.M(String x)`. */
const CALL =
  /^\s{0,40}at (?:[\w.@]{1,60}\/{1,2})?(?<path>(?:\w{1,60}\.){1,12})[\w.$<>`|[\],+]{1,160}\([^\n]{0,300}\)(?<own> in \S{1,200}:line \d{1,6})?/;
/** Libraries and runtimes of the JVM and .NET, by their packages. */
const LIBRARY =
  /^(?:sun|java|javax|jakarta|jdk|com\.sun|org\.(?:springframework|hibernate|apache|eclipse|postgresql|flywaydb|jboss|mongodb|jooq|slf4j|elasticsearch|opensearch|mariadb|h2|quartz|keycloak|liquibase|redisson)|com\.(?:zaxxer|mysql|fasterxml|google|mongodb|amazonaws|microsoft|rabbitmq|datastax|netflix|oracle|github)|io\.(?:netty|grpc|lettuce|agroal|micrometer|quarkus|vertx|micronaut|ktor|opentelemetry|r2dbc)|redis\.clients|software\.amazon|ch\.qos|liquibase|oracle|net\.bytebuddy|akka|Microsoft|Npgsql|MySql|MySqlConnector|StackExchange|MongoDB|Amazon|AWSSDK|AWS|Serilog|NLog|RabbitMQ|Confluent|Newtonsoft|Hangfire|MassTransit|AutoMapper|Grpc|App\.Metrics)\./;

/** So many calls below the program's own an error is still what that call did. */
const NEAR = 3;

/**
 * The installed package, or the part of the runtime, in whose code the error arose.
 * @returns undefined where the nearest frame, or one of the next few, is the program's own
 */
export function packageIn(lines: readonly string[]): string | undefined {
  const all = lines.filter(
    (text) => !HANDS_ON.test(text) && (CALL.test(text) || FRAMES.some((frame) => frame.test(text))),
  );
  const frames = lines.some((text) => PYTHON.test(text)) ? all.toReversed() : all;
  const [nearest, ...further] = frames.map(ownerOf);
  return nearest === undefined || further.slice(0, NEAR).includes('') ? undefined : nearest || undefined;
}

/** The package of a frame; empty for the program's own. */
function ownerOf(frame: string): string {
  const { path, own } = CALL.exec(frame)?.groups ?? {};
  if (path !== undefined && own === undefined && LIBRARY.test(path))
    return path.split('.').slice(0, 3).join('.').replace(/\.$/, '');
  const groups = PACKAGE.exec(frame)?.groups;
  return (groups && Object.values(groups).find((name) => name !== undefined)) ?? '';
}
