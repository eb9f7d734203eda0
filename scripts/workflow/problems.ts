/** What of a workflow makes its step fail, or do something else than it looks like, before the step itself runs. */
import type { RunEvent } from './events.ts';
import { fill, type RunFacts } from './fill.ts';
import { hasNoCredentials, mayGetIdToken, mayNotAssume, permissionOf } from './permissions.ts';
import { type ActionStep, type Caller, outermost, runsAfterSkipped } from './steps.ts';

export interface Problem {
  /** `fails`: on GitHub the step does not come as far as its run, or fails at its start. */
  readonly kind: 'fails' | 'warning';
  readonly text: string;
}

export interface Read {
  readonly facts: RunFacts;
  readonly event: RunEvent;
  /** As the runner would pass them. */
  readonly inputs: Readonly<Record<string, string>>;
  /** A file of the repository is an input of the step. */
  readonly readsFiles: boolean;
}

/** In the order in which a run on GitHub meets them. */
export function problemsOf(step: ActionStep, { facts, event, inputs, readsFiles }: Read): Problem[] {
  const problems: Problem[] = [];
  const add = (kind: Problem['kind'], text: string): void => void problems.push({ kind, text });
  if (!event.starts)
    add(
      'fails',
      `\`on\` of the workflow does not start it for ${event.title} (${event.name}): correct the filters of \`on\`, or the value of --set.`,
    );
  const { always, skipping } = conditionsOf(step, facts);
  for (const text of always)
    add(
      'warning',
      `\`if: ${text}\` is always true: what stands outside of \`\${{ }}\` makes a text of it, and a text is true. Write the whole condition inside, or without \`\${{ }}\`.`,
    );
  for (const text of skipping)
    add(
      'fails',
      `\`if: ${text}\` is false for ${event.title}, and for every other event of \`on\`: GitHub skips the step.`,
    );
  const name = step.job;
  if (permissionOf(step, 'contents') === 'none' && step.site.checkout === true)
    add(
      'fails',
      `\`permissions\` of the job ${name} do not have \`contents: read\`: \`permissions\` takes away what it does not name. In a private repository actions/checkout fails. Add \`contents: read\`.`,
    );
  if (readsFiles && step.site.checkout === false && !step.workflow.isAction)
    add(
      'fails',
      `no step of the job ${name} before this one checks out the repository, so its files are not there. Add \`- uses: actions/checkout@v5\` as the first step.`,
    );
  const hasRole = Boolean(inputs['role-to-assume']);
  const where = step.caller ? ' to the job, and to the job that calls it' : ' to the job';
  const noToken = `\`permissions\` of the job ${name} do not have \`id-token: write\`, so GitHub gives it no OIDC token`;
  const keys = facts.given.has('env.AWS_ACCESS_KEY_ID');
  if (!keys && credentialsBefore(step) === 'token' && !mayGetIdToken(step))
    add('fails', `${noToken}, and aws-actions/configure-aws-credentials fails. Add \`id-token: write\`${where}.`);
  else if (!keys && hasRole && mayNotAssume(step))
    add(
      'fails',
      `${noToken}, and the step fails unless the runner has credentials of its own (--set env.AWS_ACCESS_KEY_ID=any says so). Add \`id-token: write\`${where}.`,
    );
  else if (!keys && !hasRole && hasNoCredentials(step) && step.replaces === undefined)
    add(
      'fails',
      `the job ${name} has no AWS credentials: the step has no \`role-to-assume\`, and no step before it sets any. Add \`role-to-assume\` and \`permissions: { id-token: write, contents: read }\`. (A runner with credentials of its own: --set env.AWS_ACCESS_KEY_ID=any.)`,
    );
  for (const text of refusedCalls(step)) add('fails', text);
  for (const text of cancelling(step, facts, inputs.mode)) add('warning', text);
  for (const text of tooShort(step, inputs)) add('warning', text);
  for (const text of emptyWhereSkipped(step, facts)) add('warning', text);
  for (const [input, written] of Object.entries(step.numbers ?? {}))
    add(
      'warning',
      `\`${input}: ${written}\` is a number in YAML, so the step gets \`${step.with[input]}\`. Write it in quotes: \`${input}: '${written}'\`.`,
    );
  return problems;
}

const object = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/**
 * What of a call GitHub refuses before any job starts.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations
 */
function refusedCalls(step: ActionStep | Caller): string[] {
  const { caller, workflow } = step;
  if (caller === undefined) return [];
  const outer = refusedCalls(caller);
  if (workflow.isAction) return outer;
  const title = `the job ${caller.job} calls ${workflow.name}`;
  if (!('workflow_call' in workflow.triggers))
    return [...outer, `${title}, which has no \`on: workflow_call\`: GitHub does not start the run. Add it there.`];
  const declares = object(workflow.triggers.workflow_call);
  const own = (['inputs', 'secrets'] as const).flatMap((kind) => {
    const passed = kind === 'inputs' ? caller.with : caller.secrets;
    if (passed === undefined) return [];
    const declared = object(declares[kind]);
    const word = kind === 'inputs' ? 'with' : 'secrets';
    const unknown = Object.keys(passed).filter((name) => !(name in declared));
    const left = Object.keys(declared).filter(
      (name) =>
        object(declared[name]).required === true && object(declared[name]).default === undefined && !(name in passed),
    );
    return [
      ...unknown.map(
        (name) =>
          `${title} with \`${word}: ${name}\`, which \`on.workflow_call.${kind}\` there does not declare: GitHub does not start the run. Declare it there, or remove it${kind === 'secrets' ? '; or pass all with `secrets: inherit`' : ''}.`,
      ),
      ...left.map(
        (name) =>
          `${title} without \`${word}: ${name}\`, which is required there: GitHub does not start the run. Pass it in \`${word}\` of the job.`,
      ),
    ];
  });
  return [...outer, ...own];
}

/** Outputs, as the whole of an expression or a part of one that has no other value for it. */
const OUTPUT = /\b((needs|steps)\.([\w-]+))\.outputs\.([\w-]+)(?!\s*\|\||\s*&&|[\w-])/g;

/**
 * Outputs of jobs and steps that have a condition, and are empty where it is false while this step runs.
 * @returns sentences, for the step and what calls it
 */
export function emptyWhereSkipped(step: ActionStep | Caller, facts: RunFacts): string[] {
  const outer = step.caller ? emptyWhereSkipped(step.caller, facts) : [];
  // Of a job that takes the place of a chain, the conversion names it.
  const contexts = step.replaces === undefined ? ['needs', 'steps'] : ['needs'];
  const own = step.site.conditions.map(plain);
  const found = Object.entries(step.with).flatMap(([input, text]) =>
    [...text.matchAll(OUTPUT)].flatMap(([path, name = '', context = '']) => {
      const part = step.site.mayBeSkipped.get(path) ?? step.site.mayBeSkipped.get(name);
      if (part === undefined || !contexts.includes(context)) return [];
      const isJob = step.site.mayBeSkipped.get(path) === undefined && context === 'needs';
      const runsAnyway = own.find(runsAfterSkipped);
      if (isJob && runsAnyway === undefined) return [];
      // The step asks for it, or for what the other one asks for.
      if (
        own.some((one) => one.includes(`${name}.result`) || one.includes(path) || one.includes(plain(part.condition)))
      )
        return [];
      if (isOnlyEvent(step) && isTrue(part.condition, step, facts)) return [];
      const why = isJob
        ? ` This job runs all the same (\`if: ${runsAnyway}\`). Add \`&& ${name}.result == 'success'\` to that, or give another value: \`\${{ ${path} || ... }}\`.`
        : ` Give the ${context === 'needs' ? 'job' : 'step'} the same condition (\`if: ${path}\` asks for the value), or another value: \`\${{ ${path} || ... }}\`.`;
      return [
        `\`${input}\` is empty on GitHub where ${part.what} is skipped (\`if: ${plain(part.condition)}\`): ${path} has no value then.${why}`,
      ];
    }),
  );
  return [...new Set([...outer, ...found])];
}

/** Without the braces, which `if` does not need. */
const plain = (condition: string): string =>
  /^\s*\$\{\{((?:(?!\}\})[\s\S])*)\}\}\s*$/.exec(condition)?.[1]?.trim() ?? condition.trim();

const isOnlyEvent = (step: ActionStep | Caller): boolean => outermost(step).workflow.events.length === 1;

function isTrue(condition: string, step: ActionStep | Caller, facts: RunFacts): boolean {
  const { isText, isFalse } = conditionOf(`!(${plain(condition)})`, step, facts);
  return !isText && isFalse;
}

/** Of action.yml: `wait-for-minutes` has it without a default, so that the length of a deployment that ECS plans may be longer. */
const WAIT_MINUTES = 30;
const WAITING: readonly string[] = ['deploy', 'rollback', 'continue', 'watch', 'daemon', 'task'];

/** A job that ends while its deployment may still be watched. */
function tooShort({ site, caller, workflow }: ActionStep, inputs: Read['inputs']): string[] {
  const mode = (inputs.mode?.trim() || 'deploy').toLowerCase();
  if (!WAITING.includes(mode) || inputs['wait-for-service-stability']?.trim().toLowerCase() === 'false') return [];
  const given = inputs['wait-for-minutes']?.trim();
  const wait = given ? Number(given) : WAIT_MINUTES;
  const outer = workflow.isAction ? (caller?.site.timeouts ?? []) : [];
  return [...site.timeouts, ...outer].flatMap(({ of, minutes }) =>
    minutes > wait
      ? []
      : [
          `\`timeout-minutes: ${minutes}\` of the ${of} ends it before \`wait-for-minutes\` (${wait}${given ? '' : ', the default'}) is over: GitHub cancels the run in the middle of its deployment, without a rollback or a report of the cause. Give the ${of} more than ${wait} minutes, with time for a rollback, or set \`wait-for-minutes\` below ${minutes}.`,
        ],
  );
}

const credentialsBefore = (step: ActionStep | Caller): 'keys' | 'token' | undefined =>
  step.site.credentials ?? (step.workflow.isAction && step.caller ? credentialsBefore(step.caller) : undefined);

/** Conditions of the step, its job and the jobs that call it, under one event. */
export function conditionsOf(
  step: ActionStep | Caller,
  facts: RunFacts,
): { readonly always: readonly string[]; readonly skipping: readonly string[] } {
  const own = step.site.conditions.map((text) => ({ text, ...conditionOf(text, step, facts) }));
  const outer = step.caller ? conditionsOf(step.caller, facts) : { always: [], skipping: [] };
  return {
    always: [...outer.always, ...own.flatMap(({ text, isText }) => (isText ? [text] : []))],
    skipping: [...outer.skipping, ...own.flatMap(({ text, isFalse }) => (isFalse ? [text] : []))],
  };
}

/** A condition whose value only GitHub knows is true. */
function conditionOf(
  text: string,
  step: ActionStep | Caller,
  facts: RunFacts,
): { readonly isText: boolean; readonly isFalse: boolean } {
  const trimmed = text.trim();
  const isText = /\$\{\{/.test(trimmed) && !/^\$\{\{(?:(?!\}\})[\s\S])*\}\}$/.test(trimmed);
  if (isText) return { isText, isFalse: false };
  const expression = trimmed.startsWith('${{') ? trimmed : `\${{ ${trimmed} }}`;
  const probe: ActionStep = { title: '', uses: '', ...step, with: { if: expression } };
  try {
    const { inputs, assumptions } = fill(probe, facts);
    const isKnown = assumptions.every(({ source }) => source !== 'made up');
    return { isText, isFalse: isKnown && ['', 'false', '0'].includes(inputs.if ?? '') };
  } catch {
    // A function or a form that is not read here.
    return { isText, isFalse: false };
  }
}

/** A run that another one cancels in the middle of a deployment; and jobs of one matrix that cancel each other. */
function cancelling(step: ActionStep | Caller, facts: RunFacts, given = 'deploy'): string[] {
  const mode = given.trim().toLowerCase() || 'deploy';
  // A rollback is what a running deployment makes way for, and another rollback continues the one that it cancels.
  const isCutOff = !['plan', 'list', 'status', 'build', 'rollback'].includes(mode);
  const all = [...step.site.concurrency, ...(step.caller?.site.concurrency ?? [])];
  const texts = all.flatMap((one): string[] => {
    const { group, 'cancel-in-progress': cancels } =
      typeof one === 'object' && one !== null
        ? (one as { readonly group?: unknown; readonly 'cancel-in-progress'?: unknown })
        : { group: one, 'cancel-in-progress': false };
    const isCancelling = conditionOf(`\${{ ${String(cancels ?? false).replaceAll(/\$\{\{|\}\}/g, '')} }}`, step, facts);
    const found: string[] = [];
    if (isCutOff && cancels !== undefined && cancels !== false && !isCancelling.isFalse)
      found.push(
        `\`concurrency\` has \`cancel-in-progress\`: the next run cancels this one in the middle of its deployment (\`on-cancel\` decides how that ends). Write \`cancel-in-progress: false\`.`,
      );
    const combinations = step.workflow.matrix.length;
    if (combinations > 1 && isOfJob(step, one) && !/\bmatrix\b/.test(String(group)))
      found.push(
        `the ${combinations} jobs of the matrix have one \`concurrency\` group (${String(group)}): one of them runs, one waits, and GitHub cancels the others. Put the value of the matrix into \`group\`.`,
      );
    return found;
  });
  return [...new Set(texts)];
}

/** The group of a whole workflow has no matrix. */
const isOfJob = ({ site, workflow }: ActionStep | Caller, one: unknown): boolean =>
  site.concurrency.length > (workflow.hasConcurrency === true ? 1 : 0) && site.concurrency.at(-1) === one;

/** The event that runs the step: the first one for which no condition is false, else the first. */
export function eventFor(
  step: ActionStep,
  events: readonly RunEvent[],
  factsOf: (event: RunEvent) => RunFacts,
): RunEvent | undefined {
  const started = events.filter(({ starts }) => starts);
  return started.find((event) => conditionsOf(step, factsOf(event)).skipping.length === 0) ?? started[0] ?? events[0];
}

/** Permissions of the job's token that its `permissions` do not give; the settings of the repository may give others. */
export const missingPermissions = (step: ActionStep): string[] =>
  ['contents', 'pull-requests', 'deployments'].filter((name) => {
    const permission = permissionOf(step, name);
    return permission !== undefined && permission !== 'write';
  });
