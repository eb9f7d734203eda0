/**
 * Fault x subject, for the lines of applications that no class knows by its words: how it failed (refused, timed out,
 * missing, denied, invalid ...) and what (an address, a file, a variable, a library, a call of AWS ...), both read
 * apart. A cell names the class that holds whatever the wording; where there is none, nothing is claimed.
 */
import { type ApplicationKind, NOT_CONNECTED } from './application-classes.ts';
import { type AppWords, isAwsCall, isAwsHost, isErrorName, variableIn } from './application-words.ts';

type AppFault =
  | 'unresolved'
  | 'refused'
  | 'timed-out'
  | 'untrusted'
  | 'read-only'
  | 'in-use'
  | 'denied'
  | 'missing'
  | 'invalid'
  | 'exhausted';
type AppSubject =
  | 'setting'
  | 'aws'
  | 'library'
  | 'address'
  | 'variable'
  | 'module'
  | 'schema'
  | 'database'
  | 'option'
  | 'file'
  | 'memory';

/** The surest words first: a name that does not resolve is not found, too. */
const FAULTS: readonly (readonly [AppFault, RegExp])[] = [
  [
    'unresolved',
    /resolv\w{0,5} (?:the |host |server )?(?:host|name|address|server|domain|dns|['"`]?[\w-]{1,60}\.[\w.-]{1,120})|unknown host|no such host|name or service|NXDOMAIN|\bENOTFOUND\b|EAI_\w{4,10}|\bDNS\b/i,
  ],
  ['refused', /refus|ECONNREFUSED|actively rejected/i],
  ['untrusted', /certificate|handshake|\bTLS\b|\bSSL\b|x509/i],
  [
    'timed-out',
    /timed? ?-?out|timeout|deadline|unreachable|no route|ETIMEDOUT|EHOSTUN|not respond|no response|(?:service|server|broker|host) (?:is )?(?:temporarily )?unavailable|not reachable|connection (?:was )?(?:reset|closed|lost|aborted|terminated|failed|error)|ECONNRESET|EPIPE|broken pipe/i,
  ],
  ['timed-out', new RegExp(NOT_CONNECTED, 'i')],
  ['read-only', /read-?only file|EROFS/i],
  ['in-use', /in use|already (?:bound|listening|allocated)|EADDRINUSE/i],
  [
    'denied',
    /denied|EACCES|EPERM|not permitted|forbidden|unauthori[sz]ed|not authori[sz]ed|not allowed|\b40[13]\b|insufficient (?:privilege|permission)/i,
  ],
  [
    'missing',
    /not (?:be )?(?:found|set|defined|provided|specified|configured|exist|present|supplied)|no such|missing|required|undefined|unset|does not exist|doesn't exist|ENOENT|is empty|cannot find|can(?:'t| ?not) (?:find|load|locate)|could(?: not|n't) (?:find|load|locate)|unable to (?:find|locate|open|read|load)|is null|must (?:be set|provide|specify|have)/i,
  ],
  ['exhausted', /exhaust|out of|exceed|limit|full\b|too many|no space|insufficient/i],
  [
    'invalid',
    /invalid|malformed|unexpected|unsupported|unknown|unrecogni[sz]ed|bad |illegal|cannot parse|could not parse|failed to parse|not valid|must be/i,
  ],
];

const CELLS: Readonly<Record<AppSubject, Readonly<Partial<Record<AppFault, ApplicationKind>>>>> = {
  aws: {
    unresolved: 'aws-unreachable',
    refused: 'aws-unreachable',
    'timed-out': 'aws-unreachable',
    denied: 'aws-denied',
    missing: 'aws-missing',
  },
  library: { missing: 'runtime-mismatch', invalid: 'runtime-mismatch' },
  address: {
    unresolved: 'dns',
    refused: 'connection-refused',
    untrusted: 'tls',
    'timed-out': 'unreachable',
    'in-use': 'port-in-use',
  },
  setting: { missing: 'variable-missing' },
  variable: { missing: 'variable-missing', invalid: 'setting-invalid' },
  module: { missing: 'module-missing' },
  schema: { missing: 'schema-misfit' },
  database: { denied: 'denied-by-database' },
  option: { invalid: 'configuration-invalid', missing: 'configuration-invalid' },
  file: { missing: 'file-missing', denied: 'permission-denied', 'read-only': 'read-only', exhausted: 'disk-full' },
  memory: { exhausted: 'out-of-heap' },
};

const REMOTE =
  /connect|server|broker|host|upstream|endpoint|redis|postgres|mysql|maria|mongo|kafka|rabbit|amqp|elasticsearch|opensearch|memcached|database|\bdb\b|cassandra|nats|consul|vault|ldap|smtp|grpc|\bhttps?:/i;

/** What each subject looks like in a line, the surest first. */
const SUBJECTS: readonly (readonly [AppSubject, (line: string, words: AppWords) => boolean])[] = [
  ['aws', (line, { host }) => (host === undefined ? isAwsCall(line) : isAwsHost(host))],
  ['library', (_, { library }) => library !== undefined],
  [
    'variable',
    (line) =>
      /\benv(?:ironment)?[ _]?var|\$\{?[A-Z][A-Z0-9_]{2,}|\b[A-Z][A-Z0-9]{1,40}_[A-Z0-9_]{2,}\b/.test(line) &&
      !/ERR_|SQLSTATE|PERMISSION_DENIED|UNAUTHENTICATED|NOT_FOUND\b/.test(line),
  ],
  [
    'setting',
    (line) =>
      /\b(?:password|passphrase|secret|token|api[ _-]?key|access[ _-]?key|credentials?|connection ?string)\b/i.test(
        line,
      ),
  ],
  ['schema', (line) => /\b(?:table|relation|column)\b/i.test(line)],
  ['module', (line) => /\b(?:modules?|packages?|gems?|crates?)\b/i.test(line)],
  ['database', (line, { database }) => database !== undefined && /database/i.test(line)],
  ['memory', (line) => /\b(?:memory|heap)\b/i.test(line)],
  ['address', (line, { host, port }) => host !== undefined || port !== undefined || REMOTE.test(line)],
  ['file', (line, { path }) => path !== undefined || /\b(?:file|directory|folder)\b/i.test(line)],
  ['option', (line) => /\b(?:option|flag|config\w*|setting|property)\b/i.test(line)],
];

/** What a cell asks for beside its fault: words that any program may print are no claim by themselves. */
const EARNED: Readonly<
  Partial<Record<AppSubject, Readonly<Partial<Record<AppFault, (line: string, words: AppWords) => boolean>>>>>
> = {
  aws: { missing: (line) => /not found|not exist|no such|NoSuch|NotFound|NonExist/i.test(line) },
  setting: {
    missing: (line) =>
      /required|not (?:set|provided|specified|configured|defined|supplied)|is (?:empty|missing|null)|missing|must (?:be (?:set|provided)|provide|specify)|undefined|unset/i.test(
        line,
      ),
  },
  variable: {
    missing: (line) => !isErrorName(variableIn(line) ?? ''),
    invalid: (line) => !isErrorName(variableIn(line) ?? ''),
  },
  address: {
    'timed-out': (line, { host, port }) => host !== undefined || port !== undefined || /connect/i.test(line),
    unresolved: (line, { host }) => host !== undefined || /host|\bname\b|dns|ENOTFOUND|EAI_/i.test(line),
  },
  file: {
    missing: (line, { path = '' }) =>
      /^\/.{1,200}\.\w{1,6}$/.test(path) ||
      /\b(?:file|directory|folder|path)\b|no such|ENOENT|\b(?:open|read|load|stat|copy)/i.test(line),
  },
  memory: { exhausted: (line) => /out of memory|heap|allocat|insufficient memory/i.test(line) },
};

/** The class of a line by what failed and how; undefined where the two together say too little. */
export function kindOf(line: string, words: AppWords): ApplicationKind | undefined {
  for (const [subject, isIt] of SUBJECTS) {
    if (!isIt(line, words)) continue;
    const cells = CELLS[subject];
    const earned = EARNED[subject];
    const fault = FAULTS.find(
      ([name, said]) => cells[name] !== undefined && said.test(line) && earned?.[name]?.(line, words) !== false,
    );
    if (fault) return cells[fault[0]];
  }
  // These two need no subject: only a name is resolved, only a connection is refused.
  if (/\bENOTFOUND\b|EAI_AGAIN|no such host|could not resolve host/i.test(line)) return 'dns';
  return /ECONNREFUSED|connection refused/i.test(line) ? 'connection-refused' : undefined;
}
