/** The inputs of a step with each `${{ ... }}` replaced, and where each value is from. */
import { regionOf } from '../../src/inputs/aws.ts';
import { didYouMean } from '../../src/spelling.ts';
import { eventsOf } from './events.ts';
import { interpolate, type Lookup, type Value } from './expressions.ts';
import { type Home, likely } from './likely.ts';
import { type ActionStep, type Caller, type Combination, object, outermost, type Texts } from './steps.ts';

/** Where the value of an expression is from. */
export interface Assumption {
  /** `vars.DEPLOY_ROLE` */
  readonly path: string;
  readonly value: string;
  readonly source: 'given' | 'git' | 'workflow' | 'left out' | 'made up' | 'missing' | 'of another event';
  /** Of one that is missing, or that another event alone has: why. */
  readonly why?: string;
  /** Of one that another event alone has: the expression has another value for it, `inputs.stage || 'production'`. */
  readonly hasOther?: boolean;
  /** The input that needed it. */
  readonly input: string;
}

export interface FilledStep {
  readonly inputs: Texts;
  readonly assumptions: readonly Assumption[];
}

/** What is known of a run beside the file. */
export interface RunFacts {
  /** `github.*`, by its last name: sha, ref_name, repository. */
  readonly github: Texts;
  /** `--set vars.STAGE=blue`, by path. */
  readonly given: ReadonlyMap<string, string>;
  /** A value for what only GitHub knows. */
  readonly makeUp?: (path: readonly string[], input: string) => string;
  /** Outputs that no job or step gives are empty, as on GitHub; else they are made up. */
  readonly asOnGithub?: boolean;
  /** Account and Region of what is made up, where the step itself does not have them. */
  readonly home?: Home;
}

/** `vars.STAGE=blue`, the value of an expression as `--set` gives it. @throws an error that shows the form */
export function givenOf(text: string): [path: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`--set takes PATH=VALUE, such as vars.STAGE=blue, not "${text}".`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/contexts */
const CONTEXTS = [
  'github',
  'inputs',
  'vars',
  'secrets',
  'env',
  'matrix',
  'needs',
  'steps',
  'runner',
  'job',
  'strategy',
];
const OF_GITHUB =
  'action action_path action_ref action_repository actor actor_id api_url base_ref event_name event_path graphql_url head_ref job ref ref_name ref_protected ref_type repository repository_id repository_owner repository_owner_id repository_visibility run_attempt run_id run_number server_url sha token triggering_actor workflow workflow_ref workflow_sha workspace'.split(
    ' ',
  );
const REFERENCE = new RegExp(`(?<![\\w.-])(?:${CONTEXTS.join('|')})(?:\\.[\\w-]+|\\[\\s*'[^']+'\\s*\\])*`, 'g');

/** `vars.STAGE` and the like, as a text names them; a context alone stands for all of its members. */
const pathsIn = (text: string): string[] =>
  (text.match(REFERENCE) ?? []).map((path) =>
    path.replaceAll(/\[\s*'([^']+)'\s*\]/g, '.$1').replace(/^github\.event\.inputs(?=\.|$)/, 'inputs'),
  );

/** The texts of a step and of what calls it in which expressions stand. */
const textsOf = ({ with: inputs, env, site, workflow, caller }: ActionStep | Caller): string =>
  [
    ...[inputs, env, site.conditions, site.concurrency, workflow.matrix].map((one) => JSON.stringify(one)),
    caller ? textsOf(caller) : '',
  ].join('\n');

const declaredIn = ({ workflow, caller }: ActionStep | Caller): string[] => [
  ...Object.keys(workflow.inputs).map((name) => `inputs.${name}`),
  ...(caller ? declaredIn(caller) : []),
];

/**
 * Looks for values of `--set` that change nothing.
 * @param given by path
 * @param of.steps that are read, and `of.text` of the file, which may name what other steps use
 * @returns a line for each value that these steps do not use
 * @throws an error for a name that is nowhere in the file, with the one that was probably meant
 */
export function unusedGiven(
  given: ReadonlyMap<string, string>,
  { steps, text }: { readonly steps: readonly ActionStep[]; readonly text: string },
): string[] {
  const used = new Set(steps.flatMap((step) => pathsIn(textsOf(step))));
  const known = [...new Set([...used, ...pathsIn(text), ...steps.flatMap(declaredIn)])];
  return [...given.keys()].flatMap((written) => {
    const path = written.replace(/^github\.event\.inputs\./, 'inputs.');
    const [context = '', name = ''] = path.split('.');
    // The environment is that of the action itself, and the event has more members than a file names.
    if (context === 'env' || path.startsWith('github.event.') || (context === 'github' && OF_GITHUB.includes(name)))
      return [];
    if (used.has(path) || used.has(context)) return [];
    if (known.includes(path))
      return [`--set ${written} has no effect: ${steps.length === 1 ? 'the step does' : 'the steps do'} not use it.`];
    const names = (context === 'github' ? OF_GITHUB.map((one) => `github.${one}`) : known).filter((one) =>
      one.startsWith(`${context}.`),
    );
    const last = written.slice(written.lastIndexOf('.') + 1);
    const meant =
      didYouMean(path, names) ?? known.find((one) => one.includes('.') && one.endsWith(`.${last}`)) ?? undefined;
    const remedy =
      meant !== undefined
        ? `Did you mean \`${meant}\`?`
        : !CONTEXTS.includes(context)
          ? `A path begins with one of ${CONTEXTS.map((one) => `\`${one}\``).join(', ')}.`
          : names.length === 0
            ? `It uses none of \`${context}\`.`
            : `It has ${names.map((one) => `\`${one}\``).join(', ')}.`;
    throw new Error(`--set ${written}: the workflow does not have \`${written}\`. ${remedy}`);
  });
}

/** The account of a role or a registry, whatever its name is. */
const ACCOUNT_PART = /(?:^|:iam::)\$\{\{\s*([\w.-]+)\s*\}\}(?=:role\/|\.dkr\.ecr\.)/m;
/** A line that is one expression. */
const WHOLE = /^\s*\$\{\{(?:(?!\}\}).)*\}\}\s*$/;

/** The inputs as the runner would pass them, and where the value of each expression in them is from. */
export function fill(step: ActionStep, facts: RunFacts): FilledStep {
  const assumptions: Assumption[] = [];
  const inputs = Object.entries(step.with).map(([input, text]) => {
    // What an input has to look like says nothing of a part of its value.
    const isPart = !text
      .trim()
      .split('\n')
      .every((line) => WHOLE.test(line));
    const account = ACCOUNT_PART.exec(text)?.[1];
    const madeUp = new Set<string>();
    const lookup: Lookup = Object.assign(look, { isMadeUp: (one: string) => madeUp.has(one) });
    /** Of `env` that is being looked up: what names itself has its value from an earlier step, as nothing around it has one (`over` in steps.ts). */
    const open: string[] = [];
    function look(path: readonly string[]): Value | undefined {
      const [context, name = ''] = path;
      const env = Object.fromEntries(Object.entries(step.env).filter(([one]) => !open.includes(one)));
      if (context === 'env') open.push(name);
      const [found, source, why] = valueAt(path, { step: { ...step, env }, facts, input, isPart, lookup });
      if (context === 'env') open.pop();
      const isAccount = source === 'made up' && path.join('.') === account && facts.makeUp === undefined;
      const value = isAccount ? likely(['account'], input, homeIn(step, facts), true) : found;
      const assumed = {
        path: path.join('.'),
        value: typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? ''),
        source,
        input,
        ...(why === undefined ? {} : { why }),
        ...(source === 'of another event' && hasOtherValue(text, path) ? { hasOther: true } : {}),
      };
      if (source === 'made up') madeUp.add(assumed.value);
      if (!assumptions.some((one) => one.path === assumed.path && one.input === input)) assumptions.push(assumed);
      return value;
    }
    try {
      return [input, interpolate(text, lookup)];
    } catch (thrown) {
      throw new Error(`${input}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  });
  return { inputs: Object.fromEntries(inputs), assumptions };
}

/**
 * The environment of the step, with each `${{ ... }}` replaced. Steps of a composite action have that of the step that calls it; `--set env.NAME=...`
 * is the value of a step before it, which wrote it to GITHUB_ENV.
 */
export const filledEnv = (step: ActionStep, facts: RunFacts): Texts => envOf(step, facts).inputs;

/** The same, with the source of each value. */
export function envOf(step: ActionStep, facts: RunFacts): FilledStep {
  const { caller, workflow } = step;
  const outer = workflow.isAction && caller ? envOf({ ...caller, title: '', uses: '' }, facts) : undefined;
  const own = fill({ ...step, with: step.env }, facts);
  const given = [...facts.given].flatMap(([path, value]) => (path.startsWith('env.') ? [[path.slice(4), value]] : []));
  return {
    inputs: { ...outer?.inputs, ...own.inputs, ...Object.fromEntries(given) },
    assumptions: [...(outer?.assumptions ?? []), ...own.assumptions],
  };
}

const MADE_UP_REGION = 'eu-west-1';

/** Of a clone without a remote. */
export const UNKNOWN_REPOSITORY = 'owner/name';

/**
 * The environment of the step, with a Region where nothing of the file names one and a step before it may set it: an action, a script, a step
 * before one of a composite action, and in a job before its migration.
 */
export function environmentOf(
  step: ActionStep,
  facts: RunFacts,
  inputs: Texts,
): { readonly env: Texts; readonly madeUpRegion?: string } {
  const env = filledEnv(step, facts);
  const isOfJob = step.replaces !== undefined || step.workflow.isAction === true;
  if (!(isOfJob || step.site.maySetRegion === true) || regionOf(inputs['aws-region'], env) !== undefined)
    return { env };
  const madeUpRegion = facts.home?.region ?? MADE_UP_REGION;
  return { env: { ...env, AWS_REGION: madeUpRegion }, madeUpRegion };
}

/** `inputs.stage || 'production'` */
const hasOtherValue = (text: string, path: readonly string[]): boolean =>
  text
    .split(path.join('.'))
    .slice(1)
    .every((behind) => /^\s*(?:\|\||&&)/.test(behind));

/** A boolean input is one in an expression, where the text `false` would be true. */
const ofItsType = (value: Value, [context, name = '']: readonly string[], { workflow }: ActionStep): Value =>
  context === 'inputs' && workflow.inputs[name]?.type === 'boolean' && typeof value === 'string'
    ? value === 'true'
    : value;

function valueAt(
  path: readonly string[],
  {
    step,
    facts,
    input,
    isPart = false,
    lookup,
  }: {
    readonly step: ActionStep;
    readonly facts: RunFacts;
    readonly input: string;
    readonly isPart?: boolean;
    readonly lookup: Lookup;
  },
): [value: Value | undefined, source: Assumption['source'], why?: string] {
  const { makeUp = (wanted, of) => likely(wanted, of, homeIn(step, facts), isPart) } = facts;
  const [context = '', name = '', ...rest] = path;
  const given = facts.given.get(path.join('.'));
  // A matrix may have expressions of its own.
  if (given !== undefined) return [ofItsType(interpolate(given, lookup), path, step), 'given'];
  // A whole context, such as toJSON(vars): what is known of it.
  if (name === '' && (context === 'vars' || context === 'secrets')) {
    const known = [...facts.given].filter(([one]) => one.startsWith(`${context}.`));
    return [Object.fromEntries(known.map(([one, value]) => [one.slice(context.length + 1), value])), 'made up'];
  }
  switch (context.toLowerCase()) {
    case 'github': {
      if (name === 'event' && rest[0] === 'inputs')
        return valueAt(['inputs', ...rest.slice(1)], { step, facts, input, lookup });
      if (name === 'event_name') return [eventOf(step), 'workflow'];
      if (name === 'workflow') return [outermost(step).workflow.name, 'workflow'];
      // Of a pull request alone.
      if (rest.length === 0 && /^(?:head|base)_ref$/.test(name)) return ['', 'workflow'];
      // A workflow that is only called has the event of its caller, which is not known.
      const isStarted = outermost(step).workflow.events.some((one) => one !== 'workflow_call');
      const event = isStarted ? facts.given.get('github.event_name') : undefined;
      const its = name === 'event' ? OF_ONE_EVENT[rest[0] ?? ''] : undefined;
      if (facts.asOnGithub && event !== undefined && its !== undefined && !event.startsWith(its))
        return ['', 'of another event', `only the event ${its} has it, and this run is for ${event}`];
      const known = rest.length === 0 ? facts.github[name] : undefined;
      // A clone without a remote.
      if (known !== undefined && /^repository(?:_owner)?$/.test(name) && facts.github.repository === UNKNOWN_REPOSITORY)
        return [known, 'made up'];
      // The runner has it, and git does not.
      if (name === 'token' && known !== undefined) return [known, 'made up'];
      return known === undefined ? [makeUp(path, input), 'made up'] : [known, 'git'];
    }
    case 'env': {
      const text = step.env[name];
      if (text !== undefined) return [interpolate(text, lookup), 'workflow'];
      if (step.workflow.isAction && step.caller)
        return valueAt(path, { step: { ...step.caller, title: '', uses: '' }, facts, input, isPart, lookup });
      return facts.asOnGithub && step.site.hasNoCredentials && !step.workflow.isAction && step.replaces === undefined
        ? ['', 'missing', noneOf('`env` of the workflow, the job and the step', name, Object.keys(step.env))]
        : [makeUp(path, input), 'made up'];
    }
    case 'inputs': {
      const passed = step.caller?.with[name];
      if (passed !== undefined && step.caller) {
        const [value, ...from] = passedOn(passed, step.caller, { facts, input, isPart });
        return [value === undefined ? undefined : ofItsType(value, path, step), ...from];
      }
      const declared = step.workflow.inputs[name];
      const event = facts.given.get('github.event_name');
      if (
        declared &&
        facts.asOnGithub &&
        step.caller === undefined &&
        !step.workflow.isAction &&
        hasNoInputs(step, event)
      )
        return ['', 'of another event', `only workflow_dispatch has \`inputs\`, and this run is for ${event}`];
      if (declared?.default !== undefined) return [declared.default, 'workflow'];
      if (declared?.options?.[0] !== undefined) return [declared.options[0], 'workflow'];
      if (declared?.type === 'boolean') return [false, 'workflow'];
      // One that the caller may leave out, and leaves out.
      if (declared !== undefined && declared.required !== true)
        return [declared.type === 'number' ? 0 : '', 'left out'];
      if (facts.asOnGithub && declared === undefined)
        return ['', 'missing', noneOf('`inputs` of the workflow', name, Object.keys(step.workflow.inputs))];
      return [makeUp(path, input), 'made up'];
    }
    case 'secrets': {
      const { caller, workflow } = step;
      // `inherit` passes those of the caller, and a composite action has none of its own.
      if (caller?.secrets !== undefined) {
        const passed = caller.secrets[name];
        if (passed !== undefined) return passedOn(passed, caller, { facts, input, isPart });
        // GITHUB_TOKEN is there without being passed.
        if (name === 'GITHUB_TOKEN') return [makeUp(path, input), 'made up'];
        return facts.asOnGithub && workflow.secrets?.[name]?.required !== false
          ? ['', 'missing', noneOf('`secrets` of the job that calls the workflow', name, Object.keys(caller.secrets))]
          : ['', 'workflow'];
      }
      const isOptional = workflow.secrets?.[name] !== undefined && workflow.secrets[name]?.required !== true;
      return caller === undefined && isOptional ? ['', 'left out'] : [makeUp(path, input), 'made up'];
    }
    case 'matrix': {
      const found = valueIn(step.workflow.matrix[0], path.slice(1));
      if (found === undefined && facts.asOnGithub && step.workflow.matrix.length > 0) {
        const keys = new Set(step.workflow.matrix.flatMap((one) => Object.keys(one)));
        if (!keys.has(name)) return ['', 'missing', noneOf('the matrix of the job', name, [...keys])];
      }
      if (found === undefined) return [makeUp(path, input), 'made up'];
      return [typeof found === 'string' ? interpolate(found, lookup) : found, 'workflow'];
    }
    case 'needs': {
      if (rest[0] === 'result') return ['success', 'workflow'];
      const why = facts.asOnGithub ? missingOutput(step, { name, output: rest[1] }) : undefined;
      return why === undefined ? [makeUp(path, input), 'made up'] : ['', 'missing', why];
    }
    case 'steps': {
      const known =
        !facts.asOnGithub || step.replaces !== undefined || step.workflow.isAction || step.site.ids.includes(name);
      if (known) return [makeUp(path, input), 'made up'];
      const ids =
        step.site.ids.length === 0
          ? 'no step before it has an id'
          : `steps before it have the ids ${step.site.ids.join(', ')}`;
      return ['', 'missing', `no step before it in the job has the id \`${name}\`; ${ids}`];
    }
    case 'runner':
      return [{ os: 'Linux', arch: 'X64', name: 'runner', temp: '/tmp' }[name] ?? '', 'workflow'];
    default:
      return [makeUp(path, input), 'made up'];
  }
}

/** Whether the run is for an event that fills in none of the declared inputs, nor their defaults. */
const hasNoInputs = ({ workflow }: ActionStep, event: string | undefined): boolean =>
  event !== undefined && event !== 'workflow_dispatch' && workflow.events.includes(event) && event !== 'workflow_call';

/** Members of `github.event`, each of one event alone, or of those that begin with its name. */
const OF_ONE_EVENT: Readonly<Record<string, string>> = {
  release: 'release',
  pull_request: 'pull_request',
  workflow_run: 'workflow_run',
  client_payload: 'repository_dispatch',
};

const noneOf = (place: string, name: string, names: readonly string[]): string =>
  `${place} has no \`${name}\`${names.length === 0 ? '' : `, but ${names.join(', ')}`}`;

/** Why an output of another job is empty; undefined where that job has it, or may have it. */
function missingOutput(
  { site: { needs }, workflow }: ActionStep,
  { name, output }: { readonly name: string; readonly output: string | undefined },
): string | undefined {
  if (workflow.isAction) return undefined;
  if (!needs.has(name))
    return `\`needs\` of the job does not name \`${name}\`${needs.size === 0 ? '' : `, but ${[...needs.keys()].join(', ')}`}`;
  const outputs = needs.get(name);
  if (outputs === undefined || output === undefined || outputs.includes(output)) return undefined;
  return `the job ${name} has ${outputs.length === 0 ? 'no `outputs`' : `the outputs ${outputs.join(', ')}, and no \`${output}\``}`;
}

/** A value of the matrix, by the names behind `matrix.`. */
export const valueIn = (combination: Combination | undefined, path: readonly string[]): Value | undefined =>
  path.reduce<Value | undefined>((one, key) => object(one)[key] as Value | undefined, combination);

/** The event of a run, as far as the file names one. */
const eventOf = (step: ActionStep): string => eventsOf(outermost(step).workflow.triggers, {})[0]?.name ?? 'push';

/** What a caller passes to an input, by the caller's own contexts; made up where any part of it is. */
function passedOn(
  text: string,
  caller: Caller,
  { facts, input, isPart }: { readonly facts: RunFacts; readonly input: string; readonly isPart: boolean },
): [value: string, source: Assumption['source'], why?: string] {
  const step: ActionStep = { ...caller, title: '', uses: '' };
  const sources = new Set<Assumption['source']>();
  const whys: string[] = [];
  const isPartOfText = isPart || !WHOLE.test(text.trim());
  const madeUp = new Set<string>();
  const lookup: Lookup = Object.assign(look, { isMadeUp: (one: string) => madeUp.has(one) });
  function look(path: readonly string[]): Value | undefined {
    const [value, source, why] = valueAt(path, { step, facts, input, isPart: isPartOfText, lookup });
    sources.add(source);
    if (why !== undefined) whys.push(`its caller passes ${path.join('.')}, and ${why}`);
    if (source === 'made up') madeUp.add(String(value ?? ''));
    return value;
  }
  const value = interpolate(text, lookup);
  const [why] = whys;
  if (why !== undefined && value === '') return [value, 'missing', why];
  return [value, sources.has('made up') ? 'made up' : 'workflow'];
}

/** The account and the Region that the step names, so that made-up ARNs are of them. */
function homeIn({ with: inputs }: ActionStep, { home }: RunFacts): Home {
  const text = Object.values(inputs).join('\n');
  return {
    account:
      home?.account ??
      /\barn:[\w-]+:iam::(\d{12}):/.exec(text)?.[1] ??
      /^\s*(\d{12})\b/.exec(inputs['allowed-account-ids'] ?? '')?.[1],
    region: /^[a-z]{2,4}(?:-[a-z]+)+-\d$/.exec(inputs['aws-region'] ?? '')?.[0] ?? home?.region,
  };
}
