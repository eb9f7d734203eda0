/** The steps of a workflow file that use this action, as they are written, and what their jobs give them. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { type OfficialStep, onlyScales } from './chain.ts';
import { type Value, withEnv } from './expressions.ts';
import { type OutputUse, type Reference, replacementsIn, type ScriptVariable, type Stays } from './official.ts';
import { type Command, commandsIn, optionOf } from './shell.ts';

export type Texts = Readonly<Record<string, string>>;

export interface ActionStep {
  readonly job: string;
  /** Its `name`, else what it uses. */
  readonly title: string;
  /** Line of its `uses`. */
  readonly line: number;
  readonly uses: string;
  /** As written. */
  readonly with: Texts;
  /** Inputs whose number YAML writes in another way than the file, by name. */
  readonly numbers?: Texts;
  /** Of the workflow, the job and the step, the nearest first. */
  readonly env: Texts;
  readonly environment: string | undefined;
  readonly workflow: WorkflowFacts;
  readonly site: Site;
  /** Where it takes the place of steps of the official actions or the AWS CLI: their lines. */
  readonly replaces?: readonly number[];
  /** Lines of steps of that chain that stay before it, and what for. */
  readonly keeps?: readonly { readonly line: number; readonly why: string }[];
  readonly conversion?: Conversion;
  /** The job that calls the workflow, or the step that calls the composite action, in which this step is. */
  readonly caller?: Caller;
}

/** What the job of a step gives it, and what stands before it. */
export interface Site {
  /** Of the job, else of the workflow; undefined where neither has any. `write-all` and `read-all` are texts. */
  readonly permissions?: unknown;
  /** `if` of the job and of the step. */
  readonly conditions: readonly string[];
  /** By job that it waits for: the names of its outputs; undefined where the job calls another workflow. */
  readonly needs: ReadonlyMap<string, readonly string[] | undefined>;
  /** Ids of the steps before it. */
  readonly ids: readonly string[];
  /** What is empty where something is skipped and this step runs all the same: `needs.JOB`, `needs.JOB.outputs.NAME` or `steps.ID`, and what is skipped. */
  readonly mayBeSkipped: ReadonlyMap<string, Skipped>;
  /** Every step before it is of the job's own file and sets no credentials, so that there are none. */
  readonly hasNoCredentials: boolean;
  /** A step before it may set AWS_REGION: an action of another kind, or a script that writes it. */
  readonly maySetRegion?: boolean;
  /** A step before it checks out the repository; undefined where another step may have done so. */
  readonly checkout?: boolean | undefined;
  /** A step before it, other than a checkout, may write files of the repository. */
  readonly makesFiles?: boolean | undefined;
  /** By which the job's aws-actions/configure-aws-credentials gets credentials. */
  readonly credentials?: 'keys' | 'token' | undefined;
  /** `timeout-minutes` of the job and of the step, as far as they are numbers; GitHub's own limit is 6 hours. */
  readonly timeouts: readonly { readonly of: 'job' | 'step'; readonly minutes: number }[];
  /** `concurrency` of the workflow and of the job. */
  readonly concurrency: readonly unknown[];
}

/** A job or a step with a condition. */
export interface Skipped {
  /** `the job build` */
  readonly what: string;
  /** Its `if`. */
  readonly condition: string;
}

/** What is to be known of a step that takes the place of others; lines are those of the file before it. */
export interface Conversion {
  /** Where something of the workflow uses its outputs. */
  readonly id: string | undefined;
  /** The step that builds its image, which is one of its own. */
  readonly build: { readonly id: string; readonly condition?: string; readonly with: Texts } | undefined;
  /** `if` of the step that deploys. */
  readonly condition: string | undefined;
  readonly between: readonly StaysAt[];
  readonly rest: readonly StaysAt[];
  readonly uses: readonly OutputUse[];
  readonly variables: readonly (Omit<ScriptVariable, 'index'> & { readonly line: number })[];
  readonly edits: readonly { readonly line: number; readonly fields: readonly string[] }[];
  /** Inputs that the new steps do not have. */
  readonly losses: readonly { readonly line: number; readonly input: string; readonly why: string }[];
  /** The `if` of the step that builds its image, without which the image is empty. */
  readonly mayBeEmpty: string | undefined;
}
interface StaysAt {
  readonly line: number;
  readonly title: string;
  readonly commands: readonly string[] | undefined;
  /** Of a step of the chain: what for. */
  readonly why?: string;
}

/** What calls a reusable workflow or a composite action: its `with`, to be read in its own contexts. */
export interface Caller extends Omit<ActionStep, 'uses' | 'title'> {
  /** Of a job, what it passes as `secrets`; undefined for `inherit`. */
  readonly secrets?: Texts | undefined;
}

interface WorkflowFacts {
  /** A composite action, which runs in the job of its caller. */
  readonly isAction?: boolean;
  /** One group for the whole workflow, the first one of `Site.concurrency`. */
  readonly hasConcurrency?: boolean;
  readonly name: string;
  /** Its file, which the lines of its steps are of. */
  readonly file: string;
  readonly events: readonly string[];
  /** `on`, as a map. */
  readonly triggers: Node;
  /** `refs/heads/main`, `refs/tags/v*`: what a push has to match. None for a push of anything. */
  readonly refs: readonly string[];
  /** Inputs of workflow_dispatch and workflow_call. */
  readonly inputs: Readonly<Record<string, WorkflowInput>>;
  /** Secrets of workflow_call. */
  readonly secrets?: Readonly<Record<string, WorkflowInput>>;
  /** The combinations of the job's matrix; empty for a job without one, or whose matrix only a run knows. */
  readonly matrix: readonly Combination[];
}
export type Combination = Readonly<Record<string, Value>>;
interface WorkflowInput {
  readonly default?: Value;
  readonly required?: boolean;
  readonly type?: string;
  readonly options?: readonly string[];
}

export type Node = Readonly<Record<string, unknown>>;
/** A map of the file; empty for anything else. */
export const object = (value: unknown): Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};
/** @param place of the map in the file, for the error */
const texts = (value: unknown, place: string): Texts =>
  Object.fromEntries(
    Object.entries(object(value)).map(([name, one]) => {
      // GitHub refuses the whole file: "A mapping was not expected".
      if (typeof one === 'object' && one !== null)
        throw new Error(
          `${place}: \`${name}\` is a YAML ${Array.isArray(one) ? 'list' : 'map'}, but GitHub takes text alone here. Write it as \`${name}: |\` with the lines below it.`,
        );
      return [name, one === null ? '' : String(one)];
    }),
  );

/** A step with AWS credentials that this action neither is nor takes the place of. */
export interface OtherStep {
  readonly job: string;
  readonly line: number;
  /** Its job's, as written; undefined for credentials of another kind. */
  readonly role: string | undefined;
  readonly uses: string;
  readonly run: string;
}

/** `OWNER/ecs-rollout@v1`, a copy under another owner, or the action's own folder. */
const isOurs = (uses: string): boolean =>
  /(?:^|\/)ecs-rollout(?:@|$)/.test(uses) || /^\.\/?(?:$|\.\/|[^@]*ecs-rollout)/.test(uses);

/** A job that calls a reusable workflow of the repository, or a step that calls one of its composite actions. */
interface Call extends Caller {
  /** From the repository's root: `.github/workflows/deploy.yml`, `.github/actions/deploy`. */
  readonly path: string;
  /** It calls an action, not a workflow. */
  readonly isStep: boolean;
}

/**
 * @param text of a workflow file, or of an action.yml with `runs.steps`
 * @throws an error that says what is wrong with the file
 */
export const stepsOf = (file: string, text: string): ActionStep[] => readWorkflow(file, text).steps;

/** The same of a file that has the official actions: the steps that would take their place. */
export const officialStepsOf = (file: string, text: string): ActionStep[] => readWorkflow(file, text).official;

/** Calls in calls; GitHub allows ten levels: https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations */
const MOST_LEVELS = 10;

/**
 * The steps of the file, and those of the reusable workflows and composite actions of the same repository that it calls.
 * @param root where `./` begins
 * @throws an error that names the file
 */
export const stepsIn = (file: string, root: string): ActionStep[] => follow(file, root, { kind: 'own', level: 0 });

/**
 * The same of a workflow that does not use this action yet: the steps that would take the place of the official actions or of the AWS CLI.
 * @throws an error that names the file
 */
export const migratedStepsIn = (file: string, root: string): ActionStep[] =>
  follow(file, root, { kind: 'official', level: 0 });

function follow(
  file: string,
  root: string,
  { kind, level }: { readonly kind: 'own' | 'official'; readonly level: number },
): ActionStep[] {
  const { steps: own, official, calls } = readWorkflow(file, readFileSync(file, 'utf8'), root);
  const steps = kind === 'own' ? own : official;
  const called = calls.flatMap(({ path, isStep, ...caller }) => {
    const found = calledFile(path, root);
    if (found === undefined) {
      // A job may check out another repository into a folder, and the steps of this file are there without it.
      if (steps.length > 0 && isStep) return [];
      throw new Error(
        `${file}, line ${caller.line}: ./${path} does not exist in ${root}.${isStep ? ' Where the job checks out another repository there, run this command on the action.yml in a clone of that repository.' : ''}`,
      );
    }
    if (level >= MOST_LEVELS)
      throw new Error(`${file}, line ${caller.line}: more than ${MOST_LEVELS} levels of calls.`);
    return follow(found, root, { kind, level: level + 1 }).map((step) => calledBy(step, caller));
  });
  return [...steps, ...called];
}

/** The workflow, or the action.yml of the folder; undefined where it is not there. */
const calledFile = (path: string, root: string): string | undefined =>
  [path, join(path, 'action.yml'), join(path, 'action.yaml')]
    .map((one) => join(root, one))
    .find((one) => /\.ya?ml$/.test(one) && existsSync(one));

/** The file and those of the same repository that it calls, each read once. */
function readWithCalled(
  file: string,
  root: string,
  seen: Set<string> = new Set(),
): readonly { readonly file: string; readonly text: string; readonly read: ReadFile }[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const read = readWorkflow(file, text, root);
  return [
    { file, text, read },
    ...read.calls.flatMap(({ path }) => {
      const called = calledFile(path, root);
      return called === undefined ? [] : readWithCalled(called, root, seen);
    }),
  ];
}

/** The outermost call is the one that has an event; a composite action runs in the job of its caller. */
const calledBy = (step: ActionStep, caller: Caller): ActionStep => ({
  ...step,
  job: step.job === COMPOSITE ? caller.job : `${caller.job} / ${step.job}`,
  caller: step.caller ? { ...step.caller, caller } : caller,
});

/** The job or step whose event started the run. */
export const outermost = (step: ActionStep | Caller): ActionStep | Caller =>
  step.caller ? outermost(step.caller) : step;

/** Name of the one job that the steps of an action.yml are read as. */
const COMPOSITE = 'action';

interface ReadFile {
  readonly steps: ActionStep[];
  /** What would take the place of the official actions. */
  readonly official: ActionStep[];
  readonly calls: Call[];
  readonly others: OtherStep[];
}

/**
 * The other steps of the file, and of those that it calls, that have AWS credentials.
 * @throws an error that names the file
 */
export const otherStepsIn = (file: string, root: string): OtherStep[] =>
  readWithCalled(file, root).flatMap(({ file: one, read }) =>
    read.others.map((step) => (one === file ? step : { ...step, job: `${step.job} of ${relative(root, one)}` })),
  );

/** @param repository where `./` begins, for the actions that set credentials; undefined where only the text is known */
function readWorkflow(file: string, text: string, repository?: string): ReadFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const [problem] = document.errors;
  if (problem) throw new Error(`${file} is not YAML: ${problem.message}`);
  const root = object(document.toJS());
  const jobs = 'runs' in root ? { [COMPOSITE]: object(root.runs) } : object(root.jobs);
  if (Object.keys(jobs).length === 0) throw new Error(`${file} is not a workflow: it has no \`jobs\`.`);
  const on = root.on;
  const triggers =
    typeof on === 'string'
      ? { [on]: null }
      : Array.isArray(on)
        ? Object.fromEntries(on.map((event) => [event, null]))
        : object(on);
  const inputs = ['workflow_dispatch', 'workflow_call'].map((event) => object(object(triggers[event]).inputs));
  const steps: ActionStep[] = [];
  const official: ActionStep[] = [];
  const calls: Call[] = [];
  const others: OtherStep[] = [];
  const credentialsOf = (step: Node): Texts | undefined => credentialsIn(step, repository);
  for (const [job, given] of Object.entries(jobs)) {
    const { steps: list, env, environment, strategy, uses: called, with: values, secrets } = object(given);
    const ofJob = {
      job,
      env: over(texts(root.env, file), texts(env, `${file}, job ${job}`)),
      environment: typeof environment === 'string' ? environment : (object(environment).name as string | undefined),
      workflow: {
        isAction: 'runs' in root,
        hasConcurrency: root.concurrency !== undefined && root.concurrency !== null,
        name: String(root.name ?? file),
        file,
        events: Object.keys(triggers),
        triggers,
        refs: refsOf(object(triggers.push)),
        inputs: { ...object(root.inputs), ...inputs[1], ...inputs[0] } as WorkflowFacts['inputs'],
        secrets: object(object(triggers.workflow_call).secrets) as WorkflowFacts['inputs'],
        matrix: combinationsOf(object(strategy).matrix),
      },
    };
    const site = siteOf(object(given), { root, jobs });
    const path = localPath(called);
    if (path !== undefined) {
      const line = lineOf(document.getIn(['jobs', job]), lines);
      const place = `${file}, line ${line}`;
      const passed = secrets === 'inherit' ? undefined : texts(secrets, place);
      calls.push({ ...ofJob, site: site([]), path, isStep: false, line, with: texts(values, place), secrets: passed });
    }
    const nodes = (Array.isArray(list) ? list : []).map(object);
    const pathOf = (index: number): readonly (string | number)[] =>
      'runs' in root ? ['runs', 'steps', index] : ['jobs', job, 'steps', index];
    const lineAt = (index: number): number => lineOf(document.getIn(pathOf(index)), lines);
    const folder = folderOf(given) ?? folderOf(root);
    const built = new Set<number>();
    const titleAt = (at: number): string => String(nodes[at]?.name ?? nodes[at]?.uses ?? 'run');
    const stays = ({ index, commands, why }: Stays): StaysAt => ({
      line: lineAt(index),
      title: titleAt(index),
      commands,
      ...(why === undefined ? {} : { why }),
    });
    const spans = nodes.map((_, index) => spanOf(document.getIn(pathOf(index)), lines));
    const whole = spanOf('runs' in root ? document.contents : document.getIn(['jobs', job]), lines);
    const gone = new Set<number>();
    for (const { index, replaces, keeps, with: inputs, build, ...more } of replacementsIn(
      nodes.map((step) => officialStep(withPublicRegistry(step, nodes), folder)),
      Object.keys(ofJob.env),
      referencesIn(text, { whole, spans }),
    )) {
      const uses = 'OWNER/ecs-rollout@v1';
      const env = over(ofJob.env, regionBefore(nodes.slice(0, index), credentialsOf));
      for (const at of [...replaces, ...(build ? [build.index] : [])]) gone.add(at);
      const local = nodes
        .slice(0, index)
        .findLastIndex((step) => localPath(step.uses) !== undefined && credentialsOf(step));
      const isLocal = local >= 0 && !nodes.slice(local + 1, index).some(isCredentials);
      // Of several tasks with one image, the first.
      if (build && !built.has(build.index)) {
        const line = lineAt(build.index);
        const own = { site: site(nodes.slice(0, build.index + 1)), title: titleAt(build.index), uses, line };
        official.push({ ...ofJob, ...own, env, replaces: [line], with: build.with });
        built.add(build.index);
      }
      official.push({
        ...ofJob,
        env,
        site: site(nodes.slice(0, index + 1)),
        title: titleAt(index),
        uses,
        line: lineAt(index),
        conversion: {
          id: more.id,
          condition: more.condition,
          build,
          between: (more.between ?? []).map(stays),
          rest: (more.rest ?? []).map(stays),
          uses: more.uses ?? [],
          variables: (more.variables ?? []).map(({ index: at, ...one }) => ({ ...one, line: lineAt(at) })),
          edits: (more.edits ?? []).map(({ index: at, fields }) => ({ line: lineAt(at), fields })),
          losses: (more.losses ?? []).map(({ index: at, ...one }) => ({ ...one, line: lineAt(at) })),
          mayBeEmpty: more.mayBeEmpty,
        },
        replaces: replaces.map(lineAt),
        keeps: [
          ...(isLocal ? [{ line: lineAt(local), why: 'it sets the credentials and the Region' }] : []),
          ...keeps.map((one) => ({ line: lineAt(one.index), why: one.why })),
        ],
        with: inputs,
      });
    }
    for (const [index, step] of nodes.entries()) {
      const uses = String(step.uses ?? '');
      const local = localPath(uses);
      // Steps of others are not read.
      if (!isOurs(uses) && local === undefined) continue;
      const line = lineAt(index);
      const place = `${file}, line ${line}`;
      const ofStep = {
        ...ofJob,
        line,
        with: texts(step.with, place),
        numbers: numbersIn(document.getIn([...pathOf(index), 'with'])),
        site: site(nodes.slice(0, index + 1)),
        env: over(over(ofJob.env, regionBefore(nodes.slice(0, index), credentialsOf)), texts(step.env, place)),
      };
      if (isOurs(uses)) steps.push({ ...ofStep, title: String(step.name ?? uses), uses });
      else if (local !== undefined) calls.push({ ...ofStep, path: local, isStep: true });
    }
    let access: Texts | undefined;
    for (const [index, step] of nodes.entries()) {
      const own = credentialsOf(step);
      access = own ?? access;
      const uses = String(step.uses ?? '');
      if (own !== undefined || access === undefined || gone.has(index) || isOurs(uses)) continue;
      others.push({ job, line: lineAt(index), role: access['role-to-assume'], uses, run: String(step.run ?? '') });
    }
  }
  return { steps, official, calls, others };
}

/** What a step gives aws-actions/configure-aws-credentials, also one of an action of the same repository; undefined where it is none. */
function credentialsIn(step: Node, repository: string | undefined): Texts | undefined {
  if (isCredentials(step)) return loose(step.with);
  const path = localPath(step.uses);
  if (path === undefined || repository === undefined) return undefined;
  const file = ['action.yml', 'action.yaml'].map((name) => join(repository, path, name)).find(existsSync);
  if (file === undefined) return undefined;
  const { runs, inputs } = object(parseDocument(readFileSync(file, 'utf8'), { merge: true }).toJS());
  const { steps } = object(runs);
  const own = (Array.isArray(steps) ? steps.map(object) : []).findLast(isCredentials);
  if (own === undefined) return undefined;
  const given = loose(step.with);
  // By the action's own inputs; what its steps compute is not known.
  const filled = Object.entries(loose(own.with)).flatMap(([name, text]): [string, string][] => {
    const value = text.replaceAll(/\$\{\{\s*inputs\.([\w-]+)\s*\}\}/g, (_, input: string) =>
      String(given[input] ?? object(object(inputs)[input]).default ?? ''),
    );
    return /\$\{\{\s*(?:steps|env)\./.test(value) ? [] : [[name, value]];
  });
  return Object.fromEntries(filled);
}

/** `1.10`, which is the number 1.1, and `012345678901` without its zero: by input, as the file has them. */
function numbersIn(inputs: unknown): Texts {
  if (!isMap(inputs)) return {};
  return Object.fromEntries(
    inputs.items.flatMap(({ key, value }) =>
      isScalar(value) &&
      typeof value.value === 'number' &&
      value.source !== undefined &&
      value.source !== String(value.value)
        ? [[String(key), value.source]]
        : [],
    ),
  );
}

/** `defaults.run.working-directory` of the workflow or the job. */
const folderOf = (node: unknown): string | undefined =>
  object(object(object(node).defaults).run)['working-directory'] as string | undefined;

/** With the name of ECR Public's registry in the place of the output of a login to it: without a host, a name is one of the own registry. */
function withPublicRegistry(step: Node, nodes: readonly Node[]): Node {
  const ids = nodes.flatMap(({ id, uses, with: inputs }) =>
    /^aws-actions\/amazon-ecr-login@/i.test(String(uses)) && loose(inputs)['registry-type'] === 'public'
      ? [String(id)]
      : [],
  );
  if (ids.length === 0) return step;
  const filled = (text: string): string =>
    ids.reduce(
      (one, id) =>
        one.replaceAll(new RegExp(`\\$\\{\\{\\s*steps\\.${id}\\.outputs\\.registry\\s*\\}\\}`, 'g'), 'public.ecr.aws'),
      text,
    );
  const all = (values: unknown): Texts =>
    Object.fromEntries(Object.entries(loose(values)).map(([name, value]) => [name, filled(value)]));
  return {
    ...step,
    ...(step.run === undefined ? {} : { run: filled(String(step.run)) }),
    ...(step.with === undefined ? {} : { with: all(step.with) }),
    ...(step.env === undefined ? {} : { env: all(step.env) }),
  };
}

const officialStep = (step: Node, folder: string | undefined): OfficialStep => ({
  id: step.id === undefined ? undefined : String(step.id),
  uses: String(step.uses ?? ''),
  run: String(step.run ?? ''),
  with: loose(step.with),
  env: loose(step.env),
  workingDirectory: String(step['working-directory'] ?? folder ?? ''),
  condition: step.if === undefined ? undefined : String(step.if),
});

const isCredentials = ({ uses }: Node): boolean => /^aws-actions\/configure-aws-credentials@/i.test(String(uses));

/** Steps that neither set credentials nor check out the repository. */
const PREPARES = /^(?:docker\/|actions\/(?:setup-|cache|upload-|github-script)|aws-actions\/amazon-ecr-login@)/;

const isCheckout = ({ uses }: Node): boolean => /^actions\/checkout@/.test(String(uses));

/** A script or an action that may write files, also a checkout of another repository or into another folder. */
const makesFiles = ({ uses, run, with: inputs }: Node): boolean =>
  run !== undefined ||
  (isCheckout({ uses })
    ? loose(inputs).path !== undefined || loose(inputs).repository !== undefined
    : uses !== undefined && !PREPARES.test(String(uses)) && !isCredentials({ uses }));

const maySetRegion = ({ uses, run }: Node): boolean =>
  run === undefined
    ? uses !== undefined && !isCheckout({ uses }) && !PREPARES.test(String(uses)) && !isCredentials({ uses })
    : /\bAWS_(?:DEFAULT_)?REGION\b[\s\S]*\bGITHUB_ENV\b/.test(String(run));

/** @returns of a step with those before it, of the whole job for a call */
function siteOf(
  job: Node,
  { root, jobs }: { readonly root: Node; readonly jobs: Node },
): (nodes: readonly Node[]) => Site {
  const needs = [job.needs ?? []].flat().map(String);
  const outputsOf = (name: string): readonly string[] | undefined => {
    const { [name]: other } = jobs;
    const { outputs, uses } = object(other);
    // Of a part of a workflow, the other job is not there.
    return other !== undefined && uses === undefined ? Object.keys(object(outputs)) : undefined;
  };
  const runners = [object(job['runs-on']).labels ?? object(job['runs-on']).group ?? job['runs-on']].flat().map(String);
  const isHosted = runners.every((label) => /^(?:ubuntu|windows|macos)-[\w.-]+$/.test(label));
  return (nodes) => {
    const before = nodes.slice(0, -1);
    const credentials = before.findLast(isCredentials);
    const isKnown = before.every(
      ({ uses, run }) =>
        isCheckout({ uses }) ||
        PREPARES.test(String(uses)) ||
        (run !== undefined && !/\b(?:AWS_|aws\b|GITHUB_ENV)/.test(String(run))),
    );
    const checksOut = before.some(({ uses, run }) => isCheckout({ uses }) || /\bgit clone\b/.test(String(run)));
    const mayMakeFiles = before.some((step) => isCheckout(step) || makesFiles(step));
    return {
      permissions: job.permissions ?? root.permissions,
      conditions: [job.if, nodes.at(-1)?.if].flatMap((one) => (one === undefined ? [] : [String(one)])),
      needs: new Map(needs.map((name) => [name, outputsOf(name)])),
      ids: before.flatMap(({ id }) => (id === undefined ? [] : [String(id)])),
      mayBeSkipped: new Map([
        ...needs.flatMap((name) => skippedOf(name, jobs)),
        ...conditional(before).map(
          ([id, condition]) => [`steps.${id}`, { what: `the step ${id}`, condition }] as const,
        ),
      ]),
      hasNoCredentials: isHosted && isKnown && job.container === undefined,
      maySetRegion: before.some(maySetRegion),
      makesFiles: before.some(makesFiles),
      checkout: checksOut || (mayMakeFiles ? undefined : false),
      credentials:
        credentials === undefined
          ? undefined
          : loose(credentials.with)['role-to-assume'] !== undefined &&
              loose(credentials.with)['aws-access-key-id'] === undefined
            ? 'token'
            : 'keys',
      timeouts: [
        ['job', job['timeout-minutes']] as const,
        ['step', nodes.at(-1)?.['timeout-minutes']] as const,
      ].flatMap(([of, minutes]) => (/^\d+(?:\.\d+)?$/.test(String(minutes)) ? [{ of, minutes: Number(minutes) }] : [])),
      concurrency: [root.concurrency, job.concurrency].filter((one) => one !== undefined && one !== null),
    };
  };
}

/** A condition with one of these is asked also where a job before has failed or was skipped. */
export const runsAfterSkipped = (condition: string): boolean =>
  /\b(?:always|cancelled|failure)\s*\(\s*\)/.test(condition);

const conditional = (steps: readonly Node[]): (readonly [id: string, condition: string])[] =>
  steps.flatMap(({ id, if: condition }) =>
    id === undefined || condition === undefined || runsAfterSkipped(String(condition))
      ? []
      : [[String(id), String(condition)] as const],
  );

/** A job that waits for a skipped one is skipped as well. @param asked against jobs that wait for each other, which GitHub refuses */
function skippedJob(name: string, jobs: Node, asked: readonly string[] = []): Skipped | undefined {
  const { if: condition, needs } = object(jobs[name]);
  const own = condition === undefined ? undefined : String(condition);
  if (own !== undefined && runsAfterSkipped(own)) return undefined;
  if (own !== undefined && !/^\s*(?:\$\{\{)?\s*success\(\)\s*(?:\}\})?\s*$/.test(own))
    return { what: `the job ${name}`, condition: own };
  if (asked.includes(name)) return undefined;
  return [needs ?? []]
    .flat()
    .map((other) => skippedJob(String(other), jobs, [...asked, name]))
    .find((one) => one !== undefined);
}

/** Of a job that is waited for: the job itself, and outputs of its steps that have a condition. */
function skippedOf(name: string, jobs: Node): (readonly [path: string, Skipped])[] {
  const { outputs, steps } = object(jobs[name]);
  const whole = skippedJob(name, jobs);
  const conditions = new Map(conditional((Array.isArray(steps) ? steps : []).map(object)));
  const parts = Object.entries(loose(outputs)).flatMap(([output, text]) => {
    // With another value behind `||` it is not empty.
    const [, id = ''] = /^\s*\$\{\{\s*steps\.([\w-]+)\.outputs\.[\w-]+\s*\}\}\s*$/.exec(text) ?? [];
    const condition = conditions.get(id);
    return condition === undefined
      ? []
      : [[`needs.${name}.outputs.${output}`, { what: `the step ${id} of the job ${name}`, condition }] as const];
  });
  return [...(whole === undefined ? [] : [[`needs.${name}`, whole] as const]), ...parts];
}

/** `env` of a job or a step, over that around it, which its values name by `env` as well. */
const over = (outer: Texts, inner: Texts): Texts => ({
  ...outer,
  ...Object.fromEntries(Object.entries(inner).map(([name, text]) => [name, withEnv(text, outer)])),
});

/** aws-actions/configure-aws-credentials sets it for the steps behind it. */
function regionBefore(nodes: readonly Node[], credentialsOf: (step: Node) => Texts | undefined): Texts {
  for (const node of nodes.toReversed()) {
    const credentials = credentialsOf(node);
    if (credentials === undefined) continue;
    const region = credentials['aws-region'];
    return region === undefined ? {} : { AWS_REGION: withEnv(region, loose(node.env)) };
  }
  return {};
}

/** Of others' steps, which are not checked. */
const loose = (value: unknown): Texts =>
  Object.fromEntries(
    Object.entries(object(value)).flatMap(([name, one]) => (typeof one === 'object' ? [] : [[name, String(one)]])),
  );

/** `./.github/workflows/deploy.yml`, `./.github/actions/deploy`; nothing for the repository's own root. */
const localPath = (uses: unknown): string | undefined =>
  typeof uses === 'string' && /^\.\/[^@]+$/.test(uses) ? uses.slice(2).replace(/\/$/, '') : undefined;

function lineOf(node: unknown, lines: LineCounter): number {
  return isMap(node) && node.range ? lines.linePos(node.range[0]).line : 0;
}

function jobsIn(text: string): Node[] {
  const { jobs, runs } = object(parseDocument(text, { merge: true }).toJS());
  return [...Object.values(object(jobs)), ...(runs === undefined ? [] : [runs])].map(object);
}

/** What is said of a workflow without a step that this action can take the place of. */
export function whyNoStep(
  file: string,
  { root, command }: { readonly root: string; readonly command: string },
): string {
  const all = readWithCalled(file, root).map(({ text }) => text);
  const why = [
    ...new Set([...all.flatMap((text) => callsElsewhere(text, { root, command })), ...all.flatMap(commandsThatStay)]),
  ];
  return why.length > 0
    ? [`${file} has no step that uses this action.`, ...why].join('\n')
    : `${file} has no step that uses this action (\`uses: .../ecs-rollout@...\`), nor calls a workflow or an action of its own repository that has one. Nor does it deploy in a form that this command reads: aws-actions/amazon-ecs-deploy-task-definition, or \`aws ecs update-service\` as a command of a script. docs/migrating.md and docs/migrating-from-other-tools.md have the step to write.`;
}

/**
 * Reusable workflows of other repositories that the file calls, whose steps are not here.
 * @param root of the caller, whose files the called workflow reads
 * @returns what to run on each of them; empty where there are none
 */
export function callsElsewhere(
  text: string,
  { root, command }: { readonly root: string; readonly command: string },
): string[] {
  const lines = jobsIn(text).flatMap(({ uses, with: values }) => {
    const [, called = '', repository = '', path = ''] =
      /^(([\w.-]+\/[\w.-]+)\/(\.github\/workflows\/[\w.-]+\.ya?ml)@\S+)$/.exec(String(uses ?? '')) ?? [];
    if (called === '') return [];
    const given = loose(values);
    const set = Object.entries(given).map(([name, value]) => ` --set ${inShell(`inputs.${name}=${value}`)}`);
    const file = Object.values(given).find((value) => value.endsWith('.json') && existsSync(join(root, value)));
    const own = file === undefined ? '' : ` --task-definition ${inShell(join(root, file))}`;
    return [
      `It calls ${called}, which is in another repository. Run this command on that file, in a clone beside this one:\n  npm run -s ${command} -- ../${repository.split('/')[1]}/${path}${own}${set.join('')}`,
    ];
  });
  return [...new Set(lines)];
}

const inShell = (text: string): string => (/^[\w./=:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Commands of scripts that change ECS, and that no step takes the place of as they stand. */
export function commandsThatStay(text: string): string[] {
  const lines = jobsIn(text).flatMap(({ steps }) =>
    (Array.isArray(steps) ? steps : []).map(object).flatMap((step) =>
      commandsIn(String(step.run ?? ''), { env: loose(step.env), workingDirectory: '' }).flatMap((command) => {
        const [program, service, operation] = command.words;
        if (program !== 'aws') return [];
        if (service === 'deploy' && operation === 'create-deployment') return [byCodeDeploy(command)];
        if (service !== 'ecs') return [];
        if (operation === 'run-task')
          return [
            'It runs a task with `aws ecs run-task`: the step for that is `mode: task`, or `pre-deploy` of the step that deploys: docs/tasks.md. This command does not write it, because the task and its network are options of the command.',
          ];
        return onlyScales(command)
          ? [
              'It sets the number of tasks with `aws ecs update-service --desired-count`: that deploys nothing, and this action has no mode for it. Keep the command. A step that deploys takes `desired-count`.',
            ]
          : [];
      }),
    ),
  );
  return [...new Set(lines)];
}

/** The service, its cluster and the port are in the deployment group and the AppSpec, which the command does not show. */
function byCodeDeploy(command: Command): string {
  const inputs = [
    ['codedeploy-application', optionOf(command, '--application-name')],
    ['codedeploy-deployment-group', optionOf(command, '--deployment-group-name')],
    ['codedeploy-appspec', 'appspec.yml'],
  ].map(([name, value = '...']) => `\`${name}: ${value}\``);
  return `It deploys with \`aws deploy create-deployment\` (CodeDeploy). The step for that has ${inputs.join(', ')} beside \`cluster\`, \`service\`, \`image\` and \`task-definition\` or \`task-definition-family\`: it registers the revision, puts it into the AppSpec, starts the deployment and waits for it. This command does not write it, because service and cluster are in the deployment group: docs/codedeploy.md.`;
}

type Span = readonly [from: number, to: number];

/** Its first and last line. */
function spanOf(node: unknown, lines: LineCounter): Span {
  return isMap(node) && node.range
    ? [lines.linePos(node.range[0]).line, lines.linePos(Math.max(node.range[0], node.range[1] - 1)).line]
    : [0, -1];
}

const STEP_MEMBER = /\bsteps\.([\w-]+)\.(outputs\.[\w-]+|outcome|conclusion)\b/g;

/** Where a job names what its steps gave: in a step, or in its own outputs. */
function referencesIn(
  text: string,
  { whole: [first, last], spans }: { readonly whole: Span; readonly spans: readonly Span[] },
): Reference[] {
  return text.split('\n').flatMap((written, i) => {
    const line = i + 1;
    if (line < first || line > last || /^\s*#/.test(written)) return [];
    const at = spans.findIndex(([from, to]) => line >= from && line <= to);
    return [...written.matchAll(STEP_MEMBER)].map(([, id = '', member = '']) => ({
      line,
      index: at < 0 ? undefined : at,
      id,
      member,
    }));
  });
}

const refsOf = ({ branches, tags }: Node): string[] => [
  ...[branches ?? []].flat().map((name) => `refs/heads/${String(name)}`),
  ...[tags ?? []].flat().map((name) => `refs/tags/${String(name)}`),
];

/**
 * As GitHub combines them: each value of a list with each of the others, without those of `exclude`; an entry of `include` is added to
 * the combinations whose values it does not change, else it is one of its own. A list that an expression makes is not known.
 * https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
 */
function combinationsOf(given: unknown): readonly Combination[] {
  const { include, exclude, ...lists } = object(given);
  const names = Object.entries(lists).filter((pair): pair is [string, Value[]] => Array.isArray(pair[1]));
  let all: Combination[] = [{}];
  for (const [name, values] of names) all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  const entriesOf = (value: unknown): Combination[] =>
    Array.isArray(value) ? value.map((one) => object(one) as Combination) : [];
  const agrees = (one: Combination, other: Combination): boolean =>
    Object.entries(other).every(([name, value]) => JSON.stringify(one[name]) === JSON.stringify(value));
  const kept = names.length === 0 ? [] : all.filter((one) => !entriesOf(exclude).some((other) => agrees(one, other)));
  const added: Combination[] = [];
  let combined = kept;
  for (const entry of entriesOf(include)) {
    const shared = Object.fromEntries(Object.entries(entry).filter(([name]) => names.some(([list]) => list === name)));
    const fits = kept.map((one) => agrees(one, shared));
    if (fits.includes(true)) combined = combined.map((one, i) => (fits[i] ? { ...one, ...entry } : one));
    else added.push(entry);
  }
  return [...combined, ...added];
}
