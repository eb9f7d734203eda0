/** A user's task definition file: parsed, its placeholders filled, and its members in the types that ECS takes. */
import * as ecs from '@aws-sdk/client-ecs';
import { type ParseError, parse as parseJson, printParseErrorCode } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';

type Input = Readonly<Record<string, unknown>>;

export interface Filled {
  /** RegisterTaskDefinition's input. */
  readonly definition: Input;
  /** Values that were made up for placeholders without one. */
  readonly assumed: ReadonlyMap<string, string>;
}

/** What DescribeTaskDefinition shows and RegisterTaskDefinition does not take. */
const DESCRIBED_ONLY = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
]);

/**
 * Reads JSON (comments and trailing commas allowed) or YAML, also as the console and the AWS CLI export it.
 * @param known values of placeholders by name
 * @throws an error that names the file and what is wrong with it
 */
export function readTemplate(file: string, text: string, known: ReadonlyMap<string, string>): Filled {
  const parsed = parse(file, text);
  if (!isObject(parsed)) throw new Error(`${file} is not a task definition: it has no object at its top.`);
  const { taskDefinition, tags } = parsed;
  const given = isObject(taskDefinition) ? { ...taskDefinition, ...(tags === undefined ? {} : { tags }) } : parsed;
  const assumed = new Map<string, string>();
  const filled = fill(given, '', (name, field) => {
    const value = known.get(name) ?? assumed.get(name) ?? likely(name, field, given.cpu);
    if (!known.has(name)) assumed.set(name, value);
    return value;
  });
  const kept = Object.entries(filled as Input).filter(
    ([member, value]) => !DESCRIBED_ONLY.has(member) && value !== null,
  );
  const definition = coerce(
    (ecs as unknown as Input).RegisterTaskDefinitionRequest$,
    Object.fromEntries(kept),
  ) as Input;
  return {
    definition: 'tags' in definition && isEmpty(definition.tags) ? omit(definition, 'tags') : definition,
    assumed,
  };
}

const isObject = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
const omit = (value: Input, name: string): Input =>
  Object.fromEntries(Object.entries(value).filter(([member]) => member !== name));

function parse(file: string, text: string): unknown {
  if (/\.ya?ml$/i.test(file)) {
    try {
      return parseYaml(text, { merge: true });
    } catch (thrown) {
      throw new Error(`${file} is not YAML: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  const errors: ParseError[] = [];
  const parsed: unknown = parseJson(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return parsed;
  const line = text.slice(0, first.offset).split('\n').length;
  throw new Error(`${file} is not JSON: ${printParseErrorCode(first.error)} in line ${line}.`);
}

type ValueFor = (name: string, field: string) => string;

/** `${NAME}`, `${NAME:-default}` and `${NAME:?message}` in all texts; `$${NAME}` stays `${NAME}`. */
function fill(value: unknown, field: string, valueFor: ValueFor): unknown {
  if (typeof value === 'string') return fillText(value, field, valueFor);
  if (Array.isArray(value)) return value.map((one) => fill(one, field, valueFor));
  if (!isObject(value)) return value;
  // A `name` says what its `value` is for.
  const named = typeof value.name === 'string' ? value.name : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([member, one]) => [
      member,
      fill(one, member === 'value' ? (named ?? member) : member, valueFor),
    ]),
  );
}

const NAME = /^[A-Za-z_]\w*/;

/** Placeholders of other tools: what runs now had them filled, so that a value of the field stands for each. */
const OF_OTHER_TOOLS =
  /\{\{[^{}]{1,200}\}\}|<%?[A-Za-z_ ][^<>]{0,200}>|#\{[A-Za-z_][\w.]{0,99}\}#?|(@@|##|%%|__)[A-Za-z]\w{0,99}?\1|(?<!\$)\$\(?[A-Za-z_]\w{0,99}\)?|%[A-Za-z_]\w{0,99}%|#[A-Za-z_]\w{0,99}#|@[A-Za-z_]\w{0,99}@/g;
/** Fields that hold no such text; elsewhere it may be meant as it stands. */
const OF_A_FORM =
  /^(image|family|name|containerName|sourceContainer|sourceVolume|cpu|memory|memoryReservation|networkMode|essential|\w*Port|\w*Arn|\w*Id|valueFrom|credentialsParameter|awslogs-group|awslogs-region|requiresCompatibilities|cpuArchitecture|operatingSystemFamily|protocol|logDriver|interval|timeout|retries|startPeriod|sizeInGiB)$/;

function fillText(given: string, field: string, valueFor: ValueFor): string {
  if (field === 'image' && given.trim().replace(OF_OTHER_TOOLS, '') === '' && given.trim() !== '')
    return valueFor('IMAGE', field);
  const named = given.replace(
    /^(arn:[\w-]+:[\w-]+:[^:]*:)(?!aws:)[A-Za-z_<%#@{][^:]*(?=:)/,
    (_, before: string) => `${before}${valueFor('AWS_ACCOUNT_ID', '')}`,
  );
  const text = OF_A_FORM.test(field)
    ? named.replace(OF_OTHER_TOOLS, (placeholder) => valueFor(nameIn(placeholder), field))
    : named;
  let filled = '';
  for (let at = 0; at < text.length; ) {
    const from = text.indexOf('${', at);
    if (from < 0) return filled + text.slice(at);
    const placeholder = placeholderAt(text, from);
    const isEscaped = text[from - 1] === '$' && from > at;
    if (!placeholder) filled += text.slice(at, from + 2);
    else if (isEscaped) filled += text.slice(at, from - 1) + text.slice(from, placeholder.end);
    else {
      const { name, fallback } = placeholder;
      filled +=
        text.slice(at, from) + (fallback === undefined ? valueFor(name, field) : fillText(fallback, field, valueFor));
    }
    at = placeholder?.end ?? from + 2;
  }
  return filled;
}

/** `` {{ must_env `TAG` }} `` is called `TAG`, `.Values.tag` too. */
const nameIn = (placeholder: string): string =>
  (placeholder.match(/[A-Za-z0-9_]+/g) ?? [])
    .map((word) => word.replaceAll(/^_+|_+$/g, ''))
    .find((word) => !/^(?:must_env|env|tfstate|Values|var)$/.test(word)) ?? 'VALUE';

/** Braces in a default pair up. */
function placeholderAt(text: string, from: number): { name: string; fallback?: string; end: number } | undefined {
  const [name] = NAME.exec(text.slice(from + 2)) ?? [];
  if (name === undefined) return undefined;
  const after = from + 2 + name.length;
  if (text[after] === '}') return { name, end: after + 1 };
  const operator = text.slice(after, after + 2);
  if (operator !== ':-' && operator !== ':?') return undefined;
  let depth = 1;
  for (let i = after + 2; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0)
      return { name, end: i + 1, ...(operator === ':-' ? { fallback: text.slice(after + 2, i) } : {}) };
  }
  return undefined;
}

/** A value that the field takes, for a name that nothing has a value for; the sizes are the smallest that Fargate has. */
function likely(name: string, field: string, taskCpu: unknown): string {
  const about = `${field} ${name}`.toLowerCase();
  if (/^cpu$/i.test(field)) return '256';
  if (/^memory$/i.test(field)) return String(2 * unitsIn(taskCpu));
  if (/port/.test(about)) return '8080';
  if (/^(interval|timeout|retries|startPeriod|stopTimeout|startTimeout)$/.test(field)) return '5';
  if (/^memoryReservation$/.test(field)) return '128';
  if (/sizeingib/.test(about)) return '30';
  if (/^(essential|readonlyRootFilesystem|initProcessEnabled|interactive|pseudoTerminal)$/.test(field)) return 'true';
  if (/^(taskRoleArn|executionRoleArn)$/.test(field) && /arn/i.test(name))
    return `arn:aws:iam::123456789012:role/${kebab(name)}`;
  if (field === 'valueFrom' && /arn/i.test(name))
    return `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${kebab(name)}-AbCdEf`;
  if (/cpu_?arch/.test(about)) return 'X86_64';
  const word = WORDS[field];
  if (word !== undefined) return word;
  return kebab(name);
}
/** CPU units of `512`, `"0.5 vCPU"` or `${CPU:-512}`; 256 where there is no number. */
function unitsIn(cpu: unknown): number {
  const [, number = '256', vcpu] = /(\d*\.?\d+)\s*(vcpu)?/i.exec(String(cpu)) ?? [];
  return Number(number) * (vcpu ? 1024 : 1);
}
/** Of fields that take one of a few words. */
const WORDS: Readonly<Record<string, string>> = {
  networkMode: 'awsvpc',
  requiresCompatibilities: 'FARGATE',
  operatingSystemFamily: 'LINUX',
  protocol: 'tcp',
  logDriver: 'awslogs',
};
const kebab = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/_+/g, '-')
    .replaceAll(/^-+|-+$/g, '');

/** Numbers and booleans that were written as texts, and texts that were written as numbers, as the SDK's schema has them. */
function coerce(schema: unknown, value: unknown): unknown {
  if (typeof schema === 'function') return coerce(schema(), value);
  if (schema === 0) return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (schema === 1) return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (schema === 2) return value === 'true' || value === 'false' ? value === 'true' : value;
  if (schema === 64) return Array.isArray(value) ? value.map((one) => coerce(0, one)) : value;
  if (schema === 128) return isObject(value) ? mapValues(value, (one) => coerce(0, one)) : value;
  if (!Array.isArray(schema)) return value;
  if (typeof schema[0] === 'function') return coerce(schema[0], value);
  if (schema[0] === 0) return coerce(schema[4] ?? 0, value);
  if (schema[0] === 1) return Array.isArray(value) ? value.map((one) => coerce(schema[4], one)) : value;
  if (schema[0] === 2) return isObject(value) ? mapValues(value, (one) => coerce(schema[5], one)) : value;
  if (!isObject(value)) return value;
  const [, , , , members, schemas] = schema as [unknown, unknown, unknown, unknown, string[], unknown[]];
  return Object.fromEntries(
    Object.entries(value).map(([member, one]) => [member, coerce(schemas[members.indexOf(member)], one)]),
  );
}
const mapValues = (value: Input, change: (one: unknown) => unknown): Input =>
  Object.fromEntries(Object.entries(value).map(([member, one]) => [member, change(one)]));
