/** What a Terraform file describes, with its references carried out: enough of Terraform's evaluation for examples/infrastructure, and strict. */
import { readFileSync } from 'node:fs';
import { type Block, type Expression, parseHcl } from './hcl.ts';

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
export type Values = { readonly [key: string]: Value };

/** Arguments, blocks and exported attributes of a resource type or data source, as the AWS provider documents them. */
export interface TypeSchema {
  /** Name of an argument -> whether it is required. */
  readonly arguments: Readonly<Record<string, 'required' | 'optional'>>;
  readonly blocks: Readonly<Record<string, TypeSchema>>;
  /** What only AWS knows. */
  readonly attributes: readonly string[];
}
export interface ProviderSchema {
  readonly source: string;
  readonly resources: Readonly<Record<string, TypeSchema>>;
  readonly data: Readonly<Record<string, TypeSchema>>;
}

/** Of Terraform itself, in every resource. https://developer.hashicorp.com/terraform/language/meta-arguments */
const META = ['count', 'for_each', 'depends_on', 'provider'];
const META_BLOCKS = ['lifecycle'];

/** All that is wrong with the names that a file uses, by the provider's schema: `main.tf:12: ...`. */
export function schemaMistakes(blocks: readonly Block[], schema: ProviderSchema): readonly string[] {
  const check = (block: Block, known: TypeSchema, where: string): string[] => {
    const top = where === block.labels.join('.');
    const mistakes: string[] = [];
    for (const name of block.attributes.keys())
      if (!(name in known.arguments) && !(top && META.includes(name)))
        mistakes.push(`line ${block.line}: ${where} has no argument \`${name}\``);
    for (const [name, need] of Object.entries(known.arguments))
      if (need === 'required' && !block.attributes.has(name) && !block.blocks.some(({ type }) => type === name))
        mistakes.push(`line ${block.line}: ${where} lacks \`${name}\``);
    for (const inner of block.blocks) {
      if (top && META_BLOCKS.includes(inner.type)) continue;
      const own = known.blocks[inner.type];
      if (own) mistakes.push(...check(inner, own, `${where}.${inner.type}`));
      else mistakes.push(`line ${inner.line}: ${where} has no block \`${inner.type}\``);
    }
    return mistakes;
  };
  return blocks.flatMap((block) => {
    if (block.type !== 'resource' && block.type !== 'data') return [];
    const [type = ''] = block.labels;
    const known = schema[block.type === 'data' ? 'data' : 'resources'][type];
    return known ? check(block, known, block.labels.join('.')) : [`line ${block.line}: ${type} is not known`];
  });
}

/** One resource, or one of those that `count` or `for_each` makes. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly key: string | number | undefined;
  readonly values: Values;
}

/** @param computed an attribute that only AWS knows, of a resource with these arguments */
interface Evaluation {
  readonly schema: ProviderSchema;
  readonly variables: Values;
  readonly computed: (resource: Resource, attribute: string) => Value;
}

type Scope = Readonly<Record<string, Value>>;

/** @throws Error for whatever of the language or the provider it does not know */
export function resourcesIn(file: string, evaluation: Evaluation): readonly Resource[] {
  return new Evaluator(parseHcl(readFileSync(file, 'utf8'), file), evaluation).all();
}

class Evaluator {
  readonly #blocks: readonly Block[];
  readonly #evaluation: Evaluation;
  readonly #made = new Map<string, readonly Resource[]>();

  constructor(blocks: readonly Block[], evaluation: Evaluation) {
    this.#blocks = blocks;
    this.#evaluation = evaluation;
  }

  all(): readonly Resource[] {
    const resources = this.#blocks.filter(({ type }) => type === 'resource');
    for (const { attributes } of this.#blocks.filter(({ type }) => type === 'output'))
      for (const expression of attributes.values()) this.#value(expression, {});
    return resources.flatMap(({ labels: [type = '', name = ''] }) => this.#resources('resource', type, name));
  }

  #block(kind: string, ...labels: readonly string[]): Block {
    const found = this.#blocks.find((one) => one.type === kind && one.labels.join() === labels.join());
    if (!found) throw new Error(`${kind} ${labels.join('.')} does not exist`);
    return found;
  }

  #resources(kind: 'resource' | 'data', type: string, name: string): readonly Resource[] {
    const id = `${kind}.${type}.${name}`;
    const made = this.#made.get(id);
    if (made) return made;
    const block = this.#block(kind, type, name);
    const resources = this.#keysOf(block).map(([key, scope]) => ({
      type,
      name,
      key,
      values: this.#values(block, scope),
    }));
    this.#made.set(id, resources);
    return resources;
  }

  #keysOf(block: Block): readonly (readonly [Resource['key'], Scope])[] {
    const count = block.attributes.get('count');
    const each = block.attributes.get('for_each');
    if (count) {
      const many = Number(this.#value(count, {}));
      return Array.from({ length: many }, (_, index) => [index, { count: { index } }] as const);
    }
    if (each) {
      const keys = this.#value(each, {}) as readonly string[];
      return keys.map((key) => [key, { each: { key, value: key } }] as const);
    }
    return [[undefined, {}]];
  }

  /** Blocks are lists, as the provider sees them. */
  #values(block: Block, scope: Scope): Values {
    const values: Record<string, Value> = {};
    for (const [name, expression] of block.attributes)
      if (!META.includes(name)) values[name] = this.#value(expression, scope);
    for (const inner of block.blocks)
      if (!META_BLOCKS.includes(inner.type))
        values[inner.type] = [...((values[inner.type] ?? []) as readonly Value[]), this.#values(inner, scope)];
    return values;
  }

  #value(expression: Expression, scope: Scope): Value {
    switch (expression.kind) {
      case 'value':
        return expression.value;
      case 'template':
        return expression.parts.map((part) => String(this.#value(part, scope))).join('');
      case 'list':
        return expression.items.map((item) => this.#value(item, scope));
      case 'object':
        return Object.fromEntries(
          expression.members.map(([key, value]) => [String(this.#value(key, scope)), this.#value(value, scope)]),
        );
      case 'choice':
        return this.#value(this.#value(expression.test, scope) === true ? expression.yes : expression.no, scope);
      case 'binary':
        return this.#binary(expression, scope);
      case 'call':
        return this.#call(expression, scope);
      case 'splat': {
        const { all } = this.#reference(expression.of, scope);
        return all.map((one) => expression.path.reduce<Value>((value, name) => memberOf(value, name), one));
      }
      default:
        return this.#reference(expression, scope).value;
    }
  }

  #binary({ sign, left, right }: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
    const [a, b] = [this.#value(left, scope), this.#value(right, scope)];
    switch (sign) {
      case '==':
        return JSON.stringify(a) === JSON.stringify(b);
      case '!=':
        return JSON.stringify(a) !== JSON.stringify(b);
      case '+':
        return Number(a) + Number(b);
      case '-':
        return Number(a) - Number(b);
      case '&&':
        return a === true && b === true;
      case '||':
        return a === true || b === true;
      default:
        throw new Error(`the sign ${sign} is not known`);
    }
  }

  #call({ name, args, line }: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
    const [first = null, ...more] = args.map((arg) => this.#value(arg, scope));
    switch (name) {
      case 'jsonencode':
        return JSON.stringify(first);
      case 'toset':
        return [...new Set(first as readonly Value[])];
      case 'slice':
        return (first as readonly Value[]).slice(Number(more[0]), Number(more[1]));
      default:
        throw new Error(`line ${line}: the function ${name} is not known`);
    }
  }

  /** A name with its members and indexes: `value`, and of a resource with `count` all of them. */
  #reference(expression: Expression, scope: Scope): { readonly value: Value; readonly all: readonly Value[] } {
    const path: (string | number)[] = [];
    let of = expression;
    for (;;) {
      if (of.kind === 'member') path.unshift(of.name);
      else if (of.kind === 'index') path.unshift(this.#value(of.index, scope) as string | number);
      else break;
      of = of.of;
    }
    if (of.kind !== 'name') throw new Error(`a reference to ${of.kind} is not known`);
    const root = of.name;
    const [first = '', ...rest] = path;
    const single = (value: Value, names: readonly (string | number)[]) => {
      const found = names.reduce<Value>((one, name) => memberOf(one, name), value);
      return { value: found, all: [found] };
    };
    if (root === 'count' || root === 'each') return single(scope[root] ?? null, path);
    if (root === 'var') return single(this.#variable(String(first)), rest);
    if (root === 'local') {
      const found = this.#blocks.flatMap((one) =>
        one.type === 'locals' ? (one.attributes.get(String(first)) ?? []) : [],
      );
      if (!found[0]) throw new Error(`local.${first} does not exist`);
      return single(this.#value(found[0], {}), rest);
    }
    const [kind, type, name, ...further] =
      root === 'data' ? (['data', ...path] as const) : (['resource', root, ...path] as const);
    const resources = this.#resources(kind, String(type), String(name));
    const views = resources.map((one) => this.#view(kind, one));
    const isMany = resources.length !== 1 || resources[0]?.key !== undefined;
    if (!isMany) return { ...single(views[0] ?? null, further), all: views };
    if (further.length === 0) return { value: views, all: views };
    const [key, ...names] = further;
    const at = resources.findIndex((one) => one.key === key);
    if (at < 0) throw new Error(`${type}.${name} has ${resources.length} instances, and ${key} is none of them`);
    return { ...single(views[at] ?? null, names), all: views };
  }

  #variable(name: string): Value {
    const { attributes } = this.#block('variable', name);
    const given = this.#evaluation.variables[name];
    const usual = attributes.get('default');
    if (given === undefined && !usual) throw new Error(`the variable ${name} has no value`);
    return given ?? (usual ? this.#value(usual, {}) : null);
  }

  /** Its arguments, and what only AWS knows, looked up when it is used. */
  #view(kind: 'resource' | 'data', resource: Resource): Values {
    const { schema, computed } = this.#evaluation;
    const known = schema[kind === 'data' ? 'data' : 'resources'][resource.type];
    // An argument that the file leaves out, AWS may decide.
    const isKnown = (name: string): boolean =>
      known !== undefined && (known.attributes.includes(name) || known.arguments[name] === 'optional');
    return new Proxy(resource.values, {
      get: (values, name) => {
        if (typeof name !== 'string' || name in values) return Reflect.get(values, name);
        if (!isKnown(name)) throw new Error(`${resource.type} exports no \`${name}\``);
        return computed(resource, name);
      },
    });
  }
}

function memberOf(value: Value, name: string | number): Value {
  const found = (value as { readonly [key: string]: Value } | null)?.[name];
  if (found === undefined) throw new Error(`\`${name}\` does not exist`);
  return found;
}
