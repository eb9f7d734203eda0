/**
 * A job that deploys with the official actions or the AWS CLI, as the one step of this action that takes their place. What is read: the
 * steps aws-actions/* and docker/build-push-action, and in scripts `docker build`, `docker push`, `aws ecs register-task-definition`,
 * `describe-task-definition` and `update-service`.
 */
import { posix } from 'node:path';
import { type Command, commandsIn, optionOf } from './shell.ts';

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
}

/** The step of this action, and what it takes the place of. */
export interface Replacement {
  /** Of the step that deploys. */
  readonly index: number;
  /** All steps that it takes the place of. */
  readonly replaces: readonly number[];
  /** Steps of the chain that stay before it, and what for. */
  readonly keeps: readonly { readonly index: number; readonly why: string }[];
  readonly with: Texts;
  /** A step of its own before it, where it runs a task: one that builds no image. */
  readonly build?: BuildStep;
}

/** With `mode: build`. */
export interface BuildStep {
  /** Of the step that built. */
  readonly index: number;
  readonly id: string;
  readonly with: Texts;
}

type Read = Omit<Replacement, 'keeps'>;

interface Build {
  readonly index: number;
  readonly id: string | undefined;
  readonly inputs: Texts;
  /** As a later step names the image. */
  readonly image: string | undefined;
}

const actionOf = (uses: string): string => uses.replace(/@.*$/, '').toLowerCase();

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
/** A command that finds its credentials in the environment. */
const USES_AWS = /(?:^|[\s;&|("'`])(?:aws|cdk|sam|terraform|tofu|pulumi|copilot|ecspresso|serverless|sls)\s/m;
const METADATA = 'docker/metadata-action';
const RENDER = 'aws-actions/amazon-ecs-render-task-definition';
const DEPLOY = 'aws-actions/amazon-ecs-deploy-task-definition';

/**
 * @param names of the environment variables of the workflow and the job
 * @returns one for each service that the steps deploy; none where they deploy nothing that can be read
 */
export function replacementsIn(steps: readonly OfficialStep[], names: readonly string[] = []): Replacement[] {
  const found: Read[] = [];
  const read = new Reading(names);
  for (const [index, step] of steps.entries()) {
    const { uses, with: inputs } = step;
    const action = actionOf(uses);
    if (action === 'aws-actions/configure-aws-credentials') read.credentials(index, inputs);
    else if (action === METADATA) read.metadata(index, step);
    else if (/^(?:aws-actions\/amazon-ecr-login|docker\/setup-(?:qemu|buildx)-action)$/.test(action))
      read.helpers.push(index);
    else if (action === 'docker/build-push-action') read.build(index, step);
    else if (action === RENDER) read.render(index, step);
    else if (action === DEPLOY) found.push(read.deploy(index, inputs));
    else if (step.run !== '') found.push(...read.script(index, step));
  }
  return withKept(found, { steps, access: read.access });
}

interface Access {
  readonly index: number;
  readonly inputs: Texts;
  /** Where its credentials are none that this action makes itself. */
  readonly isNeeded: boolean;
}

/**
 * Without the step that only waits for what has been deployed, and with those that have to stay: credentials that come from keys, those of
 * the steps that are left, and a step whose outputs the new one names.
 */
function withKept(
  found: readonly Read[],
  { steps, access }: { readonly steps: readonly OfficialStep[]; readonly access: Access | undefined },
): Replacement[] {
  const waits = found.length === 0 ? [] : steps.flatMap((step, index) => (onlyWaits(step) ? [index] : []));
  const all = new Set([...found.flatMap((one) => one.replaces), ...waits]);
  const others = steps.flatMap(({ uses, run }, index) =>
    !all.has(index) && index > (access?.index ?? 0) && (USES_AWS.test(run) || uses.startsWith('aws-actions/'))
      ? [index]
      : [],
  );
  return found.map((one, i) => {
    const keeps = new Map<number, string>();
    if (access?.isNeeded) keeps.set(access.index, 'this action finds its credentials in the environment');
    else if (access && others.length > 0) keeps.set(access.index, 'other steps of the job use its credentials');
    const text = [...Object.values(one.with), ...Object.values(one.build?.with ?? {})].join('\n');
    for (const index of one.replaces) {
      const { id, uses } = steps[index] ?? {};
      if (index === one.index || index === one.build?.index) continue;
      if (id !== undefined && uses !== '' && text.includes(`steps.${id}.outputs.`))
        keeps.set(index, whyNamed(steps[index], one));
    }
    const replaces = i === found.length - 1 ? [...new Set([...one.replaces, ...waits])] : one.replaces;
    return {
      ...one,
      replaces: replaces.filter((index) => !keeps.has(index)).sort((a, b) => a - b),
      keeps: [...keeps].map(([index, why]) => ({ index, why })).sort((a, b) => a.index - b.index),
    };
  });
}

/** Names of images that a login made are empty without it; what the new step uses does not depend on them. */
const whyNamed = (step: OfficialStep | undefined, { with: own, build }: Read): string => {
  const { repository = '' } = build?.with ?? own;
  return /\bsteps\./.test(step?.with.images ?? '')
    ? `the new step uses its outputs. Write \`images: ${repository}\` there, without the registry of the login`
    : 'the new step uses its outputs';
};

/** `aws ecs wait services-stable` and nothing else: the step of this action waits itself. */
function onlyWaits(step: OfficialStep): boolean {
  const commands = step.run === '' ? [] : commandsIn(step.run, step);
  return (
    commands.length > 0 && commands.every(({ words }) => words.slice(0, 4).join(' ') === 'aws ecs wait services-stable')
  );
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
    { readonly index: number; readonly inputs: Texts; readonly images: readonly string[] }
  >();
  /** Files that a script wrote with `aws ecs describe-task-definition`, by name: the family. */
  readonly #exports = new Map<string, { readonly index: number; readonly family: string }>();
  #registered: { readonly index: number; readonly file: string } | undefined;

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
    const given = linesOf(filled.tags ?? '');
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
      inputs: { ...imageInputs(tags), ...pick(filled, BUILD_INPUTS), ...Object.fromEntries(secrets) },
      image: tags[0],
    });
  }

  render(index: number, { id, with: inputs, env }: OfficialStep): void {
    const { image = '', 'container-name': container = '', ...rest } = inputs;
    const before = this.#renders.get(outputIn(rest['task-definition']) ?? '');
    const own = { ...(before?.inputs ?? {}), ...this.#template(rest) };
    const images = [...(before?.images ?? []), `${container}=${withEnv(image, env)}`];
    this.#renders.set(id ?? `step ${index}`, { index, inputs: own, images });
  }

  deploy(index: number, inputs: Texts): Read {
    const { 'task-definition': file, ...rest } = inputs;
    const rendered = this.#renders.get(outputIn(file) ?? '');
    const { 'wait-for-service-stability': waits, ...settings } = rest;
    // This action waits without being asked: docs/migrating.md
    const wait: Texts = waits === undefined || waits === 'true' ? {} : { 'wait-for-service-stability': waits };
    // Without a service it registers alone, which is a mode here.
    const alone: Texts = rest.service || runsTask(rest) ? {} : { mode: 'register' };
    const template = rendered ? rendered.inputs : this.#template(file === undefined ? {} : { 'task-definition': file });
    return this.#step(index, {
      images: rendered?.images ?? [],
      inputs: { ...alone, ...template, ...settings, ...(alone.mode ? {} : wait) },
    });
  }

  /** A script may build, and may deploy: `aws ecs update-service`. */
  script(index: number, step: OfficialStep): Read[] {
    const found: Read[] = [];
    for (const command of commandsIn(step.run, step)) {
      const [first, second, third] = command.words;
      if (first === 'docker' && (second === 'build' || (second === 'buildx' && third === 'build')))
        this.#docker(index, step, command);
      if (first !== 'aws' || second !== 'ecs') {
        this.#edited(index, command);
        continue;
      }
      if (third === 'describe-task-definition' && command.output !== undefined)
        this.#exports.set(pathOf(command.output), { index, family: optionOf(command, '--task-definition') ?? '' });
      if (third === 'register-task-definition') {
        const file = optionOf(command, '--cli-input-json')?.replace(/^file:\/\/(?:\.\/)?/, '');
        if (file !== undefined) this.#registered = { index, file };
      }
      if (third === 'update-service') found.push(this.#updateService(index, command));
    }
    return found;
  }

  /** `jq ... task.json > new.json`: the new file is of the same family. */
  #edited(index: number, { words, output }: Command): void {
    const read = words.map((word) => this.#exports.get(pathOf(word))).find((one) => one !== undefined);
    if (read !== undefined && output !== undefined) this.#exports.set(pathOf(output), { index, family: read.family });
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
    this.#builds.push({
      index,
      id,
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

  #updateService(index: number, command: Command): Read {
    const option = (name: string): Texts => {
      const value = optionOf(command, `--${name}`);
      return value === undefined ? {} : { [name]: value };
    };
    const named = optionOf(command, '--task-definition') ?? '';
    // One that a script reads from an answer of AWS: the step starts from what the service runs.
    const variable = /^\$\{\{\s*env\.(\w+)\s*\}\}$/.exec(named)?.[1];
    const family = variable === undefined || this.#names.includes(variable) ? named : '';
    const registered = this.#registered;
    const template: Texts = registered
      ? this.#template({ 'task-definition': registered.file })
      : family === ''
        ? {}
        : { 'task-definition-family': family };
    // A new deployment of the same tag is what a new digest takes the place of.
    const forces = command.words.includes('--force-new-deployment') && this.#builds.length === 0;
    return this.#step(index, {
      images: [],
      inputs: {
        ...template,
        ...option('cluster'),
        ...option('service'),
        ...option('desired-count'),
        ...(forces ? { 'force-new-deployment': 'true' } : {}),
      },
      also: registered ? [registered.index] : [],
    });
  }

  /** The file of the repository, or the family of which a script wrote the file. */
  #template({ 'task-definition': file, ...rest }: Texts): Texts {
    if (file === undefined || outputIn(file) !== undefined) return rest;
    const family = this.#exports.get(pathOf(file))?.family;
    return { ...(family ? { 'task-definition-family': family } : { 'task-definition': file }), ...rest };
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
    const isBuilt = build !== undefined;
    // `mode: task` runs an image that exists: docs/tasks.md
    const before: BuildStep | undefined =
      isBuilt && runsTask(inputs) && !inputs.service
        ? {
            index: build.index,
            id: build.id ?? 'build',
            with: { mode: 'build', ...this.access?.inputs, ...build.inputs },
          }
        : undefined;
    const ofImage: Texts = before ? { image: `\${{ steps.${before.id}.outputs.image }}` } : (build?.inputs ?? {});
    const named: Texts =
      others.length > 0
        ? {
            images: pairs
              .filter(([, one]) => !isBuilt || one !== image)
              .map((pair) => pair.join('='))
              .join('\n'),
          }
        : {};
    return {
      index,
      replaces: [
        ...new Set([
          ...(this.access ? [this.access.index] : []),
          ...this.helpers,
          ...(build ? [build.index] : []),
          ...[...this.#renders.values()].map((one) => one.index),
          ...[...this.#exports.values()].map((one) => one.index),
          ...also,
          index,
        ]),
      ].sort((a, b) => a - b),
      with: {
        ...this.access?.inputs,
        ...(isBuilt ? ofImage : image !== '' && others.length === 0 ? { image } : {}),
        ...inputs,
        ...(own && own[0] !== '' && (isBuilt || others.length === 0) ? { 'container-name': own[0] } : {}),
        ...named,
      },
      ...(before ? { build: before } : {}),
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

const pathOf = (file: string): string => file.replace(/^\.\//, '');

/** An expression may be true. */
const runsTask = ({ 'run-task': value = 'false' }: Texts): boolean => value.trim().toLowerCase() !== 'false';

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
