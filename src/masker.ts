import { Failure } from './failure.ts';
import { defined } from './model.ts';
import { looksSecret, passwordsIn, SECRET_NAME } from './secrets.ts';

const MASK = '***';

/** Shorter secrets are not masked: `1` or `dev` occurs in every line, and hiding it would hide the log. Documented in docs/secrets.md. */
const SHORTEST = 4;
/** The shortest line of a secret of several lines, and the shortest value inside a structured one. */
const SHORTEST_PART = 6;
/** The shortest piece of base64 that cannot be an ordinary word. */
const SHORTEST_ENCODED = 8;
/** Larger texts are masked whole and by line, not searched for values. */
const PARSED_AT_MOST = 65_536;

/**
 * Every secret that this run has seen, and text without them. One object for the whole run: log, annotations, summary, comments,
 * GitHub API calls, outputs and saved state all pass it. The runner masks the log and the summary too, but neither outputs nor what
 * is sent to GitHub's API.
 */
export class Masker {
  readonly #secrets = new Set<string>();
  /** Names that are public by nature. */
  readonly #publicNames = new Set<string>();
  /** Secrets and their encodings, each once; undefined after a new secret. */
  #needles: readonly string[] | undefined;

  /**
   * Registers a secret with its lines and, where it has a structure (JSON, `NAME=value`, a URL with a password), the values inside.
   * @returns what is new; the runner masks exactly these as well (::add-mask::), one line each
   */
  add(secret: string): string[] {
    const isPublic = (part: string): boolean => [...this.#publicNames].some((name) => name.includes(part));
    const added = partsOf(secret).filter((part) => !this.#secrets.has(part) && !isPublic(part));
    for (const part of added) this.#secrets.add(part);
    if (added.length > 0) this.#needles = undefined;
    return added;
  }

  /**
   * Names of the service, its cluster, the repository and the like. A "secret" that is part of one (`SECRET_STORE: web-production`) is
   * none, and would take the ARNs out of the outputs and of what post needs. Before the first `add`.
   */
  allow(names: readonly string[]): void {
    for (const name of names) if (name.length <= 128 && !looksSecret(name)) this.#publicNames.add(name);
  }

  /** The text with every secret, and every overlapping run of them, as `***`. */
  text(text: string): string {
    this.#needles ??= [...new Set([...this.#secrets].flatMap((secret) => [secret, ...encodingsOf(secret)]))];
    const found: [start: number, end: number][] = [];
    for (const needle of this.#needles) {
      for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1))
        found.push([at, at + needle.length]);
    }
    if (found.length === 0) return text;
    found.sort(([a], [b]) => a - b);
    let masked = '';
    let end = 0;
    for (const [start, stop] of found) {
      if (start >= end) masked += text.slice(end, start) + MASK;
      end = Math.max(end, stop);
    }
    return masked + text.slice(end);
  }

  /** A copy of plain data (objects, arrays, maps, sets) with every string masked. Do this before a text is cut: half a secret is not found. */
  data<T>(value: T): T {
    return this.#copy(value) as T;
  }

  failure(failure: Failure): Failure {
    const { code, message, remedy, state, mistakes, api, place, rule, cause } = failure;
    return new Failure(code, this.text(message), {
      mistakes: this.data(mistakes),
      ...defined({
        remedy: remedy === undefined ? undefined : this.text(remedy),
        state: state === undefined ? undefined : this.text(state),
        api: api === undefined ? undefined : this.data(api),
        place: place === undefined ? undefined : this.data(place),
        rule,
        cause,
      }),
    });
  }

  #copy(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((one) => this.#copy(one));
    if (value instanceof Map) return new Map([...value].map(([key, one]) => [this.#copy(key), this.#copy(one)]));
    if (value instanceof Set) return new Set([...value].map((one) => this.#copy(one)));
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [this.text(key), this.#copy(one)]));
  }
}

/** What to mask of a secret: the whole, its lines, the values in it. */
function partsOf(secret: string): string[] {
  const whole = secret.trim();
  if (whole.length < SHORTEST) return [];
  const lines = whole.split(/[\r\n]+/).map((line) => line.trim());
  // The runner registers every line of what it is given, however short; so a secret of several lines goes line by line.
  const parts =
    lines.length === 1 ? lines : lines.filter((line) => line.length >= SHORTEST_PART && /[^\p{P}\p{S}]/u.test(line));
  if (whole.length > PARSED_AT_MOST) return [...new Set(parts)];
  return [...new Set([...parts, ...valuesIn(whole), ...lines.flatMap(assignedIn)])];
}

/** Values inside a JSON secret. */
function valuesIn(text: string): string[] {
  if (!/^[[{"]/.test(text)) return [];
  const found: string[] = [];
  const visit = (value: unknown, name: string): void => {
    if (typeof value === 'string' || typeof value === 'number') {
      if (isSecretValue(name, String(value))) found.push(...partsOf(String(value)));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, one] of Object.entries(value)) visit(one, Array.isArray(value) ? name : key);
    }
  };
  try {
    visit(JSON.parse(text), 'secret');
  } catch {
    // not JSON, and the error would quote it
  }
  return found;
}

/** The value of `NAME=value`, `name: value` (.env, .npmrc), the password of a .netrc, a settings.xml or a URL. */
function assignedIn(line: string): string[] {
  const [, name = '', value = ''] =
    /^(?:export\s+)?["']?([\w./:@-]{1,200})["']?\s*=\s*["']?(.*?)["']?,?$/.exec(line) ??
    /^["']?([\w.-]{1,200})["']?\s*:\s*["']?(.*?)["']?,?$/.exec(line) ??
    [];
  const urls = [...line.matchAll(/\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@]{0,256}:([^\s/]{1,512})@/gi)].flatMap(
    ([, password = '']) => [password, decoded(password)],
  );
  const assigned = !value.startsWith('//') && isSecretValue(name, value) ? [value] : [];
  return [...assigned, ...passwordsIn(line), ...urls].filter((part) => part.length >= SHORTEST_PART);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether a value inside a secret is one itself: by its name, else where it is more than a plain word or a small number. */
const isSecretValue = (name: string, value: string): boolean =>
  SECRET_NAME.test(name)
    ? value.length >= SHORTEST
    : value.length >= SHORTEST_PART && !/^(?:[A-Za-z]{1,24}|\d{1,8})$/.test(value);

/**
 * The encodings in which a secret turns up; those that the runner masks, and base64url.
 * https://github.com/actions/runner/blob/main/src/Sdk/DTLogging/Logging/ValueEncoders.cs
 */
function encodingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  // What stands for the secret wherever it begins among other bytes, without the characters that its neighbours have a part in.
  const shifted = [0, 1, 2].flatMap((first) => {
    const whole = bytes.subarray(first, first + Math.floor((bytes.length - first) / 3) * 3);
    return whole.toString('base64').length >= SHORTEST_ENCODED
      ? [whole.toString('base64'), whole.toString('base64url')]
      : [];
  });
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    bytes.toString('base64'),
    ...shifted,
    json,
    secret.replaceAll('"', '\\"'),
    secret.replaceAll("'", "''"),
    encodeURIComponent(secret.toWellFormed()),
    escapeXml(secret),
  ];
}

/** As .NET's SecurityElement.Escape, which the runner's masking knows; so report/text.ts writes HTML in the same way. */
export const escapeXml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&${NAMES[character]};`);
const NAMES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
