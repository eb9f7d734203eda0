import * as ecs from '@aws-sdk/client-ecs';

/** How a value departs from the service model. */
export interface Problem {
  /** `missing`: a required member, by its path; the service says so. `malformed`: the body cannot be read as the request. */
  readonly kind: 'missing' | 'malformed';
  readonly path: string;
  readonly words: string;
}

/**
 * Holds a request against the service model that the SDK ships, as strictly as AWS does: wrong types and missing
 * members are errors; an unknown member is one too, because a client of ours must never send it.
 * @param sdk the client library whose service it is
 */
export function requestProblem(operation: string, input: unknown, sdk: object = ecs): Problem | undefined {
  const schemas = sdk as Readonly<Record<string, unknown>>;
  const schema = schemas[`${operation}Request$`] ?? schemas[`${operation}Input$`];
  return schema === undefined ? undefined : problem(schema, input, '');
}

/**
 * Holds an answer against the same model: a member that the SDK does not know would vanish on its way to the client.
 * @param sdk the client library whose service it is
 */
export function answerProblem(operation: string, answer: unknown, sdk: object = ecs): string | undefined {
  const schemas = sdk as Readonly<Record<string, unknown>>;
  const schema = schemas[`${operation}Response$`] ?? schemas[`${operation}Output$`] ?? schemas[`${operation}Result$`];
  // As it leaves: what is undefined is not sent.
  return schema === undefined ? undefined : problem(schema, JSON.parse(JSON.stringify(answer)), '')?.words;
}

type Structure = readonly [3 | 4, string, string, unknown, string[], unknown[], number?];

const malformed = (path: string, words: string): Problem => ({ kind: 'malformed', path, words });

function problem(schema: unknown, value: unknown, path: string): Problem | undefined {
  const at = path || 'the request';
  if (typeof schema === 'function') return problem(schema(), value, path);
  if (Array.isArray(schema)) {
    if (typeof schema[0] === 'function') return problem(schema[0], value, path);
    if (schema[0] === 0) return problem(schema[4] ?? 0, value, path);
    if (schema[0] === 1) return listProblem(schema[4], value, path);
    if (schema[0] === 2) return mapProblem(schema[5], value, at);
    return structureProblem(schema as unknown as Structure, value, path);
  }
  switch (schema) {
    case 0:
      return typeof value === 'string' ? undefined : malformed(path, `${at} is ${JSON.stringify(value)}, not a string`);
    case 1:
      return typeof value === 'number' ? undefined : malformed(path, `${at} is ${JSON.stringify(value)}, not a number`);
    case 2:
      return typeof value === 'boolean'
        ? undefined
        : malformed(path, `${at} is ${JSON.stringify(value)}, not a boolean`);
    case 4:
      return typeof value === 'number'
        ? undefined
        : malformed(path, `${at} is ${JSON.stringify(value)}, not seconds since the epoch`);
    case 64:
    case 65:
      return listProblem(Number(schema) - 64, value, path);
    case 128:
      return mapProblem(0, value, at);
    default:
      return undefined; // documents and blobs
  }
}

function mapProblem(item: unknown, value: unknown, path: string): Problem | undefined {
  if (!isObject(value)) return malformed(path, `${path} is not a map`);
  for (const [key, member] of Object.entries(value)) {
    const found = problem(item, member, `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}

function listProblem(item: unknown, value: unknown, path: string): Problem | undefined {
  if (!Array.isArray(value)) return malformed(path, `${path} is not a list`);
  for (const [i, member] of value.entries()) {
    const found = problem(item, member, `${path}[${i}]`);
    if (found) return found;
  }
  return undefined;
}

function structureProblem(
  [, , , , members, schemas, required = 0]: Structure,
  value: unknown,
  path: string,
): Problem | undefined {
  if (!isObject(value)) return malformed(path, `${path || 'the request'} is not a structure`);
  for (const [member, item] of Object.entries(value)) {
    const i = members.indexOf(member);
    const below = path ? `${path}.${member}` : member;
    if (i < 0) return malformed(below, `${below} is unknown`);
    const schema = schemas[i];
    // A member with traits, such as where it stands in the request: [type, traits].
    const type = Array.isArray(schema) && schema.length === 2 ? schema[0] : schema;
    const found = item === null || item === undefined ? undefined : problem(type, item, below);
    if (found) return found;
  }
  const lacking = members.slice(0, required).find((member) => value[member] === undefined || value[member] === null);
  const lost = `${path ? `${path}.` : ''}${lacking}`;
  return lacking ? { kind: 'missing', path: lost, words: `${lost} is required` } : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
