import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A regular expression as it stands in a source file. */
export interface Written {
  /** `src/diagnosis/text.ts:9` */
  readonly at: string;
  readonly pattern: RegExp;
}

/** Every regular expression literal of the TypeScript files below a folder, found by the compiler's own parser. */
export function patternsIn(folder: string): Written[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const path = join(folder, file);
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
    const found: Written[] = [];
    const visit = (node: ts.Node): void => {
      if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
        const text = node.getText(source);
        const end = text.lastIndexOf('/');
        const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
        found.push({ at: `${path}:${line}`, pattern: new RegExp(text.slice(1, end), text.slice(end + 1)) });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** One element of a pattern: what it may match, shortest and longest forms of which hostile inputs are made. */
type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any'; readonly of: readonly (readonly Node[])[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number };

/**
 * Texts that make a backtracking matcher work hard on this pattern: for each of its elements, what leads up to it,
 * again and again, and what leads up to it followed by a run of what it repeats, without what would end the run.
 * @returns pieces to be repeated: a head that stands once, and a body that fills the rest
 */
export function hostileTo({ source }: RegExp): { readonly head: string; readonly body: string }[] {
  const branches = new Parser(source).parse();
  const inputs: { head: string; body: string }[] = [];
  const walk = (nodes: readonly Node[], before: string): void => {
    let lead = before;
    for (const node of nodes) {
      if (node.kind === 'repeat') {
        const one = sample(node.node);
        const runs = node.max > 1 ? [one] : [];
        for (const run of runs) {
          inputs.push({ head: lead, body: run }, { head: '', body: lead + run });
          inputs.push({ head: '', body: `${lead}${run.repeat(40)}` });
        }
        if (node.node.kind === 'any') for (const branch of node.node.of) walk(branch, lead);
        lead += node.min > 0 ? one.repeat(node.min) : one;
      } else {
        if (node.kind === 'any') for (const branch of node.of) walk(branch, lead);
        lead += sample(node);
      }
      inputs.push({ head: '', body: lead });
    }
    // All but the last character: a match that always nearly succeeds.
    if (lead.length > 1) inputs.push({ head: '', body: lead.slice(0, -1) });
  };
  for (const branch of branches) walk(branch, '');
  const seen = new Map(inputs.filter(({ body }) => body !== '').map((input) => [JSON.stringify(input), input]));
  return [...seen.values()];
}

/** Of texts that begin alike for so much of their length the matcher does the same work. */
const ALIKE = 0.8;

/** A text and what it cost the matcher. */
export interface Costed {
  readonly input: { readonly head: string; readonly body: string };
  readonly cost: number;
}

/**
 * The costliest of each family, the costliest first: `/a{1,60}\.(?:js|jsx|css)/` has an input for each of its endings, and what one of
 * them shows about its growth the others show, too.
 * @param again what an input costs for good; asked of those alone that may be among the costliest, and never more than what is given
 */
export function costliest(
  given: readonly Costed[],
  { count, again }: { readonly count: number; readonly again: (one: Costed) => number },
): Costed[] {
  const queue = given.map((one) => ({ ...one, isFinal: false })).toSorted((a, b) => b.cost - a.cost);
  const chosen: Costed[] = [];
  for (let one = queue.shift(); one !== undefined && chosen.length < count; one = queue.shift()) {
    const { input, cost, isFinal } = one;
    if (chosen.some((other) => areAlike(other.input, input))) continue;
    if (isFinal) chosen.push({ input, cost });
    else {
      const final = again(one);
      const behind = queue.findIndex((other) => other.cost <= final);
      queue.splice(behind < 0 ? queue.length : behind, 0, { input, cost: final, isFinal: true });
    }
  }
  return chosen;
}

function areAlike(a: Costed['input'], b: Costed['input']): boolean {
  if (a.head !== b.head) return false;
  const longer = Math.max(a.body.length, b.body.length);
  let same = 0;
  while (same < longer && a.body[same] === b.body[same]) same++;
  return same >= ALIKE * longer;
}

/**
 * What no run of a pattern goes on over: neither a word, a space nor "all but a line end" repeats both, so a pattern that wants the end of
 * the text after its run (`[.;]+$`) does not find it, and tries the run again from each of its characters.
 */
const END = '\u0001\n\u0001';

/** An input of `length` characters. */
export const hostileText = ({ head, body }: { readonly head: string; readonly body: string }, length: number): string =>
  (head + body.repeat(Math.ceil(length / body.length))).slice(0, length - END.length) + END;

function sample(node: Node): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'any':
      return (node.of[0] ?? []).map(sample).join('');
    case 'repeat':
      return sample(node.node).repeat(Math.max(1, Math.min(node.min, 64)));
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  d: '1',
  D: 'a',
  w: 'a',
  W: ' ',
  s: ' ',
  S: 'a',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** As much of the syntax of regular expressions as is needed to write texts that nearly match. */
class Parser {
  readonly #source: string;
  #at = 0;
  constructor(source: string) {
    this.#source = source;
  }

  parse(): Node[][] {
    const branches: Node[][] = [[]];
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      if (this.#take('|')) {
        branches.push([]);
        continue;
      }
      const node = this.#element();
      if (node) branches.at(-1)?.push(this.#repeated(node));
    }
    return branches;
  }

  #take(text: string): boolean {
    const there = this.#source.startsWith(text, this.#at);
    if (there) this.#at += text.length;
    return there;
  }

  #element(): Node | undefined {
    const char = this.#source[this.#at++] ?? '';
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'text', text: this.#charClass() };
      case '\\':
        return this.#escape();
      case '.':
        return { kind: 'text', text: 'a' };
      case '^':
      case '$':
        return undefined;
      default:
        return { kind: 'text', text: char };
    }
  }

  /** Of a lookaround only what it forbids or wants is lost: texts need only nearly match. */
  #group(): Node | undefined {
    const around = ['?=', '?!', '?<=', '?<!'].some((mark) => this.#take(mark));
    if (!around && !this.#take('?:') && this.#take('?<')) this.#at = this.#source.indexOf('>', this.#at) + 1;
    const of = this.parse();
    this.#take(')');
    return around ? undefined : { kind: 'any', of };
  }

  #escape(): Node | undefined {
    const char = this.#source[this.#at++] ?? '';
    if (char === 'b' || char === 'B') return undefined;
    if (char === 'u' || char === 'x') {
      const digits = char === 'u' ? 4 : 2;
      const code = Number.parseInt(this.#source.slice(this.#at, this.#at + digits), 16);
      this.#at += digits;
      return { kind: 'text', text: String.fromCharCode(code) };
    }
    if (/[1-9]/.test(char)) return { kind: 'text', text: '1' };
    if (char === 'k') this.#at = this.#source.indexOf('>', this.#at) + 1;
    return { kind: 'text', text: CLASSES[char] ?? char };
  }

  /** One character of the class. */
  #charClass(): string {
    const begin = this.#at;
    this.#take('^');
    this.#take(']');
    while (this.#source[this.#at] !== ']') this.#at += this.#source[this.#at] === '\\' ? 2 : 1;
    const text = this.#source.slice(begin, this.#at++);
    const one = new RegExp(`[${text}]`);
    return ['a', '1', ' ', '-', '/', 'A', '.', "'", '"', 'z', '\n', ...text].find((char) => one.test(char)) ?? 'a';
  }

  #repeated(node: Node): Node {
    const bounds = /^\{(\d+)(,?)(\d*)\}/.exec(this.#source.slice(this.#at));
    let repeated = node;
    if (bounds) {
      this.#at += bounds[0].length;
      const min = Number(bounds[1]);
      const max = bounds[3] ? Number(bounds[3]) : bounds[2] ? Number.POSITIVE_INFINITY : min;
      repeated = { kind: 'repeat', node, min, max };
    } else if (this.#take('*')) repeated = { kind: 'repeat', node, min: 0, max: Number.POSITIVE_INFINITY };
    else if (this.#take('+')) repeated = { kind: 'repeat', node, min: 1, max: Number.POSITIVE_INFINITY };
    else if (this.#take('?')) repeated = { kind: 'repeat', node, min: 0, max: 1 };
    this.#take('?');
    return repeated;
  }
}
