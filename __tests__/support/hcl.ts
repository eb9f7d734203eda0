/**
 * A strict reader of the part of Terraform's language that examples/infrastructure uses: what it does not know is an error with its line,
 * so that nothing of a file is passed over. https://developer.hashicorp.com/terraform/language/syntax/configuration
 */
export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly line: number;
  readonly attributes: ReadonlyMap<string, Expression>;
  readonly blocks: readonly Block[];
}

export type Expression =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'name'; readonly name: string; readonly line: number }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'splat'; readonly of: Expression; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly line: number }
  | { readonly kind: 'binary'; readonly sign: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression };

interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'newline' | 'end';
  readonly text: string;
  readonly line: number;
  /** Of a text in quotes. */
  readonly parts?: readonly Expression[];
}

const SIGNS = [
  '==',
  '!=',
  '=>',
  '&&',
  '||',
  '...',
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '=',
  ',',
  '.',
  ':',
  '?',
  '+',
  '-',
  '*',
];
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };

/** @throws Error with file and line of what it does not know */
export function parseHcl(text: string, file: string): readonly Block[] {
  return new Parser(tokensOf(text, file), file).file();
}

function tokensOf(text: string, file: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const fail = (what: string): never => {
    throw new Error(`${file}:${line}: ${what}`);
  };
  const quoted = (): Token => {
    const parts: Expression[] = [];
    const from = line;
    let plain = '';
    const flush = (): void => {
      if (plain !== '') parts.push({ kind: 'value', value: plain });
      plain = '';
    };
    for (at++; ; ) {
      const sign = text[at];
      if (sign === undefined || sign === '\n') return fail('a string does not end');
      if (sign === '"') {
        at++;
        flush();
        return { kind: 'text', text: plain, line: from, parts };
      }
      if (text.startsWith('$${', at) || text.startsWith('%{', at)) return fail('an escape or directive in a string');
      if (text.startsWith('${', at)) {
        flush();
        const begin = at + 2;
        let depth = 1;
        for (at = begin; depth > 0; at++) {
          const inner = text[at];
          if (inner === undefined || inner === '\n') return fail('an interpolation does not end');
          if (inner === '"') return fail('a string inside an interpolation');
          if (inner === '{') depth++;
          if (inner === '}') depth--;
        }
        const source = text.slice(begin, at - 1);
        parts.push(new Parser(tokensOf(source, `${file}:${line}`), `${file}:${line}`).alone());
        continue;
      }
      if (sign === '\\') {
        const escaped = ESCAPES[text[at + 1] ?? ''];
        if (escaped === undefined) return fail(`an escape \\${text[at + 1]}`);
        plain += escaped;
        at += 2;
        continue;
      }
      plain += sign;
      at++;
    }
  };
  while (at < text.length) {
    const rest = text.slice(at, at + 400);
    const [name] = /^[A-Za-z_][\w-]*/.exec(rest) ?? [];
    const [number] = /^\d+(?:\.\d+)?/.exec(rest) ?? [];
    const sign = SIGNS.find((one) => rest.startsWith(one));
    if (rest.startsWith('\n')) {
      tokens.push({ kind: 'newline', text: '', line });
      line++;
      at++;
    } else if (/^[ \t\r]/.test(rest)) at++;
    else if (rest.startsWith('#') || rest.startsWith('//')) at = (text.indexOf('\n', at) + 1 || text.length + 1) - 1;
    else if (rest.startsWith('"')) tokens.push(quoted());
    else if (name !== undefined) {
      tokens.push({ kind: 'name', text: name, line });
      at += name.length;
    } else if (number !== undefined) {
      tokens.push({ kind: 'number', text: number, line });
      at += number.length;
    } else if (sign !== undefined) {
      tokens.push({ kind: 'sign', text: sign, line });
      at += sign.length;
    } else fail(`\`${rest[0]}\` is not known`);
  }
  tokens.push({ kind: 'newline', text: '', line }, { kind: 'end', text: '', line });
  return tokens;
}

const LITERALS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
/** By how tightly they bind. */
const BINARY = [['||'], ['&&'], ['==', '!='], ['+', '-']];

class Parser {
  readonly #tokens: readonly Token[];
  readonly #file: string;
  #at = 0;

  constructor(tokens: readonly Token[], file: string) {
    this.#tokens = tokens;
    this.#file = file;
  }

  file(): readonly Block[] {
    const { attributes, blocks } = this.#body('end');
    if (attributes.size > 0) this.#fail('an attribute outside of a block');
    return blocks;
  }

  /** The one expression of an interpolation. */
  alone(): Expression {
    const found = this.#expression();
    this.#newlines();
    if (this.#token.kind !== 'end') this.#fail('more than one expression');
    return found;
  }

  get #token(): Token {
    const token = this.#tokens[this.#at];
    if (!token) throw new Error(`${this.#file}: it ends too early`);
    return token;
  }
  #fail(what: string): never {
    throw new Error(`${this.#file}:${this.#token.line}: ${what} at \`${this.#token.text}\``);
  }
  #next(): Token {
    const token = this.#token;
    this.#at++;
    return token;
  }
  #is(sign: string): boolean {
    return this.#token.kind === 'sign' && this.#token.text === sign;
  }
  #take(sign: string): boolean {
    const found = this.#is(sign);
    if (found) this.#at++;
    return found;
  }
  #need(sign: string): void {
    if (!this.#take(sign)) this.#fail(`\`${sign}\` is missing`);
  }
  #newlines(): void {
    while (this.#token.kind === 'newline') this.#at++;
  }

  #body(end: '}' | 'end'): Pick<Block, 'attributes' | 'blocks'> {
    const attributes = new Map<string, Expression>();
    const blocks: Block[] = [];
    for (;;) {
      this.#newlines();
      if (end === 'end' ? this.#token.kind === 'end' : this.#take('}')) return { attributes, blocks };
      const { kind, text: name, line } = this.#next();
      if (kind !== 'name') this.#fail('a name is missing');
      if (this.#take('=')) {
        if (attributes.has(name)) this.#fail(`\`${name}\` stands twice`);
        attributes.set(name, this.#expression());
      } else {
        const labels: string[] = [];
        while (this.#token.kind === 'text') labels.push(plainText(this.#next()));
        this.#need('{');
        blocks.push({ type: name, labels, line, ...this.#body('}') });
      }
      if (this.#token.kind !== 'newline' && !this.#is('}')) this.#fail('a line end is missing');
    }
  }

  #expression(): Expression {
    const test = this.#binary(0);
    if (!this.#take('?')) return test;
    const yes = this.#expression();
    this.#need(':');
    return { kind: 'choice', test, yes, no: this.#expression() };
  }

  #binary(level: number): Expression {
    const signs = BINARY[level];
    if (!signs) return this.#term();
    let left = this.#binary(level + 1);
    for (;;) {
      const sign = signs.find((one) => this.#is(one));
      if (sign === undefined) return left;
      this.#at++;
      left = { kind: 'binary', sign, left, right: this.#binary(level + 1) };
    }
  }

  #term(): Expression {
    let found = this.#primary();
    for (;;) {
      if (this.#take('.')) {
        const { kind, text } = this.#next();
        if (kind !== 'name') this.#fail('a name is missing');
        found = { kind: 'member', of: found, name: text };
      } else if (this.#is('[') && this.#token.line === this.#tokens[this.#at - 1]?.line) {
        this.#at++;
        if (this.#take('*')) {
          this.#need(']');
          const path: string[] = [];
          while (this.#take('.')) path.push(this.#next().text);
          return { kind: 'splat', of: found, path };
        }
        const index = this.#expression();
        this.#need(']');
        found = { kind: 'index', of: found, index };
      } else return found;
    }
  }

  #primary(): Expression {
    const token = this.#next();
    switch (token.kind) {
      case 'number':
        return { kind: 'value', value: Number(token.text) };
      case 'text':
        return textOf(token);
      case 'name': {
        const literal = LITERALS[token.text];
        if (literal !== undefined) return { kind: 'value', value: literal };
        if (!this.#take('(')) return { kind: 'name', name: token.text, line: token.line };
        return { kind: 'call', name: token.text, args: this.#items(')'), line: token.line };
      }
      case 'sign':
        if (token.text === '[') return { kind: 'list', items: this.#items(']') };
        if (token.text === '{') return { kind: 'object', members: this.#members() };
    }
    this.#at--;
    return this.#fail('an expression is missing');
  }

  #items(end: ')' | ']'): Expression[] {
    const items: Expression[] = [];
    for (;;) {
      this.#newlines();
      if (this.#take(end)) return items;
      items.push(this.#expression());
      this.#newlines();
      if (!this.#take(',') && !this.#is(end)) this.#fail('a comma is missing');
    }
  }

  #members(): (readonly [Expression, Expression])[] {
    const members: (readonly [Expression, Expression])[] = [];
    for (;;) {
      this.#newlines();
      if (this.#take('}')) return members;
      const token = this.#next();
      if (token.kind !== 'name' && token.kind !== 'text') this.#fail('a key is missing');
      const key: Expression = token.kind === 'text' ? textOf(token) : { kind: 'value', value: token.text };
      this.#need('=');
      members.push([key, this.#expression()]);
      if (!this.#take(',') && this.#token.kind !== 'newline' && !this.#is('}')) this.#fail('a line end is missing');
    }
  }
}

function textOf({ parts = [] }: Token): Expression {
  const [only, ...more] = parts;
  if (!only) return { kind: 'value', value: '' };
  return more.length === 0 && only.kind === 'value' ? only : { kind: 'template', parts };
}

function plainText(token: Token): string {
  const found = textOf(token);
  if (found.kind !== 'value') throw new Error(`line ${token.line}: a label is not plain text`);
  return String(found.value);
}
