/** JSON as a recording has it: members sorted, nothing that changes from run to run. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

/** What a run is made in; each of these texts gives way to its name in angle brackets. */
export interface Surroundings {
  readonly region: string;
  /** The beginning of all names that the run gives. */
  readonly prefix: string;
  /** Values of the stack's outputs, such as the name of the cluster, by their names. */
  readonly names: Readonly<Record<string, string>>;
}

/** Members whose value says who asks, or when; only that they are there is recorded. */
const WITHOUT_VALUE: Readonly<Record<string, string>> = {
  authorizationToken: '<token>',
  registeredBy: '<caller>',
  createdBy: '<caller>',
  Arn: '<caller>',
  UserId: '<caller>',
  nextForwardToken: '<token>',
  nextBackwardToken: '<token>',
  nextSequenceToken: '<token>',
};
/** Random parts of names: each is numbered by its first appearance, so that the same one is recognised within a row. */
const RANDOM: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/sha256:[0-9a-f]{64}/g, 'digest'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'id'],
  [/\b[0-9a-f]{32}\b/g, 'id'],
  [/\b\d{16,20}\b/g, 'id'],
  [/(?<=:service-deployment\/[^/\s]+\/[^/\s]+\/)[\w-]+/g, 'id'],
  [/(?<=lifecycle hook )[\w-]{12,}(?=[ .])/g, 'id'],
  [/\b(?:subnet|sg|vpc|eni|i)-(?:0[0-9a-f]{7,16}|[0-9a-f]{8})\b/g, 'id'],
];
const REGISTRY =
  /(?:https?:\/\/)?(?:\d{12}\.dkr[.-]ecr\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)|127\.0\.0\.1:\d+)/g;
const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
/** Milliseconds since the epoch, as CloudWatch Logs writes instants. */
const isInstant = (value: number): boolean => value > 1_500_000_000_000 && value < 4_000_000_000_000;

/** Makes answers of one row comparable. */
export class Normaliser {
  readonly #known: readonly (readonly [pattern: RegExp, name: string])[];
  readonly #seen = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  constructor({ region, prefix, names }: Surroundings) {
    const known = [
      ...Object.entries({ ...names, region }).map(([name, value]) => [value, name, '(?![\\w-])'] as const),
      [prefix, 'prefix', ''] as const,
    ];
    this.#known = known
      .filter(([value]) => value !== '')
      .sort(([a], [b]) => b.length - a.length)
      // A whole name, not a part of another one; a region may be followed by the letter of a zone, the prefix by anything.
      .map(([value, name, end]) => [
        new RegExp(`(?<![\\w-])${literal(value)}${name === 'region' ? '(?![0-9-])' : end}`, 'g'),
        name,
      ]);
  }

  /** An answer of the SDK without its metadata. */
  value(value: unknown): Json {
    if (value instanceof Date) return '<time>';
    if (value instanceof Uint8Array) return '<bytes>';
    if (value === undefined || value === null) return null;
    if (typeof value === 'number') return isInstant(value) ? '<time>' : value;
    if (typeof value === 'boolean') return value;
    if (Array.isArray(value)) return value.map((one) => this.value(one));
    if (typeof value !== 'object') return this.text(String(value));
    return Object.fromEntries(
      Object.entries(value)
        .filter(([member, one]) => member !== '$metadata' && one !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([member, one]) => [member, WITHOUT_VALUE[member] ?? this.value(one)]),
    );
  }

  text(given: string): string {
    let text = given.replaceAll(REGISTRY, '<registry>');
    for (const [pattern, name] of this.#known) text = text.replaceAll(pattern, `<${name}>`);
    for (const [pattern, kind] of RANDOM) text = text.replaceAll(pattern, (found) => this.#numbered(found, kind));
    return text.replaceAll(/\b\d{12}\b/g, '<account>').replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '<ip>');
  }

  #numbered(found: string, kind: string): string {
    const known = this.#seen.get(found);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = `<${kind}${count}>`;
    this.#seen.set(found, name);
    return name;
  }
}

const BUCKETS: readonly (readonly [least: number, name: string])[] = [
  [1200, '20 min or more'],
  [600, '10 to 20 min'],
  [240, '4 to 10 min'],
  [60, '1 to 4 min'],
  [0, 'less than 1 min'],
];

/** How long something took: two rollouts of the same kind fall into the same bucket. */
export const bucketOf = (seconds: number): string =>
  BUCKETS.find(([least]) => seconds >= least)?.[1] ?? 'less than 1 min';
