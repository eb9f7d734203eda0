import type { Mistake } from '../failure.ts';
import { splitWords } from '../inputs/syntax.ts';
import type { Json, JsonObject } from '../model.ts';
import { defined, isObject } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { ENUMERATIONS, STRUCTURES } from './schema.generated.ts';

/** A request of ECS that a file of the user describes, by the SDK's service model. */
export interface Schema {
  /** The structure of the whole. */
  readonly root: string;
  /** For messages: `a task definition`. */
  readonly what: string;
  readonly structures: typeof STRUCTURES;
  readonly enumerations: typeof ENUMERATIONS;
}

/** The structure that RegisterTaskDefinition takes. */
export const ROOT = 'RegisterTaskDefinitionRequest';
export const TASK_DEFINITION: Schema = {
  root: ROOT,
  what: 'a task definition',
  structures: STRUCTURES,
  enumerations: ENUMERATIONS,
};

const structureOf = (type: string, { structures } = TASK_DEFINITION) =>
  Object.hasOwn(structures, type) ? structures[type] : undefined;
const enumerationOf = (type: string, { enumerations }: Schema): readonly string[] | undefined =>
  Object.hasOwn(enumerations, type) ? enumerations[type] : undefined;

/** Whether a field of any structure is called so. */
export const isField = (name: unknown): boolean =>
  typeof name === 'string' && Object.values(STRUCTURES).some(({ members }) => Object.hasOwn(members, name));

/** The type of a member: `string`, `integer`, `boolean`, `map`, a structure, an enumeration, `X[]`; '' when unknown. */
export function memberType(structure: string, member: string, schema = TASK_DEFINITION): string {
  if (structure === 'map') return 'string';
  const members = structureOf(structure, schema)?.members;
  return members && Object.hasOwn(members, member) ? (members[member] ?? '') : '';
}

/** The fields of a structure; none where it is not one. */
export const membersOf = (structure: string): readonly string[] => Object.keys(structureOf(structure)?.members ?? {});

/** Every path of a task definition where a field of that name stands, as `containerDefinitions[].portMappings[].name`. */
export function placesOf(name: string): string[] {
  const found: string[] = [];
  const queue: (readonly [type: string, path: string])[] = [[ROOT, '']];
  const seen = new Set<string>();
  for (const [type, path] of queue) {
    if (seen.has(type)) continue;
    seen.add(type);
    for (const [member, memberOf] of Object.entries(structureOf(type)?.members ?? {})) {
      const at = `${path === '' ? '' : `${path}.`}${member}`;
      if (member === name) found.push(at);
      const inner = memberOf.replace(/\[\]$/, '');
      if (structureOf(inner)) queue.push([inner, memberOf === inner ? at : `${at}[]`]);
    }
  }
  return found;
}

/** What a field of a task definition may be, where the service model lists it: `runtimePlatform.cpuArchitecture`. */
export function valuesAt(path: string): readonly string[] {
  let type = ROOT;
  for (const part of path.split('.')) type = memberType(type, part.replace(/\[\d{0,4}\]/g, '')).replace(/\[\]$/, '');
  return enumerationOf(type, TASK_DEFINITION) ?? [];
}

/** Reports one mistake; the subject is a path such as containerDefinitions[0].cpu. */
export type Report = (subject: string, problem: string, remedy?: string) => void;

/** Families, containers and volumes, by the API reference of RegisterTaskDefinition. */
export const NAME = /^[A-Za-z0-9_-]{1,255}$/;

/**
 * Every place where a definition departs from the service model: unknown fields (the SDK would silently
 * drop them), wrong types (it would send them as they are), values outside an enumeration, missing required members.
 */
export function checkSchema(definition: JsonObject, schema = TASK_DEFINITION): Mistake[] {
  return [...mistakesOf(definition, { type: schema.root, schema }, '')];
}

interface Typed {
  readonly type: string;
  readonly schema: Schema;
}

function* mistakesOf(value: Json, { type, schema }: Typed, path: string): Generator<Mistake> {
  const wrong = (expected: string): Mistake => ({
    subject: path,
    problem: `is ${kindOf(value)}, but ECS takes ${expected} here.`,
    ...(remedyFor(value, expected, path) ?? {}),
  });
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) return yield wrong('a list');
    for (const [i, item] of value.entries())
      yield* mistakesOf(item, { type: type.slice(0, -2), schema }, `${path}[${i}]`);
    return;
  }
  const structure = structureOf(type, schema);
  if (structure) {
    if (!isObject(value)) return yield wrong('an object');
    return yield* mistakesInMembers(value, { type, structure, schema }, path);
  }
  const enumeration = enumerationOf(type, schema);
  if (enumeration) {
    if (typeof value !== 'string') return yield wrong('a string');
    if (!enumeration.includes(value)) yield notOneOf(value, enumeration, path);
    return;
  }
  switch (type) {
    case 'map':
      if (!isObject(value)) return yield wrong('an object of strings');
      for (const [key, item] of Object.entries(value))
        yield* mistakesOf(item, { type: 'string', schema }, `${path}.${key}`);
      return;
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) yield wrong('an integer');
      return;
    case 'number':
      if (typeof value !== 'number') yield wrong('a number');
      return;
    case 'any':
      return;
    case 'boolean':
      if (typeof value !== 'boolean') yield wrong('true or false');
      return;
    default:
      if (typeof value !== 'string') yield wrong('a string');
  }
}

function* mistakesInMembers(
  value: JsonObject,
  {
    type,
    structure: { required, members },
    schema,
  }: Typed & { readonly structure: NonNullable<ReturnType<typeof structureOf>> },
  path: string,
): Generator<Mistake> {
  const at = (member: string): string => (path === '' ? member : `${path}.${member}`);
  const meant = new Set<string>();
  for (const [member, item] of Object.entries(value)) {
    if (Object.hasOwn(members, member))
      yield* mistakesOf(item, { type: memberType(type, member, schema), schema }, at(member));
    else {
      const { mistake, field } = unknownField(at(member), member, { known: Object.keys(members), what: schema.what });
      yield mistake;
      if (field !== undefined) meant.add(field);
    }
  }
  for (const member of required) {
    // One that is written in another way has its mistake.
    if (value[member] === undefined && !meant.has(member))
      yield { subject: at(member), problem: 'is missing, and ECS requires it.', ...(EXAMPLES[at(member)] ?? {}) };
  }
}

const EXAMPLES: Readonly<Record<string, { readonly remedy: string }>> = {
  family: { remedy: 'Add for example `"family": "web"`, the name that all revisions share.' },
  containerDefinitions: { remedy: 'Add `"containerDefinitions": [{"name": "app", "image": "..."}]`.' },
};

/** @returns with the field that is meant, where that is known */
function unknownField(
  path: string,
  member: string,
  { known, what }: { readonly known: readonly string[]; readonly what: string },
): { readonly mistake: Mistake; readonly field?: string } {
  if (/\.environment\[\d+\]\.valueFrom$/.test(path)) {
    const mistake = {
      subject: path,
      problem: '`environment` takes values as they are, and would never read a secret.',
      remedy: 'Move the entry to `secrets`: `"secrets": [{"name": ..., "valueFrom": ...}]`.',
    };
    return { mistake, field: 'value' };
  }
  if (/\.secrets\[\d+\]\.value$/.test(path)) {
    const mistake = {
      subject: path,
      problem: '`secrets` takes the ARN of a secret as `valueFrom`, not its value.',
      remedy: 'Move the entry to `environment` if it is not secret, or give its ARN as `valueFrom`.',
    };
    return { mistake, field: 'valueFrom' };
  }
  const field = didYouMean(member, known);
  const mistake = {
    subject: path,
    problem: `is not a field of ${what} here, and would not reach ECS.`,
    remedy: field ? `Did you mean \`${field}\`?` : 'Remove it.',
  };
  return { mistake, ...defined({ field }) };
}

function notOneOf(value: string, enumeration: readonly string[], path: string): Mistake {
  const meant = didYouMean(value, enumeration);
  return {
    subject: path,
    problem: `\`${value}\` is not one of ${enumeration.join(', ')}.`,
    ...defined({ remedy: meant ? `Did you mean \`${meant}\`?` : undefined }),
  };
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'boolean') return `${value}`;
  return 'an object';
}

/**
 * A command line as the list to write. What may be secret is covered: values of options, and what has neither the shape of
 * a program, a path, a flag nor a small word.
 */
function asArray(text: string, path: string): string {
  const { values = [] } = splitWords(text);
  if (path.endsWith('.healthCheck.command')) return '["CMD-SHELL", "..."]';
  const words = values.map((word, i) => {
    const [flag] = /^--?[\w-]+=/.exec(word) ?? [];
    if (flag) return `${flag}...`;
    const afterFlag = /^--?\w*(pass|token|secret|key|auth|cred)/i.test(values[i - 1] ?? '');
    return !afterFlag && /^[\w./:-]{1,32}$/.test(word) && !/\d{6}|[A-Za-z]\d[A-Za-z]/.test(word) ? word : '...';
  });
  return JSON.stringify(words);
}

/** Given only where the intention is certain. The value itself may be a secret and is not repeated. */
function remedyFor(value: Json, expected: string, path: string): { remedy: string } | undefined {
  if (expected === 'a list') {
    if (
      typeof value === 'string' &&
      /\.(command|entryPoint|links|dnsServers|dnsSearchDomains|dockerSecurityOptions)$/.test(path)
    )
      return { remedy: `Write it as a list: \`${asArray(value, path)}\`.` };
    const remedy =
      path.endsWith('.environment') && isObject(value) ? 'Write `[{"name": ..., "value": ...}]`.' : undefined;
    return { remedy: remedy ?? 'Put it in [ ].' };
  }
  if (expected === 'an object' && Array.isArray(value)) return { remedy: 'Take it out of [ ].' };
  if (typeof value !== 'string') return undefined;
  if (expected === 'an integer' && /^[-+]?0\d+$/.test(value)) return { remedy: 'Write it without leading zeros.' };
  if (expected === 'an integer' && /^-?\d+$/.test(value)) return { remedy: 'Write it without quotes.' };
  if (expected === 'true or false' && /^(true|false)$/i.test(value)) return { remedy: 'Write it without quotes.' };
  return undefined;
}

/**
 * Numbers and booleans where the model has a string become that string: `cpu: 256` in YAML can only mean "256", and
 * nothing is lost. What was read as text because YAML or JavaScript would write it otherwise (`1e3`, `0x50`, `True`)
 * becomes a number or boolean where the model has one. Any other text there is a mistake that `checkSchema` reports.
 */
export function coerce(definition: JsonObject, schema = TASK_DEFINITION): JsonObject {
  return coerced(definition, { type: schema.root, schema }) as JsonObject;
}

function coerced(value: Json, { type, schema }: Typed): Json {
  if (Array.isArray(value))
    return value.map((item) => coerced(item, { type: type.endsWith('[]') ? type.slice(0, -2) : '', schema }));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, coerced(item, { type: memberType(type, key, schema), schema })]),
    );
  }
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  if (typeof value !== 'string') return value;
  if (type === 'number' && WRITTEN_OTHERWISE.test(value)) return Number(value);
  if (type === 'integer' && WRITTEN_OTHERWISE.test(value)) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number + 0 : value; // -0 becomes 0
  }
  return type === 'boolean' && /^(True|TRUE|False|FALSE)$/.test(value) ? /^T/.test(value) : value;
}

/** Decimals, exponents, hexadecimal and octal numbers; digits alone are a number in quotes, which is reported as a mistake. */
const WRITTEN_OTHERWISE =
  /^([-+]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][-+]?\d+)?|\+(0|[1-9]\d*)|-0|0x[\dA-Fa-f]+|0o[0-7]+)$/;
