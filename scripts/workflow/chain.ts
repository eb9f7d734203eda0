/**
 * What the steps of a job do that deploys with the official actions or the AWS CLI: the build, the task definition and the deployment of
 * each service. What is read: the steps aws-actions/* and docker/build-push-action, and in scripts `docker build`, `docker push`,
 * `aws ecs register-task-definition`, `describe-task-definition` and `update-service`.
 */
import { foreignInput } from '../../src/inputs/foreign.ts';
import { INPUT_NAMES } from '../../src/inputs/known.ts';
import {
  actionOf,
  BUILD,
  BUILD_INPUTS,
  BUILD_SECRETS,
  BUILDX,
  CREDENTIALS,
  CREDENTIALS_ACTION,
  contextOf,
  DEPLOY,
  dockerBuild,
  LISTS,
  LOGIN,
  METADATA,
  OF_A_CONTAINER,
  OF_THE_SERVICE,
  OWN_CREDENTIALS,
  OWN_REMEDIES,
  QEMU,
  RENDER,
  whyHelperStays,
  whyNotPushed,
} from './counterparts.ts';
import { withEnv } from './expressions.ts';
import { hasRevision, imageInputs, linesOf, nameIn, nameOf, outputIn, unspaced } from './image-names.ts';
import { type Command, commandsIn, oneLine, optionOf } from './shell.ts';

type Texts = Readonly<Record<string, string>>;

/** A step of a job, or of a composite action. */
export interface OfficialStep {
  readonly id: string | undefined;
  readonly uses: string;
  readonly run: string;
  readonly with: Texts;
  /** Of the step alone. */
  readonly env: Texts;
  readonly workingDirectory: string;
  /** Its `if`. */
  readonly condition?: string | undefined;
}

/** One deployment, or one task, of the chain. */
export interface Read {
  readonly index: number;
  readonly replaces: readonly number[];
  readonly build: Build | undefined;
  /** `mode: task` runs an image that exists: docs/tasks.md */
  readonly runsTask: boolean;
  /** Where the same step also updates a service, which is a Read of its own: what decides whether the task runs; empty for always. */
  readonly beside?: string;
  readonly access: Texts;
  /** Several of its containers get the image that the job builds, which the inputs of one step cannot say. */
  readonly sharesImage: boolean;
  /** Its image is an output of the step that builds it, which has none where that step is skipped. */
  readonly namesOutput: boolean;
  /** @param built the step that builds its image, where that is one of its own; one that may be skipped has no output then */
  readonly inputs: (built: { readonly id: string; readonly mayBeSkipped: boolean } | undefined) => Texts;
}

/** An input of a step of the chain that the new steps do not have. */
export interface Loss {
  readonly index: number;
  readonly input: string;
  /** A sentence: what to do, or why nothing is needed. */
  readonly why: string;
}

export interface Build {
  readonly index: number;
  readonly id: string | undefined;
  /** As a later step may name the image. */
  readonly tags: readonly string[];
  readonly inputs: Texts;
  /** `tags` as the step has them. */
  readonly given: readonly string[];
  /** Why this action cannot take its place; the step stays then. */
  readonly stays?: string;
}

export interface Access {
  readonly index: number;
  readonly inputs: Texts;
  /** Where its credentials are none that this action makes itself. */
  readonly isNeeded: boolean;
}

/**
 * @param names of the environment variables of the workflow and the job
 * @returns each deployment in the order of the steps, and the step that sets the credentials
 */
export function readChain(
  steps: readonly OfficialStep[],
  names: readonly string[],
): {
  readonly found: readonly Read[];
  readonly access: Access | undefined;
  /** Of every step that may go. */
  readonly losses: readonly Loss[];
  /** Steps of the chain that this action cannot take the place of, and why. */
  readonly stays: ReadonlyMap<number, string>;
  /** Files that scripts wrote from a definition of AWS, by the step. */
  readonly files: readonly { readonly index: number; readonly file: string }[];
} {
  const found: Read[] = [];
  const read = new Reading(names);
  for (const [index, given] of steps.entries()) {
    const action = actionOf(given.uses);
    // `env` of a step is not there in the new one.
    const inputs = Object.fromEntries(
      Object.entries(given.with).map(([name, text]) => [name.toLowerCase(), withEnv(String(text), given.env)]),
    );
    const step = { ...given, with: inputs };
    if (action === CREDENTIALS_ACTION) read.credentials(index, inputs);
    else if (action === METADATA) read.metadata(index, step);
    else if (action === LOGIN || action === QEMU || action === BUILDX) read.helper(index, action, inputs);
    else if (action === BUILD) read.build(index, step);
    else if (action === RENDER) read.render(index, step);
    else if (action === DEPLOY) found.push(...read.deploy(index, inputs));
    else if (step.run !== '') found.push(...read.script(index, step));
  }
  const { access, losses, stays, files } = read;
  return { found, access, losses, stays, files };
}

interface Exported {
  readonly steps: readonly number[];
  readonly family: string;
  readonly image?: string;
}

/** A revision that a script registers. */
interface Registered {
  readonly index: number;
  /** That keeps its ARN. */
  readonly variable: string | undefined;
  readonly template: Texts;
  readonly steps: readonly number[];
  readonly image: string | undefined;
}

/** What the steps before one that deploys have done. */
class Reading {
  readonly helpers: number[] = [];
  readonly losses: Loss[] = [];
  readonly stays = new Map<number, string>();
  readonly files: { readonly index: number; readonly file: string }[] = [];
  readonly #names: readonly string[];
  access: Access | undefined;
  /** Their names of images, by the step's id. */
  readonly #metadata = new Map<string, readonly string[]>();
  readonly #builds: Build[] = [];
  readonly #renders = new Map<
    string,
    {
      readonly inputs: Texts;
      readonly images: readonly string[];
      readonly steps: readonly number[];
    }
  >();
  /** Files that a script wrote with `aws ecs describe-task-definition`, by name: the family, and the image that jq put in. */
  readonly #exports = new Map<string, Exported>();
  readonly #registered: Registered[] = [];
  /** Images that scripts write to `$GITHUB_OUTPUT`, by the expression that names them. */
  readonly #outputs = new Map<string, string>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  credentials(index: number, inputs: Texts): void {
    const isNeeded = OWN_CREDENTIALS.some((name) => inputs[name] !== undefined);
    const names = CREDENTIALS.filter((name) => !isNeeded || !name.startsWith('role-'));
    this.access = { index, inputs: pick(inputs, names), isNeeded };
    if (!isNeeded) this.#loses(index, inputs, CREDENTIALS);
  }

  /** Login and set-up, whose work the new step does; with settings of their own they stay. */
  helper(index: number, action: string, inputs: Texts): void {
    this.helpers.push(index);
    const why = whyHelperStays(action, inputs);
    if (why !== undefined) this.stays.set(index, why);
    else if (action === BUILDX)
      this.#loses(index, inputs, [], 'The new step uses the builder that is there, and makes one where there is none.');
    else if (action === QEMU)
      this.#loses(index, inputs, [], 'The new step sets up the emulation that `platforms` needs.');
    // The name of the public registry is part of `repository`.
    else this.#loses(index, inputs, ['registry-type']);
  }

  metadata(index: number, { id, with: inputs }: OfficialStep): void {
    this.helpers.push(index);
    if (id !== undefined)
      this.#metadata.set(
        id,
        linesOf(inputs.images ?? '').filter((one) => !one.includes('=')),
      );
  }

  build(index: number, { id, with: inputs }: OfficialStep): void {
    const given = linesOf(inputs.tags ?? '');
    // docker/metadata-action makes whole names; here the repository is one input and the tags another.
    const tags = given
      .map((tag) => this.#outputs.get(unspaced(tag)) ?? tag)
      .flatMap((tag) => {
        const step = outputIn(tag) ?? '';
        const names = this.#metadata.get(step) ?? [];
        return names.length === 0 ? tag : names.map((name) => `${name}:\${{ steps.${step}.outputs.tag-names }}`);
      });
    const secrets = Object.entries(BUILD_SECRETS).flatMap(([theirs, ours]) =>
      inputs[theirs] === undefined ? [] : [[ours, inputs[theirs]] as const],
    );
    const own = pick(inputs, BUILD_INPUTS);
    this.#adds({
      index,
      id,
      given,
      tags,
      inputs: { ...contextOf(own), ...Object.fromEntries(secrets) },
      ...(whyNotPushed(inputs) ?? {}),
    });
    for (const input of ['cache-from', 'cache-to'])
      if (own[input] !== undefined && !(input in contextOf(own)))
        this.losses.push({ index, input, why: 'The cache of GitHub is its default (`cache: auto`).' });
    const { 'github-token': token = '', ...rest } = inputs;
    const isOwn = /^\$\{\{\s*(?:github\.token|secrets\.GITHUB_TOKEN)\s*\}\}$/.test(token.trim());
    this.#loses(index, isOwn ? rest : inputs, [...BUILD_INPUTS, ...Object.keys(BUILD_SECRETS), 'tags', 'push', 'load']);
  }

  /** With its image as `repository` and `tags`, where they can be told apart. */
  #adds(build: Build): void {
    const { inputs, stays = inputs.stays } = imageInputs(build.tags);
    this.#builds.push({
      ...build,
      inputs: { ...inputs, ...build.inputs },
      ...(build.stays === undefined && stays !== undefined ? { stays } : {}),
    });
  }

  /** Notes the inputs that have no counterpart. */
  #loses(index: number, inputs: Texts, converted: readonly string[], why?: string): void {
    for (const [input, text] of Object.entries(inputs)) {
      if (converted.includes(input) || text.trim() === '') continue;
      const remedy =
        why ?? OWN_REMEDIES[input] ?? foreignInput(input)?.remedy.replace(/^Remove it(?:: |, or |; )/, '') ?? '';
      this.losses.push({ index, input, why: remedy.replace(/^./, (first) => first.toUpperCase()) });
    }
  }

  render(index: number, { id, with: inputs }: OfficialStep): void {
    const { image = '', 'container-name': container = '', 'task-definition-revision': revision, ...given } = inputs;
    const before = this.#renders.get(outputIn(given['task-definition']) ?? '');
    const { 'task-definition-family': family, ...others } = given;
    const rest =
      family !== undefined && revision ? { ...others, 'task-definition-arn': `${family}:${revision}` } : given;
    this.#loses(index, family === undefined ? inputs : rest, INPUT_NAMES);
    const names = container.split(',').map((name) => name.trim());
    const [first = ''] = (before?.images ?? []).map((pair) => pair.slice(0, pair.indexOf('=')));
    const isAnother = before !== undefined && !names.includes(first);
    const edits = OF_A_CONTAINER.filter((name) => rest[name] !== undefined);
    if (isAnother || names.length > 1)
      for (const input of edits)
        this.losses.push({
          index,
          input,
          why: `It is for the container ${container}, and in the new step for ${first || names[0]} alone. Write it in the template.`,
        });
    const template = this.#template(
      omit(
        rest,
        ({ name }) => (isAnother && edits.includes(name)) || (before !== undefined && name === 'task-definition'),
      ),
    );
    const own: Record<string, string> = { ...before?.inputs };
    for (const [name, text] of Object.entries(template.inputs))
      own[name] = LISTS.includes(name) && own[name] !== undefined ? `${own[name].trimEnd()}\n${text}` : text;
    const images = [...(before?.images ?? []), ...names.map((name) => `${name}=${image}`)];
    const steps = [...(before?.steps ?? []), ...template.steps, index];
    this.#renders.set(id ?? `step ${index}`, { inputs: own, images, steps });
  }

  /** The action registers the revision, runs its task where `run-task` asks for one, and then updates the service. */
  deploy(index: number, inputs: Texts): Read[] {
    if (!inputs.service || !runsTask(inputs)) return [this.#deploy(index, inputs)];
    const { 'run-task': asked = '', service: _, ...rest } = inputs;
    const expression = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(asked)?.[1]?.trim();
    const task = omit(rest, ({ name }) => OF_THE_SERVICE.includes(name) || name.startsWith('codedeploy-'));
    // A boolean is not equal to a text: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#operators
    const beside = expression === undefined ? '' : `format('{0}', ${expression}) == 'true'`;
    return [
      { ...this.#deploy(index, { ...task, mode: 'task' }), runsTask: true, beside },
      this.#deploy(
        index,
        omit(inputs, ({ name }) => name.startsWith('run-task') || name === 'wait-for-task-stopped'),
      ),
    ];
  }

  #deploy(index: number, inputs: Texts): Read {
    const { 'task-definition': file, ...rest } = inputs;
    const rendered = this.#renders.get(outputIn(file) ?? '');
    const { 'wait-for-service-stability': waits, ...all } = rest;
    const settings = pick(all, INPUT_NAMES);
    this.#loses(index, all, INPUT_NAMES);
    // This action waits without being asked: docs/migrating.md
    const wait: Texts = waits === undefined || waits === 'true' ? {} : { 'wait-for-service-stability': waits };
    // Without a service it registers alone, which is a mode here.
    const alone: Texts = rest.service || rest.mode || runsTask(rest) ? {} : { mode: 'register' };
    const template = rendered ?? this.#template(file === undefined ? {} : { 'task-definition': file });
    return this.#step(index, {
      images: rendered?.images ?? [],
      inputs: { ...alone, ...template.inputs, ...settings, ...(alone.mode ? {} : wait) },
      also: template.steps,
    });
  }

  /** A script may build, and may deploy: `aws ecs update-service`. */
  script(index: number, step: OfficialStep): Read[] {
    const found: Read[] = [];
    for (const command of commandsIn(oneLine(step.run), step)) {
      const [first, second, third] = command.words;
      if (first === 'docker' && (second === 'build' || (second === 'buildx' && third === 'build')))
        this.#docker(index, step, command);
      if (first === 'docker' && second === 'tag') this.#tagged(command.words.at(-2) ?? '', command.words.at(-1) ?? '');
      if (first !== 'aws' || second !== 'ecs') {
        this.#edited(index, command);
        this.#printed(step, command);
        continue;
      }
      if (third === 'describe-task-definition' && command.output !== undefined)
        this.#writes(command.output, { steps: [index], family: optionOf(command, '--task-definition') ?? '' });
      if (third === 'register-task-definition') this.#registers(index, command);
      if (third === 'update-service' && !onlyScales(command)) found.push(this.#updateService(index, command));
    }
    return found;
  }

  /** `jq ... task.json > new.json`: the new file is of the same family. */
  #edited(index: number, { words, output }: Command): void {
    const read = words.map((word) => this.#exports.get(pathOf(word))).find((one) => one !== undefined);
    if (read === undefined || output === undefined) return;
    const image = imageOfJq(words.join(' ')) ?? read.image;
    this.#writes(output, {
      steps: [...read.steps, index],
      family: read.family,
      ...(image === undefined ? {} : { image }),
    });
  }

  #writes(output: string, exported: Exported): void {
    this.#exports.set(pathOf(output), exported);
    const index = exported.steps.at(-1);
    if (index !== undefined) this.files.push({ index, file: pathOf(output) });
  }

  /** `echo "image=$REGISTRY/$REPOSITORY:$TAG" >> $GITHUB_OUTPUT` */
  #printed({ id }: OfficialStep, { words, output = '' }: Command): void {
    const [, name, value] = /^(\w+)=(\S.*)$/s.exec(words[0] === 'echo' ? (words[1] ?? '') : '') ?? [];
    if (id === undefined || name === undefined || value === undefined || !/GITHUB_OUTPUT|github\.output\b/.test(output))
      return;
    // What only the script knows stays its output.
    if (/[:/]/.test(value) && !/\$\(|`/.test(value)) this.#outputs.set(`\${{steps.${id}.outputs.${name}}}`, value);
  }

  /** From a file, or from what AWS and jq have just answered. */
  #registers(index: number, command: Command): void {
    const given = optionOf(command, '--cli-input-json');
    if (given === undefined) return;
    const { variable } = command;
    const isAnswer = /^\$\(\s*aws ecs describe-task-definition\b/.test(given);
    const [, family = optionOf(command, '--family') ?? ''] = isAnswer
      ? (/--task-definition\s+((?:\$\{\{.*?\}\}|\S)+)/.exec(given) ?? [])
      : [];
    const file = (/^\$\((?:cat |<\s*)([^)]+)\)$/.exec(given)?.[1] ?? given).replace(/^(?:file:\/\/)?(?:\.\/)?/, '');
    // A text that the script made, of which only the script knows what is in it.
    const isText = isAnswer || this.#variableIn(file) !== undefined || /^\$\(/.test(file);
    const template = isText
      ? { inputs: family === '' ? {} : { 'task-definition-family': family }, steps: [] }
      : this.#template({ 'task-definition': file });
    const image = isAnswer ? imageOfJq(given) : isText ? undefined : this.#exports.get(pathOf(file))?.image;
    this.#registered.push({ index, variable, template: template.inputs, steps: template.steps, image });
  }

  /** Of `${{ env.NAME }}`, which neither the workflow nor the job sets. */
  #variableIn(text: string): string | undefined {
    const variable = /^\$\{\{\s*env\.(\w+)\s*\}\}$/.exec(text)?.[1];
    return variable === undefined || this.#names.includes(variable) ? undefined : variable;
  }

  #docker(index: number, { id }: OfficialStep, command: Command): void {
    const { tags, inputs, others } = dockerBuild(command);
    // The same build once more, for another tag: one build with both.
    const before = this.#builds.at(-1);
    const [source = ''] = before?.index === index ? before.tags : [];
    if (source !== '' && tags.length > 0 && tags.every((tag) => nameIn(tag) === nameIn(source))) {
      for (const tag of tags) this.#tagged(source, tag);
      return;
    }
    for (const option of others)
      this.losses.push({ index, input: option, why: 'It is an option of the script alone.' });
    this.#adds({ index, id, given: tags, tags, inputs });
  }

  /** `docker tag`: another tag of the same repository is pushed as well. */
  #tagged(source: string, target: string): void {
    const at = this.#builds.findIndex(({ tags }) => tags.includes(source));
    const build = this.#builds[at];
    if (build === undefined || build.tags.includes(target)) return;
    // A local name that is pushed under another one alone.
    const isLocal = nameIn(target) !== nameIn(source);
    const tags = isLocal ? [target, ...build.tags.filter((tag) => tag !== source)] : [...build.tags, target];
    const { repository: _, tags: __, ...rest } = build.inputs;
    const { inputs, stays } = imageInputs(tags);
    const { stays: ___, ...others } = build;
    this.#builds[at] = {
      ...others,
      given: tags,
      tags,
      inputs: { ...inputs, ...rest },
      ...(stays === undefined ? {} : { stays }),
    };
  }

  #updateService(index: number, command: Command): Read {
    const option = (name: string): Texts => {
      const value = optionOf(command, `--${name}`);
      return value === undefined ? {} : { [name]: value };
    };
    const named = optionOf(command, '--task-definition') ?? '';
    // One that a script reads from an answer of AWS: the step starts from what the service runs.
    const variable = this.#variableIn(named);
    const family = variable === undefined ? named : '';
    const kept = this.#registered.findLast((one) => one.variable !== undefined && one.variable === variable);
    const last = this.#registered.at(-1);
    // Of several, only the variable says which one it is.
    const isOnly = new Set(this.#registered.map((one) => JSON.stringify(one.template))).size === 1;
    const registered = kept ?? (isOnly ? last : undefined);
    const template: Texts =
      registered?.template ??
      (family === '' ? {} : { [hasRevision(family) ? 'task-definition-arn' : 'task-definition-family']: family });
    // A new deployment of the same tag is what a new digest takes the place of.
    const forces = command.words.includes('--force-new-deployment') && this.#builds.length === 0;
    return this.#step(index, {
      images: registered?.image === undefined ? [] : [`=${registered.image}`],
      inputs: {
        ...template,
        ...option('cluster'),
        ...option('service'),
        ...option('desired-count'),
        ...(forces ? { 'force-new-deployment': 'true' } : {}),
      },
      also: registered ? [registered.index, ...registered.steps] : [],
    });
  }

  /** The file of the repository, or the family of which a script wrote the file. */
  #template({ 'task-definition': file, ...rest }: Texts): {
    readonly inputs: Texts;
    readonly steps: readonly number[];
  } {
    if (file === undefined) return { inputs: rest, steps: [] };
    const { family, steps = [] } = this.#exports.get(pathOf(file)) ?? {};
    const source = family ? { 'task-definition-family': family } : { 'task-definition': file };
    return { inputs: { ...source, ...rest }, steps };
  }

  #step(
    index: number,
    {
      images,
      inputs,
      also = [],
    }: { readonly images: readonly string[]; readonly inputs: Texts; readonly also?: readonly number[] },
  ): Read {
    const pairs = images.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
    const [own, ...others] = pairs;
    const [, image = ''] = own ?? [];
    const source = own === undefined ? this.#onlyBuild() : this.#buildOf(image);
    const isReadable = source?.build.stays === undefined;
    const build = isReadable ? source?.build : undefined;
    if (source && !isReadable) this.stays.set(source.build.index, source.build.stays ?? '');
    const access = this.access?.inputs ?? {};
    const inputsWith: Read['inputs'] = (built) => {
      // Without its output the image is the one that is there under the name that the build would have pushed.
      const isNamed = image !== '' && source?.from === 'name' && (built?.mayBeSkipped ?? false);
      const output = built === undefined ? undefined : isNamed ? image : `\${{ steps.${built.id}.outputs.image }}`;
      // Built by this step; one that exists is given, beside those of the other containers.
      const isBuilt = build !== undefined && output === undefined;
      const given = pairs.map(
        ([name, one]) => `${name}=${build !== undefined && one === image ? (output ?? one) : one}`,
      );
      const listed = given.filter((_, i) => !isBuilt || pairs[i]?.[1] !== image);
      const single: Texts = output === undefined && image === '' ? {} : { image: output ?? image };
      return {
        ...access,
        ...(isBuilt ? build.inputs : others.length === 0 ? single : {}),
        ...inputs,
        ...(own && own[0] !== '' && (isBuilt || others.length === 0 || isEdited(inputs))
          ? { 'container-name': own[0] }
          : {}),
        ...(others.length > 0 ? { images: listed.join('\n') } : {}),
      };
    };
    return {
      index,
      replaces: [
        ...new Set([
          ...(this.access ? [this.access.index] : []),
          ...this.helpers,
          ...(build ? [build.index] : []),
          ...also,
          index,
        ]),
      ].sort((a, b) => a - b),
      build,
      runsTask: runsTask(inputs) && !inputs.service,
      sharesImage: others.some(([, one]) => one === image),
      namesOutput: source?.from === 'output',
      access,
      inputs: inputsWith,
    };
  }

  /** Of a script that names no image: of several, nothing says which one a service runs. */
  #onlyBuild(): Source | undefined {
    const [build, ...others] = this.#builds;
    return build !== undefined && others.length === 0 ? { build, from: 'output' } : undefined;
  }

  /**
   * The build of the job that makes the image: by an output of its step, or by a name that it pushes. Any other image is given, also one
   * of the same repository with another tag: nothing says that it is the one that is built.
   */
  #buildOf(image: string): Source | undefined {
    const steps = [...image.matchAll(/\bsteps\.([\w-]+)\./g)].map(([, id]) => id);
    const named = this.#builds.find((one) => one.id !== undefined && steps.includes(one.id));
    if (named) return { build: named, from: 'output' };
    const name = this.#outputs.get(unspaced(image)) ?? image;
    const same = this.#builds.find(({ given, tags }) => {
      if ([...given, ...tags].some((tag) => nameOf(tag) === nameOf(name))) return true;
      // What tags docker/metadata-action makes is not known; an image of the same repository is one of them.
      const made = given.flatMap((tag) => outputIn(tag) ?? []).filter((id) => this.#metadata.has(id));
      return (
        made.some((id) => steps.includes(id)) ||
        (made.length > 0 && tags.some((tag) => nameOf(nameIn(tag)) === nameOf(nameIn(name))))
      );
    });
    return same && { build: same, from: 'name' };
  }
}

interface Source {
  readonly build: Build;
  /** What names the image: an output of the build's step, or a name that is there without it. */
  readonly from: 'output' | 'name';
}

const isEdited = (inputs: Texts): boolean => OF_A_CONTAINER.some((name) => inputs[name] !== undefined);

/** `aws ecs update-service --desired-count` without a revision or a new deployment: ECS starts or stops tasks of the one that runs. */
export const onlyScales = (command: Command): boolean =>
  command.words[2] === 'update-service' &&
  optionOf(command, '--desired-count') !== undefined &&
  optionOf(command, '--task-definition') === undefined &&
  !command.words.includes('--force-new-deployment');

/** `jq --arg IMAGE name:tag '.containerDefinitions[0].image = $IMAGE'` */
function imageOfJq(text: string): string | undefined {
  for (const [, name = '', value = ''] of text.matchAll(/--arg\s+(\w+)\s+((?:\$\{\{.*?\}\}|\S)+)/g))
    if (new RegExp(`\\.image\\s*\\|?=\\s*\\(?\\$${name}\\b`).test(text)) return value;
  return undefined;
}

const pathOf = (file: string): string => file.replace(/^\.\//, '');

/** An expression may be true. */
const runsTask = ({ 'run-task': value = 'false' }: Texts): boolean => value.trim().toLowerCase() !== 'false';

const omit = (inputs: Texts, isLeftOut: (input: { readonly name: string }) => boolean): Texts =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => !isLeftOut({ name })));

const pick = (inputs: Texts, names: readonly string[]): Texts =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => names.includes(name)));
