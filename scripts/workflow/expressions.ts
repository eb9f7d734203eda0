/**
 * Expressions of GitHub's workflow files, as far as a `with:` block uses them.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** The value of a context, by its path: `['github', 'ref_name']`. Undefined is null, as GitHub takes what does not exist. */
export interface Lookup {
  (path: readonly string[]): Value | undefined;
  /** Whether a text stands for what only GitHub knows. */
  readonly isMadeUp?: (text: string) => boolean;
}

/** What `fromJSON` gives for a text that is made up: whatever is taken of it is that text. */
class MadeUp {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const TOKEN =
  /\s*(?:('(?:[^']|'')*')|(-?(?:0x[\da-f]+|\d+(?:\.\d+)?))|([A-Za-z_][\w-]*)|(&&|\|\||[=!<>]=|[()[\].,!<>*]))/iy;

type Token =
  | { readonly kind: 'text' | 'name' | 'sign'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number };

/** @throws an error that quotes what cannot be read */
function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const [, text, number, name, sign] = TOKEN.exec(expression) ?? [];
    if (text !== undefined) tokens.push({ kind: 'text', text: text.slice(1, -1).replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else
      throw new Error(
        `The expression \`${expression.trim()}\` cannot be read at \`${expression.slice(from).trim()}\`.`,
      );
  }
  return tokens;
}

/** A part of an expression; evaluated only where the operators before it ask for it. */
type Part = () => Value;

const isTrue = (value: Value): boolean => value !== null && value !== false && value !== 0 && value !== '';

/** As GitHub compares: texts without their case, other kinds as numbers. */
function equals(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  if (typeof a === typeof b || (typeof a === 'object' && typeof b === 'object')) return a === b;
  return numberOf(a) === numberOf(b);
}
function numberOf(value: Value): number {
  if (value === null || value === false || value === '') return 0;
  if (value instanceof MadeUp) return Number(value.text);
  return value === true ? 1 : typeof value === 'object' ? Number.NaN : Number(value);
}

/** As GitHub writes a value into a text. */
export function textOf(value: Value): string {
  if (value === null) return '';
  if (value instanceof MadeUp) return value.text;
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

const folded = (value: Value | undefined): string => textOf(value ?? null).toLowerCase();

function parsed(text: string, isMadeUp: Lookup['isMadeUp']): Value {
  // A number that is made up may stand for a map, as an account does.
  if (isMadeUp?.(text) && !/^\s*(?:[[{"]|true|false|null)/.test(text))
    return new MadeUp(text) as { readonly text: string };
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw new Error(
      `fromJSON gets \`${text.slice(0, 60)}\`, which is not JSON; --set gives a value that only GitHub knows, such as --set 'vars.NAME={"prod": "eu-west-1"}'.`,
    );
  }
}

/** Functions that give a value; those on the state of the job are true, as in a run in which all went well. */
const FUNCTIONS: Readonly<Record<string, (args: readonly Value[], isMadeUp: Lookup['isMadeUp']) => Value>> = {
  contains: ([where = null, what]) =>
    Array.isArray(where) ? where.some((one) => equals(one, what ?? null)) : folded(where).includes(folded(what)),
  startswith: ([text, what]) => folded(text).startsWith(folded(what)),
  endswith: ([text, what]) => folded(text).endsWith(folded(what)),
  format: ([text = '', ...values]) =>
    textOf(text).replaceAll(/\{\{|\}\}|\{(\d+)\}/g, (found, index?: string) =>
      index === undefined ? (found[0] ?? '') : textOf(values[Number(index)] ?? null),
    ),
  join: ([list = '', separator = ',']) =>
    Array.isArray(list) ? list.map(textOf).join(textOf(separator)) : textOf(list),
  tojson: ([value = null]) => JSON.stringify(value, null, 2),
  fromjson: ([text = ''], isMadeUp) => parsed(textOf(text), isMadeUp),
  hashfiles: () => '0'.repeat(64),
  success: () => true,
  always: () => true,
  failure: () => false,
  cancelled: () => false,
};

function memberOf(value: Value, name: string): Value {
  if (value instanceof MadeUp) return value;
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? ((value as Readonly<Record<string, Value>>)[name] ?? null)
    : null;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #lookup: Lookup;
  readonly #whole: string;
  #at = 0;

  constructor(expression: string, lookup: Lookup) {
    this.#whole = expression.trim();
    this.#tokens = tokensOf(expression);
    this.#lookup = lookup;
  }

  whole(): Part {
    const part = this.#or();
    if (this.#at < this.#tokens.length) throw this.#unreadable();
    return part;
  }

  #unreadable(): Error {
    return new Error(`The expression \`${this.#whole}\` cannot be read.`);
  }

  /** Takes the sign if it is next. */
  #takes(...signs: readonly string[]): string | undefined {
    const next = this.#tokens[this.#at];
    if (next?.kind !== 'sign' || !signs.includes(next.text)) return undefined;
    this.#at += 1;
    return next.text;
  }
  #needs(sign: string): void {
    if (this.#takes(sign) === undefined) throw this.#unreadable();
  }

  #or(): Part {
    let left = this.#and();
    while (this.#takes('||')) {
      const [first, second] = [left, this.#and()];
      left = () => {
        const value = first();
        return isTrue(value) ? value : second();
      };
    }
    return left;
  }

  #and(): Part {
    let left = this.#comparison();
    while (this.#takes('&&')) {
      const [first, second] = [left, this.#comparison()];
      left = () => {
        const value = first();
        return isTrue(value) ? second() : value;
      };
    }
    return left;
  }

  #comparison(): Part {
    const left = this.#not();
    const sign = this.#takes('==', '!=', '<', '<=', '>', '>=');
    if (sign === undefined) return left;
    const right = this.#not();
    return () => {
      const [a, b] = [left(), right()];
      if (sign === '==' || sign === '!=') return equals(a, b) === (sign === '==');
      const [x, y] = [numberOf(a), numberOf(b)];
      return sign.startsWith('<') ? x < y || (sign === '<=' && x === y) : x > y || (sign === '>=' && x === y);
    };
  }

  #not(): Part {
    if (!this.#takes('!')) return this.#value();
    const part = this.#not();
    return () => !isTrue(part());
  }

  #value(): Part {
    if (this.#takes('(')) {
      const part = this.#or();
      this.#needs(')');
      return this.#members(part);
    }
    const token = this.#tokens[this.#at++];
    if (token?.kind === 'text') return () => token.text;
    if (token?.kind === 'number') return () => token.value;
    if (token?.kind !== 'name') throw this.#unreadable();
    const word = token.text.toLowerCase();
    if (word === 'true' || word === 'false') return () => word === 'true';
    if (word === 'null') return () => null;
    return this.#takes('(') ? this.#members(this.#call(word)) : this.#context(token.text);
  }

  #call(name: string): Part {
    const args: Part[] = [];
    if (!this.#takes(')')) {
      do args.push(this.#or());
      while (this.#takes(','));
      this.#needs(')');
    }
    const apply = FUNCTIONS[name];
    if (!apply)
      throw new Error(`The expression \`${this.#whole}\` calls the function \`${name}\`, which GitHub does not have.`);
    return () =>
      apply(
        args.map((arg) => arg()),
        this.#lookup.isMadeUp,
      );
  }

  /** `fromJSON(...).name` and `fromJSON(...)[vars.STAGE]`: of what is not there, null. */
  #members(part: Part): Part {
    for (let whole = part; ; ) {
      let name: Part;
      if (this.#takes('.')) {
        const token = this.#tokens[this.#at++];
        if (token?.kind !== 'name') throw this.#unreadable();
        name = () => token.text;
      } else if (this.#takes('[')) {
        name = this.#or();
        this.#needs(']');
      } else return whole;
      const before = whole;
      whole = () => memberOf(before(), textOf(name()));
    }
  }

  #context(name: string): Part {
    const path: Part[] = [() => name];
    for (;;) {
      if (this.#takes('.')) {
        const token = this.#tokens[this.#at++];
        if (token?.kind !== 'name') throw this.#unreadable();
        path.push(() => token.text);
      } else if (this.#takes('[')) {
        path.push(this.#or());
        this.#needs(']');
      } else return () => this.#lookup(path.map((part) => textOf(part()))) ?? null;
    }
  }
}

/** @throws an error for what is not an expression */
export const evaluate = (expression: string, lookup: Lookup): Value => new Parser(expression, lookup).whole()();

const EXPRESSION = /\$\{\{([\s\S]*?)\}\}/g;

/** A text with its `${{ ... }}` replaced. */
export const interpolate = (text: string, lookup: Lookup): string =>
  text.replaceAll(EXPRESSION, (_, expression: string) => textOf(evaluate(expression, lookup)));

/** Texts of an expression, which name nothing, and `env.NAME`. */
const ENV_REFERENCE = /'(?:[^']|'')*'|(?<![\w.-])env(?:\.([A-Za-z_][\w-]*)|\[\s*'([^']+)'\s*\])/g;

/**
 * The text with the values of `env` in the place of their names: what a step passes on to where its own `env` is not, and what a value of
 * `env` means by the `env` around it. Names that `env` does not have stay.
 */
export function withEnv(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(EXPRESSION, (whole, expression: string) => {
    const [, alone] = /^\s*env\.([\w-]+)\s*$/.exec(expression) ?? [];
    if (alone !== undefined) return env[alone] ?? whole;
    const filled = expression.replaceAll(ENV_REFERENCE, (one, dotted?: string, quoted?: string) => {
      const value = env[dotted ?? quoted ?? ''];
      return value === undefined ? one : asExpression(value);
    });
    return `\${{${filled}}}`;
  });
}

/** `web-${{ github.ref_name }}` as a part of an expression: `format('web-{0}', github.ref_name)`. */
function asExpression(text: string): string {
  const [first = '', ...rest] = text.split(EXPRESSION);
  const literal = (one: string): string => `'${one.replaceAll("'", "''")}'`;
  if (rest.length === 0) return literal(first);
  const [only = '', last] = rest;
  if (first === '' && rest.length === 2 && last === '') return `(${only.trim()})`;
  const escaped = (one: string): string => one.replaceAll(/[{}]/g, '$&$&');
  const parts = rest.map((one, i) => (i % 2 === 0 ? `{${i / 2}}` : escaped(one)));
  const values = rest.filter((_, i) => i % 2 === 0).map((one) => one.trim());
  return `format(${[literal(escaped(first) + parts.join('')), ...values].join(', ')})`;
}
