/**
 * A job that deploys with the official actions or the AWS CLI, as the steps of this action that take their place: what they replace, what
 * stays, and what the rest of the workflow has to change. `chain.ts` reads the job.
 */
import { type Build, type Loss, type OfficialStep, onlyScales, type Read, readChain } from './chain.ts';
import { actionOf, BUILD, CREDENTIALS_ACTION, DEPLOY, LOGIN, METADATA, RENDER } from './counterparts.ts';
import { type Command, commandsIn, oneLine, variablesOf } from './shell.ts';

type Texts = Readonly<Record<string, string>>;

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
  /** What only a script that is gone knows, and the new step names as `env.NAME`. */
  readonly variables?: readonly ScriptVariable[];
  /** Inputs of steps that are gone which the new steps do not have. */
  readonly losses?: readonly Loss[];
  /** Its image is empty where the step that builds it is skipped: the `if` of that step. */
  readonly mayBeEmpty?: string;
  /** What a script that is gone changes in the task definition besides its images. */
  readonly edits?: readonly { readonly index: number; readonly fields: readonly string[] }[];
}

export interface ScriptVariable {
  readonly index: number;
  readonly name: string;
  /** What a loop goes through. */
  readonly words: string | undefined;
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
  /** Of a step of the chain: what for. */
  readonly why?: string;
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

/** A command that finds its credentials in the environment. */
const USES_AWS = /(?:^|[\s;&|("'`])(?:aws|cdk|sam|terraform|tofu|pulumi|copilot|ecspresso|serverless|sls)\s/m;
/** Why a step that sets credentials of its own stays. */
export const NEEDS_ENVIRONMENT = 'this action finds its credentials in the environment';
/** Steps that pull or push images, and so use the login to the registry. */
const USES_DOCKER = /^docker\/(?:build-push|bake)-action@|(?:^|[\s;&|("'`])docker\s/m;
const USES_BUILDER = /^docker\/(?:build-push|bake)-action@|\bdocker buildx\b/m;
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
  const chain = readChain(steps, names);
  return withKept(chain, { steps, names, references });
}

/**
 * Without the step that only waits for what has been deployed, and with those that have to stay: credentials that come from keys, what
 * the steps that are left use of the chain, and a step whose outputs the new one names. What stands between a build and its deployment, such
 * as a scan, stays there: the build is a step of its own then.
 */
function withKept(
  { found, access, losses, stays, files }: ReturnType<typeof readChain>,
  {
    steps,
    names,
    references,
  }: {
    readonly steps: readonly OfficialStep[];
    readonly names: readonly string[];
    readonly references: readonly Reference[];
  },
): Replacement[] {
  const isWaited = found.every((one) => one.inputs(undefined)['wait-for-service-stability'] === undefined);
  const waits = found.length === 0 || !isWaited ? [] : steps.flatMap((step, index) => (onlyWaits(step) ? [index] : []));
  const candidates = new Set([...found.flatMap((one) => one.replaces), ...waits]);
  const used = usedElsewhere(candidates, { steps, references, files });
  const all = new Set([...candidates].filter((index) => !used.has(index)));
  const left = steps.flatMap((step, index) => (all.has(index) ? [] : [{ ...step, index }]));
  const outside = references.filter(({ index }) => index === undefined || !all.has(index));
  const taken = new Set(steps.flatMap(({ id }) => id ?? []));
  const builds = new Map<Build, BuildStep>();
  /** Ids of the new steps, by the step that deployed. */
  const ids = new Map<number, { readonly deploys: string; readonly tasks: string }>();
  const reads = found.map((one, i) => ({
    one: { ...one, replaces: one.replaces.filter((index) => all.has(index)) },
    ...restsOf(one, {
      steps,
      left: left.map(({ index }) => ({ index, ...(used.has(index) ? { why: used.get(index) ?? '' } : {}) })),
      before: found[i - 1]?.index,
    }),
  }));
  const conditionOf = (index: number): { readonly condition?: string } => {
    const { condition } = steps[index] ?? {};
    return condition === undefined ? {} : { condition };
  };
  const differ = ({ index, build }: Read): boolean =>
    build !== undefined && conditionOf(build.index).condition !== conditionOf(index).condition;
  const needsOwn = ({ one, between }: { readonly one: Read; readonly between: readonly Stays[] }): boolean =>
    one.runsTask ||
    one.sharesImage ||
    between.length > 0 ||
    differ(one) ||
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
  const mayBeSkipped = (one: Read, build: BuildStep): boolean => build.condition !== undefined && differ(one);
  const texts = reads.map(({ one }) => {
    const build = one.build && builds.get(one.build);
    const inputs = one.inputs(build && { id: build.id, mayBeSkipped: mayBeSkipped(one, build) });
    return { build, inputs, text: [...Object.values(inputs), ...Object.values(build?.with ?? {})].join('\n') };
  });
  const keptFor = reads.map(({ one, between }, i) => {
    const { build, inputs, text } = texts[i] ?? { build: undefined, inputs: {}, text: '' };
    const keeps = new Map<number, string>();
    for (const index of one.replaces) {
      const { id, uses } = steps[index] ?? {};
      if (id === undefined || uses === '' || index === one.index || index === one.build?.index) continue;
      if (text.includes(`steps.${id}.outputs.`)) keeps.set(index, whyNamed(steps[index], build?.with ?? inputs));
    }
    for (const index of one.replaces) {
      const why =
        whyUsed(steps[index], { index, between: one.build ? between : [], left, outside }) ?? stays.get(index);
      if (why !== undefined && !keeps.has(index)) keeps.set(index, why);
    }
    // A build that stays is none of those that go.
    for (const [index, why] of stays) if (!all.has(index) && index < one.index) keeps.set(index, why);
    const later = left.filter(
      ({ uses, run, index }) => index > (access?.index ?? 0) && (USES_AWS.test(run) || uses.startsWith('aws-actions/')),
    );
    if (access?.isNeeded) keeps.set(access.index, NEEDS_ENVIRONMENT);
    else if (access && later.length > 0) keeps.set(access.index, 'other steps of the job use its credentials');
    else if (access && [...keeps.keys()].some((index) => actionOf(steps[index]?.uses ?? '') === LOGIN))
      keeps.set(access.index, 'the login to the registry uses its credentials');
    return keeps;
  });
  const kept = new Set(keptFor.flatMap((keeps) => [...keeps.keys()]));
  const isDouble = (index: number): boolean => found.some((one) => one.index === index && one.beside !== undefined);
  for (const { index } of found) {
    if (ids.has(index)) continue;
    const given = idsOf(steps[index]?.id, isDouble(index), taken);
    taken.add(given.deploys).add(given.tasks);
    ids.set(index, given);
  }
  /** Which of the new steps says what is written in place of an output: the one that takes the place of the step. */
  const ownerOf = (index: number): number => {
    const own = found.findIndex((one) => one.index === index);
    const built = found.findIndex(({ build }) => build?.index === index);
    return own >= 0 ? own : built >= 0 ? built : found.findIndex(({ replaces }) => replaces.includes(index));
  };
  return reads.map(({ one, between, rest }, i) => {
    const { build, inputs, text } = texts[i] ?? { build: undefined, inputs: {}, text: '' };
    const keeps = keptFor[i] ?? new Map<number, string>();
    const replaces = i === found.length - 1 ? [...new Set([...one.replaces, ...waits])] : one.replaces;
    const { deploys, tasks } = ids.get(one.index) ?? { deploys: 'deploy', tasks: 'task' };
    const own = one.beside === undefined ? deploys : tasks;
    const gone = replaces.filter((index) => !kept.has(index));
    const named = outside.filter(({ id }) =>
      gone.some((index) => steps[index]?.id === id && (ownerOf(index) === i || index === one.index)),
    );
    const uses = named.flatMap(({ line, index, id, member }): OutputUse[] => {
      const written = `steps.${id}.${member}`;
      const step = steps.find((other) => other.id === id);
      const instead = step && insteadOf(step, member, { build: build?.id, own: deploys, tasks });
      // A step before the new one has none of its outputs.
      const isEarly = index !== undefined && index < one.index && !instead?.startsWith(`steps.${build?.id}.`);
      return instead === written ? [] : [{ line, written, instead: isEarly ? undefined : instead }];
    });
    const isNamed =
      named.length > 0 &&
      (uses.some(({ instead }) => instead?.startsWith(`steps.${own}.`)) || named.some(({ id }) => id === own)) &&
      // Of several in one script, the first.
      found.findIndex(({ index, beside }) => index === one.index && beside === one.beside) === i;
    const variables = scriptVariables(text, { index: one.index, step: steps[one.index], names });
    const edits = gone.flatMap((index) => {
      const fields = fieldsOfJq(steps[index]?.run ?? '');
      return fields.length > 0 ? [{ index, fields }] : [];
    });
    const lost = losses.filter(({ index }) => gone.includes(index));
    const skipped = build && one.namesOutput && mayBeSkipped(one, build) ? build.condition : undefined;
    return {
      index: one.index,
      ...(isNamed ? { id: own } : {}),
      ...bothOf(conditionOf(one.index), one.beside),
      with: inputs,
      ...(build ? { build } : {}),
      ...(between.length > 0 ? { between } : {}),
      ...(rest.length > 0 ? { rest } : {}),
      ...(uses.length > 0 ? { uses } : {}),
      ...(variables.length > 0 ? { variables } : {}),
      ...(edits.length > 0 ? { edits } : {}),
      ...(lost.length > 0 ? { losses: lost } : {}),
      ...(skipped === undefined ? {} : { mayBeEmpty: skipped }),
      replaces: gone.sort((a, b) => a - b),
      keeps: [...keeps].map(([index, why]) => ({ index, why })).sort((a, b) => a.index - b.index),
    };
  });
}

/**
 * Steps of the chain whose files something else of the job uses: a rendered task definition, or one that a script wrote. They stay, and
 * so does what they use in turn.
 */
function usedElsewhere(
  candidates: ReadonlySet<number>,
  {
    steps,
    references,
    files,
  }: {
    readonly steps: readonly OfficialStep[];
    readonly references: readonly Reference[];
    readonly files: readonly { readonly index: number; readonly file: string }[];
  },
): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (;;) {
    const before = found.size;
    const stays = (index: number): boolean => !candidates.has(index) || found.has(index);
    for (const index of candidates) {
      const step = steps[index];
      if (step === undefined || found.has(index)) continue;
      if (actionOf(step.uses) === RENDER) {
        const lines = references.flatMap((one) =>
          one.id === step.id && one.member.startsWith('outputs.') && (one.index === undefined || stays(one.index))
            ? [one.line]
            : [],
        );
        if (lines.length > 0) found.set(index, `${linesText(lines)} its file`);
      }
      for (const { file } of files.filter((one) => one.index === index)) {
        const isRead = steps.some(
          ({ run, with: inputs }, at) =>
            at > index && stays(at) && namesFile(`${run}\n${Object.values(inputs).join('\n')}`, file),
        );
        if (isRead) found.set(index, `a step that stays uses its file ${file}`);
      }
    }
    if (found.size === before) return found;
  }
}

const linesText = (all: readonly number[]): string => {
  const lines = [...new Set(all)];
  return `${lines.length > 1 ? 'lines' : 'line'} ${lines.join(', ')} ${lines.length > 1 ? 'use' : 'uses'}`;
};

const namesFile = (text: string, file: string): boolean =>
  text.split(/[\s"'=;|&<>()]+/).some((word) => word.replace(/^(?:file:\/\/)?(?:\.\/)?/, '') === file);

/** Variables that the script sets for itself alone, in what the new step takes from it. */
function scriptVariables(
  text: string,
  {
    index,
    step,
    names,
  }: { readonly index: number; readonly step: OfficialStep | undefined; readonly names: readonly string[] },
): readonly ScriptVariable[] {
  const own = variablesOf(step?.run ?? '');
  const named = new Set([...text.matchAll(/\$\{\{\s*env\.(\w+)\s*\}\}/g)].map(([, name = '']) => name));
  return [...named].flatMap((name) =>
    own.has(name) && !names.includes(name) && step?.env[name] === undefined
      ? [{ index, name, words: own.get(name) }]
      : [],
  );
}

/** Fields that `jq` sets in a task definition: `.containerDefinitions[0].environment = $ENV`. */
function fieldsOfJq(script: string): readonly string[] {
  if (!/\bjq\b/.test(script) || !/\bregister-task-definition\b/.test(script)) return [];
  const set = [...script.matchAll(/\.containerDefinitions\[\d*\]\.(\w+)\s*(?:\||\+)?=(?!=)/g)].map(
    ([, field = '']) => field,
  );
  return [...new Set(set)].filter((field) => field !== 'image' && field !== '');
}

/** The condition of the step, and that of its task. */
function bothOf({ condition }: { readonly condition?: string }, other = ''): { readonly condition?: string } {
  if (other === '') return condition === undefined ? {} : { condition };
  if (condition === undefined) return { condition: other };
  const [, inner = condition] = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition) ?? [];
  return { condition: `(${inner.trim()}) && ${other}` };
}

/** Of a deployment, and of the task that the same step ran. */
function idsOf(id: string | undefined, isDouble: boolean, taken: ReadonlySet<string>) {
  const deploys = id ?? free('deploy', taken);
  return { deploys, tasks: isDouble ? free('task', taken) : deploys };
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
  {
    steps,
    left,
    before,
  }: {
    readonly steps: readonly OfficialStep[];
    readonly left: readonly Stays[];
    /** The step that deployed before this one. */
    readonly before: number | undefined;
  },
): { readonly between: readonly Stays[]; readonly rest: readonly Stays[] } {
  const from = build?.index ?? before;
  const between: Stays[] = left.filter((one) => from !== undefined && one.index > from && one.index < index);
  const rest: Stays[] = [];
  for (const at of replaces) {
    const step = steps[at];
    if (step === undefined || step.run === '') continue;
    const functions = new Set(
      [...step.run.matchAll(/^\s*(?:function\s+)?([A-Za-z_][\w-]*)\s*\(\)/gm)].map(([, name]) => name),
    );
    const commands = commandsIn(oneLine(step.run), step).map((command) => ({
      command,
      kind: functions.has(command.words[0]) ? ('known' as const) : kindOf(command),
    }));
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

/** Shell that only prepares, and commands whose work the new step does. */
const SHELL =
  /^(?:set|cd|pushd|popd|export|local|readonly|if|then|else|elif|fi|for|while|do|done|case|esac|test|\[+|\]+|\{|\}|echo|printf|true|:|exit|cat|jq|sed|envsubst|tee|mktemp|tr|cut|head|date|shopt|unset|wait|return|continue|break|sleep|shift|trap|function|read|basename|dirname|grep|awk|sort|uniq|wc|seq)$/;
const OF_DOCKER = /^(?:build|push|tag|login|logout)$/;
/** What only looks is for the script alone. */
const OF_ECS = /^(?:register-task-definition|wait|describe-\w[\w-]*|list-\w[\w-]*)$/;

function kindOf(command: Command): 'build' | 'deploy' | 'known' | 'other' {
  const { words, output } = command;
  if (onlyScales(command)) return 'other';
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
  const lines = outside.flatMap(({ id, line }) => (id === step.id ? [line] : []));
  if (lines.length > 0) return `${linesText(lines)} its outputs`;
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
  const output = (OUTPUTS.get(isBuild ? BUILD : action) ?? OUTPUTS_OF_SCRIPTS).find(([written]) =>
    written.test(name),
  )?.[1];
  return output && `steps.${id}.outputs.${output}`;
}

type Outputs = readonly (readonly [written: RegExp, instead: string])[];

/** By name, which a script chooses itself. */
const OUTPUTS_OF_SCRIPTS: Outputs = [
  [/task.?def/i, 'task-definition-arn'],
  [/digest/i, 'image-digest'],
  [/^(?:full.?)?image(?:.?(?:ur[il]|name|ref))?$|^ur[il]$|^ref$/i, 'image'],
];

/** What stands here for an output of the official actions. */
const OUTPUTS: ReadonlyMap<string, Outputs> = new Map([
  [BUILD, OUTPUTS_OF_SCRIPTS],
  [
    DEPLOY,
    [
      [/^task-definition-arn$/, 'task-definition-arn'],
      [/^codedeploy-deployment-id$/, 'codedeploy-deployment-id'],
      [/^run-task-arn$/, 'task-arn'],
    ],
  ],
]);

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
