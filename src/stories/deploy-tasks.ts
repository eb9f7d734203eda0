import { lastPart } from '../arn.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { duration, endedAt, ranSeconds, secondsBetween } from '../duration.ts';
import { asFailure, Failure } from '../failure.ts';
import type { DeployInputs, RunContext, TaskInputs, TaskOnlyInputs } from '../inputs/types.ts';
import { defined, nameOf, type Revision, type ServiceState, type TaskDefinition, type TaskState } from '../model.ts';
import { type Outcome, type TaskResult, withServing } from '../outcome.ts';
import type { World } from '../ports.ts';
import { servingOf } from '../service/serving.ts';
import { suspectsText } from '../taskdef/foreign-values.ts';
import {
  checkTask,
  containerOf,
  essentialOf,
  foreignIn,
  isForOne,
  labelOf,
  type PlannedTask,
  type TaskHome,
  type TaskPhase,
} from '../tasks/request.ts';
import { runTask, type TaskEnd, type TaskListener } from '../tasks/run-task.ts';
import { exitCodesOf } from '../tasks/verdict.ts';
import type { Watched } from '../watch/watch.ts';
import type { Basis, Draft } from './draft.ts';
import { markSettled, saveTask } from './handover.ts';
import type { Run } from './run.ts';
import { discard, type Facts } from './settle.ts';

/** Where tasks of a deploy run, and of what. */
interface TaskPlace {
  readonly phase: TaskPhase;
  /** Whether the end of each is waited for; without it, yes. */
  readonly wait?: boolean;
  readonly home: TaskHome;
  readonly revision: Pick<Revision, 'arn' | 'definition'>;
}

/** What every run of tasks works with. */
interface TasksRun {
  readonly inputs: Pick<DeployInputs, 'template' | 'watch'>;
  readonly world: World;
  readonly progress: Run['progress'];
}

/** The results of tasks that ran one after another; `failed` is the one that ended them. */
interface TasksEnd {
  readonly results: readonly TaskResult[];
  readonly failed?: { readonly label: string; readonly end: Extract<TaskEnd, { kind: 'failed' }> };
}

/**
 * Tasks that could never run, before anything is built.
 * @throws Failure INVALID_INPUT with all that is wrong
 */
export function refuseTasks(
  inputs: DeployInputs,
  { service, draft, container }: Pick<Draft, 'service' | 'draft' | 'container'>,
): void {
  const { before, after } = inputs.tasks;
  const placed = withTaskContainer(inputs, { draft, ...defined({ container }) });
  const planned = [
    ...before.map((task) => ({ task, phase: 'pre-deploy' as const })),
    ...after.map((task) => ({ task, phase: 'post-deploy' as const })),
  ].map((one) => ({ ...one, ...commonOf(placed, { home: service, definition: draft }), run: NO_RUN, wait: true }));
  const mistakes = planned.flatMap(checkTask);
  if (mistakes.length > 0)
    throw new Failure('INVALID_INPUT', 'A task around the deployment could not run; nothing was changed.', {
      mistakes,
      remedy: 'Correct the inputs `pre-deploy` and `post-deploy`.',
    });
}

/**
 * A task alone that could never run, before its revision is registered.
 * @throws Failure INVALID_INPUT with all that is wrong
 */
export function refuseTask(
  inputs: TaskOnlyInputs,
  { home, draft, container }: { readonly home: TaskHome } & Pick<Basis, 'draft' | 'container'>,
): void {
  const placed = withOwnContainer(inputs, { draft, ...defined({ container }) });
  const planned = { task: inputs.task, phase: 'task' as const, run: NO_RUN, wait: inputs.wait };
  const mistakes = checkTask({ ...planned, ...commonOf(placed, { home, definition: draft }) });
  if (mistakes.length > 0)
    throw new Failure('INVALID_INPUT', `The ${labelOf(planned)} cannot run; nothing was registered or started.`, {
      mistakes,
    });
}

/** Overrides name their containers themselves. */
export const withOwnContainer = (inputs: TaskOnlyInputs, basis: Pick<Basis, 'draft' | 'container'>): TaskOnlyInputs =>
  isForOne(inputs.task) ? withTaskContainer(inputs, basis) : inputs;

/**
 * The inputs for the tasks: where several containers are essential and none is named, a command runs in the one that gets the image.
 * A log router beside the application is essential, too.
 */
export function withTaskContainer<I extends Pick<DeployInputs, 'template'>>(
  inputs: I,
  { draft, container }: Pick<Basis, 'draft' | 'container'>,
): I {
  const essential = essentialOf(draft);
  if (inputs.template.containerName !== undefined || essential.length < 2) return inputs;
  if (container === undefined || !essential.includes(container)) return inputs;
  return { ...inputs, template: { ...inputs.template, containerName: container } };
}

/** A check needs no run. */
const NO_RUN = { key: '', id: '' };

const commonOf = (
  { template }: Pick<DeployInputs, 'template'>,
  { home, definition }: { readonly home: TaskHome; readonly definition: TaskDefinition },
): Pick<PlannedTask, 'home' | 'definition' | 'revision' | 'containerName'> => ({
  home,
  definition,
  revision: '',
  containerName: template.containerName,
});

/**
 * Runs the tasks of `pre-deploy`.
 * @returns the outcome of the run where one of them failed: the service is untouched, and a revision that this run registered is
 *   deregistered; else what the tasks did
 * @throws Failure of RunTask, after the same; CANCELLED after the task was asked to stop: post does the rest
 */
export async function runBefore(
  facts: Omit<Facts, 'deployment'> & { readonly revision: Revision; readonly service: ServiceState },
  { registered }: { readonly registered: boolean },
  run: Run<DeployInputs>,
): Promise<{ readonly halted: Outcome } | { readonly halted?: never; readonly results: readonly TaskResult[] }> {
  const { inputs, world, progress } = run;
  const { revision, service } = facts;
  const place = { phase: 'pre-deploy', home: service, revision } as const;
  try {
    const { results, failed } = await runTasks(inputs.tasks.before, place, run);
    if (!failed) return { results };
    const headline = `The ${failed.label} of ${nameOf(revision)} failed: ${failed.end.reason} ${service.name} was not changed.`;
    const diagnoses = failed.end.diagnosis ? [failed.end.diagnosis] : [];
    const outcome = withServing({ ...facts, diagnoses, tasks: results, kind: 'failed', headline }, servingOf(service));
    return { halted: registered ? await discard(outcome, run) : outcome };
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED') throw withState(failure, `${service.name} was not changed.`);
    if (registered) {
      await discard({ ...facts, kind: 'failed', headline: failure.message }, run);
      progress.withdrawn();
    }
    markSettled(world);
    throw withState(failure, `${service.name} was not changed.`);
  }
}

/** @returns what was watched; with a verdict of its own where a task failed */
export async function runAfter(
  watched: Watched,
  { facts }: { readonly facts: Facts & { readonly revision: Revision } },
  run: Run<DeployInputs>,
): Promise<{ readonly watched: Watched; readonly results: readonly TaskResult[] }> {
  const { snapshot } = watched;
  const place = { phase: 'post-deploy', home: snapshot.service, revision: facts.revision } as const;
  const deployed = `${nameOf(facts.revision)} was deployed, and then`;
  const failedFor = (reason: string, causes: readonly Diagnosis[]): Watched => ({
    snapshot: { ...snapshot, diagnoses: causes },
    verdict: { kind: 'failed', reason, causes },
  });
  try {
    const { results, failed } = await runTasks(run.inputs.tasks.after, place, run);
    if (!failed) return { watched, results };
    const { diagnosis, reason } = failed.end;
    return {
      results,
      watched: failedFor(`${deployed} the ${failed.label} failed: ${reason}`, diagnosis ? [diagnosis] : []),
    };
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED' || failure.code === 'CREDENTIALS') throw failure;
    const problem = [failure.message, failure.state, failure.remedy].filter(Boolean).join(' ');
    return { results: [], watched: failedFor(`${deployed} a post-deploy task could not run: ${problem}`, []) };
  }
}

/** One after another, up to the first that fails. */
export async function runTasks(
  tasks: readonly TaskInputs[],
  { phase, home, revision, wait = true }: TaskPlace,
  { inputs, world, progress }: TasksRun,
): Promise<TasksEnd> {
  const results: TaskResult[] = [];
  const { arn, definition } = revision;
  const common = { ...commonOf(inputs, { home, definition }), revision: arn, run: runOf(world.runner.context, world) };
  for (const task of tasks) {
    const planned: PlannedTask = { ...common, task, phase, wait };
    const label = labelOf(planned);
    const { suspects } = foreignIn(planned);
    if (suspects.length > 0) world.console.notice(suspectsText(label, suspects));
    const reporter = reporterOf(planned, { world, progress });
    const start = world.clock.now();
    const end = await runTask(planned, world, reporter);
    const result = { ...resultOf(planned, end), tookSeconds: secondsBetween(start, world.clock.now()) };
    results.push(result);
    const ran = result.seconds === undefined ? '' : `, ran ${duration(result.seconds)}`;
    if (end.kind === 'succeeded') progress.step(`${label} succeeded: exit code 0${ran}`, 'good');
    else if (end.kind === 'failed') {
      progress.step(`${label} failed${ran === '' ? '' : ` (${ran.slice(2)})`}: ${end.reason}`, 'failure');
      if (end.tail && end.task)
        progress.tail(
          `last log lines of the ${label}, container ${end.tail.container}`,
          end.tail.lines.slice(-Math.max(1, inputs.watch.logLines)),
          end.task.id,
        );
      return { results, failed: { label, end } };
    }
  }
  return { results };
}

/** The same in every attempt of a run; outside of a workflow nothing distinguishes two runs, so that each has its own. */
function runOf(
  { serverUrl, repository, runId, job, step = '' }: RunContext,
  { clock }: Pick<World, 'clock'>,
): PlannedTask['run'] {
  if (runId === '') return { key: `${clock.now()} ${clock.random()}`, id: 'local' };
  return { key: `${serverUrl}/${repository}/${runId}/${job}/${step}`, id: runId };
}

/** Logs what happens to the task, and keeps for post what has to be stopped. */
function reporterOf(planned: PlannedTask, { world, progress }: Pick<Run, 'world' | 'progress'>): TaskListener {
  const label = labelOf(planned);
  const several = planned.definition.containerDefinitions.length > 1;
  let log: ReturnType<typeof progress.taskLog> | undefined;
  return {
    intent: (intent) => saveTask(intent, world),
    started(task, how) {
      const words = how === 'found' ? 'an earlier attempt of this run started it; following task' : 'started task';
      const begins = planned.phase === 'post-deploy' ? 'after' : undefined;
      progress.step(`${label}: ${words} ${task.id} of ${lastPart(planned.revision)}`, 'normal', begins);
      log = progress.taskLog(`Log of the ${label} (task ${task.id})`);
    },
    moved(task) {
      if (!SHOWN.includes(task.lastStatus)) return;
      progress.moved(`${label}: ${task.lastStatus}`, recordedAt(task) ?? world.clock.now());
    },
    lines: (container, lines) => log?.lines(several ? lines.map((line) => `${container} | ${line}`) : lines),
    ended() {
      saveTask(undefined, world);
      log?.end();
      log = undefined;
    },
    note: (text, severity) => progress.step(`${label}: ${text}`, severity),
    waiting: (text) => progress.heartbeat(`${label}: ${text}`),
  };
}

/** States that a user waits for. */
/** When ECS records that its containers started or ended, which its running time is counted from and to. */
function recordedAt(task: TaskState): number | undefined {
  switch (task.lastStatus) {
    case 'RUNNING':
      return task.startedAt;
    case 'STOPPED':
      return endedAt(task);
    default:
      return undefined;
  }
}

const SHOWN: readonly string[] = ['PENDING', 'RUNNING', 'STOPPED'];

function resultOf(planned: PlannedTask, end: TaskEnd): TaskResult {
  const { task } = end;
  const exitCodes = task ? exitCodesOf(task) : {};
  const ofWhom = containerOf(planned);
  return {
    label: labelOf(planned),
    phase: planned.phase,
    name: planned.task.name,
    succeeded: end.kind !== 'failed',
    exitCodes,
    ...defined({
      command: planned.task.command,
      exitCode: exitCodes[ofWhom ?? ''] ?? (end.kind === 'succeeded' ? 0 : undefined),
      task: task?.arn,
      seconds: task && ranSeconds(task),
      remedy: end.kind === 'failed' ? end.remedy : undefined,
    }),
  };
}

function withState(failure: Failure, state: string): Failure {
  return new Failure(failure.code, failure.message, {
    state: failure.state ? `${failure.state} ${state}` : state,
    mistakes: failure.mistakes,
    cause: failure.cause ?? failure,
    ...defined({ remedy: failure.remedy, api: failure.api }),
  });
}

/** What a plan says of the tasks that a deploy would run. */
export const plannedTasks = ({ tasks: { before, after } }: DeployInputs): string[] => [
  ...before.map((task) => `The ${labelOf({ task, phase: 'pre-deploy' })} would run before the service is updated.`),
  ...after.map((task) => `The ${labelOf({ task, phase: 'post-deploy' })} would run once the deployment is complete.`),
];
