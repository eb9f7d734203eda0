import { Failure, type Mistake } from '../failure.ts';
import { nearest } from '../spelling.ts';
import { readAws } from './aws.ts';
import { refuseSecretsInArguments } from './docker-arguments.ts';
import { foreignInput, nearForeign } from './foreign.ts';
import { INPUT_NAMES, type InputName, SECTIONS } from './known.ts';
import { readGithub, readMode } from './modes.ts';
import { MISSING, meaning, Reader, renderedProblem, shorten } from './reader.ts';
import { readNames } from './service.ts';
import { type AnyInputs, type Place, SEVERAL, type StepFacts } from './types.ts';
import { withoutBlockMaps } from './yaml.ts';

interface Parsed {
  readonly inputs: AnyInputs;
  /** What is odd but no mistake, for the log; one line each. */
  readonly notes: readonly string[];
  /** What is most likely not meant, but could be; one line each. */
  readonly warnings: readonly string[];
}

/**
 * Every input of the step, parsed and checked at once.
 *
 * @param raw text by input name (`aws-region`), as `inputsOf` takes it from the environment
 * @throws Failure INVALID_INPUT with every mistake; no value of a secret is ever in one
 */
export function parseInputs(raw: ReadonlyMap<string, string>, facts: StepFacts): Parsed {
  const { mistakes, ...parsed } = readInputs(raw, facts);
  if (mistakes.length > 0) throw invalidInputs(mistakes);
  return parsed;
}

/** The same, with the mistakes as a value: where there are some, the inputs are not to be used. */
export function readInputs(
  given: ReadonlyMap<string, string>,
  facts: StepFacts,
): Parsed & { readonly mistakes: readonly Mistake[] } {
  const { raw, mistakes: ofMaps } = withoutBlockMaps(given, facts.yaml);
  const reader = new Reader(raw, facts.yaml);
  const { mistakes: unknown, meant } = checkNames(reader, raw);
  const modes = [
    'deploy',
    'plan',
    'build',
    'register',
    'task',
    'daemon',
    'rollback',
    'continue',
    'watch',
    'status',
    'list',
  ] as const;
  const named = reader.choice('mode', modes, OTHER_MODES);
  // The runner passes the default of action.yml for a step that names no mode.
  const mode = named === undefined || named === 'deploy' ? impliedMode(reader) : named;
  const aws = readAws(reader, facts);
  const inputs = readMode(reader, mode, { aws, facts });
  if (BUILDING.includes(mode)) {
    refuseBlank(reader);
    refuseSecretsInArguments(reader, raw, facts.env);
  }
  refuseOrder(reader);
  for (const name of SECTIONS.daemon)
    if (mode !== 'daemon' && reader.raw(name) !== undefined)
      reader.mistake(name, `is for \`mode: daemon\`, but the mode is \`${mode}\`.`, 'Remove it, or set the mode.');
  if (mode !== 'status' && reader.raw('service-tags') !== undefined)
    reader.mistake(
      'service-tags',
      `is for \`mode: status\`, but the mode is \`${mode}\`.`,
      'Name the service in `service`.',
    );
  return {
    inputs,
    mistakes: distinct(withMissing([...unknown, ...ofMaps, ...reader.mistakes, ...rendered(reader)], meant)),
    notes: reader.notes,
    warnings: reader.warnings,
  };
}

/**
 * A misspelt name and the input that is missing for it are one mistake.
 * @param meant by misspelt name, the input that is most likely meant
 */
function withMissing(mistakes: readonly Mistake[], meant: ReadonlyMap<string, string>): readonly Mistake[] {
  const missing = new Set(mistakes.flatMap(({ subject, problem }) => (problem === MISSING ? [subject] : [])));
  const slips = new Map([...meant].filter(([, name]) => missing.has(name)));
  const explained = new Set(slips.values());
  return mistakes
    .filter(({ subject, problem }) => problem !== MISSING || !explained.has(subject))
    .map((one) => {
      const name = slips.get(one.subject);
      return name === undefined ? one : { ...one, problem: `${MISSPELT} \`${name}\` ${MISSING}` };
    });
}

/** An input that is read twice has its mistake once. */
const distinct = (mistakes: readonly Mistake[]): readonly Mistake[] =>
  mistakes.filter(
    ({ subject, problem }, at) =>
      mistakes.findIndex((one) => one.subject === subject && one.problem === problem) === at,
  );

/** Names that GitHub wrote for a whole map or list, where nothing else is wrong with the input. */
const rendered = (reader: Reader): readonly Mistake[] =>
  INPUT_NAMES.flatMap((subject) => {
    const problem = renderedProblem(reader.text(subject) ?? '');
    if (problem === undefined || reader.mistakes.some((one) => one.subject === subject)) return [];
    const remedy = 'Name one value of it, such as `${{ matrix.service.name }}` or `${{ steps.ID.outputs.NAME }}`.';
    return [{ subject, problem, remedy }];
  });

/** All mistakes in one failure. */
export function invalidInputs(mistakes: readonly Mistake[]): Failure {
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  // Where the input that is meant is missing, the name is a slip in the workflow.
  const unknown = mistakes.some(({ problem }) => problem.startsWith(NOT_AN_INPUT) && !problem.startsWith(MISSPELT));
  const isMissing = mistakes.some(({ problem }) => problem.startsWith('is missing'));
  return new Failure('INVALID_INPUT', `The step's inputs have ${count}; nothing was changed.`, {
    mistakes,
    remedy: `Correct the \`with:\` block of the step.${isMissing ? EMPTY : ''}${unknown ? OF_THE_RUNNER : ''}`,
  });
}

/**
 * aws-actions/amazon-ecs-deploy-task-definition runs a task where it has `run-task: true`, and updates a service where it has one.
 * Together they are a task before the deployment.
 */
function impliedMode(reader: Reader): 'deploy' | 'task' | 'daemon' {
  if (reader.raw('daemon') !== undefined) return 'daemon';
  if (!reader.isSet('run-task') || reader.boolean('run-task') !== true) return 'deploy';
  if (reader.raw('service') === undefined) return 'task';
  reader.mistake(
    'run-task',
    'would run a task beside the deployment of `service`.',
    'Use `pre-deploy` (or `post-deploy`) for a task around the deployment; for a task alone, set `mode: task`.',
  );
  return 'deploy';
}

const MODE_WORDS: Readonly<Record<string, string>> = {
  'Write `mode: task`, with what to run in `command`; for a task before a deployment use `pre-deploy` in the step that deploys.':
    'migrate migration migrations run run-task one-off oneoff job once exec command seed script',
  'Write `mode: deploy`, the default.': 'update release rollout apply up ship create',
  'Write `mode: plan`.': 'dry-run dryrun diff check preview validate test',
  'Write `mode: rollback`.': 'undo revert restore back',
  'Write `mode: build`.': 'push image docker build-push publish',
  'Write `mode: register`.': 'render register-task-definition',
  'Write `mode: continue`.': 'promote resume approve proceed',
  'Write `mode: watch`.': 'wait follow monitor',
  'Write `mode: status`.': 'info describe health show',
  'Write `mode: list`.': 'history revisions ls targets',
  'To check a deployment from outside, use the input `verify` of the step that deploys (`mode: deploy`). To judge one that something else started, write `mode: watch`.':
    'verify smoke-test smoketest healthcheck health-check wait-for-service-stability',
  'Write `mode: deploy`, and how traffic moves in `strategy`. A service that CodeDeploy deploys is recognised.':
    'blue-green bluegreen blue_green blue/green canary linear rolling codedeploy code-deploy',
  'Write `mode: deploy` with `express: true`.': 'express express-mode',
  'Write `mode: register` with the input `schedules`, or add `schedules` to the step that deploys.':
    'schedule schedules scheduled scheduled-task scheduled-tasks cron',
};
/** Words of other tools, and what to write here. */
const OTHER_MODES: ReadonlyMap<string, string> = new Map(
  Object.entries(MODE_WORDS).flatMap(([remedy, words]) => words.split(' ').map((word) => [word, remedy] as const)),
);

/** Modes that build, render or deploy what the inputs name; the others use none of those inputs. */
const BUILDING: readonly AnyInputs['mode'][] = ['deploy', 'plan', 'build', 'register', 'task', 'daemon'];

/** Without these another image, another definition, another set of services or another builder is taken, without a word. */
const DECIDING = [
  'image',
  'images',
  'services',
  'repository',
  'platforms',
  'builder-nodes',
  'task-definition',
  'task-definition-family',
  'task-definition-arn',
  'service-definition',
] as const satisfies readonly InputName[];

/**
 * White space alone is not an input that is left out: it is a block whose expressions all arrived empty, as `needs.JOB.outputs.NAME`
 * does whose name is misspelt. `digests` has its own words for it.
 */
function refuseBlank(reader: Reader): void {
  for (const name of DECIDING) {
    if (!reader.isBlank(name)) continue;
    reader.mistake(
      name,
      'has nothing in it but spaces and line ends: every expression in it arrived empty.',
      'Check the names in `${{ needs.JOB.outputs.NAME }}`, `${{ steps.ID.outputs.NAME }}` or `${{ vars.NAME }}`. To leave the input out, remove it.',
    );
  }
}

/** What orders several services says nothing of one. */
function refuseOrder(reader: Reader): void {
  for (const name of ['max-parallel', 'canary', 'rollback-scope'] as const)
    if (reader.raw(name) !== undefined)
      reader.mistake(name, 'is for several services, and `services` is not set.', 'Remove it, or list the services.');
}

const NOT_AN_INPUT = 'is not an input of this action';
const MISSPELT = `${NOT_AN_INPUT}, and`;

/** The runner passes the empty text for both. */
const EMPTY =
  ' An input whose expression is empty counts as missing too: check the name in `${{ vars.NAME }}`, `${{ steps.ID.outputs.NAME }}` or `${{ matrix.NAME }}`.';

const OF_THE_RUNNER =
  ' An input that the workflow does not set comes from a variable INPUT_... in the environment of the runner; unset it there.';

/**
 * The runner only warns of an unknown input and passes it on, and a run that ignores `dry-run: true` or a misspelt
 * `clutser` does something that was not asked for. So what is close to an input of ours, or belongs to another action or
 * tool, is a mistake. Any other name may be a variable INPUT_... of a self-hosted runner, and is a warning.
 */
function checkNames(
  reader: Reader,
  raw: ReadonlyMap<string, string>,
): { readonly mistakes: readonly Mistake[]; readonly meant: ReadonlyMap<string, string> } {
  const mistakes: Mistake[] = [];
  const slips = new Map<string, string>();
  for (const name of raw.keys()) {
    if ((INPUT_NAMES as readonly string[]).includes(name)) continue;
    const near = nearest(name, INPUT_NAMES);
    // One letter beside a name of ours is a slip of it, before it is one of a name of others.
    const foreign =
      near?.distance === 0 ? undefined : (foreignInput(name) ?? (near?.distance === 1 ? undefined : nearForeign(name)));
    const meant = foreign ? undefined : near?.candidate;
    if (foreign) {
      const problem = `${NOT_AN_INPUT} (it is one of ${foreign.owner}).`;
      mistakes.push({ subject: name, problem, remedy: foreign.remedy });
    } else if (meant) {
      slips.set(name, meant);
      mistakes.push({ subject: name, problem: `${NOT_AN_INPUT}.`, remedy: meaning(meant) });
    } else {
      reader.warnings.push(
        `\`${shorten(name)}\` is not an input of this action and is ignored. If the workflow does not set it, the runner has a variable INPUT_${shorten(name).toUpperCase()} in its environment.`,
      );
    }
  }
  return { mistakes, meant: slips };
}

/**
 * What is right of the inputs, whatever is wrong with the others: a run that fails for its inputs has its comment to
 * write, too. `service.service` is empty where the input is.
 */
export function readPlace(raw: ReadonlyMap<string, string>, facts: StepFacts): Place {
  const reader = new Reader(raw, facts.yaml);
  const aws = readAws(reader, facts);
  const github = readGithub(reader);
  // The same place whatever is in the list: a run whose list is not right finds the comment, too.
  if (reader.raw('services') !== undefined)
    return { aws, service: { cluster: reader.text('cluster') ?? 'default', service: SEVERAL }, github };
  return { aws, service: readNames(reader, aws), github };
}
