import { Failure, type Mistake } from '../failure.ts';
import { asObjects, isObject, type Json, type JsonObject, READ_ONLY_FIELDS, type Tags } from '../model.ts';

/** What a task definition starts from, without the fields that RegisterTaskDefinition does not take. */
export interface Template {
  /** For messages: a path, a family or an ARN. */
  readonly name: string;
  /** Placeholders still in it, nothing checked yet. */
  readonly definition: JsonObject;
  readonly tags: Tags;
  /** Of a revision: tags that an earlier deploy replaced by digests, by container. */
  readonly imageTags?: ReadonlyMap<string, string>;
  /** Read-only fields of an export that were left out, by name. */
  readonly dropped: readonly string[];
  /** What was found wrong while it was read, to be reported with what the check finds. */
  readonly mistakes?: readonly Mistake[];
}

/**
 * A parsed file as a template. Takes a console or CLI export as it is: the `{taskDefinition, tags}` wrapper, read-only
 * fields, nulls, empty strings for what is not set.
 * @throws Failure INVALID_TASK_DEFINITION when it is not an object, or is something else
 */
export function toTemplate(value: Json, name: string): Template {
  const outer = objectOr(value, name);
  const wrapped = isObject(outer.taskDefinition);
  const inner = isObject(outer.taskDefinition) ? outer.taskDefinition : outer;
  const other = somethingElse(inner);
  if (other) throw new Failure('INVALID_TASK_DEFINITION', `${name} is ${other.what}, not a task definition.`, other);
  const dropped = READ_ONLY_FIELDS.filter((field) => field in inner);
  const kept = Object.entries(inner).filter(
    ([field, member]) => !dropped.includes(field) && field !== 'tags' && !(member === '' && UNSET.includes(field)),
  );
  const tags = wrapped ? (outer.tags ?? inner.tags) : inner.tags;
  return {
    name,
    definition: withoutNulls(Object.fromEntries(kept)) as JsonObject,
    tags: readTags(tags, name),
    dropped,
  };
}

/** Fields that skeletons and exports write as "" for "not set", which ECS takes for a role or a size with no name. */
const UNSET = ['taskRoleArn', 'executionRoleArn', 'networkMode', 'cpu', 'memory', 'pidMode', 'ipcMode'];

/** What a file holds that is easily taken for a task definition, where its fields show it. */
function somethingElse(given: JsonObject): { readonly what: string; readonly remedy: string } | undefined {
  if (given.containerDefinitions !== undefined) return undefined;
  const has = (...fields: string[]): boolean => fields.some((field) => given[field] !== undefined);
  const describe =
    'Give the JSON that `aws ecs describe-task-definition` prints, or name the live one with task-definition-family.';
  if (Array.isArray(given.Resources) && !has('AWSTemplateFormatVersion'))
    return { what: 'an AppSpec of CodeDeploy', remedy: `Give it as \`codedeploy-appspec\`. ${describe}` };
  if (has('Resources', 'AWSTemplateFormatVersion')) return { what: 'a CloudFormation template', remedy: describe };
  if (has('ContainerDefinitions')) {
    return {
      what: 'in the spelling of CloudFormation (`ContainerDefinitions`, `Family`)',
      remedy: `The ECS API writes the same fields with a lower-case first letter (\`containerDefinitions\`, \`family\`). ${describe}`,
    };
  }
  if (isObject(given.Properties)) return { what: 'a CloudFormation resource', remedy: describe };
  if (has('serviceName', 'taskDefinition', 'desiredCount'))
    return { what: 'the definition of a service or of a task to run', remedy: describe };
  if (has('family')) return undefined;
  if (has('apiVersion') && has('kind')) return { what: 'a manifest of Kubernetes', remedy: describe };
  if (has('jobs') && has('on', 'true', 'name')) return { what: 'a workflow of GitHub', remedy: describe };
  if (has('AWSEBDockerrunVersion')) return { what: 'a Dockerrun file of Elastic Beanstalk', remedy: describe };
  if (COPILOT.test(textOf(given.type)))
    return {
      what: 'a manifest of AWS Copilot',
      remedy: `${describe} See docs/migrating-from-other-tools.md.`,
    };
  if (has('task_definition', 'service_definition')) {
    const path = textOf(given.task_definition);
    const file = path === '' ? describe : `Give the file that it names: \`${path.slice(0, 200)}\`.`;
    return { what: 'a configuration of ecspresso', remedy: `${file} See docs/migrating-from-other-tools.md.` };
  }
  if (isObject(given.services)) return { what: 'a Compose file', remedy: describe };
  if (has('container_definitions'))
    return {
      what: 'in the spelling of Terraform (`container_definitions`)',
      remedy: `The ECS API writes the same fields as \`containerDefinitions\`. ${describe}`,
    };
  if (has('image'))
    return { what: 'a single container', remedy: 'Put it into `{ "family": ..., "containerDefinitions": [...] }`.' };
  return undefined;
}

/** https://aws.github.io/copilot-cli/docs/manifest/overview/ */
const COPILOT =
  /^(?:Load Balanced Web Service|Request-Driven Web Service|Backend Service|Worker Service|Scheduled Job|Static Site|Environment)$/;

const scalarName = (value: Json): string => (value === null ? 'empty' : `a ${typeof value}`);

function objectOr(value: Json, name: string): JsonObject {
  if (isObject(value)) return value;
  const found = Array.isArray(value) ? 'a list' : scalarName(value);
  throw new Failure(
    'INVALID_TASK_DEFINITION',
    `${name} does not hold a task definition: it is ${found}, not an object.`,
    {
      remedy:
        found === 'a list'
          ? 'A list of containers goes into `{ "family": ..., "containerDefinitions": [...] }`.'
          : 'Start it with `{ "family": ..., "containerDefinitions": [...] }`.',
    },
  );
}

function readTags(tags: Json | undefined, name: string): Tags {
  if (tags === undefined || tags === null) return [];
  const scalar = (value: Json | undefined): boolean => ['string', 'number', 'boolean'].includes(typeof value);
  if (!Array.isArray(tags) || !tags.every((tag) => isObject(tag) && scalar(tag.key) && scalar(tag.value ?? ''))) {
    throw new Failure('INVALID_TASK_DEFINITION', `The tags of ${name} are not a list of {"key", "value"}.`, {
      remedy: 'Write `"tags": [{"key": "team", "value": "web"}]`.',
    });
  }
  return tags.filter(isObject).map(({ key, value }) => ({ key: textOf(key), value: textOf(value) }));
}

/**
 * What stands in a field that should be text, for comparisons and messages: a string as it is, a number or boolean as
 * its text, '' for anything else. (`String` breaks on objects that have no `toString`, or one that is not a function.)
 */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

/** The containers of a definition that may still be wrong in every way. */
export function containersOf(definition: JsonObject): readonly JsonObject[] {
  return asObjects(definition.containerDefinitions);
}

/** Exports of some tools write unset members as null, which ECS refuses. */
export function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === null ? [] : [[key, withoutNulls(member)]])),
  );
}
