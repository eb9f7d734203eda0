import type { Mistake } from '../failure.ts';
import type { Image } from '../image/image.ts';
import type { ContainerEdits, Pairs, TemplateInputs } from '../inputs/types.ts';
import { didYouMean } from '../spelling.ts';
import type { Json, JsonObject, Tags } from '../world.ts';
import { editContainer } from './edits.ts';
import { substitute } from './placeholders.ts';
import { coerce } from './schema-check.ts';
import { containersOf, isObject, type Template } from './template.ts';

export interface Rendered {
  readonly definition: JsonObject;
  readonly tags: Tags;
  /** The container that got the image and the edits. */
  readonly container?: string;
  /** Placeholders without a value, containers that are not there: told together with what the check finds. */
  readonly mistakes: readonly Mistake[];
}

export interface RenderValues {
  /** Undefined: the template names its images itself. */
  readonly image?: Image;
  /** GITHUB_SHA, AWS_REGION, ...: see `builtIns`. The user's `variables` win over them. */
  readonly builtIns: Pairs;
}

/**
 * The revision to register: the template with its placeholders filled, the image put where it belongs, and the edits
 * that the inputs ask for, each an upsert that keeps the template's order. With no image and no edits it is the
 * template itself. Nothing is thrown: mistakes are collected, so that the check can tell all of them at once.
 */
export function render(template: Template, inputs: TemplateInputs, values: RenderValues): Rendered {
  const { image } = values;
  const variables = new Map([...values.builtIns, ...(image ? imageVariables(image) : []), ...inputs.variables]);
  const filled = substitute(template.definition, variables);
  const filledTags = substitute({ tags: template.tags }, variables);
  const mistakes = [...filled.mistakes, ...filledTags.mistakes];
  const definition = { ...(filled.value as JsonObject) };
  const names = containersOf(definition).map(({ name }) => String(name ?? ''));

  const target = targetContainer(containersOf(template.definition), names, inputs.containerName);
  const images = new Map(inputs.images);
  for (const name of images.keys()) if (!names.includes(name)) mistakes.push(noContainer('images', name, names));
  if (target.kind === 'found' && image) images.set(target.name, images.get(target.name) ?? image.reference);
  if (target.kind === 'missing') mistakes.push(noContainer('container-name', target.name, names));
  // An image that only the template's ${IMAGE} uses, or edits that are not there, need no container.
  const wanted = (image !== undefined && !usesImage(template.definition)) || hasEdits(inputs.edits);
  if (target.kind === 'ambiguous' && wanted && names.length > 0) mistakes.push(whichContainer(names));

  if (Array.isArray(definition.containerDefinitions)) {
    definition.containerDefinitions = definition.containerDefinitions.map((container: Json) => {
      if (!isObject(container)) return container;
      const name = String(container.name ?? '');
      const own = images.get(name);
      const withImage = own === undefined ? container : { ...container, image: own };
      return target.kind === 'found' && name === target.name ? editContainer(withImage, inputs.edits) : withImage;
    });
  }
  for (const [field, value] of taskFields(inputs)) if (value !== undefined) definition[field] = value;
  return {
    definition: coerce(definition),
    tags: upsertTags((filledTags.value as { readonly tags: Tags }).tags, inputs.tags),
    mistakes,
    ...(target.kind === 'found' ? { container: target.name } : {}),
  };
}

const taskFields = (inputs: TemplateInputs): [string, string | undefined][] => [
  ['cpu', inputs.cpu],
  ['memory', inputs.memory],
  ['taskRoleArn', inputs.taskRoleArn],
  ['executionRoleArn', inputs.executionRoleArn],
];

/** A tag or digest that nobody knows is no value: better told than rendered as nothing. */
const imageVariables = ({ reference, tags: [tag], digest }: Image): Pairs => [
  ['IMAGE', reference],
  ...(tag === undefined ? [] : [['IMAGE_TAG', tag] as const]),
  ...(digest === undefined ? [] : [['IMAGE_DIGEST', digest] as const]),
];

type Target =
  | { readonly kind: 'found'; readonly name: string }
  | { readonly kind: 'missing'; readonly name: string }
  | { readonly kind: 'ambiguous' };

/**
 * The named container, the only one, or the only one that asks for an image: none yet, `${IMAGE}` or a part of it, or a
 * word in angle brackets (`<IMAGE>`, `<image1_name>`), as AWS's own actions and samples write it.
 * @param given containers of the template, placeholders still in them
 * @param names of the same containers, placeholders filled
 */
function targetContainer(given: readonly JsonObject[], names: readonly string[], wanted: string | undefined): Target {
  if (wanted !== undefined) return { kind: names.includes(wanted) ? 'found' : 'missing', name: wanted };
  const asks = ({ image }: JsonObject): boolean =>
    typeof image !== 'string' || image.trim() === '' || ASKS.test(image) || /^<[^<>]*>$/.test(image.trim());
  const asking = names.filter((_, i) => given.length === 1 || asks(given[i] ?? {}));
  const [only, another] = asking;
  return only !== undefined && another === undefined ? { kind: 'found', name: only } : { kind: 'ambiguous' };
}

const ASKS = /(?<!\$)\$\{IMAGE(_TAG|_DIGEST)?(\}|:)/;

const usesImage = (definition: JsonObject): boolean =>
  containersOf(definition).some(({ image }) => typeof image === 'string' && ASKS.test(image));

function hasEdits(edits: ContainerEdits): boolean {
  return Object.values(edits).some((edit: Pairs | readonly string[] | string) => edit.length > 0);
}

function noContainer(input: string, name: string, names: readonly string[]): Mistake {
  const meant = didYouMean(name, names);
  const remedy = meant ? `Did you mean \`${meant}\`?` : `It has ${names.map((n) => `\`${n}\``).join(', ') || 'none'}.`;
  return { subject: input, problem: `the task definition has no container \`${name}\`.`, remedy };
}

const whichContainer = (names: readonly string[]): Mistake => ({
  subject: 'container-name',
  problem: `is needed: the task definition has the containers ${names.map((name) => `\`${name}\``).join(', ')}, and none of them alone asks for the image.`,
  remedy: `Name the container, use \`images\` for several, or write "image": "\${IMAGE}" in the template.`,
});

function upsertTags(tags: Tags, added: Pairs): Tags {
  const merged = new Map(tags.map(({ key, value }) => [key, value]));
  for (const [key, value] of added) merged.set(key, value);
  return [...merged].map(([key, value]) => ({ key, value }));
}
