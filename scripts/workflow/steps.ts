/** The steps of a workflow file that use this action, and their inputs with each `${{ ... }}` replaced. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { type OfficialStep, onlyScales } from './chain.ts';
import { eventsOf, refFacts, refsLike } from './events.ts';
import { interpolate, type Lookup, type Value } from './expressions.ts';
import { type Home, likely } from './likely.ts';
import { type OutputUse, type Reference, replacementsIn, type Stays } from './official.ts';
import { commandsIn } from './shell.ts';

type Texts = Readonly<Record<string, string>>;

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
  /** Every step before it is of the job's own file and sets no credentials, so that there are none. */
  readonly hasNoCredentials: boolean;
  /** A step before it checks out the repository; undefined where another step may have done so. */
  readonly checkout?: boolean | undefined;
  /** By which the job's aws-actions/configure-aws-credentials gets credentials. */
  readonly credentials?: 'keys' | 'token' | undefined;
  /** `timeout-minutes` of the job and of the step, as far as they are numbers; GitHub's own limit is 6 hours. */
  readonly timeouts: readonly { readonly of: 'job' | 'step'; readonly minutes: number }[];
  /** `concurrency` of the workflow and of the job. */
  readonly concurrency: readonly unknown[];
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
}
interface StaysAt {
  readonly line: number;
  readonly title: string;
  readonly commands: readonly string[] | undefined;
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
type Combination = Readonly<Record<string, Value>>;
interface WorkflowInput {
  readonly default?: Value;
  readonly required?: boolean;
  readonly type?: string;
  readonly options?: readonly string[];
}

type Node = Readonly<Record<string, unknown>>;
const object = (value: unknown): Node =>
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

/** `OWNER/ecs-rollout@v1`, a copy under another owner, or the action's own folder. */
const isOurs = (uses: string): boolean =>
  /(?:^|\/)ecs-rollout(?:@|$)/.test(uses) || /^\.\/?(?:$|\.\/|[^@]*ecs-rollout)/.test(uses);

/** `vars.STAGE=blue`, the value of an expression as `--set` gives it. @throws an error that shows the form */
export function givenOf(text: string): [path: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`--set takes PATH=VALUE, such as vars.STAGE=blue, not "${text}".`);
  return [text.slice(0, at), text.slice(at + 1)];
}

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
  const { steps: own, official, calls } = readWorkflow(file, readFileSync(file, 'utf8'));
  const steps = kind === 'own' ? own : official;
  const called = calls.flatMap(({ path, isStep, ...caller }) => {
    const found = [path, join(path, 'action.yml'), join(path, 'action.yaml')]
      .map((one) => join(root, one))
      .find((one) => /\.ya?ml$/.test(one) && existsSync(one));
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

/** The outermost call is the one that has an event; a composite action runs in the job of its caller. */
const calledBy = (step: ActionStep, caller: Caller): ActionStep => ({
  ...step,
  job: step.job === COMPOSITE ? caller.job : `${caller.job} / ${step.job}`,
  caller: step.caller ? { ...step.caller, caller } : caller,
});

/** Name of the one job that the steps of an action.yml are read as. */
const COMPOSITE = 'action';

interface ReadFile {
  readonly steps: ActionStep[];
  /** What would take the place of the official actions. */
  readonly official: ActionStep[];
  readonly calls: Call[];
}

function readWorkflow(file: string, text: string): ReadFile {
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
  for (const [job, given] of Object.entries(jobs)) {
    const { steps: list, env, environment, strategy, uses: called, with: values, secrets } = object(given);
    const ofJob = {
      job,
      env: { ...texts(root.env, file), ...texts(env, `${file}, job ${job}`) },
      environment: typeof environment === 'string' ? environment : (object(environment).name as string | undefined),
      workflow: {
        isAction: 'runs' in root,
        hasConcurrency: root.concurrency !== undefined && root.concurrency !== null,
        name: String(root.name ?? file),
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
    const stays = ({ index, commands }: Stays): StaysAt => ({ line: lineAt(index), title: titleAt(index), commands });
    const spans = nodes.map((_, index) => spanOf(document.getIn(pathOf(index)), lines));
    const whole = spanOf('runs' in root ? document.contents : document.getIn(['jobs', job]), lines);
    for (const { index, replaces, keeps, with: inputs, build, ...more } of replacementsIn(
      nodes.map((step) => officialStep(withPublicRegistry(step, nodes), folder)),
      Object.keys(ofJob.env),
      referencesIn(text, { whole, spans }),
    )) {
      const uses = 'OWNER/ecs-rollout@v1';
      // Of several tasks with one image, the first.
      if (build && !built.has(build.index)) {
        const line = lineAt(build.index);
        const own = { site: site(nodes.slice(0, build.index + 1)), title: titleAt(build.index), uses, line };
        official.push({ ...ofJob, ...own, replaces: [line], with: build.with });
        built.add(build.index);
      }
      official.push({
        ...ofJob,
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
        },
        replaces: replaces.map(lineAt),
        keeps: keeps.map((one) => ({ line: lineAt(one.index), why: one.why })),
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
        env: { ...ofJob.env, ...regionBefore(nodes.slice(0, index)), ...texts(step.env, place) },
      };
      if (isOurs(uses)) steps.push({ ...ofStep, title: String(step.name ?? uses), uses });
      else if (local !== undefined) calls.push({ ...ofStep, path: local, isStep: true });
    }
  }
  return { steps, official, calls };
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
        /^actions\/checkout@/.test(String(uses)) ||
        PREPARES.test(String(uses)) ||
        (run !== undefined && !/\b(?:AWS_|aws\b|GITHUB_ENV)/.test(String(run))),
    );
    const checksOut = before.some(
      ({ uses, run }) => /^actions\/checkout@/.test(String(uses)) || /\bgit clone\b/.test(String(run)),
    );
    const mayMakeFiles = before.some(
      ({ uses, run }) =>
        run !== undefined || (uses !== undefined && !PREPARES.test(String(uses)) && !isCredentials({ uses })),
    );
    return {
      permissions: job.permissions ?? root.permissions,
      conditions: [job.if, nodes.at(-1)?.if].flatMap((one) => (one === undefined ? [] : [String(one)])),
      needs: new Map(needs.map((name) => [name, outputsOf(name)])),
      ids: before.flatMap(({ id }) => (id === undefined ? [] : [String(id)])),
      hasNoCredentials: isHosted && isKnown && job.container === undefined,
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

/**
 * What a job may do with a permission of its token; undefined where no `permissions` say it.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
 */
function declared({ permissions }: Site, name: string): 'none' | 'read' | 'write' | undefined {
  if (permissions === undefined || permissions === null) return undefined;
  if (permissions === 'write-all') return 'write';
  if (permissions === 'read-all') return name === 'id-token' ? 'none' : 'read';
  const value = object(permissions)[name];
  return value === 'write' || value === 'read' ? value : 'none';
}

const RANKS = ['none', 'read', 'write'] as const;

/**
 * The same of the token that the step gets: a called workflow has at most what its caller has. Undefined where the settings of the repository, or
 * a caller that is not known, decide.
 */
export function permissionOf(
  { site, caller }: ActionStep | Caller,
  name: string,
): 'none' | 'read' | 'write' | undefined {
  const own = declared(site, name);
  const most = caller && permissionOf(caller, name);
  if (own === undefined || most === undefined) return own ?? most;
  return RANKS[Math.min(RANKS.indexOf(own), RANKS.indexOf(most))];
}

/** With which the action assumes the role where it has no token. */
const findsCredentials = (step: ActionStep | Caller): boolean =>
  step.site.credentials !== undefined ||
  ['AWS_ACCESS_KEY_ID', 'AWS_WEB_IDENTITY_TOKEN_FILE'].some((name) => step.env[name]) ||
  (step.workflow.isAction === true && step.caller !== undefined && findsCredentials(step.caller));

/** Whether the step can assume a role neither by a token of GitHub nor with credentials that the workflow gives it. */
export const mayNotAssume = (step: ActionStep): boolean => !mayGetIdToken(step) && !findsCredentials(step);

/**
 * Whether GitHub gives the job an OpenID Connect token: no default of a repository has that permission. True where a caller that is not known
 * decides.
 */
export function mayGetIdToken(step: ActionStep | Caller): boolean {
  const own = declared(step.site, 'id-token');
  if (own !== undefined && own !== 'write') return false;
  if (step.caller) return mayGetIdToken(step.caller);
  const { workflow } = step;
  const isCalled = workflow.isAction === true || workflow.events.every((event) => event === 'workflow_call');
  return own === 'write' || isCalled;
}

/** Whether nothing before the step, nor in its environment, has credentials of AWS. */
export function hasNoCredentials(step: ActionStep | Caller): boolean {
  const { workflow, caller, site } = step;
  if (findsCredentials(step) || !site.hasNoCredentials) return false;
  if (workflow.isAction) return caller !== undefined && hasNoCredentials(caller);
  return true;
}

/** aws-actions/configure-aws-credentials sets it for the steps behind it. */
function regionBefore(nodes: readonly Node[]): Texts {
  const step = nodes.findLast(isCredentials);
  const region = loose(step?.with)['aws-region'];
  return region === undefined ? {} : { AWS_REGION: region };
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

/**
 * Reusable workflows of other repositories that the file calls, whose steps are not here.
 * @returns what to run on each of them; empty where there are none
 */
export function callsElsewhere(text: string, command: string): string[] {
  const jobs = Object.values(object(object(parseDocument(text, { merge: true }).toJS()).jobs)).map(object);
  const lines = jobs.flatMap(({ uses, with: values }) => {
    const [, called = '', repository = '', path = ''] =
      /^(([\w.-]+\/[\w.-]+)\/(\.github\/workflows\/[\w.-]+\.ya?ml)@\S+)$/.exec(String(uses ?? '')) ?? [];
    if (called === '') return [];
    const set = Object.entries(loose(values)).map(
      ([name, value]) => ` --set '${`inputs.${name}=${value}`.replaceAll("'", "'\\''")}'`,
    );
    return [
      `It calls ${called}, which is in another repository. Run this command on that file, in a clone beside this one:\n  npm run -s ${command} -- ../${repository.split('/')[1]}/${path}${set.join('')}`,
    ];
  });
  return [...new Set(lines)];
}

/** Commands of scripts that change ECS, and that no step takes the place of as they stand. */
export function commandsThatStay(text: string): string[] {
  const jobs = Object.values(object(object(parseDocument(text, { merge: true }).toJS()).jobs)).map(object);
  const lines = jobs.flatMap(({ steps }) =>
    (Array.isArray(steps) ? steps : []).map(object).flatMap((step) =>
      commandsIn(String(step.run ?? ''), { env: loose(step.env), workingDirectory: '' }).flatMap((command) => {
        const [program, service, operation] = command.words;
        if (program !== 'aws' || service !== 'ecs') return [];
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

/** Where the value of an expression is from. */
export interface Assumption {
  /** `vars.DEPLOY_ROLE` */
  readonly path: string;
  readonly value: string;
  readonly source: 'given' | 'git' | 'workflow' | 'left out' | 'made up' | 'missing';
  /** Of one that is missing: why. */
  readonly why?: string;
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
    const lookup: Lookup = (path) => {
      const [found, source, why] = valueAt(path, { step, facts, input, isPart, lookup });
      const isAccount = source === 'made up' && path.join('.') === account && facts.makeUp === undefined;
      const value = isAccount ? likely(['account'], input, homeIn(step, facts), true) : found;
      const assumed = {
        path: path.join('.'),
        value: typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? ''),
        source,
        input,
        ...(why === undefined ? {} : { why }),
      };
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

/** The environment of the step, with each `${{ ... }}` replaced. */
export function filledEnv(step: ActionStep, facts: RunFacts): Texts {
  return fill({ ...step, with: step.env }, facts).inputs;
}

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
        return ['', 'missing', `only the event ${its} has it, and this run is for ${event}`];
      const known = rest.length === 0 ? facts.github[name] : undefined;
      return known === undefined ? [makeUp(path, input), 'made up'] : [known, 'git'];
    }
    case 'env': {
      const text = step.env[name];
      if (text !== undefined) return [interpolate(text, lookup), 'workflow'];
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
        return ['', 'missing', `only workflow_dispatch has \`inputs\`, and this run is for ${event}`];
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

const valueIn = (combination: Combination | undefined, path: readonly string[]): Value | undefined =>
  path.reduce<Value | undefined>((one, key) => object(one)[key] as Value | undefined, combination);

/** The job or step whose event started the run. */
export const outermost = (step: ActionStep | Caller): ActionStep | Caller =>
  step.caller ? outermost(step.caller) : step;

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
  const lookup: Lookup = (path) => {
    const [value, source, why] = valueAt(path, { step, facts, input, isPart: isPartOfText, lookup });
    sources.add(source);
    if (why !== undefined) whys.push(`its caller passes ${path.join('.')}, and ${why}`);
    return value;
  };
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

/** Values for `RunFacts.given`, by path. */
type Variant = ReadonlyMap<string, string>;

/** The texts in which expressions of the step are, those of its callers among them. */
function textsOf({ with: inputs, env, caller }: ActionStep | Caller): string {
  return [...Object.values(inputs), ...Object.values(env), caller ? textsOf(caller) : ''].join('\n');
}

/** Runs for the refs that a push has to match, where the step depends on the ref. `v*` stands for a release and a prerelease. */
function refVariants(step: ActionStep): Variant[] {
  const { refs } = outermost(step).workflow;
  if (refs.length === 0 || !/\bgithub\.ref/.test(textsOf(step))) return [new Map()];
  return refsLike(refs).map((ref) => new Map(refFacts(ref)));
}

/** Runs for each event of the workflow, where the step depends on it. */
function eventVariants(step: ActionStep): Variant[] {
  const events = outermost(step).workflow.events.filter((event) => event !== 'workflow_call');
  if (events.length < 2 || !/\bgithub\.event_name\b/.test(textsOf(step))) return [new Map()];
  return events.map((event) => new Map([['github.event_name', event]]));
}

/** The combinations of the matrix as far as the step, or what calls it, uses them. */
function matrixVariants(step: ActionStep | Caller): Variant[] {
  const outer: Variant[] = step.caller ? matrixVariants(step.caller) : [new Map()];
  const paths = [...new Set(textsOf(step).match(/\bmatrix(?:\.[\w-]+)+/g) ?? [])];
  const inner = step.workflow.matrix.map((combination) => {
    const values = paths.flatMap((path): [string, string][] => {
      const value = valueIn(combination, path.split('.').slice(1));
      return value === undefined || value === null || typeof value === 'object' ? [] : [[path, String(value)]];
    });
    return new Map(values);
  });
  const different = [...new Map(inner.map((one) => [JSON.stringify([...one]), one])).values()];
  return different.length === 0 ? outer : product(outer, different);
}

const product = (some: readonly Variant[], others: readonly Variant[]): Variant[] =>
  some.flatMap((one) => others.map((other) => new Map([...one, ...other])));

/** What the workflow offers to choose of an input, where its caller does not choose. */
function choiceVariants(step: ActionStep): Variant[] {
  const { workflow, caller } = step;
  const used = (name: string): boolean =>
    new RegExp(`\\b(?:github\\.event\\.)?inputs\\.${name.replaceAll(/[^\w-]/g, '')}\\b`).test(textsOf(step));
  let variants: Variant[] = [new Map()];
  for (const [name, { options }] of Object.entries(workflow.inputs))
    if (options && caller?.with[name] === undefined && used(name))
      variants = product(
        variants,
        options.map((option) => new Map([[`inputs.${name}`, String(option)]])),
      );
  return variants;
}

/** At most so many, so that a large matrix does not print a page for each. */
const MOST_VARIANTS = 32;

/**
 * What the choices of the workflow's inputs, its events and the combinations of the matrix make of the step, as far as its inputs use
 * them: values for `RunFacts.given`. One without any where nothing is to be chosen.
 */
export const variantsOf = (step: ActionStep): readonly Variant[] =>
  [eventVariants(step), choiceVariants(step), matrixVariants(step)]
    .reduce(product, refVariants(step))
    .slice(0, MOST_VARIANTS);
