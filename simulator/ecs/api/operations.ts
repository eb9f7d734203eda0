import type { CallContext } from '../../wire/service.ts';
import { ApiException } from '../../wire/service.ts';

export type Input = Readonly<Record<string, unknown>>;
/** Operations by name. Requests have been held against the service model before. */
export type Operations = Readonly<Record<string, (input: Input, context: CallContext) => object>>;

export const lastSegment = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
export const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
export const pick = (input: Input, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])));
export const invalid = (message: string): ApiException => new ApiException('InvalidParameterException', message);
export const client = (message: string): ApiException => new ApiException('ClientException', message);

/** One page of a list, and the token of the next. `usual` is its size when nobody says. */
export function page<T>(
  items: readonly T[],
  { maxResults, nextToken }: Input,
  { usual, most = 100 }: { readonly usual: number; readonly most?: number },
): [T[], { nextToken?: string }] {
  const size = Number(maxResults ?? usual);
  if (!Number.isInteger(size) || size < 1 || size > most) throw invalid(`maxResults must be between 1 and ${most}.`);
  const from = nextToken === undefined ? 0 : Number(Buffer.from(String(nextToken), 'base64').toString('utf8'));
  if (!Number.isInteger(from) || from < 1 !== (nextToken === undefined) || from > items.length)
    throw invalid('Invalid token.');
  const until = from + size;
  const token = until < items.length ? { nextToken: Buffer.from(String(until)).toString('base64') } : {};
  return [items.slice(from, until), token];
}

/** At most so many names in one call. */
export function limited(names: unknown, most: number, what: string): string[] {
  const all = strings(names);
  if (all.length === 0) throw invalid(`${what} cannot be empty.`);
  if (all.length > most) throw invalid(`${what} cannot have more than ${most} elements.`);
  return all;
}

/** What was asked for, found or MISSING. */
export function lookUp<T>(
  names: readonly string[],
  find: (name: string) => T | undefined,
): { found: T[]; failures: { arn: string; reason: string }[] } {
  const answers = names.map((name) => ({ name, found: find(name) }));
  return {
    found: answers.flatMap(({ found }) => (found === undefined ? [] : [found])),
    failures: answers.flatMap(({ name, found }) => (found === undefined ? [{ arn: name, reason: 'MISSING' }] : [])),
  };
}
