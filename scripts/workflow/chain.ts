/**
 * What the steps of a job do that deploys with the official actions or the AWS CLI: the build, the task definition and the deployment of
 * each service. What is read: the steps aws-actions/* and docker/build-push-action, and in scripts `docker build`, `docker push`,
 * `aws ecs register-task-definition`, `describe-task-definition` and `update-service`.
 */
import { posix } from 'node:path';
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
  /** @param built the step that builds its image, where that is one of its own; one that may be skipped has no output then */
  readonly inputs: (built: { readonly id: string; readonly mayBeSkipped: boolean } | undefined) => Texts;
}

export interface Build {
  readonly index: number;
  readonly id: string | undefined;
  /** As a later step may name the image. */
  readonly tags: readonly string[];
  readonly inputs: Texts;
  /** As a later step names the image. */
  readonly image: string | undefined;
}

export const actionOf = (uses: string): string => uses.replace(/@.*$/, '').toLowerCase();

/** Inputs of build-push-action whose names are the same here. */
const BUILD_INPUTS = [
  'context',
  'file',
  'target',
  'platforms',
  'build-args',
  'build-contexts',
  'labels',
  'provenance',
  'sbom',
  'pull',
  'no-cache',
  'ssh',
];
const BUILD_SECRETS: Texts = {
  secrets: 'build-secrets',
  'secret-files': 'build-secret-files',
  'secret-envs': 'build-secret-envs',
};
/** Of the credentials' action. */
const CREDENTIALS = [
  'aws-region',
  'role-to-assume',
  'role-session-name',
  'role-duration-seconds',
  'audience',
  'allowed-account-ids',
];
/** Credentials that this action takes from the environment, where that step has put them: docs/migrating.md */
const OWN_CREDENTIALS = ['aws-access-key-id', 'web-identity-token-file', 'role-chaining'];
export const METADATA = 'docker/metadata-action';
export const CREDENTIALS_ACTION = 'aws-actions/configure-aws-credentials';
export const LOGIN = 'aws-actions/amazon-ecr-login';
export const BUILD = 'docker/build-push-action';
export const RENDER = 'aws-actions/amazon-ecs-render-task-definition';
export const DEPLOY = 'aws-actions/amazon-ecs-deploy-task-definition';

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
): { readonly found: readonly Read[]; readonly access: Access | undefined } {
  const found: Read[] = [];
  const read = new Reading(names);
  for (const [index, step] of steps.entries()) {
    const { uses, with: inputs } = step;
    const action = actionOf(uses);
    if (action === CREDENTIALS_ACTION) read.credentials(index, inputs);
    else if (action === METADATA) read.metadata(index, step);
    else if (/^(?:aws-actions\/amazon-ecr-login|docker\/setup-(?:qemu|buildx)-action)$/.test(action))
      read.helpers.push(index);
    else if (action === BUILD) read.build(index, step);
    else if (action === RENDER) read.render(index, step);
    else if (action === DEPLOY) found.push(...read.deploy(index, inputs));
    else if (step.run !== '') found.push(...read.script(index, step));
  }
  return { found, access: read.access };
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
  readonly #names: readonly string[];
  access: Access | undefined;
  /** Their names of images, by the step's id. */
  readonly #metadata = new Map<string, readonly string[]>();
  readonly #builds: Build[] = [];
  readonly #renders = new Map<
    string,
    { readonly inputs: Texts; readonly images: readonly string[]; readonly steps: readonly number[] }
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
  }

  metadata(index: number, { id, with: inputs, env }: OfficialStep): void {
    this.helpers.push(index);
    if (id !== undefined)
      this.#metadata.set(
        id,
        linesOf(withEnv(inputs.images ?? '', env)).filter((one) => !one.includes('=')),
      );
  }

  build(index: number, { id, with: inputs, env }: OfficialStep): void {
    const filled = Object.fromEntries(Object.entries(inputs).map(([name, text]) => [name, withEnv(text, env)]));
    const given = linesOf(filled.tags ?? '').map((tag) => this.#outputs.get(unspaced(tag)) ?? tag);
    // docker/metadata-action makes whole names; here the repository is one input and the tags another.
    const tags = given.flatMap((tag) => {
      const step = outputIn(tag) ?? '';
      const names = this.#metadata.get(step) ?? [];
      return names.length === 0 ? tag : names.map((name) => `${name}:\${{ steps.${step}.outputs.tag-names }}`);
    });
    const secrets = Object.entries(BUILD_SECRETS).flatMap(([theirs, ours]) =>
      filled[theirs] === undefined ? [] : [[ours, filled[theirs]] as const],
    );
    this.#builds.push({
      index,
      id,
      tags,
      inputs: { ...imageInputs(tags), ...pick(filled, BUILD_INPUTS), ...Object.fromEntries(secrets) },
      image: tags[0],
    });
  }

  render(index: number, { id, with: inputs, env }: OfficialStep): void {
    const { image = '', 'container-name': container = '', ...rest } = inputs;
    const before = this.#renders.get(outputIn(rest['task-definition']) ?? '');
    const template = this.#template(rest);
    const own = { ...(before?.inputs ?? {}), ...template.inputs };
    const images = [...(before?.images ?? []), `${container}=${withEnv(image, env)}`];
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
    const { 'wait-for-service-stability': waits, ...settings } = rest;
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
        this.#exports.set(pathOf(command.output), {
          steps: [index],
          family: optionOf(command, '--task-definition') ?? '',
        });
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
    this.#exports.set(pathOf(output), {
      steps: [...read.steps, index],
      family: read.family,
      ...(image === undefined ? {} : { image }),
    });
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
    const { words, folder } = command;
    const at = (path: string): string => (/^[$/~]|:\/\//.test(path) ? path : posix.join(folder || '.', path));
    const valued =
      /^(?:-t|--tag|-f|--file|--platform|--build-arg|--target|--cache-from|--cache-to|--label|--secret|--ssh|--network|--progress|-o|--output|--provenance|--sbom|--add-host|--builder)$/;
    const positional = words
      .slice(words.indexOf('build') + 1)
      .filter((word, i, all) => !word.startsWith('-') && !valued.test(all[i - 1] ?? ''));
    const all = (...names: readonly string[]): string[] =>
      words.flatMap((word, i) => {
        const [name = '', ...value] = word.split('=');
        if (names.includes(word)) return words[i + 1] ?? [];
        return names.includes(name) && name.startsWith('--') ? value.join('=') : [];
      });
    const [context = '.'] = positional;
    const [file] = all('-f', '--file');
    const [platforms] = all('--platform');
    const [target] = all('--target');
    const args = all('--build-arg');
    const tags = all('-t', '--tag');
    // The same build once more, for another tag: one build with both.
    const before = this.#builds.at(-1);
    const [source = ''] = before?.index === index ? before.tags : [];
    if (source !== '' && tags.length > 0 && tags.every((tag) => nameIn(tag) === nameIn(source))) {
      for (const tag of tags) this.#tagged(source, tag);
      return;
    }
    this.#builds.push({
      index,
      id,
      tags,
      inputs: {
        ...imageInputs(tags),
        ...(at(context) === '.' || at(context) === './' ? {} : { context: at(context) }),
        ...(file === undefined ? {} : { file: at(file) }),
        ...(platforms === undefined ? {} : { platforms }),
        ...(target === undefined ? {} : { target }),
        ...(args.length === 0 ? {} : { 'build-args': args.join('\n') }),
      },
      image: tags[0],
    });
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
    this.#builds[at] = { ...build, tags, inputs: { ...imageInputs(tags), ...rest }, image: tags[0] };
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
    if (file === undefined || outputIn(file) !== undefined) return { inputs: rest, steps: [] };
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
    const build = this.#buildOf(image, own !== undefined);
    const access = this.access?.inputs ?? {};
    const inputsWith: Read['inputs'] = (built) => {
      // Without its output the image is the one that is there under the name that the build would have pushed.
      const isNamed = image !== '' && (built?.mayBeSkipped ?? false);
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
        ...(own && own[0] !== '' && (isBuilt || others.length === 0) ? { 'container-name': own[0] } : {}),
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
      access,
      inputs: inputsWith,
    };
  }

  /** The build of the job that makes the image; an image of another job is given. */
  #buildOf(image: string, isRendered: boolean): Build | undefined {
    const last = this.#builds.at(-1);
    if (!isRendered) return last;
    const step = /\bsteps\.([\w-]+)\./.exec(image)?.[1];
    const named = this.#builds.find((one) => one.id !== undefined && one.id === step);
    if (named) return named;
    const same = this.#builds.find((one) => one.image !== undefined && nameIn(one.image) === nameIn(image));
    if (same) return same;
    return /\bneeds\.|\binputs\./.test(image) ? undefined : last;
  }
}

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

/** `web:3` or an ARN: one that is there. */
const hasRevision = (named: string): boolean => masked(named, (plain) => plain.includes(':'));

const unspaced = (expression: string): string => expression.replaceAll(/\s+/g, '');

const pathOf = (file: string): string => file.replace(/^\.\//, '');

/** An expression may be true. */
const runsTask = ({ 'run-task': value = 'false' }: Texts): boolean => value.trim().toLowerCase() !== 'false';

/** Inputs of the official action that its task does not use. */
const OF_THE_SERVICE = [
  'desired-count',
  'force-new-deployment',
  'wait-for-service-stability',
  'service-managed-ebs-volume',
  'service-managed-ebs-volume-name',
];

const omit = (inputs: Texts, isLeftOut: (input: { readonly name: string }) => boolean): Texts =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => !isLeftOut({ name })));

const pick = (inputs: Texts, names: readonly string[]): Texts =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => names.includes(name)));

/** Of a list that commas or lines separate; an expression may have commas. */
const linesOf = (text: string): string[] =>
  masked(text, (plain, restore) => plain.split(/[\n,]/).flatMap((one) => restore(one.trim()) || []));

/** `render` of `${{ steps.render.outputs.task-definition }}` */
const outputIn = (text = ''): string | undefined =>
  /^\s*\$\{\{\s*steps\.([\w-]+)\.outputs\.[\w-]+\s*\}\}\s*$/.exec(text)?.[1];

/** `env` of a step is not there in another one. */
export const withEnv = (text: string, env: Texts): string =>
  text.replaceAll(/\$\{\{\s*env\.(\w+)\s*\}\}/g, (whole, name: string) => env[name] ?? whole);

/** Parts that are separated by `/` or `:`; an expression is one word, in the place of which stands a number between characters of private use. */
const EXPRESSION = /\$\{\{.*?\}\}/g;
function masked<T>(text: string, use: (plain: string, restore: (part: string) => string) => T): T {
  const expressions: string[] = [];
  const plain = text.replaceAll(EXPRESSION, (one) => `\uE000${expressions.push(one) - 1}\uE001`);
  return use(plain, (part) => part.replaceAll(/\uE000(\d+)\uE001/g, (_, i: string) => expressions[Number(i)] ?? ''));
}

/** The name without its tag. */
const nameIn = (image: string): string => masked(image, (plain, restore) => restore(plain.replace(/[:@][^/]*$/, '')));

/** `repository`, and `tags` where they are not the commit alone, which is the default. */
function imageInputs(images: readonly string[]): Texts {
  const [first] = images;
  if (first === undefined) return {};
  const parts = images.map((image) =>
    masked(image, (plain, restore) => {
      const [, name = plain, tag = ''] = /^(.*?)(?::([^/:]*))?$/.exec(plain) ?? [];
      return { name: restore(name), tag: restore(tag) };
    }),
  );
  const [{ name, tag } = { name: first, tag: '' }] = parts;
  const tags = parts.filter((one) => one.name === name).map((one) => one.tag);
  const isCommit = tags.length === 1 && /^\$\{\{\s*github\.sha\s*\}\}$/.test(tag);
  return {
    repository: masked(name, (plain, restore) => {
      const [host = '', ...path] = plain.split('/');
      const isOwnRegistry = /registry/i.test(restore(host)) && path.length > 0;
      return restore(isOwnRegistry ? path.join('/') : plain);
    }),
    ...(isCommit || tags.every((one) => one === '') ? {} : { tags: tags.filter((one) => one !== '').join('\n') }),
  };
}
