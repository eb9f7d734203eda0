import { isPlaceholder } from './foreign-placeholders.ts';
import { looksSecret, maskSecrets, SECRET_NAME, secretsIn } from './secrets.ts';

/**
 * Settings (environment variables, build arguments) that hold a secret in clear text. A warning is only as good as its rarest false
 * alarm: what is about a secret (TOKEN_TTL, SECRET_NAME, PASSWORD_FILE, KMS_KEY_ID) and what is plainly not one (a number, a path, an
 * ARN, a URL without a password, a placeholder) is left out.
 * @param settings the value is undefined where only the name is known
 * @returns names, each once, in the order given
 */
export const plainSecrets = (settings: Iterable<readonly [name: string, value: string | undefined]>): string[] => [
  ...new Set([...settings].flatMap(([name, value]) => (isPlainSecret(name, value) ? [name] : []))),
];

/** `--token VALUE`, as words of a shell or of a list in JSON or YAML. */
const OPTION_AND_VALUE =
  /(?<![^\s"'[,])--?([A-Za-z][\w-]{0,63})(?=["']?[\s,]{1,64}(?:- {1,8})?(?:"([^"\n]{1,1024})"|'([^'\n]{1,1024})'|([^\s"']{1,1024})))/g;
const OPTION = /^--?([A-Za-z][\w-]{0,63})$/;
/** Shorter values would mask ordinary words. */
const SHORTEST_OPTION = 6;

/** Secrets in a text that has commands in it: what looks like one, and what follows an option whose name says so, in a word of its own. */
export function secretsInCommands(text: string): string[] {
  const behind = [...text.matchAll(OPTION_AND_VALUE)].flatMap(([, name = '', double, single, bare = '']) =>
    secretOfOption(name, double ?? single ?? bare.replace(/[\],;]+$/, '')),
  );
  // `$TOKEN` is for a shell.
  return [...secretsIn(text), ...behind].filter((value) => !value.startsWith('$'));
}

/** The same of the words of one command. */
export const secretsOfCommand = (words: readonly string[]): string[] =>
  words.flatMap((word, index) => [
    ...secretsInCommands(word),
    ...secretOfOption(OPTION.exec(word)?.[1] ?? '', words[index + 1] ?? ''),
  ]);

const secretOfOption = (name: string, value: string): string[] =>
  SECRET_NAME.test(name) &&
  value.length >= SHORTEST_OPTION &&
  !/^[$-]/.test(value) &&
  plainSecrets([[name, value]]).length > 0
    ? [value]
    : [];

function isPlainSecret(name: string, value: string | undefined): boolean {
  const kind = kindOf(wordsOf(name));
  if (value === undefined) return kind === 'secret';
  const text = value.trim();
  if (kind === 'public' || isFilledLater(text)) return false;
  if (hasSecret(text)) return true;
  if (kind === undefined || isHarmless(text)) return false;
  return kind === 'secret' || looksLikeKey(text);
}

/** `dbPassword`, `DB_PASSWORD` and `db-password` are db, password. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');

/** Words behind the one that says what it is: `API_KEY_V2`, `TOKEN_OLD`, and SECRET_KEY_BASE of Rails. */
const BEHIND =
  /^(?:\d+|v\d+|old|new|previous|current|primary|secondary|value|base|base64|b64|plain|prod|production|staging|dev)$/;
/** The last word of a name, perhaps grown together with others: DBPASSWORD, AUTHTOKEN. */
const SECRET_WORD =
  /(?:password|passwd|passphrase|secret|token|apikey|secretkey|accesskey|privatekey)$|^(?:\w*pwd|pass|credentials?|dsn)$/;
/** What makes a `KEY` a secret, by the word before it. */
const OF_SECRET_KEYS =
  /^(?:api|app|private|secret|access|account|auth|master|signing|sign|signature|encryption|encrypt|cipher|crypto|hmac|jwt|session|cookie|service|webhook|admin|license|aes|rsa|ssh|deploy)$/;
/** Keys of tables, caches and objects. */
const OF_OTHER_KEYS =
  /^(?:partition|sort|hash|range|primary|foreign|cache|object|s3|bucket|idempotency|routing|shard|row|column|group|map|tag|label|header|index|search|state|translation|i18n|message|feature|flag|config|context|kms|cmk|dedup|deduplication|order|lookup|prefix|lock|storage|event|topic|redis)$/;
/** What everyone may read: public keys, and what frameworks put into pages for the browser. */
const PUBLIC = ['public', 'publishable', 'pub', 'vite'];

/**
 * `public`: whatever the value is; `secret`: whatever is not plainly something else; `key`: where the value looks like a key.
 */
function kindOf(given: readonly string[]): 'public' | 'secret' | 'key' | undefined {
  if (given.some((word) => PUBLIC.includes(word)) || (given[0] === 'react' && given[1] === 'app')) return 'public';
  const last = given.findLastIndex((word) => !BEHIND.test(word));
  const [before = '', word = ''] = [given[last - 1], given[last]];
  // PWD and OLDPWD are folders.
  if (given.length === 1 && /^(?:old)?pwd$/.test(word)) return undefined;
  if (word === 'key') {
    if (OF_SECRET_KEYS.test(before)) return 'secret';
    return OF_OTHER_KEYS.test(before) ? undefined : 'key';
  }
  return SECRET_WORD.test(word) ? 'secret' : undefined;
}

/** A URL with a password that is not a placeholder, or a token that names its maker. */
function hasSecret(text: string): boolean {
  return secretsIn(text).some((secret) => !isFilledLater(secret) && !/^(?:\*+|x+|<[^>]*>)$/i.test(secret));
}

/** A whole value that another step, tool or shell fills. */
const isFilledLater = (text: string): boolean => /^\$[A-Za-z_]\w*$|\$\{\{/.test(text) || isPlaceholder(text);

/** Words that choose something: `AUTH_TOKEN=disabled`, `CSRF_TOKEN=cookie`. */
const CHOICE =
  /^(?:true|false|yes|no|on|off|null|none|nil|undefined|enabled?|disabled?|required|optional|auto|default|header|cookie|query|body|basic|bearer|jwt|oauth2?|oidc|iam|file|env|vault|ssm|\*+)$/i;
/** Numbers, and those with a unit: `3600`, `15m`, `1.5`. */
const NUMBER = /^[+-]?\d+(?:\.\d+)?\s*[a-z]{0,3}%?$/i;
const URL_OR_ARN = /^(?:arn:|[a-z][a-z\d+.-]*:\/\/)/i;
/** `/run/secrets/db`, `./key.pem`, `C:\keys`, `prod/db/password`, `key.pem`. */
const PATH =
  /^(?:~|\.{0,2}[/\\]|[A-Za-z]:[/\\])|^[\w.-]+(?:\/[\w.-]+)+$|^[\w-]+\.(?:pem|key|json|ya?ml|txt|crt|p12|jks|env)$/;
const PUBLIC_PEM = /^-----BEGIN (?:CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY)-----/;

const isHarmless = (text: string): boolean =>
  text === '' ||
  [CHOICE, NUMBER, URL_OR_ARN, PUBLIC_PEM].some((pattern) => pattern.test(text)) ||
  (PATH.test(text) && !looksSecret(text));

/** One word of letters and digits that no name of anything has; UUIDs are ids. */
const looksLikeKey = (text: string): boolean =>
  looksSecret(text) || (/^[0-9a-f]{32,}$/i.test(text) && /\d/.test(text) && /[a-f]/i.test(text));

const quoted = (names: readonly string[]): string =>
  names.map((name) => `\`${maskSecrets(name).slice(0, 80)}\``).join(', ');

/** What holds the secret: each can be read by another call. */
type SettingKind = 'variable' | 'daemon variable' | 'override' | 'build argument';
const READERS: Readonly<Record<Exclude<SettingKind, 'build argument'>, string>> = {
  variable: 'ecs:DescribeTaskDefinition',
  'daemon variable': 'ecs:DescribeDaemonTaskDefinition',
  override: 'ecs:DescribeTasks',
};

/** The warning, without a value: what holds it, who can read it, and where it belongs. */
export function plainSecretsWarning(
  names: readonly string[],
  { subject, of }: { readonly subject: string; readonly of: SettingKind },
): string {
  const one = names.length === 1;
  const what = `${subject}: ${quoted(names)} ${one ? 'seems' : 'seem'} to hold ${one ? 'a secret' : 'secrets'} in clear text`;
  if (of === 'build argument')
    return `${what}, which may stay in the history of the image for everyone who pulls it. Use \`build-secrets\`, and \`RUN --mount=type=secret\` in the Dockerfile.`;
  const fix =
    of === 'override'
      ? 'Use `secrets` of the task definition: RunTask takes none.'
      : 'Use `secrets`, with the ARN of a secret in Secrets Manager or of a parameter in SSM.';
  return `${what}, which everyone with ${READERS[of]} can read. ${fix}`;
}
