import { checkBuildSources, lifecyclePolicyIn } from '../image/build-checks.ts';
import { withSizes } from '../image/build-report.ts';
import type { Image } from '../image/image.ts';
import { askingOnce, createResolver, type Resolver } from '../image/resolve.ts';
import type { DeployInputs } from '../inputs/types.ts';
import { defined, isSeen, type ServiceState } from '../model.ts';
import type { Chosen } from '../schedules/choose.ts';
import { templateFile } from '../taskdef/load.ts';
import { type CurrentService, preflightStep } from './current.ts';
import {
  currentDraft,
  type Draft,
  imageDeployed,
  originOf,
  type Proposal,
  preflightOf,
  propose,
  redrafted,
  refuseArchitecture,
} from './draft.ts';
import { obtainChecked, prepareImageChecks } from './image-checks.ts';
import { askAhead, imageKey, pinLines } from './images.ts';
import { ALONE, allOrAbort, type Run, scalingOf, schedulesOf } from './run.ts';
import type { Scaling } from './scaling.ts';

/** What a deploy has in hand before it changes anything of the service. */
export interface Prepared {
  /** The service, by the time it is this run's turn, and the template for it. */
  readonly draft: Draft;
  /** Of this run: built, found or given; absent where the template names every image. */
  readonly image: Image | undefined;
  /** The same, or the equal one that a revision names already. */
  readonly deployed: Image | undefined;
  /** With the sizes of its layers, which are asked for while the rollout is watched. */
  readonly measuring: Promise<Image> | undefined;
  readonly proposal: Proposal;
  readonly resolver: Resolver;
  readonly schedules: Chosen | undefined;
  readonly scaling: Scaling | undefined;
  /** Of the preflight, about what is deployed. */
  readonly warnings: readonly string[];
}

/**
 * The image and the template, side by side with the preflight; then, when it is this run's turn, the service as it is by then.
 * @throws Failure of the inputs, the build, the preflight and the checks of the image
 */
export async function prepare(run: Run<DeployInputs>, fetching: Promise<ServiceState>): Promise<Prepared> {
  const { inputs, world, progress } = run;
  // A file that cannot be read ends the run before any login.
  const [file] = await Promise.all([
    templateFile(inputs.template.source, world),
    checkBuildSources(inputs.image, world.files),
    prepareImageChecks(inputs.imageChecks, inputs.image, world),
  ]);
  const { together = ALONE } = run;
  const ecr = askingOnce(world.ecr);
  const resolver = createResolver(ecr, world.registries);
  const [{ draft: drafted, schedules, scaling, warnings }, image] = await allOrAbort(run, (inner) => {
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
  await keepPolicy(drafted, image, run);
  const draft = (await together.turn()) === 'later' ? await redrafted(drafted, run) : drafted;
  const deployed = image && (await imageDeployed(image, proposal, world));
  if (deployed !== image)
    progress.known({ service: draft.service, ...defined({ previous: draft.live, image: deployed }) });
  return { draft, image, deployed, measuring, proposal, resolver, schedules, scaling, warnings };
}

/** `lifecycle-policy`: of the repository, once for all services that deploy the image. */
async function keepPolicy(draft: Draft, image: Image | undefined, run: Run<DeployInputs>): Promise<void> {
  const { inputs, world, together = ALONE } = run;
  const policy = lifecyclePolicyIn(inputs.image);
  if (!image || policy === undefined) return;
  const ask = { source: draft.service, signal: world.signal };
  await together.share(`lifecycle policy for ${imageKey(inputs)}`, ask, async ([service, ...others], whole) => {
    const { keepLifecyclePolicy } = await import('../service/lifecycle-policy.ts');
    if (service) await keepLifecyclePolicy({ policy, image, service, others }, whole.world ?? world);
  });
}

/** Of the image of the same repository that the live revision names by digest. */
function digestBefore({ repository }: Image, { live }: Draft): string | undefined {
  const images = live && isSeen(live) ? live.definition.containerDefinitions.flatMap(({ image }) => image ?? []) : [];
  return images.find((image) => image.startsWith(`${repository}@`))?.slice(repository.length + 1);
}

/** This run creates it. */
const isMissing = ({ wanted, express }: CurrentService): boolean =>
  wanted?.state === 'missing' || express?.state === 'missing';

/** The draft and, while the image is built, the preflight, which ends the run when a check fails. */
async function checkedDraft(
  run: Run<DeployInputs>,
  given: {
    readonly drafting: Promise<Draft>;
    readonly image: Promise<Image | undefined>;
    readonly resolver: Resolver;
  },
): Promise<Pick<Prepared, 'draft' | 'schedules' | 'scaling' | 'warnings'>> {
  const { inputs } = run;
  const draft = await given.drafting;
  refuseArchitecture(inputs, draft);
  if (hasTasks(inputs)) (await import('./deploy-tasks.ts')).refuseTasks(inputs, draft);
  if (inputs.verify.length > 0) await (await import('./verify.ts')).refuseChecks(inputs, run.world);
  const image = inputs.image.kind === 'given' ? await given.image : undefined;
  const [checks, schedules, scaling] = await Promise.all([
    preflightStep(preflightOf(inputs, draft, image), run),
    schedulesOf({ family: draft.draft.family, cluster: draft.service.clusterArn }, run),
    scalingOf(draft.service, run, isMissing(draft) ? 'missing' : 'there'),
    askAhead(draft.draft, originOf(inputs, draft, undefined), given.resolver),
  ]);
  if (checks.some(({ status }) => status === 'bad')) (await import('../preflight/preflight.ts')).refuseBad(checks);
  const warnings = checks.flatMap(({ status, stays, text }) => (status === 'warn' && stays ? [text] : []));
  return { draft, schedules, scaling, warnings };
}

/** Whether tasks run around the deployment. */
export const hasTasks = ({ tasks: { before, after } }: DeployInputs): boolean => before.length + after.length > 0;
