import { asFailure, Failure, type Mistake } from '../failure.ts';
import { keptImage, mayBeSameContent, sameContent } from '../image/equal.ts';
import type { Image } from '../image/image.ts';
import { inspectImage } from '../image/inspect.ts';
import { formatImageTags, withReferencesOf } from '../image/pin.ts';
import { normalisePlatform } from '../image/platforms.ts';
import { publish } from '../image/publish.ts';
import { askingOnce, createResolver, type Resolver } from '../image/resolve.ts';
import { checkBuildSources } from '../image/sources.ts';
import type { DeployInputs } from '../inputs/types.ts';
import type { Outcome } from '../model.ts';
import { isSeen, nameOf, type Revision, type ServiceState, type Tags, type TaskDefinition } from '../model.ts';
import type { World } from '../ports.ts';
import { Account } from '../report/account.ts';
import { tellDifferences } from '../report/live.ts';
import { planChange } from '../service/change.ts';
import { checkArchitecture } from '../taskdef/architecture.ts';
import { checked } from '../taskdef/check.ts';
import { diffDefinitions } from '../taskdef/diff.ts';
import { readTemplate } from '../taskdef/load.ts';
import { isSame, ownKeys, register } from '../taskdef/register.ts';
import type { Template } from '../taskdef/template.ts';
import { type Ahead, lookAhead } from './beforehand.ts';
import {
  askAhead,
  type ImageOrigin,
  type PinnedImages,
  pinImages,
  pinLines,
  proveImages,
  refreshFor,
  unnamedImages,
} from './images.ts';
import { declare, provenIn } from './intent.ts';
import { tagsOfReuse, withOwnTags } from './own-tags.ts';
import { type PlatformSources, withPlatforms } from './platforms.ts';
import { publishOutputs, rollOut } from './rollout.ts';
import { latestRevision, renderFor, type Survey, surveyService } from './survey.ts';
import { together } from './together.ts';

/** A commit, taken to a healthy service. */
export async function deploy(inputs: DeployInputs, looking: Promise<ServiceState>, world: World): Promise<Outcome> {
  const account = new Account(world);
  // A file that cannot be read ends the run before anybody logs in anywhere.
  const [file] = await Promise.all([templateFile(inputs, world), checkBuildSources(inputs.image, world.files)]);
  const ecr = askingOnce(world.ecr);
  const resolver = createResolver(ecr, world.registries);
  const [survey, image] = await together(world, (inner) => {
    const asking = { ...inner, ecr };
    const surveyed = surveyService(inputs, looking, asking, account, file);
    const image = obtainImage({ inputs, file, surveyed }, inner, account);
    return [surveyAhead({ inputs, surveyed, image, resolver }, asking, account), image];
  });
  const known = { ...(image ? { image } : {}), service: survey.service, previous: survey.live };
  publishOutputs(known, world);

  const proposal = await propose(inputs, { survey, image, resolver }, world);
  const { images } = proposal;
  for (const line of pinLines(images)) account.step(line);
  world.signal.throwIfAborted();
  const deployed = image && (await imageDeployed(image, proposal, world));
  if (deployed !== image) publishOutputs({ ...known, ...(deployed ? { image: deployed } : {}) }, world);
  const { revision, reused, untagged = [] } = await register(proposal, world);
  account.step(`${reused ? 'reusing' : 'registered'} ${nameOf(revision)}`);
  publishOutputs({ revision }, world);
  const proof = reused ? await proveImages(revision, survey.service, resolver, world) : FRESH;
  const refresh = refreshFor(inputs.service, proof);
  if (reused) {
    world.signal.throwIfAborted();
    // What may run another image than the one that its tag names is not the image of this commit.
    const checked = proof.checked && refresh.warnings.length === 0;
    await tellReuse(revision, { checked, imageTags: formatImageTags(images.tags) }, world);
  } else announce(revision, survey, world);
  for (const reason of refresh.reasons) account.step(`${reason} A new deployment is forced.`);

  const { live } = survey;
  const differences = isSeen(live) ? diffDefinitions(live.definition, revision.definition) : [];
  if (isSeen(live)) tellDifferences(world.console, differences, nameOf(live));
  const change = planChange(refresh.service, revision.arn, survey.service);
  const warnings = [...untaggedWarnings(ownKeys(untagged), revision), ...refresh.warnings];
  const unnamed = unnamedImages(inputs, { ...survey, definition: revision.definition });
  if (unnamed && !change.update) warnings.push(`${unnamed} Nothing new was deployed.`);
  else if (unnamed && refresh.reasons.length === 0) world.console.notice(unnamed);
  const facts = {
    ...known,
    ...(deployed ? { image: deployed } : {}),
    revision,
    differences,
    warnings,
    diagnoses: [],
    timeline: account.moments,
  };
  return rollOut({ present: survey, revision, registered: !reused, change, facts }, inputs, world, account);
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
function announce(revision: Revision, { service }: Survey, world: World): void {
  const { clusterArn: cluster, name, taskDefinitionArn: previous } = service;
  declare({ cluster, service: name, previous, ...provenIn(service), next: revision.arn, registered: true }, world);
}

/** The survey and, while the image is built, the preflight, which ends the run when something is bad. */
async function surveyAhead(
  given: {
    readonly inputs: DeployInputs;
    readonly surveyed: Promise<Survey>;
    readonly image: Promise<Image | undefined>;
    readonly resolver: Resolver;
  },
  world: World,
  account: Account,
): Promise<Survey> {
  const { inputs, resolver } = given;
  const survey = await given.surveyed;
  refuseArchitecture(inputs, survey);
  const image = inputs.image.kind === 'given' ? await given.image : undefined;
  const [checks] = await Promise.all([
    lookAhead(aheadOf(inputs, survey, image), inputs, world, account),
    askAhead(survey.draft, originOf(inputs, survey, undefined), resolver),
  ]);
  if (checks.some(({ status }) => status === 'bad')) (await import('../preflight/preflight.ts')).refuseBad(checks);
  return survey;
}

/** What the preflight has to know of a deploy. */
export function aheadOf(inputs: DeployInputs, survey: Survey, image: Image | undefined): Ahead {
  const standIn = inputs.image.kind === 'build' ? survey.standIn?.reference : undefined;
  return {
    present: survey,
    definition: survey.draft,
    ...(image ? { image } : {}),
    ...(standIn === undefined ? {} : { standIn }),
  };
}

function templateFile({ template: { source } }: DeployInputs, world: World): Promise<Template> | undefined {
  return source.kind === 'file' ? readTemplate(source.path, world) : undefined;
}

async function obtainImage(
  given: PlatformSources & { readonly inputs: DeployInputs },
  world: World,
  account: Account,
): Promise<Image | undefined> {
  const { image, aws } = given.inputs;
  switch (image.kind) {
    case 'build': {
      const build = await withPlatforms(image.build, given, world);
      const built = await publish(build, aws.region, world);
      account.step(`${built.reused ? 'image that exists:' : 'pushed'} ${built.reference}`);
      return built;
    }
    case 'given':
      return inspectImage(image.reference, world.ecr);
    case 'template':
      return undefined;
  }
}

/** What is to be registered, unless the revision that runs or the family's latest is that already. */
export interface Proposal {
  readonly definition: TaskDefinition;
  readonly tags: Tags;
  readonly images: PinnedImages;
  /** What is registered where IAM lets no tags be written. */
  readonly withoutTags?: TaskDefinition;
  readonly latest?: Revision;
}

/**
 * The template with its image, checked, and its images pinned.
 * @throws Failure INVALID_TASK_DEFINITION with every mistake
 */
export async function propose(
  inputs: DeployInputs,
  given: {
    readonly survey: Survey;
    readonly image: Image | undefined;
    readonly resolver: Resolver;
    /** Reference of an image that a deploy would build. */
    readonly notYet?: string;
  },
  world: World,
): Promise<Proposal> {
  const { survey, image, resolver, notYet } = given;
  const { context } = world.runner;
  const rendered = renderFor(inputs, survey, context, image);
  const written = checked(rendered, survey.template.name, survey.fargate);
  refuseWrong(
    checkArchitecture(written, { container: rendered.container ?? '', platforms: image?.platforms }, survey.fargate),
  );
  const { notYet: _, ...known } = originOf(inputs, survey, image && rendered.container);
  const origin = { ...known, ...(notYet ? { notYet } : {}) };
  const images = await pinImages(written, { ...origin, tags: rendered.tags }, resolver);
  const tags = withOwnTags(rendered.tags, context, formatImageTags(images.tags));
  // After a rollback the latest revision is not the one that runs; what runs already is not registered again.
  const { live } = survey;
  const runs = isSeen(live) ? live : undefined;
  const wanted = { definition: images.definition, tags, image };
  const { withoutTags } = images;
  const rest = { tags, images, ...(withoutTags ? { withoutTags } : {}) };
  const running = await writtenAs(runs, wanted, world);
  if (running && runs) return { ...rest, definition: running, latest: runs };
  const latest = await latestRevision(images.definition.family, live, world);
  const equal = latest === runs ? undefined : await writtenAs(latest, wanted, world);
  const definition = equal ?? (runs ? withReferencesOf(images.definition, runs.definition) : images.definition);
  return { ...rest, definition, ...(latest ? { latest } : {}) };
}

/**
 * The definition in the words of a revision that is equal to it, images that differ in attestations alone included.
 * Undefined where the revision is another one.
 */
async function writtenAs(
  revision: Revision | undefined,
  {
    definition,
    tags,
    image,
  }: { readonly definition: TaskDefinition; readonly tags: Tags; readonly image: Image | undefined },
  { ecr }: World,
): Promise<TaskDefinition | undefined> {
  if (!revision) return undefined;
  const before = revision.definition;
  const plain = withReferencesOf(definition, before);
  if (isSame(revision, plain, tags)) return plain;
  // ECR is asked only where nothing else differs.
  if (!isSame(revision, withReferencesOf(definition, before, mayBeSameContent), tags)) return undefined;
  const same = await sameContent(definition, before, { ecr, built: image });
  const equal = withReferencesOf(definition, before, same);
  return isSame(revision, equal, tags) ? equal : undefined;
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

/** @param container that got this run's image */
function originOf(inputs: DeployInputs, { template, standIn }: Survey, container: string | undefined): ImageOrigin {
  const overridden = new Set([...inputs.template.images.map(([name]) => name), ...(container ? [container] : [])]);
  return { inputs, template, overridden, ...(standIn ? { notYet: standIn.reference } : {}) };
}

/** Platforms that are to be built are known before the build. */
function refuseArchitecture({ image }: DeployInputs, { draft, standIn, fargate }: Survey): void {
  if (image.kind !== 'build') return;
  const platforms = image.build.platforms.map(normalisePlatform);
  const users = draft.containerDefinitions.filter((container) => container.image === standIn?.reference);
  refuseWrong(users.flatMap(({ name }) => checkArchitecture(draft, { container: name, platforms }, fargate)));
}

function refuseWrong(mistakes: readonly Mistake[]): void {
  if (mistakes.length === 0) return;
  throw new Failure('INVALID_TASK_DEFINITION', 'The image does not fit the task; nothing was registered.', {
    mistakes,
  });
}

/** A revision that an earlier run made is this one's as well; without that a rollback to this commit or ref finds nothing. */
async function tellReuse(
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
