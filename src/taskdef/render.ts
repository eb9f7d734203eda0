import type { Mistake } from '../failure.ts';
import type { Image } from '../image/image.ts';
import { unfilledIn } from '../image/placeholders.ts';
import { editsOf } from '../inputs/template.ts';
import type { ContainerEdits, Pairs, TemplateInputs } from '../inputs/types.ts';
import { asObjects, isObject, type Json, type JsonObject, type Tags } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { judgeForeign, type KnownNames, type Suspect } from './foreign-values.ts';
import { type ForeignValue, hasPlaceholder, IN_A_NAME, substitute } from './placeholders.ts';
import { coerce } from './schema.ts';
import { containersOf, type Template, textOf } from './template.ts';

export interface Rendered {
  readonly definition: JsonObject;
  readonly tags: Tags;
  /** The container that got the image and the edits. */
  readonly container?: string;
  /** The container that the inputs name by `container-name` and give nothing: no image and no edit, and its image in the template has no placeholder. */
  readonly idleContainer?: string;
  /** Placeholders without a value, unknown containers: reported together with what the check finds. */
  readonly mistakes: readonly Mistake[];
  /** Names of the input `variables`, written one by one, that no placeholder asks for. */
  readonly unusedVariables?: readonly string[];
  /** Secrets of the template in whose place the input `environment-variables` puts a text. */
  readonly replacedSecrets?: readonly string[];
  /** Values that may be placeholders of another tool, and are registered as they are. */
  readonly suspects?: readonly Suspect[];
}

interface RenderValues {
  /** Undefined: the template names its images itself. */
  readonly image?: Image;
  /** GITHUB_SHA, AWS_REGION, ...: see `builtIns`. The user's `variables` win over them. */
  readonly builtIns: Pairs;
}

/**
 * The revision to register: the template with its placeholders filled, the image put where it belongs, and the edits
 * that the inputs ask for, each an upsert that keeps the template's order. With no image and no edits it is the
 * template itself. Nothing is thrown: mistakes are collected, so that the check reports all of them at once.
 */
export function render(template: Template, inputs: TemplateInputs, values: RenderValues): Rendered {
  const { image } = values;
  const variables = new Map([...values.builtIns, ...(image ? imageVariables(image) : []), ...inputs.variables]);
  const filled = substitute(template.definition, variables, inputs.style);
  const filledTags = substitute({ tags: template.tags }, variables, inputs.style);
  const mistakes = [...(template.mistakes ?? []), ...filled.mistakes, ...filledTags.mistakes];
  const definition = { ...(filled.value as JsonObject) };
  const names = containersOf(definition).map(({ name }) => textOf(name));
  const asked = new Set([...filled.names, ...filledTags.names]);
  const fromInputs: ForeignInput[] = [];
  const fill = (input: string, pairs: Pairs): Pairs => {
    const result = fillPairs(input, pairs, variables);
    mistakes.push(...result.mistakes);
    for (const name of result.names) asked.add(name);
    fromInputs.push(...result.foreign);
    return result.pairs;
  };
  // Environment variables and the command stay as they are: a `${NAME}` there is for the container's shell.
  const filledEdits = (given: ContainerEdits): ContainerEdits => ({
    ...given,
    secrets: fill('secrets', given.secrets),
    envFiles: fill(
      'env-files',
      given.envFiles.map((file) => ['', file] as const),
    ).map(([, file]) => file),
    dockerLabels: fill('docker-labels', given.dockerLabels),
    logOptions: fill('log-configuration-options', given.logOptions),
  });
  const edits = filledEdits(inputs.edits);
  const named = new Map((inputs.containers ?? []).map((one) => [one.container, filledEdits(one.edits)]));
  for (const { container, inputs: from } of inputs.containers ?? [])
    if (!names.includes(container)) mistakes.push(...from.map((input) => noContainer(input, container, names)));
  mistakes.push(...prefixesWithoutSpace(inputs, names));
  const templateTags = (filledTags.value as { readonly tags: Tags }).tags;
  mistakes.push(...repeatedTags(templateTags));

  const target = targetContainer(containersOf(template.definition), names, inputs.containerName);
  const images = new Map(fill('images', inputs.images));
  for (const name of images.keys()) if (!names.includes(name)) mistakes.push(noContainer('images', name, names));
  if (target.kind === 'found' && image) images.set(target.name, images.get(target.name) ?? image.reference);
  if (target.kind === 'missing') mistakes.push(noContainer('container-name', target.name, names));
  // An image that only the template's ${IMAGE} uses, or edits that are not there, need no container.
  const placed = usesImage(template.definition) || inputs.images.some(([, own]) => ASKS.test(own));
  const wanted = (image !== undefined && !placed) || hasEdits(inputs.edits);
  if (target.kind === 'ambiguous' && wanted && names.length > 0) mistakes.push(whichContainer(names));

  const imageIn = (one: JsonObject): string | undefined =>
    containersOf(one)
      .filter(({ name }) => textOf(name) === inputs.containerName)
      .map((container) => textOf(container.image))[0];
  const getsNothing =
    inputs.containerName !== undefined &&
    image === undefined &&
    !inputs.images.some(([name]) => name === inputs.containerName) &&
    !editsOf(inputs).some(hasEdits) &&
    Boolean(imageIn(definition)) &&
    imageIn(definition) === imageIn(template.definition);

  const replaced: string[] = [];
  if (Array.isArray(definition.containerDefinitions)) {
    definition.containerDefinitions = definition.containerDefinitions.map((container: Json) => {
      if (!isObject(container)) return container;
      const name = textOf(container.name);
      const own = images.get(name);
      const withImage = own === undefined ? container : { ...container, image: own };
      const isTarget = target.kind === 'found' && name === target.name;
      const edited = isTarget ? editContainer(withImage, edits) : withImage;
      const ownEdits = named.get(name);
      const given = [...(isTarget ? edits.environmentVariables : []), ...(ownEdits?.environmentVariables ?? [])];
      const secrets = asObjects(container.secrets).map((secret) => textOf(secret.name));
      replaced.push(...given.map(([variable]) => variable).filter((variable) => secrets.includes(variable)));
      return ownEdits ? editContainer(edited, ownEdits) : edited;
    });
  }
  for (const [field, value] of taskFields(inputs)) if (value !== undefined) definition[field] = value;
  const tags = upsertTags(templateTags, fill('task-definition-tags', inputs.tags));
  const known: KnownNames = {
    where: 'file',
    listed: inputs.listedVariables ?? [],
    others: [...variables.keys()],
    asked,
    ownOf: (path) => environmentNames(definition, path),
  };
  // What a live revision has is meant as it is.
  const ofFile = inputs.source.kind === 'file' ? judgeForeign(left(filled.foreign, definition), known) : NOTHING;
  const ofTags = inputs.source.kind === 'file' ? judgeForeign(filledTags.foreign, known) : NOTHING;
  const overridden = inputs.tags.map(([key]) => key);
  for (const { subject, ...mistake } of ofTags.mistakes) {
    const key = templateTags[Number(/\d+/.exec(subject)?.[0])]?.key ?? '';
    if (!overridden.includes(key))
      mistakes.push({ ...mistake, subject: 'tags', problem: `\`${key}\`: ${mistake.problem}` });
  }
  mistakes.push(...ofFile.mistakes, ...fromInputs.flatMap((one) => inputMistakes(one, known)));
  const suspects = [...ofFile.suspects, ...ofTags.suspects];
  // What a remark shows already is not reported as unused beside it.
  const shown = suspects.map(({ form }) => form);
  const unused = known.listed.filter((name) => !asked.has(name) && !shown.includes(`\${${name}}`));
  return {
    definition: coerce(definition),
    tags,
    mistakes,
    ...(unused.length > 0 ? { unusedVariables: unused } : {}),
    ...(suspects.length > 0 ? { suspects } : {}),
    ...(replaced.length > 0 ? { replacedSecrets: replaced } : {}),
    ...(target.kind === 'found' ? { container: target.name } : {}),
    ...(getsNothing ? { idleContainer: inputs.containerName } : {}),
  };
}

/** The mistakes of a rendered template, and that its container gets nothing. @param name of the template */
export const withIdle = <T extends Pick<Rendered, 'mistakes' | 'idleContainer'>>(rendered: T, name: string): T =>
  rendered.idleContainer === undefined
    ? rendered
    : { ...rendered, mistakes: [...rendered.mistakes, noImageFor(rendered.idleContainer, name)] };

/**
 * An empty expression in `image` looks the same as an input that was left out: the runner passes the empty text for both. That the step
 * says which container gets an image shows that one was meant; to go on would deploy the image that the template happens to name.
 * @param container of `Rendered.idleContainer`
 * @param name of the template
 */
const noImageFor = (container: string, name: string): Mistake => ({
  subject: 'image',
  problem: `is empty, and \`container-name: ${container}\` names the container that it is for; no other input gives that container an image or an edit.`,
  remedy: `Check the name of the output in \`\${{ needs.JOB.outputs.NAME }}\`, that its job ran, and that GitHub did not drop it because it contains a masked value. To deploy the images that ${name} names, remove \`container-name\`; to start new tasks of them, set \`force-new-deployment: true\`.`,
});

const NOTHING = { mistakes: [], suspects: [] };

/** Those that the inputs have put nothing else in place of. Entries of a container's lists may have moved. */
function left(foreign: readonly ForeignValue[], definition: JsonObject): readonly ForeignValue[] {
  if (foreign.length === 0) return foreign;
  const present = new Set<string>();
  const walk = (value: Json, path: string): void => {
    if (typeof value === 'string') present.add(`${placeOf(path)}=${value}`);
    else if (Array.isArray(value)) for (const [i, item] of value.entries()) walk(item, `${path}[${i}]`);
    else if (isObject(value))
      for (const [key, item] of Object.entries(value)) walk(item, path === '' ? key : `${path}.${key}`);
  };
  walk(definition, '');
  return foreign.filter(({ path, filled }) => present.has(`${placeOf(path)}=${filled}`));
}
const placeOf = (path: string): string => path.replaceAll(/(?<!^containerDefinitions)\[\d+\]/g, '[]');

/** Names of environment variables and secrets of the container that a path is in, but for the entry itself. */
function environmentNames(definition: JsonObject, path: string): ReadonlySet<string> {
  const [, index, list, entry] = /^containerDefinitions\[(\d+)\](?:\.(\w+)\[(\d+)\])?/.exec(path) ?? [];
  const container = containersOf(definition)[Number(index)];
  const entries = ['environment', 'secrets'].flatMap((field) =>
    asObjects(container?.[field]).filter((_, i) => field !== list || i !== Number(entry)),
  );
  return new Set(entries.map(({ name }) => textOf(name)));
}

/** `NAME=value` lines of an input with the placeholders in their values filled. */
function fillPairs(input: string, pairs: Pairs, variables: ReadonlyMap<string, string>) {
  const mistakes: Mistake[] = [];
  const names = new Set<string>();
  const foreign: ForeignInput[] = [];
  const filled = pairs.map(([name, value]) => {
    const result = substitute(value, variables);
    const named = name === '' ? '' : `\`${name}\`: `;
    const found = [...result.mistakes, ...(hasPlaceholder(name) ? [IN_A_NAME] : [])];
    for (const mistake of found) mistakes.push({ ...mistake, subject: input, problem: `${named}${mistake.problem}` });
    for (const asked of result.names) names.add(asked);
    for (const one of result.foreign) foreign.push({ input, name, value: one });
    return [name, result.value as string] as const;
  });
  return { pairs: filled, mistakes, names, foreign };
}

/** A value of an input with a placeholder of another tool. */
interface ForeignInput {
  readonly input: string;
  readonly name: string;
  readonly value: ForeignValue;
}

/** Where the value of such an input stands in a container: what it may hold is known by that. */
const PLACE_OF_INPUT: Readonly<Record<string, (name: string) => string>> = {
  secrets: () => '.valueFrom',
  'env-files': () => '.environmentFiles[0].value',
  'log-configuration-options': (name) => `.logConfiguration.options.${name}`,
};

function inputMistakes({ input, name, value }: ForeignInput, known: KnownNames): Mistake[] {
  const path = PLACE_OF_INPUT[input]?.(name);
  if (path === undefined) return [];
  const { mistakes } = judgeForeign([{ ...value, path, type: 'string' }], {
    ...known,
    where: 'input',
    ownOf: () => new Set(),
  });
  const named = name === '' ? '' : `\`${name}\`: `;
  return mistakes.map((mistake) => ({ ...mistake, subject: input, problem: `${named}${mistake.problem}` }));
}

const taskFields = (inputs: TemplateInputs): [string, string | undefined][] => [
  ['cpu', inputs.cpu],
  ['memory', inputs.memory],
  ['taskRoleArn', inputs.taskRoleArn],
  ['executionRoleArn', inputs.executionRoleArn],
];

/** A tag or digest that is not known has no value: that is reported, not rendered as empty text. */
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
 * placeholder of another tool that is all of it: `<IMAGE>`, as AWS's own actions and samples write it, `{{image}}`, `PLACEHOLDER`.
 * @param given containers of the template, placeholders still in them
 * @param names of the same containers, placeholders filled
 */
function targetContainer(given: readonly JsonObject[], names: readonly string[], wanted: string | undefined): Target {
  if (wanted !== undefined) return { kind: names.includes(wanted) ? 'found' : 'missing', name: wanted };
  const asks = ({ image }: JsonObject): boolean =>
    typeof image !== 'string' || image.trim() === '' || ASKS.test(image) || unfilledIn(image)?.text === image.trim();
  const asking = names.filter((_, i) => given.length === 1 || asks(given[i] ?? {}));
  const [only, another] = asking;
  return only !== undefined && another === undefined ? { kind: 'found', name: only } : { kind: 'ambiguous' };
}

/** Also `$IMAGE`: where that is no placeholder, it is refused as one of another tool. */
const ASKS = /(?<!\$)\$(?:\{IMAGE(?:_TAG|_DIGEST)?(?:\}|:)|IMAGE(?:_TAG|_DIGEST)?(?!\w))/;

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

/**
 * `web:LEVEL=info`, which sets a variable called `web:LEVEL`, in place of `web: LEVEL=info`. A colon may be a part of a name
 * (`Logging:LogLevel` of .NET), so that only the name of a container before it shows that a container was meant.
 */
function prefixesWithoutSpace(inputs: TemplateInputs, names: readonly string[]): Mistake[] {
  return editsOf(inputs).flatMap((one) => {
    const given: readonly (readonly [input: string, names: readonly string[], value: string])[] = [
      ['environment-variables', one.environmentVariables.map(([name]) => name), '=...'],
      ['secrets', one.secrets.map(([name]) => name), '=...'],
      ['docker-labels', one.dockerLabels.map(([name]) => name), '=...'],
      ['log-configuration-options', one.logOptions.map(([name]) => name), '=...'],
      ['command', (one.command ?? []).slice(0, 1), ' ...'],
    ];
    return given.flatMap(([input, found, value]) =>
      found.flatMap((name) => withoutSpace(name, names, { input, value })),
    );
  });
}

function withoutSpace(
  given: string,
  names: readonly string[],
  { input, value }: { readonly input: string; readonly value: string },
): Mistake[] {
  const [, container = '', rest = ''] = /^([A-Za-z0-9_-]{1,255}):(\S.*)$/.exec(given) ?? [];
  if (rest === '' || !names.includes(container)) return [];
  const what = input === 'command' ? 'the program' : 'a name';
  return [
    {
      subject: input,
      problem: `\`${container}:${rest}\` is read as ${what}, and \`${container}\` is a container of the task definition.`,
      remedy: `Write \`${container}: ${rest}${value}\`, with a space after the colon, for that container.`,
    },
  ];
}

const whichContainer = (names: readonly string[]): Mistake => ({
  subject: 'container-name',
  problem: `is needed: the task definition has the containers ${names.map((name) => `\`${name}\``).join(', ')}, and none of them alone asks for the image.`,
  remedy: `Name the container, use \`images\` for several, or write "image": "\${IMAGE}" in the template.`,
});

/** The merge below would silently keep the last; ECS: "Multiple tags contain the same key." */
function repeatedTags(tags: Tags): Mistake[] {
  const keys = tags.map(({ key }) => key);
  const repeated = new Set(keys.filter((key, i) => keys.indexOf(key) !== i));
  return [...repeated].map((key) => ({
    subject: 'tags',
    problem: `two tags have the key \`${key}\`.`,
    remedy: 'Keep one of them.',
  }));
}

function upsertTags(tags: Tags, added: Pairs): Tags {
  const merged = new Map(tags.map(({ key, value }) => [key, value]));
  for (const [key, value] of added) merged.set(key, value);
  return [...merged].map(([key, value]) => ({ key, value }));
}

/** One container with the inputs' edits. What is not edited stays, in its order. */
function editContainer(container: JsonObject, edits: ContainerEdits): JsonObject {
  const edited: { [field: string]: Json } = { ...container };
  const variables = edits.environmentVariables;
  if (variables.length > 0) {
    edited.environment = upsert(container.environment, variables, 'value');
    // ECS refuses a name that is both: the newer wish wins.
    withoutNames(edited, 'secrets', variables);
  }
  if (edits.secrets.length > 0) {
    edited.secrets = upsert(edited.secrets, edits.secrets, 'valueFrom');
    withoutNames(edited, 'environment', edits.secrets);
  }
  if (edits.envFiles.length > 0) edited.environmentFiles = edits.envFiles.map((value) => ({ value, type: 's3' }));
  if (edits.dockerLabels.length > 0) {
    edited.dockerLabels = {
      ...(isObject(container.dockerLabels) ? container.dockerLabels : {}),
      ...Object.fromEntries(edits.dockerLabels),
    };
  }
  const log = logConfiguration(container.logConfiguration, edits);
  if (log) edited.logConfiguration = log;
  if (edits.command) edited.command = edits.command;
  if (edits.containerPort !== undefined)
    edited.portMappings = withPort(container.portMappings, Number(edits.containerPort));
  if (edits.repositoryCredentials !== undefined)
    edited.repositoryCredentials = { credentialsParameter: edits.repositoryCredentials };
  return edited;
}

/** The only mapping with another port; its name and protocol stay. With several, the first. */
function withPort(mappings: Json | undefined, containerPort: number): Json {
  const [first, ...others] = Array.isArray(mappings) ? mappings.filter(isObject) : [];
  if (!first) return [{ containerPort, protocol: 'tcp', name: `port-${containerPort}` }];
  return [{ ...first, containerPort, ...(first.hostPort === undefined ? {} : { hostPort: containerPort }) }, ...others];
}

/** Entries of a `{name, ...}` list: a known name changes in place (each time it is there), a new one goes to the end. */
function upsert(list: Json | undefined, pairs: Pairs, field: 'value' | 'valueFrom'): Json {
  const wanted = new Map(pairs);
  const present = new Set<string>();
  const kept = (Array.isArray(list) ? list : []).map((entry: Json) => {
    if (!isObject(entry) || typeof entry.name !== 'string') return entry;
    const value = wanted.get(entry.name);
    present.add(entry.name);
    return value === undefined ? entry : { ...entry, [field]: value };
  });
  const added = [...wanted].filter(([name]) => !present.has(name));
  return [...kept, ...added.map(([name, value]) => ({ name, [field]: value }))];
}

function withoutNames(container: { [field: string]: Json }, field: 'secrets' | 'environment', pairs: Pairs): void {
  const list = container[field];
  if (!Array.isArray(list)) return;
  const names = new Set(pairs.map(([name]) => name));
  container[field] = list.filter((entry: Json) => !(isObject(entry) && names.has(textOf(entry.name))));
}

/** A new driver starts with no options of the old one's; options alone are added to the present driver's. */
function logConfiguration(present: Json | undefined, { logDriver, logOptions }: ContainerEdits): Json | undefined {
  if (logDriver === undefined && logOptions.length === 0) return undefined;
  const old = isObject(present) ? present : {};
  const same = logDriver === undefined || logDriver === old.logDriver;
  const kept = same ? old : {};
  const options = { ...(isObject(kept.options) ? kept.options : {}), ...Object.fromEntries(logOptions) };
  return {
    ...kept,
    logDriver: logDriver ?? old.logDriver ?? 'awslogs',
    ...(Object.keys(options).length > 0 ? { options } : {}),
  };
}
