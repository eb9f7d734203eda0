/**
 * The words of an explanation. What is true for every message of a row is plain text; what is true only where some
 * technology is at work stands in a part that names it, and is left out otherwise.
 */
import type { Technology } from './technologies.ts';

type Technologies = Technology | readonly Technology[];

/** Only where one of these is at work; otherwise `else`, or nothing. */
interface PartFor {
  readonly for: Technologies;
  readonly words: string;
  readonly else?: string;
}
/** Examples in brackets, of which those are shown that concern the message: ` (npm ci)`, or nothing. */
interface Examples {
  readonly examples: readonly (string | PartFor)[];
}
/** Words of a remedy by which a deployment starts: whoever follows them need not deploy again. */
interface Deploys {
  readonly deploys: string;
}
export type Part = string | PartFor | Examples | Deploys;

/** Plain words, or parts that begin with words for everyone: no row is without them. */
export type Text = string | readonly [string, ...Part[]];

const isAtWork = (technologies: Technologies, atWork: ReadonlySet<Technology>): boolean =>
  typeof technologies === 'string' ? atWork.has(technologies) : technologies.some((one) => atWork.has(one));

function worded(part: string | PartFor, atWork: ReadonlySet<Technology>): string {
  if (typeof part === 'string') return part;
  return isAtWork(part.for, atWork) ? part.words : (part.else ?? '');
}

const isDeploys = (part: Part): part is Deploys => typeof part !== 'string' && 'deploys' in part;

function shown(part: Part, atWork: ReadonlySet<Technology>): string {
  if (isDeploys(part)) return part.deploys;
  if (typeof part === 'string' || !('examples' in part)) return worded(part, atWork);
  const items = part.examples.map((item) => worded(item, atWork)).filter((item) => item !== '');
  return items.length === 0 ? '' : ` (${items.join(', ')})`;
}

/** The words for a message, by the technologies that it shows. */
export const say = (text: Text, atWork: ReadonlySet<Technology>): string =>
  typeof text === 'string'
    ? text
    : text
        .map((part) => shown(part, atWork))
        .join('')
        .trim();

/** The words of a text by which a deployment starts. */
export const deploysIn = (text: Text): readonly string[] =>
  typeof text === 'string' ? [] : text.flatMap((part: Part) => (isDeploys(part) ? [part.deploys] : []));

/** The same parts with other words. */
export function mapWords(text: Text, change: (words: string) => string): Text {
  if (typeof text === 'string') return change(text);
  const one = (part: string | PartFor): string | PartFor =>
    typeof part === 'string'
      ? change(part)
      : { ...part, words: change(part.words), ...(part.else === undefined ? {} : { else: change(part.else) }) };
  const [first, ...rest] = text;
  return [
    change(first),
    ...rest.map((part) => {
      if (isDeploys(part)) return { deploys: change(part.deploys) };
      return typeof part !== 'string' && 'examples' in part ? { examples: part.examples.map(one) } : one(part);
    }),
  ];
}

/** One text behind the other; plain words only stay plain. */
export function together(first: Text, ...rest: readonly Text[]): Text {
  if ([first, ...rest].every((text) => typeof text === 'string')) return [first, ...rest].join('');
  const parts = rest.flatMap((text): readonly Part[] => (typeof text === 'string' ? [text] : text));
  return typeof first === 'string' ? [first, ...parts] : [...first, ...parts];
}

/** What everyone is shown of it first. */
export const beginning = (text: Text): string => (typeof text === 'string' ? text : text[0]);

/** Words about one technology, which the condition around them has recognised: a test compares both. */
export const of = <Words>(_: Technologies, words: Words): Words => words;
