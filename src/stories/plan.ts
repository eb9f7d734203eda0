import { asFailure } from '../failure.ts';
import { checkBuild, checkBuildSources } from '../image/build-checks.ts';
import type { Image } from '../image/image.ts';
import { findCommitImage, judgeDigests } from '../image/merge.ts';
import { parseRepository } from '../image/reference.ts';
import { loginFor } from '../image/repository.ts';
import { askingOnce, createResolver, inspectImage } from '../image/resolve.ts';
import { foreseeReuse } from '../image/reuse.ts';
import type { BuildInputs, DeployInputs, DigestsInputs } from '../inputs/types.ts';
import { defined, isSeen, type LiveRevision, nameOf, type Revision, type ServiceState, type Tags } from '../model.ts';
import type { Plan, PlannedImage } from '../outcome.ts';
import type { World } from '../ports.ts';
import type { CheckLine } from '../preflight/check.ts';
import { isChange, startsDeployment } from '../service/change.ts';
import { primaryOf } from '../service/deployment.ts';
import { changeFor } from '../servicedef/change.ts';
import { diffDefinitions } from '../taskdef/diff.ts';
import { AWS_TAG, isSame, OWN_TAG } from '../taskdef/register.ts';
import { nameOfCheck } from '../watch/verify.ts';
import { preflightStep } from './current.ts';
import { currentDraft, type Draft, familyWarnings, preflightOf, propose } from './draft.ts';
import {
  imageKey,
  type PlatformSources,
  permitPlatforms,
  pinLines,
  proveImages,
  refreshFor,
  staleWarnings,
  unnamedImages,
  withPlatforms,
} from './images.ts';
import { foreseeImageWork } from './plan-image.ts';
import { ALONE, allOrAbort, type Run, scalingOf, schedulesOf } from './run.ts';

/** Everything up to the first change: what a deploy would do, and what would stop it. Nothing is built, pushed or changed. */
export async function plan(run: Run<DeployInputs>, fetching: Promise<ServiceState>): Promise<Plan> {
  const { inputs, world, progress } = run;
  const ecr = askingOnce(world.ecr);
  const resolver = createResolver(ecr, world.registries);
  const { together = ALONE } = run;
  const [draft, { planned, image, missing, checks }] = await allOrAbort(run, (inner) => {
    const drafting = currentDraft(inner, fetching);
    const foreseeing = together.share(
      imageKey(inputs),
      { source: { file: undefined, drafting }, signal: inner.world.signal },
      (sources, whole) => foresee({ ...inner, ...whole }, sources),
    );
    drafting.then(together.checked, () => {});
    return [drafting, foreseeing];
  });
  // A missing image is reported; the preflight need not look for it again.
  const preflight = preflightOf(inputs, draft, image);
  const notYet = image ? undefined : draft.standIn?.reference;
  const given = { draft, image: image ?? draft.standIn, resolver, ...defined({ notYet }) };
  const schedules = schedulesOf({ family: draft.draft.family, cluster: draft.service.clusterArn }, run);
  const scaling = scalingOf(
    draft.service,
    run,
    draft.wanted?.state === 'missing' || draft.express?.state === 'missing' ? 'missing' : 'there',
  );
  for (const asked of [schedules, scaling]) asked.catch(() => {}); // awaited below
  const [{ definition, tags, latest, images }, more, work] = await Promise.all([
    propose(run, given),
    preflightStep({ ...preflight, standIn: missing ?? preflight.standIn }, { ...run, world: { ...world, ecr } }),
    foreseeImageWork(inputs, { image, standIn: draft.standIn, service: draft.service }, world),
  ]);
  for (const line of pinLines(images)) progress.step(line);
  const [chosen, scaled] = await Promise.all([schedules, scaling]);
  const tasks = inputs.tasks.before.length + inputs.tasks.after.length > 0 ? await planTasks(inputs, draft) : [];
  const { service, live } = draft;
  const next = isSame(latest, definition, tags) ? latest : undefined;
  const proof = next ? await proveImages(next, { service, resolver }, world) : { reasons: [] };
  const refresh = refreshFor(inputs.service, proof);
  const change = changeFor(refresh.service, next?.arn ?? '(a new revision)', draft);
  const { settings, update, create } = change;
  const capacity = scaled?.plan?.differences ?? [];
  const deploys = isChange(change);
  const updates = deploys || capacity.length > 0;
  const differences = live && isSeen(live) ? diffDefinitions(live.definition, definition) : [];
  const unnamed = deploys || !live ? undefined : unnamedImages(inputs, { ...draft, live, definition });
  const warnings = [
    ...familyWarnings({ ...draft, definition }, inputs),
    ...staleWarnings(images),
    ...refresh.warnings,
    ...(chosen?.warnings ?? []),
    ...(scaled?.warnings ?? []),
    ...(unnamed ? [`${unnamed} Nothing new would be deployed.`] : []),
  ];
  return {
    service,
    image: planned,
    ...defined({ running: live?.arn }),
    differences,
    reasons: [
      ...(live
        ? reasonsOf({ service, live, next, tags, same: differences.length === 0 }, inputs)
        : [creationReason(draft, next ? nameOf(next) : undefined)]),
      ...refresh.reasons.map((reason) => `${reason} A new deployment would be forced.`),
      ...(deploys ? [...tasks, ...plannedChecks(inputs)] : []),
      ...(deploys && scaled ? (await import('./scaling.ts')).plannedScaling(scaled) : []),
      ...(chosen ? (await import('./schedules.ts')).plannedMoves(chosen, next?.arn) : []),
    ],
    settings: [...settings, ...capacity],
    ...(create ? { creates: true as const } : {}),
    updates,
    starts: create !== undefined || (update !== undefined && startsDeployment(update)),
    rollout: draft.rollout,
    checks: [
      ...refusedLines(draft),
      ...checks,
      ...work,
      ...more,
      ...warnings.map((text) => ({ status: 'warn', text }) as const),
    ],
  };
}

/** @param existing name of the revision where it is registered already */
function creationReason({ service, first, managed }: Draft, existing: string | undefined): string {
  const made = managed ? 'a revision that ECS registers (Express Mode)' : 'a new revision';
  const revision = existing === undefined ? made : `${existing}, which is registered already`;
  const fails = first === 'delete' ? 'deleted' : 'scaled to 0';
  return `The service ${service.name} would be created with ${revision}; if its first deployment fails, it is ${fails}.`;
}

/** What the service definition asks for and ECS cannot change. */
const refusedLines = ({ wanted }: Draft): CheckLine[] =>
  (wanted?.refused ?? []).map(({ subject, problem, remedy = '' }) => ({
    status: 'bad',
    text: `service definition, ${subject}: ${problem} ${remedy}`.trim(),
  }));

/** What a plan says of the checks that follow a deployment. */
const plannedChecks = ({ verify, holdSeconds }: DeployInputs): string[] => [
  ...verify.map((check) => `The deployment would be verified by ${nameOfCheck(check)}; if that fails, it fails.`),
  ...(holdSeconds > 0 ? [`It would be watched for ${holdSeconds / 60} min more (\`hold-minutes\`).`] : []),
];

async function planTasks(inputs: DeployInputs, draft: Draft): Promise<string[]> {
  const { plannedTasks, refuseTasks } = await import('./deploy-tasks.ts');
  refuseTasks(inputs, draft);
  return plannedTasks(inputs);
}

/** What a deploy would do though no difference shows it. */
function reasonsOf(
  at: {
    readonly service: ServiceState;
    readonly live: LiveRevision;
    /** What would be deployed, where it is registered already. */
    readonly next: Revision | undefined;
    readonly tags: Tags;
    readonly same: boolean;
  },
  { service: { forceNewDeployment } }: DeployInputs,
): string[] {
  const { service, live, next, tags, same } = at;
  const primary = primaryOf(service);
  if (!isSeen(live))
    return [
      `A new revision would be registered; how it differs from ${nameOf(live)} cannot be seen (ecs:DescribeTaskDefinition is denied).`,
    ];
  const keys = otherTags(live.tags, tags);
  const other = keys.length > 0 ? [`other tags (${keys.join(', ')})`] : [];
  if (!next) {
    if (!same) return other.length > 0 ? [`The new revision would have ${other.join('')}.`] : [];
    const why = [...(live.status === 'ACTIVE' ? [] : [`${nameOf(live)} is ${live.status}`]), ...other];
    return [
      `A new revision with the same definition would be registered${why.length > 0 ? `: ${why.join('; ')}` : ''}.`,
    ];
  }
  if (next.arn !== (primary?.taskDefinitionArn ?? service.taskDefinitionArn))
    return [`${nameOf(next)} would be deployed, which is registered already.`];
  const going = primary?.rolloutState === 'IN_PROGRESS' ? [`${nameOf(next)} is being rolled out already.`] : [];
  return forceNewDeployment ? [...going, 'Every task would be replaced: `force-new-deployment`.'] : going;
}

/** Keys of the user's tags that differ. */
function otherTags(before: Tags, after: Tags): string[] {
  const [was, is] = [before, after].map((tags) => new Map(tags.map(({ key, value }) => [key, value])));
  const keys = new Set([...before, ...after].map(({ key }) => key));
  return [...keys].filter((key) => !OWN_TAG.test(key) && !AWS_TAG.test(key) && was?.get(key) !== is?.get(key));
}

interface Foreseen {
  readonly planned: PlannedImage;
  readonly image?: Image;
  /** The reference of an image that is not there. */
  readonly missing?: string;
  readonly checks: readonly CheckLine[];
}

async function foreseeBuild(build: BuildInputs, region: string, world: World): Promise<Foreseen> {
  const [found, existing] = await Promise.all([checkBuild(build, world), foreseeReuse(build, region, world)]);
  // The deploy may run on another runner than the plan, but on this one it would fail.
  const checks = found.map(
    ({ noEngine, status, text }): CheckLine =>
      noEngine && existing.kind !== 'reuse'
        ? { status: 'warn', text: `${text} A deploy on this runner could not build the image.` }
        : { status, text },
  );
  switch (existing.kind) {
    case 'reuse':
      return { planned: { kind: 'reused', reference: existing.image.reference }, image: existing.image, checks };
    case 'build':
      return { planned: { kind: 'built', why: existing.why }, checks };
    case 'refuse':
      return { planned: { kind: 'built' }, checks: [...checks, { status: 'bad', text: existing.text }] };
  }
}

/** What a deploy would merge, judged by the function that it merges with. */
async function foreseeDigests(
  image: DigestsInputs,
  sources: readonly PlatformSources[],
  { region, world }: { readonly region: string; readonly world: World },
): Promise<Foreseen> {
  const repository = parseRepository(image.repository, region);
  // ECR is asked by its API, which needs no login of docker.
  const inEcr = repository.kind === 'own' || repository.kind === 'ecr';
  const login = inEcr ? Promise.resolve({ env: {} }) : loginFor(repository, world).login;
  const { existing, platforms } = await judgeDigests(image, { region, login }, world);
  await permitPlatforms(platforms, sources);
  const why = `${image.digests.length === 1 ? 'the digest of an earlier job gets' : `${image.digests.length} digests of earlier jobs become one image under`} ${image.tags.join(', ')}`;
  return existing
    ? { planned: { kind: 'given', reference: existing.reference }, image: existing, checks: [] }
    : { planned: { kind: 'built', why }, checks: [] };
}

/** What is wrong with the image alone: a deploy would end there, and a plan reports it with all other mistakes. */
const REPORTED = ['NOT_FOUND', 'INVALID_INPUT', 'INVALID_TASK_DEFINITION', 'PUSH_FAILED'];

async function withMistakes(
  planned: PlannedImage,
  missing: string | undefined,
  foreseeing: () => Promise<Foreseen>,
): Promise<Foreseen> {
  try {
    return await foreseeing();
  } catch (thrown) {
    const { code, message, mistakes = [], remedy = '' } = asFailure(thrown);
    if (!REPORTED.includes(code)) throw thrown;
    const texts =
      mistakes.length > 0
        ? mistakes.map(({ subject, problem, remedy: how = '' }) => `${subject}: ${problem} ${how}`)
        : [`${message} ${remedy}`];
    const checks = texts.map((text) => ({ status: 'bad', text: text.trim() }) as const);
    return { planned, checks, ...defined({ missing }) };
  }
}

/** The image as far as it is known without a build. */
async function foresee(
  { inputs: { image, aws }, world }: Run<DeployInputs>,
  sources: readonly PlatformSources[],
): Promise<Foreseen> {
  await checkBuildSources(image, world.files);
  switch (image.kind) {
    case 'build': {
      const build = await withPlatforms(image.build, sources, world);
      const unfit = await withMistakes({ kind: 'built' }, undefined, async () => {
        await permitPlatforms(build.platforms, sources);
        return { planned: { kind: 'built' }, checks: [] };
      });
      const foreseen = await foreseeBuild(build, aws.region, world);
      // An image that does not fit is not looked at again.
      return unfit.checks.length > 0
        ? { planned: { kind: 'built' }, checks: [...unfit.checks, ...foreseen.checks] }
        : foreseen;
    }
    case 'digests':
      return withMistakes({ kind: 'built' }, undefined, () =>
        foreseeDigests(image, sources, { region: aws.region, world }),
      );
    case 'commit':
      return withMistakes({ kind: 'built' }, undefined, async () => {
        const found = await findCommitImage(image, aws.region, world);
        return givenImage(found, sources);
      });
    case 'given':
      return withMistakes({ kind: 'given', reference: image.reference }, image.reference, async () =>
        givenImage(await inspectImage(image.reference, world.ecr), sources),
      );
    case 'template':
      return { planned: { kind: 'template' }, checks: [] };
  }
}

async function givenImage(image: Image, sources: readonly PlatformSources[]): Promise<Foreseen> {
  await permitPlatforms(image.platforms, sources);
  return { planned: { kind: 'given', reference: image.reference }, image, checks: [] };
}
