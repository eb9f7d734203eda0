import { withSizes } from '../image/build-report.ts';
import { checkBuildSources, lifecyclePolicyIn } from '../image/checks.ts';
import type { Image } from '../image/image.ts';
import { formatImageTags } from '../image/pin.ts';
import { askingOnce, createResolver, type Resolver } from '../image/resolve.ts';
import type { DeployInputs } from '../inputs/types.ts';
import { defined, isSeen, nameOf, type Revision, type ServiceState } from '../model.ts';
import type { Outcome } from '../outcome.ts';
import type { World } from '../ports.ts';
import type { Chosen } from '../schedules/choose.ts';
import { type Change, isChange } from '../service/change.ts';
import { primaryOf } from '../service/deployment.ts';
import { changeFor } from '../servicedef/change.ts';
import { diffDefinitions } from '../taskdef/diff.ts';
import { ownKeys, register } from '../taskdef/register.ts';
import { type CurrentService, newestService, preflightStep } from './current.ts';
import { currentDraft, type Draft, originOf, preflightOf, propose, redrafted, refuseArchitecture } from './draft.ts';
import { provenIn, saveIntent } from './handover.ts';
import { prepareImageChecks } from './image-checks.ts';
import { askAhead, imageKey, pinLines, proveImages, refreshFor, staleWarnings, unnamedImages } from './images.ts';
import { imageDeployed, obtainChecked, tagReused, templateFile, untaggedWarnings } from './registration.ts';
import { rollOut } from './rollout.ts';
import { ALONE, allOrAbort, type Run, scalingOf, schedulesOf } from './run.ts';
import type { Scaling } from './scaling.ts';
import type { Facts } from './settle.ts';

/** Builds, registers and rolls out a revision, and waits for the result. */
export async function deploy(run: Run<DeployInputs>, fetching: Promise<ServiceState>): Promise<Outcome> {
  const { inputs, world, progress } = run;
  // A file that cannot be read ends the run before any login.
  const [file] = await Promise.all([
    templateFile(inputs, world),
    checkBuildSources(inputs.image, world.files),
    prepareImageChecks(inputs.imageChecks, inputs.image, world),
  ]);
  const { together = ALONE } = run;
  const ecr = askingOnce(world.ecr);
  const resolver = createResolver(ecr, world.registries);
  const [{ draft: drafted, schedules, scaling }, image] = await allOrAbort(run, (inner) => {
    const asking = { ...inner, world: { ...inner.world, ecr } };
    const drafting = currentDraft(asking, fetching, file);
    const obtaining = together.share(
      imageKey(inputs),
      { source: { file, drafting }, signal: inner.world.signal },
      (sources, whole) => obtainChecked({ ...inner, ...whole }, sources),
    );
    const checking = checkedDraft(asking, { drafting, image: obtaining, resolver });
    checking.then(together.checked, () => {});
    return [checking, obtaining];
  });
  const measuring = image && withSizes(image, digestBefore(image, drafted), world.ecr);
  progress.known({ service: drafted.service, ...defined({ previous: drafted.live, image }) });

  const proposal = await propose(run, { draft: drafted, image, resolver });
  for (const line of pinLines(proposal.images)) progress.step(line);
  world.signal.throwIfAborted();
  const policy = lifecyclePolicyIn(inputs.image);
  if (image && policy !== undefined) {
    const ask = { source: drafted.service, signal: world.signal };
    await together.share(`lifecycle policy for ${imageKey(inputs)}`, ask, async ([service, ...others], whole) => {
      const { keepLifecyclePolicy } = await import('../service/lifecycle-policy.ts');
      if (service) await keepLifecyclePolicy({ policy, image, service, others }, whole.world ?? world);
    });
  }
  const draft = (await together.turn()) === 'later' ? await redrafted(drafted, run) : drafted;
  const known = { service: draft.service, ...defined({ previous: draft.live }) };
  const deployed = image && (await imageDeployed(image, proposal, world));
  if (deployed !== image) progress.known({ ...known, ...defined({ image: deployed }) });
  const made = draft.managed && (await (await import('./express.ts')).createManaged({ draft, proposal, image }, run));
  const { revision, reused, untagged = [] } = made ?? (await register(proposal, world));
  const begun = made?.begun;
  if (!begun) progress.step(`${reused ? 'reusing' : 'registered'} ${nameOf(revision)}`);
  progress.known({ revision });
  const proof = reused ? await proveImages(revision, { service: draft.service, resolver }, world) : FRESH;
  const refresh = refreshFor(inputs.service, proof);
  if (reused) {
    world.signal.throwIfAborted();
    // What may run another image than the one that its tag names is not the image of this commit.
    const checked = proof.checked && refresh.warnings.length === 0 && proposal.images.stale.length === 0;
    const primary = primaryOf(draft.service);
    const found = primary?.taskDefinitionArn === revision.arn && primary.rolloutState === 'COMPLETED';
    await tagReused(revision, { checked, imageTags: formatImageTags(proposal.images.tags), found }, world);
  } else if (!begun) announce(revision, draft, world);
  for (const reason of refresh.reasons) progress.step(`${reason} A new deployment is forced.`);

  const { live } = draft;
  const differences = live && isSeen(live) ? diffDefinitions(live.definition, revision.definition) : [];
  if (live && isSeen(live)) progress.diff(differences, nameOf(live));
  let change = changeFor(refresh.service, revision.arn, draft);
  if (change.update) for (const line of settingLines(change, draft.wanted && 'in place')) progress.step(line);
  const warnings = [
    ...untaggedWarnings(ownKeys(untagged), revision),
    ...staleWarnings(proposal.images),
    ...refresh.warnings,
  ];
  const unnamed = live && unnamedImages(inputs, { ...draft, live, definition: revision.definition });
  if (unnamed && !isChange(change)) warnings.push(`${unnamed} Nothing new was deployed.`);
  else if (unnamed && refresh.reasons.length === 0) world.console.notice(unnamed);
  let facts: Omit<Facts, 'deployment'> & { readonly service: ServiceState } = {
    ...known,
    ...defined({ image: deployed }),
    revision,
    differences,
    warnings,
    diagnoses: [],
    timeline: progress.timeline,
  };
  let current: CurrentService = draft;
  if (inputs.tasks.before.length > 0 && isChange(change) && !begun) {
    const { runBefore } = await import('./tasks.ts');
    const before = await runBefore({ ...facts, revision }, { registered: !reused }, run);
    if (before.halted)
      return schedules ? (await import('./schedules.ts')).withUnmoved(before.halted, schedules) : before.halted;
    // Minutes have passed: what the service runs by now is what a rollback goes to.
    current = await newestService(draft, run);
    change = changeFor(refresh.service, revision.arn, current);
    facts = { ...facts, service: current.service, tasks: before.results };
  }
  if (change.update && change.settings.length > 0) facts = { ...facts, settings: change.settings };
  const registered = !reused && !begun;
  const outcome = await rollOut({ current, revision, registered, change, begun, scaling, schedules, facts }, run);
  // Asked for while the rollout was watched.
  const build = outcome.image?.build && (await measuring)?.build;
  return build && outcome.image ? { ...outcome, image: { ...outcome.image, build } } : outcome;
}

/** Of the image of the same repository that the live revision names by digest. */
function digestBefore({ repository }: Image, { live }: Draft): string | undefined {
  const images = live && isSeen(live) ? live.definition.containerDefinitions.flatMap(({ image }) => image ?? []) : [];
  return images.find((image) => image.startsWith(`${repository}@`))?.slice(repository.length + 1);
}

/** This run creates it. */
const isMissing = ({ wanted, express }: CurrentService): boolean =>
  wanted?.state === 'missing' || express?.state === 'missing';

/** So many settings that change are logged one by one. */
const SETTINGS_SHOWN = 30;

/** What changes of a service, a line each. @param otherwise how ECS takes over what says nothing else */
function settingLines({ settings }: Change, otherwise: string | undefined): string[] {
  const value = (text: string | undefined): string => text ?? 'not set';
  const lines = settings.map(({ subject, before, after, effect = otherwise }) => {
    const how = effect === undefined ? '' : ` (${effect})`;
    return before === undefined && after === undefined
      ? `service setting ${subject} changes${how}`
      : `service setting ${subject}: ${value(before)} -> ${value(after)}${how}`;
  });
  const more = lines.length - SETTINGS_SHOWN;
  return more > 0 ? [...lines.slice(0, SETTINGS_SHOWN), `and ${more} more service settings`] : lines;
}

/** A revision that this run registers resolves its images as its deployment starts. */
const FRESH = { checked: true, reasons: [] };

/** From here on a run that ends early leaves a revision behind, which post takes away. */
function announce(revision: Revision, { service, first: policy }: Draft, world: World): void {
  const { clusterArn: cluster, name, taskDefinitionArn: previous } = service;
  const first = defined({ first: policy });
  const intent = { cluster, service: name, previous, ...provenIn(service), next: revision.arn, registered: true };
  saveIntent({ ...intent, ...first }, world);
}

interface Checked {
  readonly draft: Draft;
  readonly schedules: Chosen | undefined;
  readonly scaling: Scaling | undefined;
}

/** The draft and, while the image is built, the preflight, which ends the run when a check fails. */
async function checkedDraft(
  run: Run<DeployInputs>,
  given: {
    readonly drafting: Promise<Draft>;
    readonly image: Promise<Image | undefined>;
    readonly resolver: Resolver;
  },
): Promise<Checked> {
  const { inputs } = run;
  const draft = await given.drafting;
  refuseArchitecture(inputs, draft);
  if (hasTasks(inputs)) (await import('./tasks.ts')).refuseTasks(inputs, draft);
  if (inputs.verify.length > 0) await (await import('./verify.ts')).refuseChecks(inputs, run.world);
  const image = inputs.image.kind === 'given' ? await given.image : undefined;
  const [checks, schedules, scaling] = await Promise.all([
    preflightStep(preflightOf(inputs, draft, image), run),
    schedulesOf({ family: draft.draft.family, cluster: draft.service.clusterArn }, run),
    scalingOf(draft.service, run, isMissing(draft) ? 'missing' : 'there'),
    askAhead(draft.draft, originOf(inputs, draft, undefined), given.resolver),
  ]);
  if (checks.some(({ status }) => status === 'bad')) (await import('../preflight/preflight.ts')).refuseBad(checks);
  return { draft, schedules, scaling };
}

const hasTasks = ({ tasks: { before, after } }: DeployInputs): boolean => before.length + after.length > 0;
