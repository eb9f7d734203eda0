import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { Failure } from '../failure.ts';
import type { Json, JsonObject, Tags } from '../world.ts';

/** What a task definition starts from, freed of everything that RegisterTaskDefinition does not take. */
export interface Template {
  /** As people name it: a path, a family, an ARN. */
  readonly name: string;
  /** Placeholders still in it, nothing checked yet. */
  readonly definition: JsonObject;
  readonly tags: Tags;
  /** Read-only fields of an export that were left out, by name. */
  readonly dropped: readonly string[];
}

/**
 * Fields that DescribeTaskDefinition adds and RegisterTaskDefinition does not take: what a console or CLI export is
 * full of. (API reference of both; `tags` stand beside `taskDefinition` there.)
 */
const READ_ONLY: readonly string[] = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
];

/**
 * A task definition in JSON; comments and trailing commas are allowed.
 * @throws Failure INVALID_TASK_DEFINITION with line and column
 */
export function parseJson(text: string, name: string): Json {
  const errors: ParseError[] = [];
  const value: Json = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return value;
  const { line, column } = position(text, first.offset);
  throw notParsed(name, 'JSON', `${words(printParseErrorCode(first.error))} at line ${line}, column ${column}`, {
    line,
    column,
    text,
  });
}

/** A failure that shows the line, with a mark below the column. Both count from 1. */
export function notParsed(
  name: string,
  language: 'JSON' | 'YAML',
  problem: string,
  at: { readonly line: number; readonly column: number; readonly text: string },
): Failure {
  const shown = (at.text.split('\n')[at.line - 1] ?? '').slice(0, 160);
  return new Failure(
    'INVALID_TASK_DEFINITION',
    `${name} is not valid ${language}: ${problem}.\n  ${shown}\n  ${' '.repeat(Math.min(at.column - 1, 160))}^`,
    { remedy: 'Correct the file. Comments and trailing commas are fine.' },
  );
}

const words = (code: string): string => code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/**
 * A parsed file as a template. Takes a console or CLI export as it is: the `{taskDefinition, tags}` wrapper, read-only
 * fields, nulls.
 * @throws Failure INVALID_TASK_DEFINITION when it is no object, or plainly something else
 */
export function toTemplate(value: Json, name: string): Template {
  const outer = objectOr(value, name);
  const wrapped = isObject(outer.taskDefinition);
  const inner = wrapped ? objectOr(outer.taskDefinition ?? null, name) : outer;
  if (inner.Resources !== undefined && inner.containerDefinitions === undefined) {
    throw new Failure('INVALID_TASK_DEFINITION', `${name} is a CloudFormation template, not a task definition.`, {
      remedy:
        'Give the JSON that `aws ecs describe-task-definition` prints, or name the live one with task-definition-family.',
    });
  }
  const dropped = READ_ONLY.filter((field) => field in inner);
  const kept = Object.entries(inner).filter(([field]) => !dropped.includes(field) && field !== 'tags');
  const tags = wrapped ? (outer.tags ?? inner.tags) : inner.tags;
  return {
    name,
    definition: withoutNulls(Object.fromEntries(kept)) as JsonObject,
    tags: readTags(tags, name),
    dropped,
  };
}

function objectOr(value: Json, name: string): JsonObject {
  if (isObject(value)) return value;
  const found = value === undefined ? 'empty' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  throw new Failure('INVALID_TASK_DEFINITION', `${name} holds no task definition: it is ${found}, not an object.`, {
    remedy: 'Start it with `{ "family": ..., "containerDefinitions": [...] }`.',
  });
}

function readTags(tags: Json | undefined, name: string): Tags {
  if (tags === undefined || tags === null) return [];
  const good =
    Array.isArray(tags) &&
    tags.every(
      (tag) => isObject(tag) && typeof tag.key === 'string' && ['string', 'undefined'].includes(typeof tag.value),
    );
  if (!good) {
    throw new Failure('INVALID_TASK_DEFINITION', `The tags of ${name} are not a list of {"key", "value"}.`, {
      remedy: 'Write `"tags": [{"key": "team", "value": "web"}]`.',
    });
  }
  return (tags as readonly { key: string; value?: string }[]).map(({ key, value = '' }) => ({ key, value }));
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The containers of a definition that may still be wrong in every way. */
export function containersOf(definition: JsonObject): readonly JsonObject[] {
  return Array.isArray(definition.containerDefinitions) ? definition.containerDefinitions.filter(isObject) : [];
}

export const asObjects = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

export const asStrings = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** Exports of some tools write unset members as null, which ECS refuses. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === null ? [] : [[key, withoutNulls(member)]])),
  );
}
