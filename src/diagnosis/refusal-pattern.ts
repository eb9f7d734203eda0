/**
 * A refusal that quotes both the value and the pattern that it must match: what of the value does not fit. A pattern out
 * of a message is never run: only sets of characters and their counts are read of it.
 */

interface Part {
  readonly has: (char: string) => boolean;
  readonly words: string;
  readonly single: boolean;
}

/** `^[a-zA-Z0-9-.]{0,253}[a-zA-Z0-9]$`: sets alone; groups, escapes of kinds and alternatives are not read. */
const PATTERN = /\^(?<body>(?:\[(?:[^\]\\\n]|\\.){1,80}\](?:\{\d{1,4}(?:,\d{0,4})?\}|[+*?])?){1,6})\$/;
const SET = /\[(?<set>(?:[^\]\\]|\\.){1,80})\](?<count>\{\d{1,4}(?:,\d{0,4})?\}|[+*?])?/g;
const VALUES: readonly RegExp[] = [
  /\bbut (?:was|got|is) ["'`]?(?<value>[^\s"'`]{1,300})["'`]?$/,
  /(?:^|\s)["'`]?(?<value>[^\s"'`]{1,300})["'`]? (?:contains invalid characters|does not match|has invalid characters)/,
];

/** The characters of a set without its brackets; undefined where it is of a kind that is not read. */
function partOf(set: string, count: string | undefined): Part | undefined {
  if (set.startsWith('^') || /\\[a-zA-Z]/.test(set)) return undefined;
  const bare = set.replace(/\\(.)/g, '$1');
  const chars = new Set<string>();
  for (let i = 0; i < bare.length; i += 1) {
    const from = bare.charAt(i);
    const to = bare.charAt(i + 2);
    if (bare.charAt(i + 1) === '-' && /^(?:[a-z]{2}|[A-Z]{2}|\d{2})$/.test(from + to)) {
      for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code += 1) chars.add(String.fromCharCode(code));
      i += 2;
    } else chars.add(from);
  }
  return { has: (char) => chars.has(char), words: `[${set}]`, single: count === undefined };
}

/** @returns a clause about the first character that does not fit; undefined where value or pattern are not both known */
export function misfit(message: string): string | undefined {
  const text = message.slice(0, 2_000);
  const body = PATTERN.exec(text)?.groups?.body;
  const value = VALUES.map((one) => one.exec(text.trim())?.groups?.value).find((one) => one !== undefined);
  if (body === undefined || value === undefined) return undefined;
  const parts = [...body.matchAll(SET)].map(({ groups }) => partOf(groups?.set ?? '', groups?.count));
  if (parts.some((part) => part === undefined)) return undefined;
  const known = parts.filter((part) => part !== undefined);
  const foreign = [...value].find((char) => !known.some(({ has }) => has(char)));
  if (foreign !== undefined) return `"${value}" has the character "${foreign}", which is not allowed there`;
  const [first, last] = [known[0], known.at(-1)];
  if (last?.single === true && !last.has(value.slice(-1)))
    return `"${value}" may not end with "${value.slice(-1)}" (its last character must be one of ${last.words}), so leave it out`;
  if (first?.single === true && !first.has(value.slice(0, 1)))
    return `"${value}" may not begin with "${value.slice(0, 1)}" (its first character must be one of ${first.words})`;
  return undefined;
}
