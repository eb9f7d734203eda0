/**
 * What AWS documents of an answer, as a pattern: an object names the members that matter, a list has exactly these items, a RegExp is
 * searched in a text, and a Check says in words what holds.
 */
export type Pattern =
  | string
  | number
  | boolean
  | RegExp
  | Check
  | readonly Pattern[]
  | { readonly [member: string]: Pattern };

/** A condition on a value; undefined is a member that is not there. */
export class Check {
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
  constructor(words: string, holds: (value: unknown) => boolean) {
    this.words = words;
    this.holds = holds;
  }
}

export const present = new Check('present', (value) => value !== undefined && value !== null);
export const absent = new Check('absent', (value) => value === undefined || value === null);
export const empty = new Check(
  'an empty list, or absent',
  (value) => absent.holds(value) || (isList(value) && value.length === 0),
);
export const oneOf = (...patterns: readonly Pattern[]): Check =>
  new Check(patterns.map(describe).join(' or '), (value) => patterns.some((one) => mismatch(one, value) === undefined));
/** A list with at least one such item. */
export const contains = (...patterns: readonly Pattern[]): Check =>
  new Check(
    `a list that contains ${patterns.map(describe).join(' and ')}`,
    (value) => isList(value) && patterns.every((one) => value.some((item) => mismatch(one, item) === undefined)),
  );
export const between = (least: number, most: number): Check =>
  new Check(`from ${least} to ${most}`, (value) => typeof value === 'number' && value >= least && value <= most);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !isList(value);
const text = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));

/** The pattern in words, for reports. */
export function describe(pattern: Pattern): string {
  if (pattern instanceof Check) return pattern.words;
  if (pattern instanceof RegExp) return String(pattern);
  if (isList(pattern)) return `[${pattern.map((one) => describe(one as Pattern)).join(', ')}]`;
  if (typeof pattern !== 'object') return JSON.stringify(pattern);
  return `{${Object.entries(pattern)
    .map(([member, one]) => `${member}: ${describe(one)}`)
    .join(', ')}}`;
}

/** The first place where a value is not as the pattern says: where, what it is and what it should be. */
export function mismatch(pattern: Pattern, value: unknown, path = ''): string | undefined {
  const wrong = (): string => `${path || 'the answer'} is ${text(value)}, documented: ${describe(pattern)}`;
  if (pattern instanceof Check) return pattern.holds(value) ? undefined : wrong();
  if (pattern instanceof RegExp) return typeof value === 'string' && pattern.test(value) ? undefined : wrong();
  if (isList(pattern)) {
    if (!isList(value) || value.length !== pattern.length) return wrong();
    return first(pattern, (one, i) => mismatch(one as Pattern, value[i], `${path}[${i}]`));
  }
  if (typeof pattern !== 'object') return pattern === value ? undefined : wrong();
  if (!isMap(value)) return wrong();
  return first(Object.entries(pattern), ([member, one]) =>
    mismatch(one, value[member], path ? `${path}.${member}` : member),
  );
}

function first<T>(items: readonly T[], find: (item: T, i: number) => string | undefined): string | undefined {
  for (const [i, item] of items.entries()) {
    const found = find(item, i);
    if (found !== undefined) return found;
  }
  return undefined;
}
