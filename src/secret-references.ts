import { type Form, foreignIn } from './foreign-placeholders.ts';
import { looksSecret } from './secrets.ts';

/**
 * What stands where the name or ARN of a parameter or secret is expected (`secrets`, `secretOptions`, `credentialsParameter`). People
 * paste the secret itself there, and only its form shows which of the two it is. So what is certainly a name or an ARN is shown, and
 * all else is a secret: masked before its first use, and described in its place.
 */
export interface Reference {
  /** For messages: the text itself where it is certainly a reference, else its certain part and a description of the rest. */
  readonly shown: string;
  /** What may be a secret, whole and field by field, since messages of AWS quote both; empty where all of it is certainly a name or an ARN. */
  readonly secrets: readonly string[];
}

/** `arn:aws:ssm:REGION:ACCOUNT:parameter` and `arn:aws:secretsmanager:REGION:ACCOUNT:secret`, perhaps with placeholders filled by `x`. */
const ARN = /^arn:[\w-]{1,32}:(?:(secretsmanager):[\w-]{0,64}:\w{0,64}:secret:|(ssm):[\w-]{0,64}:\w{0,64}:parameter\/)/;
/** Of something else, which is a mistake and no secret. */
const OTHER_ARN = /^arn:aws[\w-]{0,16}:[a-z0-9-]{1,32}:[\w-]{0,32}:\w{0,32}:[\w./*-]{1,512}$/;
/** Characters of a secret's name: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
const SECRET_NAME_OF_ARN = /^[\w/+=.@!-]{1,512}/;
const PARAMETER_NAME_OF_ARN = /^[\w./-]{1,1011}/;
/** `/prod/db/password`, and `/flag`; a single part with a digit in it may as well be a password. */
const PATH = /^(?:\/[\w.-]{1,128}){2,15}$|^\/[A-Za-z_.-]{1,128}$/;
/** `shop/db`: a path of words in small letters, which lacks the `/` at its beginning. */
const RELATIVE_PATH = /^[a-z][a-z_.-]{0,63}(?:\/[a-z][a-z_.-]{0,63}){1,14}$/;
/** Letters alone, as keys and labels are called; a key with a digit may be a password. */
const WORD = /^[A-Za-z_][A-Za-z_.-]{0,127}$/;
/** A version of a secret: a UUID. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_SecretVersionsListEntry.html */
const VERSION_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** `3`, `v1`. */
const VERSION = /^v?\d{1,6}$/;
/** A long word of hexadecimal digits, which no path has and many keys are. */
const HEXADECIMAL = /^[0-9a-f]{20,}$/i;

/**
 * @param name of the variable that gets the secret: a reference that is called like it (`DB_PASSWORD` by `prod-db-password`) is a name
 */
export function readReference(given: string, name = ''): Reference {
  const text = given.trim();
  const filled = withoutPlaceholders(text);
  if (
    filled === '' ||
    filled === PLACE ||
    isPath(filled) ||
    (RELATIVE_PATH.test(filled) && !looksSecret(filled)) ||
    isCalledLike(filled, name)
  )
    return { shown: text, secrets: [] };
  const certain = certainPart(filled, name);
  if (certain === filled) return { shown: text, secrets: [] };
  // Offsets hold where nothing was replaced; with placeholders the whole is described.
  const from = filled === text ? certain.length : 0;
  const rest = text.slice(from).replace(/^:+(?=.)/, '');
  const behind = from === 0 && text.startsWith('arn:') ? text.split(':').slice(6).join(':') : rest;
  const fields = text.startsWith('arn:') ? behind.split(/[:\s]/).filter((field) => field !== '') : [];
  return {
    shown: `${text.slice(0, text.length - rest.length)}${described(rest)}`,
    secrets: [...new Set([rest, ...fields])],
  };
}

/** The same of the credentials of a registry or a file share: the ARN or the name of a secret, which has no variable. */
export function readCredentials(given: string): Reference {
  const text = given.trim();
  return /^[\w/+=.@!-]{1,512}$/.test(text) && !looksSecret(text) ? { shown: text, secrets: [] } : readReference(text);
}

/** What may be secrets among references, each given with the variable's name. */
export const secretReferences = (pairs: Iterable<readonly [name: string, valueFrom: string]>): string[] =>
  [...pairs].flatMap(([name, valueFrom]) => readReference(valueFrom, name).secrets);

/** Stands for a placeholder in what is judged: a value that is not known yet. */
const PLACE = 'x';

/** A placeholder that nothing has filled yet is no secret, but what stands around it may be one. */
function withoutPlaceholders(text: string): string {
  let plain = text.replaceAll(/\$?\$\{[A-Za-z_]\w*(?:(?::-|:\?)[\w./:-]*)?\}/g, PLACE);
  for (const { text: found, name, form } of foreignIn(plain)) {
    const isName = form !== 'word' && (OF_TEMPLATES.includes(form) || found.includes(name));
    // Between the marks of another tool may be a password that has such marks, unless it is the whole or a part of an ARN.
    if (isName && (found === plain || plain.startsWith('arn:'))) plain = plain.replace(found, PLACE);
  }
  if (plain.startsWith(`${PLACE}:`)) plain = `arn:aws:secretsmanager:x:x:secret:${plain}`;
  return plain.startsWith(`${PLACE}/`) ? plain.slice(PLACE.length) : plain;
}
/** Forms that mean nothing else; of the others only a name in capitals is one. */
const OF_TEMPLATES: readonly Form[] = ['expression', 'template', 'erb', 'reference'];

/** A path, perhaps with a version or a label behind it. */
function isPath(text: string): boolean {
  const [path = '', selector = 'x', ...surplus] = text.split(':');
  return PATH.test(path) && !hasKey(path) && surplus.length === 0 && (VERSION.test(selector) || WORD.test(selector));
}

/** A generated key in a part of a path. */
const hasKey = (path: string): boolean =>
  looksSecret(path) || path.split('/').some((part) => looksSecret(part) || HEXADECIMAL.test(part));

/** `prod-db-password` for `DB_PASSWORD`: every word of the variable's name, of which there are two or more, in words of letters. */
function isCalledLike(text: string, name: string): boolean {
  const wordsOf = (one: string): string[] => one.toLowerCase().split(/[_.\-/]+/);
  if (text === name) return true;
  const wanted = wordsOf(name);
  const words = wordsOf(text);
  return wanted.length >= 2 && WORD.test(text) && wanted.every((word) => words.includes(word));
}

/** The beginning of an ARN that is certainly one; empty for other texts. */
function certainPart(text: string, name: string): string {
  const [start = '', ofSecretsManager] = ARN.exec(text) ?? [];
  if (start === '') return OTHER_ARN.test(text) && !hasKey(text) ? text : '';
  const rest = text.slice(start.length);
  const [resource = ''] = (ofSecretsManager ? SECRET_NAME_OF_ARN : PARAMETER_NAME_OF_ARN).exec(rest) ?? [];
  if (resource === '' || hasKey(resource.replace(/-\w{6}$/, ''))) return start;
  const fields = rest.slice(resource.length);
  if (fields === '') return text;
  // What stands directly behind the name is a part of no ARN, and the name may have begun it.
  if (!fields.startsWith(':')) return start;
  const isCertain = (field: string): boolean =>
    field === '' || VERSION.test(field) || ((WORD.test(field) || isCalledLike(field, name)) && !looksSecret(field));
  const [first = '', second = '', version = '', ...surplus] = fields.slice(1).split(':');
  const certain = ofSecretsManager
    ? isCertain(first) &&
      isCertain(second) &&
      (VERSION_ID.test(version) || isCertain(version)) &&
      surplus.every(isCertain)
    : isCertain(first) && fields === `:${first}`;
  return certain ? text : `${start}${resource}`;
}

/** Length and kinds of characters: enough to recognise what was pasted, and nothing to guess it by. */
function described(text: string): string {
  const kinds = [
    /[A-Za-z]/.test(text) ? 'letters' : '',
    /\d/.test(text) ? 'digits' : '',
    /[^A-Za-z\d]/.test(text) ? 'other characters' : '',
  ].filter((kind) => kind !== '');
  const list = kinds.length > 1 ? `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)}` : kinds[0];
  return `(a text of ${text.length} character${text.length === 1 ? '' : 's'}: ${list}; not shown, it may be a secret)`;
}
