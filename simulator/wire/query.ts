import { ApiException } from './service.ts';

type Input = Readonly<Record<string, unknown>>;

/** A list as the Query protocol writes it: `Names.member.1=a&Names.member.2=b`. */
export const members = (input: Input, name: string): string[] =>
  Object.entries(input)
    .filter(([key]) => key.startsWith(`${name}.member.`))
    .sort(([one], [other]) => numberOf(one) - numberOf(other))
    .map(([, value]) => String(value));

const numberOf = (key: string): number => Number(key.slice(key.lastIndexOf('.') + 1));

/** A client of ours must never send what the operation does not have. */
export function refuseUnknown(input: Input, known: readonly string[]): void {
  const strange = Object.keys(input).find((key) => !known.includes(key.split('.')[0] ?? ''));
  if (strange) throw new ApiException('MalformedInput', `Unexpected parameter ${strange}`);
}

/** Characters that stand for themselves in XML. */
export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Members of a structure; lists as `<member>`, what is undefined not at all. */
export const xml = (value: object): string =>
  Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `<${key}>${content(item)}</${key}>`)
    .join('');

const content = (item: unknown): string => {
  if (Array.isArray(item)) return item.map((one) => `<member>${content(one)}</member>`).join('');
  return typeof item === 'object' && item !== null ? xml(item) : escapeXml(String(item));
};
