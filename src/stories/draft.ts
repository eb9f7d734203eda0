import { parseArn } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import { type Image, normalisePlatform } from '../image/image.ts';
import { formatImageTags, withReferencesOf } from '../image/pin.ts';
import { PUBLIC_ECR, parseRepository } from '../image/reference.ts';
import { keptImage, mayBeSameContent, type Resolver, sameContent } from '../image/resolve.ts';
import { editsOf } from '../inputs/template.ts';
import type { DeployInputs, TaskOnlyInputs } from '../inputs/types.ts';
import {
  asObjects,
  asStrings,
  defined,
  isSeen,
  type JsonObject,
  type LiveRevision,
  nameOf,
  type Revision,
  type ServiceState,
  type Tags,
  type TaskDefinition,
} from '../model.ts';
import { plainSecrets, plainSecretsWarning } from '../plain-secrets.ts';
import type { World } from '../ports.ts';
import { withOwnTags } from '../tags.ts';
import { checkArchitecture } from '../taskdef/architecture.ts';
import { checked } from '../taskdef/check.ts';
import { revisionMistakes } from '../taskdef/express.ts';
import { type Suspect, suspectsText } from '../taskdef/foreign-values.ts';
import { loadTemplate } from '../taskdef/load.ts';
import { isSame } from '../taskdef/register.ts';
import { type Rendered, render, withIdle } from '../taskdef/render.ts';
import { secretValues } from '../taskdef/secret-values.ts';
import { containersOf, type Template, textOf } from '../taskdef/template.ts';
import { type CurrentService, currentService, type PreflightStep, readable } from './current.ts';
import { type ImageOrigin, type PinnedImages, pinImages, refusePlatforms, refuseWrong } from './images.ts';
import { builtInsOf, fetchService, type Run } from './run.ts';

/** What decides what a revision holds, and how its images are named. */
type RevisionInputs = Pick<DeployInputs, 'aws' | 'image' | 'template' | 'pinImages'>;

/** What may give a run a reason without an image. */
type ImagelessInputs = Partial<Pick<DeployInputs, 'service' | 'tasks'> & Pick<TaskOnlyInputs, 'task'>>;

/** A rendered template, and what it was rendered for. */
export interface Basis {
  readonly template: Template;
  /** What will be registered, with a stand-in for an image that is still being built. */
  readonly draft: TaskDefinition;
  /** The container that gets the image and the edits; undefined where several could. */
  readonly container?: string;
  /** Undefined where the template names its images itself. */
  readonly standIn?: Image;
  /** Where it is registered. */
  readonly account: string;
  /** Its tasks run on Fargate, as far as that is known. */
  readonly fargate: boolean;
  /** What the service runs now; absent without a service. */
  readonly live?: LiveRevision;
}

/** The service, and what a deploy would register on it. */
export interface Draft extends CurrentService, Omit<Basis, 'live' | 'fargate'> {}

/**
 * The service, its current revision and the rendered template.
 * @param file the template where it is read already
 * @throws Failure for what could never work
 */
export async function currentDraft(
  run: Run<DeployInputs>,
  fetching: Promise<ServiceState>,
  file?: Template,
): Promise<Draft> {
  const { inputs, world, progress } = run;
  const finding = currentService(run, fetching);
  const [current, template] = await Promise.all([finding, file ?? templateOf(inputs, finding, world)]);
  const { service, live, rollout, fargate, wanted } = current;
  const basis = basisOf(run, {
    template,
    account: service.account,
    partition: parseArn(service.arn)?.partition,
    fargate,
  });
  if (service.express && !current.managed) refuseRevision(basis);
  const created = inputs.mode === 'plan' ? 'would be created' : 'is created';
  progress.step(
    `${live ? `${service.name} runs ${nameOf(live)}.` : `${service.name} does not exist and ${created}.`} ${rollout}`,
  );
  const elsewhere = [...(wanted?.definition.placeholders ?? []), ...(current.codeDeploy?.placeholders ?? [])];
  const unused = basis.unusedVariables?.filter((name) => !elsewhere.includes(name));
  remarkTemplate({ ...basis, unusedVariables: unused ?? [] }, world);
  if (wanted) remarkSuspects(wanted.definition, world);
  if (current.codeDeploy) {
    remarkSuspects(current.codeDeploy, world);
    (await import('./code-deploy.ts')).refuseAppSpec(current.codeDeploy, basis.draft);
  }
  return { ...current, ...basis };
}

/** @throws Failure INVALID_TASK_DEFINITION with what an Express Mode service does not take */
function refuseRevision({ template, draft }: Basis): void {
  const mistakes = revisionMistakes(draft);
  if (mistakes.length > 0)
    throw new Failure(
      'INVALID_TASK_DEFINITION',
      `${template.name} does not fit an Express Mode service; nothing was changed.`,
      {
        mistakes,
      },
    );
}

/** What the inputs name, or what the service runs; for a new Express Mode service that they name nothing for, what they say themselves. */
async function templateOf(
  { template: { source }, service, aws: { region } }: DeployInputs,
  finding: Promise<CurrentService>,
  world: World,
): Promise<Template> {
  const managed = source.kind === 'service' && service.express?.create ? (await finding).managed : undefined;
  if (managed) return managed;
  const live = async (): Promise<Revision> => readable((await finding).live, 'give a file in `task-definition`');
  return loadTemplate(source, live, { ...world, region });
}

/**
 * The same without a service.
 * @param known whose account, and the launch type that an earlier revision shows
 */
export async function draftAlone(
  run: { readonly inputs: RevisionInputs & ImagelessInputs; readonly world: World },
  template: Template,
  caller: { readonly account: string; readonly partition: string | undefined; readonly fargate?: boolean },
): Promise<Basis> {
  const compatibilities = asStrings(template.definition.requiresCompatibilities);
  const onlyFargate = compatibilities.length === 1 && compatibilities[0] === 'FARGATE';
  const basis = basisOf(run, { template, ...caller, fargate: caller.fargate ?? onlyFargate });
  remarkTemplate(basis, run.world);
  return basis;
}

/** @throws Failure for what could never work */
function basisOf(
  run: { readonly inputs: RevisionInputs & ImagelessInputs; readonly world: World },
  given: Pick<Basis, 'template' | 'account' | 'fargate'> & { readonly partition: string | undefined },
): Rendering {
  const { template, account, fargate } = given;
  // With a stand-in for the image that is still being built, so that a mistake ends the run now and not after it.
  const image = standIn(run.inputs, given);
  const filled = renderFor(run, given, image);
  const judged = needsNoImage(run.inputs) ? filled : withIdle(filled, template.name);
  const { unusedVariables, suspects, replacedSecrets, idleContainer: _, ...rendered } = judged;
  const draft = checked(rendered, template.name, fargate);
  const { container } = rendered;
  const own = ownVariables(run.inputs.template);
  return {
    template,
    draft,
    own,
    account,
    fargate,
    ...defined({ container, standIn: image, unusedVariables, suspects, replacedSecrets }),
  };
}

/** Where the container that `container-name` names is one of a task, or where the run is asked for new tasks of what is there. */
const needsNoImage = ({ task, tasks, service }: ImagelessInputs): boolean =>
  task !== undefined ||
  (tasks !== undefined && tasks.before.length + tasks.after.length > 0) ||
  service?.forceNewDeployment === true;

interface Rendering extends Basis, Pick<Rendered, 'unusedVariables' | 'suspects' | 'replacedSecrets'> {
  /** Names of variables that inputs set, which were looked at when they were read. */
  readonly own: readonly string[];
}

const environmentOf = ({ environment }: JsonObject): (readonly [name: string, value: string])[] =>
  asObjects(environment).map(({ name, value }) => [textOf(name), textOf(value)] as const);

/**
 * Secrets in clear text, and those that an environment variable takes the place of.
 * @param own names of variables that inputs set, which were looked at when they were read
 */
export function remarkSecrets(
  {
    name,
    definition,
    own,
    replaced,
    of,
  }: {
    readonly name: string;
    readonly definition: JsonObject;
    readonly own: readonly string[];
    readonly replaced: readonly string[];
    readonly of: 'variable' | 'daemon variable';
  },
  { console }: Pick<World, 'console'>,
): void {
  for (const container of containersOf(definition)) {
    const secrets = plainSecrets(environmentOf(container)).filter((variable) => !own.includes(variable));
    const subject = `environment of the container ${textOf(container.name)} in ${name}`;
    if (secrets.length > 0) console.warning(plainSecretsWarning(secrets, { subject, of }));
  }
  for (const variable of new Set(replaced))
    console.warning(
      `environment-variables: \`${variable}\` replaces the secret of that name in ${name}: ECS takes a name once, and the container gets the text. Remove it from \`environment-variables\`, or from \`secrets\` of ${name}.`,
    );
}

/** Names of the variables that inputs set. */
export const ownVariables = (inputs: RevisionInputs['template']): readonly string[] =>
  editsOf(inputs).flatMap(({ environmentVariables }) => environmentVariables.map(([name]) => name));

/** What is odd about the template but not a mistake. */
function remarkTemplate(
  { template, draft, own, unusedVariables, suspects = [], replacedSecrets = [] }: Rendering,
  { console }: Pick<World, 'console'>,
): void {
  remarkSuspects({ name: template.name, suspects }, { console });
  remarkSecrets(
    { name: template.name, definition: draft, own, replaced: replacedSecrets, of: 'variable' },
    { console },
  );
  if (unusedVariables && unusedVariables.length > 0) {
    const names = unusedVariables.map((variable) => `\`${variable}\``).join(', ');
    console.notice(
      `variables: ${template.name} has no placeholder for ${names}. A placeholder is written \`\${NAME}\`; a live revision has none.`,
    );
  }
  if (template.dropped.length > 0)
    console.line(`       read-only fields of ${template.name} left out: ${template.dropped.join(', ')}`);
}

function remarkSuspects(
  { name, suspects }: { readonly name: string; readonly suspects: readonly Suspect[] },
  { console }: Pick<World, 'console'>,
): void {
  if (suspects.length > 0) console.notice(suspectsText(name, suspects));
}

/**
 * The draft with the service as it is now, after other services were deployed.
 * @throws Failure CONFLICT where the draft was made from a revision that does not run any more
 */
export async function redrafted(draft: Draft, run: Run<DeployInputs>): Promise<Draft> {
  const current = await currentService(run, fetchService(run.inputs, run.world));
  const { service, live } = current;
  if (live?.arn === draft.live?.arn || run.inputs.template.source.kind !== 'service') return { ...draft, ...current };
  throw new Failure(
    'CONFLICT',
    `${service.name} ran ${runs(draft.live)}, which the new revision was made from, and runs ${runs(live)} now.`,
    { remedy: 'Another deployment came in between: run this one again.' },
  );
}

/** A file of another service or environment is deployed like any other, and its family shows what it is. */
export function familyWarnings(
  {
    live,
    template,
    definition,
  }: Pick<Basis, 'live' | 'template'> & { readonly definition: Pick<TaskDefinition, 'family'> },
  { template: { source } }: Pick<DeployInputs, 'template'>,
): string[] {
  if (!live || !isSeen(live) || source.kind === 'service' || live.definition.family === definition.family) return [];
  return [
    `The service runs ${nameOf(live)}, and ${template.name} is of the family \`${definition.family}\`. If it is the one of another service or environment, correct the input that names it, or its \`family\`.`,
  ];
}

const runs = (live: LiveRevision | undefined): string => (live ? nameOf(live) : 'no revision');

/** An image that is not there yet, under the name it will have; undefined where the template names its images itself. */
export function standIn(
  { image, aws }: Pick<RevisionInputs, 'image' | 'aws'>,
  { partition, account }: { readonly partition: string | undefined; readonly account: string },
): Image | undefined {
  const digest = `sha256:${'0'.repeat(64)}`;
  const standInAt = (name: string, tags: readonly string[]): Image => {
    const repository = parseRepository(name, aws.region);
    const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    const own = `${account}.dkr.ecr.${aws.region}.${domain}`;
    const host = 'host' in repository ? repository.host : { public: PUBLIC_ECR, own }[repository.kind];
    const uri = `${host}/${repository.name}`;
    return { reference: `${uri}:${tags[0] ?? 'latest'}`, repository: uri, digest, tags };
  };
  switch (image.kind) {
    case 'template':
      return undefined;
    case 'given':
      return { reference: image.reference, repository: image.reference, digest, tags: ['stand-in'] };
    case 'build':
      return standInAt(image.build.repository, image.build.tags);
    case 'digests':
      return standInAt(image.repository, image.tags);
    case 'commit':
      return standInAt(image.repository, [image.tag]);
  }
}

/** The template with this run's values. */
function renderFor(
  { inputs, world }: { readonly inputs: RevisionInputs; readonly world: World },
  { account, template }: Pick<Basis, 'account' | 'template'>,
  image: Image | undefined,
): Rendered {
  const builtIns = builtInsOf(inputs.aws, account, world);
  const rendered = render(template, inputs.template, { builtIns, ...defined({ image }) });
  // What variables and inputs put in; before the checks, whose messages are about these values.
  for (const secret of secretValues(rendered.definition, rendered.tags)) world.runner.mask(secret);
  return rendered;
}

/** What the preflight has to know of a deploy. */
export const preflightOf = (inputs: DeployInputs, draft: Draft, image: Image | undefined): PreflightStep => ({
  current: draft,
  definition: draft.draft,
  image,
  // What is not there yet, or is still being looked for.
  standIn: inputs.image.kind === 'given' ? undefined : draft.standIn?.reference,
});

/** Platforms that are to be built are known before the build. */
export function refuseArchitecture({ image }: RevisionInputs, basis: Basis): void {
  if (image.kind === 'build') refusePlatforms(image.build.platforms.map(normalisePlatform), basis);
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
  run: { readonly inputs: RevisionInputs; readonly world: World },
  given: {
    readonly draft: Basis;
    readonly image: Image | undefined;
    readonly resolver: Resolver;
    /** Reference of an image that a deploy would build. */
    readonly notYet?: string;
  },
): Promise<Proposal> {
  const { inputs, world } = run;
  const { draft, image, resolver, notYet } = given;
  const rendered = renderFor(run, draft, image);
  const written = checked(rendered, draft.template.name, draft.fargate);
  refuseWrong(
    checkArchitecture(written, { container: rendered.container ?? '', platforms: image?.platforms }, draft.fargate),
  );
  const { notYet: _, ...known } = originOf(inputs, draft, image && rendered.container);
  const origin = { ...known, ...defined({ notYet }) };
  const images = await pinImages(written, { ...origin, tags: rendered.tags }, resolver);
  const tags = withOwnTags(rendered.tags, world.runner.context, formatImageTags(images.tags));
  // After a rollback the latest revision is not the one that runs; what runs already is not registered again.
  const { live } = draft;
  const runs = live && isSeen(live) ? live : undefined;
  const wanted = { definition: images.definition, tags, image };
  const { withoutTags } = images;
  const rest = { tags, images, ...defined({ withoutTags }) };
  const running = await writtenAs(runs, wanted, world);
  if (running && runs) return { ...rest, definition: running, latest: runs };
  const latest = await latestRevision(images.definition.family, live, world);
  const equal = latest === runs ? undefined : await writtenAs(latest, wanted, world);
  const definition = equal ?? (runs ? withReferencesOf(images.definition, runs.definition) : images.definition);
  return { ...rest, definition, ...defined({ latest }) };
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

/** The family's newest revision: often the live one, which is described already. Undefined where IAM shows no revision. */
async function latestRevision(
  family: string,
  live: LiveRevision | undefined,
  { ecs }: World,
): Promise<Revision | undefined> {
  if (live && !isSeen(live)) return undefined;
  try {
    const latest = await ecs.describeTaskDefinition(family);
    return latest.arn === live?.arn ? live : latest;
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'NOT_FOUND' || code === 'REFUSED') return undefined; // a new family
    // Beside a service this right was there a moment ago.
    if (code === 'ACCESS_DENIED' && !live) return undefined;
    throw thrown;
  }
}

/**
 * The image that is deployed: of this run, or an equal one that a revision names already. That one gets this run's tags,
 * as far as they may be moved: without any tag a lifecycle policy could remove what runs.
 */
export async function imageDeployed(
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
export function originOf(
  inputs: RevisionInputs,
  { template, standIn }: Basis,
  container: string | undefined,
): ImageOrigin {
  const overridden = new Set([...inputs.template.images.map(([name]) => name), ...(container ? [container] : [])]);
  return { inputs, template, overridden, ...defined({ notYet: standIn?.reference }) };
}
