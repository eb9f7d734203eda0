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
    await report(await deploy(inputs, createWorld(inputs, { runner, console, signal: cancel.signal, env })));
  } catch (thrown) {
    fail(asFailure(thrown));
  }
}

async function report(outcome: Outcome): Promise<void> {
  const [{ outputsOf }, { summaryOf }] = await Promise.all([
    import('./report/outputs.ts'),
    import('./report/summary.ts'),
  ]);
  for (const [name, value] of Object.entries(outputsOf(outcome))) runner.setOutput(name, value);
  await runner.writeSummary(summaryOf(outcome));
  for (const warning of outcome.warnings.slice(0, 5)) console.warning(warning);
  if (GOOD.includes(outcome.kind)) return;
  console.error(outcome.headline, 'ECS Rollout');
  const [cause] = outcome.diagnoses;
  if (cause) console.line(`What to do: ${cause.remedy}${cause.link ? `\n${cause.link}` : ''}`);
  process.exitCode = 1;
}

/** One annotation with the whole story of the failure; the stack is for our own bugs only. */
function fail(failure: Failure): void {
  console.error(failure.describe(), 'ECS Rollout');
  if (failure.code === 'INTERNAL' && failure.cause instanceof Error) console.debug(failure.cause.stack ?? '');
  runner.setOutput('outcome', failure.code === 'CANCELLED' ? 'cancelled' : 'failed');
  process.exitCode = 1;
}

/** What main left behind: the login's private folder and the builder. */
async function post(): Promise<void> {
  const { cleanUp } = await import('./adapters/clean-up.ts');
  await cleanUp(env, console);
}
