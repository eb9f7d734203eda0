import { Failure, type Mistake } from '../failure.ts';
import { type Image, normalisePlatform } from '../image/image.ts';
import { findCommitImage, mergeDigests } from '../image/merge.ts';
import {
  formatImageTags,
  type ImageTags,
  type Pinned,
  pinned,
  type Resolution,
  reasonOf,
  referencesToAsk,
  shortDigest,
  sourceOf,
  taggedImages,
  tagStates,
} from '../image/pin.ts';
import { publish } from '../image/publish.ts';
import { askingOnce, cacheOf, inspectImage, type Resolver } from '../image/resolve.ts';
import type { BuildInputs, DeployInputs, ServiceInputs } from '../inputs/types.ts';
import {
  asStrings,
  isSeen,
  type JsonObject,
  type LiveRevision,
  nameOf,
  type Revision,
  type ServiceState,
  type Tags,
  type TaskDefinition,
} from '../model.ts';
import type { World } from '../ports.ts';
import { primaryOf } from '../service/deployment.ts';
import { runningImages } from '../service/revisions.ts';
import { TAGS_AT_MOST, VALUE_AT_MOST } from '../tags.ts';
import { checkArchitecture, requestedPlatform } from '../taskdef/architecture.ts';
import type { Template } from '../taskdef/template.ts';
import type { Run } from './run.ts';

/** What the platform of the task is read from, as soon as it can be: a file at once, else the service and the rendered definition. */
export interface PlatformSources {
  readonly file: Template | undefined;
  readonly drafting: Promise<DraftedTask>;
}

/**
 * The build for the platform that the task runs on, where the input `platforms` names none: an image for the builder's own
 * platform would be of no use to a task for ARM64. A task that leaves it open (on EC2 without runtimePlatform) gets the
 * builder's own, as before.
 */
export async function withPlatforms(
  build: BuildInputs,
  sources: readonly PlatformSources[],
  { console }: Pick<World, 'console'>,
): Promise<BuildInputs> {
  if (build.platforms.length > 0) return build;
  const found = await Promise.all(
    sources.map(async ({ file, drafting }) => (file && platformIn(file)) ?? platformOfTask(await drafting)),
  );
  const platforms = [...new Set(found)].filter((platform) => platform !== undefined);
  // Where one of the tasks leaves it open, the image for the others does for it too.
  if (platforms.length === 0) return build;
  const whose = platforms.length === 1 ? 'the platform of the task' : 'the platforms of the tasks';
  console.line(`The image is for ${platforms.join(', ')}, ${whose}; the input \`platforms\` names others.`);
  return { ...build, platforms };
}

/** The same for two services that deploy one image. */
export const imageKey = ({ image }: Pick<DeployInputs, 'image'>): string => `image ${JSON.stringify(image)}`;

/** A rendered definition, and what its tasks run on. */
interface DraftedTask {
  readonly draft: TaskDefinition;
  /** Stands in for the image of this run; undefined where the template names its images itself. */
  readonly standIn?: Pick<Image, 'reference'>;
  readonly fargate: boolean;
}

const platformOfTask = ({ draft, fargate }: DraftedTask): string | undefined => requestedPlatform(draft, fargate);

/** From the file alone, so that the build need not wait for the service: what it says plainly, without placeholders. */
function platformIn({ definition }: Template): string | undefined {
  const { runtimePlatform, requiresCompatibilities } = definition;
  const platform: JsonObject = runtimePlatform === undefined ? {} : { runtimePlatform };
  if (JSON.stringify(platform).includes('${')) return undefined;
  const compatibilities = asStrings(requiresCompatibilities);
  return requestedPlatform(platform, compatibilities.length === 1 && compatibilities[0] === 'FARGATE');
}

/**
 * Ends the run where a task could not run an image of these platforms.
 * @param platforms undefined where they are not known: then nothing is checked
 * @throws Failure INVALID_TASK_DEFINITION
 */
export function refusePlatforms(
  platforms: readonly string[] | undefined,
  { draft, standIn, fargate }: DraftedTask,
): void {
  const users = draft.containerDefinitions.filter(({ image }) => image === standIn?.reference);
  refuseWrong(users.flatMap(({ name }) => checkArchitecture(draft, { container: name, platforms }, fargate)));
}

/** @throws Failure INVALID_TASK_DEFINITION with these mistakes, if there are any */
export function refuseWrong(mistakes: readonly Mistake[]): void {
  if (mistakes.length === 0) return;
  throw new Failure('INVALID_TASK_DEFINITION', 'The image does not fit the task; nothing was registered.', {
    mistakes,
  });
}

/** Every service's task is waited for: nothing is written for an image that one of them cannot run. */
export async function permitPlatforms(
  platforms: readonly string[] | undefined,
  sources: readonly PlatformSources[],
): Promise<void> {
  const drafts = await Promise.all(sources.map(({ drafting }) => drafting));
  for (const draft of drafts) refusePlatforms(platforms?.map(normalisePlatform), draft);
}

/** The image of this run: built, or the one that the input names; undefined where the template names its images. */
export async function obtainImage(
  { inputs: { image, aws }, world, progress }: Run<Pick<DeployInputs, 'image' | 'aws'>>,
  sources: readonly PlatformSources[],
): Promise<Image | undefined> {
  switch (image.kind) {
    case 'build': {
      const build = await withPlatforms(image.build, sources, world);
      const permitted = permitPlatforms(build.platforms, sources);
      permitted.catch(() => {}); // awaited before the first write
      const built = await publish(build, { region: aws.region, permitted }, world);
      progress.step(`${built.reused ? 'image that exists:' : 'pushed'} ${built.reference}`);
      return built;
    }
    case 'digests':
      return mergeDigests(
        image,
        { region: aws.region, permitted: (platforms) => permitPlatforms(platforms, sources) },
        world,
      );
    case 'commit':
      return findCommitImage(image, aws.region, world);
    case 'given':
      return inspectImage(image.reference, world.ecr);
    case 'template':
      return undefined;
  }
}

/** Where a definition's images come from. */
export interface ImageOrigin {
  readonly inputs: Pick<DeployInputs, 'template' | 'pinImages'>;
  readonly template: Template;
  /** Containers whose image an input gives: what an earlier deploy knew of them counts no more. */
  readonly overridden: ReadonlySet<string>;
  /** Reference of an image that this run has yet to build: there is nothing to ask for. */
  readonly notYet?: string;
}

/** Looks up the digests that pinning will need, beside whatever else the run does meanwhile. */
export async function askAhead(definition: TaskDefinition, origin: ImageOrigin, resolver: Resolver): Promise<void> {
  if (origin.inputs.pinImages) await resolver.resolve(toAsk(definition, origin));
}

const toAsk = (definition: TaskDefinition, origin: ImageOrigin): string[] =>
  referencesToAsk(definition, lookedUp(origin)).filter((reference) => reference !== origin.notYet);

const remembered = ({ template: { imageTags = new Map() }, overridden }: ImageOrigin): ImageTags =>
  new Map([...imageTags].filter(([name]) => !overridden.has(name)));

/** A family or the live revision stands for what it names, tags and all; one revision by its ARN for its own digests. */
const lookedUp = (origin: ImageOrigin): ImageTags =>
  origin.inputs.template.source.kind === 'arn' ? new Map() : remembered(origin);

export interface PinnedImages extends Pinned {
  /**
   * With the tags of the revision that it starts from: where IAM lets no tags be written, the image tags could not be
   * remembered, and a later deploy of that revision would never look them up again.
   */
  readonly withoutTags?: TaskDefinition;
}

/**
 * The definition as it will be registered: ECR's tags replaced by the digests that they name now.
 * @param tags the user's own, beside which the revision has to remember the image tags
 */
export async function pinImages(
  definition: TaskDefinition,
  origin: ImageOrigin & { readonly tags: Tags },
  resolver: Resolver,
): Promise<PinnedImages> {
  const known = { remembered: lookedUp(origin), resolutions: new Map() };
  const keep = (): Pinned => pinned(definition, { ...known, mode: 'keep' });
  if (!origin.inputs.pinImages) return keep();
  const resolutions = await resolver.resolve(toAsk(definition, origin));
  const { tags: resolved, ...rest } = pinned(definition, { ...known, resolutions, mode: 'pin' });
  const result = { ...rest, tags: new Map([...remembered(origin), ...resolved]) };
  // A tag that cannot be remembered must stay in the definition: the next deploy of the live revision would not know it.
  const fits = formatImageTags(result.tags).length <= VALUE_AT_MOST && origin.tags.length < TAGS_AT_MOST;
  if (result.tags.size > 0 && !fits) return keep();
  // A file names the tag again in the next run.
  if (origin.inputs.template.source.kind === 'file' || result.pins.length === 0) return result;
  const kept = new Map(keep().definition.containerDefinitions.map(({ name, image }) => [name, image]));
  const containerDefinitions = result.definition.containerDefinitions.map((container) => {
    const { name, image } = container;
    return { ...container, image: origin.overridden.has(name) ? image : (kept.get(name) ?? image) };
  });
  return { ...result, withoutTags: { ...result.definition, containerDefinitions } };
}

/** What the log says of the images, a line each. */
export const pinLines = ({ pins }: Pinned): string[] =>
  pins.map(({ reference, digest }) => `${reference} is ${shortDigest(digest)}`);

/** What is deployed in place of tags that do not exist any more, a sentence each. */
export const staleWarnings = ({ stale }: Pinned): string[] =>
  stale.map(
    ({ reference, kept, reason }) =>
      `\`${reference}\` could not be looked up (${reason.replace(/\.$/, '')}), so the image of the earlier deployment stays: ${short(kept)}. Push the tag again, or name the image with \`image\` or \`images\`.`,
  );

/** What the tags in a definition name now. */
interface LookedUp {
  readonly resolutions: ReadonlyMap<string, Resolution>;
  /** Each image is named by its digest, or its tag was looked up. */
  readonly checked: boolean;
}

/**
 * Looks up every tag of a revision that was there before this run, in other registries than ECR as well. It needs no service: whatever
 * starts a deployment of the revision resolves its tags again.
 */
export async function lookUpTags(definition: TaskDefinition, resolver: Resolver): Promise<LookedUp> {
  const resolutions = await resolver.resolve(taggedImages(definition).keys());
  return { resolutions, checked: [...resolutions.values()].every(({ kind }) => kind === 'resolved') };
}

/** What is known of the images of a revision that was there before this run. */
interface ImageProof extends Pick<LookedUp, 'checked'> {
  /** Why what runs may not be what the tags name; a sentence each. */
  readonly reasons: readonly string[];
}

/**
 * Compares the tags in a revision with what the service really runs. Registries other than ECR are asked only here, where the
 * answer decides whether anything is deployed.
 */
export async function proveImages(
  revision: Pick<Revision, 'arn' | 'definition'>,
  { service, resolver }: { readonly service: ServiceState; readonly resolver: Resolver },
  { ecs }: Pick<World, 'ecs'>,
): Promise<ImageProof> {
  const { definition, arn } = revision;
  const tagged = taggedImages(definition);
  const primary = primaryOf(service);
  const runs = (primary?.taskDefinitionArn ?? service.taskDefinitionArn) === arn;
  const names = [...tagged.values()].flat().map(({ name }) => name);
  const [{ resolutions, checked }, running] = await Promise.all([
    lookUpTags(definition, resolver),
    runs ? runningImages(service, names, ecs) : new Map(),
  ]);
  if (!runs) return { checked, reasons: [] };
  const idle = service.runningCount === 0 && service.desiredCount === 0;
  const known = { resolutions, running, idle };
  let states = tagStates(definition, { ...known, members: new Map() });
  const moved = states.filter(({ kind }) => kind === 'moved');
  if (moved.length > 0) {
    const members = await Promise.all(
      moved.map(async ({ reference }) => {
        const resolution = resolutions.get(reference);
        const digest = resolution?.kind === 'resolved' ? resolution.digest : '';
        return [digest, await resolver.membersOf(reference)] as const;
      }),
    );
    states = tagStates(definition, { ...known, members: new Map(members) });
  }
  // Its tasks resolve the tags as they start; only a digest that is known to be another one is worth another deployment.
  const starting = primary?.rolloutState === 'IN_PROGRESS';
  const counting = states.filter(({ kind }) => kind === 'moved' || !starting);
  return {
    checked: states.every(({ kind }) => kind !== 'unproven'),
    reasons: counting.flatMap((state) => reasonOf(state) ?? []),
  };
}

/** What follows from a proof: a new deployment, or, where the user does not want one, a warning. */
export interface Refresh {
  readonly service: ServiceInputs;
  /** Why a new deployment is forced; a sentence each. */
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}

export function refreshFor(service: ServiceInputs, { reasons }: Pick<ImageProof, 'reasons'>): Refresh {
  const { forceNewDeployment } = service;
  if (reasons.length === 0 || forceNewDeployment === true) return { service, reasons: [], warnings: [] };
  if (forceNewDeployment === undefined)
    return { service: { ...service, forceNewDeployment: true }, reasons, warnings: [] };
  return {
    service,
    reasons: [],
    warnings: reasons.map((reason) => `${reason} \`force-new-deployment: false\` keeps the tasks that run.`),
  };
}

/**
 * What it means that no input names an image; undefined where one does, or where the images are not those that run.
 */
export function unnamedImages(
  { image, template }: Pick<DeployInputs, 'image' | 'template'>,
  at: { readonly template: Pick<Template, 'name'>; readonly definition: TaskDefinition; readonly live: LiveRevision },
): string | undefined {
  if (!isSeen(at.live)) return undefined;
  if (image.kind !== 'template' || template.images.length > 0) return undefined;
  const before = new Map(at.live.definition.containerDefinitions.map(({ name, image: text }) => [name, text]));
  const { containerDefinitions } = at.definition;
  if (containerDefinitions.some(({ name, image: text }) => before.get(name) !== text)) return undefined;
  const shown = containerDefinitions.map(({ name, image: text }) => `${name}: ${short(text)}`).join(', ');
  return `Neither \`image\` nor \`repository\` has a value, so the images are those that ${at.template.name} names, and ${nameOf(at.live)} runs the same (${shown}). If an image was meant to be deployed, its value arrived empty: check the name of the output in \`\${{ needs.JOB.outputs.NAME }}\`, that its job ran, and that GitHub did not drop it because it contains a masked value.`;
}

function short(reference: string): string {
  const source = sourceOf(reference);
  return source.kind === 'digest' ? reference.replace(source.digest, shortDigest(source.digest)) : reference;
}

/**
 * What a rollback cannot promise: a revision that names images of ECR by tags gets whatever they name now. (Tags of other registries
 * and of pull-through caches are never pinned, and are mostly those of versions.)
 */
export async function movableImages(
  { definition, ...revision }: Revision,
  { ecr }: Pick<World, 'ecr'>,
): Promise<string[]> {
  const rules = askingOnce(ecr);
  const found = await Promise.all(
    [...taggedImages(definition).keys()].map(async (reference) => {
      const source = sourceOf(reference);
      return source.kind === 'ecr' && !(await cacheOf(source.repository, rules)) ? [reference] : [];
    }),
  );
  const references = found.flat();
  if (references.length === 0) return [];
  const named = references.map((reference) => `\`${reference}\``).join(', ');
  return [
    `${nameOf(revision)} names ${named} by tag, and ECS pulls what the tag names now, which may not be what ${nameOf(revision)} ran before. Revisions that are registered with \`pin-images: true\` name their images by digest.`,
  ];
}
