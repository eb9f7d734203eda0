import { setTimeout } from 'node:timers/promises';
import { createConsole, createRunner } from './adapters/runner.ts';
import { TimeLimits } from './adapters/time-limits.ts';
import { asFailure, Failure } from './failure.ts';
import { parseInputs, readPlace } from './inputs/parse.ts';
import { inputsOf, publicNamesOf, secretsOfStep } from './inputs/secrets.ts';
import type { DeployInputs, Inputs, RollbackInputs } from './inputs/types.ts';
import { Masker } from './masker.ts';
import type { Outcome, OutcomeKind, RollbackTarget, ServiceState } from './model.ts';
import type { Denial } from './rights.ts';
import { RECORD_STATE, REPORTED_STATE } from './states.ts';
import { collectDenials, type DenialLog } from './stories/denials.ts';
import { saveHandover } from './stories/handover.ts';
import { markSettled } from './stories/intent.ts';
import { fetchService, type Run } from './stories/run.ts';

/** Ends the step well; every other outcome fails it. */
const GOOD: readonly OutcomeKind[] = ['deployed', 'unchanged', 'started'];
/** `detailed-exitcode`, as Terraform has it: 0 nothing to change, 1 an error, 2 there would be a change. */
const WOULD_CHANGE = 2;
const REQUEST_LEAVES_MILLISECONDS = 25;

/** A cancel is answered within 5 s: the runner's patience ends at 7.5 s, and its log needs a moment. */
const CANCEL_ANSWERED_MILLISECONDS = 4_700;
/** What keeps the process after its report (a connection, a call that was given up) is not waited for any longer. */
const LINGER_MILLISECONDS = 1_000;

const { env } = process;
const masker = new Masker();
const runner = createRunner(env, masker);
const console = createConsole(env, masker);
const cancel = new AbortController();
const limits = new TimeLimits(cancel.signal);

// Node would print what nothing catches as it is, with its secrets.
process.on('uncaughtException', (thrown) => {
  console.error(asFailure(thrown).describe(), 'ECS Rollout');
  process.exit(1);
});

await main();
globalThis.setTimeout(() => process.exit(), LINGER_MILLISECONDS).unref();

/** One run of the step, from its inputs to its report. What it leaves unfinished is for post (src/post.ts). */
async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => onCancel(signal));
  let denials: DenialLog | undefined;
  try {
    const inputs = read();
    saveHandover(inputs, runner);
    const { createWorld } = await import('./adapters/world.ts');
    const collected = collectDenials(
      createWorld(inputs, { runner, console, masker, signal: cancel.signal, limits, env }),
      inputs.mode,
    );
    const { world } = collected;
    denials = collected.denials;
    const withDenials = (outcome: Outcome): Outcome => ({ ...outcome, denied: collected.denials.list() });
    // With credentials of an account that is not allowed nothing is even looked at.
    if (inputs.aws.allowedAccountIds.length > 0) await world.identity.caller();
    const fetching = fetchService(inputs, world);
    // Reading the story takes the processor for longer than the request needs to leave; ECS's answer takes longer still.
    await Promise.race([fetching.catch(() => {}), setTimeout(REQUEST_LEAVES_MILLISECONDS)]);
    const { RunLog } = await import('./report/run-log.ts');
    const progress = new RunLog(world);
    switch (inputs.mode) {
      case 'plan':
        return await reportPlan({ inputs, world, progress }, fetching);
      case 'list':
        return await reportTargets({ inputs, world, progress }, fetching);
      case 'deploy': {
        const run = { inputs, world, progress };
        const outcome = import('./stories/deploy.ts').then(({ deploy }) => deploy(run, fetching));
        await reportRollout(outcome.then(withDenials), run);
        break;
      }
      case 'rollback': {
        const run = { inputs, world, progress };
        const outcome = import('./stories/rollback.ts').then(({ rollback }) => rollback(run, fetching));
        await reportRollout(outcome.then(withDenials), run, progress.rollbackTarget);
      }
    }
  } catch (thrown) {
    // Whatever was begun ends in an outcome; what is thrown by the cancel itself came before that.
    await fail(asFailure(thrown), thrown === cancel.signal.reason);
    denials?.note(thrown);
  } finally {
    await reportDenied(denials?.list() ?? []);
  }
}

/** Every right that was missing, in one place, with one policy that allows them all. */
async function reportDenied(denied: readonly Denial[]): Promise<void> {
  if (denied.length === 0) return;
  const { reportRights, rightsSummaryOf } = await import('./report/rights.ts');
  reportRights(console, denied);
  await runner.writeSummary(rightsSummaryOf(denied));
}

/** Calls and commands end by themselves after a cancel (TimeLimits, createShell); this is for whatever else hangs. */
function onCancel(signal: NodeJS.Signals): void {
  if (cancel.signal.aborted) return;
  cancel.abort(new Failure('CANCELLED', `The run was cancelled (${signal}).`));
  const giveUp = (): void => {
    console.error(
      'The run was cancelled, and what was under way did not end within 5 s. The post step reports the state of the service.',
      'Cancelled',
    );
    runner.setOutput('outcome', 'cancelled');
    process.exit(1);
  };
  globalThis.setTimeout(giveUp, CANCEL_ANSWERED_MILLISECONDS).unref();
}

function read(): Inputs {
  const raw = inputsOf(env);
  masker.allow(publicNamesOf(raw, env));
  // Before anything is parsed: also what is wrong with an input must not show a secret.
  for (const secret of secretsOfStep(raw, env)) runner.mask(secret);
  const { inputs, notes, warnings } = parseInputs(raw, { context: runner.context, env });
  for (const warning of warnings) console.warning(warning);
  for (const note of notes) console.notice(note);
  return inputs;
}

/** A deploy or a rollback to its report, with GitHub's record of it beside. */
async function reportRollout(
  rollout: Promise<Outcome>,
  { inputs, world }: Run<DeployInputs | RollbackInputs>,
  target: Promise<RollbackTarget | undefined> = Promise.resolve(undefined),
): Promise<void> {
  rollout.catch(() => {}); // awaited below; it may fail before that
  // After the first request is on its way: what not every run needs must not stand before it.
  const { beginDeployment, endDeployment, comment } = await import('./report/github.ts');
  // A rollback is recorded once it is known where to; it may end before that, and then there is nothing to record.
  const begun = Promise.race([
    target.then((back) => ({ back })),
    rollout.then(
      () => undefined,
      () => undefined,
    ),
  ]);
  const recorded = begun.then((begin) => begin && beginDeployment(inputs.github, runner.context, world, begin.back));
  let outcome: Outcome | undefined;
  try {
    outcome = await rollout;
    // Before the report, which takes its time: what has come to its end is not looked after again.
    if (!outcome.underWay) markSettled(world);
    await report(outcome);
  } finally {
    await endDeployment(await recorded, outcome, runner.context, world);
    runner.saveState(RECORD_STATE, '');
  }
  await comment(inputs, { outcome: masker.data(outcome) }, runner.context, world);
}

async function reportPlan(run: Run<DeployInputs>, fetching: Promise<ServiceState>): Promise<void> {
  const { inputs, world } = run;
  const { plan } = await import('./stories/plan.ts');
  const planned = masker.data(await plan(run, fetching));
  const [{ tellPlan, planSummaryOf, wouldChange }, { annotationsOfPlan }, { comment }] = await Promise.all([
    import('./report/plan.ts'),
    import('./report/annotations.ts'),
    import('./report/github.ts'),
  ]);
  tellPlan(console, planned);
  for (const { kind, title, text } of annotationsOfPlan(planned)) console[kind](text, title);
  const changed = wouldChange(planned);
  runner.setOutput('outcome', 'planned');
  runner.setOutput('changed', String(changed));
  await runner.writeSummary(planSummaryOf(planned, runner.context));
  await comment(inputs, { plan: planned }, runner.context, world);
  if (planned.checks.some(({ status }) => status === 'bad')) process.exitCode = 1;
  else if (changed && inputs.detailedExitcode) process.exitCode = WOULD_CHANGE;
}

async function reportTargets(run: Run, fetching: Promise<ServiceState>): Promise<void> {
  const { list } = await import('./stories/list.ts');
  const { service, targets, guessed } = masker.data(await list(run, fetching));
  const { targetRow, tellTargets, targetsSummary } = await import('./report/targets.ts');
  const rows = targets.map(targetRow);
  tellTargets(console, rows, guessed);
  runner.setOutput('outcome', 'listed');
  runner.setOutput('targets', JSON.stringify(rows));
  await runner.writeSummary(targetsSummary(service, rows, guessed));
}

/** Log, outputs, job summary and annotations of a run that came to an end, good or bad. */
async function report(known: Outcome): Promise<void> {
  // The whole before its parts are cut: half a secret is not recognised.
  const outcome = masker.data(known);
  const [{ tellOutcome }, { outputsOf }, { summaryOf }, { annotationsOf }] = await Promise.all([
    import('./report/live.ts'),
    import('./report/outputs.ts'),
    import('./report/summary.ts'),
    import('./report/annotations.ts'),
  ]);
  tellOutcome(console, outcome);
  for (const [name, value] of Object.entries(outputsOf(outcome))) runner.setOutput(name, value);
  for (const { kind, title, text } of annotationsOf(outcome)) console[kind](text, title);
  await runner.writeSummary(summaryOf(outcome, runner.context));
  runner.saveState(REPORTED_STATE, 'yes');
  if (!GOOD.includes(outcome.kind)) process.exitCode = 1;
}

/** A run that could not go on: the whole failure in the log, its gist as the one annotation. */
async function fail(thrown: Failure, untouched: boolean): Promise<void> {
  const [{ annotationOfFailure }, { failureSummaryOf }] = await Promise.all([
    import('./report/annotations.ts'),
    import('./report/summary.ts'),
  ]);
  // The table is for what AWS and the build said; our own words need none.
  const foreign = thrown.api !== undefined || thrown.code === 'BUILD_FAILED' || thrown.code === 'PUSH_FAILED';
  const failure = masker.failure(foreign ? (await import('./diagnosis/diagnose.ts')).diagnoseFailure(thrown) : thrown);
  process.exitCode = 1;
  const { title, text } = annotationOfFailure(failure);
  console.error(text, title);
  if (untouched) console.line('Nothing was changed in ECS: the service is as it was.');
  // An annotation is cut where it is long; the log has all of it.
  if (failure.describe().length > text.length) console.line(failure.describe());
  if (failure.code === 'INTERNAL' && failure.cause instanceof Error) {
    const { readableStack } = await import('./adapters/stack.ts');
    console.startGroup('Stack, for a bug report');
    console.line(readableStack(failure.cause));
    console.endGroup();
  }
  try {
    runner.setOutput('outcome', failure.code === 'CANCELLED' ? 'cancelled' : 'failed');
    runner.saveState(REPORTED_STATE, 'yes');
  } catch (unwritable) {
    const { message } = asFailure(unwritable);
    if (message !== failure.message) console.warning(message);
  }
  await runner.writeSummary(failureSummaryOf(failure.describe()));
  await commentOn(failure);
}

/** What an earlier run said in its comment must not stand there as if it held. */
async function commentOn(failure: Failure): Promise<void> {
  const raw = inputsOf(env);
  if (!/true/i.test(raw.get('comment') ?? '')) return;
  const [{ commentFailure }, { createGithub }, { maskedGithub }] = await Promise.all([
    import('./report/github.ts'),
    import('./adapters/github.ts'),
    import('./adapters/masking.ts'),
  ]);
  const place = readPlace(raw, { context: runner.context, env });
  const { token } = place.github;
  const github = token ? { github: maskedGithub(createGithub(token, runner.context, { env, limits }), masker) } : {};
  await commentFailure(place, failure, runner.context, { console, ...github });
}
