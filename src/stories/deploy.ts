import { asFailure } from '../failure.ts';
import { withSizes } from '../image/build-report.ts';
import { checkBuildSources, lifecyclePolicyIn, readLifecyclePolicy } from '../image/checks.ts';
import type { Image } from '../image/image.ts';
import { formatImageTags } from '../image/pin.ts';
import { askingOnce, createResolver, keptImage, type Resolver } from '../image/resolve.ts';
import type { DeployInputs } from '../inputs/types.ts';
import { defined, isSeen, nameOf, type Revision, type ServiceState } from '../model.ts';
import type { Outcome } from '../outcome.ts';
import type { World } from '../ports.ts';
import { planChange } from '../service/change.ts';
import { tagsOfReuse } from '../tags.ts';
import { diffDefinitions } from '../taskdef/diff.ts';
import { readTemplate } from '../taskdef/load.ts';
import { ownKeys, register } from '../taskdef/register.ts';
import type { Template } from '../taskdef/template.ts';
import { type CurrentService, preflightStep } from './current.ts';
import {
  currentDraft,
  type Draft,
  originOf,
  type Proposal,
  preflightOf,
  propose,
  redrafted,
  refuseArchitecture,
} from './draft.ts';
import { provenIn, saveIntent } from './handover.ts';
import { checkImage, prepareImageChecks } from './image-checks.ts';
import {
  askAhead,
  imageKey,
  obtainImage,
  type PlatformSources,
  pinLines,
  proveImages,
  refreshFor,
  staleWarnings,
  unnamedImages,
} from './images.ts';
import { rollOut } from './rollout.ts';
import { ALONE, allOrAbort, fetchService, type Run } from './run.ts';
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
  const [drafted, image] = await allOrAbort(run, (inner) => {
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
  progress.known({ service: drafted.service, previous: drafted.live, ...defined({ image }) });

  const proposal = await propose(run, { draft: drafted, image, resolver });
  for (const line of pinLines(proposal.images)) progress.step(line);
  world.signal.throwIfAborted();
  const lifecyclePolicy = lifecyclePolicyIn(inputs.image);
  if (image && lifecyclePolicy !== undefined) {
    const ask = { source: drafted.service, signal: world.signal };
    await together.share(`lifecycle policy for ${imageKey(inputs)}`, ask, async ([service, ...others], whole) => {
      const { keepLifecyclePolicy } = await import('../service/lifecycle.ts');
      const policy = await readLifecyclePolicy(lifecyclePolicy);
      if (service) await keepLifecyclePolicy({ policy, image, service, others }, whole.world ?? world);
    });
  }
  const draft = (await together.turn()) === 'later' ? await redrafted(drafted, run) : drafted;
  const known = { service: draft.service, previous: draft.live };
  const deployed = image && (await imageDeployed(image, proposal, world));
  if (deployed !== image) progress.known({ ...known, ...defined({ image: deployed }) });
  const { revision, reused, untagged = [] } = await register(proposal, world);
  progress.step(`${reused ? 'reusing' : 'registered'} ${nameOf(revision)}`);
  progress.known({ revision });
  const proof = reused ? await proveImages(revision, { service: draft.service, resolver }, world) : FRESH;
  const refresh = refreshFor(inputs.service, proof);
  if (reused) {
    world.signal.throwIfAborted();
    // What may run another image than the one that its tag names is not the image of this commit.
    const checked = proof.checked && refresh.warnings.length === 0 && proposal.images.stale.length === 0;
    await tagReused(revision, { checked, imageTags: formatImageTags(proposal.images.tags) }, world);
  } else announce(revision, draft, world);
  for (const reason of refresh.reasons) progress.step(`${reason} A new deployment is forced.`);

  const { live } = draft;
  const differences = isSeen(live) ? diffDefinitions(live.definition, revision.definition) : [];
  if (isSeen(live)) progress.diff(differences, nameOf(live));
  let change = planChange(refresh.service, revision.arn, draft.service);
  const warnings = [
    ...untaggedWarnings(ownKeys(untagged), revision),
    ...staleWarnings(proposal.images),
    ...refresh.warnings,
  ];
  const unnamed = unnamedImages(inputs, { ...draft, definition: revision.definition });
  if (unnamed && !change.update) warnings.push(`${unnamed} Nothing new was deployed.`);
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
  if (inputs.tasks.before.length > 0 && change.update) {
    const { runBefore } = await import('./tasks.ts');
    const before = await runBefore({ ...facts, revision }, { registered: !reused }, run);
    if (before.halted) return before.halted;
    // Minutes have passed: what the service runs by now is what a rollback goes to.
    const service = await fetchService(inputs, world);
    current = { ...draft, service };
    change = planChange(refresh.service, revision.arn, service);
    facts = { ...facts, service, tasks: before.results };
  }
  const outcome = await rollOut({ current, revision, registered: !reused, change, facts }, run);
  // Asked for while the rollout was watched.
  const build = outcome.image?.build && (await measuring)?.build;
  return build && outcome.image ? { ...outcome, image: { ...outcome.image, build } } : outcome;
}

/** The image of this run, with what has to be true of it. */
async function obtainChecked(run: Run<DeployInputs>, sources: readonly PlatformSources[]): Promise<Image | undefined> {
  const { imageChecks: checks, aws } = run.inputs;
  const image = await obtainImage(run, sources);
  if (image) await checkImage(image, { checks, region: aws.region }, run);
  return image;
}

/** Of the image of the same repository that the live revision names by digest. */
function digestBefore({ repository }: Image, { live }: Draft): string | undefined {
  const images = isSeen(live) ? live.definition.containerDefinitions.flatMap(({ image }) => image ?? []) : [];
  return images.find((image) => image.startsWith(`${repository}@`))?.slice(repository.length + 1);
}

/** A revision that this run registers resolves its images as its deployment starts. */
const FRESH = { checked: true, reasons: [] };

/** The user asked for these tags, and the revision does not have them; that ours are missing is reported with the right. */
const untaggedWarnings = (keys: readonly string[], revision: Revision): string[] =>
  keys.length === 0
    ? []
    : [
        `${nameOf(revision)} was registered without the tags ${keys.join(', ')} of \`task-definition-tags\` or the template: ecs:TagResource is denied.`,
      ];

/** From here on a run that ends early leaves a revision behind, which post takes away. */
function announce(revision: Revision, { service }: Draft, world: World): void {
  const { clusterArn: cluster, name, taskDefinitionArn: previous } = service;
  saveIntent({ cluster, service: name, previous, ...provenIn(service), next: revision.arn, registered: true }, world);
}

/** The draft and, while the image is built, the preflight, which ends the run when a check fails. */
async function checkedDraft(
  run: Run<DeployInputs>,
  given: {
    readonly drafting: Promise<Draft>;
    readonly image: Promise<Image | undefined>;
    readonly resolver: Resolver;
  },
): Promise<Draft> {
  const { inputs } = run;
  const draft = await given.drafting;
  refuseArchitecture(inputs, draft);
  if (hasTasks(inputs)) (await import('./tasks.ts')).refuseTasks(inputs, draft);
  const image = inputs.image.kind === 'given' ? await given.image : undefined;
  const [checks] = await Promise.all([
    preflightStep(preflightOf(inputs, draft, image), run),
    askAhead(draft.draft, originOf(inputs, draft, undefined), given.resolver),
  ]);
  if (checks.some(({ status }) => status === 'bad')) (await import('../preflight/preflight.ts')).refuseBad(checks);
  return draft;
}

const hasTasks = ({ tasks: { before, after } }: DeployInputs): boolean => before.length + after.length > 0;

function templateFile({ template: { source } }: DeployInputs, world: World): Promise<Template> | undefined {
  return source.kind === 'file' ? readTemplate(source.path, world) : undefined;
}

/**
 * The image that is deployed: of this run, or an equal one that a revision names already. That one gets this run's tags,
 * as far as they may be moved: without any tag a lifecycle policy could remove what runs.
 */
async function imageDeployed(
  image: Image,
  { images, definition, latest }: Proposal,
  { ecr, console }: World,
): Promise<Image> {
  const kept = keptImage(image, images.definition, definition);
  if (!kept?.digest || !latest) return image;
  const { digest } = kept;
  console.line(
    `       ${image.digest} differs from the image of ${nameOf(latest)} in attestations alone; ${digest} stays.`,
  );
  const { ecr: repository } = image;
  if (repository) {
    const tagging = image.tags.map((tag) => ecr.tagImage(repository, { digest, tag }));
    for (const result of await Promise.allSettled(tagging)) {
      if (result.status === 'rejected' && asFailure(result.reason).code !== 'CONFLICT')
        console.line(`       It could not be tagged: ${asFailure(result.reason).message}`);
    }
  }
  return kept;
}

/** A revision that an earlier run made is this one's as well; without that a rollback to this commit or ref finds nothing. */
async function tagReused(
  revision: Revision,
  images: Parameters<typeof tagsOfReuse>[2],
  { ecs, runner, console }: World,
): Promise<void> {
  const tags = tagsOfReuse(revision, runner.context, images);
  if (!tags) return;
  await ecs.tagResource(revision.arn, tags).catch((thrown: unknown) => {
    // A denial is reported with all others, at the end.
    if (asFailure(thrown).code === 'ACCESS_DENIED') return;
    console.line(
      `       ${nameOf(revision)} could not be tagged with this run (ecs:TagResource); a rollback will know it by its first commit and ref alone.`,
    );
  });
}
