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
  /** Its `if`. */
  readonly condition?: string | undefined;
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
  /** Where something of the workflow uses its outputs. */
  readonly id?: string;
  /** `if` of the step that deploys. */
  readonly condition?: string;
  /** A step of its own before it: for a task, which builds no image; where others stay between them, or one of both has a condition; for several that deploy one image. */
  readonly build?: BuildStep;
  /** What the workflow does beside building and deploying, after its build and before its deployment: scans, tests, approvals. */
  readonly between?: readonly Stays[];
  /** Commands of scripts it takes the place of that are neither a build nor a deployment, before and after both. */
  readonly rest?: readonly Stays[];
  /** Expressions elsewhere in the workflow that name a step which is gone. */
  readonly uses?: readonly OutputUse[];
}

/** With `mode: build`. */
export interface BuildStep {
  /** Of the step that built. */
  readonly index: number;
  readonly id: string;
  /** `if` of the step that built. */
  readonly condition?: string;
  readonly with: Texts;
}

/** A step that stays, or some commands of one that does not. */
export interface Stays {
  readonly index: number;
  /** None: the whole step. */
  readonly commands?: readonly string[];
}

/** `steps.ID.outputs.NAME` in the workflow. */
export interface Reference {
  readonly line: number;
  /** Of the step that it is in; undefined for outputs of the job. */
  readonly index: number | undefined;
  readonly id: string;
  /** `outputs.digest`, `outcome`, `conclusion` */
  readonly member: string;
}

export interface OutputUse {
  readonly line: number;
  /** `steps.build.outputs.digest` */
  readonly written: string;
  /** What to write there; undefined where the new step has no such output. */
  readonly instead: string | undefined;
}

interface Read {
  readonly index: number;
  readonly replaces: readonly number[];
  readonly build: Build | undefined;
  /** `mode: task` runs an image that exists: docs/tasks.md */
  readonly runsTask: boolean;
  /** Where the same step also updates a service, which is a Read of its own: what decides whether the task runs; empty for always. */
  readonly beside?: string;
  readonly access: Texts;
  /** @param built the id of the step that builds its image, where that is one of its own */
  readonly inputs: (built: string | undefined) => Texts;
}

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
/** Why a step that sets credentials of its own stays. */
export const NEEDS_ENVIRONMENT = 'this action finds its credentials in the environment';
const METADATA = 'docker/metadata-action';
const CREDENTIALS_ACTION = 'aws-actions/configure-aws-credentials';
const LOGIN = 'aws-actions/amazon-ecr-login';
const BUILD = 'docker/build-push-action';
/** Steps that pull or push images, and so use the login to the registry. */
const USES_DOCKER = /^docker\/(?:build-push|bake)-action@|(?:^|[\s;&|("'`])docker\s/m;
const USES_BUILDER = /^docker\/(?:build-push|bake)-action@|\bdocker buildx\b/m;
const RENDER = 'aws-actions/amazon-ecs-render-task-definition';
const DEPLOY = 'aws-actions/amazon-ecs-deploy-task-definition';

/**
 * @param names of the environment variables of the workflow and the job
 * @param references of the whole job, its outputs among them
 * @returns one for each service that the steps deploy; none where they deploy nothing that can be read
 */
export function replacementsIn(
  steps: readonly OfficialStep[],
  names: readonly string[] = [],
  references: readonly Reference[] = [],
): Replacement[] {
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
  return withKept(found, { steps, access: read.access, references });
}

interface Access {
  readonly index: number;
  readonly inputs: Texts;
  /** Where its credentials are none that this action makes itself. */
  readonly isNeeded: boolean;
}

/**
 * Without the step that only waits for what has been deployed, and with those that have to stay: credentials that come from keys, what
 * the steps that are left use of the chain, and a step whose outputs the new one names. What stands between a build and its deployment, such
 * as a scan, stays there: the build is a step of its own then.
 */
function withKept(
  found: readonly Read[],
  {
    steps,
    access,
    references,
  }: {
    readonly steps: readonly OfficialStep[];
    readonly access: Access | undefined;
    readonly references: readonly Reference[];
  },
): Replacement[] {
  const waits = found.length === 0 ? [] : steps.flatMap((step, index) => (onlyWaits(step) ? [index] : []));
  const all = new Set([...found.flatMap((one) => one.replaces), ...waits]);
  const left = steps.flatMap((step, index) => (all.has(index) ? [] : [{ ...step, index }]));
  const outside = references.filter(({ index }) => index === undefined || !all.has(index));
  const taken = new Set(left.flatMap(({ id }) => id ?? []));
  const builds = new Map<Build, BuildStep>();
  const reads = found.map((one) => ({ one, ...restsOf(one, { steps, left: left.map(({ index }) => index) }) }));
  const conditionOf = (index: number): { readonly condition?: string } => {
    const { condition } = steps[index] ?? {};
    return condition === undefined ? {} : { condition };
  };
  const needsOwn = ({ one, between }: { readonly one: Read; readonly between: readonly Stays[] }): boolean =>
    one.runsTask ||
    between.length > 0 ||
    (one.build !== undefined && conditionOf(one.build.index).condition !== conditionOf(one.index).condition) ||
    found.filter(({ build }) => build === one.build).length > 1;
  for (const each of reads) {
    const { build, access: inputs } = each.one;
    if (build === undefined || builds.has(build) || !needsOwn(each)) continue;
    const id = build.id ?? free('build', taken);
    taken.add(id);
    builds.set(build, {
      index: build.index,
      id,
      ...conditionOf(build.index),
      with: { mode: 'build', ...inputs, ...build.inputs },
    });
  }
  return reads.map(({ one, between, rest }, i) => {
    const build = one.build && builds.get(one.build);
    const inputs = one.inputs(build?.id);
    const text = [...Object.values(inputs), ...Object.values(build?.with ?? {})].join('\n');
    const keeps = new Map<number, string>();
    for (const index of one.replaces) {
      const { id, uses } = steps[index] ?? {};
      if (id === undefined || uses === '' || index === one.index || index === one.build?.index) continue;
      if (text.includes(`steps.${id}.outputs.`)) keeps.set(index, whyNamed(steps[index], build?.with ?? inputs));
    }
    for (const index of one.replaces) {
      const why = whyUsed(steps[index], { index, between, left, outside });
      if (why !== undefined && !keeps.has(index)) keeps.set(index, why);
    }
    const later = left.filter(
      ({ uses, run, index }) => index > (access?.index ?? 0) && (USES_AWS.test(run) || uses.startsWith('aws-actions/')),
    );
    if (access?.isNeeded) keeps.set(access.index, NEEDS_ENVIRONMENT);
    else if (access && later.length > 0) keeps.set(access.index, 'other steps of the job use its credentials');
    else if (access && [...keeps.keys()].some((index) => actionOf(steps[index]?.uses ?? '') === LOGIN))
      keeps.set(access.index, 'the login to the registry uses its credentials');
    const replaces = i === found.length - 1 ? [...new Set([...one.replaces, ...waits])] : one.replaces;
    const deploys = steps[one.index]?.id ?? free('deploy', taken);
    const isDouble = found.some(({ index, beside }) => index === one.index && beside !== undefined);
    const tasks = isDouble ? free('task', taken) : deploys;
    const own = one.beside === undefined ? deploys : tasks;
    const gone = replaces.filter((index) => !keeps.has(index));
    const named = outside.filter(({ id }) => gone.some((index) => steps[index]?.id === id));
    const uses = named.flatMap(({ line, id, member }): OutputUse[] => {
      const written = `steps.${id}.${member}`;
      const step = steps.find((other) => other.id === id);
      const instead = step && insteadOf(step, member, { build: build?.id, own: deploys, tasks });
      return instead === written ? [] : [{ line, written, instead }];
    });
    const isNamed =
      named.length > 0 &&
      (uses.some(({ instead }) => instead?.startsWith(`steps.${own}.`)) || named.some(({ id }) => id === own));
    return {
      index: one.index,
      ...(isNamed ? { id: own } : {}),
      ...bothOf(conditionOf(one.index), one.beside),
      with: inputs,
      ...(build ? { build } : {}),
      ...(between.length > 0 ? { between } : {}),
      ...(rest.length > 0 ? { rest } : {}),
      ...(uses.length > 0 ? { uses } : {}),
      replaces: gone.sort((a, b) => a - b),
      keeps: [...keeps].map(([index, why]) => ({ index, why })).sort((a, b) => a.index - b.index),
    };
  });
}

/** The condition of the step, and that of its task. */
function bothOf({ condition }: { readonly condition?: string }, other = ''): { readonly condition?: string } {
  if (other === '') return condition === undefined ? {} : { condition };
  if (condition === undefined) return { condition: other };
  const [, inner = condition] = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition) ?? [];
  return { condition: `(${inner.trim()}) && ${other}` };
}

/** The name, or with a number behind it. */
function free(name: string, taken: ReadonlySet<string>): string {
  for (let i = 1; ; i += 1) {
    const id = i === 1 ? name : `${name}-${i}`;
    if (!taken.has(id)) return id;
  }
}

/** What stays between the build and the deployment, and the other commands of scripts that go. */
function restsOf(
  { index, build, replaces }: Read,
  { steps, left }: { readonly steps: readonly OfficialStep[]; readonly left: readonly number[] },
): { readonly between: readonly Stays[]; readonly rest: readonly Stays[] } {
  const between: Stays[] = left
    .filter((at) => build !== undefined && at > build.index && at < index)
    .map((at) => ({ index: at }));
  const rest: Stays[] = [];
  for (const at of replaces) {
    const step = steps[at];
    if (step === undefined || step.run === '') continue;
    const commands = commandsIn(oneLine(step.run), step).map((command) => ({ command, kind: kindOf(command) }));
    const built = at === build?.index ? commands.findLastIndex(({ kind }) => kind === 'build') : -1;
    const deployed = at === index ? commands.findIndex(({ kind }) => kind === 'deploy') : commands.length;
    const others = commands.flatMap(({ command, kind }, i) =>
      kind === 'other' ? [{ shown: shownOf(command), i }] : [],
    );
    const isBetween = (i: number): boolean =>
      build !== undefined && at >= build.index && (at > build.index || i > built) && i < deployed;
    const inside = others.filter(({ i }) => isBetween(i)).map(({ shown }) => shown);
    const outside = others.filter(({ i }) => !isBetween(i)).map(({ shown }) => shown);
    if (inside.length > 0) between.push({ index: at, commands: inside });
    if (outside.length > 0) rest.push({ index: at, commands: outside });
  }
  return { between: between.sort((a, b) => a.index - b.index), rest };
}

/** As a person would write it; a variable for later steps says what it is for. */
const shownOf = ({ words, output }: Command): string =>
  `${words.join(' ')}${TO_LATER_STEPS.test(output ?? '') ? ' >> $GITHUB_ENV' : ''}`;
const TO_LATER_STEPS = /GITHUB_(?:ENV|PATH)|github\.(?:env|path)\b/;

/** A quoted text of several lines is one word. */
const oneLine = (script: string): string =>
  script
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll(/'[^']*'|"(?:\\.|[^"\\])*"/gs, (quoted) => quoted.replaceAll(/\s*\n\s*/g, ' '));

/** Shell that only prepares, and commands whose work the new step does. */
const SHELL =
  /^(?:set|cd|pushd|popd|export|local|readonly|if|then|else|elif|fi|for|while|do|done|case|esac|test|\[+|\]+|\{|\}|echo|printf|true|:|exit|cat|jq|sed|envsubst|tee|mktemp|tr|cut|head|date|shopt|unset)$/;
const OF_DOCKER = /^(?:build|push|tag|login|logout)$/;
const OF_ECS = /^(?:describe-task-definition|register-task-definition|describe-services|wait)$/;

function kindOf({ words, output }: Command): 'build' | 'deploy' | 'known' | 'other' {
  const [first = '', second = '', third = ''] = words;
  // A variable for later steps is lost with the script.
  if (TO_LATER_STEPS.test(output ?? '')) return 'other';
  if (first === 'docker') {
    if (second === 'build' || (second === 'buildx' && third === 'build')) return 'build';
    return OF_DOCKER.test(second) || second === 'buildx' ? 'known' : 'other';
  }
  if (first === 'aws' && second === 'ecs')
    return third === 'update-service' ? 'deploy' : OF_ECS.test(third) ? 'known' : 'other';
  if (first === 'aws' && /^ecr/.test(second)) return third.startsWith('get-login') ? 'known' : 'other';
  // An assignment, also of what a command prints, and parts of a text that is not read.
  if (/^[A-Za-z_]\w*\+?=/.test(first) || !/^[\w./~-]+$/.test(first)) return 'known';
  return SHELL.test(first) ? 'known' : 'other';
}

/** Why a step that only prepares the chain stays; undefined where no other step needs it. */
function whyUsed(
  step: OfficialStep | undefined,
  {
    index,
    between,
    left,
    outside,
  }: {
    readonly index: number;
    readonly between: readonly Stays[];
    readonly left: readonly (OfficialStep & { readonly index: number })[];
    readonly outside: readonly Reference[];
  },
): string | undefined {
  if (step === undefined) return undefined;
  const action = actionOf(step.uses);
  const isSetUp = /^docker\/setup-(?:qemu|buildx)-action$/.test(action);
  if (!isSetUp && action !== LOGIN && action !== METADATA && action !== CREDENTIALS_ACTION) return undefined;
  const lines = [...new Set(outside.flatMap(({ id, line }) => (id === step.id ? [line] : [])))];
  if (lines.length > 0)
    return `${lines.length > 1 ? 'lines' : 'line'} ${lines.join(', ')} ${lines.length > 1 ? 'use' : 'uses'} its outputs`;
  const later = left.filter((one) => one.index > index);
  if (isSetUp && later.some(({ uses, run }) => USES_BUILDER.test(uses) || USES_BUILDER.test(run)))
    return 'other steps of the job build with it';
  if (action !== LOGIN) return undefined;
  if (between.length > 0) return 'the steps between the build and the deployment may pull the image';
  return later.some(({ uses, run }) => USES_DOCKER.test(uses) || USES_DOCKER.test(run))
    ? 'other steps of the job use its login'
    : undefined;
}

/** The output of the new steps that stands for one of a step that is gone. */
function insteadOf(
  step: OfficialStep,
  member: string,
  { build, own, tasks }: { readonly build: string | undefined; readonly own: string; readonly tasks: string },
): string | undefined {
  const action = actionOf(step.uses);
  const isBuild = action === BUILD || (step.run !== '' && /\bdocker (?:buildx )?build\b/.test(step.run));
  const [, name = ''] = /^outputs\.(.*)$/.exec(member) ?? [];
  const deploys = action === DEPLOY && name === 'run-task-arn' ? tasks : own;
  const id = isBuild && build !== undefined ? build : deploys;
  if (name === '') return `steps.${id}.${member}`;
  const output = outputFor(
    name,
    isBuild ? 'build' : action === RENDER ? 'render' : action === DEPLOY ? 'deploy' : 'script',
  );
  return output && `steps.${id}.outputs.${output}`;
}

/** What the outputs are, by name where a script makes its own. */
function outputFor(name: string, kind: 'build' | 'render' | 'deploy' | 'script'): string | undefined {
  if (kind === 'render') return name === 'task-definition' ? 'task-definition-arn' : undefined;
  if (kind === 'deploy')
    return { 'task-definition-arn': name, 'codedeploy-deployment-id': name, 'run-task-arn': 'task-arn' }[name];
  if (/task.?def/i.test(name)) return 'task-definition-arn';
  if (/digest/i.test(name)) return 'image-digest';
  return /^(?:full.?)?image(?:.?(?:ur[il]|name|ref))?$|^ur[il]$|^ref$/i.test(name) ? 'image' : undefined;
}

/** The first release of docker/metadata-action that has the output `tag-names`. */
const TAG_NAMES_SINCE = [5, 9] as const;

/** Names of images that a login made are empty without it; what the new step uses does not depend on them. */
function whyNamed(step: OfficialStep | undefined, { repository = '', tags = '' }: Texts): string {
  const images = /\bsteps\./.test(step?.with.images ?? '')
    ? `. Write \`images: ${repository}\` there, without the registry of the login`
    : '';
  const version = step?.uses.split('@')[1] ?? '';
  const isRelease = /^v\d+(?:\.\d+)*$/.test(version);
  const [major = 0, minor = Number.POSITIVE_INFINITY] = version.slice(1).split('.').map(Number);
  const [least, leastMinor] = TAG_NAMES_SINCE;
  const isOld = isRelease && (major < least || (major === least && minor < leastMinor));
  const since = `${METADATA} has the output \`tag-names\` since v${least}.${leastMinor}.0`;
  const old = isOld
    ? `. Update it: ${since}, and ${version} leaves \`tags\` empty, so that the image gets the tag of the commit alone`
    : isRelease
      ? ''
      : `. Check its version: ${since}`;
  return `the new step uses its outputs${images}${tags.includes('.outputs.tag-names') ? old : ''}`;
}

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
    const access = this.access?.inputs ?? {};
    const inputsWith = (built: string | undefined): Texts => {
      const output = built === undefined ? undefined : `\${{ steps.${built}.outputs.image }}`;
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
          ...[...this.#renders.values()].map((one) => one.index),
          ...[...this.#exports.values()].map((one) => one.index),
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
