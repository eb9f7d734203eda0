import { createConsole, createRunner } from './adapters/runner.ts';
import type { StartedShell } from './adapters/shell.ts';
import { TimeLimits } from './adapters/time.ts';
import { asFailure, Failure } from './failure.ts';
import { parseInputs, readPlace } from './inputs/parse.ts';
import { inputsOf, publicNamesOf, secretsOfStep, unsureReferences } from './inputs/secrets.ts';
import type {
  AnyInputs,
  BuildOnlyInputs,
  DaemonInputs,
  DeployInputs,
  Inputs,
  Place,
  RegisterInputs,
  RollbackInputs,
  StatusInputs,
  Step,
  TaskOnlyInputs,
} from './inputs/types.ts';
import { needsYaml } from './inputs/yaml.ts';
import { Masker } from './masker.ts';
import { defined } from './model.ts';
import { tooOldNode } from './node-version.ts';
import type { Outcome } from './outcome.ts';
import type { World } from './ports.ts';
import type { ExitCode } from './report/report.ts';
import type { DenialLog } from './rights/denials.ts';
import { markSettled, saveHandover } from './stories/handover.ts';
import { fetchService } from './stories/run.ts';

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
  let shell: StartedShell | undefined;
  try {
    const tooOld = tooOldNode(process.versions.node);
    if (tooOld) throw tooOld;
    const step = await readStep();
    const { inputs, services } = step;
    shell = await startBuild(inputs);
    if ('recovery' in inputs)
      saveHandover(
        { ...inputs, ...services?.place },
        runner,
        services?.targets.map(({ name }) => name),
      );
    else if (inputs.mode === 'daemon' || (inputs.mode === 'register' && inputs.schedules.length > 0))
      saveHandover(withoutService(inputs), runner);
    const { collectDenials, createWorld } = await import('./adapters/world.ts');
    const run = { runner, console, masker, signal: cancel.signal, limits, env, ...defined({ shell }) };
    const codeDeploy = (services?.targets.map((target) => target.inputs) ?? [inputs]).flatMap((one) =>
      'service' in one ? one.service : [],
    );
    const world = createWorld(inputs, { ...run, services: services?.targets.length ?? 1, codeDeploy });
    const all = services?.targets.map((target) => target.inputs) ?? [inputs];
    const collected = collectDenials(world, inputs.mode, async (known) =>
      (await import('./rights/needed.ts')).rightsOfRun(all, known, world),
    );
    denials = collected.denials;
    process.exitCode = await (services ? runServices(services, collected) : start(inputs, collected));
  } catch (thrown) {
    process.exitCode = 1;
    // Whatever was started ends in an outcome; what is thrown by the cancel itself came before that.
    await fail(asFailure(thrown), thrown === cancel.signal.reason);
    denials?.note(thrown);
  } finally {
    shell?.stop();
    const denied = (await denials?.list()) ?? [];
    if (denied.length > 0) await (await import('./report/report.ts')).reportDenied(denied, { console, runner, masker });
  }
}

/** Post settles no service of `mode: register` and `mode: daemon`, only schedules and a definition that is not used. */
function withoutService({ aws, cluster, github }: RegisterInputs | DaemonInputs): Parameters<typeof saveHandover>[0] {
  return { aws, service: { cluster, service: '' }, github, recovery: { onCancel: 'leave' } };
}

/** What docker takes longest to answer, while the libraries of AWS are loaded. */
async function startBuild(inputs: AnyInputs): Promise<StartedShell | undefined> {
  if (!['build', 'deploy', 'register', 'daemon'].includes(inputs.mode) || !('image' in inputs)) return undefined;
  if (inputs.image.kind !== 'build' && inputs.image.kind !== 'digests') return undefined;
  const [{ createShell, startAhead }, { commandsAhead }] = await Promise.all([
    import('./adapters/shell.ts'),
    import('./image/ahead.ts'),
  ]);
  return startAhead(createShell(cancel.signal), commandsAhead(inputs.image));
}

type Collected = { readonly world: World; readonly denials: DenialLog };

async function start(inputs: AnyInputs, collected: Collected): Promise<ExitCode> {
  // With credentials of an account that is not allowed nothing is even looked at.
  if (inputs.aws.allowedAccountIds.length > 0) await collected.world.identity.caller();
  if (inputs.mode === 'build') return runBuild(inputs, collected.world);
  if (inputs.mode === 'task') return runTask(inputs, collected.world);
  if (inputs.mode === 'daemon') return runDaemon(inputs, collected.world);
  if (inputs.mode === 'register') return runRegister(inputs, collected.world);
  if (inputs.mode === 'status') return runStatus(inputs, collected.world);
  return runMode(inputs, collected);
}

async function runTask(inputs: TaskOnlyInputs, world: World): Promise<ExitCode> {
  const [{ task }, { RunLog }, report] = await Promise.all([
    import('./stories/task.ts'),
    import('./report/run-log.ts'),
    import('./report/report.ts'),
  ]);
  return report.reportTask(await task({ inputs, world, progress: new RunLog(world) }), world);
}

async function runDaemon(inputs: DaemonInputs, world: World): Promise<ExitCode> {
  const [{ daemon }, { RunLog }, report] = await Promise.all([
    import('./stories/daemon.ts'),
    import('./report/run-log.ts'),
    import('./report/report.ts'),
  ]);
  return report.reportDaemon(await daemon({ inputs, world, progress: new RunLog(world) }), world);
}

async function runRegister(inputs: RegisterInputs, world: World): Promise<ExitCode> {
  const [{ registerOnly }, { RunLog }, report] = await Promise.all([
    import('./stories/register.ts'),
    import('./report/run-log.ts'),
    import('./report/report.ts'),
  ]);
  return report.reportRegistered(await registerOnly({ inputs, world, progress: new RunLog(world) }), world);
}

async function runStatus(inputs: StatusInputs, world: World): Promise<ExitCode> {
  const [{ status }, report] = await Promise.all([import('./stories/status.ts'), import('./report/report.ts')]);
  return report.reportStatus(await status(inputs, world), world);
}

async function runBuild(inputs: BuildOnlyInputs, world: World): Promise<ExitCode> {
  const [{ build }, { RunLog }, report] = await Promise.all([
    import('./stories/build.ts'),
    import('./report/run-log.ts'),
    import('./report/report.ts'),
  ]);
  return report.reportBuilt(await build(inputs, world, new RunLog(world)), world);
}

/** The story of the mode, reported to its end. */
async function runMode(inputs: Inputs, { world, denials }: Collected): Promise<ExitCode> {
  const fetching = fetchService(inputs, world);
  // Loading the story takes the processor for longer than the request needs to leave; ECS's answer takes longer still.
  const leaves = new Promise((resolve) => globalThis.setTimeout(resolve, REQUEST_LEAVES_MILLISECONDS));
  await Promise.race([fetching.catch(() => {}), leaves]);
  const [{ RunLog }, report] = await Promise.all([import('./report/run-log.ts'), import('./report/report.ts')]);
  const progress = new RunLog(world);
  const ended = async (outcome: Outcome): Promise<Outcome> => {
    // Before the report, which takes its time: what has ended is not settled again.
    if (!outcome.underWay) markSettled(world);
    return { ...outcome, denied: denials.denied };
  };
  switch (inputs.mode) {
    case 'plan': {
      const { plan } = await import('./stories/plan.ts');
      return report.reportPlan(await plan({ inputs, world, progress }, fetching), inputs, world);
    }
    case 'list': {
      const { list } = await import('./stories/list.ts');
      return report.reportTargets(await list({ world }, fetching), world);
    }
    case 'deploy': {
      const { deploy } = await import('./stories/deploy.ts');
      const rollout = deploy({ inputs, world, progress }, fetching).then(ended);
      return report.reportRollout(rollout, inputs, { world });
    }
    case 'continue': {
      const { continueDeployment } = await import('./stories/continue.ts');
      const rollout = continueDeployment({ inputs, world, progress }, fetching).then(ended);
      return report.reportRollout(rollout, inputs, { world });
    }
    case 'watch': {
      const { watchOnly } = await import('./stories/watch.ts');
      const rollout = watchOnly({ inputs, world, progress }, fetching).then(ended);
      return report.reportRollout(rollout, inputs, { world });
    }
    case 'rollback': {
      const { rollback } = await import('./stories/rollback.ts');
      const rollout = rollback({ inputs, world, progress }, fetching).then(ended);
      return report.reportRollout(rollout, inputs, { world, target: progress.rollbackTarget });
    }
  }
}

/** The same for the services of a list. */
async function runServices(
  { inputs, targets, order, place }: Services,
  { world, denials }: { readonly world: World; readonly denials: DenialLog },
): Promise<ExitCode> {
  if (inputs.aws.allowedAccountIds.length > 0) await world.identity.caller();
  const [{ ServicesLog }, report, { readServices, rollOutServices, unordered }] = await Promise.all([
    import('./report/services-log.ts'),
    import('./report/report.ts'),
    import('./stories/services.ts'),
  ]);
  const names = targets.map(({ name }) => name);
  const log = new ServicesLog(world, names);
  const whole = { world, progress: log };
  const named = <T>(values: readonly T[]) => values.map((value, index) => ({ name: names[index] ?? '', value }));
  const ofMode = <Given extends Inputs>(isOfMode: (one: Inputs) => one is Given) => ({
    order,
    targets: targets.flatMap((target) => (isOfMode(target.inputs) ? [{ ...target, inputs: target.inputs }] : [])),
  });
  const deploys = ofMode((one): one is DeployInputs => one.mode === 'deploy' || one.mode === 'plan');
  switch (inputs.mode) {
    case 'plan': {
      const { plan } = await import('./stories/plan.ts');
      const plans = await readServices(deploys, plan, whole);
      const { detailedExitcode } = inputs;
      return report.reportPlans(named(plans), place, { world, sequence: { targets, order }, detailedExitcode });
    }
    case 'list': {
      const { list } = await import('./stories/list.ts');
      return report.reportListings(named(await readServices({ targets, order }, list, whole)), world);
    }
    case 'deploy': {
      const { deploy } = await import('./stories/deploy.ts');
      const rollout = rollOutServices(deploys, deploy, whole);
      return report.reportServices(rollout, place, { world, denied: () => denials.denied });
    }
    case 'rollback': {
      const { rollback } = await import('./stories/rollback.ts');
      const back = ofMode((one): one is RollbackInputs => one.mode === 'rollback');
      const rollout = rollOutServices({ ...back, order: unordered(order, names.length) }, rollback, whole);
      return report.reportServices(rollout, place, { world, target: log.rollbackTarget, denied: () => denials.denied });
    }
    case 'continue':
    case 'watch':
      throw new Failure('INTERNAL', `\`mode: ${inputs.mode}\` has no list of services.`);
  }
}

/** Calls and commands end after a cancel (TimeLimits, createShell); this is for whatever else hangs. */
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

/** What the step is to do. */
interface RunStep {
  readonly inputs: AnyInputs;
  /** Where the step lists them. */
  readonly services?: Services;
}

/** A list of services; `inputs` is what holds for the whole step. */
interface Services extends Omit<Step, 'notes' | 'warnings'> {
  readonly inputs: Inputs;
  readonly place: Place;
}

async function readStep(): Promise<RunStep> {
  const raw = inputsOf(env);
  masker.allow(publicNamesOf(raw, env));
  // Before anything is parsed: also what is wrong with an input must not show a secret.
  for (const secret of secretsOfStep(raw, env)) runner.mask(secret);
  const several = (raw.get('services') ?? '').trim() !== '';
  const yaml = needsYaml(raw) ? (await import('./taskdef/yaml.ts')).parseYaml : undefined;
  const facts = { context: runner.context, env, ...defined({ yaml }) };
  if (!several) {
    const { inputs, ...remarks } = parseInputs(raw, facts);
    for (const secret of unsureReferences(inputs)) runner.mask(secret);
    remark(remarks);
    return { inputs };
  }
  const { notes, warnings, ...step } = (await import('./inputs/services.ts')).parseServices(raw, facts);
  for (const target of step.targets) for (const secret of unsureReferences(target.inputs)) runner.mask(secret);
  remark({ notes, warnings });
  const { inputs } = step;
  masker.allow(step.targets.flatMap(({ name, inputs: { service } }) => [name, service.service, service.cluster]));
  if (inputs.mode === 'status')
    masker.allow((inputs.listed ?? []).flatMap(({ service, cluster }) => [service, cluster]));
  // Of the modes that know no list, a build has none, and the others are refused.
  if (!('recovery' in inputs) || inputs.mode === 'task') return { inputs };
  const place = readPlace(raw, facts);
  return { inputs, services: { ...step, inputs, place } };
}

function remark({
  notes,
  warnings,
}: {
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}): void {
  for (const warning of warnings) console.warning(warning);
  for (const note of notes) console.notice(note);
}

/** A run that could not continue, in its log, outputs, summary and comment. */
async function fail(thrown: Failure, untouched: boolean): Promise<void> {
  const { reportFailure } = await import('./report/failure-report.ts');
  const stackOf = async (error: Error): Promise<string> => (await import('./adapters/files.ts')).readableStack(error);
  const place = readPlace(inputsOf(env), { context: runner.context, env });
  const failure = await reportFailure({ thrown, untouched, place, stackOf }, { console, runner, masker });
  await commentOn(place, failure);
}

/** The result of an earlier run must not stay in the comment as if it still held. Works without a World, which may have failed. */
async function commentOn(place: Place, failure: Failure): Promise<void> {
  if (!place.github.comment) return;
  const [{ commentFailure }, { createGithub }] = await Promise.all([
    import('./report/comment.ts'),
    import('./adapters/github.ts'),
  ]);
  const { token } = place.github;
  const github: Pick<World, 'github'> = token
    ? { github: createGithub(token, runner.context, { env, limits, masker }) }
    : {};
  await commentFailure(place, failure, { console, runner, ...github });
}
