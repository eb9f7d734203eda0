import { createConsole, createRunner, readState } from './adapters/runner.ts';
import { lastPart } from './arn.ts';
import { asFailure, Failure } from './failure.ts';
import { inputsOf, secretsOfStep } from './inputs/secrets.ts';
import { Masker } from './masker.ts';
import { defined } from './model.ts';
import type { Outcome, ServiceResult } from './outcome.ts';
import type { StateName, World } from './ports.ts';
import type { ScalingIntent } from './service/autoscaling.ts';
import {
  type DaemonIntent,
  daemonLeft,
  type Handover,
  handoverOf,
  type Intent,
  intentsOf,
  membersOf,
  type ScheduleIntent,
  scalingLeft,
  schedulesLeft,
  settledOf,
  tasksLeft,
  undoOf,
} from './stories/handover.ts';
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
  const intents = intentsOf(state);
  const tasks = tasksLeft(state);
  const schedules = schedulesLeft(state);
  const scaling = scalingLeft(state);
  const daemon = daemonLeft(state);
  const record = state('github-deployment');
  try {
    if (intents.length + tasks.length + schedules.length + scaling.length > 0 || daemon || record !== '')
      await lookAfter({ intents, tasks, schedules, scaling, ...defined({ daemon }) }, record);
  } catch (thrown) {
    const { message, remedy } = asFailure(thrown);
    const left = intents.map((intent) => ` ${onItsWay(intent)}`).join('');
    console.warning(`Could not determine the state of the deployment: ${message} ${remedy ?? ''}${left}`);
  } finally {
    await cleaned;
  }
}

/** What main saved, and has not settled. */
interface Left {
  readonly intents: readonly Intent[];
  readonly tasks: readonly TaskIntent[];
  readonly schedules: readonly ScheduleIntent[];
  readonly scaling: readonly ScalingIntent[];
  readonly daemon?: DaemonIntent;
}

/** Says what state the service is in, and ends what main has started at GitHub. */
async function lookAfter({ intents, tasks, schedules, scaling, daemon }: Left, record: string): Promise<void> {
  const handover = handoverOf(state, {
    token: env['INPUT_GITHUB-TOKEN']?.trim(),
    externalId: env['INPUT_ROLE-EXTERNAL-ID']?.trim(),
  });
  if (!handover) throw new Failure('INTERNAL', 'The saved state of this step is incomplete.');
  const { place } = handover;
  const names = [
    ...intents.flatMap(({ service, cluster }) => [service, lastPart(cluster)]),
    ...(daemon ? [lastPart(daemon.daemon), daemon.family, lastPart(daemon.definition)] : []),
  ];
  masker.allow([place.service.service, place.service.cluster, place.aws.region, ...names]);
  for (const secret of secretsOfStep(inputsOf(env), env)) runner.mask(secret);
  const [{ createWorld }, story] = await Promise.all([import('./adapters/world.ts'), import('./stories/post.ts')]);
  const world = createWorld(place, {
    runner,
    console,
    masker,
    signal: new AbortController().signal,
    env,
    services: intents.length,
    codeDeploy: intents,
  });
  for (const intent of scaling) {
    await report(await story.settleScaling(intent, world));
  }
  if (daemon) await report(await story.settleDaemon(daemon, world));
  for (const task of tasks) {
    const text = await story.stopLeft(task, world);
    if (text !== undefined) {
      console.line(text);
      await runner.writeSummary(`${text}\n`);
    }
  }
  try {
    if (handover.services && intents.length > 0) await lookAfterAll({ intents, record, handover }, { world, story });
    else await lookAfterOne({ intents, record, handover }, { world, story });
  } finally {
    // What the service runs at the end says where they belong.
    for (const intent of schedules) await report(await story.settleSchedules(intent, world));
  }
}

/** What post has done, as a line of the log and of the job summary. */
async function report(words: string): Promise<void> {
  const text = masker.data(words);
  console.line(text);
  await runner.writeSummary(`${text}\n`);
}

/** The end of one service, as a log line, in the job summary, in the comment and at GitHub. */
async function lookAfterOne(
  { intents, record, handover }: { intents: readonly Intent[]; record: string; handover: Handover },
  { world, story }: { world: World; story: typeof import('./stories/post.ts') },
): Promise<void> {
  const [{ RunLog }, { comment, endDeployment, recordOf }] = await Promise.all([
    import('./report/run-log.ts'),
    import('./report/github.ts'),
  ]);
  let outcome: Outcome | undefined;
  try {
    const run = { world, progress: new RunLog(world) };
    const [left] = story.unsettled(intents, settledOf(state));
    outcome = left && masker.data(await story.post({ ...left, onCancel: handover.onCancel }, run));
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
  if (outcome) await comment(handover.place, { outcome }, world);
}

/**
 * The same for several services: what cannot be determined of one is a warning, and says nothing of the others. The comment takes the place
 * of main's, so it shows all of them, also those that had come to their end.
 */
async function lookAfterAll(
  { intents, record, handover }: { intents: readonly Intent[]; record: string; handover: Handover },
  { world, story }: { world: World; story: typeof import('./stories/post.ts') },
): Promise<void> {
  const [{ ServicesLog }, { endDeployment, putServicesComment, recordOf }, services] = await Promise.all([
    import('./report/services-log.ts'),
    import('./report/github.ts'),
    import('./report/services.ts'),
  ]);
  const members = membersOf(state);
  const log = new ServicesLog(
    world,
    members.map(({ name }) => name),
  );
  const left = story.unsettled(intents, settledOf(state)).values();
  const results = await Promise.all(
    members.map(async (member): Promise<ServiceResult> => {
      const unsettled = member.left ? left.next().value : undefined;
      if (!unsettled) return masker.data(story.endedBefore(member));
      const { name } = member;
      const { intent } = unsettled;
      const { service, cluster } = intent;
      const run = { world: { ...world, console: log.console(name) }, progress: log.of(name) };
      try {
        const outcome = masker.data(await story.post({ ...unsettled, onCancel: handover.onCancel }, run));
        run.world.console.line(outcome.headline);
        return { name, service, cluster, end: { kind: 'ended', outcome } };
      } catch (thrown) {
        const failure = asFailure(thrown);
        console.warning(
          `Could not determine the state of the deployment of ${service}: ${failure.message} ${failure.remedy ?? ''} ${onItsWay(intent)}`,
        );
        return { name, service, cluster, end: { kind: 'failed', failure } };
      }
    }),
  );
  const about = { run: runner.context };
  await runner.writeSummary(
    state('reported') === ''
      ? services.servicesSummaryOf(results.map((result) => ({ ...result, about })))
      : results
          .filter((_, index) => members[index]?.left)
          .map(services.afterwardsOfService)
          .join(''),
  );
  await endDeployment(recordOf(record), services.overallOf(results), world);
  const text = services.servicesCommentParts(results, runner.context);
  await putServicesComment({ text, titles: services.servicesTitles(results) }, handover.place, world);
}

// A declaration: `post()` above runs before the constants below it exist.
function onItsWay(intent: Intent): string {
  return `${lastPart(intent.next)} may be on its way to the service ${intent.service}.${undoOf(intent)}`;
}

/**
 * Removes what main left behind on the runner: the folder with the registry's token, and a builder of our own. Most runs leave
 * neither, and then nothing is loaded for it.
 */
async function cleanUp(): Promise<void> {
  const folders = [state('docker-config'), state('secret-files')].filter((folder) => folder !== '');
  const builder = state('builder');
  if (folders.length > 0) {
    const { remove } = (await import('./adapters/files.ts')).createFiles(env);
    await Promise.all(folders.map(remove));
  }
  if (!builder) return;
  const { shell } = await import('./adapters/shell.ts');
  const removed = await shell.run('docker', ['buildx', 'rm', '--force', builder]);
  // Its name is saved before it is made.
  if (removed.exitCode !== 0 && !/no builder/i.test(removed.stderr))
    console.warning(`The builder ${builder} could not be removed: ${removed.stderr.trim()}`);
}
