import { createConsole, createRunner, readState } from './adapters/runner.ts';
import { lastPart } from './arn.ts';
import { asFailure, Failure } from './failure.ts';
import { inputsOf, secretsOfStep } from './inputs/secrets.ts';
import { Masker } from './masker.ts';
import type { Outcome } from './outcome.ts';
import type { StateName } from './ports.ts';
import { handoverOf, type Intent, intentOf, taskLeft, undoOf } from './stories/handover.ts';
import type { TaskIntent } from './tasks/stop.ts';

const { env } = process;
const state = (name: StateName): string => readState(env, name);
const masker = new Masker();
const runner = createRunner(env, masker);
const console = createConsole(env, masker);

// Node would print what nothing catches as it is, with its secrets.
process.on('uncaughtException', (thrown) => {
  console.error(asFailure(thrown).describe(), 'ECS Rollout');
  process.exit(1);
});

await post();
// What keeps the process (a connection, a command that was given up) is not waited for any longer.
setTimeout(() => process.exit(), 1_000).unref();

/**
 * What main left behind: a deployment that was not followed to its end, GitHub's record of it, the private folder of the
 * login, the builder. Everything comes from main's saved state: the runner runs post even if main was killed before its first
 * line, and then there is nothing to do. Nothing that deploys is reachable from here.
 */
async function post(): Promise<void> {
  const cleaned = cleanUp();
  const intent = intentOf(state);
  const task = taskLeft(state);
  const record = state('github-deployment');
  try {
    if (intent || task || record !== '') await lookAfter({ intent, task }, record);
  } catch (thrown) {
    const { message, remedy } = asFailure(thrown);
    const left = intent
      ? ` ${lastPart(intent.next)} may be on its way to the service ${intent.service}.${undoOf(intent)}`
      : '';
    console.warning(`Could not determine the state of the deployment: ${message} ${remedy ?? ''}${left}`);
  } finally {
    await cleaned;
  }
}

/** Says what state the service is in, and ends what main has begun at GitHub. */
async function lookAfter(
  { intent, task }: { readonly intent: Intent | undefined; readonly task: TaskIntent | undefined },
  record: string,
): Promise<void> {
  const handover = handoverOf(state, {
    token: env['INPUT_GITHUB-TOKEN']?.trim(),
    externalId: env['INPUT_ROLE-EXTERNAL-ID']?.trim(),
  });
  if (!handover) throw new Failure('INTERNAL', 'The saved state of this step is incomplete.');
  const { place } = handover;
  masker.allow([place.service.service, place.service.cluster, place.aws.region]);
  for (const secret of secretsOfStep(inputsOf(env), env)) runner.mask(secret);
  const [{ createWorld }, story, { RunLog }, { comment, endDeployment, recordOf }] = await Promise.all([
    import('./adapters/world.ts'),
    import('./stories/post.ts'),
    import('./report/run-log.ts'),
    import('./report/github.ts'),
  ]);
  const world = createWorld(place, { runner, console, masker, signal: new AbortController().signal, env });
  let outcome: Outcome | undefined;
  if (task) {
    const text = await story.stopLeft(task, world);
    if (text !== undefined) {
      console.line(text);
      await runner.writeSummary(`${text}\n`);
    }
  }
  try {
    const run = { world, progress: new RunLog(world) };
    outcome = intent && masker.data(await story.post({ intent, onCancel: handover.onCancel }, run));
    if (outcome) {
      console.line(outcome.headline);
      const { afterwardsSummaryOf, summaryOf } = await import('./report/summary.ts');
      // Where main has logged the whole deployment, its end is one more line.
      const reported = state('reported') !== '';
      await runner.writeSummary(
        reported ? afterwardsSummaryOf(outcome.headline) : summaryOf(outcome, { run: runner.context }),
      );
    }
  } finally {
    await endDeployment(recordOf(record), outcome, world);
  }
  if (outcome) await comment(place, { outcome }, world);
}

/**
 * Removes what main left behind on the runner: the folder with the registry's token, and a builder of our own. Most runs leave
 * neither, and then nothing is loaded for it.
 */
async function cleanUp(): Promise<void> {
  const folder = state('docker-config');
  const builder = state('builder');
  if (folder) await (await import('./adapters/files.ts')).createFiles(env).remove(folder);
  if (!builder) return;
  const { shell } = await import('./adapters/shell.ts');
  const removed = await shell.run('docker', ['buildx', 'rm', '--force', builder]);
  // Its name is saved before it is made.
  if (removed.exitCode !== 0 && !/no builder/i.test(removed.stderr))
    console.warning(`The builder ${builder} could not be removed: ${removed.stderr.trim()}`);
}
