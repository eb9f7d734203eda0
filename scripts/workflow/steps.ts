/** The steps of a workflow file that use this action, and their inputs with each `${{ ... }}` replaced. */
import { isMap, LineCounter, parseDocument } from 'yaml';
import { interpolate, type Lookup, type Value } from './expressions.ts';

type Texts = Readonly<Record<string, string>>;

export interface ActionStep {
  readonly job: string;
  /** Its `name`, else its `id`, else what it uses. */
  readonly title: string;
  /** Line of its `uses`. */
  readonly line: number;
  readonly uses: string;
  /** As written. */
  readonly with: Texts;
  /** Of the workflow, the job and the step, the nearest first. */
  readonly env: Texts;
  readonly environment: string | undefined;
  readonly workflow: WorkflowFacts;
}

interface WorkflowFacts {
  readonly name: string;
  readonly events: readonly string[];
  /** `refs/heads/main`, `refs/tags/v*`: what a push has to match. None for a push of anything. */
  readonly refs: readonly string[];
  /** Inputs of workflow_dispatch and workflow_call. */
  readonly inputs: Readonly<Record<string, WorkflowInput>>;
  /** Of the job, by name. */
  readonly matrix: Readonly<Record<string, readonly Value[]>>;
}
interface WorkflowInput {
  readonly default?: Value;
  readonly type?: string;
  readonly options?: readonly string[];
}

type Node = Readonly<Record<string, unknown>>;
const object = (value: unknown): Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};
const texts = (value: unknown): Texts =>
  Object.fromEntries(Object.entries(object(value)).map(([name, one]) => [name, one === null ? '' : String(one)]));

/** `OWNER/ecs-rollout@v1`, a copy under another owner, or the action's own folder. */
const isOurs = (uses: string): boolean =>
  /(?:^|\/)ecs-rollout(?:@|$)/.test(uses) || /^\.\/?(?:$|\.\/|[^@]*ecs-rollout)/.test(uses);

/**
 * @param text of a workflow file, or of an action.yml with `runs.steps`
 * @throws an error that says what is wrong with the file
 */
export function stepsOf(file: string, text: string): ActionStep[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const [problem] = document.errors;
  if (problem) throw new Error(`${file} is not YAML: ${problem.message}`);
  const root = object(document.toJS());
  const jobs = 'runs' in root ? { action: object(root.runs) } : object(root.jobs);
  if (Object.keys(jobs).length === 0) throw new Error(`${file} is not a workflow: it has no \`jobs\`.`);
  const on = root.on;
  const triggers =
    typeof on === 'string'
      ? { [on]: null }
      : Array.isArray(on)
        ? Object.fromEntries(on.map((event) => [event, null]))
        : object(on);
  const inputs = ['workflow_dispatch', 'workflow_call'].map((event) => object(object(triggers[event]).inputs));
  const found: ActionStep[] = [];
  for (const [job, given] of Object.entries(jobs)) {
    const { steps, env, environment, strategy } = object(given);
    for (const [index, step] of (Array.isArray(steps) ? steps : []).map(object).entries()) {
      const uses = String(step.uses ?? '');
      if (!isOurs(uses)) continue;
      const where = 'runs' in root ? ['runs', 'steps', index] : ['jobs', job, 'steps', index];
      found.push({
        job,
        title: String(step.name ?? step.id ?? uses),
        line: lineOf(document.getIn(where), lines),
        uses,
        with: texts(step.with),
        env: { ...texts(root.env), ...texts(env), ...texts(step.env) },
        environment: typeof environment === 'string' ? environment : (object(environment).name as string | undefined),
        workflow: {
          name: String(root.name ?? file),
          events: Object.keys(triggers),
          refs: refsOf(object(triggers.push)),
          inputs: { ...object(root.inputs), ...inputs[1], ...inputs[0] } as WorkflowFacts['inputs'],
          matrix: matrixOf(object(strategy).matrix),
        },
      });
    }
  }
  return found;
}

function lineOf(node: unknown, lines: LineCounter): number {
  return isMap(node) && node.range ? lines.linePos(node.range[0]).line : 0;
}

const refsOf = ({ branches, tags }: Node): string[] => [
  ...(Array.isArray(branches) ? branches : []).map((name) => `refs/heads/${String(name)}`),
  ...(Array.isArray(tags) ? tags : []).map((name) => `refs/tags/${String(name)}`),
];

/** The lists of a matrix; of what `include` alone has, its values. One that an expression makes is not known. */
function matrixOf(given: unknown): WorkflowFacts['matrix'] {
  const { include, exclude: _, ...lists } = object(given);
  const known = Object.entries(lists).filter((pair): pair is [string, Value[]] => Array.isArray(pair[1]));
  const added = new Map<string, Value[]>();
  for (const one of Array.isArray(include) ? include : [])
    for (const [name, value] of Object.entries(object(one))) {
      added.set(name, [...(added.get(name) ?? []), value as Value]);
    }
  return { ...Object.fromEntries(added), ...Object.fromEntries(known) };
}

/** Where the value of an expression is from. */
export interface Assumption {
  /** `vars.DEPLOY_ROLE` */
  readonly path: string;
  readonly value: string;
  readonly source: 'given' | 'git' | 'workflow' | 'made up';
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
}

/** The inputs as the runner would pass them, and where the value of each expression in them is from. */
export function fill(step: ActionStep, facts: RunFacts): FilledStep {
  const assumptions: Assumption[] = [];
  const inputs = Object.entries(step.with).map(([input, text]) => {
    const lookup: Lookup = (path) => {
      const [value, source] = valueAt(path, { step, facts, input, lookup });
      const assumed = { path: path.join('.'), value: String(value ?? ''), source, input };
      if (!assumptions.some((one) => one.path === assumed.path && one.input === input)) assumptions.push(assumed);
      return value;
    };
    try {
      return [input, interpolate(text, lookup)];
    } catch (thrown) {
      throw new Error(`${input}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  });
  return { inputs: Object.fromEntries(inputs), assumptions };
}

function valueAt(
  path: readonly string[],
  {
    step,
    facts,
    input,
    lookup,
  }: { readonly step: ActionStep; readonly facts: RunFacts; readonly input: string; readonly lookup: Lookup },
): [Value | undefined, Assumption['source']] {
  const { makeUp = likely } = facts;
  const [context = '', name = '', ...rest] = path;
  const given = facts.given.get(path.join('.'));
  if (given !== undefined) return [given, 'given'];
  switch (context.toLowerCase()) {
    case 'github': {
      if (name === 'event' && rest[0] === 'inputs')
        return valueAt(['inputs', ...rest.slice(1)], { step, facts, input, lookup });
      if (name === 'event_name') return [step.workflow.events[0] ?? 'push', 'workflow'];
      if (name === 'workflow') return [step.workflow.name, 'workflow'];
      const known = rest.length === 0 ? facts.github[name] : undefined;
      return known === undefined ? [makeUp(path, input), 'made up'] : [known, 'git'];
    }
    case 'env': {
      const text = step.env[name];
      return text === undefined ? [makeUp(path, input), 'made up'] : [interpolate(text, lookup), 'workflow'];
    }
    case 'inputs': {
      const declared = step.workflow.inputs[name];
      if (declared?.default !== undefined) return [declared.default, 'workflow'];
      if (declared?.options?.[0] !== undefined) return [declared.options[0], 'workflow'];
      if (declared?.type === 'boolean') return [false, 'workflow'];
      return [makeUp(path, input), 'made up'];
    }
    case 'matrix': {
      const value = step.workflow.matrix[name]?.[0];
      const found = rest.reduce<Value | undefined>((one, key) => object(one)[key] as Value | undefined, value);
      return found === undefined ? [makeUp(path, input), 'made up'] : [found, 'workflow'];
    }
    case 'runner':
      return [{ os: 'Linux', arch: 'X64', name: 'runner', temp: '/tmp' }[name] ?? '', 'workflow'];
    default:
      return [makeUp(path, input), 'made up'];
  }
}

/** Inputs that a run by hand may leave empty. */
const MAY_BE_EMPTY = new Set(['rollback-to']);

/** A value that the input takes, for a name that only GitHub has a value for. */
export function likely(path: readonly string[], input: string): string {
  const name = path.at(-1) ?? '';
  const plain =
    name
      .toLowerCase()
      .replaceAll(/[^a-z\d]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'value';
  if (path[0] === 'inputs' && MAY_BE_EMPTY.has(input)) return '';
  if (input === 'role-to-assume' && !/account/i.test(name)) return `arn:aws:iam::123456789012:role/${plain}`;
  if (/account/i.test(name) || input === 'allowed-account-ids') return '123456789012';
  if (input === 'aws-region' || /region/i.test(name)) return 'eu-west-1';
  if (/url$/i.test(name)) return 'https://example.com';
  if (/digest/i.test(name) || input === 'digests') return `sha256:${'0'.repeat(64)}`;
  return plain;
}

/** Runs for the refs that a push has to match, where the step depends on the ref. `v*` stands for a release and a prerelease. */
function refVariants({ with: inputs, env, workflow: { refs } }: ActionStep): ReadonlyMap<string, string>[] {
  if (refs.length === 0 || !/\bgithub\.ref/.test(JSON.stringify([inputs, env]))) return [new Map()];
  const names = refs.flatMap((ref) => {
    if (ref.startsWith('refs/heads/')) return [ref.replaceAll('*', 'x')];
    return ref.includes('*') ? [ref.replace(/\*+.*$/, '1.2.3'), ref.replace(/\*+.*$/, '1.2.3-rc.1')] : [ref];
  });
  return names.map((ref) => {
    const [, type = '', name = ''] = /^refs\/(heads|tags)\/(.*)$/.exec(ref) ?? [];
    return new Map([
      ['github.ref', ref],
      ['github.ref_name', name],
      ['github.ref_type', type === 'tags' ? 'tag' : 'branch'],
    ]);
  });
}

/** At most so many, so that a large matrix does not print a page for each. */
const MOST_VARIANTS = 32;

/**
 * What the choices of the workflow's inputs and the values of the matrix make of the step, as far as its inputs use them: values for
 * `RunFacts.given`. One without any where nothing is to be chosen.
 */
export function variantsOf(step: ActionStep): ReadonlyMap<string, string>[] {
  const used = (context: string, name: string): boolean =>
    Object.values({ ...step.with, ...step.env }).some((text) =>
      new RegExp(`\\b(?:github\\.event\\.)?${context}\\.${name.replaceAll(/[^\w-]/g, '')}\\b`).test(text),
    );
  const choices: [path: string, values: readonly string[]][] = [
    ...Object.entries(step.workflow.inputs).flatMap(([name, { options }]): [string, readonly string[]][] =>
      options && used('inputs', name) ? [[`inputs.${name}`, options.map(String)]] : [],
    ),
    ...Object.entries(step.workflow.matrix).flatMap(([name, values]): [string, readonly string[]][] =>
      used('matrix', name) && values.every((value) => typeof value !== 'object')
        ? [[`matrix.${name}`, values.map(String)]]
        : [],
    ),
  ];
  let variants: ReadonlyMap<string, string>[] = refVariants(step);
  for (const [path, values] of choices)
    variants = variants.flatMap((one) => values.map((value) => new Map([...one, [path, value]])));
  return variants.slice(0, MOST_VARIANTS);
}
