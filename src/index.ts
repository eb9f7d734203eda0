import { createConsole, createRunner, readState } from './adapters/runner.ts';
import { asFailure, Failure } from './failure.ts';
import { inputsOf, parseInputs } from './inputs/parse.ts';
import type { Outcome, OutcomeKind } from './outcome.ts';

/** Ends the step well; every other outcome fails it. */
const GOOD: readonly OutcomeKind[] = ['deployed', 'unchanged', 'started'];

const { env } = process;
const runner = createRunner(env);
const console = createConsole(env);

/** The same bundle is main and post; main leaves a mark for post. Each loads only what it needs. */
if (readState(env, 'main') === 'began') await post();
else await main();

async function main(): Promise<void> {
  runner.saveState('main', 'began');
  const cancel = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => cancel.abort(new Failure('CANCELLED', `The run was cancelled (${signal}).`)));
  }
  try {
    const { inputs, notes } = parseInputs(inputsOf(env), { context: runner.context, env });
    for (const note of notes) console.notice(note);
    if (inputs.mode === 'rollback' || inputs.mode === 'list' || inputs.mode === 'plan') {
      throw new Failure('INVALID_INPUT', `mode: ${inputs.mode} is not available yet.`);
    }
    const [{ createWorld }, { deploy }] = await Promise.all([import('./adapters/world.ts'), import('./stories.ts')]);
    const world = createWorld(inputs, { runner, console, signal: cancel.signal, env });
    const rollout = deploy(inputs, world);
    rollout.catch(() => {}); // awaited below; it may fail before that
    // After the first request is on its way: what not every run needs must not stand before it.
    const { beginDeployment, endDeployment, comment } = await import('./report/github.ts');
    const recorded = beginDeployment(inputs.github, runner.context, world);
    let outcome: Outcome | undefined;
    try {
      outcome = await rollout;
      await report(outcome);
    } finally {
      await endDeployment(await recorded, outcome, runner.context, world);
    }
    await comment(inputs.github, { outcome }, runner.context, world);
  } catch (thrown) {
    await fail(asFailure(thrown));
  }
}

/** Log, outputs, job summary and annotations of a run that came to an end, good or bad. */
async function report(outcome: Outcome): Promise<void> {
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
  if (!GOOD.includes(outcome.kind)) process.exitCode = 1;
}

/** A run that could not go on: the whole failure in the log, its gist as the one annotation. */
async function fail(failure: Failure): Promise<void> {
  const [{ annotationOfFailure }, { failureSummaryOf }] = await Promise.all([
    import('./report/annotations.ts'),
    import('./report/summary.ts'),
  ]);
  process.exitCode = 1;
  const { title, text } = annotationOfFailure(failure);
  console.error(text, title);
  if (failure.mistakes.length > 0 || failure.remedy) console.line(failure.describe());
  if (failure.code === 'INTERNAL' && failure.cause instanceof Error) console.debug(failure.cause.stack ?? '');
  runner.setOutput('outcome', failure.code === 'CANCELLED' ? 'cancelled' : 'failed');
  await runner.writeSummary(failureSummaryOf(failure.describe()));
}

/** What main left behind: the login's private folder and the builder. */
async function post(): Promise<void> {
  const { cleanUp } = await import('./adapters/clean-up.ts');
  await cleanUp(env, console);
}
