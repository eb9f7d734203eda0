const MASK = '***';

/** Names of settings that hold a secret, wherever they stand in a text. */
const SECRET_NAMES =
  'password|passwd|passphrase|pwd|secret|api_?-?key|apikey|(?:private|access|signing|encryption|decryption|master|hmac|jwt|account)_?-?key|auth_?-?token|access_?-?token|refresh_?-?token|client_?-?secret';

/**
 * What looks like a secret wherever it stands. Each row keeps its first and last group and masks what is between.
 * CI logs are often public, and an application's last words often hold its connection string.
 */
const PATTERNS: readonly RegExp[] = [
  // PEM blocks: private keys, certificates' keys; also cut off at the end of a tail.
  /(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----)[\s\S]*?(-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
  // scheme://user:password@host; the password may hold an @ as long as a host follows the last one.
  /(\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@'"]{0,128}:)[^\s'"]{1,512}(@[\w.[\]-])/gi,
  // AWS secret access keys, session tokens, by name.
  /((?:secret_?-?access_?-?key|session_?-?token|security_?-?token)["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"',;]{8,4096}()/gi,
  // AWS access key ids: no secret alone, but half of one.
  /(\b)(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(\b)/g,
  // Authorization headers, Bearer and Basic.
  /(\bauthorization["']?\s{0,3}[=:]\s{0,3}["']?(?:bearer|basic|token)?\s{0,3})[\w+/=.~:-]{8,4096}()/gi,
  /(\b(?:bearer|basic)\s{1,3})[\w+/=.~-]{16,4096}()/gi,
  // JSON Web Tokens.
  /(\b)eyJ[\w-]{8,2048}\.[\w-]{8,8192}(?:\.[\w-]{0,2048})?()/g,
  // Tokens that name their maker: GitHub, GitLab, Slack, Stripe, npm, Google, SendGrid, OpenAI and their like.
  /(\b)(?:gh[pousr]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{16,255}|xox[abeprs]-[\w-]{10,255}|[sr]k_(?:live|test)_\w{10,255}|npm_\w{20,255}|AIza[\w-]{30,60}|SG\.[\w-]{16,64}\.[\w-]{16,128}|sk-[\w-]{20,255})()/g,
  // The signature of a presigned URL, and its credentials.
  /([?&](?:X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential|sig|signature)=)[^&\s"']{8,4096}()/gi,
  // NAME=value, "name": "value", --name value, where the name says that it is a secret. A word about a password is none.
  new RegExp(
    String.raw`((?:^|[\s,;{(?&"'-])["']?[\w.-]{0,64}(?:${SECRET_NAMES}|credentials?|token)["']?\s{0,3}(?:=|:)\s{0,3}["'])[^"'\n]{1,1024}(["'])`,
    'gim',
  ),
  new RegExp(
    String.raw`((?:^|[\s,;{(?&"'-])["']?[\w.-]{0,64}(?:${SECRET_NAMES}|token)["']?(?:=|:\s{0,3}))(?!["'*{[(]|(?:null|undefined|none|true|false|missing|invalid|required|expired|expected|unexpected|unknown|denied|rejected|found|empty|not|is|was|must|cannot|too)\b)[^\s"',;&)}\]]{4,1024}()`,
    'gim',
  ),
];

/**
 * Text without its secrets: what is known to be one (`values`, each wherever it stands) and what looks like one. Lines
 * stay lines, so that a tail can be cut after it.
 */
export function maskSecrets(text: string, values: readonly string[] = []): string {
  let masked = text;
  // Longest first: one secret may begin with another.
  for (const value of values.toSorted((a, b) => b.length - a.length)) masked = masked.replaceAll(value, MASK);
  for (const pattern of PATTERNS) masked = masked.replace(pattern, `$1${MASK}$2`);
  return masked;
}

/** What looks like a secret in a text. Most inputs are empty, and the first use of the patterns takes 3 ms. */
export const secretsIn = (text: string): string[] =>
  (text === '' ? [] : PATTERNS).flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([whole, before = '', after = '']) =>
      whole.slice(before.length, whole.length - after.length),
    ),
  );

/** Passwords in a file of logins, in words of their own: `password VALUE` of a .netrc, `<password>VALUE</password>` of a settings.xml. */
export function passwordsIn(text: string): string[] {
  const netrc = [...text.matchAll(/\bpassword[ \t]+(\S+)/g)].map(([, password = '']) => password);
  const elements = [...text.matchAll(/<([\w.:-]{1,64})>([^<\n]{1,1024})<\/[\w.:-]{1,64}>/g)].flatMap(
    ([, name = '', value = '']) => (SECRET_NAME.test(name) ? [value.trim()] : []),
  );
  return [...netrc, ...elements];
}

/** Names of settings that hold a secret; a name such as SIGNING_KEY_ID says which key it is, and PUBLIC_KEY is for everyone. */
export const SECRET_NAME =
  /passw|passphrase|pwd|secret|token|(?:api|private|access|auth)_?-?key|(?:signing|encryption|decryption|master|hmac|jwt|account)_?-?key(?![_-]?(?:ids?|arns?|names?|alias|file|path|url|length|size|type|version|algorithm)(?![a-z]))|credential|(?:^|[_.-])(?:pass|dsn)$|connection_?-?string/i;
/** Shorter values would mask ordinary words. */
const SHORTEST = 6;

/**
 * Whether a text has the shape of a secret: a known format (AKIA..., ghp_..., a JWT, a private key, a URL with a password), or one
 * word of at least 20 letters and digits that is as irregular as a generated key. Hexadecimal digits (commits, digests, UUIDs), ARNs,
 * paths and host names are none.
 */
export function looksSecret(text: string): boolean {
  const value = text.trim();
  // Most names: shorter than any known format, and without what a URL or a setting has.
  if (/^[\w./-]{0,14}$/.test(value) || value.startsWith('arn:')) return false;
  if (maskSecrets(value) !== value) return true;
  if (!/^[\w+/=-]{20,512}$/.test(value) || /^[0-9a-f-]+$/i.test(value)) return false;
  const isMixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
  // Words of a language have long runs of lower-case letters between their separators.
  return isMixed && !/[a-z]{6,}/.test(value) && entropyOf(value) >= ENTROPY_BITS;
}

/** Bits for each character: generated keys of 20 to 40 characters have 3.7 to 4.8, names of things about 3. */
const ENTROPY_BITS = 3.5;

/** Shannon's entropy of the characters, in bits per character. */
function entropyOf(text: string): number {
  const counts = Map.groupBy(text, (character) => character);
  return -[...counts.values()].reduce(
    (sum, { length }) => sum + (length / text.length) * Math.log2(length / text.length),
    0,
  );
}

/** Those values of `NAME=value` settings that are secrets by their name or by their shape. */
export const secretsAmong = (settings: Iterable<readonly [name: string, value: string]>): string[] =>
  [...settings].flatMap(([name, value]) =>
    (SECRET_NAME.test(name) && value.length >= SHORTEST) || looksSecret(value) ? [value] : [],
  );
