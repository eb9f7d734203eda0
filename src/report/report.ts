import type { Denied } from '../diagnosis/denial.ts';
import type { Image } from '../image/image.ts';
import type {
  ContinueInputs,
  DeployInputs,
  Place,
  RollbackInputs,
  TemplateInputs,
  WatchOnlyInputs,
} from '../inputs/types.ts';
import { defined } from '../model.ts';
import {
  type DaemonRun,
  GOOD,
  type Listing,
  type Outcome,
  type Plan,
  type Registration,
  type RollbackTarget,
  type ServiceResult,
  type ServiceStatus,
  type TaskRun,
} from '../outcome.ts';
import type { World } from '../ports.ts';
import type { Denial } from '../rights/consequences.ts';
import { type About, withPageLinks } from './about.ts';
import { annotationsOf, annotationsOfPlan, unannotated } from './annotations.ts';
import { gistOf } from './gist.ts';
import type { OverallOutcome, ReportedService } from './services.ts';
import type { Named, Sequence } from './services-plan.ts';
import { type Page, summaryOf } from './summary.ts';

/** What the end of a run is reported to. */
type ReportWorld = Pick<World, 'console' | 'runner' | 'masker'>;

/** Exit code of the step. */
export type ExitCode = 0 | 1 | 2;

/** `detailed-exitcode`, as Terraform has it: 0 nothing to change, 1 an error, 2 there would be a change. */
const WOULD_CHANGE = 2;

/**
 * A deploy or a rollback to the end of its report, with GitHub's record of it beside.
 * @param target of a rollback, once it is known
 * @throws what the rollout throws, after GitHub's record is ended
 */
export async function reportRollout(
  rollout: Promise<Outcome>,
  inputs: DeployInputs | RollbackInputs | ContinueInputs | WatchOnlyInputs,
  { world, target }: { readonly world: World; readonly target?: Promise<RollbackTarget> },
): Promise<ExitCode> {
  rollout.catch(() => {}); // awaited below; it may fail before that
  const { comment, endDeployment, recordRollout } = await import('./github.ts');
  const recorded = recordRollout(inputs.github, { rollout, target }, world);
  let outcome: Outcome | undefined;
  let about: About = {};
  let exitCode: ExitCode;
  try {
    outcome = await rollout;
    about = await aboutOf(outcome, inputs, world);
    exitCode = await reportOutcome(outcome, about, world);
  } finally {
    await endDeployment(await recorded, outcome, world);
    world.runner.saveState('github-deployment', '');
  }
  await comment(inputs, { outcome: world.masker.data(outcome), about }, world);
  return exitCode;
}

/** What the report of a rollout knows beside it: the workflow that rolls it back is looked for where one may be needed. */
async function aboutOf(
  { kind, service, rollback }: Outcome,
  { github, aws, ...inputs }: Place & { readonly template?: TemplateInputs },
  { runner, files }: Pick<World, 'runner' | 'files'>,
): Promise<About> {
  const run = runner.context;
  const environment = github.deployment?.environment;
  const template = inputs.template && templateOf(inputs.template);
  const known = { run, ...defined({ environment, template }) };
  if (!service || kind === 'unchanged' || (kind === 'rolled-back' && !rollback)) return known;
  const { findRollbackWorkflow } = await import('./rollback-workflow.ts');
  const { name, clusterArn: cluster, region } = service;
  const action = run.action?.repository;
  const wanted = { service: name, cluster, region: region || aws.region, ...defined({ environment, action }) };
  return { ...known, ...defined({ rollbackWorkflow: await findRollbackWorkflow(files, wanted) }) };
}

const templateOf = ({ source }: TemplateInputs): About['template'] =>
  source.kind === 'file' ? { kind: 'file', path: source.path } : { kind: 'inputs' };

/** Log, outputs, job summary and annotations of a run that came to an end, good or bad. */
async function reportOutcome(
  known: Outcome,
  about: About,
  { console, runner, masker }: ReportWorld,
): Promise<ExitCode> {
  // The whole before its parts are cut: half a secret is not recognised.
  const outcome = masker.data(known);
  const [{ logOutcome }, { outputsOf }] = await Promise.all([import('./log.ts'), import('./outputs.ts')]);
  const gist = gistOf(outcome, about);
  logOutcome(console, outcome, gist);
  for (const [name, value] of Object.entries(outputsOf(outcome, gist))) runner.setOutput(name, value);
  for (const { kind, title, text } of annotationsOf(outcome, gist)) console[kind](text, title);
  for (const warning of unannotated(outcome.warnings)) console.line(`! ${warning}`);
  await runner.writeSummary(summaryOf(outcome, about));
  runner.saveState('reported', 'yes');
  return GOOD.includes(outcome.kind) || outcome.pausedOnRequest ? 0 : 1;
}

/** Log, outputs and job summary of `mode: build`. */
export async function reportBuilt(known: Image, { console, runner, masker }: ReportWorld): Promise<ExitCode> {
  const image = masker.data(known);
  const [{ builtSummaryOf, digestOutputs }, { outputsOf }] = await Promise.all([
    import('./built.ts'),
    import('./outputs.ts'),
  ]);
  console.line('');
  console.line(`✓ ${image.reused ? 'An image that exists:' : 'Pushed'} ${image.reference}`);
  const outputs = { outcome: 'built', ...outputsOf({ image }), ...digestOutputs(image) };
  for (const [name, value] of Object.entries(outputs)) runner.setOutput(name, value);
  await runner.writeSummary(builtSummaryOf(image));
  return 0;
}

/** Log, outputs, job summary and annotations of `mode: register`. */
export async function reportRegistered(
  known: Registration,
  { console, runner, masker }: ReportWorld,
): Promise<ExitCode> {
  const registration = masker.data(known);
  const [{ registeredSummaryOf, registeredText }, { outputsOf }, { digestOutputs }] = await Promise.all([
    import('./registered.ts'),
    import('./outputs.ts'),
    import('./built.ts'),
  ]);
  const { revision, image, reused, schedules, warnings } = registration;
  console.line('');
  console.line(`✓ ${registeredText(registration)}`);
  for (const warning of warnings) console.warning(warning);
  const outputs = {
    outcome: 'registered',
    changed: String(!reused),
    ...outputsOf(defined({ image, revision, schedules })),
    ...(image ? digestOutputs(image) : {}),
  };
  for (const [name, value] of Object.entries(outputs)) runner.setOutput(name, value);
  await runner.writeSummary(registeredSummaryOf(registration));
  return 0;
}

/** Log, outputs, job summary and annotation of `mode: task`. */
export async function reportTask(known: TaskRun, { console, runner, masker }: ReportWorld): Promise<ExitCode> {
  const run = masker.data(known);
  const { failedTask, taskOutputsOf, taskSummaryOf } = await import('./task.ts');
  const about: About = { run: runner.context };
  await reportAlone(run.headline, failedTask(run, about), console);
  for (const [name, value] of Object.entries(taskOutputsOf(run, about))) runner.setOutput(name, value);
  await runner.writeSummary(taskSummaryOf(run, about));
  return run.kind === 'ran' ? 0 : 1;
}

/** The end of the log of a run without a service: how it went, or the gist of its failure as an error. */
async function reportAlone(headline: string, failed: Page | undefined, console: World['console']): Promise<void> {
  if (!failed) {
    console.line('');
    console.line(`✓ ${headline}`);
    return;
  }
  const { logOutcome } = await import('./log.ts');
  logOutcome(console, failed.outcome, failed.gist);
  for (const { kind, title, text } of annotationsOf(failed.outcome, failed.gist)) console[kind](text, title);
  for (const warning of unannotated(failed.outcome.warnings)) console.line(`! ${warning}`);
}

/** Log, outputs, job summary and annotations of `mode: daemon`. */
export async function reportDaemon(known: DaemonRun, { console, runner, masker }: ReportWorld): Promise<ExitCode> {
  const run = masker.data(known);
  const { daemonOutputsOf, daemonSummaryOf, failedDaemon } = await import('./daemon.ts');
  const about: About = { run: runner.context };
  const failed = failedDaemon(run, about);
  await reportAlone(run.headline, failed, console);
  if (!failed) for (const warning of run.warnings) console.warning(warning);
  for (const [name, value] of Object.entries(daemonOutputsOf(run, about))) runner.setOutput(name, value);
  await runner.writeSummary(daemonSummaryOf(run, about));
  return failed ? 1 : 0;
}

/** Log, outputs, job summary, annotation and comment of a plan. */
export async function reportPlan(known: Plan, inputs: DeployInputs, world: World): Promise<ExitCode> {
  const { console, runner, masker } = world;
  const plan = masker.data(known);
  const [{ isBlocked, planSummaryOf, logPlan, wouldChange }, { comment }] = await Promise.all([
    import('./plan.ts'),
    import('./github.ts'),
  ]);
  const environment = inputs.github.deployment?.environment;
  const about: About = { run: runner.context, ...defined({ environment }) };
  logPlan(console, plan);
  for (const { kind, title, text } of annotationsOfPlan(plan, about)) console[kind](text, title);
  const changed = wouldChange(plan);
  runner.setOutput('outcome', 'planned');
  runner.setOutput('changed', String(changed));
  await runner.writeSummary(planSummaryOf(plan, about));
  await comment(inputs, { plan }, world);
  if (isBlocked(plan)) return 1;
  return changed && inputs.detailedExitcode ? WOULD_CHANGE : 0;
}

/** Log, outputs and job summary of `mode: status`. */
export async function reportStatus(
  known: readonly ServiceStatus[],
  { console, runner, masker }: ReportWorld,
): Promise<ExitCode> {
  const services = masker.data(known);
  const { logStatus, statusRow, statusSummaryOf } = await import('./status.ts');
  logStatus(console, services);
  runner.setOutput('outcome', 'listed');
  runner.setOutput('status', JSON.stringify(services.map(statusRow)));
  await runner.writeSummary(statusSummaryOf(services));
  return 0;
}

/** Log, outputs and job summary of `mode: list`. */
export async function reportTargets(listing: Listing, { console, runner, masker }: ReportWorld): Promise<ExitCode> {
  const { service, targets, guessed } = masker.data(listing);
  const { targetRow, logTargets, targetsSummary } = await import('./targets.ts');
  const rows = targets.map(targetRow);
  logTargets(console, rows, guessed);
  runner.setOutput('outcome', 'listed');
  runner.setOutput('targets', JSON.stringify(rows));
  await runner.writeSummary(targetsSummary(service, rows, guessed));
  return 0;
}

/** Several services to the end of their report: one table, one summary, one comment, one record at GitHub. */
export async function reportServices(
  rollout: Promise<readonly ServiceResult[]>,
  place: Place,
  {
    world,
    target,
    denied,
  }: {
    readonly world: World;
    readonly target?: Promise<RollbackTarget>;
    /** What AWS denied, once the rollout has ended. */
    readonly denied: () => readonly Denied[];
  },
): Promise<ExitCode> {
  rollout.catch(() => {}); // awaited below; it may fail before that
  const { console, runner, masker } = world;
  const [{ endDeployment, putServicesComment, recordRollout }, services] = await Promise.all([
    import('./github.ts'),
    import('./services.ts'),
  ]);
  const recorded = recordRollout(place.github, { rollout, target }, world);
  let overall: OverallOutcome | undefined;
  let results: readonly ReportedService[];
  try {
    const explained = async (result: ServiceResult): Promise<ServiceResult> => {
      if (result.end.kind !== 'failed') return result;
      const { diagnoseFailure } = await import('../diagnosis/diagnose.ts');
      return {
        ...result,
        end: { ...result.end, failure: withPageLinks(diagnoseFailure(result.end.failure), runner.context) },
      };
    };
    const ended = await Promise.all((await rollout).map(explained));
    const reported = async (result: ServiceResult): Promise<ReportedService> =>
      result.end.kind === 'ended' ? { ...result, about: await aboutOf(result.end.outcome, place, world) } : result;
    results = masker.data(await Promise.all(ended.map(reported)));
    overall = services.overallOf(results);
    for (const line of services.servicesLines(results)) console.line(line);
    for (const [name, value] of Object.entries(services.servicesOutputs(results, denied())))
      runner.setOutput(name, value);
    for (const { kind, title, text } of services.annotationsOfServices(results)) console[kind](text, title);
    await runner.writeSummary(services.servicesSummaryOf(results));
    runner.saveState('reported', 'yes');
  } finally {
    await endDeployment(await recorded, overall, world);
    runner.saveState('github-deployment', '');
  }
  const text = services.servicesCommentParts(results, runner.context);
  await putServicesComment({ text, titles: services.servicesTitles(results) }, place, world);
  return services.areGood(results) ? 0 : 1;
}

/** The plans of several services. */
export async function reportPlans(
  known: readonly Named<Plan>[],
  place: Place,
  {
    world,
    sequence,
    detailedExitcode,
  }: { readonly world: World; readonly sequence: Sequence; readonly detailedExitcode: boolean },
): Promise<ExitCode> {
  const { console, runner, masker } = world;
  const plans = masker.data(known);
  const [{ isBlocked, logPlan, wouldChange }, services, { putServicesComment }] = await Promise.all([
    import('./plan.ts'),
    import('./services-plan.ts'),
    import('./github.ts'),
  ]);
  for (const { name, value } of plans) {
    console.line(`${name}:`);
    logPlan(console, value);
  }
  for (const line of services.plansLines(plans, sequence)) console.line(line);
  for (const { value } of plans)
    for (const { kind, title, text } of annotationsOfPlan(value).slice(0, 1)) console[kind](text, title);
  const changed = plans.some(({ value }) => wouldChange(value));
  runner.setOutput('outcome', 'planned');
  runner.setOutput('changed', String(changed));
  runner.setOutput('services', JSON.stringify(services.planRows(plans)));
  const about = defined({ environment: place.github.deployment?.environment });
  const title = services.plansTitle(plans, about);
  const parts = (limit: number): string => services.plansParts(plans, { run: runner.context, sequence, limit });
  await runner.writeSummary(`## ${title}\n\n${parts(900_000)}\n`);
  const text = `### ${title}\n\n${parts(50_000)}`;
  await putServicesComment({ text, titles: services.plansTitles(plans, about) }, place, world);
  if (plans.some(({ value }) => isBlocked(value))) return 1;
  return changed && detailedExitcode ? WOULD_CHANGE : 0;
}

/** The rollback targets of several services. */
export async function reportListings(
  known: readonly Named<Listing>[],
  { console, runner, masker }: ReportWorld,
): Promise<ExitCode> {
  const listings = masker.data(known);
  const [{ logTargets, targetRow }, services] = await Promise.all([
    import('./targets.ts'),
    import('./services-plan.ts'),
  ]);
  for (const { name, value } of listings) {
    console.line(`${name}:`);
    logTargets(console, value.targets.map(targetRow), value.guessed);
  }
  const rows = services.listingRows(listings);
  runner.setOutput('outcome', 'listed');
  runner.setOutput(
    'targets',
    JSON.stringify(rows.flatMap(({ name, targets }) => targets.map((row) => ({ name, ...row })))),
  );
  runner.setOutput('services', JSON.stringify(rows));
  await runner.writeSummary(services.listingsSummary(listings));
  return 0;
}

/** Every right that was missing, in one place, with one policy that allows them all. */
export async function reportDenied(denied: readonly Denial[], { console, runner }: ReportWorld): Promise<void> {
  if (denied.length === 0) return;
  const { reportRights, rightsSummaryOf } = await import('./rights.ts');
  reportRights(console, denied);
  await runner.writeSummary(rightsSummaryOf(denied));
}
