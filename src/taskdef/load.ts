import { lastPart } from '../arn.ts';
import { asFailure, Failure, type Mistake } from '../failure.ts';
import { parseImageTags } from '../image/pin.ts';
import { EXPRESSION } from '../inputs/slips.ts';
import type { TemplateSource } from '../inputs/types.ts';
import { describeNamed } from '../missing.ts';
import { defined, isObject, type Json, type JsonObject, type Revision } from '../model.ts';
import type { Clock, Files, Identity, Runner } from '../ports.ts';
import { IMAGES_TAG } from '../tags.ts';
import { parseJson } from './json-file.ts';
import { AWS_TAG, OWN_TAG } from './register.ts';
import { secretValues } from './secret-values.ts';
import { type Template, toTemplate } from './template.ts';

/** ECS takes 64 KiB; the rest is for comments and space. */
const MAX_TEMPLATE_BYTES = 1024 * 1024;

interface LoadWorld {
  readonly ecs: Parameters<typeof describeNamed>[1]['ecs'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly identity: Identity;
  /** Where a named revision is looked for. */
  readonly region: string;
  readonly files: Pick<Files, 'readText'>;
  readonly runner: Pick<Runner, 'mask'>;
}

/**
 * The template that the inputs name: a JSON or YAML file, the latest revision of a family, one revision by ARN, or,
 * where nothing is named, what the service runs now (`live` gives it, described once by the caller).
 * @throws Failure NOT_FOUND or INVALID_TASK_DEFINITION
 */
export async function loadTemplate(
  source: TemplateSource,
  live: () => Promise<Revision>,
  world: LoadWorld,
): Promise<Template> {
  switch (source.kind) {
    case 'file':
      return readTemplate(source.path, world);
    case 'family':
      return withImageTags(await readRevision(source.family, world));
    case 'arn':
      return withImageTags(await readRevision(source.arn, world));
    case 'service':
      return withImageTags(await live());
  }
}

/** @throws Failure ACCESS_DENIED where the template itself cannot be read: here the right is needed */
async function readRevision(reference: string, world: LoadWorld): Promise<Revision> {
  try {
    return await describeNamed(reference, world, world.region);
  } catch (thrown) {
    const { code, api } = asFailure(thrown);
    if (code !== 'ACCESS_DENIED') throw thrown;
    const message = `The template is the task definition ${reference}, and ecs:DescribeTaskDefinition is denied: it cannot be read.`;
    throw new Failure(code, message, {
      remedy:
        'Allow ecs:DescribeTaskDefinition (on `*`) for the role that this job uses, or give a file in `task-definition`.',
      cause: thrown,
      ...defined({ api }),
    });
  }
}

/**
 * Secrets that the file holds in clear are masked before anything is logged about it.
 * @throws Failure NOT_FOUND or INVALID_TASK_DEFINITION
 */
export async function readTemplate(
  path: string,
  { files, runner }: Pick<LoadWorld, 'files' | 'runner'>,
): Promise<Template> {
  const template = toTemplate(await parseFile(path, await files.readText(path, MAX_TEMPLATE_BYTES)), path);
  for (const secret of secretValues(template.definition, template.tags)) runner.mask(secret);
  const mistakes = expressionsIn(template.definition, '');
  return mistakes.length === 0 ? template : { ...template, mistakes };
}

/** The template where it is a file: read before any login. */
export function templateFile(
  source: TemplateSource,
  world: Pick<LoadWorld, 'files' | 'runner'>,
): Promise<Template> | undefined {
  return source.kind === 'file' ? readTemplate(source.path, world) : undefined;
}

/**
 * GitHub evaluates expressions in workflow files alone: in a template one would reach the application unchanged. A live
 * revision is not held to that; it runs.
 */
export function expressionsIn(value: Json, path: string): Mistake[] {
  if (typeof value === 'string' && EXPRESSION.test(value)) {
    return [
      {
        subject: path,
        problem: 'has an expression `${{ ... }}`, which GitHub evaluates in workflow files only.',
        remedy:
          'Write a placeholder such as `${NAME}` instead, and give its value in the workflow: `variables: NAME=${{ vars.NAME }}`.',
      },
    ];
  }
  if (Array.isArray(value)) return value.flatMap((item, i) => expressionsIn(item, `${path}[${i}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => expressionsIn(member, path === '' ? key : `${path}.${key}`));
}

async function parseFile(path: string, text: string) {
  if (text.trim() === '') {
    throw new Failure('INVALID_TASK_DEFINITION', `${path} is empty.`, { remedy: 'Give a task definition in it.' });
  }
  if (!/\.ya?ml$/i.test(path)) return parseJson(text, path);
  const { parseYaml } = await import('./yaml.ts');
  return parseYaml(text, path);
}

/** A live revision says what it means: a `${NAME}` in it is for the container's shell, not for us. */
function ofRevision({ arn, definition, tags }: Revision): Template {
  const own = tags.filter(({ key }) => !OWN_TAG.test(key) && !AWS_TAG.test(key));
  return { name: lastPart(arn), definition: escaped(definition) as JsonObject, tags: own, dropped: [] };
}

function withImageTags(revision: Revision): Template {
  const remembered = revision.tags.find(({ key }) => key === IMAGES_TAG);
  return { ...ofRevision(revision), ...defined({ imageTags: remembered && parseImageTags(remembered.value) }) };
}

function escaped(value: Json): Json {
  if (typeof value === 'string') return escapedText(value);
  if (Array.isArray(value)) return value.map(escaped);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [escapedText(key), escaped(member)]));
}

const escapedText = (text: string): string => text.replaceAll(/\$\{(?=[A-Za-z_]\w*(?:\}|:-|:\?))/g, '$$$${');
